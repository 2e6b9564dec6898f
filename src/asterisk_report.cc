// The account of an import, for people and for programs.

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "asterisk_ledger.h"
#include "callrouter/asterisk_import.h"
#include "callrouter/v1/import_report.pb.h"
#include "google/protobuf/util/json_util.h"

namespace callrouter {
namespace {

void FillCounts(const ImportCounts& counts, v1::ImportCounts* message) {
  message->set_lines(static_cast<uint32_t>(counts.lines));
  message->set_mapped(static_cast<uint32_t>(counts.mapped));
  message->set_ignored(static_cast<uint32_t>(counts.ignored));
  message->set_errors(static_cast<uint32_t>(counts.errors));
  message->set_warnings(static_cast<uint32_t>(counts.warnings));
}

void FillFile(const ImportedFile& file, v1::ImportedFile* message) {
  message->set_path(asterisk::ToUtf8(file.path));
  message->set_refusal(asterisk::ToUtf8(file.refusal));
  uint32_t number = 0;
  for (const ImportedLine& line : file.lines) {
    v1::ImportedLine* entry = message->add_lines();
    entry->set_line(++number);
    entry->set_status(LineStatusName(line.status));
    entry->set_warning(line.warning);
    entry->set_note(asterisk::ToUtf8(line.note));
  }
}

void AppendLine(const ImportedFile& file, size_t index, std::string* text) {
  const ImportedLine& line = file.lines[index];
  absl::StrAppend(text, file.path, ":", index + 1, ": ",
                  LineStatusName(line.status), line.warning ? " (warning)" : "",
                  line.note.empty() ? "" : ": ", line.note, "\n");
}

}  // namespace

const char* LineStatusName(LineStatus status) {
  switch (status) {
    case LineStatus::kMapped:
      return "mapped";
    case LineStatus::kIgnored:
      return "ignored";
    case LineStatus::kError:
      return "error";
  }
  return "unknown";
}

ImportCounts ImportReport::counts() const {
  ImportCounts counts;
  for (const ImportedFile& file : files) {
    for (const ImportedLine& line : file.lines) {
      ++counts.lines;
      if (line.status == LineStatus::kMapped) ++counts.mapped;
      if (line.status == LineStatus::kIgnored) ++counts.ignored;
      if (line.status == LineStatus::kError) ++counts.errors;
      if (line.warning) ++counts.warnings;
    }
  }
  return counts;
}

bool ImportReport::has_errors() const {
  if (refused || counts().errors > 0) return true;
  for (const ImportedFile& file : files) {
    if (!file.refusal.empty()) return true;
  }
  return false;
}

std::string ImportReport::ToText(bool every_line) const {
  std::string text;
  std::map<std::string, int64_t> reasons;
  for (const ImportedFile& file : files) {
    if (!file.refusal.empty()) {
      absl::StrAppend(&text, file.path, ": refused: ", file.refusal, "\n");
    }
    for (size_t i = 0; i < file.lines.size(); ++i) {
      const ImportedLine& line = file.lines[i];
      if (every_line || line.warning || line.status == LineStatus::kError) {
        AppendLine(file, i, &text);
      } else if (line.status == LineStatus::kIgnored) {
        ++reasons[line.note];
      }
    }
  }
  for (const std::string& remark : remarks) {
    absl::StrAppend(&text, "note: ", remark, "\n");
  }
  for (const auto& [reason, times] : reasons) {
    absl::StrAppend(&text, "ignored ", times,
                    times == 1 ? " line: " : " lines: ", reason, "\n");
  }
  const ImportCounts sum = counts();
  absl::StrAppend(&text, sum.lines, " lines = ", sum.mapped, " mapped + ",
                  sum.ignored, " ignored + ", sum.errors, " errors; ",
                  sum.warnings, " warnings\n");
  return text;
}

std::string ImportReport::ToJson() const {
  v1::ImportReport message;
  message.set_refused(refused);
  message.set_refusal(asterisk::ToUtf8(refusal));
  FillCounts(counts(), message.mutable_counts());
  for (const std::string& remark : remarks) {
    message.add_remarks(asterisk::ToUtf8(remark));
  }
  for (const ImportedFile& file : files) FillFile(file, message.add_files());
  google::protobuf::util::JsonPrintOptions format;
  format.always_print_primitive_fields = true;
  format.preserve_proto_field_names = true;
  std::string json;
  // It fails on text that is not UTF-8 only, and there is none.
  if (!google::protobuf::util::MessageToJsonString(message, &json, format)
           .ok()) {
    return "{}";
  }
  return json;
}

}  // namespace callrouter
