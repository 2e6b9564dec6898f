// The records of the state: clocks, names, queues, agents, calls, offers.

#include "state_io.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace callrouter {

namespace {

Plan PlanOf(const Queue& queue, const Symbols& texts, std::string name) {
  Plan plan;
  plan.name = std::move(name);
  const auto duration = [](int64_t us) {
    return us < 0 ? absl::InfiniteDuration() : absl::Microseconds(us);
  };
  for (const StepRules& rules : queue.steps) {
    Step step;
    step.id = rules.id;
    step.after = absl::Microseconds(rules.after_us);
    step.since_previous = rules.since_previous;
    step.finish_ring = rules.finish_ring;
    step.when = rules.when;
    step.action = rules.action;
    if (rules.action == StepAction::kWiden ||
        rules.action == StepAction::kReplace) {
      step.requirement = rules.requirement.canonical();
    }
    step.priority = rules.priority;
    step.queue = rules.queue_name;
    if (rules.destination != kNone) {
      step.outside.destination = std::string(texts.Text(rules.destination));
      step.outside.ring = duration(rules.ring_us);
    }
    step.cause = rules.cause;
    plan.steps.push_back(std::move(step));
  }
  plan.last.kind = queue.last.kind;
  plan.last.cause = queue.last.cause;
  if (queue.last.destination != kNone) {
    plan.last.outside.destination =
        std::string(texts.Text(queue.last.destination));
    plan.last.outside.ring = duration(queue.last.ring_us);
  }
  return plan;
}

void TransferSymbols(Archive& a, Symbols& symbols) {
  uint32_t size = symbols.size();
  a(size);
  for (uint32_t i = 0; i < size && a.ok(); ++i) {
    std::string text(symbols.Text(i));
    a(text);
    if (!a.writing() && symbols.Intern(text) != i) a.Fail();
  }
}

void TransferStatistics(Archive& a, QueueStatistics& s) {
  a.All(s.offered, s.answered, s.answered_in_target, s.abandoned,
        s.abandoned_short, s.abandoned_in_target, s.sent_outside, s.refused,
        s.hung_up, s.lost, s.in_progress, s.wait_answered_us,
        s.wait_abandoned_us, s.served, s.offers, s.misses);
  a.List(s.steps, [&](uint64_t& n) { a(n); });
  // Most buckets are empty: runs as (bucket, count).
  struct Bucket {
    uint32_t at = 0;
    uint64_t count = 0;
  };
  std::vector<Bucket> full;
  for (uint32_t i = 0; i < s.waits.counts().size(); ++i) {
    if (s.waits.counts()[i] != 0) full.push_back({i, s.waits.counts()[i]});
  }
  a.List(full, [&](Bucket& b) { a.All(b.at, b.count); });
  if (a.writing()) return;
  std::vector<uint64_t> counts(Histogram::kBuckets, 0);
  for (const Bucket& b : full) {
    if (b.at < counts.size()) counts[b.at] = b.count;
  }
  s.waits.Restore(std::move(counts));
}

}  // namespace

bool StateIo::Run() {
  Clocks();
  Names();
  if (!Queues()) return false;
  Agents();
  Calls();
  Offers();
  Graves();
  if (!a_.ok() || (!a_.writing() && !(LinksAreSane() && TimesAreSane())))
    return false;
  if (!a_.writing()) Rebuild();
  Searches();
  if (e_.outbound_ != nullptr && !e_.outbound_->Transfer(a_, setup_)) {
    return false;
  }
  Timers();
  return a_.ok() && (a_.writing() || a_.left() == 0);
}

void StateIo::Clocks() {
  a_.All(e_.now_, e_.shift_, e_.wall_offset_, e_.sequence_, e_.arrivals_,
         e_.syncing_, e_.audit_cursor_);
  uint64_t random = e_.matcher_.random_state();
  a_(random);
  if (!a_.writing()) {
    e_.due_ = e_.now_;
    e_.matcher_.set_random_state(random);
  }
  EngineStatistics& s = e_.stats_;
  a_.All(s.events, s.decisions, s.clock_regressions, s.stalls, s.early_ends,
         s.repeats, s.races, s.searches_continued);
}

void StateIo::Names() {
  Transfer(a_, e_.configuration_);
  TransferSymbols(a_, e_.texts_);
  TransferSymbols(a_, e_.matcher_.skills());
  TransferSymbols(a_, e_.matcher_.attributes());
  TransferSymbols(a_, e_.matcher_.values());
}

// Queues by slot; one that is gone but not empty brings its own rules.
bool StateIo::Queues() {
  Configuration all = e_.configuration_;
  all.agents.clear();
  all.known_skills.clear();
  all.known_attributes.clear();
  uint32_t count = static_cast<uint32_t>(e_.queues_.size());
  a_(count);
  if (count > static_cast<uint32_t>(e_.options_.queues_max)) a_.Fail();
  std::vector<std::string> names(a_.ok() ? count : 0);
  std::vector<bool> open(names.size());
  for (uint32_t q = 0; q < names.size() && a_.ok(); ++q) {
    bool is_open = false;
    if (a_.writing()) {
      names[q] = e_.queues_[q].name;
      is_open = e_.queues_[q].open_for_new;
    }
    a_.All(names[q], is_open);
    open[q] = is_open;
    if (!is_open) GoneQueue(q, &all);
  }
  if (!a_.ok()) return false;
  if (!a_.writing() && !BindQueues(all, names, open)) return false;
  for (uint32_t q = 0; q < count; ++q) {
    TransferStatistics(a_, e_.queues_[q].stats);
    QueueRules& rules = e_.matcher_.rules(q);
    a_.All(rules.waiting, rules.last_position, rules.last_agent);
  }
  return a_.ok();
}

// For the plan and the hours of a queue that is gone.
std::string StateIo::UnusedName(uint32_t q, const Configuration& all) {
  std::string name = absl::StrCat("of removed queue ", q);
  const auto same = [&name](const auto& x) { return x.name == name; };
  while (std::any_of(all.plans.begin(), all.plans.end(), same) ||
         std::any_of(all.hours.begin(), all.hours.end(), same)) {
    name += "'";
  }
  return name;
}

void StateIo::GoneQueue(uint32_t q, Configuration* all) {
  QueueConfig config;
  Plan plan;
  HoursConfig hours;
  if (a_.writing()) {
    const std::string own = UnusedName(q, *all);
    const Queue& queue = e_.queues_[q];
    config = queue.config;
    config.plan = config.hours = "";
    plan = PlanOf(queue, e_.texts_, own);
    config.plan = own;
    if (queue.hours != nullptr) {
      hours = queue.hours->config();
      hours.name = config.hours = own;
    }
  }
  Transfer(a_, config);
  Transfer(a_, plan);
  Transfer(a_, hours);
  all->queues.push_back(config);
  all->plans.push_back(plan);
  if (!config.hours.empty()) all->hours.push_back(hours);
}

bool StateIo::BindQueues(const Configuration& all,
                         const std::vector<std::string>& names,
                         const std::vector<bool>& open) {
  absl::StatusOr<CompiledConfiguration> compiled = CompileConfiguration(all);
  if (!compiled.ok()) {
    why_ = compiled.status();
    return false;
  }
  e_.media_ = compiled->media;
  e_.media_excluded_ = compiled->media_excluded;
  for (const std::string& name : names) {
    e_.queue_ids_[name] = static_cast<uint32_t>(e_.queues_.size());
    e_.queues_.emplace_back();
    e_.queues_.back().name = name;
  }
  e_.BindQueues(*compiled);
  if (e_.queues_.size() != names.size()) return false;
  for (uint32_t q = 0; q < names.size(); ++q) {
    e_.queues_[q].open_for_new = open[q];
  }
  e_.matcher_.SetQueueCount(static_cast<uint32_t>(names.size()));
  e_.queue_rules_bound_ = static_cast<uint32_t>(names.size());
  return true;
}

void StateIo::Agents() {
  Slots(e_.agents_, "agents_max", e_.options_.agents_max, [&](Agent& g) {
    a_.All(g.ref, g.name, g.pause_reason, g.login_at, g.busy, g.busy_us,
           g.wrap_us, g.first_call, g.misses, g.used, g.ringing,
           g.ringing_offer, g.capacity, g.logged_in, g.paused, g.wrap_up,
           g.cool_off, g.outside, g.leaving, g.configured, g.synced);
  });
  profiles_.resize(e_.agents_.slots());
  for (uint32_t s = 0; s < e_.agents_.slots() && a_.ok(); ++s) {
    if (!e_.agents_[s].live) continue;
    if (!a_.writing()) e_.matcher_.AddSeat(s, Profile());
    if (a_.writing()) profiles_[s] = e_.matcher_.profile(s);
    Profile& p = profiles_[s];
    a_.List(p.skills, [&](Profile::Skill& x) { a_.All(x.id, x.level); });
    a_.List(p.attrs, [&](Profile::Attr& x) { a_.All(x.id, x.value); });
    a_.List(p.members,
            [&](Profile::Member& x) { a_.All(x.queue, x.penalty, x.reserve); });
    std::vector<Matcher::MemberExtra> extras;
    if (a_.writing()) extras = e_.matcher_.extras(s);
    a_.List(extras, [&](Matcher::MemberExtra& x) {
      a_.All(x.queue, x.position, x.weight, x.ring_us, x.wrap_us);
    });
    if (!a_.writing()) e_.matcher_.SetExtras(s, std::move(extras));
    Matcher::Seat& seat = e_.matcher_.seat(s);
    for (std::size_t m = 0; m < kMediaMax; ++m) {
      int64_t ready = e_.matcher_.ReadySince(s, m);
      a_(ready);
      if (!a_.writing() && ready != 0) e_.matcher_.SetReady(s, m, ready);
    }
    a_.All(seat.last_end, seat.talk_us, seat.calls, seat.occupied_ppm,
           seat.weight);
    uint8_t mask = seat.mask;
    a_(mask);
    masks_.push_back(mask);
    if (!a_.writing()) e_.agent_refs_.Add(s);
  }
}

void StateIo::Calls() {
  Slots(e_.calls_, "calls_max", e_.options_.calls_max, [&](Call& c) {
    a_.All(c.ref, c.content, c.joined, c.queue_joined, c.step_time,
           c.last_event, c.result, c.fired, c.pending, c.passed, c.agent,
           c.first_offer, c.next_of_agent, c.preferred, c.home, c.queue,
           c.extra, c.moves, c.offers, c.place, c.next_step, c.answered,
           c.personal, c.synced);
  });
  in_lanes_.resize(e_.calls_.slots(), false);
  excluded_.resize(e_.calls_.slots());
  for (uint32_t s = 0; s < e_.calls_.slots() && a_.ok(); ++s) {
    Call& call = e_.calls_[s];
    if (!call.live) continue;
    Matcher::Ticket& ticket = e_.matcher_.ticket(s);
    bool in_lanes = ticket.in_lanes;
    std::string own;
    if (a_.writing()) {
      if (call.own_req != kNone) {
        own = e_.matcher_.requirements().requirement(call.own_req).canonical();
      }
      for (uint32_t n = ticket.exclusions; n != kNone;
           n = e_.matcher_.ExclusionNext(n)) {
        excluded_[s].push_back(e_.matcher_.ExclusionAgent(n));
      }
    }
    a_.All(ticket.origin, ticket.seq, ticket.priority, in_lanes, own);
    a_.List(excluded_[s], [&](uint32_t& agent) {
      a_(agent);
      if (!e_.agents_.IsLive(agent)) a_.Fail();
    });
    in_lanes_[s] = in_lanes;
    absl::StatusOr<Requirement> parsed = Requirement::Parse(own);
    if (parsed.ok()) {
      if (!parsed->always_true()) own_.push_back({s, *std::move(parsed)});
    } else {
      a_.Fail();
    }
    if (!a_.writing()) e_.call_refs_.Add(s);
  }
}

void StateIo::Offers() {
  Slots(e_.offers_, "", -1, [&](Offer& o) {
    a_.All(o.call, o.agent, o.next_of_call, o.since, o.connect, o.queue,
           o.medium, o.accepted, o.connected, o.stalled);
  });
}

void StateIo::Graves() {
  std::vector<Tombstone> graves;
  const std::size_t size = e_.tombstones_.size();
  if (a_.writing() && size > 0) {
    const uint64_t made = e_.tombstones_made_;
    for (uint64_t i = made > size ? made - size : 0; i < made; ++i) {
      graves.push_back(e_.tombstones_[i % size]);
    }
  }
  a_.List(graves, [&](Tombstone& g) { a_.All(g.ref, g.content, g.at); });
  if (a_.writing()) return;
  const int64_t now = e_.now_;
  for (const Tombstone& grave : graves) {
    e_.now_ = grave.at;
    e_.Bury(grave.ref, grave.content);
  }
  e_.now_ = now;
}

}  // namespace callrouter
