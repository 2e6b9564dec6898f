#include "callrouter/opening_hours.h"

#include <cstdint>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace callrouter {
namespace {

absl::Time Utc(int year, int month, int day, int hour = 0, int minute = 0,
               int second = 0) {
  return absl::FromCivil(
      absl::CivilSecond(year, month, day, hour, minute, second),
      absl::UTCTimeZone());
}

// Rome in 2026: UTC+1, summer time from 29 March to 25 October, 01:00 UTC.
std::vector<ZoneTransition> Rome() {
  return {{absl::InfinitePast(), 3600},
          {Utc(2026, 3, 29, 1), 7200},
          {Utc(2026, 10, 25, 1), 3600},
          {Utc(2027, 3, 28, 1), 7200},
          {Utc(2027, 10, 31, 1), 3600}};
}

// New York: UTC-5, summer time 8 March 07:00 UTC to 1 November 06:00 UTC.
std::vector<ZoneTransition> NewYork() {
  return {{absl::InfinitePast(), -5 * 3600},
          {Utc(2026, 3, 8, 7), -4 * 3600},
          {Utc(2026, 11, 1, 6), -5 * 3600},
          {Utc(2027, 3, 14, 7), -4 * 3600}};
}

HoursConfig Weekdays(int from_minute, int to_minute) {
  HoursConfig hours;
  hours.name = "office";
  for (int day = 0; day < 5; ++day) {
    hours.open.push_back({day, from_minute, to_minute});
  }
  return hours;
}

TEST(OpeningHoursTest, HalfOpenAtBothEnds) {
  const OpeningHours hours(Weekdays(9 * 60, 18 * 60));
  // 5 January 2026 is a Monday.
  EXPECT_FALSE(hours.IsOpen(Utc(2026, 1, 5, 8, 59, 59)));
  EXPECT_FALSE(hours.IsOpen(Utc(2026, 1, 5, 9) - absl::Microseconds(1)));
  EXPECT_TRUE(hours.IsOpen(Utc(2026, 1, 5, 9)));
  EXPECT_TRUE(hours.IsOpen(Utc(2026, 1, 5, 18) - absl::Microseconds(1)));
  EXPECT_FALSE(hours.IsOpen(Utc(2026, 1, 5, 18)));
  EXPECT_FALSE(hours.IsOpen(Utc(2026, 1, 10, 12)));
  EXPECT_EQ(hours.NextChange(Utc(2026, 1, 5, 9) - absl::Microseconds(1)),
            Utc(2026, 1, 5, 9));
  EXPECT_EQ(hours.NextChange(Utc(2026, 1, 5, 9)), Utc(2026, 1, 5, 18));
  // Friday evening to Monday morning.
  EXPECT_EQ(hours.NextChange(Utc(2026, 1, 9, 18)), Utc(2026, 1, 12, 9));
}

TEST(OpeningHoursTest, DaylightSavingBothWaysInRome) {
  HoursConfig config = Weekdays(9 * 60, 18 * 60);
  config.transitions = Rome();
  const OpeningHours hours(config);
  EXPECT_EQ(hours.NextChange(Utc(2026, 3, 27, 17)), Utc(2026, 3, 30, 7));
  EXPECT_EQ(hours.NextChange(Utc(2026, 10, 23, 16)), Utc(2026, 10, 26, 8));

  // A period inside the hour that is skipped never comes ...
  config.open = {{6, 2 * 60 + 10, 2 * 60 + 50}};
  const OpeningHours skipped(config);
  EXPECT_EQ(skipped.NextChange(Utc(2026, 3, 28)), Utc(2026, 4, 5, 0, 10));
  // ... and one that is repeated is open twice.
  EXPECT_EQ(skipped.NextChange(Utc(2026, 10, 24)), Utc(2026, 10, 25, 0, 10));
  EXPECT_EQ(skipped.NextChange(Utc(2026, 10, 25, 0, 10)),
            Utc(2026, 10, 25, 0, 50));
  EXPECT_EQ(skipped.NextChange(Utc(2026, 10, 25, 0, 50)),
            Utc(2026, 10, 25, 1, 10));
  EXPECT_EQ(skipped.NextChange(Utc(2026, 10, 25, 1, 10)),
            Utc(2026, 10, 25, 1, 50));
  // A period that begins inside the skipped hour begins where it ends.
  config.open = {{6, 2 * 60 + 30, 5 * 60}};
  EXPECT_EQ(OpeningHours(config).NextChange(Utc(2026, 3, 28)),
            Utc(2026, 3, 29, 1));
}

TEST(OpeningHoursTest, DaylightSavingBothWaysInNewYork) {
  HoursConfig config = Weekdays(9 * 60, 17 * 60);
  config.transitions = NewYork();
  const OpeningHours hours(config);
  EXPECT_EQ(hours.NextChange(Utc(2026, 3, 6, 22)), Utc(2026, 3, 9, 13));
  EXPECT_EQ(hours.NextChange(Utc(2026, 10, 30, 21)), Utc(2026, 11, 2, 14));
  // Saturday night to Sunday morning across the change: an hour longer.
  config.open = {{5, 22 * 60, 6 * 60}};
  const OpeningHours night(config);
  EXPECT_EQ(night.NextChange(Utc(2026, 10, 31, 12)), Utc(2026, 11, 1, 2));
  EXPECT_EQ(night.NextChange(Utc(2026, 11, 1, 2)), Utc(2026, 11, 1, 11));
}

TEST(OpeningHoursTest, CrossesMidnightAndTheWeek) {
  HoursConfig config;
  config.open = {{6, 22 * 60, 2 * 60}};  // Sunday night.
  const OpeningHours hours(config);
  EXPECT_TRUE(hours.IsOpen(Utc(2026, 1, 4, 23)));
  EXPECT_TRUE(hours.IsOpen(Utc(2026, 1, 5, 1, 59, 59)));
  EXPECT_FALSE(hours.IsOpen(Utc(2026, 1, 5, 2)));
  EXPECT_FALSE(hours.IsOpen(Utc(2026, 1, 4, 1)));
  EXPECT_EQ(hours.NextChange(Utc(2026, 1, 4, 22)), Utc(2026, 1, 5, 2));
}

TEST(OpeningHoursTest, HolidaysReplaceTheDayTheyFallOn) {
  HoursConfig config = Weekdays(9 * 60, 18 * 60);
  config.open.push_back({3, 22 * 60, 4 * 60});  // Thursday night into Friday.
  config.holidays = {{2026, 12, 25, {}},        // A Friday.
                     {2026, 12, 24, {{0, 9 * 60, 12 * 60}}},
                     {2026, 12, 31, {{0, 20 * 60, 3 * 60}}}};
  const OpeningHours hours(config);
  EXPECT_TRUE(hours.IsOpen(Utc(2026, 12, 24, 11)));
  EXPECT_FALSE(hours.IsOpen(Utc(2026, 12, 24, 23)));
  EXPECT_FALSE(hours.IsOpen(Utc(2026, 12, 25, 2)));
  EXPECT_FALSE(hours.IsOpen(Utc(2026, 12, 25, 10)));
  // A holiday's own night runs into the next day.
  EXPECT_TRUE(hours.IsOpen(Utc(2027, 1, 1, 2)));
  EXPECT_FALSE(hours.IsOpen(Utc(2027, 1, 1, 3)));
  EXPECT_EQ(hours.NextChange(Utc(2026, 12, 24, 12)), Utc(2026, 12, 28, 9));
  // A night that began before a holiday runs to its end.
  config.holidays = {{2026, 12, 25, {}}};
  EXPECT_TRUE(OpeningHours(config).IsOpen(Utc(2026, 12, 25, 3)));
  EXPECT_FALSE(OpeningHours(config).IsOpen(Utc(2026, 12, 25, 10)));
}

TEST(OpeningHoursTest, AlwaysAndNever) {
  HoursConfig config;
  EXPECT_FALSE(OpeningHours(config).IsOpen(Utc(2026, 1, 1)));
  EXPECT_EQ(OpeningHours(config).NextChange(Utc(2026, 1, 1)),
            absl::InfiniteFuture());
  for (int day = 0; day < 7; ++day) config.open.push_back({day, 0, 1440});
  config.transitions = Rome();
  EXPECT_TRUE(OpeningHours(config).IsOpen(Utc(2026, 1, 1)));
  EXPECT_EQ(OpeningHours(config).NextChange(Utc(2026, 1, 1)),
            absl::InfiniteFuture());
  // Equal ends are 24 hours too; the next change is the holiday.
  config.open = {};
  for (int day = 0; day < 7; ++day) config.open.push_back({day, 480, 480});
  config.transitions = {};
  config.holidays = {{2026, 5, 1, {}}};
  EXPECT_EQ(OpeningHours(config).NextChange(Utc(2026, 1, 1)),
            Utc(2026, 5, 1, 8));
}

TEST(OpeningHoursTest, LooksAheadFourHundredDays) {
  HoursConfig config;
  config.holidays = {{2027, 2, 5, {{0, 0, 60}}}};  // 400 days after 1 January.
  EXPECT_EQ(OpeningHours(config).NextChange(Utc(2026, 1, 1)), Utc(2027, 2, 5));
  EXPECT_EQ(OpeningHours(config).NextChange(Utc(2026, 1, 1) - absl::Seconds(1)),
            absl::InfiniteFuture());
}

TEST(OpeningHoursTest, AnyTimeAndAnyConfigurationIsHarmless) {
  HoursConfig config = Weekdays(9 * 60, 18 * 60);
  config.open.push_back({9, 0, 60});
  config.open.push_back({-1, 0, 60});
  config.open.push_back({1, -5, 60});
  config.open.push_back({1, INT32_MIN, INT32_MAX});
  config.holidays = {{INT32_MAX, 13, 99, {{77, 9, 1}}}, {1970, 0, 0, {}}};
  config.transitions = {{absl::InfiniteFuture(), INT32_MAX},
                        {absl::InfinitePast(), INT32_MIN},
                        {absl::FromUnixMicros(5), 7}};
  const OpeningHours hours(config);
  for (absl::Time at : {absl::InfinitePast(), absl::InfiniteFuture(),
                        absl::UnixEpoch(), absl::UniversalEpoch()}) {
    hours.IsOpen(at);
    EXPECT_GE(hours.NextChange(at), at);
  }
}

// NextChange is what looking at every minute finds, in the other
// direction too: nothing changes before it.
void CompareWithMinuteScan(const HoursConfig& config) {
  const OpeningHours hours(config);
  const absl::Time start = Utc(2026, 1, 1);
  const absl::Time end = start + absl::Hours(24 * 400);
  absl::Time expected = hours.NextChange(start);
  bool open = hours.IsOpen(start);
  int changes = 0;
  for (absl::Time at = start + absl::Minutes(1); at <= end;
       at += absl::Minutes(1)) {
    const bool now_open = hours.IsOpen(at);
    if (now_open != open) {
      ASSERT_EQ(at, expected);
      expected = hours.NextChange(at);
      open = now_open;
      ++changes;
    } else {
      ASSERT_NE(at, expected);
    }
  }
  EXPECT_GT(changes, 300);
}

TEST(OpeningHoursTest, NextChangeAgreesWithAMinuteScan) {
  HoursConfig config = Weekdays(9 * 60, 18 * 60);
  config.open.push_back({1, 12 * 60, 20 * 60});
  config.open.push_back({4, 23 * 60, 2 * 60 + 30});
  config.open.push_back({5, 0, 3 * 60});
  config.open.push_back({5, 22 * 60, 2 * 60 + 15});
  config.open.push_back({6, 1 * 60 + 30, 2 * 60 + 20});
  config.holidays = {{2026, 12, 25, {}}, {2026, 12, 26, {{0, 600, 120}}}};
  CompareWithMinuteScan(config);
  config.transitions = Rome();
  CompareWithMinuteScan(config);
  config.transitions = NewYork();
  CompareWithMinuteScan(config);
  // India, Nepal, and Lord Howe Island with its half-hour summer time.
  config.transitions = {{absl::InfinitePast(), 19800}};
  CompareWithMinuteScan(config);
  config.transitions = {{absl::InfinitePast(), 20700}};
  CompareWithMinuteScan(config);
  config.transitions = {{absl::InfinitePast(), 39600},
                        {Utc(2026, 4, 4, 15), 37800},
                        {Utc(2026, 10, 3, 15, 30), 39600}};
  CompareWithMinuteScan(config);
}

TEST(OpeningHoursTest, AZoneMayJumpAWholeDay) {
  // Samoa left 30 December 2011 out.
  HoursConfig config;
  for (int day = 0; day < 7; ++day) config.open.push_back({day, 540, 1080});
  config.transitions = {{absl::InfinitePast(), -10 * 3600},
                        {Utc(2011, 12, 30, 10), 14 * 3600}};
  const OpeningHours hours(config);
  EXPECT_EQ(hours.NextChange(Utc(2011, 12, 30, 5)), Utc(2011, 12, 30, 19));
}

}  // namespace
}  // namespace callrouter
