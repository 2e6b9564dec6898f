// The state behind LeadList.
//
// A lead that waits is in up to two orders: in a cell, among leads that are
// free to call, once its due time and all caps allow that; and in the timers,
// by when its standing may change by itself. Whatever may change it otherwise
// (an event of its number or person) places it anew at once. So what is in a
// cell may be called, as soon as the cell's hours are open.

#ifndef CALLROUTER_SRC_LEAD_LIST_IMPL_H_
#define CALLROUTER_SRC_LEAD_LIST_IMPL_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "archive.h"
#include "callrouter/lead_list.h"
#include "callrouter/timer_queue.h"
#include "dial_compiled.h"
#include "lead_history.h"
#include "lead_records.h"
#include "number_clock.h"
#include "number_table.h"
#include "ready_heap.h"

namespace callrouter {

class LeadListImpl : private LeadRecords {
 public:
  LeadListImpl(const LeadListOptions& options, const DialRules& rules);

  // lead_list.cc
  static std::size_t MemoryBound(const LeadListOptions& options);
  void Tell(absl::Time now);
  void Finish();
  void Rebase(absl::Duration delta);
  void SetWallClock(absl::Duration offset);
  absl::Time Deadline() const;
  // lead_list_put.cc
  absl::Status SetRules(const DialRules& rules);
  absl::Status Put(const LeadConfig& lead);
  absl::Status Remove(uint64_t lead);
  absl::Status Pause(uint64_t lead, bool paused);
  absl::Status PauseList(std::string_view list, bool paused);
  absl::Status PauseCampaign(std::string_view campaign, bool paused);
  absl::Status Reset(uint64_t lead);
  absl::Status Recycle(std::string_view list, LeadState state,
                       std::string_view disposition, int32_t* count);
  absl::Status DoNotCall(PhoneNumber number);
  absl::Status AllowCall(PhoneNumber number);
  absl::Status Prefix(std::string_view prefix, bool allow);
  absl::Status Checked(PhoneNumber number, NumberCheck check);
  // lead_list_forget.cc
  absl::Status Forget(const LeadSubject& subject);
  // lead_list_attempts.cc
  absl::Status Next(const LeadRequest& request, LeadChoice* choice);
  absl::Status Dialled(uint64_t attempt);
  absl::Status Cancel(uint64_t attempt);
  // lead_list_redial.cc
  absl::Status Report(uint64_t attempt, std::string_view disposition,
                      const LeadCallback* callback);
  absl::Status Callback(uint64_t lead, const LeadCallback& callback);
  // lead_list_views.cc
  absl::StatusOr<LeadView> View(uint64_t lead) const;
  absl::Status WhyNot(uint64_t lead, const LeadRequest& request,
                      std::vector<LeadReason>* reasons);
  LeadListStats Stats() const;
  absl::Status CheckInvariants() const;
  // lead_list_save.cc
  bool Transfer(Archive& a);

 private:
  // Whether an entry of a cell or of the timers is the lead's present one.
  struct IsValid {
    const ChainTable<Lead>* leads;
    template <class Entry>
    bool operator()(const Entry& e) const {
      return (*leads)[e.lead].version == e.version;
    }
  };
  IsValid Valid() const { return IsValid{&leads_}; }
  uint32_t FindLead(uint64_t ref) const;
  uint32_t FindAttempt(uint64_t ref) const;
  // Civil seconds, rounded down twice: up to a second late.
  int64_t civil() const { return int64_t{clock_.seconds()} + wall_; }
  // Rounded down once: what the hours of laws are asked with.
  int64_t CivilSecond() const {
    return (clock_.now() + wall_us_) / NumberClock::kSecond;
  }
  void SetCivil();
  uint32_t FromCivil(uint32_t civil_s) const;
  uint32_t DueOf(const Lead& lead) const {
    return (lead.flags & kCivil) != 0 ? FromCivil(lead.due) : lead.due;
  }
  absl::Time HostTime(uint32_t s) const {
    return s == kNever ? absl::InfiniteFuture()
                       : clock_.Host(int64_t{s} * NumberClock::kSecond);
  }
  const DialCampaign& CampaignOf(const Lead& lead) const {
    return compiled_->rules().campaigns[compiled_->campaign_of(lead.list)];
  }

  uint64_t PersonOf(const Lead& lead) const {
    return lead.person == kNone ? 0 : persons_[lead.person].person;
  }
  // Null: no law holds there (any more).
  const DialClass* ClassOf(const Lead& lead, const Line& line) {
    const uint32_t i =
        line.place() == kNoPlace
            ? kNone
            : compiled_->ClassOf(compiled_->campaign_of(lead.list),
                                 line.place());
    return i == kNone ? nullptr : &compiled_->at(i);
  }

  // lead_list_standing.cc
  uint32_t CapUntil(const CompiledCap& cap, const Lead& lead, const Line& line,
                    const DialClass& where) const;
  LineStanding StandingOf(const Lead& lead, uint32_t line,
                          std::vector<LeadReason>* reasons);
  Standing StandingOf(uint32_t lead, std::vector<LeadReason>* reasons);
  bool OnDoNotCall(PhoneNumber number) const;
  bool InCall(PhoneNumber number) const;

  // lead_list_order.cc
  void Place(uint32_t lead);
  void Unplace(uint32_t lead);
  void PlaceAll();
  // All leads with it but `done`.
  void Touch(PhoneNumber number, uint32_t done = kNone);
  void TouchPerson(uint64_t person, uint32_t done);
  void TouchBoth(uint32_t lead, PhoneNumber number);
  void Settle(Lead* lead);
  uint64_t KeyOf(const Lead& lead) const;
  uint32_t CellOf(uint32_t list, uint32_t of_class, uint64_t agent,
                  bool guaranteed);
  bool CellOpen(const Cell& cell, bool agent_reserved) const;
  uint32_t Choose(uint32_t campaign, const LeadRequest& request);
  uint32_t ChooseCell(uint32_t campaign, const LeadRequest& request,
                      uint32_t list);
  uint32_t ListToServe(uint32_t campaign, const LeadRequest& request);

  // lead_list_put.cc
  absl::Status CheckLead(const LeadConfig& lead, Lead* out) const;
  absl::Status CheckLines(const LeadConfig& lead, uint32_t old,
                          std::vector<Line>* lines) const;
  void SetLines(uint32_t lead, const std::vector<Line>& lines);
  void DropLines(uint32_t lead);
  void DropPerson(uint32_t lead);
  void ResetLead(uint32_t lead);

  // lead_list_forget.cc
  std::vector<uint32_t> LeadsOf(const LeadSubject& subject) const;
  bool InUse(uint64_t number) const;

  // lead_list_attempts.cc
  void Take(const LeadRequest& request, uint32_t campaign, uint32_t lead);
  void FillChoice(const Attempt& attempt, LeadChoice* choice);
  void Count(const Lead& lead, const Line& line, DialEvent event);
  void Uncount(const Lead& lead, const Line& line, uint32_t at);
  void Lapse(uint32_t attempt, int64_t due);
  void End(uint32_t attempt, AttemptState state);
  void Forget();

  // lead_list_redial.cc
  void Redial(Attempt* attempt, uint32_t disposition,
              const LeadCallback* callback);
  void Record(const Lead& lead, const Line& line, const Attempt& attempt,
              DialResult result);
  uint32_t DueAfter(const Lead& lead, const Line& line, uint32_t delay,
                    bool other_part);
  void SetCallback(Lead* lead, const LeadCallback& callback);
  HourRate* RateOf(const Lead& lead, const DialClass& where, int64_t civil_s);

  // lead_list_views.cc
  void WhyClosed(const DialClass& where, PhoneNumber number,
                 std::vector<LeadReason>* reasons) const;

  friend class LeadListIo;

  LeadListOptions options_;
  NumberClock clock_;
  int64_t offset_us_ = 0;  // What the host said.
  int64_t wall_us_ = 0;    // Civil time less our own.
  int64_t wall_ = 0;       // That in seconds, rounded down.
  std::unique_ptr<DialCompiled> compiled_;
  ChainTable<Lead> leads_;
  ChainTable<Line> lines_;
  ChainTable<Person> persons_;
  ChainTable<Phone> do_not_call_;
  PrefixSet do_not_call_prefixes_;
  LeadHistory history_;
  ChainTable<Attempt> attempts_;
  IndexRing over_;  // Attempts, oldest first.
  TimerQueue attempt_timers_;
  uint32_t next_seq_ = 1;
  uint32_t next_version_ = 1;
  std::vector<ListState> lists_;
  std::vector<CampaignState> campaigns_;
  std::vector<HourRate> rates_;  // By segment and hour.
  LeadListStats counts_;

  // Built from the above by PlaceAll.
  ReadyHeap<Wake> timers_;
  std::vector<Cell> cells_;
  absl::flat_hash_map<std::tuple<uint32_t, uint32_t, uint64_t, bool>, uint32_t>
      cell_index_;
  std::vector<std::vector<uint32_t>> open_cells_;  // For anybody, by campaign.
  absl::flat_hash_map<std::pair<uint32_t, uint64_t>, std::vector<uint32_t>>
      own_cells_;  // By campaign and agent.
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_LEAD_LIST_IMPL_H_
