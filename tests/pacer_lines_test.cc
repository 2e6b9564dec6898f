// What becomes of single lines: overdue people, machines, records, errors.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "callrouter/pacer.h"
#include "tests/pacer_fixture.h"

namespace callrouter {
namespace {

TEST_F(PacerLinesTest, TheMessageIsOrderedOnceAndInTime) {
  rules().overdue = Overdue::kMessage;
  rules().notice = absl::Milliseconds(300);
  Make(1);
  const LineId line = Answered();
  EXPECT_EQ(pacer_->next_deadline(), start_ + absl::Milliseconds(1'700));
  At(1'699);
  EXPECT_EQ(Orders(), "");
  At(1'700);
  EXPECT_EQ(Orders(), "message@2000");
  EXPECT_EQ(Orders(), "");
  EXPECT_EQ(Drops(), 1);
  // An agent comes too late, and what crosses is told so.
  EXPECT_EQ(pacer_->Bridged(line, 0, now_).code(), Code::kFailedPrecondition);
  EXPECT_EQ(Try(line, LineEvent::kPerson), Code::kFailedPrecondition);
  EXPECT_EQ(Try(line, LineEvent::kMachine), Code::kFailedPrecondition);
  EXPECT_EQ(pacer_->lines(), 1);
  At(5'000);
  Say(line, LineEvent::kHungUp);  // In the middle of the message.
  EXPECT_EQ(pacer_->lines(), 0);
  EXPECT_EQ(Try(line, LineEvent::kDropped), Code::kNotFound);
  const PacerStats stats = *pacer_->Stats(0);
  EXPECT_EQ(stats.dropped, 1u);
  EXPECT_EQ(stats.hung_up, 0u);
  EXPECT_EQ(stats.let_go, 1u);
  EXPECT_EQ(Drops(), 1);
  const LineRecord record = Records().at(0);
  EXPECT_EQ(record.outcome, LineOutcome::kHungUp);
  EXPECT_EQ(record.charge, LineCharge::kDrop);
  EXPECT_EQ(record.overdue, start_ + absl::Milliseconds(1'700));
}

TEST_F(PacerLinesTest, WhoHangsUpOrIsBridgedBeforeIsNoDrop) {
  rules().overdue = Overdue::kRelease;
  Make(1);
  const LineId a = Answered(), b = Answered(), c = Answered();
  At(2'000);  // At the very moment: before it.
  Say(a, LineEvent::kHungUp);
  ASSERT_TRUE(pacer_->Bridged(b, 0, now_).ok());
  EXPECT_EQ(Drops(), 0);
  EXPECT_EQ(Orders(), "release@2000");
  Say(c, LineEvent::kDropped);
  EXPECT_EQ(Drops(), 1);
  EXPECT_EQ(pacer_->Stats(0)->hung_up, 1u);
  EXPECT_EQ(pacer_->lines(), 0);
  EXPECT_EQ(pacer_->next_deadline(), absl::InfiniteFuture());
}

// The host asks late. What was due has happened; what was not told can still
// be avoided, though not the drop.
TEST_F(PacerLinesTest, LateHostsAndLateAgents) {
  rules().overdue = Overdue::kRelease;
  Make(1);
  const LineId a = Answered(), b = Answered();
  At(2'001);
  ASSERT_TRUE(pacer_->Bridged(a, 0, now_).ok());
  EXPECT_EQ(Drops(), 2);
  EXPECT_EQ(pacer_->next_deadline(), now_);
  At(9'000);
  EXPECT_EQ(Orders(), "release@2000");  // Of b alone.
  Say(b, LineEvent::kEnded);
  Agent(0, DialAgent::kReady);
  const auto records = Records();
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].outcome, LineOutcome::kDropped);
  EXPECT_EQ(records[1].outcome, LineOutcome::kConversation);
  EXPECT_EQ(records[1].charge, LineCharge::kDrop);
}

TEST_F(PacerLinesTest, SecondsCountFromWhereTheLawSays) {
  rules().overdue = Overdue::kRelease;
  rules().patience_from = DropStart::kGreetingEnd;
  Make(0);
  const LineId heard = Answered(), silent = Answered(), late = Dial();
  Say(late, LineEvent::kAnswered);
  At(500);
  Say(heard, LineEvent::kGreetingBegan);
  At(1'000);
  Say(heard, LineEvent::kGreetingEnded);
  EXPECT_EQ(Try(heard, LineEvent::kGreetingEnded), Code::kFailedPrecondition);
  At(3'000);
  EXPECT_EQ(Orders(), "release@3000");
  At(5'900);
  Say(late, LineEvent::kPerson);  // Only now it is known.
  EXPECT_EQ(Orders(), "");
  At(6'000);  // 4 s for the greeting that never came.
  EXPECT_EQ(Orders(), "release@6000, release@6000");
  Say(silent, LineEvent::kDropped);

  rules().patience_from = DropStart::kGreetingBegin;
  now_ = start_;
  Make(0);
  const LineId line = Answered();
  At(1'000);
  Say(line, LineEvent::kGreetingBegan);
  At(3'000);
  EXPECT_EQ(Orders(), "release@3000");

  // A verdict that took longer than the seconds leaves nothing of them.
  rules().patience_from = DropStart::kAnswer;
  now_ = start_;
  Make(0);
  const LineId slow = Dial();
  Say(slow, LineEvent::kAnswered);
  At(3'000);
  Say(slow, LineEvent::kPerson);
  EXPECT_EQ(Orders(), "release@2000");
}

TEST_F(PacerLinesTest, HeldPeopleGetAnAgentOrAreLetGo) {
  rules().overdue = Overdue::kHold;
  rules().after_hold = Overdue::kMessage;
  rules().hold_max = absl::Seconds(10);
  Make(1);
  const LineId a = Answered(), b = Answered(), c = Answered();
  At(2'000);
  EXPECT_EQ(Orders(), "hold@12000, hold@12000, hold@12000");
  EXPECT_EQ(Drops(), 3);
  At(8'000);
  ASSERT_TRUE(pacer_->Bridged(a, 0, now_).ok());
  Say(b, LineEvent::kHungUp);
  At(12'000);
  EXPECT_EQ(Orders(), "message@12000");
  Say(c, LineEvent::kEnded);
  EXPECT_EQ(Drops(), 3);
  EXPECT_EQ(pacer_->Stats(0)->dropped, 3u);
  EXPECT_EQ(pacer_->Stats(0)->hung_up, 0u);

  // Where the law lets people wait, only who gets nobody is a drop.
  rules().hold_is_drop = false;
  now_ = start_;
  Make(1);
  const LineId d = Answered(), e = Answered(), f = Answered();
  At(2'000);
  EXPECT_EQ(Orders(), "hold@12000, hold@12000, hold@12000");
  EXPECT_EQ(Drops(), 0);
  ASSERT_TRUE(pacer_->Bridged(d, 0, now_).ok());
  Say(e, LineEvent::kHungUp);
  EXPECT_EQ(Drops(), 0);
  At(12'000);
  EXPECT_EQ(Orders(), "message@12000");
  EXPECT_EQ(Drops(), 1);
  Say(f, LineEvent::kEnded);
}

TEST_F(PacerLinesTest, OrdersSurviveSaveAndLoad) {
  rules().overdue = Overdue::kHold;
  Make(0);
  Answered();
  At(1'000);
  Answered();
  At(2'500);
  pacer_->Advance(now_);  // One is due and not told.
  const std::string saved = pacer_->Save();
  auto loaded = Pacer::Load(saved);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ((*loaded)->Save(), saved);
  pacer_ = *std::move(loaded);
  EXPECT_EQ(pacer_->next_deadline(), now_);
  EXPECT_EQ(Orders(), "hold@32000");
  At(40'000);
  EXPECT_EQ(Orders(), "release@32000, release@33000");
}

TEST_F(PacerLinesTest, RecordsTellTheWholeLife) {
  options_.windows = {{WindowKind::kRolling, absl::Hours(1)}};
  rules().mode = PacingMode::kProgressive;
  Make(1);
  LineFeatures features;
  features.segment = 7;
  const LineId line = *pacer_->Dialled(features, now_);
  At(1'000);
  Say(line, LineEvent::kRinging);
  At(6'000);
  Say(line, LineEvent::kAnswered);
  At(6'400);
  Say(line, LineEvent::kGreetingBegan);
  At(7'000);
  Say(line, LineEvent::kGreetingEnded);
  Say(line, LineEvent::kPerson);
  At(7'500);
  ASSERT_TRUE(pacer_->Bridged(line, 0, now_).ok());
  At(60'000);
  Say(line, LineEvent::kEnded);
  EXPECT_EQ(Try(line, LineEvent::kEnded), Code::kFailedPrecondition);
  EXPECT_TRUE(Records().empty());  // The agent may still say it was a machine.
  At(70'000);
  Agent(0, DialAgent::kReady);
  const auto records = Records();
  ASSERT_EQ(records.size(), 1u);
  EXPECT_TRUE(Records().empty());
  const LineRecord& r = records[0];
  EXPECT_EQ(r.line, line);
  EXPECT_EQ(r.features.segment, 7);
  EXPECT_EQ(r.dialled, start_);
  EXPECT_EQ(r.rang, start_ + absl::Seconds(1));
  EXPECT_EQ(r.answered, start_ + absl::Seconds(6));
  EXPECT_EQ(r.greeting_began, start_ + absl::Milliseconds(6'400));
  EXPECT_EQ(r.greeting_ended, start_ + absl::Seconds(7));
  EXPECT_EQ(r.person, start_ + absl::Seconds(7));
  EXPECT_EQ(r.overdue, absl::InfinitePast());
  EXPECT_EQ(r.bridged, start_ + absl::Milliseconds(7'500));
  EXPECT_EQ(r.ended, start_ + absl::Seconds(60));
  EXPECT_EQ(r.mode, PacingMode::kProgressive);
  EXPECT_EQ(r.outcome, LineOutcome::kConversation);
  EXPECT_EQ(r.agent, 0);
  ASSERT_EQ(r.windows, 2);
  EXPECT_EQ(r.totals[0].answers, 1);
  EXPECT_EQ(r.totals[1].answers, 1);
}

TEST_F(PacerLinesTest, NoLineStartsThatCouldNotBeRecorded) {
  rules().mode = PacingMode::kProgressive;
  options_.records_max = 3;
  Make(5);
  pacer_->Plan(now_, &plans_);
  EXPECT_EQ(plans_[0].lines, 3);
  EXPECT_EQ(plans_[0].limit, PacingLimit::kRecords);
  const LineId a = Dial(), b = Dial();
  Dial();
  Say(a, LineEvent::kNoAnswer);
  Say(b, LineEvent::kPerson);
  ASSERT_TRUE(pacer_->Bridged(b, 0, now_).ok());
  const std::string before = pacer_->Save();
  EXPECT_EQ(pacer_->Dialled(LineFeatures(), now_).status().code(),
            Code::kResourceExhausted);
  EXPECT_EQ(pacer_->Save(), before);
  EXPECT_EQ(Records().size(), 1u);
  Dial();
  EXPECT_FALSE(pacer_->Dialled(LineFeatures(), now_).ok());
}

TEST_F(PacerLinesTest, AMachineAfterAllIsNeitherAnswerNorDrop) {
  rules().overdue = Overdue::kHold;
  rules().windows = {{WindowKind::kCalendarDay},
                     {WindowKind::kRolling, absl::Hours(1)}};
  Make(2);
  const LineId person = Answered(), quick = Answered(), late = Answered();
  ASSERT_TRUE(pacer_->Bridged(person, 0, now_).ok());
  ASSERT_TRUE(pacer_->Bridged(quick, 1, now_).ok());
  At(5'000);
  Orders();
  Agent(0, DialAgent::kReady);
  ASSERT_TRUE(pacer_->Bridged(late, 0, now_).ok());
  EXPECT_EQ(Answers(), 3);
  EXPECT_EQ(Drops(), 1);
  Say(quick, LineEvent::kWasMachine);
  Say(quick, LineEvent::kEnded);
  Say(late, LineEvent::kEnded);
  Say(late, LineEvent::kWasMachine);
  EXPECT_EQ(Try(late, LineEvent::kWasMachine), Code::kFailedPrecondition);
  const std::vector<WindowCount> windows = *pacer_->Windows(0);
  for (const WindowCount& window : windows) {
    EXPECT_EQ(window.answers, 1);
    EXPECT_EQ(window.drops, 0);
  }
  const PacerStats stats = *pacer_->Stats(0);
  EXPECT_EQ(stats.persons, 1u);
  EXPECT_EQ(stats.dropped, 0u);
  EXPECT_EQ(stats.machines, 2u);
  EXPECT_EQ(stats.machines_bridged, 2u);
  EXPECT_DOUBLE_EQ(stats.missed_machine_share, 2.0 / 3);
  Records();
  Agent(1, DialAgent::kReady);
  const LineRecord record = Records().at(0);
  EXPECT_EQ(record.outcome, LineOutcome::kMachineAfterAll);
  EXPECT_EQ(record.charge, LineCharge::kNothing);
  EXPECT_EQ(Try(quick, LineEvent::kWasMachine), Code::kNotFound);
}

// An answer that a window no longer counts is not taken from the next one.
TEST_F(PacerLinesTest, AMachineOfYesterdayTakesNothingFromToday) {
  Make(2);
  const LineId line = Answered();
  ASSERT_TRUE(pacer_->Bridged(line, 0, now_).ok());
  now_ += absl::Hours(24);
  const LineId today = Answered();
  ASSERT_TRUE(pacer_->Bridged(today, 1, now_).ok());
  Say(line, LineEvent::kWasMachine);
  EXPECT_EQ(Answers(), 1);
}

TEST_F(PacerLinesTest, FalseMachinesAreChargedTheirShare) {
  Make(1);
  ASSERT_TRUE(pacer_->Sampled(0, 1, 100, now_).ok());
  Say(Dial(), LineEvent::kMachine);
  const LineRecord record = Records().at(0);
  EXPECT_EQ(record.charge, LineCharge::kFalseMachine);
  EXPECT_NEAR(record.charged, 0.044, 0.001);
  EXPECT_EQ(pacer_->Stats(0)->false_machine_share, record.charged);
}

// The first fault in the order of the header is the one that is told.
TEST_F(PacerLinesTest, ErrorsComeInTheOrderStated) {
  options_.lines_max = 1;
  options_.records_max = 1;
  options_.carriers = {{1, 1}};
  Make(1);
  LineFeatures wrong;
  wrong.carrier = 1;
  EXPECT_EQ(pacer_->Dialled(wrong, now_).status().code(),
            Code::kInvalidArgument);
  const LineId line = Dial();
  // All three limits are reached: lines_max is named.
  const absl::Status full = pacer_->Dialled(LineFeatures(), now_).status();
  EXPECT_EQ(full.code(), Code::kResourceExhausted);
  EXPECT_NE(full.message().find("lines_max"), std::string::npos);
  EXPECT_EQ(pacer_->Dialled(wrong, now_).status().code(),
            Code::kInvalidArgument);
  const LineId none(5, 1);
  EXPECT_EQ(pacer_->Bridged(none, 99, now_).code(), Code::kInvalidArgument);
  EXPECT_EQ(pacer_->Bridged(none, 0, now_).code(), Code::kNotFound);
  EXPECT_EQ(pacer_->Report(none, static_cast<LineEvent>(99), now_).code(),
            Code::kInvalidArgument);
  Agent(0, DialAgent::kAway);
  const absl::Status both = pacer_->Bridged(line, 0, now_);
  EXPECT_EQ(both.code(), Code::kFailedPrecondition);
  EXPECT_EQ(both.message(), "nobody has answered this line");
  Say(line, LineEvent::kPerson);
  EXPECT_EQ(pacer_->Bridged(line, 0, now_).message(),
            "agent 0 is away, not ready");
  EXPECT_EQ(pacer_->BeginPreview(0, 0, now_).message(),
            "campaign 0 is predictive, not timed preview");
  EXPECT_EQ(pacer_->BeginPreview(7, 0, now_).code(), Code::kInvalidArgument);
  Say(line, LineEvent::kHungUp);
  EXPECT_EQ(Try(line, LineEvent::kPerson), Code::kNotFound);
  const absl::Status unread = pacer_->Dialled(LineFeatures(), now_).status();
  EXPECT_NE(unread.message().find("records_max"), std::string::npos);
}

TEST_F(PacerLinesTest, FaultsOfTheNewOptions) {
  options_.carriers = {{0, 0}};
  rules().carriers = {0, 0, 5};
  rules().notice = absl::Seconds(9);
  rules().hold_max = absl::ZeroDuration();
  rules().after_hold = Overdue::kHold;
  rules().greeting_max = absl::Hours(1);
  rules().preview_time = absl::ZeroDuration();
  options_.records_max = -1;
  std::string fields;
  for (const Fault& fault : FindFaults(options_)) fields += fault.path + "\n";
  EXPECT_EQ(fields,
            "carriers[0].lines_max\n"
            "carriers[0].starts_per_second\n"
            "campaigns[0].greeting_max\n"
            "campaigns[0].notice\n"
            "campaigns[0].hold_max\n"
            "campaigns[0].after_hold\n"
            "campaigns[0].preview_time\n"
            "campaigns[0].carriers[0]\n"
            "campaigns[0].carriers[1]\n"
            "campaigns[0].carriers[2]\n"
            "records_max\n");
}

}  // namespace
}  // namespace callrouter
