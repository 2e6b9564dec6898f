// What finding out who rings back costs.
//
//   BM_Resolve    a return call by somebody remembered, entries at random
//   BM_Shown      a call remembered, half of them again
//   BM_RawTouch   one 64-byte record read and written, in an array as big as
//                 the memory of BM_Resolve; which is next stands in the record
//   BM_Masking    a session opened and another closed, so many open, between
//                 some busy and many other people
//   BM_Visitors   a visit shown a number that is passed on to it
//   BM_FullScan   one pass over all entries for the caller and number
//
// Counters: x_raw_touch, the time in raw touches over the same footprint,
// measured by the same program right before; bytes_per_entry and
// bytes_per_number, each for its own part; allocs_per_op.

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include "callrouter/masking_pool.h"
#include "callrouter/random.h"
#include "callrouter/return_calls.h"
#include "callrouter/visitor_pool.h"
#include "measure.h"
#include "raw_touch.h"

namespace callrouter::bench {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);
constexpr uint64_t kNumbers = 10'000;
constexpr uint64_t kOurs = 74'950'000'000;
constexpr uint64_t kTheirs = 79'000'000'000;

// Everybody was shown one number; the i-th person always the same.
class World {
 public:
  explicit World(int64_t entries) : people_(static_cast<uint64_t>(entries)) {
    ReturnCallsOptions options;
    options.entries_max = static_cast<int32_t>(entries);
    options.numbers_max = static_cast<int32_t>(kNumbers);
    options.aliases_max = 1;
    options.opt_outs_max = 1;
    options.reserve_memory = true;
    calls_ = *ReturnCalls::Create(options, kStart);
    ReturnNumbersPatch patch;
    for (uint64_t i = 0; i < kNumbers; ++i) {
      patch.put.push_back({PhoneNumber::FromValue(kOurs + i), 1});
    }
    if (!calls_->Apply(patch, kStart).ok()) std::abort();
    for (uint64_t i = 0; i < people_; ++i) Shown(i);
    for (int i = 0; i < 100; ++i) Resolve();
  }

  void Shown(uint64_t person) {
    ShownCall call;
    call.number = NumberOf(person);
    call.callee = Person(person);
    call.lead = person + 1;
    call.attempt = ++attempts_;
    now_ += absl::Milliseconds(1);
    if (!calls_->Shown(call, now_).ok()) std::abort();
  }
  void Again() { Shown(random_.Below(people_)); }
  void Resolve() {
    const uint64_t person = random_.Below(people_);
    if (!calls_->Resolve(NumberOf(person), Person(person), now_, &answer_)
             .ok() ||
        answer_.found != Found::kOne) {
      std::abort();
    }
  }
  const ReturnCalls& calls() const { return *calls_; }
  std::size_t footprint() const {
    const ReturnCallsStats stats = calls_->stats();
    return stats.entry_bytes + stats.number_bytes;
  }

 private:
  static PhoneNumber Person(uint64_t i) {
    return PhoneNumber::FromValue(kTheirs + i * 2'654'435'761u % 1'000'000'000);
  }
  static PhoneNumber NumberOf(uint64_t i) {
    return PhoneNumber::FromValue(kOurs + i * 7'919 % kNumbers);
  }

  const uint64_t people_;
  std::unique_ptr<ReturnCalls> calls_;
  ReturnAnswer answer_;
  absl::Time now_ = kStart;
  uint64_t attempts_ = 0;
  Random random_{3};
};

World& WorldOf(int64_t entries) {
  static std::unique_ptr<World> world;
  static int64_t made = 0;
  if (made != entries) {
    world.reset();
    world = std::make_unique<World>(entries);
    made = entries;
  }
  return *world;
}

template <class Operation>
void Run(benchmark::State& state, Operation operation) {
  World& world = WorldOf(state.range(0));
  const double touch = RawTouchNanoseconds(world.footprint());
  const uint64_t allocations = g_heap.allocations;
  const double begin = ThreadNanoseconds();
  for (auto _ : state) operation(world);
  const double n = static_cast<double>(state.iterations());
  const double each = (ThreadNanoseconds() - begin) / n;
  const double allocated =
      static_cast<double>(g_heap.allocations - allocations);
  const ReturnCallsStats stats = world.calls().stats();
  state.counters["x_raw_touch"] = each / touch;
  state.counters["raw_touch_ns"] = touch;
  state.counters["cpu_ns"] = each;
  state.counters["allocs_per_op"] = allocated / n;
  state.counters["bytes_per_entry"] = static_cast<double>(stats.entry_bytes) /
                                      static_cast<double>(stats.entries);
  state.counters["bytes_per_number"] = static_cast<double>(stats.number_bytes) /
                                       static_cast<double>(stats.numbers);
}

void BM_Resolve(benchmark::State& state) {
  Run(state, [](World& world) { world.Resolve(); });
}
void BM_Shown(benchmark::State& state) {
  Run(state, [](World& world) { world.Again(); });
}

void BM_RawTouch(benchmark::State& state) {
  RawTouch raw(static_cast<std::size_t>(state.range(0)) * 60);
  uint64_t at = 0;
  for (auto _ : state) at = raw.Touch(at);
  benchmark::DoNotOptimize(at);
}

// A row as a table of calls would have it.
struct Row {
  uint64_t callee, number, lead, attempt;
  int64_t shown;
};

void BM_FullScan(benchmark::State& state) {
  const std::size_t n = static_cast<std::size_t>(state.range(0));
  std::vector<Row> rows(n);
  for (std::size_t i = 0; i < n; ++i) {
    rows[i] = {kTheirs + i, kOurs + i % kNumbers, i, i,
               static_cast<int64_t>(i)};
  }
  Random random(4);
  for (auto _ : state) {
    const uint64_t person = random.Below(n);
    std::size_t found = n;
    int64_t latest = -1;
    for (std::size_t i = 0; i < n; ++i) {
      const Row& row = rows[i];
      if (row.callee == kTheirs + person &&
          row.number == kOurs + person % kNumbers && row.shown > latest) {
        latest = row.shown;
        found = i;
      }
    }
    benchmark::DoNotOptimize(found);
  }
}

void BM_Masking(benchmark::State& state) {
  const uint64_t open = static_cast<uint64_t>(state.range(0));
  MaskingPoolOptions options;
  options.quarantine = absl::Seconds(100);
  auto pool = *MaskingPool::Create(options, kStart);
  MaskingPatch patch;
  for (uint64_t i = 0; i < 2'200; ++i) {
    patch.put.push_back({PhoneNumber::FromValue(kOurs + i), false});
  }
  if (!pool->Apply(patch, kStart).ok()) std::abort();
  Random random(5);
  absl::Time now = kStart;
  uint64_t session = 0;
  const auto step = [&] {
    now += absl::Seconds(1);
    MaskingRequest request;
    request.session = ++session;
    request.a = PhoneNumber::FromValue(kTheirs + random.Below(open / 10));
    request.b =
        PhoneNumber::FromValue(kTheirs + 1'000'000 + random.Below(open / 100));
    MaskingAnswer answer;
    if (!pool->Open(request, now, &answer).ok() || answer.number.none() ||
        (session > open && !pool->Close(session - open, now).ok())) {
      std::abort();
    }
  };
  for (uint64_t i = 0; i < 3 * open; ++i) step();
  const uint64_t allocations = g_heap.allocations;
  for (auto _ : state) step();
  state.counters["allocs_per_op"] =
      static_cast<double>(g_heap.allocations - allocations) /
      static_cast<double>(state.iterations());
  state.counters["bytes_per_session"] =
      static_cast<double>(pool->stats().session_bytes) /
      static_cast<double>(open + 100);
}

void BM_Visitors(benchmark::State& state) {
  const uint64_t numbers = static_cast<uint64_t>(state.range(0));
  VisitorPoolOptions options;
  options.numbers_max = 1'000'000;
  options.hold = absl::Seconds(1);
  auto pool = *VisitorPool::Create(options, kStart);
  VisitorPatch patch;
  for (uint64_t i = 0; i < numbers; ++i) {
    patch.put.push_back(PhoneNumber::FromValue(kOurs + i));
  }
  if (!pool->Apply(patch, kStart).ok()) std::abort();
  absl::Time now = kStart;
  uint64_t visit = 0;
  const auto step = [&] {
    now += absl::Milliseconds(1);
    VisitAnswer answer;
    if (!pool->Show(++visit, now, &answer).ok() || answer.overflow) {
      std::abort();
    }
  };
  for (uint64_t i = 0; i < 2 * numbers; ++i) step();
  const uint64_t allocations = g_heap.allocations;
  for (auto _ : state) step();
  state.counters["allocs_per_op"] =
      static_cast<double>(g_heap.allocations - allocations) /
      static_cast<double>(state.iterations());
  state.counters["bytes_per_number"] =
      static_cast<double>(pool->stats().bytes) / static_cast<double>(numbers);
}

void Sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("entries")->Arg(10'000)->Arg(1'000'000)->Arg(10'000'000);
}
BENCHMARK(BM_Resolve)->Apply(Sizes);
BENCHMARK(BM_Shown)->Apply(Sizes);
BENCHMARK(BM_RawTouch)->Apply(Sizes);
BENCHMARK(BM_Masking)->ArgName("entries")->Arg(10'000)->Arg(50'000);
BENCHMARK(BM_Visitors)->ArgName("entries")->Arg(10'000)->Arg(1'000'000);
BENCHMARK(BM_FullScan)->ArgName("entries")->Arg(10'000)->Arg(1'000'000);

}  // namespace
}  // namespace callrouter::bench

BENCHMARK_MAIN();
