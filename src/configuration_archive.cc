#include "configuration_archive.h"

namespace callrouter {

namespace {

void Transfer(Archive& a, SendOutside& outside) {
  a.All(outside.destination, outside.ring);
}

void Transfer(Archive& a, EntryAction& action) {
  a.All(action.kind, action.cause);
  Transfer(a, action.outside);
  a(action.queue);
}

void Transfer(Archive& a, Step& step) {
  a.All(step.id, step.after, step.since_previous, step.when.queue_longer_than,
        step.when.nobody_logged_in, step.when.nobody_available,
        step.when.outside_hours, step.finish_ring, step.action,
        step.requirement, step.priority, step.queue);
  Transfer(a, step.outside);
  a(step.cause);
}

void Transfer(Archive& a, std::vector<OpenPeriod>& periods) {
  a.List(periods,
         [&](OpenPeriod& p) { a.All(p.weekday, p.from_minute, p.to_minute); });
}

void Transfer(Archive& a, AgentConfig& agent) {
  a.All(agent.name, agent.ref);
  a.List(agent.skills, [&](SkillLevel& s) { a.All(s.name, s.level); });
  a.List(agent.attributes, [&](Attribute& t) { a.All(t.name, t.value); });
  a.List(agent.memberships, [&](Membership& m) {
    a.All(m.queue, m.penalty, m.position, m.ring, m.wrap_up, m.weight,
          m.reserve);
  });
  a.List(agent.capacities,
         [&](Capacity& c) { a.All(c.medium, c.simultaneous); });
  a.All(agent.wrap_up, agent.weight);
}

void TransferTexts(Archive& a, std::vector<std::string>& texts) {
  a.List(texts, [&](std::string& text) { a(text); });
}

}  // namespace

void Transfer(Archive& a, QueueConfig& q) {
  a.All(q.name, q.medium, q.requirement, q.members_only, q.strategy.order,
        q.strategy.ring, q.strategy.progressive_interval, q.strategy.offers_max,
        q.strategy.freed_agents_join, q.strategy.ignore_penalty, q.ring,
        q.wrap_up, q.weight, q.service_level_target, q.short_abandon, q.plan,
        q.hours);
  Transfer(a, q.entry.when_closed);
  Transfer(a, q.entry.when_nobody_logged_in);
  Transfer(a, q.entry.when_nobody_available);
  a(q.entry.waiting_max);
  Transfer(a, q.entry.when_full);
  a.All(q.call_order.rule, q.call_order.acceleration_milli,
        q.call_order.priority_worth, q.call_order.ceiling, q.misses.pause_after,
        q.misses.pause_return, q.misses.cool_off_no_answer,
        q.misses.cool_off_busy, q.misses.cool_off_declined,
        q.misses.cool_off_failed, q.misses.skip_for_caller);
  a.List(q.reserve, [&](Reserve& r) { a.All(r.agents, r.keep_idle); });
  a.All(q.reserve_above, q.preferred_patience);
}

void Transfer(Archive& a, Plan& plan) {
  a(plan.name);
  a.List(plan.steps, [&](Step& step) { Transfer(a, step); });
  Transfer(a, plan.last);
}

void Transfer(Archive& a, HoursConfig& hours) {
  a.All(hours.name, hours.time_zone);
  a.List(hours.transitions,
         [&](ZoneTransition& t) { a.All(t.at, t.offset_seconds); });
  Transfer(a, hours.open);
  a.List(hours.holidays, [&](Holiday& h) {
    a.All(h.year, h.month, h.day);
    Transfer(a, h.open);
  });
}

void Transfer(Archive& a, Configuration& config) {
  a(config.name);
  a.List(config.queues, [&](QueueConfig& q) { Transfer(a, q); });
  a.List(config.plans, [&](Plan& p) { Transfer(a, p); });
  a.List(config.hours, [&](HoursConfig& h) { Transfer(a, h); });
  a.List(config.agents, [&](AgentConfig& g) { Transfer(a, g); });
  a(config.prefer_low_penalty);
  a.List(config.media, [&](Medium& m) {
    a(m.name);
    TransferTexts(a, m.not_while_handling);
  });
  TransferTexts(a, config.known_skills);
  TransferTexts(a, config.known_attributes);
}

}  // namespace callrouter
