// A fuzzer with a bug on purpose: it shows that the harness would notice one.
// Its corpus comes near the bug without meeting it.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size >= 3 && data[0] == 'b' && data[1] == 'u' && data[2] == 'g') {
    std::fprintf(stderr, "canary: caught\n");
    std::abort();
  }
  return 0;
}
