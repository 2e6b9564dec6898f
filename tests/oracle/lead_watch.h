// Watches what a list of leads hands out, with time stamps: every attempt ever
// made with its moment, its number, lead and person. Of each choice it asks
// whether a rule forbade it; which lead would have been better it does not ask,
// so that it is simple and fast. Its own clock is exact to the microsecond.

#ifndef CALLROUTER_TESTS_ORACLE_LEAD_WATCH_H_
#define CALLROUTER_TESTS_ORACLE_LEAD_WATCH_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "absl/time/time.h"
#include "callrouter/lead_list.h"

namespace callrouter::oracle {

class LeadWatch {
 public:
  LeadWatch(const LeadListOptions& options, const DialRules& rules);

  // --- What happened, if the list took it ---
  void Tell(absl::Time host);
  void Rebase(absl::Duration delta) {
    skew_ += absl::ToInt64Microseconds(delta);
  }
  void SetWallClock(absl::Duration offset) {
    offset_ = absl::ToInt64Microseconds(offset);
  }
  // Other hours; caps and redial rules must be as before.
  void SetRules(const DialRules& rules) { rules_ = rules; }
  void Put(const LeadConfig& lead);
  void Remove(uint64_t lead);
  void Forget(const LeadSubject& subject);
  void Pause(uint64_t lead, bool paused) { leads_[lead].paused = paused; }
  void PauseList(const std::string& list, bool paused);
  void Reset(uint64_t lead);
  void DoNotCall(PhoneNumber number, bool on);
  void Prefix(const std::string& prefix, bool on);
  void Checked(PhoneNumber number, NumberCheck check);
  void Dialled(uint64_t attempt);
  void Cancel(uint64_t attempt);
  void Report(uint64_t attempt, const std::string& disposition,
              const LeadCallback* callback);
  void Callback(uint64_t lead, const LeadCallback& callback);

  // Counts the attempt. What forbade it; empty: nothing did.
  std::string Chosen(const LeadRequest& request, const LeadChoice& choice);

  // Civil time, as UTC.
  absl::Time civil() const { return absl::FromUnixMicros(Civil()); }
  // How often each rule was what a choice had to heed: it was one event, or an
  // hour, from being forbidden.
  const std::map<std::string, int64_t>& close_calls() const { return close_; }

 private:
  struct Lead {
    LeadConfig config;
    bool paused = false, over = false, taken = false;
    bool callback = false, personal = false, guaranteed = false;
    int64_t not_before = 0;               // Our own time.
    int64_t from = 0, until = INT64_MAX;  // As loaded or agreed upon; civil.
    int attempts = 0, failures = 0;
    std::map<uint64_t, int> of_number;
    std::set<uint64_t> numbers_over;
  };
  struct Attempt {
    uint64_t lead = 0, number = 0, person = 0;
    int64_t at = 0, deadline = 0;
    bool dialled = false;
  };
  using Times = std::vector<int64_t>;

  int64_t Civil() const { return now_ + skew_ + offset_; }
  const DialCampaign& CampaignOf(const Lead& lead) const;
  const DialPlace* PlaceOf(const LeadNumber& number) const;
  int64_t Local(const std::string& zone, int64_t civil) const;
  bool Open(const DialLaw& law, const std::string& zone, int64_t civil) const;
  std::string Hours(const Lead& lead, const DialPlace& place);
  std::string Cap(const DialCap& cap, const Lead& lead, uint64_t number,
                  const DialPlace& place, bool agent);
  std::string Caps(const Lead& lead, const LeadRequest& request,
                   const LeadChoice& choice, const DialPlace& place);
  std::string Number(const Lead& lead, const LeadChoice& choice) const;
  std::string Due(const Lead& lead, const LeadRequest& request,
                  const LeadChoice& choice) const;
  std::string Forbidden(const LeadRequest& request, const LeadChoice& choice);
  std::string CivilDay(const std::string& zone, int64_t civil,
                       DialWindow window) const;
  void Count(const Attempt& attempt, DialEvent event, int64_t at);
  void Uncount(const Attempt& attempt);
  Times& Log(DialScope scope, DialEvent event, uint64_t key) {
    return log_[{scope, event, key}];
  }
  void Take(const std::vector<LeadNumber>& numbers, int step);
  void End(uint64_t attempt);
  const RedialRule& Row(const Lead& lead, const Attempt& attempt,
                        const std::string& disposition, int n) const;

  const LeadListOptions options_;
  DialRules rules_;
  int64_t now_ = 0;  // Host time less all jumps.
  int64_t skew_ = 0, offset_ = 0;
  std::unordered_map<uint64_t, Lead> leads_;
  std::unordered_map<uint64_t, Attempt> attempts_;  // Those alive.
  std::set<std::pair<int64_t, uint64_t>> deadlines_;
  std::set<uint64_t> in_call_, do_not_call_;
  std::set<std::string> prefixes_, paused_lists_;
  std::unordered_map<uint64_t, std::pair<int, NumberCheck>> numbers_;
  std::map<std::tuple<DialScope, DialEvent, uint64_t>, Times> log_;
  std::map<std::string, int64_t> close_;
};

}  // namespace callrouter::oracle

#endif  // CALLROUTER_TESTS_ORACLE_LEAD_WATCH_H_
