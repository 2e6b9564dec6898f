// Scenarios: what an engine decides, written down so that a person can check
// it. A file in tests/scenarios is the readable specification of one rule:
//
//   # Why this file is here: the rule in words.
//   queue { name: "sales" ring: "15s" }
//   agent { name: "ann" ref: 1 }
//   ====
//   0s login ann
//   2s call c1 sales
//   ----
//   2s offer c1 ann queue=sales longest-idle until=17s
//
// First the configuration, as in a configuration file; a line
// "options NAME=VALUE ..." sets limits of the engine, and "==== NAME" begins a
// second configuration for the command "apply NAME". After "====" come blocks,
// divided by empty lines: commands, "----", and every decision they lead to.
// A command begins with its time, or happens at the time of the one before it.
// Until then the clock is served: each deadline at its moment. "sleep 60s" is
// the opposite: time goes by and nothing is served.
//
// Commands (calls are made up by the first one who names them):
//   login A.. | logout A.. | ready A.. | outside A.. | inside A..
//   pause A.. [reason=TEXT]        login takes [paused]
//   call C QUEUE [priority=N] [age=T] [agent=A] [needs="TEXT"]
//   end C | alive C | priority C N | requirement C "TEXT" | queue C QUEUE
//   transfer C A
//   accept|connecting|connected|decline|no-answer|busy|fail-offer|
//   cancel-offer|connect-failed C A      answer C A: accept, then connected
//   done C | failed C              result of the last decision that wants one
//   release A [C] [how=parked|...]
//   add A REF | remove A | skill A NAME N | attribute A NAME [VALUE]
//   member A QUEUE [penalty=N] [position=N] | not-member A QUEUE
//   capacity A MEDIUM N
//   civil 2026-03-02T18:01:00+01:00 | rebase T
//   sync-begin | sync-end | sync-agent A ready|paused|logged-out
//   sync-call C waiting|ringing|connected|outside|with-host [A] [queue=Q]
//     [age=T] [priority=N]
//   advance | sleep T | apply NAME
// With "options dials=message|release|hold[+numbers][+locks]" there is a
// campaign of tests/outbound_centre.h on the queue "sales"; N is an attempt:
//   lead LEAD.. | rings N | person N C | machine N | lock N | no-lock N
//   rang-out|is-busy|unreachable|given-up N [DISPOSITION] | sync-attempt N
//   says N DISPOSITION             the agent's word
//   show C | show A | count QUEUE  print what a supervisor would see

#ifndef CALLROUTER_TESTS_SCENARIO_LANGUAGE_H_
#define CALLROUTER_TESTS_SCENARIO_LANGUAGE_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace callrouter::testing {

// The whole file as it should read: the same text with the lines behind every
// "----" as the engine gives them. An error for a file that says nothing
// clear, or an engine whose invariants broke.
absl::StatusOr<std::string> RunScenario(std::string_view text,
                                        std::string_view file_name);

}  // namespace callrouter::testing

#endif  // CALLROUTER_TESTS_SCENARIO_LANGUAGE_H_
