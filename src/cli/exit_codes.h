// What the program's exit codes mean, and how it ends with faults.

#ifndef CALLROUTER_SRC_CLI_EXIT_CODES_H_
#define CALLROUTER_SRC_CLI_EXIT_CODES_H_

#include <iostream>
#include <vector>

#include "absl/status/status.h"
#include "callrouter/config_file.h"

namespace callrouter::cli {

enum Exit : int {
  kOk = 0,
  kFaulty = 1,     // The input was read and something in it is wrong.
  kUnusable = 2,   // Wrong usage, or a file cannot be read or written.
  kDisagrees = 3,  // A simulation's books do not balance: a bug of ours.
};

inline int Fail(const absl::Status& status) {
  std::cerr << "callrouter: " << status.message() << "\n";
  return kUnusable;
}

inline int ShowFaults(const std::vector<FileFault>& faults,
                      const absl::Status& status) {
  for (const FileFault& fault : faults) std::cerr << fault.ToString() << "\n";
  if (faults.empty()) {
    std::cerr << "callrouter: " << status.message() << "\n";
  } else {
    std::cerr << faults.size() << (faults.size() == 1 ? " fault" : " faults")
              << "; nothing was used\n";
  }
  return kFaulty;
}

}  // namespace callrouter::cli

#endif  // CALLROUTER_SRC_CLI_EXIT_CODES_H_
