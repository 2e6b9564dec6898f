// The number a callee knows is shown again unless the answer says what keeps it
// from being shown, and that is true by a log of every use.

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

// Whole seconds, so that the log knows to the second who is remembered.
class StickySchedule {
 public:
  explicit StickySchedule(uint64_t seed) : random_(seed), rules_(PlainRules()) {
    rules_.groups[0].caps.cool_down = absl::Seconds(40);
    rules_.groups[0].caps.per_hour = 6;
    rules_.groups[0].caps.per_carrier_day = 12;
    rules_.groups.push_back(rules_.groups[0]);
    rules_.groups[1].name = "group1";
    rules_.groups[1].trunks.push_back({"trunk1", Attestation::kNone});
    rules_.campaigns.clear();
    for (int c = 0; c < 2; ++c) {
      NumberCampaign campaign;
      campaign.name = "campaign" + std::to_string(c);
      campaign.owner = "us";
      campaign.order = static_cast<NumberOrder>(Below(7));
      campaign.sticky = static_cast<StickyMode>(1 + Below(3));
      campaign.bind = static_cast<StickyBind>(Below(2));
      campaign.sticky_keep = absl::Hours(5);
      campaign.sticky_across_campaigns = Below(3) == 0;
      campaign.avoid_last = static_cast<int32_t>(1 + Below(3));
      campaign.distinct_per_campaign = Below(4) == 0;
      rules_.campaigns.push_back(campaign);
    }
    NumberPoolOptions options;
    options.seed = seed;
    pool_ = *NumberPool::Create(options, rules_, At(now_));
    for (uint64_t i = 0; i < 6; ++i) Put(Phone(i));
  }

  void Step() {
    const uint64_t kGaps[] = {0, 3, 30, 300, 3'000};
    now_ += static_cast<int64_t>(Below(kGaps[Below(5)] + 1)) * kSecond;
    if (Below(100) < 3) {
      const PhoneNumber number = Phone(Below(6));
      if (Below(2) == 0) {
        NumberPatch patch;
        patch.remove.push_back(number);
        EXPECT_TRUE(pool_->Apply(patch, At(now_)).ok());
        for (auto& [callee, shown] : shown_) {
          for (Shown& s : shown) s.gone |= s.number == number;
        }
        Put(number);
      } else {
        const NumberState state =
            Below(2) == 0 ? NumberState::kActive : NumberState::kResting;
        EXPECT_TRUE(
            pool_->SetState(pool_->FindNumber(number), state, At(now_)).ok());
        log_.SetState(number, state, now_);
      }
    }
    Call();
  }
  const std::string& wrong() const { return wrong_; }
  const std::map<std::string, int>& seen() const { return seen_; }

 private:
  struct Shown {
    PhoneNumber number;
    std::size_t campaign = 0;
    int64_t at = 0;
    bool answered = false;
    bool gone = false;  // Removed since.
  };
  uint64_t Below(uint64_t n) { return random_.Below(n); }

  void Put(PhoneNumber number) {
    NumberPatch patch;
    const std::size_t g = Below(2);
    patch.put.push_back({number, rules_.groups[g].name, "ru"});
    EXPECT_TRUE(pool_->Apply(patch, At(now_)).ok());
    log_.Remove(number);
    log_.Add(number, rules_.groups[g].caps, NumberState::kActive, now_);
    second_trunk_[number.value()] = g == 1;
  }

  bool Mine(const NumberCampaign& campaign, std::size_t c, const Shown& s) {
    return s.campaign == c || campaign.sticky_across_campaigns;
  }
  bool FromElsewhere(const NumberCampaign& campaign, std::size_t c,
                     const std::vector<Shown>& shown, PhoneNumber number) {
    return campaign.distinct_per_campaign &&
           std::any_of(shown.begin(), shown.end(), [&](const Shown& s) {
             return s.campaign != c && s.number == number && !s.gone;
           });
  }

  void Call() {
    const std::size_t c = Below(2);
    const NumberCampaign& campaign = rules_.campaigns[c];
    NumberRequest request;
    request.attempt = ++attempts_;
    request.campaign = pool_->FindCampaign(campaign.name);
    request.trunk = pool_->FindTrunk(Below(10) == 0 ? "trunk1" : "trunk");
    request.carrier = pool_->FindCarrier("carrier0");
    request.callee = PhoneNumber::FromValue(79160000000 + Below(4));
    std::vector<Shown>& shown = shown_[request.callee.value()];
    std::erase_if(shown, [&](const Shown& s) {
      return s.at + 5 * 3600 * kSecond <= now_;
    });
    NumberChoice choice;
    EXPECT_TRUE(pool_->Reserve(request, At(now_), &choice).ok());
    log_.Follow(pool_.get());
    Check(request, choice, c, shown);
    if (choice.id.none()) return;
    log_.Use(choice.number, request.callee, request.carrier, now_);
    log_.Over(choice.number);
    EXPECT_TRUE(pool_->Commit(request.attempt, At(now_)).ok());
    Shown now = {choice.number, c, now_, Below(3) == 0, false};
    if (now.answered) {
      EXPECT_TRUE(
          pool_->Report({request.attempt, CallOutcome::kAnswered}, At(now_))
              .ok());
    }
    EXPECT_TRUE(pool_->End(request.attempt, At(now_)).ok());
    std::erase_if(shown, [&](const Shown& s) {
      const bool same =
          s.number == now.number && s.campaign == now.campaign && !s.gone;
      now.answered |= same && s.answered;
      return same;
    });
    shown.push_back(now);
  }

  void Check(const NumberRequest& request, const NumberChoice& choice,
             std::size_t c, const std::vector<Shown>& shown) {
    const NumberCampaign& campaign = rules_.campaigns[c];
    if (!choice.id.none() && !second_trunk_[choice.number.value()] &&
        request.trunk == pool_->FindTrunk("trunk1")) {
      Wrong("not on this trunk", choice);
    }
    if (FromElsewhere(campaign, c, shown, choice.number)) {
      Wrong("shown by another campaign", choice);
    }
    if (campaign.sticky == StickyMode::kAvoid) {
      int last = campaign.avoid_last;
      for (auto s = shown.rbegin(); s != shown.rend() && last > 0; ++s) {
        if (!Mine(campaign, c, *s) ||
            (campaign.distinct_per_campaign && s->campaign != c)) {
          continue;
        }
        --last;
        if (s->number == choice.number && !s->gone) Wrong("avoided", choice);
      }
      return;
    }
    const auto known =
        std::find_if(shown.rbegin(), shown.rend(), [&](const Shown& s) {
          return Mine(campaign, c, s) &&
                 (campaign.bind == StickyBind::kShown || s.answered);
        });
    if (known == shown.rend()) {
      if (choice.by == ChosenBy::kSticky ||
          choice.broken != StickyBreak::kNotBroken) {
        Wrong("nothing to stick to", choice);
      }
      return;
    }
    ++seen_[choice.by == ChosenBy::kSticky ? "sticky"
                                           : std::string(Name(choice.broken))];
    if (choice.by == ChosenBy::kSticky) {
      if (choice.number != known->number || known->gone) {
        Wrong("stuck to another", choice);
      }
    } else if (!TrueBreak(request, choice, c, shown, *known)) {
      Wrong("no reason not to stick", choice);
    } else if (campaign.sticky == StickyMode::kRequire &&
               choice.none != NoNumber::kKnownNumber &&
               choice.none != NoNumber::kNotOnTrunk) {
      Wrong("required, and another one given", choice);
    }
  }

  bool TrueBreak(const NumberRequest& request, const NumberChoice& choice,
                 std::size_t c, const std::vector<Shown>& shown,
                 const Shown& known) {
    switch (choice.broken) {
      case StickyBreak::kNotBroken:
        return choice.none == NoNumber::kNotOnTrunk;  // No number at all.
      case StickyBreak::kGone:
        return known.gone;
      case StickyBreak::kUnlawful:
        return request.trunk == pool_->FindTrunk("trunk1") &&
               !second_trunk_[known.number.value()];
      case StickyBreak::kBlocked:
        return log_.Blocks(choice.sticky_block, known.number, Say::kMay, now_);
      case StickyBreak::kCarrierCap:
        return log_.CarrierCapped(known.number, request.carrier, Say::kMay,
                                  now_);
      case StickyBreak::kElsewhere:
        return FromElsewhere(rules_.campaigns[c], c, shown, known.number);
    }
    return false;
  }

  void Wrong(const std::string& what, const NumberChoice& choice) {
    if (!wrong_.empty()) return;
    wrong_ = what + ": " + choice.number.ToString() + " broken " +
             std::string(Name(choice.broken)) + " none " +
             std::string(Name(choice.none));
  }

  Random random_;
  NumberUseLog log_;
  NumberRules rules_;
  std::unique_ptr<NumberPool> pool_;
  int64_t now_ = kStart;
  uint64_t attempts_ = 0;
  std::map<uint64_t, bool> second_trunk_;
  std::map<uint64_t, std::vector<Shown>> shown_;  // Oldest first.
  std::map<std::string, int> seen_;
  std::string wrong_;
};

TEST(NumberPoolStickinessTest, SticksUnlessAReasonHolds) {
  const int worlds = oracle::ScaledRounds(150, 6'000);
  std::map<std::string, int> seen;
  for (int world = 1; world <= worlds; ++world) {
    StickySchedule schedule(static_cast<uint64_t>(world));
    for (int step = 0; step < 1'000; ++step) {
      schedule.Step();
      ASSERT_EQ(schedule.wrong(), "") << "world " << world << " step " << step;
    }
    for (const auto& [what, count] : schedule.seen()) seen[what] += count;
  }
  for (const char* what :
       {"sticky", "no longer in the pool", "not for this call", "not free",
        "shown by another campaign", "cap per carrier"}) {
    EXPECT_GT(seen[what], worlds / 10) << what;
  }
}

}  // namespace
}  // namespace callrouter
