// A pool in which every number is called as a test says.

#ifndef CALLROUTER_TESTS_NUMBER_LAB_H_
#define CALLROUTER_TESTS_NUMBER_LAB_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "callrouter/number_pool.h"

namespace callrouter {

class NumberLab {
 public:
  // One group, one campaign, all callees in one place without a time zone,
  // carriers "a", "b" and "c".
  static NumberRules Rules() {
    NumberRules rules;
    NumberGroup group;
    group.name = "all";
    group.owner = "acme";
    group.trunks = {{"trunk", Attestation::kFull}};
    rules.groups.push_back(group);
    NumberCampaign campaign;
    campaign.name = "sales";
    campaign.owner = "acme";
    rules.campaigns.push_back(campaign);
    rules.carriers = {"a", "b", "c"};
    return rules;
  }
  static NumberPoolOptions Options() {
    NumberPoolOptions options;
    options.attempt_keep = absl::ZeroDuration();
    return options;
  }

  NumberLab(const NumberRules& rules, int numbers,
            NumberState state = NumberState::kActive,
            const NumberPoolOptions& options = Options()) {
    auto made = NumberPool::Create(options, rules, now);
    EXPECT_TRUE(made.ok()) << made.status();
    pool = *std::move(made);
    NumberPatch patch;
    for (int i = 0; i < numbers; ++i) {
      NumberConfig number;
      number.number = Phone(i);
      number.group = "all";
      number.state = state;
      patch.put.push_back(number);
    }
    EXPECT_TRUE(pool->Apply(patch, now).ok());
    for (int i = 0; i < numbers; ++i) ids.push_back(pool->FindNumber(Phone(i)));
    campaign_ = pool->FindCampaign("sales");
    trunk_ = pool->FindTrunk("trunk");
    for (const char* name : {"a", "b", "c"}) {
      carriers.push_back(pool->FindCarrier(name));
    }
  }

  static PhoneNumber Phone(int i) {
    return PhoneNumber::FromValue(74950000000 + static_cast<uint64_t>(i));
  }

  // Takes number `i` for a call. Whether it was free.
  bool Take(int i, CarrierId carrier = CarrierId()) {
    NumberRequest request;
    request.attempt = ++attempt;
    request.campaign = campaign_;
    request.trunk = trunk_;
    request.carrier = carrier;
    request.callee = PhoneNumber::FromValue(79160000000);
    request.wanted = Phone(i);
    NumberChoice choice;
    EXPECT_TRUE(pool->Reserve(request, now, &choice).ok());
    return !choice.id.none();
  }
  absl::Status Report(CallOutcome outcome) {
    return pool->Report({attempt, outcome}, now);
  }
  // One whole call. Whether the number was free.
  bool Call(int i, bool answered, CarrierId carrier = CarrierId()) {
    if (!Take(i, carrier)) return false;
    EXPECT_TRUE(
        Report(answered ? CallOutcome::kAnswered : CallOutcome::kNoAnswer)
            .ok());
    EXPECT_TRUE(pool->End(attempt, now).ok());
    return true;
  }
  NumberState State(int i) const {
    return pool->View(ids[static_cast<std::size_t>(i)])->state;
  }
  // "new -> warming, first shown; ..."
  std::string Changes() {
    std::vector<NumberStateChange> changes;
    pool->TakeChanges(&changes);
    std::string text;
    for (const NumberStateChange& c : changes) {
      text += std::string(Name(c.from)) + " -> " + std::string(Name(c.to)) +
              ", " + std::string(Name(c.why)) + "; ";
    }
    return text;
  }

  absl::Time now = absl::FromUnixSeconds(1'760'000'000);
  std::unique_ptr<NumberPool> pool;
  std::vector<NumberId> ids;
  std::vector<CarrierId> carriers;
  uint64_t attempt = 0;

 private:
  CampaignId campaign_;
  TrunkId trunk_;
};

}  // namespace callrouter

#endif  // CALLROUTER_TESTS_NUMBER_LAB_H_
