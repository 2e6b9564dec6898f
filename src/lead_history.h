// What caps count: events of numbers, leads and persons, as long as they may
// count, whether the lead is still there or not.

#ifndef CALLROUTER_SRC_LEAD_HISTORY_H_
#define CALLROUTER_SRC_LEAD_HISTORY_H_

#include <cstddef>
#include <cstdint>

#include "archive.h"
#include "callrouter/dial_rules.h"
#include "number_table.h"

namespace callrouter {

// Whose: a telephone number, or the host's name of a lead or person.
struct DialSubject {
  DialScope scope = DialScope::kNumber;
  uint64_t key = 0;
};

class LeadHistory {
 public:
  void Reserve(std::size_t events) {
    table_.Reserve(events);
    ring_.Reserve(events);
  }
  // Entries, also of events taken back.
  std::size_t size() const { return table_.size(); }
  std::size_t bytes() const { return table_.bytes() + ring_.bytes(); }

  // `time_s` is never before that of an earlier one.
  void Add(DialSubject subject, DialEvent event, uint32_t time_s);
  // Of one event, but for its place in the chains.
  static constexpr std::size_t kEventBytes = 24;

  // Takes one back.
  void Remove(DialSubject subject, DialEvent event, uint32_t time_s);
  // Whose they were: only that there was something is kept, until swept.
  void Forget(DialSubject subject);
  // Forgets those before.
  void Sweep(uint32_t before_s);

  // The times of such events, newest first, until `each` is false.
  template <class F>
  void ForEach(DialSubject subject, DialEvent event, F each) const {
    const uint8_t kind = KindOf(subject.scope, event);
    for (uint32_t i = table_.First(HashOf(kind, subject.key));
         i != Table::kNone; i = table_[i].next) {
      const Entry& e = table_[i];
      if (e.kind == kind && e.key() == subject.key && !each(e.time)) return;
    }
  }

  void Transfer(Archive& a);

 private:
  struct Entry {
    uint32_t high = 0, low = 0;
    uint32_t time = 0;
    uint32_t next = 0;
    uint8_t kind = 0;  // Scope and event.
    uint64_t key() const { return uint64_t{high} << 32 | low; }
    uint64_t Hash() const { return HashOf(kind, key()); }
  };
  static_assert(sizeof(Entry) + sizeof(uint32_t) == kEventBytes);
  using Table = ChainTable<Entry>;
  static uint8_t KindOf(DialScope scope, DialEvent event) {
    return static_cast<uint8_t>(static_cast<int>(scope) * 8 +
                                static_cast<int>(event));
  }
  // All events of one subject in one chain: they are asked for together.
  static uint64_t HashOf(uint8_t kind, uint64_t key) {
    return MixBits(key * 4 + kind / 8);
  }

  Table table_;
  IndexRing ring_;  // By time.
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_LEAD_HISTORY_H_
