#include "handle.h"

#include <algorithm>
#include <atomic>
#include <cstring>

namespace callrouter::c {
namespace {

static_assert(sizeof(void*) == 8, "handles are 64 bits wide");

constexpr uint64_t kMark = 0xCA11;
constexpr uint32_t kPlaces = 1 << 16;

// One of the places objects can be at. Zero at the start of the program and
// not touched before it is used, so that all of them cost nothing.
struct Place {
  std::atomic<uint64_t> token;       // 0: free.
  std::atomic<uint32_t> generation;  // Of the last one here.
  Object* object;
};
Place places[kPlaces];
std::atomic<uint32_t> next_place;

// Taken by somebody who is still filling it in.
constexpr uint64_t kBusy = 1;

uint64_t Number(const void* token) {
  return static_cast<uint64_t>(reinterpret_cast<uintptr_t>(token));
}

}  // namespace

void Object::SetMessage(std::string_view text) {
  const std::size_t room = sizeof message_ - 1;
  const std::size_t size = std::min(text.size(), room);
  std::memcpy(message_, text.data(), size);
  message_[size] = '\0';
  if (text.size() > room) std::memcpy(message_ + room - 3, "...", 3);
}

void* Register(Object* object) {
  // The search begins where the last one ended, so that a place rests long
  // before it is used again.
  for (uint32_t tried = 0; tried < kPlaces; ++tried) {
    const uint32_t at = next_place.fetch_add(1) % kPlaces;
    Place& place = places[at];
    uint64_t free = 0;
    if (!place.token.compare_exchange_strong(free, kBusy)) continue;
    const uint64_t generation = place.generation.fetch_add(1);
    const uint64_t token = (kMark << 48) | (generation << 16) | at;
    place.object = object;
    place.token.store(token, std::memory_order_release);
    // A number that nobody follows as an address. NOLINTNEXTLINE
    return reinterpret_cast<void*>(static_cast<uintptr_t>(token));
  }
  return nullptr;
}

Object* Lookup(const void* token) {
  const uint64_t number = Number(token);
  if (number >> 48 != kMark) return nullptr;
  Place& place = places[number % kPlaces];
  if (place.token.load(std::memory_order_acquire) != number) return nullptr;
  return place.object;
}

Object* Unregister(const void* token) {
  uint64_t number = Number(token);
  if (number >> 48 != kMark) return nullptr;
  Place& place = places[number % kPlaces];
  Object* const object = place.object;
  if (!place.token.compare_exchange_strong(number, 0)) return nullptr;
  return object;
}

}  // namespace callrouter::c
