#include "drop_ledger.h"

#include <algorithm>
#include <cmath>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace callrouter {
namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kDay = 86'400 * kSecond;
// Of the cap that is spent: the rest is for what nobody foresaw.
constexpr double kMargin = 0.98;
// And so many standard deviations of the drops still to come are held back
// while they are; what is not needed is spent towards the end.
constexpr double kHeldBack = 0.5;
// Without a plan the forecast looks so far ahead.
constexpr int64_t kAhead = 3'600 * kSecond;
constexpr double kBlock = 50;  // Answers.

int64_t FloorDivide(int64_t a, int64_t b) {
  return a / b - (a % b != 0 && (a % b < 0) != (b < 0) ? 1 : 0);
}

double Cap(const DropWindow& rule) { return rule.cap_permille / 1000.0; }

}  // namespace

DropLedger::DropLedger(const std::vector<DropWindow>& windows, int64_t origin)
    : origin_(origin) {
  for (const DropWindow& rule : windows) {
    windows_.emplace_back().rule = rule;
    if (rule.kind == WindowKind::kRolling) windows_.back().bins.resize(kBins);
  }
}

void DropLedger::Roll(Window* window, int64_t now, int64_t offset) {
  int64_t index = 0;
  int64_t end = INT64_MAX;
  const int64_t length = absl::ToInt64Microseconds(window->rule.length);
  switch (window->rule.kind) {
    case WindowKind::kCalendarDay:
      index = FloorDivide(now + offset, kDay);
      end = (index + 1) * kDay - offset;
      break;
    case WindowKind::kCalendarMonth: {
      const auto month = absl::ToCivilMonth(absl::FromUnixMicros(now + offset),
                                            absl::UTCTimeZone());
      index = (month.year() - 1970) * 12 + month.month() - 1;
      end =
          absl::ToUnixMicros(absl::FromCivil(month + 1, absl::UTCTimeZone())) -
          offset;
      break;
    }
    case WindowKind::kSuccessive:
      index = FloorDivide(now - origin_, length);
      end = origin_ + (index + 1) * length;
      break;
    case WindowKind::kRolling: {
      const int64_t width = length / static_cast<int64_t>(kBins - 1);
      index = FloorDivide(now, width);
      const int64_t from =
          std::max(window->index + 1, index - static_cast<int64_t>(kBins) + 1);
      for (int64_t i = from; i <= index; ++i) {
        const int64_t at =
            ((i % static_cast<int64_t>(kBins)) + static_cast<int64_t>(kBins)) %
            static_cast<int64_t>(kBins);
        window->bins[static_cast<std::size_t>(at)] = Count();
      }
      window->index = std::max(window->index, index);
      return;
    }
  }
  // A wall clock set back does not bring an old window back.
  if (index < window->index) return;
  if (index > window->index) {
    window->now = Count();
    window->since = now;
  }
  window->index = index;
  window->end = end;
}

void DropLedger::Advance(int64_t now, int64_t offset) {
  for (Window& window : windows_) Roll(&window, now, offset);
}

void DropLedger::Add(double answers, double drops) {
  for (Window& window : windows_) {
    Count* count = &window.now;
    if (!window.bins.empty()) {
      const int64_t bins = static_cast<int64_t>(kBins);
      count = &window.bins[static_cast<std::size_t>(
          (window.index % bins + bins) % bins)];
    }
    count->answers += answers;
    count->drops += drops;
  }
}

void DropLedger::Answered() {
  Add(1, 0);
  if (++block_answers_ < kBlock) return;
  constexpr double kShare = 0.05;
  if (mean_ > 0) {
    const double off = block_drops_ - mean_;
    dispersion_ += kShare * (off * off / std::max(mean_, 0.2) - dispersion_);
    dispersion_ = std::min(10.0, std::max(1.0, dispersion_));
  }
  mean_ += (mean_ > 0 ? kShare : 1) * (block_drops_ - mean_);
  block_answers_ = block_drops_ = 0;
}

void DropLedger::Dropped() {
  Add(0, 1);
  ++block_drops_;
}

void DropLedger::Charge(double both) { Add(both, both); }

void DropLedger::Withdraw(int64_t answered, double drops, int64_t dropped) {
  for (Window& window : windows_) {
    Subtract(&window, answered, {1, 0});
    if (drops > 0) Subtract(&window, std::max(answered, dropped), {0, drops});
  }
}

void DropLedger::Subtract(Window* window, int64_t time, Count count) {
  if (window->bins.empty()) {
    if (time < window->since) return;
    window->now.answers -= count.answers;
    window->now.drops -= count.drops;
    return;
  }
  const int64_t bins = static_cast<int64_t>(kBins);
  const int64_t index =
      FloorDivide(time, absl::ToInt64Microseconds(window->rule.length) /
                            static_cast<int64_t>(kBins - 1));
  // The bin that was the newest then began up to a second before.
  for (int64_t i = std::min(index, window->index);
       i >= index - 2 && i > window->index - bins; --i) {
    Count& bin =
        window->bins[static_cast<std::size_t>((i % bins + bins) % bins)];
    if (bin.answers < count.answers || bin.drops < count.drops) continue;
    bin.answers -= count.answers;
    bin.drops -= count.drops;
    return;
  }
}

// A rolling window: drops of the bin that is half out still count, answers of
// it and of the `skip` next ones do not.
DropLedger::Count DropLedger::Sum(const Window& window,
                                  std::size_t skip) const {
  if (window.bins.empty()) return window.now;
  Count sum;
  const int64_t bins = static_cast<int64_t>(kBins);
  for (int64_t back = 0; back < bins; ++back) {
    const int64_t at = ((window.index - back) % bins + bins) % bins;
    const Count& bin = window.bins[static_cast<std::size_t>(at)];
    sum.drops += bin.drops;
    if (back + 1 + static_cast<int64_t>(skip) < bins) {
      sum.answers += bin.answers;
    }
  }
  return sum;
}

DropLedger::Count DropLedger::count(std::size_t window) const {
  return Sum(windows_[window], 0);
}

double DropLedger::Forecast(const Window& window, double rate, int64_t now,
                            int64_t plan_end) const {
  int64_t until = std::min(window.end, plan_end);
  if (until == INT64_MAX) until = now + kAhead;
  return rate * static_cast<double>(std::max<int64_t>(0, until - now)) /
         kSecond;
}

DropLedger::Pace DropLedger::PaceFor(double rate, int64_t now,
                                     int64_t plan_end) const {
  Pace pace;
  for (const Window& window : windows_) {
    const double cap = Cap(window.rule);
    const Count count = Sum(window, 0);
    const double more = std::max(1.0, Forecast(window, rate, now, plan_end));
    const double held = kHeldBack * std::sqrt(dispersion_ * cap * more);
    const double share =
        (kMargin * cap * (count.answers + more) - held - count.drops) / more;
    const double ratio = std::min(2.0, std::max(0.0, share / cap));
    pace.ratio = std::min(pace.ratio, ratio);
    pace.share = std::min(pace.share, ratio * cap);
  }
  return pace;
}

double DropLedger::Room(double rate, double kept, int64_t now,
                        int64_t plan_end) const {
  double room = 1e9;
  for (const Window& window : windows_) {
    const Count count = Sum(window, 0);
    const double more = kept * Forecast(window, rate, now, plan_end);
    room =
        std::min(room, Cap(window.rule) * (count.answers + more) - count.drops);
  }
  return room;
}

double DropLedger::StrictRoom(int64_t now, int64_t until) const {
  double room = 1e9;
  for (const Window& window : windows_) {
    std::size_t skip = 0;
    if (!window.bins.empty()) {
      const int64_t width = absl::ToInt64Microseconds(window.rule.length) /
                            static_cast<int64_t>(kBins - 1);
      skip = static_cast<std::size_t>((until - now) / width + 1);
    } else if (until >= window.end) {
      return 0;
    }
    const Count count = Sum(window, skip);
    const double cap =
        std::floor(count.answers * window.rule.cap_permille / 1000);
    // Fifty charges of 0.02 are one drop, whatever their sum says.
    room = std::min(room, std::floor(cap - count.drops + 1e-9));
  }
  return room;
}

double DropLedger::Permitted(double rate, int64_t now, int64_t plan_end) const {
  double least = 1e9;
  for (const Window& window : windows_) {
    const double answers =
        Sum(window, 0).answers + Forecast(window, rate, now, plan_end);
    least = std::min(least, Cap(window.rule) * answers);
  }
  return least;
}

}  // namespace callrouter
