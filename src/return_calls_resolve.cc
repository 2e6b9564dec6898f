// Up the ladder, and the public face.

#include <algorithm>
#include <memory>
#include <string>
#include <tuple>
#include <utility>

#include "number_faults.h"
#include "return_calls_impl.h"

namespace callrouter {

namespace {

// Total, whatever the order in memory: one lead may have two telephones.
bool Before(const ReturnCandidate& a, const ReturnCandidate& b) {
  if (a.shown != b.shown) return a.shown > b.shown;
  const auto rest = [](const ReturnCandidate& c) {
    return std::make_tuple(c.number.value(), c.campaign, c.lead, c.attempt,
                           c.agent, c.outcome);
  };
  return rest(a) < rest(b);
}

// One candidate for each campaign and lead: the latest, with the last agent.
void Fold(ReturnAnswer* answer) {
  auto& all = answer->candidates;
  std::sort(all.begin(), all.end(),
            [](const ReturnCandidate& a, const ReturnCandidate& b) {
              if (a.campaign != b.campaign) return a.campaign < b.campaign;
              return a.lead != b.lead ? a.lead < b.lead : Before(a, b);
            });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (kept > 0 && all[kept - 1].campaign == all[i].campaign &&
        all[kept - 1].lead == all[i].lead) {
      if (all[kept - 1].agent == 0) all[kept - 1].agent = all[i].agent;
    } else {
      all[kept++] = all[i];
    }
  }
  all.resize(kept);
  if (kept > 1) answer->conflict = all.front().campaign != all.back().campaign;
  std::sort(all.begin(), all.end(), Before);
}

}  // namespace

void ReturnCallsImpl::Add(const Entry& entry, ReturnAnswer* answer) const {
  ReturnCandidate candidate;
  candidate.lead = entry.lead;
  candidate.attempt = entry.attempt;
  candidate.agent = entry.agent;
  candidate.number = PhoneNumber::FromValue(numbers_[entry.number].digits);
  candidate.campaign = entry.campaign;
  candidate.outcome = entry.outcome;
  candidate.shown = clock_.Host(int64_t{entry.shown} * NumberClock::kSecond);
  answer->candidates.push_back(candidate);
}

void ReturnCallsImpl::Collect(uint64_t callee, uint32_t number,
                              bool whole_owner, ReturnAnswer* answer) const {
  for (uint32_t i = FirstOf(callee); i != kNone; i = NextOf(i)) {
    const Entry& entry = entries_[i];
    if (entry.crowded != 0) answer->more = 1;
    if (whole_owner ? numbers_[entry.number].owner == numbers_[number].owner
                    : entry.number == number) {
      Add(entry, answer);
    }
  }
}

void ReturnCallsImpl::CollectAliases(uint64_t caller, uint32_t number,
                                     ReturnAnswer* answer) const {
  for (const bool whole_owner : {false, true}) {
    for (uint32_t i = aliases_.First(MixBits(caller)); i != kNone;
         i = aliases_[i].next) {
      if (aliases_[i].key != caller || aliases_[i].forward == 0) continue;
      Collect(aliases_[i].other, number, whole_owner, answer);
    }
    if (!answer->candidates.empty()) return;
  }
}

void ReturnCallsImpl::CollectRecent(uint32_t number,
                                    ReturnAnswer* answer) const {
  uint32_t i = numbers_[number].calls.tail;
  for (int32_t n = 0; n < options_.recent_max && i != kNone; ++n) {
    Add(entries_[i], answer);
    i = entries_[i].earlier;
  }
  answer->more += numbers_[number].calls.size -
                  static_cast<uint32_t>(answer->candidates.size());
}

void ReturnCallsImpl::Climb(uint32_t number, PhoneNumber caller,
                            ReturnAnswer* answer) const {
  const auto there = [&](ReturnRung rung) {
    if (answer->candidates.empty()) return false;
    answer->rung = rung;
    return true;
  };
  if (!caller.none()) {
    const uint64_t key = Key(caller);
    Collect(key, number, false, answer);
    if (there(ReturnRung::kCallerAndNumber)) return;
    Collect(key, number, true, answer);
    if (there(ReturnRung::kCallerAndOwner)) return;
    CollectAliases(key, number, answer);
    if (there(ReturnRung::kAlias)) return;
  }
  CollectRecent(number, answer);
  if (there(ReturnRung::kNumberOnly)) return;
}

absl::Status ReturnCallsImpl::Resolve(PhoneNumber number, PhoneNumber caller,
                                      ReturnAnswer* answer) {
  if (number.none()) {
    return absl::InvalidArgumentError("resolve: expected the number dialled");
  }
  answer->candidates.clear();  // Keeps its memory.
  std::vector<ReturnCandidate> candidates = std::move(answer->candidates);
  *answer = ReturnAnswer();
  answer->candidates = std::move(candidates);
  answer->queue = options_.default_queue;
  answer->rung = ReturnRung::kDefaultQueue;
  ++counts_.resolved;
  const uint32_t i = FindNumber(number);
  answer->known_number = i != kNone;
  if (i != kNone) {
    const Number& dialled = numbers_[i];
    const uint32_t owner = FindOwner(dialled.owner);
    answer->owner = dialled.owner;
    answer->agent = dialled.agent;
    answer->source = dialled.source;
    answer->opted_out = !caller.none() && OptedOut(caller, dialled.owner);
    if (dialled.queue != 0 || owner != kNone) {
      answer->queue = dialled.queue != 0 ? dialled.queue : owners_[owner].queue;
      answer->rung = ReturnRung::kNumberQueue;
    }
  }
  if (!caller.none() && FindNumber(caller) != kNone) {
    answer->rung = ReturnRung::kLoop;
    return absl::OkStatus();
  }
  if (i == kNone) return absl::OkStatus();
  Climb(i, caller, answer);
  Fold(answer);
  const std::size_t count = answer->candidates.size();
  if (count == 0) return absl::OkStatus();
  // Whoever rings without being known may be a stranger as well.
  const bool one =
      count + answer->more == 1 && answer->rung != ReturnRung::kNumberOnly;
  answer->found = one ? Found::kOne : Found::kMany;
  ++(one ? counts_.one : counts_.many);
  return absl::OkStatus();
}

// --- The public face ---

absl::StatusOr<std::unique_ptr<ReturnCalls>> ReturnCalls::Create(
    const ReturnCallsOptions& options, absl::Time now) {
  const absl::Status status = StatusOf(FindFaults(options));
  if (!status.ok()) return status;
  auto impl = std::make_unique<ReturnCallsImpl>(options);
  impl->Enter(now);
  return std::unique_ptr<ReturnCalls>(new ReturnCalls(std::move(impl)));
}

absl::StatusOr<std::unique_ptr<ReturnCalls>> ReturnCalls::Load(
    const ReturnCallsOptions& options, std::string_view saved) {
  auto calls = Create(options, absl::UnixEpoch());
  if (!calls.ok()) return calls;
  const absl::Status status = (*calls)->impl_->Load(saved);
  if (!status.ok()) return status;
  return calls;
}

ReturnCalls::ReturnCalls(std::unique_ptr<ReturnCallsImpl> impl)
    : impl_(std::move(impl)) {}
ReturnCalls::~ReturnCalls() = default;

absl::Status ReturnCalls::Apply(const ReturnNumbersPatch& patch,
                                absl::Time now) {
  impl_->Enter(now);
  return impl_->Apply(patch);
}
absl::Status ReturnCalls::SetOwnerQueue(uint32_t owner, uint64_t queue,
                                        absl::Time now) {
  impl_->Enter(now);
  return impl_->SetOwnerQueue(owner, queue);
}
absl::Status ReturnCalls::AddAlias(PhoneNumber caller, PhoneNumber callee,
                                   absl::Time now) {
  impl_->Enter(now);
  return impl_->AddAlias(caller, callee);
}
absl::Status ReturnCalls::RemoveAlias(PhoneNumber caller, PhoneNumber callee,
                                      absl::Time now) {
  impl_->Enter(now);
  return impl_->RemoveAlias(caller, callee);
}
absl::Status ReturnCalls::Shown(const ShownCall& call, absl::Time now) {
  impl_->Enter(now);
  return impl_->Shown(call);
}
absl::Status ReturnCalls::Outcome(const ShownCall& call, uint8_t outcome,
                                  absl::Time now) {
  impl_->Enter(now);
  return impl_->Outcome(call, outcome);
}
absl::Status ReturnCalls::Resolve(PhoneNumber number, PhoneNumber caller,
                                  absl::Time now, ReturnAnswer* answer) {
  impl_->Enter(now);
  return impl_->Resolve(number, caller, answer);
}
absl::Status ReturnCalls::OptOut(PhoneNumber contact, uint32_t owner,
                                 absl::Time now) {
  impl_->Enter(now);
  return impl_->OptOut(contact, owner);
}
absl::Status ReturnCalls::WithdrawOptOut(PhoneNumber contact, uint32_t owner,
                                         absl::Time now) {
  impl_->Enter(now);
  return impl_->WithdrawOptOut(contact, owner);
}
bool ReturnCalls::OptedOut(PhoneNumber contact, uint32_t owner) const {
  return impl_->OptedOut(contact, owner);
}
absl::Status ReturnCalls::Forget(PhoneNumber subject, absl::Time now) {
  impl_->Enter(now);
  return impl_->Forget(subject);
}
void ReturnCalls::Advance(absl::Time now) { impl_->Enter(now); }
absl::Time ReturnCalls::next_deadline() const { return impl_->next_deadline(); }
void ReturnCalls::RebaseClock(absl::Duration delta, absl::Time now) {
  impl_->Rebase(delta);
  impl_->Enter(now);
}
absl::StatusOr<absl::Time> ReturnCalls::ReleasableAt(PhoneNumber number) const {
  return impl_->ReleasableAt(number);
}
ReturnCallsStats ReturnCalls::stats() const { return impl_->stats(); }
void ReturnCalls::Save(std::string* out) const { impl_->Save(out); }
absl::Status ReturnCalls::CheckInvariants() const {
  return impl_->CheckInvariants();
}

std::string_view Name(ReturnRung rung) {
  switch (rung) {
    case ReturnRung::kNone:
      return "none";
    case ReturnRung::kCallerAndNumber:
      return "caller and number";
    case ReturnRung::kCallerAndOwner:
      return "caller and owner";
    case ReturnRung::kAlias:
      return "alias";
    case ReturnRung::kNumberOnly:
      return "number only";
    case ReturnRung::kNumberQueue:
      return "queue of the number";
    case ReturnRung::kDefaultQueue:
      return "default queue";
    case ReturnRung::kLoop:
      return "loop";
  }
  return "?";
}

}  // namespace callrouter
