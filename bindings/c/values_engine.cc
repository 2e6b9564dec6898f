#include <cstdint>

#include "values.h"

namespace callrouter::c {

int32_t ToC(EventKind value) {
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
    case EventKind::kSyncAttempt:
      return CR_EVENT_SYNC_ATTEMPT;
    case EventKind::kAttemptProgress:
      return CR_EVENT_ATTEMPT_PROGRESS;
    case EventKind::kAttemptResult:
      return CR_EVENT_ATTEMPT_RESULT;
    case EventKind::kNumberGranted:
      return CR_EVENT_NUMBER_GRANTED;
    case EventKind::kNumberRefused:
      return CR_EVENT_NUMBER_REFUSED;
    case EventKind::kLockGranted:
      return CR_EVENT_LOCK_GRANTED;
    case EventKind::kLockRefused:
      return CR_EVENT_LOCK_REFUSED;
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
  }
  return -1;
}

int32_t ToC(Release value) {
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

int32_t ToC(SyncPlace value) {
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

int32_t ToC(SyncAgent value) {
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

int32_t ToC(AttemptProgress value) {
  switch (value) {
    case AttemptProgress::kRinging:
      return CR_PROGRESS_RINGING;
    case AttemptProgress::kPerson:
      return CR_PROGRESS_PERSON;
    case AttemptProgress::kMachine:
      return CR_PROGRESS_MACHINE;
  }
  return -1;
}

int32_t ToC(AttemptResult value) {
  switch (value) {
    case AttemptResult::kDisposition:
      return CR_RESULT_DISPOSITION;
    case AttemptResult::kNoAnswer:
      return CR_RESULT_NO_ANSWER;
    case AttemptResult::kBusy:
      return CR_RESULT_BUSY;
    case AttemptResult::kRejected:
      return CR_RESULT_REJECTED;
    case AttemptResult::kFailed:
      return CR_RESULT_FAILED;
    case AttemptResult::kCancelled:
      return CR_RESULT_CANCELLED;
    case AttemptResult::kMachine:
      return CR_RESULT_MACHINE;
    case AttemptResult::kRefusedByOperator:
      return CR_RESULT_REFUSED_BY_OPERATOR;
  }
  return -1;
}

int32_t ToC(Cause value) {
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

int32_t ToC(DecisionKind value) {
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

int32_t ToC(Reason value) {
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

int32_t ToC(CallPlace value) {
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

int32_t ToC(EventRecordKind value) {
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

int32_t ToC(Unserved value) {
  switch (value) {
    case Unserved::kMessage:
      return CR_UNSERVED_MESSAGE;
    case Unserved::kRelease:
      return CR_UNSERVED_RELEASE;
  }
  return -1;
}

}  // namespace callrouter::c
