// callrouter_c_engine.h
//
// Decides who answers which call: events in, ordered decisions out, one
// deadline.
//
//   cr_event event;
//   cr_event_init(&event, sizeof event, CR_EVENT_CALL_ARRIVED);
//   event.call_ref = 42;
//   event.queue = cr_engine_find_queue(engine, "sales");
//   if (cr_engine_handle(engine, &event, now_us) != CR_OK)
//     puts(cr_message(engine));
//   for (size_t i = 0; i < cr_engine_decision_count(engine); ++i) {
//     const cr_decision *d = cr_engine_decision(engine, i);
//     if (d->kind == CR_DECISION_OFFER) ring(d->agent_ref, d->call_ref);
//   }
//
// Decisions are those of the last call that changed the engine (handle,
// advance, apply); carry them out in order, also when that call gave an error,
// for what was due is done before the event is looked at. Late, repeated and
// crossing events, and the order of errors: callrouter/engine.h.
//
// Include callrouter_c.h; its conventions hold here.

#ifndef CALLROUTER_C_ENGINE_H_
#define CALLROUTER_C_ENGINE_H_

#include "callrouter_c_configuration.h"
#include "callrouter_c_engine_values.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cr_engine cr_engine;

// Each field as EngineOptions has it, where ranges and meanings are.
typedef struct cr_engine_options {
  size_t struct_size;
  uint64_t seed;
  int32_t moves_max;
  int32_t unused;
  int64_t connect_timeout_us;
  int64_t audit_after_us;
  int64_t audit_reply_us;
  int64_t stall_max_us;
  int64_t stall_grace_us;
  int64_t tombstone_keep_us;
  int32_t calls_max;
  int32_t agents_max;
  int32_t queues_max;
  int32_t queues_per_call_max;
  int32_t offers_per_call_max;
  int32_t skills_max;
  int32_t attributes_max;
  int32_t texts_max;
  int32_t requirements_max;
  int32_t lanes_max;
  int32_t tombstones_max;
  int32_t exclusions_per_call_max;
  int32_t groups_max;
  int32_t residual_scan_max;
  // Unlike in C++ the default is 1: all memory is reserved at create.
  int32_t reserve_memory;
  // Decisions of one call that there is room for at create; more grow it.
  int32_t decisions_reserved;
} cr_engine_options;
CR_API cr_status cr_engine_options_init(cr_engine_options *options,
                                        size_t struct_size);
// The most memory an engine with these options can come to use, in bytes,
// without the configuration's own texts.
CR_API cr_status cr_engine_memory_bound(const cr_engine_options *options,
                                        uint64_t *bytes);

// `options` null: defaults. Agents of the configuration start logged out. The
// engine keeps nothing of `config`.
CR_API cr_status cr_engine_create(const cr_engine_options *options,
                                  const cr_config *config, int64_t now_us,
                                  cr_faults *faults, cr_engine **out);
// An engine that goes on exactly where cr_engine_save was called.
// CR_INVALID_ARGUMENT: damaged bytes, or limits too small for the state.
CR_API cr_status cr_engine_load(const cr_engine_options *options,
                                const void *saved, size_t size,
                                cr_faults *faults, cr_engine **out);
CR_API void cr_engine_destroy(cr_engine *engine);
// The whole state, canonical: equal engines give equal bytes. Cost: linear.
CR_API cr_status cr_engine_save(const cr_engine *engine, cr_bytes *out);

// --- Events ---

// A flat value; which kind reads which fields is told at cr_event_kind. A
// subject is named by id or by reference; when both are given the id decides.
typedef struct cr_event {
  size_t struct_size;
  int32_t kind;        // cr_event_kind
  int32_t release;     // cr_release
  int32_t sync_place;  // cr_sync_place; 0: not given.
  int32_t sync_agent;  // cr_sync_agent; 0: not given.
  int32_t cause;       // cr_cause
  int32_t priority;    // Higher first. -1,000,000 to 1,000,000.
  int32_t value;
  int32_t value2;
  uint64_t call;
  uint64_t agent;
  uint64_t queue;
  uint64_t offer;
  uint64_t call_ref;   // 0: not given.
  uint64_t agent_ref;  // 0: not given.
  uint64_t sequence;   // Of the decision a result belongs to.
  int64_t duration_us;
  const char *text;
  size_t text_size;  // 0: `text` ends with a zero.
  const char *text2;
  size_t text2_size;
  // --- Outbound ---
  uint64_t attempt;  // Of the decision that began it.
  int64_t duration2_us;
  uint64_t number;
  uint64_t called;
  uint64_t caller;
  int32_t progress;  // cr_attempt_progress
  int32_t result;    // cr_attempt_result
} cr_event;
CR_API cr_status cr_event_init(cr_event *event, size_t struct_size,
                               int32_t kind);

// Takes one event, after all that is due by `now_us`. A time before the last
// is clamped and counted. Cost: does not grow with agents or calls.
CR_API cr_status cr_engine_handle(cr_engine *engine, const cr_event *event,
                                  int64_t now_us);
// Does everything due by `now_us`. Early, late, repeated: harmless.
CR_API cr_status cr_engine_advance(cr_engine *engine, int64_t now_us);
// When cr_engine_advance must next be called; CR_NEVER if nothing waits.
CR_API int64_t cr_engine_next_deadline(const cr_engine *engine);

// --- Decisions ---

typedef struct cr_decision {
  size_t struct_size;
  int32_t kind;    // cr_decision_kind
  int32_t cause;   // cr_cause
  int32_t reason;  // cr_reason
  int32_t value;
  uint64_t sequence;  // 1, 2, 3 ... over the engine's life.
  uint64_t call;
  uint64_t agent;
  uint64_t queue;
  uint64_t offer;
  uint64_t call_ref;
  uint64_t agent_ref;
  int64_t deadline_us;  // By when the result is due; CR_NEVER if none is.
  // Outside destination, without a zero; valid until the engine is destroyed.
  const char *destination;
  size_t destination_size;
  // --- Outbound ---
  uint64_t attempt;  // 1, 2, 3 ... over the engine's life.
  uint64_t lead;
  uint64_t number;   // The person's.
  uint64_t shown;    // Ours; 0: the trunk's.
  int32_t campaign;  // In the order of the setup; -1: none.
  int32_t price_ppm;
} cr_decision;
CR_API size_t cr_engine_decision_count(const cr_engine *engine);
CR_API const cr_decision *cr_engine_decision(const cr_engine *engine,
                                             size_t index);

// --- Another configuration, while it runs ---

// Validated and compiled aside, in any thread.
typedef struct cr_prepared cr_prepared;
CR_API cr_status cr_engine_prepare(const cr_engine_options *options,
                                   const cr_config *config, cr_faults *faults,
                                   cr_prepared **out);
CR_API void cr_prepared_destroy(cr_prepared *prepared);
// Swaps it in; see Engine::Apply for what becomes of calls and agents. On
// CR_OK `prepared` holds what the engine gave up: destroy it where time is
// cheap. On another code it may be tried again.
CR_API cr_status cr_engine_apply(cr_engine *engine, cr_prepared *prepared,
                                 int64_t now_us);

// --- Names and views ---

CR_API uint64_t cr_engine_find_queue(const cr_engine *engine, const char *name);
CR_API uint64_t cr_engine_find_agent(const cr_engine *engine, uint64_t ref);
CR_API uint64_t cr_engine_find_call(const cr_engine *engine, uint64_t ref);
// Not ended by a zero; valid until the engine changes.
CR_API cr_status cr_engine_queue_name(const cr_engine *engine, uint64_t queue,
                                      const char **name, size_t *size);

typedef struct cr_call_view {
  size_t struct_size;
  uint64_t id;
  uint64_t ref;
  int32_t place;  // cr_call_place
  int32_t priority;
  uint64_t home;   // Queue it joined first.
  uint64_t queue;  // Queue it is in.
  uint64_t agent;  // Connecting or connected with; preferred, if waiting.
  int64_t arrived_us;
  int32_t step;    // Steps of the plan whose time has come.
  int32_t offers;  // Ringing now.
  int32_t reason;  // cr_reason. Waiting: why not served yet.
  int32_t unused;
} cr_call_view;
typedef struct cr_agent_view {
  size_t struct_size;
  uint64_t id;
  uint64_t ref;
  const char *name;  // Without a zero, as pause_reason.
  size_t name_size;
  const char *pause_reason;
  size_t pause_reason_size;
  int32_t logged_in, paused, wrap_up, cool_off, busy_outside;
  int32_t ringing;
  int32_t handling;  // Connecting or connected.
  int32_t misses;    // In a row.
  uint32_t calls;    // Connected since login.
  int32_t unused;
} cr_agent_view;
// CR_NOT_FOUND: no such call or agent (any more).
CR_API cr_status cr_engine_view_call(const cr_engine *engine, uint64_t call,
                                     cr_call_view *view);
CR_API cr_status cr_engine_view_agent(const cr_engine *engine, uint64_t agent,
                                      cr_agent_view *view);
// At most `room` ids, in order of slot; `*count`: how many there are.
CR_API cr_status cr_engine_calls(const cr_engine *engine, uint64_t *ids,
                                 size_t room, size_t *count);
CR_API cr_status cr_engine_agents(const cr_engine *engine, uint64_t *ids,
                                  size_t room, size_t *count);
CR_API cr_status cr_engine_options_of(const cr_engine *engine,
                                      cr_engine_options *options);
// Every invariant, in full. CR_INTERNAL: `faults` names the first that does not
// hold. For tests and canaries. Cost: linear and more.
CR_API cr_status cr_engine_check_invariants(const cr_engine *engine,
                                            cr_faults *faults);

#ifdef __cplusplus
}
#endif

#endif  // CALLROUTER_C_ENGINE_H_
