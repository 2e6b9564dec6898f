// Any bytes as a call list, the first of them how it is read: reading ends, no
// row is lost, every quirk has a place, and what was rejected is rejected again
// unless it was there twice.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "callrouter/lead_file.h"

namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const uint8_t how = size == 0 ? 0 : data[0];
  std::string_view text(reinterpret_cast<const char*>(data), size);
  if (size > 0) text.remove_prefix(1);
  callrouter::LeadFileOptions options;
  options.list = "list";
  options.vicidial = (how & 1) != 0;
  if ((how & 2) != 0) options.country = (how & 4) != 0 ? "1" : "44";
  if ((how & 8) != 0) options.phones = {"2", "Phone"};
  if ((how & 16) != 0) options.id = "id";
  const auto file = callrouter::ParseLeads(text, "fuzz", options);
  if (!file.ok()) {
    Check(file.status().code() == absl::StatusCode::kInvalidArgument);
    return 0;
  }
  Check(file->rows ==
        static_cast<int64_t>(file->leads.size()) + file->rejected);
  Check((file->rejected == 0) == file->rejects.empty());
  Check(file->rejected == 0 || !file->quirks.empty());
  for (const callrouter::LeadConfig& lead : file->leads) {
    Check(lead.lead != 0 && lead.list == "list");
    Check(!lead.numbers.empty() && lead.numbers.size() <= 16);
    Check(lead.priority >= 0 && lead.priority <= 255);
    Check(lead.score >= 0 && lead.score <= 65'535);
    for (const callrouter::LeadNumber& n : lead.numbers) {
      Check(!n.number.none());
    }
  }
  for (const callrouter::FileFault& quirk : file->quirks) {
    Check(quirk.line >= 1 && quirk.column >= 1);
    Check(!quirk.expected.empty());
    Check(quirk.ToString().find('\n') == std::string::npos);
  }
  const auto again = callrouter::ParseLeads(file->rejects, "fuzz", options);
  Check(again.ok() == !file->rejects.empty());
  if (again.ok()) Check(again->rows <= file->rejected);
  return 0;
}
