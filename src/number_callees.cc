#include "number_callees.h"

namespace callrouter {

static_assert(sizeof(NumberCallees::Entry) == 24, "32 with head and queue");

void NumberCallees::Reserve(std::size_t entries) {
  table_.Reserve(entries);
  queue_.Reserve(entries);
}

void NumberCallees::Prefetch(PhoneNumber callee) const {
  const uint32_t* const head = table_.HeadOf(MixBits(callee.value()));
  if (head != nullptr) __builtin_prefetch(head);
}

// Drops at most two entries that are too old, and one more at the limit.
void NumberCallees::MakeRoom(uint32_t seconds, uint32_t keep) {
  int drops = 2;
  for (int looks = 0; looks < 8 && !queue_.empty(); ++looks) {
    const uint32_t i = queue_.front();
    const bool full = queue_.size() >= max_;
    const bool old = seconds - table_[i].shown > keep;
    if (!full && !old) return;
    queue_.Pop();
    if (table_[i].again != 0 && !old && looks < 7) {
      table_[i].again = 0;
      queue_.Push(i);
      continue;
    }
    table_.Erase(i);
    if (--drops == 0) return;
  }
}

void NumberCallees::Shown(PhoneNumber callee, NumberId number,
                          uint16_t campaign, uint32_t seconds, uint32_t keep) {
  uint32_t count = 0;
  uint32_t oldest = kNone;
  for (uint32_t i = First(callee); i != kNone; i = Next(i)) {
    Entry& entry = table_[i];
    if (entry.campaign == campaign && entry.Names(number)) {
      if (seconds - entry.shown > keep) entry.answered = 0;  // As forgotten.
      entry.shown = seconds;
      entry.again = 1;
      table_.ToFront(i);
      return;
    }
    oldest = i;
    ++count;
  }
  Entry entry;
  entry.callee = callee.value();
  entry.slot = number.slot();
  entry.generation = number.generation() & 0x3fff;
  entry.campaign = campaign;
  entry.shown = seconds;
  if (count >= kPerCallee) {
    entry.next = table_[oldest].next;
    entry.again = 1;
    table_[oldest] = entry;
    table_.ToFront(oldest);
    return;
  }
  MakeRoom(seconds, keep);
  queue_.Push(table_.Insert(entry));
}

void NumberCallees::Transfer(Archive& a, uint32_t slots) {
  table_.Transfer(a, [&](Entry& entry) {
    bool answered = entry.answered != 0, again = entry.again != 0;
    uint16_t generation = entry.generation;
    a.All(entry.callee, entry.slot, entry.shown, entry.campaign, answered,
          again, generation);
    if (a.writing()) return;
    entry.answered = answered ? 1 : 0;
    entry.again = again ? 1 : 0;
    entry.generation = generation & 0x3fff;
    if (entry.callee == 0 || entry.slot >= slots) a.Fail();
  });
  queue_.Transfer(a);
  if (a.writing()) return;
  // Each entry is queued once.
  std::vector<bool> queued(table_.span(), false);
  for (const uint32_t i : queue_.Items()) {
    if (i >= table_.span() || queued[i] || table_[i].callee == 0) {
      a.Fail();
      return;
    }
    queued[i] = true;
  }
  if (queue_.size() != table_.size() || table_.size() > max_) a.Fail();
}

void NumberCallees::Answered(PhoneNumber callee, NumberId number,
                             uint16_t campaign) {
  for (uint32_t i = First(callee); i != kNone; i = Next(i)) {
    Entry& entry = table_[i];
    if (entry.campaign != campaign || !entry.Names(number)) continue;
    entry.answered = 1;
    return;
  }
}

}  // namespace callrouter
