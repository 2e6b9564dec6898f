// callrouter/histogram.h
//
// Waits and other non-negative durations, kept in few buckets.
//
//   Histogram waits;
//   waits.Add(wait_us);
//   int64_t p95 = waits.ValueAt(0.95);    // in the unit of Add
//
// Buckets are exact below 64 and then 32 to each doubling, so every value read
// back is at most 1/32 (3.2 %) above the one recorded and never below it.
// Values above 2^47 - 1 (4.5 years in microseconds) count as that. Cost: Add
// O(1); reading O(buckets); 1,376 buckets, allocated at the first Add.
//
// Thread safety: compatible; a value.

#ifndef CALLROUTER_HISTOGRAM_H_
#define CALLROUTER_HISTOGRAM_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace callrouter {

class Histogram {
 public:
  static constexpr double kRelativeError = 1.0 / 32;
  static constexpr int64_t kValueMax = (int64_t{1} << 47) - 1;
  static constexpr std::size_t kBuckets = 64 + 42 * 32 - 32;

  // Allocates the buckets now, so that Add never does.
  void Reserve() { counts_.resize(kBuckets); }

  // Negative values count as 0.
  void Add(int64_t value) {
    if (counts_.empty()) Reserve();
    ++counts_[BucketOf(value)];
    ++count_;
  }

  uint64_t count() const { return count_; }

  // The smallest bucket bound v such that at least `share` (clamped to 0 to 1)
  // of the values are <= v. 0 when empty.
  int64_t ValueAt(double share) const;

  // How many values are certainly <= `value` (counted by whole buckets).
  uint64_t CountAtMost(int64_t value) const;

  void Merge(const Histogram& other);
  void Clear();

  // Bucket counts, for saving; empty if nothing was ever added.
  const std::vector<uint64_t>& counts() const { return counts_; }
  // Takes over saved counts; false (and unchanged) if they are not such.
  bool Restore(std::vector<uint64_t> counts);

 private:
  static std::size_t BucketOf(int64_t value) {
    if (value < 64) return value < 0 ? 0 : static_cast<std::size_t>(value);
    if (value > kValueMax) value = kValueMax;
    const int shift = 58 - __builtin_clzll(static_cast<uint64_t>(value));
    return static_cast<std::size_t>(32 * shift) +
           static_cast<std::size_t>(value >> shift);
  }
  static int64_t UpperBound(std::size_t bucket);

  std::vector<uint64_t> counts_;
  uint64_t count_ = 0;
};

}  // namespace callrouter

#endif  // CALLROUTER_HISTOGRAM_H_
