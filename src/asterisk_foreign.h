// Recognises files that are not what they were given as.

#ifndef CALLROUTER_SRC_ASTERISK_FOREIGN_H_
#define CALLROUTER_SRC_ASTERISK_FOREIGN_H_

#include <cstdint>
#include <string>

#include "callrouter/asterisk_import.h"

namespace callrouter::asterisk {

enum class FileRole : uint8_t { kQueues, kRules, kIncluded };

// What `file` looks like instead, in words, or empty if it may well be what
// its role says. Of an included file only the kind of text is judged: what it
// may hold depends on where it is included. Cost: linear.
std::string LooksForeign(const AsteriskFile& file, FileRole role);

}  // namespace callrouter::asterisk

#endif  // CALLROUTER_SRC_ASTERISK_FOREIGN_H_
