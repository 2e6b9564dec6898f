// callrouter_c.h  -  start here
//
// callrouter for C, and for every language that can call C. The whole host:
//
//   cr_config *config;
//   cr_engine *engine;
//   if (cr_check_version(CR_VERSION_NUMBER) != CR_OK) ...
//   if (cr_config_parse(text, size, "centre.textproto", faults, &config) ||
//       cr_engine_create(NULL, config, now_us(), faults, &engine)) {
//     fprintf(stderr, "%s\n", cr_message(faults));
//   }
//   while (wait(cr_engine_next_deadline(engine), &event)) {
//     if (event) cr_engine_handle(engine, event, now_us());
//     else cr_engine_advance(engine, now_us());
//     for (i = 0; i < cr_engine_decision_count(engine); ++i)
//       carry_out(cr_engine_decision(engine, i));
//   }
//
// examples/embed.c is that program in full. Words and rules are those of the
// C++ headers of the same names (callrouter/engine.h and so on), which say
// more; decisions are the same, byte for byte.
//
// Conventions
//  1. Handles. cr_..._create and _parse give a handle, cr_..._destroy takes it
//     back; nothing else is ever freed by the host, and destroying a null
//     handle does nothing. A handle is a token, not an address. Null, destroyed
//     and foreign ones, and those of another type, are recognised by every
//     function: it changes nothing and returns CR_INVALID_HANDLE, or 0, or
//     NULL. Limits of that: 65,536 handles live at once in a process, and a
//     destroyed one is recognised until its place was used 2^32 times again.
//  2. Codes. Functions that can fail return a cr_status; CR_OK is 0. Words for
//     it: cr_message(handle), of the handle the function was called with first
//     (creating functions: of their `faults`). They stay until the next call
//     that is not const on that handle. On any code but CR_OK nothing has
//     changed, unless a function says otherwise.
//  3. Structs begin with `struct_size`, which the caller sets to sizeof it. The
//     ones with options, and events, are filled with defaults by their _init
//     function first. Fields are only ever appended, so an older host works
//     with a newer library; a newer host gets CR_UNIMPLEMENTED from an older
//     library only if it uses what that does not know (a field not 0). What is
//     called `unused` only fills a gap.
//  4. Results in lists are read one by one as pointers, valid until the next
//     call that is not const on the same handle. Results in one struct are
//     written to the caller's.
//  5. Units are in names: _us is microseconds, _ppm millionths, _permille
//     thousandths. `now_us` is the host's monotonic time since any moment of
//     its choice; civil times (utc_us) count from 1970. Pools and lists take a
//     time before 31 days as 31 days: where the clock begins at 0 when the
//     machine starts, add a constant such as 10^15. CR_NEVER is later and
//     CR_ALWAYS earlier than all; as a duration CR_NEVER is without end.
//  6. Enums are passed as int32_t; an unknown value is CR_INVALID_ARGUMENT.
//     Their numbers never change. Flags are int32_t, 0 or 1.
//  7. Telephone numbers are uint64_t: the digits of E.164 read as one number,
//     0 for none. Ids of what an engine or pool holds are uint64_t, 0 for none.
//     References (_ref, `attempt`, `lead` ...) are the host's own, carried
//     through.
//  8. Texts in are UTF-8 with a zero at the end, or come with a size; null is
//     the empty text. They are read during the call only. Texts out end with a
//     zero too, but the few that come with a size.
//  9. Threads: functions on different handles run at the same time as they
//     like. One handle, one thread at a time; functions that take it const may
//     run together.
// 10. Memory is reserved by the creating function, as the options say. If it
//     runs out there: CR_RESOURCE_EXHAUSTED. If it should run out later, in a
//     container that grows, the same is returned, and then CR_INTERNAL by all
//     functions on that handle but _destroy: what it holds is not to be
//     trusted. No exception ever leaves a function.
//
// What is not offered: 32-bit machines (handles are 64 bits wide); rules and
// configurations made field by field (they are text: protobuf text or JSON);
// the C++ building blocks below the parts (timer queue, ordered index, random
// numbers, histograms). tests/capabilities.txt lists what there is and why not.
// Nor a process that holds this library beside libcallrouter.so or the C++
// layers with protobuf in them (proto, config, import, sim): protobuf refuses
// to know a schema twice and ends the process. One of them is enough.
//
// Promise: the library's soname changes whenever this interface breaks. Before
// 1.0 it may, with a word in CHANGELOG.md.

#ifndef CALLROUTER_C_H_
#define CALLROUTER_C_H_

// clang-format off: in the order of what builds on what.
#include "callrouter_c_base.h"
#include "callrouter_c_configuration.h"
#include "callrouter_c_event_values.h"
#include "callrouter_c_engine_values.h"
#include "callrouter_c_engine.h"
#include "callrouter_c_record.h"
#include "callrouter_c_number_values.h"
#include "callrouter_c_numbers.h"
#include "callrouter_c_leases.h"
#include "callrouter_c_return_calls.h"
#include "callrouter_c_dial_values.h"
#include "callrouter_c_leads.h"
#include "callrouter_c_pacer.h"
#include "callrouter_c_outbound.h"
#include "callrouter_c_simulation.h"
// clang-format on

#endif  // CALLROUTER_C_H_
