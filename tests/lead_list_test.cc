// The list of leads, rule by rule.

#include "callrouter/lead_list.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace callrouter {
namespace {

// Monday, 2026-03-02, 12:00 UTC.
const absl::Time kNoon = absl::FromUnixSeconds(1'772'452'800);

DialCap Cap(DialScope scope, DialEvent event, int32_t limit, CapAction action,
            absl::Duration rolling = absl::ZeroDuration()) {
  DialCap cap;
  cap.name = "a cap";
  cap.scope = scope;
  cap.event = event;
  cap.limit = limit;
  cap.action = action;
  cap.rolling = rolling;
  cap.window = rolling == absl::ZeroDuration() ? DialWindow::kLife
                                               : DialWindow::kRolling;
  return cap;
}

RedialRule Row(std::vector<std::string> names, RedialAction action,
               std::vector<absl::Duration> delays) {
  RedialRule row;
  row.dispositions = std::move(names);
  row.action = action;
  row.delays = std::move(delays);
  return row;
}

DialRules Rules() {
  DialRules rules;
  rules.zones = {{"utc", {{absl::InfinitePast(), 0}}}};
  rules.places = {{"here", {"utc"}, {"7"}}};
  DialLaw law;
  law.name = "law";
  law.source = "made up";
  law.as_of = "2026-01-31";
  for (int day = 0; day < 7; ++day) {
    law.open.push_back({day, 9 * 60, 18 * 60});
  }
  rules.laws = {law};
  rules.guards = {{"guard", {"7"}, {"7809"}}};
  rules.dispositions = {{"no answer", DialResult::kNoAnswer},
                        {"failed", DialResult::kFailure},
                        {"talked", DialResult::kConversation},
                        {"later", DialResult::kCallback},
                        {"never", DialResult::kRefused}};
  DialCampaign campaign;
  campaign.name = "campaign";
  campaign.guard = "guard";
  campaign.laws = {"law"};
  campaign.redial = {
      Row({"failed"}, RedialAction::kSame, {absl::Minutes(1), absl::Hours(1)}),
      Row({"talked", "never"}, RedialAction::kDone, {}),
      Row({}, RedialAction::kNext, {absl::Minutes(10)})};
  rules.campaigns = {campaign};
  rules.lists = {{"list", "campaign"}};
  return rules;
}

class LeadListTest : public ::testing::Test {
 protected:
  void Make(const DialRules& rules) {
    auto made = LeadList::Create(LeadListOptions(), rules, now_);
    ASSERT_TRUE(made.ok()) << made.status();
    leads_ = *std::move(made);
  }
  LeadConfig Lead(uint64_t ref, std::vector<uint64_t> numbers) {
    LeadConfig lead;
    lead.lead = ref;
    lead.list = "list";
    for (const uint64_t number : numbers) {
      lead.numbers.push_back({PhoneNumber::FromValue(number)});
    }
    return lead;
  }
  void Put(uint64_t ref, std::vector<uint64_t> numbers) {
    const absl::Status status =
        leads_->Put(Lead(ref, std::move(numbers)), now_);
    ASSERT_TRUE(status.ok()) << status;
  }
  LeadRequest Request(uint64_t agent = 0) {
    LeadRequest request;
    request.attempt = ++attempt_;
    request.campaign = "campaign";
    request.agent = agent;
    return request;
  }
  // The lead that is next, 0 if none is; the attempt is attempt_.
  uint64_t Next(uint64_t agent = 0) {
    const absl::Status status = leads_->Next(Request(agent), now_, &choice_);
    EXPECT_TRUE(status.ok()) << status;
    return choice_.lead;
  }
  absl::Status Report(const std::string& how,
                      const LeadCallback* callback = nullptr) {
    return leads_->Report(attempt_, how, now_, callback);
  }
  std::vector<LeadReason> WhyNot(uint64_t lead) {
    std::vector<LeadReason> reasons;
    LeadRequest request;
    request.campaign = "campaign";
    EXPECT_TRUE(leads_->WhyNot(lead, request, now_, &reasons).ok());
    return reasons;
  }

  absl::Time now_ = kNoon;
  std::unique_ptr<LeadList> leads_;
  LeadChoice choice_;
  uint64_t attempt_ = 0;
};

TEST_F(LeadListTest, TheOldStandardOfThreeAttemptsIsACap) {
  DialRules rules = Rules();
  rules.campaigns[0].caps = {
      Cap(DialScope::kLead, DialEvent::kAttempt, 3, CapAction::kStop)};
  Make(rules);
  Put(1, {74951234567, 79991234567});
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(Next(), 1u) << i;
    // The rule says: the next number.
    EXPECT_EQ(choice_.number.value(), i == 1 ? 79991234567u : 74951234567u);
    ASSERT_TRUE(Report("no answer").ok());
    EXPECT_EQ(Next(), 0u);
    EXPECT_EQ(choice_.retry_at, i < 2 ? now_ + absl::Minutes(10)
                                      : absl::FromUnixSeconds(1'772'474'400));
    now_ += absl::Minutes(10);
  }
  EXPECT_EQ(leads_->View(1)->state, LeadState::kExhausted);
  EXPECT_EQ(WhyNot(1)[0].block, LeadBlock::kExhausted);
  ASSERT_TRUE(leads_->Reset(1, now_).ok());
  EXPECT_EQ(Next(), 1u);
}

TEST_F(LeadListTest, AFailureOfTheNetworkIsNoAttempt) {
  DialRules rules = Rules();
  rules.campaigns[0].caps = {Cap(DialScope::kNumber, DialEvent::kAttempt, 1,
                                 CapAction::kWait, absl::Hours(2))};
  Make(rules);
  Put(1, {74951234567});
  ASSERT_EQ(Next(), 1u);
  ASSERT_TRUE(Report("failed").ok());
  now_ += absl::Seconds(59);
  EXPECT_EQ(Next(), 0u);
  now_ += absl::Seconds(1);
  ASSERT_EQ(Next(), 1u);
  ASSERT_TRUE(Report("failed").ok());
  EXPECT_EQ(leads_->View(1)->failures, 2);
  EXPECT_EQ(leads_->View(1)->attempts, 0);
  now_ += absl::Minutes(59);
  EXPECT_EQ(Next(), 0u);
  now_ += absl::Minutes(1);
  ASSERT_EQ(Next(), 1u);
  ASSERT_TRUE(Report("no answer").ok());
  now_ += absl::Minutes(30);
  EXPECT_EQ(Next(), 0u);
  EXPECT_EQ(WhyNot(1)[0].block, LeadBlock::kCap);
  EXPECT_EQ(WhyNot(1)[0].rule, "a cap");
}

TEST_F(LeadListTest, NoNumberIsInTwoCalls) {
  Make(Rules());
  Put(1, {74951234567});
  Put(2, {74951234567});
  ASSERT_EQ(Next(), 1u);
  EXPECT_EQ(WhyNot(2)[0].block, LeadBlock::kBusyNumber);
  const uint64_t first = attempt_;
  EXPECT_EQ(Next(), 0u);
  ASSERT_TRUE(leads_->Cancel(first, now_).ok());
  EXPECT_EQ(Next(), 1u);
}

TEST_F(LeadListTest, NobodyIsCalledOutsideTheHours) {
  Make(Rules());
  Put(1, {74951234567});
  now_ = kNoon + absl::Hours(6);
  EXPECT_EQ(Next(), 0u);
  EXPECT_EQ(choice_.retry_at, kNoon + absl::Hours(21));
  ASSERT_EQ(WhyNot(1).size(), 1u);
  EXPECT_EQ(WhyNot(1)[0].block, LeadBlock::kClosed);
  EXPECT_EQ(WhyNot(1)[0].rule, "law");
  EXPECT_EQ(WhyNot(1)[0].until, kNoon + absl::Hours(21));
  // The wall clock was wrong: it is an hour earlier.
  leads_->SetWallClock(-absl::Hours(1), now_);
  EXPECT_EQ(Next(), 1u);
}

TEST_F(LeadListTest, CivilTimeIsWhatTheHostsClockAndOffsetSay) {
  Make(Rules());
  Put(1, {74951234567});
  now_ += absl::Hours(10);
  leads_->RebaseClock(absl::Hours(10), now_);
  EXPECT_EQ(Next(), 0u);  // It is 22:00.
  // The host's clock begins anew, as after its restart, and is 1.2 s before
  // the end of the hours.
  const absl::Time closes = kNoon + absl::Hours(6);
  const absl::Time zero = absl::FromUnixSeconds(0);
  leads_->RebaseClock(zero - now_, zero);
  leads_->SetWallClock(closes - zero - absl::Milliseconds(1'200), zero);
  now_ = zero + absl::Milliseconds(1'199);
  EXPECT_EQ(Next(), 1u);
  ASSERT_TRUE(leads_->Cancel(attempt_, now_).ok());
  now_ += absl::Milliseconds(1);
  EXPECT_EQ(Next(), 0u);
}

TEST_F(LeadListTest, APersonalCallbackIsAnyonesAfterAWhile) {
  Make(Rules());
  LeadConfig lead = Lead(1, {74951234567});
  lead.owner = 7;
  ASSERT_TRUE(leads_->Put(lead, now_).ok());
  ASSERT_EQ(Next(), 1u);
  const LeadCallback callback{now_ + absl::Hours(1), now_ + absl::Hours(2),
                              true};
  EXPECT_EQ(Report("later").code(), absl::StatusCode::kInvalidArgument);
  ASSERT_TRUE(Report("later", &callback).ok());
  now_ += absl::Hours(1);
  EXPECT_EQ(Next(), 0u);
  EXPECT_EQ(Next(8), 0u);
  EXPECT_EQ(WhyNot(1)[0].block, LeadBlock::kPersonal);
  EXPECT_EQ(WhyNot(1)[0].until, now_ + absl::Minutes(15));
  ASSERT_EQ(Next(7), 1u);
  EXPECT_TRUE(choice_.callback);
  ASSERT_TRUE(leads_->Cancel(attempt_, now_).ok());
  now_ += absl::Minutes(15);
  EXPECT_EQ(Next(), 1u);
}

TEST_F(LeadListTest, AMissedCallbackComesOnTheNextDay) {
  Make(Rules());
  Put(1, {74951234567});
  ASSERT_TRUE(leads_->Callback(1, {kNoon, kNoon + absl::Hours(1)}, now_).ok());
  now_ += absl::Hours(1);
  EXPECT_EQ(Next(), 0u);
  EXPECT_EQ(leads_->stats().missed, 1u);
  now_ = kNoon + absl::Hours(24);
  EXPECT_EQ(Next(), 1u);
}

TEST_F(LeadListTest, WhoRefusesIsNotCalledOnAnyNumber) {
  Make(Rules());
  Put(1, {74951234567, 79991234567});
  Put(2, {79991234567});
  ASSERT_EQ(Next(), 1u);
  ASSERT_TRUE(Report("never").ok());
  EXPECT_EQ(Next(), 0u);
  EXPECT_EQ(WhyNot(2)[0].block, LeadBlock::kDoNotCall);
}

TEST_F(LeadListTest, WhoWantsToBeForgottenIs) {
  DialRules rules = Rules();
  for (const DialScope scope :
       {DialScope::kNumber, DialScope::kLead, DialScope::kPerson}) {
    rules.campaigns[0].caps.push_back(
        Cap(scope, DialEvent::kAttempt, 2, CapAction::kWait, absl::Hours(24)));
  }
  Make(rules);
  const LeadSubject nobody;
  EXPECT_EQ(leads_->Forget(nobody, now_).code(),
            absl::StatusCode::kInvalidArgument);
  const auto put = [&](uint64_t ref, uint64_t person,
                       std::vector<uint64_t> numbers) {
    LeadConfig lead = Lead(ref, std::move(numbers));
    lead.person = person;
    ASSERT_TRUE(leads_->Put(lead, now_).ok());
  };
  put(1, 71, {74951234567, 79991234567});
  put(2, 71, {74950000002});
  put(3, 72, {79991234567});
  ASSERT_EQ(Next(), 1u);
  LeadSubject subject;
  subject.lead = 2;  // The same person's, who is in a call.
  EXPECT_EQ(leads_->Forget(subject, now_).code(),
            absl::StatusCode::kFailedPrecondition);
  ASSERT_TRUE(Report("no answer").ok());
  ASSERT_TRUE(
      leads_->DoNotCall(PhoneNumber::FromValue(74950000002), now_).ok());
  EXPECT_EQ(leads_->stats().events, 3u);
  std::string saved;
  leads_->Save(&saved);
  const auto bytes_of = [](uint64_t key) {
    return std::string(reinterpret_cast<const char*>(&key), 8);
  };
  EXPECT_NE(saved.find(bytes_of(71)), std::string::npos);
  subject.lead = 0;
  subject.number = PhoneNumber::FromValue(74951234567);
  ASSERT_TRUE(leads_->Forget(subject, now_).ok());
  EXPECT_FALSE(leads_->View(1).ok());
  EXPECT_FALSE(leads_->View(2).ok());
  EXPECT_TRUE(leads_->View(3).ok());
  ASSERT_TRUE(leads_->CheckInvariants().ok());
  // Nothing of it is in what is saved, once the attempt itself is forgotten.
  now_ += absl::Minutes(10);
  leads_->Advance(now_);
  leads_->Save(&saved);
  for (const uint64_t gone : {uint64_t{74951234567}, uint64_t{71}}) {
    EXPECT_EQ(saved.find(bytes_of(gone)), std::string::npos) << gone;
  }
  // They were called once; from here on it is as if they never had been. The
  // do-not-call list stands.
  ASSERT_EQ(Next(), 3u);
  ASSERT_TRUE(Report("talked").ok());
  put(1, 71, {74951234567, 74950000002});
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(Next(), 1u) << i;
    ASSERT_TRUE(Report("no answer").ok());
    now_ += absl::Minutes(10);
  }
  EXPECT_EQ(Next(), 0u);
  // By the name of one that is not there any more.
  ASSERT_TRUE(leads_->Remove(1, now_).ok());
  subject = LeadSubject();
  subject.number = PhoneNumber::FromValue(74951234567);
  subject.lead = 1;
  subject.person = 71;
  ASSERT_TRUE(leads_->Forget(subject, now_).ok());
  put(1, 71, {74951234567});
  EXPECT_EQ(Next(), 1u);
}

TEST(LeadListMemoryTest, AFullListFitsItsBound) {
  LeadListOptions options;
  options.leads_max = 20'000;
  options.numbers_max = 50'000;
  options.events_max = 80'000;
  options.attempts_max = 1'000;
  options.do_not_call_max = 5'000;
  options.reserve_memory = true;
  DialRules rules = Rules();
  for (const DialScope scope :
       {DialScope::kNumber, DialScope::kLead, DialScope::kPerson}) {
    rules.campaigns[0].caps.push_back(
        Cap(scope, DialEvent::kAttempt, 9, CapAction::kWait, absl::Hours(24)));
  }
  auto leads = *LeadList::Create(options, rules, kNoon);
  for (uint64_t i = 1; i <= 20'000; ++i) {
    LeadConfig lead;
    lead.lead = i;
    lead.list = "list";
    lead.person = i;
    lead.numbers = {{PhoneNumber::FromValue(74951000000 + i)},
                    {PhoneNumber::FromValue(79992000000 + i)}};
    if (i <= 10'000) {
      lead.numbers.push_back({PhoneNumber::FromValue(79993000000 + i)});
    }
    ASSERT_TRUE(leads->Put(lead, kNoon).ok());
    if (i > 5'000) continue;
    ASSERT_TRUE(
        leads->DoNotCall(PhoneNumber::FromValue(78120000000 + i), kNoon).ok());
  }
  absl::Status status;
  LeadChoice choice;
  uint64_t attempt = 0;
  while (status.ok()) {
    LeadRequest request;
    request.attempt = ++attempt;
    request.campaign = "campaign";
    const absl::Time now = kNoon + absl::Milliseconds(50) * int64_t(attempt);
    status = leads->Next(request, now, &choice);
    if (!status.ok()) break;
    ASSERT_NE(choice.lead, 0u);
    if (attempt <= 999) continue;
    ASSERT_TRUE(leads->Report(attempt - 999, "no answer", now).ok());
  }
  EXPECT_EQ(status.message(), "events_max");
  const LeadListStats s = leads->stats();
  const std::size_t held = s.lead_bytes + s.number_bytes + s.order_bytes +
                           s.event_bytes + s.attempt_bytes +
                           s.do_not_call_bytes;
  EXPECT_LE(held, MemoryBound(options));
  EXPECT_GE(held, MemoryBound(options) * 3 / 4);
  EXPECT_GT(s.events, 70'000u);
}

TEST_F(LeadListTest, WhatIsWrongIsSaidAndChangesNothing) {
  Make(Rules());
  Put(1, {74951234567});
  std::string before, after;
  leads_->Save(&before);
  EXPECT_EQ(leads_->Put(Lead(2, {}), now_).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(leads_->Put(Lead(2, {78091234567}), now_).code(),
            absl::StatusCode::kInvalidArgument);  // Premium.
  EXPECT_EQ(leads_->Put(Lead(2, {44123456789}), now_).code(),
            absl::StatusCode::kInvalidArgument);  // Of no place.
  LeadConfig elsewhere = Lead(2, {74951234567});
  elsewhere.list = "none";
  EXPECT_EQ(leads_->Put(elsewhere, now_).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(leads_->Report(99, "talked", now_).code(),
            absl::StatusCode::kNotFound);
  leads_->Save(&after);
  EXPECT_EQ(before, after);
  ASSERT_EQ(Next(), 1u);
  EXPECT_EQ(leads_->Remove(1, now_).code(),
            absl::StatusCode::kFailedPrecondition);
  ASSERT_TRUE(Report("talked").ok());
  EXPECT_TRUE(Report("talked").ok());  // Again: no effect.
  EXPECT_EQ(Report("no answer").code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(leads_->View(1)->attempts, 1);
}

TEST_F(LeadListTest, NoAttemptIsLostOrCountedTwice) {
  Make(Rules());
  Put(1, {74951234567});
  // Nobody's, or one without a name; a disposition nobody knows.
  EXPECT_EQ(Report("talked").code(), absl::StatusCode::kNotFound);
  ASSERT_EQ(Next(), 1u);
  EXPECT_EQ(Report("gone fishing").code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(leads_->View(1)->state, LeadState::kTaken);
  // It lapses, and what is said of it then comes too late.
  now_ += absl::Seconds(60);
  EXPECT_EQ(Report("no answer").code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(leads_->stats().lapsed, 1u);
  EXPECT_EQ(leads_->stats().reported, 0u);
  EXPECT_EQ(leads_->View(1)->attempts, 1);
  now_ += absl::Minutes(30);
  ASSERT_EQ(Next(), 1u);
  ASSERT_TRUE(leads_->Cancel(attempt_, now_).ok());
  EXPECT_EQ(Report("no answer").code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(leads_->Dialled(attempt_, now_).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(leads_->Cancel(attempt_, now_).ok());  // Again.
  EXPECT_EQ(leads_->View(1)->attempts, 1);
  EXPECT_EQ(leads_->stats().cancelled, 1u);
  ASSERT_EQ(Next(), 1u);
  ASSERT_TRUE(leads_->Dialled(attempt_, now_).ok());
  EXPECT_EQ(leads_->Cancel(attempt_, now_).code(),
            absl::StatusCode::kFailedPrecondition);
  ASSERT_TRUE(Report("no answer").ok());
  EXPECT_EQ(leads_->View(1)->attempts, 2);
}

TEST_F(LeadListTest, DamagedBytesAreRefused) {
  Make(Rules());
  Put(1, {74951234567});
  ASSERT_EQ(Next(), 1u);
  std::string saved;
  leads_->Save(&saved);
  ASSERT_TRUE(LeadList::Load(LeadListOptions(), saved).ok());
  for (std::size_t i = 0; i < saved.size(); i += 7) {
    std::string bad = saved;
    bad[i] = static_cast<char>(bad[i] ^ 0x20);
    EXPECT_FALSE(LeadList::Load(LeadListOptions(), bad).ok()) << i;
  }
  EXPECT_FALSE(
      LeadList::Load(LeadListOptions(), saved.substr(0, saved.size() / 2))
          .ok());
}

}  // namespace
}  // namespace callrouter
