// The masking pool and its plain twin under the same random calls; and the
// population of many sessions between few busy parties and many others.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "callrouter/masking_pool.h"
#include "callrouter/number_sizing.h"
#include "callrouter/random.h"
#include "tests/forged_state.h"
#include "tests/oracle/naive_masking_pool.h"
#include "tests/oracle/scale.h"
#include "tests/store_twins.h"

namespace callrouter {
namespace {

using oracle::NaiveMaskingPool;

constexpr uint64_t kOurs = 74'950'000'000;
constexpr uint64_t kTheirs = 79'160'000'000;

PhoneNumber Left(uint64_t i) { return PhoneNumber::FromValue(kTheirs + i); }
PhoneNumber Right(uint64_t i) {
  return PhoneNumber::FromValue(kTheirs + 100'000 + i);
}

class Twins
    : public StoreTwins<MaskingPool, NaiveMaskingPool, MaskingPoolOptions> {
 public:
  explicit Twins(uint64_t seed) : StoreTwins(seed) {
    numbers_ = 2 + random_.Below(seed % 4 == 0 ? 150 : 8);
    people_ = 3 + random_.Below(12);
    options_.sticky = static_cast<PairSticky>(random_.Below(3));
    if (random_.Below(4) > 0) {
      options_.time_to_live = absl::Seconds(10 + random_.Below(600));
    }
    options_.quarantine = absl::Seconds(random_.Below(3) * random_.Below(300));
    options_.sticky_keep = absl::Seconds(1 + random_.Below(2'000));
    options_.pairs_max = static_cast<int32_t>(1 + random_.Below(30));
    if (random_.Below(4) == 0) {
      options_.sessions_max = static_cast<int32_t>(1 + random_.Below(20));
    }
    Make();
    for (uint64_t i = 0; i < numbers_; ++i) Patch();
  }

  void Step() {
    Pass();
    const uint64_t dice = random_.Below(100);
    if (dice < 40) {
      Open();
    } else if (dice < 50) {
      const uint64_t name = Name();
      Same("touch", store_->Touch(name, host_).code(), naive_->Touch(name));
    } else if (dice < 65) {
      const uint64_t name = Name();
      Same("close", store_->Close(name, host_).code(), naive_->Close(name));
    } else if (dice < 90) {
      Resolve();
    } else if (dice < 92) {
      const PhoneNumber person = Person();
      Same("forget", store_->Forget(person, host_).code(),
           naive_->Forget(person));
    } else if (dice < 96) {
      Patch();
    } else if (dice < 98) {
      Rebase(90'000);
    } else {
      SaveAndLoad();
    }
    Same("next_deadline", store_->next_deadline(), naive_->next_deadline());
    Same("report", Text(store_->Report()), Text(naive_->Report()));
  }

 private:
  static std::string Text(const MaskingReport& r) {
    std::string text;
    for (const std::size_t x : {r.numbers, r.open, r.quarantined, r.parties}) {
      text += std::to_string(x) + " ";
    }
    for (const int32_t x : {r.degree, r.degree_peak, r.degree_p99, r.to_buy}) {
      text += std::to_string(x) + " ";
    }
    return text;
  }
  void Pass() {
    const uint64_t dice = random_.Below(100);
    if (dice < 60) {
      host_ += absl::Microseconds(random_.Below(2'000'000));
    } else if (dice < 95) {
      host_ += absl::Seconds(random_.Below(60));
    } else if (dice < 97) {
      host_ += absl::Seconds(random_.Below(2'000));
    } else if (dice < 98) {
      host_ -= absl::Seconds(random_.Below(3'600));  // It goes back.
    }
    store_->Advance(host_);
    naive_->Enter(host_);
  }
  PhoneNumber Ours() {
    return PhoneNumber::FromValue(kOurs + random_.Below(numbers_));
  }
  PhoneNumber Person() {
    // Some are much busier than others.
    const uint64_t i = random_.Below(people_) * random_.Below(people_);
    return PhoneNumber::FromValue(kTheirs + i / people_);
  }
  uint64_t Name() { return 1 + random_.Below(40); }
  void Open() {
    MaskingRequest request{Name(), Person(), Person(), {}};
    if (random_.Below(10) == 0) request.wanted = Ours();
    if (random_.Below(50) == 0) request.a = Ours();
    if (random_.Below(10) == 0 && last_.session != 0) request = last_;
    last_ = request;
    MaskingAnswer mine, twin;
    const absl::StatusCode code = store_->Open(request, host_, &mine).code();
    Same("open", code, naive_->Open(request, &twin));
    const auto text = [](const MaskingAnswer& a) {
      return a.number.ToString() + (a.again ? " again" : "") + " none " +
             std::to_string(static_cast<int>(a.none)) + " " +
             absl::FormatTime(a.retry_at);
    };
    Same("answer", text(mine), text(twin));
    if (code != absl::StatusCode::kOk) return;
    ++kinds_["answer " + std::to_string(static_cast<int>(mine.none)) +
             (mine.again ? " again" : "")];
  }
  void Resolve() {
    const PhoneNumber number = Ours();
    const PhoneNumber caller =
        random_.Below(10) == 0 ? PhoneNumber() : Person();
    MaskedCall mine;
    Same("resolve", store_->Resolve(number, caller, host_, &mine).code(),
         absl::StatusCode::kOk);
    const MaskedCall twin = naive_->Resolve(number, caller);
    const auto text = [](const MaskedCall& c) {
      return std::to_string(static_cast<int>(c.by)) + " " +
             std::to_string(c.session) + " " + c.other.ToString();
    };
    Same("call", text(mine), text(twin));
    ++kinds_["by " + std::to_string(static_cast<int>(mine.by)) +
             (mine.other.none() ? "" : " other")];
  }
  void Patch() {
    MaskingPatch patch;
    const PhoneNumber number = random_.Below(100) == 0 ? Person() : Ours();
    if (random_.Below(4) == 0) {
      patch.remove.push_back(number);
    } else {
      patch.put.push_back({number, random_.Below(5) == 0});
    }
    Same("patch", store_->Apply(patch, host_).code(), naive_->Apply(patch));
  }
  uint64_t numbers_;
  uint64_t people_;
  MaskingRequest last_;
};

TEST(MaskingPoolOracleTest, AgreesOnEveryAnswer) {
  const int worlds = oracle::ScaledRounds(400, 4'000);
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
    twins.AddKinds(&kinds);
  }
  EXPECT_EQ(kinds.size(), 27u) << ToString(kinds);
  oracle::Report("masking pool and twin, steps",
                 static_cast<uint64_t>(worlds) * 1'000, "no difference");
}

TEST(MaskingPoolOracleTest, ForgedBytesDoNoHarm) {
  Twins twins(3);
  for (int step = 0; step < 300; ++step) twins.Step();
  std::string saved;
  twins.store().Save(&saved);
  Random random(1);
  TryForged<MaskingPool>(twins.options(), saved, [&](MaskingPool* pool) {
    absl::Time now = twins.host();
    for (int i = 0; i < 30; ++i) {
      const PhoneNumber a = Left(random.Below(15));
      const PhoneNumber b = Left(random.Below(15));
      const PhoneNumber ours = PhoneNumber::FromValue(kOurs + random.Below(10));
      now += absl::Seconds(random.Below(200));
      MaskingAnswer answer;
      (void)pool->Open({1 + random.Below(40), a, b, {}}, now, &answer);
      MaskedCall call;
      (void)pool->Resolve(ours, a, now, &call);
      (void)pool->Close(1 + random.Below(40), now);
      (void)pool->Forget(b, now);
      (void)pool->Apply({{}, {ours}}, now);
      (void)pool->Report();
    }
  });
}

// Sessions between 5,000 and 500 parties, of whom some are far busier than
// others: 50,000 open and 10,000 in quarantine at a time. Every second one is
// opened, one closed and one leaves quarantine.
constexpr std::size_t kOpen = 50'000;
constexpr std::size_t kQuarantine = 10'000;

struct Pair {
  uint64_t name = 0;  // 0: no session.
  uint32_t a = 0, b = 0;
  std::size_t number = 0;
};

class Population {
 public:
  Population() : over_(kQuarantine) {
    // The i-th of the 500 has a share in proportion to 1 / (i + 7).
    uint64_t sum = 0;
    for (uint64_t i = 0; i < 500; ++i)
      shares_.push_back(sum += 1'000'000 / (i + 7));
  }
  // What happens next: `gone` left quarantine, `closed` was closed. The new
  // session is to be filled in.
  Pair* Step(Pair* gone, Pair* closed) {
    ++steps_;
    Pair* fresh = nullptr;
    *gone = *closed = Pair();
    if (open_.size() < kOpen) {
      fresh = &open_.emplace_back();
    } else {
      fresh = &open_[random_.Below(kOpen)];
      *closed = *fresh;
      std::swap(over_[steps_ % kQuarantine], *fresh);
      *gone = *fresh;
    }
    const uint64_t at = random_.Below(shares_.back());
    const auto found = std::upper_bound(shares_.begin(), shares_.end(), at);
    *fresh = Pair();
    fresh->name = steps_;
    fresh->a = static_cast<uint32_t>(random_.Below(5'000));
    fresh->b = static_cast<uint32_t>(found - shares_.begin());
    return fresh;
  }

 private:
  Random random_{1};
  std::vector<uint64_t> shares_;
  std::vector<Pair> open_;
  std::vector<Pair> over_;
  uint64_t steps_ = 0;
};

// Quarantine counted in.
int32_t LargestDegree(int sessions) {
  Population people;
  std::vector<int32_t> left(5'000, 0), right(500, 0);
  int32_t largest = 0;
  for (int i = 0; i < sessions; ++i) {
    Pair gone, closed;
    const Pair fresh = *people.Step(&gone, &closed);
    if (gone.name != 0) {
      --left[gone.a];
      --right[gone.b];
    }
    largest = std::max({largest, ++left[fresh.a], ++right[fresh.b]});
  }
  return largest;
}

TEST(MaskingPoolOracleTest, ATenthAboveTheLargestDegreeIsEnough) {
  const int sessions = oracle::ScaledRounds(1'000'000, 10'000'000);
  const int32_t largest = LargestDegree(sessions);
  const int32_t numbers = *MaskingNumbersFor(largest);
  MaskingPoolOptions options;
  options.quarantine = absl::Seconds(kQuarantine);
  options.sessions_max = kOpen + kQuarantine + 1;
  absl::Time now = absl::FromUnixSeconds(1'760'000'000);
  auto pool = *MaskingPool::Create(options, now);
  MaskingPatch patch;
  const std::size_t n = static_cast<std::size_t>(numbers);
  for (std::size_t i = 0; i < n; ++i) {
    patch.put.push_back({PhoneNumber::FromValue(kOurs + i), false});
  }
  ASSERT_TRUE(pool->Apply(patch, now).ok());

  // Who sees what, kept apart from the pool.
  std::vector<uint8_t> left(5'000 * n, 0), right(500 * n, 0);
  Population people;
  int refused = 0, violations = 0, misled = 0;
  for (int i = 0; i < sessions; ++i) {
    now += absl::Seconds(1);
    Pair gone, closed;
    Pair* const fresh = people.Step(&gone, &closed);
    if (gone.name != 0 && gone.number < n) {
      left[gone.a * n + gone.number] = right[gone.b * n + gone.number] = 0;
    }
    if (closed.name != 0 && closed.number < n) {
      ASSERT_TRUE(pool->Close(closed.name, now).ok());
    }
    MaskingAnswer answer;
    ASSERT_TRUE(pool->Open({fresh->name, Left(fresh->a), Right(fresh->b), {}},
                           now, &answer)
                    .ok());
    fresh->number = n;
    if (answer.number.none()) {
      ++refused;
      continue;
    }
    fresh->number = answer.number.value() - kOurs;
    uint8_t& seen_left = left[fresh->a * n + fresh->number];
    uint8_t& seen_right = right[fresh->b * n + fresh->number];
    violations += seen_left + seen_right;
    seen_left = seen_right = 1;
    if (i % 16 != 0) continue;
    MaskedCall call;
    ASSERT_TRUE(pool->Resolve(answer.number, Left(fresh->a), now, &call).ok());
    misled += call.other == Right(fresh->b) ? 0 : 1;
    if (closed.number >= n || closed.name == 0) continue;
    const PhoneNumber old = PhoneNumber::FromValue(kOurs + closed.number);
    ASSERT_TRUE(pool->Resolve(old, Right(closed.b), now, &call).ok());
    misled += call.by == MaskedBy::kQuarantine ? 0 : 1;
  }
  EXPECT_EQ(violations, 0);
  EXPECT_EQ(misled, 0);
  EXPECT_LE(refused, sessions / 10'000);
  EXPECT_GT(largest, 1'500);
  EXPECT_EQ(pool->Report().degree_peak, largest);
  const absl::Status status = pool->CheckInvariants();
  EXPECT_TRUE(status.ok()) << status;
  oracle::Report(
      "masking sessions without a violation", static_cast<uint64_t>(sessions),
      std::to_string(refused) + " refused with " + std::to_string(numbers) +
          " numbers, largest degree " + std::to_string(largest));
}

// With fewer numbers than the busiest party has sessions some must be refused:
// the test above can fail.
TEST(MaskingPoolOracleTest, FewerThanTheLargestDegreeAreNotEnough) {
  MaskingPoolOptions options;
  const absl::Time now = absl::FromUnixSeconds(1'760'000'000);
  auto pool = *MaskingPool::Create(options, now);
  MaskingPatch patch;
  for (uint64_t i = 0; i < 99; ++i) {
    patch.put.push_back({PhoneNumber::FromValue(kOurs + i), false});
  }
  ASSERT_TRUE(pool->Apply(patch, now).ok());
  for (uint32_t i = 0; i < 100; ++i) {
    MaskingAnswer answer;
    ASSERT_TRUE(pool->Open({i + 1, Left(i), Right(0), {}}, now, &answer).ok());
    EXPECT_EQ(answer.number.none(), i == 99);
  }
  EXPECT_EQ(pool->Report().to_buy, 10);
}

}  // namespace
}  // namespace callrouter
