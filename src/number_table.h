// A hash table whose entries stay where they are: small chains over one array.
//
// Entries are named by their index. A chain has the newest first. Memory: the
// entry, which holds its own link, and four bytes. Nothing is allocated once
// Reserve or growth has reached the most entries ever held.
//
// Entry needs: uint32_t next; uint64_t Hash() const.

#ifndef CALLROUTER_SRC_NUMBER_TABLE_H_
#define CALLROUTER_SRC_NUMBER_TABLE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "archive.h"

namespace callrouter {

// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every bit of the
// result depends on every bit of `x`.
inline uint64_t MixBits(uint64_t x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9u;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

template <class Entry>
class ChainTable {
 public:
  static constexpr uint32_t kNone = 0xffffffffu;

  void Reserve(std::size_t entries) {
    entries_.reserve(entries);
    if (entries > heads_.size()) Rehash(entries);
  }
  void Clear() {
    entries_.clear();
    std::fill(heads_.begin(), heads_.end(), kNone);
    free_ = kNone;
    size_ = 0;
  }

  std::size_t size() const { return size_; }
  // Entries ever in use: indices are below.
  uint32_t span() const { return static_cast<uint32_t>(entries_.size()); }
  Entry& operator[](uint32_t i) { return entries_[i]; }
  const Entry& operator[](uint32_t i) const { return entries_[i]; }

  // The first entry of the chain of `hash`, or kNone; `next` leads on.
  uint32_t First(uint64_t hash) const {
    return heads_.empty() ? kNone : heads_[Bucket(hash)];
  }
  const uint32_t* HeadOf(uint64_t hash) const {
    return heads_.empty() ? nullptr : &heads_[Bucket(hash)];
  }

  uint32_t Insert(const Entry& entry) {
    if (size_ == heads_.size()) Rehash(std::max<std::size_t>(16, 2 * size_));
    uint32_t i = free_;
    if (i != kNone) {
      free_ = entries_[i].next;
      entries_[i] = entry;
    } else {
      i = static_cast<uint32_t>(entries_.size());
      entries_.push_back(entry);
    }
    ++size_;
    Link(i);
    return i;
  }

  void Erase(uint32_t i) {
    Unlink(i);
    entries_[i] = Entry();
    entries_[i].next = free_;
    free_ = i;
    --size_;
  }

  // Makes entry `i` the first of its chain.
  void ToFront(uint32_t i) {
    Unlink(i);
    Link(i);
  }

  // All entries with their places and the order of each chain, whatever the
  // number of buckets. `each` reads or writes one, but for `next`.
  template <typename F>
  void Transfer(Archive& a, F each) {
    uint32_t count = span();
    a(count);
    std::vector<uint32_t> used =
        a.writing() ? Chained() : std::vector<uint32_t>();
    a.List(used, [&](uint32_t& i) { a(i); });
    std::vector<uint32_t> unused;
    for (uint32_t i = free_; a.writing() && i != kNone; i = entries_[i].next) {
      unused.push_back(i);
    }
    a.List(unused, [&](uint32_t& i) { a(i); });
    if (!a.writing() && !Place(count, used, unused)) {
      Clear();
      a.Fail();
      return;
    }
    for (const uint32_t i : used) each(entries_[i]);
    if (a.writing()) return;
    for (const uint32_t i : used) Link(i);
  }

  std::size_t bytes() const {
    return entries_.capacity() * sizeof(Entry) +
           heads_.capacity() * sizeof(uint32_t);
  }

 private:
  std::size_t Bucket(uint64_t hash) const {
    return static_cast<std::size_t>(((hash >> 32) * heads_.size()) >> 32);
  }
  void Link(uint32_t i) {
    uint32_t& head = heads_[Bucket(entries_[i].Hash())];
    entries_[i].next = head;
    head = i;
  }
  void Unlink(uint32_t i) {
    uint32_t* at = &heads_[Bucket(entries_[i].Hash())];
    while (*at != i) at = &entries_[*at].next;
    *at = entries_[i].next;
  }
  // Entries in use, those of one hash in the order in which to link them.
  std::vector<uint32_t> Chained() const {
    std::vector<uint32_t> used;
    used.reserve(size_);
    for (const uint32_t head : heads_) {
      for (uint32_t i = head; i != kNone; i = entries_[i].next) {
        used.push_back(i);
      }
    }
    std::reverse(used.begin(), used.end());
    std::stable_sort(used.begin(), used.end(), [&](uint32_t x, uint32_t y) {
      return entries_[x].Hash() < entries_[y].Hash();
    });
    return used;
  }
  // Makes room for `count` entries, each of them used or not. False if they are
  // not that.
  bool Place(uint32_t count, const std::vector<uint32_t>& used,
             const std::vector<uint32_t>& unused) {
    Clear();
    if (used.size() + unused.size() != count) return false;
    std::vector<bool> seen(count, false);
    for (const auto* list : {&used, &unused}) {
      for (const uint32_t i : *list) {
        if (i >= count || seen[i]) return false;
        seen[i] = true;
      }
    }
    entries_.assign(count, Entry());
    for (std::size_t i = unused.size(); i-- > 0;) {
      entries_[unused[i]].next = free_;
      free_ = unused[i];
    }
    size_ = used.size();
    if (heads_.size() < size_ || heads_.empty()) {
      heads_.assign(std::max<std::size_t>(16, size_), kNone);
    }
    return true;
  }
  void Rehash(std::size_t buckets) {
    // Chains are taken over oldest first, so that their order is kept.
    std::vector<uint32_t> order;
    order.reserve(size_);
    for (const uint32_t head : heads_) {
      const std::size_t begin = order.size();
      for (uint32_t i = head; i != kNone; i = entries_[i].next) {
        order.push_back(i);
      }
      std::reverse(order.begin() + static_cast<std::ptrdiff_t>(begin),
                   order.end());
    }
    heads_.assign(buckets, kNone);
    for (const uint32_t i : order) Link(i);
  }

  std::vector<uint32_t> heads_;  // As many as entries there may be.
  std::vector<Entry> entries_;
  uint32_t free_ = kNone;
  std::size_t size_ = 0;
};

// A list of entries, which link it themselves and may leave it anywhere.
//
// Entry needs: uint32_t earlier, later. Table is a ChainTable or a vector.
struct IndexList {
  static constexpr uint32_t kNone = 0xffffffffu;

  uint32_t head = kNone;
  uint32_t tail = kNone;
  uint32_t size = 0;

  template <class Table>
  void Append(Table& table, uint32_t i) {
    table[i].earlier = tail;
    table[i].later = kNone;
    (tail == kNone ? head : table[tail].later) = i;
    tail = i;
    ++size;
  }
  template <class Table>
  void Detach(Table& table, uint32_t i) {
    const uint32_t earlier = table[i].earlier;
    const uint32_t later = table[i].later;
    (earlier == kNone ? head : table[earlier].later) = later;
    (later == kNone ? tail : table[later].earlier) = earlier;
    --size;
  }
};

// A queue of indices that keeps its memory.
class IndexRing {
 public:
  void Reserve(std::size_t size) {
    if (ring_.size() >= size) return;
    std::vector<uint32_t> bigger(size, 0);
    for (std::size_t i = 0; i < size_; ++i) {
      bigger[i] = ring_[(head_ + i) % ring_.size()];
    }
    ring_.swap(bigger);
    head_ = 0;
  }
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  uint32_t front() const { return ring_[head_]; }
  void Push(uint32_t i) {
    if (size_ == ring_.size()) {
      Reserve(std::max<std::size_t>(64, 2 * ring_.size()));
    }
    const std::size_t at = head_ + size_;
    ring_[at < ring_.size() ? at : at - ring_.size()] = i;
    ++size_;
  }
  void Pop() {
    if (++head_ == ring_.size()) head_ = 0;
    --size_;
  }
  // Oldest first.
  std::vector<uint32_t> Items() const {
    std::vector<uint32_t> items;
    items.reserve(size_);
    for (std::size_t i = 0; i < size_; ++i) {
      items.push_back(ring_[(head_ + i) % ring_.size()]);
    }
    return items;
  }
  void Transfer(Archive& a) {
    std::vector<uint32_t> items = Items();
    a.List(items, [&](uint32_t& i) { a(i); });
    if (a.writing()) return;
    head_ = size_ = 0;
    for (const uint32_t i : items) Push(i);
  }
  std::size_t bytes() const { return ring_.capacity() * sizeof(uint32_t); }

 private:
  std::vector<uint32_t> ring_;
  std::size_t head_ = 0;
  std::size_t size_ = 0;
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_NUMBER_TABLE_H_
