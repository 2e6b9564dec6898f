// Any bytes as a configuration file: reading ends, every fault has a place in
// the file, and what is accepted survives the way through message and text.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "callrouter/config_file.h"
#include "callrouter/v1/config.pb.h"

namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<callrouter::FileFault> faults;
  const absl::StatusOr<callrouter::Configuration> config =
      callrouter::ParseConfig(text, "fuzz", &faults);
  Check(config.ok() == faults.empty());
  int line = 1;
  for (const callrouter::FileFault& fault : faults) {
    Check(fault.line >= line && fault.column >= 1);
    Check(!fault.found.empty() && !fault.expected.empty());
    Check(fault.ToString().find('\n') == std::string::npos);
    line = fault.line;
  }
  if (!config.ok()) return 0;
  const callrouter::v1::Config message = callrouter::ToProto(*config);
  const absl::StatusOr<callrouter::Configuration> direct =
      callrouter::FromProto(message, nullptr);
  Check(direct.ok());
  const std::string bytes = message.SerializeAsString();
  Check(callrouter::ToProto(*direct).SerializeAsString() == bytes);
  const absl::StatusOr<callrouter::Configuration> again =
      callrouter::ParseConfig(callrouter::ConfigToText(message), "text",
                              nullptr);
  Check(again.ok());
  Check(callrouter::ToProto(*again).SerializeAsString() == bytes);
  return 0;
}
