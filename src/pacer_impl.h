// The state of a Pacer and the steps of its plans.

#ifndef CALLROUTER_SRC_PACER_IMPL_H_
#define CALLROUTER_SRC_PACER_IMPL_H_

#include <array>
#include <cstdint>
#include <vector>

#include "pacer_state.h"

namespace callrouter {

class PacerImpl {
 public:
  PacerImpl(PacerOptions options, int64_t now);

  // To an event of `now`: what was due before has happened.
  void Advance(int64_t now);
  // What is due now has happened, too; and is told.
  void Fire();
  void Tell(std::vector<LineOrder>* orders);
  absl::Status SetAgent(int32_t agent, DialAgent state);
  absl::Status SetFinishing(int32_t agent, int64_t within);
  void ExpectInbound(double per_second, int32_t waiting);
  absl::Status BeginPreview(uint32_t campaign, int32_t agent);
  absl::StatusOr<LineId> Dialled(const LineFeatures& features);
  absl::Status Report(LineId id, LineEvent event);
  absl::Status Bridged(LineId id, int32_t agent);
  void Plan(std::vector<PacingOrder>* orders);
  // Lines and starts a carrier has left.
  struct CarrierRooms {
    int lines = 0;
    int starts = 0;
  };
  CarrierRooms RoomsOf(std::size_t carrier) const;
  // In flight or in conversation.
  std::size_t alive() const {
    return static_cast<std::size_t>(in_flight_) +
           static_cast<std::size_t>(leaving_) +
           static_cast<std::size_t>(talking_);
  }
  int64_t Internal(absl::Time now) const;

  PacerOptions options_;
  std::vector<CampaignState> campaigns_;
  AnswerRates rates_;
  ServiceLaw service_;
  bool service_learned_ = false;  // Since the law was built.
  DropLedger centre_;
  std::vector<PacedLine> lines_;  // lines_max, and a talk for each agent.
  uint32_t free_line_ = 0;
  std::vector<LineRecord> records_;
  std::vector<CarrierState> carriers_;
  std::vector<CarrierRooms> carrier_rooms_;  // For one plan.
  // Of lines and agents: what comes, and what came and was not told.
  TimerQueue timers_;
  TimerQueue untold_;
  std::vector<PacedAgentSlot> agents_;
  // By state.
  std::array<int32_t, 5> agent_counts_ = {};
  // Agents who said they are about to finish, by the second until which, modulo
  // 64; they are not in busy_.
  std::array<int32_t, 64> finishing_ = {};
  double inbound_per_second_ = 0;
  int32_t inbound_waiting_ = 0;
  int32_t in_flight_ = 0;  // Each may need an agent.
  int32_t waiting_ = 0;    // Each does.
  int32_t leaving_ = 0;    // None of them does.
  int32_t talking_ = 0;
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

  static constexpr int kPoints = 3;

 private:
  friend class PacerIo;

  // What the agents and lines of now will do, for one campaign's horizons.
  struct Outlook {
    int known = 0;  // Events in the sums.
    bool exact = true;
    int agents = 0;  // A sum of so many leaves nobody for one more answer.
    int top = 0;     // No sum above is asked for.
    std::array<CountLaws, kPoints> counts;
    using NormalPoints = std::array<NormalLaws, kPoints>;
    NormalPoints normals;
    std::array<Lanes, kPoints> line;  // Chances of one more line.
    double chance = 0;                // That it is answered.
  };

  PacedLine* Find(LineId id);
  absl::Status Gone(LineId id) const;
  static absl::Status Unfit(const PacedLine& line, LineEvent event);
  int RecordRoom() const;
  void Learn(const PacedLine& line, bool person);
  void AnsweredByPerson(uint32_t slot);
  void FoundMachine(PacedLine* line);
  void EndRinging(uint32_t slot, LineEvent event);
  void EndWaiting(uint32_t slot, LineEvent event);
  void EndTalk(uint32_t slot);
  void ReleaseCarrier(const PacedLine& line);
  void Leave(const PacedLine& line);
  void SetDue(uint32_t slot);
  void SecondsOver(uint32_t slot, int64_t due);
  void ChargeDrop(PacedLine* line);
  void CancelTimers(TimerId* due, TimerId* tell);
  void StepTo(int64_t now);
  void FireUntil(int64_t last);
  void AgentDue(uint32_t agent, int64_t due);
  static absl::Status NotInState(int32_t agent, const PacedAgentSlot& slot,
                                 const char* wanted);
  // Of finishing_.
  static std::size_t FinishSlot(int64_t second) {
    return static_cast<std::size_t>(static_cast<uint64_t>(second)) % 64;
  }
  void Record(const PacedLine& line, uint32_t slot);
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
  template <typename F>
  void EachCarrier(const CampaignState& c, F f) const;
  void UseCarriers(const CampaignState& c, int lines);
  int64_t NextStart(const CampaignState& c, PacingLimit limit) const;
  int InboundWidth(uint32_t campaign) const;
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
  template <typename Laws>
  double PriceOf(const Laws& laws) const;
  Outlook::NormalPoints With(int lines) const;
  int Guess(double limit) const;
  void AddLines(int lines);
  void PlanExact(uint32_t campaign, int planned, int safe, int most,
                 double room, PacingOrder* order);
  void PlanNormal(const CampaignState& c, int safe, int most, double room,
                  PacingOrder* order);
  double Room(const CampaignState& c) const;
  template <typename F>
  bool WithinBudget(const CampaignState& c, double room, F at_least) const;

  Outlook look_;
  double shared_limit_ = 1;  // Of prices, for the rest of one plan.
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_PACER_IMPL_H_
