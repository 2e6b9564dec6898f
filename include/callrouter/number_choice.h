// callrouter/number_choice.h
//
// What a number pool is asked and what it answers.
//
//   NumberRequest request;
//   request.attempt = 4711;                       // the host's own name
//   request.campaign = pool->FindCampaign("renewals");
//   request.trunk = pool->FindTrunk("mts");
//   request.callee = *PhoneNumber::Parse("+79161234567");
//
// The numbers of all enums are kept in journals: never renumbered.
//
// Thread safety: values.

#ifndef CALLROUTER_NUMBER_CHOICE_H_
#define CALLROUTER_NUMBER_CHOICE_H_

#include <cstdint>
#include <string_view>

#include "absl/time/time.h"
#include "callrouter/id.h"
#include "callrouter/number_health.h"
#include "callrouter/number_rules.h"
#include "callrouter/phone_number.h"

namespace callrouter {

using CampaignId = Id<struct CampaignTag>;
using TrunkId = Id<struct TrunkTag>;

// One outbound call that needs a number to show.
struct NumberRequest {
  uint64_t attempt = 0;  // The host's name for this attempt; not 0.
  CampaignId campaign;
  TrunkId trunk;
  CarrierId carrier;  // The callee's; none: not known, no cap by carrier.
  PhoneNumber callee;
  PhoneNumber wanted;          // Only this number (the agent's own); none: any.
  int32_t attempt_number = 1;  // Of the attempts to reach this person. >= 1

  friend bool operator==(const NumberRequest& a, const NumberRequest& b) {
    return a.attempt == b.attempt && a.campaign == b.campaign &&
           a.trunk == b.trunk && a.carrier == b.carrier &&
           a.callee == b.callee && a.wanted == b.wanted &&
           a.attempt_number == b.attempt_number;
  }
};

// What chose the number.
enum class ChosenBy : uint8_t {
  kNobody = 0,  // There is no number: see NoNumber.
  kWanted = 1,  // The request named it.
  kSticky = 2,  // The callee knows it.
  kOrder = 3,   // The campaign's order, among the nearest.
  // None is free: the nearest suspect or probing one, beyond its share of its
  // caps (see NumberCaps::whole_caps_when_short).
  kShortage = 4,
};

// Where it was found.
enum class Rung : uint8_t {
  kNone = 0,
  kRegion = 1,     // In the callee's region.
  kNeighbour = 2,  // In a neighbour of it.
  kParent = 3,     // In a larger region.
  kCountry = 4,    // In the callee's country.
  kAnywhere = 5,
};

// Why a number is not free now. Of several the one that holds longest.
enum class Block : uint8_t {
  kFree = 0,
  kOutOfService = 1,  // By its NumberState.
  kUnverified = 2,    // Not found to be answered for too long.
  kConcurrent = 3,    // As many calls at once as it may.
  kCoolDown = 4,
  kMinuteCap = 5,
  kHourCap = 6,
  kDayCap = 7,
  kWeekCap = 8,
  kLocalDayCap = 9,
  kCalleesCap = 10,
};

// What became of the number the callee knows.
enum class StickyBreak : uint8_t {
  kNotBroken = 0,  // It was chosen, or there is none.
  kGone = 1,       // No longer in the pool.
  kUnlawful = 2,   // Not for this campaign, trunk or destination (any more).
  kBlocked = 3,    // See `sticky_block`.
  kCarrierCap = 4,
  kElsewhere = 5,  // Another campaign showed it too: distinct_per_campaign.
};

// Why there is none; of 2 to 10 the first that applies.
enum class NoNumber : uint8_t {
  kThereIsOne = 0,
  kUnknownNumber = 1,    // The wanted number is not in the pool.
  kNotForCampaign = 2,   // No group is for this campaign (owner, label, ...).
  kNotOnTrunk = 3,       // None of these on this trunk, so attested.
  kNotForCountry = 4,    // None of these for the callee's country.
  kNotValidNow = 5,      // Label or right to use not valid; `retry_at` says.
  kOutOfReach = 6,       // No number so near.
  kCarrierCap = 7,       // Free ones had enough calls to this carrier.
  kOnlyKnown = 8,        // Free ones are among those to avoid.
  kRegionReserve = 9,    // Free ones are kept for their own region.
  kAllBlocked = 10,      // See `block`: of the first to become free.
  kKnownNumber = 11,     // StickyMode::kRequire, and see `broken`.
  kWantedUnlawful = 12,  // The wanted number is not for this call.
};

// The answer. With a number: it counts as used, until the host commits or
// cancels or `lapses_at` has come.
struct NumberChoice {
  NumberId id;
  PhoneNumber number;
  ChosenBy by = ChosenBy::kNobody;
  Rung rung = Rung::kNone;  // For ChosenBy::kOrder and kShortage.
  uint32_t region = 0;      // Where that is: see NumberPool::RegionName.
  StickyBreak broken = StickyBreak::kNotBroken;
  Block sticky_block = Block::kFree;
  absl::Time lapses_at = absl::InfiniteFuture();

  NoNumber none = NoNumber::kThereIsOne;
  Block block = Block::kFree;
  // No try before can succeed unless the host changes something or a call
  // ends; InfiniteFuture: nor later.
  absl::Time retry_at = absl::InfinitePast();
};

// Short words for logs: "least recently used", "cool-down".
std::string_view Name(Rung rung);
std::string_view Name(Block block);
std::string_view Name(StickyBreak broken);
std::string_view Name(NoNumber none);

}  // namespace callrouter

#endif  // CALLROUTER_NUMBER_CHOICE_H_
