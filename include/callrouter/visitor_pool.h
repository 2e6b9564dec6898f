// callrouter/visitor_pool.h
//
// Which visit of a web page does a call come from: each visit is shown a
// number of its own for a while.
//
//   VisitorPoolOptions options;
//   options.hold = absl::Minutes(3);
//   auto pool = VisitorPool::Create(options, now);
//   status = (*pool)->Apply({{number1, number2}, {}}, now);
//
//   VisitAnswer shown;
//   status = (*pool)->Show(visit, now, &shown);     // again: goes on
//   ... put shown.number on the page ...
//   VisitCall call;
//   status = (*pool)->Resolve(dialled, now, &call);
//   if (call.found == VisitsFound::kOne) ...        // call.visits[0]
//
// Guarantees
//  - A number is held by one visit for at least `hold`: from its last showing
//    (HoldMode::kSliding) or from its first (kFixed). Only a call frees it
//    before, with `free_after_call`.
//  - Of the free numbers the one that was last shown longest ago is taken,
//    those never shown first in the order of adding: old visitors have had the
//    longest time to ring.
//  - A call names every visit that was shown the number within
//    `call_within`: if there were two, then both. Of more than four the oldest
//    are not listed but said to be there.
//  - With no free number: the overflow number, or none, and when the first
//    will be free.
//  - Same options, calls and times: the same numbers on every machine.
//  - Cost: O(log numbers) a call, but Apply, Forget, Save, Load and
//    MisattributionRisk, which are linear. Nothing is allocated once all
//    numbers have been shown. Memory: 200 to 280 bytes a number.
//
// Time. `now` never goes back: an earlier one is taken as the latest, and
// counted; a forward jump ages everything unless RebaseClock announces it.
//
// Errors, in order of precedence; the state is then unchanged:
//    kInvalidArgument    a field is missing or out of range
//    kNotFound           no such number or visit (any more)
//    kFailedPrecondition the number to be removed is held
//    kResourceExhausted  a limit in the options is reached
//
// Thread safety: compatible. One object, one thread at a time; const methods
// may run together.
// Not here: numbers for a source that do not change (ReturnNumber::source);
// how many numbers are needed (number_sizing.h).

#ifndef CALLROUTER_VISITOR_POOL_H_
#define CALLROUTER_VISITOR_POOL_H_

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
#include "callrouter/histogram.h"
#include "callrouter/phone_number.h"

namespace callrouter {

enum class HoldMode : uint8_t {
  kSliding = 0,  // From the last showing.
  kFixed = 1,    // From the first.
};

struct VisitorPoolOptions {
  absl::Duration hold = absl::Minutes(3);  // [1 s, 24 h]
  HoldMode mode = HoldMode::kSliding;
  // A call as long after a showing may still come from it. [`hold`, 400 days]
  absl::Duration call_within = absl::Hours(1);
  bool free_after_call = false;  // Once a call has named its only visit.
  PhoneNumber overflow;          // Shown when there is none; none: no number.
  int32_t numbers_max = 10'000;  // [1, 1,000,000]
};

// Everything wrong with `options`.
std::vector<Fault> FindFaults(const VisitorPoolOptions& options);

// Numbers to add, in this order, and to remove.
struct VisitorPatch {
  std::vector<PhoneNumber> put;
  std::vector<PhoneNumber> remove;
};

struct VisitAnswer {
  PhoneNumber number;     // The overflow number, or none, if there is none.
  bool overflow = false;  // There is none.
  // No try before can succeed unless the host changes something.
  absl::Time retry_at = absl::InfinitePast();
};

enum class VisitsFound : uint8_t {
  kNone = 0,
  kOne = 1,
  kMany = 2,      // Two or more, latest first.
  kOverflow = 3,  // The overflow number: nobody can say.
  kNotOurs = 4,   // The number is not in the pool.
};

struct VisitCall {
  struct Candidate {
    uint64_t visit = 0;
    absl::Time first_shown = absl::InfinitePast();
    absl::Time last_shown = absl::InfinitePast();
    bool holds = false;  // It holds the number now.
  };
  static constexpr int kMost = 4;

  VisitsFound found = VisitsFound::kNone;
  int count = 0;
  Candidate visits[kMost];
  bool more = false;  // There were others, longer ago.
};

struct VisitorStats {
  uint64_t visits = 0;      // Given a number of their own.
  uint64_t overflowed = 0;  // Showings without.
  uint64_t passed_on = 0;   // Numbers given to another visit.
  uint64_t calls_one = 0;
  uint64_t calls_many = 0;
  uint64_t calls_none = 0;  // The overflow number included.
  uint64_t clock_regressions = 0;
  std::size_t numbers = 0;
  std::size_t held = 0;  // Now.
  std::size_t bytes = 0;
};

class VisitorPoolImpl;

class VisitorPool {
 public:
  // kInvalidArgument with every fault of `options`.
  static absl::StatusOr<std::unique_ptr<VisitorPool>> Create(
      const VisitorPoolOptions& options, absl::Time now);
  ~VisitorPool();
  VisitorPool(const VisitorPool&) = delete;
  VisitorPool& operator=(const VisitorPool&) = delete;

  // All of `patch` or, with a status that lists every fault, nothing. A number
  // put again stays as it is; with a removed one its visits are forgotten.
  absl::Status Apply(const VisitorPatch& patch, absl::Time now);

  // The page of `visit` (the host's name for it, not 0) shows a number now:
  // at its start, and then as often as the visitor is seen to be there.
  absl::Status Show(uint64_t visit, absl::Time now, VisitAnswer* answer);
  // Somebody calls `number`. OK with whatever answer; only a missing `number`
  // is an error.
  absl::Status Resolve(PhoneNumber number, absl::Time now, VisitCall* call);
  // Forgets a visit; a number it holds is held on by nobody.
  absl::Status Forget(uint64_t visit, absl::Time now);

  // Frees what is due. Early or twice is harmless.
  void Advance(absl::Time now);
  // When the next number becomes free; InfiniteFuture if none is held.
  absl::Time next_deadline() const;
  // Host time has jumped by `delta` at `now` (already jumped): nothing ages.
  void RebaseClock(absl::Duration delta, absl::Time now);

  // The share of the callers of visits whose number was passed on who rang
  // after that, if calls come after the last showing with the delays in
  // `delays` (microseconds): the mean, over all numbers passed on, of
  // P(delay > age when passed on). Rounded up within the histograms' buckets
  // (1/32). 0 if nothing was passed on or `delays` is empty.
  double MisattributionRisk(const Histogram& delays) const;
  VisitorStats stats() const;

  // The whole state as bytes, canonical: Save(Load(Save())) == Save(). The
  // options are not in it.
  void Save(std::string* out) const;
  // Goes on exactly where Save was called. kInvalidArgument for damaged bytes
  // or options whose limits are too small.
  static absl::StatusOr<std::unique_ptr<VisitorPool>> Load(
      const VisitorPoolOptions& options, std::string_view saved);
  // kInternal with what does not fit together. Cost: linear. For tests.
  absl::Status CheckInvariants() const;

 private:
  explicit VisitorPool(std::unique_ptr<VisitorPoolImpl> impl);
  std::unique_ptr<VisitorPoolImpl> impl_;
};

}  // namespace callrouter

#endif  // CALLROUTER_VISITOR_POOL_H_
