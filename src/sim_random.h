// Random times for the simulator: named substreams of one seed, and laws.

#ifndef CALLROUTER_SRC_SIM_RANDOM_H_
#define CALLROUTER_SRC_SIM_RANDOM_H_

#include <cstdint>

#include "callrouter/random.h"
#include "callrouter/simulator.h"
#include "exact_math.h"

namespace callrouter::sim {

// What a substream is for. Part of what a seed means: never renumber.
enum class Purpose : uint32_t {
  kArrival = 1,
  kPatience = 2,
  kHandleTime = 3,
  kAnswer = 4,
  kNoAnswer = 5,
  kOutside = 6,
  kReturn = 7,
  kLater = 8,
};

class Stream {
 public:
  Stream(uint64_t seed, Purpose purpose, uint32_t index);

  // Uniform in (0, 1), never either end.
  double Uniform() {
    return (static_cast<double>(random_.Next64() >> 11) + 0.5) * 0x1p-53;
  }
  double UnitExponential() { return -NaturalLog(Uniform()); }
  double Normal();

 private:
  Random random_;
};

// A law, ready to draw from.
class Draw {
 public:
  // No time drawn is longer than this, 10 years; a "never" is.
  static constexpr int64_t kMax = int64_t{10} * 366 * 86'400 * 1'000'000;
  static constexpr int64_t kNever = int64_t{1} << 62;

  explicit Draw(const Law& law);
  // In microseconds, rounded to the nearest; kNever for a law that is.
  int64_t operator()(Stream* stream) const;

 private:
  Law::Kind kind_;
  double mean_us_ = 0;
  double low_us_ = 0;
  double a_ = 0;  // Lognormal: location. Hyperexponential: chance of the first.
  double b_ = 0;  // Lognormal: scale. Hyperexponential: first mean.
  double c_ = 0;  // Hyperexponential: second mean.
};

}  // namespace callrouter::sim

#endif  // CALLROUTER_SRC_SIM_RANDOM_H_
