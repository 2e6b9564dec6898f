#include "tests/oracle/naive_engine.h"

#include <algorithm>

namespace callrouter::oracle {

NaiveEngine::NaiveEngine(const EngineOptions& options,
                         const Configuration& configuration, absl::Time now)
    : options_(options),
      config_(configuration),
      random_(options.seed),
      shift_(absl::ToUnixMicros(now)) {
  media_.push_back("voice");
  for (const Medium& medium : config_.media) {
    if (medium.name != "voice") media_.push_back(medium.name);
  }
  for (const HoursConfig& hours : config_.hours) {
    all_hours_.emplace_back(hours);
  }
  for (const QueueConfig& queue : config_.queues) {
    queues_.emplace_back();
    plans_.push_back(nullptr);
    for (const Plan& plan : config_.plans) {
      if (plan.name == queue.plan) plans_.back() = &plan;
    }
    hours_.push_back(nullptr);
    for (std::size_t h = 0; h < config_.hours.size(); ++h) {
      if (config_.hours[h].name == queue.hours) hours_.back() = &all_hours_[h];
    }
    const auto medium = std::find(media_.begin(), media_.end(), queue.medium);
    medium_.push_back(static_cast<uint8_t>(medium - media_.begin()));
  }
  for (const AgentConfig& from : config_.agents) {
    NaiveAgent agent;
    agent.live = true;
    agent.serial = ++agents_made_;
    agent.ref = from.ref;
    agent.name = from.name;
    for (const SkillLevel& s : from.skills) agent.skills[s.name] = s.level;
    for (const Attribute& a : from.attributes) {
      agent.attributes[a.name] = a.value;
    }
    for (const Membership& m : from.memberships) {
      agent.members[QueueNamed(m.queue)] = {m.penalty,     m.position,
                                            m.weight,      Us(m.ring),
                                            Us(m.wrap_up), m.reserve};
    }
    agent.weight = from.weight;
    agent.wrap_us = Us(from.wrap_up);
    if (!from.capacities.empty()) agent.capacity = {0, 0, 0, 0};
    for (const Capacity& c : from.capacities) {
      const auto medium = std::find(media_.begin(), media_.end(), c.medium);
      agent.capacity[static_cast<std::size_t>(medium - media_.begin())] =
          c.simultaneous;
    }
    agents_.push_back(agent);
  }
}

// --- Time -------------------------------------------------------------------

void NaiveEngine::SetNow(absl::Time now) {
  now_ = due_ = std::max(now_, absl::ToUnixMicros(now) - shift_);
}

absl::Time NaiveEngine::HostTime(int64_t us) const {
  return absl::FromUnixMicros(us + shift_);
}

absl::Time NaiveEngine::Utc() const {
  return absl::FromUnixMicros(now_ + shift_ + wall_);
}

uint64_t NaiveEngine::Arm(int64_t due, Alarm alarm, uint32_t subject) {
  timers_.push_back({++timers_made_, due, alarm, subject});
  return timers_made_;
}

bool NaiveEngine::Armed(uint64_t timer) const {
  for (const NaiveTimer& t : timers_) {
    if (t.id == timer) return true;
  }
  return false;
}

void NaiveEngine::Cancel(uint64_t* timer) {
  for (std::size_t i = 0; i < timers_.size(); ++i) {
    if (timers_[i].id != *timer) continue;
    timers_.erase(timers_.begin() + static_cast<std::ptrdiff_t>(i));
    break;
  }
  *timer = 0;
}

absl::Time NaiveEngine::next_deadline() const {
  absl::Time next = absl::InfiniteFuture();
  for (const NaiveTimer& t : timers_) next = std::min(next, HostTime(t.due));
  return next;
}

bool NaiveEngine::Late(int64_t due) const {
  return now_ - due > Us(options_.stall_max);
}

void NaiveEngine::RunDue() {
  bool reported = false;
  for (;;) {
    std::size_t first = timers_.size();
    for (std::size_t i = 0; i < timers_.size(); ++i) {
      if (timers_[i].due > now_) continue;
      if (first == timers_.size() || timers_[i].due < timers_[first].due ||
          (timers_[i].due == timers_[first].due &&
           timers_[i].id < timers_[first].id)) {
        first = i;
      }
    }
    due_ = first == timers_.size() ? now_ : timers_[first].due;
    if (first == timers_.size()) return;
    const NaiveTimer timer = timers_[first];
    timers_.erase(timers_.begin() + static_cast<std::ptrdiff_t>(first));
    if (Late(timer.due) && !reported) {
      reported = true;
      Emit(DecisionKind::kLate, Reason::kStall).value =
          static_cast<int32_t>((now_ - timer.due) / 1000);
    }
    Fire(timer);
    Settle();
  }
}

void NaiveEngine::Fire(const NaiveTimer& timer) {
  const uint32_t s = timer.subject;
  switch (timer.alarm) {
    case Alarm::kStep:
      RunSteps(s);
      return;
    case Alarm::kPatience:
      LeaveWaiting(s);
      calls_[s].preferred = 0;
      Wait(s, false);
      return;
    case Alarm::kCeiling:
      if (calls_[s].place == CallPlace::kWaiting) {
        Rematch(s);
      } else {
        Stand(s);
      }
      return;
    case Alarm::kProgressive:
      RingMore(s);
      return;
    case Alarm::kOutsideEnd:
      if (Late(timer.due)) {
        calls_[s].wait_timer =
            Arm(now_ + Us(options_.stall_grace), Alarm::kOutsideEnd, s);
        return;
      }
      EmitCall(DecisionKind::kCancelOutside, Reason::kRingTimeout, s);
      OutsideOver(s);
      return;
    case Alarm::kSpareEnd:
      EndSpare(timer);
      return;
    case Alarm::kHours:
      hours_timer_ = 0;
      MarkAllDirty();
      ArmHours();
      return;
    case Alarm::kSyncHold:
      EndHold();
      return;
    case Alarm::kAttempt:
      dialing_->AttemptDue(s, Late(timer.due));
      return;
    case Alarm::kParts:
      dialing_->PartsDue();
      return;
    case Alarm::kRingEnd:
    case Alarm::kConnectEnd:
      OfferTimer(timer);
      return;
    case Alarm::kWrapUpEnd:
      agents_[s].wrap_up = false;
      Name(s, &Emit(DecisionKind::kAgentReady, Reason::kTimer));
      RefreshAndMatch(s);
      return;
    case Alarm::kCoolOffEnd:
      agents_[s].cool_off = false;
      RefreshAndMatch(s);
      return;
    case Alarm::kPauseEnd:
      agents_[s].paused = false;
      Name(s, &Emit(DecisionKind::kAgentResumed, Reason::kTimer));
      PresenceChanged(s, false);
      RefreshAndMatch(s);
      return;
  }
}

void NaiveEngine::EndSpare(const NaiveTimer& timer) {
  NaiveCall& call = calls_[timer.subject];
  const bool waiting = call.place == CallPlace::kWaiting;
  if (waiting) LeaveWaiting(timer.subject);
  for (std::size_t i = 0; i < call.spared.size(); ++i) {
    if (call.spared[i].timer != timer.id) continue;
    call.spared.erase(call.spared.begin() + static_cast<std::ptrdiff_t>(i));
    break;
  }
  if (waiting) {
    Wait(timer.subject, false);
  } else {
    Refill(timer.subject);
  }
}

void NaiveEngine::OfferTimer(const NaiveTimer& timer) {
  const uint32_t s = timer.subject;
  NaiveOffer& offer = offers_[s];
  if (Late(timer.due) && !offer.stalled) {
    offer.stalled = true;
    offer.timer = Arm(now_ + Us(options_.stall_grace), timer.alarm, s);
    return;
  }
  if (timer.alarm == Alarm::kConnectEnd) {
    ConnectFailed(s, Reason::kConnectTimeout, !offer.stalled);
    return;
  }
  Decision& cancel = EmitCall(
      DecisionKind::kCancelOffer,
      offer.stalled ? Reason::kStall : Reason::kRingTimeout, offer.call);
  Name(offer.agent, &cancel);
  cancel.offer = OfferId(s, 1);
  if (offer.stalled) {
    OfferOver(s);
  } else {
    Missed(s, Us(config_.queues[offer.queue].misses.cool_off_no_answer));
  }
}

void NaiveEngine::Settle() {
  SettleQueues();
  while (dialing_ && dialing_->Settle()) SettleQueues();
}

void NaiveEngine::SettleQueues() {
  while (!dirty_.empty() || !opened_.empty()) {
    if (!opened_.empty()) {
      MatchOpened();
      continue;
    }
    const uint32_t queue = dirty_.back();
    dirty_.pop_back();
    queues_[queue].dirty = false;
    MatchReserve(queue);
    CheckConditions(queue);
  }
}

void NaiveEngine::Advance(absl::Time now, Decisions* out) {
  out_ = out;
  SetNow(now);
  if (dialing_) dialing_->Tell();
  RunDue();
}

// Fields that must be given, before anything is looked up.
NaiveEngine::Code NaiveEngine::Missing(const Event& event) const {
  bool missing = false;
  const int kind = static_cast<int>(event.kind);
  const bool call = event.call_ref != 0, agent = event.agent_ref != 0;
  if (event.kind == EventKind::kCallQueued) {
    missing = !call || event.queue.none();
  } else if (event.kind == EventKind::kCallTransferred) {
    missing = !call || !agent;
  } else if (event.kind == EventKind::kAgentMember ||
             event.kind == EventKind::kAgentNotMember) {
    missing = !agent || event.queue.none();
  } else if (event.kind == EventKind::kSyncCall) {
    missing = !call || (!agent && (event.sync_place == SyncPlace::kRinging ||
                                   event.sync_place == SyncPlace::kConnected));
  } else if (kind >= 16 && kind <= 24) {
    missing = event.offer.none() && !(call && agent);
  } else if (kind == 32 || kind == 33) {
    missing = event.sequence == 0;
  } else if (kind >= 3 && kind <= 5) {
    missing = !call;
  }
  return missing ? Code::kInvalidArgument : Code::kOk;
}

NaiveEngine::Code NaiveEngine::Dispatch(const Event& event) {
  const int kind = static_cast<int>(event.kind);
  if (kind >= 1 && kind <= 7) return OnCall(event);
  if (kind >= 16 && kind <= 24) return OnOffer(event);
  if (kind == 32 || kind == 33) return OnResult(event);
  if (kind >= 48 && kind <= 61) return OnAgent(event);
  if (kind >= 82 && kind <= 85) return OnSync(event);
  if (kind == 86 || (kind >= 129 && kind <= 134)) {
    return dialing_ ? dialing_->Handle(event) : Code::kFailedPrecondition;
  }
  if (kind == 0) return Code::kInvalidArgument;
  if (event.kind == EventKind::kWallClock) {
    wall_ = Us(event.duration);
    if (dialing_) dialing_->SetWallClock(event.duration);
  } else if (event.kind != EventKind::kClockRebase) {
    return Code::kUnimplemented;
  }
  MarkAllDirty();
  ArmHours();
  return Code::kOk;
}

absl::StatusCode NaiveEngine::Handle(const Event& event, absl::Time now,
                                     Decisions* out) {
  // The host's clock has jumped already.
  if (event.kind == EventKind::kClockRebase) {
    shift_ += Us(event.duration);
    if (dialing_) dialing_->Rebased(event.duration);
  }
  Advance(now, out);
  Code code = Missing(event);
  if (code == Code::kOk) code = Dispatch(event);
  if (code == Code::kOk) Settle();
  return code;
}

// --- Subjects ---------------------------------------------------------------

NaiveEngine::Found NaiveEngine::FindCall(const Event& event,
                                         uint32_t* call) const {
  for (uint32_t c = 0; c < calls_.size(); ++c) {
    if (!calls_[c].live || calls_[c].ref != event.call_ref) continue;
    *call = c;
    return Found::kLive;
  }
  return event.call_ref != 0 && FindGrave(event.call_ref) != nullptr
             ? Found::kGone
             : Found::kUnknown;
}

uint32_t NaiveEngine::FindAgent(const Event& event) const {
  for (uint32_t a = 0; a < agents_.size(); ++a) {
    if (agents_[a].live && agents_[a].ref == event.agent_ref) return a;
  }
  return kNobody;
}

NaiveEngine::Code NaiveEngine::NeedAgent(const Event& event,
                                         uint32_t* agent) const {
  *agent = FindAgent(event);
  if (*agent != kNobody) return Code::kOk;
  return event.agent_ref == 0 ? Code::kInvalidArgument : Code::kNotFound;
}

NaiveEngine::Code NaiveEngine::NeedQueue(const Event& event,
                                         uint32_t* queue) const {
  if (event.queue.none()) return Code::kInvalidArgument;
  if (event.queue.generation() != 1 || event.queue.slot() >= queues_.size()) {
    return Code::kNotFound;
  }
  *queue = event.queue.slot();
  return Code::kOk;
}

uint32_t NaiveEngine::QueueNamed(const std::string& name) const {
  for (uint32_t q = 0; q < config_.queues.size(); ++q) {
    if (config_.queues[q].name == name) return q;
  }
  return kNobody;
}

// --- Decisions --------------------------------------------------------------

Decision& NaiveEngine::Emit(DecisionKind kind, Reason reason) {
  Decision& decision = out_->Add();
  decision.kind = kind;
  decision.reason = reason;
  decision.sequence = ++sequence_;
  return decision;
}

Decision& NaiveEngine::EmitCall(DecisionKind kind, Reason reason,
                                uint32_t call) {
  Decision& decision = Emit(kind, reason);
  decision.call_ref = calls_[call].ref;
  decision.queue = QueueId(calls_[call].queue, 1);
  return decision;
}

void NaiveEngine::Name(uint32_t agent, Decision* decision) const {
  decision->agent_ref = agents_[agent].ref;
}

}  // namespace callrouter::oracle
