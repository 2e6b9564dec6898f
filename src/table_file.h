// callrouter internal: tables as text, fields separated by commas, semicolons,
// vertical bars or tabs.

#ifndef CALLROUTER_SRC_TABLE_FILE_H_
#define CALLROUTER_SRC_TABLE_FILE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "callrouter/config_file.h"

namespace callrouter {

// Reads a text row by row. Blank lines and lines that begin with # are none. A
// field that begins with a quotation mark goes on to the next single one, two
// of them standing for one; elsewhere they are characters like any other.
class TableFile {
 public:
  // `text` must outlive it. The separator is the first of ; | tab and comma
  // that is in the first row.
  TableFile(std::string name, std::string_view text);

  // The next row; false at the end.
  bool Next();
  std::size_t size() const { return fields_.size(); }
  const std::string& field(std::size_t i) const { return fields_[i].text; }
  std::string_view row() const { return row_; }  // As it is, without its end.
  int line() const { return line_; }             // From 1.
  // Whether a quotation mark of it has no end.
  bool unclosed() const { return unclosed_; }

  // The column that `name` means, from 0: a number counts from 1, a name is
  // looked for in the row that is being read. npos if there is none.
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
  std::size_t Find(std::string_view name) const;

  // A fault in field `i` of this row, or of the row as a whole (npos).
  FileFault Fault(std::size_t i, std::string field, std::string found,
                  std::string expected) const;

 private:
  struct Field {
    std::string text;
    std::size_t column = 0;
  };
  void Split(std::string_view row);

  std::string name_;
  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 0;
  char separator_ = 0;
  std::string_view row_;
  bool unclosed_ = false;
  std::vector<Field> fields_;
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_TABLE_FILE_H_
