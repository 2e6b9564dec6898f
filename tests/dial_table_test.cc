// The pacer over many shifts of the realistic model, beside other diallers: how
// busy the agents are, and how often a shift ends above the cap.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "callrouter/dial_simulator.h"
#include "tests/oracle/counts.h"

namespace callrouter {
namespace {

bool Long() { return oracle::Rounds(0, 1) == 1; }

struct Row {
  int agents;
  double answered;
  double answered_else;
  int service;
  // What the same idea reaches if it is told all laws: the published figure.
  double known;
};

const std::vector<Row>& Rows() {
  static const std::vector<Row>* const all =
      new std::vector<Row>{{5, .3, 0, 120, .791},     {10, .3, 0, 120, .837},
                           {20, .3, 0, 120, .883},    {50, .3, 0, 120, .933},
                           {10, .15, 0, 120, .817},   {20, .15, 0, 120, .871},
                           {10, .5, 0, 120, .867},    {20, .5, 0, 120, .897},
                           {10, .3, 0, 60, .778},     {20, .3, 0, 60, .848},
                           {10, .3, 0, 300, .903},    {20, .3, 0, 300, .925},
                           {10, .15, .45, 120, .811}, {20, .15, .45, 120, .865},
                           {50, .15, .45, 120, .925}};
  static const std::vector<Row>* const few =
      new std::vector<Row>{(*all)[1], (*all)[2]};
  return Long() ? *all : *few;
}

std::string NameOf(const Row& row) {
  std::string name =
      absl::StrFormat("%d agents, answered %g", row.agents, row.answered);
  if (row.answered_else > 0) name += absl::StrFormat("/%g", row.answered_else);
  return name + absl::StrFormat(", talk %d s", row.service);
}

DialWorld WorldOf(const Row& row, uint64_t seed, DropPromise promise) {
  DialWorld world;
  world.seed = seed;
  world.agents = row.agents;
  world.answered = row.answered;
  world.answered_else = row.answered_else;
  world.service = absl::Seconds(row.service);
  world.shifts = oracle::Rounds(10, 50) + 1;  // The first one is to learn.
  world.promise = promise;
  return world;
}

// Shifts of all seeds together.
struct Pooled {
  double used = 0;
  int64_t answers = 0;
  int64_t drops = 0;
  int above = 0;
  int shifts = 0;
  double worst = 0;

  double drop_rate() const {
    return static_cast<double>(drops) / static_cast<double>(answers);
  }
  void Add(const DialReport& report) {
    const int count = static_cast<int>(report.shifts.size());
    used = (used * shifts + report.total.used * count) / (shifts + count);
    shifts += count;
    answers += report.total.answers;
    drops += report.total.drops;
    above += report.above;
    worst = std::max(worst, report.worst);
  }
};

Pooled Play(const Row& row, int seeds, DropPromise promise, DialPacer pacer,
            double ratio = 2) {
  Pooled all;
  for (int seed = 1; seed <= seeds; ++seed) {
    DialWorld world = WorldOf(row, static_cast<uint64_t>(seed), promise);
    world.ratio = ratio;
    DialReport report;
    EXPECT_TRUE(SimulateDialing(world, pacer, &report).ok());
    all.Add(report);
  }
  return all;
}

void Print(const std::string& what, const Pooled& pooled,
           const std::string& expected) {
  std::printf(
      "RESULT %s | %.4f | %s | drops %.2f %%, above the cap %d of %d, "
      "worst %.2f %%\n",
      what.c_str(), pooled.used, expected.c_str(), 100 * pooled.drop_rate(),
      pooled.above, pooled.shifts, 100 * pooled.worst);
  std::fflush(stdout);
}

// P(at most `most` of `count` events of chance p).
double AtMost(int most, int count, double p) {
  double sum = 0;
  for (int k = 0; k <= most; ++k) {
    sum += std::exp(std::lgamma(count + 1.0) - std::lgamma(k + 1.0) -
                    std::lgamma(count - k + 1.0) + k * std::log(p) +
                    (count - k) * std::log1p(-p));
  }
  return sum;
}

// Clopper and Pearson's upper bound of a share, one-sided: the share at which
// so few events would be seen with a chance of 1 % only.
double UpperBound(int events, int count) {
  double low = static_cast<double>(events) / count;
  double high = 1;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (AtMost(events, count, middle) > 0.01 ? low : high) = middle;
  }
  return high;
}

TEST(DialTable, TheBoundIsThatOfClopperAndPearson) {
  EXPECT_NEAR(UpperBound(0, 100), 1 - std::pow(0.01, 0.01), 1e-9);
  EXPECT_NEAR(AtMost(3, 10, UpperBound(3, 10)), 0.01, 1e-9);
}

// The best of the ratios, found by trying, that holds the cap.
Pooled BestRatio(const Row& row, DialPacer pacer, double step, double most) {
  Pooled best = Play(row, 1, DropPromise::kBudget, pacer, 1);
  for (double ratio = 1 + step; ratio <= most; ratio += step) {
    const Pooled tried = Play(row, 1, DropPromise::kBudget, pacer, ratio);
    if (tried.drop_rate() > 0.03) break;  // It grows.
    if (tried.used > best.used) best = tried;
  }
  return best;
}

// Nobody who holds the cap, be it only over all shifts, is as busy.
void CompareWithOthers(const Row& row, double ours) {
  for (int p = 1; p < kDialPacers; ++p) {
    const DialPacer pacer = static_cast<DialPacer>(p);
    if (!Long() && pacer != DialPacer::kProgressive &&
        pacer != DialPacer::kVicidialHard &&
        pacer != DialPacer::kProportional) {
      continue;
    }
    Pooled other;
    if (pacer == DialPacer::kStaticRatio) {
      other = BestRatio(row, pacer, 0.25, 12);
    } else if (pacer == DialPacer::kVicidialRatio) {
      other = BestRatio(row, pacer, 0.02, 2);
    } else {
      other = Play(row, 1, DropPromise::kBudget, pacer);
    }
    const bool holds = other.drop_rate() <= 0.03;
    if (holds) {
      EXPECT_GT(ours, other.used) << NameOf(row) << Name(pacer);
    }
    Print(std::string(Name(pacer)) + ": " + NameOf(row), other,
          holds ? absl::StrFormat("below %.4f", ours)
                : std::string("does not hold the cap"));
  }
}

// Everything is learned. Of the shifts of teams of ten or more at most 2 % end
// above the cap, and none above 1.1 times it.
TEST(DialTable, BudgetKeepsAgentsBusyAndTheCap) {
  Pooled large;
  for (const Row& row : Rows()) {
    const Pooled ours = Play(row, oracle::Rounds(1, 2), DropPromise::kBudget,
                             DialPacer::kPredictive);
    EXPECT_GT(ours.used, row.known - 0.02) << NameOf(row);
    Print("budget: " + NameOf(row), ours,
          absl::StrFormat("%.3f told all laws", row.known));
    CompareWithOthers(row, ours.used);
    if (row.agents < 10) continue;
    EXPECT_LE(ours.worst, 0.033) << NameOf(row);
    large.above += ours.above;
    large.shifts += ours.shifts;
    large.worst = std::max(large.worst, ours.worst);
  }
  const double bound = UpperBound(large.above, large.shifts);
  EXPECT_LE(large.above * 50, large.shifts);
  // A few shifts say little.
  if (Long()) {
    EXPECT_LE(bound, 0.02);
  }
  std::printf(
      "RESULT budget: shifts above the cap, 10 agents or more | %d of "
      "%d | <= 2 %% | one-sided 99 %% bound %.2f %%, worst %.2f %%\n",
      large.above, large.shifts, 100 * bound, 100 * large.worst);
}

TEST(DialTable, StrictNeverEndsAboveTheCap) {
  std::vector<Row> rows = Rows();
  for (const int agents : {1, 2, 3}) rows.push_back({agents, .3, 0, 120, 0});
  for (const Row& row : rows) {
    const Pooled ours =
        Play(row, 1, DropPromise::kStrict, DialPacer::kPredictive);
    const Pooled one =
        Play(row, 1, DropPromise::kStrict, DialPacer::kProgressive);
    EXPECT_EQ(ours.above, 0) << NameOf(row);
    EXPECT_GE(ours.used, one.used - 0.005) << NameOf(row);
    Print("strict: " + NameOf(row), ours,
          absl::StrFormat("%.3f one line an agent", one.used));
  }
}

}  // namespace
}  // namespace callrouter
