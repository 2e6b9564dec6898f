// People for whom no agent comes in time, and the records of all lines.

#include <algorithm>
#include <array>
#include <cstdint>

#include "pacer_impl.h"

namespace callrouter {

// When the seconds of a person who waits are over.
void PacerImpl::SetDue(uint32_t slot) {
  PacedLine& line = lines_[slot];
  const PacedCampaign& rules = campaigns_[line.features.campaign].rules;
  if (rules.overdue == Overdue::kHost) return;
  int64_t start = line.at.answered;
  if (rules.patience_from != DropStart::kAnswer) {
    start += absl::ToInt64Microseconds(rules.greeting_max);
    const int64_t heard = rules.patience_from == DropStart::kGreetingBegin
                              ? line.at.greeting_began
                              : line.at.greeting_ended;
    if (heard != kNotYet) start = std::min(start, heard);
  }
  const int64_t due =
      start + absl::ToInt64Microseconds(rules.overdue == Overdue::kHold
                                            ? rules.patience
                                            : rules.patience - rules.notice);
  timers_.Cancel(&line.due);
  timers_.Tidy();
  line.due = timers_.Arm(due, kLineDue, slot);
}

// No agent came in time, or none within the hold.
void PacerImpl::SecondsOver(uint32_t slot, int64_t due) {
  PacedLine& line = lines_[slot];
  CampaignState& c = campaigns_[line.features.campaign];
  if (line.at.overdue == kNotYet) line.at.overdue = due;
  if (c.rules.overdue == Overdue::kHold && line.state == LineState::kWaiting) {
    line.state = LineState::kHeld;
    ++c.stats.held;
    if (c.rules.hold_is_drop) ChargeDrop(&line);
    line.due = timers_.Arm(due + absl::ToInt64Microseconds(c.rules.hold_max),
                           kLineDue, slot);
    line.tell = untold_.Arm(due, kLineDue, slot);
    return;
  }
  ChargeDrop(&line);
  line.state = LineState::kLeaving;
  --c.waiting;
  --waiting_;
  --in_flight_;
  ++c.leaving;
  ++leaving_;
  ++c.stats.let_go;
  ClampDeserted();
  untold_.Cancel(&line.tell);  // To hold: no longer so.
  line.tell = untold_.Arm(due, kLineDue, slot);
}

void PacerImpl::ChargeDrop(PacedLine* line) {
  if (line->charge != LineCharge::kNothing) return;
  CampaignState& c = campaigns_[line->features.campaign];
  if (deserted_ > 0 && IsStrict(c)) {
    line->charge = LineCharge::kAgentLeft;
    ++c.stats.agent_left;
    --deserted_;
    return;
  }
  line->charge = LineCharge::kDrop;
  ++c.stats.dropped;
  c.ledger.Dropped();
  centre_.Dropped();
  MovePrice(&c, true);
}

void PacerImpl::Tell(std::vector<LineOrder>* orders) {
  const auto host = [&](int64_t us) {
    return absl::FromUnixMicros(us + shift_);
  };
  TimerQueue::Timer timer;
  while (untold_.PopDue(now_, &timer)) {
    LineOrder& order = orders->emplace_back();
    if (timer.kind == kAgentDue) {
      agents_[timer.subject].tell = TimerId();
      order.what = LineAction::kDial;
      order.agent = static_cast<int32_t>(timer.subject);
      order.deadline = host(timer.due);
      continue;
    }
    PacedLine& line = lines_[timer.subject];
    const PacedCampaign& rules = campaigns_[line.features.campaign].rules;
    line.tell = TimerId();
    order.line = LineId(timer.subject, line.generation);
    Overdue what = rules.overdue;
    int64_t until = line.at.overdue;
    if (what == Overdue::kHold) {
      until += absl::ToInt64Microseconds(rules.hold_max);
    } else {
      until += absl::ToInt64Microseconds(rules.notice);
    }
    order.deadline = host(until);
    if (line.state == LineState::kHeld) {
      order.what = LineAction::kHold;
      continue;
    }
    line.told = true;
    if (what == Overdue::kHold) what = rules.after_hold;
    order.what =
        what == Overdue::kMessage ? LineAction::kMessage : LineAction::kRelease;
  }
}

// Lines that may start before a record might find no place.
int PacerImpl::RecordRoom() const {
  if (options_.records_max == 0) return INT32_MAX;
  return options_.records_max - static_cast<int>(records_.size() + alive());
}

void PacerImpl::Record(const PacedLine& line, uint32_t slot) {
  const CampaignState& c = campaigns_[line.features.campaign];
  const auto host = [&](int64_t us) {
    return us == kNotYet ? absl::InfinitePast()
                         : absl::FromUnixMicros(us + shift_);
  };
  LineRecord& r = records_.emplace_back();
  r.line = LineId(slot, line.generation);
  r.features = line.features;
  r.dialled = host(line.at.started);
  r.rang = host(line.at.rang);
  r.answered = host(line.at.answered);
  r.person = host(line.at.person);
  r.greeting_began = host(line.at.greeting_began);
  r.greeting_ended = host(line.at.greeting_ended);
  r.overdue = host(line.at.overdue);
  r.bridged = host(line.at.bridged);
  r.ended = host(line.at.ended);
  r.mode = c.rules.mode;
  r.strict = line.strict;
  r.price = line.price;
  r.price_limit = line.price_limit;
  r.outcome = line.outcome;
  r.charge = line.charge;
  r.charged = line.charge == LineCharge::kFalseMachine ? c.false_share
              : line.charge == LineCharge::kDrop       ? 1
                                                       : 0;
  r.agent = line.agent;
  const std::array<const DropLedger*, 2> ledgers = {&c.ledger, &centre_};
  for (const DropLedger* const ledger : ledgers) {
    for (std::size_t i = 0; i < ledger->size(); ++i) {
      const DropLedger::Count count = ledger->count(i);
      r.totals[static_cast<std::size_t>(r.windows++)] = {count.answers,
                                                         count.drops};
    }
  }
}

}  // namespace callrouter
