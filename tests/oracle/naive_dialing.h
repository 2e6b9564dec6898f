// The outbound side of the naive twin: the same lead list, pacers, pool and
// return calls (each has a twin of its own), tied to the naive engine by plain
// code. Nothing is marked as changed: every agent is looked at every time.

#ifndef CALLROUTER_TESTS_ORACLE_NAIVE_DIALING_H_
#define CALLROUTER_TESTS_ORACLE_NAIVE_DIALING_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "callrouter/event.h"
#include "callrouter/outbound.h"

namespace callrouter::oracle {

class NaiveEngine;

class NaiveDialing {
 public:
  NaiveDialing(NaiveEngine* engine, const OutboundSetup& setup);

  void Tell();
  void Rebased(absl::Duration delta) { rebased_ = delta; }
  void SetWallClock(absl::Duration offset);
  void PartsDue();
  void AttemptDue(uint32_t attempt, bool late);
  absl::StatusCode Handle(const Event& event);
  bool Settle();

  void Joined(uint64_t attempt, uint32_t agent);
  void Left(uint32_t agent);
  void Waits(uint64_t attempt);
  void Connected(uint64_t attempt, uint32_t agent);
  // The call of the attempt is over; `how`: which disposition it is without
  // another word.
  enum class How { kHungUp, kDropped, kLost, kElsewhere };
  void Over(uint64_t attempt, How how);

  // The queue of a return call, and the agent (serial) it prefers.
  uint32_t Resolve(const Event& event, uint64_t* agent);
  void TellReturnCall(uint32_t call);
  bool returns() const { return returns_ != nullptr; }
  void SyncBegin();
  void SyncEnd();

  LeadList& leads() { return *leads_; }
  void LeadsChanged() { leads_changed_ = true; }
  absl::Status Sampled(int32_t campaign, int32_t persons, int32_t samples);

 private:
  using Code = absl::StatusCode;
  enum class Stage { kNumber, kLock, kDialling, kAnswered, kOver };
  struct Try {
    Stage stage = Stage::kDialling;
    LeadChoice lead;
    uint32_t campaign = 0;
    PhoneNumber shown;
    LineId line;
    uint64_t timer = 0;
    uint32_t call = 0;
    uint64_t agent = 0;
    std::string said;
    LeadCallback callback;
    bool pooled = false, bridged = false, dropped = false, overdue = false,
         stalled = false, synced = true, machine = false;
  };
  struct Campaign {
    OutboundCampaign config;
    uint32_t group = 0;
    int32_t index = 0;
    bool resting = false, awaits_leads = false;
    int64_t retry = 0;
  };
  struct Group {
    uint32_t queue = 0;
    uint32_t first = 0;
    std::unique_ptr<Pacer> pacer;
    bool changed = true;
  };
  struct Told {
    uint32_t group;
    DialAgent state;
  };

  absl::Time Now() const;
  int64_t Us(absl::Time host) const;
  Group& GroupOf(const Try& t) { return groups_[campaigns_[t.campaign].group]; }
  void Arm(uint64_t name, int64_t due);
  Decision& Emit(DecisionKind kind, Reason reason, uint64_t name);
  int32_t IndexOf(const std::string& disposition) const;

  Code OnProgress(const Event& event);
  Code OnResult(const Event& event);
  void Ended(const Event& event, const std::string& text);
  Code OnGrant(const Event& event);
  Code Answer(const Event& event, uint64_t name);
  void TooLate(const Event& event);

  Told StateOf(uint32_t agent);
  void TellAgent(uint32_t agent);
  void Plan(uint32_t group);
  void Rest(uint32_t campaign, int64_t retry);
  void Wake(uint32_t campaign);
  void ArmParts();
  bool Start(uint32_t campaign, int32_t* barren);
  void GoOn(uint64_t name);
  void Ask(uint64_t name, Stage stage);
  void Dial(uint64_t name);
  ShownCall ShownOf(uint64_t name) const;

  void Drop(uint64_t name);
  void EndHold(uint64_t name);
  void EndLine(uint64_t name, LineEvent event);
  void Outcome(uint64_t name, CallOutcome outcome);
  void GiveBack(uint64_t name, Reason reason);
  void Close(uint64_t name, const std::string& said, Reason reason);
  void Forget(uint64_t name);

  NaiveEngine& e_;
  OutboundSetup setup_;
  std::vector<Group> groups_;
  std::vector<Campaign> campaigns_;
  std::unique_ptr<LeadList> leads_;
  std::unique_ptr<NumberPool> numbers_;
  std::unique_ptr<ReturnCalls> returns_;
  std::map<uint64_t, Try> tries_;
  uint64_t made_ = 0;
  std::map<uint32_t, Told> told_;
  std::map<uint32_t, uint32_t> joins_;  // Agent to group.
  std::vector<uint64_t> overdue_;
  bool leads_changed_ = false;
  uint64_t parts_timer_ = 0;
  int64_t parts_due_ = 0;
  absl::Duration rebased_ = absl::ZeroDuration();
  ReturnAnswer answer_;
};

}  // namespace callrouter::oracle

#endif  // CALLROUTER_TESTS_ORACLE_NAIVE_DIALING_H_
