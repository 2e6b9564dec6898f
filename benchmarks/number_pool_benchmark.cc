// What choosing a number costs.
//
//   BM_Choose          Reserve, Commit and End of one call with everything on:
//                      16,384 ranges, 100 regions with neighbours, a sticky
//                      map of so many callees (half of the calls know one),
//                      caps by hour and day, cool-down, tiers
//   BM_ChooseLru       the same without callees, in one region
//   BM_ChooseWeighted  that in proportion to weights
//   BM_Report          Report of a call that was committed, three carriers a
//                      number, everything learned
//   BM_RawTouch        one 64-byte record read and written, in an array as big
//                      as what the pool of BM_Choose takes; which one is next
//                      stands in the record
//   BM_FullScan        one pass over all rows with every rule
//   BM_Load            Apply of so many new numbers
//
// Counters: x_raw_touch, the time in raw touches over the same footprint,
// measured by the same program right before; bytes_*, what is held, each for
// its own part; allocs_per_op.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "callrouter/number_pool.h"
#include "callrouter/random.h"
#include "measure.h"
#include "raw_touch.h"

namespace callrouter::bench {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);
constexpr int kRegions = 100;
constexpr int kRanges = 16'384;
constexpr uint64_t kFirstCallee = 79'000'000'000;
constexpr uint64_t kRangeSize = 40'000;

std::string Name(char c, int i) {
  return std::string(1, c) + std::to_string(i);
}

NumberRules Rules(NumberOrder order, bool places) {
  NumberRules rules;
  Region country;
  country.name = "country";
  rules.regions.push_back(country);
  for (int i = 0; places && i < kRegions; ++i) {
    Region region;
    region.name = Name('r', i);
    region.parent = "country";
    for (int d = 1; d <= 4; ++d) {
      region.neighbours.push_back({Name('r', (i + d) % kRegions), 100 * d});
    }
    region.reserve_permille = 50;
    rules.regions.push_back(region);
  }
  for (int i = 0; places && i < kRanges; ++i) {
    const uint64_t first = kFirstCallee + static_cast<uint64_t>(i) * kRangeSize;
    rules.ranges.push_back({PhoneNumber::FromValue(first),
                            PhoneNumber::FromValue(first + kRangeSize - 1),
                            Name('r', i * 37 % kRegions)});
  }
  for (int g = 0; g < 4; ++g) {
    NumberGroup group;
    group.name = Name('g', g);
    group.owner = g < 2 ? "acme" : "other";
    group.trunks = {{"trunk", Attestation::kFull}};
    group.caps.per_hour = 20;
    group.caps.per_day = 120;
    group.caps.cool_down = absl::Minutes(2);
    rules.groups.push_back(group);
  }
  NumberCampaign campaign;
  campaign.name = "campaign";
  campaign.owner = "acme";
  campaign.order = order;
  if (places) {
    campaign.sticky = StickyMode::kPrefer;
    campaign.sticky_keep = absl::Hours(24 * 400);
  }
  rules.campaigns.push_back(campaign);
  return rules;
}

NumberPatch Numbers(int64_t n, bool places) {
  NumberPatch patch;
  Random random(2);
  for (int64_t i = 0; i < n; ++i) {
    NumberConfig number;
    number.number =
        PhoneNumber::FromValue(74'950'000'000 + static_cast<uint64_t>(i));
    number.group = Name('g', static_cast<int>(i % 10 < 8 ? i % 2 : 2 + i % 2));
    number.region = places ? Name('r', static_cast<int>(random.Below(kRegions)))
                           : "country";
    number.weight = static_cast<int32_t>(1 + random.Below(100));
    if (random.Below(20) == 0) number.state = NumberState::kSuspect;
    patch.put.push_back(std::move(number));
  }
  return patch;
}

class World {
 public:
  World(NumberOrder order, bool places, int64_t numbers, int64_t callees)
      : callees_(static_cast<uint64_t>(callees)),
        // Four tenths of what the caps by day let through.
        step_(absl::Hours(24) / (static_cast<double>(numbers) * 0.8 * 48)) {
    NumberPoolOptions options;
    options.numbers_max = static_cast<int32_t>(numbers);
    options.attempts_max = 1'000;
    options.attempt_keep = absl::ZeroDuration();
    options.callees_max = static_cast<int32_t>(std::max<int64_t>(callees, 1));
    options.carrier_uses_max = 1;
    options.reserve_memory = true;
    pool_ = *NumberPool::Create(options, Rules(order, places), kStart);
    if (!pool_->Apply(Numbers(numbers, places), kStart).ok()) std::abort();
    request_.campaign = pool_->FindCampaign("campaign");
    request_.trunk = pool_->FindTrunk("trunk");
    for (uint64_t i = 0; i < callees_; ++i) Call(i);
    for (int64_t i = 0; i < 2 * numbers; ++i) Call(Next());
    refused_ = sticky_ = calls_ = 0;
  }

  // A call to the i-th person. Whether it got a number.
  bool Call(uint64_t i) {
    now_ += step_;
    ++calls_;
    request_.attempt = ++attempts_;
    // People live all over the ranges.
    request_.callee = PhoneNumber::FromValue(
        kFirstCallee + i * 2'654'435'761u % (kRanges * kRangeSize));
    NumberChoice choice;
    if (!pool_->Reserve(request_, now_, &choice).ok()) std::abort();
    if (choice.id.none()) {
      ++refused_;
      return false;
    }
    sticky_ += choice.by == ChosenBy::kSticky ? 1 : 0;
    if (!pool_->Commit(request_.attempt, now_).ok()) std::abort();
    if (!pool_->End(request_.attempt, now_).ok()) std::abort();
    return true;
  }
  // Somebody new, or one of those known of whom none is forgotten soon.
  uint64_t Next() {
    if (random_.Below(2) == 0 || callees_ == 0) return callees_ + attempts_;
    return callees_ / 2 + random_.Below(callees_ / 2);
  }

  void Report(benchmark::State* state) {
    const NumberPoolStats stats = pool_->stats();
    state->counters["bytes_per_number"] =
        static_cast<double>(stats.number_bytes) /
        static_cast<double>(stats.numbers);
    if (stats.callees > 0) {
      state->counters["bytes_per_callee"] =
          static_cast<double>(stats.callee_bytes) /
          static_cast<double>(stats.callees);
    }
    state->counters["refused"] = refused_ / calls_;
    state->counters["sticky"] = sticky_ / calls_;
  }
  std::size_t footprint() const {
    const NumberPoolStats stats = pool_->stats();
    return stats.number_bytes + stats.callee_bytes + stats.attempt_bytes;
  }

 private:
  std::unique_ptr<NumberPool> pool_;
  NumberRequest request_;
  uint64_t callees_;
  absl::Duration step_;
  absl::Time now_ = kStart;
  uint64_t attempts_ = 0;
  double calls_ = 0;
  double refused_ = 0;
  double sticky_ = 0;
  Random random_{3};
};

// The world of the benchmark now running: worlds are big and asked for again.
World& WorldOf(NumberOrder order, bool places, int64_t numbers,
               int64_t callees) {
  static std::unique_ptr<World> world;
  static std::vector<int64_t> made;
  const std::vector<int64_t> wanted = {static_cast<int64_t>(order), places,
                                       numbers, callees};
  if (made != wanted) {
    world.reset();
    world = std::make_unique<World>(order, places, numbers, callees);
    made = wanted;
  }
  return *world;
}

void Choose(benchmark::State& state, NumberOrder order, bool places,
            int64_t callees) {
  World& world = WorldOf(order, places, state.range(0), callees);
  const double touch = RawTouchNanoseconds(world.footprint());
  const Instructions instructions;
  const uint64_t allocations = g_heap.allocations;
  const uint64_t before = instructions.Read();
  const double begin = ThreadNanoseconds();
  for (auto _ : state) world.Call(world.Next());
  const double n = static_cast<double>(state.iterations());
  const double each = (ThreadNanoseconds() - begin) / n;
  const double allocated =
      static_cast<double>(g_heap.allocations - allocations);
  state.counters["x_raw_touch"] = each / touch;
  state.counters["raw_touch_ns"] = touch;
  state.counters["cpu_ns"] = each;
  if (instructions.available()) {
    state.counters["instructions"] =
        static_cast<double>(instructions.Read() - before) / n;
  }
  state.counters["allocs_per_op"] = allocated / n;
  world.Report(&state);
}

void BM_Choose(benchmark::State& state) {
  Choose(state, NumberOrder::kLeastRecentlyUsed, true, state.range(1));
}
void BM_ChooseLru(benchmark::State& state) {
  Choose(state, NumberOrder::kLeastRecentlyUsed, false, 0);
}
void BM_ChooseWeighted(benchmark::State& state) {
  Choose(state, NumberOrder::kWeighted, false, 0);
}

// Numbers with a chart for each of three carriers.
class ReportWorld {
 public:
  static constexpr int kBatch = 1'000;

  explicit ReportWorld(int64_t numbers) {
    NumberPoolOptions options;
    options.numbers_max = static_cast<int32_t>(numbers);
    options.attempts_max = kBatch;
    options.attempt_keep = absl::ZeroDuration();
    options.callees_max = kBatch;
    options.charts_max = static_cast<int32_t>(3 * numbers);
    options.reserve_memory = true;
    NumberRules rules = Rules(NumberOrder::kLeastRecentlyUsed, true);
    rules.carriers = {"a", "b", "c"};
    for (NumberGroup& group : rules.groups) {
      group.owner = "acme";
      group.caps = NumberCaps();
    }
    for (Region& region : rules.regions) region.reserve_permille = 0;
    rules.campaigns[0].sticky = StickyMode::kOff;
    pool_ = *NumberPool::Create(options, rules, kStart);
    NumberPatch patch = Numbers(numbers, true);
    for (NumberConfig& number : patch.put) number.state = NumberState::kActive;
    if (!pool_->Apply(patch, kStart).ok()) std::abort();
    request_.campaign = pool_->FindCampaign("campaign");
    request_.trunk = pool_->FindTrunk("trunk");
    for (const char* name : {"a", "b", "c"}) {
      carriers_.push_back(pool_->FindCarrier(name));
    }
    for (int64_t i = 0; i < 8 * numbers; i += kBatch) {
      Take();
      Report();
      End();
    }
  }

  // A batch of calls, shown.
  void Take() {
    for (int i = 0; i < kBatch; ++i) {
      now_ += absl::Milliseconds(10);
      request_.attempt = ++attempts_;
      request_.callee = PhoneNumber::FromValue(
          kFirstCallee + random_.Below(kRanges * kRangeSize));
      request_.carrier = carriers_[random_.Below(3)];
      NumberChoice choice;
      if (!pool_->Reserve(request_, now_, &choice).ok()) std::abort();
      if (choice.id.none()) std::abort();
      if (!pool_->Commit(request_.attempt, now_).ok()) std::abort();
      outcomes_[i] = random_.Below(4) == 0 ? CallOutcome::kAnswered
                                           : CallOutcome::kNoAnswer;
    }
  }
  void Report() {
    for (int i = 0; i < kBatch; ++i) {
      const uint64_t attempt =
          attempts_ - kBatch + 1 + static_cast<uint64_t>(i);
      if (!pool_->Report({attempt, outcomes_[i]}, now_).ok()) std::abort();
    }
  }
  void End() {
    for (int i = 0; i < kBatch; ++i) {
      const uint64_t attempt =
          attempts_ - kBatch + 1 + static_cast<uint64_t>(i);
      if (!pool_->End(attempt, now_).ok()) std::abort();
    }
  }
  NumberPoolStats stats() const { return pool_->stats(); }

 private:
  std::unique_ptr<NumberPool> pool_;
  NumberRequest request_;
  std::vector<CarrierId> carriers_;
  CallOutcome outcomes_[kBatch];
  absl::Time now_ = kStart;
  uint64_t attempts_ = 0;
  Random random_{5};
};

void BM_Report(benchmark::State& state) {
  ReportWorld world(state.range(0));
  const NumberPoolStats stats = world.stats();
  const std::size_t footprint = stats.number_bytes + stats.chart_bytes;
  const double touch = RawTouchNanoseconds(footprint);
  double spent = 0;
  uint64_t allocated = 0;
  while (state.KeepRunningBatch(ReportWorld::kBatch)) {
    state.PauseTiming();
    world.Take();
    const uint64_t allocations = g_heap.allocations;
    const double begin = ThreadNanoseconds();
    state.ResumeTiming();
    world.Report();
    state.PauseTiming();
    spent += ThreadNanoseconds() - begin;
    allocated += g_heap.allocations - allocations;
    world.End();
    state.ResumeTiming();
  }
  const double n = static_cast<double>(state.iterations());
  state.counters["x_raw_touch"] = spent / n / touch;
  state.counters["raw_touch_ns"] = touch;
  state.counters["cpu_ns"] = spent / n;
  state.counters["allocs_per_op"] = static_cast<double>(allocated) / n;
  state.counters["bytes_per_chart"] = static_cast<double>(stats.chart_bytes) /
                                      static_cast<double>(stats.charts);
}

void BM_RawTouch(benchmark::State& state) {
  RawTouch raw(static_cast<std::size_t>(state.range(0)) * 140);
  uint64_t at = 0;
  for (auto _ : state) at = raw.Touch(at);
  benchmark::DoNotOptimize(at);
}

// A row as a table of numbers would have it, counts kept up to date for it.
struct Row {
  uint64_t digits;
  int64_t last_used;
  uint32_t owner, campaign, trunk, country, region;
  uint16_t hour, day, hour_cap, day_cap;
  uint8_t state, verified, capabilities, label;
};

void BM_FullScan(benchmark::State& state) {
  const std::size_t n = static_cast<std::size_t>(state.range(0));
  std::vector<Row> rows(n);
  Random random(4);
  for (std::size_t i = 0; i < n; ++i) {
    Row& row = rows[i];
    row = {};
    row.digits = 74'950'000'000 + i;
    row.last_used = static_cast<int64_t>(random.Below(1'000'000));
    row.owner = i % 10 < 8 ? 1 : 2;
    row.region = static_cast<uint32_t>(random.Below(kRegions));
    row.hour_cap = 20;
    row.day_cap = 120;
    row.hour = static_cast<uint16_t>(random.Below(21));
    row.day = static_cast<uint16_t>(random.Below(121));
    row.state = random.Below(20) == 0 ? 1 : 0;
    row.verified = 1;
    row.capabilities = 1;
  }
  int64_t now = 1'000'000;
  uint32_t region = 0;
  for (auto _ : state) {
    now += 7;
    region = (region + 1) % kRegions;
    uint64_t best = UINT64_MAX;
    std::size_t found = n;
    for (std::size_t i = 0; i < n; ++i) {
      const Row& row = rows[i];
      if (row.owner != 1 || row.trunk != 0 || row.country != 0 ||
          row.verified == 0 || (row.capabilities & 1) == 0 ||
          row.hour >= row.hour_cap || row.day >= row.day_cap ||
          row.last_used + 120 > now) {
        continue;
      }
      // Nearest first, then the healthy, then the least recently used.
      const uint64_t key = uint64_t{row.region != region} << 62 |
                           uint64_t{row.state} << 61 |
                           static_cast<uint64_t>(row.last_used);
      if (key < best) {
        best = key;
        found = i;
      }
    }
    if (found < n) rows[found].last_used = now;
    benchmark::DoNotOptimize(found);
  }
}

void BM_Load(benchmark::State& state) {
  const NumberPatch patch = Numbers(state.range(0), true);
  const NumberRules rules = Rules(NumberOrder::kLeastRecentlyUsed, true);
  for (auto _ : state) {
    auto pool = NumberPool::Create(NumberPoolOptions(), rules, kStart);
    if (!(*pool)->Apply(patch, kStart).ok()) std::abort();
  }
}

BENCHMARK(BM_Choose)
    ->ArgNames({"numbers", "callees"})
    ->Args({1'000, 1'000})
    ->Args({1'000, 10'000'000})
    ->Args({100'000, 10'000'000})
    ->Args({1'000'000, 10'000'000});
BENCHMARK(BM_ChooseLru)
    ->ArgName("numbers")
    ->Arg(1'000)
    ->Arg(100'000)
    ->Arg(1'000'000);
BENCHMARK(BM_ChooseWeighted)
    ->ArgName("numbers")
    ->Arg(1'000)
    ->Arg(100'000)
    ->Arg(1'000'000);
BENCHMARK(BM_Report)->ArgName("numbers")->Arg(1'000)->Arg(100'000)->Arg(
    1'000'000);
BENCHMARK(BM_RawTouch)
    ->ArgName("numbers")
    ->Arg(1'000)
    ->Arg(100'000)
    ->Arg(1'000'000);
BENCHMARK(BM_FullScan)
    ->ArgName("numbers")
    ->Arg(1'000)
    ->Arg(100'000)
    ->Arg(1'000'000);
BENCHMARK(BM_Load)->ArgName("numbers")->Arg(1'000)->Arg(1'000'000)->Unit(
    benchmark::kMillisecond);

}  // namespace
}  // namespace callrouter::bench

BENCHMARK_MAIN();
