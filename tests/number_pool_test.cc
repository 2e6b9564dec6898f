#include "callrouter/number_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "callrouter/number_explanation.h"
#include "callrouter/random.h"

namespace callrouter {
namespace {

using ::testing::HasSubstr;

const absl::Time kStart = absl::FromUnixSeconds(1'760'000'000);

PhoneNumber Phone(uint64_t value) { return PhoneNumber::FromValue(value); }

// One owner, one trunk, everybody in Moscow or Perm.
NumberRules Rules() {
  NumberRules rules;
  for (const char* name : {"ru", "moscow", "perm"}) {
    Region region;
    region.name = name;
    if (region.name != "ru") region.parent = "ru";
    rules.regions.push_back(region);
  }
  rules.regions[0].transitions = {{absl::InfinitePast(), 3 * 3600}};
  rules.ranges = {{Phone(74950000000), Phone(74959999999), "moscow"},
                  {Phone(73420000000), Phone(73429999999), "perm"}};
  NumberGroup group;
  group.name = "all";
  group.owner = "acme";
  group.trunks = {{"trunk", Attestation::kFull}};
  rules.groups.push_back(group);
  NumberCampaign campaign;
  campaign.name = "sales";
  campaign.owner = "acme";
  rules.campaigns.push_back(campaign);
  return rules;
}

class NumberPoolTest : public ::testing::Test {
 protected:
  void Make(const NumberRules& rules, int moscow, int perm,
            const NumberPoolOptions& options = NumberPoolOptions()) {
    auto pool = NumberPool::Create(options, rules, now_);
    ASSERT_TRUE(pool.ok()) << pool.status();
    pool_ = *std::move(pool);
    NumberPatch patch;
    for (int i = 0; i < moscow + perm; ++i) {
      NumberConfig number;
      number.number =
          Phone(i < moscow ? 74950000000 + static_cast<uint64_t>(i)
                           : 73420000000 + static_cast<uint64_t>(i));
      number.group = "all";
      number.region = i < moscow ? "moscow" : "perm";
      number.weight = 1 + i;
      patch.put.push_back(number);
    }
    ASSERT_TRUE(pool_->Apply(patch, now_).ok());
  }
  NumberRequest Request(uint64_t attempt, uint64_t callee = 74951234567) {
    NumberRequest request;
    request.attempt = attempt;
    request.campaign = pool_->FindCampaign("sales");
    request.trunk = pool_->FindTrunk("trunk");
    request.callee = Phone(callee);
    return request;
  }
  NumberChoice Take(uint64_t attempt, uint64_t callee = 74951234567) {
    NumberChoice choice;
    const absl::Status status =
        pool_->Reserve(Request(attempt, callee), now_, &choice);
    EXPECT_TRUE(status.ok()) << status;
    return choice;
  }
  // A whole call; the number it showed.
  uint64_t Call(uint64_t attempt, uint64_t callee = 74951234567) {
    const NumberChoice choice = Take(attempt, callee);
    if (!choice.id.none()) {
      EXPECT_TRUE(pool_->End(attempt, now_).ok());
    }
    return choice.number.value();
  }

  absl::Time now_ = kStart;
  std::unique_ptr<NumberPool> pool_;
};

TEST_F(NumberPoolTest, LeastRecentlyUsedTakesTurns) {
  Make(Rules(), 3, 0);
  std::vector<uint64_t> shown;
  for (uint64_t i = 1; i <= 7; ++i) shown.push_back(Call(i) - 74950000000);
  EXPECT_THAT(shown, ::testing::ElementsAre(0, 1, 2, 0, 1, 2, 0));
}

// Half of its caps while suspect: the other half for calls that would get none.
TEST_F(NumberPoolTest, WhatIsLeftOfTheCapsIsLentWhenThereIsNoOther) {
  NumberRules rules = Rules();
  rules.groups[0].caps.per_day = 4;
  for (const NumberOrder order :
       {NumberOrder::kLeastRecentlyUsed, NumberOrder::kRandom}) {
    rules.campaigns[0].order = order;
    Make(rules, 1, 1);  // The nearer one is suspect.
    const NumberId suspect = pool_->FindNumber(Phone(74950000000));
    ASSERT_TRUE(pool_->SetState(suspect, NumberState::kSuspect, now_).ok());
    std::vector<ChosenBy> by;
    std::vector<uint64_t> shown;
    for (uint64_t i = 1; i <= 9; ++i) {
      NumberExplanation why;
      ASSERT_TRUE(pool_->Explain(Request(i), now_, &why).ok());
      const NumberChoice choice = Take(i);
      EXPECT_EQ(why.choice.number, choice.number);
      EXPECT_EQ(why.choice.by, choice.by);
      EXPECT_EQ(why.places[0].lent, i > 2 && i <= 8 ? 1u : 0u);
      by.push_back(choice.by);
      shown.push_back(choice.number.value() / 100'000'000);
    }
    // Its share, the farther one, what is left of the nearer one, none.
    EXPECT_THAT(shown, ::testing::ElementsAre(749, 749, 734, 734, 734, 734, 749,
                                              749, 0));
    EXPECT_EQ(by[5], ChosenBy::kOrder);
    EXPECT_EQ(by[6], ChosenBy::kShortage);
    EXPECT_EQ(by[8], ChosenBy::kNobody);
  }
  rules.groups[0].caps.whole_caps_when_short = false;
  ASSERT_TRUE(pool_->SetRules(rules, now_ + absl::Hours(25)).ok());
  now_ += absl::Hours(25);
  for (uint64_t i = 10; i <= 15; ++i) EXPECT_NE(Take(i).number, PhoneNumber());
  const NumberChoice none = Take(16);
  EXPECT_EQ(none.none, NoNumber::kAllBlocked);
  EXPECT_EQ(none.block, Block::kDayCap);
}

TEST_F(NumberPoolTest, WeightsAreExact) {
  NumberRules rules = Rules();
  rules.campaigns[0].order = NumberOrder::kWeighted;
  Make(rules, 10, 0);  // Weights 1 to 10: 55 in all.
  std::map<uint64_t, int> uses;
  for (uint64_t i = 1; i <= 55 * 20; ++i) {
    ++uses[Call(i) - 74950000000];
    for (const auto& [number, count] : uses) {
      const double due =
          static_cast<double>(i) * static_cast<double>(number + 1) / 55;
      ASSERT_LT(std::abs(count - due), 2.0) << number << " after " << i;
    }
  }
  for (const auto& [number, count] : uses) {
    EXPECT_EQ(count, static_cast<int>(number + 1) * 20);
  }
}

TEST_F(NumberPoolTest, NewcomersAreNotFlooded) {
  NumberRules rules = Rules();
  rules.campaigns[0].order = NumberOrder::kLeastUsedToday;
  Make(rules, 4, 0);
  for (uint64_t i = 1; i <= 400; ++i) Call(i);
  NumberPatch patch;
  patch.put.push_back({Phone(74950000900), "all", "moscow"});
  ASSERT_TRUE(pool_->Apply(patch, now_).ok());
  std::map<uint64_t, int> uses;
  for (uint64_t i = 401; i <= 500; ++i) ++uses[Call(i)];
  EXPECT_EQ(uses.size(), 5u);
  for (const auto& [number, count] : uses) EXPECT_EQ(count, 20) << number;
}

TEST_F(NumberPoolTest, NearestFirstAndThenAsFarAsItReaches) {
  NumberRules rules = Rules();
  rules.groups[0].caps.per_hour = 1;
  Make(rules, 1, 1);
  EXPECT_EQ(Take(1, 73421234567).rung, Rung::kRegion);
  const NumberChoice wider = Take(2, 73421234567);
  EXPECT_EQ(wider.rung, Rung::kCountry);
  EXPECT_EQ(pool_->RegionName(wider.region), "moscow");
  const NumberChoice none = Take(3, 73421234567);
  EXPECT_EQ(none.none, NoNumber::kAllBlocked);
  EXPECT_EQ(none.block, Block::kHourCap);
  EXPECT_EQ(Name(none.block), "cap per hour");
  // At that very time, and not a microsecond before.
  now_ = none.retry_at - absl::Microseconds(1);
  EXPECT_TRUE(Take(4).id.none());
  now_ = none.retry_at;
  EXPECT_FALSE(Take(5).id.none());
}

TEST_F(NumberPoolTest, AViewCountsTheUsesOfToday) {
  Make(Rules(), 1, 0);
  Call(1);
  Call(2);
  const NumberId number = pool_->FindNumber(Phone(74950000000));
  EXPECT_EQ(pool_->View(number)->local_day, 2);
  now_ += absl::Hours(24);
  pool_->Advance(now_);
  EXPECT_EQ(pool_->View(number)->local_day, 0);
  Call(3);
  EXPECT_EQ(pool_->View(number)->local_day, 1);
}

TEST_F(NumberPoolTest, ARegionKeepsItsReserve) {
  NumberRules rules = Rules();
  rules.regions[1].reserve_permille = 500;  // Moscow.
  rules.groups[0].caps.per_day = 1;
  Make(rules, 10, 0);
  int borrowed = 0;
  uint64_t attempt = 1;
  while (!Take(attempt++, 73421234567).id.none()) ++borrowed;
  EXPECT_EQ(borrowed, 5);
  EXPECT_EQ(Take(attempt++, 73421234567).none, NoNumber::kRegionReserve);
  int own = 0;
  while (!Take(attempt++).id.none()) ++own;
  EXPECT_EQ(own, 5);
}

TEST_F(NumberPoolTest, AnHourHoldsWithItsPartsOnly) {
  NumberRules rules = Rules();
  rules.groups[0].caps.per_hour = 60;
  Make(rules, 1, 0);
  // Always as soon as it says: 60 in each 65 minutes, thus 12/13 of the cap.
  std::vector<absl::Time> uses;
  uint64_t attempt = 1;
  while (now_ < kStart + absl::Hours(26)) {
    const NumberChoice choice = Take(attempt++);
    if (choice.id.none()) {
      now_ = choice.retry_at;
      continue;
    }
    uses.push_back(now_);
    ASSERT_TRUE(pool_->End(attempt - 1, now_).ok());
    now_ += absl::Milliseconds(100);
    const auto in_the_hour = std::count_if(
        uses.begin(), uses.end(),
        [&](absl::Time t) { return t >= uses.back() - absl::Hours(1); });
    ASSERT_LE(in_the_hour, 60);
  }
  EXPECT_GE(uses.size(), 26u * 60 * 11 / 12);
}

TEST_F(NumberPoolTest, SticksAndSaysWhatBrokeIt) {
  NumberRules rules = Rules();
  rules.campaigns[0].sticky = StickyMode::kPrefer;
  rules.campaigns[0].bind = StickyBind::kAnswered;
  rules.groups[0].caps.cool_down = absl::Minutes(1);
  Make(rules, 5, 0);
  const NumberChoice first = Take(1);
  ASSERT_TRUE(pool_->Commit(1, now_).ok());
  EXPECT_EQ(Take(2).by, ChosenBy::kOrder);  // Nobody answered yet.
  ASSERT_TRUE(pool_->Report({1, CallOutcome::kAnswered}, now_).ok());
  const NumberChoice broken = Take(3);
  EXPECT_EQ(broken.by, ChosenBy::kOrder);
  EXPECT_EQ(broken.broken, StickyBreak::kBlocked);
  EXPECT_EQ(broken.sticky_block, Block::kCoolDown);
  now_ += absl::Minutes(2);
  const NumberChoice again = Take(4);
  EXPECT_EQ(again.by, ChosenBy::kSticky);
  EXPECT_EQ(again.number, first.number);
}

TEST_F(NumberPoolTest, LapsingFreesThePlaceAndRefundsNothing) {
  NumberRules rules = Rules();
  rules.groups[0].caps.concurrent = 1;
  rules.groups[0].caps.per_day = 2;
  Make(rules, 1, 0);
  const NumberChoice first = Take(1);
  EXPECT_EQ(pool_->next_deadline(), first.lapses_at);
  const NumberChoice none = Take(2);
  EXPECT_EQ(none.block, Block::kConcurrent);
  EXPECT_EQ(none.retry_at, absl::InfiniteFuture());
  now_ = first.lapses_at;
  pool_->Advance(now_);
  EXPECT_EQ(pool_->stats().lapsed, 1u);
  EXPECT_EQ(pool_->next_deadline(), absl::InfiniteFuture());
  EXPECT_FALSE(Take(3).id.none());
  ASSERT_TRUE(pool_->Cancel(3, now_).ok());
  EXPECT_EQ(Take(4).block, Block::kDayCap);
  EXPECT_EQ(pool_->Commit(1, now_).code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(NumberPoolTest, ErrorsComeInOrderAndChangeNothing) {
  NumberPoolOptions options;
  options.attempts_max = 1;
  Make(Rules(), 2, 0, options);
  const NumberRequest good = Request(1);
  NumberChoice choice;
  const auto code = [&](const NumberRequest& request) {
    return pool_->Reserve(request, now_, &choice).code();
  };
  NumberRequest bad = good;
  bad.attempt = 0;
  bad.campaign = CampaignId(7, 1);
  EXPECT_EQ(code(bad), absl::StatusCode::kInvalidArgument);
  bad.attempt = 1;
  EXPECT_EQ(code(bad), absl::StatusCode::kNotFound);
  EXPECT_EQ(code(good), absl::StatusCode::kOk);
  const PhoneNumber shown = choice.number;
  bad.callee = Phone(74957654321);
  EXPECT_EQ(code(bad), absl::StatusCode::kNotFound);
  bad.campaign = good.campaign;
  EXPECT_EQ(code(bad), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(code(good), absl::StatusCode::kOk);  // The same again.
  EXPECT_EQ(choice.number, shown);
  bad.attempt = 2;
  EXPECT_EQ(code(bad), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(pool_->stats().reserved, 1u);
  EXPECT_EQ(pool_->End(3, now_).code(), absl::StatusCode::kNotFound);
  ASSERT_TRUE(pool_->End(1, now_).ok());
  EXPECT_EQ(code(good), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code(bad), absl::StatusCode::kOk);  // The old one is forgotten.
  // A day late.
  now_ += absl::Hours(24);
  EXPECT_EQ(pool_->End(1, now_).code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(pool_->CheckInvariants().ok());
}

TEST_F(NumberPoolTest, ABadPatchIsRefusedWhole) {
  Make(Rules(), 2, 0);
  NumberPatch patch;
  patch.put.push_back({Phone(74950000100), "all", "moscow"});
  patch.put.push_back({Phone(74950000101), "none", "moscow"});
  patch.put.push_back({Phone(74950000102), "all", "atlantis"});
  patch.put.push_back({Phone(74950000103), "all", "moscow", 0});
  patch.put.push_back({PhoneNumber(), "all", "moscow"});
  patch.put.push_back({Phone(74950000100), "all", "moscow"});
  patch.remove.push_back(Phone(74950009999));
  const absl::Status status = pool_->Apply(patch, now_);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  for (const char* fault : {"\"none\"", "\"atlantis\"", "weight 0", "missing",
                            "twice", "+74950009999 is not in the pool"}) {
    EXPECT_THAT(std::string(status.message()), HasSubstr(fault));
  }
  EXPECT_EQ(pool_->stats().numbers, 2u);
  EXPECT_TRUE(pool_->FindNumber(Phone(74950000100)).none());
}

TEST_F(NumberPoolTest, ARemovedNumberIsNotMistakenForANewerOne) {
  Make(Rules(), 1, 0);
  const NumberId old = pool_->FindNumber(Phone(74950000000));
  Take(1);
  NumberPatch patch;
  patch.remove.push_back(Phone(74950000000));
  ASSERT_TRUE(pool_->Apply(patch, now_).ok());
  patch = NumberPatch();
  patch.put.push_back({Phone(74950000000), "all", "moscow"});
  ASSERT_TRUE(pool_->Apply(patch, now_).ok());
  EXPECT_FALSE(pool_->View(old).ok());
  EXPECT_TRUE(pool_->End(1, now_).ok());  // The call is there, the number not.
  EXPECT_EQ(pool_->View(pool_->FindNumber(Phone(74950000000)))->calls, 0);
  EXPECT_TRUE(pool_->CheckInvariants().ok());
}

TEST(NumberRulesTest, EveryFaultIsFound) {
  NumberRules rules = Rules();
  EXPECT_TRUE(FindFaults(rules).empty());
  rules.groups[0].owner = "";
  rules.groups[0].trunks.clear();
  rules.groups[0].caps.per_hour = 0;
  rules.groups[0].caps.per_carrier_day = 256;
  rules.groups[0].caps.warm_up = {{absl::Hours(1), 100}};
  rules.groups[0].destinations = {"moscow"};
  rules.campaigns[0].avoid_last = 17;
  rules.regions[1].parent = "moscow";
  rules.regions[2].reserve_permille = 1001;
  rules.regions[2].neighbours = {{"perm", 1}, {"atlantis", 1}};
  rules.ranges.push_back({Phone(74955000000), Phone(74961000000), "perm"});
  rules.ranges.push_back({Phone(74955000000), Phone(749610000000), "perm"});
  rules.ranges[1].region = "atlantis";
  std::string text;
  for (const Fault& fault : FindFaults(rules)) text += ToString(fault) + "\n";
  for (const char* part :
       {"owner: found nothing", "trunk: found nothing",
        "caps.per_hour: found 0", "caps.per_carrier_day: found 256",
        "caps.warm_up[0].after", "found \"moscow\", expected a country",
        "avoid_last: found 17", "itself not among them",
        "reserve_permille: found 1001",
        "\"perm\", expected another region, once",
        "\"atlantis\", expected the name of a region", "or apart from it",
        "a number of the length of"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  NumberPoolOptions options;
  options.numbers_max = 0;
  EXPECT_FALSE(NumberPool::Create(options, Rules(), kStart).ok());
  EXPECT_FALSE(NumberPool::Create(NumberPoolOptions(), rules, kStart).ok());
}

// Hosts that cast what others wrote.
TEST(NumberRulesTest, EnumeratorsOutOfRangeAreNamed) {
  const auto faults = [](auto change) {
    NumberRules rules = Rules();
    change(&rules, &rules.campaigns[0], &rules.groups[0].trunks[0]);
    std::string text;
    for (const Fault& fault : FindFaults(rules)) text += ToString(fault) + "\n";
    return text;
  };
  EXPECT_EQ(faults([](NumberRules*, NumberCampaign* c, TrunkUse* use) {
              c->order = NumberOrder::kFixed;
              c->reach = Reach::kAny;
              c->sticky = StickyMode::kAvoid;
              c->bind = StickyBind::kAnswered;
              c->attestation = use->attestation = Attestation::kFull;
            }),
            "");
  EXPECT_EQ(faults([](NumberRules*, NumberCampaign* c, TrunkUse* use) {
              c->order = static_cast<NumberOrder>(7);
              c->reach = static_cast<Reach>(5);
              c->sticky = static_cast<StickyMode>(4);
              c->bind = static_cast<StickyBind>(2);
              c->attestation = static_cast<Attestation>(4);
              use->attestation = static_cast<Attestation>(255);
            }),
            "campaign[0].attestation: found 4, expected 0 to 3\n"
            "campaign[0].order: found 7, expected 0 to 6\n"
            "campaign[0].reach: found 5, expected 0 to 4\n"
            "campaign[0].sticky: found 4, expected 0 to 3\n"
            "campaign[0].bind: found 2, expected 0 to 1\n"
            "group[0].trunk[0].attestation: found 255, expected 0 to 3\n");
  EXPECT_THAT(faults([](NumberRules* rules, NumberCampaign*, TrunkUse*) {
                rules->health.answered = {static_cast<CallOutcome>(99)};
              }),
              HasSubstr("health.answered"));
}

}  // namespace
}  // namespace callrouter
