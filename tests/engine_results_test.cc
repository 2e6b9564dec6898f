// The table of decision.h: every decision that wants a result, with it and
// without it; and what time, repeats and stale handles do to the state.

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/engine_test_support.h"
#include "tests/random_centre.h"
#include "tests/random_host.h"

namespace callrouter {
namespace {

class EngineResultsTest : public testing::EngineTest {
 protected:
  // "sales" overflows to a mobile after 20 s, for 10 s.
  static Configuration WithMobile() {
    Configuration config = Small();
    Plan plan;
    plan.name = "plan";
    Step step;
    step.id = "mobile";
    step.after = absl::Seconds(20);
    step.action = StepAction::kSendOutside;
    step.outside = {"mobile", absl::Seconds(10)};
    plan.steps.push_back(step);
    config.plans.push_back(plan);
    config.queues[0].plan = "plan";
    return config;
  }
  // A call offered to agent 1, who alone is there.
  Decision Offered() {
    LogIn(1);
    Arrive(7);
    const Decision offer = Find(DecisionKind::kOffer);
    EXPECT_EQ(offer.deadline, now_ + absl::Seconds(15));
    return offer;
  }
  Decision Connecting() {
    Expect(Event::ForOffer(EventKind::kOfferAccepted, Offered().offer));
    const Decision connect = Find(DecisionKind::kConnect);
    EXPECT_EQ(connect.deadline, now_ + absl::Seconds(10));
    return connect;
  }
  Decision Outside() {
    Arrive(7);
    Serve(absl::Seconds(20));
    const Decision ring = Find(DecisionKind::kRingOutside);
    EXPECT_EQ(ring.deadline, now_ + absl::Seconds(10));
    EXPECT_EQ(ring.destination, "mobile");
    EXPECT_EQ(Place(7), CallPlace::kOutside);
    return ring;
  }
};

// --- kOffer -----------------------------------------------------------------

TEST_F(EngineResultsTest, OfferMissedInEveryWay) {
  for (const EventKind kind :
       {EventKind::kOfferDeclined, EventKind::kOfferNoAnswer,
        EventKind::kOfferBusy, EventKind::kOfferFailed}) {
    Start(Small());
    Expect(Event::ForOffer(kind, Offered().offer));
    EXPECT_EQ(Place(7), CallPlace::kWaiting) << EventKindName(kind);
    EXPECT_TRUE(decisions_.empty());
    EXPECT_EQ(engine_->View(engine_->FindAgent(1)).misses, 1);
    EXPECT_EQ(Stats().queues[0].misses, 1u);
  }
  Start(Small());
  Expect(Event::ForOffer(EventKind::kOfferCancelled, Offered().offer));
  EXPECT_EQ(Place(7), CallPlace::kWaiting);
  EXPECT_EQ(engine_->View(engine_->FindAgent(1)).misses, 0);
}

TEST_F(EngineResultsTest, OfferWithoutResult) {
  Start(Small());
  const Decision offer = Offered();
  EXPECT_EQ(engine_->next_deadline(), offer.deadline);
  Pass(absl::Seconds(15) - absl::Microseconds(1));
  EXPECT_TRUE(decisions_.empty());
  Pass(absl::Microseconds(1));
  ASSERT_EQ(decisions_.size(), 1u);
  EXPECT_EQ(decisions_[0].kind, DecisionKind::kCancelOffer);
  EXPECT_EQ(decisions_[0].reason, Reason::kRingTimeout);
  EXPECT_EQ(decisions_[0].offer, offer.offer);
  EXPECT_EQ(decisions_[0].agent_ref, 1u);
  EXPECT_EQ(Place(7), CallPlace::kWaiting);
  EXPECT_EQ(engine_->View(engine_->FindAgent(1)).misses, 1);
}

// --- kConnect ---------------------------------------------------------------

TEST_F(EngineResultsTest, ConnectByEitherWord) {
  Start(Small());
  Expect(Event::Result(EventKind::kDone, Connecting().sequence));
  EXPECT_EQ(Place(7), CallPlace::kConnected);
  Start(Small());
  Expect(Event::ForOffer(EventKind::kOfferConnected, Connecting().offer));
  EXPECT_EQ(Place(7), CallPlace::kConnected);
  EXPECT_EQ(Stats().queues[0].answered, 1u);
}

TEST_F(EngineResultsTest, ConnectFailedByEitherWord) {
  for (const bool by_result : {true, false}) {
    Start(Small());
    const Decision connect = Connecting();
    Pass(absl::Seconds(3));
    Expect(by_result
               ? Event::Result(EventKind::kFailed, connect.sequence)
               : Event::ForOffer(EventKind::kConnectFailed, connect.offer));
    EXPECT_EQ(Place(7), CallPlace::kWaiting);
    EXPECT_EQ(engine_->View(engine_->FindCall(7)).arrived, kStart);
    EXPECT_EQ(engine_->View(engine_->FindAgent(1)).handling, 0);
    EXPECT_EQ(Count(DecisionKind::kReleaseAgent), 0);
  }
}

TEST_F(EngineResultsTest, ConnectWithoutResult) {
  Start(Small());
  const Decision connect = Connecting();
  Pass(absl::Seconds(10) - absl::Microseconds(1));
  EXPECT_EQ(Place(7), CallPlace::kConnecting);
  Pass(absl::Microseconds(1));
  ASSERT_EQ(decisions_.size(), 1u);
  EXPECT_EQ(decisions_[0].kind, DecisionKind::kReleaseAgent);
  EXPECT_EQ(decisions_[0].reason, Reason::kConnectTimeout);
  EXPECT_EQ(Place(7), CallPlace::kWaiting);
  // The late word has no effect.
  Expect(Event::Result(EventKind::kFailed, connect.sequence));
  EXPECT_EQ(Stats().engine.repeats, 1u);
  EXPECT_TRUE(decisions_.empty());
  EXPECT_EQ(Place(7), CallPlace::kWaiting);
}

// --- kRingOutside -----------------------------------------------------------

TEST_F(EngineResultsTest, AnsweredOutside) {
  Start(WithMobile());
  Expect(Event::Result(EventKind::kDone, Outside().sequence));
  EXPECT_EQ(Place(7), CallPlace::kNone);
  EXPECT_EQ(Stats().queues[0].sent_outside, 1u);
  EXPECT_TRUE(decisions_.empty());
}

TEST_F(EngineResultsTest, FailedOutside) {
  Start(WithMobile());
  Expect(Event::Result(EventKind::kFailed, Outside().sequence, Cause::kBusy));
  EXPECT_EQ(Place(7), CallPlace::kWaiting);
  EXPECT_EQ(engine_->View(engine_->FindCall(7)).arrived, kStart);
  EXPECT_EQ(Count(DecisionKind::kCancelOutside), 0);
  EXPECT_EQ(Count(DecisionKind::kQueued), 1);
}

TEST_F(EngineResultsTest, OutsideWithoutResult) {
  Start(WithMobile());
  const Decision ring = Outside();
  Pass(absl::Seconds(10) - absl::Microseconds(1));
  EXPECT_TRUE(decisions_.empty());
  Pass(absl::Microseconds(1));
  ASSERT_EQ(decisions_.size(), 2u);
  EXPECT_EQ(decisions_[0].kind, DecisionKind::kCancelOutside);
  EXPECT_EQ(decisions_[0].reason, Reason::kRingTimeout);
  EXPECT_EQ(decisions_[1].kind, DecisionKind::kQueued);
  EXPECT_EQ(Place(7), CallPlace::kWaiting);
  Expect(Event::Result(EventKind::kDone, ring.sequence));  // Too late.
  EXPECT_EQ(Place(7), CallPlace::kWaiting);
  EXPECT_EQ(Stats().queues[0].sent_outside, 0u);
}

// --- kConfirmAlive ----------------------------------------------------------

TEST_F(EngineResultsTest, SilentCallsAreAskedAboutAndClosed) {
  EngineOptions options;
  options.audit_after = absl::Minutes(10);
  options.audit_reply = absl::Seconds(30);
  Start(Small(), options);
  LogIn(1);
  Arrive(7);
  Expect(Event::ForOffer(EventKind::kOfferConnected,
                         Find(DecisionKind::kOffer).offer));
  Serve(absl::Minutes(10) - absl::Seconds(1));
  EXPECT_EQ(Count(DecisionKind::kConfirmAlive), 0);
  // Between one and two such times after the last event.
  const auto serve_until_asked = [this] {
    const absl::Time limit = now_ + absl::Minutes(20);
    do {
      now_ = engine_->next_deadline();
      decisions_.clear();
      engine_->Advance(now_, &decisions_);
    } while (Count(DecisionKind::kConfirmAlive) == 0 && now_ < limit);
  };
  serve_until_asked();
  EXPECT_GE(now_, kStart + absl::Minutes(10));
  EXPECT_LE(now_, kStart + absl::Minutes(20));
  const Decision ask = Find(DecisionKind::kConfirmAlive);
  EXPECT_EQ(ask.call_ref, 7u);
  EXPECT_EQ(ask.deadline, now_ + absl::Seconds(30));
  Pass(absl::Seconds(29));
  Expect(Event::ForCall(EventKind::kCallAlive, ask.call));
  const absl::Time alive = now_;
  serve_until_asked();
  EXPECT_GE(now_, alive + absl::Minutes(10));
  EXPECT_LE(now_, alive + absl::Minutes(20));
  Pass(absl::Seconds(30) - absl::Microseconds(1));
  EXPECT_EQ(Place(7), CallPlace::kConnected);
  Pass(absl::Microseconds(1));
  EXPECT_EQ(Find(DecisionKind::kClosed).reason, Reason::kSilent);
  EXPECT_EQ(Place(7), CallPlace::kNone);
  EXPECT_EQ(engine_->View(engine_->FindAgent(1)).handling, 0);
}

// --- kHangUp, kRefuse, kSendOutside: the call has left ----------------------

TEST_F(EngineResultsTest, ALaterEndIsHarmless) {
  Configuration config = WithMobile();
  config.plans[0].steps[0].outside.ring = absl::InfiniteDuration();
  Start(config);
  Arrive(7);
  Serve(absl::Seconds(20));
  EXPECT_EQ(Count(DecisionKind::kSendOutside), 1);
  EXPECT_EQ(Place(7), CallPlace::kNone);
  const Statistics before = Stats();
  Expect(Event::ForCallRef(EventKind::kCallEnded, 7));
  EXPECT_EQ(Stats().queues[0].abandoned, 0u);
  EXPECT_EQ(Stats().engine.early_ends, before.engine.early_ends);
}

// --- Time -------------------------------------------------------------------

TEST_F(EngineResultsTest, AdvanceAThousandTimesMoreChangesNothing) {
  for (const uint64_t seed : {1u, 2u, 3u}) {
    testing::RandomHost host(seed);
    auto once =
        Engine::Create(EngineOptions(), testing::RandomCentre(0), host.now());
    auto often =
        Engine::Create(EngineOptions(), testing::RandomCentre(0), host.now());
    ASSERT_TRUE(once.ok() && often.ok());
    host.SetQueues({(*once)->FindQueue("q0"), (*once)->FindQueue("q3")});
    Decisions a, b;
    for (int i = 0; i < 600; ++i) {
      const testing::RandomHost::Act& act = host.Next((*once)->next_deadline());
      a.clear();
      b.clear();
      if (act.advance) {
        (*once)->Advance(act.now, &a);
        (*often)->Advance(act.now, &b);
      } else {
        ASSERT_EQ((*once)->Handle(act.event, act.now, &a),
                  (*often)->Handle(act.event, act.now, &b));
      }
      ASSERT_EQ(a.size(), b.size());
      host.Watch(a);
      // A search goes on at an immediate deadline: only that is due again.
      if ((*often)->next_deadline() > act.now) {
        const std::size_t decided = b.size();
        for (int more = 0; more < (i % 200 == 0 ? 1'000 : 2); ++more) {
          (*often)->Advance(act.now, &b);
        }
        ASSERT_EQ(b.size(), decided);
      }
    }
    Statistics x, y;
    (*once)->CopyStatistics(&x);
    (*often)->CopyStatistics(&y);
    EXPECT_EQ(x.engine.decisions, y.engine.decisions);
    EXPECT_EQ((*once)->Calls(), (*often)->Calls());
    EXPECT_EQ((*once)->next_deadline(), (*often)->next_deadline());
  }
}

TEST_F(EngineResultsTest, AClockThatGoesBackIsHeldAndCounted) {
  Start(Small());
  LogIn(1);
  Pass(absl::Seconds(10));
  now_ -= absl::Seconds(5);
  Arrive(7);
  EXPECT_EQ(Stats().engine.clock_regressions, 1u);
  EXPECT_EQ(engine_->View(engine_->FindCall(7)).arrived,
            kStart + absl::Seconds(10));
  EXPECT_EQ(Find(DecisionKind::kOffer).deadline, kStart + absl::Seconds(25));
  Pass(absl::Seconds(5));  // As before: no regression.
  EXPECT_EQ(Stats().engine.clock_regressions, 1u);
  decisions_.clear();
  engine_->Advance(absl::InfinitePast(), &decisions_);
  EXPECT_EQ(Stats().engine.clock_regressions, 2u);
  EXPECT_TRUE(decisions_.empty());
}

TEST_F(EngineResultsTest, TheEndOfTimeIsSafe) {
  Start(Small());
  LogIn(1);
  Arrive(7);
  decisions_.clear();
  engine_->Advance(absl::InfiniteFuture(), &decisions_);
  EXPECT_TRUE(engine_->CheckInvariants().ok());
  Event event = Event::CallArrived(8, Queue("sales"));
  EXPECT_TRUE(engine_->Handle(event, absl::InfiniteFuture(), &decisions_).ok());
  EXPECT_TRUE(engine_->CheckInvariants().ok());
}

TEST_F(EngineResultsTest, ARebasedClockAgesNothing) {
  for (const absl::Duration jump : {absl::Hours(5), absl::Hours(-5)}) {
    Start(Small());
    LogIn(1);
    Arrive(7);
    Pass(absl::Seconds(5));
    now_ += jump;
    Event event = Event::Of(EventKind::kClockRebase);
    event.duration = jump;
    Expect(event);
    EXPECT_TRUE(decisions_.empty());
    EXPECT_EQ(Stats().engine.clock_regressions, 0u);
    EXPECT_EQ(engine_->next_deadline(), now_ + absl::Seconds(10));
    Pass(absl::Seconds(10));
    EXPECT_EQ(Count(DecisionKind::kCancelOffer), 1);
    EXPECT_EQ(Stats().engine.stalls, 0u);
  }
}

// --- Handles and tombstones -------------------------------------------------

TEST_F(EngineResultsTest, StaleHandlesAreNeverTakenForTheNewObject) {
  Start(Small());
  const CallId old_call = Arrive(7);
  Expect(Event::ForCall(EventKind::kCallEnded, old_call));
  const CallId new_call = Arrive(8);
  ASSERT_EQ(new_call.slot(), old_call.slot());
  ASSERT_NE(new_call, old_call);
  EXPECT_EQ(engine_->View(old_call).place, CallPlace::kNone);
  Expect(Event::ForCall(EventKind::kCallEnded, old_call));  // Late: no effect.
  EXPECT_EQ(Place(8), CallPlace::kWaiting);
  Event event = Event::ForCall(EventKind::kCallPriority, old_call);
  event.priority = 9;
  Expect(event);
  EXPECT_EQ(engine_->View(new_call).priority, 0);

  LogIn(1);
  const OfferId old_offer = Find(DecisionKind::kOffer).offer;
  Expect(Event::ForOffer(EventKind::kOfferCancelled, old_offer));
  LogIn(2);
  const OfferId new_offer = Find(DecisionKind::kOffer).offer;
  ASSERT_EQ(new_offer.slot(), old_offer.slot());
  Expect(Event::ForOffer(EventKind::kOfferAccepted, old_offer));
  ASSERT_EQ(decisions_.size(), 1u);
  EXPECT_EQ(decisions_[0].kind, DecisionKind::kReleaseAgent);
  EXPECT_EQ(decisions_[0].reason, Reason::kTooLate);
  EXPECT_EQ(Place(8), CallPlace::kOffered);

  const AgentId old_agent = engine_->FindAgent(2);
  Expect(Event::ForAgent(EventKind::kAgentLogout, old_agent));
  Expect(Event::ForAgent(EventKind::kAgentRemoved, old_agent));
  Event added = Event::ForAgentRef(EventKind::kAgentAdded, 5);
  added.text = "eve";
  Expect(added);
  ASSERT_EQ(engine_->FindAgent(5).slot(), old_agent.slot());
  EXPECT_EQ(Handle(Event::ForAgent(EventKind::kAgentLogin, old_agent)).code(),
            absl::StatusCode::kNotFound);
  EXPECT_FALSE(engine_->View(engine_->FindAgent(5)).logged_in);
}

TEST_F(EngineResultsTest, TombstonesAreBoundedInTimeAndNumber) {
  EngineOptions options;
  options.tombstones_max = 2;
  Start(Small(), options);
  for (const uint64_t ref : {1u, 2u, 3u}) {
    Expect(Event::ForCallRef(EventKind::kCallEnded, ref));
  }
  EXPECT_EQ(Stats().engine.early_ends, 3u);
  Arrive(1);  // Forgotten: two are remembered.
  EXPECT_EQ(Place(1), CallPlace::kWaiting);
  Arrive(3);
  EXPECT_EQ(Find(DecisionKind::kClosed).reason, Reason::kEndedBeforeBegin);
  EXPECT_EQ(Place(3), CallPlace::kNone);
  EXPECT_EQ(Stats().queues[0].abandoned, 1u);

  Start(Small());
  Expect(Event::ForCallRef(EventKind::kCallEnded, 1));
  Expect(Event::ForCallRef(EventKind::kCallEnded, 2));
  Pass(absl::Seconds(30));
  Arrive(1);
  EXPECT_EQ(Place(1), CallPlace::kNone);
  Pass(absl::Microseconds(1));
  Arrive(2);
  EXPECT_EQ(Place(2), CallPlace::kWaiting);
}

// --- Counts -----------------------------------------------------------------

TEST_F(EngineResultsTest, OfferedIsTheSumOfAllEnds) {
  uint64_t answered = 0, abandoned = 0, outside = 0;
  for (uint64_t seed = 1; seed <= 12; ++seed) {
    testing::RandomHost host(seed);
    auto engine = Engine::Create(EngineOptions(),
                                 testing::RandomCentre(seed % 4), host.now());
    ASSERT_TRUE(engine.ok()) << engine.status();
    std::vector<QueueId> queues;
    for (int q = 0; q < testing::kRandomQueues; ++q) {
      const QueueId id = (*engine)->FindQueue("q" + std::to_string(q));
      if (!id.none()) queues.push_back(id);
    }
    host.SetQueues(queues);
    Decisions decisions;
    Statistics s;
    for (int i = 0; i < 2'000; ++i) {
      decisions.clear();
      const testing::RandomHost::Act& act =
          host.Next((*engine)->next_deadline());
      if (act.advance) {
        (*engine)->Advance(act.now, &decisions);
      } else {
        (*engine)->Handle(act.event, act.now, &decisions).IgnoreError();
      }
      host.Watch(decisions);
      (*engine)->CopyStatistics(&s);
      uint64_t in_progress = 0;
      for (const QueueStatistics& q : s.queues) {
        ASSERT_EQ(q.offered, q.answered + q.abandoned + q.sent_outside +
                                 q.refused + q.hung_up + q.lost + q.in_progress)
            << "seed " << seed << " event " << i;
        ASSERT_LE(q.answered_in_target, q.answered);
        ASSERT_LE(q.abandoned_short, q.abandoned);
        ASSERT_EQ(q.waits.count(), q.answered);
        in_progress += q.in_progress;
      }
      ASSERT_LE(in_progress, s.engine.calls);
    }
    uint64_t home = 0, served = 0;
    for (const QueueStatistics& q : s.queues) {
      home += q.answered;
      served += q.served;
      answered += q.answered;
      abandoned += q.abandoned;
      outside += q.sent_outside;
    }
    EXPECT_EQ(home, served);
  }
  EXPECT_GT(answered, 30u);  // The runs have shown something.
  EXPECT_GT(abandoned, 100u);
  EXPECT_GT(outside, 0u);
}

TEST_F(EngineResultsTest, WaitsAreThoseOfTheCaller) {
  Start(Small());
  Arrive(7);
  Pass(absl::Seconds(20));
  LogIn(1);
  Expect(Event::ForOffer(EventKind::kOfferConnected,
                         Find(DecisionKind::kOffer).offer));
  Arrive(8);
  Pass(absl::Seconds(5));
  Expect(Event::ForCallRef(EventKind::kCallEnded, 8));
  Arrive(9);
  Pass(absl::Seconds(5) + absl::Microseconds(1));
  Expect(Event::ForCallRef(EventKind::kCallEnded, 9));
  const QueueStatistics s = Stats().queues[0];
  EXPECT_EQ(s.offered, 3u);
  EXPECT_EQ(s.answered, 1u);
  EXPECT_EQ(s.answered_in_target, 1u);  // wait <= 20 s.
  EXPECT_EQ(s.wait_answered_us, 20'000'000);
  EXPECT_EQ(s.abandoned, 2u);
  EXPECT_EQ(s.abandoned_short, 1u);  // wait <= 5 s.
  EXPECT_EQ(s.wait_abandoned_us, 10'000'001);
}

}  // namespace
}  // namespace callrouter
