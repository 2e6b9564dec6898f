// The pacer against its slow twin, over random teams and events.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "callrouter/pacer.h"
#include "callrouter/random.h"
#include "tests/oracle/counts.h"
#include "tests/oracle/naive_pacer.h"

namespace callrouter {
namespace {

class Both {
 public:
  explicit Both(uint64_t seed) : random_(seed) {
    options_.agents_max = 1 + Below(seed % 3 == 0 ? 40 : 12);
    options_.agents_kept_free = Below(4) == 0 ? Below(3) : 0;
    options_.agents_kept_free =
        std::min(options_.agents_kept_free, options_.agents_max);
    const int campaigns = 1 + Below(3);
    for (int i = 0; i < campaigns; ++i) {
      PacedCampaign c;
      c.promise = static_cast<DropPromise>(Below(3));
      c.false_machine_permille = Below(3) == 0 ? 20 : 0;
      c.overrun_permille = 1 + Below(100);
      c.windows.clear();
      for (int w = 0; w <= Below(3); ++w) {
        c.windows.push_back({static_cast<WindowKind>(Below(4)),
                             absl::Minutes(10 + Below(2000)), 10 + Below(90)});
      }
      c.overdue = static_cast<Overdue>(Below(4));
      c.after_hold = static_cast<Overdue>(1 + Below(2));
      c.hold_is_drop = Below(2) == 0;
      c.hold_max = absl::Milliseconds(1'000 + Below(9'000));
      c.patience = absl::Milliseconds(Below(4'000));
      c.notice = c.patience * Below(3) / 4;
      c.patience_from = static_cast<DropStart>(Below(3));
      c.greeting_max = absl::Milliseconds(Below(5'000));
      options_.campaigns.push_back(c);
    }
    if (campaigns == 3) {
      options_.campaigns[2].mode = PacingMode::kTimedPreview;
      options_.campaigns[2].preview_time = absl::Seconds(5);
    }
    AddCarriers();
    pacer_ = *Pacer::Create(options_, Now());
    naive_ = std::make_unique<oracle::NaivePacer>(options_, now_);
    person_percent_ = 5 + Below(60);
  }

  void Step() {
    now_ += Below(20) == 0 ? Below(90'000'000) : Below(3'000'000);
    naive_->Advance(now_);
    (void)pacer_->SetRunning(0, true, Now());
    if (Below(2) == 0) CompareOrders();
    if (Below(200) == 0) {
      pacer_->Advance(Now());
      naive_->Settle();
      const std::string saved = pacer_->Save();
      pacer_ = *Pacer::Load(saved);
      ASSERT_EQ(pacer_->Save(), saved);
    }
    switch (Below(9)) {
      case 0:
      case 1:
        return MoveAgent();
      case 8:
        return Say();
      case 2:
      case 3:
        return Follow();
      default:
        return EndLine();
    }
  }

  uint64_t plans() const { return plans_; }
  uint64_t unsure() const { return unsure_; }
  uint64_t beyond_agents() const { return beyond_agents_; }
  uint64_t orders_told() const { return orders_told_; }

 private:
  struct Line {
    LineId id;
    bool person = false;
  };
  int Below(int n) {
    return static_cast<int>(random_.Below(static_cast<uint64_t>(n)));
  }
  absl::Time Now() const { return absl::FromUnixMicros(now_); }

  void AddCarriers() {
    if (Below(3) != 0) return;
    for (int i = 0; i <= Below(3); ++i) {
      options_.carriers.push_back({5 + Below(40), 1 + Below(20)});
    }
    const int carriers = static_cast<int>(options_.carriers.size());
    for (PacedCampaign& c : options_.campaigns) {
      if (Below(2) == 0) {
        c.carriers = {static_cast<uint16_t>(Below(carriers))};
      }
    }
  }

  // What is due for lines and agents, and what it cost, is the same.
  void CompareOrders() {
    told_.clear();
    pacer_->Advance(Now(), &told_);
    const std::vector<oracle::NaivePacer::Order> naive = naive_->Tell();
    ASSERT_EQ(told_.size(), naive.size());
    for (std::size_t i = 0; i < naive.size(); ++i) {
      ASSERT_EQ(Name(told_[i].what), Name(naive[i].what));
      ASSERT_EQ(told_[i].line.value(), naive[i].line);
      ASSERT_EQ(told_[i].agent, naive[i].agent);
      ASSERT_EQ(absl::ToUnixMicros(told_[i].deadline), naive[i].deadline);
    }
    orders_told_ += naive.size();
    uint64_t drops = 0, left = 0, persons = 0;
    for (std::size_t i = 0; i < options_.campaigns.size(); ++i) {
      const PacerStats stats = *pacer_->Stats(static_cast<int32_t>(i));
      drops += stats.dropped;
      left += stats.agent_left;
      persons += stats.persons;
    }
    ASSERT_EQ(drops, naive_->drops());
    ASSERT_EQ(left, naive_->agent_left());
    ASSERT_EQ(persons, naive_->persons());
  }

  // Agents about to finish or looking at leads, calls that come in.
  void Say() {
    const int agent = Below(options_.agents_max);
    const int what = Below(3);
    if (what == 0) {
      const auto within = absl::Milliseconds(1'000 + Below(59'000));
      if (!pacer_->SetFinishing(agent, within, Now()).ok()) return;
      naive_->SetFinishing(agent, absl::ToInt64Microseconds(within));
    } else if (what == 1) {
      if (!pacer_->BeginPreview(2, agent, Now()).ok()) return;
      naive_->BeginPreview(2, agent);
    } else {
      const double per_hour = Below(2) == 0 ? 0 : Below(150);
      const int waiting = std::min(options_.agents_max, Below(8) / 5);
      ASSERT_TRUE(pacer_->ExpectInbound(per_hour, waiting, Now()).ok());
      naive_->ExpectInbound(per_hour, waiting);
    }
  }

  void MoveAgent() {
    const int agent = Below(options_.agents_max);
    const DialAgent state =
        Below(10) == 0 ? static_cast<DialAgent>(Below(4)) : DialAgent::kReady;
    ASSERT_TRUE(pacer_->SetAgent(agent, state, Now()).ok());
    naive_->SetAgent(agent, state);
  }

  // Plans of both are the same; one campaign dials as it says.
  void Follow() {
    pacer_->Plan(Now(), &orders_);
    naive_->Settle();
    const uint32_t campaign = static_cast<uint32_t>(
        Below(std::min(2, static_cast<int>(orders_.size()))));
    // Campaigns plan one after the other; the twin plans one alone.
    for (uint32_t i = 0; i < orders_.size(); ++i) {
      (void)pacer_->SetRunning(static_cast<int>(i), i == campaign, Now());
    }
    pacer_->Plan(Now(), &orders_);
    for (uint32_t i = 0; i < orders_.size(); ++i) {
      (void)pacer_->SetRunning(static_cast<int>(i), true, Now());
    }
    bool unsure = false;
    const PacingOrder naive = naive_->Plan(campaign, &unsure);
    const PacingOrder& order = orders_[campaign];
    ++plans_;
    if (unsure) {
      ++unsure_;
    } else {
      ASSERT_EQ(order.lines, naive.lines)
          << Name(order.limit) << " at " << order.price << ", twin "
          << Name(naive.limit) << " at " << naive.price << " of "
          << naive.price_limit;
      if (order.limit != PacingLimit::kRate) {
        ASSERT_EQ(Name(order.limit), Name(naive.limit));
      }
      ASSERT_NEAR(order.price_limit, naive.price_limit, 1e-12);
      if (naive.limit == PacingLimit::kPrice) {
        ASSERT_NEAR(order.price, naive.price, 1e-9);
      }
    }
    beyond_agents_ += pacer_->lines() + order.lines > pacer_->ready();
    const int lines = std::min(order.lines, 40 - pacer_->lines());
    for (int i = 0; i < lines; ++i) {
      LineFeatures features;
      features.campaign = static_cast<uint16_t>(campaign);
      features.segment = static_cast<uint16_t>(Below(3));
      features.attempt = static_cast<uint16_t>(Below(2));
      if (!options_.carriers.empty()) {
        const auto& own = options_.campaigns[campaign].carriers;
        while (*pacer_->CarrierRoom(features.carrier) == 0 ||
               (!own.empty() && features.carrier != own[0])) {
          ASSERT_LT(++features.carrier, options_.carriers.size());
        }
      }
      const auto id = pacer_->Dialled(features, Now());
      ASSERT_TRUE(id.ok()) << id.status();
      naive_->Dialled(id->value(), features);
      lines_.push_back({*id});
    }
  }

  void EndLine() {
    if (lines_.empty()) return;
    const std::size_t at = random_.Below(lines_.size());
    Line& line = lines_[at];
    if (line.person && Below(4) != 0) {
      for (int a = 0; a < options_.agents_max; ++a) {
        if (!pacer_->Bridged(line.id, a, Now()).ok()) continue;
        naive_->Bridged(line.id.value(), a);
        return;
      }
    }
    LineEvent event = static_cast<LineEvent>(1 + Below(5));
    if (Below(100) < person_percent_) event = LineEvent::kPerson;
    if (line.person) {
      event = Below(4) == 0 ? LineEvent::kHungUp : LineEvent::kDropped;
    }
    if (Below(5) == 0) event = static_cast<LineEvent>(Below(14));
    const absl::Status status = pacer_->Report(line.id, event, Now());
    const bool over = absl::IsNotFound(status);
    ASSERT_TRUE(status.ok() || over || absl::IsFailedPrecondition(status));
    if (status.ok()) naive_->Report(line.id.value(), event);
    line.person |= status.ok() && event == LineEvent::kPerson;
    if (over) lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(at));
  }

  Random random_;
  PacerOptions options_;
  std::unique_ptr<Pacer> pacer_;
  std::unique_ptr<oracle::NaivePacer> naive_;
  std::vector<PacingOrder> orders_;
  std::vector<LineOrder> told_;
  std::vector<Line> lines_;
  int64_t now_ = 1'000'000'000'000'000;
  int person_percent_ = 30;
  uint64_t plans_ = 0, unsure_ = 0, beyond_agents_ = 0, orders_told_ = 0;
};

TEST(PacerOracle, PlansAsItsTwin) {
  const int worlds = oracle::Rounds(15, 3'000);
  uint64_t plans = 0, unsure = 0, beyond = 0, told = 0;
  for (int seed = 1; seed <= worlds; ++seed) {
    Both both(static_cast<uint64_t>(seed));
    for (int i = 0; i < 1'500; ++i) {
      both.Step();
      ASSERT_FALSE(HasFatalFailure()) << "seed " << seed << " step " << i;
    }
    plans += both.plans();
    unsure += both.unsure();
    beyond += both.beyond_agents();
    told += both.orders_told();
  }
  // It was not all one line an agent, nor all too close to call.
  EXPECT_GT(beyond, plans / 20);
  EXPECT_LT(unsure, plans / 100);
  EXPECT_GT(told, plans / 20);
  oracle::Report("pacer: plans as its twin's", plans,
                 std::to_string(beyond) + " beyond the free agents, " +
                     std::to_string(told) + " orders for single lines, " +
                     std::to_string(unsure) + " too close to call");
}

}  // namespace
}  // namespace callrouter
