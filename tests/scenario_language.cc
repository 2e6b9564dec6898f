#include "tests/scenario_language.h"

#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "callrouter/config_file.h"
#include "callrouter/engine.h"

namespace callrouter::testing {
namespace {

using Words = std::vector<std::string>;

const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

std::string Text(std::string_view text) { return std::string(text); }

// Words divided by blanks; a word may hold a quoted part: needs="a and b". A
// backslash takes the next character as it is.
Words Split(std::string_view line) {
  Words words;
  std::string word;
  bool quoted = false, any = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '\\' && i + 1 < line.size()) {
      word.push_back(line[++i]);
      any = true;
    } else if (c == '"') {
      quoted = !quoted;
      any = true;
    } else if (c == ' ' && !quoted) {
      if (any) words.push_back(word);
      word.clear();
      any = false;
    } else {
      word.push_back(c);
      any = true;
    }
  }
  if (any) words.push_back(word);
  return words;
}

bool IsTime(const std::string& word, absl::Duration* time) {
  return !word.empty() && word[0] >= '0' && word[0] <= '9' &&
         absl::ParseDuration(word, time);
}

class Runner {
 public:
  absl::Status Setup(std::string_view options, std::string_view config,
                     std::string_view file);
  absl::Status AddConfiguration(const std::string& name, std::string_view text,
                                std::string_view file);
  // Runs one command; its decisions are appended to `*out`.
  absl::Status Run(const std::string& line, std::string* out);

 private:
  // --- Words of a command ---
  // The value of "name=..." if it is there; the word is taken out.
  bool Take(std::string_view name, std::string* value);
  absl::Status TakeFields(Event* event);
  absl::Status Wrong(std::string_view what) const {
    return absl::InvalidArgumentError(
        absl::StrCat(line_, ": ", absl::string_view(what.data(), what.size())));
  }
  uint64_t CallRef(const std::string& name);
  uint64_t AgentRef(const std::string& name) const;

  // --- Kinds of commands; false: not one of these ---
  absl::StatusOr<bool> RunAgents();
  absl::StatusOr<bool> RunCalls();
  absl::StatusOr<bool> RunOffers();
  absl::StatusOr<bool> RunProfile();
  absl::StatusOr<bool> RunClock();
  absl::StatusOr<bool> RunSync();
  absl::StatusOr<bool> RunShow();

  // --- The engine ---
  void Send(const Event& event);
  void ServeUntil(absl::Duration time);
  void Print();
  std::string Describe(const Decision& d) const;
  static std::string When(absl::Duration time) {
    return time == absl::ZeroDuration() ? "0s" : absl::FormatDuration(time);
  }
  std::string When(absl::Time time) const {
    return When(time - kStart - jumped_);
  }
  absl::Time Now() const { return kStart + jumped_ + now_; }

  std::unique_ptr<Engine> engine_;
  EngineOptions options_;
  std::map<std::string, Configuration> configurations_;
  std::map<std::string, uint64_t> calls_;
  std::map<uint64_t, std::string> call_names_;
  std::map<std::string, uint64_t> agents_;
  std::map<uint64_t, std::string> agent_names_;
  std::map<uint64_t, uint64_t> wanted_;  // Result wanted, by call.
  absl::Duration now_;
  absl::Duration jumped_;
  Decisions decisions_;
  std::string* out_ = nullptr;
  std::string line_;
  Words words_;
};

// --- Setup ------------------------------------------------------------------

absl::Status Runner::AddConfiguration(const std::string& name,
                                      std::string_view text,
                                      std::string_view file) {
  std::vector<FileFault> faults;
  auto config = ParseConfig(text, file, &faults);
  if (!config.ok()) {
    std::string all;
    for (const FileFault& f : faults) absl::StrAppend(&all, f.ToString(), "\n");
    return absl::InvalidArgumentError(all);
  }
  for (const AgentConfig& agent : config->agents) {
    agents_[agent.name] = agent.ref;
    agent_names_[agent.ref] = agent.name;
  }
  configurations_[name] = *std::move(config);
  return absl::OkStatus();
}

absl::Status Runner::Setup(std::string_view options, std::string_view config,
                           std::string_view file) {
  const std::map<std::string, int32_t*> numbers = {
      {"calls_max", &options_.calls_max},
      {"moves_max", &options_.moves_max},
      {"queues_per_call_max", &options_.queues_per_call_max},
      {"offers_per_call_max", &options_.offers_per_call_max},
      {"groups_max", &options_.groups_max},
      {"residual_scan_max", &options_.residual_scan_max},
      {"exclusions_per_call_max", &options_.exclusions_per_call_max}};
  const std::map<std::string, absl::Duration*> times = {
      {"audit_after", &options_.audit_after},
      {"audit_reply", &options_.audit_reply},
      {"connect_timeout", &options_.connect_timeout},
      {"tombstone_keep", &options_.tombstone_keep}};
  for (const std::string& word : Split(options)) {
    const std::pair<std::string, std::string> pair =
        absl::StrSplit(word, absl::MaxSplits('=', 1));
    const auto number = numbers.find(pair.first);
    const auto time = times.find(pair.first);
    const bool ok =
        (number != numbers.end() &&
         absl::SimpleAtoi(pair.second, number->second)) ||
        (time != times.end() && absl::ParseDuration(pair.second, time->second));
    if (!ok) return absl::InvalidArgumentError(absl::StrCat("option ", word));
  }
  absl::Status status = AddConfiguration("", config, file);
  if (!status.ok()) return status;
  auto engine = Engine::Create(options_, configurations_[""], kStart);
  if (!engine.ok()) return engine.status();
  engine_ = *std::move(engine);
  return absl::OkStatus();
}

// --- Words ------------------------------------------------------------------

bool Runner::Take(std::string_view name, std::string* value) {
  for (std::size_t i = 0; i < words_.size(); ++i) {
    if (words_[i].size() > name.size() && words_[i][name.size()] == '=' &&
        words_[i].compare(0, name.size(), name) == 0) {
      *value = words_[i].substr(name.size() + 1);
      words_.erase(words_.begin() + static_cast<std::ptrdiff_t>(i));
      return true;
    }
  }
  return false;
}

absl::Status Runner::TakeFields(Event* event) {
  std::string value;
  if (Take("priority", &value) && !absl::SimpleAtoi(value, &event->priority)) {
    return Wrong("priority");
  }
  if (Take("age", &value) && !absl::ParseDuration(value, &event->duration)) {
    return Wrong("age");
  }
  if (Take("agent", &value)) event->agent_ref = AgentRef(value);
  if (Take("queue", &value)) event->queue = engine_->FindQueue(value);
  if (Take("penalty", &value) && !absl::SimpleAtoi(value, &event->value)) {
    return Wrong("penalty");
  }
  if (Take("position", &value) && !absl::SimpleAtoi(value, &event->value2)) {
    return Wrong("position");
  }
  return absl::OkStatus();
}

uint64_t Runner::CallRef(const std::string& name) {
  const auto made = calls_.emplace(name, calls_.size() + 1);
  call_names_[made.first->second] = name;
  return made.first->second;
}

uint64_t Runner::AgentRef(const std::string& name) const {
  const auto it = agents_.find(name);
  return it == agents_.end() ? 999'999 : it->second;
}

// --- Commands ---------------------------------------------------------------

absl::StatusOr<bool> Runner::RunAgents() {
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

absl::StatusOr<bool> Runner::RunCalls() {
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

absl::StatusOr<bool> Runner::RunOffers() {
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

absl::StatusOr<bool> Runner::RunProfile() {
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
    event.text2 = words_[0] == "attribute" ? fourth : "";
    if (words_[0] != "attribute" && !absl::SimpleAtoi(fourth, &event.value)) {
      return Wrong("expected a number");
    }
  }
  event.agent_ref = AgentRef(words_[1]);
  Send(event);
  return true;
}

absl::StatusOr<bool> Runner::RunClock() {
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

absl::StatusOr<bool> Runner::RunSync() {
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

const char* PlaceName(CallPlace place) {
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

absl::StatusOr<bool> Runner::RunShow() {
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

// --- The engine -------------------------------------------------------------

void Runner::Send(const Event& event) {
  decisions_.clear();
  const absl::Status status = engine_->Handle(event, Now(), &decisions_);
  Print();
  if (!status.ok()) {
    absl::StrAppend(out_, "! ", absl::StatusCodeToString(status.code()), ": ",
                    absl::string_view(status.message()), "\n");
  }
}

void Runner::ServeUntil(absl::Duration time) {
  for (int i = 0; i < 100'000; ++i) {
    const absl::Time due = engine_->next_deadline();
    if (due > kStart + jumped_ + time) break;
    if (due > Now()) now_ = due - kStart - jumped_;
    decisions_.clear();
    engine_->Advance(Now(), &decisions_);
    Print();
  }
  now_ = time;
}

void Runner::Print() {
  for (const Decision& d : decisions_) {
    absl::StrAppend(out_, When(now_), " ", Describe(d), "\n");
    if (d.kind == DecisionKind::kConnect ||
        d.kind == DecisionKind::kRingOutside) {
      wanted_[d.call_ref] = d.sequence;
    }
  }
}

std::string Runner::Describe(const Decision& d) const {
  std::string s = Text(DecisionKindName(d.kind));
  if (d.call_ref != 0) {
    const auto name = call_names_.find(d.call_ref);
    absl::StrAppend(&s, " ", name == call_names_.end() ? "?" : name->second);
  }
  if (d.agent_ref != 0) {
    const auto name = agent_names_.find(d.agent_ref);
    absl::StrAppend(&s, " ", name == agent_names_.end() ? "?" : name->second);
  }
  if (!d.queue.none()) {
    absl::StrAppend(&s, " queue=", Text(engine_->QueueName(d.queue)));
  }
  if (d.reason != Reason::kNone) {
    absl::StrAppend(&s, " ", Text(ReasonName(d.reason)));
  }
  if (d.cause != Cause::kNone) {
    absl::StrAppend(&s, " cause=", Text(CauseName(d.cause)));
  }
  if (d.value != 0 || d.kind == DecisionKind::kStep) {
    absl::StrAppend(&s, " value=", d.value);
  }
  if (!d.destination.empty()) {
    absl::StrAppend(&s, " to=", Text(d.destination));
  }
  if (d.deadline != absl::InfiniteFuture()) {
    absl::StrAppend(&s, " until=", When(d.deadline));
  }
  return s;
}

absl::Status Runner::Run(const std::string& line, std::string* out) {
  line_ = line;
  words_ = Split(line);
  out_ = out;
  absl::Duration time;
  if (!words_.empty() && IsTime(words_[0], &time)) {
    if (time < now_) return Wrong("time goes back");
    ServeUntil(time);
    words_.erase(words_.begin());
    if (words_.empty()) words_ = {"advance"};
  }
  if (words_.empty()) return Wrong("expected a command");
  bool found = false;
  for (const auto run :
       {&Runner::RunAgents, &Runner::RunCalls, &Runner::RunOffers,
        &Runner::RunProfile, &Runner::RunClock, &Runner::RunSync,
        &Runner::RunShow}) {
    const absl::StatusOr<bool> done = (this->*run)();
    if (!done.ok()) return done.status();
    if (*done) {
      found = true;
      break;
    }
  }
  if (!found) return Wrong("unknown command");
  const absl::Status holds = engine_->CheckInvariants();
  if (holds.ok()) return holds;
  return absl::InternalError(absl::StrCat(line_, " at ",
                                          absl::FormatDuration(now_), ": ",
                                          absl::string_view(holds.message())));
}

}  // namespace

absl::StatusOr<std::string> RunScenario(std::string_view text,
                                        std::string_view file_name) {
  enum class In { kConfig, kCommands, kExpected } in = In::kConfig;
  std::string result, options, config, name, out;
  Runner runner;
  bool first = true;
  const auto take_config = [&]() {
    const absl::Status status =
        first ? runner.Setup(options, config, file_name)
              : runner.AddConfiguration(name, config, file_name);
    first = false;
    config.clear();
    return status;
  };
  for (const absl::string_view part :
       absl::StrSplit(absl::string_view(text.data(), text.size()), '\n')) {
    const std::string line(part);
    if (in == In::kConfig) {
      absl::StrAppend(&result, line, "\n");
      if (line.rfind("options ", 0) == 0) {
        options = line.substr(8);
        config += '\n';  // Keeps the line numbers of messages.
      } else if (line.rfind("====", 0) == 0) {
        const absl::Status status = take_config();
        if (!status.ok()) return status;
        if (line == "====") {
          in = In::kCommands;
        } else {
          name = line.substr(5);
        }
      } else {
        absl::StrAppend(&config, line, "\n");
      }
    } else if (in == In::kCommands) {
      absl::StrAppend(&result, line, "\n");
      if (line == "----") {
        in = In::kExpected;
        result += out;
        out.clear();
      } else if (!line.empty() && line[0] != '#') {
        const absl::Status status = runner.Run(line, &out);
        if (!status.ok()) return status;
      }
    } else if (line.empty()) {
      in = In::kCommands;
      result += '\n';
    }
  }
  if (in == In::kConfig) {
    return absl::InvalidArgumentError("no \"====\": no commands");
  }
  if (!out.empty()) {
    return absl::InvalidArgumentError("the last commands have no \"----\"");
  }
  while (result.size() > 1 && result[result.size() - 1] == '\n' &&
         result[result.size() - 2] == '\n') {
    result.pop_back();
  }
  return result;
}

}  // namespace callrouter::testing
