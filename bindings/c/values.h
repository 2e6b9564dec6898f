// Our enums as C's numbers: one switch each, without a default, so that a value
// which is new here does not compile there (-Werror=switch). callrouter_c's
// numbers are ours; FromC in convert.h relies on that and a test compares them.
//
// Thread safety: functions without state.

#ifndef CALLROUTER_BINDINGS_C_VALUES_H_
#define CALLROUTER_BINDINGS_C_VALUES_H_

#include <cstdint>

#include "callrouter/campaign_simulator.h"
#include "callrouter/event_record.h"
#include "callrouter/lead_choice.h"
#include "callrouter/masking_pool.h"
#include "callrouter/number_choice.h"
#include "callrouter/outbound_setup.h"
#include "callrouter/pacer.h"
#include "callrouter/pool_simulator.h"
#include "callrouter/return_calls.h"
#include "callrouter/simulator.h"
#include "callrouter/visitor_pool.h"
#include "callrouter_c.h"

namespace callrouter::c {

int32_t ToC(EventKind value);
int32_t ToC(Release value);
int32_t ToC(SyncPlace value);
int32_t ToC(SyncAgent value);
int32_t ToC(AttemptProgress value);
int32_t ToC(AttemptResult value);
int32_t ToC(Unserved value);
int32_t ToC(Cause value);
int32_t ToC(DecisionKind value);
int32_t ToC(Reason value);
int32_t ToC(CallPlace value);
int32_t ToC(EventRecordKind value);
int32_t ToC(NumberState value);
int32_t ToC(CallOutcome value);
int32_t ToC(NumberVerdict value);
int32_t ToC(StateReason value);
int32_t ToC(ChosenBy value);
int32_t ToC(Rung value);
int32_t ToC(Block value);
int32_t ToC(StickyBreak value);
int32_t ToC(NoNumber value);
int32_t ToC(PairSticky value);
int32_t ToC(NoMask value);
int32_t ToC(MaskedBy value);
int32_t ToC(HoldMode value);
int32_t ToC(VisitsFound value);
int32_t ToC(Found value);
int32_t ToC(ReturnRung value);
int32_t ToC(LeadState value);
int32_t ToC(LeadBlock value);
int32_t ToC(NumberCheck value);
int32_t ToC(PacingMode value);
int32_t ToC(DropPromise value);
int32_t ToC(WindowKind value);
int32_t ToC(DialAgent value);
int32_t ToC(LineEvent value);
int32_t ToC(PacingLimit value);
int32_t ToC(PoolPolicy value);
int32_t ToC(DialModel value);
int32_t ToC(DialPacer value);

}  // namespace callrouter::c

#endif  // CALLROUTER_BINDINGS_C_VALUES_H_
