#include "callrouter/return_calls.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "number_faults.h"
#include "return_calls_impl.h"

namespace callrouter {

namespace {

uint64_t Rotate(uint64_t x, int by) { return (x << by) | (x >> (64 - by)); }

// SipHash-2-4 of one 64-bit word (Aumasson and Bernstein, 2012).
uint64_t SipHash(const std::array<uint64_t, 2>& key, uint64_t word) {
  uint64_t v0 = key[0] ^ 0x736f6d6570736575u;
  uint64_t v1 = key[1] ^ 0x646f72616e646f6du;
  uint64_t v2 = key[0] ^ 0x6c7967656e657261u;
  uint64_t v3 = key[1] ^ 0x7465646279746573u;
  const auto rounds = [&](int n) {
    for (; n > 0; --n) {
      v0 += v1;
      v1 = Rotate(v1, 13) ^ v0;
      v0 = Rotate(v0, 32);
      v2 += v3;
      v3 = Rotate(v3, 16) ^ v2;
      v0 += v3;
      v3 = Rotate(v3, 21) ^ v0;
      v2 += v1;
      v1 = Rotate(v1, 17) ^ v2;
      v2 = Rotate(v2, 32);
    }
  };
  for (const uint64_t block : {word, uint64_t{8} << 56}) {  // And the length.
    v3 ^= block;
    rounds(2);
    v0 ^= block;
  }
  v2 ^= 0xff;
  rounds(4);
  return v0 ^ v1 ^ v2 ^ v3;
}

}  // namespace

std::vector<Fault> FindFaults(const ReturnCallsOptions& o) {
  std::vector<Fault> faults;
  CheckRange("keep", o.keep, absl::Seconds(1), kLongestTime, &faults);
  CheckRange("numbers_max", o.numbers_max, 1, 4'000'000, &faults);
  CheckRange("owners_max", o.owners_max, 1, 65'536, &faults);
  CheckRange("entries_max", o.entries_max, 1, 100'000'000, &faults);
  CheckRange("per_callee_max", o.per_callee_max, 2, 1'024, &faults);
  CheckRange("aliases_max", o.aliases_max, 0, 100'000'000, &faults);
  CheckRange("opt_outs_max", o.opt_outs_max, 0, 100'000'000, &faults);
  CheckRange("recent_max", o.recent_max, 1, 1'024, &faults);
  return faults;
}

ReturnCallsImpl::ReturnCallsImpl(const ReturnCallsOptions& options)
    : options_(options),
      keep_(
          (absl::ToInt64Microseconds(options.keep) + NumberClock::kSecond - 1) /
          NumberClock::kSecond) {
  if (!options.reserve_memory) return;
  const auto size = [](int32_t n) { return static_cast<std::size_t>(n); };
  entries_.Reserve(size(options.entries_max));
  numbers_.Reserve(size(options.numbers_max));
  owners_.Reserve(size(options.owners_max));
  aliases_.Reserve(2 * size(options.aliases_max));
  opt_outs_.Reserve(size(options.opt_outs_max));
  timers_.Reserve(size(options.numbers_max));
}

uint64_t ReturnCallsImpl::Key(PhoneNumber person) const {
  if (options_.hash_key == std::array<uint64_t, 2>{}) return person.value();
  return SipHash(options_.hash_key, person.value());
}

// --- Finding ---

uint32_t ReturnCallsImpl::FindNumber(PhoneNumber number) const {
  uint32_t i = numbers_.First(MixBits(number.value()));
  while (i != kNone && numbers_[i].digits != number.value()) {
    i = numbers_[i].next;
  }
  return i;
}

uint32_t ReturnCallsImpl::FindOwner(uint32_t owner) const {
  uint32_t i = owners_.First(MixBits(owner));
  while (i != kNone && owners_[i].owner != owner) i = owners_[i].next;
  return i;
}

uint32_t ReturnCallsImpl::FindAlias(uint64_t key, uint64_t other,
                                    bool forward) const {
  uint32_t i = aliases_.First(MixBits(key));
  while (i != kNone && (aliases_[i].key != key || aliases_[i].other != other ||
                        (aliases_[i].forward != 0) != forward)) {
    i = aliases_[i].next;
  }
  return i;
}

uint32_t ReturnCallsImpl::CountAliases(uint64_t key, bool forward) const {
  uint32_t count = 0;
  for (uint32_t i = aliases_.First(MixBits(key)); i != kNone;
       i = aliases_[i].next) {
    const bool same = (aliases_[i].forward != 0) == forward;
    count += aliases_[i].key == key && same ? 1 : 0;
  }
  return count;
}

uint32_t ReturnCallsImpl::FindOptOut(uint64_t contact, uint32_t owner) const {
  uint32_t i = opt_outs_.First(MixBits(contact));
  while (i != kNone &&
         (opt_outs_[i].contact != contact || opt_outs_[i].owner != owner)) {
    i = opt_outs_[i].next;
  }
  return i;
}

// --- Lists ---

void ReturnCallsImpl::Erase(uint32_t i) {
  ListOf(i).Detach(entries_, i);
  entries_.Erase(i);
}

void ReturnCallsImpl::Rearm(uint32_t n) {
  Number& number = numbers_[n];
  const uint32_t shown =
      number.calls.head == kNone ? 0 : entries_[number.calls.head].shown;
  if (number.timed == shown) return;
  timers_.Cancel(&number.timer);
  number.timed = shown;
  if (shown != 0) number.timer = timers_.Arm(DueOf(shown), 0, n);
  timers_.Tidy();
}

void ReturnCallsImpl::Enter(absl::Time now) {
  clock_.Tell(now);
  TimerQueue::Timer due;
  while (timers_.PopDue(clock_.now(), &due)) {
    Number& number = numbers_[due.subject];
    number.timed = 0;
    while (number.calls.head != kNone &&
           DueOf(entries_[number.calls.head].shown) <= clock_.now()) {
      Erase(number.calls.head);
      ++counts_.expired;
    }
    Rearm(due.subject);
  }
}

// --- What the host knows ---

absl::Status ReturnCallsImpl::Apply(const ReturnNumbersPatch& patch) {
  std::vector<std::string> wrong, unknown, used;
  std::vector<uint64_t> named;
  std::size_t fresh = 0;
  for (const ReturnNumber& put : patch.put) {
    if (put.number.none()) wrong.push_back("put: a number is missing");
    if (FindNumber(put.number) == kNone) ++fresh;
    named.push_back(put.number.value());
  }
  for (const PhoneNumber number : patch.remove) {
    named.push_back(number.value());
    const uint32_t i = FindNumber(number);
    if (i == kNone) {
      unknown.push_back("remove: found " + number.ToString() +
                        ", expected a number of ours");
    } else if (numbers_[i].calls.size > 0) {
      used.push_back("remove: " + number.ToString() + " was shown to " +
                     std::to_string(numbers_[i].calls.size) +
                     " who may ring it back");
    }
  }
  std::sort(named.begin(), named.end());
  if (std::adjacent_find(named.begin(), named.end()) != named.end()) {
    wrong.push_back("put, remove: a number is named twice");
  }
  const bool full = numbers_.size() + fresh - patch.remove.size() >
                    static_cast<std::size_t>(options_.numbers_max);
  if (!wrong.empty()) return absl::InvalidArgumentError(Joined(wrong));
  if (!unknown.empty()) return absl::NotFoundError(Joined(unknown));
  if (!used.empty()) return absl::FailedPreconditionError(Joined(used));
  if (full) return LimitReached("numbers", options_.numbers_max);

  for (const PhoneNumber number : patch.remove) {
    numbers_.Erase(FindNumber(number));
  }
  for (const ReturnNumber& put : patch.put) {
    uint32_t i = FindNumber(put.number);
    if (i == kNone) {
      Number number;
      number.digits = put.number.value();
      i = numbers_.Insert(number);
    }
    numbers_[i].owner = put.owner;
    numbers_[i].queue = put.queue;
    numbers_[i].agent = put.agent;
    numbers_[i].source = put.source;
  }
  return absl::OkStatus();
}

absl::Status ReturnCallsImpl::SetOwnerQueue(uint32_t owner, uint64_t queue) {
  const uint32_t i = FindOwner(owner);
  if (i == kNone) {
    if (queue == 0) return absl::OkStatus();
    if (owners_.size() >= static_cast<std::size_t>(options_.owners_max)) {
      return LimitReached("owners", options_.owners_max);
    }
    Owner entry;
    entry.owner = owner;
    entry.queue = queue;
    owners_.Insert(entry);
  } else if (queue == 0) {
    owners_.Erase(i);
  } else {
    owners_[i].queue = queue;
  }
  return absl::OkStatus();
}

absl::Status ReturnCallsImpl::AddAlias(PhoneNumber caller, PhoneNumber callee) {
  if (caller.none() || callee.none() || caller == callee) {
    return absl::InvalidArgumentError(
        "alias: expected two different telephone numbers");
  }
  const uint64_t from = Key(caller);
  const uint64_t to = Key(callee);
  if (FindAlias(from, to, true) != kNone) return absl::OkStatus();
  if (aliases_.size() >= 2 * static_cast<std::size_t>(options_.aliases_max)) {
    return LimitReached("aliases", options_.aliases_max);
  }
  if (CountAliases(from, true) >= kAliases) {
    return LimitReached("aliases of one caller", kAliases);
  }
  if (CountAliases(to, false) >= kAliases) {
    return LimitReached("aliases of one callee", kAliases);
  }
  for (const bool forward : {true, false}) {
    Alias alias;
    alias.key = forward ? from : to;
    alias.other = forward ? to : from;
    alias.forward = forward ? 1 : 0;
    aliases_.Insert(alias);
  }
  return absl::OkStatus();
}

absl::Status ReturnCallsImpl::RemoveAlias(PhoneNumber caller,
                                          PhoneNumber callee) {
  const uint32_t i = FindAlias(Key(caller), Key(callee), true);
  if (i == kNone) return absl::NotFoundError("alias: there is no such alias");
  aliases_.Erase(i);
  aliases_.Erase(FindAlias(Key(callee), Key(caller), false));
  return absl::OkStatus();
}

// --- Calls ---

bool ReturnCallsImpl::Before(const Entry& a, const Entry& b) const {
  if (a.shown != b.shown) return a.shown > b.shown;
  const uint64_t x = numbers_[a.number].digits;
  const uint64_t y = numbers_[b.number].digits;
  if (x != y) return x < y;
  return a.campaign != b.campaign ? a.campaign < b.campaign : a.lead < b.lead;
}

absl::Status ReturnCallsImpl::Shown(const ShownCall& call) {
  if (call.number.none() || call.callee.none() || call.lead == 0 ||
      call.attempt == 0) {
    return absl::InvalidArgumentError(
        "shown: expected a number, a callee, a lead and an attempt");
  }
  if (FindNumber(call.callee) != kNone) {
    return absl::InvalidArgumentError(
        "shown: the callee " + call.callee.ToString() + " is a number of ours");
  }
  Entry fresh;
  fresh.number = FindNumber(call.number);
  if (fresh.number == kNone) {
    return absl::NotFoundError("shown: found " + call.number.ToString() +
                               ", expected a number of ours");
  }
  fresh.callee = Key(call.callee);
  int32_t count = 0;
  uint32_t last = kNone;  // The last one in an answer.
  for (uint32_t i = FirstOf(fresh.callee); i != kNone; i = NextOf(i)) {
    Entry& entry = entries_[i];
    if (entry.number == fresh.number && entry.campaign == call.campaign &&
        entry.lead == call.lead) {
      if (entry.attempt == call.attempt) return absl::OkStatus();
      ++counts_.shown;
      entry.attempt = call.attempt;
      entry.outcome = 0;
      if (call.agent != 0) entry.agent = call.agent;
      ListOf(i).Detach(entries_, i);
      entry.shown = clock_.seconds();
      ListOf(i).Append(entries_, i);
      Rearm(entry.number);
      return absl::OkStatus();
    }
    if (last == kNone || Before(entries_[last], entry)) last = i;
    ++count;
  }
  fresh.lead = call.lead;
  fresh.attempt = call.attempt;
  fresh.agent = call.agent;
  fresh.campaign = call.campaign;
  fresh.shown = clock_.seconds();
  const bool crowded = count >= options_.per_callee_max;
  if (!crowded &&
      entries_.size() >= static_cast<std::size_t>(options_.entries_max)) {
    ++counts_.refused;
    return LimitReached("entries", options_.entries_max);
  }
  ++counts_.shown;
  if (crowded) {
    const uint32_t left = entries_[last].number;
    Erase(last);
    Rearm(left);
    fresh.crowded = 1;
    ++counts_.crowded;
  }
  numbers_[fresh.number].calls.Append(entries_, entries_.Insert(fresh));
  Rearm(fresh.number);
  return absl::OkStatus();
}

absl::Status ReturnCallsImpl::Outcome(const ShownCall& call, uint8_t outcome) {
  if (call.number.none() || call.callee.none() || call.lead == 0 ||
      call.attempt == 0) {
    return absl::InvalidArgumentError(
        "outcome: expected a number, a callee, a lead and an attempt");
  }
  const uint32_t number = FindNumber(call.number);
  for (uint32_t i = FirstOf(Key(call.callee)); i != kNone; i = NextOf(i)) {
    Entry& entry = entries_[i];
    if (entry.number != number || entry.campaign != call.campaign ||
        entry.lead != call.lead) {
      continue;
    }
    if (entry.attempt != call.attempt) {
      return absl::FailedPreconditionError(
          "outcome: found attempt " + std::to_string(call.attempt) +
          ", expected the latest, " + std::to_string(entry.attempt));
    }
    entry.outcome = outcome;
    if (call.agent != 0) entry.agent = call.agent;
    return absl::OkStatus();
  }
  return absl::NotFoundError("outcome: there is no such call (any more)");
}

// --- People's rights ---

absl::Status ReturnCallsImpl::OptOut(PhoneNumber contact, uint32_t owner) {
  if (contact.none()) {
    return absl::InvalidArgumentError("opt-out: expected a contact");
  }
  OptedOutEntry entry;
  entry.contact = Key(contact);
  entry.owner = owner;
  entry.since = clock_.seconds();
  if (FindOptOut(entry.contact, owner) != kNone) return absl::OkStatus();
  if (opt_outs_.size() >= static_cast<std::size_t>(options_.opt_outs_max)) {
    return LimitReached("opt-outs", options_.opt_outs_max);
  }
  opt_outs_.Insert(entry);
  return absl::OkStatus();
}

absl::Status ReturnCallsImpl::WithdrawOptOut(PhoneNumber contact,
                                             uint32_t owner) {
  const uint32_t i = FindOptOut(Key(contact), owner);
  if (i == kNone) return absl::NotFoundError("opt-out: there is none");
  opt_outs_.Erase(i);
  return absl::OkStatus();
}

absl::Status ReturnCallsImpl::Forget(PhoneNumber subject) {
  if (subject.none()) {
    return absl::InvalidArgumentError("forget: expected a telephone number");
  }
  const uint64_t key = Key(subject);
  for (uint32_t i = FirstOf(key); i != kNone;) {
    const uint32_t next = NextOf(i);
    const uint32_t number = entries_[i].number;
    Erase(i);
    Rearm(number);
    i = next;
  }
  for (uint32_t i = aliases_.First(MixBits(key)); i != kNone;) {
    const Alias alias = aliases_[i];
    if (alias.key == key) {
      aliases_.Erase(i);
      aliases_.Erase(FindAlias(alias.other, key, alias.forward == 0));
      i = aliases_.First(MixBits(key));  // The other may have been next.
    } else {
      i = alias.next;
    }
  }
  return absl::OkStatus();
}

}  // namespace callrouter
