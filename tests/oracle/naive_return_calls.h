// ReturnCalls the plain way: a list of everything ever shown, looked through
// from end to end for every question. Dropped entries stay in it, so that it
// also knows the truth.

#ifndef CALLROUTER_TESTS_ORACLE_NAIVE_RETURN_CALLS_H_
#define CALLROUTER_TESTS_ORACLE_NAIVE_RETURN_CALLS_H_

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "callrouter/return_calls.h"

namespace callrouter::oracle {

class NaiveReturnCalls {
 public:
  struct Shown {
    ShownCall call;
    uint8_t outcome = 0;
    int64_t seconds = 0;
    bool crowded = false;
    bool dropped = false;  // Remembered as the truth only.
  };

  NaiveReturnCalls(const ReturnCallsOptions& options, absl::Time now)
      : options_(options) {
    Enter(now);
  }

  void Rebase(absl::Duration delta) { skew_ += delta; }
  void Enter(absl::Time now);
  absl::StatusCode Apply(const ReturnNumbersPatch& patch);
  void SetOwnerQueue(uint32_t owner, uint64_t queue) { queues_[owner] = queue; }
  void AddAlias(PhoneNumber caller, PhoneNumber callee) {
    aliases_.insert({caller, callee});
  }
  absl::StatusCode RemoveAlias(PhoneNumber caller, PhoneNumber callee) {
    return aliases_.erase({caller, callee}) > 0 ? absl::StatusCode::kOk
                                                : absl::StatusCode::kNotFound;
  }
  absl::StatusCode Show(const ShownCall& call);
  absl::StatusCode Outcome(const ShownCall& call, uint8_t outcome);
  void OptOut(PhoneNumber contact, uint32_t owner) {
    opt_outs_.insert({contact, owner});
  }
  absl::StatusCode WithdrawOptOut(PhoneNumber contact, uint32_t owner) {
    return opt_outs_.erase({contact, owner}) > 0 ? absl::StatusCode::kOk
                                                 : absl::StatusCode::kNotFound;
  }
  void Forget(PhoneNumber subject);
  ReturnAnswer Resolve(PhoneNumber number, PhoneNumber caller) const;
  absl::Time next_deadline() const;
  std::size_t entries() const;
  const ReturnNumber* Number(PhoneNumber number) const;

  // Who may be meant in truth: what is on the first rung of 1 to 3 with
  // anything, dropped or not, as (campaign, lead).
  std::set<std::pair<uint16_t, uint64_t>> Truth(PhoneNumber number,
                                                PhoneNumber caller,
                                                ReturnRung* rung) const;

 private:
  template <class Matches>
  void Collect(Matches matches, ReturnAnswer* answer) const;
  ReturnAnswer Facts(PhoneNumber number, PhoneNumber caller) const;
  bool SameOwner(PhoneNumber a, PhoneNumber b) const {
    return Number(a)->owner == Number(b)->owner;
  }

  ReturnCallsOptions options_;
  absl::Duration skew_ = absl::ZeroDuration();
  absl::Time now_ = absl::InfinitePast();
  std::vector<ReturnNumber> numbers_;
  std::vector<Shown> shown_;  // In order of time.
  std::map<uint32_t, uint64_t> queues_;
  std::set<std::pair<PhoneNumber, PhoneNumber>> aliases_;
  std::set<std::pair<PhoneNumber, uint32_t>> opt_outs_;
};

}  // namespace callrouter::oracle

#endif  // CALLROUTER_TESTS_ORACLE_NAIVE_RETURN_CALLS_H_
