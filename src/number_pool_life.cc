// From one state of a number to the next.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "number_pool_impl.h"

namespace callrouter {

uint32_t NumberPoolImpl::FindLife(uint32_t slot) const {
  uint32_t i = lives_.First(MixBits(slot));
  while (i != ChainTable<NumberLife>::kNone && lives_[i].slot != slot) {
    i = lives_[i].next;
  }
  return i;
}

// When the state of a number ends.
int64_t NumberPoolImpl::EndOf(const NumberRecord& record,
                              uint8_t failures) const {
  const NumberHealthRules& rules = rules_.health;
  const auto after = [&](absl::Duration duration) {
    return int64_t{record.since} * 1'000'000 +
           absl::ToInt64Microseconds(duration);
  };
  switch (record.state) {
    case NumberState::kWarming: {
      const auto& ramp = LimitsOf(record).warm_up;
      return int64_t{record.since} * 1'000'000 +
             (ramp.empty() ? 0 : ramp.back().first);
    }
    case NumberState::kSuspect:
      return after(rules.suspect_for);
    case NumberState::kResting: {
      constexpr int64_t kLongest = int64_t{400} * 86'400 * 1'000'000;
      int64_t rest = absl::ToInt64Microseconds(rules.rest_for);
      for (int i = 0; i < failures && rest < kLongest; ++i) {
        rest = rest / 1000 * rules.rest_growth_permille;
      }
      return int64_t{record.since} * 1'000'000 + std::min(rest, kLongest);
    }
    case NumberState::kProbing:
      return after(rules.probe_for);
    case NumberState::kHeld:
      return after(rules.hold_for);
    case NumberState::kNew:
    case NumberState::kActive:
    case NumberState::kReserved:
    case NumberState::kRetired:
      break;
  }
  return INT64_MAX;
}

absl::Status NumberPoolImpl::SetState(NumberId id, NumberState state) {
  if (state > NumberState::kRetired) {
    return absl::InvalidArgumentError("state: found " +
                                      std::to_string(static_cast<int>(state)) +
                                      ", expected 0 to 8");
  }
  const uint32_t position = PositionOf(id);
  if (position == kNowhere) return absl::NotFoundError("no such number");
  if (records_[position].state == state) return absl::OkStatus();
  NumberMove move;
  move.to = state;
  move.at = now_;
  Forget(position);
  Move(position, move);
  return absl::OkStatus();
}

void NumberPoolImpl::Move(uint32_t position, const NumberMove& move) {
  NumberRecord& record = records_[position];
  const NumberState from = record.state;
  if (EndsByItself(from)) LeaveLife(position, EndsByItself(move.to));
  record.state = move.to;
  record.since = static_cast<uint32_t>(move.at / 1'000'000);
  if (EndsByItself(move.to)) EnterLife(position, move);
  const bool was = InService(from);
  const bool is = InService(move.to);
  cells_[record.cell].in_service +=
      static_cast<uint32_t>(is) - static_cast<uint32_t>(was);
  GroupLife& group =
      group_lives_[filters_.kind(cells_[record.cell].kind).group];
  group.numbers += static_cast<uint32_t>(MayEverRest(move.to)) -
                   static_cast<uint32_t>(MayEverRest(from));
  group.resting += static_cast<uint32_t>(move.to == NumberState::kResting) -
                   static_cast<uint32_t>(from == NumberState::kResting);
  for (OrderIndex& order : orders_) {
    const uint64_t key = order.numbers[position];
    order.numbers.Set(record.cell, position,
                      (key & (kHidden | kOrderBits)) | TierOf(move.to));
  }
  if (is && !was) Join(position);
  Refresh(position);
  Tell(position, from, move);
}

OrderKey NumberPoolImpl::RestKey(uint32_t position,
                                 const NumberLife& life) const {
  const NumberRecord& record = records_[position];
  return {filters_.kind(cells_[record.cell].kind).group, life.score,
          static_cast<int64_t>(record.digits)};
}

void NumberPoolImpl::LeaveLife(uint32_t position, bool stays) {
  const NumberRecord& record = records_[position];
  const uint32_t i = FindLife(record.slot);
  NumberLife& life = lives_[i];
  ends_.Cancel(&life.timer);
  ends_.Tidy();
  if (record.state == NumberState::kResting &&
      life.accused != NumberLife::kHost) {
    resting_.Erase(RestKey(position, life), record.slot);
  }
  if (!stays) lives_.Erase(i);
}

void NumberPoolImpl::EnterLife(uint32_t position, const NumberMove& move) {
  const NumberRecord& record = records_[position];
  uint32_t i = FindLife(record.slot);
  if (i == ChainTable<NumberLife>::kNone) {
    NumberLife fresh;
    fresh.slot = record.slot;
    fresh.generation = slots_[record.slot].generation;
    i = lives_.Insert(fresh);
  }
  NumberLife& life = lives_[i];
  life.accused = static_cast<uint16_t>(move.carrier);
  life.failures = move.failures;
  life.score = move.to == NumberState::kResting ? move.score : 0;
  life.due = EndOf(record, life.failures);
  life.timer = ends_.Arm(life.due, 0, i);
  if (move.to == NumberState::kResting && life.accused != NumberLife::kHost) {
    resting_.Insert({RestKey(position, life), record.slot, 1});
  }
}

// --- States that end ---

void NumberPoolImpl::EndStates() {
  TimerQueue::Timer timer;
  while (ends_.PopDue(now_, &timer)) {
    EndState(slots_[lives_[timer.subject].slot].position, timer.subject);
  }
  ends_.Tidy();
}

void NumberPoolImpl::EndState(uint32_t position, uint32_t i) {
  const NumberLife& life = lives_[i];
  NumberMove move;
  move.carrier = life.accused;
  move.at = life.due;
  move.failures = life.failures;
  switch (records_[position].state) {
    case NumberState::kWarming:
      move.to = NumberState::kActive;
      move.why = StateReason::kWarmedUp;
      break;
    case NumberState::kSuspect:
      move.to = NumberState::kProbing;
      move.why = StateReason::kUndecided;
      Forget(position);
      break;
    case NumberState::kResting:
      move.to = NumberState::kProbing;
      move.why = StateReason::kRestOver;
      Forget(position);  // Labels since.
      break;
    case NumberState::kProbing:
      if (life.score > 0) {
        FailProbe(position, life.due);
        return;
      }
      move.to = NumberState::kActive;
      move.why = StateReason::kProbePassed;
      break;
    case NumberState::kHeld:
      move.to = NumberState::kRetired;
      move.why = StateReason::kHoldOver;
      break;
    case NumberState::kNew:
    case NumberState::kActive:
    case NumberState::kReserved:
    case NumberState::kRetired:
      return;
  }
  Move(position, move);
}

// Whether one more of the group may rest. If too many do, the least suspect of
// them that is less so than this one is shown again.
bool NumberPoolImpl::MayRest(uint32_t position, Evidence score, int64_t at) {
  const uint32_t g = filters_.kind(cells_[records_[position].cell].kind).group;
  const GroupLife& group = group_lives_[g];
  const uint64_t most =
      uint64_t{group.numbers} *
      static_cast<uint32_t>(rules_.health.rest_share_permille) / 1000;
  if (group.resting < most) return true;
  const OrderedIndex::Cursor first = resting_.LowerBound({g, INT64_MIN, 0}, 0);
  if (resting_.AtEnd(first)) return false;
  const OrderedIndex::Entry least = resting_.At(first);
  if (least.key.a != g || least.key.b >= score) return false;
  const NumberLife& life = lives_[FindLife(least.id)];
  NumberMove move;
  move.to = NumberState::kProbing;
  move.why = StateReason::kRestLimit;
  move.carrier = life.accused;
  move.failures = life.failures;
  move.at = at;
  const uint32_t other = slots_[least.id].position;
  Forget(other);
  Move(other, move);
  return true;
}

// --- Changes, for the host ---

void NumberPoolImpl::Tell(uint32_t position, NumberState from,
                          const NumberMove& move) {
  const NumberRecord& record = records_[position];
  NumberStateChange change;
  change.id = NumberId(record.slot, slots_[record.slot].generation);
  change.number = PhoneNumber::FromValue(record.digits);
  change.from = from;
  change.to = move.to;
  change.why = move.why;
  if (move.carrier < NumberLife::kHost)
    change.carrier = CarrierId(move.carrier, 1);
  change.at = absl::FromUnixMicros(move.at);  // The pool's time, for now.
  if (changes_.size() < static_cast<std::size_t>(options_.changes_max)) {
    changes_.push_back(change);
    return;
  }
  ++counts_.changes_lost;
  changes_[changes_from_] = change;
  changes_from_ = (changes_from_ + 1) % changes_.size();
}

void NumberPoolImpl::TakeChanges(std::vector<NumberStateChange>* changes) {
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    changes->push_back(changes_[(changes_from_ + i) % changes_.size()]);
    changes->back().at = HostTime(absl::ToUnixMicros(changes->back().at));
  }
  changes_.clear();
  changes_from_ = 0;
}

// --- Other numbers or rules ---

void NumberPoolImpl::RebuildLives() {
  const auto gone = [&](uint32_t slot, uint32_t generation) {
    return slots_[slot].generation != generation;
  };
  for (uint32_t i = 0; i < charts_.span(); ++i) {
    const NumberChart& chart = charts_[i];
    if (chart.generation != 0 && gone(chart.slot, chart.generation)) {
      charts_.Erase(i);
    }
  }
  for (uint32_t i = 0; i < lives_.span(); ++i) {
    const NumberLife& life = lives_[i];
    if (life.generation != 0 && gone(life.slot, life.generation)) {
      lives_.Erase(i);
    }
  }
  ends_ = TimerQueue();
  resting_.Clear();
  group_lives_.assign(rules_.groups.size(), GroupLife());
  std::vector<std::tuple<int64_t, uint64_t, uint32_t>> ends;
  std::vector<OrderedIndex::Entry> resting;
  for (uint32_t p = 0; p < records_.size(); ++p) {
    const NumberRecord& record = records_[p];
    GroupLife& group =
        group_lives_[filters_.kind(cells_[record.cell].kind).group];
    group.numbers += MayEverRest(record.state) ? 1 : 0;
    group.resting += record.state == NumberState::kResting ? 1 : 0;
    if (!EndsByItself(record.state)) continue;
    uint32_t i = FindLife(record.slot);
    if (i == ChainTable<NumberLife>::kNone) {
      NumberLife fresh;
      fresh.slot = record.slot;
      fresh.generation = slots_[record.slot].generation;
      i = lives_.Insert(fresh);
    }
    NumberLife& life = lives_[i];
    life.due = EndOf(record, life.failures);
    ends.emplace_back(life.due, record.digits, i);
    if (record.state == NumberState::kResting &&
        life.accused != NumberLife::kHost) {
      resting.push_back({RestKey(p, life), record.slot, 1});
    }
  }
  std::sort(ends.begin(), ends.end());
  for (const auto& [due, digits, i] : ends) {
    lives_[i].timer = ends_.Arm(due, 0, i);
  }
  std::sort(resting.begin(), resting.end());
  for (const OrderedIndex::Entry& entry : resting) resting_.Insert(entry);
}

}  // namespace callrouter
