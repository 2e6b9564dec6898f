// What the unit tests of dialing share: an engine with a setup, and short words
// for what a host that dials says.

#ifndef CALLROUTER_TESTS_OUTBOUND_TEST_SUPPORT_H_
#define CALLROUTER_TESTS_OUTBOUND_TEST_SUPPORT_H_

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/engine_test_support.h"
#include "tests/outbound_centre.h"

namespace callrouter::testing {

class OutboundTest : public EngineTest {
 protected:
  void Dialer(const OutboundSetup& setup, int leads = 5,
              const Configuration& config = Small()) {
    setup_ = setup;
    now_ = kStart;
    auto engine = Engine::Create(options_, config, setup, now_);
    ASSERT_TRUE(engine.ok()) << engine.status();
    engine_ = *std::move(engine);
    for (int i = 1; i <= leads; ++i) Put(static_cast<uint64_t>(i));
  }
  void Put(uint64_t lead) {
    decisions_.clear();
    const absl::Status status =
        engine_->outbound()->PutLead(OneLead(lead), now_, &decisions_);
    ASSERT_TRUE(status.ok()) << status;
  }
  Event Progress(uint64_t attempt, AttemptProgress progress,
                 uint64_t call_ref = 0) {
    Event event = Event::ForAttempt(EventKind::kAttemptProgress, attempt);
    event.progress = progress;
    event.call_ref = call_ref;
    return event;
  }
  Event Result(uint64_t attempt, AttemptResult result, const char* text = "") {
    Event event = Event::ForAttempt(EventKind::kAttemptResult, attempt);
    event.result = result;
    event.text = text;
    return event;
  }
  Event Person(uint64_t attempt, uint64_t call_ref) {
    return Progress(attempt, AttemptProgress::kPerson, call_ref);
  }
  // Agent 1 logs in, and the first lead is dialled.
  uint64_t DialOne() {
    LogIn(1);
    const Decision dial = Find(DecisionKind::kDial);
    EXPECT_EQ(dial.lead, 1u);
    return dial.attempt;
  }
  // And answers, and speaks with agent 1, as call 100.
  uint64_t Talk() {
    const uint64_t attempt = DialOne();
    Expect(Person(attempt, 100));
    Expect(Event::ForOffer(EventKind::kOfferConnected,
                           Find(DecisionKind::kConnect).offer));
    return attempt;
  }
  PacerStats Paced() const { return *engine_->outbound()->pacer(0)->Stats(0); }
  // A strict pacer counts drops apart that an agent who left has caused.
  uint64_t Drops() const { return Paced().dropped + Paced().agent_left; }
  LeadView Lead(uint64_t lead) const {
    return *engine_->outbound()->leads().View(lead);
  }
  // The one agent is taken by somebody else after the dialing.
  void TakeAgent() {
    Arrive(7, "sales");
    ASSERT_EQ(Count(DecisionKind::kOffer), 1);
    Expect(Event::ForOffer(EventKind::kOfferConnected,
                           Find(DecisionKind::kOffer).offer));
  }
  std::string Words() const {
    std::string words;
    for (const Decision& d : decisions_) {
      words +=
          (words.empty() ? "" : ", ") + std::string(DecisionKindName(d.kind)) +
          (d.reason == Reason::kNone ? "" : " ") +
          (d.reason == Reason::kNone ? "" : std::string(ReasonName(d.reason)));
    }
    return words;
  }

  EngineOptions options_;
  OutboundSetup setup_;
};

}  // namespace callrouter::testing

#endif  // CALLROUTER_TESTS_OUTBOUND_TEST_SUPPORT_H_
