// A pool's rules to bytes and back.

#ifndef CALLROUTER_SRC_NUMBER_RULES_ARCHIVE_H_
#define CALLROUTER_SRC_NUMBER_RULES_ARCHIVE_H_

#include "archive.h"
#include "callrouter/number_rules.h"

namespace callrouter {

void Transfer(Archive& a, NumberRules& rules);

}  // namespace callrouter

#endif  // CALLROUTER_SRC_NUMBER_RULES_ARCHIVE_H_
