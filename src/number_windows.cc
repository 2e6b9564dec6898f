#include "number_windows.h"

#include <algorithm>

#include "callrouter/number_rules.h"

namespace callrouter {

namespace {

constexpr int64_t kSecond = 1'000'000;
struct Kind {
  uint32_t parts;
  int64_t part_us;
};
constexpr std::array<Kind, kNumberWindows> kKinds = {{
    {12, 5 * kSecond},
    {12, 300 * kSecond},
    {24, 3'600 * kSecond},
    {28, 21'600 * kSecond},
    {24, 3'600 * kSecond},
}};

}  // namespace

void WindowRing::SetCount(uint8_t* number, uint32_t part,
                          uint32_t count) const {
  const uint64_t i = part % (uint64_t{parts} + 1);
  uint8_t* const at = number + offset + 4;
  if (wide) {
    const uint16_t full = static_cast<uint16_t>(std::min(count, 65'535u));
    std::memcpy(at + 2 * i, &full, sizeof(full));
  } else {
    at[i] = static_cast<uint8_t>(std::min(count, 255u));
  }
}

uint32_t WindowRing::Sum(const uint8_t* number, int64_t now) const {
  const uint32_t newest = Newest(number);
  const uint32_t part = Part(now);
  if (part > newest + parts) return 0;
  uint32_t sum = 0;
  if (part <= newest) {  // All of them.
    const uint8_t* const at = number + offset + 4;
    if (wide) {
      for (uint32_t i = 0; i <= parts; ++i) sum += Count(number, i);
    } else {
      for (uint32_t i = 0; i <= parts; ++i) sum += at[i];
    }
    return sum;
  }
  for (uint32_t p = part - parts; p <= newest; ++p) sum += Count(number, p);
  return sum;
}

// Makes `part` the newest.
void WindowRing::Roll(uint8_t* number, uint32_t part) const {
  const uint32_t newest = Newest(number);
  if (part <= newest) return;
  const uint32_t steps = std::min(part - newest, parts + 1);
  for (uint32_t i = 0; i < steps; ++i) SetCount(number, part - i, 0);
  std::memcpy(number + offset, &part, sizeof(part));
}

void WindowRing::Add(uint8_t* number, int64_t now, uint32_t uses) const {
  const uint32_t part = Part(now);
  Roll(number, part);
  SetCount(number, part, Count(number, part) + uses);
}

int64_t WindowRing::FreeAt(const uint8_t* number, int64_t now,
                           uint32_t limit) const {
  uint32_t sum = Sum(number, now);
  if (sum < limit) return now;
  const uint32_t part = Part(now);
  const uint32_t newest = std::max(Newest(number), part);
  // Parts leave one by one, the oldest first.
  for (uint32_t p = newest - parts; p <= newest; ++p) {
    if (p > Newest(number)) break;
    if (part > parts && p < part - parts) continue;
    sum -= Count(number, p);
    if (sum < limit) return (int64_t{p} + parts + 1) * part_us;
  }
  return (int64_t{newest} + parts + 1) * part_us;
}

WindowLayout WindowLayout::For(
    const std::array<int32_t, kNumberWindows>& caps) {
  WindowLayout layout;
  for (std::size_t w = 0; w < caps.size(); ++w) {
    if (caps[w] == kUnlimited) continue;
    WindowRing& ring = layout.rings[w];
    ring.parts = kKinds[w].parts;
    ring.part_us = kKinds[w].part_us;
    ring.wide = caps[w] > 255;
    ring.offset = layout.stride;
    layout.stride += static_cast<uint32_t>(ring.bytes());
  }
  return layout;
}

bool WindowLayout::Sound(const uint8_t* number, int64_t now) const {
  return std::all_of(rings.begin(), rings.end(), [&](const WindowRing& ring) {
    return ring.parts == 0 || ring.Newest(number) <= ring.Part(now);
  });
}

void WindowLayout::Convert(const WindowLayout& from, const uint8_t* old,
                           uint8_t* number) const {
  std::fill(number, number + stride, uint8_t{0});
  for (std::size_t w = 0; w < rings.size(); ++w) {
    const WindowRing& to = rings[w];
    const WindowRing& ring = from.rings[w];
    if (to.parts == 0 || ring.parts == 0) continue;
    const uint32_t newest = ring.Newest(old);
    std::memcpy(number + to.offset, &newest, sizeof(newest));
    for (uint32_t i = 0; i <= ring.parts; ++i) {
      to.SetCount(number, i, ring.Count(old, i));
    }
  }
}

bool WindowLayout::operator==(const WindowLayout& other) const {
  for (std::size_t w = 0; w < rings.size(); ++w) {
    if (rings[w].parts != other.rings[w].parts ||
        rings[w].wide != other.rings[w].wide) {
      return false;
    }
  }
  return true;
}

}  // namespace callrouter
