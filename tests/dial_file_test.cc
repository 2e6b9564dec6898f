// Dial files, and the presets of the folder presets/.

#include "callrouter/dial_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "callrouter/lead_list.h"

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

// One lead in a list by a preset, called when the test says.
class Country {
 public:
  Country(const std::string& country, const std::string& law,
          const std::string& number)
      : rules_(*ParseDial(Campaign(country, law), "f", ReadFile, nullptr)) {
    leads_ = *LeadList::Create(LeadListOptions(), rules_,
                               absl::FromUnixSeconds(1'700'000'000));
    LeadConfig lead;
    lead.lead = 1;
    lead.list = "l";
    lead.numbers = {{*PhoneNumber::Parse(number)}};
    status_ = leads_->Put(lead, absl::FromUnixSeconds(1'700'000'000));
  }
  absl::Status status() const { return status_; }
  // Whether it may be called at this time in `zone`; it then ends as `how`.
  bool Calls(absl::CivilMinute at, const char* zone_name,
             const std::string& how = "no answer", bool agent = false) {
    absl::TimeZone zone;
    if (!absl::LoadTimeZone(zone_name, &zone)) return false;
    const absl::Time now = absl::FromCivil(at, zone);
    LeadRequest request;
    request.attempt = ++attempt_;
    request.campaign = "c";
    request.agent_reserved = agent;
    EXPECT_TRUE(leads_->Next(request, now, &choice_).ok());
    if (choice_.lead == 0) return false;
    EXPECT_TRUE(leads_->Report(attempt_, how, now).ok());
    return true;
  }
  const LeadChoice& choice() const { return choice_; }

 private:
  DialRules rules_;
  std::unique_ptr<LeadList> leads_;
  absl::Status status_;
  uint64_t attempt_ = 0;
  LeadChoice choice_;
};

TEST(PresetTest, EveryLawOfEveryCountryIsWhole) {
  for (const auto& [country, law] :
       std::vector<std::pair<std::string, std::string>>{{"us", "us-tsr"},
                                                        {"us", "us-reg-f"},
                                                        {"us", "us-fl-501"},
                                                        {"uk", "uk-ofcom"},
                                                        {"ca", "ca-crtc"},
                                                        {"it", "it-garante"},
                                                        {"fr", "fr-1313"},
                                                        {"de", "de-uwg"},
                                                        {"ru", "ru-41fz"},
                                                        {"ru", "ru-230fz"}}) {
    EXPECT_THAT(FaultsOf(Campaign(country, law)), testing::IsEmpty()) << law;
  }
}

TEST(PresetTest, AnUncertainPlaceIsCalledOnlyWhenItIsDayInAllItsZones) {
  Country us("us", "us-tsr", "+18025550100");
  EXPECT_FALSE(
      us.Calls(absl::CivilMinute(2026, 3, 2, 10, 59), "America/New_York"));
  EXPECT_TRUE(
      us.Calls(absl::CivilMinute(2026, 3, 2, 11, 0), "America/New_York"));
  EXPECT_EQ(us.choice().ring_least, absl::Seconds(15));
  EXPECT_EQ(us.choice().connect_within, absl::Seconds(2));
  EXPECT_TRUE(us.choice().message_required);
  EXPECT_FALSE(
      us.Calls(absl::CivilMinute(2026, 3, 2, 21, 0), "America/New_York"));
}

TEST(PresetTest, DebtorsAreSpokenToOnceADayAndTwiceAWeek) {
  Country ru("ru", "ru-230fz", "+74951234567");
  const char* const zone = "Europe/Moscow";
  EXPECT_FALSE(ru.Calls(absl::CivilMinute(2026, 3, 2, 7, 59), zone));
  EXPECT_TRUE(ru.Calls(absl::CivilMinute(2026, 3, 2, 8, 0),
                       zone));  // No answer: again.
  EXPECT_TRUE(ru.Calls(absl::CivilMinute(2026, 3, 2, 9, 0), zone, "talked"));
  EXPECT_FALSE(ru.Calls(absl::CivilMinute(2026, 3, 2, 21, 0), zone));
  EXPECT_TRUE(ru.Calls(absl::CivilMinute(2026, 3, 3, 8, 0), zone, "talked"));
  EXPECT_FALSE(
      ru.Calls(absl::CivilMinute(2026, 3, 8, 12, 0), zone));  // Sunday.
  EXPECT_TRUE(ru.Calls(absl::CivilMinute(2026, 3, 9, 8, 0), zone));
}

TEST(PresetTest, WhoWasDroppedIsCalledOnlyWithAnAgent) {
  Country uk("uk", "uk-ofcom", "+442071234567");
  const char* const zone = "Europe/London";
  EXPECT_TRUE(uk.Calls(absl::CivilMinute(2026, 3, 2, 10, 0), zone, "dropped"));
  EXPECT_FALSE(uk.Calls(absl::CivilMinute(2026, 3, 4, 10, 0), zone));
  EXPECT_TRUE(
      uk.Calls(absl::CivilMinute(2026, 3, 4, 10, 0), zone, "no answer", true));
  EXPECT_TRUE(uk.Calls(absl::CivilMinute(2026, 3, 5, 10, 1), zone));
}

TEST(PresetTest, FranceRestsAtNoonAndOnHolidays) {
  Country fr("fr", "fr-1313", "+33123456789");
  const char* const zone = "Europe/Paris";
  EXPECT_FALSE(fr.Calls(absl::CivilMinute(2026, 7, 14, 11, 0), zone));
  for (int day = 15; day < 18; ++day) {
    EXPECT_TRUE(fr.Calls(absl::CivilMinute(2026, 7, day, 11, 0), zone)) << day;
    EXPECT_FALSE(fr.Calls(absl::CivilMinute(2026, 7, day, 13, 30), zone));
  }
  EXPECT_FALSE(
      fr.Calls(absl::CivilMinute(2026, 7, 18, 11, 0), zone));  // Saturday.
  EXPECT_TRUE(fr.Calls(absl::CivilMinute(2026, 7, 20, 11, 0), zone));
  EXPECT_FALSE(fr.Calls(absl::CivilMinute(2026, 8, 14, 10, 59), zone));
  EXPECT_TRUE(fr.Calls(absl::CivilMinute(2026, 8, 14, 11, 1), zone));
}

TEST(PresetTest, GuardsRefusePremiumNumbers) {
  EXPECT_EQ(Country("us", "us-tsr", "+19005550100").status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Country("uk", "uk-ofcom", "+449012345678").status().code(),
            absl::StatusCode::kInvalidArgument);
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
