// Taking on a configuration, at the start and while calls wait.

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine_impl.h"

namespace callrouter {

namespace {

absl::Status Exhausted(const char* limit, int64_t allowed, int64_t needed) {
  return absl::ResourceExhaustedError(
      absl::StrCat(limit, ": found ", allowed, ", expected at least ", needed,
                   " for this configuration"));
}

// A queue's steps before the change: taken from it where it is bound anew.
std::vector<StepRules> StepsOf(Queue* queue, bool bound_anew) {
  if (bound_anew) return std::move(queue->steps);
  return queue->steps;
}

// What the engine keeps of agents is in its own records.
void KeepAllButAgents(Configuration* kept, Configuration* given) {
  std::swap(*kept, *given);
  std::swap(kept->agents, given->agents);
}

}  // namespace

absl::Status EngineImpl::CheckLimits(
    const CompiledConfiguration& compiled) const {
  std::size_t queues = compiled.queues.size();
  for (const Queue& queue : queues_) {
    if (!compiled.queue_ids.contains(queue.name)) ++queues;
  }
  std::size_t agents = agents_.size();
  for (const AgentConfig& agent : compiled.configuration.agents) {
    if (agent_refs_.Find(agent.ref) == kNone) ++agents;
  }
  const std::size_t skills = compiled.skill_names.names().size();
  const std::size_t attributes = compiled.attribute_names.names().size();
  const auto over = [](std::size_t needed, int32_t allowed) {
    return needed > static_cast<std::size_t>(allowed);
  };
  if (over(queues, options_.queues_max)) {
    return Exhausted("queues_max", options_.queues_max,
                     static_cast<int64_t>(queues));
  }
  if (over(queues, options_.lanes_max)) {
    return Exhausted("lanes_max", options_.lanes_max,
                     static_cast<int64_t>(queues));
  }
  if (over(agents, options_.agents_max)) {
    return Exhausted("agents_max", options_.agents_max,
                     static_cast<int64_t>(agents));
  }
  if (over(skills, options_.skills_max)) {
    return Exhausted("skills_max", options_.skills_max,
                     static_cast<int64_t>(skills));
  }
  if (over(attributes, options_.attributes_max)) {
    return Exhausted("attributes_max", options_.attributes_max,
                     static_cast<int64_t>(attributes));
  }
  if (over(queues + compiled.pools, options_.requirements_max)) {
    return Exhausted("requirements_max", options_.requirements_max,
                     static_cast<int64_t>(queues + compiled.pools));
  }
  if (compiled.pools > 64) {
    return absl::ResourceExhaustedError(
        absl::StrCat("reserve: found ", compiled.pools,
                     " different sets of agents, expected 64 at most"));
  }
  if (media_.size() > compiled.media.size() ||
      !std::equal(media_.begin(), media_.end(), compiled.media.begin())) {
    return absl::FailedPreconditionError(
        "medium: while running media can be added at the end only");
  }
  return absl::OkStatus();
}

// --- Queues -----------------------------------------------------------------

ActionRules EngineImpl::BindAction(const EntryAction& action) {
  ActionRules rules;
  rules.kind = action.kind;
  rules.cause = action.cause;
  if (action.kind == EntryActionKind::kSendOutside) {
    rules.destination = texts_.Intern(action.outside.destination);
    rules.ring_us = Micros(action.outside.ring);
  }
  if (action.kind == EntryActionKind::kMoveToQueue) {
    rules.queue_name = action.queue;
    rules.queue = QueueByName(action.queue);
  }
  return rules;
}

std::vector<StepRules> EngineImpl::BindPlan(
    const CompiledConfiguration& compiled, std::size_t plan) {
  std::vector<StepRules> steps;
  const Plan& source = compiled.configuration.plans[plan];
  for (std::size_t i = 0; i < source.steps.size(); ++i) {
    const Step& step = source.steps[i];
    StepRules rules;
    rules.id = step.id;
    rules.after_us = Micros(step.after);
    rules.since_previous = step.since_previous;
    rules.finish_ring = step.finish_ring;
    rules.when = step.when;
    rules.action = step.action;
    rules.requirement = compiled.plans[plan].step_requirements[i];
    rules.priority = step.priority;
    rules.queue_name = step.queue;
    rules.queue = QueueByName(step.queue);
    if (step.action == StepAction::kSendOutside) {
      rules.destination = texts_.Intern(step.outside.destination);
      rules.ring_us = Micros(step.outside.ring);
    }
    rules.cause = step.cause;
    steps.push_back(std::move(rules));
  }
  return steps;
}

void EngineImpl::BindQueue(Queue* queue, const CompiledConfiguration& compiled,
                           std::size_t index) {
  const QueueConfig& config = compiled.configuration.queues[index];
  const CompiledQueue& parsed = compiled.queues[index];
  queue->name = config.name;
  queue->open_for_new = true;
  queue->config = config;
  queue->ring_us = Micros(config.ring);
  queue->wrap_us = Micros(config.wrap_up);
  queue->target_us = Micros(config.service_level_target);
  queue->short_us = Micros(config.short_abandon);
  queue->patience_us = Micros(config.preferred_patience);
  queue->progressive_us = Micros(config.strategy.progressive_interval);
  queue->skip_us = Micros(config.misses.skip_for_caller);
  queue->pause_return_us = Micros(config.misses.pause_return);
  queue->cool_off_us = {Micros(config.misses.cool_off_no_answer),
                        Micros(config.misses.cool_off_busy),
                        Micros(config.misses.cool_off_declined),
                        Micros(config.misses.cool_off_failed)};
  queue->medium = static_cast<uint8_t>(parsed.medium);
  queue->requirement = parsed.requirement;
  queue->reserve_agents = parsed.reserve_agents;
  queue->when_closed = BindAction(config.entry.when_closed);
  queue->when_nobody_logged_in = BindAction(config.entry.when_nobody_logged_in);
  queue->when_nobody_available = BindAction(config.entry.when_nobody_available);
  queue->when_full = BindAction(config.entry.when_full);
  queue->steps.clear();
  queue->last = ActionRules();
  queue->last.kind = EntryActionKind::kHangUp;
  queue->last.cause = Cause::kCongestion;
  if (parsed.plan >= 0) {
    const std::size_t plan = static_cast<std::size_t>(parsed.plan);
    queue->steps = BindPlan(compiled, plan);
    queue->last = BindAction(compiled.configuration.plans[plan].last);
  }
  queue->hours.reset();
  if (parsed.hours >= 0) {
    queue->hours = std::make_shared<const OpeningHours>(
        compiled.hours[static_cast<std::size_t>(parsed.hours)]);
  }
  queue->due_order.clear();
  for (std::size_t i = 0; i < queue->steps.size(); ++i) {
    StepRules& step = queue->steps[i];
    step.due_us = step.after_us;
    if (step.since_previous && i > 0) step.due_us += queue->steps[i - 1].due_us;
    queue->due_order.push_back(static_cast<uint8_t>(i));
  }
  std::sort(queue->due_order.begin(), queue->due_order.end(),
            [queue](uint8_t x, uint8_t y) {
              const int64_t due_x = queue->steps[x].due_us;
              const int64_t due_y = queue->steps[y].due_us;
              return due_x != due_y ? due_x < due_y : x < y;
            });
  queue->requirement_steps = 0;
  for (std::size_t i = 0; i < queue->steps.size(); ++i) {
    const StepAction action = queue->steps[i].action;
    if (action == StepAction::kWiden || action == StepAction::kReplace) {
      queue->requirement_steps |= 1u << i;
    }
  }
  queue->stats.steps.resize(
      std::max(queue->stats.steps.size(), queue->steps.size()), 0);
  queue->stats.waits.Reserve();
}

void EngineImpl::BindQueues(const CompiledConfiguration& compiled) {
  for (Queue& queue : queues_) queue.open_for_new = false;
  const std::vector<QueueConfig>& configs = compiled.configuration.queues;
  for (const QueueConfig& config : configs) {  // All names first.
    if (QueueByName(config.name) != kNone) continue;
    queue_ids_[config.name] = static_cast<uint32_t>(queues_.size());
    queues_.emplace_back();
    queues_.back().name = config.name;
  }
  for (std::size_t i = 0; i < configs.size(); ++i) {
    BindQueue(&queues_[QueueByName(configs[i].name)], compiled, i);
  }
}

// Queues' rules into the matcher, which has forgotten everything.
void EngineImpl::BindRules() {
  const auto queue_of = [this](std::string_view name) {
    return QueueByName(name);
  };
  matcher_.SetQueueCount(static_cast<uint32_t>(queues_.size()));
  matcher_.set_prefer_low_penalty(configuration_.prefer_low_penalty);
  for (uint32_t q = 0; q < queues_.size(); ++q) {
    Queue& queue = queues_[q];
    QueueRules& rules = matcher_.rules(q);
    const QueueConfig& config = queue.config;
    rules.medium = queue.medium;
    rules.order = config.strategy.order;
    rules.ignore_penalty = config.strategy.ignore_penalty;
    rules.members_only = config.members_only;
    rules.rule = config.call_order.rule;
    rules.weight = config.weight;
    rules.reserve_above = config.reserve_above;
    if (rules.rule == CallRule::kLifo) {
      rules.rate_milli = -1000;
    } else if (rules.rule == CallRule::kServiceLevel) {
      // Age in units of the target, scaled so that 20 s is rate 1.
      rules.rate_milli = std::clamp<int64_t>(
          int64_t{20'000'000} * 1000 / std::max<int64_t>(queue.target_us, 1), 1,
          1'000'000);
    } else if (rules.rule == CallRule::kAccelerated) {
      rules.rate_milli = config.call_order.acceleration_milli;
      rules.worth = Micros(config.call_order.priority_worth) * 1000;
      const int64_t ceiling = Micros(config.call_order.ceiling);
      rules.ceiling = ceiling < 0 ? 0 : ceiling * 1000;
    }
    for (std::size_t i = 0; i < queue.reserve_agents.size(); ++i) {
      const uint32_t req =
          matcher_.requirements().Intern(queue.reserve_agents[i], queue_of);
      const uint32_t keep = static_cast<uint32_t>(config.reserve[i].keep_idle);
      rules.guards.push_back({matcher_.AddPool(req, keep), keep});
    }
    queue.made.clear();
    queue.made.push_back(
        {0, matcher_.requirements().Intern(queue.requirement, queue_of)});
    matcher_.EnsureLane(q, queue.made[0].req, false);
  }
}

void EngineImpl::RebuildMatcher(const std::vector<Profile>& profiles) {
  std::vector<QueueRules> old;
  old.reserve(queues_.size());
  for (uint32_t q = 0; q < queues_.size(); ++q) {
    old.push_back(q < queue_rules_bound_ ? matcher_.rules(q) : QueueRules());
  }
  matcher_.ForgetRules();
  BindRules();
  queue_rules_bound_ = static_cast<uint32_t>(queues_.size());
  for (uint32_t q = 0; q < queues_.size(); ++q) {
    QueueRules& rules = matcher_.rules(q);
    rules.waiting = old[q].waiting;
    rules.last_position = old[q].last_position;
    rules.last_agent = old[q].last_agent;
  }
  for (uint32_t a = 0; a < agents_.slots(); ++a) {
    if (!agents_[a].live) continue;
    matcher_.AddSeat(a, profiles[a]);
    matcher_.SetPresence(a, agents_[a].logged_in,
                         agents_[a].logged_in && !agents_[a].paused);
  }
}

// --- At the start, and while running ----------------------------------------

absl::Status EngineImpl::Configure(CompiledConfiguration* compiled_in) {
  CompiledConfiguration& compiled = *compiled_in;
  absl::Status status = CheckLimits(compiled);
  if (!status.ok()) return status;
  media_ = compiled.media;
  media_excluded_ = compiled.media_excluded;
  BindQueues(compiled);
  std::vector<Profile> profiles;
  ApplyAgents(compiled, &profiles);
  KeepAllButAgents(&configuration_, &compiled.configuration);
  RebuildMatcher(profiles);
  return absl::OkStatus();
}

// A waiting call keeps the steps it has passed, known by their ids.
void EngineImpl::RemapSteps(uint32_t slot,
                            const std::vector<StepRules>& old_steps) {
  Call& call = calls_[slot];
  const std::vector<StepRules>& steps = queues_[call.queue].steps;
  uint32_t fired = 0, pending = 0, passed = 0;
  if ((call.fired | call.pending | call.passed) == 0) {  // Mostly.
    call.next_step = 0;
    return;
  }
  for (uint32_t i = 0; i < steps.size(); ++i) {
    for (uint32_t j = 0; j < old_steps.size(); ++j) {
      if (old_steps[j].id != steps[i].id) continue;
      fired |= ((call.fired >> j) & 1) << i;
      pending |= ((call.pending >> j) & 1) << i;
      passed |= ((call.passed >> j) & 1) << i;
    }
    // A step that waited for a condition it no longer has is taken anew.
    if (((pending >> i) & 1) != 0 && !steps[i].when.any()) {
      pending &= ~(1u << i);
      passed &= ~(1u << i);
    }
  }
  call.fired = fired;
  call.passed = passed;
  call.pending = 0;  // The queues' lists were emptied.
  call.next_step = 0;
  SkipPassed(slot);
  SetPending(slot, pending);
}

// Puts all calls back where they were, by the new rules.
void EngineImpl::Reenter(const std::vector<OwnRequirement>& own,
                         const std::vector<bool>& in_lanes) {
  auto next = own.begin();
  for (uint32_t c = 0; c < calls_.slots(); ++c) {
    Call& call = calls_[c];
    if (!call.live) continue;
    call.own_req = kNone;
    if (next != own.end() && next->call == c) {
      call.own_req = matcher_.requirements().Intern(
          next->requirement,
          [this](std::string_view name) { return QueueByName(name); });
      ++next;
    }
    SetLanes(c);
    if (in_lanes[c]) matcher_.Enter(c);
  }
}

absl::Status EngineImpl::Apply(CompiledConfiguration* compiled_in,
                               absl::Time now, Decisions* out) {
  CompiledConfiguration& compiled = *compiled_in;
  Begin(now, out);
  absl::Status status = CheckLimits(compiled);
  if (!status.ok()) return End(std::move(status));
  std::vector<Profile> profiles(agents_.slots());
  for (uint32_t a = 0; a < agents_.slots(); ++a) {
    if (!agents_[a].live) continue;
    profiles[a] = matcher_.profile(a);
    matcher_.SetIdle(a, 0);
  }
  std::vector<OwnRequirement> own;
  std::vector<bool> in_lanes(calls_.slots(), false);
  for (uint32_t c = 0; c < calls_.slots(); ++c) {
    if (!calls_[c].live) continue;
    const uint32_t req = calls_[c].own_req;
    if (req != kNone) {
      own.push_back({c, matcher_.requirements().requirement(req)});
    }
    in_lanes[c] = matcher_.ticket(c).in_lanes;
    matcher_.ticket(c).in_lanes = false;
  }
  std::vector<std::vector<StepRules>> old_steps;
  for (Queue& queue : queues_) {
    old_steps.push_back(
        StepsOf(&queue, compiled.queue_ids.contains(queue.name)));
    queue.conditional.Clear();
  }
  media_ = compiled.media;
  media_excluded_ = compiled.media_excluded;
  BindQueues(compiled);
  ApplyAgents(compiled, &profiles);
  KeepAllButAgents(&configuration_, &compiled.configuration);
  RebuildMatcher(profiles);
  for (uint32_t c = 0; c < calls_.slots(); ++c) {
    if (calls_[c].live) RemapSteps(c, old_steps[calls_[c].queue]);
  }
  Reenter(own, in_lanes);
  MatchAll();
  for (uint32_t a = 0; a < agents_.slots(); ++a) {
    if (!agents_[a].live || !agents_[a].leaving) continue;
    CancelRinging(a, Reason::kConfiguration);
    ReleasePersonal(a);
    if (!agents_[a].logged_in) RemoveAgent(a);
  }
  for (uint32_t c = 0; c < calls_.slots(); ++c) {
    const CallPlace at = calls_[c].live ? calls_[c].place : CallPlace::kNone;
    if (matcher_.ticket(c).in_lanes) ArmCeiling(c);
    if (at == CallPlace::kWaiting || at == CallPlace::kOffered) RunSteps(c);
  }
  for (uint32_t q = 0; q < queues_.size(); ++q) {
    const QueueRules& rules = matcher_.rules(q);
    queues_[q].reserve_opened =
        rules.reserve_above >= 0 && rules.waiting > rules.reserve_above;
    MarkDirty(q);
  }
  ArmHours();
  if (outbound_ != nullptr) outbound_->QueuesChanged();
  return End(absl::OkStatus());
}

}  // namespace callrouter
