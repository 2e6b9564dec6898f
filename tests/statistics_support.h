// Simulated figures against exact ones: batch means, z-scores and the rule
// that says how many of them may be large.

#ifndef CALLROUTER_TESTS_STATISTICS_SUPPORT_H_
#define CALLROUTER_TESTS_STATISTICS_SUPPORT_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "callrouter/simulator.h"

namespace callrouter::statistics {

// One line of a CSV file by the names in its head line; lines that begin with
// '#' are left out. An empty list if the file cannot be read.
using Row = std::map<std::string, std::string>;
std::vector<Row> ReadCsv(const std::string& path);

// The number in a field; `otherwise` if it is empty.
double Number(const Row& row, const std::string& field, double otherwise = 0);

// A figure with its standard error; 0 for an exact one.
struct Figure {
  double value = 0;
  double error = 0;
};

// How much to simulate. CALLROUTER_LONG=1 in the environment asks for the full
// counts. The first model of a program takes the seeds 1 to `seeds`, the next
// one those after: in order, never chosen, and no two models share their random
// numbers, so that their z-scores are independent.
struct Effort {
  int seeds = 1;
  int batches = 1;  // Of each seed.
  int64_t calls_per_batch = 1;
};
Effort TodaysEffort();

// What is estimated for each kind of caller.
struct Estimates {
  int64_t calls = 0;
  Figure waited;     // Share of calls not served at once.
  Figure abandoned;  // Share.
  Figure refused;    // Share.
  Figure mean_wait;  // Of all calls not refused, seconds.
  Figure in_target;  // Share of all calls answered within `target`.
  // Mean of (abandoned - wait / mean patience): 0 in theory when patience is
  // exponential, whatever the routing.
  Figure patience_identity;
};

// Runs `scenario` (its seed, horizon, warm-up and interval are set here) and
// estimates by batch means. Every run must end with the simulator's books equal
// to the engine's statistics. `target` is in seconds. In `served`, if given,
// the calls of each kind answered by each agent (by slot) are counted.
std::vector<Estimates> Estimate(
    Scenario scenario, double target,
    std::vector<std::vector<int64_t>>* served = nullptr);

// The difference in combined standard errors; and whether that is at most 4.
double Score(Figure estimate, Figure reference);
bool Believable(Figure estimate, Figure reference);

// Collects z-scores, prints each, and judges them.
class Judge {
 public:
  // z = (estimate - reference) / combined standard error. Fails the running
  // test beyond 4.
  void Add(const std::string& what, Figure estimate, Figure reference);
  // Says in the output that a model is not tested, and why.
  void NotExpressible(const std::string& model, const std::string& why);
  // Prints how this judge's z-scores are spread.
  void Conclude() const;

 private:
  std::vector<double> z_;
};

// Prints how all z-scores of this program are spread. At most 8 % of them may
// lie beyond 2: fails otherwise. Figures of one model move together, so the
// share means something over many models only.
void ConcludeAll();

// --- Building scenarios ---

// One agent named "a<number>" with that ref.
AgentConfig* AddAgent(Configuration* configuration);
QueueConfig* AddQueue(Configuration* configuration, const std::string& name);
void AddMembership(AgentConfig* agent, const std::string& queue,
                   int32_t penalty);
// Poisson arrivals with exponential patience (0: endless) and service.
Arrivals* AddArrivals(Scenario* scenario, const std::string& queue,
                      double per_second, double patience_mean,
                      double service_mean);
absl::Duration Seconds(double seconds);

}  // namespace callrouter::statistics

#endif  // CALLROUTER_TESTS_STATISTICS_SUPPORT_H_
