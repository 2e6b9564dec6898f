// The smallest whole host: a loop with one clock, one timer and one PBX.
//
// The PBX is made of paper: it answers each decision with what a real one
// would report a little later. Replace `PaperPbx` with yours and the jump of
// `now` with waiting, and this is production.

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "callrouter/engine.h"

namespace {

using callrouter::Decision;
using callrouter::DecisionKind;
using callrouter::Event;
using callrouter::EventKind;

callrouter::Configuration Centre() {
  callrouter::Configuration centre;
  callrouter::QueueConfig& sales = centre.queues.emplace_back();
  sales.name = "sales";
  sales.requirement = "sales >= 3";
  sales.ring = absl::Seconds(10);
  sales.wrap_up = absl::Seconds(5);
  for (const uint64_t ref : {uint64_t{7}, uint64_t{8}}) {
    callrouter::AgentConfig& agent = centre.agents.emplace_back();
    agent.name = ref == 7 ? "ann" : "bob";
    agent.ref = ref;
    agent.skills = {{"sales", 5}};
  }
  return centre;
}

// What will be reported, and when. Ann does not hear her telephone; Bob does.
class PaperPbx {
 public:
  void Report(absl::Time at, const Event& event) {
    reports_.emplace(at, event);
  }
  absl::Time next() const {
    return reports_.empty() ? absl::InfiniteFuture() : reports_.begin()->first;
  }
  Event Take() {
    const Event event = reports_.begin()->second;
    reports_.erase(reports_.begin());
    return event;
  }

  void CarryOut(const Decision& d, absl::Time now) {
    std::cout << now - absl::UnixEpoch() << "\t"
              << callrouter::DecisionKindName(d.kind) << " call " << d.call_ref
              << " agent " << d.agent_ref << " "
              << callrouter::ReasonName(d.reason) << "\n";
    if (d.kind == DecisionKind::kOffer && d.agent_ref == 8) {
      Report(now + absl::Seconds(2),
             Event::ForOffer(EventKind::kOfferAccepted, d.offer));
    }
    if (d.kind == DecisionKind::kConnect) {
      Report(now, Event::ForOffer(EventKind::kOfferConnected, d.offer));
      Report(now + absl::Seconds(30),
             Event::ForCall(EventKind::kCallEnded, d.call));
      Report(now + absl::Seconds(30),
             Event::ForAgent(EventKind::kAgentReleased, d.agent));
    }
  }

 private:
  std::multimap<absl::Time, Event> reports_;
};

}  // namespace

int main() {
  absl::Time now = absl::UnixEpoch();
  const absl::StatusOr<std::unique_ptr<callrouter::Engine>> created =
      callrouter::Engine::Create(callrouter::EngineOptions(), Centre(), now);
  if (!created.ok()) {
    std::cerr << created.status() << "\n";
    return 1;
  }
  callrouter::Engine& engine = **created;

  PaperPbx pbx;
  pbx.Report(now, Event::ForAgentRef(EventKind::kAgentLogin, 7));
  pbx.Report(now, Event::ForAgentRef(EventKind::kAgentLogin, 8));
  pbx.Report(now + absl::Seconds(1),
             Event::CallArrived(42, engine.FindQueue("sales")));

  callrouter::Decisions decisions;  // One, kept: it keeps its memory.
  const absl::Time end = now + absl::Minutes(2);
  for (;;) {
    // A real host waits here for its PBX or for the engine's deadline.
    now = std::min(pbx.next(), engine.next_deadline());
    if (now > end) return 0;
    decisions.clear();
    if (now == pbx.next()) {
      const absl::Status status = engine.Handle(pbx.Take(), now, &decisions);
      if (!status.ok()) std::cout << status << "\n";
    } else {
      engine.Advance(now, &decisions);
    }
    for (const Decision& decision : decisions) pbx.CarryOut(decision, now);
  }
}
