#include "callrouter/pool_simulator.h"

#include <numeric>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace callrouter {
namespace {

using testing::HasSubstr;

PoolFile SmallPool() {
  const auto file = ParsePool(
      "group { name: \"g\" owner: \"o\" trunk { trunk: \"t\" }"
      "  caps { per_day: 60 suspect_permille: 750 probing_permille: 500 } }"
      "campaign { name: \"c\" owner: \"o\" }"
      "carrier: \"x\" carrier: \"y\" carrier: \"z\" "
      "block { first: \"+442079460000\" last: \"+442079460079\" group: \"g\" }",
      "pool", nullptr, nullptr);
  EXPECT_TRUE(file.ok()) << file.status();
  return *file;
}

PoolReport Play(PoolPolicy policy, uint64_t seed = 1) {
  PoolWorld world;
  world.seed = seed;
  world.days = 120;
  world.calls_per_number = 30;
  world.calls_per_label = 2000;
  world.people = 20'000;
  PoolReport report;
  const absl::Status status = SimulatePool(SmallPool(), world, policy, &report);
  EXPECT_TRUE(status.ok()) << status;
  return report;
}

TEST(PoolSimulatorTest, EveryCallIsAccountedFor) {
  const PoolReport report = Play(PoolPolicy::kAsConfigured);
  EXPECT_NEAR(static_cast<double>(report.calls), 80 * 30 * 120, 3'000);
  EXPECT_EQ(
      std::accumulate(report.uses.begin(), report.uses.end(), uint64_t{0}),
      report.calls - report.no_number);
  EXPECT_NEAR(std::accumulate(report.states.begin(), report.states.end(), 0.0),
              1, 1e-9);
  EXPECT_EQ(report.answered_share.size(), 17u);
}

TEST(PoolSimulatorTest, TheSameSeedIsTheSameYear) {
  const PoolReport a = Play(PoolPolicy::kAsConfigured, 7);
  const PoolReport b = Play(PoolPolicy::kAsConfigured, 7);
  EXPECT_EQ(a.uses, b.uses);
  EXPECT_EQ(PoolTable({a}) + PoolChart({a}), PoolTable({b}) + PoolChart({b}));
  EXPECT_NE(a.uses, Play(PoolPolicy::kAsConfigured, 8).uses);
}

TEST(PoolSimulatorTest, HealthKeepsLabelledNumbersFromPeople) {
  const PoolReport with = Play(PoolPolicy::kAsConfigured);
  const PoolReport without = Play(PoolPolicy::kNoHealth);
  EXPECT_GT(without.labelled, 3 * with.labelled);
  EXPECT_GT(with.answered, without.answered);
  EXPECT_EQ(without.rests, 0u);
  EXPECT_GT(with.rests, 0u);
  EXPECT_LT(with.needless_rests, with.rests);
  const PoolReport fixed = Play(PoolPolicy::kFixedThreshold);
  EXPECT_GT(fixed.rests, 0u);
  EXPECT_GT(fixed.resting_needless, with.resting_needless);
}

TEST(PoolSimulatorTest, ImpossibleWorldsAreRefused) {
  PoolWorld world;
  world.days = 0;
  world.answered = 1.5;
  PoolReport report;
  const absl::Status status =
      SimulatePool(SmallPool(), world, PoolPolicy::kNoHealth, &report);
  EXPECT_THAT(std::string(status.message()), HasSubstr("days: found 0"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("answered: found 1.5"));
  world = PoolWorld();
  world.campaign = "nobody";
  EXPECT_FALSE(
      SimulatePool(SmallPool(), world, PoolPolicy::kNoHealth, &report).ok());
}

}  // namespace
}  // namespace callrouter
