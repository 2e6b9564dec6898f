// What the number pool promises, proved on random schedules against a log of
// every use: caps in every period and little of them wasted, cool-down, no
// "none" while a number is free, and a time to ask again that is not too late.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "callrouter/number_pool.h"
#include "callrouter/random.h"
#include "tests/number_use_log.h"
#include "tests/oracle/scale.h"
#include "tests/plain_numbers.h"

namespace callrouter {
namespace {

using testing::NumberUseLog;
using Say = NumberUseLog::Say;

using testing::At;
using testing::kSecond;
using testing::kStart;
using testing::Phone;
using testing::PlainRules;

// Random calls at random times over a few numbers, and the log of them.
class Schedule {
 public:
  explicit Schedule(uint64_t seed)
      : random_(seed), log_(3 * 3600 * kSecond), rules_(PlainRules()) {
    rules_.groups.resize(3, rules_.groups[0]);
    for (std::size_t g = 0; g < rules_.groups.size(); ++g) {
      rules_.groups[g].name = "group" + std::to_string(g);
      rules_.groups[g].caps = Caps();
    }
    rules_.campaigns[0].order = static_cast<NumberOrder>(seed % 7);
    NumberPoolOptions options;
    options.seed = seed;
    options.attempt_keep = absl::ZeroDuration();
    pool_ = *NumberPool::Create(options, rules_, At(now_));
    NumberPatch patch;
    const uint64_t numbers = 1 + Below(6);
    for (uint64_t i = 0; i < numbers; ++i) {
      NumberConfig number;
      number.number = Phone(i);
      const std::size_t g = Below(3);
      number.group = rules_.groups[g].name;
      number.region = "ru";
      number.weight = static_cast<int32_t>(1 + Below(5));
      number.state = Chance(80) ? NumberState::kActive : NumberState::kWarming;
      patch.put.push_back(number);
      numbers_.push_back(number.number);
      log_.Add(number.number, rules_.groups[g].caps, number.state, now_);
    }
    EXPECT_TRUE(pool_->Apply(patch, At(now_)).ok());
  }

  void Step() {
    Pass();
    const uint64_t dice = Below(100);
    if (dice < 50) {
      Reserve();
    } else if (dice < 92) {
      Settle();
    } else if (dice < 97) {
      const PhoneNumber number = numbers_[Below(numbers_.size())];
      const NumberState state = Chance(60)
                                    ? NumberState::kActive
                                    : static_cast<NumberState>(1 + Below(6));
      EXPECT_TRUE(
          pool_->SetState(pool_->FindNumber(number), state, At(now_)).ok());
      log_.SetState(number, state, now_);
    }
    Look();
  }
  const std::string& wrong() const { return wrong_; }
  const std::map<std::string, int>& seen() const { return seen_; }

 private:
  uint64_t Below(uint64_t n) { return random_.Below(n); }
  bool Chance(uint64_t percent) { return Below(100) < percent; }

  NumberCaps Caps() {
    NumberCaps caps;
    const auto cap = [&](int32_t* value, uint64_t percent, uint64_t most) {
      if (Chance(percent)) *value = static_cast<int32_t>(1 + Below(most));
    };
    cap(&caps.per_minute, 40, 4);
    cap(&caps.per_hour, 40, 12);
    cap(&caps.per_day, 40, 40);
    cap(&caps.per_week, 40, 100);
    cap(&caps.per_local_day, 30, 30);
    cap(&caps.callees_per_day, 30, 12);
    cap(&caps.per_carrier_day, 40, 10);
    cap(&caps.concurrent, 40, 3);
    if (Chance(40)) caps.cool_down = absl::Microseconds(Below(90'000'000));
    caps.warm_up = {{absl::ZeroDuration(), 100}, {absl::Hours(20), 1000}};
    caps.whole_caps_when_short = Chance(70);
    return caps;
  }

  // To times that matter, and to any.
  void Pass() {
    const uint64_t dice = Below(100);
    if (dice < 30) {
      now_ += static_cast<int64_t>(Below(20 * kSecond));
    } else if (dice < 50) {
      const int64_t part = (Chance(50) ? 5 : 300) * kSecond;
      now_ = (now_ / part + 1) * part - static_cast<int64_t>(Below(2));
    } else if (dice < 55) {
      now_ += static_cast<int64_t>(Below(4 * 3600 * kSecond));
    }
    Lapse();
  }
  void Lapse() {
    pool_->Advance(At(now_));
    log_.Follow(pool_.get());
    for (auto it = open_.begin(); it != open_.end();) {
      const bool over = !it->second.shown && it->second.lapses_at <= now_;
      if (over) log_.Over(it->second.number);
      it = over ? open_.erase(it) : std::next(it);
    }
  }

  void Wrong(const std::string& what, PhoneNumber number) {
    if (!wrong_.empty()) return;
    const auto view = pool_->View(pool_->FindNumber(number));
    wrong_ = what + ": " + number.ToString() + " " +
             (view.ok() ? std::string(Name(view->block)) : "") + " at " +
             absl::FormatTime(At(now_), absl::UTCTimeZone());
  }

  bool Ask(const NumberRequest& request, NumberChoice* choice) {
    EXPECT_TRUE(pool_->Reserve(request, At(now_), choice).ok());
    log_.Follow(pool_.get());
    if (choice->id.none()) {
      ++seen_["none: " + std::string(Name(choice->none))];
      CheckNone(request, *choice);
      return false;
    }
    const PhoneNumber number = choice->number;
    const bool lent = choice->by == ChosenBy::kShortage;
    if (lent) CheckLent(request);
    if (log_.Blocked(number, Say::kMust, now_, lent)) {
      Wrong("over a cap", number);
    }
    if (log_.CarrierCapped(number, request.carrier, Say::kMust, now_)) {
      Wrong("over its carrier's cap", number);
    }
    log_.Use(number, request.callee, request.carrier, now_);
    open_[request.attempt] = {number, request.callee,
                              absl::ToUnixMicros(choice->lapses_at), false};
    return true;
  }

  // More than its share has a number only if nothing else is free.
  void CheckLent(const NumberRequest& request) {
    ++seen_["lent"];
    for (const PhoneNumber number : numbers_) {
      if (!log_.CarrierCapped(number, request.carrier, Say::kMay, now_) &&
          !log_.Blocked(number, Say::kMay, now_)) {
        Wrong("free, but another was lent", number);
      }
    }
  }

  // None is said only if nothing is free, and for the reason that is true.
  void CheckNone(const NumberRequest& request, const NumberChoice& choice) {
    bool carrier = false;
    bool block = false;
    for (const PhoneNumber number : numbers_) {
      const bool capped =
          log_.CarrierCapped(number, request.carrier, Say::kMay, now_);
      const bool blocked = log_.Blocked(number, Say::kMay, now_, true);
      if (!blocked && !capped) Wrong("free, but none was given", number);
      carrier |= capped;
      block |= log_.Blocks(choice.block, number, Say::kMay, now_);
    }
    if (choice.none == NoNumber::kCarrierCap ? !carrier : !block) {
      Wrong("a reason that is not true", numbers_[0]);
    }
    if (choice.retry_at <= At(now_)) Wrong("retry_at has passed", numbers_[0]);
  }

  void Reserve() {
    NumberRequest request;
    request.attempt = ++attempts_;
    request.campaign = pool_->FindCampaign("campaign");
    request.trunk = pool_->FindTrunk("trunk");
    request.callee = PhoneNumber::FromValue(79160000000 + Below(30));
    if (Chance(60)) {
      request.carrier =
          pool_->FindCarrier(Chance(50) ? "carrier0" : "carrier1");
    }
    NumberChoice choice;
    if (Ask(request, &choice) || Chance(40)) return;
    // At no time before it says so, unless something else happens.
    const int64_t until = std::min(absl::ToUnixMicros(choice.retry_at),
                                   absl::ToUnixMicros(pool_->next_deadline()));
    if (until - now_ > 9 * 86'400 * kSecond) return;
    for (const int64_t at : {now_ + static_cast<int64_t>(Below(
                                        static_cast<uint64_t>(until - now_))),
                             until - 1, until}) {
      if (at <= now_) continue;
      now_ = at;
      Lapse();
      request.attempt = ++attempts_;
      const bool found = Ask(request, &choice);
      if (found && at < until) Wrong("free before retry_at", choice.number);
      if (!found) continue;
      if (at == until) ++seen_["given when it said"];
      return;
    }
  }

  void Settle() {
    if (open_.empty()) return;
    auto it = open_.begin();
    std::advance(it, static_cast<std::ptrdiff_t>(Below(open_.size())));
    const auto [attempt, call] = *it;
    if (!call.shown && Chance(30)) {
      EXPECT_TRUE(pool_->Cancel(attempt, At(now_)).ok());
    } else {
      if (!call.shown) log_.Show(call.number, call.callee, now_);
      it->second.shown = true;
      if (Chance(30)) {
        EXPECT_TRUE(pool_->Commit(attempt, At(now_)).ok());
        return;
      }
      EXPECT_TRUE(pool_->End(attempt, At(now_)).ok());
    }
    log_.Over(call.number);
    open_.erase(it);
  }

  // What the pool says of every number lies between the two logs.
  void Look() {
    pool_->Advance(At(now_));
    log_.Follow(pool_.get());
    for (const PhoneNumber number : numbers_) {
      const auto view = pool_->View(pool_->FindNumber(number));
      ++seen_[std::string(Name(view->block))];
      if (view->block == Block::kFree) {
        if (log_.Blocked(number, Say::kMust, now_)) Wrong("not free", number);
      } else if (!log_.Blocks(view->block, number, Say::kMay, now_)) {
        Wrong("not blocked by that", number);
      }
    }
  }

  struct Open {
    PhoneNumber number, callee;
    int64_t lapses_at = 0;
    bool shown = false;
  };
  Random random_;
  NumberUseLog log_;
  NumberRules rules_;
  std::unique_ptr<NumberPool> pool_;
  std::vector<PhoneNumber> numbers_;
  int64_t now_ = kStart;
  uint64_t attempts_ = 0;
  std::map<uint64_t, Open> open_;
  std::map<std::string, int> seen_;
  std::string wrong_;
};

TEST(NumberPoolPropertyTest, CapsHoldAndNothingFreeIsRefused) {
  const int worlds = oracle::ScaledRounds(150, 6'000);
  std::map<std::string, int> seen;
  for (int world = 1; world <= worlds; ++world) {
    Schedule schedule(static_cast<uint64_t>(world));
    for (int step = 0; step < 1'500; ++step) {
      schedule.Step();
      ASSERT_EQ(schedule.wrong(), "") << "world " << world << " step " << step;
    }
    for (const auto& [what, count] : schedule.seen()) seen[what] += count;
  }
  for (const char* what : {"free", "out of service", "concurrent calls",
                           "cool-down", "cap per minute", "cap per hour",
                           "cap per day", "cap per week", "cap per local day",
                           "different callees", "given when it said", "lent"}) {
    EXPECT_GT(seen[what], worlds / 5) << what;
  }
  if (oracle::Rounds(0, 1) == 1) {
    oracle::Report("number pool against a log of all uses",
                   static_cast<uint64_t>(worlds) * 1'500,
                   "no cap broken, nothing free refused, no retry_at late");
  }
}

// --- How much of a cap is wasted ---

// As many calls as it gives, from `start` for `span`.
int64_t Greedy(const NumberCaps& caps, int64_t start, int64_t span,
               uint64_t seed) {
  NumberRules rules = PlainRules();
  rules.groups[0].caps = caps;
  NumberPoolOptions options;
  options.attempt_keep = absl::ZeroDuration();
  auto pool = *NumberPool::Create(options, rules, At(start));
  NumberPatch patch;
  patch.put.push_back({Phone(1), "group0", "ru"});
  EXPECT_TRUE(pool->Apply(patch, At(start)).ok());
  Random random(seed);
  NumberRequest request;
  request.campaign = pool->FindCampaign("campaign");
  request.trunk = pool->FindTrunk("trunk");
  request.carrier = pool->FindCarrier("carrier0");
  int64_t served = 0;
  for (int64_t now = start; now < start + span;) {
    ++request.attempt;
    request.callee = PhoneNumber::FromValue(79160000000 + request.attempt);
    NumberChoice choice;
    EXPECT_TRUE(pool->Reserve(request, At(now), &choice).ok());
    if (choice.id.none()) {
      now = absl::ToUnixMicros(choice.retry_at);
      continue;
    }
    ++served;
    EXPECT_TRUE(pool->End(request.attempt, At(now)).ok());
    now += static_cast<int64_t>(random.Below(2));
  }
  return served;
}

TEST(NumberPoolPropertyTest, AtMostOnePartOfACapIsWasted) {
  struct Kind {
    int32_t NumberCaps::* cap;
    int64_t window;  // Seconds.
    int64_t parts;
  };
  constexpr Kind kKinds[] = {
      {&NumberCaps::per_minute, 60, 12},
      {&NumberCaps::per_hour, 3'600, 12},
      {&NumberCaps::per_day, 86'400, 24},
      {&NumberCaps::per_week, 7 * 86'400, 28},
      {&NumberCaps::callees_per_day, 86'400, 24},
      {&NumberCaps::per_carrier_day, 86'400, 12},
  };
  Random random(1);
  const int rounds = oracle::ScaledRounds(20, 1'000);
  for (int round = 0; round < rounds; ++round) {
    for (const Kind& kind : kKinds) {
      NumberCaps caps;
      const int64_t cap = 1 + static_cast<int64_t>(random.Below(200));
      caps.*kind.cap = static_cast<int32_t>(cap);
      const int64_t window = kind.window * kSecond;
      const int64_t laps = 30;
      const int64_t start =
          kStart +
          static_cast<int64_t>(random.Below(static_cast<uint64_t>(window)));
      const int64_t served = Greedy(caps, start, laps * window, random.Next());
      // laps * cap would be all; one of parts + 1 is wasted at most.
      ASSERT_GE(served * (kind.parts + 1), laps * cap * kind.parts)
          << cap << " in " << kind.window << " s";
      ASSERT_LE(served, laps * cap);
    }
  }
}

}  // namespace
}  // namespace callrouter
