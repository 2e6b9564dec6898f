// All uses of all numbers of a pool with their times, and what follows from
// them. It shares no idea with the pool or its twin: no parts, no rings. For
// the caps that the pool counts in parts it knows two answers: what a number
// has had in the period itself (over the cap there, and the pool has broken its
// promise), and in the period and one part more (under the cap there, and the
// pool has wasted capacity that it promised to use).

#ifndef CALLROUTER_TESTS_NUMBER_USE_LOG_H_
#define CALLROUTER_TESTS_NUMBER_USE_LOG_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "callrouter/number_pool.h"

namespace callrouter::testing {

class NumberUseLog {
 public:
  // Which answer: what must be, or what may be.
  enum class Say { kMust, kMay };
  // Times are in microseconds of the pool's clock, days those of UTC + zone.
  explicit NumberUseLog(int64_t zone_us = 0) : zone_(zone_us) {}

  void Add(PhoneNumber number, const NumberCaps& caps, NumberState state,
           int64_t at);
  void Remove(PhoneNumber number) { numbers_.erase(number.value()); }
  void SetState(PhoneNumber number, NumberState state, int64_t at);
  // The states that numbers went to by themselves since the last time.
  void Follow(NumberPool* pool);
  void Use(PhoneNumber number, PhoneNumber callee, CarrierId carrier,
           int64_t at);
  void Show(PhoneNumber number, PhoneNumber callee, int64_t at);
  void Over(PhoneNumber number);

  // Whether `block` keeps the number from being used at `at`; `lent`: even if
  // it may have its whole caps because there is no other.
  bool Blocks(Block block, PhoneNumber number, Say say, int64_t at,
              bool lent = false) const;
  // Whether any does.
  bool Blocked(PhoneNumber number, Say say, int64_t at,
               bool lent = false) const;
  bool CarrierCapped(PhoneNumber number, CarrierId carrier, Say say,
                     int64_t at) const;
  const std::vector<int64_t>& uses(PhoneNumber number) const {
    return numbers_.at(number.value()).uses;
  }

 private:
  struct Number {
    NumberCaps caps;
    NumberState state = NumberState::kActive;
    int64_t since = 0;
    int calls = 0;
    std::vector<int64_t> uses;
    // By callees who surely, or maybe, did not know it.
    std::vector<int64_t> surely_first, maybe_first;
    std::map<uint64_t, std::vector<int64_t>> by_carrier;
    std::map<uint64_t, int64_t> shown;  // To whom, last when.
  };
  int64_t Cap(const Number& number, int32_t cap, Say say, int64_t at,
              bool lent) const;
  bool Window(const Number& number, const std::vector<int64_t>& uses,
              int32_t cap, int64_t window, int64_t part, Say say, int64_t at,
              bool lent) const;

  int64_t zone_;
  std::map<uint64_t, Number> numbers_;
};

}  // namespace callrouter::testing

#endif  // CALLROUTER_TESTS_NUMBER_USE_LOG_H_
