// callrouter_c_record.h
//
// What an engine counts, and a record of what it was told.
//
//   cr_engine_copy_statistics(engine, statistics);
//   cr_statistics_queue(statistics, sales, &queue);
//
//   cr_record_event(log, &event, now_us);          // keep `log` as you like
//   ...
//   cr_reader_create(data, size, &reader);
//   while (cr_reader_next(reader, &record) == CR_OK)
//     cr_reader_replay(reader, again);             // the same decisions
//
// Include callrouter_c.h; its conventions hold here. As callrouter/
// statistics.h and event_record.h, which says what to record.

#ifndef CALLROUTER_C_RECORD_H_
#define CALLROUTER_C_RECORD_H_

#include "callrouter_c_engine.h"

#ifdef __cplusplus
extern "C" {
#endif

// --- Statistics: a copy that keeps its memory ---

typedef struct cr_statistics cr_statistics;
CR_API cr_status cr_statistics_create(cr_statistics **out);
CR_API void cr_statistics_destroy(cr_statistics *statistics);
CR_API cr_status cr_engine_copy_statistics(const cr_engine *engine,
                                           cr_statistics *statistics);

typedef struct cr_engine_statistics {
  size_t struct_size;
  uint64_t events, decisions;
  uint64_t refused_events;      // An error was returned.
  uint64_t clock_regressions;   // Times before the last: clamped.
  uint64_t stalls;              // Deadlines served later than stall_max.
  uint64_t early_ends;          // Ended before it began.
  uint64_t repeats;             // Repeated or late events without effect.
  uint64_t races;               // Crossing events that were undone.
  uint64_t searches_continued;  // Cut at residual_scan_max.
  uint32_t calls, agents, agents_logged_in;  // Now, as those below.
  uint32_t groups, lanes, timers;
} cr_engine_statistics;
// For every queue, always: offered = answered + abandoned + sent_outside +
// refused + hung_up + lost + in_progress, where it is the home of calls.
typedef struct cr_queue_statistics {
  size_t struct_size;
  uint64_t offered;
  uint64_t answered, answered_in_target;
  uint64_t abandoned, abandoned_short, abandoned_in_target;
  uint64_t sent_outside, refused, hung_up, lost;
  uint64_t in_progress;
  int64_t wait_answered_us, wait_abandoned_us;  // Sums.
  // --- As the queue a call is in now ---
  uint64_t waiting, served, offers, misses;
  uint64_t steps;  // Of its plan: see cr_statistics_step.
} cr_queue_statistics;
CR_API cr_status cr_statistics_engine(const cr_statistics *statistics,
                                      cr_engine_statistics *out);
CR_API cr_status cr_statistics_queue(const cr_statistics *statistics,
                                     uint64_t queue, cr_queue_statistics *out);
// Calls taken by step `step` of the plan of `queue`.
CR_API cr_status cr_statistics_step(const cr_statistics *statistics,
                                    uint64_t queue, size_t step,
                                    uint64_t *calls);
// The wait that `share_ppm` of the answered calls of `queue` did not exceed; at
// most 1/32 above the true one, never below. 0 without calls.
CR_API cr_status cr_statistics_wait(const cr_statistics *statistics,
                                    uint64_t queue, int32_t share_ppm,
                                    int64_t *wait_us);
// How many answered calls certainly waited at most `wait_us`.
CR_API cr_status cr_statistics_waited_at_most(const cr_statistics *statistics,
                                              uint64_t queue, int64_t wait_us,
                                              uint64_t *calls);

// --- Records: what was told to an engine, as bytes ---

// Append to `log` what is then (or was just) handed to the engine: all of it,
// the refused too. CR_INVALID_ARGUMENT: too long to be recorded.
CR_API cr_status cr_record_event(cr_bytes *log, const cr_event *event,
                                 int64_t now_us);
CR_API cr_status cr_record_advance(cr_bytes *log, int64_t now_us);
CR_API cr_status cr_record_configuration(cr_bytes *log, const cr_config *config,
                                         int64_t now_us);

typedef struct cr_reader cr_reader;
typedef struct cr_record {
  size_t struct_size;
  int32_t kind;  // cr_record_kind
  int32_t unused;
  int64_t now_us;
} cr_record;
// `bytes` must stay until the reader is destroyed. Any bytes are safe.
CR_API cr_status cr_reader_create(const void *bytes, size_t size,
                                  cr_reader **out);
CR_API void cr_reader_destroy(cr_reader *reader);
// CR_OUT_OF_RANGE: the bytes end where a record ends. CR_DATA_LOSS: torn or
// damaged, at cr_reader_offset; cr_message says which. It stays at those.
CR_API cr_status cr_reader_next(cr_reader *reader, cr_record *record);
// The event of the last record read, if it is one, else CR_FAILED_PRECONDITION.
// Its texts lie in the reader's bytes.
CR_API cr_status cr_reader_event(const cr_reader *reader, cr_event *event);
CR_API uint64_t cr_reader_offset(const cr_reader *reader);
// Tells `engine` what the last record says; its code is what it was when
// recorded, its words are at `engine`.
CR_API cr_status cr_reader_replay(const cr_reader *reader, cr_engine *engine);

#ifdef __cplusplus
}
#endif

#endif  // CALLROUTER_C_RECORD_H_
