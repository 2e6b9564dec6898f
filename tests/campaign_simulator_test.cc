#include "callrouter/campaign_simulator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "callrouter/dial_file.h"

namespace callrouter {
namespace {

using ::testing::HasSubstr;

constexpr char kRules[] = R"(
law {
  name: "law" source: "this test" as_of: "2026-01-01"
  open { day: WORKDAYS from: "10:00" to: "18:00" }
  closed: SATURDAY closed: SUNDAY
  drop_permille: 30 drop_period: DAY
}
guard { name: "uk" allowed: "44" refused: "44999" }
place { name: "london" zone: "Europe/London" prefix: "4420" }
place { name: "berlin" zone: "Europe/Berlin" prefix: "4430" }
disposition { name: "no answer" result: NO_ANSWER }
disposition { name: "busy" result: NO_ANSWER }
disposition { name: "machine" result: MACHINE }
disposition { name: "failed" result: FAILURE }
disposition { name: "abandoned" result: ABANDONED }
disposition { name: "done" result: CONVERSATION }
disposition { name: "later" result: CALLBACK }
campaign {
  name: "c" guard: "uk" law: "law"
  cap { name: "3" scope: LEAD window: LIFE limit: 3 action: STOP }
  redial { disposition: "no answer" disposition: "busy" disposition: "machine"
           disposition: "failed" disposition: "abandoned"
           action: SAME delay: "2h" }
  redial { action: DONE }
}
list { name: "l" campaign: "c" }
)";
constexpr char kPool[] = R"(
group {
  name: "g" owner: "o" trunk { trunk: "t" attestation: FULL }
  caps { per_day: 5 concurrent: 1 }
}
campaign { name: "show" owner: "o" }
block { first: "+442079460000" last: "+442079460009" group: "g" }
)";

DialRules Rules() {
  const auto rules = ParseDial(kRules, "rules", nullptr, nullptr);
  EXPECT_TRUE(rules.ok()) << rules.status();
  return *rules;
}

std::vector<LeadConfig> Leads(uint64_t count) {
  std::vector<LeadConfig> leads(count);
  for (uint64_t i = 0; i < count; ++i) {
    leads[i].lead = i + 1;
    leads[i].list = "l";
    leads[i].numbers = {{PhoneNumber::FromValue(
        (i % 2 == 0 ? 442079460000 : 443079460000) + i)}};
  }
  return leads;
}

class CampaignSimulatorTest : public ::testing::Test {
 protected:
  CampaignReport Play(DialPacer pacer, const PoolFile* numbers = nullptr) {
    CampaignPlan plan;
    plan.rules = &rules_;
    plan.leads = &leads_;
    plan.numbers = numbers;
    CampaignReport report;
    const absl::Status status = SimulateCampaign(plan, world_, pacer, &report);
    EXPECT_TRUE(status.ok()) << status;
    return report;
  }
  static int64_t Calls(const CampaignReport& report) {
    int64_t calls = 0;
    for (const CampaignReport::Slot& slot : report.slots) calls += slot.calls;
    return calls;
  }

  DialRules rules_ = Rules();
  std::vector<LeadConfig> leads_ = Leads(12'000);
  CampaignWorld world_;
};

TEST_F(CampaignSimulatorTest, EveryCallIsAccountedFor) {
  world_.endings = {{"done", 3}, {"later", 1}};
  const CampaignReport report = Play(DialPacer::kPredictive);
  EXPECT_GT(report.dial.total.dialled, 1'000);
  EXPECT_EQ(Calls(report), report.dial.total.dialled);
  // Every attempt was reported: all are over by midnight.
  EXPECT_EQ(report.leads.reported,
            static_cast<uint64_t>(report.dial.total.dialled));
  EXPECT_EQ(report.leads.attempts, 0u);
  EXPECT_EQ(report.leads.lapsed, 0u);
  EXPECT_EQ(report.leads.leads, leads_.size());
  EXPECT_LE(report.done, report.reached);
  EXPECT_LE(report.reached, static_cast<uint64_t>(report.dial.total.answers -
                                                  report.dial.total.drops));
}

TEST_F(CampaignSimulatorTest, TheHoursOfTheLawHoldWhereThePeopleAre) {
  // Agents are there from 9 to 20 UTC; people are called from 10 to 18 in
  // London (the same in March) and in Berlin (an hour earlier).
  const CampaignReport report = Play(DialPacer::kProgressive);
  ASSERT_EQ(report.slots.size(), 22u);
  for (std::size_t i = 0; i < report.slots.size(); ++i) {
    const bool open = i < 18;  // 9:00 UTC is 10:00 in Berlin; to 18:00 UTC.
    EXPECT_EQ(report.slots[i].calls > 0, open) << i;
  }
}

TEST_F(CampaignSimulatorTest, NobodyIsCalledOnSundayOrMoreThanThreeTimes) {
  leads_ = Leads(300);
  world_.days = 8;
  const CampaignReport report = Play(DialPacer::kPredictive);
  ASSERT_EQ(report.dial.shifts.size(), 8u);
  EXPECT_GT(report.dial.shifts[0].dialled, 0);
  EXPECT_EQ(report.dial.shifts[5].dialled, 0);  // Saturday.
  EXPECT_EQ(report.dial.shifts[6].dialled, 0);
  EXPECT_LE(report.dial.total.dialled, 300 * 4);  // Failures are no attempts.
  EXPECT_EQ(report.done + report.exhausted, 300u);
}

TEST_F(CampaignSimulatorTest, NumbersToShowHaveTheirCaps) {
  const auto pool = ParsePool(kPool, "pool", nullptr, nullptr);
  ASSERT_TRUE(pool.ok()) << pool.status();
  const CampaignReport report = Play(DialPacer::kPredictive, &*pool);
  EXPECT_EQ(report.dial.total.dialled, 50);  // Ten numbers, five calls each.
  EXPECT_GT(report.no_number, 0u);
}

TEST_F(CampaignSimulatorTest, PredictiveTalksMoreAndKeepsTheCap) {
  world_.closes = absl::Hours(17);
  const CampaignReport ours = Play(DialPacer::kPredictive);
  const CampaignReport one = Play(DialPacer::kProgressive);
  EXPECT_GT(ours.dial.total.used, 1.2 * one.dial.total.used);
  EXPECT_EQ(ours.dial.above, 0) << CampaignTable({ours});
  EXPECT_LT(ours.wait, one.wait);
  EXPECT_EQ(CampaignTable({ours}) + CampaignChart({ours}),
            CampaignTable({Play(DialPacer::kPredictive)}) +
                CampaignChart({Play(DialPacer::kPredictive)}));
}

TEST_F(CampaignSimulatorTest, GroupsTogetherAreTheirSums) {
  world_.closes = absl::Hours(13);
  world_.agents = 4;
  const CampaignReport four = Play(DialPacer::kPredictive);
  world_.agents = 12;
  world_.patience = absl::Seconds(20);
  const CampaignReport twelve = Play(DialPacer::kPredictive);
  const CampaignReport all = Together({four, twelve});
  EXPECT_EQ(all.dial.total.answers,
            four.dial.total.answers + twelve.dial.total.answers);
  EXPECT_EQ(Calls(all), Calls(four) + Calls(twelve));
  EXPECT_EQ(all.reached, four.reached + twelve.reached);
  EXPECT_NEAR(all.dial.total.used,
              (four.dial.total.used + 3 * twelve.dial.total.used) / 4, 1e-9);
  ASSERT_EQ(all.dial.shifts.size(), 1u);
  EXPECT_EQ(all.dial.shifts[0].drops,
            four.dial.total.drops + twelve.dial.total.drops);
  // Who may wait longer does, and fewer are lost.
  const auto waited = [](const CampaignReport& report) {
    double seconds = 0;
    for (const CampaignReport::Slot& slot : report.slots) {
      seconds += slot.waiting;
    }
    return seconds / static_cast<double>(report.dial.total.answers);
  };
  EXPECT_GT(waited(twelve), waited(four));
  EXPECT_EQ(Together({}).slots.size(), 0u);
}

TEST_F(CampaignSimulatorTest, WhatIsWrongIsSaid) {
  CampaignPlan plan;
  plan.rules = &rules_;
  plan.leads = &leads_;
  CampaignReport report;
  const auto wrong = [&] {
    return std::string(
        SimulateCampaign(plan, world_, DialPacer::kPredictive, &report)
            .message());
  };
  world_.days = 0;
  world_.machine = 2;
  EXPECT_THAT(wrong(), HasSubstr("days: found 0"));
  EXPECT_THAT(wrong(), HasSubstr("machine: found 2.13"));
  world_ = CampaignWorld();
  world_.no_answer = "nobody home";
  EXPECT_THAT(wrong(), HasSubstr("nobody home"));
  world_ = CampaignWorld();
  plan.campaign = "other";
  EXPECT_THAT(wrong(), HasSubstr("other"));
  plan.campaign = "";
  leads_[7].list = "gone";
  EXPECT_THAT(wrong(), HasSubstr("lead 8: "));
  leads_.clear();
  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(report.dial.total.dialled, 0);
}

}  // namespace
}  // namespace callrouter
