// Any bytes as queues.conf, queuerules.conf and included files: no crash, no
// hang, every line accounted for, and the same again the second time.
//
// The input is up to three files, each ended by a byte 0xFF and a newline; an
// include finds the third, and now and then the first.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "callrouter/asterisk_import.h"

namespace {

void Require(bool holds, const char* what) {
  if (holds) return;
  std::cerr << "asterisk_import_fuzz: " << what << "\n";
  std::abort();
}

void CheckReport(const callrouter::ImportReport& report) {
  int64_t lines = 0;
  for (const callrouter::ImportedFile& file : report.files) {
    for (const callrouter::ImportedLine& line : file.lines) {
      ++lines;
      Require(
          line.status == callrouter::LineStatus::kMapped || !line.note.empty(),
          "a line without a reason");
      Require(!line.warning || line.status != callrouter::LineStatus::kError,
              "an error that is a warning");
    }
  }
  const callrouter::ImportCounts counts = report.counts();
  Require(counts.lines == lines, "lines not counted");
  Require(counts.mapped + counts.ignored + counts.errors == lines,
          "counts do not add up");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::vector<std::string> texts(3);
  std::string all(reinterpret_cast<const char*>(data), size);
  for (size_t i = 0; i < texts.size(); ++i) {
    const size_t end = i + 1 < texts.size() ? all.find("\xFF\n") : all.npos;
    texts[i] = all.substr(0, end);
    all = end == all.npos ? "" : all.substr(end + 2);
  }
  const callrouter::AsteriskFile queues{"queues.conf", texts[0]};
  const callrouter::AsteriskFile rules{"queuerules.conf", texts[1]};
  const auto resolver = [&](const std::string& argument, const std::string&) {
    std::vector<callrouter::AsteriskFile> files;
    if (argument.size() % 7 == 6) return files;
    if (argument.size() % 7 == 5) files.push_back(queues);
    files.push_back({"more.conf" + argument.substr(0, 1), texts[2]});
    return files;
  };
  callrouter::AsteriskImportOptions options;
  options.expanded_bytes_max = size_t{1} << 20;
  options.files_max = 64;
  if (size % 2 == 1) options.initial_max_penalty = static_cast<int>(size);
  const callrouter::AsteriskFile* given = texts[1].empty() ? nullptr : &rules;
  const callrouter::AsteriskImport once =
      callrouter::ImportAsteriskQueues(queues, given, resolver, options);
  CheckReport(once.report);
  // The JSON is slow to make; a quarter of the inputs is enough for it.
  if (size % 4 == 0) Require(once.report.ToJson().size() > 2, "no JSON");
  const callrouter::AsteriskImport twice =
      callrouter::ImportAsteriskQueues(queues, given, resolver, options);
  Require(once.config.SerializeAsString() == twice.config.SerializeAsString(),
          "two imports differ");
  Require(once.report.ToText(true) == twice.report.ToText(true),
          "two reports differ");
  return 0;
}
