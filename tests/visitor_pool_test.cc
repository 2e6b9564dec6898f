#include "callrouter/visitor_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>

namespace callrouter {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

PhoneNumber Ours(uint64_t i) { return PhoneNumber::FromValue(74950000000 + i); }

class VisitorPoolTest : public ::testing::Test {
 protected:
  void Make(uint64_t numbers, VisitorPoolOptions options = {}) {
    options_ = options;
    pool_ = *VisitorPool::Create(options, now_);
    VisitorPatch patch;
    for (uint64_t i = 0; i < numbers; ++i) patch.put.push_back(Ours(i));
    const absl::Status status = pool_->Apply(patch, now_);
    ASSERT_TRUE(status.ok()) << status;
  }
  VisitAnswer Show(uint64_t visit) {
    VisitAnswer answer;
    EXPECT_TRUE(pool_->Show(visit, now_, &answer).ok());
    return answer;
  }
  VisitCall Resolve(PhoneNumber number) {
    VisitCall call;
    EXPECT_TRUE(pool_->Resolve(number, now_, &call).ok());
    return call;
  }

  absl::Time now_ = absl::FromUnixSeconds(1'760'000'000);
  VisitorPoolOptions options_;
  std::unique_ptr<VisitorPool> pool_;
};

TEST_F(VisitorPoolTest, ACallNamesTheVisit) {
  Make(2);
  EXPECT_EQ(Show(1).number, Ours(0));
  EXPECT_EQ(Show(2).number, Ours(1));
  now_ += absl::Minutes(1);
  const VisitCall call = Resolve(Ours(0));
  EXPECT_EQ(call.found, VisitsFound::kOne);
  ASSERT_EQ(call.count, 1);
  EXPECT_EQ(call.visits[0].visit, 1u);
  EXPECT_TRUE(call.visits[0].holds);
  EXPECT_EQ(Resolve(Ours(7)).found, VisitsFound::kNotOurs);
}

TEST_F(VisitorPoolTest, TheOneShownLongestAgoIsTaken) {
  Make(3);
  for (uint64_t visit = 1; visit <= 3; ++visit) {
    Show(visit);
    now_ += absl::Seconds(10);
  }
  Show(1);  // Still there: its number was shown last.
  now_ += absl::Minutes(3);
  EXPECT_EQ(Show(4).number, Ours(1));
  EXPECT_EQ(Show(5).number, Ours(2));
  EXPECT_EQ(Show(6).number, Ours(0));
}

TEST_F(VisitorPoolTest, OfTwoVisitsBothAreNamed) {
  Make(1);
  Show(1);
  now_ += absl::Minutes(3);
  Show(2);
  now_ += absl::Minutes(1);
  const VisitCall call = Resolve(Ours(0));
  EXPECT_EQ(call.found, VisitsFound::kMany);
  ASSERT_EQ(call.count, 2);
  EXPECT_EQ(call.visits[0].visit, 2u);
  EXPECT_EQ(call.visits[1].visit, 1u);
  EXPECT_FALSE(call.visits[1].holds);
  now_ += absl::Minutes(57);  // The first is an hour ago.
  EXPECT_EQ(Resolve(Ours(0)).found, VisitsFound::kOne);
}

TEST_F(VisitorPoolTest, AVisitThatComesBackFindsItsNumber) {
  Make(2);
  EXPECT_EQ(Show(1).number, Ours(0));
  now_ += absl::Minutes(30);
  EXPECT_EQ(Show(1).number, Ours(0));
  EXPECT_EQ(pool_->stats().passed_on, 0u);
}

// Invoca: held for its lifetime at least, and then an overflow number for all
// who find none.
TEST_F(VisitorPoolTest, LifetimeAndOverflow) {
  options_.mode = HoldMode::kFixed;
  options_.hold = absl::Seconds(90);
  options_.overflow = Ours(100);
  Make(1, options_);
  Show(1);
  now_ += absl::Seconds(60);
  Show(1);  // Does not prolong it.
  const VisitAnswer answer = Show(2);
  EXPECT_TRUE(answer.overflow);
  EXPECT_EQ(answer.number, Ours(100));
  EXPECT_EQ(answer.retry_at, now_ + absl::Seconds(30));
  EXPECT_EQ(Resolve(Ours(100)).found, VisitsFound::kOverflow);
  now_ += absl::Seconds(30);
  EXPECT_EQ(Show(2).number, Ours(0));
  EXPECT_EQ(pool_->stats().overflowed, 1u);
}

// LPTracker: three minutes from the last movement of the mouse; free at once
// after the call; a call to a free number has no visit.
TEST_F(VisitorPoolTest, SlidingThreeMinutes) {
  options_.hold = options_.call_within = absl::Minutes(3);
  options_.free_after_call = true;
  Make(1, options_);
  Show(1);
  for (int i = 0; i < 5; ++i) {
    now_ += absl::Minutes(2);
    EXPECT_EQ(Show(1).number, Ours(0));
    EXPECT_TRUE(Show(2).overflow);
  }
  EXPECT_TRUE(Show(2).number.none());
  EXPECT_EQ(Resolve(Ours(0)).visits[0].visit, 1u);
  EXPECT_EQ(Show(2).number, Ours(0));
  now_ += absl::Minutes(3) + absl::Microseconds(1);
  EXPECT_EQ(Resolve(Ours(0)).found, VisitsFound::kNone);
}

TEST_F(VisitorPoolTest, TheRiskFollowsFromWhenPeopleCall) {
  Make(1);
  Show(1);
  now_ += absl::Minutes(10);
  Show(2);  // The number was last shown ten minutes ago.
  Histogram delays;
  EXPECT_EQ(pool_->MisattributionRisk(delays), 0);
  for (int minute = 1; minute <= 20; ++minute) {
    if (minute != 10)
      delays.Add(absl::ToInt64Microseconds(absl::Minutes(minute)));
  }
  EXPECT_NEAR(pool_->MisattributionRisk(delays), 10.0 / 19, 1e-9);
}

TEST_F(VisitorPoolTest, OlderVisitsThanAreListedAreSaidToBeThere) {
  options_.hold = absl::Seconds(1);
  Make(1, options_);
  for (uint64_t visit = 1; visit <= 5; ++visit) {
    Show(visit);
    now_ += absl::Seconds(1);
  }
  const VisitCall call = Resolve(Ours(0));
  EXPECT_EQ(call.count, 4);
  EXPECT_TRUE(call.more);
}

TEST_F(VisitorPoolTest, AForgottenVisitIsNeverMistakenForAnother) {
  Make(1);
  Show(1);
  now_ += absl::Minutes(3);
  Show(2);
  EXPECT_TRUE(pool_->Forget(2, now_).ok());
  const VisitCall call = Resolve(Ours(0));
  EXPECT_EQ(call.found, VisitsFound::kMany);  // Not the first visit for sure.
  EXPECT_EQ(call.count, 1);
  EXPECT_TRUE(call.more);
  EXPECT_TRUE(Show(3).overflow);  // Its hold goes on.
}

TEST_F(VisitorPoolTest, MistakesAreNamed) {
  Make(1);
  Show(1);
  VisitAnswer answer;
  VisitCall call;
  EXPECT_EQ(pool_->Show(0, now_, &answer).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(pool_->Resolve(PhoneNumber(), now_, &call).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(pool_->Apply({{}, {Ours(5)}}, now_).code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(pool_->Apply({{}, {Ours(0)}}, now_).code(),
            absl::StatusCode::kFailedPrecondition);
  const absl::Status patch =
      pool_->Apply({{PhoneNumber(), Ours(3), Ours(3)}, {}}, now_);
  EXPECT_THAT(std::string(patch.message()), HasSubstr("missing"));
  EXPECT_THAT(std::string(patch.message()), HasSubstr("twice"));
  EXPECT_EQ(pool_->stats().numbers, 1u);

  VisitorPoolOptions options;
  EXPECT_THAT(FindFaults(options), IsEmpty());
  options.hold = absl::ZeroDuration();
  options.call_within = -absl::Seconds(1);
  options.numbers_max = 0;
  EXPECT_EQ(FindFaults(options).size(), 3u);
  EXPECT_EQ(FindFaults(options)[1].path, "call_within");
  EXPECT_EQ(VisitorPool::Create(options, now_).status().message(),
            "hold: found 0, expected 1s to 24h; "
            "call_within: found -1s, expected 0 to 400 days; "
            "numbers_max: found 0, expected 1 to 1000000");
  options = VisitorPoolOptions();
  options.numbers_max = 1;
  options.overflow = Ours(9);
  Make(1, options);
  EXPECT_EQ(pool_->Apply({{Ours(9)}, {}}, now_).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(pool_->Apply({{Ours(1)}, {}}, now_).code(),
            absl::StatusCode::kResourceExhausted);
}

TEST_F(VisitorPoolTest, AClockThatJumps) {
  Make(1);
  Show(1);
  now_ -= absl::Hours(1);  // Back: counted, nothing changes.
  EXPECT_TRUE(Show(2).overflow);
  EXPECT_EQ(pool_->stats().clock_regressions, 1u);
  now_ += absl::Hours(25);  // Announced: nothing ages.
  pool_->RebaseClock(absl::Hours(24), now_);
  EXPECT_TRUE(Show(2).overflow);
  EXPECT_EQ(pool_->next_deadline(), now_ + absl::Minutes(3));
  now_ += absl::Hours(24);  // Not announced: free, and too long ago.
  EXPECT_EQ(Resolve(Ours(0)).found, VisitsFound::kNone);
  EXPECT_EQ(Show(2).number, Ours(0));
}

TEST_F(VisitorPoolTest, AShorterHoldAfterARestart) {
  Make(2);
  Show(1);
  now_ += options_.hold / 2;
  Show(2);
  std::string saved;
  pool_->Save(&saved);
  options_.hold /= 4;
  auto loaded = VisitorPool::Load(options_, saved);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  pool_ = *std::move(loaded);
  pool_->Advance(now_);
  EXPECT_EQ(pool_->stats().held, 1u);
  EXPECT_TRUE(pool_->CheckInvariants().ok());
}

TEST_F(VisitorPoolTest, DamagedBytesAreRefused) {
  Make(2);
  Show(1);
  now_ += absl::Minutes(5);
  Show(2);
  Show(3);
  std::string saved;
  pool_->Save(&saved);
  EXPECT_TRUE(VisitorPool::Load(options_, saved).ok());
  for (std::size_t i = 0; i < saved.size(); ++i) {
    std::string damaged = saved;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    EXPECT_FALSE(VisitorPool::Load(options_, damaged).ok()) << i;
    EXPECT_FALSE(VisitorPool::Load(options_, saved.substr(0, i)).ok()) << i;
  }
  options_.numbers_max = 1;
  EXPECT_FALSE(VisitorPool::Load(options_, saved).ok());
}

}  // namespace
}  // namespace callrouter
