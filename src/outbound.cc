// Agents told to the pacers, plans, and the dialing that follows from them.

#include "callrouter/outbound.h"

#include <algorithm>

#include "engine_impl.h"
#include "outbound_impl.h"

namespace callrouter {

namespace {

// In a row without a number to show: so many leads are tried at once.
constexpr int32_t kBarrenMax = 16;

// No other number would do either, or no other lead.
bool IsForThisLead(NoNumber none) {
  return none == NoNumber::kNotForCountry || none == NoNumber::kOutOfReach ||
         none == NoNumber::kCarrierCap || none == NoNumber::kOnlyKnown ||
         none == NoNumber::kRegionReserve || none == NoNumber::kKnownNumber;
}

uint16_t Narrow(uint32_t value) {
  return static_cast<uint16_t>(std::min(value, uint32_t{UINT16_MAX}));
}

int32_t Ppm(double share) {
  return static_cast<int32_t>(std::clamp(share, 0.0, 1.0) * 1e6);
}

}  // namespace

// --- Time -------------------------------------------------------------------

absl::Time OutboundImpl::Now() const { return e_.HostTime(e_.now_); }

int64_t OutboundImpl::Internal(absl::Time host) const {
  if (host == absl::InfiniteFuture()) return kNever;
  const absl::Time us = absl::FromUnixMicros(absl::ToUnixMicros(host));
  return absl::ToUnixMicros(host) + (us < host ? 1 : 0) - e_.shift_;
}

void OutboundImpl::Tell() {
  leads_->Advance(Now());
  if (numbers_ != nullptr) numbers_->Advance(Now());
  if (returns_ != nullptr) returns_->Advance(Now());
}

void OutboundImpl::Rebase(absl::Duration delta) {
  leads_->RebaseClock(delta, Now());
  if (numbers_ != nullptr) numbers_->RebaseClock(delta, Now());
  if (returns_ != nullptr) returns_->RebaseClock(delta, Now());
  for (OutGroup& group : groups_) {
    group.pacer->RebaseClock(delta, Now());
    group.dirty = true;
  }
}

void OutboundImpl::SetWallClock(absl::Duration offset) {
  leads_->SetWallClock(offset, Now());
  if (numbers_ != nullptr) numbers_->SetWallClock(offset, Now());
  for (OutGroup& group : groups_) {
    group.pacer->SetWallClock(offset, Now());
    group.dirty = true;
  }
  LeadsChanged();
}

void OutboundImpl::Fire(TimerKind kind, uint32_t slot, bool late) {
  if (kind == TimerKind::kParts) {
    parts_timer_ = TimerId();
    for (OutGroup& group : groups_) {
      if (group.pacer->next_deadline() <= Now()) group.dirty = true;
    }
    for (uint32_t c = 0; c < campaigns_.size(); ++c) {
      if (campaigns_[c].resting && campaigns_[c].retry <= e_.now_) Wake(c);
    }
    return;
  }
  OutAttempt& a = attempts_[slot];
  a.timer = TimerId();
  // What the host has to say may be on the way.
  if (late && !a.stalled && a.stage <= OutStage::kDialling) {
    a.stalled = true;
    Arm(slot, e_.now_ + e_.grace_us_);
    return;
  }
  switch (a.stage) {
    case OutStage::kAskNumber:
    case OutStage::kAskLock:
      Rest(a.campaign, e_.now_ + number_retry_us_);
      GiveBack(slot, Reason::kNotGranted);
      return;
    case OutStage::kDialling:
      Emit(DecisionKind::kCancelDial, Reason::kRingTimeout, slot);
      Unanswered(slot, LineEvent::kNoAnswer, CallOutcome::kNoAnswer,
                 EndingOf(slot, Ending::kNoAnswer));
      return;
    case OutStage::kAnswered:
      if (e_.calls_[a.call].place == CallPlace::kConnecting) {
        a.overdue = true;  // Unless that fails.
      } else if (a.dropped) {
        EndHold(slot);
      } else {
        Drop(slot);
      }
      return;
    case OutStage::kOver:
      Close(slot, EndingOf(slot, Ending::kTalked), Reason::kNoDisposition);
      return;
  }
}

// One timer for all parts, at the earliest of their deadlines.
void OutboundImpl::ArmParts() {
  int64_t due = kNever;
  const auto sooner = [&](absl::Time at) { due = std::min(due, Internal(at)); };
  sooner(leads_->next_deadline());
  if (numbers_ != nullptr) sooner(numbers_->next_deadline());
  if (returns_ != nullptr) sooner(returns_->next_deadline());
  for (const OutGroup& group : groups_) {
    if (!group.dirty) sooner(group.pacer->next_deadline());
  }
  for (const OutCampaign& c : campaigns_) {
    if (c.resting) due = std::min(due, c.retry);
  }
  if (due != kNever) due = std::max(due, e_.now_ + 1);
  if (due == parts_due_ && e_.timers_.IsArmed(parts_timer_)) return;
  e_.timers_.Cancel(&parts_timer_);
  parts_due_ = due;
  if (due != kNever) parts_timer_ = e_.Arm(due, TimerKind::kParts, 0);
}

void OutboundImpl::Arm(uint32_t slot, int64_t due) {
  OutAttempt& a = attempts_[slot];
  e_.timers_.Cancel(&a.timer);
  a.timer = e_.Arm(due, TimerKind::kAttempt, slot);
}

// --- Agents -----------------------------------------------------------------

void OutboundImpl::AgentChanged(uint32_t agent) {
  if (agent >= told_.size()) told_.resize(std::size_t{agent} + 1);
  if (told_[agent].dirty) return;
  told_[agent].dirty = true;
  changed_agents_.push_back(agent);
}

// Queues may admit other agents now, or be gone.
void OutboundImpl::QueuesChanged() {
  for (OutGroup& group : groups_) group.dirty = true;
  for (uint32_t a = 0; a < e_.agents_.slots(); ++a) AgentChanged(a);
}

uint32_t OutboundImpl::FirstGroup(uint32_t agent) {
  for (uint32_t g = 0; g < groups_.size(); ++g) {
    const uint32_t queue = groups_[g].queue;
    if (!e_.queues_[queue].open_for_new) continue;
    const uint32_t lane =
        e_.matcher_.EnsureLane(queue, e_.MadeRequirement(queue, 0), false);
    if (e_.matcher_.LaneAllows(lane, e_.matcher_.seat(agent).group)) return g;
  }
  return kNone;
}

// The group that dialled whom the agent speaks with.
uint32_t OutboundImpl::TalksFor(uint32_t agent) const {
  for (uint32_t c = e_.agents_[agent].first_call; c != kNone;
       c = e_.calls_[c].next_of_agent) {
    const uint32_t slot = AttemptOf(c);
    if (slot != kNone) return campaigns_[attempts_[slot].campaign].group;
  }
  return kNone;
}

// As the pacer of the agent's first group is to see it.
DialAgent OutboundImpl::StateOf(uint32_t agent, uint32_t group) const {
  const Agent& a = e_.agents_[agent];
  const bool stays = a.logged_in && !a.paused && !a.leaving;
  // Reported as bridged once it is: until then the person who waits takes up
  // this free agent.
  if (told_[agent].joins == group) return DialAgent::kReady;
  const uint8_t medium = e_.queues_[groups_[group].queue].medium;
  if (((e_.FreeMask(agent) >> medium) & 1) != 0) return DialAgent::kReady;
  bool works = a.wrap_up || a.outside || a.cool_off;
  for (std::size_t m = 0; m < kMediaMax; ++m) {
    works = works || a.used[m] + a.ringing[m] > 0;
  }
  if (!works) return DialAgent::kAway;
  return stays ? DialAgent::kBusy : DialAgent::kLast;
}

void OutboundImpl::TellAgent(uint32_t agent) {
  Told& told = told_[agent];
  told.dirty = false;
  uint32_t group = kNone;
  DialAgent state = DialAgent::kAway;
  if (e_.agents_.IsLive(agent)) {
    const uint32_t first = FirstGroup(agent);
    group = TalksFor(agent);
    if (group == kNone) group = first;
    if (group != kNone) {
      state = group == first ? StateOf(agent, group) : DialAgent::kLast;
    }
  }
  if (told.group == group && told.state == state) return;
  const auto tell = [&](uint32_t g, DialAgent as) {
    groups_[g]
        .pacer->SetAgent(static_cast<int32_t>(agent), as, Now())
        .IgnoreError();  // All its arguments are in range.
    groups_[g].dirty = true;
  };
  if (told.group != kNone && told.group != group) {
    tell(told.group, DialAgent::kAway);
  }
  told.group = group;
  told.state = state;
  if (group != kNone) tell(group, state);
}

// --- Plans ------------------------------------------------------------------

bool OutboundImpl::Settle() {
  if (DropOverdue()) return true;
  std::sort(changed_agents_.begin(), changed_agents_.end());
  for (const uint32_t agent : changed_agents_) TellAgent(agent);
  changed_agents_.clear();
  do {
    for (uint32_t c = 0; c < campaigns_.size() && leads_changed_; ++c) {
      if (campaigns_[c].resting && campaigns_[c].awaits_leads) Wake(c);
    }
    leads_changed_ = false;
    // While it is not known who is still there, nobody is dialled for them.
    for (uint32_t g = 0; g < groups_.size() && !e_.Held(); ++g) PlanGroup(g);
  } while (leads_changed_);
  ArmParts();
  return false;
}

bool OutboundImpl::DropOverdue() {
  bool any = false;
  for (std::size_t i = 0; i < overdue_.size(); ++i) {
    const uint32_t slot = overdue_[i];
    if (!attempts_.IsLive(slot) || !attempts_[slot].overdue ||
        e_.calls_[attempts_[slot].call].place == CallPlace::kConnecting) {
      continue;
    }
    attempts_[slot].overdue = false;
    any = true;
    if (attempts_[slot].dropped) {
      EndHold(slot);
    } else {
      Drop(slot);
    }
  }
  overdue_.clear();
  return any;
}

void OutboundImpl::PlanGroup(uint32_t g) {
  OutGroup& group = groups_[g];
  if (!e_.queues_[group.queue].open_for_new) return;
  while (group.dirty) {
    group.dirty = false;
    group.pacer->Plan(Now(), &orders_);
    for (uint32_t i = 0; i < group.count; ++i) {
      const PacingOrder order = orders_[i];
      int32_t started = 0, barren = 0;
      while (started < order.lines && barren < kBarrenMax) {
        const int32_t before = barren;
        if (!Start(group.first + i, &barren)) break;
        if (barren == before) ++started;
      }
      if (barren == kBarrenMax) {
        Rest(group.first + i, e_.now_ + 1'000'000);
      }
      if (started == 0) continue;
      const uint32_t why = static_cast<uint32_t>(Reason::kPacedPrice) +
                           static_cast<uint32_t>(order.limit);
      Decision& paced = e_.Emit(DecisionKind::kPaced, static_cast<Reason>(why));
      paced.campaign = static_cast<int32_t>(group.first + i);
      paced.queue = e_.QueueIdOf(group.queue);
      paced.value = started;
      paced.price_ppm = Ppm(order.price);
    }
  }
}

// No line of the campaign until `retry`.
void OutboundImpl::Rest(uint32_t c, int64_t retry) {
  OutCampaign& campaign = campaigns_[c];
  OutGroup& group = groups_[campaign.group];
  campaign.resting = true;
  campaign.awaits_leads = false;
  campaign.retry = retry;
  group.pacer->SetRunning(campaign.index, false, Now()).IgnoreError();
  group.dirty = true;
}

void OutboundImpl::Wake(uint32_t c) {
  OutCampaign& campaign = campaigns_[c];
  OutGroup& group = groups_[campaign.group];
  campaign.resting = false;
  group.pacer->SetRunning(campaign.index, true, Now()).IgnoreError();
  group.dirty = true;
}

// --- Dialing ----------------------------------------------------------------

// Begins one attempt; false when the campaign has to rest. `*barren` counts
// leads for which there was no number.
bool OutboundImpl::Start(uint32_t c, int32_t* barren) {
  OutCampaign& campaign = campaigns_[c];
  LeadRequest request;
  request.attempt = attempts_made_ + 1;
  request.campaign = campaign.config.name;
  LeadChoice lead;
  const bool full = attempts_.size() >= static_cast<uint32_t>(attempts_max_);
  const bool asked = !full && leads_->Next(request, Now(), &lead).ok();
  if (!asked || lead.lead == 0) {
    Rest(c, asked ? Internal(lead.retry_at) : kNever);
    campaign.awaits_leads = true;
    return false;
  }
  ++attempts_made_;
  const uint32_t slot = attempts_.Add();
  OutAttempt& a = attempts_[slot];
  a.name = attempts_made_;
  by_name_[a.name] = slot;
  a.campaign = Narrow(c);
  a.lead = lead.lead;
  a.number = lead.number;
  a.count = lead.attempts;
  a.callback = lead.callback;
  a.must_play = lead.message_required;
  const PacedCampaign& pacing = campaign.config.pacing;
  a.within_us = Micros(std::min(pacing.patience, lead.connect_within));
  a.ring_us = Micros(std::max(pacing.ring_timeout, lead.ring_least));
  a.synced = true;
  if (!FindNumber(slot, barren)) return !campaign.resting;
  const LineFeatures features = {
      Narrow(static_cast<uint32_t>(campaign.index)),
      Narrow(lead.segment),
      Narrow(static_cast<uint32_t>(std::max(0, lead.local_hour))),
      Narrow(static_cast<uint32_t>(std::max(0, lead.attempts))),
      Narrow(lead.number_type),
      0,
      pacing.carriers.empty() ? uint16_t{0} : pacing.carriers[0]};
  const absl::StatusOr<LineId> line =
      groups_[campaign.group].pacer->Dialled(features, Now());
  if (!line.ok()) {  // More than it said would fit.
    Rest(c, e_.now_ + 1'000'000);
    GiveBack(slot, Reason::kNone);
    return false;
  }
  attempts_[slot].line = *line;
  groups_[campaign.group].dirty = true;
  GoOn(slot);
  return true;
}

// A number to show, if it is to be had here; false when there is none: the
// attempt is gone then.
bool OutboundImpl::FindNumber(uint32_t slot, int32_t* barren) {
  OutAttempt& a = attempts_[slot];
  const OutCampaign& campaign = campaigns_[a.campaign];
  if (numbers_ == nullptr || campaign.config.number_campaign.empty()) {
    return true;
  }
  NumberRequest request;
  request.attempt = a.name;
  request.campaign = campaign.number_campaign;
  request.trunk = campaign.trunk;
  request.callee = a.number;
  request.attempt_number = std::max(1, a.count);
  NumberChoice choice;
  const absl::Status status = numbers_->Reserve(request, Now(), &choice);
  if (status.ok() && !choice.number.none()) {
    a.pooled = true;
    a.shown = choice.number;
    return true;
  }
  if (status.ok() && IsForThisLead(choice.none)) {
    ++*barren;
    Close(slot, EndingOf(slot, Ending::kNoNumber), Reason::kNoNumber);
    return false;
  }
  const int64_t retry = status.ok() ? Internal(choice.retry_at) : kNever;
  Rest(a.campaign,
       std::clamp(retry, e_.now_ + 1'000'000, e_.now_ + number_retry_us_));
  GiveBack(slot, Reason::kNone);
  return false;
}

void OutboundImpl::GoOn(uint32_t slot) {
  const OutAttempt& a = attempts_[slot];
  const bool wants = !campaigns_[a.campaign].config.number_campaign.empty();
  if (numbers_elsewhere_ && wants && a.shown.none()) {
    Ask(slot, OutStage::kAskNumber);
  } else if (locks_elsewhere_ && a.stage != OutStage::kAskLock) {
    Ask(slot, OutStage::kAskLock);
  } else {
    Dial(slot);
  }
}

void OutboundImpl::Ask(uint32_t slot, OutStage stage) {
  attempts_[slot].stage = stage;
  attempts_[slot].stalled = false;
  Decision& ask = Emit(stage == OutStage::kAskNumber ? DecisionKind::kNeedNumber
                                                     : DecisionKind::kNeedLock,
                       Reason::kNone, slot);
  ask.deadline = e_.HostTime(e_.now_ + ask_us_);
  Arm(slot, e_.now_ + ask_us_);
}

void OutboundImpl::Dial(uint32_t slot) {
  OutAttempt& a = attempts_[slot];
  a.stage = OutStage::kDialling;
  a.stalled = false;
  // It counts from here on, whatever becomes of it.
  leads_->Dialled(a.name, Now()).IgnoreError();
  if (a.pooled) numbers_->Commit(a.name, Now()).IgnoreError();
  if (returns_ != nullptr && !a.shown.none()) {
    // A number it does not have is answered by nobody's queue there.
    returns_->Shown(ShownOf(slot), Now()).IgnoreError();
  }
  Decision& dial =
      Emit(DecisionKind::kDial,
           a.callback ? Reason::kLeadCallback : Reason::kLeadDue, slot);
  dial.value = a.count;
  dial.deadline = e_.HostTime(e_.now_ + a.ring_us);
  Arm(slot, e_.now_ + a.ring_us);
}

Decision& OutboundImpl::Emit(DecisionKind kind, Reason reason, uint32_t slot) {
  const OutAttempt& a = attempts_[slot];
  Decision& decision = a.call == kNone ? e_.Emit(kind, reason)
                                       : e_.EmitCall(kind, reason, a.call);
  decision.attempt = a.name;
  decision.lead = a.lead;
  decision.number = a.number;
  decision.shown = a.shown;
  decision.campaign = a.campaign;
  return decision;
}

ShownCall OutboundImpl::ShownOf(uint32_t slot) const {
  const OutAttempt& a = attempts_[slot];
  ShownCall call;
  call.number = a.shown;
  call.callee = a.number;
  call.lead = a.lead;
  call.attempt = a.name;
  call.agent = a.agent;
  call.campaign = a.campaign;
  return call;
}

}  // namespace callrouter
