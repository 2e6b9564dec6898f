// What the host does with leads that are there.

#include <algorithm>

#include "tests/oracle/naive_leads.h"

namespace callrouter::oracle {

NaiveLeads::Code NaiveLeads::Remove(uint64_t ref) {
  const auto at = leads_.find(ref);
  if (at == leads_.end()) return Code::kNotFound;
  if (at->second.state == LeadState::kTaken) return Code::kFailedPrecondition;
  leads_.erase(at);
  return Code::kOk;
}

NaiveLeads::Code NaiveLeads::Forget(const LeadSubject& subject) {
  std::set<uint64_t> refs, persons, numbers;
  persons.insert(subject.person);
  numbers.insert(subject.number.value());
  const auto has = [](const Lead& lead, PhoneNumber number) {
    return std::any_of(
        lead.numbers.begin(), lead.numbers.end(),
        [&](const Number& n) { return n.config.number == number; });
  };
  for (const auto& [ref, lead] : leads_) {
    if (ref != subject.lead && !has(lead, subject.number)) continue;
    refs.insert(ref);
    persons.insert(lead.config.person);
  }
  persons.erase(0);
  for (const auto& [ref, lead] : leads_) {
    if (persons.count(lead.config.person) > 0) refs.insert(ref);
  }
  for (const uint64_t ref : refs) {
    if (leads_[ref].state == LeadState::kTaken) {
      return Code::kFailedPrecondition;
    }
  }
  for (const uint64_t ref : refs) {
    for (const Number& number : leads_[ref].numbers) {
      numbers.insert(number.config.number.value());
    }
    leads_.erase(ref);
  }
  refs.insert(subject.lead);
  for (const auto& [ref, lead] : leads_) {
    for (const Number& n : lead.numbers) numbers.erase(n.config.number.value());
  }
  for (Event& event : events_) {
    if (numbers.count(event.number) > 0) event.number = 0;
    if (refs.count(event.lead) > 0) event.lead = 0;
    if (persons.count(event.person) > 0) event.person = 0;
  }
  return Code::kOk;
}

NaiveLeads::Code NaiveLeads::Pause(uint64_t ref, bool paused) {
  const auto at = leads_.find(ref);
  if (at == leads_.end()) return Code::kNotFound;
  LeadState& state = at->second.state;
  const LeadState to = paused ? LeadState::kPaused : LeadState::kWaiting;
  if (state == to) return Code::kOk;
  if (state != (paused ? LeadState::kWaiting : LeadState::kPaused)) {
    return Code::kFailedPrecondition;
  }
  state = to;
  Settle();
  return Code::kOk;
}

void NaiveLeads::PauseList(const std::string& list, bool paused) {
  paused ? (void)paused_lists_.insert(list) : (void)paused_lists_.erase(list);
}

void NaiveLeads::PauseCampaign(const std::string& name, bool paused) {
  paused ? (void)paused_campaigns_.insert(name)
         : (void)paused_campaigns_.erase(name);
}

void NaiveLeads::ResetLead(Lead* lead) {
  if (lead->state == LeadState::kDone) --done_[lead->config.list];
  lead->state = LeadState::kWaiting;
  lead->callback = lead->personal = lead->guaranteed = lead->civil_due = false;
  lead->due = second();
  lead->until = INT64_MAX;
  lead->attempts = lead->failures = lead->cursor = 0;
  lead->disposition.clear();
  for (Number& number : lead->numbers) {
    number.attempts = 0;
    number.over = false;
  }
}

NaiveLeads::Code NaiveLeads::Reset(uint64_t ref) {
  const auto at = leads_.find(ref);
  if (at == leads_.end()) return Code::kNotFound;
  if (at->second.state == LeadState::kTaken) return Code::kFailedPrecondition;
  ResetLead(&at->second);
  Settle();
  return Code::kOk;
}

int NaiveLeads::Recycle(const std::string& list, LeadState state,
                        const std::string& disposition) {
  int count = 0;
  for (auto& [ref, lead] : leads_) {
    if (lead.config.list != list || lead.state != state) continue;
    if (!disposition.empty() && lead.disposition != disposition) continue;
    ResetLead(&lead);
    ++count;
  }
  Settle();
  return count;
}

void NaiveLeads::DoNotCall(PhoneNumber number) {
  do_not_call_.insert(number.value());
}
NaiveLeads::Code NaiveLeads::AllowCall(PhoneNumber number) {
  return do_not_call_.erase(number.value()) > 0 ? Code::kOk : Code::kNotFound;
}
void NaiveLeads::DoNotCallPrefix(const std::string& prefix) {
  prefixes_.insert(prefix);
}
NaiveLeads::Code NaiveLeads::AllowCallPrefix(const std::string& prefix) {
  return prefixes_.erase(prefix) > 0 ? Code::kOk : Code::kNotFound;
}

NaiveLeads::Code NaiveLeads::Checked(PhoneNumber number, NumberCheck check) {
  bool any = false;
  for (auto& [ref, lead] : leads_) {
    for (Number& known : lead.numbers) {
      if (known.config.number != number) continue;
      known.check = check;
      any = true;
    }
  }
  return any ? Code::kOk : Code::kNotFound;
}

}  // namespace callrouter::oracle
