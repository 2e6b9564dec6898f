// The whole state as bytes, and what must hold of it.

#include <string>
#include <utility>
#include <vector>

#include "visitor_pool_impl.h"

namespace callrouter {

namespace {
constexpr std::string_view kWhat = "callrouter visitor pool 1\n";
}  // namespace

void VisitorPoolImpl::TransferNumber(Archive& a, Number* number) {
  a.All(number->digits, number->held_since, number->dropped, number->count);
  if (number->count > VisitCall::kMost) {
    number->count = 0;
    a.Fail();
  }
  int64_t latest = clock_.now();
  for (int n = 0; n < number->count; ++n) {
    Showing& shown = number->shown[n];
    a.All(shown.visit, shown.first, shown.last);
    if (shown.first < NumberClock::kFirst || shown.first > shown.last ||
        shown.last > latest) {
      a.Fail();
    }
    latest = shown.last;
  }
  if (number->held_since < 0 || number->held_since > clock_.now() ||
      number->dropped < 0 || number->dropped > latest ||
      (number->digits == 0 && number->count > 0)) {
    a.Fail();
  }
}

void VisitorPoolImpl::TransferHeld(Archive& a) {
  const uint32_t count = a.Count(held_.size, numbers_.size(), 4);
  uint32_t at = held_.head;
  for (uint32_t n = 0; n < count && a.ok(); ++n) {
    uint32_t i = at;
    a(i);
    if (a.writing()) {
      at = numbers_[i].later;
      continue;
    }
    // It may be overdue: the hold may have been longer when this was saved.
    const bool fits =
        i < numbers_.size() && numbers_[i].count > 0 && !numbers_[i].held;
    if (!fits) {
      a.Fail();
      return;
    }
    numbers_[i].held = true;
    held_.Append(numbers_, i);
  }
}

void VisitorPoolImpl::TransferAges(Archive& a) {
  std::vector<std::pair<uint32_t, uint64_t>> filled;
  for (std::size_t b = 0; a.writing() && b < ages_.counts().size(); ++b) {
    const uint64_t count = ages_.counts()[b];
    if (count > 0) filled.emplace_back(static_cast<uint32_t>(b), count);
  }
  filled.resize(a.Count(filled.size(), Histogram::kBuckets, 12));
  std::vector<uint64_t> counts(Histogram::kBuckets, 0);
  for (auto& [bucket, count] : filled) {
    a.All(bucket, count);
    if (bucket >= counts.size() || count == 0 || counts[bucket] != 0) {
      a.Fail();
      return;
    }
    counts[bucket] = count;
  }
  if (!a.writing() && !ages_.Restore(std::move(counts))) a.Fail();
}

void VisitorPoolImpl::Transfer(Archive& a) {
  clock_.Transfer(a);
  a.All(counts_.visits, counts_.overflowed, counts_.passed_on,
        counts_.calls_one, counts_.calls_many, counts_.calls_none);
  const uint32_t count = a.Count(
      numbers_.size(), static_cast<std::size_t>(options_.numbers_max), 25);
  if (!a.writing()) {
    numbers_.resize(count);
    visits_.Reserve(count);
  }
  for (uint32_t i = 0; i < count && a.ok(); ++i) {
    Number& number = numbers_[i];
    TransferNumber(a, &number);
    if (a.writing() || number.digits == 0) continue;
    Visit visit;
    visit.visit = number.shown[0].visit;
    visit.number = i;
    const PhoneNumber phone = PhoneNumber::FromValue(number.digits);
    if (phone.none() || phone == options_.overflow ||
        !by_digits_.emplace(number.digits, i).second ||
        (visit.visit != 0 && FindVisit(visit.visit) != kNone)) {
      a.Fail();
      return;
    }
    if (visit.visit != 0) visits_.Insert(visit);
  }
  TransferHeld(a);
  TransferAges(a);
  if (!a.writing()) Reindex();
}

void VisitorPoolImpl::Save(std::string* out) const {
  SaveStore(kWhat, *this, out);
}

absl::Status VisitorPoolImpl::Load(std::string_view saved) {
  return LoadStore(kWhat, saved, this);
}

absl::Status VisitorPoolImpl::CheckInvariants() const {
  std::size_t held = 0;
  for (uint32_t i = held_.head; i != kNone; i = numbers_[i].later) {
    const uint32_t later = numbers_[i].later;
    if (!numbers_[i].held || ++held > numbers_.size()) {
      return absl::InternalError("a number among those held is not");
    }
    if (later != kNone && EndOf(numbers_[i]) > EndOf(numbers_[later])) {
      return absl::InternalError("held numbers are out of order");
    }
  }
  std::size_t numbers = 0;
  std::size_t visits = 0;
  for (uint32_t i = 0; i < numbers_.size(); ++i) {
    const Number& number = numbers_[i];
    const uint64_t key = number.digits == 0 || number.held
                             ? kNoKey
                             : static_cast<uint64_t>(number.shown[0].last);
    if (free_[i] != key) {
      return absl::InternalError("the index of free numbers is wrong");
    }
    held -= number.held ? 1 : 0;
    if (number.digits == 0) continue;
    ++numbers;
    if (number.shown[0].visit == 0) continue;
    ++visits;
    const uint32_t visit = FindVisit(number.shown[0].visit);
    if (visit == kNone || visits_[visit].number != i) {
      return absl::InternalError("a visit is not found");
    }
  }
  if (held != 0 || numbers != by_digits_.size() || visits != visits_.size()) {
    return absl::InternalError("there is one too many or too few");
  }
  return absl::OkStatus();
}

}  // namespace callrouter
