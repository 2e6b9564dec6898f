// Asterisk's file syntax as the importer reads it: comments, sections,
// templates, appending, includes, and lines that are wrong.

#include <gtest/gtest.h>

#include <string>

#include "asterisk_testing.h"

namespace callrouter {
namespace {

TEST(AsteriskSyntaxTest, BlankAndCommentLinesAreSaidToBeThat) {
  const AsteriskImport done = Import(
      "; a comment\n\n   \t\n[q] ; behind a header\ntimeout = 9;right "
      "behind\n");
  EXPECT_EQ(Verdict(done, 1), "ignored: comment");
  EXPECT_EQ(Verdict(done, 2), "ignored: blank");
  EXPECT_EQ(Verdict(done, 3), "ignored: blank");
  EXPECT_TRUE(Says(done, 4, "mapped"));
  EXPECT_EQ(Verdict(done, 5), "mapped");
  EXPECT_EQ(done.config.queue(0).ring(), "9s");
}

TEST(AsteriskSyntaxTest, LastLineNeedsNoEndAndCrLfIsOne) {
  const AsteriskImport done = Import("[q]\r\nweight = 3\r\n\r\nmaxlen=4");
  ASSERT_EQ(done.report.files[0].lines.size(), 4u);
  EXPECT_EQ(done.config.queue(0).weight(), 3);
  EXPECT_EQ(done.config.queue(0).entry().waiting_max(), 4);
  EXPECT_EQ(Verdict(done, 3), "ignored: blank");
}

TEST(AsteriskSyntaxTest, EmptyFileHasNoLines) {
  const AsteriskImport done = Import("");
  EXPECT_EQ(done.report.counts().lines, 0);
  EXPECT_FALSE(done.report.has_errors());
  EXPECT_EQ(done.config.queue_size(), 0);
}

TEST(AsteriskSyntaxTest, BlockCommentsNest) {
  const AsteriskImport done = Import(
      "[q]\n"
      ";-- out\n"
      "timeout = 1\n"
      ";-- deeper\n"
      "timeout = 2\n"
      "--;\n"
      "timeout = 3\n"
      "--; timeout = 4\n"
      "wrapuptime = ;-- not 6 --; 7\n"
      ";--- three dashes open nothing\n"
      "weight = 5\n");
  for (const size_t line : {2u, 3u, 4u, 5u, 6u, 7u, 10u}) {
    EXPECT_EQ(Verdict(done, line), "ignored: comment") << line;
  }
  EXPECT_EQ(done.config.queue(0).ring(), "4s");
  EXPECT_EQ(done.config.queue(0).wrap_up(), "7s");
  EXPECT_EQ(done.config.queue(0).weight(), 5);
}

TEST(AsteriskSyntaxTest, BlockCommentThatNothingClosesIsReported) {
  const AsteriskImport done = Import("[q]\nweight = 1\n;-- oops\nweight = 2\n");
  EXPECT_TRUE(Says(done, 3, "ignored!", "--;"));
  EXPECT_EQ(Verdict(done, 4), "ignored: comment");
  EXPECT_EQ(done.config.queue(0).weight(), 1);
}

TEST(AsteriskSyntaxTest, EscapedSemicolonIsText) {
  const AsteriskImport done =
      Import("[q]\nmember => PJSIP/1,0,Ann \\; Bo ; a comment\n");
  ASSERT_EQ(done.config.agent_size(), 1);
  EXPECT_EQ(done.config.agent(0).attribute(0).value(), "Ann ; Bo");
}

TEST(AsteriskSyntaxTest, ArrowMeansTheSameAndFirstEqualsSplits) {
  const AsteriskImport done =
      Import("[q]\ntimeout => 8\n\\weight = 2\nmember=>PJSIP/a=b\n");
  EXPECT_EQ(done.config.queue(0).ring(), "8s");
  EXPECT_EQ(done.config.queue(0).weight(), 2);
  EXPECT_EQ(done.config.agent(0).name(), "PJSIP/a=b");
}

TEST(AsteriskSyntaxTest, NamesAreInAnyCase) {
  const AsteriskImport done =
      Import("[Base](!)\nTIMEOUT = 8\n[q](bAsE)\nStrategy = LeastRecent\n");
  EXPECT_EQ(done.config.queue(0).ring(), "8s");
  EXPECT_EQ(done.config.queue(0).strategy().order(),
            v1::Strategy::LONGEST_IDLE);
}

TEST(AsteriskSyntaxTest, TemplatesInheritInOrder) {
  const AsteriskImport done = Import(
      "[a](!)\ntimeout = 1\nweight = 1\nmaxlen = 1\n"
      "[b](!,a)\nweight = 2\nmaxlen = 2\n"
      "[c](!)\nmaxlen = 3\n"
      "[q](b,c)\nwrapuptime = 4\n");
  const v1::Queue& queue = done.config.queue(0);
  ASSERT_EQ(done.config.queue_size(), 1);
  EXPECT_EQ(queue.ring(), "1s");
  EXPECT_EQ(queue.weight(), 2);
  EXPECT_EQ(queue.entry().waiting_max(), 3);
  EXPECT_EQ(queue.wrap_up(), "4s");
  EXPECT_EQ(Verdict(done, 2), "mapped");
  EXPECT_EQ(Verdict(done, 3), "ignored: overridden by line 6");
  EXPECT_EQ(Verdict(done, 4), "ignored: overridden by line 9");
  for (const size_t header : {1u, 5u, 8u, 10u}) {
    EXPECT_TRUE(Says(done, header, "mapped")) << header;
  }
}

TEST(AsteriskSyntaxTest, LineOfATemplateCountsOnceForAllItsQueues) {
  const AsteriskImport done = Import(
      "[t](!)\ntimeout = 7\n[one](t)\n[two](t)\ntimeout = 9\n[three](t)\n");
  EXPECT_EQ(Verdict(done, 2), "mapped");
  EXPECT_EQ(done.config.queue(0).ring(), "7s");
  EXPECT_EQ(done.config.queue(1).ring(), "9s");
  EXPECT_EQ(done.config.queue(2).ring(), "7s");
  EXPECT_EQ(done.report.counts().lines, 6);
}

TEST(AsteriskSyntaxTest, TemplateNobodyUsesIsIgnored) {
  const AsteriskImport done = Import(
      "[t](!)\ntimeout = 7\n[inner](!,t)\nweight = 1\n[q]\nweight = 2\n");
  for (const size_t line : {1u, 2u, 3u, 4u}) {
    EXPECT_TRUE(Says(done, line, "ignored: no queue uses this template"));
  }
}

TEST(AsteriskSyntaxTest, QueueMayInheritFromAQueue) {
  const AsteriskImport done =
      Import("[a]\ntimeout = 6\nmember => PJSIP/1\n[b](a)\n");
  ASSERT_EQ(done.config.queue_size(), 2);
  EXPECT_EQ(done.config.queue(1).ring(), "6s");
  EXPECT_NE(FindMembership(done.config, "PJSIP/1", "b"), nullptr);
  EXPECT_EQ(done.config.agent_size(), 1);
}

TEST(AsteriskSyntaxTest, TemplateMustStandAbove) {
  const AsteriskImport done = Import("[q](later)\nweight = 1\n[later](!)\n");
  EXPECT_TRUE(Says(done, 1, "error: found the template 'later'"));
  EXPECT_EQ(done.config.queue(0).weight(), 1);  // The rest is imported.
  EXPECT_TRUE(done.report.has_errors());
}

TEST(AsteriskSyntaxTest, PlusAppendsToASection) {
  const AsteriskImport done =
      Import("[q]\ntimeout = 5\n[other]\n[q](+)\nweight = 3\ntimeout = 6\n");
  ASSERT_EQ(done.config.queue_size(), 2);
  EXPECT_EQ(done.config.queue(0).weight(), 3);
  EXPECT_EQ(done.config.queue(0).ring(), "6s");
  EXPECT_TRUE(Says(done, 4, "mapped"));
  EXPECT_EQ(Verdict(done, 2), "ignored: overridden by line 6");
}

TEST(AsteriskSyntaxTest, PlusNeedsASectionThatIsThere) {
  const AsteriskImport done = Import("[q](+)\nweight = 3\n[r]\nweight = 4\n");
  EXPECT_TRUE(Says(done, 1, "error: found +, to append to 'q'"));
  EXPECT_TRUE(Says(done, 2, "ignored: in the section of line 1"));
  ASSERT_EQ(done.config.queue_size(), 1);
  EXPECT_EQ(done.config.queue(0).weight(), 4);
}

TEST(AsteriskSyntaxTest, PlusTakesFilters) {
  const std::string text =
      "[t](!)\nweight = 1\n[q](t)\nmaxlen = 7\nmember => PJSIP/1\n";
  // A template is appended to only when the filter says so.
  AsteriskImport done = Import(text + "[t](+)\nweight = 2\n");
  EXPECT_TRUE(Says(done, 6, "error", "TEMPLATES=include"));
  done = Import(text + "[t](+TEMPLATES=restrict)\nweight = 2\n[r](t)\n");
  ASSERT_EQ(done.config.queue_size(), 2);
  EXPECT_EQ(done.config.queue(0).weight(), 1);  // It inherited before that.
  EXPECT_EQ(done.config.queue(1).weight(), 2);
  done = Import(text + "[q](+maxlen=^7$)\nweight = 2\n");
  EXPECT_EQ(done.config.queue(0).weight(), 2);
  done = Import(text + "[q](+maxlen=8)\nweight = 2\n");
  EXPECT_TRUE(Says(done, 6, "error", "with that filter"));
  EXPECT_EQ(done.config.queue(0).weight(), 1);
  done = Import(text + "[q](+maxlen=[0-9]+)\nweight = 2\n");
  EXPECT_TRUE(Says(done, 6, "error", "regular expressions"));
}

TEST(AsteriskSyntaxTest, PlusEqualsJoinsToTheLastValue) {
  const AsteriskImport done = Import(
      "[q]\njoinempty = paused\njoinempty +=,invalid\nweight += 4\n"
      "member => PJSIP/1\nmember += ,5,Ann\n");
  const v1::Queue& queue = done.config.queue(0);
  EXPECT_TRUE(queue.entry().when_nobody_available().has_hang_up());
  EXPECT_TRUE(Says(done, 2, "mapped"));
  EXPECT_TRUE(Says(done, 3, "mapped"));
  EXPECT_EQ(queue.weight(), 4);  // Nothing to join to: a plain value.
  const v1::Membership* joined = FindMembership(done.config, "PJSIP/1", "q");
  ASSERT_NE(joined, nullptr);
  EXPECT_EQ(joined->penalty(), 5);
  EXPECT_TRUE(Says(done, 5, "mapped"));
  EXPECT_TRUE(Says(done, 6, "mapped"));
}

TEST(AsteriskSyntaxTest, WrongLinesSayWhatWasExpected) {
  const AsteriskImport done = Import(
      "timeout = 5\n"   // 1: before any section
      "[good]\n"        // 2
      "monitor-join\n"  // 3: no =
      "= 5\n"           // 4: no key
      "\\ = 5\n"        // 5: nothing behind the escape
      "# a comment?\n"  // 6: not a comment
      "#include\n"      // 7: no file
      "[open\n"         // 8: no ]
      "weight = 9\n"    // 9: in that section
      "[]\n"            // 10: no name
      "[a](b\n"         // 11: no )
      "[c] (good)\n"    // 12: a blank before (
      "weight = 2\n");
  EXPECT_TRUE(Says(done, 1, "error", "expected a [section] above"));
  EXPECT_TRUE(Says(done, 3, "error", "expected key = value"));
  EXPECT_TRUE(Says(done, 4, "error", "a key before ="));
  EXPECT_TRUE(Says(done, 5, "error", "a character after \\"));
  EXPECT_TRUE(Says(done, 6, "error", "a comment begins with ;"));
  EXPECT_TRUE(Says(done, 7, "error", "expected a file"));
  EXPECT_TRUE(Says(done, 8, "error", "close the name with ]"));
  EXPECT_TRUE(Says(done, 9, "ignored", "line 8"));
  EXPECT_TRUE(Says(done, 10, "error", "a name between"));
  EXPECT_TRUE(Says(done, 11, "error", "a closing )"));
  EXPECT_TRUE(Says(done, 12, "error", "( right after ]"));
  EXPECT_EQ(done.report.counts().errors, 10);
  ASSERT_EQ(done.config.queue_size(), 2);  // good and c
  EXPECT_EQ(done.config.queue(1).weight(), 2);
}

TEST(AsteriskSyntaxTest, IncludesAreReadInPlace) {
  const AsteriskImport done =
      Import("[q]\n#include \"more.conf\"\nmaxlen = 3\n#include <sales.conf>\n",
             {{"more.conf", "weight = 5\n; nothing else\n"},
              {"sales.conf", "[sales]\nmember => PJSIP/1\n"}});
  ASSERT_EQ(done.report.files.size(), 3u);
  EXPECT_EQ(done.report.files[1].path, "more.conf");
  EXPECT_EQ(done.config.queue(0).weight(), 5);
  EXPECT_EQ(done.config.queue(0).entry().waiting_max(), 3);
  EXPECT_EQ(done.config.queue(1).name(), "sales");
  EXPECT_EQ(Verdict(done, 2), "mapped: files read: 1");
  EXPECT_EQ(Verdict(done, 2, 1), "ignored: comment");
  EXPECT_EQ(done.report.counts().lines, 8);
}

TEST(AsteriskSyntaxTest, MissingIncludeIsAnErrorUnlessTried) {
  const AsteriskImport done =
      Import("[q]\n#include gone.conf\n#tryinclude gone.conf\nweight = 1\n");
  EXPECT_TRUE(Says(done, 2, "error: found 'gone.conf', which is not there"));
  EXPECT_TRUE(Says(done, 3, "ignored: no such file"));
  EXPECT_EQ(done.config.queue(0).weight(), 1);
}

TEST(AsteriskSyntaxTest, ProgramsAreNeverRun) {
  bool asked = false;
  const AsteriskImport done = ImportAsteriskQueues(
      {"queues.conf", "[q]\n#exec /bin/rm -rf /\n#exec\n"}, nullptr,
      [&](const std::string&, const std::string&) {
        asked = true;
        return std::vector<AsteriskFile>();
      });
  EXPECT_FALSE(asked);
  EXPECT_TRUE(Says(done, 2, "ignored!", "never run"));
  EXPECT_TRUE(Says(done, 3, "error", "a program"));
}

TEST(AsteriskSyntaxTest, CircleOfIncludesIsNamed) {
  const AsteriskImport done = Import(
      "#include a.conf\n[q]\n",
      {{"a.conf", "#include b.conf\n"}, {"b.conf", "#include a.conf\n"}});
  EXPECT_TRUE(Says(done, 1, "error", "a.conf -> b.conf -> a.conf", 2));
  EXPECT_EQ(done.config.queue_size(), 1);
}

TEST(AsteriskSyntaxTest, IncludesAreLimited) {
  // Each level includes the next twice: 2^40 files if nothing stopped it.
  FileMap files;
  for (int i = 0; i < 40; ++i) {
    const std::string next = "#include f" + std::to_string(i + 1) + "\n";
    files["f" + std::to_string(i)] = next + next;
  }
  AsteriskImportOptions options;
  options.include_depth_max = 100;
  options.files_max = 50;
  AsteriskImport done = Import("[q]\n#include f0\n", files, options);
  EXPECT_TRUE(done.report.has_errors());
  options.files_max = 10'000;
  options.include_depth_max = 5;
  done = Import("[q]\n#include f0\n", files, options);
  EXPECT_NE(done.report.ToText().find("at most 5 levels"), std::string::npos);
  options.bytes_max = 30;
  done = Import("[q]\n#include f0\n", files, options);
  EXPECT_NE(done.report.ToText().find("30 bytes"), std::string::npos);
}

TEST(AsteriskSyntaxTest, TemplatesCannotMultiplyWithoutLimit) {
  std::string text = "[t0](!)\nweight = 1\nmember => PJSIP/1\n";
  for (int i = 1; i < 60; ++i) {
    const std::string before = "t" + std::to_string(i - 1);
    text += "[t" + std::to_string(i) + "](!," + before + "," + before + ")\n";
  }
  AsteriskImportOptions options;
  options.expanded_bytes_max = 1'000'000;
  const AsteriskImport done = Import(text + "[q](t59)\n", {}, options);
  EXPECT_TRUE(done.report.has_errors());
  EXPECT_NE(done.report.ToText().find("multiply"), std::string::npos);
}

TEST(AsteriskSyntaxTest, ByteOrderMarkAndOtherEncodingsAreRead) {
  AsteriskImport done = Import("\xEF\xBB\xBF[q]\nweight = 1\n");
  EXPECT_EQ(done.config.queue(0).name(), "q");
  EXPECT_NE(done.report.ToText().find("byte order mark"), std::string::npos);
  done = Import("[q]\nmember => PJSIP/1,0,Jos\xE9\n");
  EXPECT_EQ(done.config.agent(0).attribute(0).value(), "Jos\xC3\xA9");
  EXPECT_NE(done.report.ToText().find("8859-1"), std::string::npos);
  done = Import("[q]\nmember => PJSIP/1,0,\xD0\x9E\xD0\xBB\xD1\x8F\n");
  EXPECT_EQ(done.config.agent(0).attribute(0).value(),
            "\xD0\x9E\xD0\xBB\xD1\x8F");
}

}  // namespace
}  // namespace callrouter
