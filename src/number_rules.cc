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

using Faults = std::vector<Fault>;

std::string At(const char* list, std::size_t i) {
  return std::string(list) + "[" + std::to_string(i) + "].";
}

std::string Quoted(const std::string& text) { return "\"" + text + "\""; }

void CheckRange(const std::string& where, const char* field, int64_t found,
                int64_t low, int64_t high, Faults* faults) {
  if (found >= low && found <= high) return;
  faults->push_back({where + field, std::to_string(found),
                     std::to_string(low) + " to " + std::to_string(high)});
}

template <class Enum>
void CheckEnum(const std::string& where, const char* field, Enum found,
               Enum last, Faults* faults) {
  CheckRange(where, field, static_cast<int64_t>(found), 0,
             static_cast<int64_t>(last), faults);
}

void CheckCap(const std::string& where, const char* field, int32_t cap,
              int32_t high, Faults* faults) {
  if (cap != kUnlimited) CheckRange(where, field, cap, 1, high, faults);
}

void CheckDuration(const std::string& where, const char* field,
                   absl::Duration found, absl::Duration low,
                   absl::Duration high, Faults* faults) {
  if (found >= low && found <= high) return;
  faults->push_back(
      {where + field, absl::FormatDuration(found),
       absl::FormatDuration(low) + " to " + absl::FormatDuration(high)});
}

void CheckCaps(const std::string& where, const NumberCaps& caps,
               Faults* faults) {
  CheckCap(where, "per_minute", caps.per_minute, 65'535, faults);
  CheckCap(where, "per_hour", caps.per_hour, 65'535, faults);
  CheckCap(where, "per_day", caps.per_day, 65'535, faults);
  CheckCap(where, "per_week", caps.per_week, 65'535, faults);
  CheckCap(where, "per_local_day", caps.per_local_day, 65'535, faults);
  CheckCap(where, "callees_per_day", caps.callees_per_day, 65'535, faults);
  CheckCap(where, "per_carrier_day", caps.per_carrier_day, 255, faults);
  CheckCap(where, "concurrent", caps.concurrent, 65'535, faults);
  CheckDuration(where, "cool_down", caps.cool_down, absl::ZeroDuration(),
                absl::Hours(24) * 30, faults);
  CheckRange(where, "suspect_permille", caps.suspect_permille, 1, 1000, faults);
  CheckRange(where, "probing_permille", caps.probing_permille, 1, 1000, faults);
  if (!caps.warm_up.empty() && caps.warm_up.back().permille != 1000) {
    faults->push_back(
        {where + At("warm_up", caps.warm_up.size() - 1) + "permille",
         std::to_string(caps.warm_up.back().permille),
         "1000 in the last step"});
  }
  for (std::size_t i = 0; i < caps.warm_up.size(); ++i) {
    const NumberCaps::WarmUpStep& step = caps.warm_up[i];
    const std::string at = where + At("warm_up", i);
    CheckRange(at, "permille", step.permille, 1, 1000, faults);
    const bool first = i == 0 && step.after == absl::ZeroDuration();
    const bool later = i > 0 && step.after > caps.warm_up[i - 1].after &&
                       step.after <= absl::Hours(24) * 366;
    if (!first && !later) {
      faults->push_back({at + "after", absl::FormatDuration(step.after),
                         "zero first, then ascending to 366 days"});
    }
  }
}

// Names that may be used, and complaints about others and about repeats.
class Names {
 public:
  Names(const char* list, Faults* faults) : list_(list), faults_(faults) {}
  // `field` of the entry: where its name is.
  void Add(std::size_t i, const std::string& name, const char* field = "name") {
    const std::string where =
        *field == 0 ? std::string(list_) + "[" + std::to_string(i) + "]"
                    : At(list_, i) + field;
    if (name.empty()) {
      faults_->push_back({where, "nothing", "a name"});
    } else if (!index_.emplace(name, i).second) {
      faults_->push_back({where, Quoted(name) + " twice", "a name of its own"});
    }
  }
  bool Has(const std::string& name) const { return index_.count(name) > 0; }
  std::size_t Index(const std::string& name) const {
    return index_.find(name)->second;
  }
  void Expect(const std::string& path, const std::string& name) const {
    if (!Has(name)) {
      faults_->push_back(
          {path, Quoted(name), std::string("the name of a ") + list_});
    }
  }

 private:
  const char* list_;
  Faults* faults_;
  std::map<std::string, std::size_t> index_;
};

void CheckTimes(const std::string& where, const char* field, absl::Time from,
                absl::Time until, Faults* faults) {
  if (from < until) return;
  faults->push_back({where + field, absl::FormatTime(until),
                     "a time after " + absl::FormatTime(from)});
}

void CheckGroup(const std::string& where, const NumberGroup& group,
                const Names& campaigns, const Names& regions,
                const NumberRules& rules, Faults* faults) {
  if (group.owner.empty()) {
    faults->push_back({where + "owner", "nothing",
                       "whose numbers they are: only owned ones are shown"});
  }
  if (group.trunks.empty()) {
    faults->push_back({where + "trunk", "nothing",
                       "the trunks on which the numbers may be shown"});
  }
  std::set<std::string> trunks;
  for (std::size_t i = 0; i < group.trunks.size(); ++i) {
    const std::string& trunk = group.trunks[i].trunk;
    CheckEnum(where + At("trunk", i), "attestation",
              group.trunks[i].attestation, Attestation::kFull, faults);
    if (trunk.empty() || !trunks.insert(trunk).second) {
      faults->push_back({where + At("trunk", i) + "trunk", Quoted(trunk),
                         "a trunk's name, once"});
    }
  }
  for (std::size_t i = 0; i < group.campaigns.size(); ++i) {
    campaigns.Expect(where + "campaign[" + std::to_string(i) + "]",
                     group.campaigns[i]);
  }
  for (std::size_t i = 0; i < group.destinations.size(); ++i) {
    const std::string& name = group.destinations[i];
    const std::string path = where + "destination[" + std::to_string(i) + "]";
    regions.Expect(path, name);
    if (regions.Has(name) &&
        !rules.regions[regions.Index(name)].parent.empty()) {
      faults->push_back(
          {path, Quoted(name), "a country, a region without parent"});
    }
  }
  if (group.capabilities == 0) {
    faults->push_back({where + "capabilities", "none", "voice, text or both"});
  }
  CheckTimes(where, "label_until", group.label_from, group.label_until, faults);
  CheckTimes(where, "usable_until", group.usable_from, group.usable_until,
             faults);
  if (!(group.verify_every >= absl::Seconds(1))) {
    faults->push_back({where + "verify_every",
                       absl::FormatDuration(group.verify_every), "1s or more"});
  }
  CheckCaps(where + "caps.", group.caps, faults);
}

void CheckCampaign(const std::string& where, const NumberCampaign& campaign,
                   Faults* faults) {
  if (campaign.owner.empty()) {
    faults->push_back({where + "owner", "nothing", "for whom it calls"});
  }
  if (campaign.capabilities == 0) {
    faults->push_back({where + "capabilities", "none", "voice, text or both"});
  }
  CheckEnum(where, "attestation", campaign.attestation, Attestation::kFull,
            faults);
  CheckEnum(where, "order", campaign.order, NumberOrder::kFixed, faults);
  CheckEnum(where, "reach", campaign.reach, Reach::kAny, faults);
  CheckEnum(where, "sticky", campaign.sticky, StickyMode::kAvoid, faults);
  CheckEnum(where, "bind", campaign.bind, StickyBind::kAnswered, faults);
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
    CheckRange(where, "time_zone", t.offset_seconds, -86'400, 86'400, faults);
    const bool first = i == 0 && t.at == absl::InfinitePast();
    const bool later =
        i > 0 && t.at > transitions[i - 1].at && t.at < absl::InfiniteFuture();
    if (!first && !later) {
      faults->push_back(
          {where + "time_zone",
           "transition " + std::to_string(i) + " at " + absl::FormatTime(t.at),
           "the infinite past first, then ascending times"});
    }
  }
}

void CheckRegions(const NumberRules& rules, const Names& regions,
                  Faults* faults) {
  for (std::size_t i = 0; i < rules.regions.size(); ++i) {
    const Region& region = rules.regions[i];
    const std::string where = At("region", i);
    CheckRange(where, "reserve_permille", region.reserve_permille, 0, 1000,
               faults);
    CheckTransitions(where, region.transitions, faults);
    std::set<std::string> near;
    for (std::size_t n = 0; n < region.neighbours.size(); ++n) {
      const Region::Neighbour& neighbour = region.neighbours[n];
      const std::string at = where + At("neighbour", n);
      regions.Expect(at + "region", neighbour.region);
      CheckRange(at, "kilometres", neighbour.kilometres, 0, kUnlimited, faults);
      if (neighbour.region == region.name ||
          !near.insert(neighbour.region).second) {
        faults->push_back(
            {at + "region", Quoted(neighbour.region), "another region, once"});
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
      if (steps == 0) regions.Expect(where + "parent", at->parent);
    } else if (steps > std::min<std::size_t>(64, rules.regions.size())) {
      faults->push_back({where + "parent", Quoted(region.parent),
                         "at most 64 regions around it, itself not among "
                         "them"});
    }
  }
}

std::string Written(const NumberRange& range) {
  return range.first.ToString() + " to " + range.last.ToString() + " (" +
         range.region + ")";
}

void CheckRanges(const NumberRules& rules, const Names& regions,
                 Faults* faults) {
  std::vector<const NumberRange*> sorted;
  const auto index = [&](const NumberRange* range) {
    return static_cast<std::size_t>(range - rules.ranges.data());
  };
  for (std::size_t i = 0; i < rules.ranges.size(); ++i) {
    const NumberRange& range = rules.ranges[i];
    const std::string where = At("range", i);
    regions.Expect(where + "region", range.region);
    if (range.first.none() || range.last < range.first ||
        range.first.ToString().size() != range.last.ToString().size()) {
      faults->push_back({where + "last", range.last.ToString(),
                         "a number of the length of " + range.first.ToString() +
                             ", not before it"});
    } else {
      sorted.push_back(&range);
    }
  }
  std::sort(sorted.begin(), sorted.end(),
            [](const NumberRange* a, const NumberRange* b) {
              if (a->first != b->first) return a->first < b->first;
              return a->last != b->last ? b->last < a->last : a < b;
            });
  std::vector<const NumberRange*> around;
  for (const NumberRange* range : sorted) {
    while (!around.empty() && around.back()->last < range->first) {
      around.pop_back();
    }
    if (!around.empty() && (around.back()->last < range->last ||
                            (around.back()->first == range->first &&
                             around.back()->last == range->last))) {
      faults->push_back(
          {At("range", index(range)) + "first", Written(*range),
           "a range within " + Written(*around.back()) + " or apart from it"});
    }
    around.push_back(range);
  }
}

}  // namespace

std::vector<Fault> FindFaults(const NumberRules& rules) {
  Faults faults;
  CheckRange("", "group", static_cast<int64_t>(rules.groups.size()), 0, 4096,
             &faults);
  CheckRange("", "campaign", static_cast<int64_t>(rules.campaigns.size()), 0,
             4096, &faults);
  CheckRange("", "region", static_cast<int64_t>(rules.regions.size()), 0,
             65'535, &faults);
  CheckRange("", "carrier", static_cast<int64_t>(rules.carriers.size()), 0, 16,
             &faults);
  Names groups("group", &faults);
  Names campaigns("campaign", &faults);
  Names regions("region", &faults);
  Names carriers("carrier", &faults);
  for (std::size_t i = 0; i < rules.campaigns.size(); ++i) {
    campaigns.Add(i, rules.campaigns[i].name);
    CheckCampaign(At("campaign", i), rules.campaigns[i], &faults);
  }
  for (std::size_t i = 0; i < rules.regions.size(); ++i) {
    regions.Add(i, rules.regions[i].name);
  }
  for (std::size_t i = 0; i < rules.carriers.size(); ++i) {
    carriers.Add(i, rules.carriers[i], "");
  }
  for (std::size_t i = 0; i < rules.groups.size(); ++i) {
    groups.Add(i, rules.groups[i].name);
    CheckGroup(At("group", i), rules.groups[i], campaigns, regions, rules,
               &faults);
  }
  for (Fault& fault : FindFaults(rules.health)) {
    fault.path.insert(0, "health.");
    faults.push_back(std::move(fault));
  }
  CheckRegions(rules, regions, &faults);
  CheckRanges(rules, regions, &faults);
  return faults;
}

}  // namespace callrouter
