// A small centre with one of everything, made from a number.

#ifndef CALLROUTER_TESTS_RANDOM_CENTRE_H_
#define CALLROUTER_TESTS_RANDOM_CENTRE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "callrouter/configuration.h"
#include "callrouter/random.h"

namespace callrouter::testing {

inline constexpr int kRandomAgents = 24;
inline constexpr int kRandomQueues = 12;

inline const char* RandomSkill(uint64_t i) {
  static constexpr const char* kNames[] = {"s0", "s1", "s2", "s3", "s4", "s5"};
  return kNames[i % 6];
}

// Adds "plan", with a step of every kind, and "last".
inline void AddRandomPlans(Random* random, Configuration* config) {
  const auto pick = [random](uint64_t n) {
    return static_cast<int32_t>(random->Below(n));
  };
  Plan plan;
  plan.name = "plan";
  const auto add = [&plan](const char* id, int seconds, StepAction action) {
    Step step;
    step.id = id;
    step.after = absl::Seconds(seconds);
    step.action = action;
    plan.steps.push_back(step);
    return &plan.steps.back();
  };
  add("widen", 5 + pick(5), StepAction::kWiden)->requirement = "s5";
  Step* busy = add("busy", 8, StepAction::kRaisePriority);
  busy->priority = 1 + pick(5);
  busy->when.queue_longer_than = 2 + pick(3);
  add("other", 12 + pick(4), StepAction::kAlsoOffer)->queue = "q0";
  Step* outside = add("mobile", 18, StepAction::kSendOutside);
  outside->outside = {"mobile", absl::Seconds(6)};
  outside->finish_ring = pick(2) == 1;
  Step* moved = add("move", 30 + pick(9), StepAction::kMoveToQueue);
  moved->queue = "q1";
  config->plans.push_back(plan);
  Plan last;
  last.name = "last";
  Step hang_up;
  hang_up.id = "hang up";
  hang_up.after = absl::Seconds(60 + pick(60));
  hang_up.action = StepAction::kHangUp;
  last.steps.push_back(hang_up);
  config->plans.push_back(last);
}

inline QueueConfig RandomQueue(int q, uint64_t variant, Random* random) {
  const auto pick = [random](uint64_t n) {
    return static_cast<int32_t>(random->Below(n));
  };
  static constexpr const char* kRequirements[] = {
      "",
      "s0",
      "s1 >= 40",
      "s0 and not s3",
      "s2 or s4 >= 20",
      "(s0 or s1) and lang == \"it\"",
      "s3 >= 10"};
  QueueConfig queue;
  queue.name = "q" + std::to_string(q);
  queue.requirement = kRequirements[pick(7)];
  queue.strategy.order =
      static_cast<AgentOrder>(variant == 0 ? 1 + q % 11 : 1 + pick(11));
  queue.strategy.ring = static_cast<RingMode>(1 + (pick(4) == 0 ? pick(3) : 0));
  queue.strategy.progressive_interval = absl::Seconds(3);
  queue.strategy.freed_agents_join = pick(2) == 1;
  queue.strategy.ignore_penalty = pick(3) == 0;
  queue.ring = absl::Seconds(4 + pick(8));
  queue.wrap_up = absl::Seconds(pick(4) * 2);
  queue.weight = pick(3) == 0 ? 1 : 0;
  queue.plan = q < 2 ? "last" : "plan";
  queue.call_order.rule = static_cast<CallRule>(1 + pick(4));
  queue.call_order.ceiling = absl::Seconds(60 + pick(60));
  queue.misses.pause_after = pick(3) == 0 ? 2 : 0;
  queue.misses.pause_return = absl::Seconds(20);
  queue.misses.cool_off_no_answer = absl::Seconds(pick(5));
  queue.misses.cool_off_declined = absl::Seconds(pick(3));
  queue.misses.skip_for_caller = absl::Seconds(pick(20));
  queue.preferred_patience = absl::Seconds(pick(10));
  if (pick(4) == 0) queue.reserve.push_back({"s1 and s2", 1 + pick(2)});
  if (pick(4) == 0) queue.reserve_above = pick(4);
  if (pick(5) == 0) queue.entry.waiting_max = 6;
  if (pick(6) == 0) queue.members_only = true;
  if (q == 11) queue.medium = "chat";
  return queue;
}

inline AgentConfig RandomAgent(int a, const std::vector<QueueConfig>& queues,
                               Random* random) {
  const auto pick = [random](uint64_t n) {
    return static_cast<int32_t>(random->Below(n));
  };
  AgentConfig agent;
  agent.name = "a" + std::to_string(a);
  agent.ref = static_cast<uint64_t>(a) + 1;
  for (uint64_t s = 0; s < 6; ++s) {
    if (pick(3) == 0) agent.skills.push_back({RandomSkill(s), 1 + pick(100)});
  }
  if (pick(2) == 0) agent.attributes.push_back({"lang", "it"});
  for (const QueueConfig& queue : queues) {
    if (pick(5) != 0) continue;
    Membership member;
    member.queue = queue.name;
    member.penalty = pick(3);
    member.position = pick(6);
    member.weight = pick(3);
    member.reserve = pick(4) == 0;
    if (pick(4) == 0) member.ring = absl::Seconds(3);
    agent.memberships.push_back(member);
  }
  agent.weight = 1 + pick(5);
  if (a % 5 == 0) agent.capacities = {{"voice", 1}, {"chat", 2}};
  return agent;
}

// A small centre with one of everything; `variant` changes requirements,
// strategies, plans, agents and which queues and agents there are.
inline Configuration RandomCentre(uint64_t variant) {
  Random random(variant + 1);
  Configuration config;
  config.name = "random";
  config.prefer_low_penalty = random.Below(2) == 1;
  config.media.push_back({"chat", {}});
  AddRandomPlans(&random, &config);
  for (int q = 0; q < kRandomQueues; ++q) {
    if (variant > 0 && q > 2 && random.Below(8) == 0) continue;  // Gone.
    config.queues.push_back(RandomQueue(q, variant, &random));
  }
  for (int a = 0; a < kRandomAgents; ++a) {
    if (variant > 0 && random.Below(10) == 0) continue;  // Gone.
    config.agents.push_back(RandomAgent(a, config.queues, &random));
  }
  return config;
}

}  // namespace callrouter::testing

#endif  // CALLROUTER_TESTS_RANDOM_CENTRE_H_
