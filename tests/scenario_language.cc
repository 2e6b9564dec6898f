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
#include "tests/scenario_runner.h"

namespace callrouter::testing {

namespace {

std::string Text(std::string_view text) { return std::string(text); }

}  // namespace

// Words divided by blanks; a word may hold a quoted part: needs="a and b". A
// backslash takes the next character as it is.
ScenarioRunner::Words ScenarioRunner::Split(std::string_view line) {
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

bool ScenarioRunner::IsTime(const std::string& word, absl::Duration* time) {
  return !word.empty() && word[0] >= '0' && word[0] <= '9' &&
         absl::ParseDuration(word, time);
}

// --- Setup ------------------------------------------------------------------

absl::Status ScenarioRunner::AddConfiguration(const std::string& name,
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

absl::Status ScenarioRunner::Setup(std::string_view options,
                                   std::string_view config,
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
    if (pair.first == "dials") {
      const absl::Status status = SetDials(pair.second);
      if (!status.ok()) return status;
      continue;
    }
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
  auto engine =
      setup_.has_value()
          ? Engine::Create(options_, configurations_[""], *setup_, kStart)
          : Engine::Create(options_, configurations_[""], kStart);
  if (!engine.ok()) return engine.status();
  engine_ = *std::move(engine);
  return absl::OkStatus();
}

// --- Words ------------------------------------------------------------------

bool ScenarioRunner::Take(std::string_view name, std::string* value) {
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

absl::Status ScenarioRunner::TakeFields(Event* event) {
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

uint64_t ScenarioRunner::CallRef(const std::string& name) {
  const auto made = calls_.emplace(name, calls_.size() + 1);
  call_names_[made.first->second] = name;
  return made.first->second;
}

uint64_t ScenarioRunner::AgentRef(const std::string& name) const {
  const auto it = agents_.find(name);
  return it == agents_.end() ? 999'999 : it->second;
}

// --- The engine -------------------------------------------------------------

void ScenarioRunner::Send(const Event& event) {
  decisions_.clear();
  const absl::Status status = engine_->Handle(event, Now(), &decisions_);
  Print();
  if (!status.ok()) {
    absl::StrAppend(out_, "! ", absl::StatusCodeToString(status.code()), ": ",
                    absl::string_view(status.message()), "\n");
  }
}

void ScenarioRunner::ServeUntil(absl::Duration time) {
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

void ScenarioRunner::Print() {
  for (const Decision& d : decisions_) {
    absl::StrAppend(out_, When(now_), " ", Describe(d), "\n");
    if (d.kind == DecisionKind::kConnect ||
        d.kind == DecisionKind::kRingOutside) {
      wanted_[d.call_ref] = d.sequence;
    }
  }
}

std::string ScenarioRunner::Describe(const Decision& d) const {
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
  if (d.attempt != 0) absl::StrAppend(&s, " attempt=", d.attempt);
  if (d.lead != 0) absl::StrAppend(&s, " lead=", d.lead);
  if (!d.shown.none()) absl::StrAppend(&s, " shown=", d.shown.ToString());
  if (d.deadline != absl::InfiniteFuture()) {
    absl::StrAppend(&s, " until=", When(d.deadline));
  }
  return s;
}

absl::Status ScenarioRunner::Run(const std::string& line, std::string* out) {
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
       {&ScenarioRunner::RunAgents, &ScenarioRunner::RunCalls,
        &ScenarioRunner::RunOffers, &ScenarioRunner::RunProfile,
        &ScenarioRunner::RunClock, &ScenarioRunner::RunSync,
        &ScenarioRunner::RunDialing, &ScenarioRunner::RunShow}) {
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

absl::StatusOr<std::string> RunScenario(std::string_view text,
                                        std::string_view file_name) {
  enum class In { kConfig, kCommands, kExpected } in = In::kConfig;
  std::string result, options, config, name, out;
  ScenarioRunner runner;
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
