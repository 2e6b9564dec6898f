// The state of a number pool and the order of its work.
//
// Numbers lie sorted by (kind, region, digits); those of one kind and region
// are a cell. Each order in use keeps a key per number in an index by cell
// (number_index.h), and a second index over the smallest keys of the cells, in
// which cells closed by their region's reserve are hidden. A number that is
// not free has its key hidden, and in the index `ready_` the time at which it
// becomes free, which is both the timer and the answer to "when".

#ifndef CALLROUTER_SRC_NUMBER_POOL_IMPL_H_
#define CALLROUTER_SRC_NUMBER_POOL_IMPL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "callrouter/number_explanation.h"
#include "callrouter/number_pool.h"
#include "callrouter/ordered_index.h"
#include "callrouter/random.h"
#include "callrouter/timer_queue.h"
#include "number_callees.h"
#include "number_carriers.h"
#include "number_charts.h"
#include "number_filters.h"
#include "number_geography.h"
#include "number_index.h"
#include "number_pool_types.h"
#include "number_rates.h"
#include "number_table.h"
#include "number_windows.h"

namespace callrouter {

class NumberPoolImpl {
 public:
  explicit NumberPoolImpl(const NumberPoolOptions& options);

  // --- number_pool_patch.cc ---
  absl::Status SetRules(const NumberRules& rules);
  absl::Status Apply(const NumberPatch& patch);
  // --- number_pool_attempts.cc ---
  absl::Status Reserve(const NumberRequest& request, NumberChoice* choice);
  absl::Status Settle(uint64_t attempt, AttemptState to);
  void Lapse();
  // --- number_pool_save.cc ---
  void Save(std::string* out) const;
  absl::Status Load(std::string_view saved);
  // --- number_pool_explain.cc ---
  absl::Status Explain(const NumberRequest& request, NumberExplanation* out);
  // --- number_pool_caps.cc ---
  void Enter(absl::Time now);
  void SetCivil(int64_t offset);
  void Rebase(int64_t delta);
  absl::Status Verified(NumberId id);
  // --- number_pool_health.cc ---
  absl::Status Report(const NumberReport& report);
  absl::Status Verdict(NumberId id, CarrierId carrier, NumberVerdict verdict);
  absl::StatusOr<NumberHealthView> Health(NumberId id, CarrierId carrier) const;
  // --- number_pool_life.cc ---
  absl::Status SetState(NumberId id, NumberState state);
  void TakeChanges(std::vector<NumberStateChange>* changes);
  // --- number_pool_views.cc ---
  absl::StatusOr<NumberView> View(NumberId id) const;
  NumberPoolStats stats() const;
  absl::Status CheckInvariants() const;

  absl::Time HostTime(int64_t us) const;
  uint32_t PositionOf(NumberId id) const;  // kNowhere if there is none.
  NumberId FindNumber(uint64_t digits) const;

 private:
  friend class NumberPool;
  friend class NumberPoolIo;
  static constexpr uint32_t kNowhere = 0xffffffffu;
  // All rings cover less than this, so that no part has a negative number.
  static constexpr int64_t kFirstTime = int64_t{31} * 86'400 * 1'000'000;
  struct Before;
  struct PatchNames;
  struct NumberJudge;
  struct CellJudge;
  // The best so far over several kinds.
  struct Candidate {
    uint64_t key = kNoKey;
    uint32_t position = kNowhere;
  };
  struct Segment {
    uint32_t begin, end;  // Cells.
    bool own;             // One cell, the callee's own: never closed.
    uint64_t total;
  };

  int64_t Utc() const { return now_ + skew_ + civil_; }
  uint32_t Seconds() const { return static_cast<uint32_t>(now_ / 1'000'000); }
  const NumberLimits& LimitsOf(const NumberRecord& record) const {
    return limits_[filters_.kind(cells_[record.cell].kind).group];
  }
  const TimeZone& ZoneOf(uint32_t cell) const {
    return geography_.zones()[filters_.kind(cells_[cell].kind).zone];
  }
  uint8_t* WindowsOf(uint32_t position) {
    return windows_.data() + std::size_t{position} * layout_.stride;
  }
  const uint8_t* WindowsOf(uint32_t position) const {
    return windows_.data() + std::size_t{position} * layout_.stride;
  }

  // --- number_pool_patch.cc ---
  void ReadPut(const NumberConfig& put, PatchNames* names,
               std::vector<NumberIncoming>* numbers,
               std::vector<std::string>* faults) const;
  void SetLimits();
  void SetNames();
  // --- number_pool_layout.cc ---
  void Rebuild(std::vector<NumberIncoming> numbers,
               const std::vector<std::pair<uint32_t, uint32_t>>& cells_now);
  std::vector<uint32_t> Arrange(std::vector<NumberIncoming>* numbers);
  void ResetIndexes();
  void MoveRecords(const std::vector<NumberIncoming>& sorted,
                   const Before& before);
  void AddSlots(const std::vector<NumberIncoming>& sorted);
  void MoveOrders(const std::vector<NumberIncoming>& sorted,
                  const Before& before);
  void MoveServed(OrderIndex* to, const OrderIndex& from,
                  const Before& before) const;
  void FileAll(const std::vector<NumberIncoming>& sorted);
  void RebuildCarriers();

  // --- number_pool_caps.cc ---
  void Wake();
  int32_t Share(const NumberRecord& record, int64_t* next_step) const;
  Availability Evaluate(uint32_t position, bool wanted, bool known) const;
  void EvaluateWindows(uint32_t position, bool known, Availability* a) const;
  int64_t FreeAt(uint32_t position, bool known, int32_t share,
                 Block* block) const;
  void Place(uint32_t cell, uint32_t position, const Availability& a,
             bool used);
  void Refresh(uint32_t position) {
    Place(records_[position].cell, position, Evaluate(position, false, false),
          false);
  }
  void RefreshAll();
  void TouchCell(uint32_t cell);
  void Join(uint32_t position);
  uint64_t NextKey(const OrderIndex& index, uint64_t key, uint32_t position);
  // What taking a number will look at.
  void Prefetch(uint32_t position) const {
    __builtin_prefetch(&records_[position]);
    ready_.Prefetch(position);
    if (layout_.stride == 0) return;
    __builtin_prefetch(WindowsOf(position));
    __builtin_prefetch(WindowsOf(position) + layout_.stride - 1);
  }
  void TakeTurn(OrderIndex* order, uint32_t position);
  void Take(const NumberSearch& search, ChosenBy by, uint32_t position);
  void TakeCarrier(uint32_t position, uint32_t carrier);
  void CapCarrier(uint32_t i, uint32_t position, uint32_t bit, uint32_t limit);
  uint32_t FindCarrierUse(uint32_t slot, uint32_t carrier) const;
  bool RoomForCarrier(uint32_t position, uint32_t carrier);
  bool Unverified(const NumberRecord& record) const;

  // --- number_pool_health.cc ---
  uint32_t FindChart(uint32_t slot, uint32_t carrier) const;
  bool RoomForChart(uint32_t slot, uint32_t carrier) const;
  NumberChart& ChartOf(uint32_t position, uint32_t carrier);
  NumberRates::Kind KindOf(const NumberAttempt& attempt) const;
  void Count(uint32_t position, const NumberAttempt& attempt, bool answered);
  void Weigh(uint32_t position, NumberChart* chart, Evidence evidence);
  void Accuse(uint32_t position, uint32_t carrier, Evidence evidence);
  void Acquit(uint32_t position, uint32_t carrier);
  void ProbeBy(uint32_t position, Evidence evidence);
  void FailProbe(uint32_t position, int64_t at);
  void Rest(uint32_t position, uint32_t carrier, Evidence score,
            StateReason why, int64_t at);
  void Forget(uint32_t position);

  // --- number_pool_life.cc ---
  uint32_t FindLife(uint32_t slot) const;
  int64_t EndOf(const NumberRecord& record, uint8_t failures) const;
  void Move(uint32_t position, const NumberMove& move);
  void EnterLife(uint32_t position, const NumberMove& move);
  void LeaveLife(uint32_t position, bool stays);
  void EndStates();
  void EndState(uint32_t position, uint32_t life);
  bool MayRest(uint32_t position, Evidence score, int64_t at);
  void Tell(uint32_t position, NumberState from, const NumberMove& move);
  void RebuildLives();
  template <class Expect>
  void CheckLife(uint32_t p, std::vector<GroupLife>* groups,
                 const Expect& expect) const;
  OrderKey RestKey(uint32_t position, const NumberLife& life) const;

  // --- number_pool_choose.cc ---
  uint32_t Choose(NumberSearch* search, NumberChoice* choice);
  bool Admit(NumberSearch* search, NumberChoice* choice);
  uint32_t ChooseWanted(NumberSearch* search, NumberChoice* choice);
  uint32_t ChooseSticky(NumberSearch* search, NumberChoice* choice);
  void ListAvoided(NumberSearch* search);
  bool Admitted(uint32_t position) const;
  bool CarrierCapped(const NumberSearch& search, uint32_t position) const;
  bool PassOver(NumberSearch* search, uint32_t position) const;
  bool CallsKnow(PhoneNumber callee, NumberId id) const;
  void ListSegments(const NumberSearch& search, Rung rung, uint32_t first,
                    uint32_t end);
  const OrderIndex* FindOrder(NumberOrder order) const;
  uint32_t Climb(const OrderIndex* order, NumberSearch* search,
                 NumberChoice* choice);
  Candidate BestIn(const OrderIndex& order, NumberSearch* search);
  uint32_t DrawIn(NumberSearch* search);
  void Consider(const OrderIndex& index, uint64_t key, uint32_t position,
                Candidate* best) const;
  void ExplainNone(const NumberSearch& search, NumberChoice* choice);
  uint64_t EffectiveKey(const OrderIndex& index, uint64_t key,
                        uint32_t cell) const;

  // --- number_pool_explain.cc ---
  void ExplainGroups(const NumberSearch& search, NumberExplanation* out) const;
  void ExplainCell(const NumberSearch& search, uint32_t cell, bool own,
                   NumberExplanation::Place* place);

  // --- number_pool_attempts.cc ---
  static absl::Status OverStatus(uint64_t attempt, AttemptState state);
  uint32_t FindAttempt(uint64_t attempt) const;
  bool RoomForAttempt();
  absl::Status Check(const NumberRequest& request, NumberSearch* search) const;
  void Show(uint32_t i);
  void Finish(uint32_t i, AttemptState state);
  void FillChoice(const NumberAttempt& attempt, NumberChoice* choice) const;

  NumberPoolOptions options_;
  NumberRules rules_;
  NumberGeography geography_;
  NumberFilters filters_;
  NumberNames campaigns_, trunks_, carriers_;
  std::vector<uint32_t> carrier_bits_;  // By name; 16: not in the rules.
  std::vector<uint32_t> campaign_at_;   // By name: index in the rules.
  std::vector<NumberLimits> limits_;    // By group.
  bool civil_matters_ = false;

  ChainTable<NumberSlot> slots_;
  uint32_t generation_ = 0;
  std::vector<NumberRecord> records_;  // By position.
  WindowLayout layout_;
  std::vector<uint8_t> windows_;
  std::vector<NumberCell> cells_;
  std::vector<uint32_t> kind_cells_;  // First cell of each kind, and the end.
  CellShape shape_;
  CellShape top_;  // One cell whose items are the cells.
  std::vector<OrderIndex> orders_;
  std::vector<DrawIndex> draws_;
  MinIndex ready_, ready_cells_;
  MinIndex expiry_, expiry_cells_;  // Of verifications.
  SumIndex closed_cells_;           // One for each with free numbers.
  MaskIndex masks_;  // A bit for each carrier a free number is capped for.
  std::vector<uint16_t> carrier_masks_;  // The same for all; empty: no caps.
  uint64_t sequence_ = 0;                // Of uses.

  NumberCallees callees_;
  uint32_t callees_keep_ = 0;  // Seconds.
  ChainTable<CarrierUse> carrier_uses_;
  uint32_t carrier_hand_ = 0;
  std::vector<TimerQueue> carrier_timers_;  // By carrier bit.
  ChainTable<NumberAttempt> attempts_;
  IndexRing over_;  // Attempts that are over, oldest first.
  TimerQueue lapses_;
  Random random_;

  HealthScale scale_;
  NumberRates rates_;
  ChainTable<NumberChart> charts_;
  ChainTable<NumberLife> lives_;
  TimerQueue ends_;       // Of states; subject: the life.
  OrderedIndex resting_;  // By group and suspicion; those the host did not.
  std::vector<GroupLife> group_lives_;
  std::vector<NumberStateChange> changes_;  // A ring once it is full.
  std::size_t changes_from_ = 0;            // The oldest.

  int64_t now_ = kFirstTime;  // Host time less what rebases skipped.
  int64_t skew_ = 0;          // Host time = now_ + skew_.
  int64_t civil_ = 0;         // Civil time = host time + civil_.
  NumberPoolStats counts_;
  // Reused by every search.
  KindSet admitted_;
  std::vector<Segment> segments_;
  std::vector<std::pair<uint32_t, uint32_t>> drawn_;  // Position, weight.
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_NUMBER_POOL_IMPL_H_
