// What a campaign's days looked like, for people.

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "callrouter/campaign_simulator.h"
#include "sim_chart.h"

namespace callrouter {

namespace {

void Add(const DialShift& one, double share, DialShift* all) {
  all->used += share * one.used;
  all->dialled += one.dialled;
  all->answers += one.answers;
  all->drops += one.drops;
  all->agent_left += one.agent_left;
}

void Add(const CampaignReport::Slot& one, CampaignReport::Slot* all) {
  all->ringing += one.ringing;
  all->free += one.free;
  all->talking += one.talking;
  all->time += one.time;
  all->waiting += one.waiting;
  all->answers += one.answers;
  all->drops += one.drops;
  all->calls += one.calls;
}

double TimeOf(const CampaignReport& report) {
  double time = 0;
  for (const CampaignReport::Slot& slot : report.slots) time += slot.time;
  return time;
}

}  // namespace

CampaignReport Together(const std::vector<CampaignReport>& groups) {
  CampaignReport all;
  if (groups.empty()) return all;
  all.dial.pacer = groups[0].dial.pacer;
  all.dial.cap_permille = groups[0].dial.cap_permille;
  all.dial.shifts.resize(groups[0].dial.shifts.size());
  all.slots.resize(groups[0].slots.size());
  all.opens = groups[0].opens;
  double time = 0, calls = 0;
  for (const CampaignReport& group : groups) time += TimeOf(group);
  for (const CampaignReport& group : groups) {
    const double share = time == 0 ? 0 : TimeOf(group) / time;
    Add(group.dial.total, share, &all.dial.total);
    for (std::size_t i = 0; i < group.dial.shifts.size(); ++i) {
      Add(group.dial.shifts[i], share, &all.dial.shifts[i]);
    }
    for (std::size_t i = 0; i < group.slots.size(); ++i) {
      Add(group.slots[i], &all.slots[i]);
    }
    all.reached += group.reached;
    all.done += group.done;
    all.exhausted += group.exhausted;
    all.no_number += group.no_number;
    const double talks =
        static_cast<double>(group.dial.total.answers - group.dial.total.drops);
    all.wait += talks * group.wait;
    calls += talks;
  }
  all.wait = calls == 0 ? 0 : all.wait / calls;
  for (const DialShift& shift : all.dial.shifts) {
    all.dial.worst = std::max(all.dial.worst, shift.drop_rate());
    if (shift.drops * 1000 > shift.answers * all.dial.cap_permille) {
      ++all.dial.above;
    }
  }
  return all;
}

std::string CampaignTable(const std::vector<CampaignReport>& reports) {
  std::string text = std::string(26, ' ');
  for (const CampaignReport& r : reports) {
    absl::StrAppendFormat(&text, "%17s", std::string(Name(r.dial.pacer)));
  }
  text += "\n";
  const auto row = [&](const char* name, int digits, const auto& value) {
    absl::StrAppendFormat(&text, "  %-24s", name);
    for (const CampaignReport& r : reports) {
      absl::StrAppendFormat(&text, "%17.*f", digits,
                            static_cast<double>(value(r)));
    }
    text += "\n";
  };
  row("talk, minutes an hour", 1,
      [](const auto& r) { return 60 * r.dial.total.used; });
  row("wait between calls, s", 1, [](const auto& r) { return r.wait; });
  row("callees' wait, s", 2, [](const auto& r) {
    double waiting = 0;
    for (const CampaignReport::Slot& slot : r.slots) waiting += slot.waiting;
    return r.dial.total.answers == 0
               ? 0.0
               : waiting / static_cast<double>(r.dial.total.answers);
  });
  row("calls", 0, [](const auto& r) { return r.dial.total.dialled; });
  row("answered by people", 0,
      [](const auto& r) { return r.dial.total.answers; });
  absl::StrAppendFormat(&text, "  %-24s", "dropped");
  for (const CampaignReport& r : reports) {
    absl::StrAppendFormat(&text, "%16.2f%%", 100 * r.dial.total.drop_rate());
  }
  text += "\n";
  absl::StrAppendFormat(&text, "  %-24s", "drops left of the budget");
  for (const CampaignReport& r : reports) {
    const double cap = static_cast<double>(r.dial.cap_permille) / 1000 *
                       static_cast<double>(r.dial.total.answers);
    absl::StrAppendFormat(&text, "%17.1f",
                          cap - static_cast<double>(r.dial.total.drops));
  }
  text += "\n";
  absl::StrAppendFormat(&text, "  %-24s", "days above the cap");
  for (const CampaignReport& r : reports) {
    absl::StrAppendFormat(
        &text, "%17s",
        absl::StrCat(r.dial.above, " of ", r.dial.shifts.size()));
  }
  text += "\n";
  row("people spoken to", 0, [](const auto& r) { return r.reached; });
  row("calls for each of them", 1, [](const auto& r) {
    return r.reached == 0 ? 0.0
                          : static_cast<double>(r.dial.total.dialled) /
                                static_cast<double>(r.reached);
  });
  row("leads done", 0, [](const auto& r) { return r.done; });
  row("leads never called again", 0, [](const auto& r) { return r.exhausted; });
  row("no number to show", 0, [](const auto& r) { return r.no_number; });
  return text;
}

std::string CampaignChart(const std::vector<CampaignReport>& reports) {
  std::string text;
  std::vector<std::vector<double>> level, drops;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    absl::StrAppend(
        &text, i == 0 ? "" : "   ",
        std::string(1, static_cast<char>('a' + static_cast<int>(i))), ": ",
        std::string(Name(reports[i].dial.pacer)));
    level.emplace_back();
    drops.emplace_back();
    for (const CampaignReport::Slot& slot : reports[i].slots) {
      level.back().push_back(slot.free == 0 ? 0 : slot.ringing / slot.free);
      drops.back().push_back(slot.answers == 0
                                 ? 0
                                 : static_cast<double>(slot.drops) /
                                       static_cast<double>(slot.answers));
    }
  }
  const std::string from =
      reports.empty() ? "" : absl::FormatDuration(reports[0].opens);
  absl::StrAppend(
      &text, reports.size() > 1 ? "   *: several" : "", "\n\n",
      sim::TextChart(
          "Lines in flight for each free agent, by half hour from " + from,
          level, false),
      sim::TextChart("Dropped, of those who answered", drops, true));
  return text;
}

}  // namespace callrouter
