// A configuration with something of everything, and its faults as text.

#ifndef CALLROUTER_TESTS_GOOD_CONFIGURATION_H_
#define CALLROUTER_TESTS_GOOD_CONFIGURATION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "callrouter/configuration.h"
#include "gtest/gtest.h"

namespace callrouter {

inline QueueConfig Queue(const std::string& name) {
  QueueConfig queue;
  queue.name = name;
  return queue;
}

inline Step StepOf(const std::string& id, int64_t after_seconds,
                   StepAction action) {
  Step step;
  step.id = id;
  step.after = absl::Seconds(after_seconds);
  step.action = action;
  return step;
}

inline Step MoveTo(const std::string& id, int64_t after_seconds,
                   const std::string& queue) {
  Step step = StepOf(id, after_seconds, StepAction::kMoveToQueue);
  step.queue = queue;
  return step;
}

// Something of everything, and nothing wrong.
inline Configuration Good() {
  Configuration config;
  config.media = {{"chat", {"voice"}}};
  QueueConfig sales = Queue("sales");
  sales.requirement = "sales >= 3 and member(\"support\")";
  sales.plan = "overflow";
  sales.hours = "office";
  sales.reserve = {{"expert", 2}};
  sales.entry.when_closed = {
      EntryActionKind::kMoveToQueue, Cause::kNormal, {}, "support"};
  config.queues = {sales, Queue("support")};
  config.queues[1].medium = "chat";
  Plan plan;
  plan.name = "overflow";
  plan.steps = {StepOf("wider", 10, StepAction::kWiden),
                MoveTo("away", 20, "support")};
  plan.steps[0].requirement = "sales";
  config.plans = {plan};
  HoursConfig hours;
  hours.name = "office";
  hours.open = {{0, 540, 1080}};
  hours.holidays = {{2028, 2, 29, {}}};
  hours.transitions = {{absl::InfinitePast(), 3600},
                       {absl::FromUnixSeconds(1'000'000'000), 7200}};
  config.hours = {hours};
  AgentConfig ann;
  ann.name = "ann";
  ann.ref = 101;
  ann.skills = {{"sales", 5}, {"expert", 100}};
  ann.attributes = {{"region", "QC"}};
  ann.memberships = {{}};
  ann.memberships[0].queue = "sales";
  ann.capacities = {{"voice", 1}, {"chat", 3}};
  config.agents = {ann};
  return config;
}

inline std::vector<std::string> FaultsOf(const Configuration& config) {
  std::vector<std::string> texts;
  for (const Fault& fault : FindFaults(config)) {
    EXPECT_FALSE(fault.found.empty()) << fault.path;
    EXPECT_FALSE(fault.expected.empty()) << fault.path;
    texts.push_back(
        fault.path +
        (fault.column > 0 ? ":" + std::to_string(fault.column) : "") + ": " +
        fault.found);
  }
  return texts;
}

}  // namespace callrouter

#endif  // CALLROUTER_TESTS_GOOD_CONFIGURATION_H_
