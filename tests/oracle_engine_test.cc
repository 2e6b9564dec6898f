// The engine against its naive twin: every decision of random days, family by
// family of rules, in small worlds and in large ones, with agents grouped and
// with lanes that keep their own order.

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "tests/oracle/random_world.h"
#include "tests/oracle/scale.h"
#include "tests/oracle/twins.h"

namespace callrouter::oracle {
namespace {

std::string Print(const Event& event) {
  return std::string(EventKindName(event.kind)) + " call " +
         std::to_string(event.call_ref) + " agent " +
         std::to_string(event.agent_ref) + " queue " +
         std::to_string(event.queue.slot()) + " offer " +
         std::to_string(event.offer.slot()) + " value " +
         std::to_string(event.value) + " text " + std::string(event.text);
}

struct Trial {
  Family family = Family::kOrders;
  WorldSize size;
  uint64_t seed = 1;
  int events = 0;
};

EngineOptions Options(const Trial& run) {
  EngineOptions options;
  options.seed = run.seed;
  options.audit_after = absl::Hours(720);
  // Every third run with one group at most: lanes keep their own order.
  options.groups_max = run.seed % 3 == 0 ? 1 : run.seed % 3 == 1 ? 6 : 100'000;
  options.residual_scan_max = 1'000'000;
  options.calls_max = run.seed % 5 == 0 ? run.size.calls / 2 + 1 : 10'000;
  options.tombstones_max = 64;
  options.exclusions_per_call_max = run.seed % 2 == 0 ? 3 : 8;
  options.moves_max = 5;
  return options;
}

// Adds the decisions compared to `decisions`.
void Compare(const Trial& run, uint64_t* decisions) {
  SeededDice dice(run.seed);
  const Configuration config = MakeWorld(run.family, run.size, &dice);
  for (const Fault& fault : FindFaults(config)) {
    FAIL() << fault.path << ": found " << fault.found << ", expected "
           << fault.expected;
  }
  const bool stalls = run.family == Family::kSync;
  WorldHost host(run.family, run.size, stalls, &dice);
  Twins twins(Options(run), config, host.now());
  ASSERT_TRUE(twins.same()) << twins.difference();
  for (const AgentConfig& agent : config.agents) {
    if (dice.OneIn(4)) continue;
    twins.Handle(Event::ForAgentRef(EventKind::kAgentLogin, agent.ref),
                 host.now());
    ASSERT_TRUE(twins.same()) << twins.difference();
  }
  for (int i = 0; i < run.events; ++i) {
    const WorldHost::Act& act = host.Next(twins.engine());
    if (act.advance) {
      twins.Advance(act.now);
    } else {
      twins.Handle(act.event, act.now);
    }
    ASSERT_TRUE(twins.same())
        << "event " << i << ": "
        << (act.advance ? std::string("advance") : Print(act.event)) << "\n"
        << twins.difference();
    host.Watch(twins.decisions());
    if (i % 64 == 0) {
      const absl::Status sound = twins.engine().CheckInvariants();
      ASSERT_TRUE(sound.ok()) << "event " << i << ": " << sound;
    }
  }
  Statistics statistics;
  twins.engine().CopyStatistics(&statistics);
  EXPECT_GT(statistics.engine.decisions,
            static_cast<uint64_t>(run.events) / 20);
  *decisions += statistics.engine.decisions;
}

constexpr const char* kFamilyNames[] = {"Orders", "Rings", "Guards", "Misses",
                                        "Plans",  "Media", "Sync",   "All"};

class OracleEngineTest : public ::testing::TestWithParam<int> {
 protected:
  void ReportRuns(const char* worlds, int runs, int events,
                  uint64_t decisions) {
    const std::string what =
        std::string(kFamilyNames[GetParam()]) + ", " + worlds + " worlds: ";
    const auto total =
        static_cast<uint64_t>(runs) * static_cast<uint64_t>(events);
    Report(what + "events", total, std::to_string(runs) + " seeds in order");
    Report(what + "decisions", decisions, "no difference");
  }
};

TEST_P(OracleEngineTest, SmallWorlds) {
  Trial run;
  run.family = static_cast<Family>(GetParam());
  run.events = 2'000;
  const int runs = ScaledRounds(45, 1'250);
  uint64_t decisions = 0;
  for (int seed = 1; seed <= runs; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    run.seed = static_cast<uint64_t>(seed);
    run.size = {2 + seed % 9, 3 + seed % 3, 4 + seed % 23};
    Compare(run, &decisions);
    if (HasFatalFailure()) return;
  }
  ReportRuns("small", runs, run.events, decisions);
}

TEST_P(OracleEngineTest, LargeWorlds) {
  Trial run;
  run.family = static_cast<Family>(GetParam());
  run.events = 2'000;
  run.size = {200, 20, 120};
  const int runs = ScaledRounds(15, 1'250);
  uint64_t decisions = 0;
  for (int seed = 1; seed <= runs; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    run.seed = static_cast<uint64_t>(seed) + 1'000'000;
    Compare(run, &decisions);
    if (HasFatalFailure()) return;
  }
  ReportRuns("large", runs, run.events, decisions);
}

std::string FamilyName(const ::testing::TestParamInfo<int>& info) {
  return kFamilyNames[info.param];
}

INSTANTIATE_TEST_SUITE_P(Families, OracleEngineTest,
                         ::testing::Range(0, kFamilies), FamilyName);

}  // namespace
}  // namespace callrouter::oracle
