// The pacer in shifts: how busy agents are, and whether the cap holds.

#include "callrouter/dial_simulator.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "callrouter/dial_bound.h"
#include "tests/oracle/counts.h"

namespace callrouter {
namespace {

DialReport Play(const DialWorld& world, DialPacer pacer) {
  DialReport report;
  EXPECT_TRUE(SimulateDialing(world, pacer, &report).ok());
  return report;
}

bool Long() { return oracle::Rounds(0, 1) == 1; }

// What one line for each free agent makes of it can be said in a formula.
TEST(DialSimulator, ProgressiveIsAsTheFormulaSays) {
  DialWorld world;
  world.model = DialModel::kMarkov;
  world.agents = 20;
  world.shifts = 6;
  DialBoundModel model;
  model.agents = world.agents;
  const DialReport report = Play(world, DialPacer::kProgressive);
  EXPECT_NEAR(report.total.used, ProgressiveShare(model), 0.005);
  EXPECT_EQ(report.total.drops, 0);
}

TEST(DialSimulator, SameWorldSameReport) {
  DialWorld world;
  world.shifts = 2;
  const DialReport a = Play(world, DialPacer::kPredictive);
  const DialReport b = Play(world, DialPacer::kPredictive);
  EXPECT_EQ(a.total.dialled, b.total.dialled);
  EXPECT_EQ(a.total.drops, b.total.drops);
  world.seed = 2;
  EXPECT_NE(Play(world, DialPacer::kPredictive).total.dialled, a.total.dialled);
}

// Against the best any dialler could do, which knows all chances; ours learns
// them. One long window: what is compared is the choice of lines.
TEST(DialSimulator, MarkovModelIsNearItsBound) {
  struct Cell {
    int agents;
    double answered;
    double bound;  // dial_bound_test.cc.
  };
  std::vector<Cell> cells = {{5, .3, .786}, {10, .3, .834}};
  if (Long()) {
    cells = {{5, .3, .786},  {10, .3, .834}, {20, .3, .886},
             {50, .3, .938}, {10, .1, .808}, {20, .1, .875}};
  }
  for (const Cell& cell : cells) {
    DialWorld world;
    world.model = DialModel::kMarkov;
    world.agents = cell.agents;
    world.answered = cell.answered;
    world.shift = absl::Hours(Long() ? 200 : 60);
    world.shifts = 2;
    world.promise = DropPromise::kBudget;
    const DialReport report = Play(world, DialPacer::kPredictive);
    EXPECT_GT(report.total.used, cell.bound - (Long() ? 0.005 : 0.008))
        << cell.agents << " agents, answered " << cell.answered;
    EXPECT_LE(report.total.drop_rate(), 0.03);
    oracle::Report("dial simulator: Markov, " + std::to_string(cell.agents) +
                       " agents, answered " + std::to_string(cell.answered),
                   static_cast<uint64_t>(report.total.used * 1e4),
                   "1/10,000 of the time; bound " + std::to_string(cell.bound) +
                       ", drops " + std::to_string(report.total.drop_rate()));
  }
}

TEST(DialSimulator, StrictNeverEndsAboveTheCap) {
  for (const int agents : {1, 2, 3, 5, 10}) {  // dial_table_test: the rest.
    DialWorld world;
    world.agents = agents;
    world.promise = DropPromise::kStrict;
    world.shifts = 5;
    world.shifts_to_learn = 0;
    const DialReport report = Play(world, DialPacer::kPredictive);
    EXPECT_EQ(report.above, 0) << agents;
    EXPECT_EQ(report.total.agent_left, 0);
    // It is not idle either: some are dropped, and more is talked for it.
    if (agents < 5) continue;
    EXPECT_GT(report.total.drops, 0);
    EXPECT_GT(report.total.used,
              Play(world, DialPacer::kProgressive).total.used);
  }
}

TEST(DialSimulator, SaysWhatIsOutOfRange) {
  DialWorld world;
  world.agents = 0;
  world.shifts_to_learn = world.shifts;
  DialReport report;
  const absl::Status status =
      SimulateDialing(world, DialPacer::kProgressive, &report);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(status.message().find("agents"), std::string::npos);
  EXPECT_NE(status.message().find("shifts_to_learn"), std::string::npos);
}

}  // namespace
}  // namespace callrouter
