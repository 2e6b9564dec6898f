// When a number is free, and what its use does to that.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "number_pool_impl.h"

namespace callrouter {

namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kLastTime = int64_t{130} * 366 * 86'400 * kSecond;
constexpr uint32_t kRememberedSeconds = 86'400;  // Callees, for their cap.

int32_t Scaled(int32_t cap, int32_t permille) {
  if (cap == kUnlimited) return cap;
  return std::max(1, static_cast<int32_t>(int64_t{cap} * permille / 1000));
}

}  // namespace

// --- Time ---

void NumberPoolImpl::Enter(absl::Time now) {
  const int64_t host = absl::ToUnixMicros(now);
  const int64_t us = std::clamp(host, INT64_MIN / 2, INT64_MAX / 2) - skew_;
  if (us < now_) {
    ++counts_.clock_regressions;
  } else {
    now_ = std::min(us, kLastTime);
  }
  Lapse();
  if (ends_.size() != 0 && ends_.next_due() <= now_) EndStates();
  Wake();
}

// Everything whose time has come is free again.
void NumberPoolImpl::Wake() {
  const auto due = [&](uint64_t key) {
    return key < kReadyOnEnd && static_cast<int64_t>(key >> 1) <= now_;
  };
  while (!expiry_.empty() && due(expiry_cells_.Root(0))) {
    const uint32_t cell = expiry_cells_.First(0).item;
    const uint32_t position = shape_.begin[cell] + expiry_.First(cell).item;
    expiry_.Set(cell, position, kNoKey);
    expiry_cells_.Set(0, cell, expiry_.Root(cell));
    Refresh(position);
  }
  while (due(ready_cells_.Root(0))) {
    const uint32_t cell = ready_cells_.First(0).item;
    const MinIndex::Best first = ready_.First(cell);
    const uint32_t position = shape_.begin[cell] + first.item;
    if ((first.key & 1) != 0) {
      Refresh(position);
    } else {
      Place(cell, position, Availability(), false);
    }
  }
  for (std::size_t bit = 0; bit < carrier_timers_.size(); ++bit) {
    TimerQueue::Timer timer;
    while (carrier_timers_[bit].PopDue(now_, &timer)) {
      CarrierUse& use = carrier_uses_[timer.subject];
      use.capped = 0;
      const uint32_t position = slots_[use.slot].position;
      carrier_masks_[position] &= static_cast<uint16_t>(~(1u << bit));
      Refresh(position);
    }
  }
}

void NumberPoolImpl::SetCivil(int64_t offset) {
  civil_ = std::clamp(offset, -kLastTime, kLastTime);
  if (civil_matters_) RefreshAll();
}

void NumberPoolImpl::Rebase(int64_t delta) {
  skew_ = std::clamp(skew_ + std::clamp(delta, -kLastTime, kLastTime),
                     -kLastTime, kLastTime);
  if (civil_matters_) RefreshAll();
}

void NumberPoolImpl::RefreshAll() {
  for (uint32_t p = 0; p < records_.size(); ++p) {
    if (!expiry_.empty()) {
      const uint32_t cell = records_[p].cell;
      const int64_t every = LimitsOf(records_[p]).verify_every;
      uint64_t key = kNoKey;
      if (every != INT64_MAX && !Unverified(records_[p])) {
        const int64_t until = int64_t{records_[p].verified} * kSecond + every;
        key = static_cast<uint64_t>(until - skew_ - civil_) << 1;
      }
      if (expiry_.Set(cell, p, key)) {
        expiry_cells_.Set(0, cell, expiry_.Root(cell));
      }
    }
    Refresh(p);
  }
}

bool NumberPoolImpl::Unverified(const NumberRecord& record) const {
  const int64_t every = LimitsOf(record).verify_every;
  if (every == INT64_MAX) return false;
  return record.verified == 0 ||
         int64_t{record.verified} * kSecond + every <= Utc();
}

// --- Whether a number is free ---

// The permille of its caps that a number has now, and when that grows.
int32_t NumberPoolImpl::Share(const NumberRecord& record,
                              int64_t* next_step) const {
  *next_step = INT64_MAX;
  const NumberLimits& limits = LimitsOf(record);
  if (record.state == NumberState::kSuspect) return limits.suspect;
  if (record.state == NumberState::kProbing) return limits.probing;
  if (record.state == NumberState::kNew) {
    return limits.warm_up.empty() ? 1000 : limits.warm_up.front().second;
  }
  if (record.state != NumberState::kWarming) return 1000;
  int32_t share = 1000;
  const int64_t since = int64_t{record.since} * kSecond;
  for (const auto& step : limits.warm_up) {
    if (since + step.first > now_) {
      *next_step = since + step.first;
      break;
    }
    share = step.second;
  }
  return share;
}

Availability NumberPoolImpl::Evaluate(uint32_t position, bool wanted,
                                      bool known) const {
  const NumberRecord& record = records_[position];
  if (!InService(record.state) &&
      !(wanted && record.state == NumberState::kReserved)) {
    return {Block::kOutOfService, kReadyNever};
  }
  if (Unverified(record)) return {Block::kUnverified, kReadyNever};
  const NumberLimits& limits = LimitsOf(record);
  if (record.calls >= limits.concurrent) {
    return {Block::kConcurrent, kReadyOnEnd};
  }
  Availability a;
  EvaluateWindows(position, known, &a);
  return a;
}

void NumberPoolImpl::EvaluateWindows(uint32_t position, bool known,
                                     Availability* a) const {
  const NumberRecord& record = records_[position];
  int64_t next_step;
  const int32_t share = Share(record, &next_step);
  const int64_t free_at = FreeAt(position, known, share, &a->block);
  if (a->block == Block::kFree) return;
  a->ready = static_cast<uint64_t>(free_at) << 1;
  int64_t look_again = next_step;
  if (share < 1000 && LimitsOf(record).lends &&
      (record.state == NumberState::kSuspect ||
       record.state == NumberState::kProbing)) {
    Block ignored = Block::kFree;
    const int64_t whole = FreeAt(position, known, 1000, &ignored);
    a->spare = whole <= now_;
    if (!a->spare) look_again = whole;
  }
  if (look_again < free_at) {
    a->ready = (static_cast<uint64_t>(look_again) << 1) | 1;
  }
}

// When a number is free, with a share of its caps. Of several blocks the one
// that holds longest.
int64_t NumberPoolImpl::FreeAt(uint32_t position, bool known, int32_t share,
                               Block* block) const {
  const NumberRecord& record = records_[position];
  const NumberLimits& limits = LimitsOf(record);
  int64_t free_at = now_;
  const auto hold = [&](Block why, int64_t until) {
    if (until <= free_at) return;
    free_at = until;
    *block = why;
  };
  if (record.shown != INT64_MIN) {
    hold(Block::kCoolDown, record.shown + limits.cool_down);
  }
  constexpr Block kBlocks[] = {Block::kMinuteCap, Block::kHourCap,
                               Block::kDayCap, Block::kWeekCap};
  const uint8_t* const windows = WindowsOf(position);
  for (std::size_t w = 0; w < kCalleesWindow; ++w) {
    if (limits.windows[w] == kUnlimited) continue;
    const int32_t cap = Scaled(limits.windows[w], share);
    hold(kBlocks[w],
         layout_.rings[w].FreeAt(windows, now_, static_cast<uint32_t>(cap)));
  }
  if (record.day_uses >= Scaled(limits.local_day, share)) {
    const TimeZone& zone = ZoneOf(record.cell);
    int64_t utc = Utc();
    while (zone.Day(utc) <= record.day) utc = zone.NextDay(utc);
    hold(Block::kLocalDayCap, utc - skew_ - civil_);
  }
  if (limits.windows[kCalleesWindow] != kUnlimited && !known) {
    const int32_t cap = Scaled(limits.windows[kCalleesWindow], share);
    hold(Block::kCalleesCap, layout_.rings[kCalleesWindow].FreeAt(
                                 windows, now_, static_cast<uint32_t>(cap)));
  }
  return free_at;
}

// --- What follows from it ---

// Files a number as free or blocked; `used`: and behind the others.
void NumberPoolImpl::Place(uint32_t cell, uint32_t position,
                           const Availability& a, bool used) {
  const bool free = a.block == Block::kFree;
  const bool was_free = ready_[position] == kNoKey;
  if (!free) records_[position].block = a.block;
  if (ready_.Set(cell, position, a.ready)) {
    ready_cells_.Set(0, cell, ready_.Root(cell));
  }
  for (OrderIndex& order : orders_) {
    const uint64_t key = order.numbers[position];
    uint64_t bits = key & kOrderBits;
    if (used) bits = NextKey(order, bits, position);
    // Mostly the tier stays: then the record need not be looked at.
    uint64_t tier = key & kSuspectTier;
    if (a.spare) {
      tier = kSpareTier;
    } else if ((key & kSpareTier) != 0) {
      tier = TierOf(records_[position].state);
    }
    if (!free && !a.spare) tier |= kHidden;
    order.numbers.Set(cell, position, bits | tier);
  }
  for (DrawIndex& draw : draws_) {
    const uint32_t weight = draw.weighted ? records_[position].weight : 1;
    draw.numbers.Set(cell, position, free ? weight : 0);
  }
  if (!carrier_masks_.empty()) {
    masks_.Set(cell, position,
               free || a.spare ? carrier_masks_[position] : 0xffff);
  }
  if (free != was_free) cells_[cell].free += free ? 1u : ~0u;
  TouchCell(cell);
}

// What a cell shows to those who look at all cells.
void NumberPoolImpl::TouchCell(uint32_t c) {
  NumberCell& cell = cells_[c];
  const int32_t permille = geography_.reserve_permille(cell.region);
  const uint64_t kept =
      (uint64_t{cell.in_service} * static_cast<uint32_t>(permille) + 999) /
      1000;
  cell.closed = permille > 0 && cell.free <= kept ? 1 : 0;
  for (OrderIndex& order : orders_) {
    order.cells.Set(0, c, cell.closed ? kNoKey : order.Root(c));
  }
  for (DrawIndex& draw : draws_) {
    draw.cells.Set(
        0, c, cell.closed ? 0 : static_cast<uint32_t>(draw.numbers.Total(c)));
  }
  closed_cells_.Set(0, c, cell.closed && cell.free > 0 ? 1 : 0);
}

// The order of a number after one more use.
uint64_t NumberPoolImpl::NextKey(const OrderIndex& index, uint64_t key,
                                 uint32_t position) {
  NumberRecord& record = records_[position];
  switch (index.order) {
    case NumberOrder::kLeastRecentlyUsed:
      return ++sequence_;
    case NumberOrder::kLeastUsedToday: {
      const uint64_t today = static_cast<uint64_t>(
          std::max<int64_t>(0, ZoneOf(record.cell).Day(Utc())));
      if (key >> 16 < today) return today << 16 | 1;
      return (key & 0xffff) == 0xffff ? key : key + 1;
    }
    case NumberOrder::kWeighted: {
      // Virtual time by 2^32 / weight a use, what is left over carried on.
      const uint64_t stride = (uint64_t{1} << 32) + record.remainder;
      record.remainder = static_cast<uint16_t>(stride % record.weight);
      return key + stride / record.weight;
    }
    case NumberOrder::kRoundRobin:
    case NumberOrder::kFixed:
    case NumberOrder::kWeightedRandom:
    case NumberOrder::kRandom:
      break;
  }
  return key;
}

// A number that enters service is not behind the one whose turn was last.
void NumberPoolImpl::Join(uint32_t position) {
  const uint32_t cell = records_[position].cell;
  for (OrderIndex& order : orders_) {
    if (!order.HasServed() || order.order == NumberOrder::kRoundRobin) continue;
    const uint64_t key = order.numbers[position];
    const uint64_t bits = std::max(key & kOrderBits, order.served[cell]);
    order.numbers.Set(cell, position, (key & ~kOrderBits) | bits);
  }
}

// --- What is done to a number ---

// The turn of a number has come.
void NumberPoolImpl::TakeTurn(OrderIndex* order, uint32_t position) {
  const NumberRecord& record = records_[position];
  if (!order->HasServed()) return;
  uint64_t& served = order->served[record.cell];
  if (order->order == NumberOrder::kRoundRobin) {
    OrderIndex::Cursor& cursor = order->cursors[record.cell];
    served += record.digits <= cursor.digits ? 1 : 0;
    cursor.digits = record.digits;
    cursor.next = position - shape_.begin[record.cell] + 1;
  } else {
    served = std::max(served, order->numbers[position] & kOrderBits);
  }
}

void NumberPoolImpl::Take(const NumberSearch& search, ChosenBy by,
                          uint32_t position) {
  NumberRecord& record = records_[position];
  if (record.state == NumberState::kNew) {
    NumberMove move;
    move.to = LimitsOf(record).warm_up.empty() ? NumberState::kActive
                                               : NumberState::kWarming;
    move.why = StateReason::kFirstShown;
    move.at = now_;
    Move(position, move);
  }
  // What is chosen for other reasons may be far ahead of its turn.
  for (OrderIndex& order : orders_) {
    if (by == ChosenBy::kOrder && order.order == search.campaign->order) {
      TakeTurn(&order, position);
    }
  }
  uint8_t* const windows = WindowsOf(position);
  for (std::size_t w = 0; w < kCalleesWindow; ++w) {
    if (layout_.rings[w].parts > 0) layout_.rings[w].Add(windows, now_);
  }
  const NumberId id(record.slot, slots_[record.slot].generation);
  if (layout_.rings[kCalleesWindow].parts > 0 &&
      !CallsKnow(search.request->callee, id)) {
    layout_.rings[kCalleesWindow].Add(windows, now_);
  }
  const int64_t today = ZoneOf(record.cell).Day(Utc());
  if (today > record.day) {
    record.day = static_cast<uint16_t>(today);
    record.day_uses = 0;
  }
  if (record.day_uses < 0xffff) ++record.day_uses;
  record.shown = now_;
  ++record.calls;
  if (search.carrier_bit < 16) {
    TakeCarrier(position, search.request->carrier.slot());
  }
  Place(record.cell, position, Evaluate(position, false, false), true);
}

// Whether the callee was shown this number in the last 24 hours.
bool NumberPoolImpl::CallsKnow(PhoneNumber callee, NumberId id) const {
  for (uint32_t i = callees_.First(callee); i != NumberCallees::kNone;
       i = callees_.Next(i)) {
    if (callees_[i].Names(id) &&
        Seconds() - callees_[i].shown < kRememberedSeconds) {
      return true;
    }
  }
  return false;
}

uint32_t NumberPoolImpl::FindCarrierUse(uint32_t slot, uint32_t carrier) const {
  uint32_t i = carrier_uses_.First(CarrierUse::HashOf(slot, carrier));
  while (
      i != ChainTable<CarrierUse>::kNone &&
      (carrier_uses_[i].slot != slot || carrier_uses_[i].carrier != carrier)) {
    i = carrier_uses_[i].next;
  }
  return i;
}

// Makes sure that TakeCarrier has a place.
bool NumberPoolImpl::RoomForCarrier(uint32_t position, uint32_t carrier) {
  constexpr uint32_t kLooks = 64;
  if (LimitsOf(records_[position]).carrier_day == kUnlimited ||
      carrier_uses_.size() <
          static_cast<std::size_t>(options_.carrier_uses_max) ||
      FindCarrierUse(records_[position].slot, carrier) !=
          ChainTable<CarrierUse>::kNone) {
    return true;
  }
  for (uint32_t look = 0; look < kLooks; ++look) {
    carrier_hand_ = (carrier_hand_ + 1) % carrier_uses_.span();
    const CarrierUse& use = carrier_uses_[carrier_hand_];
    if (use.newest != 0 && use.capped == 0 && use.Sum(now_) == 0) {
      carrier_uses_.Erase(carrier_hand_);
      return true;
    }
  }
  return false;
}

void NumberPoolImpl::TakeCarrier(uint32_t position, uint32_t carrier) {
  const NumberRecord& record = records_[position];
  const int32_t limit = LimitsOf(record).carrier_day;
  if (limit == kUnlimited) return;
  uint32_t i = FindCarrierUse(record.slot, carrier);
  if (i == ChainTable<CarrierUse>::kNone) {
    CarrierUse use;
    use.slot = record.slot;
    use.generation = slots_[record.slot].generation;
    use.carrier = static_cast<uint16_t>(carrier);
    i = carrier_uses_.Insert(use);
  }
  carrier_uses_[i].Add(now_);
  CapCarrier(i, position, carrier_bits_[carrier], static_cast<uint32_t>(limit));
}

// Marks the number if it has had its calls to the carrier.
void NumberPoolImpl::CapCarrier(uint32_t i, uint32_t position, uint32_t bit,
                                uint32_t limit) {
  CarrierUse& use = carrier_uses_[i];
  if (use.capped != 0 || use.Sum(now_) < limit) return;
  use.capped = 1;
  carrier_timers_[bit].Arm(use.FreeAt(now_, limit), 0, i);
  carrier_masks_[position] |= static_cast<uint16_t>(1u << bit);
}

absl::Status NumberPoolImpl::Verified(NumberId id) {
  const uint32_t position = PositionOf(id);
  if (position == kNowhere) return absl::NotFoundError("no such number");
  NumberRecord& record = records_[position];
  record.verified = static_cast<uint32_t>(
      std::clamp(Utc() / kSecond, int64_t{1}, int64_t{UINT32_MAX}));
  const int64_t every = LimitsOf(record).verify_every;
  if (every != INT64_MAX) {
    const int64_t until = int64_t{record.verified} * kSecond + every;
    expiry_.Set(record.cell, position,
                static_cast<uint64_t>(until - skew_ - civil_) << 1);
    expiry_cells_.Set(0, record.cell, expiry_.Root(record.cell));
  }
  Refresh(position);
  return absl::OkStatus();
}

}  // namespace callrouter
