#include "callrouter/id.h"

using callrouter::AgentId;
using callrouter::CallId;

int main() {
  CallId call(1, 1);
  AgentId agent(1, 1);
#if CASE == 1
  agent = call;
#elif CASE == 2
  return call == agent;
#elif CASE == 3
  call = 7;
#elif CASE == 4
  uint64_t number = call;
  return number != 0;
#endif
  return call.none() || agent.none();
}
