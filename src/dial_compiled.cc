#include "dial_compiled.h"

#include <algorithm>

namespace callrouter {

namespace {

constexpr uint32_t kDaySeconds = 86'400;

uint64_t Value(std::string_view digits) {
  uint64_t value = 0;
  for (const char c : digits) {
    value = value * 10 + static_cast<uint64_t>(c - '0');
  }
  return value;
}

// How long an event can count. A day on which a zone changes may be longer
// than 24 hours, by up to a day where the date line moves.
uint32_t Longest(const DialCap& cap) {
  switch (cap.window) {
    case DialWindow::kRolling:
      return static_cast<uint32_t>(absl::ToInt64Seconds(cap.rolling));
    case DialWindow::kDay:
      return 2 * kDaySeconds;
    case DialWindow::kWeek:
      return 8 * kDaySeconds;
    case DialWindow::kMonth:
      return 32 * kDaySeconds;
    default:
      return 0;
  }
}

template <class T>
DialCompiled::Index IndexOf(const std::vector<T>& items) {
  DialCompiled::Index index;
  for (const T& item : items) {
    index.emplace(item.name, static_cast<uint32_t>(index.size()));
  }
  return index;
}

DialCompiled::Index IndexOf(const std::vector<std::string>& names) {
  DialCompiled::Index index;
  for (const std::string& name : names) {
    index.emplace(name, static_cast<uint32_t>(index.size()));
  }
  return index;
}

}  // namespace

bool PrefixSet::Insert(std::string_view digits, uint32_t value) {
  std::vector<Entry>& entries = by_length_[digits.size()];
  const Entry entry{Value(digits), value};
  const auto at = std::lower_bound(
      entries.begin(), entries.end(), entry,
      [](const Entry& a, const Entry& b) { return a.digits < b.digits; });
  if (at != entries.end() && at->digits == entry.digits) return false;
  entries.insert(at, entry);
  return true;
}

bool PrefixSet::Erase(std::string_view digits) {
  std::vector<Entry>& entries = by_length_[digits.size()];
  const uint64_t value = Value(digits);
  const auto at =
      std::find_if(entries.begin(), entries.end(),
                   [&](const Entry& e) { return e.digits == value; });
  if (at == entries.end()) return false;
  entries.erase(at);
  return true;
}

uint32_t PrefixSet::Longest(PhoneNumber number) const {
  std::size_t length = 0;
  for (uint64_t rest = number.value(); rest > 0; rest /= 10) ++length;
  uint64_t digits = number.value();
  for (; length > 0; --length, digits /= 10) {
    const std::vector<Entry>& entries = by_length_[length];
    const auto at = std::lower_bound(
        entries.begin(), entries.end(), digits,
        [](const Entry& e, uint64_t value) { return e.digits < value; });
    if (at != entries.end() && at->digits == digits) return at->value;
  }
  return kNone;
}

std::vector<std::string> PrefixSet::All() const {
  std::vector<std::string> all;
  for (const std::vector<Entry>& entries : by_length_) {
    for (const Entry& entry : entries) {
      all.push_back(std::to_string(entry.digits));
    }
  }
  return all;
}

void PrefixSet::Clear() {
  for (std::vector<Entry>& entries : by_length_) entries.clear();
}

DialCompiled::DialCompiled(DialRules rules) : rules_(std::move(rules)) {
  campaigns = IndexOf(rules_.campaigns);
  lists = IndexOf(rules_.lists);
  places = IndexOf(rules_.places);
  types = IndexOf(rules_.number_types);
  segments = IndexOf(rules_.segments);
  dispositions = IndexOf(rules_.dispositions);
  zone_index_ = IndexOf(rules_.zones);
  zones_.reserve(rules_.zones.size());
  for (const DialZone& zone : rules_.zones) {
    zones_.emplace_back(zone.transitions);
  }
  for (uint32_t i = 0; i < rules_.places.size(); ++i) {
    for (const std::string& prefix : rules_.places[i].prefixes) {
      prefixes_.Insert(prefix, i);
    }
  }
  for (const DialList& list : rules_.lists) {
    list_campaigns_.push_back(Find(campaigns, list.campaign));
  }
  const Index guard_index = IndexOf(rules_.guards);
  for (const DialCampaign& campaign : rules_.campaigns) {
    const DialGuard& guard = rules_.guards[Find(guard_index, campaign.guard)];
    auto& [allowed, refused] = guards_.emplace_back();
    for (const std::string& prefix : guard.allowed) allowed.Insert(prefix, 1);
    for (const std::string& prefix : guard.refused) refused.Insert(prefix, 1);
    Count(campaign.caps);
    std::vector<Row>& rows = rows_.emplace_back();
    for (const RedialRule& rule : campaign.redial) {
      Row& row = rows.emplace_back();
      if (!rule.dispositions.empty()) {
        row.dispositions.resize(rules_.dispositions.size(), false);
      }
      for (const std::string& name : rule.dispositions) {
        row.dispositions[Find(dispositions, name)] = true;
      }
      if (!rule.number_type.empty()) row.type = Find(types, rule.number_type);
      if (!rule.segment.empty()) row.segment = Find(segments, rule.segment);
    }
  }
  for (const DialLaw& law : rules_.laws) Count(law.caps);
  class_index_.assign(rules_.campaigns.size() * rules_.places.size(), 0);
}

uint32_t DialCompiled::Find(const Index& index, std::string_view name) {
  const auto at = index.find(name);
  return at == index.end() ? kNone : at->second;
}

bool DialCompiled::Allowed(uint32_t campaign, PhoneNumber number) const {
  const auto& [allowed, refused] = guards_[campaign];
  return allowed.Longest(number) != PrefixSet::kNone &&
         refused.Longest(number) == PrefixSet::kNone;
}

void DialCompiled::Count(const std::vector<DialCap>& caps) {
  for (const DialCap& cap : caps) {
    if (cap.window == DialWindow::kLife) continue;
    counts_[static_cast<std::size_t>(cap.scope)]
           [static_cast<std::size_t>(cap.event)] = true;
    longest_ = std::max(longest_, Longest(cap));
  }
}

uint32_t DialCompiled::ClassOf(uint32_t campaign, uint32_t place) {
  uint32_t& known = class_index_[campaign * rules_.places.size() + place];
  if (known != 0) return known == kNone ? kNone : known - 1;
  auto made = std::make_unique<DialClass>();
  const DialPlace& where = rules_.places[place];
  made->campaign = campaign;
  made->place = place;
  std::vector<uint32_t> zones;
  for (const std::string& zone : where.zones) {
    zones.push_back(Find(zone_index_, zone));
    made->zones.push_back(&zones_[zones.back()]);
  }
  const auto add = [&](const std::vector<DialCap>& caps, bool law) {
    for (const DialCap& cap : caps) {
      made->caps.push_back(
          {&cap, law,
           static_cast<uint32_t>(absl::ToInt64Seconds(cap.rolling))});
    }
  };
  for (uint32_t i = 0; i < rules_.laws.size(); ++i) {
    const DialLaw& law = rules_.laws[i];
    const auto has = [](const std::vector<std::string>& names,
                        const std::string& name) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    if (!has(rules_.campaigns[campaign].laws, law.name)) continue;
    if (!law.places.empty() && !has(law.places, where.name)) continue;
    made->laws.push_back(i);
    for (const uint32_t zone : zones) {
      HoursConfig hours;
      hours.transitions = rules_.zones[zone].transitions;
      hours.open = law.open;
      hours.holidays = law.holidays;
      made->hours.emplace_back(i, OpeningHours(std::move(hours)));
    }
    add(law.caps, true);
    made->ring_least = std::max(made->ring_least, law.ring_least);
    made->connect_within = std::min(made->connect_within, law.connect_within);
    made->message_required |= law.message_required;
  }
  if (made->laws.empty()) {
    known = kNone;
    return kNone;
  }
  add(rules_.campaigns[campaign].caps, false);
  SetTime(made.get(), now_s_);
  next_change_ = std::min(next_change_, made->change);
  classes_.push_back(std::move(made));
  known = static_cast<uint32_t>(classes_.size());
  return known - 1;
}

void DialCompiled::SetTime(DialClass* c, int64_t now_s) {
  const absl::Time now = absl::FromUnixSeconds(now_s);
  c->open = true;
  for (const auto& [law, hours] : c->hours) {
    c->open = c->open && hours.IsOpen(now);
  }
  c->change = INT64_MAX;
  for (const auto& [law, hours] : c->hours) {
    const absl::Time change = hours.NextChange(now);
    if (change == absl::InfiniteFuture()) continue;
    // Changes are on whole seconds.
    c->change = std::min(c->change, absl::ToUnixSeconds(change));
  }
}

bool DialCompiled::SetTime(int64_t now_s) {
  const bool back = now_s < now_s_;
  now_s_ = now_s;
  if (!back && now_s < next_change_) return false;
  bool changed = false;
  next_change_ = INT64_MAX;
  for (const auto& c : classes_) {
    if (back || c->change <= now_s) {
      const bool open = c->open;
      SetTime(c.get(), now_s);
      changed = changed || c->open != open;
    }
    next_change_ = std::min(next_change_, c->change);
  }
  return changed;
}

const RedialRule& DialCompiled::Match(uint32_t campaign, uint32_t disposition,
                                      uint32_t type, uint32_t segment,
                                      int32_t n) const {
  const std::vector<Row>& rows = rows_[campaign];
  const std::vector<RedialRule>& rules = rules_.campaigns[campaign].redial;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if ((!rows[i].dispositions.empty() && !rows[i].dispositions[disposition]) ||
        (rows[i].type != kNone && rows[i].type != type) ||
        (rows[i].segment != kNone && rows[i].segment != segment) ||
        n < rules[i].from || n > rules[i].to) {
      continue;
    }
    return rules[i];
  }
  return rules.back();  // There is a row for all; see FindFaults.
}

}  // namespace callrouter
