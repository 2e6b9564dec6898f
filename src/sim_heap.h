// The simulator's list of things to come: a binary heap, earliest first, in
// order of entry among equals.

#ifndef CALLROUTER_SRC_SIM_HEAP_H_
#define CALLROUTER_SRC_SIM_HEAP_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace callrouter::sim {

enum class Act : uint32_t {
  kArrive,      // subject: kind of caller.
  kBurstCall,   // subject: kind of caller. One call of a list, not the stream.
  kGiveUp,      // subject, generation: call.
  kHangUp,      // subject, generation: call. The talk is over.
  kLater,       // subject, generation: call. Its requirement changes.
  kOutsideEnd,  // subject, generation: call. Answered outside.
  kAnswer,      // subject, generation: offer.
  kLogin,       // subject: shift entry.
  kLogout,      // subject: shift entry.
  kReturn,      // subject: agent. Comes back from a pause by rule.
};

struct Todo {
  int64_t at_us = 0;
  uint64_t order = 0;
  Act act = Act::kArrive;
  uint32_t subject = 0;
  uint32_t generation = 0;
};

class Heap {
 public:
  bool empty() const { return list_.empty(); }
  const Todo& top() const { return list_.front(); }

  void Push(int64_t at_us, Act act, uint32_t subject, uint32_t generation = 0) {
    const Todo todo{at_us, ++order_, act, subject, generation};
    std::size_t i = list_.size();
    list_.push_back(todo);
    while (i > 0) {
      const std::size_t parent = (i - 1) / 2;
      if (!Before(todo, list_[parent])) break;
      list_[i] = list_[parent];
      i = parent;
    }
    list_[i] = todo;
  }

  Todo Pop() {
    const Todo first = list_.front();
    const Todo last = list_.back();
    list_.pop_back();
    const std::size_t size = list_.size();
    std::size_t i = 0;
    while (2 * i + 1 < size) {
      std::size_t child = 2 * i + 1;
      if (child + 1 < size && Before(list_[child + 1], list_[child])) ++child;
      if (!Before(list_[child], last)) break;
      list_[i] = list_[child];
      i = child;
    }
    if (size > 0) list_[i] = last;
    return first;
  }

 private:
  static bool Before(const Todo& a, const Todo& b) {
    return a.at_us != b.at_us ? a.at_us < b.at_us : a.order < b.order;
  }

  std::vector<Todo> list_;
  uint64_t order_ = 0;
};

}  // namespace callrouter::sim

#endif  // CALLROUTER_SRC_SIM_HEAP_H_
