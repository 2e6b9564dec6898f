// callrouter/dial_file.h
//
// Files that say how a campaign may dial: callrouter.v1.Dial as protobuf text
// or JSON, with the law presets it includes, becomes the rules a LeadList is
// created with, or a list of everything that is wrong with them.
//
//   std::vector<FileFault> faults;
//   auto rules = ParseDial(text, "dial.textproto", ReadFile, &faults);
//   if (!rules.ok()) {
//     for (const FileFault& fault : faults) Show(fault.ToString());
//     // dial.textproto:12:9: campaign[0].guard: found nothing, expected ...
//   }
//   auto leads = LeadList::Create(LeadListOptions(), *rules, now);
//
// The folder presets/ has laws of several countries as such files. They are
// data: each names its source and the day that was read, and is no legal
// advice. A law that says nothing of a weekday is refused.
//
// Guarantees: nothing is half applied, any bytes are safe.
// Thread safety: functions without state.
// Not here: opening files, which is the host's business.

#ifndef CALLROUTER_DIAL_FILE_H_
#define CALLROUTER_DIAL_FILE_H_

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "callrouter/config_file.h"
#include "callrouter/dial_rules.h"

namespace callrouter {

// `read` gives the text of an included file by the name the file has for it;
// `file_name` is for messages only. What is included comes before what
// includes it. On failure the status is kInvalidArgument, its message the
// first fault and how many there are, and `*faults`, unless null, holds all of
// them; those of whole rules, found once all can be read, have the paths of
// all files put together and stand where the main file has that path.
absl::StatusOr<DialRules> ParseDial(std::string_view text,
                                    std::string_view file_name,
                                    const FileReader& read,
                                    std::vector<FileFault>* faults);

}  // namespace callrouter

#endif  // CALLROUTER_DIAL_FILE_H_
