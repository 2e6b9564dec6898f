// What the engine keeps beside the matcher: searches that were cut short, and
// when an agent may be asked for a caller again.

#ifndef CALLROUTER_SRC_ENGINE_SEARCH_H_
#define CALLROUTER_SRC_ENGINE_SEARCH_H_

#include <cstdint>

#include "callrouter/timer_queue.h"
#include "matcher.h"

namespace callrouter {

struct CallSearch {
  Matcher::AgentCursor cursor;
  TimerId timer;
};

struct AgentSearch {
  Matcher::CallCursor cursor;
  uint8_t medium = 0;
  TimerId timer;
};

// Why and how long a call is not offered to an agent; by exclusion node.
struct Exclusion {
  uint32_t call = kNone;
  TimerId timer;
  uint32_t before = kNone;  // Others that name the same agent.
  uint32_t after = kNone;
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_ENGINE_SEARCH_H_
