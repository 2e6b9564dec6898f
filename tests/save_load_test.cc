// Saved state is canonical and complete: an engine loaded at any point goes
// on with the same decisions, byte for byte, as the one that was saved.

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "callrouter/engine.h"
#include "tests/oracle/counts.h"
#include "tests/random_centre.h"
#include "tests/random_host.h"

namespace callrouter {
namespace {

EngineOptions Options() {
  EngineOptions options;
  options.calls_max = 200;
  options.agents_max = 40;
  options.audit_after = absl::Minutes(3);
  options.audit_reply = absl::Seconds(10);
  options.tombstones_max = 64;
  return options;
}

auto Fields(const Decision& d) {
  return std::tuple(d.kind, d.cause, d.reason, d.value, d.sequence, d.call,
                    d.agent, d.queue, d.offer, d.call_ref, d.agent_ref,
                    d.deadline, d.destination);
}

std::string Print(const Decision& d) {
  return std::string(DecisionKindName(d.kind)) + " " +
         std::string(ReasonName(d.reason)) + " call " +
         std::to_string(d.call_ref) + " agent " + std::to_string(d.agent_ref) +
         " #" + std::to_string(d.sequence);
}

void ExpectSame(const Decisions& a, const Decisions& b) {
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    ASSERT_TRUE(Fields(a[i]) == Fields(b[i]))
        << "decision " << i << ": " << Print(a[i]) << " / " << Print(b[i]);
  }
  ASSERT_EQ(a.size(), b.size());
}

std::string Saved(const Engine& engine) {
  std::string bytes;
  engine.Save(&bytes);
  return bytes;
}

std::unique_ptr<Engine> Make(const EngineOptions& options, uint64_t variant,
                             absl::Time now) {
  auto engine = Engine::Create(options, testing::RandomCentre(variant), now);
  EXPECT_TRUE(engine.ok()) << engine.status();
  return engine.ok() ? *std::move(engine) : nullptr;
}

std::vector<QueueId> Queues(const Engine& engine) {
  std::vector<QueueId> queues;
  for (int q = 0; q < testing::kRandomQueues; ++q) {
    const QueueId id = engine.FindQueue("q" + std::to_string(q));
    if (!id.none()) queues.push_back(id);
  }
  return queues;
}

absl::Status Do(Engine* engine, const testing::RandomHost::Act& act,
                Decisions* out) {
  if (act.advance) {
    engine->Advance(act.now, out);
    return absl::OkStatus();
  }
  return engine->Handle(act.event, act.now, out);
}

// Two engines; one of them is saved and loaded all the time.
void RunSeed(uint64_t seed, int events) {
  testing::RandomHost host(seed);
  const EngineOptions options = Options();
  std::unique_ptr<Engine> straight = Make(options, seed % 8, host.now());
  std::unique_ptr<Engine> loaded = Make(options, seed % 8, host.now());
  ASSERT_NE(straight, nullptr);
  ASSERT_NE(loaded, nullptr);
  host.SetQueues(Queues(*straight));
  Random when(seed);
  Decisions a;
  Decisions b;
  for (int i = 0; i < events; ++i) {
    if (when.Below(100) == 0) {
      const std::string bytes = Saved(*loaded);
      ASSERT_TRUE(bytes == Saved(*straight)) << "event " << i;
      auto again = Engine::Load(options, bytes);
      ASSERT_TRUE(again.ok()) << again.status() << " at event " << i;
      ASSERT_TRUE(Saved(**again) == bytes) << "event " << i;
      const absl::Status holds = (*again)->CheckInvariants();
      ASSERT_TRUE(holds.ok()) << holds << " at event " << i;
      loaded = *std::move(again);
    }
    const testing::RandomHost::Act& act = host.Next(straight->next_deadline());
    a.clear();
    b.clear();
    const absl::Status one = Do(straight.get(), act, &a);
    const absl::Status two = Do(loaded.get(), act, &b);
    ASSERT_EQ(one, two) << "event " << i;
    ExpectSame(a, b);
    ASSERT_FALSE(::testing::Test::HasFatalFailure())
        << "event " << i << " " << EventKindName(act.event.kind);
    ASSERT_EQ(straight->next_deadline(), loaded->next_deadline());
    host.Watch(a);
  }
  EXPECT_TRUE(Saved(*straight) == Saved(*loaded));
  Statistics statistics;
  straight->CopyStatistics(&statistics);
  EXPECT_GT(statistics.engine.decisions, static_cast<uint64_t>(events / 10));
}

TEST(SaveLoadTest, LoadedAtRandomPointsNothingChanges) {
  const int seeds = oracle::Rounds(40, 400);
  const int events = oracle::Rounds(3'000, 20'000);
  for (int seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RunSeed(static_cast<uint64_t>(seed), events);
    if (::testing::Test::HasFatalFailure()) return;
  }
  oracle::Report("events in all", static_cast<uint64_t>(seeds * events),
                 std::to_string(seeds) + " seeds in order, loaded once in 100");
}

// An engine with calls in every place.
std::string BusyState(const EngineOptions& options, uint64_t seed, int events) {
  testing::RandomHost host(seed);
  std::unique_ptr<Engine> engine = Make(options, 0, host.now());
  if (engine == nullptr) return "";
  host.SetQueues(Queues(*engine));
  Decisions decisions;
  for (int i = 0; i < events; ++i) {
    decisions.clear();
    static_cast<void>(
        Do(engine.get(), host.Next(engine->next_deadline()), &decisions));
    host.Watch(decisions);
  }
  return Saved(*engine);
}

TEST(SaveLoadTest, HandlesLiveOn) {
  const EngineOptions options = Options();
  const std::string bytes = BusyState(options, 5, 2'000);
  auto one = Engine::Load(options, bytes);
  auto two = Engine::Load(options, bytes);
  ASSERT_TRUE(one.ok() && two.ok());
  ASSERT_FALSE((*one)->Calls().empty());
  ASSERT_EQ((*one)->Calls(), (*two)->Calls());
  for (const CallId call : (*one)->Calls()) {
    const CallView a = (*one)->View(call);
    const CallView b = (*two)->View(call);
    EXPECT_NE(a.ref, 0u);
    EXPECT_EQ(a.ref, b.ref);
    EXPECT_EQ(a.place, b.place);
    EXPECT_EQ(a.arrived, b.arrived);
    EXPECT_EQ((*two)->FindCall(a.ref), call);
  }
  EXPECT_EQ((*one)->Agents(), (*two)->Agents());
}

TEST(SaveLoadTest, EveryTruncationIsRefused) {
  const EngineOptions options = Options();
  const std::string bytes = BusyState(options, 3, 1'500);
  ASSERT_GT(bytes.size(), 1000u);
  const std::size_t step = bytes.size() / 400 + 1;
  for (std::size_t size = 0; size < bytes.size(); size += step) {
    const auto engine =
        Engine::Load(options, std::string_view(bytes).substr(0, size));
    ASSERT_EQ(engine.status().code(), absl::StatusCode::kInvalidArgument)
        << size << " of " << bytes.size() << " bytes";
    ASSERT_FALSE(engine.status().message().empty());
  }
  const auto longer = Engine::Load(options, bytes + "x");
  EXPECT_EQ(longer.status().code(), absl::StatusCode::kInvalidArgument);
}

// A damaged state is refused; if a change goes unnoticed, what was loaded
// must at least be sound.
TEST(SaveLoadTest, DamagedBytesAreNeverTakenForAnUnsoundState) {
  const EngineOptions options = Options();
  const std::string bytes = BusyState(options, 4, 1'500);
  ASSERT_FALSE(bytes.empty());
  Random random(9);
  int refused = 0;
  const int rounds = oracle::Rounds(2'000, 50'000);
  for (int i = 0; i < rounds; ++i) {
    std::string damaged = bytes;
    const auto changes = 1 + random.Below(3);
    for (uint64_t c = 0; c < changes; ++c) {
      damaged[random.Below(damaged.size())] =
          static_cast<char>(random.Below(256));
    }
    const auto engine = Engine::Load(options, damaged);
    if (!engine.ok()) {
      ASSERT_EQ(engine.status().code(), absl::StatusCode::kInvalidArgument);
      ++refused;
      continue;
    }
    ASSERT_TRUE((*engine)->CheckInvariants().ok()) << "round " << i;
  }
  EXPECT_GT(refused, rounds / 2);
  oracle::Report("damaged states", static_cast<uint64_t>(rounds),
                 std::to_string(refused) + " refused, the others sound");
}

TEST(SaveLoadTest, ForeignBytesAreRefused) {
  for (const std::string& bytes :
       {std::string(), std::string("hello"), std::string(5'000, '\0'),
        std::string(5'000, '\xff')}) {
    const auto engine = Engine::Load(Options(), bytes);
    EXPECT_EQ(engine.status().code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST(SaveLoadTest, LimitsTooSmallForTheStateAreRefused) {
  const std::string bytes = BusyState(Options(), 6, 2'000);
  EngineOptions options = Options();
  options.agents_max = 3;
  const auto engine = Engine::Load(options, bytes);
  EXPECT_EQ(engine.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(engine.status().message().find("agents_max"),
            absl::string_view::npos)
      << engine.status();
}

}  // namespace
}  // namespace callrouter
