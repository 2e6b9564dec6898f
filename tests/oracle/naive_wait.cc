// Waiting, and the offers that end it.

#include <algorithm>

#include "tests/oracle/naive_engine.h"

namespace callrouter::oracle {

void NaiveEngine::JoinQueue(uint32_t slot, uint32_t queue, int64_t at) {
  NaiveCall& call = calls_[slot];
  call.pending = 0;
  call.queue = queue;
  call.queue_joined = call.step_time = at;
  call.next_step = call.fired = call.passed = 0;
  call.extra.clear();
  TakeFirstSteps(slot);
  Wait(slot, true);
}

void NaiveEngine::Wait(uint32_t slot, bool announce, bool returned) {
  if ((calls_[slot].preferred != 0 && TryPreferred(slot)) ||
      (!calls_[slot].personal && TryOffer(slot))) {
    ArmStep(slot);
    return;
  }
  const Reason why =
      returned ? Reason::kOutsideFailed : WhyWaiting(calls_[slot]);
  EnterWaiting(slot);
  if (announce) {
    Decision& queued = EmitCall(DecisionKind::kQueued, why, slot);
    queued.value = static_cast<int32_t>(Waiting(calls_[slot].queue));
  }
  RunSteps(slot);
}

void NaiveEngine::EnterWaiting(uint32_t slot) {
  NaiveCall& call = calls_[slot];
  call.place = CallPlace::kWaiting;
  if (call.attempt != 0) dialing_->Waits(call.attempt);
  const int64_t above = config_.queues[call.queue].reserve_above;
  if (Waiting(call.queue) == above + 1) {
    queues_[call.queue].reserve_opened = true;
    MarkDirty(call.queue);
  } else if (AnyPending(call.queue)) {
    MarkDirty(call.queue);
  }
  if (call.personal) {
    call.wait_timer = Arm(
        call.queue_joined + Us(config_.queues[call.queue].preferred_patience),
        Alarm::kPatience, slot);
    return;
  }
  Stand(slot);
}

// Freed agents find the call from now on. It tries again when it reaches the
// ceiling of one of its queues.
void NaiveEngine::Stand(uint32_t slot) {
  NaiveCall& call = calls_[slot];
  call.standing = true;
  Cancel(&call.ceiling_timer);
  int64_t cap = INT64_MAX;
  for (const uint32_t queue : QueuesOf(call)) {
    const int64_t at = CapTime(call, queue);
    if (at > due_) cap = std::min(cap, at);
  }
  if (cap != INT64_MAX) {
    call.ceiling_timer = Arm(cap, Alarm::kCeiling, slot);
  }
}

void NaiveEngine::Unstand(uint32_t slot) {
  calls_[slot].standing = false;
  Cancel(&calls_[slot].ceiling_timer);
}

void NaiveEngine::LeaveWaiting(uint32_t slot) {
  NaiveCall& call = calls_[slot];
  call.place = CallPlace::kNone;
  Cancel(&call.wait_timer);
  call.personal = false;
  Unstand(slot);
}

void NaiveEngine::Rematch(uint32_t slot) {
  LeaveWaiting(slot);
  Wait(slot, false);
}

Reason NaiveEngine::WhyWaiting(const NaiveCall& call) const {
  if (call.personal) return Reason::kWaitingForAgent;
  const std::vector<uint32_t> queues = QueuesOf(call);
  bool logged_in = false, spared = false, reserved = false;
  for (std::size_t place = 0; place < queues.size(); ++place) {
    const std::string made = Made(call, place);
    for (uint32_t a = 0; a < agents_.size(); ++a) {
      if (!agents_[a].live || !agents_[a].logged_in ||
          !Fits(agents_[a], queues[place], made) ||
          !Meets(agents_[a], call.own)) {
        continue;
      }
      logged_in = true;
      if (!Free(a, medium_[queues[place]])) continue;
      (Reserved(queues[place], a) ? reserved : spared) = true;
    }
  }
  return !logged_in ? Reason::kNobodyLoggedIn
         : spared   ? Reason::kSkipped
         : reserved ? Reason::kReserved
                    : Reason::kNobodyFree;
}

// --- The named agent first --------------------------------------------------

bool NaiveEngine::TryPreferred(uint32_t slot) {
  NaiveCall& call = calls_[slot];
  call.personal = false;
  uint32_t agent = kNobody;
  for (uint32_t a = 0; a < agents_.size(); ++a) {
    if (agents_[a].live && agents_[a].serial == call.preferred) agent = a;
  }
  const int64_t patience = Us(config_.queues[call.queue].preferred_patience);
  const uint8_t medium = medium_[call.queue];
  bool wanted =
      agent != kNobody && patience > 0 && now_ < call.queue_joined + patience;
  if (wanted) {
    const NaiveAgent& a = agents_[agent];
    wanted = a.logged_in && !a.paused && a.capacity[medium] > 0 &&
             !Spared(call, agent) && Fits(a, call.queue, Made(call, 0)) &&
             Meets(a, call.own);
  }
  if (!wanted) {
    call.preferred = 0;
    return false;
  }
  if (Free(agent, medium)) {
    MakeOffer(slot, agent, call.queue, Reason::kPreferredAgent);
    return true;
  }
  call.personal = true;
  return false;
}

namespace {

bool PersonalBefore(const NaiveCall& x, const NaiveCall& y) {
  if (x.priority != y.priority) return x.priority > y.priority;
  return x.origin < y.origin;
}

}  // namespace

void NaiveEngine::ReleasePersonal(uint32_t agent) {
  for (;;) {
    uint32_t first = kNobody;
    for (uint32_t c = 0; c < calls_.size(); ++c) {
      const NaiveCall& call = calls_[c];
      if (!call.live || call.place != CallPlace::kWaiting || !call.personal ||
          call.preferred != agents_[agent].serial) {
        continue;
      }
      if (first == kNobody || PersonalBefore(call, calls_[first])) first = c;
    }
    if (first == kNobody) return;
    LeaveWaiting(first);
    calls_[first].preferred = 0;
    Wait(first, false);
  }
}

bool NaiveEngine::OfferPersonal(uint32_t agent, uint8_t medium) {
  uint32_t first = kNobody;
  for (uint32_t c = 0; c < calls_.size(); ++c) {
    const NaiveCall& call = calls_[c];
    if (!call.live || call.place != CallPlace::kWaiting || !call.personal ||
        call.preferred != agents_[agent].serial ||
        medium_[call.queue] != medium) {
      continue;
    }
    if (first == kNobody || PersonalBefore(call, calls_[first])) first = c;
  }
  if (first == kNobody) return false;
  MakeOffer(first, agent, calls_[first].queue, Reason::kPreferredAgent);
  return true;
}

// --- Offers -----------------------------------------------------------------

int64_t NaiveEngine::OffersMax(uint32_t queue) const {
  const Strategy& strategy = config_.queues[queue].strategy;
  if (strategy.ring == RingMode::kOne) return 1;
  const int64_t limit = options_.offers_per_call_max;
  return strategy.offers_max <= 0
             ? limit
             : std::min<int64_t>(limit, strategy.offers_max);
}

bool NaiveEngine::TryOffer(uint32_t slot) {
  const Pick first = PickAgent(slot);
  if (first.agent == kNobody) return false;
  const Strategy& strategy = config_.queues[first.queue].strategy;
  const Reason reason = static_cast<Reason>(strategy.order);
  MakeOffer(slot, first.agent, first.queue, reason);
  if (calls_[slot].attempt != 0) return true;
  const int64_t most = OffersMax(first.queue);
  const auto ringing = [&] {
    return static_cast<int64_t>(calls_[slot].offers.size());
  };
  if (strategy.ring == RingMode::kProgressive) {
    calls_[slot].wait_timer = Arm(now_ + Us(strategy.progressive_interval),
                                  Alarm::kProgressive, slot);
  } else if (strategy.ring == RingMode::kAll) {
    while (ringing() < most) {
      const Pick next = PickAgent(slot);
      if (next.agent == kNobody || next.place != first.place ||
          next.penalty != first.penalty) {
        break;
      }
      MakeOffer(slot, next.agent, next.queue, reason);
    }
  }
  if (strategy.ring != RingMode::kOne && strategy.freed_agents_join &&
      ringing() < most) {
    Stand(slot);
  }
  return true;
}

// Freed agents join: whoever is free, of a penalty that rings, is asked as soon
// as there is room.
void NaiveEngine::Refill(uint32_t slot) {
  NaiveCall& call = calls_[slot];
  if (call.place != CallPlace::kOffered) return;
  const uint32_t queue = offers_[call.offers.front()].queue;
  const Strategy& strategy = config_.queues[queue].strategy;
  if (!strategy.freed_agents_join) return;
  int64_t highest = INT64_MIN;
  for (const uint32_t o : call.offers) {
    highest = std::max(highest, Penalty(offers_[o].agent, queue));
  }
  const auto room = [&] {
    return static_cast<int64_t>(call.offers.size()) < OffersMax(queue);
  };
  while (strategy.ring == RingMode::kAll && room()) {
    const Pick next = PickAgent(slot);
    if (next.agent == kNobody || next.queue != queue ||
        Penalty(next.agent, queue) > highest) {
      break;
    }
    MakeOffer(slot, next.agent, queue, static_cast<Reason>(strategy.order));
  }
  if (room() && !call.standing) Stand(slot);
}

void NaiveEngine::RingMore(uint32_t slot) {
  if (calls_[slot].place != CallPlace::kOffered) return;
  const uint32_t queue = offers_[calls_[slot].offers.front()].queue;
  const Strategy& strategy = config_.queues[queue].strategy;
  if (static_cast<int64_t>(calls_[slot].offers.size()) < OffersMax(queue)) {
    const Pick next = PickAgent(slot);
    if (next.agent != kNobody) {
      MakeOffer(slot, next.agent, next.queue,
                static_cast<Reason>(config_.queues[next.queue].strategy.order));
      if (strategy.freed_agents_join &&
          static_cast<int64_t>(calls_[slot].offers.size()) < OffersMax(queue)) {
        Stand(slot);
      }
    }
  }
  calls_[slot].wait_timer =
      Arm(now_ + Us(strategy.progressive_interval), Alarm::kProgressive, slot);
}

void NaiveEngine::MakeOffer(uint32_t slot, uint32_t agent_slot, uint32_t queue,
                            Reason reason) {
  if (calls_[slot].place == CallPlace::kWaiting) LeaveWaiting(slot);
  Unstand(slot);
  const uint32_t id = static_cast<uint32_t>(offers_.size());
  offers_.emplace_back();
  NaiveCall& call = calls_[slot];
  NaiveOffer& offer = offers_.back();
  NaiveAgent& agent = agents_[agent_slot];
  call.place = CallPlace::kOffered;
  call.offers.insert(call.offers.begin(), id);
  offer.live = true;
  offer.call = slot;
  offer.agent = agent_slot;
  offer.queue = queue;
  offer.medium = medium_[queue];
  offer.started = now_;
  ++agent.ringing[offer.medium];
  queues_[queue].last_agent = agent_slot;
  queues_[queue].last_position = Position(agent_slot, queue);
  Refresh(agent_slot);
  if (call.attempt != 0) {
    Accept(id, false);
    return;
  }
  int64_t ring = Us(config_.queues[queue].ring);
  const auto member = agent.members.find(queue);
  if (member != agent.members.end() && member->second.ring_us >= 0) {
    ring = member->second.ring_us;
  }
  offer.timer = Arm(now_ + ring, Alarm::kRingEnd, id);
  Decision& decision = EmitCall(DecisionKind::kOffer, reason, slot);
  decision.queue = QueueId(queue, 1);
  Name(agent_slot, &decision);
  decision.offer = OfferId(id, 1);
  decision.deadline = HostTime(now_ + ring);
}

}  // namespace callrouter::oracle
