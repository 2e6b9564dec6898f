// callrouter/dial_simulator.h
//
// A dialler's shifts, played: agents, people who answer or do not, and a pacer
// that decides how many calls to make. Ours is driven through pacer.h only;
// beside it stand the published rules of other diallers, for comparison.
//
//   DialWorld world;                        // See each field.
//   world.agents = 20;
//   DialReport report;
//   status = SimulateDialing(world, DialPacer::kPredictive, &report);
//   std::cout << DialTable({report});
//
// Same world and pacer: same report, on every machine. What becomes of the
// n-th call and how long the n-th conversation takes is alike for all pacers.
//
// Cost: about one plan for each event of a call.
// Thread safety: every call stands alone.

#ifndef CALLROUTER_DIAL_SIMULATOR_H_
#define CALLROUTER_DIAL_SIMULATOR_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "callrouter/fault.h"
#include "callrouter/pacing_rules.h"
#include "callrouter/progress.h"

namespace callrouter {

enum class DialModel : uint8_t {
  // Ringing and conversations exponential, the former with mean `ring` for all
  // calls alike; patience exponential. dial_bound.h knows its optimum.
  kMarkov = 0,
  // People answer after a log-normal time of mean 10 s and variation 0.5,
  // within 1 to 25 s. Of the others 55 % ring until 25 s, 30 % are a machine
  // after 17 to 23 s, 15 % fail after 3 s. Conversations log-normal, patience
  // fixed.
  kRealistic = 1,
};

struct DialWorld {
  uint64_t seed = 1;
  DialModel model = DialModel::kRealistic;
  int32_t agents = 10;    // [1, 10,000]
  double answered = 0.3;  // By a person. (0, 1]
  // Other than 0: each second hour has this share instead. [0, 1]
  double answered_else = 0;
  absl::Duration service = absl::Seconds(120);  // Mean. [1 s, 1 h]
  double service_variation = 0.7;               // kRealistic. [0, 3]
  absl::Duration ring = absl::Seconds(15);      // kMarkov. [1 s, 60 s]
  absl::Duration patience = absl::Seconds(2);   // [0, 60 s]
  // Shifts follow each other without a break; each is a window of its own.
  absl::Duration shift = absl::Hours(8);  // [10 min, 400 days]
  int32_t shifts = 11;                    // [1, 10,000]
  int32_t shifts_to_learn = 1;            // Left out of all sums. [0, shifts)
  int32_t cap_permille = 30;              // [1, 500]
  DropPromise promise = DropPromise::kAuto;
  double ratio = 2;  // Lines a free agent, for kStaticRatio. [1, 20]
};

std::vector<Fault> FindFaults(const DialWorld& world);

enum class DialPacer : uint8_t {
  kPredictive = 0,   // Ours.
  kProgressive = 1,  // One line for each free agent.
  kStaticRatio = 2,  // `ratio` lines for each free agent.
  // VICIdial 2.14: its dial level adapted to idle agents, and what it does
  // above the cap.
  kVicidialHard = 3,
  kVicidialAverage = 4,
  kVicidialTapered = 5,
  kVicidialRatio = 6,  // Level fixed to `ratio`, of all agents.
  kIssabel = 7,        // With its overcommit.
  kImpactDialing = 8,  // Plays its last 100 calls again.
  kProportional = 9,   // Controller with integral part on the drop rate.
  kOwnRule = 10,       // A DialRule of the caller's.
};
inline constexpr int kDialPacers = 10;

struct DialShift {
  double used = 0;  // Share of the agents' time in conversations.
  int64_t dialled = 0;
  int64_t answers = 0;  // By people.
  int64_t drops = 0;
  int64_t agent_left = 0;
  double drop_rate() const {
    return answers > 0
               ? static_cast<double>(drops) / static_cast<double>(answers)
               : 0;
  }
};

struct DialReport {
  DialPacer pacer = DialPacer::kPredictive;
  int32_t cap_permille = 30;
  std::vector<DialShift> shifts;  // Those to learn left out.
  DialShift total;                // `used`: mean.
  int32_t above = 0;              // Shifts above the cap.
  double worst = 0;               // Highest drop rate of a shift.
};

// kInvalidArgument with every fault of `world`; kCancelled if stopped.
absl::Status SimulateDialing(const DialWorld& world, DialPacer pacer,
                             DialReport* report, const Progress& progress = {});

// What any dialler knows at one moment of a shift.
struct DialMoment {
  absl::Duration now;        // Since the first shift began.
  absl::Duration remaining;  // Of the shift.
  int32_t agents = 0;
  int32_t idle = 0;
  int32_t ringing = 0;  // Lines.
  int32_t waiting = 0;  // People who answered and have no agent yet.
  // Of this shift.
  int64_t dialled = 0;
  int64_t answers = 0;
  int64_t drops = 0;
};
// A rule of one's own: lines to start now, asked after each event. Less than
// nothing ends the run with kCancelled.
using DialRule = std::function<int32_t(const DialMoment&)>;

// The same, paced by `rule`; DialReport::pacer is then kOwnRule.
absl::Status SimulateDialing(const DialWorld& world, const DialRule& rule,
                             DialReport* report, const Progress& progress = {});

// Pacers side by side, one row each.
std::string DialTable(const std::vector<DialReport>& reports);
std::string_view Name(DialPacer pacer);

}  // namespace callrouter

#endif  // CALLROUTER_DIAL_SIMULATOR_H_
