#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "callrouter/config_file.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "message_node.h"
#include "printable.h"

namespace callrouter {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::io::Tokenizer;

struct Token {
  Tokenizer::TokenType type = Tokenizer::TYPE_END;
  int line = 0;
  size_t offset = 0;
  size_t length = 0;
};

// Turns the tokenizer's line and column, where a tab counts up to the next
// multiple of eight, into byte offsets. Asked in ascending order.
class Offsets {
 public:
  explicit Offsets(std::string_view text) : text_(text) {}

  size_t Of(int line, int column) {
    if (line < line_ || (line == line_ && column < column_)) {
      line_ = column_ = 0;
      at_ = 0;
    }
    while (at_ < text_.size() &&
           (line_ < line || (line_ == line && column_ < column))) {
      const char c = text_[at_++];
      if (c == '\n') {
        ++line_;
        column_ = 0;
      } else {
        column_ += c == '\t' ? 8 - column_ % 8 : 1;
      }
    }
    return at_;
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
  int line_ = 0;
  int column_ = 0;
};

// What the tokenizer complains about: bad characters and bad literals.
class LexicalErrors : public google::protobuf::io::ErrorCollector {
 public:
  LexicalErrors(std::string_view text, const SyntaxFault& report)
      : text_(text), report_(report), offsets_(text) {}

  void AddError(int line, google::protobuf::io::ColumnNumber column,
                const std::string& message) override {
    // One bad literal can bring an error for each character.
    if (line == last_line_) return;
    last_line_ = line;
    const size_t at = offsets_.Of(line, column);
    std::string expected = message;
    while (!expected.empty() && expected.back() == '.') expected.pop_back();
    const std::string_view rest = text_.substr(at, text_.substr(at).find('\n'));
    report_(at, "",
            rest.empty() ? "the end of the line"
                         : absl::StrCat("'", Printable(rest, 20), "'"),
            absl::StrCat("protobuf text (", expected, ")"));
  }

 private:
  std::string_view text_;
  const SyntaxFault& report_;
  Offsets offsets_;
  int last_line_ = -1;
};

// Recursive descent over tokens; depth is limited to kNestingMax. After a fault
// it goes on with the next field.
class TextReader {
 public:
  TextReader(std::string_view text, const SyntaxFault& report)
      : text_(text), report_(report) {}

  bool Read(const Descriptor* descriptor, MessageNode* root) {
    if (!Tokenize()) return false;
    descriptor_ = descriptor;
    ReadFields(root, 0, 0);
    return sound_;
  }

 private:
  bool Tokenize() {
    google::protobuf::io::ArrayInputStream input(
        text_.data(), static_cast<int>(text_.size()));
    LexicalErrors errors(text_, report_);
    Tokenizer tokenizer(&input, &errors);
    tokenizer.set_comment_style(Tokenizer::SH_COMMENT_STYLE);
    tokenizer.set_allow_f_after_float(true);
    tokenizer.set_require_space_after_number(false);
    tokenizer.set_allow_multiline_strings(false);
    Offsets offsets(text_);
    while (tokenizer.Next()) {
      const Tokenizer::Token& current = tokenizer.current();
      Token token;
      token.type = current.type;
      token.line = current.line;
      token.offset = offsets.Of(current.line, current.column);
      token.length = current.text.size();
      // A name, its value and the signs around them.
      if (tokens_.size() == kConfigValuesMax * 4) {
        report_(token.offset, "", "one value more",
                absl::StrCat("at most ", kConfigValuesMax));
        return false;
      }
      tokens_.push_back(token);
    }
    Token end;
    end.offset = text_.size();
    end.line = tokenizer.current().line;
    tokens_.push_back(end);
    return true;
  }

  const Token& Current() const { return tokens_[at_]; }
  const Token& Ahead(size_t count) const {
    return tokens_[std::min(at_ + count, tokens_.size() - 1)];
  }
  std::string_view TextOf(const Token& token) const {
    return text_.substr(token.offset, token.length);
  }
  bool IsSymbol(const Token& token, char symbol) const {
    return token.type == Tokenizer::TYPE_SYMBOL &&
           text_[token.offset] == symbol;
  }
  bool Is(char symbol) const { return IsSymbol(Current(), symbol); }
  bool IsEnd() const { return Current().type == Tokenizer::TYPE_END; }
  void Next() { at_ = std::min(at_ + 1, tokens_.size() - 1); }
  bool Accept(char symbol) {
    if (!Is(symbol)) return false;
    Next();
    return true;
  }

  // One fault a line: the others mostly follow from the first.
  void Fault(std::string expected) {
    if (!IsEnd() && Current().line == fault_line_) return;
    fault_line_ = Current().line;
    report_(Current().offset, path_,
            IsEnd() ? "the end of the file"
                    : absl::StrCat("'", Printable(TextOf(Current()), 30), "'"),
            std::move(expected));
  }

  // A field begins here: `name :`, `name {` or `name <`.
  bool AtField(size_t ahead) const {
    if (Ahead(ahead).type != Tokenizer::TYPE_IDENTIFIER) return false;
    const Token& after = Ahead(ahead + 1);
    return IsSymbol(after, ':') || IsSymbol(after, '{') || IsSymbol(after, '<');
  }

  // Up to `close`, or to the end of the file if that is NUL.
  void ReadFields(MessageNode* message, char close, int open_line) {
    absl::flat_hash_map<std::string, int> counts;
    while (true) {
      if (close != 0 && Accept(close)) return;
      if (IsEnd()) {
        if (close == 0 || gave_up_) return;
        Fault(absl::StrCat("'", std::string(1, close),
                           "' for what opens on line ", open_line + 1));
        sound_ = false;
        return;
      }
      if (Current().type == Tokenizer::TYPE_IDENTIFIER) {
        ReadField(message, &counts);
      } else {
        Fault("the name of a field");
        SkipStray();
      }
      if (!Accept(',')) Accept(';');
    }
  }

  // Something that is no field, with all that it may hold.
  void SkipStray() {
    if (Is('}') || Is('>') || Is('{')) sound_ = false;
    if (!Is('{')) return Next();
    MessageNode lost;
    ReadMessage(&lost);
  }

  void ReadField(MessageNode* message,
                 absl::flat_hash_map<std::string, int>* counts) {
    MessageNode& field = message->children.emplace_back();
    field.name = std::string(TextOf(Current()));
    field.name_offset = field.offset = Current().offset;
    const Descriptor* const outer = descriptor_;
    const size_t outer_path = path_.size();
    const FieldDescriptor* const known =
        outer == nullptr ? nullptr : outer->FindFieldByName(field.name);
    absl::StrAppend(&path_, path_.empty() ? "" : ".", field.name);
    if (known != nullptr && known->is_repeated()) {
      absl::StrAppend(&path_, "[", (*counts)[field.name]++, "]");
    }
    descriptor_ = known == nullptr ? nullptr : known->message_type();
    Next();
    const bool good = ReadValue(&field);
    descriptor_ = outer;
    path_.resize(outer_path);
    if (!good) message->children.pop_back();
  }

  // What follows a field's name.
  bool ReadValue(MessageNode* node) {
    const bool colon = Accept(':');
    if (Is('{') || Is('<')) return ReadMessage(node);
    if (!colon) {
      Fault("':' or '{'");
      return false;
    }
    if (Is('[')) return ReadList(node);
    return ReadScalar(node);
  }

  bool TooDeep() {
    if (depth_ < kNestingMax) return false;
    Fault(absl::StrCat("at most ", kNestingMax, " levels of nesting"));
    sound_ = false;
    gave_up_ = true;
    at_ = tokens_.size() - 1;
    return true;
  }

  bool ReadMessage(MessageNode* node) {
    if (TooDeep()) return false;
    node->kind = NodeKind::kMessage;
    node->offset = Current().offset;
    const char close = Is('{') ? '}' : '>';
    const int line = Current().line;
    Next();
    ++depth_;
    ReadFields(node, close, line);
    --depth_;
    return true;
  }

  bool ReadList(MessageNode* node) {
    if (TooDeep()) return false;
    node->kind = NodeKind::kList;
    node->offset = Current().offset;
    Next();
    if (Accept(']')) return true;
    ++depth_;
    bool good = true;
    do {
      MessageNode& element = node->children.emplace_back();
      element.name_offset = element.offset = Current().offset;
      good = Is('{') || Is('<') ? ReadMessage(&element) : ReadScalar(&element);
    } while (good && Accept(','));
    --depth_;
    if (good && Accept(']')) return true;
    if (good) Fault("',' or ']'");
    SkipList();
    return false;
  }

  // To behind the list, or to the next field.
  void SkipList() {
    while (!IsEnd() && !AtField(0) && !Is('}')) {
      if (Accept(']')) return;
      Next();
    }
  }

  bool ReadScalar(MessageNode* node) {
    node->offset = Current().offset;
    const bool negative = Accept('-');
    const Token token = Current();
    switch (token.type) {
      case Tokenizer::TYPE_STRING:
        if (negative) break;
        node->kind = NodeKind::kString;
        for (; Current().type == Tokenizer::TYPE_STRING; Next()) {
          Tokenizer::ParseStringAppend(std::string(TextOf(Current())),
                                       &node->text);
        }
        return true;
      case Tokenizer::TYPE_INTEGER:
      case Tokenizer::TYPE_FLOAT:
        node->kind = NodeKind::kNumber;
        node->text =
            absl::StrCat(negative ? "-" : "", std::string(TextOf(token)));
        Next();
        return true;
      case Tokenizer::TYPE_IDENTIFIER:
        // `ring:` and the next field on the next line: the value is missing.
        if (AtField(0)) break;
        node->kind = negative ? NodeKind::kNumber : NodeKind::kWord;
        node->text =
            absl::StrCat(negative ? "-" : "", std::string(TextOf(token)));
        Next();
        return true;
      default:
        break;
    }
    Fault("a value");
    return false;
  }

  std::string_view text_;
  const SyntaxFault& report_;
  std::vector<Token> tokens_;
  size_t at_ = 0;
  int depth_ = 0;
  bool sound_ = true;
  bool gave_up_ = false;  // What follows is not looked at.
  int fault_line_ = -1;
  // Of the message being read; null when it is unknown.
  const Descriptor* descriptor_ = nullptr;
  std::string path_;  // Of the field being read.
};

}  // namespace

bool ReadTextNodes(std::string_view text,
                   const google::protobuf::Descriptor* descriptor,
                   const SyntaxFault& report, MessageNode* root) {
  return TextReader(text, report).Read(descriptor, root);
}

}  // namespace callrouter
