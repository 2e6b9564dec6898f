// callrouter/number_rules.h
//
// What a number pool is told: which numbers may be shown for which calls, how
// often, how near, and in which order. Plain values; number_pool.h is the part
// that obeys them.
//
//   NumberRules rules;
//   rules.groups.emplace_back();
//   rules.groups[0].name = "moscow";
//   rules.groups[0].owner = "Romashka LLC";
//   rules.groups[0].trunks = {{"mts", Attestation::kFull}};
//   rules.groups[0].caps.per_hour = 12;
//   rules.groups[0].caps.cool_down = absl::Minutes(2);
//   rules.campaigns.emplace_back();
//   rules.campaigns[0].name = "renewals";
//   rules.campaigns[0].owner = "Romashka LLC";
//   for (const Fault& fault : FindFaults(rules)) Show(ToString(fault));
//
// Only owned, labelled, answerable numbers are shown. What a group says of
// its numbers are facts, checked before anything is chosen; there is no option
// to show something else when the pool has run out.
//
// Thread safety: values.

#ifndef CALLROUTER_NUMBER_RULES_H_
#define CALLROUTER_NUMBER_RULES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "callrouter/fault.h"
#include "callrouter/number_health.h"
#include "callrouter/phone_number.h"
#include "callrouter/time_zone.h"

namespace callrouter {

inline constexpr int32_t kUnlimited = INT32_MAX;

// How often one number may be shown. A cap holds in every period of its
// length, not only from full hour to full hour. It is counted in parts (minute
// and hour: 12; day: 24; week: 28): a use counts until the end of the part in
// which it is as old as the period, so at the most one part longer. Caps are
// in [1, 65,535] or kUnlimited.
struct NumberCaps {
  int32_t per_minute = kUnlimited;
  int32_t per_hour = kUnlimited;
  int32_t per_day = kUnlimited;   // 24 hours.
  int32_t per_week = kUnlimited;  // 7 days.
  // From midnight to midnight in the time zone of the number's region.
  int32_t per_local_day = kUnlimited;
  // Different people called in 24 hours, as far as the pool remembers whom it
  // showed a number to. Somebody who knows the number may still be called with
  // it if the campaign's stickiness chooses it.
  int32_t callees_per_day = kUnlimited;
  // To one terminating carrier in 24 hours, in 12 parts. [1, 255] or
  // kUnlimited.
  int32_t per_carrier_day = kUnlimited;
  // Reserved and in calls at once.
  int32_t concurrent = kUnlimited;
  // Least time from showing a number to showing it again. [0, 30 days]
  absl::Duration cool_down = absl::ZeroDuration();

  // A number in warming has this share of its caps (each at least 1), by the
  // time since it began to warm up. Ascending in `after`, the first at zero,
  // the last of 1000: then it becomes active. Empty: it is active at once.
  struct WarmUpStep {
    absl::Duration after;
    int32_t permille = 1000;  // [1, 1000]
  };
  std::vector<WarmUpStep> warm_up;
  // The share of the caps (each at least 1) while suspect and while probing.
  int32_t suspect_permille = 500;
  int32_t probing_permille = 100;
  // They are shown beyond that, up to their whole caps, when no other number
  // within the campaign's reach is free, or the call may have no other (it is
  // wanted, or required by stickiness). What a draw needs then is the least
  // recently used.
  bool whole_caps_when_short = true;
};

// Attestation of the right to use a number (SHAKEN, ATIS-1000074): the
// originating provider knows caller and number, the caller, or neither.
enum class Attestation : uint8_t {
  kNone = 0,     // Not signed.
  kGateway = 1,  // C
  kPartial = 2,  // B
  kFull = 3,     // A
};

// A trunk on which numbers may be shown, and what it attests for them.
struct TrunkUse {
  std::string trunk;
  Attestation attestation = Attestation::kNone;
};

inline constexpr uint32_t kVoice = 1;
inline constexpr uint32_t kText = 2;

// The facts that numbers share. All must allow a call before one is chosen.
struct NumberGroup {
  std::string name;
  std::string owner;  // The legal entity the numbers are allotted to.
  std::vector<TrunkUse> trunks;
  std::vector<std::string> campaigns;     // Empty: all of the owner.
  std::vector<std::string> destinations;  // Countries; empty: all.
  uint32_t capabilities = kVoice;
  // The text shown to the called person by contract; empty: none.
  std::string label;
  absl::Time label_from = absl::InfinitePast();
  absl::Time label_until = absl::InfiniteFuture();
  // The right to use the numbers.
  absl::Time usable_from = absl::InfinitePast();
  absl::Time usable_until = absl::InfiniteFuture();
  // A number that was not found to be answered when rung for so long is not
  // shown. Infinite: never asked for.
  absl::Duration verify_every = absl::InfiniteDuration();
  NumberCaps caps;
};

// A part of the world. Without `parent` it is a country. A region with
// children (an area code, a mobile range) contains them.
struct Region {
  struct Neighbour {
    std::string region;
    int32_t kilometres = 0;
  };
  std::string name;
  std::string parent;
  std::vector<Neighbour> neighbours;
  // Of the numbers in a group of this region that are in service, so many
  // (rounded up) must stay free when a callee of another region takes one.
  int32_t reserve_permille = 0;  // [0, 1000]
  // For a country: its mobile or other networks want labelled calls.
  bool label_required = false;
  std::string time_zone;  // For people; the transitions decide.
  std::vector<ZoneTransition> transitions;  // Empty: the parent's, else UTC.
};

// Callees from `first` to `last` (both included, of the same length) live in
// `region`. Ranges may lie within each other: the narrowest counts. They may
// not overlap otherwise.
struct NumberRange {
  PhoneNumber first;
  PhoneNumber last;
  std::string region;
};

// Which of the nearest numbers. Every order is total: equal ones go by region
// in the order of the rules (parents before children), then by digits.
enum class NumberOrder : uint8_t {
  kLeastRecentlyUsed = 0,  // New ones first, as they were added.
  kRoundRobin = 1,         // By digits, a turn each; missed ones are gone.
  kLeastUsedToday = 2,     // Today where the number lives; see below.
  kWeighted = 3,           // Uses in exact proportion to the weights.
  kWeightedRandom = 4,
  kRandom = 5,
  kFixed = 6,  // The lowest rank until its caps are reached.
};
// kLeastUsedToday: least uses on today's local date; those without any by the
// date of their last use, then by their uses on it.
// kRoundRobin: each group and region has laps of its own; among several the
// one with fewest is first. What was chosen because a callee knew it had no
// turn.
// kLeastUsedToday, kWeighted: a number that enters service counts as used as
// often as the one of its group and region whose turn it was last, so that it
// is neither flooded nor left out.

// How far from the callee's region a number may be.
enum class Reach : uint8_t {
  kRegion = 0,      // The callee's own region and what is in it.
  kNeighbours = 1,  // And its neighbours, nearest first.
  kParents = 2,  // And each larger region below the country, each followed by
                 // its own neighbours.
  kCountry = 3,  // And the whole country.
  kAny = 4,      // And everywhere.
};

enum class StickyMode : uint8_t {
  kOff = 0,
  kPrefer = 1,   // The number the callee knows, else another.
  kRequire = 2,  // Only that number, if there is one.
  kAvoid = 3,    // None of the last `avoid_last`.
};
enum class StickyBind : uint8_t {
  kShown = 0,     // A number sticks once it was shown.
  kAnswered = 1,  // Only once a call with it was answered.
};

// One campaign's way to choose.
struct NumberCampaign {
  std::string name;
  std::string owner;
  uint32_t capabilities = kVoice;                // All of these.
  Attestation attestation = Attestation::kNone;  // At least.
  std::string label;            // Only numbers with this label; empty: any.
  bool label_required = false;  // Only numbers with some label.
  NumberOrder order = NumberOrder::kLeastRecentlyUsed;
  Reach reach = Reach::kAny;
  int32_t neighbours_within = kUnlimited;  // Kilometres.

  StickyMode sticky = StickyMode::kOff;
  StickyBind bind = StickyBind::kShown;
  // How long a number shown is remembered, from the whole second of showing.
  // What no campaign remembers any more is forgotten. [1 s, 400 days]
  absl::Duration sticky_keep = absl::Hours(24) * 30;
  bool sticky_across_campaigns = false;  // Whoever showed it.
  int32_t avoid_last = 1;                // [1, 16]
  // Never a number another campaign has shown the same callee.
  bool distinct_per_campaign = false;
};

struct NumberRules {
  std::vector<NumberGroup> groups;        // At most 4,096.
  std::vector<NumberCampaign> campaigns;  // At most 4,096.
  std::vector<Region> regions;            // At most 65,535.
  std::vector<NumberRange> ranges;
  std::vector<std::string> carriers;  // At most 16 with caps of their own.
  NumberHealthRules health;
};

// Everything wrong with `rules`. Paths are those of pool.proto, e.g.
// "group[0].caps.per_hour". Cost: O(n log n).
std::vector<Fault> FindFaults(const NumberRules& rules);

}  // namespace callrouter

#endif  // CALLROUTER_NUMBER_RULES_H_
