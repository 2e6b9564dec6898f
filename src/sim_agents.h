// Which agents of a configuration meet a requirement. The engine answers this
// on interned ids while levels change; the simulator asks once, of the file's
// own values.

#ifndef CALLROUTER_SRC_SIM_AGENTS_H_
#define CALLROUTER_SRC_SIM_AGENTS_H_

#include <string>
#include <vector>

#include "callrouter/configuration.h"
#include "callrouter/requirement.h"

namespace callrouter::sim {

// Cost: O(length of the requirement x what the agent has).
bool Meets(const Requirement& requirement, const AgentConfig& agent);

// Indices into `configuration.agents` of those who meet `requirement_text`
// (which must parse), in their order.
std::vector<int> AgentsMeeting(const Configuration& configuration,
                               const std::string& requirement_text);

// Indices of those who may serve `queue` as it is configured, without what its
// plan's steps change.
std::vector<int> AgentsServing(const Configuration& configuration,
                               const QueueConfig& queue);

}  // namespace callrouter::sim

#endif  // CALLROUTER_SRC_SIM_AGENTS_H_
