// callrouter_c_event_values.h
//
// What an engine is told, in numbers: kinds of events and what goes with them.
// They are kept in journals and never change.
//
//   puts(cr_event_kind_name(CR_EVENT_CALL_ARRIVED));   // "call-arrived"
//
// Include callrouter_c.h; its conventions hold here. As callrouter/event.h.

#ifndef CALLROUTER_C_EVENT_VALUES_H_
#define CALLROUTER_C_EVENT_VALUES_H_

#include "callrouter_c_base.h"

#ifdef __cplusplus
extern "C" {
#endif

// In recorded events: never renumber.
typedef enum cr_event_kind {
  CR_EVENT_NONE = 0,

  // --- Calls (subject: call / call_ref) ---
  // A call wants an agent. Reads queue, call_ref (required, unique among the
  // living), priority, duration (age the call brings along), agent/agent_ref
  // (named or last agent to wait for, for the queue's preferred_patience),
  // text (a requirement of its own, in addition to the queue's).
  // Without queue, a return call: reads called and caller (none: withheld);
  // whom was shown `called` decides queue and agent.
  CR_EVENT_CALL_ARRIVED = 1,
  // The caller is gone, or the call is over for any reason. Reads cause.
  CR_EVENT_CALL_ENDED = 2,
  // Answer to ConfirmAlive: the call still exists.
  CR_EVENT_CALL_ALIVE = 3,
  // New priority for a call. Reads priority. Takes effect at once.
  CR_EVENT_CALL_PRIORITY = 4,
  // Replaces the call's own requirement. Reads text.
  CR_EVENT_CALL_REQUIREMENT = 5,
  // Puts the call (waiting, connected or with the host) into `queue`, keeping
  // its age. A connected agent is released as by a blind transfer.
  CR_EVENT_CALL_QUEUED = 6,
  // An attended transfer is complete: `agent` now has the call.
  CR_EVENT_CALL_TRANSFERRED = 7,
  CR_EVENT_CALL_JOINED = 8,  // Conference: a further agent. Not built yet.

  // --- Offers (subject: offer; or call and agent) ---
  CR_EVENT_OFFER_ACCEPTED = 16,    // The agent answered.
  CR_EVENT_OFFER_CONNECTING = 17,  // The two legs are being joined.
  CR_EVENT_OFFER_CONNECTED = 18,   // Caller and agent hear each other.
  CR_EVENT_OFFER_DECLINED = 19,
  CR_EVENT_OFFER_NO_ANSWER = 20,
  CR_EVENT_OFFER_BUSY = 21,
  CR_EVENT_OFFER_FAILED = 22,  // Could not be rung at all.
  // The host cancelled the ringing for its own reasons.
  CR_EVENT_OFFER_CANCELLED = 23,
  CR_EVENT_CONNECT_FAILED = 24,  // Answered, but the legs could not be joined.

  // --- Results of decisions (subject: sequence) ---
  CR_EVENT_DONE = 32,
  CR_EVENT_FAILED = 33,  // Reads cause.

  // --- Agents (subject: agent / agent_ref) ---
  CR_EVENT_AGENT_ADDED = 48,    // A new agent. Reads agent_ref, text (name).
  CR_EVENT_AGENT_REMOVED = 49,  // Must be logged out and without calls.
  CR_EVENT_AGENT_LOGIN = 50,    // Logged in and ready; with value != 0, paused.
  CR_EVENT_AGENT_LOGOUT = 51,   // No further offers; present calls go on.
  CR_EVENT_AGENT_READY = 52,    // Ends wrap-up, pause and cool-off at once.
  CR_EVENT_AGENT_PAUSED = 53,   // Reads text (reason). Present calls go on.
  // The agent's part in a call is over. Reads release; call/call_ref may be
  // left out when the agent has one call only.
  CR_EVENT_AGENT_RELEASED = 54,
  CR_EVENT_AGENT_BUSY_OUTSIDE = 55,  // In a call the engine does not know.
  CR_EVENT_AGENT_FREE_OUTSIDE = 56,  // That call is over.
  // Reads text (skill), value (level, 0 removes it).
  CR_EVENT_AGENT_SKILL = 57,
  // Reads text (attribute), text2 (value, "" removes).
  CR_EVENT_AGENT_ATTRIBUTE = 58,
  CR_EVENT_AGENT_MEMBER = 59,      // Joins or changes: queue, value (penalty),
                                   // value2 (position).
  CR_EVENT_AGENT_NOT_MEMBER = 60,  // Leaves queue.
  // Reads text (medium), value (simultaneous, 0 none).
  CR_EVENT_AGENT_CAPACITY = 61,

  // --- Clocks and the state of the connection ---
  CR_EVENT_WALL_CLOCK = 80,  // Civil time is now + duration. For opening hours.
  // The host's clock jumped by duration, and `now` is the time after the jump:
  // nothing ages by it, deadlines move along.
  CR_EVENT_CLOCK_REBASE = 81,
  // After a reconnect: the host states what exists. Nothing is offered until
  // it has (callrouter/engine.h, "Crossing events"); what rings or is connected
  // goes on.
  CR_EVENT_SYNC_BEGIN = 82,
  // A call exists. Reads call/call_ref, sync_place; agent/agent_ref when
  // connected; queue, priority, duration (age) when the engine must take up
  // a call it does not know.
  CR_EVENT_SYNC_CALL = 83,
  // An agent is there. Reads agent/agent_ref, sync_agent. One that logs in
  // meanwhile is there too.
  CR_EVENT_SYNC_AGENT = 84,
  // Calls not named are closed, agents not named logged out, CR_REASON_LOST.
  CR_EVENT_SYNC_END = 85,
  // An attempt exists: asked for, ringing, or awaiting its disposition. One
  // that was answered is named with its call.
  CR_EVENT_SYNC_ATTEMPT = 86,

  // --- Outbound (subject: attempt); only with a setup ---
  // Reads progress; for CR_PROGRESS_PERSON call_ref (the leg, new) and
  // duration: how long ago the time began within which somebody must speak. [0,
  // 10 min]
  CR_EVENT_ATTEMPT_PROGRESS = 129,
  // How it ended. Reads result, text (its disposition; empty: by the setup),
  // and with one that agrees upon a callback duration (from now on), duration2
  // (length of its window, infinite: none), value != 0: for the lead's owner.
  CR_EVENT_ATTEMPT_RESULT = 130,
  // Answers to CR_DECISION_NEED_NUMBER. Granted: reads number. Refused: reads
  // duration, before which asking again is useless (zero: not known); with
  // value != 0 there is none for this lead only.
  CR_EVENT_NUMBER_GRANTED = 131,
  CR_EVENT_NUMBER_REFUSED = 132,
  // Answers to CR_DECISION_NEED_LOCK. Refused: the number is in a call
  // elsewhere.
  CR_EVENT_LOCK_GRANTED = 133,
  CR_EVENT_LOCK_REFUSED = 134,

  // --- Of later releases: answered with CR_UNIMPLEMENTED ---
  CR_EVENT_MEDIA_STARTED = 112,
  CR_EVENT_MEDIA_ENDED = 113,
  CR_EVENT_DIGITS = 114,
  CR_EVENT_ANNOUNCEMENT_ENDED = 115,
  CR_EVENT_CALLBACK_REQUESTED = 116,
  CR_EVENT_CONSULT_STARTED = 117,
  CR_EVENT_SCORE = 118,
  CR_EVENT_LEAD_ADDED = 128
} cr_event_kind;

// How an agent's part in a call ended. In recorded events: never renumber.
typedef enum cr_release {
  CR_RELEASE_ENDED = 0,  // Agent hung up; the caller may still be there.
  CR_RELEASE_BLIND_TRANSFER = 1,     // The call went on to somebody else.
  CR_RELEASE_ATTENDED_TRANSFER = 2,  // The same, after a consultation.
  CR_RELEASE_CONFERENCE = 3,         // Left a conference that goes on.
  CR_RELEASE_PARKED = 4,             // The call is parked with the host.
} cr_release;

// Where the host knows a call to be. In recorded events: never renumber.
typedef enum cr_sync_place {
  CR_SYNC_WAITING = 1,
  CR_SYNC_RINGING = 2,    // At `agent`.
  CR_SYNC_CONNECTED = 3,  // With `agent`.
  CR_SYNC_OUTSIDE = 4,    // At an outside destination.
  CR_SYNC_WITH_HOST = 5,  // Parked, in a dialplan, anywhere else.
} cr_sync_place;

// How the host knows an agent to be. In recorded events: never renumber.
typedef enum cr_sync_agent {
  CR_SYNC_AGENT_LOGGED_OUT = 1,
  CR_SYNC_AGENT_READY = 2,
  CR_SYNC_AGENT_PAUSED = 3
} cr_sync_agent;

// In recorded events: never renumber.
typedef enum cr_attempt_progress {
  CR_PROGRESS_RINGING = 0,
  CR_PROGRESS_PERSON = 1,   // Answered; by a person as far as is known.
  CR_PROGRESS_MACHINE = 2,  // Judged a machine, answered or not.
} cr_attempt_progress;

// In recorded events: never renumber.
typedef enum cr_attempt_result {
  CR_RESULT_DISPOSITION = 0,  // The agent's word, during the talk or after it.
  // --- Nobody answered ---
  CR_RESULT_NO_ANSWER = 1,
  CR_RESULT_BUSY = 2,
  CR_RESULT_REJECTED = 3,
  CR_RESULT_FAILED = 4,     // It never rang.
  CR_RESULT_CANCELLED = 5,  // The host gave it up: says nothing of the callee.
  CR_RESULT_MACHINE = 6,
  CR_RESULT_REFUSED_BY_OPERATOR = 7,  // See cr_call_outcome.
} cr_attempt_result;

// A short word for logs; "unknown" for a number that is none.
CR_API const char *cr_event_kind_name(int32_t kind);

#ifdef __cplusplus
}
#endif

#endif  // CALLROUTER_C_EVENT_VALUES_H_
