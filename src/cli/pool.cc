#include "cli/pool.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "callrouter/number_explanation.h"
#include "callrouter/number_pool.h"
#include "callrouter/pool_file.h"
#include "callrouter/pool_simulator.h"
#include "cli/exit_codes.h"
#include "cli/files.h"

namespace callrouter::cli {
namespace {

absl::StatusOr<PoolFile> ReadPool(const std::string& name, int* exit) {
  const auto text = ReadFile(name);
  if (!text.ok()) {
    *exit = Fail(text.status());
    return text.status();
  }
  const auto read = [&](const std::string& table) {
    return ReadFile(NameSeenFrom(name, table));
  };
  std::vector<FileFault> faults;
  auto file = ParsePool(*text, name, read, &faults);
  if (!file.ok()) *exit = ShowFaults(faults, file.status());
  return file;
}

absl::StatusOr<std::unique_ptr<NumberPool>> MakePool(const PoolFile& file,
                                                     absl::Time now) {
  auto pool = NumberPool::Create(file.options, file.rules, now);
  if (!pool.ok()) return pool;
  const absl::Status status = (*pool)->Apply(file.numbers, now);
  if (!status.ok()) return status;
  return pool;
}

std::string Cap(int32_t cap) {
  return cap == kUnlimited ? "no cap" : std::to_string(cap);
}

int Check(const std::string& name) {
  int exit = kOk;
  const auto file = ReadPool(name, &exit);
  if (!file.ok()) return exit;
  const auto pool = MakePool(*file, absl::Now());
  if (!pool.ok()) return ShowFaults({}, pool.status());
  std::map<std::string, std::size_t> numbers, nowhere;
  for (const NumberConfig& number : file->numbers.put) {
    ++numbers[number.group];
    if (number.region.empty()) ++nowhere[number.group];
  }
  std::cout << name << ": no faults. " << file->numbers.put.size()
            << " numbers, " << file->rules.groups.size() << " groups, "
            << file->rules.campaigns.size() << " campaigns, "
            << file->rules.regions.size() << " regions, "
            << file->rules.ranges.size() << " ranges.\n";
  for (const NumberGroup& group : file->rules.groups) {
    const std::size_t count = numbers[group.name];
    std::cout << "  " << group.name << ": " << count << " numbers of "
              << group.owner << "; in 24 hours a number "
              << Cap(group.caps.per_day);
    if (group.caps.per_day != kUnlimited) {
      std::cout << ", together "
                << count * static_cast<std::size_t>(group.caps.per_day)
                << " calls";
    }
    if (nowhere[group.name] > 0) {
      std::cout << "; " << nowhere[group.name]
                << " without a region are shown with reach ANY only";
    }
    std::cout << "\n";
  }
  return kOk;
}

struct ExplainFlags {
  std::string pool, campaign, trunk, callee, carrier, wanted, at;
};

std::string Words(const NumberExplanation::Place& place) {
  std::string text;
  const auto add = [&](std::size_t count, std::string_view what) {
    if (count == 0) return;
    text += ", " + std::to_string(count) + " ";
    text += what;
  };
  for (std::size_t b = 1; b < place.blocked.size(); ++b) {
    add(place.blocked[b], Name(static_cast<Block>(b)));
  }
  add(place.lent, "of these only if there is no other");
  add(place.carrier_capped, "with their calls to this carrier");
  add(place.known, "the callee is not to see again");
  add(place.kept, "kept for their own region");
  return text;
}

void ShowChoice(const NumberPool& pool, const NumberChoice& choice) {
  if (choice.broken != StickyBreak::kNotBroken) {
    std::cout << "Not the number the callee knows: " << Name(choice.broken)
              << "\n";
  }
  if (choice.number.none()) {
    std::cout << "No number: " << Name(choice.none);
    if (choice.none == NoNumber::kAllBlocked) {
      std::cout << " (" << Name(choice.block) << ")";
    }
    if (choice.retry_at < absl::InfiniteFuture()) {
      std::cout << "; ask again at "
                << absl::FormatTime(choice.retry_at, absl::UTCTimeZone());
    }
    std::cout << "\n";
    return;
  }
  std::cout << "Chosen: " << choice.number.ToString();
  switch (choice.by) {
    case ChosenBy::kWanted:
      std::cout << ", as wanted";
      break;
    case ChosenBy::kSticky:
      std::cout << ", which the callee knows";
      break;
    default:
      std::cout << (choice.by == ChosenBy::kShortage
                        ? ", beyond its share: no other is free; "
                        : ", first in the campaign's order; ")
                << Name(choice.rung) << " (" << pool.RegionName(choice.region)
                << ")";
  }
  std::cout << "\n";
}

int Unusable(const std::string& flag, const std::string& found,
             const std::string& expected) {
  std::cerr << "callrouter: " << flag << ": found \"" << found
            << "\", expected " << expected << "\n";
  return kUnusable;
}

int Explain(const ExplainFlags& flags) {
  int exit = kOk;
  const auto file = ReadPool(flags.pool, &exit);
  if (!file.ok()) return exit;
  absl::Time now = absl::Now();
  if (!flags.at.empty() &&
      !absl::ParseTime("%Y-%m-%d %H:%M", flags.at, &now, nullptr)) {
    return Unusable("--at", flags.at, "UTC such as \"2026-03-02 09:30\"");
  }
  auto pool = MakePool(*file, now);
  if (!pool.ok()) return ShowFaults({}, pool.status());
  NumberRequest request;
  request.attempt = 1;
  request.campaign = (*pool)->FindCampaign(flags.campaign);
  request.trunk = (*pool)->FindTrunk(flags.trunk);
  if (request.campaign.none()) {
    return Unusable("--campaign", flags.campaign, "one of the pool's");
  }
  if (request.trunk.none()) {
    return Unusable("--trunk", flags.trunk, "one of the pool's");
  }
  if (!flags.carrier.empty()) {
    request.carrier = (*pool)->FindCarrier(flags.carrier);
    if (request.carrier.none()) {
      return Unusable("--carrier", flags.carrier, "one of the pool's");
    }
  }
  const auto callee = PhoneNumber::Parse(flags.callee);
  const auto wanted = PhoneNumber::Parse(flags.wanted);
  if (!callee.ok()) {
    return Unusable("--callee", flags.callee, "a number such as +442079460123");
  }
  if (!flags.wanted.empty() && !wanted.ok()) {
    return Unusable("--wanted", flags.wanted, "a number such as +442079460123");
  }
  request.callee = *callee;
  if (wanted.ok()) request.wanted = *wanted;
  NumberExplanation why;
  const absl::Status status = (*pool)->Explain(request, now, &why);
  if (!status.ok()) return ShowFaults({}, status);
  std::cout << callee->ToString() << " lives in "
            << (why.home.empty() ? "no range" : why.home) << "\n\nFacts\n";
  for (const NumberExplanation::Group& group : why.groups) {
    std::cout << "  " << std::left << std::setw(24) << group.name << std::right
              << std::setw(9) << group.numbers << " numbers: "
              << (group.against == NoNumber::kThereIsOne
                      ? "may be shown"
                      : std::string(Name(group.against)))
              << "\n";
  }
  std::cout << "\nPlaces, nearest first\n";
  for (const NumberExplanation::Place& place : why.places) {
    std::cout << "  " << std::left << std::setw(24)
              << (place.region.empty() ? "everywhere else" : place.region)
              << std::right << std::setw(9) << place.numbers
              << " numbers: " << place.blocked[0] << " free" << Words(place)
              << "\n";
  }
  std::cout << "\n";
  ShowChoice(**pool, why.choice);
  return kOk;
}

struct SimulateFlags {
  std::string pool;
  PoolWorld world;
  std::vector<std::string> policies = {"all"};
};

int Simulate(const SimulateFlags& flags) {
  int exit = kOk;
  const auto file = ReadPool(flags.pool, &exit);
  if (!file.ok()) return exit;
  const PoolWorld& world = flags.world;
  std::cout << file->numbers.put.size() << " numbers, "
            << world.calls_per_number << " calls each a day, " << world.days
            << " days; " << 100 * world.answered << " % of calls are answered, "
            << 100 * world.answered_labelled << " % from a labelled number\n\n";
  std::vector<PoolReport> reports;
  for (const PoolPolicy policy :
       {PoolPolicy::kAsConfigured, PoolPolicy::kNoHealth,
        PoolPolicy::kFixedThreshold}) {
    constexpr const char* kNames[] = {"configured", "none", "threshold"};
    const std::string name = kNames[static_cast<std::size_t>(policy)];
    const auto& wanted = flags.policies;
    if (std::find(wanted.begin(), wanted.end(), "all") == wanted.end() &&
        std::find(wanted.begin(), wanted.end(), name) == wanted.end()) {
      continue;
    }
    const absl::Status status =
        SimulatePool(*file, world, policy, &reports.emplace_back());
    if (!status.ok()) return ShowFaults({}, status);
  }
  std::cout << PoolTable(reports) << "\n" << PoolChart(reports);
  return kOk;
}

void AddSimulate(CLI::App* pool, std::function<int()>* action) {
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
  simulate->callback([=] { *action = [=] { return Simulate(*flags); }; });
}

}  // namespace

void AddPoolCommands(CLI::App* app, std::function<int()>* action) {
  CLI::App* pool =
      app->add_subcommand("pool", "The numbers that outbound calls show");
  pool->require_subcommand(1);

  auto name = std::make_shared<std::string>();
  CLI::App* check =
      pool->add_subcommand("check", "Lists everything wrong with a pool");
  check->add_option("POOL", *name, "callrouter.v1.Pool, protobuf text or JSON")
      ->required();
  check->callback([=] { *action = [=] { return Check(*name); }; });

  auto flags = std::make_shared<ExplainFlags>();
  CLI::App* explain = pool->add_subcommand(
      "explain",
      "Which number a call would show, and why: the facts, the places, what is "
      "free. The pool is as new: nothing has been called yet");
  explain->add_option("POOL", flags->pool, "callrouter.v1.Pool")->required();
  explain->add_option("--campaign", flags->campaign, "For whom")->required();
  explain->add_option("--trunk", flags->trunk, "Where it goes out")->required();
  explain->add_option("--callee", flags->callee, "Whom it calls")->required();
  explain->add_option("--carrier", flags->carrier, "The callee's carrier");
  explain->add_option("--wanted", flags->wanted, "Only this number");
  explain->add_option("--at", flags->at,
                      "UTC, \"YYYY-MM-DD HH:MM\"; otherwise now");
  explain->callback([=] { *action = [=] { return Explain(*flags); }; });

  AddSimulate(pool, action);
  AddPoolSize(pool, action);
}

}  // namespace callrouter::cli
