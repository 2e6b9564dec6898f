// Agents as a configuration has them.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine_impl.h"

namespace callrouter {

namespace {

// The engine's numbers of a configuration's names.
struct NameMap {
  std::vector<uint32_t> skills, attributes, values, queues;
};

NameMap MapNames(const CompiledConfiguration& compiled, Matcher* matcher) {
  NameMap map;
  for (const std::string& name : compiled.skill_names.names()) {
    map.skills.push_back(matcher->skills().Intern(name));
  }
  for (const std::string& name : compiled.attribute_names.names()) {
    map.attributes.push_back(matcher->attributes().Intern(name));
  }
  for (const std::string& name : compiled.value_names.names()) {
    map.values.push_back(matcher->values().Intern(name));
  }
  return map;
}

void FillProfile(const AgentConfig& config, const CompiledAgent& agent,
                 const NameMap& map, Profile* profile) {
  *profile = Profile();
  profile->skills.reserve(agent.skills.size());
  for (const CompiledAgent::Level& skill : agent.skills) {
    profile->SetLevel(map.skills[skill.skill], skill.level);
  }
  for (const CompiledAgent::Value& value : agent.attributes) {
    profile->SetValue(map.attributes[value.attribute], map.values[value.value]);
  }
  for (std::size_t i = 0; i < agent.queues.size(); ++i) {
    const Membership& member = config.memberships[i];
    profile->SetMember({map.queues[agent.queues[i]], member.penalty,
                        member.reserve ? 1u : 0u});
  }
}

}  // namespace

void EngineImpl::SetAgent(uint32_t slot, const AgentConfig& config,
                          const CompiledConfiguration& compiled) {
  Agent& agent = agents_[slot];
  agent.configured = true;
  agent.leaving = false;
  if (agent.name == kNone || texts_.Text(agent.name) != config.name) {
    agent.name = texts_.Intern(config.name);
  }
  agent.wrap_us = Micros(config.wrap_up);
  agent.capacity = {1, 0, 0, 0};
  if (!config.capacities.empty()) agent.capacity = {0, 0, 0, 0};
  for (const Capacity& capacity : config.capacities) {
    agent.capacity[static_cast<std::size_t>(compiled.Medium(capacity.medium))] =
        static_cast<uint8_t>(capacity.simultaneous);
  }
  matcher_.seat(slot).weight = static_cast<uint32_t>(config.weight);
  std::vector<Matcher::MemberExtra> extras;
  for (const Membership& member : config.memberships) {
    Matcher::MemberExtra extra;
    extra.queue = QueueByName(member.queue);
    extra.position = member.position;
    extra.weight = static_cast<uint32_t>(member.weight);
    extra.ring_us = Micros(member.ring);
    extra.wrap_us = Micros(member.wrap_up);
    if (extra.position != 0 || extra.weight != 0 || extra.ring_us >= 0 ||
        extra.wrap_us >= 0) {
      extras.push_back(extra);
    }
  }
  matcher_.SetExtras(slot, std::move(extras));
}

// New profiles of all living agents, by slot; agents come and go.
void EngineImpl::ApplyAgents(const CompiledConfiguration& compiled,
                             std::vector<Profile>* profiles) {
  NameMap map = MapNames(compiled, &matcher_);
  for (const QueueConfig& queue : compiled.configuration.queues) {
    map.queues.push_back(QueueByName(queue.name));
  }
  std::vector<bool> named(agents_.slots(), false);
  for (std::size_t i = 0; i < compiled.agents.size(); ++i) {
    const AgentConfig& config = compiled.configuration.agents[i];
    uint32_t slot = agent_refs_.Find(config.ref);
    if (slot == kNone) {
      slot = NewAgent(config.ref, config.name, Profile());
    }
    if (slot >= profiles->size()) profiles->resize(slot + 1);
    if (slot >= named.size()) named.resize(slot + 1, false);
    named[slot] = true;
    FillProfile(config, compiled.agents[i], map, &(*profiles)[slot]);
    SetAgent(slot, config, compiled);
  }
  for (uint32_t a = 0; a < agents_.slots(); ++a) {
    if (agents_[a].live && agents_[a].configured && !named[a]) {
      agents_[a].leaving = true;
    }
  }
}

}  // namespace callrouter
