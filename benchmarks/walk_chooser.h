// Choosing as PBX queues do today: one record an agent, one a call, and every
// arrival walks all agents, every freed agent all waiting calls. As tight as
// that goes: no locks, no strings, no device to ask; what decides lies in one
// cache line of the record, state first, then the key, then the skills.
//
// scan_chooser.h has the same rules over an array for each field and a table of
// levels by skill, which is faster still, and which no PBX has.

#ifndef CALLROUTER_BENCHMARKS_WALK_CHOOSER_H_
#define CALLROUTER_BENCHMARKS_WALK_CHOOSER_H_

#include <array>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include "bare_router.h"
#include "callrouter/configuration.h"
#include "callrouter/random.h"
#include "scan_chooser.h"

namespace callrouter::bench {

class WalkChooser {
 public:
  WalkChooser(std::size_t agents, std::vector<ScanQueue> queues)
      : queues_(std::move(queues)), agents_(agents) {}

  void SetLevel(uint32_t agent, std::size_t skill, int level) {
    Agent& a = agents_[agent];
    for (std::size_t i = 0; i < a.skill_count; ++i) {
      if (a.skills[i].skill == skill) {
        a.skills[i].level = static_cast<uint8_t>(level);
        return;
      }
    }
    if (a.skill_count == a.skills.size()) return;
    a.skills[a.skill_count++] = {static_cast<uint16_t>(skill),
                                 static_cast<uint8_t>(level)};
  }
  void SetSkill(uint32_t agent, std::string_view name, int level) {
    std::size_t at = 1;
    SetLevel(agent, ReadNumber(name, &at), level);
  }

  void AddIdle(std::vector<AgentRecord>* agents, uint32_t slot,
               int64_t idle_since) {
    agents_[slot].idle = 1;
    agents_[slot].idle_since = idle_since;
    agents_[slot].calls = (*agents)[slot].calls;
  }

  uint32_t TakeIdle(std::vector<AgentRecord>*, const CallRecord& call,
                    std::string_view text) {
    const ScanQueue& queue = queues_[call.queue];
    more_count_ = ReadTerms(text, &more_);
    uint32_t best = kNobody;
    int64_t best_key = kLast;
    int64_t best_since = kLast;
    uint64_t seen = 0;
    const auto n = static_cast<uint32_t>(agents_.size());
    for (uint32_t i = 0; i < n; ++i) {
      const Agent& agent = agents_[i];
      if (agent.idle == 0) continue;
      int64_t key = 0;
      switch (queue.order) {
        case AgentOrder::kFewestCalls:
          key = agent.calls;
          break;
        case AgentOrder::kMostSkilled:
          key = -agent.Level(queue.term.skill);
          if (more_count_ > 0) key -= agent.Level(more_[0].skill);
          break;
        default:
          break;
      }
      if (queue.order == AgentOrder::kRandom) {
        if (!Fits(agent, queue.term) || random_.Below(++seen) != 0) continue;
      } else if (key > best_key ||
                 (key == best_key && agent.idle_since >= best_since) ||
                 !Fits(agent, queue.term)) {
        continue;
      }
      best = i;
      best_key = key;
      best_since = agent.idle_since;
    }
    if (best != kNobody) agents_[best].idle = 0;
    return best;
  }

  void AddWaiting(std::vector<CallRecord>* calls, uint32_t slot) {
    if (slot >= terms_.size()) terms_.resize(std::size_t{slot} + 1);
    terms_[slot] = {};
    for (std::size_t i = 0; i < more_count_; ++i) terms_[slot][i] = more_[i];
    (*calls)[slot].sequence = ++arrivals_;
    waiting_.push_back(slot);
  }

  uint32_t TakeWaiting(std::vector<CallRecord>* calls, const AgentRecord&,
                       uint32_t slot) {
    const Agent& agent = agents_[slot];
    std::size_t best = waiting_.size();
    int32_t best_priority = std::numeric_limits<int32_t>::min();
    uint64_t best_sequence = 0;
    for (std::size_t i = 0; i < waiting_.size(); ++i) {
      const CallRecord& call = (*calls)[waiting_[i]];
      if (call.priority < best_priority ||
          (call.priority == best_priority && call.sequence > best_sequence &&
           best != waiting_.size())) {
        continue;
      }
      const Term& term = queues_[call.queue].term;
      if (agent.Level(term.skill) < term.level) continue;
      const std::array<Term, 2>& more = terms_[waiting_[i]];
      if (agent.Level(more[0].skill) < more[0].level ||
          agent.Level(more[1].skill) < more[1].level) {
        continue;
      }
      best = i;
      best_priority = call.priority;
      best_sequence = call.sequence;
    }
    if (best == waiting_.size()) return kNobody;
    const uint32_t taken = waiting_[best];
    waiting_[best] = waiting_.back();
    waiting_.pop_back();
    return taken;
  }

 private:
  static constexpr int64_t kLast = std::numeric_limits<int64_t>::max();

  struct alignas(64) Agent {
    int64_t idle_since = 0;
    uint32_t calls = 0;
    uint8_t idle = 0;
    uint8_t skill_count = 0;
    std::array<Term, 10> skills = {};
    char rest[kRecordBytes - 56] = {};  // What an engine knows besides.

    int Level(std::size_t skill) const {
      for (std::size_t i = 0; i < skill_count; ++i) {
        if (skills[i].skill == skill) return skills[i].level;
      }
      return 0;
    }
  };
  static_assert(sizeof(Agent) == kRecordBytes);

  bool Fits(const Agent& agent, const Term& term) const {
    if (agent.Level(term.skill) < term.level) return false;
    for (std::size_t i = 0; i < more_count_; ++i) {
      if (agent.Level(more_[i].skill) < more_[i].level) return false;
    }
    return true;
  }

  std::vector<ScanQueue> queues_;
  std::vector<Agent> agents_;
  std::vector<uint32_t> waiting_;
  std::vector<std::array<Term, 2>> terms_;  // By call: what it asks besides.
  std::array<Term, 2> more_ = {};           // Of the call being placed.
  std::size_t more_count_ = 0;
  uint64_t arrivals_ = 0;
  Random random_{1};
};

}  // namespace callrouter::bench

#endif  // CALLROUTER_BENCHMARKS_WALK_CHOOSER_H_
