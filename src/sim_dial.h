// Inside of the dialling simulators: the world as a pacer sees it, what a pacer
// is to it, who is called, and the play of all of them.

#ifndef CALLROUTER_SRC_SIM_DIAL_H_
#define CALLROUTER_SRC_SIM_DIAL_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "callrouter/dial_simulator.h"
#include "callrouter/pacing_rules.h"
#include "sim_random.h"

namespace callrouter::sim {

inline constexpr int64_t kDialSecond = 1'000'000;
inline constexpr int64_t kDialNever = INT64_MAX;

inline Law LognormalLaw(absl::Duration mean, double variation) {
  return {Law::Kind::kLognormal, mean, variation * variation,
          absl::ZeroDuration()};
}

enum class DialOutcome : uint8_t { kPerson, kNoAnswer, kMachine, kFailed };

// What any dialler knows. Times in microseconds.
struct DialView {
  int64_t now = 0;
  int64_t shift_begin = 0;
  int64_t shift_end = 0;
  int64_t plan_end = 0;  // No later call in this shift.
  int agents = 0;
  int idle = 0;
  int ringing = 0;
  int waiting = 0;
  std::vector<int64_t> busy_since;  // By agent; kDialNever: idle.
  // Of this shift.
  int64_t dialled = 0;
  int64_t answers = 0;
  int64_t drops = 0;
};

// One call, as the world has it.
struct DialCall {
  DialOutcome outcome = DialOutcome::kPerson;
  int64_t ring = 0;       // Until the outcome.
  LineFeatures features;  // What may be known beforehand.
};

// The people who are called. `line` is a small number, used again after Over.
class DialCallees {
 public:
  virtual ~DialCallees() = default;
  // The next call, on `line`. False: there is none now, nor before retry().
  virtual bool Next(const DialView& view, int line, DialCall* call) = 0;
  virtual int64_t retry() const { return kDialNever; }
  // When people may be called next; not after now: they may be.
  virtual int64_t OpensAt(const DialView& view) const { return view.now; }
  // Until when people will be called in the shift that begins.
  virtual int64_t PlanEnd(const DialView& view) const;
  // How long a person who answered waits, and talks.
  virtual int64_t Patience(int line) = 0;
  virtual int64_t Talk(int line) = 0;
  // Answered by a person, who now waits; or over with another outcome.
  virtual void Ended(const DialView&, int /*line*/, DialOutcome) {}
  // A person was dropped, or has talked.
  virtual void Over(const DialView&, int /*line*/, bool /*talked*/) {}
  // Time goes on to `to`.
  virtual void Passes(const DialView&, int64_t /*to*/) {}
};

class DialPolicy {
 public:
  virtual ~DialPolicy() = default;
  // Lines to start now. Asked after each event and at wake().
  virtual int Lines(const DialView& view) = 0;
  virtual int64_t wake() const { return kDialNever; }
  // --- Events; `line` is a small number, used again after the line's end. ---
  virtual void Dialled(const DialView&, int /*line*/, const LineFeatures&) {}
  virtual void Ended(const DialView&, int /*line*/, DialOutcome,
                     int64_t /*ring*/) {}
  virtual void Bridged(const DialView&, int /*line*/, int /*agent*/) {}
  virtual void Dropped(const DialView&, int /*line*/) {}
  virtual void Free(const DialView&, int /*agent*/, int64_t /*talked*/) {}
  virtual void ShiftBegins(const DialView&) {}
  virtual int64_t agent_left() const { return 0; }
};

// Agents who take the calls that a policy makes to the callees.
class DialPlay {
 public:
  DialPlay(const DialWorld& world, DialCallees* callees, DialPolicy* policy);
  // Shift by shift, into `report`, but for the sums of all. kCancelled if
  // `progress` (may be empty) or the policy (less than no line) says so.
  absl::Status Run(DialReport* report, const Progress& progress);

 private:
  enum class What : uint8_t { kLineEnds, kPatienceEnds, kTalkEnds };
  struct Event {
    int64_t at;
    uint64_t order;
    What what;
    int line;
    int agent;
    uint32_t life;
    friend bool operator<(const Event& a, const Event& b) {
      return a.at != b.at ? a.at > b.at : a.order > b.order;
    }
  };
  struct Line {
    DialCall call;
    uint32_t life = 0;
  };

  void Pass(int64_t at);
  void Push(int64_t after, What what, int line, int agent);
  void Decide();
  void Happens(const Event& event);
  void LineEnds(int line);
  void PatienceEnds(int line);
  void TalkEnds(int line, int agent);
  void Bridge(int line);
  void Release(int line);
  void EndShift(int shift, DialReport* report);

  const DialWorld& w_;
  DialCallees& callees_;
  DialPolicy& policy_;
  DialView view_;
  std::vector<Event> heap_;
  uint64_t order_ = 0;
  std::vector<Line> lines_;
  std::vector<int> free_lines_;
  std::vector<int> idle_;
  std::vector<int> waiting_;
  // There was nobody to call, and nothing has happened since.
  bool nobody_ = false;
  bool stopped_ = false;
  double busy_us_ = 0;
  int64_t left_before_ = 0;
};
// The sums of all shifts of a report.
void AddUp(DialReport* report);

// Our own, and the others.
std::unique_ptr<DialPolicy> MakePredictive(const DialWorld& world);
std::unique_ptr<DialPolicy> MakeBaseline(const DialWorld& world,
                                         DialPacer pacer);

}  // namespace callrouter::sim

#endif  // CALLROUTER_SRC_SIM_DIAL_H_
