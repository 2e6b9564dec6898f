// The pacer's rules one by one.

#include "callrouter/pacer.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace callrouter {
namespace {

using Code = absl::StatusCode;

class PacerTest : public testing::Test {
 protected:
  void Make(PacerOptions options) {
    auto pacer = Pacer::Create(std::move(options), now_);
    ASSERT_TRUE(pacer.ok()) << pacer.status();
    pacer_ = *std::move(pacer);
  }
  void Make(PacingMode mode, int agents) {
    PacerOptions options;
    options.campaigns.resize(1);
    options.campaigns[0].mode = mode;
    options.agents_max = agents;
    Make(options);
    Ready(agents);
  }
  void Ready(int agents) {
    for (int a = 0; a < agents; ++a) {
      ASSERT_TRUE(pacer_->SetAgent(a, DialAgent::kReady, now_).ok());
    }
  }
  const PacingOrder& Plan() {
    pacer_->Plan(now_, &orders_);
    return orders_[0];
  }
  LineId Dial() {
    const auto line = pacer_->Dialled(LineFeatures(), now_);
    EXPECT_TRUE(line.ok()) << line.status();
    return line.ok() ? *line : LineId();
  }
  void End(LineId line, LineEvent event) {
    EXPECT_TRUE(pacer_->Report(line, event, now_).ok());
  }
  // Calls, one after the other, of which `persons` in `of` are answered.
  void Teach(int calls, int persons, int of) {
    for (int i = 0; i < calls; ++i) {
      const LineId line = Dial();
      now_ += absl::Seconds(3 + i * 7 % 20);
      if (i % of >= persons) {
        End(line, LineEvent::kNoAnswer);
        continue;
      }
      End(line, LineEvent::kPerson);
      ASSERT_TRUE(pacer_->Bridged(line, 0, now_).ok());
      now_ += absl::Seconds(20 + i * 13 % 200);
      ASSERT_TRUE(pacer_->SetAgent(0, DialAgent::kReady, now_).ok());
    }
  }

  absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);
  std::unique_ptr<Pacer> pacer_;
  std::vector<PacingOrder> orders_;
};

TEST_F(PacerTest, FaultsAreAllListed) {
  PacerOptions options;
  EXPECT_EQ(FindFaults(options).size(), 1u);  // No campaign.
  options.campaigns.resize(1);
  EXPECT_TRUE(FindFaults(options).empty());
  options.campaigns[0].windows.clear();
  options.campaigns[0].ring_timeout = absl::Seconds(90);
  options.agents_max = 0;
  const auto pacer = Pacer::Create(options, now_);
  EXPECT_EQ(pacer.status().code(), Code::kInvalidArgument);
  for (const char* const word : {"windows", "ring_timeout", "agents_max"}) {
    EXPECT_NE(pacer.status().message().find(word), std::string::npos) << word;
  }
}

TEST_F(PacerTest, ModesFollowTheirRules) {
  Make(PacingMode::kProgressive, 7);
  EXPECT_EQ(Plan().lines, 7);
  EXPECT_EQ(Plan().limit, PacingLimit::kOnePerAgent);
  Dial();
  EXPECT_EQ(Plan().lines, 6);
  Make(PacingMode::kPreview, 7);
  EXPECT_EQ(Plan().lines, 0);
  EXPECT_EQ(Plan().limit, PacingLimit::kByHand);
  Make(PacingMode::kAgentFirst, 3);
  EXPECT_EQ(Plan().lines, 3);

  PacerOptions options;
  options.campaigns.resize(1);
  options.campaigns[0].mode = PacingMode::kAgentless;
  options.campaigns[0].lines_max = 12;
  options.campaigns[0].windows.clear();
  Make(options);
  EXPECT_EQ(Plan().lines, 12);
  EXPECT_EQ(Plan().limit, PacingLimit::kLines);
}

// Nothing is known: every call is taken to be answered.
TEST_F(PacerTest, AColdStartIsOneLineAnAgent) {
  Make(PacingMode::kPredictive, 10);
  EXPECT_EQ(Plan().lines, 10);
  for (int i = 0; i < 10; ++i) Dial();
  EXPECT_EQ(Plan().lines, 0);
}

TEST_F(PacerTest, MoreLinesOnceItIsKnownThatFewAnswer) {
  PacerOptions options;
  options.campaigns.resize(1);
  options.campaigns[0].promise = DropPromise::kBudget;
  options.agents_max = 10;
  Make(options);
  Ready(10);
  Teach(3'000, 3, 10);
  const int all_free = Plan().lines;
  EXPECT_GT(all_free, 15);
  EXPECT_LT(all_free, 60);
  EXPECT_NEAR(pacer_->Stats(0)->answered, 0.3, 0.02);
  // With one free agent hardly more than one; with none, none.
  int before = all_free;
  for (int a = 0; a < 10; ++a) {
    ASSERT_TRUE(pacer_->SetAgent(a, DialAgent::kBusy, now_).ok());
    EXPECT_LE(Plan().lines, before);
    before = Plan().lines;
  }
  EXPECT_EQ(before, 0);
  EXPECT_EQ(Plan().limit, PacingLimit::kPrice);
  // Nobody will be free either: not a line.
  for (int a = 0; a < 10; ++a) {
    ASSERT_TRUE(pacer_->SetAgent(a, DialAgent::kLast, now_).ok());
  }
  EXPECT_EQ(Plan().limit, PacingLimit::kNoAgent);
}

TEST_F(PacerTest, AgentsKeptFreeGetNoCalls) {
  PacerOptions options;
  options.campaigns.resize(1);
  options.campaigns[0].mode = PacingMode::kProgressive;
  options.agents_max = 10;
  options.agents_kept_free = 4;
  Make(options);
  Ready(10);
  EXPECT_EQ(Plan().lines, 6);
}

TEST_F(PacerTest, LinesAndStartsAreLimited) {
  PacerOptions options;
  options.campaigns.resize(1);
  options.campaigns[0].mode = PacingMode::kProgressive;
  options.agents_max = 100;
  options.lines_max = 30;
  options.starts_per_second = 20;
  Make(options);
  Ready(100);
  EXPECT_EQ(Plan().lines, 20);
  EXPECT_EQ(Plan().limit, PacingLimit::kRate);
  for (int i = 0; i < 20; ++i) Dial();
  EXPECT_EQ(Plan().lines, 0);
  EXPECT_EQ(pacer_->next_deadline(), now_ + absl::Milliseconds(50));
  now_ += absl::Milliseconds(100);
  EXPECT_EQ(Plan().lines, 2);
  now_ += absl::Seconds(10);
  EXPECT_EQ(Plan().lines, 10);
  EXPECT_EQ(Plan().limit, PacingLimit::kLines);
  for (int i = 0; i < 10; ++i) Dial();
  EXPECT_EQ(pacer_->Dialled(LineFeatures(), now_).status().code(),
            Code::kResourceExhausted);
}

TEST_F(PacerTest, BadEventsChangeNothing) {
  Make(PacingMode::kPredictive, 3);
  const LineId line = Dial();
  const std::string before = pacer_->Save();
  const auto code = [](const absl::Status& s) { return s.code(); };
  EXPECT_EQ(code(pacer_->SetAgent(3, DialAgent::kReady, now_)),
            Code::kInvalidArgument);
  EXPECT_EQ(code(pacer_->SetAgent(-1, DialAgent::kReady, now_)),
            Code::kInvalidArgument);
  EXPECT_EQ(code(pacer_->Report(LineId(9, 1), LineEvent::kPerson, now_)),
            Code::kNotFound);
  EXPECT_EQ(code(pacer_->Report(line, LineEvent::kDropped, now_)),
            Code::kFailedPrecondition);
  EXPECT_EQ(code(pacer_->Bridged(line, 0, now_)), Code::kFailedPrecondition);
  LineFeatures other;
  other.campaign = 1;
  EXPECT_EQ(code(pacer_->Dialled(other, now_).status()),
            Code::kInvalidArgument);
  EXPECT_EQ(code(pacer_->Sampled(0, 2, 1, now_)), Code::kInvalidArgument);
  EXPECT_EQ(pacer_->Save(), before);

  End(line, LineEvent::kPerson);
  EXPECT_EQ(code(pacer_->Report(line, LineEvent::kNoAnswer, now_)),
            Code::kFailedPrecondition);
  ASSERT_TRUE(pacer_->SetAgent(1, DialAgent::kAway, now_).ok());
  EXPECT_EQ(code(pacer_->Bridged(line, 1, now_)), Code::kFailedPrecondition);
  EXPECT_TRUE(pacer_->Bridged(line, 0, now_).ok());
  EXPECT_EQ(code(pacer_->Report(line, LineEvent::kDropped, now_)),
            Code::kFailedPrecondition);
  ASSERT_TRUE(pacer_->SetAgent(0, DialAgent::kReady, now_).ok());
  const absl::Status over = pacer_->Report(line, LineEvent::kDropped, now_);
  EXPECT_EQ(over.code(), Code::kNotFound);
  EXPECT_EQ(over.message(), "the line is over: conversation");
}

TEST_F(PacerTest, StrictCountsDropsOfAgentsWhoLeftApart) {
  PacerOptions options;
  options.campaigns.resize(1);
  options.campaigns[0].promise = DropPromise::kStrict;
  options.agents_max = 2;
  Make(options);
  Ready(2);
  EXPECT_EQ(Plan().lines, 2);
  const LineId a = Dial(), b = Dial();
  EXPECT_EQ(Plan().limit, PacingLimit::kStrict);
  ASSERT_TRUE(pacer_->SetAgent(1, DialAgent::kAway, now_).ok());
  End(a, LineEvent::kPerson);
  End(b, LineEvent::kPerson);
  ASSERT_TRUE(pacer_->Bridged(a, 0, now_).ok());
  End(b, LineEvent::kDropped);
  EXPECT_EQ(pacer_->Stats(0)->agent_left, 1u);
  EXPECT_EQ(pacer_->Stats(0)->dropped, 0u);
  EXPECT_EQ((*pacer_->Windows(0))[0].drops, 0);
  EXPECT_EQ((*pacer_->Windows(0))[0].answers, 2);
}

TEST_F(PacerTest, MachinesAreCharged) {
  Make(PacingMode::kPredictive, 3);
  ASSERT_TRUE(pacer_->Sampled(0, 1, 100, now_).ok());
  End(Dial(), LineEvent::kMachine);
  const WindowCount count = (*pacer_->Windows(0))[0];
  // Wilson's upper bound of 1 in 100, one-sided at 95 %: 4.4 %.
  EXPECT_NEAR(count.drops, 0.044, 0.001);
  EXPECT_EQ(count.answers, count.drops);
}

TEST_F(PacerTest, WindowsEndByTheirOwnClocks) {
  PacerOptions options;
  options.campaigns.resize(1);
  options.campaigns[0].windows = {
      {WindowKind::kCalendarDay},
      {WindowKind::kCalendarMonth},
      {WindowKind::kRolling, absl::Hours(24)},
      {WindowKind::kSuccessive, absl::Hours(24) * 30}};
  options.agents_max = 1;
  // 20 January 2027, 22:00 civil time, two hours ahead of `now`.
  now_ = absl::FromCivil(absl::CivilHour(2027, 1, 20, 20), absl::UTCTimeZone());
  Make(options);
  pacer_->SetWallClock(absl::Hours(2), now_);
  now_ += absl::Seconds(1);
  End(Dial(), LineEvent::kPerson);
  const auto answers = [&] {
    pacer_->Advance(now_);
    std::vector<double> found;
    const auto windows = *pacer_->Windows(0);
    for (const WindowCount& w : windows) found.push_back(w.answers);
    return found;
  };
  using Found = std::vector<double>;
  EXPECT_EQ(answers(), (Found{1, 1, 1, 1}));
  now_ += absl::Minutes(119);
  EXPECT_EQ(answers(), (Found{1, 1, 1, 1}));
  now_ += absl::Minutes(2);  // Past civil midnight.
  EXPECT_EQ(answers(), (Found{0, 1, 1, 1}));
  now_ += absl::Hours(23);
  EXPECT_EQ(answers(), (Found{0, 1, 0, 1}));
  now_ += absl::Hours(24) * 11;
  EXPECT_EQ(answers(), (Found{0, 0, 0, 1}));
  now_ += absl::Hours(24) * 30;
  EXPECT_EQ(answers(), (Found{0, 0, 0, 0}));
}

TEST_F(PacerTest, AMovedClockAgesNothing) {
  Make(PacingMode::kPredictive, 3);
  Dial();
  now_ += absl::Seconds(5);
  pacer_->Advance(now_);
  const PacingOrder before = Plan();
  now_ += absl::Hours(5);
  pacer_->RebaseClock(absl::Hours(5), now_);
  EXPECT_EQ(Plan().price, before.price);
  EXPECT_EQ(Plan().lines, before.lines);
  // An earlier time is taken as the latest.
  pacer_->Advance(now_ - absl::Hours(1));
  EXPECT_EQ(Plan().lines, before.lines);
}

TEST_F(PacerTest, TimesBeyondAllReasonDoNoHarm) {
  Make(PacingMode::kPredictive, 3);
  pacer_->SetWallClock(absl::InfiniteDuration(), now_);
  pacer_->RebaseClock(-absl::InfiniteDuration(), now_);
  pacer_->RebaseClock(absl::InfiniteDuration(), now_);
  pacer_->SetPlanEnd(absl::InfiniteFuture(), now_);
  pacer_->SetPlanEnd(absl::InfinitePast(), now_);
  pacer_->Advance(absl::InfinitePast());
  pacer_->Advance(absl::InfiniteFuture());
  EXPECT_EQ(Plan().lines, 3);
  EXPECT_TRUE(Pacer::Load(pacer_->Save()).ok());
}

TEST_F(PacerTest, KindsOfCallsAreLearnedApart) {
  PacerOptions options;
  options.campaigns.resize(1);
  options.campaigns[0].promise = DropPromise::kBudget;
  options.agents_max = 10;
  Make(options);
  Ready(1);
  LineFeatures good, bad;
  good.segment = 1;
  bad.segment = 2;
  for (int i = 0; i < 4'000; ++i) {
    const auto line = pacer_->Dialled(i % 2 == 0 ? good : bad, now_);
    ASSERT_TRUE(line.ok());
    now_ += absl::Seconds(9);
    const bool person = i % 2 == 0 ? i % 10 < 6 : i % 20 == 1;
    End(*line, person ? LineEvent::kPerson : LineEvent::kNoAnswer);
    if (person) End(*line, LineEvent::kHungUp);
  }
  Ready(10);
  // In flight, a good one stands in the way of more others than a bad one.
  const auto others = [&](const LineFeatures& kind) {
    std::vector<LineId> lines;
    for (int i = 0; i < 8; ++i) lines.push_back(*pacer_->Dialled(kind, now_));
    const int found = Plan().lines;
    for (const LineId line : lines) End(line, LineEvent::kCancelled);
    return found;
  };
  EXPECT_GT(others(bad), others(good) + 4);
}

TEST_F(PacerTest, RingTimeoutStopsWhereAnswersGetRare) {
  Make(PacingMode::kPredictive, 1);
  Teach(2'000, 3, 10);  // Answers come until 22 s, evenly.
  const auto timeout =
      pacer_->BestRingTimeout(0, absl::Seconds(15), absl::Seconds(3));
  ASSERT_TRUE(timeout.ok());
  EXPECT_GE(*timeout, absl::Seconds(15));
  EXPECT_LE(*timeout, absl::Seconds(25));
  EXPECT_FALSE(
      pacer_->BestRingTimeout(1, absl::Seconds(15), absl::Seconds(3)).ok());
}

TEST_F(PacerTest, SavedAndLoadedItGoesOnAlike) {
  Make(PacingMode::kPredictive, 5);
  Teach(300, 3, 10);
  Dial();
  const std::string saved = pacer_->Save();
  auto loaded = Pacer::Load(saved);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ((*loaded)->Save(), saved);
  std::vector<PacingOrder> orders;
  now_ += absl::Seconds(3);
  (*loaded)->Plan(now_, &orders);
  EXPECT_EQ(Plan().lines, orders[0].lines);
  EXPECT_EQ(Plan().price, orders[0].price);
  for (std::size_t cut = 0; cut < saved.size(); cut += 1 + saved.size() / 500) {
    EXPECT_FALSE(Pacer::Load(saved.substr(0, cut)).ok());
  }
  std::string damaged = saved;
  damaged[saved.size() / 2] = static_cast<char>(damaged[saved.size() / 2] ^ 1);
  EXPECT_FALSE(Pacer::Load(damaged).ok());
}

}  // namespace
}  // namespace callrouter
