// Files that are not what they were given as, and the report's two forms.

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "asterisk_testing.h"
#include "callrouter/v1/import_report.pb.h"
#include "google/protobuf/util/json_util.h"

namespace callrouter {
namespace {

TEST(AsteriskForeignTest, OtherFilesAreRefusedInWords) {
  const std::vector<std::pair<std::string, std::string>> files = {
      {"---\nqueues:\n  - name: x\n", "YAML"},
      {"queues:\n  - name: x\n    size: 3\n", "YAML"},
      {"<?xml version=\"1.0\"?>\n<configuration/>\n", "XML"},
      {"  <queue name=\"x\"/>\n", "XML"},
      {"{\n  \"queues\": []\n}\n", "JSON"},
      {"[\n  {\"name\": 1}\n]\n", "JSON"},
      {"#!/bin/sh\necho hello\n", "script"},
      {std::string("\0\1\2[q]\n", 7), "binary"},
      {std::string("\xFF\xFE[\0q\0]\0", 8), "UTF-16"},
      {"-----BEGIN CERTIFICATE-----\nMII=\n", "certificate"},
      {"[default]\nexten => 1,1,Queue(q)\nsame => n,Hangup()\n"
       "include => other\n",
       "dialplan"},
      {"[r]\npenaltychange => 1,2\n", "give the file as the rules"},
      {"[100]\ntype=friend\nhost=dynamic\nsecret=x\nnat=no\ncontext=a\n",
       "'type'"},
      {"[ann]\nsales = 50\nfrench = 80\n", "'sales'"},
      {"[vip]\nrule => WT < 60, sales > 50\nrule => sales > 10\n", "skill"},
      {"; read queueskills.conf first\n#include skills.d/*.conf\n", "skills"},
      {"some words\nand some more\n", "no [section]"},
  };
  for (const auto& [text, reason] : files) {
    const AsteriskImport done = Import(text);
    EXPECT_TRUE(done.report.refused) << text;
    EXPECT_TRUE(done.report.has_errors()) << text;
    EXPECT_NE(done.report.refusal.find(reason), std::string::npos)
        << done.report.refusal << " for " << text;
    EXPECT_EQ(done.config.queue_size() + done.config.agent_size(), 0);
    const ImportCounts counts = done.report.counts();
    EXPECT_GT(counts.lines, 0);
    EXPECT_EQ(counts.ignored, counts.lines);
  }
}

TEST(AsteriskForeignTest, SkillFilesAreKnownByName) {
  for (const char* name :
       {"/etc/asterisk/queueskills.conf", "QueueSkillRules.conf"}) {
    const AsteriskImport done =
        ImportAsteriskQueues({name, "[a]\nweight = 1\n"}, nullptr, nullptr);
    EXPECT_TRUE(done.report.refused) << name;
  }
}

TEST(AsteriskForeignTest, OrdinaryFilesAreNotRefused) {
  for (const char* text :
       {"", "; only a comment\n", "[general]\nfoo = 1\nbar = 2\n",
        "#include queues_additional.conf\n", "[q]\n", "persistentmembers=yes\n",
        "[q]\nmember => PJSIP/1\nexten => 1,1,A()\nexten => 1,2,B()\n",
        "[a]\ncolour = red\nstrategy = linear\nx = 1\ny = 2\nz = 3\n"}) {
    EXPECT_FALSE(Import(text).report.refused) << text;
  }
}

TEST(AsteriskForeignTest, ForeignRulesLeaveTheQueues) {
  AsteriskImport done = ImportWithRules("[q]\ndefaultrule = r\nweight = 2\n",
                                        "---\nrules:\n  - x\n");
  EXPECT_TRUE(done.report.refused);
  EXPECT_NE(done.report.refusal.find("queuerules.conf"), std::string::npos);
  EXPECT_EQ(done.config.queue(0).weight(), 2);
  done = ImportWithRules("[q]\nweight = 2\n", "[q]\nstrategy = linear\n");
  EXPECT_NE(done.report.refusal.find("give the file as the queues"),
            std::string::npos);
}

TEST(AsteriskForeignTest, ForeignIncludeIsAnErrorOfItsLine) {
  const AsteriskImport done =
      Import("[q]\n#include x.xml\nweight = 2\n", {{"x.xml", "<a>\n</a>\n"}});
  EXPECT_FALSE(done.report.refused);
  EXPECT_TRUE(done.report.has_errors());
  EXPECT_TRUE(Says(done, 2, "error: found 'x.xml'", "XML"));
  EXPECT_EQ(Verdict(done, 1, 1), "ignored: the file was refused");
  EXPECT_EQ(done.config.queue(0).weight(), 2);
}

TEST(AsteriskForeignTest, FileBeyondTheLimitIsRefused) {
  AsteriskImportOptions options;
  options.bytes_max = 20;
  const AsteriskImport done =
      Import("[queue]\nweight = 1\nmaxlen = 2\n", {}, options);
  EXPECT_TRUE(done.report.refused);
  EXPECT_NE(done.report.refusal.find("at most 20"), std::string::npos);
}

TEST(AsteriskReportTest, TextHasWhatNeedsAttentionAndTheTotals) {
  const AsteriskImport done =
      Import("[q]\nmusic = a\nmusic = b\nweight = x\nnonsense\n\n\n");
  const std::string text = done.report.ToText();
  EXPECT_NE(text.find("queues.conf:4: mapped (warning): found 'x'"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("queues.conf:5: error: found 'nonsense'"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("ignored 2 lines: blank"), std::string::npos) << text;
  EXPECT_NE(text.find("7 lines = 2 mapped + 4 ignored + 1 errors; 1 warnings"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("queues.conf:1:"), std::string::npos);
  const std::string all = done.report.ToText(true);
  for (int line = 1; line <= 7; ++line) {
    EXPECT_NE(all.find("queues.conf:" + std::to_string(line) + ": "),
              std::string::npos)
        << all;
  }
}

TEST(AsteriskReportTest, JsonHasEveryLine) {
  AsteriskImport done = ImportAsteriskQueues(
      {"a \"b\"\xFF.conf", "[q]\nweight = \x01\"\\\n\xC3\x28\n"}, nullptr,
      nullptr);
  v1::ImportReport json;
  const std::string text = done.report.ToJson();
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(text, &json).ok())
      << text;
  EXPECT_NE(text.find("\"refused\":false"), std::string::npos) << text;
  EXPECT_EQ(json.counts().lines(), 3u);
  EXPECT_EQ(json.counts().mapped(), 2u);
  EXPECT_EQ(json.counts().ignored(), 0u);
  EXPECT_EQ(json.counts().errors(), 1u);
  EXPECT_EQ(json.counts().warnings(), 1u);
  ASSERT_EQ(json.files_size(), 1);
  EXPECT_EQ(json.files(0).path(), "a \"b\"\xC3\xBF.conf");
  ASSERT_EQ(json.files(0).lines_size(), 3);
  EXPECT_EQ(json.files(0).lines(1).line(), 2u);
  EXPECT_EQ(json.files(0).lines(1).status(), "mapped");
  EXPECT_TRUE(json.files(0).lines(1).warning());
  EXPECT_EQ(json.files(0).lines(2).status(), "error");
  EXPECT_EQ(json.remarks_size(), static_cast<int>(done.report.remarks.size()));
}

}  // namespace
}  // namespace callrouter
