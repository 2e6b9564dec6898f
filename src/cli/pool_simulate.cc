// callrouter pool simulate: a year of a pool.

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iomanip>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "callrouter/pool_simulator.h"
#include "cli/exit_codes.h"
#include "cli/files.h"
#include "cli/pool.h"

namespace callrouter::cli {
namespace {

struct SimulateFlags {
  std::string pool;
  PoolWorld world;
  std::vector<std::string> policies = {"all"};
  std::string csv, save;

  bool wants(const std::string& policy) const {
    return std::any_of(
        policies.begin(), policies.end(),
        [&](const std::string& p) { return p == "all" || p == policy; });
  }
};

// One row a week and policy.
std::string Csv(const std::vector<PoolReport>& reports) {
  std::ostringstream text;
  text << "week,policy,answered,at_rest\n"
       << std::fixed << std::setprecision(6);
  for (const PoolReport& report : reports) {
    for (std::size_t week = 0; week < report.answered_share.size(); ++week) {
      text << week + 1 << "," << Name(report.policy) << ","
           << report.answered_share[week] << "," << report.resting_share[week]
           << "\n";
    }
  }
  return text.str();
}

int Simulate(const SimulateFlags& flags) {
  if (!flags.save.empty() && !flags.wants("configured")) {
    return Fail(absl::InvalidArgumentError(
        "--save: found no policy \"configured\", whose pool it saves"));
  }
  int exit = kOk;
  const auto file = ReadPool(flags.pool, &exit);
  if (!file.ok()) return exit;
  const PoolWorld& world = flags.world;
  std::cout << file->numbers.put.size() << " numbers, "
            << world.calls_per_number << " calls each a day, " << world.days
            << " days; " << 100 * world.answered << " % of calls are answered, "
            << 100 * world.answered_labelled << " % from a labelled number\n\n";
  std::vector<PoolReport> reports;
  std::string saved;
  for (const PoolPolicy policy :
       {PoolPolicy::kAsConfigured, PoolPolicy::kNoHealth,
        PoolPolicy::kFixedThreshold}) {
    constexpr const char* kNames[] = {"configured", "none", "threshold"};
    if (!flags.wants(kNames[static_cast<std::size_t>(policy)])) continue;
    const bool save =
        policy == PoolPolicy::kAsConfigured && !flags.save.empty();
    const absl::Status status = SimulatePool(
        *file, world, policy, &reports.emplace_back(), save ? &saved : nullptr);
    if (!status.ok()) return ShowFaults({}, status);
  }
  std::cout << PoolTable(reports) << "\n" << PoolChart(reports);
  absl::Status written;
  if (!flags.csv.empty()) written = WriteFile(flags.csv, Csv(reports));
  if (written.ok() && !flags.save.empty()) {
    written = WriteFile(flags.save, saved);
  }
  return written.ok() ? kOk : Fail(written);
}

}  // namespace

void AddPoolSimulate(CLI::App* pool, std::function<int()>* action) {
  auto flags = std::make_shared<SimulateFlags>();
  PoolWorld& world = flags->world;
  CLI::App* simulate = pool->add_subcommand(
      "simulate",
      "A year of the pool, beside the same pool without health and beside what "
      "others do: a model of labels and of people, for directions");
  simulate->add_option("POOL", flags->pool, "callrouter.v1.Pool")->required();
  simulate->add_option("--policy", flags->policies, "Which to play")
      ->check(CLI::IsMember({"all", "configured", "none", "threshold"}))
      ->capture_default_str();
  simulate->add_option("--seed", world.seed)->capture_default_str();
  simulate->add_option("--days", world.days)->capture_default_str();
  simulate
      ->add_option("--calls-per-number", world.calls_per_number,
                   "Calls a day, divided by all numbers")
      ->capture_default_str();
  simulate
      ->add_option("--answered", world.answered, "Share of calls people answer")
      ->capture_default_str();
  simulate
      ->add_option("--answered-labelled", world.answered_labelled,
                   "The same if the number is labelled")
      ->capture_default_str();
  simulate
      ->add_option("--calls-per-label", world.calls_per_label,
                   "Calls until one carrier labels a number")
      ->capture_default_str();
  simulate->add_option("--campaign", world.campaign,
                       "Whose calls; otherwise the first's");
  simulate->add_option("--csv", flags->csv,
                       "Writes what the charts show: the shares of calls "
                       "answered and of numbers at rest, a row each week");
  simulate->add_option("--save", flags->save,
                       "Writes what NumberPool::Save gives of the pool as "
                       "configured after its last day, for explain --state");
  simulate->callback([=] { *action = [=] { return Simulate(*flags); }; });
}

}  // namespace callrouter::cli
