// How often a number was used in the last minute, hour, day and week.
//
// For each period a ring of parts + 1 counts, one for each part of the period
// and one more: the part now running and all those before it cover every
// period of that length which ends now, so the sum is never less than the uses
// in it. It counts a use for at most one part too long. All counts of one
// number lie side by side, one or two bytes each.

#ifndef CALLROUTER_SRC_NUMBER_WINDOWS_H_
#define CALLROUTER_SRC_NUMBER_WINDOWS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace callrouter {

enum NumberWindow : int {
  kMinuteWindow = 0,
  kHourWindow = 1,
  kDayWindow = 2,
  kWeekWindow = 3,
  kCalleesWindow = 4,  // People called for the first time in a day.
  kNumberWindows = 5,
};

// One ring: where it is among a number's bytes, and its parts.
struct WindowRing {
  uint32_t offset = 0;
  uint32_t parts = 0;  // 0: not kept.
  bool wide = false;   // Counts of two bytes.
  int64_t part_us = 0;

  std::size_t bytes() const {
    return parts == 0 ? 0 : 4 + (parts + 1) * (wide ? 2u : 1u);
  }
  uint32_t Part(int64_t now) const {
    return static_cast<uint32_t>(now / part_us);
  }
  // Uses that count at `now`.
  uint32_t Sum(const uint8_t* number, int64_t now) const;
  // One use at `now`. A full count stays full.
  void Add(uint8_t* number, int64_t now, uint32_t uses = 1) const;
  // The first time from `now` on at which less than `limit` uses count, if
  // there are no more.
  int64_t FreeAt(const uint8_t* number, int64_t now, uint32_t limit) const;

 private:
  friend struct WindowLayout;
  uint32_t Count(const uint8_t* number, uint32_t part) const {
    const uint64_t i = part % (uint64_t{parts} + 1);
    const uint8_t* const at = number + offset + 4;
    if (!wide) return at[i];
    uint16_t count;
    std::memcpy(&count, at + 2 * i, sizeof(count));
    return count;
  }
  void SetCount(uint8_t* number, uint32_t part, uint32_t count) const;
  uint32_t Newest(const uint8_t* number) const {
    uint32_t part;
    std::memcpy(&part, number + offset, sizeof(part));
    return part;
  }
  void Roll(uint8_t* number, uint32_t part) const;
};

// Which rings the numbers of a pool have. `caps[w]`: the highest cap on window
// w of any number; kUnlimited: not kept.
struct WindowLayout {
  std::array<WindowRing, kNumberWindows> rings;
  uint32_t stride = 0;  // Bytes a number.

  static WindowLayout For(const std::array<int32_t, kNumberWindows>& caps);
  // Takes over the counts of a number kept in another layout.
  void Convert(const WindowLayout& from, const uint8_t* old,
               uint8_t* number) const;

  // Whether nothing was counted later than `now`.
  bool Sound(const uint8_t* number, int64_t now) const;

  bool operator==(const WindowLayout& other) const;
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_NUMBER_WINDOWS_H_
