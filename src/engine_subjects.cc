// What an event is about: living, gone and remembered, or unknown.

#include <string>

#include "absl/strings/str_cat.h"
#include "engine_impl.h"

namespace callrouter {

// Events with two subjects: a missing one is told before one not found.
absl::Status EngineImpl::CheckGiven(const Event& event) const {
  const bool call = !event.call.none() || event.call_ref != 0;
  const bool agent = !event.agent.none() || event.agent_ref != 0;
  bool needs_call = false, needs_agent = false, needs_queue = false;
  switch (event.kind) {
    case EventKind::kCallQueued:
      needs_call = needs_queue = true;
      break;
    case EventKind::kCallTransferred:
      needs_call = needs_agent = true;
      break;
    case EventKind::kAgentMember:
    case EventKind::kAgentNotMember:
      needs_agent = needs_queue = true;
      break;
    case EventKind::kSyncCall:
      needs_call = true;
      needs_agent = event.sync_place == SyncPlace::kRinging ||
                    event.sync_place == SyncPlace::kConnected;
      break;
    case EventKind::kOfferAccepted:
    case EventKind::kOfferConnecting:
    case EventKind::kOfferConnected:
    case EventKind::kOfferDeclined:
    case EventKind::kOfferNoAnswer:
    case EventKind::kOfferBusy:
    case EventKind::kOfferFailed:
    case EventKind::kOfferCancelled:
    case EventKind::kConnectFailed:
      if (!event.offer.none() || (call && agent)) break;
      return absl::InvalidArgumentError(
          "offer: missing, expected offer, or call and agent");
    default:
      break;
  }
  if (needs_call && !call) return UnknownCall(event);
  if (needs_agent && !agent) {
    return absl::InvalidArgumentError(
        "agent: missing, expected agent or agent_ref");
  }
  if (needs_queue && event.queue.none()) {
    return absl::InvalidArgumentError("queue: missing");
  }
  return absl::OkStatus();
}

EngineImpl::Found EngineImpl::FindCall(const Event& event,
                                       uint32_t* call) const {
  if (!event.call.none()) {
    const uint32_t slot = event.call.slot();
    if (slot >= calls_.slots()) return Found::kUnknown;
    const Call& c = calls_[slot];
    if (c.live && c.generation == event.call.generation()) {
      *call = slot;
      return Found::kLive;
    }
    return event.call.generation() < c.generation ? Found::kGone
                                                  : Found::kUnknown;
  }
  const uint32_t known = call_refs_.Find(event.call_ref);
  if (event.call_ref != 0 && known != kNone) {
    *call = known;
    return Found::kLive;
  }
  return event.call_ref != 0 && FindTombstone(event.call_ref) != nullptr
             ? Found::kGone
             : Found::kUnknown;
}

// A call that is gone is OK, a late word about it, and `*call` none.
absl::Status EngineImpl::NeedCall(const Event& event, uint32_t* call) {
  *call = kNone;
  const Found found = FindCall(event, call);
  if (found == Found::kUnknown) return UnknownCall(event);
  if (found == Found::kGone) ++stats_.repeats;
  return absl::OkStatus();
}

uint32_t EngineImpl::AgentOf(const Event& event) const {
  if (!event.agent.none()) {
    const uint32_t slot = event.agent.slot();
    return agents_.IsLive(slot) &&
                   agents_[slot].generation == event.agent.generation()
               ? slot
               : kNone;
  }
  if (event.agent_ref == 0) return kNone;
  return agent_refs_.Find(event.agent_ref);
}

absl::Status EngineImpl::NeedAgent(const Event& event, uint32_t* agent) const {
  *agent = AgentOf(event);
  if (*agent != kNone) return absl::OkStatus();
  if (event.agent.none() && event.agent_ref == 0) {
    return absl::InvalidArgumentError(
        "agent: missing, expected agent or agent_ref");
  }
  return absl::NotFoundError(
      event.agent.none()
          ? absl::StrCat("agent_ref: found ", event.agent_ref,
                         ", expected an agent that was configured or added")
          : std::string("agent: the handle is stale or was never given out"));
}

absl::Status EngineImpl::NeedQueue(const Event& event, uint32_t* queue) const {
  if (event.queue.none()) {
    return absl::InvalidArgumentError("queue: missing");
  }
  if (event.queue.generation() != 1 || event.queue.slot() >= queues_.size()) {
    return absl::NotFoundError(
        "queue: the handle was never given out; ask FindQueue");
  }
  *queue = event.queue.slot();
  return absl::OkStatus();
}

absl::Status EngineImpl::UnknownCall(const Event& event) {
  if (!event.call.none()) {
    return absl::NotFoundError("call: the handle was never given out");
  }
  if (event.call_ref == 0) {
    return absl::InvalidArgumentError(
        "call: missing, expected call or call_ref");
  }
  return absl::NotFoundError(absl::StrCat("call_ref: found ", event.call_ref,
                                          ", expected a living call"));
}

void EngineImpl::Bury(uint64_t ref, uint32_t content) {
  if (tombstones_.empty()) return;
  const uint64_t number = tombstones_made_++;
  Tombstone& grave = tombstones_[number % tombstones_.size()];
  if (number >= tombstones_.size()) {
    const auto old = tombstone_refs_.find(grave.ref);
    if (old != tombstone_refs_.end() &&
        old->second == number - tombstones_.size()) {
      tombstone_refs_.erase(old);
    }
  }
  grave = {ref, now_, content};
  tombstone_refs_[ref] = number;
}

const Tombstone* EngineImpl::FindTombstone(uint64_t ref) const {
  const auto it = tombstone_refs_.find(ref);
  if (it == tombstone_refs_.end()) return nullptr;
  const Tombstone& grave = tombstones_[it->second % tombstones_.size()];
  return now_ - grave.at <= tombstone_us_ ? &grave : nullptr;
}

}  // namespace callrouter
