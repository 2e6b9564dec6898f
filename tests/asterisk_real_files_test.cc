// Runs the importer over whole files: the example's, and files from the field
// if the environment says where they are. Every line must be accounted for,
// whatever is in them.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "asterisk_testing.h"
#include "callrouter/config_file.h"

namespace callrouter {
namespace {

namespace fs = std::filesystem;

std::string ReadText(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

int64_t CountLines(const std::string& text) {
  int64_t lines = std::count(text.begin(), text.end(), '\n');
  if (!text.empty() && text.back() != '\n') ++lines;
  return lines;
}

bool NameMatches(const std::string& pattern, const std::string& name) {
  std::string expression;
  for (const char c : pattern) {
    if (c == '*') {
      expression += ".*";
    } else if (c == '?') {
      expression += '.';
    } else {
      expression += std::string("[") + c + "]";
    }
  }
  return std::regex_match(name, std::regex(expression));
}

// Relative to the including file's folder; an absolute path by its last part.
std::vector<AsteriskFile> Resolve(const std::string& argument,
                                  const std::string& including) {
  const fs::path wanted =
      argument[0] == '/' ? fs::path(argument).filename() : fs::path(argument);
  const fs::path folder =
      fs::path(including).parent_path() / wanted.parent_path();
  std::vector<AsteriskFile> found;
  std::error_code error;
  for (const fs::directory_entry& entry :
       fs::directory_iterator(folder, error)) {
    if (entry.is_regular_file() &&
        NameMatches(wanted.filename().string(),
                    entry.path().filename().string())) {
      found.push_back({entry.path().string(), ReadText(entry.path())});
    }
  }
  std::sort(found.begin(), found.end(),
            [](const AsteriskFile& a, const AsteriskFile& b) {
              return a.path < b.path;
            });
  return found;
}

// A configuration is wrong only where a line was.
void ExpectUsable(const AsteriskImport& done) {
  std::vector<FileFault> faults;
  const absl::StatusOr<Configuration> config = FromProto(done.config, &faults);
  for (const FileFault& fault : faults) ADD_FAILURE() << fault.ToString();
  EXPECT_TRUE(config.ok());
}

bool IsForeign(const fs::path& path) {
  const std::string text = path.string();
  return text.find("oci-hpc") != std::string::npos ||
         path.filename().string().find("queueskill") != std::string::npos;
}

TEST(AsteriskExampleTest, CentreOf120SeatsImportsWithoutAComplaint) {
  const fs::path folder = "examples/asterisk";
  const fs::path queues = folder / "queues.conf";
  const fs::path rules = folder / "queuerules.conf";
  const AsteriskFile rules_file{rules.string(), ReadText(rules)};
  const AsteriskImport done = ImportAsteriskQueues(
      {queues.string(), ReadText(queues)}, &rules_file, Resolve);
  ExpectAccounted(done.report);
  ExpectUsable(done);
  EXPECT_EQ(done.report.counts().errors, 0) << done.report.ToText();
  EXPECT_EQ(done.report.counts().warnings, 0) << done.report.ToText();
  EXPECT_EQ(done.report.files.size(), 5u);
  EXPECT_EQ(done.config.queue_size(), 16);
  EXPECT_EQ(done.config.agent_size(), 120);
}

class AsteriskRealFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("CALLROUTER_REAL_INPUTS");
    if (folder == nullptr || *folder == '\0') {
      GTEST_SKIP() << "CALLROUTER_REAL_INPUTS is not set: no files from the "
                      "field were tried";
    }
    folder_ = folder;
  }

  std::vector<fs::path> Files(const std::string& topic) const {
    std::vector<fs::path> files;
    std::error_code error;
    for (const fs::directory_entry& entry :
         fs::recursive_directory_iterator(folder_ / topic, error)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  static void Check(const fs::path& path, const AsteriskImport& done) {
    SCOPED_TRACE(path.string());
    ExpectAccounted(done.report);
    EXPECT_EQ(done.report.refused, IsForeign(path)) << done.report.refusal;
    EXPECT_EQ(done.report.refused, !done.report.refusal.empty());
    for (const ImportedFile& file : done.report.files) {
      if (!fs::exists(file.path)) continue;
      EXPECT_EQ(static_cast<int64_t>(file.lines.size()),
                CountLines(ReadText(file.path)));
    }
    ExpectUsable(done);
    EXPECT_FALSE(done.report.ToText(true).empty());
    EXPECT_FALSE(done.report.ToJson().empty());
  }

  fs::path folder_;
};

TEST_F(AsteriskRealFilesTest, QueuesAreAccountedForLineByLine) {
  const std::vector<fs::path> files = Files("asterisk-queues");
  int64_t lines = 0;
  int queues = 0;
  int agents = 0;
  for (const fs::path& path : files) {
    const AsteriskImport done =
        ImportAsteriskQueues({path.string(), ReadText(path)}, nullptr, Resolve);
    Check(path, done);
    lines += done.report.counts().lines;
    queues += done.config.queue_size();
    agents += done.config.agent_size();
  }
  std::cout << "asterisk-queues: " << files.size() << " files, " << lines
            << " lines, " << queues << " queues, " << agents << " agents\n";
  EXPECT_FALSE(files.empty()) << "no file under " << folder_;
}

TEST_F(AsteriskRealFilesTest, RulesAreAccountedForLineByLine) {
  const std::vector<fs::path> files = Files("asterisk-queuerules");
  const AsteriskFile queues{"queues.conf", "[q]\nmember => PJSIP/1\n"};
  int64_t lines = 0;
  for (const fs::path& path : files) {
    const AsteriskFile rules{path.string(), ReadText(path)};
    const AsteriskImport done = ImportAsteriskQueues(queues, &rules, Resolve);
    Check(path, done);
    lines += done.report.counts().lines - 2;
    // The same file given as the queues.
    ExpectAccounted(ImportAsteriskQueues(rules, nullptr, Resolve).report);
  }
  std::cout << "asterisk-queuerules: " << files.size() << " files, " << lines
            << " lines\n";
  EXPECT_FALSE(files.empty()) << "no file under " << folder_;
}

}  // namespace
}  // namespace callrouter
