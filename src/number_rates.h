// How often calls of each kind are answered.
//
// A kind is a carrier, of these a campaign, of these an hour of the day, of
// these a number of attempt. Each level's rate is that of the wider one until
// it has calls of its own.

#ifndef CALLROUTER_SRC_NUMBER_RATES_H_
#define CALLROUTER_SRC_NUMBER_RATES_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "callrouter/number_health.h"
#include "number_table.h"

namespace callrouter {

// Rates and probabilities are whole numbers of 1 / 65,536.
inline constexpr uint32_t kRateOne = 65'536;
inline constexpr uint32_t kNoCarrier = 0xffff;

class NumberRates {
 public:
  struct Kind {
    uint32_t carrier = kNoCarrier;
    uint32_t campaign = 0;
    uint32_t hour = 0;     // 0-23
    uint32_t attempt = 1;  // From 1.
  };

  void Reserve(std::size_t kinds) { table_.Reserve(kinds); }
  void set_max(std::size_t kinds) { max_ = kinds; }
  // What was learned is kept.
  void SetRules(const NumberHealthRules& rules);

  // The expected rate of a call of `kind`; `count` it afterwards.
  uint32_t Expect(const Kind& kind, bool answered, bool count, int64_t now);

  void Transfer(Archive& a);

  std::size_t size() const { return table_.size(); }
  std::size_t bytes() const { return table_.bytes(); }

 private:
  static constexpr uint32_t kLevels = 5;
  static constexpr uint64_t kCall = 256;  // One call, in parts.
  struct Rate {
    uint64_t key = 0;
    uint64_t calls = 0;  // In parts, as below.
    uint64_t answers = 0;
    uint32_t period = 0;  // Of half_life, from 1; 0: not said.
    uint32_t next = 0;
    uint64_t Hash() const { return MixBits(key); }
  };
  std::array<uint64_t, kLevels> KeysOf(const Kind& kind) const;
  uint32_t Find(uint64_t key) const;

  ChainTable<Rate> table_;
  std::size_t max_ = 0;
  bool learn_ = true;
  uint64_t first_ = 0;  // A rate.
  uint64_t prior_calls_ = 1;
  int64_t half_life_ = 1;
  uint32_t attempts_apart_ = 1;
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_NUMBER_RATES_H_
