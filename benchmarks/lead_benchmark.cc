// What it costs to find whom to dial next.
//
//   BM_NextLead   the next of so many leads, half with one and half with two
//                 numbers, every one under four caps, and the report of how an
//                 earlier call ended, so that leads come back
//   BM_RawTouch   one 64-byte record read and written, in an array as big as
//                 the memory of BM_NextLead; which is next stands in the record
//   BM_LeadScan   the same choice by one pass over plain records
//
// Counters: x_raw_touch, the time of Next alone in raw touches over the same
// footprint, measured by the same program right before; rest_x_raw_touch, that
// of Advance (as many leads become due as are called), Dialled and Report
// together; bytes_per_lead, everything kept, once at least twice as many calls
// have been made as there are leads; allocs_per_op.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

#include "callrouter/lead_list.h"
#include "callrouter/random.h"
#include "measure.h"

namespace callrouter::bench {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

struct alignas(64) Line {
  uint64_t next;
  uint64_t rest[7];
};

double RawTouchNanoseconds(std::size_t bytes) {
  const std::size_t n = std::max<std::size_t>(2, bytes / sizeof(Line));
  std::vector<Line> lines(n);
  for (std::size_t i = 0; i < n; ++i) lines[i].next = i;
  Random random(1);
  for (std::size_t i = n - 1; i > 0; --i) {  // Sattolo: one cycle.
    std::swap(lines[i].next, lines[random.Below(i)].next);
  }
  constexpr int kTouches = 1'000'000;
  uint64_t at = 0;
  for (int i = 0; i < 100'000; ++i) at = lines[at].next;
  const double begin = ThreadNanoseconds();
  for (int i = 0; i < kTouches; ++i) {
    Line& line = lines[at];
    ++line.rest[0];
    at = line.next;
  }
  benchmark::DoNotOptimize(at);
  return (ThreadNanoseconds() - begin) / kTouches;
}

DialCap Cap(const char* name, DialScope scope, DialWindow window,
            absl::Duration rolling, int32_t limit) {
  DialCap cap;
  cap.name = name;
  cap.scope = scope;
  cap.window = window;
  cap.rolling = rolling;
  cap.limit = limit;
  if (window == DialWindow::kLife) cap.action = CapAction::kStop;
  return cap;
}

DialRules Rules() {
  DialRules rules;
  rules.zones = {{"eastern", {{absl::InfinitePast(), -5 * 3600}}},
                 {"central", {{absl::InfinitePast(), -6 * 3600}}},
                 {"pacific", {{absl::InfinitePast(), -8 * 3600}}}};
  rules.places = {{"east", {"eastern"}, {"12"}},
                  {"middle", {"central"}, {"13"}},
                  {"west", {"pacific"}, {"14"}},
                  {"somewhere", {"eastern", "pacific"}, {"1"}}};
  DialLaw law;
  law.name = "law";
  law.source = "made up";
  law.as_of = "2026-01-01";
  for (int day = 0; day < 7; ++day) law.open.push_back({day, 0, 0});
  law.caps = {Cap("3 a day", DialScope::kNumber, DialWindow::kRolling,
                  absl::Hours(24), 3),
              Cap("1 in 2 hours", DialScope::kNumber, DialWindow::kRolling,
                  absl::Hours(2), 1),
              Cap("1 conversation a day", DialScope::kNumber,
                  DialWindow::kRolling, absl::Hours(24), 1)};
  law.caps[2].event = DialEvent::kConversation;
  rules.laws = {law};
  rules.guards = {{"us", {"1"}, {"1900"}}};
  rules.dispositions = {{"nobody is at home", DialResult::kNoAnswer}};
  DialCampaign campaign;
  campaign.name = "renewals";
  campaign.guard = "us";
  campaign.laws = {"law"};
  campaign.caps = {Cap("10,000 in all", DialScope::kLead, DialWindow::kLife,
                       absl::ZeroDuration(), 10'000)};
  RedialRule row;
  row.action = RedialAction::kNext;
  row.delays = {absl::Hours(4), absl::Hours(16)};
  campaign.redial = {row};
  rules.campaigns = {campaign};
  for (int i = 0; i < 5; ++i) {
    rules.lists.push_back(
        {"list" + std::to_string(i), "renewals", 1, kNoLimit});
  }
  return rules;
}

class World {
 public:
  explicit World(int64_t leads) : size_(static_cast<uint64_t>(leads)) {
    LeadListOptions options;
    options.leads_max = static_cast<int32_t>(leads);
    options.numbers_max = static_cast<int32_t>(leads * 3 / 2);
    options.events_max = static_cast<int32_t>(leads * 5 / 4 + 10'000);
    options.attempts_max = 2'000;
    options.do_not_call_max = 1;
    options.attempt_keep = absl::ZeroDuration();
    options.reserve_memory = true;
    leads_ = *LeadList::Create(options, Rules(), now_);
    for (uint64_t i = 0; i < size_; ++i) {
      LeadConfig lead;
      lead.lead = i + 1;
      lead.list = "list" + std::to_string(i % 5);
      lead.numbers.push_back({Phone(2 * i)});
      if (i % 2 == 0) lead.numbers.push_back({Phone(2 * i + 1)});
      lead.priority = static_cast<int32_t>(random_.Below(3));
      lead.score = static_cast<int32_t>(random_.Below(65'536));
      if (!leads_->Put(lead, now_).ok()) std::abort();
    }
    // Everybody once or so, at the pace that goes on; in twenty days or, of a
    // long list, two all orders have been as full as they get.
    const uint64_t times = size_ > 100'000 ? 2 : 20;
    for (uint64_t i = 0; i < times * size_; ++i) Step(pace());
  }

  void Advance(absl::Duration step) {
    now_ += step;
    leads_->Advance(now_);
  }
  void Next() {
    LeadRequest request;
    request.attempt = ++attempt_;
    request.campaign = "renewals";
    LeadChoice choice;
    if (!leads_->Next(request, now_, &choice).ok() || choice.lead == 0) {
      std::abort();
    }
  }
  void Report() {
    if (!leads_->Dialled(attempt_, now_).ok()) std::abort();
    if (attempt_ > kInCalls &&
        !leads_->Report(attempt_ - kInCalls, "nobody is at home", now_).ok()) {
      std::abort();
    }
  }
  void Step(absl::Duration step) {
    Advance(step);
    Next();
    Report();
  }
  absl::Duration pace() const { return absl::Hours(20) / int64_t(size_); }
  double bytes() const {
    const LeadListStats s = leads_->stats();
    return static_cast<double>(s.lead_bytes + s.number_bytes + s.order_bytes +
                               s.event_bytes + s.attempt_bytes);
  }

 private:
  static constexpr uint64_t kInCalls = 500;
  static PhoneNumber Phone(uint64_t i) {
    return PhoneNumber::FromValue(12'000'000'000 + i % 4 * 1'000'000'000 +
                                  i * 2'654'435'761u % 900'000'000);
  }

  const uint64_t size_;
  Random random_{2};
  absl::Time now_ = kStart;
  uint64_t attempt_ = 0;
  std::unique_ptr<LeadList> leads_;
};

void BM_NextLead(benchmark::State& state) {
  static std::unique_ptr<World> world;
  static int64_t made = 0;
  if (made != state.range(0)) {
    world.reset();
    world = std::make_unique<World>(state.range(0));
    made = state.range(0);
  }
  const double touch =
      RawTouchNanoseconds(static_cast<std::size_t>(world->bytes()));
  const uint64_t allocations = g_heap.allocations;
  double next = 0;
  const double begin = ThreadNanoseconds();
  for (auto _ : state) {
    world->Advance(world->pace());
    const double from = ThreadNanoseconds();
    world->Next();
    next += ThreadNanoseconds() - from;
    world->Report();
  }
  const uint64_t allocated = g_heap.allocations - allocations;
  const double n = static_cast<double>(state.iterations());
  // Reading the clock takes time too: once more in `next`.
  const double clock = [] {
    const double from = ThreadNanoseconds();
    for (int i = 0; i < 1'000; ++i)
      benchmark::DoNotOptimize(ThreadNanoseconds());
    return (ThreadNanoseconds() - from) / 1'000;
  }();
  const double all = (ThreadNanoseconds() - begin) / n - 2 * clock;
  next = next / n - clock;
  state.counters["x_raw_touch"] = next / touch;
  state.counters["rest_x_raw_touch"] = (all - next) / touch;
  state.counters["raw_touch_ns"] = touch;
  state.counters["next_ns"] = next;
  state.counters["allocs_per_op"] = static_cast<double>(allocated) / n;
  state.counters["bytes_per_lead"] =
      world->bytes() / static_cast<double>(state.range(0));
}

void BM_RawTouch(benchmark::State& state) {
  for (auto _ : state) {
    state.counters["raw_touch_ns"] =
        RawTouchNanoseconds(static_cast<std::size_t>(state.range(0)) * 190);
  }
}

// A row as a table of leads would have it.
struct Row {
  uint64_t lead, number;
  int64_t due;
  int32_t priority, score, attempts, state;
};

void BM_LeadScan(benchmark::State& state) {
  const std::size_t n = static_cast<std::size_t>(state.range(0));
  Random random(3);
  std::vector<Row> rows(n);
  for (std::size_t i = 0; i < n; ++i) {
    rows[i] = {i,
               i,
               static_cast<int64_t>(random.Below(20'000)),
               static_cast<int32_t>(random.Below(3)),
               static_cast<int32_t>(random.Below(65'536)),
               1,
               0};
  }
  int64_t now = 10'000;
  for (auto _ : state) {
    std::size_t best = n;
    for (std::size_t i = 0; i < n; ++i) {
      const Row& row = rows[i];
      if (row.state != 0 || row.due > now) continue;
      if (best == n || row.priority > rows[best].priority ||
          (row.priority == rows[best].priority &&
           (row.due < rows[best].due ||
            (row.due == rows[best].due && row.score > rows[best].score)))) {
        best = i;
      }
    }
    if (best < n) rows[best].due = ++now + 10'000;
    benchmark::DoNotOptimize(best);
  }
}

void Sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("leads")->Arg(10'000)->Arg(1'000'000);
}
BENCHMARK(BM_NextLead)->Apply(Sizes);
BENCHMARK(BM_RawTouch)->Apply(Sizes)->Iterations(1);
BENCHMARK(BM_LeadScan)->Apply(Sizes);

}  // namespace
}  // namespace callrouter::bench

BENCHMARK_MAIN();
