// The commands of a scenario, each made into an event.

#include <map>
#include <string>

#include "absl/strings/numbers.h"
#include "tests/scenario_runner.h"

namespace callrouter::testing {

namespace {

std::string Text(std::string_view text) { return std::string(text); }

}  // namespace

// --- Commands ---------------------------------------------------------------

absl::StatusOr<bool> ScenarioRunner::RunAgents() {
  static const auto* const kinds = new std::map<std::string, EventKind>{
      {"login", EventKind::kAgentLogin},
      {"logout", EventKind::kAgentLogout},
      {"ready", EventKind::kAgentReady},
      {"pause", EventKind::kAgentPaused},
      {"remove", EventKind::kAgentRemoved},
      {"outside", EventKind::kAgentBusyOutside},
      {"inside", EventKind::kAgentFreeOutside}};
  const auto kind = kinds->find(words_[0]);
  if (kind == kinds->end()) return false;
  std::string reason;
  Take("reason", &reason);
  Event event = Event::Of(kind->second);
  event.text = reason;
  if (words_.back() == "paused") {
    event.value = 1;
    words_.pop_back();
  }
  for (std::size_t i = 1; i < words_.size(); ++i) {
    event.agent_ref = AgentRef(words_[i]);
    Send(event);
  }
  return true;
}

absl::StatusOr<bool> ScenarioRunner::RunCalls() {
  static const auto* const kinds = new std::map<std::string, EventKind>{
      {"call", EventKind::kCallArrived},
      {"end", EventKind::kCallEnded},
      {"alive", EventKind::kCallAlive},
      {"priority", EventKind::kCallPriority},
      {"requirement", EventKind::kCallRequirement},
      {"queue", EventKind::kCallQueued},
      {"transfer", EventKind::kCallTransferred}};
  const auto kind = kinds->find(words_[0]);
  if (kind == kinds->end()) return false;
  Event event = Event::Of(kind->second);
  const absl::Status status = TakeFields(&event);
  if (!status.ok()) return status;
  std::string needs;
  Take("needs", &needs);
  event.text = needs;
  if (words_.size() < 2) return Wrong("expected a call");
  event.call_ref = CallRef(words_[1]);
  if (words_.size() > 2) {
    const std::string& word = words_[2];
    if (words_[0] == "call" || words_[0] == "queue") {
      event.queue = engine_->FindQueue(word);
    } else if (words_[0] == "transfer") {
      event.agent_ref = AgentRef(word);
    } else if (words_[0] == "requirement") {
      event.text = word;
    } else if (!absl::SimpleAtoi(word, &event.priority)) {
      return Wrong("expected a priority");
    }
  }
  Send(event);
  return true;
}

absl::StatusOr<bool> ScenarioRunner::RunOffers() {
  static const auto* const kinds = new std::map<std::string, EventKind>{
      {"accept", EventKind::kOfferAccepted},
      {"answer", EventKind::kOfferAccepted},
      {"connecting", EventKind::kOfferConnecting},
      {"connected", EventKind::kOfferConnected},
      {"decline", EventKind::kOfferDeclined},
      {"no-answer", EventKind::kOfferNoAnswer},
      {"busy", EventKind::kOfferBusy},
      {"fail-offer", EventKind::kOfferFailed},
      {"cancel-offer", EventKind::kOfferCancelled},
      {"connect-failed", EventKind::kConnectFailed},
      {"done", EventKind::kDone},
      {"failed", EventKind::kFailed}};
  const auto kind = kinds->find(words_[0]);
  if (kind == kinds->end()) return false;
  Event event = Event::Of(kind->second);
  const bool result =
      kind->second == EventKind::kDone || kind->second == EventKind::kFailed;
  if (words_.size() != (result ? 2u : 3u)) return Wrong("expected C A");
  event.call_ref = CallRef(words_[1]);
  if (result) {
    event.sequence = wanted_[event.call_ref];
  } else {
    event.agent_ref = AgentRef(words_[2]);
  }
  Send(event);
  if (words_[0] == "answer") {
    event.kind = EventKind::kOfferConnected;
    Send(event);
  }
  return true;
}

absl::StatusOr<bool> ScenarioRunner::RunProfile() {
  static const auto* const kinds = new std::map<std::string, EventKind>{
      {"add", EventKind::kAgentAdded},
      {"skill", EventKind::kAgentSkill},
      {"attribute", EventKind::kAgentAttribute},
      {"member", EventKind::kAgentMember},
      {"not-member", EventKind::kAgentNotMember},
      {"capacity", EventKind::kAgentCapacity},
      {"release", EventKind::kAgentReleased}};
  static const auto* const releases = new std::map<std::string, Release>{
      {"ended", Release::kEnded},
      {"blind", Release::kBlindTransfer},
      {"attended", Release::kAttendedTransfer},
      {"conference", Release::kConference},
      {"parked", Release::kParked}};
  const auto kind = kinds->find(words_[0]);
  if (kind == kinds->end()) return false;
  Event event = Event::Of(kind->second);
  const absl::Status status = TakeFields(&event);
  if (!status.ok()) return status;
  std::string how = "ended";
  Take("how", &how);
  if (releases->count(how) == 0) return Wrong("how");
  event.release = releases->at(how);
  if (words_.size() < 2) return Wrong("expected an agent");
  const std::string third = words_.size() > 2 ? words_[2] : "";
  const std::string fourth = words_.size() > 3 ? words_[3] : "";
  if (words_[0] == "add") {
    uint64_t ref = 0;
    if (!absl::SimpleAtoi(third, &ref)) return Wrong("expected a reference");
    agents_[words_[1]] = ref;
    agent_names_[ref] = words_[1];
    event.text = words_[1];
  } else if (words_[0] == "release") {
    if (!third.empty()) event.call_ref = CallRef(third);
  } else if (words_[0] == "member" || words_[0] == "not-member") {
    event.queue = engine_->FindQueue(third);
  } else {
    event.text = third;
    if (words_[0] == "attribute") event.text2 = fourth;
    if (words_[0] != "attribute" && !absl::SimpleAtoi(fourth, &event.value)) {
      return Wrong("expected a number");
    }
  }
  event.agent_ref = AgentRef(words_[1]);
  Send(event);
  return true;
}

absl::StatusOr<bool> ScenarioRunner::RunClock() {
  absl::Duration time;
  if (words_[0] == "advance" && words_.size() == 1) {
    decisions_.clear();
    engine_->Advance(Now(), &decisions_);
    Print();
    return true;
  }
  if (words_.size() != 2) return false;
  if (words_[0] == "civil") {
    absl::Time civil;
    std::string fault;
    if (!absl::ParseTime(absl::RFC3339_full, words_[1], &civil, &fault)) {
      return Wrong(fault);
    }
    Event event = Event::Of(EventKind::kWallClock);
    event.duration = civil - Now();
    Send(event);
    return true;
  }
  if (words_[0] == "sleep" && IsTime(words_[1], &time)) {
    now_ += time;
    return true;
  }
  if (words_[0] == "rebase" && absl::ParseDuration(words_[1], &time)) {
    Event event = Event::Of(EventKind::kClockRebase);
    event.duration = time;
    jumped_ += time;
    Send(event);
    return true;
  }
  if (words_[0] == "apply") {
    const auto found = configurations_.find(words_[1]);
    if (found == configurations_.end()) return Wrong("no such configuration");
    auto prepared = Engine::Prepare(options_, found->second);
    if (!prepared.ok()) return prepared.status();
    decisions_.clear();
    const absl::Status status =
        engine_->Apply(*std::move(prepared), Now(), &decisions_);
    if (!status.ok()) return status;
    Print();
    return true;
  }
  return false;
}

absl::StatusOr<bool> ScenarioRunner::RunSync() {
  static const auto* const places =
      new std::map<std::string, SyncPlace>{{"waiting", SyncPlace::kWaiting},
                                           {"ringing", SyncPlace::kRinging},
                                           {"connected", SyncPlace::kConnected},
                                           {"outside", SyncPlace::kOutside},
                                           {"with-host", SyncPlace::kWithHost}};
  static const auto* const states = new std::map<std::string, SyncAgent>{
      {"logged-out", SyncAgent::kLoggedOut},
      {"ready", SyncAgent::kReady},
      {"paused", SyncAgent::kPaused}};
  if (words_[0] == "sync-begin" || words_[0] == "sync-end") {
    Send(Event::Of(words_[0] == "sync-begin" ? EventKind::kSyncBegin
                                             : EventKind::kSyncEnd));
    return true;
  }
  const bool call = words_[0] == "sync-call";
  if (!call && words_[0] != "sync-agent") return false;
  Event event = Event::Of(call ? EventKind::kSyncCall : EventKind::kSyncAgent);
  const absl::Status status = TakeFields(&event);
  if (!status.ok()) return status;
  if (words_.size() < 3) return Wrong("expected two words");
  if (call) {
    if (places->count(words_[2]) == 0) return Wrong("expected a place");
    event.call_ref = CallRef(words_[1]);
    event.sync_place = places->at(words_[2]);
    if (words_.size() > 3) event.agent_ref = AgentRef(words_[3]);
  } else {
    if (states->count(words_[2]) == 0) return Wrong("expected a state");
    event.agent_ref = AgentRef(words_[1]);
    event.sync_agent = states->at(words_[2]);
  }
  Send(event);
  return true;
}

static const char* PlaceName(CallPlace place) {
  switch (place) {
    case CallPlace::kNone:
      return "gone";
    case CallPlace::kWaiting:
      return "waiting";
    case CallPlace::kOffered:
      return "offered";
    case CallPlace::kConnecting:
      return "connecting";
    case CallPlace::kConnected:
      return "connected";
    case CallPlace::kOutside:
      return "outside";
    case CallPlace::kWithHost:
      return "with-host";
  }
  return "?";
}

absl::StatusOr<bool> ScenarioRunner::RunShow() {
  if (words_.size() != 2) return false;
  if (words_[0] == "show" && agents_.count(words_[1]) > 0) {
    const AgentView v = engine_->View(engine_->FindAgent(AgentRef(words_[1])));
    absl::StrAppend(out_, "- ", words_[1], v.id.none() ? " gone" : "",
                    v.logged_in ? " logged-in" : "", v.paused ? " paused" : "",
                    v.pause_reason.empty() ? "" : "=", Text(v.pause_reason),
                    v.wrap_up ? " wrap-up" : "", v.cool_off ? " cool-off" : "",
                    v.busy_outside ? " outside" : "", " ringing=", v.ringing,
                    " handling=", v.handling, " calls=", v.calls,
                    " misses=", v.misses, "\n");
    return true;
  }
  if (words_[0] == "show") {
    const CallView v = engine_->View(engine_->FindCall(CallRef(words_[1])));
    absl::StrAppend(out_, "- ", words_[1], " ", PlaceName(v.place));
    if (v.place != CallPlace::kNone) {
      absl::StrAppend(out_, " queue=", Text(engine_->QueueName(v.queue)),
                      " home=", Text(engine_->QueueName(v.home)),
                      " priority=", v.priority, " since=", When(v.arrived),
                      " step=", v.step, " offers=", v.offers);
    }
    if (v.reason != Reason::kNone) {
      absl::StrAppend(out_, " ", Text(ReasonName(v.reason)));
    }
    absl::StrAppend(out_, "\n");
    return true;
  }
  if (words_[0] != "count") return false;
  Statistics all;
  engine_->CopyStatistics(&all);
  const QueueId queue = engine_->FindQueue(words_[1]);
  if (queue.none()) return Wrong("no such queue");
  const QueueStatistics& s = all.queues[queue.slot()];
  absl::StrAppend(out_, "- ", words_[1], " offered=", s.offered,
                  " answered=", s.answered, " abandoned=", s.abandoned,
                  " outside=", s.sent_outside, " refused=", s.refused);
  absl::StrAppend(out_, " hung-up=", s.hung_up, " lost=", s.lost,
                  " in-progress=", s.in_progress, " served=", s.served,
                  " misses=", s.misses, "\n");
  return true;
}

}  // namespace callrouter::testing
