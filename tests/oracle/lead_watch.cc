#include "tests/oracle/lead_watch.h"

#include <algorithm>

#include "absl/time/civil_time.h"

namespace callrouter::oracle {

namespace {

constexpr int64_t kUs = 1'000'000;
constexpr int64_t kDay = 86'400 * kUs;

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

bool Begins(const std::vector<std::string>& prefixes, PhoneNumber number) {
  const std::string digits = number.ToString().substr(1);
  return std::any_of(
      prefixes.begin(), prefixes.end(),
      [&](const std::string& p) { return digits.rfind(p, 0) == 0; });
}

// A local time, in microseconds as if it were UTC, as date and minute.
absl::CivilMinute MinuteOf(int64_t local) {
  return absl::ToCivilMinute(absl::FromUnixMicros(local), absl::UTCTimeZone());
}

}  // namespace

LeadWatch::LeadWatch(const LeadListOptions& options, const DialRules& rules)
    : options_(options), rules_(rules) {}

const DialCampaign& LeadWatch::CampaignOf(const Lead& lead) const {
  return *Named(rules_.campaigns,
                Named(rules_.lists, lead.config.list)->campaign);
}

const DialPlace* LeadWatch::PlaceOf(const LeadNumber& number) const {
  if (!number.place.empty()) return Named(rules_.places, number.place);
  const DialPlace* best = nullptr;
  std::size_t length = 0;
  const std::string digits = number.number.ToString().substr(1);
  for (const DialPlace& place : rules_.places) {
    for (const std::string& prefix : place.prefixes) {
      if (digits.rfind(prefix, 0) != 0 || prefix.size() <= length) continue;
      best = &place;
      length = prefix.size();
    }
  }
  return best;
}

int64_t LeadWatch::Local(const std::string& zone, int64_t civil) const {
  int64_t offset = 0;
  for (const ZoneTransition& t : Named(rules_.zones, zone)->transitions) {
    if (t.at <= absl::FromUnixMicros(civil)) offset = t.offset_seconds;
  }
  return civil + offset * kUs;
}

bool LeadWatch::Open(const DialLaw& law, const std::string& zone,
                     int64_t civil) const {
  const absl::CivilMinute now = MinuteOf(Local(zone, civil));
  const int minute = now.hour() * 60 + now.minute();
  // Hours that began today, or yesterday and go on over midnight.
  for (int ago = 0; ago < 2; ++ago) {
    const absl::CivilDay day = absl::CivilDay(now) - ago;
    std::vector<OpenPeriod> periods;
    bool holiday = false;
    for (const Holiday& h : law.holidays) {
      if (holiday || absl::CivilDay(h.year, h.month, h.day) != day) continue;
      holiday = true;
      periods = h.open;
    }
    for (const OpenPeriod& p : law.open) {
      if (!holiday && p.weekday == static_cast<int>(absl::GetWeekday(day))) {
        periods.push_back(p);
      }
    }
    for (const OpenPeriod& p : periods) {
      const int end =
          p.to_minute > p.from_minute ? p.to_minute : p.to_minute + 24 * 60;
      const int at = minute + ago * 24 * 60;
      if (at >= p.from_minute && at < end) return true;
    }
  }
  return false;
}

std::string LeadWatch::Hours(const Lead& lead, const DialPlace& place) {
  bool any = false;
  for (const DialLaw& law : rules_.laws) {
    if (!Has(CampaignOf(lead).laws, law.name)) continue;
    if (!law.places.empty() && !Has(law.places, place.name)) continue;
    any = true;
    for (const std::string& zone : place.zones) {
      if (!Open(law, zone, Civil())) return "outside hours of " + law.name;
      if (!Open(law, zone, Civil() + 3'600 * kUs)) ++close_["hours"];
    }
  }
  return any ? "" : "no law holds there";
}

std::string LeadWatch::CivilDay(const std::string& zone, int64_t civil,
                                DialWindow window) const {
  const absl::CivilDay day(MinuteOf(Local(zone, civil)));
  if (window == DialWindow::kDay) return absl::FormatCivilTime(day);
  if (window == DialWindow::kMonth) {
    return absl::FormatCivilTime(absl::CivilMonth(day));
  }
  return absl::FormatCivilTime(
      absl::PrevWeekday(day + 1, absl::Weekday::monday));
}

std::string LeadWatch::Cap(const DialCap& cap, const Lead& lead,
                           uint64_t number, const DialPlace& place,
                           bool agent) {
  int most = 0;
  if (cap.window == DialWindow::kLife) {
    const auto of_number = lead.of_number.find(number);
    most = lead.attempts;
    if (cap.scope == DialScope::kNumber) {
      most = of_number == lead.of_number.end() ? 0 : of_number->second;
    }
  } else {
    const uint64_t keys[] = {number, lead.config.lead, lead.config.person};
    const uint64_t key = keys[static_cast<std::size_t>(cap.scope)];
    if (key == 0) return "";
    const Times& times = Log(cap.scope, cap.event, key);
    const int64_t rolling = absl::ToInt64Microseconds(cap.rolling);
    for (const std::string& zone : place.zones) {
      const std::string today = CivilDay(zone, Civil(), cap.window);
      int count = 0;
      for (std::size_t i = times.size(); i-- > 0;) {
        const int64_t age = now_ - times[i];
        if (age > 33 * kDay) break;
        count += cap.window == DialWindow::kRolling
                     ? age < rolling
                     : CivilDay(zone, Civil() - age, cap.window) == today;
      }
      most = std::max(most, count);
    }
  }
  const std::string name = "cap by window " +
                           std::to_string(static_cast<int>(cap.window)) +
                           (agent ? ", guaranteed" : "");
  if (most == cap.limit - 1 && most > 0) ++close_[name];
  if (most < cap.limit) return "";
  return name + " of " + cap.name;
}

std::string LeadWatch::Caps(const Lead& lead, const LeadRequest& request,
                            const LeadChoice& choice, const DialPlace& place) {
  const uint64_t number = choice.number.value();
  const auto heeds = [&](const DialCap& cap, bool law) -> std::string {
    const bool guarantee = cap.action == CapAction::kGuarantee;
    if (guarantee && request.agent_reserved) return "";
    if (cap.action == CapAction::kWait && !law && lead.callback &&
        choice.callback && CampaignOf(lead).callbacks_beat_caps) {
      return "";
    }
    return Cap(cap, lead, number, place, guarantee);
  };
  for (const DialLaw& law : rules_.laws) {
    if (!Has(CampaignOf(lead).laws, law.name)) continue;
    if (!law.places.empty() && !Has(law.places, place.name)) continue;
    for (const DialCap& cap : law.caps) {
      const std::string why = heeds(cap, true);
      if (!why.empty()) return why;
    }
  }
  for (const DialCap& cap : CampaignOf(lead).caps) {
    const std::string why = heeds(cap, false);
    if (!why.empty()) return why;
  }
  return "";
}

std::string LeadWatch::Number(const Lead& lead,
                              const LeadChoice& choice) const {
  const PhoneNumber number = choice.number;
  const DialGuard& guard = *Named(rules_.guards, CampaignOf(lead).guard);
  if (!Begins(guard.allowed, number) || Begins(guard.refused, number)) {
    return "guard";
  }
  if (do_not_call_.count(number.value()) > 0 ||
      Begins({prefixes_.begin(), prefixes_.end()}, number)) {
    return "do not call";
  }
  if (in_call_.count(number.value()) > 0) return "number in another call";
  if (lead.numbers_over.count(number.value()) > 0) return "number over";
  const NumberCheck check = numbers_.at(number.value()).second;
  if (check == NumberCheck::kReassigned) return "reassigned";
  if (CampaignOf(lead).check_required && check != NumberCheck::kSame) {
    return "unchecked";
  }
  return "";
}

std::string LeadWatch::Due(const Lead& lead, const LeadRequest& request,
                           const LeadChoice& choice) const {
  const DialCampaign& campaign = CampaignOf(lead);
  if (lead.taken || lead.paused || lead.over) return "not waiting";
  if (now_ < lead.not_before) return "before its redial rule says";
  // What ends may end up to a second late.
  const absl::Time late = absl::FromUnixMicros(Civil() - kUs);
  if (lead.config.expires <= late) return "expired";
  if (campaign.consent_required && lead.config.consent_until <= late) {
    return "without consent";
  }
  if (lead.guaranteed && !request.agent_reserved) return "needs an agent";
  if (choice.callback && !lead.callback) return "no callback";
  // Missed, it is no callback any more: of those, none has `callback`.
  if (Civil() < lead.from && choice.callback == lead.callback) {
    return "before it is due";
  }
  if (!choice.callback) return "";
  int64_t since = Civil() - lead.from;
  // Missed, it may have moved by days (in this campaign or one before).
  if (lead.until != INT64_MAX) since %= kDay;
  if (lead.until != INT64_MAX && since >= lead.until - lead.from + kUs) {
    return "after the callback's window";
  }
  if (lead.personal && lead.config.owner != 0 &&
      request.agent != lead.config.owner &&
      absl::Microseconds(since) < campaign.callback_fallback) {
    return "another's callback";
  }
  return "";
}

std::string LeadWatch::Forbidden(const LeadRequest& request,
                                 const LeadChoice& choice) {
  const auto at = leads_.find(choice.lead);
  if (at == leads_.end()) return "no such lead";
  const Lead& lead = at->second;
  if (CampaignOf(lead).name != request.campaign) return "another campaign's";
  if (paused_lists_.count(lead.config.list) > 0) return "list paused";
  for (const LeadNumber& number : lead.config.numbers) {
    if (number.number != choice.number) continue;
    const DialPlace* const place = PlaceOf(number);
    std::string why = Hours(lead, *place);
    if (why.empty()) why = Number(lead, choice);
    if (why.empty()) why = Due(lead, request, choice);
    if (why.empty()) why = Caps(lead, request, choice, *place);
    return why;
  }
  return "not its number";
}

std::string LeadWatch::Chosen(const LeadRequest& request,
                              const LeadChoice& choice) {
  std::string why = Forbidden(request, choice);
  if (leads_.count(choice.lead) == 0) return why;
  Lead& lead = leads_[choice.lead];
  lead.taken = true;
  ++lead.attempts;
  ++lead.of_number[choice.number.value()];
  Attempt attempt;
  attempt.lead = choice.lead;
  attempt.number = choice.number.value();
  attempt.person = lead.config.person;
  attempt.at = now_;
  attempt.deadline =
      now_ + absl::ToInt64Microseconds(options_.reservation_timeout);
  attempts_[request.attempt] = attempt;
  deadlines_.insert({attempt.deadline, request.attempt});
  in_call_.insert(attempt.number);
  Count(attempt, DialEvent::kAttempt, now_);
  return why;
}

}  // namespace callrouter::oracle
