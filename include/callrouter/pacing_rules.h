// callrouter/pacing_rules.h
//
// What a pacer (pacer.h) is told: how each campaign dials, how many of the
// people it reaches may find no agent, and over which time that is counted.
// Plain values.
//
//   PacerOptions options;
//   options.agents_max = 200;
//   PacedCampaign sales;
//   sales.windows = {{WindowKind::kCalendarDay, absl::Hours(24), 30},
//                    {WindowKind::kRolling, absl::Hours(24) * 30, 30}};
//   options.campaigns = {sales};
//   for (const Fault& fault : FindFaults(options)) Show(ToString(fault));
//
// Words. A line is one call being dialled. A person who answers it and finds
// no agent in time is a drop (regulators say "abandoned call"). The drop rate
// of a window is drops over answers by people, drops included.
//
// The numbers of all enums are kept in journals.
//
// Thread safety: values.

#ifndef CALLROUTER_PACING_RULES_H_
#define CALLROUTER_PACING_RULES_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "callrouter/dial_rules.h"
#include "callrouter/fault.h"

namespace callrouter {

enum class PacingMode : uint8_t {
  // Agents look at each lead and start the call themselves: no lines.
  kPreview = 0,
  kProgressive = 1,  // One line for each free agent.
  kPower = 2,        // `lines_per_agent_permille` for each free agent.
  kPredictive = 3,   // As many as the drops permit. See pacer.h.
  // The agent's leg is connected first, then one line is dialled for it: a
  // drop is not possible as long as the agent stays.
  kAgentFirst = 4,
  kAgentless = 5,  // A message is played: lines are limited by `lines_max`.
  // Each free agent looks at a lead for `preview_time`, then the call starts:
  // Pacer::BeginPreview. Plans say how many previews to begin.
  kTimedPreview = 6,
};

// What becomes of a person for whom no agent came within `patience`.
enum class Overdue : uint8_t {
  kHost = 0,     // Left to the host, which reports LineEvent::kDropped.
  kRelease = 1,  // The pacer orders to hang up.
  kMessage = 2,  // To play a message, then to hang up.
  kHold = 3,     // To wait on, up to `hold_max`; then `after_hold`.
};

// How the cap of a window is kept.
enum class DropPromise : uint8_t {
  // kStrict for windows that permit fewer than ten drops, otherwise kBudget.
  kAuto = 0,
  // The window ends above its cap with a chance of `overrun_permille` at most.
  kBudget = 1,
  // A line starts only if the drops so far, and all that could follow if every
  // line in flight were answered at once, stay within the cap of the answers
  // so far. Agents who leave can break that; such drops are counted apart.
  kStrict = 2,
};

// Over which time drops are counted.
enum class WindowKind : uint8_t {
  kCalendarDay = 0,    // Civil; `length` is ignored.
  kCalendarMonth = 1,  // The same.
  // One after the other, of `length`, from the pacer's creation: "each
  // successive 30 days".
  kSuccessive = 2,
  // The last `length`, at any time; counted in steps of a 96th of it, in
  // doubt against us.
  kRolling = 3,
};

struct DropWindow {
  WindowKind kind = WindowKind::kCalendarDay;
  absl::Duration length = absl::Hours(24);  // [1 min, 400 days]
  int32_t cap_permille = 30;                // [1, 500]
};

struct PacedCampaign {
  PacingMode mode = PacingMode::kPredictive;
  DropPromise promise = DropPromise::kAuto;
  // Every window binds. Must not be empty for kPredictive and kPower.
  std::vector<DropWindow> windows = {DropWindow()};
  int32_t overrun_permille = 10;  // Chance to end a window above. [1, 500]

  // Agents are shared in proportion. [1, 1,000,000]
  int32_t weight = 100;
  int32_t lines_per_agent_permille = 2'000;  // kPower. [1000, 20,000]
  int32_t lines_max = 100'000;               // In flight. [1, 1,000,000]
  int32_t starts_per_second = 1'000;         // [1, 100,000]

  // The host gives a line up so long after it was started. [5 s, 60 s]
  absl::Duration ring_timeout = absl::Seconds(25);
  // How long a person who answered may wait for an agent: the seconds of the
  // law. [0, 60 s]
  absl::Duration patience = absl::Seconds(2);
  // From where they count: LineEvent::kAnswered (if it was not reported,
  // kPerson), kGreetingBegan or kGreetingEnded.
  DropStart patience_from = DropStart::kAnswer;
  // The greeting counts as over so long after the answer, whatever is or is not
  // reported. [0, 60 s]
  absl::Duration greeting_max = absl::Seconds(4);
  Overdue overdue = Overdue::kHost;
  // The order to release or to play the message comes so long before the
  // seconds are over, for the host to be in time. [0, patience]
  absl::Duration notice = absl::ZeroDuration();
  absl::Duration hold_max = absl::Seconds(30);  // [1 s, 1 h]
  Overdue after_hold = Overdue::kRelease;       // kRelease or kMessage.
  // Whoever is on hold is a drop, agent or not: no agent was there in time. If
  // not, only who gets none by the end of the hold, for laws that permit it.
  bool hold_is_drop = true;
  // Share of the calls judged a machine and released that were a person, until
  // Pacer::Sampled tells better. Each counts as a drop. [0, 1000]
  int32_t false_machine_permille = 0;

  absl::Duration preview_time = absl::Seconds(30);  // [1 s, 1 h]
  // Which of PacerOptions::carriers its lines may use, by index. Empty: all.
  std::vector<uint16_t> carriers;
};

// A carrier or trunk.
struct PacedCarrier {
  int32_t lines_max = 100;         // At once, conversations too. [1, 1,000,000]
  int32_t starts_per_second = 10;  // [1, 100,000]
};

struct PacerOptions {
  std::vector<PacedCampaign> campaigns;  // 1 to 1000; their index names them.
  // The same for all campaigns together; may be empty.
  std::vector<DropWindow> windows;
  std::vector<PacedCarrier> carriers;  // At most 256. None: no such limits.
  int32_t agents_max = 1'000;          // [1, 100,000]
  int32_t lines_max = 10'000;          // In flight, all. [1, 1,000,000]
  int32_t starts_per_second = 1'000;   // All. [1, 100,000]
  // Free agents kept for other work, such as inbound calls. [0, agents_max]
  int32_t agents_kept_free = 0;
  // Mean time a call keeps an agent, wrap-up included, before it is learned.
  // [1 s, 1 h]
  absl::Duration service_guess = absl::Seconds(120);
  // Attempts after which what was learned of answers counts half.
  // [50, 100,000]
  int32_t answer_half_life = 1'000;
  // Kinds of calls with an answer rate of their own. [16, 1,000,000]
  int32_t kinds_max = 4'096;
  // Records of ended lines until Pacer::TakeRecords takes them. None is ever
  // lost: a line is not started if its record might find no place. 0: no
  // records. [0, 1,000,000]
  int32_t records_max = 0;
};

// Memory a pacer with valid `options` uses at most, in bytes; all of it from
// its creation on. 0 if the options are not valid.
std::size_t MemoryBound(const PacerOptions& options);

// Everything wrong with `options`.
std::vector<Fault> FindFaults(const PacerOptions& options);

// What is known of a call before it is dialled, to expect its answer. The
// numbers are the host's own, from the widest to the narrowest.
struct LineFeatures {
  uint16_t campaign = 0;  // Index in PacerOptions::campaigns.
  uint16_t segment = 0;   // Part of the list.
  uint16_t hour = 0;      // E.g. hour of the week at the callee's.
  uint16_t attempt = 0;
  uint16_t line_type = 0;     // E.g. mobile, landline.
  uint16_t number_class = 0;  // Kind of number shown.
  // Index in PacerOptions::carriers; 0 if there are none. Says nothing of the
  // answer.
  uint16_t carrier = 0;
};

std::string_view Name(PacingMode mode);
std::string_view Name(Overdue overdue);
std::string_view Name(DropPromise promise);
std::string_view Name(WindowKind kind);

}  // namespace callrouter

#endif  // CALLROUTER_PACING_RULES_H_
