#include <cstdio>
#include <vector>

#include "callrouter/config_file.h"

int main() {
  std::vector<callrouter::FileFault> faults;
  const auto good = callrouter::ParseConfig("queue { name: \"sales\" }",
                                            "good.textproto", &faults);
  if (!good.ok() || !faults.empty()) return 1;
  const auto bad = callrouter::ParseConfig("queue { nme: \"sales\" }",
                                           "bad.textproto", &faults);
  if (bad.ok() || faults.empty()) return 1;
  std::printf("callrouter reads configurations\n");
  return 0;
}
