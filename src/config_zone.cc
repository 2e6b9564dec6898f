#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "config_convert.h"

namespace callrouter {
namespace {

constexpr size_t kNameMax = 64;

// Names only: the loader also takes paths of files, and "localtime" would make
// a configuration mean something else on each machine.
bool IsZoneName(const std::string& name) {
  return !name.empty() && name.size() <= kNameMax && name != "localtime" &&
         absl::ascii_isalpha(static_cast<unsigned char>(name.front())) &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                  c == '/' || c == '_' || c == '+' || c == '-';
         });
}

}  // namespace

bool LoadTransitions(const std::string& name,
                     std::vector<ZoneTransition>* transitions) {
  absl::TimeZone zone;
  if (!IsZoneName(name) ||
      !absl::LoadTimeZone(absl::string_view(name), &zone)) {
    return false;
  }
  const absl::Time end =
      absl::FromCivil(absl::CivilDay(2100, 1, 1), absl::UTCTimeZone());
  absl::Time at = absl::UnixEpoch();
  transitions->assign(1, {absl::InfinitePast(), zone.At(at).offset});
  absl::TimeZone::CivilTransition change;
  while (zone.NextTransition(at, &change)) {
    const absl::Time next = zone.At(change.to).trans;
    if (next <= at || next >= end) break;
    at = next;
    const int offset = zone.At(at).offset;
    // Some changes are of the zone's abbreviation only.
    if (offset != transitions->back().offset_seconds) {
      transitions->push_back({at, offset});
    }
  }
  return true;
}

}  // namespace callrouter
