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

  void Advance(int64_t now);
  void SetAgent(int32_t agent, DialAgent state);
  void Dialled(uint64_t line, const LineFeatures& features);
  void Report(uint64_t line, LineEvent event);
  void Bridged(uint64_t line, int32_t agent);
  // Of one campaign alone. `unsure`: some comparison was so close that the
  // other order of adding may decide it otherwise.
  PacingOrder Plan(uint32_t campaign, bool* unsure);

 private:
  struct Agent {
    DialAgent state = DialAgent::kAway;
    int64_t since = 0;
  };
  struct Line {
    LineKind kind;
    int level = 0;
    int64_t started = 0;
    bool waiting = false;
  };
  struct Campaign {
    RingLaw ring;
    DropLedger ledger;
    double log_price = -3;
    double answers = 0, seconds = 0;
    bool learned = false;
  };
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
  int deserted_ = 0;
  int64_t now_ = 0;
};

}  // namespace callrouter::oracle

#endif  // CALLROUTER_TESTS_ORACLE_NAIVE_PACER_H_
