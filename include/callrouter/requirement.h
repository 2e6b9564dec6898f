// callrouter/requirement.h
//
// What a call needs of an agent, as a boolean expression, parsed once.
//
//   auto need = Requirement::Parse("sales >= 3 and (lang_fr or region ==
//   \"QC\")"); if (!need.ok()) ...  // "column 10: found '-', expected a level
//   from 0 to 100" need->canonical();   // equal expressions have equal
//   canonical text
//
// Grammar (EBNF; words in any case, blanks free):
//
//   expr   = and { "or" and }
//   and    = unary { "and" unary }
//   unary  = "not" unary | "(" expr ")" | atom
//   atom   = "true" | "false"
//          | skill [ op integer ]                 a bare skill means >= 1
//          | attribute ( "==" | "!=" ) string
//          | attribute "in" "(" string { "," string } ")"
//          | "member" "(" string ")"              has a membership in the queue
//          | "penalty" "(" string ")" op integer  is a member, penalty as
//          compared
//   op     = "==" | "!=" | "<" | "<=" | ">" | ">="
//   skill, attribute = letter or "_", then letters, digits, "_", "." or "-";
//                      any other name in `backquotes`
//   string = '"' any but '"' and '\', or \" or \\ '"'
//   integer = digits; levels 0 to 100, penalties 0 to 1000000
//
// The grammar's own words (and or not true false in member penalty) are names
// only in backquotes.
//
// A skill the agent does not have counts as level 0, so `sales < 3` holds for
// an agent without it. An attribute the agent does not have equals nothing:
// `==` and `in` are false, `!=` is true. `penalty(...)` is false for an agent
// who is not a member, whatever the comparison.
//
// Not here: evaluation against agents, which the engine does on interned ids.
// Thread safety: immutable after Parse; a value.

#ifndef CALLROUTER_REQUIREMENT_H_
#define CALLROUTER_REQUIREMENT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace callrouter {

// Where and why a requirement is wrong. `column` counts bytes from 1.
struct RequirementFault {
  int column = 0;
  std::string found;
  std::string expected;
};

class Requirement {
 public:
  enum class AtomKind : uint8_t {
    kSkill = 1,  // skill `name` compared with `value`
    kAttribute =
        2,  // attribute `name`, one of `texts` (kEqual) or none (kNotEqual)
    kMember = 3,   // member of queue `name`
    kPenalty = 4,  // penalty in queue `name` compared with `value`
  };
  enum class Compare : uint8_t {
    kEqual = 1,
    kNotEqual = 2,
    kLess = 3,
    kLessEqual = 4,
    kGreater = 5,
    kGreaterEqual = 6,
  };
  struct Atom {
    AtomKind kind = AtomKind::kSkill;
    Compare compare = Compare::kGreaterEqual;
    int32_t value = 1;
    std::string name;
    std::vector<std::string> texts;  // Sorted, unique.
    int column = 0;                  // Where it starts in the text, from 1.
  };
  // Postfix program over a small stack of booleans.
  enum class Code : uint8_t { kTrue = 1, kFalse, kAtom, kNot, kAnd, kOr };
  struct Instruction {
    Code code = Code::kTrue;
    uint16_t atom = 0;  // For kAtom: index into atoms().
  };

  // Deepest nesting of "(" and "not", most atoms and most bytes accepted;
  // beyond them Parse refuses.
  static constexpr int kDepthMax = 64;
  static constexpr int kAtomsMax = 256;
  static constexpr size_t kTextMax = 65536;
  // Booleans on the stack at most while the program runs.
  static constexpr int kStackMax = 2 * kDepthMax + 3;

  // The requirement everybody meets.
  Requirement();

  // Parses `text`; empty or blank text is `true`. On failure the status is
  // kInvalidArgument, its message "column C: found F, expected E", and
  // `*fault`, if given, holds the same apart. Cost: O(length x nesting).
  static absl::StatusOr<Requirement> Parse(std::string_view text,
                                           RequirementFault* fault = nullptr);

  // `a and b`, `a or b`. Fail with kInvalidArgument beyond the limits above.
  static absl::StatusOr<Requirement> And(const Requirement& a,
                                         const Requirement& b);
  static absl::StatusOr<Requirement> Or(const Requirement& a,
                                        const Requirement& b);

  // One spelling for all ways to write the same tree: lower-case words, single
  // blanks, fewest parentheses, duplicate operands of one and/or dropped, no
  // double negation, `true` and `false` only alone (`true and x` is `x`). The
  // order of operands stays as written. Parse(canonical()) gives the same
  // canonical(). atoms() holds each distinct atom left, in order of appearance.
  const std::string& canonical() const { return canonical_; }
  const std::vector<Atom>& atoms() const { return atoms_; }
  const std::vector<Instruction>& program() const { return program_; }
  bool always_true() const { return canonical_ == "true"; }

  friend bool operator==(const Requirement& a, const Requirement& b) {
    return a.canonical_ == b.canonical_;
  }

 private:
  friend class RequirementParser;
  std::string canonical_;
  std::vector<Atom> atoms_;
  std::vector<Instruction> program_;
};

}  // namespace callrouter

#endif  // CALLROUTER_REQUIREMENT_H_
