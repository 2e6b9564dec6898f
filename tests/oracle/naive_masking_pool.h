// MaskingPool the plain way: lists of numbers, sessions and pairs, looked
// through from end to end.

#ifndef CALLROUTER_TESTS_ORACLE_NAIVE_MASKING_POOL_H_
#define CALLROUTER_TESTS_ORACLE_NAIVE_MASKING_POOL_H_

#include <cstdint>
#include <map>
#include <vector>

#include "callrouter/masking_pool.h"

namespace callrouter::oracle {

class NaiveMaskingPool {
 public:
  struct Session {
    uint64_t name = 0;
    PhoneNumber a, b, number;
    absl::Time since;
    bool over = false;
  };

  NaiveMaskingPool(const MaskingPoolOptions& options, absl::Time now)
      : options_(options) {
    Enter(now);
  }
  void Rebase(absl::Duration delta) { skew_ += delta; }
  void Enter(absl::Time now);
  absl::StatusCode Apply(const MaskingPatch& patch);
  absl::StatusCode Open(const MaskingRequest& request, MaskingAnswer* answer);
  absl::StatusCode Touch(uint64_t session);
  absl::StatusCode Close(uint64_t session);
  MaskedCall Resolve(PhoneNumber number, PhoneNumber caller);
  absl::StatusCode Forget(PhoneNumber subject);
  absl::Time next_deadline() const;
  MaskingReport Report() const;

 private:
  struct Number {
    PhoneNumber number;  // None: a place that is free.
    bool reserved = false;
    bool leaving = false;
  };
  struct Pair {
    PhoneNumber a, b, number;
    absl::Time since;
  };

  Number* Find(PhoneNumber number);
  Session* Find(uint64_t name);
  bool Sees(PhoneNumber party, PhoneNumber number) const;
  bool Free(const MaskingRequest& request, PhoneNumber number) const;
  bool Uses(PhoneNumber number) const;
  const Session* Revivable(const MaskingRequest& request,
                           PhoneNumber number) const;
  PhoneNumber Last(PhoneNumber a, PhoneNumber b) const;
  PhoneNumber Choose(const MaskingRequest& request, MaskingAnswer* answer);
  absl::Time NextFree() const;
  void End(Session session, absl::Time at);
  void DropUnused();
  std::map<PhoneNumber, int32_t> Degrees() const;

  MaskingPoolOptions options_;
  absl::Duration skew_ = absl::ZeroDuration();
  absl::Time now_ = absl::InfinitePast();
  std::vector<Number> numbers_;
  std::vector<Session> sessions_;  // Open or over, each in order of time.
  std::vector<Pair> pairs_;        // In order of time.
  int32_t peak_ = 0;
};

}  // namespace callrouter::oracle

#endif  // CALLROUTER_TESTS_ORACLE_NAIVE_MASKING_POOL_H_
