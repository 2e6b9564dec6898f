// The life of a line, from its start to its record.

#include <algorithm>
#include <cmath>
#include <string>

#include "exact_math.h"
#include "pacer_impl.h"

namespace callrouter {
namespace {

constexpr double kLn2 = 0.693147180559945309417;

// Dual ascent: how far one drop moves the logarithm of the price limit, and
// where that stays.
constexpr double kStep = 0.02;
constexpr double kLowestLogPrice = -6.2;   // 0.002
constexpr double kHighestLogPrice = -0.5;  // 0.6

}  // namespace

absl::StatusOr<LineId> PacerImpl::Dialled(const LineFeatures& features) {
  if (in_flight_ + leaving_ >= options_.lines_max) {
    return absl::ResourceExhaustedError(std::to_string(options_.lines_max) +
                                        " lines are in flight: lines_max");
  }
  if (RecordRoom() <= 0) {
    return absl::ResourceExhaustedError(
        std::to_string(records_.size()) + " records wait to be taken and " +
        std::to_string(alive()) + " lines will have one: records_max");
  }
  if (!carriers_.empty()) {
    const int32_t most = options_.carriers[features.carrier].lines_max;
    if (carriers_[features.carrier].lines >= most) {
      return absl::ResourceExhaustedError(
          "carrier " + std::to_string(features.carrier) + " has " +
          std::to_string(most) + " lines: its lines_max");
    }
  }
  const uint32_t slot = free_line_;
  PacedLine& line = lines_[slot];
  CampaignState& c = campaigns_[features.campaign];
  free_line_ = line.next_free;
  ++line.generation;
  line.features = features;
  line.at = LineTimes();
  line.at.started = now_;
  line.price = c.plan_price;
  line.price_limit = c.plan_limit;
  line.strict = c.plan_strict;
  line.agent = -1;
  line.state = LineState::kRinging;
  line.told = false;
  line.charge = LineCharge::kNothing;
  constexpr int kMiddle = kLineLevels / 2;
  const double level =
      NaturalLog(rates_.Ratio(line.kind())) / kLn2 * 4 + kMiddle + 0.5;
  line.level =
      static_cast<uint8_t>(std::min(kLineLevels - 1.0, std::max(0.0, level)));
  ++c.ringing;
  ++in_flight_;
  CountLine(line, 1);
  ++c.stats.dialled;
  bucket_.us -= kSecond / options_.starts_per_second;
  c.bucket.us -= kSecond / c.rules.starts_per_second;
  if (!carriers_.empty()) {
    CarrierState& carrier = carriers_[features.carrier];
    ++carrier.lines;
    carrier.bucket.us -=
        kSecond / options_.carriers[features.carrier].starts_per_second;
  }
  return LineId(slot, line.generation);
}

void PacerImpl::CountLine(const PacedLine& line, int32_t count) {
  campaigns_[line.features.campaign].ages[line.level].Add(
      SecondOf(line.at.started), second_, count);
}

PacedLine* PacerImpl::Find(LineId id) {
  if (id.slot() >= lines_.size()) return nullptr;
  PacedLine* const line = &lines_[id.slot()];
  if (line->generation != id.generation() || line->generation % 2 == 0) {
    return nullptr;
  }
  return line;
}

absl::Status PacerImpl::Gone(LineId id) const {
  if (id.slot() < lines_.size() && id.generation() % 2 == 1) {
    const PacedLine& line = lines_[id.slot()];
    if (line.generation == id.generation() + 1) {
      return absl::NotFoundError("the line is over: " +
                                 std::string(Name(line.outcome)));
    }
  }
  return absl::NotFoundError("no such line, or it is over since long");
}

double PacerImpl::Rate(const CampaignState& c) const {
  // Little evidence says little: as if there had been a minute of nothing.
  return c.recent_answers / (c.recent_seconds + 60);
}

DropLedger::Pace PacerImpl::PaceOf(const CampaignState& c) const {
  DropLedger::Pace pace = c.ledger.PaceFor(Rate(c), now_, plan_end_);
  if (centre_.size() == 0) return pace;
  double rate = 0;
  for (const CampaignState& other : campaigns_) rate += Rate(other);
  const DropLedger::Pace all = centre_.PaceFor(rate, now_, plan_end_);
  pace.ratio = std::min(pace.ratio, all.ratio);
  pace.share = std::min(pace.share, all.share);
  return pace;
}

void PacerImpl::MovePrice(CampaignState* c, bool drop) {
  c->log_price += drop ? -kStep : kStep * PaceOf(*c).share;
  c->log_price =
      std::min(kHighestLogPrice, std::max(kLowestLogPrice, c->log_price));
}

void PacerImpl::Answered(CampaignState* c) {
  ++c->stats.persons;
  c->recent_answers += 1;
  c->ledger.Answered();
  centre_.Answered();
  MovePrice(c, false);
}

// Ok, or why `event` cannot happen to the line as it is.
absl::Status PacerImpl::Unfit(const PacedLine& line, LineEvent event) {
  const auto no = [](const std::string& why) {
    return absl::FailedPreconditionError(why);
  };
  const bool again =
      (event == LineEvent::kRinging && line.at.rang != kNotYet) ||
      (event == LineEvent::kAnswered && line.at.answered != kNotYet) ||
      (event == LineEvent::kGreetingBegan &&
       line.at.greeting_began != kNotYet) ||
      (event == LineEvent::kGreetingEnded &&
       line.at.greeting_ended != kNotYet) ||
      (event == LineEvent::kEnded && line.at.ended != kNotYet) ||
      (event == LineEvent::kWasMachine &&
       line.outcome == LineOutcome::kMachineAfterAll);
  const bool greeting =
      event == LineEvent::kGreetingBegan || event == LineEvent::kGreetingEnded;
  const bool left = event == LineEvent::kDropped || event == LineEvent::kHungUp;
  const bool picked_up = line.at.answered != kNotYet;
  switch (line.state) {
    case LineState::kRinging:
      if (event == LineEvent::kPerson || event == LineEvent::kMachine ||
          event == LineEvent::kCancelled) {
        return absl::OkStatus();
      }
      if (again) return no("this was reported of the line before");
      if (event == LineEvent::kAnswered) return absl::OkStatus();
      if (event <= LineEvent::kFailed || event == LineEvent::kRinging) {
        return picked_up ? no("somebody has picked up this line")
                         : absl::OkStatus();
      }
      return picked_up && (greeting || event == LineEvent::kHungUp)
                 ? absl::OkStatus()
                 : no("nobody has answered this line");
    case LineState::kWaiting:
    case LineState::kHeld:
      if (greeting && again) return no("this was reported of the line before");
      return greeting || left ? absl::OkStatus()
                              : no("a person has answered this line");
    case LineState::kLeaving:
      return left || event == LineEvent::kEnded
                 ? absl::OkStatus()
                 : no("the person was overdue and is let go");
    case LineState::kTalking:
      if (event != LineEvent::kEnded && event != LineEvent::kWasMachine) {
        return no("agent " + std::to_string(line.agent) + " has this line");
      }
      return again ? no("this was reported of the line before")
                   : absl::OkStatus();
  }
  return absl::InternalError("a line without a state");
}

absl::Status PacerImpl::Report(LineId id, LineEvent event) {
  PacedLine* const line = Find(id);
  if (line == nullptr) return Gone(id);
  const absl::Status unfit = Unfit(*line, event);
  if (!unfit.ok()) return unfit;
  switch (event) {
    case LineEvent::kPerson:
      AnsweredByPerson(id.slot());
      break;
    case LineEvent::kRinging:
      line->at.rang = now_;
      break;
    case LineEvent::kAnswered:
      line->at.answered = now_;
      break;
    case LineEvent::kGreetingBegan:
    case LineEvent::kGreetingEnded:
      (event == LineEvent::kGreetingBegan ? line->at.greeting_began
                                          : line->at.greeting_ended) = now_;
      if (line->state == LineState::kWaiting) SetDue(id.slot());
      break;
    case LineEvent::kWasMachine:
      FoundMachine(line);
      break;
    case LineEvent::kEnded:
      if (line->state == LineState::kTalking) {
        line->at.ended = now_;
        ReleaseCarrier(*line);
        break;
      }
      EndWaiting(id.slot(), LineEvent::kDropped);
      break;
    default:
      if (line->state == LineState::kRinging) {
        EndRinging(id.slot(), event);
      } else {
        EndWaiting(id.slot(), event);
      }
  }
  ClampDeserted();
  return absl::OkStatus();
}

void PacerImpl::Learn(const PacedLine& line, bool person) {
  CampaignState& c = campaigns_[line.features.campaign];
  c.ring.Ended(static_cast<int>((now_ - line.at.started) / kSecond), person);
  rates_.Learn(line.kind(), person);
  c.learned = true;
}

void PacerImpl::AnsweredByPerson(uint32_t slot) {
  PacedLine& line = lines_[slot];
  CampaignState& c = campaigns_[line.features.campaign];
  Learn(line, true);
  CountLine(line, -1);
  --c.ringing;
  ++c.waiting;
  ++waiting_;
  line.state = LineState::kWaiting;
  line.at.person = now_;
  if (line.at.answered == kNotYet) line.at.answered = now_;
  Answered(&c);
  SetDue(slot);
}

// Nobody needs an agent.
void PacerImpl::EndRinging(uint32_t slot, LineEvent event) {
  PacedLine& line = lines_[slot];
  CampaignState& c = campaigns_[line.features.campaign];
  if (event != LineEvent::kCancelled) Learn(line, false);
  if (event == LineEvent::kMachine) {
    ++c.stats.machines;
    c.stats.false_machines += c.false_share;
    c.ledger.Charge(c.false_share);
    centre_.Charge(c.false_share);
    if (c.false_share > 0) line.charge = LineCharge::kFalseMachine;
  } else {
    ++c.stats.unanswered;
  }
  line.outcome = static_cast<LineOutcome>(event);
  End(slot);
}

void PacerImpl::EndWaiting(uint32_t slot, LineEvent event) {
  PacedLine& line = lines_[slot];
  if (event == LineEvent::kDropped) ChargeDrop(&line);
  if (line.charge == LineCharge::kNothing) {
    ++campaigns_[line.features.campaign].stats.hung_up;
  }
  line.outcome = static_cast<LineOutcome>(event);
  End(slot);
}

absl::Status PacerImpl::Bridged(LineId id, int32_t agent) {
  PacedLine* const line = Find(id);
  if (line == nullptr) return Gone(id);
  switch (line->state) {
    case LineState::kRinging:
      return absl::FailedPreconditionError("nobody has answered this line");
    case LineState::kTalking:
      return absl::FailedPreconditionError(
          "agent " + std::to_string(line->agent) + " has this line");
    case LineState::kLeaving:
      if (!line->told) break;
      return absl::FailedPreconditionError(
          "the order to let this person go was given");
    default:
      break;
  }
  PacedAgentSlot& slot = agents_[static_cast<std::size_t>(agent)];
  if (slot.state != DialAgent::kReady) return NotInState(agent, slot, "ready");
  Leave(*line);
  CancelTimers(&line->due, &line->tell);
  ++talking_;
  line->state = LineState::kTalking;
  line->outcome = LineOutcome::kConversation;
  line->agent = agent;
  line->at.bridged = now_;
  ++campaigns_[line->features.campaign].stats.bridged;
  --agent_counts_[static_cast<std::size_t>(DialAgent::kReady)];
  ++agent_counts_[static_cast<std::size_t>(DialAgent::kBusy)];
  slot.state = DialAgent::kBusy;
  slot.since = now_;
  slot.line = id.slot();
  CountAgent(slot, 1);
  ClampDeserted();
  return absl::OkStatus();
}

void PacerImpl::FoundMachine(PacedLine* line) {
  CampaignState& c = campaigns_[line->features.campaign];
  const double drops = line->charge == LineCharge::kDrop ? 1 : 0;
  c.ledger.Withdraw(line->at.person, drops, line->at.overdue);
  centre_.Withdraw(line->at.person, drops, line->at.overdue);
  c.recent_answers = std::max(0.0, c.recent_answers - 1);
  --c.stats.persons;
  ++c.stats.machines;
  ++c.stats.machines_bridged;
  if (line->charge == LineCharge::kDrop) --c.stats.dropped;
  if (line->charge == LineCharge::kAgentLeft) --c.stats.agent_left;
  line->charge = LineCharge::kNothing;
  line->outcome = LineOutcome::kMachineAfterAll;
}

void PacerImpl::EndTalk(uint32_t slot) {
  PacedLine& line = lines_[slot];
  agents_[static_cast<std::size_t>(line.agent)].line = PacedAgentSlot::kNoLine;
  End(slot);
}

void PacerImpl::ReleaseCarrier(const PacedLine& line) {
  if (!carriers_.empty()) --carriers_[line.features.carrier].lines;
}

// Takes the line out of the counts of its state.
void PacerImpl::Leave(const PacedLine& line) {
  CampaignState& c = campaigns_[line.features.campaign];
  switch (line.state) {
    case LineState::kRinging:
      CountLine(line, -1);
      --c.ringing;
      --in_flight_;
      break;
    case LineState::kWaiting:
    case LineState::kHeld:
      --c.waiting;
      --waiting_;
      --in_flight_;
      break;
    case LineState::kLeaving:
      --c.leaving;
      --leaving_;
      break;
    case LineState::kTalking:
      --talking_;
      break;
  }
}

void PacerImpl::End(uint32_t slot) {
  PacedLine& line = lines_[slot];
  Leave(line);
  CancelTimers(&line.due, &line.tell);
  if (line.at.ended == kNotYet) {
    line.at.ended = now_;
    ReleaseCarrier(line);
  }
  if (options_.records_max > 0) Record(line, slot);
  ++line.generation;
  line.next_free = free_line_;
  free_line_ = slot;
}

}  // namespace callrouter
