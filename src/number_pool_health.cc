// What calls and outsiders say of a number, and what follows from it.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "number_pool_impl.h"

namespace callrouter {

namespace {

// Whether calls tell something about a number in this state.
bool Judged(NumberState state) {
  return InService(state) && state != NumberState::kNew;
}

uint32_t CarrierOf(CarrierId carrier) {
  return carrier.none() ? kNoCarrier : carrier.slot();
}

}  // namespace

uint32_t NumberPoolImpl::FindChart(uint32_t slot, uint32_t carrier) const {
  uint32_t i = charts_.First(NumberChart::HashOf(slot, carrier));
  while (i != ChainTable<NumberChart>::kNone &&
         (charts_[i].slot != slot || charts_[i].carrier != carrier)) {
    i = charts_[i].next;
  }
  return i;
}

bool NumberPoolImpl::RoomForChart(uint32_t slot, uint32_t carrier) const {
  return charts_.size() < static_cast<std::size_t>(options_.charts_max) ||
         FindChart(slot, carrier) != ChainTable<NumberChart>::kNone;
}

NumberChart& NumberPoolImpl::ChartOf(uint32_t position, uint32_t carrier) {
  const uint32_t slot = records_[position].slot;
  uint32_t i = FindChart(slot, carrier);
  if (i == ChainTable<NumberChart>::kNone) {
    NumberChart chart;
    chart.slot = slot;
    chart.generation = slots_[slot].generation;
    chart.carrier = static_cast<uint16_t>(carrier);
    i = charts_.Insert(chart);
  }
  return charts_[i];
}

// --- Calls ---

absl::Status NumberPoolImpl::Report(const NumberReport& report) {
  if (report.outcome == CallOutcome::kNone ||
      report.outcome > CallOutcome::kRefusedByOperator) {
    return absl::InvalidArgumentError(
        "outcome: found " + std::to_string(static_cast<int>(report.outcome)) +
        ", expected 1 to 7");
  }
  const uint32_t i = FindAttempt(report.attempt);
  if (i == ChainTable<NumberAttempt>::kNone) {
    return absl::NotFoundError("attempt " + std::to_string(report.attempt) +
                               " is not known, or was over long ago");
  }
  const NumberAttempt& attempt = attempts_[i];
  if (attempt.state == AttemptState::kCancelled ||
      attempt.state == AttemptState::kLapsed) {
    return OverStatus(report.attempt, attempt.state);
  }
  if (attempt.outcome == report.outcome) return absl::OkStatus();
  if (attempt.outcome != CallOutcome::kNone) {
    return absl::AlreadyExistsError("attempt " +
                                    std::to_string(report.attempt) +
                                    " was reported with another outcome");
  }
  const uint32_t position = PositionOf(attempt.id);
  const bool counts = position != kNowhere && scale_.Counts(report.outcome);
  if (counts &&
      !RoomForChart(attempt.id.slot(), CarrierOf(attempt.request.carrier))) {
    return absl::ResourceExhaustedError("charts_max is reached");
  }
  if (attempt.state == AttemptState::kReserved) Show(i);
  attempts_[i].outcome = report.outcome;
  if (report.outcome == CallOutcome::kAnswered) {
    callees_.Answered(attempt.request.callee, attempt.id,
                      static_cast<uint16_t>(attempt.request.campaign.slot()));
  }
  if (!counts) return absl::OkStatus();
  ++counts_.reported;
  Count(position, attempt, scale_.IsAnswer(report.outcome));
  return absl::OkStatus();
}

NumberRates::Kind NumberPoolImpl::KindOf(const NumberAttempt& attempt) const {
  const NumberRequest& request = attempt.request;
  const int64_t called =
      attempt.lapses_at -
      absl::ToInt64Microseconds(options_.reservation_timeout) + skew_ + civil_;
  const uint32_t home = geography_.RegionOf(request.callee);
  NumberRates::Kind kind;
  kind.carrier = CarrierOf(request.carrier);
  kind.campaign = request.campaign.slot();
  kind.hour = static_cast<uint32_t>(
      geography_.zones()[geography_.zone(home)].Hour(called));
  kind.attempt = static_cast<uint32_t>(request.attempt_number);
  return kind;
}

void NumberPoolImpl::Count(uint32_t position, const NumberAttempt& attempt,
                           bool answered) {
  const NumberState state = records_[position].state;
  // Numbers on probation are not what the others are compared with.
  const bool probing = state == NumberState::kProbing;
  const NumberRates::Kind kind = KindOf(attempt);
  const uint32_t rate = rates_.Expect(kind, answered, !probing, now_);
  if (!Judged(state)) return;
  NumberChart& chart = ChartOf(position, kind.carrier);
  const Evidence evidence = scale_.Of(chart.Own(rate), answered);
  if (probing &&
      lives_[FindLife(records_[position].slot)].Concerns(kind.carrier)) {
    ProbeBy(position, evidence);
    return;
  }
  const NumberHealthRules& rules = rules_.health;
  chart.Learn(rate, answered, static_cast<uint32_t>(rules.own_calls),
              static_cast<uint32_t>(rules.own_prior_calls));
  Weigh(position, &chart, evidence);
}

// Adds to what speaks against a number that is shown.
void NumberPoolImpl::Weigh(uint32_t position, NumberChart* chart,
                           Evidence evidence) {
  chart->score = std::clamp(chart->score + evidence, 0, kMostEvidence);
  const NumberState state = records_[position].state;
  NumberMove move;
  move.carrier = chart->carrier;
  move.at = now_;
  if (chart->score >= scale_.rest_at) {
    Rest(position, chart->carrier, chart->score, StateReason::kAlarm, now_);
  } else if (state == NumberState::kActive &&
             chart->score >= scale_.suspect_at) {
    move.to = NumberState::kSuspect;
    move.why = StateReason::kSuspicion;
    Move(position, move);
  } else if (state == NumberState::kSuspect && chart->score == 0 &&
             lives_[FindLife(records_[position].slot)].accused ==
                 chart->carrier) {
    move.to = NumberState::kActive;
    move.why = StateReason::kCleared;
    Move(position, move);
  }
}

// --- Rest and probation ---

// To rest, if so many may; else it is shown after the others.
void NumberPoolImpl::Rest(uint32_t position, uint32_t carrier, Evidence score,
                          StateReason why, int64_t at) {
  const NumberRecord& record = records_[position];
  NumberMove move;
  move.carrier = carrier;
  move.at = at;
  move.score = score;
  if (EndsByItself(record.state)) {
    move.failures = lives_[FindLife(record.slot)].failures;
  }
  if (MayRest(position, score, at)) {
    move.to = NumberState::kResting;
    move.why = why;
    Forget(position);
  } else {
    if (record.state == NumberState::kSuspect) return;
    move.to = NumberState::kSuspect;
    move.why = StateReason::kRestLimit;
    const uint32_t i = FindChart(record.slot, carrier);
    if (i != ChainTable<NumberChart>::kNone) charts_[i].score = score;
  }
  Move(position, move);
}

void NumberPoolImpl::ProbeBy(uint32_t position, Evidence evidence) {
  NumberLife& life = lives_[FindLife(records_[position].slot)];
  life.score = std::clamp(life.score + evidence, -kMostEvidence, kMostEvidence);
  if (life.score >= scale_.fail_at) {
    FailProbe(position, now_);
  } else if (life.score <= scale_.pass_at) {
    NumberMove move;
    move.to = NumberState::kActive;
    move.why = StateReason::kProbePassed;
    move.carrier = life.accused;
    move.at = now_;
    Move(position, move);
  }
}

void NumberPoolImpl::FailProbe(uint32_t position, int64_t at) {
  NumberLife& life = lives_[FindLife(records_[position].slot)];
  if (++life.failures >= rules_.health.retire_after) {
    NumberMove move;
    move.to = NumberState::kHeld;
    move.why = StateReason::kProbeFailed;
    move.carrier = life.accused;
    move.failures = life.failures;
    move.at = at;
    Move(position, move);
    return;
  }
  // As suspect as when it first went to rest, and more.
  const Evidence score =
      std::min(kMostEvidence, scale_.rest_at + std::max(0, life.score));
  Rest(position, life.accused, score, StateReason::kProbeFailed, at);
}

// What speaks against a number, at every carrier.
void NumberPoolImpl::Forget(uint32_t position) {
  const uint32_t slot = records_[position].slot;
  for (uint32_t c = 0; c <= carriers_.size(); ++c) {
    const uint32_t i = FindChart(slot, c == carriers_.size() ? kNoCarrier : c);
    if (i != ChainTable<NumberChart>::kNone) charts_[i].Forget();
  }
}

// --- Outsiders ---

absl::Status NumberPoolImpl::Verdict(NumberId id, CarrierId at_carrier,
                                     NumberVerdict verdict) {
  if (verdict > NumberVerdict::kComplaint) {
    return absl::InvalidArgumentError(
        "verdict: found " + std::to_string(static_cast<int>(verdict)) +
        ", expected 0 to 2");
  }
  const uint32_t position = PositionOf(id);
  if (position == kNowhere) return absl::NotFoundError("no such number");
  const uint32_t carrier = CarrierOf(at_carrier);
  if (carrier != kNoCarrier &&
      (carrier >= carriers_.size() || carrier_bits_[carrier] >= 16)) {
    return absl::NotFoundError("carrier: no such carrier in the rules");
  }
  if (!RoomForChart(id.slot(), carrier)) {
    return absl::ResourceExhaustedError("charts_max is reached");
  }
  switch (verdict) {
    case NumberVerdict::kLabelled:
      if (ChartOf(position, carrier).labelled) break;
      Accuse(position, carrier, scale_.label);
      ChartOf(position, carrier).labelled = true;
      break;
    case NumberVerdict::kComplaint:
      Accuse(position, carrier, scale_.complaint);
      break;
    case NumberVerdict::kLabelRemoved:
      Acquit(position, carrier);
      break;
  }
  return absl::OkStatus();
}

void NumberPoolImpl::Accuse(uint32_t position, uint32_t carrier,
                            Evidence evidence) {
  const NumberRecord& record = records_[position];
  if (!Judged(record.state)) return;
  if (record.state == NumberState::kProbing &&
      (carrier == kNoCarrier ||
       lives_[FindLife(record.slot)].Concerns(carrier))) {
    ProbeBy(position, evidence);
    return;
  }
  Weigh(position, &ChartOf(position, carrier), evidence);
}

// The label is gone: at `carrier`, or everywhere.
void NumberPoolImpl::Acquit(uint32_t position, uint32_t carrier) {
  const NumberRecord& record = records_[position];
  if (carrier == kNoCarrier) {
    Forget(position);
  } else {
    NumberChart& chart = ChartOf(position, carrier);
    chart.score = 0;
    chart.labelled = false;
  }
  if (record.state != NumberState::kResting &&
      record.state != NumberState::kSuspect) {
    return;
  }
  const NumberLife& life = lives_[FindLife(record.slot)];
  if (life.accused == NumberLife::kHost ||
      (carrier != kNoCarrier && life.accused != carrier)) {
    return;
  }
  NumberMove move;
  move.to = record.state == NumberState::kResting ? NumberState::kProbing
                                                  : NumberState::kActive;
  move.why = StateReason::kLabelRemoved;
  move.carrier = life.accused;
  move.failures = life.failures;
  move.at = now_;
  Move(position, move);
}

absl::StatusOr<NumberHealthView> NumberPoolImpl::Health(
    NumberId id, CarrierId carrier) const {
  if (PositionOf(id) == kNowhere) return absl::NotFoundError("no such number");
  if (!carrier.none() && carrier.slot() >= carriers_.size()) {
    return absl::NotFoundError("carrier: no such carrier");
  }
  NumberHealthView view;
  const uint32_t i = FindChart(id.slot(), CarrierOf(carrier));
  if (i == ChainTable<NumberChart>::kNone) return view;
  const NumberChart& chart = charts_[i];
  view.suspicion = Thousandths(chart.score);
  view.own_calls = chart.calls;
  view.own_odds_permille = (chart.odds * 1000 + 2048) / 4096;
  view.labelled = chart.labelled;
  return view;
}

}  // namespace callrouter
