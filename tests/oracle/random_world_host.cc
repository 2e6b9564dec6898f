// The host of random_world.h.

#include <algorithm>

#include "tests/oracle/random_world.h"

namespace callrouter::oracle {

namespace {

const char* const kSkills[] = {"s0", "s1", "s2", "s3", "s4", "s5"};
const std::string kOwn[] = {
    "s4", "s1 >= 30 or s2", "not s0", "lang == \"it\"", "member(\"q2\")",
    "",   "s5 >="};

absl::Duration Seconds(int32_t s) { return absl::Seconds(s); }

bool Has(Family family, Family what) {
  return family == what || family == Family::kAll;
}

}  // namespace

WorldHost::WorldHost(Family family, const WorldSize& size, bool stalls,
                     Dice* dice)
    : family_(family),
      size_(size),
      stalls_(stalls),
      dice_(dice),
      now_(absl::FromUnixSeconds(1'700'000'000)) {}

void WorldHost::Watch(const Decisions& decisions) {
  const auto keep = [](std::vector<Decision>* list, const Decision& d) {
    if (list->size() >= 64) list->erase(list->begin());
    list->push_back(d);
  };
  for (const Decision& d : decisions) {
    if (d.kind == DecisionKind::kOffer) keep(&ringing_, d);
    if (d.kind == DecisionKind::kConnect) keep(&joining_, d);
    if (d.kind == DecisionKind::kRingOutside) keep(&outside_, d);
    if (d.kind == DecisionKind::kCancelOffer) {
      ringing_.erase(
          std::remove_if(ringing_.begin(), ringing_.end(),
                         [&](const Decision& r) { return r.offer == d.offer; }),
          ringing_.end());
    }
    if (!d.offer.none()) keep(&past_, d);
  }
}

const WorldHost::Act& WorldHost::Next(const Engine& engine) {
  act_ = Act();
  const absl::Time deadline = engine.next_deadline();
  absl::Time then = now_;
  switch (dice_->Below(8)) {
    case 0:
      then += absl::Milliseconds(dice_->Int(0, 20) * 250);
      break;
    case 1:
    case 2:
      then += absl::Milliseconds(dice_->Int(1, 900));
      break;
    case 3:
      then += absl::Microseconds(dice_->Int(1, 999));
      break;
    default:
      break;
  }
  if (stalls_ && dice_->OneIn(300)) {
    then = now_ + Seconds(dice_->OneIn(2) ? 60 : dice_->Int(1, 20));
  } else if (stalls_ && dice_->OneIn(100)) {
    then = now_ - absl::Milliseconds(300);
  } else if (deadline <= then) {
    then = std::max(deadline, now_);
    act_.advance = true;
  }
  if (then > now_) now_ = then;
  act_.now = then;
  if (!act_.advance) Choose(engine);
  return act_;
}

uint64_t WorldHost::AnyCall() {
  if (alive_.empty() || dice_->OneIn(30)) {
    return calls_made_ + 1 - std::min(calls_made_, dice_->Below(30));
  }
  return alive_[dice_->Below(alive_.size())];
}

uint64_t WorldHost::AnyAgent() {
  return 1 + dice_->Below(static_cast<uint64_t>(size_.agents) +
                          (dice_->OneIn(40) ? 4 : 0));
}

QueueId WorldHost::AnyQueue() {
  return QueueId(
      static_cast<uint32_t>(dice_->Below(static_cast<uint64_t>(size_.queues)) +
                            (dice_->OneIn(200) ? 90 : 0)),
      1);
}

const std::string& WorldHost::OwnRequirement() { return kOwn[dice_->Below(7)]; }

void WorldHost::Choose(const Engine& engine) {
  if (!words_.empty()) {
    act_.event = words_.front();
    words_.erase(words_.begin());
    return;
  }
  const uint64_t living =
      static_cast<uint64_t>(std::max(size_.calls, 1)) > alive_.size() ? 24 : 6;
  const uint64_t dice = dice_->Below(living + 76);
  if (dice < 22) {
    AnswerRing();
  } else if (dice < 38) {
    Join();
  } else if (dice < 54) {
    Finish();
  } else if (dice < 66) {
    AgentState();
  } else if (dice < 69) {
    AgentProfile();
  } else if (dice < 73) {
    CallChange();
  } else if (dice < 75) {
    Wrong();
  } else if (dice < 76) {
    Rare(engine);
  } else {
    Arrive();
  }
}

void WorldHost::Arrive() {
  uint64_t ref = calls_made_ + 1;
  if (dice_->OneIn(40)) {
    ref = AnyCall();
  } else {
    ++calls_made_;
  }
  act_.event = Event::CallArrived(ref, AnyQueue());
  Event& event = act_.event;
  if (dice_->OneIn(3)) event.priority = dice_->Int(-2, 2);
  if (dice_->OneIn(8)) event.duration = Seconds(dice_->Int(1, 30));
  const bool personal = Has(family_, Family::kMisses);
  if (dice_->OneIn(personal ? 4 : 40)) event.agent_ref = AnyAgent();
  if (dice_->OneIn(personal ? 4 : 20)) event.text = OwnRequirement();
  if (std::find(alive_.begin(), alive_.end(), ref) == alive_.end()) {
    alive_.push_back(ref);
  }
}

void WorldHost::AnswerRing() {
  static constexpr EventKind kOther[] = {
      EventKind::kOfferDeclined,  EventKind::kOfferNoAnswer,
      EventKind::kOfferBusy,      EventKind::kOfferFailed,
      EventKind::kOfferCancelled, EventKind::kConnectFailed,
      EventKind::kOfferConnected, EventKind::kOfferConnecting};
  std::vector<Decision>& from =
      dice_->OneIn(16) && !past_.empty() ? past_ : ringing_;
  if (from.empty()) {
    AgentState();
    return;
  }
  const std::size_t at = dice_->Below(from.size());
  const Decision d = from[at];
  if (&from == &ringing_) {
    from.erase(from.begin() + static_cast<std::ptrdiff_t>(at));
  }
  const EventKind kind =
      dice_->OneIn(3) ? kOther[dice_->Below(8)] : EventKind::kOfferAccepted;
  act_.event = Event::ForOffer(kind, d.offer);
  if (dice_->OneIn(8)) {  // By the two names instead.
    act_.event = Event::ForCallRef(kind, d.call_ref);
    act_.event.agent_ref = d.agent_ref;
  }
  if (kind == EventKind::kOfferConnected ||
      kind == EventKind::kOfferConnecting) {
    talking_.push_back({d.call_ref, d.agent_ref});
  }
}

void WorldHost::Join() {
  if (!outside_.empty() && dice_->OneIn(3)) {
    const std::size_t at = dice_->Below(outside_.size());
    act_.event =
        Event::Result(dice_->OneIn(3) ? EventKind::kDone : EventKind::kFailed,
                      outside_[at].sequence, Cause::kNoAnswer);
    outside_.erase(outside_.begin() + static_cast<std::ptrdiff_t>(at));
    return;
  }
  if (joining_.empty()) {
    AnswerRing();
    return;
  }
  const std::size_t at = dice_->Below(joining_.size());
  const Decision d = joining_[at];
  if (dice_->Below(20) > 0) {
    joining_.erase(joining_.begin() + static_cast<std::ptrdiff_t>(at));
  }
  switch (dice_->Below(12)) {
    case 0:
      act_.event = Event::ForOffer(EventKind::kConnectFailed, d.offer);
      return;
    case 1:
      act_.event = Event::Result(EventKind::kFailed, d.sequence);
      return;
    case 2:
    case 3:
      act_.event = Event::Result(EventKind::kDone, d.sequence);
      break;
    default:
      act_.event = Event::ForOffer(EventKind::kOfferConnected, d.offer);
  }
  talking_.push_back({d.call_ref, d.agent_ref});
}

void WorldHost::Finish() {
  if (talking_.empty() || dice_->OneIn(4)) {  // A caller loses patience.
    const uint64_t ref = AnyCall();
    act_.event = Event::ForCallRef(EventKind::kCallEnded, ref);
    alive_.erase(std::remove(alive_.begin(), alive_.end(), ref), alive_.end());
    return;
  }
  const std::size_t at = dice_->Below(talking_.size());
  const Pair pair = talking_[at];
  talking_.erase(talking_.begin() + static_cast<std::ptrdiff_t>(at));
  if (dice_->Below(4) > 0) {
    act_.event = Event::ForCallRef(EventKind::kCallEnded, pair.call);
    alive_.erase(std::remove(alive_.begin(), alive_.end(), pair.call),
                 alive_.end());
    return;
  }
  act_.event = Event::ForAgentRef(EventKind::kAgentReleased, pair.agent);
  if (dice_->OneIn(2)) act_.event.call_ref = pair.call;
  act_.event.release = static_cast<Release>(dice_->Int(0, 4));
}

void WorldHost::AgentState() {
  static constexpr EventKind kKinds[] = {
      EventKind::kAgentLogin,       EventKind::kAgentLogin,
      EventKind::kAgentLogin,       EventKind::kAgentLogin,
      EventKind::kAgentReady,       EventKind::kAgentReady,
      EventKind::kAgentPaused,      EventKind::kAgentLogout,
      EventKind::kAgentBusyOutside, EventKind::kAgentFreeOutside,
      EventKind::kAgentFreeOutside};
  act_.event = Event::ForAgentRef(kKinds[dice_->Below(11)], AnyAgent());
  if (act_.event.kind == EventKind::kAgentLogin && dice_->OneIn(8)) {
    act_.event.value = 1;
  }
  if (act_.event.kind == EventKind::kAgentPaused) act_.event.text = "lunch";
}

void WorldHost::AgentProfile() {
  static constexpr EventKind kKinds[] = {
      EventKind::kAgentSkill,     EventKind::kAgentSkill,
      EventKind::kAgentAttribute, EventKind::kAgentMember,
      EventKind::kAgentNotMember, EventKind::kAgentCapacity};
  act_.event = Event::ForAgentRef(kKinds[dice_->Below(6)], AnyAgent());
  Event& event = act_.event;
  switch (event.kind) {
    case EventKind::kAgentSkill:
      event.text = kSkills[dice_->Below(6)];
      event.value = dice_->Int(0, 4) * 25 + (dice_->OneIn(50) ? 50 : 0);
      break;
    case EventKind::kAgentAttribute:
      event.text = "lang";
      event.text2 = dice_->OneIn(2) ? "it" : dice_->OneIn(2) ? "de" : "";
      break;
    case EventKind::kAgentCapacity:
      event.text = Has(family_, Family::kMedia) && dice_->OneIn(2) ? "chat"
                   : dice_->OneIn(20)                              ? "fax"
                                                                   : "voice";
      event.value = dice_->Int(0, 2);
      break;
    default:
      event.queue = AnyQueue();
      event.value = dice_->Int(0, 2);
      event.value2 = dice_->Int(0, 3);
  }
}

void WorldHost::CallChange() {
  static constexpr EventKind kKinds[] = {
      EventKind::kCallPriority, EventKind::kCallRequirement,
      EventKind::kCallQueued, EventKind::kCallTransferred,
      EventKind::kCallAlive};
  act_.event = Event::ForCallRef(kKinds[dice_->Below(5)], AnyCall());
  Event& event = act_.event;
  event.priority = dice_->Int(-2, 2);
  event.text = OwnRequirement();
  event.queue = AnyQueue();
  event.agent_ref = AnyAgent();
  if (!talking_.empty() && event.kind == EventKind::kCallTransferred) {
    const std::size_t at = dice_->Below(talking_.size());
    event.call_ref = talking_[at].call;
    talking_[at].agent = event.agent_ref;
  }
}

void WorldHost::Rare(const Engine& engine) {
  switch (dice_->Below(5)) {
    case 0:
      act_.event = Event::Of(EventKind::kWallClock);
      act_.event.duration = absl::Minutes(dice_->Int(-600, 600));
      return;
    case 1:
      act_.event = Event::Of(EventKind::kClockRebase);
      act_.event.duration = absl::Minutes(dice_->Int(0, 60));
      now_ += act_.event.duration;
      return;
    case 2:
      act_.event = Event::ForAgentRef(
          EventKind::kAgentAdded,
          static_cast<uint64_t>(size_.agents) + 1 + dice_->Below(3));
      act_.event.text = "helper";
      return;
    case 3:
      act_.event = Event::ForAgentRef(EventKind::kAgentRemoved, AnyAgent());
      return;
    default: {
      if (!Has(family_, Family::kSync)) {
        AgentState();
        return;
      }
      std::vector<uint64_t> lost;
      words_ = SyncWords(engine, 10, &lost);
      act_.event = words_.front();
      words_.erase(words_.begin());
    }
  }
}

// Things no good host says.
void WorldHost::Wrong() {
  switch (dice_->Below(8)) {
    case 0:
      act_.event = Event::CallArrived(0, AnyQueue());
      return;
    case 1:
      act_.event = Event::CallArrived(calls_made_ + 1, QueueId());
      return;
    case 2:
      act_.event = Event::CallArrived(calls_made_ + 1, AnyQueue());
      act_.event.priority = 1'000'001;
      return;
    case 3:
      act_.event = Event::Result(EventKind::kDone, uint64_t{1} << 60);
      return;
    case 4:
      act_.event = Event::Of(EventKind::kOfferAccepted);
      return;
    case 5:
      act_.event = Event::Of(EventKind::kMediaStarted);
      return;
    case 6:
      act_.event = Event::ForAgentRef(EventKind::kAgentSkill, AnyAgent());
      return;
    default:
      act_.event = Event::Of(EventKind::kSyncEnd);
  }
}

std::vector<Event> WorldHost::SyncWords(const Engine& engine,
                                        uint64_t lose_one_in,
                                        std::vector<uint64_t>* lost) {
  std::vector<Event> words = {Event::Of(EventKind::kSyncBegin)};
  for (const CallId id : engine.Calls()) {
    const CallView view = engine.View(id);
    if (dice_->OneIn(lose_one_in)) {
      lost->push_back(view.ref);
      continue;
    }
    Event word = Event::ForCallRef(EventKind::kSyncCall, view.ref);
    word.queue = view.queue;
    word.sync_place = SyncPlace::kWaiting;
    if (view.place == CallPlace::kConnected) {
      word.sync_place = SyncPlace::kConnected;
      word.agent_ref = engine.View(view.agent).ref;
    } else if (view.place == CallPlace::kOutside) {
      word.sync_place = SyncPlace::kOutside;
    } else if (view.place == CallPlace::kWithHost) {
      word.sync_place = SyncPlace::kWithHost;
    }
    if (dice_->OneIn(10)) {  // The truth has moved on meanwhile.
      word.sync_place = static_cast<SyncPlace>(dice_->Int(1, 5));
      word.agent_ref = AnyAgent();
    }
    words.push_back(word);
  }
  for (const AgentId id : engine.Agents()) {
    const AgentView view = engine.View(id);
    if (dice_->OneIn(20)) continue;
    Event word = Event::ForAgentRef(EventKind::kSyncAgent, view.ref);
    word.sync_agent = !view.logged_in ? SyncAgent::kLoggedOut
                      : view.paused   ? SyncAgent::kPaused
                                      : SyncAgent::kReady;
    words.push_back(word);
  }
  words.push_back(Event::Of(EventKind::kSyncEnd));
  return words;
}

}  // namespace callrouter::oracle
