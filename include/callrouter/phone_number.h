// callrouter/phone_number.h
//
// A telephone number in international form (ITU-T E.164), as a value.
//
//   auto number = PhoneNumber::Parse("+74951234567");
//   if (!number.ok()) ...                // what is wrong with the text
//   number->ToString();                  // "+74951234567"
//
// Numbers order as their values do; those of equal length thus as their
// digits do.
//
// Thread safety: a value. Not here: national forms and how to dial.

#ifndef CALLROUTER_PHONE_NUMBER_H_
#define CALLROUTER_PHONE_NUMBER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"

namespace callrouter {

class PhoneNumber {
 public:
  // E.164: at most 15 digits. The least in use are 7, country code included.
  static constexpr int kDigitsMin = 7;
  static constexpr int kDigitsMax = 15;

  // No number.
  constexpr PhoneNumber() = default;

  // An optional + and then 7 to 15 digits, the first of which is not 0.
  // Anything else (blanks, brackets, too short) is kInvalidArgument.
  static absl::StatusOr<PhoneNumber> Parse(std::string_view text);

  // The digits read as one decimal number; 0 for none. Any other value than a
  // number can have gives none.
  static constexpr PhoneNumber FromValue(uint64_t value) {
    return value < 1'000'000u || value > 999'999'999'999'999u
               ? PhoneNumber()
               : PhoneNumber(value);
  }

  constexpr uint64_t value() const { return value_; }
  constexpr bool none() const { return value_ == 0; }
  // With a leading +; empty for none.
  std::string ToString() const;

  friend constexpr bool operator==(PhoneNumber a, PhoneNumber b) {
    return a.value_ == b.value_;
  }
  friend constexpr bool operator!=(PhoneNumber a, PhoneNumber b) {
    return a.value_ != b.value_;
  }
  friend constexpr bool operator<(PhoneNumber a, PhoneNumber b) {
    return a.value_ < b.value_;
  }
  template <typename H>
  friend H AbslHashValue(H h, PhoneNumber number) {
    return H::combine(std::move(h), number.value_);
  }

 private:
  constexpr explicit PhoneNumber(uint64_t value) : value_(value) {}
  uint64_t value_ = 0;
};

}  // namespace callrouter

#endif  // CALLROUTER_PHONE_NUMBER_H_
