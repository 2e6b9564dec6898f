#include "callrouter/time_zone.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "callrouter/random.h"

namespace callrouter {
namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kHour = 3600 * kSecond;
constexpr int64_t kDay = 24 * kHour;

TEST(TimeZoneTest, UtcAndAFixedOffset) {
  const TimeZone utc;
  EXPECT_EQ(utc.Day(0), 0);
  EXPECT_EQ(utc.Day(-1), -1);
  EXPECT_EQ(utc.NextDay(0), kDay);
  EXPECT_EQ(utc.NextDay(kDay - 1), kDay);
  const TimeZone moscow({{absl::InfinitePast(), 3 * 3600}});
  EXPECT_EQ(moscow.Day(21 * kHour - 1), 0);
  EXPECT_EQ(moscow.Day(21 * kHour), 1);
  EXPECT_EQ(moscow.NextDay(0), 21 * kHour);
}

// Against stepping through the day second by second.
TEST(TimeZoneTest, NextDayIsTheFirstInstantOfALaterDay) {
  Random random(1);
  for (int round = 0; round < 300; ++round) {
    std::vector<ZoneTransition> transitions = {
        {absl::InfinitePast(),
         static_cast<int32_t>(random.Below(28)) * 3600 - 14 * 3600}};
    int64_t at = 0;
    for (uint64_t i = random.Below(4); i > 0; --i) {
      at += static_cast<int64_t>(random.Below(60)) * 3600 + 1800;
      transitions.push_back(
          {absl::FromUnixSeconds(at),
           static_cast<int32_t>(random.Below(28)) * 3600 - 14 * 3600});
    }
    const TimeZone zone(transitions);
    const int64_t begin = static_cast<int64_t>(random.Below(400)) * 1800;
    const int64_t today = zone.Day(begin * kSecond);
    int64_t next = begin;
    while (zone.Day(next * kSecond) <= today) next += 1800;
    EXPECT_EQ(zone.NextDay(begin * kSecond), next * kSecond) << round;
    EXPECT_LE(zone.Day(next * kSecond - 1), today);
  }
}

}  // namespace
}  // namespace callrouter
