// callrouter internal: the tokens of a requirement's text.

#ifndef CALLROUTER_SRC_REQUIREMENT_LEXER_H_
#define CALLROUTER_SRC_REQUIREMENT_LEXER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "callrouter/requirement.h"

namespace callrouter::requirement_internal {

enum class TokenKind : uint8_t {
  kWord,  // A name or one of the grammar's own words.
  kName,  // A name in backquotes; never a word of the grammar.
  kString,
  kInteger,
  kCompare,
  kOpen,
  kClose,
  kComma,
  kEnd,
  kBad,  // No token at all; `text` is what stands there.
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  size_t begin = 0;      // Byte offset of its first character.
  std::string_view raw;  // As written.
  std::string text;      // Words in lower case; strings and names unquoted.
  Requirement::Compare compare = Requirement::Compare::kEqual;
  const char* expected = nullptr;  // For kBad, when the lexer knows better.
};

// Whether a name may stand without backquotes.
bool IsPlainName(std::string_view name);

// Whether `word`, in any case, is one of the grammar's own words.
bool IsReserved(std::string_view word);

std::string Lower(std::string_view text);

// Splits `text`, which must outlive it, from left to right. Never fails: what
// is no token comes as kBad, and after the last token kEnd for ever.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Token Next();

 private:
  Token Finish(Token token, TokenKind kind, size_t end);
  Token Bad(Token token, size_t end, const char* expected);
  Token String(Token token);
  Token Name(Token token);
  Token Operator(Token token, char c);

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace callrouter::requirement_internal

#endif  // CALLROUTER_SRC_REQUIREMENT_LEXER_H_
