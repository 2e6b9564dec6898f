// callrouter_c_number_values.h
//
// States of numbers, what became of calls, and why a number was chosen or none
// was. The numbers are kept in journals and never change.
//
//   puts(cr_block_name(choice.block));   // "cool-down"
//
// Include callrouter_c.h; its conventions hold here. As callrouter/
// number_health.h and number_choice.h.

#ifndef CALLROUTER_C_NUMBER_VALUES_H_
#define CALLROUTER_C_NUMBER_VALUES_H_

#include "callrouter_c_base.h"

#ifdef __cplusplus
extern "C" {
#endif

// Where a number is in its life. Caps hold in every state.
typedef enum cr_number_state {
  CR_NUMBER_NEW = 0,  // Never shown so far. May be, with the first of its ramp.
  CR_NUMBER_WARMING = 1,  // Shown, with a ramp of its caps.
  CR_NUMBER_ACTIVE = 2,   // Shown.
  CR_NUMBER_SUSPECT = 3,  // Shown after the others, with a share of its caps
                          // (more only when there is no other number).
  CR_NUMBER_RESTING = 4,  // Not shown.
  // Shown, with a small share of its caps; more as above.
  CR_NUMBER_PROBING = 5,
  CR_NUMBER_RESERVED = 6,  // Shown only when a request wants this very number.
  CR_NUMBER_HELD = 7,      // No longer shown; people still ring it back.
  CR_NUMBER_RETIRED = 8,   // Not shown.
} cr_number_state;

// What became of a call.
typedef enum cr_call_outcome {
  CR_OUTCOME_NONE = 0,  // Nothing is known yet. Not to be reported.
  CR_OUTCOME_ANSWERED = 1,
  CR_OUTCOME_NO_ANSWER = 2,
  CR_OUTCOME_BUSY = 3,
  CR_OUTCOME_REJECTED = 4,  // By the called person or their telephone.
  CR_OUTCOME_MACHINE = 5,   // Answered by a machine.
  CR_OUTCOME_FAILED = 6,    // It never rang.
  // By the network, at the wish of a subscriber who wants no mass calls. Says
  // nothing of the number.
  CR_OUTCOME_REFUSED_BY_OPERATOR = 7
} cr_call_outcome;

// What somebody outside says of a number.
typedef enum cr_number_verdict {
  CR_VERDICT_LABELLED = 0,       // It is shown as spam.
  CR_VERDICT_LABEL_REMOVED = 1,  // No longer.
  CR_VERDICT_COMPLAINT = 2
} cr_number_verdict;

// Why a number's state changed.
typedef enum cr_state_reason {
  CR_STATE_HOST = 0,         // cr_number_pool_set_state.
  CR_STATE_FIRST_SHOWN = 1,  // new -> warming or active
  CR_STATE_WARMED_UP = 2,    // warming -> active
  CR_STATE_SUSPICION = 3,    // -> suspect
  CR_STATE_CLEARED = 4,      // suspect -> active
  CR_STATE_ALARM = 5,        // -> resting: `rest_at`
  CR_STATE_REST_LIMIT = 6,   // Too many rest: -> suspect, or resting -> probing
  CR_STATE_UNDECIDED = 7,    // suspect -> probing
  CR_STATE_REST_OVER = 8,    // resting -> probing
  CR_STATE_LABEL_REMOVED = 9,  // resting -> probing, suspect -> active
  CR_STATE_PROBE_PASSED = 10,  // probing -> active
  CR_STATE_PROBE_FAILED = 11,  // probing -> resting, suspect or held
  CR_STATE_HOLD_OVER = 12,     // held -> retired
} cr_state_reason;

// What chose the number.
typedef enum cr_chosen_by {
  CR_CHOSEN_NOBODY = 0,  // There is no number: see cr_no_number.
  CR_CHOSEN_WANTED = 1,  // The request named it.
  CR_CHOSEN_STICKY = 2,  // The callee knows it.
  CR_CHOSEN_ORDER = 3,   // The campaign's order, among the nearest.
  // None is free: the nearest suspect or probing one, beyond its share of its
  // caps (see NumberCaps in callrouter/number_rules.h).
  CR_CHOSEN_SHORTAGE = 4
} cr_chosen_by;

// Where it was found.
typedef enum cr_rung {
  CR_RUNG_NONE = 0,
  CR_RUNG_REGION = 1,     // In the callee's region.
  CR_RUNG_NEIGHBOUR = 2,  // In a neighbour of it.
  CR_RUNG_PARENT = 3,     // In a larger region.
  CR_RUNG_COUNTRY = 4,    // In the callee's country.
  CR_RUNG_ANYWHERE = 5
} cr_rung;

// Why a number is not free now. Of several the one that holds longest.
typedef enum cr_block {
  CR_BLOCK_FREE = 0,
  CR_BLOCK_OUT_OF_SERVICE = 1,  // By its NumberState.
  CR_BLOCK_UNVERIFIED = 2,      // Not found to be answered for too long.
  CR_BLOCK_CONCURRENT = 3,      // As many calls at once as it may.
  CR_BLOCK_COOL_DOWN = 4,
  CR_BLOCK_MINUTE_CAP = 5,
  CR_BLOCK_HOUR_CAP = 6,
  CR_BLOCK_DAY_CAP = 7,
  CR_BLOCK_WEEK_CAP = 8,
  CR_BLOCK_LOCAL_DAY_CAP = 9,
  CR_BLOCK_CALLEES_CAP = 10
} cr_block;

// What became of the number the callee knows.
typedef enum cr_sticky_break {
  CR_STICKY_NOT_BROKEN = 0,  // It was chosen, or there is none.
  CR_STICKY_GONE = 1,        // No longer in the pool.
  // Not for this campaign, trunk or destination (any more).
  CR_STICKY_UNLAWFUL = 2,
  CR_STICKY_BLOCKED = 3,  // See `sticky_block`.
  CR_STICKY_CARRIER_CAP = 4,
  // Another campaign showed it too: distinct_per_campaign.
  CR_STICKY_ELSEWHERE = 5,
} cr_sticky_break;

// Why there is none; of 2 to 10 the first that applies.
typedef enum cr_no_number {
  CR_NO_NUMBER_THERE_IS_ONE = 0,
  CR_NO_NUMBER_UNKNOWN_NUMBER = 1,  // The wanted number is not in the pool.
  // No group is for this campaign (owner, label, ...).
  CR_NO_NUMBER_NOT_FOR_CAMPAIGN = 2,
  CR_NO_NUMBER_NOT_ON_TRUNK = 3,  // None of these on this trunk, so attested.
  CR_NO_NUMBER_NOT_FOR_COUNTRY = 4,  // None of these for the callee's country.
  // Label or right to use not valid; `retry_at` says.
  CR_NO_NUMBER_NOT_VALID_NOW = 5,
  CR_NO_NUMBER_OUT_OF_REACH = 6,  // No number so near.
  CR_NO_NUMBER_CARRIER_CAP = 7,   // Free ones had enough calls to this carrier.
  CR_NO_NUMBER_ONLY_KNOWN = 8,    // Free ones are among those to avoid.
  CR_NO_NUMBER_REGION_RESERVE = 9,  // Free ones are kept for their own region.
  CR_NO_NUMBER_ALL_BLOCKED = 10,    // See `block`: of the first to become free.
  CR_NO_NUMBER_KNOWN_NUMBER = 11,   // Stickiness required, and see `broken`.
  CR_NO_NUMBER_WANTED_UNLAWFUL = 12,  // The wanted number is not for this call.
} cr_no_number;

// Short words for logs; "unknown" for a number that is none.
CR_API const char *cr_number_state_name(int32_t state);
CR_API const char *cr_call_outcome_name(int32_t outcome);
CR_API const char *cr_number_verdict_name(int32_t verdict);
CR_API const char *cr_state_reason_name(int32_t reason);
CR_API const char *cr_rung_name(int32_t rung);
CR_API const char *cr_block_name(int32_t block);
CR_API const char *cr_sticky_break_name(int32_t broken);
CR_API const char *cr_no_number_name(int32_t none);

#ifdef __cplusplus
}
#endif

#endif  // CALLROUTER_C_NUMBER_VALUES_H_
