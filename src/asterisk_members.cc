#include "asterisk_members.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "asterisk_keys.h"
#include "asterisk_rules.h"

namespace callrouter::asterisk {
namespace {

constexpr size_t kFields = 7;

void AddNote(std::string_view text, bool warning, Member* member) {
  if (!member->note.empty()) member->note += "; ";
  member->note += text;
  member->warning = member->warning || warning;
}

int32_t ReadNumber(const std::string& field, const char* name, int32_t most,
                   Member* member) {
  if (field.empty()) return 0;
  const Integer number = ReadInteger(field);
  if (!number.clean) {
    AddNote(absl::StrCat(name, ": found ", Quoted(field),
                         ", expected an integer; read as ",
                         std::clamp(number.value, 0, most)),
            true, member);
  } else if (number.value < 0) {
    AddNote(absl::StrCat(name, " ", number.value, " counts as 0"), true,
            member);
  } else if (number.value > most) {
    AddNote(absl::StrCat(name, " ", number.value, " cut to ", most), true,
            member);
  }
  return std::clamp(number.value, 0, most);
}

// False, with the verdict given, if the line is no member.
bool ReadMember(const Value& value, Ledger* ledger, Member* member) {
  std::vector<std::string> fields = SplitFields(value.text, kFields);
  fields.resize(kFields);
  const size_t slash = fields[0].find('/');
  if (slash == std::string::npos || slash == 0 ||
      slash + 1 == fields[0].size()) {
    for (const LineRef at : value.lines) {
      ledger->Error(at, Quoted(value.text),
                    "technology/name[,penalty[,member name[,state "
                    "interface[,ringinuse[,wrapuptime[,paused]]]]]]",
                    "begin with the interface, as in PJSIP/100");
    }
    return false;
  }
  member->interface = fields[0];
  member->penalty =
      ReadNumber(fields[1], "penalty", PenaltyWindow::kPenaltyMax, member);
  member->name = fields[2];
  member->state_interface = fields[3];
  member->ring_in_use = fields[4];
  member->wrap_up = ReadNumber(fields[5], "wrapuptime", kSecondsMax, member);
  member->paused = fields[6];
  member->lines = value.lines;
  if (ReadTruth(fields[4]) == Truth::kTrue) {
    AddNote(
        "an agent in a call is never rung with another here unless its "
        "capacity says so",
        false, member);
  } else if (!fields[4].empty() && ReadTruth(fields[4]) == Truth::kNeither) {
    AddNote(absl::StrCat("ringinuse: found ", Quoted(fields[4]),
                         ", expected yes or no; the queue's counts"),
            true, member);
  }
  if (ReadTruth(fields[6]) == Truth::kTrue) {
    AddNote(
        "that the agent begins paused is the host's to say when it logs "
        "the agent in",
        false, member);
  } else if (!fields[6].empty() && ReadTruth(fields[6]) == Truth::kNeither) {
    AddNote(absl::StrCat("paused: found ", Quoted(fields[6]),
                         ", expected yes or no; ignored"),
            true, member);
  }
  return true;
}

const std::string* FindAttribute(const v1::Agent& agent, const char* name) {
  for (const v1::Attribute& attribute : agent.attribute()) {
    if (attribute.name() == name) return &attribute.value();
  }
  return nullptr;
}

// Sets an attribute once; a second queue that says otherwise gets a note.
void SetAttribute(const char* name, const std::string& value, v1::Agent* agent,
                  std::string* note) {
  if (value.empty()) return;
  const std::string* set = FindAttribute(*agent, name);
  if (set == nullptr) {
    v1::Attribute* attribute = agent->add_attribute();
    attribute->set_name(name);
    attribute->set_value(value);
  } else if (*set != value) {
    if (!note->empty()) *note += "; ";
    absl::StrAppend(note, "the agent's ", name, " stays ", Quoted(*set),
                    ", as its first queue has it");
  }
}

}  // namespace

std::vector<std::string> SplitFields(std::string_view text, size_t most) {
  std::vector<std::string> fields(1);
  int round = 0;
  int square = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && i + 1 < text.size()) {
      fields.back().push_back(text[++i]);
      continue;
    }
    if (c == '"') {
      quoted = !quoted;
      continue;
    }
    if (c == ',' && !quoted && round == 0 && square == 0 &&
        fields.size() < most) {
      fields.emplace_back();
      continue;
    }
    if (c == '(') ++round;
    if (c == ')' && round > 0) --round;
    if (c == '[') ++square;
    if (c == ']' && square > 0) --square;
    fields.back().push_back(c);
  }
  for (std::string& field : fields) field = std::string(Strip(field));
  return fields;
}

std::vector<Member> ReadMembers(const Section& section, Ledger* ledger) {
  std::vector<Member> all;
  std::unordered_map<std::string, size_t> last;
  for (const Value& value : section.values) {
    if (FindQueueKey(value.key).key != Key::kMember) continue;
    Member member;
    if (!ReadMember(value, ledger, &member)) continue;
    last[Lower(member.interface)] = all.size();
    all.push_back(std::move(member));
  }
  std::vector<Member> members;
  for (size_t i = 0; i < all.size(); ++i) {
    const size_t winner = last[Lower(all[i].interface)];
    if (winner == i) continue;
    for (const LineRef at : all[i].lines) {
      ledger->Ignore(at,
                     absl::StrCat("overridden by ",
                                  ledger->Where(all[winner].lines.back(), at),
                                  ", the same member"),
                     true);
    }
  }
  for (size_t i = 0; i < all.size(); ++i) {
    if (last[Lower(all[i].interface)] == i) {
      members.push_back(std::move(all[i]));
    }
  }
  return members;
}

v1::Agent* AgentBook::Find(const Member& member, std::string* note) {
  const auto [it, added] =
      by_interface_.try_emplace(Lower(member.interface), config_.agent_size());
  if (!added) {
    v1::Agent* agent = config_.mutable_agent(it->second);
    if (agent->name() != member.interface) {
      if (!note->empty()) *note += "; ";
      absl::StrAppend(note, "the same agent as ", agent->name());
    }
    return agent;
  }
  v1::Agent* agent = config_.add_agent();
  agent->set_name(member.interface);
  agent->set_ref(static_cast<uint64_t>(config_.agent_size()));
  return agent;
}

v1::Membership* AgentBook::Enter(const Member& member, const std::string& queue,
                                 int32_t position) {
  std::string note = member.note;
  v1::Agent* agent = Find(member, &note);
  SetAttribute("membername", member.name, agent, &note);
  SetAttribute("state_interface", member.state_interface, agent, &note);
  v1::Membership* membership = agent->add_membership();
  membership->set_queue(queue);
  membership->set_penalty(member.penalty);
  membership->set_position(position);
  if (member.wrap_up > 0) {
    membership->set_wrap_up(absl::StrCat(member.wrap_up, "s"));
  }
  for (const LineRef at : member.lines) {
    ledger_.Map(at, note, member.warning);
  }
  return membership;
}

}  // namespace callrouter::asterisk
