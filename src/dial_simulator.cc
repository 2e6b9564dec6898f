// The model worlds of dial_simulator.h.

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim_dial.h"
#include "sim_random.h"

namespace callrouter {
namespace sim {
namespace {

// The people of dial_simulator.h.
class ModelCallees : public DialCallees {
 public:
  explicit ModelCallees(const DialWorld& world)
      : w_(world),
        kind_(world.seed, Purpose::kAnswer, 1),
        ring_(world.seed, Purpose::kNoAnswer, 2),
        talk_(world.seed, Purpose::kHandleTime, 3),
        wait_(world.seed, Purpose::kPatience, 4),
        draw_ring_(world.model == DialModel::kMarkov
                       ? Law::Exponential(world.ring)
                       : LognormalLaw(absl::Seconds(10), 0.5)),
        draw_talk_(world.model == DialModel::kMarkov
                       ? Law::Exponential(world.service)
                       : LognormalLaw(world.service, world.service_variation)),
        draw_wait_(world.model == DialModel::kMarkov
                       ? Law::Exponential(world.patience)
                       : Law::Constant(world.patience)) {}

  bool Next(const DialView& view, int, DialCall* call) override {
    const double kind = kind_.Uniform();
    const double person = Answered(view);
    call->outcome =
        kind < person ? DialOutcome::kPerson : DialOutcome::kNoAnswer;
    call->ring = draw_ring_(&ring_);
    if (w_.model == DialModel::kMarkov) return true;
    if (call->outcome == DialOutcome::kPerson) {
      call->ring =
          std::min(25 * kDialSecond, std::max(kDialSecond, call->ring));
      return true;
    }
    const double which = (kind - person) / (1 - person);
    if (which < 0.55) {
      call->ring = 25 * kDialSecond;
    } else if (which < 0.85) {
      call->outcome = DialOutcome::kMachine;
      call->ring =
          17 * kDialSecond + static_cast<int64_t>((which - 0.55) / 0.3 * 6e6);
    } else {
      call->outcome = DialOutcome::kFailed;
      call->ring = 3 * kDialSecond;
    }
    return true;
  }
  int64_t Patience(int) override { return draw_wait_(&wait_); }
  int64_t Talk(int) override { return draw_talk_(&talk_); }

 private:
  double Answered(const DialView& view) const {
    if (w_.answered_else == 0) return w_.answered;
    return view.now / (3'600 * kDialSecond) % 2 == 0 ? w_.answered
                                                     : w_.answered_else;
  }

  const DialWorld& w_;
  Stream kind_, ring_, talk_, wait_;
  Draw draw_ring_, draw_talk_, draw_wait_;
};

// A rule of the caller's.
class OwnRule : public DialPolicy {
 public:
  explicit OwnRule(const DialRule& rule) : rule_(rule) {}
  int Lines(const DialView& view) override {
    DialMoment moment;
    moment.now = absl::Microseconds(view.now);
    moment.remaining = absl::Microseconds(view.shift_end - view.now);
    moment.agents = view.agents;
    moment.idle = view.idle;
    moment.ringing = view.ringing;
    moment.waiting = view.waiting;
    moment.dialled = view.dialled;
    moment.answers = view.answers;
    moment.drops = view.drops;
    // No plan of anybody's has more; it guards against endless dialling.
    return std::min(rule_(moment), kLinesMost - view.ringing);
  }

 private:
  static constexpr int32_t kLinesMost = 1'000'000;
  const DialRule& rule_;
};

absl::Status Play(const DialWorld& world, DialPacer pacer,
                  const std::unique_ptr<DialPolicy>& policy, DialReport* report,
                  const Progress& progress) {
  if (policy == nullptr) return absl::InvalidArgumentError("no such pacer");
  *report = DialReport();
  report->pacer = pacer;
  report->cap_permille = world.cap_permille;
  ModelCallees callees(world);
  const absl::Status status =
      DialPlay(world, &callees, policy.get()).Run(report, progress);
  if (status.ok()) AddUp(report);
  return status;
}

absl::Status CheckWorld(const DialWorld& world) {
  std::string text;
  for (const Fault& fault : FindFaults(world)) {
    text += (text.empty() ? "" : "; ") + ToString(fault);
  }
  return text.empty() ? absl::OkStatus() : absl::InvalidArgumentError(text);
}

}  // namespace
}  // namespace sim

absl::Status SimulateDialing(const DialWorld& world, DialPacer pacer,
                             DialReport* report, const Progress& progress) {
  const absl::Status status = sim::CheckWorld(world);
  if (!status.ok()) return status;
  return sim::Play(world, pacer,
                   pacer == DialPacer::kPredictive
                       ? sim::MakePredictive(world)
                       : sim::MakeBaseline(world, pacer),
                   report, progress);
}

absl::Status SimulateDialing(const DialWorld& world, const DialRule& rule,
                             DialReport* report, const Progress& progress) {
  const absl::Status status = sim::CheckWorld(world);
  if (!status.ok()) return status;
  if (!rule) return absl::InvalidArgumentError("rule: found nothing");
  return sim::Play(world, DialPacer::kOwnRule,
                   std::make_unique<sim::OwnRule>(rule), report, progress);
}

}  // namespace callrouter
