// Which numbers there are and where they lie.
//
// Every change of numbers or rules arranges all of them anew. That costs
// O(n log n), is rare, and leaves no second way to get anything wrong.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "number_pool_impl.h"

namespace callrouter {

namespace {

// The lowest 32 bits decide where in a chain table; none is as good.
uint32_t DigitsHash(uint64_t digits) {
  return static_cast<uint32_t>(MixBits(digits) >> 32);
}

}  // namespace

// What was before, while it is taken over.
struct NumberPoolImpl::Before {
  std::vector<NumberRecord> records;
  WindowLayout layout;
  std::vector<uint8_t> windows;
  std::vector<OrderIndex> orders;
  // Cells by (group, region) of the new rules.
  std::map<std::pair<uint32_t, uint32_t>, uint32_t> cells;
  std::vector<uint32_t> leaving;  // Positions.
};

NumberId NumberPoolImpl::FindNumber(uint64_t digits) const {
  const uint32_t hash = DigitsHash(digits);
  uint32_t i = slots_.First(uint64_t{hash} << 32);
  while (i != ChainTable<NumberSlot>::kNone &&
         (slots_[i].hash != hash ||
          records_[slots_[i].position].digits != digits)) {
    i = slots_[i].next;
  }
  return i == ChainTable<NumberSlot>::kNone ? NumberId()
                                            : NumberId(i, slots_[i].generation);
}

uint32_t NumberPoolImpl::PositionOf(NumberId id) const {
  if (id.none() || id.slot() >= slots_.span() ||
      slots_[id.slot()].generation != id.generation()) {
    return kNowhere;
  }
  return slots_[id.slot()].position;
}

// --- Arranging ---

// Takes `numbers` (those with digits 0 leave) for all there are. `cells_now`:
// group and region of each cell there was, by the new rules.
void NumberPoolImpl::Rebuild(
    std::vector<NumberIncoming> numbers,
    const std::vector<std::pair<uint32_t, uint32_t>>& cells_now) {
  Before before;
  for (uint32_t c = 0; c < cells_now.size(); ++c) {
    before.cells[cells_now[c]] = c;
  }
  before.records = std::move(records_);
  before.layout = layout_;
  before.windows = std::move(windows_);
  before.orders = std::move(orders_);
  std::array<int32_t, kNumberWindows> caps;
  caps.fill(kUnlimited);
  civil_matters_ = false;
  for (const NumberLimits& limits : limits_) {
    civil_matters_ |=
        limits.local_day != kUnlimited || limits.verify_every != INT64_MAX;
    for (std::size_t w = 0; w < caps.size(); ++w) {
      if (limits.windows[w] == kUnlimited) continue;
      caps[w] = caps[w] == kUnlimited ? limits.windows[w]
                                      : std::max(caps[w], limits.windows[w]);
    }
  }
  layout_ = WindowLayout::For(caps);
  before.leaving = Arrange(&numbers);
  MoveRecords(numbers, before);
  ResetIndexes();
  MoveOrders(numbers, before);
  FileAll(numbers);
  RebuildCarriers();
  RebuildLives();
}

// Sorts `numbers` and makes kinds and cells of them. Returns where those were
// that leave.
std::vector<uint32_t> NumberPoolImpl::Arrange(
    std::vector<NumberIncoming>* numbers) {
  std::vector<NumberFilters::Kind> kinds;
  {
    std::map<std::pair<uint32_t, uint32_t>, uint32_t> found;
    for (const NumberIncoming& number : *numbers) {
      if (number.digits == 0) continue;
      found[{number.group, geography_.zone(number.region)}] = 0;
    }
    for (auto& [key, k] : found) {
      k = static_cast<uint32_t>(kinds.size());
      kinds.emplace_back();
      kinds.back().group = key.first;
      kinds.back().zone = key.second;
    }
    for (NumberIncoming& number : *numbers) {
      if (number.digits == 0) continue;
      number.kind = found[{number.group, geography_.zone(number.region)}];
    }
  }
  filters_.Compile(rules_, geography_, kinds, campaigns_, trunks_);
  std::vector<uint32_t> leaving;
  for (const NumberIncoming& number : *numbers) {
    if (number.digits == 0) leaving.push_back(number.from);
  }
  numbers->erase(
      std::remove_if(numbers->begin(), numbers->end(),
                     [](const NumberIncoming& n) { return n.digits == 0; }),
      numbers->end());
  std::sort(numbers->begin(), numbers->end(),
            [](const NumberIncoming& a, const NumberIncoming& b) {
              return std::tie(a.kind, a.region, a.digits) <
                     std::tie(b.kind, b.region, b.digits);
            });
  cells_.clear();
  kind_cells_.assign(1, 0);
  std::vector<uint32_t> sizes;
  for (const NumberIncoming& number : *numbers) {
    if (cells_.empty() || cells_.back().kind != number.kind ||
        cells_.back().region != number.region) {
      while (kind_cells_.size() <= number.kind) {
        kind_cells_.push_back(static_cast<uint32_t>(cells_.size()));
      }
      cells_.emplace_back();
      cells_.back().kind = number.kind & 0x7fffffffu;
      cells_.back().region = number.region;
      sizes.push_back(0);
    }
    ++sizes.back();
  }
  kind_cells_.push_back(static_cast<uint32_t>(cells_.size()));
  cells_.shrink_to_fit();
  shape_.Assign(sizes);
  top_.Assign({static_cast<uint32_t>(cells_.size())});
  return leaving;
}

void NumberPoolImpl::MoveRecords(const std::vector<NumberIncoming>& sorted,
                                 const Before& before) {
  for (const uint32_t p : before.leaving) {
    slots_.Erase(before.records[p].slot);
  }
  records_.assign(sorted.size(), NumberRecord());
  windows_.assign(sorted.size() * layout_.stride, 0);
  uint32_t cell = 0;
  for (uint32_t p = 0; p < sorted.size(); ++p) {
    const NumberIncoming& number = sorted[p];
    while (p >= shape_.begin[cell + 1]) ++cell;
    NumberRecord& record = records_[p];
    if (number.from != kNowhere) {
      record = before.records[number.from];
      const std::size_t from = std::size_t{number.from} * before.layout.stride;
      layout_.Convert(before.layout, before.windows.data() + from,
                      WindowsOf(p));
    } else {
      record.digits = number.digits;
      record.state = number.put->state;
      record.since = Seconds();
    }
    record.cell = cell;
    if (number.put != nullptr) {
      record.weight = static_cast<uint16_t>(number.put->weight);
      record.rank = number.put->rank;
      const int64_t verified =
          std::clamp(absl::ToUnixSeconds(number.put->verified), int64_t{0},
                     int64_t{UINT32_MAX});
      record.verified =
          std::max(record.verified, static_cast<uint32_t>(verified));
    }
  }
  AddSlots(sorted);
}

// New ones get slots in the order in which the host named them.
void NumberPoolImpl::AddSlots(const std::vector<NumberIncoming>& sorted) {
  std::vector<uint32_t> added;
  for (uint32_t p = 0; p < sorted.size(); ++p) {
    if (sorted[p].from == kNowhere) {
      added.push_back(p);
    } else {
      slots_[records_[p].slot].position = p;
    }
  }
  std::sort(added.begin(), added.end(), [&](uint32_t a, uint32_t b) {
    return sorted[a].added < sorted[b].added;
  });
  for (const uint32_t p : added) {
    NumberSlot slot;
    slot.hash = DigitsHash(records_[p].digits);
    slot.position = p;
    if (++generation_ == 0) generation_ = 1;
    slot.generation = generation_;
    records_[p].slot = slots_.Insert(slot);
  }
}

// Empty indexes for the orders that campaigns use and the caps there are.
void NumberPoolImpl::ResetIndexes() {
  orders_.clear();
  draws_.clear();
  bool used[7] = {};
  for (const NumberCampaign& campaign : rules_.campaigns) {
    used[static_cast<std::size_t>(campaign.order)] = true;
  }
  // What is lent to a draw is in this order.
  if (std::any_of(limits_.begin(), limits_.end(),
                  [](const NumberLimits& l) { return l.lends; }) &&
      (used[static_cast<std::size_t>(NumberOrder::kRandom)] ||
       used[static_cast<std::size_t>(NumberOrder::kWeightedRandom)])) {
    used[static_cast<std::size_t>(NumberOrder::kLeastRecentlyUsed)] = true;
  }
  for (std::size_t o = 0; o < 7; ++o) {
    if (!used[o]) continue;
    const NumberOrder order = static_cast<NumberOrder>(o);
    if (order == NumberOrder::kRandom ||
        order == NumberOrder::kWeightedRandom) {
      draws_.emplace_back();
      draws_.back().weighted = order == NumberOrder::kWeightedRandom;
      draws_.back().numbers.Reset(&shape_);
      draws_.back().cells.Reset(&top_);
    } else {
      orders_.emplace_back();
      orders_.back().order = order;
      orders_.back().numbers.Reset(&shape_);
      orders_.back().cells.Reset(&top_);
      if (orders_.back().HasServed()) {
        orders_.back().served.assign(cells_.size(), 0);
      }
      if (order == NumberOrder::kRoundRobin) {
        orders_.back().cursors.assign(cells_.size(), OrderIndex::Cursor());
      }
    }
  }
  ready_.Reset(&shape_);
  ready_cells_.Reset(&top_);
  closed_cells_.Reset(&top_);
  expiry_ = MinIndex();
  expiry_cells_ = MinIndex();
  bool carrier_caps = false;
  for (const NumberLimits& limits : limits_) {
    carrier_caps |= limits.carrier_day != kUnlimited;
    if (limits.verify_every == INT64_MAX || !expiry_.empty()) continue;
    expiry_.Reset(&shape_);
    expiry_cells_.Reset(&top_);
  }
  masks_ = MaskIndex();
  carrier_masks_.clear();
  if (!carrier_caps || rules_.carriers.empty()) return;
  masks_.Reset(&shape_);
  carrier_masks_.assign(records_.size(), 0);
}

// The order of each number: as it was, or as of one that is new.
void NumberPoolImpl::MoveOrders(const std::vector<NumberIncoming>& sorted,
                                const Before& before) {
  for (OrderIndex& order : orders_) {
    const auto old = std::find_if(
        before.orders.begin(), before.orders.end(),
        [&](const OrderIndex& o) { return o.order == order.order; });
    const bool had = old != before.orders.end();
    const bool recency = order.order == NumberOrder::kLeastRecentlyUsed;
    std::vector<uint64_t> first_time;
    if (recency && !had) {
      // Not counted so far: by when they were last shown.
      std::vector<uint32_t> by_time;
      for (uint32_t p = 0; p < sorted.size(); ++p) {
        if (sorted[p].from != kNowhere) by_time.push_back(p);
      }
      std::sort(by_time.begin(), by_time.end(), [&](uint32_t a, uint32_t b) {
        return std::tie(records_[a].shown, records_[a].digits) <
               std::tie(records_[b].shown, records_[b].digits);
      });
      first_time.assign(sorted.size(), 0);
      for (const uint32_t p : by_time) first_time[p] = ++sequence_;
    }
    for (uint32_t p = 0; p < sorted.size(); ++p) {
      uint64_t bits = 0;
      if (order.order == NumberOrder::kFixed) {
        bits = static_cast<uint64_t>(records_[p].rank);
      } else if (sorted[p].from == kNowhere) {
        if (recency) bits = sequence_ + 1 + sorted[p].added;
      } else if (had) {
        bits = old->numbers[sorted[p].from] & kOrderBits;
      } else if (recency) {
        bits = first_time[p];
      }
      order.numbers.Set(records_[p].cell, p, kHidden | bits);
    }
    if (had && order.HasServed()) MoveServed(&order, *old, before);
  }
  for (const NumberIncoming& number : sorted) {
    sequence_ += number.from == kNowhere ? 1 : 0;
  }
}

void NumberPoolImpl::MoveServed(OrderIndex* to, const OrderIndex& from,
                                const Before& before) const {
  for (uint32_t c = 0; c < cells_.size(); ++c) {
    const auto old = before.cells.find(
        {filters_.kind(cells_[c].kind).group, cells_[c].region});
    if (old == before.cells.end()) continue;
    to->served[c] = from.served[old->second];
    if (to->cursors.empty()) continue;
    const uint64_t digits = from.cursors[old->second].digits;
    const auto begin = records_.begin() + shape_.begin[c];
    const auto next =
        std::upper_bound(begin, records_.begin() + shape_.begin[c + 1], digits,
                         [](uint64_t value, const NumberRecord& record) {
                           return value < record.digits;
                         });
    to->cursors[c] = {digits, static_cast<uint32_t>(next - begin)};
  }
}

// Files every number as free or not, by what its record says.
void NumberPoolImpl::FileAll(const std::vector<NumberIncoming>& sorted) {
  for (uint32_t p = 0; p < records_.size(); ++p) {
    ready_.Set(records_[p].cell, p, kReadyNever);
    if (InService(records_[p].state)) ++cells_[records_[p].cell].in_service;
  }
  for (uint32_t p = 0; p < records_.size(); ++p) {
    for (OrderIndex& order : orders_) {
      const uint64_t tier = TierOf(records_[p].state);
      order.numbers.Set(records_[p].cell, p, order.numbers[p] | tier);
    }
    if (sorted[p].from == kNowhere && InService(records_[p].state)) Join(p);
  }
  RefreshAll();
  for (uint32_t c = 0; c < cells_.size(); ++c) {
    ready_cells_.Set(0, c, ready_.Root(c));
    TouchCell(c);
  }
}

void NumberPoolImpl::RebuildCarriers() {
  carrier_timers_.assign(carrier_masks_.empty() ? 0 : rules_.carriers.size(),
                         TimerQueue());
  for (uint32_t i = 0; i < carrier_uses_.span(); ++i) {
    CarrierUse& use = carrier_uses_[i];
    if (use.newest == 0) continue;
    use.capped = 0;
    // A slot that is free or has a newer number: what was counted is gone.
    if (slots_[use.slot].generation == 0 ||
        slots_[use.slot].generation != use.generation) {
      carrier_uses_.Erase(i);
      continue;
    }
    const uint32_t bit = carrier_bits_[use.carrier];
    const uint32_t position = slots_[use.slot].position;
    const int32_t limit = LimitsOf(records_[position]).carrier_day;
    if (carrier_masks_.empty() || bit >= 16 || limit == kUnlimited) continue;
    CapCarrier(i, position, bit, static_cast<uint32_t>(limit));
    Refresh(position);
  }
}

}  // namespace callrouter
