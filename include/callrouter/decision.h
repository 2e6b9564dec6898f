// callrouter/decision.h
//
// What the engine tells its host to do, in the order to do it.
//
//   Decisions decisions;
//   engine->Handle(event, now, &decisions);
//   for (const Decision& d : decisions) pbx.CarryOut(d);
//   decisions.clear();                        // keeps its capacity
//
// Which decisions want a result, by when, and what happens without one:
//
//   decision        result the host sends                without one
//   --------------  -----------------------------------  ------------------
//   kOffer          kOfferAccepted, kOfferDeclined,      at `deadline`:
//                   kOfferNoAnswer, kOfferBusy,          kCancelOffer, as
//                   kOfferFailed, kOfferCancelled        not answered
//   kConnect        kOfferConnected or kDone;            at `deadline`:
//                   kConnectFailed or kFailed            kReleaseAgent, call
//                                                        back in its place
//   kRingOutside    kDone (answered there) or kFailed    at `deadline`:
//                                                        kCancelOutside, call
//                                                        back in its place
//   kConfirmAlive   kCallAlive or kCallEnded             at `deadline`:
//                                                        kClosed, as silent
//   kDial           kAttemptProgress, kAttemptResult     at `deadline`:
//                                                        kCancelDial, as not
//                                                        answered
//   kNeedNumber     kNumberGranted, kNumberRefused       at `deadline`: given
//                                                        up, kAttemptOver
//   kNeedLock       kLockGranted, kLockRefused           the same
//   kHangUp,        none; a later kCallEnded is          the call has left
//   kRefuse,        harmless                             the engine already
//   kSendOutside,
//   kPlayMessage
//   kCancelOffer,   none
//   kReleaseAgent,
//   kCancelOutside,
//   kCancelDial
//   the rest        none: they inform
//
// kReleaseAgent undoes a race: an agent answered after the call was gone or
// won by somebody else; hang up the agent's leg. kCancelDial does so for the
// person called. Every attempt that began with kDial, kNeedNumber or kNeedLock
// ends with one kAttemptOver: a number or lock of another shard is free then.
//
// Thread safety: plain values.

#ifndef CALLROUTER_DECISION_H_
#define CALLROUTER_DECISION_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "callrouter/configuration.h"
#include "callrouter/id.h"
#include "callrouter/phone_number.h"

namespace callrouter {

// In journals: never renumber.
enum class DecisionKind : uint8_t {
  kNone = 0,
  kOffer = 1,         // Ring `agent` with `call` until `deadline`.
  kCancelOffer = 2,   // Stop ringing `agent`.
  kConnect = 3,       // Join `call` and `agent`.
  kReleaseAgent = 4,  // Hang up `agent`'s leg: too late.
  kQueued = 5,        // The call waits in `queue`; value: calls waiting there.
  kRingOutside = 6,   // Ring `destination` with `call` until `deadline`.
  kCancelOutside = 7,
  kSendOutside = 8,   // Send `call` to `destination` for good.
  kHangUp = 9,        // End the call with `cause`.
  kRefuse = 10,       // Do not let the call in; `cause` says why to the caller.
  kStep = 11,         // An overflow step took effect; value: its index.
  kAgentPaused = 12,  // By rule: too many misses.
  kAgentResumed = 13,  // The timed pause is over.
  kAgentReady = 14,    // Wrap-up is over.
  kConfirmAlive = 15,  // Is `call` still there?
  kClosed = 16,        // The call was closed: lost, or ended before it began.
  kLate = 17,          // The host came late; value: by how many milliseconds.

  // --- Outbound ---
  // So many lines of `campaign` (value) are begun now; reason: what stopped
  // more of them, price_ppm: the chance of the next to be dropped.
  kPaced = 18,
  kDial = 19,         // Dial `number`, show `shown`, until `deadline`.
  kCancelDial = 20,   // Stop dialing, or hang up the person's leg: too late.
  kNeedNumber = 21,   // A number to show, from the pool of another shard.
  kNeedLock = 22,     // May `number` be dialled, as far as other shards know?
  kDropped = 23,      // `call` was not served in time; it waits on (kHold).
  kPlayMessage = 24,  // Play the message to `call`, then end it.
  kAttemptOver = 25,  // reason: how. value: disposition, by its index in rules.
  // `call` rings back `shown`: to `lead` and `campaign` if one is certain;
  // value: the ReturnRung.
  kReturnCall = 26,
};

// Why. In journals: never renumber.
enum class Reason : uint16_t {
  kNone = 0,
  // Why this agent (kOffer).
  kLongestIdle = 1,
  kLongestReady = 2,
  kFewestCalls = 3,
  kLeastTalkTime = 4,
  kLeastOccupied = 5,
  kMostSkilled = 6,
  kLeastSkilled = 7,
  kRoundRobin = 8,
  kLinear = 9,
  kRandom = 10,
  kWeightedRandom = 11,
  kPreferredAgent = 12,  // Named or last agent.
  // Why not yet (kQueued).
  kNobodyFree = 32,       // No free agent fits.
  kNobodyLoggedIn = 33,   // Nobody who fits is logged in.
  kReserved = 34,         // Free agents are kept for others.
  kWaitingForAgent = 35,  // For the named or last agent.
  kSkipped = 36,          // Free agents have just missed this caller.
  kStillSearching = 37,   // The search goes on at once.
  // Why ended, refused, cancelled, returned.
  kAnsweredElsewhere = 64,
  kCallerGone = 65,
  kRingTimeout = 66,
  kOverflow = 68,  // A step of the plan.
  kPlanEnd = 69,   // The plan's last action: moved too often.
  kClosedHours = 70,
  kFull = 71,
  kNobodyAvailable = 72,
  kOutsideFailed = 73,  // kQueued: back in its place from an outside ring.
  kConnectTimeout = 74,
  kAgentGone = 75,  // Logged out or paused while ringing.
  kSilent = 76,     // No event for audit_after.
  kLost = 77,       // Not named between SyncBegin and SyncEnd.
  kEndedBeforeBegin = 78,
  kTooLate = 79,        // The other side of a race came first.
  kConfiguration = 80,  // kCancelOffer: the new one has no such agent.
  kMisses = 81,
  kTimer = 82,
  kStall = 83,  // The host was away; nobody is charged.
  kMovedByHost = 84,
  // Why dialled, and how it ended.
  kLeadDue = 96,       // kDial: its turn by the campaign's order.
  kLeadCallback = 97,  // kDial: agreed upon with the person.
  kDialled = 98,       // kConnect: answered; the agent is not rung.
  kDropped = 99,       // Nobody in time.
  kHold = 100,         // kDropped: may wait on by rule.
  kMachine = 101,
  kDisposition = 102,    // kAttemptOver: as the agent said.
  kNoDisposition = 103,  // kAttemptOver: nobody said in time.
  kNotAnswered = 104,    // kAttemptOver: busy, no answer and so on.
  kNoNumber = 105,       // kAttemptOver: none to show.
  kNoLock = 106,
  kNotGranted = 107,  // kAttemptOver: no answer to a question in time.
  // What stopped more lines (kPaced): 112 + PacingLimit.
  kPacedPrice = 112,
  kPacedBudget = 113,
  kPacedStrict = 114,
  kPacedOnePerAgent = 115,
  kPacedNoAgent = 116,
  kPacedLines = 117,
  kPacedRate = 118,
  kPacedNotRunning = 119,
  kPacedByHand = 120,
  kPacedBatch = 121,
  kPacedRecords = 122,
  kPacedCarrierLines = 123,
  kPacedCarrierRate = 124,
};

struct Decision {
  DecisionKind kind = DecisionKind::kNone;
  Cause cause = Cause::kNone;
  Reason reason = Reason::kNone;
  int32_t value = 0;
  int32_t campaign = -1;  // In the order of the setup, all groups through.
  int32_t price_ppm = 0;
  uint64_t sequence = 0;  // 1, 2, 3 ... over the engine's life.
  CallId call;
  AgentId agent;
  QueueId queue;
  OfferId offer;
  uint64_t attempt = 0;  // Of outbound calls: 1, 2, 3 ... over its life.
  uint64_t call_ref = 0;
  uint64_t agent_ref = 0;
  uint64_t lead = 0;
  PhoneNumber number;  // The person's.
  PhoneNumber shown;   // Ours; none: the trunk's.
  // Host time by which the result is due; InfiniteFuture if none is.
  absl::Time deadline = absl::InfiniteFuture();
  // Outside destination; valid until the engine is destroyed.
  std::string_view destination;
};

// An ordered batch that keeps its memory. The engine appends; the host carries
// out from first to last and clears.
class Decisions {
 public:
  using const_iterator = std::vector<Decision>::const_iterator;
  const_iterator begin() const { return list_.begin(); }
  const_iterator end() const { return list_.end(); }
  std::size_t size() const { return list_.size(); }
  bool empty() const { return list_.empty(); }
  const Decision& operator[](std::size_t i) const { return list_[i]; }
  const Decision& back() const { return list_.back(); }
  void clear() { list_.clear(); }
  void reserve(std::size_t n) { list_.reserve(n); }
  Decision& Add() { return list_.emplace_back(); }
  // Forgets everything after the first `size` decisions.
  void Truncate(std::size_t size) {
    if (size < list_.size()) list_.resize(size);
  }

 private:
  std::vector<Decision> list_;
};

std::string_view DecisionKindName(DecisionKind kind);
std::string_view ReasonName(Reason reason);
std::string_view CauseName(Cause cause);

}  // namespace callrouter

#endif  // CALLROUTER_DECISION_H_
