// Runs the commands of scenario_language.h: the class behind RunScenario.

#ifndef CALLROUTER_TESTS_SCENARIO_RUNNER_H_
#define CALLROUTER_TESTS_SCENARIO_RUNNER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "callrouter/engine.h"
#include "callrouter/outbound.h"

namespace callrouter::testing {

class ScenarioRunner {
 public:
  absl::Status Setup(std::string_view options, std::string_view config,
                     std::string_view file);
  absl::Status AddConfiguration(const std::string& name, std::string_view text,
                                std::string_view file);
  // Runs one command; its decisions are appended to `*out`.
  absl::Status Run(const std::string& line, std::string* out);

 private:
  using Words = std::vector<std::string>;
  static inline const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);
  // --- Words of a command ---
  static Words Split(std::string_view line);
  static bool IsTime(const std::string& word, absl::Duration* time);
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
  absl::StatusOr<bool> RunDialing();
  absl::Status SetDials(const std::string& how);

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
  std::optional<OutboundSetup> setup_;
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

}  // namespace callrouter::testing

#endif  // CALLROUTER_TESTS_SCENARIO_RUNNER_H_
