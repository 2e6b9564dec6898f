// A twin of the number pool that is slow and plain: the rules of the public
// headers over strings, maps and lists of times, every choice a scan over every
// number. It has no kinds, cells, indexes, rings or timers.

#ifndef CALLROUTER_TESTS_ORACLE_NAIVE_NUMBER_POOL_H_
#define CALLROUTER_TESTS_ORACLE_NAIVE_NUMBER_POOL_H_

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "callrouter/number_pool.h"
#include "callrouter/random.h"

namespace callrouter::oracle {

class NaiveNumberPool {
 public:
  using Code = absl::StatusCode;
  // What the pool answers, in names.
  struct Answer {
    PhoneNumber number;
    ChosenBy by = ChosenBy::kNobody;
    Rung rung = Rung::kNone;
    std::string region;
    StickyBreak broken = StickyBreak::kNotBroken;
    Block sticky_block = Block::kFree;
    NoNumber none = NoNumber::kThereIsOne;
    Block block = Block::kFree;
    absl::Time retry_at = absl::InfinitePast();
    absl::Time lapses_at = absl::InfiniteFuture();
  };
  // A request, in names.
  struct Call {
    uint64_t attempt = 0;
    std::string campaign, trunk, carrier;  // No carrier: "".
    PhoneNumber callee, wanted;
    int attempt_number = 1;

    friend bool operator==(const Call& a, const Call& b) {
      return a.attempt == b.attempt && a.campaign == b.campaign &&
             a.trunk == b.trunk && a.carrier == b.carrier &&
             a.callee == b.callee && a.wanted == b.wanted &&
             a.attempt_number == b.attempt_number;
    }
  };

  // A change of state; carrier "": not one's. Host time.
  struct Change {
    PhoneNumber number;
    NumberState from = NumberState::kNew, to = NumberState::kNew;
    StateReason why = StateReason::kHost;
    std::string carrier;
    int64_t at = 0;
  };
  static constexpr int64_t kNever = INT64_MAX;
  struct Chart {
    int64_t score = 0, calls = 0, answers = 0, expected = 0, odds = 4096;
    bool known = false, labelled = false;
  };

  NaiveNumberPool(const NumberPoolOptions& options, const NumberRules& rules,
                  absl::Time now);

  // Of patches and rules without faults.
  void Apply(const NumberPatch& patch, absl::Time now);
  void SetRules(const NumberRules& rules, absl::Time now);
  Code SetState(PhoneNumber number, NumberState state, absl::Time now);
  Code Verified(PhoneNumber number, absl::Time now);
  Code Reserve(const Call& call, absl::Time now, Answer* answer);
  Code Commit(uint64_t attempt, absl::Time now);
  Code Cancel(uint64_t attempt, absl::Time now);
  Code Report(uint64_t attempt, CallOutcome outcome, absl::Time now);
  Code Verdict(PhoneNumber number, const std::string& carrier,
               NumberVerdict verdict, absl::Time now);
  Code End(uint64_t attempt, absl::Time now);
  void Advance(absl::Time now) { Enter(now); }
  absl::Time next_deadline() const;
  void RebaseClock(absl::Duration delta, absl::Time now);
  void SetWallClock(absl::Duration offset, absl::Time now);
  std::vector<Change> TakeChanges();

  // When a number is free; `again`: it must be looked at again then.
  struct Ready {
    Block block = Block::kFree;
    int64_t at = kNever;
    bool again = false;
    bool on_end = false;
    bool spare = false;  // Blocked by its share alone, and may be lent.

    std::array<int64_t, 3> Key() const {
      return {at, at == kNever && !on_end ? 1 : 0, again ? 1 : 0};
    }
  };
  struct Number {
    NumberConfig config;
    uint64_t living = 0;  // A name that is never used again.
    NumberState state = NumberState::kNew;
    int64_t since = 0;  // Seconds.
    int64_t verified = 0;
    int64_t shown = INT64_MIN;
    std::vector<int64_t> uses;
    std::vector<int64_t> first_uses;  // For a callee who did not know it.
    std::map<std::string, std::vector<int64_t>> carrier_uses;
    int calls = 0;
    int64_t day = 0;
    int day_uses = 0;
    // Health: (carrier, what speaks against it there), whose calls are in
    // question, when the state ends.
    std::map<std::string, Chart> charts;
    std::string accused = "(host)";
    int failures = 0;
    int64_t score = 0, due = 0;
    uint64_t armed = 0;
    // Orders.
    uint64_t turn = 0, balance_day = 0, balance = 0;
    uint64_t virtual_time = 0, remainder = 0;
    // For the choice being made.
    Ready ready;
    bool lawful = false;
  };
  const Number* Find(PhoneNumber number) const;
  absl::Time HostTime(int64_t us) const;

 private:
  static bool InService(NumberState state);
  static bool Timed(NumberState state);
  // A kind of calls: level, carrier, campaign, hour, number of attempt.
  using Kind = std::tuple<int, std::string, std::string, int64_t, int>;
  struct Rate {
    int64_t calls = 0, answers = 0, period = 0;
  };
  struct Shown {
    uint64_t number = 0, living = 0;
    std::string campaign;
    int64_t at = 0;  // Seconds.
    bool answered = false;
  };
  enum class State { kReserved, kCommitted, kCancelled, kLapsed, kEnded };
  struct Attempt {
    Call call;
    Answer answer;
    uint64_t living = 0;
    State state = State::kReserved;
    int64_t lapses_at = 0, over = 0;
    CallOutcome outcome = CallOutcome::kNone;
  };
  struct Look {
    const Call* call = nullptr;
    const NumberCampaign* campaign = nullptr;
    std::string home;
    std::set<uint64_t> avoid;
    int64_t known_until = kNever;
    bool carrier = false, known = false;
  };
  struct Place {
    Rung rung;
    std::set<std::string> regions;
  };
  struct Served {
    uint64_t lap = 0, cursor = 0;
    uint64_t balance_day = 0, balance = 0, virtual_time = 0;
  };

  // --- naive_number_state.cc: time and use ---
  void Enter(absl::Time now);
  int64_t Utc() const { return now_ + skew_ + civil_; }
  int64_t Seconds() const { return now_ / 1'000'000; }
  const NumberGroup& GroupOf(const Number& number) const;
  TimeZone ZoneOf(const std::string& region) const;
  int64_t Today(const Number& number) const;
  int Count(const std::vector<int64_t>& uses, int64_t part, int64_t parts,
            int64_t at) const;
  int64_t FreeAt(const std::vector<int64_t>& uses, int64_t part, int64_t parts,
                 int64_t limit) const;
  int Share(const Number& number, int64_t* next_step) const;
  Ready When(const Number& number, bool wanted, bool known) const;
  int64_t FreeFrom(const Number& number, bool known, int64_t share,
                   Block* block) const;
  int64_t CarrierFreeAt(const Number& number, const std::string& carrier) const;
  int64_t NextCarrier(const std::string& carrier) const;
  void Use(Number* number, const Call& call, ChosenBy by);
  void Join(Number* number);
  bool Knows(PhoneNumber callee, const Number& number) const;
  static std::pair<std::string, std::string> CellOf(const Number& number) {
    return {number.config.group, number.config.region};
  }
  uint64_t LapOf(const Number& number) const;
  void Show(Attempt* attempt);
  void Finish(Attempt* attempt, State state);
  Code Step(uint64_t attempt, State to);

  // --- naive_number_health.cc: health and life ---
  int64_t EvidenceOf(int64_t rate, bool answered) const;
  static int64_t Own(const Chart& chart, int64_t rate);
  int64_t Expect(const Call& call, int64_t hour, bool answered, bool count);
  int64_t HourAt(const std::string& region, int64_t utc) const;
  void Learn(Chart* chart, int64_t rate, bool answered);
  static void Forget(Number* number);
  bool RoomForChart(const Number& number, const std::string& carrier) const;
  static bool Concerns(const Number& number, const std::string& carrier);
  void Weigh(Number* number, const std::string& carrier, int64_t evidence);
  void Probe(Number* number, int64_t evidence);
  void FailProbe(Number* number, int64_t at);
  void Rest(Number* number, const std::string& carrier, int64_t score,
            StateReason why, int64_t at);
  int64_t EndOf(const Number& number) const;
  void Move(Number* number, NumberState to, StateReason why,
            std::string accused, int64_t at);
  Number* FirstToEnd();
  void EndStates();
  void RenewEnds();

  // --- naive_number_pool.cc: choosing ---
  void ReadRegions();
  void ReadRegion(const Region& region, const std::string& country);
  std::string RegionOf(PhoneNumber callee) const;
  const Region* FindRegion(const std::string& name) const;
  std::set<std::string> Inside(const std::string& region) const;
  std::vector<Place> Ladder(const Look& look) const;
  NoNumber Fact(const Look& look, const NumberGroup& group) const;
  bool Lawful(const Look& look, const Number& number) const;
  int64_t ValidFrom(const Look& look) const;
  void ListAvoided(Look* look) const;
  bool Sticky(Look* look, Answer* answer, Number** chosen);
  void Wanted(Look* look, Answer* answer, Number** chosen);
  bool Closed(const Number& number) const;
  bool PassOver(Look* look, const Number& number) const;
  std::vector<Number*> FreeIn(const Look& look, const Place& place,
                              bool* closed);
  Number* BestOf(Look* look, NumberOrder order, std::vector<Number*> free);
  Number* Climb(Look* look, NumberOrder order, const std::vector<Place>& places,
                bool* closed, Answer* answer);
  Number* DrawOf(Look* look, std::vector<Number*> free);
  std::array<uint64_t, 6> OrderOf(NumberOrder order,
                                  const Number& number) const;
  std::array<uint64_t, 4> UrnOrder(const Number& number) const;
  void WhyNone(const Look& look, const std::vector<Place>& places, bool closed,
               Answer* answer);
  Number* Choose(Look* look, Answer* answer);

  NumberPoolOptions options_;
  NumberRules rules_;
  std::map<uint64_t, Number> numbers_;
  std::map<std::pair<std::string, std::string>, Served> served_;
  std::map<uint64_t, std::deque<Shown>> callees_;  // Newest first.
  std::map<uint64_t, Attempt> attempts_;
  std::map<std::string, uint64_t> region_order_, zone_order_;
  std::map<std::string, std::string> country_;
  uint64_t turns_ = 0, livings_ = 0, livings_before_ = 0, zones_ = 0;
  std::map<Kind, Rate> rates_;
  std::vector<Change> changes_;
  uint64_t arms_ = 0;
  Random random_;
  int64_t now_ = int64_t{31} * 86'400 * 1'000'000;
  int64_t skew_ = 0, civil_ = 0;
};

}  // namespace callrouter::oracle

#endif  // CALLROUTER_TESTS_ORACLE_NAIVE_NUMBER_POOL_H_
