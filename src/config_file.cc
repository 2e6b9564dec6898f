#include "callrouter/config_file.h"

#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "callrouter/v1/config.pb.h"
#include "config_convert.h"
#include "google/protobuf/text_format.h"
#include "message_file.h"

namespace callrouter {
namespace {

// All that is wrong with `message`; `find_faults` includes what only the whole
// shows.
std::vector<Fault> Convert(const v1::Config& message, bool find_faults,
                           Configuration* config) {
  std::vector<Fault> faults;
  ConvertConfig(message, config, &faults);
  if (!find_faults) return faults;
  // Where the text was not understood `config` has a default, about which
  // there is nothing to say.
  absl::flat_hash_set<std::string> known;
  for (const Fault& fault : faults) known.insert(fault.path);
  for (Fault& fault : FindFaults(*config)) {
    if (!known.contains(fault.path)) faults.push_back(std::move(fault));
  }
  return faults;
}

}  // namespace

std::string FileFault::ToString() const {
  std::string text;
  if (!file.empty()) absl::StrAppend(&text, file, ":");
  if (line > 0) absl::StrAppend(&text, line, ":", column, ":");
  if (!text.empty()) text.push_back(' ');
  if (!field.empty()) absl::StrAppend(&text, field, ": ");
  absl::StrAppend(&text, "found ", found, ", expected ", expected);
  return text;
}

absl::StatusOr<Configuration> ParseConfig(std::string_view text,
                                          std::string_view file_name,
                                          std::vector<FileFault>* faults) {
  MessageFile file(text, file_name);
  v1::Config message;
  const bool sound = file.Read(&message);
  Configuration config;
  for (Fault& fault : Convert(message, /*find_faults=*/sound, &config)) {
    // In a torn file something missing may just be lost.
    if (!sound && !file.HasValue(fault.path)) continue;
    file.Add(fault.path, std::move(fault.found), std::move(fault.expected),
             fault.column);
  }
  const absl::Status status = Conclude(file.Take(), faults);
  if (!status.ok()) return status;
  return config;
}

absl::StatusOr<Configuration> FromProto(const v1::Config& config,
                                        std::vector<FileFault>* faults) {
  Configuration out;
  std::vector<FileFault> all;
  for (Fault& fault : Convert(config, /*find_faults=*/true, &out)) {
    FileFault entry;
    entry.column = fault.column;
    entry.field = std::move(fault.path);
    entry.found = std::move(fault.found);
    entry.expected = std::move(fault.expected);
    all.push_back(std::move(entry));
  }
  const absl::Status status = Conclude(std::move(all), faults);
  if (!status.ok()) return status;
  return out;
}

std::string ConfigToText(const v1::Config& config) {
  google::protobuf::TextFormat::Printer printer;
  printer.SetUseUtf8StringEscaping(true);
  std::string text;
  printer.PrintToString(config, &text);
  return text;
}

}  // namespace callrouter
