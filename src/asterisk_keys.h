// Every key of queues.conf, and what becomes of it.

#ifndef CALLROUTER_SRC_ASTERISK_KEYS_H_
#define CALLROUTER_SRC_ASTERISK_KEYS_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace callrouter::asterisk {

enum class Key : uint8_t {
  kUnknown,
  kIgnored,  // Known, with a reason why nothing corresponds.
  kMember,
  kStrategy,
  kTimeout,
  kRetry,
  kTimeoutRestart,
  kWeight,
  kMaxLen,
  kWrapUpTime,
  kAutoFill,
  kAutoPause,
  kRingInUse,
  kJoinEmpty,
  kLeaveWhenEmpty,
  kPenaltyMembersLimit,
  kDefaultRule,
  kServiceLevel,
};

struct KeyInfo {
  Key key = Key::kUnknown;
  // The name that stands for all its aliases.
  std::string_view canonical;
  // kIgnored: why.
  std::string_view reason;
};

// Names in any case; aliases give the same `canonical`.
KeyInfo FindQueueKey(std::string_view name);

// A key of the [general] section: its reason to be ignored or, when callrouter
// already does what the key asks, `maps`.
struct GeneralKey {
  bool known = false;
  std::string_view when_true;   // Note if the value reads as true...
  std::string_view when_false;  // ...and if it does not.
  bool maps_when_true = false;
};
GeneralKey FindGeneralKey(std::string_view name);

// The known key that `name` is probably a slip of, or empty.
std::string_view NearestKey(std::string_view name);

}  // namespace callrouter::asterisk

#endif  // CALLROUTER_SRC_ASTERISK_KEYS_H_
