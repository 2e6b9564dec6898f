// callrouter/progress.h
//
// How a long run tells how far it is, and how it is stopped.
//
//   SimulateOptions options;
//   options.progress = [&](double done) {
//     bar.Show(done);                       // 0 to 1
//     return !stop_button.pressed();
//   };
//   status = Simulate(scenario, options, &report);   // kCancelled if stopped
//
// A run asks every few dozen steps, that is many times a millisecond to many
// times a second: look at a clock first if showing costs anything. What it
// answers changes nothing else of the run. Must not throw.
//
// Thread safety: called by the thread that runs.

#ifndef CALLROUTER_PROGRESS_H_
#define CALLROUTER_PROGRESS_H_

#include <functional>

namespace callrouter {

// False ends the run with kCancelled. May be empty.
using Progress = std::function<bool(double done)>;

}  // namespace callrouter

#endif  // CALLROUTER_PROGRESS_H_
