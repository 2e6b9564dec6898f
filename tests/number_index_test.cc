#include "number_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "callrouter/random.h"

namespace callrouter {
namespace {

// Keys that are only bounds: the real one is so much more, or never (100).
struct Lagging {
  const std::vector<uint64_t>& lag;
  uint32_t begin;

  static bool Prune(uint32_t) { return false; }
  uint64_t operator()(uint32_t item, uint64_t key) const {
    const uint64_t more = lag[begin + item];
    return more == 100 ? kNoKey : key + more;
  }
};

TEST(NumberIndexTest, FindsTheFirstOfTheSmallest) {
  Random random(1);
  for (int world = 0; world < 400; ++world) {
    const uint32_t size = static_cast<uint32_t>(1 + random.Below(700));
    CellShape shape;
    shape.Assign({3, size, 5});
    MinIndex index;
    index.Reset(&shape);
    std::vector<uint64_t> keys(shape.items(), kNoKey);
    std::vector<uint64_t> lag(shape.items());
    for (uint64_t& more : lag) {
      more = random.Below(4) == 0 ? 100 : random.Below(3);
    }
    for (int step = 0; step < 50; ++step) {
      for (int set = 0; set < 20; ++set) {
        const uint32_t item = static_cast<uint32_t>(random.Below(size));
        const uint64_t key = random.Below(6);
        keys[3 + item] = key == 5 ? kHidden | key : key;
        index.Set(1, 3 + item, keys[3 + item]);
      }
      const uint32_t lo = static_cast<uint32_t>(random.Below(size));
      const uint32_t hi =
          static_cast<uint32_t>(lo + random.Below(size - lo + 1));
      Lagging judge = {lag, 3};
      MinIndex::Best found;
      index.Search(1, lo, hi, judge, &found);
      MinIndex::Best expected;
      for (uint32_t item = lo; item < hi; ++item) {
        if (keys[3 + item] >= kHidden || lag[3 + item] == 100) continue;
        const uint64_t real = keys[3 + item] + lag[3 + item];
        if (real < expected.key) expected = {real, item};
      }
      ASSERT_EQ(found.key, expected.key) << world << " " << step;
      if (!expected.found()) continue;
      ASSERT_EQ(found.item, expected.item) << world << " " << step;
    }
  }
}

}  // namespace
}  // namespace callrouter
