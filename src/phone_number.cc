#include "callrouter/phone_number.h"

#include <cstddef>

namespace callrouter {

absl::StatusOr<PhoneNumber> PhoneNumber::Parse(std::string_view text) {
  std::string_view digits = text;
  if (!digits.empty() && digits.front() == '+') digits.remove_prefix(1);
  uint64_t value = 0;
  bool good = digits.size() >= std::size_t{kDigitsMin} &&
              digits.size() <= std::size_t{kDigitsMax} && digits.front() != '0';
  for (std::size_t i = 0; good && i < digits.size(); ++i) {
    good = digits[i] >= '0' && digits[i] <= '9';
    value = value * 10 + static_cast<uint64_t>(digits[i] - '0');
  }
  if (!good) {
    // Somebody's text in a message: no more of it than helps.
    return absl::InvalidArgumentError(
        "telephone number: found \"" + std::string(text.substr(0, 32)) +
        "\", expected + and 7 to 15 digits that do not begin with 0");
  }
  return PhoneNumber(value);
}

std::string PhoneNumber::ToString() const {
  if (none()) return "";
  return "+" + std::to_string(value_);
}

}  // namespace callrouter
