// callrouter/outbound_file.h
//
// Files that make an engine dial: callrouter.v1.Outbound as protobuf text or
// JSON, with the dial rules and the number pool that it names, becomes the
// setup an Engine is created with, or a list of everything that is wrong.
//
//   std::vector<FileFault> faults;
//   auto setup = ParseOutbound(text, "outbound.textproto", ReadFile, &faults);
//   if (!setup.ok()) {
//     for (const FileFault& fault : faults) Show(fault.ToString());
//     // outbound.textproto:9:5: group[0].campaign[0].name: found "sale", ...
//   }
//   auto engine = Engine::Create(options, configuration, *setup, now);
//
// Guarantees: nothing is half applied, any bytes are safe.
// Thread safety: functions without state.
// Not here: opening files, which is the host's business.

#ifndef CALLROUTER_OUTBOUND_FILE_H_
#define CALLROUTER_OUTBOUND_FILE_H_

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "callrouter/config_file.h"
#include "callrouter/outbound_setup.h"

namespace callrouter {

// `read` gives the text of a file by the name it is named with; `file_name` is
// for messages only. On failure the status is kInvalidArgument, its message the
// first fault and how many there are, and `*faults`, unless null, holds all of
// them, those of the files named after those of the file itself. Whether
// queues and requirements exist is asked by Engine::Create.
absl::StatusOr<OutboundSetup> ParseOutbound(std::string_view text,
                                            std::string_view file_name,
                                            const FileReader& read,
                                            std::vector<FileFault>* faults);

}  // namespace callrouter

#endif  // CALLROUTER_OUTBOUND_FILE_H_
