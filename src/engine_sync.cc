// After a reconnect the host states what exists; the rest is closed as lost. So
// are calls it has not mentioned for long.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "engine_impl.h"

namespace callrouter {

// Records that `agent` has the call, which is in no place.
void EngineImpl::AdoptConnected(uint32_t slot, uint32_t agent_slot,
                                uint32_t queue) {
  const uint32_t id = offers_.Add();
  Call& call = calls_[slot];
  Offer& offer = offers_[id];
  Agent& agent = agents_[agent_slot];
  offer.call = slot;
  offer.agent = agent_slot;
  offer.queue = static_cast<uint16_t>(queue);
  offer.medium = queues_[queue].medium;
  offer.accepted = true;
  offer.since = now_;
  offer.next_of_call = call.first_offer;
  call.first_offer = id;
  ++call.offers;
  ++agent.used[offer.medium];
  call.agent = agent_slot;
  call.place = CallPlace::kConnecting;
  Refresh(agent_slot);
  Connected(id);
}

absl::Status EngineImpl::OnSyncCall(const Event& event) {
  if (event.sync_place < SyncPlace::kWaiting ||
      event.sync_place > SyncPlace::kWithHost) {
    return absl::InvalidArgumentError(
        absl::StrCat("sync_place: found ", static_cast<int>(event.sync_place),
                     ", expected a SyncPlace"));
  }
  uint32_t agent = kNone;
  const bool with_agent = event.sync_place == SyncPlace::kConnected ||
                          event.sync_place == SyncPlace::kRinging;
  absl::Status status;
  if (with_agent) {
    status = NeedAgent(event, &agent);
    if (!status.ok()) return status;
  }
  uint32_t slot = kNone;
  const Found found = FindCall(event, &slot);
  if (found != Found::kLive && event.call_ref == 0) return UnknownCall(event);
  if (!syncing_) {
    return absl::FailedPreconditionError("SyncCall without SyncBegin");
  }
  if (found == Found::kLive && event.sync_place == SyncPlace::kConnected &&
      calls_[slot].agent != agent) {
    const uint8_t medium = queues_[calls_[slot].queue].medium;
    if (agents_[agent].used[medium] >= agents_[agent].capacity[medium]) {
      return absl::FailedPreconditionError(
          "agent: has no capacity left for this call; sync its calls first");
    }
  }
  if (found != Found::kLive) return SyncUnknown(event, agent);
  Touch(slot);
  calls_[slot].synced = true;
  SquareCall(slot, event.sync_place, agent);
  return absl::OkStatus();
}

// A call the engine does not know: taken up where the host says it is.
absl::Status EngineImpl::SyncUnknown(const Event& event, uint32_t agent) {
  const int64_t age = Micros(event.duration);
  if (age < 0 || age > int64_t{1000} * 3600 * 1'000'000) {
    return absl::InvalidArgumentError("duration: expected 0 to 1000 h");
  }
  if (event.priority < -1'000'000 || event.priority > 1'000'000) {
    return absl::InvalidArgumentError("priority: expected -1000000 to 1000000");
  }
  uint32_t queue = kNone;
  const absl::Status status = NeedQueue(event, &queue);
  if (!status.ok()) return status;
  if (calls_.size() >= static_cast<uint32_t>(options_.calls_max)) {
    return absl::ResourceExhaustedError(
        absl::StrCat("calls_max: ", options_.calls_max, " calls are living"));
  }
  const bool connected = event.sync_place == SyncPlace::kConnected;
  if (connected && agents_[agent].used[queues_[queue].medium] >=
                       agents_[agent].capacity[queues_[queue].medium]) {
    return absl::FailedPreconditionError("agent: has no capacity left");
  }
  const uint32_t slot = NewCall(event, queue);
  Call& call = calls_[slot];
  call.queue_joined = call.step_time = now_;
  if (connected) {
    AdoptConnected(slot, agent, queue);
  } else if (event.sync_place == SyncPlace::kWithHost ||
             event.sync_place == SyncPlace::kOutside) {
    call.place = CallPlace::kWithHost;
  } else {
    JoinQueue(slot, queue, now_);
  }
  return absl::OkStatus();
}

// Brings a known call to where the host says it is. What the host does not
// mention (a ring, an outside leg) is over without word.
void EngineImpl::SquareCall(uint32_t slot, SyncPlace place, uint32_t agent) {
  const CallPlace is = calls_[slot].place;
  switch (place) {
    case SyncPlace::kWaiting:
      if (is == CallPlace::kWaiting) return;
      Detach(slot, Reason::kLost);
      calls_[slot].agent = kNone;
      Wait(slot, Announce::kQueued);
      return;
    case SyncPlace::kRinging: {
      for (uint32_t o = calls_[slot].first_offer; o != kNone;
           o = offers_[o].next_of_call) {
        if (offers_[o].agent == agent && !offers_[o].connected) return;
      }
      // The host rings an agent we did not ask to ring.
      Decision& release =
          EmitCall(DecisionKind::kReleaseAgent, Reason::kLost, slot);
      release.agent = AgentIdOf(agent);
      release.agent_ref = agents_[agent].ref;
      if (is != CallPlace::kWaiting && is != CallPlace::kOffered) {
        Detach(slot, Reason::kLost);
        Wait(slot, Announce::kQueued);
      }
      return;
    }
    case SyncPlace::kConnected:
      if (is == CallPlace::kConnected && calls_[slot].agent == agent) return;
      if (is == CallPlace::kConnecting && calls_[slot].agent == agent) {
        Connected(calls_[slot].first_offer);
        return;
      }
      Detach(slot, Reason::kLost);
      AdoptConnected(slot, agent, calls_[slot].queue);
      return;
    case SyncPlace::kOutside:
      if (is == CallPlace::kOutside) return;
      break;
    case SyncPlace::kWithHost:
      if (is == CallPlace::kWithHost) return;
      break;
  }
  Detach(slot, Reason::kLost);
  calls_[slot].place = CallPlace::kWithHost;
  calls_[slot].preferred = kNone;
}

absl::Status EngineImpl::OnSyncAgent(const Event& event) {
  if (event.sync_agent < SyncAgent::kLoggedOut ||
      event.sync_agent > SyncAgent::kPaused) {
    return absl::InvalidArgumentError(
        absl::StrCat("sync_agent: found ", static_cast<int>(event.sync_agent),
                     ", expected a SyncAgent"));
  }
  uint32_t slot = kNone;
  const absl::Status status = NeedAgent(event, &slot);
  if (!status.ok()) return status;
  if (!syncing_) {
    return absl::FailedPreconditionError("SyncAgent without SyncBegin");
  }
  agents_[slot].synced = true;
  switch (event.sync_agent) {
    case SyncAgent::kLoggedOut:
      if (agents_[slot].logged_in) LogOut(slot, Reason::kLost);
      return absl::OkStatus();
    case SyncAgent::kReady:
    case SyncAgent::kPaused: {
      const bool paused = event.sync_agent == SyncAgent::kPaused;
      Event as = event;
      as.value = paused ? 1 : 0;
      as.text = {};
      if (!agents_[slot].logged_in) return OnAgentLogin(as);
      if (agents_[slot].paused == paused) return absl::OkStatus();
      return paused ? OnAgentPaused(as) : OnAgentReady(as);
    }
  }
  return absl::InvalidArgumentError("sync_agent: expected a SyncAgent");
}

void EngineImpl::Hold() {
  timers_.Cancel(&sync_timer_);
  sync_timer_ = Arm(now_ + audit_reply_us_, TimerKind::kSyncHold, 0);
  for (uint32_t a = 0; a < agents_.slots(); ++a) {
    if (agents_[a].live) Refresh(a);
  }
}

void EngineImpl::EndHold() {
  timers_.Cancel(&sync_timer_);
  MatchAll();
}

void EngineImpl::SyncEnd() {
  syncing_ = false;
  Hold();  // If it has run out: nothing is offered to or by those who are lost.
  for (uint32_t c = 0; c < calls_.slots(); ++c) {
    if (calls_[c].live && !calls_[c].synced) EndCall(c, Reason::kLost, true);
  }
  for (uint32_t a = 0; a < agents_.slots(); ++a) {
    if (agents_[a].live && !agents_[a].synced && agents_[a].logged_in) {
      LogOut(a, Reason::kLost);
    }
  }
  if (outbound_ != nullptr) outbound_->SyncEnd();
  EndHold();
}

// Asks about calls the host has not mentioned for long, a few at a time.
void EngineImpl::Audit() {
  if (calls_.size() == 0) return;
  constexpr uint32_t kBatch = 64;
  const uint32_t slots = calls_.slots();
  const uint32_t count = std::min(slots, kBatch);
  for (uint32_t i = 0; i < count; ++i) {
    audit_cursor_ = audit_cursor_ + 1 < slots ? audit_cursor_ + 1 : 0;
    Call& call = calls_[audit_cursor_];
    if (!call.live || alive_timers_.contains(audit_cursor_) ||
        now_ - call.last_event < audit_us_) {
      continue;
    }
    Decision& ask =
        EmitCall(DecisionKind::kConfirmAlive, Reason::kSilent, audit_cursor_);
    ask.deadline = HostTime(now_ + audit_reply_us_);
    alive_timers_[audit_cursor_] =
        Arm(now_ + audit_reply_us_, TimerKind::kAliveEnd, audit_cursor_);
  }
  const int64_t rounds = (slots + kBatch - 1) / kBatch;
  const int64_t period = std::max<int64_t>(audit_us_ / (rounds + 1), 1000);
  audit_timer_ =
      Arm(now_ + std::min(period, audit_us_ / 8 + 1), TimerKind::kAudit, 0);
}

}  // namespace callrouter
