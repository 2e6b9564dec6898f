#include "tests/number_use_log.h"

#include <algorithm>

namespace callrouter::testing {

namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kMinute = 60 * kSecond;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kDay = 24 * kHour;

int64_t CountSince(const std::vector<int64_t>& uses, int64_t first) {
  return uses.end() - std::lower_bound(uses.begin(), uses.end(), first);
}

}  // namespace

void NumberUseLog::Add(PhoneNumber number, const NumberCaps& caps,
                       NumberState state, int64_t at) {
  Number& added = numbers_[number.value()];
  added.caps = caps;
  added.state = state;
  added.since = at;
}

void NumberUseLog::SetState(PhoneNumber number, NumberState state, int64_t at) {
  Number& n = numbers_.at(number.value());
  if (n.state == state) return;
  n.state = state;
  n.since = at;
}

void NumberUseLog::Follow(NumberPool* pool) {
  std::vector<NumberStateChange> changes;
  pool->TakeChanges(&changes);
  for (const NumberStateChange& change : changes) {
    if (numbers_.count(change.number.value()) == 0) continue;
    SetState(change.number, change.to, absl::ToUnixMicros(change.at));
  }
}

void NumberUseLog::Use(PhoneNumber number, PhoneNumber callee,
                       CarrierId carrier, int64_t at) {
  Number& n = numbers_.at(number.value());
  n.uses.push_back(at);
  ++n.calls;
  if (!carrier.none()) n.by_carrier[carrier.value()].push_back(at);
  // Who knows a number is remembered in whole seconds.
  const auto shown = n.shown.find(callee.value());
  const int64_t ago = shown == n.shown.end() ? INT64_MAX : at - shown->second;
  if (ago > kDay + kSecond) n.surely_first.push_back(at);
  if (ago > kDay - kSecond) n.maybe_first.push_back(at);
}

void NumberUseLog::Show(PhoneNumber number, PhoneNumber callee, int64_t at) {
  numbers_.at(number.value()).shown[callee.value()] = at;
}

void NumberUseLog::Over(PhoneNumber number) {
  --numbers_.at(number.value()).calls;
}

// The cap with the share of the number's state. A state begins in whole
// seconds, thus the second more or less.
int64_t NumberUseLog::Cap(const Number& number, int32_t cap, Say say,
                          int64_t at, bool lent) const {
  if (cap == kUnlimited) return INT64_MAX;
  int64_t share = 1000;
  lent &= number.caps.whole_caps_when_short;
  if (lent && number.state != NumberState::kWarming) return cap;
  if (number.state == NumberState::kSuspect) {
    share = number.caps.suspect_permille;
  } else if (number.state == NumberState::kProbing) {
    share = number.caps.probing_permille;
  } else if (number.state == NumberState::kWarming) {
    const int64_t old =
        at - number.since + (say == Say::kMust ? kSecond : -kSecond);
    for (const NumberCaps::WarmUpStep& step : number.caps.warm_up) {
      if (step.after > absl::ZeroDuration() &&
          absl::ToInt64Microseconds(step.after) > old) {
        break;
      }
      share = step.permille;
    }
  }
  return std::max<int64_t>(1, cap * share / 1000);
}

bool NumberUseLog::Window(const Number& number,
                          const std::vector<int64_t>& uses, int32_t cap,
                          int64_t window, int64_t part, Say say, int64_t at,
                          bool lent) const {
  const int64_t first =
      say == Say::kMust ? at - window : at - window - part + 1;
  return CountSince(uses, first) >= Cap(number, cap, say, at, lent);
}

bool NumberUseLog::Blocks(Block block, PhoneNumber number, Say say, int64_t at,
                          bool lent) const {
  const Number& n = numbers_.at(number.value());
  const NumberCaps& caps = n.caps;
  switch (block) {
    case Block::kOutOfService:
      return n.state != NumberState::kNew && n.state != NumberState::kWarming &&
             n.state != NumberState::kActive &&
             n.state != NumberState::kSuspect &&
             n.state != NumberState::kProbing;
    case Block::kConcurrent:
      return n.calls >= caps.concurrent;
    case Block::kCoolDown:
      return !n.uses.empty() &&
             at - n.uses.back() < absl::ToInt64Microseconds(caps.cool_down);
    case Block::kMinuteCap:
      return Window(n, n.uses, caps.per_minute, kMinute, kMinute / 12, say, at,
                    lent);
    case Block::kHourCap:
      return Window(n, n.uses, caps.per_hour, kHour, kHour / 12, say, at, lent);
    case Block::kDayCap:
      return Window(n, n.uses, caps.per_day, kDay, kDay / 24, say, at, lent);
    case Block::kWeekCap:
      return Window(n, n.uses, caps.per_week, 7 * kDay, kDay / 4, say, at,
                    lent);
    case Block::kLocalDayCap: {
      const int64_t midnight = (at + zone_) / kDay * kDay - zone_;
      return CountSince(n.uses, midnight) >=
             Cap(n, caps.per_local_day, say, at, lent);
    }
    case Block::kCalleesCap:
      return Window(n, say == Say::kMust ? n.surely_first : n.maybe_first,
                    caps.callees_per_day, kDay, kDay / 24, say, at, lent);
    case Block::kFree:
    case Block::kUnverified:
      break;
  }
  return false;
}

bool NumberUseLog::Blocked(PhoneNumber number, Say say, int64_t at,
                           bool lent) const {
  for (const Block block :
       {Block::kOutOfService, Block::kConcurrent, Block::kCoolDown,
        Block::kMinuteCap, Block::kHourCap, Block::kDayCap, Block::kWeekCap,
        Block::kLocalDayCap, Block::kCalleesCap}) {
    if (Blocks(block, number, say, at, lent)) return true;
  }
  return false;
}

bool NumberUseLog::CarrierCapped(PhoneNumber number, CarrierId carrier, Say say,
                                 int64_t at) const {
  const Number& n = numbers_.at(number.value());
  const auto uses = n.by_carrier.find(carrier.value());
  if (uses == n.by_carrier.end() || n.caps.per_carrier_day == kUnlimited) {
    return false;
  }
  const int64_t first =
      say == Say::kMust ? at - kDay : at - kDay - kDay / 12 + 1;
  return CountSince(uses->second, first) >= n.caps.per_carrier_day;
}

}  // namespace callrouter::testing
