#include "profile.h"

#include <algorithm>

#include "profile_hash.h"

namespace callrouter {

namespace {

bool Compares(Requirement::Compare compare, int32_t x, int32_t y) {
  switch (compare) {
    case Requirement::Compare::kEqual:
      return x == y;
    case Requirement::Compare::kNotEqual:
      return x != y;
    case Requirement::Compare::kLess:
      return x < y;
    case Requirement::Compare::kLessEqual:
      return x <= y;
    case Requirement::Compare::kGreater:
      return x > y;
    case Requirement::Compare::kGreaterEqual:
      return x >= y;
  }
  return false;
}

bool AtomHolds(const BoundRequirement::Atom& atom, const Profile& profile) {
  switch (atom.kind) {
    case Requirement::AtomKind::kSkill:
      return Compares(atom.compare, profile.Level(atom.id), atom.value);
    case Requirement::AtomKind::kAttribute: {
      const uint32_t value = profile.Value(atom.id);
      const bool in =
          value != kNone && std::find(atom.values.begin(), atom.values.end(),
                                      value) != atom.values.end();
      return in == (atom.compare == Requirement::Compare::kEqual);
    }
    case Requirement::AtomKind::kMember:
      return profile.FindMember(atom.id) != nullptr;
    case Requirement::AtomKind::kPenalty: {
      const Profile::Member* member = profile.FindMember(atom.id);
      return member != nullptr &&
             Compares(atom.compare, member->penalty, atom.value);
    }
  }
  return false;
}

}  // namespace

uint32_t Symbols::Intern(std::string_view text, uint32_t limit) {
  const uint32_t found = Find(text);
  if (found != kNone) return found;
  if (size() >= limit) return kNone;
  const std::size_t bytes = kLength + text.size();
  if (bytes > room_) {
    room_ = std::max(std::size_t{4096}, bytes);
    chunks_.push_back(std::make_unique<char[]>(room_));
    next_ = chunks_.back().get();
  }
  const uint32_t length = static_cast<uint32_t>(text.size());
  std::memcpy(next_, &length, kLength);
  std::copy(text.begin(), text.end(), next_ + kLength);
  const uint32_t id = size();
  texts_.push_back(next_);
  next_ += bytes;
  room_ -= bytes;
  ids_.insert(id);
  return id;
}

uint32_t Profile::Value(uint32_t attr) const {
  for (const Attr& a : attrs) {
    if (a.id == attr) return a.value;
  }
  return kNone;
}

const Profile::Member* Profile::FindMember(uint32_t queue) const {
  const auto it =
      std::lower_bound(members.begin(), members.end(), queue,
                       [](const Member& m, uint32_t q) { return m.queue < q; });
  return it != members.end() && it->queue == queue ? &*it : nullptr;
}

int64_t Profile::TotalLevel() const {
  int64_t total = 0;
  for (const Skill& s : skills) total += s.level;
  return total;
}

void Profile::SetLevel(uint32_t skill, int32_t level) {
  const auto it =
      std::lower_bound(skills.begin(), skills.end(), skill,
                       [](const Skill& s, uint32_t id) { return s.id < id; });
  if (it != skills.end() && it->id == skill) {
    if (level == 0) {
      skills.erase(it);
    } else {
      it->level = level;
    }
  } else if (level != 0) {
    skills.insert(it, {skill, level});
  }
}

void Profile::SetValue(uint32_t attr, uint32_t value) {
  const auto it =
      std::lower_bound(attrs.begin(), attrs.end(), attr,
                       [](const Attr& a, uint32_t id) { return a.id < id; });
  if (it != attrs.end() && it->id == attr) {
    if (value == kNone) {
      attrs.erase(it);
    } else {
      it->value = value;
    }
  } else if (value != kNone) {
    attrs.insert(it, {attr, value});
  }
}

void Profile::SetMember(const Member& member) {
  const auto it =
      std::lower_bound(members.begin(), members.end(), member.queue,
                       [](const Member& m, uint32_t q) { return m.queue < q; });
  if (it != members.end() && it->queue == member.queue) {
    *it = member;
  } else {
    members.insert(it, member);
  }
}

bool Profile::RemoveMember(uint32_t queue) {
  const auto it =
      std::lower_bound(members.begin(), members.end(), queue,
                       [](const Member& m, uint32_t q) { return m.queue < q; });
  if (it == members.end() || it->queue != queue) return false;
  members.erase(it);
  return true;
}

uint64_t Profile::Hash() const {
  uint64_t hash = skills.size();
  for (const Skill& s : skills) {
    hash = Mix(hash, (uint64_t{s.id} << 32) | static_cast<uint32_t>(s.level));
  }
  hash = Mix(hash, attrs.size());
  for (const Attr& a : attrs)
    hash = Mix(hash, (uint64_t{a.id} << 32) | a.value);
  hash = Mix(hash, members.size());
  for (const Member& m : members) {
    hash =
        Mix(hash, (uint64_t{m.queue} << 32) | static_cast<uint32_t>(m.penalty));
    hash = Mix(hash, m.reserve);
  }
  return hash;
}

void BoundRequirement::NoteShape() {
  all_of = true;
  for (const Requirement::Instruction& step : program) {
    all_of = all_of && (step.code == Requirement::Code::kTrue ||
                        step.code == Requirement::Code::kAtom ||
                        step.code == Requirement::Code::kAnd);
  }
  if (!all_of) return;
  for (const Atom& atom : atoms) {
    if (atom.kind == Requirement::AtomKind::kSkill &&
        atom.compare == Requirement::Compare::kGreaterEqual) {
      needed_skill = atom.id;
      needed_level = atom.value;
      return;
    }
  }
}

bool BoundRequirement::Holds(const Profile& profile) const {
  if (all_of) {  // Most are.
    for (const Atom& atom : atoms) {
      if (!AtomHolds(atom, profile)) return false;
    }
    return true;
  }
  bool stack[2 * Requirement::kDepthMax + 2];
  std::size_t top = 0;
  for (const Requirement::Instruction& step : program) {
    switch (step.code) {
      case Requirement::Code::kTrue:
        stack[top++] = true;
        break;
      case Requirement::Code::kFalse:
        stack[top++] = false;
        break;
      case Requirement::Code::kAtom:
        stack[top++] = AtomHolds(atoms[step.atom], profile);
        break;
      case Requirement::Code::kNot:
        stack[top - 1] = !stack[top - 1];
        break;
      case Requirement::Code::kAnd:
        --top;
        stack[top - 1] = stack[top - 1] && stack[top];
        break;
      case Requirement::Code::kOr:
        --top;
        stack[top - 1] = stack[top - 1] || stack[top];
        break;
    }
  }
  return top > 0 && stack[top - 1];
}

bool BoundRequirement::MentionsSkill(uint32_t skill) const {
  for (const Atom& atom : atoms) {
    if (atom.kind == Requirement::AtomKind::kSkill && atom.id == skill) {
      return true;
    }
  }
  return false;
}

}  // namespace callrouter
