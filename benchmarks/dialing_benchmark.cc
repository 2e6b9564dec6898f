// One plan of the pacer, and what a dialler that samples would pay for it.
//
// 30 % of the agents are free and three lines ring for each of them. Between
// plans time moves on and lines and agents change, so that nothing can be kept
// from the plan before.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "callrouter/pacer.h"
#include "callrouter/random.h"
#include "measure.h"

namespace callrouter::bench {
namespace {

class Team {
 public:
  explicit Team(int agents) : agents_(agents) {
    PacerOptions options;
    options.campaigns.resize(1);
    options.campaigns[0].promise = DropPromise::kBudget;
    options.campaigns[0].starts_per_second = 100'000;
    options.agents_max = agents;
    options.lines_max = 2 * agents + 100;
    options.starts_per_second = 100'000;
    pacer_ = *Pacer::Create(options, now_);
    Learn();
    for (int a = 0; a < agents; ++a) {
      (void)pacer_->SetAgent(a, DialAgent::kReady, now_);
    }
    // Calls began over the last four minutes, lines over the last 20 s.
    for (int a = agents * 3 / 10; a < agents; ++a) {
      (void)pacer_->SetAgent(a, DialAgent::kBusy, now_);
      now_ += absl::Seconds(220.0 / agents);
    }
    for (int i = 0; i < agents * 9 / 10; ++i) {
      lines_.push_back(*pacer_->Dialled(LineFeatures(), now_));
      now_ += absl::Seconds(20.0 / agents);
    }
    pacer_->Plan(now_, &orders_);
  }

  // What happens between two plans: a line ends and another begins, and with
  // each tenth an agent changes too, so that lines ring 15 s and agents talk
  // 120 s on average, and three calls in ten are answered.
  void Move() {
    now_ += absl::Seconds(16.7 / agents_);
    const std::size_t at = next_++ % lines_.size();
    if (next_ % 10 < 3) {
      (void)pacer_->Report(lines_[at], LineEvent::kPerson, now_);
      // Drops near the cap, so that the price stays where it would be.
      (void)pacer_->Report(
          lines_[at],
          ++persons_ % 35 == 0 ? LineEvent::kDropped : LineEvent::kHungUp,
          now_);
    } else {
      (void)pacer_->Report(lines_[at], LineEvent::kNoAnswer, now_);
    }
    lines_[at] = *pacer_->Dialled(LineFeatures(), now_);
    if (next_ % 10 != 0) return;
    const int busy = agents_ - agents_ * 3 / 10;
    const int agent =
        agents_ * 3 / 10 + static_cast<int>(next_ / 10) % std::max(1, busy);
    (void)pacer_->SetAgent(agent, DialAgent::kReady, now_);
    (void)pacer_->SetAgent(agent, DialAgent::kBusy, now_);
  }
  int Plan() {
    pacer_->Plan(now_, &orders_);
    return orders_[0].lines;
  }

 private:
  void Learn() {
    (void)pacer_->SetAgent(0, DialAgent::kReady, now_);
    for (int i = 0; i < 2'000; ++i) {
      const LineId line = *pacer_->Dialled(LineFeatures(), now_);
      now_ += absl::Seconds(3 + i * 7 % 20);
      if (i % 10 >= 3) {
        (void)pacer_->Report(line, LineEvent::kNoAnswer, now_);
        continue;
      }
      (void)pacer_->Report(line, LineEvent::kPerson, now_);
      (void)pacer_->Bridged(line, 0, now_);
      now_ += absl::Seconds(20 + i * 13 % 200);
      (void)pacer_->SetAgent(0, DialAgent::kReady, now_);
    }
  }

  int agents_;
  absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);
  std::unique_ptr<Pacer> pacer_;
  std::vector<PacingOrder> orders_;
  std::vector<LineId> lines_;
  std::size_t next_ = 0;
  int64_t persons_ = 0;
};

void BM_PacerStep(benchmark::State& state) {
  Team team(static_cast<int>(state.range(0)));
  for (int i = 0; i < 100; ++i) {
    team.Move();
    benchmark::DoNotOptimize(team.Plan());
  }
  std::vector<double> times;
  times.reserve(1'000'000);
  const int64_t allocations = static_cast<int64_t>(g_heap.allocations);
  for (auto _ : state) {
    team.Move();
    const double begin = ThreadNanoseconds();
    benchmark::DoNotOptimize(team.Plan());
    const double time = ThreadNanoseconds() - begin;
    state.SetIterationTime(time / 1e9);
    if (times.size() < times.capacity()) times.push_back(time);
  }
  state.counters["allocs_per_op"] =
      static_cast<double>(static_cast<int64_t>(g_heap.allocations) -
                          allocations) /
      static_cast<double>(state.iterations());
  const std::size_t p99 = times.size() * 99 / 100;
  std::nth_element(times.begin(),
                   times.begin() + static_cast<std::ptrdiff_t>(p99),
                   times.end());
  state.counters["lines"] = team.Plan();
  state.counters["p99_us"] = times[p99] / 1000;
}
BENCHMARK(BM_PacerStep)
    ->ArgName("agents")
    ->UseManualTime()
    ->Arg(10)
    ->Arg(100)
    ->Arg(1'000)
    ->Arg(10'000);

// The time is that of the plan alone on the processor, the clock's own
// included.

// A thousand times: which lines are answered and which agents get free within
// the next ten seconds; how often that finds nobody.
void BM_MonteCarloStep(benchmark::State& state) {
  const int agents = static_cast<int>(state.range(0));
  const int free = agents * 3 / 10;
  Random random(1);
  for (auto _ : state) {
    int over = 0;
    for (int sample = 0; sample < 1'000; ++sample) {
      int answers = 0, finished = 0;
      for (int line = 0; line < 3 * free; ++line) {
        answers += random.Next() < 0x26000000u ? 1 : 0;  // 15 %.
      }
      for (int agent = free; agent < agents; ++agent) {
        finished += random.Next() < 0x14000000u ? 1 : 0;  // 8 %.
      }
      over += answers >= free + finished ? 1 : 0;
    }
    benchmark::DoNotOptimize(over);
  }
}
BENCHMARK(BM_MonteCarloStep)
    ->ArgName("agents")
    ->Arg(10)
    ->Arg(100)
    ->Arg(1'000)
    ->Arg(10'000);

}  // namespace
}  // namespace callrouter::bench

BENCHMARK_MAIN();
