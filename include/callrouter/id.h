// callrouter/id.h
//
// Names for things inside an engine that cannot be mixed up or outlive their
// object unnoticed.
//
//   CallId call = engine.FindCall(host_ref);
//   if (call.none()) ...            // no such call
//   AgentId agent = call;           // does not compile
//
// An Id is a slot and a generation. Slots are reused, generations are not: an
// Id kept after its object has ended is recognised as stale and never taken
// for the newer object in the same slot.
//
// Thread safety: a value.

#ifndef CALLROUTER_ID_H_
#define CALLROUTER_ID_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>

namespace callrouter {

template <class Tag>
class Id {
 public:
  constexpr Id() = default;
  // `generation` starts at 1; a default Id has generation 0 and names nothing.
  constexpr Id(uint32_t slot, uint32_t generation)
      : slot_(slot), generation_(generation) {}

  constexpr uint32_t slot() const { return slot_; }
  constexpr uint32_t generation() const { return generation_; }
  constexpr bool none() const { return generation_ == 0; }

  // One 64-bit value for logs, journals and other languages. 0 is "none".
  constexpr uint64_t value() const {
    return (uint64_t{generation_} << 32) | slot_;
  }
  static constexpr Id FromValue(uint64_t value) {
    return Id(static_cast<uint32_t>(value), static_cast<uint32_t>(value >> 32));
  }

  friend constexpr bool operator==(Id a, Id b) {
    return a.slot_ == b.slot_ && a.generation_ == b.generation_;
  }
  friend constexpr bool operator!=(Id a, Id b) { return !(a == b); }
  friend constexpr bool operator<(Id a, Id b) { return a.value() < b.value(); }

  template <typename H>
  friend H AbslHashValue(H h, Id id) {
    return H::combine(std::move(h), id.slot_, id.generation_);
  }

 private:
  uint32_t slot_ = 0;
  uint32_t generation_ = 0;
};

using CallId = Id<struct CallTag>;
using AgentId = Id<struct AgentTag>;
using QueueId = Id<struct QueueTag>;
using OfferId = Id<struct OfferTag>;

}  // namespace callrouter

template <class Tag>
struct std::hash<callrouter::Id<Tag>> {
  std::size_t operator()(callrouter::Id<Tag> id) const noexcept {
    return std::hash<uint64_t>()(id.value());
  }
};

#endif  // CALLROUTER_ID_H_
