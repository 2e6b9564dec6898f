// `member` lines: agents and their memberships.

#ifndef CALLROUTER_SRC_ASTERISK_MEMBERS_H_
#define CALLROUTER_SRC_ASTERISK_MEMBERS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "asterisk_ledger.h"
#include "asterisk_reader.h"
#include "callrouter/v1/config.pb.h"

namespace callrouter::asterisk {

// The fields of one `member` line.
struct Member {
  std::string interface;
  int32_t penalty = 0;
  std::string name;
  std::string state_interface;
  std::string ring_in_use;
  int32_t wrap_up = 0;
  std::string paused;
  std::vector<LineRef> lines;
  std::string note;  // What differs or is odd.
  bool warning = false;
};

// Splits at commas as Asterisk does: not inside quotes, (...) or [...]; quotes
// and the backslash before a character go. At most `most` fields, the last
// taking the rest; each stripped.
std::vector<std::string> SplitFields(std::string_view text, size_t most);

// The members of one queue in order. A member given twice counts where it is
// given last; lines that count for nothing have their verdict then.
std::vector<Member> ReadMembers(const Section& section, Ledger* ledger);

// One agent per interface, in order of first appearance, numbered from 1.
class AgentBook {
 public:
  AgentBook(v1::Config* config, Ledger* ledger)
      : config_(*config), ledger_(*ledger) {}

  // Enters `member` in `queue` at `position` and gives its lines their verdict.
  v1::Membership* Enter(const Member& member, const std::string& queue,
                        int32_t position);

 private:
  v1::Agent* Find(const Member& member, std::string* note);

  v1::Config& config_;
  Ledger& ledger_;
  std::unordered_map<std::string, int> by_interface_;
};

}  // namespace callrouter::asterisk

#endif  // CALLROUTER_SRC_ASTERISK_MEMBERS_H_
