// Dial rules to bytes and back.

#ifndef CALLROUTER_SRC_DIAL_RULES_ARCHIVE_H_
#define CALLROUTER_SRC_DIAL_RULES_ARCHIVE_H_

#include "archive.h"
#include "callrouter/dial_rules.h"

namespace callrouter {

void Transfer(Archive& a, DialRules& rules);

}  // namespace callrouter

#endif  // CALLROUTER_SRC_DIAL_RULES_ARCHIVE_H_
