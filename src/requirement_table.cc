#include "requirement_table.h"

#include <utility>

namespace callrouter {

BoundRequirement RequirementTable::Bind(const Requirement& requirement,
                                        const QueueOf& queue_of) {
  BoundRequirement bound;
  bound.program = requirement.program();
  for (const Requirement::Atom& atom : requirement.atoms()) {
    BoundRequirement::Atom out;
    out.kind = atom.kind;
    out.compare = atom.compare;
    out.value = atom.value;
    switch (atom.kind) {
      case Requirement::AtomKind::kSkill:
        out.id = skills_.Intern(atom.name);
        break;
      case Requirement::AtomKind::kAttribute:
        out.id = attributes_.Intern(atom.name);
        for (const std::string& text : atom.texts) {
          out.values.push_back(values_.Intern(text));
        }
        break;
      case Requirement::AtomKind::kMember:
      case Requirement::AtomKind::kPenalty:
        out.id = queue_of(atom.name);
        break;
    }
    bound.atoms.push_back(std::move(out));
  }
  bound.NoteShape();
  return bound;
}

uint32_t RequirementTable::NewSlot() {
  if (!free_.empty()) {
    const uint32_t slot = free_.back();
    free_.pop_back();
    return slot;
  }
  entries_.emplace_back();
  needed_.emplace_back();
  return static_cast<uint32_t>(entries_.size() - 1);
}

uint32_t RequirementTable::Intern(const Requirement& requirement,
                                  const QueueOf& queue_of) {
  const auto it = ids_.find(requirement.canonical());
  if (it != ids_.end()) {
    const uint32_t known = it->second;
    if (entries_[known].uses == 0 && in_use_ >= in_use_max_) return kNone;
    Retain(known);
    return known;
  }
  if (in_use_ >= in_use_max_) return kNone;
  BoundRequirement bound = Bind(requirement, queue_of);
  const uint32_t req = NewSlot();
  needed_[req] = {bound.needed_skill, bound.needed_level};
  Entry& entry = entries_[req];
  entry = Entry();
  entry.requirement = requirement;
  entry.bound = std::move(bound);
  entry.uses = 1;
  ids_.emplace(requirement.canonical(), req);
  ++in_use_;
  return req;
}

uint32_t RequirementTable::InternText(std::string_view text) {
  const auto it =
      ids_by_text_.find(absl::string_view(text.data(), text.size()));
  if (it == ids_by_text_.end()) return kNone;
  const uint32_t req = it->second;
  if (entries_[req].uses == 0 && in_use_ >= in_use_max_) return kNone;
  Retain(req);
  return req;
}

void RequirementTable::NoteText(uint32_t req, std::string_view text) {
  Entry& entry = entries_[req];
  if (!entry.text.empty()) return;
  entry.text = std::string(text);
  ids_by_text_.emplace(entry.text, req);
}

void RequirementTable::Retain(uint32_t req) {
  if (entries_[req].uses++ > 0) return;
  ++in_use_;
  TakeFromKept(req);
}

void RequirementTable::Release(uint32_t req) {
  if (--entries_[req].uses > 0) return;
  --in_use_;
  Keep(req);
  if (kept_ > kept_max_) Forget(oldest_);
}

void RequirementTable::Keep(uint32_t req) {
  Entry& entry = entries_[req];
  entry.newer = kNone;
  entry.older = newest_;
  if (newest_ != kNone) {
    entries_[newest_].newer = req;
  } else {
    oldest_ = req;
  }
  newest_ = req;
  ++kept_;
}

void RequirementTable::TakeFromKept(uint32_t req) {
  Entry& entry = entries_[req];
  if (entry.newer != kNone) {
    entries_[entry.newer].older = entry.older;
  } else {
    newest_ = entry.older;
  }
  if (entry.older != kNone) {
    entries_[entry.older].newer = entry.newer;
  } else {
    oldest_ = entry.newer;
  }
  entry.newer = entry.older = kNone;
  --kept_;
}

void RequirementTable::Forget(uint32_t req) {
  TakeFromKept(req);
  Entry& entry = entries_[req];
  ids_.erase(entry.requirement.canonical());
  if (!entry.text.empty()) ids_by_text_.erase(entry.text);
  entry = Entry();
  needed_[req] = NeededSkill();
  free_.push_back(req);
}

void RequirementTable::Clear() {
  ids_.clear();
  ids_by_text_.clear();
  entries_.clear();
  needed_.clear();
  free_.clear();
  in_use_ = kept_ = 0;
  newest_ = oldest_ = kNone;
}

}  // namespace callrouter
