// The hard facts, compiled.
//
// Numbers that share a group and a time zone are of one kind. For each value a
// request can have there is a set of the kinds it admits; a request admits
// what all its sets have in common. Cost: O(kinds / 64).

#ifndef CALLROUTER_SRC_NUMBER_FILTERS_H_
#define CALLROUTER_SRC_NUMBER_FILTERS_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "callrouter/number_rules.h"
#include "number_geography.h"

namespace callrouter {

// Names that keep their index for as long as the pool lives.
class NumberNames {
 public:
  static constexpr uint32_t kNone = 0xffffffffu;
  uint32_t Intern(std::string_view name);
  uint32_t Find(std::string_view name) const;
  uint32_t size() const { return static_cast<uint32_t>(names_.size()); }
  const std::string& name(uint32_t i) const { return names_[i]; }

 private:
  std::vector<std::string> names_;
  std::vector<uint32_t> sorted_;
};

using KindSet = std::vector<uint64_t>;

class NumberFilters {
 public:
  struct Kind {
    uint32_t group = 0;
    uint32_t zone = 0;
    // UTC, microseconds.
    int64_t valid_from = INT64_MIN;
    int64_t valid_until = INT64_MAX;
  };

  // `kinds`: (group, zone) of each, sorted. `campaigns` and `trunks` name the
  // indices that Campaign and Trunk take.
  void Compile(const NumberRules& rules, const NumberGeography& geography,
               const std::vector<Kind>& kinds, const NumberNames& campaigns,
               const NumberNames& trunks);

  uint32_t kinds() const { return static_cast<uint32_t>(kinds_.size()); }
  const Kind& kind(uint32_t k) const { return kinds_[k]; }
  std::size_t words() const { return (kinds_.size() + 63) / 64; }

  // Null: no such campaign in the rules.
  const KindSet* Campaign(uint32_t campaign) const {
    return campaign < campaign_.size() && !campaign_[campaign].empty()
               ? &campaign_[campaign]
               : nullptr;
  }
  const KindSet& Trunk(uint32_t trunk, Attestation at_least) const {
    return trunk_[trunk][static_cast<std::size_t>(at_least)];
  }
  const KindSet& Country(uint32_t region) const { return country_[region]; }
  bool ValidAt(uint32_t k, int64_t utc) const {
    return kinds_[k].valid_from <= utc && utc < kinds_[k].valid_until;
  }

 private:
  std::vector<Kind> kinds_;
  std::vector<KindSet> campaign_;
  std::vector<std::array<KindSet, 4>> trunk_;
  std::vector<KindSet> country_;  // By region; empty if it is not a country.
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_NUMBER_FILTERS_H_
