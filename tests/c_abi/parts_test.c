/* The parts beside the engine, each once from its file to its answers. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "callrouter_c.h"

static int *failures;
#define EXPECT(condition)                                            \
  do {                                                               \
    if (!(condition)) {                                              \
      printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      ++*failures;                                                   \
    }                                                                \
  } while (0)
#define EXPECT_OK(call) EXPECT((call) == CR_OK)

static const int64_t kSecond = 1000000;
/* Where the host's clock begins: parts take times before February 1970 as
   then. */
static const int64_t kBase = (int64_t)1000000000 * 1000000;

/* The whole of a file below `root`; the caller frees it. */
static char *contents(const char *root, const char *name, size_t *size) {
  char path[1024];
  FILE *file;
  char *text = NULL;
  snprintf(path, sizeof path, "%s/%s", root, name);
  file = fopen(path, "rb");
  *size = 0;
  if (file == NULL) {
    printf("cannot read %s\n", path);
    ++*failures;
    return NULL;
  }
  fseek(file, 0, SEEK_END);
  *size = (size_t)ftell(file);
  rewind(file);
  text = (char *)malloc(*size + 1);
  if (text != NULL) *size = fread(text, 1, *size, file);
  fclose(file);
  return text;
}

/* Files that files name, from beside the examples. */
static cr_status read_file(void *context, const char *name, const char *from,
                           cr_files *files) {
  size_t size = 0;
  cr_status status;
  char *text = contents((const char *)context, name, &size);
  EXPECT(from != NULL);
  if (text == NULL) return CR_NOT_FOUND;
  status = cr_files_add(files, name, text, size);
  free(text);
  return status;
}

static cr_pool_file *pool_file(const char *root, cr_faults *faults) {
  char folder[1024];
  size_t size = 0;
  cr_pool_file *file = NULL;
  char *text = contents(root, "examples/pools/carousel.textproto", &size);
  snprintf(folder, sizeof folder, "%s/examples/pools", root);
  EXPECT_OK(cr_pool_file_parse(text, size, "carousel.textproto", read_file,
                               folder, faults, &file));
  free(text);
  return file;
}

static void number_pools(const cr_pool_file *file, cr_faults *faults) {
  cr_number_pool *pool = NULL;
  cr_number_pool *loaded = NULL;
  cr_number_patch *patch = NULL;
  cr_bytes *bytes = NULL;
  cr_number_request request;
  cr_number_choice choice;
  cr_number_view view;
  cr_number_config config;
  cr_number_pool_stats stats;
  cr_number_health health;
  size_t count = 0;
  size_t places = 0;
  const char *name = NULL;
  EXPECT_OK(cr_number_pool_create(NULL, file, kBase, faults, &pool));
  EXPECT_OK(cr_bytes_create(&bytes));
  EXPECT_OK(cr_number_pool_set_wall_clock(
      pool, (int64_t)1767600000 * kSecond - kBase, kBase));
  EXPECT_OK(cr_number_request_init(&request, sizeof request));
  request.attempt = 1;
  request.campaign = cr_number_pool_find_campaign(pool, "renewals");
  request.trunk = cr_number_pool_find_trunk(pool, "main");
  EXPECT(request.campaign != 0 && request.trunk != 0);
  EXPECT(cr_number_pool_find_campaign(pool, "none") == 0);
  EXPECT_OK(cr_phone_parse("+442079460123", &request.callee));
  choice.struct_size = sizeof choice;
  EXPECT_OK(cr_number_pool_reserve(pool, &request, kBase + kSecond, &choice));
  if (choice.number == 0) printf("none: %d\n", choice.none);
  EXPECT(choice.number != 0);
  EXPECT(cr_number_pool_find_number(pool, choice.number) == choice.id);
  EXPECT_OK(cr_number_pool_region_name(pool, choice.region, &name, &count));
  EXPECT(count == 6 && memcmp(name, "london", 6) == 0);
  EXPECT_OK(cr_number_pool_commit(pool, 1, kBase + kSecond));
  EXPECT(cr_number_pool_cancel(pool, 1, kBase + kSecond) ==
         CR_FAILED_PRECONDITION);
  EXPECT(cr_number_pool_report(pool, 1, 99, kBase + kSecond) ==
         CR_INVALID_ARGUMENT);
  EXPECT_OK(
      cr_number_pool_report(pool, 1, CR_OUTCOME_ANSWERED, kBase + 2 * kSecond));
  EXPECT_OK(cr_number_pool_end(pool, 1, kBase + 3 * kSecond));
  EXPECT(cr_number_pool_commit(pool, 77, kBase + kSecond) == CR_NOT_FOUND);
  EXPECT_OK(cr_number_pool_take_changes(pool, &count));
  EXPECT(count == 0 || cr_number_pool_change(pool, 0)->number == choice.number);
  view.struct_size = sizeof view;
  EXPECT_OK(cr_number_pool_view(pool, choice.id, &view, bytes, NULL));
  EXPECT(view.number == choice.number && view.last_shown_us == kBase + kSecond);
  EXPECT(strcmp(cr_bytes_data(bytes), "city") == 0);
  health.struct_size = sizeof health;
  EXPECT_OK(cr_number_pool_health(pool, choice.id, 0, &health));
  EXPECT_OK(cr_number_pool_set_state(pool, choice.id, CR_NUMBER_RESTING,
                                     kBase + 4 * kSecond));
  EXPECT_OK(cr_number_pool_verified(pool, choice.id, kBase + 4 * kSecond));
  EXPECT_OK(cr_number_pool_verdict(pool, choice.id, 0, CR_VERDICT_COMPLAINT,
                                   kBase + 4 * kSecond));
  EXPECT_OK(cr_number_pool_explain(pool, &request, kBase + 5 * kSecond, &choice,
                                   &count, &places));
  EXPECT(count == 1 && places > 0);
  EXPECT(strcmp(cr_number_pool_explained_group(pool, 0)->name, "city") == 0);
  EXPECT(cr_number_pool_explained_place(pool, 0)->numbers > 0);
  EXPECT(cr_number_pool_explained_place(pool, places) == NULL);
  EXPECT_OK(cr_number_patch_create(&patch));
  EXPECT_OK(cr_number_config_init(&config, sizeof config));
  config.group = "no such group";
  EXPECT_OK(cr_phone_parse("+442079460999", &config.number));
  EXPECT_OK(cr_number_patch_put(patch, &config));
  EXPECT(cr_number_pool_apply(pool, patch, kBase + 6 * kSecond) ==
         CR_INVALID_ARGUMENT);
  EXPECT(strstr(cr_message(pool), "no such group") != NULL);
  EXPECT_OK(cr_number_patch_clear(patch));
  EXPECT_OK(cr_number_patch_remove(patch, choice.number));
  EXPECT_OK(cr_number_pool_apply(pool, patch, kBase + 6 * kSecond));
  EXPECT_OK(cr_number_pool_set_rules(pool, file, kBase + 7 * kSecond));
  EXPECT_OK(cr_number_pool_rebase_clock(pool, kSecond, kBase + 8 * kSecond));
  EXPECT_OK(cr_number_pool_advance(pool, kBase + 9 * kSecond));
  EXPECT(cr_number_pool_next_deadline(pool) > kBase + 9 * kSecond);
  stats.struct_size = sizeof stats;
  EXPECT_OK(cr_number_pool_get_stats(pool, &stats));
  EXPECT(stats.reserved == 1 && stats.committed == 1);
  EXPECT_OK(cr_number_pool_save(pool, bytes));
  EXPECT_OK(cr_number_pool_load(NULL, cr_bytes_data(bytes),
                                cr_bytes_size(bytes), faults, &loaded));
  EXPECT_OK(cr_number_pool_check_invariants(loaded, faults));
  cr_number_patch_destroy(patch);
  cr_number_pool_destroy(loaded);
  cr_number_pool_destroy(pool);
  cr_bytes_destroy(bytes);
}

static void leases(cr_faults *faults) {
  const uint64_t numbers[] = {442079460001u, 442079460002u};
  const int64_t delays[] = {1000, 2000};
  cr_masking_pool *masking = NULL;
  cr_visitor_pool *visitors = NULL;
  cr_masking_request request = {sizeof(cr_masking_request), 7, 442079460101u,
                                442079460102u, 0};
  cr_masking_answer answer;
  cr_masking_stats stats;
  cr_visitor_stats visits;
  int32_t by = -1, found = -1, more = -1, number = 0;
  uint64_t session = 0, other = 0, shown = 0;
  double erlangs = 0, share = -1;
  answer.struct_size = sizeof answer;
  EXPECT_OK(cr_masking_pool_create(NULL, 0, faults, &masking));
  EXPECT_OK(cr_masking_pool_put(masking, numbers, 2, 0, 0));
  EXPECT_OK(cr_masking_pool_open(masking, &request, 0, &answer));
  EXPECT(answer.number == numbers[0]);
  EXPECT_OK(cr_masking_pool_resolve(masking, answer.number, request.a, kSecond,
                                    &by, &session, &other));
  EXPECT(by == CR_MASKED_SESSION && session == 7 && other == request.b);
  EXPECT_OK(cr_masking_pool_touch(masking, 7, kSecond));
  EXPECT_OK(cr_masking_pool_close(masking, 7, kSecond));
  EXPECT(cr_masking_pool_close(masking, 8, kSecond) == CR_NOT_FOUND);
  stats.struct_size = sizeof stats;
  EXPECT_OK(cr_masking_pool_get_stats(masking, &stats));
  EXPECT(stats.closed == 1 && stats.numbers == 2);
  EXPECT_OK(cr_masking_pool_check_invariants(masking, faults));
  cr_masking_pool_destroy(masking);

  EXPECT_OK(cr_visitor_pool_create(NULL, 0, faults, &visitors));
  EXPECT_OK(cr_visitor_pool_put(visitors, numbers, 2, 0));
  EXPECT_OK(cr_visitor_pool_show(visitors, 5, 0, &shown, NULL, NULL));
  EXPECT(shown == numbers[0]);
  EXPECT_OK(cr_visitor_pool_resolve(visitors, shown, kSecond, &found, &more));
  EXPECT(found == CR_VISITS_ONE && more == 0);
  EXPECT(cr_visitor_pool_candidate(visitors, 0)->visit == 5);
  EXPECT(cr_visitor_pool_candidate(visitors, 1) == NULL);
  visits.struct_size = sizeof visits;
  EXPECT_OK(cr_visitor_pool_get_stats(visitors, &visits));
  EXPECT(visits.calls_one == 1);
  EXPECT_OK(cr_visitor_pool_misattribution_risk(visitors, delays, 2, &share));
  EXPECT(share == 0);
  cr_visitor_pool_destroy(visitors);

  EXPECT_OK(cr_offered_load(200, 180 * kSecond, &erlangs));
  EXPECT(erlangs > 9.99 && erlangs < 10.01);
  EXPECT_OK(cr_visitor_numbers_for(erlangs, 0.01, &number));
  EXPECT(number == 18);
  EXPECT(cr_visitor_blocking(-1, 10, &share) == CR_INVALID_ARGUMENT);
  EXPECT_OK(cr_masking_numbers_for(2001, 100, &number));
  EXPECT(number == 2202);
}

static void return_calls(cr_faults *faults) {
  cr_return_calls *calls = NULL;
  cr_return_number number = {
      sizeof(cr_return_number), 442079460001u, 3, 0, 0, 1, 0};
  cr_shown_call call = {
      sizeof(cr_shown_call), 442079460001u, 442079460101u, 11, 12, 0, 4, 0};
  cr_return_calls_options options;
  cr_return_answer answer;
  int64_t at_us = 0;
  EXPECT_OK(cr_return_calls_options_init(&options, sizeof options));
  options.entries_max = 1000;
  EXPECT_OK(cr_return_calls_create(&options, 0, faults, &calls));
  EXPECT_OK(cr_return_calls_put_number(calls, &number, 0));
  EXPECT_OK(cr_return_calls_shown(calls, &call, kSecond));
  EXPECT_OK(cr_return_calls_outcome(calls, &call, 2, 2 * kSecond));
  answer.struct_size = sizeof answer;
  EXPECT_OK(cr_return_calls_resolve(calls, number.number, call.callee,
                                    3 * kSecond, &answer));
  EXPECT(answer.found == CR_FOUND_ONE && answer.queue == 3);
  EXPECT(cr_return_calls_candidate(calls, 0)->lead == 11);
  EXPECT(cr_return_calls_candidate(calls, 0)->outcome == 2);
  EXPECT_OK(cr_return_calls_releasable_at(calls, number.number, &at_us));
  EXPECT(at_us > kSecond);
  EXPECT_OK(cr_return_calls_opt_out(calls, call.callee, 1, 3 * kSecond));
  EXPECT(cr_return_calls_opted_out(calls, call.callee, 1) == 1);
  EXPECT_OK(cr_return_calls_forget(calls, call.callee, 3 * kSecond));
  EXPECT_OK(cr_return_calls_check_invariants(calls, faults));
  cr_return_calls_destroy(calls);
}

static void leads(const cr_dial_file *rules, const cr_lead_file *file,
                  cr_faults *faults) {
  cr_lead_list *list = NULL;
  cr_lead_list_options options;
  cr_lead_choice choice;
  cr_lead_callback callback = {sizeof(cr_lead_callback), 0, CR_NEVER, 0, 0};
  cr_lead_view view;
  cr_lead lead;
  const uint64_t number = 442079460777u;
  const int64_t monday = (int64_t)1772409600 * kSecond;
  size_t i, count = 0;
  EXPECT_OK(cr_lead_list_options_init(&options, sizeof options));
  options.leads_max = 1000, options.numbers_max = 2000;
  options.events_max = 10000, options.attempts_max = 100;
  options.do_not_call_max = 100;
  EXPECT_OK(cr_lead_list_create(&options, rules, kBase, faults, &list));
  EXPECT_OK(cr_lead_list_set_wall_clock(list, monday + 36000 * kSecond - kBase,
                                        kBase));
  for (i = 0; i < 10 && i < cr_lead_file_count(file); ++i) {
    EXPECT_OK(cr_lead_list_put_from(list, file, i, kBase));
  }
  EXPECT(cr_lead_list_put_from(list, file, 1000000, kBase) == CR_OUT_OF_RANGE);
  EXPECT_OK(cr_lead_init(&lead, sizeof lead));
  lead.lead = 999, lead.list = "march";
  lead.numbers = &number, lead.number_count = 1, lead.priority = 200;
  EXPECT_OK(cr_lead_list_put(list, &lead, kBase));
  choice.struct_size = sizeof choice;
  EXPECT_OK(
      cr_lead_list_next(list, 1, "renewals", 0, 0, kBase + kSecond, &choice));
  EXPECT(choice.lead == 999 && choice.number == number);
  EXPECT(choice.connect_within_us == 2 * kSecond);
  EXPECT_OK(cr_lead_list_dialled(list, 1, kBase + kSecond));
  EXPECT(cr_lead_list_report(list, 1, "call me later", kBase + 2 * kSecond,
                             NULL) == CR_INVALID_ARGUMENT);
  callback.at_us = monday + 40000 * kSecond;
  EXPECT_OK(cr_lead_list_report(list, 1, "call me later", kBase + 2 * kSecond,
                                &callback));
  view.struct_size = sizeof view;
  EXPECT_OK(cr_lead_list_view(list, 999, &view, NULL, NULL));
  EXPECT(view.callback == 1 && view.due_us == callback.at_us);
  EXPECT_OK(cr_lead_list_why_not(list, 999, "renewals", 0, 0,
                                 kBase + 3 * kSecond, &count));
  EXPECT(count > 0);
  EXPECT(cr_lead_list_reason(list, 0)->block == CR_LEAD_BLOCK_NOT_DUE);
  EXPECT_OK(cr_lead_list_do_not_call(list, number, kBase + 3 * kSecond));
  EXPECT(cr_lead_list_next(list, 2, "none", 0, 0, kBase + kSecond, &choice) ==
         CR_NOT_FOUND);
  EXPECT_OK(cr_lead_list_check_invariants(list, faults));
  cr_lead_list_destroy(list);
}

static void pacers(cr_faults *faults) {
  cr_pacing *pacing = NULL;
  cr_pacer *pacer = NULL;
  cr_pacer *loaded = NULL;
  cr_bytes *bytes = NULL;
  cr_paced_campaign campaign;
  cr_drop_window window;
  cr_window_count counted;
  cr_pacer_stats stats;
  cr_line_features features = {sizeof(cr_line_features), 0, 0, 0, 0, 0, 0};
  uint64_t line = 0;
  size_t orders = 0;
  EXPECT_OK(cr_pacing_create(&pacing));
  EXPECT_OK(cr_paced_campaign_init(&campaign, sizeof campaign));
  EXPECT_OK(cr_pacing_add_campaign(pacing, &campaign));
  EXPECT_OK(cr_drop_window_init(&window, sizeof window));
  EXPECT_OK(cr_pacing_add_window(pacing, 0, &window));
  EXPECT(cr_pacing_add_window(pacing, 5, &window) == CR_NOT_FOUND);
  EXPECT_OK(cr_pacer_create(NULL, pacing, 0, faults, &pacer));
  EXPECT_OK(cr_pacer_set_agent(pacer, 7, CR_AGENT_READY, 0));
  EXPECT(cr_pacer_set_agent(pacer, 7, 17, 0) == CR_INVALID_ARGUMENT);
  EXPECT_OK(cr_pacer_plan(pacer, kSecond, &orders));
  EXPECT(orders == 1 && cr_pacer_order(pacer, 0)->lines == 1);
  EXPECT(cr_pacer_order(pacer, 1) == NULL);
  EXPECT_OK(cr_pacer_dialled(pacer, &features, kSecond, &line));
  EXPECT_OK(cr_pacer_report(pacer, line, CR_LINE_PERSON, 2 * kSecond));
  EXPECT_OK(cr_pacer_bridged(pacer, line, 7, 2 * kSecond));
  EXPECT(cr_pacer_lines(pacer) == 0 && cr_pacer_ready(pacer) == 0);
  stats.struct_size = sizeof stats;
  EXPECT_OK(cr_pacer_get_stats(pacer, 0, &stats));
  EXPECT(stats.dialled == 1 && stats.bridged == 1);
  counted.struct_size = sizeof counted;
  EXPECT_OK(cr_pacer_window(pacer, 0, 0, &counted));
  EXPECT(counted.answers > 0.9);
  EXPECT(cr_pacer_window(pacer, 0, 1, &counted) == CR_OUT_OF_RANGE);
  EXPECT_OK(cr_bytes_create(&bytes));
  EXPECT_OK(cr_pacer_save(pacer, bytes));
  EXPECT_OK(cr_pacer_load(cr_bytes_data(bytes), cr_bytes_size(bytes), faults,
                          &loaded));
  cr_bytes_destroy(bytes);
  cr_pacer_destroy(loaded);
  cr_pacer_destroy(pacer);
  cr_pacing_destroy(pacing);
}

static void simulations(const char *root, const cr_pool_file *pool,
                        const cr_dial_file *rules, const cr_lead_file *list,
                        cr_faults *faults) {
  size_t size = 0;
  char *text =
      contents(root, "examples/scenarios/after_hours.textproto", &size);
  const double shares[] = {0.03};
  double used[] = {0};
  cr_bytes *json = NULL;
  cr_bytes *table = NULL;
  cr_reports *reports = NULL;
  cr_pool_world world;
  cr_dial_world shift;
  cr_campaign_world day;
  cr_pool_report pool_report;
  cr_dial_report dial_report;
  cr_campaign_report campaign_report;
  cr_dial_bound_model model;
  EXPECT_OK(cr_bytes_create(&json));
  EXPECT_OK(cr_bytes_create(&table));
  EXPECT_OK(cr_reports_create(&reports));
  EXPECT_OK(cr_simulate(text, size, "after_hours", read_file, (void *)root,
                        faults, json, table));
  EXPECT(cr_bytes_data(json)[0] == '{' && cr_bytes_size(table) > 100);
  EXPECT(cr_simulate("x", 1, "x", NULL, NULL, faults, json, NULL) ==
         CR_INVALID_ARGUMENT);
  EXPECT(cr_reports_pool_text(reports, table) == CR_NOT_FOUND);
  EXPECT_OK(cr_pool_world_init(&world, sizeof world));
  world.days = 7, world.calls_per_number = 2;
  EXPECT_OK(cr_simulate_pool(pool, &world, CR_POOL_POLICY_AS_CONFIGURED, faults,
                             reports, NULL));
  pool_report.struct_size = sizeof pool_report;
  EXPECT_OK(cr_reports_pool(reports, 0, &pool_report));
  EXPECT(pool_report.calls > 0 && pool_report.numbers == 1000);
  EXPECT(cr_reports_pool(reports, 1, &pool_report) == CR_OUT_OF_RANGE);
  EXPECT_OK(cr_reports_pool_text(reports, table));
  EXPECT_OK(cr_dial_world_init(&shift, sizeof shift));
  shift.shifts = 2, shift.shift_us = 3600 * kSecond;
  EXPECT_OK(
      cr_simulate_dialing(&shift, CR_DIAL_PACER_PROGRESSIVE, faults, reports));
  dial_report.struct_size = sizeof dial_report;
  EXPECT_OK(cr_reports_dialing(reports, 0, 1, &dial_report));
  EXPECT(dial_report.drops == 0 && dial_report.dialled > 0);
  EXPECT_OK(cr_reports_dialing_text(reports, table));
  EXPECT_OK(cr_campaign_world_init(&day, sizeof day));
  day.agents = 5, day.no_answer = "no answer";
  EXPECT(cr_simulate_campaign(rules, list, NULL, &day,
                              CR_DIAL_PACER_PROGRESSIVE, faults, reports) ==
         CR_INVALID_ARGUMENT); /* No disposition "done". */
  {
    const char *const endings[] = {"sale"};
    const double parts[] = {1};
    day.endings = endings, day.ending_shares = parts, day.ending_count = 1;
    EXPECT_OK(cr_simulate_campaign(rules, list, NULL, &day,
                                   CR_DIAL_PACER_PROGRESSIVE, faults, reports));
  }
  campaign_report.struct_size = sizeof campaign_report;
  EXPECT_OK(cr_reports_campaign(reports, 0, &campaign_report));
  EXPECT(campaign_report.reached > 0 && campaign_report.days == 1);
  EXPECT_OK(cr_reports_campaign_text(reports, table));
  EXPECT_OK(cr_dial_bound_model_init(&model, sizeof model));
  model.agents = 2;
  EXPECT_OK(cr_dial_bounds(&model, shares, 1, used));
  EXPECT(used[0] > 0.3 && used[0] < 1);
  cr_reports_destroy(reports);
  cr_bytes_destroy(table);
  cr_bytes_destroy(json);
  free(text);
}

static void imports(const char *root, cr_faults *faults) {
  char folder[1024];
  cr_import_options options;
  cr_import_counts counts;
  cr_bytes *report = NULL;
  cr_config *config = NULL;
  size_t size = 0;
  char *text = contents(root, "examples/asterisk/queues_office.conf", &size);
  snprintf(folder, sizeof folder, "%s/examples/asterisk", root);
  EXPECT_OK(cr_bytes_create(&report));
  EXPECT_OK(cr_import_options_init(&options, sizeof options));
  options.queues = text, options.queues_size = size;
  options.read = read_file, options.read_context = folder;
  counts.struct_size = sizeof counts;
  EXPECT_OK(
      cr_import_asterisk(&options, faults, report, NULL, &counts, &config));
  EXPECT(counts.lines > 0 &&
         counts.lines == counts.mapped + counts.ignored + counts.errors);
  EXPECT(cr_bytes_size(report) > 0);
  cr_config_destroy(config);
  cr_bytes_destroy(report);
  free(text);
}

void test_parts(const char *root, int *parts_failures);
void test_parts(const char *root, int *parts_failures) {
  cr_faults *faults = NULL;
  cr_pool_file *pool = NULL;
  cr_dial_file *rules = NULL;
  cr_lead_file *list = NULL;
  cr_lead_file_options options;
  char folder[1024];
  size_t size = 0;
  char *text;
  failures = parts_failures;
  EXPECT_OK(cr_faults_create(&faults));
  pool = pool_file(root, faults);
  text = contents(root, "examples/dial/renewals.textproto", &size);
  snprintf(folder, sizeof folder, "%s/examples/dial", root);
  EXPECT_OK(cr_dial_file_parse(text, size, "renewals", read_file, folder,
                               faults, &rules));
  free(text);
  EXPECT_OK(cr_lead_file_options_init(&options, sizeof options));
  options.list = "march", options.country = "44";
  text = contents(root, "tests/data/call_list.csv", &size);
  EXPECT_OK(cr_lead_file_parse(text, size, "call_list.csv", &options, faults,
                               NULL, &list));
  free(text);
  EXPECT(cr_lead_file_count(list) > 10 && cr_lead_file_lead(list, 0) != 0);
  number_pools(pool, faults);
  leases(faults);
  return_calls(faults);
  leads(rules, list, faults);
  pacers(faults);
  simulations(root, pool, rules, list, faults);
  imports(root, faults);
  if (*failures > 0) {
    for (size = 0; size < cr_faults_count(faults); ++size) {
      printf("%s\n", cr_faults_at(faults, size)->text);
    }
  }
  cr_lead_file_destroy(list);
  cr_dial_file_destroy(rules);
  cr_pool_file_destroy(pool);
  cr_faults_destroy(faults);
}
