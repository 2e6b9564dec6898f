#include "callrouter/dial_bound.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

namespace callrouter {
namespace {

constexpr double kGainError = 2e-6;

// max U - price * a over all policies, where U is the share of time in
// conversations and a the drops for each agent in one service time.
class PricedDialing {
 public:
  PricedDialing(const DialBoundModel& m, const Progress& progress)
      : progress_(progress),
        agents_(m.agents),
        waiting_most_(m.patience > absl::ZeroDuration() ? 8 : 0),
        answered_(m.answered),
        service_rate_(1 / absl::ToDoubleSeconds(m.service)),
        ring_rate_(1 / absl::ToDoubleSeconds(m.ring)),
        leave_rate_(waiting_most_ > 0 ? 1 / absl::ToDoubleSeconds(m.patience)
                                      : 0),
        // Agents who are free at once, in the worst case worth planning for.
        lines_most_(static_cast<int>(std::ceil(
            (0.1 * m.agents + 2 * std::sqrt(m.agents) + 6) / m.answered))),
        rows_(agents_ + waiting_most_ + 1),
        columns_(lines_most_ + 1),
        value_(static_cast<std::size_t>(rows_ * columns_)),
        next_(value_.size()) {}

  double Value(double price) {
    const auto known = known_.find(price);
    if (known != known_.end()) return known->second;
    double low = 0, high = 1e9;
    for (int sweep = 0; sweep < 1'000'000 && high - low > kGainError; ++sweep) {
      if (progress_ && !stopped_) stopped_ = !progress_(done_);
      if (stopped_) return 0;
      Sweep(price);
      if (sweep % 32 == 31) Bounds(&low, &high);
      value_.swap(next_);
    }
    return known_[price] = (low + high) / 2;
  }
  void SetDone(double done) { done_ = done; }
  bool stopped() const { return stopped_; }

 private:
  double* Row(std::vector<double>* values, int x) const {
    return values->data() + static_cast<std::ptrdiff_t>(x) * columns_;
  }

  // One step of the chain made uniform, then the best number of lines.
  void Sweep(double price) {
    const double total = agents_ * service_rate_ + lines_most_ * ring_rate_ +
                         waiting_most_ * leave_rate_;
    const double a_drop = price / (agents_ * service_rate_);
    for (int x = 0; x < rows_; ++x) {
      const double waiting = std::max(0, x - agents_);
      const double down =
          std::min(x, agents_) * service_rate_ + waiting * leave_rate_;
      const double reward =
          static_cast<double>(std::min(x, agents_)) / agents_ -
          a_drop * waiting * leave_rate_;
      const double* const here = Row(&value_, x);
      const double* const below = Row(&value_, std::max(0, x - 1));
      const bool full = x + 1 == rows_;
      const double* const above = Row(&value_, full ? x : x + 1);
      const double lost = full ? a_drop : 0;
      double* const next = Row(&next_, x);
      next[0] = here[0] + (reward + down * (below[0] - here[0])) / total;
      for (int r = 1; r < columns_; ++r) {
        const double person = above[r - 1] - here[r] - lost;
        const double other = here[r - 1] - here[r];
        next[r] =
            here[r] +
            (reward + down * (below[r] - here[r]) +
             r * ring_rate_ * (answered_ * person + (1 - answered_) * other)) /
                total;
      }
      for (int r = columns_ - 1; r-- > 0;) {
        next[r] = std::max(next[r], next[r + 1]);
      }
    }
    total_ = total;
  }

  // The gain lies between the least and the greatest growth of a state
  // (Odoni 1969).
  void Bounds(double* low, double* high) {
    double least = 1e300, most = -1e300;
    for (std::size_t i = 0; i < value_.size(); ++i) {
      least = std::min(least, next_[i] - value_[i]);
      most = std::max(most, next_[i] - value_[i]);
    }
    *low = least * total_;
    *high = most * total_;
    const double from = next_[0];
    for (double& value : next_) value -= from;
  }

  const Progress& progress_;
  double done_ = 0;
  bool stopped_ = false;
  int agents_, waiting_most_;
  double answered_, service_rate_, ring_rate_, leave_rate_;
  int lines_most_, rows_, columns_;
  double total_ = 1;
  std::vector<double> value_, next_;
  std::map<double, double> known_;
};

// The dual of "drops at most `share` of the answers": with k = share /
// (1 - share), the least over 0 < price < 1 / k of Value(price) / (1 - k
// price). It has one valley; prices are searched on a fixed logarithmic grid,
// so that several shares use the same values.
double LeastDual(PricedDialing* priced, double share) {
  const double k = share / (1 - share);
  const auto price = [](int step) { return 0.25 * std::pow(1.05, step); };
  int end = 0;
  while (price(end) * k < 0.98) ++end;
  const auto dual = [&](int step) {
    return priced->Value(price(step)) / (1 - k * price(step));
  };
  int low = 0, high = end - 1;
  while (high - low > 2) {
    // Fibonacci's points would save a few values; neighbours share more.
    const int middle = low + (high - low) / 2;
    if (dual(middle) <= dual(middle + 1)) {
      high = middle + 1;
    } else {
      low = middle;
    }
  }
  double least = 1;
  for (int step = low; step <= high; ++step) {
    least = std::min(least, dual(step));
  }
  return least;
}

}  // namespace

absl::StatusOr<std::vector<double>> DialBounds(
    const DialBoundModel& model, const std::vector<double>& drop_shares,
    const Progress& progress) {
  const auto range = [](double x, double low, double high) {
    return x >= low && x <= high;
  };
  std::string text;
  if (!range(model.agents, 1, 200)) text += "; agents: expected 1 to 200";
  if (!range(model.answered, 0.02, 1)) text += "; answered: expected 0.02 to 1";
  if (!range(absl::ToDoubleSeconds(model.service), 1, 3600)) {
    text += "; service: expected 1 s to 1 h";
  }
  if (!range(absl::ToDoubleSeconds(model.ring), 1, 300)) {
    text += "; ring: expected 1 s to 5 min";
  }
  if (!range(absl::ToDoubleSeconds(model.patience), 0, 60)) {
    text += "; patience: expected 0 to 60 s";
  }
  for (const double share : drop_shares) {
    if (share > 0 && share <= 0.5) continue;
    text += "; drop share: expected above 0 and at most 0.5";
    break;
  }
  if (!text.empty()) return absl::InvalidArgumentError(text.substr(2));
  PricedDialing priced(model, progress);
  std::vector<double> bounds;
  bounds.reserve(drop_shares.size());
  for (const double share : drop_shares) {
    priced.SetDone(static_cast<double>(bounds.size()) /
                   static_cast<double>(drop_shares.size()));
    bounds.push_back(LeastDual(&priced, share));
    if (priced.stopped()) return absl::CancelledError("stopped");
  }
  return bounds;
}

absl::StatusOr<double> DialBound(const DialBoundModel& model,
                                 double drop_share) {
  const auto bounds = DialBounds(model, {drop_share});
  if (!bounds.ok()) return bounds.status();
  return bounds->front();
}

double ProgressiveShare(const DialBoundModel& model) {
  // A free agent waits for as many calls as it takes, one after the other.
  const double service = absl::ToDoubleSeconds(model.service);
  const double wait = absl::ToDoubleSeconds(model.ring) / model.answered;
  return service / (service + wait);
}

}  // namespace callrouter
