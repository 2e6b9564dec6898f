#include "tests/oracle/naive_leads.h"

#include <algorithm>
#include <vector>

#include "absl/time/civil_time.h"

namespace callrouter::oracle {

namespace {

constexpr int64_t kUs = 1'000'000;

int64_t FloorDiv(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

template <class T>
const T* Named(const std::vector<T>& items, const std::string& name) {
  for (const T& item : items) {
    if (item.name == name) return &item;
  }
  return nullptr;
}

bool Has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

absl::CivilDay CivilDayOf(int64_t day) {
  return absl::CivilDay(1970, 1, 1) + day;
}

}  // namespace

int64_t NaiveLeads::wall_s() const { return FloorDiv(wall_us(), kUs); }

const NaiveLeads::Lead* NaiveLeads::Find(uint64_t lead) const {
  const auto at = leads_.find(lead);
  return at == leads_.end() ? nullptr : &at->second;
}

const DialList& NaiveLeads::ListOf(const Lead& lead) const {
  return *Named(rules_.lists, lead.config.list);
}

const DialCampaign& NaiveLeads::CampaignOf(const Lead& lead) const {
  return *Named(rules_.campaigns, ListOf(lead).campaign);
}

const DialPlace* NaiveLeads::PlaceOf(const LeadNumber& number) const {
  if (!number.place.empty()) return Named(rules_.places, number.place);
  const std::string digits = number.number.ToString().substr(1);
  const DialPlace* best = nullptr;
  std::size_t length = 0;
  for (const DialPlace& place : rules_.places) {
    for (const std::string& prefix : place.prefixes) {
      if (digits.rfind(prefix, 0) == 0 && prefix.size() > length) {
        best = &place;
        length = prefix.size();
      }
    }
  }
  return best;
}

std::vector<const DialLaw*> NaiveLeads::LawsOf(const Lead& lead,
                                               const DialPlace& place) const {
  std::vector<const DialLaw*> laws;
  for (const DialLaw& law : rules_.laws) {
    if (Has(CampaignOf(lead).laws, law.name) &&
        (law.places.empty() || Has(law.places, place.name))) {
      laws.push_back(&law);
    }
  }
  return laws;
}

int64_t NaiveLeads::Offset(const std::string& zone, int64_t civil) const {
  int64_t offset = 0;
  for (const ZoneTransition& t : Named(rules_.zones, zone)->transitions) {
    if (t.at <= absl::FromUnixSeconds(civil)) offset = t.offset_seconds;
  }
  return offset;
}

int64_t NaiveLeads::Day(const std::string& zone, int64_t civil) const {
  return FloorDiv(civil + Offset(zone, civil), 86'400);
}

bool NaiveLeads::Open(const DialLaw& law, const std::string& zone,
                      int64_t civil) const {
  const int64_t local = civil + Offset(zone, civil);
  const int64_t today = FloorDiv(local, 86'400);
  const int64_t minute = (local - today * 86'400) / 60;
  const auto periods = [&](int64_t day) {
    const absl::CivilDay date = CivilDayOf(day);
    for (const Holiday& h : law.holidays) {
      if (date == absl::CivilDay(h.year, h.month, h.day)) return h.open;
    }
    std::vector<OpenPeriod> of_day;
    const int weekday = static_cast<int>(absl::GetWeekday(date));
    for (const OpenPeriod& p : law.open) {
      if (p.weekday == weekday) of_day.push_back(p);
    }
    return of_day;
  };
  for (const OpenPeriod& p : periods(today)) {
    const bool over_night = p.to_minute <= p.from_minute;
    if (minute >= p.from_minute && (over_night || minute < p.to_minute)) {
      return true;
    }
  }
  for (const OpenPeriod& p : periods(today - 1)) {
    if (p.to_minute <= p.from_minute && minute < p.to_minute) return true;
  }
  return false;
}

bool NaiveLeads::HoursOpen(const Lead& lead, const Number& number,
                           int64_t civil) const {
  const DialPlace* const place = PlaceOf(number.config);
  for (const DialLaw* law : LawsOf(lead, *place)) {
    for (const std::string& zone : place->zones) {
      if (!Open(*law, zone, civil)) return false;
    }
  }
  return true;
}

bool NaiveLeads::Reached(const DialCap& cap, const Lead& lead,
                         const Number& number, const DialPlace& place) const {
  if (cap.window == DialWindow::kLife) {
    return (cap.scope == DialScope::kNumber ? number.attempts
                                            : lead.attempts) >= cap.limit;
  }
  if (cap.scope == DialScope::kPerson && lead.config.person == 0) return false;
  const auto period = [&](const std::string& zone, int64_t civil) {
    const int64_t day = Day(zone, civil);
    if (cap.window == DialWindow::kDay) return day;
    if (cap.window == DialWindow::kWeek) return FloorDiv(day + 3, 7);
    const absl::CivilDay date = CivilDayOf(day);
    return date.year() * 12 + date.month();
  };
  const auto mine = [&](const Event& e) {
    if (e.kind != cap.event) return false;
    switch (cap.scope) {
      case DialScope::kNumber:
        return e.number == number.config.number.value();
      case DialScope::kLead:
        return e.lead == lead.config.lead;
      default:
        return e.person == lead.config.person;
    }
  };
  if (cap.window == DialWindow::kRolling) {
    const int64_t window = absl::ToInt64Seconds(cap.rolling);
    return std::count_if(events_.begin(), events_.end(), [&](const Event& e) {
             return mine(e) && second() < e.at / kUs + 1 + window;
           }) >= cap.limit;
  }
  for (const std::string& zone : place.zones) {
    const int64_t now = period(zone, civil());
    if (std::count_if(events_.begin(), events_.end(), [&](const Event& e) {
          // Its second may lie in two civil ones.
          const int64_t at = e.at / kUs + wall_s();
          return mine(e) &&
                 (period(zone, at) == now ||
                  (wall_us() % kUs != 0 && period(zone, at + 1) == now));
        }) >= cap.limit) {
      return true;
    }
  }
  return false;
}

bool NaiveLeads::Suppressed(PhoneNumber number) const {
  if (do_not_call_.count(number.value()) > 0) return true;
  const std::string digits = number.ToString().substr(1);
  return std::any_of(
      prefixes_.begin(), prefixes_.end(),
      [&](const std::string& p) { return digits.rfind(p, 0) == 0; });
}

bool NaiveLeads::InCall(PhoneNumber number) const {
  return std::any_of(attempts_.begin(), attempts_.end(), [&](const auto& a) {
    return a.second.alive && a.second.number == number;
  });
}

bool NaiveLeads::NumberFree(const Lead& lead, const Number& number,
                            bool* needs_agent) const {
  *needs_agent = false;
  const DialCampaign& campaign = CampaignOf(lead);
  const std::string digits = number.config.number.ToString().substr(1);
  const auto begins = [&](const std::vector<std::string>& prefixes) {
    return std::any_of(
        prefixes.begin(), prefixes.end(),
        [&](const std::string& p) { return digits.rfind(p, 0) == 0; });
  };
  const DialGuard& guard = *Named(rules_.guards, campaign.guard);
  const DialPlace* const place = PlaceOf(number.config);
  if (number.over || !begins(guard.allowed) || begins(guard.refused) ||
      Suppressed(number.config.number) ||
      number.check == NumberCheck::kReassigned ||
      (campaign.check_required && number.check != NumberCheck::kSame) ||
      InCall(number.config.number) || place == nullptr) {
    return false;
  }
  const std::vector<const DialLaw*> laws = LawsOf(lead, *place);
  if (laws.empty()) return false;
  const auto passes = [&](const DialCap& cap, bool law) {
    if (!Reached(cap, lead, number, *place)) return true;
    if (cap.action == CapAction::kGuarantee) {
      *needs_agent = true;
      return true;
    }
    return cap.action == CapAction::kWait && !law && lead.callback &&
           campaign.callbacks_beat_caps;
  };
  bool free = true;
  for (const DialLaw* law : laws) {
    for (const DialCap& cap : law->caps) free = passes(cap, true) && free;
  }
  for (const DialCap& cap : campaign.caps) free = passes(cap, false) && free;
  return free;
}

int NaiveLeads::FreeNumber(const Lead& lead, bool* needs_agent) const {
  const int count = static_cast<int>(lead.numbers.size());
  for (int k = 0; k < count; ++k) {
    const int i = (lead.cursor + k) % count;
    if (NumberFree(lead, lead.numbers[static_cast<std::size_t>(i)],
                   needs_agent)) {
      *needs_agent = *needs_agent || lead.guaranteed;
      return i;
    }
  }
  return -1;
}

bool NaiveLeads::Eligible(const Lead& lead, const LeadRequest& request) const {
  const DialCampaign& campaign = CampaignOf(lead);
  const DialList& list = ListOf(lead);
  const auto done = done_.find(list.name);
  if (lead.state != LeadState::kWaiting || campaign.name != request.campaign ||
      paused_campaigns_.count(campaign.name) > 0 ||
      paused_lists_.count(list.name) > 0 ||
      (done != done_.end() && done->second >= list.quota) ||
      DueOf(lead) > second() ||
      (campaign.consent_required &&
       lead.config.consent_until <= absl::FromUnixSeconds(civil()))) {
    return false;
  }
  bool needs_agent = false;
  const int number = FreeNumber(lead, &needs_agent);
  if (number < 0 || (needs_agent && !request.agent_reserved)) return false;
  if (lead.personal && lead.config.owner != 0 &&
      request.agent != lead.config.owner &&
      absl::Seconds(second() - DueOf(lead)) < campaign.callback_fallback) {
    return false;
  }
  return HoursOpen(lead, lead.numbers[static_cast<std::size_t>(number)],
                   (now_ + wall_us()) / kUs);
}

bool NaiveLeads::Before(const Lead& a, const Lead& b) const {
  const DialCampaign& campaign = CampaignOf(a);
  const int64_t grain = absl::ToInt64Seconds(campaign.due_grain);
  for (const LeadOrder order : campaign.order) {
    int64_t x = 0, y = 0;  // The less the earlier.
    switch (order) {
      case LeadOrder::kCallback:
        x = a.callback ? 0 : 1;
        y = b.callback ? 0 : 1;
        break;
      case LeadOrder::kPriority:
        x = -a.config.priority;
        y = -b.config.priority;
        break;
      case LeadOrder::kDue:
        x = std::max<int64_t>(0, DueOf(a)) / grain;
        y = std::max<int64_t>(0, DueOf(b)) / grain;
        break;
      case LeadOrder::kAttempts:
        x = std::min(a.attempts, 127);
        y = std::min(b.attempts, 127);
        break;
      case LeadOrder::kScore:
        x = -a.config.score;
        y = -b.config.score;
        break;
    }
    if (x != y) return x < y;
  }
  return a.seq < b.seq;
}

uint64_t NaiveLeads::First(const LeadRequest& request) const {
  const Lead* best = nullptr;
  for (const auto& [ref, lead] : leads_) {
    if (Eligible(lead, request) && (best == nullptr || Before(lead, *best))) {
      best = &lead;
    }
  }
  return best == nullptr ? 0 : best->config.lead;
}

bool NaiveLeads::Any() const {
  for (const auto& [ref, lead] : leads_) {
    LeadRequest request;
    request.campaign = CampaignOf(lead).name;
    request.agent = lead.config.owner;
    request.agent_reserved = true;
    if (Eligible(lead, request)) return true;
  }
  return false;
}

void NaiveLeads::SettleTime(Lead* lead) {
  const DialCampaign& campaign = CampaignOf(*lead);
  if (lead->config.expires <= absl::FromUnixSeconds(civil())) {
    lead->state = LeadState::kExpired;
    return;
  }
  if (lead->until > civil()) return;
  if (campaign.missed == MissedCallback::kNextDay) {
    while (lead->until <= civil()) {
      lead->until += 86'400;
      lead->due += 86'400;
    }
    return;
  }
  lead->callback = lead->personal = false;
  lead->until = INT64_MAX;
  lead->civil_due = false;
  lead->due = second();
  if (campaign.missed == MissedCallback::kClose) {
    lead->state = LeadState::kExhausted;
  }
}

NaiveLeads::Code NaiveLeads::Next(const LeadRequest& request, Choice* choice) {
  const auto known = attempts_.find(request.attempt);
  uint64_t chosen = 0;
  if (known != attempts_.end()) {
    const Attempt& attempt = known->second;
    if (attempt.campaign != request.campaign ||
        attempt.request.agent != request.agent ||
        attempt.request.agent_reserved != request.agent_reserved) {
      return Code::kAlreadyExists;
    }
    if (!attempt.alive) return Code::kFailedPrecondition;
    const Lead& lead = leads_[attempt.lead];
    *choice = {attempt.lead, attempt.number, lead.attempts, lead.callback};
    return Code::kOk;
  }
  chosen = First(request);
  *choice = Choice();
  if (chosen == 0) return Code::kOk;
  const DialCampaign& campaign = CampaignOf(leads_[chosen]);
  if (campaign.mix == ListMix::kShare && !leads_[chosen].callback) {
    // The list whose turn it is, then its first lead.
    std::string turn;
    const uint64_t now = campaign_pass_[campaign.name];
    for (const DialList& list : rules_.lists) {
      const bool any =
          std::any_of(leads_.begin(), leads_.end(), [&](const auto& l) {
            return l.second.config.list == list.name &&
                   Eligible(l.second, request);
          });
      if (!any) continue;
      list_pass_[list.name] = std::max(list_pass_[list.name], now);
      if (turn.empty() || list_pass_[list.name] < list_pass_[turn]) {
        turn = list.name;
      }
    }
    campaign_pass_[campaign.name] = list_pass_[turn];
    list_pass_[turn] += 1'000'000'000u /
                        static_cast<uint64_t>(Named(rules_.lists, turn)->share);
    const Lead* best = nullptr;
    for (const auto& [ref, lead] : leads_) {
      if (lead.config.list == turn && Eligible(lead, request) &&
          (best == nullptr || Before(lead, *best))) {
        best = &lead;
      }
    }
    chosen = best->config.lead;
  }
  Lead& lead = leads_[chosen];
  bool needs_agent = false;
  Number& number =
      lead.numbers[static_cast<std::size_t>(FreeNumber(lead, &needs_agent))];
  Attempt attempt;
  attempt.request = request;
  attempt.campaign = std::string(request.campaign);
  attempt.lead = chosen;
  attempt.number = number.config.number;
  attempt.at = now_;
  attempt.deadline =
      now_ + absl::ToInt64Microseconds(options_.reservation_timeout);
  attempts_[request.attempt] = attempt;
  lead.state = LeadState::kTaken;
  ++lead.attempts;
  ++number.attempts;
  Count(lead, attempt.number, DialEvent::kAttempt, request.attempt);
  *choice = {chosen, attempt.number, lead.attempts, lead.callback};
  Settle();
  return Code::kOk;
}

}  // namespace callrouter::oracle
