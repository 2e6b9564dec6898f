// What is built anew after loading: links checked, indexes, searches, timers.

#include <algorithm>

#include "state_io.h"

namespace callrouter {

// No link may lead outside, whatever the bytes.
bool StateIo::LinksAreSane() const {
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
        (c.preferred != kNone && !e_.agents_.IsLive(c.preferred)) ||
        (c.personal && c.preferred == kNone)) {
      return false;
    }
    for (const uint16_t q : c.extra) {
      if (q != Call::kNoQueue && q >= queues) return false;
    }
  }
  for (const Offer& o : e_.offers_.items()) {
    if (!in(o.next_free, offers)) return false;
    if (o.live && (o.call >= calls || o.agent >= agents || o.queue >= queues ||
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

// Times far enough from the ends that their differences are times too.
bool StateIo::TimesAreSane() const {
  const auto sane = [](auto... times) {
    constexpr int64_t kMost = int64_t{1} << 62;
    return ((times > -kMost && times < kMost) && ...);
  };
  constexpr int64_t kClock = EngineImpl::kTimeMax;
  if (!sane(e_.now_) || e_.shift_ < -kClock || e_.shift_ > kClock ||
      e_.wall_offset_ < -kClock || e_.wall_offset_ > kClock) {
    return false;
  }
  for (uint32_t s = 0; s < e_.calls_.slots(); ++s) {
    const Call& c = e_.calls_[s];
    if (!c.live) continue;
    const int32_t priority = e_.matcher_.ticket(s).priority;
    if (!sane(c.joined, c.queue_joined, c.step_time, c.last_event,
              e_.matcher_.ticket(s).origin) ||
        priority < -1'000'000 || priority > 1'000'000) {
      return false;
    }
  }
  for (const Offer& o : e_.offers_.items()) {
    if (o.live && !sane(o.since)) return false;
  }
  for (uint32_t s = 0; s < e_.agents_.slots(); ++s) {
    const Agent& g = e_.agents_[s];
    if (!g.live) continue;
    const Matcher::Seat& seat = e_.matcher_.seat(s);
    if (!sane(g.login_at, g.busy_us, g.wrap_us, seat.last_end, seat.talk_us)) {
      return false;
    }
  }
  for (const Queue& q : e_.queues_) {
    if (!sane(q.stats.wait_answered_us, q.stats.wait_abandoned_us)) {
      return false;
    }
  }
  return true;
}

void StateIo::Rebuild() {
  e_.RebuildMatcher(profiles_);
  for (uint32_t s = 0; s < e_.calls_.slots(); ++s) {
    if (!e_.calls_[s].live) continue;
    Matcher::Ticket& ticket = e_.matcher_.ticket(s);
    ticket.exclusions = kNone;
    ticket.in_lanes = false;
    for (std::size_t i = excluded_[s].size(); i-- > 0;) {
      uint32_t node;
      if (e_.matcher_.AddExclusion(s, excluded_[s][i], kNone, &node)) {
        e_.KeepExclusion(node, s);
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
    e_.agents_[g].ready = e_.FreeMask(g);
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

void StateIo::Searches() {
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

void StateIo::Timers() {
  std::vector<Saved> timers;
  if (a_.writing()) {
    for (const TimerQueue::Timer& t : e_.timers_.Sorted()) {
      Saved saved = {t.due, t.kind, t.subject, kNone};
      if (t.kind == static_cast<uint8_t>(TimerKind::kExclusionEnd)) {
        saved.subject = e_.exclusions_[t.subject].call;
        saved.extra = e_.matcher_.ExclusionAgent(t.subject);
      }
      timers.push_back(saved);
    }
  }
  a_.List(timers, [&](Saved& t) { a_.All(t.due, t.kind, t.subject, t.extra); });
  if (a_.writing()) return;
  constexpr int64_t kMost = int64_t{1} << 62;
  for (const Saved& t : timers) {
    if (t.due < -kMost || t.due > kMost || !ArmSaved(t)) {
      a_.Fail();
      return;
    }
  }
}

TimerId* StateIo::SearchTimer(TimerKind kind, uint32_t subject) {
  if (kind == TimerKind::kContinueCall) {
    const auto it = e_.call_searches_.find(subject);
    return it == e_.call_searches_.end() ? nullptr : &it->second.timer;
  }
  const auto it = e_.agent_searches_.find(subject);
  return it == e_.agent_searches_.end() ? nullptr : &it->second.timer;
}

bool StateIo::ArmSaved(const Saved& t) {
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
    case TimerKind::kProgressive:
    case TimerKind::kOutsideEnd:
      if (call) id = &e_.calls_[subject].wait_timer;
      break;
    case TimerKind::kCeiling:
      if (call && e_.matcher_.ticket(subject).in_lanes) {
        id = &e_.ceilings_[subject];
      }
      break;
    case TimerKind::kAliveEnd:
      if (call) id = &e_.alive_timers_[subject];
      break;
    case TimerKind::kExclusionEnd:
      if (!call) break;
      for (uint32_t n = e_.matcher_.ticket(subject).exclusions; n != kNone;
           n = e_.matcher_.ExclusionNext(n)) {
        if (e_.matcher_.ExclusionAgent(n) != t.extra) continue;
        subject = n;
        id = &e_.exclusions_[n].timer;
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
    case TimerKind::kContinueCall:
    case TimerKind::kContinueAgent:
      id = SearchTimer(kind, subject);
      break;
    case TimerKind::kHours:
      id = &e_.hours_timer_;
      break;
    case TimerKind::kAudit:
      id = &e_.audit_timer_;
      break;
    case TimerKind::kSyncHold:
      id = &e_.sync_timer_;
      break;
    case TimerKind::kAttempt:
    case TimerKind::kParts:
      if (e_.outbound_ != nullptr) id = e_.outbound_->TimerOf(kind, subject);
      break;
  }
  if (id == nullptr || !id->none()) return false;
  *id = e_.Arm(t.due, kind, subject);
  return true;
}

}  // namespace callrouter
