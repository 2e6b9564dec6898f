// The timer queue as one would write it on a slate: a sorted map.

#ifndef CALLROUTER_TESTS_ORACLE_NAIVE_TIMERS_H_
#define CALLROUTER_TESTS_ORACLE_NAIVE_TIMERS_H_

#include <cstdint>
#include <map>

#include "callrouter/timer_queue.h"

namespace callrouter::oracle {

class NaiveTimers {
 public:
  void Arm(int64_t due, uint8_t kind, uint32_t subject, TimerId id) {
    timers_.insert({due, {due, subject, kind, id}});  // Behind its equals.
  }

  bool Cancel(TimerId id) {
    for (auto it = timers_.begin(); it != timers_.end(); ++it) {
      if (it->second.id == id) {
        timers_.erase(it);
        return true;
      }
    }
    return false;
  }

  int64_t next_due() const {
    return timers_.empty() ? TimerQueue::kNever : timers_.begin()->first;
  }

  bool PopDue(int64_t now, TimerQueue::Timer* out) {
    if (timers_.empty() || timers_.begin()->first > now) return false;
    *out = timers_.begin()->second;
    timers_.erase(timers_.begin());
    return true;
  }

  const std::multimap<int64_t, TimerQueue::Timer>& timers() const {
    return timers_;
  }

 private:
  std::multimap<int64_t, TimerQueue::Timer> timers_;
};

}  // namespace callrouter::oracle

#endif  // CALLROUTER_TESTS_ORACLE_NAIVE_TIMERS_H_
