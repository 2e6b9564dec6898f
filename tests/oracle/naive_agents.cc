// Events about agents, and what makes an agent free.

#include <algorithm>

#include "tests/oracle/naive_engine.h"

namespace callrouter::oracle {

uint8_t NaiveEngine::FreeMask(const NaiveAgent& agent) const {
  if (!agent.logged_in || agent.paused || agent.outside || agent.wrap_up ||
      agent.cool_off) {
    return 0;
  }
  const auto shuts_out = [&](std::size_t x, std::size_t y) {
    for (const Medium& medium : config_.media) {
      if (medium.name != media_[y]) continue;
      for (const std::string& other : medium.not_while_handling) {
        if (other == media_[x]) return true;
      }
    }
    return false;
  };
  uint8_t mask = 0;
  for (std::size_t m = 0; m < media_.size(); ++m) {
    bool free = agent.ringing[m] == 0 && agent.used[m] < agent.capacity[m];
    for (std::size_t o = 0; o < media_.size(); ++o) {
      // No medium that must not be taken while `o` is there; and nothing that
      // would spoil what is ringing already.
      if (agent.used[o] + agent.ringing[o] > 0 && shuts_out(o, m)) free = false;
      if (agent.ringing[o] > 0 && shuts_out(m, o)) free = false;
    }
    if (free) mask = static_cast<uint8_t>(mask | (1u << m));
  }
  return mask;
}

uint8_t NaiveEngine::Refresh(uint32_t slot) {
  NaiveAgent& agent = agents_[slot];
  bool busy = agent.wrap_up;
  for (std::size_t m = 0; m < 4; ++m) {
    busy = busy || agent.used[m] + agent.ringing[m] > 0;
  }
  if (busy && agent.busy_since < 0) {
    agent.busy_since = now_;
  } else if (!busy && agent.busy_since >= 0) {
    agent.busy_us += now_ - agent.busy_since;
    agent.busy_since = -1;
  }
  const uint8_t mask = FreeMask(agent);
  for (std::size_t m = 0; m < 4; ++m) {
    if (((mask & ~agent.able) >> m & 1) != 0) agent.ready_since[m] = now_;
  }
  if (agent.able == 0 && mask != 0) {
    const int64_t busy_us =
        agent.busy_us + (agent.busy_since >= 0 ? now_ - agent.busy_since : 0);
    const int64_t staffed = now_ - agent.login_at;
    agent.occupied_ppm = staffed <= 0 ? 0 : busy_us * 1'000'000 / staffed;
  }
  agent.able = mask;
  const uint8_t open = Armed(hold_timer_) ? 0 : mask;
  const uint8_t newly = static_cast<uint8_t>(open & ~agent.free);
  agent.free = open;
  ++version_;
  for (uint8_t m = 0; m < 4; ++m) {
    if (((newly >> m) & 1) != 0) NoteOpened(slot, m);
  }
  return newly;
}

void NaiveEngine::RefreshAndMatch(uint32_t slot) {
  const uint8_t newly = Refresh(slot);
  for (uint8_t m = 0; m < 4; ++m) {
    if (((newly >> m) & 1) != 0) MatchAgent(slot, m);
  }
}

void NaiveEngine::PresenceChanged(uint32_t slot, bool was_staffed) {
  const NaiveAgent& agent = agents_[slot];
  if (was_staffed && (!agent.logged_in || agent.paused)) MarkAllDirty();
  if (!agent.logged_in || agent.paused) ReleasePersonal(slot);
}

NaiveEngine::Code NaiveEngine::OnAgentAdded(const Event& event) {
  if (event.agent_ref == 0 || event.text.empty()) return Code::kInvalidArgument;
  const uint32_t known = FindAgent(event);
  if (known != kNobody) {
    return agents_[known].name == event.text ? Code::kOk : Code::kAlreadyExists;
  }
  int32_t living = 0;
  for (const NaiveAgent& agent : agents_) living += agent.live;
  if (living >= options_.agents_max) return Code::kResourceExhausted;
  uint32_t slot = static_cast<uint32_t>(agents_.size());
  if (free_agents_.empty()) {
    agents_.emplace_back();
  } else {
    slot = free_agents_.back();
    free_agents_.pop_back();
  }
  NaiveAgent agent;
  agent.live = true;
  agent.serial = ++agents_made_;
  agent.ref = event.agent_ref;
  agent.name = std::string(event.text);
  agents_[slot] = agent;
  return Code::kOk;
}

NaiveEngine::Code NaiveEngine::OnAgent(const Event& event) {
  if (event.kind == EventKind::kAgentAdded) return OnAgentAdded(event);
  const int kind = static_cast<int>(event.kind);
  if (kind >= static_cast<int>(EventKind::kAgentSkill)) {
    return OnProfile(event);
  }
  uint32_t slot = 0;
  const Code code = NeedAgent(event, &slot);
  if (code != Code::kOk) return code;
  if (event.kind == EventKind::kAgentReleased) return OnReleased(event, slot);
  return OnAgentState(event, slot);
}

NaiveEngine::Code NaiveEngine::OnAgentState(const Event& event, uint32_t slot) {
  NaiveAgent& agent = agents_[slot];
  switch (event.kind) {
    case EventKind::kAgentRemoved:
      for (const int32_t used : agent.used) {
        if (used > 0) return Code::kFailedPrecondition;
      }
      if (agent.logged_in) return Code::kFailedPrecondition;
      for (NaiveCall& call : calls_) {  // Nobody is kept from a stranger.
        for (std::size_t i = call.spared.size(); i-- > 0;) {
          if (call.spared[i].agent_serial != agent.serial) continue;
          Cancel(&call.spared[i].timer);
          call.spared.erase(call.spared.begin() +
                            static_cast<std::ptrdiff_t>(i));
        }
      }
      agent = NaiveAgent();
      ++version_;
      free_agents_.push_back(slot);
      return Code::kOk;
    case EventKind::kAgentLogin:
      agent.synced = true;
      if (!agent.logged_in) Login(slot, event.value != 0);
      return Code::kOk;
    case EventKind::kAgentLogout:
      if (agent.logged_in) LogOut(slot, Reason::kAgentGone);
      return Code::kOk;
    case EventKind::kAgentReady:
      if (!agent.logged_in) return Code::kFailedPrecondition;
      Ready(slot);
      return Code::kOk;
    case EventKind::kAgentPaused:
      if (!agent.logged_in) return Code::kFailedPrecondition;
      Pause(slot);
      return Code::kOk;
    case EventKind::kAgentBusyOutside:
    case EventKind::kAgentFreeOutside: {
      const bool busy = event.kind == EventKind::kAgentBusyOutside;
      if (agent.outside == busy) return Code::kOk;
      agent.outside = busy;
      RefreshAndMatch(slot);
      return Code::kOk;
    }
    default:
      return Code::kUnimplemented;
  }
}

void NaiveEngine::Login(uint32_t slot, bool paused) {
  NaiveAgent& agent = agents_[slot];
  agent.logged_in = true;
  agent.paused = paused;
  agent.login_at = agent.last_end = now_;
  agent.busy_us = agent.connected = agent.talk_us = 0;
  agent.busy_since = -1;
  agent.misses = 0;
  PresenceChanged(slot, false);
  RefreshAndMatch(slot);
}

void NaiveEngine::LogOut(uint32_t slot, Reason reason) {
  NaiveAgent& agent = agents_[slot];
  agent.logged_in = agent.paused = agent.wrap_up = agent.cool_off = false;
  Cancel(&agent.wrap_timer);
  Cancel(&agent.cool_timer);
  Cancel(&agent.pause_timer);
  Refresh(slot);
  PresenceChanged(slot, true);
  CancelRinging(slot, reason);
  RefreshAndMatch(slot);
}

void NaiveEngine::Ready(uint32_t slot) {
  NaiveAgent& agent = agents_[slot];
  Cancel(&agent.wrap_timer);
  Cancel(&agent.cool_timer);
  Cancel(&agent.pause_timer);
  agent.wrap_up = agent.cool_off = agent.paused = false;
  agent.misses = 0;
  RefreshAndMatch(slot);
}

void NaiveEngine::Pause(uint32_t slot) {
  NaiveAgent& agent = agents_[slot];
  const bool staffed = !agent.paused;
  agent.paused = true;
  Cancel(&agent.pause_timer);
  Refresh(slot);
  PresenceChanged(slot, staffed);
  CancelRinging(slot, Reason::kAgentGone);
}

void NaiveEngine::CancelRinging(uint32_t slot, Reason reason) {
  for (uint8_t m = 0; m < 4; ++m) {
    for (uint32_t o = 0; o < offers_.size(); ++o) {
      if (!offers_[o].live || offers_[o].agent != slot || offers_[o].accepted ||
          offers_[o].medium != m) {
        continue;
      }
      Decision& cancel =
          EmitCall(DecisionKind::kCancelOffer, reason, offers_[o].call);
      Name(slot, &cancel);
      cancel.offer = OfferId(o, 1);
      OfferOver(o);
      break;
    }
  }
}

void NaiveEngine::PauseByRule(uint32_t slot, uint32_t queue) {
  NaiveAgent& agent = agents_[slot];
  const Misses& rule = config_.queues[queue].misses;
  if (rule.pause_after <= 0 || agent.misses < rule.pause_after ||
      agent.paused || !agent.logged_in) {
    return;
  }
  agent.paused = true;
  agent.misses = 0;
  if (Us(rule.pause_return) >= 0) {
    agent.pause_timer =
        Arm(now_ + Us(rule.pause_return), Alarm::kPauseEnd, slot);
  }
  Decision& paused = Emit(DecisionKind::kAgentPaused, Reason::kMisses);
  Name(slot, &paused);
  paused.queue = QueueId(queue, 1);
  Refresh(slot);
  PresenceChanged(slot, true);
}

NaiveEngine::Code NaiveEngine::OnReleased(const Event& event, uint32_t slot) {
  uint32_t call = kNobody;
  if (event.call_ref != 0) {
    const Found found = FindCall(event, &call);
    if (found == Found::kUnknown) return Code::kNotFound;
    if (found == Found::kGone) return Code::kOk;
  } else {
    const std::vector<uint32_t>& calls = agents_[slot].calls;
    if (calls.size() > 1) return Code::kInvalidArgument;
    if (calls.empty()) return Code::kOk;
    call = calls.front();
  }
  const std::vector<uint32_t> offers = calls_[call].offers;
  for (const uint32_t o : offers) {
    if (offers_[o].agent != slot) continue;
    if (offers_[o].connected) {
      EndService(call);
      calls_[call].place = CallPlace::kWithHost;
    } else if (offers_[o].accepted) {
      ConnectFailed(o, Reason::kNone, false);
    } else {
      Missed(o, Us(config_.queues[offers_[o].queue].misses.cool_off_declined));
    }
    break;
  }
  return Code::kOk;
}

// --- What an agent can do ---------------------------------------------------

NaiveEngine::Code NaiveEngine::OnProfile(const Event& event) {
  const EventKind kind = event.kind;
  const bool joins = kind == EventKind::kAgentMember;
  const bool member = joins || kind == EventKind::kAgentNotMember;
  const int32_t most = member                              ? 1'000'000
                       : kind == EventKind::kAgentSkill    ? 100
                       : kind == EventKind::kAgentCapacity ? 64
                                                           : INT32_MAX;
  const bool named = !member;
  if ((named && event.text.empty()) ||
      (kind != EventKind::kAgentAttribute &&
       (event.value < 0 || event.value > most)) ||
      (member && (event.value2 < 0 || event.value2 > most))) {
    return Code::kInvalidArgument;
  }
  uint32_t queue = 0;
  if (member) {
    const Code code = NeedQueue(event, &queue);
    if (code != Code::kOk) return code;
  }
  uint32_t slot = 0;
  const Code code = NeedAgent(event, &slot);
  if (code != Code::kOk) return code;
  if (kind == EventKind::kAgentCapacity &&
      std::find(media_.begin(), media_.end(), event.text) == media_.end()) {
    return Code::kNotFound;
  }
  NaiveAgent& agent = agents_[slot];
  const std::string text(event.text);
  if (kind == EventKind::kAgentCapacity) {
    const auto medium = std::find(media_.begin(), media_.end(), text);
    agent.capacity[static_cast<std::size_t>(medium - media_.begin())] =
        event.value;
    RefreshAndMatch(slot);
    return Code::kOk;
  }
  if (kind == EventKind::kAgentSkill) {
    const auto old = agent.skills.find(text);
    if ((old == agent.skills.end() ? 0 : old->second) == event.value) {
      return Code::kOk;
    }
    agent.skills[text] = event.value;
    if (event.value == 0) agent.skills.erase(text);
  } else if (kind == EventKind::kAgentAttribute) {
    agent.attributes[text] = std::string(event.text2);
    if (event.text2.empty()) agent.attributes.erase(text);
  } else if (joins) {
    agent.members[queue].penalty = event.value;
    agent.members[queue].position = event.value2;
  } else if (agent.members.erase(queue) == 0) {
    return Code::kOk;
  }
  ++version_;
  MarkAllDirty();
  Refresh(slot);
  for (uint8_t m = 0; m < 4; ++m) {
    if (((agent.free >> m) & 1) != 0) NoteOpened(slot, m);
  }
  for (uint8_t m = 0; m < 4; ++m) {  // It may fit other calls now.
    if (((agent.free >> m) & 1) != 0) MatchAgent(slot, m);
  }
  return Code::kOk;
}

}  // namespace callrouter::oracle
