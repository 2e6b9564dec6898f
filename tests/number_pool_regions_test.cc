// Where the number pool finds its numbers: no region starves by lending, and
// area codes go as VICIdial's do.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "callrouter/number_pool.h"
#include "callrouter/random.h"
#include "tests/oracle/scale.h"
#include "tests/plain_numbers.h"

namespace callrouter {
namespace {

using testing::At;
using testing::kSecond;
using testing::kStart;
using testing::Phone;
using testing::PlainRules;

// --- A region that lends its numbers keeps its reserve ---

class Lending {
 public:
  explicit Lending(uint64_t seed) : random_(seed) {
    NumberRules rules = PlainRules();
    for (uint64_t r = 0; r < kRegions; ++r) {
      Region region;
      region.name = "region" + std::to_string(r);
      region.parent = "ru";
      if (Below(4) > 0) region.reserve_permille = Permille();
      reserve_.push_back(static_cast<uint64_t>(region.reserve_permille));
      rules.regions.push_back(region);
      rules.ranges.push_back({PhoneNumber::FromValue(First(r)),
                              PhoneNumber::FromValue(First(r) + 9), Of(r)});
    }
    rules.groups[0].caps.per_hour = static_cast<int32_t>(1 + Below(5));
    rules.groups[0].caps.cool_down = absl::Seconds(Below(60));
    rules.campaigns[0].order = static_cast<NumberOrder>(seed % 7);
    rules.campaigns[0].reach = Reach::kCountry;
    NumberPoolOptions options;
    options.seed = seed;
    pool_ = *NumberPool::Create(options, rules, At(now_));
    NumberPatch patch;
    for (uint64_t i = 0; i < 24; ++i) {
      const uint64_t r = Below(kRegions);
      patch.put.push_back({Phone(i), "group0", Of(r)});
      numbers_.emplace_back(Phone(i), r);
    }
    EXPECT_TRUE(pool_->Apply(patch, At(now_)).ok());
  }

  // What is wrong; empty: nothing.
  std::string Step() {
    now_ += static_cast<int64_t>(Below(60 * kSecond));
    if (Below(20) == 0) {
      const NumberState state =
          Below(3) == 0 ? NumberState::kResting : NumberState::kActive;
      const PhoneNumber number = numbers_[Below(numbers_.size())].first;
      EXPECT_TRUE(
          pool_->SetState(pool_->FindNumber(number), state, At(now_)).ok());
    }
    pool_->Advance(At(now_));
    std::vector<uint64_t> free(kRegions, 0), in_service(kRegions, 0);
    std::map<uint64_t, uint64_t> lives;
    for (const auto& [number, r] : numbers_) {
      const auto view = pool_->View(pool_->FindNumber(number));
      free[r] += view->block == Block::kFree ? 1 : 0;
      in_service[r] += view->state == NumberState::kActive ? 1 : 0;
      lives[number.value()] = r;
    }
    const auto lends = [&](uint64_t r) {
      return free[r] > (in_service[r] * reserve_[r] + 999) / 1000;
    };
    // One region calls far more than the others.
    const uint64_t home = Below(3) > 0 ? 0 : Below(kRegions);
    NumberRequest request;
    request.attempt = ++attempts_;
    request.campaign = pool_->FindCampaign("campaign");
    request.trunk = pool_->FindTrunk("trunk");
    request.callee = PhoneNumber::FromValue(First(home) + Below(10));
    NumberChoice choice;
    EXPECT_TRUE(pool_->Reserve(request, At(now_), &choice).ok());
    if (!choice.id.none()) {
      EXPECT_TRUE(pool_->End(request.attempt, At(now_)).ok());
      const uint64_t from = lives[choice.number.value()];
      if (from == home) return "";
      ++lent_;
      if (free[home] > 0) return "lent though there was one at home";
      return lends(from) ? "" : "lent from the reserve";
    }
    ++none_;
    if (free[home] > 0) return "none though there is one at home";
    bool any = false;
    for (uint64_t r = 0; r < kRegions; ++r) {
      if (r == home) continue;
      any |= free[r] > 0;
      if (lends(r)) return "none though another region lends";
    }
    const bool reserve = choice.none == NoNumber::kRegionReserve;
    return reserve == any ? "" : "not the reason";
  }
  int lent() const { return lent_; }
  int none() const { return none_; }

 private:
  static constexpr uint64_t kRegions = 4;
  uint64_t Below(uint64_t n) { return random_.Below(n); }
  int32_t Permille() { return static_cast<int32_t>(1 + Below(1000)); }
  static uint64_t First(uint64_t r) { return 79160000000 + r * 10; }
  static std::string Of(uint64_t r) { return "region" + std::to_string(r); }

  Random random_;
  std::vector<uint64_t> reserve_;
  std::unique_ptr<NumberPool> pool_;
  std::vector<std::pair<PhoneNumber, uint64_t>> numbers_;
  int64_t now_ = kStart;
  uint64_t attempts_ = 0;
  int lent_ = 0, none_ = 0;
};

TEST(NumberPoolRegionsTest, NoRegionStarvesByLending) {
  const int worlds = oracle::ScaledRounds(70, 3'000);
  int lent = 0;
  int none = 0;
  for (int world = 1; world <= worlds; ++world) {
    Lending lending(static_cast<uint64_t>(world));
    for (int step = 0; step < 1'000; ++step) {
      ASSERT_EQ(lending.Step(), "") << "world " << world << " step " << step;
    }
    lent += lending.lent();
    none += lending.none();
  }
  EXPECT_GT(lent, worlds * 10);
  EXPECT_GT(none, worlds * 10);
}

// --- VICIdial's area codes ---

// Its rows and what its query picks: of the active rows for the first 2, 3, 4
// and 5 digits of the callee, by area code and then by most calls today, the
// last one.
struct VicidialRow {
  std::string code;
  PhoneNumber number;
  int calls = 0;
  bool active = true;
};

const VicidialRow* VicidialPick(const std::vector<VicidialRow>& rows,
                                const std::string& callee) {
  const VicidialRow* last = nullptr;
  for (const VicidialRow& row : rows) {
    if (!row.active || callee.compare(0, row.code.size(), row.code) != 0) {
      continue;
    }
    const int code = std::stoi(row.code);
    if (last == nullptr || code > std::stoi(last->code) ||
        (code == std::stoi(last->code) && row.calls < last->calls)) {
      last = &row;
    }
  }
  return last;
}

class VicidialTwins {
 public:
  explicit VicidialTwins(uint64_t seed) : random_(seed) {
    // Codes of 2 to 5 digits, each of which is 2 or 3.
    std::map<std::string, int> codes;
    for (uint64_t i = 2 + Below(12); i > 0; --i) ++codes[Digits(2 + Below(4))];
    NumberRules rules = PlainRules();
    rules.regions.clear();
    for (const char* name : {"us", "elsewhere"}) {
      rules.regions.emplace_back();
      rules.regions.back().name = name;
    }
    rules.regions[1].parent = "us";
    rules.ranges = {{Callee("2"), Callee("3", '9'), "elsewhere"}};
    for (const auto& [code, count] : codes) {
      Region region;
      region.name = code;
      region.parent = "us";
      for (const auto& [other, unused] : codes) {
        // A code of the callee's too, but shorter.
        if (other.size() < code.size() &&
            code.compare(0, other.size(), other) == 0) {
          region.neighbours.push_back(
              {other, static_cast<int32_t>(code.size() - other.size())});
        }
      }
      rules.regions.push_back(region);
      rules.ranges.push_back({Callee(code), Callee(code, '9'), code});
      for (int i = 0; i < count + static_cast<int>(Below(3)); ++i) {
        rows_.push_back({code, Phone(rows_.size())});
      }
    }
    rules.campaigns[0].order = NumberOrder::kLeastUsedToday;
    rules.campaigns[0].reach = Reach::kNeighbours;
    pool_ = *NumberPool::Create(NumberPoolOptions(), rules, At(now_));
    NumberPatch patch;
    for (const VicidialRow& row : rows_) {
      patch.put.push_back({row.number, "group0", row.code});
    }
    EXPECT_TRUE(pool_->Apply(patch, At(now_)).ok());
  }

  // Whether both have the same code and calls today, or nothing.
  bool Step() {
    constexpr int64_t kDay = int64_t{86'400} * kSecond;
    if (Below(200) == 0) {
      // Midnight. Rows become active again only now: in the day a number that
      // was away would get every call there, and takes its turns here.
      now_ = (now_ / kDay + 1) * kDay;
      for (VicidialRow& row : rows_) {
        row.calls = 0;
        if (Below(2) == 0) SetActive(&row, true);
      }
    } else if (Below(30) == 0) {
      SetActive(&rows_[Below(rows_.size())], false);
    }
    const std::string digits = Digits(5);
    NumberRequest request;
    request.attempt = ++attempts_;
    request.campaign = pool_->FindCampaign("campaign");
    request.trunk = pool_->FindTrunk("trunk");
    request.callee = Callee(digits, '5');
    NumberChoice choice;
    EXPECT_TRUE(pool_->Reserve(request, At(now_), &choice).ok());
    const VicidialRow* const pick = VicidialPick(rows_, digits);
    if (choice.id.none() || pick == nullptr) {
      return choice.id.none() == (pick == nullptr);
    }
    EXPECT_TRUE(pool_->End(request.attempt, At(now_)).ok());
    VicidialRow& row = rows_[choice.number.value() - Phone(0).value()];
    const bool same = row.code == pick->code && row.calls == pick->calls;
    ++row.calls;
    ++picks_;
    return same;
  }
  int picks() const { return picks_; }

 private:
  uint64_t Below(uint64_t n) { return random_.Below(n); }
  std::string Digits(uint64_t count) {
    std::string digits;
    while (digits.size() < count) digits += Below(2) == 0 ? '2' : '3';
    return digits;
  }
  // A number that begins with `code`, and goes on with `fill`.
  static PhoneNumber Callee(std::string code, char fill = '0') {
    code.resize(10, fill);
    return *PhoneNumber::Parse("+1" + code);
  }
  void SetActive(VicidialRow* row, bool active) {
    row->active = active;
    const NumberState state =
        active ? NumberState::kActive : NumberState::kHeld;
    EXPECT_TRUE(
        pool_->SetState(pool_->FindNumber(row->number), state, At(now_)).ok());
  }

  Random random_;
  std::vector<VicidialRow> rows_;
  std::unique_ptr<NumberPool> pool_;
  int64_t now_ = kStart;
  uint64_t attempts_ = 0;
  int picks_ = 0;
};

TEST(NumberPoolRegionsTest, AreaCodesGoAsInVicidial) {
  const int worlds = oracle::ScaledRounds(100, 5'000);
  int picks = 0;
  for (int world = 1; world <= worlds; ++world) {
    VicidialTwins twins(static_cast<uint64_t>(world));
    for (int step = 0; step < 1'000; ++step) {
      ASSERT_TRUE(twins.Step()) << "world " << world << " step " << step;
    }
    picks += twins.picks();
  }
  EXPECT_GT(picks, worlds * 200);
}

}  // namespace
}  // namespace callrouter
