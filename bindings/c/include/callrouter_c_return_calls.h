// callrouter_c_return_calls.h
//
// Somebody rings back a number that was shown to them: whom did we want, for
// which campaign, and who should answer?
//
//   cr_return_calls_create(NULL, now_us, faults, &calls);
//   cr_return_calls_put_number(calls, &number, now_us);
//   cr_return_calls_shown(calls, &call, now_us);      // when a call goes out
//   cr_return_answer answer = {sizeof answer};
//   cr_return_calls_resolve(calls, dialled, caller, now_us, &answer);
//   if (answer.found == CR_FOUND_ONE)
//     ... cr_return_calls_candidate(calls, 0)->lead ...
//
// Include callrouter_c.h; its conventions hold here. As callrouter/
// return_calls.h, which tells the ladder of answers.

#ifndef CALLROUTER_C_RETURN_CALLS_H_
#define CALLROUTER_C_RETURN_CALLS_H_

#include "callrouter_c_base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cr_found {
  CR_FOUND_NONE = 0,
  CR_FOUND_ONE = 1,
  CR_FOUND_MANY = 2
} cr_found;

// Where on the ladder; the numbers are kept in journals, never renumbered.
typedef enum cr_return_rung {
  CR_RETURN_NONE = 0,
  CR_RETURN_CALLER_AND_NUMBER = 1,
  CR_RETURN_CALLER_AND_OWNER = 2,
  CR_RETURN_ALIAS = 3,
  CR_RETURN_NUMBER_ONLY = 4,
  CR_RETURN_NUMBER_QUEUE = 5,  // Of the number or its owner.
  CR_RETURN_DEFAULT_QUEUE = 6,
  // The caller is a number of ours: nobody is ringing back.
  CR_RETURN_LOOP = 7,
} cr_return_rung;
CR_API const char *cr_return_rung_name(int32_t rung);

// Each field as ReturnCallsOptions has it; reserve_memory is 1 by default.
typedef struct cr_return_calls cr_return_calls;
typedef struct cr_return_calls_options {
  size_t struct_size;
  int64_t keep_us;
  uint64_t default_queue;
  uint64_t
      hash_key[2];  // Secret of the host; zero: people are kept as they are.
  int32_t numbers_max, owners_max, entries_max, per_callee_max;
  int32_t aliases_max, opt_outs_max, recent_max;
  int32_t reserve_memory;
} cr_return_calls_options;
CR_API cr_status cr_return_calls_options_init(cr_return_calls_options *options,
                                              size_t struct_size);
CR_API cr_status cr_return_calls_create(const cr_return_calls_options *options,
                                        int64_t now_us, cr_faults *faults,
                                        cr_return_calls **out);
CR_API cr_status cr_return_calls_load(const cr_return_calls_options *options,
                                      const void *saved, size_t size,
                                      cr_faults *faults, cr_return_calls **out);
CR_API void cr_return_calls_destroy(cr_return_calls *calls);
CR_API cr_status cr_return_calls_save(const cr_return_calls *calls,
                                      cr_bytes *out);

// --- What the host knows; references are its own, 0 is none ---

typedef struct cr_return_number {
  size_t struct_size;
  uint64_t number;
  uint64_t queue;   // None: the queue of the owner.
  uint64_t agent;   // Whose own number it is.
  uint64_t source;  // What it advertises, for call tracking.
  uint32_t owner;   // The legal entity it is allotted to.
  int32_t unused;
} cr_return_number;
// Adds or changes one. Many: CR_OK for each of `count` or none is changed.
CR_API cr_status cr_return_calls_put_number(cr_return_calls *calls,
                                            const cr_return_number *number,
                                            int64_t now_us);
CR_API cr_status cr_return_calls_put_numbers(cr_return_calls *calls,
                                             const cr_return_number *const *all,
                                             size_t count, int64_t now_us);
CR_API cr_status cr_return_calls_remove_numbers(cr_return_calls *calls,
                                                const uint64_t *numbers,
                                                size_t count, int64_t now_us);
CR_API cr_status cr_return_calls_set_owner_queue(cr_return_calls *calls,
                                                 uint32_t owner, uint64_t queue,
                                                 int64_t now_us);
CR_API cr_status cr_return_calls_add_alias(cr_return_calls *calls,
                                           uint64_t caller, uint64_t callee,
                                           int64_t now_us);
CR_API cr_status cr_return_calls_remove_alias(cr_return_calls *calls,
                                              uint64_t caller, uint64_t callee,
                                              int64_t now_us);

// --- Calls ---

typedef struct cr_shown_call {
  size_t struct_size;
  uint64_t number;  // Ours.
  uint64_t callee;
  uint64_t lead;      // The host's name for the contact; not 0.
  uint64_t attempt;   // The host's name for this attempt; not 0.
  uint64_t agent;     // Who called; 0: nobody (yet).
  uint32_t campaign;  // The host's number of it, at most 65,535.
  int32_t unused;
} cr_shown_call;
typedef struct cr_return_candidate {
  size_t struct_size;
  uint64_t lead;
  uint64_t attempt;  // The latest.
  uint64_t agent;    // Who called last.
  uint64_t number;   // Then shown.
  int64_t shown_us;
  uint32_t campaign;
  int32_t outcome;  // As the host said; 0: not known yet.
} cr_return_candidate;
typedef struct cr_return_answer {
  size_t struct_size;
  int32_t found;  // cr_found
  int32_t rung;   // cr_return_rung
  uint64_t candidates;
  uint32_t more;  // At least so many are not listed.
  uint32_t owner;
  int32_t conflict;      // Candidates of different campaigns.
  int32_t known_number;  // It is one of ours.
  int32_t opted_out;     // The caller, with the owner of the number.
  int32_t unused;
  uint64_t queue;  // Of the number, else its owner, else the default.
  uint64_t agent;
  uint64_t source;
} cr_return_answer;
CR_API cr_status cr_return_calls_shown(cr_return_calls *calls,
                                       const cr_shown_call *call,
                                       int64_t now_us);
// `outcome`: the host's own code, 1 to 255.
CR_API cr_status cr_return_calls_outcome(cr_return_calls *calls,
                                         const cr_shown_call *call,
                                         int32_t outcome, int64_t now_us);
// Who is calling back `number`; `caller` 0: withheld.
CR_API cr_status cr_return_calls_resolve(cr_return_calls *calls,
                                         uint64_t number, uint64_t caller,
                                         int64_t now_us,
                                         cr_return_answer *answer);
// Of the last answer, latest first.
CR_API const cr_return_candidate *cr_return_calls_candidate(
    const cr_return_calls *calls, size_t index);

// --- People's rights ---

CR_API cr_status cr_return_calls_opt_out(cr_return_calls *calls,
                                         uint64_t person, uint32_t owner,
                                         int64_t now_us);
CR_API cr_status cr_return_calls_withdraw_opt_out(cr_return_calls *calls,
                                                  uint64_t person,
                                                  uint32_t owner,
                                                  int64_t now_us);
CR_API int32_t cr_return_calls_opted_out(const cr_return_calls *calls,
                                         uint64_t person, uint32_t owner);
// Forgets what was shown to this person and all aliases; opt-outs stay.
CR_API cr_status cr_return_calls_forget(cr_return_calls *calls, uint64_t person,
                                        int64_t now_us);

// --- Time and looking ---

CR_API cr_status cr_return_calls_advance(cr_return_calls *calls,
                                         int64_t now_us);
CR_API int64_t cr_return_calls_next_deadline(const cr_return_calls *calls);
CR_API cr_status cr_return_calls_rebase_clock(cr_return_calls *calls,
                                              int64_t delta_us, int64_t now_us);
// When nobody will be remembered any more who may ring `number` back;
// CR_ALWAYS: nobody is.
CR_API cr_status cr_return_calls_releasable_at(const cr_return_calls *calls,
                                               uint64_t number, int64_t *at_us);
typedef struct cr_return_calls_stats {
  size_t struct_size;
  uint64_t shown, expired, crowded, refused, resolved, one, many;
  uint64_t clock_regressions;
  uint64_t entries, numbers, aliases, opt_outs;
  uint64_t entry_bytes, number_bytes, other_bytes;
} cr_return_calls_stats;
CR_API cr_status cr_return_calls_get_stats(const cr_return_calls *calls,
                                           cr_return_calls_stats *stats);
CR_API cr_status cr_return_calls_check_invariants(const cr_return_calls *calls,
                                                  cr_faults *faults);

#ifdef __cplusplus
}
#endif

#endif  // CALLROUTER_C_RETURN_CALLS_H_
