// Offers: ringing, accepted, connected; and every way they fail.

#include <array>

#include "absl/strings/str_cat.h"
#include "engine_impl.h"

namespace callrouter {

// OK with kNone in `*out`: the offer was there once and is over.
absl::Status EngineImpl::FindOffer(const Event& event, uint32_t* out) const {
  *out = kNone;
  if (!event.offer.none()) {
    const uint32_t slot = event.offer.slot();
    if (slot < offers_.slots()) {
      const Offer& offer = offers_[slot];
      if (offer.generation == event.offer.generation() && offer.live) {
        *out = slot;
        return absl::OkStatus();
      }
      if (event.offer.generation() < offer.generation) return absl::OkStatus();
    }
    return absl::NotFoundError("offer: the handle was never given out");
  }
  uint32_t call = kNone;
  const Found found = FindCall(event, &call);
  if (found == Found::kUnknown) return UnknownCall(event);
  uint32_t agent = kNone;
  absl::Status status = NeedAgent(event, &agent);
  if (!status.ok()) return status;
  if (found == Found::kGone) return absl::OkStatus();
  for (uint32_t o = calls_[call].first_offer; o != kNone;
       o = offers_[o].next_of_call) {
    if (offers_[o].agent == agent) {
      *out = o;
      break;
    }
  }
  return absl::OkStatus();
}

absl::Status EngineImpl::OnOffer(const Event& event) {
  uint32_t id;
  const absl::Status status = FindOffer(event, &id);
  if (!status.ok()) return status;
  if (id == kNone) return OnStaleOffer(event);
  const Offer& offer = offers_[id];
  if (offer.connected && event.kind == EventKind::kConnectFailed) {
    return absl::FailedPreconditionError(
        "offer: is connected; expected CallEnded or AgentReleased");
  }
  Touch(offer.call);
  switch (event.kind) {
    case EventKind::kOfferAccepted:
    case EventKind::kOfferConnecting:
      if (offer.accepted) {
        ++stats_.repeats;
      } else {
        Accept(id, event.kind == EventKind::kOfferConnecting);
      }
      return absl::OkStatus();
    case EventKind::kOfferConnected:
      if (offer.connected) {
        ++stats_.repeats;
        return absl::OkStatus();
      }
      if (!offer.accepted) Accept(id, true);
      Connected(id);
      return absl::OkStatus();
    case EventKind::kConnectFailed:
      if (offer.accepted) {
        ConnectFailed(id, Reason::kNone, true);
      } else {
        Missed(id, Miss::kFailed);
      }
      return absl::OkStatus();
    default:
      break;
  }
  if (offer.accepted) {  // Overtaken by its own answer.
    ++stats_.races;
    return absl::OkStatus();
  }
  switch (event.kind) {
    case EventKind::kOfferDeclined:
      Missed(id, Miss::kDeclined);
      break;
    case EventKind::kOfferNoAnswer:
      Missed(id, Miss::kNoAnswer);
      break;
    case EventKind::kOfferBusy:
      Missed(id, Miss::kBusy);
      break;
    case EventKind::kOfferFailed:
      Missed(id, Miss::kFailed);
      break;
    default: {
      const Offer& cancelled = offers_[id];
      Exclude(cancelled.call, cancelled.agent,
              queues_[cancelled.queue].skip_us);
      OfferOver(id);
    }
  }
  return absl::OkStatus();
}

// Word of an offer that is over: an answer must be undone, the rest is late.
absl::Status EngineImpl::OnStaleOffer(const Event& event) {
  if (event.kind != EventKind::kOfferAccepted &&
      event.kind != EventKind::kOfferConnecting &&
      event.kind != EventKind::kOfferConnected) {
    ++stats_.repeats;
    return absl::OkStatus();
  }
  ++stats_.races;
  Decision& release = Emit(DecisionKind::kReleaseAgent, Reason::kTooLate);
  release.offer = event.offer;
  release.call = event.call;
  release.call_ref = event.call_ref;
  const uint32_t agent = AgentOf(event);
  if (agent != kNone) {
    release.agent = AgentIdOf(agent);
    release.agent_ref = agents_[agent].ref;
  }
  return absl::OkStatus();
}

absl::Status EngineImpl::OnResult(const Event& event) {
  if (event.sequence == 0) {
    return absl::InvalidArgumentError(
        "sequence: missing, expected that of a decision given out");
  }
  if (event.sequence > sequence_) {
    return absl::NotFoundError(
        absl::StrCat("sequence: found ", event.sequence,
                     ", expected that of a decision given out"));
  }
  const auto it = results_.find(event.sequence);
  if (it == results_.end()) {
    ++stats_.repeats;
    return absl::OkStatus();
  }
  const uint32_t slot = it->second;
  Touch(slot);
  Call& call = calls_[slot];
  const bool done = event.kind == EventKind::kDone;
  if (call.place == CallPlace::kConnecting) {
    if (done) {
      Connected(call.first_offer);
    } else {
      ConnectFailed(call.first_offer, Reason::kNone, true);
    }
  } else if (call.place == CallPlace::kOutside) {
    if (done) {
      QueueStatistics& stats = queues_[call.home].stats;
      if (!call.answered) {
        ++stats.sent_outside;
        stats.in_progress -= 1;
      }
      results_.erase(call.result);
      timers_.Cancel(&call.wait_timer);
      call.place = CallPlace::kNone;
      if (outbound_ != nullptr) outbound_->CallEnding(slot, Ending::kTalked);
      Finish(slot);
    } else {
      OutsideOver(slot);
    }
  }
  return absl::OkStatus();
}

// --- Answered ---------------------------------------------------------------

// The agent answered and wins the call. `host_joins`: the host is joining the
// legs already and needs no kConnect.
void EngineImpl::Accept(uint32_t id, bool host_joins) {
  const uint32_t slot = offers_[id].call;
  timers_.Cancel(&calls_[slot].wait_timer);
  CancelOffers(slot, Reason::kAnsweredElsewhere, id);
  Offer& offer = offers_[id];
  Agent& agent = agents_[offer.agent];
  Call& call = calls_[slot];
  timers_.Cancel(&offer.timer);
  offer.accepted = true;
  offer.stalled = false;
  offer.timer = Arm(now_ + connect_us_, TimerKind::kConnectEnd, id);
  --agent.ringing[offer.medium];
  ++agent.used[offer.medium];
  agent.misses = 0;
  call.place = CallPlace::kConnecting;
  call.agent = offer.agent;
  const uint32_t agent_slot = offer.agent;
  if (!host_joins) {
    const bool dialled = outbound_ != nullptr && outbound_->Answered(slot);
    if (dialled) outbound_->CallJoined(slot, agent_slot);
    Decision& connect = EmitOffer(
        DecisionKind::kConnect, dialled ? Reason::kDialled : Reason::kNone, id);
    connect.queue = QueueIdOf(offer.queue);
    connect.deadline = HostTime(now_ + connect_us_);
    offer.connect = connect.sequence;
    results_[connect.sequence] = slot;
  }
  RefreshAndMatch(agent_slot);  // Nothing rings any more: room may be left.
}

void EngineImpl::Connected(uint32_t id) {
  Offer& offer = offers_[id];
  const uint32_t slot = offer.call;
  Call& call = calls_[slot];
  Agent& agent = agents_[offer.agent];
  timers_.Cancel(&offer.timer);
  if (offer.connect != 0) results_.erase(offer.connect);
  offer.connect = 0;
  offer.connected = true;
  SetPending(slot, 0);
  timers_.Cancel(&call.step_timer);
  call.place = CallPlace::kConnected;
  offer.since = now_;
  call.queue = offer.queue;
  call.preferred = kNone;
  DropExclusions(slot);
  call.next_of_agent = agent.first_call;
  agent.first_call = slot;
  Matcher::Seat& seat = matcher_.seat(offer.agent);
  const uint8_t mask = seat.mask;
  if (mask != 0) matcher_.SetIdle(offer.agent, 0);
  ++seat.calls;
  if (mask != 0) matcher_.SetIdle(offer.agent, mask);
  if (!call.answered) {
    call.answered = true;
    Queue& home = queues_[call.home];
    const int64_t wait = now_ - call.joined;
    ++home.stats.answered;
    if (wait <= home.target_us) ++home.stats.answered_in_target;
    home.stats.wait_answered_us += wait;
    home.stats.waits.Add(wait);
    home.stats.in_progress -= 1;
    ++queues_[offer.queue].stats.served;
  }
  if (outbound_ != nullptr) outbound_->CallConnected(slot, offer.agent);
  RefreshAndMatch(offer.agent);  // Capacity for more work may be left.
}

void EngineImpl::EndService(uint32_t slot) {
  Call& call = calls_[slot];
  const uint32_t id = call.first_offer;
  const uint32_t agent_slot = offers_[id].agent;
  const uint32_t queue = offers_[id].queue;
  Agent& agent = agents_[agent_slot];
  Matcher::Seat& seat = matcher_.seat(agent_slot);
  const uint8_t mask = seat.mask;
  if (mask != 0) matcher_.SetIdle(agent_slot, 0);
  seat.last_end = now_;
  seat.talk_us += now_ - offers_[id].since;
  if (mask != 0) matcher_.SetIdle(agent_slot, mask);
  Unlink(agent_slot, slot);
  call.place = CallPlace::kNone;
  call.agent = kNone;
  DropOffer(id);
  int64_t wrap = queues_[queue].wrap_us;
  if (agent.wrap_us >= 0) wrap = agent.wrap_us;
  const Matcher::MemberExtra* extra = matcher_.FindExtra(agent_slot, queue);
  if (extra != nullptr && extra->wrap_us >= 0) wrap = extra->wrap_us;
  if (wrap > 0 && agent.logged_in) {
    agent.wrap_up = true;
    timers_.Cancel(&agent.wrap_timer);
    agent.wrap_timer = Arm(now_ + wrap, TimerKind::kWrapUpEnd, agent_slot);
  }
  RefreshAndMatch(agent_slot);
}

// --- Not answered -----------------------------------------------------------

// Takes the offer away from its call and its agent's counts.
void EngineImpl::DropOffer(uint32_t id) {
  Offer& offer = offers_[id];
  Call& call = calls_[offer.call];
  Agent& agent = agents_[offer.agent];
  uint32_t* link = &call.first_offer;
  while (*link != id) link = &offers_[*link].next_of_call;
  *link = offer.next_of_call;
  --call.offers;
  if (outbound_ != nullptr) outbound_->AgentLeft(offer.agent);
  if (offer.accepted) {
    --agent.used[offer.medium];
  } else {
    --agent.ringing[offer.medium];
  }
  if (offer.connect != 0) results_.erase(offer.connect);
  timers_.Cancel(&offer.timer);
  offers_.Remove(id);
}

// The call has one offer less: others ring on, or it needs another agent.
void EngineImpl::AfterOffer(uint32_t slot) {
  Call& call = calls_[slot];
  if (call.offers > 0) {
    Refill(slot);
    return;
  }
  if (matcher_.ticket(slot).in_lanes) LeaveLanes(slot);
  timers_.Cancel(&call.wait_timer);
  call.place = CallPlace::kNone;
  call.agent = kNone;
  if (StepDue(call) > now_) {
    Wait(slot, Announce::kQuietly);
    return;
  }
  // A step has come due meanwhile and goes first.
  const uint32_t generation = call.generation;
  const uint8_t step = call.next_step;
  SetLanes(slot);
  EnterWaiting(slot);
  RunSteps(slot);
  const Call& now = calls_[slot];
  if (now.live && now.generation == generation && now.next_step != step &&
      now.place == CallPlace::kWaiting) {
    Rematch(slot);
  }
}

void EngineImpl::Missed(uint32_t id, Miss miss) {
  const uint32_t slot = offers_[id].call;
  const uint32_t agent_slot = offers_[id].agent;
  const uint32_t queue = offers_[id].queue;
  DropOffer(id);
  Queue& q = queues_[queue];
  Agent& agent = agents_[agent_slot];
  ++q.stats.misses;
  ++agent.misses;
  const int64_t cool_off = q.cool_off_us[static_cast<std::size_t>(miss)];
  if (cool_off > 0) {
    agent.cool_off = true;
    timers_.Cancel(&agent.cool_timer);
    agent.cool_timer = Arm(now_ + cool_off, TimerKind::kCoolOffEnd, agent_slot);
  }
  PauseByRule(agent_slot, queue);
  Exclude(slot, agent_slot, q.skip_us);
  AfterOffer(slot);
  RefreshAndMatch(agent_slot);
}

void EngineImpl::OfferOver(uint32_t id) {
  const uint32_t slot = offers_[id].call;
  const uint32_t agent = offers_[id].agent;
  DropOffer(id);
  AfterOffer(slot);
  RefreshAndMatch(agent);
}

void EngineImpl::ConnectFailed(uint32_t id, Reason reason, bool charge) {
  if (reason != Reason::kNone) {
    EmitOffer(DecisionKind::kReleaseAgent, reason, id);
  }
  if (charge) {
    Missed(id, Miss::kFailed);
  } else {
    OfferOver(id);
  }
}

// Stops the ringing of all offers of the call but `keep`; the freed agents
// look for other calls.
void EngineImpl::CancelOffers(uint32_t slot, Reason reason, uint32_t keep) {
  if (matcher_.ticket(slot).in_lanes) LeaveLanes(slot);
  std::array<uint32_t, 64> freed;
  std::size_t count = 0;
  for (uint32_t o = calls_[slot].first_offer; o != kNone;) {
    const uint32_t next = offers_[o].next_of_call;
    if (o != keep) {
      const uint32_t agent = offers_[o].agent;
      EmitOffer(DecisionKind::kCancelOffer, reason, o);
      DropOffer(o);
      if (count < freed.size()) freed[count++] = agent;
    }
    o = next;
  }
  for (std::size_t i = 0; i < count; ++i) RefreshAndMatch(freed[i]);
}

// --- Agents a caller is spared ----------------------------------------------

void EngineImpl::Exclude(uint32_t slot, uint32_t agent, int64_t us) {
  if (us <= 0) return;
  const bool in_lanes = matcher_.ticket(slot).in_lanes;
  if (in_lanes) LeaveLanes(slot);
  const uint32_t limit =
      static_cast<uint32_t>(options_.exclusions_per_call_max);
  uint32_t count = 0, last = kNone, same = kNone;
  for (uint32_t n = matcher_.ticket(slot).exclusions; n != kNone;
       n = matcher_.ExclusionNext(n)) {
    ++count;
    last = n;
    if (matcher_.ExclusionAgent(n) == agent) same = n;
  }
  // Again the same agent, or room for one more.
  const uint32_t drop = same != kNone ? same : count >= limit ? last : kNone;
  if (drop != kNone) DropExclusion(drop);
  uint32_t node;
  if (matcher_.AddExclusion(slot, agent, limit, &node)) {
    KeepExclusion(node, slot);
    exclusions_[node].timer = Arm(now_ + us, TimerKind::kExclusionEnd, node);
  }
  if (in_lanes) EnterLanes(slot);
}

// Enters a new node of the matcher into the books of its call and agent.
void EngineImpl::KeepExclusion(uint32_t node, uint32_t call) {
  if (node >= exclusions_.size()) exclusions_.resize(std::size_t{node} + 1);
  uint32_t& first = agents_[matcher_.ExclusionAgent(node)].first_exclusion;
  if (first != kNone) exclusions_[first].before = node;
  exclusions_[node] = {call, TimerId(), kNone, first};
  first = node;
}

// The call must be in no lane.
void EngineImpl::DropExclusion(uint32_t node) {
  Exclusion& exclusion = exclusions_[node];
  timers_.Cancel(&exclusion.timer);
  if (exclusion.after != kNone) {
    exclusions_[exclusion.after].before = exclusion.before;
  }
  if (exclusion.before != kNone) {
    exclusions_[exclusion.before].after = exclusion.after;
  } else {
    agents_[matcher_.ExclusionAgent(node)].first_exclusion = exclusion.after;
  }
  matcher_.RemoveExclusion(exclusion.call, node);
  exclusion = Exclusion();
}

void EngineImpl::DropExclusions(uint32_t slot) {
  while (matcher_.ticket(slot).exclusions != kNone) {
    DropExclusion(matcher_.ticket(slot).exclusions);
  }
}

// Nobody is to be kept from whoever gets the slot of an agent that is gone.
void EngineImpl::ForgetAgent(uint32_t agent) {
  while (agents_[agent].first_exclusion != kNone) {
    const uint32_t node = agents_[agent].first_exclusion;
    const uint32_t call = exclusions_[node].call;
    const bool in_lanes = matcher_.ticket(call).in_lanes;
    if (in_lanes) LeaveLanes(call);
    DropExclusion(node);
    if (in_lanes) EnterLanes(call);
  }
}

}  // namespace callrouter
