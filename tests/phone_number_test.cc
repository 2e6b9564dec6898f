#include "callrouter/phone_number.h"

#include <gtest/gtest.h>

#include <string>

namespace callrouter {
namespace {

TEST(PhoneNumberTest, ReadsWhatE164Allows) {
  for (const char* text : {"+74951234567", "74951234567", "+1234567",
                           "+123456789012345", "999999999999999"}) {
    const auto number = PhoneNumber::Parse(text);
    ASSERT_TRUE(number.ok()) << text;
    const std::string shown = number->ToString();
    EXPECT_EQ(shown, text[0] == '+' ? text : std::string("+") + text);
    EXPECT_EQ(PhoneNumber::FromValue(number->value()), *number);
  }
}

TEST(PhoneNumberTest, SaysWhatIsWrong) {
  for (const char* text :
       {"", "+", "123456", "+123456", "1234567890123456", "+0123456789",
        "+7 495 1234567", "7(495)1234567", "++74951234567", "+7495123456a"}) {
    const auto number = PhoneNumber::Parse(text);
    ASSERT_FALSE(number.ok()) << text;
    EXPECT_EQ(number.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_NE(number.status().message().find(text), std::string::npos);
  }
  const auto endless = PhoneNumber::Parse(std::string(5000, '1'));
  EXPECT_LT(endless.status().message().size(), 200u);
}

TEST(PhoneNumberTest, NoneIsNoNumber) {
  EXPECT_TRUE(PhoneNumber().none());
  EXPECT_EQ(PhoneNumber().ToString(), "");
  EXPECT_TRUE(PhoneNumber::FromValue(999'999).none());
  EXPECT_TRUE(PhoneNumber::FromValue(1'000'000'000'000'000).none());
  EXPECT_FALSE(PhoneNumber::FromValue(1'000'000).none());
}

}  // namespace
}  // namespace callrouter
