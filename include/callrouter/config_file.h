// callrouter/config_file.h
//
// Configuration files: callrouter.v1.Config as protobuf text or JSON becomes a
// Configuration, or a list of everything that is wrong with it, each fault with
// its line and column.
//
//   std::vector<FileFault> faults;
//   absl::StatusOr<Configuration> config =
//       ParseConfig(text, "centre.textproto", &faults);
//   if (!config.ok()) {
//     for (const FileFault& fault : faults) Show(fault.ToString());
//     // centre.textproto:12:19: queue[2].requirement: found 'lang_fr',
//     // expected "and", "or" or the end
//   }
//
// This is where a time zone's name becomes values: the changes of its offset
// from 1970 to 2100, read from the machine's zone database through Abseil.
// Everything behind this header decides from those values alone.
//
// Guarantees: nothing is half applied, any bytes are safe, time and memory are
// linear in the text. Thread safety: functions without state.
//
// Not here: opening files, which is the host's business, and importing other
// formats (asterisk_import.h).

#ifndef CALLROUTER_CONFIG_FILE_H_
#define CALLROUTER_CONFIG_FILE_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "callrouter/configuration.h"

namespace callrouter {

namespace v1 {
class Config;
}  // namespace v1

// One thing wrong with a file.
struct FileFault {
  std::string file;
  int line = 0;       // From 1; 0 when there is no file.
  int column = 0;     // In bytes, from 1.
  std::string field;  // E.g. "queue[2].requirement"; may be empty.
  std::string found;
  std::string expected;

  // "file:line:column: field: found X, expected Y".
  std::string ToString() const;
};

// Gives the text of a file that another names.
using FileReader =
    std::function<absl::StatusOr<std::string>(const std::string& name)>;

// Longer texts, and texts of more values, are refused.
inline constexpr size_t kConfigBytesMax = size_t{64} << 20;
inline constexpr size_t kConfigValuesMax = 4'000'000;

// More faults than this are counted only, in one last entry.
inline constexpr size_t kFileFaultsMax = 10'000;

// Reads a configuration: JSON when the first non-blank character is '{',
// protobuf text otherwise; either way with the field names of config.proto, and
// in JSON in lowerCamelCase too. `file_name` is for messages only.
//
// On failure the status is kInvalidArgument, its message the first fault and
// how many there are, and `*faults`, unless null, holds all of them in the
// order of the file: syntax, unknown fields, wrong types, durations and dates,
// and all that FindFaults looks for. Where a syntax error leaves it unknown
// what belongs to what, the last of these are left for the next try. Reading
// protobuf text goes on behind a syntax error, reading JSON ends there.
absl::StatusOr<Configuration> ParseConfig(std::string_view text,
                                          std::string_view file_name,
                                          std::vector<FileFault>* faults);

// The same for a message that is already there; faults have no line then.
absl::StatusOr<Configuration> FromProto(const v1::Config& config,
                                        std::vector<FileFault>* faults);

// The message that FromProto turns into an equal `config`, if that has no
// faults. Fields at their default are left out; of a zone its name is kept.
v1::Config ToProto(const Configuration& config);

// `config` as protobuf text that ParseConfig reads.
std::string ConfigToText(const v1::Config& config);

}  // namespace callrouter

#endif  // CALLROUTER_CONFIG_FILE_H_
