#include "callrouter/requirement.h"

#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace callrouter {
namespace {

using Code = Requirement::Code;
using Compare = Requirement::Compare;

std::string Canonical(const std::string& text) {
  const absl::StatusOr<Requirement> parsed = Requirement::Parse(text);
  if (!parsed.ok()) return std::string(parsed.status().message());
  return parsed->canonical();
}

// Runs the program with each atom's truth given by `holds`.
template <typename Holds>
bool Evaluate(const Requirement& requirement, Holds holds) {
  std::vector<bool> stack;
  for (const Requirement::Instruction& instruction : requirement.program()) {
    switch (instruction.code) {
      case Code::kTrue:
      case Code::kFalse:
        stack.push_back(instruction.code == Code::kTrue);
        break;
      case Code::kAtom:
        stack.push_back(holds(requirement.atoms()[instruction.atom]));
        break;
      case Code::kNot:
        stack.back() = !stack.back();
        break;
      case Code::kAnd:
      case Code::kOr: {
        const bool right = stack.back();
        stack.pop_back();
        stack.back() = instruction.code == Code::kAnd ? stack.back() && right
                                                      : stack.back() || right;
        break;
      }
    }
    EXPECT_LE(stack.size(), static_cast<size_t>(Requirement::kStackMax));
  }
  EXPECT_EQ(stack.size(), 1U);
  return stack.back();
}

TEST(RequirementTest, EmptyIsEverybody) {
  EXPECT_EQ(Canonical(""), "true");
  EXPECT_EQ(Canonical(" \t\n"), "true");
  EXPECT_TRUE(Requirement().always_true());
  EXPECT_TRUE(Evaluate(Requirement(), [](const auto&) { return false; }));
  EXPECT_TRUE(*Requirement::Parse("TRUE") == Requirement());
}

TEST(RequirementTest, OneSpelling) {
  EXPECT_EQ(Canonical("sales"), "sales");
  EXPECT_EQ(Canonical("sales>=1"), "sales");
  EXPECT_EQ(Canonical("sales >=  007"), "sales >= 7");
  EXPECT_EQ(Canonical("((a) AND ((b)))  or not(c)"), "a and b or not c");
  EXPECT_EQ(Canonical("a and (b and c) and a"), "a and b and c");
  EXPECT_EQ(Canonical("(a or b) and c"), "(a or b) and c");
  EXPECT_EQ(Canonical("a or (b or a)"), "a or b");
  EXPECT_EQ(Canonical("(a or b) and (a or (b))"), "a or b");
  EXPECT_EQ(Canonical("not not a"), "a");
  EXPECT_EQ(Canonical("not not not (a and b)"), "not (a and b)");
  EXPECT_EQ(Canonical("true and a"), "a");
  EXPECT_EQ(Canonical("a or not false"), "true");
  EXPECT_EQ(Canonical("region==\"QC\""), "region == \"QC\"");
  EXPECT_EQ(Canonical("region in(\"b\",\"a\" , \"b\")"),
            "region in (\"a\", \"b\")");
  EXPECT_EQ(Canonical("region in (\"a\")"), "region == \"a\"");
  EXPECT_EQ(Canonical("x != \"say \\\"\\\\\\\"\""),
            "x != \"say \\\"\\\\\\\"\"");
  EXPECT_EQ(Canonical("MEMBER(\"sales\")"), "member(\"sales\")");
  EXPECT_EQ(Canonical("penalty ( \"q 1\" )<=2"), "penalty(\"q 1\") <= 2");
  EXPECT_EQ(Canonical("`and` and `plain` and `two words`"),
            "`and` and plain and `two words`");
}

TEST(RequirementTest, NamesKeepTheirCase) {
  EXPECT_EQ(Canonical("Sales and sales"), "Sales and sales");
  EXPECT_EQ(Canonical("lang.fr-CA_2 > 3"), "lang.fr-CA_2 > 3");
}

TEST(RequirementTest, AtomsSayWhatTheyAsk) {
  const absl::StatusOr<Requirement> parsed = Requirement::Parse(
      "sales >= 3 and (r in (\"b\", \"a\") or sales>=3 or "
      "penalty(\"q\") < 4)");
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  ASSERT_EQ(parsed->atoms().size(), 3U);
  const Requirement::Atom& skill = parsed->atoms()[0];
  EXPECT_EQ(skill.kind, Requirement::AtomKind::kSkill);
  EXPECT_EQ(skill.name, "sales");
  EXPECT_EQ(skill.compare, Compare::kGreaterEqual);
  EXPECT_EQ(skill.value, 3);
  EXPECT_EQ(skill.column, 1);
  const Requirement::Atom& attribute = parsed->atoms()[1];
  EXPECT_EQ(attribute.kind, Requirement::AtomKind::kAttribute);
  EXPECT_EQ(attribute.compare, Compare::kEqual);
  EXPECT_THAT(attribute.texts, testing::ElementsAre("a", "b"));
  EXPECT_EQ(attribute.column, 17);
  const Requirement::Atom& penalty = parsed->atoms()[2];
  EXPECT_EQ(penalty.kind, Requirement::AtomKind::kPenalty);
  EXPECT_EQ(penalty.name, "q");
  EXPECT_EQ(penalty.compare, Compare::kLess);
  EXPECT_EQ(penalty.value, 4);
}

TEST(RequirementTest, FoldedAtomsAreGone) {
  const absl::StatusOr<Requirement> parsed =
      Requirement::Parse("(a or true) and b");
  ASSERT_TRUE(parsed.ok());
  ASSERT_EQ(parsed->atoms().size(), 1U);
  EXPECT_EQ(parsed->atoms()[0].name, "b");
}

struct WrongCase {
  const char* text;
  const char* message;
};

TEST(RequirementTest, ErrorsPointAtTheColumn) {
  const WrongCase cases[] = {
      {"sales >= -3", "column 10: found '-', expected a level from 0 to 100"},
      {"sales => 3", "column 7: found '=', expected '=='"},
      {"sales >= 101",
       "column 10: found '101', expected a level from 0 to 100"},
      {"a >= 99999999999999999999999",
       "column 6: found '99999999999999999999999', expected a level from 0 to "
       "100"},
      {"a and",
       "column 6: found the end, expected a skill, an attribute, "
       "\"not\" or '('"},
      {"and a",
       "column 1: found 'and', expected a skill, an attribute, "
       "\"not\" or '('"},
      {"(a", "column 3: found the end, expected \"and\", \"or\" or ')'"},
      {"a b", "column 3: found 'b', expected \"and\", \"or\" or the end"},
      {"a)", "column 2: found ')', expected \"and\", \"or\" or the end"},
      {"a && b", "column 3: found '&', expected \"and\""},
      {"a | b", "column 3: found '|', expected \"or\""},
      {"!a", "column 1: found '!', expected '!=' or \"not\""},
      {"r == \"x",
       "column 6: found '\"x', expected a string that ends with "
       "'\"'"},
      {"r == \"a\\n\"", "column 8: found '\\n', expected \\\" or \\\\"},
      {"r < \"x\"",
       "column 5: found '\"x\"', expected a level from 0 to "
       "100; texts compare with == or !="},
      {"r in \"x\"", "column 6: found '\"x\"', expected '('"},
      {"r in (\"x\" \"y\")",
       "column 11: found '\"y\"', expected ',' or "
       "')'"},
      {"r in ()", "column 7: found ')', expected a text in double quotes"},
      {"member(q)",
       "column 8: found 'q', expected the name of a queue in "
       "double quotes"},
      {"member", "column 7: found the end, expected '('"},
      {"penalty(\"q\")",
       "column 13: found the end, expected a comparison, "
       "e.g. <= 2"},
      {"penalty(\"q\") > 1000001",
       "column 16: found '1000001', expected a "
       "penalty from 0 to 1000000"},
      {"``", "column 1: found '``', expected a name between the backquotes"},
      {"`a", "column 1: found '`a', expected a name that ends with '`'"},
      {"a == 3x", "column 7: found 'x', expected \"and\", \"or\" or the end"},
      {"Stra\xc3\x9f"
       "e",
       "column 5: found '\xc3\x9f', expected ASCII letters; write other names "
       "in `backquotes`"},
      {"\x01",
       "column 1: found '\\x01', expected a skill, an attribute, "
       "\"not\" or '('"},
  };
  for (const WrongCase& wrong : cases) {
    RequirementFault fault;
    const absl::StatusOr<Requirement> parsed =
        Requirement::Parse(wrong.text, &fault);
    ASSERT_FALSE(parsed.ok()) << wrong.text;
    EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(std::string(parsed.status().message()), wrong.message)
        << wrong.text;
    EXPECT_EQ("column " + std::to_string(fault.column) + ": found " +
                  fault.found + ", expected " + fault.expected,
              wrong.message);
  }
}

std::string Repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST(RequirementTest, LimitsHoldExactly) {
  const int depth = Requirement::kDepthMax;
  EXPECT_EQ(Canonical(Repeated("(", depth) + "a" + Repeated(")", depth)), "a");
  EXPECT_EQ(Canonical(Repeated("not ", depth) + "a"), "a");
  EXPECT_EQ(
      Canonical(Repeated("(", depth + 1) + "a" + Repeated(")", depth + 1)),
      "column 65: found '(', expected at most 64 levels of nesting");
  std::string atoms = "s0";
  for (int i = 1; i < Requirement::kAtomsMax; ++i) {
    atoms += " and s" + std::to_string(i);
  }
  const absl::StatusOr<Requirement> most = Requirement::Parse(atoms);
  ASSERT_TRUE(most.ok());
  EXPECT_EQ(most->atoms().size(), static_cast<size_t>(Requirement::kAtomsMax));
  EXPECT_THAT(Canonical(atoms + " and one_more"),
              testing::HasSubstr("expected at most 256 conditions"));
  EXPECT_EQ(Requirement::And(*most, *Requirement::Parse("x")).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Requirement::Or(*most, *Requirement::Parse("x")).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(Canonical(std::string(Requirement::kTextMax + 1, ' ')),
              testing::HasSubstr("expected at most 65,536 bytes"));
  // Hostile nesting must not reach the stack's end.
  EXPECT_FALSE(Requirement::Parse(std::string(60000, '(')).ok());
  EXPECT_FALSE(Requirement::Parse(Repeated("not ", 16000)).ok());
}

TEST(RequirementTest, JoinsKeepTheMeaning) {
  const Requirement a = *Requirement::Parse("a or b");
  const Requirement c = *Requirement::Parse("c and d or e");
  EXPECT_EQ(Requirement::And(a, c)->canonical(), "(a or b) and (c and d or e)");
  EXPECT_EQ(Requirement::Or(a, c)->canonical(), "a or b or c and d or e");
  EXPECT_EQ(Requirement::And(a, Requirement())->canonical(), "a or b");
  EXPECT_TRUE(Requirement::Or(a, Requirement())->always_true());
}

// A random tree, kept apart from the parser's own.
struct Tree {
  int kind = 0;  // 0 atom, 1 not, 2 and, 3 or, 4 constant.
  int value = 0;
  std::vector<Tree> parts;

  std::string Text(std::mt19937_64& random) const {
    const auto wrapped = [&random](const Tree& part) {
      const bool plain = part.kind == 0 || part.kind == 4;
      const std::string text = part.Text(random);
      return plain && random() % 3 != 0 ? text : "(" + text + ")";
    };
    switch (kind) {
      case 0:
        return "s" + std::to_string(value);
      case 1:
        return "not " + wrapped(parts[0]);
      case 4:
        return value != 0 ? "True" : "FALSE";
      default: {
        std::string text = wrapped(parts[0]);
        for (size_t i = 1; i < parts.size(); ++i) {
          text += (kind == 2 ? " and " : "  OR ") + wrapped(parts[i]);
        }
        return text;
      }
    }
  }

  bool Holds(uint32_t world) const {
    switch (kind) {
      case 0:
        return (world >> value & 1) != 0;
      case 1:
        return !parts[0].Holds(world);
      case 4:
        return value != 0;
      default:
        for (const Tree& part : parts) {
          if (part.Holds(world) != (kind == 2)) return kind != 2;
        }
        return kind == 2;
    }
  }
};

Tree RandomTree(std::mt19937_64& random, int depth) {
  Tree tree;
  tree.kind = depth == 0 ? 0 : static_cast<int>(random() % 5);
  tree.value = static_cast<int>(random() % (tree.kind == 4 ? 2 : 6));
  size_t parts = 0;
  if (tree.kind == 1) parts = 1;
  if (tree.kind == 2 || tree.kind == 3) parts = 2 + random() % 3;
  for (size_t i = 0; i < parts; ++i) {
    tree.parts.push_back(RandomTree(random, depth - 1));
  }
  return tree;
}

TEST(RequirementTest, CanonicalFormKeepsTheMeaningAndItself) {
  std::mt19937_64 random(1);
  std::set<std::string> spellings;
  for (int i = 0; i < 3000; ++i) {
    const Tree tree = RandomTree(random, 1 + i % 4);
    const std::string text = tree.Text(random);
    const absl::StatusOr<Requirement> parsed = Requirement::Parse(text);
    ASSERT_TRUE(parsed.ok()) << text << ": " << parsed.status();
    const absl::StatusOr<Requirement> again =
        Requirement::Parse(parsed->canonical());
    ASSERT_TRUE(again.ok()) << parsed->canonical();
    ASSERT_EQ(again->canonical(), parsed->canonical()) << text;
    spellings.insert(parsed->canonical());
    for (uint32_t world = 0; world < 64; ++world) {
      const auto holds = [world](const Requirement::Atom& atom) {
        return (world >> (atom.name[1] - '0') & 1) != 0;
      };
      ASSERT_EQ(Evaluate(*parsed, holds), tree.Holds(world)) << text;
      ASSERT_EQ(Evaluate(*again, holds), tree.Holds(world)) << text;
    }
  }
  EXPECT_GT(spellings.size(), 500U);
}

TEST(RequirementTest, DeepAlternationFitsTheStack) {
  std::string text = "a0 or a1 and (";
  for (int i = 1; i < Requirement::kDepthMax; ++i) text += "a or b and (";
  text += "a or b and c" + Repeated(")", Requirement::kDepthMax);
  const absl::StatusOr<Requirement> parsed = Requirement::Parse(text);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_FALSE(Evaluate(*parsed, [](const auto&) { return false; }));
  EXPECT_TRUE(Evaluate(*parsed, [](const auto&) { return true; }));
}

}  // namespace
}  // namespace callrouter
