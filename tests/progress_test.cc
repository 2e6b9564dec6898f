// Long runs can be watched and stopped, and policies of the caller's are
// asked.

#include <cstdint>
#include <vector>

#include "callrouter/campaign_simulator.h"
#include "callrouter/config_file.h"
#include "callrouter/dial_bound.h"
#include "callrouter/dial_simulator.h"
#include "callrouter/simulator.h"
#include "callrouter/v1/report.pb.h"
#include "gtest/gtest.h"

namespace callrouter {
namespace {

Scenario Day() {
  auto scenario = ParseScenario(R"(
      config {
        queue { name: "all" }
        agent { name: "ann" ref: 1 }
        agent { name: "bob" ref: 2 }
      }
      horizon: "8h"
      arrivals { queue: "all" per_hour: 9 handle_time { constant: "3m" } })",
                                "", nullptr, nullptr);
  return *scenario;
}

TEST(ProgressTest, GoesFromNothingToAll) {
  const Scenario scenario = Day();
  v1::Report plain, watched;
  ASSERT_TRUE(Simulate(scenario, SimulateOptions(), &plain).ok());
  std::vector<double> seen;
  SimulateOptions options;
  options.progress = [&seen](double done) {
    seen.push_back(done);
    return true;
  };
  ASSERT_TRUE(Simulate(scenario, options, &watched).ok());
  ASSERT_GE(seen.size(), 3u);
  EXPECT_EQ(seen.front(), 0);
  for (std::size_t i = 1; i < seen.size(); ++i) {
    EXPECT_LE(seen[i - 1], seen[i]);
    EXPECT_LE(seen[i], 1);
  }
  EXPECT_EQ(ReportJson(plain), ReportJson(watched));
}

TEST(ProgressTest, FalseStops) {
  const Progress stop = [](double) { return false; };
  SimulateOptions options;
  options.progress = stop;
  v1::Report report;
  EXPECT_TRUE(absl::IsCancelled(Simulate(Day(), options, &report)));
  DialReport dial;
  EXPECT_TRUE(absl::IsCancelled(
      SimulateDialing(DialWorld(), DialPacer::kPredictive, &dial, stop)));
  EXPECT_TRUE(
      absl::IsCancelled(DialBounds(DialBoundModel(), {0.03}, stop).status()));
}

TEST(ProgressTest, ThePolicyNamesTheAgent) {
  for (const uint64_t favourite : {uint64_t{1}, uint64_t{2}}) {
    SimulateOptions options;
    options.on_arrival = [favourite](const ArrivingCall& call, Event* event) {
      EXPECT_EQ(call.serving->size(), 2u);
      event->agent = call.engine->FindAgent(favourite);
      return true;
    };
    int calls[3] = {};
    options.on_decision = [&calls](absl::Duration, const Decision& d) {
      if (d.kind == DecisionKind::kConnect) ++calls[d.agent_ref];
    };
    v1::Report report;
    ASSERT_TRUE(Simulate(Day(), options, &report).ok());
    EXPECT_EQ(report.difference_size(), 0);
    EXPECT_GT(calls[favourite], 2 * calls[3 - favourite]);
  }
  SimulateOptions options;
  options.on_arrival = [](const ArrivingCall&, Event*) { return false; };
  v1::Report report;
  EXPECT_TRUE(absl::IsCancelled(Simulate(Day(), options, &report)));
}

TEST(ProgressTest, ARuleOfOnesOwnPaces) {
  DialWorld world;
  world.shifts = 3;
  DialReport mine, progressive;
  const DialRule rule = [](const DialMoment& m) {
    const int32_t lines = m.idle - m.ringing;
    return lines > 0 ? lines : 0;
  };
  ASSERT_TRUE(SimulateDialing(world, rule, &mine).ok());
  ASSERT_TRUE(
      SimulateDialing(world, DialPacer::kProgressive, &progressive).ok());
  EXPECT_EQ(mine.pacer, DialPacer::kOwnRule);
  EXPECT_EQ(mine.total.dialled, progressive.total.dialled);
  EXPECT_EQ(mine.total.used, progressive.total.used);
  EXPECT_TRUE(absl::IsCancelled(
      SimulateDialing(world, [](const DialMoment&) { return -1; }, &mine)));
  EXPECT_TRUE(
      absl::IsInvalidArgument(SimulateDialing(world, DialRule(), &mine)));
  EXPECT_TRUE(absl::IsInvalidArgument(
      SimulateDialing(world, DialPacer::kOwnRule, &mine)));
}

}  // namespace
}  // namespace callrouter
