// Leads and rules in, out and changed; who may not be called.

#include <algorithm>
#include <string>
#include <utility>

#include "lead_list_impl.h"

namespace callrouter {

namespace {

constexpr int64_t kLastSecond = 4'200'000'000;

// A civil time as seconds, rounded down or up; beyond all times: `infinite`.
uint32_t Seconds(absl::Time time, bool up, uint32_t infinite) {
  if (time == absl::InfiniteFuture()) return infinite;
  int64_t s = std::clamp<int64_t>(absl::ToUnixSeconds(time), 0, kLastSecond);
  if (up && absl::FromUnixSeconds(s) < time && s < kLastSecond) ++s;
  return static_cast<uint32_t>(s);
}

absl::Status NoLead() { return absl::NotFoundError("no such lead"); }
absl::Status Taken() {
  return absl::FailedPreconditionError("the lead is in a call");
}

bool IsPrefix(std::string_view prefix) {
  return !prefix.empty() && prefix.size() <= PhoneNumber::kDigitsMax &&
         prefix[0] != '0' &&
         prefix.find_first_not_of("0123456789") == std::string_view::npos;
}

// Whether `now` begins with the names of `before`.
template <class T>
bool Extends(const std::vector<T>& before, const std::vector<T>& now) {
  return now.size() >= before.size() &&
         std::equal(before.begin(), before.end(), now.begin(),
                    [](const T& a, const T& b) { return a.name == b.name; });
}
bool Extends(const std::vector<std::string>& before,
             const std::vector<std::string>& now) {
  return now.size() >= before.size() &&
         std::equal(before.begin(), before.end(), now.begin());
}

}  // namespace

uint32_t LeadListImpl::FindLead(uint64_t ref) const {
  if (ref == 0) return kNone;
  uint32_t i = leads_.First(MixBits(ref));
  while (i != kNone && leads_[i].ref != ref) i = leads_[i].next;
  return i;
}

absl::Status LeadListImpl::SetRules(const DialRules& rules) {
  const DialRules& old = compiled_->rules();
  if (!Extends(old.places, rules.places) || !Extends(old.lists, rules.lists) ||
      !Extends(old.dispositions, rules.dispositions) ||
      !Extends(old.campaigns, rules.campaigns) ||
      !Extends(old.segments, rules.segments) ||
      !Extends(old.number_types, rules.number_types)) {
    return absl::FailedPreconditionError(
        "places, lists, dispositions, campaigns, segments and number types "
        "must stay, new ones come after them");
  }
  for (std::size_t i = 0; i < old.lists.size(); ++i) {
    if (old.lists[i].campaign != rules.lists[i].campaign) {
      return absl::FailedPreconditionError("list \"" + old.lists[i].name +
                                           "\" must stay in its campaign");
    }
  }
  compiled_ = std::make_unique<DialCompiled>(rules);
  compiled_->SetTime(CivilSecond());
  lists_.resize(rules.lists.size());
  campaigns_.resize(rules.campaigns.size());
  rates_.resize(24 * std::max<std::size_t>(1, rules.segments.size()));
  for (uint32_t i = 0; i < lines_.span(); ++i) {
    Line& line = lines_[i];
    if (line.bits == 0) continue;
    const uint32_t campaign = compiled_->campaign_of(leads_[line.lead].list);
    const bool allowed = compiled_->Allowed(campaign, line.phone());
    line.flags = static_cast<uint8_t>(allowed ? line.flags & ~kRefused
                                              : line.flags | kRefused);
  }
  PlaceAll();
  return absl::OkStatus();
}

absl::Status LeadListImpl::CheckLead(const LeadConfig& lead, Lead* out) const {
  const auto invalid = [](const char* text) {
    return absl::InvalidArgumentError(text);
  };
  if (lead.lead == 0) return invalid("lead: found 0, expected a name");
  if (lead.priority < 0 || lead.priority > 255) {
    return invalid("priority: expected 0 to 255");
  }
  if (lead.score < 0 || lead.score > 65'535) {
    return invalid("score: expected 0 to 65535");
  }
  const uint32_t list = DialCompiled::Find(compiled_->lists, lead.list);
  if (list == kNone) {
    return absl::NotFoundError("no list \"" + lead.list + "\"");
  }
  uint32_t segment = 0;
  if (!lead.segment.empty()) {
    segment = DialCompiled::Find(compiled_->segments, lead.segment);
    if (segment == kNone) {
      return absl::NotFoundError("no segment \"" + lead.segment + "\"");
    }
  }
  out->ref = lead.lead;
  out->owner = lead.owner;
  out->attributes = lead.attributes;
  out->list = static_cast<uint16_t>(list);
  out->segment = static_cast<uint16_t>(segment);
  out->priority = static_cast<uint8_t>(lead.priority);
  out->score = static_cast<uint16_t>(lead.score);
  out->expires = Seconds(lead.expires, false, kNever);
  out->consent = Seconds(lead.consent_until, false, kNever);
  return absl::OkStatus();
}

absl::Status LeadListImpl::CheckLines(const LeadConfig& lead, uint32_t old,
                                      std::vector<Line>* lines) const {
  if (lead.numbers.empty() || lead.numbers.size() > 16) {
    return absl::InvalidArgumentError("numbers: expected 1 to 16 of them");
  }
  const uint32_t campaign =
      compiled_->campaign_of(DialCompiled::Find(compiled_->lists, lead.list));
  for (const LeadNumber& number : lead.numbers) {
    const std::string text = number.number.ToString();
    if (number.number.none()) {
      return absl::InvalidArgumentError("numbers: one is none");
    }
    Line line;
    uint32_t place = compiled_->PlaceOf(number.number);
    if (!number.place.empty()) {
      place = DialCompiled::Find(compiled_->places, number.place);
      if (place == kNone) {
        return absl::NotFoundError("no place \"" + number.place + "\"");
      }
    }
    if (place == kNone) {
      return absl::InvalidArgumentError(
          text + ": in no place, by its prefix; without one no law is known");
    }
    if (!number.type.empty()) {
      const uint32_t type = DialCompiled::Find(compiled_->types, number.type);
      if (type == kNone) {
        return absl::NotFoundError("no number type \"" + number.type + "\"");
      }
      line.type = static_cast<uint8_t>(type);
    }
    if (!compiled_->Allowed(campaign, number.number)) {
      return absl::InvalidArgumentError(text + ": the guard does not allow it");
    }
    line.bits = uint64_t{place} << 50 | number.number.value();
    int leads = 0;
    for (uint32_t i = lines_.First(line.Hash()); i != kNone;
         i = lines_[i].next) {
      const Line& other = lines_[i];
      if (other.phone() != number.number) continue;
      if (other.lead != old) ++leads;
      line.flags |= other.flags & (kReassigned | kChecked);
      if (other.lead == old) {
        line.attempts = other.attempts;
        line.flags |= other.flags & kOver;
      }
    }
    if (leads >= options_.leads_per_number_max) {
      return absl::ResourceExhaustedError(text + ": leads_per_number_max");
    }
    for (const Line& other : *lines) {
      if (other.phone() == number.number) {
        return absl::InvalidArgumentError(text + ": twice");
      }
    }
    lines->push_back(line);
  }
  return absl::OkStatus();
}

void LeadListImpl::SetLines(uint32_t lead, const std::vector<Line>& lines) {
  uint32_t last = kNone;
  for (Line line : lines) {
    line.lead = lead;
    const uint32_t i = lines_.Insert(line);
    (last == kNone ? leads_[lead].first : lines_[last].sibling) = i;
    last = i;
  }
}

void LeadListImpl::DropLines(uint32_t lead) {
  uint32_t i = leads_[lead].first;
  while (i != kNone) {
    const uint32_t next = lines_[i].sibling;
    lines_.Erase(i);
    i = next;
  }
  leads_[lead].first = kNone;
}

void LeadListImpl::DropPerson(uint32_t lead) {
  if (leads_[lead].person != kNone) persons_.Erase(leads_[lead].person);
  leads_[lead].person = kNone;
}

absl::Status LeadListImpl::Put(const LeadConfig& config) {
  Lead made;
  std::vector<Line> lines;
  absl::Status status = CheckLead(config, &made);
  const uint32_t old = FindLead(config.lead);
  if (status.ok()) status = CheckLines(config, old, &lines);
  if (!status.ok()) return status;
  if (old != kNone && leads_[old].state == LeadState::kTaken) return Taken();
  std::size_t kept = 0;
  for (uint32_t i = old == kNone ? kNone : leads_[old].first; i != kNone;
       i = lines_[i].sibling) {
    ++kept;
  }
  int same = 0;
  for (uint32_t i = persons_.First(MixBits(config.person));
       config.person != 0 && i != kNone; i = persons_[i].next) {
    if (persons_[i].person == config.person && persons_[i].lead != old) ++same;
  }
  if (same >= options_.leads_per_number_max) {
    return absl::ResourceExhaustedError("person: leads_per_number_max");
  }
  if (lines_.size() - kept + lines.size() >
          static_cast<std::size_t>(options_.numbers_max) ||
      (old == kNone &&
       leads_.size() >= static_cast<std::size_t>(options_.leads_max)) ||
      next_seq_ == kNever) {
    return absl::ResourceExhaustedError("leads_max or numbers_max");
  }
  uint32_t i = old;
  if (old == kNone) {
    made.seq = next_seq_++;
    made.due = Seconds(config.due, true, kNever);
    made.flags = kCivil;
    i = leads_.Insert(made);
  } else {
    Unplace(old);
    DropLines(old);
    DropPerson(old);
    Lead& lead = leads_[old];
    if (lead.state == LeadState::kDone) {
      --lists_[lead.list].done;
      ++lists_[made.list].done;
    }
    // What the host says anew; the rest is history.
    lead.owner = made.owner;
    lead.attributes = made.attributes;
    lead.list = made.list;
    lead.segment = made.segment;
    lead.priority = made.priority;
    lead.score = made.score;
    lead.expires = made.expires;
    lead.consent = made.consent;
    lead.cursor = lead.cursor % lines.size() & 15u;
  }
  SetLines(i, lines);
  if (config.person != 0) {
    Person person;
    person.person = config.person;
    person.lead = i;
    leads_[i].person = persons_.Insert(person);
  }
  Place(i);
  return absl::OkStatus();
}

absl::Status LeadListImpl::Remove(uint64_t ref) {
  const uint32_t i = FindLead(ref);
  if (i == kNone) return NoLead();
  if (leads_[i].state == LeadState::kTaken) return Taken();
  Unplace(i);
  DropLines(i);
  DropPerson(i);
  leads_.Erase(i);
  return absl::OkStatus();
}

absl::Status LeadListImpl::Pause(uint64_t ref, bool paused) {
  const uint32_t i = FindLead(ref);
  if (i == kNone) return NoLead();
  const LeadState from = paused ? LeadState::kWaiting : LeadState::kPaused;
  const LeadState to = paused ? LeadState::kPaused : LeadState::kWaiting;
  if (leads_[i].state == to) return absl::OkStatus();
  if (leads_[i].state != from) {
    return absl::FailedPreconditionError(
        "only a lead that waits can be paused, and only such a one resumed");
  }
  leads_[i].state = to;
  Place(i);
  return absl::OkStatus();
}

absl::Status LeadListImpl::PauseList(std::string_view name, bool paused) {
  const uint32_t i = DialCompiled::Find(compiled_->lists, name);
  if (i == kNone) return absl::NotFoundError("no such list");
  lists_[i].paused = paused;
  return absl::OkStatus();
}

absl::Status LeadListImpl::PauseCampaign(std::string_view name, bool paused) {
  const uint32_t i = DialCompiled::Find(compiled_->campaigns, name);
  if (i == kNone) return absl::NotFoundError("no such campaign");
  campaigns_[i].paused = paused;
  return absl::OkStatus();
}

void LeadListImpl::ResetLead(uint32_t index) {
  Lead& lead = leads_[index];
  if (lead.state == LeadState::kDone) --lists_[lead.list].done;
  lead.state = LeadState::kWaiting;
  lead.flags = 0;
  lead.due = clock_.seconds();
  lead.until = kNever;
  lead.attempts = 0;
  lead.failures = 0;
  lead.cursor = 0;
  lead.disposition = kNoDisposition;
  for (uint32_t i = lead.first; i != kNone; i = lines_[i].sibling) {
    lines_[i].attempts = 0;
    lines_[i].flags = static_cast<uint8_t>(lines_[i].flags & ~kOver);
  }
}

absl::Status LeadListImpl::Reset(uint64_t ref) {
  const uint32_t i = FindLead(ref);
  if (i == kNone) return NoLead();
  if (leads_[i].state == LeadState::kTaken) return Taken();
  Unplace(i);
  ResetLead(i);
  Place(i);
  return absl::OkStatus();
}

absl::Status LeadListImpl::Recycle(std::string_view list, LeadState state,
                                   std::string_view disposition,
                                   int32_t* count) {
  if (state > LeadState::kExpired || state == LeadState::kTaken) {
    return absl::InvalidArgumentError("state: any but taken");
  }
  const uint32_t in = DialCompiled::Find(compiled_->lists, list);
  const uint32_t ended =
      DialCompiled::Find(compiled_->dispositions, disposition);
  if (in == kNone) return absl::NotFoundError("no such list");
  if (ended == kNone && !disposition.empty()) {
    return absl::NotFoundError("no such disposition");
  }
  *count = 0;
  for (uint32_t i = 0; i < leads_.span(); ++i) {
    const Lead& lead = leads_[i];
    if (lead.ref == 0 || lead.list != in || lead.state != state) continue;
    if (!disposition.empty() && lead.disposition != ended) continue;
    Unplace(i);
    ResetLead(i);
    Place(i);
    ++*count;
  }
  return absl::OkStatus();
}

absl::Status LeadListImpl::DoNotCall(PhoneNumber number) {
  if (number.none()) return absl::InvalidArgumentError("number: none");
  Phone phone;
  phone.high = static_cast<uint32_t>(number.value() >> 32);
  phone.low = static_cast<uint32_t>(number.value());
  for (uint32_t i = do_not_call_.First(phone.Hash()); i != kNone;
       i = do_not_call_[i].next) {
    if (do_not_call_[i].value() == number.value()) return absl::OkStatus();
  }
  if (do_not_call_.size() >=
      static_cast<std::size_t>(options_.do_not_call_max)) {
    return absl::ResourceExhaustedError("do_not_call_max");
  }
  do_not_call_.Insert(phone);
  Touch(number);
  return absl::OkStatus();
}

absl::Status LeadListImpl::AllowCall(PhoneNumber number) {
  if (number.none()) return absl::InvalidArgumentError("number: none");
  for (uint32_t i = do_not_call_.First(MixBits(number.value())); i != kNone;
       i = do_not_call_[i].next) {
    if (do_not_call_[i].value() != number.value()) continue;
    do_not_call_.Erase(i);
    Touch(number);
    return absl::OkStatus();
  }
  return absl::NotFoundError("not on the do-not-call list");
}

absl::Status LeadListImpl::Prefix(std::string_view prefix, bool allow) {
  if (!IsPrefix(prefix)) {
    return absl::InvalidArgumentError("prefix: 1 to 15 digits, not 0 first");
  }
  if (allow) {
    if (!do_not_call_prefixes_.Erase(prefix)) {
      return absl::NotFoundError("not on the do-not-call list");
    }
  } else if (!do_not_call_prefixes_.Insert(prefix, 1)) {
    return absl::OkStatus();
  }
  PlaceAll();
  return absl::OkStatus();
}

absl::Status LeadListImpl::Checked(PhoneNumber number, NumberCheck check) {
  if (number.none() || check > NumberCheck::kReassigned) {
    return absl::InvalidArgumentError("number or check");
  }
  bool any = false;
  for (uint32_t i = lines_.First(MixBits(number.value())); i != kNone;
       i = lines_[i].next) {
    Line& line = lines_[i];
    if (line.phone() != number) continue;
    any = true;
    line.flags = static_cast<uint8_t>(line.flags & ~(kReassigned | kChecked));
    if (check == NumberCheck::kSame) line.flags |= kChecked;
    if (check == NumberCheck::kReassigned) line.flags |= kReassigned;
  }
  if (!any) return absl::NotFoundError("no lead has the number");
  Touch(number);
  return absl::OkStatus();
}

}  // namespace callrouter
