#include <fstream>
#include <iostream>
#include <sstream>
#include "callrouter/campaign_simulator.h"
#include "callrouter/dial_file.h"
using namespace callrouter;
std::string Slurp(const std::string& p) { std::ifstream in(p); std::ostringstream o; o << in.rdbuf(); return o.str(); }
int main(int argc, char** argv) {
  auto read = [](std::string_view n) -> absl::StatusOr<std::string> { return Slurp(std::string(n)); };
  std::vector<FileFault> faults;
  auto rules = ParseDial(Slurp("examples/dial/renewals.textproto"), "renewals", read, &faults);
  for (auto& f : faults) std::cerr << f.ToString() << "\n";
  if (!rules.ok()) return 1;
  faults.clear();
  auto pool = ParsePool(Slurp("examples/pools/carousel.textproto"), "pool", read, &faults);
  for (auto& f : faults) std::cerr << f.ToString() << "\n";
  std::vector<LeadConfig> leads;
  const char* pre[] = {"4420794", "4412149", "4416149", "4411349", "4411749", "4413149"};
  for (int i = 0; i < 30000; ++i) {
    LeadConfig l; l.lead = i + 1; l.list = "march";
    char b[20]; snprintf(b, 20, "+%s%05d", pre[i % 6], i);
    l.numbers = {{*PhoneNumber::Parse(b)}};
    leads.push_back(l);
  }
  CampaignPlan plan; plan.rules = &*rules; plan.leads = &leads; plan.numbers = pool.ok() ? &*pool : nullptr;
  CampaignWorld world; world.days = argc > 1 ? atoi(argv[1]) : 1;
  world.endings = {{"sale", 2}, {"not interested", 6}, {"do not call", 0.3}, {"call me later", 1}};
  std::vector<CampaignReport> reports;
  for (auto p : {DialPacer::kPredictive, DialPacer::kProgressive, DialPacer::kVicidialHard}) {
    CampaignReport r;
    auto s = SimulateCampaign(plan, world, p, &r);
    if (!s.ok()) { std::cerr << s << "\n"; return 1; }
    reports.push_back(r);
  }
  std::cout << CampaignTable(reports) << "\n" << CampaignChart(reports);
}
