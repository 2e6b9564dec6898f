// What the host says of attempts: progress, results, grants, return calls.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "engine_impl.h"
#include "outbound_impl.h"

namespace callrouter {

namespace {

constexpr std::size_t kTextBytesMax = 1024;

absl::Status Unknown(uint64_t attempt) {
  return absl::NotFoundError(absl::StrCat("attempt: found ", attempt,
                                          ", expected one that was given out"));
}

}  // namespace

absl::Status OutboundImpl::OnEvent(const Event& event) {
  if (event.attempt == 0) {
    return absl::InvalidArgumentError(
        "attempt: missing, expected that of a decision given out");
  }
  switch (event.kind) {
    case EventKind::kAttemptProgress:
      return OnProgress(event);
    case EventKind::kAttemptResult:
      return OnResult(event);
    case EventKind::kSyncAttempt: {
      uint32_t slot;
      const absl::Status status = Find(event, &slot);
      if (!status.ok()) return status;
      if (!e_.syncing_) {
        return absl::FailedPreconditionError("SyncAttempt without SyncBegin");
      }
      if (slot != kNone) {
        attempts_[slot].synced = true;
      } else {  // Of a leg we have given up.
        TooLate(event);
      }
      return absl::OkStatus();
    }
    default:
      return OnGrant(event);
  }
}

// OK with kNone in `*slot`: it was there once and is over.
absl::Status OutboundImpl::Find(const Event& event, uint32_t* slot) const {
  *slot = kNone;
  if (event.attempt > attempts_made_) return Unknown(event.attempt);
  const auto it = by_name_.find(event.attempt);
  if (it != by_name_.end()) *slot = it->second;
  return absl::OkStatus();
}

// The person's leg is there and the attempt is not.
void OutboundImpl::TooLate(const Event& event) {
  ++e_.stats_.races;
  Decision& cancel = e_.Emit(DecisionKind::kCancelDial, Reason::kTooLate);
  cancel.attempt = event.attempt;
  cancel.call_ref = event.call_ref;
}

// --- Progress ---------------------------------------------------------------

absl::Status OutboundImpl::OnProgress(const Event& event) {
  if (event.progress > AttemptProgress::kMachine) {
    return absl::InvalidArgumentError(
        absl::StrCat("progress: found ", static_cast<int>(event.progress),
                     ", expected an AttemptProgress"));
  }
  const bool person = event.progress == AttemptProgress::kPerson;
  if (person && event.call_ref == 0) {
    return absl::InvalidArgumentError("call_ref: missing, expected not 0");
  }
  if (person && (event.duration < absl::ZeroDuration() ||
                 event.duration > absl::Minutes(10))) {
    return absl::InvalidArgumentError("duration: expected 0 to 10 min");
  }
  uint32_t slot;
  const absl::Status status = Find(event, &slot);
  if (!status.ok()) return status;
  if (slot == kNone) {
    // Unless the leg is over, too: told before.
    if (person && e_.FindTombstone(event.call_ref) == nullptr) {
      TooLate(event);
    } else {
      ++e_.stats_.repeats;
    }
    return absl::OkStatus();
  }
  const OutAttempt& a = attempts_[slot];
  if (a.stage < OutStage::kDialling) {
    return absl::FailedPreconditionError("attempt: was not dialled yet");
  }
  if (a.stage > OutStage::kDialling) {
    // What was said before, a machine found while an agent speaks with it, or
    // word that its own end has overtaken.
    if (person && a.call != kNone && e_.calls_[a.call].ref != event.call_ref) {
      return absl::AlreadyExistsError(absl::StrCat(
          "call_ref: found ", event.call_ref, ", and the attempt was answered",
          " as ", e_.calls_[a.call].ref));
    }
    const bool waits = a.stage == OutStage::kAnswered && !a.bridged &&
                       e_.calls_[a.call].place != CallPlace::kConnecting;
    if (event.progress == AttemptProgress::kMachine && waits) {
      attempts_[slot].ending = Ending::kMachine;
      const uint32_t call = a.call;
      e_.Detach(call, Reason::kMachine);
      e_.HangUp(call, Cause::kNormal, Reason::kMachine);
    } else {
      ++e_.stats_.repeats;
    }
    return absl::OkStatus();
  }
  switch (event.progress) {
    case AttemptProgress::kPerson:
      return Answer(event, slot);
    case AttemptProgress::kMachine:
      Emit(DecisionKind::kCancelDial, Reason::kMachine, slot);
      Unanswered(slot, LineEvent::kMachine, CallOutcome::kMachine,
                 EndingOf(slot, Ending::kMachine));
      break;
    default:
      break;
  }
  return absl::OkStatus();
}

// A person is there: a call in the group's queue, for which an agent is taken
// at once or which waits until its time is out.
absl::Status OutboundImpl::Answer(const Event& event, uint32_t slot) {
  if (e_.call_refs_.Find(event.call_ref) != kNone) {
    return absl::AlreadyExistsError(absl::StrCat(
        "call_ref: ", event.call_ref, " is living with other content"));
  }
  const Tombstone* grave = e_.FindTombstone(event.call_ref);
  const bool ended_before = grave != nullptr && grave->content == 0;
  const OutboundCampaign& config = campaigns_[attempts_[slot].campaign].config;
  PacerOf(attempts_[slot])
      .Report(attempts_[slot].line, LineEvent::kPerson, Now())
      .IgnoreError();
  GroupOf(attempts_[slot]).dirty = true;
  Outcome(slot, CallOutcome::kAnswered);
  uint32_t own = kNone;
  const bool room =
      e_.calls_.size() < static_cast<uint32_t>(e_.options_.calls_max) &&
      e_.InternRequirement(config.requirement, &own).ok();
  if (!room) {  // The person is there all the same.
    Emit(DecisionKind::kCancelDial, Reason::kDropped, slot).call_ref =
        event.call_ref;
    EndLine(slot, LineEvent::kDropped);
    Close(slot, EndingOf(slot, Ending::kDropped), Reason::kDropped);
    return absl::OkStatus();
  }
  Event arrival = Event::CallArrived(event.call_ref, QueueId());
  arrival.priority = config.priority;
  const uint32_t queue = GroupOf(attempts_[slot]).queue;
  const uint32_t call = e_.NewCall(arrival, queue);
  e_.calls_[call].own_req = own;
  OutAttempt& a = attempts_[slot];
  a.stage = OutStage::kAnswered;
  a.stalled = false;
  a.call = call;
  if (call >= attempt_of_call_.size()) {
    attempt_of_call_.resize(std::size_t{call} + 1, kNone);
  }
  attempt_of_call_[call] = slot;
  e_.timers_.Cancel(&a.timer);
  if (ended_before) {
    e_.CountEndedBefore(call);
    return absl::OkStatus();
  }
  const int64_t left = a.within_us - Micros(event.duration);
  if (left > 0) {
    Arm(slot, e_.now_ + left);
  } else {
    a.overdue = true;
  }
  e_.JoinQueue(call, queue, e_.now_);
  return absl::OkStatus();
}

// --- Results ----------------------------------------------------------------

uint16_t OutboundImpl::FindDisposition(std::string_view name) const {
  for (std::size_t i = 0; i < dispositions_.size(); ++i) {
    if (dispositions_[i].name == name) return static_cast<uint16_t>(i);
  }
  return OutAttempt::kUnsaid;
}

LeadCallback OutboundImpl::CallbackOf(const Event& event) const {
  LeadCallback callback;
  callback.at = e_.Utc() + event.duration;
  callback.until = event.duration2 == absl::InfiniteDuration()
                       ? absl::InfiniteFuture()
                       : callback.at + event.duration2;
  callback.personal = event.value != 0;
  return callback;
}

absl::Status OutboundImpl::CheckCallback(const Event& event,
                                         uint16_t said) const {
  if (dispositions_[said].result != DialResult::kCallback) {
    return absl::OkStatus();
  }
  constexpr absl::Duration kMost = absl::Hours(24 * 366);
  if (event.duration >= absl::ZeroDuration() && event.duration <= kMost &&
      event.duration2 > absl::ZeroDuration() &&
      (event.duration2 <= kMost ||
       event.duration2 == absl::InfiniteDuration())) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      "duration: expected the time until the callback, and in duration2 the "
      "length of its window, both up to 366 days");
}

absl::Status OutboundImpl::OnResult(const Event& event) {
  if (event.result > AttemptResult::kRefusedByOperator) {
    return absl::InvalidArgumentError(
        absl::StrCat("result: found ", static_cast<int>(event.result),
                     ", expected an AttemptResult"));
  }
  const bool word = event.result == AttemptResult::kDisposition;
  if (word && event.text.empty()) {
    return absl::InvalidArgumentError("text: missing, expected a disposition");
  }
  if (event.text.size() > kTextBytesMax) {
    return absl::InvalidArgumentError("text: expected 1024 bytes at most");
  }
  uint16_t said = OutAttempt::kUnsaid;
  if (!event.text.empty()) {
    said = FindDisposition(event.text);
    if (said != OutAttempt::kUnsaid) {
      const absl::Status status = CheckCallback(event, said);
      if (!status.ok()) return status;
    }
  }
  uint32_t slot;
  const absl::Status status = Find(event, &slot);
  if (!status.ok()) return status;
  if (!event.text.empty() && said == OutAttempt::kUnsaid) {
    return absl::NotFoundError("text: found no such disposition in the rules");
  }
  if (slot == kNone) return OnLateResult(event);
  const OutAttempt& a = attempts_[slot];
  if (a.stage < OutStage::kDialling) {
    return absl::FailedPreconditionError("attempt: was not dialled yet");
  }
  if (word) return OnDisposition(event, slot, said);
  if (a.stage > OutStage::kDialling) {
    return absl::FailedPreconditionError(
        "attempt: a person has answered it; expected CallEnded or a "
        "disposition");
  }
  if (said != OutAttempt::kUnsaid &&
      dispositions_[said].result == DialResult::kCallback) {
    return absl::InvalidArgumentError(
        "text: nobody answered, so nothing was agreed upon");
  }
  struct Meaning {
    LineEvent line;
    CallOutcome outcome;
    Ending ending;
  };
  static constexpr Meaning kMeanings[] = {
      {LineEvent::kNoAnswer, CallOutcome::kNoAnswer, Ending::kNoAnswer},
      {LineEvent::kBusy, CallOutcome::kBusy, Ending::kBusy},
      {LineEvent::kBusy, CallOutcome::kRejected, Ending::kBusy},
      {LineEvent::kFailed, CallOutcome::kFailed, Ending::kFailed},
      {LineEvent::kCancelled, CallOutcome::kNone, Ending::kFailed},
      {LineEvent::kMachine, CallOutcome::kMachine, Ending::kMachine},
      {LineEvent::kFailed, CallOutcome::kRefusedByOperator, Ending::kFailed}};
  const Meaning& m = kMeanings[static_cast<std::size_t>(event.result) - 1];
  Unanswered(slot, m.line, m.outcome,
             said == OutAttempt::kUnsaid ? EndingOf(slot, m.ending) : said);
  return absl::OkStatus();
}

// Of an attempt that is over: a repeat, or other words than were taken.
absl::Status OutboundImpl::OnLateResult(const Event& event) {
  ++e_.stats_.repeats;
  if (event.result != AttemptResult::kDisposition) return absl::OkStatus();
  const LeadCallback callback = CallbackOf(event);
  const uint16_t said = FindDisposition(event.text);
  const bool agreed = dispositions_[said].result == DialResult::kCallback;
  const absl::Status status = leads_->Report(event.attempt, event.text, Now(),
                                             agreed ? &callback : nullptr);
  if (!status.ok()) --e_.stats_.repeats;
  return status;
}

absl::Status OutboundImpl::OnDisposition(const Event& event, uint32_t slot,
                                         uint16_t said) {
  OutAttempt& a = attempts_[slot];
  if (!a.bridged) {
    return absl::FailedPreconditionError(
        "attempt: no agent has spoken with the person");
  }
  if (a.said != OutAttempt::kUnsaid) {
    if (a.said == said) {
      ++e_.stats_.repeats;
      return absl::OkStatus();
    }
    return absl::AlreadyExistsError("text: the agent said otherwise before");
  }
  const LeadCallback callback = CallbackOf(event);
  a.said = said;
  a.callback_at = absl::ToUnixMicros(callback.at);
  a.callback_until = absl::ToUnixMicros(callback.until);
  a.personal = callback.personal;
  if (a.stage == OutStage::kOver) Close(slot, said, Reason::kDisposition);
  return absl::OkStatus();
}

// --- Other shards -----------------------------------------------------------

absl::Status OutboundImpl::OnGrant(const Event& event) {
  const bool number = event.kind == EventKind::kNumberGranted ||
                      event.kind == EventKind::kNumberRefused;
  const bool granted = event.kind == EventKind::kNumberGranted ||
                       event.kind == EventKind::kLockGranted;
  if (number && granted && event.number.none()) {
    return absl::InvalidArgumentError("number: missing");
  }
  if (number && !granted && event.duration < absl::ZeroDuration()) {
    return absl::InvalidArgumentError("duration: expected 0 or more");
  }
  uint32_t slot;
  const absl::Status status = Find(event, &slot);
  if (!status.ok()) return status;
  const OutStage asked = number ? OutStage::kAskNumber : OutStage::kAskLock;
  // Late or again: kAttemptOver has told that it is not needed.
  if (slot == kNone || attempts_[slot].stage != asked) {
    ++e_.stats_.repeats;
    return absl::OkStatus();
  }
  OutAttempt& a = attempts_[slot];
  if (granted) {
    if (number) a.shown = event.number;
    GoOn(slot);
  } else if (!number) {
    // The number is in a call elsewhere: as little a call as it is a number.
    EndLine(slot, LineEvent::kCancelled);
    Close(slot, EndingOf(slot, Ending::kNoNumber), Reason::kNoLock);
  } else if (event.value != 0) {
    EndLine(slot, LineEvent::kCancelled);
    Close(slot, EndingOf(slot, Ending::kNoNumber), Reason::kNoNumber);
  } else {
    const int64_t most = number_retry_us_;
    const int64_t wait = event.duration == absl::InfiniteDuration() ||
                                 event.duration == absl::ZeroDuration()
                             ? most
                             : std::min(most, Micros(event.duration) + 1);
    Rest(a.campaign, e_.now_ + wait);
    GiveBack(slot, Reason::kNoNumber);
  }
  return absl::OkStatus();
}

void OutboundImpl::SyncBegin() {
  for (uint32_t s = 0; s < attempts_.slots(); ++s) attempts_[s].synced = false;
}

// What the host did not name is lost, in the order it began. Those with a call
// went with it.
void OutboundImpl::SyncEnd() {
  std::vector<uint64_t> lost;
  for (uint32_t s = 0; s < attempts_.slots(); ++s) {
    const OutAttempt& a = attempts_[s];
    if (a.live && !a.synced) lost.push_back(a.name);
  }
  std::sort(lost.begin(), lost.end());
  for (const uint64_t name : lost) {
    const uint32_t s = by_name_[name];
    const OutAttempt& a = attempts_[s];
    if (a.stage < OutStage::kDialling) {
      GiveBack(s, Reason::kLost);
    } else if (a.stage == OutStage::kDialling) {
      EndLine(s, LineEvent::kCancelled);
      Close(s, EndingOf(s, Ending::kLost), Reason::kLost);
    }
  }
}

// --- Return calls -----------------------------------------------------------

absl::Status OutboundImpl::Resolve(const Event& event, uint32_t* queue,
                                   uint32_t* agent) {
  if (returns_ == nullptr) {
    return absl::FailedPreconditionError(
        "called: this engine keeps no return calls; expected a queue");
  }
  const absl::Status status =
      returns_->Resolve(event.called, event.caller, Now(), &answer_);
  if (!status.ok()) return status;
  *queue = kNone;
  uint64_t wanted = answer_.agent;
  if (answer_.found == Found::kOne) {
    const ReturnCandidate& one = answer_.candidates[0];
    if (one.agent != 0) wanted = one.agent;
    if (one.campaign < campaigns_.size()) {
      *queue = groups_[campaigns_[one.campaign].group].queue;
    }
  }
  const auto open = [this](uint32_t q) {
    return q != kNone && e_.queues_[q].open_for_new;
  };
  for (const uint64_t ref : {answer_.queue, default_queue_}) {
    for (const ReturnSetup::Queue& named : return_queues_) {
      if (!open(*queue) && named.ref == ref)
        *queue = e_.QueueByName(named.name);
    }
  }
  if (!open(*queue)) {
    return absl::FailedPreconditionError(
        "called: the queues for calls to this number were removed");
  }
  *agent = wanted == 0 ? kNone : e_.agent_refs_.Find(wanted);
  return absl::OkStatus();
}

void OutboundImpl::TellReturnCall(uint32_t call) {
  Decision& told = e_.EmitCall(DecisionKind::kReturnCall, Reason::kNone, call);
  told.value = static_cast<int32_t>(answer_.rung);
  if (answer_.found != Found::kOne) return;
  told.lead = answer_.candidates[0].lead;
  told.attempt = answer_.candidates[0].attempt;
  told.shown = answer_.candidates[0].number;
  told.campaign = answer_.candidates[0].campaign;
}

}  // namespace callrouter
