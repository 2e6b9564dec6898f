#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "callrouter/number_pool.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/forged_state.h"
#include "tests/oracle/random_numbers.h"

namespace callrouter {
namespace {

using oracle::RandomNumbers;
using testing::HasSubstr;

const absl::Time kStart = absl::FromUnixSeconds(1'767'571'200);

// A pool with something of everything in it.
std::unique_ptr<NumberPool> BusyPool(uint64_t seed, absl::Time* now) {
  RandomNumbers random(seed);
  NumberPoolOptions options;
  *now = kStart;
  auto pool = *NumberPool::Create(options, random.Rules(), *now);
  NumberPatch patch;
  std::vector<uint64_t> named;
  for (int i = 0; i < 60; ++i) {
    const PhoneNumber number = random.PoolNumber();
    if (std::find(named.begin(), named.end(), number.value()) != named.end()) {
      continue;
    }
    named.push_back(number.value());
    patch.put.push_back(random.Number(number, true));
  }
  EXPECT_TRUE(pool->Apply(patch, *now).ok());
  for (uint64_t attempt = 1; attempt <= 400; ++attempt) {
    *now += absl::Seconds(random.Below(90));
    NumberRequest request;
    request.attempt = attempt;
    request.campaign = pool->FindCampaign(random.Campaign());
    request.trunk = pool->FindTrunk("trunk0");
    request.carrier = pool->FindCarrier(random.Carrier());
    request.callee = random.Callee();
    NumberChoice choice;
    (void)pool->Reserve(request, *now, &choice);
    if (random.Chance(80)) (void)pool->Commit(attempt, *now);
    if (random.Chance(80)) {
      (void)pool->Report({attempt, random.Chance(30) ? CallOutcome::kAnswered
                                                     : CallOutcome::kNoAnswer},
                         *now);
    }
    if (random.Chance(70)) (void)pool->End(attempt, *now);
  }
  return pool;
}

std::string Saved(const NumberPool& pool) {
  std::string saved;
  pool.Save(&saved);
  return saved;
}

// Whatever was loaded must be a pool that works.
void Use(NumberPool* pool, uint64_t seed, absl::Time now) {
  RandomNumbers random(seed);
  for (uint64_t attempt = 1000; attempt < 1020; ++attempt) {
    now += absl::Hours(random.Below(30));
    NumberRequest request;
    request.attempt = attempt;
    request.campaign = pool->FindCampaign(random.Campaign());
    request.trunk = pool->FindTrunk("trunk0");
    request.carrier = pool->FindCarrier(random.Carrier());
    request.callee = random.Callee();
    NumberChoice choice;
    (void)pool->Reserve(request, now, &choice);
    (void)pool->Report({attempt, CallOutcome::kNoAnswer}, now);
    (void)pool->End(1 + random.Below(400), now);
    pool->Advance(now);
  }
}

TEST(NumberPoolSaveTest, LoadedIsEqual) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    absl::Time now;
    const auto pool = BusyPool(seed, &now);
    const std::string saved = Saved(*pool);
    EXPECT_EQ(saved, Saved(*pool));
    auto loaded = NumberPool::Load(NumberPoolOptions(), saved);
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    EXPECT_EQ(Saved(**loaded), saved);
    Use(pool.get(), seed, now);
    Use(loaded->get(), seed, now);
    EXPECT_EQ(Saved(**loaded), Saved(*pool));
  }
}

TEST(NumberPoolSaveTest, DamageIsNoticed) {
  absl::Time now;
  const std::string saved = Saved(*BusyPool(1, &now));
  const NumberPoolOptions options;
  EXPECT_FALSE(NumberPool::Load(options, "").ok());
  EXPECT_FALSE(NumberPool::Load(options, "callrouter number pool 1\n").ok());
  EXPECT_THAT(
      std::string(NumberPool::Load(options, "x" + saved).status().message()),
      HasSubstr("expected a state written by Save"));
  for (std::size_t i = 0; i < saved.size(); i += 97) {
    std::string damaged = saved;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    EXPECT_FALSE(NumberPool::Load(options, damaged).ok()) << i;
    EXPECT_FALSE(NumberPool::Load(options, saved.substr(0, i)).ok()) << i;
  }
  NumberPoolOptions small;
  small.numbers_max = 3;
  EXPECT_FALSE(NumberPool::Load(small, saved).ok());
}

TEST(NumberPoolSaveTest, ForgedBytesDoNoHarm) {
  absl::Time now;
  const std::string saved = Saved(*BusyPool(3, &now));
  uint64_t seed = 0;
  TryForged<NumberPool>(NumberPoolOptions(), saved,
                        [&](NumberPool* pool) { Use(pool, ++seed, now); });
}

}  // namespace
}  // namespace callrouter
