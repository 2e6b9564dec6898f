// Other diallers' published rules, for comparison only; each as far as a world
// of one server and an endless list shows it. Wrap-up is part of a talk.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include "callrouter/random.h"
#include "sim_dial.h"

namespace callrouter::sim {
namespace {

constexpr int64_t kMinute = 60 * kDialSecond;

int Busy(const DialView& view) { return view.agents - view.idle; }

// `ratio` lines for each free agent.
class Ratio : public DialPolicy {
 public:
  explicit Ratio(double ratio) : ratio_(ratio) {}
  int Lines(const DialView& view) override {
    return static_cast<int>(ratio_ * view.idle) - view.ringing - view.waiting;
  }

 private:
  double ratio_;
};

// Acts at fixed intervals, whatever happens between.
class Polling : public DialPolicy {
 public:
  explicit Polling(int64_t every) : every_(every) {}
  int Lines(const DialView& view) final {
    if (view.now < next_) return 0;
    next_ = view.now + every_;
    return std::max(0, Poll(view));
  }
  int64_t wake() const final { return next_; }

 protected:
  virtual int Poll(const DialView& view) = 0;

 private:
  int64_t every_;
  int64_t next_ = 0;
};

// Lines for all agents, connected calls counted: level x agents. The level is
// multiplied by the idle share every 15 s; above the cap it falls at once,
// halves, or tapers with the hours left, by the pacer. Polled every 2.5 s, so
// that one in six polls adapts; counts of drops are renewed every minute.
class Vicidial : public Polling {
 public:
  Vicidial(DialPacer kind, double level, int cap_permille)
      : Polling(5 * kDialSecond / 2),
        kind_(kind),
        level_(level),
        cap_(cap_permille / 1000.0) {}
  void ShiftBegins(const DialView&) override { drops_ = answers_ = 0; }

 protected:
  int Poll(const DialView& view) override {
    samples_.push_back(view.idle - view.waiting);
    if (samples_.size() > 6) samples_.pop_front();
    ++polls_;
    if (polls_ % 24 == 0) Recount(view);
    if (kind_ != DialPacer::kVicidialRatio && polls_ % 6 == 0) Adapt(view);
    const int goal = static_cast<int>(std::lround(level_ * view.agents));
    return goal - view.ringing - view.waiting - Busy(view);
  }

 private:
  void Recount(const DialView& view) {
    drops_ = view.drops;
    answers_ = view.answers;
  }
  void Adapt(const DialView& view) {
    double difference = 0;
    for (const int sample : samples_) difference += sample;
    difference /= static_cast<double>(samples_.size());
    // Intensity 0: the change is the idle share itself, either way.
    level_ *= 1 + difference / view.agents;
    level_ = std::max(1.0, std::min(level_, 3.0));
    if (answers_ <= 50 ||
        static_cast<double>(drops_) <= cap_ * static_cast<double>(answers_)) {
      return;
    }
    if (kind_ == DialPacer::kVicidialHard) {
      level_ = 1;
    } else if (kind_ == DialPacer::kVicidialAverage) {
      level_ /= 2;
    } else {
      level_ *= std::min(1.0, HoursLeft(view) / 1000);
    }
    level_ = std::max(1.0, level_);
  }
  // Difference of two times of day read as decimal numbers, HHMM; a shift
  // begins at 08:00.
  static double HoursLeft(const DialView& view) {
    const auto read = [&](int64_t time) {
      const int64_t minutes = 8 * 60 + (time - view.shift_begin) / kMinute;
      const int64_t clock = minutes / 60 * 100 + minutes % 60;
      return static_cast<double>(clock);
    };
    return read(view.shift_end) - read(view.now);
  }

  DialPacer kind_;
  double level_;
  double cap_;
  std::deque<int> samples_;
  int polls_ = 0;
  int64_t drops_ = 0, answers_ = 0;
};

// The calls of the last half hour: how they ended.
class Recent {
 public:
  struct Call {
    int64_t at;
    bool person;
    int64_t talk;  // 0: not talked.
  };
  explicit Recent(int64_t span) : span_(span) {}
  void Add(int64_t now, bool person, int64_t talk) {
    calls_.push_back({now, person, talk});
    persons_ += person ? 1 : 0;
    Trim(now);
  }
  void Trim(int64_t now) {
    while (!calls_.empty() && calls_.front().at < now - span_) {
      persons_ -= calls_.front().person ? 1 : 0;
      calls_.pop_front();
    }
  }
  std::size_t size() const { return calls_.size(); }
  int persons() const { return persons_; }
  const Call& newest(std::size_t back) const {
    return calls_[calls_.size() - 1 - back];
  }

 private:
  int64_t span_;
  std::deque<Call> calls_;
  int persons_ = 0;
};

// Counts agents who are "about to finish" by the share of calls that would be
// over at their age, then divides by the share of successful calls.
class Issabel : public Polling {
 public:
  Issabel() : Polling(5 * kDialSecond), recent_(30 * kMinute) {}
  void Ended(const DialView& view, int, DialOutcome outcome,
             int64_t ring) override {
    const bool person = outcome == DialOutcome::kPerson;
    recent_.Add(view.now, person, 0);
    if (!person) return;
    rings_.push_back(static_cast<double>(ring) / 1e6);
    if (rings_.size() > 20) rings_.pop_front();
  }
  void Free(const DialView&, int, int64_t talked) override {
    ++talks_;
    mean_talk_ += (static_cast<double>(talked) / 1e6 - mean_talk_) / talks_;
  }

 protected:
  int Poll(const DialView& view) override {
    double ring = 8.0 * (20 - static_cast<double>(rings_.size()));
    for (const double r : rings_) ring += r;
    ring /= 20;
    int lines = view.idle - view.waiting;
    if (talks_ >= 10) {
      for (const int64_t since : view.busy_since) {
        if (since == kDialNever) continue;
        const double age = static_cast<double>(view.now - since) / 1e6 + ring;
        if (1 - std::exp(-age / mean_talk_) >= 0.97) ++lines;
      }
    }
    lines = std::max(0, lines) - view.ringing;
    recent_.Trim(view.now);
    if (lines > 0 && recent_.size() >= 10) {
      const double share =
          recent_.persons() / static_cast<double>(recent_.size());
      lines = static_cast<int>(std::lround(lines / std::max(0.2, share)));
    }
    return lines;
  }

 private:
  Recent recent_;
  std::deque<double> rings_;
  int talks_ = 0;
  double mean_talk_ = 0;
};

// Plays up to 100 of its last calls again, 240 s at six levels, and takes the
// busiest that dropped little enough.
class ImpactDialing : public DialPolicy {
 public:
  explicit ImpactDialing(int cap_permille)
      : cap_(cap_permille / 1000.0), recent_(30 * kMinute), random_(1) {}
  void Ended(const DialView& view, int, DialOutcome outcome, int64_t) override {
    if (outcome != DialOutcome::kPerson) recent_.Add(view.now, false, 0);
  }
  void Free(const DialView& view, int, int64_t talked) override {
    recent_.Add(view.now, true, talked);
  }
  void Dropped(const DialView& view, int) override {
    recent_.Add(view.now, true, 0);
  }
  int64_t wake() const override { return next_; }
  int Lines(const DialView& view) override {
    if (view.now >= next_) {
      next_ = view.now + 15 * kDialSecond;
      Choose(view);
    }
    const bool above = static_cast<double>(view.drops) >
                       cap_ * static_cast<double>(view.answers);
    const double level = above ? std::max(1.0, 0.75 * level_) : level_;
    return static_cast<int>(level * view.idle) - view.ringing - view.waiting;
  }

 private:
  void Choose(const DialView& view) {
    recent_.Trim(view.now);
    level_ = 1;
    if (view.agents < 5 || recent_.size() < 50 || recent_.persons() == 0) {
      return;
    }
    const double per_answer =
        static_cast<double>(recent_.size()) / recent_.persons();
    double best = -1;
    for (int k = 1; k <= 6; ++k) {
      const double level = std::max(1.0, per_answer * k / 6);
      double drops = 0;
      const double used = Replay(view, level, &drops);
      if (drops >= cap_ || used <= best) continue;
      best = used;
      level_ = level;
    }
  }
  double Replay(const DialView& view, double level, double* drop_rate) {
    const int most =
        static_cast<int>(std::min<std::size_t>(100, recent_.size()));
    std::vector<int> order;
    std::vector<int64_t> busy_until(static_cast<std::size_t>(view.agents), 0);
    struct Ringing {
      int64_t until;
      const Recent::Call* call;
    };
    std::vector<Ringing> ringing;
    int64_t used = 0, answers = 0, drops = 0;
    for (int64_t t = 0; t < 240; ++t) {
      for (std::size_t i = 0; i < ringing.size();) {
        if (ringing[i].until > t) {
          ++i;
          continue;
        }
        const Recent::Call& call = *ringing[i].call;
        ringing.erase(ringing.begin() + static_cast<std::ptrdiff_t>(i));
        if (!call.person) continue;
        ++answers;
        const auto agent =
            std::min_element(busy_until.begin(), busy_until.end());
        if (*agent > t) {
          ++drops;
        } else {
          *agent = t + call.talk / kDialSecond;
        }
      }
      int idle = 0;
      for (const int64_t until : busy_until) idle += until <= t ? 1 : 0;
      used += view.agents - idle;
      const int lines =
          static_cast<int>(level * idle) - static_cast<int>(ringing.size());
      for (int i = 0; i < lines; ++i) {
        if (order.empty()) {
          for (int c = 0; c < most; ++c) order.push_back(c);
        }
        const std::size_t pick = random_.Below(order.size());
        const Recent::Call& call =
            recent_.newest(static_cast<std::size_t>(order[pick]));
        order.erase(order.begin() + static_cast<std::ptrdiff_t>(pick));
        ringing.push_back({t + (call.person ? 10 : 15), &call});
      }
    }
    *drop_rate = answers > 0
                     ? static_cast<double>(drops) / static_cast<double>(answers)
                     : 0;
    return static_cast<double>(used) / 240 / view.agents;
  }

  double cap_;
  Recent recent_;
  Random random_;
  double level_ = 1;
  int64_t next_ = 0;
};

// Idle agents times (1 + adjustment x failed / answered), the adjustment moved
// towards a drop rate a little below the cap by a controller with proportional
// and integral part, and shut off at the cap.
class Proportional : public Polling {
 public:
  explicit Proportional(int cap_permille)
      : Polling(kDialSecond / 2),
        cap_(cap_permille / 1000.0),
        recent_(15 * kMinute) {}
  void Ended(const DialView& view, int, DialOutcome outcome, int64_t) override {
    recent_.Add(view.now, outcome == DialOutcome::kPerson, 0);
  }
  void ShiftBegins(const DialView&) override { sum_ = 0; }

 protected:
  int Poll(const DialView& view) override {
    recent_.Trim(view.now);
    double adjust = 0;
    if (recent_.persons() >= 10 && view.answers >= 10) {
      const double rate =
          static_cast<double>(view.drops) / static_cast<double>(view.answers);
      const double error = 100 * (cap_ * 0.28 / 0.3 - rate);
      sum_ = std::min(40.0, std::max(-40.0, sum_ + error / 30));
      adjust = std::max(0.0, 2.0 * error + 0.05 * sum_);
      adjust = rate >= cap_ ? 0 : std::min(adjust, 10.0);
    }
    const double failed =
        static_cast<double>(recent_.size()) - recent_.persons();
    const double each =
        1 + adjust * failed / std::max(1, recent_.persons()) / 2;
    return static_cast<int>(view.idle * each) - view.ringing - view.waiting;
  }

 private:
  double cap_;
  Recent recent_;
  double sum_ = 0;
};

}  // namespace

std::unique_ptr<DialPolicy> MakeBaseline(const DialWorld& world,
                                         DialPacer pacer) {
  switch (pacer) {
    case DialPacer::kPredictive:
    case DialPacer::kOwnRule:
      return nullptr;
    case DialPacer::kProgressive:
      return std::make_unique<Ratio>(1);
    case DialPacer::kStaticRatio:
      return std::make_unique<Ratio>(world.ratio);
    case DialPacer::kVicidialHard:
    case DialPacer::kVicidialAverage:
    case DialPacer::kVicidialTapered:
      return std::make_unique<Vicidial>(pacer, 1, world.cap_permille);
    case DialPacer::kVicidialRatio:
      return std::make_unique<Vicidial>(pacer, world.ratio, world.cap_permille);
    case DialPacer::kIssabel:
      return std::make_unique<Issabel>();
    case DialPacer::kImpactDialing:
      return std::make_unique<ImpactDialing>(world.cap_permille);
    case DialPacer::kProportional:
      return std::make_unique<Proportional>(world.cap_permille);
  }
  return nullptr;
}

}  // namespace callrouter::sim
