#include "sim_books.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "callrouter/v1/report.pb.h"
#include "sim_agents.h"

namespace callrouter::sim {
namespace {

void Add(const Tally& from, Tally* to) {
  to->offered += from.offered;
  for (int i = 0; i < kOutcomes; ++i) to->by_outcome[i] += from.by_outcome[i];
  to->within_target += from.within_target;
  to->wait_answered_us += from.wait_answered_us;
  to->wait_abandoned_us += from.wait_abandoned_us;
  to->handle_us += from.handle_us;
  if (to->steps.size() < from.steps.size()) to->steps.resize(from.steps.size());
  for (std::size_t i = 0; i < from.steps.size(); ++i) {
    to->steps[i] += from.steps[i];
  }
}

double MeanSeconds(int64_t sum_us, uint64_t count) {
  if (count == 0) return 0;
  return static_cast<double>(sum_us) / static_cast<double>(count) / 1e6;
}

}  // namespace

Books::Books(const Scenario& scenario)
    : scenario_(scenario),
      interval_us_(absl::ToInt64Microseconds(scenario.interval)),
      warm_up_us_(absl::ToInt64Microseconds(scenario.warm_up)),
      horizon_us_(absl::ToInt64Microseconds(scenario.horizon)),
      intervals_(static_cast<std::size_t>((horizon_us_ + interval_us_ - 1) /
                                          interval_us_)) {
  const Configuration& configuration = scenario.configuration;
  for (const QueueConfig& queue : configuration.queues) {
    target_us_.push_back(absl::ToInt64Microseconds(queue.service_level_target));
    first_step_.push_back(steps_);
    for (const Plan& plan : configuration.plans) {
      if (plan.name == queue.plan) steps_ += plan.steps.size();
    }
  }
  const std::size_t queues = configuration.queues.size();
  tallies_.resize(queues * intervals_);
  all_.resize(queues);
  agent_times_.resize(configuration.agents.size() * intervals_);
}

std::size_t Books::IntervalOf(int64_t at_us) const {
  return std::min(static_cast<std::size_t>(at_us / interval_us_),
                  intervals_ - 1);
}

Tally* Books::At(int queue, int64_t arrived_us) {
  return &tallies_[static_cast<std::size_t>(queue) * intervals_ +
                   IntervalOf(arrived_us)];
}

template <class Add>
void Books::ForBoth(int queue, int64_t arrived_us, Add add) {
  add(&all_[static_cast<std::size_t>(queue)]);
  if (arrived_us >= warm_up_us_) add(At(queue, arrived_us));
}

void Books::Offered(int queue, int64_t at_us) {
  ForBoth(queue, at_us, [](Tally* tally) { ++tally->offered; });
}

void Books::Left(int queue, int64_t arrived_us, Outcome outcome,
                 int64_t wait_us) {
  const bool in_target = outcome == Outcome::kAnswered &&
                         wait_us <= target_us_[static_cast<std::size_t>(queue)];
  ForBoth(queue, arrived_us, [&](Tally* tally) {
    ++tally->by_outcome[static_cast<std::size_t>(outcome)];
    if (in_target) ++tally->within_target;
    if (outcome == Outcome::kAnswered) tally->wait_answered_us += wait_us;
    if (outcome == Outcome::kAbandoned) tally->wait_abandoned_us += wait_us;
  });
}

void Books::Handled(int queue, int64_t arrived_us, int64_t handle_us) {
  ForBoth(queue, arrived_us,
          [&](Tally* tally) { tally->handle_us += handle_us; });
}

void Books::Step(int queue, int64_t arrived_us, int of, int step) {
  const std::size_t index = first_step_[static_cast<std::size_t>(of)] +
                            static_cast<std::size_t>(step);
  if (step < 0 || index >= steps_) return;
  ForBoth(queue, arrived_us, [&](Tally* tally) {
    if (tally->steps.empty()) tally->steps.resize(steps_);
    ++tally->steps[index];
  });
}

void Books::AgentThere(int agent, int64_t from_us, int64_t to_us) {
  Spread(agent, from_us, to_us, &AgentTime::there_us);
}

void Books::AgentBusy(int agent, int64_t from_us, int64_t to_us) {
  Spread(agent, from_us, to_us, &AgentTime::busy_us);
}

void Books::Spread(int agent, int64_t from_us, int64_t to_us,
                   int64_t AgentTime::* field) {
  from_us = std::max(from_us, warm_up_us_);
  to_us = std::min(to_us, horizon_us_);
  const std::size_t base = static_cast<std::size_t>(agent) * intervals_;
  while (from_us < to_us) {
    const std::size_t interval = IntervalOf(from_us);
    int64_t end = (static_cast<int64_t>(interval) + 1) * interval_us_;
    end = std::min(end, to_us);
    agent_times_[base + interval].*field += end - from_us;
    from_us = end;
  }
}

std::string Books::StepName(int queue, std::size_t index) const {
  const Configuration& configuration = scenario_.configuration;
  // The last queue to start at or before it; those without steps start where
  // the next one does.
  const auto after =
      std::upper_bound(first_step_.begin(), first_step_.end(), index);
  const auto of = static_cast<std::size_t>(after - first_step_.begin()) - 1;
  std::string name;
  if (of != static_cast<std::size_t>(queue)) {
    name = absl::StrCat(configuration.queues[of].name, "/");
  }
  for (const Plan& plan : configuration.plans) {
    if (plan.name != configuration.queues[of].plan) continue;
    const std::size_t step = index - first_step_[of];
    if (plan.steps[step].id.empty()) return absl::StrCat(name, "#", step + 1);
    return absl::StrCat(name, plan.steps[step].id);
  }
  return name;
}

void Books::Fill(const Tally& tally, v1::Counts* counts) const {
  counts->set_offered(tally.offered);
  counts->set_answered(tally.of(Outcome::kAnswered));
  counts->set_within_target(tally.within_target);
  counts->set_abandoned(tally.of(Outcome::kAbandoned));
  counts->set_sent_outside(tally.of(Outcome::kSentOutside));
  counts->set_refused(tally.of(Outcome::kRefused));
  counts->set_hung_up(tally.of(Outcome::kHungUp));
  counts->set_lost(tally.of(Outcome::kLost));
  counts->set_in_progress(tally.of(Outcome::kInProgress));
  uint64_t accounted = 0;
  for (uint64_t count : tally.by_outcome) accounted += count;
  counts->set_unaccounted(static_cast<int64_t>(tally.offered) -
                          static_cast<int64_t>(accounted));
  counts->set_asa_s(
      MeanSeconds(tally.wait_answered_us, tally.of(Outcome::kAnswered)));
  counts->set_abandoned_after_s(
      MeanSeconds(tally.wait_abandoned_us, tally.of(Outcome::kAbandoned)));
  counts->set_handle_s(
      MeanSeconds(tally.handle_us, tally.of(Outcome::kAnswered)));
}

void Books::FillAgents(const std::vector<int>& agents, std::size_t first,
                       std::size_t last, v1::Counts* counts) const {
  int64_t there = 0;
  int64_t busy = 0;
  for (const int agent : agents) {
    const std::size_t base = static_cast<std::size_t>(agent) * intervals_;
    for (std::size_t i = first; i < last; ++i) {
      there += agent_times_[base + i].there_us;
      busy += agent_times_[base + i].busy_us;
    }
  }
  const int64_t from =
      std::max(static_cast<int64_t>(first) * interval_us_, warm_up_us_);
  const int64_t to =
      std::min(static_cast<int64_t>(last) * interval_us_, horizon_us_);
  if (there <= 0 || to <= from) return;
  counts->set_occupancy(static_cast<double>(busy) / static_cast<double>(there));
  counts->set_agents(static_cast<double>(there) /
                     static_cast<double>(to - from));
}

void Books::Write(v1::Report* report) const {
  const Configuration& configuration = scenario_.configuration;
  const absl::Time start = scenario_.start;
  absl::TimeZone zone = absl::UTCTimeZone();
  absl::LoadTimeZone(scenario_.time_zone, &zone);
  Tally grand;
  for (std::size_t q = 0; q < configuration.queues.size(); ++q) {
    const QueueConfig& queue = configuration.queues[q];
    v1::QueueReport* out = report->add_queue();
    out->set_name(queue.name);
    out->set_service_level_target_s(
        absl::ToDoubleSeconds(queue.service_level_target));
    const std::vector<int> agents = AgentsServing(configuration, queue);
    Tally total;
    for (std::size_t i = 0; i < intervals_; ++i) {
      const Tally& tally = tallies_[q * intervals_ + i];
      Add(tally, &total);
      v1::IntervalReport* row = out->add_interval();
      row->set_from(absl::FormatTime(
          "%H:%M", start + static_cast<int64_t>(i) * scenario_.interval, zone));
      Fill(tally, row->mutable_counts());
      FillAgents(agents, i, i + 1, row->mutable_counts());
      for (std::size_t s = 0; s < tally.steps.size(); ++s) {
        if (tally.steps[s] == 0) continue;
        v1::StepCount* step = row->mutable_counts()->add_step();
        step->set_step(StepName(static_cast<int>(q), s));
        step->set_calls(tally.steps[s]);
      }
    }
    Fill(total, out->mutable_total());
    FillAgents(agents, 0, intervals_, out->mutable_total());
    for (std::size_t s = 0; s < total.steps.size(); ++s) {
      if (total.steps[s] == 0) continue;
      v1::StepCount* step = out->mutable_total()->add_step();
      step->set_step(StepName(static_cast<int>(q), s));
      step->set_calls(total.steps[s]);
    }
    total.steps.clear();
    Add(total, &grand);
  }
  std::vector<int> everybody(configuration.agents.size());
  for (std::size_t i = 0; i < everybody.size(); ++i) {
    everybody[i] = static_cast<int>(i);
  }
  Fill(grand, report->mutable_total());
  FillAgents(everybody, 0, intervals_, report->mutable_total());
  report->set_occupancy(report->total().occupancy());
}

std::vector<std::string> Books::Compare(const Statistics& statistics,
                                        const std::vector<QueueId>& ids) const {
  std::vector<std::string> differences;
  const auto& queues = scenario_.configuration.queues;
  for (std::size_t q = 0; q < all_.size(); ++q) {
    const Tally& ours = all_[q];
    const QueueStatistics& theirs = statistics.queues[ids[q].slot()];
    const auto check = [&](const char* what, int64_t mine, int64_t engine) {
      if (mine == engine) return;
      differences.push_back(absl::StrCat(queues[q].name, ".", what,
                                         ": counted ", mine, ", engine says ",
                                         engine));
    };
    const auto count = [](uint64_t n) { return static_cast<int64_t>(n); };
    check("offered", count(ours.offered), count(theirs.offered));
    check("answered", count(ours.of(Outcome::kAnswered)),
          count(theirs.answered));
    check("within_target", count(ours.within_target),
          count(theirs.answered_in_target));
    check("abandoned", count(ours.of(Outcome::kAbandoned)),
          count(theirs.abandoned));
    check("sent_outside", count(ours.of(Outcome::kSentOutside)),
          count(theirs.sent_outside));
    check("refused", count(ours.of(Outcome::kRefused)), count(theirs.refused));
    check("hung_up", count(ours.of(Outcome::kHungUp)), count(theirs.hung_up));
    check("lost", count(ours.of(Outcome::kLost)), count(theirs.lost));
    check("in_progress", count(ours.of(Outcome::kInProgress)),
          count(theirs.in_progress));
    check("wait_answered_us", ours.wait_answered_us, theirs.wait_answered_us);
    check("wait_abandoned_us", ours.wait_abandoned_us,
          theirs.wait_abandoned_us);
  }
  return differences;
}

}  // namespace callrouter::sim
