// Two programs: one that uses Abseil as the number pool does, and one that has
// the pool besides. The difference is what the pool adds.

#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#ifdef WITH_POOL
#include "callrouter/number_explanation.h"
#include "callrouter/number_pool.h"
#endif

namespace {

absl::StatusOr<absl::Time> Parse(const std::string& text) {
  absl::Time time;
  if (absl::ParseTime("%Y", text, &time, nullptr)) return time;
  return absl::InvalidArgumentError(absl::StrCat("found ", text));
}

#ifdef WITH_POOL
// Every function of a pool that a host may call.
int Use(absl::Time now) {
  using namespace callrouter;  // NOLINT(build/namespaces)
  auto made = NumberPool::Create(NumberPoolOptions(), NumberRules(), now);
  if (!made.ok()) return 1;
  NumberPool& pool = **made;
  std::string bytes;
  NumberChoice choice;
  NumberExplanation why;
  std::vector<NumberStateChange> changes;
  pool.Save(&bytes);
  absl::Status s = NumberPool::Load(NumberPoolOptions(), bytes).status();
  s.Update(pool.Apply(NumberPatch(), now));
  s.Update(pool.SetRules(NumberRules(), now));
  s.Update(pool.Reserve(NumberRequest(), now, &choice));
  s.Update(pool.Explain(NumberRequest(), now, &why));
  s.Update(pool.Commit(1, now));
  s.Update(pool.Cancel(1, now));
  s.Update(pool.Report(NumberReport(), now));
  s.Update(pool.End(1, now));
  s.Update(pool.SetState(choice.id, NumberState::kActive, now));
  s.Update(pool.Verified(choice.id, now));
  s.Update(pool.Verdict(choice.id, {}, NumberVerdict::kComplaint, now));
  s.Update(pool.Health(choice.id, {}).status());
  s.Update(pool.View(choice.id).status());
  s.Update(pool.CheckInvariants());
  pool.TakeChanges(&changes);
  pool.Advance(now);
  pool.RebaseClock(absl::ZeroDuration(), now);
  pool.SetWallClock(absl::ZeroDuration(), now);
  return s.ok() && pool.next_deadline() > now ? 0 : 1;
}
#endif

}  // namespace

int main(int count, char** words) {
  absl::flat_hash_map<std::string, absl::Time> times;
  for (int i = 1; i < count; ++i) {
    const auto time = Parse(words[i]);
    if (!time.ok()) return 1;
    times[words[i]] = *time;
  }
#ifdef WITH_POOL
  if (count > 1) return Use(times.begin()->second);
#endif
  return static_cast<int>(times.size());
}
