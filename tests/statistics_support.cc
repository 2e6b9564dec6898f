#include "tests/statistics_support.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <utility>

#include "callrouter/v1/report.pb.h"
#include "tests/oracle/counts.h"

namespace callrouter::statistics {
namespace {

std::vector<std::string> SplitCsv(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') {
      if (quoted && i + 1 < line.size() && line[i + 1] == '"') {
        fields.back() += line[i++];
      } else {
        quoted = !quoted;
      }
    } else if (line[i] == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += line[i];
    }
  }
  return fields;
}

// Sums of one batch.
struct Batch {
  double calls = 0;
  double entered = 0;
  double waited = 0;
  double abandoned = 0;
  double refused = 0;
  double wait = 0;
  double in_target = 0;
  double identity = 0;
};

// Ratio of two sums over batches, with the standard error of a ratio.
Figure Ratio(const std::vector<Batch>& batches, double Batch::* above,
             double Batch::* below) {
  double a = 0;
  double b = 0;
  for (const Batch& batch : batches) {
    a += batch.*above;
    b += batch.*below;
  }
  if (b <= 0) return {};
  const double ratio = a / b;
  double squares = 0;
  for (const Batch& batch : batches) {
    const double residual = batch.*above - ratio * (batch.*below);
    squares += residual * residual;
  }
  const auto n = static_cast<double>(batches.size());
  return {ratio, std::sqrt(squares * n / (n - 1)) / b};
}

void Count(const SimulatedCall& call, double target, double patience,
           Batch* batch) {
  const double wait = static_cast<double>(call.wait_us) / 1e6;
  batch->calls += 1;
  if (call.outcome == Outcome::kRefused) {
    batch->refused += 1;
    return;
  }
  batch->entered += 1;
  if (call.wait_us > 0) batch->waited += 1;
  batch->wait += wait;
  const bool gone = call.outcome == Outcome::kAbandoned;
  if (gone) batch->abandoned += 1;
  if (!gone && wait <= target) batch->in_target += 1;
  if (patience > 0) batch->identity += (gone ? 1.0 : 0.0) - wait / patience;
}

double MeanPatience(const Arrivals& arrivals) {
  if (arrivals.patience.kind != Law::Kind::kExponential) return 0;
  return absl::ToDoubleSeconds(arrivals.patience.mean);
}

// Of all models.
uint64_t last_seed = 0;
uint64_t calls_counted = 0;

// Of all judges.
std::vector<double>& AllScores() {
  static auto* const scores = new std::vector<double>;
  return *scores;
}

// Says how the scores are spread; gives how many lie beyond 2.
int PrintSpread(const std::vector<double>& scores) {
  double sum = 0;
  double squares = 0;
  double largest = 0;
  int beyond = 0;
  for (const double z : scores) {
    largest = std::max(largest, std::abs(z));
    sum += z;
    squares += z * z;
    beyond += std::abs(z) > 2;
  }
  const auto n = static_cast<double>(scores.size());
  std::printf(
      "  %zu figures: mean z %+.2f, rms %.2f, %d beyond 2 (%.1f %%), largest "
      "%.2f\n",
      scores.size(), sum / n, std::sqrt(squares / n), beyond,
      100.0 * beyond / n, largest);
  return beyond;
}

}  // namespace

std::vector<Row> ReadCsv(const std::string& path) {
  std::vector<Row> rows;
  std::vector<std::string> head;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::vector<std::string> fields = SplitCsv(line);
    if (head.empty()) {
      head = std::move(fields);
      continue;
    }
    Row row;
    for (size_t i = 0; i < head.size() && i < fields.size(); ++i) {
      row[head[i]] = fields[i];
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

double Number(const Row& row, const std::string& field, double otherwise) {
  const auto found = row.find(field);
  if (found == row.end() || found->second.empty()) return otherwise;
  return std::strtod(found->second.c_str(), nullptr);
}

Effort TodaysEffort() {
  return {oracle::Rounds(1, 5), oracle::Rounds(32, 10),
          oracle::Rounds(10'000, 100'000)};
}

std::vector<Estimates> Estimate(Scenario scenario, double target,
                                std::vector<std::vector<int64_t>>* served) {
  const Effort effort = TodaysEffort();
  double per_second = 0;
  for (const Arrivals& arrivals : scenario.arrivals) {
    per_second += arrivals.per_half_hour.at(0) / 1800;
  }
  const double batch_s =
      static_cast<double>(effort.calls_per_batch) / per_second;
  const double warm_up_s = std::max(batch_s / 2, 20'000.0);
  const double batches_end_s = warm_up_s + effort.batches * batch_s;
  // Calls of the last batch that still wait need time to end.
  scenario.horizon = Seconds(std::floor(batches_end_s * 1.001 + 20'000));
  scenario.interval = scenario.horizon;
  const size_t kinds = scenario.arrivals.size();
  std::vector<std::vector<Batch>> batches(kinds);
  if (served != nullptr) {
    served->assign(kinds,
                   std::vector<int64_t>(scenario.configuration.agents.size()));
  }
  for (int run = 0; run < effort.seeds; ++run) {
    scenario.seed = ++last_seed;
    const size_t first = batches[0].size();
    for (auto& list : batches) {
      list.resize(first + static_cast<size_t>(effort.batches));
    }
    SimulateOptions options;
    options.observer = [&](const SimulatedCall& call) {
      const double since =
          static_cast<double>(call.arrived_us) / 1e6 - warm_up_s;
      if (since < 0 || since >= effort.batches * batch_s) return;
      const auto kind = static_cast<size_t>(call.kind);
      Count(call, target, MeanPatience(scenario.arrivals[kind]),
            &batches[kind][first + static_cast<size_t>(since / batch_s)]);
      if (served != nullptr && call.outcome == Outcome::kAnswered) {
        ++(*served)[kind][call.agent.slot()];
      }
    };
    v1::Report report;
    const absl::Status status = Simulate(scenario, options, &report);
    EXPECT_TRUE(status.ok()) << status.ToString();
    for (const std::string& difference : report.difference()) {
      ADD_FAILURE() << scenario.name << ": " << difference;
    }
    EXPECT_EQ(report.total().unaccounted(), 0);
  }
  std::vector<Estimates> result(kinds);
  for (size_t kind = 0; kind < kinds; ++kind) {
    Estimates& e = result[kind];
    const std::vector<Batch>& list = batches[kind];
    for (const Batch& batch : list) {
      e.calls += static_cast<int64_t>(batch.calls);
    }
    calls_counted += static_cast<uint64_t>(e.calls);
    e.waited = Ratio(list, &Batch::waited, &Batch::calls);
    e.abandoned = Ratio(list, &Batch::abandoned, &Batch::calls);
    e.refused = Ratio(list, &Batch::refused, &Batch::calls);
    e.mean_wait = Ratio(list, &Batch::wait, &Batch::entered);
    e.in_target = Ratio(list, &Batch::in_target, &Batch::calls);
    e.patience_identity = Ratio(list, &Batch::identity, &Batch::calls);
  }
  return result;
}

double Score(Figure estimate, Figure reference) {
  const double error = std::sqrt(estimate.error * estimate.error +
                                 reference.error * reference.error);
  const double difference = estimate.value - reference.value;
  if (error > 0) return difference / error;
  // No error on either side: a figure that cannot vary, and must be equal.
  return difference == 0 ? 0 : HUGE_VAL;
}

bool Believable(Figure estimate, Figure reference) {
  return std::abs(Score(estimate, reference)) <= 4;
}

void Judge::Add(const std::string& what, Figure estimate, Figure reference) {
  const double z = Score(estimate, reference);
  std::printf("  %-34s %12.6f  expected %12.6f  z %+5.2f\n", what.c_str(),
              estimate.value, reference.value, z);
  EXPECT_TRUE(Believable(estimate, reference)) << what << ": z " << z;
  z_.push_back(z);
  AllScores().push_back(z);
}

void Judge::NotExpressible(const std::string& model, const std::string& why) {
  std::printf("  %s: not expressible: %s\n", model.c_str(), why.c_str());
}

void Judge::Conclude() const { PrintSpread(z_); }

void ConcludeAll() {
  if (AllScores().empty()) return;  // None of those tests was chosen.
  oracle::Report("calls counted, of all models", calls_counted,
                 "seeds 1 to " + std::to_string(last_seed) + " in order");
  const int beyond = PrintSpread(AllScores());
  EXPECT_LE(beyond, 0.08 * static_cast<double>(AllScores().size()));
}

AgentConfig* AddAgent(Configuration* configuration) {
  AgentConfig agent;
  agent.ref = configuration->agents.size() + 1;
  agent.name = "a" + std::to_string(agent.ref);
  configuration->agents.push_back(agent);
  return &configuration->agents.back();
}

QueueConfig* AddQueue(Configuration* configuration, const std::string& name) {
  QueueConfig queue;
  queue.name = name;
  queue.members_only = true;
  configuration->queues.push_back(queue);
  return &configuration->queues.back();
}

void AddMembership(AgentConfig* agent, const std::string& queue,
                   int32_t penalty) {
  Membership membership;
  membership.queue = queue;
  membership.penalty = penalty;
  agent->memberships.push_back(membership);
}

Arrivals* AddArrivals(Scenario* scenario, const std::string& queue,
                      double per_second, double patience_mean,
                      double service_mean) {
  Arrivals arrivals;
  arrivals.queue = queue;
  arrivals.per_half_hour = {per_second * 1800};
  arrivals.goes_on = true;
  if (patience_mean > 0) {
    arrivals.patience = Law::Exponential(Seconds(patience_mean));
  }
  arrivals.handle_time = Law::Exponential(Seconds(service_mean));
  scenario->arrivals.push_back(arrivals);
  return &scenario->arrivals.back();
}

absl::Duration Seconds(double seconds) {
  return absl::Microseconds(std::llround(seconds * 1e6));
}

}  // namespace callrouter::statistics
