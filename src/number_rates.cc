#include "number_rates.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace callrouter {

void NumberRates::SetRules(const NumberHealthRules& rules) {
  learn_ = rules.learn;
  first_ = static_cast<uint64_t>(rules.expected_permille) * kRateOne / 1000;
  prior_calls_ = static_cast<uint64_t>(rules.prior_calls) * kCall;
  const int64_t half_life = absl::ToInt64Microseconds(rules.half_life);
  if (half_life != half_life_) {
    // Its periods begin anew.
    for (uint32_t i = 0; i < table_.span(); ++i) table_[i].period = 0;
    half_life_ = half_life;
  }
  attempts_apart_ = static_cast<uint32_t>(rules.attempts_apart);
}

// From the widest to the narrowest; the level is part of the key.
std::array<uint64_t, NumberRates::kLevels> NumberRates::KeysOf(
    const Kind& kind) const {
  const uint64_t attempt = std::min(kind.attempt, attempts_apart_);
  const uint64_t carrier = uint64_t{kind.carrier} << 16;
  const uint64_t campaign = carrier | uint64_t{kind.campaign} << 32;
  const uint64_t hour = campaign | uint64_t{kind.hour} << 11;
  return {1, carrier | 2, campaign | 3, hour | 4, hour | attempt << 3 | 5};
}

uint32_t NumberRates::Find(uint64_t key) const {
  uint32_t i = table_.First(MixBits(key));
  while (i != ChainTable<Rate>::kNone && table_[i].key != key) {
    i = table_[i].next;
  }
  return i;
}

uint32_t NumberRates::Expect(const Kind& kind, bool answered, bool count,
                             int64_t now) {
  uint64_t rate = first_;
  if (!learn_) return static_cast<uint32_t>(rate);
  const uint32_t period = static_cast<uint32_t>(now / half_life_) + 1;
  for (const uint64_t key : KeysOf(kind)) {
    uint32_t i = Find(key);
    if (i == ChainTable<Rate>::kNone) {
      if (!count || table_.size() >= max_) continue;
      Rate fresh;
      fresh.key = key;
      fresh.period = period;
      i = table_.Insert(fresh);
    }
    Rate& r = table_[i];
    if (r.period != period) {
      const uint32_t past = r.period == 0 ? 0 : period - r.period;
      r.calls = past > 40 ? 0 : r.calls >> past;
      r.answers = past > 40 ? 0 : r.answers >> past;
      r.period = period;
    }
    rate =
        (r.answers * kRateOne + prior_calls_ * rate) / (r.calls + prior_calls_);
    if (!count) continue;
    r.calls += kCall;
    r.answers += answered ? kCall : 0;
  }
  return static_cast<uint32_t>(rate);
}

void NumberRates::Transfer(Archive& a) {
  table_.Transfer(a, [&](Rate& rate) {
    a.All(rate.key, rate.calls, rate.answers, rate.period);
    // No more than a year of calls in one kind; no sum overflows.
    constexpr uint64_t kMost = uint64_t{1} << 44;
    if (!a.writing() && (rate.calls > kMost || rate.answers > rate.calls)) {
      a.Fail();
    }
  });
  if (table_.size() > max_) a.Fail();
}

}  // namespace callrouter
