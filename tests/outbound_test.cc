// An engine that dials, rule by rule.

#include "callrouter/outbound.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/outbound_test_support.h"

namespace callrouter::testing {
namespace {

TEST_F(OutboundTest, DialsOneLineForEachFreeAgent) {
  Dialer(SmallOutbound());
  EXPECT_EQ(Count(DecisionKind::kDial), 0);
  LogIn(1);
  EXPECT_EQ(Words(), "dial lead-due, paced one-per-agent");
  const Decision dial = Find(DecisionKind::kDial);
  EXPECT_EQ(dial.number, Phone(1));
  EXPECT_EQ(dial.campaign, 0);
  EXPECT_EQ(dial.attempt, 1u);
  EXPECT_EQ(dial.deadline, now_ + absl::Seconds(20));
  EXPECT_EQ(Find(DecisionKind::kPaced).value, 1);
  LogIn(2);
  EXPECT_EQ(Find(DecisionKind::kDial).lead, 2u);
  EXPECT_EQ(Lead(1).state, LeadState::kTaken);
  EXPECT_EQ(engine_->outbound()->attempts(), 2);
}

TEST_F(OutboundTest, APersonIsBridgedAtOnce) {
  Dialer(SmallOutbound());
  const uint64_t attempt = DialOne();
  Expect(Progress(attempt, AttemptProgress::kRinging));
  EXPECT_EQ(Words(), "");
  now_ += absl::Seconds(5);
  Expect(Person(attempt, 100));
  EXPECT_EQ(Words(), "connect dialled");
  const Decision connect = Find(DecisionKind::kConnect);
  EXPECT_EQ(connect.agent_ref, 1u);
  EXPECT_EQ(connect.call_ref, 100u);
  Expect(Event::Result(EventKind::kDone, connect.sequence));
  EXPECT_EQ(Paced().bridged, 1u);
  now_ += absl::Minutes(3);
  // The next line for the free agent, while the disposition is awaited.
  Expect(Event::ForCallRef(EventKind::kCallEnded, 100));
  EXPECT_EQ(Words(), "dial lead-due, paced one-per-agent");
  EXPECT_EQ(Lead(1).state, LeadState::kTaken);
  Expect(Result(attempt, AttemptResult::kDisposition, "sold"));
  EXPECT_EQ(Words(), "attempt-over disposition");
  EXPECT_EQ(Lead(1).state, LeadState::kDone);
  EXPECT_EQ(Lead(1).disposition, "sold");
  EXPECT_EQ(Drops(), 0u);
  EXPECT_EQ(Stats().queues[0].answered, 1u);
  // The same again, other words, and an attempt that never was.
  Expect(Result(attempt, AttemptResult::kDisposition, "sold"));
  EXPECT_EQ(Handle(Result(attempt, AttemptResult::kDisposition, "busy")).code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Handle(Result(99, AttemptResult::kDisposition, "sold")).code(),
            absl::StatusCode::kNotFound);
}

TEST_F(OutboundTest, TheAgentMaySayHowItEndedDuringTheTalk) {
  Dialer(SmallOutbound());
  const uint64_t attempt = Talk();
  EXPECT_EQ(Handle(Result(attempt, AttemptResult::kBusy)).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(
      Handle(Result(attempt, AttemptResult::kDisposition, "unheard")).code(),
      absl::StatusCode::kNotFound);
  Event later = Result(attempt, AttemptResult::kDisposition, "later");
  EXPECT_EQ(Handle(later).code(), absl::StatusCode::kInvalidArgument);
  later.duration = absl::Minutes(30);
  later.duration2 = absl::Hours(1);
  Expect(later);
  EXPECT_EQ(Words(), "");
  EXPECT_EQ(Lead(1).state, LeadState::kTaken);
  Expect(Event::ForCallRef(EventKind::kCallEnded, 100));
  EXPECT_TRUE(Lead(1).callback);
  EXPECT_EQ(Lead(1).due, now_ + absl::Minutes(30));
}

TEST_F(OutboundTest, WithoutADispositionItIsTakenAsATalk) {
  Dialer(SmallOutbound());
  Talk();
  Expect(Event::ForCallRef(EventKind::kCallEnded, 100));
  Serve(absl::Seconds(119));
  EXPECT_EQ(Lead(1).state, LeadState::kTaken);
  Serve(absl::Seconds(1));
  EXPECT_EQ(Lead(1).disposition, "talked");
}

TEST_F(OutboundTest, NobodyInTimeIsADropOnce) {
  for (const Unserved unserved : {Unserved::kMessage, Unserved::kRelease}) {
    OutboundSetup setup = SmallOutbound();
    setup.groups[0].campaigns[0].unserved = unserved;
    Dialer(setup);
    const uint64_t attempt = DialOne();
    TakeAgent();
    Expect(Person(attempt, 100));
    EXPECT_EQ(Words(), "queued nobody-free");
    Serve(absl::Milliseconds(1'999));
    EXPECT_EQ(Words(), "");
    Serve(absl::Milliseconds(1));
    EXPECT_EQ(Words(), unserved == Unserved::kMessage
                           ? "play-message dropped, attempt-over dropped"
                           : "hang-up dropped, attempt-over dropped");
    EXPECT_EQ(decisions_[0].call_ref, 100u);
    EXPECT_EQ(Drops(), 1u);
    EXPECT_EQ(Lead(1).disposition, "dropped");
    EXPECT_EQ(Place(100), CallPlace::kNone);
    Expect(Event::ForCallRef(EventKind::kCallEnded, 100));
    EXPECT_EQ(Drops(), 1u);
    EXPECT_EQ(Stats().queues[0].hung_up, 1u);
  }
}

TEST_F(OutboundTest, WhoIsHeldIsCountedAndServedLater) {
  OutboundSetup setup = SmallOutbound();
  setup.groups[0].campaigns[0].hold = absl::Seconds(30);
  Dialer(setup);
  const uint64_t attempt = DialOne();
  TakeAgent();
  Expect(Person(attempt, 100));
  Serve(absl::Seconds(2));
  EXPECT_EQ(Words(), "dropped hold");
  EXPECT_EQ(Drops(), 1u);
  Serve(absl::Seconds(10));
  Expect(Event::ForCallRef(EventKind::kCallEnded, 7));
  EXPECT_EQ(Words(), "connect dialled");
  Expect(Event::ForOffer(EventKind::kOfferConnected,
                         Find(DecisionKind::kConnect).offer));
  EXPECT_EQ(Drops(), 1u);
  EXPECT_EQ(Paced().bridged, 0u);
  Expect(Result(attempt, AttemptResult::kDisposition, "sold"));
  Expect(Event::ForCallRef(EventKind::kCallEnded, 100));
  EXPECT_EQ(Lead(1).disposition, "sold");
}

TEST_F(OutboundTest, AHoldEnds) {
  OutboundSetup setup = SmallOutbound();
  setup.groups[0].campaigns[0].hold = absl::Seconds(30);
  Dialer(setup);
  const uint64_t attempt = DialOne();
  TakeAgent();
  Event person = Person(attempt, 100);
  person.duration = absl::Seconds(1);  // The law's time began to run then.
  Expect(person);
  Serve(absl::Seconds(1));
  EXPECT_EQ(Words(), "dropped hold");
  Serve(absl::Seconds(30));
  EXPECT_EQ(Words(), "play-message dropped, attempt-over dropped");
  EXPECT_EQ(Drops(), 1u);
}

TEST_F(OutboundTest, WhoHangsUpBeforeThatIsNoDrop) {
  Dialer(SmallOutbound());
  const uint64_t attempt = DialOne();
  TakeAgent();
  Expect(Person(attempt, 100));
  Serve(absl::Seconds(1));
  Expect(Event::ForCallRef(EventKind::kCallEnded, 100));
  EXPECT_EQ(Words(), "attempt-over caller-gone");
  EXPECT_EQ(Drops(), 0u);
  EXPECT_EQ(Paced().hung_up, 1u);
  EXPECT_EQ(Lead(1).disposition, "hung up");
}

TEST_F(OutboundTest, MachinesAndOtherEnds) {
  Dialer(SmallOutbound(), 9);
  LogIn(1);
  struct Case {
    AttemptResult result;
    const char* text;
    const char* disposition;
  };
  for (const Case& c : {Case{AttemptResult::kNoAnswer, "", "no answer"},
                        Case{AttemptResult::kBusy, "", "busy"},
                        Case{AttemptResult::kRejected, "", "busy"},
                        Case{AttemptResult::kFailed, "", "failed"},
                        Case{AttemptResult::kCancelled, "", "failed"},
                        Case{AttemptResult::kMachine, "", "machine"},
                        Case{AttemptResult::kNoAnswer, "lost", "lost"}}) {
    const Decision dial = Find(DecisionKind::kDial);
    ASSERT_NE(dial.attempt, 0u);
    now_ += absl::Seconds(10);
    Expect(Result(dial.attempt, c.result, c.text));
    EXPECT_EQ(Lead(dial.lead).disposition, c.disposition);
  }
  EXPECT_EQ(Paced().machines, 1u);
  EXPECT_EQ(Paced().unanswered, 6u);
  const Decision dial = Find(DecisionKind::kDial);
  Expect(Progress(dial.attempt, AttemptProgress::kMachine));
  EXPECT_EQ(decisions_[0].kind, DecisionKind::kCancelDial);
  EXPECT_EQ(Lead(dial.lead).disposition, "machine");
}

TEST_F(OutboundTest, AMachineFoundWhileThePersonWaits) {
  Dialer(SmallOutbound());
  const uint64_t attempt = DialOne();
  TakeAgent();
  Expect(Person(attempt, 100));
  Expect(Progress(attempt, AttemptProgress::kMachine));
  EXPECT_EQ(Words(), "hang-up machine, attempt-over machine");
  EXPECT_EQ(Lead(1).disposition, "machine");
  EXPECT_EQ(Drops(), 0u);
}

TEST_F(OutboundTest, CrossingEvents) {
  Dialer(SmallOutbound());
  const uint64_t attempt = DialOne();
  // Nobody says anything: given up by ourselves.
  Serve(absl::Seconds(20));
  EXPECT_EQ(decisions_[0].kind, DecisionKind::kCancelDial);
  EXPECT_EQ(Lead(1).disposition, "no answer");
  const uint64_t dialled = Paced().dialled;
  // The answer that crossed it is undone, and counted nowhere.
  Expect(Person(attempt, 100));
  EXPECT_EQ(Words(), "cancel-dial too-late");
  EXPECT_EQ(decisions_[0].call_ref, 100u);
  EXPECT_EQ(Place(100), CallPlace::kNone);
  Expect(Result(attempt, AttemptResult::kBusy));
  EXPECT_EQ(Words(), "");
  EXPECT_EQ(Lead(1).attempts, 1);
  EXPECT_EQ(Paced().dialled, dialled);
  EXPECT_EQ(Paced().persons, 0u);
}

TEST_F(OutboundTest, AnEndThatOvertookTheAnswer) {
  Dialer(SmallOutbound());
  const uint64_t attempt = DialOne();
  Expect(Event::ForCallRef(EventKind::kCallEnded, 100));
  Expect(Person(attempt, 100));
  EXPECT_EQ(decisions_[0].kind, DecisionKind::kClosed);
  EXPECT_EQ(Lead(1).disposition, "hung up");
  EXPECT_EQ(Paced().hung_up, 1u);
  EXPECT_EQ(Stats().queues[0].abandoned, 1u);
}

TEST_F(OutboundTest, RepeatsAndContradictions) {
  Dialer(SmallOutbound());
  const uint64_t attempt = DialOne();
  Expect(Person(attempt, 100));
  Expect(Person(attempt, 100));
  EXPECT_EQ(Words(), "");
  EXPECT_EQ(Handle(Person(attempt, 101)).code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Handle(Result(attempt, AttemptResult::kNoAnswer)).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Handle(Person(99, 102)).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Handle(Person(0, 102)).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Handle(Progress(attempt, AttemptProgress::kPerson)).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Handle(Progress(attempt, static_cast<AttemptProgress>(9))).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Handle(Result(attempt, static_cast<AttemptResult>(9))).code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(OutboundTest, AFailedConnectionKeepsTheClockRunning) {
  Dialer(SmallOutbound());
  const uint64_t attempt = DialOne();
  Expect(Person(attempt, 100));
  const Decision connect = Find(DecisionKind::kConnect);
  Serve(absl::Seconds(3));
  EXPECT_EQ(Words(), "");  // An agent is on the way.
  Expect(Event::ForOffer(EventKind::kConnectFailed, connect.offer));
  EXPECT_EQ(Find(DecisionKind::kPlayMessage).call_ref, 100u);
  EXPECT_EQ(Drops(), 1u);
}

TEST_F(OutboundTest, InboundFirstByTheQueuesWeight) {
  Configuration config = Small();
  QueueConfig help = config.queues[0];
  help.name = "help";
  help.weight = 1;
  config.queues.push_back(help);
  OutboundSetup setup = SmallOutbound();
  setup.groups[0].campaigns[0].pacing.patience = absl::Seconds(30);
  Dialer(setup, 5, config);
  const uint64_t attempt = DialOne();
  TakeAgent();
  Expect(Person(attempt, 100));
  now_ += absl::Seconds(1);
  Arrive(8, "help");
  Expect(Event::ForCallRef(EventKind::kCallEnded, 7));
  EXPECT_EQ(Find(DecisionKind::kOffer).call_ref, 8u);
  EXPECT_EQ(Place(100), CallPlace::kWaiting);
}

TEST_F(OutboundTest, AgentsKeptFreeAreNotDialledFor) {
  OutboundSetup setup = SmallOutbound();
  setup.groups[0].pacing.agents_kept_free = 1;
  Dialer(setup);
  LogIn(1);
  EXPECT_EQ(Words(), "");
  LogIn(2);
  EXPECT_EQ(Count(DecisionKind::kDial), 1);
}

TEST_F(OutboundTest, OnlyAgentsWithTheRightSkills) {
  Configuration config = Small();
  config.agents[1].skills.push_back({"lawyer", 1});
  OutboundSetup setup = SmallOutbound();
  setup.groups[0].campaigns[0].requirement = "lawyer";
  Dialer(setup, 5, config);
  const uint64_t attempt = DialOne();
  Expect(Person(attempt, 100));
  EXPECT_EQ(Words(), "queued nobody-logged-in");
  LogIn(2);
  EXPECT_EQ(Find(DecisionKind::kConnect).agent_ref, 2u);
}

TEST_F(OutboundTest, WithoutLeadsItRestsUntilThereAreSome) {
  Dialer(SmallOutbound(), 0);
  LogIn(1);
  EXPECT_EQ(Words(), "");
  Put(1);
  EXPECT_EQ(Find(DecisionKind::kDial).lead, 1u);
  Expect(Result(1, AttemptResult::kBusy));
  EXPECT_EQ(Words(), "attempt-over not-answered");
  std::vector<LeadReason> reasons;
  ASSERT_TRUE(engine_->outbound()->WhyNot(1, "renewals", &reasons).ok());
  ASSERT_FALSE(reasons.empty());
  EXPECT_EQ(reasons[0].block, LeadBlock::kNotDue);
  Serve(absl::Minutes(10));
  EXPECT_EQ(Find(DecisionKind::kDial).lead, 1u);
  EXPECT_EQ(Find(DecisionKind::kDial).value, 2);
}

}  // namespace
}  // namespace callrouter::testing
