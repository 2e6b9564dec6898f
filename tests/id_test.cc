#include "callrouter/id.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <type_traits>
#include <unordered_set>

#include "absl/hash/hash_testing.h"

namespace callrouter {
namespace {

static_assert(sizeof(CallId) == 8);
static_assert(std::is_trivially_copyable_v<CallId>);
static_assert(!std::is_convertible_v<CallId, AgentId>);
static_assert(!std::is_constructible_v<AgentId, CallId>);
static_assert(!std::is_convertible_v<uint64_t, CallId>);
static_assert(!std::is_convertible_v<CallId, uint64_t>);

TEST(IdTest, DefaultNamesNothing) {
  EXPECT_TRUE(CallId().none());
  EXPECT_EQ(CallId().value(), 0u);
  EXPECT_EQ(CallId(), CallId::FromValue(0));
  EXPECT_FALSE(CallId(0, 1).none());
}

TEST(IdTest, SlotReusedIsAnotherName) {
  const CallId old(7, 1);
  const CallId next(7, 2);
  EXPECT_NE(old, next);
  EXPECT_EQ(old.slot(), next.slot());
  EXPECT_LT(old, next);
}

TEST(IdTest, ValueGoesThereAndBack) {
  constexpr uint32_t kMost = std::numeric_limits<uint32_t>::max();
  for (const uint32_t slot : {0u, 1u, 77u, kMost}) {
    for (const uint32_t generation : {1u, 2u, kMost}) {
      const AgentId id(slot, generation);
      const AgentId back = AgentId::FromValue(id.value());
      EXPECT_EQ(back, id);
      EXPECT_EQ(back.slot(), slot);
      EXPECT_EQ(back.generation(), generation);
    }
  }
}

TEST(IdTest, HashesWithEitherLibrary) {
  EXPECT_TRUE(absl::VerifyTypeImplementsAbslHashCorrectly(
      {CallId(), CallId(0, 1), CallId(1, 0), CallId(1, 1), CallId(1, 2)}));
  std::unordered_set<CallId> set = {CallId(1, 1), CallId(1, 2), CallId(1, 1)};
  EXPECT_EQ(set.size(), 2u);
  EXPECT_EQ(set.count(CallId(1, 2)), 1u);
}

}  // namespace
}  // namespace callrouter
