// The visitor pool and its plain twin under the same random visits and calls.

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "callrouter/number_sizing.h"
#include "callrouter/random.h"
#include "callrouter/visitor_pool.h"
#include "tests/forged_state.h"
#include "tests/oracle/naive_visitor_pool.h"
#include "tests/oracle/scale.h"
#include "tests/store_twins.h"

namespace callrouter {
namespace {

using oracle::NaiveVisitorPool;

constexpr uint64_t kOurs = 74'950'000'000;

class Twins
    : public StoreTwins<VisitorPool, NaiveVisitorPool, VisitorPoolOptions> {
 public:
  explicit Twins(uint64_t seed) : StoreTwins(seed) {
    numbers_ = 1 + random_.Below(20);
    options_.hold = absl::Seconds(1 + random_.Below(300));
    options_.mode = static_cast<HoldMode>(random_.Below(2));
    options_.call_within = options_.hold + absl::Seconds(random_.Below(1'000));
    options_.free_after_call = random_.Below(2) == 0;
    if (random_.Below(2) == 0) {
      options_.overflow = PhoneNumber::FromValue(kOurs + 100);
    }
    Make();
    for (uint64_t i = 0; i < numbers_; ++i) Patch();
    for (int i = 0; i < 100; ++i) {
      delays_.push_back(static_cast<int64_t>(random_.Below(900'000'000)));
      histogram_.Add(delays_.back());
    }
  }

  void Step() {
    Pass();
    const uint64_t dice = random_.Below(100);
    if (dice < 55) {
      Show();
    } else if (dice < 85) {
      Resolve();
    } else if (dice < 88) {
      const uint64_t visit = Visit();
      Same("forget", store_->Forget(visit, host_).code(),
           absl::StatusCode::kOk);
      naive_->Forget(visit);
    } else if (dice < 94) {
      Patch();
    } else if (dice < 97) {
      Rebase(90'000);
    } else {
      SaveAndLoad();
    }
    Same("next_deadline", store_->next_deadline(), naive_->next_deadline());
  }
  // The histograms' buckets are wide by 1/32 and never hide a risk.
  void CheckRisk() {
    const double exact = naive_->Risk(delays_);
    const double risk = store_->MisattributionRisk(histogram_);
    if (risk < exact - 1e-9 || risk > exact + 0.1) {
      Same("risk", std::to_string(risk), std::to_string(exact));
    }
  }

 private:
  void Pass() {
    const uint64_t dice = random_.Below(100);
    if (dice < 60) {
      host_ += absl::Microseconds(random_.Below(2'000'000));
    } else if (dice < 97) {
      host_ += absl::Seconds(random_.Below(40));
    } else if (dice < 98) {
      host_ += absl::Seconds(random_.Below(2'000));
    } else {
      host_ -= absl::Seconds(random_.Below(3'600));  // It goes back.
    }
    store_->Advance(host_);
    naive_->Enter(host_);
  }
  PhoneNumber Ours() {
    return PhoneNumber::FromValue(
        kOurs + (random_.Below(20) == 0 ? 100 : random_.Below(numbers_)));
  }
  uint64_t Visit() { return 1 + random_.Below(40); }
  void Show() {
    const uint64_t visit = Visit();
    VisitAnswer mine;
    Same("show", store_->Show(visit, host_, &mine).code(),
         absl::StatusCode::kOk);
    const VisitAnswer twin = naive_->Show(visit);
    const auto text = [](const VisitAnswer& a) {
      return a.number.ToString() + (a.overflow ? " overflow " : " ") +
             absl::FormatTime(a.retry_at);
    };
    Same("answer", text(mine), text(twin));
    ++kinds_[mine.overflow ? "overflow" : "a number"];
  }
  void Resolve() {
    const PhoneNumber number = Ours();
    VisitCall mine;
    Same("resolve", store_->Resolve(number, host_, &mine).code(),
         absl::StatusCode::kOk);
    const VisitCall twin = naive_->Resolve(number);
    const auto text = [](const VisitCall& c) {
      std::string line =
          std::to_string(static_cast<int>(c.found)) + (c.more ? " more" : "");
      for (int i = 0; i < c.count; ++i) {
        line += " [" + std::to_string(c.visits[i].visit) + " " +
                absl::FormatTime(c.visits[i].first_shown) + " " +
                absl::FormatTime(c.visits[i].last_shown) +
                (c.visits[i].holds ? " holds]" : "]");
      }
      return line;
    };
    Same("call", text(mine), text(twin));
    ++kinds_["found " + std::to_string(static_cast<int>(mine.found)) +
             (mine.more ? " more" : "")];
  }
  void Patch() {
    VisitorPatch patch;
    const PhoneNumber number =
        PhoneNumber::FromValue(kOurs + random_.Below(numbers_));
    (random_.Below(4) == 0 ? patch.remove : patch.put).push_back(number);
    Same("patch", store_->Apply(patch, host_).code(), naive_->Apply(patch));
  }
  uint64_t numbers_;
  std::vector<int64_t> delays_;
  Histogram histogram_;
};

TEST(VisitorPoolOracleTest, AgreesOnEveryAnswer) {
  const int worlds = oracle::ScaledRounds(300, 3'000);
  Kinds kinds;
  for (int world = 1; world <= worlds; ++world) {
    Twins twins(static_cast<uint64_t>(world));
    for (int step = 0; step < 1'000; ++step) {
      twins.Step();
      ASSERT_EQ(twins.difference(), "") << world << ", step " << step;
      if (step % 50 != 0) continue;
      const absl::Status status = twins.store().CheckInvariants();
      ASSERT_TRUE(status.ok()) << world << ", step " << step << status;
    }
    twins.CheckRisk();
    ASSERT_EQ(twins.difference(), "") << world;
    twins.AddKinds(&kinds);
  }
  EXPECT_EQ(kinds.size(), 15u) << ToString(kinds);
  oracle::Report("visitor pool and twin, steps",
                 static_cast<uint64_t>(worlds) * 1'000, "no difference");
}

TEST(VisitorPoolOracleTest, ForgedBytesDoNoHarm) {
  Twins twins(3);
  for (int step = 0; step < 300; ++step) twins.Step();
  std::string saved;
  twins.store().Save(&saved);
  Histogram delays;
  delays.Add(1'000'000);
  Random random(1);
  TryForged<VisitorPool>(twins.options(), saved, [&](VisitorPool* pool) {
    absl::Time now = twins.host();
    for (int i = 0; i < 30; ++i) {
      const PhoneNumber ours = PhoneNumber::FromValue(kOurs + random.Below(20));
      now += absl::Seconds(random.Below(100));
      VisitAnswer answer;
      (void)pool->Show(1 + random.Below(40), now, &answer);
      VisitCall call;
      (void)pool->Resolve(ours, now, &call);
      if (i % 8 == 0) (void)pool->Forget(1 + random.Below(40), now);
      (void)pool->Apply({{}, {ours}}, now);
      EXPECT_GE(pool->MisattributionRisk(delays), 0);
    }
  });
}

// Visits at random, each on the page for three minutes: the share that finds
// no number is what the formula says, so that sizes can be trusted.
TEST(VisitorPoolOracleTest, BlockingIsAsTheFormulaSays) {
  const int visits = oracle::ScaledRounds(400'000, 4'000'000);
  for (const uint64_t numbers : {uint64_t{10}, uint64_t{18}}) {
    VisitorPoolOptions options;
    options.hold = absl::Minutes(3);
    options.mode = HoldMode::kFixed;
    absl::Time now = absl::FromUnixSeconds(1'760'000'000);
    auto pool = *VisitorPool::Create(options, now);
    VisitorPatch patch;
    for (uint64_t i = 0; i < numbers; ++i) {
      patch.put.push_back(PhoneNumber::FromValue(kOurs + i));
    }
    ASSERT_TRUE(pool->Apply(patch, now).ok());
    Random random(numbers);
    uint64_t visit = 0;
    while (visit < static_cast<uint64_t>(visits)) {
      // Exponential gaps of 18 s on average: 200 visits an hour.
      const double u = static_cast<double>(random.Next() + 1.0) / 4294967296.0;
      now += absl::Seconds(-18 * std::log(u));
      VisitAnswer answer;
      ASSERT_TRUE(pool->Show(++visit, now, &answer).ok());
    }
    const double measured = static_cast<double>(pool->stats().overflowed) /
                            static_cast<double>(visits);
    const double expected = *VisitorBlocking(10, static_cast<int32_t>(numbers));
    EXPECT_NEAR(measured, expected, 0.02 * expected + 0.002);
  }
}

}  // namespace
}  // namespace callrouter
