#include "asterisk_queues.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace callrouter::asterisk {
namespace {

absl::string_view View(std::string_view text) {
  return absl::string_view(text.data(), text.size());
}

std::string Seconds(int64_t seconds) {
  return absl::StrCat(std::clamp<int64_t>(seconds, 0, kSecondsMax), "s");
}

}  // namespace

void QueueImporter::Map(const Value& value, std::string_view note,
                        bool warning) {
  for (const LineRef at : value.lines) ledger_.Map(at, note, warning);
}

void QueueImporter::Ignore(const Value& value, std::string_view reason,
                           bool warning) {
  for (const LineRef at : value.lines) ledger_.Ignore(at, reason, warning);
}

int32_t QueueImporter::Number(const Value& value, std::string* note) const {
  const Integer number = ReadInteger(value.text);
  if (!number.clean) {
    *note = absl::StrCat(
        "found ", value.text.empty() ? "nothing" : Quoted(value.text),
        ", expected an integer; Asterisk reads it as ", number.value);
  }
  return number.value;
}

void QueueImporter::Import(const Document& document) {
  for (const Section& section : document.sections) {
    if (section.is_template) continue;
    if (EqualWords(section.name, "general")) {
      ImportGeneral(section);
    } else {
      ImportQueue(section);
    }
  }
  for (const Section& section : document.sections) {
    if (section.is_template) {
      SkipSection(section, "no queue uses this template");
    }
  }
  if (config_.queue_size() == 0) ledger_.Remark("no queue was found");
}

void QueueImporter::SkipSection(const Section& section,
                                std::string_view reason) {
  for (const LineRef at : section.headers) ledger_.Ignore(at, reason);
  for (const Value& value : section.values) Ignore(value, reason);
}

void QueueImporter::ImportGeneral(const Section& section) {
  for (const LineRef at : section.headers) ledger_.Map(at);
  std::map<std::string, const Value*> last;
  for (const Value& value : section.values) last[Lower(value.key)] = &value;
  for (const Value& value : section.values) {
    const Value* winner = last[Lower(value.key)];
    const GeneralKey known = FindGeneralKey(value.key);
    if (!known.known) {
      const bool of_queue = FindQueueKey(value.key).key != Key::kUnknown;
      Ignore(value,
             of_queue ? "a queue's key, which has no effect in [general]; put "
                        "it into a template"
                      : absl::StrCat("unknown key ", Quoted(value.key),
                                     ", which Asterisk ignores too"),
             true);
      continue;
    }
    if (winner != &value) {
      Ignore(value, absl::StrCat("overridden by ",
                                 ledger_.Where(winner->at(), value.at())));
      continue;
    }
    const Truth truth = ReadTruth(value.text);
    const bool on = truth == Truth::kTrue || EqualWords(value.text, "prio");
    std::string note(on ? known.when_true : known.when_false);
    if (EqualWords(value.key, "autofill")) {
      note += "; Asterisk applies it to the queues below this line only";
    }
    if (on && known.maps_when_true) {
      Map(value, note);
    } else {
      Ignore(value, note);
    }
  }
}

void QueueImporter::ImportQueue(const Section& section) {
  const auto [first, fresh] =
      seen_.try_emplace(Lower(section.name), section.at);
  if (!fresh) {
    const std::string reason = absl::StrCat(
        "in a second section for this queue, which Asterisk "
        "skips; the first is at ",
        ledger_.Where(first->second, section.at));
    ledger_.Ignore(section.at, reason, true);
    SkipSection(section, reason);
    return;
  }
  Draft draft;
  draft.section = &section;
  draft.queue = config_.add_queue();
  draft.queue->set_name(section.name);
  draft.queue->set_members_only(true);
  draft.queue->mutable_strategy()->set_ring(v1::Strategy::ALL);
  draft.members = ReadMembers(section, &ledger_);
  ReadSettings(&draft);
  Finish(&draft);
  for (const LineRef at : section.headers) {
    ledger_.Map(at, draft.members.empty() && at == section.at
                        ? "no member here: agents join it by the host's events"
                        : "");
  }
}

void QueueImporter::ReadSettings(Draft* draft) {
  for (const Value& value : draft->section->values) {
    const KeyInfo info = FindQueueKey(value.key);
    if (info.key == Key::kUnknown) {
      UnknownKey(value);
    } else {
      draft->last[info.canonical] = &value;
    }
  }
  for (const Value& value : draft->section->values) {
    const KeyInfo info = FindQueueKey(value.key);
    if (info.key == Key::kUnknown || info.key == Key::kMember ||
        info.key == Key::kJoinEmpty || info.key == Key::kLeaveWhenEmpty) {
      continue;
    }
    const Value* winner = draft->last[info.canonical];
    if (winner != &value) {
      Ignore(value, absl::StrCat("overridden by ",
                                 ledger_.Where(winner->at(), value.at())));
    } else if (info.key == Key::kIgnored) {
      Ignore(value, info.reason);
    } else if (info.key != Key::kDefaultRule) {
      ReadSetting(info.key, value, draft);
    }
  }
  // The rule's windows are void if penaltymemberslimit says so.
  const auto rule = draft->last.find("defaultrule");
  if (rule != draft->last.end()) ReadRule(*rule->second, draft);
  ReadEmpty(Key::kJoinEmpty, draft);
  ReadEmpty(Key::kLeaveWhenEmpty, draft);
}

void QueueImporter::ReadSetting(Key key, const Value& value, Draft* draft) {
  switch (key) {
    case Key::kStrategy:
      return ReadStrategy(value, draft);
    case Key::kTimeout:
      return ReadTimeout(value, draft);
    case Key::kRetry:
      return ReadRetry(value, draft);
    case Key::kAutoPause:
      return ReadAutoPause(value, draft);
    case Key::kTimeoutRestart:
    case Key::kAutoFill:
    case Key::kRingInUse:
      return ReadSwitch(key, value);
    case Key::kWeight:
    case Key::kMaxLen:
    case Key::kWrapUpTime:
    case Key::kServiceLevel:
    case Key::kPenaltyMembersLimit:
      return ReadLimits(key, value, draft);
    default:
      return;
  }
}

void QueueImporter::UnknownKey(const Value& value) {
  for (const char* word : {"exten", "same", "include", "switch"}) {
    if (EqualWords(value.key, word)) {
      return Ignore(value,
                    "a line of the dialplan, which Asterisk ignores here too; "
                    "it belongs into extensions.conf",
                    true);
    }
  }
  std::string_view nearest;
  if (suggestions_left_ > 0) {
    --suggestions_left_;
    nearest = NearestKey(value.key);
  }
  Ignore(value,
         absl::StrCat("unknown key ", Quoted(value.key),
                      ", which Asterisk ignores too",
                      nearest.empty() ? "" : "; did you mean ", View(nearest),
                      nearest.empty() ? "" : "?"),
         true);
}

void QueueImporter::ReadRule(const Value& value, Draft* draft) {
  if (value.text.empty()) return Ignore(value, "empty: no rule");
  if (rules_ == nullptr) {
    return Ignore(value,
                  "no rules file was given; give queuerules.conf to get the "
                  "overflow steps",
                  true);
  }
  const RuleList* list = rules_->Find(value.text);
  if (list == nullptr) {
    for (const LineRef at : value.lines) {
      ledger_.Error(at, absl::StrCat("the rule ", Quoted(value.text)),
                    "a section of this name in the rules file",
                    "add it, or correct the name");
    }
    return;
  }
  if (draft->penalties_ignored) {
    return Ignore(value,
                  "penaltymemberslimit switches penalties, and so the rule, "
                  "off for this queue's few members");
  }
  ledger_.Remark(
      "rules: Asterisk lets a penaltychange move the maximum, minimum or "
      "raised penalty only if the dialplan has set QUEUE_MAX_PENALTY, "
      "QUEUE_MIN_PENALTY or QUEUE_RAISE_PENALTY before Queue(); here they "
      "count as set, to what the import was told or else to exclude nobody");
  ledger_.Remark(
      "rules: a step is taken at its second here; Asterisk takes it between "
      "two ringing attempts, up to timeout + retry later");
  AddPenaltySteps(*list, options_, &ledger_, draft->queue, &draft->plan);
  Map(value);
}

void QueueImporter::Finish(Draft* draft) {
  v1::Queue* queue = draft->queue;
  queue->set_ring(Seconds(draft->ring == 0 ? kSecondsMax : draft->ring));
  int64_t skip = draft->retry;
  if (queue->strategy().order() == v1::Strategy::LINEAR) {
    // Asterisk goes on with the next member of that penalty after each miss,
    // caller by caller, and from the last with the first.
    std::map<int32_t, int64_t> by_penalty;
    for (const Member& member : draft->members) {
      const int64_t alike = ++by_penalty[member.penalty];
      skip = std::max(skip, draft->ring * (alike - 1));
    }
  }
  queue->mutable_misses()->set_skip_for_caller(Seconds(skip));
  if (draft->plan.step_size() > 0) {
    draft->plan.set_name(queue->name() + " overflow");
    queue->set_plan(draft->plan.name());
    *config_.add_plan() = std::move(draft->plan);
  }
  int32_t position = 0;
  for (const Member& member : draft->members) {
    v1::Membership* membership =
        agents_.Enter(member, queue->name(), ++position);
    if (draft->weighted_by_penalty) {
      membership->set_weight(std::max(1, 1000 / (1 + member.penalty)));
    }
  }
}

}  // namespace callrouter::asterisk
