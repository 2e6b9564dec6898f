// Our own logarithm, exponential and normal law against the library's.

#include "exact_math.h"

#include <gtest/gtest.h>

#include <cmath>

#include "callrouter/random.h"

namespace callrouter {
namespace {

double Uniform(Random* random) {
  return static_cast<double>(random->Next64() >> 11) * 0x1p-53;
}

TEST(ExactMath, LogarithmAndExponentialAgreeWithTheLibrary) {
  Random random(7);
  for (int i = 0; i < 200'000; ++i) {
    const double y = (Uniform(&random) - 0.5) * 1400;
    const double x = std::exp(y);
    EXPECT_NEAR(NaturalLog(x) / std::log(x), 1, 1e-15) << x;
    EXPECT_NEAR(Exponential(y) / x, 1, 1e-15) << y;
  }
  EXPECT_EQ(NaturalLog(1), 0);
  EXPECT_EQ(Exponential(0), 1);
  EXPECT_NEAR(NaturalLog(1e-310), std::log(1e-310), 1e-10);
}

TEST(ExactMath, NormalTailAgreesWithTheLibrary) {
  const auto library = [](double x) {
    return 0.5 * std::erfc(x / std::sqrt(2.0));
  };
  for (int i = -40'000; i <= 40'000; ++i) {
    const double x = i / 1000.0;
    EXPECT_NEAR(NormalTail(x), library(x), 1e-14) << x;
    if (x > 0 && x < 30) {
      // Relative, too: small chances are compared with small limits.
      EXPECT_NEAR(NormalTail(x) / library(x), 1, 1e-9) << x;
    }
  }
  for (int i = -8'000; i <= 8'000; ++i) {
    const double x = i / 1000.0;
    EXPECT_NEAR(NormalAt(x).tail, library(x), 1e-14) << x;
    EXPECT_NEAR(NormalAt(x).density / NormalDensity(x), 1, 1e-9) << x;
    if (x > 0) {
      EXPECT_NEAR(NormalAt(x).tail / library(x), 1, 1e-9) << x;
    }
  }
  EXPECT_EQ(NormalTail(0), 0.5);
  EXPECT_EQ(NormalTail(100), 0);
  EXPECT_EQ(NormalTail(-100), 1);
}

}  // namespace
}  // namespace callrouter
