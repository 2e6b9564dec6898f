// The half of the simulated host that carries out decisions.

#include <cstddef>
#include <string_view>

#include "sim_host.h"
#include "sim_trace.h"

namespace callrouter::sim {

void Host::CarryOut() {
  // Carrying one out may add more; those come after the ones already there.
  for (std::size_t i = 0; i < decisions_.size(); ++i) {
    const Decision decision = decisions_[i];
    CarryOutOne(decision);
  }
  decisions_seen_ += decisions_.size();
  decisions_.clear();
}

void Host::CarryOutOne(const Decision& decision) {
  Call* const call = CallOfRef(decision.call_ref);
  if (options_.on_decision) {
    options_.on_decision(absl::Microseconds(now_us_), decision);
  }
  if (trace_) {
    trace_->Decision(now_us_, call == nullptr ? 0 : call->number, decision);
  }
  switch (decision.kind) {
    case DecisionKind::kOffer:
      Ring(decision);
      break;
    case DecisionKind::kCancelOffer:
    case DecisionKind::kReleaseAgent:
      EndOffer(decision.offer);
      break;
    case DecisionKind::kConnect:
      Connect(decision);
      break;
    case DecisionKind::kRingOutside:
      RingOutside(decision);
      break;
    case DecisionKind::kCancelOutside:
      if (call != nullptr) call->outside = 0;
      break;
    case DecisionKind::kSendOutside:
      if (call != nullptr) Leave(call, Outcome::kSentOutside);
      break;
    case DecisionKind::kHangUp:
      if (call != nullptr) Leave(call, Outcome::kHungUp);
      break;
    case DecisionKind::kRefuse:
      if (call != nullptr) Leave(call, Outcome::kRefused);
      break;
    case DecisionKind::kClosed:
      if (call != nullptr) Leave(call, Outcome::kLost);
      break;
    case DecisionKind::kStep:
      if (call != nullptr) {
        books_.Step(call->home, call->arrived_us,
                    queue_of_slot_[decision.queue.slot()], decision.value);
      }
      break;
    case DecisionKind::kAgentPaused:
      AgentPaused(AgentIndex(decision.agent));
      break;
    case DecisionKind::kAgentReady:
      AgentReady(AgentIndex(decision.agent));
      break;
    case DecisionKind::kConfirmAlive:
      if (call != nullptr) {
        Send(Event::ForCallRef(EventKind::kCallAlive, decision.call_ref));
      }
      break;
    case DecisionKind::kQueued:
    case DecisionKind::kAgentResumed:
    case DecisionKind::kLate:
    case DecisionKind::kPaced:
    case DecisionKind::kDial:
    case DecisionKind::kCancelDial:
    case DecisionKind::kNeedNumber:
    case DecisionKind::kNeedLock:
    case DecisionKind::kDropped:
    case DecisionKind::kPlayMessage:
    case DecisionKind::kAttemptOver:
    case DecisionKind::kReturnCall:
    case DecisionKind::kNone:
      break;
  }
}

void Host::AgentPaused(int agent) {
  if (agent < 0) return;
  Agent& paused = agents_[static_cast<std::size_t>(agent)];
  ++paused.pauses;
  Manner& manner = manners_[paused.manner];
  const int64_t after = manner.return_after(&manner.return_stream);
  if (after >= Draw::kNever) return;
  heap_.Push(now_us_ + after, Act::kReturn, static_cast<uint32_t>(agent),
             paused.pauses);
}

void Host::AgentReady(int agent) {
  if (agent < 0) return;
  Agent& ready = agents_[static_cast<std::size_t>(agent)];
  const bool busy = Busy(ready);
  ready.wrap_up = false;
  NoteAgent(agent, busy);
}

void Host::Ring(const Decision& decision) {
  const uint32_t slot = decision.offer.slot();
  const int agent = AgentIndex(decision.agent);
  if (agent < 0) return;
  if (offers_.size() <= slot) offers_.resize(slot + 1);
  offers_[slot].id = decision.offer;
  offers_[slot].agent = agent;
  offers_[slot].accepted = false;
  Engage(agent, 1);
  // One draw for every offer, so that probabilities can be changed without
  // moving the draws of other offers.
  Manner& manner = manners_[agents_[static_cast<std::size_t>(agent)].manner];
  const bool left_ringing =
      manner.no_answer_stream.Uniform() < manner.no_answer_probability;
  const int64_t after = manner.answer_after(&manner.answer_stream);
  if (left_ringing || after >= Draw::kNever) return;
  heap_.Push(now_us_ + after, Act::kAnswer, slot, decision.offer.generation());
}

void Host::EndOffer(OfferId id) {
  if (id.slot() >= offers_.size() || offers_[id.slot()].id != id) return;
  offers_[id.slot()].id = OfferId();
  Engage(offers_[id.slot()].agent, -1);
}

void Host::Connect(const Decision& decision) {
  const int agent = AgentIndex(decision.agent);
  Call* const call = CallOfRef(decision.call_ref);
  const uint32_t slot = decision.offer.slot();
  if (slot < offers_.size() && offers_[slot].id == decision.offer) {
    offers_[slot].id = OfferId();  // The agent stays engaged, by the call.
  }
  Send(Event::ForOffer(EventKind::kOfferConnected, decision.offer));
  if (call == nullptr || call->state != State::kWaiting || agent < 0) return;
  call->agent = agent;
  call->connected_us = now_us_;
  Tell(*call, Outcome::kAnswered, decision.agent, decision.queue);
  call->state = State::kTalking;
  const double talk =
      static_cast<double>(call->handle_us) * Factor(*call, agent);
  heap_.Push(now_us_ + static_cast<int64_t>(talk + 0.5), Act::kHangUp,
             static_cast<uint32_t>(call - calls_.data()), call->generation);
}

void Host::RingOutside(const Decision& decision) {
  Call* const call = CallOfRef(decision.call_ref);
  if (call == nullptr) return;
  call->outside = decision.sequence;
  int64_t after = 0;
  for (OutsideParty& party : outside_) {
    if (party.source->destination != decision.destination) continue;
    const bool answers =
        party.stream.Uniform() < party.source->answer_probability;
    after = party.answer_after(&party.stream);
    if (!answers || after >= Draw::kNever) return;
  }
  heap_.Push(now_us_ + after, Act::kOutsideEnd,
             static_cast<uint32_t>(call - calls_.data()), call->generation);
}

Host::Call* Host::CallOfRef(uint64_t ref) {
  const auto slot = static_cast<uint32_t>(ref) - 1;
  if (ref == 0 || slot >= calls_.size()) return nullptr;
  Call& call = calls_[slot];
  if (call.generation != static_cast<uint32_t>(ref >> 32)) return nullptr;
  return call.state == State::kFree ? nullptr : &call;
}

Host::Call* Host::CallOf(const Todo& todo) {
  Call& call = calls_[todo.subject];
  return call.generation == todo.generation ? &call : nullptr;
}

uint64_t Host::RefOf(const Call& call) const {
  const auto slot = static_cast<uint64_t>(&call - calls_.data());
  return (uint64_t{call.generation} << 32) | (slot + 1);
}

int Host::AgentIndex(AgentId id) const {
  return id.slot() < agent_of_slot_.size() ? agent_of_slot_[id.slot()] : -1;
}

double Host::Factor(const Call& call, int agent) const {
  if (factors_.empty()) return 1;
  return factors_[static_cast<std::size_t>(call.home) * agents_.size() +
                  static_cast<std::size_t>(agent)];
}

void Host::Leave(Call* call, Outcome outcome) {
  if (call->state == State::kWaiting) {
    Tell(*call, outcome, AgentId(), QueueId());
  } else if (call->state == State::kTalking) {
    // Closed by the engine in the middle of a talk: its agent is free again.
    const int agent = call->agent;
    books_.Handled(call->home, call->arrived_us, now_us_ - call->connected_us);
    Engage(agent, -1);
  }
  call->state = State::kOver;
  Free(call);
}

void Host::Tell(const Call& call, Outcome outcome, AgentId agent,
                QueueId queue) {
  const int64_t wait = now_us_ - call.arrived_us;
  books_.Left(call.home, call.arrived_us, outcome, wait);
  if (!options_.observer) return;
  SimulatedCall told;
  told.outcome = outcome;
  told.kind = call.kind;
  told.arrived_us = call.arrived_us;
  told.wait_us = wait;
  told.agent = agent;
  told.queue = queue;
  options_.observer(told);
}

void Host::Free(Call* call) {
  call->state = State::kFree;
  ++call->generation;
  free_calls_.push_back(static_cast<uint32_t>(call - calls_.data()));
}

void Host::Engage(int agent, int by) {
  Agent& state = agents_[static_cast<std::size_t>(agent)];
  const bool busy = Busy(state);
  state.engaged += by;
  NoteAgent(agent, busy);
}

void Host::NoteAgent(int agent, bool was_busy) {
  Agent& state = agents_[static_cast<std::size_t>(agent)];
  const bool busy = Busy(state);
  if (busy && !was_busy) state.busy_since_us = now_us_;
  if (!busy && was_busy) {
    books_.AgentBusy(agent, state.busy_since_us, now_us_);
  }
  // Whoever finishes a call after the shift was there until then.
  if (state.there && state.shifts <= 0 && !busy) {
    books_.AgentThere(agent, state.there_since_us, now_us_);
    state.there = false;
  }
}

}  // namespace callrouter::sim
