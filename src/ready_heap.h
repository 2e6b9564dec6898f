// A heap of which entries are not taken out when they become invalid: they
// are recognised when met, and swept before they are many.
//
// Entry needs: bool Before(const Entry&) const, a total order. What is valid
// is asked of the caller, who counts: Add with each entry that is valid, Drop
// when one is no more.

#ifndef CALLROUTER_SRC_READY_HEAP_H_
#define CALLROUTER_SRC_READY_HEAP_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace callrouter {

template <class Entry>
class ReadyHeap {
 public:
  std::size_t size() const { return valid_; }
  const std::vector<Entry>& entries() const { return heap_; }

  void Add(const Entry& entry) {
    ++valid_;
    if (heap_.size() == heap_.capacity()) {  // Twice as much is too much.
      heap_.reserve(heap_.size() + heap_.size() / 8 + 64);
    }
    heap_.push_back(entry);
    std::size_t i = heap_.size() - 1;
    while (i > 0) {
      const std::size_t parent = (i - 1) / kWays;
      if (!entry.Before(heap_[parent])) break;
      heap_[i] = heap_[parent];
      i = parent;
    }
    heap_[i] = entry;
  }

  // One entry is no longer valid.
  template <class Valid>
  void Drop(Valid valid) {
    --valid_;
    if (heap_.size() <= valid_ + valid_ / 2 + 64) return;
    std::size_t kept = 0;
    for (const Entry& entry : heap_) {
      if (valid(entry)) heap_[kept++] = entry;
    }
    heap_.resize(kept);
    for (std::size_t i = kept / kWays + 1; i-- > 0;) {
      if (i < kept) Sink(i);
    }
  }

  // The first valid entry, or null.
  template <class Valid>
  const Entry* Top(Valid valid) {
    while (!heap_.empty() && !valid(heap_[0])) Pop();
    return heap_.empty() ? nullptr : &heap_[0];
  }

  void Clear() {
    heap_.clear();
    valid_ = 0;
  }
  std::size_t bytes() const { return heap_.capacity() * sizeof(Entry); }

 private:
  static constexpr std::size_t kWays = 4;

  void Pop() {
    heap_[0] = heap_.back();
    heap_.pop_back();
    if (!heap_.empty()) Sink(0);
  }
  void Sink(std::size_t i) {
    const Entry entry = heap_[i];
    const std::size_t size = heap_.size();
    for (;;) {
      const std::size_t first = i * kWays + 1;
      if (first >= size) break;
      const std::size_t end = first + kWays < size ? first + kWays : size;
      std::size_t best = first;
      for (std::size_t child = first + 1; child < end; ++child) {
        if (heap_[child].Before(heap_[best])) best = child;
      }
      if (!heap_[best].Before(entry)) break;
      heap_[i] = heap_[best];
      i = best;
    }
    heap_[i] = entry;
  }

  std::vector<Entry> heap_;
  std::size_t valid_ = 0;
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_READY_HEAP_H_
