#include "requirement_lexer.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "printable.h"

namespace callrouter::requirement_internal {
namespace {

using Compare = Requirement::Compare;

bool IsNameStart(char c) {
  return absl::ascii_isalpha(static_cast<unsigned char>(c)) || c == '_';
}

bool IsNamePart(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' ||
         c == '.' || c == '-';
}

bool IsDigit(char c) {
  return absl::ascii_isdigit(static_cast<unsigned char>(c));
}

}  // namespace

bool IsReserved(std::string_view word) {
  constexpr std::string_view kWords[] = {"and",   "or", "not",    "true",
                                         "false", "in", "member", "penalty"};
  return std::find(std::begin(kWords), std::end(kWords), Lower(word)) !=
         std::end(kWords);
}

bool IsPlainName(std::string_view name) {
  return !name.empty() && IsNameStart(name.front()) &&
         std::all_of(name.begin(), name.end(), IsNamePart) && !IsReserved(name);
}

std::string Lower(std::string_view text) {
  return absl::AsciiStrToLower(absl::string_view(text.data(), text.size()));
}

Token Lexer::Next() {
  while (at_ < text_.size() &&
         absl::ascii_isspace(static_cast<unsigned char>(text_[at_]))) {
    ++at_;
  }
  Token token;
  token.begin = at_;
  if (at_ == text_.size()) return token;
  const char c = text_[at_];
  if (IsNameStart(c)) {
    size_t end = at_ + 1;
    while (end < text_.size() && IsNamePart(text_[end])) ++end;
    return Finish(std::move(token), TokenKind::kWord, end);
  }
  if (IsDigit(c)) {
    size_t end = at_ + 1;
    while (end < text_.size() && IsDigit(text_[end])) ++end;
    return Finish(std::move(token), TokenKind::kInteger, end);
  }
  switch (c) {
    case '(':
      return Finish(std::move(token), TokenKind::kOpen, at_ + 1);
    case ')':
      return Finish(std::move(token), TokenKind::kClose, at_ + 1);
    case ',':
      return Finish(std::move(token), TokenKind::kComma, at_ + 1);
    case '"':
      return String(std::move(token));
    case '`':
      return Name(std::move(token));
    default:
      return Operator(std::move(token), c);
  }
}

Token Lexer::Finish(Token token, TokenKind kind, size_t end) {
  token.kind = kind;
  token.raw = text_.substr(at_, end - at_);
  if (kind == TokenKind::kWord || kind == TokenKind::kInteger) {
    token.text = std::string(token.raw);
  }
  at_ = end;
  return token;
}

Token Lexer::Bad(Token token, size_t end, const char* expected) {
  token.expected = expected;
  return Finish(std::move(token), TokenKind::kBad, end);
}

Token Lexer::String(Token token) {
  for (size_t end = at_ + 1; end < text_.size(); ++end) {
    if (text_[end] == '"') {
      return Finish(std::move(token), TokenKind::kString, end + 1);
    }
    if (text_[end] == '\\') {
      ++end;
      if (end == text_.size()) break;
      if (text_[end] != '"' && text_[end] != '\\') {
        token.begin = at_ = end - 1;
        return Bad(std::move(token), end + 1, "\\\" or \\\\");
      }
    }
    token.text.push_back(text_[end]);
  }
  return Bad(std::move(token), text_.size(), "a string that ends with '\"'");
}

Token Lexer::Name(Token token) {
  const size_t end = text_.find('`', at_ + 1);
  if (end == std::string_view::npos) {
    return Bad(std::move(token), text_.size(), "a name that ends with '`'");
  }
  if (end == at_ + 1) {
    return Bad(std::move(token), end + 1, "a name between the backquotes");
  }
  token.text = std::string(text_.substr(at_ + 1, end - at_ - 1));
  return Finish(std::move(token), TokenKind::kName, end + 1);
}

Token Lexer::Operator(Token token, char c) {
  const bool equals = at_ + 1 < text_.size() && text_[at_ + 1] == '=';
  const size_t end = at_ + (equals ? 2 : 1);
  switch (c) {
    case '<':
      token.compare = equals ? Compare::kLessEqual : Compare::kLess;
      break;
    case '>':
      token.compare = equals ? Compare::kGreaterEqual : Compare::kGreater;
      break;
    case '=':
      if (!equals) return Bad(std::move(token), end, "'=='");
      token.compare = Compare::kEqual;
      break;
    case '!':
      if (!equals) return Bad(std::move(token), end, "'!=' or \"not\"");
      token.compare = Compare::kNotEqual;
      break;
    case '&':
      return Bad(std::move(token), end, "\"and\"");
    case '|':
      return Bad(std::move(token), end, "\"or\"");
    default: {
      const size_t length = Utf8Length(text_.substr(at_));
      if (length > 1) {
        return Bad(std::move(token), at_ + length,
                   "ASCII letters; write other names in `backquotes`");
      }
      return Bad(std::move(token), at_ + 1, nullptr);
    }
  }
  return Finish(std::move(token), TokenKind::kCompare, end);
}

}  // namespace callrouter::requirement_internal
