// What the host says of attempts, and how they end.

#include <algorithm>

#include "tests/oracle/naive_dialing.h"
#include "tests/oracle/naive_engine.h"

namespace callrouter::oracle {

// --- Events -----------------------------------------------------------------

absl::StatusCode NaiveDialing::Handle(const Event& event) {
  if (event.attempt == 0) return Code::kInvalidArgument;
  if (event.kind == EventKind::kAttemptProgress) return OnProgress(event);
  if (event.kind == EventKind::kAttemptResult) return OnResult(event);
  if (event.kind != EventKind::kSyncAttempt) return OnGrant(event);
  if (event.attempt > made_) return Code::kNotFound;
  if (!e_.syncing_) return Code::kFailedPrecondition;
  const auto it = tries_.find(event.attempt);
  if (it == tries_.end()) {
    TooLate(event);
  } else {
    it->second.synced = true;
  }
  return Code::kOk;
}

void NaiveDialing::TooLate(const Event& event) {
  Decision& cancel = e_.Emit(DecisionKind::kCancelDial, Reason::kTooLate);
  cancel.attempt = event.attempt;
  cancel.call_ref = event.call_ref;
}

NaiveDialing::Code NaiveDialing::OnProgress(const Event& event) {
  const bool person = event.progress == AttemptProgress::kPerson;
  const bool machine = event.progress == AttemptProgress::kMachine;
  if (static_cast<int>(event.progress) > 2) return Code::kInvalidArgument;
  if (person && (event.call_ref == 0 || event.duration < absl::ZeroDuration() ||
                 event.duration > absl::Minutes(10))) {
    return Code::kInvalidArgument;
  }
  if (event.attempt > made_) return Code::kNotFound;
  const auto it = tries_.find(event.attempt);
  if (it == tries_.end()) {
    if (person && e_.FindGrave(event.call_ref) == nullptr) TooLate(event);
    return Code::kOk;
  }
  Try& t = it->second;
  const DispositionNames& names = campaigns_[t.campaign].config.dispositions;
  switch (t.stage) {
    case Stage::kNumber:
    case Stage::kLock:
      return Code::kFailedPrecondition;
    case Stage::kDialling:
      if (person) return Answer(event, event.attempt);
      if (!machine) return Code::kOk;
      Emit(DecisionKind::kCancelDial, Reason::kMachine, event.attempt);
      EndLine(event.attempt, LineEvent::kMachine);
      Outcome(event.attempt, CallOutcome::kMachine);
      Close(event.attempt, names.machine, Reason::kMachine);
      return Code::kOk;
    case Stage::kAnswered:
      if (person && e_.calls_[t.call].ref != event.call_ref) {
        return Code::kAlreadyExists;
      }
      if (machine && !t.bridged &&
          e_.calls_[t.call].place != CallPlace::kConnecting) {
        t.machine = true;
        const uint32_t call = t.call;
        e_.Detach(call, Reason::kMachine);
        e_.HangUp(call, Cause::kNormal, Reason::kMachine);
      }
      return Code::kOk;
    case Stage::kOver:
      return Code::kOk;
  }
  return Code::kOk;
}

NaiveDialing::Code NaiveDialing::Answer(const Event& event, uint64_t name) {
  int32_t living = 0;
  for (const NaiveCall& call : e_.calls_) {
    living += call.live ? 1 : 0;
    if (call.live && call.ref == event.call_ref) return Code::kAlreadyExists;
  }
  Try& t = tries_[name];
  const Campaign& campaign = campaigns_[t.campaign];
  const uint32_t queue = GroupOf(t).queue;
  GroupOf(t).pacer->Report(t.line, LineEvent::kPerson, Now()).IgnoreError();
  GroupOf(t).changed = true;
  Outcome(name, CallOutcome::kAnswered);
  if (living >= e_.options_.calls_max) {
    Emit(DecisionKind::kCancelDial, Reason::kDropped, name).call_ref =
        event.call_ref;
    EndLine(name, LineEvent::kDropped);
    Close(name, campaign.config.dispositions.dropped, Reason::kDropped);
    return Code::kOk;
  }
  const NaiveGrave* grave = e_.FindGrave(event.call_ref);
  const bool ended_before = grave != nullptr && !grave->began;
  Event arrival = Event::CallArrived(event.call_ref, QueueId(queue, 1));
  arrival.priority = campaign.config.priority;
  const uint32_t call = e_.NewCall(arrival, queue);
  e_.calls_[call].adopted = true;  // The host has not told it as an arrival.
  e_.calls_[call].own = campaign.config.requirement;
  e_.calls_[call].attempt = name;
  t.stage = Stage::kAnswered;
  t.stalled = false;
  t.call = call;
  e_.Cancel(&t.timer);
  if (ended_before) {
    e_.EmitCall(DecisionKind::kClosed, Reason::kEndedBeforeBegin, call);
    e_.Finish(call);
    return Code::kOk;
  }
  const absl::Duration within =
      std::min(campaign.config.pacing.patience, t.lead.connect_within);
  const int64_t left = oracle::Us(within - event.duration);
  t.overdue = left <= 0;
  if (!t.overdue) Arm(name, e_.now_ + left);
  e_.JoinQueue(call, queue, e_.now_);
  return Code::kOk;
}

NaiveDialing::Code NaiveDialing::OnResult(const Event& event) {
  const bool word = event.result == AttemptResult::kDisposition;
  const std::string text(event.text);
  if (static_cast<int>(event.result) > 7 || (word && text.empty())) {
    return Code::kInvalidArgument;
  }
  const int32_t at = IndexOf(text);
  const bool agreed =
      at >= 0 &&
      setup_.rules.dispositions[static_cast<std::size_t>(at)].result ==
          DialResult::kCallback;
  if (agreed && (event.duration < absl::ZeroDuration() ||
                 event.duration2 <= absl::ZeroDuration())) {
    return Code::kInvalidArgument;
  }
  if (event.attempt > made_ || (!text.empty() && at < 0)) {
    return Code::kNotFound;
  }
  LeadCallback callback;
  callback.at = e_.Utc() + event.duration;
  callback.until = callback.at + event.duration2;
  callback.personal = event.value != 0;
  const auto it = tries_.find(event.attempt);
  if (it == tries_.end()) {
    if (!word) return Code::kOk;
    return leads_
        ->Report(event.attempt, text, Now(), agreed ? &callback : nullptr)
        .code();
  }
  Try& t = it->second;
  if (t.stage == Stage::kNumber || t.stage == Stage::kLock) {
    return Code::kFailedPrecondition;
  }
  if (word) {
    if (!t.bridged) return Code::kFailedPrecondition;
    if (!t.said.empty()) {
      return t.said == text ? Code::kOk : Code::kAlreadyExists;
    }
    t.said = text;
    t.callback = callback;
    if (t.stage == Stage::kOver) {
      Close(event.attempt, text, Reason::kDisposition);
    }
    return Code::kOk;
  }
  if (t.stage != Stage::kDialling) return Code::kFailedPrecondition;
  if (agreed) return Code::kInvalidArgument;
  Ended(event, text);
  return Code::kOk;
}

// Nobody answered.
void NaiveDialing::Ended(const Event& event, const std::string& text) {
  const DispositionNames& names =
      campaigns_[tries_.at(event.attempt).campaign].config.dispositions;
  struct Meaning {
    LineEvent line;
    CallOutcome outcome;
    const std::string* name;
  };
  const std::map<AttemptResult, Meaning> meanings = {
      {AttemptResult::kNoAnswer,
       {LineEvent::kNoAnswer, CallOutcome::kNoAnswer, &names.no_answer}},
      {AttemptResult::kBusy,
       {LineEvent::kBusy, CallOutcome::kBusy, &names.busy}},
      {AttemptResult::kRejected,
       {LineEvent::kBusy, CallOutcome::kRejected, &names.busy}},
      {AttemptResult::kFailed,
       {LineEvent::kFailed, CallOutcome::kFailed, &names.failed}},
      {AttemptResult::kCancelled,
       {LineEvent::kCancelled, CallOutcome::kNone, &names.failed}},
      {AttemptResult::kMachine,
       {LineEvent::kMachine, CallOutcome::kMachine, &names.machine}},
      {AttemptResult::kRefusedByOperator,
       {LineEvent::kFailed, CallOutcome::kRefusedByOperator, &names.failed}}};
  const Meaning& meaning = meanings.at(event.result);
  EndLine(event.attempt, meaning.line);
  Outcome(event.attempt, meaning.outcome);
  Close(event.attempt, text.empty() ? *meaning.name : text,
        meaning.line == LineEvent::kMachine ? Reason::kMachine
                                            : Reason::kNotAnswered);
}

NaiveDialing::Code NaiveDialing::OnGrant(const Event& event) {
  const bool number = event.kind == EventKind::kNumberGranted ||
                      event.kind == EventKind::kNumberRefused;
  const bool granted = event.kind == EventKind::kNumberGranted ||
                       event.kind == EventKind::kLockGranted;
  if (number && granted && event.number.none()) return Code::kInvalidArgument;
  if (event.attempt > made_) return Code::kNotFound;
  const auto it = tries_.find(event.attempt);
  if (it == tries_.end() ||
      it->second.stage != (number ? Stage::kNumber : Stage::kLock)) {
    return Code::kOk;
  }
  Try& t = it->second;
  if (granted) {
    if (number) t.shown = event.number;
    GoOn(event.attempt);
    return Code::kOk;
  }
  if (!number || event.value != 0) {
    EndLine(event.attempt, LineEvent::kCancelled);
    Close(event.attempt, campaigns_[t.campaign].config.dispositions.no_number,
          number ? Reason::kNoNumber : Reason::kNoLock);
    return Code::kOk;
  }
  const int64_t most = oracle::Us(setup_.number_retry);
  const int64_t told = oracle::Us(event.duration);
  Rest(t.campaign, e_.now_ + (told <= 0 ? most : std::min(most, told + 1)));
  GiveBack(event.attempt, Reason::kNoNumber);
  return Code::kOk;
}

void NaiveDialing::SyncBegin() {
  for (auto& [name, t] : tries_) t.synced = false;
}

// --- Return calls -----------------------------------------------------------

uint32_t NaiveDialing::Resolve(const Event& event, uint64_t* agent) {
  answer_ = ReturnAnswer();
  returns_->Resolve(event.called, event.caller, Now(), &answer_).IgnoreError();
  uint64_t wanted = answer_.agent;
  uint32_t queue = kNobody;
  if (answer_.found == Found::kOne) {
    const ReturnCandidate& one = answer_.candidates.front();
    if (one.agent != 0) wanted = one.agent;
    queue = groups_[campaigns_[one.campaign].group].queue;
  }
  if (queue == kNobody) {
    queue = e_.QueueNamed(setup_.return_calls->queues[0].name);
  }
  *agent = 0;
  for (const NaiveAgent& a : e_.agents_) {
    if (a.live && wanted != 0 && a.ref == wanted) *agent = a.serial;
  }
  return queue;
}

void NaiveDialing::TellReturnCall(uint32_t call) {
  Decision& told = e_.EmitCall(DecisionKind::kReturnCall, Reason::kNone, call);
  told.value = static_cast<int32_t>(answer_.rung);
  if (answer_.found != Found::kOne) return;
  const ReturnCandidate& one = answer_.candidates.front();
  told.lead = one.lead;
  told.attempt = one.attempt;
  told.shown = one.number;
  told.campaign = one.campaign;
}

// --- Calls of people who answered -------------------------------------------

void NaiveDialing::Joined(uint64_t name, uint32_t agent) {
  const Try& t = tries_.at(name);
  if (!t.line.none()) joins_[agent] = campaigns_[t.campaign].group;
}

void NaiveDialing::Left(uint32_t agent) { joins_.erase(agent); }

void NaiveDialing::Waits(uint64_t name) {
  if (tries_.at(name).overdue) overdue_.push_back(name);
}

void NaiveDialing::Connected(uint64_t name, uint32_t agent) {
  Try& t = tries_.at(name);
  t.bridged = true;
  t.overdue = false;
  t.agent = e_.agents_[agent].ref;
  e_.Cancel(&t.timer);
  if (returns_ && !t.shown.none()) {
    returns_
        ->Outcome(ShownOf(name), static_cast<uint8_t>(CallOutcome::kAnswered),
                  Now())
        .IgnoreError();
  }
  if (t.line.none()) return;
  const uint32_t group = campaigns_[t.campaign].group;
  const int32_t index = static_cast<int32_t>(agent);
  const auto was = told_.find(agent);
  Pacer& pacer = *groups_[group].pacer;
  const bool here = was != told_.end() && was->second.group == group;
  if (was != told_.end() && was->second.group != kNobody && !here) {
    Group& other = groups_[was->second.group];
    other.pacer->SetAgent(index, DialAgent::kAway, Now()).IgnoreError();
    other.changed = true;
  }
  // What it is already changes nothing.
  pacer.SetAgent(index, DialAgent::kReady, Now()).IgnoreError();
  pacer.Bridged(t.line, index, Now()).IgnoreError();
  groups_[group].changed = true;
  told_[agent] = {group, DialAgent::kBusy};
  t.line = LineId();
}

void NaiveDialing::Over(uint64_t name, How how) {
  Try& t = tries_.at(name);
  const OutboundCampaign& config = campaigns_[t.campaign].config;
  const bool dropped = how == How::kDropped && !t.machine;
  EndLine(name, dropped ? LineEvent::kDropped : LineEvent::kHungUp);
  e_.Cancel(&t.timer);
  t.stage = Stage::kOver;
  if (!t.said.empty()) {
    Close(name, t.said, Reason::kDisposition);
  } else if (how == How::kLost) {
    Close(name, config.dispositions.lost, Reason::kLost);
  } else if (t.bridged) {
    Arm(name, e_.now_ + oracle::Us(config.disposition_timeout));
  } else if (t.dropped || dropped) {
    Close(name, config.dispositions.dropped, Reason::kDropped);
  } else if (t.machine) {
    Close(name, config.dispositions.machine, Reason::kMachine);
  } else if (how == How::kElsewhere) {
    Close(name, config.dispositions.talked, Reason::kOverflow);
  } else {
    Close(name, config.dispositions.hung_up, Reason::kCallerGone);
  }
}

void NaiveDialing::Drop(uint64_t name) {
  Try& t = tries_.at(name);
  EndLine(name, LineEvent::kDropped);
  t.dropped = true;
  const absl::Duration hold = campaigns_[t.campaign].config.hold;
  if (hold == absl::ZeroDuration()) {
    EndHold(name);
    return;
  }
  Emit(DecisionKind::kDropped, Reason::kHold, name).deadline =
      e_.HostTime(e_.now_ + oracle::Us(hold));
  Arm(name, e_.now_ + oracle::Us(hold));
}

void NaiveDialing::EndHold(uint64_t name) {
  const Try& t = tries_.at(name);
  const bool plays =
      t.lead.message_required ||
      campaigns_[t.campaign].config.unserved == Unserved::kMessage;
  const uint32_t call = t.call;
  e_.Detach(call, Reason::kDropped);
  e_.HangUp(call, Cause::kNormal, Reason::kDropped,
            plays ? DecisionKind::kPlayMessage : DecisionKind::kHangUp);
}

// --- Ends -------------------------------------------------------------------

void NaiveDialing::SyncEnd() {
  std::vector<std::pair<uint32_t, uint64_t>> lost;
  for (const auto& [name, t] : tries_) {
    if (!t.synced) lost.push_back({0, name});
  }
  for (const auto& [slot, name] : lost) {
    Try& t = tries_.at(name);
    if (t.stage == Stage::kNumber || t.stage == Stage::kLock) {
      GiveBack(name, Reason::kLost);
    } else if (t.stage == Stage::kDialling) {
      EndLine(name, LineEvent::kCancelled);
      Close(name, campaigns_[t.campaign].config.dispositions.lost,
            Reason::kLost);
    }
  }
}

void NaiveDialing::EndLine(uint64_t name, LineEvent event) {
  Try& t = tries_.at(name);
  if (t.line.none()) return;
  GroupOf(t).pacer->Report(t.line, event, Now()).IgnoreError();
  GroupOf(t).changed = true;
  t.line = LineId();
}

void NaiveDialing::Outcome(uint64_t name, CallOutcome outcome) {
  const Try& t = tries_.at(name);
  if (outcome == CallOutcome::kNone) return;
  if (t.pooled) numbers_->Report({name, outcome}, Now()).IgnoreError();
  if (returns_ && !t.shown.none()) {
    returns_->Outcome(ShownOf(name), static_cast<uint8_t>(outcome), Now())
        .IgnoreError();
  }
}

void NaiveDialing::GiveBack(uint64_t name, Reason reason) {
  EndLine(name, LineEvent::kCancelled);
  leads_->Cancel(name, Now()).IgnoreError();
  if (tries_.at(name).pooled) numbers_->Cancel(name, Now()).IgnoreError();
  if (reason != Reason::kNone) {
    Emit(DecisionKind::kAttemptOver, reason, name).value = -1;
  }
  Forget(name);
}

void NaiveDialing::Close(uint64_t name, const std::string& said,
                         Reason reason) {
  const Try& t = tries_.at(name);
  const int32_t index = IndexOf(said);
  const bool agreed =
      setup_.rules.dispositions[static_cast<std::size_t>(index)].result ==
      DialResult::kCallback;
  leads_->Report(name, said, Now(), agreed ? &t.callback : nullptr)
      .IgnoreError();
  if (t.pooled && (t.stage == Stage::kNumber || t.stage == Stage::kLock)) {
    numbers_->Cancel(name, Now()).IgnoreError();
  } else if (t.pooled) {
    numbers_->End(name, Now()).IgnoreError();
  }
  Emit(DecisionKind::kAttemptOver, reason, name).value = index;
  Forget(name);
}

void NaiveDialing::Forget(uint64_t name) {
  e_.Cancel(&tries_.at(name).timer);
  tries_.erase(name);
  leads_changed_ = true;
}

absl::Status NaiveDialing::Sampled(int32_t campaign, int32_t persons,
                                   int32_t samples) {
  if (campaign < 0 || campaign >= static_cast<int32_t>(campaigns_.size())) {
    return absl::InvalidArgumentError("no such campaign");
  }
  const Campaign& c = campaigns_[static_cast<std::size_t>(campaign)];
  groups_[c.group].changed = true;
  return groups_[c.group].pacer->Sampled(c.index, persons, samples, Now());
}

}  // namespace callrouter::oracle
