// Every file of tests/scenarios says what the engine decides; this runs them.
// With CALLROUTER_REWRITE=1 in the environment (or --rewrite) the files are
// rewritten with what the engine gives: read the difference before keeping it.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "callrouter/configuration.h"
#include "callrouter/decision.h"
#include "tests/scenario_language.h"

namespace callrouter {
namespace {

constexpr char kFolder[] = "tests/scenarios";

std::string Read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::filesystem::path> Files() {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry :
       std::filesystem::directory_iterator(kFolder, error)) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool Rewriting() {
  const char* const value = std::getenv("CALLROUTER_REWRITE");
  return value != nullptr && std::string(value) == "1";
}

TEST(ScenarioTest, EveryFileIsWhatTheEngineDecides) {
  const auto files = Files();
  ASSERT_GT(files.size(), 40u) << "run in the project's folder";
  for (const std::filesystem::path& path : files) {
    SCOPED_TRACE(path.string());
    const std::string expected = Read(path);
    const auto found = testing::RunScenario(expected, path.string());
    if (!found.ok()) {
      ADD_FAILURE() << found.status();
      continue;
    }
    if (Rewriting()) {
      std::ofstream(path, std::ios::binary) << *found;
      continue;
    }
    EXPECT_EQ(*found, expected);
  }
}

// No decision and no reason is without a scenario that shows it.
TEST(ScenarioTest, EveryDecisionIsShown) {
  std::set<std::string> shown;
  for (const std::filesystem::path& path : Files()) {
    std::istringstream lines(Read(path));
    bool expected = false;
    for (std::string line; std::getline(lines, line);) {
      if (line == "----") expected = true;
      if (line.empty()) expected = false;
      std::istringstream words(line);
      for (std::string word; expected && words >> word;) shown.insert(word);
    }
  }
  for (int kind = 1; kind <= static_cast<int>(DecisionKind::kLate); ++kind) {
    const auto name = DecisionKindName(static_cast<DecisionKind>(kind));
    EXPECT_EQ(shown.count(std::string(name)), 1u) << name;
  }
  for (int reason = 1; reason <= static_cast<int>(Reason::kMovedByHost);
       ++reason) {
    const auto name = ReasonName(static_cast<Reason>(reason));
    if (name == "unknown") continue;  // No such number.
    EXPECT_EQ(shown.count(std::string(name)), 1u) << name;
  }
}

TEST(ScenarioTest, AWrongExpectationIsNoticed) {
  const std::string text =
      "queue { name: \"q\" }\nagent { name: \"ann\" ref: 1 }\n====\n"
      "0s login ann\ncall c1 q\n----\n0s offer c1 ann\n";
  const auto found = testing::RunScenario(text, "here");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_NE(*found, text);
  const auto again = testing::RunScenario(*found, "here");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(*again, *found);
}

TEST(ScenarioTest, UnclearCommandsAreRefused) {
  const std::string start =
      "queue { name: \"q\" }\nagent { name: \"ann\" ref: 1 }\n====\n";
  for (const char* line :
       {"fly ann", "5s login ann\n3s ready ann", "call", "accept c1",
        "apply nothing", "count nothing", "civil tomorrow", "skill ann a b"}) {
    const auto found = testing::RunScenario(start + line + "\n----\n", "here");
    EXPECT_FALSE(found.ok()) << line;
  }
}

}  // namespace
}  // namespace callrouter

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i < argc; ++i) {
    if (std::string(argv[i]) == "--rewrite") {
      setenv("CALLROUTER_REWRITE", "1", 1);
    }
  }
  return RUN_ALL_TESTS();
}
