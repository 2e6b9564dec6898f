// How much a randomised test does, a little in every run and much when asked,
// and how it says what it did.

#ifndef CALLROUTER_TESTS_ORACLE_COUNTS_H_
#define CALLROUTER_TESTS_ORACLE_COUNTS_H_

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace callrouter::oracle {

// `quick`, or `full` when the environment says CALLROUTER_LONG=1.
inline int Rounds(int quick, int full) {
  const char* const value = std::getenv("CALLROUTER_LONG");
  return value != nullptr && std::string_view(value) == "1" ? full : quick;
}

// A row of the table scripts/validation_table.py makes.
inline void Report(const std::string& what, uint64_t count,
                   const std::string& remark) {
  std::printf("RESULT %s | %llu | | %s\n", what.c_str(),
              static_cast<unsigned long long>(count), remark.c_str());
}

}  // namespace callrouter::oracle

#endif  // CALLROUTER_TESTS_ORACLE_COUNTS_H_
