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
  sim::ModelCallees callees(world);
  sim::DialPlay(world, &callees, policy.get()).Run(report);
  sim::AddUp(report);
  return absl::OkStatus();
}

}  // namespace callrouter
