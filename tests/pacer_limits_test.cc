// What plans take into account: carriers, previews, agents about to finish,
// calls that come in, other campaigns.

#include <gtest/gtest.h>

#include <vector>

#include "callrouter/pacer.h"
#include "tests/pacer_fixture.h"

namespace callrouter {
namespace {

using PacerLimitsTest = PacerLinesTest;

TEST_F(PacerLimitsTest, CarriersLimitLinesAndStarts) {
  rules().mode = PacingMode::kProgressive;
  options_.carriers = {{3, 100}, {100, 2}, {50, 50}};
  rules().carriers = {0, 1};
  Make(10);
  pacer_->Plan(now_, &plans_);
  EXPECT_EQ(plans_[0].lines, 5);
  EXPECT_EQ(plans_[0].limit, PacingLimit::kCarrierRate);
  LineFeatures first, second;
  second.carrier = 1;
  std::vector<LineId> lines;
  for (int i = 0; i < 3; ++i) lines.push_back(*pacer_->Dialled(first, now_));
  EXPECT_EQ(*pacer_->CarrierRoom(0), 0);
  const std::string before = pacer_->Save();
  EXPECT_EQ(pacer_->Dialled(first, now_).status().code(),
            Code::kResourceExhausted);
  EXPECT_EQ(pacer_->Save(), before);
  for (int i = 0; i < 2; ++i) lines.push_back(*pacer_->Dialled(second, now_));
  pacer_->Plan(now_, &plans_);
  EXPECT_EQ(plans_[0].lines, 0);
  EXPECT_EQ(pacer_->next_deadline(), now_ + absl::Milliseconds(10));
  // A conversation keeps its line, wrap-up does not.
  Say(lines[0], LineEvent::kPerson);
  ASSERT_TRUE(pacer_->Bridged(lines[0], 0, now_).ok());
  EXPECT_EQ(*pacer_->CarrierRoom(0), 0);
  Say(lines[0], LineEvent::kEnded);
  EXPECT_EQ(*pacer_->CarrierRoom(0), 1);
  Agent(0, DialAgent::kReady);
  EXPECT_EQ(*pacer_->CarrierRoom(0), 1);
  Say(lines[1], LineEvent::kBusy);
  EXPECT_EQ(*pacer_->CarrierRoom(0), 2);
  At(500);
  pacer_->Advance(now_);
  EXPECT_EQ(*pacer_->CarrierRoom(1), 1);
  EXPECT_EQ(pacer_->CarrierRoom(3).status().code(), Code::kInvalidArgument);

  options_.carriers = {{4, 100}, {100, 2}};
  rules().carriers = {0};
  Make(10);
  pacer_->Plan(now_, &plans_);
  EXPECT_EQ(plans_[0].lines, 4);
  EXPECT_EQ(plans_[0].limit, PacingLimit::kCarrierLines);
}

TEST_F(PacerLimitsTest, PreviewsTakeTheirTimeThenTheCallStarts) {
  rules().mode = PacingMode::kTimedPreview;
  rules().preview_time = absl::Seconds(20);
  Make(3);
  pacer_->Plan(now_, &plans_);
  EXPECT_EQ(plans_[0].lines, 3);
  ASSERT_TRUE(pacer_->BeginPreview(0, 0, now_).ok());
  ASSERT_TRUE(pacer_->BeginPreview(0, 1, now_).ok());
  EXPECT_EQ(pacer_->BeginPreview(0, 0, now_).code(), Code::kFailedPrecondition);
  pacer_->Plan(now_, &plans_);
  EXPECT_EQ(plans_[0].lines, 1);
  At(5'000);
  Agent(1, DialAgent::kReady);  // Skips this lead.
  At(20'000);
  EXPECT_EQ(pacer_->next_deadline(), now_);
  std::vector<LineOrder> orders;
  pacer_->Advance(now_, &orders);
  ASSERT_EQ(orders.size(), 1u);
  EXPECT_EQ(orders[0].what, LineAction::kDial);
  EXPECT_EQ(orders[0].agent, 0);
  EXPECT_EQ(Orders(), "");
  Agent(0, DialAgent::kReady);
  const LineId line = Answered();
  ASSERT_TRUE(pacer_->Bridged(line, 0, now_).ok());
  EXPECT_EQ(pacer_->SetAgent(2, DialAgent::kPreview, now_).code(),
            Code::kInvalidArgument);
}

TEST_F(PacerLimitsTest, TheForecastKnowsWhoFinishesAndWhoCallsIn) {
  rules().promise = DropPromise::kBudget;
  options_.records_max = 0;
  Make(10);
  for (int i = 0; i < 3'000; ++i) {  // Three in ten answer, calls take 2 min.
    const LineId line = Dial();
    now_ += absl::Seconds(3 + i * 7 % 20);
    Say(line, i % 10 < 3 ? LineEvent::kPerson : LineEvent::kNoAnswer);
    if (i % 10 >= 3) continue;
    ASSERT_TRUE(pacer_->Bridged(line, 0, now_).ok());
    now_ += absl::Seconds(60 + i % 100);
    Agent(0, DialAgent::kReady);
  }
  const auto lines = [&] {
    pacer_->Plan(now_, &plans_);
    return plans_[0].lines;
  };
  const int all = lines();
  ASSERT_TRUE(pacer_->ExpectInbound(0, 4, now_).ok());
  const int waiting = lines();
  EXPECT_LT(waiting, all);
  ASSERT_TRUE(pacer_->ExpectInbound(2'000, 0, now_).ok());
  EXPECT_LT(lines(), waiting + 3);
  ASSERT_TRUE(pacer_->ExpectInbound(0, 0, now_).ok());
  EXPECT_EQ(lines(), all);
  EXPECT_FALSE(pacer_->ExpectInbound(-1, 0, now_).ok());
  EXPECT_FALSE(pacer_->ExpectInbound(0, 11, now_).ok());

  for (int a = 0; a < 10; ++a) Agent(a, DialAgent::kBusy);
  const int busy = lines();
  for (int a = 0; a < 10; ++a) {
    ASSERT_TRUE(pacer_->SetFinishing(a, absl::Seconds(3), now_).ok());
  }
  EXPECT_GT(lines(), busy + 5);
  now_ += absl::Seconds(4);  // They did not keep their word.
  EXPECT_EQ(lines(), busy);
  Agent(3, DialAgent::kReady);
  EXPECT_EQ(pacer_->SetFinishing(3, absl::Seconds(3), now_).code(),
            Code::kFailedPrecondition);
  EXPECT_EQ(pacer_->SetFinishing(3, absl::Seconds(90), now_).code(),
            Code::kInvalidArgument);
}

// Two campaigns of weights 1 and 3 share twelve agents for two days.
TEST_F(PacerLimitsTest, AgentsAreSharedByWeight) {
  options_.campaigns.resize(2);
  options_.campaigns[0].weight = 100;
  options_.campaigns[1].weight = 300;
  options_.agents_max = 12;
  options_.records_max = 0;
  Make(12);
  struct Call {
    LineId line;
    absl::Time until;
    bool person;
  };
  std::vector<Call> calls;
  std::vector<absl::Time> busy(12, absl::InfinitePast());
  uint64_t dice = 1;
  const auto below = [&](uint64_t n) {
    dice = dice * 6364136223846793005u + 1442695040888963407u;
    return (dice >> 33) % n;
  };
  for (int second = 0; second < 2 * 86'400; ++second) {
    now_ += absl::Seconds(1);
    for (int a = 0; a < 12; ++a) {
      if (busy[static_cast<std::size_t>(a)] == now_) {
        Agent(a, DialAgent::kReady);
        busy[static_cast<std::size_t>(a)] = absl::InfinitePast();
      }
    }
    for (std::size_t i = calls.size(); i-- > 0;) {
      if (calls[i].until > now_) continue;
      const Call call = calls[i];
      calls.erase(calls.begin() + static_cast<std::ptrdiff_t>(i));
      Say(call.line, call.person ? LineEvent::kPerson : LineEvent::kNoAnswer);
      if (!call.person) continue;
      std::size_t a = 0;
      while (a < 12 && busy[a] != absl::InfinitePast()) ++a;
      if (a == 12) {
        Say(call.line, LineEvent::kDropped);
        continue;
      }
      ASSERT_TRUE(pacer_->Bridged(call.line, static_cast<int>(a), now_).ok());
      busy[a] = now_ + absl::Seconds(60 + static_cast<int>(below(120)));
    }
    pacer_->Plan(now_, &plans_);
    for (std::size_t c = 0; c < 2; ++c) {
      for (int i = 0; i < plans_[c].lines; ++i) {
        LineFeatures features;
        features.campaign = static_cast<uint16_t>(c);
        calls.push_back({*pacer_->Dialled(features, now_),
                         now_ + absl::Seconds(4 + static_cast<int>(below(18))),
                         below(10) < 3});
      }
    }
  }
  const double one = static_cast<double>(pacer_->Stats(0)->bridged);
  const double three = static_cast<double>(pacer_->Stats(1)->bridged);
  EXPECT_GT(one, 1'000);
  EXPECT_NEAR(three / one, 3, 0.3);
}

}  // namespace
}  // namespace callrouter
