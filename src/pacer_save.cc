// The whole pacer as bytes. Counts by age are built anew from lines and agents.

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "archive.h"
#include "pacer_impl.h"

namespace callrouter {
namespace {

constexpr std::string_view kWhat = "callrouter pacer 2\n";

// Reads and writes doubles by their bits; other values as Archive does.
class Numbers {
 public:
  explicit Numbers(Archive* a) : a_(*a) {}
  void operator()(double& value) {
    uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof(bits));
    a_(bits);
    std::memcpy(&value, &bits, sizeof(value));
    // No state of ours holds infinity or anything that is no number.
    if (!(value >= -1e300 && value <= 1e300)) a_.Fail(), value = 0;
  }
  template <typename T>
  void operator()(T& value) {
    a_(value);
  }

 private:
  Archive& a_;
};

void TransferWindows(Archive& a, std::vector<DropWindow>& windows) {
  a.List(windows,
         [&](DropWindow& w) { a.All(w.kind, w.length, w.cap_permille); });
}

void TransferOptions(Archive& a, PacerOptions& o) {
  a.List(o.campaigns, [&](PacedCampaign& c) {
    a.All(c.mode, c.promise);
    TransferWindows(a, c.windows);
    a.All(c.overrun_permille, c.weight, c.lines_per_agent_permille, c.lines_max,
          c.starts_per_second, c.ring_timeout, c.patience, c.patience_from,
          c.greeting_max, c.overdue, c.notice, c.hold_max, c.after_hold,
          c.hold_is_drop, c.false_machine_permille, c.preview_time);
    a.List(c.carriers, [&](uint16_t& carrier) { a(carrier); });
  });
  TransferWindows(a, o.windows);
  a.List(o.carriers,
         [&](PacedCarrier& c) { a.All(c.lines_max, c.starts_per_second); });
  a.All(o.agents_max, o.lines_max, o.starts_per_second, o.agents_kept_free,
        o.service_guess, o.answer_half_life, o.kinds_max, o.records_max);
}

void TransferStats(Archive& a, PacerStats& s) {
  Numbers number(&a);
  a.All(s.dialled, s.persons, s.machines, s.unanswered, s.bridged, s.dropped,
        s.agent_left, s.hung_up, s.machines_bridged, s.held, s.let_go);
  number(s.false_machines);
}

void TransferFeatures(Archive& a, LineFeatures& f) {
  a.All(f.campaign, f.segment, f.hour, f.attempt, f.line_type, f.number_class,
        f.carrier);
}

void TransferLine(Archive& a, PacedLine& line) {
  a.All(line.generation, line.next_free, line.outcome);
  if (line.generation % 2 == 0) return;
  TransferFeatures(a, line.features);
  LineTimes& at = line.at;
  a.All(at.started, at.rang, at.answered, at.person, at.greeting_began,
        at.greeting_ended, at.overdue, at.bridged, at.ended, line.agent,
        line.level, line.state, line.strict, line.told, line.charge);
  Numbers number(&a);
  number(line.price), number(line.price_limit);
}

void TransferRecord(Archive& a, LineRecord& r) {
  uint64_t line = r.line.value();
  a(line);
  if (!a.writing()) r.line = LineId::FromValue(line);
  TransferFeatures(a, r.features);
  a.All(r.dialled, r.rang, r.answered, r.person, r.greeting_began,
        r.greeting_ended, r.overdue, r.bridged, r.ended, r.mode, r.strict,
        r.outcome, r.charge, r.agent, r.windows);
  Numbers number(&a);
  number(r.price), number(r.price_limit), number(r.charged);
  if (r.windows < 0 || r.windows > static_cast<int32_t>(r.totals.size())) {
    return a.Fail();
  }
  for (int32_t i = 0; i < r.windows; ++i) {
    WindowTotal& total = r.totals[static_cast<std::size_t>(i)];
    number(total.answers), number(total.drops);
  }
}

}  // namespace

class PacerIo {
 public:
  PacerIo(Archive* a, PacerImpl* pacer) : a_(*a), p_(*pacer) {}

  bool Run() {
    Numbers number(&a_);
    a_.All(p_.now_, p_.second_, p_.shift_, p_.offset_, p_.plan_end_,
           p_.next_plan_, p_.free_line_, p_.deserted_, p_.bucket_.us,
           p_.bucket_.at);
    p_.service_.Transfer(number);
    a_(p_.service_learned_);
    p_.centre_.Transfer(number);
    p_.rates_.Transfer(number);
    Cells();
    for (CampaignState& c : p_.campaigns_) Campaign(c);
    for (PacedLine& line : p_.lines_) TransferLine(a_, line);
    for (PacedAgentSlot& agent : p_.agents_) {
      a_.All(agent.state, agent.since, agent.finish, agent.campaign);
    }
    for (CarrierState& c : p_.carriers_) a_.All(c.bucket.us, c.bucket.at);
    number(p_.inbound_per_second_);
    a_(p_.inbound_waiting_);
    // What was reserved stays so.
    uint32_t records =
        a_.Count(p_.records_.size(),
                 static_cast<std::size_t>(p_.options_.records_max), 1);
    if (!a_.writing()) p_.records_.resize(records);
    for (LineRecord& record : p_.records_) TransferRecord(a_, record);
    Timers(p_.timers_, &PacedLine::due, &PacedAgentSlot::due);
    Timers(p_.untold_, &PacedLine::tell, &PacedAgentSlot::tell);
    return a_.ok() && (a_.writing() || (a_.left() == 0 && Rebuild()));
  }

 private:
  void Campaign(CampaignState& c) {
    Numbers number(&a_);
    a_.All(c.running, c.learned, c.bucket.us, c.bucket.at, c.plan_strict);
    c.ring.Transfer(number);
    c.ledger.Transfer(number);
    for (double* value : {&c.log_price, &c.recent_answers, &c.recent_seconds,
                          &c.false_share, &c.plan_price, &c.plan_limit}) {
      number(*value);
    }
    TransferStats(a_, c.stats);
  }

  // Only those in use, with their places.
  void Cells() {
    Numbers number(&a_);
    p_.rates_.TransferCells(
        [&](std::vector<AnswerRates::Cell>& cells, std::size_t& used) {
          uint32_t count = static_cast<uint32_t>(used);
          a_(count);
          uint32_t at = 0;
          for (uint32_t i = 0; i < count && a_.ok(); ++i) {
            if (a_.writing()) {
              while (cells[at].key == 0) ++at;
            }
            a_(at);
            if (at >= cells.size()) return a_.Fail();
            AnswerRates::Cell& cell = cells[at];
            a_.All(cell.key, cell.children);
            number(cell.persons), number(cell.expected);
            if (cell.key == 0) a_.Fail();
            ++at;
          }
          used = count;
        });
  }

  // In the order in which they fire; each line and agent has one at most.
  void Timers(TimerQueue& queue, TimerId PacedLine::* of_line,
              TimerId PacedAgentSlot::* of_agent) {
    std::vector<TimerQueue::Timer> timers;
    if (a_.writing()) timers = queue.Sorted();
    a_.List(timers,
            [&](TimerQueue::Timer& t) { a_.All(t.due, t.kind, t.subject); });
    if (a_.writing()) return;
    for (const TimerQueue::Timer& t : timers) {
      TimerId* id = nullptr;
      if (t.kind == kLineDue && t.subject < p_.lines_.size()) {
        const PacedLine& line = p_.lines_[t.subject];
        const bool waits = line.state == LineState::kWaiting ||
                           line.state == LineState::kHeld ||
                           line.state == LineState::kLeaving;
        if (line.generation % 2 == 1 && waits) {
          id = &(p_.lines_[t.subject].*of_line);
        }
      } else if (t.kind == kAgentDue && t.subject < p_.agents_.size()) {
        const PacedAgentSlot& agent = p_.agents_[t.subject];
        if (agent.state == DialAgent::kPreview || agent.finish != kNotYet) {
          id = &(p_.agents_[t.subject].*of_agent);
        }
      }
      if (id == nullptr || !id->none()) return a_.Fail();
      *id = queue.Arm(t.due, t.kind, t.subject);
    }
  }

  bool Rebuild() {
    if (p_.rates_.full()) return false;
    p_.agent_counts_ = {};
    for (const PacedAgentSlot& agent : p_.agents_) {
      if (agent.state > DialAgent::kPreview || agent.since > p_.now_ ||
          agent.campaign >= p_.campaigns_.size() ||
          (agent.finish != kNotYet &&
           (agent.state != DialAgent::kBusy || agent.due.none()))) {
        return false;
      }
      ++p_.agent_counts_[static_cast<std::size_t>(agent.state)];
      if (agent.state == DialAgent::kBusy) p_.CountAgent(agent, 1);
    }
    std::size_t free = 0;
    for (uint32_t i = 0; i < p_.lines_.size(); ++i) {
      if (p_.lines_[i].generation % 2 == 0) {
        ++free;
      } else if (!RebuildLine(i)) {
        return false;
      }
    }
    // The list of free lines must name each of them once.
    uint32_t at = p_.free_line_;
    for (; at < p_.lines_.size() && free > 0; --free) {
      if (p_.lines_[at].generation % 2 != 0) return false;
      at = p_.lines_[at].next_free;
    }
    return free == 0 && at >= p_.lines_.size() &&
           p_.in_flight_ + p_.leaving_ <= p_.options_.lines_max &&
           p_.RecordRoom() >= 0;
  }

  // Counts a line that is in use, and gives the agent its conversation.
  bool RebuildLine(uint32_t slot) {
    const PacedLine& line = p_.lines_[slot];
    const LineFeatures& of = line.features;
    if (of.campaign >= p_.campaigns_.size() || line.level >= kLineLevels ||
        line.at.started > p_.now_ || line.charge > LineCharge::kFalseMachine ||
        line.outcome > LineOutcome::kMachineAfterAll ||
        of.carrier >= std::max<std::size_t>(1, p_.carriers_.size())) {
      return false;
    }
    if (!p_.carriers_.empty() && line.at.ended == kNotYet) {
      ++p_.carriers_[of.carrier].lines;
    }
    CampaignState& c = p_.campaigns_[of.campaign];
    switch (line.state) {
      case LineState::kRinging:
        ++c.ringing;
        ++p_.in_flight_;
        p_.CountLine(line, 1);
        return true;
      case LineState::kWaiting:
      case LineState::kHeld:
        ++c.waiting;
        ++p_.waiting_;
        ++p_.in_flight_;
        return true;
      case LineState::kLeaving:
        ++c.leaving;
        ++p_.leaving_;
        return true;
      case LineState::kTalking:
        break;
    }
    if (line.state != LineState::kTalking || line.agent < 0 ||
        line.agent >= p_.options_.agents_max) {
      return false;
    }
    ++p_.talking_;
    PacedAgentSlot& agent = p_.agents_[static_cast<std::size_t>(line.agent)];
    const bool works =
        agent.state == DialAgent::kBusy || agent.state == DialAgent::kLast;
    if (!works || agent.line != PacedAgentSlot::kNoLine) return false;
    agent.line = slot;
    return true;
  }

  Archive& a_;
  PacerImpl& p_;
};

std::string Pacer::Save() const {
  std::string bytes(kWhat);
  Archive archive = Archive::Writer(&bytes);
  TransferOptions(archive, impl_->options_);
  PacerIo(&archive, impl_.get()).Run();
  SealState(&bytes);
  return bytes;
}

absl::StatusOr<std::unique_ptr<Pacer>> Pacer::Load(std::string_view bytes) {
  const auto body = OpenState(kWhat, bytes);
  if (!body.ok()) return body.status();
  Archive archive = Archive::Reader(*body);
  PacerOptions options;
  TransferOptions(archive, options);
  if (!archive.ok() || !FindFaults(options).empty()) {
    return absl::InvalidArgumentError("the options in the state are damaged");
  }
  auto impl = std::make_unique<PacerImpl>(std::move(options), 0);
  if (!PacerIo(&archive, impl.get()).Run()) {
    return absl::InvalidArgumentError("the state is damaged or inconsistent");
  }
  return std::unique_ptr<Pacer>(new Pacer(std::move(impl)));
}

}  // namespace callrouter
