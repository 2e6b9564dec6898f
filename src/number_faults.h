// How stores of numbers say what is wrong with what a host gave them.

#ifndef CALLROUTER_SRC_NUMBER_FAULTS_H_
#define CALLROUTER_SRC_NUMBER_FAULTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "callrouter/fault.h"

namespace callrouter {

// Longer than any number waits for anything.
constexpr absl::Duration kLongestTime = absl::Hours(24 * 400);

inline void CheckRange(const char* field, int64_t found, int64_t low,
                       int64_t high, std::vector<Fault>* faults) {
  if (found >= low && found <= high) return;
  faults->push_back({field, std::to_string(found),
                     std::to_string(low) + " to " + std::to_string(high)});
}

inline void CheckRange(const char* field, absl::Duration found,
                       absl::Duration low, absl::Duration high,
                       std::vector<Fault>* faults) {
  if (found >= low && found <= high) return;
  faults->push_back(
      {field, absl::FormatDuration(found),
       absl::FormatDuration(low) + " to " +
           (high == kLongestTime ? "400 days" : absl::FormatDuration(high))});
}

inline std::string Joined(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) {
    if (!joined.empty()) joined += "; ";
    joined += text;
  }
  return joined;
}

// kInvalidArgument with all of them, or OK if there is none.
inline absl::Status StatusOf(const std::vector<Fault>& faults) {
  std::vector<std::string> texts;
  texts.reserve(faults.size());
  for (const Fault& fault : faults) texts.push_back(ToString(fault));
  return faults.empty() ? absl::OkStatus()
                        : absl::InvalidArgumentError(Joined(texts));
}

inline absl::Status LimitReached(const char* what, int64_t limit) {
  return absl::ResourceExhaustedError(std::string(what) + ": the limit of " +
                                      std::to_string(limit) + " is reached");
}

}  // namespace callrouter

#endif  // CALLROUTER_SRC_NUMBER_FAULTS_H_
