// Asterisk's configuration file syntax: comments, sections, templates,
// includes. Knows nothing of queues.

#ifndef CALLROUTER_SRC_ASTERISK_READER_H_
#define CALLROUTER_SRC_ASTERISK_READER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "asterisk_ledger.h"
#include "asterisk_lines.h"

namespace callrouter::asterisk {

struct Value {
  std::string key;  // As written.
  std::string text;
  std::vector<LineRef> lines;  // Several after `+=`.

  LineRef at() const { return lines.back(); }
};

struct Section {
  std::string name;
  bool is_template = false;
  LineRef at;
  // Every header that has a part in it: its own, those that append to it,
  // those it inherits from.
  std::vector<LineRef> headers;
  std::vector<Value> values;  // Inherited ones included, in order.
};

struct Document {
  std::vector<Section> sections;
};

class Reader {
 public:
  Reader(const AsteriskIncludeResolver& resolver,
         const AsteriskImportOptions& options, Ledger* ledger)
      : resolver_(resolver), options_(options), ledger_(*ledger) {}

  // Reads `file` and what it includes. The budget of bytes and files is shared
  // by all calls.
  Document Read(const AsteriskFile& file);

 private:
  static constexpr int kNoSection = -1;
  static constexpr int kBroken = -2;  // A section whose header is wrong.

  void ReadFile(const AsteriskFile& file);
  void ReadLine(std::string_view text, LineRef at, int* section);
  void ReadHeader(std::string_view text, LineRef at, int* section);
  bool ReadItems(std::string_view items, LineRef at, Section* fresh,
                 int* section);
  bool AppendTo(std::string_view item, LineRef at, Section* fresh,
                int* section);
  void Inherit(std::string_view item, LineRef at, Section* to);
  void ReadDirective(std::string_view text, LineRef at, int section);
  void Include(std::string_view argument, bool must_exist, LineRef at);
  void ReadIncluded(const AsteriskFile& file, LineRef at);
  void ReadAssignment(std::string_view text, LineRef at, int section);
  void AppendText(std::string_view key, std::string_view text, LineRef at,
                  int section);
  int Find(std::string_view name, std::string_view filter, bool templates);
  bool Spend(size_t bytes, LineRef at);

  const AsteriskIncludeResolver& resolver_;
  const AsteriskImportOptions& options_;
  Ledger& ledger_;
  Document document_;
  std::unordered_map<std::string, std::vector<int>> by_name_;
  // By section, then key: the last value of that key. Filled on first use.
  std::unordered_map<int, std::unordered_map<std::string, size_t>> last_;
  // The section an included file continues; Asterisk keeps one for all files.
  int current_ = kNoSection;
  LineRef broken_at_;
  std::vector<std::string> open_;  // Paths being read, outermost first.
  size_t bytes_ = 0;
  size_t expanded_ = 0;
  int files_ = 0;
};

}  // namespace callrouter::asterisk

#endif  // CALLROUTER_SRC_ASTERISK_READER_H_
