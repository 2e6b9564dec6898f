// Whom the pool showed which number: what stickiness and the count of
// different callees go by.
//
// One entry for each callee, number and campaign, newest first; 32 bytes with
// its place in the table. Times are whole seconds. At the limit the entry
// that has gone unshown for longest goes, near enough: entries queue, and one
// shown again since it queued queues once more.

#ifndef CALLROUTER_SRC_NUMBER_CALLEES_H_
#define CALLROUTER_SRC_NUMBER_CALLEES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "callrouter/number_choice.h"
#include "number_table.h"

namespace callrouter {

class NumberCallees {
 public:
  static constexpr uint32_t kNone = ChainTable<int>::kNone;
  static constexpr uint32_t kPerCallee = 16;

  struct Entry {
    uint64_t callee = 0;
    uint32_t slot = 0;   // Of the number.
    uint32_t shown = 0;  // Seconds since 1970.
    uint32_t next = 0;
    uint16_t campaign = 0;
    uint16_t answered : 1;
    uint16_t again : 1;        // Shown again since it queued.
    uint16_t generation : 14;  // Of the number, as far as it fits.

    Entry() : answered(0), again(0), generation(0) {}
    uint64_t Hash() const { return MixBits(callee); }
    bool Names(NumberId id) const {
      return slot == id.slot() && generation == (id.generation() & 0x3fff);
    }
  };

  void Reserve(std::size_t entries);
  void set_max(std::size_t entries) { max_ = entries; }

  // The callee's entries, newest first: for (i = First(c); i != kNone;
  // i = Next(i)).
  uint32_t First(PhoneNumber callee) const {
    return Skip(table_.First(MixBits(callee.value())), callee.value());
  }
  uint32_t Next(uint32_t i) const {
    return Skip(table_[i].next, table_[i].callee);
  }
  const Entry& operator[](uint32_t i) const { return table_[i]; }
  void Prefetch(PhoneNumber callee) const;

  // A number was shown, at `seconds`. Entries older than `keep` seconds are as
  // forgotten.
  void Shown(PhoneNumber callee, NumberId number, uint16_t campaign,
             uint32_t seconds, uint32_t keep);
  // That call was answered.
  void Answered(PhoneNumber callee, NumberId number, uint16_t campaign);

  // Entries are of numbers in slots below `slots`.
  void Transfer(Archive& a, uint32_t slots);

  std::size_t size() const { return table_.size(); }
  std::size_t bytes() const { return table_.bytes() + queue_.bytes(); }

 private:
  uint32_t Skip(uint32_t i, uint64_t callee) const {
    while (i != kNone && table_[i].callee != callee) i = table_[i].next;
    return i;
  }
  void MakeRoom(uint32_t seconds, uint32_t keep);

  ChainTable<Entry> table_;
  IndexRing queue_;
  std::size_t max_ = 0;
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_NUMBER_CALLEES_H_
