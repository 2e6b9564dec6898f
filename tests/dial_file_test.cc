// Dial files: what is read, and what is wrong with them.

#include "callrouter/dial_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace callrouter {
namespace {

using ::testing::HasSubstr;

absl::StatusOr<std::string> ReadFile(const std::string& name) {
  std::ifstream file(name);
  if (!file) return absl::NotFoundError("no such file");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string Campaign(const std::string& country, const std::string& law) {
  return "include: \"presets/" + country +
         ".textproto\"\n"
         "disposition { name: \"no answer\" result: NO_ANSWER }\n"
         "disposition { name: \"talked\" result: CONVERSATION }\n"
         "disposition { name: \"dropped\" result: ABANDONED }\n"
         "campaign { name: \"c\" guard: \"" +
         country + "\" law: \"" + law +
         "\"\n  redial { action: SAME delay: \"1m\" } }\n"
         "list { name: \"l\" campaign: \"c\" }\n";
}

std::vector<std::string> FaultsOf(const std::string& text) {
  std::vector<FileFault> faults;
  std::vector<std::string> texts;
  const auto rules = ParseDial(text, "f", ReadFile, &faults);
  EXPECT_EQ(rules.ok(), faults.empty());
  texts.reserve(faults.size());
  for (const FileFault& fault : faults) texts.push_back(fault.ToString());
  return texts;
}

TEST(DialFileTest, ACampaignWithoutAGuardIsRefused) {
  std::string text = Campaign("uk", "uk-ofcom");
  const std::size_t at = text.find("guard: \"uk\"");
  text.erase(at, 11);
  EXPECT_THAT(FaultsOf(text),
              testing::ElementsAre(HasSubstr(
                  "f:5:1: campaign[0].guard: found nothing, expected the name "
                  "of a guard: no campaign without one")));
}

TEST(DialFileTest, ALawWithAHoleIsRefused) {
  const auto faults = FaultsOf(
      "place { name: \"x\" zone: \"Europe/London\" prefix: \"44\" }\n"
      "law { name: \"l\" source: \"s\" as_of: \"2026-01-31\"\n"
      "  open { day: WORKDAYS from: \"09:00\" to: \"20:00\" } closed: SUNDAY\n"
      "  drop_permille: 30 }\n");
  EXPECT_THAT(faults,
              testing::UnorderedElementsAre(HasSubstr("nothing on Saturday"),
                                            HasSubstr("law[0].drop_period")));
}

TEST(DialFileTest, RulesThatContradictEachOtherAreRefused) {
  EXPECT_THAT(
      FaultsOf("place { name: \"x\" zone: \"Europe/London\" prefix: \"44\" }\n"
               "guard { name: \"g\" allowed: \"44\" refused: \"4\" }\n"
               "law { name: \"l\" source: \"s\" as_of: \"2026-01-31\"\n"
               "  open { day: EVERY_DAY from: \"09:00\" to: \"20:00\" }\n"
               "  closed: SUNDAY\n"
               "  cap { name: \"c\" window: LIFE limit: 3 action: WAIT } }\n"
               "segment: \"a\" segment: \"a\"\n"),
      testing::UnorderedElementsAre(
          HasSubstr("guard[0].allowed: found \"44\", expected numbers of which "
                    "not all are refused, as by \"4\""),
          HasSubstr("open and closed on Sunday"),
          HasSubstr("law[0].cap[0].action: found wait"),
          HasSubstr("segment[1]: found \"a\" twice")));
}

TEST(DialFileTest, RedialRowsThatContradictOrLeaveAHoleAreRefused) {
  std::string text = Campaign("uk", "uk-ofcom");
  const std::string row = "redial { action: SAME delay: \"1m\" }";
  text.replace(text.find(row), row.size(),
               "redial { to: 3 action: SAME delay: \"1m\" }"
               "redial { disposition: \"talked\" from: 2 to: 3 action: DONE }"
               "redial { from: 5 action: EXHAUSTED }");
  EXPECT_THAT(FaultsOf(text),
              testing::Contains(HasSubstr("a row that never matches")));
  EXPECT_THAT(FaultsOf(text),
              testing::Contains(HasSubstr(
                  "no row for attempt 4 that ends as \"no answer\"")));
}

TEST(DialFileTest, WhatIsWrongHasItsLineAndColumn) {
  EXPECT_THAT(
      FaultsOf("place { name: \"x\" zone: \"Europe/Nowhere\" }\n"
               "law { name: \"l\" open { from: \"9\" to: \"25:00\" } }\n"
               "include: \"presets/none.textproto\"\n"),
      testing::UnorderedElementsAre(
          HasSubstr("f:1:25: place[0].zone[0]"),
          HasSubstr("f:2:30: law[0].open[0].from: found \"9\""),
          HasSubstr("f:2:38: law[0].open[0].to"),
          HasSubstr("f:3:10: include[0]")));
}

}  // namespace
}  // namespace callrouter
