// What a pacer learns: who answers, when in the ringing, how long a call keeps
// an agent. All forget slowly; all are plain numbers that can be saved.

#ifndef CALLROUTER_SRC_DIAL_ESTIMATORS_H_
#define CALLROUTER_SRC_DIAL_ESTIMATORS_H_

#include <array>
#include <cstdint>
#include <vector>

#include "poisson_binomial.h"

namespace callrouter {

// Moments ahead, as laws kept by seconds look them up.
struct Moments {
  // `shift` seconds are added to each.
  explicit Moments(const Lanes& ahead, double shift = 0);
  std::array<int, kLanes> second;
  Lanes part;    // Of the next second.
  int last = 0;  // Of all seconds.
};

// When lines come to an end, in whole seconds since they were started: the
// laws of two competing risks, "a person answers" and "anything else", by the
// estimator of Aalen and Johansen (Scandinavian Journal of Statistics 1978),
// in which lines still ringing count as far as they have come.
class RingLaw {
 public:
  static constexpr int kSeconds = 64;
  using BySecond = std::array<double, kSeconds>;

  RingLaw();
  // A line came to its end in second `age` of its life.
  void Ended(int age, bool person);
  // Makes the laws new. `ringing[a]`: lines of age a now.
  void Rebuild(const std::array<int32_t, kSeconds>& ringing);

  // P(answered by `seconds` | answered at all), linear within a second.
  double PersonBy(double seconds) const;
  // P(answered after `age` seconds and by each moment from then | answered).
  Lanes PersonFrom(int age, const Moments& ahead) const;
  // The same for anything else.
  double OtherBy(double seconds) const;
  // Time by which the given share of the answers has come.
  double PersonQuantile(double share) const;
  double persons() const { return persons_; }

  // Ring time that makes the most answers of a line's time, at least `floor`
  // and at most `most` seconds (Hoeflin and Levy 1986: a line rings on while
  // its chance to be answered in the next second is above the rate already
  // had). `answered`: P(a person answers); `overhead`: seconds lost a call.
  double BestTimeout(double answered, double overhead, double floor,
                     double most) const;

  template <typename F>
  void Transfer(F& each) {
    for (double& x : person_) each(x);
    for (double& x : other_) each(x);
    for (double& x : person_by_) each(x);
    for (double& x : other_by_) each(x);
    each(persons_);
  }

 private:
  BySecond person_;  // Weights of ends, by age.
  BySecond other_;
  std::array<double, kSeconds + 1> person_by_;  // Distribution functions.
  std::array<double, kSeconds + 1> other_by_;
  double persons_ = 0;  // Weight of answers seen, without the prior.
};

// How long an agent is busy: hazards by age in growing steps, each drawn to
// the hazard over all ages while there is little evidence.
class ServiceLaw {
 public:
  static constexpr int kSteps = 24;
  static constexpr int kSeconds = 1024;

  explicit ServiceLaw(double mean_seconds);
  // An agent was busy for so long and is free now.
  void Ended(double seconds);
  void Rebuild();
  // P(free within `ahead` seconds | busy for `age` seconds).
  double FreeWithin(int age, double ahead) const;
  // Of each moment, shifted by half a second (the age is between two seconds),
  // P(still busy then | busy for `age` seconds).
  Lanes Busy(int age, const Lanes& ahead, const Moments& shifted) const;
  double mean() const;

  template <typename F>
  void Transfer(F& each) {
    for (double& x : ends_) each(x);
    for (double& x : exposure_) each(x);
    for (double& x : survival_) each(x);
  }

 private:
  double Survival(double seconds) const;
  std::array<double, kSteps> ends_ = {};
  std::array<double, kSteps> exposure_ = {};
  std::array<double, kSeconds + 1> survival_ = {};
};

// What is known of a call before it is dialled; see pacing_rules.h.
struct LineKind {
  std::array<uint16_t, 6> parts = {};
};

// The chance that a person answers, by kind of call: the campaign's own, times
// what its segment makes of it, times what its hour makes of that, and so on.
// A narrower kind is a ratio of answers to what the wider one expected, so
// that a change of the campaign's rate is a change of all at once.
class AnswerRates {
 public:
  static constexpr int kLevels = 6;

  AnswerRates(int32_t campaigns, int32_t cells_max, int32_t half_life);
  // What such a call made of the chance of its campaign's, now.
  double Ratio(const LineKind& kind) const;
  // The campaign's chance, above the truth while little is known: 1 with no
  // evidence at all.
  double Base(uint32_t campaign) const;
  // Relative standard error of Base.
  double Doubt(uint32_t campaign) const;
  // The outcome of a call.
  void Learn(const LineKind& kind, bool person);
  // Times the last calls spoke clearly against what was known.
  uint32_t alarms(uint32_t campaign) const;

  template <typename F>
  void Transfer(F& each) {
    for (Campaign& c : campaigns_) {
      each(c.calls), each(c.persons), each(c.rise), each(c.fall);
      each(c.alarms), each(c.children);
    }
  }
  // each(cells, how many are in use).
  template <typename F>
  void TransferCells(F each) {
    each(cells_, used_);
  }
  // What it takes, in bytes.
  static std::size_t Memory(std::size_t campaigns, int32_t cells_max) {
    return campaigns * sizeof(Campaign) + Places(cells_max) * sizeof(Cell);
  }
  // More cells in use than may be, as only a damaged state has.
  bool full() const { return used_ > cells_max_; }

  struct Cell {
    uint64_t key = 0;  // 0: free.
    double persons = 0;
    double expected = 0;
    uint32_t children = 0;
  };

 private:
  struct Campaign {
    double calls = 0;
    double persons = 0;
    double rise = 0;  // Cumulative sums of log likelihood ratios.
    double fall = 0;
    uint32_t alarms = 0;
    uint32_t children = 0;
  };
  static std::size_t Places(int32_t cells_max);
  static double RatioOf(const Cell& cell);
  static uint64_t Key(const LineKind& kind, int level);
  const Cell* Find(uint64_t key) const;
  Cell* FindOrAdd(uint64_t key, bool* added);
  void Watch(Campaign* campaign, double expected, bool person);

  std::vector<Campaign> campaigns_;
  std::vector<Cell> cells_;  // Open addressing; a power of two.
  std::size_t used_ = 0;
  std::size_t cells_max_;
  double keep_;  // What a call's weight is after the next one.
  double cell_keep_;
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_DIAL_ESTIMATORS_H_
