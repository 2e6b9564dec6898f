// What the parts of the Asterisk importer share: the account of every line,
// and the few ways Asterisk reads words and numbers.

#ifndef CALLROUTER_SRC_ASTERISK_LEDGER_H_
#define CALLROUTER_SRC_ASTERISK_LEDGER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "callrouter/asterisk_import.h"

namespace callrouter::asterisk {

// A physical line: indexes into ImportReport::files and ImportedFile::lines.
struct LineRef {
  int32_t file = 0;
  int32_t line = 0;

  friend bool operator==(LineRef a, LineRef b) {
    return a.file == b.file && a.line == b.line;
  }
};

// Several queues may use one line (a template's, or a file's that is included
// twice); the line then has the strongest of their verdicts: error, mapped,
// ignored. Equal verdicts keep the first note.
class Ledger {
 public:
  explicit Ledger(ImportReport* report) : report_(*report) {}

  // Opens the account of a file, or finds the one it has. Lines start without
  // a verdict.
  int32_t AddFile(const std::string& path, size_t lines);
  void RefuseFile(int32_t file, const std::string& reason);

  void Map(LineRef at, std::string_view note = {}, bool warning = false);
  void Ignore(LineRef at, std::string_view reason, bool warning = false);
  void Error(LineRef at, std::string_view found, std::string_view expected,
             std::string_view mend);
  void Remark(const std::string& text);

  bool has_verdict(LineRef at) const { return verdict_[Index(at)] != 0; }
  // "line 12", with the file's name if that is another than `seen_from`.
  std::string Where(LineRef at, LineRef seen_from) const;
  const std::string& path(int32_t file) const;
  // Every line without a verdict is ignored for this reason.
  void CloseOpen(std::string_view reason);

 private:
  size_t Index(LineRef at) const {
    return first_[static_cast<size_t>(at.file)] + static_cast<size_t>(at.line);
  }
  ImportedLine& Line(LineRef at);
  void Set(LineRef at, uint8_t rank, LineStatus status, std::string_view note,
           bool warning);

  ImportReport& report_;
  std::vector<size_t> first_;     // By file: its first index in verdict_.
  std::vector<uint8_t> verdict_;  // 0 none, 1 ignored, 2 mapped, 3 error.
  std::map<std::pair<std::string, size_t>, int32_t> known_;
};

// The longest time a configuration holds, 1000 hours.
inline constexpr int32_t kSecondsMax = 3'600'000;

std::string_view Strip(std::string_view text);
std::string Lower(std::string_view text);
bool EqualWords(std::string_view a, std::string_view b);  // In any case.
bool IsUtf8(std::string_view text);
// `text` if it is UTF-8, otherwise with every byte read as ISO 8859-1.
std::string ToUtf8(std::string_view text);
// In quotes, without control characters, cut when long: for messages.
std::string Quoted(std::string_view text);
// The last part of a path.
std::string_view BaseName(std::string_view path);

// An integer as Asterisk reads it: leading digits count, anything else is 0;
// kept within 32 bits. `clean`: the whole text was an integer in range.
struct Integer {
  int32_t value = 0;
  bool clean = false;
};
Integer ReadInteger(std::string_view text);

// yes true y t 1 on / no false n f 0 off, in any case; else neither.
enum class Truth : uint8_t { kTrue, kFalse, kNeither };
Truth ReadTruth(std::string_view text);

}  // namespace callrouter::asterisk

#endif  // CALLROUTER_SRC_ASTERISK_LEDGER_H_
