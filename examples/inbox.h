// What examples with threads share: a clock, and a place where things wait for
// their time and for the one thread that takes them.

#ifndef CALLROUTER_EXAMPLES_INBOX_H_
#define CALLROUTER_EXAMPLES_INBOX_H_

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "absl/time/time.h"

namespace examples {

// Monotonic: it never jumps, and need not be civil time.
inline absl::Time Now() {
  return absl::UnixEpoch() +
         absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

template <typename T>
class Inbox {
 public:
  void Put(T what, absl::Time at = absl::InfinitePast()) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      what_.emplace(at, std::move(what));
    }
    changed_.notify_one();
  }
  void Close() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      closed_ = true;
    }
    changed_.notify_one();
  }
  // What is due; nothing at `deadline`, or (`*closed`) once there is nothing
  // left after Close.
  std::optional<T> Take(absl::Time deadline, bool* closed) {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      const absl::Time now = Now();
      const bool any = !what_.empty();
      if (any && what_.begin()->first <= now) {
        std::optional<T> taken = std::move(what_.begin()->second);
        what_.erase(what_.begin());
        return taken;
      }
      *closed = closed_ && !any;
      if (*closed || deadline <= now) return std::nullopt;
      const absl::Time wake =
          any ? std::min(deadline, what_.begin()->first) : deadline;
      // A wait that is too long is cut: there may be no deadline at all.
      const absl::Duration wait = std::min(wake - now, absl::Hours(1));
      changed_.wait_for(lock, absl::ToChronoMicroseconds(wait));
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<absl::Time, T> what_;  // In order of time, then of arrival.
  bool closed_ = false;
};

}  // namespace examples

#endif  // CALLROUTER_EXAMPLES_INBOX_H_
