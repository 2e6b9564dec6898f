#include "callrouter/ordered_index.h"

#include <algorithm>
#include <utility>

namespace callrouter {

// The first run whose last entry is not before `entry`; runs_.size() if none.
std::size_t OrderedIndex::FindRun(const Entry& entry) const {
  if (first_ < runs_.size() && !(runs_[first_].last < entry)) return first_;
  const auto it = std::partition_point(
      runs_.begin() + static_cast<std::ptrdiff_t>(first_), runs_.end(),
      [&](const RunRef& ref) { return ref.last < entry; });
  return static_cast<std::size_t>(it - runs_.begin());
}

OrderedIndex::RunRef* OrderedIndex::AddRun(std::size_t at) {
  RunRef ref;
  if (spare_.empty()) {
    ref.run = std::make_unique<Run>();
  } else {
    ref.run = std::move(spare_.back());
    spare_.pop_back();
  }
  return &*runs_.insert(runs_.begin() + static_cast<std::ptrdiff_t>(at),
                        std::move(ref));
}

void OrderedIndex::DropRun(std::size_t at) {
  spare_.push_back(std::move(runs_[at].run));
  if (at == first_) {
    ++first_;
    if (first_ == runs_.size()) {
      runs_.clear();
      first_ = 0;
    } else if (first_ >= 32 && first_ > runs_.size() / 2) {
      runs_.erase(runs_.begin(),
                  runs_.begin() + static_cast<std::ptrdiff_t>(first_));
      first_ = 0;
    }
    return;
  }
  runs_.erase(runs_.begin() + static_cast<std::ptrdiff_t>(at));
}

void OrderedIndex::InsertSlow(const Entry& entry) {
  std::size_t at = FindRun(entry);
  if (at == runs_.size()) {  // After everything; the last run ends full.
    if (first_ < runs_.size() && runs_.back().begin > 0) {
      --at;
    } else {
      RunRef* ref = AddRun(runs_.size());
      ref->run->entries[0] = entry;
      ref->begin = 0;
      ref->end = 1;
      ref->last = entry;
      ref->weight = entry.weight;
      return;
    }
  }
  if (runs_[at].begin == 0 && runs_[at].end == kRun) {  // Full: split.
    RunRef* const upper = AddRun(at + 1);
    RunRef& lower = runs_[at];
    constexpr uint32_t kHalf = kRun / 2;
    upper->begin = 0;
    upper->end = kRun - kHalf;
    upper->last = lower.last;
    upper->weight = 0;
    for (uint32_t i = 0; i < upper->end; ++i) {
      upper->run->entries[i] = lower.run->entries[kHalf + i];
      upper->weight += upper->run->entries[i].weight;
    }
    lower.end = kHalf;
    lower.last = lower.run->entries[kHalf - 1];
    lower.weight -= upper->weight;
    if (lower.last < entry) ++at;
  }
  RunRef& ref = runs_[at];
  Entry* const entries = ref.run->entries;
  Entry* const pos =
      std::lower_bound(entries + ref.begin, entries + ref.end, entry);
  const bool left_is_shorter =
      pos - entries - ref.begin < entries + ref.end - pos;
  if (ref.end == kRun || (ref.begin > 0 && left_is_shorter)) {
    std::move(entries + ref.begin, pos, entries + ref.begin - 1);
    *(pos - 1) = entry;
    --ref.begin;
  } else {
    std::move_backward(pos, entries + ref.end, entries + ref.end + 1);
    *pos = entry;
    ++ref.end;
  }
  ref.weight += entry.weight;
  ref.last = entries[ref.end - 1];
}

bool OrderedIndex::Erase(const OrderKey& key, uint32_t id) {
  Entry probe;
  probe.key = key;
  probe.id = id;
  const std::size_t at = FindRun(probe);
  if (at == runs_.size()) return false;
  RunRef& ref = runs_[at];
  Entry* const entries = ref.run->entries;
  Entry* const pos =
      std::lower_bound(entries + ref.begin, entries + ref.end, probe);
  if (pos == entries + ref.end || probe < *pos) return false;
  ref.weight -= pos->weight;
  weight_ -= pos->weight;
  --size_;
  if (pos - entries - ref.begin <= entries + ref.end - pos - 1) {
    std::move_backward(entries + ref.begin, pos, pos + 1);
    ++ref.begin;
  } else {
    std::move(pos + 1, entries + ref.end, pos);
    --ref.end;
    ref.last = entries[ref.end - 1];
  }
  const uint32_t left = ref.end - ref.begin;
  if (left == 0) {
    DropRun(at);
  } else if (left <= kSparse) {
    if (at > first_ && MergeWithNext(at - 1)) return true;
    if (at + 1 < runs_.size()) MergeWithNext(at);
  }
  return true;
}

// Entries taken out of the middle would otherwise leave runs of one or two.
bool OrderedIndex::MergeWithNext(std::size_t at) {
  RunRef& lower = runs_[at];
  RunRef& upper = runs_[at + 1];
  const uint32_t below = lower.end - lower.begin;
  const uint32_t above = upper.end - upper.begin;
  if (below + above > kRun / 2) return false;
  Entry* const entries = lower.run->entries;
  std::move(entries + lower.begin, entries + lower.end, entries);
  std::copy(upper.run->entries + upper.begin, upper.run->entries + upper.end,
            entries + below);
  lower.begin = 0;
  lower.end = below + above;
  lower.last = upper.last;
  lower.weight += upper.weight;
  DropRun(at + 1);
  return true;
}

void OrderedIndex::Clear() {
  while (first_ < runs_.size()) DropRun(runs_.size() - 1);
  runs_.clear();
  first_ = 0;
  size_ = 0;
  weight_ = 0;
}

OrderedIndex::Cursor OrderedIndex::LowerBound(const OrderKey& key,
                                              uint32_t id) const {
  Entry probe;
  probe.key = key;
  probe.id = id;
  const std::size_t at = FindRun(probe);
  if (at == runs_.size()) return {at, 0};
  const RunRef& ref = runs_[at];
  const Entry* const entries = ref.run->entries;
  const Entry* const pos =
      std::lower_bound(entries + ref.begin, entries + ref.end, probe);
  return {at, static_cast<uint32_t>(pos - entries)};
}

uint64_t OrderedIndex::WeightBefore(const Cursor& cursor) const {
  uint64_t sum = 0;
  for (std::size_t run = first_; run < cursor.run && run < runs_.size();
       ++run) {
    sum += runs_[run].weight;
  }
  if (cursor.run < runs_.size()) {
    const RunRef& ref = runs_[cursor.run];
    for (uint32_t at = ref.begin; at < cursor.at; ++at) {
      sum += ref.run->entries[at].weight;
    }
  }
  return sum;
}

const OrderedIndex::Entry& OrderedIndex::NthByWeight(uint64_t weight) const {
  std::size_t run = first_;
  while (weight >= runs_[run].weight) weight -= runs_[run++].weight;
  const RunRef& ref = runs_[run];
  uint32_t at = ref.begin;
  while (weight >= ref.run->entries[at].weight) {
    weight -= ref.run->entries[at++].weight;
  }
  return ref.run->entries[at];
}

}  // namespace callrouter
