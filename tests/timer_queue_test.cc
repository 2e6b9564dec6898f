#include "callrouter/timer_queue.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <vector>

#include "callrouter/random.h"
#include "tests/oracle/counts.h"
#include "tests/oracle/naive_timers.h"

namespace callrouter {
namespace {

using Timer = TimerQueue::Timer;

void ExpectSame(const Timer& a, const Timer& b) {
  ASSERT_EQ(a.due, b.due);
  ASSERT_EQ(a.subject, b.subject);
  ASSERT_EQ(a.kind, b.kind);
  ASSERT_EQ(a.id, b.id);
}

TEST(TimerQueueTest, HandsBackByDueTimeThenByArming) {
  TimerQueue timers;
  timers.Arm(20, 1, 100);
  timers.Arm(10, 2, 101);
  timers.Arm(20, 3, 102);
  timers.Arm(10, 4, 103);
  EXPECT_EQ(timers.next_due(), 10);
  Timer due;
  EXPECT_FALSE(timers.PopDue(9, &due));
  std::vector<uint32_t> subjects;
  while (timers.PopDue(20, &due)) subjects.push_back(due.subject);
  EXPECT_EQ(subjects, (std::vector<uint32_t>{101, 103, 100, 102}));
  EXPECT_EQ(timers.next_due(), TimerQueue::kNever);
}

TEST(TimerQueueTest, StaleIdNeverCancelsTheNextTimerInItsSlot) {
  TimerQueue timers;
  TimerId first = timers.Arm(10, 1, 1);
  TimerId kept = first;
  EXPECT_TRUE(timers.Cancel(&first));
  EXPECT_TRUE(first.none());
  EXPECT_FALSE(timers.Cancel(&first));  // None: no effect.
  TimerId second = timers.Arm(10, 1, 2);
  EXPECT_EQ(second.slot(), kept.slot());
  EXPECT_FALSE(timers.IsArmed(kept));
  EXPECT_FALSE(timers.Cancel(&kept));
  EXPECT_TRUE(timers.IsArmed(second));
  Timer due;
  ASSERT_TRUE(timers.PopDue(10, &due));
  EXPECT_EQ(due.id, second);
  EXPECT_FALSE(timers.Cancel(&second));  // Has fired.
  EXPECT_EQ(timers.size(), 0u);
}

TEST(TimerQueueTest, ForeignIdsAreNotArmed) {
  TimerQueue timers;
  EXPECT_FALSE(timers.IsArmed(TimerId()));
  TimerId beyond(7, 1);
  EXPECT_FALSE(timers.Cancel(&beyond));
  timers.Arm(1, 0, 0);
  TimerId other(0, 99);
  EXPECT_FALSE(timers.Cancel(&other));
  EXPECT_EQ(timers.size(), 1u);
}

TEST(TimerQueueTest, TakesTheWholeRangeOfTimes) {
  TimerQueue timers;
  timers.Arm(std::numeric_limits<int64_t>::max() - 1, 1, 1);
  timers.Arm(std::numeric_limits<int64_t>::min(), 2, 2);
  timers.Arm(-1, 3, 3);
  Timer due;
  ASSERT_TRUE(timers.PopDue(std::numeric_limits<int64_t>::min(), &due));
  EXPECT_EQ(due.subject, 2u);
  ASSERT_TRUE(timers.PopDue(0, &due));
  EXPECT_EQ(due.subject, 3u);
  EXPECT_FALSE(timers.PopDue(0, &due));
}

TEST(TimerQueueTest, DeadEntriesStayFewWhenTheLivingFire) {
  TimerQueue timers;
  std::vector<TimerId> late;
  for (uint32_t i = 0; i < 1000; ++i) {
    timers.Arm(i, 1, i);
    late.push_back(timers.Arm(1'000'000 + i, 2, i));
  }
  timers.Arm(500'000, 3, 0);
  for (TimerId& id : late) ASSERT_TRUE(timers.Cancel(&id));
  Timer due;
  while (timers.PopDue(400'000, &due)) {
    ASSERT_LE(timers.entries(), timers.size() + timers.size() / 2 + 128);
  }
  EXPECT_EQ(timers.size(), 1u);
}

TEST(TimerQueueTest, ArmingTheSortedTimersAgainGivesAnEqualQueue) {
  Random random(3);
  TimerQueue timers;
  std::vector<TimerId> ids;
  for (uint32_t i = 0; i < 500; ++i) {
    ids.push_back(timers.Arm(static_cast<int64_t>(random.Below(50)),
                             static_cast<uint8_t>(i % 7), i));
  }
  for (std::size_t i = 0; i < ids.size(); i += 3) timers.Cancel(&ids[i]);
  TimerQueue again;
  for (const Timer& t : timers.Sorted()) again.Arm(t.due, t.kind, t.subject);
  EXPECT_EQ(again.size(), timers.size());
  Timer a;
  Timer b;
  while (timers.PopDue(100, &a)) {
    ASSERT_TRUE(again.PopDue(100, &b));
    ASSERT_EQ(a.due, b.due);
    ASSERT_EQ(a.subject, b.subject);
    ASSERT_EQ(a.kind, b.kind);
  }
  EXPECT_EQ(again.size(), 0u);
}

// Arms, cancels, and lets time pass, in a queue and in its naive twin.
class Pair {
 public:
  explicit Pair(std::size_t most) : random_(most), most_(most) {}

  void Step() {
    const uint64_t dice = random_.Below(16);
    if (dice < 8 && timers_.size() < most_) {
      Arm();
    } else if (dice < 13) {
      Cancel();
    } else {
      Pass();
    }
    ASSERT_EQ(timers_.size(), twin_.timers().size());
    if (random_.Below(2) == 0) timers_.Tidy();  // Changes only the cost.
    ASSERT_EQ(timers_.next_due(), twin_.next_due());
    ASSERT_LE(timers_.entries(), timers_.size() + timers_.size() / 2 + 128);
  }

  void CompareSorted() {
    const std::vector<Timer> sorted = timers_.Sorted();
    ASSERT_EQ(sorted.size(), twin_.timers().size());
    std::size_t i = 0;
    for (const auto& [unused, timer] : twin_.timers()) {
      ExpectSame(sorted[i++], timer);
    }
  }

  uint64_t fired() const { return fired_; }
  uint64_t cancelled() const { return cancelled_; }

 private:
  void Arm() {
    // Few distinct times, so that equal ones are common; some are past.
    // One in eight beyond the minute from which on timers are kept apart.
    const int64_t far = random_.Below(8) == 0 ? int64_t{59'999'990} : 0;
    const int64_t due =
        now_ + far + static_cast<int64_t>(random_.Below(20 + 2 * most_)) - 5;
    const auto kind = static_cast<uint8_t>(random_.Below(8));
    const auto subject = static_cast<uint32_t>(random_.Below(1000));
    const TimerId id = timers_.Arm(due, kind, subject);
    twin_.Arm(due, kind, subject, id);
    if (ids_.size() < 2 * most_) {
      ids_.push_back(id);
    } else {
      ids_[random_.Below(ids_.size())] = id;
    }
  }
  void Cancel() {
    if (ids_.empty()) return;
    TimerId id = ids_[random_.Below(ids_.size())];  // May have fired.
    const TimerId kept = id;
    const bool armed = timers_.IsArmed(id);
    ASSERT_EQ(timers_.Cancel(&id), twin_.Cancel(kept));
    ASSERT_FALSE(timers_.IsArmed(kept));
    ASSERT_TRUE(id.none());
    cancelled_ += armed ? 1 : 0;
  }
  void Pass() {
    now_ += static_cast<int64_t>(random_.Below(6));
    if (random_.Below(1000) == 0) now_ += 59'999'980;
    Timer a;
    Timer b;
    while (timers_.PopDue(now_, &a)) {
      ASSERT_TRUE(twin_.PopDue(now_, &b));
      ExpectSame(a, b);
      ++fired_;
    }
    ASSERT_FALSE(twin_.PopDue(now_, &b));
  }

  Random random_;
  const std::size_t most_;
  TimerQueue timers_;
  oracle::NaiveTimers twin_;
  std::vector<TimerId> ids_;
  int64_t now_ = 0;
  uint64_t fired_ = 0;
  uint64_t cancelled_ = 0;
};

TEST(TimerQueueTest, AgreesWithItsNaiveTwin) {
  const int rounds = oracle::Rounds(300'000, 5'000'000);
  for (const std::size_t most :
       {std::size_t{3}, std::size_t{40}, std::size_t{400}}) {
    Pair pair(most);
    for (int i = 0; i < rounds / 3; ++i) {
      pair.Step();
      if (i % 512 == 0) pair.CompareSorted();
      ASSERT_FALSE(::testing::Test::HasFatalFailure()) << "step " << i;
    }
    EXPECT_GT(pair.fired(), static_cast<uint64_t>(rounds / 100));
    EXPECT_GT(pair.cancelled(), static_cast<uint64_t>(rounds / 100));
  }
  oracle::Report("steps against the twin", static_cast<uint64_t>(rounds),
                 "no difference");
}

}  // namespace
}  // namespace callrouter
