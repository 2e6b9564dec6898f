// What a pool's year looked like, for people.

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "callrouter/pool_simulator.h"
#include "sim_chart.h"

namespace callrouter {
namespace {

double Share(uint64_t part, uint64_t whole) {
  return whole == 0 ? 0
                    : static_cast<double>(part) / static_cast<double>(whole);
}

std::string Uses(const PoolReport& report) {
  std::vector<uint32_t> uses = report.uses;
  if (uses.empty()) return "";
  std::sort(uses.begin(), uses.end());
  const auto at = [&](double share) {
    return uses[static_cast<std::size_t>(share *
                                         static_cast<double>(uses.size() - 1))];
  };
  return absl::StrFormat("  %-24s %9d %9d %9d %9d %9d\n",
                         std::string(Name(report.policy)), at(0), at(0.1),
                         at(0.5), at(0.9), at(1));
}

}  // namespace

std::string_view Name(PoolPolicy policy) {
  switch (policy) {
    case PoolPolicy::kAsConfigured:
      return "as configured";
    case PoolPolicy::kNoHealth:
      return "without health";
    case PoolPolicy::kFixedThreshold:
      return "fixed threshold";
  }
  return "?";
}

std::string PoolTable(const std::vector<PoolReport>& reports) {
  std::string text = std::string(30, ' ');
  for (const PoolReport& r : reports) {
    absl::StrAppendFormat(&text, "%17s", std::string(Name(r.policy)));
  }
  text += "\n";
  const auto row = [&](const char* name, const auto& cell) {
    absl::StrAppendFormat(&text, "  %-28s", name);
    for (const PoolReport& r : reports) {
      absl::StrAppendFormat(&text, "%17s", cell(r));
    }
    text += "\n";
  };
  const auto count = [&](const char* name, uint64_t PoolReport::* of) {
    row(name, [&](const PoolReport& r) { return absl::StrCat(r.*of); });
  };
  const auto share = [&](const char* name, const auto& of) {
    row(name, [&](const PoolReport& r) {
      return absl::StrFormat("%.2f%%", 100 * of(r));
    });
  };
  const auto state = [&](const char* name, NumberState s) {
    share(name, [&](const PoolReport& r) {
      return r.states[static_cast<std::size_t>(s)];
    });
  };
  const auto made = [](const PoolReport& r) { return r.calls - r.no_number; };
  count("calls to make", &PoolReport::calls);
  count("  no number free", &PoolReport::no_number);
  count("answered", &PoolReport::answered);
  share("  of those made",
        [&](const PoolReport& r) { return Share(r.answered, made(r)); });
  share("shown a labelled number",
        [&](const PoolReport& r) { return Share(r.labelled, made(r)); });
  count("sent to rest", &PoolReport::rests);
  share("  without a label",
        [](const PoolReport& r) { return Share(r.needless_rests, r.rests); });
  state("of the pool, at rest", NumberState::kResting);
  share("  without a label",
        [](const PoolReport& r) { return r.resting_needless; });
  state("  suspect", NumberState::kSuspect);
  state("  probing", NumberState::kProbing);
  count("given up and replaced", &PoolReport::replaced);
  return text;
}

std::string PoolChart(const std::vector<PoolReport>& reports) {
  std::string text;
  std::vector<std::vector<double>> answered, resting;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    absl::StrAppend(
        &text, i == 0 ? "" : "   ",
        std::string(1, static_cast<char>('a' + static_cast<int>(i))), ": ",
        std::string(Name(reports[i].policy)));
    answered.push_back(reports[i].answered_share);
    resting.push_back(reports[i].resting_share);
  }
  absl::StrAppend(&text, "   *: several\n\n",
                  sim::TextChart("Answered, by week", answered, true),
                  sim::TextChart("At rest, by week", resting, true),
                  "Calls of one number      fewest   one in      half   nine "
                  "in      most\n"
                  "                                  ten less      less   ten "
                  "less\n");
  for (const PoolReport& report : reports) absl::StrAppend(&text, Uses(report));
  return text;
}

}  // namespace callrouter
