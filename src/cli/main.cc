// callrouter: checks configurations, imports them from Asterisk, simulates.

#include <cstdint>
#include <functional>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "callrouter/asterisk_import.h"
#include "callrouter/config_file.h"
#include "callrouter/simulator.h"
#include "callrouter/v1/report.pb.h"
#include "callrouter/version.h"
#include "cli/dial.h"
#include "cli/exit_codes.h"
#include "cli/files.h"
#include "cli/pool.h"

namespace callrouter::cli {
namespace {

constexpr char kExitCodes[] =
    "Exit codes: 0 done; 1 the input is faulty (every fault is listed on\n"
    "standard error as file:line:column: field: found, expected); 2 wrong\n"
    "usage, or a file cannot be read or written; 3 simulated calls are\n"
    "unaccounted for.";

int Check(const std::string& name) {
  const auto text = ReadFile(name);
  if (!text.ok()) return Fail(text.status());
  std::vector<FileFault> faults;
  const auto configuration = ParseConfig(*text, name, &faults);
  if (!configuration.ok()) return ShowFaults(faults, configuration.status());
  std::cout << name << ": no faults. " << configuration->queues.size()
            << " queues, " << configuration->plans.size() << " overflow plans, "
            << configuration->hours.size() << " opening hours, "
            << configuration->agents.size() << " agents.\n";
  return kOk;
}

struct ImportFlags {
  std::string queues;
  std::string rules;
  std::string report = "text";
  bool every_line = false;
  std::string out;
};

int ImportAsterisk(const ImportFlags& flags) {
  auto text = ReadFile(flags.queues);
  if (!text.ok()) return Fail(text.status());
  const AsteriskFile queues{flags.queues, *std::move(text)};
  AsteriskFile rules{flags.rules, ""};
  if (!flags.rules.empty()) {
    auto rules_text = ReadFile(flags.rules);
    if (!rules_text.ok()) return Fail(rules_text.status());
    rules.text = *std::move(rules_text);
  }
  const auto resolver = [&](const std::string& argument,
                            const std::string& including) {
    return ReadIncludes(argument, including, flags.queues);
  };
  const AsteriskImport import = ImportAsteriskQueues(
      queues, flags.rules.empty() ? nullptr : &rules, resolver);
  if (flags.report == "json") {
    std::cout << import.report.ToJson() << "\n";
  } else {
    std::cout << import.report.ToText(flags.every_line);
  }
  if (import.report.refused) {
    std::cerr << "callrouter: " << import.report.refusal
              << "; nothing was written\n";
    return kFaulty;
  }
  const absl::Status written =
      WriteFile(flags.out, ConfigToText(import.config));
  if (!written.ok()) return Fail(written);
  if (!import.report.has_errors()) return kOk;
  std::cerr << "callrouter: " << import.report.counts().errors
            << " lines are wrong and were left out; see the report\n";
  return kFaulty;
}

struct SimulateFlags {
  std::string scenario;
  std::optional<uint64_t> seed;
  bool json = false;
  bool totals = false;
};

int RunSimulation(const SimulateFlags& flags) {
  const auto text = ReadFile(flags.scenario);
  if (!text.ok()) return Fail(text.status());
  const auto read = [&](const std::string& name) {
    return ReadFile(NameSeenFrom(flags.scenario, name));
  };
  std::vector<FileFault> faults;
  auto scenario = ParseScenario(*text, flags.scenario, read, &faults);
  if (!scenario.ok()) return ShowFaults(faults, scenario.status());
  if (flags.seed) scenario->seed = *flags.seed;
  v1::Report report;
  const absl::Status status = Simulate(*scenario, SimulateOptions(), &report);
  if (!status.ok()) return ShowFaults({}, status);
  std::cout << (flags.json ? ReportJson(report)
                           : ReportTable(report, !flags.totals));
  if (report.difference().empty() && report.total().unaccounted() == 0) {
    return kOk;
  }
  for (const std::string& difference : report.difference()) {
    std::cerr << "callrouter: books differ: " << difference << "\n";
  }
  return kDisagrees;
}

int Main(int argc, char** argv) {
  CLI::App app("Decides who answers which call.", "callrouter");
  app.set_version_flag("--version", std::string("callrouter ") + kVersion);
  app.footer(kExitCodes);
  app.require_subcommand(1);
  std::function<int()> action;
  std::string config;
  CLI::App* check = app.add_subcommand(
      "check", "Lists everything wrong with a configuration");
  check->add_option("CONFIG", config, "Protobuf text or JSON")->required();
  check->callback([&] { action = [&] { return Check(config); }; });

  ImportFlags import_flags;
  CLI::App* import = app.add_subcommand(
      "import", "Turns another system's configuration into ours");
  import->require_subcommand(1);
  CLI::App* asterisk = import->add_subcommand(
      "asterisk",
      "An Asterisk queues.conf, with every line accounted for. Files it "
      "includes are looked for beside it; #exec is never run");
  asterisk->add_option("QUEUES", import_flags.queues, "queues.conf")
      ->required();
  asterisk->add_option("--rules", import_flags.rules, "queuerules.conf");
  asterisk
      ->add_option("--report", import_flags.report,
                   "How to report what became of each line")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  asterisk->add_flag("--every-line", import_flags.every_line,
                     "List every line in the text report, not only those "
                     "that need attention");
  asterisk
      ->add_option("-o,--output", import_flags.out,
                   "Where to write the configuration")
      ->required();
  asterisk->callback(
      [&] { action = [&] { return ImportAsterisk(import_flags); }; });

  SimulateFlags simulate_flags;
  CLI::App* simulate = app.add_subcommand(
      "simulate", "Plays a scenario and reports what became of every call");
  simulate
      ->add_option("SCENARIO", simulate_flags.scenario,
                   "callrouter.v1.Scenario, protobuf text or JSON")
      ->required();
  simulate->add_option("--seed", simulate_flags.seed,
                       "Instead of the scenario's own");
  simulate->add_flag("--json", simulate_flags.json,
                     "A callrouter.v1.Report instead of tables");
  simulate->add_flag("--totals", simulate_flags.totals,
                     "Leave out the tables by interval");
  simulate->callback(
      [&] { action = [&] { return RunSimulation(simulate_flags); }; });

  AddPoolCommands(&app, &action);
  AddDialCommands(&app, &action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Help and version are "errors" of the flags library with exit code 0.
    return app.exit(error) == 0 ? kOk : kUnusable;
  }
  const int code = action();
  std::cout.flush();
  if (!std::cout) {
    std::cerr << "callrouter: standard output cannot be written\n";
    return kUnusable;
  }
  return code;
}

}  // namespace
}  // namespace callrouter::cli

int main(int argc, char** argv) { return callrouter::cli::Main(argc, argv); }
