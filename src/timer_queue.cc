#include "callrouter/timer_queue.h"

#include <algorithm>

namespace callrouter {

void TimerQueue::Reserve(std::size_t timers) {
  heap_.reserve(2 * timers + 65);
  slots_.reserve(timers);
}

void TimerQueue::SiftDown(std::size_t i) {
  const std::size_t n = heap_.size();
  const Entry e = heap_[i];
  for (;;) {
    const std::size_t first = 4 * i + 1;
    if (first >= n) break;
    std::size_t best = first;
    const std::size_t last = std::min(first + 4, n);
    for (std::size_t c = first + 1; c < last; ++c) {
      if (Before(heap_[c], heap_[best])) best = c;
    }
    if (!Before(heap_[best], e)) break;
    heap_[i] = heap_[best];
    i = best;
  }
  heap_[i] = e;
}

void TimerQueue::RemoveTop() {
  heap_[0] = heap_.back();
  heap_.pop_back();
  if (!heap_.empty()) SiftDown(0);
}

void TimerQueue::PopTop(Timer* out) {
  const Entry& top = heap_[0];
  const Slot& slot = slots_[top.slot];
  *out = {top.due, slot.subject, slot.kind, TimerId(top.slot, top.generation)};
  Release(top.slot);
  RemoveTop();
  KeepDeadFew();
}

int64_t TimerQueue::FirstLiving() const {
  int64_t first = kNever;
  for (const Entry& e : heap_) {
    if (e.due < first && !Dead(e)) first = e.due;
  }
  return first;
}

void TimerQueue::Compact() {
  heap_.erase(std::remove_if(heap_.begin(), heap_.end(),
                             [this](const Entry& e) { return Dead(e); }),
              heap_.end());
  for (std::size_t i = heap_.size() / 4 + 1; i-- > 0;) {
    if (i < heap_.size()) SiftDown(i);
  }
}

std::vector<TimerQueue::Timer> TimerQueue::Sorted() const {
  std::vector<Entry> entries;
  for (const Entry& e : heap_) {
    if (!Dead(e)) entries.push_back(e);
  }
  std::sort(entries.begin(), entries.end(), Before);
  std::vector<Timer> out;
  out.reserve(entries.size());
  for (const Entry& e : entries) {
    const Slot& slot = slots_[e.slot];
    out.push_back(
        {e.due, slot.subject, slot.kind, TimerId(e.slot, e.generation)});
  }
  return out;
}

}  // namespace callrouter
