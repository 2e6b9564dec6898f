// Short words for the numbers of enums.

#include <cstdint>

#include "callrouter_c.h"
#include "convert.h"

namespace callrouter {
namespace {

// All of our names are literals, so that what they point to ends with a zero
// (which a test looks at).
template <class E, class Of>
const char* Word(int32_t value, Of&& of) {
  E e;
  return c::FromC(value, &e) ? of(e).data() : "unknown";
}
template <class E>
const char* Word(int32_t value) {
  return Word<E>(value, [](E e) { return Name(e); });
}

}  // namespace
}  // namespace callrouter

using namespace callrouter;  // NOLINT(build/namespaces): what C is given.

const char* cr_event_kind_name(int32_t kind) {
  return Word<EventKind>(kind, EventKindName);
}
const char* cr_decision_kind_name(int32_t kind) {
  return Word<DecisionKind>(kind, DecisionKindName);
}
const char* cr_reason_name(int32_t reason) {
  return Word<Reason>(reason, ReasonName);
}
const char* cr_cause_name(int32_t cause) {
  return Word<Cause>(cause, CauseName);
}
const char* cr_number_state_name(int32_t state) {
  return Word<NumberState>(state);
}
const char* cr_call_outcome_name(int32_t outcome) {
  return Word<CallOutcome>(outcome);
}
const char* cr_number_verdict_name(int32_t verdict) {
  return Word<NumberVerdict>(verdict);
}
const char* cr_state_reason_name(int32_t reason) {
  return Word<StateReason>(reason);
}
const char* cr_rung_name(int32_t rung) { return Word<Rung>(rung); }
const char* cr_block_name(int32_t block) { return Word<Block>(block); }
const char* cr_sticky_break_name(int32_t broken) {
  return Word<StickyBreak>(broken);
}
const char* cr_no_number_name(int32_t none) { return Word<NoNumber>(none); }
const char* cr_return_rung_name(int32_t rung) { return Word<ReturnRung>(rung); }
const char* cr_lead_state_name(int32_t state) { return Word<LeadState>(state); }
const char* cr_lead_block_name(int32_t block) { return Word<LeadBlock>(block); }
const char* cr_pacing_mode_name(int32_t mode) { return Word<PacingMode>(mode); }
const char* cr_drop_promise_name(int32_t promise) {
  return Word<DropPromise>(promise);
}
const char* cr_window_kind_name(int32_t kind) { return Word<WindowKind>(kind); }
const char* cr_dial_agent_name(int32_t state) { return Word<DialAgent>(state); }
const char* cr_line_event_name(int32_t event) { return Word<LineEvent>(event); }
const char* cr_pacing_limit_name(int32_t limit) {
  return Word<PacingLimit>(limit);
}
const char* cr_pool_policy_name(int32_t policy) {
  return Word<PoolPolicy>(policy);
}
const char* cr_dial_pacer_name(int32_t pacer) { return Word<DialPacer>(pacer); }
