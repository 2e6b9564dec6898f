// Events and decisions in words, for people.

#ifndef CALLROUTER_SRC_SIM_TRACE_H_
#define CALLROUTER_SRC_SIM_TRACE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "callrouter/decision.h"
#include "callrouter/engine.h"
#include "callrouter/simulator.h"

namespace callrouter::sim {

class Trace {
 public:
  // `engine` gives names; both must outlive the trace.
  Trace(const Scenario& scenario, const Engine& engine);

  // "18:01:00  call 1 comes for sales"
  void Event(int64_t at_us, uint32_t call, std::string_view what);
  // `call`: its number, 0 if the decision is about none.
  void Decision(int64_t at_us, uint32_t call,
                const callrouter::Decision& decision);

  const std::vector<std::string>& lines() const { return lines_; }
  uint64_t left_out() const { return left_out_; }

 private:
  void Add(int64_t at_us, uint32_t call, std::string_view text);
  std::string StepText(const callrouter::Decision& decision) const;

  const Scenario& scenario_;
  const Engine& engine_;
  absl::TimeZone zone_;
  std::vector<std::string> lines_;
  uint64_t left_out_ = 0;
};

}  // namespace callrouter::sim

#endif  // CALLROUTER_SRC_SIM_TRACE_H_
