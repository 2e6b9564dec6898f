// callrouter pool size: how many numbers are needed, and what a number of them
// can do.

#include <cmath>
#include <cstdint>
#include <functional>
#include <iomanip>
#include <iostream>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/time/time.h"
#include "callrouter/number_sizing.h"
#include "cli/exit_codes.h"
#include "cli/pool.h"

namespace callrouter::cli {
namespace {

struct SizeFlags {
  double per_hour = 0;
  std::string hold = "3m";
  double blocking = 0.01;
  int32_t numbers = -1;
  int32_t degree = -1;
  int32_t headroom = 100;
  double calls = 0;
  int32_t cap = 60;
  double resting = 0.3;
};

int Visitors(const SizeFlags& flags) {
  absl::Duration hold;
  if (!absl::ParseDuration(flags.hold, &hold)) {
    return Fail(absl::InvalidArgumentError(
        "--hold: found \"" + flags.hold +
        "\", expected a duration such as \"3m\" or \"5m30s\""));
  }
  const auto load = OfferedLoad(flags.per_hour, hold);
  if (!load.ok()) return Fail(load.status());
  std::cout << std::fixed << std::setprecision(2) << *load
            << " visits hold a number at the same time, on average\n";
  if (flags.numbers >= 0) {
    const auto blocking = VisitorBlocking(*load, flags.numbers);
    if (!blocking.ok()) return Fail(blocking.status());
    std::cout << flags.numbers << " numbers: " << std::setprecision(3)
              << 100 * *blocking << " % of visits find none\n";
    return kOk;
  }
  const auto numbers = VisitorNumbersFor(*load, flags.blocking);
  if (!numbers.ok()) return Fail(numbers.status());
  std::cout << *numbers << " numbers: at most " << std::setprecision(3)
            << 100 * flags.blocking << " % of visits find none\n";
  return kOk;
}

int Masking(const SizeFlags& flags) {
  if ((flags.numbers >= 0) == (flags.degree >= 0)) {
    return Fail(absl::InvalidArgumentError(
        "found both or neither, expected --degree or --numbers"));
  }
  if (flags.degree >= 0) {
    const auto numbers = MaskingNumbersFor(flags.degree, flags.headroom);
    if (!numbers.ok()) return Fail(numbers.status());
    std::cout << *numbers << " numbers, if nobody has more than "
              << flags.degree << " sessions open or in quarantine\n";
    return kOk;
  }
  const auto degree = MaskingDegreeFor(flags.numbers, flags.headroom);
  if (!degree.ok()) return Fail(degree.status());
  std::cout << "Nobody may have more than " << *degree
            << " sessions open or in quarantine with " << flags.numbers
            << " numbers\n";
  return kOk;
}

int Outbound(const SizeFlags& flags) {
  if (!(flags.calls > 0) || flags.calls > 1e9 || flags.cap < 1 ||
      !(flags.resting >= 0 && flags.resting < 1)) {
    return Fail(absl::InvalidArgumentError(
        "expected --calls-per-day above 0, --cap of 1 or more and --resting "
        "from 0 to below 1"));
  }
  const double each = flags.cap * (1 - flags.resting);
  std::cout << static_cast<int64_t>(std::ceil(flags.calls / each))
            << " numbers for " << static_cast<int64_t>(flags.calls)
            << " calls a day, " << flags.cap
            << " calls a number at most, while " << 100 * flags.resting
            << " % rest\n";
  return kOk;
}

}  // namespace

void AddPoolSize(CLI::App* pool, std::function<int()>* action) {
  CLI::App* size = pool->add_subcommand(
      "size", "How many numbers are needed, and what so many can do");
  size->require_subcommand(1);
  auto flags = std::make_shared<SizeFlags>();

  CLI::App* visitors = size->add_subcommand(
      "visitors",
      "Numbers that visits of a web site hold for a time: Erlang's "
      "loss formula");
  visitors->add_option("--per-hour", flags->per_hour, "Visits in an hour")
      ->required();
  visitors->add_option("--hold", flags->hold, "For how long each holds one")
      ->capture_default_str();
  visitors
      ->add_option("--blocking", flags->blocking,
                   "Share of visits that may find none")
      ->capture_default_str();
  visitors->add_option("--numbers", flags->numbers,
                       "The other way: what share finds none with so many");
  visitors->callback([=] { *action = [=] { return Visitors(*flags); }; });

  CLI::App* masking = size->add_subcommand(
      "masking", "Numbers for people who must not see one of them twice");
  masking->add_option("--degree", flags->degree,
                      "The most sessions anybody has");
  masking->add_option("--numbers", flags->numbers, "The other way");
  masking
      ->add_option("--headroom", flags->headroom,
                   "Tenths of a per cent above what is always needed")
      ->capture_default_str();
  masking->callback([=] { *action = [=] { return Masking(*flags); }; });

  CLI::App* outbound =
      size->add_subcommand("outbound", "Numbers that calls show");
  outbound->add_option("--calls-per-day", flags->calls)->required();
  outbound->add_option("--cap", flags->cap, "Calls of one number in 24 hours")
      ->capture_default_str();
  outbound->add_option("--resting", flags->resting, "Share of them at rest")
      ->capture_default_str();
  outbound->callback([=] { *action = [=] { return Outbound(*flags); }; });
}

}  // namespace callrouter::cli
