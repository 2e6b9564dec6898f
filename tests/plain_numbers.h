// A country, a group, a campaign, no caps: what tests of the number pool begin
// with.

#ifndef CALLROUTER_TESTS_PLAIN_NUMBERS_H_
#define CALLROUTER_TESTS_PLAIN_NUMBERS_H_

#include <cstdint>
#include <string>

#include "callrouter/number_pool.h"

namespace callrouter::testing {

inline constexpr int64_t kSecond = 1'000'000;
inline constexpr int64_t kStart = int64_t{1'760'000'000} * kSecond;

inline absl::Time At(int64_t us) { return absl::FromUnixMicros(us); }
inline PhoneNumber Phone(uint64_t i) {
  return PhoneNumber::FromValue(74950000000 + i);
}

inline NumberRules PlainRules() {
  NumberRules rules;
  rules.regions.emplace_back();
  rules.regions[0].name = "ru";
  rules.regions[0].transitions = {{absl::InfinitePast(), 3 * 3600}};
  rules.ranges = {{PhoneNumber::FromValue(70000000000),
                   PhoneNumber::FromValue(79999999999), "ru"}};
  rules.groups.emplace_back();
  rules.groups[0].name = "group0";
  rules.groups[0].owner = "us";
  rules.groups[0].trunks = {{"trunk", Attestation::kNone}};
  rules.campaigns.emplace_back();
  rules.campaigns[0].name = "campaign";
  rules.campaigns[0].owner = "us";
  rules.carriers = {"carrier0", "carrier1"};
  return rules;
}

}  // namespace callrouter::testing

#endif  // CALLROUTER_TESTS_PLAIN_NUMBERS_H_
