// Overflow plans: steps, conditions, and the ways out of a queue.

#include <algorithm>

#include "engine_impl.h"

namespace callrouter {

// --- Steps ------------------------------------------------------------------

int64_t EngineImpl::StepDue(const Call& call) const {
  const Queue& queue = queues_[call.queue];
  if (call.next_step >= queue.steps.size()) return TimerQueue::kNever;
  return call.queue_joined +
         queue.steps[queue.due_order[call.next_step]].due_us;
}

void EngineImpl::ArmStep(uint32_t slot) {
  Call& call = calls_[slot];
  const int64_t due = StepDue(call);
  timers_.Cancel(&call.step_timer);
  if (due != TimerQueue::kNever && due > now_) {
    call.step_timer = Arm(due, TimerKind::kStep, slot);
  }
}

// Takes every step whose time has come; arms the timer of the next.
void EngineImpl::RunSteps(uint32_t slot) {
  const uint32_t generation = calls_[slot].generation;
  for (;;) {
    Call& call = calls_[slot];
    if (!call.live || call.generation != generation) return;
    if (call.place != CallPlace::kWaiting &&
        call.place != CallPlace::kOffered) {
      return;  // Goes on when the call is back.
    }
    const std::vector<StepRules>& steps = queues_[call.queue].steps;
    const int64_t due = StepDue(call);
    if (due == TimerQueue::kNever || due > now_) {
      ArmStep(slot);
      return;
    }
    const uint8_t index = queues_[call.queue].due_order[call.next_step];
    const StepRules& step = steps[index];
    if (call.place == CallPlace::kOffered && step.leaves() &&
        (step.finish_ring || offers_[call.first_offer].since == now_)) {
      return;  // No offer begins and ends in one batch; AfterOffer goes on.
    }
    call.passed |= 1u << index;
    SkipPassed(slot);
    call.step_time = due;
    if (step.when.any() && !Holds(call.queue, step.when)) {
      SetPending(slot, call.pending | (1u << index));
      if (step.when.outside_hours) ArmHours();
      continue;
    }
    TakeStep(slot, index);
  }
}

// Steps at 0 s that change how the call waits say how it is to wait from the
// start, so they come before the first search for an agent. Those that leave
// the queue or have a condition come after it.
void EngineImpl::TakeFirstSteps(uint32_t slot) {
  for (;;) {
    Call& call = calls_[slot];
    if (StepDue(call) != call.queue_joined) return;
    const Queue& queue = queues_[call.queue];
    const uint8_t index = queue.due_order[call.next_step];
    const StepRules& step = queue.steps[index];
    if (step.leaves() || step.when.any()) return;
    call.passed |= 1u << index;
    SkipPassed(slot);
    TakeStep(slot, index);
  }
}

void EngineImpl::SkipPassed(uint32_t slot) {
  Call& call = calls_[slot];
  const std::vector<uint8_t>& order = queues_[call.queue].due_order;
  while (call.next_step < order.size() &&
         ((call.passed >> order[call.next_step]) & 1) != 0) {
    ++call.next_step;
  }
}

void EngineImpl::TakeStep(uint32_t slot, uint32_t index) {
  Call& call = calls_[slot];
  const uint32_t queue = call.queue;
  const StepRules& step = queues_[queue].steps[index];
  call.fired |= 1u << index;
  if (index < queues_[queue].stats.steps.size()) {
    ++queues_[queue].stats.steps[index];
  }
  EmitCall(DecisionKind::kStep, Reason::kOverflow, slot).value =
      static_cast<int32_t>(index);
  const bool waiting = call.place == CallPlace::kWaiting;
  const bool in_lanes = !waiting && matcher_.ticket(slot).in_lanes;
  if (step.leaves()) {
    Detach(slot, Reason::kOverflow);
    switch (step.action) {
      case StepAction::kMoveToQueue:
        if (CountMove(slot))
          JoinQueue(slot, step.queue, calls_[slot].step_time);
        return;
      case StepAction::kSendOutside:
        SendOut(slot, step.destination, step.ring_us, Reason::kOverflow);
        return;
      default:
        HangUp(slot, step.cause, Reason::kOverflow);
        return;
    }
  }
  if (step.action == StepAction::kAlsoOffer) {
    const auto free =
        std::find(call.extra.begin(), call.extra.end(), Call::kNoQueue);
    const std::size_t used =
        static_cast<std::size_t>(free - call.extra.begin());
    const bool there = step.queue == queue ||
                       std::find(call.extra.begin(), free,
                                 static_cast<uint16_t>(step.queue)) != free;
    if (there ||
        used + 1 >= static_cast<std::size_t>(options_.queues_per_call_max)) {
      return;
    }
    ++call.moves;
  }
  if (waiting) {
    LeaveWaiting(slot);
  } else if (in_lanes) {
    LeaveLanes(slot);
  }
  if (step.action == StepAction::kRaisePriority) {
    Matcher::Ticket& ticket = matcher_.ticket(slot);
    ticket.priority =
        std::clamp(ticket.priority + step.priority, -1'000'000, 1'000'000);
  } else if (step.action == StepAction::kAlsoOffer) {
    *std::find(call.extra.begin(), call.extra.end(), Call::kNoQueue) =
        static_cast<uint16_t>(step.queue);
  }
  if (waiting) {
    Rejoin(slot);
  } else {
    SetLanes(slot);
    if (in_lanes) EnterLanes(slot);
  }
}

// After a step changed how the call waits: an agent now, or back in line. The
// steps themselves are gone on with by RunSteps.
void EngineImpl::Rejoin(uint32_t slot) {
  SetLanes(slot);
  if (calls_[slot].preferred != kNone && TryPreferred(slot)) return;
  if (!calls_[slot].personal && TryOffer(slot)) return;
  EnterWaiting(slot);
}

// Counts a move; at moves_max the plan's last action takes the call. False
// when it has left.
bool EngineImpl::CountMove(uint32_t slot) {
  Call& call = calls_[slot];
  if (++call.moves <= options_.moves_max) return true;
  const ActionRules& last = queues_[call.queue].last;
  if (last.kind == EntryActionKind::kSendOutside) {
    SendOut(slot, last.destination, -1, Reason::kPlanEnd);
  } else {
    HangUp(slot, last.cause, Reason::kPlanEnd);
  }
  return false;
}

// --- Ways out; the call is nowhere ------------------------------------------

void EngineImpl::SendOut(uint32_t slot, uint32_t destination, int64_t ring_us,
                         Reason reason) {
  Call& call = calls_[slot];
  if (ring_us < 0) {
    Decision& send = EmitCall(DecisionKind::kSendOutside, reason, slot);
    send.destination = texts_.Text(destination);
    if (!call.answered) {
      QueueStatistics& stats = queues_[call.home].stats;
      ++stats.sent_outside;
      stats.in_progress -= 1;
    }
    if (outbound_ != nullptr) outbound_->CallEnding(slot, Ending::kTalked);
    Finish(slot);
    return;
  }
  if (!CountMove(slot)) return;
  Decision& ring = EmitCall(DecisionKind::kRingOutside, reason, slot);
  ring.destination = texts_.Text(destination);
  ring.deadline = HostTime(now_ + ring_us);
  call.place = CallPlace::kOutside;
  call.preferred = kNone;
  call.result = ring.sequence;
  results_[ring.sequence] = slot;
  call.wait_timer = Arm(now_ + ring_us, TimerKind::kOutsideEnd, slot);
}

void EngineImpl::HangUp(uint32_t slot, Cause cause, Reason reason,
                        DecisionKind kind) {
  EmitCall(kind, reason, slot).cause = cause;
  if (outbound_ != nullptr) outbound_->CallEnding(slot, Ending::kDropped);
  Call& call = calls_[slot];
  if (!call.answered) {
    QueueStatistics& stats = queues_[call.home].stats;
    ++stats.hung_up;
    stats.in_progress -= 1;
  }
  Finish(slot);
}

// Nobody answered outside: the call is back in its place.
void EngineImpl::OutsideOver(uint32_t slot) {
  Call& call = calls_[slot];
  results_.erase(call.result);
  timers_.Cancel(&call.wait_timer);
  call.place = CallPlace::kNone;
  // The next step may be due by now and then goes first.
  if (StepDue(call) <= now_) {
    SetLanes(slot);
    EnterWaiting(slot);
    const uint32_t generation = call.generation;
    RunSteps(slot);
    const Call& after = calls_[slot];
    if (after.live && after.generation == generation &&
        after.place == CallPlace::kWaiting) {
      Rematch(slot);
    }
    return;
  }
  Wait(slot, Announce::kReturned);
}

// --- Conditions -------------------------------------------------------------

bool EngineImpl::Holds(uint32_t queue, const Condition& when) {
  const Queue& q = queues_[queue];
  if (when.queue_longer_than >= 0 &&
      matcher_.rules(queue).waiting <= when.queue_longer_than) {
    return false;
  }
  if (when.nobody_logged_in || when.nobody_available) {
    const uint32_t lane =
        matcher_.EnsureLane(queue, MadeRequirement(queue, 0), false);
    if (when.nobody_logged_in && matcher_.AnybodyLoggedIn(lane)) return false;
    if (when.nobody_available && matcher_.AnybodyStaffed(lane)) return false;
  }
  if (when.outside_hours && (q.hours == nullptr || q.hours->IsOpen(Utc()))) {
    return false;
  }
  return true;
}

void EngineImpl::SetPending(uint32_t slot, uint32_t pending) {
  Call& call = calls_[slot];
  if (call.pending == pending) return;
  const OrderKey key = {0, 0, static_cast<int64_t>(matcher_.ticket(slot).seq)};
  OrderedIndex& conditional = queues_[call.queue].conditional;
  if (call.pending == 0) conditional.Insert({key, slot, 1});
  if (pending == 0) conditional.Erase(key, slot);
  call.pending = pending;
}

void EngineImpl::MarkDirty(uint32_t queue) {
  Queue& q = queues_[queue];
  if (q.dirty) return;
  q.dirty = true;
  dirty_queues_.push_back(queue);
}

void EngineImpl::MarkAllDirty() {
  for (uint32_t q = 0; q < queues_.size(); ++q) {
    if (!queues_[q].conditional.empty()) MarkDirty(q);
  }
}

// Calls whose step was waiting for a condition that holds now take it, in
// order of arrival, as long as it holds.
void EngineImpl::CheckConditions(uint32_t queue) {
  const std::size_t limit = 2 * queues_[queue].conditional.size() + 1;
  for (std::size_t round = 0; round < limit; ++round) {
    const Queue& q = queues_[queue];
    uint32_t holding = 0;
    for (uint32_t i = 0; i < q.steps.size(); ++i) {
      if (q.steps[i].when.any() && Holds(queue, q.steps[i].when)) {
        holding |= 1u << i;
      }
    }
    if (holding == 0) return;
    uint32_t slot = kNone;
    uint32_t index = 0;
    for (OrderedIndex::Cursor at = q.conditional.Begin();
         !q.conditional.AtEnd(at) && slot == kNone; q.conditional.Next(&at)) {
      const Call& call = calls_[q.conditional.At(at).id];
      const uint32_t ready = call.pending & holding;
      if (ready == 0) continue;
      if (call.place != CallPlace::kWaiting &&
          call.place != CallPlace::kOffered) {
        continue;
      }
      index = static_cast<uint32_t>(__builtin_ctz(ready));
      if (call.place == CallPlace::kOffered && q.steps[index].leaves()) {
        continue;  // Being rung; looked at again when it is back.
      }
      slot = q.conditional.At(at).id;
    }
    if (slot == kNone) return;
    SetPending(slot, calls_[slot].pending & ~(1u << index));
    TakeStep(slot, index);
  }
}

void EngineImpl::ArmHours() {
  timers_.Cancel(&hours_timer_);
  absl::Time next = absl::InfiniteFuture();
  for (const Queue& q : queues_) {
    if (q.hours == nullptr || q.conditional.empty()) continue;
    next = std::min(next, q.hours->NextChange(Utc()));
  }
  if (next == absl::InfiniteFuture()) return;
  const int64_t due = absl::ToUnixMicros(next) - wall_offset_ - shift_;
  hours_timer_ = Arm(std::max(due, now_ + 1), TimerKind::kHours, 0);
}

}  // namespace callrouter
