#include "tests/oracle/naive_dialing.h"

#include <algorithm>

#include "tests/oracle/naive_engine.h"

namespace callrouter::oracle {

namespace {

constexpr uint32_t kNoGroup = kNobody;

bool ForThisLead(NoNumber none) {
  switch (none) {
    case NoNumber::kNotForCountry:
    case NoNumber::kOutOfReach:
    case NoNumber::kCarrierCap:
    case NoNumber::kOnlyKnown:
    case NoNumber::kRegionReserve:
    case NoNumber::kKnownNumber:
      return true;
    default:
      return false;
  }
}

}  // namespace

NaiveDialing::NaiveDialing(NaiveEngine* engine, const OutboundSetup& setup)
    : e_(*engine), setup_(setup) {
  for (const PacingGroup& from : setup.groups) {
    Group& group = groups_.emplace_back();
    group.queue = e_.QueueNamed(from.queue);
    group.first = static_cast<uint32_t>(campaigns_.size());
    PacerOptions options = from.pacing;
    for (const OutboundCampaign& config : from.campaigns) {
      options.campaigns.push_back(config.pacing);
      Campaign& campaign = campaigns_.emplace_back();
      campaign.config = config;
      campaign.group = static_cast<uint32_t>(groups_.size()) - 1;
      campaign.index = static_cast<int32_t>(options.campaigns.size()) - 1;
    }
    group.pacer = *Pacer::Create(options, Now());
  }
  leads_ = *LeadList::Create(setup.leads, setup.rules, Now());
  if (setup.numbers.has_value()) {
    numbers_ = *NumberPool::Create(setup.numbers->options, setup.numbers->rules,
                                   Now());
    numbers_->Apply(setup.numbers->numbers, Now()).IgnoreError();
  }
  if (setup.return_calls.has_value()) {
    returns_ = *ReturnCalls::Create(setup.return_calls->options, Now());
    returns_->Apply(setup.return_calls->numbers, Now()).IgnoreError();
  }
  parts_timer_ = e_.Arm(0, Alarm::kParts, 0);
}

// --- Time -------------------------------------------------------------------

absl::Time NaiveDialing::Now() const { return e_.HostTime(e_.now_); }

int64_t NaiveDialing::Us(absl::Time host) const {
  if (host == absl::InfiniteFuture()) return INT64_MAX;
  return absl::ToInt64Microseconds(
             absl::Ceil(host - absl::UnixEpoch(), absl::Microseconds(1))) -
         e_.shift_;
}

void NaiveDialing::Tell() {
  const absl::Duration delta = rebased_;
  rebased_ = absl::ZeroDuration();
  if (delta != absl::ZeroDuration()) {
    leads_->RebaseClock(delta, Now());
    if (numbers_) numbers_->RebaseClock(delta, Now());
    if (returns_) returns_->RebaseClock(delta, Now());
    for (Group& group : groups_) {
      group.pacer->RebaseClock(delta, Now());
      group.changed = true;
    }
  }
  leads_->Advance(Now());
  if (numbers_) numbers_->Advance(Now());
  if (returns_) returns_->Advance(Now());
}

void NaiveDialing::SetWallClock(absl::Duration offset) {
  leads_->SetWallClock(offset, Now());
  if (numbers_) numbers_->SetWallClock(offset, Now());
  for (Group& group : groups_) {
    group.pacer->SetWallClock(offset, Now());
    group.changed = true;
  }
  leads_changed_ = true;
}

void NaiveDialing::PartsDue() {
  parts_timer_ = 0;
  for (Group& group : groups_) {
    if (group.pacer->next_deadline() <= Now()) group.changed = true;
  }
  for (uint32_t c = 0; c < campaigns_.size(); ++c) {
    if (campaigns_[c].resting && campaigns_[c].retry <= e_.now_) Wake(c);
  }
}

void NaiveDialing::ArmParts() {
  absl::Time next = leads_->next_deadline();
  if (numbers_) next = std::min(next, numbers_->next_deadline());
  if (returns_) next = std::min(next, returns_->next_deadline());
  for (const Group& group : groups_) {
    if (!group.changed) next = std::min(next, group.pacer->next_deadline());
  }
  int64_t due = Us(next);
  for (const Campaign& c : campaigns_) {
    if (c.resting) due = std::min(due, c.retry);
  }
  if (due != INT64_MAX) due = std::max(due, e_.now_ + 1);
  if (due == parts_due_ && e_.Armed(parts_timer_)) return;
  e_.Cancel(&parts_timer_);
  parts_due_ = due;
  if (due != INT64_MAX) parts_timer_ = e_.Arm(due, Alarm::kParts, 0);
}

void NaiveDialing::Arm(uint64_t name, int64_t due) {
  e_.Cancel(&tries_[name].timer);
  tries_[name].timer =
      e_.Arm(due, Alarm::kAttempt, static_cast<uint32_t>(name));
}

void NaiveDialing::AttemptDue(uint32_t name, bool late) {
  Try& t = tries_.at(name);
  t.timer = 0;
  const DispositionNames& names = campaigns_[t.campaign].config.dispositions;
  const bool reaction = t.stage != Stage::kAnswered && t.stage != Stage::kOver;
  if (late && reaction && !t.stalled) {
    t.stalled = true;
    Arm(name, e_.now_ + oracle::Us(e_.options_.stall_grace));
    return;
  }
  switch (t.stage) {
    case Stage::kNumber:
    case Stage::kLock:
      Rest(t.campaign, e_.now_ + oracle::Us(setup_.number_retry));
      GiveBack(name, Reason::kNotGranted);
      return;
    case Stage::kDialling:
      Emit(DecisionKind::kCancelDial, Reason::kRingTimeout, name);
      EndLine(name, LineEvent::kNoAnswer);
      Outcome(name, CallOutcome::kNoAnswer);
      Close(name, names.no_answer, Reason::kNotAnswered);
      return;
    case Stage::kAnswered:
      if (e_.calls_[t.call].place == CallPlace::kConnecting) {
        t.overdue = true;
      } else if (t.dropped) {
        EndHold(name);
      } else {
        Drop(name);
      }
      return;
    case Stage::kOver:
      Close(name, names.talked, Reason::kNoDisposition);
      return;
  }
}

// --- Agents and plans -------------------------------------------------------

NaiveDialing::Told NaiveDialing::StateOf(uint32_t slot) {
  const NaiveAgent& agent = e_.agents_[slot];
  if (!agent.live) return {kNoGroup, DialAgent::kAway};
  uint32_t first = kNoGroup;
  for (uint32_t g = 0; g < groups_.size() && first == kNoGroup; ++g) {
    const uint32_t queue = groups_[g].queue;
    if (e_.Fits(agent, queue, e_.config_.queues[queue].requirement)) first = g;
  }
  uint32_t group = first;
  for (auto call = agent.calls.rbegin(); call != agent.calls.rend(); ++call) {
    const uint64_t name = e_.calls_[*call].attempt;
    if (name != 0) group = campaigns_[tries_.at(name).campaign].group;
  }
  if (group == kNoGroup) return {group, DialAgent::kAway};
  if (group != first) return {group, DialAgent::kLast};
  const auto joins = joins_.find(slot);
  if (joins != joins_.end() && joins->second == group) {
    return {group, DialAgent::kReady};
  }
  const uint8_t medium = e_.medium_[groups_[group].queue];
  if (((e_.FreeMask(agent) >> medium) & 1) != 0) {
    return {group, DialAgent::kReady};
  }
  bool works = agent.wrap_up || agent.outside || agent.cool_off;
  for (int m = 0; m < 4; ++m) {
    const auto at = static_cast<std::size_t>(m);
    works = works || agent.used[at] > 0 || agent.ringing[at] > 0;
  }
  if (!works) return {group, DialAgent::kAway};
  return {group, agent.logged_in && !agent.paused ? DialAgent::kBusy
                                                  : DialAgent::kLast};
}

void NaiveDialing::TellAgent(uint32_t slot) {
  const Told is = StateOf(slot);
  const auto known = told_.find(slot);
  const Told was =
      known == told_.end() ? Told{kNoGroup, DialAgent::kAway} : known->second;
  if (is.group == was.group && is.state == was.state) return;
  told_[slot] = is;
  const auto tell = [&](uint32_t g, DialAgent state) {
    groups_[g]
        .pacer->SetAgent(static_cast<int32_t>(slot), state, Now())
        .IgnoreError();
    groups_[g].changed = true;
  };
  if (was.group != kNoGroup && was.group != is.group) {
    tell(was.group, DialAgent::kAway);
  }
  if (is.group != kNoGroup) tell(is.group, is.state);
}

bool NaiveDialing::Settle() {
  bool any = false;
  const std::vector<uint64_t> overdue = std::move(overdue_);
  overdue_.clear();
  for (const uint64_t name : overdue) {
    const auto it = tries_.find(name);
    if (it == tries_.end() || !it->second.overdue ||
        e_.calls_[it->second.call].place == CallPlace::kConnecting) {
      continue;
    }
    any = true;
    it->second.overdue = false;
    if (it->second.dropped) {
      EndHold(name);
    } else {
      Drop(name);
    }
  }
  if (any) return true;
  for (uint32_t a = 0; a < e_.agents_.size(); ++a) TellAgent(a);
  do {
    for (uint32_t c = 0; leads_changed_ && c < campaigns_.size(); ++c) {
      if (campaigns_[c].resting && campaigns_[c].awaits_leads) Wake(c);
    }
    leads_changed_ = false;
    if (e_.Armed(e_.hold_timer_)) continue;
    for (uint32_t g = 0; g < groups_.size(); ++g) Plan(g);
  } while (leads_changed_);
  ArmParts();
  return false;
}

void NaiveDialing::Plan(uint32_t g) {
  Group& group = groups_[g];
  while (group.changed) {
    group.changed = false;
    std::vector<PacingOrder> orders;
    group.pacer->Plan(Now(), &orders);
    for (uint32_t i = 0; i < orders.size(); ++i) {
      const uint32_t c = group.first + i;
      int32_t begun = 0, barren = 0;
      while (begun < orders[i].lines && barren < 16) {
        const int32_t before = barren;
        if (!Start(c, &barren)) break;
        if (barren == before) ++begun;
      }
      if (barren == 16) Rest(c, e_.now_ + 1'000'000);
      if (begun == 0) continue;
      Decision& paced =
          e_.Emit(DecisionKind::kPaced,
                  static_cast<Reason>(112 + static_cast<int>(orders[i].limit)));
      paced.campaign = static_cast<int32_t>(c);
      paced.queue = QueueId(group.queue, 1);
      paced.value = begun;
      paced.price_ppm = static_cast<int32_t>(
          std::min(1.0, std::max(0.0, orders[i].price)) * 1e6);
    }
  }
}

void NaiveDialing::Rest(uint32_t c, int64_t retry) {
  campaigns_[c].resting = true;
  campaigns_[c].awaits_leads = false;
  campaigns_[c].retry = retry;
  Group& group = groups_[campaigns_[c].group];
  group.pacer->SetRunning(campaigns_[c].index, false, Now()).IgnoreError();
  group.changed = true;
}

void NaiveDialing::Wake(uint32_t c) {
  campaigns_[c].resting = false;
  Group& group = groups_[campaigns_[c].group];
  group.pacer->SetRunning(campaigns_[c].index, true, Now()).IgnoreError();
  group.changed = true;
}

// --- Dialing ----------------------------------------------------------------

bool NaiveDialing::Start(uint32_t c, int32_t* barren) {
  Campaign& campaign = campaigns_[c];
  LeadRequest request;
  request.attempt = made_ + 1;
  request.campaign = campaign.config.name;
  LeadChoice lead;
  const bool full = static_cast<int32_t>(tries_.size()) >= setup_.attempts_max;
  const bool asked = !full && leads_->Next(request, Now(), &lead).ok();
  if (!asked || lead.lead == 0) {
    Rest(c, asked ? Us(lead.retry_at) : INT64_MAX);
    campaign.awaits_leads = true;
    return false;
  }
  const uint64_t name = ++made_;
  Try& t = tries_[name];
  t.lead = lead;
  t.campaign = c;
  const std::string& shown_by = campaign.config.number_campaign;
  if (numbers_ && !shown_by.empty()) {
    NumberRequest number;
    number.attempt = name;
    number.campaign = numbers_->FindCampaign(shown_by);
    number.trunk = numbers_->FindTrunk(campaign.config.trunk);
    number.callee = lead.number;
    number.attempt_number = std::max(1, lead.attempts);
    NumberChoice choice;
    const bool ok = numbers_->Reserve(number, Now(), &choice).ok();
    if (!ok || choice.number.none()) {
      if (ok && ForThisLead(choice.none)) {
        ++*barren;
        Close(name, campaign.config.dispositions.no_number, Reason::kNoNumber);
        return true;
      }
      const int64_t most = e_.now_ + oracle::Us(setup_.number_retry);
      const int64_t retry = ok ? Us(choice.retry_at) : INT64_MAX;
      Rest(c, std::min(most, std::max(retry, e_.now_ + 1'000'000)));
      GiveBack(name, Reason::kNone);
      return false;
    }
    t.pooled = true;
    t.shown = choice.number;
  }
  LineFeatures features;
  features.campaign = static_cast<uint16_t>(campaign.index);
  features.segment = static_cast<uint16_t>(lead.segment);
  features.hour = static_cast<uint16_t>(lead.local_hour);
  features.attempt = static_cast<uint16_t>(lead.attempts);
  features.line_type = static_cast<uint16_t>(lead.number_type);
  const auto line = groups_[campaign.group].pacer->Dialled(features, Now());
  if (!line.ok()) {
    Rest(c, e_.now_ + 1'000'000);
    GiveBack(name, Reason::kNone);
    return false;
  }
  t.line = *line;
  groups_[campaign.group].changed = true;
  GoOn(name);
  return true;
}

void NaiveDialing::GoOn(uint64_t name) {
  const Try& t = tries_[name];
  const bool shows = !campaigns_[t.campaign].config.number_campaign.empty();
  if (setup_.numbers_elsewhere && shows && t.shown.none()) {
    Ask(name, Stage::kNumber);
  } else if (setup_.locks_elsewhere && t.stage != Stage::kLock) {
    Ask(name, Stage::kLock);
  } else {
    Dial(name);
  }
}

void NaiveDialing::Ask(uint64_t name, Stage stage) {
  tries_[name].stage = stage;
  tries_[name].stalled = false;
  const int64_t until = e_.now_ + oracle::Us(setup_.ask_timeout);
  Emit(stage == Stage::kNumber ? DecisionKind::kNeedNumber
                               : DecisionKind::kNeedLock,
       Reason::kNone, name)
      .deadline = e_.HostTime(until);
  Arm(name, until);
}

void NaiveDialing::Dial(uint64_t name) {
  Try& t = tries_[name];
  t.stage = Stage::kDialling;
  t.stalled = false;
  leads_->Dialled(name, Now()).IgnoreError();
  if (t.pooled) numbers_->Commit(name, Now()).IgnoreError();
  if (returns_ && !t.shown.none()) {
    returns_->Shown(ShownOf(name), Now()).IgnoreError();
  }
  const absl::Duration ring = std::max(
      campaigns_[t.campaign].config.pacing.ring_timeout, t.lead.ring_least);
  const int64_t until = e_.now_ + oracle::Us(ring);
  Decision& dial =
      Emit(DecisionKind::kDial,
           t.lead.callback ? Reason::kLeadCallback : Reason::kLeadDue, name);
  dial.value = t.lead.attempts;
  dial.deadline = e_.HostTime(until);
  Arm(name, until);
}

ShownCall NaiveDialing::ShownOf(uint64_t name) const {
  const Try& t = tries_.at(name);
  return {t.shown, t.lead.number, t.lead.lead,
          name,    t.agent,       static_cast<uint16_t>(t.campaign)};
}

Decision& NaiveDialing::Emit(DecisionKind kind, Reason reason, uint64_t name) {
  const Try& t = tries_[name];
  Decision& decision = t.stage == Stage::kAnswered
                           ? e_.EmitCall(kind, reason, t.call)
                           : e_.Emit(kind, reason);
  decision.attempt = name;
  decision.lead = t.lead.lead;
  decision.number = t.lead.number;
  decision.shown = t.shown;
  decision.campaign = static_cast<int32_t>(t.campaign);
  return decision;
}

int32_t NaiveDialing::IndexOf(const std::string& disposition) const {
  for (std::size_t i = 0; i < setup_.rules.dispositions.size(); ++i) {
    if (setup_.rules.dispositions[i].name == disposition) {
      return static_cast<int32_t>(i);
    }
  }
  return -1;
}

}  // namespace callrouter::oracle
