// callrouter_c_outbound.h
//
// An engine that dials, too: whose agents serve which campaigns, which numbers
// are shown, and what people hear whom nobody can serve.
//
//   cr_outbound_setup_create(rules, &setup);               // A cr_dial_file.
//   cr_outbound_setup_add_group(setup, "sales", NULL);
//   cr_outbound_campaign_init(&campaign, sizeof campaign);
//   campaign.name = "renewals", campaign.no_answer = "no answer", ...;
//   cr_outbound_setup_add_campaign(setup, &campaign, &pacing);
//   cr_engine_create_outbound(NULL, config, setup, now_us, faults, &engine);
//   cr_engine_put_lead(engine, &lead, now_us);
//   ... decisions: CR_DECISION_DIAL ...
//
// Everything about calls is an event. Functions below that change the engine
// serve what is due first and make decisions, as cr_engine_handle does.
// CR_FAILED_PRECONDITION: the engine was made without a setup, or without the
// part that is meant.
//
// Include callrouter_c.h; its conventions hold here. As callrouter/outbound.h
// and outbound_setup.h, which say how people are dialled.

#ifndef CALLROUTER_C_OUTBOUND_H_
#define CALLROUTER_C_OUTBOUND_H_

#include "callrouter_c_engine.h"
#include "callrouter_c_leads.h"
#include "callrouter_c_numbers.h"
#include "callrouter_c_pacer.h"
#include "callrouter_c_return_calls.h"

#ifdef __cplusplus
extern "C" {
#endif

// --- The setup, put together before an engine is made ---

// What becomes of a person whom nobody could serve.
typedef enum cr_unserved {
  CR_UNSERVED_MESSAGE = 0,  // The message the law wants, then hang up.
  CR_UNSERVED_RELEASE = 1,  // Not where the law wants a message.
} cr_unserved;

typedef struct cr_outbound_setup cr_outbound_setup;
CR_API cr_status cr_outbound_setup_create(const cr_dial_file *rules,
                                          cr_outbound_setup **out);
CR_API void cr_outbound_setup_destroy(cr_outbound_setup *setup);

// Each field as OutboundSetup has it.
typedef struct cr_outbound_options {
  size_t struct_size;
  int32_t numbers_elsewhere;  // Asked for by CR_DECISION_NEED_NUMBER.
  int32_t locks_elsewhere;    // Asked for by CR_DECISION_NEED_LOCK.
  int64_t ask_timeout_us;
  int64_t number_retry_us;
  int32_t attempts_max;
  int32_t unused;
} cr_outbound_options;
CR_API cr_status cr_outbound_options_init(cr_outbound_options *options,
                                          size_t struct_size);
CR_API cr_status cr_outbound_setup_options(cr_outbound_setup *setup,
                                           const cr_outbound_options *options);
CR_API cr_status cr_outbound_setup_leads(cr_outbound_setup *setup,
                                         const cr_lead_list_options *options);

// Each field as OutboundCampaign has it. The names of dispositions must all be
// given.
typedef struct cr_outbound_campaign {
  size_t struct_size;
  const char *name;
  const char *requirement;
  const char *number_campaign;
  const char *trunk;
  const char *no_answer, *busy, *failed, *machine, *dropped, *hung_up, *talked;
  const char *lost, *no_number;
  int64_t hold_us;
  int64_t disposition_timeout_us;
  int32_t priority;
  int32_t unserved;  // cr_unserved
} cr_outbound_campaign;
CR_API cr_status cr_outbound_campaign_init(cr_outbound_campaign *campaign,
                                           size_t struct_size);
// A group: a pacer and the agents of one queue. `options` null: defaults.
CR_API cr_status cr_outbound_setup_add_group(cr_outbound_setup *setup,
                                             const char *queue,
                                             const cr_pacer_options *options);
// A campaign of the last group. `pacing` null: defaults.
CR_API cr_status cr_outbound_setup_add_campaign(
    cr_outbound_setup *setup, const cr_outbound_campaign *campaign,
    const cr_paced_campaign *pacing);
// A window of the last campaign, instead of the one it began with.
CR_API cr_status cr_outbound_setup_add_window(cr_outbound_setup *setup,
                                              const cr_drop_window *window);
// A number pool in the engine. `options` null: those of the file.
CR_API cr_status
cr_outbound_setup_numbers(cr_outbound_setup *setup, const cr_pool_file *file,
                          const cr_number_pool_options *options);
// Return calls in the engine; then their numbers and queues.
CR_API cr_status cr_outbound_setup_return_calls(
    cr_outbound_setup *setup, const cr_return_calls_options *options);
CR_API cr_status cr_outbound_setup_add_return_number(
    cr_outbound_setup *setup, const cr_return_number *number);
// The host's name of a queue in those numbers, and the engine's.
CR_API cr_status cr_outbound_setup_add_return_queue(cr_outbound_setup *setup,
                                                    uint64_t ref,
                                                    const char *queue);

CR_API cr_status cr_engine_create_outbound(const cr_engine_options *options,
                                           const cr_config *config,
                                           const cr_outbound_setup *setup,
                                           int64_t now_us, cr_faults *faults,
                                           cr_engine **out);
// Of `setup` only limits and keys are read; the rest is in the bytes.
CR_API cr_status cr_engine_load_outbound(const cr_engine_options *options,
                                         const cr_outbound_setup *setup,
                                         const void *saved, size_t size,
                                         cr_faults *faults, cr_engine **out);

// --- Leads: as cr_lead_list_put and so on ---

CR_API cr_status cr_engine_put_lead(cr_engine *engine, const cr_lead *lead,
                                    int64_t now_us);
CR_API cr_status cr_engine_put_lead_from(cr_engine *engine,
                                         const cr_lead_file *file, size_t index,
                                         int64_t now_us);
CR_API cr_status cr_engine_remove_lead(cr_engine *engine, uint64_t lead,
                                       int64_t now_us);
CR_API cr_status cr_engine_pause_lead(cr_engine *engine, uint64_t lead,
                                      int32_t paused, int64_t now_us);
CR_API cr_status cr_engine_pause_list(cr_engine *engine, const char *list,
                                      int32_t paused, int64_t now_us);
CR_API cr_status cr_engine_pause_campaign(cr_engine *engine,
                                          const char *campaign, int32_t paused,
                                          int64_t now_us);
CR_API cr_status cr_engine_reset_lead(cr_engine *engine, uint64_t lead,
                                      int64_t now_us);
CR_API cr_status cr_engine_recycle(cr_engine *engine, const char *list,
                                   int32_t state, const char *disposition,
                                   int64_t now_us, int32_t *count);
CR_API cr_status cr_engine_callback(cr_engine *engine, uint64_t lead,
                                    const cr_lead_callback *callback,
                                    int64_t now_us);
CR_API cr_status cr_engine_do_not_call(cr_engine *engine, uint64_t number,
                                       int64_t now_us);
CR_API cr_status cr_engine_do_not_call_prefix(cr_engine *engine,
                                              const char *digits,
                                              int64_t now_us);
CR_API cr_status cr_engine_allow_call(cr_engine *engine, uint64_t number,
                                      int64_t now_us);
CR_API cr_status cr_engine_allow_call_prefix(cr_engine *engine,
                                             const char *digits,
                                             int64_t now_us);
CR_API cr_status cr_engine_checked(cr_engine *engine, uint64_t number,
                                   int32_t check, int64_t now_us);
CR_API cr_status cr_engine_set_dial_rules(cr_engine *engine,
                                          const cr_dial_file *file,
                                          int64_t now_us);

// --- Pacing: campaigns in the order of the setup ---

CR_API cr_status cr_engine_sampled(cr_engine *engine, int32_t campaign,
                                   int32_t persons, int32_t samples,
                                   int64_t now_us);
CR_API cr_status cr_engine_set_plan_end(cr_engine *engine, int64_t end_us,
                                        int64_t now_us);

// --- Numbers and return calls ---

CR_API cr_status cr_engine_apply_numbers(cr_engine *engine,
                                         const cr_number_patch *patch,
                                         int64_t now_us);
CR_API cr_status cr_engine_set_number_rules(cr_engine *engine,
                                            const cr_pool_file *file,
                                            int64_t now_us);
CR_API cr_status cr_engine_set_number_state(cr_engine *engine, uint64_t number,
                                            int32_t state, int64_t now_us);
CR_API cr_status cr_engine_number_verified(cr_engine *engine, uint64_t number,
                                           int64_t now_us);
// `carrier` by name; empty: everywhere.
CR_API cr_status cr_engine_verdict(cr_engine *engine, uint64_t number,
                                   const char *carrier, int32_t verdict,
                                   int64_t now_us);
CR_API cr_status cr_engine_put_return_number(cr_engine *engine,
                                             const cr_return_number *number,
                                             int64_t now_us);
CR_API cr_status cr_engine_remove_return_number(cr_engine *engine,
                                                uint64_t number,
                                                int64_t now_us);
CR_API cr_status cr_engine_add_alias(cr_engine *engine, uint64_t caller,
                                     uint64_t callee, int64_t now_us);
CR_API cr_status cr_engine_forget(cr_engine *engine, uint64_t person,
                                  int64_t now_us);

// --- Looking ---

// Why `lead` is not dialled, as of the last event; read by _reason.
CR_API cr_status cr_engine_why_not(cr_engine *engine, uint64_t lead,
                                   const char *campaign, size_t *count);
CR_API const cr_lead_reason *cr_engine_why_not_reason(const cr_engine *engine,
                                                      size_t index);
CR_API int32_t cr_engine_attempts(const cr_engine *engine);  // Not over yet.

#ifdef __cplusplus
}
#endif

#endif  // CALLROUTER_C_OUTBOUND_H_
