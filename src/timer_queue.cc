#include "callrouter/timer_queue.h"

#include <algorithm>

namespace callrouter {

void TimerQueue::Reserve(std::size_t timers) {
  for (Heap& heap : heaps_) heap.entries.reserve(timers + timers / 2 + 65);
  slots_.reserve(timers);
}

void TimerQueue::SiftDown(std::vector<Entry>* entries, std::size_t i) {
  std::vector<Entry>& heap = *entries;
  const std::size_t n = heap.size();
  const Entry e = heap[i];
  for (;;) {
    const std::size_t first = 4 * i + 1;
    if (first >= n) break;
    std::size_t best = first;
    const std::size_t last = std::min(first + 4, n);
    for (std::size_t c = first + 1; c < last; ++c) {
      if (Before(heap[c], heap[best])) best = c;
    }
    if (!Before(heap[best], e)) break;
    heap[i] = heap[best];
    i = best;
  }
  heap[i] = e;
}

void TimerQueue::RemoveTop(std::vector<Entry>* entries) {
  entries->front() = entries->back();
  entries->pop_back();
  if (!entries->empty()) SiftDown(entries, 0);
}

void TimerQueue::PopTop(Heap* heap, Timer* out) {
  const Entry& top = heap->entries[0];
  const Slot& slot = slots_[top.slot];
  *out = {top.due, slot.subject, slot.kind, TimerId(top.slot, top.generation)};
  Release(top.slot);
  RemoveTop(&heap->entries);
  KeepDeadFew(heap);
}

int64_t TimerQueue::FirstLiving(const Heap& heap) const {
  int64_t first = kNever;
  for (const Entry& e : heap.entries) {
    if (e.due < first && !Dead(e)) first = e.due;
  }
  return first;
}

void TimerQueue::Compact(Heap* heap) {
  std::vector<Entry>& entries = heap->entries;
  entries.erase(std::remove_if(entries.begin(), entries.end(),
                               [this](const Entry& e) { return Dead(e); }),
                entries.end());
  for (std::size_t i = entries.size() / 4 + 1; i-- > 0;) {
    if (i < entries.size()) SiftDown(&entries, i);
  }
}

std::vector<TimerQueue::Timer> TimerQueue::Sorted() const {
  std::vector<Entry> living;
  for (const Heap& heap : heaps_) {
    for (const Entry& e : heap.entries) {
      if (!Dead(e)) living.push_back(e);
    }
  }
  std::sort(living.begin(), living.end(), Before);
  std::vector<Timer> out;
  out.reserve(living.size());
  for (const Entry& e : living) {
    const Slot& slot = slots_[e.slot];
    out.push_back(
        {e.due, slot.subject, slot.kind, TimerId(e.slot, e.generation)});
  }
  return out;
}

}  // namespace callrouter
