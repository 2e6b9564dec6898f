// What happens to agents and as time goes by.

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "exact_math.h"
#include "pacer_impl.h"

namespace callrouter {
namespace {

constexpr double kLn2 = 0.693147180559945309417;

std::size_t At(DialAgent state) { return static_cast<std::size_t>(state); }

bool Works(DialAgent state) {
  return state == DialAgent::kBusy || state == DialAgent::kLast;
}

void Refill(StartBucket* bucket, int64_t now) {
  bucket->us = std::min(kSecond, bucket->us + (now - bucket->at));
  bucket->at = now;
}

}  // namespace

PacerImpl::PacerImpl(PacerOptions options, int64_t now)
    : options_(std::move(options)),
      rates_(static_cast<int32_t>(options_.campaigns.size()),
             options_.kinds_max, options_.answer_half_life),
      service_(absl::ToDoubleSeconds(options_.service_guess)),
      centre_(options_.windows, now),
      lines_(static_cast<std::size_t>(options_.lines_max) +
             static_cast<std::size_t>(options_.agents_max)),
      agents_(static_cast<std::size_t>(options_.agents_max)),
      now_(now),
      second_(SecondOf(now)) {
  campaigns_.reserve(options_.campaigns.size());
  for (const PacedCampaign& rules : options_.campaigns) {
    CampaignState& c = campaigns_.emplace_back(rules, now);
    c.false_share = rules.false_machine_permille / 1000.0;
    c.bucket = {kSecond, now};
    c.ledger.Advance(now, shift_ + offset_);
  }
  centre_.Advance(now, shift_ + offset_);
  bucket_ = {kSecond, now};
  order_.reserve(campaigns_.size());
  agent_counts_[At(DialAgent::kAway)] = options_.agents_max;
  for (uint32_t i = 0; i < lines_.size(); ++i) lines_[i].next_free = i + 1;
  for (std::size_t i = 0; i < options_.carriers.size(); ++i) {
    carriers_.push_back({{kSecond, now}});
  }
  carrier_rooms_.resize(carriers_.size());
  records_.reserve(static_cast<std::size_t>(options_.records_max));
  timers_.Reserve(lines_.size() + agents_.size());
  untold_.Reserve(lines_.size() + agents_.size());
}

int64_t PacerImpl::Internal(absl::Time now) const {
  // Far enough from the ends that sums with offsets stay inside.
  const int64_t us =
      std::min(INT64_MAX / 4, std::max(INT64_MIN / 4, absl::ToUnixMicros(now)));
  return us - shift_;
}

void PacerImpl::Advance(int64_t now) {
  if (now <= now_) return;
  FireUntil(now - 1);
  StepTo(now);
}

void PacerImpl::Fire() { FireUntil(now_); }

// Each at its own time: a drop belongs to the window in which it was due.
void PacerImpl::FireUntil(int64_t last) {
  TimerQueue::Timer timer;
  while (timers_.PopDue(last, &timer)) {
    StepTo(timer.due);
    if (timer.kind == kLineDue) {
      lines_[timer.subject].due = TimerId();
      SecondsOver(timer.subject, timer.due);
    } else {
      AgentDue(timer.subject, timer.due);
    }
  }
  timers_.Tidy();
}

void PacerImpl::CancelTimers(TimerId* due, TimerId* tell) {
  timers_.Cancel(due);
  untold_.Cancel(tell);
  timers_.Tidy();
}

void PacerImpl::StepTo(int64_t now) {
  if (now <= now_) return;
  now_ = now;
  const int64_t second = SecondOf(now);
  if (second != second_) {
    // Everything is old after so many seconds: no need for each of them.
    second_ = std::max(second_, second - 2 * ServiceLaw::kSeconds);
    while (second_ < second) BeginSecond(++second_);
    for (CampaignState& c : campaigns_) {
      c.ledger.Advance(now, shift_ + offset_);
    }
    centre_.Advance(now, shift_ + offset_);
    RebuildLaws();
  }
  Refill(&bucket_, now);
  for (CampaignState& c : campaigns_) Refill(&c.bucket, now);
  for (CarrierState& carrier : carriers_) Refill(&carrier.bucket, now);
}

void PacerImpl::BeginSecond(int64_t second) {
  busy_.Begin(second);
  const bool agents = agent_counts_[At(DialAgent::kReady)] +
                          agent_counts_[At(DialAgent::kBusy)] >
                      0;
  constexpr double kKeep = 1 - kLn2 / 1800;
  for (CampaignState& c : campaigns_) {
    for (auto& ages : c.ages) ages.Begin(second);
    if (!agents || !c.running) continue;
    c.recent_answers *= kKeep;
    c.recent_seconds = c.recent_seconds * kKeep + 1;
  }
}

void PacerImpl::RebuildLaws() {
  for (CampaignState& c : campaigns_) {
    if (!c.learned) continue;
    std::array<int32_t, RingLaw::kSeconds> ringing = {};
    for (const auto& ages : c.ages) {
      ages.Each(second_, [&](int age, int32_t count) {
        ringing[static_cast<std::size_t>(age)] += count;
      });
    }
    c.ring.Rebuild(ringing);
    c.learned = false;
  }
  if (service_learned_) service_.Rebuild();
  service_learned_ = false;
}

absl::Status PacerImpl::SetAgent(int32_t agent, DialAgent state) {
  PacedAgentSlot& slot = agents_[static_cast<std::size_t>(agent)];
  if (slot.state == state) return absl::OkStatus();
  const DialAgent before = slot.state;
  // kLast is a busy agent who will not come back: age goes on, but nobody
  // counts on them.
  const bool works = Works(before);
  if (before == DialAgent::kBusy) CountAgent(slot, -1);
  CancelTimers(&slot.due, &slot.tell);
  slot.finish = kNotYet;
  --agent_counts_[At(before)];
  ++agent_counts_[At(state)];
  slot.state = state;
  if (!works || !Works(state)) {
    if (works) {
      service_.Ended(static_cast<double>(now_ - slot.since) / kSecond);
      service_learned_ = true;
      if (slot.line != PacedAgentSlot::kNoLine) EndTalk(slot.line);
    }
    slot.since = now_;
  }
  if (state == DialAgent::kBusy) CountAgent(slot, 1);
  if (before == DialAgent::kReady) LeaveReady();
  ClampDeserted();
  return absl::OkStatus();
}

absl::Status PacerImpl::SetFinishing(int32_t agent, int64_t within) {
  PacedAgentSlot& slot = agents_[static_cast<std::size_t>(agent)];
  if (slot.state != DialAgent::kBusy) return NotInState(agent, slot, "busy");
  CountAgent(slot, -1);
  CancelTimers(&slot.due, &slot.tell);
  slot.finish = now_ + within;
  slot.due = timers_.Arm(slot.finish, kAgentDue, static_cast<uint32_t>(agent));
  CountAgent(slot, 1);
  return absl::OkStatus();
}

absl::Status PacerImpl::BeginPreview(uint32_t campaign, int32_t agent) {
  const CampaignState& c = campaigns_[campaign];
  if (c.rules.mode != PacingMode::kTimedPreview) {
    return absl::FailedPreconditionError(
        "campaign " + std::to_string(campaign) + " is " +
        std::string(Name(c.rules.mode)) + ", not timed preview");
  }
  PacedAgentSlot& slot = agents_[static_cast<std::size_t>(agent)];
  if (slot.state != DialAgent::kReady) return NotInState(agent, slot, "ready");
  const absl::Status status = SetAgent(agent, DialAgent::kPreview);
  slot.campaign = static_cast<uint16_t>(campaign);
  slot.due = timers_.Arm(now_ + absl::ToInt64Microseconds(c.rules.preview_time),
                         kAgentDue, static_cast<uint32_t>(agent));
  return status;
}

void PacerImpl::ExpectInbound(double per_second, int32_t waiting) {
  inbound_per_second_ = per_second;
  inbound_waiting_ = waiting;
  ClampDeserted();
}

// A preview is over; or an agent has talked on, whatever they said.
void PacerImpl::AgentDue(uint32_t agent, int64_t due) {
  PacedAgentSlot& slot = agents_[agent];
  slot.due = TimerId();
  if (slot.state == DialAgent::kPreview) {
    slot.tell = untold_.Arm(due, kAgentDue, agent);
    return;
  }
  CountAgent(slot, -1);
  slot.finish = kNotYet;
  CountAgent(slot, 1);
}

absl::Status PacerImpl::NotInState(int32_t agent, const PacedAgentSlot& slot,
                                   const char* wanted) {
  return absl::FailedPreconditionError("agent " + std::to_string(agent) +
                                       " is " + std::string(Name(slot.state)) +
                                       ", not " + wanted);
}

// A free agent has gone without a call of ours: the line that counted on them
// is deserted, and its drop, if it comes to that, is not the pacer's.
void PacerImpl::LeaveReady() {
  if (in_flight_ > FreeAgents()) ++deserted_;
}

void PacerImpl::ClampDeserted() {
  deserted_ = std::min(deserted_, std::max(0, in_flight_ - FreeAgents()));
}

void PacerImpl::CountAgent(const PacedAgentSlot& agent, int32_t count) {
  if (agent.finish == kNotYet) {
    busy_.Add(SecondOf(agent.since), second_, count);
  } else {
    finishing_[FinishSlot(SecondOf(agent.finish))] += count;
  }
}

}  // namespace callrouter
