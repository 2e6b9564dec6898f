// callrouter/masking_pool.h
//
// Two people call each other without seeing each other's number: each dials a
// number of ours, which stands for this one relation.
//
//   auto pool = MaskingPool::Create(MaskingPoolOptions(), now);
//   status = (*pool)->Apply({{{number1}, {number2}}, {}}, now);
//
//   MaskingAnswer answer;
//   status = (*pool)->Open({session, courier, customer}, now, &answer);
//   if (answer.number.none()) ...                   // answer.none, retry_at
//   ... tell both to dial answer.number ...
//   MaskedCall call;
//   status = (*pool)->Resolve(answer.number, courier, now, &call);
//   if (call.by == MaskedBy::kSession) Bridge(call.other, answer.number);
//   status = (*pool)->Close(session, now);
//
// Guarantees
//  - Nobody sees one number in two sessions, open or in quarantine: whoever
//    dials a number reaches the one person it stands for or nobody. After a
//    session is over its number rests in quarantine for both parties, so that
//    a late call is recognised and never reaches a stranger.
//  - The first number in the order of adding that is free for both is taken,
//    unless stickiness says otherwise. As many numbers as the busiest party
//    has sessions, and a tenth more, are enough in practice; see
//    number_sizing.h and Report.
//  - If there is none, none was free; `retry_at` says before which time asking
//    again is useless.
//  - Same options, calls and times: the same numbers on every machine.
//  - Cost: Open O(numbers / 64) word steps, at most, all else O(1), but Apply,
//    Report, Forget, Save and Load, which are linear. Each session costs its
//    removal once. Nothing is allocated once everything has been as full as it
//    gets. Memory: 92 to 150 bytes a session (tables double), a party 20
//    and a bit a number.
//
// Time. `now` never goes back: an earlier one is taken as the latest, and
// counted. A session that was not touched for `time_to_live` is over at that
// very moment, however late it is noticed; a forward jump ages everything
// unless RebaseClock announces it.
//
// Errors, in order of precedence; the state is then unchanged:
//    kInvalidArgument     a field is missing, or out of range, or a party is a
//                         number of ours (a loop)
//    kNotFound            no such number or session (any more)
//    kAlreadyExists       the session is open with other parties
//    kFailedPrecondition  the session is over; the person is in open sessions
//    kResourceExhausted   a limit in the options is reached
//
// Thread safety: compatible. One object, one thread at a time; const methods
// may run together.
// Not here: groups of people behind one party; PINs; who may call whom.

#ifndef CALLROUTER_MASKING_POOL_H_
#define CALLROUTER_MASKING_POOL_H_

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

enum class PairSticky : uint8_t {
  kOff = 0,     // The first that is free for both.
  kPrefer = 1,  // The number the two had last, if it is free for both or in
                // quarantine after that very session.
  kAvoid = 2,   // Another than the two had last, if there is another.
};

struct MaskingPoolOptions {
  // A session is over when nobody called or touched it for so long.
  // [1 s, 400 days], infinite: never.
  absl::Duration time_to_live = absl::InfiniteDuration();
  // How long after a session its number stays away from both parties.
  // [0, 400 days]
  absl::Duration quarantine = absl::Hours(24);
  PairSticky sticky = PairSticky::kOff;
  // How long after its session the number of a pair is remembered. At
  // `pairs_max` the pair parted for longest is forgotten. [1 s, 400 days]
  absl::Duration sticky_keep = absl::Hours(24) * 30;

  int32_t numbers_max = 65'536;    // [1, 1,000,000]
  int32_t sessions_max = 100'000;  // Quarantine included. [1, 100,000,000]
  int32_t pairs_max = 100'000;     // With stickiness. [1, 100,000,000]
};

// Everything wrong with `options`.
std::vector<Fault> FindFaults(const MaskingPoolOptions& options);

struct MaskingNumber {
  PhoneNumber number;
  bool reserved = false;  // Only for sessions that want this very number.
};

struct MaskingPatch {
  std::vector<MaskingNumber> put;
  // A removed number is given to nobody and leaves with its last session.
  std::vector<PhoneNumber> remove;
};

struct MaskingRequest {
  uint64_t session = 0;  // The host's name for it; not 0.
  PhoneNumber a, b;      // Two different people.
  PhoneNumber wanted;    // Only this number; none: any that is not reserved.
};

// Why there is no number.
enum class NoMask : uint8_t {
  kThereIsOne = 0,
  kAllTaken = 1,       // Each is in a session of one of the two.
  kOnlyReserved = 2,   // Those that are not are reserved.
  kWantedTaken = 3,    // The wanted number is.
  kWantedUnknown = 4,  // It is not ours, or leaving.
};

struct MaskingAnswer {
  PhoneNumber number;
  bool again = false;  // The two had this very number last (if remembered).
  NoMask none = NoMask::kThereIsOne;
  // No try before can succeed unless the host changes something.
  absl::Time retry_at = absl::InfinitePast();
};

enum class MaskedBy : uint8_t {
  kNobody = 0,      // The caller is a stranger here, or withheld: the host may
                    // open a session now, or say so.
  kSession = 1,     // Put through to `other`; the session is touched.
  kQuarantine = 2,  // That session is over: say so.
  kNotOurs = 3,     // The number is not in the pool.
};

struct MaskedCall {
  MaskedBy by = MaskedBy::kNobody;
  uint64_t session = 0;
  PhoneNumber other;  // None if forgotten.
};

struct MaskingReport {
  std::size_t numbers = 0;      // Given out, neither reserved nor leaving.
  std::size_t open = 0;         // Sessions.
  std::size_t quarantined = 0;  // Sessions.
  std::size_t parties = 0;      // With any of these.
  // Sessions, open or in quarantine, of the party with most: now, ever, and of
  // the one with more than 99 of 100 have.
  int32_t degree = 0;
  int32_t degree_peak = 0;
  int32_t degree_p99 = 0;
  int32_t to_buy = 0;  // For the peak and a tenth more.
};

struct MaskingStats {
  uint64_t opened = 0;
  uint64_t refused = 0;  // Answers without a number.
  uint64_t expired = 0;  // Over by time.
  uint64_t closed = 0;
  uint64_t put_through = 0;
  uint64_t too_late = 0;   // Calls in quarantine.
  uint64_t strangers = 0;  // Calls by nobody known.
  uint64_t clock_regressions = 0;
  std::size_t pairs = 0;  // Remembered.
  std::size_t session_bytes = 0;
  std::size_t party_bytes = 0;
  std::size_t pair_bytes = 0;
};

class MaskingPoolImpl;

class MaskingPool {
 public:
  // kInvalidArgument with every fault of `options`.
  static absl::StatusOr<std::unique_ptr<MaskingPool>> Create(
      const MaskingPoolOptions& options, absl::Time now);
  ~MaskingPool();
  MaskingPool(const MaskingPool&) = delete;
  MaskingPool& operator=(const MaskingPool&) = delete;

  // All of `patch` or, with a status that lists every fault, nothing. A number
  // put again changes only whether it is reserved; one that leaves stays.
  absl::Status Apply(const MaskingPatch& patch, absl::Time now);

  // A number for two people. OK with or without one. The same open session
  // again: OK with the same number.
  absl::Status Open(const MaskingRequest& request, absl::Time now,
                    MaskingAnswer* answer);
  // The session is in use: its time to live starts anew.
  absl::Status Touch(uint64_t session, absl::Time now);
  // It is over; quarantine starts. Again: OK.
  absl::Status Close(uint64_t session, absl::Time now);
  // Who is meant by `caller` (none: withheld) dialling `number`. OK with
  // whatever answer; only a missing `number` is an error.
  absl::Status Resolve(PhoneNumber number, PhoneNumber caller, absl::Time now,
                       MaskedCall* call);

  // Forgets a person, who must not be in an open session. The other parties'
  // quarantine goes on without the name.
  absl::Status Forget(PhoneNumber subject, absl::Time now);

  // Does what is due. Early or twice is harmless.
  void Advance(absl::Time now);
  absl::Time next_deadline() const;
  // Host time has jumped by `delta` at `now` (already jumped): nothing ages.
  void RebaseClock(absl::Duration delta, absl::Time now);

  MaskingReport Report() const;
  MaskingStats stats() const;

  // The whole state as bytes, canonical: Save(Load(Save())) == Save(). The
  // options are not in it. They hold people.
  void Save(std::string* out) const;
  // Goes on exactly where Save was called. kInvalidArgument for damaged bytes
  // or options whose limits are too small.
  static absl::StatusOr<std::unique_ptr<MaskingPool>> Load(
      const MaskingPoolOptions& options, std::string_view saved);
  // kInternal with what does not fit together. Cost: linear. For tests.
  absl::Status CheckInvariants() const;

 private:
  explicit MaskingPool(std::unique_ptr<MaskingPoolImpl> impl);
  std::unique_ptr<MaskingPoolImpl> impl_;
};

}  // namespace callrouter

#endif  // CALLROUTER_MASKING_POOL_H_
