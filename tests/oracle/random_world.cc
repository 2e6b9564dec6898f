#include "tests/oracle/random_world.h"

#include <algorithm>

namespace callrouter::oracle {

namespace {

const char* const kSkills[] = {"s0", "s1", "s2", "s3", "s4", "s5"};
const char* const kRequirements[] = {"",
                                     "s0",
                                     "s1 >= 40",
                                     "s0 and not s3",
                                     "s2 or s4 >= 20",
                                     "(s0 or s1) and lang == \"it\"",
                                     "s3 >= 10 or lang in (\"de\", \"it\")",
                                     "not s5 and (s1 or s2 or s3)",
                                     "member(\"q0\") or s4",
                                     "penalty(\"q1\") <= 1 or lang != \"it\""};
absl::Duration Seconds(int32_t s) { return absl::Seconds(s); }

bool Has(Family family, Family what) {
  return family == what || family == Family::kAll;
}

void MakePlans(Family family, int queues, Dice* d, Configuration* config) {
  if (!Has(family, Family::kPlans)) return;
  for (int p = 0; p < 3; ++p) {
    Plan plan;
    plan.name = "p" + std::to_string(p);
    const int steps = d->Int(1, 6);
    for (int i = 0; i < steps; ++i) {
      Step step;
      step.id = std::to_string(i);
      step.after = absl::Milliseconds(d->Int(0, 24) * 500 + 500);
      step.since_previous = d->OneIn(2);
      if (!step.since_previous) step.after += Seconds(6 * i);
      step.action = static_cast<StepAction>(d->Int(1, 7));
      if (step.action == StepAction::kHangUp && d->Below(3) > 0) {
        step.action = StepAction::kRaisePriority;
      }
      switch (step.action) {
        case StepAction::kWiden:
        case StepAction::kReplace:
          step.requirement = kRequirements[d->Below(10)];
          break;
        case StepAction::kRaisePriority:
          step.priority = d->Int(1, 5);
          break;
        case StepAction::kAlsoOffer:
        case StepAction::kMoveToQueue:
          step.queue = "q" + std::to_string(d->Int(0, queues - 1));
          break;
        case StepAction::kSendOutside:
          step.outside.destination = "mobile";
          if (d->Below(4) > 0) step.outside.ring = Seconds(d->Int(1, 8));
          break;
        case StepAction::kHangUp:
          step.cause = Cause::kBusy;
          break;
      }
      step.finish_ring = d->OneIn(2);
      if (d->OneIn(3) ||
          (i + 1 < steps && step.action > StepAction::kAlsoOffer)) {
        switch (d->Below(4)) {
          case 0:
            step.when.queue_longer_than = d->Int(0, 4);
            break;
          case 1:
            step.when.nobody_logged_in = true;
            break;
          case 2:
            step.when.nobody_available = true;
            break;
          default:
            step.when.outside_hours = true;
        }
      }
      plan.steps.push_back(step);
    }
    if (d->OneIn(2)) {
      plan.last.kind = EntryActionKind::kSendOutside;
      plan.last.outside.destination = "desk";
    }
    config->plans.push_back(plan);
  }
  HoursConfig hours;
  hours.name = "day";
  const int opens = d->Int(0, 1439);
  for (int weekday = 0; weekday < 7; ++weekday) {
    hours.open.push_back({weekday, opens / 2, opens / 2 + 700});
  }
  config->hours.push_back(hours);
}

EntryAction SomeEntry(int queues, Dice* d) {
  EntryAction action;
  switch (d->Below(4)) {
    case 0:
      action.kind = EntryActionKind::kHangUp;
      action.cause = Cause::kClosed;
      break;
    case 1:
      action.kind = EntryActionKind::kSendOutside;
      action.outside.destination = "night";
      if (d->OneIn(2)) action.outside.ring = Seconds(d->Int(1, 5));
      break;
    case 2:
      action.kind = EntryActionKind::kMoveToQueue;
      action.queue = "q" + std::to_string(d->Int(0, queues - 1));
      break;
    default:
      break;
  }
  return action;
}

void MakeMisses(Family family, Dice* d, QueueConfig* queue) {
  Misses& misses = queue->misses;
  misses.skip_for_caller = Seconds(d->Int(0, 12));
  if (!Has(family, Family::kMisses) && !Has(family, Family::kSync)) return;
  if (d->OneIn(2)) misses.pause_after = d->Int(1, 3);
  if (d->OneIn(2)) misses.pause_return = Seconds(d->Int(1, 20));
  misses.cool_off_no_answer = Seconds(d->Int(0, 5));
  misses.cool_off_busy = Seconds(d->Int(0, 3));
  misses.cool_off_declined = Seconds(d->Int(0, 3));
  misses.cool_off_failed = Seconds(d->Int(0, 3));
  queue->preferred_patience = Seconds(d->Int(0, 10));
}

QueueConfig MakeQueue(Family family, int number, int queues, Dice* d) {
  QueueConfig queue;
  queue.name = "q" + std::to_string(number);
  queue.requirement = kRequirements[d->Below(10)];
  queue.strategy.order = static_cast<AgentOrder>(d->Int(1, 11));
  queue.strategy.ignore_penalty = d->OneIn(4);
  queue.ring = Seconds(d->Int(3, 15));
  queue.wrap_up = Seconds(d->Int(0, 2) * 3);
  queue.weight = d->OneIn(3) ? d->Int(1, 2) : 0;
  queue.members_only = d->OneIn(6);
  CallOrder& order = queue.call_order;
  order.rule = static_cast<CallRule>(d->Int(1, 4));
  queue.service_level_target = Seconds(d->Int(1, 60));
  order.acceleration_milli = d->Int(0, 4) * 700;
  order.priority_worth = Seconds(d->Int(0, 40));
  if (d->OneIn(2)) order.ceiling = Seconds(d->Int(10, 90));
  if (Has(family, Family::kRings)) {
    queue.strategy.ring = static_cast<RingMode>(d->Int(1, 3));
    queue.strategy.progressive_interval = Seconds(d->Int(1, 4));
    queue.strategy.offers_max = d->Int(0, 4);
    queue.strategy.freed_agents_join = d->OneIn(2);
  }
  if (Has(family, Family::kGuards)) {
    if (d->OneIn(2)) queue.reserve.push_back({"s1", d->Int(1, 3)});
    if (d->OneIn(3)) queue.reserve.push_back({"s0 and s2", d->Int(1, 2)});
    if (d->OneIn(2)) queue.reserve_above = d->Int(0, 4);
  }
  MakeMisses(family, d, &queue);
  if (Has(family, Family::kPlans)) {
    if (d->Below(4) > 0) queue.plan = "p" + std::to_string(d->Int(0, 2));
    if (d->OneIn(2)) queue.hours = "day";
    if (d->OneIn(3)) queue.entry.when_closed = SomeEntry(queues, d);
    if (d->OneIn(3)) queue.entry.when_nobody_logged_in = SomeEntry(queues, d);
    if (d->OneIn(3)) queue.entry.when_nobody_available = SomeEntry(queues, d);
    if (d->OneIn(3)) {
      queue.entry.waiting_max = d->Int(1, 6);
      queue.entry.when_full = SomeEntry(queues, d);
    }
  }
  if (Has(family, Family::kMedia) && d->OneIn(3)) {
    queue.medium = d->OneIn(2) ? "chat" : "mail";
  }
  return queue;
}

AgentConfig MakeAgent(Family family, int number,
                      const std::vector<QueueConfig>& queues, Dice* d) {
  AgentConfig agent;
  agent.name = "a" + std::to_string(number);
  agent.ref = static_cast<uint64_t>(number) + 1;
  for (const char* skill : kSkills) {
    if (d->OneIn(3)) agent.skills.push_back({skill, d->Int(1, 4) * 25});
  }
  if (d->OneIn(2)) {
    agent.attributes.push_back({"lang", d->OneIn(2) ? "it" : "de"});
  }
  for (const QueueConfig& queue : queues) {
    if (d->Below(3) > 0) continue;
    Membership member;
    member.queue = queue.name;
    member.penalty = d->Int(0, 2);
    member.position = d->Int(0, 3);
    member.weight = d->Int(0, 3);
    member.reserve = d->OneIn(3);
    if (d->OneIn(6)) member.ring = Seconds(d->Int(2, 5));
    if (d->OneIn(6)) member.wrap_up = Seconds(d->Int(0, 5));
    agent.memberships.push_back(member);
  }
  agent.weight = d->Int(1, 5);
  if (d->OneIn(8)) agent.wrap_up = Seconds(d->Int(0, 5));
  if (Has(family, Family::kMedia)) {
    if (d->Below(4) > 0) agent.capacities.push_back({"voice", d->Int(1, 2)});
    if (d->OneIn(2)) agent.capacities.push_back({"chat", d->Int(1, 3)});
    if (d->OneIn(2)) agent.capacities.push_back({"mail", d->Int(1, 2)});
  }
  return agent;
}

}  // namespace

Configuration MakeWorld(Family family, const WorldSize& size, Dice* d) {
  // Some draws make a cycle of moves without delay or an unreachable step;
  // such a plan is drawn again, and at last left out.
  for (int attempt = 0;; ++attempt) {
    Configuration config;
    config.prefer_low_penalty = d->OneIn(2);
    if (Has(family, Family::kMedia)) {
      config.media.push_back({"chat", {}});
      if (d->OneIn(2)) config.media.back().not_while_handling = {"voice"};
      config.media.push_back({"mail", {"voice"}});
      if (d->OneIn(2)) config.media.push_back({"voice", {"chat"}});
    }
    MakePlans(attempt < 20 ? family : Family::kOrders, size.queues, d, &config);
    for (int q = 0; q < size.queues; ++q) {
      config.queues.push_back(MakeQueue(family, q, size.queues, d));
      if (config.plans.empty()) {
        config.queues.back().plan.clear();
        config.queues.back().hours.clear();
        config.queues.back().entry = Entry();
      }
    }
    for (int a = 0; a < size.agents; ++a) {
      config.agents.push_back(MakeAgent(family, a, config.queues, d));
    }
    if (attempt == 20 || FindFaults(config).empty()) return config;
  }
}

}  // namespace callrouter::oracle
