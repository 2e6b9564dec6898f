#include "cli/pool.h"

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
#include "cli/exit_codes.h"
#include "cli/files.h"

namespace callrouter::cli {

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

namespace {

absl::StatusOr<std::unique_ptr<NumberPool>> MakePool(const PoolFile& file,
                                                     absl::Time now) {
  auto pool = NumberPool::Create(file.options, file.rules, now);
  if (!pool.ok()) return pool;
  const absl::Status status = (*pool)->Apply(file.numbers, now);
  if (!status.ok()) return status;
  return pool;
}

// What a host saved, as of the moment when it did: from then on no time is
// later than ours. Limits are those of `file`.
constexpr absl::Time kWhenSaved = absl::UnixEpoch();
absl::StatusOr<std::unique_ptr<NumberPool>> LoadPool(const PoolFile& file,
                                                     const std::string& name,
                                                     int* exit) {
  const auto saved = ReadFile(name);
  if (!saved.ok()) {
    *exit = Fail(saved.status());
    return saved.status();
  }
  auto pool = NumberPool::Load(file.options, *saved);
  if (!pool.ok()) {
    *exit =
        ShowFaults({}, absl::InvalidArgumentError(
                           name + ": " + std::string(pool.status().message())));
  }
  return pool;
}

std::string Cap(int32_t cap) {
  return cap == kUnlimited ? "no cap" : std::to_string(cap);
}

// What is in a saved pool, and whether it takes the rules and numbers of a
// file, as when a host starts again with another one.
int CheckState(const PoolFile& file, const std::string& name) {
  int exit = kOk;
  const auto pool = LoadPool(file, name, &exit);
  if (!pool.ok()) return exit;
  const std::size_t before = (*pool)->stats().numbers;
  absl::Status status = (*pool)->SetRules(file.rules, kWhenSaved);
  if (status.ok()) status = (*pool)->Apply(file.numbers, kWhenSaved);
  if (!status.ok()) {
    return ShowFaults(
        {}, absl::InvalidArgumentError(name + ": does not take the pool: " +
                                       std::string(status.message())));
  }
  const NumberPoolStats stats = (*pool)->stats();
  std::map<NumberState, std::size_t> states;
  for (const NumberConfig& number : file.numbers.put) {
    ++states[(*pool)->View((*pool)->FindNumber(number.number))->state];
  }
  std::cout << name << ": takes the pool. " << before << " numbers were in it, "
            << stats.numbers - before << " are new, "
            << stats.numbers - file.numbers.put.size()
            << " are not in the file; " << stats.attempts << " calls, "
            << stats.callees << " callees remembered.\n ";
  for (const auto& [state, count] : states) {
    std::cout << " " << Name(state) << ": " << count;
  }
  std::cout << "\n";
  return kOk;
}

int Check(const std::string& name, const std::string& state) {
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
  return state.empty() ? kOk : CheckState(*file, state);
}

struct ExplainFlags {
  std::string pool, campaign, trunk, callee, carrier, wanted, at, state;
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
  absl::Time now = flags.state.empty() ? absl::Now() : kWhenSaved;
  if (!flags.at.empty() &&
      !absl::ParseTime("%Y-%m-%d %H:%M", flags.at, &now, nullptr)) {
    return Unusable("--at", flags.at, "UTC such as \"2026-03-02 09:30\"");
  }
  auto pool = flags.state.empty() ? MakePool(*file, now)
                                  : LoadPool(*file, flags.state, &exit);
  if (!pool.ok()) {
    return exit == kOk ? ShowFaults({}, pool.status()) : exit;
  }
  const uint64_t regressions = (*pool)->stats().clock_regressions;
  (*pool)->Advance(now);
  if (!flags.at.empty() && (*pool)->stats().clock_regressions != regressions) {
    return Unusable("--at", flags.at, "a time after the pool was saved");
  }
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
  auto state = std::make_shared<std::string>();
  check->add_option(
      "--state", *state,
      "What a host's NumberPool::Save gave: whether it takes this "
      "pool's rules and numbers, and what is in it");
  check->callback([=] { *action = [=] { return Check(*name, *state); }; });

  auto flags = std::make_shared<ExplainFlags>();
  CLI::App* explain = pool->add_subcommand(
      "explain",
      "Which number a call would show, and why: the facts, the places, what is "
      "free");
  explain->add_option("POOL", flags->pool, "callrouter.v1.Pool")->required();
  explain->add_option("--campaign", flags->campaign, "For whom")->required();
  explain->add_option("--trunk", flags->trunk, "Where it goes out")->required();
  explain->add_option("--callee", flags->callee, "Whom it calls")->required();
  explain->add_option("--carrier", flags->carrier, "The callee's carrier");
  explain->add_option("--wanted", flags->wanted, "Only this number");
  explain->add_option("--at", flags->at,
                      "UTC, \"YYYY-MM-DD HH:MM\"; otherwise now or, with "
                      "--state, when it was saved, by the host's clock");
  explain->add_option("--state", flags->state,
                      "What a host's NumberPool::Save gave: its rules, numbers "
                      "and history instead of a pool as new; of POOL only the "
                      "limits count");
  explain->callback([=] { *action = [=] { return Explain(*flags); }; });

  AddPoolSimulate(pool, action);
  AddPoolSize(pool, action);
}

}  // namespace callrouter::cli
