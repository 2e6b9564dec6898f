#include "asterisk_lines.h"

#include <algorithm>

namespace callrouter::asterisk {

std::string CommentFilter::Filter(std::string_view line, LineRef at) {
  std::string out;
  size_t kept = 0;  // Text from here on has not been copied yet.
  size_t scan = 0;  // Marks are looked for from here on.
  const auto keep = [&](size_t end) {
    if (depth_ == 0) out.append(line.substr(kept, end - kept));
  };
  while (true) {
    const size_t mark = line.find(';', scan);
    if (mark == std::string_view::npos) break;
    if (mark > scan && line[mark - 1] == '\\') {
      keep(mark - 1);
      kept = mark;
      scan = mark + 1;
    } else if (line.substr(mark + 1, 2) == "--" &&
               line.substr(mark + 3, 1) != "-") {
      keep(mark);
      kept = scan = mark + 3;
      if (depth_ == 0) opened_ = at;
      depth_ = std::min(depth_ + 1, kNestingMax);
    } else if (depth_ > 0 && mark >= scan + 2 &&
               line.substr(mark - 2, 2) == "--") {
      --depth_;
      kept = scan = mark + 1;
    } else if (depth_ > 0) {
      scan = mark + 1;
    } else {
      keep(mark);
      return out;
    }
  }
  keep(line.size());
  return out;
}

std::vector<std::string_view> SplitLines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    lines.push_back(line);
  }
  return lines;
}

}  // namespace callrouter::asterisk
