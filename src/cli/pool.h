// callrouter pool ...: the number pool from the command line.

#ifndef CALLROUTER_SRC_CLI_POOL_H_
#define CALLROUTER_SRC_CLI_POOL_H_

#include <functional>

namespace CLI {
class App;
}

namespace callrouter::cli {

// Adds the subcommand; a command that was chosen sets `*action`.
void AddPoolCommands(CLI::App* app, std::function<int()>* action);

// Its part for sizes.
void AddPoolSize(CLI::App* pool, std::function<int()>* action);

}  // namespace callrouter::cli

#endif  // CALLROUTER_SRC_CLI_POOL_H_
