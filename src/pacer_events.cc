// What happens to agents, lines and time.

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "exact_math.h"
#include "pacer_impl.h"

namespace callrouter {
namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr double kLn2 = 0.693147180559945309417;

// Dual ascent: how far one drop moves the logarithm of the price limit, and
// where that stays.
constexpr double kStep = 0.02;
constexpr double kLowestLogPrice = -6.2;   // 0.002
constexpr double kHighestLogPrice = -0.5;  // 0.6

int64_t SecondOf(int64_t us) {
  return us / kSecond - (us % kSecond < 0 ? 1 : 0);
}

std::size_t At(DialAgent state) { return static_cast<std::size_t>(state); }

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
      lines_(static_cast<std::size_t>(options_.lines_max)),
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
}

int64_t PacerImpl::Internal(absl::Time now) const {
  // Far enough from the ends that sums with offsets stay inside.
  const int64_t us =
      std::min(INT64_MAX / 4, std::max(INT64_MIN / 4, absl::ToUnixMicros(now)));
  return us - shift_;
}

void PacerImpl::Advance(int64_t now) {
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
  const bool was_busy = before == DialAgent::kBusy;
  const bool works = was_busy || before == DialAgent::kLast;
  --agent_counts_[At(before)];
  ++agent_counts_[At(state)];
  slot.state = state;
  if (was_busy) CountAgent(slot, -1);
  if (!works || (state != DialAgent::kBusy && state != DialAgent::kLast)) {
    if (works) {
      service_.Ended(static_cast<double>(now_ - slot.since) / kSecond);
      service_learned_ = true;
    }
    slot.since = now_;
  }
  if (state == DialAgent::kBusy) CountAgent(slot, 1);
  if (before == DialAgent::kReady) LeaveReady();
  ClampDeserted();
  return absl::OkStatus();
}

// A free agent has gone without a call of ours: the line that counted on them
// is deserted, and its drop, if it comes to that, is not the pacer's.
void PacerImpl::LeaveReady() {
  if (in_flight_ > FreeAgents()) ++deserted_;
}

void PacerImpl::ClampDeserted() {
  deserted_ = std::min(deserted_, std::max(0, in_flight_ - FreeAgents()));
}

absl::StatusOr<LineId> PacerImpl::Dialled(const LineFeatures& features) {
  if (free_line_ >= lines_.size()) {
    return absl::ResourceExhaustedError(std::to_string(lines_.size()) +
                                        " lines are in flight: lines_max");
  }
  const uint32_t slot = free_line_;
  PacedLine& line = lines_[slot];
  CampaignState& c = campaigns_[features.campaign];
  free_line_ = line.next_free;
  ++line.generation;
  line.kind.parts = {features.campaign,  features.segment,
                     features.hour,      features.attempt,
                     features.line_type, features.number_class};
  line.waiting = false;
  line.started = now_;
  constexpr int kMiddle = kLineLevels / 2;
  const double level =
      NaturalLog(rates_.Ratio(line.kind)) / kLn2 * 4 + kMiddle + 0.5;
  line.level =
      static_cast<uint8_t>(std::min(kLineLevels - 1.0, std::max(0.0, level)));
  ++c.ringing;
  ++in_flight_;
  CountLine(line, 1);
  ++c.stats.dialled;
  bucket_.us -= kSecond / options_.starts_per_second;
  c.bucket.us -= kSecond / c.rules.starts_per_second;
  return LineId(slot, line.generation);
}

void PacerImpl::CountLine(const PacedLine& line, int32_t count) {
  campaigns_[line.kind.parts[0]].ages[line.level].Add(SecondOf(line.started),
                                                      second_, count);
}

void PacerImpl::CountAgent(const PacedAgentSlot& agent, int32_t count) {
  busy_.Add(SecondOf(agent.since), second_, count);
}

PacedLine* PacerImpl::Find(LineId id) {
  if (id.slot() >= lines_.size()) return nullptr;
  PacedLine* const line = &lines_[id.slot()];
  if (line->generation != id.generation() || line->generation % 2 == 0) {
    return nullptr;
  }
  return line;
}

void PacerImpl::End(uint32_t slot) {
  PacedLine& line = lines_[slot];
  CampaignState& c = campaigns_[line.kind.parts[0]];
  if (line.waiting) {
    --c.waiting;
    --waiting_;
  } else {
    CountLine(line, -1);
    --c.ringing;
  }
  --in_flight_;
  ++line.generation;
  line.next_free = free_line_;
  free_line_ = slot;
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

absl::Status PacerImpl::Report(LineId id, LineEvent event) {
  PacedLine* const line = Find(id);
  if (line == nullptr)
    return absl::NotFoundError("no such line, or it is over");
  const bool after = event >= LineEvent::kDropped;
  if (line->waiting != after) {
    return absl::FailedPreconditionError(line->waiting
                                             ? "a person has answered this line"
                                             : "nobody has answered this line");
  }
  CampaignState& c = campaigns_[line->kind.parts[0]];
  if (!after && event != LineEvent::kCancelled) {
    const bool person = event == LineEvent::kPerson;
    c.ring.Ended(static_cast<int>((now_ - line->started) / kSecond), person);
    rates_.Learn(line->kind, person);
    c.learned = true;
  }
  switch (event) {
    case LineEvent::kPerson:
      CountLine(*line, -1);
      --c.ringing;
      ++c.waiting;
      ++waiting_;
      line->waiting = true;
      Answered(&c);
      return absl::OkStatus();
    case LineEvent::kMachine:
      ++c.stats.machines;
      c.stats.false_machines += c.false_share;
      c.ledger.Charge(c.false_share);
      centre_.Charge(c.false_share);
      break;
    case LineEvent::kDropped:
      if (deserted_ > 0 && IsStrict(c)) {
        ++c.stats.agent_left;
        --deserted_;
      } else {
        ++c.stats.dropped;
        c.ledger.Dropped();
        centre_.Dropped();
        MovePrice(&c, true);
      }
      break;
    case LineEvent::kHungUp:
      ++c.stats.hung_up;
      break;
    default:
      ++c.stats.unanswered;
  }
  End(id.slot());
  ClampDeserted();
  return absl::OkStatus();
}

absl::Status PacerImpl::Bridged(LineId id, int32_t agent) {
  PacedLine* const line = Find(id);
  if (line == nullptr)
    return absl::NotFoundError("no such line, or it is over");
  if (!line->waiting) {
    return absl::FailedPreconditionError("nobody has answered this line");
  }
  PacedAgentSlot& slot = agents_[static_cast<std::size_t>(agent)];
  if (slot.state != DialAgent::kReady) {
    return absl::FailedPreconditionError(
        "agent " + std::to_string(agent) + " is " +
        std::string(Name(slot.state)) + ", not ready");
  }
  CampaignState& c = campaigns_[line->kind.parts[0]];
  ++c.stats.bridged;
  End(id.slot());
  --agent_counts_[At(DialAgent::kReady)];
  ++agent_counts_[At(DialAgent::kBusy)];
  slot.state = DialAgent::kBusy;
  slot.since = now_;
  CountAgent(slot, 1);
  ClampDeserted();
  return absl::OkStatus();
}

}  // namespace callrouter
