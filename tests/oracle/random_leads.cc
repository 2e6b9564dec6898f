#include "tests/oracle/random_leads.h"

#include <vector>

namespace callrouter::oracle {

namespace {
// 2025-10-09; the zones below change their clocks on the 26th.
const absl::Time kChange = absl::FromUnixSeconds(1'761'440'400);
}  // namespace

const std::vector<DialDisposition>& RandomLeads::Dispositions() {
  static const std::vector<DialDisposition> kAll = {
      {"no answer", DialResult::kNoAnswer},
      {"busy", DialResult::kNoAnswer},
      {"machine", DialResult::kMachine},
      {"talked", DialResult::kConversation},
      {"sold", DialResult::kConversation},
      {"dropped", DialResult::kAbandoned},
      {"failed", DialResult::kFailure},
      {"never again", DialResult::kRefused},
      {"later", DialResult::kCallback},
      {"no such number", DialResult::kInvalid}};
  return kAll;
}

DialCap RandomLeads::Cap(int i) {
  DialCap cap;
  cap.name = "cap" + std::to_string(i);
  cap.scope = static_cast<DialScope>(Below(3));
  cap.event =
      Chance(60) ? DialEvent::kAttempt : static_cast<DialEvent>(Below(6));
  cap.window = static_cast<DialWindow>(Below(4));
  cap.action = static_cast<CapAction>(Chance(70) ? 0 : Below(3));
  cap.limit = static_cast<int32_t>(1 + Below(5));
  if (cap.window == DialWindow::kRolling) {
    constexpr int64_t kWindows[] = {600, 3'600, 86'400, 7 * 86'400};
    cap.rolling = absl::Seconds(kWindows[Below(4)]);
  }
  if (Chance(10)) {
    cap.window = DialWindow::kLife;
    cap.rolling = absl::ZeroDuration();
    cap.event = DialEvent::kAttempt;
    cap.scope = Chance(50) ? DialScope::kNumber : DialScope::kLead;
    cap.action = Chance(80) ? CapAction::kStop : CapAction::kGuarantee;
    cap.limit = static_cast<int32_t>(3 + Below(8));
  }
  return cap;
}

DialLaw RandomLeads::Law(int i) {
  DialLaw law;
  law.name = "law" + std::to_string(i);
  law.source = "drawn by lot";
  law.as_of = "2025-10-01";
  if (i > 0) {
    for (int p = 0; p < 4; ++p) {
      if (Chance(60)) law.places.push_back("place" + std::to_string(p));
    }
    if (law.places.empty()) law.places.push_back("place0");
  }
  for (int day = 0; day < 7; ++day) {
    if (Chance(7)) {
      law.closed.push_back(day);
    } else if (Chance(45)) {
      law.open.push_back({day, 0, 0});  // All day.
    } else if (Chance(15)) {
      law.open.push_back({day, 20 * 60, 4 * 60});  // Over night.
    } else {
      const int from = static_cast<int>(Below(10)) * 60;
      const int to = 17 * 60 + static_cast<int>(Below(7 * 60));
      law.open.push_back({day, from, to});
    }
  }
  for (int k = static_cast<int>(Below(3)); k > 0; --k) {
    Holiday holiday;
    holiday.year = 2025;
    holiday.month = 10;
    holiday.day = 9 + static_cast<int>(Below(20));
    if (Chance(50)) holiday.open.push_back({0, 11 * 60, 15 * 60});
    law.holidays.push_back(holiday);
  }
  for (int k = static_cast<int>(Below(4)); k > 0; --k) {
    law.caps.push_back(Cap(10 * i + k));
  }
  return law;
}

RedialRule RandomLeads::Row(bool general, const std::string& disposition) {
  RedialRule row;
  if (!disposition.empty()) row.dispositions = {disposition};
  if (!general) {
    if (Chance(40)) row.number_type = Chance(50) ? "home" : "mobile";
    if (Chance(40)) row.segment = Segment();
    if (Chance(50)) row.to = static_cast<int32_t>(1 + Below(4));
    if (row.number_type.empty() && row.segment.empty()) {
      row.to = static_cast<int32_t>(1 + Below(4));
    }
  }
  row.action = Chance(85) ? static_cast<RedialAction>(Below(2))
                          : static_cast<RedialAction>(Below(5));
  if (row.action <= RedialAction::kDrop) {
    for (uint64_t k = 1 + Below(3); k > 0; --k) {
      constexpr int64_t kDelays[] = {0, 60, 1'800, 7'200, 97'200};
      row.delays.push_back(absl::Seconds(kDelays[Below(5)]));
    }
    row.other_day_part = Chance(15);
  }
  if (Chance(20)) row.priority = static_cast<int32_t>(Below(40)) - 20;
  row.guarantee = Chance(10);
  return row;
}

DialCampaign RandomLeads::Campaign(int i) {
  DialCampaign c;
  c.name = "campaign" + std::to_string(i);
  c.guard = Chance(80) ? "guard" : "narrow";
  c.laws = {"law0"};
  if (Chance(60)) c.laws.push_back("law1");
  if (Chance(40)) c.laws.push_back("law2");
  if (Chance(10)) c.laws = {"law1"};
  for (int k = static_cast<int>(Below(3)); k > 0; --k) {
    c.caps.push_back(Cap(100 + k));
  }
  for (const DialDisposition& d : Dispositions()) {
    if (Chance(40)) c.redial.push_back(Row(false, d.name));
    if (Chance(30)) c.redial.push_back(Row(true, d.name));
  }
  c.redial.push_back(Row(true, ""));
  if (Chance(30)) {
    c.order = {LeadOrder::kScore, LeadOrder::kDue};
  } else if (Chance(30)) {
    c.order = {LeadOrder::kPriority, LeadOrder::kAttempts, LeadOrder::kDue};
  }
  c.due_grain = absl::Seconds(Chance(30) ? 1 : 3'600);
  c.mix = Chance(40) ? ListMix::kShare : ListMix::kOrder;
  c.consent_required = Chance(20);
  c.check_required = Chance(15);
  c.callbacks_beat_caps = Chance(40);
  c.callback_fallback =
      Chance(20) ? absl::InfiniteDuration() : absl::Minutes(int64_t(Below(60)));
  c.missed = static_cast<MissedCallback>(Below(3));
  c.best_hour.on = Chance(30);
  c.best_hour.prior_attempts = static_cast<int32_t>(1 + Below(10));
  c.best_hour.cost_permille = static_cast<int32_t>(Below(20));
  return c;
}

DialRules RandomLeads::Rules() {
  DialRules rules;
  rules.zones = {{"utc", {{absl::InfinitePast(), 0}}},
                 {"west",
                  {{absl::InfinitePast(), -4 * 3600},
                   {kChange + absl::Hours(5), -5 * 3600}}},
                 {"middle", {{absl::InfinitePast(), 7200}, {kChange, 3600}}},
                 {"east", {{absl::InfinitePast(), 20'700}}}};  // Kathmandu's.
  rules.places = {{"place0", {"utc"}, {"71"}},
                  {"place1", {"west"}, {"72", "711"}},
                  {"place2", {"middle"}, {"73"}},
                  {"place3", {"west", "middle", "east"}, {"7"}}};
  for (int i = 0; i < 3; ++i) rules.laws.push_back(Law(i));
  rules.guards = {{"guard", {"7"}, {"7399"}},
                  {"narrow", {"71", "72"}, {"7109"}}};
  rules.number_types = {"home", "mobile", "work"};
  rules.segments = {"a", "b"};
  rules.dispositions = Dispositions();
  for (int i = 0; i < 3; ++i) rules.campaigns.push_back(Campaign(i));
  for (int i = 0; i < 5; ++i) {
    DialList list;
    list.name = "list" + std::to_string(i);
    list.campaign = "campaign" + std::to_string(i % 3);
    list.share = static_cast<int32_t>(1 + Below(4));
    if (Chance(20)) list.quota = static_cast<int32_t>(1 + Below(5));
    rules.lists.push_back(list);
  }
  return rules;
}

PhoneNumber RandomLeads::Phone() {
  constexpr uint64_t kHeads[] = {710, 711, 720, 730, 740, 739};
  const uint64_t head = kHeads[Chance(3) ? 5 : Below(5)];
  return PhoneNumber::FromValue(head * 100'000'000 + 99'000'000 +
                                Below(head == 739 ? 2 : 12));
}

LeadConfig RandomLeads::Lead(absl::Time civil) {
  LeadConfig lead;
  lead.lead = 1 + Below(40);
  lead.list = List();
  for (uint64_t n = 1 + Below(3); n > 0; --n) {
    LeadNumber number;
    number.number = Phone();
    bool there = false;
    for (const LeadNumber& other : lead.numbers) {
      there = there || other.number == number.number;
    }
    if (there) continue;
    constexpr const char* kTypes[] = {"home", "mobile", "work"};
    number.type = kTypes[Below(3)];
    if (Chance(20)) number.place = "place" + std::to_string(Below(4));
    lead.numbers.push_back(number);
  }
  lead.priority = static_cast<int32_t>(Chance(50) ? 100 : Below(256));
  lead.score = static_cast<int32_t>(Below(4));
  lead.segment = Segment();
  lead.owner = Agent();
  lead.person = Chance(60) ? 1 + Below(8) : 0;
  lead.attributes = Below(1000);
  if (Chance(20)) lead.due = civil + absl::Minutes(int64_t(Below(3'000)));
  if (Chance(80)) {
    lead.consent_until = civil + absl::Minutes(int64_t(Below(20'000)));
  }
  if (Chance(15)) {
    lead.expires = civil + absl::Minutes(int64_t(Below(10'000)));
  }
  return lead;
}

LeadCallback RandomLeads::Callback(absl::Time civil) {
  LeadCallback callback;
  callback.at = civil + absl::Minutes(int64_t(Below(600)));
  if (Chance(60)) {
    callback.until = callback.at + absl::Minutes(1 + int64_t(Below(300)));
  }
  callback.personal = Chance(60);
  return callback;
}

}  // namespace callrouter::oracle
