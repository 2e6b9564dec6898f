// What the numbers of lines, starts, records and carriers permit.

#include <algorithm>
#include <cstdint>

#include "pacer_impl.h"

namespace callrouter {

template <typename F>
void PacerImpl::EachCarrier(const CampaignState& c, F f) const {
  if (c.rules.carriers.empty()) {
    for (std::size_t i = 0; i < carriers_.size(); ++i) f(i);
  }
  for (const uint16_t i : c.rules.carriers) f(i);
}

int PacerImpl::MostLines(const CampaignState& c, int planned,
                         PacingOrder* order) const {
  int most = std::min(options_.lines_max - in_flight_ - leaving_ - planned,
                      c.rules.lines_max - c.ringing - c.waiting - c.leaving);
  order->limit = PacingLimit::kLines;
  const int64_t starts =
      std::min(bucket_.us * options_.starts_per_second / kSecond - planned,
               c.bucket.us * c.rules.starts_per_second / kSecond);
  if (starts < most) {
    most = static_cast<int>(starts);
    order->limit = PacingLimit::kRate;
  }
  const int records = RecordRoom() - planned;
  if (records < most) {
    most = records;
    order->limit = PacingLimit::kRecords;
  }
  if (!carriers_.empty()) {
    int room = 0;
    int lines = 0;
    EachCarrier(c, [&](std::size_t i) {
      room += std::min(carrier_rooms_[i].lines, carrier_rooms_[i].starts);
      lines += carrier_rooms_[i].lines;
    });
    if (room < most) {
      most = room;
      order->limit =
          lines > room ? PacingLimit::kCarrierRate : PacingLimit::kCarrierLines;
    }
  }
  return std::max(0, most);
}

PacerImpl::CarrierRooms PacerImpl::RoomsOf(std::size_t carrier) const {
  const PacedCarrier& rules = options_.carriers[carrier];
  const CarrierState& state = carriers_[carrier];
  const int64_t starts = state.bucket.us * rules.starts_per_second / kSecond;
  return {std::max(0, rules.lines_max - state.lines),
          static_cast<int>(std::max<int64_t>(0, starts))};
}

// Lines that will start. Which carrier the host takes is not known: the first
// that has room.
void PacerImpl::UseCarriers(const CampaignState& c, int lines) {
  EachCarrier(c, [&](std::size_t i) {
    CarrierRooms& rooms = carrier_rooms_[i];
    const int used = std::min({lines, rooms.lines, rooms.starts});
    rooms.lines -= used;
    rooms.starts -= used;
    lines -= used;
  });
}

// When the limit on starts permits the next one.
int64_t PacerImpl::NextStart(const CampaignState& c, PacingLimit limit) const {
  int rate = std::min(options_.starts_per_second, c.rules.starts_per_second);
  if (limit == PacingLimit::kCarrierRate) {
    rate = 1;
    EachCarrier(c, [&](std::size_t i) {
      rate = std::max(rate, options_.carriers[i].starts_per_second);
    });
  }
  return now_ + kSecond / rate;
}

}  // namespace callrouter
