// What a campaign's days looked like, for people.

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "callrouter/campaign_simulator.h"
#include "sim_chart.h"

namespace callrouter {

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
