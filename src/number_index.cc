#include "number_index.h"

namespace callrouter {

void CellShape::Assign(const std::vector<uint32_t>& sizes) {
  begin.assign(1, 0);
  node_begin.assign(1, 0);
  begin.reserve(sizes.size() + 1);
  node_begin.reserve(sizes.size() + 1);
  for (const uint32_t size : sizes) {
    uint32_t nodes = 0;
    uint32_t level = size;
    do {
      level = (level + 15) / 16;
      nodes += std::max(level, 1u);
    } while (level > 1);
    begin.push_back(begin.back() + size);
    node_begin.push_back(node_begin.back() + nodes);
  }
}

void MinIndex::Reset(const CellShape* shape) {
  shape_ = shape;
  keys_.assign(shape->items(), kNoKey);
  nodes_.assign(shape->nodes(), kNoKey);
}

bool MinIndex::Set(uint32_t cell, uint32_t position, uint64_t key) {
  uint64_t old = keys_[position];
  if (old == key) return false;
  keys_[position] = key;
  const CellLevels levels(*shape_, cell);
  uint32_t item = position - shape_->begin[cell];
  const uint64_t* row = &keys_[shape_->begin[cell]];
  for (int level = 1; level <= levels.top; ++level) {
    const uint32_t parent = item / 16;
    uint64_t& node = nodes_[levels.node[level] + parent];
    if (key > node && old > node) return false;  // It was not the smallest.
    uint64_t smallest = key;
    if (key > node) {
      const uint32_t first = parent * 16;
      const uint32_t end = std::min(first + 16, levels.size[level - 1]);
      for (uint32_t i = first; i < end; ++i) {
        smallest = std::min(smallest, row[i]);
      }
    }
    if (smallest == node) return false;
    old = node;
    key = node = smallest;
    row = &nodes_[levels.node[level]];
    item = parent;
  }
  return true;
}

MinIndex::Best MinIndex::First(uint32_t cell) const {
  const CellLevels levels(*shape_, cell);
  Best best;
  best.key = Root(cell);
  if (best.key >= kHidden) return best;
  uint32_t item = 0;
  for (int level = levels.top - 1; level >= 0; --level) {
    const uint64_t* const row =
        level == 0 ? &keys_[shape_->begin[cell]] : &nodes_[levels.node[level]];
    item *= 16;
    while (row[item] != best.key) ++item;
  }
  best.item = item;
  return best;
}

void SumIndex::Reset(const CellShape* shape) {
  shape_ = shape;
  weights_.assign(shape->items(), 0);
  nodes_.assign(shape->nodes(), 0);
}

void SumIndex::Set(uint32_t cell, uint32_t position, uint32_t weight) {
  const uint64_t change = uint64_t{weight} - weights_[position];
  if (change == 0) return;
  weights_[position] = weight;
  const CellLevels levels(*shape_, cell);
  uint32_t item = position - shape_->begin[cell];
  for (int level = 1; level <= levels.top; ++level) {
    item /= 16;
    nodes_[levels.node[level] + item] += change;  // Modulo 2^64: exact.
  }
}

uint64_t SumIndex::Below(uint32_t cell, uint32_t item) const {
  const CellLevels levels(*shape_, cell);
  uint64_t sum = 0;
  const uint32_t* const weights = weights_.data() + shape_->begin[cell];
  for (uint32_t i = item & ~15u; i < item; ++i) sum += weights[i];
  item /= 16;
  for (int level = 1; level < levels.top; ++level) {
    const uint64_t* const row = nodes_.data() + levels.node[level];
    for (uint32_t i = item & ~15u; i < item; ++i) sum += row[i];
    item /= 16;
  }
  // `item` may be one past the last: then everything is below.
  return item == 0 ? sum : Total(cell);
}

uint32_t SumIndex::Find(uint32_t cell, uint64_t at) const {
  const CellLevels levels(*shape_, cell);
  uint32_t item = 0;
  for (int level = levels.top - 1; level >= 0; --level) {
    item *= 16;
    for (; item + 1 < levels.size[level]; ++item) {
      const uint64_t here = level == 0 ? weights_[shape_->begin[cell] + item]
                                       : nodes_[levels.node[level] + item];
      if (at < here) break;
      at -= here;
    }
  }
  return item;
}

void MaskIndex::Reset(const CellShape* shape) {
  shape_ = shape;
  masks_.assign(shape->items(), 0xffff);
  nodes_.assign(shape->nodes(), 0xffff);
}

void MaskIndex::Set(uint32_t cell, uint32_t position, uint16_t mask) {
  if (masks_[position] == mask) return;
  masks_[position] = mask;
  const CellLevels levels(*shape_, cell);
  uint32_t item = position - shape_->begin[cell];
  const uint16_t* row = &masks_[shape_->begin[cell]];
  for (int level = 1; level <= levels.top; ++level) {
    const uint32_t first = item & ~15u;
    const uint32_t end = std::min(first + 16, levels.size[level - 1]);
    uint32_t all = 0xffff;
    for (uint32_t i = first; i < end; ++i) all &= row[i];
    item /= 16;
    uint16_t& node = nodes_[levels.node[level] + item];
    if (node == all) return;
    node = static_cast<uint16_t>(all);
    row = &nodes_[levels.node[level]];
  }
}

}  // namespace callrouter
