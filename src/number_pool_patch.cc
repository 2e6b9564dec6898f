// Patches and rules: checked whole, then taken over whole.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "number_pool_impl.h"

namespace callrouter {

namespace {

std::string Listed(const std::vector<std::string>& faults) {
  constexpr std::size_t kShown = 50;
  std::string text;
  for (std::size_t i = 0; i < faults.size() && i < kShown; ++i) {
    if (i > 0) text += "; ";
    text += faults[i];
  }
  if (faults.size() > kShown) {
    text += "; and " + std::to_string(faults.size() - kShown) + " more";
  }
  return text;
}

}  // namespace

// What a patch may name.
struct NumberPoolImpl::PatchNames {
  absl::flat_hash_map<std::string, uint32_t> group_index;
  absl::flat_hash_map<std::string, uint32_t> region_index;
  absl::flat_hash_set<uint64_t> named;  // Numbers, so far.

  bool Once(PhoneNumber number, std::vector<std::string>* faults) {
    if (number.none()) {
      faults->push_back("a number is missing");
    } else if (!named.insert(number.value()).second) {
      faults->push_back(number.ToString() + " is named twice");
    } else {
      return true;
    }
    return false;
  }
};

void NumberPoolImpl::ReadPut(const NumberConfig& put, PatchNames* names,
                             std::vector<NumberIncoming>* numbers,
                             std::vector<std::string>* faults) const {
  if (!names->Once(put.number, faults)) return;
  const auto group = names->group_index.find(put.group);
  const auto region = names->region_index.find(put.region);
  if (group == names->group_index.end()) {
    faults->push_back(put.number.ToString() + ": group: found \"" + put.group +
                      "\", which is not in the rules");
  }
  if (region == names->region_index.end()) {
    faults->push_back(put.number.ToString() + ": region: found \"" +
                      put.region + "\", which is not in the rules");
  }
  if (put.weight < 1 || put.weight > 1000 || put.rank < 0 ||
      put.rank > 1'000'000 || put.state > NumberState::kRetired) {
    faults->push_back(put.number.ToString() + ": found weight " +
                      std::to_string(put.weight) + ", rank " +
                      std::to_string(put.rank) + ", state " +
                      std::to_string(static_cast<int>(put.state)) +
                      ", expected 1 to 1000, 0 to 1,000,000, 0 to 8");
  }
  if (!faults->empty()) return;
  const NumberId id = FindNumber(put.number.value());
  if (id.none()) {
    const std::size_t added = numbers->size() - records_.size();
    numbers->emplace_back();
    numbers->back().added = static_cast<uint32_t>(added);
  }
  NumberIncoming& number =
      id.none() ? numbers->back() : (*numbers)[slots_[id.slot()].position];
  number.digits = put.number.value();
  number.group = group->second;
  number.region = region->second;
  number.put = &put;
}

absl::Status NumberPoolImpl::Apply(const NumberPatch& patch) {
  std::vector<std::string> faults;
  PatchNames names;
  for (uint32_t g = 0; g < rules_.groups.size(); ++g) {
    names.group_index[rules_.groups[g].name] = g;
  }
  for (uint32_t r = 0; r < geography_.regions(); ++r) {
    names.region_index[geography_.name(r)] = r;
  }
  std::vector<std::pair<uint32_t, uint32_t>> cells;
  cells.reserve(cells_.size());
  for (const NumberCell& cell : cells_) {
    cells.emplace_back(filters_.kind(cell.kind).group, cell.region);
  }
  std::vector<NumberIncoming> numbers(records_.size());
  numbers.reserve(records_.size() + patch.put.size());
  for (uint32_t p = 0; p < records_.size(); ++p) {
    numbers[p].digits = records_[p].digits;
    numbers[p].group = cells[records_[p].cell].first;
    numbers[p].region = cells[records_[p].cell].second;
    numbers[p].from = p;
  }
  names.named.reserve(patch.put.size() + patch.remove.size());
  for (const NumberConfig& put : patch.put) {
    ReadPut(put, &names, &numbers, &faults);
  }
  for (const PhoneNumber number : patch.remove) {
    if (!names.Once(number, &faults)) continue;
    const NumberId id = FindNumber(number.value());
    if (id.none()) {
      faults.push_back(number.ToString() + " is not in the pool");
    } else {
      numbers[slots_[id.slot()].position].digits = 0;
    }
  }
  if (!faults.empty()) return absl::InvalidArgumentError(Listed(faults));
  const std::size_t count = numbers.size() - patch.remove.size();
  if (count > static_cast<std::size_t>(options_.numbers_max)) {
    return absl::ResourceExhaustedError(
        "numbers_max: found " + std::to_string(count) + " numbers, at most " +
        std::to_string(options_.numbers_max));
  }
  Rebuild(std::move(numbers), cells);
  return absl::OkStatus();
}

absl::Status NumberPoolImpl::SetRules(const NumberRules& rules) {
  std::vector<std::string> faults;
  for (const Fault& fault : FindFaults(rules)) {
    faults.push_back(ToString(fault));
  }
  if (!faults.empty()) return absl::InvalidArgumentError(Listed(faults));
  NumberGeography geography(rules);
  std::vector<uint32_t> group_now(rules_.groups.size(), kNowhere);
  for (std::size_t g = 0; g < rules_.groups.size(); ++g) {
    for (std::size_t n = 0; n < rules.groups.size(); ++n) {
      if (rules.groups[n].name == rules_.groups[g].name) {
        group_now[g] = static_cast<uint32_t>(n);
      }
    }
  }
  for (const NumberCell& cell : cells_) {
    const uint32_t group = filters_.kind(cell.kind).group;
    if (group_now[group] == kNowhere) {
      faults.push_back("groups: found no \"" + rules_.groups[group].name +
                       "\", which numbers are in");
    }
    if (geography.Find(geography_.name(cell.region)) ==
        NumberGeography::kNoRegion) {
      faults.push_back("regions: found no \"" + geography_.name(cell.region) +
                       "\", which numbers are in");
    }
  }
  if (!faults.empty()) {
    std::sort(faults.begin(), faults.end());
    faults.erase(std::unique(faults.begin(), faults.end()), faults.end());
    return absl::FailedPreconditionError(Listed(faults));
  }
  std::vector<std::pair<uint32_t, uint32_t>> cells;
  cells.reserve(cells_.size());
  for (const NumberCell& cell : cells_) {
    cells.emplace_back(group_now[filters_.kind(cell.kind).group],
                       geography.Find(geography_.name(cell.region)));
  }
  std::vector<NumberIncoming> numbers(records_.size());
  for (uint32_t p = 0; p < records_.size(); ++p) {
    numbers[p].digits = records_[p].digits;
    numbers[p].group = cells[records_[p].cell].first;
    numbers[p].region = cells[records_[p].cell].second;
    numbers[p].from = p;
  }
  rules_ = rules;
  geography_ = std::move(geography);
  scale_.SetRules(rules_.health);
  rates_.SetRules(rules_.health);
  SetLimits();
  SetNames();
  Rebuild(std::move(numbers), cells);
  return absl::OkStatus();
}

void NumberPoolImpl::SetLimits() {
  limits_.clear();
  for (const NumberGroup& group : rules_.groups) {
    const NumberCaps& caps = group.caps;
    NumberLimits limits;
    limits.windows = {caps.per_minute, caps.per_hour, caps.per_day,
                      caps.per_week, caps.callees_per_day};
    limits.local_day = caps.per_local_day;
    limits.concurrent = caps.concurrent;
    limits.carrier_day = caps.per_carrier_day;
    limits.cool_down = absl::ToInt64Microseconds(caps.cool_down);
    if (group.verify_every < absl::Hours(24) * 36'500) {
      limits.verify_every = absl::ToInt64Microseconds(group.verify_every);
    }
    for (const NumberCaps::WarmUpStep& step : caps.warm_up) {
      limits.warm_up.emplace_back(absl::ToInt64Microseconds(step.after),
                                  step.permille);
    }
    limits.suspect = caps.suspect_permille;
    limits.probing = caps.probing_permille;
    limits.lends = caps.whole_caps_when_short &&
                   std::min(limits.suspect, limits.probing) < 1000;
    limits_.push_back(std::move(limits));
  }
}

void NumberPoolImpl::SetNames() {
  for (const NumberCampaign& c : rules_.campaigns) campaigns_.Intern(c.name);
  for (const NumberGroup& group : rules_.groups) {
    for (const TrunkUse& use : group.trunks) trunks_.Intern(use.trunk);
  }
  for (const std::string& carrier : rules_.carriers) carriers_.Intern(carrier);
  campaign_at_.assign(campaigns_.size(), 0);
  callees_keep_ = 0;
  for (uint32_t i = 0; i < rules_.campaigns.size(); ++i) {
    const NumberCampaign& campaign = rules_.campaigns[i];
    campaign_at_[campaigns_.Find(campaign.name)] = i;
    if (campaign.sticky != StickyMode::kOff || campaign.distinct_per_campaign) {
      callees_keep_ = std::max(
          callees_keep_,
          static_cast<uint32_t>(absl::ToInt64Seconds(campaign.sticky_keep)));
    }
  }
  for (const NumberLimits& limits : limits_) {
    if (limits.windows[kCalleesWindow] != kUnlimited) {
      callees_keep_ = std::max(callees_keep_, 86'400u);
    }
  }
  carrier_bits_.assign(carriers_.size(), 16);
  for (uint32_t i = 0; i < rules_.carriers.size(); ++i) {
    carrier_bits_[carriers_.Find(rules_.carriers[i])] = i;
  }
}

}  // namespace callrouter
