#include "message_builder.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/io/tokenizer.h"
#include "printable.h"

namespace callrouter {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::OneofDescriptor;
using google::protobuf::Reflection;
using google::protobuf::io::Tokenizer;

// Names longer than this are not compared for likeness.
constexpr size_t kLikenessMax = 40;

// How many insertions, deletions and changes turn `a` into `b`.
size_t Distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row.back();
}

// The field that was probably meant, or all there are.
std::string ExpectedField(const Descriptor& descriptor,
                          const std::string& name) {
  std::string all;
  std::string nearest;
  size_t least = 3;
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const std::string& field = descriptor.field(i)->name();
    absl::StrAppend(&all, all.empty() ? "" : ", ", field);
    if (name.size() > kLikenessMax) continue;
    const size_t distance = Distance(name, field);
    if (distance < least && distance < field.size()) {
      least = distance;
      nearest = field;
    }
  }
  if (!nearest.empty()) return absl::StrCat("\"", nearest, "\"");
  return absl::StrCat("a field of ", descriptor.name(), ": ", all);
}

std::string EnumNames(const google::protobuf::EnumDescriptor& type) {
  std::string names;
  for (int i = 0; i < type.value_count(); ++i) {
    if (absl::EndsWith(type.value(i)->name(), "_UNSPECIFIED")) continue;
    absl::StrAppend(&names, names.empty() ? "" : ", ", type.value(i)->name());
  }
  return names;
}

std::string Describe(const MessageNode& node) {
  switch (node.kind) {
    case NodeKind::kMessage:
      return "a message";
    case NodeKind::kList:
      return "a list";
    case NodeKind::kString:
      return absl::StrCat("\"", Printable(node.text, 40), "\"");
    default:
      return Printable(node.text, 40);
  }
}

bool IsUtf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const size_t length = Utf8Length(text.substr(at));
    if (length == 0) return false;
    at += length;
  }
  return true;
}

// A whole number: decimal, in protobuf text hexadecimal and octal too, in JSON
// also quoted or with an empty fraction, as JSON's writers have it.
bool ParseWhole(const MessageNode& node, bool is_json, bool* negative,
                uint64_t* magnitude) {
  if (node.kind != NodeKind::kNumber &&
      !(is_json && node.kind == NodeKind::kString)) {
    return false;
  }
  std::string_view digits = node.text;
  *negative = !digits.empty() && digits.front() == '-';
  if (*negative) digits.remove_prefix(1);
  if (digits.empty() ||
      !absl::ascii_isdigit(static_cast<unsigned char>(digits.front()))) {
    return false;
  }
  constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();
  if (!is_json) {
    return Tokenizer::ParseInteger(std::string(digits), kMax, magnitude);
  }
  if (absl::EndsWith(absl::string_view(digits.data(), digits.size()), ".0")) {
    digits.remove_suffix(2);
  }
  return absl::SimpleAtoi(absl::string_view(digits.data(), digits.size()),
                          magnitude);
}

bool ParseReal(const MessageNode& node, double* value) {
  if (node.kind != NodeKind::kNumber) return false;
  std::string_view digits = node.text;
  if (!digits.empty() && (digits.back() == 'f' || digits.back() == 'F')) {
    digits.remove_suffix(1);  // Protobuf text may say 1.5f.
  }
  return absl::SimpleAtod(absl::string_view(digits.data(), digits.size()),
                          value) &&
         std::isfinite(*value);
}

class Builder {
 public:
  Builder(bool is_json, const SyntaxFault& report)
      : is_json_(is_json), report_(report) {}

  // Recursion is as deep as the nodes are nested, at most kNestingMax.
  void Build(const MessageNode& node, const std::string& path,
             Message* message) {
    const Descriptor& descriptor = *message->GetDescriptor();
    absl::flat_hash_map<const FieldDescriptor*, int> counts;
    for (const MessageNode& child : node.children) {
      const FieldDescriptor* field =
          FindField(descriptor, child.name, is_json_);
      if (field == nullptr) {
        const std::string shown = Printable(child.name, 40);
        report_(child.name_offset,
                path.empty() ? shown : absl::StrCat(path, ".", shown),
                "an unknown field", ExpectedField(descriptor, child.name));
        continue;
      }
      int* count = &counts[field];
      if (is_json_ && child.kind == NodeKind::kWord && child.text == "null") {
        continue;
      }
      if (field->is_repeated()) {
        BuildRepeated(child, *field, path, count, message);
      } else if (MayBeSet(child, *field, path, ++*count, *message)) {
        BuildField(child, *field, FieldPath(path, *field, -1), message);
      }
    }
  }

 private:
  void BuildRepeated(const MessageNode& child, const FieldDescriptor& field,
                     const std::string& path, int* count, Message* message) {
    if (child.kind != NodeKind::kList) {
      const std::string at = FieldPath(path, field, (*count)++);
      if (is_json_) {
        return Wrong(child, at, "a list");
      }
      return BuildField(child, field, at, message);
    }
    for (const MessageNode& element : child.children) {
      BuildField(element, field, FieldPath(path, field, (*count)++), message);
    }
  }

  // Whether a singular field, and no other of its oneof, is set only once.
  bool MayBeSet(const MessageNode& child, const FieldDescriptor& field,
                const std::string& path, int count, const Message& message) {
    if (count > 1) {
      report_(child.name_offset, FieldPath(path, field, -1), "a second time",
              "this field once");
      return false;
    }
    const OneofDescriptor* oneof = field.real_containing_oneof();
    if (oneof == nullptr) return true;
    const FieldDescriptor* other =
        message.GetReflection()->GetOneofFieldDescriptor(message, oneof);
    if (other == nullptr) return true;
    report_(child.name_offset, FieldPath(path, field, -1),
            absl::StrCat("it beside ", other->name()), "one of the two");
    return false;
  }

  void Wrong(const MessageNode& node, const std::string& path,
             std::string expected) {
    report_(node.offset, path, Describe(node), std::move(expected));
  }

  void BuildField(const MessageNode& node, const FieldDescriptor& field,
                  const std::string& path, Message* message) {
    const Reflection& reflection = *message->GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE: {
        // An element that is wrong keeps its place, so that paths stay true.
        Message* inner = field.is_repeated()
                             ? reflection.AddMessage(message, &field)
                             : nullptr;
        if (node.kind != NodeKind::kMessage) {
          return Wrong(
              node, path,
              is_json_ ? "an object" : absl::StrCat(field.name(), " { ... }"));
        }
        if (inner == nullptr) {
          inner = reflection.MutableMessage(message, &field);
        }
        return Build(node, path, inner);
      }
      case FieldDescriptor::CPPTYPE_STRING:
        return BuildText(node, field, path, message);
      case FieldDescriptor::CPPTYPE_ENUM:
        return BuildEnum(node, field, path, message);
      case FieldDescriptor::CPPTYPE_BOOL:
        return BuildBool(node, field, path, message);
      case FieldDescriptor::CPPTYPE_DOUBLE:
      case FieldDescriptor::CPPTYPE_FLOAT:
        return BuildReal(node, field, path, message);
      default:
        return BuildWhole(node, field, path, message);
    }
  }

  void BuildText(const MessageNode& node, const FieldDescriptor& field,
                 const std::string& path, Message* message) {
    const Reflection& reflection = *message->GetReflection();
    std::string value;
    if (node.kind != NodeKind::kString) {
      const bool number = node.kind == NodeKind::kNumber;
      Wrong(node, path,
            number ? absl::StrCat("text in double quotes; a duration has a "
                                  "unit too, write \"",
                                  Printable(node.text, 20), "s\"")
                   : "text in double quotes");
    } else if (!IsUtf8(node.text)) {
      Wrong(node, path, "text in UTF-8");
    } else {
      value = node.text;
    }
    if (field.is_repeated()) {
      reflection.AddString(message, &field, std::move(value));
    } else {
      reflection.SetString(message, &field, std::move(value));
    }
  }

  void BuildEnum(const MessageNode& node, const FieldDescriptor& field,
                 const std::string& path, Message* message) {
    const google::protobuf::EnumDescriptor& type = *field.enum_type();
    const EnumValueDescriptor* value = nullptr;
    bool negative = false;
    uint64_t number = 0;
    if (node.kind == (is_json_ ? NodeKind::kString : NodeKind::kWord)) {
      value = type.FindValueByName(node.text);
    } else if (node.kind == NodeKind::kNumber &&
               ParseWhole(node, is_json_, &negative, &number) && !negative &&
               number <= INT32_MAX) {
      value = type.FindValueByNumber(static_cast<int>(number));
    }
    if (value == nullptr) {
      return Wrong(node, path, absl::StrCat("one of ", EnumNames(type)));
    }
    const Reflection& reflection = *message->GetReflection();
    if (field.is_repeated()) {
      reflection.AddEnum(message, &field, value);
    } else {
      reflection.SetEnum(message, &field, value);
    }
  }

  void BuildBool(const MessageNode& node, const FieldDescriptor& field,
                 const std::string& path, Message* message) {
    const bool word = node.kind == NodeKind::kWord;
    const bool number = !is_json_ && node.kind == NodeKind::kNumber;
    const std::string& text = node.text;
    const bool yes =
        (word &&
         (text == "true" || (!is_json_ && (text == "True" || text == "t")))) ||
        (number && text == "1");
    const bool no =
        (word && (text == "false" ||
                  (!is_json_ && (text == "False" || text == "f")))) ||
        (number && text == "0");
    if (!yes && !no) return Wrong(node, path, "true or false");
    const Reflection& reflection = *message->GetReflection();
    if (field.is_repeated()) {
      reflection.AddBool(message, &field, yes);
    } else {
      reflection.SetBool(message, &field, yes);
    }
  }

  void BuildReal(const MessageNode& node, const FieldDescriptor& field,
                 const std::string& path, Message* message) {
    double value = 0;
    if (!ParseReal(node, &value)) return Wrong(node, path, "a number");
    const Reflection& reflection = *message->GetReflection();
    const bool is_float = field.cpp_type() == FieldDescriptor::CPPTYPE_FLOAT;
    if (is_float && std::fabs(value) > std::numeric_limits<float>::max()) {
      return Wrong(node, path, "a smaller number");
    }
    if (is_float && field.is_repeated()) {
      reflection.AddFloat(message, &field, static_cast<float>(value));
    } else if (is_float) {
      reflection.SetFloat(message, &field, static_cast<float>(value));
    } else if (field.is_repeated()) {
      reflection.AddDouble(message, &field, value);
    } else {
      reflection.SetDouble(message, &field, value);
    }
  }

  void BuildWhole(const MessageNode& node, const FieldDescriptor& field,
                  const std::string& path, Message* message) {
    bool negative = false;
    uint64_t magnitude = 0;
    const bool whole = ParseWhole(node, is_json_, &negative, &magnitude);
    // The largest magnitude that fits, by sign.
    uint64_t most = 0;
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        most = uint64_t{INT32_MAX} + (negative ? 1 : 0);
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        most = uint64_t{INT64_MAX} + (negative ? 1 : 0);
        break;
      case FieldDescriptor::CPPTYPE_UINT32:
        most = negative ? 0 : uint64_t{UINT32_MAX};
        break;
      default:
        most = negative ? 0 : UINT64_MAX;
        break;
    }
    if (!whole || magnitude > most) {
      return Wrong(node, path,
                   absl::StrCat("a whole number from ", LeastOf(field), " to ",
                                MostOf(field)));
    }
    SetWhole(field, negative ? uint64_t{0} - magnitude : magnitude, message);
  }

  static std::string LeastOf(const FieldDescriptor& field) {
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return absl::StrCat(INT32_MIN);
      case FieldDescriptor::CPPTYPE_INT64:
        return absl::StrCat(INT64_MIN);
      default:
        return "0";
    }
  }

  static std::string MostOf(const FieldDescriptor& field) {
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return absl::StrCat(INT32_MAX);
      case FieldDescriptor::CPPTYPE_INT64:
        return absl::StrCat(INT64_MAX);
      case FieldDescriptor::CPPTYPE_UINT32:
        return absl::StrCat(UINT32_MAX);
      default:
        return absl::StrCat(UINT64_MAX);
    }
  }

  // `bits` is the value in two's complement; it fits.
  static void SetWhole(const FieldDescriptor& field, uint64_t bits,
                       Message* message) {
    const Reflection& r = *message->GetReflection();
    const bool add = field.is_repeated();
    const auto as_int64 = static_cast<int64_t>(bits);
    const auto as_int32 = static_cast<int32_t>(as_int64);
    const auto as_uint32 = static_cast<uint32_t>(bits);
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return add ? r.AddInt32(message, &field, as_int32)
                   : r.SetInt32(message, &field, as_int32);
      case FieldDescriptor::CPPTYPE_INT64:
        return add ? r.AddInt64(message, &field, as_int64)
                   : r.SetInt64(message, &field, as_int64);
      case FieldDescriptor::CPPTYPE_UINT32:
        return add ? r.AddUInt32(message, &field, as_uint32)
                   : r.SetUInt32(message, &field, as_uint32);
      default:
        return add ? r.AddUInt64(message, &field, bits)
                   : r.SetUInt64(message, &field, bits);
    }
  }

  const bool is_json_;
  const SyntaxFault& report_;
};

}  // namespace

const FieldDescriptor* FindField(const Descriptor& descriptor,
                                 const std::string& name, bool is_json) {
  const FieldDescriptor* field = descriptor.FindFieldByName(name);
  if (field != nullptr || !is_json) return field;
  for (int i = 0; i < descriptor.field_count(); ++i) {
    if (descriptor.field(i)->json_name() == name) return descriptor.field(i);
  }
  return nullptr;
}

std::string FieldPath(const std::string& parent, const FieldDescriptor& field,
                      int index) {
  std::string path = parent;
  absl::StrAppend(&path, path.empty() ? "" : ".", field.name());
  if (index >= 0) absl::StrAppend(&path, "[", index, "]");
  return path;
}

void BuildMessage(const MessageNode& node, bool is_json,
                  const SyntaxFault& report, Message* message) {
  Builder(is_json, report).Build(node, "", message);
}

}  // namespace callrouter
