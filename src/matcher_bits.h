// Sets of small numbers, a bit each.

#ifndef CALLROUTER_SRC_MATCHER_BITS_H_
#define CALLROUTER_SRC_MATCHER_BITS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace callrouter {

// A growing set of small numbers, a word per 64.
class Bits {
 public:
  void Resize(std::size_t bits) {
    if (words_.size() * 64 < bits) words_.resize((bits + 63) / 64, 0);
  }
  void Set(uint32_t i) {
    Resize(std::size_t{i} + 1);
    words_[i / 64] |= uint64_t{1} << (i % 64);
  }
  void Clear(uint32_t i) {
    if (i / 64 < words_.size()) words_[i / 64] &= ~(uint64_t{1} << (i % 64));
  }
  bool Test(uint32_t i) const {
    return i / 64 < words_.size() && ((words_[i / 64] >> (i % 64)) & 1) != 0;
  }
  std::size_t Count() const {
    std::size_t count = 0;
    for (const uint64_t word : words_) {
      count += static_cast<std::size_t>(__builtin_popcountll(word));
    }
    return count;
  }
  void Assign(const Bits& other) { words_ = other.words_; }
  void Reset() { words_.assign(words_.size(), 0); }
  std::size_t words() const { return words_.size(); }
  uint64_t word(std::size_t i) const { return words_[i]; }
  std::size_t bytes() const { return words_.capacity() * 8; }

 private:
  std::vector<uint64_t> words_;
};

// Calls f(bit) for every bit in both sets.
template <typename F>
void ForEachCommon(const Bits& x, const Bits& y, F f) {
  const std::size_t n = x.words() < y.words() ? x.words() : y.words();
  for (std::size_t w = 0; w < n; ++w) {
    uint64_t bits = x.word(w) & y.word(w);
    while (bits != 0) {
      f(static_cast<uint32_t>(w * 64) +
        static_cast<uint32_t>(__builtin_ctzll(bits)));
      bits &= bits - 1;
    }
  }
}

inline bool AnyCommon(const Bits& x, const Bits& y) {
  const std::size_t n = x.words() < y.words() ? x.words() : y.words();
  for (std::size_t w = 0; w < n; ++w) {
    if ((x.word(w) & y.word(w)) != 0) return true;
  }
  return false;
}

}  // namespace callrouter

#endif  // CALLROUTER_SRC_MATCHER_BITS_H_
