// The time of a store of numbers: never back, and rebases skip.

#ifndef CALLROUTER_SRC_NUMBER_CLOCK_H_
#define CALLROUTER_SRC_NUMBER_CLOCK_H_

#include <algorithm>
#include <cstdint>

#include "absl/time/time.h"
#include "archive.h"

namespace callrouter {

class NumberClock {
 public:
  static constexpr int64_t kSecond = 1'000'000;
  static constexpr int64_t kFirst = 30 * 86'400 * kSecond;   // January 1970.
  static constexpr int64_t kLast = 4'000'000'000 * kSecond;  // The year 2096.
  static constexpr int64_t kNever = INT64_MAX;

  // Microseconds of our own time, which rebases do not move.
  int64_t now() const { return now_; }
  uint32_t seconds() const { return static_cast<uint32_t>(now_ / kSecond); }
  // Host time less our own.
  int64_t skew() const { return skew_; }
  uint64_t regressions() const { return regressions_; }

  void Tell(absl::Time now) {
    const int64_t host =
        std::clamp(absl::ToUnixMicros(now), INT64_MIN / 2, INT64_MAX / 2);
    const int64_t us = host - skew_;
    if (us < now_) {
      ++regressions_;
    } else {
      now_ = std::min(us, kLast);
    }
  }
  void Rebase(absl::Duration delta) {
    const int64_t us =
        std::clamp(absl::ToInt64Microseconds(delta), -kLast, kLast);
    skew_ = std::clamp(skew_ + us, -kLast, kLast);
  }
  // What the host's clock says at our time `us`.
  absl::Time Host(int64_t us) const {
    return us == kNever ? absl::InfiniteFuture()
                        : absl::FromUnixMicros(us + skew_);
  }

  void Transfer(Archive& a) {
    a.All(now_, skew_, regressions_);
    if (now_ < kFirst || now_ > kLast || skew_ < -kLast || skew_ > kLast) {
      now_ = kFirst;
      skew_ = 0;
      a.Fail();
    }
  }

 private:
  int64_t now_ = kFirst;
  int64_t skew_ = 0;  // What rebases skipped.
  uint64_t regressions_ = 0;
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_NUMBER_CLOCK_H_
