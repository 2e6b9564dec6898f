#include "sim_agents.h"

#include <algorithm>
#include <cstddef>

namespace callrouter::sim {
namespace {

const Membership* FindMembership(const AgentConfig& agent,
                                 const std::string& queue) {
  for (const Membership& membership : agent.memberships) {
    if (membership.queue == queue) return &membership;
  }
  return nullptr;
}

bool Holds(Requirement::Compare compare, int32_t left, int32_t right) {
  switch (compare) {
    case Requirement::Compare::kEqual:
      return left == right;
    case Requirement::Compare::kNotEqual:
      return left != right;
    case Requirement::Compare::kLess:
      return left < right;
    case Requirement::Compare::kLessEqual:
      return left <= right;
    case Requirement::Compare::kGreater:
      return left > right;
    case Requirement::Compare::kGreaterEqual:
      return left >= right;
  }
  return false;
}

bool HoldsForAttribute(const Requirement::Atom& atom,
                       const AgentConfig& agent) {
  const auto& texts = atom.texts;
  for (const Attribute& attribute : agent.attributes) {
    if (attribute.name != atom.name) continue;
    const bool named =
        std::find(texts.begin(), texts.end(), attribute.value) != texts.end();
    return atom.compare == Requirement::Compare::kNotEqual ? !named : named;
  }
  return atom.compare == Requirement::Compare::kNotEqual;
}

bool HoldsFor(const Requirement::Atom& atom, const AgentConfig& agent) {
  switch (atom.kind) {
    case Requirement::AtomKind::kSkill: {
      int32_t level = 0;
      for (const SkillLevel& skill : agent.skills) {
        if (skill.name == atom.name) level = skill.level;
      }
      return Holds(atom.compare, level, atom.value);
    }
    case Requirement::AtomKind::kAttribute:
      return HoldsForAttribute(atom, agent);
    case Requirement::AtomKind::kMember:
      return FindMembership(agent, atom.name) != nullptr;
    case Requirement::AtomKind::kPenalty: {
      const Membership* membership = FindMembership(agent, atom.name);
      return membership != nullptr &&
             Holds(atom.compare, membership->penalty, atom.value);
    }
  }
  return false;
}

}  // namespace

bool Meets(const Requirement& requirement, const AgentConfig& agent) {
  bool stack[Requirement::kStackMax] = {};
  std::size_t size = 0;
  for (const Requirement::Instruction& step : requirement.program()) {
    switch (step.code) {
      case Requirement::Code::kTrue:
        stack[size++] = true;
        break;
      case Requirement::Code::kFalse:
        stack[size++] = false;
        break;
      case Requirement::Code::kAtom:
        stack[size++] = HoldsFor(requirement.atoms()[step.atom], agent);
        break;
      case Requirement::Code::kNot:
        stack[size - 1] = !stack[size - 1];
        break;
      case Requirement::Code::kAnd:
        --size;
        stack[size - 1] = stack[size - 1] && stack[size];
        break;
      case Requirement::Code::kOr:
        --size;
        stack[size - 1] = stack[size - 1] || stack[size];
        break;
    }
  }
  return size == 0 || stack[size - 1];
}

std::vector<int> AgentsMeeting(const Configuration& configuration,
                               const std::string& requirement_text) {
  std::vector<int> agents;
  const auto requirement = Requirement::Parse(requirement_text);
  if (!requirement.ok()) return agents;
  for (std::size_t i = 0; i < configuration.agents.size(); ++i) {
    if (Meets(*requirement, configuration.agents[i])) {
      agents.push_back(static_cast<int>(i));
    }
  }
  return agents;
}

std::vector<int> AgentsServing(const Configuration& configuration,
                               const QueueConfig& queue) {
  std::vector<int> agents = AgentsMeeting(configuration, queue.requirement);
  if (!queue.members_only) return agents;
  agents.erase(
      std::remove_if(
          agents.begin(), agents.end(),
          [&](int i) {
            return FindMembership(
                       configuration.agents[static_cast<std::size_t>(i)],
                       queue.name) == nullptr;
          }),
      agents.end());
  return agents;
}

}  // namespace callrouter::sim
