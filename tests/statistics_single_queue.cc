// One queue and n alike agents, against exact formulas: waiting without and
// with abandonment (Erlang C, Erlang A), other laws of patience and service,
// and a limited waiting room.

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

#include "tests/statistics_support.h"

namespace callrouter::statistics {
namespace {

Law LawOf(const std::string& name, double mean_s) {
  Law law = Law::Exponential(Seconds(mean_s));
  if (name == "det") law.kind = Law::Kind::kConstant;
  if (name.rfind("h2_scv4", 0) == 0) {
    law.kind = Law::Kind::kHyperexponential;
    law.squared_variation = 4;
  }
  if (name == "lognormal_scv1") law.kind = Law::Kind::kLognormal;
  if (name == "uniform0_2m") law.kind = Law::Kind::kUniform;
  return law;
}

TEST(SingleQueue, AgreesWithFormulas) {
  const std::vector<Row> rows =
      ReadCsv("tests/data/single_queue_reference.csv");
  ASSERT_GE(rows.size(), 30u);
  Judge judge;
  for (const Row& row : rows) {
    const int n = static_cast<int>(Number(row, "n"));
    Scenario scenario;
    scenario.name =
        row.at("model") + " n=" + row.at("n") + " load=" + row.at("load_erl") +
        " patience=" + row.at("patience_dist") + row.at("patience_mean_s") +
        " service=" + row.at("service_dist") + " K=" + row.at("K");
    std::printf("%s\n", scenario.name.c_str());
    QueueConfig* queue = AddQueue(&scenario.configuration, "q");
    queue->members_only = false;
    if (!row.at("K").empty()) {
      queue->entry.waiting_max = static_cast<int>(Number(row, "K")) - n;
    }
    for (int i = 0; i < n; ++i) AddAgent(&scenario.configuration);
    const double patience = Number(row, "patience_mean_s");
    Arrivals* arrivals =
        AddArrivals(&scenario, "q", Number(row, "lambda_per_s"), patience,
                    Number(row, "aht_s"));
    arrivals->handle_time = LawOf(row.at("service_dist"), Number(row, "aht_s"));
    if (patience > 0) {
      arrivals->patience = LawOf(row.at("patience_dist"), patience);
    }
    const Estimates e = Estimate(scenario, Number(row, "T_s"))[0];
    judge.Add("p_wait", e.waited, {Number(row, "p_wait"), 0});
    judge.Add("mean wait", e.mean_wait, {Number(row, "asa_all_s"), 0});
    judge.Add("in target", e.in_target, {Number(row, "sl_offered"), 0});
    if (patience > 0) {
      judge.Add("p_abandon", e.abandoned, {Number(row, "p_abandon"), 0});
    }
    if (!row.at("K").empty()) {
      judge.Add("p_block", e.refused, {Number(row, "p_block"), 0});
    }
  }
  judge.Conclude();
}

// For one class, longest idle first and a random choice give the same law of
// waits, whatever the agents' speeds: 5 agents with mean 200 s, 5 with 400 s.
TEST(SingleQueue, LongestIdleEqualsRandom) {
  const double p_wait = 0.147268946923;
  Judge judge;
  for (const AgentOrder order : {AgentOrder::kLongestIdle, AgentOrder::kRandom,
                                 AgentOrder::kLongestReady}) {
    Scenario scenario;
    scenario.name = "order " + std::to_string(static_cast<int>(order));
    std::printf("%s\n", scenario.name.c_str());
    QueueConfig* queue = AddQueue(&scenario.configuration, "q");
    queue->members_only = false;
    queue->strategy.order = order;
    for (int i = 0; i < 10; ++i) {
      AgentConfig* agent = AddAgent(&scenario.configuration);
      agent->attributes.push_back({"speed", i < 5 ? "fast" : "slow"});
    }
    AddArrivals(&scenario, "q", 0.025, 240, 200);
    scenario.handle_factors.push_back({"q", "speed == \"slow\"", 2.0});
    const Estimates e = Estimate(scenario, 20)[0];
    judge.Add("p_wait", e.waited, {p_wait, 0});
    judge.Add("p_abandon", e.abandoned, {0.0259099636873, 0});
    judge.Add("mean wait", e.mean_wait, {6.21839128496, 0});
    judge.Add("in target", e.in_target, {0.894794884535, 0});
    judge.Add("patience identity", e.patience_identity, {0, 0});
  }
  judge.Conclude();
}

}  // namespace
}  // namespace callrouter::statistics
