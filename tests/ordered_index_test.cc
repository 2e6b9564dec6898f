#include "callrouter/ordered_index.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <iterator>
#include <set>
#include <vector>

#include "callrouter/random.h"
#include "tests/oracle/counts.h"

namespace callrouter {
namespace {

using Entry = OrderedIndex::Entry;
using Cursor = OrderedIndex::Cursor;

bool Same(const Entry& a, const Entry& b) {
  return a.key == b.key && a.id == b.id && a.weight == b.weight;
}

Entry Make(int64_t a, int64_t b, int64_t c, uint32_t id, uint32_t weight = 1) {
  Entry entry;
  entry.key = {a, b, c};
  entry.id = id;
  entry.weight = weight;
  return entry;
}

TEST(OrderedIndexTest, OrdersByEveryPartOfTheKeyThenById) {
  OrderedIndex index;
  const std::vector<Entry> in_order = {
      Make(-1, 9, 9, 9), Make(0, -5, 9, 9), Make(0, 0, -1, 9),
      Make(0, 0, 0, 1),  Make(0, 0, 0, 2),  Make(0, 0, 1, 0),
      Make(0, 1, 0, 0),  Make(1, -9, 0, 0),
  };
  for (const int i : {4, 0, 7, 2, 6, 1, 3, 5}) {
    index.Insert(in_order[static_cast<std::size_t>(i)]);
  }
  EXPECT_TRUE(Same(index.front(), in_order[0]));
  std::size_t at = 0;
  for (Cursor c = index.Begin(); !index.AtEnd(c); index.Next(&c)) {
    ASSERT_LT(at, in_order.size());
    EXPECT_TRUE(Same(index.At(c), in_order[at])) << at;
    ++at;
  }
  EXPECT_EQ(at, in_order.size());
}

TEST(OrderedIndexTest, EraseOfWhatIsNotThereChangesNothing) {
  OrderedIndex index;
  EXPECT_FALSE(index.Erase({1, 2, 3}, 4));
  index.Insert(Make(1, 2, 3, 4, 5));
  EXPECT_FALSE(index.Erase({1, 2, 3}, 3));
  EXPECT_FALSE(index.Erase({1, 2, 3}, 5));
  EXPECT_FALSE(index.Erase({1, 2, 4}, 4));
  EXPECT_EQ(index.size(), 1u);
  EXPECT_EQ(index.weight(), 5u);
  EXPECT_TRUE(index.Erase({1, 2, 3}, 4));
  EXPECT_TRUE(index.empty());
  EXPECT_EQ(index.weight(), 0u);
  EXPECT_TRUE(index.AtEnd(index.Begin()));
  EXPECT_TRUE(index.AtEnd(index.LowerBound({0, 0, 0}, 0)));
}

TEST(OrderedIndexTest, WeightsOfZeroAreNeverDrawn) {
  OrderedIndex index;
  index.Insert(Make(1, 0, 0, 1, 0));
  index.Insert(Make(2, 0, 0, 2, 3));
  index.Insert(Make(3, 0, 0, 3, 0));
  index.Insert(Make(4, 0, 0, 4, 1));
  EXPECT_EQ(index.weight(), 4u);
  for (const uint64_t w : {0u, 1u, 2u}) {
    EXPECT_EQ(index.NthByWeight(w).id, 2u);
  }
  EXPECT_EQ(index.NthByWeight(3).id, 4u);
}

TEST(OrderedIndexTest, ClearedIndexStartsAfresh) {
  OrderedIndex index;
  for (uint32_t i = 0; i < 1000; ++i) index.Insert(Make(i, 0, 0, i));
  for (uint32_t i = 0; i < 700; ++i) ASSERT_TRUE(index.Erase({i, 0, 0}, i));
  index.Clear();
  EXPECT_TRUE(index.empty());
  EXPECT_TRUE(index.AtEnd(index.Begin()));
  index.Insert(Make(5, 0, 0, 5));
  EXPECT_EQ(index.front().id, 5u);
  EXPECT_EQ(index.size(), 1u);
}

// A long first-in first-out with some leaving early: what a busy queue is.
TEST(OrderedIndexTest, SparseRunsAreMerged) {
  OrderedIndex index;
  for (uint32_t i = 0; i < 24'000; ++i) index.Insert(Make(i, 0, 0, i));
  // Leaves one in 24: without merging, 1000 runs of one entry each.
  for (uint32_t i = 0; i < 24'000; ++i) {
    if (i % 24 != 7) {
      ASSERT_TRUE(index.Erase({i, 0, 0}, i));
    }
  }
  ASSERT_EQ(index.size(), 1000u);
  std::size_t runs = 0;
  std::size_t run = static_cast<std::size_t>(-1);
  for (Cursor c = index.Begin(); !index.AtEnd(c); index.Next(&c)) {
    runs += c.run != run ? 1 : 0;
    run = c.run;
  }
  EXPECT_LE(runs, 250u);
}

enum class Shape { kFifo, kAnywhere, kFewKeys };

// One index and its naive twin, a std::set, under the same operations.
class Pair {
 public:
  Pair(Shape shape, uint64_t seed) : random_(seed), shape_(shape) {}

  void Step(std::size_t most) {
    const bool grow =
        twin_.size() < most && random_.Below(most) >= twin_.size();
    if (grow) {
      Insert();
    } else if (!twin_.empty()) {
      Erase();
    }
    ASSERT_EQ(index_.size(), twin_.size());
    ASSERT_EQ(index_.weight(), weight_);
    if (!twin_.empty()) {
      ASSERT_TRUE(Same(index_.front(), *twin_.begin()));
    }
  }

  void CompareAll() {
    Cursor c = index_.Begin();
    for (const Entry& entry : twin_) {
      ASSERT_FALSE(index_.AtEnd(c));
      ASSERT_TRUE(Same(index_.At(c), entry));
      index_.Next(&c);
    }
    ASSERT_TRUE(index_.AtEnd(c));
    const Entry probe = Draw();
    const auto it = twin_.lower_bound(probe);
    const Cursor lower = index_.LowerBound(probe.key, probe.id);
    ASSERT_EQ(index_.AtEnd(lower), it == twin_.end());
    if (it != twin_.end()) {
      ASSERT_TRUE(Same(index_.At(lower), *it));
    }
    uint64_t before = 0;
    for (auto i = twin_.begin(); i != it; ++i) before += i->weight;
    ASSERT_EQ(index_.WeightBefore(lower), before);
    if (weight_ == 0) return;
    const uint64_t wanted = random_.Below(weight_);
    uint64_t sum = 0;
    auto nth = twin_.begin();
    while (sum + nth->weight <= wanted) sum += (nth++)->weight;
    ASSERT_TRUE(Same(index_.NthByWeight(wanted), *nth));
  }

 private:
  Entry Draw() {
    const auto weight = static_cast<uint32_t>(random_.Below(4));
    switch (shape_) {
      case Shape::kFifo:
        return Make(static_cast<int64_t>(random_.Below(2)), ++clock_, 0,
                    static_cast<uint32_t>(random_.Below(100)), weight);
      case Shape::kAnywhere:
        return Make(static_cast<int64_t>(random_.Below(1000)) - 500,
                    static_cast<int64_t>(random_.Below(1000)), 0,
                    static_cast<uint32_t>(random_.Below(100)), weight);
      case Shape::kFewKeys:
        break;
    }
    return Make(static_cast<int64_t>(random_.Below(2)), 0,
                static_cast<int64_t>(random_.Below(2)),
                static_cast<uint32_t>(random_.Below(5000)), weight);
  }
  void Insert() {
    const Entry entry = Draw();
    if (!twin_.insert(entry).second) return;
    index_.Insert(entry);
    weight_ += entry.weight;
  }
  void Erase() {
    auto it = twin_.begin();  // Mostly the front, as in use.
    if (random_.Below(4) == 0) {
      const Entry probe = Draw();
      it = twin_.lower_bound(probe);
      if (it == twin_.end()) it = std::prev(it);
    }
    const Entry entry = *it;
    ASSERT_TRUE(index_.Erase(entry.key, entry.id));
    ASSERT_FALSE(index_.Erase(entry.key, entry.id));
    weight_ -= entry.weight;
    twin_.erase(it);
  }

  Random random_;
  const Shape shape_;
  OrderedIndex index_;
  std::set<Entry> twin_;
  uint64_t weight_ = 0;
  int64_t clock_ = 0;
};

TEST(OrderedIndexTest, AgreesWithItsNaiveTwin) {
  const int rounds = oracle::Rounds(300'000, 5'000'000);
  uint64_t seed = 0;
  for (const Shape shape : {Shape::kFifo, Shape::kAnywhere, Shape::kFewKeys}) {
    for (const std::size_t most :
         {std::size_t{4}, std::size_t{60}, std::size_t{2000}}) {
      Pair pair(shape, ++seed);
      for (int i = 0; i < rounds / 9; ++i) {
        pair.Step(most);
        if (i % 256 == 0) pair.CompareAll();
        ASSERT_FALSE(::testing::Test::HasFatalFailure())
            << "shape " << static_cast<int>(shape) << ", up to " << most
            << ", step " << i;
      }
    }
  }
  oracle::Report("steps against the twin", static_cast<uint64_t>(rounds),
                 "no difference");
}

}  // namespace
}  // namespace callrouter
