// What is due for single lines and agents, and the orders for it.

#include <algorithm>

#include "tests/oracle/naive_pacer.h"

namespace callrouter::oracle {

// The first of all that is due, again and again.
void NaivePacer::Fire(int64_t last) {
  for (;;) {
    const auto before = [](const Due& a, const Due& b) {
      return a.at != b.at ? a.at < b.at : a.since < b.since;
    };
    Due first;
    uint64_t line = 0;
    int32_t agent = -1;
    for (const auto& [name, l] : lines_) {
      if (before(l.due, first)) first = l.due, line = name;
    }
    for (std::size_t i = 0; i < agents_.size(); ++i) {
      if (!before(agents_[i].due, first)) continue;
      first = agents_[i].due, line = 0, agent = static_cast<int32_t>(i);
    }
    if (first.at > last) return;
    Step(first.at);
    if (line != 0) {
      SecondsOver(line);
      continue;
    }
    Agent& a = agents_[static_cast<std::size_t>(agent)];
    a.due = Due();
    a.finish = kNone;
    if (a.state != DialAgent::kPreview) continue;
    pending_.push_back(
        {{LineAction::kDial, 0, agent, first.at}, {first.at, ++events_}});
  }
}

void NaivePacer::SetDue(Line* line) {
  const PacedCampaign& rules = options_.campaigns[line->kind.parts[0]];
  const auto us = [](absl::Duration d) { return absl::ToInt64Microseconds(d); };
  if (rules.overdue == Overdue::kHost) return;
  const int64_t latest = line->answered + us(rules.greeting_max);
  int64_t start = line->answered;
  if (rules.patience_from == DropStart::kGreetingBegin) {
    start = line->began == kNone ? latest : std::min(latest, line->began);
  } else if (rules.patience_from == DropStart::kGreetingEnd) {
    start = line->stopped == kNone ? latest : std::min(latest, line->stopped);
  }
  const bool hold = rules.overdue == Overdue::kHold;
  line->due = {start + us(rules.patience) - (hold ? 0 : us(rules.notice)),
               ++events_};
}

void NaivePacer::SecondsOver(uint64_t name) {
  Line& line = lines_[name];
  const PacedCampaign& rules = options_.campaigns[line.kind.parts[0]];
  const auto us = [](absl::Duration d) { return absl::ToInt64Microseconds(d); };
  const int64_t at = line.due.at;
  line.due = Due();
  if (line.overdue == kNone) line.overdue = at;
  Order order = {LineAction::kHold, name, -1, at + us(rules.hold_max)};
  if (rules.overdue == Overdue::kHold && !line.held) {
    line.held = true;
    if (rules.hold_is_drop) Charge(&line);
    line.due = {order.deadline, ++events_};
    pending_.push_back({order, {at, ++events_}});
    return;
  }
  Charge(&line);
  line.waiting = false;
  line.leaving = true;
  Desert(false);
  Forget(name, -1);
  Overdue what = rules.overdue;
  order.deadline = at + us(rules.notice);
  if (what == Overdue::kHold) what = rules.after_hold, order.deadline = at;
  order.what =
      what == Overdue::kMessage ? LineAction::kMessage : LineAction::kRelease;
  pending_.push_back({order, {at, ++events_}});
}

void NaivePacer::Charge(Line* line) {
  if (line->charged || line->agent_left) return;
  Campaign& c = campaigns_[line->kind.parts[0]];
  if (deserted_ > 0 && IsStrict(line->kind.parts[0])) {
    line->agent_left = true;
    ++agent_left_;
    --deserted_;
    return;
  }
  line->charged = true;
  ++drops_;
  c.ledger.Dropped();
  c.log_price = std::min(-0.5, std::max(-6.2, c.log_price - 0.02));
}

void NaivePacer::Forget(uint64_t line, int32_t agent) {
  pending_.erase(std::remove_if(pending_.begin(), pending_.end(),
                                [&](const Pending& p) {
                                  return agent >= 0 ? p.order.agent == agent
                                                    : p.order.line == line &&
                                                          p.order.agent < 0;
                                }),
                 pending_.end());
}

std::vector<NaivePacer::Order> NaivePacer::Tell() {
  Fire(now_);
  std::sort(pending_.begin(), pending_.end(),
            [](const Pending& a, const Pending& b) {
              return a.due.at != b.due.at ? a.due.at < b.due.at
                                          : a.due.since < b.due.since;
            });
  std::vector<Order> orders;
  for (const Pending& p : pending_) {
    orders.push_back(p.order);
    if (p.order.what == LineAction::kRelease ||
        p.order.what == LineAction::kMessage) {
      lines_[p.order.line].told = true;
    }
  }
  pending_.clear();
  return orders;
}

}  // namespace callrouter::oracle
