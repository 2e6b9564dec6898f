// The account of an import, for people and for programs.

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "asterisk_ledger.h"
#include "callrouter/asterisk_import.h"
#include "rapidjson/stringbuffer.h"
#include "rapidjson/writer.h"

namespace callrouter {
namespace {

using JsonWriter = rapidjson::Writer<rapidjson::StringBuffer>;

void String(const std::string& text, JsonWriter* json) {
  const std::string valid = asterisk::ToUtf8(text);
  json->String(valid.data(), static_cast<rapidjson::SizeType>(valid.size()));
}

void Field(const char* name, const std::string& text, JsonWriter* json) {
  json->Key(name);
  String(text, json);
}

void WriteCounts(const ImportCounts& counts, JsonWriter* json) {
  json->StartObject();
  json->Key("lines");
  json->Int64(counts.lines);
  json->Key("mapped");
  json->Int64(counts.mapped);
  json->Key("ignored");
  json->Int64(counts.ignored);
  json->Key("errors");
  json->Int64(counts.errors);
  json->Key("warnings");
  json->Int64(counts.warnings);
  json->EndObject();
}

void WriteFile(const ImportedFile& file, JsonWriter* json) {
  json->StartObject();
  Field("path", file.path, json);
  Field("refusal", file.refusal, json);
  json->Key("lines");
  json->StartArray();
  int64_t number = 0;
  for (const ImportedLine& line : file.lines) {
    json->StartObject();
    json->Key("line");
    json->Int64(++number);
    json->Key("status");
    json->String(LineStatusName(line.status));
    json->Key("warning");
    json->Bool(line.warning);
    Field("note", line.note, json);
    json->EndObject();
  }
  json->EndArray();
  json->EndObject();
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
  rapidjson::StringBuffer buffer;
  JsonWriter json(buffer);
  json.StartObject();
  json.Key("refused");
  json.Bool(refused);
  Field("refusal", refusal, &json);
  json.Key("counts");
  WriteCounts(counts(), &json);
  json.Key("remarks");
  json.StartArray();
  for (const std::string& remark : remarks) String(remark, &json);
  json.EndArray();
  json.Key("files");
  json.StartArray();
  for (const ImportedFile& file : files) WriteFile(file, &json);
  json.EndArray();
  json.EndObject();
  return std::string(buffer.GetString(), buffer.GetSize());
}

}  // namespace callrouter
