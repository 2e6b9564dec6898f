// callrouter_c_leases.h
//
// Numbers given out for a while: two people who call each other without seeing
// each other's number (masking), visits of a web page (visitors), and how many
// numbers either needs.
//
//   cr_masking_pool_create(NULL, now_us, faults, &pool);
//   cr_masking_pool_put(pool, numbers, count, now_us);
//   cr_masking_request request = {sizeof request};
//   request.session = 7, request.a = courier, request.b = customer;
//   cr_masking_answer answer = {sizeof answer};
//   cr_masking_pool_open(pool, &request, now_us, &answer);
//
// Include callrouter_c.h; its conventions hold here. As callrouter/
// masking_pool.h, visitor_pool.h and number_sizing.h.

#ifndef CALLROUTER_C_LEASES_H_
#define CALLROUTER_C_LEASES_H_

#include "callrouter_c_base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cr_pair_sticky {
  CR_PAIR_OFF = 0,     // The first that is free for both.
  CR_PAIR_PREFER = 1,  // The number the two had last, if it is free for both or
                       // in quarantine after that very session.
  CR_PAIR_AVOID = 2,   // Another than the two had last, if there is another.
} cr_pair_sticky;

// Why there is no number.
typedef enum cr_no_mask {
  CR_NO_MASK_THERE_IS_ONE = 0,
  CR_NO_MASK_ALL_TAKEN = 1,       // Each is in a session of one of the two.
  CR_NO_MASK_ONLY_RESERVED = 2,   // Those that are not are reserved.
  CR_NO_MASK_WANTED_TAKEN = 3,    // The wanted number is.
  CR_NO_MASK_WANTED_UNKNOWN = 4,  // It is not ours, or leaving.
} cr_no_mask;

typedef enum cr_masked_by {
  CR_MASKED_NOBODY = 0,  // The caller is a stranger here, or withheld: the host
                         // may open a session now, or say so.
  CR_MASKED_SESSION = 1,     // Put through to `other`; the session is touched.
  CR_MASKED_QUARANTINE = 2,  // That session is over: say so.
  CR_MASKED_NOT_OURS = 3,    // The number is not in the pool.
} cr_masked_by;

typedef enum cr_hold_mode {
  CR_HOLD_SLIDING = 0,  // From the last showing.
  CR_HOLD_FIXED = 1,    // From the first.
} cr_hold_mode;

typedef enum cr_visits_found {
  CR_VISITS_NONE = 0,
  CR_VISITS_ONE = 1,
  CR_VISITS_MANY = 2,      // Two or more, latest first.
  CR_VISITS_OVERFLOW = 3,  // The overflow number: nobody can say.
  CR_VISITS_NOT_OURS = 4,  // The number is not in the pool.
} cr_visits_found;

// --- Masking: what each field means is told in MaskingPoolOptions ---

typedef struct cr_masking_pool cr_masking_pool;
typedef struct cr_masking_pool_options {
  size_t struct_size;
  int64_t time_to_live_us;
  int64_t quarantine_us;
  int64_t sticky_keep_us;
  int32_t sticky;  // cr_pair_sticky
  int32_t numbers_max, sessions_max, pairs_max;
} cr_masking_pool_options;
CR_API cr_status cr_masking_pool_options_init(cr_masking_pool_options *options,
                                              size_t struct_size);
CR_API cr_status cr_masking_pool_create(const cr_masking_pool_options *options,
                                        int64_t now_us, cr_faults *faults,
                                        cr_masking_pool **out);
CR_API cr_status cr_masking_pool_load(const cr_masking_pool_options *options,
                                      const void *saved, size_t size,
                                      cr_faults *faults, cr_masking_pool **out);
CR_API void cr_masking_pool_destroy(cr_masking_pool *pool);
CR_API cr_status cr_masking_pool_save(const cr_masking_pool *pool,
                                      cr_bytes *out);
// All of them or none. `reserved`: only for sessions that want that number.
CR_API cr_status cr_masking_pool_put(cr_masking_pool *pool,
                                     const uint64_t *numbers, size_t count,
                                     int32_t reserved, int64_t now_us);
CR_API cr_status cr_masking_pool_remove(cr_masking_pool *pool,
                                        const uint64_t *numbers, size_t count,
                                        int64_t now_us);
typedef struct cr_masking_request {
  size_t struct_size;
  uint64_t session;  // The host's name for it; not 0.
  uint64_t a, b;     // Two different people.
  uint64_t wanted;   // Only this number; 0: any that is not reserved.
} cr_masking_request;
typedef struct cr_masking_answer {
  size_t struct_size;
  uint64_t number;  // 0: none.
  int32_t again;    // The two had this very number last.
  int32_t none;     // cr_no_mask
  int64_t retry_at_us;
} cr_masking_answer;
CR_API cr_status cr_masking_pool_open(cr_masking_pool *pool,
                                      const cr_masking_request *request,
                                      int64_t now_us,
                                      cr_masking_answer *answer);
CR_API cr_status cr_masking_pool_touch(cr_masking_pool *pool, uint64_t session,
                                       int64_t now_us);
CR_API cr_status cr_masking_pool_close(cr_masking_pool *pool, uint64_t session,
                                       int64_t now_us);
// Who is meant by `caller` (0: withheld) dialling `number`. `by` is
// cr_masked_by.
CR_API cr_status cr_masking_pool_resolve(cr_masking_pool *pool, uint64_t number,
                                         uint64_t caller, int64_t now_us,
                                         int32_t *by, uint64_t *session,
                                         uint64_t *other);
CR_API cr_status cr_masking_pool_forget(cr_masking_pool *pool, uint64_t person,
                                        int64_t now_us);
CR_API cr_status cr_masking_pool_advance(cr_masking_pool *pool, int64_t now_us);
CR_API int64_t cr_masking_pool_next_deadline(const cr_masking_pool *pool);
CR_API cr_status cr_masking_pool_rebase_clock(cr_masking_pool *pool,
                                              int64_t delta_us, int64_t now_us);
typedef struct cr_masking_stats {  // MaskingReport and MaskingStats.
  size_t struct_size;
  uint64_t numbers, open, quarantined, parties;
  int32_t degree, degree_peak, degree_p99, to_buy;
  uint64_t opened, refused, expired, closed;
  uint64_t put_through, too_late, strangers, clock_regressions, pairs;
  uint64_t session_bytes, party_bytes, pair_bytes;
} cr_masking_stats;
CR_API cr_status cr_masking_pool_get_stats(const cr_masking_pool *pool,
                                           cr_masking_stats *stats);
CR_API cr_status cr_masking_pool_check_invariants(const cr_masking_pool *pool,
                                                  cr_faults *faults);

// --- Visitors: what each field means is told in VisitorPoolOptions ---

typedef struct cr_visitor_pool cr_visitor_pool;
typedef struct cr_visitor_pool_options {
  size_t struct_size;
  int64_t hold_us;
  int64_t call_within_us;
  uint64_t overflow;  // Shown when there is none; 0: no number.
  int32_t mode;       // cr_hold_mode
  int32_t free_after_call;
  int32_t numbers_max;
  int32_t unused;
} cr_visitor_pool_options;
CR_API cr_status cr_visitor_pool_options_init(cr_visitor_pool_options *options,
                                              size_t struct_size);
CR_API cr_status cr_visitor_pool_create(const cr_visitor_pool_options *options,
                                        int64_t now_us, cr_faults *faults,
                                        cr_visitor_pool **out);
CR_API cr_status cr_visitor_pool_load(const cr_visitor_pool_options *options,
                                      const void *saved, size_t size,
                                      cr_faults *faults, cr_visitor_pool **out);
CR_API void cr_visitor_pool_destroy(cr_visitor_pool *pool);
CR_API cr_status cr_visitor_pool_save(const cr_visitor_pool *pool,
                                      cr_bytes *out);
CR_API cr_status cr_visitor_pool_put(cr_visitor_pool *pool,
                                     const uint64_t *numbers, size_t count,
                                     int64_t now_us);
CR_API cr_status cr_visitor_pool_remove(cr_visitor_pool *pool,
                                        const uint64_t *numbers, size_t count,
                                        int64_t now_us);
// `*number`: the overflow number, or 0, if there is none. `overflow` and
// `retry_at_us` may be null.
CR_API cr_status cr_visitor_pool_show(cr_visitor_pool *pool, uint64_t visit,
                                      int64_t now_us, uint64_t *number,
                                      int32_t *overflow, int64_t *retry_at_us);
typedef struct cr_visit {
  size_t struct_size;
  uint64_t visit;
  int64_t first_shown_us, last_shown_us;
  int32_t holds;  // It holds the number now.
  int32_t unused;
} cr_visit;
// `*found` (cr_visits_found) says of how many visits the call may be; `*more`:
// there were others, longer ago. Candidates, latest first: _candidate.
CR_API cr_status cr_visitor_pool_resolve(cr_visitor_pool *pool, uint64_t number,
                                         int64_t now_us, int32_t *found,
                                         int32_t *more);
CR_API const cr_visit *cr_visitor_pool_candidate(const cr_visitor_pool *pool,
                                                 size_t index);
CR_API cr_status cr_visitor_pool_forget(cr_visitor_pool *pool, uint64_t visit,
                                        int64_t now_us);
CR_API cr_status cr_visitor_pool_advance(cr_visitor_pool *pool, int64_t now_us);
CR_API int64_t cr_visitor_pool_next_deadline(const cr_visitor_pool *pool);
CR_API cr_status cr_visitor_pool_rebase_clock(cr_visitor_pool *pool,
                                              int64_t delta_us, int64_t now_us);
typedef struct cr_visitor_stats {
  size_t struct_size;
  uint64_t visits, overflowed, passed_on;
  uint64_t calls_one, calls_many, calls_none, clock_regressions;
  uint64_t numbers, held, bytes;
} cr_visitor_stats;
CR_API cr_status cr_visitor_pool_get_stats(const cr_visitor_pool *pool,
                                           cr_visitor_stats *stats);
// The share of callers of passed-on numbers who rang after that, if calls come
// with these delays after the last showing.
CR_API cr_status cr_visitor_pool_misattribution_risk(
    const cr_visitor_pool *pool, const int64_t *delays_us, size_t count,
    double *share);
CR_API cr_status cr_visitor_pool_check_invariants(const cr_visitor_pool *pool,
                                                  cr_faults *faults);

// --- Sizing: formulas are in callrouter/number_sizing.h ---

CR_API cr_status cr_offered_load(double visits_per_hour, int64_t hold_us,
                                 double *erlangs);
CR_API cr_status cr_visitor_blocking(double erlangs, int32_t numbers,
                                     double *share);
CR_API cr_status cr_visitor_numbers_for(double erlangs, double blocking,
                                        int32_t *numbers);
CR_API cr_status cr_masking_numbers_for(int32_t largest_degree,
                                        int32_t headroom_permille,
                                        int32_t *numbers);
CR_API cr_status cr_masking_degree_for(int32_t numbers,
                                       int32_t headroom_permille,
                                       int32_t *degree);

#ifdef __cplusplus
}
#endif

#endif  // CALLROUTER_C_LEASES_H_
