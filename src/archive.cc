#include "archive.h"

#include "absl/status/status.h"

namespace callrouter {

namespace {

// FNV-1a, 64 bits (Fowler, Noll, Vo).
uint64_t Checksum(std::string_view bytes) {
  uint64_t hash = 14695981039346656037u;
  for (const char c : bytes) {
    hash = (hash ^ static_cast<uint8_t>(c)) * 1099511628211u;
  }
  return hash;
}

}  // namespace

void SealState(std::string* bytes) {
  uint64_t sum = Checksum(*bytes);
  Archive::Writer(bytes)(sum);
}

absl::StatusOr<std::string_view> OpenState(std::string_view what,
                                           std::string_view bytes) {
  if (bytes.size() < what.size() + 8 || bytes.substr(0, what.size()) != what) {
    return absl::InvalidArgumentError(
        "saved: found other bytes, expected a state written by Save");
  }
  uint64_t sum = 0;
  Archive tail = Archive::Reader(bytes.substr(bytes.size() - 8));
  tail(sum);
  bytes.remove_suffix(8);
  if (sum != Checksum(bytes)) {
    return absl::InvalidArgumentError("saved: the bytes are damaged");
  }
  return bytes.substr(what.size());
}

}  // namespace callrouter
