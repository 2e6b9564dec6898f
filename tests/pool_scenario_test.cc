// Every file of tests/pool_scenarios says what the number pool answers; this
// runs them. With CALLROUTER_REWRITE=1 in the environment the files are
// rewritten with what it does answer: read the difference before keeping it.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/pool_scenario_language.h"

namespace callrouter {
namespace {

constexpr char kFolder[] = "tests/pool_scenarios";

std::string Read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(PoolScenarioTest, EveryFileIsWhatThePoolAnswers) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry :
       std::filesystem::directory_iterator(kFolder, error)) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  ASSERT_GT(files.size(), 15u) << "run in the project's folder";
  const char* const rewrite = std::getenv("CALLROUTER_REWRITE");
  for (const std::filesystem::path& path : files) {
    SCOPED_TRACE(path.string());
    const std::string expected = Read(path);
    const auto found = testing::RunPoolScenario(expected);
    if (!found.ok()) {
      ADD_FAILURE() << found.status();
    } else if (rewrite != nullptr && std::string(rewrite) == "1") {
      std::ofstream(path, std::ios::binary) << *found;
    } else {
      EXPECT_EQ(*found, expected);
    }
  }
}

constexpr char kRules[] =
    "region us\ngroup g\ncampaign sales\nnumber +17135550001 g us\n";

TEST(PoolScenarioTest, AWrongExpectationIsNoticed) {
  const std::string commands =
      std::string(kRules) + "====\n0s call a sales +17137654321\n----\n";
  const std::string right = "0s a +17135550001 by order, anywhere us\n";
  for (const std::string& wrong :
       {std::string(), right + right,
        std::string("0s a +17135550002 by order, anywhere us\n")}) {
    const auto found = testing::RunPoolScenario(commands + wrong);
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_NE(*found, commands + wrong);
    EXPECT_EQ(*found, commands + right);
  }
}

TEST(PoolScenarioTest, UnclearFilesAreRefused) {
  for (const char* line :
       {"fly a", "5s show +17135550001\n3s show +17135550001", "call",
        "call a nobody +17137654321", "call a sales 12", "many x sales +1713",
        "call a sales +17137654321 colour=red", "end a b", "ladder a",
        "ladder a +17137654321", "ladder a +17137654321 sales=12",
        "state +17135550001 gone", "show"}) {
    const std::string text = std::string(kRules) + "====\n" + line + "\n----\n";
    EXPECT_FALSE(testing::RunPoolScenario(text).ok()) << line;
  }
  for (const char* rule :
       {"colour red", "region", "region a near=b", "region a in=nowhere",
        "region a b", "range 12x us", "group h cool-down=soon", "group h per=1",
        "campaign c order=best", "campaign c across=no",
        "campaign c keep=", "number +17135550002 g",
        "number +17135550002 none us", "numbers x +17135550002 g us"}) {
    const std::string text =
        std::string(kRules) + rule + "\n====\n0s show +17135550001\n----\n";
    EXPECT_FALSE(testing::RunPoolScenario(text).ok()) << rule;
  }
  EXPECT_FALSE(testing::RunPoolScenario(kRules).ok());
  EXPECT_FALSE(testing::RunPoolScenario(std::string(kRules) +
                                        "====\n0s show +17135550001\n")
                   .ok());
}

}  // namespace
}  // namespace callrouter
