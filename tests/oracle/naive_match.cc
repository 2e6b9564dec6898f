// Every choice looks at everybody.

#include <algorithm>

#include "tests/oracle/naive_engine.h"

namespace callrouter::oracle {

// --- Who may ----------------------------------------------------------------

bool NaiveEngine::Meets(const NaiveAgent& agent,
                        const std::string& requirement) const {
  if (requirement.empty()) return true;
  std::map<std::string, int32_t> penalties;
  for (const auto& [queue, member] : agent.members) {
    penalties[config_.queues[queue].name] = member.penalty;
  }
  return NaiveHolds(requirement, agent.skills, agent.attributes, penalties);
}

bool NaiveEngine::Fits(const NaiveAgent& agent, uint32_t queue,
                       const std::string& requirement) const {
  if (config_.queues[queue].members_only && agent.members.count(queue) == 0) {
    return false;
  }
  return Meets(agent, requirement);
}

std::vector<uint32_t> NaiveEngine::QueuesOf(const NaiveCall& call) const {
  std::vector<uint32_t> queues = {call.queue};
  queues.insert(queues.end(), call.extra.begin(), call.extra.end());
  return queues;
}

// The requirement of the call in its `place`-th queue. Only in its first one
// have its steps changed it.
std::string NaiveEngine::Made(const NaiveCall& call, std::size_t place) const {
  const uint32_t queue = QueuesOf(call)[place];
  std::string made = config_.queues[queue].requirement;
  if (place > 0) return made;
  const std::vector<Step>& steps = StepsOf(queue);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (((call.fired >> i) & 1) == 0) continue;
    if (steps[i].action == StepAction::kReplace) made = steps[i].requirement;
    if (steps[i].action != StepAction::kWiden) continue;
    if (made.empty() || steps[i].requirement.empty()) {
      made = "";  // Everybody already.
    } else {
      made = "(" + made + ") or (" + steps[i].requirement + ")";
    }
  }
  return made;
}

bool NaiveEngine::Spared(const NaiveCall& call, uint32_t agent) const {
  for (const NaiveSpare& spare : call.spared) {
    if (spare.agent_serial == agents_[agent].serial) return true;
  }
  return false;
}

bool NaiveEngine::Free(uint32_t agent, uint8_t medium) const {
  return agents_[agent].live && ((agents_[agent].free >> medium) & 1) != 0;
}

int64_t NaiveEngine::Waiting(uint32_t queue) const {
  int64_t waiting = 0;
  for (const NaiveCall& call : calls_) {
    waiting +=
        call.live && call.place == CallPlace::kWaiting && call.queue == queue;
  }
  return waiting;
}

bool NaiveEngine::IsReserve(const NaiveAgent& agent, uint32_t queue) const {
  const auto member = agent.members.find(queue);
  return config_.queues[queue].reserve_above >= 0 &&
         member != agent.members.end() && member->second.reserve;
}

// How many free agents meet `requirement`; counted once for every change.
int32_t NaiveEngine::IdleOf(const std::string& requirement,
                            uint8_t medium) const {
  auto& [version, idle] = idle_of_[{requirement, medium}];
  if (version == version_) return idle;
  version = version_;
  idle = 0;
  for (uint32_t a = 0; a < agents_.size(); ++a) {
    idle += Free(a, medium) && Meets(agents_[a], requirement);
  }
  return idle;
}

// Whether the queue must leave this agent to others for now.
bool NaiveEngine::Reserved(uint32_t queue, uint32_t agent) const {
  const QueueConfig& config = config_.queues[queue];
  for (const Reserve& reserve : config.reserve) {
    if (!Meets(agents_[agent], reserve.agents)) continue;
    const int32_t idle = IdleOf(reserve.agents, medium_[queue]);
    if (idle <= reserve.keep_idle) return true;
  }
  return IsReserve(agents_[agent], queue) &&
         Waiting(queue) <= config.reserve_above;
}

bool NaiveEngine::Anybody(uint32_t queue, const std::string& requirement,
                          bool staffed) const {
  for (const NaiveAgent& agent : agents_) {
    if (agent.live && agent.logged_in && !(staffed && agent.paused) &&
        Fits(agent, queue, requirement)) {
      return true;
    }
  }
  return false;
}

// The agent, who fits the queue, may be offered this very call.
bool NaiveEngine::May(const NaiveCall& call, uint32_t queue,
                      uint32_t agent) const {
  return !Spared(call, agent) && Meets(agents_[agent], call.own) &&
         !Reserved(queue, agent);
}

// --- Which agent ------------------------------------------------------------

int64_t NaiveEngine::Penalty(uint32_t agent, uint32_t queue) const {
  if (config_.queues[queue].strategy.ignore_penalty) return 0;
  const auto member = agents_[agent].members.find(queue);
  return member == agents_[agent].members.end() ? 0 : member->second.penalty;
}

int64_t NaiveEngine::Position(uint32_t agent, uint32_t queue) const {
  const auto member = agents_[agent].members.find(queue);
  return member == agents_[agent].members.end() ? 0 : member->second.position;
}

// Smallest first.
std::array<int64_t, 3> NaiveEngine::OrderOf(uint32_t agent,
                                            const NaiveCall& call,
                                            std::size_t place) const {
  const uint32_t queue = QueuesOf(call)[place];
  const NaiveAgent& a = agents_[agent];
  int64_t first = 0;
  switch (config_.queues[queue].strategy.order) {
    case AgentOrder::kLongestIdle:
      break;
    case AgentOrder::kLongestReady:
      first = a.ready_since[medium_[queue]];
      break;
    case AgentOrder::kFewestCalls:
      first = a.connected;
      break;
    case AgentOrder::kLeastTalkTime:
      first = a.talk_us;
      break;
    case AgentOrder::kLeastOccupied:
      first = a.occupied_ppm;
      break;
    case AgentOrder::kMostSkilled:
      for (const std::string& skill : NaiveSkills(Made(call, place))) {
        const auto level = a.skills.find(skill);
        if (level != a.skills.end()) first -= level->second;
      }
      break;
    case AgentOrder::kLeastSkilled:
      for (const auto& [skill, level] : a.skills) first += level;
      break;
    case AgentOrder::kRoundRobin:
    case AgentOrder::kLinear:
      return {Position(agent, queue), agent, 0};
    case AgentOrder::kRandom:
    case AgentOrder::kWeightedRandom:
      return {agent, 0, 0};
  }
  return {first, a.last_end, agent};
}

// Draws among the agents of one penalty; up to 32 times until one may, then
// the first who may from the last one drawn on.
uint32_t NaiveEngine::Draw(const NaiveCall& call, uint32_t queue,
                           const std::vector<uint32_t>& agents) {
  const uint64_t undrawn = random_.state();
  std::vector<uint64_t> weights;
  uint64_t total = 0;
  for (const uint32_t agent : agents) {
    uint64_t weight = 1;
    if (config_.queues[queue].strategy.order == AgentOrder::kWeightedRandom) {
      const auto member = agents_[agent].members.find(queue);
      weight = static_cast<uint64_t>(member != agents_[agent].members.end() &&
                                             member->second.weight > 0
                                         ? member->second.weight
                                         : agents_[agent].weight);
    }
    weights.push_back(weight);
    total += weight;
  }
  std::size_t drawn = 0;
  for (int i = 0; i < 32; ++i) {
    uint64_t at = random_.Below(total);
    for (drawn = 0; at >= weights[drawn]; ++drawn) at -= weights[drawn];
    if (May(call, queue, agents[drawn])) return agents[drawn];
  }
  for (std::size_t i = 0; i < agents.size(); ++i) {
    const uint32_t agent = agents[(drawn + i) % agents.size()];
    if (May(call, queue, agent)) return agent;
  }
  random_ = Random::FromState(undrawn);
  return kNobody;
}

// `agents`: free, fitting the queue; reserve members all or none.
uint32_t NaiveEngine::PickFrom(const NaiveCall& call, std::size_t place,
                               const std::vector<uint32_t>& agents) {
  const uint32_t queue = QueuesOf(call)[place];
  const AgentOrder order = config_.queues[queue].strategy.order;
  std::map<int64_t, std::vector<uint32_t>> tiers;
  for (const uint32_t agent : agents) {
    tiers[Penalty(agent, queue)].push_back(agent);
  }
  for (auto& [penalty, tier] : tiers) {
    if (order == AgentOrder::kRandom || order == AgentOrder::kWeightedRandom) {
      const uint32_t drawn = Draw(call, queue, tier);
      if (drawn != kNobody) return drawn;
      continue;
    }
    uint32_t best = kNobody;
    for (const uint32_t agent : tier) {
      if (!May(call, queue, agent)) continue;
      const auto key = [&](uint32_t a) {
        const std::array<int64_t, 3> o = OrderOf(a, call, place);
        int64_t passed = 0;  // Round robin: before or at the last one rung.
        if (order == AgentOrder::kRoundRobin &&
            queues_[queue].last_agent != kNobody) {
          const int64_t at = queues_[queue].last_position;
          passed = o[0] < at ||
                   (o[0] == at && o[1] <= int64_t{queues_[queue].last_agent});
        }
        return std::array<int64_t, 4>{passed, o[0], o[1], o[2]};
      };
      if (best == kNobody || key(agent) < key(best)) best = agent;
    }
    if (best != kNobody) return best;
  }
  return kNobody;
}

NaiveEngine::Pick NaiveEngine::PickAgent(uint32_t slot) {
  const NaiveCall& call = calls_[slot];
  const std::vector<uint32_t> queues = QueuesOf(call);
  for (std::size_t place = 0; place < queues.size(); ++place) {
    const uint32_t queue = queues[place];
    const std::string made = Made(call, place);
    for (const bool reserve : {false, true}) {
      if (reserve && Waiting(queue) <= config_.queues[queue].reserve_above) {
        continue;
      }
      std::vector<uint32_t> agents;
      for (uint32_t a = 0; a < agents_.size(); ++a) {
        if (Free(a, medium_[queue]) && Fits(agents_[a], queue, made) &&
            IsReserve(agents_[a], queue) == reserve) {
          agents.push_back(a);
        }
      }
      const uint32_t agent = PickFrom(call, place, agents);
      if (agent != kNobody) {
        return {agent, queue, place, Penalty(agent, queue)};
      }
    }
  }
  return {};
}

// --- Which call -------------------------------------------------------------

int64_t NaiveEngine::CapTime(const NaiveCall& call, uint32_t queue) const {
  const CallOrder& order = config_.queues[queue].call_order;
  if (order.rule != CallRule::kAccelerated || Us(order.ceiling) <= 0) {
    return INT64_MAX;
  }
  const int64_t missing =
      (Us(order.ceiling) - int64_t{call.priority} * Us(order.priority_worth)) *
      1000;
  if (missing <= 0) return call.origin;
  if (order.acceleration_milli == 0) return INT64_MAX;
  return call.origin +
         (missing + order.acceleration_milli - 1) / order.acceleration_milli;
}

NaiveRank NaiveEngine::RankOf(const NaiveCall& call, uint32_t queue,
                              uint32_t agent) const {
  const QueueConfig& config = config_.queues[queue];
  NaiveRank rank;
  if (config_.prefer_low_penalty && agent != kNobody) {
    const auto member = agents_[agent].members.find(queue);
    if (member != agents_[agent].members.end()) {
      rank.penalty = member->second.penalty;
    }
  }
  rank.weight = config.weight;
  rank.priority = call.priority;
  rank.origin = call.origin;
  rank.serial = call.serial;
  rank.score = due_ - call.origin;
  const CallOrder& order = config.call_order;
  switch (order.rule) {
    case CallRule::kAge:
      rank.score *= 1000;
      break;
    case CallRule::kLifo:
      rank.lifo = true;
      rank.score *= -1000;  // Younger is better.
      break;
    case CallRule::kServiceLevel:
      rank.score *= std::clamp<int64_t>(
          int64_t{20'000'000} * 1000 /
              std::max<int64_t>(Us(config.service_level_target), 1),
          1, 1'000'000);
      break;
    case CallRule::kAccelerated: {
      rank.priority = 0;
      rank.score *= order.acceleration_milli;
      rank.score += int64_t{call.priority} * Us(order.priority_worth) * 1000;
      const int64_t ceiling = Us(order.ceiling) * 1000;
      if (ceiling > 0 && rank.score > ceiling) rank.score = ceiling;
      break;
    }
  }
  return rank;
}

namespace {

bool Before(const NaiveRank& x, const NaiveRank& y) {
  if (x.penalty != y.penalty) return x.penalty < y.penalty;
  if (x.weight != y.weight) return x.weight > y.weight;
  if (x.priority != y.priority) return x.priority > y.priority;
  if (x.score != y.score) return x.score > y.score;
  if (x.lifo != y.lifo) return y.lifo;
  if (x.lifo) {
    return x.origin != y.origin ? x.origin > y.origin : x.serial > y.serial;
  }
  if (x.origin != y.origin) return x.origin < y.origin;
  return x.serial < y.serial;
}

}  // namespace

uint32_t NaiveEngine::PickCall(uint32_t agent, uint8_t medium,
                               uint32_t* best_queue) const {
  uint32_t best = kNobody;
  NaiveRank best_rank;
  for (uint32_t c = 0; c < calls_.size(); ++c) {
    const NaiveCall& call = calls_[c];
    if (!call.live || !call.standing) continue;
    const std::vector<uint32_t> queues = QueuesOf(call);
    for (std::size_t place = 0; place < queues.size(); ++place) {
      const uint32_t queue = queues[place];
      if (medium_[queue] != medium || !May(call, queue, agent) ||
          !Fits(agents_[agent], queue, Made(call, place))) {
        continue;
      }
      const NaiveRank rank = RankOf(call, queue, agent);
      if (best == kNobody || Before(rank, best_rank)) {
        best = c;
        *best_queue = queue;
        best_rank = rank;
      }
    }
  }
  return best;
}

void NaiveEngine::MatchAgent(uint32_t agent, uint8_t medium) {
  if (!Free(agent, medium)) return;
  if (OfferPersonal(agent, medium)) return;
  uint32_t best_queue = 0;
  const uint32_t best = PickCall(agent, medium, &best_queue);
  if (best == kNobody) return;
  const bool joining = calls_[best].place == CallPlace::kOffered;
  const Strategy& strategy = config_.queues[best_queue].strategy;
  MakeOffer(best, agent, best_queue, static_cast<Reason>(strategy.order));
  if (strategy.ring == RingMode::kOne || calls_[best].attempt != 0) return;
  if (!joining && strategy.ring == RingMode::kProgressive) {
    calls_[best].wait_timer = Arm(now_ + Us(strategy.progressive_interval),
                                  Alarm::kProgressive, best);
  }
  if (strategy.freed_agents_join &&
      static_cast<int64_t>(calls_[best].offers.size()) <
          OffersMax(best_queue)) {
    Stand(best);
  }
}

// All who are free at once: the best call of each agent, in their order, has
// the agent who is best for it.
void NaiveEngine::MatchAll() {
  for (uint32_t a = 0; a < agents_.size(); ++a) {
    if (agents_[a].live) Refresh(a);
  }
  for (uint32_t a = 0; a < agents_.size(); ++a) {
    for (uint8_t m = 0; m < 4; ++m) {
      while (Free(a, m)) {
        if (OfferPersonal(a, m)) break;
        uint32_t queue = 0;
        const uint32_t call = PickCall(a, m, &queue);
        if (call != kNobody && calls_[call].place == CallPlace::kWaiting &&
            TryOffer(call)) {
          continue;
        }
        MatchAgent(a, m);
        break;
      }
    }
  }
}

void NaiveEngine::MatchReserve(uint32_t queue) {
  if (!queues_[queue].reserve_opened) return;
  queues_[queue].reserve_opened = false;
  std::vector<uint32_t> agents;
  for (uint32_t a = 0; a < agents_.size(); ++a) {
    if (Free(a, medium_[queue]) && IsReserve(agents_[a], queue)) {
      agents.push_back(a);
    }
  }
  std::stable_sort(agents.begin(), agents.end(), [&](uint32_t x, uint32_t y) {
    return agents_[x].last_end < agents_[y].last_end;
  });
  for (const uint32_t agent : agents) MatchAgent(agent, medium_[queue]);
}

// An agent has become idle: queues that leave some idle may take one again.
void NaiveEngine::NoteOpened(uint32_t agent, uint8_t medium) {
  for (uint32_t q = 0; q < queues_.size(); ++q) {
    if (medium_[q] != medium) continue;
    for (const Reserve& reserve : config_.queues[q].reserve) {
      if (!Meets(agents_[agent], reserve.agents)) continue;
      // Any queue with the same reserve is looked at when one opens.
      for (const QueueConfig& other : config_.queues) {
        for (const Reserve& same : other.reserve) {
          if (same.agents == reserve.agents &&
              IdleOf(same.agents, medium) == same.keep_idle + 1) {
            opened_.push_back(q);
          }
        }
      }
    }
  }
}

// The calls waiting there try, in their order: each as soon as a queue it waits
// in has somebody for it.
void NaiveEngine::MatchOpened() {
  struct Try {
    NaiveRank rank;
    uint32_t call;
    uint32_t queue;
    std::string made;
  };
  std::vector<Try> tries;
  for (uint32_t c = 0; c < calls_.size(); ++c) {
    const NaiveCall& call = calls_[c];
    if (!call.live || !call.standing) continue;
    const std::vector<uint32_t> queues = QueuesOf(call);
    for (std::size_t place = 0; place < queues.size(); ++place) {
      const uint32_t queue = queues[place];
      if (std::find(opened_.begin(), opened_.end(), queue) == opened_.end()) {
        continue;
      }
      tries.push_back(
          {RankOf(call, queue, kNobody), c, queue, Made(call, place)});
    }
  }
  opened_.clear();
  std::sort(tries.begin(), tries.end(),
            [](const Try& x, const Try& y) { return Before(x.rank, y.rank); });
  for (const Try& next : tries) {
    if (calls_[next.call].place != CallPlace::kWaiting) continue;
    bool somebody = false;
    for (uint32_t a = 0; a < agents_.size(); ++a) {
      somebody = somebody || (Free(a, medium_[next.queue]) &&
                              Fits(agents_[a], next.queue, next.made) &&
                              May(calls_[next.call], next.queue, a));
    }
    if (somebody) TryOffer(next.call);
  }
}

}  // namespace callrouter::oracle
