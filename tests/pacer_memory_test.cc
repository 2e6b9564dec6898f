// What a pacer takes and that it takes no more once it is made.

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

#include "callrouter/pacer.h"

namespace {

std::size_t g_bytes = 0;
std::size_t g_allocations = 0;

}  // namespace

void* operator new(std::size_t size) {
  g_bytes += size;
  ++g_allocations;
  void* const p = std::malloc(size);
  if (p == nullptr) throw std::bad_alloc();
  return p;
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }

namespace callrouter {
namespace {

PacerOptions Options(int size) {
  PacerOptions options;
  options.campaigns.resize(3);
  for (PacedCampaign& c : options.campaigns) {
    c.windows = {{WindowKind::kCalendarDay},
                 {WindowKind::kRolling, absl::Hours(24) * 30}};
    c.overdue = Overdue::kHold;
    c.carriers = {0, 1};
  }
  options.windows = options.campaigns[0].windows;
  options.carriers.resize(2);
  options.carriers[0].lines_max = options.carriers[1].lines_max = size;
  options.agents_max = size;
  options.lines_max = 2 * size;
  options.records_max = 8 * size;
  return options;
}

TEST(PacerMemory, IsBounded) {
  for (const int size : {10, 1'000, 20'000}) {
    const PacerOptions options = Options(size);
    const std::size_t bound = MemoryBound(options);
    PacerOptions own = options;
    const std::size_t before = g_bytes;
    const auto pacer =
        Pacer::Create(std::move(own), absl::FromUnixSeconds(1'800'000'000));
    const std::size_t taken = g_bytes - before;
    ASSERT_TRUE(pacer.ok());
    EXPECT_LE(taken, bound) << size;
    EXPECT_GE(taken, bound / 2) << size;
  }
  PacerOptions wrong = Options(10);
  wrong.lines_max = 0;
  EXPECT_EQ(MemoryBound(wrong), 0u);
}

// An hour of calls: after a first minute nothing is allocated.
TEST(PacerMemory, NothingIsAllocatedOnceWarm) {
  absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  auto pacer = *Pacer::Create(Options(20), now);
  for (int a = 0; a < 20; ++a) {
    ASSERT_TRUE(pacer->SetAgent(a, DialAgent::kReady, now).ok());
  }
  std::vector<PacingOrder> orders;
  std::vector<LineOrder> told;
  std::vector<LineRecord> records;
  std::vector<LineId> lines;
  lines.reserve(1'000);
  records.reserve(1'000);
  told.reserve(1'000);
  std::size_t warm = 0;
  uint64_t let_go = 0;
  for (int second = 0; second < 3'600; ++second) {
    if (second == 60) warm = g_allocations;
    now += absl::Seconds(1);
    told.clear();
    records.clear();
    pacer->Advance(now, &told);
    for (const LineOrder& order : told) {
      if (order.what == LineAction::kHold) continue;
      ++let_go;
      ASSERT_TRUE(pacer->Report(order.line, LineEvent::kEnded, now).ok());
    }
    pacer->TakeRecords(&records);
    pacer->Plan(now, &orders);
    for (std::size_t c = 0; c < orders.size(); ++c) {
      for (int i = 0; i < orders[c].lines; ++i) {
        LineFeatures features;
        features.campaign = static_cast<uint16_t>(c);
        features.carrier = *pacer->CarrierRoom(0) > 0 ? 0 : 1;
        lines.push_back(*pacer->Dialled(features, now));
      }
    }
    // One line in five is answered; every second person finds an agent.
    for (std::size_t i = 0; i < lines.size() && i < 8; ++i) {
      const bool person = (second + static_cast<int>(i)) % 5 == 0;
      ASSERT_TRUE(
          pacer
              ->Report(lines[i],
                       person ? LineEvent::kPerson : LineEvent::kNoAnswer, now)
              .ok());
      if (person && second % 2 == 0) {
        ASSERT_TRUE(pacer->Bridged(lines[i], 0, now).ok());
        ASSERT_TRUE(pacer->SetFinishing(0, absl::Seconds(9), now).ok());
        ASSERT_TRUE(pacer->SetAgent(0, DialAgent::kReady, now).ok());
      }
    }
    lines.erase(lines.begin(),
                lines.begin() + static_cast<std::ptrdiff_t>(
                                    std::min<std::size_t>(8, lines.size())));
  }
  EXPECT_EQ(g_allocations, warm);
  EXPECT_GT(let_go, 10u);
}

}  // namespace
}  // namespace callrouter
