// callrouter_c_engine_values.h
//
// What an engine answers, in numbers: kinds of
// decisions, causes and reasons; events are in callrouter_c_event_values.h.
// They are kept in journals and never change.
//
//   puts(cr_reason_name(decision->reason));   // "longest-idle"
//
// Include callrouter_c.h; its conventions hold here. As callrouter/
// decision.h, which also says which decisions want a result, and by when.

#ifndef CALLROUTER_C_ENGINE_VALUES_H_
#define CALLROUTER_C_ENGINE_VALUES_H_

#include "callrouter_c_event_values.h"

#ifdef __cplusplus
extern "C" {
#endif

// Why a call is hung up or refused. In journals: never renumber.
typedef enum cr_cause {
  CR_CAUSE_NONE = 0,
  CR_CAUSE_NORMAL = 1,
  CR_CAUSE_BUSY = 2,
  CR_CAUSE_CONGESTION = 3,
  CR_CAUSE_NO_ANSWER = 4,
  CR_CAUSE_CLOSED = 5,
  CR_CAUSE_DECLINED = 6,
  CR_CAUSE_FAILED = 7,
  // Unknown to the host after a reconnect, or silent too long.
  CR_CAUSE_LOST = 8,
  CR_CAUSE_ABANDONED = 9
} cr_cause;

// In journals: never renumber.
typedef enum cr_decision_kind {
  CR_DECISION_NONE = 0,
  CR_DECISION_OFFER = 1,          // Ring `agent` with `call` until `deadline`.
  CR_DECISION_CANCEL_OFFER = 2,   // Stop ringing `agent`.
  CR_DECISION_CONNECT = 3,        // Join `call` and `agent`.
  CR_DECISION_RELEASE_AGENT = 4,  // Hang up `agent`'s leg: too late.
  // The call waits in `queue`; value: calls waiting there.
  CR_DECISION_QUEUED = 5,
  // Ring `destination` with `call` until `deadline`.
  CR_DECISION_RING_OUTSIDE = 6,
  CR_DECISION_CANCEL_OUTSIDE = 7,
  CR_DECISION_SEND_OUTSIDE = 8,  // Send `call` to `destination` for good.
  CR_DECISION_HANG_UP = 9,       // End the call with `cause`.
  // Do not let the call in; `cause` says why to the caller.
  CR_DECISION_REFUSE = 10,
  CR_DECISION_STEP = 11,  // An overflow step took effect; value: its index.
  CR_DECISION_AGENT_PAUSED = 12,   // By rule: too many misses.
  CR_DECISION_AGENT_RESUMED = 13,  // The timed pause is over.
  CR_DECISION_AGENT_READY = 14,    // Wrap-up is over.
  CR_DECISION_CONFIRM_ALIVE = 15,  // Is `call` still there?
  // The call was closed: lost, or ended before it began.
  CR_DECISION_CLOSED = 16,
  // The host came late; value: by how many milliseconds.
  CR_DECISION_LATE = 17,

  // --- Outbound ---
  // So many lines of `campaign` (value) are begun now; reason: what stopped
  // more of them, price_ppm: the chance of the next to be dropped.
  CR_DECISION_PACED = 18,
  CR_DECISION_DIAL = 19,  // Dial `number`, show `shown`, until `deadline`.
  // Stop dialing, or hang up the person's leg: too late.
  CR_DECISION_CANCEL_DIAL = 20,
  // A number to show, from the pool of another shard.
  CR_DECISION_NEED_NUMBER = 21,
  // May `number` be dialled, as far as other shards know?
  CR_DECISION_NEED_LOCK = 22,
  // `call` was not served in time; it waits on (CR_REASON_HOLD).
  CR_DECISION_DROPPED = 23,
  CR_DECISION_PLAY_MESSAGE = 24,  // Play the message to `call`, then end it.
  // reason: how. value: disposition, by its index in rules.
  CR_DECISION_ATTEMPT_OVER = 25,
  // `call` rings back `shown`: to `lead` and `campaign` if one is certain;
  // value: the ReturnRung.
  CR_DECISION_RETURN_CALL = 26
} cr_decision_kind;

// Why. In journals: never renumber.
typedef enum cr_reason {
  CR_REASON_NONE = 0,
  // Why this agent (CR_DECISION_OFFER).
  CR_REASON_LONGEST_IDLE = 1,
  CR_REASON_LONGEST_READY = 2,
  CR_REASON_FEWEST_CALLS = 3,
  CR_REASON_LEAST_TALK_TIME = 4,
  CR_REASON_LEAST_OCCUPIED = 5,
  CR_REASON_MOST_SKILLED = 6,
  CR_REASON_LEAST_SKILLED = 7,
  CR_REASON_ROUND_ROBIN = 8,
  CR_REASON_LINEAR = 9,
  CR_REASON_RANDOM = 10,
  CR_REASON_WEIGHTED_RANDOM = 11,
  CR_REASON_PREFERRED_AGENT = 12,  // Named or last agent.
  // Why not yet (CR_DECISION_QUEUED).
  CR_REASON_NOBODY_FREE = 32,        // No free agent fits.
  CR_REASON_NOBODY_LOGGED_IN = 33,   // Nobody who fits is logged in.
  CR_REASON_RESERVED = 34,           // Free agents are kept for others.
  CR_REASON_WAITING_FOR_AGENT = 35,  // For the named or last agent.
  CR_REASON_SKIPPED = 36,          // Free agents have just missed this caller.
  CR_REASON_STILL_SEARCHING = 37,  // The search goes on at once.
  // Why ended, refused, cancelled, returned.
  CR_REASON_ANSWERED_ELSEWHERE = 64,
  CR_REASON_CALLER_GONE = 65,
  CR_REASON_RING_TIMEOUT = 66,
  CR_REASON_OVERFLOW = 68,  // A step of the plan.
  CR_REASON_PLAN_END = 69,  // The plan's last action: moved too often.
  CR_REASON_CLOSED_HOURS = 70,
  CR_REASON_FULL = 71,
  CR_REASON_NOBODY_AVAILABLE = 72,
  // CR_DECISION_QUEUED: back in its place from an outside ring.
  CR_REASON_OUTSIDE_FAILED = 73,
  CR_REASON_CONNECT_TIMEOUT = 74,
  CR_REASON_AGENT_GONE = 75,  // Logged out or paused while ringing.
  CR_REASON_SILENT = 76,      // No event for audit_after.
  CR_REASON_LOST = 77,        // Not named between SyncBegin and SyncEnd.
  CR_REASON_ENDED_BEFORE_BEGIN = 78,
  CR_REASON_TOO_LATE = 79,  // The other side of a race came first.
  // CR_DECISION_CANCEL_OFFER: the new one has no such agent.
  CR_REASON_CONFIGURATION = 80,
  CR_REASON_MISSES = 81,
  CR_REASON_TIMER = 82,
  CR_REASON_STALL = 83,  // The host was away; nobody is charged.
  CR_REASON_MOVED_BY_HOST = 84,
  // Why dialled, and how it ended.
  // CR_DECISION_DIAL: its turn by the campaign's order.
  CR_REASON_LEAD_DUE = 96,
  // CR_DECISION_DIAL: agreed upon with the person.
  CR_REASON_LEAD_CALLBACK = 97,
  // CR_DECISION_CONNECT: answered; the agent is not rung.
  CR_REASON_DIALLED = 98,
  CR_REASON_DROPPED = 99,  // Nobody in time.
  CR_REASON_HOLD = 100,    // CR_REASON_DROPPED: may wait on by rule.
  CR_REASON_MACHINE = 101,
  CR_REASON_DISPOSITION = 102,  // CR_DECISION_ATTEMPT_OVER: as the agent said.
  // CR_DECISION_ATTEMPT_OVER: nobody said in time.
  CR_REASON_NO_DISPOSITION = 103,
  // CR_DECISION_ATTEMPT_OVER: busy, no answer and so on.
  CR_REASON_NOT_ANSWERED = 104,
  CR_REASON_NO_NUMBER = 105,  // CR_DECISION_ATTEMPT_OVER: none to show.
  CR_REASON_NO_LOCK = 106,
  // CR_DECISION_ATTEMPT_OVER: no answer to a question in time.
  CR_REASON_NOT_GRANTED = 107,
  // What stopped more lines (CR_DECISION_PACED): 112 + PacingLimit.
  CR_REASON_PACED_PRICE = 112,
  CR_REASON_PACED_BUDGET = 113,
  CR_REASON_PACED_STRICT = 114,
  CR_REASON_PACED_ONE_PER_AGENT = 115,
  CR_REASON_PACED_NO_AGENT = 116,
  CR_REASON_PACED_LINES = 117,
  CR_REASON_PACED_RATE = 118,
  CR_REASON_PACED_NOT_RUNNING = 119,
  CR_REASON_PACED_BY_HAND = 120,
  CR_REASON_PACED_BATCH = 121,
  CR_REASON_PACED_RECORDS = 122,
  CR_REASON_PACED_CARRIER_LINES = 123,
  CR_REASON_PACED_CARRIER_RATE = 124,
} cr_reason;

// The one place a call is in.
typedef enum cr_call_place {
  CR_PLACE_NONE = 0,        // Not in the engine.
  CR_PLACE_WAITING = 1,     // In one or more queues.
  CR_PLACE_OFFERED = 2,     // Ringing one or more agents; its place is kept.
  CR_PLACE_CONNECTING = 3,  // An agent answered; legs being joined.
  CR_PLACE_CONNECTED = 4,   // With an agent.
  CR_PLACE_OUTSIDE = 5,     // Ringing outside; its place is kept.
  // Left its agent (parked, transferred); may come back.
  CR_PLACE_WITH_HOST = 6,
} cr_call_place;

// In records: never renumber.
typedef enum cr_record_kind {
  CR_RECORD_EVENT = 1,          // Handle(event, now)
  CR_RECORD_ADVANCE = 2,        // Advance(now)
  CR_RECORD_CONFIGURATION = 3,  // Apply(configuration, now)
} cr_record_kind;

// Short words for logs; "unknown" for a number that is none.
CR_API const char *cr_decision_kind_name(int32_t kind);
CR_API const char *cr_reason_name(int32_t reason);
CR_API const char *cr_cause_name(int32_t cause);

#ifdef __cplusplus
}
#endif

#endif  // CALLROUTER_C_ENGINE_VALUES_H_
