// VisitorPool the plain way: every showing ever, looked through from end to
// end.

#ifndef CALLROUTER_TESTS_ORACLE_NAIVE_VISITOR_POOL_H_
#define CALLROUTER_TESTS_ORACLE_NAIVE_VISITOR_POOL_H_

#include <cstdint>
#include <vector>

#include "callrouter/visitor_pool.h"

namespace callrouter::oracle {

class NaiveVisitorPool {
 public:
  NaiveVisitorPool(const VisitorPoolOptions& options, absl::Time now)
      : options_(options) {
    Enter(now);
  }
  void Rebase(absl::Duration delta) { skew_ += delta; }
  void Enter(absl::Time now);
  absl::StatusCode Apply(const VisitorPatch& patch);
  VisitAnswer Show(uint64_t visit);
  VisitCall Resolve(PhoneNumber number);
  void Forget(uint64_t visit);
  absl::Time next_deadline() const;
  // The mean over all numbers passed on of the share of `delays` beyond.
  double Risk(const std::vector<int64_t>& delays) const;

 private:
  struct Showing {
    uint64_t visit = 0;
    absl::Time first, last;
  };
  struct Number {
    PhoneNumber number;          // None: this place is free.
    std::vector<Showing> shown;  // The latest last.
    absl::Time held_since;
    bool held = false;
  };
  absl::Time EndOf(const Number& n) const {
    return options_.hold + (options_.mode == HoldMode::kSliding
                                ? n.shown.back().last
                                : n.held_since);
  }
  Number* Find(PhoneNumber number);

  VisitorPoolOptions options_;
  absl::Duration skew_ = absl::ZeroDuration();
  absl::Time now_ = absl::InfinitePast();
  std::vector<Number> numbers_;
  std::vector<absl::Duration> ages_;
};

}  // namespace callrouter::oracle

#endif  // CALLROUTER_TESTS_ORACLE_NAIVE_VISITOR_POOL_H_
