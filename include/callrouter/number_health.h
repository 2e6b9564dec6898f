// callrouter/number_health.h
//
// The life of a number: how it warms up, how a number that people no longer
// answer is found, rests, is tried again, and leaves. Plain values;
// number_pool.h is the part that obeys them.
//
//   rules.health.rest_for = absl::Hours(24) * 3;
//   ...
//   pool->Report({attempt, CallOutcome::kNoAnswer}, now);
//   pool->Verdict(number, carrier, NumberVerdict::kComplaint, now);
//   std::vector<NumberStateChange> changes;
//   pool->TakeChanges(&changes);        // who, from, to, why
//
// Which state follows which (SetState may go from any to any):
//
//   new       first shown                          warming; without ramp active
//   warming   last step of the ramp begins         active
//   warming, active, suspect
//             `rest_at` reached                    resting; if too many rest
//                                                  already, suspect
//   active    `suspect_at` reached                 suspect
//   suspect   suspicion back to nothing            active
//   suspect   for `suspect_for`                    probing
//   resting   for its rest, the label was removed, or others are more suspect
//             and too many rest                    probing
//   probing   passed, or `probe_for` with no more against it than for it
//                                                  active
//   probing   failed                               resting, for longer; the
//                                                  `retire_after`-th time held
//   held      for `hold_for`                       retired
//   reserved, retired                              only by the host
//
// How a falling number is found. For every (number, carrier) a cumulative sum
// of log likelihood ratios, never below nothing, sets "people answer as is
// expected of this call" against "the odds that they answer have dropped to
// `drop_odds_permille` of that" (risk-adjusted CUSUM: Steiner, Cook, Farewell,
// Treasure, Biostatistics 2000). What is expected is learned from the pool's
// calls with the same carrier, campaign, hour at the callee's and number of the
// attempt, each of these narrowing the one before; and for each (number,
// carrier) corrected once, by its first `own_calls`. On probation Wald's
// sequential probability ratio test asks the same of the carrier in question,
// or of all if it is not known.
//
// All of it is done in whole numbers: the same reports give the same states on
// every machine. The numbers of all enums are kept in journals.
//
// Thread safety: values.

#ifndef CALLROUTER_NUMBER_HEALTH_H_
#define CALLROUTER_NUMBER_HEALTH_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "callrouter/fault.h"
#include "callrouter/id.h"
#include "callrouter/phone_number.h"

namespace callrouter {

using NumberId = Id<struct NumberTag>;
using CarrierId = Id<struct CarrierTag>;

// Where a number is in its life. Caps hold in every state.
enum class NumberState : uint8_t {
  kNew = 0,       // Never shown so far. May be, with the first of its ramp.
  kWarming = 1,   // Shown, with a ramp of its caps.
  kActive = 2,    // Shown.
  kSuspect = 3,   // Shown after the others, with a share of its caps (more
                  // only when there is no other number).
  kResting = 4,   // Not shown.
  kProbing = 5,   // Shown, with a small share of its caps; more as above.
  kReserved = 6,  // Shown only when a request wants this very number.
  kHeld = 7,      // No longer shown; people still ring it back.
  kRetired = 8,   // Not shown.
};

// What became of a call.
enum class CallOutcome : uint8_t {
  kNone = 0,  // Nothing is known yet. Not to be reported.
  kAnswered = 1,
  kNoAnswer = 2,
  kBusy = 3,
  kRejected = 4,  // By the called person or their telephone.
  kMachine = 5,   // Answered by a machine.
  kFailed = 6,    // It never rang.
  // By the network, at the wish of a subscriber who wants no mass calls. Says
  // nothing of the number.
  kRefusedByOperator = 7,
};

struct NumberReport {
  uint64_t attempt = 0;
  CallOutcome outcome = CallOutcome::kNone;
};

// What somebody outside says of a number.
enum class NumberVerdict : uint8_t {
  kLabelled = 0,      // It is shown as spam.
  kLabelRemoved = 1,  // No longer.
  kComplaint = 2,
};

struct NumberHealthRules {
  // --- What counts; outcomes in neither list do not. Both empty: nothing is
  // judged, and states change by the clock and the host alone. ---
  std::vector<CallOutcome> answered = {CallOutcome::kAnswered};
  std::vector<CallOutcome> unanswered = {
      CallOutcome::kNoAnswer, CallOutcome::kBusy, CallOutcome::kRejected,
      CallOutcome::kMachine};

  // --- What is expected ---
  // Before anything is known. Only a start. [10, 950]
  int32_t expected_permille = 250;
  // Without it `expected_permille` is expected of every call.
  bool learn = true;
  // A narrower kind of call has its own rate once it has many more calls than
  // this; until then mostly that of the wider kind. [1, 1,000,000]
  int32_t prior_calls = 50;
  // What was learned counts half after each such time: long enough not to
  // follow a label on many numbers, short enough for seasons. [1 h, 400 days]
  absl::Duration half_life = absl::Hours(24) * 28;
  // Attempts to reach a person are told apart up to this one. [1, 200]
  int32_t attempts_apart = 4;
  // The first calls of a (number, carrier), which set its own level against the
  // pool's, once. A later look would learn the fall itself. 0: all are alike.
  // [0, 10,000]
  int32_t own_calls = 300;
  // How many calls' weight the pool's level has in that. The variance of one
  // call over that of numbers' true rates: .19 / .03^2. [1, 100,000]
  int32_t own_prior_calls = 200;

  // --- Suspicion, in thousandths of a natural logarithm ---
  // The fall that is looked for: from .25 answered to .10, as reported of
  // labelled numbers. [1, 999]
  int32_t drop_odds_permille = 333;
  // [1, 1,000,000]. With what is expected known exactly, 4,180, 6,420 and 8,730
  // give one false alarm in 1,000, 10,000 and 100,000 calls at .25, and find
  // .10 in 49, 80 and 112 calls (exact Markov chain); this is the last and what
  // the error of a learned level costs.
  int32_t rest_at = 9'000;
  int32_t suspect_at = 5'400;  // Six tenths of it. [1, rest_at]
  // What verdicts add: a label is enough by itself, complaints are when there
  // is something else. [0, 1,000,000]
  int32_t label_weight = 9'000;
  int32_t complaint_weight = 1'500;

  // --- Rest and probation ---
  // Vendors rest for 7 to 30 days; probation makes short rests safe.
  // [1 s, 400 days], as all below.
  absl::Duration rest_for = absl::Hours(24) * 7;
  // Each failed probation makes the next rest so much longer. [1000, 10,000]
  int32_t rest_growth_permille = 2'000;
  absl::Duration suspect_for = absl::Hours(24) * 7;
  absl::Duration probe_for = absl::Hours(24) * 30;
  // Wald's bounds: of healthy numbers so many fail, of labelled so many pass.
  // Each [1, 499]. At .25 against .10: 33 and 39 calls on average.
  int32_t probe_fails_permille = 50;
  int32_t probe_passes_permille = 50;
  // Failed probations in a row until the number is held. [1, 100]
  int32_t retire_after = 3;
  // Of the numbers of a group that are not reserved, held or retired, at most
  // so many rest; the least suspect are shown. The default answered most calls
  // in simulations of a pool at three quarters of its caps. [0, 1000]
  int32_t rest_share_permille = 200;
  // People ring back for so long; a vendor's rule after the last call.
  absl::Duration hold_for = absl::Hours(24) * 30;
};

// Everything wrong with `rules`.
std::vector<Fault> FindFaults(const NumberHealthRules& rules);

// Why a number's state changed.
enum class StateReason : uint8_t {
  kHost = 0,          // SetState.
  kFirstShown = 1,    // new -> warming or active
  kWarmedUp = 2,      // warming -> active
  kSuspicion = 3,     // -> suspect
  kCleared = 4,       // suspect -> active
  kAlarm = 5,         // -> resting: `rest_at`
  kRestLimit = 6,     // Too many rest: -> suspect, or resting -> probing
  kUndecided = 7,     // suspect -> probing
  kRestOver = 8,      // resting -> probing
  kLabelRemoved = 9,  // resting -> probing, suspect -> active
  kProbePassed = 10,  // probing -> active
  kProbeFailed = 11,  // probing -> resting, suspect or held
  kHoldOver = 12,     // held -> retired
};

// One change of a number's state.
struct NumberStateChange {
  NumberId id;
  PhoneNumber number;
  NumberState from = NumberState::kNew;
  NumberState to = NumberState::kNew;
  StateReason why = StateReason::kHost;
  CarrierId carrier;  // Whose calls were the reason; none: not one carrier's.
  absl::Time at;      // When it was due.
};

// What is known of a number at one carrier.
struct NumberHealthView {
  int32_t suspicion = 0;  // Thousandths of a natural logarithm.
  int32_t own_calls = 0;  // Of the first ones, so far.
  // Its own odds of being answered against the pool's, once they are known.
  int32_t own_odds_permille = 1'000;
  bool labelled = false;  // By the last verdict since it began to be shown.
};

// Short words for logs.
std::string_view Name(NumberState state);
std::string_view Name(CallOutcome outcome);
std::string_view Name(NumberVerdict verdict);
std::string_view Name(StateReason reason);

}  // namespace callrouter

#endif  // CALLROUTER_NUMBER_HEALTH_H_
