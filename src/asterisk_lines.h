// A file's physical lines, and what is left of them without comments.

#ifndef CALLROUTER_SRC_ASTERISK_LINES_H_
#define CALLROUTER_SRC_ASTERISK_LINES_H_

#include <string>
#include <string_view>
#include <vector>

#include "asterisk_ledger.h"

namespace callrouter::asterisk {

// Follows block comments through the lines of one file.
class CommentFilter {
 public:
  static constexpr int kNestingMax = 128;

  // `line` without its comments, "\;" as ";".
  std::string Filter(std::string_view line, LineRef at);
  bool inside() const { return depth_ > 0; }
  LineRef opened_at() const { return opened_; }

 private:
  int depth_ = 0;
  LineRef opened_;
};

// The lines of `text`, without their ends (LF or CR LF).
std::vector<std::string_view> SplitLines(std::string_view text);

}  // namespace callrouter::asterisk

#endif  // CALLROUTER_SRC_ASTERISK_LINES_H_
