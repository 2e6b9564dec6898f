// What Handle refuses: each code for each kind of event that can give it, in
// the stated order of precedence, and nothing has changed afterwards.

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/engine_test_support.h"

namespace callrouter {
namespace {

using absl::StatusCode;

class EngineErrorsTest : public testing::EngineTest {
 protected:
  // The event is refused with `code` in words, and the state is as before.
  void Refused(const Event& event, StatusCode code, const char* word,
               int line) {
    const std::string before = Saved();
    const uint64_t refused = Stats().engine.refused_events;
    const absl::Status status = Handle(event);
    EXPECT_EQ(status.code(), code)
        << "line " << line << ": " << EventKindName(event.kind) << ": "
        << status;
    EXPECT_NE(std::string(status.message()).find(word), std::string::npos)
        << "line " << line << ": " << status;
    EXPECT_TRUE(decisions_.empty()) << "line " << line;
    EXPECT_EQ(Saved() == before, true) << "line " << line;
    EXPECT_EQ(Stats().engine.refused_events, refused + 1) << "line " << line;
  }
#define REFUSED(event, code, word) \
  Refused(event, StatusCode::code, word, __LINE__)

  static Event Call(EventKind kind, uint64_t ref) {
    return Event::ForCallRef(kind, ref);
  }
  static Event Agent(EventKind kind, uint64_t ref) {
    return Event::ForAgentRef(kind, ref);
  }
};

const std::vector<EventKind>& LaterKinds() {
  static const auto* const kinds = new std::vector<EventKind>{
      EventKind::kCallJoined,        EventKind::kMediaStarted,
      EventKind::kMediaEnded,        EventKind::kDigits,
      EventKind::kAnnouncementEnded, EventKind::kCallbackRequested,
      EventKind::kConsultStarted,    EventKind::kScore,
      EventKind::kLeadAdded};
  return *kinds;
}

TEST_F(EngineErrorsTest, LaterEventsAreUnimplementedWhateverTheyHold) {
  Start(Small());
  for (const EventKind kind : LaterKinds()) {
    Event event = Event::Of(kind);
    event.priority = INT32_MAX;
    event.call = CallId(77, 77);
    REFUSED(event, kUnimplemented, "later");
  }
}

TEST_F(EngineErrorsTest, WhatIsOutboundNeedsASetup) {
  Start(Small());
  for (const EventKind kind :
       {EventKind::kAttemptProgress, EventKind::kAttemptResult,
        EventKind::kNumberGranted, EventKind::kNumberRefused,
        EventKind::kLockGranted, EventKind::kLockRefused,
        EventKind::kSyncAttempt}) {
    REFUSED(Event::Of(kind), kFailedPrecondition, "dials nobody");
  }
}

TEST_F(EngineErrorsTest, KindsThatAreNoneAreInvalid) {
  Start(Small());
  REFUSED(Event(), kInvalidArgument, "kind");
  for (const int kind : {9, 31, 47, 62, 79, 87, 111, 119, 135, 255}) {
    REFUSED(Event::Of(static_cast<EventKind>(kind)), kInvalidArgument, "kind");
  }
}

TEST_F(EngineErrorsTest, CallArrived) {
  EngineOptions options;
  options.calls_max = 1;
  Start(Small(), options);
  // Everything is wrong with it; mended one by one, the next error comes.
  Event event = Event::CallArrived(0, QueueId(50, 1));
  event.agent_ref = 99;
  event.priority = 1'000'001;
  event.duration = -absl::Seconds(1);
  event.text = "sales >=";
  REFUSED(event, kInvalidArgument, "call_ref");
  event.call_ref = 1;
  REFUSED(event, kInvalidArgument, "priority");
  event.priority = -1'000'001;
  REFUSED(event, kInvalidArgument, "priority");
  event.priority = 0;
  REFUSED(event, kInvalidArgument, "duration");
  event.duration = absl::Hours(1001);
  REFUSED(event, kInvalidArgument, "duration");
  event.duration = absl::InfiniteDuration();
  REFUSED(event, kInvalidArgument, "duration");
  event.duration = absl::ZeroDuration();
  REFUSED(event, kInvalidArgument, "text");
  event.text = "sales >= 3";
  const QueueId unknown = event.queue;
  event.queue = QueueId();
  REFUSED(event, kInvalidArgument, "queue");
  event.queue = unknown;
  REFUSED(event, kNotFound, "queue");
  event.queue = Queue("sales");
  REFUSED(event, kNotFound, "agent_ref");
  event.agent_ref = 2;
  Expect(event);
  Event other = event;
  other.priority = 1;
  REFUSED(other, kAlreadyExists, "call_ref");
  REFUSED(Event::CallArrived(2, Queue("sales")), kResourceExhausted,
          "calls_max");
}

TEST_F(EngineErrorsTest, CallEvents) {
  Start(Small());
  for (const EventKind kind :
       {EventKind::kCallAlive, EventKind::kCallPriority,
        EventKind::kCallRequirement, EventKind::kCallQueued,
        EventKind::kCallTransferred}) {
    Event event = Event::Of(kind);
    event.queue = Queue("sales");
    event.agent_ref = 1;
    REFUSED(event, kInvalidArgument, "call");
    event.call_ref = 5;
    REFUSED(event, kNotFound, "call");
    event.call = CallId(9, 1);
    REFUSED(event, kNotFound, "call");
  }
  REFUSED(Event::Of(EventKind::kCallEnded), kInvalidArgument, "call");
  REFUSED(Event::ForCall(EventKind::kCallEnded, CallId(9, 1)), kNotFound,
          "call");
  // What is invalid is told before what is not found.
  Event event = Call(EventKind::kCallPriority, 5);
  event.priority = 2'000'000;
  REFUSED(event, kInvalidArgument, "priority");
  event = Call(EventKind::kCallRequirement, 5);
  event.text = "(";
  REFUSED(event, kInvalidArgument, "text");
  event = Call(EventKind::kCallQueued, 5);
  REFUSED(event, kInvalidArgument, "queue");
  event.queue = QueueId(9, 1);
  REFUSED(event, kNotFound, "queue");
  event = Event::Of(EventKind::kCallQueued);
  event.queue = QueueId(9, 1);
  REFUSED(event, kInvalidArgument, "call");
  event = Event::Of(EventKind::kCallTransferred);
  event.agent_ref = 99;
  REFUSED(event, kInvalidArgument, "call");
  REFUSED(Call(EventKind::kCallTransferred, 5), kInvalidArgument, "agent");
}

TEST_F(EngineErrorsTest, TransfersNeedACallWithAnAgentAndRoom) {
  Start(Small());
  LogIn(1);
  LogIn(2);
  Arrive(1);
  Event event = Call(EventKind::kCallTransferred, 1);
  event.agent_ref = 2;
  REFUSED(event, kFailedPrecondition, "call");
  Event accept = Call(EventKind::kOfferConnected, 1);
  accept.agent_ref = 1;
  Expect(accept);
  Arrive(2);
  accept.call_ref = 2;
  accept.agent_ref = 2;
  Expect(accept);
  REFUSED(event, kFailedPrecondition, "agent");
}

TEST_F(EngineErrorsTest, Offers) {
  Start(Small());
  LogIn(1);
  const CallId call = Arrive(1);
  const OfferId offer = Find(DecisionKind::kOffer).offer;
  for (const EventKind kind :
       {EventKind::kOfferAccepted, EventKind::kOfferConnecting,
        EventKind::kOfferConnected, EventKind::kOfferDeclined,
        EventKind::kOfferNoAnswer, EventKind::kOfferBusy,
        EventKind::kOfferFailed, EventKind::kOfferCancelled,
        EventKind::kConnectFailed}) {
    REFUSED(Event::Of(kind), kInvalidArgument, "offer");
    REFUSED(Event::ForCall(kind, call), kInvalidArgument, "offer");
    REFUSED(Agent(kind, 1), kInvalidArgument, "offer");
    REFUSED(Call(kind, 8), kInvalidArgument, "offer");
    REFUSED(Event::ForOffer(kind, OfferId(60, 1)), kNotFound, "offer");
    REFUSED(
        Event::ForOffer(kind, OfferId(offer.slot(), offer.generation() + 1)),
        kNotFound, "offer");
    Event event = Call(kind, 8);
    event.agent_ref = 1;
    REFUSED(event, kNotFound, "call");
    event = Call(kind, 1);
    event.agent_ref = 77;
    REFUSED(event, kNotFound, "agent");
  }
  Expect(Event::ForOffer(EventKind::kOfferConnected, offer));
  REFUSED(Event::ForOffer(EventKind::kConnectFailed, offer),
          kFailedPrecondition, "connected");
}

TEST_F(EngineErrorsTest, Results) {
  Start(Small());
  for (const EventKind kind : {EventKind::kDone, EventKind::kFailed}) {
    REFUSED(Event::Result(kind, 0), kInvalidArgument, "sequence");
    REFUSED(Event::Result(kind, 1), kNotFound, "sequence");
    REFUSED(Event::Result(kind, UINT64_MAX), kNotFound, "sequence");
  }
}

TEST_F(EngineErrorsTest, AgentEventsNeedAnAgent) {
  Start(Small());
  for (const EventKind kind :
       {EventKind::kAgentRemoved, EventKind::kAgentLogin,
        EventKind::kAgentLogout, EventKind::kAgentReady,
        EventKind::kAgentPaused, EventKind::kAgentReleased,
        EventKind::kAgentBusyOutside, EventKind::kAgentFreeOutside,
        EventKind::kAgentSkill, EventKind::kAgentAttribute,
        EventKind::kAgentMember, EventKind::kAgentNotMember,
        EventKind::kAgentCapacity}) {
    Event event = Event::Of(kind);
    event.queue = Queue("sales");
    event.text = "voice";
    event.value = 1;
    REFUSED(event, kInvalidArgument, "agent");
    event.agent_ref = 99;
    REFUSED(event, kNotFound, "agent_ref");
    event.agent = AgentId(0, 9);  // The handle decides, and is stale.
    event.agent_ref = 1;
    REFUSED(event, kNotFound, "agent");
  }
}

TEST_F(EngineErrorsTest, FieldsOfAgentEvents) {
  Start(Small());
  const std::string long_text(2'000, 'x');
  for (const uint64_t ref : {uint64_t{1}, uint64_t{99}}) {  // Before NotFound.
    Event event = Agent(EventKind::kAgentSkill, ref);
    REFUSED(event, kInvalidArgument, "text");
    event.text = long_text;
    REFUSED(event, kInvalidArgument, "text");
    event.text = "sales";
    event.value = 101;
    REFUSED(event, kInvalidArgument, "value");
    event.value = -1;
    REFUSED(event, kInvalidArgument, "value");
    event = Agent(EventKind::kAgentAttribute, ref);
    REFUSED(event, kInvalidArgument, "text");
    event.text = "lang";
    event.text2 = long_text;
    REFUSED(event, kInvalidArgument, "text2");
    event = Agent(EventKind::kAgentMember, ref);
    event.queue = Queue("sales");
    event.value = -1;
    REFUSED(event, kInvalidArgument, "value");
    event.value = 0;
    event.value2 = 1'000'001;
    REFUSED(event, kInvalidArgument, "value2");
    event.value2 = 0;
    event.queue = QueueId();
    REFUSED(event, kInvalidArgument, "queue");
    event.queue = QueueId(99, 1);
    REFUSED(event, kNotFound, "queue");
    event = Agent(EventKind::kAgentCapacity, ref);
    event.text = "voice";
    event.value = 65;
    REFUSED(event, kInvalidArgument, "value");
    event = Agent(EventKind::kAgentPaused, ref);
    event.text = long_text;
    REFUSED(event, kInvalidArgument, "text");
  }
  Event event = Agent(EventKind::kAgentCapacity, 1);
  event.text = "fax";
  REFUSED(event, kNotFound, "text");
  REFUSED(Agent(EventKind::kAgentPaused, 1), kFailedPrecondition, "logged in");
  REFUSED(Agent(EventKind::kAgentReady, 1), kFailedPrecondition, "logged in");
}

TEST_F(EngineErrorsTest, AgentsAddedAndRemoved) {
  EngineOptions options;
  options.agents_max = 3;
  Start(Small(), options);
  Event event = Event::Of(EventKind::kAgentAdded);
  REFUSED(event, kInvalidArgument, "agent_ref");
  event.agent_ref = 1;
  REFUSED(event, kInvalidArgument, "text");
  event.text = "eve";
  REFUSED(event, kAlreadyExists, "agent_ref");
  event.agent_ref = 3;
  Expect(event);
  Expect(event);  // The same again.
  event.agent_ref = 4;
  REFUSED(event, kResourceExhausted, "agents_max");
  LogIn(1);
  REFUSED(Agent(EventKind::kAgentRemoved, 1), kFailedPrecondition, "logged in");
  Arrive(1);
  Expect(Event::ForOffer(EventKind::kOfferConnected, decisions_.back().offer));
  Expect(Agent(EventKind::kAgentLogout, 1));
  REFUSED(Agent(EventKind::kAgentRemoved, 1), kFailedPrecondition, "call");
}

TEST_F(EngineErrorsTest, ReleaseOfOneOfSeveralCalls) {
  Configuration config = Small();
  config.agents[0].capacities = {{"voice", 2}};
  Start(config);
  LogIn(1);
  for (const uint64_t ref : {1u, 2u}) {
    Arrive(ref);
    Expect(Event::ForOffer(EventKind::kOfferConnected,
                           Find(DecisionKind::kOffer).offer));
  }
  REFUSED(Agent(EventKind::kAgentReleased, 1), kInvalidArgument, "call");
  Event event = Agent(EventKind::kAgentReleased, 1);
  event.call_ref = 9;
  REFUSED(event, kNotFound, "call");
  event.call_ref = 2;
  Expect(event);
  EXPECT_EQ(Place(2), CallPlace::kWithHost);
}

TEST_F(EngineErrorsTest, ClocksAndSync) {
  Start(Small());
  for (const EventKind kind :
       {EventKind::kWallClock, EventKind::kClockRebase}) {
    for (const absl::Duration duration :
         {absl::InfiniteDuration(), -absl::InfiniteDuration()}) {
      Event event = Event::Of(kind);
      event.duration = duration;
      REFUSED(event, kInvalidArgument, "duration");
    }
  }
  REFUSED(Event::Of(EventKind::kSyncEnd), kFailedPrecondition, "SyncBegin");
  // Outside of a sync, precedence holds.
  Event call = Event::Of(EventKind::kSyncCall);
  REFUSED(call, kInvalidArgument, "call");
  call.call_ref = 1;
  call.sync_place = static_cast<SyncPlace>(9);
  REFUSED(call, kInvalidArgument, "sync_place");
  call.sync_place = SyncPlace::kConnected;
  REFUSED(call, kInvalidArgument, "agent");
  call.agent_ref = 99;
  REFUSED(call, kNotFound, "agent_ref");
  call.agent_ref = 1;
  REFUSED(call, kFailedPrecondition, "SyncBegin");
  Event agent = Event::Of(EventKind::kSyncAgent);
  REFUSED(agent, kInvalidArgument, "agent");
  agent.agent_ref = 99;
  REFUSED(agent, kNotFound, "agent_ref");
  agent.agent_ref = 1;
  agent.sync_agent = static_cast<SyncAgent>(0);
  REFUSED(agent, kInvalidArgument, "sync_agent");
  agent.sync_agent = SyncAgent::kReady;
  REFUSED(agent, kFailedPrecondition, "SyncBegin");

  Expect(Event::Of(EventKind::kSyncBegin));
  REFUSED(call, kInvalidArgument, "queue");  // Unknown, and no place for it.
  call.queue = QueueId(9, 1);
  call.priority = 5'000'000;
  REFUSED(call, kInvalidArgument, "priority");
  call.priority = 0;
  call.duration = -absl::Seconds(1);
  REFUSED(call, kInvalidArgument, "duration");
  call.duration = absl::ZeroDuration();
  REFUSED(call, kNotFound, "queue");
  call.queue = Queue("sales");
  Expect(call);
  call.call_ref = 2;
  REFUSED(call, kFailedPrecondition, "capacity");
}

TEST_F(EngineErrorsTest, LimitsOfNamesAndRequirements) {
  EngineOptions options;
  options.skills_max = 3;
  options.attributes_max = 1;
  options.requirements_max = 3;  // Two are the queues'.
  Start(Small(), options);
  Event skill = Agent(EventKind::kAgentSkill, 1);
  skill.value = 1;
  skill.text = "third";
  Expect(skill);
  skill.text = "fourth";
  REFUSED(skill, kResourceExhausted, "skills_max");
  Event attribute = Agent(EventKind::kAgentAttribute, 1);
  attribute.text = "lang";
  attribute.text2 = "it";
  Expect(attribute);
  attribute.text = "site";
  REFUSED(attribute, kResourceExhausted, "attributes_max");
  Event call = Event::CallArrived(1, Queue("sales"));
  call.text = "fourth";
  REFUSED(call, kResourceExhausted, "skills_max");
  call.text = "site == \"rome\"";
  REFUSED(call, kResourceExhausted, "attributes_max");
  call.text = "third";
  Expect(call);
  call.call_ref = 2;
  call.text = "third >= 2";
  REFUSED(call, kResourceExhausted, "requirements_max");
  call.text = "third";  // In use already.
  Expect(call);
  Event change = Call(EventKind::kCallRequirement, 1);
  change.text = "third >= 3";
  REFUSED(change, kResourceExhausted, "requirements_max");
}

TEST_F(EngineErrorsTest, AnErrorStillServesTheClock) {
  Start(Small());
  LogIn(1);
  Arrive(1);
  now_ += absl::Seconds(15);
  decisions_.clear();
  EXPECT_EQ(engine_->Handle(Event(), now_, &decisions_).code(),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(Count(DecisionKind::kCancelOffer), 1);
}

// A million at once: the limit is told each time, nothing is lost.
TEST_F(EngineErrorsTest, AMillionCallsAtOnce) {
  EngineOptions options;
  options.calls_max = 1'000;
  Start(Small(), options);
  const QueueId sales = Queue("sales");
  int taken = 0, refused = 0;
  for (uint64_t ref = 1; ref <= 1'000'000; ++ref) {
    decisions_.clear();
    const absl::Status status =
        engine_->Handle(Event::CallArrived(ref, sales), now_, &decisions_);
    if (status.ok()) {
      ++taken;
    } else {
      ASSERT_EQ(status.code(), StatusCode::kResourceExhausted);
      ++refused;
    }
  }
  EXPECT_EQ(taken, 1'000);
  EXPECT_EQ(refused, 999'000);
  EXPECT_TRUE(engine_->CheckInvariants().ok());
  LogIn(1);
  EXPECT_EQ(Find(DecisionKind::kOffer).call_ref, 1u);
  Expect(Call(EventKind::kCallEnded, 500));
  Arrive(2'000'000);
  EXPECT_EQ(Stats().engine.calls, 1'000u);
}

}  // namespace
}  // namespace callrouter
