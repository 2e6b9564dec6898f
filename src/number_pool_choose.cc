// Which number, or why none.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "number_pool_impl.h"

namespace callrouter {

// Judges the numbers of one cell.
struct NumberPoolImpl::NumberJudge {
  const NumberPoolImpl& pool;
  NumberSearch* search;
  uint32_t begin;  // Of the cell.

  // The best number of a cell.
  MinIndex::Best Of(const OrderIndex& order, uint32_t cell) {
    if (order.order == NumberOrder::kRoundRobin) return NextOf(order, cell);
    if (search->avoid_size == 0 &&
        (search->carrier_bit >= 16 || pool.masks_.empty())) {
      return order.numbers.First(cell);  // Nothing to pass over.
    }
    MinIndex::Best best;
    order.numbers.Search(cell, 0, pool.shape_.size(cell), *this, &best);
    return best;
  }
  // In round robin: the first behind the one whose turn was last, else the
  // first of the next lap.
  MinIndex::Best NextOf(const OrderIndex& order, uint32_t cell) {
    const uint32_t next = order.cursors[cell].next;
    MinIndex::Best best;
    order.numbers.Search(cell, next, pool.shape_.size(cell), *this, &best);
    MinIndex::Best lap;
    if (best.key >= kSuspectTier) {
      order.numbers.Search(cell, 0, next, *this, &lap);
    }
    if (lap.key < best.key) best = {lap.key + 1, lap.item};
    if (best.found()) best.key += order.served[cell];
    return best;
  }
  // Only nodes with a free number are asked about.
  bool Prune(uint32_t node) const {
    if (search->carrier_bit >= 16 || pool.masks_.empty()) return false;
    if ((pool.masks_.Node(node) >> search->carrier_bit & 1) == 0) return false;
    search->passed_carrier = true;
    return true;
  }
  uint64_t operator()(uint32_t item, uint64_t key) const {
    return pool.PassOver(search, begin + item) ? kNoKey : key;
  }
};

// Judges cells by their best number.
struct NumberPoolImpl::CellJudge {
  const NumberPoolImpl& pool;
  const OrderIndex& order;
  NumberSearch* search;
  MinIndex::Best* best;          // Of the search that asks.
  uint32_t position = kNowhere;  // Of the best so far.

  static bool Prune(uint32_t) { return false; }
  uint64_t operator()(uint32_t cell, uint64_t) {
    const uint32_t begin = pool.shape_.begin[cell];
    NumberJudge judge = {pool, search, begin};
    const MinIndex::Best inside = judge.Of(order, cell);
    if (inside.key < best->key ||
        (inside.key == best->key && cell < best->item)) {
      position = begin + inside.item;
    }
    return inside.key;
  }
};

bool NumberPoolImpl::CarrierCapped(const NumberSearch& search,
                                   uint32_t position) const {
  return search.carrier_bit < 16 && !carrier_masks_.empty() &&
         (carrier_masks_[position] >> search.carrier_bit & 1) != 0;
}

// Whether a free number may not be taken for this request.
bool NumberPoolImpl::PassOver(NumberSearch* search, uint32_t position) const {
  if (CarrierCapped(*search, position)) {
    search->passed_carrier = true;
    return true;
  }
  const auto end = search->avoid.begin() + search->avoid_size;
  if (std::find(search->avoid.begin(), end, position) == end) return false;
  search->passed_known = true;
  return true;
}

// --- Hard facts ---

// The kinds that may be shown for the request, into `admitted_`.
bool NumberPoolImpl::Admit(NumberSearch* search, NumberChoice* choice) {
  const NumberRequest& request = *search->request;
  const KindSet* const sets[] = {
      filters_.Campaign(request.campaign.slot()),
      &filters_.Trunk(request.trunk.slot(), search->campaign->attestation),
      &filters_.Country(geography_.country(search->home))};
  constexpr NoNumber kReasons[] = {NoNumber::kNotForCampaign,
                                   NoNumber::kNotOnTrunk,
                                   NoNumber::kNotForCountry};
  admitted_.assign(filters_.words(), ~uint64_t{0});
  for (std::size_t i = 0; i < 3; ++i) {
    uint64_t any = 0;
    for (std::size_t w = 0; w < admitted_.size(); ++w) {
      any |= admitted_[w] &= (*sets[i])[w];
    }
    if (any != 0) continue;
    choice->none = kReasons[i];
    choice->retry_at = absl::InfiniteFuture();
    return false;
  }
  uint64_t any = 0;
  const int64_t utc = Utc();
  for (std::size_t w = 0; w < admitted_.size(); ++w) {
    for (uint64_t left = admitted_[w]; left != 0; left &= left - 1) {
      const uint32_t k = static_cast<uint32_t>(w) * 64 +
                         static_cast<uint32_t>(__builtin_ctzll(left));
      if (filters_.ValidAt(k, utc)) continue;
      admitted_[w] &= ~(left & (0 - left));
      const NumberFilters::Kind& kind = filters_.kind(k);
      if (kind.valid_from > utc && kind.valid_from < kind.valid_until) {
        search->valid_from = std::min(search->valid_from, kind.valid_from);
      }
    }
    any |= admitted_[w];
  }
  if (any != 0) return true;
  choice->none = NoNumber::kNotValidNow;
  choice->retry_at = HostTime(search->valid_from == INT64_MAX
                                  ? INT64_MAX
                                  : search->valid_from - skew_ - civil_);
  return false;
}

bool NumberPoolImpl::Admitted(uint32_t position) const {
  const uint32_t kind = cells_[records_[position].cell].kind;
  return (admitted_[kind / 64] >> (kind % 64) & 1) != 0;
}

// --- One certain number ---

uint32_t NumberPoolImpl::ChooseWanted(NumberSearch* search,
                                      NumberChoice* choice) {
  const NumberId id = FindNumber(search->request->wanted.value());
  choice->none = NoNumber::kUnknownNumber;
  choice->retry_at = absl::InfiniteFuture();
  if (id.none()) return kNowhere;
  const uint32_t position = PositionOf(id);
  if (!Admit(search, choice)) return kNowhere;
  if (!Admitted(position)) {
    choice->none = NoNumber::kWantedUnlawful;
    return kNowhere;
  }
  const Availability a =
      Evaluate(position, true, CallsKnow(search->request->callee, id));
  if (a.block != Block::kFree && !a.spare) {
    choice->none = NoNumber::kAllBlocked;
    choice->block = a.block;
    if (a.ready < kReadyOnEnd) {
      choice->retry_at = HostTime(static_cast<int64_t>(a.ready >> 1));
    }
    return kNowhere;
  }
  if (CarrierCapped(*search, position)) {
    choice->none = NoNumber::kCarrierCap;
    choice->retry_at =
        HostTime(carrier_timers_[search->carrier_bit].next_due());
    return kNowhere;
  }
  choice->by = ChosenBy::kWanted;
  return position;
}

// The positions of what the callee may not be shown (again).
void NumberPoolImpl::ListAvoided(NumberSearch* search) {
  const NumberCampaign& campaign = *search->campaign;
  const bool avoid = campaign.sticky == StickyMode::kAvoid;
  if (!avoid && !campaign.distinct_per_campaign) return;
  const uint16_t mine = static_cast<uint16_t>(search->request->campaign.slot());
  const uint32_t keep =
      static_cast<uint32_t>(absl::ToInt64Seconds(campaign.sticky_keep));
  int32_t last = avoid ? campaign.avoid_last : 0;
  for (uint32_t i = callees_.First(search->request->callee);
       i != NumberCallees::kNone; i = callees_.Next(i)) {
    const NumberCallees::Entry& entry = callees_[i];
    if (Seconds() - entry.shown >= keep) continue;
    const bool other = entry.campaign != mine;
    bool skip = other && campaign.distinct_per_campaign;
    if (!skip && last > 0 && (!other || campaign.sticky_across_campaigns)) {
      skip = true;
      --last;
    }
    if (!skip) continue;
    const NumberSlot& slot = slots_[entry.slot];
    if (!entry.Names(NumberId(entry.slot, slot.generation))) continue;
    search->avoid[search->avoid_size++] = slot.position;
    search->known_until = std::min(search->known_until, entry.shown + keep);
  }
}

uint32_t NumberPoolImpl::ChooseSticky(NumberSearch* search,
                                      NumberChoice* choice) {
  const NumberCampaign& campaign = *search->campaign;
  const uint32_t keep =
      static_cast<uint32_t>(absl::ToInt64Seconds(campaign.sticky_keep));
  for (uint32_t i = callees_.First(search->request->callee);
       i != NumberCallees::kNone; i = callees_.Next(i)) {
    const NumberCallees::Entry& entry = callees_[i];
    if (Seconds() - entry.shown >= keep ||
        (entry.campaign != search->request->campaign.slot() &&
         !campaign.sticky_across_campaigns) ||
        (campaign.bind == StickyBind::kAnswered && entry.answered == 0)) {
      continue;
    }
    const NumberSlot& slot = slots_[entry.slot];
    const NumberId id(entry.slot, slot.generation);
    choice->retry_at = absl::InfiniteFuture();
    if (slot.generation == 0 || !entry.Names(id)) {
      choice->broken = StickyBreak::kGone;
      return kNowhere;
    }
    const uint32_t position = slot.position;
    const auto end = search->avoid.begin() + search->avoid_size;
    if (!Admitted(position)) {
      choice->broken = StickyBreak::kUnlawful;
    } else if (std::find(search->avoid.begin(), end, position) != end) {
      choice->broken = StickyBreak::kElsewhere;
    } else {
      Availability a;
      if (ready_[position] != kNoKey) {
        a = Evaluate(position, false, CallsKnow(search->request->callee, id));
      }
      // If it is required there is no other.
      if (a.block != Block::kFree &&
          !(a.spare && campaign.sticky == StickyMode::kRequire)) {
        choice->broken = StickyBreak::kBlocked;
        choice->sticky_block = a.block;
        if (a.ready < kReadyOnEnd) {
          choice->retry_at = HostTime(static_cast<int64_t>(a.ready >> 1));
        }
      } else if (CarrierCapped(*search, position)) {
        choice->broken = StickyBreak::kCarrierCap;
        choice->retry_at =
            HostTime(carrier_timers_[search->carrier_bit].next_due());
      } else {
        choice->by = ChosenBy::kSticky;
        return position;
      }
    }
    return kNowhere;
  }
  return kNowhere;
}

// --- The best of the nearest ---

// The cells of regions [first, end), kind by kind.
void NumberPoolImpl::ListSegments(const NumberSearch& search, Rung rung,
                                  uint32_t first, uint32_t end) {
  segments_.clear();
  for (std::size_t w = 0; w < admitted_.size(); ++w) {
    for (uint64_t left = admitted_[w]; left != 0; left &= left - 1) {
      const std::size_t k =
          w * 64 + static_cast<std::size_t>(__builtin_ctzll(left));
      const auto of_kind = cells_.begin() + kind_cells_[k];
      const auto before = [](const NumberCell& cell, uint32_t region) {
        return cell.region < region;
      };
      const auto lo = std::lower_bound(
          of_kind, cells_.begin() + kind_cells_[k + 1], first, before);
      const auto hi = std::lower_bound(lo, cells_.begin() + kind_cells_[k + 1],
                                       end, before);
      uint32_t begin = static_cast<uint32_t>(lo - cells_.begin());
      const uint32_t stop = static_cast<uint32_t>(hi - cells_.begin());
      if (begin == stop) continue;
      if (rung == Rung::kRegion && cells_[begin].region == search.home) {
        segments_.push_back({begin, begin + 1, true, 0});
        ++begin;
      }
      if (begin < stop) segments_.push_back({begin, stop, false, 0});
    }
  }
}

// A key that compares across kinds.
uint64_t NumberPoolImpl::EffectiveKey(const OrderIndex& index, uint64_t key,
                                      uint32_t cell) const {
  if (index.order != NumberOrder::kLeastUsedToday) return key;
  const uint64_t today =
      static_cast<uint64_t>(std::max<int64_t>(0, ZoneOf(cell).Day(Utc())));
  const uint64_t bits = key & kOrderBits;
  const uint64_t day = bits >> 16;
  // A day to come (the clock went back) is after all uses of today.
  const uint64_t uses = day > today    ? 0x10000
                        : day == today ? bits & 0xffff
                                       : 0;
  return (key & ~kOrderBits) | uses << 32 | bits;
}

void NumberPoolImpl::Consider(const OrderIndex& index, uint64_t key,
                              uint32_t position, Candidate* best) const {
  const NumberRecord& record = records_[position];
  key = EffectiveKey(index, key, record.cell);
  if (best->position != kNowhere) {
    if (key > best->key) return;
    if (key == best->key) {
      const NumberRecord& other = records_[best->position];
      const uint32_t here = cells_[record.cell].region;
      const uint32_t there = cells_[other.cell].region;
      if (here > there || (here == there && record.digits > other.digits)) {
        return;
      }
    }
  }
  *best = {key, position};
}

const OrderIndex* NumberPoolImpl::FindOrder(NumberOrder order) const {
  for (const OrderIndex& index : orders_) {
    if (index.order == order) return &index;
  }
  return nullptr;
}

// The first in the order among the segments.
NumberPoolImpl::Candidate NumberPoolImpl::BestIn(const OrderIndex& order,
                                                 NumberSearch* search) {
  Candidate best;
  for (const Segment& segment : segments_) {
    MinIndex::Best found;
    uint32_t position = kNowhere;
    if (segment.own) {
      const uint32_t begin = shape_.begin[segment.begin];
      NumberJudge judge = {*this, search, begin};
      found = judge.Of(order, segment.begin);
      position = begin + found.item;
    } else {
      CellJudge judge = {*this, order, search, &found, kNowhere};
      order.cells.Search(0, segment.begin, segment.end, judge, &found);
      position = judge.position;
    }
    if (found.found()) Consider(order, found.key, position, &best);
  }
  return best;
}

// A number drawn by weight. One that may not be taken leaves the urn, and
// comes back after the draw: the others keep their proportions.
uint32_t NumberPoolImpl::DrawIn(NumberSearch* search) {
  const bool weighted = search->campaign->order == NumberOrder::kWeightedRandom;
  DrawIndex* draw = nullptr;
  for (DrawIndex& d : draws_) {
    if (d.weighted == weighted) draw = &d;
  }
  if (draw == nullptr) return kNowhere;
  uint32_t chosen = kNowhere;
  drawn_.clear();
  while (chosen == kNowhere) {
    uint64_t total = 0;
    for (Segment& s : segments_) {
      s.total =
          s.own ? draw->numbers.Total(s.begin)
                : draw->cells.Below(0, s.end) - draw->cells.Below(0, s.begin);
      total += s.total;
    }
    if (total == 0) break;
    uint64_t at = random_.Below(total);
    std::size_t i = 0;
    while (at >= segments_[i].total) at -= segments_[i++].total;
    uint32_t cell = segments_[i].begin;
    if (!segments_[i].own) {
      const uint64_t below = draw->cells.Below(0, cell);
      cell = draw->cells.Find(0, below + at);
      at -= draw->cells.Below(0, cell) - below;
    }
    const uint32_t position = shape_.begin[cell] + draw->numbers.Find(cell, at);
    if (!PassOver(search, position)) {
      chosen = position;
      break;
    }
    drawn_.emplace_back(position, draw->numbers[position]);
    draw->numbers.Set(cell, position, 0);
    TouchCell(cell);
  }
  for (const auto& [position, weight] : drawn_) {
    const uint32_t cell = records_[position].cell;
    draw->numbers.Set(cell, position, weight);
    TouchCell(cell);
  }
  return chosen;
}

uint32_t NumberPoolImpl::Choose(NumberSearch* search, NumberChoice* choice) {
  const NumberCampaign& campaign = *search->campaign;
  if (!search->request->wanted.none()) return ChooseWanted(search, choice);
  if (!Admit(search, choice)) return kNowhere;
  ListAvoided(search);
  if (campaign.sticky == StickyMode::kPrefer ||
      campaign.sticky == StickyMode::kRequire) {
    const uint32_t position = ChooseSticky(search, choice);
    if (position != kNowhere) return position;
    if (campaign.sticky == StickyMode::kRequire &&
        choice->broken != StickyBreak::kNotBroken) {
      choice->none = NoNumber::kKnownNumber;
      return kNowhere;
    }
  }
  const OrderIndex* const order = FindOrder(campaign.order);
  uint32_t position = Climb(order, search, choice);
  const OrderIndex* const lent = FindOrder(NumberOrder::kLeastRecentlyUsed);
  if (position == kNowhere && order == nullptr && lent != nullptr) {
    position = Climb(lent, search, choice);  // Only spare ones are left.
  }
  if (position == kNowhere) ExplainNone(*search, choice);
  return position;
}

// The best of the nearest, drawn if there is no order; if there is none but
// spare ones, the best of the nearest of those.
uint32_t NumberPoolImpl::Climb(const OrderIndex* order, NumberSearch* search,
                               NumberChoice* choice) {
  NumberGeography::Ladder ladder(geography_, search->home,
                                 search->campaign->reach,
                                 search->campaign->neighbours_within);
  uint32_t spare = kNowhere;
  const auto take = [&](ChosenBy by, Rung rung, uint32_t position) {
    choice->by = by;
    choice->rung = rung;
    choice->region = cells_[records_[position].cell].region;
  };
  Rung rung;
  uint32_t first;
  uint32_t end;
  while (ladder.Next(&rung, &first, &end)) {
    ListSegments(*search, rung, first, end);
    Candidate best;
    if (order == nullptr) {
      best = {0, DrawIn(search)};
    } else {
      best = BestIn(*order, search);
    }
    if (best.position == kNowhere) continue;
    if (best.key < kSpareTier) {
      take(ChosenBy::kOrder, rung, best.position);
      return best.position;
    }
    if (spare != kNowhere) continue;
    spare = best.position;
    take(ChosenBy::kShortage, rung, spare);
  }
  return spare;
}

}  // namespace callrouter
