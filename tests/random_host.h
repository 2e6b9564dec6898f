// A host that does everything a host may do, well or badly, for tests that
// compare two engines or look for broken invariants. It knows no engine: it
// makes events from a seed and from the decisions it is shown.
//
//   RandomHost host(seed);
//   for (...) {
//     const RandomHost::Act& act = host.Next(engine->next_deadline());
//     decisions.clear();
//     if (act.advance) engine->Advance(act.now, &decisions);
//     else engine->Handle(act.event, act.now, &decisions);
//     host.Watch(decisions);
//   }

#ifndef CALLROUTER_TESTS_RANDOM_HOST_H_
#define CALLROUTER_TESTS_RANDOM_HOST_H_

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "callrouter/decision.h"
#include "callrouter/event.h"
#include "callrouter/random.h"
#include "tests/random_centre.h"

namespace callrouter::testing {

class RandomHost {
 public:
  struct Act {
    bool advance = false;
    Event event;
    absl::Time now;
  };

  explicit RandomHost(uint64_t seed)
      : random_(seed), now_(absl::FromUnixSeconds(1'700'000'000)) {}

  absl::Time now() const { return now_; }

  // Queues as the engine numbers them; none ids are left out.
  void SetQueues(std::vector<QueueId> queues) { queues_ = std::move(queues); }

  const Act& Next(absl::Time deadline) {
    act_ = Act();
    const uint64_t pace = random_.Below(64);
    if (pace < 24) {
      now_ += absl::Milliseconds(static_cast<int64_t>(random_.Below(900)));
    } else if (pace == 24) {
      now_ -= absl::Milliseconds(300);  // Late: clamped.
    } else if (pace == 25) {
      now_ += absl::Seconds(static_cast<int64_t>(random_.Below(40)));  // Stall.
    }
    if (pace >= 40 && deadline <= now_ + absl::Seconds(2)) {
      if (deadline > now_) now_ = deadline;
      act_.advance = true;
    }
    act_.now = now_;
    if (!act_.advance) Choose(&act_.event);
    return act_;
  }

  // Remembers what it may answer.
  void Watch(const Decisions& decisions) {
    for (const Decision& d : decisions) {
      if (d.kind == DecisionKind::kOffer) Keep(&offers_, d);
      if (d.kind == DecisionKind::kConnect) Keep(&connects_, d);
      if (d.kind == DecisionKind::kRingOutside) Keep(&outside_, d);
    }
  }

 private:
  static void Keep(std::vector<Decision>* list, const Decision& d) {
    if (list->size() >= 32) list->erase(list->begin());
    list->push_back(d);
  }
  uint64_t CallRef() {  // Mostly a recent one.
    const uint64_t span = random_.Below(16) == 0 ? 400 : 40;
    const uint64_t back = random_.Below(span);
    return last_call_ > back ? last_call_ - back : 1;
  }
  uint64_t AgentRef() {
    return 1 + random_.Below(kRandomAgents + (random_.Below(20) == 0 ? 4 : 0));
  }
  QueueId AnyQueue() {
    if (queues_.empty() || random_.Below(200) == 0) return QueueId(99, 1);
    return queues_[random_.Below(queues_.size())];
  }

  void Choose(Event* event) {
    const uint64_t dice = random_.Below(100);
    if (dice < 22) {
      Arrive(event);
    } else if (dice < 58) {
      Answer(event);
    } else if (dice < 68) {
      *event = Event::ForCallRef(EventKind::kCallEnded, CallRef());
    } else if (dice < 90) {
      AgentEvent(event);
    } else if (dice < 98) {
      CallEvent(event);
    } else {
      Rare(event);
    }
  }

  void Arrive(Event* event) {
    *event = Event::CallArrived(
        random_.Below(20) == 0 ? CallRef() : ++last_call_, AnyQueue());
    if (random_.Below(4) == 0) {
      event->priority = static_cast<int32_t>(random_.Below(7)) - 3;
    }
    if (random_.Below(10) == 0) event->agent_ref = AgentRef();
    if (random_.Below(10) == 0) event->duration = absl::Seconds(7);
    if (random_.Below(6) == 0) event->text = OwnRequirement();
  }

  std::string_view OwnRequirement() {
    static constexpr std::string_view kTexts[] = {
        "s4", "s1 >= 30 or s2", "not s0", "lang == \"it\"", "s5 >=", ""};
    return kTexts[random_.Below(6)];
  }

  void Answer(Event* event) {
    static constexpr EventKind kMissed[] = {
        EventKind::kOfferDeclined, EventKind::kOfferNoAnswer,
        EventKind::kOfferBusy, EventKind::kOfferFailed,
        EventKind::kOfferCancelled};
    const uint64_t dice = random_.Below(10);
    if (dice < 5 && !offers_.empty()) {
      const OfferId offer = offers_[random_.Below(offers_.size())].offer;
      *event =
          Event::ForOffer(random_.Below(4) == 0 ? kMissed[random_.Below(5)]
                                                : EventKind::kOfferAccepted,
                          offer);
    } else if (dice < 9 && !connects_.empty()) {
      const Decision& d = connects_[random_.Below(connects_.size())];
      const uint64_t how = random_.Below(8);
      if (how == 0) {
        *event = Event::ForOffer(EventKind::kConnectFailed, d.offer);
      } else if (how == 1) {
        *event = Event::Result(EventKind::kFailed, d.sequence, Cause::kFailed);
      } else if (how == 2) {
        *event = Event::Result(EventKind::kDone, d.sequence);
      } else {
        *event = Event::ForOffer(EventKind::kOfferConnected, d.offer);
      }
    } else if (!outside_.empty()) {
      const Decision& d = outside_[random_.Below(outside_.size())];
      *event = Event::Result(
          random_.Below(3) == 0 ? EventKind::kDone : EventKind::kFailed,
          d.sequence, Cause::kNoAnswer);
    } else {
      *event = Event::ForAgentRef(EventKind::kAgentLogin, AgentRef());
    }
  }

  void AgentEvent(Event* event) {
    static constexpr EventKind kKinds[] = {
        EventKind::kAgentLogin,       EventKind::kAgentLogin,
        EventKind::kAgentLogin,       EventKind::kAgentReady,
        EventKind::kAgentReady,       EventKind::kAgentReleased,
        EventKind::kAgentReleased,    EventKind::kAgentPaused,
        EventKind::kAgentLogout,      EventKind::kAgentBusyOutside,
        EventKind::kAgentFreeOutside, EventKind::kAgentSkill,
        EventKind::kAgentAttribute,   EventKind::kAgentMember,
        EventKind::kAgentNotMember,   EventKind::kAgentCapacity};
    *event = Event::ForAgentRef(kKinds[random_.Below(16)], AgentRef());
    switch (event->kind) {
      case EventKind::kAgentPaused:
        event->text = "lunch";
        break;
      case EventKind::kAgentReleased:
        event->release = static_cast<Release>(random_.Below(5));
        break;
      case EventKind::kAgentSkill:
        event->text = RandomSkill(random_.Below(6));
        event->value = static_cast<int32_t>(random_.Below(102));
        break;
      case EventKind::kAgentAttribute:
        event->text = "lang";
        event->text2 = random_.Below(2) == 0 ? "it" : "";
        break;
      case EventKind::kAgentMember:
      case EventKind::kAgentNotMember:
        event->queue = AnyQueue();
        event->value = static_cast<int32_t>(random_.Below(4));
        event->value2 = static_cast<int32_t>(random_.Below(6));
        break;
      case EventKind::kAgentCapacity:
        event->text = random_.Below(3) == 0 ? "voice" : "chat";
        event->value = static_cast<int32_t>(random_.Below(4));
        break;
      default:
        break;
    }
  }

  void CallEvent(Event* event) {
    static constexpr EventKind kKinds[] = {
        EventKind::kCallPriority, EventKind::kCallRequirement,
        EventKind::kCallQueued, EventKind::kCallTransferred,
        EventKind::kCallAlive};
    *event = Event::ForCallRef(kKinds[random_.Below(5)], CallRef());
    event->priority = static_cast<int32_t>(random_.Below(9)) - 4;
    event->text = OwnRequirement();
    event->queue = AnyQueue();
    if (event->kind == EventKind::kCallTransferred) {
      event->agent_ref = AgentRef();
    }
  }

  void Rare(Event* event) {
    switch (random_.Below(6)) {
      case 0:
        *event = Event::Of(EventKind::kWallClock);
        event->duration =
            absl::Seconds(static_cast<int64_t>(random_.Below(100)));
        break;
      case 1:
        *event = Event::Of(EventKind::kClockRebase);
        event->duration = absl::Seconds(60);
        now_ += absl::Seconds(60);
        act_.now = now_;
        break;
      case 2:
        *event = Event::ForAgentRef(EventKind::kAgentAdded, 25);
        event->text = "helper";
        break;
      case 3:
        *event = Event::ForAgentRef(EventKind::kAgentRemoved, AgentRef());
        break;
      case 4:
        *event = Event::Of(EventKind::kSyncBegin);
        break;
      default:
        *event = Event::ForCallRef(EventKind::kSyncCall, CallRef());
        event->sync_place = SyncPlace::kWaiting;
        event->queue = AnyQueue();
        break;
    }
  }

  Random random_;
  absl::Time now_;
  Act act_;
  std::vector<QueueId> queues_;
  uint64_t last_call_ = 0;
  std::vector<Decision> offers_;
  std::vector<Decision> connects_;
  std::vector<Decision> outside_;
};

}  // namespace callrouter::testing

#endif  // CALLROUTER_TESTS_RANDOM_HOST_H_
