// callrouter internal: a message as written, before its schema is looked at.

#ifndef CALLROUTER_SRC_MESSAGE_NODE_H_
#define CALLROUTER_SRC_MESSAGE_NODE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace google::protobuf {
class Descriptor;
}  // namespace google::protobuf

namespace callrouter {

enum class NodeKind : uint8_t {
  kMessage,  // Its fields are the children.
  kList,     // Its elements are the children, without names.
  kString,   // `text` is decoded.
  kNumber,   // `text` is as written, with its sign.
  kWord,     // true, false, null, an enumerator.
};

struct MessageNode {
  NodeKind kind = NodeKind::kMessage;
  size_t name_offset = 0;  // Of the field's name, in the file.
  size_t offset = 0;       // Of the value.
  std::string name;
  std::string text;
  std::vector<MessageNode> children;
};

// Deepest nesting of messages and lists that is read.
inline constexpr int kNestingMax = 32;

// Receives a syntax fault: where, the path of the field or empty, what.
using SyntaxFault = std::function<void(
    size_t offset, std::string field, std::string found, std::string expected)>;

// Read `text` into `root`, a kMessage. False if after a fault it is unknown
// what belongs to what. `descriptor` serves to name fields in faults only.
bool ReadTextNodes(std::string_view text,
                   const google::protobuf::Descriptor* descriptor,
                   const SyntaxFault& report, MessageNode* root);
bool ReadJsonNodes(std::string_view text, const SyntaxFault& report,
                   MessageNode* root);

// Where in the file the byte number `decoded` (from 0) of the string literal at
// `offset` is written, escapes counted as what they stand for.
size_t OffsetInString(std::string_view text, size_t offset, size_t decoded);

}  // namespace callrouter

#endif  // CALLROUTER_SRC_MESSAGE_NODE_H_
