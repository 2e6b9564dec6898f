#include "callrouter/number_health.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/number_lab.h"

namespace callrouter {
namespace {

using ::testing::HasSubstr;
using Code = absl::StatusCode;

// Ten calls that nobody answers send a number to rest, six make it suspect;
// two that are answered clear it again.
NumberRules HastyRules() {
  NumberRules rules = NumberLab::Rules();
  NumberHealthRules& health = rules.health;
  health.learn = false;
  health.own_calls = 0;
  health.expected_permille = 500;
  health.drop_odds_permille = 333;  // Unanswered: + .405; answered: - .694.
  health.suspect_at = 2'200;
  health.rest_at = 4'000;
  health.label_weight = 4'000;
  health.complaint_weight = 1'500;
  health.rest_for = absl::Hours(48);
  health.suspect_for = absl::Hours(10);
  health.probe_for = absl::Hours(100);
  health.hold_for = absl::Hours(500);
  health.rest_share_permille = 1000;
  return rules;
}

void Calls(NumberLab* lab, int i, int calls, bool answered,
           CarrierId carrier = CarrierId()) {
  for (; calls > 0; --calls) EXPECT_TRUE(lab->Call(i, answered, carrier));
}

TEST(NumberHealthTest, WarmsUpFromItsFirstCall) {
  NumberRules rules = HastyRules();
  rules.groups[0].caps.per_day = 10;
  rules.groups[0].caps.warm_up = {{absl::ZeroDuration(), 200},
                                  {absl::Hours(48), 500},
                                  {absl::Hours(96), 1000}};
  NumberLab lab(rules, 1, NumberState::kNew);
  lab.now += absl::Hours(500);
  lab.pool->Advance(lab.now);
  EXPECT_EQ(lab.State(0), NumberState::kNew);  // Nobody was called yet.
  EXPECT_EQ(lab.pool->next_deadline(), absl::InfiniteFuture());
  Calls(&lab, 0, 2, true);
  EXPECT_FALSE(lab.Take(0));  // A fifth of ten.
  EXPECT_EQ(lab.Changes(), "new -> warming, first shown; ");
  EXPECT_EQ(lab.pool->View(lab.ids[0])->state_until, lab.now + absl::Hours(96));
  EXPECT_EQ(lab.pool->next_deadline(), lab.now + absl::Hours(96));
  lab.now += absl::Hours(96) - absl::Microseconds(1);
  lab.pool->Advance(lab.now);
  EXPECT_EQ(lab.Changes(), "");
  lab.now += absl::Microseconds(1);
  lab.pool->Advance(lab.now);
  EXPECT_EQ(lab.Changes(), "warming -> active, warmed up; ");
  Calls(&lab, 0, 10, true);
  EXPECT_FALSE(lab.Take(0));
}

TEST(NumberHealthTest, SuspicionComesAndGoes) {
  NumberLab lab(HastyRules(), 1);
  Calls(&lab, 0, 5, false);
  EXPECT_EQ(lab.State(0), NumberState::kActive);
  Calls(&lab, 0, 1, false);
  EXPECT_EQ(lab.Changes(), "active -> suspect, suspicion; ");
  EXPECT_EQ(lab.pool->Health(lab.ids[0], CarrierId())->suspicion, 2'434);
  Calls(&lab, 0, 3, true);
  EXPECT_EQ(lab.State(0), NumberState::kSuspect);
  Calls(&lab, 0, 1, true);
  EXPECT_EQ(lab.Changes(), "suspect -> active, cleared; ");
  // Undecided for too long.
  Calls(&lab, 0, 6, false);
  lab.now += absl::Hours(10);
  lab.pool->Advance(lab.now);
  EXPECT_EQ(lab.Changes(),
            "active -> suspect, suspicion; suspect -> probing, undecided; ");
}

TEST(NumberHealthTest, RestsLongerAfterEachFailureAndIsHeldAtLast) {
  NumberRules rules = HastyRules();
  rules.health.retire_after = 2;
  NumberLab lab(rules, 1);
  Calls(&lab, 0, 10, false);
  EXPECT_EQ(lab.Changes(),
            "active -> suspect, suspicion; suspect -> resting, alarm; ");
  EXPECT_FALSE(lab.Take(0));
  lab.now += absl::Hours(48);
  Calls(&lab, 0, 8, false);  // ln 19 = 2.944 at .405 a call.
  EXPECT_EQ(lab.Changes(),
            "resting -> probing, rest is over; "
            "probing -> resting, probation failed; ");
  EXPECT_EQ(lab.pool->View(lab.ids[0])->probes_failed, 1);
  EXPECT_EQ(lab.pool->View(lab.ids[0])->state_until, lab.now + absl::Hours(96));
  lab.now += absl::Hours(96);
  Calls(&lab, 0, 8, false);
  EXPECT_EQ(lab.Changes(),
            "resting -> probing, rest is over; "
            "probing -> held, probation failed; ");
  lab.now += absl::Hours(500);
  lab.pool->Advance(lab.now);
  EXPECT_EQ(lab.Changes(), "held -> retired, hold is over; ");
  EXPECT_EQ(lab.pool->next_deadline(), absl::InfiniteFuture());
}

TEST(NumberHealthTest, ProbationAsksTheCarrierInQuestion) {
  NumberLab lab(HastyRules(), 1);
  Calls(&lab, 0, 10, false, lab.carriers[0]);
  std::vector<NumberStateChange> changes;
  lab.pool->TakeChanges(&changes);
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[1].carrier, lab.carriers[0]);
  EXPECT_EQ(changes[1].id, lab.ids[0]);
  EXPECT_EQ(changes[1].at, lab.now);
  lab.now += absl::Hours(48);
  Calls(&lab, 0, 20, true, lab.carriers[1]);
  EXPECT_EQ(lab.State(0), NumberState::kProbing);
  Calls(&lab, 0, 5, true, lab.carriers[0]);  // ln 19 at .694 a call.
  EXPECT_EQ(lab.Changes(),
            "resting -> probing, rest is over; "
            "probing -> active, probation passed; ");
  EXPECT_EQ(lab.pool->View(lab.ids[0])->probes_failed, 0);
}

TEST(NumberHealthTest, AProbationWithoutCallsEndsInFavour) {
  NumberLab lab(HastyRules(), 1);
  Calls(&lab, 0, 10, false);
  lab.now += absl::Hours(48);
  lab.pool->Advance(lab.now);
  Calls(&lab, 0, 1, false);
  lab.Changes();
  lab.now += absl::Hours(100);  // One call against it: it fails.
  lab.pool->Advance(lab.now);
  EXPECT_EQ(lab.Changes(), "probing -> resting, probation failed; ");
  lab.now += absl::Hours(196);  // Far behind: all that was due, in order.
  lab.pool->Advance(lab.now);
  EXPECT_EQ(lab.Changes(),
            "resting -> probing, rest is over; "
            "probing -> active, probation passed; ");
}

TEST(NumberHealthTest, TheMostSuspectRestIfTooManyWould) {
  NumberRules rules = HastyRules();
  rules.health.rest_share_permille = 300;
  NumberLab lab(rules, 4);
  Calls(&lab, 0, 10, false);  // 4.05
  EXPECT_EQ(lab.State(0), NumberState::kResting);
  Calls(&lab, 1, 10, false);  // No more than the other.
  EXPECT_EQ(lab.State(1), NumberState::kSuspect);
  lab.Changes();
  Calls(&lab, 1, 1, false);
  EXPECT_EQ(lab.State(1), NumberState::kResting);
  EXPECT_EQ(lab.State(0), NumberState::kProbing);
  EXPECT_EQ(lab.Changes(),
            "resting -> probing, too many rest; suspect -> resting, alarm; ");
  // What the host has sent to rest is not called back, but counts.
  EXPECT_TRUE(
      lab.pool->SetState(lab.ids[1], NumberState::kActive, lab.now).ok());
  EXPECT_TRUE(
      lab.pool->SetState(lab.ids[2], NumberState::kResting, lab.now).ok());
  lab.Changes();
  Calls(&lab, 3, 20, false);
  EXPECT_EQ(lab.State(3), NumberState::kSuspect);
  EXPECT_EQ(lab.State(2), NumberState::kResting);
  // One alone is never taken away.
  NumberLab alone(rules, 1);
  Calls(&alone, 0, 30, false);
  EXPECT_EQ(alone.State(0), NumberState::kSuspect);
}

TEST(NumberHealthTest, OutsidersAreHeard) {
  NumberLab lab(HastyRules(), 2);
  const auto verdict = [&](int i, CarrierId carrier, NumberVerdict v) {
    return lab.pool
        ->Verdict(lab.ids[static_cast<std::size_t>(i)], carrier, v, lab.now)
        .code();
  };
  EXPECT_EQ(verdict(0, lab.carriers[1], NumberVerdict::kLabelled), Code::kOk);
  EXPECT_EQ(lab.Changes(), "active -> resting, alarm; ");
  EXPECT_TRUE(lab.pool->Health(lab.ids[0], lab.carriers[1])->labelled);
  EXPECT_EQ(verdict(0, lab.carriers[0], NumberVerdict::kLabelRemoved),
            Code::kOk);
  EXPECT_EQ(lab.Changes(), "");  // Another carrier's.
  EXPECT_EQ(verdict(0, lab.carriers[1], NumberVerdict::kLabelRemoved),
            Code::kOk);
  EXPECT_EQ(lab.Changes(), "resting -> probing, label removed; ");
  EXPECT_EQ(verdict(0, lab.carriers[1], NumberVerdict::kLabelled), Code::kOk);
  EXPECT_EQ(lab.Changes(), "probing -> resting, probation failed; ");
  // Complaints add up; a label that is known does not.
  EXPECT_EQ(verdict(1, CarrierId(), NumberVerdict::kComplaint), Code::kOk);
  EXPECT_EQ(lab.pool->Health(lab.ids[1], CarrierId())->suspicion, 1'500);
  EXPECT_EQ(verdict(1, CarrierId(), NumberVerdict::kComplaint), Code::kOk);
  EXPECT_EQ(lab.Changes(), "active -> suspect, suspicion; ");
  EXPECT_EQ(verdict(1, CarrierId(), NumberVerdict::kLabelRemoved), Code::kOk);
  EXPECT_EQ(lab.Changes(), "suspect -> active, label removed; ");

  EXPECT_EQ(verdict(0, CarrierId(), static_cast<NumberVerdict>(3)),
            Code::kInvalidArgument);
  EXPECT_EQ(verdict(0, CarrierId(77, 1), NumberVerdict::kComplaint),
            Code::kNotFound);
  EXPECT_EQ(lab.pool
                ->Verdict(NumberId(9, 9), CarrierId(),
                          NumberVerdict::kComplaint, lab.now)
                .code(),
            Code::kNotFound);
  EXPECT_EQ(lab.Changes(), "");
}

TEST(NumberHealthTest, SomeOutcomesSayNothing) {
  NumberLab lab(HastyRules(), 1);
  for (const CallOutcome outcome :
       {CallOutcome::kFailed, CallOutcome::kRefusedByOperator}) {
    for (int i = 0; i < 50; ++i) {
      ASSERT_TRUE(lab.Take(0));
      EXPECT_TRUE(lab.Report(outcome).ok());
    }
  }
  EXPECT_EQ(lab.pool->Health(lab.ids[0], CarrierId())->suspicion, 0);
  EXPECT_EQ(lab.pool->stats().reported, 0u);
  for (const CallOutcome outcome :
       {CallOutcome::kNoAnswer, CallOutcome::kBusy, CallOutcome::kRejected,
        CallOutcome::kMachine}) {
    ASSERT_TRUE(lab.Take(0));
    EXPECT_TRUE(lab.Report(outcome).ok());
  }
  EXPECT_EQ(lab.pool->stats().reported, 4u);
  EXPECT_EQ(lab.pool->Health(lab.ids[0], CarrierId())->suspicion, 1'623);
}

TEST(NumberHealthTest, ReportsComeInAnyOrderOnceAndInTime) {
  NumberPoolOptions options;  // Attempts are remembered for five minutes.
  options.charts_max = 1;
  NumberLab lab(HastyRules(), 2, NumberState::kActive, options);
  const auto report = [&](uint64_t attempt, CallOutcome outcome) {
    return lab.pool->Report({attempt, outcome}, lab.now).code();
  };
  EXPECT_EQ(report(1, CallOutcome::kNone), Code::kInvalidArgument);
  EXPECT_EQ(report(1, static_cast<CallOutcome>(8)), Code::kInvalidArgument);
  EXPECT_EQ(report(1, CallOutcome::kBusy), Code::kNotFound);
  ASSERT_TRUE(lab.Take(0));
  EXPECT_EQ(report(1, CallOutcome::kBusy), Code::kOk);  // Before Commit.
  EXPECT_EQ(lab.pool->stats().committed, 1u);
  EXPECT_EQ(report(1, CallOutcome::kBusy), Code::kOk);
  EXPECT_EQ(report(1, CallOutcome::kAnswered), Code::kAlreadyExists);
  EXPECT_EQ(lab.pool->stats().reported, 1u);
  EXPECT_TRUE(lab.pool->Commit(1, lab.now).ok());
  ASSERT_TRUE(lab.Take(0));
  EXPECT_TRUE(lab.pool->End(2, lab.now).ok());
  EXPECT_EQ(report(2, CallOutcome::kBusy), Code::kOk);  // After End.
  EXPECT_EQ(lab.pool->stats().reported, 2u);
  ASSERT_TRUE(lab.Take(0));
  EXPECT_TRUE(lab.pool->Cancel(3, lab.now).ok());
  EXPECT_EQ(report(3, CallOutcome::kBusy), Code::kFailedPrecondition);
  ASSERT_TRUE(lab.Take(0));
  lab.now += absl::Seconds(60);
  EXPECT_EQ(report(4, CallOutcome::kBusy), Code::kFailedPrecondition);
  ASSERT_TRUE(lab.Take(1));
  EXPECT_EQ(report(5, CallOutcome::kBusy), Code::kResourceExhausted);
  EXPECT_EQ(report(5, CallOutcome::kFailed), Code::kOk);
  ASSERT_TRUE(lab.Take(0));
  EXPECT_TRUE(lab.pool->End(6, lab.now).ok());
  lab.now += absl::Hours(24);
  EXPECT_EQ(report(6, CallOutcome::kBusy), Code::kNotFound);
  EXPECT_THAT(lab.pool->Report({6, CallOutcome::kBusy}, lab.now).message(),
              HasSubstr("attempt 6 is not known, or was over long ago"));
}

TEST(NumberHealthTest, AClockThatJumpsAgesNothing) {
  NumberLab lab(HastyRules(), 1);
  Calls(&lab, 0, 10, false);
  const absl::Time until = lab.pool->View(lab.ids[0])->state_until;
  lab.pool->Advance(lab.now - absl::Hours(1));
  EXPECT_EQ(lab.pool->stats().clock_regressions, 1u);
  EXPECT_EQ(lab.pool->View(lab.ids[0])->state_until, until);
  lab.now += absl::Hours(24);
  lab.pool->RebaseClock(absl::Hours(24), lab.now);
  lab.Changes();
  EXPECT_EQ(lab.pool->View(lab.ids[0])->state_until, until + absl::Hours(24));
  EXPECT_EQ(lab.pool->next_deadline(), until + absl::Hours(24));
  lab.pool->SetWallClock(absl::Hours(100), lab.now);
  EXPECT_EQ(lab.State(0), NumberState::kResting);
  lab.now = until + absl::Hours(24);
  lab.pool->Advance(lab.now);
  EXPECT_EQ(lab.State(0), NumberState::kProbing);
}

TEST(NumberHealthTest, TheHostHasTheLastWord) {
  NumberLab lab(HastyRules(), 1);
  const auto set = [&](NumberState state) {
    EXPECT_TRUE(lab.pool->SetState(lab.ids[0], state, lab.now).ok());
  };
  Calls(&lab, 0, 9, false);
  set(NumberState::kActive);  // It was suspect: that is forgotten.
  EXPECT_EQ(lab.pool->Health(lab.ids[0], CarrierId())->suspicion, 0);
  set(NumberState::kSuspect);
  Calls(&lab, 0, 20, true);
  EXPECT_EQ(lab.State(0), NumberState::kSuspect);  // Until probation.
  for (const NumberState quiet : {NumberState::kReserved, NumberState::kRetired,
                                  NumberState::kActive, NumberState::kNew}) {
    set(quiet);
    EXPECT_EQ(lab.pool->next_deadline(), absl::InfiniteFuture());
  }
  set(NumberState::kReserved);
  Calls(&lab, 0, 50, false);
  EXPECT_EQ(lab.State(0), NumberState::kReserved);
  EXPECT_TRUE(lab.pool->CheckInvariants().ok());
}

TEST(NumberHealthTest, ItsOwnLevelIsLearnedOnce) {
  NumberRules rules = HastyRules();
  rules.health.own_calls = 100;
  rules.health.own_prior_calls = 100;
  rules.health.suspect_at = rules.health.rest_at = 1'000'000;
  NumberLab lab(rules, 1);
  for (int i = 0; i < 100; ++i) lab.Call(0, i % 5 == 0);
  // .2 and the pool's .5 with the same weight: .35; odds .538.
  EXPECT_EQ(lab.pool->Health(lab.ids[0], CarrierId())->own_odds_permille, 538);
  for (int i = 0; i < 500; ++i) lab.Call(0, true);
  EXPECT_EQ(lab.pool->Health(lab.ids[0], CarrierId())->own_odds_permille, 538);
  EXPECT_EQ(lab.pool->Health(lab.ids[0], CarrierId())->own_calls, 100);
}

TEST(NumberHealthTest, ChangesNotTakenAreBounded) {
  NumberPoolOptions options = NumberLab::Options();
  options.changes_max = 3;
  NumberLab lab(HastyRules(), 1, NumberState::kActive, options);
  for (const NumberState state :
       {NumberState::kHeld, NumberState::kReserved, NumberState::kRetired,
        NumberState::kNew, NumberState::kActive}) {
    EXPECT_TRUE(lab.pool->SetState(lab.ids[0], state, lab.now).ok());
  }
  EXPECT_EQ(lab.pool->stats().changes_lost, 2u);
  EXPECT_EQ(lab.Changes(),
            "reserved -> retired, host; retired -> new, host; "
            "new -> active, host; ");
  EXPECT_EQ(lab.Changes(), "");
}

TEST(NumberHealthTest, OtherRulesHoldFromNowOn) {
  NumberRules rules = HastyRules();
  NumberLab lab(rules, 2);
  Calls(&lab, 0, 10, false);
  const absl::Time began = lab.now;
  rules.health.rest_for = absl::Hours(5);
  EXPECT_TRUE(lab.pool->SetRules(rules, lab.now).ok());
  EXPECT_EQ(lab.pool->next_deadline(), began + absl::Hours(5));
  NumberPatch patch;
  patch.remove = {NumberLab::Phone(0)};
  EXPECT_TRUE(lab.pool->Apply(patch, lab.now).ok());
  EXPECT_EQ(lab.pool->next_deadline(), absl::InfiniteFuture());
  EXPECT_EQ(lab.pool->stats().charts, 0u);
  EXPECT_TRUE(lab.pool->CheckInvariants().ok());
}

TEST(NumberHealthTest, EveryFaultOfTheRulesIsFound) {
  EXPECT_TRUE(FindFaults(NumberHealthRules()).empty());
  NumberHealthRules bad;
  bad.answered = {CallOutcome::kBusy, CallOutcome::kRefusedByOperator};
  bad.expected_permille = 0;
  bad.prior_calls = 0;
  bad.half_life = absl::Minutes(1);
  bad.attempts_apart = 0;
  bad.own_calls = -1;
  bad.own_prior_calls = 0;
  bad.drop_odds_permille = 1000;
  bad.suspect_at = bad.rest_at + 1;
  bad.label_weight = -1;
  bad.complaint_weight = -1;
  bad.rest_for = absl::InfiniteDuration();
  bad.rest_growth_permille = 999;
  bad.suspect_for = absl::ZeroDuration();
  bad.probe_for = -absl::InfiniteDuration();
  bad.hold_for = absl::Hours(24) * 401;
  bad.probe_fails_permille = 500;
  bad.probe_passes_permille = 0;
  bad.retire_after = 0;
  bad.rest_share_permille = 1001;
  const std::vector<Fault> faults = FindFaults(bad);
  EXPECT_EQ(faults.size(), 21u);
  EXPECT_EQ(faults[0].path, "answered");
  EXPECT_EQ(faults[0].found, "outcome 7");
  EXPECT_EQ(faults[1].path, "unanswered");
  EXPECT_EQ(faults[1].found, "\"busy\" twice");
  bad = NumberHealthRules();
  bad.unanswered.clear();
  EXPECT_EQ(FindFaults(bad).size(), 1u);
  NumberRules rules = NumberLab::Rules();
  rules.health.rest_at = 0;
  EXPECT_THAT(FindFaults(rules).front().path, HasSubstr("health.rest_at"));
  rules = NumberLab::Rules();
  rules.groups[0].caps.warm_up = {{absl::ZeroDuration(), 900}};
  EXPECT_EQ(FindFaults(rules).front().path,
            "group[0].caps.warm_up[0].permille");
}

}  // namespace
}  // namespace callrouter
