// A store of numbers and its plain twin, side by side: what the tests of return
// calls, masking and visitors have in common.

#ifndef CALLROUTER_TESTS_STORE_TWINS_H_
#define CALLROUTER_TESTS_STORE_TWINS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "callrouter/random.h"

namespace callrouter {

// Kinds of answers, and how often they came.
using Kinds = std::map<std::string, int>;

inline std::string ToString(const Kinds& kinds) {
  std::string text;
  for (const auto& [kind, count] : kinds) {
    text += kind + " x " + std::to_string(count) + "\n";
  }
  return text;
}

template <class Store, class Naive, class Options>
class StoreTwins {
 public:
  // Of the first thing in which they differ; empty: they agree.
  const std::string& difference() const { return difference_; }
  const Store& store() const { return *store_; }
  const Options& options() const { return options_; }
  absl::Time host() const { return host_; }
  void AddKinds(Kinds* kinds) const {
    for (const auto& [kind, count] : kinds_) (*kinds)[kind] += count;
  }

 protected:
  explicit StoreTwins(uint64_t seed) : random_(seed) {}

  // Once the options stand.
  void Make() {
    store_ = *Store::Create(options_, host_);
    naive_ = std::make_unique<Naive>(options_, host_);
  }
  void Same(const std::string& what, const std::string& mine,
            const std::string& twin) {
    if (mine == twin || !difference_.empty()) return;
    difference_ = what + ": " + mine + ", twin " + twin;
  }
  void Same(const std::string& what, absl::Time mine, absl::Time twin) {
    if (mine != twin)
      Same(what, absl::FormatTime(mine), absl::FormatTime(twin));
  }
  void Same(const std::string& what, absl::StatusCode mine,
            absl::StatusCode twin) {
    Same(what, absl::StatusCodeToString(mine), absl::StatusCodeToString(twin));
    ++kinds_[what + ": " + absl::StatusCodeToString(mine)];
  }
  // The host's clock jumps by up to half of `seconds` either way and says so.
  void Rebase(uint64_t seconds) {
    const absl::Duration delta =
        absl::Seconds(static_cast<int64_t>(random_.Below(seconds)) -
                      static_cast<int64_t>(seconds / 2));
    host_ += delta;
    store_->RebaseClock(delta, host_);
    naive_->Rebase(delta);
    naive_->Enter(host_);
  }
  // Goes on with what was loaded from what was saved.
  void SaveAndLoad() {
    std::string saved, again;
    store_->Save(&saved);
    auto loaded = Store::Load(options_, saved);
    Same("load", loaded.status().ToString(), "OK");
    if (!loaded.ok()) return;
    (*loaded)->Save(&again);
    Same("save", again == saved ? "the same" : "other bytes", "the same");
    store_ = *std::move(loaded);
  }

  Random random_;
  Options options_;
  absl::Time host_ = absl::FromUnixSeconds(1'760'000'000);
  std::unique_ptr<Store> store_;
  std::unique_ptr<Naive> naive_;
  Kinds kinds_;

 private:
  std::string difference_;
};

}  // namespace callrouter

#endif  // CALLROUTER_TESTS_STORE_TWINS_H_
