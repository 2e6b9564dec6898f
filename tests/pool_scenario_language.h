// Scenarios of the number pool: what it answers, written down so that a person
// can check it. A file in tests/pool_scenarios is the readable specification
// of one rule, most often one that another product has:
//
//   # Whose rule it is, in words.
//   region us
//   region houston in=us
//   range +1713xxxxxxx houston
//   group all cool-down=2m
//   campaign sales order=least-used-today
//   number +17135550001 all houston
//   ====
//   0s call a1 sales +17137654321
//   1m call a2 sales +17137654321
//   ----
//   0s a1 +17135550001 by order, region houston
//   1m a2 none: all-blocked (cool-down), retry at 2m
//
// First the rules; a mistake in them or an unknown word is an error:
//   options seed=N
//   region NAME [in=PARENT] [near=NAME:KILOMETRES,..] [reserve=PERMILLE]
//     [zone=OFFSET]
//   range DIGITS REGION            x in the digits: any digit
//   group NAME [owner=N] [trunks=A,..] [campaigns=A,..] [destinations=A,..]
//     [label=TEXT] [caps: per-hour=N .. cool-down=T]
//   campaign NAME [owner=N] [order=O] [reach=R] [within=KILOMETRES]
//     [sticky=S] [bind=answered] [keep=T] [across=yes] [avoid-last=N]
//     [distinct=yes]
//   number NUMBER GROUP REGION [weight=N] [rank=N] [state=S]
//   numbers N FIRST GROUP REGION [..]    N numbers in a row
//   visitors N FIRST [hold=T] [mode=fixed] [within=T] [free-after-call=yes]
//     [overflow=NUMBER]      a visitor pool beside it, of N numbers in a row
// Without it owner is "us" and trunks "trunk".
//
// After "====" come blocks, divided by empty lines: commands, "----", and all
// they lead to. Times are since Monday, 2 March 2026, 00:00 UTC; a command
// without one happens at the time of the one before it.
//   reserve A CAMPAIGN CALLEE [wanted=NUMBER] [trunk=T]   A names the attempt
//   commit A | cancel A | answered A | end A
//   call A CAMPAIGN CALLEE ..      reserve, commit and end, all at once
//   talk A CAMPAIGN CALLEE ..      the same, and somebody answered
//   ladder A CALLEE STEP..         call, with each STEP until one has a number:
//                                  CAMPAIGN or CAMPAIGN=NUMBER (wanted); what
//                                  a host writes that has several rules
//   many N CAMPAIGN CALLEE [every=T] [callees=N]   N calls, to so many callees
//                                  in turn; how often which number
//   state NUMBER STATE | remove NUMBER | number .. as above
//   show NUMBER                    what a supervisor would see
//   visit V                        the page of visit V shows a number
//   rings NUMBER                   somebody calls it: which visit was that?

#ifndef CALLROUTER_TESTS_POOL_SCENARIO_LANGUAGE_H_
#define CALLROUTER_TESTS_POOL_SCENARIO_LANGUAGE_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace callrouter::testing {

// The whole file as it should read: the same text with the lines behind every
// "----" as the pool gives them. An error for a file that says nothing clear,
// or a pool whose invariants broke.
absl::StatusOr<std::string> RunPoolScenario(std::string_view text);

}  // namespace callrouter::testing

#endif  // CALLROUTER_TESTS_POOL_SCENARIO_LANGUAGE_H_
