#include "callrouter/lead_list.h"

#include <algorithm>
#include <utility>

#include "lead_list_impl.h"

namespace callrouter {

namespace {

constexpr std::string_view kWhat = "callrouter lead list 1\n";

absl::Status Refuse(const std::vector<Fault>& faults) {
  std::string text;
  for (const Fault& fault : faults) {
    text += (text.empty() ? "" : "; ") + ToString(fault);
  }
  return absl::InvalidArgumentError(text);
}

}  // namespace

std::vector<Fault> FindFaults(const LeadListOptions& o) {
  std::vector<Fault> faults;
  const auto time = [&](const char* field, absl::Duration found,
                        absl::Duration low, absl::Duration high) {
    if (found >= low && found <= high) return;
    faults.push_back(
        {field, absl::FormatDuration(found),
         absl::FormatDuration(low) + " to " + absl::FormatDuration(high)});
  };
  const auto count = [&](const char* field, int32_t found, int32_t high) {
    if (found >= 1 && found <= high) return;
    faults.push_back(
        {field, std::to_string(found), "1 to " + std::to_string(high)});
  };
  const absl::Duration week = absl::Hours(24 * 7);
  time("reservation_timeout", o.reservation_timeout, absl::Seconds(1), week);
  time("call_max", o.call_max, absl::Seconds(1), week);
  time("lapse_delay", o.lapse_delay, absl::Seconds(1), week);
  time("attempt_keep", o.attempt_keep, absl::ZeroDuration(), absl::Hours(24));
  count("leads_max", o.leads_max, 50'000'000);
  count("numbers_max", o.numbers_max, 100'000'000);
  count("leads_per_number_max", o.leads_per_number_max, 1000);
  count("events_max", o.events_max, 500'000'000);
  count("attempts_max", o.attempts_max, 10'000'000);
  count("do_not_call_max", o.do_not_call_max, 500'000'000);
  return faults;
}

std::size_t MemoryBound(const LeadListOptions& o) {
  return LeadListImpl::MemoryBound(o);
}

LeadListImpl::LeadListImpl(const LeadListOptions& options,
                           const DialRules& rules)
    : options_(options), compiled_(std::make_unique<DialCompiled>(rules)) {
  lists_.resize(rules.lists.size());
  campaigns_.resize(rules.campaigns.size());
  rates_.resize(24 * std::max<std::size_t>(1, rules.segments.size()));
  open_cells_.resize(rules.campaigns.size());
  if (!options.reserve_memory) return;
  const auto size = [](int32_t n) { return static_cast<std::size_t>(n); };
  leads_.Reserve(size(options.leads_max));
  lines_.Reserve(size(options.numbers_max));
  history_.Reserve(size(options.events_max));
  attempts_.Reserve(size(options.attempts_max));
  over_.Reserve(size(options.attempts_max));
  attempt_timers_.Reserve(size(options.attempts_max));
  do_not_call_.Reserve(size(options.do_not_call_max));
}

std::size_t LeadListImpl::MemoryBound(const LeadListOptions& o) {
  const auto all = [](int32_t count, std::size_t entry) {
    return static_cast<std::size_t>(count) * (entry + sizeof(uint32_t));
  };
  // See TimerQueue and ReadyHeap: of every three places one may be idle.
  const std::size_t timers = 2 * 3 / 2 * 24 + 12;
  const std::size_t order = (sizeof(Ready) + sizeof(Wake)) * 27 / 16;
  // Persons grow by doubling, all else is as reserved.
  return all(o.leads_max, sizeof(Lead) + order + 2 * sizeof(Person) + 8) +
         all(o.numbers_max, sizeof(Line)) +
         all(o.events_max, LeadHistory::kEventBytes) +
         all(o.attempts_max, sizeof(Attempt) + sizeof(uint32_t) + timers) +
         all(o.do_not_call_max, sizeof(Phone)) + 16'384;
}

uint32_t LeadListImpl::FromCivil(uint32_t civil_s) const {
  if (civil_s == kNever) return kNever;
  return static_cast<uint32_t>(
      std::clamp(int64_t{civil_s} - wall_, int64_t{0}, int64_t{kNever} - 1));
}

void LeadListImpl::Tell(absl::Time now) {
  clock_.Tell(now);
  compiled_->SetTime(CivilSecond());
  TimerQueue::Timer timer;
  while (attempt_timers_.PopDue(clock_.now(), &timer)) {
    Lapse(timer.subject, timer.due);
  }
  attempt_timers_.Tidy();
  const uint32_t now_s = clock_.seconds();
  for (;;) {
    const Wake* const top = timers_.Top(Valid());
    if (top == nullptr || top->at > now_s) break;
    Place(top->lead);
  }
  const uint32_t keep = compiled_->longest() + 1;
  if (now_s > keep) history_.Sweep(now_s - keep);
  Forget();
}

void LeadListImpl::Finish() { timers_.Top(Valid()); }

void LeadListImpl::SetWallClock(absl::Duration offset) {
  constexpr int64_t kMost = 4'200'000'000 * NumberClock::kSecond;
  offset_us_ = std::clamp(
      absl::ToInt64Microseconds(absl::Floor(offset, absl::Microseconds(1))),
      -kMost, kMost);
  SetCivil();
}

void LeadListImpl::Rebase(absl::Duration delta) {
  clock_.Rebase(delta);
  SetCivil();
}

// Civil time is the host's and the offset it said.
void LeadListImpl::SetCivil() {
  constexpr int64_t kSecond = NumberClock::kSecond;
  const int64_t now = int64_t{clock_.seconds()};
  const int64_t wall = std::clamp(clock_.skew() + offset_us_, -now * kSecond,
                                  (4'200'000'000 - now) * kSecond);
  if (wall == wall_us_) return;
  wall_us_ = wall;
  wall_ = wall / kSecond - (wall % kSecond < 0 ? 1 : 0);
  compiled_->SetTime(CivilSecond());
  PlaceAll();
}

absl::Time LeadListImpl::Deadline() const {
  int64_t at = attempt_timers_.next_due();
  if (!timers_.entries().empty()) {
    at = std::min(at, timers_.entries()[0].at * NumberClock::kSecond);
  }
  if (compiled_->next_change() != INT64_MAX) {
    at = std::min(at,
                  compiled_->next_change() * NumberClock::kSecond - wall_us_);
  }
  return clock_.Host(at);
}

LeadList::LeadList(std::unique_ptr<LeadListImpl> impl)
    : impl_(std::move(impl)) {}
LeadList::~LeadList() = default;

absl::StatusOr<std::unique_ptr<LeadList>> LeadList::Create(
    const LeadListOptions& options, const DialRules& rules, absl::Time now) {
  std::vector<Fault> faults = FindFaults(options);
  const std::vector<Fault> more = FindFaults(rules);
  faults.insert(faults.end(), more.begin(), more.end());
  if (!faults.empty()) return Refuse(faults);
  auto impl = std::make_unique<LeadListImpl>(options, rules);
  impl->Tell(now);
  return std::unique_ptr<LeadList>(new LeadList(std::move(impl)));
}

absl::StatusOr<std::unique_ptr<LeadList>> LeadList::Load(
    const LeadListOptions& options, std::string_view saved) {
  const std::vector<Fault> faults = FindFaults(options);
  if (!faults.empty()) return Refuse(faults);
  const auto values = OpenState(kWhat, saved);
  if (!values.ok()) return values.status();
  Archive archive = Archive::Reader(*values);
  auto impl = std::make_unique<LeadListImpl>(options, DialRules());
  if (!impl->Transfer(archive)) {
    return absl::InvalidArgumentError(
        "the bytes are no list of leads, or one beyond the limits");
  }
  return std::unique_ptr<LeadList>(new LeadList(std::move(impl)));
}

void LeadList::Save(std::string* out) const {
  out->assign(kWhat);
  Archive archive = Archive::Writer(out);
  // Writing changes nothing; see archive.h.
  impl_->Transfer(archive);
  SealState(out);
}

// Every call tells the time, and what it changed is put in order behind it.
template <class F>
static auto With(LeadListImpl* impl, absl::Time now, F call) {
  impl->Tell(now);
  auto result = call(*impl);
  impl->Finish();
  return result;
}

absl::Status LeadList::SetRules(const DialRules& rules, absl::Time now) {
  return With(impl_.get(), now, [&](LeadListImpl& i) -> absl::Status {
    const std::vector<Fault> faults = FindFaults(rules);
    return faults.empty() ? i.SetRules(rules) : Refuse(faults);
  });
}
absl::Status LeadList::Put(const LeadConfig& lead, absl::Time now) {
  return With(impl_.get(), now, [&](auto& i) { return i.Put(lead); });
}
absl::Status LeadList::Remove(uint64_t lead, absl::Time now) {
  return With(impl_.get(), now, [&](auto& i) { return i.Remove(lead); });
}
absl::Status LeadList::Pause(uint64_t lead, bool paused, absl::Time now) {
  return With(impl_.get(), now, [&](auto& i) { return i.Pause(lead, paused); });
}
absl::Status LeadList::PauseList(std::string_view list, bool paused,
                                 absl::Time now) {
  return With(impl_.get(), now,
              [&](auto& i) { return i.PauseList(list, paused); });
}
absl::Status LeadList::PauseCampaign(std::string_view campaign, bool paused,
                                     absl::Time now) {
  return With(impl_.get(), now,
              [&](auto& i) { return i.PauseCampaign(campaign, paused); });
}
absl::Status LeadList::Reset(uint64_t lead, absl::Time now) {
  return With(impl_.get(), now, [&](auto& i) { return i.Reset(lead); });
}
absl::Status LeadList::Recycle(std::string_view list, LeadState state,
                               std::string_view disposition, absl::Time now,
                               int32_t* count) {
  return With(impl_.get(), now, [&](auto& i) {
    return i.Recycle(list, state, disposition, count);
  });
}
absl::Status LeadList::DoNotCall(PhoneNumber number, absl::Time now) {
  return With(impl_.get(), now, [&](auto& i) { return i.DoNotCall(number); });
}
absl::Status LeadList::DoNotCallPrefix(std::string_view prefix,
                                       absl::Time now) {
  return With(impl_.get(), now,
              [&](auto& i) { return i.Prefix(prefix, false); });
}
absl::Status LeadList::AllowCall(PhoneNumber number, absl::Time now) {
  return With(impl_.get(), now, [&](auto& i) { return i.AllowCall(number); });
}
absl::Status LeadList::AllowCallPrefix(std::string_view prefix,
                                       absl::Time now) {
  return With(impl_.get(), now,
              [&](auto& i) { return i.Prefix(prefix, true); });
}
absl::Status LeadList::Checked(PhoneNumber number, NumberCheck check,
                               absl::Time now) {
  return With(impl_.get(), now,
              [&](auto& i) { return i.Checked(number, check); });
}
absl::Status LeadList::Forget(const LeadSubject& subject, absl::Time now) {
  return With(impl_.get(), now, [&](auto& i) { return i.Forget(subject); });
}
absl::Status LeadList::Next(const LeadRequest& request, absl::Time now,
                            LeadChoice* choice) {
  return With(impl_.get(), now, [&](auto& i) {
    i.Finish();  // For retry_at.
    return i.Next(request, choice);
  });
}
absl::Status LeadList::Dialled(uint64_t attempt, absl::Time now) {
  return With(impl_.get(), now, [&](auto& i) { return i.Dialled(attempt); });
}
absl::Status LeadList::Cancel(uint64_t attempt, absl::Time now) {
  return With(impl_.get(), now, [&](auto& i) { return i.Cancel(attempt); });
}
absl::Status LeadList::Report(uint64_t attempt, std::string_view disposition,
                              absl::Time now, const LeadCallback* callback) {
  return With(impl_.get(), now, [&](auto& i) {
    return i.Report(attempt, disposition, callback);
  });
}
absl::Status LeadList::Callback(uint64_t lead, const LeadCallback& callback,
                                absl::Time now) {
  return With(impl_.get(), now,
              [&](auto& i) { return i.Callback(lead, callback); });
}
void LeadList::Advance(absl::Time now) {
  impl_->Tell(now);
  impl_->Finish();
}
absl::Time LeadList::next_deadline() const { return impl_->Deadline(); }
void LeadList::RebaseClock(absl::Duration delta, absl::Time now) {
  impl_->Rebase(delta);
  Advance(now);
}
void LeadList::SetWallClock(absl::Duration offset, absl::Time now) {
  impl_->Tell(now);
  impl_->SetWallClock(offset);
  impl_->Finish();
}
absl::StatusOr<LeadView> LeadList::View(uint64_t lead) const {
  return impl_->View(lead);
}
absl::Status LeadList::WhyNot(uint64_t lead, const LeadRequest& request,
                              absl::Time now,
                              std::vector<LeadReason>* reasons) {
  return With(impl_.get(), now,
              [&](auto& i) { return i.WhyNot(lead, request, reasons); });
}
LeadListStats LeadList::stats() const { return impl_->Stats(); }
absl::Status LeadList::CheckInvariants() const {
  return impl_->CheckInvariants();
}

}  // namespace callrouter
