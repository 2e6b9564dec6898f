// What a benchmark can count besides time: allocations, bytes in use, and
// instructions where the processor and the kernel let us.

#ifndef CALLROUTER_BENCHMARKS_MEASURE_H_
#define CALLROUTER_BENCHMARKS_MEASURE_H_

#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>

namespace callrouter::bench {

// Kept by the operators new and delete in heap.cc.
struct Heap {
  uint64_t allocations = 0;
  int64_t bytes = 0;  // In use, as the allocator rounds them.
};
extern Heap g_heap;

// Time of this thread on a processor: other work on the machine counts less.
inline double ThreadNanoseconds() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return 1e9 * static_cast<double>(time.tv_sec) +
         static_cast<double>(time.tv_nsec);
}

// Instructions this thread retires in user mode.
class Instructions {
 public:
  Instructions() {
    perf_event_attr attr;
    std::memset(&attr, 0, sizeof(attr));
    attr.type = PERF_TYPE_HARDWARE;
    attr.size = sizeof(attr);
    attr.config = PERF_COUNT_HW_INSTRUCTIONS;
    attr.exclude_kernel = 1;
    attr.exclude_hv = 1;
    fd_ = static_cast<int>(syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0));
  }
  ~Instructions() {
    if (fd_ >= 0) close(fd_);
  }
  Instructions(const Instructions&) = delete;
  Instructions& operator=(const Instructions&) = delete;

  bool available() const { return fd_ >= 0; }
  uint64_t Read() const {
    uint64_t count = 0;
    if (fd_ < 0 || read(fd_, &count, sizeof(count)) != sizeof(count)) return 0;
    return count;
  }

 private:
  int fd_ = -1;
};

}  // namespace callrouter::bench

#endif  // CALLROUTER_BENCHMARKS_MEASURE_H_
