#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "callrouter/config_file.h"
#include "message_node.h"
#include "printable.h"
#include "rapidjson/error/en.h"
#include "rapidjson/memorystream.h"
#include "rapidjson/reader.h"

namespace callrouter {
namespace {

// Builds nodes from the reader's calls. The reader does not say where a token
// begins, but nothing except blanks, ',' and ':' lies between two of them.
class Handler {
 public:
  Handler(std::string_view text, const rapidjson::MemoryStream* stream,
          MessageNode* root)
      : text_(text), stream_(stream), root_(root) {}

  bool Null() { return Scalar(NodeKind::kWord, "null"); }
  bool Bool(bool value) {
    return Scalar(NodeKind::kWord, value ? "true" : "false");
  }
  // Numbers come as they are written.
  bool RawNumber(const char* text, rapidjson::SizeType length, bool) {
    return Scalar(NodeKind::kNumber, std::string(text, length));
  }
  bool String(const char* text, rapidjson::SizeType length, bool) {
    return Scalar(NodeKind::kString, std::string(text, length));
  }
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(int64_t) { return false; }
  bool Uint64(uint64_t) { return false; }
  bool Double(double) { return false; }

  bool Key(const char* text, rapidjson::SizeType length, bool) {
    key_.assign(text, length);
    key_offset_ = Begin();
    done_ = stream_->Tell();
    return true;
  }
  bool StartObject() { return Open(NodeKind::kMessage); }
  bool StartArray() { return Open(NodeKind::kList); }
  bool EndObject(rapidjson::SizeType) { return Close(); }
  bool EndArray(rapidjson::SizeType) { return Close(); }

  // The path of what is being read.
  std::string Path() const {
    std::string path;
    for (size_t i = 0; i < open_.size(); ++i) {
      const MessageNode& node = *open_[i];
      const bool is_last = i + 1 == open_.size();
      if (node.kind == NodeKind::kList) {
        absl::StrAppend(&path, "[", node.children.size() - (is_last ? 0 : 1),
                        "]");
      } else {
        const std::string& name = is_last ? key_ : open_[i + 1]->name;
        absl::StrAppend(&path, path.empty() || name.empty() ? "" : ".",
                        Printable(name, 40));
      }
    }
    return path;
  }

  const std::string& refusal() const { return refusal_; }
  const std::string& limit() const { return limit_; }
  size_t refused_at() const { return refused_at_; }

 private:
  size_t Begin() const {
    size_t at = done_;
    while (at < text_.size() && std::string_view(" \t\r\n,:").find(text_[at]) !=
                                    std::string_view::npos) {
      ++at;
    }
    return at;
  }

  bool Refuse(std::string found, std::string expected) {
    refusal_ = std::move(found);
    limit_ = std::move(expected);
    refused_at_ = Begin();
    return false;
  }

  MessageNode* Place(NodeKind kind) {
    MessageNode* node = root_;
    if (!open_.empty()) {
      node = &open_.back()->children.emplace_back();
    }
    node->kind = kind;
    node->name_offset = key_offset_;
    node->offset = Begin();
    if (!open_.empty() && open_.back()->kind == NodeKind::kMessage) {
      node->name = std::move(key_);
      key_.clear();
    } else {
      node->name_offset = node->offset;
    }
    return node;
  }

  bool Scalar(NodeKind kind, std::string value) {
    if (open_.empty()) return Refuse("no object", "'{'");
    if (++count_ > kConfigValuesMax) return RefuseCount();
    Place(kind)->text = std::move(value);
    done_ = stream_->Tell();
    return true;
  }

  bool RefuseCount() {
    return Refuse("one value more", absl::StrCat("at most ", kConfigValuesMax));
  }

  bool Open(NodeKind kind) {
    if (open_.empty() && kind == NodeKind::kList) {
      return Refuse("'['", "'{'");
    }
    if (open_.size() == kNestingMax) {
      return Refuse("deeper nesting",
                    absl::StrCat("at most ", kNestingMax, " levels"));
    }
    if (++count_ > kConfigValuesMax) return RefuseCount();
    // A node's address is stable while it is open: only the children of the
    // innermost one grow.
    MessageNode* node = Place(kind);
    done_ = node->offset + 1;
    open_.push_back(node);
    return true;
  }

  bool Close() {
    done_ = Begin() + 1;
    open_.pop_back();
    return true;
  }

  std::string_view text_;
  const rapidjson::MemoryStream* stream_;
  MessageNode* root_;
  std::vector<MessageNode*> open_;
  std::string key_;
  size_t key_offset_ = 0;
  size_t done_ = 0;  // Where the last token ended.
  size_t count_ = 0;
  std::string refusal_;
  std::string limit_;
  size_t refused_at_ = 0;
};

}  // namespace

bool ReadJsonNodes(std::string_view text, const SyntaxFault& report,
                   MessageNode* root) {
  constexpr unsigned kFlags = rapidjson::kParseIterativeFlag |
                              rapidjson::kParseValidateEncodingFlag |
                              rapidjson::kParseNumbersAsStringsFlag;
  rapidjson::MemoryStream stream(text.data(), text.size());
  Handler handler(text, &stream, root);
  rapidjson::Reader reader;
  const rapidjson::ParseResult result = reader.Parse<kFlags>(stream, handler);
  if (!result.IsError()) {
    // The reader takes a NUL for the end.
    if (stream.Tell() == text.size()) return true;
    report(stream.Tell(), "", "'\\x00'", "the end of the file");
    return false;
  }
  if (!handler.refusal().empty()) {
    report(handler.refused_at(), handler.Path(), handler.refusal(),
           handler.limit());
    return false;
  }
  const size_t at = result.Offset();
  std::string expected = rapidjson::GetParseError_En(result.Code());
  if (!expected.empty() && expected.back() == '.') expected.pop_back();
  report(at, handler.Path(),
         at >= text.size()
             ? "the end of the file"
             : absl::StrCat("'", Printable(text.substr(at), 20), "'"),
         absl::StrCat("JSON (", expected, ")"));
  return false;
}

}  // namespace callrouter
