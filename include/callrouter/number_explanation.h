// callrouter/number_explanation.h
//
// Why a number pool would answer as it would: which groups the facts admit, and
// what is free at each place it looks in.
//
//   NumberExplanation why;
//   status = pool->Explain(request, now, &why);
//   for (const auto& place : why.places) ...     // nearest first
//
// For people, not for the way of a call: it costs O(numbers).
//
// Thread safety: values.

#ifndef CALLROUTER_NUMBER_EXPLANATION_H_
#define CALLROUTER_NUMBER_EXPLANATION_H_

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "callrouter/number_choice.h"

namespace callrouter {

struct NumberExplanation {
  struct Group {
    std::string name;
    std::size_t numbers = 0;
    // kThereIsOne: its numbers may be shown for this call. Else the first fact
    // against them: kNotForCampaign, kNotOnTrunk, kNotForCountry or
    // kNotValidNow.
    NoNumber against = NoNumber::kThereIsOne;
  };
  // A place the campaign reaches. A number is counted in the nearest only.
  struct Place {
    Rung rung = Rung::kNone;
    std::string region;       // Empty: everywhere else.
    std::size_t numbers = 0;  // That may be shown.
    // By Block; kFree are those that are free.
    std::array<std::size_t, 11> blocked = {};
    // Of the blocked ones, those to be shown if there is no other.
    std::size_t lent = 0;
    // Of the free ones, those not for this callee or carrier.
    std::size_t known = 0;
    std::size_t carrier_capped = 0;
    std::size_t kept = 0;  // For callees of their own region.
  };

  // What Reserve would answer at this moment; nothing is taken.
  NumberChoice choice;
  std::string home;  // The callee's region; empty: in no range.
  std::vector<Group> groups;
  std::vector<Place> places;
};

}  // namespace callrouter

#endif  // CALLROUTER_NUMBER_EXPLANATION_H_
