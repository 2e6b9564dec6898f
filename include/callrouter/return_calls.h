// callrouter/return_calls.h
//
// Somebody rings back a number that was shown to them: whom did we want, for
// which campaign, and who should answer?
//
//   auto calls = ReturnCalls::Create(ReturnCallsOptions(), now);
//   if (!calls.ok()) ...                          // every fault, in words
//   ReturnNumbersPatch patch;
//   patch.put.push_back({*PhoneNumber::Parse("+74951234567"), kAcme, kQueue});
//   status = (*calls)->Apply(patch, now);
//
//   status = (*calls)->Shown(call, now);          // when a call goes out
//   status = (*calls)->Outcome(call, kNoAnswer, now);
//
//   ReturnAnswer answer;
//   status = (*calls)->Resolve(dialled, caller, now, &answer);
//   if (answer.found == Found::kOne) ...          // answer.candidates[0]
//
// The ladder. The first rung with a candidate gives all of its candidates; a
// candidate is one lead in one campaign, as they were when the number was
// shown.
//  1. This caller was shown this very number.
//  2. This caller was shown another number of the same owner.
//  3. Somebody the host named this caller an alias of was shown this number,
//     or else another number of the same owner.
//  4. The caller is withheld or not known: those the number was last shown to,
//     latest first. Never kOne: a stranger may be calling. Ask first.
//  5. The queue of the number, else of its owner.  6. The default queue.
// A return call is never dead: every answer has a queue, however many
// candidates there are.
//
// Guarantees
//  - Found::kOne only where memory holds exactly one candidate and none was
//    dropped that could be another: of two truths none is hidden.
//  - Nothing is forgotten before `keep` after it was last shown, and nothing
//    is kept longer. At a limit Shown is refused and nothing is lost; only of
//    one callee more than `per_callee_max` (somebody's own test phone) are
//    the oldest dropped, and the answer then says that there are `more`.
//  - Same options, calls and times: the same answers on every machine.
//  - Cost: Shown, Outcome and OptOut O(per_callee_max) looks and, for the
//    deadline, O(log numbers); Resolve O(k log k) of the k entries of caller
//    and aliases. Besides, each entry costs its removal once, when it is due.
//    No cost grows with the entries or numbers there are. Nothing is allocated
//    once everything has been as full as it gets, or from the start with
//    `reserve_memory`. Memory: 60 bytes an entry (four references of the host
//    are 32 of them), about 110 a number.
//
// Time. Kept in whole seconds. `now` never goes back: an earlier one is taken
// as the latest, and counted; a forward jump ages everything unless
// RebaseClock announces it.
//
// Errors, in order of precedence; the state is then unchanged:
//    kInvalidArgument     a field is missing or out of range
//    kNotFound            no such number or entry (any more)
//    kFailedPrecondition  a number still has people who may ring it back; an
//                         outcome of an attempt that is not the latest
//    kResourceExhausted   a limit in the options is reached
//
// Thread safety: compatible. One object, one thread at a time; const methods
// may run together.
// Not here: choosing the number to show (number_pool.h), masking and visitors
// (number_leases.h).

#ifndef CALLROUTER_RETURN_CALLS_H_
#define CALLROUTER_RETURN_CALLS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "callrouter/fault.h"
#include "callrouter/phone_number.h"

namespace callrouter {

struct ReturnCallsOptions {
  // How long after it was last shown a number still leads to the call.
  // Dialers hold a number for 30 days before they give it back (Convoso's
  // rule); a pool that forgets sooner would lose people. [1 s, 400 days]
  absl::Duration keep = absl::Hours(24) * 30;
  uint64_t default_queue = 0;  // The last rung; the host's name for it.
  // People are kept as SipHash-2-4 (Aumasson and Bernstein, 2012) of their
  // number under this key, the host's secret. All zero: as they are. Two of
  // ten million people share a hash with a probability of 3 in a million.
  std::array<uint64_t, 2> hash_key = {};

  int32_t numbers_max = 1'000'000;   // [1, 4,000,000]
  int32_t owners_max = 4'096;        // With a queue. [1, 65,536]
  int32_t entries_max = 1'000'000;   // [1, 100,000,000]
  int32_t per_callee_max = 32;       // [2, 1,024]
  int32_t aliases_max = 100'000;     // [0, 100,000,000]
  int32_t opt_outs_max = 1'000'000;  // [0, 100,000,000]
  int32_t recent_max = 16;           // Candidates on rung 4. [1, 1,024]
  bool reserve_memory = false;       // All of it at Create.
};

// Everything wrong with `options`.
std::vector<Fault> FindFaults(const ReturnCallsOptions& options);

// A number of ours, and where a call to it goes. References are the host's
// own names; 0 is none.
struct ReturnNumber {
  PhoneNumber number;
  uint32_t owner = 0;   // The legal entity it is allotted to.
  uint64_t queue = 0;   // None: the queue of the owner.
  uint64_t agent = 0;   // Whose own number it is.
  uint64_t source = 0;  // What it advertises, for call tracking.
};

// Numbers to add or change, and to remove.
struct ReturnNumbersPatch {
  std::vector<ReturnNumber> put;
  std::vector<PhoneNumber> remove;
};

// One outbound call and the number it showed.
struct ShownCall {
  PhoneNumber number;     // Ours.
  PhoneNumber callee;     // Theirs.
  uint64_t lead = 0;      // The host's name for the contact; not 0.
  uint64_t attempt = 0;   // The host's name for this attempt; not 0.
  uint64_t agent = 0;     // Who called; 0: nobody (yet), the last one stays.
  uint16_t campaign = 0;  // The host's number of it.
};

enum class Found : uint8_t { kNone = 0, kOne = 1, kMany = 2 };

// Where on the ladder; the numbers are kept in journals, never renumbered.
enum class ReturnRung : uint8_t {
  kNone = 0,
  kCallerAndNumber = 1,
  kCallerAndOwner = 2,
  kAlias = 3,
  kNumberOnly = 4,
  kNumberQueue = 5,  // Of the number or its owner.
  kDefaultQueue = 6,
  kLoop = 7,  // The caller is a number of ours: nobody is ringing back.
};

struct ReturnCandidate {
  uint64_t lead = 0;
  uint64_t attempt = 0;  // The latest.
  uint64_t agent = 0;    // Who called last, in whatever attempt.
  PhoneNumber number;    // The number then shown.
  uint16_t campaign = 0;
  uint8_t outcome = 0;  // Of `attempt`, as the host said; 0: not known yet.
  absl::Time shown = absl::InfinitePast();
};

struct ReturnAnswer {
  Found found = Found::kNone;
  ReturnRung rung = ReturnRung::kNone;
  // Latest first; of one second, by number, campaign, lead, attempt.
  std::vector<ReturnCandidate> candidates;
  // At least so many are not listed.
  uint32_t more = 0;
  bool conflict = false;     // Candidates of different campaigns.
  bool known_number = true;  // It is one of ours.
  bool opted_out = false;    // The caller, with the owner of the number.
  uint32_t owner = 0;
  uint64_t queue = 0;   // Of the number, else its owner, else the default.
  uint64_t agent = 0;   // Of the number.
  uint64_t source = 0;  // Of the number.
};

struct ReturnCallsStats {
  uint64_t shown = 0;     // Calls remembered, the repeated included.
  uint64_t expired = 0;   // Entries forgotten by age.
  uint64_t crowded = 0;   // Entries dropped for others of the same callee.
  uint64_t refused = 0;   // Calls not remembered at the limit.
  uint64_t resolved = 0;  // Return calls.
  uint64_t one = 0;       // Of these with one candidate.
  uint64_t many = 0;
  uint64_t clock_regressions = 0;
  std::size_t entries = 0, numbers = 0, aliases = 0, opt_outs = 0;
  std::size_t entry_bytes = 0;  // Memory held, by what for.
  std::size_t number_bytes = 0;
  std::size_t other_bytes = 0;
};

class ReturnCallsImpl;

class ReturnCalls {
 public:
  // kInvalidArgument with every fault of `options`.
  static absl::StatusOr<std::unique_ptr<ReturnCalls>> Create(
      const ReturnCallsOptions& options, absl::Time now);
  ~ReturnCalls();
  ReturnCalls(const ReturnCalls&) = delete;
  ReturnCalls& operator=(const ReturnCalls&) = delete;

  // --- What the host knows ---
  // All of `patch` or, with a status that lists every fault, nothing. Entries
  // keep the campaign, lead and agent they were made with. A number with
  // entries cannot be removed; see ReleasableAt.
  absl::Status Apply(const ReturnNumbersPatch& patch, absl::Time now);
  // The queue for numbers of `owner` without their own; 0: none.
  absl::Status SetOwnerQueue(uint32_t owner, uint64_t queue, absl::Time now);
  // Calls from `caller` may be meant for what was shown to `callee`: a
  // company's main line and its extensions, one household. One way; at most
  // 64 aliases a caller and a callee. Again: OK.
  absl::Status AddAlias(PhoneNumber caller, PhoneNumber callee, absl::Time now);
  absl::Status RemoveAlias(PhoneNumber caller, PhoneNumber callee,
                           absl::Time now);

  // --- Calls ---
  // `call.number` was shown. kInvalidArgument too if the callee is a number of
  // ours: a loop. Another call to the same callee with the same number, lead
  // and campaign replaces it; the latest attempt again: OK without effect.
  absl::Status Shown(const ShownCall& call, absl::Time now);
  // What became of it; `outcome` is the host's own code. An agent in `call`
  // is remembered as the one who called.
  absl::Status Outcome(const ShownCall& call, uint8_t outcome, absl::Time now);
  // Who is calling back `number`. `caller` none: withheld. OK with whatever
  // answer; only a missing `number` is an error.
  absl::Status Resolve(PhoneNumber number, PhoneNumber caller, absl::Time now,
                       ReturnAnswer* answer);

  // --- People's rights ---
  // `contact` wants no more calls from `owner`: kept until withdrawn. Again:
  // OK, the first time stands.
  absl::Status OptOut(PhoneNumber contact, uint32_t owner, absl::Time now);
  absl::Status WithdrawOptOut(PhoneNumber contact, uint32_t owner,
                              absl::Time now);
  bool OptedOut(PhoneNumber contact, uint32_t owner) const;
  // Forgets everything shown to this person and all aliases. Opt-outs stay,
  // for they protect the person: withdraw them if those too must go.
  absl::Status Forget(PhoneNumber subject, absl::Time now);

  // --- Time ---
  // Forgets what is due. Early or twice is harmless.
  void Advance(absl::Time now);
  // When the next entry is due; InfiniteFuture without entries.
  absl::Time next_deadline() const;
  // Host time has jumped by `delta` at `now` (already jumped): nothing ages.
  void RebaseClock(absl::Duration delta, absl::Time now);

  // --- Looking ---
  // When the last entry of `number` will have been forgotten, if it is not
  // shown again: InfinitePast if there is none. kNotFound: not ours.
  absl::StatusOr<absl::Time> ReleasableAt(PhoneNumber number) const;
  ReturnCallsStats stats() const;

  // The whole state as bytes, canonical: Save(Load(Save())) == Save(). The
  // options are not in it. Cost: O(n log n). They hold people, unless hashed.
  void Save(std::string* out) const;
  // Goes on exactly where Save was called. kInvalidArgument for damaged bytes,
  // another hash key, or options whose limits are too small.
  static absl::StatusOr<std::unique_ptr<ReturnCalls>> Load(
      const ReturnCallsOptions& options, std::string_view saved);
  // kInternal with what does not fit together. Cost: O(n log n). For tests.
  absl::Status CheckInvariants() const;

 private:
  explicit ReturnCalls(std::unique_ptr<ReturnCallsImpl> impl);
  std::unique_ptr<ReturnCallsImpl> impl_;
};

// Short words for logs: "caller and number".
std::string_view Name(ReturnRung rung);

}  // namespace callrouter

#endif  // CALLROUTER_RETURN_CALLS_H_
