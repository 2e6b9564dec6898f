// The plain twin of LeadList: all leads looked through for every answer, all
// events kept for ever with their times, hours and windows worked out anew.

#ifndef CALLROUTER_TESTS_ORACLE_NAIVE_LEADS_H_
#define CALLROUTER_TESTS_ORACLE_NAIVE_LEADS_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "callrouter/lead_list.h"

namespace callrouter::oracle {

class NaiveLeads {
 public:
  using Code = absl::StatusCode;
  struct Number {
    LeadNumber config;
    int attempts = 0;
    bool over = false;
    NumberCheck check = NumberCheck::kUnknown;
  };
  struct Lead {
    LeadConfig config;
    std::vector<Number> numbers;
    int seq = 0;
    LeadState state = LeadState::kWaiting;
    bool civil_due = true;
    int64_t due = 0;
    bool callback = false, personal = false, guaranteed = false;
    int64_t until = INT64_MAX;
    int attempts = 0, failures = 0, cursor = 0;
    std::string disposition;
  };
  struct Event {
    int64_t at;  // Microseconds.
    DialEvent kind;
    uint64_t number, lead, person;
    uint64_t attempt;
  };
  struct Attempt {
    LeadRequest request;
    std::string campaign;
    uint64_t lead = 0;
    PhoneNumber number;
    int64_t at = 0, deadline = 0;
    int64_t over = INT64_MAX;  // When it was.
    bool dialled = false, alive = true, cancelled = false;
    std::string disposition;
  };
  struct Choice {
    uint64_t lead = 0;
    PhoneNumber number;
    int attempts = 0;
    bool callback = false;
  };

  NaiveLeads(const LeadListOptions& options, const DialRules& rules)
      : options_(options), rules_(rules) {}

  void Tell(absl::Time now);
  void Rebase(absl::Duration delta);
  void SetWallClock(absl::Duration offset);
  void SetRules(const DialRules& rules);
  Code Put(const LeadConfig& lead);
  Code Remove(uint64_t lead);
  Code Forget(const LeadSubject& subject);
  Code Pause(uint64_t lead, bool paused);
  void PauseList(const std::string& list, bool paused);
  void PauseCampaign(const std::string& campaign, bool paused);
  Code Reset(uint64_t lead);
  int Recycle(const std::string& list, LeadState state,
              const std::string& disposition);
  void DoNotCall(PhoneNumber number);
  Code AllowCall(PhoneNumber number);
  void DoNotCallPrefix(const std::string& prefix);
  Code AllowCallPrefix(const std::string& prefix);
  Code Checked(PhoneNumber number, NumberCheck check);
  Code Next(const LeadRequest& request, Choice* choice);
  Code Dialled(uint64_t attempt);
  Code Cancel(uint64_t attempt);
  Code Report(uint64_t attempt, const std::string& disposition,
              const LeadCallback* callback);
  Code Callback(uint64_t lead, const LeadCallback& callback);

  // The lead the campaign's order puts first, 0 if there is none.
  uint64_t First(const LeadRequest& request) const;
  // Whether any lead might be handed out to anybody.
  bool Any() const;
  const std::map<uint64_t, Lead>& leads() const { return leads_; }
  const Lead* Find(uint64_t lead) const;
  int64_t wall() const { return wall_s(); }

 private:
  int64_t second() const { return now_ / 1'000'000; }
  // Civil time less our own.
  int64_t wall_us() const { return skew_ + offset_; }
  int64_t wall_s() const;
  int64_t civil() const { return second() + wall_s(); }
  int64_t DueOf(const Lead& lead) const {
    return lead.civil_due ? lead.due - wall_s() : lead.due;
  }
  const DialCampaign& CampaignOf(const Lead& lead) const;
  const DialList& ListOf(const Lead& lead) const;
  const DialPlace* PlaceOf(const LeadNumber& number) const;
  std::vector<const DialLaw*> LawsOf(const Lead& lead,
                                     const DialPlace& place) const;
  int64_t Offset(const std::string& zone, int64_t civil) const;
  int64_t Day(const std::string& zone, int64_t civil) const;
  bool Open(const DialLaw& law, const std::string& zone, int64_t civil) const;
  bool HoursOpen(const Lead& lead, const Number& number, int64_t civil) const;
  bool Reached(const DialCap& cap, const Lead& lead, const Number& number,
               const DialPlace& place) const;
  bool Suppressed(PhoneNumber number) const;
  bool InCall(PhoneNumber number) const;
  // The number that may be dialled now, -1: none. `*needs_agent`: only so.
  int FreeNumber(const Lead& lead, bool* needs_agent) const;
  bool NumberFree(const Lead& lead, const Number& number,
                  bool* needs_agent) const;
  bool Eligible(const Lead& lead, const LeadRequest& request) const;
  bool Before(const Lead& a, const Lead& b) const;
  void Settle();
  void SettleTime(Lead* lead);
  void SettleCaps(Lead* lead);
  void Count(const Lead& lead, PhoneNumber number, DialEvent kind,
             uint64_t attempt);
  void Uncount(uint64_t attempt);
  std::vector<const DialCap*> Caps() const;
  bool Counted(DialScope scope, DialEvent kind) const;
  void ResetLead(Lead* lead);
  void SetCallback(Lead* lead, const LeadCallback& callback);
  int Record(const Attempt& attempt, Lead* lead, Number* number,
             DialResult result);
  void Redial(Attempt* attempt, Lead* lead, const DialDisposition& how,
              const LeadCallback* callback);
  int64_t DueAfter(const Lead& lead, const Number& number, int64_t delay,
                   bool other_part) const;

  LeadListOptions options_;
  DialRules rules_;
  int64_t now_ = 30 * int64_t{86'400'000'000};
  int64_t skew_ = 0;
  int64_t offset_ = 0;
  std::map<uint64_t, Lead> leads_;
  std::map<uint64_t, Attempt> attempts_;
  std::vector<Event> events_;
  std::set<uint64_t> do_not_call_;
  std::set<std::string> prefixes_;
  std::set<std::string> paused_lists_, paused_campaigns_;
  std::map<std::string, int> done_;
  std::map<std::string, uint64_t> list_pass_, campaign_pass_;
  std::map<std::pair<std::string, int>, std::pair<int64_t, int64_t>> rates_;
  int next_seq_ = 1;
};

}  // namespace callrouter::oracle

#endif  // CALLROUTER_TESTS_ORACLE_NAIVE_LEADS_H_
