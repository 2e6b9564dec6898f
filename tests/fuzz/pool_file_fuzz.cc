// Any bytes as a pool's file and, after a line of ====, as the tables it names:
// reading ends, every fault has a place, and what is accepted makes a pool.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "callrouter/pool_file.h"

namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const size_t split = all.find("\n====\n");
  const std::string_view text = all.substr(0, split);
  const std::string table(
      split == std::string_view::npos ? "" : all.substr(split + 6));
  const auto read = [&](const std::string&) -> absl::StatusOr<std::string> {
    return table;
  };
  std::vector<callrouter::FileFault> faults;
  auto file = callrouter::ParsePool(text, "fuzz", read, &faults);
  Check(file.ok() == faults.empty());
  for (const callrouter::FileFault& fault : faults) {
    Check(fault.line >= 1 && fault.column >= 1);
    Check(!fault.found.empty() && !fault.expected.empty());
    Check(fault.ToString().find('\n') == std::string::npos);
  }
  if (!file.ok()) return 0;
  file->options.reserve_memory = false;  // As much as the file asks for.
  const absl::Time now = absl::FromUnixSeconds(1'772'442'000);
  auto pool = callrouter::NumberPool::Create(file->options, file->rules, now);
  Check(pool.ok());
  const absl::Status applied = (*pool)->Apply(file->numbers, now);
  Check(applied.ok() || applied.code() == absl::StatusCode::kResourceExhausted);
  Check((*pool)->CheckInvariants().ok());
  return 0;
}
