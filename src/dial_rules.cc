#include "callrouter/dial_rules.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "quoted.h"

namespace callrouter {

namespace {

using Names = std::map<std::string, std::size_t>;

std::string At(std::string_view list, std::size_t i) {
  return std::string(list) + "[" + std::to_string(i) + "].";
}

bool Digits(const std::string& text) {
  return !text.empty() && text.size() <= 15 &&
         text.find_first_not_of("0123456789") == std::string::npos &&
         text[0] != '0';
}

bool IsDate(const std::string& text) {
  absl::Time time;
  return absl::ParseTime("%Y-%m-%d", text, &time, nullptr);
}

class Checker {
 public:
  explicit Checker(const DialRules& rules) : rules_(rules) {}

  std::vector<Fault> Run() {
    Limits();
    zones_ = Unique("zone", rules_.zones);
    places_ = Unique("place", rules_.places);
    laws_ = Unique("law", rules_.laws);
    guards_ = Unique("guard", rules_.guards);
    dispositions_ = Unique("disposition", rules_.dispositions);
    campaigns_ = Unique("campaign", rules_.campaigns);
    Unique("list", rules_.lists);
    types_ = Texts("number_type", rules_.number_types);
    segments_ = Texts("segment", rules_.segments);
    for (std::size_t i = 0; i < rules_.zones.size(); ++i) Zone(i);
    Places();
    for (std::size_t i = 0; i < rules_.laws.size(); ++i) Law(i);
    for (std::size_t i = 0; i < rules_.guards.size(); ++i) Guard(i);
    for (std::size_t i = 0; i < rules_.dispositions.size(); ++i) {
      Range(At("disposition", i) + "result", rules_.dispositions[i].result, 0,
            static_cast<int64_t>(DialResult::kInvalid));
    }
    for (std::size_t i = 0; i < rules_.campaigns.size(); ++i) Campaign(i);
    for (std::size_t i = 0; i < rules_.lists.size(); ++i) {
      const DialList& list = rules_.lists[i];
      const std::string at = At("list", i);
      Known(at + "campaign", list.campaign, campaigns_, "campaign");
      Range(at + "share", list.share, 1, 1000);
      Range(at + "quota", list.quota, 1, kNoLimit);
    }
    return std::move(faults_);
  }

 private:
  void Add(std::string path, std::string found, std::string expected) {
    faults_.push_back({std::move(path), std::move(found), std::move(expected)});
  }
  template <class T>
  void Range(const std::string& path, T found, int64_t low, int64_t high) {
    const int64_t value = static_cast<int64_t>(found);
    if (value >= low && value <= high) return;
    Add(path, std::to_string(value),
        std::to_string(low) + " to " + std::to_string(high));
  }
  void Time(const std::string& path, absl::Duration found, absl::Duration low,
            absl::Duration high) {
    if (found >= low && found <= high &&
        found == absl::Floor(found, absl::Seconds(1))) {
      return;
    }
    Add(path, absl::FormatDuration(found),
        "whole seconds, " + absl::FormatDuration(low) + " to " +
            absl::FormatDuration(high));
  }
  void Known(const std::string& path, const std::string& name,
             const Names& names, const char* what) {
    if (names.count(name) > 0) return;
    Add(path, Quoted(name), std::string("the name of a ") + what);
  }
  template <class T>
  Names Unique(const char* list, const std::vector<T>& items) {
    std::vector<std::string> names;
    names.reserve(items.size());
    for (const T& item : items) names.push_back(item.name);
    return Texts(list, names, "name");
  }
  Names Texts(const char* list, const std::vector<std::string>& texts,
              const char* field = "") {
    Names names;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      std::string at = At(list, i) + field;
      if (*field == 0) at.pop_back();
      if (texts[i].empty()) {
        Add(at, "nothing", "a name");
      } else if (!names.emplace(texts[i], i).second) {
        Add(at, Quoted(texts[i]) + " twice", "a name of its own");
      }
    }
    return names;
  }
  void Limits() {
    const auto most = [&](const char* list, std::size_t found,
                          std::size_t limit) {
      if (found <= limit) return;
      Add(list, std::to_string(found), "at most " + std::to_string(limit));
    };
    most("zone", rules_.zones.size(), 1024);
    most("place", rules_.places.size(), 4096);
    most("law", rules_.laws.size(), 256);
    most("guard", rules_.guards.size(), 256);
    most("number_type", rules_.number_types.size(), 64);
    most("segment", rules_.segments.size(), 1024);
    most("disposition", rules_.dispositions.size(), 250);
    most("campaign", rules_.campaigns.size(), 256);
    most("list", rules_.lists.size(), 4096);
  }

  void Zone(std::size_t i) {
    const std::vector<ZoneTransition>& all = rules_.zones[i].transitions;
    if (all.empty() || all[0].at != absl::InfinitePast()) {
      Add(At("zone", i) + "transitions", all.empty() ? "none" : "a first one",
          "the first at the infinite past");
      return;
    }
    for (std::size_t k = 0; k < all.size(); ++k) {
      const std::string at = At("zone", i) + At("transitions", k);
      Range(at + "offset_seconds", all[k].offset_seconds, -86'400, 86'400);
      if (k > 0 && all[k].at <= all[k - 1].at) {
        Add(at + "at", absl::FormatTime(all[k].at), "ascending times");
      }
    }
  }

  void Places() {
    std::map<std::string, std::size_t> prefixes;
    for (std::size_t i = 0; i < rules_.places.size(); ++i) {
      const DialPlace& place = rules_.places[i];
      const std::string at = At("place", i);
      if (place.zones.empty() || place.zones.size() > 16) {
        Add(at + "zone", std::to_string(place.zones.size()) + " of them",
            "1 to 16");
      }
      for (const std::string& zone : place.zones) {
        Known(at + "zone", zone, zones_, "zone");
      }
      for (std::size_t k = 0; k < place.prefixes.size(); ++k) {
        std::string where = at + At("prefix", k);
        where.pop_back();
        const std::string& prefix = place.prefixes[k];
        if (!Digits(prefix)) {
          Add(where, Quoted(prefix), "1 to 15 digits, the first not 0");
        } else if (!prefixes.emplace(prefix, i).second) {
          Add(where, Quoted(prefix) + " twice", "each prefix once");
        }
      }
    }
  }

  void Period(const std::string& at, const OpenPeriod& period) {
    Range(at + "from", period.from_minute, 0, 24 * 60 - 1);
    Range(at + "to", period.to_minute, 0, 24 * 60);
  }

  void Law(std::size_t i) {
    const DialLaw& law = rules_.laws[i];
    const std::string at = At("law", i);
    if (law.source.empty()) Add(at + "source", "nothing", "where it stands");
    if (!IsDate(law.as_of)) {
      Add(at + "as_of", Quoted(law.as_of),
          "when the source was read, such as \"2026-01-31\"");
    }
    for (const std::string& place : law.places) {
      Known(at + "place", place, places_, "place");
    }
    std::array<int, 7> open{}, closed{};
    for (std::size_t k = 0; k < law.open.size(); ++k) {
      Range(at + At("open", k) + "weekday", law.open[k].weekday, 0, 6);
      Period(at + At("open", k), law.open[k]);
      if (law.open[k].weekday < 0 || law.open[k].weekday > 6) continue;
      ++open[static_cast<std::size_t>(law.open[k].weekday)];
    }
    for (const int32_t day : law.closed) {
      Range(at + "closed", day, 0, 6);
      if (day >= 0 && day <= 6) ++closed[static_cast<std::size_t>(day)];
    }
    constexpr const char* kDays[] = {"Monday",   "Tuesday", "Wednesday",
                                     "Thursday", "Friday",  "Saturday",
                                     "Sunday"};
    for (std::size_t day = 0; day < 7; ++day) {
      if ((open[day] > 0) != (closed[day] > 0)) continue;
      Add(at + "open",
          std::string(open[day] > 0 ? "open and closed" : "nothing") + " on " +
              kDays[day],
          "hours, or the day among those closed");
    }
    Holidays(at, law.holidays);
    for (std::size_t k = 0; k < law.caps.size(); ++k) {
      Cap(at + At("cap", k), law.caps[k]);
    }
    Time(at + "ring_least", law.ring_least, absl::ZeroDuration(),
         absl::Minutes(5));
    if (law.connect_within <= absl::ZeroDuration()) {
      Add(at + "connect_within", absl::FormatDuration(law.connect_within),
          "a time");
    }
    Range(at + "connect_from", law.connect_from, 0, 2);
    Range(at + "drop_permille", law.drop_permille, 0, 1000);
    Range(at + "drop_period", law.drop_period, 0, 3);
    if ((law.drop_permille < 1000) != (law.drop_period != DropPeriod::kNone)) {
      Add(at + "drop_period",
          law.drop_period == DropPeriod::kNone ? "none" : "one",
          "a window if there is a drop_permille, and only then");
    }
  }

  void Holidays(const std::string& at, const std::vector<Holiday>& holidays) {
    constexpr int32_t kDaysOf[] = {31, 29, 31, 30, 31, 30,
                                   31, 31, 30, 31, 30, 31};
    for (std::size_t k = 0; k < holidays.size(); ++k) {
      const Holiday& h = holidays[k];
      const std::string where = at + At("holiday", k);
      const bool month = h.month >= 1 && h.month <= 12;
      if (h.year < 1970 || h.year > 2100 || !month || h.day < 1 ||
          h.day > kDaysOf[h.month - 1]) {
        Add(where + "date",
            std::to_string(h.year) + "-" + std::to_string(h.month) + "-" +
                std::to_string(h.day),
            "a date from 1970 to 2100");
      }
      for (std::size_t p = 0; p < h.open.size(); ++p) {
        Period(where + At("open", p), h.open[p]);
      }
    }
  }

  void Cap(const std::string& at, const DialCap& cap) {
    if (cap.name.empty()) Add(at + "name", "nothing", "a name");
    Range(at + "scope", cap.scope, 0, 2);
    Range(at + "event", cap.event, 0, 5);
    Range(at + "window", cap.window, 0, 4);
    Range(at + "action", cap.action, 0, 2);
    Range(at + "limit", cap.limit, 1, 10'000);
    if (cap.window == DialWindow::kRolling) {
      Time(at + "rolling", cap.rolling, absl::Seconds(1),
           absl::Hours(24 * 366));
    } else if (cap.rolling != absl::ZeroDuration()) {
      Add(at + "rolling", absl::FormatDuration(cap.rolling),
          "none, with this window");
    }
    if (cap.window != DialWindow::kLife) return;
    if (cap.event != DialEvent::kAttempt || cap.scope == DialScope::kPerson) {
      Add(at + "event", "another", "attempts of a number or lead, for life");
    }
    if (cap.action == CapAction::kWait) {
      Add(at + "action", "wait", "stop or guarantee, for life");
    }
  }

  void Prefixes(const std::string& path,
                const std::vector<std::string>& prefixes) {
    if (prefixes.empty()) {
      Add(path, "nothing",
          "prefixes: what may be dialled, and what of it never");
    }
    for (const std::string& prefix : prefixes) {
      if (Digits(prefix)) continue;
      Add(path, Quoted(prefix), "1 to 15 digits, the first not 0");
    }
  }
  void Guard(std::size_t i) {
    Prefixes(At("guard", i) + "allowed", rules_.guards[i].allowed);
    Prefixes(At("guard", i) + "refused", rules_.guards[i].refused);
    for (const std::string& allowed : rules_.guards[i].allowed) {
      for (const std::string& refused : rules_.guards[i].refused) {
        if (refused.empty() || allowed.rfind(refused, 0) != 0) continue;
        Add(At("guard", i) + "allowed", Quoted(allowed),
            "numbers of which not all are refused, as by " + Quoted(refused));
      }
    }
  }

  void Campaign(std::size_t i) {
    const DialCampaign& c = rules_.campaigns[i];
    const std::string at = At("campaign", i);
    Known(at + "guard", c.guard, guards_, "guard: no campaign without one");
    if (c.laws.empty()) Add(at + "law", "nothing", "at least one law");
    for (const std::string& law : c.laws) Known(at + "law", law, laws_, "law");
    for (std::size_t k = 0; k < c.caps.size(); ++k) {
      Cap(at + At("cap", k), c.caps[k]);
    }
    std::set<LeadOrder> orders;
    for (const LeadOrder order : c.order) {
      Range(at + "order", order, 0, 4);
      if (!orders.insert(order).second) {
        Add(at + "order", "one twice", "each at the most once");
      }
    }
    Time(at + "due_grain", c.due_grain, absl::Seconds(1), absl::Hours(24 * 7));
    Range(at + "mix", c.mix, 0, 1);
    Range(at + "missed", c.missed, 0, 2);
    if (c.callback_fallback != absl::InfiniteDuration()) {
      Time(at + "callback_fallback", c.callback_fallback, absl::ZeroDuration(),
           absl::Hours(24 * 366));
    }
    const BestHour& best = c.best_hour;
    if (best.horizon != absl::Floor(best.horizon, absl::Hours(1))) {
      Add(at + "best_hour.horizon", absl::FormatDuration(best.horizon),
          "whole hours");
    }
    Time(at + "best_hour.horizon", best.horizon, absl::Hours(1),
         absl::Hours(24 * 7));
    Range(at + "best_hour.cost_permille", best.cost_permille, 0, 1000);
    Range(at + "best_hour.prior_attempts", best.prior_attempts, 1, 10'000);
    Range(at + "best_hour.prior_permille", best.prior_permille, 0, 1000);
    for (std::size_t k = 0; k < c.redial.size(); ++k) {
      Redial(at + At("redial", k), c.redial[k]);
    }
    for (const DialDisposition& d : rules_.dispositions) Covered(at, c, d.name);
    Reachable(at, c.redial);
  }

  void Redial(const std::string& at, const RedialRule& rule) {
    for (const std::string& name : rule.dispositions) {
      Known(at + "disposition", name, dispositions_, "disposition");
    }
    if (!rule.number_type.empty()) {
      Known(at + "number_type", rule.number_type, types_, "number type");
    }
    if (!rule.segment.empty()) {
      Known(at + "segment", rule.segment, segments_, "segment");
    }
    Range(at + "from", rule.from, 1, 65'535);
    Range(at + "to", rule.to, rule.from, kNoLimit);
    Range(at + "action", rule.action, 0, 4);
    Range(at + "priority", rule.priority, -255, 255);
    for (std::size_t k = 0; k < rule.delays.size(); ++k) {
      std::string where = at + At("delay", k);
      where.pop_back();
      Time(where, rule.delays[k], absl::ZeroDuration(), absl::Hours(24 * 366));
    }
    const bool again = rule.action <= RedialAction::kDrop;
    if (again == rule.delays.empty()) {
      Add(at + "delay", again ? "nothing" : "one",
          again ? "how long to wait" : "none, for a lead that is over");
    }
  }

  static bool Names1(const RedialRule& rule, const std::string& name) {
    return rule.dispositions.empty() ||
           std::find(rule.dispositions.begin(), rule.dispositions.end(),
                     name) != rule.dispositions.end();
  }

  // Whether every attempt of every kind of lead that ends so has a row.
  void Covered(const std::string& at, const DialCampaign& c,
               const std::string& name) {
    int64_t next = 1;  // The first attempt without one.
    for (bool moved = true; moved && next <= kNoLimit;) {
      moved = false;
      for (const RedialRule& rule : c.redial) {
        if (!rule.number_type.empty() || !rule.segment.empty()) continue;
        if (!Names1(rule, name) || rule.from > next || rule.to < next) continue;
        next = int64_t{rule.to} + 1;
        moved = true;
      }
    }
    if (next > kNoLimit) return;
    Add(at + "redial",
        "no row for attempt " + std::to_string(next) + " that ends as " +
            Quoted(name),
        "one for all numbers and segments");
  }

  // A row that an earlier one makes useless contradicts it.
  void Reachable(const std::string& at, const std::vector<RedialRule>& rows) {
    const auto within = [](const std::string& all, const std::string& one) {
      return all.empty() || all == one;
    };
    for (std::size_t j = 0; j < rows.size(); ++j) {
      for (std::size_t i = 0; i < j; ++i) {
        const RedialRule& a = rows[i];
        const RedialRule& b = rows[j];
        bool names = a.dispositions.empty() || !b.dispositions.empty();
        for (const std::string& name : b.dispositions) {
          names = names && Names1(a, name);
        }
        if (!names || !within(a.number_type, b.number_type) ||
            !within(a.segment, b.segment) || a.from > b.from || a.to < b.to) {
          continue;
        }
        std::string path = at + At("redial", j);
        path.pop_back();
        Add(path,
            "a row that never matches: redial[" + std::to_string(i) +
                "] matches all of it first",
            "rows from the special to the general");
        break;
      }
    }
  }

  const DialRules& rules_;
  std::vector<Fault> faults_;
  Names zones_, places_, laws_, guards_, types_, segments_, dispositions_,
      campaigns_;
};

}  // namespace

std::vector<Fault> FindFaults(const DialRules& rules) {
  return Checker(rules).Run();
}

}  // namespace callrouter
