// What C says of leads, numbers and pacing as ours, for the parts alone and for
// the engine that has them. Null options leave what `o` has.
//
// Thread safety: functions without state.

#ifndef CALLROUTER_BINDINGS_C_PARTS_H_
#define CALLROUTER_BINDINGS_C_PARTS_H_

#include "absl/status/status.h"
#include "callrouter/lead_list.h"
#include "callrouter/number_pool.h"
#include "callrouter/pacing_rules.h"
#include "callrouter/return_calls.h"
#include "callrouter_c.h"

namespace callrouter::c {

absl::Status OptionsOf(const cr_lead_list_options* in, LeadListOptions* o);
absl::Status OptionsOf(const cr_number_pool_options* in, NumberPoolOptions* o);
absl::Status OptionsOf(const cr_pacer_options* in, PacerOptions* o);
absl::Status OptionsOf(const cr_return_calls_options* in,
                       ReturnCallsOptions* o);

absl::Status LeadOf(const cr_lead* in, LeadConfig* lead);
absl::Status CallbackOf(const cr_lead_callback* in, LeadCallback* callback);
absl::Status NumberOf(const cr_return_number* in, ReturnNumber* number);
absl::Status CampaignOf(const cr_paced_campaign* in, PacedCampaign* paced);
absl::Status WindowOf(const cr_drop_window* in, DropWindow* w);
cr_lead_reason ReasonToC(const LeadReason& reason);

}  // namespace callrouter::c

#endif  // CALLROUTER_BINDINGS_C_PARTS_H_
