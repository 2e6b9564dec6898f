#include "number_geography.h"

#include <algorithm>
#include <cstddef>

namespace callrouter {

NumberGeography::NumberGeography(const NumberRules& rules) {
  zones_.emplace_back();
  Place nowhere;
  nowhere.end = 1;
  at_.push_back(nowhere);
  const std::size_t n = rules.regions.size();
  std::vector<std::pair<std::string, uint32_t>> names;
  names.reserve(n);
  for (std::size_t i = 0; i < n; ++i) {
    names.emplace_back(rules.regions[i].name, static_cast<uint32_t>(i));
  }
  std::sort(names.begin(), names.end());
  const auto index_of = [&](const std::string& name) {
    return std::lower_bound(names.begin(), names.end(),
                            std::make_pair(name, uint32_t{0}))
        ->second;
  };
  std::vector<std::vector<uint32_t>> children(n);
  for (std::size_t i = 0; i < n; ++i) {
    const std::string& parent = rules.regions[i].parent;
    if (parent.empty()) continue;
    children[index_of(parent)].push_back(static_cast<uint32_t>(i));
  }
  std::vector<uint32_t> place_of(n, 0);
  for (std::size_t i = 0; i < n; ++i) {
    if (!rules.regions[i].parent.empty()) continue;
    AddTree(rules, children, static_cast<uint32_t>(i),
            static_cast<uint32_t>(at_.size()), &place_of);
  }
  for (std::size_t i = 0; i < n; ++i) {
    Place& place = at_[place_of[i]];
    for (const Region::Neighbour& near : rules.regions[i].neighbours) {
      place.neighbours.emplace_back(near.kilometres,
                                    place_of[index_of(near.region)]);
    }
    std::sort(place.neighbours.begin(), place.neighbours.end());
  }
  for (uint32_t r = 0; r < regions(); ++r) by_name_.emplace_back(name(r), r);
  std::sort(by_name_.begin(), by_name_.end());
  AddRanges(rules);
}

void NumberGeography::AddTree(
    const NumberRules& rules,
    const std::vector<std::vector<uint32_t>>& children, uint32_t root,
    uint32_t root_parent, std::vector<uint32_t>* place_of) {
  // Depth first with a list of our own: the depth is the host's.
  struct Todo {
    uint32_t region;
    uint32_t parent;
  };
  std::vector<Todo> todo = {{root, root_parent}};
  while (!todo.empty()) {
    const Todo next = todo.back();
    todo.pop_back();
    const Region& region = rules.regions[next.region];
    const uint32_t r = static_cast<uint32_t>(at_.size());
    (*place_of)[next.region] = r;
    Place place;
    place.name = region.name;
    place.parent = next.parent;
    place.end = r + 1;
    place.country = next.parent == r ? r : at_[next.parent].country;
    place.reserve = region.reserve_permille;
    place.label_required = region.label_required;
    if (!region.transitions.empty()) {
      place.zone = static_cast<uint32_t>(zones_.size());
      zones_.emplace_back(region.transitions);
    } else if (next.parent != r) {
      place.zone = at_[next.parent].zone;
    }
    at_.push_back(place);
    const std::vector<uint32_t>& inside = children[next.region];
    for (std::size_t i = inside.size(); i > 0; --i) {
      todo.push_back({inside[i - 1], r});
    }
  }
  for (uint32_t r = regions() - 1; r > root_parent; --r) {
    Place& parent = at_[at_[r].parent];
    parent.end = std::max(parent.end, at_[r].end);
  }
}

void NumberGeography::AddRanges(const NumberRules& rules) {
  // Outer ranges first, so that a stack holds those around a point.
  struct Span {
    uint64_t first;
    uint64_t last;
    uint32_t region;
  };
  std::vector<Span> spans;
  spans.reserve(rules.ranges.size());
  for (const NumberRange& range : rules.ranges) {
    spans.push_back(
        {range.first.value(), range.last.value(), Find(range.region)});
  }
  std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) {
    return a.first != b.first ? a.first < b.first : a.last > b.last;
  });
  const auto from = [&](uint64_t start, uint32_t region) {
    if (!starts_.empty() && starts_.back() == start) {
      lives_.back() = region;
    } else {
      starts_.push_back(start);
      lives_.push_back(region);
    }
  };
  std::vector<Span> around;
  const auto close_before = [&](uint64_t first) {
    while (!around.empty() && around.back().last < first) {
      const uint64_t after = around.back().last + 1;
      around.pop_back();
      from(after, around.empty() ? 0 : around.back().region);
    }
  };
  from(0, 0);
  for (const Span& span : spans) {
    close_before(span.first);
    from(span.first, span.region);
    around.push_back(span);
  }
  close_before(UINT64_MAX);
}

uint32_t NumberGeography::RegionOf(PhoneNumber callee) const {
  // A branch-free search: the ranges are many and callees come in any order.
  const uint64_t value = callee.value();
  const uint64_t* base = starts_.data();
  std::size_t left = starts_.size();
  while (left > 1) {
    const std::size_t half = left / 2;
    base += base[half] <= value ? half : 0;
    left -= half;
  }
  return lives_[static_cast<std::size_t>(base - starts_.data())];
}

uint32_t NumberGeography::Find(std::string_view name) const {
  const auto it = std::lower_bound(
      by_name_.begin(), by_name_.end(), name,
      [](const auto& entry, std::string_view n) { return entry.first < n; });
  return it == by_name_.end() || it->first != name ? kNoRegion : it->second;
}

bool NumberGeography::Ladder::Next(Rung* rung, uint32_t* first, uint32_t* end) {
  for (;;) {
    switch (step_) {
      case kHome:
        step_ = reach_ >= Reach::kNeighbours ? kAround : kEnd;
        *rung = Rung::kRegion;
        *first = home_;
        *end = geography_.end(home_);
        return true;
      case kAround: {
        const auto& near = geography_.at_[at_].neighbours;
        if (neighbour_ < near.size() && near[neighbour_].first <= kilometres_) {
          *rung = Rung::kNeighbour;
          *first = near[neighbour_].second;
          *end = geography_.end(*first);
          ++neighbour_;
          return true;
        }
        neighbour_ = 0;
        const uint32_t up = geography_.parent(at_);
        if (reach_ >= Reach::kParents && up != at_ &&
            geography_.parent(up) != up) {
          at_ = up;
          *rung = Rung::kParent;
          *first = up;
          *end = geography_.end(up);
          return true;
        }
        step_ = kWhole;
        break;
      }
      case kWhole: {
        step_ = kAll;
        const uint32_t country = geography_.country(home_);
        if (reach_ < Reach::kCountry || country == home_) break;
        *rung = Rung::kCountry;
        *first = country;
        *end = geography_.end(country);
        return true;
      }
      case kAll:
        step_ = kEnd;
        if (reach_ < Reach::kAny) break;
        *rung = Rung::kAnywhere;
        *first = 0;
        *end = geography_.regions();
        return true;
      case kEnd:
        return false;
    }
  }
}

}  // namespace callrouter
