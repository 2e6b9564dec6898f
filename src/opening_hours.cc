#include "callrouter/opening_hours.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "absl/time/civil_time.h"

namespace callrouter {
namespace {

constexpr int64_t kDay = 24 * 60 * 60;
constexpr int64_t kSearchDays = 400;
// Far beyond any calendar, and small enough that sums cannot overflow.
constexpr int64_t kSecondsMax = int64_t{1} << 50;

int64_t FloorDiv(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

int64_t ClampedSeconds(absl::Time utc) {
  return std::clamp(absl::ToUnixSeconds(utc), -kSecondsMax, kSecondsMax);
}

// The first whole second at or after `at`.
int64_t CeilSeconds(absl::Time at) {
  const int64_t seconds = ClampedSeconds(at);
  return absl::FromUnixSeconds(seconds) < at && seconds < kSecondsMax
             ? seconds + 1
             : seconds;
}

// Periods with times no clock shows are left out; FindFaults reports them.
bool IsUsable(const OpenPeriod& period) {
  return period.weekday >= 0 && period.weekday <= 6 &&
         period.from_minute >= 0 && period.from_minute < 24 * 60 &&
         period.to_minute >= 0 && period.to_minute <= 24 * 60;
}

bool CrossesMidnight(const OpenPeriod& period) {
  return period.to_minute <= period.from_minute;
}

}  // namespace

OpeningHours::OpeningHours(HoursConfig config) : config_(std::move(config)) {
  offsets_.reserve(config_.transitions.size());
  for (const ZoneTransition& transition : config_.transitions) {
    offsets_.push_back({CeilSeconds(transition.at), transition.offset_seconds});
  }
  std::sort(offsets_.begin(), offsets_.end(),
            [](const Offset& a, const Offset& b) {
              return std::tie(a.from, a.seconds) < std::tie(b.from, b.seconds);
            });
  for (const OpenPeriod& period : config_.open) {
    if (!IsUsable(period)) continue;
    week_[static_cast<size_t>(period.weekday)].push_back(period);
  }
  for (const Holiday& holiday : config_.holidays) {
    const absl::CivilDay date(holiday.year, holiday.month, holiday.day);
    // Of two holidays on one date the first counts.
    const auto [special, added] =
        special_days_.try_emplace(date - absl::CivilDay(1970, 1, 1));
    if (!added) continue;
    for (OpenPeriod period : holiday.open) {
      period.weekday = 0;
      if (IsUsable(period)) special->second.push_back(period);
    }
  }
}

const std::vector<OpenPeriod>& OpeningHours::PeriodsOf(int64_t day) const {
  const auto special = special_days_.find(day);
  if (special != special_days_.end()) return special->second;
  // Day 0, 1 January 1970, was a Thursday.
  const int64_t weekday = day + 3 - 7 * FloorDiv(day + 3, 7);
  return week_[static_cast<size_t>(weekday)];
}

OpeningHours::Segment OpeningHours::SegmentAt(int64_t utc_seconds) const {
  const auto next = std::upper_bound(
      offsets_.begin(), offsets_.end(), utc_seconds,
      [](int64_t at, const Offset& offset) { return at < offset.from; });
  Segment segment;
  segment.end =
      next == offsets_.end() ? std::numeric_limits<int64_t>::max() : next->from;
  if (next != offsets_.begin()) segment.offset = std::prev(next)->seconds;
  return segment;
}

bool OpeningHours::IsOpenAtLocal(int64_t local_seconds) const {
  const int64_t day = FloorDiv(local_seconds, kDay);
  const int64_t second = local_seconds - day * kDay;
  for (const OpenPeriod& period : PeriodsOf(day)) {
    if (second < int64_t{period.from_minute} * 60) continue;
    if (CrossesMidnight(period) || second < int64_t{period.to_minute} * 60) {
      return true;
    }
  }
  for (const OpenPeriod& period : PeriodsOf(day - 1)) {
    if (CrossesMidnight(period) && second < int64_t{period.to_minute} * 60) {
      return true;
    }
  }
  return false;
}

bool OpeningHours::IsOpen(absl::Time utc) const {
  const int64_t seconds = ClampedSeconds(utc);
  return IsOpenAtLocal(seconds + SegmentAt(seconds).offset);
}

absl::Time OpeningHours::NextChange(absl::Time utc) const {
  const int64_t start = ClampedSeconds(utc);
  if (start <= -kSecondsMax || start >= kSecondsMax) {
    return absl::InfiniteFuture();
  }
  const int64_t last = start + kSearchDays * kDay;
  const bool open_now = IsOpen(utc);
  std::vector<int64_t> edges;  // Local seconds at which it may change.
  int64_t at = start;          // Nothing changes in (start, at].
  while (at < last) {
    const Segment segment = SegmentAt(at);
    const int64_t local = at + segment.offset;
    const int64_t day = FloorDiv(local, kDay);
    edges.assign(1, (day + 1) * kDay);
    for (int64_t begun : {day - 1, day}) {
      for (const OpenPeriod& period : PeriodsOf(begun)) {
        const int64_t end_day = begun + (CrossesMidnight(period) ? 1 : 0);
        edges.push_back(begun * kDay + int64_t{period.from_minute} * 60);
        edges.push_back(end_day * kDay + int64_t{period.to_minute} * 60);
      }
    }
    std::sort(edges.begin(), edges.end());
    for (int64_t edge : edges) {
      if (edge <= local || edge > (day + 1) * kDay) continue;
      const int64_t edge_utc = edge - segment.offset;
      if (edge_utc >= segment.end) break;
      if (edge_utc > last) return absl::InfiniteFuture();
      if (IsOpenAtLocal(edge) != open_now) {
        return absl::FromUnixSeconds(edge_utc);
      }
    }
    // On to the next local day, or to where the clock changes before that.
    at = std::min(segment.end, (day + 1) * kDay - segment.offset);
    if (at <= last && IsOpen(absl::FromUnixSeconds(at)) != open_now) {
      return absl::FromUnixSeconds(at);
    }
  }
  return absl::InfiniteFuture();
}

}  // namespace callrouter
