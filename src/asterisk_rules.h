// queuerules.conf: overflow by penalty, and its windows as requirements.

#ifndef CALLROUTER_SRC_ASTERISK_RULES_H_
#define CALLROUTER_SRC_ASTERISK_RULES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "asterisk_ledger.h"
#include "asterisk_reader.h"
#include "callrouter/v1/config.pb.h"

namespace callrouter::asterisk {

// What one field of a rule does to one value.
struct Change {
  bool relative = true;  // An empty field adds nothing.
  int32_t value = 0;
};

struct PenaltyChange {
  int32_t time = 0;
  size_t order = 0;  // Place in the file.
  Change max;
  Change min;
  Change raise;
  bool raise_inside = false;  // "rN": members below the minimum stay there.
  std::vector<LineRef> lines;
  std::string trouble;  // What is odd about it, though Asterisk takes it.
};

struct RuleList {
  std::vector<LineRef> headers;
  std::vector<PenaltyChange> changes;  // By time, then as in the file.
};

// The penalties a call accepts at some moment.
struct PenaltyWindow {
  // Members have at most this penalty here, so a larger maximum is none.
  static constexpr int32_t kPenaltyMax = 1'000'000;

  std::optional<int32_t> max;  // None: no upper end.
  int32_t min = 0;
  int32_t raise = 0;
  bool raise_inside = false;

  explicit PenaltyWindow(const AsteriskImportOptions& options);
  void Apply(const PenaltyChange& change);
  // Which members of `queue` it accepts, as a requirement.
  std::string Requirement(const std::string& queue) const;
  bool excludes_nobody() const;

 private:
  int32_t Lower() const;
};

class RuleBook {
 public:
  // Every line of `document` gets its verdict except those of rule lists: they
  // get theirs when queues use them, or from CloseUnused.
  void Load(const Document& document, Ledger* ledger);
  // Null if there is no such list.
  const RuleList* Find(std::string_view name) const;
  void CloseUnused(Ledger* ledger) const;

 private:
  void LoadChange(const Value& value, RuleList* list, Ledger* ledger);

  std::unordered_map<std::string, RuleList> lists_;
};

// Adds the steps of `list` to `plan` and gives its lines their verdicts.
// `queue->requirement` becomes the window at the beginning, if it is narrower
// than all members.
void AddPenaltySteps(const RuleList& list, const AsteriskImportOptions& options,
                     Ledger* ledger, v1::Queue* queue, v1::Plan* plan);

}  // namespace callrouter::asterisk

#endif  // CALLROUTER_SRC_ASTERISK_RULES_H_
