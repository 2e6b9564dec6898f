// callrouter/timer_queue.h
//
// Timers as data: armed with a due time, handed back in exact order.
//
//   TimerQueue timers;
//   TimerId ring = timers.Arm(now + 15'000'000, kRingEnd, offer_slot);
//   timers.Cancel(&ring);                    // ring is none afterwards
//   TimerQueue::Timer due;
//   while (timers.PopDue(now, &due)) Fire(due);
//
// Order: by due time, then by order of arming. Times are whole microseconds.
// Cost: Arm O(log n), in practice a few steps; Cancel O(1); PopDue O(log n). A
// cancelled timer is recognised by its generation and dropped when met; dead
// ones never exceed half the living by more than 128, so memory is bounded by
// the most timers ever armed at once. Timers due within a minute are kept apart
// from the others: phones ring and are answered in their thousands above the
// few that wait for hours, and mostly are cancelled.
//
// Thread safety: compatible. Not here: any clock.

#ifndef CALLROUTER_TIMER_QUEUE_H_
#define CALLROUTER_TIMER_QUEUE_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "callrouter/id.h"

namespace callrouter {

using TimerId = Id<struct TimerTag>;

class TimerQueue {
 public:
  static constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

  struct Timer {
    int64_t due = 0;
    uint32_t subject = 0;
    uint8_t kind = 0;
    TimerId id;
  };

  void Reserve(std::size_t timers);

  TimerId Arm(int64_t due, uint8_t kind, uint32_t subject) {
    uint32_t slot;
    if (free_ != kNoSlot) {
      slot = free_;
      free_ = slots_[slot].subject;
    } else {
      slot = static_cast<uint32_t>(slots_.size());
      slots_.emplace_back();
    }
    Slot& s = slots_[slot];
    s.subject = subject;
    s.kind = kind;
    s.far = due > near_until_ ? 1 : 0;
    Heap& heap = heaps_[s.far];
    ++heap.live;
    heap.entries.push_back({due, next_seq_++, slot, s.generation});
    SiftUp(&heap.entries, heap.entries.size() - 1);
    return TimerId(slot, s.generation);
  }

  // Cancels `*id` and makes it none. A timer that has fired, was cancelled or
  // is none: no effect. Returns whether a timer was cancelled.
  bool Cancel(TimerId* id) {
    const TimerId old = *id;
    *id = TimerId();
    if (!IsArmed(old)) return false;
    Heap& heap = heaps_[slots_[old.slot()].far];
    Release(old.slot());
    KeepDeadFew(&heap);
    return true;
  }

  bool IsArmed(TimerId id) const {
    return !id.none() && id.slot() < slots_.size() &&
           slots_[id.slot()].generation == id.generation();
  }

  // Due time of the first timer; kNever if there is none. Cost: O(1) after
  // Tidy, O(n) if the first was cancelled since.
  int64_t next_due() const {
    int64_t first = kNever;
    for (const Heap& heap : heaps_) {
      if (heap.entries.empty()) continue;
      const int64_t due =
          Dead(heap.entries[0]) ? FirstLiving(heap) : heap.entries[0].due;
      if (due < first) first = due;
    }
    return first;
  }

  // Takes out the first timer if it is due at `now`.
  bool PopDue(int64_t now, Timer* out) {
    near_until_ = now < kNever - kNear ? now + kNear : kNever;
    Heap* const heap = FirstDue(now);
    if (heap == nullptr) return false;
    PopTop(heap, out);
    return true;
  }

  // Drops cancelled timers at the front. To be called after a batch of
  // changes, before next_due is asked for.
  void Tidy() {
    for (Heap& heap : heaps_) TidyOne(&heap);
  }

  // Living timers.
  std::size_t size() const { return heaps_[0].live + heaps_[1].live; }
  // Places in use by living and cancelled timers: at most 1.5 size() + 128.
  std::size_t entries() const {
    return heaps_[0].entries.size() + heaps_[1].entries.size();
  }

  // All living timers in firing order. For saving; arming them again in this
  // order gives an equal queue. Cost: O(n log n).
  std::vector<Timer> Sorted() const;

 private:
  static constexpr uint32_t kNoSlot = 0xffffffffu;
  static constexpr int64_t kNear = 60'000'000;
  struct Slot {
    uint32_t generation = 1;
    uint32_t subject = 0;  // Next free slot while free.
    uint8_t kind = 0;
    uint8_t far = 0;  // Which heap.
  };
  struct Entry {
    int64_t due;
    uint64_t seq;
    uint32_t slot;
    uint32_t generation;
  };
  struct Heap {
    std::vector<Entry> entries;  // 4-ary, by (due, seq).
    std::size_t live = 0;
  };
  static bool Before(const Entry& a, const Entry& b) {
    return a.due != b.due ? a.due < b.due : a.seq < b.seq;
  }
  bool Dead(const Entry& e) const {
    return slots_[e.slot].generation != e.generation;
  }
  void Release(uint32_t slot) {
    Slot& s = slots_[slot];
    if (++s.generation == 0) s.generation = 1;
    s.subject = free_;
    free_ = slot;
    --heaps_[s.far].live;
  }
  void KeepDeadFew(Heap* heap) {
    if (heap->entries.size() > heap->live + heap->live / 2 + 64) Compact(heap);
  }
  static void SiftUp(std::vector<Entry>* entries, std::size_t i) {
    std::vector<Entry>& heap = *entries;
    const Entry e = heap[i];
    while (i > 0) {
      const std::size_t parent = (i - 1) / 4;
      if (!Before(e, heap[parent])) break;
      heap[i] = heap[parent];
      i = parent;
    }
    heap[i] = e;
  }
  void TidyOne(Heap* heap) {
    while (!heap->entries.empty() && Dead(heap->entries[0])) {
      RemoveTop(&heap->entries);
    }
  }
  // The heap whose first timer is first of all and due; null if none is.
  Heap* FirstDue(int64_t now) {
    Heap* first = nullptr;
    for (Heap& heap : heaps_) {
      if (heap.entries.empty() || heap.entries[0].due > now) continue;
      TidyOne(&heap);
      if (heap.entries.empty() || heap.entries[0].due > now) continue;
      if (first == nullptr || Before(heap.entries[0], first->entries[0])) {
        first = &heap;
      }
    }
    return first;
  }
  int64_t FirstLiving(const Heap& heap) const;
  static void SiftDown(std::vector<Entry>* entries, std::size_t i);
  static void RemoveTop(std::vector<Entry>* entries);
  void PopTop(Heap* heap, Timer* out);
  void Compact(Heap* heap);

  Heap heaps_[2];  // Due soon when armed, and later.
  std::vector<Slot> slots_;
  uint32_t free_ = kNoSlot;
  int64_t near_until_ = kNear;
  uint64_t next_seq_ = 1;
};

}  // namespace callrouter

#endif  // CALLROUTER_TIMER_QUEUE_H_
