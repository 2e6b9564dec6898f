// Where a callee lives, and where to look for a number from there.
//
// Regions are numbered so that what lies in a region follows it: region r and
// everything in it are [r, end(r)). Region 0 is nowhere: callees in no range,
// numbers without a region.

#ifndef CALLROUTER_SRC_NUMBER_GEOGRAPHY_H_
#define CALLROUTER_SRC_NUMBER_GEOGRAPHY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "callrouter/number_choice.h"
#include "callrouter/number_rules.h"
#include "callrouter/phone_number.h"
#include "callrouter/time_zone.h"

namespace callrouter {

class NumberGeography {
 public:
  NumberGeography() : NumberGeography(NumberRules()) {}
  // `rules` has no faults.
  explicit NumberGeography(const NumberRules& rules);

  uint32_t regions() const { return static_cast<uint32_t>(at_.size()); }
  // The narrowest range's region; 0 if there is none. Cost: O(log ranges).
  uint32_t RegionOf(PhoneNumber callee) const;
  // By name; "" is 0; kNoRegion if there is none.
  static constexpr uint32_t kNoRegion = 0xffffffffu;
  uint32_t Find(std::string_view name) const;
  const std::string& name(uint32_t r) const { return at_[r].name; }

  uint32_t parent(uint32_t r) const { return at_[r].parent; }
  uint32_t end(uint32_t r) const { return at_[r].end; }
  uint32_t country(uint32_t r) const { return at_[r].country; }
  uint32_t zone(uint32_t r) const { return at_[r].zone; }
  int32_t reserve_permille(uint32_t r) const { return at_[r].reserve; }
  bool label_required(uint32_t r) const { return at_[r].label_required; }
  const std::vector<TimeZone>& zones() const { return zones_; }

  // The places to look in, nearest first.
  class Ladder {
   public:
    Ladder(const NumberGeography& geography, uint32_t home, Reach reach,
           int32_t kilometres)
        : geography_(geography),
          home_(home),
          at_(home),
          reach_(reach),
          kilometres_(kilometres) {}
    // Regions [first, end). False if there are no more.
    bool Next(Rung* rung, uint32_t* first, uint32_t* end);

   private:
    const NumberGeography& geography_;
    uint32_t home_;
    uint32_t at_;  // The region whose neighbours are next.
    Reach reach_;
    int32_t kilometres_;
    uint32_t neighbour_ = 0;
    enum { kHome, kAround, kWhole, kAll, kEnd } step_ = kHome;
  };

 private:
  struct Place {
    std::string name;
    uint32_t parent = 0;  // Of a country: itself.
    uint32_t end = 0;
    uint32_t country = 0;
    uint32_t zone = 0;
    int32_t reserve = 0;
    bool label_required = false;
    // (kilometres, region), nearest first.
    std::vector<std::pair<int32_t, uint32_t>> neighbours;
  };
  void AddTree(const NumberRules& rules,
               const std::vector<std::vector<uint32_t>>& children, uint32_t i,
               uint32_t parent, std::vector<uint32_t>* place_of);
  void AddRanges(const NumberRules& rules);

  std::vector<Place> at_;
  std::vector<std::pair<std::string, uint32_t>> by_name_;  // Sorted.
  std::vector<TimeZone> zones_;                            // 0: UTC.
  // From starts_[i] on callees live in lives_[i]; sorted.
  std::vector<uint64_t> starts_;
  std::vector<uint32_t> lives_;
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_NUMBER_GEOGRAPHY_H_
