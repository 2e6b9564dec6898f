// callrouter internal: nodes as written become a message of a schema.

#ifndef CALLROUTER_SRC_MESSAGE_BUILDER_H_
#define CALLROUTER_SRC_MESSAGE_BUILDER_H_

#include <string>
#include <string_view>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "message_node.h"

namespace callrouter {

// The field that `name` means, or null. JSON has lowerCamelCase names as well.
const google::protobuf::FieldDescriptor* FindField(
    const google::protobuf::Descriptor& descriptor, const std::string& name,
    bool is_json);

// The path of element `index` of `field` inside the message at `parent`.
std::string FieldPath(const std::string& parent,
                      const google::protobuf::FieldDescriptor& field,
                      int index);

// Sets the fields of `message` from `node`. Whatever does not fit the schema is
// reported and left out.
void BuildMessage(const MessageNode& node, bool is_json,
                  const SyntaxFault& report,
                  google::protobuf::Message* message);

}  // namespace callrouter

#endif  // CALLROUTER_SRC_MESSAGE_BUILDER_H_
