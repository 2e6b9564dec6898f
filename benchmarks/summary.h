// The table at the end of a run: ratios against what was promised.

#ifndef CALLROUTER_BENCHMARKS_SUMMARY_H_
#define CALLROUTER_BENCHMARKS_SUMMARY_H_

#include <benchmark/benchmark.h>

#include <cstdio>
#include <map>
#include <string>
#include <vector>

namespace callrouter::bench {

class Summary : public benchmark::ConsoleReporter {
 public:
  Summary() : ConsoleReporter(OO_Tabular) {}

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.error_occurred) continue;
      for (const auto& [name, counter] : run.counters) {
        values_[run.benchmark_name()][name] = counter.value;
      }
    }
    ConsoleReporter::ReportRuns(runs);
  }

  // Only rows whose cases were run.
  void Print() const {
    std::printf("\n%-44s %10s %10s %10s %10s   %s\n", "agents", "100", "1,000",
                "10,000", "100,000", "wanted");
    Ratio("call, against the bare queue", kCall, kFloor, "8 (15 to 1,000)",
          false);
    Ratio("full scan, against the call", kScan, kCall, ">= 25 at 10,000",
          false);
    Ratio("the same in columns, against the call", kScanColumns, kCall, "",
          false);
    Row("same choices as the full scan (1 yes)", kCall, "as_scan", "1");
    Row("allocations per call", kCall, "allocs_per_call", "0");
    Ratio("instructions, against 100 agents", kCall, kCall, "<= 1.5", true);
    Ratio("distinct: full scan, against the call", kScanDistinct, kDistinct,
          ">= 3 at 10,000", false);
    Ratio("distinct: in columns, against the call", kScanColumnsDistinct,
          kDistinct, "", false);
    Row("distinct: groups", kDistinct, "groups", "");
    Row("distinct: event, p99.9 in ns", kDistinct, "p999_ns", "");
    Row("distinct: allocations per call", kDistinct, "allocs_per_call", "");
    One("configuration swap, worst, ms",
        "BM_ConfigurationSwap/agents:10000/manual_time", "swap_ms", "<= 20");
    One("bytes per waiting call", "BM_BytesPerWaitingCall/iterations:1",
        "bytes", "<= 256");
    One("bytes per agent, name included", "BM_BytesPerAgent/iterations:1",
        "bytes", "<= 256 without skills");
  }

 private:
  static constexpr const char* kCall = "BM_CallLifecycle";
  static constexpr const char* kFloor = "BM_FifoBound";
  static constexpr const char* kScan = "BM_FullScan";
  static constexpr const char* kScanColumns = "BM_FullScanColumns";
  static constexpr const char* kScanColumnsDistinct =
      "BM_FullScanColumnsDistinct";
  static constexpr const char* kDistinct = "BM_CallLifecycleDistinct";
  static constexpr const char* kScanDistinct = "BM_FullScanDistinct";
  static constexpr int kAgents[] = {100, 1'000, 10'000, 100'000};

  bool Find(const std::string& run, const std::string& name,
            double* value) const {
    const auto found = values_.find(run);
    if (found == values_.end()) return false;
    const auto counter = found->second.find(name);
    if (counter == found->second.end()) return false;
    *value = counter->second;
    return true;
  }
  static std::string Name(const char* base, int agents) {
    return std::string(base) + "/agents:" + std::to_string(agents);
  }

  void One(const char* title, const char* run, const char* counter,
           const char* wanted) const {
    double value = 0;
    if (!Find(run, counter, &value)) return;
    std::printf("%-44s %32.1f %10s   %s\n", title, value, "", wanted);
  }

  void Row(const char* title, const char* base, const char* counter,
           const char* wanted) const {
    std::string line;
    bool any = false;
    for (const int agents : kAgents) {
      double value = 0;
      const bool there = Find(Name(base, agents), counter, &value);
      any = any || there;
      line += Cell(there, value);
    }
    if (any) std::printf("%-44s%s   %s\n", title, line.c_str(), wanted);
  }

  // Time of `above` by time of `below`; with `instructions`, the instructions
  // of `above` by those at 100 agents.
  void Ratio(const char* title, const char* above, const char* below,
             const char* wanted, bool instructions) const {
    const char* const counter = instructions ? "instr_per_call" : "ns_per_call";
    std::string line;
    bool any = false;
    for (const int agents : kAgents) {
      double x = 0;
      double y = 0;
      const bool there =
          Find(Name(above, agents), counter, &x) &&
          Find(Name(below, instructions ? 100 : agents), counter, &y) && y > 0;
      any = any || there;
      line += Cell(there, there ? x / y : 0);
    }
    if (any) {
      std::printf("%-44s%s   %s\n", title, line.c_str(), wanted);
    } else if (instructions) {
      std::printf("%-44s not available on this machine\n", title);
    }
  }

  static std::string Cell(bool there, double value) {
    char text[32];
    if (there && value < 1) {
      std::snprintf(text, sizeof(text), " %10.3f", value);
    } else if (there) {
      std::snprintf(text, sizeof(text), " %10.4g", value);
    } else {
      std::snprintf(text, sizeof(text), " %10s", "-");
    }
    return text;
  }

  std::map<std::string, std::map<std::string, double>> values_;
};

}  // namespace callrouter::bench

#endif  // CALLROUTER_BENCHMARKS_SUMMARY_H_
