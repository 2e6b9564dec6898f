/* The C ABI as a C host sees it. Compiled as C99 by two compilers and as C++:
   what it says of the interface must be true in all of them. */

#include <stdio.h>
#include <string.h>

#include "callrouter_c.h"

static int failures;
#define EXPECT(condition)                                            \
  do {                                                               \
    if (!(condition)) {                                              \
      printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      ++failures;                                                    \
    }                                                                \
  } while (0)
#define EXPECT_OK(call) EXPECT((call) == CR_OK)

static const char kCentre[] =
    "queue { name: 'sales' hours: 'office' }\n"
    "hours { name: 'office' time_zone: 'UTC'\n"
    "        open { day: 'mon-fri' from: '09:00' to: '18:00' } }\n"
    "agent { name: 'ann' ref: 7 }\n";

/* Whatever kind of handle the function takes, all of these are none: null,
   foreign addresses, numbers, destroyed ones, ones of another type. */
static void messages(void) {
  int local = 0;
  cr_bytes *bytes = NULL;
  cr_faults *faults = NULL;
  EXPECT(strstr(cr_message(NULL), "foreign") != NULL);
  EXPECT(strstr(cr_message(&local), "foreign") != NULL);
  EXPECT_OK(cr_bytes_create(&bytes));
  EXPECT(cr_bytes_size(bytes) == 0);
  EXPECT(strcmp(cr_bytes_data(bytes), "") == 0);
  EXPECT(cr_faults_count((const cr_faults *)(const void *)bytes) == 0);
  EXPECT_OK(cr_bytes_clear(bytes));
  cr_bytes_destroy(bytes);
  EXPECT(cr_bytes_clear(bytes) == CR_INVALID_HANDLE);
  EXPECT(cr_bytes_data(bytes) == NULL);
  cr_bytes_destroy(bytes); /* Again: nothing. */
  cr_bytes_destroy(NULL);
  cr_bytes_destroy((cr_bytes *)(void *)&local);
  EXPECT(cr_bytes_create(NULL) == CR_INVALID_ARGUMENT);
  EXPECT_OK(cr_faults_create(&faults));
  EXPECT(cr_faults_at(faults, 0) == NULL);
  cr_faults_destroy(faults);
}

static void versions(void) {
  EXPECT(cr_version_number() == CR_VERSION_NUMBER);
  EXPECT_OK(cr_check_version(CR_VERSION_NUMBER));
  EXPECT(cr_check_version(CR_VERSION_NUMBER + 1) == CR_UNIMPLEMENTED);
  EXPECT(cr_check_version(CR_VERSION_NUMBER + 10000) == CR_UNIMPLEMENTED);
  EXPECT(cr_check_version(0) == CR_UNIMPLEMENTED || CR_VERSION_NUMBER < 100);
  EXPECT(strcmp(cr_status_name(CR_NOT_FOUND), "not found") == 0);
  EXPECT(strcmp(cr_reason_name(1), "longest-idle") == 0);
  EXPECT(strcmp(cr_reason_name(12345), "unknown") == 0);
}

static void phones(void) {
  uint64_t number = 0;
  char text[17];
  EXPECT_OK(cr_phone_parse("+74951234567", &number));
  EXPECT(number == 74951234567u);
  EXPECT_OK(cr_phone_format(number, text, sizeof text));
  EXPECT(strcmp(text, "+74951234567") == 0);
  EXPECT(cr_phone_format(number, text, 5) == CR_OUT_OF_RANGE);
  EXPECT(cr_phone_parse("0", &number) == CR_INVALID_ARGUMENT);
  EXPECT(cr_phone_parse(NULL, &number) == CR_INVALID_ARGUMENT);
  EXPECT(cr_phone_parse("+74951234567", NULL) == CR_INVALID_ARGUMENT);
  EXPECT(cr_phone_format(number, NULL, 17) == CR_INVALID_ARGUMENT);
  EXPECT(cr_phone_format(5, text, sizeof text) == CR_INVALID_ARGUMENT);
}

static cr_config *centre(void) {
  cr_config *config = NULL;
  EXPECT_OK(cr_config_parse(kCentre, strlen(kCentre), "c", NULL, &config));
  return config;
}

static void configurations(void) {
  cr_faults *faults = NULL;
  cr_bytes *text = NULL;
  cr_config *config = centre();
  cr_config *again = NULL;
  int32_t open = 0;
  int64_t change = 0;
  EXPECT_OK(cr_faults_create(&faults));
  EXPECT_OK(cr_bytes_create(&text));
  EXPECT(cr_config_parse("queue { nme: 'x' }", 17, "f", faults, &again) ==
         CR_INVALID_ARGUMENT);
  EXPECT(again == NULL);
  EXPECT(cr_faults_count(faults) > 0);
  EXPECT(strcmp(cr_faults_at(faults, 0)->file, "f") == 0);
  EXPECT(cr_faults_at(faults, 0)->line == 1);
  EXPECT(strstr(cr_message(faults), "nme") != NULL);
  EXPECT_OK(cr_config_text(config, text));
  EXPECT_OK(cr_config_parse(cr_bytes_data(text), cr_bytes_size(text), "t",
                            faults, &again));
  EXPECT(cr_faults_count(faults) == 0);
  /* Thursday 1 January 1970, 10:00 and 20:00. */
  EXPECT_OK(cr_config_is_open(config, "office", (int64_t)36000 * 1000000, &open,
                              &change));
  EXPECT(open == 1 && change == (int64_t)64800 * 1000000);
  EXPECT_OK(cr_config_is_open(config, "office", (int64_t)72000 * 1000000, &open,
                              NULL));
  EXPECT(open == 0);
  EXPECT(cr_config_is_open(config, "none", 0, &open, NULL) == CR_NOT_FOUND);
  EXPECT_OK(cr_requirement_canonical("A  and a and (b>1)", faults, text));
  EXPECT(cr_requirement_canonical("a and", faults, text) ==
         CR_INVALID_ARGUMENT);
  EXPECT(cr_faults_at(faults, 0)->column > 0);
  cr_config_destroy(again);
  cr_config_destroy(config);
  cr_bytes_destroy(text);
  cr_faults_destroy(faults);
}

/* Older and newer hosts: struct_size says which. */
static void struct_sizes(void) {
  struct Newer {
    cr_event event;
    int64_t later;
  } newer;
  cr_engine_options options;
  cr_engine *engine = NULL;
  cr_config *config = centre();
  cr_engine_options_init(&options, sizeof options);
  EXPECT(options.reserve_memory == 1);
  EXPECT(cr_engine_options_init(&options, 4) == CR_INVALID_ARGUMENT);
  EXPECT(cr_engine_options_init(NULL, sizeof options) == CR_INVALID_ARGUMENT);
  options.calls_max = 100;
  EXPECT_OK(cr_engine_create(&options, config, 0, NULL, &engine));
  memset(&newer, 0xFF, sizeof newer);
  EXPECT_OK(cr_event_init(&newer.event, sizeof newer, CR_EVENT_AGENT_LOGIN));
  EXPECT(newer.later == 0);
  newer.event.agent_ref = 7;
  EXPECT_OK(cr_engine_handle(engine, &newer.event, 0));
  newer.later = 1;
  EXPECT(cr_engine_handle(engine, &newer.event, 0) == CR_UNIMPLEMENTED);
  newer.event.struct_size = 0;
  EXPECT(cr_engine_handle(engine, &newer.event, 0) == CR_INVALID_ARGUMENT);
  cr_engine_destroy(engine);
  options.struct_size = 8;
  EXPECT(cr_engine_create(&options, config, 0, NULL, &engine) ==
         CR_INVALID_ARGUMENT);
  EXPECT(engine == NULL);
  cr_config_destroy(config);
}

static void a_call(void) {
  cr_config *config = centre();
  cr_engine *engine = NULL;
  cr_engine *loaded = NULL;
  cr_prepared *prepared = NULL;
  cr_bytes *saved = NULL;
  cr_bytes *again = NULL;
  cr_statistics *statistics = NULL;
  cr_queue_statistics queue;
  cr_engine_statistics counts;
  cr_call_view call;
  cr_agent_view agent;
  cr_event event;
  const cr_decision *d;
  const char *name = NULL;
  size_t size = 0;
  uint64_t ids[4];
  EXPECT_OK(cr_engine_create(NULL, config, 0, NULL, &engine));
  EXPECT(cr_engine_decision(engine, 0) == NULL);
  EXPECT_OK(cr_event_init(&event, sizeof event, CR_EVENT_AGENT_LOGIN));
  event.agent_ref = 7;
  EXPECT_OK(cr_engine_handle(engine, &event, 0));
  EXPECT_OK(cr_event_init(&event, sizeof event, CR_EVENT_WALL_CLOCK));
  event.duration_us = (int64_t)36000 * 1000000;
  EXPECT_OK(cr_engine_handle(engine, &event, 0));
  EXPECT_OK(cr_event_init(&event, sizeof event, CR_EVENT_CALL_ARRIVED));
  event.call_ref = 42;
  event.queue = cr_engine_find_queue(engine, "sales");
  EXPECT(event.queue != 0);
  EXPECT_OK(cr_engine_handle(engine, &event, 1000000));
  EXPECT(cr_engine_decision_count(engine) == 1);
  d = cr_engine_decision(engine, 0);
  EXPECT(d != NULL && d->struct_size == sizeof *d);
  EXPECT(d != NULL && d->kind == CR_DECISION_OFFER && d->agent_ref == 7);
  EXPECT(d != NULL && d->call_ref == 42 && d->deadline_us == 16000000);
  EXPECT(cr_engine_next_deadline(engine) == 16000000);
  EXPECT(cr_engine_decision(engine, 1) == NULL);
  event.queue = 0;
  event.call_ref = 43;
  EXPECT(cr_engine_handle(engine, &event, 1000000) == CR_INVALID_ARGUMENT ||
         cr_engine_handle(engine, &event, 1000000) == CR_NOT_FOUND);
  EXPECT(strlen(cr_message(engine)) > 0);
  event.kind = 9999;
  EXPECT(cr_engine_handle(engine, &event, 1000000) == CR_INVALID_ARGUMENT);
  EXPECT(strstr(cr_message(engine), "kind") != NULL);
  EXPECT(cr_engine_handle(engine, NULL, 1000000) == CR_INVALID_ARGUMENT);
  call.struct_size = sizeof call;
  EXPECT_OK(
      cr_engine_view_call(engine, cr_engine_find_call(engine, 42), &call));
  EXPECT(call.place == CR_PLACE_OFFERED && call.arrived_us == 1000000);
  EXPECT(cr_engine_view_call(engine, 1, &call) == CR_NOT_FOUND);
  agent.struct_size = sizeof agent;
  EXPECT_OK(
      cr_engine_view_agent(engine, cr_engine_find_agent(engine, 7), &agent));
  EXPECT(agent.ringing == 1 && agent.name_size == 3);
  EXPECT_OK(cr_engine_queue_name(engine, call.queue, &name, &size));
  EXPECT(size == 5 && memcmp(name, "sales", 5) == 0);
  EXPECT_OK(cr_engine_calls(engine, ids, 4, &size));
  EXPECT(size == 1 && ids[0] == call.id);
  EXPECT_OK(cr_engine_agents(engine, NULL, 0, &size));
  EXPECT(size == 1);
  EXPECT_OK(cr_statistics_create(&statistics));
  EXPECT_OK(cr_engine_copy_statistics(engine, statistics));
  queue.struct_size = sizeof queue;
  EXPECT_OK(cr_statistics_queue(statistics, call.queue, &queue));
  EXPECT(queue.offered == 1 && queue.in_progress == 1 && queue.steps == 0);
  counts.struct_size = sizeof counts;
  EXPECT_OK(cr_statistics_engine(statistics, &counts));
  EXPECT(counts.calls == 1 && counts.agents_logged_in == 1);
  EXPECT_OK(cr_bytes_create(&saved));
  EXPECT_OK(cr_bytes_create(&again));
  EXPECT_OK(cr_engine_save(engine, saved));
  EXPECT_OK(cr_engine_load(NULL, cr_bytes_data(saved), cr_bytes_size(saved),
                           NULL, &loaded));
  EXPECT_OK(cr_engine_save(loaded, again));
  EXPECT(cr_bytes_size(saved) == cr_bytes_size(again));
  EXPECT(memcmp(cr_bytes_data(saved), cr_bytes_data(again),
                cr_bytes_size(saved)) == 0);
  EXPECT(cr_engine_load(NULL, "x", 1, NULL, &loaded) != CR_OK);
  EXPECT_OK(cr_engine_check_invariants(engine, NULL));
  EXPECT_OK(cr_engine_prepare(NULL, config, NULL, &prepared));
  EXPECT_OK(cr_engine_apply(engine, prepared, 2000000));
  EXPECT_OK(cr_engine_advance(engine, 16000000));
  EXPECT(cr_engine_decision_count(engine) >= 1);
  EXPECT(cr_engine_decision(engine, 0)->kind == CR_DECISION_CANCEL_OFFER);
  cr_prepared_destroy(prepared);
  cr_bytes_destroy(saved);
  cr_bytes_destroy(again);
  cr_statistics_destroy(statistics);
  cr_engine_destroy(loaded);
  cr_engine_destroy(engine);
  cr_config_destroy(config);
}

void test_parts(const char *root, int *parts_failures);

int main(int argc, char **argv) {
  messages();
  versions();
  phones();
  configurations();
  struct_sizes();
  a_call();
  if (argc > 1) test_parts(argv[1], &failures);
  printf("%d failures\n", failures);
  return failures == 0 ? 0 : 1;
}
