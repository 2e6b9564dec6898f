#include "number_filters.h"

#include <algorithm>
#include <cstddef>

namespace callrouter {

uint32_t NumberNames::Find(std::string_view name) const {
  const auto it = std::lower_bound(
      sorted_.begin(), sorted_.end(), name,
      [&](uint32_t i, std::string_view n) { return names_[i] < n; });
  return it == sorted_.end() || names_[*it] != name ? kNone : *it;
}

uint32_t NumberNames::Intern(std::string_view name) {
  const auto it = std::lower_bound(
      sorted_.begin(), sorted_.end(), name,
      [&](uint32_t i, std::string_view n) { return names_[i] < n; });
  if (it != sorted_.end() && names_[*it] == name) return *it;
  const uint32_t i = size();
  sorted_.insert(it, i);
  names_.emplace_back(name);
  return i;
}

namespace {

bool Contains(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

bool Admits(const NumberCampaign& campaign, const NumberGroup& group) {
  if (campaign.owner != group.owner) return false;
  if (!group.campaigns.empty() && !Contains(group.campaigns, campaign.name)) {
    return false;
  }
  if ((campaign.capabilities & ~group.capabilities) != 0) return false;
  if (!campaign.label.empty() && campaign.label != group.label) return false;
  return !campaign.label_required || !group.label.empty();
}

void Insert(uint32_t kind, KindSet* set) {
  (*set)[kind / 64] |= uint64_t{1} << (kind % 64);
}

}  // namespace

void NumberFilters::Compile(const NumberRules& rules,
                            const NumberGeography& geography,
                            const std::vector<Kind>& kinds,
                            const NumberNames& campaigns,
                            const NumberNames& trunks) {
  kinds_ = kinds;
  // At least one word, so that a set which exists is not empty.
  const KindSet none(std::max<std::size_t>(1, words()), 0);
  campaign_.assign(campaigns.size(), KindSet());
  trunk_.assign(trunks.size(), {none, none, none, none});
  country_.assign(geography.regions(), KindSet());
  for (const NumberCampaign& campaign : rules.campaigns) {
    campaign_[campaigns.Find(campaign.name)] = none;
  }
  for (uint32_t r = 0; r < geography.regions(); ++r) {
    if (geography.country(r) == r) country_[r] = none;
  }
  for (uint32_t k = 0; k < this->kinds(); ++k) {
    const NumberGroup& group = rules.groups[kinds_[k].group];
    absl::Time from = group.usable_from;
    absl::Time until = group.usable_until;
    if (!group.label.empty()) {
      from = std::max(from, group.label_from);
      until = std::min(until, group.label_until);
    }
    kinds_[k].valid_from = absl::ToUnixMicros(from);
    kinds_[k].valid_until = absl::ToUnixMicros(until);
    for (const NumberCampaign& campaign : rules.campaigns) {
      if (Admits(campaign, group)) {
        Insert(k, &campaign_[campaigns.Find(campaign.name)]);
      }
    }
    for (const TrunkUse& use : group.trunks) {
      auto& sets = trunk_[trunks.Find(use.trunk)];
      for (std::size_t a = 0; a <= static_cast<std::size_t>(use.attestation);
           ++a) {
        Insert(k, &sets[a]);
      }
    }
    for (uint32_t r = 0; r < geography.regions(); ++r) {
      if (country_[r].empty()) continue;
      if (!group.destinations.empty() &&
          !Contains(group.destinations, geography.name(r))) {
        continue;
      }
      if (geography.label_required(r) && group.label.empty()) continue;
      Insert(k, &country_[r]);
    }
  }
}

}  // namespace callrouter
