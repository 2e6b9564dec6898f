#include "callrouter/configuration.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/good_configuration.h"

namespace callrouter {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct WrongCase {
  std::string fault;
  std::function<void(Configuration*)> spoil;
};

void ExpectFaults(const std::vector<WrongCase>& cases) {
  for (const WrongCase& wrong : cases) {
    Configuration config = Good();
    wrong.spoil(&config);
    EXPECT_THAT(FaultsOf(config), ElementsAre(wrong.fault));
  }
}

TEST(ConfigurationTest, GoodAndEmptyHaveNoFaults) {
  EXPECT_THAT(FaultsOf(Good()), IsEmpty());
  EXPECT_THAT(FaultsOf(Configuration()), IsEmpty());
}

TEST(ConfigurationTest, WrongNamesAndReferences) {
  ExpectFaults({
      {"queue[1].name: \"sales\" a second time",
       [](Configuration* c) {
         c->queues[1].name = "sales";
         c->queues[0].requirement.clear();
         c->queues[0].entry = {};
         c->plans[0].steps.pop_back();
       }},
      {"queue[2].name: nothing",
       [](Configuration* c) { c->queues.push_back(Queue("")); }},
      {"queue[2].name: \"a\\x0ab\"",
       [](Configuration* c) { c->queues.push_back(Queue("a\nb")); }},
      {"queue[0].medium: \"fax\"",
       [](Configuration* c) { c->queues[0].medium = "fax"; }},
      {"queue[0].plan: \"overfow\"",
       [](Configuration* c) { c->queues[0].plan = "overfow"; }},
      {"queue[0].hours: \"x\"",
       [](Configuration* c) { c->queues[0].hours = "x"; }},
      {"queue[0].entry.when_closed.move_to_queue: \"x\"",
       [](Configuration* c) { c->queues[0].entry.when_closed.queue = "x"; }},
      {"queue[0].entry.when_closed.move_to_queue: the queue itself",
       [](Configuration* c) {
         c->queues[0].entry.when_closed.queue = "sales";
       }},
      {"plan[0].step[1].id: \"wider\" a second time",
       [](Configuration* c) { c->plans[0].steps[1].id = "wider"; }},
      {"plan[0].step[1].move_to_queue: nothing",
       [](Configuration* c) { c->plans[0].steps[1].queue.clear(); }},
      {"agent[0].ref: 0", [](Configuration* c) { c->agents[0].ref = 0; }},
      {"agent[1].ref: 101 a second time",
       [](Configuration* c) {
         c->agents.push_back(c->agents[0]);
         c->agents[1].name = "bob";
       }},
      {"agent[0].skill[1].name: \"sales\" a second time",
       [](Configuration* c) { c->agents[0].skills[1].name = "sales"; }},
      {"agent[0].attribute[0].name: \"a`b\"",
       [](Configuration* c) { c->agents[0].attributes[0].name = "a`b"; }},
      {"agent[0].membership[0].queue: \"x\"",
       [](Configuration* c) { c->agents[0].memberships[0].queue = "x"; }},
      {"agent[0].membership[1].queue: \"sales\" again",
       [](Configuration* c) {
         c->agents[0].memberships.push_back(c->agents[0].memberships[0]);
       }},
      {"agent[0].capacity[1].medium: \"fax\"",
       [](Configuration* c) { c->agents[0].capacities[1].medium = "fax"; }},
      {"agent[0].capacity[1].medium: \"voice\" again",
       [](Configuration* c) { c->agents[0].capacities[1].medium = "voice"; }},
      {"medium[0].not_while_handling[0]: \"fax\"",
       [](Configuration* c) { c->media[0].not_while_handling = {"fax"}; }},
      {"medium: 5 media with \"voice\"",
       [](Configuration* c) {
         for (const char* name : {"a", "b", "c"}) {
           c->media.push_back({name, {}});
         }
       }},
  });
}

TEST(ConfigurationTest, WrongRequirements) {
  ExpectFaults({
      {"queue[0].requirement:7: '='",
       [](Configuration* c) { c->queues[0].requirement = "sales => 3"; }},
      {"queue[0].requirement:7: \"x\"",
       [](Configuration* c) {
         c->queues[0].requirement = "a and penalty(\"x\") < 2";
       }},
      {"queue[0].reserve[0].agents:1: 'and'",
       [](Configuration* c) { c->queues[0].reserve[0].agents = "and"; }},
      {"plan[0].step[0].widen:3: the end",
       [](Configuration* c) { c->plans[0].steps[0].requirement = "(a"; }},
      {"plan[0].step[0].replace:3: the end",
       [](Configuration* c) {
         c->plans[0].steps[0].requirement = "(a";
         c->plans[0].steps[0].action = StepAction::kReplace;
       }},
  });
}

TEST(ConfigurationTest, KnownNamesCatchMisspelling) {
  Configuration config = Good();
  config.known_skills = {"sales", "expert"};
  config.known_attributes = {"region"};
  EXPECT_THAT(FaultsOf(config), IsEmpty());
  config.plans[0].steps[0].requirement = "not saless or regoin == \"x\"";
  config.agents[0].skills[1].name = "exprt";
  config.agents[0].attributes[0].name = "rgion";
  config.known_skills.push_back("sales");
  EXPECT_THAT(FaultsOf(config),
              ElementsAre("plan[0].step[0].widen:5: \"saless\"",
                          "plan[0].step[0].widen:15: \"regoin\"",
                          "agent[0].skill[1].name: \"exprt\"",
                          "agent[0].attribute[0].name: \"rgion\"",
                          "known_skill[2]: \"sales\" a second time"));
}

TEST(ConfigurationTest, WrongDurations) {
  const absl::Duration negative = -absl::Seconds(1);
  const absl::Duration endless = absl::InfiniteDuration();
  ExpectFaults({
      {"queue[0].ring: 0",
       [](Configuration* c) { c->queues[0].ring = absl::ZeroDuration(); }},
      {"queue[0].ring: inf",
       [=](Configuration* c) { c->queues[0].ring = endless; }},
      {"queue[0].ring: 1000h0.000001s",
       [](Configuration* c) {
         c->queues[0].ring = absl::Hours(1000) + absl::Microseconds(1);
       }},
      {"queue[0].ring: 1.5us",
       [](Configuration* c) { c->queues[0].ring = absl::Nanoseconds(1500); }},
      {"queue[0].wrap_up: -1s",
       [=](Configuration* c) { c->queues[0].wrap_up = negative; }},
      {"queue[0].service_level_target: 0",
       [](Configuration* c) {
         c->queues[0].service_level_target = absl::ZeroDuration();
         c->queues[0].call_order.rule = CallRule::kServiceLevel;
       }},
      {"queue[0].short_abandon: -1s",
       [=](Configuration* c) { c->queues[0].short_abandon = negative; }},
      {"queue[0].preferred_patience: inf",
       [=](Configuration* c) { c->queues[0].preferred_patience = endless; }},
      {"queue[0].strategy.progressive_interval: 0",
       [](Configuration* c) {
         c->queues[0].strategy.progressive_interval = absl::ZeroDuration();
       }},
      {"queue[0].call_order.priority_worth: -1s",
       [=](Configuration* c) {
         c->queues[0].call_order.priority_worth = negative;
       }},
      {"queue[0].call_order.ceiling: -1s",
       [=](Configuration* c) { c->queues[0].call_order.ceiling = negative; }},
      {"queue[0].misses.pause_return: 0",
       [](Configuration* c) {
         c->queues[0].misses.pause_return = absl::ZeroDuration();
       }},
      {"queue[0].misses.cool_off_busy: -1s",
       [=](Configuration* c) { c->queues[0].misses.cool_off_busy = negative; }},
      {"queue[0].misses.skip_for_caller: inf",
       [=](Configuration* c) {
         c->queues[0].misses.skip_for_caller = endless;
       }},
      {"plan[0].step[0].after: -1s",
       [=](Configuration* c) { c->plans[0].steps[0].after = negative; }},
      {"agent[0].membership[0].ring: 0",
       [](Configuration* c) {
         c->agents[0].memberships[0].ring = absl::ZeroDuration();
       }},
      {"agent[0].wrap_up: -inf",
       [](Configuration* c) {
         c->agents[0].wrap_up = -absl::InfiniteDuration();
       }},
  });
}

TEST(ConfigurationTest, WrongNumbersAndEnumerations) {
  ExpectFaults({
      {"queue[0].weight: 1000001",
       [](Configuration* c) { c->queues[0].weight = 1'000'001; }},
      {"queue[0].entry.waiting_max: -1",
       [](Configuration* c) { c->queues[0].entry.waiting_max = -1; }},
      {"queue[0].reserve_above: -2",
       [](Configuration* c) { c->queues[0].reserve_above = -2; }},
      {"queue[0].reserve[0].keep_idle: -1",
       [](Configuration* c) { c->queues[0].reserve[0].keep_idle = -1; }},
      {"queue[0].strategy.offers_max: -1",
       [](Configuration* c) { c->queues[0].strategy.offers_max = -1; }},
      {"queue[0].strategy.order: 99",
       [](Configuration* c) {
         c->queues[0].strategy.order = static_cast<AgentOrder>(99);
       }},
      {"queue[0].strategy.ring: 0",
       [](Configuration* c) {
         c->queues[0].strategy.ring = static_cast<RingMode>(0);
       }},
      {"queue[0].call_order.acceleration: 100001 thousandths",
       [](Configuration* c) {
         c->queues[0].call_order.acceleration_milli = 100'001;
       }},
      {"queue[0].entry.when_full.hang_up: cause 7",
       [](Configuration* c) {
         c->queues[0].entry.when_full.cause = Cause::kFailed;
       }},
      {"queue[0].entry.when_nobody_logged_in: 77",
       [](Configuration* c) {
         c->queues[0].entry.when_nobody_logged_in.kind =
             static_cast<EntryActionKind>(77);
       }},
      {"queue[0].entry.when_nobody_available.send_outside.destination: "
       "nothing",
       [](Configuration* c) {
         c->queues[0].entry.when_nobody_available.kind =
             EntryActionKind::kSendOutside;
       }},
      {"queue[0].misses.pause_after: -3",
       [](Configuration* c) { c->queues[0].misses.pause_after = -3; }},
  });
}

TEST(ConfigurationTest, WrongNumbersInPlansAndAgents) {
  ExpectFaults({
      {"plan[0].step[0]: 0",
       [](Configuration* c) {
         c->plans[0].steps[0].action = static_cast<StepAction>(0);
       }},
      {"plan[0].step[0].when.queue_longer_than: -2",
       [](Configuration* c) {
         c->plans[0].steps[0].when.queue_longer_than = -2;
       }},
      {"plan[0].last: another action",
       [](Configuration* c) {
         c->plans[0].last.kind = EntryActionKind::kAdmit;
       }},
      {"plan[0].last.send_outside.ring: 5s",
       [](Configuration* c) {
         c->plans[0].last = {EntryActionKind::kSendOutside,
                             Cause::kNormal,
                             {"tel:1", absl::Seconds(5)},
                             {}};
       }},
      {"agent[0].skill[0].level: 0",
       [](Configuration* c) { c->agents[0].skills[0].level = 0; }},
      {"agent[0].skill[0].level: 101",
       [](Configuration* c) { c->agents[0].skills[0].level = 101; }},
      {"agent[0].capacity[1].simultaneous: 65",
       [](Configuration* c) { c->agents[0].capacities[1].simultaneous = 65; }},
      {"agent[0].membership[0].penalty: -1",
       [](Configuration* c) { c->agents[0].memberships[0].penalty = -1; }},
      {"agent[0].weight: 0", [](Configuration* c) { c->agents[0].weight = 0; }},
  });
}

TEST(ConfigurationTest, WrongHours) {
  ExpectFaults({
      {"hours[0].open[0].day: 7",
       [](Configuration* c) { c->hours[0].open[0].weekday = 7; }},
      {"hours[0].open[0].from: 1440",
       [](Configuration* c) { c->hours[0].open[0].from_minute = 1440; }},
      {"hours[0].open[0].to: 1441",
       [](Configuration* c) { c->hours[0].open[0].to_minute = 1441; }},
      {"hours[0].holiday[0].date: 2027-02-29",
       [](Configuration* c) { c->hours[0].holidays[0].year = 2027; }},
      {"hours[0].holiday[0].date: 2028-13-29",
       [](Configuration* c) { c->hours[0].holidays[0].month = 13; }},
      {"hours[0].holiday[1].date: 2028-02-29 a second time",
       [](Configuration* c) {
         c->hours[0].holidays.push_back({2028, 2, 29, {{0, 60, 120}}});
       }},
      {"hours[0].transitions[0]: 2001-09-09T01:46:40+00:00",
       [](Configuration* c) {
         c->hours[0].transitions.erase(c->hours[0].transitions.begin());
       }},
      {"hours[0].transitions[2]: 2001-09-09T01:46:40+00:00",
       [](Configuration* c) {
         c->hours[0].transitions.push_back(c->hours[0].transitions[1]);
       }},
      {"hours[0].transitions[1].offset_seconds: 90000",
       [](Configuration* c) {
         c->hours[0].transitions[1].offset_seconds = 90'000;
       }},
  });
}

TEST(ConfigurationTest, TooManySteps) {
  Configuration config = Good();
  for (int i = 0; i < kPlanStepsMax; ++i) {
    config.plans[0].steps.insert(
        config.plans[0].steps.begin(),
        StepOf("s" + std::to_string(i), 1, StepAction::kRaisePriority));
  }
  EXPECT_THAT(FaultsOf(config), ElementsAre("plan[0].step: 34 steps"));
}

TEST(ConfigurationTest, AllFaultsAtOnceInOrder) {
  Configuration config = Good();
  config.queues[0].ring = -absl::Seconds(1);
  config.queues[1].requirement = "(";
  config.plans[0].steps[0].id.clear();
  config.hours[0].open[0].weekday = -1;
  config.agents[0].ref = 0;
  config.agents[0].skills[0].level = 200;
  EXPECT_THAT(
      FaultsOf(config),
      ElementsAre("queue[0].ring: -1s",
                  "queue[1].requirement:2: the "
                  "end",
                  "plan[0].step[0].id: nothing", "hours[0].open[0].day: -1",
                  "agent[0].ref: 0", "agent[0].skill[0].level: 200"));
}

}  // namespace
}  // namespace callrouter
