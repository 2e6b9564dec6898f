// The whole list of leads as bytes. Orders of leads only repeat the rest and
// are built anew.

#include <string>
#include <vector>

#include "dial_rules_archive.h"
#include "lead_list_impl.h"

namespace callrouter {

class LeadListIo {
 public:
  using Impl = LeadListImpl;
  LeadListIo(Archive& archive, Impl* list) : a_(archive), l_(*list) {}

  bool Run() {
    DialRules rules;
    if (a_.writing()) rules = l_.compiled_->rules();
    Transfer(a_, rules);
    if (!a_.ok()) return false;
    if (!a_.writing()) {
      if (!FindFaults(rules).empty()) return false;
      l_ = Impl(l_.options_, rules);
    }
    l_.clock_.Transfer(a_);
    Civil();
    a_.All(l_.next_seq_);
    if (!a_.ok()) return false;
    Counters();
    Leads();
    Suppressed();
    if (!a_.ok()) return false;
    l_.history_.Transfer(a_);
    Attempts();
    if (!a_.ok() || (!a_.writing() && a_.left() != 0) || !Fits()) return false;
    if (a_.writing()) return true;
    const LeadListStats counts = l_.counts_;
    l_.PlaceAll();
    l_.Finish();
    // What time does was done before it was saved.
    return l_.counts_.missed == counts.missed && l_.CheckInvariants().ok();
  }

 private:
  void Civil() {
    constexpr int64_t kSecond = NumberClock::kSecond;
    constexpr int64_t kMost = 4'200'000'000 * kSecond;
    a_.All(l_.offset_us_, l_.wall_us_);
    for (const int64_t us : {l_.offset_us_, l_.wall_us_}) {
      if (us < -kMost || us > kMost) return a_.Fail();
    }
    l_.wall_ = l_.wall_us_ / kSecond - (l_.wall_us_ % kSecond < 0 ? 1 : 0);
    // Each of both clocks ends before the year 2106.
    if (l_.civil() < 0) return a_.Fail();
    if (!a_.writing()) l_.compiled_->SetTime(l_.CivilSecond());
  }

  void Counters() {
    LeadListStats& s = l_.counts_;
    a_.All(s.chosen, s.none, s.reported, s.cancelled, s.lapsed, s.missed);
    for (LeadRecords::ListState& list : l_.lists_) {
      a_.All(list.paused, list.done, list.pass);
    }
    for (LeadRecords::CampaignState& campaign : l_.campaigns_) {
      a_.All(campaign.paused, campaign.pass);
    }
    for (LeadRecords::HourRate& rate : l_.rates_) {
      a_.All(rate.attempts, rate.contacts);
      if (rate.attempts > 65'536 || rate.contacts > rate.attempts) a_.Fail();
    }
  }

  void Leads() {
    const DialRules& rules = l_.compiled_->rules();
    l_.leads_.Transfer(a_, [&](LeadRecords::Lead& lead) {
      uint8_t flags = static_cast<uint8_t>(lead.flags & ~LeadRecords::kTimed);
      uint8_t cursor = lead.cursor;
      a_.All(lead.ref, lead.owner, lead.person, lead.attributes, lead.seq,
             lead.first, lead.due, lead.expires, lead.consent, lead.until,
             lead.list, lead.segment, lead.score, lead.attempts, lead.priority,
             flags, lead.failures, cursor, lead.disposition, lead.state);
      if (a_.writing()) return;
      lead.flags = flags;
      lead.cursor = cursor & 15u;
      const bool segment = lead.segment < rules.segments.size() ||
                           (lead.segment == 0 && rules.segments.empty());
      if (lead.ref == 0 || lead.list >= rules.lists.size() || !segment ||
          (lead.disposition != LeadRecords::kNoDisposition &&
           lead.disposition >= rules.dispositions.size()) ||
          lead.state > LeadState::kExpired || lead.seq >= l_.next_seq_ ||
          (flags & ~15) != 0) {
        lead = LeadRecords::Lead();
        a_.Fail();
      }
    });
    l_.lines_.Transfer(a_, [&](LeadRecords::Line& line) {
      a_.All(line.bits, line.lead, line.sibling, line.attempts, line.type,
             line.flags);
      if (a_.writing()) return;
      const bool type = line.type < rules.number_types.size() || line.type == 0;
      if (line.phone().none() || !type || line.lead >= l_.leads_.span() ||
          line.place() >= rules.places.size() ||
          l_.leads_[line.lead].ref == 0 || (line.flags & ~31) != 0) {
        line = LeadRecords::Line();
        a_.Fail();
      }
    });
    l_.persons_.Transfer(a_, [&](LeadRecords::Person& person) {
      a_.All(person.person, person.lead);
      if (a_.writing()) return;
      if (person.person == 0 || person.lead >= l_.leads_.span()) {
        person = LeadRecords::Person();
        a_.Fail();
      }
    });
  }

  void Suppressed() {
    l_.do_not_call_.Transfer(a_, [&](LeadRecords::Phone& phone) {
      a_.All(phone.high, phone.low);
      if (PhoneNumber::FromValue(phone.value()).none()) a_.Fail();
    });
    std::vector<std::string> prefixes = l_.do_not_call_prefixes_.All();
    a_.List(prefixes, [&](std::string& prefix) { a_(prefix); });
    if (a_.writing()) return;
    for (const std::string& prefix : prefixes) {
      if (prefix.empty() || prefix.size() > PhoneNumber::kDigitsMax ||
          prefix.find_first_not_of("0123456789") != std::string::npos ||
          !l_.do_not_call_prefixes_.Insert(prefix, 1)) {
        a_.Fail();
        return;
      }
    }
  }

  void Attempts() {
    std::vector<TimerQueue::Timer> timers;
    if (a_.writing()) timers = l_.attempt_timers_.Sorted();
    l_.attempts_.Transfer(a_, [&](LeadRecords::Attempt& t) {
      a_.All(t.ref, t.agent, t.at, t.lead, t.line, t.campaign, t.state,
             t.disposition, t.agent_reserved);
      if (a_.writing()) return;
      if (t.ref == 0 || t.campaign >= l_.campaigns_.size() ||
          t.state > LeadRecords::AttemptState::kLapsed ||
          t.at > l_.clock_.now() || (t.alive() && !OfItsLead(t))) {
        t.state = LeadRecords::AttemptState::kOver;
        a_.Fail();
      }
    });
    std::vector<uint32_t> over = l_.over_.Items();
    a_.List(over, [&](uint32_t& i) { a_(i); });
    a_.List(timers, [&](TimerQueue::Timer& t) { a_.All(t.due, t.subject); });
    if (a_.writing() || !a_.ok()) return;
    std::vector<bool> seen(l_.attempts_.span(), false);
    const auto fits = [&](uint32_t i, bool alive) {
      if (i >= seen.size() || seen[i] || l_.attempts_[i].ref == 0 ||
          l_.attempts_[i].alive() != alive) {
        a_.Fail();
        return false;
      }
      seen[i] = true;
      return true;
    };
    for (const uint32_t i : over) {
      if (!fits(i, false)) return;
      l_.over_.Push(i);
    }
    for (const TimerQueue::Timer& t : timers) {
      if (!fits(t.subject, true) || t.due < l_.clock_.now()) return a_.Fail();
      l_.attempts_[t.subject].timer =
          l_.attempt_timers_.Arm(t.due, 0, t.subject);
    }
    if (over.size() + timers.size() != l_.attempts_.size()) a_.Fail();
  }

  bool OfItsLead(const LeadRecords::Attempt& t) const {
    return t.line < l_.lines_.span() && l_.lines_[t.line].lead == t.lead &&
           t.lead < l_.leads_.span() &&
           (l_.lines_[t.line].flags & LeadRecords::kInCall) != 0 &&
           l_.leads_[t.lead].state == LeadState::kTaken &&
           l_.compiled_->campaign_of(l_.leads_[t.lead].list) == t.campaign;
  }

  // Limits, and that the lists of numbers are lists.
  bool Fits() const {
    const auto most = [](std::size_t found, int32_t limit) {
      return found <= static_cast<std::size_t>(limit);
    };
    std::size_t lines = 0, persons = 0;
    for (uint32_t i = 0; i < l_.leads_.span(); ++i) {
      const LeadRecords::Lead& lead = l_.leads_[i];
      int count = 0;
      for (uint32_t k = lead.first; lead.ref != 0 && k != LeadRecords::kNone;
           k = l_.lines_[k].sibling) {
        if (++count > 16 || k >= l_.lines_.span() || l_.lines_[k].lead != i ||
            l_.lines_[k].bits == 0) {
          return false;
        }
      }
      if (lead.ref != 0 && lead.cursor >= count) return false;
      if (lead.ref != 0 && lead.person != LeadRecords::kNone) {
        ++persons;
        if (lead.person >= l_.persons_.span() ||
            l_.persons_[lead.person].person == 0 ||
            l_.persons_[lead.person].lead != i) {
          return false;
        }
      }
      lines += static_cast<std::size_t>(count);
    }
    return lines == l_.lines_.size() && persons == l_.persons_.size() &&
           most(l_.leads_.size(), l_.options_.leads_max) &&
           most(l_.lines_.size(), l_.options_.numbers_max) &&
           most(l_.history_.size(), l_.options_.events_max) &&
           most(l_.attempts_.size(), l_.options_.attempts_max) &&
           most(l_.do_not_call_.size(), l_.options_.do_not_call_max);
  }

  Archive& a_;
  Impl& l_;
};

bool LeadListImpl::Transfer(Archive& a) { return LeadListIo(a, this).Run(); }

}  // namespace callrouter
