// Plays the shifts of dial_simulator.h.

#include "sim_dial.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim_random.h"

namespace callrouter {
namespace sim {
namespace {

Law Lognormal(absl::Duration mean, double variation) {
  return {Law::Kind::kLognormal, mean, variation * variation,
          absl::ZeroDuration()};
}

class DialPlay {
 public:
  DialPlay(const DialWorld& world, DialPolicy* policy)
      : w_(world),
        policy_(*policy),
        kind_(world.seed, Purpose::kAnswer, 1),
        ring_(world.seed, Purpose::kNoAnswer, 2),
        talk_(world.seed, Purpose::kHandleTime, 3),
        wait_(world.seed, Purpose::kPatience, 4),
        draw_ring_(world.model == DialModel::kMarkov
                       ? Law::Exponential(world.ring)
                       : Lognormal(absl::Seconds(10), 0.5)),
        draw_talk_(world.model == DialModel::kMarkov
                       ? Law::Exponential(world.service)
                       : Lognormal(world.service, world.service_variation)),
        draw_wait_(world.model == DialModel::kMarkov
                       ? Law::Exponential(world.patience)
                       : Law::Constant(world.patience)) {
    view_.agents = view_.idle = w_.agents;
    view_.busy_since.assign(static_cast<std::size_t>(w_.agents), kDialNever);
    view_.shift_end = absl::ToInt64Microseconds(w_.shift);
    for (int a = w_.agents; a-- > 0;) idle_.push_back(a);
  }

  void Run(DialReport* report) {
    policy_.ShiftBegins(view_);
    Decide();
    for (int shift = 0; shift < w_.shifts;) {
      const int64_t next = heap_.empty() ? kDialNever : heap_.front().at;
      const int64_t at = std::min({next, policy_.wake(), view_.shift_end});
      Pass(std::max(at, view_.now));
      if (at == view_.shift_end) {
        EndShift(shift++, report);
      } else if (at == next) {
        std::pop_heap(heap_.begin(), heap_.end());
        const Event event = heap_.back();
        heap_.pop_back();
        Happens(event);
      }
      Decide();
    }
  }

 private:
  enum class What : uint8_t { kLineEnds, kPatienceEnds, kTalkEnds };
  struct Event {
    int64_t at;
    uint64_t order;
    What what;
    int who;  // Line or agent.
    uint32_t life;
    friend bool operator<(const Event& a, const Event& b) {
      return a.at != b.at ? a.at > b.at : a.order > b.order;
    }
  };
  struct Line {
    DialOutcome outcome = DialOutcome::kPerson;
    int64_t ring = 0;
    uint32_t life = 0;
  };

  void Pass(int64_t at) {
    busy_us_ += static_cast<double>(view_.agents - view_.idle) *
                static_cast<double>(at - view_.now);
    view_.now = at;
  }

  void Push(int64_t after, What what, int who, uint32_t life) {
    heap_.push_back({view_.now + after, order_++, what, who, life});
    std::push_heap(heap_.begin(), heap_.end());
  }

  double Answered() const {
    if (w_.answered_else == 0) return w_.answered;
    return view_.now / (3'600 * kDialSecond) % 2 == 0 ? w_.answered
                                                      : w_.answered_else;
  }

  void DrawLine(Line* line) {
    const double kind = kind_.Uniform();
    const double person = Answered();
    line->outcome =
        kind < person ? DialOutcome::kPerson : DialOutcome::kNoAnswer;
    line->ring = draw_ring_(&ring_);
    if (w_.model == DialModel::kMarkov) return;
    if (line->outcome == DialOutcome::kPerson) {
      line->ring =
          std::min(25 * kDialSecond, std::max(kDialSecond, line->ring));
      return;
    }
    const double which = (kind - person) / (1 - person);
    if (which < 0.55) {
      line->ring = 25 * kDialSecond;
    } else if (which < 0.85) {
      line->outcome = DialOutcome::kMachine;
      line->ring =
          17 * kDialSecond + static_cast<int64_t>((which - 0.55) / 0.3 * 6e6);
    } else {
      line->outcome = DialOutcome::kFailed;
      line->ring = 3 * kDialSecond;
    }
  }

  void Decide() {
    const int lines = policy_.Lines(view_);
    for (int i = 0; i < lines; ++i) {
      if (free_lines_.empty()) {
        free_lines_.push_back(static_cast<int>(lines_.size()));
        lines_.emplace_back();
      }
      const int at = free_lines_.back();
      free_lines_.pop_back();
      Line& line = lines_[static_cast<std::size_t>(at)];
      DrawLine(&line);
      ++line.life;
      ++view_.ringing;
      ++view_.dialled;
      policy_.Dialled(view_, at);
      Push(line.ring, What::kLineEnds, at, line.life);
    }
  }

  void Happens(const Event& event) {
    if (event.what == What::kTalkEnds) return TalkEnds(event.who);
    Line& line = lines_[static_cast<std::size_t>(event.who)];
    if (line.life != event.life) return;
    if (event.what == What::kPatienceEnds) return PatienceEnds(event.who);
    --view_.ringing;
    if (line.outcome != DialOutcome::kPerson) {
      policy_.Ended(view_, event.who, line.outcome, line.ring);
      Release(event.who);
      return;
    }
    ++view_.answers;
    ++view_.waiting;
    policy_.Ended(view_, event.who, line.outcome, line.ring);
    if (!idle_.empty()) return Bridge(event.who);
    waiting_.push_back(event.who);
    Push(draw_wait_(&wait_), What::kPatienceEnds, event.who, line.life);
  }

  void PatienceEnds(int line) {
    waiting_.erase(std::find(waiting_.begin(), waiting_.end(), line));
    --view_.waiting;
    ++view_.drops;
    policy_.Dropped(view_, line);
    Release(line);
  }

  void TalkEnds(int agent) {
    int64_t& since = view_.busy_since[static_cast<std::size_t>(agent)];
    const int64_t talked = view_.now - since;
    since = kDialNever;
    ++view_.idle;
    idle_.push_back(agent);
    policy_.Free(view_, agent, talked);
    if (waiting_.empty()) return;
    const int line = waiting_.front();
    waiting_.erase(waiting_.begin());
    Bridge(line);
  }

  void Bridge(int line) {
    const int agent = idle_.back();
    idle_.pop_back();
    --view_.idle;
    --view_.waiting;
    view_.busy_since[static_cast<std::size_t>(agent)] = view_.now;
    policy_.Bridged(view_, line, agent);
    Release(line);
    Push(draw_talk_(&talk_), What::kTalkEnds, agent, 0);
  }

  void Release(int line) {
    ++lines_[static_cast<std::size_t>(line)].life;
    free_lines_.push_back(line);
  }

  void EndShift(int shift, DialReport* report) {
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
    policy_.ShiftBegins(view_);
  }

  const DialWorld& w_;
  DialPolicy& policy_;
  Stream kind_, ring_, talk_, wait_;
  Draw draw_ring_, draw_talk_, draw_wait_;
  DialView view_;
  std::vector<Event> heap_;
  uint64_t order_ = 0;
  std::vector<Line> lines_;
  std::vector<int> free_lines_;
  std::vector<int> idle_;
  std::vector<int> waiting_;
  double busy_us_ = 0;
  int64_t left_before_ = 0;
};

void Total(DialReport* report) {
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

}  // namespace
}  // namespace sim

absl::Status SimulateDialing(const DialWorld& world, DialPacer pacer,
                             DialReport* report) {
  std::string text;
  for (const Fault& fault : FindFaults(world)) {
    text += (text.empty() ? "" : "; ") + ToString(fault);
  }
  if (!text.empty()) return absl::InvalidArgumentError(text);
  *report = DialReport();
  report->pacer = pacer;
  report->cap_permille = world.cap_permille;
  const auto policy = pacer == DialPacer::kPredictive
                          ? sim::MakePredictive(world)
                          : sim::MakeBaseline(world, pacer);
  if (policy == nullptr) return absl::InvalidArgumentError("no such pacer");
  sim::DialPlay(world, policy.get()).Run(report);
  sim::Total(report);
  return absl::OkStatus();
}

}  // namespace callrouter
