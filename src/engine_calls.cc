// Events about calls: arriving, ending, moving, and the way out.

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine_impl.h"
#include "profile_hash.h"

namespace callrouter {

namespace {

constexpr int32_t kPriorityMax = 1'000'000;
constexpr int64_t kAgeMax = int64_t{1000} * 3600 * 1'000'000;

uint32_t ContentOf(const Event& event, AgentId agent) {
  uint64_t hash =
      Mix(event.queue.value(), static_cast<uint32_t>(event.priority));
  hash = Mix(hash, static_cast<uint64_t>(Micros(event.duration)));
  hash = Mix(hash, agent.value());
  if (event.queue.none()) {  // A return call.
    hash = Mix(hash, event.called.value());
    hash = Mix(hash, event.caller.value());
  }
  for (const char c : event.text) hash = Mix(hash, static_cast<uint8_t>(c));
  return static_cast<uint32_t>(hash ^ (hash >> 32)) |
         1;  // Even numbers mean something else; 0: ended before.
}

// Of a call whose arrival the host has not told: what it said at a reconnect.
uint32_t AdoptedContent(uint32_t queue) { return 2 * (queue + 1); }

absl::Status CheckPriority(int32_t priority) {
  if (priority >= -kPriorityMax && priority <= kPriorityMax) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "priority: found ", priority, ", expected -1000000 to 1000000"));
}

absl::Status CheckArrival(const Event& event) {
  if (event.call_ref == 0) {
    return absl::InvalidArgumentError("call_ref: missing, expected not 0");
  }
  absl::Status status = CheckPriority(event.priority);
  if (!status.ok()) return status;
  const int64_t age = Micros(event.duration);
  if (age < 0 || age > kAgeMax) {
    return absl::InvalidArgumentError(
        "duration: expected an age of 0 to 1000 h");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status EngineImpl::OnCallArrived(const Event& event) {
  absl::Status status = CheckArrival(event);
  if (!status.ok()) return status;
  std::optional<Requirement> own;  // Mostly none: nothing is allocated.
  status = ParseOwn(event.text, &own);
  if (!status.ok()) return status;
  const bool returns = event.queue.none() && !event.called.none();
  uint32_t queue = kNone;
  if (!returns) status = NeedQueue(event, &queue);
  if (!status.ok()) return status;
  uint32_t preferred = kNone;
  if (!event.agent.none() || event.agent_ref != 0) {
    status = NeedAgent(event, &preferred);
    if (!status.ok()) return status;
  }
  const uint32_t content =
      ContentOf(event, preferred == kNone ? AgentId() : AgentIdOf(preferred));
  const auto repeats = [&](uint32_t told) {
    return told == content || (!returns && told == AdoptedContent(queue));
  };
  const uint32_t known = call_refs_.Find(event.call_ref);
  if (known != kNone) {
    if (!repeats(calls_[known].content)) {
      return absl::AlreadyExistsError(absl::StrCat(
          "call_ref: ", event.call_ref, " is living with other content"));
    }
    ++stats_.repeats;
    return absl::OkStatus();
  }
  const Tombstone* grave = FindTombstone(event.call_ref);
  if (grave != nullptr && repeats(grave->content)) {
    ++stats_.repeats;
    return absl::OkStatus();
  }
  if (!returns && !queues_[queue].open_for_new) {
    return absl::FailedPreconditionError(absl::StrCat(
        "queue: ", queues_[queue].name, " was removed and takes no new calls"));
  }
  if (returns && outbound_ == nullptr) {
    return absl::FailedPreconditionError(
        "called: this engine keeps no return calls; expected a queue");
  }
  if (calls_.size() >= static_cast<uint32_t>(options_.calls_max)) {
    return absl::ResourceExhaustedError(
        absl::StrCat("calls_max: ", options_.calls_max, " calls are living"));
  }
  uint32_t own_req;
  status = InternOwn(event.text, own, &own_req);
  if (!status.ok()) return status;
  if (returns) {
    status = outbound_->Resolve(event, &queue, &preferred);
    if (!status.ok()) {
      if (own_req != kNone) matcher_.requirements().Release(own_req);
      return status;
    }
  }
  const bool ended_before = grave != nullptr && grave->content == 0;
  const uint32_t call = NewCall(event, queue);
  calls_[call].content = content;
  calls_[call].own_req = own_req;
  calls_[call].preferred = preferred;
  if (returns) outbound_->TellReturnCall(call);
  if (ended_before) {
    CountEndedBefore(call);
    return absl::OkStatus();
  }
  if (Admit(call, queue)) JoinQueue(call, calls_[call].queue, now_);
  return absl::OkStatus();
}

// The call ended before it began, and is over with that.
void EngineImpl::CountEndedBefore(uint32_t call) {
  EmitCall(DecisionKind::kClosed, Reason::kEndedBeforeBegin, call);
  QueueStatistics& stats = queues_[calls_[call].home].stats;
  ++stats.abandoned;
  ++stats.abandoned_short;
  ++stats.abandoned_in_target;
  stats.in_progress -= 1;
  Finish(call);
}

uint32_t EngineImpl::NewCall(const Event& event, uint32_t queue) {
  const uint32_t slot = calls_.Add();
  Call& call = calls_[slot];
  call.ref = event.call_ref;
  call.content = AdoptedContent(queue);
  call.joined = now_;
  call.last_event = now_;
  call.home = call.queue = static_cast<uint16_t>(queue);
  call_refs_.Add(slot);
  Matcher::Ticket& ticket = matcher_.ticket(slot);
  ticket = Matcher::Ticket();
  ticket.origin = now_ - Micros(event.duration);
  ticket.seq = ++arrivals_;
  ticket.priority = event.priority;
  call.synced = true;
  ++queues_[queue].stats.offered;
  ++queues_[queue].stats.in_progress;
  if (!timers_.IsArmed(audit_timer_)) {
    audit_timer_ = Arm(now_ + audit_us_ / 8 + 1, TimerKind::kAudit, 0);
  }
  return slot;
}

// Entry control. True when the call may join calls_[call].queue, which an
// entry action may have changed.
bool EngineImpl::Admit(uint32_t call, uint32_t queue) {
  for (;;) {
    const Queue& q = queues_[queue];
    const ActionRules* action = nullptr;
    Reason reason = Reason::kNone;
    const uint32_t lane =
        LaneFor(queue, MadeRequirement(queue, 0), matcher_.ticket(call));
    if (q.when_closed.kind != EntryActionKind::kAdmit && q.hours != nullptr &&
        !q.hours->IsOpen(Utc())) {
      action = &q.when_closed;
      reason = Reason::kClosedHours;
    } else if (q.when_nobody_logged_in.kind != EntryActionKind::kAdmit &&
               !matcher_.AnybodyLoggedIn(lane)) {
      action = &q.when_nobody_logged_in;
      reason = Reason::kNobodyLoggedIn;
    } else if (q.when_nobody_available.kind != EntryActionKind::kAdmit &&
               !matcher_.AnybodyStaffed(lane)) {
      action = &q.when_nobody_available;
      reason = Reason::kNobodyAvailable;
    } else if (q.config.entry.waiting_max > 0 &&
               matcher_.rules(queue).waiting >= q.config.entry.waiting_max) {
      action = &q.when_full;
      reason = Reason::kFull;
    }
    if (action == nullptr || action->kind == EntryActionKind::kAdmit) {
      return true;
    }
    if (action->kind != EntryActionKind::kMoveToQueue) {
      return EntryApplies(call, *action, reason);
    }
    queue = action->queue;
    calls_[call].queue = static_cast<uint16_t>(queue);
    if (!CountMove(call)) return false;
  }
}

// Sends a call that is not let in where the rule says. True when it has left.
bool EngineImpl::EntryApplies(uint32_t call, const ActionRules& action,
                              Reason reason) {
  if (action.kind == EntryActionKind::kSendOutside) {
    calls_[call].queue_joined = calls_[call].step_time = now_;
    SendOut(call, action.destination, action.ring_us, reason);
    return false;
  }
  Decision& refuse = EmitCall(DecisionKind::kRefuse, reason, call);
  refuse.cause = action.cause;
  QueueStatistics& stats = queues_[calls_[call].home].stats;
  ++stats.refused;
  stats.in_progress -= 1;
  Finish(call);
  return false;
}

absl::Status EngineImpl::OnCallEnded(const Event& event) {
  uint32_t call = kNone;
  switch (FindCall(event, &call)) {
    case Found::kLive:
      EndCall(call, Reason::kCallerGone, false);
      return absl::OkStatus();
    case Found::kGone:
      ++stats_.repeats;
      return absl::OkStatus();
    case Found::kUnknown:
      break;
  }
  if (event.call_ref == 0) return UnknownCall(event);
  ++stats_.early_ends;
  Bury(event.call_ref, 0);
  return absl::OkStatus();
}

// The call is over, wherever it is.
void EngineImpl::EndCall(uint32_t call, Reason reason, bool lost) {
  if (lost) EmitCall(DecisionKind::kClosed, reason, call);
  if (lost && outbound_ != nullptr) outbound_->CallEnding(call, Ending::kLost);
  const bool answered = calls_[call].answered;
  const int64_t wait = now_ - calls_[call].joined;
  Detach(call, reason);
  if (!answered) {
    const Queue& home = queues_[calls_[call].home];
    QueueStatistics& stats = queues_[calls_[call].home].stats;
    if (lost) {
      ++stats.lost;
    } else {
      ++stats.abandoned;
      if (wait <= home.short_us) ++stats.abandoned_short;
      if (wait <= home.target_us) ++stats.abandoned_in_target;
      stats.wait_abandoned_us += wait;
    }
    stats.in_progress -= 1;
  }
  Finish(call);
}

// Takes the call out of its place and tells the host what to stop; the call
// is then nowhere.
void EngineImpl::Detach(uint32_t call, Reason reason) {
  switch (calls_[call].place) {
    case CallPlace::kWaiting:
      LeaveWaiting(call);
      break;
    case CallPlace::kOffered:
      CancelOffers(call, reason, kNone);
      break;
    case CallPlace::kConnecting: {
      const uint32_t offer = calls_[call].first_offer;
      const uint32_t agent = offers_[offer].agent;
      EmitOffer(DecisionKind::kReleaseAgent, reason, offer);
      calls_[call].place = CallPlace::kNone;
      DropOffer(offer);
      RefreshAndMatch(agent);
      break;
    }
    case CallPlace::kConnected:
      EndService(call);
      break;
    case CallPlace::kOutside:
      EmitCall(DecisionKind::kCancelOutside, reason, call);
      results_.erase(calls_[call].result);
      break;
    case CallPlace::kWithHost:
    case CallPlace::kNone:
      break;
  }
  calls_[call].place = CallPlace::kNone;
  timers_.Cancel(&calls_[call].step_timer);
  timers_.Cancel(&calls_[call].wait_timer);
}

void EngineImpl::EndAlive(uint32_t call) {
  if (alive_timers_.empty()) return;  // Mostly.
  const auto at = alive_timers_.find(call);
  if (at == alive_timers_.end()) return;
  timers_.Cancel(&at->second);
  alive_timers_.erase(at);
}

// Forgets a call that is nowhere any more.
void EngineImpl::Finish(uint32_t slot) {
  if (outbound_ != nullptr) outbound_->CallOver(slot);
  Call& call = calls_[slot];
  SetPending(slot, 0);
  timers_.Cancel(&call.step_timer);
  timers_.Cancel(&call.wait_timer);
  EndAlive(slot);
  if (matcher_.ticket(slot).in_lanes) LeaveLanes(slot);
  DropExclusions(slot);
  if (call.own_req != kNone) matcher_.requirements().Release(call.own_req);
  EndSearch(slot);
  Bury(call.ref, call.content);
  call_refs_.Remove(slot);
  calls_.Remove(slot);
}

absl::Status EngineImpl::OnCallAlive(const Event& event) {
  uint32_t call = kNone;
  const absl::Status status = NeedCall(event, &call);
  if (status.ok() && call != kNone) Touch(call);
  return status;
}

absl::Status EngineImpl::OnCallPriority(const Event& event) {
  absl::Status status = CheckPriority(event.priority);
  if (!status.ok()) return status;
  uint32_t slot = kNone;
  status = NeedCall(event, &slot);
  if (!status.ok() || slot == kNone) return status;
  Touch(slot);
  const bool in_lanes = matcher_.ticket(slot).in_lanes;
  const bool personal = calls_[slot].personal;
  const bool waiting = calls_[slot].place == CallPlace::kWaiting;
  if (waiting) {
    LeaveWaiting(slot);
  } else if (in_lanes) {
    LeaveLanes(slot);
  }
  matcher_.ticket(slot).priority = event.priority;
  if (waiting) {
    if (!personal) calls_[slot].preferred = kNone;
    Wait(slot, Announce::kQuietly);
  } else if (in_lanes) {
    SetLanes(slot);
    EnterLanes(slot);
  }
  return absl::OkStatus();
}

absl::Status EngineImpl::OnCallRequirement(const Event& event) {
  std::optional<Requirement> own;
  absl::Status status = ParseOwn(event.text, &own);
  if (!status.ok()) return status;
  uint32_t slot = kNone;
  status = NeedCall(event, &slot);
  if (!status.ok() || slot == kNone) return status;
  uint32_t req;
  status = InternOwn(event.text, own, &req);
  if (!status.ok()) return status;
  Call& call = calls_[slot];
  Touch(slot);
  const bool waiting = call.place == CallPlace::kWaiting;
  const bool in_lanes = matcher_.ticket(slot).in_lanes;
  if (waiting) {
    LeaveWaiting(slot);
  } else if (in_lanes) {
    LeaveLanes(slot);
  }
  const uint32_t old = calls_[slot].own_req;
  calls_[slot].own_req = req;
  if (old != kNone) matcher_.requirements().Release(old);
  if (waiting) {
    Wait(slot, Announce::kQuietly);
  } else {
    SetLanes(slot);
    if (in_lanes) EnterLanes(slot);
  }
  return absl::OkStatus();
}

absl::Status EngineImpl::OnCallQueued(const Event& event) {
  uint32_t queue = kNone;
  absl::Status status = NeedQueue(event, &queue);
  if (!status.ok()) return status;
  uint32_t slot = kNone;
  status = NeedCall(event, &slot);
  if (!status.ok() || slot == kNone) return status;
  if (!queues_[queue].open_for_new) {
    return absl::FailedPreconditionError(
        absl::StrCat("queue: ", queues_[queue].name, " takes no new calls"));
  }
  Detach(slot, Reason::kMovedByHost);
  Call& call = calls_[slot];
  Touch(slot);
  SetPending(slot, 0);
  call.queue = static_cast<uint16_t>(queue);
  call.preferred = kNone;
  JoinQueue(slot, queue, now_);
  return absl::OkStatus();
}

absl::Status EngineImpl::OnCallTransferred(const Event& event) {
  uint32_t agent = kNone;
  absl::Status status = NeedAgent(event, &agent);
  if (!status.ok()) return status;
  uint32_t slot = kNone;
  status = NeedCall(event, &slot);
  if (!status.ok() || slot == kNone) return status;
  Call& call = calls_[slot];
  if (call.place == CallPlace::kConnected && call.agent == agent) {
    ++stats_.repeats;
    return absl::OkStatus();
  }
  if (call.place != CallPlace::kConnected &&
      call.place != CallPlace::kWithHost) {
    return absl::FailedPreconditionError(
        "call: is not with an agent or the host, so cannot be transferred");
  }
  const uint8_t medium = queues_[call.queue].medium;
  if (agents_[agent].used[medium] >= agents_[agent].capacity[medium]) {
    return absl::FailedPreconditionError(
        "agent: has no capacity left for a call of this medium");
  }
  Detach(slot, Reason::kNone);
  AdoptConnected(slot, agent, calls_[slot].queue);
  return absl::OkStatus();
}

}  // namespace callrouter
