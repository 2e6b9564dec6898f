// What happens to leads: time, results, leads in.

#include <algorithm>

#include "tests/oracle/naive_leads.h"

namespace callrouter::oracle {

namespace {

constexpr int64_t kUs = 1'000'000;

int64_t CeilSeconds(absl::Time time) {
  if (time == absl::InfinitePast()) return 0;
  return absl::ToUnixSeconds(time + absl::Microseconds(999'999));
}

bool Spoke(DialResult r) {
  return r == DialResult::kConversation || r == DialResult::kRefused ||
         r == DialResult::kCallback;
}

}  // namespace

std::vector<const DialCap*> NaiveLeads::Caps() const {
  std::vector<const DialCap*> caps;
  for (const DialLaw& law : rules_.laws) {
    for (const DialCap& cap : law.caps) caps.push_back(&cap);
  }
  for (const DialCampaign& campaign : rules_.campaigns) {
    for (const DialCap& cap : campaign.caps) caps.push_back(&cap);
  }
  return caps;
}

bool NaiveLeads::Counted(DialScope scope, DialEvent kind) const {
  const std::vector<const DialCap*> caps = Caps();
  return std::any_of(caps.begin(), caps.end(), [&](const DialCap* cap) {
    return cap->scope == scope && cap->event == kind &&
           cap->window != DialWindow::kLife;
  });
}

// What no cap counts now is not counted later either.
void NaiveLeads::Count(const Lead& lead, PhoneNumber number, DialEvent kind,
                       uint64_t attempt) {
  Event event{now_, kind, 0, 0, 0, attempt};
  if (Counted(DialScope::kNumber, kind)) event.number = number.value();
  if (Counted(DialScope::kLead, kind)) event.lead = lead.config.lead;
  if (Counted(DialScope::kPerson, kind)) event.person = lead.config.person;
  events_.push_back(event);
}

void NaiveLeads::Uncount(uint64_t attempt) {
  for (std::size_t i = events_.size(); i-- > 0;) {
    if (events_[i].attempt != attempt) continue;
    events_.erase(events_.begin() + static_cast<std::ptrdiff_t>(i));
    return;
  }
}

void NaiveLeads::SettleCaps(Lead* lead) {
  bool all = true;
  for (Number& number : lead->numbers) {
    const DialPlace* const place = PlaceOf(number.config);
    std::vector<const DialCap*> caps;
    const std::vector<const DialLaw*> laws = LawsOf(*lead, *place);
    for (const DialLaw* law : laws) {
      for (const DialCap& cap : law->caps) caps.push_back(&cap);
    }
    for (const DialCap& cap : CampaignOf(*lead).caps) caps.push_back(&cap);
    if (laws.empty()) caps.clear();
    const bool was_over = number.over;
    for (const DialCap* cap : caps) {
      if (was_over || cap->action != CapAction::kStop) continue;
      if (!Reached(*cap, *lead, number, *place)) continue;
      if (cap->scope == DialScope::kNumber) {
        number.over = true;
      } else {
        lead->state = LeadState::kExhausted;
      }
    }
    all = all && number.over;
  }
  if (all) lead->state = LeadState::kExhausted;
}

// What time and caps have done to the leads that wait.
void NaiveLeads::Settle() {
  for (auto& [ref, lead] : leads_) {
    if (lead.state == LeadState::kWaiting) SettleTime(&lead);
    if (lead.state == LeadState::kWaiting) SettleCaps(&lead);
  }
}

void NaiveLeads::Tell(absl::Time now) {
  now_ = std::max(now_, absl::ToUnixMicros(now) - skew_);
  for (;;) {
    Attempt* first = nullptr;
    for (auto& [ref, attempt] : attempts_) {
      if (attempt.alive && attempt.deadline <= now_ &&
          (first == nullptr || attempt.deadline < first->deadline)) {
        first = &attempt;
      }
    }
    if (first == nullptr) break;
    first->alive = false;
    first->cancelled = true;
    first->over = now_;
    Lead& lead = leads_[first->lead];
    lead.state = LeadState::kWaiting;
    lead.callback = lead.personal = lead.civil_due = false;
    lead.until = INT64_MAX;
    lead.due = (first->deadline +
                absl::ToInt64Microseconds(options_.lapse_delay) + kUs - 1) /
               kUs;
  }
  const int64_t keep = absl::ToInt64Microseconds(options_.attempt_keep);
  std::erase_if(attempts_,
                [&](const auto& a) { return a.second.over < now_ - keep; });
  Settle();
}

void NaiveLeads::Rebase(absl::Duration delta) {
  skew_ += absl::ToInt64Microseconds(delta);
  Settle();
}

void NaiveLeads::SetWallClock(absl::Duration offset) {
  offset_ = absl::ToInt64Microseconds(offset);
  Settle();
}

void NaiveLeads::SetRules(const DialRules& rules) {
  // Nor what was too old for all caps.
  int64_t longest = 0;
  for (const DialCap* cap : Caps()) {
    const int64_t days = cap->window == DialWindow::kDay     ? 2
                         : cap->window == DialWindow::kWeek  ? 8
                         : cap->window == DialWindow::kMonth ? 32
                                                             : 0;
    longest =
        std::max({longest, days * 86'400, absl::ToInt64Seconds(cap->rolling)});
  }
  std::erase_if(events_, [&](const Event& e) {
    return e.at / kUs < second() - longest - 1;
  });
  rules_ = rules;
  Settle();
}

NaiveLeads::Code NaiveLeads::Put(const LeadConfig& config) {
  Lead lead;
  const auto old = leads_.find(config.lead);
  if (old != leads_.end()) {
    if (old->second.state == LeadState::kTaken) {
      return Code::kFailedPrecondition;
    }
    lead = old->second;
    lead.cursor %= static_cast<int>(config.numbers.size());
    if (lead.state == LeadState::kDone) {
      --done_[lead.config.list];
      ++done_[config.list];
    }
  } else {
    lead.seq = next_seq_++;
    lead.due = CeilSeconds(config.due);
  }
  lead.config = config;
  std::vector<Number> numbers;
  for (const LeadNumber& number : config.numbers) {
    Number made;
    made.config = number;
    for (const auto& [ref, other] : leads_) {
      for (const Number& known : other.numbers) {
        if (known.config.number != number.number) continue;
        made.check = known.check;
        if (ref != config.lead) continue;
        made.attempts = known.attempts;
        made.over = known.over;
      }
    }
    numbers.push_back(made);
  }
  lead.numbers = numbers;
  leads_[config.lead] = lead;
  Settle();
  return Code::kOk;
}

NaiveLeads::Code NaiveLeads::Dialled(uint64_t ref) {
  const auto at = attempts_.find(ref);
  if (at == attempts_.end()) return Code::kNotFound;
  Attempt& attempt = at->second;
  if (attempt.cancelled) return Code::kFailedPrecondition;
  if (attempt.alive && !attempt.dialled) {
    attempt.dialled = true;
    attempt.deadline = now_ + absl::ToInt64Microseconds(options_.call_max);
  }
  return Code::kOk;
}

NaiveLeads::Code NaiveLeads::Cancel(uint64_t ref) {
  const auto at = attempts_.find(ref);
  if (at == attempts_.end()) return Code::kNotFound;
  Attempt& attempt = at->second;
  if (!attempt.alive && attempt.disposition == "cancelled") return Code::kOk;
  if (!attempt.alive || attempt.dialled) return Code::kFailedPrecondition;
  attempt.alive = false;
  attempt.cancelled = true;
  attempt.over = now_;
  attempt.disposition = "cancelled";
  Lead& lead = leads_[attempt.lead];
  lead.state = LeadState::kWaiting;
  --lead.attempts;
  for (Number& number : lead.numbers) {
    if (number.config.number == attempt.number) --number.attempts;
  }
  Uncount(ref);
  Settle();
  return Code::kOk;
}

void NaiveLeads::SetCallback(Lead* lead, const LeadCallback& callback) {
  lead->state = LeadState::kWaiting;
  lead->callback = lead->civil_due = true;
  lead->personal = callback.personal;
  lead->due = CeilSeconds(callback.at);
  lead->until = callback.until == absl::InfiniteFuture()
                    ? INT64_MAX
                    : absl::ToUnixSeconds(callback.until);
}

int64_t NaiveLeads::DueAfter(const Lead& lead, const Number& number,
                             int64_t delay, bool other_part) const {
  int64_t due = (now_ + kUs - 1) / kUs + delay;
  const std::string& zone = PlaceOf(number.config)->zones[0];
  const auto local_hour = [&](int64_t s) {
    const int64_t civil = s + wall_s();
    return static_cast<int>(
        (civil + Offset(zone, civil) - Day(zone, civil) * 86'400) / 3600);
  };
  const auto part = [&](int64_t s) {
    const int hour = local_hour(s);
    return hour < 12 ? 0 : hour < 17 ? 1 : 2;
  };
  if (LawsOf(lead, *PlaceOf(number.config)).empty()) return due;
  // Second by second: the twin may be slow.
  while (other_part && part(due) == part(second())) ++due;
  const BestHour& best = CampaignOf(lead).best_hour;
  if (!best.on) return due;
  int64_t best_score = INT64_MIN, best_due = due;
  for (int h = 0; h < absl::ToInt64Hours(best.horizon); ++h) {
    const int64_t at = due + h * 3600;
    if (!HoursOpen(lead, number, at + wall_s())) continue;
    std::pair<int64_t, int64_t> rate;
    const auto known = rates_.find({lead.config.segment, local_hour(at)});
    if (known != rates_.end()) rate = known->second;
    const int64_t chance =
        (rate.second * 1'000'000 +
         int64_t{best.prior_attempts} * best.prior_permille * 1000) /
        (rate.first + best.prior_attempts);
    const int64_t score = chance - int64_t{h} * best.cost_permille * 1000;
    if (score > best_score) {
      best_score = score;
      best_due = at;
    }
  }
  return best_due;
}

// Counts the result; which attempt or failure it was.
int NaiveLeads::Record(const Attempt& attempt, Lead* lead, Number* number,
                       DialResult result) {
  const auto count = [&](DialEvent kind) {
    Count(*lead, attempt.number, kind, 0);
  };
  if (result == DialResult::kFailure) {
    Uncount(attempt.request.attempt);
    count(DialEvent::kFailure);
    --lead->attempts;
    --number->attempts;
    return lead->failures = std::min(lead->failures + 1, 255);
  }
  lead->failures = 0;
  if (result == DialResult::kMachine) count(DialEvent::kMachine);
  if (result == DialResult::kAbandoned || Spoke(result)) {
    count(DialEvent::kConnect);
    count(Spoke(result) ? DialEvent::kConversation : DialEvent::kAbandon);
  }
  const DialPlace& place = *PlaceOf(number->config);
  if (!LawsOf(*lead, place).empty()) {
    const int64_t civil = attempt.at / kUs + wall_s();
    const int64_t local = civil + Offset(place.zones[0], civil);
    const int64_t day = Day(place.zones[0], civil);
    auto& rate = rates_[{lead->config.segment,
                         static_cast<int>((local - day * 86'400) / 3600)}];
    ++rate.first;
    if (Spoke(result)) ++rate.second;
  }
  return lead->attempts;
}

void NaiveLeads::Redial(Attempt* attempt, Lead* lead,
                        const DialDisposition& how,
                        const LeadCallback* callback) {
  std::size_t position = 0;
  while (lead->numbers[position].config.number != attempt->number) ++position;
  Number& number = lead->numbers[position];
  const int n = Record(*attempt, lead, &number, how.result);
  const RedialRule* rule = nullptr;
  for (const RedialRule& row : CampaignOf(*lead).redial) {
    const bool name =
        row.dispositions.empty() ||
        std::find(row.dispositions.begin(), row.dispositions.end(), how.name) !=
            row.dispositions.end();
    if (name && n >= row.from && n <= row.to &&
        (row.number_type.empty() || row.number_type == number.config.type) &&
        (row.segment.empty() || row.segment == lead->config.segment)) {
      rule = &row;
      break;
    }
  }
  lead->disposition = how.name;
  lead->callback = lead->personal = lead->civil_due = false;
  lead->until = INT64_MAX;
  lead->guaranteed = rule->guarantee;
  lead->config.priority =
      std::clamp(lead->config.priority + rule->priority, 0, 255);
  lead->state = LeadState::kWaiting;
  if (rule->action == RedialAction::kDrop) number.over = true;
  lead->cursor = static_cast<int>(rule->action == RedialAction::kSame
                                      ? position
                                      : (position + 1) % lead->numbers.size());
  if (callback != nullptr) return SetCallback(lead, *callback);
  if (rule->action == RedialAction::kDone) {
    lead->state = LeadState::kDone;
    ++done_[lead->config.list];
  } else if (rule->action == RedialAction::kExhausted) {
    lead->state = LeadState::kExhausted;
  } else {
    const std::size_t step = std::min<std::size_t>(
        static_cast<std::size_t>(n - rule->from), rule->delays.size() - 1);
    lead->due =
        DueAfter(*lead, number, absl::ToInt64Seconds(rule->delays[step]),
                 rule->other_day_part);
  }
}

NaiveLeads::Code NaiveLeads::Report(uint64_t ref,
                                    const std::string& disposition,
                                    const LeadCallback* callback) {
  const DialDisposition* how = nullptr;
  for (const DialDisposition& d : rules_.dispositions) {
    if (d.name == disposition) how = &d;
  }
  const auto at = attempts_.find(ref);
  if (at == attempts_.end()) return Code::kNotFound;
  Attempt& attempt = at->second;
  if (!attempt.alive) {
    if (attempt.cancelled) return Code::kFailedPrecondition;
    return attempt.disposition == disposition ? Code::kOk
                                              : Code::kAlreadyExists;
  }
  attempt.alive = false;
  attempt.over = now_;
  attempt.disposition = disposition;
  Lead& lead = leads_[attempt.lead];
  Redial(&attempt, &lead, *how, callback);
  if (how->result == DialResult::kRefused) {
    for (const Number& number : lead.numbers) DoNotCall(number.config.number);
  }
  Settle();
  return Code::kOk;
}

NaiveLeads::Code NaiveLeads::Callback(uint64_t ref,
                                      const LeadCallback& callback) {
  const auto at = leads_.find(ref);
  if (at == leads_.end()) return Code::kNotFound;
  Lead& lead = at->second;
  if (lead.state == LeadState::kTaken) return Code::kFailedPrecondition;
  if (lead.state == LeadState::kDone) --done_[lead.config.list];
  SetCallback(&lead, callback);
  Settle();
  return Code::kOk;
}

}  // namespace callrouter::oracle
