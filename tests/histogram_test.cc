#include "callrouter/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "callrouter/random.h"
#include "tests/oracle/counts.h"

namespace callrouter {
namespace {

TEST(HistogramTest, EmptyReadsAsZero) {
  const Histogram histogram;
  EXPECT_EQ(histogram.count(), 0u);
  EXPECT_EQ(histogram.ValueAt(0.5), 0);
  EXPECT_EQ(histogram.CountAtMost(1'000'000), 0u);
  EXPECT_TRUE(histogram.counts().empty());
}

// Every bucket's edges: one value read back is itself or at most 1/32 above,
// and bounds grow with values.
TEST(HistogramTest, ValueReadBackIsWithinTheStatedError) {
  int64_t last = -1;
  const auto check = [&last](int64_t value) {
    Histogram histogram;
    histogram.Add(value);
    const int64_t read = histogram.ValueAt(1.0);
    ASSERT_GE(read, value);
    ASSERT_LE(static_cast<double>(read - value),
              Histogram::kRelativeError * static_cast<double>(value));
    if (value < 64) {
      ASSERT_EQ(read, value);
    }
    ASSERT_GE(read, last);
    last = read;
    ASSERT_EQ(histogram.CountAtMost(read), 1u);
    ASSERT_EQ(histogram.CountAtMost(read - 1), 0u);
  };
  for (int64_t value = 0; value < 4096; ++value) check(value);
  for (int bit = 12; bit < 47; ++bit) {
    for (int64_t part = 32; part < 64; ++part) {
      const int64_t edge = part << (bit - 5);
      if (edge - 1 > last) check(edge - 1);
      check(edge);
      check(edge + (int64_t{1} << (bit - 5)) - 1);
    }
  }
  EXPECT_EQ(last, Histogram::kValueMax);
}

TEST(HistogramTest, ValuesOutOfRangeCountAtTheNearestEnd) {
  Histogram histogram;
  histogram.Add(-1);
  histogram.Add(std::numeric_limits<int64_t>::min());
  EXPECT_EQ(histogram.ValueAt(1.0), 0);
  histogram.Add(std::numeric_limits<int64_t>::max());
  EXPECT_EQ(histogram.ValueAt(1.0), Histogram::kValueMax);
  EXPECT_EQ(histogram.count(), 3u);
  EXPECT_EQ(histogram.CountAtMost(-1), 0u);
  EXPECT_EQ(histogram.CountAtMost(0), 2u);
}

TEST(HistogramTest, ShareIsClampedWhateverItIs) {
  Histogram histogram;
  histogram.Add(10);
  histogram.Add(20);
  EXPECT_EQ(histogram.ValueAt(-3), 10);
  EXPECT_EQ(histogram.ValueAt(0), 10);
  EXPECT_EQ(histogram.ValueAt(0.5), 10);
  EXPECT_EQ(histogram.ValueAt(0.51), 20);
  EXPECT_EQ(histogram.ValueAt(7), 20);
  EXPECT_EQ(histogram.ValueAt(std::numeric_limits<double>::infinity()), 20);
  EXPECT_EQ(histogram.ValueAt(std::numeric_limits<double>::quiet_NaN()), 10);
}

// Against the sorted list of everything recorded.
TEST(HistogramTest, QuantilesAgreeWithTheSortedValues) {
  const int rounds = oracle::Rounds(300'000, 3'000'000);
  Random random(11);
  for (const int doublings : {4, 12, 30, 46}) {
    Histogram histogram;
    std::vector<int64_t> values;
    for (int i = 0; i < rounds / 4; ++i) {
      const uint64_t below =
          uint64_t{1} << (1 + random.Below(static_cast<uint64_t>(doublings)));
      values.push_back(static_cast<int64_t>(random.Below(below)));
      histogram.Add(values.back());
    }
    std::sort(values.begin(), values.end());
    ASSERT_EQ(histogram.count(), values.size());
    for (int percent = 0; percent <= 1000; ++percent) {
      const double share = percent / 1000.0;
      const auto rank = static_cast<std::size_t>(
          std::ceil(share * static_cast<double>(values.size())));
      const int64_t exact = values[rank == 0 ? 0 : rank - 1];
      const int64_t read = histogram.ValueAt(share);
      ASSERT_GE(read, exact) << share;
      ASSERT_LE(static_cast<double>(read - exact),
                Histogram::kRelativeError * static_cast<double>(exact))
          << share;
      // Counting by whole buckets never counts a value above the limit.
      const auto at_most = static_cast<uint64_t>(
          std::upper_bound(values.begin(), values.end(), read) -
          values.begin());
      ASSERT_EQ(histogram.CountAtMost(read), at_most);
      ASSERT_LE(histogram.CountAtMost(exact), at_most);
    }
  }
  oracle::Report("values against the sorted list",
                 static_cast<uint64_t>(rounds),
                 "every 0.1 % within the stated error");
}

TEST(HistogramTest, MergeAddsAndClearForgets) {
  Histogram a;
  Histogram b;
  Histogram both;
  Random random(5);
  for (int i = 0; i < 1000; ++i) {
    const auto value = static_cast<int64_t>(random.Below(1'000'000));
    (i % 3 == 0 ? a : b).Add(value);
    both.Add(value);
  }
  const Histogram empty;
  a.Merge(empty);
  a.Merge(b);
  EXPECT_EQ(a.counts(), both.counts());
  EXPECT_EQ(a.count(), both.count());
  a.Clear();
  EXPECT_EQ(a.count(), 0u);
  EXPECT_EQ(a.ValueAt(0.9), 0);
  Histogram fresh;
  fresh.Merge(both);
  EXPECT_EQ(fresh.counts(), both.counts());
}

TEST(HistogramTest, RestoreTakesSavedCountsAndRefusesOthers) {
  Histogram histogram;
  for (int64_t v = 1; v < 1'000'000'000; v *= 3) histogram.Add(v);
  Histogram again;
  ASSERT_TRUE(again.Restore(histogram.counts()));
  EXPECT_EQ(again.count(), histogram.count());
  EXPECT_EQ(again.counts(), histogram.counts());
  again.Add(7);
  EXPECT_EQ(again.count(), histogram.count() + 1);
  EXPECT_FALSE(again.Restore(std::vector<uint64_t>(3, 1)));
  EXPECT_EQ(again.count(), histogram.count() + 1);
  ASSERT_TRUE(again.Restore({}));
  EXPECT_EQ(again.count(), 0u);
  again.Add(7);
  EXPECT_EQ(again.ValueAt(1), 7);
}

}  // namespace
}  // namespace callrouter
