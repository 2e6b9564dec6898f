// What other costs are measured in: one 64-byte record read and written, in an
// array of so many bytes, where the record says which is next.

#ifndef CALLROUTER_BENCHMARKS_RAW_TOUCH_H_
#define CALLROUTER_BENCHMARKS_RAW_TOUCH_H_

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "callrouter/random.h"
#include "measure.h"

namespace callrouter::bench {

class RawTouch {
 public:
  explicit RawTouch(std::size_t bytes)
      : lines_(std::max<std::size_t>(2, bytes / sizeof(Line))) {
    for (std::size_t i = 0; i < lines_.size(); ++i) lines_[i].next = i;
    Random random(1);
    for (std::size_t i = lines_.size() - 1; i > 0; --i) {
      std::swap(lines_[i].next, lines_[random.Below(i)].next);
    }  // Sattolo: one cycle through all of them.
  }

  // Of the record `at`, at first 0; the next one. The caller keeps it, so that
  // it stays in a register.
  uint64_t Touch(uint64_t at) {
    Line& line = lines_[at];
    ++line.rest[0];
    return line.next;
  }

 private:
  struct alignas(64) Line {
    uint64_t next;
    uint64_t rest[7];
  };
  std::vector<Line> lines_;
};

inline double RawTouchNanoseconds(std::size_t bytes) {
  RawTouch raw(bytes);
  constexpr int kTouches = 2'000'000;
  uint64_t at = 0;
  for (int i = 0; i < 100'000; ++i) at = raw.Touch(at);
  const double begin = ThreadNanoseconds();
  for (int i = 0; i < kTouches; ++i) at = raw.Touch(at);
  benchmark::DoNotOptimize(at);
  return (ThreadNanoseconds() - begin) / kTouches;
}

}  // namespace callrouter::bench

#endif  // CALLROUTER_BENCHMARKS_RAW_TOUCH_H_
