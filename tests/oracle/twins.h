// An engine and its naive twin under the same events, compared decision by
// decision.

#ifndef CALLROUTER_TESTS_ORACLE_TWINS_H_
#define CALLROUTER_TESTS_ORACLE_TWINS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "callrouter/engine.h"
#include "callrouter/outbound.h"
#include "tests/oracle/naive_engine.h"

namespace callrouter::oracle {

class Twins {
 public:
  Twins(const EngineOptions& options, const Configuration& configuration,
        absl::Time now)
      : naive_(options, configuration, now) {
    auto engine = Engine::Create(options, configuration, now);
    if (engine.ok()) {
      engine_ = *std::move(engine);
    } else {
      difference_ = std::string(engine.status().message());
    }
  }

  // The same of engines that dial.
  Twins(const EngineOptions& options, const Configuration& configuration,
        const OutboundSetup& setup, absl::Time now)
      : naive_(options, configuration, now) {
    auto engine = Engine::Create(options, configuration, setup, now);
    if (engine.ok()) {
      engine_ = *std::move(engine);
    } else {
      difference_ = std::string(engine.status().message());
    }
    naive_.SetUp(setup);
  }

  // Whether they still agree.
  bool same() const { return difference_.empty(); }
  const std::string& difference() const { return difference_; }
  Engine& engine() { return *engine_; }
  // What the last step decided.
  const Decisions& decisions() const { return real_; }

  bool Advance(absl::Time now) {
    real_.clear();
    plain_.clear();
    engine_->Advance(now, &real_);
    naive_.Advance(now, &plain_);
    return Compare();
  }

  // A change no event tells: `real` to the engine's, `plain` to the twin's.
  template <class Real, class Plain>
  bool Change(absl::Time now, Real real, Plain plain) {
    real_.clear();
    plain_.clear();
    const absl::Status status = real(engine_->outbound(), now, &real_);
    const absl::StatusCode code = naive_.Change(now, &plain_, plain);
    if (status.code() == code) return Compare();
    difference_ = "change: engine " + status.ToString() + ", twin " +
                  absl::StatusCodeToString(code);
    return false;
  }

  bool Handle(const Event& event, absl::Time now) {
    real_.clear();
    plain_.clear();
    Event theirs = event;  // Offers have other numbers there.
    if (!event.offer.none()) {
      const auto it = offers_.find(event.offer.value());
      theirs.offer = it == offers_.end() ? OfferId(0xfffffff0u, 1) : it->second;
    }
    const absl::Status status = engine_->Handle(event, now, &real_);
    const absl::StatusCode code = naive_.Handle(theirs, now, &plain_);
    if (status.code() != code) {
      difference_ = "status: engine " + status.ToString() + ", twin " +
                    absl::StatusCodeToString(code);
      return false;
    }
    return Compare();
  }

 private:
  static std::string Print(const Decision& d) {
    return std::string(DecisionKindName(d.kind)) + " " +
           std::string(ReasonName(d.reason)) + " call " +
           std::to_string(d.call_ref) + " agent " +
           std::to_string(d.agent_ref) + " queue " +
           std::to_string(d.queue.slot()) + " value " +
           std::to_string(d.value) + " attempt " + std::to_string(d.attempt) +
           " lead " + std::to_string(d.lead) + " shown " + d.shown.ToString() +
           " until " + absl::FormatTime(d.deadline, absl::UTCTimeZone()) + "\n";
  }

  bool SameOffer(OfferId real, OfferId plain, bool made) {
    if (real.none() || plain.none()) return real.none() == plain.none();
    if (made) offers_[real.value()] = plain;
    const auto it = offers_.find(real.value());
    return it != offers_.end() && it->second == plain;
  }

  bool Compare() {
    bool same = real_.size() == plain_.size();
    for (std::size_t i = 0; same && i < real_.size(); ++i) {
      const Decision& a = real_[i];
      const Decision& b = plain_[i];
      same = a.kind == b.kind && a.cause == b.cause && a.reason == b.reason &&
             a.value == b.value && a.sequence == b.sequence &&
             a.call_ref == b.call_ref && a.agent_ref == b.agent_ref &&
             a.queue == b.queue && a.deadline == b.deadline &&
             a.destination == b.destination && a.attempt == b.attempt &&
             a.lead == b.lead && a.number == b.number && a.shown == b.shown &&
             a.campaign == b.campaign && a.price_ppm == b.price_ppm &&
             SameOffer(a.offer, b.offer,
                       a.kind == DecisionKind::kOffer ||
                           a.reason == Reason::kDialled);
    }
    if (!same) {
      difference_ = "engine:\n";
      for (const Decision& d : real_) difference_ += Print(d);
      difference_ += "twin:\n";
      for (const Decision& d : plain_) difference_ += Print(d);
    }
    return same;
  }

  std::unique_ptr<Engine> engine_;
  NaiveEngine naive_;
  Decisions real_;
  Decisions plain_;
  std::map<uint64_t, OfferId> offers_;
  std::string difference_;
};

}  // namespace callrouter::oracle

#endif  // CALLROUTER_TESTS_ORACLE_TWINS_H_
