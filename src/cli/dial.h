// callrouter dial ...: dialling from the command line.

#ifndef CALLROUTER_SRC_CLI_DIAL_H_
#define CALLROUTER_SRC_CLI_DIAL_H_

#include <functional>

namespace CLI {
class App;
}

namespace callrouter::cli {

// Adds the subcommand; a command that was chosen sets `*action`.
void AddDialCommands(CLI::App* app, std::function<int()>* action);

}  // namespace callrouter::cli

#endif  // CALLROUTER_SRC_CLI_DIAL_H_
