// The state of a Pacer and the steps of its plans.

#ifndef CALLROUTER_SRC_PACER_IMPL_H_
#define CALLROUTER_SRC_PACER_IMPL_H_

#include <array>
#include <cstdint>
#include <vector>

#include "callrouter/pacer.h"
#include "dial_estimators.h"
#include "drop_ledger.h"
#include "poisson_binomial.h"

namespace callrouter {

// How many things are so many seconds old: one slot a second, a mask of those
// in use, and one count for all that are older.
template <std::size_t kSlots>
class AgeCounts {
 public:
  void Add(int64_t second, int64_t now, int32_t count) {
    if (now - second >= static_cast<int64_t>(kSlots)) {
      old_ += count;
      return;
    }
    const std::size_t at = Slot(second);
    counts_[at] += count;
    if (counts_[at] != 0) {
      mask_[at / 64] |= uint64_t{1} << (at % 64);
    } else {
      mask_[at / 64] &= ~(uint64_t{1} << (at % 64));
    }
  }
  // Second `now` begins: what was in its slot is old.
  void Begin(int64_t now) {
    const std::size_t at = Slot(now);
    old_ += counts_[at];
    counts_[at] = 0;
    mask_[at / 64] &= ~(uint64_t{1} << (at % 64));
  }
  // f(age, count) for each age in use, in the order of the slots.
  template <typename F>
  void Each(int64_t now, F f) const {
    for (std::size_t word = 0; word < mask_.size(); ++word) {
      for (uint64_t bits = mask_[word]; bits != 0; bits &= bits - 1) {
        const std::size_t at =
            word * 64 + static_cast<std::size_t>(__builtin_ctzll(bits));
        f(static_cast<int>((Slot(now) + kSlots - at) % kSlots), counts_[at]);
      }
    }
    if (old_ != 0) f(static_cast<int>(kSlots) - 1, old_);
  }

 private:
  static std::size_t Slot(int64_t second) {
    return static_cast<std::size_t>(static_cast<uint64_t>(second)) % kSlots;
  }
  std::array<int32_t, kSlots> counts_ = {};
  std::array<uint64_t, kSlots / 64> mask_ = {};
  int32_t old_ = 0;
};

// Starts a second, as a bucket that holds one second's worth.
struct StartBucket {
  int64_t us = 0;  // Time in hand, each start costs 1 s / rate.
  int64_t at = 0;
};

struct PacedLine {
  uint32_t generation = 0;  // Odd: in use.
  uint32_t next_free = 0;
  LineKind kind;
  uint8_t level = 0;
  bool waiting = false;  // A person has answered.
  int64_t started = 0;
};

struct PacedAgentSlot {
  DialAgent state = DialAgent::kAway;
  int64_t since = 0;
};

// Calls whose chance is 2^(-3..3) of the campaign's, in quarter steps.
inline constexpr int kLineLevels = 25;
double LevelRatio(int level);

struct CampaignState {
  explicit CampaignState(const PacedCampaign& r, int64_t origin)
      : rules(r), ledger(r.windows, origin) {}

  PacedCampaign rules;
  bool running = true;
  RingLaw ring;
  DropLedger ledger;
  double log_price = -3;  // 0.05.
  // Answers and seconds in which they came, forgotten by half in 30 minutes.
  double recent_answers = 0;
  double recent_seconds = 0;
  double false_share = 0;
  StartBucket bucket;
  int32_t ringing = 0;
  int32_t waiting = 0;
  PacerStats stats;
  bool learned = false;  // Since the laws were built.
  std::array<AgeCounts<64>, kLineLevels> ages;
};

class PacerImpl {
 public:
  PacerImpl(PacerOptions options, int64_t now);

  void Advance(int64_t now);
  absl::Status SetAgent(int32_t agent, DialAgent state);
  absl::StatusOr<LineId> Dialled(const LineFeatures& features);
  absl::Status Report(LineId id, LineEvent event);
  absl::Status Bridged(LineId id, int32_t agent);
  void Plan(std::vector<PacingOrder>* orders);
  int64_t Internal(absl::Time now) const;

  PacerOptions options_;
  std::vector<CampaignState> campaigns_;
  AnswerRates rates_;
  ServiceLaw service_;
  bool service_learned_ = false;  // Since the law was built.
  DropLedger centre_;
  std::vector<PacedLine> lines_;
  uint32_t free_line_ = 0;
  std::vector<PacedAgentSlot> agents_;
  // By state.
  std::array<int32_t, 4> agent_counts_ = {};
  int32_t in_flight_ = 0;
  int32_t waiting_ = 0;
  // Lines in flight whose agent went away; see LeaveReady.
  int32_t deserted_ = 0;
  StartBucket bucket_;
  int64_t now_ = 0;
  int64_t second_ = 0;
  int64_t shift_ = 0;   // Clock minus our own time.
  int64_t offset_ = 0;  // Civil minus clock.
  int64_t plan_end_ = INT64_MAX;
  int64_t next_plan_ = INT64_MAX;
  AgeCounts<ServiceLaw::kSeconds> busy_;
  std::vector<uint32_t> order_;  // Of campaigns, for one plan.

 private:
  friend class PacerIo;
  static constexpr int kPoints = 3;

  // What the agents and lines of now will do, for one campaign's horizons.
  struct Outlook {
    int known = 0;  // Events in the sums.
    bool exact = true;
    int agents = 0;  // A sum of so many leaves nobody for one more answer.
    std::array<CountLaws, kPoints> counts;
    std::array<NormalLaws, kPoints> normals;
    std::array<Lanes, kPoints> line;  // Chances of one more line.
    double chance = 0;                // That it is answered.
  };

  PacedLine* Find(LineId id);
  void End(uint32_t slot);
  void CountLine(const PacedLine& line, int32_t count);
  void CountAgent(const PacedAgentSlot& agent, int32_t count);
  void LeaveReady();
  void ClampDeserted();
  void BeginSecond(int64_t second);
  void RebuildLaws();
  double Rate(const CampaignState& c) const;
  void Answered(CampaignState* c);
  DropLedger::Pace PaceOf(const CampaignState& c) const;
  void MovePrice(CampaignState* c, bool drop);
  bool IsStrict(const CampaignState& c) const;
  double PriceLimit(const CampaignState& c) const;

  int FreeAgents() const;
  int MostLines(const CampaignState& c, int planned, PacingOrder* order) const;
  int StrictMost(uint32_t campaign, int planned) const;
  void PlanCampaign(uint32_t campaign, int planned, PacingOrder* order);
  void PlanPredictive(uint32_t campaign, int planned, int most,
                      PacingOrder* order);
  void Look(uint32_t campaign);
  void Fill(uint32_t campaign);
  void Expect(std::size_t point, const Lanes& chance, int count);
  void ExpectAgents(const Lanes& ahead);
  void ExpectLines(const Lanes& ahead);
  double Price() const;
  void AtLeast(std::size_t point, int k, Lanes* chance) const;
  PacingLimit LimitAfter(const CampaignState& c, int lines, double room,
                         PacingOrder* order);
  void PlanExact(const CampaignState& c, int safe, int most,
                 PacingOrder* order);
  void PlanNormal(const CampaignState& c, int safe, int most,
                  PacingOrder* order);
  double Room(const CampaignState& c) const;
  bool WithinBudget(const CampaignState& c, double room) const;

  Outlook look_;
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_PACER_IMPL_H_
