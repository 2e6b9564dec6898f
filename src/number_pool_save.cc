// The whole pool as bytes. What only repeats it (orders by cell, what is free,
// masks, timers of carriers) is built anew, by the same way as after a change
// of rules.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "archive.h"
#include "number_pool_impl.h"
#include "number_rules_archive.h"

namespace callrouter {

namespace {

constexpr std::string_view kWhat = "callrouter number pool 1\n";

template <class Tag>
void TransferId(Archive& a, Id<Tag>& id) {
  uint64_t value = id.value();
  a(value);
  if (!a.writing()) id = Id<Tag>::FromValue(value);
}

void TransferPhone(Archive& a, PhoneNumber& number) {
  uint64_t value = number.value();
  a(value);
  if (!a.writing()) number = PhoneNumber::FromValue(value);
}

void TransferNames(Archive& a, NumberNames& names) {
  std::vector<std::string> list;
  list.reserve(names.size());
  for (uint32_t i = 0; i < names.size(); ++i) list.push_back(names.name(i));
  a.List(list, [&](std::string& name) { a(name); });
  if (a.writing()) return;
  for (const std::string& name : list) names.Intern(name);
}

void TransferStats(Archive& a, NumberPoolStats& s) {
  a.All(s.reserved, s.refused, s.committed, s.cancelled, s.lapsed,
        s.clock_regressions, s.reported, s.changes_lost);
}

}  // namespace

// The bytes of one pool, in either direction.
class NumberPoolIo {
 public:
  NumberPoolIo(Archive archive, NumberPoolImpl* pool)
      : a_(archive), p_(*pool) {}

  bool Run() {
    if (!Rules()) return false;
    Clocks();
    p_.slots_.Transfer(a_, [&](NumberSlot& slot) {
      a_.All(slot.hash, slot.position, slot.generation);
    });
    Numbers();
    Orders();
    Carriers();
    Health();
    if (!a_.ok() || (!a_.writing() && !Rebuild())) return false;
    Attempts();
    Ends();
    if (a_.ok()) p_.callees_.Transfer(a_, p_.slots_.span());
    if (a_.ok()) p_.rates_.Transfer(a_);
    Changes();
    return a_.ok() && (a_.writing() || a_.left() == 0);
  }

 private:
  bool Rules() {
    NumberRules rules;
    if (a_.writing()) rules = p_.rules_;
    Transfer(a_, rules);
    TransferNames(a_, p_.campaigns_);
    TransferNames(a_, p_.trunks_);
    TransferNames(a_, p_.carriers_);
    return a_.ok() && (a_.writing() || p_.SetRules(rules).ok());
  }

  void Clocks() {
    a_.All(p_.now_, p_.skew_, p_.civil_, p_.generation_, p_.sequence_,
           p_.carrier_hand_);
    TransferStats(a_, p_.counts_);
    uint64_t random = p_.random_.state();
    a_(random);
    constexpr int64_t kMost = int64_t{1} << 60;
    if (a_.writing()) return;
    p_.random_ = Random::FromState(random);
    for (const int64_t time : {p_.now_, p_.skew_, p_.civil_}) {
      if (time < -kMost || time > kMost) a_.Fail();
    }
    if (p_.now_ < NumberPoolImpl::kFirstTime || p_.sequence_ > kMostBits) {
      a_.Fail();
    }
  }

  // In the order of their positions.
  void Numbers() {
    if (a_.writing()) {
      for (const NumberCell& cell : p_.cells_) {
        cells_.emplace_back(p_.filters_.kind(cell.kind).group, cell.region);
      }
    }
    a_.List(cells_, [&](auto& cell) { a_.All(cell.first, cell.second); });
    a_.List(p_.records_, [&](NumberRecord& r) {
      a_.All(r.digits, r.shown, r.slot, r.cell, r.since, r.verified, r.rank,
             r.weight, r.remainder, r.calls, r.day_uses, r.day, r.state);
    });
    std::string windows(p_.windows_.begin(), p_.windows_.end());
    a_(windows);
    if (!a_.writing()) p_.windows_.assign(windows.begin(), windows.end());
  }

  // No pool that is used gets anywhere near; beyond it keys would run into the
  // bits of their tier.
  static constexpr uint64_t kMostBits = kOrderBits / 2;

  void Orders() {
    const std::size_t count = p_.records_.size();
    if (!a_.writing()) {
      shape_.Assign({static_cast<uint32_t>(count)});
    }
    a_.List(p_.orders_, [&](OrderIndex& order) {
      a_(order.order);
      if (!a_.writing()) order.numbers.Reset(&shape_);
      for (uint32_t p = 0; p < count && a_.ok(); ++p) {
        uint64_t bits = a_.writing() ? order.numbers[p] & kOrderBits : 0;
        a_(bits);
        if (bits > kMostBits) a_.Fail();
        if (!a_.writing()) order.numbers.Set(0, p, kHidden | bits);
      }
      a_.List(order.served, [&](uint64_t& served) {
        a_(served);
        if (served > kMostBits) a_.Fail();
      });
      a_.List(order.cursors,
              [&](OrderIndex::Cursor& cursor) { a_(cursor.digits); });
      const bool laps = order.order == NumberOrder::kRoundRobin;
      if (order.served.size() != (order.HasServed() ? cells_.size() : 0) ||
          order.cursors.size() != (laps ? cells_.size() : 0)) {
        a_.Fail();
      }
    });
  }

  void Carriers() {
    p_.carrier_uses_.Transfer(a_, [&](CarrierUse& use) {
      a_.All(use.slot, use.generation, use.newest, use.carrier, use.counts);
      if (use.slot >= p_.slots_.span() || use.newest == 0 ||
          use.newest > p_.now_ / CarrierUse::kPartUs ||
          use.carrier >= p_.carriers_.size()) {
        Refuse(use);
      }
    });
    if (p_.carrier_hand_ > p_.carrier_uses_.span()) a_.Fail();
  }

  void Health() {
    p_.charts_.Transfer(a_, [&](NumberChart& c) {
      a_.All(c.slot, c.generation, c.carrier, c.labelled, c.known, c.score,
             c.calls, c.answers, c.expected, c.odds);
      if (c.slot >= p_.slots_.span() || !c.Sound()) Refuse(c);
    });
    p_.lives_.Transfer(a_, [&](NumberLife& life) {
      a_.All(life.slot, life.generation, life.accused, life.failures,
             life.score, life.due);
      if (life.slot >= p_.slots_.span() || life.score > kMostEvidence ||
          life.score < -kMostEvidence) {
        Refuse(life);
      }
    });
  }
  // An entry that must not be kept, in a table that is dropped as a whole.
  template <class Entry>
  void Refuse(Entry& entry) {
    if (a_.writing()) return;
    entry = Entry();
    a_.Fail();
  }

  bool Sound(const NumberRecord& r) const {
    return !PhoneNumber::FromValue(r.digits).none() && r.cell < cells_.size() &&
           r.slot < p_.slots_.span() && p_.slots_[r.slot].generation != 0 &&
           r.weight >= 1 && r.weight <= 1000 && r.rank >= 0 &&
           r.rank <= 1'000'000 && r.state <= NumberState::kRetired &&
           r.shown <= p_.now_;
  }

  // Puts the numbers where they belong.
  bool Rebuild() {
    if (p_.records_.size() != p_.slots_.size() ||
        p_.records_.size() >
            static_cast<std::size_t>(p_.options_.numbers_max) ||
        p_.windows_.size() != p_.records_.size() * p_.layout_.stride) {
      return false;
    }
    for (const auto& [group, region] : cells_) {
      if (group >= p_.rules_.groups.size() ||
          region >= p_.geography_.regions()) {
        return false;
      }
    }
    std::vector<NumberIncoming> numbers(p_.records_.size());
    std::vector<bool> taken(p_.slots_.span(), false);
    for (uint32_t i = 0; i < numbers.size(); ++i) {
      const NumberRecord& record = p_.records_[i];
      if (!Sound(record) || taken[record.slot] ||
          !p_.layout_.Sound(p_.WindowsOf(i), p_.now_)) {
        return false;
      }
      taken[record.slot] = true;
      numbers[i].digits = record.digits;
      numbers[i].group = cells_[record.cell].first;
      numbers[i].region = cells_[record.cell].second;
      numbers[i].from = i;
    }
    p_.Rebuild(std::move(numbers), cells_);
    for (const NumberRecord& record : p_.records_) {
      if (p_.FindNumber(record.digits).slot() != record.slot) return false;
    }
    return true;
  }

  void Attempts() {
    p_.attempts_.Transfer(a_, [&](NumberAttempt& t) {
      NumberRequest& r = t.request;
      a_(r.attempt);
      TransferId(a_, r.campaign);
      TransferId(a_, r.trunk);
      TransferId(a_, r.carrier);
      TransferPhone(a_, r.callee);
      TransferPhone(a_, r.wanted);
      a_(r.attempt_number);
      TransferId(a_, t.id);
      a_.All(t.digits, t.over, t.lapses_at, t.region, t.state, t.outcome, t.by,
             t.rung, t.broken, t.sticky_block);
      const bool named =
          r.campaign.slot() < p_.campaigns_.size() &&
          r.trunk.slot() < p_.trunks_.size() &&
          (r.carrier.none() || r.carrier.slot() < p_.carriers_.size());
      if (r.attempt == 0 || t.state > AttemptState::kEnded || !named ||
          t.outcome > CallOutcome::kRefusedByOperator ||
          t.region >= p_.geography_.regions()) {
        Refuse(t);
      }
    });
    p_.over_.Transfer(a_);
    std::vector<uint32_t> lapses;
    for (const TimerQueue::Timer& timer : p_.lapses_.Sorted()) {
      lapses.push_back(timer.subject);
    }
    a_.List(lapses, [&](uint32_t& i) { a_(i); });
    if (a_.writing() || !a_.ok()) return;
    for (const uint32_t i : lapses) {
      if (i >= p_.attempts_.span() ||
          p_.lapses_.IsArmed(p_.attempts_[i].lapse) ||
          p_.attempts_[i].state != AttemptState::kReserved ||
          p_.attempts_[i].request.attempt == 0) {
        a_.Fail();
        return;
      }
      p_.attempts_[i].lapse = p_.lapses_.Arm(p_.attempts_[i].lapses_at, 0, i);
    }
    std::vector<uint32_t> over;
    for (uint32_t i = 0; i < p_.attempts_.span(); ++i) {
      const NumberAttempt& attempt = p_.attempts_[i];
      if (attempt.request.attempt == 0) continue;
      if (attempt.state != AttemptState::kReserved &&
          attempt.state != AttemptState::kCommitted) {
        over.push_back(i);
      }
    }
    std::vector<uint32_t> listed = p_.over_.Items();
    std::sort(listed.begin(), listed.end());
    if (listed != over) a_.Fail();
  }

  // The ends of states in the order in which they come.
  void Ends() {
    std::vector<uint32_t> ends;
    for (const TimerQueue::Timer& timer : p_.ends_.Sorted()) {
      ends.push_back(timer.subject);
    }
    const std::size_t expected = ends.size();
    a_.List(ends, [&](uint32_t& i) { a_(i); });
    if (a_.writing() || !a_.ok()) return;
    if (ends.size() != expected) return a_.Fail();
    for (const uint32_t i : ends) {
      if (i >= p_.lives_.span() || !p_.ends_.IsArmed(p_.lives_[i].timer)) {
        return a_.Fail();
      }
      p_.ends_.Cancel(&p_.lives_[i].timer);
    }
    p_.ends_ = TimerQueue();
    for (const uint32_t i : ends) {
      p_.lives_[i].timer = p_.ends_.Arm(p_.lives_[i].due, 0, i);
    }
  }

  void Changes() {
    std::vector<NumberStateChange> changes;
    changes.reserve(p_.changes_.size());
    for (std::size_t i = 0; i < p_.changes_.size(); ++i) {
      changes.push_back(
          p_.changes_[(p_.changes_from_ + i) % p_.changes_.size()]);
    }
    a_.List(changes, [&](NumberStateChange& c) {
      TransferId(a_, c.id);
      TransferPhone(a_, c.number);
      a_.All(c.from, c.to, c.why);
      TransferId(a_, c.carrier);
      a_(c.at);
    });
    if (a_.writing()) return;
    if (changes.size() > static_cast<std::size_t>(p_.options_.changes_max)) {
      a_.Fail();
    }
    p_.changes_ = std::move(changes);
    p_.changes_from_ = 0;
  }

  Archive a_;
  NumberPoolImpl& p_;
  std::vector<std::pair<uint32_t, uint32_t>> cells_;  // Group, region.
  CellShape shape_;
};

void NumberPoolImpl::Save(std::string* out) const {
  out->assign(kWhat);
  // Writing changes nothing; one description serves both directions.
  NumberPoolIo(Archive::Writer(out), const_cast<NumberPoolImpl*>(this)).Run();
  SealState(out);
}

absl::Status NumberPoolImpl::Load(std::string_view saved) {
  const absl::StatusOr<std::string_view> values = OpenState(kWhat, saved);
  if (!values.ok()) return values.status();
  if (!NumberPoolIo(Archive::Reader(*values), this).Run()) {
    return absl::InvalidArgumentError(
        "saved: does not fit the options' limits, or is not a pool");
  }
  const absl::Status status = CheckInvariants();
  if (!status.ok()) {
    return absl::InvalidArgumentError("saved: " +
                                      std::string(status.message()));
  }
  return absl::OkStatus();
}

}  // namespace callrouter
