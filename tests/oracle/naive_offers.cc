// Offers: answered, connected, and every way they fail.

#include <algorithm>

#include "tests/oracle/naive_engine.h"

namespace callrouter::oracle {

void NaiveEngine::TooLate(const Event& event) {
  Decision& release = Emit(DecisionKind::kReleaseAgent, Reason::kTooLate);
  release.offer = event.offer;
  release.call_ref = event.call_ref;
  const uint32_t agent = FindAgent(event);
  if (agent != kNobody) Name(agent, &release);
}

NaiveEngine::Code NaiveEngine::OnOffer(const Event& event) {
  uint32_t id = kNobody;
  if (!event.offer.none()) {
    if (event.offer.slot() >= offers_.size()) return Code::kNotFound;
    if (offers_[event.offer.slot()].live) id = event.offer.slot();
  } else {
    uint32_t slot = 0;
    const Found found = FindCall(event, &slot);
    if (found == Found::kUnknown) {
      return event.call_ref == 0 ? Code::kInvalidArgument : Code::kNotFound;
    }
    uint32_t agent = 0;
    const Code code = NeedAgent(event, &agent);
    if (code != Code::kOk) return code;
    if (found == Found::kLive) {
      for (const uint32_t o : calls_[slot].offers) {
        if (offers_[o].agent == agent && id == kNobody) id = o;
      }
    }
  }
  const bool answer = event.kind == EventKind::kOfferAccepted ||
                      event.kind == EventKind::kOfferConnecting ||
                      event.kind == EventKind::kOfferConnected;
  if (id == kNobody) {
    if (answer) TooLate(event);
    return Code::kOk;
  }
  const NaiveOffer offer = offers_[id];
  const Misses& misses = config_.queues[offer.queue].misses;
  if (answer) {
    if (event.kind == EventKind::kOfferConnected) {
      if (!offer.accepted) Accept(id, true);
      if (!offer.connected) Connected(id);
    } else if (!offer.accepted) {
      Accept(id, event.kind == EventKind::kOfferConnecting);
    }
    return Code::kOk;
  }
  if (event.kind == EventKind::kConnectFailed) {
    if (offer.connected) return Code::kFailedPrecondition;
    if (offer.accepted) {
      ConnectFailed(id, Reason::kNone, true);
    } else {
      Missed(id, Us(misses.cool_off_failed));
    }
    return Code::kOk;
  }
  if (offer.accepted) return Code::kOk;
  switch (event.kind) {
    case EventKind::kOfferDeclined:
      Missed(id, Us(misses.cool_off_declined));
      break;
    case EventKind::kOfferNoAnswer:
      Missed(id, Us(misses.cool_off_no_answer));
      break;
    case EventKind::kOfferBusy:
      Missed(id, Us(misses.cool_off_busy));
      break;
    case EventKind::kOfferFailed:
      Missed(id, Us(misses.cool_off_failed));
      break;
    default:
      Spare(offer.call, offer.agent, Us(misses.skip_for_caller));
      OfferOver(id);
  }
  return Code::kOk;
}

NaiveEngine::Code NaiveEngine::OnResult(const Event& event) {
  if (event.sequence == 0 || event.sequence > sequence_) {
    return Code::kNotFound;
  }
  const auto it = results_.find(event.sequence);
  if (it == results_.end()) return Code::kOk;
  const uint32_t slot = it->second;
  NaiveCall& call = calls_[slot];
  const bool done = event.kind == EventKind::kDone;
  if (call.place == CallPlace::kConnecting) {
    const uint32_t offer = call.offers.front();
    if (done) {
      Connected(offer);
    } else {
      ConnectFailed(offer, Reason::kNone, true);
    }
  } else if (call.place == CallPlace::kOutside) {
    if (done) {
      results_.erase(call.result);
      call.place = CallPlace::kNone;
      Finish(slot, NaiveDialing::How::kElsewhere);
    } else {
      OutsideOver(slot);
    }
  }
  return Code::kOk;
}

void NaiveEngine::Accept(uint32_t id, bool host_joins) {
  const uint32_t slot = offers_[id].call;
  Cancel(&calls_[slot].wait_timer);
  CancelOffers(slot, Reason::kAnsweredElsewhere, id);
  NaiveOffer& offer = offers_[id];
  NaiveAgent& agent = agents_[offer.agent];
  Cancel(&offer.timer);
  offer.accepted = true;
  offer.stalled = false;
  offer.timer =
      Arm(now_ + Us(options_.connect_timeout), Alarm::kConnectEnd, id);
  --agent.ringing[offer.medium];
  ++agent.used[offer.medium];
  agent.misses = 0;
  calls_[slot].place = CallPlace::kConnecting;
  calls_[slot].agent = offer.agent;
  const uint32_t agent_slot = offer.agent;
  if (!host_joins) {
    const uint64_t attempt = calls_[slot].attempt;
    if (attempt != 0) dialing_->Joined(attempt, agent_slot);
    Decision& connect =
        EmitCall(DecisionKind::kConnect,
                 attempt != 0 ? Reason::kDialled : Reason::kNone, slot);
    connect.queue = QueueId(offer.queue, 1);
    Name(agent_slot, &connect);
    connect.offer = OfferId(id, 1);
    connect.deadline = HostTime(now_ + Us(options_.connect_timeout));
    offer.connect = connect.sequence;
    results_[connect.sequence] = slot;
  }
  RefreshAndMatch(agent_slot);
}

void NaiveEngine::Connected(uint32_t id) {
  NaiveOffer& offer = offers_[id];
  NaiveCall& call = calls_[offer.call];
  NaiveAgent& agent = agents_[offer.agent];
  Cancel(&offer.timer);
  results_.erase(offer.connect);
  offer.connect = 0;
  offer.connected = true;
  call.pending = 0;
  Cancel(&call.step_timer);
  call.place = CallPlace::kConnected;
  call.connected_at = now_;
  call.queue = offer.queue;
  call.preferred = 0;
  for (NaiveSpare& spare : call.spared) Cancel(&spare.timer);
  call.spared.clear();
  agent.calls.insert(agent.calls.begin(), offer.call);
  ++agent.connected;
  call.answered = true;
  if (dialing_) dialing_->Left(offer.agent);
  if (call.attempt != 0) dialing_->Connected(call.attempt, offer.agent);
  RefreshAndMatch(offer.agent);
}

void NaiveEngine::EndService(uint32_t slot) {
  NaiveCall& call = calls_[slot];
  const uint32_t id = call.offers.front();
  const uint32_t agent_slot = offers_[id].agent;
  const uint32_t queue = offers_[id].queue;
  NaiveAgent& agent = agents_[agent_slot];
  agent.last_end = now_;
  agent.talk_us += now_ - call.connected_at;
  agent.calls.erase(std::remove(agent.calls.begin(), agent.calls.end(), slot),
                    agent.calls.end());
  call.place = CallPlace::kNone;
  call.agent = kNobody;
  DropOffer(id);
  int64_t wrap = Us(config_.queues[queue].wrap_up);
  if (agent.wrap_us >= 0) wrap = agent.wrap_us;
  const auto member = agent.members.find(queue);
  if (member != agent.members.end() && member->second.wrap_us >= 0) {
    wrap = member->second.wrap_us;
  }
  if (wrap > 0 && agent.logged_in) {
    agent.wrap_up = true;
    Cancel(&agent.wrap_timer);
    agent.wrap_timer = Arm(now_ + wrap, Alarm::kWrapUpEnd, agent_slot);
  }
  RefreshAndMatch(agent_slot);
}

void NaiveEngine::DropOffer(uint32_t id) {
  NaiveOffer& offer = offers_[id];
  std::vector<uint32_t>& offers = calls_[offer.call].offers;
  offers.erase(std::remove(offers.begin(), offers.end(), id), offers.end());
  NaiveAgent& agent = agents_[offer.agent];
  --(offer.accepted ? agent.used : agent.ringing)[offer.medium];
  if (dialing_) dialing_->Left(offer.agent);
  results_.erase(offer.connect);
  Cancel(&offer.timer);
  offer.live = false;
}

void NaiveEngine::AfterOffer(uint32_t slot) {
  NaiveCall& call = calls_[slot];
  if (!call.offers.empty()) {
    Refill(slot);
    return;
  }
  Unstand(slot);
  Cancel(&call.wait_timer);
  call.place = CallPlace::kNone;
  call.agent = kNobody;
  if (StepDue(call) > now_) {
    Wait(slot, false);
    return;
  }
  const uint64_t serial = call.serial;
  const uint32_t step = call.next_step;
  EnterWaiting(slot);
  RunSteps(slot);
  if (calls_[slot].live && calls_[slot].serial == serial &&
      calls_[slot].next_step != step &&
      calls_[slot].place == CallPlace::kWaiting) {
    Rematch(slot);
  }
}

void NaiveEngine::Missed(uint32_t id, int64_t cool_off_us) {
  const uint32_t slot = offers_[id].call;
  const uint32_t agent_slot = offers_[id].agent;
  const uint32_t queue = offers_[id].queue;
  DropOffer(id);
  NaiveAgent& agent = agents_[agent_slot];
  ++agent.misses;
  if (cool_off_us > 0) {
    agent.cool_off = true;
    Cancel(&agent.cool_timer);
    agent.cool_timer = Arm(now_ + cool_off_us, Alarm::kCoolOffEnd, agent_slot);
  }
  PauseByRule(agent_slot, queue);
  Spare(slot, agent_slot, Us(config_.queues[queue].misses.skip_for_caller));
  AfterOffer(slot);
  RefreshAndMatch(agent_slot);
}

void NaiveEngine::OfferOver(uint32_t id) {
  DropOffer(id);
  AfterOffer(offers_[id].call);
  RefreshAndMatch(offers_[id].agent);
}

void NaiveEngine::ConnectFailed(uint32_t id, Reason reason, bool charge) {
  if (reason != Reason::kNone) {
    Decision& release =
        EmitCall(DecisionKind::kReleaseAgent, reason, offers_[id].call);
    Name(offers_[id].agent, &release);
    release.offer = OfferId(id, 1);
  }
  if (charge) {
    Missed(id, Us(config_.queues[offers_[id].queue].misses.cool_off_failed));
  } else {
    OfferOver(id);
  }
}

void NaiveEngine::CancelOffers(uint32_t slot, Reason reason, uint32_t keep) {
  Unstand(slot);
  std::vector<uint32_t> freed;
  const std::vector<uint32_t> all = calls_[slot].offers;
  for (const uint32_t o : all) {
    if (o == keep) continue;
    Decision& cancel = EmitCall(DecisionKind::kCancelOffer, reason, slot);
    Name(offers_[o].agent, &cancel);
    cancel.offer = OfferId(o, 1);
    DropOffer(o);
    freed.push_back(offers_[o].agent);
  }
  for (const uint32_t agent : freed) RefreshAndMatch(agent);
}

void NaiveEngine::Spare(uint32_t slot, uint32_t agent, int64_t us) {
  if (us <= 0) return;
  std::vector<NaiveSpare>& spared = calls_[slot].spared;
  for (std::size_t i = 0; i < spared.size(); ++i) {
    if (spared[i].agent_serial != agents_[agent].serial) continue;
    Cancel(&spared[i].timer);
    spared.erase(spared.begin() + static_cast<std::ptrdiff_t>(i));
    break;
  }
  if (spared.size() ==
      static_cast<std::size_t>(options_.exclusions_per_call_max)) {
    Cancel(&spared.back().timer);
    spared.pop_back();
  }
  spared.insert(spared.begin(), {agents_[agent].serial,
                                 Arm(now_ + us, Alarm::kSpareEnd, slot)});
}

}  // namespace callrouter::oracle
