// What the engine is measured against: the same events and decisions without
// skills, queues or plans, over records of the same size as the engine's.
//
//   BareRouter<FifoChooser> floor;      // first in, first out: the floor
//   BareRouter<ScanChooser> scan;       // every decision looks at everybody
//
// Both keep exactly the state a host would see (places, handles with
// generations, counts, talk time) and one overflow timer for each call, which
// here costs two pointers: all delays are equal, so a list in order of arming
// is a list in order of due time. Only what the benchmark sends is handled.

#ifndef CALLROUTER_BENCHMARKS_BARE_ROUTER_H_
#define CALLROUTER_BENCHMARKS_BARE_ROUTER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "bare_records.h"
#include "callrouter/decision.h"
#include "callrouter/event.h"
#include "callrouter/id.h"

namespace callrouter::bench {

// The floor's choice: who came first. A queue and its agents are on one of two
// sides, so that calls wait while other agents are free, as in the workload.
class FifoChooser {
 public:
  void SetSkill(uint32_t, std::string_view, int) {}  // Knows no skills.
  void AddIdle(std::vector<AgentRecord>* agents, uint32_t slot, int64_t) {
    idle_[(*agents)[slot].side].Push(agents, slot);
  }
  uint32_t TakeIdle(std::vector<AgentRecord>* agents, const CallRecord& call,
                    std::string_view) {
    Fifo<AgentRecord>& idle = idle_[call.side];
    return idle.empty() ? kNobody : idle.Pop(agents);
  }
  void AddWaiting(std::vector<CallRecord>* calls, uint32_t slot) {
    waiting_[(*calls)[slot].side].Push(calls, slot);
  }
  uint32_t TakeWaiting(std::vector<CallRecord>* calls, const AgentRecord& agent,
                       uint32_t) {
    Fifo<CallRecord>& waiting = waiting_[agent.side];
    return waiting.empty() ? kNobody : waiting.Pop(calls);
  }

 private:
  Fifo<AgentRecord> idle_[2];
  Fifo<CallRecord> waiting_[2];
};

template <typename Chooser>
class BareRouter {
 public:
  BareRouter(std::size_t agents, std::size_t calls,
             std::vector<BareQueue> queues, Chooser chooser)
      : agents_(agents),
        calls_(calls),
        queues_(std::move(queues)),
        chooser_(std::move(chooser)) {
    for (std::size_t i = calls; i-- > 0;) {
      calls_[i].next = free_;
      free_ = static_cast<uint32_t>(i);
    }
  }

  void SetAgent(uint32_t agent, uint64_t ref, uint8_t side) {
    agents_[agent].ref = ref;
    agents_[agent].side = side;
  }
  AgentId FindAgent(uint32_t index) const {
    return AgentId(index, agents_[index].generation);
  }
  QueueId queue(uint32_t index) const { return QueueId(index, 1); }
  Chooser& chooser() { return chooser_; }

  bool Handle(const Event& event, absl::Time now, Decisions* out) {
    const int64_t us = absl::ToUnixMicros(now);
    switch (event.kind) {
      case EventKind::kCallArrived:
        return Arrived(event, us, out);
      case EventKind::kOfferAccepted:
        return Accepted(event, us, out);
      case EventKind::kOfferConnected:
        return Connected(event, us);
      case EventKind::kCallEnded:
        return Ended(event, us);
      case EventKind::kAgentLogin:
      case EventKind::kAgentReady:
        return Ready(event, us, out);
      case EventKind::kAgentSkill:
        chooser_.SetSkill(event.agent.slot(), event.text, event.value);
        return true;
      default:
        return false;
    }
  }

 private:
  enum Place : uint8_t { kFree, kWaiting, kOffered, kConnecting, kConnected };
  enum State : uint8_t { kOut, kIdle, kRinging, kTalking, kWrapUp };
  static constexpr int64_t kOverflowUs = int64_t{7'200'000'000};
  static constexpr int64_t kRingUs = 15'000'000;
  static constexpr int64_t kWrapUpUs = 10'000'000;
  static constexpr int64_t kTargetUs = 20'000'000;

  bool Arrived(const Event& event, int64_t now, Decisions* out) {
    if (free_ == kNobody) return false;
    const uint32_t slot = free_;
    CallRecord& call = calls_[slot];
    free_ = call.next;
    BareQueue& queue = queues_[event.queue.slot()];
    ++queue.offered;
    call.ref = event.call_ref;
    call.arrived = now;
    call.queue = event.queue.slot();
    call.side = queue.side;
    call.priority = event.priority;
    call.place = kWaiting;
    ArmOverflow(slot, now + kOverflowUs);
    const uint32_t agent = chooser_.TakeIdle(&agents_, call, event.text);
    if (agent != kNobody) {
      Offer(slot, agent, now, out);
      return true;
    }
    chooser_.AddWaiting(&calls_, slot);
    Decision& queued = out->Add();
    Fill(&queued, DecisionKind::kQueued, slot);
    return true;
  }

  void Offer(uint32_t slot, uint32_t agent_slot, int64_t now, Decisions* out) {
    CallRecord& call = calls_[slot];
    AgentRecord& agent = agents_[agent_slot];
    call.place = kOffered;
    call.agent = agent_slot;
    agent.state = kRinging;
    agent.call = slot;
    Decision& offer = out->Add();
    Fill(&offer, DecisionKind::kOffer, slot);
    offer.agent = AgentId(agent_slot, agent.generation);
    offer.agent_ref = agent.ref;
    offer.offer = OfferId(slot, call.generation);
    offer.deadline = absl::FromUnixMicros(now + kRingUs);
  }

  bool Accepted(const Event& event, int64_t, Decisions* out) {
    const uint32_t slot = event.offer.slot();
    CallRecord& call = calls_[slot];
    if (call.generation != event.offer.generation()) return false;
    if (call.place != kOffered) return false;
    call.place = kConnecting;
    CancelOverflow(slot);
    agents_[call.agent].state = kTalking;
    Decision& connect = out->Add();
    Fill(&connect, DecisionKind::kConnect, slot);
    connect.agent = AgentId(call.agent, agents_[call.agent].generation);
    return true;
  }

  bool Connected(const Event& event, int64_t now) {
    CallRecord& call = calls_[event.offer.slot()];
    if (call.generation != event.offer.generation()) return false;
    if (call.place != kConnecting) return false;
    call.place = kConnected;
    call.connected = now;
    ++agents_[call.agent].calls;
    BareQueue& queue = queues_[call.queue];
    const int64_t wait = now - call.arrived;
    ++queue.answered;
    queue.in_target += wait <= kTargetUs ? 1 : 0;
    queue.wait_us += wait;
    return true;
  }

  bool Ended(const Event& event, int64_t now) {
    const uint32_t slot = event.call.slot();
    CallRecord& call = calls_[slot];
    if (call.generation != event.call.generation()) return false;
    if (call.place != kConnected) return false;
    AgentRecord& agent = agents_[call.agent];
    agent.state = kWrapUp;
    agent.talk_us += now - call.connected;
    agent.idle_since = now;
    agent.wrap_up_due = now + kWrapUpUs;
    agent.call = kNobody;
    call.place = kFree;
    ++call.generation;
    call.next = free_;
    free_ = slot;
    return true;
  }

  bool Ready(const Event& event, int64_t now, Decisions* out) {
    const uint32_t slot = event.agent.slot();
    AgentRecord& agent = agents_[slot];
    if (agent.generation != event.agent.generation()) return false;
    if (agent.state == kOut) agent.idle_since = now;
    const uint32_t call = chooser_.TakeWaiting(&calls_, agent, slot);
    if (call != kNobody) {
      Offer(call, slot, now, out);
      return true;
    }
    agent.state = kIdle;
    chooser_.AddIdle(&agents_, slot, agent.idle_since);
    return true;
  }

  void Fill(Decision* d, DecisionKind kind, uint32_t slot) {
    const CallRecord& call = calls_[slot];
    d->kind = kind;
    d->sequence = ++sequence_;
    d->call = CallId(slot, call.generation);
    d->call_ref = call.ref;
    d->queue = QueueId(call.queue, 1);
  }

  void ArmOverflow(uint32_t slot, int64_t due) {
    CallRecord& call = calls_[slot];
    call.overflow_due = due;
    call.timer_next = kNobody;
    call.timer_prev = timer_last_;
    if (timer_last_ == kNobody) {
      timer_first_ = slot;
    } else {
      calls_[timer_last_].timer_next = slot;
    }
    timer_last_ = slot;
  }
  void CancelOverflow(uint32_t slot) {
    const CallRecord& call = calls_[slot];
    if (call.timer_prev == kNobody) {
      timer_first_ = call.timer_next;
    } else {
      calls_[call.timer_prev].timer_next = call.timer_next;
    }
    if (call.timer_next == kNobody) {
      timer_last_ = call.timer_prev;
    } else {
      calls_[call.timer_next].timer_prev = call.timer_prev;
    }
  }

  std::vector<AgentRecord> agents_;
  std::vector<CallRecord> calls_;
  std::vector<BareQueue> queues_;
  Chooser chooser_;
  uint32_t free_ = kNobody;
  uint32_t timer_first_ = kNobody;
  uint32_t timer_last_ = kNobody;
  uint64_t sequence_ = 0;
};

}  // namespace callrouter::bench

#endif  // CALLROUTER_BENCHMARKS_BARE_ROUTER_H_
