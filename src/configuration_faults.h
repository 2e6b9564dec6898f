// callrouter internal: collecting faults of a configuration.

#ifndef CALLROUTER_SRC_CONFIGURATION_FAULTS_H_
#define CALLROUTER_SRC_CONFIGURATION_FAULTS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "callrouter/configuration.h"

namespace callrouter::configuration_internal {

// Where a field is, as a chain on the stack: text is made of it only when
// there is something to report.
class Path {
 public:
  Path() = default;
  Path(const Path& parent, const char* field)
      : parent_(&parent), field_(field) {}
  Path(const Path& parent, const char* field, size_t index)
      : parent_(&parent), field_(field), index_(static_cast<int64_t>(index)) {}

  std::string ToString() const;

 private:
  const Path* parent_ = nullptr;
  const char* field_ = "";
  int64_t index_ = -1;
};

class Faults {
 public:
  void Add(const Path& path, std::string found, std::string expected,
           int column = 0) {
    Add(path.ToString(), std::move(found), std::move(expected), column);
  }
  void Add(std::string path, std::string found, std::string expected,
           int column = 0) {
    faults_.push_back(
        {std::move(path), std::move(found), std::move(expected), column});
  }
  std::vector<Fault> Take() { return std::move(faults_); }

 private:
  std::vector<Fault> faults_;
};

// `text` in double quotes for a message, odd bytes escaped, cut when long.
std::string Quoted(std::string_view text);

bool HasControlCharacter(std::string_view text);

// Faults that lie between objects: steps of a plan that can never start, and
// moves without delay that lead back to where they began.
void FindFlowFaults(const Configuration& config, Faults* faults);

}  // namespace callrouter::configuration_internal

#endif  // CALLROUTER_SRC_CONFIGURATION_FAULTS_H_
