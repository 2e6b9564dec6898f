// callrouter dial check, and dial simulate with a campaign of one's own.

#ifndef CALLROUTER_SRC_CLI_DIAL_CAMPAIGN_H_
#define CALLROUTER_SRC_CLI_DIAL_CAMPAIGN_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "callrouter/campaign_simulator.h"
#include "callrouter/lead_file.h"

namespace callrouter::cli {

struct CampaignFlags {
  std::string rules;  // callrouter.v1.Dial; empty: there is no campaign.
  std::string campaign, numbers, number_campaign;
  std::string leads, rejects;
  LeadFileOptions list;
  CampaignWorld world;
  double opens = 9, closes = 20;  // Hours.
  std::vector<double> answered;
  std::vector<std::string> endings;
  std::vector<std::string> groups;
};

// What only a campaign needs.
void AddCampaignOptions(CLI::App* command, CampaignFlags* flags);
int CheckDial(const CampaignFlags& flags);
int SimulateCampaigns(const CampaignFlags& flags,
                      const std::vector<DialPacer>& pacers);

}  // namespace callrouter::cli

#endif  // CALLROUTER_SRC_CLI_DIAL_CAMPAIGN_H_
