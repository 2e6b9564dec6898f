// The plain twin of the number pool: time, caps and use.

#include <algorithm>

#include "tests/oracle/naive_number_pool.h"

namespace callrouter::oracle {

namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kLongest = 9 * 86'400 * kSecond;  // More than any window.

}  // namespace

bool NaiveNumberPool::InService(NumberState state) {
  return state == NumberState::kNew || state == NumberState::kWarming ||
         state == NumberState::kActive || state == NumberState::kSuspect ||
         state == NumberState::kProbing;
}

NaiveNumberPool::NaiveNumberPool(const NumberPoolOptions& options,
                                 const NumberRules& rules, absl::Time now)
    : options_(options), random_(options.seed) {
  SetRules(rules, now);
}

void NaiveNumberPool::Enter(absl::Time now) {
  now_ = std::max(now_, absl::ToUnixMicros(now) - skew_);
  for (auto& [id, attempt] : attempts_) {
    if (attempt.state == State::kReserved && attempt.lapses_at <= now_) {
      Finish(&attempt, State::kLapsed);
    }
  }
  const int64_t keep = absl::ToInt64Microseconds(options_.attempt_keep);
  for (auto it = attempts_.begin(); it != attempts_.end();) {
    const Attempt& attempt = it->second;
    const bool over =
        attempt.state != State::kReserved && attempt.state != State::kCommitted;
    it = over && attempt.over + keep <= now_ ? attempts_.erase(it)
                                             : std::next(it);
  }
  EndStates();
}

absl::Time NaiveNumberPool::HostTime(int64_t us) const {
  return us == kNever ? absl::InfiniteFuture()
                      : absl::FromUnixMicros(us + skew_);
}

absl::Time NaiveNumberPool::next_deadline() const {
  int64_t first = kNever;
  for (const auto& [id, attempt] : attempts_) {
    if (attempt.state != State::kReserved) continue;
    first = std::min(first, attempt.lapses_at);
  }
  for (const auto& [digits, number] : numbers_) {
    if (Timed(number.state)) first = std::min(first, number.due);
  }
  return HostTime(first);
}

void NaiveNumberPool::RebaseClock(absl::Duration delta, absl::Time now) {
  skew_ += absl::ToInt64Microseconds(delta);
  Enter(now);
}

void NaiveNumberPool::SetWallClock(absl::Duration offset, absl::Time now) {
  Enter(now);
  civil_ = absl::ToInt64Microseconds(offset);
}

const NumberGroup& NaiveNumberPool::GroupOf(const Number& number) const {
  return *std::find_if(rules_.groups.begin(), rules_.groups.end(),
                       [&](const NumberGroup& group) {
                         return group.name == number.config.group;
                       });
}

TimeZone NaiveNumberPool::ZoneOf(const std::string& name) const {
  for (const Region* r = FindRegion(name); r != nullptr;
       r = FindRegion(r->parent)) {
    if (!r->transitions.empty()) return TimeZone(r->transitions);
  }
  return TimeZone();
}

int64_t NaiveNumberPool::Today(const Number& number) const {
  return ZoneOf(number.config.region).Day(Utc());
}

// Uses in the part of `at` and the `parts` before it.
int NaiveNumberPool::Count(const std::vector<int64_t>& uses, int64_t part,
                           int64_t parts, int64_t at) const {
  return static_cast<int>(std::count_if(
      uses.begin(), uses.end(),
      [&](int64_t use) { return use / part >= at / part - parts; }));
}

int64_t NaiveNumberPool::FreeAt(const std::vector<int64_t>& uses, int64_t part,
                                int64_t parts, int64_t limit) const {
  int64_t at = now_;
  while (Count(uses, part, parts, at) >= limit) at = (at / part + 1) * part;
  return at;
}

int NaiveNumberPool::Share(const Number& number, int64_t* next_step) const {
  const NumberCaps& caps = GroupOf(number).caps;
  *next_step = kNever;
  if (number.state == NumberState::kSuspect) return caps.suspect_permille;
  if (number.state == NumberState::kProbing) return caps.probing_permille;
  int share = 1000;
  if (number.state == NumberState::kNew && !caps.warm_up.empty()) {
    return caps.warm_up.front().permille;
  }
  if (number.state != NumberState::kWarming) return share;
  for (const NumberCaps::WarmUpStep& step : caps.warm_up) {
    const int64_t begins =
        number.since * kSecond + absl::ToInt64Microseconds(step.after);
    if (begins > now_) {
      *next_step = begins;
      return share;
    }
    share = step.permille;
  }
  return share;
}

NaiveNumberPool::Ready NaiveNumberPool::When(const Number& number, bool wanted,
                                             bool known) const {
  const NumberGroup& group = GroupOf(number);
  const NumberCaps& caps = group.caps;
  if (!InService(number.state) &&
      !(wanted && number.state == NumberState::kReserved)) {
    return {Block::kOutOfService, kNever, false, false, false};
  }
  if (group.verify_every != absl::InfiniteDuration() &&
      (number.verified == 0 ||
       number.verified * kSecond +
               absl::ToInt64Microseconds(group.verify_every) <=
           Utc())) {
    return {Block::kUnverified, kNever, false, false, false};
  }
  if (number.calls >= caps.concurrent) {
    return {Block::kConcurrent, kNever, false, true, false};
  }
  int64_t next_step;
  const int64_t share = Share(number, &next_step);
  Ready ready;
  const int64_t free_at = FreeFrom(number, known, share, &ready.block);
  if (ready.block == Block::kFree) return ready;
  const bool lends = number.state == NumberState::kSuspect ||
                     number.state == NumberState::kProbing;
  if (lends && caps.whole_caps_when_short) {
    Block ignored;
    next_step = FreeFrom(number, known, 1000, &ignored);
    ready.spare = next_step == now_;
    if (ready.spare) next_step = kNever;
  }
  ready.again = next_step < free_at;
  ready.at = std::min(next_step, free_at);
  return ready;
}

// When a number is free with a share of its caps, and what holds it longest.
int64_t NaiveNumberPool::FreeFrom(const Number& number, bool known,
                                  int64_t share, Block* block) const {
  const NumberCaps& caps = GroupOf(number).caps;
  const auto cap = [&](int32_t limit) {
    return std::max<int64_t>(1, limit * share / 1000);
  };
  *block = Block::kFree;
  int64_t free_at = now_;
  const auto hold = [&](Block why, int64_t until) {
    if (until <= free_at) return;
    free_at = until;
    *block = why;
  };
  if (number.shown != INT64_MIN) {
    hold(Block::kCoolDown,
         number.shown + absl::ToInt64Microseconds(caps.cool_down));
  }
  const auto window = [&](Block why, int32_t limit,
                          const std::vector<int64_t>& uses, int64_t part,
                          int64_t parts) {
    if (limit == kUnlimited) return;
    hold(why, FreeAt(uses, part * kSecond, parts, cap(limit)));
  };
  window(Block::kMinuteCap, caps.per_minute, number.uses, 5, 12);
  window(Block::kHourCap, caps.per_hour, number.uses, 300, 12);
  window(Block::kDayCap, caps.per_day, number.uses, 3'600, 24);
  window(Block::kWeekCap, caps.per_week, number.uses, 21'600, 28);
  if (caps.per_local_day != kUnlimited &&
      number.day_uses >= cap(caps.per_local_day)) {
    const TimeZone zone = ZoneOf(number.config.region);
    int64_t utc = Utc();
    while (zone.Day(utc) <= number.day) utc = zone.NextDay(utc);
    hold(Block::kLocalDayCap, utc - skew_ - civil_);
  }
  if (!known) {
    window(Block::kCalleesCap, caps.callees_per_day, number.first_uses, 3'600,
           24);
  }
  return free_at;
}

// now_ if the number may be used for the carrier.
int64_t NaiveNumberPool::CarrierFreeAt(const Number& number,
                                       const std::string& carrier) const {
  const int32_t limit = GroupOf(number).caps.per_carrier_day;
  const auto uses = number.carrier_uses.find(carrier);
  if (limit == kUnlimited || uses == number.carrier_uses.end()) return now_;
  return FreeAt(uses->second, 7'200 * kSecond, 12, limit);
}

// When the first number of all that are capped for it is not any more.
int64_t NaiveNumberPool::NextCarrier(const std::string& carrier) const {
  int64_t first = kNever;
  for (const auto& [digits, number] : numbers_) {
    const int64_t at = CarrierFreeAt(number, carrier);
    if (at > now_) first = std::min(first, at);
  }
  return first;
}

bool NaiveNumberPool::Knows(PhoneNumber callee, const Number& number) const {
  const auto shown = callees_.find(callee.value());
  if (shown == callees_.end()) return false;
  return std::any_of(
      shown->second.begin(), shown->second.end(), [&](const Shown& s) {
        return s.living == number.living && Seconds() - s.at < 86'400;
      });
}

// The lap in which the number's turn comes: a cursor goes round the numbers of
// a group and region by digits.
uint64_t NaiveNumberPool::LapOf(const Number& number) const {
  const auto it = served_.find(CellOf(number));
  if (it == served_.end()) return 0;
  return it->second.lap +
         (number.config.number.value() <= it->second.cursor ? 1 : 0);
}

void NaiveNumberPool::Use(Number* number, const Call& call, ChosenBy by) {
  if (number->state == NumberState::kNew) {
    const bool ramp = !GroupOf(*number).caps.warm_up.empty();
    Move(number, ramp ? NumberState::kWarming : NumberState::kActive,
         StateReason::kFirstShown, "(host)", now_);
  }
  std::erase_if(number->uses, [&](int64_t t) { return t < now_ - kLongest; });
  number->uses.push_back(now_);
  if (!Knows(call.callee, *number)) number->first_uses.push_back(now_);
  if (!call.carrier.empty() &&
      GroupOf(*number).caps.per_carrier_day != kUnlimited) {
    number->carrier_uses[call.carrier].push_back(now_);
  }
  const int64_t today = Today(*number);
  if (today > number->day) {
    number->day = today;
    number->day_uses = 0;
  }
  ++number->day_uses;
  number->shown = now_;
  ++number->calls;
  Served& served = served_[CellOf(*number)];
  number->turn = ++turns_;
  // Whose turn it was, and by which order.
  const auto turn = [&](NumberOrder order) {
    return by == ChosenBy::kOrder &&
           std::any_of(rules_.campaigns.begin(), rules_.campaigns.end(),
                       [&](const NumberCampaign& campaign) {
                         return campaign.name == call.campaign &&
                                campaign.order == order;
                       });
  };
  if (turn(NumberOrder::kRoundRobin)) {
    served.lap = LapOf(*number);
    served.cursor = number->config.number.value();
  }
  const auto balance = std::make_pair(number->balance_day, number->balance);
  if (turn(NumberOrder::kLeastUsedToday) &&
      balance > std::make_pair(served.balance_day, served.balance)) {
    served.balance_day = balance.first;
    served.balance = balance.second;
  }
  if (number->balance_day < static_cast<uint64_t>(today)) {
    number->balance_day = static_cast<uint64_t>(today);
    number->balance = 0;
  }
  ++number->balance;
  if (turn(NumberOrder::kWeighted)) {
    served.virtual_time = std::max(served.virtual_time, number->virtual_time);
  }
  const uint64_t weight = static_cast<uint64_t>(number->config.weight);
  const uint64_t stride = (uint64_t{1} << 32) + number->remainder;
  number->virtual_time += stride / weight;
  number->remainder = stride % weight;
}

void NaiveNumberPool::Join(Number* number) {
  const Served& served = served_[CellOf(*number)];
  if (std::make_pair(number->balance_day, number->balance) <
      std::make_pair(served.balance_day, served.balance)) {
    number->balance_day = served.balance_day;
    number->balance = served.balance;
  }
  number->virtual_time = std::max(number->virtual_time, served.virtual_time);
}

// --- What the host says ---

void NaiveNumberPool::Apply(const NumberPatch& patch, absl::Time now) {
  Enter(now);
  for (const PhoneNumber number : patch.remove) numbers_.erase(number.value());
  for (const NumberConfig& put : patch.put) {
    Number& number = numbers_[put.number.value()];
    const bool added = number.living == 0;
    const int64_t verified = number.verified;
    number.config = put;
    number.verified = std::max(
        verified, std::max<int64_t>(0, absl::ToUnixSeconds(put.verified)));
    if (!added) continue;
    number.living = ++livings_;
    number.turn = ++turns_;
    number.state = put.state;
    number.since = Seconds();
  }
  // What was served last is known as long as a number is there.
  std::set<std::pair<std::string, std::string>> cells;
  for (const auto& [digits, number] : numbers_) {
    cells.insert(CellOf(number));
  }
  for (auto it = served_.begin(); it != served_.end();) {
    it = cells.count(it->first) == 0 ? served_.erase(it) : std::next(it);
  }
  for (auto& [digits, number] : numbers_) {
    if (number.living > livings_before_ && InService(number.state)) {
      Join(&number);
    }
  }
  livings_before_ = livings_;
  RenewEnds();
}

NaiveNumberPool::Code NaiveNumberPool::Verified(PhoneNumber digits,
                                                absl::Time now) {
  Enter(now);
  const auto it = numbers_.find(digits.value());
  if (it == numbers_.end()) return Code::kNotFound;
  it->second.verified = std::max<int64_t>(1, Utc() / kSecond);
  return Code::kOk;
}

void NaiveNumberPool::Show(Attempt* attempt) {
  attempt->state = State::kCommitted;
  std::deque<Shown>& shown = callees_[attempt->call.callee.value()];
  Shown entry;
  entry.number = attempt->answer.number.value();
  entry.living = attempt->living;
  entry.campaign = attempt->call.campaign;
  entry.at = Seconds();
  int64_t keep = 86'400;
  for (const NumberCampaign& campaign : rules_.campaigns) {
    if (campaign.sticky == StickyMode::kOff &&
        !campaign.distinct_per_campaign) {
      continue;
    }
    keep = std::max(keep, absl::ToInt64Seconds(campaign.sticky_keep));
  }
  for (auto it = shown.begin(); it != shown.end(); ++it) {
    if (it->living != entry.living || it->campaign != entry.campaign) continue;
    entry.answered = it->answered && entry.at - it->at <= keep;
    shown.erase(it);
    break;
  }
  shown.push_front(entry);
  if (shown.size() > 16) shown.pop_back();
}

void NaiveNumberPool::Finish(Attempt* attempt, State state) {
  attempt->state = state;
  attempt->over = now_;
  const auto it = numbers_.find(attempt->answer.number.value());
  if (it != numbers_.end() && it->second.living == attempt->living) {
    --it->second.calls;
  }
}

NaiveNumberPool::Code NaiveNumberPool::Step(uint64_t id, State to) {
  const auto it = attempts_.find(id);
  if (it == attempts_.end()) return Code::kNotFound;
  Attempt& attempt = it->second;
  if (attempt.state == to) return Code::kOk;
  const State from = attempt.state;
  if (to == State::kCommitted && from == State::kEnded) return Code::kOk;
  if (to == State::kCancelled && from == State::kLapsed) return Code::kOk;
  if (to == State::kEnded && from == State::kCommitted) {
    Finish(&attempt, to);
    return Code::kOk;
  }
  if (from != State::kReserved) return Code::kFailedPrecondition;
  if (to != State::kCancelled) Show(&attempt);
  if (to != State::kCommitted) Finish(&attempt, to);
  return Code::kOk;
}

NaiveNumberPool::Code NaiveNumberPool::Commit(uint64_t id, absl::Time now) {
  Enter(now);
  return Step(id, State::kCommitted);
}

NaiveNumberPool::Code NaiveNumberPool::Cancel(uint64_t id, absl::Time now) {
  Enter(now);
  return Step(id, State::kCancelled);
}

NaiveNumberPool::Code NaiveNumberPool::End(uint64_t id, absl::Time now) {
  Enter(now);
  return Step(id, State::kEnded);
}

}  // namespace callrouter::oracle
