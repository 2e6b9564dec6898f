#include "asterisk_rules.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "callrouter/configuration.h"

namespace callrouter::asterisk {
namespace {

constexpr std::string_view kRuleForm = "seconds,maximum[,minimum[,raise]]";

// One step is kept for leaving when nobody is there.
constexpr int kPenaltyStepsMax = kPlanStepsMax - 1;

absl::string_view View(std::string_view text) {
  return absl::string_view(text.data(), text.size());
}

int32_t Moved(int32_t from, const Change& change) {
  const int64_t to = (change.relative ? int64_t{from} : 0) + change.value;
  return static_cast<int32_t>(
      std::clamp<int64_t>(to, 0, int64_t{PenaltyWindow::kPenaltyMax} + 1));
}

// The sign counts only as the very first character: a blank in front of it
// makes the number absolute.
Change ReadChange(std::string_view field, std::string* trouble) {
  Change change;
  if (field.empty()) return change;
  change.relative = field[0] == '+' || field[0] == '-';
  const Integer number = ReadInteger(field);
  change.value = number.value;
  const std::string_view text = Strip(field);
  if (!number.clean) {
    *trouble = absl::StrCat("found ", Quoted(text),
                            ", expected an integer; read as ", number.value);
  } else if (!change.relative && (text[0] == '+' || text[0] == '-')) {
    *trouble = absl::StrCat(
        "the blank before ", Quoted(text),
        " makes it a value instead of a change; remove the blank if it is to "
        "be added");
  }
  return change;
}

std::string InQuotes(const std::string& name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted.push_back('\\');
    quoted.push_back(c);
  }
  quoted.push_back('"');
  return quoted;
}

void MapAll(const std::vector<LineRef>& lines, std::string_view note,
            Ledger* ledger) {
  for (const LineRef at : lines) ledger->Map(at, note);
}

void IgnoreAll(const std::vector<LineRef>& lines, std::string_view reason,
               bool warning, Ledger* ledger) {
  for (const LineRef at : lines) ledger->Ignore(at, reason, warning);
}

// `note`, behind what is odd about the change, if anything.
std::string WithTrouble(const PenaltyChange& change, std::string_view note) {
  if (change.trouble.empty()) return std::string(note);
  return absl::StrCat(change.trouble, "; ", View(note));
}

// Why a change has no step of its own.
std::string_view WhyNothing(const PenaltyChange& change,
                            const PenaltyWindow& after) {
  const auto moves = [](const Change& c) {
    return !c.relative || c.value != 0;
  };
  if (moves(change.raise) && !moves(change.max) && !moves(change.min)) {
    return "a raised penalty makes members equal in Asterisk; here they keep "
           "being asked in the order of their penalties";
  }
  if (moves(change.max) && change.max.relative && !after.max.has_value()) {
    return "a change relative to a maximum the dialplan sets and this file "
           "does not say; give it as initial_max_penalty";
  }
  return "the same members are accepted as before";
}

}  // namespace

PenaltyWindow::PenaltyWindow(const AsteriskImportOptions& options) {
  const auto start = [](const std::optional<int32_t>& value) {
    return std::clamp(value.value_or(0), 0, kPenaltyMax);
  };
  if (options.initial_max_penalty.has_value()) {
    max = start(options.initial_max_penalty);
  }
  min = start(options.initial_min_penalty);
  raise = start(options.initial_raise_penalty);
  if (max.has_value()) {
    min = std::min(min, *max);
    raise = std::min(raise, *max);
  }
}

void PenaltyWindow::Apply(const PenaltyChange& change) {
  if (max.has_value()) {
    max = Moved(*max, change.max);
  } else if (!change.max.relative) {
    max = Moved(0, change.max);
  }
  min = Moved(min, change.min);
  raise = Moved(raise, change.raise);
  if (!change.raise.relative) raise_inside = change.raise_inside;
  if (max.has_value()) {
    min = std::min(min, *max);
    raise = std::min(raise, *max);
  }
}

// Raised members count with the raised penalty, so they pass a minimum below
// it; with "rN" only those pass who did so anyway.
int32_t PenaltyWindow::Lower() const {
  return raise >= min && !raise_inside ? 0 : min;
}

bool PenaltyWindow::excludes_nobody() const {
  return Lower() == 0 && (!max.has_value() || *max >= kPenaltyMax);
}

std::string PenaltyWindow::Requirement(const std::string& queue) const {
  const std::string name = InQuotes(queue);
  if (excludes_nobody()) return absl::StrCat("member(", name, ")");
  std::string text;
  const bool upper = max.has_value() && *max < kPenaltyMax;
  if (upper) text = absl::StrCat("penalty(", name, ") <= ", *max);
  const int32_t lower = std::min(Lower(), kPenaltyMax);
  if (lower > 0) {
    absl::StrAppend(&text, upper ? " and " : "", "penalty(", name,
                    ") >= ", lower);
  }
  return text;
}

void RuleBook::Load(const Document& document, Ledger* ledger) {
  for (const Section& section : document.sections) {
    const bool general = EqualWords(section.name, "general");
    if (section.is_template) continue;
    if (general) {
      for (const LineRef at : section.headers) ledger->Map(at);
      for (const Value& value : section.values) {
        const bool known = EqualWords(value.key, "realtime_rules");
        IgnoreAll(value.lines,
                  known ? "rules in a database are not read here"
                        : "unknown key, which Asterisk ignores too",
                  !known, ledger);
      }
      continue;
    }
    RuleList& list = lists_[Lower(section.name)];
    list.headers.insert(list.headers.end(), section.headers.begin(),
                        section.headers.end());
    for (const Value& value : section.values) {
      if (EqualWords(value.key, "penaltychange")) {
        LoadChange(value, &list, ledger);
      } else {
        IgnoreAll(value.lines,
                  absl::StrCat("unknown key ", Quoted(value.key),
                               ", which Asterisk ignores too; expected "
                               "penaltychange"),
                  true, ledger);
      }
    }
  }
  for (auto& [name, list] : lists_) {
    std::sort(list.changes.begin(), list.changes.end(),
              [](const PenaltyChange& a, const PenaltyChange& b) {
                return std::tie(a.time, a.order) < std::tie(b.time, b.order);
              });
  }
}

void RuleBook::LoadChange(const Value& value, RuleList* list, Ledger* ledger) {
  std::vector<std::string_view> fields;
  std::string_view rest = value.text;
  while (fields.size() < 3) {
    const size_t comma = rest.find(',');
    if (comma == std::string_view::npos) break;
    fields.push_back(rest.substr(0, comma));
    rest.remove_prefix(comma + 1);
  }
  fields.push_back(rest);
  const Integer time = ReadInteger(fields[0]);
  if (fields.size() < 2 || time.value < 0) {
    for (const LineRef at : value.lines) {
      ledger->Error(at, Quoted(value.text), kRuleForm,
                    fields.size() < 2
                        ? "put a comma after the seconds, and the maximum"
                        : "the seconds count from joining and are not "
                          "negative");
    }
    return;
  }
  PenaltyChange change;
  change.time = time.value;
  change.order = list->changes.size();
  change.lines = value.lines;
  std::string trouble;
  if (!time.clean) {
    trouble = absl::StrCat("found ", Quoted(fields[0]),
                           ", expected seconds; read as ", time.value);
  }
  change.max = ReadChange(fields[1], &trouble);
  if (fields.size() > 2) change.min = ReadChange(fields[2], &trouble);
  if (fields.size() > 3) {
    std::string_view raise = fields[3];
    change.raise_inside = !raise.empty() && (raise[0] == 'r');
    if (change.raise_inside) raise.remove_prefix(1);
    change.raise = ReadChange(raise, &trouble);
  }
  change.trouble = std::move(trouble);
  list->changes.push_back(std::move(change));
}

const RuleList* RuleBook::Find(std::string_view name) const {
  const auto it = lists_.find(Lower(name));
  return it == lists_.end() ? nullptr : &it->second;
}

void RuleBook::CloseUnused(Ledger* ledger) const {
  constexpr std::string_view kUnused =
      "no imported queue names this rule as its defaultrule; that a dialplan "
      "names it is not seen here";
  for (const auto& [name, list] : lists_) {
    IgnoreAll(list.headers, kUnused, false, ledger);
    for (const PenaltyChange& change : list.changes) {
      IgnoreAll(change.lines, WithTrouble(change, kUnused),
                !change.trouble.empty(), ledger);
    }
  }
}

void AddPenaltySteps(const RuleList& list, const AsteriskImportOptions& options,
                     Ledger* ledger, v1::Queue* queue, v1::Plan* plan) {
  MapAll(list.headers, {}, ledger);
  PenaltyWindow window(options);
  if (!window.excludes_nobody()) {
    queue->set_requirement(window.Requirement(queue->name()));
  }
  std::string before = window.Requirement(queue->name());
  std::set<std::string> ids;
  for (const PenaltyChange& change : list.changes) {
    window.Apply(change);
    std::string after = window.Requirement(queue->name());
    if (after == before) {
      IgnoreAll(change.lines, WithTrouble(change, WhyNothing(change, window)),
                !change.trouble.empty(), ledger);
      continue;
    }
    if (plan->step_size() >= kPenaltyStepsMax) {
      for (const LineRef at : change.lines) {
        ledger->Error(at, "one penaltychange more",
                      absl::StrCat("at most ", kPenaltyStepsMax, " in a rule"),
                      "join some of them");
      }
      continue;
    }
    v1::Step* step = plan->add_step();
    std::string id = absl::StrCat("penalty_", change.time, "s");
    for (int i = 2; !ids.insert(id).second; ++i) {
      id = absl::StrCat("penalty_", change.time, "s_", i);
    }
    const int32_t seconds = std::min(change.time, kSecondsMax);
    step->set_id(id);
    step->set_after(absl::StrCat(seconds, "s"));
    step->set_replace(after);
    const std::string note =
        WithTrouble(change, absl::StrCat("step ", id, ": ", after));
    for (const LineRef at : change.lines) {
      ledger->Map(at, note, !change.trouble.empty());
    }
    before = std::move(after);
  }
}

}  // namespace callrouter::asterisk
