// callrouter_c_leads.h
//
// Whom to dial next, on which of their numbers, and when again.
//
//   cr_dial_file_parse(text, size, "dial.textproto", read, NULL, faults,
//   &file); cr_lead_list_create(NULL, file, now_us, faults, &list); cr_lead
//   lead; cr_lead_init(&lead, sizeof lead); lead.lead = 4711, lead.list =
//   "march"; lead.numbers = &number, lead.number_count = 1;
//   cr_lead_list_put(list, &lead, now_us);
//   cr_lead_choice choice = {sizeof choice};
//   cr_lead_list_next(list, attempt, "renewals", agent, 1, now_us, &choice);
//   if (choice.lead == 0) ...                       // choice.retry_at_us
//   cr_lead_list_dialled(list, attempt, now_us);
//   cr_lead_list_report(list, attempt, "no answer", now_us, NULL);
//
// Include callrouter_c.h; its conventions hold here. As callrouter/
// lead_list.h, which says what is dialled when and which errors there are.

#ifndef CALLROUTER_C_LEADS_H_
#define CALLROUTER_C_LEADS_H_

#include "callrouter_c_dial_values.h"

#ifdef __cplusplus
extern "C" {
#endif

// --- What a list is told, as a file (callrouter/v1/dial.proto) ---

typedef struct cr_dial_file cr_dial_file;  // Does not change once made.
// `read` gives the text of files it includes, such as presets of laws.
CR_API cr_status cr_dial_file_parse(const char *text, size_t size,
                                    const char *file_name, cr_read read,
                                    void *read_context, cr_faults *faults,
                                    cr_dial_file **out);
CR_API void cr_dial_file_destroy(cr_dial_file *file);

// --- A list ---

typedef struct cr_lead_list cr_lead_list;
// Each field as LeadListOptions has it; reserve_memory is 1 by default.
typedef struct cr_lead_list_options {
  size_t struct_size;
  int64_t reservation_timeout_us;
  int64_t call_max_us;
  int64_t lapse_delay_us;
  int64_t attempt_keep_us;
  int32_t leads_max;
  int32_t numbers_max;
  int32_t leads_per_number_max;
  int32_t events_max;
  int32_t attempts_max;
  int32_t do_not_call_max;
  int32_t reserve_memory;
  int32_t unused;
} cr_lead_list_options;
CR_API cr_status cr_lead_list_options_init(cr_lead_list_options *options,
                                           size_t struct_size);
CR_API cr_status cr_lead_list_create(const cr_lead_list_options *options,
                                     const cr_dial_file *file, int64_t now_us,
                                     cr_faults *faults, cr_lead_list **out);
CR_API cr_status cr_lead_list_load(const cr_lead_list_options *options,
                                   const void *saved, size_t size,
                                   cr_faults *faults, cr_lead_list **out);
CR_API void cr_lead_list_destroy(cr_lead_list *list);
CR_API cr_status cr_lead_list_save(const cr_lead_list *list, cr_bytes *out);
CR_API cr_status cr_lead_list_set_rules(cr_lead_list *list,
                                        const cr_dial_file *file,
                                        int64_t now_us);

typedef struct cr_lead {
  size_t struct_size;
  uint64_t lead;  // The host's name for it, not 0.
  const char *list;
  const uint64_t *numbers;  // [1, 16], in the order to try.
  size_t number_count;
  // As many as numbers, or null: each type, the first of the rules; each place,
  // by prefix. An empty text is the same for one number.
  const char *const *types;
  const char *const *places;
  const char *segment;  // Empty: the first of the rules.
  uint64_t owner;       // The agent who knows them; 0: none.
  uint64_t person;      // For caps by person; 0: none.
  uint64_t attributes;  // The host's, handed back.
  int64_t due_us;       // Civil times, as the two below.
  int64_t consent_until_us;
  int64_t expires_us;
  int32_t priority;  // [0, 255]
  int32_t score;     // [0, 65535]
} cr_lead;
CR_API cr_status cr_lead_init(cr_lead *lead, size_t struct_size);
CR_API cr_status cr_lead_list_put(cr_lead_list *list, const cr_lead *lead,
                                  int64_t now_us);
CR_API cr_status cr_lead_list_remove(cr_lead_list *list, uint64_t lead,
                                     int64_t now_us);
CR_API cr_status cr_lead_list_pause(cr_lead_list *list, uint64_t lead,
                                    int32_t paused, int64_t now_us);
CR_API cr_status cr_lead_list_pause_list(cr_lead_list *list, const char *name,
                                         int32_t paused, int64_t now_us);
CR_API cr_status cr_lead_list_pause_campaign(cr_lead_list *list,
                                             const char *campaign,
                                             int32_t paused, int64_t now_us);
CR_API cr_status cr_lead_list_reset(cr_lead_list *list, uint64_t lead,
                                    int64_t now_us);
// `state`: cr_lead_state; `disposition` null: any; `count` may be null.
CR_API cr_status cr_lead_list_recycle(cr_lead_list *list, const char *name,
                                      int32_t state, const char *disposition,
                                      int64_t now_us, int32_t *count);

// --- Suppression ---

CR_API cr_status cr_lead_list_do_not_call(cr_lead_list *list, uint64_t number,
                                          int64_t now_us);
CR_API cr_status cr_lead_list_do_not_call_prefix(cr_lead_list *list,
                                                 const char *digits,
                                                 int64_t now_us);
CR_API cr_status cr_lead_list_allow_call(cr_lead_list *list, uint64_t number,
                                         int64_t now_us);
CR_API cr_status cr_lead_list_allow_call_prefix(cr_lead_list *list,
                                                const char *digits,
                                                int64_t now_us);
// What a registry of reassigned numbers said: cr_number_check.
CR_API cr_status cr_lead_list_checked(cr_lead_list *list, uint64_t number,
                                      int32_t check, int64_t now_us);

// --- Calls ---

typedef struct cr_lead_choice {
  size_t struct_size;
  uint64_t lead;  // 0: none may be called now.
  uint64_t number;
  uint64_t attributes;
  uint64_t owner;
  int32_t attempts;  // Of the lead, with this one.
  int32_t local_hour;
  uint32_t list, segment, number_type, place;  // By their order in the rules.
  int32_t callback;
  int32_t message_required;
  int64_t ring_least_us;  // The strictest of the laws that hold.
  int64_t connect_within_us;
  int64_t retry_at_us;   // None: asking again before is useless.
  int64_t lapses_at_us;  // Unless cr_lead_list_dialled is called before.
} cr_lead_choice;
typedef struct cr_lead_callback {  // Civil times.
  size_t struct_size;
  int64_t at_us;
  int64_t until_us;  // End of its window; CR_NEVER.
  int32_t personal;  // For the agent that owns the lead, at first.
  int32_t unused;
} cr_lead_callback;
// `attempt` is the host's name for the call, not 0, new. With `agent` also
// leads only this agent may have; with `agent_reserved` also those that need
// that.
CR_API cr_status cr_lead_list_next(cr_lead_list *list, uint64_t attempt,
                                   const char *campaign, uint64_t agent,
                                   int32_t agent_reserved, int64_t now_us,
                                   cr_lead_choice *choice);
CR_API cr_status cr_lead_list_dialled(cr_lead_list *list, uint64_t attempt,
                                      int64_t now_us);
// As if it had not been handed out. Only before cr_lead_list_dialled.
CR_API cr_status cr_lead_list_cancel(cr_lead_list *list, uint64_t attempt,
                                     int64_t now_us);
// `callback` only with a disposition that asks for one, else null.
CR_API cr_status cr_lead_list_report(cr_lead_list *list, uint64_t attempt,
                                     const char *disposition, int64_t now_us,
                                     const cr_lead_callback *callback);
CR_API cr_status cr_lead_list_callback(cr_lead_list *list, uint64_t lead,
                                       const cr_lead_callback *callback,
                                       int64_t now_us);

// --- Time ---

CR_API cr_status cr_lead_list_advance(cr_lead_list *list, int64_t now_us);
CR_API int64_t cr_lead_list_next_deadline(const cr_lead_list *list);
CR_API cr_status cr_lead_list_rebase_clock(cr_lead_list *list, int64_t delta_us,
                                           int64_t now_us);
CR_API cr_status cr_lead_list_set_wall_clock(cr_lead_list *list,
                                             int64_t offset_us, int64_t now_us);

// --- Looking ---

typedef struct cr_lead_view {
  size_t struct_size;
  int32_t state;  // cr_lead_state
  int32_t attempts;
  int32_t failures;  // In a row.
  int32_t priority;
  int64_t due_us;
  int32_t callback;
  int32_t unused;
} cr_lead_view;
// `name` and `disposition` (each may be null) receive the list's name and the
// last disposition.
CR_API cr_status cr_lead_list_view(const cr_lead_list *list, uint64_t lead,
                                   cr_lead_view *view, cr_bytes *name,
                                   cr_bytes *disposition);
typedef struct cr_lead_reason {
  size_t struct_size;
  int32_t block;  // cr_lead_block
  int32_t unused;
  uint64_t number;   // 0: the lead as a whole.
  const char *rule;  // The cap or law.
  int64_t until_us;  // If nothing happens before.
} cr_lead_reason;
// Why `lead` is not handed out; read by _reason. None: it may be and is next.
CR_API cr_status cr_lead_list_why_not(cr_lead_list *list, uint64_t lead,
                                      const char *campaign, uint64_t agent,
                                      int32_t agent_reserved, int64_t now_us,
                                      size_t *count);
CR_API const cr_lead_reason *cr_lead_list_reason(const cr_lead_list *list,
                                                 size_t index);
typedef struct cr_lead_list_stats {
  size_t struct_size;
  uint64_t chosen, none, reported, cancelled, lapsed, missed;
  uint64_t clock_regressions;
  uint64_t leads, numbers, ready, attempts, events, do_not_call;
  uint64_t lead_bytes, number_bytes, order_bytes, event_bytes, attempt_bytes;
  uint64_t do_not_call_bytes;
} cr_lead_list_stats;
CR_API cr_status cr_lead_list_get_stats(const cr_lead_list *list,
                                        cr_lead_list_stats *stats);
CR_API cr_status cr_lead_list_check_invariants(const cr_lead_list *list,
                                               cr_faults *faults);

// --- Call lists as people have them (callrouter/lead_file.h) ---

typedef struct cr_lead_file cr_lead_file;
typedef struct cr_lead_file_options {
  size_t struct_size;
  const char *list;          // Of the rules, for all leads.
  const char *country;       // Digits; empty: numbers begin with + or 00.
  const char *trunk_prefix;  // "0"
  const char *id;  // Column that names leads; empty: they are counted.
  const char *const *phones;  // Columns; null: by usual names.
  size_t phone_count;
  uint64_t first_lead;
  int32_t priority;  // Where no column says another.
  int32_t vicidial;  // No header: VICIdial's standard lead file.
} cr_lead_file_options;
CR_API cr_status cr_lead_file_options_init(cr_lead_file_options *options,
                                           size_t struct_size);
// Good rows become leads. CR_OK also with rows that were rejected: `faults` has
// everything odd, `rejects` (may be null) the rows as they are.
CR_API cr_status cr_lead_file_parse(const char *text, size_t size,
                                    const char *file_name,
                                    const cr_lead_file_options *options,
                                    cr_faults *faults, cr_bytes *rejects,
                                    cr_lead_file **out);
CR_API void cr_lead_file_destroy(cr_lead_file *file);
CR_API size_t cr_lead_file_count(const cr_lead_file *file);
CR_API uint64_t cr_lead_file_lead(const cr_lead_file *file, size_t index);
// cr_lead_list_put for lead `index` of the file.
CR_API cr_status cr_lead_list_put_from(cr_lead_list *list,
                                       const cr_lead_file *file, size_t index,
                                       int64_t now_us);

#ifdef __cplusplus
}
#endif

#endif  // CALLROUTER_C_LEADS_H_
