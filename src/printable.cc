#include "printable.h"

#include <cstdint>

namespace callrouter {
namespace {

uint32_t Byte(std::string_view text, size_t at) {
  return static_cast<unsigned char>(text[at]);
}

}  // namespace

size_t Utf8Length(std::string_view text) {
  if (text.empty()) return 0;
  const uint32_t first = Byte(text, 0);
  if (first < 0x80) return 1;
  const size_t length = first >= 0xf0   ? 4
                        : first >= 0xe0 ? 3
                        : first >= 0xc0 ? 2
                                        : 0;
  if (length == 0 || text.size() < length || first >= 0xf8) return 0;
  uint32_t value = first & (0x7fU >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((Byte(text, i) & 0xc0) != 0x80) return 0;
    value = value << 6 | (Byte(text, i) & 0x3f);
  }
  // Not the shortest form, a surrogate, or beyond Unicode.
  constexpr uint32_t kFirst[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kFirst[length] || (value >= 0xd800 && value < 0xe000) ||
      value > 0x10ffff) {
    return 0;
  }
  return length;
}

std::string Printable(std::string_view text, size_t bytes_max) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  size_t at = 0;
  while (at < text.size()) {
    const size_t length = Utf8Length(text.substr(at));
    if (at + (length == 0 ? 1 : length) > bytes_max) return out + "...";
    const uint32_t first = Byte(text, at);
    if (length == 0 || first < 0x20 || first == 0x7f) {
      out += "\\x";
      out.push_back(kHex[first >> 4]);
      out.push_back(kHex[first & 15]);
      ++at;
    } else {
      out += text.substr(at, length);
      at += length;
    }
  }
  return out;
}

}  // namespace callrouter
