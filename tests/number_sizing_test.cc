#include "callrouter/number_sizing.h"

#include <gtest/gtest.h>

#include <limits>

namespace callrouter {
namespace {

// What a seller's formula gives as the number needed is only the load.
TEST(NumberSizingTest, TheLoadIsNotTheNumberNeeded) {
  const double load = *OfferedLoad(200, absl::Minutes(3));
  EXPECT_DOUBLE_EQ(load, 10);
  EXPECT_NEAR(*VisitorBlocking(load, 10), 0.215, 0.0005);
  EXPECT_EQ(*VisitorNumbersFor(load, 0.01), 18);
  EXPECT_EQ(*VisitorNumbersFor(load, 0.001), 21);
  // Held for two and a half minutes more.
  const double longer = *OfferedLoad(200, absl::Seconds(330));
  EXPECT_NEAR(longer, 18.3, 0.05);
  EXPECT_EQ(*VisitorNumbersFor(longer, 0.01), 28);
  EXPECT_EQ(*VisitorNumbersFor(*OfferedLoad(980, absl::Minutes(3)), 0.01), 63);
}

// Against the sum that the recursion stands for.
TEST(NumberSizingTest, BlockingIsErlangsFormula) {
  for (const double load : {0.5, 3.0, 10.0, 49.0}) {
    double term = 1;
    double sum = 1;
    for (int32_t n = 1; n <= 80; ++n) {
      term *= load / n;
      sum += term;
      ASSERT_NEAR(*VisitorBlocking(load, n), term / sum, 1e-12 * term / sum);
    }
  }
}

TEST(NumberSizingTest, BothWaysAgree) {
  for (const double load : {0.0, 0.1, 7.0, 49.0, 1000.0, 50'000.0}) {
    for (const double blocking : {1e-12, 1e-4, 0.01, 0.2, 1.0}) {
      const int32_t n = *VisitorNumbersFor(load, blocking);
      EXPECT_LE(*VisitorBlocking(load, n), blocking);
      if (n > 0) {
        EXPECT_GT(*VisitorBlocking(load, n - 1), blocking);
      }
    }
  }
  for (int32_t degree = 0; degree < 5'000; ++degree) {
    for (const int32_t headroom : {0, 50, 100, 1000}) {
      const int32_t n = *MaskingNumbersFor(degree, headroom);
      EXPECT_GE(*MaskingDegreeFor(n, headroom), degree);
      if (n > 0) {
        EXPECT_LT(*MaskingDegreeFor(n - 1, headroom), degree);
      }
    }
  }
  EXPECT_EQ(*MaskingNumbersFor(2001), 2202);
}

TEST(NumberSizingTest, WhatIsOutOfRangeIsNamed) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(OfferedLoad(-1, absl::Minutes(3)).ok());
  EXPECT_FALSE(OfferedLoad(nan, absl::Minutes(3)).ok());
  EXPECT_FALSE(OfferedLoad(1, absl::InfiniteDuration()).ok());
  EXPECT_FALSE(VisitorBlocking(nan, 3).ok());
  EXPECT_FALSE(VisitorBlocking(2, -1).ok());
  EXPECT_FALSE(VisitorNumbersFor(2, 0).ok());
  EXPECT_FALSE(VisitorNumbersFor(2e6, 0.1).ok());
  EXPECT_FALSE(MaskingNumbersFor(-1).ok());
  EXPECT_FALSE(MaskingNumbersFor(1, -1).ok());
  EXPECT_FALSE(MaskingDegreeFor(-1).ok());
  EXPECT_EQ(MaskingDegreeFor(1, 2'000).status().message(),
            "headroom_permille: found 2000, expected 0 to 1000");
}

}  // namespace
}  // namespace callrouter
