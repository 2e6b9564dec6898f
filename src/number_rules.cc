#include "callrouter/number_rules.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace callrouter {

namespace {

using Faults = std::vector<std::string>;

std::string At(const char* list, std::size_t i, const std::string& name) {
  return std::string(list) + "[" + std::to_string(i) + "] \"" + name + "\": ";
}

void CheckRange(const std::string& where, const char* field, int64_t found,
                int64_t low, int64_t high, Faults* faults) {
  if (found >= low && found <= high) return;
  faults->push_back(where + field + ": found " + std::to_string(found) +
                    ", expected " + std::to_string(low) + " to " +
                    std::to_string(high));
}

void CheckCap(const std::string& where, const char* field, int32_t cap,
              int32_t high, Faults* faults) {
  if (cap != kUnlimited) CheckRange(where, field, cap, 1, high, faults);
}

void CheckDuration(const std::string& where, const char* field,
                   absl::Duration found, absl::Duration low,
                   absl::Duration high, Faults* faults) {
  if (found >= low && found <= high) return;
  faults->push_back(where + field + ": found " + absl::FormatDuration(found) +
                    ", expected " + absl::FormatDuration(low) + " to " +
                    absl::FormatDuration(high));
}

void CheckCaps(const std::string& where, const NumberCaps& caps,
               Faults* faults) {
  CheckCap(where, "caps.per_minute", caps.per_minute, 65'535, faults);
  CheckCap(where, "caps.per_hour", caps.per_hour, 65'535, faults);
  CheckCap(where, "caps.per_day", caps.per_day, 65'535, faults);
  CheckCap(where, "caps.per_week", caps.per_week, 65'535, faults);
  CheckCap(where, "caps.per_local_day", caps.per_local_day, 65'535, faults);
  CheckCap(where, "caps.callees_per_day", caps.callees_per_day, 65'535, faults);
  CheckCap(where, "caps.per_carrier_day", caps.per_carrier_day, 255, faults);
  CheckCap(where, "caps.concurrent", caps.concurrent, 65'535, faults);
  CheckDuration(where, "caps.cool_down", caps.cool_down, absl::ZeroDuration(),
                absl::Hours(24) * 30, faults);
  CheckRange(where, "caps.suspect_permille", caps.suspect_permille, 1, 1000,
             faults);
  CheckRange(where, "caps.probing_permille", caps.probing_permille, 1, 1000,
             faults);
  for (std::size_t i = 0; i < caps.warm_up.size(); ++i) {
    const NumberCaps::WarmUpStep& step = caps.warm_up[i];
    CheckRange(where, "caps.warm_up.permille", step.permille, 1, 1000, faults);
    const bool first = i == 0 && step.after == absl::ZeroDuration();
    const bool later = i > 0 && step.after > caps.warm_up[i - 1].after &&
                       step.after <= absl::Hours(24) * 366;
    if (!first && !later) {
      faults->push_back(where + "caps.warm_up[" + std::to_string(i) +
                        "].after: found " + absl::FormatDuration(step.after) +
                        ", expected zero first, then ascending to 366 days");
    }
  }
}

// Names that may be used, and complaints about others and about repeats.
class Names {
 public:
  Names(const char* list, Faults* faults) : list_(list), faults_(faults) {}
  void Add(std::size_t i, const std::string& name) {
    if (name.empty()) {
      faults_->push_back(At(list_, i, name) + "found no name");
    } else if (!index_.emplace(name, i).second) {
      faults_->push_back(At(list_, i, name) + "the name is used twice");
    }
  }
  bool Has(const std::string& name) const { return index_.count(name) > 0; }
  std::size_t Index(const std::string& name) const {
    return index_.find(name)->second;
  }
  void Expect(const std::string& where, const char* field,
              const std::string& name) const {
    if (!Has(name)) {
      faults_->push_back(where + field + ": found \"" + name +
                         "\", which is not among the " + list_);
    }
  }

 private:
  const char* list_;
  Faults* faults_;
  std::map<std::string, std::size_t> index_;
};

void CheckGroup(const std::string& where, const NumberGroup& group,
                const Names& campaigns, const Names& regions,
                const NumberRules& rules, Faults* faults) {
  if (group.owner.empty()) {
    faults->push_back(where +
                      "owner: found none; only owned numbers are shown");
  }
  if (group.trunks.empty()) {
    faults->push_back(where +
                      "trunks: found none; the numbers could not be "
                      "shown anywhere");
  }
  std::set<std::string> trunks;
  for (const TrunkUse& use : group.trunks) {
    if (use.trunk.empty() || !trunks.insert(use.trunk).second) {
      faults->push_back(where + "trunks: found \"" + use.trunk +
                        "\" without a name or twice");
    }
  }
  for (const std::string& name : group.campaigns) {
    campaigns.Expect(where, "campaigns", name);
  }
  for (const std::string& name : group.destinations) {
    regions.Expect(where, "destinations", name);
    if (regions.Has(name) &&
        !rules.regions[regions.Index(name)].parent.empty()) {
      std::string fault = where;
      fault += "destinations: found \"";
      fault += name;
      fault += "\", which is not a country";
      faults->push_back(std::move(fault));
    }
  }
  if (group.capabilities == 0) {
    faults->push_back(where + "capabilities: found none");
  }
  if (!(group.label_from < group.label_until) ||
      !(group.usable_from < group.usable_until)) {
    faults->push_back(where +
                      "found a time from which it is valid that is not "
                      "before the time until which it is");
  }
  if (!(group.verify_every >= absl::Seconds(1))) {
    faults->push_back(where + "verify_every: found " +
                      absl::FormatDuration(group.verify_every) +
                      ", expected 1 s or more");
  }
  CheckCaps(where, group.caps, faults);
}

void CheckCampaign(const std::string& where, const NumberCampaign& campaign,
                   Faults* faults) {
  if (campaign.owner.empty()) faults->push_back(where + "owner: found none");
  if (campaign.capabilities == 0) {
    faults->push_back(where + "capabilities: found none");
  }
  CheckRange(where, "neighbours_within", campaign.neighbours_within, 0,
             kUnlimited, faults);
  CheckDuration(where, "sticky_keep", campaign.sticky_keep, absl::Seconds(1),
                absl::Hours(24) * 400, faults);
  CheckRange(where, "avoid_last", campaign.avoid_last, 1, 16, faults);
}

void CheckTransitions(const std::string& where,
                      const std::vector<ZoneTransition>& transitions,
                      Faults* faults) {
  for (std::size_t i = 0; i < transitions.size(); ++i) {
    const ZoneTransition& t = transitions[i];
    CheckRange(where, "transitions.offset_seconds", t.offset_seconds, -86'400,
               86'400, faults);
    const bool first = i == 0 && t.at == absl::InfinitePast();
    const bool later =
        i > 0 && t.at > transitions[i - 1].at && t.at < absl::InfiniteFuture();
    if (!first && !later) {
      faults->push_back(where + "transitions[" + std::to_string(i) +
                        "]: found a time that is not after the one before "
                        "(the first is at InfinitePast)");
    }
  }
}

void CheckRegions(const NumberRules& rules, const Names& regions,
                  Faults* faults) {
  for (std::size_t i = 0; i < rules.regions.size(); ++i) {
    const Region& region = rules.regions[i];
    const std::string where = At("regions", i, region.name);
    CheckRange(where, "reserve_permille", region.reserve_permille, 0, 1000,
               faults);
    CheckTransitions(where, region.transitions, faults);
    std::set<std::string> near;
    for (const Region::Neighbour& neighbour : region.neighbours) {
      regions.Expect(where, "neighbours", neighbour.region);
      CheckRange(where, "neighbours.kilometres", neighbour.kilometres, 0,
                 kUnlimited, faults);
      if (neighbour.region == region.name ||
          !near.insert(neighbour.region).second) {
        faults->push_back(where + "neighbours: found \"" + neighbour.region +
                          "\" twice or itself");
      }
    }
    // Up from parent to parent; no more steps than there are regions.
    std::size_t steps = 0;
    const Region* at = &region;
    while (!at->parent.empty() && regions.Has(at->parent) &&
           steps <= rules.regions.size()) {
      at = &rules.regions[regions.Index(at->parent)];
      ++steps;
    }
    if (!at->parent.empty() && !regions.Has(at->parent)) {
      if (steps == 0) regions.Expect(where, "parent", at->parent);
    } else if (steps > 64) {
      faults->push_back(where +
                        "parent: found more than 64 regions around it, "
                        "or itself");
    }
  }
}

void CheckRanges(const NumberRules& rules, const Names& regions,
                 Faults* faults) {
  std::vector<const NumberRange*> sorted;
  for (std::size_t i = 0; i < rules.ranges.size(); ++i) {
    const NumberRange& range = rules.ranges[i];
    const std::string where = "ranges[" + std::to_string(i) + "]: ";
    regions.Expect(where, "region", range.region);
    if (range.first.none() || range.last < range.first ||
        range.first.ToString().size() != range.last.ToString().size()) {
      faults->push_back(where + "found " + range.first.ToString() + " to " +
                        range.last.ToString() +
                        ", expected two numbers of one length in order");
    } else {
      sorted.push_back(&range);
    }
  }
  std::sort(sorted.begin(), sorted.end(),
            [](const NumberRange* a, const NumberRange* b) {
              return a->first != b->first ? a->first < b->first
                                          : b->last < a->last;
            });
  std::vector<const NumberRange*> around;
  for (const NumberRange* range : sorted) {
    while (!around.empty() && around.back()->last < range->first) {
      around.pop_back();
    }
    if (!around.empty() && (around.back()->last < range->last ||
                            (around.back()->first == range->first &&
                             around.back()->last == range->last))) {
      faults->push_back("ranges: " + around.back()->first.ToString() + " to " +
                        around.back()->last.ToString() + " (" +
                        around.back()->region + ") and " +
                        range->first.ToString() + " to " +
                        range->last.ToString() + " (" + range->region +
                        ") overlap, and neither lies within the other");
    }
    around.push_back(range);
  }
}

}  // namespace

std::vector<std::string> FindFaults(const NumberRules& rules) {
  Faults faults;
  CheckRange("", "groups", static_cast<int64_t>(rules.groups.size()), 0, 4096,
             &faults);
  CheckRange("", "campaigns", static_cast<int64_t>(rules.campaigns.size()), 0,
             4096, &faults);
  CheckRange("", "regions", static_cast<int64_t>(rules.regions.size()), 0,
             65'535, &faults);
  CheckRange("", "carriers", static_cast<int64_t>(rules.carriers.size()), 0, 16,
             &faults);
  Names groups("groups", &faults);
  Names campaigns("campaigns", &faults);
  Names regions("regions", &faults);
  Names carriers("carriers", &faults);
  for (std::size_t i = 0; i < rules.campaigns.size(); ++i) {
    campaigns.Add(i, rules.campaigns[i].name);
    CheckCampaign(At("campaigns", i, rules.campaigns[i].name),
                  rules.campaigns[i], &faults);
  }
  for (std::size_t i = 0; i < rules.regions.size(); ++i) {
    regions.Add(i, rules.regions[i].name);
  }
  for (std::size_t i = 0; i < rules.carriers.size(); ++i) {
    carriers.Add(i, rules.carriers[i]);
  }
  for (std::size_t i = 0; i < rules.groups.size(); ++i) {
    groups.Add(i, rules.groups[i].name);
    CheckGroup(At("groups", i, rules.groups[i].name), rules.groups[i],
               campaigns, regions, rules, &faults);
  }
  CheckRegions(rules, regions, &faults);
  CheckRanges(rules, regions, &faults);
  return faults;
}

}  // namespace callrouter
