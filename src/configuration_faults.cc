#include "configuration_faults.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "printable.h"

namespace callrouter::configuration_internal {
std::string Path::ToString() const {
  std::string text;
  if (parent_ != nullptr) text = parent_->ToString();
  if (!text.empty()) text.push_back('.');
  absl::StrAppend(&text, field_);
  if (index_ >= 0) absl::StrAppend(&text, "[", index_, "]");
  return text;
}

std::string Quoted(std::string_view text) {
  return absl::StrCat("\"", Printable(text), "\"");
}

bool HasControlCharacter(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

}  // namespace callrouter::configuration_internal
