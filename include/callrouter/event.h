// callrouter/event.h
//
// What a host tells the engine. One flat value for every event, so that one
// type is delivered, recorded, fuzzed and bound to other languages.
//
//   Event event = Event::CallArrived(/*call_ref=*/42, sales);
//   event.priority = 5;
//   absl::Status status = engine->Handle(event, now, &decisions);
//
// A subject is named by our handle or by the host's own 64-bit reference;
// when both are given the handle decides. The comment at each kind lists the
// fields it reads; others are ignored. What a PBX delivers late, twice or out
// of order is told in engine.h, "Crossing events".
//
// Thread safety: plain values. `text` is read during Handle only.

#ifndef CALLROUTER_EVENT_H_
#define CALLROUTER_EVENT_H_

#include <cstdint>
#include <string_view>

#include "absl/time/time.h"
#include "callrouter/configuration.h"
#include "callrouter/id.h"
#include "callrouter/phone_number.h"

namespace callrouter {

// In recorded events: never renumber.
enum class EventKind : uint8_t {
  kNone = 0,

  // --- Calls (subject: call / call_ref) ---
  // A call wants an agent. Reads queue, call_ref (required, unique among the
  // living), priority, duration (age the call brings along), agent/agent_ref
  // (named or last agent to wait for, for the queue's preferred_patience),
  // text (a requirement of its own, in addition to the queue's).
  // Without queue, a return call: reads called and caller (none: withheld);
  // whom was shown `called` decides queue and agent.
  kCallArrived = 1,
  // The caller is gone, or the call is over for any reason. Reads cause.
  kCallEnded = 2,
  // Answer to ConfirmAlive: the call still exists.
  kCallAlive = 3,
  // New priority for a call. Reads priority. Takes effect at once.
  kCallPriority = 4,
  // Replaces the call's own requirement. Reads text.
  kCallRequirement = 5,
  // Puts the call (waiting, connected or with the host) into `queue`, keeping
  // its age. A connected agent is released as by a blind transfer.
  kCallQueued = 6,
  // An attended transfer is complete: `agent` now has the call.
  kCallTransferred = 7,
  kCallJoined = 8,  // Conference: a further agent. Not built yet.

  // --- Offers (subject: offer; or call and agent) ---
  kOfferAccepted = 16,    // The agent answered.
  kOfferConnecting = 17,  // The two legs are being joined.
  kOfferConnected = 18,   // Caller and agent hear each other.
  kOfferDeclined = 19,
  kOfferNoAnswer = 20,
  kOfferBusy = 21,
  kOfferFailed = 22,     // Could not be rung at all.
  kOfferCancelled = 23,  // The host cancelled the ringing for its own reasons.
  kConnectFailed = 24,   // Answered, but the legs could not be joined.

  // --- Results of decisions (subject: sequence) ---
  kDone = 32,
  kFailed = 33,  // Reads cause.

  // --- Agents (subject: agent / agent_ref) ---
  kAgentAdded = 48,    // A new agent. Reads agent_ref, text (name).
  kAgentRemoved = 49,  // Must be logged out and without calls.
  kAgentLogin = 50,    // Logged in and ready; with value != 0, paused.
  kAgentLogout = 51,   // No further offers; present calls go on.
  kAgentReady = 52,    // Ends wrap-up, pause and cool-off at once.
  kAgentPaused = 53,   // Reads text (reason). Present calls go on.
  // The agent's part in a call is over. Reads release; call/call_ref may be
  // left out when the agent has one call only.
  kAgentReleased = 54,
  kAgentBusyOutside = 55,  // In a call the engine does not know.
  kAgentFreeOutside = 56,  // That call is over.
  kAgentSkill = 57,        // Reads text (skill), value (level, 0 removes it).
  kAgentAttribute = 58,    // Reads text (attribute), text2 (value, "" removes).
  kAgentMember = 59,       // Joins or changes: queue, value (penalty),
                           // value2 (position).
  kAgentNotMember = 60,    // Leaves queue.
  kAgentCapacity = 61,     // Reads text (medium), value (simultaneous, 0 none).

  // --- Clocks and the state of the connection ---
  kWallClock = 80,  // Civil time is now + duration. For opening hours.
  // The host's clock jumped by duration, and `now` is the time after the jump:
  // nothing ages by it, deadlines move along.
  kClockRebase = 81,
  // After a reconnect: the host states what exists. Nothing is offered until
  // it has (engine.h, "Crossing events"); what rings or is connected goes on.
  kSyncBegin = 82,
  // A call exists. Reads call/call_ref, sync_place; agent/agent_ref when
  // connected; queue, priority, duration (age) when the engine must take up
  // a call it does not know.
  kSyncCall = 83,
  // An agent is there. Reads agent/agent_ref, sync_agent. One that logs in
  // meanwhile is there too.
  kSyncAgent = 84,
  // Calls not named are closed, agents not named logged out, reason kLost.
  kSyncEnd = 85,
  // An attempt exists: asked for, ringing, or awaiting its disposition. One
  // that was answered is named with its call.
  kSyncAttempt = 86,

  // --- Outbound (subject: attempt); only with an OutboundSetup ---
  // Reads progress; for kPerson call_ref (the leg, new) and duration: how long
  // ago the time began within which somebody must speak. [0, 10 min]
  kAttemptProgress = 129,
  // How it ended. Reads result, text (its disposition; empty: by the setup),
  // and with one that agrees upon a callback duration (from now on), duration2
  // (length of its window, infinite: none), value != 0: for the lead's owner.
  kAttemptResult = 130,
  // Answers to kNeedNumber. Granted: reads number. Refused: reads duration,
  // before which asking again is useless (zero: not known); with value != 0
  // there is none for this lead only.
  kNumberGranted = 131,
  kNumberRefused = 132,
  // Answers to kNeedLock. Refused: the number is in a call elsewhere.
  kLockGranted = 133,
  kLockRefused = 134,

  // --- Of later releases: answered with kUnimplemented ---
  kMediaStarted = 112,
  kMediaEnded = 113,
  kDigits = 114,
  kAnnouncementEnded = 115,
  kCallbackRequested = 116,
  kConsultStarted = 117,
  kScore = 118,
  kLeadAdded = 128,
};

// How an agent's part in a call ended. In recorded events: never renumber.
enum class Release : uint8_t {
  kEnded = 0,             // Agent hung up; the caller may still be there.
  kBlindTransfer = 1,     // The call went on to somebody else.
  kAttendedTransfer = 2,  // The same, after a consultation.
  kConference = 3,        // Left a conference that goes on.
  kParked = 4,            // The call is parked with the host.
};

// Where the host knows a call to be. In recorded events: never renumber.
enum class SyncPlace : uint8_t {
  kWaiting = 1,
  kRinging = 2,    // At `agent`.
  kConnected = 3,  // With `agent`.
  kOutside = 4,    // At an outside destination.
  kWithHost = 5,   // Parked, in a dialplan, anywhere else.
};

// How the host knows an agent to be. In recorded events: never renumber.
enum class SyncAgent : uint8_t { kLoggedOut = 1, kReady = 2, kPaused = 3 };

// In recorded events: never renumber.
enum class AttemptProgress : uint8_t {
  kRinging = 0,
  kPerson = 1,   // Answered; by a person as far as is known.
  kMachine = 2,  // Judged a machine, answered or not.
};

// In recorded events: never renumber.
enum class AttemptResult : uint8_t {
  kDisposition = 0,  // The agent's word, during the talk or after it.
  // --- Nobody answered ---
  kNoAnswer = 1,
  kBusy = 2,
  kRejected = 3,
  kFailed = 4,     // It never rang.
  kCancelled = 5,  // The host gave it up: says nothing of the callee.
  kMachine = 6,
  kRefusedByOperator = 7,  // See CallOutcome.
};

struct Event {
  EventKind kind = EventKind::kNone;
  Release release = Release::kEnded;
  SyncPlace sync_place = SyncPlace::kWaiting;
  SyncAgent sync_agent = SyncAgent::kReady;
  Cause cause = Cause::kNone;
  AttemptProgress progress = AttemptProgress::kRinging;
  AttemptResult result = AttemptResult::kDisposition;
  int32_t priority = 0;  // Higher first. -1,000,000 to 1,000,000.
  int32_t value = 0;
  int32_t value2 = 0;
  CallId call;
  AgentId agent;
  QueueId queue;
  OfferId offer;
  uint64_t attempt = 0;    // Of the decision that began it.
  uint64_t call_ref = 0;   // 0: not given.
  uint64_t agent_ref = 0;  // 0: not given.
  uint64_t sequence = 0;   // Of the decision a result belongs to.
  absl::Duration duration = absl::ZeroDuration();
  absl::Duration duration2 = absl::ZeroDuration();
  PhoneNumber number;
  PhoneNumber called;
  PhoneNumber caller;
  std::string_view text;
  std::string_view text2;

  static Event Of(EventKind kind) {
    Event event;
    event.kind = kind;
    return event;
  }
  static Event CallArrived(uint64_t call_ref, QueueId queue) {
    Event event = Of(EventKind::kCallArrived);
    event.call_ref = call_ref;
    event.queue = queue;
    return event;
  }
  static Event ForCall(EventKind kind, CallId call) {
    Event event = Of(kind);
    event.call = call;
    return event;
  }
  static Event ForCallRef(EventKind kind, uint64_t call_ref) {
    Event event = Of(kind);
    event.call_ref = call_ref;
    return event;
  }
  static Event ForAgent(EventKind kind, AgentId agent) {
    Event event = Of(kind);
    event.agent = agent;
    return event;
  }
  static Event ForAgentRef(EventKind kind, uint64_t agent_ref) {
    Event event = Of(kind);
    event.agent_ref = agent_ref;
    return event;
  }
  static Event ForOffer(EventKind kind, OfferId offer) {
    Event event = Of(kind);
    event.offer = offer;
    return event;
  }
  static Event ForAttempt(EventKind kind, uint64_t attempt) {
    Event event = Of(kind);
    event.attempt = attempt;
    return event;
  }
  static Event Result(EventKind kind, uint64_t sequence,
                      Cause cause = Cause::kNone) {
    Event event = Of(kind);
    event.sequence = sequence;
    event.cause = cause;
    return event;
  }
};

// "call-arrived" and so on; "unknown" for a number that is none.
std::string_view EventKindName(EventKind kind);

}  // namespace callrouter

#endif  // CALLROUTER_EVENT_H_
