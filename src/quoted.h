// callrouter internal: a text from a file or a host as a fault shows it.

#ifndef CALLROUTER_SRC_QUOTED_H_
#define CALLROUTER_SRC_QUOTED_H_

#include <string>
#include <string_view>

namespace callrouter {

inline std::string Quoted(std::string_view text) {
  if (text.empty()) return "nothing";
  std::string quoted = "\"";
  quoted.append(text).push_back('"');
  return quoted;
}

}  // namespace callrouter

#endif  // CALLROUTER_SRC_QUOTED_H_
