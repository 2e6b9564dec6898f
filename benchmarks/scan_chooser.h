// A full scan laid out for the processor: every arrival looks at all agents,
// every freed agent at all waiting calls, with one array per field and levels
// by skill. A busy agent looks like one idle since never; the key is compared
// before the skill is looked up. What PBXs do is in walk_chooser.h.

#ifndef CALLROUTER_BENCHMARKS_SCAN_CHOOSER_H_
#define CALLROUTER_BENCHMARKS_SCAN_CHOOSER_H_

#include <array>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include "bare_router.h"
#include "callrouter/configuration.h"
#include "callrouter/random.h"

namespace callrouter::bench {

struct Term {
  uint16_t skill = 0;
  uint8_t level = 0;  // 0: everybody has it.
};

struct ScanQueue {
  Term term;
  AgentOrder order = AgentOrder::kLongestIdle;
};

// The digits of `text` from `*at` on.
inline std::size_t ReadNumber(std::string_view text, std::size_t* at) {
  std::size_t n = 0;
  while (*at < text.size() && text[*at] >= '0' && text[*at] <= '9') {
    n = n * 10 + static_cast<std::size_t>(text[(*at)++] - '0');
  }
  return n;
}

// "s<skill> >= <level> and s<skill> >= <level>", the only shape used.
inline std::size_t ReadTerms(std::string_view text,
                             std::array<Term, 2>* terms) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size() && count < terms->size();) {
    ++at;
    Term& term = (*terms)[count++];
    term.skill = static_cast<uint16_t>(ReadNumber(text, &at));
    at += 4;
    term.level = static_cast<uint8_t>(ReadNumber(text, &at));
    at += 5;
  }
  return count;
}

class ScanChooser {
 public:
  ScanChooser(std::size_t agents, std::size_t skills,
              std::vector<ScanQueue> queues)
      : skills_(skills),
        queues_(std::move(queues)),
        by_skill_(skills, std::vector<uint8_t>(agents, 0)),
        by_agent_(agents * skills, 0),
        idle_since_(agents, kBusy),
        calls_(agents, 0) {}

  void SetLevel(uint32_t agent, std::size_t skill, int level) {
    by_skill_[skill][agent] = static_cast<uint8_t>(level);
    by_agent_[agent * skills_ + skill] = static_cast<uint8_t>(level);
  }
  void SetSkill(uint32_t agent, std::string_view name, int level) {
    std::size_t at = 1;
    SetLevel(agent, ReadNumber(name, &at), level);
  }

  void AddIdle(std::vector<AgentRecord>* agents, uint32_t slot,
               int64_t idle_since) {
    idle_since_[slot] = idle_since;
    calls_[slot] = (*agents)[slot].calls;
  }

  uint32_t TakeIdle(std::vector<AgentRecord>*, const CallRecord& call,
                    std::string_view text) {
    const ScanQueue& queue = queues_[call.queue];
    Parse(text);
    uint32_t best = kNobody;
    switch (queue.order) {
      case AgentOrder::kFewestCalls:
        best = Least(queue.term,
                     [this](std::size_t i) { return int64_t{calls_[i]}; });
        break;
      case AgentOrder::kMostSkilled: {
        const uint8_t* const level = by_skill_[queue.term.skill].data();
        const uint8_t* const more =
            by_skill_[parsed_.empty() ? 0 : parsed_[0].skill].data();
        const int64_t use = parsed_.empty() ? 0 : 1;
        best = Least(queue.term, [=](std::size_t i) {
          return -int64_t{level[i]} - use * more[i];
        });
        break;
      }
      case AgentOrder::kRandom:
        best = Any(queue.term);
        break;
      default:
        best = LongestIdle(queue.term);
        break;
    }
    if (best != kNobody) idle_since_[best] = kBusy;
    return best;
  }

  void AddWaiting(std::vector<CallRecord>* calls, uint32_t slot) {
    const Term term = queues_[(*calls)[slot].queue].term;
    Waiting waiting = {slot, {}};
    if (parsed_.size() == 2) {  // Of the TakeIdle just before.
      waiting.more[0] = parsed_[0];
      waiting.more[1] = parsed_[1];
    }
    waiting_.push_back(waiting);
    terms_.push_back(term);
    // A priority that may change is compared first, so all must be looked at.
    ranks_.push_back((-int64_t{(*calls)[slot].priority} * (int64_t{1} << 40)) +
                     ++arrivals_);
  }

  uint32_t TakeWaiting(std::vector<CallRecord>*, const AgentRecord&,
                       uint32_t agent) {
    const uint8_t* const levels = by_agent_.data() + agent * skills_;
    const std::size_t n = ranks_.size();
    int64_t best = kBusy;
    std::size_t at = n;
    for (std::size_t i = 0; i < n; ++i) {
      if (ranks_[i] >= best) continue;
      if (levels[terms_[i].skill] < terms_[i].level) continue;
      const Waiting& waiting = waiting_[i];
      if (levels[waiting.more[0].skill] < waiting.more[0].level) continue;
      if (levels[waiting.more[1].skill] < waiting.more[1].level) continue;
      best = ranks_[i];
      at = i;
    }
    if (at == n) return kNobody;
    const uint32_t slot = waiting_[at].slot;
    waiting_[at] = waiting_.back();
    terms_[at] = terms_.back();
    ranks_[at] = ranks_.back();
    waiting_.pop_back();
    terms_.pop_back();
    ranks_.pop_back();
    return slot;
  }

 private:
  static constexpr int64_t kBusy = std::numeric_limits<int64_t>::max();

  struct Waiting {
    uint32_t slot = 0;
    Term more[2];
  };

  void Parse(std::string_view text) {
    std::array<Term, 2> terms;
    const std::size_t n = ReadTerms(text, &terms);
    parsed_.assign(terms.data(), terms.data() + n);
  }

  bool FitsMore(std::size_t i) const {
    for (const Term& term : parsed_) {
      if (by_skill_[term.skill][i] < term.level) return false;
    }
    return true;
  }

  uint32_t LongestIdle(Term term) const {
    const uint8_t* const level = by_skill_[term.skill].data();
    int64_t best = kBusy;
    uint32_t at = kNobody;
    for (std::size_t i = 0; i < idle_since_.size(); ++i) {
      if (idle_since_[i] < best && level[i] >= term.level && FitsMore(i)) {
        best = idle_since_[i];
        at = static_cast<uint32_t>(i);
      }
    }
    return at;
  }

  template <typename Key>
  uint32_t Least(Term term, Key key) const {
    const uint8_t* const level = by_skill_[term.skill].data();
    int64_t best = kBusy;
    int64_t since = kBusy;
    uint32_t at = kNobody;
    for (std::size_t i = 0; i < idle_since_.size(); ++i) {
      if (idle_since_[i] == kBusy || level[i] < term.level) continue;
      const int64_t k = key(i);
      if (k > best || (k == best && idle_since_[i] >= since)) continue;
      if (!FitsMore(i)) continue;
      best = k;
      since = idle_since_[i];
      at = static_cast<uint32_t>(i);
    }
    return at;
  }

  uint32_t Any(Term term) {
    const uint8_t* const level = by_skill_[term.skill].data();
    uint32_t at = kNobody;
    uint64_t seen = 0;
    for (std::size_t i = 0; i < idle_since_.size(); ++i) {
      if (idle_since_[i] == kBusy || level[i] < term.level) continue;
      if (!FitsMore(i)) continue;
      if (random_.Below(++seen) == 0) at = static_cast<uint32_t>(i);
    }
    return at;
  }

  const std::size_t skills_;
  std::vector<ScanQueue> queues_;
  std::vector<std::vector<uint8_t>> by_skill_;
  std::vector<uint8_t> by_agent_;
  std::vector<int64_t> idle_since_;
  std::vector<uint32_t> calls_;
  std::vector<Waiting> waiting_;
  std::vector<Term> terms_;     // Of waiting_.
  std::vector<int64_t> ranks_;  // Of waiting_: priority, then arrival.
  int64_t arrivals_ = 0;
  std::vector<Term> parsed_;
  Random random_{1};
};

}  // namespace callrouter::bench

#endif  // CALLROUTER_BENCHMARKS_SCAN_CHOOSER_H_
