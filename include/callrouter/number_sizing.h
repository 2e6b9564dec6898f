// callrouter/number_sizing.h
//
// How many numbers a pool needs, and what a pool of a given size can do.
//
//   // 200 visits an hour, each holding its number for 3 minutes
//   double load = *OfferedLoad(200, absl::Minutes(3));    // 10 Erlang
//   int32_t n = *VisitorNumbersFor(load, 0.01);           // 18 numbers
//   double share = *VisitorBlocking(load, 10);            // 0.215
//
//   // nobody has more than 2,001 sessions open or in quarantine
//   int32_t m = *MaskingNumbersFor(2001);                 // 2,202
//
// Visitors. Numbers held for a time by visits that come at random, none
// waiting, are Erlang's loss system (A. K. Erlang, 1917): the share of visits
// that find no number is B(load, n) = load B(load, n - 1) / (n + load B(load,
// n - 1)) with B(load, 0) = 1, whatever the distribution of the hold times.
// Visits per hour times hold time, which is often given as the number needed,
// is only the load: a pool of that size turns every fifth visit away.
//
// Masking. Sessions are edges between parties and numbers are colours: no
// party may see one number twice. As many numbers as the party with the most
// sessions has are always needed (and for two kinds of parties enough, if all
// is known beforehand: Koenig, 1916); choosing the first free number as
// sessions come never needs more than twice as many less one, and hardly ever
// more than a tenth above.
//
// Errors: kInvalidArgument for what is out of range. Cost: O(numbers).
// Thread safety: pure functions. Deterministic: + - * / only.

#ifndef CALLROUTER_NUMBER_SIZING_H_
#define CALLROUTER_NUMBER_SIZING_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace callrouter {

// Erlangs: `visits_per_hour` (at least 0, at most 10^9) of `hold` each (0 to
// 24 hours), the time in quarantine or minimum hold included.
absl::StatusOr<double> OfferedLoad(double visits_per_hour, absl::Duration hold);

// The share of visits that find none of `numbers` (0 to 4,000,000) free at
// `load` Erlangs (0 to 1,000,000).
absl::StatusOr<double> VisitorBlocking(double load, int32_t numbers);

// The fewest numbers with which at most `blocking` (10^-12 to 1) of the visits
// find none.
absl::StatusOr<int32_t> VisitorNumbersFor(double load, double blocking);

// Numbers for parties of whom none has more than `largest_degree` (0 to
// 1,000,000) sessions open or in quarantine, with headroom in tenths of a per
// cent [0, 1000], rounded up.
absl::StatusOr<int32_t> MaskingNumbersFor(int32_t largest_degree,
                                          int32_t headroom_permille = 100);

// The other way: the most sessions anybody may have with so many numbers.
absl::StatusOr<int32_t> MaskingDegreeFor(int32_t numbers,
                                         int32_t headroom_permille = 100);

}  // namespace callrouter

#endif  // CALLROUTER_NUMBER_SIZING_H_
