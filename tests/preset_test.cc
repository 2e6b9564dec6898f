// The laws of the folder presets/: who may be called where, when, how often.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "callrouter/dial_file.h"
#include "callrouter/lead_list.h"

namespace callrouter {
namespace {

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
         "disposition { name: \"machine\" result: MACHINE }\n"
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
  // As Calls; empty if it was called, else the first reason and its rule.
  std::string Try(const std::string& local, const char* zone_name,
                  const std::string& how, bool agent) {
    absl::CivilMinute at;
    if (!absl::ParseLenientCivilTime(local, &at)) return "no time: " + local;
    if (Calls(at, zone_name, how, agent)) return "";
    absl::TimeZone zone;
    if (!absl::LoadTimeZone(zone_name, &zone)) return "no zone";
    LeadRequest request;
    request.campaign = "c";
    request.agent_reserved = agent;
    std::vector<LeadReason> reasons;
    EXPECT_TRUE(
        leads_->WhyNot(1, request, absl::FromCivil(at, zone), &reasons).ok());
    if (reasons.empty()) return "no reason";
    return std::string(Name(reasons[0].block)) + ": " + reasons[0].rule;
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
       std::vector<std::pair<std::string, std::string>>{
           {"us", "us-tsr"},
           {"us", "us-reg-f"},
           {"us", "us-fl-501"},
           {"us", "us-states-strict"},
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

// Calls to one number one after the other, in its local time.
struct Try {
  const char* at;
  const char* how;     // What becomes of it if it is made; "+": with an agent.
  const char* reason;  // Why it is not made; empty: it is.
};
struct Row {
  const char *country, *law, *number, *zone;
  std::vector<Try> tries;
};

// 2026-03-02 is a Monday; clocks change on the 8th in the United States and on
// the 29th in Europe. What stands in the files, read off by hand.
const std::vector<Row> kRows = {
    {"us",
     "us-tsr",
     "+12125550101",
     "America/New_York",
     {{"2026-03-02T07:59", "", "outside calling hours: us-tsr"},
      {"2026-03-02T08:00", "", ""},
      {"2026-03-02T12:00", "", ""},
      {"2026-03-02T20:59", "", ""},
      {"2026-03-02T21:00", "", "cap: 3 in 24 hours"},
      {"2026-03-03T07:00", "", "cap: 3 in 24 hours"},
      {"2026-03-03T08:01", "", ""}}},
    {"us",
     "us-tsr",
     "+18085550101",
     "Pacific/Honolulu",
     {{"2026-07-06T07:59", "", "outside calling hours: us-tsr"},
      {"2026-07-06T08:00", "", ""}}},
    {"us",
     "us-reg-f",
     "+12125550101",
     "America/New_York",
     {{"2026-03-02T08:00", "", ""},
      {"2026-03-02T09:00", "", ""},
      {"2026-03-03T08:00", "", ""},
      {"2026-03-04T08:00", "", ""},
      {"2026-03-05T08:00", "", ""},
      {"2026-03-06T08:00", "", ""},
      {"2026-03-07T08:00", "", ""},
      {"2026-03-08T08:00", "", "cap: 7 in 7 days for a debt"},
      {"2026-03-09T09:01", "talked", ""},
      {"2026-03-15T20:00", "", "cap: 7 days from a conversation"},
      {"2026-03-16T09:02", "", ""}}},
    {"us",
     "us-fl-501",
     "+13055550101",
     "America/New_York",
     // A part of Florida is an hour behind.
     {{"2026-03-02T08:59", "", "outside calling hours: us-fl-501"},
      {"2026-03-02T09:00", "", ""},
      {"2026-03-02T19:59", "", ""},
      {"2026-03-02T20:00", "", "outside calling hours: us-fl-501"}}},
    {"us",
     "us-states-strict",
     "+18025550100",
     "America/New_York",
     // From 10:00 in Los Angeles to 18:00 in New York.
     {{"2026-03-02T12:59", "", "outside calling hours: us-states-strict"},
      {"2026-03-02T13:00", "", ""},
      {"2026-03-02T17:59", "", "cap: 1 in 8 hours, Maine"},
      {"2026-03-02T18:00", "", "cap: 1 in 8 hours, Maine"},
      {"2026-03-03T13:00", "", ""},
      {"2026-03-04T17:00", "", ""},
      {"2026-03-07T14:00", "", "outside calling hours: us-states-strict"},
      {"2026-03-08T14:00", "", "outside calling hours: us-states-strict"}}},
    {"us",
     "us-states-strict",
     "+12125550101",
     "America/New_York",
     {{"2026-03-02T14:00", "", "no law: "}}},  // New York is known.
    {"uk",
     "uk-ofcom",
     "+442071234567",
     "Europe/London",
     {{"2026-03-02T07:59", "", "outside calling hours: uk-ofcom"},
      {"2026-03-02T20:59", "machine", ""},
      {"2026-03-03T20:00", "", "needs a reserved agent: "},
      {"2026-03-03T20:00", "+", ""},
      {"2026-03-07T08:59", "", "outside calling hours: uk-ofcom"},
      {"2026-03-08T19:59", "", ""},
      {"2026-03-08T20:00", "", "outside calling hours: uk-ofcom"}}},
    {"ca",
     "ca-crtc",
     "+14165550101",
     "America/Toronto",
     {{"2026-03-02T08:59", "", "outside calling hours: ca-crtc"},
      {"2026-03-02T21:29", "", ""},
      {"2026-03-02T21:30", "", "outside calling hours: ca-crtc"},
      {"2026-03-07T09:59", "", "outside calling hours: ca-crtc"},
      {"2026-03-08T17:59", "", ""},
      {"2026-03-08T18:00", "", "outside calling hours: ca-crtc"}}},
    {"ca",
     "ca-crtc",
     "+17785550101",
     "America/Vancouver",
     // Anywhere: at 9:00 in Vancouver, and until 21:30 in St. John's.
     {{"2026-03-02T08:59", "", "outside calling hours: ca-crtc"},
      {"2026-03-02T09:00", "", ""},
      {"2026-03-02T16:59", "", ""},
      {"2026-03-02T17:00", "", "outside calling hours: ca-crtc"}}},
    {"it",
     "it-garante",
     "+390612345678",
     "Europe/Rome",
     {{"2026-03-02T08:59", "", "outside calling hours: it-garante"},
      {"2026-03-02T09:00", "dropped", ""},
      {"2026-03-07T08:59", "+", "cap: 5 days from a silent call"},
      {"2026-03-07T18:00", "", "needs a reserved agent: "},
      {"2026-03-07T18:00", "+", ""},
      {"2026-03-08T12:00", "+", "outside calling hours: it-garante"},
      {"2026-04-02T10:00", "", ""}}},
    {"fr",
     "fr-1313",
     "+33123456789",
     "Europe/Paris",
     {{"2026-03-02T09:59", "", "outside calling hours: fr-1313"},
      {"2026-03-02T13:00", "", "outside calling hours: fr-1313"},
      {"2026-03-02T14:00", "", ""},
      {"2026-03-03T14:00", "", ""},
      {"2026-03-04T14:00", "", ""},
      {"2026-03-05T14:00", "", ""},
      {"2026-03-20T14:00", "", "cap: 4 in 30 days"},
      {"2026-04-01T15:01", "", ""},
      {"2026-04-06T14:00", "", "outside calling hours: fr-1313"}}},
    {"de",
     "de-uwg",
     "+493012345678",
     "Europe/Berlin",
     {{"2026-03-02T08:59", "", "outside calling hours: de-uwg"},
      {"2026-03-02T09:00", "", ""},
      {"2026-03-02T10:00", "", ""},
      {"2026-03-02T11:00", "", ""},
      {"2026-03-02T19:00", "", "cap: 3 a day"},
      {"2026-03-03T09:00", "dropped", ""},
      {"2026-03-04T19:00", "", "needs a reserved agent: "},
      {"2026-03-10T09:01", "", ""},
      {"2026-05-25T12:00", "", "outside calling hours: de-uwg"},
      {"2027-03-26T12:00", "", "outside calling hours: de-uwg"}}},
    {"ru",
     "ru-41fz",
     "+74951234567",
     "Europe/Moscow",
     {{"2026-03-02T08:59", "", "outside calling hours: ru-41fz"},
      {"2026-03-02T09:00", "", ""},
      {"2026-03-02T20:59", "", ""},
      {"2026-03-03T00:00", "", "outside calling hours: ru-41fz"},
      {"2026-03-07T09:59", "", "outside calling hours: ru-41fz"},
      {"2026-03-07T10:00", "", ""}}},
    {"ru",
     "ru-230fz",
     "+79161234567",
     "Europe/Moscow",
     // A mobile number: 8:00 in Kaliningrad to 22:00 in Kamchatka.
     {{"2026-03-02T08:59", "", "outside calling hours: ru-230fz"},
      {"2026-03-02T09:00", "", ""},
      {"2026-03-02T12:59", "talked", ""},
      {"2026-03-03T12:59", "talked", ""},
      {"2026-03-04T12:00", "", "cap: 2 a week"},
      {"2026-03-09T13:00", "", "outside calling hours: ru-230fz"}}},
    {"ru",
     "ru-230fz",
     "+74951234567",
     "Europe/Moscow",
     {{"2027-06-12T08:30", "", "outside calling hours: ru-230fz"},
      {"2027-06-14T08:30", "", ""},
      {"2027-11-04T20:00", "", "outside calling hours: ru-230fz"}}},
};

TEST(PresetTest, EveryPresetRowByRow) {
  for (const Row& row : kRows) {
    Country country(row.country, row.law, row.number);
    ASSERT_TRUE(country.status().ok()) << row.law << country.status();
    for (const Try& t : row.tries) {
      const std::string how = t.how;
      const bool agent = how == "+";
      EXPECT_EQ(country.Try(t.at, row.zone,
                            how.empty() || agent ? "no answer" : how, agent),
                t.reason)
          << row.law << " " << row.number << " at " << t.at;
    }
  }
}

TEST(PresetTest, GuardsKeepToTheirCountry) {
  for (const auto& [country, law, number] :
       std::vector<std::tuple<const char*, const char*, const char*>>{
           {"us", "us-tsr", "+14165550101"},     // Toronto.
           {"us", "us-tsr", "+18765550101"},     // Jamaica.
           {"us", "us-tsr", "+16715550101"},     // Guam.
           {"ca", "ca-crtc", "+12125550101"},    // New York.
           {"ca", "ca-crtc", "+18095550101"},    // Santo Domingo.
           {"uk", "uk-ofcom", "+447012345678"},  // A personal number.
           {"de", "de-uwg", "+491371234567"},
           {"fr", "fr-1313", "+33812345678"},
           {"it", "it-garante", "+39899123456"},
           {"ru", "ru-41fz", "+77011234567"},  // Kazakhstan.
           {"ru", "ru-41fz", "+78091234567"}}) {
    EXPECT_FALSE(Country(country, law, number).status().ok()) << number;
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

}  // namespace
}  // namespace callrouter
