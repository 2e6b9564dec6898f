#include "callrouter/simulator.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "callrouter/requirement.h"
#include "callrouter/v1/report.pb.h"
#include "sim_host.h"

namespace callrouter {
namespace {

constexpr absl::Duration kLongest = absl::Hours(24 * 366 * 100);
constexpr int64_t kIntervalsMax = 10'000;
constexpr int64_t kCellsMax = 20'000'000;
constexpr double kCallsPerHalfHourMax = 1e9;
constexpr int32_t kCallsInBurstMax = 10'000'000;

class Finder {
 public:
  Finder(const Scenario& scenario, std::vector<Fault>* faults)
      : scenario_(scenario), faults_(faults) {}

  void Find() {
    FindTimes();
    for (std::size_t i = 0; i < scenario_.arrivals.size(); ++i) {
      FindArrivals(absl::StrCat("arrivals[", i, "]"), scenario_.arrivals[i]);
    }
    for (std::size_t i = 0; i < scenario_.handle_factors.size(); ++i) {
      const std::string path = absl::StrCat("handle_factor[", i, "]");
      const HandleFactor& factor = scenario_.handle_factors[i];
      if (!factor.queue.empty()) FindQueue(path + ".queue", factor.queue);
      FindRequirement(path + ".agents", factor.agents);
      if (!(factor.factor > 0 && factor.factor <= 1000)) {
        Add(path + ".factor", absl::StrCat(factor.factor),
            "a number above 0, at most 1000");
      }
    }
    for (std::size_t i = 0; i < scenario_.shifts.size(); ++i) {
      FindShift(absl::StrCat("shift[", i, "]"), scenario_.shifts[i]);
    }
    for (std::size_t i = 0; i < scenario_.behaviours.size(); ++i) {
      const std::string path = absl::StrCat("behaviour[", i, "]");
      const Behaviour& behaviour = scenario_.behaviours[i];
      FindRequirement(path + ".agents", behaviour.agents);
      FindLaw(path + ".answer_after", behaviour.answer_after);
      FindProbability(path + ".no_answer_probability",
                      behaviour.no_answer_probability);
      FindLaw(path + ".return_after", behaviour.return_after);
    }
    for (std::size_t i = 0; i < scenario_.outside.size(); ++i) {
      const std::string path = absl::StrCat("outside[", i, "]");
      const Outside& outside = scenario_.outside[i];
      if (outside.destination.empty()) {
        Add(path + ".destination", "nothing", "a destination of the plans");
      }
      FindProbability(path + ".answer_probability", outside.answer_probability);
      FindLaw(path + ".answer_after", outside.answer_after);
    }
  }

 private:
  void Add(std::string path, std::string found, std::string expected,
           int column = 0) {
    faults_->push_back(
        {std::move(path), std::move(found), std::move(expected), column});
  }

  void FindTimes() {
    const absl::Duration horizon = scenario_.horizon;
    if (!(horizon > absl::ZeroDuration() && horizon <= kLongest)) {
      Add("horizon", absl::FormatDuration(horizon),
          "a duration above 0, at most a hundred years, such as \"10h\"");
      return;
    }
    FindMoment("warm_up", scenario_.warm_up, /*end_too=*/true);
    const absl::Duration interval = scenario_.interval;
    if (!(interval > absl::ZeroDuration() && interval <= kLongest)) {
      Add("interval", absl::FormatDuration(interval),
          "a duration above 0, such as \"30m\"");
      return;
    }
    absl::Duration rest;
    const int64_t intervals = absl::IDivDuration(horizon, interval, &rest) + 1;
    const auto agents =
        static_cast<int64_t>(scenario_.configuration.agents.size());
    const auto queues =
        static_cast<int64_t>(scenario_.configuration.queues.size());
    if (intervals > kIntervalsMax ||
        intervals * (agents + queues) > kCellsMax) {
      Add("interval", absl::FormatDuration(interval),
          absl::StrCat("a longer one: this makes ", intervals,
                       " rows for each queue; at most ", kIntervalsMax,
                       " rows, and ", kCellsMax,
                       " rows times agents and queues"));
    }
    FindMoment("trace_from", scenario_.trace_from, /*end_too=*/true);
    absl::TimeZone zone;
    if (!absl::LoadTimeZone(scenario_.time_zone, &zone)) {
      Add("time_zone", absl::StrCat("\"", scenario_.time_zone, "\""),
          "an IANA zone, such as \"Europe/Rome\"");
    }
    if (scenario_.trace_lines < 0 || scenario_.trace_lines > 10'000'000) {
      Add("trace_lines", absl::StrCat(scenario_.trace_lines), "0 to 10000000");
    }
  }

  void FindMoment(const std::string& path, absl::Duration at, bool end_too) {
    const bool fits =
        at >= absl::ZeroDuration() &&
        (end_too ? at <= scenario_.horizon : at < scenario_.horizon);
    if (!fits) {
      Add(path, absl::FormatDuration(at),
          absl::StrCat("a moment between the start and the horizon, ",
                       absl::FormatDuration(scenario_.horizon), " later"));
    }
  }

  void FindQueue(const std::string& path, const std::string& name) {
    const auto& queues = scenario_.configuration.queues;
    if (std::none_of(queues.begin(), queues.end(),
                     [&](const QueueConfig& q) { return q.name == name; })) {
      Add(path, absl::StrCat("\"", name, "\""),
          "the name of a queue of the configuration");
    }
  }

  void FindRequirement(const std::string& path, const std::string& text) {
    RequirementFault fault;
    if (!Requirement::Parse(text, &fault).ok()) {
      Add(path, fault.found, fault.expected, fault.column);
    }
  }

  void FindProbability(const std::string& path, double value) {
    if (!(value >= 0 && value <= 1)) {
      Add(path, absl::StrCat(value), "0 to 1");
    }
  }

  void FindLaw(const std::string& path, const Law& law) {
    if (law.kind == Law::Kind::kNever) return;
    if (!(law.mean >= absl::ZeroDuration() && law.mean <= kLongest) ||
        law.low < absl::ZeroDuration()) {
      Add(path, absl::FormatDuration(law.mean),
          "a mean of 0 or more, at most a hundred years");
    }
    if (law.kind == Law::Kind::kUniform && law.low > law.mean) {
      Add(path, absl::FormatDuration(law.low), "`from` not above `to`");
    }
    const double c2 = law.squared_variation;
    if (law.kind == Law::Kind::kLognormal && !(c2 > 0 && c2 <= 1000)) {
      Add(path, absl::StrCat("squared_variation ", c2),
          "above 0, at most 1000");
    }
    if (law.kind == Law::Kind::kHyperexponential && !(c2 >= 1 && c2 <= 1000)) {
      Add(path, absl::StrCat("squared_variation ", c2), "1 to 1000");
    }
  }

  void FindArrivals(const std::string& path, const Arrivals& arrivals) {
    FindQueue(path + ".queue", arrivals.queue);
    for (const double rate : arrivals.per_half_hour) {
      if (rate >= 0 && rate <= kCallsPerHalfHourMax) continue;
      Add(path + ".per_half_hour", absl::StrCat(rate),
          "0 or more calls, at most 1e9");
    }
    for (std::size_t i = 0; i < arrivals.bursts.size(); ++i) {
      const Burst& burst = arrivals.bursts[i];
      const std::string at = absl::StrCat(path, ".burst[", i, "]");
      FindMoment(at + ".from", burst.from, false);
      FindMoment(at + ".within", burst.within, true);
      if (burst.calls < 0 || burst.calls > kCallsInBurstMax) {
        Add(at + ".calls", absl::StrCat(burst.calls), "0 to 10000000");
      }
    }
    for (std::size_t i = 0; i < arrivals.at.size(); ++i) {
      FindMoment(absl::StrCat(path, ".at[", i, "]"), arrivals.at[i], false);
    }
    FindLaw(path + ".patience", arrivals.patience);
    FindLaw(path + ".handle_time", arrivals.handle_time);
    if (arrivals.later) FindLaw(path + ".later", *arrivals.later);
    FindRequirement(path + ".requirement", arrivals.requirement);
    FindRequirement(path + ".later_requirement", arrivals.later_requirement);
    if (arrivals.priority < -1'000'000 || arrivals.priority > 1'000'000) {
      Add(path + ".priority", absl::StrCat(arrivals.priority),
          "-1000000 to 1000000");
    }
    if (!(arrivals.age >= absl::ZeroDuration() && arrivals.age <= kLongest)) {
      Add(path + ".age", absl::FormatDuration(arrivals.age), "0 or more");
    }
  }

  void FindShift(const std::string& path, const Shift& shift) {
    FindRequirement(path + ".agents", shift.agents);
    const auto& agents = scenario_.configuration.agents;
    for (std::size_t i = 0; i < shift.names.size(); ++i) {
      const std::string& name = shift.names[i];
      if (std::none_of(agents.begin(), agents.end(),
                       [&](const AgentConfig& a) { return a.name == name; })) {
        Add(absl::StrCat(path, ".agent[", i, "]"),
            absl::StrCat("\"", name, "\""),
            "the name of an agent of the configuration");
      }
    }
    if (shift.skip < 0) Add(path + ".skip", absl::StrCat(shift.skip), ">= 0");
    if (shift.count < 0) {
      Add(path + ".count", absl::StrCat(shift.count), ">= 0");
    }
    FindMoment(path + ".from", shift.from, true);
    if (shift.to < shift.from) {
      Add(path + ".to", absl::FormatDuration(shift.to),
          absl::StrCat("not before `from`, ", absl::FormatDuration(shift.from),
                       " after the start"));
    }
  }

  const Scenario& scenario_;
  std::vector<Fault>* faults_;
};

}  // namespace

std::vector<Fault> FindFaults(const Scenario& scenario) {
  std::vector<Fault> faults;
  Finder(scenario, &faults).Find();
  return faults;
}

absl::Status Simulate(const Scenario& scenario, const SimulateOptions& options,
                      v1::Report* report) {
  report->Clear();
  const std::vector<Fault> faults = FindFaults(scenario);
  if (!faults.empty()) {
    std::string message;
    for (const Fault& fault : faults) {
      absl::StrAppend(&message, message.empty() ? "" : "\n", fault.path,
                      ": found ", fault.found, ", expected ", fault.expected);
    }
    return absl::InvalidArgumentError(message);
  }
  sim::Host host(scenario, options);
  return host.Run(report);
}

}  // namespace callrouter
