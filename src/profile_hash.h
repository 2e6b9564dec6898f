// A step of a hash, the same on every machine.

#ifndef CALLROUTER_SRC_PROFILE_HASH_H_
#define CALLROUTER_SRC_PROFILE_HASH_H_

#include <cstdint>

namespace callrouter {

inline uint64_t Mix(uint64_t hash, uint64_t value) {
  hash ^= value + 0x9e3779b97f4a7c15u + (hash << 6) + (hash >> 2);
  return hash * 0xff51afd7ed558ccdu;
}

}  // namespace callrouter

#endif  // CALLROUTER_SRC_PROFILE_HASH_H_
