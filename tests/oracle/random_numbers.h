// Random rules, numbers and calls for the number pool and its twin.

#ifndef CALLROUTER_TESTS_ORACLE_RANDOM_NUMBERS_H_
#define CALLROUTER_TESTS_ORACLE_RANDOM_NUMBERS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "callrouter/number_pool.h"
#include "callrouter/random.h"

namespace callrouter::oracle {

class RandomNumbers {
 public:
  explicit RandomNumbers(uint64_t seed) : random_(seed) {}

  Random& random() { return random_; }
  uint64_t Below(uint64_t n) { return random_.Below(n); }
  bool Chance(uint64_t percent) { return random_.Below(100) < percent; }

  // Regions, ranges, groups, and a campaign for every order at least. The
  // names are always the same, so that rules can follow each other.
  NumberRules Rules();
  NumberConfig Number(PhoneNumber number, bool verified);
  // One of so many that the same ones come again.
  PhoneNumber PoolNumber();
  PhoneNumber Callee();
  std::string Campaign();
  std::string Carrier();
  static std::vector<std::string> RegionNames();

 private:
  NumberCaps Caps();
  NumberHealthRules Health();
  NumberGroup Group(int i);
  NumberCampaign Campaign(int i);
  std::vector<Region> Regions();

  Random random_;
};

}  // namespace callrouter::oracle

#endif  // CALLROUTER_TESTS_ORACLE_RANDOM_NUMBERS_H_
