// callrouter/number_pool.h
//
// Chooses the number an outbound call shows: one that is owned, lawful here,
// rested, near the callee, and its turn.
//
//   auto pool = NumberPool::Create(NumberPoolOptions(), rules, now);
//   if (!pool.ok()) ...                              // every fault, in words
//   NumberPatch patch;
//   patch.put.push_back({*PhoneNumber::Parse("+74951234567"), "moscow"});
//   status = (*pool)->Apply(patch, now);
//
//   NumberChoice choice;
//   status = (*pool)->Reserve(request, now, &choice);
//   if (choice.number.none()) ...                    // choice.none, retry_at
//   ... dial ...
//   (*pool)->Commit(request.attempt, now);           // it was shown
//   (*pool)->Report({request.attempt, CallOutcome::kAnswered}, now);
//   (*pool)->End(request.attempt, now);
//   (*pool)->TakeChanges(&changes);                  // of numbers' states
//
// How a number is chosen
//  1. The facts of the groups (number_rules.h) say which numbers may be shown
//     for this campaign, trunk and destination at all. No rule overrides them.
//  2. The number the request wants, or the one the callee knows.
//  3. Else the nearest places in turn: the callee's region, its neighbours,
//     larger regions, the country, anywhere, as far as the campaign reaches.
//     In the first place with a free number, the campaign's order decides;
//     suspect numbers come last, unless the order is a random one.
//  4. If none within reach is free: the nearest suspect or probing one, beyond
//     the share of its caps that it has in that state but within the caps
//     (ChosenBy::kShortage; NumberCaps::whole_caps_when_short).
//  A number that has reached a cap or cools down is not free.
//
// Guarantees
//  - No number is over any of its caps in any period, whatever is lost: a
//    reservation counts at once; cancelling or lapsing frees the concurrent
//    place but not what was counted.
//  - If there is none, then none was free: the answer says why, and before
//    which time asking again is useless.
//  - Same options, rules, calls and times: the same choices on every machine.
//  - Cost of Reserve: O(log numbers) a place looked at and kind of numbers the
//    facts admit (a kind: one group in one time zone), and one step more for
//    each free number passed over for this callee (at most 16) or because it
//    had its calls to this carrier. Nothing is allocated once everything has
//    been as full as it gets, or from the start with `reserve_memory`.
//
// Time. `now` never goes back: an earlier one is taken as the latest, and
// counted. RebaseClock skips time, SetWallClock says what civil time it is.
// Times before February 1970 are taken as then.
//
// Errors, in order of precedence; the state is then unchanged:
//    kInvalidArgument     a field is out of range or missing
//    kNotFound            no such campaign, trunk, carrier, number, attempt
//    kAlreadyExists       the attempt has other content
//    kFailedPrecondition  the attempt was cancelled or has lapsed, or is over
//    kResourceExhausted   a limit in the options is reached
//
// Thread safety: compatible. One pool, one thread at a time; const methods may
// run together. A shared pool is a shard of its own.
// Not here: dialing, and who rings back.

#ifndef CALLROUTER_NUMBER_POOL_H_
#define CALLROUTER_NUMBER_POOL_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "callrouter/number_choice.h"
#include "callrouter/number_health.h"
#include "callrouter/number_rules.h"
#include "callrouter/phone_number.h"

namespace callrouter {

struct NumberPoolOptions {
  uint64_t seed = 1;  // For the random orders.
  // A reservation neither committed nor cancelled lapses after this.
  // (0, 1 day]
  absl::Duration reservation_timeout = absl::Seconds(60);
  // An attempt that is over is remembered so long, to know repeats.
  // [0, 1 day]
  absl::Duration attempt_keep = absl::Minutes(5);

  // --- What is kept ---
  int32_t numbers_max = 1'000'000;  // [1, 4,000,000]
  // Reserved, in calls, and over but remembered; of the last kind the oldest
  // are forgotten for new ones. [1, 10,000,000]
  int32_t attempts_max = 100'000;
  // Callees remembered, once for each number and campaign; beyond, those not
  // called for longest are forgotten, near enough. [1, 100,000,000]
  int32_t callees_max = 1'000'000;
  // (number, carrier) with calls in the last day. [1, 100,000,000]
  int32_t carrier_uses_max = 1'000'000;
  // (number, carrier) that calls were reported of. [1, 100,000,000]
  int32_t charts_max = 1'000'000;
  // Kinds of calls with an expected rate of their own; further ones go by the
  // next wider kind. [1, 10,000,000]
  int32_t rates_max = 100'000;
  // Changes of state not taken yet; beyond, the oldest are lost and counted.
  // [1, 10,000,000]
  int32_t changes_max = 10'000;
  // Reserve all memory at Create. Without it containers grow on demand.
  bool reserve_memory = false;
};

std::vector<Fault> FindFaults(const NumberPoolOptions& options);

struct NumberConfig {
  PhoneNumber number;
  std::string group;
  std::string region = "";  // Empty: nowhere; found only with Reach::kAny.
  int32_t weight = 1;       // For the weighted orders. [1, 1000]
  int32_t rank = 0;         // For kFixed, lowest first. [0, 1,000,000]
  // When it was last found to be answered; see NumberGroup::verify_every.
  absl::Time verified = absl::InfinitePast();
  NumberState state = NumberState::kActive;  // Of a number that is new.
};

// Numbers to add or change, and to remove. A changed one keeps its history; a
// removed one leaves the calls it is in.
struct NumberPatch {
  std::vector<NumberConfig> put;
  std::vector<PhoneNumber> remove;
};

// What a supervisor sees of a number.
struct NumberView {
  NumberId id;
  PhoneNumber number;
  std::string group;
  std::string region;
  NumberState state = NumberState::kNew;
  absl::Time state_until = absl::InfiniteFuture();  // Ends by itself.
  int32_t probes_failed = 0;                        // In a row.
  Block block = Block::kFree;
  absl::Time free_at =
      absl::InfinitePast();  // Blocked: when, if that is known.
  absl::Time last_shown = absl::InfinitePast();
  int32_t calls = 0;  // Reserved and in calls.
  // Uses that count now, for the caps that any group has, else 0.
  int32_t minute = 0, hour = 0, day = 0, week = 0, local_day = 0, callees = 0;
};

struct NumberPoolStats {
  uint64_t reserved = 0;  // Choices made.
  uint64_t refused = 0;   // Answers without a number.
  uint64_t committed = 0;
  uint64_t cancelled = 0;
  uint64_t lapsed = 0;
  uint64_t reported = 0;      // Outcomes that count for or against a number.
  uint64_t changes_lost = 0;  // Of state; see changes_max.
  uint64_t clock_regressions = 0;
  std::size_t numbers = 0;
  std::size_t attempts = 0;      // Reserved and in calls.
  std::size_t callees = 0;       // Entries remembered.
  std::size_t carrier_uses = 0;  // (number, carrier) in use.
  std::size_t charts = 0;        // (number, carrier) reported of.
  std::size_t rates = 0;         // Kinds of calls.
  // Memory held, by what for.
  std::size_t number_bytes = 0;
  std::size_t attempt_bytes = 0;
  std::size_t callee_bytes = 0;
  std::size_t carrier_bytes = 0;
  std::size_t chart_bytes = 0;
  std::size_t rate_bytes = 0;
  std::size_t life_bytes = 0;  // Of states that end, and of their changes.
};

class NumberPoolImpl;
struct NumberExplanation;

class NumberPool {
 public:
  // kInvalidArgument with every fault of `options` and `rules`.
  static absl::StatusOr<std::unique_ptr<NumberPool>> Create(
      const NumberPoolOptions& options, const NumberRules& rules,
      absl::Time now);
  // A pool equal to the one that was saved: the same calls from here on get the
  // same answers. Rules and all names are in the bytes; `options` may differ in
  // limits, if what is there fits them. kInvalidArgument if the bytes are
  // damaged or no pool. Cost: as Apply.
  static absl::StatusOr<std::unique_ptr<NumberPool>> Load(
      const NumberPoolOptions& options, std::string_view saved);
  // Equal pools give equal bytes. Cost: O(everything kept).
  void Save(std::string* out) const;
  ~NumberPool();
  NumberPool(const NumberPool&) = delete;
  NumberPool& operator=(const NumberPool&) = delete;

  // --- Numbers and rules ---
  // All of `patch` or, with a status that lists every fault, nothing.
  // Cost: O(n log n) of all numbers, about a second a million.
  absl::Status Apply(const NumberPatch& patch, absl::Time now);
  // New rules for the same numbers, or every fault. A group or region that
  // numbers are in must stay. Counts carry over, but a cap on a period that no
  // group had a cap on counts from now on, and an order newly in use starts
  // from when numbers were last shown. Cost: as Apply.
  absl::Status SetRules(const NumberRules& rules, absl::Time now);
  // Also forgets what speaks against the number, unless it was so already. Set
  // by the host, a state that ends by itself does so too (number_health.h);
  // suspicion then ends with probation only.
  absl::Status SetState(NumberId number, NumberState state, absl::Time now);
  // The number was found to be answered, at `now`.
  absl::Status Verified(NumberId number, absl::Time now);

  // --- Calls ---
  // A number for `request`. OK with or without one: see NumberChoice. The same
  // request again: OK with the same choice.
  absl::Status Reserve(const NumberRequest& request, absl::Time now,
                       NumberChoice* choice);
  // The number was shown. Again: OK.
  absl::Status Commit(uint64_t attempt, absl::Time now);
  // It was not. Only before Commit. Again: OK.
  absl::Status Cancel(uint64_t attempt, absl::Time now);
  // What became of it; commits it if that was not said, does not end it. May
  // come after End, while the attempt is remembered. Again: OK.
  // kResourceExhausted: charts_max. Cost: O(1), and O(log n) if a state
  // changes.
  absl::Status Report(const NumberReport& report, absl::Time now);
  // The call is over; commits it if that was not said. Again: OK.
  absl::Status End(uint64_t attempt, absl::Time now);

  // --- Health ---
  // What somebody outside says of a number, at `carrier` or (none) everywhere.
  // The same label again: OK, without effect.
  absl::Status Verdict(NumberId number, CarrierId carrier,
                       NumberVerdict verdict, absl::Time now);
  // Appends what changed since the last time, oldest first.
  void TakeChanges(std::vector<NumberStateChange>* changes);
  // `carrier` none: calls without one. kNotFound: no such number or carrier.
  absl::StatusOr<NumberHealthView> Health(NumberId number,
                                          CarrierId carrier) const;

  // --- Time ---
  // Does what is due. Early or twice is harmless.
  void Advance(absl::Time now);
  // When Advance is next needed: a reservation lapses, a state ends. (Numbers
  // that become free need no call.)
  absl::Time next_deadline() const;
  // Host time has jumped by `delta` at `now` (already jumped): nothing ages.
  void RebaseClock(absl::Duration delta, absl::Time now);
  // Civil time is `now` + `offset`. Cost: O(numbers) if there are local days
  // or verifications to check.
  void SetWallClock(absl::Duration offset, absl::Time now);

  // --- Looking ---
  // None if there is no such name.
  CampaignId FindCampaign(std::string_view name) const;
  TrunkId FindTrunk(std::string_view name) const;
  CarrierId FindCarrier(std::string_view name) const;
  NumberId FindNumber(PhoneNumber number) const;
  // kNotFound if there is no such number (any more).
  absl::StatusOr<NumberView> View(NumberId number) const;
  std::string_view RegionName(uint32_t region) const;
  // Why Reserve would answer `request` as it would: see number_explanation.h.
  // `now` counts as in every call, nothing else changes. Errors as Reserve, but
  // for the attempt, which may be any. Cost: O(numbers).
  absl::Status Explain(const NumberRequest& request, absl::Time now,
                       NumberExplanation* why);
  NumberPoolStats stats() const;
  // kInternal with what does not fit together. Cost: O(n log n). For tests.
  absl::Status CheckInvariants() const;

 private:
  explicit NumberPool(std::unique_ptr<NumberPoolImpl> impl);
  std::unique_ptr<NumberPoolImpl> impl_;
};

}  // namespace callrouter

#endif  // CALLROUTER_NUMBER_POOL_H_
