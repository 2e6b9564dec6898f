// The whole state as bytes. Everything that can influence a choice is saved;
// indexes, which only repeat it, are built anew.

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "archive.h"
#include "engine_impl.h"
#include "state_io.h"

namespace callrouter {

namespace {

constexpr std::string_view kMagic = "callrouter state 1\n";

// FNV-1a, 64 bits (Fowler, Noll, Vo): against damage, not against malice.
uint64_t Checksum(std::string_view bytes) {
  uint64_t hash = 14695981039346656037u;
  for (const char c : bytes) {
    hash = (hash ^ static_cast<uint8_t>(c)) * 1099511628211u;
  }
  return hash;
}

}  // namespace

void EngineImpl::Save(std::string* out) const {
  out->assign(kMagic);
  // Writing changes nothing; one description serves both directions.
  StateIo io(Archive::Writer(out), const_cast<EngineImpl*>(this));
  io.Run();
  uint64_t sum = Checksum(*out);
  Archive::Writer(out)(sum);
}

absl::Status EngineImpl::Load(std::string_view saved) {
  if (saved.size() < kMagic.size() + 8 ||
      saved.substr(0, kMagic.size()) != kMagic) {
    return absl::InvalidArgumentError(
        "saved: found other bytes, expected a state written by Save");
  }
  uint64_t sum = 0;
  Archive tail = Archive::Reader(saved.substr(saved.size() - 8));
  tail(sum);
  saved.remove_suffix(8);
  if (sum != Checksum(saved)) {
    return absl::InvalidArgumentError("saved: the bytes are damaged");
  }
  StateIo io(Archive::Reader(saved.substr(kMagic.size())), this);
  if (!io.Run()) {
    if (!io.why_.ok()) return io.why_;
    return absl::InvalidArgumentError(
        "saved: does not fit the options' limits, or is not a state");
  }
  const absl::Status status = CheckInvariants();
  if (!status.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("saved: ", absl::string_view(status.message())));
  }
  return absl::OkStatus();
}

void EngineImpl::ReserveMemory() {
  const std::size_t calls = static_cast<std::size_t>(options_.calls_max);
  const std::size_t agents = static_cast<std::size_t>(options_.agents_max);
  calls_.Reserve(calls);
  call_refs_.Reserve(calls);
  agents_.Reserve(agents);
  agent_refs_.Reserve(agents);
  offers_.Reserve(2 * agents);
  timers_.Reserve(2 * calls + 2 * agents);
  results_.reserve(agents + 64);
  tombstone_refs_.reserve(tombstones_.size());
  if (calls > 0) matcher_.ticket(static_cast<uint32_t>(calls - 1));
}

}  // namespace callrouter
