// A host with many threads and one engine.
//
// An engine takes one thread at a time. So every thread of the PBX puts what it
// has heard into one inbox, and one thread owns the engine: it waits for the
// inbox or for the engine's deadline, whichever comes first, and hands
// decisions to whoever carries them out. No lock is held while the engine
// decides, and none while a decision is carried out.
//
// Here four trunk threads bring callers in, and a thread for the telephones
// reports a little later what a real one would.

#include <chrono>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "callrouter/engine.h"
#include "inbox.h"

namespace {

using callrouter::Decision;
using callrouter::DecisionKind;
using callrouter::Event;
using callrouter::EventKind;
using examples::Inbox;
using examples::Now;

// An event's texts are read while the engine handles it; until then the inbox
// has to own them.
struct Letter {
  Event event;
  std::string text;
};

callrouter::Configuration Centre(int agents) {
  callrouter::Configuration centre;
  callrouter::QueueConfig& queue = centre.queues.emplace_back();
  queue.name = "sales";
  for (int i = 1; i <= agents; ++i) {
    callrouter::AgentConfig& agent = centre.agents.emplace_back();
    agent.name = "agent " + std::to_string(i);
    agent.ref = static_cast<uint64_t>(i);
  }
  return centre;
}

// The one thread that touches the engine, until `calls` calls have ended.
void RunEngine(callrouter::Engine* engine, int calls, Inbox<Letter>* inbox,
               Inbox<Decision>* telephones) {
  callrouter::Decisions decisions;
  for (bool closed = false; calls > 0 && !closed;) {
    std::optional<Letter> letter =
        inbox->Take(engine->next_deadline(), &closed);
    decisions.clear();
    if (letter.has_value()) {
      letter->event.text = letter->text;
      const absl::Status status =
          engine->Handle(letter->event, Now(), &decisions);
      if (!status.ok()) std::cerr << status << "\n";
      if (letter->event.kind == EventKind::kCallEnded) --calls;
    } else {
      engine->Advance(Now(), &decisions);
    }
    for (const Decision& decision : decisions) telephones->Put(decision);
  }
}

// Carries out decisions: rings, connects, talks for a moment.
void RunTelephones(Inbox<Decision>* todo, Inbox<Letter>* inbox) {
  for (bool closed = false; !closed;) {
    const std::optional<Decision> d =
        todo->Take(absl::InfiniteFuture(), &closed);
    if (!d.has_value()) continue;
    const absl::Time soon = Now() + absl::Milliseconds(2);
    if (d->kind == DecisionKind::kOffer) {
      inbox->Put({Event::ForOffer(EventKind::kOfferAccepted, d->offer), ""},
                 soon);
    } else if (d->kind == DecisionKind::kConnect) {
      inbox->Put({Event::ForOffer(EventKind::kOfferConnected, d->offer), ""});
      Event released = Event::ForAgent(EventKind::kAgentReleased, d->agent);
      released.call = d->call;
      inbox->Put({released, ""}, soon);
      inbox->Put({Event::ForCall(EventKind::kCallEnded, d->call), ""}, soon);
    }
  }
}

}  // namespace

int main() {
  constexpr int kTrunks = 4, kCallsEach = 250, kAgents = 16;
  const absl::StatusOr<std::unique_ptr<callrouter::Engine>> created =
      callrouter::Engine::Create(callrouter::EngineOptions(), Centre(kAgents),
                                 Now());
  if (!created.ok()) {
    std::cerr << created.status() << "\n";
    return 1;
  }
  callrouter::Engine& engine = **created;
  const callrouter::QueueId sales = engine.FindQueue("sales");

  Inbox<Letter> inbox;
  Inbox<Decision> todo;
  for (uint64_t agent = 1; agent <= kAgents; ++agent) {
    inbox.Put({Event::ForAgentRef(EventKind::kAgentLogin, agent), ""});
  }
  std::thread engine_thread(RunEngine, &engine, kTrunks * kCallsEach, &inbox,
                            &todo);
  std::thread telephones(RunTelephones, &todo, &inbox);
  std::vector<std::thread> trunks;
  trunks.reserve(kTrunks);
  for (int t = 0; t < kTrunks; ++t) {
    trunks.emplace_back([t, sales, &inbox] {
      for (int i = 0; i < kCallsEach; ++i) {
        const uint64_t ref = static_cast<uint64_t>(t) * kCallsEach +
                             static_cast<uint64_t>(i) + 1;
        inbox.Put({Event::CallArrived(ref, sales), ""});
        std::this_thread::sleep_for(std::chrono::microseconds(500));
      }
    });
  }
  for (std::thread& trunk : trunks) trunk.join();

  engine_thread.join();
  todo.Close();
  telephones.join();

  callrouter::Statistics statistics;
  engine.CopyStatistics(&statistics);
  uint64_t offered = 0, answered = 0;
  for (const auto& queue : statistics.queues) {
    offered += queue.offered;
    answered += queue.answered;
  }
  std::cout << offered << " calls, " << answered << " answered, "
            << engine.Calls().size() << " left\n";
  return offered == kTrunks * kCallsEach && answered == offered ? 0 : 1;
}
