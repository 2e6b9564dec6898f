// A day of a campaign before it happens: 20 agents, a call list, redial rules
// and a carousel of numbers to show, with our pacer and with two others.
//
//   python3 examples/dial/make_leads.py >/tmp/leads.csv
//   cd examples/dial
//   predictive_campaign renewals.textproto /tmp/leads.csv numbers.textproto
//
// SimulateCampaign is a host like any other: src/campaign_simulator.cc shows
// how LeadList, NumberPool and Pacer are used together.

#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "callrouter/campaign_simulator.h"
#include "callrouter/dial_file.h"
#include "callrouter/lead_file.h"
#include "callrouter/pool_file.h"

namespace {

using callrouter::CampaignReport;
using callrouter::DialPacer;

absl::StatusOr<std::string> Read(const std::string& name) {
  std::ifstream in(name, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return absl::NotFoundError("cannot read " + name);
  return text.str();
}

int Fail(const absl::Status& status) {
  std::cerr << status.message() << "\n";
  return 1;
}

int Run(const std::string& rules_name, const std::string& leads_name,
        const std::string& pool_name) {
  const auto rules_text = Read(rules_name);
  const auto leads_text = Read(leads_name);
  const auto pool_text = Read(pool_name);
  for (const auto* text : {&rules_text, &leads_text, &pool_text}) {
    if (!text->ok()) return Fail(text->status());
  }
  const auto rules =
      callrouter::ParseDial(*rules_text, rules_name, Read, nullptr);
  if (!rules.ok()) return Fail(rules.status());
  const auto pool = callrouter::ParsePool(*pool_text, pool_name, Read, nullptr);
  if (!pool.ok()) return Fail(pool.status());
  callrouter::LeadFileOptions list;
  list.list = "march";
  list.country = "44";
  const auto leads = callrouter::ParseLeads(*leads_text, leads_name, list);
  if (!leads.ok()) return Fail(leads.status());
  for (const auto& quirk : leads->quirks) std::cout << quirk.ToString() << "\n";

  callrouter::CampaignPlan plan;
  plan.rules = &*rules;
  plan.leads = &leads->leads;
  plan.numbers = &*pool;
  callrouter::CampaignWorld world;
  world.agents = 20;
  world.endings = {{"sale", 2},
                   {"not interested", 6},
                   {"do not call", 0.3},
                   {"call me later", 1}};
  std::vector<CampaignReport> reports;
  for (const DialPacer pacer : {DialPacer::kPredictive, DialPacer::kProgressive,
                                DialPacer::kVicidialHard}) {
    reports.emplace_back();
    const absl::Status status =
        callrouter::SimulateCampaign(plan, world, pacer, &reports.back());
    if (!status.ok()) return Fail(status);
  }
  std::cout << "\n"
            << callrouter::CampaignTable(reports) << "\n"
            << callrouter::CampaignChart(reports);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: predictive_campaign RULES LEADS POOL\n";
    return 2;
  }
  return Run(argv[1], argv[2], argv[3]);
}
