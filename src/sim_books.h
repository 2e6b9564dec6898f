// The simulator's own count of what became of every call and how agents spent
// their time, kept without asking the engine.

#ifndef CALLROUTER_SRC_SIM_BOOKS_H_
#define CALLROUTER_SRC_SIM_BOOKS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "callrouter/simulator.h"
#include "callrouter/statistics.h"

namespace callrouter {
namespace v1 {
class Counts;
class Report;
}  // namespace v1

namespace sim {

inline constexpr int kOutcomes = 7;

// Counts of one home queue, over one interval or over everything.
struct Tally {
  uint64_t offered = 0;
  uint64_t by_outcome[kOutcomes] = {};  // By Outcome; kInProgress at the end.
  uint64_t within_target = 0;
  int64_t wait_answered_us = 0;
  int64_t wait_abandoned_us = 0;
  int64_t handle_us = 0;
  std::vector<uint64_t> steps;  // By Books::StepIndex.

  uint64_t of(Outcome outcome) const {
    return by_outcome[static_cast<std::size_t>(outcome)];
  }
};

class Books {
 public:
  explicit Books(const Scenario& scenario);

  // A call joins `queue` (index into configuration.queues) at `at_us`.
  void Offered(int queue, int64_t at_us);
  // It has left after `wait_us`, or the end has come.
  void Left(int queue, int64_t arrived_us, Outcome outcome, int64_t wait_us);
  void Handled(int queue, int64_t arrived_us, int64_t handle_us);
  // A step of the plan of queue `of` took a call whose home is `queue`.
  void Step(int queue, int64_t arrived_us, int of, int step);
  // An agent was there, or at work, from one moment to the next.
  void AgentThere(int agent, int64_t from_us, int64_t to_us);
  void AgentBusy(int agent, int64_t from_us, int64_t to_us);

  // Fills in the queues, the total and the occupancy of `*report`.
  void Write(v1::Report* report) const;
  // Every figure in which `statistics` differs, in words. `ids` are the
  // engine's names for the configuration's queues.
  std::vector<std::string> Compare(const Statistics& statistics,
                                   const std::vector<QueueId>& ids) const;

 private:
  struct AgentTime {
    int64_t there_us = 0;
    int64_t busy_us = 0;
  };

  std::size_t IntervalOf(int64_t at_us) const;
  Tally* At(int queue, int64_t arrived_us);
  template <class Add>
  void ForBoth(int queue, int64_t arrived_us, Add add);
  void Spread(int agent, int64_t from_us, int64_t to_us,
              int64_t AgentTime::* field);
  void Fill(const Tally& tally, v1::Counts* counts) const;
  void FillAgents(const std::vector<int>& agents, std::size_t first,
                  std::size_t last, v1::Counts* counts) const;
  std::string StepName(int queue, std::size_t index) const;

  const Scenario& scenario_;
  int64_t interval_us_;
  int64_t warm_up_us_;
  int64_t horizon_us_;
  std::size_t intervals_;
  std::vector<int64_t> target_us_;       // By queue.
  std::vector<std::size_t> first_step_;  // By queue: where its steps start.
  std::size_t steps_ = 0;
  std::vector<Tally> tallies_;          // queue x interval.
  std::vector<Tally> all_;              // By queue, warm-up included.
  std::vector<AgentTime> agent_times_;  // agent x interval.
};

}  // namespace sim
}  // namespace callrouter

#endif  // CALLROUTER_SRC_SIM_BOOKS_H_
