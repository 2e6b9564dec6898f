// What the naive twin knows of calls, agents, offers and timers.

#ifndef CALLROUTER_TESTS_ORACLE_NAIVE_STATE_H_
#define CALLROUTER_TESTS_ORACLE_NAIVE_STATE_H_

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "callrouter/configuration.h"
#include "callrouter/engine.h"

namespace callrouter::oracle {

inline constexpr uint32_t kNobody = 0xffffffffu;

enum class Alarm {
  kStep,
  kPatience,
  kCeiling,
  kProgressive,
  kOutsideEnd,
  kSpareEnd,
  kRingEnd,
  kConnectEnd,
  kWrapUpEnd,
  kCoolOffEnd,
  kPauseEnd,
  kHours,
  kSyncHold,
  kAttempt,
  kParts,
};

struct NaiveTimer {
  uint64_t id = 0;  // Grows with every timer: the order of arming.
  int64_t due = 0;
  Alarm alarm = Alarm::kStep;
  uint32_t subject = 0;
};

struct NaiveQueue {
  int64_t last_position = -1;
  uint32_t last_agent = kNobody;
  bool dirty = false;
  bool reserve_opened = false;
};

struct NaiveOffer {
  bool live = false;
  uint32_t call = 0;
  uint32_t agent = 0;
  uint32_t queue = 0;
  uint8_t medium = 0;
  int64_t started = 0;
  uint64_t timer = 0;
  uint64_t connect = 0;
  bool accepted = false;
  bool connected = false;
  bool stalled = false;
};

// An agent the caller is not to be offered to for a while.
struct NaiveSpare {
  uint64_t agent_serial = 0;
  uint64_t timer = 0;
};

struct NaiveCall {
  bool live = false;
  uint64_t serial = 0;
  uint64_t ref = 0;
  Event arrival;  // To know a repeat.
  std::string text;
  uint64_t named = 0;  // Serial of the agent named at arrival.
  bool adopted = false;
  CallPlace place = CallPlace::kNone;
  uint32_t home = 0;
  uint32_t queue = 0;
  std::vector<uint32_t> extra;
  int64_t joined = 0;
  int64_t origin = 0;
  int64_t queue_joined = 0;
  int64_t step_time = 0;
  int64_t connected_at = 0;
  int32_t priority = 0;
  std::string own;  // Its own requirement.
  uint32_t agent = kNobody;
  uint64_t preferred = 0;  // Serial; 0: nobody.
  bool personal = false;
  bool standing = false;  // To be seen by freed agents.
  bool answered = false;
  bool synced = false;
  uint32_t fired = 0;
  uint32_t pending = 0;
  uint32_t passed = 0;
  uint32_t next_step = 0;
  int32_t moves = 0;
  uint64_t result = 0;
  uint64_t attempt = 0;  // Who was dialled and answered.
  uint64_t step_timer = 0;
  uint64_t wait_timer = 0;
  uint64_t ceiling_timer = 0;
  std::vector<uint32_t> offers;    // Latest first.
  std::vector<NaiveSpare> spared;  // Latest first.
};

struct NaiveMember {
  int32_t penalty = 0;
  int32_t position = 0;
  int32_t weight = 0;
  int64_t ring_us = -1;
  int64_t wrap_us = -1;
  bool reserve = false;
};

struct NaiveAgent {
  bool live = false;
  uint64_t serial = 0;
  uint64_t ref = 0;
  std::string name;
  std::map<std::string, int32_t> skills;
  std::map<std::string, std::string> attributes;
  std::map<uint32_t, NaiveMember> members;
  int32_t weight = 1;
  int64_t wrap_us = -1;
  std::array<int32_t, 4> capacity = {1, 0, 0, 0};
  std::array<int32_t, 4> used = {0, 0, 0, 0};
  std::array<int32_t, 4> ringing = {0, 0, 0, 0};
  std::array<int64_t, 4> ready_since = {0, 0, 0, 0};
  uint8_t able = 0;  // To take more, by medium.
  uint8_t free = 0;  // The same, but nobody is while calls are being named.
  bool logged_in = false;
  bool paused = false;
  bool wrap_up = false;
  bool cool_off = false;
  bool outside = false;
  bool synced = false;
  int32_t misses = 0;
  int64_t login_at = 0;
  int64_t last_end = 0;
  int64_t talk_us = 0;
  int64_t busy_us = 0;
  int64_t busy_since = -1;
  int64_t occupied_ppm = 0;
  int64_t connected = 0;  // Calls since login.
  uint64_t wrap_timer = 0;
  uint64_t cool_timer = 0;
  uint64_t pause_timer = 0;
  std::vector<uint32_t> calls;  // Connected; latest first.
};

// Why one waiting call is served before another.
struct NaiveRank {
  int64_t penalty = 0;
  int64_t weight = 0;
  int64_t priority = 0;
  bool lifo = false;
  __extension__ __int128 score = 0;
  int64_t origin = 0;
  uint64_t serial = 0;
};

struct NaiveGrave {
  uint64_t ref = 0;
  int64_t at = 0;
  bool began = false;
  NaiveCall call;  // If it began.
};

inline int64_t Us(absl::Duration d) {
  return d == absl::InfiniteDuration() ? -1 : absl::ToInt64Microseconds(d);
}

}  // namespace callrouter::oracle

#endif  // CALLROUTER_TESTS_ORACLE_NAIVE_STATE_H_
