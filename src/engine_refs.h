// Host references to slots: finds the record of a pool whose `ref` is given.
//
// Holds the slots alone, five bytes or so each; the references are read from
// the records.

#ifndef CALLROUTER_SRC_ENGINE_REFS_H_
#define CALLROUTER_SRC_ENGINE_REFS_H_

#include <cstddef>
#include <cstdint>

#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "profile.h"

namespace callrouter {

// Pool: `pool[slot].ref` is the reference. The pool must outlive the index and
// stay where it is; a record keeps its reference while it is in the index.
template <typename Pool>
class RefIndex {
 public:
  explicit RefIndex(const Pool* pool) : slots_(0, Hash{pool}, Same{pool}) {}
  RefIndex(const RefIndex&) = delete;
  RefIndex& operator=(const RefIndex&) = delete;

  // kNone if there is none.
  uint32_t Find(uint64_t ref) const {
    const auto it = slots_.find(Ref{ref});
    return it == slots_.end() ? kNone : *it;
  }
  void Add(uint32_t slot) { slots_.insert(slot); }
  void Remove(uint32_t slot) { slots_.erase(slot); }
  void Reserve(std::size_t n) { slots_.reserve(n); }

 private:
  struct Ref {
    uint64_t ref;
  };
  struct Hash {
    using is_transparent = void;
    const Pool* pool;
    std::size_t operator()(Ref ref) const {
      return absl::Hash<uint64_t>()(ref.ref);
    }
    std::size_t operator()(uint32_t slot) const {
      return absl::Hash<uint64_t>()((*pool)[slot].ref);
    }
  };
  struct Same {
    using is_transparent = void;
    const Pool* pool;
    bool operator()(uint32_t x, uint32_t y) const { return x == y; }
    bool operator()(uint32_t x, Ref y) const { return (*pool)[x].ref == y.ref; }
    bool operator()(Ref x, uint32_t y) const { return (*pool)[y].ref == x.ref; }
  };

  absl::flat_hash_set<uint32_t, Hash, Same> slots_;
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_ENGINE_REFS_H_
