// Bytes with a right checksum that no store has written: what Load makes of
// them must be refused, or work.

#ifndef CALLROUTER_TESTS_FORGED_STATE_H_
#define CALLROUTER_TESTS_FORGED_STATE_H_

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <iostream>
#include <string>

#include "archive.h"
#include "callrouter/random.h"
#include "tests/oracle/scale.h"

namespace callrouter {

// `saved` with one to three bytes changed behind its first line; one in twenty
// is cut off as well.
inline std::string Forged(const std::string& saved, Random* random) {
  std::string bytes = saved.substr(0, saved.size() - 8);
  const std::size_t from = bytes.find('\n') + 1;
  const auto somewhere = [&] {
    return from + random->Below(static_cast<uint32_t>(bytes.size() - from));
  };
  for (uint64_t n = 1 + random->Below(3); n > 0; --n) {
    char& byte = bytes[somewhere()];
    byte = static_cast<char>(random->Below(2) == 0
                                 ? random->Below(256)
                                 : static_cast<uint8_t>(byte) + 1u);
  }
  if (random->Below(20) == 0) bytes.resize(somewhere());
  SealState(&bytes);
  return bytes;
}

// Calls use(store) with each Store that was loaded from forged bytes. It must
// then be as sound as any, and still one that can be saved.
template <class Store, class Options, class Use>
void TryForged(const Options& options, const std::string& saved, Use use) {
  const int rounds = oracle::ScaledRounds(3'000, 200'000);
  Random random(7);
  int taken = 0;
  for (int i = 0; i < rounds; ++i) {
    auto store = Store::Load(options, Forged(saved, &random));
    if (!store.ok()) continue;
    ++taken;
    use(store->get());
    const absl::Status status = (*store)->CheckInvariants();
    ASSERT_TRUE(status.ok()) << i << ": " << status;
    std::string after, again;
    (*store)->Save(&after);
    auto loaded = Store::Load(options, after);
    ASSERT_TRUE(loaded.ok()) << i << ": " << loaded.status();
    (*loaded)->Save(&again);
    ASSERT_TRUE(again == after) << i;
  }
  EXPECT_GT(taken, 0);
  EXPECT_LT(taken, rounds);
  std::cout << taken << " of " << rounds << " forged states were taken\n";
}

}  // namespace callrouter

#endif  // CALLROUTER_TESTS_FORGED_STATE_H_
