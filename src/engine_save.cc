// The whole state as bytes. Everything that can influence a choice is saved;
// indexes, which only repeat it, are built anew.

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "archive.h"
#include "engine_impl.h"

namespace callrouter {

namespace {

constexpr std::string_view kMagic = "callrouter state 1\n";

// FNV-1a, 64 bits (Fowler, Noll, Vo): against damage, not against malice.
uint64_t Checksum(std::string_view bytes) {
  uint64_t hash = 14695981039346656037u;
  for (const char c : bytes) {
    hash = (hash ^ static_cast<uint8_t>(c)) * 1099511628211u;
  }
  return hash;
}

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

// Reads or writes an EngineImpl; a friend of it.
class StateIo {
 public:
  StateIo(Archive a, EngineImpl* e) : a_(a), e_(*e) {}

  bool Run() {
    Clocks();
    Names();
    if (!Queues()) return false;
    Agents();
    Calls();
    Offers();
    Graves();
    if (!a_.ok() || (!a_.writing() && !LinksAreSane())) return false;
    if (!a_.writing()) Rebuild();
    Searches();
    Timers();
    return a_.ok() && (a_.writing() || a_.left() == 0);
  }
  Archive& archive() { return a_; }

 private:
  void Clocks() {
    a_.All(e_.now_, e_.shift_, e_.wall_offset_, e_.sequence_, e_.arrivals_,
           e_.syncing_, e_.audit_cursor_);
    uint64_t random = e_.matcher_.random_state();
    a_(random);
    e_.matcher_.set_random_state(random);
    EngineStatistics& s = e_.stats_;
    a_.All(s.events, s.decisions, s.clock_regressions, s.stalls, s.early_ends,
           s.repeats, s.races, s.searches_continued);
  }

  void Names() {
    Transfer(a_, e_.configuration_);
    TransferSymbols(a_, e_.texts_);
    TransferSymbols(a_, e_.matcher_.skills());
    TransferSymbols(a_, e_.matcher_.attributes());
    TransferSymbols(a_, e_.matcher_.values());
  }

  // Queues by slot; one that is gone but not empty brings its own rules.
  bool Queues() {
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
  static std::string UnusedName(uint32_t q, const Configuration& all) {
    std::string name = absl::StrCat("of removed queue ", q);
    const auto same = [&name](const auto& x) { return x.name == name; };
    while (std::any_of(all.plans.begin(), all.plans.end(), same) ||
           std::any_of(all.hours.begin(), all.hours.end(), same)) {
      name += "'";
    }
    return name;
  }

  static bool Taken(const Configuration& all, const std::string& name) {
    for (const Plan& plan : all.plans) {
      if (plan.name == name) return true;
    }
    for (const HoursConfig& hours : all.hours) {
      if (hours.name == name) return true;
    }
    return false;
  }

  void GoneQueue(uint32_t q, Configuration* all) {
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

  bool BindQueues(const Configuration& all,
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

  template <typename T, typename F>
  void Slots(Pool<T>& pool, const char* name, int32_t limit, F each) {
    uint32_t free_head = pool.free_head();
    uint32_t size = pool.size();
    a_.All(free_head, size);
    a_.List(pool.items(), [&](T& item) {
      a_.All(item.generation, item.next_free, item.live);
      if (item.live) each(item);
    });
    if (a_.writing()) return;
    pool.Restore(free_head, size);
    uint32_t live = 0;
    for (const T& item : pool.items()) live += item.live ? 1 : 0;
    if (limit >= 0 && size > static_cast<uint32_t>(limit)) {
      why_ = absl::InvalidArgumentError(
          absl::StrCat(name, ": found ", limit, ", expected at least ", size,
                       " for the saved state"));
      a_.Fail();
    }
    if (live != size || (free_head != kNone && free_head >= pool.slots())) {
      a_.Fail();
    }
  }

  void Agents() {
    Slots(e_.agents_, "agents_max", e_.options_.agents_max, [&](Agent& g) {
      a_.All(g.ref, g.name, g.pause_reason, g.login_at, g.busy_since, g.busy_us,
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
      a_.List(p.members, [&](Profile::Member& x) {
        a_.All(x.queue, x.penalty, x.reserve);
      });
      a_.List(e_.matcher_.extras(s), [&](Matcher::MemberExtra& x) {
        a_.All(x.queue, x.position, x.weight, x.ring_us, x.wrap_us);
      });
      Matcher::Seat& seat = e_.matcher_.seat(s);
      a_.All(seat.last_end, seat.ready_since, seat.talk_us, seat.calls,
             seat.occupied_ppm, seat.weight);
      uint8_t mask = seat.mask;
      a_(mask);
      masks_.push_back(mask);
      e_.agent_refs_[e_.agents_[s].ref] = s;
    }
  }

  void Calls() {
    Slots(e_.calls_, "calls_max", e_.options_.calls_max, [&](Call& c) {
      a_.All(c.ref, c.content, c.joined, c.queue_joined, c.step_time,
             c.last_event, c.connected_at, c.result, c.fired, c.pending,
             c.passed, c.agent, c.first_offer, c.next_of_agent, c.preferred,
             c.home, c.queue, c.extra, c.moves, c.offers, c.place, c.next_step,
             c.answered, c.personal, c.synced);
    });
    own_.resize(e_.calls_.slots());
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
          own = e_.matcher_.requirement(call.own_req).canonical();
        }
        for (uint32_t n = ticket.exclusions; n != kNone;
             n = e_.matcher_.ExclusionNext(n)) {
          excluded_[s].push_back(e_.matcher_.ExclusionAgent(n));
        }
      }
      a_.All(ticket.origin, ticket.seq, ticket.priority, in_lanes, own);
      a_.List(excluded_[s], [&](uint32_t& agent) { a_(agent); });
      in_lanes_[s] = in_lanes;
      absl::StatusOr<Requirement> parsed = Requirement::Parse(own);
      if (parsed.ok()) {
        own_[s] = *std::move(parsed);
      } else {
        a_.Fail();
      }
      e_.call_refs_[call.ref] = s;
    }
  }

  void Offers() {
    Slots(e_.offers_, "", -1, [&](Offer& o) {
      a_.All(o.call, o.agent, o.next_of_call, o.started, o.connect, o.queue,
             o.medium, o.accepted, o.connected, o.stalled);
    });
  }

  void Graves() {
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

  // No link may lead outside, whatever the bytes.
  bool LinksAreSane() const {
    const uint32_t calls = e_.calls_.slots();
    const uint32_t agents = e_.agents_.slots();
    const uint32_t offers = e_.offers_.slots();
    const uint32_t queues = static_cast<uint32_t>(e_.queues_.size());
    const auto in = [](uint32_t x, uint32_t n) { return x == kNone || x < n; };
    for (const Call& c : e_.calls_.items()) {
      if (!in(c.next_free, calls)) return false;
      if (!c.live) continue;
      if (!in(c.agent, agents) || !in(c.first_offer, offers) ||
          !in(c.next_of_agent, calls) || !in(c.preferred, agents) ||
          c.home >= queues || c.queue >= queues ||
          c.place > CallPlace::kWithHost || c.next_step > kPlanStepsMax ||
          (c.personal && c.preferred == kNone)) {
        return false;
      }
      for (const uint16_t q : c.extra) {
        if (q != Call::kNoQueue && q >= queues) return false;
      }
    }
    for (const Offer& o : e_.offers_.items()) {
      if (!in(o.next_free, offers)) return false;
      if (o.live &&
          (o.call >= calls || o.agent >= agents || o.queue >= queues ||
           !in(o.next_of_call, offers) || o.medium >= kMediaMax)) {
        return false;
      }
    }
    for (const Agent& g : e_.agents_.items()) {
      if (!in(g.next_free, agents)) return false;
      if (!g.live) continue;
      if (!in(g.first_call, calls)) return false;
      for (const uint32_t o : g.ringing_offer) {
        if (!in(o, offers)) return false;
      }
    }
    return true;
  }

  void Rebuild() {
    e_.RebuildMatcher(profiles_);
    for (uint32_t s = 0; s < e_.calls_.slots(); ++s) {
      if (!e_.calls_[s].live) continue;
      Matcher::Ticket& ticket = e_.matcher_.ticket(s);
      ticket.exclusions = kNone;
      ticket.in_lanes = false;
      for (std::size_t i = excluded_[s].size(); i-- > 0;) {
        uint32_t node;
        if (e_.matcher_.AddExclusion(s, excluded_[s][i], kNone, &node)) {
          if (node >= e_.exclusion_timers_.size()) {
            e_.exclusion_timers_.resize(node + 1);
          }
          e_.exclusion_timers_[node].call = s;
        }
      }
      const uint32_t pending = e_.calls_[s].pending;
      e_.calls_[s].pending = 0;
      e_.SetPending(s, pending);
    }
    e_.Reenter(own_, in_lanes_);
    std::size_t next = 0;
    for (uint32_t g = 0; g < e_.agents_.slots(); ++g) {
      if (!e_.agents_[g].live) continue;
      e_.matcher_.SetIdle(g, masks_[next++]);
      e_.agents_[g].personal = 0;
    }
    for (uint32_t s = 0; s < e_.calls_.slots(); ++s) {
      const Call& call = e_.calls_[s];
      if (!call.live) continue;
      if (call.place == CallPlace::kOutside) e_.results_[call.result] = s;
      if (!call.personal) continue;
      const Matcher::Ticket& ticket = e_.matcher_.ticket(s);
      e_.personal_.Insert(
          {{call.preferred, -int64_t{ticket.priority}, ticket.origin}, s, 1});
      ++e_.agents_[call.preferred].personal;
    }
    for (uint32_t o = 0; o < e_.offers_.slots(); ++o) {
      const Offer& offer = e_.offers_[o];
      if (offer.live && offer.connect != 0) {
        e_.results_[offer.connect] = offer.call;
      }
    }
  }

  void Searches() {
    std::vector<std::pair<uint32_t, Matcher::AgentCursor>> of_calls;
    for (const auto& [slot, search] : e_.call_searches_) {
      of_calls.push_back({slot, search.cursor});
    }
    std::sort(of_calls.begin(), of_calls.end(),
              [](const auto& x, const auto& y) { return x.first < y.first; });
    a_.List(of_calls, [&](auto& item) {
      Matcher::AgentCursor& c = item.second;
      a_.All(item.first, c.active, c.lane_index, c.second, c.key.a, c.key.b,
             c.key.c, c.id);
    });
    // An agent's search is begun anew after loading: it ends the same, since
    // what it had passed over is passed over again.
    std::vector<std::pair<uint32_t, uint8_t>> of_agents;
    for (const auto& [slot, search] : e_.agent_searches_) {
      of_agents.push_back({slot, search.medium});
    }
    std::sort(of_agents.begin(), of_agents.end());
    a_.List(of_agents, [&](auto& item) { a_.All(item.first, item.second); });
    if (a_.writing()) return;
    for (const auto& item : of_calls) {
      e_.call_searches_[item.first].cursor = item.second;
    }
    for (const auto& item : of_agents) {
      e_.agent_searches_[item.first].medium = item.second;
    }
  }

  struct Saved {
    int64_t due = 0;
    uint8_t kind = 0;
    uint32_t subject = 0;
    uint32_t extra = kNone;
  };

  void Timers() {
    std::vector<Saved> timers;
    if (a_.writing()) {
      for (const TimerQueue::Timer& t : e_.timers_.Sorted()) {
        Saved saved = {t.due, t.kind, t.subject, kNone};
        if (t.kind == static_cast<uint8_t>(TimerKind::kExclusionEnd)) {
          saved.subject = e_.exclusion_timers_[t.subject].call;
          saved.extra = e_.matcher_.ExclusionAgent(t.subject);
        }
        timers.push_back(saved);
      }
    }
    a_.List(timers,
            [&](Saved& t) { a_.All(t.due, t.kind, t.subject, t.extra); });
    if (a_.writing()) return;
    for (const Saved& t : timers) {
      if (!ArmSaved(t)) {
        a_.Fail();
        return;
      }
    }
  }

  bool ArmSaved(const Saved& t) {
    const TimerKind kind = static_cast<TimerKind>(t.kind);
    const bool call = e_.calls_.IsLive(t.subject);
    const bool agent = e_.agents_.IsLive(t.subject);
    TimerId* id = nullptr;
    uint32_t subject = t.subject;
    switch (kind) {
      case TimerKind::kStep:
        if (call) id = &e_.calls_[subject].step_timer;
        break;
      case TimerKind::kPatience:
      case TimerKind::kCeiling:
      case TimerKind::kProgressive:
      case TimerKind::kOutsideEnd:
        if (call) id = &e_.calls_[subject].wait_timer;
        break;
      case TimerKind::kAliveEnd:
        if (call) id = &e_.calls_[subject].alive_timer;
        break;
      case TimerKind::kExclusionEnd:
        if (!call) break;
        for (uint32_t n = e_.matcher_.ticket(subject).exclusions; n != kNone;
             n = e_.matcher_.ExclusionNext(n)) {
          if (e_.matcher_.ExclusionAgent(n) != t.extra) continue;
          subject = n;
          id = &e_.exclusion_timers_[n].timer;
          break;
        }
        break;
      case TimerKind::kRingEnd:
      case TimerKind::kConnectEnd:
        if (e_.offers_.IsLive(subject)) id = &e_.offers_[subject].timer;
        break;
      case TimerKind::kWrapUpEnd:
        if (agent) id = &e_.agents_[subject].wrap_timer;
        break;
      case TimerKind::kCoolOffEnd:
        if (agent) id = &e_.agents_[subject].cool_timer;
        break;
      case TimerKind::kPauseEnd:
        if (agent) id = &e_.agents_[subject].pause_timer;
        break;
      case TimerKind::kContinueCall: {
        const auto it = e_.call_searches_.find(subject);
        if (it != e_.call_searches_.end()) id = &it->second.timer;
        break;
      }
      case TimerKind::kContinueAgent: {
        const auto it = e_.agent_searches_.find(subject);
        if (it != e_.agent_searches_.end()) id = &it->second.timer;
        break;
      }
      case TimerKind::kHours:
        id = &e_.hours_timer_;
        break;
      case TimerKind::kAudit:
        id = &e_.audit_timer_;
        break;
    }
    if (id == nullptr || !id->none()) return false;
    *id = e_.Arm(t.due, kind, subject);
    return true;
  }

  Archive a_;
  EngineImpl& e_;
  std::vector<Profile> profiles_;
  std::vector<uint8_t> masks_;
  std::vector<Requirement> own_;
  std::vector<bool> in_lanes_;
  std::vector<std::vector<uint32_t>> excluded_;

 public:
  absl::Status why_;
};

void EngineImpl::Save(std::string* out) const {
  out->assign(kMagic);
  // Writing changes nothing; one description serves both directions.
  StateIo io(Archive::Writer(out), const_cast<EngineImpl*>(this));
  io.Run();
  uint64_t sum = Checksum(*out);
  Archive::Writer(out)(sum);
}

absl::Status EngineImpl::Load(std::string_view saved) {
  if (saved.size() < kMagic.size() + 8 ||
      saved.substr(0, kMagic.size()) != kMagic) {
    return absl::InvalidArgumentError(
        "saved: found other bytes, expected a state written by Save");
  }
  uint64_t sum = 0;
  Archive tail = Archive::Reader(saved.substr(saved.size() - 8));
  tail(sum);
  saved.remove_suffix(8);
  if (sum != Checksum(saved)) {
    return absl::InvalidArgumentError("saved: the bytes are damaged");
  }
  StateIo io(Archive::Reader(saved.substr(kMagic.size())), this);
  if (!io.Run()) {
    if (!io.why_.ok()) return io.why_;
    return absl::InvalidArgumentError(
        "saved: does not fit the options' limits, or is not a state");
  }
  const absl::Status status = CheckInvariants();
  if (!status.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("saved: ", absl::string_view(status.message())));
  }
  return absl::OkStatus();
}

void EngineImpl::ReserveMemory() {
  const std::size_t calls = static_cast<std::size_t>(options_.calls_max);
  const std::size_t agents = static_cast<std::size_t>(options_.agents_max);
  calls_.Reserve(calls);
  call_refs_.reserve(calls);
  agents_.Reserve(agents);
  agent_refs_.reserve(agents);
  offers_.Reserve(2 * agents);
  timers_.Reserve(2 * calls + 2 * agents);
  results_.reserve(agents + 64);
  tombstone_refs_.reserve(tombstones_.size());
  if (calls > 0) matcher_.ticket(static_cast<uint32_t>(calls - 1));
}

}  // namespace callrouter
