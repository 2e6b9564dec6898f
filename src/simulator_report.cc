// Reports as tables for people and as JSON for programs.

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "callrouter/simulator.h"
#include "callrouter/v1/report.pb.h"

namespace callrouter {
namespace {

constexpr char kHeads[] =
    "  offered  answered in-target  abandon  outside  refused  hung-up"
    "     ASA  agents  occupied";

// Width of text on a terminal: code points, which is right for the names
// people give queues.
std::size_t Width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string Padded(const std::string& text, std::size_t width) {
  const std::size_t used = Width(text);
  return text + std::string(used < width ? width - used : 0, ' ');
}

std::string Percent(uint64_t part, uint64_t whole) {
  if (whole == 0) return "-";
  return absl::StrFormat(
      "%.1f%%", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string Row(const v1::Counts& c) {
  std::string row =
      absl::StrFormat("%9d %9d %9s %8d %8d %8d %8d", c.offered(), c.answered(),
                      Percent(c.within_target(), c.offered()), c.abandoned(),
                      c.sent_outside(), c.refused(), c.hung_up());
  if (c.answered() > 0) {
    absl::StrAppendFormat(&row, " %6.1fs", c.asa_s());
  } else {
    absl::StrAppend(&row, "       -");
  }
  if (c.agents() > 0) {
    absl::StrAppendFormat(&row, " %7.1f %8.1f%%", c.agents(),
                          100 * c.occupancy());
  } else {
    absl::StrAppend(&row, "       -         -");
  }
  return row;
}

std::string Steps(const v1::Counts& c) {
  std::string text;
  for (const v1::StepCount& step : c.step()) {
    absl::StrAppend(&text, text.empty() ? "  step " : ", ", step.step(), ": ",
                    step.calls());
  }
  return text;
}

std::size_t NameWidth(const v1::Report& report) {
  std::size_t width = 5;
  for (const v1::QueueReport& queue : report.queue()) {
    width = std::max(width, Width(queue.name()));
  }
  return width;
}

void AppendIntervals(const v1::Report& report, std::string* out) {
  for (const v1::QueueReport& queue : report.queue()) {
    if (queue.total().offered() == 0) continue;
    absl::StrAppend(
        out, "\n", queue.name(), ", target ",
        absl::FormatDuration(absl::Seconds(queue.service_level_target_s())),
        "\n  from ", kHeads, "\n");
    for (const v1::IntervalReport& row : queue.interval()) {
      absl::StrAppend(out, "  ", row.from(), Row(row.counts()),
                      Steps(row.counts()), "\n");
    }
  }
}

void AppendTotals(const v1::Report& report, std::string* out) {
  const std::size_t width = NameWidth(report);
  absl::StrAppend(out, "\n", Padded("queue", width), kHeads, "\n");
  for (const v1::QueueReport& queue : report.queue()) {
    absl::StrAppend(out, Padded(queue.name(), width), Row(queue.total()),
                    Steps(queue.total()), "\n");
  }
  absl::StrAppend(out, Padded("total", width), Row(report.total()), "\n");
}

void AppendBooks(const v1::Report& report, std::string* out) {
  const std::size_t width = NameWidth(report);
  absl::StrAppend(out, "\n", Padded("books", width),
                  "  offered = answered + abandoned + outside + refused"
                  " + hung-up + lost + in progress   unaccounted\n");
  const auto row = [&](const std::string& name, const v1::Counts& c) {
    absl::StrAppendFormat(
        out, "%s%9d = %8d + %9d + %7d + %7d + %7d + %4d + %11d   %11d\n",
        Padded(name, width), c.offered(), c.answered(), c.abandoned(),
        c.sent_outside(), c.refused(), c.hung_up(), c.lost(), c.in_progress(),
        c.unaccounted());
  };
  for (const v1::QueueReport& queue : report.queue()) {
    row(queue.name(), queue.total());
  }
  row("total", report.total());
  if (report.difference().empty()) {
    absl::StrAppend(out,
                    "The engine's own statistics say the same, "
                    "call for call.\n");
  }
  for (const std::string& difference : report.difference()) {
    absl::StrAppend(out, "DIFFERENCE: ", difference, "\n");
  }
}

}  // namespace

std::string ReportTable(const v1::Report& report, bool intervals) {
  std::string out = absl::StrCat(
      report.scenario().empty() ? "scenario" : report.scenario(), ": ",
      absl::FormatDuration(absl::Seconds(report.simulated_s())), " from ",
      report.start(), " ", report.time_zone(), ", seed ", report.seed(), "\n");
  if (!report.trace().empty()) absl::StrAppend(&out, "\n");
  for (const std::string& line : report.trace()) {
    absl::StrAppend(&out, line, "\n");
  }
  if (report.trace_left_out() > 0) {
    absl::StrAppend(&out, "(", report.trace_left_out(),
                    " more lines left out)\n");
  }
  if (intervals) AppendIntervals(report, &out);
  AppendTotals(report, &out);
  AppendBooks(report, &out);
  return out;
}

std::string ReportJson(const v1::Report& report) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string json;
  // A report holds nothing that JSON cannot: names come out of valid UTF-8.
  if (!google::protobuf::util::MessageToJsonString(report, &json, options)
           .ok()) {
    return "{}";
  }
  return json;
}

}  // namespace callrouter
