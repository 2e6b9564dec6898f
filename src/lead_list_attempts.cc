// Leads handed out: reserved, dialled, given back, lapsed.

#include <algorithm>

#include "lead_list_impl.h"

namespace callrouter {

namespace {
constexpr int64_t kSecond = NumberClock::kSecond;
// What one attempt can still add to the history: see Count.
constexpr std::size_t kEventsOfResult = 6, kEventsOfAttempt = 3;
}  // namespace

uint32_t LeadListImpl::FindAttempt(uint64_t ref) const {
  uint32_t i = attempts_.First(MixBits(ref));
  while (i != kNone && attempts_[i].ref != ref) i = attempts_[i].next;
  return i;
}

void LeadListImpl::Count(const Lead& lead, const Line& line, DialEvent event) {
  const uint32_t now = clock_.seconds();
  const DialSubject subjects[] = {{DialScope::kNumber, line.phone().value()},
                                  {DialScope::kLead, lead.ref},
                                  {DialScope::kPerson, PersonOf(lead)}};
  for (const DialSubject& subject : subjects) {
    if (subject.key == 0 || !compiled_->counts(subject.scope, event)) continue;
    history_.Add(subject, event, now);
  }
}

void LeadListImpl::Uncount(const Lead& lead, const Line& line, uint32_t at) {
  const DialEvent event = DialEvent::kAttempt;
  history_.Remove({DialScope::kNumber, line.phone().value()}, event, at);
  history_.Remove({DialScope::kLead, lead.ref}, event, at);
  if (lead.person != kNone) {
    history_.Remove({DialScope::kPerson, PersonOf(lead)}, event, at);
  }
}

absl::Status LeadListImpl::Next(const LeadRequest& request,
                                LeadChoice* choice) {
  if (request.attempt == 0) {
    return absl::InvalidArgumentError("attempt: found 0, expected a name");
  }
  const uint32_t campaign =
      DialCompiled::Find(compiled_->campaigns, request.campaign);
  if (campaign == kNone) return absl::NotFoundError("no such campaign");
  const uint32_t known = FindAttempt(request.attempt);
  if (known != kNone) {
    const Attempt& attempt = attempts_[known];
    if (attempt.campaign != campaign || attempt.agent != request.agent ||
        attempt.agent_reserved != request.agent_reserved) {
      return absl::AlreadyExistsError("the attempt has other content");
    }
    if (!attempt.alive()) {
      return absl::FailedPreconditionError("the attempt is over");
    }
    *choice = LeadChoice();
    FillChoice(attempt, choice);
    return absl::OkStatus();
  }
  const std::size_t alive = attempts_.size() - over_.size();
  const std::size_t most = static_cast<std::size_t>(options_.attempts_max);
  const std::size_t events =
      history_.size() + kEventsOfAttempt + kEventsOfResult * (alive + 1);
  if (alive >= most || events > static_cast<std::size_t>(options_.events_max)) {
    return absl::ResourceExhaustedError(alive >= most ? "attempts_max"
                                                      : "events_max");
  }
  *choice = LeadChoice();
  const uint32_t lead = Choose(campaign, request);
  if (lead == kNone) {
    ++counts_.none;
    choice->retry_at = Deadline();
    return absl::OkStatus();
  }
  if (attempts_.size() == most) {
    attempts_.Erase(over_.front());
    over_.Pop();
  }
  Take(request, campaign, lead);
  FillChoice(attempts_[FindAttempt(request.attempt)], choice);
  return absl::OkStatus();
}

void LeadListImpl::Take(const LeadRequest& request, uint32_t campaign,
                        uint32_t index) {
  Attempt attempt;
  attempt.ref = request.attempt;
  attempt.agent = request.agent;
  attempt.agent_reserved = request.agent_reserved;
  attempt.campaign = campaign;
  attempt.at = clock_.now();
  attempt.lead = index;
  attempt.line = leads_[index].first;
  for (int k = leads_[index].ready; k > 0; --k) {
    attempt.line = lines_[attempt.line].sibling;
  }
  const uint32_t i = attempts_.Insert(attempt);
  attempts_[i].timer = attempt_timers_.Arm(
      clock_.now() + absl::ToInt64Microseconds(options_.reservation_timeout), 0,
      i);
  Unplace(index);
  Lead& lead = leads_[index];
  Line& line = lines_[attempt.line];
  lead.state = LeadState::kTaken;
  if (lead.attempts < UINT16_MAX) ++lead.attempts;
  if (line.attempts < UINT16_MAX) ++line.attempts;
  line.flags |= kInCall;
  Count(lead, line, DialEvent::kAttempt);
  ++counts_.chosen;
  Touch(line.phone(), index);
  TouchPerson(PersonOf(lead), index);
}

void LeadListImpl::FillChoice(const Attempt& attempt, LeadChoice* choice) {
  const Lead& lead = leads_[attempt.lead];
  const Line& line = lines_[attempt.line];
  choice->lead = lead.ref;
  choice->number = line.phone();
  choice->attributes = lead.attributes;
  choice->owner = lead.owner;
  choice->attempts = lead.attempts;
  choice->list = lead.list;
  choice->segment = lead.segment;
  choice->number_type = line.type;
  choice->place = line.place();
  choice->callback = (lead.flags & kCallback) != 0;
  const DialClass* const where = ClassOf(lead, line);
  if (where != nullptr) {
    choice->local_hour = where->zones[0]->Hour(attempt.at + wall_ * kSecond);
    choice->ring_least = where->ring_least;
    choice->connect_within = where->connect_within;
    choice->message_required = where->message_required;
  }
  if (attempt.state == AttemptState::kReserved) {
    choice->lapses_at = clock_.Host(
        attempt.at + absl::ToInt64Microseconds(options_.reservation_timeout));
  }
}

absl::Status LeadListImpl::Dialled(uint64_t ref) {
  const uint32_t i = ref == 0 ? kNone : FindAttempt(ref);
  if (i == kNone) return absl::NotFoundError("no such attempt");
  Attempt& attempt = attempts_[i];
  if (attempt.state == AttemptState::kDialled ||
      attempt.state == AttemptState::kOver) {
    return absl::OkStatus();
  }
  if (attempt.state != AttemptState::kReserved) {
    return absl::FailedPreconditionError("the attempt was given back");
  }
  attempt.state = AttemptState::kDialled;
  attempt_timers_.Cancel(&attempt.timer);
  attempt.timer = attempt_timers_.Arm(
      clock_.now() + absl::ToInt64Microseconds(options_.call_max), 0, i);
  attempt_timers_.Tidy();
  return absl::OkStatus();
}

absl::Status LeadListImpl::Cancel(uint64_t ref) {
  const uint32_t i = ref == 0 ? kNone : FindAttempt(ref);
  if (i == kNone) return absl::NotFoundError("no such attempt");
  const Attempt attempt = attempts_[i];
  if (attempt.state == AttemptState::kCancelled) return absl::OkStatus();
  if (attempt.state != AttemptState::kReserved) {
    return absl::FailedPreconditionError("the attempt was dialled or is over");
  }
  Lead& lead = leads_[attempt.lead];
  Line& line = lines_[attempt.line];
  Uncount(lead, line, static_cast<uint32_t>(attempt.at / kSecond));
  --lead.attempts;
  --line.attempts;
  ++counts_.cancelled;
  End(i, AttemptState::kCancelled);
  lead.state = LeadState::kWaiting;
  TouchBoth(attempt.lead, line.phone());
  return absl::OkStatus();
}

// Nobody said how it ended: it counts, and the lead waits.
void LeadListImpl::Lapse(uint32_t index, int64_t due) {
  const Attempt attempt = attempts_[index];
  Lead& lead = leads_[attempt.lead];
  ++counts_.lapsed;
  End(index, AttemptState::kLapsed);
  lead.state = LeadState::kWaiting;
  lead.flags =
      static_cast<uint8_t>(lead.flags & ~(kCallback | kPersonal | kCivil));
  lead.until = kNever;
  lead.due = static_cast<uint32_t>(
      (due + absl::ToInt64Microseconds(options_.lapse_delay) + kSecond - 1) /
      kSecond);
  TouchBoth(attempt.lead, lines_[attempt.line].phone());
}

void LeadListImpl::End(uint32_t index, AttemptState state) {
  Attempt& attempt = attempts_[index];
  lines_[attempt.line].flags =
      static_cast<uint8_t>(lines_[attempt.line].flags & ~kInCall);
  attempt.state = state;
  attempt.at = clock_.now();
  attempt_timers_.Cancel(&attempt.timer);
  attempt_timers_.Tidy();
  over_.Push(index);
}

// Attempts that are over for long.
void LeadListImpl::Forget() {
  const int64_t keep = absl::ToInt64Microseconds(options_.attempt_keep);
  while (!over_.empty() && attempts_[over_.front()].at < clock_.now() - keep) {
    attempts_.Erase(over_.front());
    over_.Pop();
  }
}

}  // namespace callrouter
