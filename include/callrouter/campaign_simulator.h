// callrouter/campaign_simulator.h
//
// A campaign's days, played: a list of leads with its redial rules and calling
// hours, a pool of numbers to show, agents, and a pacer. All three decide by
// their public functions only; the people are imagined.
//
//   CampaignPlan plan;            // Rules, leads, numbers to show.
//   CampaignWorld world;          // Agents, hours, who answers when.
//   CampaignReport report;
//   status = SimulateCampaign(plan, world, DialPacer::kPredictive, &report);
//   std::cout << CampaignTable({report}) << CampaignChart({report});
//
// Whether somebody answers, how long they talk and what comes of it follows
// from the seed and the number of the call. Same plan, world and pacer: same
// report, on every machine.
//
// Cost: that of the lead list, the number pool and the pacer for each call.
// Thread safety: every call stands alone.

#ifndef CALLROUTER_CAMPAIGN_SIMULATOR_H_
#define CALLROUTER_CAMPAIGN_SIMULATOR_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "callrouter/dial_simulator.h"
#include "callrouter/fault.h"
#include "callrouter/lead_list.h"
#include "callrouter/pool_file.h"
#include "callrouter/progress.h"

namespace callrouter {

// What is tried. Refers to what it does not own.
struct CampaignPlan {
  const DialRules* rules = nullptr;
  const std::vector<LeadConfig>* leads = nullptr;
  std::string campaign;  // Empty: the first of the rules.
  // The numbers to show; null: none are shown and none is short.
  const PoolFile* numbers = nullptr;
  std::string number_campaign;  // Of the pool; empty: its first.
};

struct CampaignWorld {
  uint64_t seed = 1;
  int32_t agents = 20;  // [1, 10,000]
  int32_t days = 1;     // [1, 400]
  // Midnight of the first day where the agents are, in UTC.
  absl::Time begins = absl::FromUnixSeconds(1'772'409'600);  // 2026-03-02
  absl::Duration opens = absl::Hours(9);  // Agents' hours, whole minutes.
  absl::Duration closes = absl::Hours(20);

  // Share of calls a person answers, by hour of the callee's day. [0, 1]
  std::array<double, 24> answered = {.02, .02, .02, .02, .02, .02, .05, .10,
                                     .18, .22, .24, .24, .22, .20, .20, .22,
                                     .25, .29, .33, .34, .30, .22, .12, .05};
  // How much more or less some people answer than others: the variation of
  // that share between leads. [0, 1]
  double answered_variation = 0.5;
  double machine = 0.25;  // Of the other calls. The three together <= 1.
  double failed = 0.08;
  double busy = 0.05;
  absl::Duration talk = absl::Seconds(120);  // Mean, wrap-up included.
  double talk_variation = 0.7;
  absl::Duration patience = absl::Seconds(2);

  // Dispositions of the rules for what becomes of a call.
  std::string no_answer = "no answer";
  std::string machine_name = "machine";
  std::string busy_name = "busy";
  std::string failed_name = "failed";
  std::string dropped = "abandoned";
  // What a conversation ends with, and how often, in parts.
  struct Ending {
    std::string disposition;
    double share = 1;
  };
  std::vector<Ending> endings = {{"done", 1}};
  // If it is DialResult::kCallback: so much later.
  absl::Duration callback_after = absl::Hours(20);

  int32_t cap_permille = 30;  // Drops, of a day's answers.
  DropPromise promise = DropPromise::kAuto;
  double ratio = 2;
};

// Everything wrong with `world`.
std::vector<Fault> FindFaults(const CampaignWorld& world);

struct CampaignReport {
  DialReport dial;         // By day; `used` is of the agents' hours.
  LeadListStats leads;     // At the end.
  uint64_t reached = 0;    // Leads spoken to.
  uint64_t done = 0;       // Leads that are done.
  uint64_t exhausted = 0;  // Leads that will not be called again.
  uint64_t no_number = 0;  // Calls not made: no number to show was free.
  // Agents' mean time from the end of a call to the next, in seconds.
  double wait = 0;
  // By half hour of the agents' day, over all days: lines ringing or waiting
  // for each agent who is free, share of time talking, drops of answers.
  struct Slot {
    double ringing = 0, free = 0, talking = 0, time = 0;  // Agent seconds.
    double waiting = 0;  // Of people who answered, for an agent; seconds.
    int64_t answers = 0, drops = 0, calls = 0;
  };
  std::vector<Slot> slots;
  absl::Duration opens;
};

// kInvalidArgument with what is wrong with the plan or the world; kCancelled if
// stopped.
absl::Status SimulateCampaign(const CampaignPlan& plan,
                              const CampaignWorld& world, DialPacer pacer,
                              CampaignReport* report,
                              const Progress& progress = {});

// Groups of agents, each with a campaign and a pacer of its own, as one team:
// sums, and shares by the agents' time. Of one pacer, hours and number of days.
CampaignReport Together(const std::vector<CampaignReport>& groups);
// Pacers side by side, one row for each measure.
std::string CampaignTable(const std::vector<CampaignReport>& reports);
// Through the day: lines for each free agent, and drops.
std::string CampaignChart(const std::vector<CampaignReport>& reports);

}  // namespace callrouter

#endif  // CALLROUTER_CAMPAIGN_SIMULATOR_H_
