// Simulated figures against exact ones, over every model of
// statistics_single_queue.cc and statistics_routing.cc.

#include <gtest/gtest.h>

#include <cstdio>

#include "tests/statistics_support.h"

namespace callrouter::statistics {
namespace {

// Runs after the last test, whatever the order of the files.
class Together : public ::testing::Environment {
 public:
  void TearDown() override {
    std::printf("All models together\n");
    ConcludeAll();
  }
};

const ::testing::Environment* const kTogether =
    ::testing::AddGlobalTestEnvironment(new Together);

TEST(Judge, RefusesWhatIsFarAway) {
  EXPECT_TRUE(kTogether != nullptr);
  EXPECT_FALSE(Believable({0.5, 0.01}, {0.55, 0.005}));
  EXPECT_TRUE(Believable({0.5, 0.01}, {0.53, 0.005}));
  EXPECT_TRUE(Believable({0, 0}, {0, 0}));
  EXPECT_FALSE(Believable({0.1, 0}, {0, 0}));
}

}  // namespace
}  // namespace callrouter::statistics
