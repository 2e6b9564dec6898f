// All small worlds: up to two agents, each with some of two skills, a queue for
// every set of skills, and every order of six events that can happen, one a
// second. The engine and its naive twin decide alike in all of them.
//
// Worlds that differ only in the names of skills, or of agents with the same
// skills, are one world.

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/oracle/scale.h"
#include "tests/oracle/twins.h"

namespace callrouter::oracle {
namespace {

enum class Deed {
  kArriveA,  // In the queue that needs skill a.
  kArriveB,
  kArriveBoth,
  kFirstIn,   // The first agent logs in.
  kSecondIn,  // The second.
  kAnswer,    // The oldest ring is answered and joined.
  kDecline,
  kEnd,      // The oldest conversation.
  kAbandon,  // The caller waiting longest.
};
constexpr int kDeeds = 9;

// Skill sets of the agents: 1 is a, 2 is b, 3 is both.
using People = std::vector<int>;

Configuration WorldOf(const People& people, AgentOrder order, CallRule rule) {
  Configuration config;
  static const char* const kNeeds[] = {"a", "b", "a and b"};
  for (int q = 0; q < 3; ++q) {
    QueueConfig queue;
    queue.name = "q" + std::to_string(q);
    queue.requirement = kNeeds[q];
    queue.strategy.order = order;
    queue.call_order.rule = rule;
    queue.ring = absl::Milliseconds(2'500);
    queue.wrap_up = absl::Milliseconds(1'500);
    queue.misses.skip_for_caller = absl::Milliseconds(1'500);
    config.queues.push_back(queue);
  }
  for (std::size_t a = 0; a < people.size(); ++a) {
    AgentConfig agent;
    agent.name = "agent " + std::to_string(a + 1);
    agent.ref = a + 1;
    if ((people[a] & 1) != 0) agent.skills.push_back({"a", 50});
    if ((people[a] & 2) != 0) agent.skills.push_back({"b", 40});
    config.agents.push_back(agent);
  }
  return config;
}

class World {
 public:
  World(const EngineOptions& options, const Configuration& config)
      : now_(absl::FromUnixSeconds(1'700'000'000)),
        twins_(options, config, now_) {}

  const Twins& twins() const { return twins_; }

  // False if the deed cannot be done now.
  bool Do(Deed deed) {
    now_ += absl::Seconds(1);
    twins_.Advance(now_);
    Watch();
    Event event;
    if (!EventOf(deed, &event)) return false;
    if (!twins_.same()) return true;
    twins_.Handle(event, now_);
    Watch();
    return true;
  }

  std::vector<bool> logged_in = {false, false};

 private:
  bool EventOf(Deed deed, Event* event) {
    switch (deed) {
      case Deed::kArriveA:
      case Deed::kArriveB:
      case Deed::kArriveBoth:
        *event = Event::CallArrived(++calls_,
                                    QueueId(static_cast<uint32_t>(deed), 1));
        return true;
      case Deed::kFirstIn:
      case Deed::kSecondIn: {
        const std::size_t agent = deed == Deed::kFirstIn ? 0 : 1;
        if (logged_in[agent]) return false;
        logged_in[agent] = true;
        *event = Event::ForAgentRef(EventKind::kAgentLogin, agent + 1);
        return true;
      }
      case Deed::kAnswer:
      case Deed::kDecline:
        if (ringing_.empty()) return false;
        *event =
            Event::ForOffer(deed == Deed::kAnswer ? EventKind::kOfferConnected
                                                  : EventKind::kOfferDeclined,
                            ringing_.front());
        ringing_.erase(ringing_.begin());
        return true;
      case Deed::kEnd:
      case Deed::kAbandon: {
        const CallPlace place =
            deed == Deed::kEnd ? CallPlace::kConnected : CallPlace::kWaiting;
        uint64_t first = 0;
        for (const CallId id : twins_.engine().Calls()) {
          const CallView view = twins_.engine().View(id);
          if (view.place == place && (first == 0 || view.ref < first)) {
            first = view.ref;
          }
        }
        *event = Event::ForCallRef(EventKind::kCallEnded, first);
        return first != 0;
      }
    }
    return false;
  }

  void Watch() {
    for (const Decision& d : twins_.decisions()) {
      if (d.kind == DecisionKind::kOffer) ringing_.push_back(d.offer);
      if (d.kind == DecisionKind::kCancelOffer) std::erase(ringing_, d.offer);
    }
  }

  absl::Time now_;
  Twins twins_;
  uint64_t calls_ = 0;
  std::vector<OfferId> ringing_;
};

class AllWorlds {
 public:
  AllWorlds(const People& people, AgentOrder order, CallRule rule,
            std::size_t events)
      : people_(people),
        config_(WorldOf(people, order, rule)),
        events_(events) {}

  int64_t Count() {
    Visit();
    return worlds_;
  }

 private:
  // Every world that begins with deeds_; counted at full length.
  void Visit() {
    for (int d = 0; d < kDeeds; ++d) {
      const Deed deed = static_cast<Deed>(d);
      if (deed == Deed::kSecondIn && people_.size() < 2) continue;
      deeds_.push_back(deed);
      const bool possible = Play();
      if (::testing::Test::HasFatalFailure()) return;
      if (possible && deeds_.size() == events_) {
        ++worlds_;
      } else if (possible) {
        Visit();
        if (::testing::Test::HasFatalFailure()) return;
      }
      deeds_.pop_back();
    }
  }

  bool Play() {
    EngineOptions options;
    options.calls_max = 8;
    options.agents_max = 2;
    options.audit_after = absl::Hours(720);
    options.tombstones_max = 8;
    World world(options, config_);
    for (const Deed deed : deeds_) {
      // Equal agents come in one order only.
      if (deed == Deed::kSecondIn && people_[0] == people_[1] &&
          !world.logged_in[0]) {
        return false;
      }
      if (!world.Do(deed)) return false;
      Agree(world);
      if (::testing::Test::HasFatalFailure()) return false;
    }
    return true;
  }

  void Agree(const World& world) {
    if (world.twins().same()) return;
    std::string story;
    for (const Deed deed : deeds_) {
      story += " " + std::to_string(static_cast<int>(deed));
    }
    FAIL() << "deeds" << story << "\n" << world.twins().difference();
  }

  People people_;
  Configuration config_;
  std::size_t events_;
  std::vector<Deed> deeds_;
  int64_t worlds_ = 0;
};

int64_t CountWorlds(AgentOrder order, CallRule rule, std::size_t events) {
  // Up to the names of the two skills.
  static const std::vector<People> kPeople = {{1},    {3},    {1, 1},
                                              {1, 2}, {1, 3}, {3, 3}};
  int64_t worlds = 0;
  for (const People& people : kPeople) {
    worlds += AllWorlds(people, order, rule, events).Count();
    if (::testing::Test::HasFatalFailure()) return worlds;
  }
  return worlds;
}

void ReportWorlds(const std::string& what, int64_t worlds) {
  Report(what, static_cast<uint64_t>(worlds), "worlds, no difference");
}

TEST(OracleSmallWorldsTest, EveryOrderOfSixEvents) {
  EXPECT_EQ(CountWorlds(AgentOrder::kLongestIdle, CallRule::kAge, 5), 19'178);
  if (kSanitized || HasFatalFailure()) return;
  const int64_t worlds =
      CountWorlds(AgentOrder::kLongestIdle, CallRule::kAge, 6);
  EXPECT_EQ(worlds, 108'996);
  ReportWorlds("every order of 6 events, longest idle", worlds);
}

// Which events can happen, and so the number of worlds, depends on the
// strategy: a ring that was declined goes on elsewhere or does not.
TEST(OracleSmallWorldsTest, OtherStrategies) {
  const bool all = Rounds(0, 1) == 1;
  for (int order = 2; order <= 11; ++order) {
    const CallRule rule = static_cast<CallRule>(1 + order % 4);
    const std::size_t events = all ? 6 : 4;
    const int64_t worlds =
        CountWorlds(static_cast<AgentOrder>(order), rule, events);
    EXPECT_GT(worlds, all ? 100'000 : 2'000);
    if (HasFatalFailure()) return;
    ReportWorlds("every order of " + std::to_string(events) +
                     " events, agent order " + std::to_string(order),
                 worlds);
  }
}

}  // namespace
}  // namespace callrouter::oracle
