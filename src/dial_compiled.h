// callrouter internal: dial rules as they are asked: names as indices, which
// laws hold where, what is open now, what is counted.

#ifndef CALLROUTER_SRC_DIAL_COMPILED_H_
#define CALLROUTER_SRC_DIAL_COMPILED_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"
#include "callrouter/dial_rules.h"
#include "callrouter/opening_hours.h"
#include "callrouter/phone_number.h"
#include "callrouter/time_zone.h"

namespace callrouter {

// Digits that numbers may begin with, each with a value.
class PrefixSet {
 public:
  static constexpr uint32_t kNone = 0xffffffffu;
  // False if it was there; the value is then the old one.
  bool Insert(std::string_view digits, uint32_t value);
  bool Erase(std::string_view digits);
  // The value of the longest prefix of `number`, or kNone.
  uint32_t Longest(PhoneNumber number) const;
  // All of them, shortest first, then ascending.
  std::vector<std::string> All() const;
  void Clear();

 private:
  struct Entry {
    uint64_t digits;
    uint32_t value;
  };
  std::array<std::vector<Entry>, PhoneNumber::kDigitsMax + 1> by_length_;
};

struct CompiledCap {
  const DialCap* cap = nullptr;
  bool law = false;  // Else the campaign's own.
  uint32_t rolling = 0;
};

// One campaign's calls to one place.
struct DialClass {
  uint32_t campaign = 0;
  uint32_t place = 0;
  std::vector<uint32_t> laws;
  std::vector<std::pair<uint32_t, OpeningHours>> hours;  // By law and zone.
  std::vector<CompiledCap> caps;
  std::vector<const TimeZone*> zones;
  bool open = false;
  int64_t change = 0;  // Civil seconds: the first at which `open` may differ.
  absl::Duration ring_least = absl::ZeroDuration();
  absl::Duration connect_within = absl::InfiniteDuration();
  bool message_required = false;
};

class DialCompiled {
 public:
  static constexpr uint32_t kNone = 0xffffffffu;

  // REQUIRES: no faults.
  explicit DialCompiled(DialRules rules);

  const DialRules& rules() const { return rules_; }
  // Asked by views, so that looking up allocates nothing.
  struct NameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const {
      return absl::Hash<absl::string_view>()({name.data(), name.size()});
    }
  };
  struct NameEqual {
    using is_transparent = void;
    bool operator()(std::string_view a, std::string_view b) const {
      return a == b;
    }
  };
  using Index = absl::flat_hash_map<std::string, uint32_t, NameHash, NameEqual>;
  static uint32_t Find(const Index& index, std::string_view name);
  Index campaigns, lists, places, types, segments, dispositions;

  // The campaign of a list, and its guard.
  uint32_t campaign_of(uint32_t list) const { return list_campaigns_[list]; }
  bool Allowed(uint32_t campaign, PhoneNumber number) const;
  // kNone: none.
  uint32_t PlaceOf(PhoneNumber number) const {
    return prefixes_.Longest(number);
  }

  // The class of calls of `campaign` to `place`, made when first asked for.
  // kNone: no law holds there.
  uint32_t ClassOf(uint32_t campaign, uint32_t place);
  std::size_t classes() const { return classes_.size(); }
  const DialClass& at(uint32_t i) const { return *classes_[i]; }

  // Opens and closes classes for civil time `now_s`. True if any did.
  bool SetTime(int64_t now_s);
  // The civil second of the next change, INT64_MAX if there is none.
  int64_t next_change() const { return next_change_; }

  // Whether anything counts these, and how long at the most, in seconds.
  bool counts(DialScope scope, DialEvent event) const {
    return counts_[static_cast<std::size_t>(scope)]
                  [static_cast<std::size_t>(event)];
  }
  uint32_t longest() const { return longest_; }

  // The row for a call that ended so; there is always one.
  const RedialRule& Match(uint32_t campaign, uint32_t disposition,
                          uint32_t type, uint32_t segment, int32_t n) const;

 private:
  struct Row {
    std::vector<bool> dispositions;  // Empty: all.
    uint32_t type = kNone;
    uint32_t segment = kNone;
  };
  void SetTime(DialClass* c, int64_t now_s);
  void Count(const std::vector<DialCap>& caps);

  DialRules rules_;
  std::vector<TimeZone> zones_;
  Index zone_index_;
  PrefixSet prefixes_;
  std::vector<uint32_t> list_campaigns_;
  std::vector<std::pair<PrefixSet, PrefixSet>> guards_;  // By campaign.
  std::vector<std::vector<Row>> rows_;                   // By campaign.
  std::vector<std::unique_ptr<DialClass>> classes_;
  std::vector<uint32_t> class_index_;  // By campaign and place; 0: not asked.
  std::array<std::array<bool, 6>, 3> counts_{};
  uint32_t longest_ = 0;
  int64_t now_s_ = 0;
  int64_t next_change_ = INT64_MAX;
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_DIAL_COMPILED_H_
