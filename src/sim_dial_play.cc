// Plays shifts: agents take the calls that a policy makes.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim_dial.h"

namespace callrouter::sim {
namespace {
constexpr uint32_t kStepsUnasked = 16;
}  // namespace

int64_t DialCallees::PlanEnd(const DialView& view) const {
  return view.shift_end;
}

DialPlay::DialPlay(const DialWorld& world, DialCallees* callees,
                   DialPolicy* policy)
    : w_(world), callees_(*callees), policy_(*policy) {
  view_.agents = view_.idle = w_.agents;
  view_.busy_since.assign(static_cast<std::size_t>(w_.agents), kDialNever);
  view_.shift_end = absl::ToInt64Microseconds(w_.shift);
  for (int a = w_.agents; a-- > 0;) idle_.push_back(a);
}

absl::Status DialPlay::Run(DialReport* report, const Progress& progress) {
  view_.plan_end = callees_.PlanEnd(view_);
  policy_.ShiftBegins(view_);
  Decide();
  const double all = absl::ToDoubleMicroseconds(w_.shift) * w_.shifts;
  uint32_t step = 0;
  for (int shift = 0; shift < w_.shifts;) {
    if (progress && step++ % kStepsUnasked == 0 &&
        !progress(static_cast<double>(view_.now) / all)) {
      stopped_ = true;
    }
    if (stopped_) return absl::CancelledError("the simulation was stopped");
    const int64_t next = heap_.empty() ? kDialNever : heap_.front().at;
    const int64_t retry =
        callees_.retry() > view_.now ? callees_.retry() : kDialNever;
    const int64_t opens = callees_.OpensAt(view_);
    int64_t wake = opens > view_.now ? opens : policy_.wake();
    if (nobody_) wake = kDialNever;
    const int64_t at = std::min({next, wake, retry, view_.shift_end});
    Pass(std::max(at, view_.now));
    if (at == view_.shift_end) {
      EndShift(shift++, report);
    } else if (at == next) {
      std::pop_heap(heap_.begin(), heap_.end());
      const Event event = heap_.back();
      heap_.pop_back();
      Happens(event);
    }
    nobody_ = nobody_ && at != next && view_.now < callees_.retry();
    Decide();
  }
  return absl::OkStatus();
}

void DialPlay::Pass(int64_t at) {
  busy_us_ += static_cast<double>(view_.agents - view_.idle) *
              static_cast<double>(at - view_.now);
  callees_.Passes(view_, at);
  view_.now = at;
}

void DialPlay::Push(int64_t after, What what, int line, int agent) {
  heap_.push_back({view_.now + after, order_++, what, line, agent,
                   lines_[static_cast<std::size_t>(line)].life});
  std::push_heap(heap_.begin(), heap_.end());
}

void DialPlay::Decide() {
  if (nobody_ || callees_.OpensAt(view_) > view_.now) return;
  const int lines = policy_.Lines(view_);
  stopped_ = lines < 0;
  for (int i = 0; i < lines; ++i) {
    if (free_lines_.empty()) {
      free_lines_.push_back(static_cast<int>(lines_.size()));
      lines_.emplace_back();
    }
    const int at = free_lines_.back();
    Line& line = lines_[static_cast<std::size_t>(at)];
    nobody_ = !callees_.Next(view_, at, &line.call);
    if (nobody_) return;
    free_lines_.pop_back();
    ++line.life;
    ++view_.ringing;
    ++view_.dialled;
    policy_.Dialled(view_, at, line.call.features);
    Push(line.call.ring, What::kLineEnds, at, 0);
  }
}

void DialPlay::Happens(const Event& event) {
  if (lines_[static_cast<std::size_t>(event.line)].life != event.life) return;
  switch (event.what) {
    case What::kLineEnds:
      return LineEnds(event.line);
    case What::kPatienceEnds: {
      // Nobody waits who talks.
      const auto at = std::find(waiting_.begin(), waiting_.end(), event.line);
      if (at != waiting_.end()) PatienceEnds(event.line);
      return;
    }
    case What::kTalkEnds:
      return TalkEnds(event.line, event.agent);
  }
}

void DialPlay::LineEnds(int line) {
  const DialCall& call = lines_[static_cast<std::size_t>(line)].call;
  --view_.ringing;
  const bool person = call.outcome == DialOutcome::kPerson;
  view_.answers += person ? 1 : 0;
  view_.waiting += person ? 1 : 0;
  callees_.Ended(view_, line, call.outcome);
  policy_.Ended(view_, line, call.outcome, call.ring);
  if (!person) return Release(line);
  if (!idle_.empty()) return Bridge(line);
  waiting_.push_back(line);
  Push(callees_.Patience(line), What::kPatienceEnds, line, 0);
}

void DialPlay::PatienceEnds(int line) {
  waiting_.erase(std::find(waiting_.begin(), waiting_.end(), line));
  --view_.waiting;
  ++view_.drops;
  callees_.Over(view_, line, false);
  policy_.Dropped(view_, line);
  Release(line);
}

void DialPlay::TalkEnds(int line, int agent) {
  int64_t& since = view_.busy_since[static_cast<std::size_t>(agent)];
  const int64_t talked = view_.now - since;
  since = kDialNever;
  ++view_.idle;
  idle_.push_back(agent);
  callees_.Over(view_, line, true);
  Release(line);
  policy_.Free(view_, agent, talked);
  if (waiting_.empty()) return;
  const int next = waiting_.front();
  waiting_.erase(waiting_.begin());
  Bridge(next);
}

void DialPlay::Bridge(int line) {
  const int agent = idle_.back();
  idle_.pop_back();
  --view_.idle;
  --view_.waiting;
  view_.busy_since[static_cast<std::size_t>(agent)] = view_.now;
  policy_.Bridged(view_, line, agent);
  Push(callees_.Talk(line), What::kTalkEnds, line, agent);
}

void DialPlay::Release(int line) {
  ++lines_[static_cast<std::size_t>(line)].life;
  free_lines_.push_back(line);
}

void DialPlay::EndShift(int shift, DialReport* report) {
  DialShift done;
  const double length = absl::ToDoubleMicroseconds(w_.shift);
  done.used = busy_us_ / length / w_.agents;
  done.dialled = view_.dialled;
  done.answers = view_.answers;
  done.drops = view_.drops;
  done.agent_left = policy_.agent_left() - left_before_;
  left_before_ = policy_.agent_left();
  if (shift >= w_.shifts_to_learn) report->shifts.push_back(done);
  busy_us_ = 0;
  view_.dialled = view_.answers = view_.drops = 0;
  view_.shift_begin = view_.now;
  view_.shift_end += absl::ToInt64Microseconds(w_.shift);
  view_.plan_end = callees_.PlanEnd(view_);
  policy_.ShiftBegins(view_);
}

void AddUp(DialReport* report) {
  for (const DialShift& shift : report->shifts) {
    report->total.used += shift.used;
    report->total.dialled += shift.dialled;
    report->total.answers += shift.answers;
    report->total.drops += shift.drops;
    report->total.agent_left += shift.agent_left;
    report->worst = std::max(report->worst, shift.drop_rate());
    if (shift.drops * 1000 > shift.answers * report->cap_permille) {
      ++report->above;
    }
  }
  report->total.used /= static_cast<double>(report->shifts.size());
}

}  // namespace callrouter::sim
