// The life of a call, in the engine and in what it is measured against.
//
//   BM_CallLifecycle          arrive, offer, accept, connected, end, wrap-up,
//                             ready; one overflow timer armed and cancelled;
//                             half of the calls wait, N/2 are in queue
//   BM_FifoBound              the same events over a bare queue: the floor
//   BM_FullScan               the same choices by walking all records
//   BM_FullScanColumns        the same, laid out for the processor
//   BM_CallLifecycleDistinct  every agent different, own requirements, skills
//                             that change, four strategies
//   BM_FullScan...Distinct    the same by looking at everybody
//   BM_ConfigurationSwap      Apply at 10,000 agents and 50,000 calls waiting

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bare_router.h"
#include "callrouter/engine.h"
#include "measure.h"
#include "scan_chooser.h"
#include "summary.h"
#include "walk_chooser.h"
#include "workload.h"
#include "world.h"

namespace callrouter::bench {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

// The engine as the world sees a router.
class EngineRouter {
 public:
  EngineRouter(std::unique_ptr<Engine> engine, std::size_t agents)
      : engine_(std::move(engine)) {
    for (std::size_t a = 0; a < agents; ++a) {
      agents_.push_back(engine_->FindAgent(a + 1));
    }
    for (std::size_t q = 0; q < kQueues; ++q) {
      queues_.push_back(engine_->FindQueue(Numbered('q', q)));
    }
  }

  bool Handle(const Event &event, absl::Time now, Decisions *out) {
    const bool ok = engine_->Handle(event, now, out).ok();
    // A search cut short goes on at an immediate deadline.
    const absl::Time soon = now + absl::Microseconds(50);
    for (absl::Time due = engine_->next_deadline(); due <= soon;
         due = engine_->next_deadline()) {
      engine_->Advance(due, out);
    }
    return ok;
  }
  AgentId FindAgent(uint32_t index) const { return agents_[index]; }
  QueueId queue(uint32_t index) const { return queues_[index]; }
  Engine &engine() { return *engine_; }

 private:
  std::unique_ptr<Engine> engine_;
  std::vector<AgentId> agents_;
  std::vector<QueueId> queues_;
};

EngineOptions OptionsFor(std::size_t agents, std::size_t waiting) {
  EngineOptions options;
  options.agents_max = static_cast<int32_t>(agents);
  options.calls_max = static_cast<int32_t>(agents + waiting + 1'000);
  options.audit_after = absl::Hours(24 * 30);
  options.texts_max = static_cast<int32_t>(agents + 65'536);
  options.requirements_max = 65'536;
  options.lanes_max = 65'535;
  return options;
}

EngineRouter MakeEngine(const Workload &workload, std::size_t waiting) {
  auto engine = Engine::Create(OptionsFor(workload.agents(), waiting),
                               workload.Config(false), kStart);
  if (!engine.ok()) {
    std::fprintf(stderr, "%s\n", engine.status().ToString().c_str());
    std::exit(1);
  }
  return EngineRouter(*std::move(engine), workload.agents());
}

template <typename Chooser>
BareRouter<Chooser> MakeBare(const Workload &workload, Chooser chooser) {
  std::vector<BareQueue> queues(kQueues);
  for (std::size_t q = 0; q < kQueues; ++q) {
    queues[q].side = static_cast<uint8_t>(q & 1);
  }
  const std::size_t agents = workload.agents();
  BareRouter<Chooser> router(agents, 2 * agents, std::move(queues),
                             std::move(chooser));
  for (std::size_t a = 0; a < agents; ++a) {
    router.SetAgent(static_cast<uint32_t>(a), a + 1,
                    static_cast<uint8_t>(a & 1));
  }
  return router;
}

template <typename Chooser>
BareRouter<Chooser> MakeScan(const Workload &workload, Chooser chooser) {
  for (std::size_t a = 0; a < workload.agents(); ++a) {
    for (const Levelled &have : workload.skills_of(a)) {
      chooser.SetLevel(static_cast<uint32_t>(a), have.skill, have.level);
    }
  }
  return MakeBare(workload, std::move(chooser));
}

std::vector<ScanQueue> ScanQueues(const Workload &workload) {
  std::vector<ScanQueue> queues;
  for (const QueueDraw &q : workload.queues()) {
    queues.push_back({{q.skill, q.level}, q.order});
  }
  return queues;
}

EngineRouter Make(const Workload &workload, EngineRouter *) {
  return MakeEngine(workload, workload.agents());
}
BareRouter<FifoChooser> Make(const Workload &workload,
                             BareRouter<FifoChooser> *) {
  return MakeBare(workload, FifoChooser());
}
BareRouter<WalkChooser> Make(const Workload &workload,
                             BareRouter<WalkChooser> *) {
  return MakeScan(workload,
                  WalkChooser(workload.agents(), ScanQueues(workload)));
}
BareRouter<ScanChooser> Make(const Workload &workload,
                             BareRouter<ScanChooser> *) {
  return MakeScan(
      workload, ScanChooser(workload.agents(), kSkills, ScanQueues(workload)));
}

// After so many pairs from a fresh start the choices of engine and scan are
// compared.
constexpr int kComparedPairs = 500;

// A filled world, kept from one call of a benchmark to the next.
template <typename Router>
struct Stage {
  Stage(std::size_t agents, bool distinct)
      : workload(agents, distinct),
        world(workload, Make(workload, static_cast<Router *>(nullptr)),
              kStart) {
    world.LogIn();
    world.Enqueue(agents / 2);
    for (int i = 0; i < kComparedPairs; ++i) world.Pair();
    hash = world.hash();
  }

  static Stage &Get(std::size_t agents, bool distinct) {
    static std::unique_ptr<Stage> stage;
    if (stage == nullptr || stage->workload.agents() != agents ||
        stage->workload.distinct() != distinct) {
      stage.reset();
      stage = std::make_unique<Stage>(agents, distinct);
    }
    return *stage;
  }

  Workload workload;
  World<Router> world;
  uint64_t hash = 0;
  bool warm = false;
};

// Hashes of the full scan, to see whether the engine chose alike.
std::map<std::size_t, uint64_t> &Choices() {
  static std::map<std::size_t, uint64_t> choices;
  return choices;
}

template <typename Router>
void Run(benchmark::State &state, bool distinct, std::size_t warm_up) {
  const auto agents = static_cast<std::size_t>(state.range(0));
  Stage<Router> &stage = Stage<Router>::Get(agents, distinct);
  World<Router> &world = stage.world;
  if (!stage.warm) {
    for (std::size_t i = 0; i < warm_up; ++i) world.Pair();
    stage.warm = true;
  }
  const Instructions instructions;
  const uint64_t allocations = g_heap.allocations;
  const uint64_t retired = instructions.Read();
  const double start = ThreadNanoseconds();
  for (auto _ : state) world.Pair();
  const double spent = ThreadNanoseconds() - start;
  const double calls = 2.0 * static_cast<double>(state.iterations());
  auto &counters = state.counters;
  counters["ns_per_call"] = spent / calls;
  if (instructions.available()) {
    counters["instr_per_call"] =
        static_cast<double>(instructions.Read() - retired) / calls;
  }
  counters["allocs_per_call"] =
      static_cast<double>(g_heap.allocations - allocations) / calls;
  if (world.faults() != 0) state.SkipWithError("calls went astray");
}

void EngineRun(benchmark::State &state, bool distinct) {
  const auto agents = static_cast<std::size_t>(state.range(0));
  Run<EngineRouter>(state, distinct, 40'000 + agents);
  auto &stage = Stage<EngineRouter>::Get(agents, distinct);
  stage.world.TimedPairs(distinct ? 5'000 : 1'000);
  Statistics statistics;
  stage.world.router().engine().CopyStatistics(&statistics);
  auto &counters = state.counters;
  counters["p999_ns"] =
      static_cast<double>(stage.world.latency_ns().ValueAt(0.999));
  counters["groups"] = statistics.engine.groups;
  counters["lanes"] = statistics.engine.lanes;
  const auto scanned = Choices().find(agents);
  if (!distinct && scanned != Choices().end()) {
    counters["as_scan"] = scanned->second == stage.hash ? 1 : 0;
  }
}

void BM_CallLifecycle(benchmark::State &state) { EngineRun(state, false); }
void BM_CallLifecycleDistinct(benchmark::State &state) {
  EngineRun(state, true);
}

void BM_FifoBound(benchmark::State &state) {
  Run<BareRouter<FifoChooser>>(
      state, false, 10'000 + static_cast<std::size_t>(state.range(0)));
}

template <typename Chooser>
void ScanRun(benchmark::State &state, bool distinct) {
  Run<BareRouter<Chooser>>(state, distinct, 0);
  const auto agents = static_cast<std::size_t>(state.range(0));
  auto &counters = state.counters;
  counters["ns_per_agent"] = static_cast<double>(counters["ns_per_call"]) /
                             static_cast<double>(agents);
  if (distinct) return;  // One strategy draws lots: choices differ.
  const uint64_t hash = Stage<BareRouter<Chooser>>::Get(agents, false).hash;
  const auto [at, first] = Choices().emplace(agents, hash);
  if (!first && at->second != hash) state.SkipWithError("scans choose apart");
}
void BM_FullScan(benchmark::State &state) {
  ScanRun<WalkChooser>(state, false);
}
void BM_FullScanColumns(benchmark::State &state) {
  ScanRun<ScanChooser>(state, false);
}
void BM_FullScanDistinct(benchmark::State &state) {
  ScanRun<WalkChooser>(state, true);
}
void BM_FullScanColumnsDistinct(benchmark::State &state) {
  ScanRun<ScanChooser>(state, true);
}

// What 65,000 agents at rest, and as many waiting calls, take on the heap. All
// arrays are nearly full at that number; between two of their lengths it is up
// to twice as much an item, unless memory is reserved when the engine is made.
constexpr std::size_t kMeasured = 65'000;

void BM_BytesPerAgent(benchmark::State &state) {
  const Workload workload(kMeasured, false);
  Configuration config = workload.Config(false);
  std::vector<AgentConfig> agents = std::move(config.agents);
  config.agents.clear();
  const EngineOptions options = OptionsFor(kMeasured, 0);
  Decisions decisions;
  for (auto _ : state) {
    auto engine = Engine::Create(options, config, kStart);
    if (!engine.ok()) return state.SkipWithError("no engine");
    config.agents = std::move(agents);
    auto prepared = Engine::Prepare(options, config);
    agents = std::move(config.agents);
    config.agents.clear();
    if (!prepared.ok()) return state.SkipWithError("not prepared");
    int64_t before = g_heap.bytes;
    if (!(*engine)->Apply(*std::move(prepared), kStart, &decisions).ok()) {
      return state.SkipWithError("not applied");
    }
    for (const AgentConfig &agent : agents) {
      decisions.clear();
      static_cast<void>((*engine)->Handle(
          Event::ForAgentRef(EventKind::kAgentLogin, agent.ref), kStart,
          &decisions));
    }
    state.counters["bytes"] = static_cast<double>(g_heap.bytes - before) /
                              static_cast<double>(agents.size());
  }
}

void BM_BytesPerWaitingCall(benchmark::State &state) {
  const Workload workload(kProfiles, false);
  Configuration config = workload.Config(false);
  config.agents.clear();
  for (auto _ : state) {
    auto engine =
        Engine::Create(OptionsFor(kProfiles, kMeasured), config, kStart);
    if (!engine.ok()) return state.SkipWithError("no engine");
    Decisions decisions;
    const int64_t before = g_heap.bytes;
    for (std::size_t i = 0; i < kMeasured; ++i) {
      decisions.clear();
      const std::string queue =
          Numbered('q', workload.Draw(i % kProfiles, i / kProfiles));
      static_cast<void>((*engine)->Handle(
          Event::CallArrived(i + 1, (*engine)->FindQueue(queue)),
          kStart + absl::Milliseconds(i), &decisions));
    }
    state.counters["bytes"] = static_cast<double>(g_heap.bytes - before) /
                              static_cast<double>(kMeasured);
  }
}

// 5,000 busy agents, 2,500 free ones and 50,000 waiting calls meet a changed
// configuration; preparing it is not part of the swap.
void BM_ConfigurationSwap(benchmark::State &state) {
  const auto agents = static_cast<std::size_t>(state.range(0));
  const std::size_t waiting = 5 * agents;
  const Workload workload(agents, false);
  World<EngineRouter> world(workload, MakeEngine(workload, waiting), kStart);
  world.LogIn();
  world.Enqueue(waiting);
  const Configuration configs[] = {workload.Config(false),
                                   workload.Config(true)};
  const EngineOptions options = OptionsFor(agents, waiting);
  Engine &engine = world.router().engine();
  double worst = 0;
  std::size_t next = 1;
  for (auto _ : state) {
    auto prepared = Engine::Prepare(options, configs[next]);
    next ^= 1;
    if (!prepared.ok()) {
      state.SkipWithError("configuration refused");
      break;
    }
    world.decisions()->clear();
    const double start = ThreadNanoseconds();
    const bool ok =
        engine.Apply(*std::move(prepared), world.now(), world.decisions()).ok();
    const double spent = ThreadNanoseconds() - start;
    state.SetIterationTime(spent / 1e9);
    worst = std::max(worst, spent);
    if (!ok) state.SkipWithError("configuration not applied");
  }
  Statistics statistics;
  engine.CopyStatistics(&statistics);
  state.counters["swap_ms"] = worst / 1e6;
  state.counters["calls"] = statistics.engine.calls;
  if (world.faults() != 0) state.SkipWithError("calls went astray");
}

void Sizes(benchmark::internal::Benchmark *benchmark) {
  benchmark->ArgName("agents")->Unit(benchmark::kNanosecond);
  for (const int agents : {100, 1'000, 10'000, 100'000}) benchmark->Arg(agents);
}

BENCHMARK(BM_FifoBound)->Apply(Sizes);
BENCHMARK(BM_FullScan)->Apply(Sizes);
BENCHMARK(BM_FullScanColumns)->Apply(Sizes);
BENCHMARK(BM_CallLifecycle)->Apply(Sizes);
BENCHMARK(BM_FullScanDistinct)->Apply(Sizes);
BENCHMARK(BM_FullScanColumnsDistinct)->Apply(Sizes);
BENCHMARK(BM_CallLifecycleDistinct)->Apply(Sizes);
BENCHMARK(BM_BytesPerAgent)->Iterations(1);
BENCHMARK(BM_BytesPerWaitingCall)->Iterations(1);
BENCHMARK(BM_ConfigurationSwap)
    ->ArgName("agents")
    ->Arg(10'000)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace callrouter::bench

int main(int argc, char **argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  callrouter::bench::Summary summary;
  const std::size_t run = benchmark::RunSpecifiedBenchmarks(&summary);
  summary.Print();
  benchmark::Shutdown();
  return run == 0 ? 1 : 0;
}
