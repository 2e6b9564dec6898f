#include "callrouter/config_file.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "callrouter/v1/config.pb.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

namespace callrouter {
namespace {

using google::protobuf::util::MessageDifferencer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Every fault without the file's name, which must be "f".
std::vector<std::string> FaultsOf(std::string_view text) {
  std::vector<FileFault> faults;
  const absl::StatusOr<Configuration> config = ParseConfig(text, "f", &faults);
  EXPECT_EQ(config.ok(), faults.empty());
  std::vector<std::string> texts;
  for (const FileFault& fault : faults) {
    std::string line = fault.ToString();
    EXPECT_EQ(line.substr(0, 2), "f:");
    EXPECT_FALSE(fault.expected.empty()) << line;
    texts.push_back(line.substr(2));
  }
  if (!config.ok()) {
    EXPECT_EQ(config.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(config.status().message()),
                HasSubstr(texts.front()));
  }
  return texts;
}

constexpr char kGood[] = R"text(# A small centre.
name: "centre"
queue {
  name: "sales"
  requirement: "sales >= 3 and (lang_fr or region == \"QC\")"
  members_only: true
  strategy { order: LEAST_OCCUPIED ring: PROGRESSIVE offers_max: 4
             progressive_interval: "7s" }
  ring: "20s" wrap_up: "1m30s" weight: 5
  service_level_target: "30s" short_abandon: "1500ms"
  plan: "overflow" hours: "office"
  entry {
    when_closed { hang_up { cause: "closed" } }
    when_nobody_logged_in { move_to_queue: "support" }
    when_nobody_available { admit: true }
    waiting_max: 40
    when_full { send_outside { destination: "tel:+18005550100" ring: "30s" } }
  }
  call_order { rule: ACCELERATED acceleration: 0.25 priority_worth: "90s"
               ceiling: "10m" }
  misses { pause_after: 3 pause_return: "5m" cool_off_busy: "10s" }
  reserve { agents: "expert" keep_idle: 2 }
  reserve_above: 0
  preferred_patience: "15s"
}
queue { name: "support" medium: "chat" }
plan {
  name: "overflow"
  step { id: "wider" after: "10s" widen: "sales" }
  step { id: "up" after: "5s" since_previous: true raise_priority: -2
         when { queue_longer_than: 0 nobody_available: true } }
  step { id: "desk" after: "20s" finish_ring: true
         send_outside { destination: "desk" ring: "20s" } }
  step { id: "both" after: "30s" also_offer: "support" }
  step { id: "end" after: "5m" hang_up { cause: "no_answer" } }
  last { send_outside { destination: "voicemail" } }
}
hours {
  name: "office" time_zone: "Europe/Rome"
  open { day: ["mon-wed", "fri"] from: "09:00" to: "18:00" }
  open { day: "sat-sun" from: "22:00" to: "02:30" }
  holiday { date: "2026-12-25" name: "Christmas" }
  holiday { date: "2026-12-24" open { from: "09:00" to: "24:00" } }
}
agent {
  name: "ann" ref: 18446744073709551615
  skill { name: "sales" level: 5 } skill { name: "expert" level: 100 }
  attribute { name: "region" value: "QC" }
  membership { queue: "sales" penalty: 2 position: 1 ring: "10s"
               wrap_up: "0s" weight: 3 reserve: true }
  capacity { medium: "voice" simultaneous: 1 }
  capacity { medium: "chat" simultaneous: 3 }
  wrap_up: "30s" weight: 2
}
agent { name: "bob" ref: 102 }
call_choice { prefer_low_penalty: true }
medium { name: "chat" not_while_handling: "voice" }
known_skill: ["sales", "lang_fr", "expert"]
known_attribute: "region"
)text";

TEST(ConfigFileTest, ReadsEveryField) {
  std::vector<FileFault> faults;
  const absl::StatusOr<Configuration> config = ParseConfig(kGood, "f", &faults);
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->name, "centre");
  const QueueConfig& sales = config->queues[0];
  EXPECT_EQ(sales.requirement, "sales >= 3 and (lang_fr or region == \"QC\")");
  EXPECT_EQ(sales.strategy.order, AgentOrder::kLeastOccupied);
  EXPECT_EQ(sales.strategy.ring, RingMode::kProgressive);
  EXPECT_EQ(sales.strategy.progressive_interval, absl::Seconds(7));
  EXPECT_EQ(sales.wrap_up, absl::Seconds(90));
  EXPECT_EQ(sales.short_abandon, absl::Milliseconds(1500));
  EXPECT_EQ(sales.entry.when_closed.cause, Cause::kClosed);
  EXPECT_EQ(sales.entry.when_nobody_logged_in.queue, "support");
  EXPECT_EQ(sales.entry.when_full.outside.ring, absl::Seconds(30));
  EXPECT_EQ(sales.call_order.rule, CallRule::kAccelerated);
  EXPECT_EQ(sales.call_order.acceleration_milli, 250);
  EXPECT_EQ(sales.misses.pause_return, absl::Minutes(5));
  EXPECT_EQ(sales.misses.skip_for_caller, absl::Seconds(30));
  EXPECT_EQ(sales.reserve_above, 0);
  EXPECT_EQ(config->queues[1].reserve_above, -1);
  EXPECT_EQ(config->queues[1].ring, absl::Seconds(15));
  EXPECT_EQ(config->queues[1].entry.when_full.cause, Cause::kBusy);
  const Plan& plan = config->plans[0];
  ASSERT_EQ(plan.steps.size(), 5U);
  EXPECT_EQ(plan.steps[1].when.queue_longer_than, 0);
  EXPECT_EQ(plan.steps[1].priority, -2);
  EXPECT_EQ(plan.steps[2].outside.destination, "desk");
  EXPECT_EQ(plan.steps[4].cause, Cause::kNoAnswer);
  EXPECT_EQ(plan.last.kind, EntryActionKind::kSendOutside);
  EXPECT_EQ(plan.last.outside.ring, absl::InfiniteDuration());
  const HoursConfig& hours = config->hours[0];
  ASSERT_EQ(hours.open.size(), 6U);
  EXPECT_EQ(hours.open[3].weekday, 4);
  EXPECT_EQ(hours.open[4].weekday, 5);
  EXPECT_EQ(hours.open[4].to_minute, 150);
  EXPECT_EQ(hours.holidays[1].open[0].to_minute, 1440);
  const AgentConfig& ann = config->agents[0];
  EXPECT_EQ(ann.ref, UINT64_MAX);
  EXPECT_EQ(ann.memberships[0].wrap_up, absl::ZeroDuration());
  EXPECT_EQ(ann.wrap_up, absl::Seconds(30));
  EXPECT_EQ(config->agents[1].wrap_up, absl::InfiniteDuration());
  EXPECT_EQ(config->agents[1].weight, 1);
  EXPECT_TRUE(config->prefer_low_penalty);
  EXPECT_EQ(config->media[0].not_while_handling[0], "voice");
}

TEST(ConfigFileTest, ZonesBecomeTransitions) {
  const Configuration config = *ParseConfig(kGood, "f", nullptr);
  const HoursConfig& rome = config.hours[0];
  EXPECT_EQ(rome.transitions.front().at, absl::InfinitePast());
  EXPECT_GT(rome.transitions.size(), 200U);
  EXPECT_LT(rome.transitions.size(), 400U);
  absl::TimeZone zone;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Rome", &zone));
  const OpeningHours hours(rome);
  for (int day = 0; day < 365 * 130; day += 3) {
    const absl::Time at = absl::UnixEpoch() + absl::Hours(24 * day + day % 24);
    const absl::TimeZone::CivilInfo local = zone.At(at);
    const int minute = local.cs.hour() * 60 + local.cs.minute();
    const int weekday = static_cast<int>(
        absl::GetWeekday(absl::CivilDay(local.cs)));  // 0 = Monday.
    if (weekday > 0 && weekday < 3 && local.cs.year() != 2026) {
      ASSERT_EQ(hours.IsOpen(at), minute >= 540 && minute < 1080) << at;
    }
  }
}

TEST(ConfigFileTest, MessageTextAndJsonAreOneThing) {
  const Configuration config = *ParseConfig(kGood, "f", nullptr);
  const v1::Config message = ToProto(config);
  const absl::StatusOr<Configuration> from_text =
      ParseConfig(ConfigToText(message), "f", nullptr);
  ASSERT_TRUE(from_text.ok()) << from_text.status();
  EXPECT_TRUE(MessageDifferencer::Equals(ToProto(*from_text), message));
  for (bool keep_names : {false, true}) {
    google::protobuf::util::JsonPrintOptions options;
    options.preserve_proto_field_names = keep_names;
    options.add_whitespace = keep_names;
    std::string json;
    ASSERT_TRUE(
        google::protobuf::util::MessageToJsonString(message, &json, options)
            .ok());
    const absl::StatusOr<Configuration> from_json =
        ParseConfig(json, "f", nullptr);
    ASSERT_TRUE(from_json.ok()) << from_json.status() << json;
    EXPECT_TRUE(MessageDifferencer::Equals(ToProto(*from_json), message));
  }
  std::vector<FileFault> faults;
  const absl::StatusOr<Configuration> direct = FromProto(message, &faults);
  ASSERT_TRUE(direct.ok()) << direct.status();
  EXPECT_THAT(faults, IsEmpty());
  EXPECT_TRUE(MessageDifferencer::Equals(ToProto(*direct), message));
  EXPECT_EQ(direct->hours[0].transitions.size(),
            config.hours[0].transitions.size());
}

TEST(ConfigFileTest, EmptyFilesAreEmptyConfigurations) {
  EXPECT_THAT(FaultsOf(""), IsEmpty());
  EXPECT_THAT(FaultsOf(" # nothing\n"), IsEmpty());
  EXPECT_THAT(FaultsOf("{}"), IsEmpty());
}

TEST(ConfigFileTest, AllFaultsOfATextFileAtTheirPlaces) {
  EXPECT_THAT(
      FaultsOf("queue {\n"
               "  name: \"sales\"\n"
               "  requirement: \"sales >= 3 lang_fr\"\n"
               "\tring: \"15\"\n"
               "  wrapup: \"10s\"\n"
               "  strategy { order: LONGEST ring: ALL }\n"
               "  weight: \"7\"  service_level_target: 20\n"
               "  plan: \"missing\"\n"
               "}\n"
               "agent { name: \"ann\" ref: -1\n"
               "  skill { name: \"sales\" level: 500 } }\n"),
      ElementsAre(
          "3:28: queue[0].requirement: found 'lang_fr', expected \"and\", "
          "\"or\" or the end",
          "4:8: queue[0].ring: found \"15\", expected a duration with a unit; "
          "write \"15s\"",
          "5:3: queue[0].wrapup: found an unknown field, expected "
          "\"wrap_up\"",
          "6:21: queue[0].strategy.order: found LONGEST, expected one of "
          "LONGEST_IDLE, LONGEST_READY, FEWEST_CALLS, LEAST_TALK_TIME, "
          "LEAST_OCCUPIED, MOST_SKILLED, LEAST_SKILLED, ROUND_ROBIN, LINEAR, "
          "RANDOM, WEIGHTED_RANDOM",
          "7:11: queue[0].weight: found \"7\", expected a whole number from "
          "-2147483648 to 2147483647",
          "7:38: queue[0].service_level_target: found 20, expected text in "
          "double quotes; a duration has a unit too, write \"20s\"",
          "8:9: queue[0].plan: found \"missing\", expected the name of a plan",
          "10:26: agent[0].ref: found -1, expected a whole number from 0 to "
          "18446744073709551615",
          "11:32: agent[0].skill[0].level: found 500, expected a number from "
          "1 to 100"));
}

TEST(ConfigFileTest, AllFaultsOfAJsonFileAtTheirPlaces) {
  EXPECT_THAT(
      FaultsOf("{\n"
               "  \"queue\": [\n"
               "    {\"name\": \"a\", \"ring\": 15, \"wrap_up\": \"x\"},\n"
               "    {\"name\": \"a\", \"membersOnly\": \"yes\", \"x\": {}},\n"
               "    7,\n"
               "    {\"name\": \"b\", \"requirement\": "
               "\"r == \\\"\\u00e9\\\" (\"}\n"
               "  ],\n"
               "  \"agent\": {\"name\": \"ann\"}\n"
               "}\n"),
      ElementsAre(
          "3:27: queue[0].ring: found 15, expected text in double quotes; a "
          "duration has a unit too, write \"15s\"",
          "3:42: queue[0].wrap_up: found \"x\", expected a duration such as "
          "\"500ms\", \"15s\", \"2m30s\" or \"1h\"",
          "4:14: queue[1].name: found \"a\" a second time, expected a name "
          "not used before",
          "4:34: queue[1].members_only: found \"yes\", expected true or false",
          "4:41: queue[1].x: found an unknown field, expected a field of "
          "Queue: name, medium, requirement, members_only, strategy, ring, "
          "wrap_up, weight, service_level_target, short_abandon, plan, hours, "
          "entry, call_order, misses, reserve, reserve_above, "
          "preferred_patience",
          "5:5: queue[2]: found 7, expected an object",
          "5:5: queue[2].name: found nothing, expected a name of 1 to 200 "
          "bytes without control characters",
          "6:51: queue[3].requirement: found '(', expected \"and\", \"or\" or "
          "the end",
          "8:12: agent[0]: found a message, expected a list"));
}

TEST(ConfigFileTest, SyntaxFaultsDoNotHideTheRest) {
  EXPECT_THAT(
      FaultsOf("queue {\n"
               "  name \"a\"\n"
               "  ring = \"15s\"\n"
               "  wrap_up:\n"
               "  plan: \"none\"\n"
               "  weight: 5 %\n"
               "  reserve_above: [1 2]\n"
               "  hours: \"lost\n"
               "}\n"
               "agent { ref: 1 name: \"ann\" weight: -3 }\n"),
      ElementsAre("2:8: queue[0].name: found '\"a\"', expected ':' or '{'",
                  "3:8: queue[0].ring: found '=', expected ':' or '{'",
                  "5:3: queue[0].wrap_up: found 'plan', expected a value",
                  "5:9: queue[0].plan: found \"none\", expected the name of "
                  "a plan",
                  "6:13: queue[0]: found '%', expected the name of a field",
                  "7:21: queue[0].reserve_above: found '2', expected ',' or "
                  "']'",
                  "8:10: queue[0].hours: found \"lost\", expected the name of "
                  "hours",
                  "8:15: found the end of the line, expected protobuf text "
                  "(String literals cannot cross line boundaries)",
                  "10:36: agent[0].weight: found -3, expected a number from 1 "
                  "to 1000000"));
}

TEST(ConfigFileTest, BracesThatDoNotMatch) {
  EXPECT_THAT(
      FaultsOf("queue {\n  name: \"a\"\n  plan: \"later\"\n"),
      ElementsAre("4:1: queue[0]: found the end of the file, expected '}' for "
                  "what opens on line 1"));
  EXPECT_THAT(FaultsOf("queue { name: \"a\" } }\nqueue { ring: \"x\" }"),
              ElementsAre("1:21: found '}', expected the name of a field",
                          "2:15: queue[1].ring: found \"x\", expected a "
                          "duration such as \"500ms\", \"15s\", \"2m30s\" or "
                          "\"1h\""));
  EXPECT_THAT(FaultsOf("{\"queue\": [{\"name\": \"a\",}]}"),
              ElementsAre("1:25: queue[0]: found '}]}', expected JSON "
                          "(Missing a name for object member)"));
  EXPECT_THAT(FaultsOf("{\"queue\": [{\"ring\": \"5\"}"),
              ElementsAre("1:21: queue[0].ring: found \"5\", expected a "
                          "duration with a unit; write \"5s\"",
                          "1:25: queue[1]: found the end of the file, "
                          "expected JSON (Missing a comma or ']' after an "
                          "array element)"));
}

TEST(ConfigFileTest, TwiceAndContradicting) {
  EXPECT_THAT(
      FaultsOf("plan { name: \"p\" name: \"q\"\n"
               "  step { id: \"s\" widen: \"a\"\n"
               "    hang_up {} }\n"
               "  step { id: \"t\" }\n"
               "  last {} }\n"
               "queue { name: \"x\" entry { when_full {} "
               "when_closed { admit: false } } }"),
      ElementsAre("1:18: plan[0].name: found a second time, expected this "
                  "field once",
                  "3:5: plan[0].step[0].hang_up: found it beside widen, "
                  "expected one of the two",
                  "4:3: plan[0].step[1]: found no action, expected widen, "
                  "replace, raise_priority, also_offer, move_to_queue, "
                  "send_outside or hang_up",
                  "5:3: plan[0].last: found no action, expected hang_up or "
                  "send_outside",
                  "6:27: queue[0].entry.when_full: found no action, expected "
                  "hang_up, send_outside, move_to_queue or admit",
                  "6:61: queue[0].entry.when_closed.admit: found false, "
                  "expected true, or hang_up, send_outside or move_to_queue"));
}

TEST(ConfigFileTest, HoursFaults) {
  EXPECT_THAT(
      FaultsOf("hours { name: \"h\" time_zone: \"Europe/Roma\"\n"
               "open { day: \"monday\" from: \"9:00\" to: \"24:01\" }\n"
               "open { from: \"24:00\" to: \"24:00\" }\n"
               "holiday { date: \"2026-02-30\" }\n"
               "holiday { date: \"26-02-03\" }\n"
               "holiday { open { from: \"10:00\" } } }\n"
               "hours { name: \"i\" time_zone: \"/etc/localtime\" }\n"
               "hours { name: \"j\" time_zone: \"localtime\" }\n"),
      ElementsAre(
          "1:30: hours[0].time_zone: found \"Europe/Roma\", expected an IANA "
          "time zone such as \"Europe/Rome\"",
          "2:13: hours[0].open[0].day[0]: found \"monday\", expected mon, "
          "tue, wed, thu, fri, sat, sun or a range such as \"mon-fri\"",
          "2:28: hours[0].open[0].from: found \"9:00\", expected a time of "
          "day from \"00:00\" to \"23:59\"",
          "2:39: hours[0].open[0].to: found \"24:01\", expected a time of day "
          "from \"00:00\" to \"24:00\"",
          "3:1: hours[0].open[1]: found no day, expected day: \"mon-fri\" or "
          "another day or range",
          "3:14: hours[0].open[1].from: found \"24:00\", expected a time of "
          "day from \"00:00\" to \"23:59\"",
          "4:17: hours[0].holiday[0].date: found 2026-02-30, expected a date "
          "of the calendar, 1970-01-01 to 2200-12-31",
          "5:17: hours[0].holiday[1].date: found \"26-02-03\", expected a "
          "date \"YYYY-MM-DD\"",
          "6:1: hours[0].holiday[2].date: found nothing, expected a date "
          "\"YYYY-MM-DD\"",
          "6:11: hours[0].holiday[2].open[0].to: found nothing, expected a "
          "time of day from \"00:00\" to \"24:00\"",
          "7:30: hours[1].time_zone: found \"/etc/localtime\", expected an "
          "IANA time zone such as \"Europe/Rome\"",
          "8:30: hours[2].time_zone: found \"localtime\", expected an IANA "
          "time zone such as \"Europe/Rome\""));
}

TEST(ConfigFileTest, NegativeAndOverlongDurations) {
  EXPECT_THAT(
      FaultsOf("queue { name: \"a\" ring: \"-5s\"\n"
               "wrap_up: \"1001h\"\n"
               "short_abandon: \"inf\"\n"
               "service_level_target: \"0.1us\"\n"
               "misses { pause_return: \"-1ms\" } }"),
      ElementsAre(
          "1:25: queue[0].ring: found -5s, expected a duration above 0 and up "
          "to 1000h",
          "2:10: queue[0].wrap_up: found 1001h, expected a duration from 0 to "
          "1000h",
          "3:16: queue[0].short_abandon: found \"inf\", expected a duration "
          "such as \"500ms\", \"15s\", \"2m30s\" or \"1h\"",
          "4:23: queue[0].service_level_target: found 100ns, expected whole "
          "microseconds",
          "5:24: queue[0].misses.pause_return: found -1ms, expected a "
          "duration above 0 and up to 1000h"));
}

TEST(ConfigFileTest, ColumnsPointIntoRequirementsThroughEscapes) {
  // In each text the fault is at the last '!'.
  const std::string texts[] = {
      "queue { name: \"a\" requirement: \"r == \\\"x\\\" and !\" }",
      "queue { name: \"a\" requirement: 'r == \"x\" and !' }",
      "queue { name: \"a\" requirement: \"r == \\042\\x78\\u00e9\\\" and !\" }",
      "queue { name: \"a\" requirement:\n  \"r == \" # or \"so\"\n"
      "  '\"x\"'\n \" and !\" }",
      "{\"queue\": [{\"name\": \"a\", \"requirement\": \"r == "
      "\\\"\\ud83d\\ude00\\/\\\" and !\"}]}",
  };
  for (const std::string& text : texts) {
    std::vector<FileFault> faults;
    ASSERT_FALSE(ParseConfig(text, "f", &faults).ok()) << text;
    ASSERT_EQ(faults.size(), 1U) << text;
    const size_t at = text.rfind('!');
    const size_t line_begin = text.rfind('\n', at) + 1;  // npos + 1 is 0.
    EXPECT_EQ(faults[0].column, static_cast<int>(at - line_begin) + 1) << text;
    EXPECT_EQ(faults[0].found, "'!'");
  }
}

TEST(ConfigFileTest, HostileNestingIsRefused) {
  std::string json = "{\"queue\":";
  for (int i = 0; i < 100'000; ++i) json += "[";
  EXPECT_THAT(FaultsOf(json),
              ElementsAre(HasSubstr("expected an object"),
                          HasSubstr("expected at most 32 levels")));
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "queue {";
  EXPECT_THAT(FaultsOf(text).back(), HasSubstr("at most 32 levels"));
  EXPECT_FALSE(ParseConfig(std::string(100'000, '{'), "f", nullptr).ok());
  EXPECT_FALSE(ParseConfig(std::string("{}\0{", 4), "f", nullptr).ok());
  EXPECT_FALSE(ParseConfig("[]", "f", nullptr).ok());
  EXPECT_FALSE(ParseConfig("7", "f", nullptr).ok());
}

// A fault is one line of a log whatever the file says.
TEST(ConfigFileTest, NamesOfAFaultArePrintable) {
  EXPECT_THAT(FaultsOf("{\"qu\\neue\" 1}"),
              ElementsAre(HasSubstr(R"(qu\x0aeue: found)")));
}

TEST(ConfigFileTest, ManyFaultsAreCutWithACount) {
  std::string text;
  for (int i = 0; i < 10'100; ++i) text += "agent { name: \"\" ref: 0 }\n";
  std::vector<FileFault> faults;
  ASSERT_FALSE(ParseConfig(text, "f", &faults).ok());
  ASSERT_EQ(faults.size(), kFileFaultsMax + 1);
  EXPECT_EQ(faults.back().found, "10200 faults more than shown");
}

TEST(ConfigFileTest, MessagesAreCheckedLikeFiles) {
  v1::Config message;
  message.add_queue()->set_ring("15");
  message.mutable_queue(0)->mutable_strategy()->set_order(
      static_cast<v1::Strategy::Order>(99));
  message.mutable_queue(0)->mutable_call_order()->set_acceleration(-1);
  std::vector<FileFault> faults;
  EXPECT_FALSE(FromProto(message, &faults).ok());
  std::vector<std::string> texts;
  for (const FileFault& fault : faults) texts.push_back(fault.ToString());
  EXPECT_THAT(
      texts,
      ElementsAre("queue[0].strategy.order: found 99, expected an enumerator "
                  "of the schema",
                  "queue[0].ring: found \"15\", expected a duration with a "
                  "unit; write \"15s\"",
                  "queue[0].call_order.acceleration: found -1, expected a "
                  "number from 0 to 100",
                  "queue[0].name: found nothing, expected a name of 1 to 200 "
                  "bytes without control characters"));
}

}  // namespace
}  // namespace callrouter
