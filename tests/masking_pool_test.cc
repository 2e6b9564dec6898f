#include "callrouter/masking_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>

namespace callrouter {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

PhoneNumber Phone(uint64_t value) { return PhoneNumber::FromValue(value); }
PhoneNumber Ours(uint64_t i) { return Phone(74950000000 + i); }
const PhoneNumber kCourier = Phone(79161111111);
const PhoneNumber kAnna = Phone(79162222222);
const PhoneNumber kBoris = Phone(79163333333);

class MaskingPoolTest : public ::testing::Test {
 protected:
  void Make(uint64_t numbers, MaskingPoolOptions options = {}) {
    options_ = options;
    pool_ = *MaskingPool::Create(options, now_);
    MaskingPatch patch;
    for (uint64_t i = 0; i < numbers; ++i) patch.put.push_back({Ours(i)});
    const absl::Status status = pool_->Apply(patch, now_);
    ASSERT_TRUE(status.ok()) << status;
  }
  MaskingAnswer Open(uint64_t session, PhoneNumber a, PhoneNumber b,
                     PhoneNumber wanted = {}) {
    MaskingAnswer answer;
    const absl::Status status =
        pool_->Open({session, a, b, wanted}, now_, &answer);
    EXPECT_TRUE(status.ok()) << status;
    return answer;
  }
  void Close(uint64_t session) {
    EXPECT_TRUE(pool_->Close(session, now_).ok());
  }
  MaskedCall Resolve(PhoneNumber number, PhoneNumber caller) {
    MaskedCall call;
    EXPECT_TRUE(pool_->Resolve(number, caller, now_, &call).ok());
    return call;
  }

  absl::Time now_ = absl::FromUnixSeconds(1'760'000'000);
  MaskingPoolOptions options_;
  std::unique_ptr<MaskingPool> pool_;
};

TEST_F(MaskingPoolTest, EachReachesTheOtherThroughTheNumber) {
  Make(2);
  EXPECT_EQ(Open(1, kCourier, kAnna).number, Ours(0));
  EXPECT_EQ(Open(2, kCourier, kBoris).number, Ours(1));
  EXPECT_EQ(Resolve(Ours(0), kCourier).other, kAnna);
  EXPECT_EQ(Resolve(Ours(1), kCourier).other, kBoris);
  EXPECT_EQ(Resolve(Ours(0), kAnna).other, kCourier);
  EXPECT_EQ(Resolve(Ours(0), kAnna).session, 1u);
  // One number serves sessions of different people.
  EXPECT_EQ(Open(3, kAnna, kBoris).none, NoMask::kAllTaken);
  EXPECT_EQ(Open(3, Phone(79160000001), Phone(79160000002)).number, Ours(0));
}

TEST_F(MaskingPoolTest, StrangersReachNobody) {
  Make(1);
  Open(1, kCourier, kAnna);
  EXPECT_EQ(Resolve(Ours(0), kBoris).by, MaskedBy::kNobody);
  EXPECT_EQ(Resolve(Ours(0), PhoneNumber()).by, MaskedBy::kNobody);
  EXPECT_EQ(Resolve(Ours(5), kAnna).by, MaskedBy::kNotOurs);
}

TEST_F(MaskingPoolTest, ALateCallNeverReachesTheNextOne) {
  Make(1);
  Open(1, kCourier, kAnna);
  now_ += absl::Hours(1);
  Close(1);
  const MaskingAnswer none = Open(2, kCourier, kBoris);
  EXPECT_EQ(none.none, NoMask::kAllTaken);
  EXPECT_EQ(none.retry_at, now_ + absl::Hours(24));
  const MaskedCall late = Resolve(Ours(0), kAnna);
  EXPECT_EQ(late.by, MaskedBy::kQuarantine);
  EXPECT_EQ(late.session, 1u);
  now_ = none.retry_at;
  EXPECT_EQ(Open(2, kCourier, kBoris).number, Ours(0));
  EXPECT_EQ(Resolve(Ours(0), kAnna).by, MaskedBy::kNobody);
}

TEST_F(MaskingPoolTest, TimeToLiveCountsFromTheLastCall) {
  options_.time_to_live = absl::Minutes(10);
  Make(1, options_);
  Open(1, kCourier, kAnna);
  now_ += absl::Minutes(9);
  EXPECT_EQ(Resolve(Ours(0), kAnna).by, MaskedBy::kSession);
  now_ += absl::Minutes(9);
  EXPECT_TRUE(pool_->Touch(1, now_).ok());
  now_ += absl::Minutes(10);
  EXPECT_EQ(pool_->next_deadline(), now_);
  EXPECT_EQ(pool_->Touch(1, now_).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Resolve(Ours(0), kAnna).by, MaskedBy::kQuarantine);
  // However late it is noticed.
  EXPECT_EQ(pool_->next_deadline(), now_ + absl::Hours(24));
}

// Twilio Proxy: prefer-sticky.
TEST_F(MaskingPoolTest, TheSameTwoGetTheSameNumberAgain) {
  options_.sticky = PairSticky::kPrefer;
  Make(3, options_);
  Open(1, kCourier, kAnna);
  const PhoneNumber number = Open(2, kCourier, kBoris).number;
  EXPECT_EQ(number, Ours(1));
  Close(1);
  Close(2);
  // In quarantine still, but for these two there is no stranger to reach.
  const MaskingAnswer again = Open(3, kBoris, kCourier);
  EXPECT_EQ(again.number, number);
  EXPECT_TRUE(again.again);
  Close(3);
  now_ += absl::Hours(24 * 29);
  EXPECT_EQ(Open(4, kCourier, kBoris).number, number);
  Close(4);
  now_ += absl::Hours(24 * 30);  // Forgotten: the first that is free.
  EXPECT_EQ(Open(5, kCourier, kBoris).number, Ours(0));
}

// Twilio Proxy: avoid-sticky.
TEST_F(MaskingPoolTest, TheSameTwoGetAnotherNumber) {
  options_.sticky = PairSticky::kAvoid;
  options_.quarantine = absl::ZeroDuration();
  Make(2, options_);
  EXPECT_EQ(Open(1, kCourier, kAnna).number, Ours(0));
  Close(1);
  EXPECT_EQ(Open(2, kAnna, kCourier).number, Ours(1));
  Close(2);
  EXPECT_EQ(Open(3, kCourier, kAnna).number, Ours(0));
  Open(4, kCourier, kBoris);
  Close(3);
  const MaskingAnswer again = Open(5, kCourier, kAnna);  // There is no other.
  EXPECT_EQ(again.number, Ours(0));
  EXPECT_TRUE(again.again);
}

// Twilio Proxy: reserved numbers; errors 80206 and 80207 by name.
TEST_F(MaskingPoolTest, ReservedNumbersAreForThoseWhoWantThem) {
  Make(1);
  ASSERT_TRUE(pool_->Apply({{{Ours(1), true}}, {}}, now_).ok());
  EXPECT_EQ(Open(1, kCourier, kAnna).number, Ours(0));
  EXPECT_EQ(Open(2, kCourier, kBoris).none, NoMask::kOnlyReserved);
  EXPECT_EQ(Open(2, kCourier, kBoris, Ours(1)).number, Ours(1));
  EXPECT_EQ(Open(3, kCourier, Phone(79160000001)).none, NoMask::kAllTaken);
  EXPECT_EQ(Open(3, kCourier, Phone(79160000001), Ours(1)).none,
            NoMask::kWantedTaken);
  EXPECT_EQ(Open(3, kCourier, Phone(79160000001), Ours(9)).none,
            NoMask::kWantedUnknown);
}

TEST_F(MaskingPoolTest, ARemovedNumberServesItsSessionsFirst) {
  options_.quarantine = absl::Minutes(1);
  Make(1, options_);
  Open(1, kCourier, kAnna);
  ASSERT_TRUE(pool_->Apply({{}, {Ours(0)}}, now_).ok());
  EXPECT_EQ(Resolve(Ours(0), kAnna).by, MaskedBy::kSession);
  EXPECT_EQ(Open(2, kBoris, Phone(79160000001)).none, NoMask::kAllTaken);
  Close(1);
  now_ += absl::Minutes(1);
  EXPECT_EQ(Resolve(Ours(0), kAnna).by, MaskedBy::kNotOurs);
}

TEST_F(MaskingPoolTest, TheReportSaysWhatToBuy) {
  Make(20);
  for (uint64_t i = 0; i < 20; ++i) Open(i + 1, kCourier, Phone(79160000 + i));
  for (uint64_t i = 0; i < 5; ++i) Close(i + 1);
  const MaskingReport report = pool_->Report();
  EXPECT_EQ(report.open, 15u);
  EXPECT_EQ(report.quarantined, 5u);
  EXPECT_EQ(report.parties, 21u);
  EXPECT_EQ(report.degree, 20);
  EXPECT_EQ(report.degree_p99, 20);
  EXPECT_EQ(report.to_buy, 2);  // 22 in all.
}

TEST_F(MaskingPoolTest, RepeatsAndMistakes) {
  Make(2);
  EXPECT_EQ(Open(1, kCourier, kAnna).number, Ours(0));
  EXPECT_EQ(Open(1, kCourier, kAnna).number, Ours(0));
  MaskingAnswer answer;
  const auto code = [&](const MaskingRequest& request) {
    return pool_->Open(request, now_, &answer).code();
  };
  EXPECT_EQ(code({1, kCourier, kBoris, {}}), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(code({0, kCourier, kBoris, {}}),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({2, kCourier, kCourier, {}}),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({2, kCourier, PhoneNumber(), {}}),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({2, kCourier, Ours(1), {}}),  // A loop.
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(pool_->Close(7, now_).code(), absl::StatusCode::kNotFound);
  Close(1);
  Close(1);
  EXPECT_EQ(code({1, kCourier, kAnna, {}}),
            absl::StatusCode::kFailedPrecondition);
  MaskedCall call;
  EXPECT_EQ(pool_->Resolve(PhoneNumber(), kAnna, now_, &call).code(),
            absl::StatusCode::kInvalidArgument);
  const absl::Status patch = pool_->Apply(
      {{{PhoneNumber()}, {Ours(7)}, {Ours(7)}, {kAnna}}, {}}, now_);
  EXPECT_EQ(patch.code(), absl::StatusCode::kInvalidArgument);
  for (const char* fault : {"missing", "twice", "in a session"}) {
    EXPECT_THAT(std::string(patch.message()), HasSubstr(fault));
  }
  EXPECT_TRUE(pool_->CheckInvariants().ok());
}

TEST_F(MaskingPoolTest, LimitsAreSaidAndNothingIsLost) {
  options_.sessions_max = 1;
  options_.numbers_max = 2;
  Make(2, options_);
  Open(1, kCourier, kAnna);
  MaskingAnswer answer;
  EXPECT_EQ(pool_->Open({2, kCourier, kBoris, {}}, now_, &answer).code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(pool_->Apply({{{Ours(2)}}, {}}, now_).code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(Resolve(Ours(0), kAnna).by, MaskedBy::kSession);
  MaskingPoolOptions options;
  EXPECT_THAT(FindFaults(options), IsEmpty());
  options.time_to_live = absl::ZeroDuration();
  options.quarantine = -absl::Seconds(1);
  options.sessions_max = 0;
  EXPECT_EQ(FindFaults(options).size(), 3u);
  EXPECT_EQ(FindFaults(options)[2].path, "sessions_max");
  EXPECT_EQ(MaskingPool::Create(options, now_).status().message(),
            "time_to_live: found 0, expected 1s to 400 days or infinite; "
            "quarantine: found -1s, expected 0 to 400 days; "
            "sessions_max: found 0, expected 1 to 100000000");
}

TEST_F(MaskingPoolTest, ForgettingAPersonKeepsTheOthersSafe) {
  options_.sticky = PairSticky::kPrefer;
  Make(1, options_);
  Open(1, kCourier, kAnna);
  EXPECT_EQ(pool_->Forget(kAnna, now_).code(),
            absl::StatusCode::kFailedPrecondition);
  Close(1);
  EXPECT_TRUE(pool_->Forget(kAnna, now_).ok());
  std::string saved;
  pool_->Save(&saved);
  const uint64_t digits = kAnna.value();
  const std::string bytes(reinterpret_cast<const char*>(&digits), 8);
  EXPECT_EQ(saved.find(bytes), std::string::npos);
  const MaskedCall late = Resolve(Ours(0), kCourier);
  EXPECT_EQ(late.by, MaskedBy::kQuarantine);
  EXPECT_TRUE(late.other.none());
  EXPECT_EQ(Open(2, kCourier, kBoris).none, NoMask::kAllTaken);
}

TEST_F(MaskingPoolTest, AClockThatJumps) {
  options_.time_to_live = absl::Hours(2);
  Make(1, options_);
  Open(1, kCourier, kAnna);
  now_ -= absl::Hours(1);  // Back: counted, nothing changes.
  EXPECT_EQ(Resolve(Ours(0), kAnna).by, MaskedBy::kSession);
  EXPECT_EQ(pool_->stats().clock_regressions, 1u);
  now_ += absl::Hours(25);  // Announced: nothing ages.
  pool_->RebaseClock(absl::Hours(24), now_);
  EXPECT_EQ(pool_->next_deadline(), now_ + absl::Hours(2));
  now_ += absl::Hours(24);  // Not announced: over for 22 hours.
  EXPECT_EQ(Resolve(Ours(0), kAnna).by, MaskedBy::kQuarantine);
  EXPECT_EQ(pool_->next_deadline(), now_ + absl::Hours(2));
}

TEST_F(MaskingPoolTest, AShorterTimeToLiveAfterARestart) {
  options_.sticky = PairSticky::kPrefer;
  Make(3, options_);
  Open(1, kCourier, kAnna);
  now_ += absl::Hours(3);
  Open(2, kCourier, kBoris);
  Close(2);
  std::string saved;
  pool_->Save(&saved);
  options_.time_to_live = absl::Hours(1);
  auto loaded = MaskingPool::Load(options_, saved);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  pool_ = *std::move(loaded);
  EXPECT_EQ(Resolve(Ours(0), kAnna).by, MaskedBy::kQuarantine);
  EXPECT_TRUE(pool_->CheckInvariants().ok());
  now_ += options_.quarantine;  // As long as if it had ended just now.
  pool_->Advance(now_);
  EXPECT_EQ(pool_->Report().quarantined, 0u);
}

TEST_F(MaskingPoolTest, DamagedBytesAreRefused) {
  options_.sticky = PairSticky::kPrefer;
  Make(3, options_);
  Open(1, kCourier, kAnna);
  Open(2, kCourier, kBoris);
  Close(2);
  std::string saved;
  pool_->Save(&saved);
  EXPECT_TRUE(MaskingPool::Load(options_, saved).ok());
  for (std::size_t i = 0; i < saved.size(); ++i) {
    std::string damaged = saved;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    EXPECT_FALSE(MaskingPool::Load(options_, damaged).ok()) << i;
    EXPECT_FALSE(MaskingPool::Load(options_, saved.substr(0, i)).ok()) << i;
  }
  options_.sessions_max = 1;
  EXPECT_FALSE(MaskingPool::Load(options_, saved).ok());
}

}  // namespace
}  // namespace callrouter
