#include "lead_history.h"

namespace callrouter {

void LeadHistory::Add(DialSubject subject, DialEvent event, uint32_t time_s) {
  Entry entry;
  entry.high = static_cast<uint32_t>(subject.key >> 32);
  entry.low = static_cast<uint32_t>(subject.key);
  entry.time = time_s;
  entry.kind = KindOf(subject.scope, event);
  ring_.Push(table_.Insert(entry));
}

void LeadHistory::Remove(DialSubject subject, DialEvent event,
                         uint32_t time_s) {
  const uint8_t kind = KindOf(subject.scope, event);
  for (uint32_t i = table_.First(HashOf(kind, subject.key)); i != Table::kNone;
       i = table_[i].next) {
    Entry& e = table_[i];
    if (e.kind != kind || e.key() != subject.key || e.time != time_s) continue;
    e.kind |= 7;  // No event: the ring still has it.
    return;
  }
}

void LeadHistory::Forget(DialSubject subject) {
  const uint8_t scope = KindOf(subject.scope, DialEvent::kAttempt) / 8;
  uint32_t i = table_.First(HashOf(scope * 8, subject.key));
  while (i != Table::kNone) {
    const uint32_t next = table_[i].next;
    if (table_[i].kind / 8 == scope && table_[i].key() == subject.key) {
      Entry blank;  // No number has such a key, no event such a kind.
      blank.high = ~uint32_t{0};
      blank.low = i;
      blank.time = table_[i].time;
      blank.kind = 7;
      table_.Erase(i);
      table_.Insert(blank);  // Where it was: the last place that became free.
    }
    i = next;
  }
}

void LeadHistory::Sweep(uint32_t before_s) {
  while (!ring_.empty() && table_[ring_.front()].time < before_s) {
    table_.Erase(ring_.front());
    ring_.Pop();
  }
}

void LeadHistory::Transfer(Archive& a) {
  table_.Transfer(a, [&](Entry& e) {
    a.All(e.high, e.low, e.time, e.kind);
    if (e.kind / 8 > 2 || e.time == 0) a.Fail();
  });
  std::vector<uint32_t> order = ring_.Items();
  a.List(order, [&](uint32_t& i) { a(i); });
  if (a.writing()) return;
  std::vector<bool> seen(table_.span(), false);
  uint32_t last = 0;
  bool fits = order.size() == table_.size();
  for (const uint32_t i : order) {
    fits = fits && i < table_.span() && !seen[i] && table_[i].time > 0 &&
           table_[i].time >= last;
    if (!fits) break;
    seen[i] = true;
    last = table_[i].time;
    ring_.Push(i);
  }
  if (!fits) a.Fail();
}

}  // namespace callrouter
