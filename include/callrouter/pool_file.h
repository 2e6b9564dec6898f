// callrouter/pool_file.h
//
// Files that say which numbers outbound calls may show: callrouter.v1.Pool as
// protobuf text or JSON, with its tables of ranges and numbers, becomes what a
// NumberPool is created with, or a list of everything that is wrong with it.
//
//   std::vector<FileFault> faults;
//   auto file = ParsePool(text, "pool.textproto", ReadFile, &faults);
//   if (!file.ok()) {
//     for (const FileFault& fault : faults) Show(fault.ToString());
//     // def.csv:17:9: to: found "00619x9", expected digits
//   }
//   auto pool = NumberPool::Create(file->options, file->rules, now);
//   status = (*pool)->Apply(file->numbers, now);
//
// Guarantees: nothing is half applied, any bytes are safe, time and memory are
// linear in the texts but for sorting the ranges. Thread safety: functions
// without state.
//
// Not here: opening files, which is the host's business.

#ifndef CALLROUTER_POOL_FILE_H_
#define CALLROUTER_POOL_FILE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "callrouter/config_file.h"
#include "callrouter/number_pool.h"
#include "callrouter/number_rules.h"

namespace callrouter {

struct PoolFile {
  std::string name;
  NumberPoolOptions options;
  NumberRules rules;
  NumberPatch numbers;
};

// `read` gives the text of a table by the name the file has for it; `file_name`
// is for messages only. On failure the status is kInvalidArgument, its message
// the first fault and how many there are, and `*faults`, unless null, holds all
// of them, those of tables after those of the file itself.
absl::StatusOr<PoolFile> ParsePool(std::string_view text,
                                   std::string_view file_name,
                                   const FileReader& read,
                                   std::vector<FileFault>* faults);

}  // namespace callrouter

#endif  // CALLROUTER_POOL_FILE_H_
