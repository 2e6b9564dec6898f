// Classes of calls and pools of agents, against exact chains, product forms
// and long simulations made independently: priorities, preferred pools,
// reserves, longest idle with the oldest call, overflow after N seconds.

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "tests/statistics_support.h"

namespace callrouter::statistics {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

std::string QueueName(size_t c) { return "c" + std::to_string(c + 1); }

std::vector<double> Numbers(const Value& value) {
  std::vector<double> numbers;  // null is 0.
  for (const Value& item : value.list_value().values()) {
    numbers.push_back(item.number_value());
  }
  return numbers;
}

std::vector<std::vector<int>> Lists(const Value& value) {
  std::vector<std::vector<int>> lists;
  for (const Value& list : value.list_value().values()) {
    lists.emplace_back();
    for (const double number : Numbers(list)) {
      lists.back().push_back(static_cast<int>(number));
    }
  }
  return lists;
}

// The rows of one model, one for each class, and its parameters.
class Model {
 public:
  explicit Model(const std::string& name) : name_(name) {
    for (const Row& row : ReadCsv("tests/data/routing_reference.csv")) {
      if (row.at("model") == name) rows_.push_back(row);
    }
    EXPECT_FALSE(rows_.empty()) << name;
    if (!rows_.empty()) Parse(rows_[0].at("params_json"));
  }

  const std::string& name() const { return name_; }
  const std::vector<Row>& rows() const { return rows_; }
  const Value& operator[](const std::string& field) const {
    static const Value* const kNothing = new Value;
    const auto found = params_.fields().find(field);
    return found == params_.fields().end() ? *kNothing : found->second;
  }

 private:
  void Parse(const std::string& json) {
    EXPECT_TRUE(
        google::protobuf::util::JsonStringToMessage(json, &params_).ok())
        << name_;
  }

  std::string name_;
  std::vector<Row> rows_;
  Struct params_;
};

Figure Expected(const Row& row, const std::string& value,
                const std::string& interval) {
  return {Number(row, value), Number(row, interval) / 1.959964};
}

void Compare(const Model& model, const Scenario& scenario, Judge* judge) {
  std::printf("%s  %s\n", scenario.name.c_str(),
              model.rows()[0].at("name").c_str());
  const double target = Number(model.rows()[0], "T_s");
  std::vector<std::vector<int64_t>> served;
  const std::vector<Estimates> all = Estimate(scenario, target, &served);
  ASSERT_EQ(all.size(), model.rows().size());
  for (size_t c = 0; c < all.size(); ++c) {
    const Row& row = model.rows()[c];
    const Estimates& e = all[c];
    const std::string what = scenario.name + " class " + row.at("cls") + " ";
    judge->Add(what + "p_wait", e.waited, Expected(row, "p_wait", "p_wait_ci"));
    judge->Add(what + "mean wait", e.mean_wait,
               Expected(row, "ew_all_s", "ew_all_ci"));
    if (!row.at("sl_offered").empty()) {
      judge->Add(what + "in target", e.in_target,
                 Expected(row, "sl_offered", "sl_ci"));
    }
    if (scenario.arrivals[c].patience.kind == Law::Kind::kNever) continue;
    judge->Add(what + "p_abandon", e.abandoned,
               Expected(row, "p_abandon", "p_abandon_ci"));
    judge->Add(what + "identity", e.patience_identity, {0, 0});
  }
}

// The penalty of each (class, pool) such that, read along a class, pools come
// in the class's order, and, read along a pool, classes in the pool's order.
std::vector<std::vector<int>> Penalties(
    const std::vector<std::vector<int>>& pools_of_class,
    const std::vector<std::vector<int>>& classes_of_pool) {
  std::vector<std::vector<int>> penalty(
      pools_of_class.size(), std::vector<int>(classes_of_pool.size()));
  bool changed = true;
  const auto after = [&](int* later, int earlier) {
    if (*later > earlier) return;
    *later = earlier + 1;
    changed = true;
  };
  for (int round = 0; changed && round < 100; ++round) {
    changed = false;
    for (size_t c = 0; c < pools_of_class.size(); ++c) {
      for (size_t i = 1; i < pools_of_class[c].size(); ++i) {
        after(&penalty[c][static_cast<size_t>(pools_of_class[c][i] - 1)],
              penalty[c][static_cast<size_t>(pools_of_class[c][i - 1] - 1)]);
      }
    }
    for (size_t p = 0; p < classes_of_pool.size(); ++p) {
      for (size_t i = 1; i < classes_of_pool[p].size(); ++i) {
        after(&penalty[static_cast<size_t>(classes_of_pool[p][i] - 1)][p],
              penalty[static_cast<size_t>(classes_of_pool[p][i - 1] - 1)][p]);
      }
    }
  }
  EXPECT_FALSE(changed) << "orders that no penalties express";
  return penalty;
}

std::string PoolText(size_t p) {
  return "pool == \"" + std::to_string(p + 1) + "\"";
}

// Pools of agents by size: attribute pool, no memberships yet.
void AddPools(const std::vector<double>& sizes, Configuration* configuration) {
  for (size_t p = 0; p < sizes.size(); ++p) {
    for (int i = 0; i < static_cast<int>(sizes[p]); ++i) {
      AddAgent(configuration)
          ->attributes.push_back({"pool", std::to_string(p + 1)});
    }
  }
}

void JoinPool(size_t p, const std::string& queue, int penalty,
              Configuration* configuration) {
  for (AgentConfig& agent : configuration->agents) {
    if (agent.attributes[0].value == std::to_string(p + 1)) {
      AddMembership(&agent, queue, penalty);
    }
  }
}

// Which classes wait in which order for an agent.
enum class Prefer { kPenalty, kWeight, kPriority };

// A model given by pools, orders and reserves.
Scenario PoolScenario(const Model& model, Prefer prefer = Prefer::kPenalty) {
  Scenario scenario;
  scenario.name = model.name();
  Configuration& configuration = scenario.configuration;
  const std::vector<double> lambda = Numbers(model["lambda_per_s"]);
  const std::vector<double> patience = Numbers(model["patience_mean_s"]);
  const auto pools_of_class = Lists(model["call_pool_order"]);
  const auto classes_of_pool = Lists(model["agent_class_order"]);
  const auto penalty = Penalties(pools_of_class, classes_of_pool);
  const auto& service = model["mean_service_s"].list_value();
  AddPools(Numbers(model["pool_sizes"]), &configuration);
  configuration.prefer_low_penalty = prefer == Prefer::kPenalty;
  for (size_t c = 0; c < lambda.size(); ++c) {
    QueueConfig* queue = AddQueue(&configuration, QueueName(c));
    const std::vector<double> means =
        Numbers(service.values(static_cast<int>(c)));
    const double own = means[static_cast<size_t>(pools_of_class[c][0] - 1)];
    Arrivals* arrivals =
        AddArrivals(&scenario, QueueName(c), lambda[c], patience[c], own);
    for (const int pool : pools_of_class[c]) {
      const auto p = static_cast<size_t>(pool - 1);
      JoinPool(p, QueueName(c), penalty[c][p], &configuration);
      if (means[p] != own) {
        scenario.handle_factors.push_back(
            {QueueName(c), PoolText(p), means[p] / own});
      }
      const double keep =
          Numbers(model["reserve"].list_value().values(static_cast<int>(c)))[p];
      if (keep > 0) {
        queue->reserve.push_back({PoolText(p), static_cast<int>(keep)});
      }
    }
    // Places in the pools' orders, where they agree, as weight or priority.
    int worst = 0;
    for (const auto& order : classes_of_pool) {
      const auto at =
          std::find(order.begin(), order.end(), static_cast<int>(c) + 1);
      if (at == order.end()) continue;
      worst = std::max(worst, static_cast<int>(at - order.begin()));
    }
    if (prefer == Prefer::kWeight) queue->weight = 100 - worst;
    if (prefer == Prefer::kPriority) arrivals->priority = 100 - worst;
  }
  return scenario;
}

// Every server by itself, with the classes it can serve; oldest call, longest
// idle agent.
Scenario ServerScenario(const Model& model) {
  Scenario scenario;
  scenario.name = model.name();
  const std::vector<double> lambda = Numbers(model["lambda_per_s"]);
  for (size_t c = 0; c < lambda.size(); ++c) {
    AddQueue(&scenario.configuration, QueueName(c));
    AddArrivals(&scenario, QueueName(c), lambda[c], 0,
                Numbers(model["mean_service_s"]).at(0));
  }
  for (const auto& classes : Lists(model["servers"])) {
    AgentConfig* agent = AddAgent(&scenario.configuration);
    for (const int c : classes) {
      AddMembership(agent, QueueName(static_cast<size_t>(c - 1)), 0);
    }
  }
  return scenario;
}

TEST(Routing, PoolsAndPriorities) {
  Judge judge;
  for (const char* name :
       {"M01", "M02", "M03", "M05", "M06", "M07", "M09", "M10", "M11", "M12"}) {
    const Model model(name);
    Compare(model, PoolScenario(model), &judge);
  }
  for (const char* name : {"M01", "M03", "M10"}) {
    const Model model(name);
    Scenario scenario = PoolScenario(model, Prefer::kWeight);
    scenario.name += " by queue weight";
    Compare(model, scenario, &judge);
  }
  for (const char* name : {"M02", "M09"}) {
    const Model model(name);
    Scenario scenario = PoolScenario(model, Prefer::kPriority);
    scenario.name += " by call priority";
    Compare(model, scenario, &judge);
  }
  judge.NotExpressible("M13",
                       "no rule takes the call at the head of the longest "
                       "queue; queues are compared by weight, priority and "
                       "age");
  judge.Conclude();
}

TEST(Routing, ServiceLaws) {
  Judge judge;
  const Model exponential("M03");
  for (const char* name : {"M03_det", "M03_logn", "M03_h2"}) {
    Scenario scenario = PoolScenario(exponential);
    scenario.name = name;
    for (Arrivals& arrivals : scenario.arrivals) {
      Law& law = arrivals.handle_time;
      const std::string kind = scenario.name.substr(4);
      if (kind == "det") law = Law::Constant(law.mean);
      if (kind == "logn") law.kind = Law::Kind::kLognormal;
      if (kind == "h2") law.kind = Law::Kind::kHyperexponential;
      law.squared_variation = kind == "logn" ? 2 : 4;
    }
    Compare(Model(name), scenario, &judge);
  }
  judge.Conclude();
}

// Oldest call first and longest idle agent first.
TEST(Routing, OldestCallLongestIdleAgent) {
  Judge judge;
  for (const char* name : {"S01", "S02", "S04", "S06"}) {
    const Model model(name);
    Compare(model, ServerScenario(model), &judge);
  }
  for (const char* name : {"I2_fcfs0", "I2_fcfs1"}) {
    const Model model(name);
    Scenario scenario;
    scenario.name = name;
    AddPools(Numbers(model["pool_sizes"]), &scenario.configuration);
    for (size_t c = 0; c < 2; ++c) {
      AddQueue(&scenario.configuration, QueueName(c));
      const auto& service = model["mean_service_s"].list_value();
      const std::vector<double> means =
          Numbers(service.values(static_cast<int>(c)));
      AddArrivals(&scenario, QueueName(c), Numbers(model["lambda_per_s"])[c],
                  Numbers(model["patience_mean_s"])[c], means[c]);
      for (size_t p = 0; p < 2; ++p) {
        const bool own_first = scenario.name == "I2_fcfs1";
        JoinPool(p, QueueName(c), own_first && p != c ? 1 : 0,
                 &scenario.configuration);
        scenario.handle_factors.push_back(
            {QueueName(c), PoolText(p), means[p] / means[c]});
      }
    }
    Compare(model, scenario, &judge);
  }
  judge.Conclude();
}

// Which agent serves which class, when the oldest call and the longest idle
// agent are chosen: shares of all served calls, within 5 standard errors of
// independent calls (they are nearly so) and a margin for their dependence.
TEST(Routing, MatchingRates) {
  for (const char* name : {"S01", "S02", "S04", "S06"}) {
    const Model model(name);
    const Scenario scenario = ServerScenario(model);
    std::vector<std::vector<int64_t>> served;
    Estimate(scenario, 20, &served);
    double total = 0;
    for (const auto& by_agent : served) {
      for (const int64_t n : by_agent) total += static_cast<double>(n);
    }
    for (size_t c = 0; c < model.rows().size(); ++c) {
      Struct shares;
      ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(
                      model.rows()[c].at("matching_json"), &shares)
                      .ok());
      ASSERT_FALSE(shares.fields().empty());
      // In order, so that two runs print the same.
      const std::map<std::string, Value> sorted(shares.fields().begin(),
                                                shares.fields().end());
      for (const auto& [pair, value] : sorted) {
        const auto agent = std::stoul(pair.substr(pair.find("->") + 2)) - 1;
        const double share = static_cast<double>(served[c].at(agent)) / total;
        const double expected = value.number_value();
        const double margin =
            5 * std::sqrt(expected * (1 - expected) / total) * 2;
        std::printf("  %s %s %.5f expected %.5f\n", name, pair.c_str(), share,
                    expected);
        EXPECT_NEAR(share, expected, margin) << name << " " << pair;
      }
    }
  }
}

// Class 1 may have pool 2 after N seconds. `own_first`: pool 2 takes its own
// calls first; otherwise the oldest call it may have.
Scenario OverflowScenario(const Model& model, double after_s, bool own_first) {
  Scenario scenario;
  scenario.name = model.name();
  Configuration& configuration = scenario.configuration;
  AddPools(Numbers(model["pool_sizes"]), &configuration);
  const double service = model["mean_service_s"].number_value();
  for (size_t c = 0; c < 2; ++c) {
    AddQueue(&configuration, QueueName(c));
    AddArrivals(&scenario, QueueName(c), Numbers(model["lambda_per_s"])[c],
                Numbers(model["patience_mean_s"])[c], service);
    JoinPool(c, QueueName(c), 0, &configuration);
  }
  configuration.prefer_low_penalty = own_first;
  if (after_s < 0) return scenario;
  JoinPool(1, QueueName(0), 1, &configuration);
  configuration.queues[0].requirement = "penalty(\"c1\") <= 0";
  configuration.queues[0].plan = "overflow";
  Plan plan;
  plan.name = "overflow";
  Step step;
  step.id = "widen";
  step.after = Seconds(after_s);
  step.action = StepAction::kWiden;
  step.requirement = "penalty(\"c1\") <= 1";
  plan.steps.push_back(step);
  configuration.plans.push_back(plan);
  return scenario;
}

TEST(Overflow, AfterSeconds) {
  Judge judge;
  for (const char* name :
       {"O00", "O0_a", "O10_a", "O20_a", "O30_a", "O120_a", "Onone_a", "OnoneX",
        "O0_b", "O5_b", "O20_b", "O30_b", "O60_b"}) {
    const Model model(name);
    const Value& after = model["overflow_N_s"];
    const bool none = !after.has_number_value();
    const std::string text = name;
    const bool oldest = text.substr(text.size() - 2) == "_b";
    Compare(model,
            OverflowScenario(model, none ? -1 : after.number_value(), !oldest),
            &judge);
  }
  judge.Conclude();
}

// After 20 s the call goes to the end of the other queue. Moving keeps the
// call's age here, so the other queue's own calls are given 20 s of age when
// they come: that is the same order.
TEST(Overflow, MovesAndChangesByTheHost) {
  Judge judge;
  {
    const Model model("OT20");
    Scenario scenario = OverflowScenario(model, -1, false);
    Configuration& configuration = scenario.configuration;
    configuration.queues[0].plan = "move";
    Plan plan;
    plan.name = "move";
    Step step;
    step.id = "move";
    step.after = absl::Seconds(20);
    step.action = StepAction::kMoveToQueue;
    step.queue = "c2";
    plan.steps.push_back(step);
    configuration.plans.push_back(plan);
    scenario.arrivals[1].age = absl::Seconds(20);
    Compare(model, scenario, &judge);
  }
  {
    // Eligible for pool 2 after an exponential time: plans know exact times
    // only, so the host widens the call's own requirement.
    const Model model("OE20");
    Scenario scenario = OverflowScenario(model, -1, true);
    JoinPool(1, QueueName(0), 1, &scenario.configuration);
    scenario.arrivals[0].requirement = "penalty(\"c1\") <= 0";
    scenario.arrivals[0].later = Law::Exponential(absl::Seconds(20));
    scenario.arrivals[0].later_requirement = "true";
    Compare(model, scenario, &judge);
  }
  judge.NotExpressible("OX20",
                       "a call moved after a random time would have to join "
                       "at the end of the other queue; moving keeps its age, "
                       "so it joins by age");
  judge.Conclude();
}

// Both queues may have the other's agents after 30 s, or at once.
TEST(Overflow, Mutual) {
  Judge judge;
  for (const char* name : {"TQ30", "TQ0"}) {
    const Model model(name);
    Scenario scenario;
    scenario.name = name;
    Configuration& configuration = scenario.configuration;
    AddPools(Numbers(model["agents"]), &configuration);
    configuration.prefer_low_penalty = true;
    for (size_t c = 0; c < 2; ++c) {
      QueueConfig* queue = AddQueue(&configuration, QueueName(c));
      queue->requirement = "penalty(\"" + QueueName(c) + "\") <= 0";
      queue->plan = "plan" + std::to_string(c);
      AddArrivals(&scenario, QueueName(c), Numbers(model["lambda_per_s"])[c],
                  model["patience_mean_s"].number_value(),
                  model["mean_service_s"].number_value());
      JoinPool(c, QueueName(c), 0, &configuration);
      JoinPool(1 - c, QueueName(c), 1, &configuration);
      Plan plan;
      plan.name = queue->plan;
      Step step;
      step.id = "widen";
      step.after = absl::Seconds(scenario.name == "TQ30" ? 30 : 0);
      step.action = StepAction::kWiden;
      step.requirement = "true";
      plan.steps.push_back(step);
      configuration.plans.push_back(plan);
    }
    Compare(model, scenario, &judge);
  }
  judge.Conclude();
}

}  // namespace
}  // namespace callrouter::statistics
