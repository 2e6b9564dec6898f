// How much a randomised test does: a little in every run, much when asked.

#ifndef CALLROUTER_TESTS_ORACLE_COUNTS_H_
#define CALLROUTER_TESTS_ORACLE_COUNTS_H_

#include <cstdlib>
#include <string_view>

namespace callrouter::oracle {

// `quick`, or `full` when the environment says CALLROUTER_LONG=1.
inline int Rounds(int quick, int full) {
  const char* const value = std::getenv("CALLROUTER_LONG");
  return value != nullptr && std::string_view(value) == "1" ? full : quick;
}

}  // namespace callrouter::oracle

#endif  // CALLROUTER_TESTS_ORACLE_COUNTS_H_
