#include "exact_math.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace callrouter {
namespace {

constexpr double kLn2 = 0.693147180559945309417;
constexpr double kLn2High = 0x1.62e42fefa38p-1;  // 11 zero bits at its end.
constexpr double kLn2Low = 0x1.ef35793c7673p-45;

// 2^n for -1022 <= n <= 1023.
double PowerOfTwo(int n) {
  const uint64_t bits = static_cast<uint64_t>(n + 1023) << 52;
  double value = 0;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

// 1, 1/3, 1/5 ...
constexpr std::array<double, 48> kOddInverse = [] {
  std::array<double, 48> inverse = {};
  for (std::size_t k = 0; k < inverse.size(); ++k) {
    inverse[k] = 1.0 / static_cast<double>(2 * k + 1);
  }
  return inverse;
}();

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

double NormalTail(double x) {
  return NormalTail(x, x < 38 && x > -38 ? NormalDensity(x) : 0);
}

double NormalTail(double x, double density) {
  if (x < 0) return 1 - NormalTail(-x, density);
  if (x > 38) return 0;
  if (x < 2.5) {
    // Phi(x) - 1/2 = phi(x) (x + x^3/3 + x^5/15 + ...): all terms positive.
    const double x2 = x * x;
    double term = x;
    double sum = x;
    for (std::size_t k = 1; k < kOddInverse.size(); ++k) {
      term *= x2 * kOddInverse[k];
      sum += term;
      if (term < sum * 1e-17) break;
    }
    return 0.5 - density * sum;
  }
  // Laplace's continued fraction, from its end.
  double fraction = x;
  for (int k = x < 4 ? 60 : 30; k >= 1; --k) fraction = x + k / fraction;
  return density / fraction;
}

double NormalDensity(double x) {
  constexpr double kInverseRoot2Pi = 0.39894228040143267794;
  return kInverseRoot2Pi * Exponential(-0.5 * x * x);
}

namespace {

// Taylor's series of the tail around k / 8: its derivatives are Hermite's
// polynomials times the density. Nine terms leave less than 1e-16 within half a
// step.
constexpr int kSteps = 8;  // To each side of 0: up to 8 in steps of 1/8.
constexpr std::size_t kTerms = 11;
using TailSeries = std::array<double, kTerms>;
using TailTable = std::array<TailSeries, 8 * kSteps + 1>;

TailTable MakeTailTable() {
  TailTable table = {};
  for (std::size_t k = 0; k < table.size(); ++k) {
    const double x = static_cast<double>(k) / kSteps;
    const double density = NormalDensity(x);
    table[k][0] = NormalTail(x, density);
    // He(n + 1) = x He(n) - n He(n - 1); the n-th derivative of the density is
    // (-1)^n He(n) times it.
    double before = 0;
    double hermite = 1;
    double factor = -density;  // -density (-1)^(n - 1) / n!, from n = 1.
    for (std::size_t n = 1; n < kTerms; ++n) {
      table[k][n] = factor * hermite;
      const double order = static_cast<double>(n);
      const double next = x * hermite - (order - 1) * before;
      before = hermite;
      hermite = next;
      factor = -factor / (order + 1);
    }
  }
  return table;
}

}  // namespace

NormalValue NormalAt(double x) {
  static const TailTable kTable = MakeTailTable();
  const double at = x < 0 ? -x : x;
  const std::size_t k = static_cast<std::size_t>(at * kSteps + 0.5);
  if (k >= kTable.size()) return {NormalTail(x), NormalDensity(x)};
  const double h = at - static_cast<double>(k) / kSteps;
  const TailSeries& series = kTable[k];
  double tail = series[kTerms - 1];
  double slope = 0;
  for (std::size_t n = kTerms - 1; n-- > 0;) {
    slope = slope * h + tail;
    tail = tail * h + series[n];
  }
  return {x < 0 ? 1 - tail : tail, -slope};
}

}  // namespace callrouter
