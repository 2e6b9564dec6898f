// callrouter/line_record.h
//
// What is said of one line, to the pacer (pacer.h) and by it: events, orders
// and, once the line is over, its record.
//
//   pacer->Report(line, LineEvent::kPerson, now);     // A person has answered.
//   std::vector<LineOrder> orders;
//   pacer->Advance(now, &orders);                     // At next_deadline().
//   for (const LineOrder& order : orders) {
//     if (order.what == LineAction::kMessage) Play(order.line);
//   }
//   pacer->Report(line, LineEvent::kEnded, now);      // ... and hung up.
//   std::vector<LineRecord> records;
//   pacer->TakeRecords(&records);                     // For the archive.
//
// Life of a line. It rings; someone picks up; a person has answered; then an
// agent has it, or the person hangs up, or is overdue: no agent came within
// the campaign's `patience`. What then becomes of them is PacedCampaign::
// overdue. With Overdue::kHost the host decides and reports kDropped; else the
// pacer orders it, once for each line, and counts the drop when the seconds
// are over, whatever is reported later.
//
// Order in time. An event at the very moment a line becomes overdue comes
// before it; a later one after it, be it reported first. An agent may still be
// given to an overdue person until the order to let them go was handed out;
// the drop stays. Orders for lines that have ended are not handed out.
//
// Thread safety: values.

#ifndef CALLROUTER_LINE_RECORD_H_
#define CALLROUTER_LINE_RECORD_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "absl/time/time.h"
#include "callrouter/id.h"
#include "callrouter/pacing_rules.h"

namespace callrouter {

using LineId = Id<struct LineTag>;

enum class LineEvent : uint8_t {
  // --- While it rings, or somebody has picked up ---
  kPerson = 0,     // Answered; by a person as far as is known.
  kMachine = 1,    // Judged a machine, at any time, and released.
  kNoAnswer = 2,   // Rang in vain.
  kBusy = 3,       // The called party is.
  kFailed = 4,     // Never rang.
  kCancelled = 5,  // The host gave up early: says nothing of the callee.
  // --- After kPerson ---
  kDropped = 6,  // No agent in time. Once ordered to be let go: it is done.
  kHungUp = 7,   // The person did. Before that time: no drop. Also after
                 // kAnswered, before it was known who it is.
  // --- Optional, for the seconds and the record; each once ---
  kRinging = 8,         // The first ring.
  kAnswered = 9,        // Picked up; by whom is found out now.
  kGreetingBegan = 10,  // Whoever picked up began to speak, after kAnswered
  kGreetingEnded = 11,  // or kPerson; and has finished.
  // --- After Bridged, or after an order to let the person go ---
  kEnded = 12,  // The conversation, the message. The agent may be busy on.
  // The agent found a machine; until the agent is no longer busy. It is no
  // answer by a person then, and no drop. What was learned stays: such a call
  // needs an agent too. A strict cap may have rested on the answer.
  kWasMachine = 13,
};

// What the host has to do now.
enum class LineAction : uint8_t {
  kRelease = 0,  // Hang up, then report kDropped or kEnded.
  kMessage = 1,  // Play the message, hang up, then the same.
  kHold = 2,     // Let the person wait on, until `deadline`.
  // The agent's preview is over: SetAgent(kReady), dial, Dialled.
  kDial = 3,
};

struct LineOrder {
  LineAction what = LineAction::kRelease;
  LineId line;         // None for kDial.
  int32_t agent = -1;  // For kDial.
  // By when: the end of the campaign's patience, of the hold, or of the
  // preview. In the past if the pacer was asked too late.
  absl::Time deadline;
};

// How a line ended.
enum class LineOutcome : uint8_t {
  kConversation = 0,  // An agent had it.
  kMachine = 1,
  kNoAnswer = 2,
  kBusy = 3,
  kFailed = 4,
  kCancelled = 5,
  kDropped = 6,
  kHungUp = 7,
  kMachineAfterAll = 8,  // An agent had it, and found a machine.
};

// What it cost.
enum class LineCharge : uint8_t {
  kNothing = 0,
  kDrop = 1,
  kAgentLeft = 2,     // A drop, but an agent's going away caused it.
  kFalseMachine = 3,  // A share of a drop: PacerStats::false_machine_share.
};

struct WindowTotal {
  double answers = 0;
  double drops = 0;  // False machines included.
};

// All that happened to one line. Never changed once handed out. Times are the
// host's; what did not happen is absl::InfinitePast().
struct LineRecord {
  LineId line;
  LineFeatures features;
  absl::Time dialled = absl::InfinitePast();
  absl::Time rang = absl::InfinitePast();
  absl::Time answered = absl::InfinitePast();  // Picked up.
  absl::Time person = absl::InfinitePast();    // And known to be a person.
  absl::Time greeting_began = absl::InfinitePast();
  absl::Time greeting_ended = absl::InfinitePast();
  absl::Time overdue = absl::InfinitePast();  // The first order fell due.
  absl::Time bridged = absl::InfinitePast();
  // Of a conversation without kEnded: when the agent was no longer busy.
  absl::Time ended = absl::InfinitePast();
  // The decision that started it: of the campaign's last plan before, the
  // price of the first line that was not started, and its limit.
  PacingMode mode = PacingMode::kPreview;
  bool strict = false;
  double price = 0;
  double price_limit = 0;
  // What became of it.
  LineOutcome outcome = LineOutcome::kCancelled;
  LineCharge charge = LineCharge::kNothing;
  double charged = 0;  // Drops: 0, 1, or the share of a false machine.
  int32_t agent = -1;  // Who had it.
  // The campaign's windows and then the centre's, after its end.
  int32_t windows = 0;
  std::array<WindowTotal, 16> totals;
};

std::string_view Name(LineEvent event);
std::string_view Name(LineAction action);
std::string_view Name(LineOutcome outcome);
std::string_view Name(LineCharge charge);

}  // namespace callrouter

#endif  // CALLROUTER_LINE_RECORD_H_
