// What the routers of bare_router.h know about calls, agents and queues.

#ifndef CALLROUTER_BENCHMARKS_BARE_RECORDS_H_
#define CALLROUTER_BENCHMARKS_BARE_RECORDS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace callrouter::bench {

inline constexpr uint32_t kNobody = 0xffffffffu;
inline constexpr std::size_t kRecordBytes = 192;  // As the engine's records.

// What all bare routers know about a call and an agent.
struct alignas(64) CallRecord {
  uint64_t ref = 0;
  int64_t arrived = 0;
  int64_t overflow_due = 0;
  int64_t connected = 0;
  uint64_t sequence = 0;
  uint32_t generation = 1;
  uint32_t next = kNobody;  // In the queue, or free.
  uint32_t timer_next = kNobody;
  uint32_t timer_prev = kNobody;
  uint32_t agent = kNobody;
  uint32_t queue = 0;
  int32_t priority = 0;
  uint8_t place = 0;
  uint8_t side = 0;
  char rest[kRecordBytes - 72] = {};  // What an engine knows besides.
};

struct alignas(64) AgentRecord {
  uint64_t ref = 0;
  int64_t idle_since = 0;
  int64_t talk_us = 0;
  int64_t wrap_up_due = 0;
  uint32_t generation = 1;
  uint32_t next = kNobody;
  uint32_t call = kNobody;
  uint32_t calls = 0;
  uint8_t state = 0;
  uint8_t side = 0;
  char rest[kRecordBytes - 56] = {};
};
static_assert(sizeof(CallRecord) == kRecordBytes);
static_assert(sizeof(AgentRecord) == kRecordBytes);

struct BareQueue {
  uint8_t side = 0;
  uint64_t offered = 0;
  uint64_t answered = 0;
  uint64_t in_target = 0;
  int64_t wait_us = 0;
};

// An intrusive list, first in, first out.
template <typename Record>
class Fifo {
 public:
  bool empty() const { return head_ == kNobody; }
  void Push(std::vector<Record>* records, uint32_t slot) {
    (*records)[slot].next = kNobody;
    if (tail_ == kNobody) {
      head_ = slot;
    } else {
      (*records)[tail_].next = slot;
    }
    tail_ = slot;
  }
  uint32_t Pop(std::vector<Record>* records) {
    const uint32_t slot = head_;
    head_ = (*records)[slot].next;
    if (head_ == kNobody) tail_ = kNobody;
    return slot;
  }

 private:
  uint32_t head_ = kNobody;
  uint32_t tail_ = kNobody;
};

}  // namespace callrouter::bench

#endif  // CALLROUTER_BENCHMARKS_BARE_RECORDS_H_
