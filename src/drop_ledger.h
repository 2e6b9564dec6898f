// The account of answers and drops over several windows at once: how many
// drops are left, and how fast they may be spent.

#ifndef CALLROUTER_SRC_DROP_LEDGER_H_
#define CALLROUTER_SRC_DROP_LEDGER_H_

#include <array>
#include <cstdint>
#include <vector>

#include "callrouter/pacing_rules.h"

namespace callrouter {

// Times are whole microseconds.
class DropLedger {
 public:
  DropLedger(const std::vector<DropWindow>& windows, int64_t origin);

  // What the windows take, in bytes.
  static std::size_t Memory(std::size_t windows) {
    // A list that grows may be twice as long.
    return windows * (2 * sizeof(Window) + kBins * sizeof(Count));
  }

  // Ends the windows that are over. `offset` makes `now` civil time.
  void Advance(int64_t now, int64_t offset);
  void Answered();
  void Dropped();
  // Drops and answers that nobody saw, such as a share of the calls judged a
  // machine.
  void Charge(double both);
  // Takes back an answer of time `answered` and `drops` of time `dropped`,
  // where a window still counts them.
  void Withdraw(int64_t answered, double drops, int64_t dropped);

  // What the coming answers may be spent on, were all windows to end at their
  // cap: the least over the windows of (margin cap (A + more) - held back -
  // drops) / more, in shares of the window's cap within [0, 2]; and that share
  // times the cap.
  // `rate`: answers a second; `plan_end`: when dialling ends at the latest.
  struct Pace {
    double ratio = 2;
    double share = 1;
  };
  Pace PaceFor(double rate, int64_t now, int64_t plan_end) const;
  // Drops that are left if `kept` of the answers forecast come without any
  // more: the least over the windows; below 0 if there is no way back.
  double Room(double rate, double kept, int64_t now, int64_t plan_end) const;
  // Drops left of floor(cap x answers so far), where only the answers count
  // that will still do so at `until`, when the last line of now has ended. 0
  // or less if a window ends before and a line would drop in the next one.
  double StrictRoom(int64_t now, int64_t until) const;
  // Drops that the window permitting fewest may have, by forecast.
  double Permitted(double rate, int64_t now, int64_t plan_end) const;
  // How much drops cluster: variance over mean of their number in a block of
  // answers; at least 1.
  double dispersion() const { return dispersion_; }

  struct Count {
    double answers = 0;
    double drops = 0;
  };
  std::size_t size() const { return windows_.size(); }
  Count count(std::size_t window) const;
  int64_t end(std::size_t window) const { return windows_[window].end; }

  template <typename F>
  void Transfer(F& each);

 private:
  static constexpr std::size_t kBins = 97;  // One more than a window has.
  struct Window {
    DropWindow rule;
    int64_t index = INT64_MIN;  // Of the window, or of the newest bin.
    int64_t end = INT64_MAX;
    int64_t since = INT64_MIN;  // When `now` began to count.
    Count now;
    std::vector<Count> bins;  // Rolling ones only.
  };
  void Roll(Window* window, int64_t now, int64_t offset);
  void Add(double answers, double drops);
  static void Subtract(Window* window, int64_t time, Count count);
  Count Sum(const Window& window, std::size_t answers_skip) const;
  double Forecast(const Window& window, double rate, int64_t now,
                  int64_t plan_end) const;

  int64_t origin_;
  std::vector<Window> windows_;
  // Of the current block.
  double block_answers_ = 0;
  double block_drops_ = 0;
  double mean_ = 0;
  double dispersion_ = 1.5;
};

template <typename F>
void DropLedger::Transfer(F& each) {
  each(origin_);
  for (Window& w : windows_) {
    each(w.index), each(w.end), each(w.since);
    each(w.now.answers), each(w.now.drops);
    for (Count& bin : w.bins) each(bin.answers), each(bin.drops);
  }
  each(block_answers_), each(block_drops_), each(mean_), each(dispersion_);
}

}  // namespace callrouter

#endif  // CALLROUTER_SRC_DROP_LEDGER_H_
