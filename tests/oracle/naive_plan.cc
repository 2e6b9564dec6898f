// Overflow plans, step by step.

#include <algorithm>

#include "tests/oracle/naive_engine.h"

namespace callrouter::oracle {

const std::vector<Step>& NaiveEngine::StepsOf(uint32_t queue) const {
  static const std::vector<Step> none;
  return plans_[queue] == nullptr ? none : plans_[queue]->steps;
}

// When each step comes, after joining.
std::vector<int64_t> NaiveEngine::StepTimes(uint32_t queue) const {
  std::vector<int64_t> times;
  for (const Step& step : StepsOf(queue)) {
    times.push_back(Us(step.after));
    if (step.since_previous && times.size() > 1) {
      times.back() += times[times.size() - 2];
    }
  }
  return times;
}

// The `next_step`-th step in order of time.
uint32_t NaiveEngine::StepAt(const NaiveCall& call) const {
  const std::vector<int64_t> times = StepTimes(call.queue);
  std::vector<uint32_t> order(times.size());
  for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](uint32_t x, uint32_t y) { return times[x] < times[y]; });
  return order[call.next_step];
}

int64_t NaiveEngine::StepDue(const NaiveCall& call) const {
  if (call.next_step >= StepsOf(call.queue).size()) return INT64_MAX;
  return call.queue_joined + StepTimes(call.queue)[StepAt(call)];
}

void NaiveEngine::ArmStep(uint32_t slot) {
  NaiveCall& call = calls_[slot];
  const int64_t due = StepDue(call);
  Cancel(&call.step_timer);
  if (due != INT64_MAX && due > now_) {
    call.step_timer = Arm(due, Alarm::kStep, slot);
  }
}

namespace {

bool Leaves(const Step& step) {
  return step.action == StepAction::kMoveToQueue ||
         step.action == StepAction::kSendOutside ||
         step.action == StepAction::kHangUp;
}

}  // namespace

void NaiveEngine::RunSteps(uint32_t slot) {
  const uint64_t serial = calls_[slot].serial;
  for (;;) {
    NaiveCall& call = calls_[slot];
    if (!call.live || call.serial != serial ||
        (call.place != CallPlace::kWaiting &&
         call.place != CallPlace::kOffered)) {
      return;
    }
    const int64_t due = StepDue(call);
    if (due == INT64_MAX || due > now_) {
      ArmStep(slot);
      return;
    }
    const uint32_t index = StepAt(call);
    const Step& step = StepsOf(call.queue)[index];
    if (call.place == CallPlace::kOffered && Leaves(step) &&
        (step.finish_ring || offers_[call.offers.front()].started == now_)) {
      return;
    }
    ++call.next_step;
    call.step_time = due;
    if (step.when.any() && !Holds(call.queue, step.when)) {
      call.pending |= 1u << index;
      if (step.when.outside_hours) ArmHours();
      continue;
    }
    TakeStep(slot, index);
  }
}

// Steps at 0 s that only change how the call waits come before the search.
void NaiveEngine::TakeFirstSteps(uint32_t slot) {
  for (;;) {
    NaiveCall& call = calls_[slot];
    if (StepDue(call) != call.queue_joined) return;
    const uint32_t index = StepAt(call);
    const Step& step = StepsOf(call.queue)[index];
    if (Leaves(step) || step.when.any()) return;
    ++call.next_step;
    TakeStep(slot, index);
  }
}

void NaiveEngine::Leave(uint32_t slot, const Step& step) {
  Detach(slot, Reason::kOverflow);
  if (step.action == StepAction::kMoveToQueue) {
    if (CountMove(slot)) {
      JoinQueue(slot, QueueNamed(step.queue), calls_[slot].step_time);
    }
  } else if (step.action == StepAction::kSendOutside) {
    SendOut(slot, step.outside, false, Reason::kOverflow);
  } else {
    HangUp(slot, step.cause, Reason::kOverflow);
  }
}

void NaiveEngine::TakeStep(uint32_t slot, uint32_t index) {
  NaiveCall& call = calls_[slot];
  const Step& step = StepsOf(call.queue)[index];
  call.fired |= 1u << index;
  EmitCall(DecisionKind::kStep, Reason::kOverflow, slot).value =
      static_cast<int32_t>(index);
  if (Leaves(step)) {
    Leave(slot, step);
    return;
  }
  if (step.action == StepAction::kAlsoOffer) {
    const uint32_t queue = QueueNamed(step.queue);
    const std::vector<uint32_t> queues = QueuesOf(call);
    if (std::find(queues.begin(), queues.end(), queue) != queues.end() ||
        static_cast<int32_t>(queues.size()) >= options_.queues_per_call_max) {
      return;
    }
    ++call.moves;
  }
  const bool waiting = call.place == CallPlace::kWaiting;
  if (waiting) LeaveWaiting(slot);
  if (step.action == StepAction::kRaisePriority) {
    call.priority =
        std::clamp(call.priority + step.priority, -1'000'000, 1'000'000);
  } else if (step.action == StepAction::kAlsoOffer) {
    call.extra.push_back(QueueNamed(step.queue));
  }
  if (!waiting) {
    if (call.standing) Stand(slot);
    return;
  }
  if (call.preferred != 0 && TryPreferred(slot)) return;
  if (!calls_[slot].personal && TryOffer(slot)) return;
  EnterWaiting(slot);
}

bool NaiveEngine::CountMove(uint32_t slot) {
  NaiveCall& call = calls_[slot];
  if (++call.moves <= options_.moves_max) return true;
  static const Plan none;
  const Plan* plan = plans_[call.queue];
  const EntryAction& last = plan == nullptr ? none.last : plan->last;
  if (last.kind == EntryActionKind::kSendOutside) {
    SendOut(slot, last.outside, true, Reason::kPlanEnd);
  } else {
    HangUp(slot, last.cause, Reason::kPlanEnd);
  }
  return false;
}

void NaiveEngine::SendOut(uint32_t slot, const SendOutside& outside,
                          bool forever, Reason reason) {
  const int64_t ring = Us(outside.ring);
  if (forever || ring < 0) {
    EmitCall(DecisionKind::kSendOutside, reason, slot).destination =
        outside.destination;
    Finish(slot, NaiveDialing::How::kElsewhere);
    return;
  }
  if (!CountMove(slot)) return;
  Decision& decision = EmitCall(DecisionKind::kRingOutside, reason, slot);
  decision.destination = outside.destination;
  decision.deadline = HostTime(now_ + ring);
  NaiveCall& call = calls_[slot];
  call.place = CallPlace::kOutside;
  call.preferred = 0;
  call.result = decision.sequence;
  results_[decision.sequence] = slot;
  call.wait_timer = Arm(now_ + ring, Alarm::kOutsideEnd, slot);
}

void NaiveEngine::HangUp(uint32_t slot, Cause cause, Reason reason,
                         DecisionKind kind) {
  EmitCall(kind, reason, slot).cause = cause;
  Finish(slot, NaiveDialing::How::kDropped);
}

void NaiveEngine::OutsideOver(uint32_t slot) {
  NaiveCall& call = calls_[slot];
  results_.erase(call.result);
  Cancel(&call.wait_timer);
  call.place = CallPlace::kNone;
  if (StepDue(call) > now_) {
    Wait(slot, true, true);
    return;
  }
  const uint64_t serial = call.serial;
  EnterWaiting(slot);
  RunSteps(slot);
  if (calls_[slot].live && calls_[slot].serial == serial &&
      calls_[slot].place == CallPlace::kWaiting) {
    Rematch(slot);
  }
}

// --- Conditions -------------------------------------------------------------

bool NaiveEngine::Holds(uint32_t queue, const Condition& when) const {
  if (when.queue_longer_than >= 0 && Waiting(queue) <= when.queue_longer_than) {
    return false;
  }
  const std::string& requirement = config_.queues[queue].requirement;
  if (when.nobody_logged_in && Anybody(queue, requirement, false)) return false;
  if (when.nobody_available && Anybody(queue, requirement, true)) return false;
  return !when.outside_hours ||
         (hours_[queue] != nullptr && !hours_[queue]->IsOpen(Utc()));
}

bool NaiveEngine::AnyPending(uint32_t queue) const {
  for (const NaiveCall& call : calls_) {
    if (call.live && call.queue == queue && call.pending != 0) return true;
  }
  return false;
}

void NaiveEngine::MarkDirty(uint32_t queue) {
  if (queues_[queue].dirty) return;
  queues_[queue].dirty = true;
  dirty_.push_back(queue);
}

void NaiveEngine::MarkAllDirty() {
  for (uint32_t q = 0; q < queues_.size(); ++q) {
    if (AnyPending(q)) MarkDirty(q);
  }
}

void NaiveEngine::CheckConditions(uint32_t queue) {
  for (;;) {
    uint32_t first = kNobody, index = 0;
    for (uint32_t c = 0; c < calls_.size(); ++c) {
      const NaiveCall& call = calls_[c];
      if (!call.live || call.queue != queue || call.pending == 0 ||
          (call.place != CallPlace::kWaiting &&
           call.place != CallPlace::kOffered)) {
        continue;
      }
      uint32_t ready = 0;
      while (ready < StepsOf(queue).size() &&
             (((call.pending >> ready) & 1) == 0 ||
              !Holds(queue, StepsOf(queue)[ready].when))) {
        ++ready;
      }
      if (ready == StepsOf(queue).size()) continue;
      if (call.place == CallPlace::kOffered && Leaves(StepsOf(queue)[ready])) {
        continue;
      }
      if (first == kNobody || call.serial < calls_[first].serial) {
        first = c;
        index = ready;
      }
    }
    if (first == kNobody) return;
    calls_[first].pending &= ~(1u << index);
    TakeStep(first, index);
  }
}

void NaiveEngine::ArmHours() {
  Cancel(&hours_timer_);
  absl::Time next = absl::InfiniteFuture();
  for (uint32_t q = 0; q < queues_.size(); ++q) {
    if (hours_[q] == nullptr || !AnyPending(q)) continue;
    next = std::min(next, hours_[q]->NextChange(Utc()));
  }
  if (next == absl::InfiniteFuture()) return;
  const int64_t due = absl::ToUnixMicros(next) - wall_ - shift_;
  hours_timer_ = Arm(std::max(due, now_ + 1), Alarm::kHours, 0);
}

}  // namespace callrouter::oracle
