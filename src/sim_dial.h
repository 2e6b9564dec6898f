// Inside of the dialling simulator: the world as a pacer sees it, and what a
// pacer is to it.

#ifndef CALLROUTER_SRC_SIM_DIAL_H_
#define CALLROUTER_SRC_SIM_DIAL_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "callrouter/dial_simulator.h"

namespace callrouter::sim {

inline constexpr int64_t kDialSecond = 1'000'000;
inline constexpr int64_t kDialNever = INT64_MAX;

enum class DialOutcome : uint8_t { kPerson, kNoAnswer, kMachine, kFailed };

// What any dialler knows. Times in microseconds.
struct DialView {
  int64_t now = 0;
  int64_t shift_begin = 0;
  int64_t shift_end = 0;
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

class DialPolicy {
 public:
  virtual ~DialPolicy() = default;
  // Lines to start now. Asked after each event and at wake().
  virtual int Lines(const DialView& view) = 0;
  virtual int64_t wake() const { return kDialNever; }
  // --- Events; `line` is a small number, used again after the line's end. ---
  virtual void Dialled(const DialView&, int /*line*/) {}
  virtual void Ended(const DialView&, int /*line*/, DialOutcome,
                     int64_t /*ring*/) {}
  virtual void Bridged(const DialView&, int /*line*/, int /*agent*/) {}
  virtual void Dropped(const DialView&, int /*line*/) {}
  virtual void Free(const DialView&, int /*agent*/, int64_t /*talked*/) {}
  virtual void ShiftBegins(const DialView&) {}
  virtual int64_t agent_left() const { return 0; }
};

// Our own, and the others.
std::unique_ptr<DialPolicy> MakePredictive(const DialWorld& world);
std::unique_ptr<DialPolicy> MakeBaseline(const DialWorld& world,
                                         DialPacer pacer);

}  // namespace callrouter::sim

#endif  // CALLROUTER_SRC_SIM_DIAL_H_
