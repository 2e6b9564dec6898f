// callrouter/pool_simulator.h
//
// What would become of a number pool in a year: calls, labels that networks put
// on numbers, people who answer less what they are warned of, and the pool's
// way with it beside two others. It uses the pool's public functions only.
//
//   PoolWorld world;                       // See each field.
//   PoolReport report;
//   status = SimulatePool(file, world, PoolPolicy::kAsConfigured, &report);
//   std::cout << PoolTable({report}) << PoolChart({report});
//
// The world is a model, with round figures from what users and vendors report:
// a direction, not a forecast. Same file, world and policy: same report, on
// every machine; people and labels fall alike for all policies as far as calls
// do.
//
// Cost: about the pool's own five calls for each simulated call.
// Thread safety: every call stands alone.

#ifndef CALLROUTER_POOL_SIMULATOR_H_
#define CALLROUTER_POOL_SIMULATOR_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "callrouter/fault.h"
#include "callrouter/pool_file.h"
#include "callrouter/progress.h"

namespace callrouter {

struct PoolWorld {
  uint64_t seed = 1;
  int32_t days = 365;                // [1, 3650]
  double calls_per_number = 45;      // A day, over the whole pool. (0, 1000]
  double answered = 0.25;            // Mean of numbers' true rates. (0, 1)
  double answered_deviation = 0.04;  // Between numbers. [0, 0.3]
  double answered_labelled = 0.08;   // Of one that is labelled. [0, 1)
  // The rate swings by so much of itself, most in the evening. [0, 0.9]
  double hourly_swing = 0.3;
  // Calls between two labels of one carrier on one number; each call beyond
  // `busy_calls` on one day makes the next label a tenth more likely.
  double calls_per_label = 6000;  // >= 1
  double busy_calls = 60;
  // A label goes after so many days of rest, or of use.
  double days_to_heal_at_rest = 14;
  double days_to_heal_in_use = 60;
  // People, each with a place, a carrier and a number of their own.
  int32_t people = 500'000;  // [1, 100,000,000]
  std::string campaign;      // Empty: the first.
};

std::vector<Fault> FindFaults(const PoolWorld& world);

enum class PoolPolicy : uint8_t {
  kAsConfigured = 0,
  // The same without health: nothing rests.
  kNoHealth = 1,
  // What others do instead: a number of which less than a tenth of a day's
  // calls were answered rests 21 days.
  kFixedThreshold = 2,
};

struct PoolReport {
  PoolPolicy policy = PoolPolicy::kAsConfigured;
  uint64_t calls = 0;      // That should have been made.
  uint64_t no_number = 0;  // There was none.
  uint64_t answered = 0;
  uint64_t labelled = 0;  // Shown a number labelled at the callee's carrier.
  uint64_t rests = 0;
  uint64_t needless_rests = 0;  // Of numbers without any label.
  uint64_t labels = 0;
  // Given up after failed probations; a new number took its place at night.
  uint64_t replaced = 0;
  // Mean shares of the pool, by NumberState.
  std::array<double, 9> states = {};
  double resting_needless = 0;  // At rest without any label.
  std::vector<uint32_t> uses;   // By number, in the file's order.
  // By week.
  std::vector<double> answered_share, resting_share;
};

// kInvalidArgument with every fault of `world`; or what the pool says. `saved`,
// unless null, becomes what NumberPool::Save gives after the last day.
// kCancelled if stopped.
absl::Status SimulatePool(const PoolFile& file, const PoolWorld& world,
                          PoolPolicy policy, PoolReport* report,
                          std::string* saved = nullptr,
                          const Progress& progress = {});

// Policies side by side, one row each.
std::string PoolTable(const std::vector<PoolReport>& reports);
// Answered and resting shares by week as charts of text, one letter a policy,
// and how often the numbers were used.
std::string PoolChart(const std::vector<PoolReport>& reports);
std::string_view Name(PoolPolicy policy);

}  // namespace callrouter

#endif  // CALLROUTER_POOL_SIMULATOR_H_
