// Random campaigns, and a host that dials for them beside its other work:
// answers, machines, silence, late and repeated words, words that cross.

#ifndef CALLROUTER_TESTS_ORACLE_RANDOM_DIALING_H_
#define CALLROUTER_TESTS_ORACLE_RANDOM_DIALING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "callrouter/outbound.h"
#include "tests/oracle/naive_dialing.h"
#include "tests/oracle/random_world.h"

namespace callrouter::oracle {

// Two groups on the first two queues of a random world, with one or two
// campaigns each; `agents_max` is the engine's.
OutboundSetup MakeDialing(int agents_max, Dice* dice);

// What a host changes without an event: leads, numbers.
struct DialingChange {
  int kind = 0;
  LeadConfig lead;
  bool paused = false;
};
absl::Status Apply(const DialingChange& change, Outbound* outbound,
                   absl::Time now, Decisions* out);
// To the parts of the twin.
absl::Status Apply(const DialingChange& change, NaiveDialing* dialing,
                   absl::Time now);

class DialingHost : public WorldHost {
 public:
  // Without `dials` it is the other host.
  DialingHost(Family family, const WorldSize& size, bool stalls, bool dials,
              Dice* dice)
      : WorldHost(family, size, stalls, dice), dials_(dials), dice_(dice) {}

  const Act& Next(const Engine& engine);
  void Watch(const Decisions& decisions);
  std::vector<Event> SyncWords(const Engine& engine, uint64_t lose_one_in,
                               std::vector<uint64_t>* lost);
  DialingChange SomeChange();

 private:
  struct Leg {
    uint64_t attempt = 0;
    uint64_t call_ref = 0;
  };
  void Dial(Event* event);
  void Answer(Event* event);
  void Result(Event* event);

  bool dials_;
  Dice* dice_;
  Act own_;
  uint64_t legs_ = 0;
  std::vector<Leg> dialling_, answered_, over_;
  std::vector<Leg> asked_;  // call_ref: the kind of question.
};

}  // namespace callrouter::oracle

#endif  // CALLROUTER_TESTS_ORACLE_RANDOM_DIALING_H_
