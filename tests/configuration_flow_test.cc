// Faults that lie between objects: steps never reached, cycles of queues.

#include <cstdint>
#include <string>
#include <vector>

#include "callrouter/configuration.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/good_configuration.h"

namespace callrouter {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ConfigurationFlowTest, StepsBehindALeaveAreFaults) {
  Configuration config = Good();
  config.plans[0].steps = {StepOf("late", 60, StepAction::kRaisePriority),
                           StepOf("same", 30, StepAction::kRaisePriority),
                           StepOf("end", 30, StepAction::kHangUp),
                           StepOf("behind", 30, StepAction::kRaisePriority),
                           StepOf("early", 10, StepAction::kRaisePriority)};
  EXPECT_THAT(
      FaultsOf(config),
      ElementsAre("plan[0].step[0]: a step that cannot be reached: \"end\" has "
                  "left the queue at 30s",
                  "plan[0].step[3]: a step that cannot be reached: \"end\" has "
                  "left the queue at 30s"));

  // A condition, a way back or a ringing that may end later spare them.
  std::vector<Step>& steps = config.plans[0].steps;
  steps = {StepOf("end", 30, StepAction::kHangUp),
           StepOf("then", 0, StepAction::kRaisePriority)};
  steps[1].since_previous = true;
  EXPECT_EQ(FaultsOf(config).size(), 1U);
  steps[0].when.nobody_available = true;
  EXPECT_THAT(FaultsOf(config), IsEmpty());
  steps[0].when = {};
  steps[0].finish_ring = true;
  EXPECT_THAT(FaultsOf(config), IsEmpty());
  steps[0].finish_ring = false;
  steps[0].action = StepAction::kSendOutside;
  steps[0].outside.destination = "tel:+18005550100";
  EXPECT_EQ(FaultsOf(config).size(), 1U);
  steps[0].outside.ring = absl::Seconds(30);
  EXPECT_THAT(FaultsOf(config), IsEmpty());

  // When a leave comes after a conditional step its time is not known.
  steps = {StepOf("maybe", 10, StepAction::kRaisePriority),
           StepOf("end", 10, StepAction::kHangUp),
           StepOf("fixed", 60, StepAction::kRaisePriority)};
  steps[1].since_previous = true;
  EXPECT_EQ(FaultsOf(config).size(), 1U);
  steps[0].when.outside_hours = true;
  EXPECT_THAT(FaultsOf(config), IsEmpty());
}

Configuration Ring(int64_t after_seconds, StepAction action) {
  Configuration config;
  for (const char* name : {"a", "b", "c"}) {
    QueueConfig queue = Queue(name);
    queue.plan = "plan_" + queue.name;
    config.queues.push_back(queue);
    Plan plan;
    plan.name = queue.plan;
    plan.steps = {MoveTo("go", 0,
                         name[0] == 'a'   ? "b"
                         : name[0] == 'b' ? "c"
                                          : "a")};
    plan.steps[0].action = action;
    config.plans.push_back(plan);
  }
  config.plans[1].steps[0].after = absl::Seconds(after_seconds);
  return config;
}

TEST(ConfigurationFlowTest, CyclesWithoutDelayAreNamed) {
  EXPECT_THAT(
      FaultsOf(Ring(0, StepAction::kMoveToQueue)),
      ElementsAre("plan[2].step[0].move_to_queue: a cycle of queues without "
                  "delay: \"a\" -> \"b\" -> \"c\" -> \"a\""));
  EXPECT_THAT(FaultsOf(Ring(1, StepAction::kMoveToQueue)), IsEmpty());
  // Calls offered to another queue as well stay in their own plan.
  EXPECT_THAT(FaultsOf(Ring(0, StepAction::kAlsoOffer)), IsEmpty());
  // A condition is no delay.
  Configuration config = Ring(0, StepAction::kMoveToQueue);
  config.plans[1].steps[0].when.nobody_available = true;
  EXPECT_EQ(FaultsOf(config).size(), 1U);
  // An entry action closes a cycle too.
  config = Ring(1, StepAction::kMoveToQueue);
  config.queues[1].entry.when_full = {
      EntryActionKind::kMoveToQueue, Cause::kNormal, {}, "c"};
  EXPECT_EQ(FaultsOf(config).size(), 1U);
  // A queue that moves to itself at once, and one that offers to itself ever.
  config = Ring(1, StepAction::kMoveToQueue);
  config.plans[0].steps[0].queue = "a";
  EXPECT_THAT(FaultsOf(config),
              ElementsAre("plan[0].step[0].move_to_queue: a cycle of queues "
                          "without delay: \"a\" -> \"a\""));
  config.plans[0].steps[0].action = StepAction::kAlsoOffer;
  config.plans[0].steps[0].after = absl::Seconds(9);
  EXPECT_THAT(FaultsOf(config),
              ElementsAre("queue[0].plan: \"plan_a\", whose step \"go\" also "
                          "offers to this same queue"));
}

TEST(ConfigurationFlowTest, LargeHostileGraphsStayLinear) {
  constexpr int kQueues = 5'000;
  Configuration config;
  Plan plan;
  plan.name = "everybody";
  for (int i = 0; i < kPlanStepsMax; ++i) {
    plan.steps.push_back(
        MoveTo("s" + std::to_string(i), 0, "q" + std::to_string(i)));
    plan.steps.back().when.nobody_available = true;
  }
  config.plans = {plan};
  for (int i = 0; i < kQueues; ++i) {
    QueueConfig queue = Queue("q" + std::to_string(i));
    queue.plan = "everybody";
    queue.entry.when_full = {EntryActionKind::kMoveToQueue,
                             Cause::kNormal,
                             {},
                             "q" + std::to_string((i + 1) % kQueues)};
    config.queues.push_back(queue);
  }
  const std::vector<Fault> faults = FindFaults(config);
  // Each step of the shared plan, and the last queue's entry action, once.
  EXPECT_GE(faults.size(), 1U);
  EXPECT_LE(faults.size(), static_cast<size_t>(kPlanStepsMax) + 1U);
  for (const Fault& fault : faults) ASSERT_LT(fault.found.size(), 400U);
}

}  // namespace
}  // namespace callrouter
