#include "tests/oracle/random_numbers.h"

#include <algorithm>
#include <array>

namespace callrouter::oracle {

namespace {

constexpr int kGroups = 5;
constexpr int kCampaigns = 10;

}  // namespace

std::vector<std::string> RandomNumbers::RegionNames() {
  return {"",     "ru",   "moscow", "moscow-495", "moscow-499",
          "ural", "perm", "us",     "new-york",   "jersey"};
}

std::vector<Region> RandomNumbers::Regions() {
  struct Row {
    const char* name;
    const char* parent;
  };
  std::vector<Region> regions;
  // Children before parents too: the order is the host's.
  for (const Row& row : {Row{"moscow-495", "moscow"}, Row{"ru", ""},
                         Row{"moscow", "ru"}, Row{"us", ""}, Row{"ural", "ru"},
                         Row{"perm", "ural"}, Row{"moscow-499", "moscow"},
                         Row{"jersey", "us"}, Row{"new-york", "us"}}) {
    Region region;
    region.name = row.name;
    region.parent = row.parent;
    if (Chance(30)) region.reserve_permille = static_cast<int32_t>(Below(1001));
    regions.push_back(region);
  }
  regions[1].transitions = {{absl::InfinitePast(), 3 * 3600}};
  regions[4].transitions = {
      {absl::InfinitePast(), 5 * 3600},
      {absl::FromUnixSeconds(1'760'000'000 + 86'400 * 3), 4 * 3600}};
  regions[3].transitions = {{absl::InfinitePast(), -5 * 3600}};
  regions[3].label_required = Chance(30);
  const auto near = [&](std::size_t a, std::size_t b, int32_t kilometres) {
    if (Chance(30)) return;
    regions[a].neighbours.push_back({regions[b].name, kilometres});
    regions[b].neighbours.push_back({regions[a].name, kilometres});
  };
  near(0, 6, 10);
  near(2, 5, 1'100);
  near(2, 4, 1'100);
  near(7, 8, 20);
  near(0, 5, 1'150);
  near(1, 3, 7'000);
  return regions;
}

NumberCaps RandomNumbers::Caps() {
  NumberCaps caps;
  const auto cap = [&](int32_t* value, uint64_t low, uint64_t high) {
    if (Chance(55)) return;
    *value = static_cast<int32_t>(low + Below(high - low + 1));
  };
  cap(&caps.per_minute, 1, 4);
  cap(&caps.per_hour, 1, 12);
  cap(&caps.per_day, 2, 40);
  cap(&caps.per_week, 5, 300);
  cap(&caps.per_local_day, 2, 30);
  cap(&caps.callees_per_day, 1, 20);
  cap(&caps.per_carrier_day, 1, 8);
  cap(&caps.concurrent, 1, 3);
  if (Chance(50)) caps.cool_down = absl::Milliseconds(1 + Below(200'000));
  if (Chance(30)) {
    caps.warm_up = {{absl::ZeroDuration(), 100},
                    {absl::Hours(3), 400},
                    {absl::Hours(30), 1000}};
  }
  caps.suspect_permille = static_cast<int32_t>(1 + Below(1000));
  caps.probing_permille = static_cast<int32_t>(1 + Below(1000));
  caps.whole_caps_when_short = Chance(70);
  return caps;
}

NumberGroup RandomNumbers::Group(int i) {
  NumberGroup group;
  group.name = "group" + std::to_string(i);
  group.owner = Chance(80) ? "acme" : "other";
  group.trunks.push_back({"trunk0", static_cast<Attestation>(Below(4))});
  if (Chance(60)) {
    group.trunks.push_back({"trunk1", static_cast<Attestation>(Below(4))});
  }
  if (Chance(20)) group.campaigns = {"campaign0", "campaign3"};
  if (Chance(20)) group.destinations = {"ru"};
  if (Chance(30)) group.capabilities = kVoice | kText;
  if (Chance(50)) group.label = Chance(50) ? "Acme" : "Acme Bank";
  const auto some_day = [&] {
    return absl::FromUnixSeconds(1'760'000'000 +
                                 static_cast<int64_t>(Below(86'400 * 12)));
  };
  if (Chance(10)) group.label_from = some_day();
  if (Chance(10)) {
    group.usable_from = some_day();
    group.usable_until = group.usable_from + absl::Hours(50);
  }
  if (Chance(20)) group.verify_every = absl::Hours(5 + Below(100));
  group.caps = Caps();
  if (i == 0) {
    // Uses are counted for the periods that some group has a cap on: all.
    NumberCaps& caps = group.caps;
    for (int32_t* cap : {&caps.per_minute, &caps.per_hour, &caps.per_day,
                         &caps.per_week, &caps.callees_per_day}) {
      if (*cap == kUnlimited) *cap = static_cast<int32_t>(20 + Below(500));
    }
  }
  return group;
}

NumberCampaign RandomNumbers::Campaign(int i) {
  NumberCampaign campaign;
  campaign.name = "campaign" + std::to_string(i);
  campaign.owner = Chance(90) ? "acme" : "other";
  if (Chance(10)) campaign.capabilities = kText;
  if (Chance(20)) campaign.attestation = static_cast<Attestation>(Below(4));
  if (Chance(10)) campaign.label = "Acme";
  if (Chance(10)) campaign.label_required = true;
  campaign.order = static_cast<NumberOrder>(i % 7);
  campaign.reach = static_cast<Reach>(Below(5));
  if (Chance(60)) campaign.reach = Reach::kAny;
  if (Chance(30)) campaign.neighbours_within = 500;
  campaign.sticky = static_cast<StickyMode>(Below(4));
  campaign.bind = static_cast<StickyBind>(Below(2));
  campaign.sticky_keep = absl::Minutes(1 + Below(5'000));
  campaign.sticky_across_campaigns = Chance(30);
  campaign.avoid_last = static_cast<int32_t>(1 + Below(4));
  campaign.distinct_per_campaign = Chance(20);
  // Somebody remembers for as long as ever, whatever the other rules say.
  if (i == 0) {
    campaign.sticky = StickyMode::kPrefer;
    campaign.sticky_keep = absl::Minutes(5'001);
  }
  return campaign;
}

NumberRules RandomNumbers::Rules() {
  NumberRules rules;
  rules.regions = Regions();
  for (int i = 0; i < kGroups; ++i) rules.groups.push_back(Group(i));
  for (int i = 0; i < kCampaigns; ++i) rules.campaigns.push_back(Campaign(i));
  const auto range = [&](uint64_t first, uint64_t last, const char* region) {
    rules.ranges.push_back(
        {PhoneNumber::FromValue(first), PhoneNumber::FromValue(last), region});
  };
  range(70000000000, 79999999999, "ru");
  range(74950000000, 74959999999, "moscow-495");
  range(74990000000, 74999999999, "moscow-499");
  range(79150000000, 79154999999, "moscow");
  range(79155000000, 79155000009, "perm");
  range(73420000000, 73429999999, "perm");
  range(10000000000, 19999999999, "us");
  range(12120000000, 12129999999, "new-york");
  rules.carriers = {"mts", "tele2", "beeline"};
  rules.health = Health();
  return rules;
}

// So hasty that a number lives through all of it in the few calls it has.
NumberHealthRules RandomNumbers::Health() {
  const auto pick = [&](uint64_t low, uint64_t high) {
    return static_cast<int32_t>(low + Below(high - low + 1));
  };
  NumberHealthRules rules;
  if (Chance(30)) {
    rules.answered.push_back(CallOutcome::kMachine);
    rules.unanswered.pop_back();
  }
  rules.expected_permille = pick(100, 900);
  rules.learn = Chance(80);
  rules.prior_calls = pick(1, 30);
  rules.half_life = absl::Hours(pick(1, 100));
  rules.attempts_apart = pick(1, 5);
  rules.own_calls = pick(0, 8);
  rules.own_prior_calls = pick(1, 10);
  rules.drop_odds_permille = pick(50, 800);
  rules.rest_at = pick(300, Chance(30) ? 5'000 : 1'200);
  rules.suspect_at = pick(50, static_cast<uint64_t>(rules.rest_at) / 2);
  rules.label_weight = pick(0, 4'000);
  rules.complaint_weight = pick(0, 1'000);
  rules.rest_for = absl::Minutes(pick(1, Chance(50) ? 6'000 : 600));
  rules.rest_growth_permille = pick(1000, 4000);
  rules.suspect_for = absl::Minutes(pick(1, Chance(50) ? 20'000 : 900));
  rules.probe_for = absl::Minutes(pick(1, 900));
  rules.probe_fails_permille = pick(100, 499);
  rules.probe_passes_permille = pick(100, 499);
  rules.retire_after = pick(1, 4);
  rules.rest_share_permille = Chance(30) ? 1000 : pick(0, 300);
  rules.hold_for = absl::Minutes(pick(1, 900));
  return rules;
}

NumberConfig RandomNumbers::Number(PhoneNumber number, bool verified) {
  NumberConfig config;
  config.number = number;
  config.group = "group" + std::to_string(Below(kGroups));
  const std::vector<std::string> regions = RegionNames();
  config.region = regions[Below(regions.size())];
  config.weight = static_cast<int32_t>(1 + Below(Chance(10) ? 1000 : 9));
  config.rank = static_cast<int32_t>(Below(4));
  if (verified) {
    config.verified = absl::FromUnixSeconds(
        1'760'000'000 + static_cast<int64_t>(Below(86'400 * 5)));
  }
  config.state =
      Chance(80) ? NumberState::kActive : static_cast<NumberState>(Below(9));
  return config;
}

PhoneNumber RandomNumbers::PoolNumber() {
  return PhoneNumber::FromValue(74950000000 + Below(300));
}

PhoneNumber RandomNumbers::Callee() {
  constexpr std::array<uint64_t, 8> kFirst = {
      74951230000, 74991230000, 79151230000, 79154999990,
      73421230000, 12121230000, 16461230000, 442071230000};
  return PhoneNumber::FromValue(kFirst[Below(kFirst.size())] + Below(3));
}

std::string RandomNumbers::Carrier() {
  constexpr std::array<const char*, 3> kCarriers = {"mts", "tele2", "beeline"};
  return kCarriers[Below(3)];
}

std::string RandomNumbers::Campaign() {
  return "campaign" + std::to_string(Below(kCampaigns));
}

}  // namespace callrouter::oracle
