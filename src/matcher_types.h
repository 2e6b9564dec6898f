// The matcher's records: what it keeps of queues, agents, calls and kinds.

#ifndef CALLROUTER_SRC_MATCHER_TYPES_H_
#define CALLROUTER_SRC_MATCHER_TYPES_H_

#include <array>
#include <cstdint>
#include <vector>

#include "callrouter/configuration.h"
#include "callrouter/ordered_index.h"
#include "matcher_bits.h"
#include "profile.h"

namespace callrouter {

// What the choice needs to know of a queue.
struct QueueRules {
  struct Guard {
    uint32_t pool = 0;
    uint32_t keep_idle = 0;
  };
  uint8_t medium = 0;
  AgentOrder order = AgentOrder::kLongestIdle;
  bool ignore_penalty = false;
  bool members_only = false;
  CallRule rule = CallRule::kAge;
  int32_t weight = 0;
  // Score per microsecond waited, x 1000; below 0 the newest leads.
  int64_t rate_milli = 1000;
  int64_t worth = 0;    // Score per point of priority (kAccelerated).
  int64_t ceiling = 0;  // 0: none.
  int32_t reserve_above = -1;
  std::vector<Guard> guards;
  // --- Changing ---
  int64_t waiting = 0;         // Calls in place kWaiting.
  int64_t last_position = -1;  // Round robin: who was rung last.
  uint32_t last_agent = kNone;
  bool penalties = false;  // Some member has a penalty that is not 0.
};

struct MatcherLimits {
  uint32_t groups_max = 192;
  uint32_t lanes_max = 4096;
  uint32_t requirements_max = 8192;
  uint32_t scan_max = 256;
};

// What an agent's place in the orders depends on. Fields other than `group`
// and `mask` may be changed only while the agent is in no index.
struct Seat {
  int64_t last_end = 0;
  int64_t ready_since = 0;  // In the first medium; see Matcher::SetReady.
  int64_t talk_us = 0;
  uint32_t calls = 0;
  uint32_t occupied_ppm = 0;
  uint32_t weight = 1;
  uint32_t group = kNone;
  uint8_t mask = 0;  // Media in which the agent is free.
  bool logged_in = false;
  bool staffed = false;  // Logged in and not paused.
  bool has_extras = false;
};
// Per agent and queue, what is not part of the profile.
struct MemberExtra {
  uint32_t queue = 0;
  int32_t position = 0;
  uint32_t weight = 0;   // 0: the agent's.
  int64_t ring_us = -1;  // -1: the queue's.
  int64_t wrap_us = -1;
};

// What a call's place in the orders depends on. To be changed only while
// the call is in no lane.
struct Ticket {
  int64_t origin = 0;  // Age counts from here.
  uint64_t seq = 0;
  int32_t priority = 0;
  uint32_t own_req = kNone;     // Tested one by one; kNone: nothing to test.
  uint32_t exclusions = kNone;  // List of agents not to be asked.
  std::array<uint16_t, 4> lanes = {0, 0, 0, 0};  // lane_count of them.
  uint8_t lane_count = 0;
  bool in_lanes = false;
  bool special = false;  // Waits apart, because candidates must be tested.
};

struct AgentChoice {
  uint32_t agent = kNone;
  uint32_t lane = kNone;
  int64_t tier = 0;
  bool cut = false;  // Not found yet; resume with the cursor.
};
struct CallChoice {
  uint32_t call = kNone;
  uint32_t lane = kNone;
  bool cut = false;
};
// Where a cut search goes on.
struct AgentCursor {
  bool active = false;
  uint32_t lane_index = 0;
  uint8_t second = 0;  // In the reserve members already.
  OrderKey key;
  uint32_t id = 0;
};
struct CallCursor {
  bool active = false;
  uint32_t lane = 0;
  OrderKey key;
  uint32_t id = 0;
  uint32_t best_call = kNone;
  uint32_t best_lane = kNone;
  uint64_t best_seq = 0;
};

// --- Inside the matcher ---

struct MatchGroup {
  Profile profile;
  uint64_t hash = 0;
  uint32_t next_same_hash = kNone;
  uint32_t refs = 0;
  uint32_t logged_in = 0;
  uint32_t staffed = 0;
  std::array<uint32_t, kMediaMax> idle = {0, 0, 0, 0};
  uint64_t pools = 0;
  Bits lanes;
  // [medium * kPlainOrders + slot], while grouped().
  std::vector<OrderedIndex> free;
};
// A waiting call as compared between lanes.
struct MatchRank {
  int64_t preference = 0;
  int64_t origin = 0;
  int64_t bonus = 0;
  int64_t ceiling = 0;
  int64_t rate_milli = 1000;
  uint64_t seq = 0;
  int32_t weight = 0;
  int32_t priority = 0;
  uint32_t call = kNone;
  bool guarded = false;  // The lane's, so that a look at heads is enough.
  bool plain = false;    // Age counts as it is: the older leads.
};
struct MatchLane {
  uint32_t queue = 0;
  uint32_t req = 0;
  bool capped = false;
  bool own = false;
  bool guarded = false;
  uint8_t medium = 0;
  int plain = -1;  // Slot of the plain order; -1: own order.
  Bits groups;
  OrderedIndex waiting;
  OrderedIndex special;
  OrderedIndex idle;             // Own lanes.
  OrderedIndex idle_reserve;     // Own lanes: members marked reserve.
  std::vector<uint32_t> skills;  // Named by the requirement.
};
struct MatchExclusion {
  uint32_t agent = kNone;
  uint32_t next = kNone;
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_MATCHER_TYPES_H_
