// The whole state as bytes, and what must hold of it.

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "return_calls_impl.h"

namespace callrouter {

namespace {

constexpr std::string_view kWhat = "callrouter return calls 1\n";

// The slots in use, in the order of `key`.
template <class Entry, class Key>
std::vector<uint32_t> Sorted(const ChainTable<Entry>& table, Key key) {
  std::vector<uint32_t> slots;
  for (uint32_t i = 0; i < table.span(); ++i) {
    if (std::get<0>(key(table[i])) != 0) slots.push_back(i);
  }
  std::sort(slots.begin(), slots.end(), [&](uint32_t a, uint32_t b) {
    return key(table[a]) < key(table[b]);
  });
  return slots;
}

}  // namespace

void ReturnCallsImpl::TransferEntries(Archive& a, uint32_t number) {
  const std::size_t room =
      static_cast<std::size_t>(options_.entries_max) -
      std::min(entries_.size(), static_cast<std::size_t>(options_.entries_max));
  const uint32_t count = a.Count(numbers_[number].calls.size, room, 40);
  uint32_t at = numbers_[number].calls.head;
  for (uint32_t n = 0; n < count && a.ok(); ++n) {
    Entry entry = a.writing() ? entries_[at] : Entry();
    a.All(entry.callee, entry.lead, entry.attempt, entry.agent, entry.shown,
          entry.campaign, entry.outcome, entry.crowded);
    if (a.writing()) {
      at = entry.later;
      continue;
    }
    entry.number = number;
    if (entry.shown == 0 || entry.shown > clock_.seconds()) {
      a.Fail();
      return;
    }
    numbers_[number].calls.Append(entries_, entries_.Insert(entry));
  }
}

void ReturnCallsImpl::TransferNumbers(Archive& a) {
  std::vector<uint32_t> slots;
  if (a.writing()) {
    slots =
        Sorted(numbers_, [](const Number& n) { return std::tie(n.digits); });
  }
  const uint32_t count =
      a.Count(slots.size(), static_cast<std::size_t>(options_.numbers_max), 36);
  for (uint32_t n = 0; n < count && a.ok(); ++n) {
    Number number = a.writing() ? numbers_[slots[n]] : Number();
    a.All(number.digits, number.queue, number.agent, number.source,
          number.owner);
    if (a.writing()) {
      TransferEntries(a, slots[n]);
      continue;
    }
    const PhoneNumber phone = PhoneNumber::FromValue(number.digits);
    if (phone.none() || FindNumber(phone) != kNone) {
      a.Fail();
      return;
    }
    const uint32_t slot = numbers_.Insert(number);
    TransferEntries(a, slot);
    Rearm(slot);
  }
}

void ReturnCallsImpl::TransferOwners(Archive& a) {
  std::vector<uint32_t> slots;
  if (a.writing()) {
    slots = Sorted(owners_, [](const Owner& o) {
      return std::make_tuple(o.queue != 0, o.owner);
    });
  }
  const uint32_t count =
      a.Count(slots.size(), static_cast<std::size_t>(options_.owners_max), 12);
  for (uint32_t n = 0; n < count && a.ok(); ++n) {
    Owner owner = a.writing() ? owners_[slots[n]] : Owner();
    a.All(owner.owner, owner.queue);
    if (a.writing()) continue;
    if (owner.queue == 0 || FindOwner(owner.owner) != kNone) a.Fail();
    if (a.ok()) owners_.Insert(owner);
  }
}

void ReturnCallsImpl::TransferAliases(Archive& a) {
  std::vector<uint32_t> slots;
  if (a.writing()) {
    slots = Sorted(aliases_, [](const Alias& alias) {
      return std::tie(alias.forward, alias.key, alias.other);
    });
  }
  const uint32_t count =
      a.Count(slots.size(), static_cast<std::size_t>(options_.aliases_max), 16);
  for (uint32_t n = 0; n < count && a.ok(); ++n) {
    Alias alias = a.writing() ? aliases_[slots[n]] : Alias();
    a.All(alias.key, alias.other);
    if (a.writing()) continue;
    if (FindAlias(alias.key, alias.other, true) != kNone) a.Fail();
    if (!a.ok()) return;
    alias.forward = 1;
    aliases_.Insert(alias);
    std::swap(alias.key, alias.other);
    alias.forward = 0;
    aliases_.Insert(alias);
  }
}

void ReturnCallsImpl::TransferOptOuts(Archive& a) {
  std::vector<uint32_t> slots;
  if (a.writing()) {
    slots = Sorted(opt_outs_, [](const OptedOutEntry& o) {
      return std::make_tuple(o.since != 0, o.contact, o.owner);
    });
  }
  const uint32_t count = a.Count(
      slots.size(), static_cast<std::size_t>(options_.opt_outs_max), 16);
  for (uint32_t n = 0; n < count && a.ok(); ++n) {
    OptedOutEntry entry = a.writing() ? opt_outs_[slots[n]] : OptedOutEntry();
    a.All(entry.contact, entry.owner, entry.since);
    if (a.writing()) continue;
    if (entry.since == 0 || FindOptOut(entry.contact, entry.owner) != kNone) {
      a.Fail();
    }
    if (a.ok()) opt_outs_.Insert(entry);
  }
}

void ReturnCallsImpl::Transfer(Archive& a) {
  const uint64_t mine = Key(PhoneNumber::FromValue(1'000'000));
  uint64_t key = mine;  // Knows another hash key.
  a(key);
  if (key != mine) a.Fail();
  clock_.Transfer(a);
  a.All(counts_.shown, counts_.expired, counts_.crowded, counts_.refused,
        counts_.resolved, counts_.one, counts_.many);
  TransferNumbers(a);
  TransferOwners(a);
  TransferAliases(a);
  TransferOptOuts(a);
}

void ReturnCallsImpl::Save(std::string* out) const {
  SaveStore(kWhat, *this, out);
}

absl::Status ReturnCallsImpl::Load(std::string_view saved) {
  return LoadStore(kWhat, saved, this);
}

absl::StatusOr<absl::Time> ReturnCallsImpl::ReleasableAt(
    PhoneNumber number) const {
  const uint32_t i = FindNumber(number);
  if (i == kNone) {
    return absl::NotFoundError("found " + number.ToString() +
                               ", expected a number of ours");
  }
  const uint32_t newest = numbers_[i].calls.tail;
  if (newest == kNone) return absl::InfinitePast();
  return clock_.Host(DueOf(entries_[newest].shown));
}

ReturnCallsStats ReturnCallsImpl::stats() const {
  ReturnCallsStats stats = counts_;
  stats.clock_regressions = clock_.regressions();
  stats.entries = entries_.size();
  stats.numbers = numbers_.size();
  stats.aliases = aliases_.size() / 2;
  stats.opt_outs = opt_outs_.size();
  stats.entry_bytes = entries_.bytes();
  stats.number_bytes = numbers_.bytes();
  stats.other_bytes = aliases_.bytes() + opt_outs_.bytes() + owners_.bytes();
  return stats;
}

absl::Status ReturnCallsImpl::CheckNumber(uint32_t n) const {
  const Number& number = numbers_[n];
  uint32_t count = 0;
  uint32_t before = kNone;
  for (uint32_t i = number.calls.head; i != kNone; i = entries_[i].later) {
    const Entry& entry = entries_[i];
    if (entry.number != n || entry.earlier != before) {
      return absl::InternalError("an entry is in the wrong list");
    }
    if (before != kNone && entries_[before].shown > entry.shown) {
      return absl::InternalError("a list is not in order of time");
    }
    if (entry.lead == 0 || entry.attempt == 0) {
      return absl::InternalError("an entry without a lead or attempt");
    }
    int32_t of_callee = 0;
    int32_t same = 0;
    for (uint32_t j = FirstOf(entry.callee); j != kNone; j = NextOf(j)) {
      ++of_callee;
      same += entries_[j].number == n && entries_[j].lead == entry.lead &&
                      entries_[j].campaign == entry.campaign
                  ? 1
                  : 0;
    }
    if (same != 1 || of_callee > options_.per_callee_max) {
      return absl::InternalError("the entries of a callee do not fit");
    }
    before = i;
    ++count;
  }
  if (count != number.calls.size || before != number.calls.tail) {
    return absl::InternalError("a list ends elsewhere than its number says");
  }
  const uint32_t timed =
      number.calls.head == kNone ? 0 : entries_[number.calls.head].shown;
  if (timed != number.timed) {
    return absl::InternalError("a timer waits for another entry");
  }
  return absl::OkStatus();
}

absl::Status ReturnCallsImpl::CheckInvariants() const {
  std::size_t entries = 0;
  for (uint32_t n = 0; n < numbers_.span(); ++n) {
    if (numbers_[n].digits == 0) continue;
    const absl::Status status = CheckNumber(n);
    if (!status.ok()) return status;
    entries += numbers_[n].calls.size;
  }
  if (entries != entries_.size()) {
    return absl::InternalError("an entry is in no list");
  }
  for (uint32_t i = 0; i < aliases_.span(); ++i) {
    const Alias& alias = aliases_[i];
    if (alias.key == 0) continue;
    if (FindAlias(alias.other, alias.key, alias.forward == 0) == kNone ||
        CountAliases(alias.key, alias.forward != 0) > kAliases) {
      return absl::InternalError("the aliases of a number do not fit");
    }
  }
  return absl::OkStatus();
}

}  // namespace callrouter
