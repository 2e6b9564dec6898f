// A person's right to be forgotten.

#include <algorithm>
#include <vector>

#include "lead_list_impl.h"

namespace callrouter {

// Those with one of the names, and those of the same persons.
std::vector<uint32_t> LeadListImpl::LeadsOf(const LeadSubject& subject) const {
  std::vector<uint32_t> found;
  const auto add_person = [&](uint64_t person) {
    for (uint32_t i = persons_.First(MixBits(person)); i != kNone;
         i = persons_[i].next) {
      if (persons_[i].person == person) found.push_back(persons_[i].lead);
    }
  };
  const uint32_t named = FindLead(subject.lead);
  if (named != kNone) found.push_back(named);
  const uint64_t number = subject.number.value();
  for (uint32_t i = lines_.First(MixBits(number)); i != kNone;
       i = lines_[i].next) {
    if (lines_[i].phone() == subject.number) found.push_back(lines_[i].lead);
  }
  for (std::size_t i = found.size(); i-- > 0;) {
    if (PersonOf(leads_[found[i]]) != 0) add_person(PersonOf(leads_[found[i]]));
  }
  if (subject.person != 0) add_person(subject.person);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

bool LeadListImpl::InUse(uint64_t number) const {
  uint32_t i = lines_.First(MixBits(number));
  while (i != kNone && lines_[i].phone().value() != number) i = lines_[i].next;
  return i != kNone;
}

absl::Status LeadListImpl::Forget(const LeadSubject& subject) {
  if (subject.number.none() && subject.lead == 0 && subject.person == 0) {
    return absl::InvalidArgumentError("subject: found nobody");
  }
  const std::vector<uint32_t> leads = LeadsOf(subject);
  for (const uint32_t i : leads) {
    if (leads_[i].state == LeadState::kTaken) {
      return absl::FailedPreconditionError("a lead is in a call");
    }
  }
  // Also what is left of leads that were removed.
  std::vector<DialSubject> forget = {
      {DialScope::kNumber, subject.number.value()},
      {DialScope::kLead, subject.lead},
      {DialScope::kPerson, subject.person}};
  for (const uint32_t i : leads) {
    forget.push_back({DialScope::kLead, leads_[i].ref});
    forget.push_back({DialScope::kPerson, PersonOf(leads_[i])});
    for (uint32_t k = leads_[i].first; k != kNone; k = lines_[k].sibling) {
      forget.push_back({DialScope::kNumber, lines_[k].phone().value()});
    }
  }
  for (const uint32_t i : leads) {
    Unplace(i);
    DropLines(i);
    DropPerson(i);
    leads_.Erase(i);
  }
  for (const DialSubject& whose : forget) {
    const bool others = whose.scope == DialScope::kNumber && InUse(whose.key);
    if (whose.key != 0 && !others) history_.Forget(whose);
  }
  // Attempts that are over are kept for a while, but not whose they were.
  for (const uint32_t i : over_.Items()) {
    if (!std::binary_search(leads.begin(), leads.end(), attempts_[i].lead)) {
      continue;
    }
    attempts_[i].lead = attempts_[i].line = kNone;
  }
  return absl::OkStatus();
}

}  // namespace callrouter
