// Random rules and leads for LeadList and its twin.

#ifndef CALLROUTER_TESTS_ORACLE_RANDOM_LEADS_H_
#define CALLROUTER_TESTS_ORACLE_RANDOM_LEADS_H_

#include <cstdint>
#include <string>

#include "callrouter/lead_list.h"
#include "callrouter/random.h"

namespace callrouter::oracle {

class RandomLeads {
 public:
  explicit RandomLeads(uint64_t seed) : random_(seed) {}

  uint64_t Below(uint64_t n) { return random_.Below(n); }
  bool Chance(uint64_t percent) { return random_.Below(100) < percent; }

  // The names are always the same, so that rules can follow each other.
  DialRules Rules();
  LeadConfig Lead(absl::Time civil);
  PhoneNumber Phone();
  LeadCallback Callback(absl::Time civil);
  std::string Campaign() { return "campaign" + std::to_string(Below(3)); }
  std::string List() { return "list" + std::to_string(Below(5)); }
  std::string Segment() { return Chance(50) ? "a" : "b"; }
  uint64_t Agent() { return Below(4); }
  static const std::vector<DialDisposition>& Dispositions();

 private:
  DialCap Cap(int i);
  DialLaw Law(int i);
  DialCampaign Campaign(int i);
  RedialRule Row(bool general, const std::string& disposition);

  Random random_;
};

}  // namespace callrouter::oracle

#endif  // CALLROUTER_TESTS_ORACLE_RANDOM_LEADS_H_
