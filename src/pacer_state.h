// What a Pacer remembers of lines, agents, campaigns and carriers.

#ifndef CALLROUTER_SRC_PACER_STATE_H_
#define CALLROUTER_SRC_PACER_STATE_H_

#include <array>
#include <cstdint>
#include <vector>

#include "callrouter/pacer.h"
#include "callrouter/timer_queue.h"
#include "dial_estimators.h"
#include "drop_ledger.h"
#include "poisson_binomial.h"

namespace callrouter {

// How many things are so many seconds old: one slot a second, a mask of those
// in use, and one count for all that are older.
template <std::size_t kSlots>
class AgeCounts {
 public:
  void Add(int64_t second, int64_t now, int32_t count) {
    if (now - second >= static_cast<int64_t>(kSlots)) {
      old_ += count;
      return;
    }
    const std::size_t at = Slot(second);
    counts_[at] += count;
    if (counts_[at] != 0) {
      mask_[at / 64] |= uint64_t{1} << (at % 64);
    } else {
      mask_[at / 64] &= ~(uint64_t{1} << (at % 64));
    }
  }
  // Second `now` begins: what was in its slot is old.
  void Begin(int64_t now) {
    const std::size_t at = Slot(now);
    old_ += counts_[at];
    counts_[at] = 0;
    mask_[at / 64] &= ~(uint64_t{1} << (at % 64));
  }
  // f(age, count) for each age in use, in the order of the slots.
  template <typename F>
  void Each(int64_t now, F f) const {
    for (std::size_t word = 0; word < mask_.size(); ++word) {
      for (uint64_t bits = mask_[word]; bits != 0; bits &= bits - 1) {
        const std::size_t at =
            word * 64 + static_cast<std::size_t>(__builtin_ctzll(bits));
        f(static_cast<int>((Slot(now) + kSlots - at) % kSlots), counts_[at]);
      }
    }
    if (old_ != 0) f(static_cast<int>(kSlots) - 1, old_);
  }

 private:
  static std::size_t Slot(int64_t second) {
    return static_cast<std::size_t>(static_cast<uint64_t>(second)) % kSlots;
  }
  std::array<int32_t, kSlots> counts_ = {};
  std::array<uint64_t, kSlots / 64> mask_ = {};
  int32_t old_ = 0;
};

// Starts a second, as a bucket that holds one second's worth.
struct StartBucket {
  int64_t us = 0;  // Time in hand, each start costs 1 s / rate.
  int64_t at = 0;
};

inline constexpr int64_t kNotYet = INT64_MIN;
inline constexpr int64_t kSecond = 1'000'000;

inline int64_t SecondOf(int64_t us) {
  return us / kSecond - (us % kSecond < 0 ? 1 : 0);
}

// Whose timer it is.
enum PacerTimer : uint8_t { kLineDue = 0, kAgentDue = 1 };

enum class LineState : uint8_t {
  kRinging = 0,  // Or picked up by who knows whom.
  kWaiting = 1,  // A person, for an agent.
  kHeld = 2,     // The same, overdue.
  kLeaving = 3,  // Overdue; to be released, or hears the message.
  kTalking = 4,
};

// When what happened to a line.
struct LineTimes {
  int64_t started = 0;
  int64_t rang = kNotYet;
  int64_t answered = kNotYet;
  int64_t person = kNotYet;
  int64_t greeting_began = kNotYet;
  int64_t greeting_ended = kNotYet;
  int64_t overdue = kNotYet;
  int64_t bridged = kNotYet;
  int64_t ended = kNotYet;
};

struct PacedLine {
  uint32_t generation = 0;  // Odd: in use.
  uint32_t next_free = 0;
  LineFeatures features;
  LineTimes at;
  double price = 0;
  double price_limit = 0;
  int32_t agent = -1;
  uint8_t level = 0;
  LineState state = LineState::kRinging;
  bool strict = false;
  bool told = false;  // The order to let the person go.
  LineCharge charge = LineCharge::kNothing;
  LineOutcome outcome = LineOutcome::kCancelled;  // Of the last line here.
  TimerId due;                                    // In PacerImpl::timers_.
  TimerId tell;                                   // In PacerImpl::untold_.

  LineKind kind() const {
    return {{features.campaign, features.segment, features.hour,
             features.attempt, features.line_type, features.number_class}};
  }
};

struct PacedAgentSlot {
  static constexpr uint32_t kNoLine = UINT32_MAX;
  DialAgent state = DialAgent::kAway;
  int64_t since = 0;
  int64_t finish = kNotYet;  // Said to be over by then.
  uint32_t line = kNoLine;   // The conversation, in PacerImpl::lines_.
  uint16_t campaign = 0;     // Of the preview.
  TimerId due;               // End of the preview, or of `finish`.
  TimerId tell;
};

struct CarrierState {
  StartBucket bucket;
  int32_t lines = 0;  // Conversations too.
};

// Calls whose chance is 2^(-3..3) of the campaign's, in quarter steps.
inline constexpr int kLineLevels = 25;
double LevelRatio(int level);

struct CampaignState {
  explicit CampaignState(const PacedCampaign& r, int64_t origin)
      : rules(r), ledger(r.windows, origin) {}

  PacedCampaign rules;
  bool running = true;
  RingLaw ring;
  DropLedger ledger;
  double log_price = -3;  // 0.05.
  // Answers and seconds in which they came, forgotten by half in 30 minutes.
  double recent_answers = 0;
  double recent_seconds = 0;
  double false_share = 0;
  StartBucket bucket;
  int32_t ringing = 0;
  int32_t waiting = 0;  // kWaiting, kHeld.
  int32_t leaving = 0;
  // Of the last plan, for the records of its lines.
  double plan_price = 0;
  double plan_limit = 0;
  bool plan_strict = false;
  PacerStats stats;
  bool learned = false;  // Since the laws were built.
  std::array<AgeCounts<64>, kLineLevels> ages;
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_PACER_STATE_H_
