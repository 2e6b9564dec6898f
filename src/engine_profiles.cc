// Events about what an agent can do: skills, attributes, memberships, capacity.

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine_impl.h"

namespace callrouter {

namespace {

constexpr int32_t kLevelMax = 100;
constexpr int32_t kPenaltyMax = 1'000'000;
constexpr int32_t kCapacityMax = 64;
constexpr std::size_t kTextBytesMax = 1024;

absl::Status CheckRange(const char* field, int32_t found, int32_t least,
                        int32_t most) {
  if (found >= least && found <= most) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      field, ": found ", found, ", expected ", least, " to ", most));
}

}  // namespace

absl::Status EngineImpl::CheckText(std::string_view text, const char* field) {
  if (text.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(field, ": missing"));
  }
  if (text.size() > kTextBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat(
        field, ": found ", text.size(), " bytes, expected 1024 at most"));
  }
  return absl::OkStatus();
}

void EngineImpl::ChangeProfile(uint32_t slot, const Profile& profile,
                               uint32_t skill) {
  matcher_.SetIdle(slot, 0);
  matcher_.ChangeProfile(slot, profile, skill);
  if (!queues_.empty()) MarkAllDirty();
  RefreshAndMatch(slot);
}

absl::Status EngineImpl::OnAgentSkill(const Event& event) {
  absl::Status status = CheckText(event.text, "text");
  if (!status.ok()) return status;
  status = CheckRange("value", event.value, 0, kLevelMax);
  if (!status.ok()) return status;
  uint32_t slot = kNone;
  status = NeedAgent(event, &slot);
  if (!status.ok()) return status;
  const uint32_t skill = matcher_.skills().Intern(
      event.text, static_cast<uint32_t>(options_.skills_max));
  if (skill == kNone) {
    return absl::ResourceExhaustedError(
        absl::StrCat("skills_max: ", options_.skills_max, " are known"));
  }
  if (matcher_.profile(slot).Level(skill) == event.value) {
    ++stats_.repeats;
    return absl::OkStatus();
  }
  scratch_ = matcher_.profile(slot);
  scratch_.SetLevel(skill, event.value);
  ChangeProfile(slot, scratch_, skill);
  return absl::OkStatus();
}

absl::Status EngineImpl::OnAgentAttribute(const Event& event) {
  absl::Status status = CheckText(event.text, "text");
  if (!status.ok()) return status;
  if (event.text2.size() > kTextBytesMax) {
    return absl::InvalidArgumentError("text2: expected 1024 bytes at most");
  }
  uint32_t slot = kNone;
  status = NeedAgent(event, &slot);
  if (!status.ok()) return status;
  const auto full = [](const Symbols& symbols, std::string_view text,
                       int32_t limit) {
    return symbols.Find(text) == kNone &&
           symbols.size() >= static_cast<uint32_t>(limit);
  };
  if (full(matcher_.attributes(), event.text, options_.attributes_max)) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "attributes_max: ", options_.attributes_max, " are known"));
  }
  if (!event.text2.empty() &&
      full(matcher_.values(), event.text2, options_.texts_max)) {
    return absl::ResourceExhaustedError(
        absl::StrCat("texts_max: ", options_.texts_max, " are known"));
  }
  const uint32_t attribute = matcher_.attributes().Intern(event.text);
  const uint32_t value =
      event.text2.empty() ? kNone : matcher_.values().Intern(event.text2);
  scratch_ = matcher_.profile(slot);
  scratch_.SetValue(attribute, value);
  ChangeProfile(slot, scratch_, kNone);
  return absl::OkStatus();
}

absl::Status EngineImpl::OnAgentMember(const Event& event, bool member) {
  absl::Status status = CheckRange("value", event.value, 0, kPenaltyMax);
  if (status.ok()) status = CheckRange("value2", event.value2, 0, kPenaltyMax);
  if (!status.ok()) return status;
  uint32_t queue = kNone;
  status = NeedQueue(event, &queue);
  if (!status.ok()) return status;
  uint32_t slot = kNone;
  status = NeedAgent(event, &slot);
  if (!status.ok()) return status;
  scratch_ = matcher_.profile(slot);
  const Profile::Member* old = scratch_.FindMember(queue);
  if (!member && old == nullptr) {
    ++stats_.repeats;
    return absl::OkStatus();
  }
  matcher_.SetIdle(slot, 0);
  std::vector<Matcher::MemberExtra> extras = matcher_.extras(slot);
  const auto extra = std::find_if(
      extras.begin(), extras.end(),
      [&](const Matcher::MemberExtra& e) { return e.queue == queue; });
  if (member) {
    scratch_.SetMember(
        {queue, event.value, old == nullptr ? 0u : old->reserve});
    if (extra != extras.end()) {
      extra->position = event.value2;
    } else if (event.value2 != 0) {
      extras.push_back({queue, event.value2, 0, -1, -1});
    }
  } else {
    scratch_.RemoveMember(queue);
    if (extra != extras.end()) extras.erase(extra);
  }
  matcher_.SetExtras(slot, std::move(extras));
  ChangeProfile(slot, scratch_, kNone);
  return absl::OkStatus();
}

absl::Status EngineImpl::OnAgentCapacity(const Event& event) {
  absl::Status status = CheckText(event.text, "text");
  if (status.ok()) {
    status = CheckRange("value", event.value, 0, kCapacityMax);
  }
  if (!status.ok()) return status;
  std::size_t medium = media_.size();
  for (std::size_t m = 0; m < media_.size(); ++m) {
    if (media_[m] == event.text) medium = m;
  }
  uint32_t slot = kNone;
  status = NeedAgent(event, &slot);
  if (!status.ok()) return status;
  if (medium == media_.size()) {
    return absl::NotFoundError(
        "text: expected a medium of the configuration, or \"voice\"");
  }
  agents_[slot].capacity[medium] = static_cast<uint8_t>(event.value);
  RefreshAndMatch(slot);
  return absl::OkStatus();
}

}  // namespace callrouter
