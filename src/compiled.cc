#include "compiled.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace callrouter {

namespace {

template <typename T>
int32_t IndexOf(const std::vector<T>& items, std::string_view name) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].name == name) return static_cast<int32_t>(i);
  }
  return -1;
}

absl::Status AllFaults(const std::vector<Fault>& faults) {
  std::string text =
      absl::StrCat(faults.size(), " fault", faults.size() == 1 ? "" : "s", ":");
  for (const Fault& fault : faults) {
    absl::StrAppend(&text, "\n", fault.path, ": found ", fault.found,
                    ", expected ", fault.expected);
  }
  return absl::InvalidArgumentError(text);
}

void CompileAgents(CompiledConfiguration* out) {
  out->agents.resize(out->configuration.agents.size());
  for (std::size_t a = 0; a < out->agents.size(); ++a) {
    const AgentConfig& config = out->configuration.agents[a];
    CompiledAgent& agent = out->agents[a];
    for (const SkillLevel& skill : config.skills) {
      agent.skills.push_back({out->skill_names.Add(skill.name), skill.level});
    }
    for (const Attribute& attribute : config.attributes) {
      agent.attributes.push_back({out->attribute_names.Add(attribute.name),
                                  out->value_names.Add(attribute.value)});
    }
    for (const Membership& member : config.memberships) {
      agent.queues.push_back(
          static_cast<uint32_t>(out->queue_ids.at(member.queue)));
    }
  }
}

}  // namespace

uint32_t NameList::Add(const std::string& name) {
  const auto [at, added] =
      places_.emplace(name, static_cast<uint32_t>(names_.size()));
  if (added) names_.push_back(name);
  return at->second;
}

int32_t CompiledConfiguration::Medium(std::string_view name) const {
  for (std::size_t i = 0; i < media.size(); ++i) {
    if (media[i] == name) return static_cast<int32_t>(i);
  }
  return -1;
}

absl::StatusOr<CompiledConfiguration> CompileConfiguration(
    const Configuration& configuration) {
  const std::vector<Fault> faults = FindFaults(configuration);
  if (!faults.empty()) return AllFaults(faults);
  CompiledConfiguration out;
  out.configuration = configuration;
  out.media.push_back("voice");
  for (const Medium& medium : configuration.media) {
    if (medium.name != "voice") out.media.push_back(medium.name);
  }
  out.media_excluded.resize(out.media.size(), 0);
  for (const Medium& medium : configuration.media) {
    const int32_t self = out.Medium(medium.name);
    for (const std::string& other : medium.not_while_handling) {
      out.media_excluded[static_cast<std::size_t>(self)] |=
          static_cast<uint8_t>(1 << out.Medium(other));
    }
  }
  for (const HoursConfig& hours : configuration.hours) {
    out.hours.emplace_back(hours);
  }
  NameList pools;
  for (std::size_t q = 0; q < configuration.queues.size(); ++q) {
    const QueueConfig& queue = configuration.queues[q];
    out.queue_ids.emplace(queue.name, static_cast<int32_t>(q));
    CompiledQueue compiled;
    absl::StatusOr<Requirement> requirement =
        Requirement::Parse(queue.requirement);
    if (!requirement.ok()) return requirement.status();
    compiled.requirement = *std::move(requirement);
    for (const Reserve& reserve : queue.reserve) {
      absl::StatusOr<Requirement> agents = Requirement::Parse(reserve.agents);
      if (!agents.ok()) return agents.status();
      pools.Add(reserve.agents);
      compiled.reserve_agents.push_back(*std::move(agents));
    }
    compiled.plan = IndexOf(configuration.plans, queue.plan);
    compiled.hours = IndexOf(configuration.hours, queue.hours);
    compiled.medium = out.Medium(queue.medium);
    out.queues.push_back(std::move(compiled));
  }
  for (const Plan& plan : configuration.plans) {
    CompiledPlan compiled;
    for (const Step& step : plan.steps) {
      const bool uses = step.action == StepAction::kWiden ||
                        step.action == StepAction::kReplace;
      absl::StatusOr<Requirement> requirement =
          Requirement::Parse(uses ? step.requirement : "");
      if (!requirement.ok()) return requirement.status();
      compiled.step_requirements.push_back(*std::move(requirement));
    }
    out.plans.push_back(std::move(compiled));
  }
  out.pools = pools.names().size();
  CompileAgents(&out);
  return out;
}

}  // namespace callrouter
