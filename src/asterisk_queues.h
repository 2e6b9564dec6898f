// queues.conf: queues, their settings and their plans.

#ifndef CALLROUTER_SRC_ASTERISK_QUEUES_H_
#define CALLROUTER_SRC_ASTERISK_QUEUES_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "asterisk_keys.h"
#include "asterisk_ledger.h"
#include "asterisk_members.h"
#include "asterisk_reader.h"
#include "asterisk_rules.h"
#include "callrouter/v1/config.pb.h"

namespace callrouter::asterisk {

// States that joinempty and leavewhenempty can name.
enum EmptyState : uint32_t {
  kEmptyPaused = 1,
  kEmptyPenalty = 2,
  kEmptyInUse = 4,
  kEmptyRinging = 8,
  kEmptyUnavailable = 16,
  kEmptyInvalid = 32,
  kEmptyUnknown = 64,
  kEmptyWrapUp = 128,
};

// Adds the states of one word to `states`, or replaces them if it is a word for
// a whole set (yes, no, loose, strict). `joining`: the key is joinempty.
struct EmptyWord {
  bool known = false;
  bool replaces = false;
};
EmptyWord ReadEmptyWord(std::string_view word, bool joining, uint32_t* states);

class QueueImporter {
 public:
  // `rules` is null if no rules file was given.
  QueueImporter(const AsteriskImportOptions& options, const RuleBook* rules,
                Ledger* ledger, v1::Config* config)
      : options_(options),
        rules_(rules),
        ledger_(*ledger),
        config_(*config),
        agents_(config, ledger) {}

  // Gives every line of the document its verdict.
  void Import(const Document& document);

 private:
  // One queue while it is read.
  struct Draft {
    const Section* section = nullptr;
    v1::Queue* queue = nullptr;
    v1::Plan plan;
    // By canonical key: the value that counts.
    std::map<std::string_view, const Value*> last;
    std::vector<Member> members;
    int32_t ring = 15;
    int32_t retry = 5;
    bool penalties_ignored = false;
    bool weighted_by_penalty = false;
  };

  // A joinempty or leavewhenempty line that counts, and what is odd in it.
  struct EmptyValue {
    const Value* value = nullptr;
    std::string odd;
  };

  void ImportGeneral(const Section& section);
  void ImportQueue(const Section& section);
  void SkipSection(const Section& section, std::string_view reason);
  void ReadSettings(Draft* draft);
  void ReadSetting(Key key, const Value& value, Draft* draft);
  void ReadStrategy(const Value& value, Draft* draft);
  void ReadTimeout(const Value& value, Draft* draft);
  void ReadRetry(const Value& value, Draft* draft);
  void ReadAutoPause(const Value& value, Draft* draft);
  void ReadSwitch(Key key, const Value& value);
  void ReadLimits(Key key, const Value& value, Draft* draft);
  std::vector<EmptyValue> CollectEmpty(Key key, const Draft& draft,
                                       uint32_t* states);
  void ReadEmpty(Key key, Draft* draft);
  void ApplyEmpty(Key key, uint32_t states, Draft* draft);
  void ReadRule(const Value& value, Draft* draft);
  void UnknownKey(const Value& value);
  void Finish(Draft* draft);

  // The value as an integer; the note says if it was not one.
  int32_t Number(const Value& value, std::string* note) const;
  void Map(const Value& value, std::string_view note = {},
           bool warning = false);
  void Ignore(const Value& value, std::string_view reason,
              bool warning = false);

  const AsteriskImportOptions& options_;
  const RuleBook* rules_;
  Ledger& ledger_;
  v1::Config& config_;
  AgentBook agents_;
  std::unordered_map<std::string, LineRef> seen_;
  // Looking for what was meant is slow; a file full of slips is not worth it.
  int suggestions_left_ = 100;
};

}  // namespace callrouter::asterisk

#endif  // CALLROUTER_SRC_ASTERISK_QUEUES_H_
