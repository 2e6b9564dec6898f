// callrouter/simulator.h
//
// A host that owns the clock: it sends an engine the calls of a scenario,
// answers for its agents, and keeps books of its own. It uses the engine's
// public functions only, so what was tried here is what runs in production.
//
//   auto scenario = ParseScenario(text, "day.textproto", ReadFile, &faults);
//   v1::Report report;
//   absl::Status status = Simulate(*scenario, SimulateOptions(), &report);
//   std::cout << ReportTable(report);           // or ReportJson(report)
//
// A host that has no file fills in a Scenario: the fields are those of
// callrouter/v1/scenario.proto, where each is explained.
//
// Guarantees
//  - Same scenario and seed: same report, on every machine.
//  - Common random numbers: the k-th caller of a kind arrives, waits and talks
//    alike whatever the configuration, so two can be compared call by call.
//  - Nothing is believed: every call is counted by the simulator and by the
//    engine, and each difference is reported in words (Report.difference).
// Cost: time grows with the number of calls, memory with calls in progress and
// intervals; no allocation per event once warm.
// Thread safety: every call stands alone; simulate as many at once as you like.
// Not here: confidence intervals, replications, outbound calls.

#ifndef CALLROUTER_SIMULATOR_H_
#define CALLROUTER_SIMULATOR_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "callrouter/config_file.h"
#include "callrouter/configuration.h"
#include "callrouter/decision.h"
#include "callrouter/engine.h"
#include "callrouter/progress.h"

namespace callrouter {

namespace v1 {
class Report;
}  // namespace v1

// A time drawn for each call.
struct Law {
  enum class Kind : uint8_t {
    kConstant,
    kExponential,
    kLognormal,
    kHyperexponential,  // Two exponentials, balanced means.
    kUniform,           // From `low` to 2 x mean - low.
    kNever,
  };
  Kind kind = Kind::kConstant;
  absl::Duration mean = absl::ZeroDuration();
  // Variance / mean^2, for kLognormal (> 0) and kHyperexponential (>= 1).
  double squared_variation = 1;
  absl::Duration low = absl::ZeroDuration();

  static Law Constant(absl::Duration mean) {
    return {Kind::kConstant, mean, 0, absl::ZeroDuration()};
  }
  static Law Exponential(absl::Duration mean) {
    return {Kind::kExponential, mean, 1, absl::ZeroDuration()};
  }
  static Law Never() {
    return {Kind::kNever, absl::ZeroDuration(), 0, absl::ZeroDuration()};
  }
};

struct Burst {
  absl::Duration from;  // Since the start, like every moment here.
  absl::Duration within;
  int32_t calls = 0;
};

// One kind of caller.
struct Arrivals {
  std::string queue;
  // Expected calls in each half hour from the start; the last one holds on
  // when `goes_on`.
  std::vector<double> per_half_hour;
  bool goes_on = false;
  std::vector<Burst> bursts;
  std::vector<absl::Duration> at;
  Law patience = Law::Never();
  Law handle_time = Law::Exponential(absl::Minutes(3));
  int32_t priority = 0;
  std::string requirement;
  absl::Duration age = absl::ZeroDuration();
  // If set, the host replaces the call's own requirement with
  // `later_requirement` after a time drawn from this law.
  std::optional<Law> later;
  std::string later_requirement;
};

struct HandleFactor {
  std::string queue;
  std::string agents;
  double factor = 1;
};

struct Shift {
  std::string agents;
  std::vector<std::string> names;
  int32_t skip = 0;
  int32_t count = 0;
  absl::Duration from = absl::ZeroDuration();
  absl::Duration to = absl::InfiniteDuration();
};

struct Behaviour {
  std::string agents;
  Law answer_after = Law::Constant(absl::ZeroDuration());
  double no_answer_probability = 0;
  Law return_after = Law::Constant(absl::Minutes(5));
};

struct Outside {
  std::string destination;
  double answer_probability = 1;
  Law answer_after = Law::Constant(absl::ZeroDuration());
};

struct Scenario {
  std::string name;
  Configuration configuration;
  uint64_t seed = 1;
  absl::Time start = absl::FromUnixSeconds(1767571200);  // 2026-01-05 00:00.
  std::string time_zone = "UTC";
  absl::Duration horizon = absl::Hours(1);
  absl::Duration warm_up = absl::ZeroDuration();
  absl::Duration interval = absl::Minutes(30);
  std::vector<Arrivals> arrivals;
  std::vector<HandleFactor> handle_factors;
  std::vector<Shift> shifts;
  std::vector<Behaviour> behaviours;
  std::vector<Outside> outside;
  int32_t trace_lines = 0;
  absl::Duration trace_from = absl::ZeroDuration();
};

// How a simulated call left the queues.
enum class Outcome : uint8_t {
  kInProgress = 0,
  kAnswered = 1,
  kAbandoned = 2,
  kSentOutside = 3,
  kRefused = 4,
  kHungUp = 5,
  kLost = 6,
};

// One call, told when it is answered or has left unanswered.
struct SimulatedCall {
  Outcome outcome = Outcome::kInProgress;
  int32_t kind = 0;        // Index into Scenario::arrivals.
  int64_t arrived_us = 0;  // Since the start.
  int64_t wait_us = 0;     // From then to now; the age it brought not included.
  AgentId agent;           // kAnswered.
  QueueId queue;           // kAnswered: where.
};

// A call that comes, for a host with ideas of its own.
struct ArrivingCall {
  const Engine* engine = nullptr;  // To look at.
  absl::Duration now;              // Since the start.
  int32_t kind = 0;                // Index into Scenario::arrivals.
  // Who may serve its queue, as configured, in the configuration's order.
  const std::vector<AgentId>* serving = nullptr;
};

// What such a host would do, to try it here: it may change `event`, the
// kCallArrived the engine is about to get: its priority, its requirement, the
// agent it names, who is rung if free. (A queue without preferred_patience then
// has one of a microsecond.) False ends the run with kCancelled.
using ArrivalPolicy =
    std::function<bool(const ArrivingCall& call, Event* event)>;

struct SimulateOptions {
  // Limits are raised to what the scenario's configuration needs.
  EngineOptions engine;
  // Sees every call's outcome, in order of time. May be empty.
  std::function<void(const SimulatedCall&)> observer;
  // Sees every decision with its time. May be empty.
  std::function<void(absl::Duration, const Decision&)> on_decision;
  // May be empty.
  ArrivalPolicy on_arrival;
  Progress progress;
};

// Protobuf text or JSON, told apart by the first character. `read` is asked
// for config_file as it is written. On error kInvalidArgument, and `*faults`
// holds everything wrong in the scenario, or in its configuration file, with
// line and column. Cost: linear in the text.
absl::StatusOr<Scenario> ParseScenario(std::string_view text,
                                       std::string_view file_name,
                                       const FileReader& read,
                                       std::vector<FileFault>* faults);

// Everything wrong with a scenario, as "arrivals[2].queue: ...".
std::vector<Fault> FindFaults(const Scenario& scenario);

// Runs `scenario` to its horizon and fills in `*report`. kInvalidArgument with
// the faults of scenario or configuration, kCancelled if it was stopped;
// otherwise OK, whatever became of the calls.
absl::Status Simulate(const Scenario& scenario, const SimulateOptions& options,
                      v1::Report* report);

// Tables of fixed width for people: every queue by interval (with
// `intervals`), then all queues and how the books balance.
std::string ReportTable(const v1::Report& report, bool intervals = true);
// One JSON object, as protobuf writes it, with every field.
std::string ReportJson(const v1::Report& report);

}  // namespace callrouter

#endif  // CALLROUTER_SIMULATOR_H_
