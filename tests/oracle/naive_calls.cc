// Events about calls, and the host's word after a reconnect.

#include <algorithm>

#include "callrouter/requirement.h"
#include "tests/oracle/naive_engine.h"

namespace callrouter::oracle {

namespace {

constexpr int64_t kAgeMax = int64_t{1000} * 3600 * 1'000'000;

bool PriorityOk(int32_t p) { return p >= -1'000'000 && p <= 1'000'000; }

}  // namespace

NaiveEngine::Code NaiveEngine::OnCall(const Event& event) {
  if (event.kind == EventKind::kCallArrived) return OnArrived(event);
  if (event.kind == EventKind::kCallEnded) return OnEnded(event);
  if (event.kind == EventKind::kCallTransferred) return OnTransferred(event);
  uint32_t queue = 0;
  if (event.kind == EventKind::kCallPriority && !PriorityOk(event.priority)) {
    return Code::kInvalidArgument;
  }
  if (event.kind == EventKind::kCallQueued) {
    const Code code = NeedQueue(event, &queue);
    if (code != Code::kOk) return code;
  }
  if (event.kind == EventKind::kCallRequirement &&
      !Requirement::Parse(event.text).ok()) {
    return Code::kInvalidArgument;
  }
  uint32_t slot = 0;
  const Found found = FindCall(event, &slot);
  if (found == Found::kUnknown) return Code::kNotFound;
  if (found == Found::kGone || event.kind == EventKind::kCallAlive) {
    return Code::kOk;
  }
  if (event.kind == EventKind::kCallPriority) return OnPriority(event, slot);
  if (event.kind == EventKind::kCallRequirement) {
    return OnRequirement(event, slot);
  }
  Detach(slot, Reason::kMovedByHost);
  calls_[slot].preferred = 0;
  JoinQueue(slot, queue, now_);
  return Code::kOk;
}

NaiveEngine::Code NaiveEngine::OnArrived(const Event& event) {
  if (event.call_ref == 0 || !PriorityOk(event.priority)) {
    return Code::kInvalidArgument;
  }
  const int64_t age = Us(event.duration);
  if (age < 0 || age > kAgeMax || !Requirement::Parse(event.text).ok()) {
    return Code::kInvalidArgument;
  }
  uint32_t queue = 0;
  const bool returns = event.queue.none() && !event.called.none();
  Code code = returns ? Code::kOk : NeedQueue(event, &queue);
  if (code != Code::kOk) return code;
  uint64_t named = 0;
  if (event.agent_ref != 0) {
    uint32_t agent = 0;
    code = NeedAgent(event, &agent);
    if (code != Code::kOk) return code;
    named = agents_[agent].serial;
  }
  const auto same = [&](const NaiveCall& call) {
    if (call.adopted) return call.arrival.queue == event.queue;
    return call.arrival.queue == event.queue &&
           (!returns || (call.arrival.called == event.called &&
                         call.arrival.caller == event.caller)) &&
           call.arrival.priority == event.priority &&
           call.arrival.duration == event.duration && call.named == named &&
           call.text == event.text;
  };
  uint32_t slot = 0;
  if (FindCall(event, &slot) == Found::kLive) {
    return same(calls_[slot]) ? Code::kOk : Code::kAlreadyExists;
  }
  const NaiveGrave* grave = FindGrave(event.call_ref);
  if (grave != nullptr && grave->began && same(grave->call)) return Code::kOk;
  const bool ended_before = grave != nullptr && !grave->began;
  int32_t living = 0;
  for (const NaiveCall& call : calls_) living += call.live;
  if (returns && !dialing_) return Code::kFailedPrecondition;
  if (living >= options_.calls_max) return Code::kResourceExhausted;
  uint64_t preferred = named;
  if (returns && !dialing_->returns()) return Code::kFailedPrecondition;
  if (returns) queue = dialing_->Resolve(event, &preferred);
  slot = NewCall(event, queue);
  calls_[slot].named = named;
  calls_[slot].own = std::string(event.text);
  calls_[slot].preferred = preferred;
  if (returns) dialing_->TellReturnCall(slot);
  if (ended_before) {
    EmitCall(DecisionKind::kClosed, Reason::kEndedBeforeBegin, slot);
    Finish(slot);
    return Code::kOk;
  }
  if (Admit(slot, queue)) JoinQueue(slot, calls_[slot].queue, now_);
  return Code::kOk;
}

uint32_t NaiveEngine::NewCall(const Event& event, uint32_t queue) {
  uint32_t slot = static_cast<uint32_t>(calls_.size());
  if (free_calls_.empty()) {
    calls_.emplace_back();
  } else {
    slot = free_calls_.back();
    free_calls_.pop_back();
  }
  NaiveCall call;
  call.live = call.synced = true;
  call.serial = ++arrivals_;
  call.ref = event.call_ref;
  call.arrival = event;
  call.text = std::string(event.text);
  call.arrival.text = {};
  call.home = call.queue = queue;
  call.joined = now_;
  call.origin = now_ - Us(event.duration);
  call.priority = event.priority;
  calls_[slot] = call;
  return slot;
}

bool NaiveEngine::Admit(uint32_t slot, uint32_t queue) {
  for (;;) {
    const QueueConfig& config = config_.queues[queue];
    const Entry& entry = config.entry;
    const EntryAction* action = nullptr;
    Reason reason = Reason::kNone;
    const auto asks = [](const EntryAction& a) {
      return a.kind != EntryActionKind::kAdmit;
    };
    if (asks(entry.when_closed) && hours_[queue] != nullptr &&
        !hours_[queue]->IsOpen(Utc())) {
      action = &entry.when_closed;
      reason = Reason::kClosedHours;
    } else if (asks(entry.when_nobody_logged_in) &&
               !Anybody(queue, config.requirement, false)) {
      action = &entry.when_nobody_logged_in;
      reason = Reason::kNobodyLoggedIn;
    } else if (asks(entry.when_nobody_available) &&
               !Anybody(queue, config.requirement, true)) {
      action = &entry.when_nobody_available;
      reason = Reason::kNobodyAvailable;
    } else if (entry.waiting_max > 0 && Waiting(queue) >= entry.waiting_max) {
      action = &entry.when_full;
      reason = Reason::kFull;
    }
    if (action == nullptr || !asks(*action)) return true;
    NaiveCall& call = calls_[slot];
    if (action->kind == EntryActionKind::kSendOutside) {
      call.queue_joined = call.step_time = now_;
      SendOut(slot, action->outside, false, reason);
      return false;
    }
    if (action->kind == EntryActionKind::kHangUp) {
      EmitCall(DecisionKind::kRefuse, reason, slot).cause = action->cause;
      Finish(slot);
      return false;
    }
    queue = QueueNamed(action->queue);
    call.queue = queue;
    if (!CountMove(slot)) return false;
  }
}

NaiveEngine::Code NaiveEngine::OnEnded(const Event& event) {
  uint32_t slot = 0;
  switch (FindCall(event, &slot)) {
    case Found::kLive:
      EndCall(slot, Reason::kCallerGone, false);
      return Code::kOk;
    case Found::kGone:
      return Code::kOk;
    case Found::kUnknown:
      break;
  }
  if (event.call_ref == 0) return Code::kInvalidArgument;
  Bury(event.call_ref, false, nullptr);
  return Code::kOk;
}

void NaiveEngine::EndCall(uint32_t slot, Reason reason, bool lost) {
  if (lost) EmitCall(DecisionKind::kClosed, reason, slot);
  Detach(slot, reason);
  Finish(slot, lost ? NaiveDialing::How::kLost : NaiveDialing::How::kHungUp);
}

void NaiveEngine::Detach(uint32_t slot, Reason reason) {
  NaiveCall& call = calls_[slot];
  switch (call.place) {
    case CallPlace::kWaiting:
      LeaveWaiting(slot);
      break;
    case CallPlace::kOffered:
      CancelOffers(slot, reason, kNobody);
      break;
    case CallPlace::kConnecting: {
      const uint32_t offer = call.offers.front();
      const uint32_t agent = offers_[offer].agent;
      Decision& release = EmitCall(DecisionKind::kReleaseAgent, reason, slot);
      Name(agent, &release);
      release.offer = OfferId(offer, 1);
      call.place = CallPlace::kNone;
      DropOffer(offer);
      RefreshAndMatch(agent);
      break;
    }
    case CallPlace::kConnected:
      EndService(slot);
      break;
    case CallPlace::kOutside:
      EmitCall(DecisionKind::kCancelOutside, reason, slot);
      results_.erase(call.result);
      break;
    case CallPlace::kWithHost:
    case CallPlace::kNone:
      break;
  }
  calls_[slot].place = CallPlace::kNone;
  Cancel(&calls_[slot].step_timer);
  Cancel(&calls_[slot].wait_timer);
}

void NaiveEngine::Finish(uint32_t slot, NaiveDialing::How how) {
  if (calls_[slot].attempt != 0) dialing_->Over(calls_[slot].attempt, how);
  NaiveCall& call = calls_[slot];
  Cancel(&call.step_timer);
  Cancel(&call.wait_timer);
  Cancel(&call.ceiling_timer);
  for (NaiveSpare& spare : call.spared) Cancel(&spare.timer);
  Bury(call.ref, true, &call);
  call.live = false;
  free_calls_.push_back(slot);
}

void NaiveEngine::Bury(uint64_t ref, bool began, const NaiveCall* call) {
  NaiveGrave grave;
  grave.ref = ref;
  grave.at = now_;
  grave.began = began;
  if (call != nullptr) grave.call = *call;
  graves_.push_back(grave);
  if (graves_.size() > static_cast<std::size_t>(options_.tombstones_max)) {
    graves_.erase(graves_.begin());
  }
}

const NaiveGrave* NaiveEngine::FindGrave(uint64_t ref) const {
  for (auto it = graves_.rbegin(); it != graves_.rend(); ++it) {
    if (it->ref != ref) continue;
    return now_ - it->at <= Us(options_.tombstone_keep) ? &*it : nullptr;
  }
  return nullptr;
}

NaiveEngine::Code NaiveEngine::OnPriority(const Event& event, uint32_t slot) {
  NaiveCall& call = calls_[slot];
  const bool personal = call.personal;
  const bool waiting = call.place == CallPlace::kWaiting;
  if (waiting) LeaveWaiting(slot);
  call.priority = event.priority;
  if (waiting) {
    if (!personal) call.preferred = 0;
    Wait(slot, false);
  } else if (call.standing) {
    Stand(slot);
  }
  return Code::kOk;
}

NaiveEngine::Code NaiveEngine::OnRequirement(const Event& event,
                                             uint32_t slot) {
  NaiveCall& call = calls_[slot];
  const bool waiting = call.place == CallPlace::kWaiting;
  if (waiting) LeaveWaiting(slot);
  call.own = std::string(event.text);
  if (waiting) Wait(slot, false);
  return Code::kOk;
}

NaiveEngine::Code NaiveEngine::OnTransferred(const Event& event) {
  uint32_t agent = 0;
  const Code code = NeedAgent(event, &agent);
  if (code != Code::kOk) return code;
  uint32_t slot = 0;
  const Found found = FindCall(event, &slot);
  if (found == Found::kUnknown) return Code::kNotFound;
  if (found == Found::kGone) return Code::kOk;
  NaiveCall& call = calls_[slot];
  if (call.place == CallPlace::kConnected && call.agent == agent) {
    return Code::kOk;
  }
  const uint8_t medium = medium_[call.queue];
  if ((call.place != CallPlace::kConnected &&
       call.place != CallPlace::kWithHost) ||
      agents_[agent].used[medium] >= agents_[agent].capacity[medium]) {
    return Code::kFailedPrecondition;
  }
  Detach(slot, Reason::kNone);
  Adopt(slot, agent, calls_[slot].queue);
  return Code::kOk;
}

void NaiveEngine::Adopt(uint32_t slot, uint32_t agent, uint32_t queue) {
  const uint32_t id = static_cast<uint32_t>(offers_.size());
  NaiveOffer offer;
  offer.live = offer.accepted = true;
  offer.call = slot;
  offer.agent = agent;
  offer.queue = queue;
  offer.medium = medium_[queue];
  offer.started = now_;
  offers_.push_back(offer);
  NaiveCall& call = calls_[slot];
  call.offers.insert(call.offers.begin(), id);
  call.agent = agent;
  call.place = CallPlace::kConnecting;
  ++agents_[agent].used[offer.medium];
  Refresh(agent);
  Connected(id);
}

// --- After a reconnect ------------------------------------------------------

NaiveEngine::Code NaiveEngine::OnSync(const Event& event) {
  if (event.kind == EventKind::kSyncBegin) {
    syncing_ = true;
    for (NaiveCall& call : calls_) call.synced = false;
    for (NaiveAgent& agent : agents_) agent.synced = false;
    if (dialing_) dialing_->SyncBegin();
    Hold();
    return Code::kOk;
  }
  if (event.kind == EventKind::kSyncCall) return OnSyncCall(event);
  if (event.kind == EventKind::kSyncAgent) return OnSyncAgent(event);
  if (!syncing_) return Code::kFailedPrecondition;
  syncing_ = false;
  Hold();
  for (uint32_t c = 0; c < calls_.size(); ++c) {
    if (calls_[c].live && !calls_[c].synced) EndCall(c, Reason::kLost, true);
  }
  for (uint32_t a = 0; a < agents_.size(); ++a) {
    if (agents_[a].live && !agents_[a].synced && agents_[a].logged_in) {
      LogOut(a, Reason::kLost);
    }
  }
  if (dialing_) dialing_->SyncEnd();
  EndHold();
  return Code::kOk;
}

// Nobody is free for a while.
void NaiveEngine::Hold() {
  Cancel(&hold_timer_);
  hold_timer_ = Arm(now_ + Us(options_.audit_reply), Alarm::kSyncHold, 0);
  for (uint32_t a = 0; a < agents_.size(); ++a) {
    if (agents_[a].live) Refresh(a);
  }
}

void NaiveEngine::EndHold() {
  Cancel(&hold_timer_);
  MatchAll();
}

NaiveEngine::Code NaiveEngine::OnSyncCall(const Event& event) {
  uint32_t agent = kNobody;
  const bool connected = event.sync_place == SyncPlace::kConnected;
  if (connected || event.sync_place == SyncPlace::kRinging) {
    const Code code = NeedAgent(event, &agent);
    if (code != Code::kOk) return code;
  }
  if (!syncing_) return Code::kFailedPrecondition;
  uint32_t slot = 0;
  if (FindCall(event, &slot) == Found::kLive) {
    const uint8_t medium = medium_[calls_[slot].queue];
    if (connected && calls_[slot].agent != agent &&
        agents_[agent].used[medium] >= agents_[agent].capacity[medium]) {
      return Code::kFailedPrecondition;
    }
    calls_[slot].synced = true;
    Square(slot, event.sync_place, agent);
    return Code::kOk;
  }
  const int64_t age = Us(event.duration);
  if (age < 0 || age > kAgeMax || !PriorityOk(event.priority)) {
    return Code::kInvalidArgument;
  }
  uint32_t queue = 0;
  const Code code = NeedQueue(event, &queue);
  if (code != Code::kOk) return code;
  int32_t living = 0;
  for (const NaiveCall& call : calls_) living += call.live;
  if (living >= options_.calls_max) return Code::kResourceExhausted;
  const uint8_t medium = medium_[queue];
  if (connected &&
      agents_[agent].used[medium] >= agents_[agent].capacity[medium]) {
    return Code::kFailedPrecondition;
  }
  slot = NewCall(event, queue);
  calls_[slot].adopted = true;
  calls_[slot].queue_joined = calls_[slot].step_time = now_;
  if (connected) {
    Adopt(slot, agent, queue);
  } else if (event.sync_place == SyncPlace::kWithHost ||
             event.sync_place == SyncPlace::kOutside) {
    calls_[slot].place = CallPlace::kWithHost;
  } else {
    JoinQueue(slot, queue, now_);
  }
  return Code::kOk;
}

void NaiveEngine::Square(uint32_t slot, SyncPlace place, uint32_t agent) {
  NaiveCall& call = calls_[slot];
  const CallPlace is = call.place;
  switch (place) {
    case SyncPlace::kWaiting:
      if (is == CallPlace::kWaiting) return;
      Detach(slot, Reason::kLost);
      Wait(slot, true);
      return;
    case SyncPlace::kRinging: {
      for (const uint32_t o : call.offers) {
        if (offers_[o].agent == agent && !offers_[o].connected) return;
      }
      Name(agent, &EmitCall(DecisionKind::kReleaseAgent, Reason::kLost, slot));
      if (is != CallPlace::kWaiting && is != CallPlace::kOffered) {
        Detach(slot, Reason::kLost);
        Wait(slot, true);
      }
      return;
    }
    case SyncPlace::kConnected:
      if (is == CallPlace::kConnected && call.agent == agent) return;
      if (is == CallPlace::kConnecting && call.agent == agent) {
        Connected(call.offers.front());
        return;
      }
      Detach(slot, Reason::kLost);
      Adopt(slot, agent, calls_[slot].queue);
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
  calls_[slot].preferred = 0;
}

NaiveEngine::Code NaiveEngine::OnSyncAgent(const Event& event) {
  uint32_t slot = 0;
  const Code code = NeedAgent(event, &slot);
  if (code != Code::kOk) return code;
  if (!syncing_) return Code::kFailedPrecondition;
  NaiveAgent& agent = agents_[slot];
  agent.synced = true;
  if (event.sync_agent == SyncAgent::kLoggedOut) {
    if (agent.logged_in) LogOut(slot, Reason::kLost);
    return Code::kOk;
  }
  const bool paused = event.sync_agent == SyncAgent::kPaused;
  if (!agent.logged_in) {
    Login(slot, paused);
  } else if (agent.paused != paused) {
    if (paused) {
      Pause(slot);
    } else {
      Ready(slot);
    }
  }
  return Code::kOk;
}

}  // namespace callrouter::oracle
