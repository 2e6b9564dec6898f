// The outbound side of an engine: ties lead list, pacers, number pool and
// return calls to its queues and agents. The engine tells it what happened
// (the first block below); it plans when the engine has settled, and asks of
// the engine only what any event may: decisions, timers, calls in queues.
//
// An attempt is in one stage:
//   kAskNumber, kAskLock   its lead is taken, another shard is asked
//   kDialling              kDial was given out
//   kAnswered              a person has answered: it has a call in the engine
//   kOver                  the call is over, its disposition is awaited
// Files: outbound_make.cc, outbound.cc (planning, dialing), outbound_events.cc
// (what the host says), outbound_ends.cc (how attempts end),
// outbound_control.cc, outbound_save.cc, outbound_check.cc.

#ifndef CALLROUTER_SRC_OUTBOUND_IMPL_H_
#define CALLROUTER_SRC_OUTBOUND_IMPL_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "archive.h"
#include "callrouter/lead_list.h"
#include "callrouter/number_pool.h"
#include "callrouter/outbound_setup.h"
#include "callrouter/pacer.h"
#include "callrouter/return_calls.h"
#include "engine_state.h"

namespace callrouter {

PacerOptions PacingOf(const PacingGroup& group);

class EngineImpl;
struct Event;
struct Decision;
enum class DecisionKind : uint8_t;
enum class Reason : uint16_t;

// How an attempt ended: which of its campaign's DispositionNames. In saved
// state: never renumber.
enum class Ending : uint8_t {
  kNoAnswer = 0,
  kBusy = 1,
  kFailed = 2,
  kMachine = 3,
  kDropped = 4,
  kHungUp = 5,
  kTalked = 6,
  kLost = 7,
  kNoNumber = 8,
};
inline constexpr std::size_t kEndings = 9;

// In saved state: never renumber.
enum class OutStage : uint8_t {
  kAskNumber = 0,
  kAskLock = 1,
  kDialling = 2,
  kAnswered = 3,
  kOver = 4,
};

struct OutAttempt {
  static constexpr uint16_t kUnsaid = 0xffff;

  uint32_t generation = 1;
  uint32_t next_free = kNone;
  uint64_t name = 0;
  uint64_t lead = 0;
  PhoneNumber number;
  PhoneNumber shown;
  LineId line;  // In the pacer; none: over there.
  TimerId timer;
  uint64_t agent = 0;     // The last to speak, by reference.
  int64_t within_us = 0;  // From the answer, until it is a drop.
  int64_t ring_us = 0;
  int64_t callback_at = 0;  // Civil, in microseconds.
  int64_t callback_until = 0;
  int32_t count = 0;  // Of the lead's attempts.
  uint32_t call = kNone;
  uint16_t campaign = 0;
  uint16_t said = kUnsaid;  // The disposition, by its index.
  OutStage stage = OutStage::kDialling;
  Ending ending = Ending::kHungUp;  // Should its call end now.
  bool live = false;
  bool callback = false;   // Agreed upon before this attempt.
  bool personal = false;   // The callback agreed upon now.
  bool pooled = false;     // `shown` is reserved in the pool.
  bool must_play = false;  // The law wants a message for who is dropped.
  bool bridged = false;
  bool dropped = false;
  bool overdue = false;  // Its time ran out while being connected.
  bool stalled = false;  // In its grace after a stall.
  bool synced = false;   // Named since SyncBegin.
};

struct OutCampaign {
  OutboundCampaign config;
  uint32_t group = 0;
  int32_t index = 0;  // In the pacer.
  std::array<uint16_t, kEndings> endings = {};
  CampaignId number_campaign;
  TrunkId trunk;
  bool resting = false;       // Without leads or numbers; until `retry`.
  bool awaits_leads = false;  // Or until there may be some.
  int64_t retry = 0;
};

struct OutGroup {
  std::string queue_name;
  uint32_t queue = 0;
  uint32_t first = 0;  // Of its campaigns.
  uint32_t count = 0;
  std::unique_ptr<Pacer> pacer;
  bool dirty = true;  // Something changed since it planned.
};

class OutboundImpl {
 public:
  explicit OutboundImpl(EngineImpl* engine) : e_(*engine) {}
  absl::Status Create(const OutboundSetup& setup);

  // --- What the engine tells ---
  void Tell();  // The time has come to `now`.
  void Rebase(absl::Duration delta);
  void SetWallClock(absl::Duration offset);
  void Fire(TimerKind kind, uint32_t subject, bool late);
  absl::Status OnEvent(const Event& event);
  void AgentChanged(uint32_t agent);
  void QueuesChanged();  // Another configuration.
  // Plans and dials. True when the engine has something to settle again.
  bool Settle();

  bool Answered(uint32_t call) const { return AttemptOf(call) != kNone; }
  void CallJoined(uint32_t call, uint32_t agent);  // Is being connected.
  void AgentLeft(uint32_t agent);                  // It failed, or is over.
  void CallWaits(uint32_t call);  // For an agent, at first or again.
  void CallConnected(uint32_t call, uint32_t agent);
  void CallEnding(uint32_t call, Ending ending);  // Before CallOver.
  void CallOver(uint32_t call);

  // A return call: the queue and agent it is for; kNotFound.
  absl::Status Resolve(const Event& event, uint32_t* queue, uint32_t* agent);
  void TellReturnCall(uint32_t call);  // Of the last Resolve.

  void SyncBegin();
  void SyncEnd();

  absl::Status CheckInvariants() const;
  // `setup`: limits, when reading.
  bool Transfer(Archive& a, const OutboundSetup* setup);
  TimerId* TimerOf(TimerKind kind, uint32_t subject);

 private:
  friend class Outbound;
  static constexpr int64_t kNever = TimerQueue::kNever;

  absl::Time Now() const;
  int64_t Internal(absl::Time host) const;
  uint32_t AttemptOf(uint32_t call) const {
    return call < attempt_of_call_.size() ? attempt_of_call_[call] : kNone;
  }
  Pacer& PacerOf(const OutAttempt& attempt) {
    return *groups_[campaigns_[attempt.campaign].group].pacer;
  }
  OutGroup& GroupOf(const OutAttempt& attempt) {
    return groups_[campaigns_[attempt.campaign].group];
  }

  // --- Making (outbound_make.cc) ---
  absl::Status MakeCampaigns(const OutboundSetup& setup);
  absl::Status MakeParts(const OutboundSetup& setup);
  absl::Status BindNames();
  bool TransferParts(Archive& a, const OutboundSetup* setup);
  bool Rebuild();
  absl::Status CheckAttempt(uint32_t slot) const;

  // --- Agents and plans (outbound.cc) ---
  uint32_t FirstGroup(uint32_t agent);
  uint32_t TalksFor(uint32_t agent) const;
  DialAgent StateOf(uint32_t agent, uint32_t group) const;
  void TellAgent(uint32_t agent);
  bool DropOverdue();
  void PlanGroup(uint32_t group);
  void Rest(uint32_t campaign, int64_t retry);
  void Wake(uint32_t campaign);
  void WakeAll();
  absl::Status SetRules(const DialRules& rules, absl::Time now);
  absl::Status SetNumberRules(const NumberRules& rules, absl::Time now);
  void LeadsChanged() { leads_changed_ = true; }
  void ArmParts();

  // --- Dialing (outbound.cc) ---
  bool Start(uint32_t campaign, int32_t* barren);
  bool FindNumber(uint32_t slot, int32_t* barren);
  ShownCall ShownOf(uint32_t slot) const;
  void GoOn(uint32_t slot);  // All that is asked for is there, or asks.
  void Ask(uint32_t slot, OutStage stage);
  void Dial(uint32_t slot);
  Decision& Emit(DecisionKind kind, Reason reason, uint32_t slot);
  void Arm(uint32_t slot, int64_t due);

  // --- Events (outbound_events.cc) ---
  absl::Status Find(const Event& event, uint32_t* slot) const;
  void TooLate(const Event& event);
  absl::Status OnProgress(const Event& event);
  absl::Status OnResult(const Event& event);
  absl::Status OnLateResult(const Event& event);
  absl::Status OnDisposition(const Event& event, uint32_t slot, uint16_t said);
  absl::Status OnGrant(const Event& event);
  absl::Status CheckCallback(const Event& event, uint16_t said) const;
  uint16_t FindDisposition(std::string_view name) const;
  LeadCallback CallbackOf(const Event& event) const;
  absl::Status Answer(const Event& event, uint32_t slot);

  // --- Ends (outbound_ends.cc) ---
  void Unanswered(uint32_t slot, LineEvent line, CallOutcome outcome,
                  uint16_t said);
  void Machine(uint32_t slot);
  void Drop(uint32_t slot);     // Nobody in time.
  void EndHold(uint32_t slot);  // It has waited on long enough.
  void EndLine(uint32_t slot, LineEvent event);
  void Outcome(uint32_t slot, CallOutcome outcome);
  void GiveBack(uint32_t slot, Reason reason);
  void Close(uint32_t slot, uint16_t said, Reason reason);
  void Forget(uint32_t slot);
  uint16_t EndingOf(uint32_t slot, Ending ending) const;

  EngineImpl& e_;
  bool numbers_elsewhere_ = false;
  bool locks_elsewhere_ = false;
  int64_t ask_us_ = 0;
  int64_t number_retry_us_ = 0;
  int32_t attempts_max_ = 0;
  std::vector<DialDisposition> dispositions_;
  std::vector<OutGroup> groups_;
  std::vector<OutCampaign> campaigns_;
  std::vector<ReturnSetup::Queue> return_queues_;
  uint64_t default_queue_ = 0;
  std::unique_ptr<LeadList> leads_;
  std::unique_ptr<NumberPool> numbers_;
  std::unique_ptr<ReturnCalls> returns_;

  Pool<OutAttempt> attempts_;
  uint64_t attempts_made_ = 0;
  absl::flat_hash_map<uint64_t, uint32_t> by_name_;
  std::vector<uint32_t> attempt_of_call_;
  // By agent: what its pacer was told.
  struct Told {
    uint32_t group = kNone;
    uint32_t joins = kNone;  // Being connected with whom this group dialled.
    DialAgent state = DialAgent::kAway;
    bool dirty = false;
  };
  std::vector<Told> told_;
  std::vector<uint32_t> changed_agents_;
  std::vector<uint32_t> overdue_;  // Attempts to be dropped.
  bool leads_changed_ = false;
  TimerId parts_timer_;
  int64_t parts_due_ = kNever;
  // What is reused so that nothing is allocated.
  std::vector<PacingOrder> orders_;
  ReturnAnswer answer_;
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_OUTBOUND_IMPL_H_
