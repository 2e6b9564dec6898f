// What a pool's year looked like, for people.

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "callrouter/pool_simulator.h"

namespace callrouter {
namespace {

double Share(uint64_t part, uint64_t whole) {
  return whole == 0
             ? 0
             : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

// The highest of `rows` steps of `step` above `low` that holds `value`.
int RowOf(double value, double low, double step, int rows) {
  const double row = (value - low) / step;
  return std::clamp(static_cast<int>(row), 0, rows - 1);
}

// One letter a policy, one column a week; a star where several meet.
std::string Chart(const char* title,
                  const std::vector<std::vector<double>>& lines) {
  constexpr int kRows = 10;
  double low = 1, high = 0;
  std::size_t columns = 0;
  for (const std::vector<double>& line : lines) {
    for (const double value : line) {
      low = std::min(low, value);
      high = std::max(high, value);
    }
    columns = std::max(columns, line.size());
  }
  if (columns == 0) return "";
  double step = 0.001;
  for (const double wider : {0.0025, 0.005, 0.01, 0.02, 0.05, 0.1}) {
    low = static_cast<int>(low / step) * step;
    if (low + step * kRows < high) step = wider;
  }
  low = static_cast<int>(low / step) * step;
  std::vector<std::string> canvas(kRows, std::string(columns, ' '));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    for (std::size_t x = 0; x < lines[i].size(); ++x) {
      char& dot =
          canvas[static_cast<std::size_t>(RowOf(lines[i][x], low, step, kRows))]
                [x];
      dot = dot == ' ' ? static_cast<char>('a' + static_cast<int>(i)) : '*';
    }
  }
  std::string text = absl::StrCat(title, ", by week\n");
  for (int row = kRows - 1; row >= 0; --row) {
    absl::StrAppendFormat(&text, "%6.1f%% |%s\n",
                          100 * (low + step * (row + 1)),
                          canvas[static_cast<std::size_t>(row)]);
  }
  absl::StrAppendFormat(&text, "%6.1f%% +%s\n\n", 100 * low,
                        std::string(columns, '-'));
  return text;
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
  std::string text =
      "                               calls no number  answered labelled"
      "    rests needless at rest needless suspect  probing\n";
  for (const PoolReport& r : reports) {
    const uint64_t made = r.calls - r.no_number;
    const auto share = [&](NumberState state) {
      return 100 * r.states[static_cast<std::size_t>(state)];
    };
    absl::StrAppendFormat(
        &text,
        "  %-24s %9d %9d %8.2f%% %7.2f%% %8d %7.1f%% %6.2f%% %7.2f%% %6.2f%% "
        "%7.2f%%\n",
        std::string(Name(r.policy)), r.calls, r.no_number,
        Share(r.answered, made), Share(r.labelled, made), r.rests,
        Share(r.needless_rests, r.rests), share(NumberState::kResting),
        100 * r.resting_needless, share(NumberState::kSuspect),
        share(NumberState::kProbing));
  }
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
  absl::StrAppend(&text, "   *: several\n\n", Chart("Answered", answered),
                  Chart("At rest", resting),
                  "Calls of one number      fewest   one in      half   nine "
                  "in      most\n"
                  "                                  ten less      less   ten "
                  "less\n");
  for (const PoolReport& report : reports) absl::StrAppend(&text, Uses(report));
  return text;
}

}  // namespace callrouter
