// The commands of a scenario about people who are dialled.

#include <map>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "tests/outbound_centre.h"
#include "tests/scenario_runner.h"

namespace callrouter::testing {

// "message", "release" or "hold", with "+numbers" and "+locks".
absl::Status ScenarioRunner::SetDials(const std::string& how) {
  OutboundSetup setup = SmallOutbound();
  OutboundCampaign& campaign = setup.groups[0].campaigns[0];
  for (const absl::string_view part : absl::StrSplit(how, '+')) {
    if (part == "release") {
      campaign.unserved = Unserved::kRelease;
    } else if (part == "hold") {
      campaign.hold = absl::Seconds(30);
    } else if (part == "numbers") {
      AddNumbers(&setup);
    } else if (part == "locks") {
      setup.locks_elsewhere = true;
    } else if (part != "message") {
      return absl::InvalidArgumentError(
          "dials: expected message, release or "
          "hold, and +numbers, +locks");
    }
  }
  setup_ = setup;
  return absl::OkStatus();
}

absl::StatusOr<bool> ScenarioRunner::RunDialing() {
  static const auto* const results = new std::map<std::string, AttemptResult>{
      {"says", AttemptResult::kDisposition},
      {"rang-out", AttemptResult::kNoAnswer},
      {"is-busy", AttemptResult::kBusy},
      {"unreachable", AttemptResult::kFailed},
      {"given-up", AttemptResult::kCancelled}};
  const std::string& word = words_[0];
  if (word == "lead") {
    for (std::size_t i = 1; i < words_.size(); ++i) {
      uint64_t lead = 0;
      if (!absl::SimpleAtoi(words_[i], &lead)) return Wrong("expected leads");
      decisions_.clear();
      const absl::Status status =
          engine_->outbound()->PutLead(OneLead(lead), Now(), &decisions_);
      Print();
      if (!status.ok()) return status;
    }
    return true;
  }
  const auto result = results->find(word);
  const bool known = word == "rings" || word == "person" || word == "machine" ||
                     word == "lock" || word == "no-lock" ||
                     word == "sync-attempt" || result != results->end();
  if (!known) return false;
  Event event = Event::Of(EventKind::kAttemptProgress);
  if (words_.size() < 2 || !absl::SimpleAtoi(words_[1], &event.attempt)) {
    return Wrong("expected an attempt");
  }
  if (word == "person") {
    if (words_.size() != 3) return Wrong("expected an attempt and a call");
    event.progress = AttemptProgress::kPerson;
    event.call_ref = CallRef(words_[2]);
  } else if (word == "machine") {
    event.progress = AttemptProgress::kMachine;
  } else if (word == "lock" || word == "no-lock") {
    event.kind =
        word == "lock" ? EventKind::kLockGranted : EventKind::kLockRefused;
  } else if (word == "sync-attempt") {
    event.kind = EventKind::kSyncAttempt;
  } else if (result != results->end()) {
    event.kind = EventKind::kAttemptResult;
    event.result = result->second;
    if (words_.size() > 2) event.text = words_[2];
  }
  Send(event);
  return true;
}

}  // namespace callrouter::testing
