// callrouter/statistics.h
//
// What an engine counts, with one meaning each.
//
//   Statistics stats;
//   engine->CopyStatistics(&stats);
//   const QueueStatistics& sales =
//   stats.queues[engine->FindQueue("sales").slot()];
//
// Home queue: where the call first joined. Serving queue: where it was
// answered. Offered and every way to leave unanswered count in the home queue;
// answered counts in both: `answered` in home, `served` in the serving queue.
// For every queue, always:
//
//   offered = answered + abandoned + sent_outside + refused + hung_up + lost
//           + in_progress
//
// where in_progress are calls not yet answered and still in the engine.
//
// Thread safety: plain values.

#ifndef CALLROUTER_STATISTICS_H_
#define CALLROUTER_STATISTICS_H_

#include <cstdint>
#include <vector>

#include "callrouter/histogram.h"

namespace callrouter {

struct QueueStatistics {
  // --- As home queue ---
  uint64_t offered = 0;
  uint64_t answered = 0;             // Connected to an agent.
  uint64_t answered_in_target = 0;   // wait <= service level target.
  uint64_t abandoned = 0;            // Caller gone while not answered.
  uint64_t abandoned_short = 0;      // Of these: wait <= short_abandon.
  uint64_t abandoned_in_target = 0;  // Of these: wait <= target.
  uint64_t sent_outside = 0;         // For good, or answered outside.
  uint64_t refused = 0;              // By entry control.
  uint64_t hung_up = 0;              // By a step or a plan's last action.
  uint64_t lost = 0;                 // Closed by Sync or audit, unanswered.
  uint64_t in_progress = 0;          // Not answered yet.
  int64_t wait_answered_us = 0;      // Sum of waits of answered calls.
  int64_t wait_abandoned_us = 0;     // Sum of waits of abandoned calls.
  Histogram waits;                   // Of answered calls, in microseconds.
  // Calls taken by each step of the queue's plan, by index.
  std::vector<uint64_t> steps;
  // --- As the queue a call is in now ---
  uint64_t waiting = 0;  // Waiting entries in this queue at this moment.
  uint64_t served = 0;   // Answered here, wherever they came from.
  uint64_t offers = 0;
  uint64_t misses = 0;  // Offers that ended in no answer, busy, declined or
                        // failed.
};

struct EngineStatistics {
  uint64_t events = 0;
  uint64_t decisions = 0;
  uint64_t refused_events = 0;      // Handle returned an error.
  uint64_t clock_regressions = 0;   // now before the last one: clamped.
  uint64_t stalls = 0;              // Deadlines served later than stall_max.
  uint64_t early_ends = 0;          // Ended before it began.
  uint64_t repeats = 0;             // Repeated or late events without effect.
  uint64_t races = 0;               // Crossing events that were undone.
  uint64_t searches_continued = 0;  // Searches cut at residual_scan_max.
  uint32_t calls = 0;               // In the engine now.
  uint32_t agents = 0;
  uint32_t agents_logged_in = 0;
  uint32_t groups = 0;  // Kinds of agents with the same profile.
  uint32_t lanes = 0;   // Kinds of waiting: (queue, requirement).
  uint32_t timers = 0;
};

struct Statistics {
  EngineStatistics engine;
  std::vector<QueueStatistics> queues;  // By QueueId::slot().
};

}  // namespace callrouter

#endif  // CALLROUTER_STATISTICS_H_
