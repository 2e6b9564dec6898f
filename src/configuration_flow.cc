#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "configuration_faults.h"

namespace callrouter::configuration_internal {
namespace {

// A longer cycle is shown by its beginning.
constexpr size_t kShownQueuesMax = 8;

// When a step starts at the earliest after joining the queue, and whether it
// certainly starts then.
struct Due {
  absl::Duration earliest;
  bool exact = true;
};

// Hand-filled plans can be longer than they may be; that is reported apart.
size_t StepCount(const Plan& plan) {
  return std::min(plan.steps.size(), static_cast<size_t>(kPlanStepsMax));
}

std::vector<Due> DueTimes(const Plan& plan) {
  std::vector<Due> due;
  for (size_t i = 0; i < StepCount(plan); ++i) {
    const Step& step = plan.steps[i];
    Due own{std::max(step.after, absl::ZeroDuration()), !step.when.any()};
    if (step.since_previous && i > 0) {
      own.earliest += due.back().earliest;
      own.exact = own.exact && due.back().exact;
    }
    due.push_back(own);
  }
  return due;
}

// Whether the call is gone for good once this step has started. A step that
// waits for the ringing to end lets later ones start meanwhile.
bool Leaves(const Step& step) {
  if (step.when.any() || step.finish_ring) return false;
  switch (step.action) {
    case StepAction::kMoveToQueue:
    case StepAction::kHangUp:
      return true;
    case StepAction::kSendOutside:
      return step.outside.ring == absl::InfiniteDuration();
    default:
      return false;
  }
}

void FindUnreachableSteps(const Plan& plan, const Path& path, Faults* faults) {
  const std::vector<Due> due = DueTimes(plan);
  // The first step in time, then in order, that certainly ends the plan.
  size_t leave = due.size();
  for (size_t i = 0; i < due.size(); ++i) {
    if (Leaves(plan.steps[i]) && due[i].exact &&
        (leave == due.size() || due[i].earliest < due[leave].earliest)) {
      leave = i;
    }
  }
  if (leave == due.size()) return;
  for (size_t i = 0; i < due.size(); ++i) {
    const bool behind = i > leave ? due[i].earliest >= due[leave].earliest
                                  : due[i].earliest > due[leave].earliest;
    if (!behind) continue;
    faults->Add(
        Path(path, "step", i),
        absl::StrCat("a step that cannot be reached: ",
                     Quoted(plan.steps[leave].id), " has left the queue at ",
                     absl::FormatDuration(due[leave].earliest)),
        "a step before that, or a condition on the one that leaves");
  }
}

// A way from a queue to another one that takes no time: an entry action of
// that queue, or a step of its plan. A call offered to another queue as well is
// none: it stays in its own plan, and the other queue's steps are not taken.
struct Edge {
  size_t to = 0;
  const char* entry_field = nullptr;
  size_t step = 0;  // Without an entry_field.
};

class CycleFinder {
 public:
  CycleFinder(const Configuration& config, Faults* faults)
      : config_(config), faults_(faults) {
    for (size_t i = 0; i < config.queues.size(); ++i) {
      queue_index_.try_emplace(config.queues[i].name, i);
    }
    for (size_t i = 0; i < config.plans.size(); ++i) {
      plan_index_.try_emplace(config.plans[i].name, i);
      due_.push_back(DueTimes(config.plans[i]));
    }
  }

  void Find() {
    state_.assign(config_.queues.size(), kNew);
    place_.assign(config_.queues.size(), 0);
    for (size_t i = 0; i < config_.queues.size(); ++i) {
      if (state_[i] == kNew) Search(i);
    }
  }

 private:
  enum State : char { kNew, kOnStack, kDone };
  struct Frame {
    size_t queue = 0;
    size_t next = 0;
    std::vector<Edge> edges;
  };

  void AddEntryEdge(size_t from, const EntryAction& action, const char* field,
                    std::vector<Edge>* edges) const {
    if (action.kind != EntryActionKind::kMoveToQueue) return;
    const auto to = queue_index_.find(action.queue);
    // A queue that moves to itself is reported with the entry action.
    if (to == queue_index_.end() || to->second == from) return;
    edges->push_back({to->second, field, 0});
  }

  std::vector<Edge> EdgesOf(size_t from) {
    std::vector<Edge> edges;
    const QueueConfig& queue = config_.queues[from];
    AddEntryEdge(from, queue.entry.when_closed, "when_closed", &edges);
    AddEntryEdge(from, queue.entry.when_nobody_logged_in,
                 "when_nobody_logged_in", &edges);
    AddEntryEdge(from, queue.entry.when_nobody_available,
                 "when_nobody_available", &edges);
    AddEntryEdge(from, queue.entry.when_full, "when_full", &edges);
    const auto plan = plan_index_.find(queue.plan);
    if (queue.plan.empty() || plan == plan_index_.end()) return edges;
    const std::vector<Step>& steps = config_.plans[plan->second].steps;
    for (size_t i = 0; i < due_[plan->second].size(); ++i) {
      const bool offers = steps[i].action == StepAction::kAlsoOffer;
      if (!offers && steps[i].action != StepAction::kMoveToQueue) continue;
      const auto to = queue_index_.find(steps[i].queue);
      if (to == queue_index_.end()) continue;
      if (offers && to->second == from) {
        const Path root;
        faults_->Add(Path(Path(root, "queue", from), "plan"),
                     absl::StrCat(Quoted(queue.plan), ", whose step ",
                                  Quoted(steps[i].id),
                                  " also offers to this same queue"),
                     "a plan that offers to another queue");
        continue;
      }
      if (offers || due_[plan->second][i].earliest > absl::ZeroDuration()) {
        continue;
      }
      edges.push_back({to->second, nullptr, i});
    }
    return edges;
  }

  // Depth first without recursion: chains of queues can be long.
  void Search(size_t start) {
    Enter(start);
    while (!stack_.empty()) {
      Frame& top = stack_.back();
      if (top.next == top.edges.size()) {
        state_[top.queue] = kDone;
        stack_.pop_back();
        continue;
      }
      const Edge& edge = top.edges[top.next++];
      if (state_[edge.to] == kNew) {
        Enter(edge.to);
      } else if (state_[edge.to] == kOnStack) {
        Report(edge);
      }
    }
  }

  void Enter(size_t queue) {
    state_[queue] = kOnStack;
    place_[queue] = stack_.size();
    Frame frame;
    frame.queue = queue;
    frame.edges = EdgesOf(queue);
    stack_.push_back(std::move(frame));
  }

  void Report(const Edge& edge) {
    const size_t from = stack_.back().queue;
    if (edge.entry_field == nullptr) {
      // Queues that share a plan share its faults.
      const size_t plan = plan_index_.find(config_.queues[from].plan)->second;
      if (!reported_steps_.insert({plan, edge.step}).second) return;
    }
    std::string cycle;
    const size_t first = place_[edge.to];
    for (size_t i = first; i < stack_.size(); ++i) {
      if (i - first == kShownQueuesMax) {
        absl::StrAppend(&cycle, "... -> ");
        break;
      }
      absl::StrAppend(&cycle, Quoted(config_.queues[stack_[i].queue].name),
                      " -> ");
    }
    absl::StrAppend(&cycle, Quoted(config_.queues[edge.to].name));
    faults_->Add(FieldOf(from, edge),
                 "a cycle of queues without delay: " + cycle,
                 "a delay or an end on the way");
  }

  std::string FieldOf(size_t from, const Edge& edge) const {
    const Path root;
    if (edge.entry_field != nullptr) {
      const Path queue(root, "queue", from);
      const Path entry(queue, "entry");
      const Path when(entry, edge.entry_field);
      return Path(when, "move_to_queue").ToString();
    }
    const size_t index = plan_index_.find(config_.queues[from].plan)->second;
    const Path plan(root, "plan", index);
    const Path step(plan, "step", edge.step);
    return Path(step, "move_to_queue").ToString();
  }

  const Configuration& config_;
  Faults* faults_;
  absl::flat_hash_map<std::string, size_t> queue_index_;
  absl::flat_hash_map<std::string, size_t> plan_index_;
  std::vector<std::vector<Due>> due_;  // By plan.
  std::vector<State> state_;           // By queue.
  std::vector<size_t> place_;          // On the stack, by queue.
  std::vector<Frame> stack_;
  absl::flat_hash_set<std::pair<size_t, size_t>> reported_steps_;  // By plan.
};

}  // namespace

void FindFlowFaults(const Configuration& config, Faults* faults) {
  const Path root;
  for (size_t i = 0; i < config.plans.size(); ++i) {
    FindUnreachableSteps(config.plans[i], Path(root, "plan", i), faults);
  }
  CycleFinder(config, faults).Find();
}

}  // namespace callrouter::configuration_internal
