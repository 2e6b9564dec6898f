// queuerules.conf: penaltychange lines as steps of a plan.

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "asterisk_testing.h"

namespace callrouter {
namespace {

constexpr char kQueue[] =
    "[q]\ndefaultrule = r\nmember => PJSIP/1\nmember => PJSIP/2,9\n";

AsteriskImport Rule(const std::string& lines,
                    const AsteriskImportOptions& options = {}) {
  return ImportWithRules(kQueue, "[r]\n" + lines, options);
}

// The steps as "after requirement".
std::vector<std::string> Steps(const AsteriskImport& done) {
  std::vector<std::string> steps;
  if (done.config.plan_size() == 0) return steps;
  for (const v1::Step& step : done.config.plan(0).step()) {
    steps.push_back(step.after() + " " + step.replace());
  }
  return steps;
}

using Lines = std::vector<std::string>;

AsteriskImportOptions MaxAtFirst(int32_t max) {
  AsteriskImportOptions options;
  options.initial_max_penalty = max;
  return options;
}

TEST(AsteriskRulesTest, AbsoluteWindows) {
  const AsteriskImport done = Rule(
      "penaltychange => 20,3\npenaltychange => 40,8,2\n"
      "penaltychange => 60,,4\n");
  EXPECT_EQ(Steps(done),
            (Lines{"20s penalty(\"q\") <= 3",
                   "40s penalty(\"q\") <= 8 and penalty(\"q\") >= 2",
                   "60s penalty(\"q\") <= 8 and penalty(\"q\") >= 4"}));
  EXPECT_EQ(done.config.plan(0).step(1).id(), "penalty_40s");
  EXPECT_EQ(done.config.queue(0).plan(), done.config.plan(0).name());
  EXPECT_EQ(done.config.queue(0).requirement(), "");
  EXPECT_EQ(Verdict(done, 2), "mapped");
  EXPECT_EQ(Verdict(done, 1, 1), "mapped");
  EXPECT_TRUE(Says(done, 2, "mapped: step penalty_20s", "<= 3", 1));
  EXPECT_NE(done.report.ToText().find("QUEUE_MAX_PENALTY"), std::string::npos);
}

TEST(AsteriskRulesTest, RelativeChangesAddUpFromWhatTheDialplanSets) {
  const std::string rule =
      "penaltychange => 10,+3\npenaltychange => 20,+4\n"
      "penaltychange => 30,-20\n";
  AsteriskImport done = Rule(rule, MaxAtFirst(1));
  EXPECT_EQ(Steps(done),
            (Lines{"10s penalty(\"q\") <= 4", "20s penalty(\"q\") <= 8",
                   "30s penalty(\"q\") <= 0"}));
  EXPECT_EQ(done.config.queue(0).requirement(), "penalty(\"q\") <= 1");
  done = Rule(rule);  // Nothing known: relative to no limit is no limit.
  EXPECT_EQ(Steps(done), Lines{});
  EXPECT_TRUE(Says(done, 2, "ignored", "initial_max_penalty", 1));
  done = Rule("penaltychange => 5,2\npenaltychange => 9,+1\n");
  EXPECT_EQ(Steps(done),
            (Lines{"5s penalty(\"q\") <= 2", "9s penalty(\"q\") <= 3"}));
}

TEST(AsteriskRulesTest, SignMustBeTheFirstCharacter) {
  const AsteriskImport done = Rule("penaltychange => 10, +3\n", MaxAtFirst(5));
  EXPECT_EQ(Steps(done), Lines{"10s penalty(\"q\") <= 3"});
  EXPECT_TRUE(Says(done, 2, "mapped! the blank before '+3'", "", 1));
}

TEST(AsteriskRulesTest, MinimumIsAtMostTheMaximum) {
  const AsteriskImport done =
      Rule("penaltychange => 10,3,7\npenaltychange => 20,9,-1\n");
  EXPECT_EQ(Steps(done),
            (Lines{"10s penalty(\"q\") <= 3 and penalty(\"q\") >= 3",
                   "20s penalty(\"q\") <= 9 and penalty(\"q\") >= 2"}));
}

TEST(AsteriskRulesTest, RaisedMembersPassTheMinimum) {
  AsteriskImport done = Rule(
      "penaltychange => 10,9,5\npenaltychange => 20,,,6\n"
      "penaltychange => 30,,,r6\n");
  EXPECT_EQ(Steps(done),
            (Lines{"10s penalty(\"q\") <= 9 and penalty(\"q\") >= 5",
                   "20s penalty(\"q\") <= 9",
                   "30s penalty(\"q\") <= 9 and penalty(\"q\") >= 5"}));
  done = Rule("penaltychange => 10,,,4\n");
  EXPECT_EQ(Steps(done), Lines{});
  EXPECT_TRUE(Says(done, 2, "ignored: a raised penalty", "", 1));
  // A raised penalty below the minimum helps nobody in.
  done = Rule("penaltychange => 10,9,5,3\n");
  EXPECT_EQ(Steps(done),
            Lines{"10s penalty(\"q\") <= 9 and penalty(\"q\") >= 5"});
}

TEST(AsteriskRulesTest, StepsAreInOrderOfTimeThenOfTheFile) {
  const AsteriskImport done = Rule(
      "penaltychange => 30,9\npenaltychange => 10,1\n"
      "penaltychange => 30,5\npenaltychange => 0,0\n");
  EXPECT_EQ(Steps(done),
            (Lines{"0s penalty(\"q\") <= 0", "10s penalty(\"q\") <= 1",
                   "30s penalty(\"q\") <= 9", "30s penalty(\"q\") <= 5"}));
  EXPECT_EQ(done.config.plan(0).step(3).id(), "penalty_30s_2");
}

TEST(AsteriskRulesTest, EverybodyIsAnyMember) {
  const AsteriskImport done =
      Rule("penaltychange => 10,1\npenaltychange => 20,1000000\n");
  EXPECT_EQ(Steps(done),
            (Lines{"10s penalty(\"q\") <= 1", "20s member(\"q\")"}));
}

TEST(AsteriskRulesTest, BadLinesAreErrorsAndTheRestIsImported) {
  const AsteriskImport done = Rule(
      "penaltychange => 10\npenaltychange => -1,5\npenaltychange =>\n"
      "penaltychange => 20,x\npenaltychange => soon,4\nmaxpenalty = 3\n"
      "penaltychange 30,9\n");
  EXPECT_TRUE(Says(done, 2, "error", "seconds,maximum", 1));
  EXPECT_TRUE(Says(done, 3, "error", "not negative", 1));
  EXPECT_TRUE(Says(done, 4, "error", "", 1));
  EXPECT_TRUE(Says(done, 5, "mapped! found 'x'", "", 1));
  EXPECT_TRUE(Says(done, 6, "mapped! found 'soon'", "", 1));
  EXPECT_TRUE(Says(done, 7, "ignored! unknown key 'maxpenalty'", "", 1));
  EXPECT_TRUE(Says(done, 8, "error", "key = value", 1));
  EXPECT_EQ(Steps(done),
            (Lines{"0s penalty(\"q\") <= 4", "20s penalty(\"q\") <= 0"}));
}

TEST(AsteriskRulesTest, RulesNobodyNamesAreIgnored) {
  const AsteriskImport done = ImportWithRules(
      "[q]\nweight = 1\n",
      "[general]\nrealtime_rules = yes\n[t](!)\npenaltychange => 1,1\n"
      "[r]\npenaltychange => 9,9\n");
  EXPECT_TRUE(Says(done, 1, "mapped", "", 1));
  EXPECT_TRUE(Says(done, 2, "ignored: rules in a database", "", 1));
  EXPECT_TRUE(Says(done, 3, "ignored: no rule uses this template", "", 1));
  EXPECT_TRUE(Says(done, 4, "ignored: no rule uses this template", "", 1));
  EXPECT_TRUE(Says(done, 5, "ignored: no imported queue", "", 1));
  EXPECT_TRUE(Says(done, 6, "ignored: no imported queue", "", 1));
}

TEST(AsteriskRulesTest, OneRuleForSeveralQueues) {
  const AsteriskImport done =
      ImportWithRules("[t](!)\ndefaultrule = R\n[a](t)\n[b \"x\\y\"](t)\n",
                      "[r]\npenaltychange => 9,9\n");
  ASSERT_EQ(done.config.plan_size(), 2);
  EXPECT_EQ(done.config.plan(0).step(0).replace(), "penalty(\"a\") <= 9");
  EXPECT_EQ(done.config.plan(1).step(0).replace(),
            "penalty(\"b \\\"x\\\\y\\\"\") <= 9");
  EXPECT_EQ(done.report.counts().lines, 6);
}

TEST(AsteriskRulesTest, DefaultRuleNeedsTheRule) {
  AsteriskImport done = Import(kQueue);
  EXPECT_TRUE(Says(done, 2, "ignored! no rules file was given"));
  done = ImportWithRules(kQueue, "[other]\npenaltychange => 1,1\n");
  EXPECT_TRUE(Says(done, 2, "error: found the rule 'r'"));
  done = ImportWithRules("[q]\ndefaultrule =\n",
                         "[other]\npenaltychange => 1,1\n");
  EXPECT_EQ(Verdict(done, 2), "ignored: empty: no rule");
}

TEST(AsteriskRulesTest, FewMembersSwitchPenaltiesOff) {
  const std::string rules = "[r]\npenaltychange => 9,9\n";
  AsteriskImport done =
      ImportWithRules(std::string(kQueue) + "penaltymemberslimit = 2\n", rules);
  EXPECT_TRUE(done.config.queue(0).strategy().ignore_penalty());
  EXPECT_EQ(done.config.plan_size(), 0);
  EXPECT_TRUE(Says(done, 2, "ignored: penaltymemberslimit"));
  done =
      ImportWithRules(std::string(kQueue) + "penaltymemberslimit = 1\n", rules);
  EXPECT_FALSE(done.config.queue(0).strategy().ignore_penalty());
  EXPECT_EQ(done.config.plan_size(), 1);
}

TEST(AsteriskRulesTest, LeavingWhenEmptyComesBehindTheRule) {
  const AsteriskImport done =
      ImportWithRules(std::string(kQueue) + "leavewhenempty = strict\n",
                      "[r]\npenaltychange => 9,9\n");
  ASSERT_EQ(done.config.plan(0).step_size(), 2);
  EXPECT_EQ(done.config.plan(0).step(1).id(), "leave_when_empty");
}

TEST(AsteriskRulesTest, MoreStepsThanAPlanHoldsAreErrors) {
  std::string lines;
  for (int i = 0; i < 40; ++i) {
    lines += "penaltychange => " + std::to_string(10 * i) + "," +
             std::to_string(i) + "\n";
  }
  const AsteriskImport done = Rule(lines);
  EXPECT_EQ(done.config.plan(0).step_size(), 31);
  EXPECT_EQ(done.report.counts().errors, 9);
}

TEST(AsteriskRulesTest, ExtremeNumbersStayInRange) {
  const AsteriskImport done = Rule(
      "penaltychange => 2147483647,2147483647\n"
      "penaltychange => 1,5,-2147483648\n"
      "penaltychange => 99999999999999,+2147483647,+2147483647\n");
  EXPECT_EQ(Steps(done),
            (Lines{"1s penalty(\"q\") <= 5", "3600000s member(\"q\")",
                   "3600000s penalty(\"q\") >= 1000000"}));
}

}  // namespace
}  // namespace callrouter
