// callrouter_c_pacer.h
//
// Decides how many calls to dial now so that agents are hardly ever without
// one, and the people called hardly ever without an agent.
//
//   cr_pacing_create(&pacing);
//   cr_paced_campaign campaign;
//   cr_paced_campaign_init(&campaign, sizeof campaign);
//   cr_pacing_add_campaign(pacing, &campaign);        // with one window: a day
//   cr_pacer_create(NULL, pacing, now_us, faults, &pacer);
//   cr_pacer_set_agent(pacer, 7, CR_AGENT_READY, now_us);
//   cr_pacer_plan(pacer, now_us, &campaigns);
//   for (i = 0; i < cr_pacer_order(pacer, 0)->lines; ++i)
//     cr_pacer_dialled(pacer, &features, now_us, &line);      // ... and dial
//   cr_pacer_report(pacer, line, CR_LINE_PERSON, now_us);
//   cr_pacer_bridged(pacer, line, 7, now_us);
//
// Include callrouter_c.h; its conventions hold here. As callrouter/pacer.h and
// pacing_rules.h, which say how, and which ranges and errors there are.

#ifndef CALLROUTER_C_PACER_H_
#define CALLROUTER_C_PACER_H_

#include "callrouter_c_dial_values.h"

#ifdef __cplusplus
extern "C" {
#endif

// --- Campaigns and their windows, put together before a pacer is made ---

typedef struct cr_drop_window {
  size_t struct_size;
  int32_t kind;          // cr_window_kind
  int32_t cap_permille;  // [1, 500]
  int64_t length_us;
} cr_drop_window;
CR_API cr_status cr_drop_window_init(cr_drop_window *window,
                                     size_t struct_size);
// Each field as PacedCampaign has it.
typedef struct cr_paced_campaign {
  size_t struct_size;
  int32_t mode;     // cr_pacing_mode
  int32_t promise;  // cr_drop_promise
  int32_t overrun_permille;
  int32_t weight;
  int32_t lines_per_agent_permille;
  int32_t lines_max;
  int32_t starts_per_second;
  int32_t false_machine_permille;
  int64_t ring_timeout_us;
  int64_t patience_us;
} cr_paced_campaign;
CR_API cr_status cr_paced_campaign_init(cr_paced_campaign *campaign,
                                        size_t struct_size);
typedef struct cr_pacing cr_pacing;
CR_API cr_status cr_pacing_create(cr_pacing **out);
CR_API void cr_pacing_destroy(cr_pacing *pacing);
// The n-th added is campaign n - 1. It has the window of cr_drop_window_init
// until one is added to it.
CR_API cr_status cr_pacing_add_campaign(cr_pacing *pacing,
                                        const cr_paced_campaign *campaign);
// A window of `campaign`, or, with -1, of all together. Every window binds.
CR_API cr_status cr_pacing_add_window(cr_pacing *pacing, int32_t campaign,
                                      const cr_drop_window *window);

// --- A pacer ---

typedef struct cr_pacer cr_pacer;
// Each field as PacerOptions has it.
typedef struct cr_pacer_options {
  size_t struct_size;
  int32_t agents_max;
  int32_t lines_max;
  int32_t starts_per_second;
  int32_t agents_kept_free;
  int64_t service_guess_us;
  int32_t answer_half_life;
  int32_t kinds_max;
} cr_pacer_options;
CR_API cr_status cr_pacer_options_init(cr_pacer_options *options,
                                       size_t struct_size);
CR_API cr_status cr_pacer_create(const cr_pacer_options *options,
                                 const cr_pacing *pacing, int64_t now_us,
                                 cr_faults *faults, cr_pacer **out);
CR_API cr_status cr_pacer_load(const void *saved, size_t size,
                               cr_faults *faults, cr_pacer **out);
CR_API void cr_pacer_destroy(cr_pacer *pacer);
CR_API cr_status cr_pacer_save(const cr_pacer *pacer, cr_bytes *out);

// Agents: 0 to agents_max - 1, away at first. `state`: cr_dial_agent.
CR_API cr_status cr_pacer_set_agent(cr_pacer *pacer, int32_t agent,
                                    int32_t state, int64_t now_us);

// What is known of a call before it is dialled; the host's own numbers, each
// at most 65,535.
typedef struct cr_line_features {
  size_t struct_size;
  uint32_t campaign;  // Its index.
  uint32_t segment;
  uint32_t hour;
  uint32_t attempt;
  uint32_t line_type;
  uint32_t number_class;
} cr_line_features;
CR_API cr_status cr_pacer_dialled(cr_pacer *pacer,
                                  const cr_line_features *features,
                                  int64_t now_us, uint64_t *line);
// `event`: cr_line_event.
CR_API cr_status cr_pacer_report(cr_pacer *pacer, uint64_t line, int32_t event,
                                 int64_t now_us);
CR_API cr_status cr_pacer_bridged(cr_pacer *pacer, uint64_t line, int32_t agent,
                                  int64_t now_us);

CR_API cr_status cr_pacer_set_running(cr_pacer *pacer, int32_t campaign,
                                      int32_t running, int64_t now_us);
CR_API cr_status cr_pacer_set_plan_end(cr_pacer *pacer, int64_t end_us,
                                       int64_t now_us);
CR_API cr_status cr_pacer_sampled(cr_pacer *pacer, int32_t campaign,
                                  int32_t persons, int32_t samples,
                                  int64_t now_us);
CR_API cr_status cr_pacer_set_wall_clock(cr_pacer *pacer, int64_t offset_us,
                                         int64_t now_us);
CR_API cr_status cr_pacer_rebase_clock(cr_pacer *pacer, int64_t delta_us,
                                       int64_t now_us);

typedef struct cr_pacing_order {
  size_t struct_size;
  int32_t lines;  // To start now.
  int32_t limit;  // cr_pacing_limit
  double price;   // Chance to be dropped of the first line not started.
  double price_limit;
} cr_pacing_order;
// One order for each campaign, read by _order. `campaigns` may be null.
CR_API cr_status cr_pacer_plan(cr_pacer *pacer, int64_t now_us,
                               size_t *campaigns);
CR_API const cr_pacing_order *cr_pacer_order(const cr_pacer *pacer,
                                             size_t campaign);
CR_API int64_t cr_pacer_next_deadline(const cr_pacer *pacer);
CR_API cr_status cr_pacer_advance(cr_pacer *pacer, int64_t now_us);
CR_API cr_status cr_pacer_best_ring_timeout(const cr_pacer *pacer,
                                            int32_t campaign, int64_t floor_us,
                                            int64_t overhead_us,
                                            int64_t *timeout_us);

typedef struct cr_pacer_stats {
  size_t struct_size;
  uint64_t dialled, persons, machines, unanswered, bridged, dropped;
  uint64_t agent_left, hung_up;
  double false_machines;   // Charged as drops, from a share.
  double answered;         // Chance that a person answers, as learned.
  double price_limit;      // Before the windows' say.
  double dispersion;       // How much drops cluster.
  double service_seconds;  // Mean, as learned.
  uint32_t alarms;         // Times the answers changed at once.
  int32_t unused;
} cr_pacer_stats;
CR_API cr_status cr_pacer_get_stats(const cr_pacer *pacer, int32_t campaign,
                                    cr_pacer_stats *stats);
typedef struct cr_window_count {
  size_t struct_size;
  double answers;
  double drops;  // False machines included.
  int64_t end_us;
} cr_window_count;
// Window `index` of `campaign` (-1: of all together), in the order of adding.
// CR_OUT_OF_RANGE: there are no more.
CR_API cr_status cr_pacer_window(const cr_pacer *pacer, int32_t campaign,
                                 size_t index, cr_window_count *count);
CR_API int32_t cr_pacer_ready(const cr_pacer *pacer);  // Agents.
CR_API int32_t cr_pacer_lines(const cr_pacer *pacer);  // In flight.

#ifdef __cplusplus
}
#endif

#endif  // CALLROUTER_C_PACER_H_
