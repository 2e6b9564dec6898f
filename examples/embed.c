/* A whole host in C: a clock, a timer and a PBX made of paper around the C
   ABI. Replace the paper with yours, and the jump of `now` with waiting for
   the next event or the engine's deadline, and this is production. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "callrouter_c.h"

static const char kCentre[] =
    "queue { name: 'sales' requirement: 'sales >= 3' ring: '10s'"
    "        wrap_up: '5s' }\n"
    "agent { name: 'ann' ref: 7 skill { name: 'sales' level: 5 } }\n"
    "agent { name: 'bob' ref: 8 skill { name: 'sales' level: 5 } }\n";

enum { kReportsMax = 64 };
static const int64_t kSecond = 1000000;

/* What the paper PBX will report, and when; in order of time. */
typedef struct Report {
  int64_t at_us;
  cr_event event;
} Report;
static Report reports[kReportsMax];
static size_t report_count;

static void report(int64_t at_us, const cr_event *event) {
  size_t i = report_count;
  if (report_count == kReportsMax) return;
  for (; i > 0 && reports[i - 1].at_us > at_us; --i)
    reports[i] = reports[i - 1];
  reports[i].at_us = at_us;
  reports[i].event = *event;
  ++report_count;
}

static Report next_report(void) {
  const Report first = reports[0];
  --report_count;
  memmove(reports, reports + 1, report_count * sizeof reports[0]);
  return first;
}

static void report_agent(int64_t at_us, int32_t kind, uint64_t agent_ref) {
  cr_event event;
  cr_event_init(&event, sizeof event, kind);
  event.agent_ref = agent_ref;
  report(at_us, &event);
}

/* Ann does not hear her telephone; Bob answers after two seconds, and talks
   for thirty. */
static void carry_out(const cr_decision *d, int64_t now_us) {
  cr_event event;
  printf("%3" PRId64 " s  %s call %" PRIu64 " agent %" PRIu64 " %s\n",
         now_us / kSecond, cr_decision_kind_name(d->kind), d->call_ref,
         d->agent_ref, cr_reason_name(d->reason));
  switch (d->kind) {
    case CR_DECISION_OFFER: /* Ring d->agent_ref until d->deadline_us. */
      if (d->agent_ref == 7) break;
      cr_event_init(&event, sizeof event, CR_EVENT_OFFER_ACCEPTED);
      event.offer = d->offer;
      report(now_us + 2 * kSecond, &event);
      break;
    case CR_DECISION_CONNECT: /* Join the two legs. */
      cr_event_init(&event, sizeof event, CR_EVENT_OFFER_CONNECTED);
      event.offer = d->offer;
      report(now_us, &event);
      cr_event_init(&event, sizeof event, CR_EVENT_CALL_ENDED);
      event.call_ref = d->call_ref;
      report(now_us + 30 * kSecond, &event);
      report_agent(now_us + 30 * kSecond, CR_EVENT_AGENT_RELEASED,
                   d->agent_ref);
      break;
    default: /* A real host has an answer to each; see callrouter/decision.h. */
      break;
  }
}

/* The loop: everything a host does with an engine, once it has one. */
static void serve(cr_engine *engine, int64_t end_us) {
  for (;;) {
    const int64_t deadline_us = cr_engine_next_deadline(engine);
    const int64_t report_us = report_count > 0 ? reports[0].at_us : CR_NEVER;
    const int64_t now_us = report_us < deadline_us ? report_us : deadline_us;
    cr_status status;
    size_t i;
    if (now_us > end_us) return;
    if (now_us == report_us) {
      const Report told = next_report();
      status = cr_engine_handle(engine, &told.event, now_us);
    } else {
      status = cr_engine_advance(engine, now_us);
    }
    if (status != CR_OK) {
      printf("%s: %s\n", cr_status_name(status), cr_message(engine));
    }
    for (i = 0; i < cr_engine_decision_count(engine); ++i) {
      carry_out(cr_engine_decision(engine, i), now_us);
    }
  }
}

int main(void) {
  cr_faults *faults = NULL;
  cr_config *config = NULL;
  cr_engine *engine = NULL;
  cr_engine_options options;
  cr_event call;
  int exit_code = 1;

  if (cr_check_version(CR_VERSION_NUMBER) != CR_OK) {
    fprintf(stderr, "the library is callrouter %s\n", cr_version());
    return 1;
  }
  cr_faults_create(&faults);
  cr_engine_options_init(&options, sizeof options);
  options.calls_max = 1000; /* All memory is reserved here and now. */
  if (cr_config_parse(kCentre, strlen(kCentre), "centre", faults, &config) !=
          CR_OK ||
      cr_engine_create(&options, config, 0, faults, &engine) != CR_OK) {
    size_t i;
    for (i = 0; i < cr_faults_count(faults); ++i) {
      fprintf(stderr, "%s\n", cr_faults_at(faults, i)->text);
    }
  } else {
    report_agent(0, CR_EVENT_AGENT_LOGIN, 7);
    report_agent(0, CR_EVENT_AGENT_LOGIN, 8);
    cr_event_init(&call, sizeof call, CR_EVENT_CALL_ARRIVED);
    call.call_ref = 42;
    call.queue = cr_engine_find_queue(engine, "sales");
    report(1 * kSecond, &call);
    serve(engine, 120 * kSecond);
    exit_code = 0;
  }
  cr_engine_destroy(engine); /* Null ones too. */
  cr_config_destroy(config);
  cr_faults_destroy(faults);
  return exit_code;
}
