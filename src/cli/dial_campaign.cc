#include "cli/dial_campaign.h"

#include <algorithm>
#include <cstddef>
#include <iostream>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "callrouter/dial_file.h"
#include "cli/exit_codes.h"
#include "cli/files.h"
#include "cli/pool.h"

namespace callrouter::cli {
namespace {

// Quirks of a list that are shown one by one.
constexpr std::size_t kQuirksShown = 20;

absl::StatusOr<DialRules> ReadRules(const std::string& name, int* exit) {
  const auto text = ReadFile(name);
  if (!text.ok()) {
    *exit = Fail(text.status());
    return text.status();
  }
  const auto read = [&](const std::string& other) {
    return ReadFile(NameSeenFrom(name, other));
  };
  std::vector<FileFault> faults;
  auto rules = ParseDial(*text, name, read, &faults);
  if (!rules.ok()) *exit = ShowFaults(faults, rules.status());
  return rules;
}

// The rows that can be called; all others are counted, and some shown.
absl::StatusOr<LeadFile> ReadList(const CampaignFlags& flags,
                                  const DialRules& rules, bool play,
                                  int* exit) {
  const auto text = ReadFile(flags.leads);
  if (!text.ok()) {
    *exit = Fail(text.status());
    return text.status();
  }
  LeadFileOptions options = flags.list;
  if (options.list.empty() && !rules.lists.empty()) {
    options.list = rules.lists[0].name;
  }
  // What the campaign refuses is rejected as well.
  LeadListOptions any_size;
  any_size.leads_max = 50'000'000;
  any_size.numbers_max = 100'000'000;
  const auto leads = LeadList::Create(any_size, rules, absl::UnixEpoch());
  if (!leads.ok()) {
    *exit = ShowFaults({}, leads.status());
    return leads.status();
  }
  options.accept = [&](const LeadConfig& lead) {
    return (*leads)->Put(lead, absl::UnixEpoch());
  };
  auto list = ParseLeads(*text, flags.leads, options);
  if (!list.ok()) {
    *exit = ShowFaults({}, list.status());
    return list;
  }
  // A list is played all the same without the rows that cannot be called.
  std::ostream& out = play || list->rejected == 0 ? std::cout : std::cerr;
  for (std::size_t i = 0; i < std::min(kQuirksShown, list->quirks.size());
       ++i) {
    out << list->quirks[i].ToString() << "\n";
  }
  if (list->quirks.size() > kQuirksShown) {
    out << "and " << list->quirks.size() - kQuirksShown << " more\n";
  }
  std::cout << flags.leads << ": " << list->rows << " rows, "
            << list->leads.size() << " leads, " << list->rejected
            << " rejected\n";
  if (flags.rejects.empty()) return list;
  const absl::Status written = WriteFile(flags.rejects, list->rejects);
  if (!written.ok()) {
    *exit = Fail(written);
    return written;
  }
  return list;
}

// "sale=2", parts of what conversations end with.
bool ReadEndings(const std::vector<std::string>& texts,
                 std::vector<CampaignWorld::Ending>* endings) {
  if (texts.empty()) return true;
  endings->clear();
  for (const std::string& text : texts) {
    const std::size_t at = text.rfind('=');
    CampaignWorld::Ending ending = {text.substr(0, at), 1};
    if (at != std::string::npos &&
        !absl::SimpleAtod(text.substr(at + 1), &ending.share)) {
      std::cerr << "callrouter: --ending: found " << text
                << ", expected DISPOSITION=PARTS\n";
      return false;
    }
    endings->push_back(std::move(ending));
  }
  return true;
}

// Without endings of its own: done by the first disposition that is a
// conversation.
void UsualEndings(const DialRules& rules, CampaignWorld* world) {
  for (const DialDisposition& disposition : rules.dispositions) {
    if (disposition.result != DialResult::kConversation) continue;
    world->endings = {{disposition.name, 1}};
    return;
  }
}

}  // namespace

void AddCampaignOptions(CLI::App* command, CampaignFlags* flags) {
  command->add_option("CAMPAIGN", flags->rules,
                      "callrouter.v1.Dial: play this campaign instead, with "
                      "the options below");
  const char* const group = "With a CAMPAIGN";
  const auto add = [&](const char* name, auto* value, const char* what) {
    return command->add_option(name, *value, what)->group(group);
  };
  add("--leads", &flags->leads, "The call list: rows of fields");
  add("--country", &flags->list.country,
      "Digits of the country whose national numbers are in the list");
  add("--phone-column", &flags->list.phones, "Columns of numbers, by name");
  command
      ->add_flag("--vicidial", flags->list.vicidial,
                 "The list is VICIdial's standard lead file")
      ->group(group);
  add("--rejects", &flags->rejects, "Write rows that cannot be called here");
  add("--numbers", &flags->numbers, "callrouter.v1.Pool: the numbers to show");
  add("--number-campaign", &flags->number_campaign, "Of the pool");
  add("--campaign", &flags->campaign,
      "Of the rules; the first of them if left "
      "out");
  add("--trunk-prefix", &flags->list.trunk_prefix,
      "Digits before national numbers in the list, - for none, if not as usual "
      "in the country");
  add("--list-column", &flags->list.list_column,
      "Column of the call list that names the list of the rules for each row");
  add("--group", &flags->groups,
      "A group of agents with a campaign of its own, as CAMPAIGN=AGENTS; each "
      "group has its own pacer");
  add("--days", &flags->world.days, "Days, from a Monday")
      ->capture_default_str();
  add("--opens", &flags->opens, "Agents' hours, in UTC")->capture_default_str();
  add("--closes", &flags->closes, "")->capture_default_str();
  add("--answered-by-hour", &flags->answered,
      "24 shares of calls that people answer")
      ->expected(24);
  add("--ending", &flags->endings,
      "What conversations end with, as DISPOSITION=PARTS");
}

namespace {

// "early=4".
bool ReadGroup(const std::string& text, std::string* campaign,
               int32_t* agents) {
  const std::size_t at = text.rfind('=');
  *campaign = text.substr(0, at);
  if (at != std::string::npos &&
      absl::SimpleAtoi(text.substr(at + 1), agents)) {
    return true;
  }
  std::cerr << "callrouter: --group: found " << text
            << ", expected CAMPAIGN=AGENTS\n";
  return false;
}

absl::Status Play(const CampaignPlan& plan, const CampaignWorld& world,
                  const std::vector<DialPacer>& pacers,
                  std::vector<CampaignReport>* reports) {
  for (const DialPacer pacer : pacers) {
    reports->emplace_back();
    const absl::Status status =
        SimulateCampaign(plan, world, pacer, &reports->back());
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// Leads of the lists of `campaign`.
std::vector<LeadConfig> LeadsOf(const std::vector<LeadConfig>& all,
                                const DialRules& rules,
                                const std::string& campaign) {
  std::set<std::string> lists;
  for (const DialList& list : rules.lists) {
    if (list.campaign == campaign) lists.insert(list.name);
  }
  std::vector<LeadConfig> leads;
  for (const LeadConfig& lead : all) {
    if (lists.count(lead.list) > 0) leads.push_back(lead);
  }
  return leads;
}

// Groups side by side, then as one team.
int PlayGroups(const CampaignFlags& flags, CampaignPlan plan,
               CampaignWorld world, const std::vector<DialPacer>& pacers) {
  const std::vector<LeadConfig>& all = *plan.leads;
  std::vector<std::vector<CampaignReport>> by_pacer(pacers.size());
  int32_t agents = 0;
  for (const std::string& text : flags.groups) {
    if (!ReadGroup(text, &plan.campaign, &world.agents)) return kUnusable;
    const std::vector<LeadConfig> leads =
        LeadsOf(all, *plan.rules, plan.campaign);
    plan.leads = &leads;
    std::vector<CampaignReport> reports;
    const absl::Status status = Play(plan, world, pacers, &reports);
    if (!status.ok()) return ShowFaults({}, status);
    std::cout << "\n"
              << plan.campaign << ": " << world.agents << " agents, "
              << leads.size() << " leads\n"
              << CampaignTable(reports);
    for (std::size_t i = 0; i < reports.size(); ++i) {
      by_pacer[i].push_back(std::move(reports[i]));
    }
    agents += world.agents;
    ++world.seed;
  }
  std::vector<CampaignReport> sums;
  sums.reserve(by_pacer.size());
  for (const auto& groups : by_pacer) sums.push_back(Together(groups));
  std::cout << "\nAll " << agents
            << " agents. Each group was played with leads, "
            << "caps and a pacer of its own: none helps another.\n"
            << CampaignTable(sums) << "\n"
            << CampaignChart(sums);
  return kOk;
}

}  // namespace

int CheckDial(const CampaignFlags& flags) {
  int exit = kOk;
  const auto rules = ReadRules(flags.rules, &exit);
  if (!rules.ok()) return exit;
  std::cout << flags.rules << ": no faults. " << rules->campaigns.size()
            << " campaigns, " << rules->laws.size() << " laws, "
            << rules->places.size() << " places, " << rules->lists.size()
            << " lists.\n";
  for (const DialLaw& law : rules->laws) {
    std::cout << "  " << law.name << ": as of " << law.as_of << ", "
              << law.source << "\n";
  }
  if (flags.leads.empty()) return kOk;
  const auto list = ReadList(flags, *rules, false, &exit);
  if (!list.ok()) return exit;
  return list->rejected == 0 ? kOk : kFaulty;
}

int SimulateCampaigns(const CampaignFlags& flags,
                      const std::vector<DialPacer>& pacers) {
  int exit = kOk;
  const auto rules = ReadRules(flags.rules, &exit);
  if (!rules.ok()) return exit;
  if (flags.leads.empty()) {
    std::cerr << "callrouter: --leads: found nothing, expected a call list\n";
    return kUnusable;
  }
  const auto list = ReadList(flags, *rules, true, &exit);
  if (!list.ok()) return exit;
  PoolFile pool;
  CampaignPlan plan;
  plan.rules = &*rules;
  plan.leads = &list->leads;
  plan.campaign = flags.campaign;
  plan.number_campaign = flags.number_campaign;
  if (!flags.numbers.empty()) {
    auto file = ReadPool(flags.numbers, &exit);
    if (!file.ok()) return exit;
    pool = *std::move(file);
    plan.numbers = &pool;
  }
  CampaignWorld world = flags.world;
  UsualEndings(*rules, &world);
  if (!ReadEndings(flags.endings, &world.endings)) return kUnusable;
  world.opens = absl::Hours(flags.opens);
  world.closes = absl::Hours(flags.closes);
  std::copy(flags.answered.begin(), flags.answered.end(),
            world.answered.begin());
  if (!flags.groups.empty()) return PlayGroups(flags, plan, world, pacers);
  std::vector<CampaignReport> reports;
  const absl::Status status = Play(plan, world, pacers, &reports);
  if (!status.ok()) return ShowFaults({}, status);
  std::cout << "\n" << CampaignTable(reports) << "\n" << CampaignChart(reports);
  return kOk;
}

}  // namespace callrouter::cli
