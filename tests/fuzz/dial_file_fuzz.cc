// Any bytes as a dial file and, after a line of ====, as the files it includes:
// reading ends, every fault has a place, and what is accepted makes a list of
// leads that can be used.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "callrouter/dial_file.h"
#include "callrouter/lead_list.h"

namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

// One lead in every place, called once by every campaign.
void Use(const callrouter::DialRules& rules) {
  callrouter::LeadListOptions options;
  options.leads_max = 100;
  absl::Time now = absl::FromUnixSeconds(1'772'442'000);
  auto leads = callrouter::LeadList::Create(options, rules, now);
  Check(leads.ok());
  uint64_t ref = 0;
  for (const callrouter::DialList& list : rules.lists) {
    for (const callrouter::DialPlace& place : rules.places) {
      if (ref == 50 || place.prefixes.empty()) break;
      callrouter::LeadConfig lead;
      lead.lead = ++ref;
      lead.list = list.name;
      lead.numbers.resize(1);
      lead.numbers[0].number = callrouter::PhoneNumber::FromValue(
          std::strtoull((place.prefixes[0] + "5550100").c_str(), nullptr, 10));
      (*leads)->Put(lead, now).IgnoreError();  // The guard may say no.
    }
  }
  std::size_t i = 0;
  for (const callrouter::DialCampaign& campaign : rules.campaigns) {
    if (++i > 20) break;
    callrouter::LeadRequest request;
    request.attempt = i;
    request.campaign = campaign.name;
    callrouter::LeadChoice choice;
    Check((*leads)->Next(request, now, &choice).ok());
    if (choice.lead == 0 || rules.dispositions.empty()) continue;
    const callrouter::DialDisposition& how =
        rules.dispositions[i % rules.dispositions.size()];
    const callrouter::LeadCallback later = {now + absl::Hours(1)};
    const bool callback = how.result == callrouter::DialResult::kCallback;
    Check((*leads)->Report(i, how.name, now, callback ? &later : nullptr).ok());
  }
  now += absl::Hours(30);
  (*leads)->Advance(now);
  Check((*leads)->CheckInvariants().ok());
  std::string saved;
  (*leads)->Save(&saved);
  Check(callrouter::LeadList::Load(options, saved).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const size_t split = all.find("\n====\n");
  const std::string_view text = all.substr(0, split);
  const std::string other(
      split == std::string_view::npos ? "" : all.substr(split + 6));
  const auto read = [&](const std::string&) -> absl::StatusOr<std::string> {
    return other;
  };
  std::vector<callrouter::FileFault> faults;
  const auto rules = callrouter::ParseDial(text, "fuzz", read, &faults);
  Check(rules.ok() == faults.empty());
  for (const callrouter::FileFault& fault : faults) {
    Check(fault.line >= 1 && fault.column >= 1);
    Check(!fault.found.empty() && !fault.expected.empty());
    Check(fault.ToString().find('\n') == std::string::npos);
  }
  if (rules.ok()) Use(*rules);
  return 0;
}
