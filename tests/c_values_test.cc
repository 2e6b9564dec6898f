// The numbers of enums are the same in C as in C++, and every name is a text
// that ends with a zero.

#include <cstdint>
#include <cstring>
#include <string_view>

#include "bindings/c/values.h"
#include "callrouter_c.h"
#include "gtest/gtest.h"

namespace callrouter::c {
namespace {

template <class E>
int Compared() {
  int known = 0;
  for (int32_t value = 0; value < 256; ++value) {
    const int32_t number = ToC(static_cast<E>(value));
    if (number == -1) continue;
    EXPECT_EQ(number, value);
    ++known;
  }
  EXPECT_GT(known, 1);
  return known;
}

template <class E, class Of>
void Named(const char* (*name)(int32_t), Of&& of) {
  EXPECT_STREQ(name(255), "unknown");
  for (int32_t value = 0; value < 255; ++value) {
    const E e = static_cast<E>(value);
    if (ToC(e) == -1) continue;
    const std::string_view text = of(e);
    EXPECT_EQ(std::strlen(name(value)), text.size());
    EXPECT_EQ(name(value), text);
  }
}

TEST(CValuesTest, NumbersAreTheSame) {
  int known = Compared<EventKind>() + Compared<Release>() +
              Compared<SyncPlace>() + Compared<SyncAgent>() +
              Compared<AttemptProgress>() + Compared<AttemptResult>() +
              Compared<Unserved>() + Compared<Cause>() +
              Compared<DecisionKind>() + Compared<Reason>() +
              Compared<CallPlace>() + Compared<EventRecordKind>();
  known += Compared<NumberState>() + Compared<CallOutcome>() +
           Compared<NumberVerdict>() + Compared<StateReason>() +
           Compared<ChosenBy>() + Compared<Rung>() + Compared<Block>() +
           Compared<StickyBreak>() + Compared<NoNumber>();
  known += Compared<PairSticky>() + Compared<NoMask>() + Compared<MaskedBy>() +
           Compared<HoldMode>() + Compared<VisitsFound>() + Compared<Found>() +
           Compared<ReturnRung>();
  known += Compared<LeadState>() + Compared<LeadBlock>() +
           Compared<NumberCheck>() + Compared<PacingMode>() +
           Compared<DropPromise>() + Compared<WindowKind>() +
           Compared<DialAgent>() + Compared<LineEvent>() +
           Compared<PacingLimit>();
  known +=
      Compared<PoolPolicy>() + Compared<DialModel>() + Compared<DialPacer>();
  EXPECT_GT(known, 250);
}

TEST(CValuesTest, NamesEndWithAZero) {
  Named<EventKind>(cr_event_kind_name, EventKindName);
  Named<DecisionKind>(cr_decision_kind_name, DecisionKindName);
  Named<Reason>(cr_reason_name, ReasonName);
  Named<Cause>(cr_cause_name, CauseName);
  const auto name = [](auto e) { return Name(e); };
  Named<NumberState>(cr_number_state_name, name);
  Named<CallOutcome>(cr_call_outcome_name, name);
  Named<NumberVerdict>(cr_number_verdict_name, name);
  Named<StateReason>(cr_state_reason_name, name);
  Named<Rung>(cr_rung_name, name);
  Named<Block>(cr_block_name, name);
  Named<StickyBreak>(cr_sticky_break_name, name);
  Named<NoNumber>(cr_no_number_name, name);
  Named<ReturnRung>(cr_return_rung_name, name);
  Named<LeadState>(cr_lead_state_name, name);
  Named<LeadBlock>(cr_lead_block_name, name);
  Named<PacingMode>(cr_pacing_mode_name, name);
  Named<DropPromise>(cr_drop_promise_name, name);
  Named<WindowKind>(cr_window_kind_name, name);
  Named<DialAgent>(cr_dial_agent_name, name);
  Named<LineEvent>(cr_line_event_name, name);
  Named<PacingLimit>(cr_pacing_limit_name, name);
  Named<PoolPolicy>(cr_pool_policy_name, name);
  Named<DialPacer>(cr_dial_pacer_name, name);
}

}  // namespace
}  // namespace callrouter::c
