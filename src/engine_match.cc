// Waiting, and bringing calls and agents together.

#include <algorithm>

#include "engine_impl.h"

namespace callrouter {

namespace {

Reason ReasonOf(AgentOrder order) {
  return static_cast<Reason>(order);  // The numbers are the same.
}

}  // namespace

// --- Lanes of a call --------------------------------------------------------

uint32_t EngineImpl::QueueByName(std::string_view name) const {
  const auto it = queue_ids_.find(absl::string_view(name.data(), name.size()));
  return it == queue_ids_.end() ? kNone : it->second;
}

// The queue's requirement after the steps in `fired` that change it, taken in
// the order of the plan whatever the order they fired in.
uint32_t EngineImpl::MadeRequirement(uint32_t queue, uint32_t fired) {
  Queue& q = queues_[queue];
  const uint32_t mask = fired & q.requirement_steps;
  for (const Queue::Made& made : q.made) {
    if (made.mask == mask) return made.req;
  }
  Requirement requirement = q.requirement;
  for (uint32_t i = 0; i < q.steps.size(); ++i) {
    if (((mask >> i) & 1) == 0) continue;
    const StepRules& step = q.steps[i];
    if (step.action == StepAction::kReplace) {
      requirement = step.requirement;
      continue;
    }
    absl::StatusOr<Requirement> wider =
        Requirement::Or(requirement, step.requirement);
    if (wider.ok()) requirement = *std::move(wider);
  }
  const uint32_t req = matcher_.requirements().Intern(
      requirement, [this](std::string_view name) { return QueueByName(name); });
  if (req == kNone) return q.made.front().req;
  q.made.push_back({mask, req});
  return req;
}

uint32_t EngineImpl::LaneFor(uint32_t queue, uint32_t req,
                             const Matcher::Ticket& ticket) {
  const bool capped = due_ >= matcher_.CapTime(queue, ticket);
  const uint32_t lane = matcher_.EnsureLane(queue, req, capped);
  // At lanes_max: fall back to the queue's first lane, which always exists.
  if (lane != kNone) return lane;
  return matcher_.EnsureLane(queue, queues_[queue].made.front().req, false);
}

// Fills in the ticket's lanes from the call's queue, steps and requirement.
void EngineImpl::SetLanes(uint32_t slot) {
  const Call& call = calls_[slot];
  Matcher::Ticket& ticket = matcher_.ticket(slot);
  ticket.own_req = call.own_req;
  ticket.lane_count = 0;
  uint32_t req = MadeRequirement(call.queue, call.fired);
  // A requirement several calls bring gets lanes of its own while kinds of
  // agents are few; a single one is tested candidate by candidate.
  // Not where the lane's requirement decides the order or what is drawn from.
  const AgentOrder order = matcher_.rules(call.queue).order;
  if (call.own_req != kNone && matcher_.grouped() &&
      matcher_.requirements().uses(call.own_req) > 1 &&
      order != AgentOrder::kMostSkilled && order != AgentOrder::kRandom &&
      order != AgentOrder::kWeightedRandom) {
    absl::StatusOr<Requirement> both =
        Requirement::And(matcher_.requirements().requirement(req),
                         matcher_.requirements().requirement(call.own_req));
    if (both.ok()) {
      const uint32_t joint = matcher_.requirements().Intern(
          *both, [this](std::string_view name) { return QueueByName(name); });
      if (joint != kNone) {
        if (matcher_.EnsureLane(call.queue, joint, false) != kNone) {
          req = joint;
          if (call.extra[0] == Call::kNoQueue) ticket.own_req = kNone;
        }
        matcher_.requirements().Release(joint);
      }
    }
  }
  const auto add = [&ticket](uint32_t lane) {
    ticket.lanes[ticket.lane_count++] = static_cast<uint16_t>(lane);
  };
  add(LaneFor(call.queue, req, ticket));
  for (const uint16_t extra : call.extra) {
    if (extra == Call::kNoQueue) break;
    add(LaneFor(extra, MadeRequirement(extra, 0), ticket));
  }
}

// --- Waiting ----------------------------------------------------------------

void EngineImpl::JoinQueue(uint32_t slot, uint32_t queue, int64_t at) {
  SetPending(slot, 0);
  Call& call = calls_[slot];
  call.queue = static_cast<uint16_t>(queue);
  call.queue_joined = call.step_time = at;
  call.next_step = 0;
  call.fired = call.passed = 0;
  call.extra.fill(Call::kNoQueue);
  TakeFirstSteps(slot);
  Wait(slot, Announce::kQueued);
}

// The call, which is in no place, needs an agent: gets one now, or waits.
void EngineImpl::Wait(uint32_t slot, Announce announce) {
  SetLanes(slot);
  if ((calls_[slot].preferred != kNone && TryPreferred(slot)) ||
      (!calls_[slot].personal && TryOffer(slot))) {
    ArmStep(slot);
    return;
  }
  Reason why = Reason::kOutsideFailed;
  // While it does not count itself yet: as it was when nobody was found.
  if (announce == Announce::kQueued) why = WhyWaiting(slot);
  EnterWaiting(slot);
  if (announce != Announce::kQuietly) {
    Decision& queued = EmitCall(DecisionKind::kQueued, why, slot);
    queued.value =
        static_cast<int32_t>(matcher_.rules(calls_[slot].queue).waiting);
  }
  RunSteps(slot);
}

void EngineImpl::EnterWaiting(uint32_t slot) {
  Call& call = calls_[slot];
  call.place = CallPlace::kWaiting;
  if (outbound_ != nullptr) outbound_->CallWaits(slot);
  QueueRules& rules = matcher_.rules(call.queue);
  ++rules.waiting;
  if (rules.waiting == int64_t{rules.reserve_above} + 1) {
    queues_[call.queue].reserve_opened = true;
    MarkDirty(call.queue);
  } else if (!queues_[call.queue].conditional.empty()) {
    MarkDirty(call.queue);
  }
  if (call.personal) {
    WaitForPreferred(slot);
    return;
  }
  EnterLanes(slot);
}

void EngineImpl::LeaveWaiting(uint32_t slot) {
  Call& call = calls_[slot];
  call.place = CallPlace::kNone;
  --matcher_.rules(call.queue).waiting;
  timers_.Cancel(&call.wait_timer);
  if (call.personal) {
    EndPersonal(slot);
  } else {
    LeaveLanes(slot);
  }
  EndSearch(slot);
}

// Where freed agents find the call, whether it waits or rings.
void EngineImpl::EnterLanes(uint32_t slot) {
  matcher_.Enter(slot);
  ArmCeiling(slot);
}

void EngineImpl::LeaveLanes(uint32_t slot) {
  matcher_.Leave(slot);
  EndCeiling(slot);
}

// Those at their ceiling are in lanes of their own. What reached it while it
// was in none, ringing, is put right now; the next is due at a time known.
void EngineImpl::ArmCeiling(uint32_t slot) {
  EndCeiling(slot);
  const Matcher::Ticket& ticket = matcher_.ticket(slot);
  const auto next = [&] {
    int64_t cap = Matcher::kNeverCapped;
    for (uint8_t i = 0; i < ticket.lane_count; ++i) {
      if (matcher_.LaneCapped(ticket.lanes[i])) continue;
      cap = std::min(
          cap, matcher_.CapTime(matcher_.LaneQueue(ticket.lanes[i]), ticket));
    }
    return cap;
  };
  int64_t cap = next();
  if (cap <= due_) {
    matcher_.Leave(slot);
    SetLanes(slot);
    matcher_.Enter(slot);
    cap = next();
  }
  if (cap != Matcher::kNeverCapped && cap > due_) {
    ceilings_[slot] = Arm(cap, TimerKind::kCeiling, slot);
  }
}

void EngineImpl::EndCeiling(uint32_t slot) {
  if (ceilings_.empty()) return;
  const auto it = ceilings_.find(slot);
  if (it == ceilings_.end()) return;
  timers_.Cancel(&it->second);
  ceilings_.erase(it);
}

void EngineImpl::EndSearch(uint32_t slot) {
  if (call_searches_.empty()) return;
  const auto it = call_searches_.find(slot);
  if (it == call_searches_.end()) return;
  timers_.Cancel(&it->second.timer);
  call_searches_.erase(it);
}

void EngineImpl::Rematch(uint32_t slot) {
  LeaveWaiting(slot);
  Wait(slot, Announce::kQuietly);
}

Reason EngineImpl::WhyWaiting(uint32_t slot) const {
  const Call& call = calls_[slot];
  if (call.personal) return Reason::kWaitingForAgent;
  if (call_searches_.contains(slot)) return Reason::kStillSearching;
  switch (matcher_.WhyNobody(slot)) {
    case Matcher::Hindrance::kNobodyLoggedIn:
      return Reason::kNobodyLoggedIn;
    case Matcher::Hindrance::kReserved:
      return Reason::kReserved;
    case Matcher::Hindrance::kExcluded:
      return Reason::kSkipped;
    case Matcher::Hindrance::kNobodyFree:
      break;
  }
  return Reason::kNobodyFree;
}

// --- Call looks for an agent ------------------------------------------------

uint32_t EngineImpl::OffersMax(uint32_t queue) const {
  const Strategy& strategy = queues_[queue].config.strategy;
  if (strategy.ring == RingMode::kOne) return 1;
  const uint32_t limit = static_cast<uint32_t>(options_.offers_per_call_max);
  if (strategy.offers_max <= 0) return limit;
  return std::min(limit, static_cast<uint32_t>(strategy.offers_max));
}

// Offers the call to the agent or agents its queue's strategy names; false if
// nobody may have it now.
bool EngineImpl::TryOffer(uint32_t slot) {
  Matcher::AgentCursor cursor;
  if (!call_searches_.empty()) {
    const auto it = call_searches_.find(slot);
    if (it != call_searches_.end()) {
      cursor = it->second.cursor;
      timers_.Cancel(&it->second.timer);
      call_searches_.erase(it);
    }
  }
  const Matcher::AgentChoice first = matcher_.PickAgent(slot, &cursor);
  if (first.cut) {
    ++stats_.searches_continued;
    CallSearch& search = call_searches_[slot];
    search.cursor = cursor;
    search.timer = Arm(now_ + 1, TimerKind::kContinueCall, slot);
    return false;
  }
  if (first.agent == kNone) return false;
  const uint32_t queue = matcher_.LaneQueue(first.lane);
  const Reason reason = ReasonOf(queues_[queue].config.strategy.order);
  const Strategy& strategy = queues_[queue].config.strategy;
  MakeOffer(slot, first.agent, queue, reason);
  if (calls_[slot].place != CallPlace::kOffered) return true;  // Not rung.
  if (strategy.ring == RingMode::kProgressive) {
    timers_.Cancel(&calls_[slot].wait_timer);
    calls_[slot].wait_timer = Arm(now_ + queues_[queue].progressive_us,
                                  TimerKind::kProgressive, slot);
  } else if (strategy.ring == RingMode::kAll) {
    const uint32_t offers_max = OffersMax(queue);
    while (calls_[slot].offers < offers_max) {
      Matcher::AgentCursor more;
      const Matcher::AgentChoice next = matcher_.PickAgent(slot, &more);
      if (next.agent == kNone || next.lane != first.lane ||
          next.tier != first.tier) {
        break;
      }
      MakeOffer(slot, next.agent, queue, reason);
    }
  }
  if (strategy.ring != RingMode::kOne && strategy.freed_agents_join &&
      calls_[slot].offers < OffersMax(queue)) {
    EnterLanes(slot);
  }
  return true;
}

// Ring progressively: one more agent, and again after the interval.
void EngineImpl::RingMore(uint32_t slot) {
  Call& call = calls_[slot];
  if (call.place != CallPlace::kOffered) return;
  const uint32_t queue = offers_[call.first_offer].queue;
  if (call.offers < OffersMax(queue)) {
    Matcher::AgentCursor cursor;
    const Matcher::AgentChoice next = matcher_.PickAgent(slot, &cursor);
    if (next.agent != kNone) {
      const uint32_t through = matcher_.LaneQueue(next.lane);
      MakeOffer(slot, next.agent, through,
                ReasonOf(queues_[through].config.strategy.order));
      if (queues_[queue].config.strategy.freed_agents_join &&
          calls_[slot].offers < OffersMax(queue)) {
        EnterLanes(slot);
      }
    }
  }
  calls_[slot].wait_timer =
      Arm(now_ + queues_[queue].progressive_us, TimerKind::kProgressive, slot);
}

// There is room, or somebody may be asked again. A ring-all that freed agents
// join takes those it had to leave out, of the penalties that are ringing.
void EngineImpl::Refill(uint32_t slot) {
  const Call& call = calls_[slot];
  if (call.place != CallPlace::kOffered) return;
  const uint32_t queue = offers_[call.first_offer].queue;
  const Strategy& strategy = queues_[queue].config.strategy;
  const uint32_t most = OffersMax(queue);
  if (!strategy.freed_agents_join || call.offers >= most) return;
  const auto penalty = [&](uint32_t agent) {
    const Profile::Member* member = matcher_.profile(agent).FindMember(queue);
    return strategy.ignore_penalty || member == nullptr ? 0 : member->penalty;
  };
  int32_t tier = INT32_MIN;
  for (uint32_t o = call.first_offer; o != kNone; o = offers_[o].next_of_call) {
    tier = std::max(tier, penalty(offers_[o].agent));
  }
  while (strategy.ring == RingMode::kAll && call.offers < most) {
    Matcher::AgentCursor cursor;
    const Matcher::AgentChoice next = matcher_.PickAgent(slot, &cursor);
    if (next.agent == kNone || matcher_.LaneQueue(next.lane) != queue ||
        penalty(next.agent) > tier) {
      break;
    }
    MakeOffer(slot, next.agent, queue, ReasonOf(strategy.order));
  }
  if (call.offers < most && !matcher_.ticket(slot).in_lanes) {
    EnterLanes(slot);
  }
}

// --- Agent looks for a call -------------------------------------------------

void EngineImpl::MatchAgent(uint32_t agent, uint8_t medium) {
  Matcher::CallCursor cursor;
  if (!agent_searches_.empty()) {
    const auto it = agent_searches_.find(agent);
    if (it != agent_searches_.end()) {
      cursor = it->second.cursor;
      timers_.Cancel(&it->second.timer);
      agent_searches_.erase(it);
    }
  }
  if (((matcher_.seat(agent).mask >> medium) & 1) == 0) return;
  if (OfferPersonal(agent, medium)) return;
  const Matcher::CallChoice choice =
      matcher_.PickCall(agent, medium, due_, &cursor);
  if (choice.cut) {
    ++stats_.searches_continued;
    AgentSearch& search = agent_searches_[agent];
    search.cursor = cursor;
    search.medium = medium;
    search.timer = Arm(now_ + 1, TimerKind::kContinueAgent, agent);
    return;
  }
  if (choice.call == kNone) return;
  const uint32_t slot = choice.call;
  const uint32_t queue = matcher_.LaneQueue(choice.lane);
  const bool joining = calls_[slot].place == CallPlace::kOffered;
  const Strategy& strategy = queues_[queue].config.strategy;
  MakeOffer(slot, agent, queue, ReasonOf(strategy.order));
  if (strategy.ring == RingMode::kOne ||
      calls_[slot].place != CallPlace::kOffered) {
    return;
  }
  if (!joining && strategy.ring == RingMode::kProgressive) {
    calls_[slot].wait_timer = Arm(now_ + queues_[queue].progressive_us,
                                  TimerKind::kProgressive, slot);
  }
  if (strategy.freed_agents_join && calls_[slot].offers < OffersMax(queue)) {
    EnterLanes(slot);
  }
}

// Many agents are free at once: their queues say who is the first to be asked.
// Calls go in the order in which the agents would take them.
void EngineImpl::MatchAll() {
  for (uint32_t a = 0; a < agents_.slots(); ++a) {
    if (agents_[a].live) Refresh(a);
  }
  for (uint32_t a = 0; a < agents_.slots(); ++a) {
    if (!agents_[a].live) continue;
    for (uint8_t m = 0; m < kMediaMax; ++m) {
      while (((matcher_.seat(a).mask >> m) & 1) != 0) {
        if (OfferPersonal(a, m)) break;
        Matcher::CallCursor cursor;
        const Matcher::CallChoice choice =
            matcher_.PickCall(a, m, due_, &cursor);
        if (!choice.cut && choice.call != kNone &&
            calls_[choice.call].place == CallPlace::kWaiting) {
          EndSearch(choice.call);
          if (TryOffer(choice.call)) continue;
        }
        MatchAgent(a, m);
        break;
      }
    }
  }
}

// Members marked reserve begin to help: each free one takes the best call it
// may have, longest idle first.
void EngineImpl::MatchReserve(uint32_t queue) {
  if (!queues_[queue].reserve_opened) return;
  queues_[queue].reserve_opened = false;
  std::vector<uint32_t> agents;
  matcher_.CollectIdleReserve(queue, &agents);
  for (const uint32_t agent : agents) MatchAgent(agent, queues_[queue].medium);
}

// So many agents of a pool are free now that a guard lets one go: the best
// calls it kept waiting try again.
void EngineImpl::MatchOpened() {
  std::array<uint64_t, kMediaMax> pools = {0, 0, 0, 0};
  const auto waits = [this](uint32_t slot) {
    return calls_[slot].place == CallPlace::kWaiting;
  };
  bool again = true;
  while (again) {  // As long as another call is served.
    again = false;
    matcher_.TakeOpened(&pools);
    for (const auto& next : matcher_.WaitingFor(pools, due_, waits)) {
      if (!matcher_.MayFind(next.call, next.lane)) continue;
      EndSearch(next.call);  // From the start: those left out may be had now.
      if (!TryOffer(next.call)) continue;
      again = true;
      break;
    }
  }
}

// --- The offer itself -------------------------------------------------------

void EngineImpl::MakeOffer(uint32_t slot, uint32_t agent_slot, uint32_t queue,
                           Reason reason) {
  if (calls_[slot].place == CallPlace::kWaiting) {
    LeaveWaiting(slot);
  } else if (matcher_.ticket(slot).in_lanes) {
    LeaveLanes(slot);
  }
  const uint32_t id = offers_.Add();
  Call& call = calls_[slot];
  Offer& offer = offers_[id];
  Agent& agent = agents_[agent_slot];
  Queue& q = queues_[queue];
  call.place = CallPlace::kOffered;
  offer.call = slot;
  offer.agent = agent_slot;
  offer.queue = static_cast<uint16_t>(queue);
  offer.medium = q.medium;
  offer.next_of_call = call.first_offer;
  call.first_offer = id;
  ++call.offers;
  ++agent.ringing[q.medium];
  agent.ringing_offer[q.medium] = id;
  offer.since = now_;
  ++q.stats.offers;
  matcher_.NoteRung(queue, agent_slot);
  Refresh(agent_slot);
  if (outbound_ != nullptr && outbound_->Answered(slot)) {
    Accept(id, false);  // The person is there: nobody is rung.
    return;
  }
  const Matcher::MemberExtra* extra = matcher_.FindExtra(agent_slot, queue);
  const int64_t ring =
      extra != nullptr && extra->ring_us >= 0 ? extra->ring_us : q.ring_us;
  offer.timer = Arm(now_ + ring, TimerKind::kRingEnd, id);
  Decision& decision = EmitOffer(DecisionKind::kOffer, reason, id);
  decision.queue = QueueIdOf(queue);
  decision.deadline = HostTime(now_ + ring);
}

}  // namespace callrouter
