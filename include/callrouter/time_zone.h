// callrouter/time_zone.h
//
// A civil time zone as values: its UTC transitions, so that the same
// configuration decides alike on every machine.
//
//   TimeZone moscow({{absl::InfinitePast(), 3 * 3600}});
//   int64_t today = moscow.Day(utc_us);
//   int64_t midnight = moscow.NextDay(utc_us);
//
// Thread safety: immutable after construction. Not here: a zone database.

#ifndef CALLROUTER_TIME_ZONE_H_
#define CALLROUTER_TIME_ZONE_H_

#include <cstdint>
#include <vector>

#include "absl/time/time.h"

namespace callrouter {

// From this UTC instant (a whole second) on, local time is UTC plus
// `offset_seconds`.
struct ZoneTransition {
  absl::Time at = absl::InfinitePast();
  int32_t offset_seconds = 0;
};

class TimeZone {
 public:
  TimeZone() = default;  // UTC.
  // `transitions` sorted, the first at InfinitePast; empty: UTC.
  explicit TimeZone(const std::vector<ZoneTransition>& transitions);

  // The civil day at a UTC time in microseconds, as days since 1970-01-01.
  // Cost: O(log transitions).
  int64_t Day(int64_t utc_us) const;

  // The hour of the civil day, 0 to 23. Cost: as Day.
  int32_t Hour(int64_t utc_us) const;

  // The first time after `utc_us` at which the civil day is a later one than
  // at `utc_us`. Cost: O(transitions within a day + log transitions).
  int64_t NextDay(int64_t utc_us) const;

 private:
  struct Offset {
    int64_t from_us;
    int64_t offset_us;
  };
  std::size_t At(int64_t utc_us) const;

  std::vector<Offset> offsets_ = {{INT64_MIN, 0}};  // Sorted.
};

}  // namespace callrouter

#endif  // CALLROUTER_TIME_ZONE_H_
