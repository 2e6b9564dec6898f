// Read-only views and counts.

#include "engine_impl.h"

namespace callrouter {

QueueId EngineImpl::FindQueue(std::string_view name) const {
  const uint32_t queue = QueueByName(name);
  return queue == kNone ? QueueId() : QueueIdOf(queue);
}

std::string_view EngineImpl::QueueName(QueueId queue) const {
  if (queue.generation() != 1 || queue.slot() >= queues_.size()) return {};
  return queues_[queue.slot()].name;
}

AgentId EngineImpl::FindAgent(uint64_t ref) const {
  const uint32_t slot = agent_refs_.Find(ref);
  return slot == kNone ? AgentId() : AgentIdOf(slot);
}

CallId EngineImpl::FindCall(uint64_t ref) const {
  const uint32_t slot = call_refs_.Find(ref);
  return slot == kNone ? CallId() : IdOf(slot);
}

CallView EngineImpl::View(CallId id) const {
  CallView view;
  if (!calls_.IsLive(id.slot()) ||
      calls_[id.slot()].generation != id.generation()) {
    return view;
  }
  const Call& call = calls_[id.slot()];
  const Matcher::Ticket& ticket = matcher_.ticket(id.slot());
  view.id = id;
  view.ref = call.ref;
  view.place = call.place;
  view.home = QueueIdOf(call.home);
  view.queue = QueueIdOf(call.queue);
  const uint32_t agent = call.personal ? call.preferred : call.agent;
  if (agent != kNone && agents_.IsLive(agent)) view.agent = AgentIdOf(agent);
  view.priority = ticket.priority;
  view.arrived = HostTime(ticket.origin);
  view.step = call.next_step;
  view.offers = call.place == CallPlace::kOffered ? call.offers : 0;
  if (call.place == CallPlace::kWaiting) view.reason = WhyWaiting(id.slot());
  return view;
}

AgentView EngineImpl::View(AgentId id) const {
  AgentView view;
  if (!agents_.IsLive(id.slot()) ||
      agents_[id.slot()].generation != id.generation()) {
    return view;
  }
  const Agent& agent = agents_[id.slot()];
  view.id = id;
  view.ref = agent.ref;
  view.name = texts_.Text(agent.name);
  view.logged_in = agent.logged_in;
  view.paused = agent.paused;
  view.wrap_up = agent.wrap_up;
  view.cool_off = agent.cool_off;
  view.busy_outside = agent.outside;
  for (std::size_t m = 0; m < kMediaMax; ++m) {
    view.ringing += agent.ringing[m];
    view.handling += agent.used[m];
  }
  view.calls = matcher_.seat(id.slot()).calls;
  view.misses = agent.misses;
  if (agent.pause_reason != kNone) {
    view.pause_reason = texts_.Text(agent.pause_reason);
  }
  return view;
}

std::vector<CallId> EngineImpl::Calls() const {
  std::vector<CallId> out;
  for (uint32_t c = 0; c < calls_.slots(); ++c) {
    if (calls_[c].live) out.push_back(IdOf(c));
  }
  return out;
}

std::vector<AgentId> EngineImpl::Agents() const {
  std::vector<AgentId> out;
  for (uint32_t a = 0; a < agents_.slots(); ++a) {
    if (agents_[a].live) out.push_back(AgentIdOf(a));
  }
  return out;
}

void EngineImpl::CopyStatistics(Statistics* out) const {
  out->engine = stats_;
  out->engine.calls = calls_.size();
  out->engine.agents = agents_.size();
  out->engine.agents_logged_in = 0;
  for (uint32_t a = 0; a < agents_.slots(); ++a) {
    if (agents_[a].live && agents_[a].logged_in) {
      ++out->engine.agents_logged_in;
    }
  }
  out->engine.groups = matcher_.group_count();
  out->engine.lanes = matcher_.lane_count();
  out->engine.timers = static_cast<uint32_t>(timers_.size());
  out->queues.resize(queues_.size());
  for (uint32_t q = 0; q < queues_.size(); ++q) {
    out->queues[q] = queues_[q].stats;
    out->queues[q].waiting = static_cast<uint64_t>(matcher_.rules(q).waiting);
  }
}

}  // namespace callrouter
