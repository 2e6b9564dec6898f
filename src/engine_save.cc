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
// With what dials.
constexpr std::string_view kOutboundMagic = "callrouter state 2\n";

}  // namespace

void EngineImpl::Save(std::string* out) const {
  out->assign(outbound_ == nullptr ? kMagic : kOutboundMagic);
  // Writing changes nothing; one description serves both directions.
  StateIo io(Archive::Writer(out), const_cast<EngineImpl*>(this), nullptr);
  io.Run();
  SealState(out);
}

absl::Status EngineImpl::Load(std::string_view saved,
                              const OutboundSetup* setup) {
  const absl::StatusOr<std::string_view> values =
      OpenState(setup == nullptr ? kMagic : kOutboundMagic, saved);
  if (!values.ok()) return values.status();
  if (setup != nullptr) {
    std::string text;
    for (const Fault& fault : FindFaults(*setup)) {
      absl::StrAppend(&text, text.empty() ? "" : "; ", ToString(fault));
    }
    if (!text.empty()) return absl::InvalidArgumentError(text);
    outbound_ = std::make_unique<OutboundImpl>(this);
  }
  StateIo io(Archive::Reader(*values), this, setup);
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
