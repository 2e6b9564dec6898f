#include "sim_random.h"

#include <cmath>
#include <cstring>

namespace callrouter::sim {
namespace {

constexpr double kLn2 = 0.693147180559945309417;
constexpr double kLn2High = 0x1.62e42fefa38p-1;  // 11 zero bits at its end.
constexpr double kLn2Low = 0x1.ef35793c7673p-45;

// Spreads the bits of nearby numbers: seeds 1, 2, 3 ... must not be neighbours
// on the generator's circle (the finaliser of SplitMix64).
uint64_t Scramble(uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

// 2^n for -1022 <= n <= 1023.
double PowerOfTwo(int n) {
  const uint64_t bits = static_cast<uint64_t>(n + 1023) << 52;
  double value = 0;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

}  // namespace

double NaturalLog(double x) {
  int exponent = 0;
  if (x < 0x1p-1022) {  // Subnormal: make it normal first.
    x *= 0x1p54;
    exponent -= 54;
  }
  uint64_t bits = 0;
  std::memcpy(&bits, &x, sizeof(bits));
  exponent += static_cast<int>(bits >> 52) - 1023;
  bits = (bits & 0xfffffffffffffu) | (uint64_t{1023} << 52);
  double m = 0;
  std::memcpy(&m, &bits, sizeof(m));
  if (m > 1.4142135623730951) {
    m *= 0.5;
    ++exponent;
  }
  // ln m = 2 artanh s; |s| < 0.1716, so s^23 / 23 is below 1e-18.
  const double s = (m - 1) / (m + 1);
  const double s2 = s * s;
  double sum = 0;
  for (int k = 21; k >= 1; k -= 2) sum = sum * s2 + 1.0 / k;
  return exponent * kLn2 + 2 * s * sum;
}

double Exponential(double x) {
  const double scaled = x / kLn2;
  const int n = static_cast<int>(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
  const double r = (x - n * kLn2High) - n * kLn2Low;  // |r| <= 0.35.
  double sum = 1;
  for (int k = 16; k >= 1; --k) sum = 1 + sum * r / k;
  // In two factors, so that neither leaves the range of normal numbers.
  return sum * PowerOfTwo(n / 2) * PowerOfTwo(n - n / 2);
}

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
