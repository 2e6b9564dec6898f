// Sanitizers slow a program down: such builds do a part of the rounds.

#ifndef CALLROUTER_TESTS_ORACLE_SCALE_H_
#define CALLROUTER_TESTS_ORACLE_SCALE_H_

#include "tests/oracle/counts.h"

namespace callrouter::oracle {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif
#else
inline constexpr bool kSanitized = false;
#endif

// As Rounds, a tenth of it in a sanitizer build.
inline int ScaledRounds(int quick, int full) {
  const int rounds = Rounds(quick, full);
  return kSanitized ? (rounds + 9) / 10 : rounds;
}

}  // namespace callrouter::oracle

#endif  // CALLROUTER_TESTS_ORACLE_SCALE_H_
