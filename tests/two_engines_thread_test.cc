// Two engines on two threads share nothing: each decides as it does alone.
// Run under a thread sanitizer this also shows that there is no hidden state.

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "callrouter/engine.h"
#include "tests/random_centre.h"
#include "tests/random_host.h"

namespace callrouter {
namespace {

void Note(const Decision& d, std::string* out) {
  absl::StrAppend(out, static_cast<int>(d.kind), " ",
                  static_cast<int>(d.reason), " ", static_cast<int>(d.cause),
                  " ", d.value, " ", d.sequence);
  absl::StrAppend(out, " ", d.call.value(), " ", d.agent.value(), " ",
                  d.offer.value(), " ", d.queue.value());
  absl::StrAppend(out, " ", absl::ToUnixMicros(d.deadline), "\n");
}

// Everything an engine decides in a run, and its state at the end.
std::string RunCentre(uint64_t variant, int events) {
  testing::RandomHost host(variant + 7);
  EngineOptions options;
  options.seed = variant;
  auto engine =
      Engine::Create(options, testing::RandomCentre(variant), host.now());
  if (!engine.ok()) return std::string(engine.status().message());
  std::vector<QueueId> queues;
  for (int q = 0; q < testing::kRandomQueues; ++q) {
    const QueueId id = (*engine)->FindQueue(absl::StrCat("q", q));
    if (!id.none()) queues.push_back(id);
  }
  host.SetQueues(queues);
  std::string out;
  Decisions decisions;
  Statistics statistics;
  for (int i = 0; i < events; ++i) {
    decisions.clear();
    const testing::RandomHost::Act& act = host.Next((*engine)->next_deadline());
    if (act.advance) {
      (*engine)->Advance(act.now, &decisions);
    } else {
      const absl::Status status =
          (*engine)->Handle(act.event, act.now, &decisions);
      absl::StrAppend(&out, static_cast<int>(status.code()), "\n");
    }
    for (const Decision& d : decisions) Note(d, &out);
    host.Watch(decisions);
    if (i % 64 == 0) (*engine)->CopyStatistics(&statistics);
    if (i % 1'000 == 999) {  // Saved and loaded on this thread, too.
      std::string saved;
      (*engine)->Save(&saved);
      auto loaded = Engine::Load(options, saved);
      if (!loaded.ok()) return std::string(loaded.status().message());
      engine = std::move(loaded);
    }
  }
  std::string saved;
  (*engine)->Save(&saved);
  return out + saved;
}

TEST(TwoEnginesThreadTest, EachDecidesAsItDoesAlone) {
  constexpr int kEvents = 4'000;
  const std::string first_alone = RunCentre(1, kEvents);
  const std::string second_alone = RunCentre(2, kEvents);
  ASSERT_GT(first_alone.size(), 100'000u) << first_alone.substr(0, 200);
  ASSERT_GT(second_alone.size(), 100'000u) << second_alone.substr(0, 200);
  ASSERT_NE(first_alone, second_alone);
  for (int round = 0; round < 2; ++round) {
    std::string first, second;
    std::thread one([&first] { first = RunCentre(1, kEvents); });
    std::thread two([&second] { second = RunCentre(2, kEvents); });
    one.join();
    two.join();
    EXPECT_TRUE(first == first_alone);
    EXPECT_TRUE(second == second_alone);
  }
}

// Const methods of one engine may run together.
TEST(TwoEnginesThreadTest, ReadersOfOneEngineMayRunTogether) {
  testing::RandomHost host(3);
  auto engine =
      Engine::Create(EngineOptions(), testing::RandomCentre(0), host.now());
  ASSERT_TRUE(engine.ok()) << engine.status();
  std::vector<QueueId> queues = {(*engine)->FindQueue("q0")};
  host.SetQueues(queues);
  Decisions decisions;
  for (int i = 0; i < 500; ++i) {
    decisions.clear();
    const testing::RandomHost::Act& act = host.Next((*engine)->next_deadline());
    if (act.advance) {
      (*engine)->Advance(act.now, &decisions);
    } else {
      (*engine)->Handle(act.event, act.now, &decisions).IgnoreError();
    }
    host.Watch(decisions);
  }
  const Engine& shared = **engine;
  const auto look = [&shared](std::string* out) {
    for (int i = 0; i < 20; ++i) {
      Statistics statistics;
      shared.CopyStatistics(&statistics);
      out->clear();
      shared.Save(out);
      for (const CallId call : shared.Calls()) {
        absl::StrAppend(out, shared.View(call).ref, " ");
      }
      for (const AgentId agent : shared.Agents()) {
        absl::StrAppend(out, shared.View(agent).calls, " ");
      }
      absl::StrAppend(out, shared.CheckInvariants().ok() ? "good" : "broken",
                      absl::ToUnixMicros(shared.next_deadline()),
                      statistics.engine.events);
    }
  };
  std::string here, there;
  std::thread other([&] { look(&there); });
  look(&here);
  other.join();
  EXPECT_TRUE(here == there);
  EXPECT_NE(here.find("good"), std::string::npos);
}

}  // namespace
}  // namespace callrouter
