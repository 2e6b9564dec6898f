#include "sim_trace.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace callrouter::sim {
namespace {

absl::string_view View(std::string_view text) {
  return absl::string_view(text.data(), text.size());
}

std::string Because(Reason reason) {
  if (reason == Reason::kNone) return "";
  return absl::StrCat(" (", View(ReasonName(reason)), ")");
}

}  // namespace

Trace::Trace(const Scenario& scenario, const Engine& engine)
    : scenario_(scenario), engine_(engine), zone_(absl::UTCTimeZone()) {
  absl::LoadTimeZone(scenario.time_zone, &zone_);
}

void Trace::Add(int64_t at_us, uint32_t call, std::string_view text) {
  if (absl::Microseconds(at_us) < scenario_.trace_from) return;
  if (lines_.size() >= static_cast<std::size_t>(scenario_.trace_lines)) {
    ++left_out_;
    return;
  }
  const absl::Time at = scenario_.start + absl::Microseconds(at_us);
  std::string line = absl::FormatTime("%H:%M:%S  ", at, zone_);
  if (call != 0) absl::StrAppend(&line, "call ", call, " ");
  absl::StrAppend(&line, View(text));
  lines_.push_back(std::move(line));
}

void Trace::Event(int64_t at_us, uint32_t call, std::string_view what) {
  Add(at_us, call, what);
}

std::string Trace::StepText(const callrouter::Decision& decision) const {
  const std::string name(engine_.QueueName(decision.queue));
  for (const QueueConfig& queue : scenario_.configuration.queues) {
    if (queue.name != name) continue;
    for (const Plan& plan : scenario_.configuration.plans) {
      const auto index = static_cast<std::size_t>(decision.value);
      if (plan.name != queue.plan || index >= plan.steps.size()) continue;
      const std::string& id = plan.steps[index].id;
      return id.empty() ? absl::StrCat("#", index + 1) : id;
    }
  }
  return absl::StrCat("#", decision.value + 1);
}

void Trace::Decision(int64_t at_us, uint32_t call,
                     const callrouter::Decision& decision) {
  const callrouter::Decision& d = decision;
  const absl::string_view agent = View(engine_.View(d.agent).name);
  const absl::string_view queue = View(engine_.QueueName(d.queue));
  const std::string why = Because(d.reason);
  std::string text;
  switch (d.kind) {
    case DecisionKind::kOffer:
      text = absl::StrCat("rings ", agent, why);
      break;
    case DecisionKind::kCancelOffer:
      text = absl::StrCat("stops ringing ", agent, why);
      break;
    case DecisionKind::kConnect:
      text = absl::StrCat("is answered by ", agent);
      break;
    case DecisionKind::kReleaseAgent:
      text = absl::StrCat("lets ", agent, " go", why);
      break;
    case DecisionKind::kQueued:
      text = absl::StrCat("waits in ", queue, ", ", d.value, " waiting", why);
      break;
    case DecisionKind::kRingOutside:
      text = absl::StrCat("rings ", View(d.destination), why);
      break;
    case DecisionKind::kCancelOutside:
      text = absl::StrCat("stops ringing outside", why);
      break;
    case DecisionKind::kSendOutside:
      text = absl::StrCat("is sent to ", View(d.destination), why);
      break;
    case DecisionKind::kHangUp:
      text = absl::StrCat("is hung up, cause ", View(CauseName(d.cause)), why);
      break;
    case DecisionKind::kRefuse:
      text = absl::StrCat("is refused: ", View(CauseName(d.cause)), why);
      break;
    case DecisionKind::kStep:
      text = absl::StrCat("takes step ", StepText(d), " of ", queue);
      break;
    case DecisionKind::kClosed:
      text = absl::StrCat("is closed", why);
      break;
    case DecisionKind::kAgentPaused:
      text = absl::StrCat(agent, " is paused", why);
      break;
    case DecisionKind::kAgentResumed:
      text = absl::StrCat(agent, " is back from pause");
      break;
    case DecisionKind::kAgentReady:
    case DecisionKind::kConfirmAlive:
    case DecisionKind::kLate:
    case DecisionKind::kPaced:
    case DecisionKind::kDial:
    case DecisionKind::kCancelDial:
    case DecisionKind::kNeedNumber:
    case DecisionKind::kNeedLock:
    case DecisionKind::kDropped:
    case DecisionKind::kPlayMessage:
    case DecisionKind::kAttemptOver:
    case DecisionKind::kReturnCall:
    case DecisionKind::kNone:
      return;
  }
  Add(at_us, call, text);
}

}  // namespace callrouter::sim
