#include "poisson_binomial.h"

#include <algorithm>
#include <cmath>

#include "exact_math.h"

namespace callrouter {
namespace {

// Rows without more mass than this in any lane are cut off. At most kMost
// times on each side: below 1e-10 in all.
constexpr double kNothing = 1e-13;

bool Nothing(const Lanes& row) {
  double most = 0;
  for (const double mass : row) most = std::max(most, mass);
  return most < kNothing;
}

}  // namespace

// One row before the first is read.
CountLaws::CountLaws() : mass_(kMost + 2) { Reset(); }

void CountLaws::Reset(const Lanes& mean) {
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
}

void CountLaws::CopyFrom(const CountLaws& other) {
  begin_ = other.begin_;
  end_ = other.end_;
  std::copy(other.mass_.begin() + static_cast<std::ptrdiff_t>(begin_),
            other.mass_.begin() + static_cast<std::ptrdiff_t>(end_),
            mass_.begin() + static_cast<std::ptrdiff_t>(begin_));
}

void CountLaws::AddOne(const Lanes& chance) {
  if (end_ >= mass_.size()) return;  // More than kMost: our own mistake.
  mass_[begin_ - 1].fill(0);
  // Copies that nothing else may refer to: the compiler can then work on
  // several lanes at once.
  const Lanes p = chance;
  Lanes here = {};
  for (std::size_t row = end_; row >= begin_; --row) {
    const Lanes below = mass_[row - 1];
    for (std::size_t i = 0; i < kLanes; ++i) {
      here[i] += p[i] * (below[i] - here[i]);
    }
    mass_[row] = here;
    here = below;
  }
  ++end_;
  while (end_ - begin_ > 1 && Nothing(mass_[end_ - 1])) --end_;
  while (end_ - begin_ > 1 && Nothing(mass_[begin_])) ++begin_;
}

void CountLaws::Add(const Lanes& p, int count) {
  for (; count > 0; --count) AddOne(p);
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
    const double density = NormalDensity(x);
    const double tail =
        NormalTail(x, density) +
        density * (skewness * (x2 - 1) / 6 + excess * x * (x2 - 3) / 24 +
                   skewness * skewness * x * (x2 * (x2 - 10) + 15) / 72 -
                   x / (24 * variance));
    (*chance)[i] = std::min(1.0, std::max(0.0, tail));
  }
}

double NormalLaws::LeastVariance() const {
  return *std::min_element(variance_.begin(), variance_.end());
}

}  // namespace callrouter
