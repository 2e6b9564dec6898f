#include "callrouter/line_record.h"

namespace callrouter {

std::string_view Name(LineEvent event) {
  switch (event) {
    case LineEvent::kPerson:
      return "person";
    case LineEvent::kMachine:
      return "machine";
    case LineEvent::kNoAnswer:
      return "no answer";
    case LineEvent::kBusy:
      return "busy";
    case LineEvent::kFailed:
      return "failed";
    case LineEvent::kCancelled:
      return "cancelled";
    case LineEvent::kDropped:
      return "dropped";
    case LineEvent::kHungUp:
      return "hung up";
    case LineEvent::kRinging:
      return "ringing";
    case LineEvent::kAnswered:
      return "answered";
    case LineEvent::kGreetingBegan:
      return "greeting began";
    case LineEvent::kGreetingEnded:
      return "greeting ended";
    case LineEvent::kEnded:
      return "ended";
    case LineEvent::kWasMachine:
      return "was a machine";
  }
  return "unknown";
}

std::string_view Name(LineAction action) {
  switch (action) {
    case LineAction::kRelease:
      return "release";
    case LineAction::kMessage:
      return "message";
    case LineAction::kHold:
      return "hold";
    case LineAction::kDial:
      return "dial";
  }
  return "unknown";
}

std::string_view Name(LineOutcome outcome) {
  switch (outcome) {
    case LineOutcome::kConversation:
      return "conversation";
    case LineOutcome::kMachine:
      return "machine";
    case LineOutcome::kNoAnswer:
      return "no answer";
    case LineOutcome::kBusy:
      return "busy";
    case LineOutcome::kFailed:
      return "failed";
    case LineOutcome::kCancelled:
      return "cancelled";
    case LineOutcome::kDropped:
      return "dropped";
    case LineOutcome::kHungUp:
      return "hung up";
    case LineOutcome::kMachineAfterAll:
      return "machine after all";
  }
  return "unknown";
}

std::string_view Name(LineCharge charge) {
  switch (charge) {
    case LineCharge::kNothing:
      return "nothing";
    case LineCharge::kDrop:
      return "drop";
    case LineCharge::kAgentLeft:
      return "agent left";
    case LineCharge::kFalseMachine:
      return "false machine";
  }
  return "unknown";
}

}  // namespace callrouter
