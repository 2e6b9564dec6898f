// Which function takes which event.

#include "absl/strings/str_cat.h"
#include "engine_impl.h"

namespace callrouter {

absl::Status EngineImpl::Rebase(const Event& event) {
  const int64_t delta = Micros(event.duration);
  if (delta < -kTimeMax || delta > kTimeMax ||
      event.duration == absl::InfiniteDuration() ||
      shift_ + delta < -kTimeMax || shift_ + delta > kTimeMax) {
    return absl::InvalidArgumentError("duration: out of range");
  }
  shift_ += delta;
  return absl::OkStatus();
}

absl::Status EngineImpl::Dispatch(const Event& event) {
  switch (event.kind) {
    case EventKind::kCallArrived:
    case EventKind::kCallEnded:
    case EventKind::kCallAlive:
    case EventKind::kCallPriority:
    case EventKind::kCallRequirement:
    case EventKind::kCallQueued:
    case EventKind::kCallTransferred:
      return DispatchCall(event);
    case EventKind::kOfferAccepted:
    case EventKind::kOfferConnecting:
    case EventKind::kOfferConnected:
    case EventKind::kOfferDeclined:
    case EventKind::kOfferNoAnswer:
    case EventKind::kOfferBusy:
    case EventKind::kOfferFailed:
    case EventKind::kOfferCancelled:
    case EventKind::kConnectFailed:
      return OnOffer(event);
    case EventKind::kDone:
    case EventKind::kFailed:
      return OnResult(event);
    case EventKind::kAgentAdded:
    case EventKind::kAgentRemoved:
    case EventKind::kAgentLogin:
    case EventKind::kAgentLogout:
    case EventKind::kAgentReady:
    case EventKind::kAgentPaused:
    case EventKind::kAgentReleased:
    case EventKind::kAgentBusyOutside:
    case EventKind::kAgentFreeOutside:
    case EventKind::kAgentSkill:
    case EventKind::kAgentAttribute:
    case EventKind::kAgentMember:
    case EventKind::kAgentNotMember:
    case EventKind::kAgentCapacity:
    case EventKind::kWallClock:
    case EventKind::kClockRebase:
    case EventKind::kSyncBegin:
    case EventKind::kSyncCall:
    case EventKind::kSyncAgent:
    case EventKind::kSyncEnd:
      return DispatchAgent(event);
    case EventKind::kSyncAttempt:
    case EventKind::kAttemptProgress:
    case EventKind::kAttemptResult:
    case EventKind::kNumberGranted:
    case EventKind::kNumberRefused:
    case EventKind::kLockGranted:
    case EventKind::kLockRefused:
      return DispatchAttempt(event);
    case EventKind::kCallJoined:
    case EventKind::kMediaStarted:
    case EventKind::kMediaEnded:
    case EventKind::kDigits:
    case EventKind::kAnnouncementEnded:
    case EventKind::kCallbackRequested:
    case EventKind::kConsultStarted:
    case EventKind::kScore:
    case EventKind::kLeadAdded:
      return absl::UnimplementedError("an event of a later release");
    case EventKind::kNone:
      break;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "kind: found ", static_cast<int>(event.kind), ", expected an EventKind"));
}

absl::Status EngineImpl::DispatchCall(const Event& event) {
  switch (event.kind) {
    case EventKind::kCallArrived:
      return OnCallArrived(event);
    case EventKind::kCallEnded:
      return OnCallEnded(event);
    case EventKind::kCallAlive:
      return OnCallAlive(event);
    case EventKind::kCallPriority:
      return OnCallPriority(event);
    case EventKind::kCallRequirement:
      return OnCallRequirement(event);
    case EventKind::kCallQueued:
      return OnCallQueued(event);
    default:
      return OnCallTransferred(event);
  }
}

absl::Status EngineImpl::DispatchConnection(const Event& event) {
  switch (event.kind) {
    case EventKind::kWallClock: {
      const int64_t offset = Micros(event.duration);
      if (offset < -kTimeMax || offset > kTimeMax ||
          event.duration == absl::InfiniteDuration()) {
        return absl::InvalidArgumentError("duration: out of range");
      }
      wall_offset_ = offset;
      if (outbound_ != nullptr) outbound_->SetWallClock(event.duration);
      MarkAllDirty();
      ArmHours();
      return absl::OkStatus();
    }
    case EventKind::kClockRebase:  // The jump itself: Rebase.
      MarkAllDirty();
      ArmHours();
      return absl::OkStatus();
    case EventKind::kSyncBegin:
      syncing_ = true;
      for (uint32_t c = 0; c < calls_.slots(); ++c) calls_[c].synced = false;
      for (uint32_t a = 0; a < agents_.slots(); ++a) agents_[a].synced = false;
      if (outbound_ != nullptr) outbound_->SyncBegin();
      Hold();
      return absl::OkStatus();
    case EventKind::kSyncCall:
      return OnSyncCall(event);
    case EventKind::kSyncAgent:
      return OnSyncAgent(event);
    default:  // kSyncEnd
      if (!syncing_) {
        return absl::FailedPreconditionError("SyncEnd without SyncBegin");
      }
      SyncEnd();
      return absl::OkStatus();
  }
}

absl::Status EngineImpl::DispatchAgent(const Event& event) {
  switch (event.kind) {
    case EventKind::kAgentAdded:
      return OnAgentAdded(event);
    case EventKind::kAgentRemoved:
      return OnAgentRemoved(event);
    case EventKind::kAgentLogin:
      return OnAgentLogin(event);
    case EventKind::kAgentLogout:
      return OnAgentLogout(event);
    case EventKind::kAgentReady:
      return OnAgentReady(event);
    case EventKind::kAgentPaused:
      return OnAgentPaused(event);
    case EventKind::kAgentReleased:
      return OnAgentReleased(event);
    case EventKind::kAgentBusyOutside:
      return OnAgentOutside(event, true);
    case EventKind::kAgentFreeOutside:
      return OnAgentOutside(event, false);
    case EventKind::kAgentSkill:
      return OnAgentSkill(event);
    case EventKind::kAgentAttribute:
      return OnAgentAttribute(event);
    case EventKind::kAgentMember:
      return OnAgentMember(event, true);
    case EventKind::kAgentNotMember:
      return OnAgentMember(event, false);
    case EventKind::kAgentCapacity:
      return OnAgentCapacity(event);
    default:
      return DispatchConnection(event);
  }
}

absl::Status EngineImpl::DispatchAttempt(const Event& event) {
  if (outbound_ != nullptr) return outbound_->OnEvent(event);
  return absl::FailedPreconditionError("this engine dials nobody");
}

}  // namespace callrouter
