// callrouter_c_simulation.h
//
// Days played before they come: queues, number pools, diallers, campaigns.
//
//   cr_simulate(text, size, "day.textproto", read, NULL, faults, json, table);
//   cr_simulate_dialing(&world, CR_DIAL_PACER_PREDICTIVE, faults, reports);
//   cr_simulate_dialing(&world, CR_DIAL_PACER_STATIC_RATIO, faults, reports);
//   cr_reports_dialing_text(reports, table);        // side by side
//
// Same input: same report, on every machine. A run cannot be stopped; give it
// a thread of its own.
//
// Include callrouter_c.h; its conventions hold here. As callrouter/simulator.h,
// pool_simulator.h, dial_simulator.h, campaign_simulator.h and dial_bound.h.

#ifndef CALLROUTER_C_SIMULATION_H_
#define CALLROUTER_C_SIMULATION_H_

#include "callrouter_c_leads.h"
#include "callrouter_c_numbers.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cr_pool_policy {
  CR_POOL_POLICY_AS_CONFIGURED = 0,
  // The same without health: nothing rests.
  CR_POOL_POLICY_NO_HEALTH = 1,
  // What others do instead: a number of which less than a tenth of a day's
  // calls were answered rests 21 days.
  CR_POOL_POLICY_FIXED_THRESHOLD = 2
} cr_pool_policy;

typedef enum cr_dial_model {
  // Ringing and conversations exponential, the former with mean `ring` for all
  // calls alike; patience exponential. dial_bound.h knows its optimum.
  CR_DIAL_MODEL_MARKOV = 0,
  // People answer after a log-normal time of mean 10 s and variation 0.5,
  // within 1 to 25 s. Of the others 55 % ring until 25 s, 30 % are a machine
  // after 17 to 23 s, 15 % fail after 3 s. Conversations log-normal, patience
  // fixed.
  CR_DIAL_MODEL_REALISTIC = 1
} cr_dial_model;

typedef enum cr_dial_pacer {
  CR_DIAL_PACER_PREDICTIVE = 0,    // Ours.
  CR_DIAL_PACER_PROGRESSIVE = 1,   // One line for each free agent.
  CR_DIAL_PACER_STATIC_RATIO = 2,  // `ratio` lines for each free agent.
  // VICIdial 2.14: its dial level adapted to idle agents, and what it does
  // above the cap.
  CR_DIAL_PACER_VICIDIAL_HARD = 3,
  CR_DIAL_PACER_VICIDIAL_AVERAGE = 4,
  CR_DIAL_PACER_VICIDIAL_TAPERED = 5,
  CR_DIAL_PACER_VICIDIAL_RATIO = 6,  // Level fixed to `ratio`, of all agents.
  CR_DIAL_PACER_ISSABEL = 7,         // With its overcommit.
  CR_DIAL_PACER_IMPACT_DIALING = 8,  // Plays its last 100 calls again.
  // Controller with integral part on the drop rate.
  CR_DIAL_PACER_PROPORTIONAL = 9,
  // A DialRule of the caller's.
  CR_DIAL_PACER_OWN_RULE = 10,
} cr_dial_pacer;

CR_API const char *cr_pool_policy_name(int32_t policy);
CR_API const char *cr_dial_pacer_name(int32_t pacer);

// --- Queues ---

// Runs callrouter.v1.Scenario (protobuf text or JSON) to its horizon. `read`
// gives the configuration file it names. `report_json` and `table` (each may be
// null) receive callrouter.v1.Report as JSON and tables for people.
CR_API cr_status cr_simulate(const char *text, size_t size,
                             const char *file_name, cr_read read,
                             void *read_context, cr_faults *faults,
                             cr_bytes *report_json, cr_bytes *table);

// --- Number pools, diallers, campaigns: reports are gathered, to be compared
// side by side ---

typedef struct cr_reports cr_reports;
CR_API cr_status cr_reports_create(cr_reports **out);
CR_API void cr_reports_destroy(cr_reports *reports);
CR_API cr_status cr_reports_clear(cr_reports *reports);

// Each field as PoolWorld has it.
typedef struct cr_pool_world {
  size_t struct_size;
  uint64_t seed;
  int32_t days;
  int32_t people;
  double calls_per_number, answered, answered_deviation, answered_labelled;
  double hourly_swing, calls_per_label, busy_calls;
  double days_to_heal_at_rest, days_to_heal_in_use;
  const char *campaign;  // Empty: the first.
} cr_pool_world;
typedef struct cr_pool_report {
  size_t struct_size;
  int32_t policy;  // cr_pool_policy
  int32_t unused;
  uint64_t calls, no_number, answered, labelled;
  uint64_t rests, needless_rests, labels, replaced;
  double resting_needless;
  uint64_t weeks, numbers;  // Of cr_reports_pool_week, cr_reports_pool_uses.
} cr_pool_report;
CR_API cr_status cr_pool_world_init(cr_pool_world *world, size_t struct_size);
// One more report. `world` null: defaults. `saved` (may be null) receives the
// pool's state after the last day.
CR_API cr_status cr_simulate_pool(const cr_pool_file *file,
                                  const cr_pool_world *world, int32_t policy,
                                  cr_faults *faults, cr_reports *reports,
                                  cr_bytes *saved);
CR_API cr_status cr_reports_pool(const cr_reports *reports, size_t index,
                                 cr_pool_report *report);
CR_API cr_status cr_reports_pool_week(const cr_reports *reports, size_t index,
                                      size_t week, double *answered_share,
                                      double *resting_share);
CR_API cr_status cr_reports_pool_uses(const cr_reports *reports, size_t index,
                                      size_t number, uint32_t *uses);
// Mean share of the pool in a cr_number_state.
CR_API cr_status cr_reports_pool_state(const cr_reports *reports, size_t index,
                                       int32_t state, double *share);

// Each field as DialWorld has it.
typedef struct cr_dial_world {
  size_t struct_size;
  uint64_t seed;
  int32_t model;  // cr_dial_model
  int32_t agents;
  double answered, answered_else, service_variation;
  int64_t service_us, ring_us, patience_us, shift_us;
  int32_t shifts, shifts_to_learn, cap_permille;
  int32_t promise;  // cr_drop_promise
  double ratio;
} cr_dial_world;
typedef struct cr_dial_report {
  size_t struct_size;
  int32_t pacer;  // cr_dial_pacer
  int32_t above;  // Shifts above the cap.
  double used;    // Mean share of the agents' time in conversations.
  double worst;   // Highest drop rate of a shift.
  int64_t dialled, answers, drops, agent_left;
  uint64_t shifts;
} cr_dial_report;
CR_API cr_status cr_dial_world_init(cr_dial_world *world, size_t struct_size);
CR_API cr_status cr_simulate_dialing(const cr_dial_world *world, int32_t pacer,
                                     cr_faults *faults, cr_reports *reports);
// `shift` of the report, counted from 0, or the total behind the last one.
CR_API cr_status cr_reports_dialing(const cr_reports *reports, size_t index,
                                    size_t shift, cr_dial_report *report);

// Each field as CampaignWorld has it.
typedef struct cr_campaign_world {
  size_t struct_size;
  uint64_t seed;
  int32_t agents, days;
  int64_t begins_us, opens_us, closes_us;
  double answered[24];
  double answered_variation, machine, failed, busy, talk_variation;
  int64_t talk_us, patience_us, callback_after_us;
  const char *no_answer, *machine_name, *busy_name, *failed_name, *dropped;
  // What a conversation ends with, and how often, in parts.
  const char *const *endings;
  const double *ending_shares;
  size_t ending_count;
  int32_t cap_permille;
  int32_t promise;  // cr_drop_promise
  double ratio;
  const char *campaign;         // Of the rules; empty: the first.
  const char *number_campaign;  // Of the pool; empty: the first.
} cr_campaign_world;
typedef struct cr_campaign_report {
  size_t struct_size;
  uint64_t reached, done, exhausted, no_number;
  double wait_seconds;  // Agents' mean time between calls.
  double used, worst;
  int64_t dialled, answers, drops, agent_left;
  uint64_t days;
  int32_t days_above_cap;
  int32_t unused;
} cr_campaign_report;
CR_API cr_status cr_campaign_world_init(cr_campaign_world *world,
                                        size_t struct_size);
// `numbers` null: no numbers are shown and none is short.
CR_API cr_status cr_simulate_campaign(const cr_dial_file *rules,
                                      const cr_lead_file *leads,
                                      const cr_pool_file *numbers,
                                      const cr_campaign_world *world,
                                      int32_t pacer, cr_faults *faults,
                                      cr_reports *reports);
CR_API cr_status cr_reports_campaign(const cr_reports *reports, size_t index,
                                     cr_campaign_report *report);

// Tables and charts of all reports of one kind, for people. CR_NOT_FOUND: there
// are none.
CR_API cr_status cr_reports_pool_text(const cr_reports *reports, cr_bytes *out);
CR_API cr_status cr_reports_dialing_text(const cr_reports *reports,
                                         cr_bytes *out);
CR_API cr_status cr_reports_campaign_text(const cr_reports *reports,
                                          cr_bytes *out);

// --- How busy agents can be kept at best (callrouter/dial_bound.h) ---

typedef struct cr_dial_bound_model {
  size_t struct_size;
  int32_t agents;
  int32_t unused;
  double answered;
  int64_t service_us, ring_us, patience_us;  // Means.
} cr_dial_bound_model;
CR_API cr_status cr_dial_bound_model_init(cr_dial_bound_model *model,
                                          size_t struct_size);
// The highest share of agents' time in conversations with at most each of
// `drop_shares` dropped. Cost: milliseconds to a minute.
CR_API cr_status cr_dial_bounds(const cr_dial_bound_model *model,
                                const double *drop_shares, size_t count,
                                double *used);
// What one line for each free agent makes of it.
CR_API cr_status cr_progressive_share(const cr_dial_bound_model *model,
                                      double *used);

#ifdef __cplusplus
}
#endif

#endif  // CALLROUTER_C_SIMULATION_H_
