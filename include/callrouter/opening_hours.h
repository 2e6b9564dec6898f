// callrouter/opening_hours.h
//
// When a queue is open: a weekly schedule with holidays in a civil time zone.
// The zone arrives as values, its UTC transitions, so that the same
// configuration decides alike on every machine; reading a zone database is the
// business of config_file.h.
//
//   HoursConfig hours;
//   hours.name = "office";
//   hours.transitions = {{absl::InfinitePast(), 3600}};   // UTC+1 all year
//   hours.open = {{/*weekday=*/0, 9 * 60, 18 * 60}};      // Mondays, 9 to 18
//   OpeningHours compiled(hours);
//   compiled.IsOpen(utc);          // at a UTC instant
//   compiled.NextChange(utc);      // the first instant after it that differs
//
// Thread safety: immutable after construction.

#ifndef CALLROUTER_OPENING_HOURS_H_
#define CALLROUTER_OPENING_HOURS_H_

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "callrouter/time_zone.h"

namespace callrouter {

// Open on `weekday` (0 = Monday ... 6 = Sunday) from `from_minute` (0 to 1439)
// to `to_minute` (0 to 1440) of local civil time, in minutes since midnight.
// When `to_minute` <= `from_minute` the period ends on the next day, so equal
// ones mean 24 hours.
struct OpenPeriod {
  int32_t weekday = 0;
  int32_t from_minute = 0;
  int32_t to_minute = 0;
};

// A civil date with hours of its own; empty `open` is closed all day. A period
// that began the day before still runs to its end.
struct Holiday {
  int32_t year = 1970;
  int32_t month = 1;
  int32_t day = 1;
  std::vector<OpenPeriod> open;  // `weekday` is not looked at.
};

struct HoursConfig {
  std::string name;
  std::string time_zone;  // For people; the transitions decide.
  // Sorted; the first must be at InfinitePast. Empty: UTC.
  std::vector<ZoneTransition> transitions;
  std::vector<OpenPeriod> open;
  std::vector<Holiday> holidays;
};

class OpeningHours {
 public:
  // Takes any `config`: FindFaults (configuration.h) says what is wrong with
  // one; here a period with impossible times is left out.
  explicit OpeningHours(HoursConfig config);

  // Whether `utc` lies in an open period: from <= local time < to. A local
  // time that a clock change skips never comes; one it repeats is open both
  // times. Cost: O(log transitions + periods + log holidays).
  bool IsOpen(absl::Time utc) const;

  // The first instant after `utc` at which IsOpen differs from IsOpen(utc), or
  // InfiniteFuture if there is none within 400 days. Exact to the microsecond.
  // Cost: O(periods) for each day it looks ahead.
  absl::Time NextChange(absl::Time utc) const;

  const HoursConfig& config() const { return config_; }

 private:
  struct Offset {
    int64_t from = 0;  // UTC seconds.
    int32_t seconds = 0;
  };
  struct Segment {
    int32_t offset = 0;
    int64_t end = 0;  // UTC seconds; the first second with another offset.
  };

  const std::vector<OpenPeriod>& PeriodsOf(int64_t day) const;
  Segment SegmentAt(int64_t utc_seconds) const;
  bool IsOpenAtLocal(int64_t local_seconds) const;

  HoursConfig config_;
  std::vector<Offset> offsets_;  // Sorted.
  // By days since 1970-01-01.
  std::map<int64_t, std::vector<OpenPeriod>> special_days_;
  std::array<std::vector<OpenPeriod>, 7> week_;
};

}  // namespace callrouter

#endif  // CALLROUTER_OPENING_HOURS_H_
