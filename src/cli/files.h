// Files for the program: the only place that opens any.

#ifndef CALLROUTER_SRC_CLI_FILES_H_
#define CALLROUTER_SRC_CLI_FILES_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "callrouter/asterisk_import.h"

namespace callrouter::cli {

// The whole of a regular file, at most 256 MiB. Errors say the name and why.
absl::StatusOr<std::string> ReadFile(const std::string& name);

// Writes to a new file beside it and renames that, so that `name` is the old
// text or the new one, never half of it.
absl::Status WriteFile(const std::string& name, std::string_view text);

// `name` as seen from the file `from`: beside it if it is there, otherwise as
// it is, from the current folder. Absolute names stay.
std::string NameSeenFrom(const std::string& from, const std::string& name);

// The files an include in `including` names: a pattern, in the order of their
// names, looked for beside it, then beside `main`.
std::vector<AsteriskFile> ReadIncludes(const std::string& argument,
                                       const std::string& including,
                                       const std::string& main);

}  // namespace callrouter::cli

#endif  // CALLROUTER_SRC_CLI_FILES_H_
