// What the simulated host does for a policy of the caller's.

#include <algorithm>
#include <cstddef>

#include "sim_agents.h"
#include "sim_host.h"

namespace callrouter::sim {

// Whom it names is rung, in every queue.
void Host::LetPolicyName(Configuration* configuration) {
  for (QueueConfig& queue : configuration->queues) {
    queue.preferred_patience =
        std::max(queue.preferred_patience, absl::Microseconds(1));
  }
}

void Host::FindServing() {
  const Configuration& configuration = scenario_.configuration;
  for (const QueueConfig& queue : configuration.queues) {
    std::vector<AgentId>& serving = serving_.emplace_back();
    for (const int agent : AgentsServing(configuration, queue)) {
      serving.push_back(agents_[static_cast<std::size_t>(agent)].id);
    }
  }
}

void Host::AskPolicy(const Call& call, Event* event) {
  const ArrivingCall coming = {engine_.get(), absl::Microseconds(now_us_),
                               call.kind,
                               &serving_[static_cast<std::size_t>(call.home)]};
  stopped_ = !options_.on_arrival(coming, event);
}

}  // namespace callrouter::sim
