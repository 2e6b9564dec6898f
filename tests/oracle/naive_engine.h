// A twin of the engine that is slow and plain: the rules of the public headers
// over strings, maps and vectors, every choice a scan over everybody. It has no
// groups, lanes, indexes, heaps or interned names, and it never cuts a search.
//
// What the headers leave open (which of two things due at once goes first) it
// does in the engine's order, so that decisions can be compared one by one.
// Calls and agents are named by the host's references; offers by numbers of
// its own.

#ifndef CALLROUTER_TESTS_ORACLE_NAIVE_ENGINE_H_
#define CALLROUTER_TESTS_ORACLE_NAIVE_ENGINE_H_

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "callrouter/engine.h"
#include "callrouter/random.h"
#include "tests/oracle/naive_dialing.h"
#include "tests/oracle/naive_state.h"

namespace callrouter::oracle {

class NaiveEngine {
 public:
  // `configuration` has no faults; audits are not modelled: give the engine an
  // `audit_after` longer than the run.
  NaiveEngine(const EngineOptions& options, const Configuration& configuration,
              absl::Time now);

  absl::StatusCode Handle(const Event& event, absl::Time now, Decisions* out);
  void Advance(absl::Time now, Decisions* out);
  absl::Time next_deadline() const;

  // From here on it dials, too.
  void SetUp(const OutboundSetup& setup) {
    dialing_ = std::make_unique<NaiveDialing>(this, setup);
  }
  // Of the lead list and so on, as of `now`.
  template <class F>
  absl::StatusCode Change(absl::Time now, Decisions* out, F change) {
    Advance(now, out);
    const absl::Status status = change(*dialing_, HostTime(now_));
    if (status.ok()) Settle();
    return status.code();
  }

 private:
  friend class NaiveDialing;
  using Code = absl::StatusCode;
  enum class Found { kLive, kGone, kUnknown };

  // --- Time ---
  void SetNow(absl::Time now);
  absl::Time HostTime(int64_t us) const;
  absl::Time Utc() const;
  uint64_t Arm(int64_t due, Alarm alarm, uint32_t subject);
  bool Armed(uint64_t timer) const;
  void Cancel(uint64_t* timer);
  bool Late(int64_t due) const;
  void RunDue();
  void Fire(const NaiveTimer& timer);
  void EndSpare(const NaiveTimer& timer);
  void OfferTimer(const NaiveTimer& timer);
  Code Missing(const Event& event) const;
  Code Dispatch(const Event& event);
  void Settle();
  void SettleQueues();

  // --- Subjects and decisions ---
  Found FindCall(const Event& event, uint32_t* call) const;
  uint32_t FindAgent(const Event& event) const;
  Code NeedAgent(const Event& event, uint32_t* agent) const;
  Code NeedQueue(const Event& event, uint32_t* queue) const;
  uint32_t QueueNamed(const std::string& name) const;
  Decision& Emit(DecisionKind kind, Reason reason);
  Decision& EmitCall(DecisionKind kind, Reason reason, uint32_t call);
  void Name(uint32_t agent, Decision* decision) const;

  // --- Calls (naive_calls.cc) ---
  Code OnCall(const Event& event);
  Code OnArrived(const Event& event);
  Code OnEnded(const Event& event);
  Code OnPriority(const Event& event, uint32_t call);
  Code OnRequirement(const Event& event, uint32_t call);
  Code OnTransferred(const Event& event);
  uint32_t NewCall(const Event& event, uint32_t queue);
  void EndCall(uint32_t call, Reason reason, bool lost);
  void Detach(uint32_t call, Reason reason);
  void Finish(uint32_t call,
              NaiveDialing::How how = NaiveDialing::How::kHungUp);
  void Bury(uint64_t ref, bool began, const NaiveCall* call);
  const NaiveGrave* FindGrave(uint64_t ref) const;
  bool Admit(uint32_t call, uint32_t queue);
  Code OnSync(const Event& event);
  void Hold();
  void EndHold();
  Code OnSyncCall(const Event& event);
  Code OnSyncAgent(const Event& event);
  void Square(uint32_t call, SyncPlace place, uint32_t agent);
  void Adopt(uint32_t call, uint32_t agent, uint32_t queue);

  // --- Who may have whom, who first (naive_match.cc) ---
  bool Meets(const NaiveAgent& agent, const std::string& requirement) const;
  bool May(const NaiveCall& call, uint32_t queue, uint32_t agent) const;
  bool Fits(const NaiveAgent& agent, uint32_t queue,
            const std::string& requirement) const;
  std::string Made(const NaiveCall& call, std::size_t place) const;
  std::vector<uint32_t> QueuesOf(const NaiveCall& call) const;
  bool Spared(const NaiveCall& call, uint32_t agent) const;
  int32_t IdleOf(const std::string& requirement, uint8_t medium) const;
  bool Reserved(uint32_t queue, uint32_t agent) const;
  bool IsReserve(const NaiveAgent& agent, uint32_t queue) const;
  bool Free(uint32_t agent, uint8_t medium) const;
  int64_t Waiting(uint32_t queue) const;
  bool Anybody(uint32_t queue, const std::string& requirement,
               bool staffed) const;
  struct Pick {
    uint32_t agent = kNobody;
    uint32_t queue = 0;
    std::size_t place = 0;
    int64_t penalty = 0;
  };
  Pick PickAgent(uint32_t call);
  uint32_t PickFrom(const NaiveCall& call, std::size_t place,
                    const std::vector<uint32_t>& agents);
  uint32_t Draw(const NaiveCall& call, uint32_t queue,
                const std::vector<uint32_t>& agents);
  int64_t Penalty(uint32_t agent, uint32_t queue) const;
  int64_t Position(uint32_t agent, uint32_t queue) const;
  std::array<int64_t, 3> OrderOf(uint32_t agent, const NaiveCall& call,
                                 std::size_t place) const;
  NaiveRank RankOf(const NaiveCall& call, uint32_t queue, uint32_t agent) const;
  int64_t CapTime(const NaiveCall& call, uint32_t queue) const;
  void Wait(uint32_t call, bool announce, bool returned = false);
  void EnterWaiting(uint32_t call);
  void LeaveWaiting(uint32_t call);
  void Stand(uint32_t call);
  void Unstand(uint32_t call);
  void Rematch(uint32_t call);
  Reason WhyWaiting(const NaiveCall& call) const;
  bool TryPreferred(uint32_t call);
  void ReleasePersonal(uint32_t agent);
  bool OfferPersonal(uint32_t agent, uint8_t medium);
  bool TryOffer(uint32_t call);
  void RingMore(uint32_t call);
  void Refill(uint32_t call);
  int64_t OffersMax(uint32_t queue) const;
  uint32_t PickCall(uint32_t agent, uint8_t medium, uint32_t* queue) const;
  void MatchAgent(uint32_t agent, uint8_t medium);
  void MatchAll();
  void MatchReserve(uint32_t queue);
  void NoteOpened(uint32_t agent, uint8_t medium);
  void MatchOpened();
  void MakeOffer(uint32_t call, uint32_t agent, uint32_t queue, Reason reason);

  // --- Offers (naive_offers.cc) ---
  void TooLate(const Event& event);
  Code OnOffer(const Event& event);
  Code OnResult(const Event& event);
  void Accept(uint32_t offer, bool host_joins);
  void Connected(uint32_t offer);
  void EndService(uint32_t call);
  void DropOffer(uint32_t offer);
  void AfterOffer(uint32_t call);
  void Missed(uint32_t offer, int64_t cool_off_us);
  void OfferOver(uint32_t offer);
  void ConnectFailed(uint32_t offer, Reason reason, bool charge);
  void CancelOffers(uint32_t call, Reason reason, uint32_t keep);
  void Spare(uint32_t call, uint32_t agent, int64_t us);

  // --- Agents (naive_agents.cc) ---
  Code OnAgent(const Event& event);
  Code OnAgentState(const Event& event, uint32_t agent);
  Code OnAgentAdded(const Event& event);
  Code OnReleased(const Event& event, uint32_t agent);
  Code OnProfile(const Event& event);
  uint8_t FreeMask(const NaiveAgent& agent) const;
  uint8_t Refresh(uint32_t agent);
  void RefreshAndMatch(uint32_t agent);
  void Login(uint32_t agent, bool paused);
  void LogOut(uint32_t agent, Reason reason);
  void Ready(uint32_t agent);
  void Pause(uint32_t agent);
  void CancelRinging(uint32_t agent, Reason reason);
  void PauseByRule(uint32_t agent, uint32_t queue);
  void PresenceChanged(uint32_t agent, bool was_staffed);

  // --- Plans (naive_plan.cc) ---
  const std::vector<Step>& StepsOf(uint32_t queue) const;
  std::vector<int64_t> StepTimes(uint32_t queue) const;
  uint32_t StepAt(const NaiveCall& call) const;
  int64_t StepDue(const NaiveCall& call) const;
  void ArmStep(uint32_t call);
  void RunSteps(uint32_t call);
  void TakeFirstSteps(uint32_t slot);
  void TakeStep(uint32_t call, uint32_t step);
  void Leave(uint32_t call, const Step& step);
  bool CountMove(uint32_t call);
  void SendOut(uint32_t call, const SendOutside& outside, bool forever,
               Reason reason);
  void HangUp(uint32_t call, Cause cause, Reason reason,
              DecisionKind kind = DecisionKind::kHangUp);
  void OutsideOver(uint32_t call);
  bool Holds(uint32_t queue, const Condition& when) const;
  bool AnyPending(uint32_t queue) const;
  void MarkDirty(uint32_t queue);
  void MarkAllDirty();
  void CheckConditions(uint32_t queue);
  void ArmHours();
  void JoinQueue(uint32_t call, uint32_t queue, int64_t at);

  EngineOptions options_;
  Configuration config_;
  std::vector<std::string> media_;
  std::vector<const OpeningHours*> hours_;  // By queue.
  std::vector<OpeningHours> all_hours_;
  std::vector<const Plan*> plans_;  // By queue.
  std::vector<uint8_t> medium_;     // By queue.
  std::vector<NaiveQueue> queues_;
  std::vector<NaiveCall> calls_;
  std::vector<uint32_t> free_calls_;
  std::vector<NaiveAgent> agents_;
  std::vector<uint32_t> free_agents_;
  std::vector<NaiveOffer> offers_;
  std::vector<NaiveTimer> timers_;
  std::vector<NaiveGrave> graves_;
  std::map<uint64_t, uint32_t> results_;
  std::vector<uint32_t> dirty_;
  std::vector<uint32_t> opened_;  // Queues that may take kept agents again.
  Random random_;
  int64_t now_ = 0;
  int64_t due_ = 0;  // As of when callers' ages count.
  int64_t shift_ = 0;
  int64_t wall_ = 0;
  uint64_t sequence_ = 0;
  uint64_t timers_made_ = 0;
  uint64_t agents_made_ = 0;
  uint64_t version_ = 1;  // Of who is free and what they can do.
  mutable std::map<std::pair<std::string, uint8_t>,
                   std::pair<uint64_t, int32_t>>
      idle_of_;
  uint64_t arrivals_ = 0;
  uint64_t hours_timer_ = 0;
  uint64_t hold_timer_ = 0;
  bool syncing_ = false;
  std::unique_ptr<NaiveDialing> dialing_;
  Decisions* out_ = nullptr;
};

// Whether an agent with these skills, attributes and penalties by queue name
// meets `requirement`, read afresh from its text.
bool NaiveHolds(std::string_view requirement,
                const std::map<std::string, int32_t>& skills,
                const std::map<std::string, std::string>& attributes,
                const std::map<std::string, int32_t>& penalties);

// Skills `requirement` names.
std::vector<std::string> NaiveSkills(std::string_view requirement);

}  // namespace callrouter::oracle

#endif  // CALLROUTER_TESTS_ORACLE_NAIVE_ENGINE_H_
