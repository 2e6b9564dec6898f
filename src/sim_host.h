// The simulated host: owns the clock, sends events, carries out decisions.

#ifndef CALLROUTER_SRC_SIM_HOST_H_
#define CALLROUTER_SRC_SIM_HOST_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "callrouter/decision.h"
#include "callrouter/engine.h"
#include "callrouter/event.h"
#include "callrouter/simulator.h"
#include "sim_books.h"
#include "sim_heap.h"
#include "sim_random.h"

namespace callrouter {
namespace v1 {
class Report;
}  // namespace v1

namespace sim {

class Trace;

class Host {
 public:
  // `scenario` must be without faults and outlive the host.
  Host(const Scenario& scenario, const SimulateOptions& options);
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  absl::Status Run(v1::Report* report);

 private:
  enum class State : uint8_t { kFree, kWaiting, kTalking, kOver };

  struct Call {
    State state = State::kFree;
    uint32_t generation = 0;
    uint32_t number = 0;  // 1, 2, 3 ... in order of arrival, for the trace.
    int32_t kind = 0;
    int32_t home = 0;
    int32_t agent = -1;
    int64_t arrived_us = 0;
    int64_t handle_us = 0;
    int64_t connected_us = 0;
    uint64_t outside = 0;  // Sequence of the decision to ring there; or 0.
  };
  struct Offer {
    OfferId id;  // None: over.
    uint32_t call = 0;
    int32_t agent = 0;
    bool accepted = false;
  };
  struct Agent {
    AgentId id;
    int32_t shifts = 0;   // Running now.
    int32_t engaged = 0;  // Ringing offers and calls.
    bool wrap_up = false;
    bool there = false;
    int64_t there_since_us = 0;
    int64_t busy_since_us = 0;
    uint32_t pauses = 0;
    uint32_t manner = 0;  // Index into manners_.
  };
  // A way to react, with its laws and substreams.
  struct Manner {
    Manner(const Behaviour& behaviour, uint64_t seed, uint32_t index);

    double no_answer_probability;
    Draw answer_after, return_after;
    Stream answer_stream, no_answer_stream, return_stream;
  };
  // One kind of caller, with its laws and substreams.
  struct Kind {
    Kind(const Arrivals& arrivals, uint64_t seed, uint32_t index);

    const Arrivals* source;
    int32_t queue = 0;
    Draw patience, handle_time, later;
    Stream arrival, patience_stream, handle_stream, later_stream;
    // Where the next arrival is: this many expected calls into a half hour.
    double clock_calls = 0;
    std::size_t half_hour = 0;
  };
  struct OutsideParty {
    const Outside* source;
    Draw answer_after;
    Stream stream;
  };

  absl::Status Start();
  void Schedule();
  void ScheduleShifts();
  void MakeManners();
  void ScheduleNext(uint32_t kind);
  int64_t NextArrival(Kind* kind);
  void Loop();
  void Do(const Todo& todo);
  void Send(const Event& event);
  void CarryOut();
  void CarryOutOne(const Decision& decision);
  void Finish(v1::Report* report);

  // A policy of the caller's (sim_policy.cc).
  static void LetPolicyName(Configuration* configuration);
  void FindServing();
  void AskPolicy(const Call& call, Event* event);

  // Events of the world.
  void Arrive(uint32_t kind);
  void GiveUp(Call* call);
  void TalkOver(Call* call);
  void Answer(const Todo& todo);
  void OutsideAnswers(Call* call);
  void ChangeRequirement(Call* call);
  void LogIn(uint32_t agent);
  void LogOut(uint32_t agent);
  void ComeBack(const Todo& todo);

  // Decisions.
  void Ring(const Decision& decision);
  void EndOffer(OfferId id);
  void Connect(const Decision& decision);
  void RingOutside(const Decision& decision);
  void AgentPaused(int agent);
  void AgentReady(int agent);

  Call* CallOfRef(uint64_t ref);
  Call* CallOf(const Todo& todo);
  uint64_t RefOf(const Call& call) const;
  int AgentIndex(AgentId id) const;
  void Leave(Call* call, Outcome outcome);
  void Tell(const Call& call, Outcome outcome, AgentId agent, QueueId queue);
  void Free(Call* call);
  void Engage(int agent, int by);
  void NoteAgent(int agent, bool was_busy);
  static bool Busy(const Agent& agent) {
    return agent.engaged > 0 || agent.wrap_up;
  }
  absl::Time Now() const { return absl::FromUnixMicros(now_us_); }
  double Factor(const Call& call, int agent) const;

  const Scenario& scenario_;
  SimulateOptions options_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Trace> trace_;
  Books books_;
  Heap heap_;
  Decisions decisions_;
  int64_t now_us_ = 0;
  int64_t horizon_us_ = 0;
  bool stopped_ = false;
  bool wraps_up_ = false;  // Whether anybody ever does after-call work.
  uint32_t calls_so_far_ = 0;
  uint64_t events_ = 0;
  uint64_t decisions_seen_ = 0;

  // By queue; for a policy.
  std::vector<std::vector<AgentId>> serving_;
  std::vector<QueueId> queue_ids_;
  std::vector<int32_t> queue_of_slot_;
  std::vector<int32_t> agent_of_slot_;
  std::vector<Kind> kinds_;
  std::vector<OutsideParty> outside_;
  std::vector<double> factors_;  // home queue x agent; empty: all 1.
  std::vector<Agent> agents_;
  std::vector<Call> calls_;
  std::vector<uint32_t> free_calls_;
  std::vector<Offer> offers_;         // By OfferId::slot().
  std::vector<Manner> manners_;       // The first: of those nobody describes.
  std::vector<std::string> refused_;  // Events the engine refused, in words.
  uint64_t refused_more_ = 0;
};

}  // namespace sim
}  // namespace callrouter

#endif  // CALLROUTER_SRC_SIM_HOST_H_
