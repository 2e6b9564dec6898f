// The requirements that calls bring: read, counted, interned.

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine_impl.h"

namespace callrouter {

namespace {

// Whether the names of `requirement` fit into the limits.
absl::Status RoomForNames(const RequirementTable& known,
                          const EngineOptions& options,
                          const Requirement& requirement) {
  uint32_t skills = 0, attributes = 0, values = 0;
  for (const Requirement::Atom& atom : requirement.atoms()) {
    if (atom.kind == Requirement::AtomKind::kSkill) {
      skills += known.skills().Find(atom.name) == kNone ? 1 : 0;
    } else if (atom.kind == Requirement::AtomKind::kAttribute) {
      attributes += known.attributes().Find(atom.name) == kNone ? 1 : 0;
      values += static_cast<uint32_t>(atom.texts.size());
    }
  }
  const auto over = [](uint32_t have, uint32_t more, int32_t limit) {
    return more > 0 && have + more > static_cast<uint32_t>(limit);
  };
  if (over(known.skills().size(), skills, options.skills_max)) {
    return absl::ResourceExhaustedError(
        absl::StrCat("skills_max: ", options.skills_max, " are known"));
  }
  if (over(known.attributes().size(), attributes, options.attributes_max)) {
    return absl::ResourceExhaustedError(
        absl::StrCat("attributes_max: ", options.attributes_max, " are known"));
  }
  if (over(known.values().size(), values, options.texts_max)) {
    return absl::ResourceExhaustedError(
        absl::StrCat("texts_max: ", options.texts_max, " are known"));
  }
  return absl::OkStatus();
}

}  // namespace

// `*out` is untouched when there is none or its text is known.
absl::Status EngineImpl::ParseOwn(std::string_view text,
                                  std::optional<Requirement>* out) const {
  if (text.empty() || matcher_.requirements().KnowsText(text)) {
    return absl::OkStatus();
  }
  absl::StatusOr<Requirement> parsed = Requirement::Parse(text);
  if (!parsed.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("text: ", absl::string_view(parsed.status().message())));
  }
  *out = *std::move(parsed);
  return absl::OkStatus();
}

// The use of a requirement for a call that brings `text`; `parsed` is what was
// read from it, or nothing where the text is known.
absl::Status EngineImpl::InternOwn(std::string_view text,
                                   const std::optional<Requirement>& parsed,
                                   uint32_t* req) {
  *req = kNone;
  if (text.empty()) return absl::OkStatus();
  if (!parsed.has_value()) {
    *req = matcher_.requirements().InternText(text);
  } else {
    if (parsed->always_true()) return absl::OkStatus();
    const absl::Status room =
        RoomForNames(matcher_.requirements(), options_, *parsed);
    if (!room.ok()) return room;
    *req = matcher_.requirements().Intern(
        *parsed, [this](std::string_view name) { return QueueByName(name); });
    if (*req != kNone) matcher_.requirements().NoteText(*req, text);
  }
  if (*req == kNone) {
    return absl::ResourceExhaustedError(
        absl::StrCat("requirements_max: ", options_.requirements_max,
                     " distinct requirements are in use"));
  }
  return absl::OkStatus();
}

// The same of a text that was not read yet.
absl::Status EngineImpl::InternRequirement(std::string_view text,
                                           uint32_t* req) {
  std::optional<Requirement> parsed;
  const absl::Status status = ParseOwn(text, &parsed);
  return status.ok() ? InternOwn(text, parsed, req) : status;
}

}  // namespace callrouter
