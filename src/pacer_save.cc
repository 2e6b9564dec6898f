// The whole pacer as bytes. Counts by age are built anew from lines and agents.

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

constexpr std::string_view kWhat = "callrouter pacer 1\n";

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
          c.starts_per_second, c.ring_timeout, c.patience,
          c.false_machine_permille);
  });
  TransferWindows(a, o.windows);
  a.All(o.agents_max, o.lines_max, o.starts_per_second, o.agents_kept_free,
        o.service_guess, o.answer_half_life, o.kinds_max);
}

void TransferStats(Archive& a, PacerStats& s) {
  Numbers number(&a);
  a.All(s.dialled, s.persons, s.machines, s.unanswered, s.bridged, s.dropped,
        s.agent_left, s.hung_up);
  number(s.false_machines);
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
    for (PacedLine& line : p_.lines_) {
      a_.All(line.generation, line.next_free, line.kind.parts, line.level,
             line.waiting, line.started);
    }
    for (PacedAgentSlot& agent : p_.agents_) a_.All(agent.state, agent.since);
    return a_.ok() && (a_.writing() || (a_.left() == 0 && Rebuild()));
  }

 private:
  void Campaign(CampaignState& c) {
    Numbers number(&a_);
    a_.All(c.running, c.learned, c.bucket.us, c.bucket.at);
    c.ring.Transfer(number);
    c.ledger.Transfer(number);
    for (double* value :
         {&c.log_price, &c.recent_answers, &c.recent_seconds, &c.false_share}) {
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

  bool Rebuild() {
    if (p_.rates_.full()) return false;
    p_.agent_counts_ = {};
    for (const PacedAgentSlot& agent : p_.agents_) {
      if (agent.state > DialAgent::kLast || agent.since > p_.now_) return false;
      ++p_.agent_counts_[static_cast<std::size_t>(agent.state)];
      if (agent.state == DialAgent::kBusy) p_.CountAgent(agent, 1);
    }
    std::size_t free = 0;
    for (PacedLine& line : p_.lines_) {
      if (line.generation % 2 == 0) {
        ++free;
        continue;
      }
      if (line.kind.parts[0] >= p_.campaigns_.size() ||
          line.level >= kLineLevels || line.started > p_.now_) {
        return false;
      }
      CampaignState& c = p_.campaigns_[line.kind.parts[0]];
      ++p_.in_flight_;
      if (line.waiting) {
        ++c.waiting;
        ++p_.waiting_;
      } else {
        ++c.ringing;
        p_.CountLine(line, 1);
      }
    }
    // The list of free lines must name each of them once.
    uint32_t at = p_.free_line_;
    for (; at < p_.lines_.size() && free > 0; --free) {
      if (p_.lines_[at].generation % 2 != 0) return false;
      at = p_.lines_[at].next_free;
    }
    return free == 0 && at >= p_.lines_.size();
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
