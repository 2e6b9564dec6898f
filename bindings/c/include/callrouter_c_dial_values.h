// callrouter_c_dial_values.h
//
// States of leads and why one is not dialled; how campaigns are paced and what
// stops them. The numbers are kept in journals and never change.
//
//   puts(cr_lead_block_name(reason->block));   // "do not call"
//
// Include callrouter_c.h; its conventions hold here. As callrouter/
// lead_choice.h, pacing_rules.h and pacer.h.

#ifndef CALLROUTER_C_DIAL_VALUES_H_
#define CALLROUTER_C_DIAL_VALUES_H_

#include "callrouter_c_base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cr_lead_state {
  CR_LEAD_WAITING = 0,    // For its time, its turn, or a cap.
  CR_LEAD_TAKEN = 1,      // Reserved or being called.
  CR_LEAD_PAUSED = 2,     // By the host.
  CR_LEAD_DONE = 3,       // Success.
  CR_LEAD_EXHAUSTED = 4,  // Never again: caps, rules, or no number left.
  CR_LEAD_EXPIRED = 5,    // Its time is over.
} cr_lead_state;

// Why a lead is not dialled. The numbers are kept in journals.
typedef enum cr_lead_block {
  CR_LEAD_BLOCK_NONE = 0,
  CR_LEAD_BLOCK_TAKEN = 1,
  CR_LEAD_BLOCK_PAUSED = 2,
  CR_LEAD_BLOCK_LIST_PAUSED = 3,
  CR_LEAD_BLOCK_CAMPAIGN_PAUSED = 4,
  CR_LEAD_BLOCK_DONE = 5,
  CR_LEAD_BLOCK_EXHAUSTED = 6,
  CR_LEAD_BLOCK_EXPIRED = 7,
  CR_LEAD_BLOCK_NO_CONSENT = 8,
  CR_LEAD_BLOCK_NOT_DUE = 9,
  CR_LEAD_BLOCK_CLOSED = 10,  // Outside the hours of a law.
  CR_LEAD_BLOCK_CAP = 11,     // A cap, or what the law says of the last call.
  CR_LEAD_BLOCK_NEEDS_AGENT = 12,  // Only with an agent already reserved.
  CR_LEAD_BLOCK_PERSONAL = 13,     // Waits for its own agent.
  CR_LEAD_BLOCK_BUSY_NUMBER = 14,  // The number is in another call.
  CR_LEAD_BLOCK_DO_NOT_CALL = 15,
  CR_LEAD_BLOCK_REASSIGNED = 16,  // The number is somebody else's now.
  CR_LEAD_BLOCK_UNCHECKED = 17,   // And whether it is was not found out.
  CR_LEAD_BLOCK_GUARD = 18,       // Not among the numbers that may be dialled.
  CR_LEAD_BLOCK_NUMBER_OVER =
      19,                     // This number of the lead is not dialled again.
  CR_LEAD_BLOCK_QUOTA = 20,   // The list has its quota.
  CR_LEAD_BLOCK_NO_LAW = 21,  // No law of the campaign holds at the number.
  CR_LEAD_BLOCK_BEHIND = 22,  // Others go first.
} cr_lead_block;

// Whether a number still is the person's; see `check_required` of a
// campaign.
typedef enum cr_number_check {
  CR_CHECK_UNKNOWN = 0,
  CR_CHECK_SAME = 1,
  CR_CHECK_REASSIGNED = 2
} cr_number_check;

typedef enum cr_pacing_mode {
  // Agents look at each lead and start the call themselves: no lines.
  CR_PACING_PREVIEW = 0,
  CR_PACING_PROGRESSIVE = 1,  // One line for each free agent.
  CR_PACING_POWER = 2,        // `lines_per_agent_permille` for each free agent.
  CR_PACING_PREDICTIVE = 3,   // As many as the drops permit. See pacer.h.
  // The agent's leg is connected first, then one line is dialled for it: a
  // drop is not possible as long as the agent stays.
  CR_PACING_AGENT_FIRST = 4,
  // A message is played: lines are limited by `lines_max`.
  CR_PACING_AGENTLESS = 5,
  // Each free agent looks at a lead for `preview_time`, then the call starts:
  // Pacer::BeginPreview. Plans say how many previews to begin.
  CR_PACING_TIMED_PREVIEW = 6,
} cr_pacing_mode;

// How the cap of a window is kept.
typedef enum cr_drop_promise {
  // CR_PROMISE_STRICT for windows that permit fewer than ten drops, otherwise
  // CR_PROMISE_BUDGET.
  CR_PROMISE_AUTO = 0,
  // The window ends above its cap with a chance of `overrun_permille` at most.
  CR_PROMISE_BUDGET = 1,
  // A line starts only if the drops so far, and all that could follow if every
  // line in flight were answered at once, stay within the cap of the answers
  // so far. Agents who leave can break that; such drops are counted apart.
  CR_PROMISE_STRICT = 2
} cr_drop_promise;

// Over which time drops are counted.
typedef enum cr_window_kind {
  CR_WINDOW_CALENDAR_DAY = 0,    // Civil; `length` is ignored.
  CR_WINDOW_CALENDAR_MONTH = 1,  // The same.
  // One after the other, of `length`, from the pacer's creation: "each
  // successive 30 days".
  CR_WINDOW_SUCCESSIVE = 2,
  // The last `length`, at any time; counted in steps of a 96th of it, in
  // doubt against us.
  CR_WINDOW_ROLLING = 3
} cr_window_kind;

typedef enum cr_dial_agent {
  CR_AGENT_AWAY = 0,   // Logged out, or in a break.
  CR_AGENT_READY = 1,  // Waits for a call.
  CR_AGENT_BUSY = 2,   // Talks or wraps up, and will be ready then.
  CR_AGENT_LAST = 3,   // The same, and will be away then.
  // Looks at a lead: BeginPreview.
  CR_AGENT_PREVIEW = 4,
} cr_dial_agent;

typedef enum cr_line_event {
  CR_LINE_PERSON = 0,     // Answered; by a person as far as is known.
  CR_LINE_MACHINE = 1,    // Judged a machine, at any time, and released.
  CR_LINE_NO_ANSWER = 2,  // Rang in vain.
  CR_LINE_BUSY = 3,       // The called party is.
  CR_LINE_FAILED = 4,     // Never rang.
  CR_LINE_CANCELLED = 5,  // The host gave up early: says nothing of the callee.
  // --- After CR_LINE_PERSON ---
  CR_LINE_DROPPED = 6,  // No agent in time.
  CR_LINE_HUNG_UP = 7,  // The person did, before that time: no drop.
  // --- Optional, for the seconds and the record; each once ---
  // The first ring.
  CR_LINE_RINGING = 8,
  // Picked up; by whom is found out now.
  CR_LINE_ANSWERED = 9,
  // Whoever picked up began to speak, after kAnswered
  CR_LINE_GREETING_BEGAN = 10,
  // or kPerson; and has finished.
  CR_LINE_GREETING_ENDED = 11,
  // --- After Bridged, or after an order to let the person go ---
  // The conversation, the message. The agent may be busy on.
  CR_LINE_ENDED = 12,
  // The agent found a machine; until the agent is no longer busy. It is no
  // answer by a person then, and no drop. What was learned stays: such a call
  // needs an agent too. A strict cap may have rested on the answer.
  CR_LINE_WAS_MACHINE = 13,
} cr_line_event;

// What stopped a campaign from starting more lines.
typedef enum cr_pacing_limit {
  CR_LIMIT_PRICE = 0,   // One more would be dropped too likely.
  CR_LIMIT_BUDGET = 1,  // A window could end above its cap.
  CR_LIMIT_STRICT = 2,  // All lines answered at once would break the cap.
  CR_LIMIT_ONE_PER_AGENT = 3,  // The mode's own rule.
  CR_LIMIT_NO_AGENT = 4,       // Nobody is or will be free.
  CR_LIMIT_LINES = 5,          // lines_max, of the campaign or of all.
  CR_LIMIT_RATE = 6,           // starts_per_second, of the campaign or of all.
  CR_LIMIT_NOT_RUNNING = 7,
  CR_LIMIT_BY_HAND = 8,  // CR_PACING_PREVIEW.
  CR_LIMIT_BATCH = 9,    // More may follow: Plan again after these are dialled.
  // records_max: TakeRecords makes room.
  CR_LIMIT_RECORDS = 10,
  // lines_max of all carriers it may use.
  CR_LIMIT_CARRIER_LINES = 11,
  // Their starts_per_second.
  CR_LIMIT_CARRIER_RATE = 12,
} cr_pacing_limit;

// Short words for logs; "unknown" for a number that is none.
CR_API const char *cr_lead_state_name(int32_t state);
CR_API const char *cr_lead_block_name(int32_t block);
CR_API const char *cr_pacing_mode_name(int32_t mode);
CR_API const char *cr_drop_promise_name(int32_t promise);
CR_API const char *cr_window_kind_name(int32_t kind);
CR_API const char *cr_dial_agent_name(int32_t state);
CR_API const char *cr_line_event_name(int32_t event);
CR_API const char *cr_pacing_limit_name(int32_t limit);

#ifdef __cplusplus
}
#endif

#endif  // CALLROUTER_C_DIAL_VALUES_H_
