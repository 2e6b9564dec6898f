// callrouter/engine.h  -  start here
//
// Decides who answers which call. The host tells what happened and when; the
// engine answers with an ordered batch of decisions and the next moment it
// wants to be asked.
//
//   auto engine = Engine::Create(EngineOptions(), configuration, now);
//   if (!engine.ok()) ...                    // every fault, in words
//   Decisions decisions;
//   while (host.Wait((*engine)->next_deadline(), &event)) {
//     decisions.clear();
//     if (event) status = (*engine)->Handle(*event, host.Now(), &decisions);
//     else (*engine)->Advance(host.Now(), &decisions);
//     for (const Decision& d : decisions) host.CarryOut(d);
//   }
//
// Guarantees
//  - Reads no clock, opens nothing, starts no thread, writes no log, throws
//    nothing. Same options, configuration, events and times: same decisions,
//    byte for byte, on every machine.
//  - A call is always in exactly one place (CallPlace). An event that cannot
//    be accepted gets a status that says why and changes nothing.
//  - A freed agent is matched in the same Handle. No free agent idles while a
//    call that may have it waits, but for the reasons in decision.h (32-63).
//  - Cost of an event does not grow with the number of agents or calls, but
//    with the number of kinds (profiles of agents, requirements in use); no
//    allocation once every container has been as full as it gets.
//
// Crossing events. Every PBX delivers late, twice and out of order:
//  - The same event again: OK, no effect. CallArrived again with other
//    content: kAlreadyExists. The CallArrived of a call that SyncCall has
//    told already is such a repeat when it names the same queue.
//  - CallEnded for a call never seen: OK; remembered for `tombstone_keep`, and
//    the CallArrived that follows is closed at once (counted as abandoned).
//  - An answer for an offer that is over, or for a call that is gone: OK, with
//    a kReleaseAgent decision that says what to undo.
//  - Results for decisions that no longer matter: OK, no effect.
//  - A person answers after their attempt is over: OK, with a kCancelDial that
//    says to hang up. Another disposition than was taken: kAlreadyExists; for
//    an attempt never given out or forgotten (attempt_keep): kNotFound.
//  - After a reconnect: SyncBegin, one SyncCall / SyncAgent / SyncAttempt for
//    everything that exists, SyncEnd. Until then nobody is offered a call, for
//    the call or the agent may be gone; then all free agents are matched.
//    Should SyncEnd not come within `audit_reply` service goes on without it.
//
// Errors of Handle, in order of precedence (the first that applies):
//    kInternal            the engine found itself inconsistent earlier
//    kUnimplemented       an event of a later release
//    kInvalidArgument     a field is out of range or missing
//    kNotFound            no such call, agent, queue, offer
//    kAlreadyExists       a living subject has this reference already
//    kFailedPrecondition  the subject is not in a state for this
//    kResourceExhausted   a limit in the options is reached
//
// An engine made with an OutboundSetup also dials: outbound.h.
//
// Thread safety: compatible. One engine, one thread at a time; const methods
// may run together. Scale by sharding: one engine per tenant.
// Not here: announcements, callbacks to who waits (later releases).

#ifndef CALLROUTER_ENGINE_H_
#define CALLROUTER_ENGINE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "callrouter/configuration.h"
#include "callrouter/decision.h"
#include "callrouter/event.h"
#include "callrouter/id.h"
#include "callrouter/statistics.h"

// Who dials includes callrouter/outbound.h.

namespace callrouter {

class Outbound;
struct OutboundSetup;

struct EngineOptions {
  // --- What is decided ---
  uint64_t seed = 1;  // For kRandom and kWeightedRandom.
  // Moves, also-offers and returns from outside a call may make before its
  // plan's last action. [1, 1000]
  int32_t moves_max = 16;
  // From accepting an offer to being connected. (0, 1 h]
  absl::Duration connect_timeout = absl::Seconds(10);
  // A call without any event for this long is asked about (kConfirmAlive),
  // between one and two such times after its last event. [1 s, 30 days]
  absl::Duration audit_after = absl::Hours(2);
  // Time to answer kConfirmAlive, and from SyncBegin to SyncEnd. [1 s, 1 day]
  absl::Duration audit_reply = absl::Seconds(60);
  // A deadline served later than this is reported (kLate), and timers on
  // somebody's reaction (ringing, connecting, outside, alive) get `stall_grace`
  // for the host to deliver what happened meanwhile; then they end without
  // a miss for anybody. [0, 1 h]
  absl::Duration stall_max = absl::Seconds(5);
  absl::Duration stall_grace = absl::Seconds(1);
  // An end that overtook its beginning, and ended calls, are remembered.
  absl::Duration tombstone_keep = absl::Seconds(30);

  // --- What is kept: at each limit kResourceExhausted, nothing lost ---
  int32_t calls_max = 10'000;
  int32_t agents_max = 1'000;
  int32_t queues_max = 512;          // At most 65,535.
  int32_t queues_per_call_max = 4;   // [1, 4]
  int32_t offers_per_call_max = 16;  // [1, 64]
  int32_t skills_max = 1'024;
  int32_t attributes_max = 256;
  int32_t texts_max = 65'536;        // Distinct names, values, destinations.
  int32_t requirements_max = 8'192;  // Distinct ones in use.
  // Distinct pairs of queue and requirement in use. [1, 65,535]
  int32_t lanes_max = 4'096;
  int32_t tombstones_max = 4'096;
  int32_t exclusions_per_call_max = 8;  // Agents skipped for one caller.
  // Above so many kinds of agents the engine keeps one order per kind of
  // waiting instead of one per kind of agent. Decisions are the same.
  int32_t groups_max = 192;
  // Candidates tried one by one for calls with their own requirement before
  // the search is continued at an immediate deadline. [16, 1,000,000]
  int32_t residual_scan_max = 256;
  // Reserve all memory at Create. Without it containers grow on demand.
  bool reserve_memory = false;
};

// Everything wrong with `options`: "calls_max: found 0, expected 1 to ...".
std::vector<std::string> FindFaults(const EngineOptions& options);

// The most memory an engine with these options can come to use, in bytes,
// without the configuration's own strings and without what dials.
std::size_t MemoryBound(const EngineOptions& options);

// The one place a call is in.
enum class CallPlace : uint8_t {
  kNone = 0,        // Not in the engine.
  kWaiting = 1,     // In one or more queues.
  kOffered = 2,     // Ringing one or more agents; its place is kept.
  kConnecting = 3,  // An agent answered; legs being joined.
  kConnected = 4,   // With an agent.
  kOutside = 5,     // Ringing outside; its place is kept.
  kWithHost = 6,    // Left its agent (parked, transferred); may come back.
};

// Read-only views for supervisors, tests and explanations.
struct CallView {
  CallId id;
  uint64_t ref = 0;
  CallPlace place = CallPlace::kNone;
  QueueId home;
  QueueId queue;
  AgentId agent;  // Connecting or connected with; the preferred one if waiting.
  int32_t priority = 0;
  absl::Time arrived;  // Host time of joining, less the age it brought along.
  int32_t step = 0;    // Steps of the plan whose time has come.
  int32_t offers = 0;  // Ringing now.
  Reason reason = Reason::kNone;  // Waiting: why not served yet.
};

struct AgentView {
  AgentId id;
  uint64_t ref = 0;
  std::string_view name;
  bool logged_in = false;
  bool paused = false;
  bool wrap_up = false;
  bool cool_off = false;
  bool busy_outside = false;
  int32_t ringing = 0;
  int32_t handling = 0;  // Connecting or connected.
  uint32_t calls = 0;    // Connected since login.
  int32_t misses = 0;    // In a row.
  std::string_view pause_reason;
};

class Engine {
 public:
  // kInvalidArgument with every fault of options and configuration.
  // `now` is the host's monotonic time, rounded down to whole microseconds
  // here and everywhere. Agents of the configuration start logged out.
  static absl::StatusOr<std::unique_ptr<Engine>> Create(
      const EngineOptions& options, const Configuration& configuration,
      absl::Time now);
  // One that dials, too. kInvalidArgument also with every fault of `setup`.
  static absl::StatusOr<std::unique_ptr<Engine>> Create(
      const EngineOptions& options, const Configuration& configuration,
      const OutboundSetup& setup, absl::Time now);
  ~Engine();

  // Not copyable: an engine is one history. Save and Load fork it.
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Takes one event; appends what is to be done to `*out`. First everything
  // due by `now` is done, as by Advance. A `now` before the last is clamped
  // and counted. On error nothing but that has changed.
  absl::Status Handle(const Event& event, absl::Time now, Decisions* out);

  // Does everything due by `now`, in order of due time. Early, late and
  // repeated calls are harmless.
  void Advance(absl::Time now, Decisions* out);

  // When Advance must next be called; InfiniteFuture if nothing waits.
  // Changes only by Handle, Advance, Apply. Cost: O(1).
  absl::Time next_deadline() const;

  // A configuration validated and compiled aside, for Apply.
  class Prepared {
   public:
    ~Prepared();
    Prepared(Prepared&&) noexcept;
    Prepared& operator=(Prepared&&) noexcept;

   private:
    friend class Engine;
    friend class EngineImpl;
    struct Data;
    explicit Prepared(std::unique_ptr<Data> data);
    std::unique_ptr<Data> data_;
  };

  // Refused whole with every fault (kInvalidArgument), or kResourceExhausted.
  static absl::StatusOr<Prepared> Prepare(const EngineOptions& options,
                                          const Configuration& configuration);

  // Swaps the configuration in at `now`. Queues, steps and agents are told by
  // name, id and ref. Calls waiting follow the new rules with their age and
  // passed steps; a step now overdue fires once. A queue that is gone drains:
  // its calls stay and are answered, no new ones are let in. Agents that are
  // gone are no longer rung (kCancelOffer, kConfiguration) or waited for, and
  // removed once logged out and without calls; new ones are added.
  // Levels, memberships and limits become those of the file; agents the file
  // does not name (kAgentAdded) keep theirs.
  // Refused (kResourceExhausted, kFailedPrecondition): nothing has changed and
  // `prepared` may be tried again. Done: what the engine gave up is left in
  // `prepared`, to be destroyed where time is cheap.
  absl::Status Apply(Prepared&& prepared, absl::Time now, Decisions* out);

  // --- Names ---
  QueueId FindQueue(std::string_view name) const;
  std::string_view QueueName(QueueId queue) const;
  AgentId FindAgent(uint64_t ref) const;
  CallId FindCall(uint64_t ref) const;

  // --- Views; kNone / none ids for what does not exist ---
  CallView View(CallId call) const;
  AgentView View(AgentId agent) const;
  std::vector<CallId> Calls() const;    // In order of slot.
  std::vector<AgentId> Agents() const;  // In order of slot.
  const EngineOptions& options() const;

  void CopyStatistics(Statistics* out) const;

  // The whole state as bytes, canonical: Save(Load(Save())) == Save(). Holds
  // the configuration too. Cost: linear.
  void Save(std::string* out) const;
  // An engine that goes on exactly where Save was called. kInvalidArgument
  // for damaged bytes or options whose limits are too small for the state.
  static absl::StatusOr<std::unique_ptr<Engine>> Load(
      const EngineOptions& options, std::string_view saved);
  // The same of one that dials: of `setup` only the limits and keys in
  // `leads`, `numbers->options` and `return_calls->options` are read, the rest
  // is in the bytes. kInvalidArgument if a part is on one side only.
  static absl::StatusOr<std::unique_ptr<Engine>> Load(
      const EngineOptions& options, const OutboundSetup& setup,
      std::string_view saved);

  // Leads, numbers and pacing; null unless made with a setup.
  Outbound* outbound() { return outbound_.get(); }
  const Outbound* outbound() const { return outbound_.get(); }

  // Every invariant of the state, in full; OK, or kInternal naming the first
  // that does not hold. For tests and canaries. Cost: linear and more.
  absl::Status CheckInvariants() const;

 private:
  friend class EngineImpl;
  explicit Engine(std::unique_ptr<class EngineImpl> impl);
  std::unique_ptr<class EngineImpl> impl_;
  std::unique_ptr<Outbound> outbound_;
};

}  // namespace callrouter

#endif  // CALLROUTER_ENGINE_H_
