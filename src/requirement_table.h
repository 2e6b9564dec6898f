// Requirements in use: each distinct one bound, held once and counted.
//
//   const uint32_t req = table.Intern(requirement, queue_of);
//   table.Holds(req, profile);
//   table.Release(req);
//
// One that nobody uses any more is kept for a while: calls mostly bring what
// other calls brought, and then nothing is parsed, bound or allocated.

#ifndef CALLROUTER_SRC_REQUIREMENT_TABLE_H_
#define CALLROUTER_SRC_REQUIREMENT_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "callrouter/requirement.h"
#include "profile.h"

namespace callrouter {

class RequirementTable {
 public:
  // Finds a queue's number by name.
  using QueueOf = std::function<uint32_t(std::string_view)>;

  // At most `in_use_max` distinct ones in use, and a quarter of that kept.
  explicit RequirementTable(uint32_t in_use_max)
      : in_use_max_(in_use_max), kept_max_(in_use_max / 4) {}

  Symbols& skills() { return skills_; }
  Symbols& attributes() { return attributes_; }
  Symbols& values() { return values_; }
  const Symbols& skills() const { return skills_; }
  const Symbols& attributes() const { return attributes_; }
  const Symbols& values() const { return values_; }

  // One use more of `requirement`; kNone when too many are in use.
  uint32_t Intern(const Requirement& requirement, const QueueOf& queue_of);
  // One use more of the requirement once noted under `text`; kNone if it is
  // not known any more, or when too many are in use.
  uint32_t InternText(std::string_view text);
  // `req` was read from `text`, which it can be found by from now on.
  void NoteText(uint32_t req, std::string_view text);
  bool KnowsText(std::string_view text) const {
    return ids_by_text_.contains(absl::string_view(text.data(), text.size()));
  }
  void Retain(uint32_t req);
  void Release(uint32_t req);
  // Forgets all requirements; the names stay.
  void Clear();

  const Requirement& requirement(uint32_t req) const {
    return entries_[req].requirement;
  }
  const BoundRequirement& bound(uint32_t req) const {
    return entries_[req].bound;
  }
  uint32_t uses(uint32_t req) const { return entries_[req].uses; }
  std::size_t in_use() const { return in_use_; }

  bool Holds(uint32_t req, const Profile& profile) const {
    const NeededSkill& needed = needed_[req];
    if (needed.skill != kNone && profile.Level(needed.skill) < needed.level) {
      return false;
    }
    return entries_[req].bound.Holds(profile);
  }

 private:
  struct Entry {
    Requirement requirement;
    BoundRequirement bound;
    std::string text;  // By which it can be found; empty: none.
    uint32_t uses = 0;
    uint32_t newer = kNone;  // Among the kept.
    uint32_t older = kNone;
  };
  // Apart and small: most tests of single calls end here.
  struct NeededSkill {
    uint32_t skill = kNone;
    int32_t level = 0;
  };

  BoundRequirement Bind(const Requirement& requirement,
                        const QueueOf& queue_of);
  uint32_t NewSlot();
  void Keep(uint32_t req);
  void TakeFromKept(uint32_t req);
  void Forget(uint32_t req);

  uint32_t in_use_max_;
  std::size_t kept_max_;
  Symbols skills_, attributes_, values_;
  absl::flat_hash_map<std::string, uint32_t> ids_;  // By canonical text.
  absl::flat_hash_map<std::string, uint32_t> ids_by_text_;
  std::vector<Entry> entries_;
  std::vector<NeededSkill> needed_;
  std::vector<uint32_t> free_;
  std::size_t in_use_ = 0;
  std::size_t kept_ = 0;
  uint32_t newest_ = kNone;  // Of the kept.
  uint32_t oldest_ = kNone;
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_REQUIREMENT_TABLE_H_
