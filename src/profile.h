// What an agent is, as interned numbers, and requirements bound to them.
//
// A profile is all of an agent that a requirement can ask about: skill levels,
// attributes, memberships with their penalties. Agents with equal profiles are
// one kind: they share a group in the matcher.

#ifndef CALLROUTER_SRC_PROFILE_H_
#define CALLROUTER_SRC_PROFILE_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"
#include "callrouter/requirement.h"

namespace callrouter {

inline constexpr uint32_t kNone = 0xffffffffu;

// Strings as dense numbers. Never forgets, so views stay valid.
class Symbols {
 public:
  Symbols() : ids_(0, Hash{&texts_}, Same{&texts_}) {}
  Symbols(const Symbols&) = delete;
  Symbols& operator=(const Symbols&) = delete;

  // The number of `text`; kNone if it is new and `limit` are known already.
  uint32_t Intern(std::string_view text, uint32_t limit = kNone);
  uint32_t Find(std::string_view text) const {
    const auto it = ids_.find(text);
    return it == ids_.end() ? kNone : *it;
  }
  std::string_view Text(uint32_t id) const {
    return id < texts_.size() ? At(texts_[id]) : std::string_view();
  }
  uint32_t size() const { return static_cast<uint32_t>(texts_.size()); }

 private:
  using Texts = std::vector<const char*>;  // Into chunks_: length, then text.
  static constexpr std::size_t kLength = sizeof(uint32_t);
  static std::string_view At(const char* piece) {
    uint32_t length;
    std::memcpy(&length, piece, kLength);
    return {piece + kLength, length};
  }
  struct Hash {
    using is_transparent = void;
    const Texts* texts;
    std::size_t operator()(std::string_view text) const {
      return absl::Hash<absl::string_view>()({text.data(), text.size()});
    }
    std::size_t operator()(uint32_t id) const {
      return (*this)(At((*texts)[id]));
    }
  };
  struct Same {
    using is_transparent = void;
    const Texts* texts;
    bool operator()(uint32_t x, uint32_t y) const { return x == y; }
    bool operator()(uint32_t x, std::string_view y) const {
      return At((*texts)[x]) == y;
    }
    bool operator()(std::string_view x, uint32_t y) const {
      return At((*texts)[y]) == x;
    }
  };

  Texts texts_;
  absl::flat_hash_set<uint32_t, Hash, Same> ids_;
  std::vector<std::unique_ptr<char[]>> chunks_;
  std::size_t room_ = 0;  // Bytes left in the last chunk.
  char* next_ = nullptr;
};

struct Profile {
  struct Skill {
    uint32_t id;
    int32_t level;
    friend bool operator==(const Skill& x, const Skill& y) {
      return x.id == y.id && x.level == y.level;
    }
  };
  struct Attr {
    uint32_t id;
    uint32_t value;  // A symbol.
    friend bool operator==(const Attr& x, const Attr& y) {
      return x.id == y.id && x.value == y.value;
    }
  };
  struct Member {
    uint32_t queue;
    int32_t penalty;
    uint32_t reserve;  // 0 or 1.
    friend bool operator==(const Member& x, const Member& y) {
      return x.queue == y.queue && x.penalty == y.penalty &&
             x.reserve == y.reserve;
    }
  };
  // Each sorted by id / queue, unique.
  std::vector<Skill> skills;
  std::vector<Attr> attrs;
  std::vector<Member> members;

  int32_t Level(uint32_t skill) const {
    for (const Skill& s : skills) {
      if (s.id >= skill) return s.id == skill ? s.level : 0;
    }
    return 0;
  }
  uint32_t Value(uint32_t attr) const;
  const Member* FindMember(uint32_t queue) const;
  int64_t TotalLevel() const;
  void SetLevel(uint32_t skill, int32_t level);  // 0 removes.
  void SetValue(uint32_t attr, uint32_t value);  // kNone removes.
  void SetMember(const Member& member);
  bool RemoveMember(uint32_t queue);
  uint64_t Hash() const;
  friend bool operator==(const Profile& x, const Profile& y) {
    return x.skills == y.skills && x.attrs == y.attrs && x.members == y.members;
  }
};

// A requirement whose names are numbers.
struct BoundRequirement {
  struct Atom {
    Requirement::AtomKind kind;
    Requirement::Compare compare;
    int32_t value;
    uint32_t id;  // Skill, attribute or queue; kNone: nobody has it.
    std::vector<uint32_t> values;
  };
  std::vector<Atom> atoms;
  std::vector<Requirement::Instruction> program;
  bool all_of = false;  // The program asks for all atoms, no more.
  // A skill and level without which it cannot hold; kNone: none known.
  uint32_t needed_skill = kNone;
  int32_t needed_level = 0;

  // To be called once atoms and program are there.
  void NoteShape();
  bool Holds(const Profile& profile) const;
  bool MentionsSkill(uint32_t skill) const;
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_PROFILE_H_
