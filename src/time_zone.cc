#include "callrouter/time_zone.h"

#include <algorithm>
#include <cstddef>

namespace callrouter {

namespace {

constexpr int64_t kDayUs = int64_t{86'400} * 1'000'000;

int64_t FloorDay(int64_t local_us) {
  const int64_t day = local_us / kDayUs;
  return local_us % kDayUs < 0 ? day - 1 : day;
}

}  // namespace

TimeZone::TimeZone(const std::vector<ZoneTransition>& transitions) {
  if (transitions.empty()) return;
  offsets_.clear();
  for (const ZoneTransition& t : transitions) {
    offsets_.push_back(
        {absl::ToUnixMicros(t.at), int64_t{t.offset_seconds} * 1'000'000});
  }
  offsets_.front().from_us = INT64_MIN;
}

std::size_t TimeZone::At(int64_t utc_us) const {
  const auto after = std::partition_point(
      offsets_.begin() + 1, offsets_.end(),
      [&](const Offset& offset) { return offset.from_us <= utc_us; });
  return static_cast<std::size_t>(after - offsets_.begin()) - 1;
}

int64_t TimeZone::Day(int64_t utc_us) const {
  return FloorDay(utc_us + offsets_[At(utc_us)].offset_us);
}

int32_t TimeZone::Hour(int64_t utc_us) const {
  const int64_t local = utc_us + offsets_[At(utc_us)].offset_us;
  const int64_t in_day = local - FloorDay(local) * kDayUs;
  return static_cast<int32_t>(in_day / (kDayUs / 24));
}

int64_t TimeZone::NextDay(int64_t utc_us) const {
  std::size_t at = At(utc_us);
  const int64_t today = FloorDay(utc_us + offsets_[at].offset_us);
  for (;; ++at) {
    const int64_t midnight = (today + 1) * kDayUs - offsets_[at].offset_us;
    const int64_t begin = std::max(midnight, offsets_[at].from_us);
    if (at + 1 == offsets_.size() || begin < offsets_[at + 1].from_us) {
      return begin;
    }
  }
}

}  // namespace callrouter
