#include "table_file.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"

namespace callrouter {

TableFile::TableFile(std::string name, std::string_view text)
    : name_(std::move(name)), text_(text) {
  constexpr std::string_view kMark = "\xef\xbb\xbf";  // UTF-8 byte order mark.
  if (text_.substr(0, kMark.size()) == kMark) at_ = kMark.size();
}

bool TableFile::Next() {
  while (at_ < text_.size()) {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    std::string_view row = text_.substr(at_, end - at_);
    at_ = end + 1;
    ++line_;
    if (!row.empty() && row.back() == '\r') row.remove_suffix(1);
    if (row.find_first_not_of(" \t") == std::string_view::npos) continue;
    if (row.front() == '#') continue;
    if (separator_ == 0) {
      separator_ = ',';
      for (const char candidate : {';', '|', '\t'}) {
        if (row.find(candidate) == std::string_view::npos) continue;
        separator_ = candidate;
        break;
      }
    }
    Split(row);
    return true;
  }
  fields_.clear();
  return false;
}

void TableFile::Split(std::string_view row) {
  fields_.clear();
  row_ = row;
  unclosed_ = false;
  for (std::size_t i = 0;; ++i) {
    Field field;
    field.column = i;
    while (i < row.size() && row[i] == ' ') ++i;
    if (i < row.size() && row[i] == '"') {
      for (++i; i < row.size(); ++i) {
        if (row[i] == '"') {
          if (i + 1 >= row.size() || row[i + 1] != '"') break;
          ++i;
        }
        field.text.push_back(row[i]);
      }
      unclosed_ |= i >= row.size();
      if (i < row.size()) ++i;
    }
    for (; i < row.size() && row[i] != separator_; ++i) {
      field.text.push_back(row[i]);
    }
    const std::size_t last = field.text.find_last_not_of(' ');
    field.text.resize(last == std::string::npos ? 0 : last + 1);
    fields_.push_back(std::move(field));
    if (i >= row.size()) return;
  }
}

std::size_t TableFile::Find(std::string_view name) const {
  const absl::string_view column(name.data(), name.size());
  int number = 0;
  if (absl::SimpleAtoi(column, &number)) {
    return number >= 1 ? static_cast<std::size_t>(number) - 1 : npos;
  }
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (absl::EqualsIgnoreCase(fields_[i].text, column)) {
      return i;
    }
  }
  return npos;
}

FileFault TableFile::Fault(std::size_t i, std::string field, std::string found,
                           std::string expected) const {
  FileFault fault;
  fault.file = name_;
  fault.line = std::max(1, line_);  // There may be none.
  fault.column =
      i < fields_.size() ? static_cast<int>(fields_[i].column) + 1 : 1;
  fault.field = std::move(field);
  fault.found = std::move(found);
  fault.expected = std::move(expected);
  return fault;
}

}  // namespace callrouter
