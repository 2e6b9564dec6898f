// What a pacer takes.

#include <cstddef>

#include "pacer_impl.h"

namespace callrouter {

std::size_t MemoryBound(const PacerOptions& o) {
  if (!FindFaults(o).empty()) return 0;
  const auto size = [](int32_t n) { return static_cast<std::size_t>(n); };
  const std::size_t agents = size(o.agents_max);
  const std::size_t lines = size(o.lines_max) + agents;
  // One timer each of what comes and of what is to be told, in a heap for soon
  // and one for later that may be half as large again.
  constexpr std::size_t kTimer = 2 * 3 * 24 / 2 + 16;
  std::size_t bytes =
      sizeof(Pacer) + sizeof(PacerImpl) + lines * sizeof(PacedLine) +
      agents * sizeof(PacedAgentSlot) +
      2 * ((lines + agents) * kTimer + 2 * 65 * 24) +
      size(o.records_max) * sizeof(LineRecord) +
      o.carriers.size() * (sizeof(CarrierState) * 2 + sizeof(PacedCarrier) +
                           sizeof(PacerImpl::CarrierRooms)) +
      AnswerRates::Memory(o.campaigns.size(), o.kinds_max) +
      size(PacerImpl::kPoints) * CountLaws::Memory() +
      DropLedger::Memory(o.windows.size()) +
      o.windows.size() * sizeof(DropWindow);
  for (const PacedCampaign& c : o.campaigns) {
    // Its rules are kept twice.
    bytes += sizeof(CampaignState) + sizeof(PacedCampaign) + sizeof(uint32_t) +
             DropLedger::Memory(c.windows.size()) +
             2 * (c.windows.size() * sizeof(DropWindow) +
                  c.carriers.size() * sizeof(uint16_t));
  }
  return bytes;
}

}  // namespace callrouter
