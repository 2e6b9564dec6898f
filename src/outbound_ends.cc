// How attempts end, and what the calls of people who answered come to.

#include <utility>

#include "engine_impl.h"
#include "outbound_impl.h"

namespace callrouter {

// --- Calls of people who answered -------------------------------------------

void OutboundImpl::CallJoined(uint32_t call, uint32_t agent) {
  const uint32_t slot = AttemptOf(call);
  if (slot == kNone || attempts_[slot].line.none()) return;
  AgentChanged(agent);
  told_[agent].joins = campaigns_[attempts_[slot].campaign].group;
}

void OutboundImpl::CallWaits(uint32_t call) {
  const uint32_t slot = AttemptOf(call);
  if (slot != kNone && attempts_[slot].overdue) overdue_.push_back(slot);
}

void OutboundImpl::AgentLeft(uint32_t agent) {
  if (agent >= told_.size() || told_[agent].joins == kNone) return;
  told_[agent].joins = kNone;
  AgentChanged(agent);
}

void OutboundImpl::CallConnected(uint32_t call, uint32_t agent) {
  AgentLeft(agent);
  const uint32_t slot = AttemptOf(call);
  if (slot == kNone) return;
  OutAttempt& a = attempts_[slot];
  a.bridged = true;
  a.overdue = false;
  a.agent = e_.agents_[agent].ref;
  e_.timers_.Cancel(&a.timer);
  if (returns_ != nullptr && !a.shown.none()) {
    returns_
        ->Outcome(ShownOf(slot), static_cast<uint8_t>(CallOutcome::kAnswered),
                  Now())
        .IgnoreError();
  }
  if (a.line.none()) return;  // Dropped before, and held.
  const uint32_t group = campaigns_[a.campaign].group;
  const int32_t index = static_cast<int32_t>(agent);
  AgentChanged(agent);
  Told& told = told_[agent];
  if (told.group != kNone && told.group != group) {
    groups_[told.group]
        .pacer->SetAgent(index, DialAgent::kAway, Now())
        .IgnoreError();
    groups_[told.group].dirty = true;
  }
  Pacer& pacer = *groups_[group].pacer;
  if (told.group != group || told.state != DialAgent::kReady) {
    pacer.SetAgent(index, DialAgent::kReady, Now()).IgnoreError();
  }
  pacer.Bridged(a.line, index, Now()).IgnoreError();
  groups_[group].dirty = true;
  told.group = group;
  told.state = DialAgent::kBusy;
  a.line = LineId();
}

void OutboundImpl::CallEnding(uint32_t call, Ending ending) {
  const uint32_t slot = AttemptOf(call);
  if (slot == kNone || attempts_[slot].ending == Ending::kMachine) return;
  attempts_[slot].ending = ending;
}

// The call is over and about to be forgotten.
void OutboundImpl::CallOver(uint32_t call) {
  const uint32_t slot = AttemptOf(call);
  if (slot == kNone) return;
  OutAttempt& a = attempts_[slot];
  if (!a.line.none()) {
    EndLine(slot, a.ending == Ending::kDropped ? LineEvent::kDropped
                                               : LineEvent::kHungUp);
  }
  attempt_of_call_[call] = kNone;
  e_.timers_.Cancel(&a.timer);
  if (a.said != OutAttempt::kUnsaid) {
    a.call = kNone;
    Close(slot, a.said, Reason::kDisposition);
  } else if (a.ending == Ending::kLost) {
    a.call = kNone;
    Close(slot, EndingOf(slot, Ending::kLost), Reason::kLost);
  } else if (a.bridged) {
    a.call = kNone;
    a.stage = OutStage::kOver;
    Arm(slot,
        e_.now_ + Micros(campaigns_[a.campaign].config.disposition_timeout));
  } else {
    const Ending ending = a.dropped ? Ending::kDropped : a.ending;
    const Reason reason = ending == Ending::kDropped   ? Reason::kDropped
                          : ending == Ending::kMachine ? Reason::kMachine
                          : ending == Ending::kTalked  ? Reason::kOverflow
                                                       : Reason::kCallerGone;
    a.call = kNone;
    Close(slot, EndingOf(slot, ending), reason);
  }
}

// --- Nobody in time ---------------------------------------------------------

// Counted once, here; then held, or let go.
void OutboundImpl::Drop(uint32_t slot) {
  OutAttempt& a = attempts_[slot];
  const OutboundCampaign& config = campaigns_[a.campaign].config;
  EndLine(slot, LineEvent::kDropped);
  a.dropped = true;
  if (config.hold <= absl::ZeroDuration()) {
    EndHold(slot);
    return;
  }
  const int64_t until = e_.now_ + Micros(config.hold);
  Emit(DecisionKind::kDropped, Reason::kHold, slot).deadline =
      e_.HostTime(until);
  Arm(slot, until);
}

void OutboundImpl::EndHold(uint32_t slot) {
  const OutAttempt& a = attempts_[slot];
  const bool plays = a.must_play || campaigns_[a.campaign].config.unserved ==
                                        Unserved::kMessage;
  const uint32_t call = a.call;
  e_.Detach(call, Reason::kDropped);
  e_.HangUp(call, Cause::kNormal, Reason::kDropped,
            plays ? DecisionKind::kPlayMessage : DecisionKind::kHangUp);
}

// --- Ends -------------------------------------------------------------------

uint16_t OutboundImpl::EndingOf(uint32_t slot, Ending ending) const {
  return campaigns_[attempts_[slot].campaign]
      .endings[static_cast<std::size_t>(ending)];
}

void OutboundImpl::EndLine(uint32_t slot, LineEvent event) {
  OutAttempt& a = attempts_[slot];
  if (a.line.none()) return;
  PacerOf(a).Report(a.line, event, Now()).IgnoreError();
  GroupOf(a).dirty = true;
  a.line = LineId();
}

// To the pool and to those who answer return calls.
void OutboundImpl::Outcome(uint32_t slot, CallOutcome outcome) {
  const OutAttempt& a = attempts_[slot];
  if (outcome == CallOutcome::kNone) return;
  if (a.pooled) {
    numbers_->Report({a.name, outcome}, Now()).IgnoreError();
  }
  if (returns_ != nullptr && !a.shown.none()) {
    returns_->Outcome(ShownOf(slot), static_cast<uint8_t>(outcome), Now())
        .IgnoreError();
  }
}

void OutboundImpl::Unanswered(uint32_t slot, LineEvent line,
                              CallOutcome outcome, uint16_t said) {
  EndLine(slot, line);
  Outcome(slot, outcome);
  Close(slot, said,
        line == LineEvent::kMachine ? Reason::kMachine : Reason::kNotAnswered);
}

// It was not dialled: as if its lead had not been handed out.
void OutboundImpl::GiveBack(uint32_t slot, Reason reason) {
  OutAttempt& a = attempts_[slot];
  EndLine(slot, LineEvent::kCancelled);
  leads_->Cancel(a.name, Now()).IgnoreError();
  if (a.pooled) numbers_->Cancel(a.name, Now()).IgnoreError();
  a.pooled = false;
  if (reason != Reason::kNone) {
    Emit(DecisionKind::kAttemptOver, reason, slot).value = -1;
  }
  Forget(slot);
}

// The attempt is over and has its disposition.
void OutboundImpl::Close(uint32_t slot, uint16_t said, Reason reason) {
  OutAttempt& a = attempts_[slot];
  LeadCallback callback;
  callback.at = absl::FromUnixMicros(a.callback_at);
  callback.until = a.callback_until == INT64_MAX
                       ? absl::InfiniteFuture()
                       : absl::FromUnixMicros(a.callback_until);
  callback.personal = a.personal;
  const bool agreed = dispositions_[said].result == DialResult::kCallback;
  // The lead list may have given it up before us (call_max), and it may have no
  // room left for another one not to be called: then it was a talk.
  const absl::Status status = leads_->Report(
      a.name, dispositions_[said].name, Now(), agreed ? &callback : nullptr);
  if (status.code() == absl::StatusCode::kResourceExhausted) {
    said = EndingOf(slot, Ending::kTalked);
    leads_->Report(a.name, dispositions_[said].name, Now()).IgnoreError();
  }
  if (a.pooled && a.stage < OutStage::kDialling) {
    numbers_->Cancel(a.name, Now()).IgnoreError();
  } else if (a.pooled) {
    numbers_->End(a.name, Now()).IgnoreError();
  }
  Emit(DecisionKind::kAttemptOver, reason, slot).value = said;
  Forget(slot);
}

void OutboundImpl::Forget(uint32_t slot) {
  OutAttempt& a = attempts_[slot];
  e_.timers_.Cancel(&a.timer);
  by_name_.erase(a.name);
  attempts_.Remove(slot);
  LeadsChanged();
}

}  // namespace callrouter
