#include "asterisk_keys.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "asterisk_ledger.h"

namespace callrouter::asterisk {
namespace {

constexpr std::string_view kAnnouncement = "announcements are the host's";
constexpr std::string_view kSound =
    "announcements, and so their sounds, are the host's";
constexpr std::string_view kMusic = "music on hold is the host's";
constexpr std::string_view kRecording = "recording is the host's";
constexpr std::string_view kVariable = "channel variables are the PBX's";
constexpr std::string_view kSubroutine =
    "what runs on the member's channel is the PBX's";
constexpr std::string_view kHeard =
    "what the member hears before the caller is the host's";
constexpr std::string_view kOldEvents =
    "Asterisk no longer knows this key; the host sees every decision anyway";

struct Entry {
  std::string_view name;
  Key key;
  std::string_view reason;
  std::string_view canonical = {};
};

constexpr Entry kEntries[] = {
    {"member", Key::kMember, ""},
    {"strategy", Key::kStrategy, ""},
    {"timeout", Key::kTimeout, ""},
    {"retry", Key::kRetry, ""},
    {"timeoutrestart", Key::kTimeoutRestart, ""},
    {"timeoutpriority", Key::kIgnored,
     "an offer always rings its full time; how long a call may wait in all is "
     "said by Queue() in the dialplan, here by a step of the plan"},
    {"weight", Key::kWeight, ""},
    {"maxlen", Key::kMaxLen, ""},
    {"wrapuptime", Key::kWrapUpTime, ""},
    {"autofill", Key::kAutoFill, ""},
    {"autopause", Key::kAutoPause, ""},
    {"autopausedelay", Key::kIgnored,
     "a miss counts whenever it happens; there is no protection for agents "
     "who took a call recently"},
    {"autopausebusy", Key::kIgnored,
     "busy is not a miss here; misses.cool_off_busy keeps such an agent from "
     "being rung at once"},
    {"autopauseunavail", Key::kIgnored,
     "an unreachable agent is not a miss here; misses.cool_off_failed keeps "
     "such an agent from being rung at once"},
    {"ringinuse", Key::kRingInUse, ""},
    {"joinempty", Key::kJoinEmpty, ""},
    {"leavewhenempty", Key::kLeaveWhenEmpty, ""},
    {"penaltymemberslimit", Key::kPenaltyMembersLimit, ""},
    {"defaultrule", Key::kDefaultRule, ""},
    {"servicelevel", Key::kServiceLevel, ""},
    {"memberdelay", Key::kIgnored, kHeard},
    {"reportholdtime", Key::kIgnored, kHeard},
    {"announce", Key::kIgnored, kHeard},
    {"context", Key::kIgnored,
     "what a key pressed by the caller does is the host's"},
    {"musicclass", Key::kIgnored, kMusic},
    {"music", Key::kIgnored, kMusic, "musicclass"},
    {"musiconhold", Key::kIgnored, kMusic, "musicclass"},
    {"membergosub", Key::kIgnored, kSubroutine},
    {"membermacro", Key::kIgnored, kSubroutine},
    {"setinterfacevar", Key::kIgnored, kVariable},
    {"setqueuevar", Key::kIgnored, kVariable},
    {"setqueueentryvar", Key::kIgnored, kVariable},
    {"monitor-format", Key::kIgnored, kRecording},
    {"monitor-type", Key::kIgnored, kRecording},
    {"monitor-join", Key::kIgnored, kRecording},
    {"monitor-options", Key::kIgnored, kRecording},
    {"monitor-exec", Key::kIgnored, kRecording},
    {"announce-frequency", Key::kIgnored, kAnnouncement},
    {"min-announce-frequency", Key::kIgnored, kAnnouncement},
    {"announce-holdtime", Key::kIgnored, kAnnouncement},
    {"announce-position", Key::kIgnored, kAnnouncement},
    {"announce-position-limit", Key::kIgnored, kAnnouncement},
    {"announce-position-only-up", Key::kIgnored, kAnnouncement},
    {"announce-round-seconds", Key::kIgnored, kAnnouncement},
    {"announce-to-first-user", Key::kIgnored, kAnnouncement},
    {"periodic-announce", Key::kIgnored, kAnnouncement},
    {"periodic-announce-frequency", Key::kIgnored, kAnnouncement},
    {"periodic-announce-startdelay", Key::kIgnored, kAnnouncement},
    {"random-periodic-announce", Key::kIgnored, kAnnouncement},
    {"relative-periodic-announce", Key::kIgnored, kAnnouncement},
    {"queue-youarenext", Key::kIgnored, kSound},
    {"queue-thereare", Key::kIgnored, kSound},
    {"queue-callswaiting", Key::kIgnored, kSound},
    {"queue-quantity1", Key::kIgnored, kSound},
    {"queue-quantity2", Key::kIgnored, kSound},
    {"queue-holdtime", Key::kIgnored, kSound},
    {"queue-minute", Key::kIgnored, kSound},
    {"queue-minutes", Key::kIgnored, kSound},
    {"queue-seconds", Key::kIgnored, kSound},
    {"queue-thankyou", Key::kIgnored, kSound},
    {"queue-reporthold", Key::kIgnored, kSound},
    {"queue-callerannounce", Key::kIgnored, kSound},
    {"queue-lessthan", Key::kIgnored, kSound},
    {"queue-less-than", Key::kIgnored, kSound, "queue-lessthan"},
    {"log-restricted-caller-id", Key::kIgnored, "logs are the host's"},
    {"eventwhencalled", Key::kIgnored, kOldEvents},
    {"eventmemberstatus", Key::kIgnored, kOldEvents},
};

struct GeneralEntry {
  std::string_view name;
  GeneralKey key;
};

constexpr std::string_view kPerAgent =
    "wrap-up belongs to the agent here and counts in all its queues";
constexpr std::string_view kDynamic =
    "agents join and leave queues by the host's events; it keeps them";
constexpr std::string_view kLogs = "logs are the host's";

constexpr GeneralEntry kGeneral[] = {
    {"persistentmembers", {true, kDynamic, kDynamic, false}},
    {"autofill",
     {true, "waiting calls never hold one another up here",
      "waiting calls never hold one another up here, whatever the key says",
      true}},
    {"monitor-type", {true, kRecording, kRecording, false}},
    {"shared_lastcall", {true, kPerAgent, kPerAgent, true}},
    {"negative_penalty_invalid",
     {true, "it concerns members from a database only",
      "it concerns members from a database only", false}},
    {"log_membername_as_agent", {true, kLogs, kLogs, false}},
    {"force_longest_waiting_caller",
     {true,
      "among queues of equal weight the call of highest priority, then the "
      "oldest, is always served first here",
      "the order is by weight, priority and age here, whatever the key says",
      true}},
    {"log_unpause_on_reason_change", {true, kLogs, kLogs, false}},
    {"log-caller-id-name", {true, kLogs, kLogs, false}},
    {"log-restricted-caller-id", {true, kLogs, kLogs, false}},
    {"updatecdr",
     {true, "call records are the host's", "call records are the host's",
      false}},
    {"keepstats",
     {true, "statistics start with the engine",
      "statistics start with the engine", false}},
};

// Edits to turn one short word into another; `limit` + 1 when more.
int Distance(std::string_view a, std::string_view b, int limit) {
  std::vector<int> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<int>(j);
  for (size_t i = 0; i < a.size(); ++i) {
    int diagonal = row[0];
    row[0] = static_cast<int>(i) + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      const int change = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({change, row[j] + 1, row[j + 1] + 1});
    }
  }
  return std::min(row[b.size()], limit + 1);
}

}  // namespace

KeyInfo FindQueueKey(std::string_view name) {
  for (const Entry& entry : kEntries) {
    if (EqualWords(entry.name, name)) {
      return {entry.key, entry.canonical.empty() ? entry.name : entry.canonical,
              entry.reason};
    }
  }
  return {};
}

GeneralKey FindGeneralKey(std::string_view name) {
  for (const GeneralEntry& entry : kGeneral) {
    if (EqualWords(entry.name, name)) return entry.key;
  }
  return {};
}

std::string_view NearestKey(std::string_view name) {
  constexpr size_t kLongest = 40;
  if (name.size() < 4 || name.size() > kLongest) return {};
  const std::string lower = Lower(name);
  std::string_view nearest;
  int least = 3;
  for (const Entry& entry : kEntries) {
    const int distance = Distance(lower, entry.name, 2);
    if (distance < least) {
      least = distance;
      nearest = entry.name;
    }
  }
  return nearest;
}

}  // namespace callrouter::asterisk
