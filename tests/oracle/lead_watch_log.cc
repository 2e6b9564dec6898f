// What the watch takes down.

#include <algorithm>

#include "tests/oracle/lead_watch.h"

namespace callrouter::oracle {

void LeadWatch::Tell(absl::Time host) {
  now_ = std::max(now_, absl::ToUnixMicros(host) - skew_);
  while (!deadlines_.empty() && deadlines_.begin()->first <= now_) {
    const auto [deadline, attempt] = *deadlines_.begin();
    Lead& lead = leads_[attempts_[attempt].lead];
    End(attempt);
    lead.callback = lead.personal = false;
    lead.from = 0;
    lead.not_before =
        deadline + absl::ToInt64Microseconds(options_.lapse_delay);
  }
}

// What is known of a number is known as long as a lead has it.
void LeadWatch::Take(const std::vector<LeadNumber>& numbers, int step) {
  for (const LeadNumber& number : numbers) {
    auto& [leads, check] = numbers_[number.number.value()];
    leads += step;
    if (leads == 0) numbers_.erase(number.number.value());
  }
}

void LeadWatch::Put(const LeadConfig& config) {
  Take(config.numbers, 1);
  const bool old = leads_.count(config.lead) > 0;
  Lead& lead = leads_[config.lead];
  if (old) Take(lead.config.numbers, -1);
  // What is known of its numbers goes with them.
  std::map<uint64_t, int> of_number;
  std::set<uint64_t> numbers_over;
  for (const LeadNumber& number : config.numbers) {
    const uint64_t value = number.number.value();
    if (lead.of_number.count(value) > 0) {
      of_number[value] = lead.of_number[value];
    }
    if (lead.numbers_over.count(value) > 0) numbers_over.insert(value);
  }
  lead.of_number = std::move(of_number);
  lead.numbers_over = std::move(numbers_over);
  lead.config = config;
  if (!old) lead.from = std::max<int64_t>(0, absl::ToUnixMicros(config.due));
}

void LeadWatch::Remove(uint64_t ref) {
  Take(leads_[ref].config.numbers, -1);
  leads_.erase(ref);
}

void LeadWatch::Forget(const LeadSubject& subject) {
  std::set<uint64_t> found, persons, numbers;
  persons.insert(subject.person);
  for (const auto& [ref, lead] : leads_) {
    bool has = ref == subject.lead;
    for (const LeadNumber& number : lead.config.numbers) {
      has = has || number.number == subject.number;
    }
    if (!has) continue;
    found.insert(ref);
    persons.insert(lead.config.person);
  }
  persons.erase(0);
  for (const auto& [ref, lead] : leads_) {
    if (persons.count(lead.config.person) > 0) found.insert(ref);
  }
  numbers.insert(subject.number.value());
  for (const uint64_t ref : found) {
    for (const LeadNumber& number : leads_[ref].config.numbers) {
      numbers.insert(number.number.value());
    }
    Remove(ref);
  }
  found.insert(subject.lead);
  std::erase_if(log_, [&](const auto& entry) {
    const auto& [scope, event, key] = entry.first;
    switch (scope) {
      case DialScope::kNumber:
        return numbers.count(key) > 0 && numbers_.count(key) == 0;
      case DialScope::kLead:
        return found.count(key) > 0;
      default:
        return persons.count(key) > 0;
    }
  });
}

void LeadWatch::PauseList(const std::string& list, bool paused) {
  paused ? (void)paused_lists_.insert(list) : (void)paused_lists_.erase(list);
}

void LeadWatch::Reset(uint64_t ref) {
  Lead made;
  made.config = leads_[ref].config;
  leads_[ref] = made;
}

void LeadWatch::DoNotCall(PhoneNumber number, bool on) {
  on ? (void)do_not_call_.insert(number.value())
     : (void)do_not_call_.erase(number.value());
}

void LeadWatch::Prefix(const std::string& prefix, bool on) {
  on ? (void)prefixes_.insert(prefix) : (void)prefixes_.erase(prefix);
}

void LeadWatch::Checked(PhoneNumber number, NumberCheck check) {
  numbers_[number.value()].second = check;
}

void LeadWatch::Count(const Attempt& attempt, DialEvent event, int64_t at) {
  Log(DialScope::kNumber, event, attempt.number).push_back(at);
  Log(DialScope::kLead, event, attempt.lead).push_back(at);
  if (attempt.person == 0) return;
  Log(DialScope::kPerson, event, attempt.person).push_back(at);
}

void LeadWatch::Uncount(const Attempt& attempt) {
  const auto drop = [&](DialScope scope, uint64_t key) {
    Times& times = Log(scope, DialEvent::kAttempt, key);
    const auto at = std::find(times.begin(), times.end(), attempt.at);
    if (at != times.end()) times.erase(at);
  };
  drop(DialScope::kNumber, attempt.number);
  drop(DialScope::kLead, attempt.lead);
  if (attempt.person != 0) drop(DialScope::kPerson, attempt.person);
  Lead& lead = leads_[attempt.lead];
  --lead.attempts;
  --lead.of_number[attempt.number];
}

void LeadWatch::End(uint64_t ref) {
  const Attempt& attempt = attempts_[ref];
  in_call_.erase(attempt.number);
  deadlines_.erase({attempt.deadline, ref});
  leads_[attempt.lead].taken = false;
  attempts_.erase(ref);
}

void LeadWatch::Dialled(uint64_t ref) {
  const auto at = attempts_.find(ref);
  if (at == attempts_.end() || at->second.dialled) return;
  Attempt& attempt = at->second;
  attempt.dialled = true;
  deadlines_.erase({attempt.deadline, ref});
  attempt.deadline = now_ + absl::ToInt64Microseconds(options_.call_max);
  deadlines_.insert({attempt.deadline, ref});
}

void LeadWatch::Cancel(uint64_t ref) {
  if (attempts_.count(ref) == 0) return;
  Uncount(attempts_[ref]);
  End(ref);
}

const RedialRule& LeadWatch::Row(const Lead& lead, const Attempt& attempt,
                                 const std::string& disposition, int n) const {
  std::string type;
  for (const LeadNumber& number : lead.config.numbers) {
    if (number.number.value() == attempt.number) type = number.type;
  }
  const std::vector<RedialRule>& rows = CampaignOf(lead).redial;
  return *std::find_if(rows.begin(), rows.end(), [&](const RedialRule& row) {
    return (row.dispositions.empty() ||
            std::find(row.dispositions.begin(), row.dispositions.end(),
                      disposition) != row.dispositions.end()) &&
           (row.number_type.empty() || row.number_type == type) &&
           (row.segment.empty() || row.segment == lead.config.segment) &&
           row.from <= n && n <= row.to;
  });
}

void LeadWatch::Report(uint64_t ref, const std::string& disposition,
                       const LeadCallback* callback) {
  if (attempts_.count(ref) == 0) return;
  const Attempt attempt = attempts_[ref];
  Lead& lead = leads_[attempt.lead];
  DialResult result = DialResult::kNoAnswer;
  for (const DialDisposition& d : rules_.dispositions) {
    if (d.name == disposition) result = d.result;
  }
  const bool spoke = result == DialResult::kConversation ||
                     result == DialResult::kRefused ||
                     result == DialResult::kCallback;
  if (result == DialResult::kFailure) {
    Uncount(attempt);
    Count(attempt, DialEvent::kFailure, now_);
    ++lead.failures;
  } else {
    lead.failures = 0;
  }
  if (result == DialResult::kMachine) Count(attempt, DialEvent::kMachine, now_);
  if (spoke || result == DialResult::kAbandoned) {
    Count(attempt, DialEvent::kConnect, now_);
    Count(attempt, spoke ? DialEvent::kConversation : DialEvent::kAbandon,
          now_);
  }
  const int n = result == DialResult::kFailure ? lead.failures : lead.attempts;
  const RedialRule& row = Row(lead, attempt, disposition, n);
  End(ref);
  lead.callback = lead.personal = false;
  lead.from = 0;
  lead.guaranteed = row.guarantee;
  if (row.action == RedialAction::kDrop) {
    lead.numbers_over.insert(attempt.number);
  }
  if (result == DialResult::kRefused) {
    for (const LeadNumber& number : lead.config.numbers) {
      DoNotCall(number.number, true);
    }
  }
  if (callback != nullptr) return Callback(attempt.lead, *callback);
  lead.over = row.action == RedialAction::kDone ||
              row.action == RedialAction::kExhausted;
  if (lead.over) return;
  const std::size_t step =
      std::min(static_cast<std::size_t>(n - row.from), row.delays.size() - 1);
  lead.not_before = now_ + absl::ToInt64Microseconds(row.delays[step]);
}

void LeadWatch::Callback(uint64_t ref, const LeadCallback& callback) {
  Lead& lead = leads_[ref];
  lead.over = lead.paused = false;
  lead.callback = true;
  lead.personal = callback.personal;
  lead.not_before = 0;
  lead.from = absl::ToUnixMicros(callback.at);
  lead.until = callback.until == absl::InfiniteFuture()
                   ? INT64_MAX
                   : absl::ToUnixMicros(callback.until);
}

}  // namespace callrouter::oracle
