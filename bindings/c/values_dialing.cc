#include <cstdint>

#include "values.h"

namespace callrouter::c {

int32_t ToC(LeadState value) {
  switch (value) {
    case LeadState::kWaiting:
      return CR_LEAD_WAITING;
    case LeadState::kTaken:
      return CR_LEAD_TAKEN;
    case LeadState::kPaused:
      return CR_LEAD_PAUSED;
    case LeadState::kDone:
      return CR_LEAD_DONE;
    case LeadState::kExhausted:
      return CR_LEAD_EXHAUSTED;
    case LeadState::kExpired:
      return CR_LEAD_EXPIRED;
  }
  return -1;
}

int32_t ToC(LeadBlock value) {
  switch (value) {
    case LeadBlock::kNone:
      return CR_LEAD_BLOCK_NONE;
    case LeadBlock::kTaken:
      return CR_LEAD_BLOCK_TAKEN;
    case LeadBlock::kPaused:
      return CR_LEAD_BLOCK_PAUSED;
    case LeadBlock::kListPaused:
      return CR_LEAD_BLOCK_LIST_PAUSED;
    case LeadBlock::kCampaignPaused:
      return CR_LEAD_BLOCK_CAMPAIGN_PAUSED;
    case LeadBlock::kDone:
      return CR_LEAD_BLOCK_DONE;
    case LeadBlock::kExhausted:
      return CR_LEAD_BLOCK_EXHAUSTED;
    case LeadBlock::kExpired:
      return CR_LEAD_BLOCK_EXPIRED;
    case LeadBlock::kNoConsent:
      return CR_LEAD_BLOCK_NO_CONSENT;
    case LeadBlock::kNotDue:
      return CR_LEAD_BLOCK_NOT_DUE;
    case LeadBlock::kClosed:
      return CR_LEAD_BLOCK_CLOSED;
    case LeadBlock::kCap:
      return CR_LEAD_BLOCK_CAP;
    case LeadBlock::kNeedsAgent:
      return CR_LEAD_BLOCK_NEEDS_AGENT;
    case LeadBlock::kPersonal:
      return CR_LEAD_BLOCK_PERSONAL;
    case LeadBlock::kBusyNumber:
      return CR_LEAD_BLOCK_BUSY_NUMBER;
    case LeadBlock::kDoNotCall:
      return CR_LEAD_BLOCK_DO_NOT_CALL;
    case LeadBlock::kReassigned:
      return CR_LEAD_BLOCK_REASSIGNED;
    case LeadBlock::kUnchecked:
      return CR_LEAD_BLOCK_UNCHECKED;
    case LeadBlock::kGuard:
      return CR_LEAD_BLOCK_GUARD;
    case LeadBlock::kNumberOver:
      return CR_LEAD_BLOCK_NUMBER_OVER;
    case LeadBlock::kQuota:
      return CR_LEAD_BLOCK_QUOTA;
    case LeadBlock::kNoLaw:
      return CR_LEAD_BLOCK_NO_LAW;
    case LeadBlock::kBehind:
      return CR_LEAD_BLOCK_BEHIND;
  }
  return -1;
}

int32_t ToC(NumberCheck value) {
  switch (value) {
    case NumberCheck::kUnknown:
      return CR_CHECK_UNKNOWN;
    case NumberCheck::kSame:
      return CR_CHECK_SAME;
    case NumberCheck::kReassigned:
      return CR_CHECK_REASSIGNED;
  }
  return -1;
}

int32_t ToC(PacingMode value) {
  switch (value) {
    case PacingMode::kPreview:
      return CR_PACING_PREVIEW;
    case PacingMode::kProgressive:
      return CR_PACING_PROGRESSIVE;
    case PacingMode::kPower:
      return CR_PACING_POWER;
    case PacingMode::kPredictive:
      return CR_PACING_PREDICTIVE;
    case PacingMode::kAgentFirst:
      return CR_PACING_AGENT_FIRST;
    case PacingMode::kAgentless:
      return CR_PACING_AGENTLESS;
    case PacingMode::kTimedPreview:
      return CR_PACING_TIMED_PREVIEW;
  }
  return -1;
}

int32_t ToC(DropPromise value) {
  switch (value) {
    case DropPromise::kAuto:
      return CR_PROMISE_AUTO;
    case DropPromise::kBudget:
      return CR_PROMISE_BUDGET;
    case DropPromise::kStrict:
      return CR_PROMISE_STRICT;
  }
  return -1;
}

int32_t ToC(WindowKind value) {
  switch (value) {
    case WindowKind::kCalendarDay:
      return CR_WINDOW_CALENDAR_DAY;
    case WindowKind::kCalendarMonth:
      return CR_WINDOW_CALENDAR_MONTH;
    case WindowKind::kSuccessive:
      return CR_WINDOW_SUCCESSIVE;
    case WindowKind::kRolling:
      return CR_WINDOW_ROLLING;
  }
  return -1;
}

int32_t ToC(DialAgent value) {
  switch (value) {
    case DialAgent::kAway:
      return CR_AGENT_AWAY;
    case DialAgent::kReady:
      return CR_AGENT_READY;
    case DialAgent::kBusy:
      return CR_AGENT_BUSY;
    case DialAgent::kLast:
      return CR_AGENT_LAST;
    case DialAgent::kPreview:
      return CR_AGENT_PREVIEW;
  }
  return -1;
}

int32_t ToC(LineEvent value) {
  switch (value) {
    case LineEvent::kPerson:
      return CR_LINE_PERSON;
    case LineEvent::kMachine:
      return CR_LINE_MACHINE;
    case LineEvent::kNoAnswer:
      return CR_LINE_NO_ANSWER;
    case LineEvent::kBusy:
      return CR_LINE_BUSY;
    case LineEvent::kFailed:
      return CR_LINE_FAILED;
    case LineEvent::kCancelled:
      return CR_LINE_CANCELLED;
    case LineEvent::kDropped:
      return CR_LINE_DROPPED;
    case LineEvent::kHungUp:
      return CR_LINE_HUNG_UP;
    case LineEvent::kRinging:
      return CR_LINE_RINGING;
    case LineEvent::kAnswered:
      return CR_LINE_ANSWERED;
    case LineEvent::kGreetingBegan:
      return CR_LINE_GREETING_BEGAN;
    case LineEvent::kGreetingEnded:
      return CR_LINE_GREETING_ENDED;
    case LineEvent::kEnded:
      return CR_LINE_ENDED;
    case LineEvent::kWasMachine:
      return CR_LINE_WAS_MACHINE;
  }
  return -1;
}

int32_t ToC(PacingLimit value) {
  switch (value) {
    case PacingLimit::kPrice:
      return CR_LIMIT_PRICE;
    case PacingLimit::kBudget:
      return CR_LIMIT_BUDGET;
    case PacingLimit::kStrict:
      return CR_LIMIT_STRICT;
    case PacingLimit::kOnePerAgent:
      return CR_LIMIT_ONE_PER_AGENT;
    case PacingLimit::kNoAgent:
      return CR_LIMIT_NO_AGENT;
    case PacingLimit::kLines:
      return CR_LIMIT_LINES;
    case PacingLimit::kRate:
      return CR_LIMIT_RATE;
    case PacingLimit::kNotRunning:
      return CR_LIMIT_NOT_RUNNING;
    case PacingLimit::kByHand:
      return CR_LIMIT_BY_HAND;
    case PacingLimit::kBatch:
      return CR_LIMIT_BATCH;
    case PacingLimit::kRecords:
      return CR_LIMIT_RECORDS;
    case PacingLimit::kCarrierLines:
      return CR_LIMIT_CARRIER_LINES;
    case PacingLimit::kCarrierRate:
      return CR_LIMIT_CARRIER_RATE;
  }
  return -1;
}

int32_t ToC(PoolPolicy value) {
  switch (value) {
    case PoolPolicy::kAsConfigured:
      return CR_POOL_POLICY_AS_CONFIGURED;
    case PoolPolicy::kNoHealth:
      return CR_POOL_POLICY_NO_HEALTH;
    case PoolPolicy::kFixedThreshold:
      return CR_POOL_POLICY_FIXED_THRESHOLD;
  }
  return -1;
}

int32_t ToC(DialModel value) {
  switch (value) {
    case DialModel::kMarkov:
      return CR_DIAL_MODEL_MARKOV;
    case DialModel::kRealistic:
      return CR_DIAL_MODEL_REALISTIC;
  }
  return -1;
}

int32_t ToC(DialPacer value) {
  switch (value) {
    case DialPacer::kPredictive:
      return CR_DIAL_PACER_PREDICTIVE;
    case DialPacer::kProgressive:
      return CR_DIAL_PACER_PROGRESSIVE;
    case DialPacer::kStaticRatio:
      return CR_DIAL_PACER_STATIC_RATIO;
    case DialPacer::kVicidialHard:
      return CR_DIAL_PACER_VICIDIAL_HARD;
    case DialPacer::kVicidialAverage:
      return CR_DIAL_PACER_VICIDIAL_AVERAGE;
    case DialPacer::kVicidialTapered:
      return CR_DIAL_PACER_VICIDIAL_TAPERED;
    case DialPacer::kVicidialRatio:
      return CR_DIAL_PACER_VICIDIAL_RATIO;
    case DialPacer::kIssabel:
      return CR_DIAL_PACER_ISSABEL;
    case DialPacer::kImpactDialing:
      return CR_DIAL_PACER_IMPACT_DIALING;
    case DialPacer::kProportional:
      return CR_DIAL_PACER_PROPORTIONAL;
    case DialPacer::kOwnRule:
      return CR_DIAL_PACER_OWN_RULE;
  }
  return -1;
}

}  // namespace callrouter::c
