#include "cli/dial.h"

#include <algorithm>
#include <cstdint>
#include <iomanip>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/time/time.h"
#include "callrouter/dial_bound.h"
#include "callrouter/dial_simulator.h"
#include "cli/dial_campaign.h"
#include "cli/exit_codes.h"

namespace callrouter::cli {
namespace {

struct DialFlags {
  int32_t agents = 10;
  double answered = 0.3;
  double talk = 120;
  double ring = 15;
  double patience = 2;
  std::vector<double> drops = {0.5, 1, 3, 5};
  // --- simulate ---
  bool markov = false;
  double answered_else = 0;
  double shift_hours = 8;
  int32_t shifts = 11;
  int32_t learn = 1;
  double cap = 3;
  double ratio = 2;
  uint64_t seed = 1;
  bool strict = false;
  std::vector<std::string> pacers;
  CampaignFlags own;
};

// Those asked for, or `usual`.
std::vector<DialPacer> Pacers(const DialFlags& flags,
                              const std::vector<DialPacer>& usual) {
  if (flags.pacers.empty()) return usual;
  std::vector<DialPacer> pacers;
  for (int p = 0; p < kDialPacers; ++p) {
    const DialPacer pacer = static_cast<DialPacer>(p);
    if (std::find(flags.pacers.begin(), flags.pacers.end(), Name(pacer)) !=
        flags.pacers.end()) {
      pacers.push_back(pacer);
    }
  }
  return pacers;
}

int SimulateOwn(const DialFlags& flags) {
  CampaignFlags own = flags.own;
  own.world.seed = flags.seed;
  own.world.agents = flags.agents;
  own.world.talk = absl::Seconds(flags.talk);
  own.world.patience = absl::Seconds(flags.patience);
  own.world.cap_permille = static_cast<int32_t>(flags.cap * 10 + 0.5);
  own.world.ratio = flags.ratio;
  if (flags.strict) own.world.promise = DropPromise::kStrict;
  return SimulateCampaigns(
      own, Pacers(flags, {DialPacer::kPredictive, DialPacer::kProgressive,
                          DialPacer::kVicidialHard}));
}

int Bound(const DialFlags& flags) {
  DialBoundModel model;
  model.agents = flags.agents;
  model.answered = flags.answered;
  model.service = absl::Seconds(flags.talk);
  model.ring = absl::Seconds(flags.ring);
  model.patience = absl::Seconds(flags.patience);
  std::vector<double> shares = flags.drops;
  for (double& share : shares) share /= 100;
  const auto used = DialBounds(model, shares);
  if (!used.ok()) return Fail(used.status());
  std::cout << std::fixed << std::setprecision(3)
            << "One line for each free agent: " << ProgressiveShare(model)
            << " of the agents' time in conversations\n";
  for (std::size_t i = 0; i < used->size(); ++i) {
    std::cout << "At most " << std::setprecision(1) << flags.drops[i]
              << " % of the answers dropped: at best " << std::setprecision(3)
              << (*used)[i] << "\n";
  }
  return kOk;
}

int Simulate(const DialFlags& flags) {
  if (!flags.own.rules.empty()) return SimulateOwn(flags);
  DialWorld world;
  world.seed = flags.seed;
  world.model = flags.markov ? DialModel::kMarkov : DialModel::kRealistic;
  world.agents = flags.agents;
  world.answered = flags.answered;
  world.answered_else = flags.answered_else;
  world.service = absl::Seconds(flags.talk);
  world.ring = absl::Seconds(flags.ring);
  world.patience = absl::Seconds(flags.patience);
  world.shift = absl::Hours(flags.shift_hours);
  world.shifts = flags.shifts;
  world.shifts_to_learn = flags.learn;
  world.cap_permille = static_cast<int32_t>(flags.cap * 10 + 0.5);
  world.ratio = flags.ratio;
  if (flags.strict) world.promise = DropPromise::kStrict;
  std::vector<DialReport> reports;
  std::vector<DialPacer> all;
  all.reserve(kDialPacers);
  for (int p = 0; p < kDialPacers; ++p) {
    all.push_back(static_cast<DialPacer>(p));
  }
  for (const DialPacer pacer : Pacers(flags, all)) {
    DialReport report;
    const absl::Status status = SimulateDialing(world, pacer, &report);
    if (!status.ok()) return Fail(status);
    reports.push_back(std::move(report));
  }
  std::cout << DialTable(reports);
  return kOk;
}

void AddModel(CLI::App* command, DialFlags* flags) {
  command->add_option("--agents", flags->agents)->capture_default_str();
  command
      ->add_option("--answered", flags->answered,
                   "Share of calls a person answers")
      ->capture_default_str();
  command
      ->add_option("--talk", flags->talk,
                   "Seconds a conversation takes, wrap-up included, on average")
      ->capture_default_str();
  command
      ->add_option("--ring", flags->ring,
                   "Seconds a call rings on average, in the Markov model")
      ->capture_default_str();
  command
      ->add_option("--patience", flags->patience,
                   "Seconds a person waits for an agent")
      ->capture_default_str();
}

}  // namespace

void AddDialCommands(CLI::App* app, std::function<int()>* action) {
  CLI::App* dial = app->add_subcommand("dial", "How many calls to make");
  dial->require_subcommand(1);
  auto flags = std::make_shared<DialFlags>();

  CLI::App* bound = dial->add_subcommand(
      "bound",
      "How busy agents can be at best, by the size of the team and the drops "
      "permitted");
  AddModel(bound, flags.get());
  bound->add_option("--drops", flags->drops, "Per cent of the answers")
      ->capture_default_str();
  bound->callback([=] { *action = [=] { return Bound(*flags); }; });

  CLI::App* check = dial->add_subcommand(
      "check", "What is wrong with the rules of a campaign, or with a list");
  check->add_option("RULES", flags->own.rules, "callrouter.v1.Dial")
      ->required();
  check->add_option("--leads", flags->own.leads, "And with this call list");
  check->add_option("--country", flags->own.list.country,
                    "Digits of the country whose national numbers are in it");
  check->add_option("--phone-column", flags->own.list.phones,
                    "Columns of numbers, by name");
  check->add_option("--trunk-prefix", flags->own.list.trunk_prefix,
                    "Digits before national numbers in it, - for none");
  check->add_option("--list-column", flags->own.list.list_column,
                    "Column that names the list of the rules for each row");
  check->add_flag("--vicidial", flags->own.list.vicidial,
                  "The list is VICIdial's standard lead file");
  check->add_option("--rejects", flags->own.rejects,
                    "Write rows that cannot be called here");
  check->callback([=] { *action = [=] { return CheckDial(flags->own); }; });

  CLI::App* simulate = dial->add_subcommand(
      "simulate",
      "Shifts of an imagined team, or the days of a campaign, with our pacer "
      "and with other diallers' rules, side by side");
  AddModel(simulate, flags.get());
  simulate->add_flag("--markov", flags->markov,
                     "Everything exponential, as in `dial bound`");
  simulate->add_option("--answered-else", flags->answered_else,
                       "The share in every second hour");
  simulate->add_option("--shift-hours", flags->shift_hours)
      ->capture_default_str();
  simulate->add_option("--shifts", flags->shifts)->capture_default_str();
  simulate->add_option("--learn", flags->learn, "Shifts left out at first")
      ->capture_default_str();
  simulate->add_option("--cap", flags->cap, "Per cent of drops permitted")
      ->capture_default_str();
  simulate
      ->add_option("--ratio", flags->ratio,
                   "Lines an agent, of the two with a fixed ratio")
      ->capture_default_str();
  simulate->add_option("--seed", flags->seed)->capture_default_str();
  simulate->add_flag("--strict", flags->strict,
                     "Ours never goes above the cap, at any price");
  std::vector<std::string> names;
  names.reserve(kDialPacers);
  for (int p = 0; p < kDialPacers; ++p) {
    names.emplace_back(Name(static_cast<DialPacer>(p)));
  }
  simulate->add_option("--pacer", flags->pacers, "Only these")
      ->check(CLI::IsMember(names));
  AddCampaignOptions(simulate, &flags->own);
  simulate->callback([=] { *action = [=] { return Simulate(*flags); }; });
}

}  // namespace callrouter::cli
