#include "callrouter/pacing_rules.h"

#include <algorithm>
#include <string>
#include <utility>

namespace callrouter {
namespace {

class Check {
 public:
  explicit Check(std::vector<Fault>* faults) : faults_(*faults) {}

  void Range(const std::string& field, int64_t found, int64_t low,
             int64_t high) {
    if (found >= low && found <= high) return;
    faults_.push_back({field, std::to_string(found),
                       std::to_string(low) + " to " + std::to_string(high)});
  }
  void Time(const std::string& field, absl::Duration found, absl::Duration low,
            absl::Duration high) {
    if (found >= low && found <= high) return;
    faults_.push_back(
        {field, absl::FormatDuration(found),
         absl::FormatDuration(low) + " to " + absl::FormatDuration(high)});
  }
  void Windows(const std::string& field,
               const std::vector<DropWindow>& windows) {
    Range(field + ".size", static_cast<int64_t>(windows.size()), 0, 8);
    for (std::size_t i = 0; i < windows.size(); ++i) {
      const std::string at = field + "[" + std::to_string(i) + "].";
      const DropWindow& window = windows[i];
      Range(at + "kind", static_cast<int64_t>(window.kind), 0, 3);
      Range(at + "cap_permille", window.cap_permille, 1, 500);
      if (window.kind == WindowKind::kCalendarDay ||
          window.kind == WindowKind::kCalendarMonth) {
        continue;
      }
      Time(at + "length", window.length, absl::Minutes(1),
           absl::Hours(24) * 400);
    }
  }
  void Campaign(const std::string& at, const PacedCampaign& c) {
    Range(at + "mode", static_cast<int64_t>(c.mode), 0, 6);
    Range(at + "promise", static_cast<int64_t>(c.promise), 0, 2);
    Windows(at + "windows", c.windows);
    if (c.windows.empty() &&
        (c.mode == PacingMode::kPredictive || c.mode == PacingMode::kPower)) {
      faults_.push_back(
          {at + "windows", "none", "one or more: these modes drop calls"});
    }
    Range(at + "overrun_permille", c.overrun_permille, 1, 500);
    Range(at + "weight", c.weight, 1, 1'000'000);
    Range(at + "lines_per_agent_permille", c.lines_per_agent_permille, 1'000,
          20'000);
    Range(at + "lines_max", c.lines_max, 1, 1'000'000);
    Range(at + "starts_per_second", c.starts_per_second, 1, 100'000);
    Time(at + "ring_timeout", c.ring_timeout, absl::Seconds(5),
         absl::Seconds(60));
    Time(at + "patience", c.patience, absl::ZeroDuration(), absl::Seconds(60));
    Waiting(at, c);
    Range(at + "false_machine_permille", c.false_machine_permille, 0, 1'000);
    Time(at + "preview_time", c.preview_time, absl::Seconds(1), absl::Hours(1));
    for (std::size_t i = 0; i < c.carriers.size(); ++i) {
      const std::string field = at + "carriers[" + std::to_string(i) + "]";
      const uint16_t found = c.carriers[i];
      if (found >= carriers_) {
        faults_.push_back(
            {field, std::to_string(found),
             "the index of one of " + std::to_string(carriers_) + " carriers"});
      } else if (std::count(c.carriers.begin(), c.carriers.end(), found) > 1) {
        faults_.push_back({field, std::to_string(found), "each carrier once"});
      }
    }
  }
  // What becomes of those who wait.
  void Waiting(const std::string& at, const PacedCampaign& c) {
    Range(at + "patience_from", static_cast<int64_t>(c.patience_from), 0, 2);
    Time(at + "greeting_max", c.greeting_max, absl::ZeroDuration(),
         absl::Seconds(60));
    Range(at + "overdue", static_cast<int64_t>(c.overdue), 0, 3);
    Time(at + "notice", c.notice, absl::ZeroDuration(), c.patience);
    Time(at + "hold_max", c.hold_max, absl::Seconds(1), absl::Hours(1));
    Range(at + "after_hold", static_cast<int64_t>(c.after_hold), 1, 2);
  }
  void Carriers(const std::vector<PacedCarrier>& carriers) {
    carriers_ = carriers.size();
    Range("carriers.size", static_cast<int64_t>(carriers.size()), 0, 256);
    for (std::size_t i = 0; i < carriers.size(); ++i) {
      const std::string at = "carriers[" + std::to_string(i) + "].";
      Range(at + "lines_max", carriers[i].lines_max, 1, 1'000'000);
      Range(at + "starts_per_second", carriers[i].starts_per_second, 1,
            100'000);
    }
  }

 private:
  std::vector<Fault>& faults_;
  std::size_t carriers_ = 0;
};

}  // namespace

std::vector<Fault> FindFaults(const PacerOptions& options) {
  std::vector<Fault> faults;
  Check check(&faults);
  check.Range("campaigns.size", static_cast<int64_t>(options.campaigns.size()),
              1, 1'000);
  check.Carriers(options.carriers);
  for (std::size_t i = 0; i < options.campaigns.size(); ++i) {
    check.Campaign("campaigns[" + std::to_string(i) + "].",
                   options.campaigns[i]);
  }
  check.Windows("windows", options.windows);
  check.Range("agents_max", options.agents_max, 1, 100'000);
  check.Range("lines_max", options.lines_max, 1, 1'000'000);
  check.Range("starts_per_second", options.starts_per_second, 1, 100'000);
  check.Range("agents_kept_free", options.agents_kept_free, 0,
              options.agents_max);
  check.Time("service_guess", options.service_guess, absl::Seconds(1),
             absl::Hours(1));
  check.Range("answer_half_life", options.answer_half_life, 50, 100'000);
  check.Range("kinds_max", options.kinds_max, 16, 1'000'000);
  check.Range("records_max", options.records_max, 0, 1'000'000);
  return faults;
}

std::string_view Name(PacingMode mode) {
  switch (mode) {
    case PacingMode::kPreview:
      return "preview";
    case PacingMode::kProgressive:
      return "progressive";
    case PacingMode::kPower:
      return "power";
    case PacingMode::kPredictive:
      return "predictive";
    case PacingMode::kAgentFirst:
      return "agent first";
    case PacingMode::kAgentless:
      return "agentless";
    case PacingMode::kTimedPreview:
      return "timed preview";
  }
  return "unknown";
}

std::string_view Name(Overdue overdue) {
  switch (overdue) {
    case Overdue::kHost:
      return "host";
    case Overdue::kRelease:
      return "release";
    case Overdue::kMessage:
      return "message";
    case Overdue::kHold:
      return "hold";
  }
  return "unknown";
}

std::string_view Name(DropPromise promise) {
  switch (promise) {
    case DropPromise::kAuto:
      return "auto";
    case DropPromise::kBudget:
      return "budget";
    case DropPromise::kStrict:
      return "strict";
  }
  return "unknown";
}

std::string_view Name(WindowKind kind) {
  switch (kind) {
    case WindowKind::kCalendarDay:
      return "calendar day";
    case WindowKind::kCalendarMonth:
      return "calendar month";
    case WindowKind::kSuccessive:
      return "successive";
    case WindowKind::kRolling:
      return "rolling";
  }
  return "unknown";
}

}  // namespace callrouter
