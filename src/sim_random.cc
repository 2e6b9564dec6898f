#include "sim_random.h"

#include <cmath>

namespace callrouter::sim {
namespace {

// Spreads the bits of nearby numbers: seeds 1, 2, 3 ... must not be neighbours
// on the generator's circle (the finaliser of SplitMix64).
uint64_t Scramble(uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

}  // namespace

Stream::Stream(uint64_t seed, Purpose purpose, uint32_t index)
    : random_(Scramble(
          Scramble(seed) ^
          ((uint64_t{static_cast<uint32_t>(purpose)} << 32) | index))) {}

double Stream::Normal() {
  for (;;) {  // Marsaglia's polar method; 1.27 turns on average.
    const double u = 2 * Uniform() - 1;
    const double v = 2 * Uniform() - 1;
    const double s = u * u + v * v;
    if (s > 0 && s < 1) return u * std::sqrt(-2 * NaturalLog(s) / s);
  }
}

Draw::Draw(const Law& law)
    : kind_(law.kind),
      mean_us_(absl::ToDoubleMicroseconds(law.mean)),
      low_us_(absl::ToDoubleMicroseconds(law.low)) {
  if (kind_ == Law::Kind::kLognormal) {
    const double variance = NaturalLog(1 + law.squared_variation);
    a_ = NaturalLog(mean_us_ > 0 ? mean_us_ : 1) - variance / 2;
    b_ = std::sqrt(variance);
  } else if (kind_ == Law::Kind::kHyperexponential) {
    const double c2 = law.squared_variation;
    a_ = (1 + std::sqrt((c2 - 1) / (c2 + 1))) / 2;
    b_ = mean_us_ / (2 * a_);
    c_ = mean_us_ / (2 * (1 - a_));
  }
}

int64_t Draw::operator()(Stream* stream) const {
  double us = mean_us_;
  switch (kind_) {
    case Law::Kind::kNever:
      return kNever;
    case Law::Kind::kConstant:
      break;
    case Law::Kind::kExponential:
      us = mean_us_ * stream->UnitExponential();
      break;
    case Law::Kind::kLognormal: {
      const double x = a_ + b_ * stream->Normal();
      us = mean_us_ <= 0 ? 0 : Exponential(x < 40 ? (x > -700 ? x : -700) : 40);
      break;
    }
    case Law::Kind::kHyperexponential:
      us = (stream->Uniform() < a_ ? b_ : c_) * stream->UnitExponential();
      break;
    case Law::Kind::kUniform:
      us = low_us_ + 2 * (mean_us_ - low_us_) * stream->Uniform();
      break;
  }
  if (us >= static_cast<double>(kMax)) return kMax;
  return us > 0 ? static_cast<int64_t>(us + 0.5) : 0;
}

}  // namespace callrouter::sim
