// The engine's records: calls, offers, agents, queues.

#ifndef CALLROUTER_SRC_ENGINE_STATE_H_
#define CALLROUTER_SRC_ENGINE_STATE_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "callrouter/configuration.h"
#include "callrouter/engine.h"
#include "callrouter/opening_hours.h"
#include "callrouter/ordered_index.h"
#include "callrouter/statistics.h"
#include "callrouter/timer_queue.h"
#include "profile.h"

namespace callrouter {

// Slots with generations, reused last in first out. T has `generation`,
// `next_free` and `live`.
template <typename T>
class Pool {
 public:
  uint32_t Add() {
    uint32_t slot;
    if (free_ != kNone) {
      slot = free_;
      free_ = items_[slot].next_free;
      const uint32_t generation = items_[slot].generation;
      items_[slot] = T();
      items_[slot].generation = generation;
    } else {
      slot = static_cast<uint32_t>(items_.size());
      items_.emplace_back();
    }
    items_[slot].live = true;
    ++size_;
    return slot;
  }
  void Remove(uint32_t slot) {
    T& item = items_[slot];
    item.live = false;
    if (++item.generation == 0) item.generation = 1;
    item.next_free = free_;
    free_ = slot;
    --size_;
  }
  T& operator[](uint32_t slot) { return items_[slot]; }
  const T& operator[](uint32_t slot) const { return items_[slot]; }
  bool IsLive(uint32_t slot) const {
    return slot < items_.size() && items_[slot].live;
  }
  // Slots ever used, living or not.
  uint32_t slots() const { return static_cast<uint32_t>(items_.size()); }
  uint32_t size() const { return size_; }
  void Reserve(std::size_t n) { items_.reserve(n); }

  // For saving: the raw slots and the head of the free list.
  std::vector<T>& items() { return items_; }
  const std::vector<T>& items() const { return items_; }
  uint32_t free_head() const { return free_; }
  void Restore(uint32_t free_head, uint32_t size) {
    free_ = free_head;
    size_ = size;
  }

 private:
  std::vector<T> items_;
  uint32_t free_ = kNone;
  uint32_t size_ = 0;
};

// In saved state: never renumber.
enum class TimerKind : uint8_t {
  kStep = 1,            // Call: the next step of its plan is due.
  kPatience = 2,        // Call: has waited long enough for its agent.
  kCeiling = 3,         // Call: its score reaches the ceiling.
  kProgressive = 4,     // Call: ring one more agent.
  kOutsideEnd = 5,      // Call: has rung outside long enough.
  kExclusionEnd = 6,    // Exclusion node: the agent may be asked again.
  kRingEnd = 7,         // Offer: rung long enough.
  kConnectEnd = 8,      // Offer: not connected in time.
  kWrapUpEnd = 9,       // Agent.
  kCoolOffEnd = 10,     // Agent.
  kPauseEnd = 11,       // Agent.
  kContinueCall = 12,   // Call: go on searching an agent.
  kContinueAgent = 13,  // Agent: go on searching a call.
  kHours = 14,          // Opening hours change.
  kAudit = 15,          // Look for silent calls.
  kAliveEnd = 16,       // Call: no answer to ConfirmAlive.
  kSyncHold = 17,       // No SyncEnd came.
  kAttempt = 18,        // Attempt: what its stage waits for did not come.
  kParts = 19,          // Lead list, pacers, pools: the earliest deadline.
};

// Two cache lines: there may be a million of them.
struct Call {
  static constexpr std::size_t kExtraQueues = 3;
  static constexpr uint16_t kNoQueue = 0xffff;

  uint32_t generation = 1;
  uint32_t next_free = kNone;
  uint64_t ref = 0;
  int64_t joined = 0;
  int64_t queue_joined = 0;
  int64_t step_time = 0;  // When the last step was due.
  int64_t last_event = 0;
  uint64_t result = 0;  // Decision whose result is awaited (kOutside).
  TimerId step_timer;
  TimerId wait_timer;      // kPatience, kProgressive or kOutsideEnd.
  uint32_t fired = 0;      // Steps taken, by bit.
  uint32_t pending = 0;    // Steps due that wait for their condition.
  uint32_t passed = 0;     // Steps whose time has come: fired, pending or moot.
  uint32_t agent = kNone;  // Connecting or connected.
  uint32_t first_offer = kNone;
  uint32_t next_of_agent = kNone;
  uint32_t preferred = kNone;
  uint32_t own_req = kNone;
  uint32_t content = 0;  // What arrived, hashed: to know a repeat.
  uint16_t home = 0;
  uint16_t queue = 0;
  std::array<uint16_t, kExtraQueues> extra = {kNoQueue, kNoQueue, kNoQueue};
  uint16_t moves = 0;
  uint16_t offers = 0;
  CallPlace place = CallPlace::kNone;
  uint8_t next_step = 0;  // Index into the queue's due_order.
  bool live = false;
  bool answered = false;
  bool personal = false;  // Waits for `preferred` alone.
  bool synced = false;    // Named since SyncBegin.
};

static_assert(sizeof(Call) == 128, "a call is to fit two lines");

struct Offer {
  uint32_t generation = 1;
  uint32_t next_free = kNone;
  uint32_t call = kNone;
  uint32_t agent = kNone;
  uint32_t next_of_call = kNone;
  TimerId timer;
  int64_t since = 0;     // It rings; once connected: it is.
  uint64_t connect = 0;  // Sequence of its kConnect.
  uint16_t queue = 0;
  uint8_t medium = 0;
  bool live = false;
  bool accepted = false;
  bool connected = false;
  bool stalled = false;  // In its grace after a stall: nobody is charged.
};

struct Agent {
  uint32_t generation = 1;
  uint32_t next_free = kNone;
  uint64_t ref = 0;
  uint32_t name = kNone;
  uint32_t pause_reason = kNone;
  int64_t login_at = 0;
  int64_t busy_us = 0;   // Since login; less the time it began, while busy.
  int64_t wrap_us = -1;  // -1: the queue's.
  TimerId wrap_timer;
  TimerId cool_timer;
  TimerId pause_timer;
  uint32_t first_call = kNone;
  uint32_t personal = 0;             // Calls waiting for this agent alone.
  uint32_t first_exclusion = kNone;  // Of those that name this agent.
  int32_t misses = 0;
  std::array<uint8_t, kMediaMax> used = {0, 0, 0, 0};
  std::array<uint8_t, kMediaMax> ringing = {0, 0, 0, 0};  // 0 or 1.
  std::array<uint32_t, kMediaMax> ringing_offer = {kNone, kNone, kNone, kNone};
  std::array<uint8_t, kMediaMax> capacity = {1, 0, 0, 0};
  bool busy = false;
  uint8_t ready = 0;  // Media in which it was free when last looked at.
  bool live = false;
  bool logged_in = false;
  bool paused = false;
  bool wrap_up = false;
  bool cool_off = false;
  bool outside = false;
  bool leaving = false;  // Gone from the configuration; removed when idle.
  bool configured = false;
  bool synced = false;
};

static_assert(sizeof(Agent) == 128, "an agent is to fit two lines");

struct StepRules {
  std::string id;
  int64_t after_us = 0;
  int64_t due_us = 0;  // Since joining the queue.
  bool since_previous = false;
  bool finish_ring = false;
  Condition when;
  StepAction action = StepAction::kWiden;
  Requirement requirement;
  int32_t priority = 0;
  std::string queue_name;
  uint32_t queue = kNone;
  uint32_t destination = kNone;  // Text.
  int64_t ring_us = -1;          // -1: not coming back.
  Cause cause = Cause::kNormal;

  bool leaves() const {
    return action == StepAction::kMoveToQueue ||
           action == StepAction::kSendOutside || action == StepAction::kHangUp;
  }
};

struct ActionRules {
  EntryActionKind kind = EntryActionKind::kAdmit;
  Cause cause = Cause::kNormal;
  uint32_t destination = kNone;
  int64_t ring_us = -1;
  std::string queue_name;
  uint32_t queue = kNone;
};

struct Queue {
  std::string name;
  bool open_for_new = false;  // In the configuration.
  QueueConfig config;
  int64_t ring_us = 0;
  int64_t wrap_us = 0;
  int64_t target_us = 0;
  int64_t short_us = 0;
  int64_t patience_us = 0;
  int64_t progressive_us = 0;
  int64_t skip_us = 0;
  int64_t pause_return_us = -1;
  std::array<int64_t, 4> cool_off_us = {0, 0, 0, 0};  // By MissKind.
  uint8_t medium = 0;
  Requirement requirement;
  std::vector<Requirement> reserve_agents;
  std::vector<StepRules> steps;
  std::vector<uint8_t> due_order;  // Of steps: by due_us, then as listed.
  ActionRules last;
  ActionRules when_closed, when_nobody_logged_in, when_nobody_available,
      when_full;
  std::shared_ptr<const OpeningHours> hours;
  // Requirement after the steps in `mask`, and its lane.
  struct Made {
    uint32_t mask = 0;
    uint32_t req = kNone;
  };
  std::vector<Made> made;
  uint32_t requirement_steps = 0;  // Steps that widen or replace, by bit.
  OrderedIndex conditional;        // Calls with pending steps, by arrival.
  bool dirty = false;              // Conditions to be looked at again.
  bool reserve_opened = false;     // Reserve members begin to help.
  QueueStatistics stats;
};

enum class Miss : uint8_t {
  kNoAnswer = 0,
  kBusy = 1,
  kDeclined = 2,
  kFailed = 3
};

// What a call asks for itself, while the matcher's numbers change.
struct OwnRequirement {
  uint32_t call = 0;
  Requirement requirement;
};

struct Tombstone {
  uint64_t ref = 0;
  int64_t at = 0;
  uint32_t content = 0;  // 0: ended before it began.
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_ENGINE_STATE_H_
