// callrouter pool ...: the number pool from the command line.

#ifndef CALLROUTER_SRC_CLI_POOL_H_
#define CALLROUTER_SRC_CLI_POOL_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "callrouter/pool_file.h"

namespace CLI {
class App;
}

namespace callrouter::cli {

// Adds the subcommand; a command that was chosen sets `*action`.
void AddPoolCommands(CLI::App* app, std::function<int()>* action);

// The pool in the file `name`. On failure what is wrong has been said, and
// `*exit` is how to end.
absl::StatusOr<PoolFile> ReadPool(const std::string& name, int* exit);

// Its parts for simulations and for sizes.
void AddPoolSimulate(CLI::App* pool, std::function<int()>* action);
void AddPoolSize(CLI::App* pool, std::function<int()>* action);

}  // namespace callrouter::cli

#endif  // CALLROUTER_SRC_CLI_POOL_H_
