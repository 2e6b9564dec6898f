// An engine that dials: numbers, return calls, other shards, reconnects,
// saving, another configuration, faults of a setup.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "archive.h"
#include "callrouter/outbound.h"
#include "callrouter/random.h"
#include "tests/outbound_test_support.h"

namespace callrouter::testing {
namespace {

using OutboundPartsTest = OutboundTest;

TEST_F(OutboundPartsTest, TheNumberComesFromThePoolAndItsOutcomeGoesBack) {
  OutboundSetup setup = SmallOutbound();
  AddNumbers(&setup);
  Dialer(setup);
  const uint64_t attempt = DialOne();
  const Decision dial = Find(DecisionKind::kDial);
  EXPECT_FALSE(dial.shown.none());
  EXPECT_EQ(engine_->outbound()->numbers()->stats().committed, 1u);
  Expect(Result(attempt, AttemptResult::kNoAnswer));
  EXPECT_EQ(engine_->outbound()->numbers()->stats().reported, 1u);
  EXPECT_EQ(engine_->outbound()->return_calls()->stats().shown, 2u);
}

TEST_F(OutboundPartsTest, WithoutANumberNobodyIsDialled) {
  OutboundSetup setup = SmallOutbound();
  AddNumbers(&setup);
  setup.numbers->rules.groups[0].caps.concurrent = 1;
  setup.numbers->numbers.put.resize(1);
  Dialer(setup);
  LogIn(1);
  const Decision first = Find(DecisionKind::kDial);
  LogIn(2);
  EXPECT_EQ(Words(), "");
  Expect(Result(first.attempt, AttemptResult::kNoAnswer));
  Serve(absl::Minutes(1));
  EXPECT_EQ(Find(DecisionKind::kDial).lead, 2u);
  EXPECT_EQ(Lead(3).attempts, 0);
}

TEST_F(OutboundPartsTest, WhoRingsBackReachesTheQueueAndTheLastAgent) {
  Configuration config = Small();
  config.queues[0].preferred_patience = absl::Seconds(30);
  OutboundSetup setup = SmallOutbound();
  AddNumbers(&setup);
  Dialer(setup, 1, config);
  DialOne();
  const PhoneNumber shown = Find(DecisionKind::kDial).shown;
  Expect(Person(1, 100));
  Expect(Event::ForOffer(EventKind::kOfferConnected,
                         Find(DecisionKind::kConnect).offer));
  Expect(Event::ForCallRef(EventKind::kCallEnded, 100));
  LogIn(2);
  Expect(Event::ForAgentRef(EventKind::kAgentBusyOutside, 1));
  Event back = Event::Of(EventKind::kCallArrived);
  back.call_ref = 200;
  back.called = shown;
  back.caller = Phone(1);
  Expect(back);
  EXPECT_EQ(Words(), "return-call, queued waiting-for-agent");
  EXPECT_EQ(decisions_[0].lead, 1u);
  EXPECT_EQ(decisions_[0].campaign, 0);
  EXPECT_EQ(decisions_[0].value,
            static_cast<int32_t>(ReturnRung::kCallerAndNumber));
  Expect(back);  // Told again.
  EXPECT_EQ(Words(), "");
  Expect(Event::ForAgentRef(EventKind::kAgentFreeOutside, 1));
  EXPECT_EQ(Find(DecisionKind::kOffer).agent_ref, 1u);
  back.call_ref = 201;
  back.caller = Phone(77);
  Expect(back);  // Somebody else: the number's queue.
  EXPECT_EQ(Find(DecisionKind::kOffer).agent_ref, 2u);
}

TEST_F(OutboundPartsTest, NumbersAndLocksOfAnotherShard) {
  OutboundSetup setup = SmallOutbound();
  setup.numbers_elsewhere = setup.locks_elsewhere = true;
  setup.groups[0].campaigns[0].number_campaign = "shown";
  setup.groups[0].campaigns[0].trunk = "trunk";
  Dialer(setup);
  LogIn(1);
  EXPECT_EQ(Words(), "need-number, paced one-per-agent");
  EXPECT_EQ(Handle(Person(1, 100)).code(),
            absl::StatusCode::kFailedPrecondition);
  Event grant = Event::ForAttempt(EventKind::kNumberGranted, 1);
  EXPECT_EQ(Handle(grant).code(), absl::StatusCode::kInvalidArgument);
  grant.number = PhoneNumber::FromValue(78'120'000'000);
  Expect(grant);
  EXPECT_EQ(Words(), "need-lock");
  Expect(grant);
  EXPECT_EQ(Words(), "");
  Expect(Event::ForAttempt(EventKind::kLockGranted, 1));
  EXPECT_EQ(Words(), "dial lead-due");
  EXPECT_EQ(decisions_[0].shown, grant.number);
  Expect(Result(1, AttemptResult::kBusy));
  EXPECT_EQ(Words(),
            "attempt-over not-answered, need-number, paced one-per-agent");
  // No number for this lead, then for none; a lock that is not granted.
  Event refuse = Event::ForAttempt(EventKind::kNumberRefused, 2);
  refuse.value = 1;
  Expect(refuse);
  EXPECT_EQ(Lead(2).disposition, "no number");
  grant.attempt = 3;
  Expect(grant);
  Expect(Event::ForAttempt(EventKind::kLockRefused, 3));
  EXPECT_EQ(decisions_[0].reason, Reason::kNoLock);
  EXPECT_EQ(Lead(3).disposition, "no number");
  refuse = Event::ForAttempt(EventKind::kNumberRefused, 4);
  refuse.duration = absl::Seconds(20);
  Expect(refuse);
  EXPECT_EQ(Words(), "attempt-over no-number");
  EXPECT_EQ(Lead(4).attempts, 0);
  Serve(absl::Seconds(21));
  EXPECT_EQ(Find(DecisionKind::kNeedNumber).lead, 4u);
  Serve(absl::Seconds(5));  // Not answered at all.
  EXPECT_EQ(Find(DecisionKind::kAttemptOver).reason, Reason::kNotGranted);
}

TEST_F(OutboundPartsTest, AttemptsNotNamedAfterAReconnectAreLost) {
  Dialer(SmallOutbound());
  LogIn(1);
  LogIn(2);
  Expect(Event::Of(EventKind::kSyncBegin));
  Expect(Event::ForAttempt(EventKind::kSyncAttempt, 2));
  for (uint64_t agent : {1u, 2u}) {
    Expect(Event::ForAgentRef(EventKind::kSyncAgent, agent));
  }
  EXPECT_EQ(Words(), "");
  Expect(Event::Of(EventKind::kSyncEnd));
  EXPECT_EQ(Words(), "attempt-over lost, dial lead-due, paced one-per-agent");
  EXPECT_EQ(Lead(1).disposition, "lost");
  EXPECT_EQ(Lead(2).state, LeadState::kTaken);
}

TEST_F(OutboundPartsTest, StrictKeepsItsPromise) {
  OutboundSetup setup = SmallOutbound();
  PacedCampaign& pacing = setup.groups[0].campaigns[0].pacing;
  pacing.mode = PacingMode::kPredictive;
  pacing.promise = DropPromise::kStrict;
  Dialer(setup, 50);
  LogIn(1);
  EXPECT_EQ(Count(DecisionKind::kDial), 1);
  EXPECT_EQ(Find(DecisionKind::kPaced).reason, Reason::kPacedStrict);
}

TEST_F(OutboundPartsTest, SavedInTheMiddle) {
  OutboundSetup setup = SmallOutbound();
  AddNumbers(&setup);
  Dialer(setup);
  LogIn(1);
  LogIn(2);
  Expect(Person(1, 100));
  const std::string bytes = Saved();
  EXPECT_FALSE(Engine::Load(options_, bytes).ok());
  auto loaded = Engine::Load(options_, setup_, bytes);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  std::string again;
  (*loaded)->Save(&again);
  EXPECT_TRUE(again == bytes);
  std::unique_ptr<Engine> other = *std::move(loaded);
  for (const Event& event :
       {Event::ForCallRef(EventKind::kCallEnded, 100), Person(2, 101),
        Result(1, AttemptResult::kDisposition, "sold"),
        Event::ForAgentRef(EventKind::kAgentLogout, 1)}) {
    now_ += absl::Seconds(3);
    const absl::Status status = Handle(event);
    Decisions same;
    EXPECT_EQ(other->Handle(event, now_, &same), status);
    ASSERT_EQ(same.size(), decisions_.size());
    for (std::size_t i = 0; i < same.size(); ++i) {
      EXPECT_EQ(same[i].kind, decisions_[i].kind);
      EXPECT_EQ(same[i].attempt, decisions_[i].attempt);
      EXPECT_EQ(same[i].sequence, decisions_[i].sequence);
    }
    EXPECT_EQ(other->next_deadline(), engine_->next_deadline());
  }
}

// Bytes that no engine has written: refused, or at least nothing breaks.
TEST_F(OutboundPartsTest, ForgedStatesDoNoHarm) {
  OutboundSetup setup = SmallOutbound();
  AddNumbers(&setup);
  setup.groups[0].campaigns[0].hold = absl::Seconds(30);
  Dialer(setup, 9);
  LogIn(1);
  LogIn(2);
  Expect(Person(1, 100));
  Expect(Event::ForOffer(EventKind::kOfferConnected,
                         Find(DecisionKind::kConnect).offer));
  Expect(Event::ForAgentRef(EventKind::kAgentPaused, 2));
  Expect(Person(2, 101));
  now_ += absl::Seconds(1);
  const std::string saved = Saved();
  // The records of attempts are behind the parts, which have checksums of
  // their own.
  const std::size_t from = saved.size() - 1'200;
  Random random(7);
  int taken = 0;
  for (int i = 0; i < 1'000; ++i) {
    std::string bytes = saved.substr(0, saved.size() - 8);
    for (uint64_t n = 1 + random.Below(2); n > 0; --n) {
      bytes[from + random.Below(bytes.size() - from)] = static_cast<char>(
          random.Below(2) == 0 ? random.Below(256) : random.Below(3));
    }
    SealState(&bytes);
    auto loaded = Engine::Load(options_, setup_, bytes);
    if (!loaded.ok()) continue;
    ++taken;
    Decisions out;
    for (const Event& event :
         {Result(1, AttemptResult::kDisposition, "sold"),
          Event::ForCallRef(EventKind::kCallEnded, 100),
          Event::ForAgentRef(EventKind::kAgentReady, 2),
          Event::ForCallRef(EventKind::kCallEnded, 101), Person(3, 103)}) {
      (*loaded)->Handle(event, now_, &out).IgnoreError();
    }
    (*loaded)->Advance(now_ + absl::Hours(1), &out);
    std::string again;
    (*loaded)->Save(&again);
  }
  EXPECT_GT(taken, 0);
  EXPECT_LT(taken, 1'000);
}

TEST_F(OutboundPartsTest, AQueueThatIsGoneIsNotDialledFor) {
  Dialer(SmallOutbound());
  const uint64_t attempt = DialOne();
  Configuration without = Small();
  without.queues.erase(without.queues.begin());
  auto prepared = Engine::Prepare(options_, without);
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  decisions_.clear();
  ASSERT_TRUE(engine_->Apply(*std::move(prepared), now_, &decisions_).ok());
  Expect(Person(attempt, 100));  // Who is dialled already is served.
  EXPECT_EQ(Words(), "connect dialled");
  Expect(Event::ForCallRef(EventKind::kCallEnded, 100));
  EXPECT_EQ(Count(DecisionKind::kDial), 0);
  auto whole = Engine::Prepare(options_, Small());
  ASSERT_TRUE(whole.ok());
  decisions_.clear();
  ASSERT_TRUE(engine_->Apply(*std::move(whole), now_, &decisions_).ok());
  EXPECT_EQ(Count(DecisionKind::kDial), 1);
}

TEST_F(OutboundPartsTest, FaultsOfASetup) {
  OutboundSetup setup = SmallOutbound();
  AddNumbers(&setup);
  EXPECT_TRUE(FindFaults(setup).empty());
  setup.groups[0].campaigns[0].dispositions.lost = "unheard";
  setup.groups[0].campaigns[0].trunk = "elsewhere";
  setup.groups[0].campaigns[0].pacing.windows.clear();
  setup.groups[0].campaigns[0].pacing.mode = PacingMode::kPredictive;
  setup.groups.push_back(setup.groups[0]);
  setup.groups[1].campaigns[0].requirement = "and";
  setup.return_calls->options.default_queue = 5;
  setup.ask_timeout = absl::ZeroDuration();
  std::string paths;
  for (const Fault& fault : FindFaults(setup)) paths += fault.path + "\n";
  EXPECT_EQ(paths,
            "group[0].pacing.campaigns[0].windows\n"
            "group[0].campaign[0].dispositions.lost\n"
            "group[0].campaign[0].trunk\n"
            "group[1].pacing.campaigns[0].windows\n"
            "group[1].campaign[0].dispositions.lost\n"
            "group[1].campaign[0].requirement\n"
            "group[1].campaign[0].trunk\n"
            "group[1].campaign[0].name\n"
            "return_calls.options.default_queue\n"
            "ask_timeout\n");
  setup = SmallOutbound();
  setup.groups[0].queue = "nowhere";
  EXPECT_EQ(Engine::Create(options_, Small(), setup, kStart).status().code(),
            absl::StatusCode::kInvalidArgument);
  setup = SmallOutbound();
  setup.groups[0].pacing.agents_max = 1;
  EXPECT_EQ(Engine::Create(options_, Small(), setup, kStart).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(OutboundPartsTest, AnEngineWithoutItDialsNobody) {
  Start(Small());
  EXPECT_EQ(engine_->outbound(), nullptr);
  EXPECT_EQ(Handle(Person(1, 100)).code(),
            absl::StatusCode::kFailedPrecondition);
  Event back = Event::Of(EventKind::kCallArrived);
  back.call_ref = 200;
  back.called = Phone(1);
  EXPECT_EQ(Handle(back).code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace callrouter::testing
