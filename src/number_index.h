// The smallest of many values, by cell and over ranges of cells.
//
// Items lie side by side in cells of any size. Each cell is a tree with 16
// children a node, its nodes in one array for all cells: to change or find an
// item costs one node a level, five levels at a million items, and half a byte
// an item besides the value. A value with the top bit set is not found.

#ifndef CALLROUTER_SRC_NUMBER_INDEX_H_
#define CALLROUTER_SRC_NUMBER_INDEX_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace callrouter {

inline constexpr uint64_t kHidden = uint64_t{1} << 63;
inline constexpr uint64_t kNoKey = ~uint64_t{0};

// Where the items and nodes of each cell are. Shared by all indexes over the
// same items.
struct CellShape {
  std::vector<uint32_t> begin = {0};       // Items; one more than cells.
  std::vector<uint32_t> node_begin = {0};  // Nodes; one more than cells.

  void Assign(const std::vector<uint32_t>& sizes);
  uint32_t cells() const { return static_cast<uint32_t>(begin.size() - 1); }
  uint32_t items() const { return begin.back(); }
  uint32_t nodes() const { return node_begin.back(); }
  uint32_t size(uint32_t cell) const { return begin[cell + 1] - begin[cell]; }
};

// The levels of one cell's tree: level 0 are the items.
struct CellLevels {
  uint32_t size[9];
  uint32_t node[9];  // First node of the level; of no use for level 0.
  int top = 0;

  CellLevels(const CellShape& shape, uint32_t cell) {
    size[0] = shape.size(cell);
    uint32_t at = shape.node_begin[cell];
    do {
      ++top;
      size[top] = (size[top - 1] + 15) / 16;
      node[top] = at;
      at += size[top];
    } while (size[top] > 1);
  }
};

class MinIndex {
 public:
  // What a search has found. `item` counts from the start of the cell.
  struct Best {
    uint64_t key = kNoKey;
    uint32_t item = 0xffffffffu;

    bool found() const { return key < kHidden; }
  };

  // All items hidden. Keeps a pointer to `shape`.
  void Reset(const CellShape* shape);

  bool empty() const { return shape_ == nullptr; }
  uint64_t operator[](uint32_t position) const { return keys_[position]; }
  uint64_t Root(uint32_t cell) const {
    return nodes_[shape_->node_begin[cell + 1] - 1];
  }
  // Returns whether the cell's smallest changed.
  bool Set(uint32_t cell, uint32_t position, uint64_t key);
  void Prefetch(uint32_t position) const {
    __builtin_prefetch(&keys_[position]);
  }

  // The first of the smallest values of `cell`; hidden if there is none.
  Best First(uint32_t cell) const;

  // The first of the smallest values among items [lo, hi) of `cell` that
  // `judge` lets pass, if it is less than best->key (or the same and earlier).
  // judge.Prune(level, node): whether nothing under a node can pass (`node`
  // counts from the start of the index). judge(item, key): the item's real
  // key, at least `key`; kNoKey if it may not be taken.
  template <class Judge>
  void Search(uint32_t cell, uint32_t lo, uint32_t hi, Judge& judge,
              Best* best) const {
    if (lo >= hi) return;
    const CellLevels levels(*shape_, cell);
    if (Root(cell) >= kHidden) return;
    if (judge.Prune(levels.node[levels.top])) return;
    Walk<Judge> walk = {*this, levels, shape_->begin[cell], lo, hi,
                        judge, best};
    walk.Into(levels.top, 0);
  }

  // The smallest value among items [lo, hi) of `cell`; hidden if there is none.
  Best Smallest(uint32_t cell, uint32_t lo, uint32_t hi) const {
    struct Everyone {
      static bool Prune(uint32_t) { return false; }
      uint64_t operator()(uint32_t, uint64_t key) const { return key; }
    } everyone;
    Best best;
    Search(cell, lo, hi, everyone, &best);
    return best;
  }

  std::size_t bytes() const {
    return (keys_.capacity() + nodes_.capacity()) * sizeof(uint64_t);
  }

 private:
  template <class Judge>
  struct Walk {
    const MinIndex& index;
    const CellLevels& levels;
    uint32_t begin;
    uint32_t lo;
    uint32_t hi;
    Judge& judge;
    Best* best;

    // Smallest children first, so that the rest can mostly be cut.
    void Into(int level, uint32_t node) {
      const uint32_t first = node * 16;
      const uint32_t count = std::min(16u, levels.size[level - 1] - first);
      const uint64_t* const keys =
          level == 1 ? &index.keys_[begin + first]
                     : &index.nodes_[levels.node[level - 1] + first];
      const int shift = 4 * (level - 1);
      // Children that touch [lo, hi).
      const uint32_t from = (lo >> shift) > first ? (lo >> shift) - first : 0;
      const uint32_t last = (hi - 1) >> shift;
      if (last < first) return;
      const uint32_t to = std::min(count, last - first + 1);
      uint32_t tried = 0;
      for (;;) {
        uint64_t key = kNoKey;
        uint32_t child = 16;
        for (uint32_t c = from; c < to; ++c) {
          if (keys[c] < key && (tried >> c & 1) == 0) {
            key = keys[c];
            child = c;
          }
        }
        if (key >= kHidden || key > best->key) return;
        tried |= 1u << child;
        const uint32_t at = first + child;
        if (key == best->key && (at << shift) > best->item) continue;
        if (level == 1) {
          const uint64_t real = judge(at, key);
          if (real < best->key || (real == best->key && at < best->item)) {
            *best = {real, at};
          }
        } else if (!judge.Prune(levels.node[level - 1] + at)) {
          Into(level - 1, at);
        }
        // Nothing to the right is smaller.
        if (best->key == key && (best->item >> shift) <= at) return;
      }
    }
  };

  const CellShape* shape_ = nullptr;
  std::vector<uint64_t> keys_;
  std::vector<uint64_t> nodes_;
};

// Sums of weights, to draw an item in proportion to its weight.
class SumIndex {
 public:
  void Reset(const CellShape* shape);
  bool empty() const { return shape_ == nullptr; }
  uint32_t operator[](uint32_t position) const { return weights_[position]; }
  uint64_t Total(uint32_t cell) const {
    return nodes_[shape_->node_begin[cell + 1] - 1];
  }
  void Set(uint32_t cell, uint32_t position, uint32_t weight);
  // Sum of items [0, item) of `cell`.
  uint64_t Below(uint32_t cell, uint32_t item) const;
  // The item in whose span `at` falls. REQUIRES: at < Total(cell).
  uint32_t Find(uint32_t cell, uint64_t at) const;
  std::size_t bytes() const {
    return weights_.capacity() * sizeof(uint32_t) +
           nodes_.capacity() * sizeof(uint64_t);
  }

 private:
  const CellShape* shape_ = nullptr;
  std::vector<uint32_t> weights_;
  std::vector<uint64_t> nodes_;
};

// For every item up to 16 bits, and for every node those that all its items
// have. An item that cannot be found anyhow has all bits.
class MaskIndex {
 public:
  void Reset(const CellShape* shape);
  bool empty() const { return shape_ == nullptr; }
  uint16_t operator[](uint32_t position) const { return masks_[position]; }
  uint16_t Node(uint32_t node) const { return nodes_[node]; }
  void Set(uint32_t cell, uint32_t position, uint16_t mask);
  std::size_t bytes() const {
    return (masks_.capacity() + nodes_.capacity()) * sizeof(uint16_t);
  }

 private:
  const CellShape* shape_ = nullptr;
  std::vector<uint16_t> masks_;
  std::vector<uint16_t> nodes_;
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_NUMBER_INDEX_H_
