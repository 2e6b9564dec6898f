// What the tests of the Asterisk importer share.

#ifndef CALLROUTER_TESTS_ASTERISK_TESTING_H_
#define CALLROUTER_TESTS_ASTERISK_TESTING_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "callrouter/asterisk_import.h"

namespace callrouter {

using FileMap = std::map<std::string, std::string>;

// An include argument names the file of that very path.
inline AsteriskIncludeResolver From(const FileMap& files) {
  return [files](const std::string& argument, const std::string&) {
    std::vector<AsteriskFile> found;
    const auto it = files.find(argument);
    if (it != files.end()) found.push_back({it->first, it->second});
    return found;
  };
}

// Every line has one status, every line that is not simply mapped says why,
// and the counts add up.
inline void ExpectAccounted(const ImportReport& report) {
  int64_t lines = 0;
  for (const ImportedFile& file : report.files) {
    lines += static_cast<int64_t>(file.lines.size());
    for (size_t i = 0; i < file.lines.size(); ++i) {
      const ImportedLine& line = file.lines[i];
      if (line.status == LineStatus::kMapped) continue;
      EXPECT_NE(line.note, "") << file.path << ":" << i + 1;
      EXPECT_FALSE(line.warning && line.status == LineStatus::kError);
    }
  }
  const ImportCounts counts = report.counts();
  EXPECT_EQ(counts.lines, lines);
  EXPECT_EQ(counts.mapped + counts.ignored + counts.errors, lines);
}

inline AsteriskImport Import(const std::string& queues,
                             const FileMap& files = {},
                             const AsteriskImportOptions& options = {}) {
  AsteriskImport done = ImportAsteriskQueues({"queues.conf", queues}, nullptr,
                                             From(files), options);
  ExpectAccounted(done.report);
  return done;
}

inline AsteriskImport ImportWithRules(
    const std::string& queues, const std::string& rules,
    const AsteriskImportOptions& options = {}) {
  const AsteriskFile file{"queuerules.conf", rules};
  AsteriskImport done =
      ImportAsteriskQueues({"queues.conf", queues}, &file, nullptr, options);
  ExpectAccounted(done.report);
  return done;
}

// Line `number` (from 1) of the `file`th file as "status", "status! note" with
// a warning, "status: note" without.
inline std::string Verdict(const AsteriskImport& done, size_t number,
                           size_t file = 0) {
  if (file >= done.report.files.size()) return "no such file";
  const std::vector<ImportedLine>& lines = done.report.files[file].lines;
  if (number == 0 || number > lines.size()) return "no such line";
  const ImportedLine& line = lines[number - 1];
  std::string text = LineStatusName(line.status);
  if (line.warning) text += "!";
  if (!line.note.empty()) text += (line.warning ? " " : ": ") + line.note;
  return text;
}

// The verdict begins with `start` and contains `part`.
inline ::testing::AssertionResult Says(const AsteriskImport& done,
                                       size_t number, const std::string& start,
                                       const std::string& part = "",
                                       size_t file = 0) {
  const std::string verdict = Verdict(done, number, file);
  if (verdict.rfind(start, 0) == 0 && verdict.find(part) != std::string::npos) {
    return ::testing::AssertionSuccess();
  }
  return ::testing::AssertionFailure()
         << "line " << number << " says \"" << verdict << "\"";
}

inline const v1::Membership* FindMembership(const v1::Config& config,
                                            const std::string& agent,
                                            const std::string& queue) {
  for (const v1::Agent& each : config.agent()) {
    if (each.name() != agent) continue;
    for (const v1::Membership& membership : each.membership()) {
      if (membership.queue() == queue) return &membership;
    }
  }
  return nullptr;
}

}  // namespace callrouter

#endif  // CALLROUTER_TESTS_ASTERISK_TESTING_H_
