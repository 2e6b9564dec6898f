// callrouter/ordered_index.h
//
// A set kept in a total order, made for two uses: agents who are free and
// calls that wait. Both mostly append at the end and take from the front.
//
//   OrderedIndex idle;
//   idle.Insert({{penalty, idle_since, 0}, agent_slot, weight});
//   const OrderedIndex::Entry& first = idle.front();
//   idle.Erase(first.key, first.id);
//
// Order: by key (a, b, c), then by id. Entries lie in short sorted runs, so a
// step costs one or two cache lines. Cost: front O(1); Insert at the end and
// Erase at the front O(1) on average; elsewhere O(log n + run length), and one
// insertion or removal of a run in O(n / run length) every few; NthByWeight
// O(n / run length). Runs are reused, so a warm index does not allocate; runs
// that get sparse are merged, so it stays within some 200 bytes an entry.
//
// Thread safety: compatible.

#ifndef CALLROUTER_ORDERED_INDEX_H_
#define CALLROUTER_ORDERED_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace callrouter {

struct OrderKey {
  int64_t a = 0;
  int64_t b = 0;
  int64_t c = 0;

  friend bool operator<(const OrderKey& x, const OrderKey& y) {
    if (x.a != y.a) return x.a < y.a;
    if (x.b != y.b) return x.b < y.b;
    return x.c < y.c;
  }
  friend bool operator==(const OrderKey& x, const OrderKey& y) {
    return x.a == y.a && x.b == y.b && x.c == y.c;
  }
};

class OrderedIndex {
 public:
  struct Entry {
    OrderKey key;
    uint32_t id = 0;
    uint32_t weight = 1;

    friend bool operator<(const Entry& x, const Entry& y) {
      if (x.key.a != y.key.a) return x.key.a < y.key.a;
      if (x.key.b != y.key.b) return x.key.b < y.key.b;
      if (x.key.c != y.key.c) return x.key.c < y.key.c;
      return x.id < y.id;
    }
  };

  // Where an entry is; good until the index changes.
  struct Cursor {
    std::size_t run = 0;
    uint32_t at = 0;
  };

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  uint64_t weight() const { return weight_; }

  // REQUIRES: !empty().
  const Entry& front() const {
    const RunRef& ref = runs_[first_];
    return ref.run->entries[ref.begin];
  }

  // REQUIRES: no entry with this key and id is there.
  void Insert(const Entry& entry) {
    ++size_;
    weight_ += entry.weight;
    if (first_ < runs_.size()) {
      RunRef& back = runs_.back();
      if (back.last < entry && back.end < kRun) {
        back.run->entries[back.end++] = entry;
        back.last = entry;
        back.weight += entry.weight;
        return;
      }
    }
    InsertSlow(entry);
  }

  // Takes the entry out; false if it is not there.
  bool Erase(const OrderKey& key, uint32_t id);
  void Clear();

  // Walking in order: for (Cursor c = Begin(); !AtEnd(c); Next(&c)) At(c).
  Cursor Begin() const {
    return {first_, first_ < runs_.size() ? runs_[first_].begin : 0};
  }
  bool AtEnd(const Cursor& cursor) const { return cursor.run >= runs_.size(); }
  const Entry& At(const Cursor& cursor) const {
    return runs_[cursor.run].run->entries[cursor.at];
  }
  void Next(Cursor* cursor) const {
    if (++cursor->at < runs_[cursor->run].end) return;
    if (++cursor->run < runs_.size()) cursor->at = runs_[cursor->run].begin;
  }
  // First entry not before (key, id).
  Cursor LowerBound(const OrderKey& key, uint32_t id) const;
  // Sum of the weights of all entries before `cursor`. Cost as NthByWeight.
  uint64_t WeightBefore(const Cursor& cursor) const;
  // The entry in whose span `weight` falls when the weights are laid end to
  // end in order. REQUIRES: weight < weight().
  const Entry& NthByWeight(uint64_t weight) const;

 private:
  static constexpr uint32_t kRun = 24;
  static constexpr uint32_t kSparse = 4;  // So few ask for a merge.
  struct Run {
    Entry entries[kRun];
  };
  struct RunRef {
    Entry last;
    std::unique_ptr<Run> run;
    uint64_t weight = 0;
    uint32_t begin = 0;
    uint32_t end = 0;
  };

  std::size_t FindRun(const Entry& entry) const;
  void InsertSlow(const Entry& entry);
  RunRef* AddRun(std::size_t at);
  void DropRun(std::size_t at);
  bool MergeWithNext(std::size_t at);

  std::vector<RunRef> runs_;  // [first_, end) in order; before that, dropped.
  std::vector<std::unique_ptr<Run>> spare_;
  std::size_t first_ = 0;
  std::size_t size_ = 0;
  uint64_t weight_ = 0;
};

}  // namespace callrouter

#endif  // CALLROUTER_ORDERED_INDEX_H_
