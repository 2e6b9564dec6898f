// An engine that dials against its naive twin: every decision of random days,
// family by family of rules, with leads, numbers and pacers beside the calls.

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "tests/oracle/random_dialing.h"
#include "tests/oracle/scale.h"
#include "tests/oracle/twins.h"

namespace callrouter::oracle {
namespace {

struct Seen {
  uint64_t decisions = 0, dialled = 0, bridged = 0, dropped = 0, asked = 0,
           returned = 0;

  void Add(const Decisions& batch) {
    decisions += batch.size();
    for (const Decision& d : batch) {
      dialled += d.kind == DecisionKind::kDial ? 1 : 0;
      bridged += d.reason == Reason::kDialled ? 1 : 0;
      dropped +=
          d.kind == DecisionKind::kAttemptOver && d.reason == Reason::kDropped
              ? 1
              : 0;
      asked += d.kind == DecisionKind::kNeedNumber ||
                       d.kind == DecisionKind::kNeedLock
                   ? 1
                   : 0;
      returned += d.kind == DecisionKind::kReturnCall ? 1 : 0;
    }
  }
};

void Compare(Family family, const WorldSize& size, uint64_t seed, int events,
             Seen* seen) {
  EngineOptions options;
  options.seed = seed;
  options.audit_after = absl::Hours(720);
  options.groups_max = seed % 3 == 0 ? 1 : 100'000;
  options.residual_scan_max = 1'000'000;
  options.calls_max = seed % 5 == 0 ? size.calls / 2 + 1 : 10'000;
  options.tombstones_max = 64;
  options.moves_max = 5;
  SeededDice dice(seed);
  const Configuration config = MakeWorld(family, size, &dice);
  const OutboundSetup setup = MakeDialing(options.agents_max, &dice);
  for (const Fault& fault : FindFaults(setup)) FAIL() << ToString(fault);
  DialingHost host(family, size, family == Family::kSync, true, &dice);
  Twins twins(options, config, setup, host.now());
  ASSERT_TRUE(twins.same()) << twins.difference();
  for (const AgentConfig& agent : config.agents) {
    twins.Handle(Event::ForAgentRef(EventKind::kAgentLogin, agent.ref),
                 host.now());
  }
  for (int i = 0; i < events; ++i) {
    ASSERT_TRUE(twins.same()) << twins.difference();
    if (dice.OneIn(i < 100 ? 1 : 20)) {
      const DialingChange change = host.SomeChange();
      twins.Change(
          host.now(),
          [&](Outbound* outbound, absl::Time now, Decisions* out) {
            return Apply(change, outbound, now, out);
          },
          [&](NaiveDialing& dialing, absl::Time now) {
            return Apply(change, &dialing, now);
          });
      ASSERT_TRUE(twins.same())
          << "change " << change.kind << " before event " << i << "\n"
          << twins.difference();
      host.Watch(twins.decisions());
      seen->Add(twins.decisions());
    }
    const WorldHost::Act& act = host.Next(twins.engine());
    if (act.advance) {
      twins.Advance(act.now);
    } else {
      twins.Handle(act.event, act.now);
    }
    ASSERT_TRUE(twins.same())
        << "event " << i << ": "
        << (act.advance ? "advance" : EventKindName(act.event.kind))
        << " attempt " << act.event.attempt << " call " << act.event.call_ref
        << "\n"
        << twins.difference();
    host.Watch(twins.decisions());
    seen->Add(twins.decisions());
    if (i % 64 != 0) continue;
    const absl::Status sound = twins.engine().CheckInvariants();
    ASSERT_TRUE(sound.ok()) << "event " << i << ": " << sound;
  }
}

TEST(OracleDialingTest, SmallWorlds) {
  const int runs = ScaledRounds(64, 5'000);
  constexpr int kEvents = 2'000;
  Seen seen;
  for (int seed = 1; seed <= runs; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    // Few callers: agents are mostly free for who is dialled.
    const WorldSize size = {3 + seed % 17, 3 + seed % 3, 1 + seed % 7};
    Compare(static_cast<Family>(seed % kFamilies), size,
            static_cast<uint64_t>(seed), kEvents, &seen);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(seen.bridged, static_cast<uint64_t>(runs));
  EXPECT_GT(seen.dropped, static_cast<uint64_t>(runs));
  Report("dialing, small worlds: events", static_cast<uint64_t>(runs) * kEvents,
         std::to_string(runs) + " seeds in order");
  Report("dialing, small worlds: decisions", seen.decisions, "no difference");
  Report("dialing, small worlds: dialled", seen.dialled, "");
  Report("dialing, small worlds: bridged", seen.bridged, "");
  Report("dialing, small worlds: dropped", seen.dropped, "");
  Report("dialing, small worlds: asked of other shards", seen.asked, "");
  Report("dialing, small worlds: return calls", seen.returned, "");
}

TEST(OracleDialingTest, LargeWorlds) {
  const int runs = ScaledRounds(6, 500);
  constexpr int kEvents = 2'000;
  Seen seen;
  for (int seed = 1; seed <= runs; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Compare(static_cast<Family>(seed % kFamilies), {60, 20, 30},
            static_cast<uint64_t>(seed) + 1'000'000, kEvents, &seen);
    if (HasFatalFailure()) return;
  }
  Report("dialing, large worlds: decisions", seen.decisions, "no difference");
  Report("dialing, large worlds: dialled", seen.dialled, "");
}

}  // namespace
}  // namespace callrouter::oracle
