#include "message_file.h"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "message_builder.h"
#include "printable.h"

namespace callrouter {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Reads up to `digits_max` hexadecimal digits at `*at`.
uint32_t ReadHex(std::string_view text, size_t digits_max, size_t* at) {
  uint32_t value = 0;
  for (size_t i = 0; i < digits_max && *at < text.size(); ++i, ++*at) {
    const int digit = HexValue(text[*at]);
    if (digit < 0) break;
    value = value << 4 | static_cast<uint32_t>(digit);
  }
  return value;
}

size_t Utf8Size(uint32_t code) {
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

// Steps over one escape, `*at` behind its backslash. How many bytes it means.
size_t StepEscape(std::string_view text, size_t* at) {
  const char kind = text[(*at)++];
  switch (kind) {
    case 'x':
    case 'X':
      ReadHex(text, 2, at);
      return 1;
    case 'u': {
      const uint32_t code = ReadHex(text, 4, at);
      const bool is_pair =
          code >= 0xd800 && code < 0xdc00 && text.substr(*at, 2) == "\\u";
      if (!is_pair) return Utf8Size(code);
      *at += 2;
      ReadHex(text, 4, at);
      return 4;
    }
    case 'U':
      return Utf8Size(ReadHex(text, 8, at));
    default:
      break;
  }
  // Up to three octal digits.
  for (int i = 1; i < 3 && kind >= '0' && kind <= '7' && *at < text.size() &&
                  text[*at] >= '0' && text[*at] <= '7';
       ++i) {
    ++*at;
  }
  return 1;
}

}  // namespace

size_t OffsetInString(std::string_view text, size_t offset, size_t decoded) {
  size_t at = offset;
  while (at < text.size()) {
    const char quote = text[at];
    if (quote != '"' && quote != '\'') return at;
    ++at;
    while (at < text.size() && text[at] != quote) {
      if (decoded == 0) return at;
      size_t bytes = 1;
      ++at;
      if (text[at - 1] == '\\' && at < text.size()) {
        bytes = StepEscape(text, &at);
      }
      decoded -= std::min(decoded, bytes);
    }
    // Protobuf text joins literals that follow one another.
    size_t next = std::min(at + 1, text.size());
    while (next < text.size() && (IsBlank(text[next]) || text[next] == '#')) {
      next = text[next] == '#' ? std::min(text.find('\n', next), text.size())
                               : next + 1;
    }
    if (next >= text.size() || (text[next] != '"' && text[next] != '\'')) {
      return at;  // Just behind the text, at the closing quote.
    }
    at = next;
  }
  return at;
}

MessageFile::MessageFile(std::string_view text, std::string_view file_name)
    : text_(text), file_name_(file_name) {}

bool MessageFile::Read(google::protobuf::Message* message) {
  descriptor_ = message->GetDescriptor();
  if (text_.size() > kConfigBytesMax) {
    AddAt(0, "", absl::StrCat(text_.size(), " bytes"),
          absl::StrCat("at most ", kConfigBytesMax));
    return false;
  }
  const auto first = std::find_if_not(text_.begin(), text_.end(), IsBlank);
  is_json_ = first != text_.end() && *first == '{';
  const SyntaxFault report = [this](size_t offset, std::string field,
                                    std::string found, std::string expected) {
    AddAt(offset, std::move(field), std::move(found), std::move(expected));
  };
  const bool sound = is_json_
                         ? ReadJsonNodes(text_, report, &root_)
                         : ReadTextNodes(text_, descriptor_, report, &root_);
  BuildMessage(root_, is_json_, report, message);
  return sound;
}

void MessageFile::AddAt(size_t offset, std::string field, std::string found,
                        std::string expected) {
  if (!field.empty()) faulty_paths_.insert(field);
  if (++fault_count_ > kFileFaultsMax) return;
  Placed placed;
  placed.offset = std::min(offset, text_.size());
  placed.fault.field = std::move(field);
  placed.fault.found = std::move(found);
  placed.fault.expected = std::move(expected);
  faults_.push_back(std::move(placed));
}

void MessageFile::Add(const std::string& path, std::string found,
                      std::string expected, int column) {
  if (faulty_paths_.contains(path)) return;
  if (fault_count_ >= kFileFaultsMax) {
    ++fault_count_;
    return;
  }
  const size_t offset = OffsetOf(path, column);
  ++fault_count_;
  Placed placed;
  placed.offset = offset;
  placed.fault.field = path;
  placed.fault.found = std::move(found);
  placed.fault.expected = std::move(expected);
  faults_.push_back(std::move(placed));
}

void MessageFile::Index(const MessageNode& node, const Descriptor* descriptor,
                        const std::string& path) {
  absl::flat_hash_map<const FieldDescriptor*, int> counts;
  for (const MessageNode& child : node.children) {
    const FieldDescriptor* field = FindField(*descriptor, child.name, is_json_);
    if (field == nullptr) continue;
    const auto add = [&](const MessageNode& value, int index) {
      const std::string at = FieldPath(path, *field, index);
      nodes_.try_emplace(at, &value);
      if (value.kind == NodeKind::kMessage &&
          field->message_type() != nullptr) {
        Index(value, field->message_type(), at);
      }
    };
    if (!field->is_repeated()) {
      add(child, -1);
    } else if (child.kind == NodeKind::kList) {
      for (const MessageNode& element : child.children) {
        add(element, counts[field]++);
      }
    } else {
      add(child, counts[field]++);
    }
  }
}

bool MessageFile::HasValue(const std::string& path) {
  if (!indexed_) Index(root_, descriptor_, "");
  indexed_ = true;
  const auto node = nodes_.find(path);
  return node != nodes_.end() && node->second->kind != NodeKind::kMessage;
}

size_t MessageFile::OffsetOf(std::string path, int column) {
  if (!indexed_) Index(root_, descriptor_, "");
  indexed_ = true;
  const auto exact = nodes_.find(path);
  if (exact != nodes_.end()) {
    const MessageNode& node = *exact->second;
    if (column > 0 && node.kind == NodeKind::kString) {
      return OffsetInString(text_, node.offset,
                            static_cast<size_t>(column) - 1);
    }
    return node.kind == NodeKind::kMessage ? node.name_offset : node.offset;
  }
  while (!path.empty()) {
    const size_t dot = path.rfind('.');
    path.resize(dot == std::string::npos ? 0 : dot);
    const auto holder = nodes_.find(path);
    if (holder != nodes_.end()) return holder->second->name_offset;
  }
  return 0;
}

std::vector<FileFault> MessageFile::Take() {
  std::sort(faults_.begin(), faults_.end(),
            [](const Placed& a, const Placed& b) {
              return std::tie(a.offset, a.fault.field, a.fault.found) <
                     std::tie(b.offset, b.fault.field, b.fault.found);
            });
  std::vector<FileFault> faults;
  int line = 1;
  size_t line_begin = 0;
  size_t at = 0;
  for (Placed& placed : faults_) {
    for (; at < placed.offset; ++at) {
      if (text_[at] != '\n') continue;
      ++line;
      line_begin = at + 1;
    }
    placed.fault.file = std::string(file_name_);
    placed.fault.line = line;
    placed.fault.column = static_cast<int>(placed.offset - line_begin) + 1;
    faults.push_back(std::move(placed.fault));
  }
  if (fault_count_ > kFileFaultsMax) {
    FileFault more;
    more.file = std::string(file_name_);
    more.line = line;
    more.column = 1;
    more.found =
        absl::StrCat(fault_count_ - kFileFaultsMax, " faults more than shown");
    more.expected = "none";
    faults.push_back(std::move(more));
  }
  return faults;
}

absl::Status Conclude(std::vector<FileFault> all,
                      std::vector<FileFault>* faults) {
  for (FileFault& fault : all) {
    constexpr std::size_t kMost = 500;  // Names in it are the file's.
    fault.file = Printable(fault.file, kMost);
    fault.found = Printable(fault.found, kMost);
    fault.expected = Printable(fault.expected, kMost);
  }
  const std::size_t more = all.empty() ? 0 : all.size() - 1;
  const std::string first = all.empty() ? "" : all[0].ToString();
  const bool good = all.empty();
  if (faults != nullptr) *faults = std::move(all);
  if (good) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      first, more > 0 ? absl::StrCat(" (and ", more, " more)") : ""));
}

}  // namespace callrouter
