// Looking at a number pool.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "number_pool_impl.h"

namespace callrouter {

absl::Time NumberPoolImpl::HostTime(int64_t us) const {
  if (us == INT64_MAX) return absl::InfiniteFuture();
  if (us == INT64_MIN) return absl::InfinitePast();
  return absl::FromUnixMicros(us + skew_);
}

absl::StatusOr<NumberView> NumberPoolImpl::View(NumberId id) const {
  const uint32_t position = PositionOf(id);
  if (position == kNowhere) return absl::NotFoundError("no such number");
  const NumberRecord& record = records_[position];
  const NumberCell& cell = cells_[record.cell];
  NumberView view;
  view.id = id;
  view.number = PhoneNumber::FromValue(record.digits);
  view.group = rules_.groups[filters_.kind(cell.kind).group].name;
  view.region = geography_.name(cell.region);
  view.state = record.state;
  if (EndsByItself(record.state)) {
    const NumberLife& life = lives_[FindLife(record.slot)];
    view.state_until = HostTime(life.due);
    view.probes_failed = life.failures;
  }
  const uint64_t ready = ready_[position];
  if (ready != kNoKey &&
      (ready >= kReadyOnEnd || static_cast<int64_t>(ready >> 1) > now_)) {
    view.block = record.block;
    view.free_at = ready >= kReadyOnEnd
                       ? absl::InfiniteFuture()
                       : HostTime(static_cast<int64_t>(ready >> 1));
  }
  view.last_shown = HostTime(record.shown);
  view.calls = record.calls;
  const auto uses = [&](NumberWindow w) {
    const WindowRing& ring = layout_.rings[static_cast<std::size_t>(w)];
    return ring.parts == 0
               ? 0
               : static_cast<int32_t>(ring.Sum(WindowsOf(position), now_));
  };
  view.minute = uses(kMinuteWindow);
  view.hour = uses(kHourWindow);
  view.day = uses(kDayWindow);
  view.week = uses(kWeekWindow);
  view.callees = uses(kCalleesWindow);
  if (ZoneOf(record.cell).Day(Utc()) <= record.day) {
    view.local_day = record.day_uses;
  }
  return view;
}

NumberPoolStats NumberPoolImpl::stats() const {
  NumberPoolStats stats = counts_;
  stats.numbers = records_.size();
  stats.attempts = attempts_.size() - over_.size();
  stats.callees = callees_.size();
  stats.carrier_uses = carrier_uses_.size();
  stats.number_bytes =
      records_.capacity() * sizeof(NumberRecord) + windows_.capacity() +
      slots_.bytes() + cells_.capacity() * sizeof(NumberCell) +
      carrier_masks_.capacity() * sizeof(uint16_t) + masks_.bytes() +
      closed_cells_.bytes() +
      (shape_.begin.capacity() + shape_.node_begin.capacity()) *
          sizeof(uint32_t);
  for (const MinIndex* index :
       {&ready_, &ready_cells_, &expiry_, &expiry_cells_}) {
    stats.number_bytes += index->bytes();
  }
  for (const OrderIndex& order : orders_) {
    stats.number_bytes += order.numbers.bytes() + order.cells.bytes() +
                          order.served.capacity() * sizeof(uint64_t) +
                          order.cursors.capacity() * sizeof(OrderIndex::Cursor);
  }
  for (const DrawIndex& draw : draws_) {
    stats.number_bytes += draw.numbers.bytes() + draw.cells.bytes();
  }
  stats.attempt_bytes = attempts_.bytes() + over_.bytes();
  stats.callee_bytes = callees_.bytes();
  stats.carrier_bytes = carrier_uses_.bytes();
  stats.charts = charts_.size();
  stats.chart_bytes = charts_.bytes();
  stats.rates = rates_.size();
  stats.rate_bytes = rates_.bytes();
  stats.life_bytes =
      lives_.bytes() + changes_.capacity() * sizeof(NumberStateChange);
  return stats;
}

// A number and what is kept of its state.
template <class Expect>
void NumberPoolImpl::CheckLife(uint32_t p, std::vector<GroupLife>* groups,
                               const Expect& expect) const {
  const NumberRecord& record = records_[p];
  GroupLife& group = (*groups)[filters_.kind(cells_[record.cell].kind).group];
  const bool rests = record.state == NumberState::kResting;
  group.numbers += MayEverRest(record.state) ? 1 : 0;
  group.resting += rests ? 1 : 0;
  const uint32_t i = FindLife(record.slot);
  const bool ends = EndsByItself(record.state);
  expect((i != ChainTable<NumberLife>::kNone) == ends, "a life too many", p);
  if (!ends || i == ChainTable<NumberLife>::kNone) return;
  const NumberLife& life = lives_[i];
  expect(ends_.IsArmed(life.timer), "a state without its timer", p);
  const OrderedIndex::Cursor at =
      resting_.LowerBound(RestKey(p, life), record.slot);
  const bool listed = !resting_.AtEnd(at) && resting_.At(at).id == record.slot;
  expect(listed == (rests && life.accused != NumberLife::kHost),
         "listed as resting or not", p);
}

absl::Status NumberPoolImpl::CheckInvariants() const {
  std::vector<std::string> wrong;
  const auto expect = [&](bool good, const char* what, uint32_t position) {
    if (good || wrong.size() >= 10) return;
    wrong.push_back(std::string(what) + " at " + std::to_string(position));
  };
  std::vector<uint32_t> calls(records_.size(), 0);
  for (uint32_t i = 0; i < attempts_.span(); ++i) {
    const NumberAttempt& attempt = attempts_[i];
    if (attempt.request.attempt == 0 ||
        (attempt.state != AttemptState::kReserved &&
         attempt.state != AttemptState::kCommitted)) {
      continue;
    }
    const uint32_t position = PositionOf(attempt.id);
    if (position != kNowhere) ++calls[position];
    expect(lapses_.IsArmed(attempt.lapse) ==
               (attempt.state == AttemptState::kReserved),
           "a reservation without its timer", i);
  }
  std::vector<NumberCell> cells(cells_.size());
  std::vector<GroupLife> groups(group_lives_.size());
  for (uint32_t p = 0; p < records_.size(); ++p) {
    const NumberRecord& record = records_[p];
    NumberCell& cell = cells[record.cell];
    const bool free = ready_[p] == kNoKey;
    cell.free += free ? 1 : 0;
    cell.in_service += InService(record.state) ? 1 : 0;
    expect(slots_[record.slot].position == p, "a slot elsewhere", p);
    expect(record.calls == calls[p], "calls miscounted", p);
    const Availability a = Evaluate(p, false, false);
    const bool due = !free && ready_[p] < kReadyOnEnd &&
                     static_cast<int64_t>(ready_[p] >> 1) <= now_;
    expect(free ? a.block == Block::kFree : due || ready_[p] == a.ready,
           "free or blocked wrongly", p);
    CheckLife(p, &groups, expect);
    for (const OrderIndex& order : orders_) {
      const bool shown = (order.numbers[p] & kHidden) == 0;
      expect(due || shown == (free || a.spare), "key", p);
    }
  }
  for (uint32_t c = 0; c < cells_.size(); ++c) {
    expect(cells[c].free == cells_[c].free &&
               cells[c].in_service == cells_[c].in_service,
           "cell miscounted", c);
  }
  for (uint32_t g = 0; g < groups.size(); ++g) {
    expect(groups[g].numbers == group_lives_[g].numbers &&
               groups[g].resting == group_lives_[g].resting,
           "group miscounted", g);
  }
  expect(ends_.size() == lives_.size(), "timers without a state", 0);
  if (wrong.empty()) return absl::OkStatus();
  std::string text;
  for (const std::string& w : wrong) text += w + "; ";
  return absl::InternalError(text);
}

// --- Words ---

std::string_view Name(Rung rung) {
  switch (rung) {
    case Rung::kNone:
      return "none";
    case Rung::kRegion:
      return "region";
    case Rung::kNeighbour:
      return "neighbour";
    case Rung::kParent:
      return "larger region";
    case Rung::kCountry:
      return "country";
    case Rung::kAnywhere:
      return "anywhere";
  }
  return "?";
}

std::string_view Name(Block block) {
  switch (block) {
    case Block::kFree:
      return "free";
    case Block::kOutOfService:
      return "out of service";
    case Block::kUnverified:
      return "not verified";
    case Block::kConcurrent:
      return "concurrent calls";
    case Block::kCoolDown:
      return "cool-down";
    case Block::kMinuteCap:
      return "cap per minute";
    case Block::kHourCap:
      return "cap per hour";
    case Block::kDayCap:
      return "cap per day";
    case Block::kWeekCap:
      return "cap per week";
    case Block::kLocalDayCap:
      return "cap per local day";
    case Block::kCalleesCap:
      return "different callees";
  }
  return "?";
}

std::string_view Name(StickyBreak broken) {
  switch (broken) {
    case StickyBreak::kNotBroken:
      return "not broken";
    case StickyBreak::kGone:
      return "no longer in the pool";
    case StickyBreak::kUnlawful:
      return "not for this call";
    case StickyBreak::kBlocked:
      return "not free";
    case StickyBreak::kCarrierCap:
      return "cap per carrier";
    case StickyBreak::kElsewhere:
      return "shown by another campaign";
  }
  return "?";
}

std::string_view Name(NoNumber none) {
  switch (none) {
    case NoNumber::kThereIsOne:
      return "there is one";
    case NoNumber::kUnknownNumber:
      return "the wanted number is unknown";
    case NoNumber::kNotForCampaign:
      return "none for this campaign";
    case NoNumber::kNotOnTrunk:
      return "none on this trunk";
    case NoNumber::kNotForCountry:
      return "none for this country";
    case NoNumber::kNotValidNow:
      return "none valid now";
    case NoNumber::kOutOfReach:
      return "none within reach";
    case NoNumber::kCarrierCap:
      return "cap per carrier";
    case NoNumber::kOnlyKnown:
      return "only numbers to avoid";
    case NoNumber::kRegionReserve:
      return "kept for their own region";
    case NoNumber::kAllBlocked:
      return "none is free";
    case NoNumber::kKnownNumber:
      return "the known number cannot be shown";
    case NoNumber::kWantedUnlawful:
      return "the wanted number is not for this call";
  }
  return "?";
}

}  // namespace callrouter
