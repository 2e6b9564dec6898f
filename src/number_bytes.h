// Whole numbers to bytes and back, for stores that save themselves.
//
// Little-endian and of fixed width, between a line that says what it is and a
// checksum. Reading never goes past the end: after a failure everything reads
// as zero and ok() is false.

#ifndef CALLROUTER_SRC_NUMBER_BYTES_H_
#define CALLROUTER_SRC_NUMBER_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace callrouter {

class NumberBytes {
 public:
  static NumberBytes Writer(std::string_view magic, std::string* out) {
    out->assign(magic);
    return NumberBytes(out, {});
  }
  // Of bytes that begin with `magic` and are whole; ok() says.
  static NumberBytes Reader(std::string_view magic, std::string_view in) {
    NumberBytes bytes(nullptr, {});
    if (in.size() < magic.size() + 8 || in.substr(0, magic.size()) != magic) {
      bytes.ok_ = false;
      return bytes;
    }
    bytes.in_ = in.substr(in.size() - 8);
    uint64_t sum = 0;
    bytes(sum);
    in.remove_suffix(8);
    bytes.ok_ = sum == Checksum(in);
    bytes.in_ = bytes.ok_ ? in.substr(magic.size()) : std::string_view();
    return bytes;
  }
  void Seal() {
    uint64_t sum = Checksum(*out_);
    (*this)(sum);
  }

  bool writing() const { return out_ != nullptr; }
  bool ok() const { return ok_; }
  bool done() const { return ok_ && in_.empty(); }
  void Fail() {
    ok_ = false;
    in_ = {};
  }

  template <typename T>
  std::enable_if_t<std::is_integral_v<T> || std::is_enum_v<T>> operator()(
      T& value) {
    if (writing()) {
      const uint64_t bits = static_cast<uint64_t>(value);
      for (std::size_t i = 0; i < sizeof(T); ++i) {
        out_->push_back(static_cast<char>(bits >> (8 * i)));
      }
      return;
    }
    if (in_.size() < sizeof(T)) Fail();
    uint64_t bits = 0;
    for (std::size_t i = 0; ok_ && i < sizeof(T); ++i) {
      bits |= uint64_t{static_cast<uint8_t>(in_[i])} << (8 * i);
    }
    if (ok_) in_.remove_prefix(sizeof(T));
    if constexpr (std::is_same_v<T, bool>) {
      value = bits != 0;
    } else {
      value = static_cast<T>(bits);
    }
  }
  template <typename... T>
  void All(T&... values) {
    ((*this)(values), ...);
  }
  // A count of things to come, at most `max` of at least `each` bytes.
  uint32_t Count(std::size_t count, std::size_t max, std::size_t each) {
    uint32_t value = static_cast<uint32_t>(count);
    (*this)(value);
    if (!writing() && (value > max || value > in_.size() / each)) Fail();
    return ok_ ? value : 0;
  }

 private:
  NumberBytes(std::string* out, std::string_view in) : out_(out), in_(in) {}

  // FNV-1a, 64 bits (Fowler, Noll, Vo): against damage, not against malice.
  static uint64_t Checksum(std::string_view bytes) {
    uint64_t hash = 14695981039346656037u;
    for (const char c : bytes) {
      hash = (hash ^ static_cast<uint8_t>(c)) * 1099511628211u;
    }
    return hash;
  }

  std::string* out_;
  std::string_view in_;
  bool ok_ = true;
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_NUMBER_BYTES_H_
