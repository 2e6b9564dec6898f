// The optimum of dialling against a table made elsewhere, and against what can
// be said without any table.

#include "callrouter/dial_bound.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "tests/oracle/counts.h"

namespace callrouter {
namespace {

struct Row {
  DialBoundModel model;
  bool programme = false;
  std::vector<double> shares, used;
};

std::vector<Row> ReadTable() {
  std::vector<Row> rows;
  std::ifstream file("tests/data/dial_bound.csv");
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::vector<std::string> cells(1);
    for (const char c : line) {
      if (c == ',') {
        cells.emplace_back();
      } else {
        cells.back() += c;
      }
    }
    if (cells.size() != 9) continue;
    const auto number = [&](std::size_t i) {
      return std::strtod(cells[i].c_str(), nullptr);
    };
    Row row;
    row.model.agents = static_cast<int32_t>(number(0));
    row.model.service = absl::Seconds(number(1));
    row.model.ring = absl::Seconds(number(2));
    row.model.patience = absl::Seconds(number(3));
    row.model.answered = number(4);
    row.programme = cells[5].empty() && !cells[6].empty();
    const double shares[] = {0.005, 0.01, 0.03, 0.05};
    for (std::size_t i = 0; i < 4; ++i) {
      if (cells[5 + i].empty()) continue;
      row.shares.push_back(shares[i]);
      row.used.push_back(number(5 + i));
    }
    rows.push_back(row);
  }
  return rows;
}

TEST(DialBound, AgreesWithTheTable) {
  const std::vector<Row> rows = ReadTable();
  ASSERT_EQ(rows.size(), 39u);
  const int agents_most = oracle::Rounds(20, 100);
  uint64_t cells = 0;
  double worst = 0;
  for (const Row& row : rows) {
    if (row.model.agents > agents_most) continue;
    const auto used = DialBounds(row.model, row.shares);
    ASSERT_TRUE(used.ok()) << used.status();
    for (std::size_t i = 0; i < used->size(); ++i) {
      const double error = (*used)[i] - row.used[i];
      // A programme has no error; the table is rounded and interpolated.
      EXPECT_NEAR(error, 0, row.programme ? 0.0003 : 0.002)
          << row.model.agents << " agents, answered " << row.model.answered
          << ", service " << row.model.service << ", ring " << row.model.ring
          << ", patience " << row.model.patience << ", drops " << row.shares[i];
      worst = std::max(worst, std::abs(error));
      ++cells;
    }
  }
  oracle::Report("dial bound: cells of the table", cells,
                 "worst error " + std::to_string(worst));
}

TEST(DialBound, LiesAboveOneLineAnAgentAndGrowsWithTheDrops) {
  DialBoundModel model;
  model.agents = 4;
  double before = ProgressiveShare(model);
  EXPECT_NEAR(before, 0.706, 0.0005);
  for (const double share : {0.001, 0.01, 0.03, 0.1, 0.3}) {
    const auto used = DialBound(model, share);
    ASSERT_TRUE(used.ok());
    EXPECT_GT(*used, before) << share;
    before = *used;
  }
  EXPECT_LT(before, 1);
  // Everybody answers: nothing is gained by more lines than agents, but the
  // ringing is: one may ring while the last conversation ends.
  model.answered = 1;
  EXPECT_GT(*DialBound(model, 0.03), ProgressiveShare(model));
}

TEST(DialBound, SaysWhatIsOutOfRange) {
  DialBoundModel model;
  model.agents = 0;
  model.answered = 2;
  const auto used = DialBound(model, 0.7);
  EXPECT_EQ(used.status().code(), absl::StatusCode::kInvalidArgument);
  for (const char* const word : {"agents", "answered", "drop share"}) {
    EXPECT_NE(used.status().message().find(word), std::string::npos) << word;
  }
}

}  // namespace
}  // namespace callrouter
