// A host in steady state over any router: the engine, the floor, the scan.
//
//   World<EngineRouter> world(workload, std::move(router));
//   world.Fill();                   // agents at work, N/2 calls waiting
//   for (...) world.Pair();         // two whole calls: one waits, one does not

#ifndef CALLROUTER_BENCHMARKS_WORLD_H_
#define CALLROUTER_BENCHMARKS_WORLD_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "callrouter/decision.h"
#include "callrouter/event.h"
#include "callrouter/histogram.h"
#include "callrouter/random.h"
#include "measure.h"
#include "workload.h"

namespace callrouter::bench {

template <typename Router>
class World {
 public:
  World(const Workload& workload, Router router, absl::Time start)
      : workload_(workload),
        router_(std::move(router)),
        now_(start),
        position_(workload.agents(), 0) {
    decisions_.reserve(1024);
    latency_.Reserve();
  }

  // Even agents all at a call; half the odd ones at a call, the others free.
  void LogIn() {
    const std::size_t agents = workload_.agents();
    for (std::size_t a = 0; a < agents; ++a) {
      Event login = Event::ForAgent(
          EventKind::kAgentLogin, router_.FindAgent(static_cast<uint32_t>(a)));
      Send(login);
      if (a % 4 == 3) continue;
      const std::size_t side = a % 2;
      active_[side].push_back({});
      Arrive(workload_.Draw(a, a), {});
      Serve(side, active_[side].size() - 1);
    }
  }

  void Enqueue(std::size_t calls) {
    for (std::size_t i = 0; i < calls; ++i) {
      const std::size_t agent = active_[0][Below(active_[0].size())].agent;
      Arrive(workload_.Draw(agent, i), {});
      if (offers_ != 0) ++faults_;
    }
  }

  // One call that waits and is served by an agent who becomes free, and one
  // that finds a free agent.
  void Pair() {
    CallThatWaits();
    CallThatFindsSomebody();
    if (workload_.distinct() && pairs_ % 5 == 0) ChangeSkill();
    ++pairs_;
  }

  // Further pairs with every event timed by itself.
  void TimedPairs(int64_t pairs) {
    timed_ = true;
    for (int64_t i = 0; i < pairs; ++i) Pair();
    timed_ = false;
  }

  Router& router() { return router_; }
  absl::Time now() const { return now_; }
  Decisions* decisions() { return &decisions_; }
  // Events refused and calls that went another way than meant: must be 0.
  uint64_t faults() const { return faults_; }
  // Of all offers so far, in order: equal if the same agents got the same
  // calls.
  uint64_t hash() const { return hash_; }
  const Histogram& latency_ns() const { return latency_; }

 private:
  struct Active {
    uint32_t agent = 0;
    AgentId id;
    CallId call;
  };

  std::size_t Below(std::size_t n) {
    return static_cast<std::size_t>((uint64_t{random_.Next()} * n) >> 32);
  }

  const Unique* NextUnique(std::size_t side) {
    if (!workload_.distinct() || pairs_ % 10 != 9) return nullptr;
    const std::vector<Unique>& uniques = workload_.uniques(side);
    return &uniques[next_unique_++ / 2 % uniques.size()];
  }

  void CallThatWaits() {
    const Unique* const unique = NextUnique(0);
    const std::size_t at =
        unique != nullptr ? position_[unique->agent] : Below(active_[0].size());
    Arrive(workload_.Draw(active_[0][at].agent, pairs_),
           unique != nullptr ? unique->text : std::string_view());
    if (offers_ != 0) ++faults_;
    Finish(0, at);
    Serve(0, at);
  }

  void CallThatFindsSomebody() {
    const Unique* const unique = NextUnique(1);
    std::size_t at = Below(active_[1].size());
    std::size_t agent = active_[1][at].agent;
    if (unique != nullptr) {
      agent = unique->agent;  // If not free now, the one who finishes.
      const std::size_t hers = position_[agent];
      if (hers < active_[1].size() && active_[1][hers].agent == agent) {
        at = hers;
      }
    }
    Finish(1, at);
    if (offers_ != 0) ++faults_;
    Arrive(workload_.Draw(agent, pairs_),
           unique != nullptr ? unique->text : std::string_view());
    Serve(1, at);
  }

  void ChangeSkill() {
    const std::vector<SkillChange>& changes = workload_.changes();
    const SkillChange& change = changes[next_change_++ % changes.size()];
    Event event = Event::ForAgent(EventKind::kAgentSkill,
                                  router_.FindAgent(change.agent));
    event.text = change.skill;
    event.value = change.level;
    Send(event);
  }

  void Arrive(uint32_t queue, std::string_view text) {
    Event event = Event::CallArrived(++last_ref_, router_.queue(queue));
    event.text = text;
    Send(event);
  }

  void Finish(std::size_t side, std::size_t at) {
    const Active active = active_[side][at];
    Send(Event::ForCall(EventKind::kCallEnded, active.call));
    Send(Event::ForAgent(EventKind::kAgentReady, active.id));
  }

  // The agent just offered answers.
  void Serve(std::size_t side, std::size_t at) {
    if (offers_ != 1) {
      ++faults_;
      return;
    }
    const Decision offer = offer_;
    hash_ = (hash_ ^ (offer.agent_ref * 1'000'003 + offer.call_ref)) *
            0x9e3779b97f4a7c15u;
    Send(Event::ForOffer(EventKind::kOfferAccepted, offer.offer));
    Send(Event::ForOffer(EventKind::kOfferConnected, offer.offer));
    const auto agent = static_cast<uint32_t>(offer.agent_ref - 1);
    active_[side][at] = {agent, offer.agent, offer.call};
    position_[agent] = static_cast<uint32_t>(at);
  }

  void Send(const Event& event) {
    now_ += absl::Microseconds(100);
    decisions_.clear();
    if (timed_) {
      const double start = ThreadNanoseconds();
      faults_ += router_.Handle(event, now_, &decisions_) ? 0 : 1;
      latency_.Add(static_cast<int64_t>(ThreadNanoseconds() - start));
    } else {
      faults_ += router_.Handle(event, now_, &decisions_) ? 0 : 1;
    }
    offers_ = 0;
    for (const Decision& decision : decisions_) {
      if (decision.kind != DecisionKind::kOffer) continue;
      ++offers_;
      offer_ = decision;
    }
  }

  const Workload& workload_;
  Router router_;
  absl::Time now_;
  Decisions decisions_;
  Decision offer_;
  int offers_ = 0;  // In the last batch.
  std::vector<Active> active_[2];
  std::vector<uint32_t> position_;  // Of an agent in active_, if at a call.
  Random random_{7};
  uint64_t last_ref_ = 0;
  std::size_t pairs_ = 0;
  std::size_t next_unique_ = 0;
  std::size_t next_change_ = 0;
  uint64_t faults_ = 0;
  uint64_t hash_ = 0;
  bool timed_ = false;
  Histogram latency_;
};

}  // namespace callrouter::bench

#endif  // CALLROUTER_BENCHMARKS_WORLD_H_
