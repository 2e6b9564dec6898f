// Time, dispatch and decisions. See engine_impl.h for the other files.

#include "callrouter/engine.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine_impl.h"

namespace callrouter {

EngineImpl::EngineImpl(const EngineOptions& options, int64_t host_now)
    : options_(options),
      connect_us_(Micros(options.connect_timeout)),
      audit_us_(Micros(options.audit_after)),
      audit_reply_us_(Micros(options.audit_reply)),
      stall_us_(Micros(options.stall_max)),
      grace_us_(Micros(options.stall_grace)),
      tombstone_us_(Micros(options.tombstone_keep)),
      shift_(host_now),
      matcher_({static_cast<uint32_t>(options.groups_max),
                static_cast<uint32_t>(options.lanes_max),
                static_cast<uint32_t>(options.requirements_max),
                static_cast<uint32_t>(options.residual_scan_max)},
               options.seed) {
  tombstones_.resize(static_cast<std::size_t>(options.tombstones_max));
}

// --- Time -------------------------------------------------------------------

void EngineImpl::SetNow(absl::Time now) {
  int64_t host = absl::ToUnixMicros(now);
  host = std::clamp(host, -kTimeMax, kTimeMax);
  const int64_t internal = host - shift_;
  if (internal < now_) {
    ++stats_.clock_regressions;
    return;
  }
  now_ = due_ = internal;
}

absl::Time EngineImpl::HostTime(int64_t internal) const {
  return absl::FromUnixMicros(internal + shift_);
}

absl::Time EngineImpl::Utc() const {
  return absl::FromUnixMicros(now_ + shift_ + wall_offset_);
}

absl::Time EngineImpl::next_deadline() const {
  const int64_t due = timers_.next_due();
  return due == TimerQueue::kNever ? absl::InfiniteFuture() : HostTime(due);
}

// Everything due, in due order. What a timer arms for now or earlier runs too,
// but not what is left for an immediate deadline on purpose (searches).
void EngineImpl::RunDue() {
  TimerQueue::Timer timer;
  bool reported = false;
  while (timers_.PopDue(now_, &timer)) {
    if (Late(timer.due) && !reported) {
      reported = true;
      ++stats_.stalls;
      Decision& late = Emit(DecisionKind::kLate, Reason::kStall);
      late.value = static_cast<int32_t>(
          std::min<int64_t>((now_ - timer.due) / 1000, INT32_MAX));
    }
    due_ = timer.due;
    Fire(timer);
    Settle();
  }
  due_ = now_;
}

void EngineImpl::Fire(const TimerQueue::Timer& timer) {
  const TimerKind kind = static_cast<TimerKind>(timer.kind);
  switch (kind) {
    case TimerKind::kStep:
    case TimerKind::kPatience:
    case TimerKind::kCeiling:
    case TimerKind::kProgressive:
    case TimerKind::kOutsideEnd:
    case TimerKind::kContinueCall:
    case TimerKind::kAliveEnd:
      FireCall(kind, timer.subject, Late(timer.due));
      return;
    case TimerKind::kExclusionEnd:
      EndExclusion(timer.subject);
      return;
    case TimerKind::kRingEnd:
    case TimerKind::kConnectEnd:
      FireOffer(kind, timer.subject, Late(timer.due));
      return;
    case TimerKind::kWrapUpEnd:
    case TimerKind::kCoolOffEnd:
    case TimerKind::kPauseEnd:
    case TimerKind::kContinueAgent:
      FireAgent(kind, timer.subject);
      return;
    case TimerKind::kHours:
      hours_timer_ = TimerId();
      MarkAllDirty();
      ArmHours();
      return;
    case TimerKind::kAudit:
      audit_timer_ = TimerId();
      Audit();
      return;
    case TimerKind::kSyncHold:
      EndHold();
      return;
    case TimerKind::kAttempt:
    case TimerKind::kParts:
      outbound_->Fire(kind, timer.subject, Late(timer.due));
      return;
  }
}

void EngineImpl::FireCall(TimerKind kind, uint32_t slot, bool late) {
  Call& call = calls_[slot];
  switch (kind) {
    case TimerKind::kStep:
      call.step_timer = TimerId();
      RunSteps(slot);
      return;
    case TimerKind::kPatience:
      call.wait_timer = TimerId();
      LeaveWaiting(slot);
      call.preferred = kNone;
      Wait(slot, Announce::kQuietly);
      return;
    case TimerKind::kCeiling:
      ceilings_.erase(slot);
      if (call.place == CallPlace::kWaiting) {
        Rematch(slot);
      } else {
        ArmCeiling(slot);
      }
      return;
    case TimerKind::kProgressive:
      call.wait_timer = TimerId();
      RingMore(slot);
      return;
    case TimerKind::kOutsideEnd:
      if (late) {  // Its outcome may be on the way.
        call.wait_timer = Arm(now_ + grace_us_, TimerKind::kOutsideEnd, slot);
        return;
      }
      call.wait_timer = TimerId();
      EmitCall(DecisionKind::kCancelOutside, Reason::kRingTimeout, slot);
      OutsideOver(slot);
      return;
    case TimerKind::kContinueCall:
      TryOffer(slot);
      return;
    default:  // kAliveEnd
      // The answer may be on the way; and nothing begins and ends at once.
      if (late || (call.place == CallPlace::kOffered &&
                   offers_[call.first_offer].since == now_)) {
        alive_timers_[slot] = Arm(now_ + grace_us_, TimerKind::kAliveEnd, slot);
        return;
      }
      alive_timers_.erase(slot);
      EndCall(slot, Reason::kSilent, true);
  }
}

void EngineImpl::EndExclusion(uint32_t node) {
  const uint32_t call = exclusions_[node].call;
  const bool waiting = calls_[call].place == CallPlace::kWaiting;
  if (waiting) LeaveWaiting(call);
  const bool in_lanes = matcher_.ticket(call).in_lanes;
  if (in_lanes) LeaveLanes(call);
  DropExclusion(node);
  if (in_lanes) EnterLanes(call);
  if (waiting) {
    Wait(call, Announce::kQuietly);
  } else {
    Refill(call);
  }
}

void EngineImpl::FireOffer(TimerKind kind, uint32_t id, bool late) {
  Offer& offer = offers_[id];
  if (late && !offer.stalled) {
    offer.stalled = true;
    offer.timer = Arm(now_ + grace_us_, kind, id);
    return;
  }
  offer.timer = TimerId();
  if (kind == TimerKind::kConnectEnd) {
    ConnectFailed(id, Reason::kConnectTimeout, !offer.stalled);
    return;
  }
  EmitOffer(DecisionKind::kCancelOffer,
            offer.stalled ? Reason::kStall : Reason::kRingTimeout, id);
  if (offer.stalled) {
    OfferOver(id);
  } else {
    Missed(id, Miss::kNoAnswer);
  }
}

void EngineImpl::FireAgent(TimerKind kind, uint32_t slot) {
  Agent& agent = agents_[slot];
  switch (kind) {
    case TimerKind::kWrapUpEnd:
      agent.wrap_timer = TimerId();
      agent.wrap_up = false;
      EmitAgent(DecisionKind::kAgentReady, Reason::kTimer, slot);
      break;
    case TimerKind::kCoolOffEnd:
      agent.cool_timer = TimerId();
      agent.cool_off = false;
      break;
    case TimerKind::kPauseEnd:
      agent.pause_timer = TimerId();
      agent.paused = false;
      agent.pause_reason = kNone;
      EmitAgent(DecisionKind::kAgentResumed, Reason::kTimer, slot);
      PresenceChanged(slot);
      break;
    default:  // kContinueAgent
      MatchAgent(slot, agent_searches_[slot].medium);
      return;
  }
  RefreshAndMatch(slot);
}

void EngineImpl::Advance(absl::Time now, Decisions* out) {
  Begin(now, out);
  timers_.Tidy();
  out_ = nullptr;
}

absl::Status EngineImpl::Handle(const Event& event, absl::Time now,
                                Decisions* out) {
  out_ = out;
  // The clock reads the time after its jump already.
  absl::Status status;
  if (event.kind == EventKind::kClockRebase && !broken_) status = Rebase(event);
  SetNow(now);
  if (broken_) {
    out_ = nullptr;
    return absl::InternalError("engine is inconsistent since an earlier event");
  }
  if (outbound_ != nullptr) {
    if (event.kind == EventKind::kClockRebase && status.ok()) {
      outbound_->Rebase(event.duration);
    }
    outbound_->Tell();
  }
  RunDue();
  if (status.ok()) status = CheckGiven(event);
  if (status.ok()) status = Dispatch(event);
  return End(std::move(status));
}

void EngineImpl::Begin(absl::Time now, Decisions* out) {
  out_ = out;
  SetNow(now);
  if (outbound_ != nullptr) outbound_->Tell();
  if (!broken_) RunDue();
}

// What follows from what was taken in.
absl::Status EngineImpl::End(absl::Status status) {
  if (status.ok()) {
    ++stats_.events;
    Settle();
  } else {
    ++stats_.refused_events;
  }
  timers_.Tidy();
  out_ = nullptr;
  return status;
}

absl::Status EngineImpl::SetUp(const OutboundSetup& setup) {
  outbound_ = std::make_unique<OutboundImpl>(this);
  return outbound_->Create(setup);
}

void EngineImpl::Settle() {
  SettleQueues();
  if (outbound_ == nullptr) return;
  while (outbound_->Settle()) SettleQueues();
}

void EngineImpl::SettleQueues() {
  while (!dirty_queues_.empty() || matcher_.any_opened()) {
    if (matcher_.any_opened()) {
      MatchOpened();
      continue;
    }
    const uint32_t queue = dirty_queues_.back();
    dirty_queues_.pop_back();
    queues_[queue].dirty = false;
    MatchReserve(queue);
    CheckConditions(queue);
  }
}

// --- Decisions --------------------------------------------------------------

Decision& EngineImpl::Emit(DecisionKind kind, Reason reason) {
  Decision& decision = out_->Add();
  decision.kind = kind;
  decision.reason = reason;
  decision.sequence = ++sequence_;
  ++stats_.decisions;
  return decision;
}

Decision& EngineImpl::EmitCall(DecisionKind kind, Reason reason,
                               uint32_t call) {
  Decision& decision = Emit(kind, reason);
  const Call& c = calls_[call];
  decision.call = CallId(call, c.generation);
  decision.call_ref = c.ref;
  decision.queue = QueueIdOf(c.queue);
  return decision;
}

Decision& EngineImpl::EmitOffer(DecisionKind kind, Reason reason,
                                uint32_t offer) {
  Decision& decision = EmitCall(kind, reason, offers_[offer].call);
  decision.agent = AgentIdOf(offers_[offer].agent);
  decision.agent_ref = agents_[offers_[offer].agent].ref;
  decision.offer = OfferIdOf(offer);
  return decision;
}

Decision& EngineImpl::EmitAgent(DecisionKind kind, Reason reason,
                                uint32_t agent) {
  Decision& decision = Emit(kind, reason);
  decision.agent = AgentIdOf(agent);
  decision.agent_ref = agents_[agent].ref;
  return decision;
}

}  // namespace callrouter
