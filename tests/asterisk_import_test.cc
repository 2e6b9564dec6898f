// What becomes of queues.conf: queues, members, settings, and the report.

#include "callrouter/asterisk_import.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "asterisk_testing.h"

namespace callrouter {
namespace {

// Imports one queue with these lines, which begin at line 2.
AsteriskImport Queue(const std::string& lines) {
  return Import("[q]\n" + lines);
}

TEST(AsteriskImportTest, QueueWithoutSettingsHasAsterisksDefaults) {
  const AsteriskImport done = Import("[support]\n");
  ASSERT_EQ(done.config.queue_size(), 1);
  const v1::Queue& queue = done.config.queue(0);
  EXPECT_EQ(queue.name(), "support");
  EXPECT_TRUE(queue.members_only());
  EXPECT_EQ(queue.strategy().ring(), v1::Strategy::ALL);
  EXPECT_EQ(queue.ring(), "15s");
  EXPECT_EQ(queue.misses().skip_for_caller(), "5s");
  EXPECT_EQ(queue.plan(), "");
  EXPECT_FALSE(queue.has_entry());
  EXPECT_TRUE(Says(done, 1, "mapped", "no member here"));
}

TEST(AsteriskImportTest, Strategies) {
  using v1::Strategy;
  const std::vector<std::pair<std::string, Strategy::Order>> orders = {
      {"leastrecent", Strategy::LONGEST_IDLE},
      {"fewestcalls", Strategy::FEWEST_CALLS},
      {"random", Strategy::RANDOM},
      {"wrandom", Strategy::WEIGHTED_RANDOM},
      {"rrmemory", Strategy::ROUND_ROBIN},
      {"rrordered", Strategy::ROUND_ROBIN},
      {"roundrobin", Strategy::ROUND_ROBIN},
      {"linear", Strategy::LINEAR},
  };
  for (const auto& [name, order] : orders) {
    const AsteriskImport done = Queue("strategy = " + name + "\n");
    EXPECT_EQ(done.config.queue(0).strategy().order(), order) << name;
    EXPECT_EQ(done.config.queue(0).strategy().ring(), Strategy::ONE) << name;
    EXPECT_TRUE(Says(done, 2, "mapped")) << name;
    EXPECT_EQ(done.report.counts().warnings, 0) << name;
  }
  EXPECT_EQ(Queue("strategy=ringall\n").config.queue(0).strategy().ring(),
            Strategy::ALL);
  EXPECT_TRUE(Says(Queue("strategy=roundrobin\n"), 2, "mapped: an old name"));
  const AsteriskImport unknown = Queue("strategy = rr\n");
  EXPECT_TRUE(Says(unknown, 2, "mapped! found 'rr', expected ringall"));
  EXPECT_EQ(unknown.config.queue(0).strategy().ring(), Strategy::ALL);
  EXPECT_FALSE(unknown.report.has_errors());
}

TEST(AsteriskImportTest, WeightedRandomWeighsByPenalty) {
  const AsteriskImport done = Queue(
      "strategy = wrandom\nmember => PJSIP/1,0\nmember => PJSIP/2,3\n"
      "member => PJSIP/3,5000\n");
  EXPECT_TRUE(done.config.queue(0).strategy().ignore_penalty());
  EXPECT_EQ(FindMembership(done.config, "PJSIP/1", "q")->weight(), 1000);
  EXPECT_EQ(FindMembership(done.config, "PJSIP/2", "q")->weight(), 250);
  EXPECT_EQ(FindMembership(done.config, "PJSIP/3", "q")->weight(), 1);
}

TEST(AsteriskImportTest, LinearSkipsUntilTheOthersHaveBeenRung) {
  const std::string members =
      "member => PJSIP/1\nmember => PJSIP/2\nmember => PJSIP/3\n"
      "member => PJSIP/4,5\n";
  EXPECT_EQ(Queue("strategy=linear\ntimeout=20\n" + members)
                .config.queue(0)
                .misses()
                .skip_for_caller(),
            "40s");
  EXPECT_EQ(Queue("strategy=rrmemory\ntimeout=20\n" + members)
                .config.queue(0)
                .misses()
                .skip_for_caller(),
            "5s");
}

TEST(AsteriskImportTest, NumbersAreReadAsAsteriskDoes) {
  AsteriskImport done = Queue(
      "timeout = 20\nretry = 3\nweight = -2\nmaxlen = 12\nwrapuptime = 8\n"
      "servicelevel = 30\n");
  const v1::Queue& queue = done.config.queue(0);
  EXPECT_EQ(queue.ring(), "20s");
  EXPECT_EQ(queue.misses().skip_for_caller(), "3s");
  EXPECT_EQ(queue.weight(), -2);
  EXPECT_EQ(queue.entry().waiting_max(), 12);
  EXPECT_EQ(queue.entry().when_full().hang_up().cause(), "busy");
  EXPECT_EQ(queue.wrap_up(), "8s");
  EXPECT_EQ(queue.service_level_target(), "30s");

  done = Queue(
      "timeout = -1\nretry = 0\nmaxlen = -3\nwrapuptime = -3\n"
      "servicelevel = 0\n");
  EXPECT_EQ(done.config.queue(0).ring(), "15s");
  EXPECT_EQ(done.config.queue(0).misses().skip_for_caller(), "5s");
  EXPECT_EQ(done.config.queue(0).entry().waiting_max(), 0);
  EXPECT_EQ(done.config.queue(0).wrap_up(), "0s");
  EXPECT_TRUE(Says(done, 6, "ignored", "20 s"));

  done = Queue("timeout = 0\n");
  EXPECT_EQ(done.config.queue(0).ring(), "3600000s");
  EXPECT_TRUE(Says(done, 2, "mapped: 0 is no limit"));

  done = Queue(
      "timeout = 20s\nweight = much\nmaxlen =\n"
      "wrapuptime = 99999999999\n");
  EXPECT_EQ(done.config.queue(0).ring(), "20s");
  EXPECT_TRUE(Says(done, 2, "mapped! found '20s', expected an integer"));
  EXPECT_TRUE(Says(done, 3, "mapped! found 'much'", "reads it as 0"));
  EXPECT_TRUE(Says(done, 4, "mapped! found nothing"));
  EXPECT_TRUE(Says(done, 5, "mapped!", "cut to 1000 hours"));
  EXPECT_EQ(done.config.queue(0).wrap_up(), "3600000s");
}

TEST(AsteriskImportTest, SwitchesAreTrueFalseOrNeither) {
  for (const char* yes : {"yes", "TRUE", "y", "t", "1", "On"}) {
    const AsteriskImport done = Queue(std::string("autopause = ") + yes);
    EXPECT_EQ(done.config.queue(0).misses().pause_after(), 1) << yes;
  }
  for (const char* no : {"no", "False", "n", "f", "0", "off"}) {
    const AsteriskImport done = Queue(std::string("autopause = ") + no);
    EXPECT_EQ(done.config.queue(0).misses().pause_after(), 0) << no;
    EXPECT_EQ(Verdict(done, 2), "mapped") << no;
  }
  AsteriskImport done = Queue("autopause = all\n");
  EXPECT_EQ(done.config.queue(0).misses().pause_after(), 1);
  done = Queue(
      "autopause = maybe\nringinuse = maybe\nautofill = si\n"
      "timeoutrestart = 2\n");
  EXPECT_EQ(done.config.queue(0).misses().pause_after(), 0);
  EXPECT_TRUE(Says(done, 2, "mapped! found 'maybe'"));
  EXPECT_TRUE(Says(done, 3, "mapped! found 'maybe'"));
  EXPECT_TRUE(Says(done, 4, "ignored! found 'si'"));
  EXPECT_TRUE(Says(done, 5, "ignored! found '2'"));
  done = Queue("ringinuse = no\nautofill = yes\ntimeoutrestart = yes\n");
  for (const size_t line : {2u, 3u, 4u})
    EXPECT_TRUE(Says(done, line, "mapped"));
  done = Queue("ringinuse = yes\nautofill = no\ntimeoutrestart = no\n");
  for (const size_t line : {2u, 3u, 4u}) {
    EXPECT_TRUE(Says(done, line, "ignored: "));
  }
}

TEST(AsteriskImportTest, LastOfARepeatedKeyCounts) {
  const AsteriskImport done =
      Queue("weight = 1\nmusic = a\nWEIGHT = 2\nmusiconhold = b\nweight = 3\n");
  EXPECT_EQ(done.config.queue(0).weight(), 3);
  EXPECT_EQ(Verdict(done, 2), "ignored: overridden by line 6");
  EXPECT_EQ(Verdict(done, 3), "ignored: overridden by line 5");
  EXPECT_EQ(Verdict(done, 4), "ignored: overridden by line 6");
  EXPECT_EQ(Verdict(done, 5), "ignored: music on hold is the host's");
  EXPECT_EQ(Verdict(done, 6), "mapped");
}

TEST(AsteriskImportTest, WhatIsTheHostsIsIgnoredWithItsReason) {
  const std::vector<std::pair<std::string, std::string>> keys = {
      {"musicclass", "music"},
      {"announce-frequency", "announcement"},
      {"queue-youarenext", "sounds"},
      {"monitor-format", "recording"},
      {"membergosub", "channel"},
      {"setinterfacevar", "variables"},
      {"context", "key pressed"},
      {"memberdelay", "hears"},
      {"timeoutpriority", "Queue()"},
      {"autopausedelay", "miss"},
      {"autopausebusy", "cool_off"},
      {"autopauseunavail", "cool_off"},
      {"periodic-announce", "announcement"},
      {"log-restricted-caller-id", "logs"},
      {"eventwhencalled", "no longer"},
  };
  for (const auto& [key, reason] : keys) {
    for (const char* value : {"1", ""}) {
      const AsteriskImport done = Queue(key + " = " + value + "\n");
      EXPECT_TRUE(Says(done, 2, "ignored: ", reason)) << key;
      EXPECT_EQ(done.report.counts().warnings, 0) << key;
    }
  }
}

TEST(AsteriskImportTest, UnknownKeysAreWarnings) {
  const AsteriskImport done =
      Queue("weight = 1\nmaxlne = 3\ncolour = red\nexten => 1,1,Queue(q)\n");
  EXPECT_TRUE(Says(done, 3, "ignored! unknown key 'maxlne'", "mean maxlen?"));
  EXPECT_TRUE(Says(done, 4, "ignored! unknown key 'colour'"));
  EXPECT_EQ(Verdict(done, 4).find("did you mean"), std::string::npos);
  EXPECT_TRUE(Says(done, 5, "ignored!", "extensions.conf"));
  EXPECT_FALSE(done.report.has_errors());
}

TEST(AsteriskImportTest, GeneralSection) {
  const AsteriskImport done = Import(
      "[general]\npersistentmembers = yes\nautofill = no\nautofill = yes\n"
      "shared_lastcall = yes\nforce_longest_waiting_caller = prio\n"
      "timeout = 5\nfoo = 1\n[q]\nweight = 1\n[GENERAL](+)\n"
      "log-caller-id-name = yes\n");
  EXPECT_EQ(done.config.queue_size(), 1);
  EXPECT_TRUE(Says(done, 1, "mapped"));
  EXPECT_TRUE(Says(done, 2, "ignored: ", "host's events"));
  EXPECT_EQ(Verdict(done, 3), "ignored: overridden by line 4");
  EXPECT_TRUE(Says(done, 4, "mapped", "below this line only"));
  EXPECT_TRUE(Says(done, 5, "mapped", "belongs to the agent"));
  EXPECT_TRUE(Says(done, 6, "mapped", "oldest"));
  EXPECT_TRUE(Says(done, 7, "ignored! a queue's key"));
  EXPECT_TRUE(Says(done, 8, "ignored! unknown key 'foo'"));
  EXPECT_TRUE(Says(done, 12, "ignored: logs"));
}

TEST(AsteriskImportTest, SecondSectionForAQueueIsSkipped) {
  const AsteriskImport done =
      Import("[q]\nweight = 1\n[Q]\nweight = 2\nmember => PJSIP/1\n");
  ASSERT_EQ(done.config.queue_size(), 1);
  EXPECT_EQ(done.config.queue(0).weight(), 1);
  EXPECT_EQ(done.config.agent_size(), 0);
  EXPECT_TRUE(Says(done, 3, "ignored!", "the first is at line 1"));
  EXPECT_TRUE(Says(done, 4, "ignored: in a second section"));
  EXPECT_TRUE(Says(done, 5, "ignored: in a second section"));
}

TEST(AsteriskImportTest, MembersBecomeAgents) {
  const AsteriskImport done = Import(
      "[a]\n"
      "member => PJSIP/100\n"
      "member => Local/30@from-queue/n,2,\"Vega, Ana\",hint:30@ext-local\n"
      "member => SIP/7@trunk, 5 ,Bo,,no,12,yes\n"
      "[b]\n"
      "member => SIP/7@trunk,1,Bob\n"
      "member => pjsip/100,0,Cy\n");
  ASSERT_EQ(done.config.agent_size(), 3);
  const v1::Agent& ana = done.config.agent(1);
  EXPECT_EQ(done.config.agent(0).name(), "PJSIP/100");
  EXPECT_EQ(done.config.agent(0).ref(), 1u);
  EXPECT_EQ(ana.name(), "Local/30@from-queue/n");
  EXPECT_EQ(ana.ref(), 2u);
  ASSERT_EQ(ana.attribute_size(), 2);
  EXPECT_EQ(ana.attribute(0).name(), "membername");
  EXPECT_EQ(ana.attribute(0).value(), "Vega, Ana");
  EXPECT_EQ(ana.attribute(1).name(), "state_interface");
  EXPECT_EQ(ana.attribute(1).value(), "hint:30@ext-local");
  EXPECT_EQ(FindMembership(done.config, ana.name(), "a")->penalty(), 2);
  EXPECT_EQ(FindMembership(done.config, ana.name(), "a")->position(), 2);
  const v1::Membership* bo = FindMembership(done.config, "SIP/7@trunk", "a");
  EXPECT_EQ(bo->penalty(), 5);
  EXPECT_EQ(bo->wrap_up(), "12s");
  EXPECT_TRUE(Says(done, 4, "mapped: ", "begins paused"));
  EXPECT_EQ(FindMembership(done.config, "SIP/7@trunk", "b")->penalty(), 1);
  EXPECT_EQ(FindMembership(done.config, "SIP/7@trunk", "b")->wrap_up(), "");
  EXPECT_TRUE(Says(done, 6, "mapped", "membername stays 'Bo'"));
  EXPECT_TRUE(Says(done, 7, "mapped", "the same agent as PJSIP/100"));
  EXPECT_EQ(done.config.agent(0).membership_size(), 2);
}

TEST(AsteriskImportTest, OddMemberFields) {
  const AsteriskImport done = Queue(
      "member => PJSIP/1,-4\n"
      "member => PJSIP/2,high\n"
      "member => PJSIP/3,2000000\n"
      "member => PJSIP/4,,,,yes,-5,perhaps\n"
      "member => PJSIP/5,1,A (B, C),,perhaps\n"
      "member => 1234\n"
      "member =>\n"
      "member => PJSIP/\n");
  EXPECT_EQ(FindMembership(done.config, "PJSIP/1", "q")->penalty(), 0);
  EXPECT_TRUE(Says(done, 2, "mapped!", "-4 counts as 0"));
  EXPECT_EQ(FindMembership(done.config, "PJSIP/2", "q")->penalty(), 0);
  EXPECT_TRUE(Says(done, 3, "mapped!", "'high', expected an integer"));
  EXPECT_EQ(FindMembership(done.config, "PJSIP/3", "q")->penalty(), 1000000);
  EXPECT_TRUE(Says(done, 4, "mapped!", "cut to 1000000"));
  EXPECT_TRUE(Says(done, 5, "mapped!", "its capacity"));
  EXPECT_TRUE(Says(done, 5, "mapped!", "paused: found 'perhaps'"));
  EXPECT_TRUE(Says(done, 6, "mapped!", "ringinuse: found 'perhaps'"));
  EXPECT_EQ(done.config.agent(4).attribute(0).value(), "A (B, C)");
  for (const size_t line : {7u, 8u, 9u}) {
    EXPECT_TRUE(Says(done, line, "error: ", "as in PJSIP/100"));
  }
  EXPECT_EQ(done.config.agent_size(), 5);
}

TEST(AsteriskImportTest, MemberGivenTwiceCountsWhereItIsGivenLast) {
  const AsteriskImport done =
      Queue("member => PJSIP/1,1\nmember => PJSIP/2\nmember => pjsip/1,7\n");
  EXPECT_TRUE(Says(done, 2, "ignored! overridden by line 4"));
  ASSERT_EQ(done.config.agent_size(), 2);
  EXPECT_EQ(FindMembership(done.config, "pjsip/1", "q")->penalty(), 7);
  EXPECT_EQ(FindMembership(done.config, "pjsip/1", "q")->position(), 2);
  EXPECT_EQ(FindMembership(done.config, "PJSIP/2", "q")->position(), 1);
}

TEST(AsteriskImportTest, JoinEmpty) {
  const auto entry = [](const std::string& value) {
    return Queue("joinempty = " + value + "\n").config.queue(0).entry();
  };
  for (const char* nobody :
       {"no", "strict", "paused", "paused,inuse,ringing"}) {
    EXPECT_EQ(entry(nobody).when_nobody_available().hang_up().cause(),
              "no_answer")
        << nobody;
    EXPECT_TRUE(entry(nobody).when_nobody_logged_in().has_hang_up()) << nobody;
  }
  for (const char* gone : {"loose", "invalid", "unavailable", "unknown"}) {
    EXPECT_FALSE(entry(gone).has_when_nobody_available()) << gone;
    EXPECT_TRUE(entry(gone).when_nobody_logged_in().has_hang_up()) << gone;
  }
  for (const char* open : {"yes", "", "inuse,ringing", "wrapup", "penalty"}) {
    EXPECT_FALSE(entry(open).has_when_nobody_available()) << open;
    EXPECT_FALSE(entry(open).has_when_nobody_logged_in()) << open;
  }
  EXPECT_TRUE(Says(Queue("joinempty=yes\n"), 2, "mapped: everybody"));
  EXPECT_TRUE(Says(Queue("joinempty=inuse\n"), 2, "ignored: agents who"));
  EXPECT_TRUE(Says(Queue("joinempty=paused,inuse\n"), 2, "mapped", "busy"));
}

TEST(AsteriskImportTest, WordsOfJoinEmptyAddUp) {
  AsteriskImport done = Queue("joinempty = invalid\njoinempty = paused\n");
  EXPECT_TRUE(done.config.queue(0).entry().has_when_nobody_available());
  EXPECT_TRUE(Says(done, 2, "mapped"));
  EXPECT_TRUE(Says(done, 3, "mapped"));
  // A word for a whole set voids what stands before it, even in one line.
  done = Queue("joinempty = paused\njoinempty = strict,yes\n");
  EXPECT_FALSE(done.config.queue(0).has_entry());
  EXPECT_EQ(Verdict(done, 2), "ignored: overridden by line 3");
  done = Queue("joinempty = yes,paused\n");
  EXPECT_TRUE(done.config.queue(0).entry().has_when_nobody_available());
  // Asterisk does not strip blanks.
  done = Queue("joinempty = invalid, paused\n");
  EXPECT_FALSE(done.config.queue(0).entry().has_when_nobody_available());
  EXPECT_TRUE(Says(done, 2, "mapped!", "without blanks"));
}

TEST(AsteriskImportTest, LeaveWhenEmptyIsAStep) {
  AsteriskImport done = Queue("leavewhenempty = yes\n");
  ASSERT_EQ(done.config.plan_size(), 1);
  EXPECT_EQ(done.config.queue(0).plan(), done.config.plan(0).name());
  const v1::Step step = done.config.plan(0).step(0);
  EXPECT_EQ(step.id(), "leave_when_empty");
  EXPECT_TRUE(step.when().nobody_available());
  EXPECT_TRUE(step.has_hang_up());
  EXPECT_NE(done.report.ToText().find("LEAVEEMPTY"), std::string::npos);
  done = Queue("leavewhenempty = loose\n");
  EXPECT_TRUE(done.config.plan(0).step(0).when().nobody_logged_in());
  EXPECT_FALSE(done.config.plan(0).step(0).when().nobody_available());
  done = Queue("leavewhenempty = no\n");  // No means stay, for this key.
  EXPECT_EQ(done.config.plan_size(), 0);
  EXPECT_TRUE(Says(done, 2, "mapped: nobody is sent away"));
}

}  // namespace
}  // namespace callrouter
