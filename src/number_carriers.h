// How often each number called each carrier in the last day.

#ifndef CALLROUTER_SRC_NUMBER_CARRIERS_H_
#define CALLROUTER_SRC_NUMBER_CARRIERS_H_

#include <array>
#include <cstdint>

#include "number_table.h"

namespace callrouter {

// 12 parts of two hours and one more, as number_windows.h says. 40 bytes with
// its place in the table.
struct CarrierUse {
  static constexpr uint32_t kParts = 12;
  static constexpr int64_t kPartUs = int64_t{7'200} * 1'000'000;

  uint32_t slot = 0;  // Of the number.
  uint32_t generation = 0;
  uint32_t next = 0;
  uint32_t newest = 0;  // Part; 0: the entry is free.
  uint16_t carrier = 0;
  uint16_t capped = 0;  // Whether its mask bit is set and a timer armed.
  std::array<uint8_t, kParts + 1> counts = {};

  static uint64_t HashOf(uint32_t slot, uint32_t carrier) {
    return MixBits((uint64_t{carrier} << 32) | slot);
  }
  uint64_t Hash() const { return HashOf(slot, carrier); }

  uint32_t Sum(int64_t now) const {
    const uint32_t part = static_cast<uint32_t>(now / kPartUs);
    uint32_t sum = 0;
    for (uint32_t i = 0; i <= kParts && i <= newest; ++i) {
      if (newest - i + kParts >= part) sum += counts[(newest - i) % 13];
    }
    return sum;
  }
  void Add(int64_t now) {
    const uint32_t part = static_cast<uint32_t>(now / kPartUs);
    for (uint32_t i = 0; i <= kParts && newest + i < part; ++i) {
      counts[(part - i) % 13] = 0;
    }
    newest = part > newest ? part : newest;
    if (counts[newest % 13] < 255) ++counts[newest % 13];
  }
  // The first time from `now` on at which less than `limit` uses count.
  int64_t FreeAt(int64_t now, uint32_t limit) const {
    const int64_t first = now / kPartUs;
    for (int64_t part = first;; ++part) {
      const int64_t at = part == first ? now : part * kPartUs;
      if (Sum(at) < limit) return at;
    }
  }
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_NUMBER_CARRIERS_H_
