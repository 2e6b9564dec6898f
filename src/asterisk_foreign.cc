#include "asterisk_foreign.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "asterisk_keys.h"
#include "asterisk_ledger.h"
#include "asterisk_lines.h"

namespace callrouter::asterisk {
namespace {

// What the content lines of a file are, counted.
struct Census {
  int content = 0;  // Neither blank nor comment.
  int sections = 0;
  int directives = 0;
  int assignments = 0;  // Outside [general].
  int general = 0;      // Inside [general].
  int queue_keys = 0;
  int strong_keys = 0;  // Those that only a queue has.
  int penalty_changes = 0;
  int dialplan = 0;
  int skill_rules = 0;
  int yaml = 0;  // "key: value" or "- item"
  bool names_skills = false;
  std::string first;        // The first content line.
  std::string unknown_key;  // The first key that is nobody's.
};

bool Contains(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

bool LooksLikeYaml(std::string_view line) {
  if (line == "---" || line == "..." || line.substr(0, 2) == "- ") return true;
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  if (colon + 1 < line.size() && line[colon + 1] != ' ') return false;
  return line.substr(0, colon).find_first_of("=[]#;,") ==
         std::string_view::npos;
}

void CountAssignment(std::string_view line, size_t equals, bool general,
                     Census* census) {
  size_t end = equals;
  if (end > 0 && line[end - 1] == '+') --end;
  const std::string_view key = Strip(line.substr(0, end));
  if (general) {
    ++census->general;
    return;
  }
  ++census->assignments;
  if (EqualWords(key, "penaltychange")) {
    ++census->penalty_changes;
  } else if (FindQueueKey(key).key != Key::kUnknown ||
             FindGeneralKey(key).known) {
    ++census->queue_keys;
    bool shared = false;
    for (const char* word : {"context", "timeout", "announce", "weight",
                             "musicclass", "music", "musiconhold"}) {
      shared = shared || EqualWords(key, word);
    }
    if (!shared) ++census->strong_keys;
  } else {
    for (const char* word :
         {"exten", "same", "include", "switch", "ignorepat"}) {
      if (EqualWords(key, word)) ++census->dialplan;
    }
    if (EqualWords(key, "rule")) ++census->skill_rules;
    if (census->unknown_key.empty()) census->unknown_key = Quoted(key);
  }
}

Census Count(std::string_view text) {
  Census census;
  CommentFilter comments;
  bool general = false;
  for (const std::string_view raw : SplitLines(text)) {
    const std::string kept = comments.Filter(raw, {});
    const std::string_view line = Strip(kept);
    if (line.empty()) {
      if (Contains(raw, "queueskill")) census.names_skills = true;
      continue;
    }
    if (census.content++ == 0) census.first = std::string(line);
    if (LooksLikeYaml(line)) ++census.yaml;
    const size_t equals = line.find('=');
    const size_t close = line.find(']');
    if (line[0] == '[' && close != std::string_view::npos) {
      ++census.sections;
      general = EqualWords(line.substr(1, close - 1), "general");
    } else if (line[0] == '#') {
      ++census.directives;
      if (Contains(line, "queueskill")) census.names_skills = true;
    } else if (equals != std::string_view::npos) {
      CountAssignment(line, equals, general, &census);
    }
  }
  return census;
}

// What kind of text this is, by its form alone.
std::string ForeignForm(std::string_view text, const Census& census) {
  if (Contains(text, std::string_view("\0", 1))) {
    const bool wide =
        text.substr(0, 2) == "\xFF\xFE" || text.substr(0, 2) == "\xFE\xFF";
    return wide ? "this is UTF-16 text; save it as UTF-8"
                : "this is a binary file";
  }
  const std::string_view first = census.first;
  if (first.empty()) return {};
  if (first.substr(0, 2) == "#!") return "this is a script";
  if (first[0] == '<' && first.size() > 1) return "this is XML or HTML";
  if (first[0] == '{' || first == "[" || first.substr(0, 2) == "[{" ||
      first.substr(0, 2) == "[\"") {
    return "this is JSON";
  }
  if (first.substr(0, 5) == "-----") return "this is a key or a certificate";
  if (first == "---" || first.substr(0, 4) == "--- " ||
      first.substr(0, 5) == "%YAML" ||
      (census.sections == 0 && census.yaml * 2 > census.content)) {
    return "this is YAML";
  }
  return {};
}

std::string ForeignSkills(const AsteriskFile& file, const Census& census) {
  const std::string base = Lower(BaseName(file.path));
  const bool named = Contains(base, "queueskill");
  const bool no_key = census.queue_keys == 0 && census.penalty_changes == 0;
  if (no_key && census.skill_rules > 0 &&
      census.skill_rules * 2 >= census.assignments) {
    return "these are skill rules of a product that extends Asterisk "
           "(queueskillrules.conf)";
  }
  if (!named && !(census.names_skills && no_key && census.sections == 0)) {
    return {};
  }
  return Contains(base, "rule")
             ? "this is queueskillrules.conf, the skill rules of a product "
               "that extends Asterisk"
             : "this is a skills file (queueskills.conf) of a product that "
               "extends Asterisk";
}

std::string ForeignContent(const Census& census, FileRole role) {
  const int own = census.queue_keys + census.penalty_changes;
  if (census.dialplan >= 2 && census.dialplan * 2 > census.assignments &&
      census.queue_keys == 0) {
    return "this is a dialplan (extensions.conf)";
  }
  if (role == FileRole::kQueues && census.penalty_changes > 0 &&
      census.queue_keys == 0) {
    return "these are overflow rules (queuerules.conf); give the file as the "
           "rules";
  }
  if (role == FileRole::kRules && census.queue_keys > 0 &&
      census.penalty_changes == 0) {
    return "these are queues (queues.conf); give the file as the queues";
  }
  // Keys such as timeout are other files' too; a slip or two is no reason.
  const int unknown = census.assignments - own;
  if (census.strong_keys + census.penalty_changes == 0 &&
      unknown >= (own == 0 ? 2 : 4) && unknown > 2 * own) {
    return absl::StrCat(
        "hardly a key in it is one of such a file; the first other is ",
        census.unknown_key);
  }
  if (own == 0 && census.sections == 0 && census.directives == 0 &&
      census.general == 0 && census.content >= 2) {
    return "there is no [section] and no key = value in it";
  }
  return {};
}

}  // namespace

std::string LooksForeign(const AsteriskFile& file, FileRole role) {
  std::string_view text = file.text;
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  const Census census = Count(text);
  std::string reason = ForeignForm(text, census);
  if (reason.empty() && role != FileRole::kIncluded) {
    reason = ForeignSkills(file, census);
    if (reason.empty()) reason = ForeignContent(census, role);
  }
  if (reason.empty()) return reason;
  return absl::StrCat(reason, role == FileRole::kRules
                                  ? "; expected a queuerules.conf"
                              : role == FileRole::kQueues
                                  ? "; expected a queues.conf"
                                  : "; expected Asterisk configuration");
}

}  // namespace callrouter::asterisk
