// What the unit tests of the engine share: a small centre, an engine with a
// clock, and short words for the usual events.

#ifndef CALLROUTER_TESTS_ENGINE_TEST_SUPPORT_H_
#define CALLROUTER_TESTS_ENGINE_TEST_SUPPORT_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "callrouter/engine.h"

namespace callrouter::testing {

class EngineTest : public ::testing::Test {
 protected:
  static inline const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

  // Queues "sales" and "spare" (nobody can serve it), agents 1 (ann) and 2
  // (bob), both with the skill "sales" of 5; 15 s of ringing.
  static Configuration Small() {
    Configuration config;
    QueueConfig sales;
    sales.name = "sales";
    sales.requirement = "sales";
    config.queues.push_back(sales);
    QueueConfig spare;
    spare.name = "spare";
    spare.requirement = "nobody";
    config.queues.push_back(spare);
    for (uint64_t ref = 1; ref <= 2; ++ref) {
      AgentConfig agent;
      agent.name = ref == 1 ? "ann" : "bob";
      agent.ref = ref;
      agent.skills.push_back({"sales", 5});
      config.agents.push_back(agent);
    }
    return config;
  }

  void Start(const Configuration& config, const EngineOptions& options = {}) {
    now_ = kStart;
    auto engine = Engine::Create(options, config, now_);
    ASSERT_TRUE(engine.ok()) << engine.status();
    engine_ = *std::move(engine);
  }
  absl::Status Handle(const Event& event) {
    decisions_.clear();
    const absl::Status status = engine_->Handle(event, now_, &decisions_);
    const absl::Status holds = engine_->CheckInvariants();
    EXPECT_TRUE(holds.ok()) << holds;
    return status;
  }
  void Expect(const Event& event) {
    const absl::Status status = Handle(event);
    EXPECT_TRUE(status.ok()) << EventKindName(event.kind) << ": " << status;
  }
  void Pass(absl::Duration time) {
    now_ += time;
    decisions_.clear();
    engine_->Advance(now_, &decisions_);
  }
  // Serves every deadline until `time` from now.
  void Serve(absl::Duration time) {
    const absl::Time until = now_ + time;
    decisions_.clear();
    while (engine_->next_deadline() <= until) {
      now_ = std::max(now_, engine_->next_deadline());
      engine_->Advance(now_, &decisions_);
    }
    now_ = until;
    engine_->Advance(now_, &decisions_);
  }
  QueueId Queue(const char* name) const { return engine_->FindQueue(name); }
  void LogIn(uint64_t agent) {
    Expect(Event::ForAgentRef(EventKind::kAgentLogin, agent));
  }
  CallId Arrive(uint64_t ref, const char* queue = "sales") {
    Expect(Event::CallArrived(ref, Queue(queue)));
    return engine_->FindCall(ref);
  }
  // The first decision of this kind; an empty one if there is none.
  Decision Find(DecisionKind kind) const {
    for (const Decision& d : decisions_) {
      if (d.kind == kind) return d;
    }
    return Decision();
  }
  int Count(DecisionKind kind) const {
    int n = 0;
    for (const Decision& d : decisions_) n += d.kind == kind ? 1 : 0;
    return n;
  }
  std::string Saved() const {
    std::string bytes;
    engine_->Save(&bytes);
    return bytes;
  }
  Statistics Stats() const {
    Statistics statistics;
    engine_->CopyStatistics(&statistics);
    return statistics;
  }
  CallPlace Place(uint64_t ref) const {
    return engine_->View(engine_->FindCall(ref)).place;
  }

  absl::Time now_ = kStart;
  std::unique_ptr<Engine> engine_;
  Decisions decisions_;
};

}  // namespace callrouter::testing

#endif  // CALLROUTER_TESTS_ENGINE_TEST_SUPPORT_H_
