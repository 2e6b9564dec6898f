// A small centre that dials, for tests: two agents, one group on the queue
// "sales", one campaign "renewals", open at all hours.

#ifndef CALLROUTER_TESTS_OUTBOUND_CENTRE_H_
#define CALLROUTER_TESTS_OUTBOUND_CENTRE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "callrouter/outbound.h"

namespace callrouter::testing {

inline PhoneNumber Phone(uint64_t lead) {
  return PhoneNumber::FromValue(74'950'000'000 + lead);
}

inline LeadConfig OneLead(uint64_t lead, const std::string& list = "march") {
  LeadConfig config;
  config.lead = lead;
  config.list = list;
  config.numbers = {{Phone(lead)}};
  return config;
}

inline DialRules OutboundRules() {
  DialRules rules;
  rules.zones = {{"utc", {{absl::InfinitePast(), 0}}}};
  rules.places = {{"here", {"utc"}, {"7"}}};
  DialLaw law;
  law.name = "law";
  law.source = "made up";
  law.as_of = "2026-01-31";
  for (int day = 0; day < 7; ++day) law.open.push_back({day, 0, 1440});
  rules.laws = {law};
  rules.guards = {{"guard", {"7"}, {"7809"}}};
  rules.dispositions = {{"no answer", DialResult::kNoAnswer},
                        {"busy", DialResult::kNoAnswer},
                        {"failed", DialResult::kFailure},
                        {"machine", DialResult::kMachine},
                        {"dropped", DialResult::kAbandoned},
                        {"hung up", DialResult::kAbandoned},
                        {"talked", DialResult::kConversation},
                        {"lost", DialResult::kNoAnswer},
                        {"no number", DialResult::kFailure},
                        {"sold", DialResult::kConversation},
                        {"later", DialResult::kCallback}};
  DialCampaign campaign;
  campaign.name = "renewals";
  campaign.guard = "guard";
  campaign.laws = {"law"};
  RedialRule done;
  done.dispositions = {"talked", "sold"};
  done.action = RedialAction::kDone;
  RedialRule again;
  again.delays = {absl::Minutes(10)};
  campaign.redial = {done, again};
  rules.campaigns = {campaign};
  rules.lists = {{"march", "renewals"}};
  return rules;
}

inline OutboundCampaign OneCampaign(const std::string& name) {
  OutboundCampaign campaign;
  campaign.name = name;
  campaign.pacing.mode = PacingMode::kProgressive;
  campaign.pacing.ring_timeout = absl::Seconds(20);
  campaign.pacing.patience = absl::Seconds(2);
  campaign.dispositions = {"no answer", "busy",    "failed",
                           "machine",   "dropped", "hung up",
                           "talked",    "lost",    "no number"};
  return campaign;
}

inline OutboundSetup SmallOutbound() {
  OutboundSetup setup;
  setup.rules = OutboundRules();
  setup.leads.leads_max = 10'000;
  PacingGroup group;
  group.queue = "sales";
  group.pacing.lines_max = 100;
  group.campaigns = {OneCampaign("renewals")};
  setup.groups.push_back(std::move(group));
  return setup;
}

// Ten numbers to show, and who rings them back.
inline void AddNumbers(OutboundSetup* setup) {
  NumberSetup numbers;
  numbers.options.numbers_max = 100;
  NumberGroup group;
  group.name = "all";
  group.owner = "acme";
  group.trunks = {{"trunk", Attestation::kFull}};
  numbers.rules.groups = {group};
  NumberCampaign campaign;
  campaign.name = "shown";
  campaign.owner = "acme";
  numbers.rules.campaigns = {campaign};
  ReturnSetup returns;
  returns.options.default_queue = 1;
  returns.queues = {{1, "sales"}};
  for (uint64_t i = 0; i < 10; ++i) {
    const PhoneNumber shown = PhoneNumber::FromValue(78'120'000'000 + i);
    numbers.numbers.put.push_back({shown, "all"});
    returns.numbers.put.push_back({shown, 1});
  }
  setup->numbers = numbers;
  setup->return_calls = returns;
  for (OutboundCampaign& c : setup->groups[0].campaigns) {
    c.number_campaign = "shown";
    c.trunk = "trunk";
  }
}

}  // namespace callrouter::testing

#endif  // CALLROUTER_TESTS_OUTBOUND_CENTRE_H_
