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
// ones never exceed the living by more than 64, so memory is bounded by twice
// the most timers ever armed at once.
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
    ++live_;
    heap_.push_back({due, next_seq_++, slot, s.generation});
    SiftUp(heap_.size() - 1);
    return TimerId(slot, s.generation);
  }

  // Cancels `*id` and makes it none. A timer that has fired, was cancelled or
  // is none: no effect. Returns whether a timer was cancelled.
  bool Cancel(TimerId* id) {
    const TimerId old = *id;
    *id = TimerId();
    if (!IsArmed(old)) return false;
    Release(old.slot());
    KeepDeadFew();
    return true;
  }

  bool IsArmed(TimerId id) const {
    return !id.none() && id.slot() < slots_.size() &&
           slots_[id.slot()].generation == id.generation();
  }

  // Due time of the first timer; kNever if there is none. Cost: O(1) after
  // Tidy, O(n) if the first was cancelled since.
  int64_t next_due() const {
    if (heap_.empty()) return kNever;
    return Dead(heap_[0]) ? FirstLiving() : heap_[0].due;
  }

  // Takes out the first timer if it is due at `now`.
  bool PopDue(int64_t now, Timer* out) {
    while (!heap_.empty() && heap_[0].due <= now) {
      if (Dead(heap_[0])) {
        RemoveTop();
      } else {
        PopTop(out);
        return true;
      }
    }
    return false;
  }

  // Drops cancelled timers at the front. To be called after a batch of
  // changes, before next_due is asked for.
  void Tidy() {
    while (!heap_.empty() && Dead(heap_[0])) RemoveTop();
  }

  // Living timers.
  std::size_t size() const { return live_; }
  // Places in use by living and cancelled timers: at most 2 size() + 64.
  std::size_t entries() const { return heap_.size(); }

  // All living timers in firing order. For saving; arming them again in this
  // order gives an equal queue. Cost: O(n log n).
  std::vector<Timer> Sorted() const;

 private:
  static constexpr uint32_t kNoSlot = 0xffffffffu;
  struct Slot {
    uint32_t generation = 1;
    uint32_t subject = 0;  // Next free slot while free.
    uint8_t kind = 0;
  };
  struct Entry {
    int64_t due;
    uint64_t seq;
    uint32_t slot;
    uint32_t generation;
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
    --live_;
  }
  void KeepDeadFew() {
    if (heap_.size() > 2 * live_ + 64) Compact();
  }
  void SiftUp(std::size_t i) {
    const Entry e = heap_[i];
    while (i > 0) {
      const std::size_t parent = (i - 1) / 4;
      if (!Before(e, heap_[parent])) break;
      heap_[i] = heap_[parent];
      i = parent;
    }
    heap_[i] = e;
  }
  int64_t FirstLiving() const;
  void SiftDown(std::size_t i);
  void RemoveTop();
  void PopTop(Timer* out);
  void Compact();

  std::vector<Entry> heap_;  // 4-ary, by (due, seq).
  std::vector<Slot> slots_;
  uint32_t free_ = kNoSlot;
  std::size_t live_ = 0;
  uint64_t next_seq_ = 1;
};

}  // namespace callrouter

#endif  // CALLROUTER_TIMER_QUEUE_H_
