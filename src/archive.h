// Values to bytes and back, one description for both ways.
//
// Integers are little-endian and of fixed width; texts and lists carry their
// length. Reading never goes past the end: after a failure everything reads as
// zero and ok() is false. Writing changes none of the values, not even to what
// they are: several threads may write one object.

#ifndef CALLROUTER_SRC_ARCHIVE_H_
#define CALLROUTER_SRC_ARCHIVE_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace callrouter {

class Archive {
 public:
  static Archive Writer(std::string* out) { return Archive(out, {}); }
  static Archive Reader(std::string_view in) { return Archive(nullptr, in); }

  bool writing() const { return out_ != nullptr; }
  bool ok() const { return ok_; }
  void Fail() {
    ok_ = false;
    in_ = {};
  }
  std::size_t left() const { return in_.size(); }

  template <typename T>
  std::enable_if_t<std::is_integral_v<T> || std::is_enum_v<T>> operator()(
      T& value) {
    uint64_t bits = 0;
    if (writing()) {
      bits = static_cast<uint64_t>(value);
      for (std::size_t i = 0; i < sizeof(T); ++i) {
        out_->push_back(static_cast<char>(bits >> (8 * i)));
      }
      return;
    }
    if (in_.size() < sizeof(T)) {
      Fail();
      value = T();
      return;
    }
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      bits |= uint64_t{static_cast<uint8_t>(in_[i])} << (8 * i);
    }
    in_.remove_prefix(sizeof(T));
    if constexpr (std::is_same_v<T, bool>) {
      value = bits != 0;
    } else {
      value = static_cast<T>(bits);
    }
  }
  void operator()(std::string& text) {
    uint32_t size = static_cast<uint32_t>(text.size());
    (*this)(size);
    if (writing()) {
      out_->append(text);
      return;
    }
    if (in_.size() < size) {
      Fail();
      size = 0;
    }
    text.assign(in_.substr(0, size));
    in_.remove_prefix(size);
  }
  void operator()(absl::Duration& duration) {
    int64_t us = duration == absl::InfiniteDuration()
                     ? INT64_MAX
                     : absl::ToInt64Microseconds(duration);
    (*this)(us);
    if (writing()) return;
    duration =
        us == INT64_MAX ? absl::InfiniteDuration() : absl::Microseconds(us);
  }
  void operator()(absl::Time& time) {
    int64_t us = absl::ToUnixMicros(time);
    (*this)(us);
    if (writing()) return;
    time = us == INT64_MIN   ? absl::InfinitePast()
           : us == INT64_MAX ? absl::InfiniteFuture()
                             : absl::FromUnixMicros(us);
  }
  template <typename T, std::size_t N>
  void operator()(std::array<T, N>& values) {
    for (T& value : values) (*this)(value);
  }
  // A list; `each` reads or writes one item.
  template <typename T, typename F>
  void List(std::vector<T>& items, F each) {
    uint32_t size = static_cast<uint32_t>(items.size());
    (*this)(size);
    if (!writing()) {
      Read(size, &items, each);
      return;
    }
    for (T& item : items) each(item);
  }
  template <typename... T>
  void All(T&... values) {
    ((*this)(values), ...);
  }
  // How many things come that are no list: at most `max`, each of `bytes` or
  // more. 0 after a failure.
  uint32_t Count(std::size_t count, std::size_t max, std::size_t bytes) {
    uint32_t value = static_cast<uint32_t>(count);
    (*this)(value);
    if (!writing() && (value > max || value > in_.size() / bytes)) Fail();
    return ok_ ? value : 0;
  }

 private:
  // Memory follows what is there, not what the length claims: an item as
  // written may be far shorter than in memory.
  template <typename T, typename F>
  void Read(uint32_t size, std::vector<T>* items, F each) {
    items->clear();
    items->reserve(std::min<std::size_t>(size, in_.size() / sizeof(T)));
    for (uint32_t i = 0; i < size; ++i) {
      each(items->emplace_back());
      if (ok_) continue;
      items->pop_back();
      return;
    }
  }

  Archive(std::string* out, std::string_view in) : out_(out), in_(in) {}
  std::string* out_;
  std::string_view in_;
  bool ok_ = true;
};

// A whole state is a line that says what it is, the values, and a checksum:
// against damage, not against malice.
void SealState(std::string* bytes);
// The values of a state that begins with the line `what`, or kInvalidArgument
// with what is wrong.
absl::StatusOr<std::string_view> OpenState(std::string_view what,
                                           std::string_view bytes);

// The same of a Store that has Transfer(Archive&) and CheckInvariants(). After
// an error the store is not to be used.
template <class Store>
void SaveStore(std::string_view what, const Store& store, std::string* out) {
  out->assign(what);
  Archive a = Archive::Writer(out);
  // Writing changes nothing; one description serves both ways.
  const_cast<Store&>(store).Transfer(a);
  SealState(out);
}
template <class Store>
absl::Status LoadStore(std::string_view what, std::string_view saved,
                       Store* store) {
  const absl::StatusOr<std::string_view> values = OpenState(what, saved);
  if (!values.ok()) return values.status();
  Archive a = Archive::Reader(*values);
  store->Transfer(a);
  if (!a.ok() || a.left() > 0) {
    return absl::InvalidArgumentError(
        "saved: does not fit the options, or is no state of this kind");
  }
  const absl::Status status = store->CheckInvariants();
  if (status.ok()) return status;
  return absl::InvalidArgumentError("saved: " + std::string(status.message()));
}

}  // namespace callrouter

#endif  // CALLROUTER_SRC_ARCHIVE_H_
