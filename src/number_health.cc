#include "callrouter/number_health.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace callrouter {

namespace {

using Faults = std::vector<Fault>;

void CheckRange(const char* field, int32_t found, int32_t low, int32_t high,
                Faults* faults) {
  if (found >= low && found <= high) return;
  faults->push_back({field, std::to_string(found),
                     std::to_string(low) + " to " + std::to_string(high)});
}

void CheckDuration(const char* field, absl::Duration found, absl::Duration low,
                   Faults* faults) {
  if (found >= low && found <= absl::Hours(24) * 400) return;
  faults->push_back({field, absl::FormatDuration(found),
                     absl::FormatDuration(low) + " to 400 days"});
}

// Each once in one of both lists; and those that say nothing in none.
void CheckOutcomes(const NumberHealthRules& rules, Faults* faults) {
  uint32_t seen = 0;
  for (const auto* list : {&rules.answered, &rules.unanswered}) {
    const char* const field =
        list == &rules.answered ? "answered" : "unanswered";
    for (const CallOutcome outcome : *list) {
      const uint32_t number = static_cast<uint32_t>(outcome);
      if (outcome == CallOutcome::kNone ||
          outcome >= CallOutcome::kRefusedByOperator) {
        faults->push_back({field, "outcome " + std::to_string(number),
                           "outcomes that say something of a number"});
      } else if ((seen >> number & 1) != 0) {
        faults->push_back({field,
                           "\"" + std::string(Name(outcome)) + "\" twice",
                           "each outcome in one of both lists"});
      }
      seen |= number < 32 ? 1u << number : 0;
    }
  }
  if (rules.answered.empty() != rules.unanswered.empty()) {
    faults->push_back({rules.answered.empty() ? "answered" : "unanswered",
                       "nothing", "outcomes, or none in both lists"});
  }
}

}  // namespace

std::vector<Fault> FindFaults(const NumberHealthRules& rules) {
  Faults faults;
  CheckOutcomes(rules, &faults);
  const auto range = [&](const char* field, int32_t found, int32_t low,
                         int32_t high) {
    CheckRange(field, found, low, high, &faults);
  };
  range("expected_permille", rules.expected_permille, 10, 950);
  range("prior_calls", rules.prior_calls, 1, 1'000'000);
  CheckDuration("half_life", rules.half_life, absl::Hours(1), &faults);
  range("attempts_apart", rules.attempts_apart, 1, 200);
  range("own_calls", rules.own_calls, 0, 10'000);
  range("own_prior_calls", rules.own_prior_calls, 1, 100'000);
  range("drop_odds_permille", rules.drop_odds_permille, 1, 999);
  range("rest_at", rules.rest_at, 1, 1'000'000);
  range("suspect_at", rules.suspect_at, 1, rules.rest_at);
  range("label_weight", rules.label_weight, 0, 1'000'000);
  range("complaint_weight", rules.complaint_weight, 0, 1'000'000);
  range("rest_growth_permille", rules.rest_growth_permille, 1000, 10'000);
  for (const auto& [field, found] :
       {std::pair<const char*, absl::Duration>{"rest_for", rules.rest_for},
        {"suspect_for", rules.suspect_for},
        {"probe_for", rules.probe_for},
        {"hold_for", rules.hold_for}}) {
    CheckDuration(field, found, absl::Seconds(1), &faults);
  }
  range("probe_fails_permille", rules.probe_fails_permille, 1, 499);
  range("probe_passes_permille", rules.probe_passes_permille, 1, 499);
  range("retire_after", rules.retire_after, 1, 100);
  range("rest_share_permille", rules.rest_share_permille, 0, 1000);
  return faults;
}

// --- Words ---

std::string_view Name(NumberState state) {
  switch (state) {
    case NumberState::kNew:
      return "new";
    case NumberState::kWarming:
      return "warming";
    case NumberState::kActive:
      return "active";
    case NumberState::kSuspect:
      return "suspect";
    case NumberState::kResting:
      return "resting";
    case NumberState::kProbing:
      return "probing";
    case NumberState::kReserved:
      return "reserved";
    case NumberState::kHeld:
      return "held";
    case NumberState::kRetired:
      return "retired";
  }
  return "?";
}

std::string_view Name(CallOutcome outcome) {
  switch (outcome) {
    case CallOutcome::kNone:
      return "none";
    case CallOutcome::kAnswered:
      return "answered";
    case CallOutcome::kNoAnswer:
      return "no answer";
    case CallOutcome::kBusy:
      return "busy";
    case CallOutcome::kRejected:
      return "rejected";
    case CallOutcome::kMachine:
      return "machine";
    case CallOutcome::kFailed:
      return "failed";
    case CallOutcome::kRefusedByOperator:
      return "refused by the operator";
  }
  return "?";
}

std::string_view Name(NumberVerdict verdict) {
  switch (verdict) {
    case NumberVerdict::kLabelled:
      return "labelled";
    case NumberVerdict::kLabelRemoved:
      return "label removed";
    case NumberVerdict::kComplaint:
      return "complaint";
  }
  return "?";
}

std::string_view Name(StateReason reason) {
  switch (reason) {
    case StateReason::kHost:
      return "host";
    case StateReason::kFirstShown:
      return "first shown";
    case StateReason::kWarmedUp:
      return "warmed up";
    case StateReason::kSuspicion:
      return "suspicion";
    case StateReason::kCleared:
      return "cleared";
    case StateReason::kAlarm:
      return "alarm";
    case StateReason::kRestLimit:
      return "too many rest";
    case StateReason::kUndecided:
      return "undecided";
    case StateReason::kRestOver:
      return "rest is over";
    case StateReason::kLabelRemoved:
      return "label removed";
    case StateReason::kProbePassed:
      return "probation passed";
    case StateReason::kProbeFailed:
      return "probation failed";
    case StateReason::kHoldOver:
      return "hold is over";
  }
  return "?";
}

}  // namespace callrouter
