// callrouter/random.h
//
// A small integer generator whose choices are the same on every machine and
// whose state can be saved.
//
//   Random random(seed);
//   uint32_t i = random.Below(6);      // 0..5, exactly uniform
//   Random copy = Random::FromState(random.state());   // goes on alike
//
// PCG-XSH-RR 64/32 (M. E. O'Neill, "PCG: A Family of Simple Fast Space-
// Efficient Statistically Good Algorithms for Random Number Generation",
// 2014). Not for secrets.
//
// Thread safety: compatible.

#ifndef CALLROUTER_RANDOM_H_
#define CALLROUTER_RANDOM_H_

#include <cstdint>

namespace callrouter {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed + kIncrement) { Next(); }

  static Random FromState(uint64_t state) {
    Random random(0);
    random.state_ = state;
    return random;
  }
  uint64_t state() const { return state_; }

  // Uniform over all 32-bit values.
  uint32_t Next() {
    const uint64_t old = state_;
    state_ = old * 6364136223846793005u + kIncrement;
    const uint32_t xored = static_cast<uint32_t>(((old >> 18) ^ old) >> 27);
    const uint32_t turn = static_cast<uint32_t>(old >> 59);
    return (xored >> turn) | (xored << ((32 - turn) & 31));
  }

  uint64_t Next64() {
    const uint64_t high = Next();
    return (high << 32) | Next();
  }

  // Uniform in [0, n) without bias (Lemire's rejection, 2019). n = 0 gives 0.
  uint64_t Below(uint64_t n) {
    if (n <= 1) return 0;
    const uint64_t reject_below = (0 - n) % n;
    for (;;) {
      const uint64_t x = Next64();
      if (x >= reject_below) return x % n;
    }
  }

 private:
  static constexpr uint64_t kIncrement = 1442695040888963407u;
  uint64_t state_;
};

}  // namespace callrouter

#endif  // CALLROUTER_RANDOM_H_
