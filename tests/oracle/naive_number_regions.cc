// The plain twin of the number pool: where people and numbers are.

#include <algorithm>

#include "tests/oracle/naive_number_pool.h"

namespace callrouter::oracle {

const Region* NaiveNumberPool::FindRegion(const std::string& name) const {
  for (const Region& region : rules_.regions) {
    if (region.name == name) return &region;
  }
  return nullptr;
}

void NaiveNumberPool::ReadRegion(const Region& region,
                                 const std::string& country) {
  const uint64_t order = region_order_.size();
  region_order_[region.name] = order;
  country_[region.name] = country;
  zone_order_[region.name] = !region.transitions.empty() ? ++zones_
                             : region.parent.empty()
                                 ? 0
                                 : zone_order_[region.parent];
  for (const Region& inside : rules_.regions) {
    if (inside.parent == region.name) ReadRegion(inside, country);
  }
}

void NaiveNumberPool::ReadRegions() {
  region_order_ = {{"", 0}};
  country_ = {{"", ""}};
  zone_order_ = {{"", 0}};
  zones_ = 0;
  for (const Region& region : rules_.regions) {
    if (region.parent.empty()) ReadRegion(region, region.name);
  }
}

void NaiveNumberPool::SetRules(const NumberRules& rules, absl::Time now) {
  Enter(now);
  if (rules.health.half_life != rules_.health.half_life) {
    for (auto& [kind, rate] : rates_) rate.period = -1;
  }
  rules_ = rules;
  ReadRegions();
  RenewEnds();
}

std::string NaiveNumberPool::RegionOf(PhoneNumber callee) const {
  const NumberRange* narrowest = nullptr;
  for (const NumberRange& range : rules_.ranges) {
    if (callee < range.first || range.last < callee) continue;
    if (narrowest == nullptr ||
        range.last.value() - range.first.value() <
            narrowest->last.value() - narrowest->first.value()) {
      narrowest = &range;
    }
  }
  return narrowest == nullptr ? "" : narrowest->region;
}

std::set<std::string> NaiveNumberPool::Inside(const std::string& region) const {
  std::set<std::string> inside = {region};
  if (region.empty()) return inside;
  for (const Region& r : rules_.regions) {
    if (r.parent != region) continue;
    const std::set<std::string> more = Inside(r.name);
    inside.insert(more.begin(), more.end());
  }
  return inside;
}

std::vector<NaiveNumberPool::Place> NaiveNumberPool::Ladder(
    const Look& look) const {
  const Reach reach = look.campaign->reach;
  std::vector<Place> places = {{Rung::kRegion, Inside(look.home)}};
  std::string at = look.home;
  while (reach >= Reach::kNeighbours) {
    const Region* const region = FindRegion(at);
    if (region == nullptr) break;
    std::vector<std::pair<int32_t, std::string>> near;
    for (const Region::Neighbour& n : region->neighbours) {
      if (n.kilometres <= look.campaign->neighbours_within) {
        near.emplace_back(n.kilometres, n.region);
      }
    }
    std::sort(near.begin(), near.end(), [&](const auto& a, const auto& b) {
      return a.first != b.first
                 ? a.first < b.first
                 : region_order_.at(a.second) < region_order_.at(b.second);
    });
    for (const auto& [kilometres, name] : near) {
      places.push_back({Rung::kNeighbour, Inside(name)});
    }
    const Region* const up = FindRegion(region->parent);
    if (reach < Reach::kParents || up == nullptr || up->parent.empty()) break;
    places.push_back({Rung::kParent, Inside(up->name)});
    at = up->name;
  }
  const std::string& country = country_.at(look.home);
  if (reach >= Reach::kCountry && country != look.home) {
    places.push_back({Rung::kCountry, Inside(country)});
  }
  if (reach >= Reach::kAny) {
    Place all = {Rung::kAnywhere, {}};
    for (const auto& [name, order] : region_order_) all.regions.insert(name);
    places.push_back(all);
  }
  return places;
}

}  // namespace callrouter::oracle
