#include <cstdio>
#include <memory>

#include "callrouter/number_pool.h"
#include "callrouter/version.h"

int main() {
  callrouter::NumberRules rules;
  rules.groups.emplace_back().name = "city";
  rules.groups[0].owner = "us";
  rules.groups[0].trunks = {{"main", callrouter::Attestation::kFull}};
  rules.campaigns.emplace_back().name = "renewals";
  rules.campaigns[0].owner = "us";
  const absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  const auto pool = callrouter::NumberPool::Create(
      callrouter::NumberPoolOptions(), rules, now);
  if (!pool.ok() || !callrouter::VersionMatches()) return 1;
  std::printf("callrouter %s chooses numbers\n", callrouter::kVersion);
  return 0;
}
