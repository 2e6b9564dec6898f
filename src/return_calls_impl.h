// What ReturnCalls keeps.
//
// An entry is in the chain of its callee and in the list of its number, which
// is in order of time: its oldest is the next of this number to be forgotten,
// and one timer a number waits for that.

#ifndef CALLROUTER_SRC_RETURN_CALLS_IMPL_H_
#define CALLROUTER_SRC_RETURN_CALLS_IMPL_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "archive.h"
#include "callrouter/return_calls.h"
#include "callrouter/timer_queue.h"
#include "number_clock.h"
#include "number_table.h"

namespace callrouter {

class ReturnCallsImpl {
 public:
  static constexpr uint32_t kNone = ChainTable<int>::kNone;
  static constexpr uint32_t kAliases = 64;  // Of a caller and of a callee.

  explicit ReturnCallsImpl(const ReturnCallsOptions& options);

  void Enter(absl::Time now);
  void Rebase(absl::Duration delta) { clock_.Rebase(delta); }

  absl::Status Apply(const ReturnNumbersPatch& patch);
  absl::Status SetOwnerQueue(uint32_t owner, uint64_t queue);
  absl::Status AddAlias(PhoneNumber caller, PhoneNumber callee);
  absl::Status RemoveAlias(PhoneNumber caller, PhoneNumber callee);
  absl::Status Shown(const ShownCall& call);
  absl::Status Outcome(const ShownCall& call, uint8_t outcome);
  absl::Status Resolve(PhoneNumber number, PhoneNumber caller,
                       ReturnAnswer* answer);
  absl::Status OptOut(PhoneNumber contact, uint32_t owner);
  absl::Status WithdrawOptOut(PhoneNumber contact, uint32_t owner);
  bool OptedOut(PhoneNumber contact, uint32_t owner) const {
    return FindOptOut(Key(contact), owner) != kNone;
  }
  absl::Status Forget(PhoneNumber subject);

  absl::Time next_deadline() const { return clock_.Host(timers_.next_due()); }
  absl::StatusOr<absl::Time> ReleasableAt(PhoneNumber number) const;
  ReturnCallsStats stats() const;
  void Save(std::string* out) const;
  absl::Status Load(std::string_view saved);
  void Transfer(Archive& a);
  absl::Status CheckInvariants() const;

 private:
  struct Entry {
    uint64_t callee = 0;  // Or its hash.
    uint64_t lead = 0;
    uint64_t attempt = 0;
    uint64_t agent = 0;
    uint32_t number = 0;  // Slot.
    uint32_t shown = 0;   // Seconds.
    uint32_t next = 0;
    uint32_t earlier = kNone;  // Of the same number.
    uint32_t later = kNone;
    uint16_t campaign = 0;
    uint8_t outcome = 0;
    // Others of this callee were dropped for it: none is shown later, so all
    // of them would have been forgotten by the time this one is.
    uint8_t crowded = 0;
    uint64_t Hash() const { return MixBits(callee); }
  };
  static_assert(sizeof(Entry) == 56, "60 with the head of its chain");
  struct Number {
    uint64_t digits = 0;
    uint64_t queue = 0;
    uint64_t agent = 0;
    uint64_t source = 0;
    TimerId timer;
    uint32_t owner = 0;
    IndexList calls;
    uint32_t timed = 0;  // When the entry the timer waits for was shown.
    uint32_t next = 0;
    uint64_t Hash() const { return MixBits(digits); }
  };
  struct Owner {
    uint64_t queue = 0;
    uint32_t owner = 0;
    uint32_t next = 0;
    uint64_t Hash() const { return MixBits(owner); }
  };
  // There are two, one for each side.
  struct Alias {
    uint64_t key = 0;
    uint64_t other = 0;
    uint32_t next = 0;
    uint8_t forward = 0;  // `key` is the caller.
    uint64_t Hash() const { return MixBits(key); }
  };
  struct OptedOutEntry {
    uint64_t contact = 0;
    uint32_t owner = 0;
    uint32_t since = 0;
    uint32_t next = 0;
    uint64_t Hash() const { return MixBits(contact); }
  };

  uint64_t Key(PhoneNumber person) const;
  int64_t DueOf(uint32_t shown) const {
    return (int64_t{shown} + keep_ + 1) * NumberClock::kSecond;
  }
  // Whether `a` comes before `b` in an answer.
  bool Before(const Entry& a, const Entry& b) const;

  uint32_t FindNumber(PhoneNumber number) const;
  uint32_t FindOwner(uint32_t owner) const;
  uint32_t FindAlias(uint64_t key, uint64_t other, bool forward) const;
  uint32_t FindOptOut(uint64_t contact, uint32_t owner) const;
  uint32_t CountAliases(uint64_t key, bool forward) const;
  uint32_t FirstOf(uint64_t callee) const {
    return SkipTo(entries_.First(MixBits(callee)), callee);
  }
  uint32_t NextOf(uint32_t i) const {
    return SkipTo(entries_[i].next, entries_[i].callee);
  }
  uint32_t SkipTo(uint32_t i, uint64_t callee) const {
    while (i != kNone && entries_[i].callee != callee) i = entries_[i].next;
    return i;
  }

  // Of its number: a new entry is the newest.
  IndexList& ListOf(uint32_t i) { return numbers_[entries_[i].number].calls; }
  void Erase(uint32_t i);
  void Rearm(uint32_t number);

  void Collect(uint64_t callee, uint32_t number, bool whole_owner,
               ReturnAnswer* answer) const;
  void CollectAliases(uint64_t caller, uint32_t number,
                      ReturnAnswer* answer) const;
  void CollectRecent(uint32_t number, ReturnAnswer* answer) const;
  void Add(const Entry& entry, ReturnAnswer* answer) const;
  void Climb(uint32_t number, PhoneNumber caller, ReturnAnswer* answer) const;

  void TransferNumbers(Archive& a);
  void TransferEntries(Archive& a, uint32_t number);
  void TransferOwners(Archive& a);
  void TransferAliases(Archive& a);
  void TransferOptOuts(Archive& a);
  absl::Status CheckNumber(uint32_t number) const;

  const ReturnCallsOptions options_;
  const int64_t keep_;  // Seconds, rounded up.
  NumberClock clock_;
  ChainTable<Entry> entries_;
  ChainTable<Number> numbers_;
  ChainTable<Owner> owners_;
  ChainTable<Alias> aliases_;
  ChainTable<OptedOutEntry> opt_outs_;
  TimerQueue timers_;
  ReturnCallsStats counts_;
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_RETURN_CALLS_IMPL_H_
