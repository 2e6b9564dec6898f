#include "callrouter/histogram.h"

#include <utility>

namespace callrouter {

int64_t Histogram::UpperBound(std::size_t bucket) {
  if (bucket < 64) return static_cast<int64_t>(bucket);
  const std::size_t shift = bucket / 32 - 1;
  const int64_t mantissa = static_cast<int64_t>(bucket - 32 * shift);
  return ((mantissa + 1) << shift) - 1;
}

int64_t Histogram::ValueAt(double share) const {
  if (count_ == 0) return 0;
  if (share > 1) share = 1;
  const double wanted = share > 0 ? share * static_cast<double>(count_) : 0;
  uint64_t seen = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    seen += counts_[i];
    if (seen > 0 && static_cast<double>(seen) >= wanted) {
      return UpperBound(i);
    }
  }
  return kValueMax;
}

uint64_t Histogram::CountAtMost(int64_t value) const {
  uint64_t seen = 0;
  for (std::size_t i = 0; i < counts_.size() && UpperBound(i) <= value; ++i) {
    seen += counts_[i];
  }
  return seen;
}

void Histogram::Merge(const Histogram& other) {
  if (other.counts_.empty()) return;
  if (counts_.empty()) Reserve();
  for (std::size_t i = 0; i < kBuckets; ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
}

void Histogram::Clear() {
  counts_.assign(counts_.size(), 0);
  count_ = 0;
}

bool Histogram::Restore(std::vector<uint64_t> counts) {
  if (!counts.empty() && counts.size() != kBuckets) return false;
  counts_ = std::move(counts);
  count_ = 0;
  for (const uint64_t c : counts_) count_ += c;
  return true;
}

}  // namespace callrouter
