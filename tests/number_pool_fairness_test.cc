// How evenly the number pool spreads its calls: bounds that hold for any two
// numbers as long as both can be had, and statistics of the random orders.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "callrouter/number_pool.h"
#include "callrouter/random.h"
#include "tests/oracle/scale.h"
#include "tests/plain_numbers.h"

namespace callrouter {
namespace {

using testing::At;
using testing::kSecond;
using testing::kStart;
using testing::Phone;
using testing::PlainRules;

// The difference of uses of each two numbers, over each period in which both
// could be had at every choice. Uses count 1/weight; a difference is kept times
// both weights, so it is exact.
class Pairs {
 public:
  // `at_once`: from the beginning of such a period. Else once both have been
  // chosen in it, that is when the one that was behind has caught up.
  explicit Pairs(bool at_once) : at_once_(at_once) {}

  // Who could be had at a choice (by name, with weights), and who was chosen.
  // The widest the difference of two ever was, beyond what is allowed: 1
  // without weights, and one use of each with them.
  int64_t Choose(const std::map<uint64_t, int64_t>& free, uint64_t chosen) {
    int64_t beyond = 0;
    std::map<std::pair<uint64_t, uint64_t>, Pair> now;
    for (auto a = free.begin(); a != free.end(); ++a) {
      for (auto b = std::next(a); b != free.end(); ++b) {
        const auto names = std::make_pair(a->first, b->first);
        const auto before = pairs_.find(names);
        Pair pair = before == pairs_.end() ? Pair() : before->second;
        if (chosen == a->first) {
          pair.difference += b->second;
          pair.chose_first = true;
        }
        if (chosen == b->first) {
          pair.difference -= a->second;
          pair.chose_second = true;
        }
        const bool both = pair.chose_first && pair.chose_second;
        if (at_once_ || both) {
          if (!at_once_ && !pair.counts) pair.low = pair.high = pair.difference;
          pair.counts = true;
          pair.low = std::min(pair.low, pair.difference);
          pair.high = std::max(pair.high, pair.difference);
          const bool plain = a->second == 1 && b->second == 1;
          beyond = std::max(beyond, pair.high - pair.low -
                                        (plain ? 1 : a->second + b->second));
        }
        now[names] = pair;
      }
    }
    pairs_ = std::move(now);
    return beyond;
  }
  // A number left or changed its state: what was is over.
  void Forget(uint64_t name) {
    std::erase_if(pairs_, [&](const auto& pair) {
      return pair.first.first == name || pair.first.second == name;
    });
  }

 private:
  struct Pair {
    int64_t difference = 0, low = 0, high = 0;
    bool chose_first = false, chose_second = false, counts = false;
  };
  bool at_once_;
  std::map<std::pair<uint64_t, uint64_t>, Pair> pairs_;
};

// A pool of one region in which numbers come and go.
class Churn {
 public:
  Churn(uint64_t seed, NumberOrder order) : random_(seed), order_(order) {
    NumberRules rules = PlainRules();
    rules.campaigns[0].order = order;
    rules.campaigns[0].reach = Reach::kRegion;
    NumberCaps& caps = rules.groups[0].caps;
    if (Below(2) == 0) caps.per_minute = static_cast<int32_t>(1 + Below(9));
    if (Below(2) == 0) caps.concurrent = static_cast<int32_t>(1 + Below(3));
    if (Below(2) == 0) caps.cool_down = absl::Seconds(1 + Below(20));
    NumberPoolOptions options;
    options.seed = seed;
    options.attempt_keep = absl::ZeroDuration();
    pool_ = *NumberPool::Create(options, rules, At(now_));
    for (uint64_t i = 0; i < 2 + Below(8); ++i) Put(i);
  }

  void Step(Pairs* pairs) {
    now_ += static_cast<int64_t>(Below(3) * Below(4 * kSecond));
    const uint64_t dice = Below(100);
    if (dice < 2) {
      Put(Below(12));
    } else if (dice < 3 && numbers_.size() > 1) {
      const auto it = Any();
      NumberPatch patch;
      patch.remove.push_back(Phone(it->first));
      EXPECT_TRUE(pool_->Apply(patch, At(now_)).ok());
      pairs->Forget(it->first);
      numbers_.erase(it);
    } else if (dice < 7) {
      const uint64_t i = Any()->first;
      const NumberState state =
          Below(3) == 0 ? NumberState::kResting : NumberState::kActive;
      EXPECT_TRUE(
          pool_->SetState(pool_->FindNumber(Phone(i)), state, At(now_)).ok());
      pairs->Forget(i);
    } else if (dice < 40 && !open_.empty()) {
      const std::size_t i = Below(open_.size());
      EXPECT_TRUE(pool_->End(open_[i], At(now_)).ok());
      open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      Choose(pairs);
    }
  }
  int64_t beyond() const { return beyond_; }
  int choices() const { return choices_; }

 private:
  uint64_t Below(uint64_t n) { return random_.Below(n); }
  std::map<uint64_t, int64_t>::iterator Any() {
    return std::next(numbers_.begin(),
                     static_cast<std::ptrdiff_t>(Below(numbers_.size())));
  }
  void Put(uint64_t i) {
    if (numbers_.count(i) > 0) return;
    const int32_t weight = order_ == NumberOrder::kWeighted
                               ? static_cast<int32_t>(1 + Below(7))
                               : 1;
    NumberPatch patch;
    patch.put.push_back({Phone(i), "group0", "ru", weight});
    EXPECT_TRUE(pool_->Apply(patch, At(now_)).ok());
    numbers_[i] = weight;
  }

  void Choose(Pairs* pairs) {
    pool_->Advance(At(now_));
    std::map<uint64_t, int64_t> free;
    bool any = false;
    for (const auto& [i, weight] : numbers_) {
      const auto view = pool_->View(pool_->FindNumber(Phone(i)));
      if (view->block != Block::kFree) continue;
      any = true;
      // Some states come after others.
      if (view->state == NumberState::kActive) free[i] = weight;
    }
    NumberRequest request;
    request.attempt = ++attempts_;
    request.campaign = pool_->FindCampaign("campaign");
    request.trunk = pool_->FindTrunk("trunk");
    request.callee = PhoneNumber::FromValue(79160000000 + Below(1000));
    NumberChoice choice;
    EXPECT_TRUE(pool_->Reserve(request, At(now_), &choice).ok());
    EXPECT_EQ(choice.id.none(), !any);
    if (choice.id.none()) return;
    ++choices_;
    EXPECT_TRUE(pool_->Commit(request.attempt, At(now_)).ok());
    open_.push_back(request.attempt);
    beyond_ = std::max(
        beyond_, pairs->Choose(free, choice.number.value() - Phone(0).value()));
  }

  Random random_;
  NumberOrder order_;
  std::unique_ptr<NumberPool> pool_;
  int64_t now_ = kStart;
  uint64_t attempts_ = 0;
  std::map<uint64_t, int64_t> numbers_;  // Weights.
  std::vector<uint64_t> open_;
  int64_t beyond_ = 0;
  int choices_ = 0;
};

void CheckPairs(NumberOrder order, bool at_once) {
  const int worlds = oracle::ScaledRounds(60, 3'000);
  int choices = 0;
  for (int world = 1; world <= worlds; ++world) {
    Churn churn(static_cast<uint64_t>(world), order);
    Pairs pairs(at_once);
    for (int step = 0; step < 2'000; ++step) {
      churn.Step(&pairs);
      ASSERT_EQ(churn.beyond(), 0) << "world " << world << " step " << step;
    }
    choices += churn.choices();
  }
  EXPECT_GT(choices, worlds * 300);
}

TEST(NumberPoolFairnessTest, LeastRecentlyUsedDiffersByOneAtMost) {
  CheckPairs(NumberOrder::kLeastRecentlyUsed, true);
}
TEST(NumberPoolFairnessTest, RoundRobinDiffersByOneAtMost) {
  CheckPairs(NumberOrder::kRoundRobin, true);
}
// In these orders who could not be had for a while catches up first. (Within a
// day: each day begins anew, with the first of equal ones.)
TEST(NumberPoolFairnessTest, LeastUsedTodayDiffersByOneOnceCaughtUp) {
  CheckPairs(NumberOrder::kLeastUsedToday, false);
}
TEST(NumberPoolFairnessTest, WeightedIsProportionalOnceCaughtUp) {
  CheckPairs(NumberOrder::kWeighted, false);
}

// --- Newcomers ---

// One number has a callee who calls all the time. What that number was used
// more often says nothing of the turns of the others, nor of a newcomer's.
void CheckNewcomer(NumberOrder order) {
  NumberRules rules = PlainRules();
  rules.campaigns[0].order = order;
  rules.campaigns[0].sticky = StickyMode::kPrefer;
  auto pool = *NumberPool::Create(NumberPoolOptions(), rules, At(kStart));
  NumberPatch patch;
  for (uint64_t i = 0; i < 5; ++i) {
    patch.put.push_back({Phone(i), "group0", "ru"});
  }
  ASSERT_TRUE(pool->Apply(patch, At(kStart)).ok());
  uint64_t attempts = 0;
  const auto call = [&](uint64_t callee) {
    NumberRequest request;
    request.attempt = ++attempts;
    request.campaign = pool->FindCampaign("campaign");
    request.trunk = pool->FindTrunk("trunk");
    request.callee = PhoneNumber::FromValue(79160000000 + callee);
    NumberChoice choice;
    EXPECT_TRUE(pool->Reserve(request, At(kStart), &choice).ok());
    EXPECT_TRUE(pool->End(request.attempt, At(kStart)).ok());
    return choice.number;
  };
  for (uint64_t i = 0; i < 100; ++i) call(1 + i);
  const PhoneNumber busy = call(0);
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(call(0), busy);
  patch.put = {{Phone(9), "group0", "ru"}};
  ASSERT_TRUE(pool->Apply(patch, At(kStart)).ok());
  std::map<PhoneNumber, int> uses;
  for (uint64_t i = 0; i < 100; ++i) ++uses[call(1'000 + i)];
  // In round robin the busy number has its turns too.
  EXPECT_NEAR(uses[Phone(9)], order == NumberOrder::kRoundRobin ? 17 : 20, 1);
}

TEST(NumberPoolFairnessTest, NewcomersAreNeitherFloodedNorStarved) {
  for (const NumberOrder order :
       {NumberOrder::kRoundRobin, NumberOrder::kLeastUsedToday,
        NumberOrder::kWeighted}) {
    SCOPED_TRACE(static_cast<int>(order));
    CheckNewcomer(order);
  }
}

// --- Random orders ---

// Every number's count against its chance at every draw, in standard errors,
// while numbers of three regions come and go and callees avoid what they know.
std::vector<double> Scores(uint64_t seed, bool weighted) {
  NumberRules rules = PlainRules();
  rules.campaigns[0].order =
      weighted ? NumberOrder::kWeightedRandom : NumberOrder::kRandom;
  rules.campaigns[0].sticky = StickyMode::kAvoid;
  rules.campaigns[0].avoid_last = 3;
  for (const char* name : {"moscow", "perm"}) {
    rules.regions.emplace_back();
    rules.regions.back().name = name;
    rules.regions.back().parent = "ru";
  }
  NumberPoolOptions options;
  options.seed = seed;
  options.attempt_keep = absl::ZeroDuration();
  auto pool = *NumberPool::Create(options, rules, At(kStart));
  constexpr uint64_t kNumbers = 12;
  NumberPatch patch;
  for (uint64_t i = 0; i < kNumbers; ++i) {
    patch.put.push_back({Phone(i), "group0", rules.regions[i % 3].name,
                         static_cast<int32_t>(1 + i)});
  }
  EXPECT_TRUE(pool->Apply(patch, At(kStart)).ok());
  Random random(seed + 1'000);
  std::vector<bool> active(kNumbers, true);
  std::map<uint64_t, std::vector<uint64_t>> known;
  std::vector<double> score(kNumbers, 0), variance(kNumbers, 0);
  for (uint64_t draw = 1; draw <= 20'000; ++draw) {
    if (random.Below(10) == 0) {
      const uint64_t i = random.Below(kNumbers);
      active[i] = !active[i] || random.Below(3) > 0;
      EXPECT_TRUE(
          pool->SetState(pool->FindNumber(Phone(i)),
                         active[i] ? NumberState::kActive : NumberState::kHeld,
                         At(kStart))
              .ok());
    }
    const uint64_t callee = random.Below(5);
    std::vector<uint64_t>& last = known[callee];
    const auto may = [&](uint64_t i) {
      return active[i] && std::find(last.begin(), last.end(), i) == last.end();
    };
    double total = 0;
    const auto weight = [&](uint64_t i) {
      return !may(i) ? 0.0 : weighted ? static_cast<double>(1 + i) : 1.0;
    };
    for (uint64_t i = 0; i < kNumbers; ++i) total += weight(i);
    NumberRequest request;
    request.attempt = draw;
    request.campaign = pool->FindCampaign("campaign");
    request.trunk = pool->FindTrunk("trunk");
    request.callee = PhoneNumber::FromValue(79160000000 + callee);
    NumberChoice choice;
    EXPECT_TRUE(pool->Reserve(request, At(kStart), &choice).ok());
    EXPECT_EQ(choice.id.none(), total == 0);
    if (choice.id.none()) continue;
    EXPECT_TRUE(pool->End(draw, At(kStart)).ok());
    const uint64_t chosen = choice.number.value() - Phone(0).value();
    EXPECT_TRUE(may(chosen));
    for (uint64_t i = 0; i < kNumbers; ++i) {
      const double chance = weight(i) / total;
      score[i] += (i == chosen ? 1 : 0) - chance;
      variance[i] += chance * (1 - chance);
    }
    last.push_back(chosen);
    if (last.size() > 3) last.erase(last.begin());
  }
  for (uint64_t i = 0; i < kNumbers; ++i) score[i] /= std::sqrt(variance[i]);
  return score;
}

TEST(NumberPoolFairnessTest, RandomOrdersHaveTheirChances) {
  const int seeds = oracle::ScaledRounds(10, 200);
  int all = 0;
  int large = 0;
  double worst = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    for (const bool weighted : {false, true}) {
      for (const double z : Scores(static_cast<uint64_t>(seed), weighted)) {
        ++all;
        large += std::abs(z) > 2 ? 1 : 0;
        worst = std::max(worst, std::abs(z));
      }
    }
  }
  EXPECT_LE(worst, seeds > 100 ? 4.8 : 4.0);  // Of 240, of 4,800 scores.
  EXPECT_LE(large, all * 8 / 100);
  if (oracle::Rounds(0, 1) == 1) {
    oracle::Report("random orders of the number pool, scores",
                   static_cast<uint64_t>(all),
                   "largest |z| " + std::to_string(worst) +
                       ", beyond 2: " + std::to_string(large));
  }
}

}  // namespace
}  // namespace callrouter
