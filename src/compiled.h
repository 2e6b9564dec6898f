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

// An agent's names as numbers: of skill_names, attribute_names, value_names and
// of the queues as listed.
struct CompiledAgent {
  struct Level {
    uint32_t skill = 0;
    int32_t level = 0;
  };
  struct Value {
    uint32_t attribute = 0;
    uint32_t value = 0;
  };
  std::vector<Level> skills;
  std::vector<Value> attributes;
  std::vector<uint32_t> queues;  // By membership.
};

// Distinct texts in order of first use.
class NameList {
 public:
  uint32_t Add(const std::string& name);
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
  absl::flat_hash_map<std::string, uint32_t> places_;
};

// `configuration` has no faults. What takes time is done here, aside from the
// running engine.
struct CompiledConfiguration {
  Configuration configuration;
  std::vector<CompiledAgent> agents;
  NameList skill_names, attribute_names, value_names;
  std::size_t pools = 0;  // Different sets of agents in reserves.
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
