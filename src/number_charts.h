// What speaks against a number at a carrier, and how much a call adds to it.

#ifndef CALLROUTER_SRC_NUMBER_CHARTS_H_
#define CALLROUTER_SRC_NUMBER_CHARTS_H_

#include <array>
#include <cstdint>

#include "callrouter/number_health.h"
#include "callrouter/timer_queue.h"
#include "number_rates.h"
#include "number_table.h"

namespace callrouter {

// Evidence is a natural logarithm in whole numbers of 1 / 2^20.
using Evidence = int32_t;
// More adds nothing to what is decided, and no sum of two overflows.
inline constexpr Evidence kMostEvidence = 1000 << 20;

// Of thousandths.
constexpr Evidence EvidenceOf(int32_t thousandths) {
  return static_cast<Evidence>((int64_t{thousandths} << 20) / 1000);
}
constexpr int32_t Thousandths(Evidence evidence) {
  return static_cast<int32_t>((int64_t{evidence} * 1000 + (1 << 19)) >> 20);
}

// ln(x) of a positive number, by + - * / alone: alike on every machine.
double NaturalLogarithm(double x);

// What one call says, made of the rules once.
class HealthScale {
 public:
  void SetRules(const NumberHealthRules& rules);

  bool Counts(CallOutcome outcome) const {
    return Has(answered_ | unanswered_, outcome);
  }
  bool IsAnswer(CallOutcome outcome) const { return Has(answered_, outcome); }

  // The logarithm of how likely the outcome is after the drop over how likely
  // it is without: with odds ratio R and probability p of an answer,
  // ln(R / (1 - p + R p)) if answered, -ln(1 - p + R p) if not.
  Evidence Of(uint32_t rate, bool answered) const {
    const uint32_t i = rate >> 8;
    const int64_t step = table_[i + 1] - table_[i];
    const Evidence none =
        table_[i] + static_cast<Evidence>((step * (rate & 255) + 128) >> 8);
    return answered ? none + drop_ : none;
  }

  Evidence rest_at = 0;
  Evidence suspect_at = 0;
  Evidence label = 0;
  Evidence complaint = 0;
  Evidence fail_at = 0;
  Evidence pass_at = 0;  // Negative.

 private:
  static bool Has(uint32_t set, CallOutcome outcome) {
    return (set >> static_cast<uint32_t>(outcome) & 1) != 0;
  }
  uint32_t answered_ = 0;
  uint32_t unanswered_ = 0;
  Evidence drop_ = 0;                     // ln(R)
  std::array<Evidence, 257> table_ = {};  // -ln(1 - p + R p), p = i / 256.
};

// One (number, carrier): 36 bytes and 4 of the table.
struct NumberChart {
  uint32_t slot = 0;  // Of the number.
  uint32_t generation = 0;
  uint32_t next = 0;
  uint16_t carrier = 0;  // Or kNoCarrier.
  bool labelled = false;
  bool known = false;  // Its own level.
  Evidence score = 0;
  uint16_t calls = 0;  // Of the first ones.
  uint16_t answers = 0;
  uint32_t expected = 0;  // The sum of their rates.
  uint16_t odds = 4096;   // Its own against the pool's, of 4,096.

  static uint64_t HashOf(uint32_t slot, uint32_t carrier) {
    return MixBits((uint64_t{carrier} << 32) | slot);
  }
  uint64_t Hash() const { return HashOf(slot, carrier); }

  // The rate to expect, where the pool expects `rate`. Between 1 and 99 %.
  uint32_t Own(uint32_t rate) const;
  // Takes one of the first calls into account.
  void Learn(uint32_t rate, bool answered, uint32_t calls_max,
             uint32_t prior_calls);
  void Forget();       // All but its own level.
  bool Sound() const;  // Whether the above can have led to it.
};
static_assert(sizeof(NumberChart) + 4 <= 48, "memory of a number in use");

// A number in a state that ends by itself.
struct NumberLife {
  // Whose calls are in question: a carrier, or kNoCarrier, or:
  static constexpr uint32_t kHost = 0xfffe;  // Nobody's: the host said so.

  uint32_t slot = 0;
  uint32_t generation = 0;
  uint32_t next = 0;
  uint16_t accused = kHost;
  uint8_t failures = 0;  // Probations in a row.
  Evidence score = 0;    // Probing: so far. Resting: why it does.
  int64_t due = 0;
  TimerId timer;

  uint64_t Hash() const { return MixBits(slot); }
  // Whether a call to `carrier` counts on probation.
  bool Concerns(uint32_t carrier) const {
    return accused >= kHost || accused == carrier;
  }
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_NUMBER_CHARTS_H_
