// Events about agents, and what makes an agent free.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "engine_impl.h"

namespace callrouter {

// --- Free or not ------------------------------------------------------------

uint8_t EngineImpl::FreeMask(uint32_t slot) const {
  const Agent& agent = agents_[slot];
  if (!agent.logged_in || agent.paused || agent.outside || agent.wrap_up ||
      agent.cool_off || agent.leaving) {
    return 0;
  }
  uint8_t busy = 0;  // Media being handled or ringing.
  uint8_t shut = 0;  // Media that a ringing one shuts out.
  for (std::size_t m = 0; m < media_.size(); ++m) {
    if (agent.ringing[m] > 0) shut |= media_excluded_[m];
    if (agent.used[m] + agent.ringing[m] > 0) {
      busy = static_cast<uint8_t>(busy | (1u << m));
    }
  }
  uint8_t mask = 0;
  for (std::size_t m = 0; m < media_.size(); ++m) {
    if (agent.ringing[m] > 0 || agent.used[m] >= agent.capacity[m] ||
        (media_excluded_[m] & busy) != 0 || ((shut >> m) & 1) != 0) {
      continue;
    }
    mask = static_cast<uint8_t>(mask | (1u << m));
  }
  return mask;
}

// Brings the indexes up to date with the agent's state.
uint8_t EngineImpl::Refresh(uint32_t slot) {
  if (outbound_ != nullptr) outbound_->AgentChanged(slot);
  Agent& agent = agents_[slot];
  Matcher::Seat& seat = matcher_.seat(slot);
  bool busy = agent.wrap_up;
  for (std::size_t m = 0; m < media_.size(); ++m) {
    busy = busy || agent.used[m] + agent.ringing[m] > 0;
  }
  if (busy != agent.busy) {
    agent.busy = busy;
    agent.busy_us += busy ? -now_ : now_;
  }
  const uint8_t mask = FreeMask(slot);
  if (agent.ready == 0 && mask != 0) {
    const int64_t staffed = now_ - agent.login_at;
    const int64_t worked = agent.busy_us + (agent.busy ? now_ : 0);
    const double share = static_cast<double>(worked) * 1e6 /
                         static_cast<double>(std::max<int64_t>(staffed, 1));
    seat.occupied_ppm =
        staffed <= 0 ? 0 : static_cast<uint32_t>(std::clamp(share, 0.0, 1e9));
  }
  for (std::size_t m = 0; m < media_.size(); ++m) {
    // Not by the index, which it leaves for a moment when its profile changes.
    if (((mask & ~agent.ready) >> m & 1) != 0) matcher_.SetReady(slot, m, now_);
  }
  agent.ready = mask;
  const uint8_t open = Held() ? 0 : mask;
  if (open == seat.mask) return 0;
  const uint8_t newly = static_cast<uint8_t>(open & ~seat.mask);
  matcher_.SetIdle(slot, open);
  if (!agent_searches_.empty() && open == 0) {
    const auto it = agent_searches_.find(slot);
    if (it != agent_searches_.end()) {
      timers_.Cancel(&it->second.timer);
      agent_searches_.erase(it);
    }
  }
  return newly;
}

void EngineImpl::RefreshAndMatch(uint32_t slot) {
  const uint8_t newly = Refresh(slot);
  for (uint8_t m = 0; m < kMediaMax; ++m) {
    if (((newly >> m) & 1) != 0) MatchAgent(slot, m);
  }
  const Agent& agent = agents_[slot];
  if (agent.live && agent.leaving && !agent.logged_in) RemoveAgent(slot);
}

void EngineImpl::PresenceChanged(uint32_t slot) {
  const Agent& agent = agents_[slot];
  const bool staffed = agent.logged_in && !agent.paused;
  const Matcher::Seat& seat = matcher_.seat(slot);
  const bool less =
      (seat.logged_in && !agent.logged_in) || (seat.staffed && !staffed);
  matcher_.SetPresence(slot, agent.logged_in, staffed);
  if (less) MarkAllDirty();
  if (!agent.logged_in || agent.paused) ReleasePersonal(slot);
}

// --- Coming and going -------------------------------------------------------

uint32_t EngineImpl::NewAgent(uint64_t ref, std::string_view name,
                              const Profile& profile) {
  const uint32_t slot = agents_.Add();
  agents_[slot].ref = ref;
  agents_[slot].name = texts_.Intern(name);
  agent_refs_.Add(slot);
  matcher_.AddSeat(slot, profile);
  Matcher::Seat& seat = matcher_.seat(slot);
  const uint32_t group = seat.group;
  seat = Matcher::Seat();
  seat.group = group;
  return slot;
}

absl::Status EngineImpl::OnAgentAdded(const Event& event) {
  if (event.agent_ref == 0) {
    return absl::InvalidArgumentError("agent_ref: missing, expected not 0");
  }
  absl::Status status = CheckText(event.text, "text");
  if (!status.ok()) return status;
  const uint32_t known = agent_refs_.Find(event.agent_ref);
  if (known != kNone) {
    if (texts_.Text(agents_[known].name) == event.text) {
      ++stats_.repeats;
      return absl::OkStatus();
    }
    return absl::AlreadyExistsError(absl::StrCat(
        "agent_ref: ", event.agent_ref, " is an agent of another name"));
  }
  if (agents_.size() >= static_cast<uint32_t>(options_.agents_max)) {
    return absl::ResourceExhaustedError(
        absl::StrCat("agents_max: ", options_.agents_max, " agents exist"));
  }
  if (texts_.Find(event.text) == kNone &&
      texts_.size() >= static_cast<uint32_t>(options_.texts_max)) {
    return absl::ResourceExhaustedError("texts_max: no room for the name");
  }
  NewAgent(event.agent_ref, event.text, Profile());
  return absl::OkStatus();
}

absl::Status EngineImpl::OnAgentRemoved(const Event& event) {
  uint32_t slot = kNone;
  const absl::Status status = NeedAgent(event, &slot);
  if (!status.ok()) return status;
  const Agent& agent = agents_[slot];
  for (std::size_t m = 0; m < kMediaMax; ++m) {
    if (agent.used[m] > 0) {
      return absl::FailedPreconditionError("agent: still has a call");
    }
  }
  if (agent.logged_in) {
    return absl::FailedPreconditionError("agent: is logged in");
  }
  RemoveAgent(slot);
  return absl::OkStatus();
}

void EngineImpl::RemoveAgent(uint32_t slot) {
  Agent& agent = agents_[slot];
  for (std::size_t m = 0; m < kMediaMax; ++m) {
    if (agent.used[m] + agent.ringing[m] > 0) return;  // Later, when idle.
  }
  timers_.Cancel(&agent.wrap_timer);
  timers_.Cancel(&agent.cool_timer);
  timers_.Cancel(&agent.pause_timer);
  ForgetAgent(slot);
  if (outbound_ != nullptr) outbound_->AgentChanged(slot);
  matcher_.SetIdle(slot, 0);
  matcher_.RemoveSeat(slot);
  agent_refs_.Remove(slot);
  agents_.Remove(slot);
}

absl::Status EngineImpl::OnAgentLogin(const Event& event) {
  uint32_t slot = kNone;
  const absl::Status status = NeedAgent(event, &slot);
  if (!status.ok()) return status;
  Agent& agent = agents_[slot];
  if (agent.leaving) {
    return absl::FailedPreconditionError(
        "agent: was removed by a change of configuration");
  }
  agent.synced = true;  // The host has named it.
  if (agent.logged_in) {
    ++stats_.repeats;
    return absl::OkStatus();
  }
  agent.logged_in = true;
  agent.paused = event.value != 0;
  agent.pause_reason = kNone;
  agent.login_at = now_;
  agent.busy_us = 0;
  agent.busy = false;
  agent.misses = 0;
  Matcher::Seat& seat = matcher_.seat(slot);
  seat.last_end = now_;
  seat.calls = 0;
  seat.talk_us = 0;
  PresenceChanged(slot);
  RefreshAndMatch(slot);
  return absl::OkStatus();
}

absl::Status EngineImpl::OnAgentLogout(const Event& event) {
  uint32_t slot = kNone;
  const absl::Status status = NeedAgent(event, &slot);
  if (!status.ok()) return status;
  if (!agents_[slot].logged_in) {
    ++stats_.repeats;
    return absl::OkStatus();
  }
  LogOut(slot, Reason::kAgentGone);
  return absl::OkStatus();
}

void EngineImpl::LogOut(uint32_t slot, Reason reason) {
  Agent& agent = agents_[slot];
  agent.logged_in = agent.paused = agent.wrap_up = agent.cool_off = false;
  agent.pause_reason = kNone;
  timers_.Cancel(&agent.wrap_timer);
  timers_.Cancel(&agent.cool_timer);
  timers_.Cancel(&agent.pause_timer);
  Refresh(slot);
  PresenceChanged(slot);
  CancelRinging(slot, reason);
  RefreshAndMatch(slot);
}

// Takes back every offer ringing at the agent, without a miss.
void EngineImpl::CancelRinging(uint32_t slot, Reason reason) {
  for (std::size_t m = 0; m < kMediaMax; ++m) {
    if (agents_[slot].ringing[m] == 0) continue;
    const uint32_t offer = agents_[slot].ringing_offer[m];
    EmitOffer(DecisionKind::kCancelOffer, reason, offer);
    OfferOver(offer);
  }
}

absl::Status EngineImpl::OnAgentReady(const Event& event) {
  uint32_t slot = kNone;
  const absl::Status status = NeedAgent(event, &slot);
  if (!status.ok()) return status;
  Agent& agent = agents_[slot];
  if (!agent.logged_in) {
    return absl::FailedPreconditionError("agent: is not logged in");
  }
  timers_.Cancel(&agent.wrap_timer);
  timers_.Cancel(&agent.cool_timer);
  timers_.Cancel(&agent.pause_timer);
  const bool was_paused = agent.paused;
  agent.wrap_up = agent.cool_off = agent.paused = false;
  agent.pause_reason = kNone;
  agent.misses = 0;
  if (was_paused) PresenceChanged(slot);
  RefreshAndMatch(slot);
  return absl::OkStatus();
}

absl::Status EngineImpl::OnAgentPaused(const Event& event) {
  absl::Status status;
  if (!event.text.empty()) status = CheckText(event.text, "text");
  if (!status.ok()) return status;
  uint32_t slot = kNone;
  status = NeedAgent(event, &slot);
  if (!status.ok()) return status;
  Agent& agent = agents_[slot];
  if (!agent.logged_in) {
    return absl::FailedPreconditionError("agent: is not logged in");
  }
  uint32_t reason = kNone;
  if (!event.text.empty()) {
    reason =
        texts_.Intern(event.text, static_cast<uint32_t>(options_.texts_max));
    if (reason == kNone) {
      return absl::ResourceExhaustedError("texts_max: no room for the reason");
    }
  }
  agent.paused = true;
  agent.pause_reason = reason;
  timers_.Cancel(&agent.pause_timer);
  Refresh(slot);
  PresenceChanged(slot);
  CancelRinging(slot, Reason::kAgentGone);
  return absl::OkStatus();
}

void EngineImpl::PauseByRule(uint32_t slot, uint32_t queue) {
  Agent& agent = agents_[slot];
  const Misses& rule = queues_[queue].config.misses;
  if (rule.pause_after <= 0 || agent.misses < rule.pause_after ||
      agent.paused || !agent.logged_in) {
    return;
  }
  agent.paused = true;
  agent.misses = 0;
  agent.pause_reason = kNone;
  if (queues_[queue].pause_return_us >= 0) {
    agent.pause_timer =
        Arm(now_ + queues_[queue].pause_return_us, TimerKind::kPauseEnd, slot);
  }
  EmitAgent(DecisionKind::kAgentPaused, Reason::kMisses, slot).queue =
      QueueIdOf(queue);
  Refresh(slot);
  PresenceChanged(slot);
}

absl::Status EngineImpl::OnAgentOutside(const Event& event, bool busy) {
  uint32_t slot = kNone;
  const absl::Status status = NeedAgent(event, &slot);
  if (!status.ok()) return status;
  if (agents_[slot].outside == busy) {
    ++stats_.repeats;
    return absl::OkStatus();
  }
  agents_[slot].outside = busy;
  RefreshAndMatch(slot);
  return absl::OkStatus();
}

absl::Status EngineImpl::OnAgentReleased(const Event& event) {
  uint32_t slot = kNone;
  absl::Status status = NeedAgent(event, &slot);
  if (!status.ok()) return status;
  uint32_t call = kNone;
  if (!event.call.none() || event.call_ref != 0) {
    status = NeedCall(event, &call);
    if (!status.ok() || call == kNone) return status;
  } else {
    call = agents_[slot].first_call;
    if (call != kNone && calls_[call].next_of_agent != kNone) {
      return absl::InvalidArgumentError(
          "call: missing, and the agent has more than one call");
    }
  }
  if (call == kNone) {
    ++stats_.repeats;
    return absl::OkStatus();
  }
  Touch(call);
  for (uint32_t o = calls_[call].first_offer; o != kNone;
       o = offers_[o].next_of_call) {
    if (offers_[o].agent != slot) continue;
    if (offers_[o].connected) {
      EndService(call);
      calls_[call].place = CallPlace::kWithHost;
    } else if (offers_[o].accepted) {
      ConnectFailed(o, Reason::kNone, false);
    } else {
      Missed(o, Miss::kDeclined);
    }
    return absl::OkStatus();
  }
  ++stats_.repeats;  // Released already, or never had it.
  return absl::OkStatus();
}

void EngineImpl::Unlink(uint32_t agent, uint32_t call) {
  uint32_t* link = &agents_[agent].first_call;
  while (*link != kNone && *link != call) link = &calls_[*link].next_of_agent;
  if (*link == call) *link = calls_[call].next_of_agent;
  calls_[call].next_of_agent = kNone;
}

}  // namespace callrouter
