// The settings of one queue, one by one: the second half of QueueImporter.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "asterisk_queues.h"

namespace callrouter::asterisk {
namespace {

struct StrategyEntry {
  std::string_view name;
  v1::Strategy::Order order;
  v1::Strategy::Ring ring;
  bool weighted;
  std::string_view note;
};

constexpr std::string_view kLinearNote =
    "Asterisk goes on where the caller's last attempt stopped; here the agent "
    "who missed the call is skipped until the others have been rung";

const StrategyEntry kStrategies[] = {
    {"ringall", v1::Strategy::ORDER_UNSPECIFIED, v1::Strategy::ALL, false, {}},
    {"leastrecent", v1::Strategy::LONGEST_IDLE, v1::Strategy::ONE, false, {}},
    {"fewestcalls", v1::Strategy::FEWEST_CALLS, v1::Strategy::ONE, false, {}},
    {"random", v1::Strategy::RANDOM, v1::Strategy::ONE, false, {}},
    {"rrmemory", v1::Strategy::ROUND_ROBIN, v1::Strategy::ONE, false, {}},
    {"roundrobin", v1::Strategy::ROUND_ROBIN, v1::Strategy::ONE, false,
     "an old name that Asterisk reads as rrmemory"},
    {"rrordered", v1::Strategy::ROUND_ROBIN, v1::Strategy::ONE, false, {}},
    {"linear", v1::Strategy::LINEAR, v1::Strategy::ONE, false, kLinearNote},
    {"wrandom", v1::Strategy::WEIGHTED_RANDOM, v1::Strategy::ONE, true,
     "the chance is in proportion to 1000 / (1 + penalty); Asterisk draws a "
     "number below 1000 x (1 + penalty) for each and takes the smallest"},
};

constexpr std::string_view kStrategyNames =
    "ringall, leastrecent, fewestcalls, random, rrmemory, rrordered, linear "
    "or wrandom";

struct EmptyWordEntry {
  std::string_view name;
  uint32_t states;
  bool replaces;
};

constexpr uint32_t kEmptyLoose = kEmptyPenalty | kEmptyInvalid;
constexpr uint32_t kEmptyYes = kEmptyLoose | kEmptyPaused;
constexpr uint32_t kEmptyBusy = kEmptyInUse | kEmptyRinging | kEmptyWrapUp;

const EmptyWordEntry kEmptyWords[] = {
    {"paused", kEmptyPaused, false},
    {"penalty", kEmptyPenalty, false},
    {"inuse", kEmptyInUse, false},
    {"ringing", kEmptyRinging, false},
    {"unavailable", kEmptyUnavailable, false},
    {"invalid", kEmptyInvalid, false},
    {"unknown", kEmptyUnknown, false},
    {"wrapup", kEmptyWrapUp, false},
    {"loose", kEmptyLoose, true},
    {"strict", kEmptyYes | kEmptyUnavailable, true},
};

constexpr std::string_view kHangUpRemark =
    "full, joinempty, leavewhenempty: Asterisk goes on in the dialplan with a "
    "result (FULL, JOINEMPTY, LEAVEEMPTY); here the call is hung up with a "
    "cause: put where the dialplan sends it (send_outside, move_to_queue) in "
    "that place";

std::string WithNote(std::string_view a, std::string_view b) {
  std::string both(a);
  if (!a.empty() && !b.empty()) both += "; ";
  both += b;
  return both;
}

}  // namespace

void QueueImporter::ReadStrategy(const Value& value, Draft* draft) {
  v1::Strategy* strategy = draft->queue->mutable_strategy();
  for (const StrategyEntry& entry : kStrategies) {
    if (!EqualWords(entry.name, value.text)) continue;
    if (entry.order != v1::Strategy::ORDER_UNSPECIFIED) {
      strategy->set_order(entry.order);
    }
    strategy->set_ring(entry.ring);
    if (entry.weighted) {
      strategy->set_ignore_penalty(true);
      draft->weighted_by_penalty = true;
    }
    return Map(value, entry.note);
  }
  Map(value,
      absl::StrCat(
          "found ", Quoted(value.text), ", expected ",
          absl::string_view(kStrategyNames.data(), kStrategyNames.size()),
          "; ringall is used, as Asterisk does"),
      true);
}

void QueueImporter::ReadTimeout(const Value& value, Draft* draft) {
  std::string odd;
  std::string note;
  draft->ring = Number(value, &odd);
  const bool negative = draft->ring < 0;
  if (negative) {
    draft->ring = 15;
    note = "negative, so Asterisk uses 15";
  } else if (draft->ring == 0) {
    note = "0 is no limit: an offer rings until it ends otherwise";
  } else if (draft->ring > kSecondsMax) {
    note = "cut to 1000 hours";
  }
  Map(value, WithNote(odd, note), negative || !odd.empty());
}

void QueueImporter::ReadRetry(const Value& value, Draft* draft) {
  std::string odd;
  draft->retry = Number(value, &odd);
  std::string note =
      "the agent who missed a call is not rung again with it for so long; the "
      "next agent is rung at once";
  if (draft->retry <= 0) {
    draft->retry = 5;
    note = WithNote("not positive, so Asterisk uses 5", note);
  }
  Map(value, WithNote(odd, note), !odd.empty());
}

void QueueImporter::ReadAutoPause(const Value& value, Draft* draft) {
  const bool all = EqualWords(value.text, "all");
  const Truth truth = ReadTruth(value.text);
  if (all || truth == Truth::kTrue) {
    draft->queue->mutable_misses()->set_pause_after(1);
    return Map(value, all ? ""
                          : "an agent is paused as a whole here, in all its "
                            "queues");
  }
  if (truth == Truth::kFalse) return Map(value);
  Map(value,
      absl::StrCat("found ", Quoted(value.text),
                   ", expected yes, no or all; Asterisk reads it as no"),
      true);
}

void QueueImporter::ReadSwitch(Key key, const Value& value) {
  const Truth truth = ReadTruth(value.text);
  const bool on = truth == Truth::kTrue;
  std::string odd;
  if (truth == Truth::kNeither) {
    odd = absl::StrCat("found ", Quoted(value.text),
                       ", expected yes or no; Asterisk reads it as no");
  }
  const bool warning = !odd.empty();
  if (key == Key::kTimeoutRestart) {
    if (on) return Map(value, "each offer rings its full time anyway");
    return Ignore(value, WithNote(odd, "each offer rings its full time here"),
                  warning);
  }
  if (key == Key::kAutoFill) {
    if (on) return Map(value, "waiting calls never hold one another up here");
    return Ignore(
        value,
        WithNote(odd,
                 "calls are not served one after the other here: no call "
                 "waits while an agent for it is free"),
        warning);
  }
  if (on) {
    return Ignore(value,
                  "an agent in a call is not rung with another here; give the "
                  "agent a capacity of 2 for that");
  }
  Map(value, odd, warning);
}

void QueueImporter::ReadLimits(Key key, const Value& value, Draft* draft) {
  std::string odd;
  const int32_t number = Number(value, &odd);
  const int32_t least = std::max(number, 0);
  std::string note = odd;
  v1::Queue* queue = draft->queue;
  if (number < 0) note = WithNote(odd, "negative, so it counts as 0");
  if (number > kSecondsMax &&
      (key == Key::kWrapUpTime || key == Key::kServiceLevel)) {
    note = WithNote(odd, "cut to 1000 hours");
  }
  const std::string seconds = absl::StrCat(std::min(least, kSecondsMax), "s");
  switch (key) {
    case Key::kWeight:
      queue->set_weight(std::clamp(number, -1'000'000, 1'000'000));
      note = odd;
      break;
    case Key::kMaxLen:
      queue->mutable_entry()->set_waiting_max(least);
      if (least > 0) {
        queue->mutable_entry()
            ->mutable_when_full()
            ->mutable_hang_up()
            ->set_cause("busy");
        ledger_.Remark(std::string(kHangUpRemark));
      }
      break;
    case Key::kWrapUpTime:
      queue->set_wrap_up(seconds);
      break;
    case Key::kServiceLevel:
      if (least == 0) {
        return Ignore(value,
                      WithNote(note,
                               "0 makes the figure meaningless; the "
                               "target stays 20 s"),
                      !odd.empty());
      }
      queue->set_service_level_target(seconds);
      break;
    default:  // kPenaltyMembersLimit
      if (static_cast<size_t>(least) >= draft->members.size() && least > 0) {
        draft->penalties_ignored = true;
        queue->mutable_strategy()->set_ignore_penalty(true);
        note = WithNote(odd,
                        "penalties are ignored: the file gives no more "
                        "members than that; members added later are not "
                        "counted");
      }
      break;
  }
  Map(value, note, !odd.empty());
}

EmptyWord ReadEmptyWord(std::string_view word, bool joining, uint32_t* states) {
  for (const EmptyWordEntry& entry : kEmptyWords) {
    if (!EqualWords(entry.name, word)) continue;
    *states = entry.replaces ? entry.states : *states | entry.states;
    return {true, entry.replaces};
  }
  const Truth truth = ReadTruth(word);
  if (truth == Truth::kNeither) return {};
  // joinempty=no and leavewhenempty=yes both turn callers away.
  const bool strict = joining == (truth == Truth::kFalse);
  *states = strict ? kEmptyYes : 0;
  return {true, true};
}

// Words add up over repeated keys; a word for a whole set voids what came
// before it. Gives the values that count, in order, with what is odd in them.
std::vector<QueueImporter::EmptyValue> QueueImporter::CollectEmpty(
    Key key, const Draft& draft, uint32_t* states) {
  std::vector<EmptyValue> counting;
  for (const Value& value : draft.section->values) {
    if (FindQueueKey(value.key).key != key) continue;
    std::string odd;
    std::string_view rest = value.text;
    while (true) {
      const size_t comma = rest.find(',');
      const std::string_view word = rest.substr(0, comma);
      const EmptyWord read =
          ReadEmptyWord(word, key == Key::kJoinEmpty, states);
      if (read.replaces) {
        for (const EmptyValue& before : counting) {
          Ignore(*before.value,
                 absl::StrCat("overridden by ",
                              ledger_.Where(value.at(), before.value->at())));
        }
        counting.clear();
      } else if (!read.known) {
        odd = absl::StrCat(
            "found ", Quoted(word),
            ", expected yes, no, strict, loose or states such as "
            "paused,invalid without blanks; Asterisk ignores that word");
      }
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
    counting.push_back({&value, odd});
  }
  return counting;
}

void QueueImporter::ReadEmpty(Key key, Draft* draft) {
  uint32_t states = 0;
  const std::vector<EmptyValue> counting = CollectEmpty(key, *draft, &states);
  if (counting.empty()) return;
  constexpr std::string_view kBusyCount =
      "agents who are busy, ringing or in wrap-up count as there";
  const bool only_busy =
      states != 0 && (states & ~(kEmptyBusy | kEmptyPenalty)) == 0;
  std::string note;
  if (states == 0) {
    note =
        key == Key::kJoinEmpty ? "everybody may join" : "nobody is sent away";
  } else if (only_busy) {
    note = std::string(kBusyCount);
  } else {
    ApplyEmpty(key, states, draft);
    note = (states & kEmptyPaused) != 0
               ? "nobody available: no agent of the queue is logged in and "
                 "not paused"
               : "nobody logged in: an agent whose device is not reachable "
                 "counts as logged out";
    if ((states & kEmptyBusy) != 0) note = WithNote(note, kBusyCount);
  }
  for (const EmptyValue& each : counting) {
    const std::string all = WithNote(each.odd, note);
    if (only_busy) {
      Ignore(*each.value, all, !each.odd.empty());
    } else {
      Map(*each.value, all, !each.odd.empty());
    }
  }
}

void QueueImporter::ApplyEmpty(Key key, uint32_t states, Draft* draft) {
  ledger_.Remark(std::string(kHangUpRemark));
  const bool paused = (states & kEmptyPaused) != 0;
  if (key == Key::kJoinEmpty) {
    v1::Entry* entry = draft->queue->mutable_entry();
    entry->mutable_when_nobody_logged_in()->mutable_hang_up()->set_cause(
        "no_answer");
    if (paused) {
      entry->mutable_when_nobody_available()->mutable_hang_up()->set_cause(
          "no_answer");
    }
    return;
  }
  v1::Step* step = draft->plan.add_step();
  step->set_id("leave_when_empty");
  step->mutable_when()->set_nobody_available(paused);
  step->mutable_when()->set_nobody_logged_in(!paused);
  step->mutable_hang_up()->set_cause("no_answer");
}

}  // namespace callrouter::asterisk
