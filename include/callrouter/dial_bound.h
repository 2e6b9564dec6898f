// callrouter/dial_bound.h
//
// How busy agents can be kept at best by predictive dialling, if at most a
// given share of the people who answer may find nobody.
//
//   DialBoundModel model;
//   model.agents = 20;
//   auto used = DialBound(model, 0.03);     // 0.886: share of agents' time
//
// The model is Markov: conversations, ringing and patience are exponential,
// every call is answered by a person with the same chance, and the dialler may
// start calls at any event, knowing how many agents are free and how many
// calls ring. It is then a Markov decision process with one constraint; the
// optimum is the least value of its Lagrangian dual over the multiplier
// (Altman, "Constrained Markov Decision Processes", 1999), each value found by
// relative value iteration. Real ringing is less random than that, so that a
// real dialler can do better; see dial_simulator.h.
//
// Cost: milliseconds for a few agents, seconds for 50, a minute for 100.
// Thread safety: functions of their arguments.

#ifndef CALLROUTER_DIAL_BOUND_H_
#define CALLROUTER_DIAL_BOUND_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "callrouter/progress.h"

namespace callrouter {

struct DialBoundModel {
  int32_t agents = 10;                          // [1, 200]
  double answered = 0.3;                        // [0.02, 1]
  absl::Duration service = absl::Seconds(120);  // Mean. [1 s, 1 h]
  absl::Duration ring = absl::Seconds(15);      // Mean. [1 s, 5 min]
  absl::Duration patience = absl::Seconds(2);   // Mean; may be 0. [0, 60 s]
};

// The highest share of the agents' time in conversations with at most
// `drop_share` of the people who answer dropped; within 0.0005. (0, 0.5]
// kInvalidArgument: what is out of range.
absl::StatusOr<double> DialBound(const DialBoundModel& model,
                                 double drop_share);
// The same for several shares at once, cheaper than one by one. `progress` is
// told the share of the drop shares that are done.
absl::StatusOr<std::vector<double>> DialBounds(
    const DialBoundModel& model, const std::vector<double>& drop_shares,
    const Progress& progress = {});

// What one line for each free agent makes of it, without any drops.
double ProgressiveShare(const DialBoundModel& model);

}  // namespace callrouter

#endif  // CALLROUTER_DIAL_BOUND_H_
