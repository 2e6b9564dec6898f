// A changed configuration is swapped in whole: calls that wait follow the new
// rules with their age and passed steps; a wrong one changes nothing.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "callrouter/engine.h"
#include "tests/oracle/counts.h"
#include "tests/random_centre.h"
#include "tests/random_host.h"

namespace callrouter {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

std::string Saved(const Engine& engine) {
  std::string bytes;
  engine.Save(&bytes);
  return bytes;
}

// One queue "sales" that wants "sales >= 3", one agent who has 2, a plan that
// raises the priority after 30 s.
Configuration Sales() {
  Configuration config;
  Plan plan;
  plan.name = "plan";
  Step raise;
  raise.id = "raise";
  raise.after = absl::Seconds(30);
  raise.action = StepAction::kRaisePriority;
  raise.priority = 2;
  plan.steps.push_back(raise);
  config.plans.push_back(plan);
  QueueConfig sales;
  sales.name = "sales";
  sales.requirement = "sales >= 3";
  sales.plan = "plan";
  config.queues.push_back(sales);
  QueueConfig service;
  service.name = "service";
  service.requirement = "service";
  config.queues.push_back(service);
  AgentConfig anna;
  anna.name = "anna";
  anna.ref = 1;
  anna.skills.push_back({"sales", 2});
  config.agents.push_back(anna);
  return config;
}

class ConfigurationChangeTest : public ::testing::Test {
 protected:
  void Start(const Configuration& config) {
    auto engine = Engine::Create(EngineOptions(), config, now_);
    ASSERT_TRUE(engine.ok()) << engine.status();
    engine_ = *std::move(engine);
  }
  absl::Status Handle(const Event& event) {
    decisions_.clear();
    return engine_->Handle(event, now_, &decisions_);
  }
  void LogIn(uint64_t agent) {
    ASSERT_TRUE(Handle(Event::ForAgentRef(EventKind::kAgentLogin, agent)).ok());
  }
  CallId Arrive(uint64_t ref, const char* queue) {
    const absl::Status status =
        Handle(Event::CallArrived(ref, engine_->FindQueue(queue)));
    EXPECT_TRUE(status.ok()) << status;
    return engine_->FindCall(ref);
  }
  void Apply(const Configuration& config) {
    auto prepared = Engine::Prepare(engine_->options(), config);
    ASSERT_TRUE(prepared.ok()) << prepared.status();
    decisions_.clear();
    const absl::Status status =
        engine_->Apply(*std::move(prepared), now_, &decisions_);
    ASSERT_TRUE(status.ok()) << status;
    Check();
  }
  void Check() {
    const absl::Status holds = engine_->CheckInvariants();
    ASSERT_TRUE(holds.ok()) << holds;
  }
  int Count(DecisionKind kind) const {
    int n = 0;
    for (const Decision& d : decisions_) n += d.kind == kind ? 1 : 0;
    return n;
  }
  void Pass(absl::Duration time) {
    now_ += time;
    decisions_.clear();
    engine_->Advance(now_, &decisions_);
  }

  absl::Time now_ = kStart;
  std::unique_ptr<Engine> engine_;
  Decisions decisions_;
};

TEST_F(ConfigurationChangeTest, WaitingCallFollowsTheNewRequirementAtOnce) {
  Configuration config = Sales();
  Start(config);
  LogIn(1);
  const CallId call = Arrive(7, "sales");
  EXPECT_EQ(engine_->View(call).place, CallPlace::kWaiting);
  now_ += absl::Seconds(10);
  config.queues[0].requirement = "sales >= 2";
  Apply(config);
  EXPECT_EQ(Count(DecisionKind::kOffer), 1);
  const CallView view = engine_->View(call);
  EXPECT_EQ(view.place, CallPlace::kOffered);
  EXPECT_EQ(view.arrived, kStart);  // Keeps its age.
}

TEST_F(ConfigurationChangeTest, LevelsBecomeThoseOfTheFile) {
  Configuration config = Sales();
  Start(config);
  LogIn(1);
  Arrive(7, "sales");
  config.agents[0].skills[0].level = 9;
  Apply(config);
  EXPECT_EQ(Count(DecisionKind::kOffer), 1);
  EXPECT_TRUE(engine_->View(engine_->FindAgent(1)).logged_in);
}

TEST_F(ConfigurationChangeTest, StepNowOverdueFiresOnceAndPassedOnesDoNot) {
  Configuration config = Sales();
  Start(config);
  const CallId call = Arrive(7, "sales");
  Pass(absl::Seconds(20));
  EXPECT_EQ(engine_->View(call).priority, 0);
  config.plans[0].steps[0].after = absl::Seconds(10);
  Apply(config);
  Pass(absl::ZeroDuration());
  EXPECT_EQ(engine_->View(call).priority, 2);
  // The same step, told by its id, later again: it is behind the call.
  config.plans[0].steps[0].after = absl::Seconds(60);
  Apply(config);
  Pass(absl::Minutes(5));
  EXPECT_EQ(engine_->View(call).priority, 2);
  // Another step is new to it.
  config.plans[0].steps[0].id = "raise again";
  Apply(config);
  Pass(absl::ZeroDuration());
  EXPECT_EQ(engine_->View(call).priority, 4);
  Check();
}

TEST_F(ConfigurationChangeTest, StepPutOffFiresAtItsNewTime) {
  Configuration config = Sales();
  Start(config);
  const CallId call = Arrive(7, "sales");
  Pass(absl::Seconds(20));
  config.plans[0].steps[0].after = absl::Seconds(90);
  Apply(config);
  Pass(absl::Seconds(69));
  EXPECT_EQ(engine_->View(call).priority, 0);
  Pass(absl::Seconds(1));
  EXPECT_EQ(engine_->View(call).priority, 2);
}

TEST_F(ConfigurationChangeTest, QueueThatIsGoneDrains) {
  Configuration config = Sales();
  config.queues[0].requirement = "sales";
  Start(config);
  const CallId call = Arrive(7, "sales");
  const QueueId sales = engine_->FindQueue("sales");
  config.queues.erase(config.queues.begin());
  Apply(config);
  EXPECT_EQ(engine_->View(call).place, CallPlace::kWaiting);
  EXPECT_EQ(Handle(Event::CallArrived(8, sales)).code(),
            absl::StatusCode::kFailedPrecondition);
  LogIn(1);
  ASSERT_EQ(Count(DecisionKind::kOffer), 1);
  EXPECT_EQ(decisions_[0].call_ref, 7u);
  Check();
}

TEST_F(ConfigurationChangeTest, AgentWhoIsGoneLeavesWhenIdleAndLoggedOut) {
  Configuration config = Sales();
  config.queues[0].requirement = "sales";
  Start(config);
  LogIn(1);
  Arrive(7, "sales");
  ASSERT_EQ(Count(DecisionKind::kOffer), 1);
  const OfferId offer = decisions_.back().offer;
  ASSERT_TRUE(Handle(Event::ForOffer(EventKind::kOfferAccepted, offer)).ok());
  ASSERT_TRUE(Handle(Event::ForOffer(EventKind::kOfferConnected, offer)).ok());
  AgentConfig bert;
  bert.name = "bert";
  bert.ref = 2;
  config.agents[0] = bert;
  Apply(config);
  EXPECT_FALSE(engine_->FindAgent(1).none());  // Still at her call.
  EXPECT_FALSE(engine_->FindAgent(2).none());
  EXPECT_FALSE(engine_->View(engine_->FindAgent(2)).logged_in);
  EXPECT_EQ(engine_->View(engine_->FindCall(7)).place, CallPlace::kConnected);
  ASSERT_TRUE(Handle(Event::ForCallRef(EventKind::kCallEnded, 7)).ok());
  if (!engine_->FindAgent(1).none()) {
    ASSERT_TRUE(Handle(Event::ForAgentRef(EventKind::kAgentLogout, 1)).ok());
  }
  EXPECT_TRUE(engine_->FindAgent(1).none());
  Check();
}

TEST_F(ConfigurationChangeTest, AgentAddedByEventKeepsWhatTheFileDoesNotName) {
  Configuration config = Sales();
  Start(config);
  Event added = Event::ForAgentRef(EventKind::kAgentAdded, 5);
  added.text = "helper";
  ASSERT_TRUE(Handle(added).ok());
  Event skill = Event::ForAgentRef(EventKind::kAgentSkill, 5);
  skill.text = "sales";
  skill.value = 8;
  ASSERT_TRUE(Handle(skill).ok());
  LogIn(5);
  config.queues[0].ring = absl::Seconds(40);
  Apply(config);
  EXPECT_TRUE(engine_->View(engine_->FindAgent(5)).logged_in);
  Arrive(7, "sales");
  ASSERT_EQ(Count(DecisionKind::kOffer), 1);
  EXPECT_EQ(decisions_[0].agent_ref, 5u);
  EXPECT_EQ(decisions_[0].deadline, now_ + absl::Seconds(40));
}

TEST_F(ConfigurationChangeTest, WrongConfigurationIsRefusedWithEveryFault) {
  Configuration config = Sales();
  Start(config);
  Arrive(7, "sales");
  const std::string before = Saved(*engine_);
  config.queues[0].requirement = "sales >=";
  config.queues[1].plan = "nowhere";
  const auto prepared = Engine::Prepare(engine_->options(), config);
  ASSERT_EQ(prepared.status().code(), absl::StatusCode::kInvalidArgument);
  const std::string message(prepared.status().message());
  EXPECT_NE(message.find("queue[0].requirement"), std::string::npos) << message;
  EXPECT_NE(message.find("queue[1].plan"), std::string::npos) << message;
  EXPECT_TRUE(Saved(*engine_) == before);
}

TEST_F(ConfigurationChangeTest, LimitReachedLeavesEverythingAsItWas) {
  EngineOptions options;
  options.agents_max = 2;
  Configuration config = Sales();
  auto engine = Engine::Create(options, config, now_);
  ASSERT_TRUE(engine.ok()) << engine.status();
  engine_ = *std::move(engine);
  Arrive(7, "sales");
  Event added = Event::ForAgentRef(EventKind::kAgentAdded, 5);
  added.text = "helper";
  ASSERT_TRUE(Handle(added).ok());
  const std::vector<AgentId> agents = engine_->Agents();
  for (uint64_t ref = 2; ref < 4; ++ref) {
    AgentConfig agent;
    agent.name = "more" + std::to_string(ref);
    agent.ref = ref;
    config.agents.push_back(agent);
  }
  auto prepared = Engine::Prepare(options, config);
  absl::Status status = prepared.status();
  if (prepared.ok()) {
    decisions_.clear();
    status = engine_->Apply(*std::move(prepared), now_, &decisions_);
  }
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
  EXPECT_TRUE(decisions_.empty());
  EXPECT_EQ(engine_->Agents(), agents);
  EXPECT_TRUE(engine_->FindAgent(3).none());
  EXPECT_EQ(engine_->View(engine_->FindCall(7)).place, CallPlace::kWaiting);
  Check();
}

TEST_F(ConfigurationChangeTest, SameConfigurationAgainDecidesNothing) {
  const Configuration config = Sales();
  Start(config);
  LogIn(1);
  Arrive(7, "sales");
  Arrive(8, "sales");
  Apply(config);
  EXPECT_EQ(decisions_.size(), 0u);
}

// Random centres swapped in under a host that does everything; an engine
// loaded just before each swap must take it alike.
void RunSeed(uint64_t seed, int events) {
  EngineOptions options;
  options.calls_max = 200;
  options.agents_max = 60;
  options.queues_max = 40;
  options.audit_after = absl::Minutes(3);
  testing::RandomHost host(seed);
  auto created = Engine::Create(options, testing::RandomCentre(0), host.now());
  ASSERT_TRUE(created.ok()) << created.status();
  std::unique_ptr<Engine> engine = *std::move(created);
  std::vector<QueueId> queues;
  for (int q = 0; q < testing::kRandomQueues; ++q) {
    queues.push_back(engine->FindQueue("q" + std::to_string(q)));
  }
  host.SetQueues(queues);
  Random random(seed);
  Decisions a;
  Decisions b;
  for (int i = 0; i < events; ++i) {
    a.clear();
    if (random.Below(150) == 0) {
      const Configuration config = testing::RandomCentre(random.Below(50));
      auto loaded = Engine::Load(options, Saved(*engine));
      ASSERT_TRUE(loaded.ok()) << loaded.status();
      auto one = Engine::Prepare(options, config);
      auto two = Engine::Prepare(options, config);
      ASSERT_TRUE(one.ok() && two.ok()) << one.status();
      b.clear();
      const absl::Status status =
          engine->Apply(*std::move(one), host.now(), &a);
      ASSERT_TRUE(status.ok()) << status;
      ASSERT_TRUE((*loaded)->Apply(*std::move(two), host.now(), &b).ok());
      ASSERT_EQ(a.size(), b.size()) << "event " << i;
      ASSERT_TRUE(Saved(*engine) == Saved(**loaded)) << "event " << i;
      for (int q = 0; q < testing::kRandomQueues; ++q) {
        const QueueId id = engine->FindQueue("q" + std::to_string(q));
        if (!id.none() && std::count(queues.begin(), queues.end(), id) == 0) {
          queues.push_back(id);  // Removed ones are asked for as well.
        }
      }
      host.SetQueues(queues);
    } else {
      const auto& act = host.Next(engine->next_deadline());
      if (act.advance) {
        engine->Advance(act.now, &a);
      } else {
        static_cast<void>(engine->Handle(act.event, act.now, &a));
      }
    }
    host.Watch(a);
    if (i % 20 == 0 || random.Below(150) == 0) {
      const absl::Status holds = engine->CheckInvariants();
      ASSERT_TRUE(holds.ok()) << holds << " at event " << i;
    }
  }
}

TEST(ConfigurationChangeRandomTest, InvariantsHoldUnderRandomChanges) {
  const int seeds = oracle::Rounds(20, 200);
  const int events = oracle::Rounds(3'000, 20'000);
  for (int seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RunSeed(static_cast<uint64_t>(seed), events);
    if (::testing::Test::HasFatalFailure()) return;
  }
  oracle::Report("events in all", static_cast<uint64_t>(seeds * events),
                 std::to_string(seeds) +
                     " seeds in order, a configuration swapped in once in 150");
}

}  // namespace
}  // namespace callrouter
