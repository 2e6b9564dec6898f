#include "sim_chart.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace callrouter::sim {
namespace {

constexpr int kRows = 10;

// The least of 1, 2.5 and 5 times a power of ten with which `kRows` steps from
// a multiple of it cover both.
double StepFor(double low, double high) {
  double step = 0.001;
  for (int i = 0;; ++i) {
    const double first = std::floor(low / step) * step;
    if (first + step * kRows >= high || i > 60) return step;
    step *= i % 3 == 0 ? 2.5 : 2;
  }
}

}  // namespace

std::string TextChart(std::string_view title,
                      const std::vector<std::vector<double>>& lines,
                      bool percent) {
  double low = 1e300, high = -1e300;
  std::size_t columns = 0;
  for (const std::vector<double>& line : lines) {
    for (const double value : line) {
      low = std::min(low, value);
      high = std::max(high, value);
    }
    columns = std::max(columns, line.size());
  }
  if (columns == 0) return "";
  const double step = StepFor(low, high);
  low = std::floor(low / step) * step;
  std::vector<std::string> canvas(kRows, std::string(columns, ' '));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    for (std::size_t x = 0; x < lines[i].size(); ++x) {
      const int row = std::clamp(static_cast<int>((lines[i][x] - low) / step),
                                 0, kRows - 1);
      char& dot = canvas[static_cast<std::size_t>(row)][x];
      dot = dot == ' ' ? static_cast<char>('a' + static_cast<int>(i)) : '*';
    }
  }
  const auto scale = [&](double value) {
    return percent ? absl::StrFormat("%6.1f%%", 100 * value)
                   : absl::StrFormat("%7.1f", value);
  };
  std::string text = absl::StrCat(std::string(title), "\n");
  for (int row = kRows - 1; row >= 0; --row) {
    absl::StrAppend(&text, scale(low + step * (row + 1)), " |",
                    canvas[static_cast<std::size_t>(row)], "\n");
  }
  absl::StrAppend(&text, scale(low), " +", std::string(columns, '-'), "\n\n");
  return text;
}

}  // namespace callrouter::sim
