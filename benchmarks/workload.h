// The centre the benchmarks run: who has which skills, which queue asks for
// what, and every random draw made beforehand, so that the driver costs little
// and is the same for the engine, the floor and the full scan.
//
// Skills have an odd and an even side and nobody has skills of both. On the
// even side all agents are busy and N/2 calls wait; on the odd side half the
// agents are free and no call waits. So half of all calls find a free agent
// and half wait. The call that arrives is drawn among the queues the agent who
// becomes free next could serve, by Zipf, which keeps both sides in balance.

#ifndef CALLROUTER_BENCHMARKS_WORKLOAD_H_
#define CALLROUTER_BENCHMARKS_WORKLOAD_H_

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "callrouter/configuration.h"
#include "callrouter/random.h"

namespace callrouter::bench {

inline constexpr std::size_t kSkills = 200;
inline constexpr std::size_t kQueues = 500;
inline constexpr std::size_t kProfiles = 64;

struct Levelled {
  uint16_t skill = 0;
  uint8_t level = 1;
};

struct QueueDraw {
  uint16_t skill = 0;
  uint8_t level = 1;
  AgentOrder order = AgentOrder::kLongestIdle;
};

// A call with a requirement of its own that `agent` can serve.
struct Unique {
  uint32_t agent = 0;
  std::string text;
};

struct SkillChange {
  uint32_t agent = 0;
  std::string skill;
  int level = 1;
};

// "s17", "q3", "a99".
inline std::string Numbered(char letter, std::size_t number) {
  std::string name(1, letter);
  name += std::to_string(number);
  return name;
}

inline std::size_t SideOf(std::size_t skill) { return skill & 1; }

class Workload {
 public:
  // `distinct`: eight random skills with levels for each agent, unique
  // requirements, skill changes, four strategies. Otherwise 64 profiles.
  Workload(std::size_t agents, bool distinct)
      : distinct_(distinct), agents_(agents), zipf_skill_(kSkills) {
    for (std::size_t i = 0; i < kSkills; ++i) {
      zipf_skill_[i] = 1.0 / static_cast<double>(i + 1);
    }
    DrawQueues();
    const std::size_t kinds = distinct ? agents : kProfiles;
    for (std::size_t kind = 0; kind < kinds; ++kind) {
      kinds_.push_back(distinct ? DrawEight(kind) : DrawProfile(kind));
    }
    per_kind_ = distinct ? 8 : 256;
    for (std::size_t kind = 0; kind < kinds; ++kind) DrawCalls(kind);
    if (distinct) DrawUniquesAndChanges();
  }

  bool distinct() const { return distinct_; }
  std::size_t agents() const { return agents_; }
  // Agents 0, 2, 4 ... are on the even side.
  std::size_t kind_of(std::size_t agent) const {
    return distinct_ ? agent : agent % kProfiles;
  }
  const std::vector<Levelled>& skills_of(std::size_t agent) const {
    return kinds_[kind_of(agent)];
  }
  const std::vector<QueueDraw>& queues() const { return queues_; }
  const std::vector<Unique>& uniques(std::size_t side) const {
    return uniques_[side];
  }
  const std::vector<SkillChange>& changes() const { return changes_; }

  // A queue that `agent` can serve.
  uint32_t Draw(std::size_t agent, std::size_t tick) const {
    return draws_[kind_of(agent) * per_kind_ + tick % per_kind_];
  }

  // `change`: another requirement for every tenth queue, other times
  // everywhere, a higher level for every tenth agent.
  Configuration Config(bool change) const {
    Configuration config;
    config.name = "benchmark";
    Plan plan;
    plan.name = "overflow";
    Step step;
    step.id = "patience";
    step.after = absl::Hours(change ? 3 : 2);
    step.action = StepAction::kRaisePriority;
    step.priority = 1;
    plan.steps.push_back(step);
    config.plans.push_back(plan);
    for (std::size_t q = 0; q < queues_.size(); ++q) {
      QueueConfig queue;
      queue.name = Numbered('q', q);
      queue.requirement = Numbered('s', queues_[q].skill);
      const int level = queues_[q].level;
      if (change && q % 10 == 3) {
        queue.requirement += " >= " + std::to_string(level + 2);
      } else if (level > 1) {
        queue.requirement += " >= " + std::to_string(level);
      }
      queue.strategy.order = queues_[q].order;
      queue.ring = absl::Seconds(change ? 16 : 15);
      queue.wrap_up = absl::Seconds(change ? 11 : 10);
      queue.plan = plan.name;
      config.queues.push_back(queue);
    }
    for (std::size_t a = 0; a < agents_; ++a) {
      AgentConfig agent;
      agent.name = Numbered('a', a);
      agent.ref = a + 1;
      for (const Levelled& have : skills_of(a)) {
        const int level = have.level + (change && a % 10 == 7 ? 1 : 0);
        agent.skills.push_back({Numbered('s', have.skill), level});
      }
      config.agents.push_back(agent);
    }
    return config;
  }

 private:
  double Uniform() {
    return static_cast<double>(random_.Next()) / 4294967296.0;
  }

  // Zipf(1) among the skills of one side.
  std::size_t DrawSkill(std::size_t side) {
    double sum = 0;
    for (std::size_t i = side; i < kSkills; i += 2) sum += zipf_skill_[i];
    double left = Uniform() * sum;
    std::size_t i = side;
    for (; i + 2 < kSkills; i += 2) {
      left -= zipf_skill_[i];
      if (left < 0) break;
    }
    return i;
  }

  void DrawQueues() {
    constexpr AgentOrder kOrders[] = {
        AgentOrder::kLongestIdle, AgentOrder::kFewestCalls,
        AgentOrder::kMostSkilled, AgentOrder::kRandom};
    for (std::size_t q = 0; q < kQueues; ++q) {
      QueueDraw queue;
      queue.skill = static_cast<uint16_t>(DrawSkill(q & 1));
      if (distinct_) {
        queue.level = static_cast<uint8_t>(1 + 20 * random_.Below(3));
        queue.order = kOrders[q / 2 % 4];
      }
      asking_for_[queue.skill].push_back(q);
      queues_.push_back(queue);
    }
  }

  static bool Has(const std::vector<Levelled>& skills, std::size_t skill) {
    for (const Levelled& have : skills) {
      if (have.skill == skill) return true;
    }
    return false;
  }

  // The first skill is one that a queue asks for: nobody is there in vain.
  std::vector<Levelled> DrawProfile(std::size_t kind) {
    std::vector<Levelled> skills;
    skills.push_back({queues_[kind].skill, 50});
    const std::size_t n = 1 + random_.Below(6);
    while (skills.size() < n) {
      const std::size_t skill = DrawSkill(SideOf(skills[0].skill));
      if (!Has(skills, skill)) {
        skills.push_back({static_cast<uint16_t>(skill), 50});
      }
    }
    return skills;
  }

  std::vector<Levelled> DrawEight(std::size_t agent) {
    std::vector<Levelled> skills;
    const QueueDraw& first = queues_[agent % kQueues];
    skills.push_back({first.skill, 80});
    while (skills.size() < 8) {
      const std::size_t skill =
          2 * random_.Below(kSkills / 2) + SideOf(first.skill);
      if (Has(skills, skill)) continue;
      skills.push_back({static_cast<uint16_t>(skill),
                        static_cast<uint8_t>(1 + random_.Below(90))});
    }
    return skills;
  }

  // The calls an agent of this kind may bring: queues by Zipf(1).
  void DrawCalls(std::size_t kind) {
    std::vector<std::pair<double, std::size_t>> sums;
    double sum = 0;
    for (const Levelled& have : kinds_[kind]) {
      for (const std::size_t q : asking_for_[have.skill]) {
        if (have.level < queues_[q].level) continue;
        sum += 1.0 / static_cast<double>(q + 1);
        sums.push_back({sum, q});
      }
    }
    for (std::size_t i = 0; i < per_kind_; ++i) {
      const double wanted = Uniform() * sum;
      std::size_t at = 0;
      while (at + 1 < sums.size() && sums[at].first <= wanted) ++at;
      draws_.push_back(static_cast<uint16_t>(sums[at].second));
    }
  }

  // Levels only move between base and base + 9, so that whoever could serve a
  // call can still do so.
  void DrawUniquesAndChanges() {
    for (std::size_t i = 0; i < 32'768; ++i) {
      const std::size_t agent =
          2 * random_.Below((agents_ - i % 2 + 1) / 2) + i % 2;
      const std::vector<Levelled>& skills = kinds_[agent];
      const std::size_t x = random_.Below(8);
      const std::size_t y = (x + 1 + random_.Below(7)) % 8;
      std::string text;
      for (const std::size_t at : {x, y}) {
        const auto level = 1 + random_.Below(skills[at].level);
        text += text.empty() ? "" : " and ";
        text +=
            Numbered('s', skills[at].skill) + " >= " + std::to_string(level);
      }
      uniques_[i % 2].push_back({static_cast<uint32_t>(agent), text});
    }
    for (std::size_t i = 0; i < 16'384; ++i) {
      const auto agent = static_cast<uint32_t>(random_.Below(agents_));
      const Levelled& have = kinds_[agent][random_.Below(8)];
      changes_.push_back({agent, Numbered('s', have.skill),
                          have.level + static_cast<int>(random_.Below(10))});
    }
  }

  const bool distinct_;
  const std::size_t agents_;
  Random random_{20};
  std::vector<double> zipf_skill_;
  std::vector<QueueDraw> queues_;
  std::vector<std::size_t> asking_for_[kSkills];
  std::vector<std::vector<Levelled>> kinds_;  // Profiles, or agents.
  std::size_t per_kind_ = 0;
  std::vector<uint16_t> draws_;
  std::vector<Unique> uniques_[2];
  std::vector<SkillChange> changes_;
};

}  // namespace callrouter::bench

#endif  // CALLROUTER_BENCHMARKS_WORKLOAD_H_
