// callrouter_c_numbers.h
//
// Chooses the number an outbound call shows: one that is owned, lawful here,
// rested, near the callee, and its turn.
//
//   cr_pool_file_parse(text, size, "pool.textproto", read, NULL, faults,
//   &file); cr_number_pool_create(NULL, file, now_us, faults, &pool);
//   cr_number_request request;
//   cr_number_request_init(&request, sizeof request);
//   request.attempt = 4711;
//   request.campaign = cr_number_pool_find_campaign(pool, "renewals");
//   request.trunk = cr_number_pool_find_trunk(pool, "mts");
//   cr_phone_parse("+79161234567", &request.callee);
//   cr_number_choice choice = {sizeof choice};
//   cr_number_pool_reserve(pool, &request, now_us, &choice);
//   if (choice.number == 0) ...                 // choice.none, retry_at_us
//
// Include callrouter_c.h; its conventions hold here. As callrouter/
// number_pool.h, which says how a number is chosen and which errors there are.

#ifndef CALLROUTER_C_NUMBERS_H_
#define CALLROUTER_C_NUMBERS_H_

#include "callrouter_c_number_values.h"

#ifdef __cplusplus
extern "C" {
#endif

// --- What a pool is told, as a file (callrouter/v1/pool.proto) ---

typedef struct cr_pool_file cr_pool_file;  // Does not change once made.
// `read` gives the text of the tables it names; null: all are missing.
CR_API cr_status cr_pool_file_parse(const char *text, size_t size,
                                    const char *file_name, cr_read read,
                                    void *read_context, cr_faults *faults,
                                    cr_pool_file **out);
CR_API void cr_pool_file_destroy(cr_pool_file *file);

// Each field as NumberPoolOptions has it, where ranges and meanings are.
typedef struct cr_number_pool_options {
  size_t struct_size;
  uint64_t seed;
  int64_t reservation_timeout_us;
  int64_t attempt_keep_us;
  int32_t numbers_max;
  int32_t attempts_max;
  int32_t callees_max;
  int32_t carrier_uses_max;
  int32_t charts_max;
  int32_t rates_max;
  int32_t changes_max;
  int32_t reserve_memory;
} cr_number_pool_options;
// The options the file has, or (`file` null) the defaults; reserve_memory is 1.
CR_API cr_status cr_number_pool_options_init(cr_number_pool_options *options,
                                             size_t struct_size,
                                             const cr_pool_file *file);

// --- A pool ---

typedef struct cr_number_pool cr_number_pool;
// With the rules and the numbers of `file`. `options` null: those of the file.
CR_API cr_status cr_number_pool_create(const cr_number_pool_options *options,
                                       const cr_pool_file *file, int64_t now_us,
                                       cr_faults *faults, cr_number_pool **out);
// A pool that goes on where cr_number_pool_save was called.
// CR_INVALID_ARGUMENT: damaged bytes, or limits too small. `options` null:
// defaults.
CR_API cr_status cr_number_pool_load(const cr_number_pool_options *options,
                                     const void *saved, size_t size,
                                     cr_faults *faults, cr_number_pool **out);
CR_API void cr_number_pool_destroy(cr_number_pool *pool);
CR_API cr_status cr_number_pool_save(const cr_number_pool *pool, cr_bytes *out);
// The rules of `file` for the same numbers. Cost: as apply.
CR_API cr_status cr_number_pool_set_rules(cr_number_pool *pool,
                                          const cr_pool_file *file,
                                          int64_t now_us);

// Numbers to add or change, and to remove. A changed one keeps its history.
typedef struct cr_number_patch cr_number_patch;
typedef struct cr_number_config {
  size_t struct_size;
  uint64_t number;
  const char *group;
  const char *region;   // Empty: nowhere.
  int32_t weight;       // [1, 1000]
  int32_t rank;         // [0, 1,000,000]
  int64_t verified_us;  // When it was last found to be answered.
  int32_t state;        // cr_number_state, of a number that is new.
  int32_t unused;
} cr_number_config;
CR_API cr_status cr_number_config_init(cr_number_config *config,
                                       size_t struct_size);
CR_API cr_status cr_number_patch_create(cr_number_patch **out);
CR_API void cr_number_patch_destroy(cr_number_patch *patch);
CR_API cr_status cr_number_patch_put(cr_number_patch *patch,
                                     const cr_number_config *config);
CR_API cr_status cr_number_patch_remove(cr_number_patch *patch,
                                        uint64_t number);
CR_API cr_status cr_number_patch_clear(cr_number_patch *patch);
// All of it or, with every fault in words, nothing. Cost: O(n log n).
CR_API cr_status cr_number_pool_apply(cr_number_pool *pool,
                                      const cr_number_patch *patch,
                                      int64_t now_us);

// --- Calls ---

typedef struct cr_number_request {
  size_t struct_size;
  uint64_t attempt;  // The host's name for this attempt; not 0.
  uint64_t campaign;
  uint64_t trunk;
  uint64_t carrier;  // The callee's; 0: not known.
  uint64_t callee;
  uint64_t wanted;         // Only this number; 0: any.
  int32_t attempt_number;  // Of the attempts to reach this person; from 1.
  int32_t unused;
} cr_number_request;
CR_API cr_status cr_number_request_init(cr_number_request *request,
                                        size_t struct_size);
typedef struct cr_number_choice {
  size_t struct_size;
  uint64_t id;
  uint64_t number;       // 0: there is none, see `none`.
  int32_t by;            // cr_chosen_by
  int32_t rung;          // cr_rung
  uint32_t region;       // See cr_number_pool_region_name.
  int32_t broken;        // cr_sticky_break
  int32_t sticky_block;  // cr_block
  int32_t none;          // cr_no_number
  int32_t block;         // cr_block
  int32_t unused;
  int64_t lapses_at_us;
  int64_t retry_at_us;  // No try before can succeed unless something happens.
} cr_number_choice;
// CR_OK with a number or without one. The same request again: the same choice.
// Cost: O(log numbers) a place looked at.
CR_API cr_status cr_number_pool_reserve(cr_number_pool *pool,
                                        const cr_number_request *request,
                                        int64_t now_us,
                                        cr_number_choice *choice);
CR_API cr_status cr_number_pool_commit(cr_number_pool *pool, uint64_t attempt,
                                       int64_t now_us);  // It was shown.
CR_API cr_status cr_number_pool_cancel(cr_number_pool *pool, uint64_t attempt,
                                       int64_t now_us);  // It was not.
// What became of it (cr_call_outcome); commits, does not end it.
CR_API cr_status cr_number_pool_report(cr_number_pool *pool, uint64_t attempt,
                                       int32_t outcome, int64_t now_us);
CR_API cr_status cr_number_pool_end(cr_number_pool *pool, uint64_t attempt,
                                    int64_t now_us);

// --- Numbers' lives ---

CR_API cr_status cr_number_pool_set_state(cr_number_pool *pool, uint64_t id,
                                          int32_t state, int64_t now_us);
CR_API cr_status cr_number_pool_verified(cr_number_pool *pool, uint64_t id,
                                         int64_t now_us);
// What somebody outside says (cr_number_verdict). `carrier` 0: everywhere.
CR_API cr_status cr_number_pool_verdict(cr_number_pool *pool, uint64_t id,
                                        uint64_t carrier, int32_t verdict,
                                        int64_t now_us);
typedef struct cr_state_change {
  size_t struct_size;
  uint64_t id;
  uint64_t number;
  int32_t from;  // cr_number_state
  int32_t to;    // cr_number_state
  int32_t why;   // cr_state_reason
  int32_t unused;
  uint64_t carrier;  // Whose calls were the reason; 0: not one carrier's.
  int64_t at_us;
} cr_state_change;
// Takes what changed since the last time, oldest first; read by _change.
CR_API cr_status cr_number_pool_take_changes(cr_number_pool *pool,
                                             size_t *count);
CR_API const cr_state_change *cr_number_pool_change(const cr_number_pool *pool,
                                                    size_t index);
typedef struct cr_number_health {
  size_t struct_size;
  int32_t suspicion;  // Thousandths of a natural logarithm.
  int32_t own_calls;  // Of the first ones, so far.
  int32_t own_odds_permille;
  int32_t labelled;
} cr_number_health;
CR_API cr_status cr_number_pool_health(const cr_number_pool *pool, uint64_t id,
                                       uint64_t carrier, cr_number_health *out);

// --- Time ---

CR_API cr_status cr_number_pool_advance(cr_number_pool *pool, int64_t now_us);
CR_API int64_t cr_number_pool_next_deadline(const cr_number_pool *pool);
// Host time has jumped by `delta_us` at `now_us`: nothing ages.
CR_API cr_status cr_number_pool_rebase_clock(cr_number_pool *pool,
                                             int64_t delta_us, int64_t now_us);
// Civil time is now + `offset_us`.
CR_API cr_status cr_number_pool_set_wall_clock(cr_number_pool *pool,
                                               int64_t offset_us,
                                               int64_t now_us);

// --- Looking: ids are 0 where there is no such name or number ---

CR_API uint64_t cr_number_pool_find_campaign(const cr_number_pool *pool,
                                             const char *name);
CR_API uint64_t cr_number_pool_find_trunk(const cr_number_pool *pool,
                                          const char *name);
CR_API uint64_t cr_number_pool_find_carrier(const cr_number_pool *pool,
                                            const char *name);
CR_API uint64_t cr_number_pool_find_number(const cr_number_pool *pool,
                                           uint64_t number);
// Not ended by a zero; valid until the pool changes.
CR_API cr_status cr_number_pool_region_name(const cr_number_pool *pool,
                                            uint32_t region, const char **name,
                                            size_t *size);
typedef struct cr_number_view {
  size_t struct_size;
  uint64_t id;
  uint64_t number;
  int32_t state;           // cr_number_state
  int32_t block;           // cr_block
  int64_t state_until_us;  // Ends by itself; CR_NEVER.
  int64_t free_at_us;
  int64_t last_shown_us;
  int32_t probes_failed;  // In a row.
  int32_t calls;          // Reserved and in calls.
  // Uses that count now, for the caps that any group has, else 0.
  int32_t minute, hour, day, week, local_day, callees;
} cr_number_view;
// `group` and `region` (each may be null) receive names.
CR_API cr_status cr_number_pool_view(const cr_number_pool *pool, uint64_t id,
                                     cr_number_view *view, cr_bytes *group,
                                     cr_bytes *region);
typedef struct cr_number_pool_stats {
  size_t struct_size;
  uint64_t reserved, refused, committed, cancelled, lapsed, reported;
  uint64_t changes_lost, clock_regressions;
  uint64_t numbers, attempts, callees, carrier_uses, charts, rates;
  uint64_t number_bytes, attempt_bytes, callee_bytes, carrier_bytes;
  uint64_t chart_bytes, rate_bytes, life_bytes;
} cr_number_pool_stats;
CR_API cr_status cr_number_pool_get_stats(const cr_number_pool *pool,
                                          cr_number_pool_stats *stats);
// Why cr_number_pool_reserve would answer as it would: `choice` is what it
// would say; which groups the facts admit and what is free at each place it
// looks in are read by _explained_group and _explained_place. Any of the
// results may be null. Nothing is taken. Cost: O(numbers).
typedef struct cr_explained_group {
  size_t struct_size;
  const char *name;
  uint64_t numbers;
  int32_t against;  // cr_no_number: the first fact against them, or none.
  int32_t unused;
} cr_explained_group;
typedef struct cr_explained_place {  // Numbers are counted in the nearest only.
  size_t struct_size;
  const char *region;    // Empty: everywhere else.
  uint64_t numbers;      // That may be shown.
  uint64_t blocked[16];  // By cr_block; CR_BLOCK_FREE are those that are free.
  uint64_t lent;  // Of the blocked ones, those shown if there is no other.
  // Of the free ones, those not for this callee or carrier, and those kept for
  // callees of their own region.
  uint64_t known, carrier_capped, kept;
  int32_t rung;  // cr_rung
  int32_t unused;
} cr_explained_place;
CR_API cr_status cr_number_pool_explain(cr_number_pool *pool,
                                        const cr_number_request *request,
                                        int64_t now_us,
                                        cr_number_choice *choice,
                                        size_t *groups, size_t *places);
CR_API const cr_explained_group *cr_number_pool_explained_group(
    const cr_number_pool *pool, size_t index);
CR_API const cr_explained_place *cr_number_pool_explained_place(
    const cr_number_pool *pool, size_t index);
CR_API cr_status cr_number_pool_check_invariants(const cr_number_pool *pool,
                                                 cr_faults *faults);

#ifdef __cplusplus
}
#endif

#endif  // CALLROUTER_C_NUMBERS_H_
