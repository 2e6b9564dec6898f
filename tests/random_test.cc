#include "callrouter/random.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <vector>

#include "tests/oracle/counts.h"

namespace callrouter {
namespace {

// The published recurrence, written out slowly: the state modulo 2^64 kept in
// 128 bits, the output rotated bit by bit.
class Plain {
 public:
  explicit Plain(uint64_t seed) {
    Advance();
    state_ = (state_ + seed) % kModulus;
    Advance();
  }
  uint32_t Next() {
    const auto old = static_cast<uint64_t>(state_);
    Advance();
    auto word = static_cast<uint32_t>((old ^ (old >> 18)) >> 27);
    for (uint64_t turn = old >> 59; turn > 0; --turn) {
      word = (word >> 1) | ((word & 1u) << 31);
    }
    return word;
  }

 private:
  __extension__ using Wide = unsigned __int128;
  static constexpr Wide kModulus = Wide{1} << 64;
  void Advance() {
    state_ = (state_ * 6364136223846793005u + 1442695040888963407u) % kModulus;
  }
  Wide state_ = 0;
};

TEST(RandomTest, IsTheGeneratorItNames) {
  const int rounds = oracle::Rounds(300'000, 3'000'000);
  for (const uint64_t seed :
       {uint64_t{0}, uint64_t{1}, uint64_t{42}, ~uint64_t{0}}) {
    Random random(seed);
    Plain plain(seed);
    for (int i = 0; i < rounds / 4; ++i) {
      ASSERT_EQ(random.Next(), plain.Next()) << "seed " << seed << ", " << i;
    }
  }
  oracle::Report("values against the twin", static_cast<uint64_t>(rounds),
                 "no difference");
}

// Frozen: saved states and replays of earlier releases depend on them.
TEST(RandomTest, FirstValuesAreFrozen) {
  Random random(42);
  const std::vector<uint32_t> expected = {
      0xc2f57bd6u, 0x6b07c4a9u, 0x72b7b29bu,
      0x44215383u, 0xf5af5eadu, 0x68beb632u,
  };
  for (const uint32_t value : expected) EXPECT_EQ(random.Next(), value);
}

TEST(RandomTest, GoesOnFromItsState) {
  Random random(7);
  for (int i = 0; i < 1000; ++i) {
    Random copy = Random::FromState(random.state());
    ASSERT_EQ(copy.state(), random.state());
    ASSERT_EQ(copy.Next64(), random.Next64());
    ASSERT_EQ(copy.Below(10), random.Below(10));
  }
}

TEST(RandomTest, HighWordOf64BitsComesFirst) {
  Random a(9);
  Random b(9);
  const uint64_t high = a.Next();
  const uint64_t low = a.Next();
  EXPECT_EQ(b.Next64(), (high << 32) | low);
}

TEST(RandomTest, BelowStaysBelowAndHitsEverything) {
  Random random(1);
  const uint64_t before = random.state();
  EXPECT_EQ(random.Below(0), 0u);
  EXPECT_EQ(random.Below(1), 0u);
  EXPECT_EQ(random.state(), before);  // No choice, nothing drawn.
  for (const uint64_t n : {2u, 3u, 7u, 10u}) {
    std::set<uint64_t> seen;
    for (int i = 0; i < 1000; ++i) seen.insert(random.Below(n));
    EXPECT_EQ(seen.size(), n);
    EXPECT_EQ(*seen.rbegin(), n - 1);
  }
  for (int i = 0; i < 1000; ++i) {
    ASSERT_LT(random.Below((uint64_t{1} << 63) + 1), (uint64_t{1} << 63) + 1);
  }
}

// Pearson's statistic over `bins` equal bins of `n`.
double ChiSquare(uint64_t n, uint64_t bins, int draws, uint64_t seed) {
  Random random(seed);
  std::vector<double> count(bins, 0);
  for (int i = 0; i < draws; ++i) {
    count[static_cast<std::size_t>(random.Below(n) / (n / bins))] += 1;
  }
  const double expected =
      static_cast<double>(draws) / static_cast<double>(bins);
  double sum = 0;
  for (const double c : count)
    sum += (c - expected) * (c - expected) / expected;
  return sum;
}

// 2^63 + 2^62 is where taking a remainder without rejecting goes wrong most:
// the lower third would come up twice as often. Mean of the statistic is
// bins - 1, variance twice that; 6 deviations never happen by chance.
TEST(RandomTest, BelowIsUniform) {
  const int draws = oracle::Rounds(300'000, 3'000'000);
  const uint64_t worst = 3 * (uint64_t{1} << 62);
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    EXPECT_LT(ChiSquare(6, 6, draws, seed), 5 + 6 * 3.2);
    EXPECT_LT(ChiSquare(120, 12, draws, seed), 11 + 6 * 4.7);
    EXPECT_LT(ChiSquare(worst, 3, draws, seed), 2 + 6 * 2.0);
    EXPECT_LT(ChiSquare(worst, 48, draws, seed), 47 + 6 * 9.7);
  }
}

}  // namespace
}  // namespace callrouter
