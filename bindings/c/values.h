// Our enums as C's numbers: one switch each, without a default, so that a value
// which is new here does not compile there (-Werror=switch). callrouter_c's
// numbers are ours; FromC in convert.h relies on that and a test compares them.
//
// Thread safety: functions without state.

#ifndef CALLROUTER_BINDINGS_C_VALUES_H_
#define CALLROUTER_BINDINGS_C_VALUES_H_

#include <cstdint>

#include "callrouter/campaign_simulator.h"
#include "callrouter/event_record.h"
#include "callrouter/lead_choice.h"
#include "callrouter/masking_pool.h"
#include "callrouter/number_choice.h"
#include "callrouter/pacer.h"
#include "callrouter/pool_simulator.h"
#include "callrouter/return_calls.h"
#include "callrouter/simulator.h"
#include "callrouter/visitor_pool.h"
#include "callrouter_c.h"

namespace callrouter::c {

constexpr int32_t ToC(EventKind value) {
  switch (value) {
    case EventKind::kNone:
      return CR_EVENT_NONE;
    case EventKind::kCallArrived:
      return CR_EVENT_CALL_ARRIVED;
    case EventKind::kCallEnded:
      return CR_EVENT_CALL_ENDED;
    case EventKind::kCallAlive:
      return CR_EVENT_CALL_ALIVE;
    case EventKind::kCallPriority:
      return CR_EVENT_CALL_PRIORITY;
    case EventKind::kCallRequirement:
      return CR_EVENT_CALL_REQUIREMENT;
    case EventKind::kCallQueued:
      return CR_EVENT_CALL_QUEUED;
    case EventKind::kCallTransferred:
      return CR_EVENT_CALL_TRANSFERRED;
    case EventKind::kCallJoined:
      return CR_EVENT_CALL_JOINED;
    case EventKind::kOfferAccepted:
      return CR_EVENT_OFFER_ACCEPTED;
    case EventKind::kOfferConnecting:
      return CR_EVENT_OFFER_CONNECTING;
    case EventKind::kOfferConnected:
      return CR_EVENT_OFFER_CONNECTED;
    case EventKind::kOfferDeclined:
      return CR_EVENT_OFFER_DECLINED;
    case EventKind::kOfferNoAnswer:
      return CR_EVENT_OFFER_NO_ANSWER;
    case EventKind::kOfferBusy:
      return CR_EVENT_OFFER_BUSY;
    case EventKind::kOfferFailed:
      return CR_EVENT_OFFER_FAILED;
    case EventKind::kOfferCancelled:
      return CR_EVENT_OFFER_CANCELLED;
    case EventKind::kConnectFailed:
      return CR_EVENT_CONNECT_FAILED;
    case EventKind::kDone:
      return CR_EVENT_DONE;
    case EventKind::kFailed:
      return CR_EVENT_FAILED;
    case EventKind::kAgentAdded:
      return CR_EVENT_AGENT_ADDED;
    case EventKind::kAgentRemoved:
      return CR_EVENT_AGENT_REMOVED;
    case EventKind::kAgentLogin:
      return CR_EVENT_AGENT_LOGIN;
    case EventKind::kAgentLogout:
      return CR_EVENT_AGENT_LOGOUT;
    case EventKind::kAgentReady:
      return CR_EVENT_AGENT_READY;
    case EventKind::kAgentPaused:
      return CR_EVENT_AGENT_PAUSED;
    case EventKind::kAgentReleased:
      return CR_EVENT_AGENT_RELEASED;
    case EventKind::kAgentBusyOutside:
      return CR_EVENT_AGENT_BUSY_OUTSIDE;
    case EventKind::kAgentFreeOutside:
      return CR_EVENT_AGENT_FREE_OUTSIDE;
    case EventKind::kAgentSkill:
      return CR_EVENT_AGENT_SKILL;
    case EventKind::kAgentAttribute:
      return CR_EVENT_AGENT_ATTRIBUTE;
    case EventKind::kAgentMember:
      return CR_EVENT_AGENT_MEMBER;
    case EventKind::kAgentNotMember:
      return CR_EVENT_AGENT_NOT_MEMBER;
    case EventKind::kAgentCapacity:
      return CR_EVENT_AGENT_CAPACITY;
    case EventKind::kWallClock:
      return CR_EVENT_WALL_CLOCK;
    case EventKind::kClockRebase:
      return CR_EVENT_CLOCK_REBASE;
    case EventKind::kSyncBegin:
      return CR_EVENT_SYNC_BEGIN;
    case EventKind::kSyncCall:
      return CR_EVENT_SYNC_CALL;
    case EventKind::kSyncAgent:
      return CR_EVENT_SYNC_AGENT;
    case EventKind::kSyncEnd:
      return CR_EVENT_SYNC_END;
    case EventKind::kMediaStarted:
      return CR_EVENT_MEDIA_STARTED;
    case EventKind::kMediaEnded:
      return CR_EVENT_MEDIA_ENDED;
    case EventKind::kDigits:
      return CR_EVENT_DIGITS;
    case EventKind::kAnnouncementEnded:
      return CR_EVENT_ANNOUNCEMENT_ENDED;
    case EventKind::kCallbackRequested:
      return CR_EVENT_CALLBACK_REQUESTED;
    case EventKind::kConsultStarted:
      return CR_EVENT_CONSULT_STARTED;
    case EventKind::kScore:
      return CR_EVENT_SCORE;
    case EventKind::kLeadAdded:
      return CR_EVENT_LEAD_ADDED;
    case EventKind::kAttemptProgress:
      return CR_EVENT_ATTEMPT_PROGRESS;
    case EventKind::kAttemptResult:
      return CR_EVENT_ATTEMPT_RESULT;
    case EventKind::kNumberGranted:
      return CR_EVENT_NUMBER_GRANTED;
    case EventKind::kNumberRefused:
      return CR_EVENT_NUMBER_REFUSED;
    case EventKind::kSyncAttempt:
      return CR_EVENT_SYNC_ATTEMPT;
    case EventKind::kLockGranted:
      return CR_EVENT_LOCK_GRANTED;
    case EventKind::kLockRefused:
      return CR_EVENT_LOCK_REFUSED;
  }
  return -1;
}

constexpr int32_t ToC(Release value) {
  switch (value) {
    case Release::kEnded:
      return CR_RELEASE_ENDED;
    case Release::kBlindTransfer:
      return CR_RELEASE_BLIND_TRANSFER;
    case Release::kAttendedTransfer:
      return CR_RELEASE_ATTENDED_TRANSFER;
    case Release::kConference:
      return CR_RELEASE_CONFERENCE;
    case Release::kParked:
      return CR_RELEASE_PARKED;
  }
  return -1;
}

constexpr int32_t ToC(SyncPlace value) {
  switch (value) {
    case SyncPlace::kWaiting:
      return CR_SYNC_WAITING;
    case SyncPlace::kRinging:
      return CR_SYNC_RINGING;
    case SyncPlace::kConnected:
      return CR_SYNC_CONNECTED;
    case SyncPlace::kOutside:
      return CR_SYNC_OUTSIDE;
    case SyncPlace::kWithHost:
      return CR_SYNC_WITH_HOST;
  }
  return -1;
}

constexpr int32_t ToC(SyncAgent value) {
  switch (value) {
    case SyncAgent::kLoggedOut:
      return CR_SYNC_AGENT_LOGGED_OUT;
    case SyncAgent::kReady:
      return CR_SYNC_AGENT_READY;
    case SyncAgent::kPaused:
      return CR_SYNC_AGENT_PAUSED;
  }
  return -1;
}

constexpr int32_t ToC(Cause value) {
  switch (value) {
    case Cause::kNone:
      return CR_CAUSE_NONE;
    case Cause::kNormal:
      return CR_CAUSE_NORMAL;
    case Cause::kBusy:
      return CR_CAUSE_BUSY;
    case Cause::kCongestion:
      return CR_CAUSE_CONGESTION;
    case Cause::kNoAnswer:
      return CR_CAUSE_NO_ANSWER;
    case Cause::kClosed:
      return CR_CAUSE_CLOSED;
    case Cause::kDeclined:
      return CR_CAUSE_DECLINED;
    case Cause::kFailed:
      return CR_CAUSE_FAILED;
    case Cause::kLost:
      return CR_CAUSE_LOST;
    case Cause::kAbandoned:
      return CR_CAUSE_ABANDONED;
  }
  return -1;
}

constexpr int32_t ToC(DecisionKind value) {
  switch (value) {
    case DecisionKind::kNone:
      return CR_DECISION_NONE;
    case DecisionKind::kOffer:
      return CR_DECISION_OFFER;
    case DecisionKind::kCancelOffer:
      return CR_DECISION_CANCEL_OFFER;
    case DecisionKind::kConnect:
      return CR_DECISION_CONNECT;
    case DecisionKind::kReleaseAgent:
      return CR_DECISION_RELEASE_AGENT;
    case DecisionKind::kQueued:
      return CR_DECISION_QUEUED;
    case DecisionKind::kRingOutside:
      return CR_DECISION_RING_OUTSIDE;
    case DecisionKind::kCancelOutside:
      return CR_DECISION_CANCEL_OUTSIDE;
    case DecisionKind::kSendOutside:
      return CR_DECISION_SEND_OUTSIDE;
    case DecisionKind::kHangUp:
      return CR_DECISION_HANG_UP;
    case DecisionKind::kRefuse:
      return CR_DECISION_REFUSE;
    case DecisionKind::kStep:
      return CR_DECISION_STEP;
    case DecisionKind::kAgentPaused:
      return CR_DECISION_AGENT_PAUSED;
    case DecisionKind::kAgentResumed:
      return CR_DECISION_AGENT_RESUMED;
    case DecisionKind::kAgentReady:
      return CR_DECISION_AGENT_READY;
    case DecisionKind::kConfirmAlive:
      return CR_DECISION_CONFIRM_ALIVE;
    case DecisionKind::kClosed:
      return CR_DECISION_CLOSED;
    case DecisionKind::kLate:
      return CR_DECISION_LATE;
    case DecisionKind::kPaced:
      return CR_DECISION_PACED;
    case DecisionKind::kDial:
      return CR_DECISION_DIAL;
    case DecisionKind::kCancelDial:
      return CR_DECISION_CANCEL_DIAL;
    case DecisionKind::kNeedNumber:
      return CR_DECISION_NEED_NUMBER;
    case DecisionKind::kNeedLock:
      return CR_DECISION_NEED_LOCK;
    case DecisionKind::kDropped:
      return CR_DECISION_DROPPED;
    case DecisionKind::kPlayMessage:
      return CR_DECISION_PLAY_MESSAGE;
    case DecisionKind::kAttemptOver:
      return CR_DECISION_ATTEMPT_OVER;
    case DecisionKind::kReturnCall:
      return CR_DECISION_RETURN_CALL;
  }
  return -1;
}

constexpr int32_t ToC(Reason value) {
  switch (value) {
    case Reason::kNone:
      return CR_REASON_NONE;
    case Reason::kLongestIdle:
      return CR_REASON_LONGEST_IDLE;
    case Reason::kLongestReady:
      return CR_REASON_LONGEST_READY;
    case Reason::kFewestCalls:
      return CR_REASON_FEWEST_CALLS;
    case Reason::kLeastTalkTime:
      return CR_REASON_LEAST_TALK_TIME;
    case Reason::kLeastOccupied:
      return CR_REASON_LEAST_OCCUPIED;
    case Reason::kMostSkilled:
      return CR_REASON_MOST_SKILLED;
    case Reason::kLeastSkilled:
      return CR_REASON_LEAST_SKILLED;
    case Reason::kRoundRobin:
      return CR_REASON_ROUND_ROBIN;
    case Reason::kLinear:
      return CR_REASON_LINEAR;
    case Reason::kRandom:
      return CR_REASON_RANDOM;
    case Reason::kWeightedRandom:
      return CR_REASON_WEIGHTED_RANDOM;
    case Reason::kPreferredAgent:
      return CR_REASON_PREFERRED_AGENT;
    case Reason::kNobodyFree:
      return CR_REASON_NOBODY_FREE;
    case Reason::kNobodyLoggedIn:
      return CR_REASON_NOBODY_LOGGED_IN;
    case Reason::kReserved:
      return CR_REASON_RESERVED;
    case Reason::kWaitingForAgent:
      return CR_REASON_WAITING_FOR_AGENT;
    case Reason::kSkipped:
      return CR_REASON_SKIPPED;
    case Reason::kStillSearching:
      return CR_REASON_STILL_SEARCHING;
    case Reason::kAnsweredElsewhere:
      return CR_REASON_ANSWERED_ELSEWHERE;
    case Reason::kCallerGone:
      return CR_REASON_CALLER_GONE;
    case Reason::kRingTimeout:
      return CR_REASON_RING_TIMEOUT;
    case Reason::kOverflow:
      return CR_REASON_OVERFLOW;
    case Reason::kPlanEnd:
      return CR_REASON_PLAN_END;
    case Reason::kClosedHours:
      return CR_REASON_CLOSED_HOURS;
    case Reason::kFull:
      return CR_REASON_FULL;
    case Reason::kNobodyAvailable:
      return CR_REASON_NOBODY_AVAILABLE;
    case Reason::kOutsideFailed:
      return CR_REASON_OUTSIDE_FAILED;
    case Reason::kConnectTimeout:
      return CR_REASON_CONNECT_TIMEOUT;
    case Reason::kAgentGone:
      return CR_REASON_AGENT_GONE;
    case Reason::kSilent:
      return CR_REASON_SILENT;
    case Reason::kLost:
      return CR_REASON_LOST;
    case Reason::kEndedBeforeBegin:
      return CR_REASON_ENDED_BEFORE_BEGIN;
    case Reason::kTooLate:
      return CR_REASON_TOO_LATE;
    case Reason::kConfiguration:
      return CR_REASON_CONFIGURATION;
    case Reason::kMisses:
      return CR_REASON_MISSES;
    case Reason::kTimer:
      return CR_REASON_TIMER;
    case Reason::kStall:
      return CR_REASON_STALL;
    case Reason::kMovedByHost:
      return CR_REASON_MOVED_BY_HOST;
    case Reason::kLeadDue:
      return CR_REASON_LEAD_DUE;
    case Reason::kLeadCallback:
      return CR_REASON_LEAD_CALLBACK;
    case Reason::kDialled:
      return CR_REASON_DIALLED;
    case Reason::kDropped:
      return CR_REASON_DROPPED;
    case Reason::kHold:
      return CR_REASON_HOLD;
    case Reason::kMachine:
      return CR_REASON_MACHINE;
    case Reason::kDisposition:
      return CR_REASON_DISPOSITION;
    case Reason::kNoDisposition:
      return CR_REASON_NO_DISPOSITION;
    case Reason::kNotAnswered:
      return CR_REASON_NOT_ANSWERED;
    case Reason::kNoNumber:
      return CR_REASON_NO_NUMBER;
    case Reason::kNoLock:
      return CR_REASON_NO_LOCK;
    case Reason::kNotGranted:
      return CR_REASON_NOT_GRANTED;
    case Reason::kPacedPrice:
      return CR_REASON_PACED_PRICE;
    case Reason::kPacedBudget:
      return CR_REASON_PACED_BUDGET;
    case Reason::kPacedStrict:
      return CR_REASON_PACED_STRICT;
    case Reason::kPacedOnePerAgent:
      return CR_REASON_PACED_ONE_PER_AGENT;
    case Reason::kPacedNoAgent:
      return CR_REASON_PACED_NO_AGENT;
    case Reason::kPacedLines:
      return CR_REASON_PACED_LINES;
    case Reason::kPacedRate:
      return CR_REASON_PACED_RATE;
    case Reason::kPacedNotRunning:
      return CR_REASON_PACED_NOT_RUNNING;
    case Reason::kPacedByHand:
      return CR_REASON_PACED_BY_HAND;
    case Reason::kPacedBatch:
      return CR_REASON_PACED_BATCH;
    case Reason::kPacedRecords:
      return CR_REASON_PACED_RECORDS;
    case Reason::kPacedCarrierLines:
      return CR_REASON_PACED_CARRIER_LINES;
    case Reason::kPacedCarrierRate:
      return CR_REASON_PACED_CARRIER_RATE;
  }
  return -1;
}

constexpr int32_t ToC(CallPlace value) {
  switch (value) {
    case CallPlace::kNone:
      return CR_PLACE_NONE;
    case CallPlace::kWaiting:
      return CR_PLACE_WAITING;
    case CallPlace::kOffered:
      return CR_PLACE_OFFERED;
    case CallPlace::kConnecting:
      return CR_PLACE_CONNECTING;
    case CallPlace::kConnected:
      return CR_PLACE_CONNECTED;
    case CallPlace::kOutside:
      return CR_PLACE_OUTSIDE;
    case CallPlace::kWithHost:
      return CR_PLACE_WITH_HOST;
  }
  return -1;
}

constexpr int32_t ToC(EventRecordKind value) {
  switch (value) {
    case EventRecordKind::kEvent:
      return CR_RECORD_EVENT;
    case EventRecordKind::kAdvance:
      return CR_RECORD_ADVANCE;
    case EventRecordKind::kConfiguration:
      return CR_RECORD_CONFIGURATION;
  }
  return -1;
}

constexpr int32_t ToC(NumberState value) {
  switch (value) {
    case NumberState::kNew:
      return CR_NUMBER_NEW;
    case NumberState::kWarming:
      return CR_NUMBER_WARMING;
    case NumberState::kActive:
      return CR_NUMBER_ACTIVE;
    case NumberState::kSuspect:
      return CR_NUMBER_SUSPECT;
    case NumberState::kResting:
      return CR_NUMBER_RESTING;
    case NumberState::kProbing:
      return CR_NUMBER_PROBING;
    case NumberState::kReserved:
      return CR_NUMBER_RESERVED;
    case NumberState::kHeld:
      return CR_NUMBER_HELD;
    case NumberState::kRetired:
      return CR_NUMBER_RETIRED;
  }
  return -1;
}

constexpr int32_t ToC(CallOutcome value) {
  switch (value) {
    case CallOutcome::kNone:
      return CR_OUTCOME_NONE;
    case CallOutcome::kAnswered:
      return CR_OUTCOME_ANSWERED;
    case CallOutcome::kNoAnswer:
      return CR_OUTCOME_NO_ANSWER;
    case CallOutcome::kBusy:
      return CR_OUTCOME_BUSY;
    case CallOutcome::kRejected:
      return CR_OUTCOME_REJECTED;
    case CallOutcome::kMachine:
      return CR_OUTCOME_MACHINE;
    case CallOutcome::kFailed:
      return CR_OUTCOME_FAILED;
    case CallOutcome::kRefusedByOperator:
      return CR_OUTCOME_REFUSED_BY_OPERATOR;
  }
  return -1;
}

constexpr int32_t ToC(NumberVerdict value) {
  switch (value) {
    case NumberVerdict::kLabelled:
      return CR_VERDICT_LABELLED;
    case NumberVerdict::kLabelRemoved:
      return CR_VERDICT_LABEL_REMOVED;
    case NumberVerdict::kComplaint:
      return CR_VERDICT_COMPLAINT;
  }
  return -1;
}

constexpr int32_t ToC(StateReason value) {
  switch (value) {
    case StateReason::kHost:
      return CR_STATE_HOST;
    case StateReason::kFirstShown:
      return CR_STATE_FIRST_SHOWN;
    case StateReason::kWarmedUp:
      return CR_STATE_WARMED_UP;
    case StateReason::kSuspicion:
      return CR_STATE_SUSPICION;
    case StateReason::kCleared:
      return CR_STATE_CLEARED;
    case StateReason::kAlarm:
      return CR_STATE_ALARM;
    case StateReason::kRestLimit:
      return CR_STATE_REST_LIMIT;
    case StateReason::kUndecided:
      return CR_STATE_UNDECIDED;
    case StateReason::kRestOver:
      return CR_STATE_REST_OVER;
    case StateReason::kLabelRemoved:
      return CR_STATE_LABEL_REMOVED;
    case StateReason::kProbePassed:
      return CR_STATE_PROBE_PASSED;
    case StateReason::kProbeFailed:
      return CR_STATE_PROBE_FAILED;
    case StateReason::kHoldOver:
      return CR_STATE_HOLD_OVER;
  }
  return -1;
}

constexpr int32_t ToC(ChosenBy value) {
  switch (value) {
    case ChosenBy::kNobody:
      return CR_CHOSEN_NOBODY;
    case ChosenBy::kWanted:
      return CR_CHOSEN_WANTED;
    case ChosenBy::kSticky:
      return CR_CHOSEN_STICKY;
    case ChosenBy::kOrder:
      return CR_CHOSEN_ORDER;
    case ChosenBy::kShortage:
      return CR_CHOSEN_SHORTAGE;
  }
  return -1;
}

constexpr int32_t ToC(Rung value) {
  switch (value) {
    case Rung::kNone:
      return CR_RUNG_NONE;
    case Rung::kRegion:
      return CR_RUNG_REGION;
    case Rung::kNeighbour:
      return CR_RUNG_NEIGHBOUR;
    case Rung::kParent:
      return CR_RUNG_PARENT;
    case Rung::kCountry:
      return CR_RUNG_COUNTRY;
    case Rung::kAnywhere:
      return CR_RUNG_ANYWHERE;
  }
  return -1;
}

constexpr int32_t ToC(Block value) {
  switch (value) {
    case Block::kFree:
      return CR_BLOCK_FREE;
    case Block::kOutOfService:
      return CR_BLOCK_OUT_OF_SERVICE;
    case Block::kUnverified:
      return CR_BLOCK_UNVERIFIED;
    case Block::kConcurrent:
      return CR_BLOCK_CONCURRENT;
    case Block::kCoolDown:
      return CR_BLOCK_COOL_DOWN;
    case Block::kMinuteCap:
      return CR_BLOCK_MINUTE_CAP;
    case Block::kHourCap:
      return CR_BLOCK_HOUR_CAP;
    case Block::kDayCap:
      return CR_BLOCK_DAY_CAP;
    case Block::kWeekCap:
      return CR_BLOCK_WEEK_CAP;
    case Block::kLocalDayCap:
      return CR_BLOCK_LOCAL_DAY_CAP;
    case Block::kCalleesCap:
      return CR_BLOCK_CALLEES_CAP;
  }
  return -1;
}

constexpr int32_t ToC(StickyBreak value) {
  switch (value) {
    case StickyBreak::kNotBroken:
      return CR_STICKY_NOT_BROKEN;
    case StickyBreak::kGone:
      return CR_STICKY_GONE;
    case StickyBreak::kUnlawful:
      return CR_STICKY_UNLAWFUL;
    case StickyBreak::kBlocked:
      return CR_STICKY_BLOCKED;
    case StickyBreak::kCarrierCap:
      return CR_STICKY_CARRIER_CAP;
    case StickyBreak::kElsewhere:
      return CR_STICKY_ELSEWHERE;
  }
  return -1;
}

constexpr int32_t ToC(NoNumber value) {
  switch (value) {
    case NoNumber::kThereIsOne:
      return CR_NO_NUMBER_THERE_IS_ONE;
    case NoNumber::kUnknownNumber:
      return CR_NO_NUMBER_UNKNOWN_NUMBER;
    case NoNumber::kNotForCampaign:
      return CR_NO_NUMBER_NOT_FOR_CAMPAIGN;
    case NoNumber::kNotOnTrunk:
      return CR_NO_NUMBER_NOT_ON_TRUNK;
    case NoNumber::kNotForCountry:
      return CR_NO_NUMBER_NOT_FOR_COUNTRY;
    case NoNumber::kNotValidNow:
      return CR_NO_NUMBER_NOT_VALID_NOW;
    case NoNumber::kOutOfReach:
      return CR_NO_NUMBER_OUT_OF_REACH;
    case NoNumber::kCarrierCap:
      return CR_NO_NUMBER_CARRIER_CAP;
    case NoNumber::kOnlyKnown:
      return CR_NO_NUMBER_ONLY_KNOWN;
    case NoNumber::kRegionReserve:
      return CR_NO_NUMBER_REGION_RESERVE;
    case NoNumber::kAllBlocked:
      return CR_NO_NUMBER_ALL_BLOCKED;
    case NoNumber::kKnownNumber:
      return CR_NO_NUMBER_KNOWN_NUMBER;
    case NoNumber::kWantedUnlawful:
      return CR_NO_NUMBER_WANTED_UNLAWFUL;
  }
  return -1;
}

constexpr int32_t ToC(PairSticky value) {
  switch (value) {
    case PairSticky::kOff:
      return CR_PAIR_OFF;
    case PairSticky::kPrefer:
      return CR_PAIR_PREFER;
    case PairSticky::kAvoid:
      return CR_PAIR_AVOID;
  }
  return -1;
}

constexpr int32_t ToC(NoMask value) {
  switch (value) {
    case NoMask::kThereIsOne:
      return CR_NO_MASK_THERE_IS_ONE;
    case NoMask::kAllTaken:
      return CR_NO_MASK_ALL_TAKEN;
    case NoMask::kOnlyReserved:
      return CR_NO_MASK_ONLY_RESERVED;
    case NoMask::kWantedTaken:
      return CR_NO_MASK_WANTED_TAKEN;
    case NoMask::kWantedUnknown:
      return CR_NO_MASK_WANTED_UNKNOWN;
  }
  return -1;
}

constexpr int32_t ToC(MaskedBy value) {
  switch (value) {
    case MaskedBy::kNobody:
      return CR_MASKED_NOBODY;
    case MaskedBy::kSession:
      return CR_MASKED_SESSION;
    case MaskedBy::kQuarantine:
      return CR_MASKED_QUARANTINE;
    case MaskedBy::kNotOurs:
      return CR_MASKED_NOT_OURS;
  }
  return -1;
}

constexpr int32_t ToC(HoldMode value) {
  switch (value) {
    case HoldMode::kSliding:
      return CR_HOLD_SLIDING;
    case HoldMode::kFixed:
      return CR_HOLD_FIXED;
  }
  return -1;
}

constexpr int32_t ToC(VisitsFound value) {
  switch (value) {
    case VisitsFound::kNone:
      return CR_VISITS_NONE;
    case VisitsFound::kOne:
      return CR_VISITS_ONE;
    case VisitsFound::kMany:
      return CR_VISITS_MANY;
    case VisitsFound::kOverflow:
      return CR_VISITS_OVERFLOW;
    case VisitsFound::kNotOurs:
      return CR_VISITS_NOT_OURS;
  }
  return -1;
}

constexpr int32_t ToC(Found value) {
  switch (value) {
    case Found::kNone:
      return CR_FOUND_NONE;
    case Found::kOne:
      return CR_FOUND_ONE;
    case Found::kMany:
      return CR_FOUND_MANY;
  }
  return -1;
}

constexpr int32_t ToC(ReturnRung value) {
  switch (value) {
    case ReturnRung::kNone:
      return CR_RETURN_NONE;
    case ReturnRung::kCallerAndNumber:
      return CR_RETURN_CALLER_AND_NUMBER;
    case ReturnRung::kCallerAndOwner:
      return CR_RETURN_CALLER_AND_OWNER;
    case ReturnRung::kAlias:
      return CR_RETURN_ALIAS;
    case ReturnRung::kNumberOnly:
      return CR_RETURN_NUMBER_ONLY;
    case ReturnRung::kNumberQueue:
      return CR_RETURN_NUMBER_QUEUE;
    case ReturnRung::kDefaultQueue:
      return CR_RETURN_DEFAULT_QUEUE;
    case ReturnRung::kLoop:
      return CR_RETURN_LOOP;
  }
  return -1;
}

constexpr int32_t ToC(LeadState value) {
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

constexpr int32_t ToC(LeadBlock value) {
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

constexpr int32_t ToC(NumberCheck value) {
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

constexpr int32_t ToC(PacingMode value) {
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

constexpr int32_t ToC(DropPromise value) {
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

constexpr int32_t ToC(WindowKind value) {
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

constexpr int32_t ToC(DialAgent value) {
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

constexpr int32_t ToC(LineEvent value) {
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

constexpr int32_t ToC(PacingLimit value) {
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

constexpr int32_t ToC(PoolPolicy value) {
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

constexpr int32_t ToC(DialModel value) {
  switch (value) {
    case DialModel::kMarkov:
      return CR_DIAL_MODEL_MARKOV;
    case DialModel::kRealistic:
      return CR_DIAL_MODEL_REALISTIC;
  }
  return -1;
}

constexpr int32_t ToC(DialPacer value) {
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
  }
  return -1;
}

}  // namespace callrouter::c

#endif  // CALLROUTER_BINDINGS_C_VALUES_H_
