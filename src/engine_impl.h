// The engine behind callrouter/engine.h. One file per family of events:
// engine_subjects, _calls, _requirements, _offers, _agents, _profiles, _plan,
// _match, _personal, _sync, _config, _config_agents, _save, _check; outbound_*
// is what dials.

#ifndef CALLROUTER_SRC_ENGINE_IMPL_H_
#define CALLROUTER_SRC_ENGINE_IMPL_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "callrouter/engine.h"
#include "callrouter/outbound.h"
#include "callrouter/timer_queue.h"
#include "compiled.h"
#include "engine_refs.h"
#include "engine_search.h"
#include "engine_state.h"
#include "matcher.h"
#include "outbound_impl.h"

namespace callrouter {

// Times inside are microseconds since Create, without jumps: host - shift_.
class EngineImpl {
 public:
  EngineImpl(const EngineOptions& options, int64_t host_now);

  absl::Status Handle(const Event& event, absl::Time now, Decisions* out);
  void Advance(absl::Time now, Decisions* out);
  absl::Time next_deadline() const;

  absl::Status SetUp(const OutboundSetup& setup);
  // A change to the outbound side, served as an event is.
  template <class F>
  absl::Status Change(absl::Time now, Decisions* out, F change) {
    Begin(now, out);
    return End(change());
  }
  OutboundImpl* outbound() const { return outbound_.get(); }
  // engine_config.cc; what the engine gives up is left in `compiled`.
  absl::Status Configure(CompiledConfiguration* compiled);
  absl::Status Apply(CompiledConfiguration* compiled, absl::Time now,
                     Decisions* out);

  // engine_views.cc
  QueueId FindQueue(std::string_view name) const;
  std::string_view QueueName(QueueId queue) const;
  AgentId FindAgent(uint64_t ref) const;
  CallId FindCall(uint64_t ref) const;
  CallView View(CallId id) const;
  AgentView View(AgentId id) const;
  std::vector<CallId> Calls() const;
  std::vector<AgentId> Agents() const;
  const EngineOptions& options() const { return options_; }
  void CopyStatistics(Statistics* out) const;

  // engine_save.cc
  void Save(std::string* out) const;
  absl::Status Load(std::string_view saved, const OutboundSetup* setup);

  // engine_check.cc
  absl::Status CheckInvariants() const;
  void ReserveMemory();

 private:
  friend class InvariantCheck;
  friend class StateIo;
  friend class OutboundImpl;
  friend class Outbound;
  static constexpr int64_t kTimeMax = int64_t{1} << 60;

  // Time (engine.cc)
  void SetNow(absl::Time now), Begin(absl::Time now, Decisions* out), RunDue();
  absl::Status End(absl::Status status);
  absl::Time HostTime(int64_t internal) const, Utc() const;
  void Fire(const TimerQueue::Timer& timer),
      FireCall(TimerKind kind, uint32_t call, bool late),
      FireOffer(TimerKind kind, uint32_t offer, bool late),
      FireAgent(TimerKind kind, uint32_t agent);
  void EndExclusion(uint32_t node);
  // Conditions and reserves that this event may have changed; then dialing.
  void Settle(), SettleQueues();
  bool Late(int64_t due) const { return now_ - due > stall_us_; }
  absl::Status CheckGiven(const Event& event) const;
  absl::Status Rebase(const Event& event), Dispatch(const Event& event),
      DispatchCall(const Event& event), DispatchAgent(const Event& event),
      DispatchConnection(const Event& event),
      DispatchAttempt(const Event& event);
  TimerId Arm(int64_t due, TimerKind kind, uint32_t subject) {
    return timers_.Arm(due, static_cast<uint8_t>(kind), subject);
  }

  // --- Decisions ---
  Decision& Emit(DecisionKind kind, Reason reason);
  Decision& EmitCall(DecisionKind kind, Reason reason, uint32_t call);
  Decision& EmitOffer(DecisionKind kind, Reason reason, uint32_t offer);
  Decision& EmitAgent(DecisionKind kind, Reason reason, uint32_t agent);
  CallId IdOf(uint32_t call) const {
    return CallId(call, calls_[call].generation);
  }
  AgentId AgentIdOf(uint32_t agent) const {
    return AgentId(agent, agents_[agent].generation);
  }
  OfferId OfferIdOf(uint32_t offer) const {
    return OfferId(offer, offers_[offer].generation);
  }
  QueueId QueueIdOf(uint32_t queue) const { return QueueId(queue, 1); }

  // --- Finding subjects (engine.cc) ---
  enum class Found : uint8_t { kLive, kGone, kUnknown };
  Found FindCall(const Event& event, uint32_t* call) const;
  absl::Status NeedCall(const Event& event, uint32_t* call);
  absl::Status NeedAgent(const Event& event, uint32_t* agent) const;
  absl::Status NeedQueue(const Event& event, uint32_t* queue) const;
  static absl::Status UnknownCall(const Event& event),
      CheckText(std::string_view text, const char* field);
  uint32_t AgentOf(const Event& event) const;

  // --- Calls (engine_calls.cc) ---
  absl::Status OnCallArrived(const Event& event),
      OnCallEnded(const Event& event), OnCallAlive(const Event& event),
      OnCallPriority(const Event& event), OnCallRequirement(const Event& event),
      OnCallQueued(const Event& event), OnCallTransferred(const Event& event);
  absl::Status ParseOwn(std::string_view text,
                        std::optional<Requirement>* out) const;
  absl::Status InternOwn(std::string_view text,
                         const std::optional<Requirement>& parsed,
                         uint32_t* req);
  absl::Status InternRequirement(std::string_view text, uint32_t* req);
  void Touch(uint32_t call) {
    calls_[call].last_event = now_;
    EndAlive(call);
  }
  void EndAlive(uint32_t call);  // It is: nobody needs to say so.
  uint32_t NewCall(const Event& event, uint32_t queue);
  void EndCall(uint32_t call, Reason reason, bool lost),
      CountEndedBefore(uint32_t call);
  void Detach(uint32_t call, Reason reason);  // From wherever it is.
  void Finish(uint32_t call), Bury(uint64_t ref, uint32_t content), Audit();
  const Tombstone* FindTombstone(uint64_t ref) const;
  bool Admit(uint32_t call, uint32_t queue);
  bool EntryApplies(uint32_t call, const ActionRules& action, Reason reason);

  // --- Waiting and matching (engine_match.cc) ---
  enum class Announce : uint8_t { kQuietly, kQueued, kReturned };
  void JoinQueue(uint32_t call, uint32_t queue, int64_t at);
  void Wait(uint32_t call, Announce announce);
  void EnterWaiting(uint32_t call), LeaveWaiting(uint32_t call),
      EnterLanes(uint32_t call), LeaveLanes(uint32_t call),
      ArmCeiling(uint32_t call), EndCeiling(uint32_t call),
      EndSearch(uint32_t call), Rematch(uint32_t call), SetLanes(uint32_t call);
  uint32_t MadeRequirement(uint32_t queue, uint32_t fired);
  uint32_t LaneFor(uint32_t queue, uint32_t req, const Matcher::Ticket& t);
  bool TryPreferred(uint32_t call);
  void WaitForPreferred(uint32_t call), EndPersonal(uint32_t call);
  void ReleasePersonal(uint32_t agent);
  bool TryOffer(uint32_t call);
  uint32_t OffersMax(uint32_t queue) const;
  void RingMore(uint32_t call), Refill(uint32_t call);
  void MatchAgent(uint32_t agent, uint8_t medium), MatchAll();
  bool OfferPersonal(uint32_t agent, uint8_t medium);
  void MakeOffer(uint32_t call, uint32_t agent, uint32_t queue, Reason reason);
  void MatchReserve(uint32_t queue), MatchOpened();
  Reason WhyWaiting(uint32_t call) const;

  // --- Offers (engine_offers.cc) ---
  absl::Status OnOffer(const Event& event), OnStaleOffer(const Event& event);
  absl::Status FindOffer(const Event& event, uint32_t* offer) const;
  absl::Status OnResult(const Event& event);
  void Accept(uint32_t offer, bool host_joins), Connected(uint32_t offer);
  void ConnectFailed(uint32_t offer, Reason reason, bool charge);
  void Missed(uint32_t offer, Miss miss);
  void OfferOver(uint32_t offer);  // Nobody is charged.
  void CancelOffers(uint32_t call, Reason reason, uint32_t keep);
  void DropOffer(uint32_t offer), AfterOffer(uint32_t call);
  void Exclude(uint32_t call, uint32_t agent, int64_t us);
  void KeepExclusion(uint32_t node, uint32_t call),
      DropExclusion(uint32_t node), DropExclusions(uint32_t call),
      ForgetAgent(uint32_t agent);
  void EndService(uint32_t call);  // Agent leaves a connected call.

  // --- Agents (engine_agents.cc) ---
  absl::Status OnAgentAdded(const Event& event),
      OnAgentRemoved(const Event& event), OnAgentLogin(const Event& event),
      OnAgentLogout(const Event& event), OnAgentReady(const Event& event),
      OnAgentPaused(const Event& event), OnAgentReleased(const Event& event),
      OnAgentOutside(const Event& event, bool busy);
  absl::Status OnAgentSkill(const Event& event),
      OnAgentAttribute(const Event& event);
  absl::Status OnAgentMember(const Event& event, bool member);
  absl::Status OnAgentCapacity(const Event& event);
  uint32_t NewAgent(uint64_t ref, std::string_view name,
                    const Profile& profile);
  void RemoveAgent(uint32_t agent), LogOut(uint32_t agent, Reason reason);
  void CancelRinging(uint32_t agent, Reason reason),
      PauseByRule(uint32_t agent, uint32_t queue),
      PresenceChanged(uint32_t agent);
  uint8_t FreeMask(uint32_t agent) const;
  uint8_t Refresh(uint32_t agent);  // Returns the media newly free.
  void RefreshAndMatch(uint32_t agent);
  void Unlink(uint32_t agent, uint32_t call);
  void ChangeProfile(uint32_t agent, const Profile& profile, uint32_t skill);

  // --- Overflow plans (engine_plan.cc) ---
  int64_t StepDue(const Call& call) const;
  void ArmStep(uint32_t call), RunSteps(uint32_t call), Rejoin(uint32_t call),
      SkipPassed(uint32_t call), TakeFirstSteps(uint32_t call),
      TakeStep(uint32_t call, uint32_t step);
  void SendOut(uint32_t call, uint32_t destination, int64_t ring_us,
               Reason reason);
  void HangUp(uint32_t call, Cause cause, Reason reason,
              DecisionKind kind = DecisionKind::kHangUp);
  void OutsideOver(uint32_t call);
  bool Holds(uint32_t queue, const Condition& when);
  void CheckConditions(uint32_t queue);
  void SetPending(uint32_t call, uint32_t pending);
  void MarkDirty(uint32_t queue), MarkAllDirty(), ArmHours();
  bool CountMove(uint32_t call);

  // --- Sync (engine_sync.cc) ---
  absl::Status OnSyncCall(const Event& event), OnSyncAgent(const Event& event);
  absl::Status SyncUnknown(const Event& event, uint32_t agent);
  void SquareCall(uint32_t call, SyncPlace place, uint32_t agent);
  // Nobody is free for a call while it is not known who is still there.
  bool Held() const { return timers_.IsArmed(sync_timer_); }
  void Hold(), EndHold(), SyncEnd();
  void AdoptConnected(uint32_t call, uint32_t agent, uint32_t queue);

  // --- Configuration (engine_config.cc) ---
  absl::Status CheckLimits(const CompiledConfiguration& compiled) const;
  uint32_t QueueByName(std::string_view name) const;
  void BindQueues(const CompiledConfiguration& compiled);
  void BindQueue(Queue* queue, const CompiledConfiguration& compiled,
                 std::size_t index);
  std::vector<StepRules> BindPlan(const CompiledConfiguration& compiled,
                                  std::size_t plan);
  ActionRules BindAction(const EntryAction& action);
  void BindRules();
  void ApplyAgents(const CompiledConfiguration& compiled,
                   std::vector<Profile>* profiles);
  void SetAgent(uint32_t agent, const AgentConfig& config,
                const CompiledConfiguration& compiled);
  void RebuildMatcher(const std::vector<Profile>& profiles);
  void RemapSteps(uint32_t call, const std::vector<StepRules>& old_steps);
  void Reenter(const std::vector<OwnRequirement>& own,
               const std::vector<bool>& in_lanes);

  EngineOptions options_;
  int64_t connect_us_, audit_us_, audit_reply_us_, stall_us_, grace_us_,
      tombstone_us_;
  int64_t now_ = 0, due_ = 0;  // due_: as of when callers' ages count.
  int64_t shift_;
  int64_t wall_offset_ = 0;
  uint64_t sequence_ = 0, arrivals_ = 0;
  bool broken_ = false, syncing_ = false;
  Decisions* out_ = nullptr;

  Configuration configuration_;
  std::vector<std::string> media_;
  std::vector<uint8_t> media_excluded_;
  Symbols texts_;
  Matcher matcher_;
  TimerQueue timers_;
  std::vector<Queue> queues_;
  uint32_t queue_rules_bound_ = 0;  // Queues the matcher has rules of.
  absl::flat_hash_map<std::string, uint32_t> queue_ids_;
  std::vector<uint32_t> dirty_queues_;
  TimerId hours_timer_, audit_timer_, sync_timer_;
  absl::flat_hash_map<uint32_t, TimerId> alive_timers_, ceilings_;  // By call.
  uint32_t audit_cursor_ = 0;

  Pool<Call> calls_;
  Pool<Offer> offers_;
  Pool<Agent> agents_;
  RefIndex<Pool<Call>> call_refs_{&calls_};
  RefIndex<Pool<Agent>> agent_refs_{&agents_};
  absl::flat_hash_map<uint64_t, uint32_t> results_;  // Sequence to call.
  // Calls waiting for one agent: key {agent, -priority, origin}, id call.
  OrderedIndex personal_;
  std::vector<Exclusion> exclusions_;  // By the matcher's node.
  std::vector<Tombstone> tombstones_;  // A ring.
  uint64_t tombstones_made_ = 0;
  absl::flat_hash_map<uint64_t, uint64_t> tombstone_refs_;  // To its number.
  absl::flat_hash_map<uint32_t, CallSearch> call_searches_;
  absl::flat_hash_map<uint32_t, AgentSearch> agent_searches_;
  EngineStatistics stats_;
  Profile scratch_;
  std::unique_ptr<OutboundImpl> outbound_;  // None: dials nobody.
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_ENGINE_IMPL_H_
