// A configuration parsed and checked, ready to be bound to an engine.

#ifndef CALLROUTER_SRC_COMPILED_H_
#define CALLROUTER_SRC_COMPILED_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "callrouter/configuration.h"
#include "callrouter/opening_hours.h"
#include "callrouter/requirement.h"

namespace callrouter {

inline int64_t Micros(absl::Duration d) {
  return d == absl::InfiniteDuration() ? -1 : absl::ToInt64Microseconds(d);
}

struct CompiledQueue {
  Requirement requirement;
  std::vector<Requirement> reserve_agents;
  int32_t plan = -1;
  int32_t hours = -1;
  int32_t medium = 0;
};

struct CompiledPlan {
  std::vector<Requirement> step_requirements;  // By step; `true` if unused.
};

// `configuration` has no faults.
struct CompiledConfiguration {
  Configuration configuration;
  std::vector<CompiledQueue> queues;
  std::vector<CompiledPlan> plans;
  std::vector<OpeningHours> hours;
  std::vector<std::string> media;       // media[0] is "voice".
  std::vector<uint8_t> media_excluded;  // Mask of media shutting this one out.
  absl::flat_hash_map<std::string, int32_t> queue_ids;

  int32_t Medium(std::string_view name) const;
};

absl::StatusOr<CompiledConfiguration> CompileConfiguration(
    const Configuration& configuration);

}  // namespace callrouter

#endif  // CALLROUTER_SRC_COMPILED_H_
