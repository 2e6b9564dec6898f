#include "callrouter/return_calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace callrouter {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr uint32_t kAcme = 1;
constexpr uint32_t kOther = 2;
constexpr uint16_t kRenewals = 10;
constexpr uint16_t kSurvey = 11;

PhoneNumber Phone(uint64_t value) { return PhoneNumber::FromValue(value); }
const PhoneNumber kMoscow = Phone(74951111111);
const PhoneNumber kMoscow2 = Phone(74952222222);
const PhoneNumber kTheirs = Phone(74953333333);  // Of the other owner.
const PhoneNumber kAnna = Phone(79161111111);
const PhoneNumber kBoris = Phone(79162222222);

class ReturnCallsTest : public ::testing::Test {
 protected:
  void SetUp() override { Make(ReturnCallsOptions()); }
  void Make(ReturnCallsOptions options) {
    options.default_queue = 900;
    options_ = options;
    auto calls = ReturnCalls::Create(options, now_);
    ASSERT_TRUE(calls.ok()) << calls.status();
    calls_ = *std::move(calls);
    ReturnNumbersPatch patch;
    patch.put = {{kMoscow, kAcme}, {kMoscow2, kAcme}, {kTheirs, kOther}};
    ASSERT_TRUE(calls_->Apply(patch, now_).ok());
  }
  static ShownCall Call(PhoneNumber number, PhoneNumber callee, uint64_t lead,
                        uint16_t campaign = kRenewals, uint64_t agent = 0) {
    static uint64_t attempts = 0;
    return {number, callee, lead, ++attempts, agent, campaign};
  }
  void Show(const ShownCall& call) {
    const absl::Status status = calls_->Shown(call, now_);
    EXPECT_TRUE(status.ok()) << status;
  }
  ReturnAnswer Resolve(PhoneNumber number, PhoneNumber caller) {
    ReturnAnswer answer;
    EXPECT_TRUE(calls_->Resolve(number, caller, now_, &answer).ok());
    return answer;
  }

  absl::Time now_ = absl::FromUnixSeconds(1'760'000'000);
  ReturnCallsOptions options_;
  std::unique_ptr<ReturnCalls> calls_;
};

TEST_F(ReturnCallsTest, TheNumberShownAndTheCallerAreEnough) {
  const ShownCall call = Call(kMoscow, kAnna, 7, kRenewals, 42);
  Show(call);
  Show(Call(kMoscow, kBoris, 8));
  EXPECT_TRUE(calls_->Outcome(call, 3, now_).ok());
  const ReturnAnswer answer = Resolve(kMoscow, kAnna);
  EXPECT_EQ(answer.found, Found::kOne);
  EXPECT_EQ(answer.rung, ReturnRung::kCallerAndNumber);
  ASSERT_EQ(answer.candidates.size(), 1u);
  EXPECT_EQ(answer.candidates[0].lead, 7u);
  EXPECT_EQ(answer.candidates[0].attempt, call.attempt);
  EXPECT_EQ(answer.candidates[0].campaign, kRenewals);
  EXPECT_EQ(answer.candidates[0].agent, 42u);
  EXPECT_EQ(answer.candidates[0].outcome, 3);
  EXPECT_EQ(answer.candidates[0].shown, now_);
  EXPECT_EQ(answer.queue, 900u);
}

TEST_F(ReturnCallsTest, TwoCampaignsThatSharedANumberAreBothNamed) {
  Show(Call(kMoscow, kAnna, 7, kRenewals));
  now_ += absl::Hours(1);
  Show(Call(kMoscow, kAnna, 7, kSurvey));
  const ReturnAnswer answer = Resolve(kMoscow, kAnna);
  EXPECT_EQ(answer.found, Found::kMany);
  EXPECT_TRUE(answer.conflict);
  ASSERT_EQ(answer.candidates.size(), 2u);
  EXPECT_EQ(answer.candidates[0].campaign, kSurvey);  // The latest first.
}

TEST_F(ReturnCallsTest, RedialsOfAnOlderNumberOfTheOwnerAreFound) {
  Show(Call(kMoscow2, kAnna, 7));
  const ReturnAnswer answer = Resolve(kMoscow, kAnna);
  EXPECT_EQ(answer.found, Found::kOne);
  EXPECT_EQ(answer.rung, ReturnRung::kCallerAndOwner);
  EXPECT_EQ(answer.candidates[0].number, kMoscow2);
  // Another owner's business is nobody else's.
  EXPECT_EQ(Resolve(kTheirs, kAnna).found, Found::kNone);
}

TEST_F(ReturnCallsTest, AMainLineCallsForItsExtensions) {
  const PhoneNumber main_line = Phone(78120000000);
  Show(Call(kMoscow, kAnna, 7));
  ASSERT_TRUE(calls_->AddAlias(main_line, kAnna, now_).ok());
  ReturnAnswer answer = Resolve(kMoscow, main_line);
  EXPECT_EQ(answer.found, Found::kOne);
  EXPECT_EQ(answer.rung, ReturnRung::kAlias);
  EXPECT_EQ(answer.candidates[0].lead, 7u);
  Show(Call(kMoscow, kBoris, 8));
  ASSERT_TRUE(calls_->AddAlias(main_line, kBoris, now_).ok());
  EXPECT_EQ(Resolve(kMoscow, main_line).found, Found::kMany);
  ASSERT_TRUE(calls_->RemoveAlias(main_line, kBoris, now_).ok());
  EXPECT_EQ(Resolve(kMoscow, main_line).found, Found::kOne);
}

TEST_F(ReturnCallsTest, AWithheldCallerIsNeverSilentlyPicked) {
  options_.recent_max = 2;
  Make(options_);
  for (uint64_t lead = 1; lead <= 5; ++lead) {
    Show(Call(kMoscow, Phone(79160000000 + lead), lead));
    now_ += absl::Minutes(1);
  }
  const ReturnAnswer answer = Resolve(kMoscow, PhoneNumber());
  EXPECT_EQ(answer.found, Found::kMany);
  EXPECT_EQ(answer.rung, ReturnRung::kNumberOnly);
  ASSERT_EQ(answer.candidates.size(), 2u);
  EXPECT_EQ(answer.candidates[0].lead, 5u);
  EXPECT_EQ(answer.more, 3u);
  EXPECT_EQ(answer.queue, 900u);
}

TEST_F(ReturnCallsTest, NeverDead) {
  EXPECT_EQ(Resolve(kMoscow, kAnna).queue, 900u);
  EXPECT_EQ(Resolve(kMoscow, kAnna).rung, ReturnRung::kDefaultQueue);
  ASSERT_TRUE(calls_->SetOwnerQueue(kAcme, 100, now_).ok());
  EXPECT_EQ(Resolve(kMoscow, kAnna).queue, 100u);
  EXPECT_EQ(Resolve(kMoscow, kAnna).rung, ReturnRung::kNumberQueue);
  ReturnAnswer answer = Resolve(Phone(74990000000), kAnna);  // Not ours.
  EXPECT_FALSE(answer.known_number);
  EXPECT_EQ(answer.queue, 900u);
  answer = Resolve(kMoscow, kMoscow2);
  EXPECT_EQ(answer.rung, ReturnRung::kLoop);
  EXPECT_EQ(answer.found, Found::kNone);
}

// Ways of returning a call that other systems have.

// LiveVox: one inbound service for each package of numbers.
TEST_F(ReturnCallsTest, OneServiceForAPackage) {
  ReturnNumbersPatch patch;
  patch.put = {{kMoscow, kAcme, 501}, {kMoscow2, kAcme, 501}};
  ASSERT_TRUE(calls_->Apply(patch, now_).ok());
  EXPECT_EQ(Resolve(kMoscow, kAnna).queue, 501u);
  EXPECT_EQ(Resolve(kMoscow2, kBoris).queue, 501u);
  EXPECT_EQ(Resolve(kTheirs, kBoris).queue, 900u);
}

// LeadDesk: to the queue, or to the agent whose number it is.
TEST_F(ReturnCallsTest, TheAgentANumberBelongsTo) {
  ReturnNumbersPatch patch;
  patch.put = {{kMoscow, kAcme, 501, 42}};
  ASSERT_TRUE(calls_->Apply(patch, now_).ok());
  const ReturnAnswer answer = Resolve(kMoscow, PhoneNumber());
  EXPECT_EQ(answer.agent, 42u);
  EXPECT_EQ(answer.queue, 501u);
}

// Insellerate: to whoever called this person last, whichever the number.
TEST_F(ReturnCallsTest, TheLastOneWhoCalledThem) {
  Show(Call(kMoscow2, kAnna, 7, kRenewals, 42));
  now_ += absl::Hours(1);
  Show(Call(kMoscow, kAnna, 7, kRenewals));  // Nobody: it rang out.
  EXPECT_EQ(Resolve(kTheirs, kAnna).candidates.size(), 0u);
  ASSERT_TRUE(calls_->Apply({{{Phone(74954444444), kAcme}}, {}}, now_).ok());
  const ReturnAnswer answer = Resolve(Phone(74954444444), kAnna);
  EXPECT_EQ(answer.found, Found::kOne);
  EXPECT_EQ(answer.candidates[0].agent, 42u);
  EXPECT_EQ(answer.candidates[0].number, kMoscow);
}

// Call tracking with a number for each source.
TEST_F(ReturnCallsTest, ANumberStandsForItsSource) {
  ASSERT_TRUE(calls_->Apply({{{kMoscow, kAcme, 0, 0, 77}}, {}}, now_).ok());
  EXPECT_EQ(Resolve(kMoscow, kAnna).source, 77u);
}

// Convoso: a number is held for 30 days after its last outbound call.
TEST_F(ReturnCallsTest, ANumberIsHeldWhilePeopleMayRingItBack) {
  EXPECT_EQ(*calls_->ReleasableAt(kMoscow), absl::InfinitePast());
  Show(Call(kMoscow, kAnna, 7));
  now_ += absl::Hours(24 * 20);
  Show(Call(kMoscow, kBoris, 8));
  const absl::Status held = calls_->Apply({{}, {kMoscow}}, now_);
  EXPECT_EQ(held.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(held.message()), HasSubstr("shown to 2"));
  now_ += absl::Hours(24 * 30);
  EXPECT_EQ(Resolve(kMoscow, kBoris).found, Found::kOne);
  // Anna is a stranger again, and not taken for Boris.
  const ReturnAnswer anna = Resolve(kMoscow, kAnna);
  EXPECT_EQ(anna.rung, ReturnRung::kNumberOnly);
  EXPECT_EQ(anna.found, Found::kMany);
  EXPECT_EQ(*calls_->ReleasableAt(kMoscow), now_ + absl::Seconds(1));
  now_ += absl::Seconds(1);
  EXPECT_TRUE(calls_->Apply({{}, {kMoscow}}, now_).ok());
  EXPECT_EQ(calls_->ReleasableAt(kMoscow).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(ReturnCallsTest, CampaignAsItWasWhenShown) {
  Show(Call(kMoscow, kAnna, 7, kRenewals));
  ASSERT_TRUE(calls_->Apply({{{kMoscow, kOther, 501}}, {}}, now_).ok());
  EXPECT_EQ(Resolve(kMoscow, kAnna).candidates[0].campaign, kRenewals);
}

TEST_F(ReturnCallsTest, OptOutsHoldForContactAndOwner) {
  ASSERT_TRUE(calls_->OptOut(kAnna, kAcme, now_).ok());
  EXPECT_TRUE(calls_->OptedOut(kAnna, kAcme));
  EXPECT_FALSE(calls_->OptedOut(kAnna, kOther));
  EXPECT_TRUE(Resolve(kMoscow, kAnna).opted_out);
  EXPECT_FALSE(Resolve(kTheirs, kAnna).opted_out);
  ASSERT_TRUE(calls_->Forget(kAnna, now_).ok());
  EXPECT_TRUE(calls_->OptedOut(kAnna, kAcme));
  ASSERT_TRUE(calls_->WithdrawOptOut(kAnna, kAcme, now_).ok());
  EXPECT_FALSE(Resolve(kMoscow, kAnna).opted_out);
}

TEST_F(ReturnCallsTest, ForgettingLeavesNothingOfAPerson) {
  Show(Call(kMoscow, kAnna, 7));
  Show(Call(kMoscow2, kAnna, 7));
  Show(Call(kMoscow, kBoris, 8));
  ASSERT_TRUE(calls_->AddAlias(kBoris, kAnna, now_).ok());
  ASSERT_TRUE(calls_->AddAlias(kAnna, kBoris, now_).ok());
  ASSERT_TRUE(calls_->Forget(kAnna, now_).ok());
  EXPECT_EQ(calls_->stats().entries, 1u);
  EXPECT_EQ(calls_->stats().aliases, 0u);
  std::string saved;
  calls_->Save(&saved);
  const uint64_t digits = kAnna.value();
  const std::string bytes(reinterpret_cast<const char*>(&digits), 8);
  EXPECT_EQ(saved.find(bytes), std::string::npos);
}

TEST_F(ReturnCallsTest, WithAHashKeyNoPhoneNumberOfAPersonIsKept) {
  options_.hash_key = {1, 2};
  Make(options_);
  Show(Call(kMoscow, kAnna, 7));
  ASSERT_TRUE(calls_->AddAlias(kBoris, kAnna, now_).ok());
  ASSERT_TRUE(calls_->OptOut(kAnna, kAcme, now_).ok());
  EXPECT_EQ(Resolve(kMoscow, kAnna).found, Found::kOne);
  EXPECT_EQ(Resolve(kMoscow, kBoris).rung, ReturnRung::kAlias);
  std::string saved;
  calls_->Save(&saved);
  for (const PhoneNumber person : {kAnna, kBoris}) {
    const uint64_t digits = person.value();
    const std::string bytes(reinterpret_cast<const char*>(&digits), 8);
    EXPECT_EQ(saved.find(bytes), std::string::npos);
  }
  EXPECT_TRUE(ReturnCalls::Load(options_, saved).ok());
  options_.hash_key = {1, 3};
  EXPECT_FALSE(ReturnCalls::Load(options_, saved).ok());
}

TEST_F(ReturnCallsTest, ATestPhoneShownToEverybodyNeverLooksLikeOneLead) {
  options_.per_callee_max = 2;
  Make(options_);
  Show(Call(kMoscow, kAnna, 1));
  Show(Call(kMoscow2, kAnna, 2));
  EXPECT_EQ(Resolve(kMoscow, kAnna).found, Found::kOne);
  now_ += absl::Seconds(1);
  Show(Call(kMoscow2, kAnna, 3));  // Lead 1 is dropped.
  now_ += absl::Seconds(1);
  Show(Call(kMoscow, kAnna, 4));  // Lead 2.
  const ReturnAnswer answer = Resolve(kMoscow, kAnna);
  EXPECT_EQ(answer.found, Found::kMany);
  EXPECT_EQ(answer.candidates.size(), 1u);
  EXPECT_EQ(answer.more, 1u);
}

TEST_F(ReturnCallsTest, AtTheLimitTheHostIsToldAndNothingIsLost) {
  options_.entries_max = 1;
  Make(options_);
  Show(Call(kMoscow, kAnna, 7));
  const absl::Status full = calls_->Shown(Call(kMoscow, kBoris, 8), now_);
  EXPECT_EQ(full.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(full.message()), HasSubstr("limit of 1 "));
  EXPECT_EQ(Resolve(kMoscow, kAnna).found, Found::kOne);
  EXPECT_EQ(calls_->stats().refused, 1u);
}

TEST_F(ReturnCallsTest, BadInputIsNamedAndChangesNothing) {
  const auto code = [&](const ShownCall& call) {
    return calls_->Shown(call, now_).code();
  };
  EXPECT_EQ(code({}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(Call(kMoscow, kMoscow2, 7)),
            absl::StatusCode::kInvalidArgument);  // A loop.
  EXPECT_EQ(code(Call(kMoscow, kAnna, 0)), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(Call(kAnna, kBoris, 7)), absl::StatusCode::kNotFound);
  EXPECT_EQ(calls_->stats().entries, 0u);
  ReturnAnswer answer;
  EXPECT_EQ(calls_->Resolve(PhoneNumber(), kAnna, now_, &answer).code(),
            absl::StatusCode::kInvalidArgument);

  const ShownCall first = Call(kMoscow, kAnna, 7);
  Show(first);
  Show(Call(kMoscow, kAnna, 7));
  EXPECT_EQ(calls_->Outcome(first, 1, now_).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(calls_->Outcome(Call(kMoscow, kBoris, 8), 1, now_).code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(calls_->AddAlias(kAnna, kAnna, now_).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(calls_->RemoveAlias(kAnna, kBoris, now_).code(),
            absl::StatusCode::kNotFound);

  const absl::Status patch = calls_->Apply(
      {{{PhoneNumber(), kAcme}, {kBoris, kAcme}, {kBoris, kAcme}}, {}}, now_);
  EXPECT_THAT(std::string(patch.message()), HasSubstr("missing"));
  EXPECT_THAT(std::string(patch.message()), HasSubstr("twice"));
  EXPECT_EQ(calls_->stats().numbers, 3u);
  EXPECT_TRUE(calls_->CheckInvariants().ok());
}

TEST_F(ReturnCallsTest, EveryFaultOfTheOptionsIsListed) {
  ReturnCallsOptions options;
  EXPECT_THAT(FindFaults(options), IsEmpty());
  options.keep = absl::ZeroDuration();
  options.entries_max = 0;
  options.per_callee_max = 1;
  EXPECT_EQ(FindFaults(options).size(), 3u);
  EXPECT_EQ(FindFaults(options)[1].path, "entries_max");
  const absl::Status status = ReturnCalls::Create(options, now_).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(),
            "keep: found 0, expected 1s to 400 days; "
            "entries_max: found 0, expected 1 to 100000000; "
            "per_callee_max: found 1, expected 2 to 1024");
}

TEST_F(ReturnCallsTest, AClockThatJumps) {
  Show(Call(kMoscow, kAnna, 7));
  now_ -= absl::Hours(1);  // Back: taken as the latest, and counted.
  EXPECT_EQ(Resolve(kMoscow, kAnna).candidates[0].shown, now_ + absl::Hours(1));
  EXPECT_EQ(calls_->stats().clock_regressions, 1u);
  now_ += absl::Hours(25);  // Forward by a day: 29 days are left.
  EXPECT_EQ(Resolve(kMoscow, kAnna).found, Found::kOne);
  EXPECT_EQ(calls_->next_deadline(),
            now_ + absl::Hours(24 * 29) + absl::Seconds(1));
  now_ += absl::Hours(24 * 365);  // Announced: nothing ages.
  calls_->RebaseClock(absl::Hours(24 * 365), now_);
  EXPECT_EQ(Resolve(kMoscow, kAnna).found, Found::kOne);
  EXPECT_EQ(Resolve(kMoscow, kAnna).candidates[0].shown,
            now_ - absl::Hours(24));
}

TEST_F(ReturnCallsTest, DamagedBytesAreRefused) {
  Show(Call(kMoscow, kAnna, 7));
  ASSERT_TRUE(calls_->SetOwnerQueue(0, 5, now_).ok());
  ASSERT_TRUE(calls_->AddAlias(kBoris, kAnna, now_).ok());
  std::string saved, again;
  calls_->Save(&saved);
  auto loaded = ReturnCalls::Load(options_, saved);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  (*loaded)->Save(&again);
  EXPECT_EQ(saved, again);
  for (std::size_t i = 0; i < saved.size(); ++i) {
    std::string damaged = saved;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    EXPECT_FALSE(ReturnCalls::Load(options_, damaged).ok()) << i;
    EXPECT_FALSE(ReturnCalls::Load(options_, saved.substr(0, i)).ok()) << i;
  }
  options_.numbers_max = 2;
  EXPECT_FALSE(ReturnCalls::Load(options_, saved).ok());
}

}  // namespace
}  // namespace callrouter
