// Calls that want one agent, named or the last they spoke to, and wait for it
// for a while.

#include "engine_impl.h"

namespace callrouter {

// True when the call was offered to its agent. Otherwise `personal` says
// whether it is to wait for that agent.
bool EngineImpl::TryPreferred(uint32_t slot) {
  Call& call = calls_[slot];
  const Queue& queue = queues_[call.queue];
  const uint32_t agent = call.preferred;
  const int64_t until = call.queue_joined + queue.patience_us;
  const Matcher::Ticket& ticket = matcher_.ticket(slot);
  call.personal = false;
  if (!agents_.IsLive(agent) || !agents_[agent].logged_in ||
      agents_[agent].paused || agents_[agent].leaving ||
      queue.patience_us <= 0 || now_ >= until ||
      agents_[agent].capacity[queue.medium] == 0 ||
      !matcher_.LaneAllows(ticket.lanes[0], matcher_.seat(agent).group) ||
      matcher_.Excluded(ticket, agent) ||
      (ticket.own_req != kNone &&
       !matcher_.Holds(ticket.own_req, matcher_.seat(agent).group))) {
    call.preferred = kNone;
    return false;
  }
  if (((matcher_.seat(agent).mask >> queue.medium) & 1) != 0) {
    MakeOffer(slot, agent, call.queue, Reason::kPreferredAgent);
    return true;
  }
  call.personal = true;
  return false;
}

void EngineImpl::WaitForPreferred(uint32_t slot) {
  Call& call = calls_[slot];
  const Matcher::Ticket& ticket = matcher_.ticket(slot);
  personal_.Insert(
      {{call.preferred, -int64_t{ticket.priority}, ticket.origin}, slot, 1});
  ++agents_[call.preferred].personal;
  call.wait_timer = Arm(call.queue_joined + queues_[call.queue].patience_us,
                        TimerKind::kPatience, slot);
}

void EngineImpl::EndPersonal(uint32_t slot) {
  Call& call = calls_[slot];
  const Matcher::Ticket& ticket = matcher_.ticket(slot);
  personal_.Erase({call.preferred, -int64_t{ticket.priority}, ticket.origin},
                  slot);
  --agents_[call.preferred].personal;
  call.personal = false;
}

// The agent will not come: its callers wait for anyone from now on.
void EngineImpl::ReleasePersonal(uint32_t agent) {
  while (agents_[agent].personal > 0) {
    const uint32_t slot =
        personal_.At(personal_.LowerBound({agent, INT64_MIN, INT64_MIN}, 0)).id;
    LeaveWaiting(slot);
    calls_[slot].preferred = kNone;
    Wait(slot, Announce::kQuietly);
  }
}

bool EngineImpl::OfferPersonal(uint32_t agent, uint8_t medium) {
  if (agents_[agent].personal == 0) return false;
  OrderedIndex::Cursor at =
      personal_.LowerBound({agent, INT64_MIN, INT64_MIN}, 0);
  for (; !personal_.AtEnd(at) && personal_.At(at).key.a == agent;
       personal_.Next(&at)) {
    const uint32_t slot = personal_.At(at).id;
    if (queues_[calls_[slot].queue].medium != medium) continue;
    MakeOffer(slot, agent, calls_[slot].queue, Reason::kPreferredAgent);
    return true;
  }
  return false;
}

}  // namespace callrouter
