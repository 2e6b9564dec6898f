// callrouter/asterisk_import.h
//
// Reads an Asterisk queues.conf (and queuerules.conf) and gives the same
// centre as a callrouter configuration, with an account of every line read.
//
//   AsteriskFile queues{"queues.conf", text};
//   AsteriskImport done = ImportAsteriskQueues(queues, nullptr, nullptr);
//   for (const ImportedFile& file : done.report.files) ...
//   std::cout << done.report.ToText();  // errors, warnings, reasons, totals
//   if (!done.report.has_errors()) Use(done.config);
//
// Guarantees: text in, values out; no file is opened and `#exec` is never run.
// Every physical line of every file read has exactly one status, so that
// mapped + ignored + errors = lines. A wrong line is an error of its own and
// the rest is still imported. No input makes it throw, abort or hang: depth of
// includes, their size and what templates multiply to are limited below.
// Equal input gives equal output.
//
// What becomes what: a member's interface becomes an agent of that name, a
// `member` line a membership, a queue a queue whose plan has the steps of its
// `penaltychange` rules. Where callrouter does something differently, the
// line is mapped with a note that says how.
//
// Cost: linear in the text read and in what templates multiply it to.
// Thread safety: functions without shared state; call them from any thread.
// Not here: realtime tables, the dialplan, agents.conf, and checking that the
// result is complete as a configuration (config_file.h does that).

#ifndef CALLROUTER_ASTERISK_IMPORT_H_
#define CALLROUTER_ASTERISK_IMPORT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "callrouter/v1/config.pb.h"

namespace callrouter {

// One file as the host read it. `path` is used in reports, to recognise an
// include cycle, and (its last part) to recognise a foreign file.
struct AsteriskFile {
  std::string path;
  std::string text;
};

// Gives the files an include names, in the order they are to be read; empty if
// there is none. `argument` is what the line says without quotes: a relative
// or absolute path or a glob pattern. `including_path` is the file it stands
// in. May be empty (no function): every include is then missing. Must not
// throw.
using AsteriskIncludeResolver = std::function<std::vector<AsteriskFile>(
    const std::string& argument, const std::string& including_path)>;

struct AsteriskImportOptions {
  // For queues with a rule: what the dialplan puts into QUEUE_MAX_PENALTY,
  // QUEUE_MIN_PENALTY and QUEUE_RAISE_PENALTY before Queue(). Asterisk lets a
  // `penaltychange` move a value only if the dialplan has set it, so all three
  // are taken as set. Unset here: set, to a value that excludes nobody
  // (relative changes of the maximum then change nothing). Values below 0 count
  // as 0.
  std::optional<int32_t> initial_max_penalty;
  std::optional<int32_t> initial_min_penalty;
  std::optional<int32_t> initial_raise_penalty;

  // Files included from files included from ... the main one, at most.
  int include_depth_max = 10;
  // Files read in all, a file read twice counting twice.
  int files_max = 10'000;
  // Bytes of text in all. What goes beyond is refused.
  size_t bytes_max = size_t{16} << 20;
  // Bytes that templates may multiply the text to.
  size_t expanded_bytes_max = size_t{128} << 20;
};

enum class LineStatus : uint8_t {
  kMapped = 1,   // In the configuration; a note says what differs, if anything.
  kIgnored = 2,  // Not in it; the note says why (blank, comment, ...).
  kError = 3,    // Wrong; the note says what was found, expected, how to mend.
};

// "mapped", "ignored" or "error".
const char* LineStatusName(LineStatus status);

struct ImportedLine {
  LineStatus status = LineStatus::kIgnored;
  // Accepted, but not what its author can have meant: an unknown key, an
  // unknown strategy, a queue named twice. Never with kError.
  bool warning = false;
  std::string note;
};

struct ImportedFile {
  std::string path;
  // Why this file was refused as a whole; empty if it was read. The lines of a
  // refused file are all kIgnored.
  std::string refusal;
  std::vector<ImportedLine> lines;  // lines[0] is line 1.
};

struct ImportCounts {
  int64_t lines = 0;  // = mapped + ignored + errors
  int64_t mapped = 0;
  int64_t ignored = 0;
  int64_t errors = 0;
  int64_t warnings = 0;  // Among mapped and ignored.
};

struct ImportReport {
  std::vector<ImportedFile> files;  // In the order they were first read.
  // What concerns the whole rather than a line, e.g. how overflow rules differ.
  std::vector<std::string> remarks;
  // A file given to the function (not an included one) is not what it was given
  // as; `refusal` says what it looks like instead.
  bool refused = false;
  std::string refusal;

  // Cost: O(lines).
  ImportCounts counts() const;
  // A line is wrong or a file was refused: the program's exit code is 1.
  bool has_errors() const;

  // For people. Errors and warnings as `path:line: status: note`, reasons for
  // ignoring with how often, totals. `every_line`: all lines instead.
  std::string ToText(bool every_line = false) const;
  // For programs: callrouter.v1.ImportReport (import_report.proto) as JSON.
  // Valid UTF-8 whatever the input was.
  std::string ToJson() const;
};

struct AsteriskImport {
  v1::Config config;  // Empty if the queues file was refused.
  ImportReport report;
};

// Imports `queues` (the text of a queues.conf) and, unless null, `rules` (of a
// queuerules.conf). Never fails: everything wrong is in the report.
AsteriskImport ImportAsteriskQueues(
    const AsteriskFile& queues, const AsteriskFile* rules,
    const AsteriskIncludeResolver& resolver,
    const AsteriskImportOptions& options = AsteriskImportOptions());

}  // namespace callrouter

#endif  // CALLROUTER_ASTERISK_IMPORT_H_
