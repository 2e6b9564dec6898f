// A twin of the pacer's plans that is slow and plain: lists of agents and
// lines, every one looked at by itself, tables of all counts, one line more at
// a time. It has no groups by age, masks, lanes, cuts or bisection. What is
// learned and the account of drops are the pacer's own parts, which have tests
// of their own.

#ifndef CALLROUTER_TESTS_ORACLE_NAIVE_PACER_H_
#define CALLROUTER_TESTS_ORACLE_NAIVE_PACER_H_

#include <cstdint>
#include <map>
#include <vector>

#include "callrouter/pacer.h"
#include "dial_estimators.h"
#include "drop_ledger.h"

namespace callrouter::oracle {

class NaivePacer {
 public:
  NaivePacer(const PacerOptions& options, int64_t now);

  // To an event of `now`: what was due before has happened.
  void Advance(int64_t now);
  // What is due now has happened too, and is told.
  struct Order {
    LineAction what = LineAction::kRelease;
    uint64_t line = 0;
    int32_t agent = -1;
    int64_t deadline = 0;
  };
  void Settle() { Fire(now_); }
  std::vector<Order> Tell();
  void SetFinishing(int32_t agent, int64_t within);
  void BeginPreview(uint32_t campaign, int32_t agent);
  void ExpectInbound(double per_hour, int32_t waiting);
  void SetAgent(int32_t agent, DialAgent state);
  void Dialled(uint64_t line, const LineFeatures& features);
  void Report(uint64_t line, LineEvent event);
  void Bridged(uint64_t line, int32_t agent);
  uint64_t drops() const { return drops_; }
  uint64_t agent_left() const { return agent_left_; }
  uint64_t persons() const { return persons_; }
  // Of one campaign alone. `unsure`: some comparison was so close that the
  // other order of adding may decide it otherwise.
  PacingOrder Plan(uint32_t campaign, bool* unsure);

 private:
  static constexpr int64_t kNone = INT64_MIN;
  // When something is due, and since which event, for those due together.
  struct Due {
    int64_t at = INT64_MAX;
    int64_t since = 0;
  };
  struct Agent {
    DialAgent state = DialAgent::kAway;
    int64_t since = 0;
    int64_t finish = kNone;
    Due due;
  };
  struct Line {
    LineKind kind;
    uint16_t carrier = 0;
    int level = 0;
    int64_t started = 0;
    bool waiting = false;  // A person, for an agent.
    bool held = false;
    bool leaving = false;
    bool told = false;
    int32_t talks = -1;  // With this agent.
    bool ended = false;
    bool charged = false, agent_left = false;
    int64_t answered = kNone, person = kNone, began = kNone, stopped = kNone;
    int64_t overdue = kNone;
    Due due;
  };
  struct Pending {
    Order order;
    Due due;
  };
  struct Campaign {
    RingLaw ring;
    DropLedger ledger;
    double log_price = -3;
    double answers = 0, seconds = 0;
    bool learned = false;
  };
  struct Carrier {
    int64_t us = 1'000'000;
    int64_t at = 0;
  };
  void Step(int64_t now);
  void Fire(int64_t last);
  void SetDue(Line* line);
  void SecondsOver(uint64_t name);
  void Charge(Line* line);
  void Forget(uint64_t line, int32_t agent);
  // Lines in flight: those that may need an agent.
  int InFlight() const;
  int Waiting() const;
  int CarrierRoom(uint32_t campaign, PacingLimit* limit) const;
  int Free() const;
  int Count(DialAgent state) const;
  double Rate(const Campaign& c) const;
  bool IsStrict(uint32_t campaign) const;
  double Chance(uint32_t campaign, int level, int point) const;
  std::vector<double> Law(uint32_t campaign, int point, std::size_t moment,
                          int extra) const;
  double Tail(uint32_t campaign, int extra, int above, bool worst) const;
  int StrictMost(uint32_t campaign) const;
  void Desert(bool left);

  PacerOptions options_;
  std::vector<Campaign> campaigns_;
  AnswerRates rates_;
  ServiceLaw service_;
  bool service_learned_ = false;
  std::vector<Agent> agents_;
  std::map<uint64_t, Line> lines_;
  std::vector<Carrier> carriers_;
  std::vector<Pending> pending_;
  double inbound_per_second_ = 0;
  int inbound_waiting_ = 0;
  int64_t events_ = 0;
  uint64_t drops_ = 0, agent_left_ = 0, persons_ = 0;
  int deserted_ = 0;
  int64_t now_ = 0;
};

}  // namespace callrouter::oracle

#endif  // CALLROUTER_TESTS_ORACLE_NAIVE_PACER_H_
