// Values as C has them to ours and back.
//
// Thread safety: functions without state.

#ifndef CALLROUTER_BINDINGS_C_CONVERT_H_
#define CALLROUTER_BINDINGS_C_CONVERT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "callrouter/phone_number.h"
#include "callrouter_c.h"
#include "values.h"

namespace callrouter::c {

// --- Times: CR_NEVER and CR_ALWAYS are infinite ---

inline absl::Time ToTime(int64_t us) {
  if (us == CR_NEVER) return absl::InfiniteFuture();
  if (us == CR_ALWAYS) return absl::InfinitePast();
  return absl::FromUnixMicros(us);
}
inline int64_t FromTime(absl::Time time) { return absl::ToUnixMicros(time); }
inline absl::Duration ToDuration(int64_t us) {
  if (us == CR_NEVER) return absl::InfiniteDuration();
  if (us == CR_ALWAYS) return -absl::InfiniteDuration();
  return absl::Microseconds(us);
}
inline int64_t FromDuration(absl::Duration duration) {
  return absl::ToInt64Microseconds(duration);
}

// --- Texts ---

inline std::string_view Text(const char* text) {
  return text == nullptr ? std::string_view() : std::string_view(text);
}
inline std::string_view Text(const char* text, std::size_t size) {
  return text == nullptr || size == 0 ? Text(text)
                                      : std::string_view(text, size);
}
// A text or bytes that always come with a size.
inline std::string_view Sized(const void* data, std::size_t size) {
  return data == nullptr
             ? std::string_view()
             : std::string_view(static_cast<const char*>(data), size);
}

// --- Enums: the numbers are the same, which the switches of values.h say ---

// False, and nothing done, if `value` is none of E.
template <class E>
bool FromC(int32_t value, E* out) {
  if (value < 0 || value > 0xFF) return false;
  const E e = static_cast<E>(value);
  if (ToC(e) != value) return false;
  *out = e;
  return true;
}
template <class E>
absl::Status FromC(std::string_view field, int32_t value, E* out) {
  if (FromC(value, out)) return absl::OkStatus();
  return absl::InvalidArgumentError(std::string(field) + ": found " +
                                    std::to_string(value) +
                                    ", expected one of its numbers");
}

// --- Telephone numbers ---

inline bool FromC(uint64_t value, PhoneNumber* out) {
  *out = PhoneNumber::FromValue(value);
  return out->value() == value;
}
absl::Status FromC(std::string_view field, uint64_t value, PhoneNumber* out);

// --- Structs that grow ---

// The size a struct had in its first release: hosts have at least that. When
// fields are appended, specialise this with the offset of the first of them.
template <class Struct>
inline constexpr std::size_t kFirstSize = sizeof(Struct);

// Of what follows behind the struct we know, all must be 0.
absl::Status Unknown(const void* in, std::size_t known, std::size_t size);
absl::Status WrongSize(std::size_t found, std::size_t expected);

// Puts what the caller's struct has over `*out`, which has the defaults.
template <class Struct>
absl::Status Read(const Struct* in, Struct* out) {
  if (in == nullptr) {
    return absl::InvalidArgumentError("a struct: found null");
  }
  const std::size_t size = in->struct_size;
  if (size < kFirstSize<Struct>) return WrongSize(size, kFirstSize<Struct>);
  std::memcpy(out, in, std::min(size, sizeof(Struct)));
  out->struct_size = sizeof(Struct);
  if (size <= sizeof(Struct)) return absl::OkStatus();
  return Unknown(in, sizeof(Struct), size);
}

// Writes as much of `value` as the caller's struct has room for, and 0 behind.
template <class Struct>
absl::Status WriteSized(const Struct& value, Struct* out, std::size_t size) {
  if (out == nullptr) {
    return absl::InvalidArgumentError("a struct: found null");
  }
  if (size < kFirstSize<Struct>) return WrongSize(size, kFirstSize<Struct>);
  const std::size_t known = std::min(size, sizeof(Struct));
  std::memcpy(out, &value, known);
  std::memset(reinterpret_cast<char*>(out) + known, 0, size - known);
  out->struct_size = size;
  return absl::OkStatus();
}
template <class Struct>
absl::Status Write(const Struct& value, Struct* out) {
  return WriteSized(value, out, out == nullptr ? 0 : out->struct_size);
}

}  // namespace callrouter::c

#endif  // CALLROUTER_BINDINGS_C_CONVERT_H_
