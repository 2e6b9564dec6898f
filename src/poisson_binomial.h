// How many of many independent yes/no events happen: eight such sums, one a
// lane, side by side.
//
// CountLaws is exact, by convolution; its cost is the number of events times
// the width of the law. NormalLaws is for many events: the normal law with
// corrections for steps and shape, at a cost that does not grow.

#ifndef CALLROUTER_SRC_POISSON_BINOMIAL_H_
#define CALLROUTER_SRC_POISSON_BINOMIAL_H_

#include <array>
#include <cstddef>
#include <vector>

namespace callrouter {

inline constexpr std::size_t kLanes = 8;
using Lanes = std::array<double, kLanes>;

class CountLaws {
 public:
  // Sums up to this are told apart.
  static constexpr int kMost = 400;

  CountLaws();
  // What it takes besides itself, in bytes.
  static constexpr std::size_t Memory() { return (kMost + 2) * sizeof(Lanes); }
  // No event yet but those of a Poisson law with `mean` in each lane, up to
  // 200: without, the sum is 0. Sums of `top` and more, at least 1, are not
  // told apart.
  void Reset(int top, const Lanes& mean = {});
  // `count` more events, each with chance p[i] in lane i, 0 <= p <= 1.
  void Add(const Lanes& p, int count);
  // As `other`, at the cost of what it holds.
  void CopyFrom(const CountLaws& other);
  // P(sum >= k) in each lane, to 1e-10; k <= top.
  void AtLeast(int k, Lanes* chance) const;

 private:
  // Row n + 1 is the sum n, the row top_ that and more; there is mass in rows
  // begin_ to end_ - 1 only.
  std::vector<Lanes> mass_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t top_ = 0;
};

class NormalLaws {
 public:
  void Reset(const Lanes& mean = {});
  void Add(const Lanes& p, int count);
  // P(sum >= k), by Esscher's and Edgeworth's series to the second term.
  // Measured against CountLaws: within 0.002 from variance 4, 0.0001 from 25
  // (poisson_binomial_test.cc). Without variance the sum is its mean.
  void AtLeast(int k, Lanes* chance) const;
  // Over the lanes.
  double Mean() const;
  double Variance() const;
  // The least variance of the lanes.
  double LeastVariance() const;

 private:
  Lanes mean_ = {};
  Lanes variance_ = {};
  Lanes third_ = {};  // Cumulants.
  Lanes fourth_ = {};
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_POISSON_BINOMIAL_H_
