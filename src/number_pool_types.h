// What a number pool keeps of numbers, cells, groups, orders and attempts.

#ifndef CALLROUTER_SRC_NUMBER_POOL_TYPES_H_
#define CALLROUTER_SRC_NUMBER_POOL_TYPES_H_

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "callrouter/number_choice.h"
#include "callrouter/number_pool.h"
#include "callrouter/number_rules.h"
#include "callrouter/timer_queue.h"
#include "number_callees.h"
#include "number_charts.h"
#include "number_index.h"
#include "number_table.h"
#include "number_windows.h"

namespace callrouter {

struct NumberRecord {
  uint64_t digits = 0;
  int64_t shown = INT64_MIN;  // Last reserved.
  uint32_t slot = 0;
  uint32_t cell = 0;
  uint32_t since = 0;     // Seconds; when its state began.
  uint32_t verified = 0;  // UTC seconds; 0: never.
  int32_t rank = 0;
  uint16_t weight = 1;
  uint16_t remainder = 0;  // Of kWeighted's division.
  uint16_t calls = 0;
  uint16_t day_uses = 0;
  uint16_t day = 0;  // Local, for day_uses.
  NumberState state = NumberState::kNew;
  Block block = Block::kFree;
};
static_assert(sizeof(NumberRecord) == 48, "one number is <= 150 bytes in all");

// A living number; its index is the slot of its NumberId.
struct NumberSlot {
  uint32_t hash = 0;  // Of the digits.
  uint32_t position = 0;
  uint32_t generation = 0;
  uint32_t next = 0;
  uint64_t Hash() const { return uint64_t{hash} << 32; }
};

struct NumberCell {
  uint32_t kind : 31;
  uint32_t closed : 1;  // To callees of other regions.
  uint32_t region = 0;
  uint32_t in_service = 0;
  uint32_t free = 0;

  NumberCell() : kind(0), closed(0) {}
};
static_assert(sizeof(NumberCell) == 16, "small pools have few numbers a cell");

// A number on its way to a new place.
struct NumberIncoming {
  uint64_t digits = 0;  // 0: it leaves.
  uint32_t group = 0;
  uint32_t region = 0;
  uint32_t kind = 0;
  uint32_t from = 0xffffffffu;        // Position it has; none: it is new.
  const NumberConfig* put = nullptr;  // What the host says of it.
  uint32_t added = 0;                 // Its place among the new ones.
};

// A group's caps, ready for use.
struct NumberLimits {
  std::array<int32_t, kNumberWindows> windows = {};
  int32_t local_day = kUnlimited;
  int32_t concurrent = kUnlimited;
  int32_t carrier_day = kUnlimited;
  int64_t cool_down = 0;
  int64_t verify_every = INT64_MAX;
  std::vector<std::pair<int64_t, int32_t>> warm_up;
  int32_t suspect = 1000;
  int32_t probing = 1000;
  bool lends = false;  // The rest of these shares, if nothing else is free.
};

inline bool InService(NumberState state) {
  return state <= NumberState::kSuspect || state == NumberState::kProbing;
}
// Whether it is one of those of which a share may rest.
inline bool MayEverRest(NumberState state) {
  return InService(state) || state == NumberState::kResting;
}
// Whether it ends by itself.
inline bool EndsByItself(NumberState state) {
  return state == NumberState::kWarming || state == NumberState::kSuspect ||
         state == NumberState::kResting || state == NumberState::kProbing ||
         state == NumberState::kHeld;
}

// A group's numbers.
struct GroupLife {
  uint32_t numbers = 0;  // That may ever rest.
  uint32_t resting = 0;
};

// One change of a number's state.
struct NumberMove {
  NumberState to = NumberState::kNew;
  StateReason why = StateReason::kHost;
  uint32_t carrier = NumberLife::kHost;  // Whose calls are in question.
  int64_t at = 0;
  Evidence score = 0;
  uint8_t failures = 0;
};

// One order's keys. The lowest 61 bits of a key are the order, then two of
// tier, and the top bit hides it.
struct OrderIndex {
  // Round robin: where in the lap a cell is. Numbers have no key of their own
  // there, but for their tier.
  struct Cursor {
    uint64_t digits = 0;
    uint32_t next = 0;  // Item behind `digits`.
  };
  NumberOrder order = NumberOrder::kLeastRecentlyUsed;
  MinIndex numbers;
  MinIndex cells;
  // By cell: of the furthest turn there was; round robin: the lap.
  // No order without a need for it has it.
  std::vector<uint64_t> served;
  std::vector<Cursor> cursors;  // By cell; round robin only.

  bool HasServed() const {
    return order == NumberOrder::kRoundRobin ||
           order == NumberOrder::kLeastUsedToday ||
           order == NumberOrder::kWeighted;
  }
  // Not above the key of the cell's best number.
  uint64_t Root(uint32_t cell) const {
    const uint64_t root = numbers.Root(cell);
    return order == NumberOrder::kRoundRobin && root < kHidden
               ? root + served[cell]
               : root;
  }
};
inline constexpr uint64_t kOrderBits = (uint64_t{1} << 61) - 1;

// Suspect numbers come after the others of a place, and those beyond their
// share after everything else within reach.
inline constexpr uint64_t kSuspectTier = uint64_t{1} << 61;
inline constexpr uint64_t kSpareTier = uint64_t{1} << 62;
inline uint64_t TierOf(NumberState state) {
  return state == NumberState::kSuspect ? kSuspectTier : 0;
}

struct DrawIndex {
  bool weighted = false;
  SumIndex numbers;
  SumIndex cells;
};

// When a number is free: a time in microseconds times two, plus one if it must
// be looked at again then. Or when a call ends, or when the host says so.
inline constexpr uint64_t kReadyOnEnd = uint64_t{1} << 62;
inline constexpr uint64_t kReadyNever = kReadyOnEnd + 1;

struct Availability {
  Block block = Block::kFree;
  uint64_t ready = kNoKey;
  bool spare = false;  // Blocked by its share alone, and may be lent.
};

enum class AttemptState : uint8_t {
  kReserved,
  kCommitted,
  kCancelled,
  kLapsed,
  kEnded,
};

struct NumberAttempt {
  NumberRequest request;
  NumberId id;
  uint64_t digits = 0;
  TimerId lapse;
  int64_t over = 0;  // When it ended.
  int64_t lapses_at = 0;
  uint32_t region = 0;
  uint32_t next = 0;
  AttemptState state = AttemptState::kReserved;
  CallOutcome outcome = CallOutcome::kNone;
  ChosenBy by = ChosenBy::kNobody;
  Rung rung = Rung::kNone;
  StickyBreak broken = StickyBreak::kNotBroken;
  Block sticky_block = Block::kFree;
  uint64_t Hash() const { return MixBits(request.attempt); }
};

// A request while it is looked at.
struct NumberSearch {
  const NumberRequest* request = nullptr;
  const NumberCampaign* campaign = nullptr;
  uint32_t home = 0;          // The callee's region.
  uint32_t carrier_bit = 16;  // 16: none.
  std::array<uint32_t, NumberCallees::kPerCallee> avoid = {};  // Positions.
  uint32_t avoid_size = 0;
  bool passed_carrier = false;
  bool passed_known = false;
  uint32_t known_until = 0xffffffffu;  // Seconds; when the first may be used.
  int64_t valid_from = INT64_MAX;      // UTC; of kinds not valid yet.
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_NUMBER_POOL_TYPES_H_
