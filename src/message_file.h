// callrouter internal: a message written as protobuf text or JSON, read so that
// every fault has its line and column.
//
//   MessageFile file(text, "centre.textproto");
//   v1::Config config;
//   file.Read(&config);                     // Syntax, names, types.
//   file.Add("queue[2].ring", "...", "...");  // What the caller finds out.
//   std::vector<FileFault> faults = file.Take();

#ifndef CALLROUTER_SRC_MESSAGE_FILE_H_
#define CALLROUTER_SRC_MESSAGE_FILE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "callrouter/config_file.h"
#include "message_node.h"

namespace google::protobuf {
class Descriptor;
class Message;
}  // namespace google::protobuf

namespace callrouter {

class MessageFile {
 public:
  // Both must outlive it.
  MessageFile(std::string_view text, std::string_view file_name);

  // Fills `message` with all that could be understood. Whether the structure
  // was sound, so that looking for faults in what is there makes sense; there
  // may be faults even so.
  bool Read(google::protobuf::Message* message);

  // Adds a fault of the field at `path`, e.g. "queue[2].ring", unless Read has
  // one there already. `column`, from 1, points into the string that is the
  // field's value. A field that is not in the file is placed at what holds it.
  void Add(const std::string& path, std::string found, std::string expected,
           int column = 0);

  // Whether the file has a value, not a message, at `path`.
  bool HasValue(const std::string& path);

  bool has_faults() const { return !faults_.empty(); }

  // All faults in the order of the file.
  std::vector<FileFault> Take();

 private:
  void AddAt(size_t offset, std::string field, std::string found,
             std::string expected);
  void Index(const MessageNode& node,
             const google::protobuf::Descriptor* descriptor,
             const std::string& path);
  size_t OffsetOf(std::string path, int column);

  struct Placed {
    size_t offset = 0;
    FileFault fault;
  };

  std::string_view text_;
  std::string_view file_name_;
  bool is_json_ = false;
  MessageNode root_;
  const google::protobuf::Descriptor* descriptor_ = nullptr;
  std::vector<Placed> faults_;
  size_t fault_count_ = 0;
  absl::flat_hash_set<std::string> faulty_paths_;
  bool indexed_ = false;
  absl::flat_hash_map<std::string, const MessageNode*> nodes_;  // By path.
};

// What a reader of such files answers: OK without faults, else
// kInvalidArgument with the first of `all` and how many there are. All of them,
// fit to be shown, go to `*faults`, unless null.
absl::Status Conclude(std::vector<FileFault> all,
                      std::vector<FileFault>* faults);

}  // namespace callrouter

#endif  // CALLROUTER_SRC_MESSAGE_FILE_H_
