#include <cstdint>

#include "values.h"

namespace callrouter::c {

int32_t ToC(NumberState value) {
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

int32_t ToC(CallOutcome value) {
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

int32_t ToC(NumberVerdict value) {
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

int32_t ToC(StateReason value) {
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

int32_t ToC(ChosenBy value) {
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

int32_t ToC(Rung value) {
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

int32_t ToC(Block value) {
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

int32_t ToC(StickyBreak value) {
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

int32_t ToC(NoNumber value) {
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

int32_t ToC(PairSticky value) {
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

int32_t ToC(NoMask value) {
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

int32_t ToC(MaskedBy value) {
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

int32_t ToC(HoldMode value) {
  switch (value) {
    case HoldMode::kSliding:
      return CR_HOLD_SLIDING;
    case HoldMode::kFixed:
      return CR_HOLD_FIXED;
  }
  return -1;
}

int32_t ToC(VisitsFound value) {
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

int32_t ToC(Found value) {
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

int32_t ToC(ReturnRung value) {
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

}  // namespace callrouter::c
