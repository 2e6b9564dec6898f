// Sums of independent yes/no events: against a plain table of all counts, and
// the normal law against the exact one.

#include "poisson_binomial.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "callrouter/random.h"

namespace callrouter {
namespace {

double Uniform(Random* random) {
  return static_cast<double>(random->Next64() >> 11) * 0x1p-53;
}

// P(sum = n) for each n, from all events one by one; nothing is cut off.
std::vector<double> PlainLaw(const std::vector<double>& chances) {
  std::vector<double> law = {1};
  for (const double p : chances) {
    std::vector<double> next(law.size() + 1);
    for (std::size_t n = 0; n < law.size(); ++n) {
      next[n] += law[n] * (1 - p);
      next[n + 1] += law[n] * p;
    }
    law = next;
  }
  return law;
}

double PlainAtLeast(const std::vector<double>& law, int k) {
  double sum = 0;
  for (int n = static_cast<int>(law.size()) - 1; n >= std::max(k, 0); --n) {
    sum += law[static_cast<std::size_t>(n)];
  }
  return sum;
}

TEST(CountLaws, AgreeWithAPlainTable) {
  Random random(1);
  const int rounds = std::getenv("CALLROUTER_LONG") != nullptr ? 20'000 : 500;
  CountLaws laws;
  for (int round = 0; round < rounds; ++round) {
    std::array<std::vector<double>, kLanes> chances;
    const int events = static_cast<int>(random.Below(CountLaws::kMost / 2));
    // Half of the time nobody asks for the higher sums.
    const int top = round % 2 == 0
                        ? CountLaws::kMost
                        : 1 + static_cast<int>(random.Below(
                                  static_cast<uint64_t>(events + 1)));
    laws.Reset(top);
    const int kind = static_cast<int>(random.Below(4));
    for (int e = 0; e < events;) {
      const int count = 1 + static_cast<int>(random.Below(3));
      Lanes p;
      for (std::size_t i = 0; i < kLanes; ++i) {
        const double u = Uniform(&random);
        // Anything; hardly ever; nearly always; never or always.
        p[i] = kind == 0   ? u
               : kind == 1 ? u / 50
               : kind == 2 ? 1 - u / 50
                           : u < 0.5;
        chances[i].insert(chances[i].end(), static_cast<std::size_t>(count),
                          p[i]);
      }
      laws.Add(p, count);
      e += count;
    }
    for (std::size_t i = 0; i < kLanes; ++i) {
      const std::vector<double> plain = PlainLaw(chances[i]);
      for (int k = -2; k < std::min(top + 1, events + 5); ++k) {
        Lanes chance;
        laws.AtLeast(k, &chance);
        ASSERT_NEAR(chance[i], PlainAtLeast(plain, k), 1e-10)
            << "round " << round << " k " << k;
      }
    }
  }
}

TEST(CountLaws, NoEventsAndOnlySureOnes) {
  CountLaws laws;
  Lanes chance;
  laws.AtLeast(0, &chance);
  EXPECT_EQ(chance[0], 1);
  laws.AtLeast(1, &chance);
  EXPECT_EQ(chance[0], 0);
  Lanes sure;
  sure.fill(1);
  laws.Add(sure, CountLaws::kMost);
  laws.AtLeast(CountLaws::kMost, &chance);
  EXPECT_EQ(chance[7], 1);
  laws.AtLeast(CountLaws::kMost + 1, &chance);
  EXPECT_EQ(chance[7], 0);
}

// Largest error of the normal law over all k, for sums of more than 100 events
// like a pacer's: agents who are hardly free soon, lines that may be answered.
TEST(CountLaws, BeginWithALawOfPoisson) {
  CountLaws laws;
  for (const double mean : {0.01, 0.7, 5.0, 60.0, 199.0}) {
    for (const int top : {1, 3, 250, CountLaws::kMost}) {
      Lanes means;
      for (std::size_t i = 0; i < kLanes; ++i) {
        means[i] = mean * (1 + static_cast<double>(i) / 8) / 2;
      }
      laws.Reset(top, means);
      laws.Add(Lanes{1, 1, 1, 1, 1, 1, 1, 1}, 1);  // Moves it by one.
      for (std::size_t i = 0; i < kLanes; ++i) {
        // From the mode both ways, then made to sum to 1.
        const int mode = static_cast<int>(means[i]);
        std::vector<double> plain(1'000);
        plain[static_cast<std::size_t>(mode)] = 1;
        for (int n = mode; n-- > 0;) {
          plain[static_cast<std::size_t>(n)] =
              plain[static_cast<std::size_t>(n) + 1] * (n + 1) / means[i];
        }
        for (std::size_t n = static_cast<std::size_t>(mode) + 1; n < 1'000;
             ++n) {
          plain[n] = plain[n - 1] * means[i] / static_cast<double>(n);
        }
        const double all = PlainAtLeast(plain, 0);
        for (int k = 1; k <= std::min(top, 300); ++k) {
          Lanes chance;
          laws.AtLeast(k, &chance);
          ASSERT_NEAR(chance[i], PlainAtLeast(plain, k - 1) / all, 1e-10)
              << mean << " top " << top << " k " << k;
        }
      }
    }
  }
}

TEST(NormalLaws, AreAsCloseToTheExactLawAsStated) {
  Random random(2);
  double worst_small = 0;
  double worst_large = 0;
  for (int round = 0; round < 400; ++round) {
    NormalLaws normal;
    normal.Reset();
    CountLaws exact;
    const int events = 101 + static_cast<int>(random.Below(290));
    const double spread = 0.02 + 0.96 * Uniform(&random);
    double variance = 0;
    for (int e = 0; e < events; ++e) {
      Lanes p;
      p.fill(std::min(1.0, spread * 2 * Uniform(&random)));
      variance += p[0] * (1 - p[0]);
      normal.Add(p, 1);
      exact.Add(p, 1);
    }
    EXPECT_NEAR(normal.LeastVariance(), variance, 1e-9);
    if (variance < 4) continue;
    for (int k = 0; k <= events; ++k) {
      Lanes a, b;
      normal.AtLeast(k, &a);
      exact.AtLeast(k, &b);
      const double error = std::abs(a[0] - b[0]);
      worst_small = std::max(worst_small, error);
      if (variance >= 25) worst_large = std::max(worst_large, error);
    }
  }
  EXPECT_LT(worst_small, 0.002);
  EXPECT_LT(worst_large, 0.0001);
  // The bounds are not idle: the law is not exact either.
  EXPECT_GT(worst_small, 0.00001);
  RecordProperty("worst_from_4", std::to_string(worst_small));
  RecordProperty("worst_from_25", std::to_string(worst_large));
}

}  // namespace
}  // namespace callrouter
