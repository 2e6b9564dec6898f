#include "poisson_binomial.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "exact_math.h"

namespace callrouter {
namespace {

// Rows with less mass than this in all lanes are cut off. At most kMost times
// on each side: below 1e-10 in all.
constexpr double kNothing = 1e-13;

// Two lanes at once: no compiler we know finds that out by itself here.
using Pair
    __attribute__((vector_size(16), aligned(alignof(double)), may_alias)) =
        double;
constexpr std::size_t kPairs = kLanes / 2;

Pair* Pairs(Lanes* row) { return reinterpret_cast<Pair*>(row->data()); }
const Pair* Pairs(const Lanes* row) {
  return reinterpret_cast<const Pair*>(row->data());
}

bool Nothing(const Lanes& row) {
  const Pair* const mass = Pairs(&row);
  Pair sum = mass[0];
  for (std::size_t i = 1; i < kPairs; ++i) sum += mass[i];
  return sum[0] + sum[1] < kNothing;
}

}  // namespace

// One row before the first is read.
CountLaws::CountLaws() : mass_(kMost + 2) { Reset(kMost); }

void CountLaws::Reset(int top, const Lanes& mean) {
  top_ = static_cast<std::size_t>(
             std::min(std::max(top, 1), static_cast<int>(mass_.size()) - 2)) +
         1;
  mass_[0].fill(0);
  begin_ = 1;
  end_ = 2;
  const double most = *std::max_element(mean.begin(), mean.end());
  if (most <= 0) {
    mass_[1].fill(1);
    return;
  }
  for (std::size_t i = 0; i < kLanes; ++i) mass_[1][i] = Exponential(-mean[i]);
  // Masses grow up to the mean, and then fall.
  while (end_ < mass_.size() &&
         (static_cast<double>(end_) <= most + 2 || !Nothing(mass_[end_ - 1]))) {
    const double n = static_cast<double>(end_ - 1);
    for (std::size_t i = 0; i < kLanes; ++i) {
      mass_[end_][i] = mass_[end_ - 1][i] * mean[i] / n;
    }
    ++end_;
  }
  while (end_ - begin_ > 1 && Nothing(mass_[begin_])) ++begin_;
  for (; end_ > top_ + 1; --end_) {
    for (std::size_t i = 0; i < kLanes; ++i) {
      mass_[end_ - 2][i] += mass_[end_ - 1][i];
    }
  }
  begin_ = std::min(begin_, top_);
}

void CountLaws::CopyFrom(const CountLaws& other) {
  top_ = other.top_;
  begin_ = other.begin_;
  end_ = other.end_;
  std::copy(other.mass_.begin() + static_cast<std::ptrdiff_t>(begin_),
            other.mass_.begin() + static_cast<std::ptrdiff_t>(end_),
            mass_.begin() + static_cast<std::ptrdiff_t>(begin_));
}

// One more event: every row passes on its share to the next; the top keeps all.
void CountLaws::Add(const Lanes& chance, int count) {
  Pair p[kPairs];
  for (std::size_t i = 0; i < kPairs; ++i) p[i] = Pairs(&chance)[i];
  Lanes* const mass = mass_.data();
  for (; count > 0; --count) {
    mass[begin_ - 1].fill(0);
    if (end_ <= top_) mass[end_++].fill(0);
    std::size_t row = end_ - 1;
    if (row == top_) {
      Pair* const here = Pairs(&mass[row]);
      const Pair* const below = Pairs(&mass[row - 1]);
      for (std::size_t i = 0; i < kPairs; ++i) here[i] += p[i] * below[i];
      --row;
    }
    for (; row >= begin_; --row) {
      Pair* const here = Pairs(&mass[row]);
      const Pair* const below = Pairs(&mass[row - 1]);
      for (std::size_t i = 0; i < kPairs; ++i) {
        here[i] += p[i] * (below[i] - here[i]);
      }
    }
    while (end_ - begin_ > 1 && Nothing(mass[end_ - 1])) --end_;
    while (end_ - begin_ > 1 && Nothing(mass[begin_])) ++begin_;
  }
}

void CountLaws::AtLeast(int k, Lanes* chance) const {
  if (k <= static_cast<int>(begin_) - 1) {
    chance->fill(1);
    return;
  }
  chance->fill(0);
  // From the small masses to the large ones.
  for (std::size_t row = end_; row-- > static_cast<std::size_t>(k) + 1;) {
    for (std::size_t i = 0; i < kLanes; ++i) (*chance)[i] += mass_[row][i];
  }
}

void NormalLaws::Reset(const Lanes& mean) {
  // All cumulants of a Poisson law are its mean.
  mean_ = variance_ = third_ = fourth_ = mean;
}

void NormalLaws::Add(const Lanes& p, int count) {
  for (std::size_t i = 0; i < kLanes; ++i) {
    const double variance = count * p[i] * (1 - p[i]);
    mean_[i] += count * p[i];
    variance_[i] += variance;
    third_[i] += variance * (1 - 2 * p[i]);
    fourth_[i] += variance * (1 - 6 * p[i] * (1 - p[i]));
  }
}

void NormalLaws::AtLeast(int k, Lanes* chance) const {
  for (std::size_t i = 0; i < kLanes; ++i) {
    const double above = k - 0.5 - mean_[i];
    if (variance_[i] < 1e-9) {
      (*chance)[i] = above <= 0 ? 1 : 0;
      continue;
    }
    const double variance = variance_[i];
    const double x = above / std::sqrt(variance);
    if (x > 8 || x < -8) {  // Below 1e-12.
      (*chance)[i] = x < 0 ? 1 : 0;
      continue;
    }
    const double skewness = third_[i] / (variance * std::sqrt(variance));
    const double excess = fourth_[i] / (variance * variance);
    const double x2 = x * x;
    // The last term is for the steps of a law on whole numbers.
    const NormalValue normal = NormalAt(x);
    const double tail =
        normal.tail +
        normal.density * (skewness * (x2 - 1) / 6 + excess * x * (x2 - 3) / 24 +
                          skewness * skewness * x * (x2 * (x2 - 10) + 15) / 72 -
                          x / (24 * variance));
    (*chance)[i] = std::min(1.0, std::max(0.0, tail));
  }
}

double NormalLaws::Mean() const {
  return std::accumulate(mean_.begin(), mean_.end(), 0.0) / kLanes;
}

double NormalLaws::Variance() const {
  return std::accumulate(variance_.begin(), variance_.end(), 0.0) / kLanes;
}

double NormalLaws::LeastVariance() const {
  return *std::min_element(variance_.begin(), variance_.end());
}

}  // namespace callrouter
