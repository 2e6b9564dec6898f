// What a VisitorPool keeps: of each number the latest visits it was shown to,
// a list of those held in the order in which they become free, and an index of
// the free ones by when they were last shown.

#ifndef CALLROUTER_SRC_VISITOR_POOL_IMPL_H_
#define CALLROUTER_SRC_VISITOR_POOL_IMPL_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "archive.h"
#include "callrouter/histogram.h"
#include "callrouter/visitor_pool.h"
#include "number_clock.h"
#include "number_index.h"
#include "number_table.h"

namespace callrouter {

class VisitorPoolImpl {
 public:
  static constexpr uint32_t kNone = ChainTable<int>::kNone;

  explicit VisitorPoolImpl(const VisitorPoolOptions& options);

  void Enter(absl::Time now);
  void Rebase(absl::Duration delta) { clock_.Rebase(delta); }
  absl::Status Apply(const VisitorPatch& patch);
  absl::Status Show(uint64_t visit, VisitAnswer* answer);
  absl::Status Resolve(PhoneNumber number, VisitCall* call);
  absl::Status Forget(uint64_t visit);
  absl::Time next_deadline() const { return clock_.Host(NextFree()); }
  double MisattributionRisk(const Histogram& delays) const;
  VisitorStats stats() const;
  void Save(std::string* out) const;
  absl::Status Load(std::string_view saved);
  void Transfer(Archive& a);
  absl::Status CheckInvariants() const;

 private:
  struct Showing {
    uint64_t visit = 0;  // 0: forgotten, but it was there.
    int64_t first = 0;
    int64_t last = 0;
  };
  struct Number {
    uint64_t digits = 0;              // 0: this place is free.
    Showing shown[VisitCall::kMost];  // The latest first.
    int64_t held_since = 0;
    int64_t dropped = 0;  // Last showing of those no longer among `shown`.
    uint32_t earlier = kNone;
    uint32_t later = kNone;
    uint8_t count = 0;
    bool held = false;
  };
  struct Visit {  // The latest of a number.
    uint64_t visit = 0;
    uint32_t number = 0;
    uint32_t next = 0;
    uint64_t Hash() const { return MixBits(visit); }
  };

  uint32_t FindVisit(uint64_t visit) const;
  int64_t EndOf(const Number& number) const {
    const bool sliding = options_.mode == HoldMode::kSliding;
    return (sliding ? number.shown[0].last : number.held_since) + hold_;
  }
  int64_t NextFree() const {
    return held_.head == kNone ? NumberClock::kNever
                               : EndOf(numbers_[held_.head]);
  }
  void Hold(uint32_t i);
  void Free(uint32_t i);
  void PassOn(uint32_t i, uint64_t visit);
  void Reindex();
  void EraseVisit(uint64_t visit);

  void TransferNumber(Archive& a, Number* number);
  void TransferHeld(Archive& a);
  void TransferAges(Archive& a);

  const VisitorPoolOptions options_;
  const int64_t hold_;
  const int64_t call_within_;
  NumberClock clock_;
  std::vector<Number> numbers_;
  absl::flat_hash_map<uint64_t, uint32_t> by_digits_;
  ChainTable<Visit> visits_;
  CellShape shape_;  // One cell of all places.
  MinIndex free_;    // By last showing.
  IndexList held_;   // In the order in which they become free.
  Histogram ages_;   // Of numbers when passed on.
  VisitorStats counts_;
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_VISITOR_POOL_IMPL_H_
