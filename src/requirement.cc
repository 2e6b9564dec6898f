#include "callrouter/requirement.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "printable.h"
#include "requirement_lexer.h"

namespace callrouter {
namespace {

using Atom = Requirement::Atom;
using AtomKind = Requirement::AtomKind;
using Code = Requirement::Code;
using Compare = Requirement::Compare;
using requirement_internal::IsPlainName;
using requirement_internal::IsReserved;
using requirement_internal::Lexer;
using requirement_internal::Lower;
using requirement_internal::Token;
using requirement_internal::TokenKind;

constexpr int32_t kLevelMax = 100;
constexpr int32_t kPenaltyMax = 1'000'000;
// Longer tokens are cut in messages.
constexpr size_t kShownMax = 40;

// A canonical tree: no two nested nodes of one n-ary operator, constants only
// alone, no double negation. `text` is its canonical spelling.
struct Node {
  Code code = Code::kTrue;
  uint16_t atom = 0;
  std::vector<Node> operands;
  std::string text;
};

Node Constant(bool value) {
  Node node;
  node.code = value ? Code::kTrue : Code::kFalse;
  node.text = value ? "true" : "false";
  return node;
}

Node Not(Node operand) {
  switch (operand.code) {
    case Code::kTrue:
      return Constant(false);
    case Code::kFalse:
      return Constant(true);
    case Code::kNot: {
      Node inner = std::move(operand.operands.front());
      return inner;
    }
    default:
      break;
  }
  Node node;
  node.code = Code::kNot;
  node.text = operand.code == Code::kAtom
                  ? absl::StrCat("not ", operand.text)
                  : absl::StrCat("not (", operand.text, ")");
  node.operands.push_back(std::move(operand));
  return node;
}

// `code` is kAnd or kOr.
Node Join(Code code, std::vector<Node> parts) {
  const bool is_and = code == Code::kAnd;
  const Code neutral = is_and ? Code::kTrue : Code::kFalse;
  const Code absorbing = is_and ? Code::kFalse : Code::kTrue;
  Node node;
  node.code = code;
  absl::flat_hash_set<std::string> seen;
  for (Node& part : parts) {
    if (part.code == neutral) continue;
    if (part.code == absorbing) return Constant(!is_and);
    if (part.code == code) {
      for (Node& inner : part.operands) {
        if (seen.insert(inner.text).second) {
          node.operands.push_back(std::move(inner));
        }
      }
    } else if (seen.insert(part.text).second) {
      node.operands.push_back(std::move(part));
    }
  }
  if (node.operands.empty()) return Constant(is_and);
  if (node.operands.size() == 1) {
    Node only = std::move(node.operands.front());
    return only;
  }
  node.text = absl::StrJoin(node.operands, is_and ? " and " : " or ",
                            [](std::string* out, const Node& operand) {
                              if (operand.code == Code::kOr) {
                                absl::StrAppend(out, "(", operand.text, ")");
                              } else {
                                absl::StrAppend(out, operand.text);
                              }
                            });
  return node;
}

void Emit(const Node& node, std::vector<Requirement::Instruction>* program) {
  for (size_t i = 0; i < node.operands.size(); ++i) {
    Emit(node.operands[i], program);
    if (i > 0) program->push_back({node.code, 0});
  }
  if (node.code == Code::kNot) program->push_back({Code::kNot, 0});
  if (node.operands.empty()) program->push_back({node.code, node.atom});
}

std::string QuotedText(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  out.push_back('"');
  return out;
}

std::string NameText(const std::string& name) {
  const bool plain = IsPlainName(name);
  return plain ? name : absl::StrCat("`", name, "`");
}

const char* CompareText(Compare compare) {
  switch (compare) {
    case Compare::kEqual:
      return " == ";
    case Compare::kNotEqual:
      return " != ";
    case Compare::kLess:
      return " < ";
    case Compare::kLessEqual:
      return " <= ";
    case Compare::kGreater:
      return " > ";
    case Compare::kGreaterEqual:
      return " >= ";
  }
  return " == ";
}

std::string AtomText(const Atom& atom) {
  switch (atom.kind) {
    case AtomKind::kSkill:
      if (atom.compare == Compare::kGreaterEqual && atom.value == 1) {
        return NameText(atom.name);
      }
      return absl::StrCat(NameText(atom.name), CompareText(atom.compare),
                          atom.value);
    case AtomKind::kAttribute:
      if (atom.texts.size() == 1) {
        return absl::StrCat(NameText(atom.name), CompareText(atom.compare),
                            QuotedText(atom.texts.front()));
      }
      return absl::StrCat(
          NameText(atom.name), " in (",
          absl::StrJoin(atom.texts, ", ",
                        [](std::string* out, const std::string& text) {
                          absl::StrAppend(out, QuotedText(text));
                        }),
          ")");
    case AtomKind::kMember:
      return absl::StrCat("member(", QuotedText(atom.name), ")");
    case AtomKind::kPenalty:
      return absl::StrCat("penalty(", QuotedText(atom.name), ")",
                          CompareText(atom.compare), atom.value);
  }
  return "false";
}

}  // namespace

// Recursive descent; every function returns false once fault_ is set. Depth is
// bounded by kDepthMax, so the stack is too.
class RequirementParser {
 public:
  explicit RequirementParser(std::string_view text)
      : text_(text), lexer_(text) {}

  bool Parse(Requirement* out) {
    if (text_.size() > Requirement::kTextMax) {
      return Fail(Requirement::kTextMax, TooLong(text_.size()), kTextLimit);
    }
    Advance();
    Node root = Constant(true);
    if (token_.kind != TokenKind::kEnd) {
      if (!Or(&root)) return false;
      if (token_.kind != TokenKind::kEnd) {
        return Unexpected("\"and\", \"or\" or the end");
      }
    }
    if (root.text.size() > Requirement::kTextMax) {
      return Fail(0, TooLong(root.text.size()), kTextLimit);
    }
    Requirement result;
    result.program_.clear();
    Emit(root, &result.program_);
    KeepUsedAtoms(&result);
    result.canonical_ = std::move(root.text);
    *out = std::move(result);
    return true;
  }

  const RequirementFault& fault() const { return fault_; }

 private:
  static constexpr const char* kTextLimit = "at most 65,536 bytes";

  static std::string TooLong(size_t size) {
    return absl::StrCat("an expression of ", size, " bytes");
  }

  // Folding constants may leave atoms behind that nothing refers to.
  void KeepUsedAtoms(Requirement* result) {
    std::vector<int> place(atoms_.size(), -1);
    for (Requirement::Instruction& instruction : result->program_) {
      if (instruction.code != Code::kAtom) continue;
      int& at = place[instruction.atom];
      if (at < 0) {
        at = static_cast<int>(result->atoms_.size());
        result->atoms_.push_back(std::move(atoms_[instruction.atom]));
      }
      instruction.atom = static_cast<uint16_t>(at);
    }
  }

  void Advance() { token_ = lexer_.Next(); }

  bool Fail(size_t offset, std::string found, std::string expected) {
    fault_.column = static_cast<int>(offset) + 1;
    fault_.found = std::move(found);
    fault_.expected = std::move(expected);
    return false;
  }

  bool Unexpected(std::string expected) {
    if (token_.kind == TokenKind::kEnd) {
      return Fail(text_.size(), "the end", std::move(expected));
    }
    if (token_.expected != nullptr) expected = token_.expected;
    return Fail(token_.begin,
                absl::StrCat("'", Printable(token_.raw, kShownMax), "'"),
                std::move(expected));
  }

  bool IsWord(std::string_view word) const {
    return token_.kind == TokenKind::kWord && Lower(token_.text) == word;
  }

  bool Or(Node* out) { return Chain(Code::kOr, "or", out); }

  bool Chain(Code code, std::string_view word, Node* out) {
    std::vector<Node> parts;
    while (true) {
      Node part;
      const bool ok =
          code == Code::kOr ? Chain(Code::kAnd, "and", &part) : Unary(&part);
      if (!ok) return false;
      parts.push_back(std::move(part));
      if (!IsWord(word)) break;
      Advance();
    }
    *out = parts.size() == 1 ? std::move(parts.front())
                             : Join(code, std::move(parts));
    return true;
  }

  bool Unary(Node* out) {
    const bool is_not = IsWord("not");
    if (!is_not && token_.kind != TokenKind::kOpen) return ParseAtom(out);
    if (depth_ == Requirement::kDepthMax) {
      return Unexpected("at most 64 levels of nesting");
    }
    ++depth_;
    Advance();
    if (is_not) {
      if (!Unary(out)) return false;
      *out = Not(std::move(*out));
    } else {
      if (!Or(out)) return false;
      if (token_.kind != TokenKind::kClose) {
        return Unexpected("\"and\", \"or\" or ')'");
      }
      Advance();
    }
    --depth_;
    return true;
  }

  bool ParseAtom(Node* out) {
    if (IsWord("true") || IsWord("false")) {
      *out = Constant(IsWord("true"));
      Advance();
      return true;
    }
    const bool is_member = IsWord("member");
    const bool is_penalty = IsWord("penalty");
    const bool is_name =
        token_.kind == TokenKind::kName ||
        (token_.kind == TokenKind::kWord && !IsReserved(token_.text));
    if (!is_member && !is_penalty && !is_name) {
      return Unexpected("a skill, an attribute, \"not\" or '('");
    }
    if (atom_count_ == Requirement::kAtomsMax) {
      return Unexpected("at most 256 conditions");
    }
    ++atom_count_;
    Atom atom;
    atom.column = static_cast<int>(token_.begin) + 1;
    if (is_name) {
      atom.name = token_.text;
      Advance();
      if (!NameTail(&atom)) return false;
    } else {
      Advance();
      if (!QueueTail(is_member, &atom)) return false;
    }
    out->code = Code::kAtom;
    out->text = AtomText(atom);
    const auto [at, added] = atom_index_.try_emplace(
        out->text, static_cast<uint16_t>(atoms_.size()));
    if (added) atoms_.push_back(std::move(atom));
    out->atom = at->second;
    return true;
  }

  // What follows the name of a skill or attribute.
  bool NameTail(Atom* atom) {
    if (IsWord("in")) {
      Advance();
      atom->kind = AtomKind::kAttribute;
      atom->compare = Compare::kEqual;
      return TextList(atom);
    }
    if (token_.kind != TokenKind::kCompare) {
      // A bare skill; a bad token is reported by whoever looks at it next.
      return true;
    }
    atom->compare = token_.compare;
    Advance();
    if (token_.kind == TokenKind::kString) {
      if (atom->compare != Compare::kEqual &&
          atom->compare != Compare::kNotEqual) {
        return Unexpected("a level from 0 to 100; texts compare with == or !=");
      }
      atom->kind = AtomKind::kAttribute;
      atom->texts.push_back(token_.text);
      Advance();
      return true;
    }
    return Integer(kLevelMax, "a level from 0 to 100", atom);
  }

  // `( "queue" )`, and a comparison after `penalty`.
  bool QueueTail(bool is_member, Atom* atom) {
    atom->kind = is_member ? AtomKind::kMember : AtomKind::kPenalty;
    if (token_.kind != TokenKind::kOpen) return Unexpected("'('");
    Advance();
    if (token_.kind != TokenKind::kString) {
      return Unexpected("the name of a queue in double quotes");
    }
    atom->name = token_.text;
    Advance();
    if (token_.kind != TokenKind::kClose) return Unexpected("')'");
    Advance();
    if (is_member) return true;
    if (token_.kind != TokenKind::kCompare) {
      return Unexpected("a comparison, e.g. <= 2");
    }
    atom->compare = token_.compare;
    Advance();
    return Integer(kPenaltyMax, "a penalty from 0 to 1000000", atom);
  }

  bool Integer(int32_t max, const char* expected, Atom* atom) {
    if (token_.kind != TokenKind::kInteger) return Unexpected(expected);
    int64_t value = 0;
    for (char c : token_.raw) {
      value = std::min<int64_t>(value * 10 + (c - '0'), int64_t{max} + 1);
    }
    if (value > max) return Unexpected(expected);
    atom->value = static_cast<int32_t>(value);
    Advance();
    return true;
  }

  bool TextList(Atom* atom) {
    if (token_.kind != TokenKind::kOpen) return Unexpected("'('");
    do {
      Advance();
      if (token_.kind != TokenKind::kString) {
        return Unexpected("a text in double quotes");
      }
      atom->texts.push_back(token_.text);
      Advance();
    } while (token_.kind == TokenKind::kComma);
    if (token_.kind != TokenKind::kClose) return Unexpected("',' or ')'");
    Advance();
    std::sort(atom->texts.begin(), atom->texts.end());
    atom->texts.erase(std::unique(atom->texts.begin(), atom->texts.end()),
                      atom->texts.end());
    return true;
  }

  std::string_view text_;
  Lexer lexer_;
  Token token_;
  int depth_ = 0;
  int atom_count_ = 0;
  std::vector<Atom> atoms_;
  absl::flat_hash_map<std::string, uint16_t> atom_index_;
  RequirementFault fault_;
};

Requirement::Requirement() : canonical_("true"), program_({{Code::kTrue, 0}}) {}

absl::StatusOr<Requirement> Requirement::Parse(std::string_view text,
                                               RequirementFault* fault) {
  RequirementParser parser(text);
  Requirement result;
  if (parser.Parse(&result)) return result;
  const RequirementFault& wrong = parser.fault();
  if (fault != nullptr) *fault = wrong;
  return absl::InvalidArgumentError(
      absl::StrCat("column ", wrong.column, ": found ", wrong.found,
                   ", expected ", wrong.expected));
}

absl::StatusOr<Requirement> Requirement::And(const Requirement& a,
                                             const Requirement& b) {
  const auto operand = [](const Requirement& part) {
    return part.program_.back().code == Code::kOr
               ? absl::StrCat("(", part.canonical_, ")")
               : part.canonical_;
  };
  return Parse(absl::StrCat(operand(a), " and ", operand(b)));
}

absl::StatusOr<Requirement> Requirement::Or(const Requirement& a,
                                            const Requirement& b) {
  return Parse(absl::StrCat(a.canonical_, " or ", b.canonical_));
}

}  // namespace callrouter
