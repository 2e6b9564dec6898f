// A pacer with one campaign, a clock, and short words for what happens.

#ifndef CALLROUTER_TESTS_PACER_FIXTURE_H_
#define CALLROUTER_TESTS_PACER_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "callrouter/pacer.h"

namespace callrouter {

using Code = absl::StatusCode;

class PacerLinesTest : public testing::Test {
 protected:
  PacerLinesTest() {
    options_.campaigns.resize(1);
    options_.agents_max = 10;
    options_.records_max = 100;
  }
  PacedCampaign& rules() { return options_.campaigns[0]; }
  void Make(int agents) {
    auto pacer = Pacer::Create(options_, now_);
    ASSERT_TRUE(pacer.ok()) << pacer.status();
    pacer_ = *std::move(pacer);
    for (int a = 0; a < agents; ++a) Agent(a, DialAgent::kReady);
  }
  void Agent(int32_t agent, DialAgent state) {
    ASSERT_TRUE(pacer_->SetAgent(agent, state, now_).ok());
  }
  LineId Dial() {
    const auto line = pacer_->Dialled(LineFeatures(), now_);
    EXPECT_TRUE(line.ok()) << line.status();
    return line.ok() ? *line : LineId();
  }
  LineId Answered() {
    const LineId line = Dial();
    Say(line, LineEvent::kPerson);
    return line;
  }
  void Say(LineId line, LineEvent event) {
    const absl::Status status = pacer_->Report(line, event, now_);
    EXPECT_TRUE(status.ok()) << status;
  }
  Code Try(LineId line, LineEvent event) {
    const std::string before = pacer_->Save();
    const absl::Status status = pacer_->Report(line, event, now_);
    EXPECT_FALSE(status.message().empty());
    EXPECT_EQ(pacer_->Save(), before);
    return status.code();
  }
  // "message line@deadline" for each order of now, in ms from the start.
  std::string Orders() {
    std::vector<LineOrder> orders;
    pacer_->Advance(now_, &orders);
    std::string text;
    for (const LineOrder& order : orders) {
      if (!text.empty()) text += ", ";
      text +=
          std::string(Name(order.what)) + "@" +
          std::to_string(absl::ToInt64Milliseconds(order.deadline - start_));
    }
    return text;
  }
  void At(int milliseconds) {
    now_ = start_ + absl::Milliseconds(milliseconds);
  }
  std::vector<LineRecord> Records() {
    std::vector<LineRecord> records;
    pacer_->TakeRecords(&records);
    return records;
  }
  double Drops() { return (*pacer_->Windows(0))[0].drops; }
  double Answers() { return (*pacer_->Windows(0))[0].answers; }

  const absl::Time start_ = absl::FromUnixSeconds(1'800'000'000);
  absl::Time now_ = start_;
  PacerOptions options_;
  std::unique_ptr<Pacer> pacer_;
  std::vector<PacingOrder> plans_;
};

}  // namespace callrouter

#endif  // CALLROUTER_TESTS_PACER_FIXTURE_H_
