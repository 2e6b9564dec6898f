// A search cut at residual_scan_max goes on at an immediate deadline. When
// nothing else happens in between it must end where one that was never cut
// does. The naive twin never cuts, so here an engine is compared with itself:
// from one saved state, with the least limit and with one never reached.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "callrouter/engine.h"
#include "tests/oracle/random_world.h"
#include "tests/oracle/scale.h"

namespace callrouter::oracle {
namespace {

constexpr int kAgents = 150;
constexpr int kQueues = 3;
constexpr int kTraits = 12;

std::string Trait(uint64_t t) { return "t" + std::to_string(t); }

Configuration Centre(Dice* dice) {
  Configuration config;
  config.prefer_low_penalty = dice->OneIn(2);
  for (int q = 0; q < kQueues; ++q) {
    QueueConfig queue;
    queue.name = "q" + std::to_string(q);
    queue.strategy.order = static_cast<AgentOrder>(dice->Int(1, 11));
    queue.call_order.rule = static_cast<CallRule>(dice->Int(1, 4));
    queue.weight = dice->Int(0, 1);
    if (dice->OneIn(2)) queue.requirement = "not " + Trait(dice->Below(12));
    config.queues.push_back(queue);
  }
  for (int a = 0; a < kAgents; ++a) {
    AgentConfig agent;
    agent.name = "a" + std::to_string(a);
    agent.ref = static_cast<uint64_t>(a) + 1;
    for (int t = 0; t < kTraits; ++t) {
      if (dice->OneIn(3))
        agent.skills.push_back(
            {Trait(static_cast<uint64_t>(t)), dice->Int(1, 9)});
    }
    if (dice->OneIn(2)) {
      Membership member;
      member.queue = "q" + std::to_string(dice->Int(0, kQueues - 1));
      member.penalty = dice->Int(0, 1);
      member.position = dice->Int(0, 3);
      agent.memberships.push_back(member);
    }
    config.agents.push_back(agent);
  }
  return config;
}

// Of a few agents, and none twice the same.
std::string Needs(Dice* dice) {
  std::string needs = Trait(dice->Below(kTraits));
  for (int i = 0; i < 3; ++i) needs += " and " + Trait(dice->Below(kTraits));
  return needs + " and not " + Trait(dice->Below(kTraits)) + " >= 5";
}

EngineOptions Options(uint64_t seed, int32_t scan) {
  EngineOptions options;
  options.seed = seed;
  options.groups_max = seed % 2 == 0 ? 1 : 100'000;
  options.residual_scan_max = scan;
  return options;
}

using Offers = std::vector<std::tuple<uint64_t, uint64_t, uint32_t, Reason>>;

void Collect(const Decisions& decisions, Offers* offers) {
  for (const Decision& d : decisions) {
    if (d.kind != DecisionKind::kOffer) continue;
    offers->push_back({d.call_ref, d.agent_ref, d.queue.slot(), d.reason});
  }
}

// All offers `event` leads to when the engine is then left alone.
Offers OffersOf(Engine* engine, const Event& event, absl::Time now) {
  Offers offers;
  Decisions out;
  EXPECT_TRUE(engine->Handle(event, now, &out).ok());
  while (engine->next_deadline() < now + absl::Milliseconds(1)) {
    engine->Advance(engine->next_deadline(), &out);
  }
  Collect(out, &offers);
  std::sort(offers.begin(), offers.end());
  return offers;
}

uint64_t Continued(const Engine& engine) {
  Statistics statistics;
  engine.CopyStatistics(&statistics);
  return statistics.engine.searches_continued;
}

class History {
 public:
  explicit History(uint64_t seed) : seed_(seed), dice_(seed) {
    auto engine =
        Engine::Create(Options(seed, 1'000'000), Centre(&dice_), now_);
    EXPECT_TRUE(engine.ok()) << engine.status();
    if (engine.ok()) engine_ = *std::move(engine);
  }

  // One event more, also tried by engines that cut and that do not. How often
  // the search was cut.
  uint64_t Step() {
    // Odd times: no timer is due together with the event.
    now_ += absl::Microseconds(dice_.Int(300'000, 700'000));
    Decisions out;
    engine_->Advance(now_, &out);
    now_ += absl::Microseconds(1);
    const Event event = Next();
    std::string state;
    engine_->Save(&state);
    auto cut = Engine::Load(Options(seed_, 16), state);
    auto whole = Engine::Load(Options(seed_, 1'000'000), state);
    EXPECT_TRUE(cut.ok() && whole.ok()) << cut.status() << whole.status();
    if (!cut.ok() || !whole.ok()) return 0;
    EXPECT_EQ(OffersOf(cut->get(), event, now_),
              OffersOf(whole->get(), event, now_))
        << EventKindName(event.kind) << " call " << event.call_ref << " agent "
        << event.agent_ref << " needs " << event.text;
    const absl::Status holds = (*cut)->CheckInvariants();
    EXPECT_TRUE(holds.ok()) << holds;
    EXPECT_TRUE(engine_->Handle(event, now_, &out).ok());
    for (const Decision& d : out) {
      if (d.kind == DecisionKind::kOffer) ringing_.push_back(d.offer);
    }
    return Continued(**cut) - Continued(**whole);
  }

 private:
  Event Next() {
    const uint64_t dice = dice_.Below(10);
    if (dice == 0 && !ringing_.empty()) {
      const OfferId offer = ringing_.back();
      ringing_.pop_back();
      return Event::ForOffer(dice_.OneIn(2) ? EventKind::kOfferDeclined
                                            : EventKind::kOfferConnected,
                             offer);
    }
    // By turns many agents and few calls, many calls and few agents.
    const bool agents_come = steps_++ / 50 % 2 == 0;
    if (dice < 6) {
      const EventKind kind = agents_come == (dice < 5)
                                 ? EventKind::kAgentLogin
                                 : EventKind::kAgentLogout;
      return Event::ForAgentRef(kind, 1 + dice_.Below(kAgents));
    }
    Event event = Event::CallArrived(
        ++calls_, QueueId(static_cast<uint32_t>(dice_.Below(kQueues)), 1));
    event.priority = dice_.Int(0, 2);
    needs_ = dice_.OneIn(8) ? "" : Needs(&dice_);
    event.text = needs_;
    return event;
  }

  uint64_t seed_;
  SeededDice dice_;
  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
  std::unique_ptr<Engine> engine_;
  std::vector<OfferId> ringing_;
  std::string needs_;
  uint64_t calls_ = 0;
  int steps_ = 0;
};

TEST(OracleCutSearchTest, ACutSearchEndsLikeAWholeOne) {
  const int seeds = ScaledRounds(8, 400);
  uint64_t cuts = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    History history(static_cast<uint64_t>(seed));
    for (int i = 0; i < 200; ++i) {
      cuts += history.Step();
      if (::testing::Test::HasFailure()) return;
    }
  }
  RecordProperty("cuts", std::to_string(cuts));
  EXPECT_GT(cuts, static_cast<uint64_t>(seeds) * 50);
}

}  // namespace
}  // namespace callrouter::oracle
