// Pacer.

#include "callrouter/pacer.h"

#include "module.h"

namespace callrouter::python {
namespace {

using PacerClass = py::class_<Pacer, std::unique_ptr<Pacer>>;

PacerClass MakePacer(py::module_& module) {
  PacerClass pacer(
      module, "Pacer",
      "Decides how many calls to dial now so that agents are hardly ever "
      "without one, and the people called hardly ever without an agent. See "
      "callrouter/pacer.h.\n\nAll raise, with the state unchanged: "
      "InvalidArgument, NotFound, FailedPrecondition, ResourceExhausted. One "
      "thread at a time.");
  pacer
      .def(py::init([](const PacerOptions& options, absl::Time now) {
             return Unwrap(Pacer::Create(options, now));
           }),
           py::arg("options"), py::arg("now") = 0.0,
           "Raises InvalidArgument with every fault.")
      .def(
          "dialled",
          [](Pacer& self, const LineFeatures& features, absl::Time now) {
            return Unwrap(self.Dialled(features, now));
          },
          py::arg("features"), py::arg("now"),
          "A call is being dialled; the handle of its line.")
      .def(
          "report",
          [](Pacer& self, LineId line, LineEvent event, absl::Time now) {
            Check(self.Report(line, event, now));
          },
          py::arg("line"), py::arg("event"), py::arg("now"),
          "What became of a line.")
      .def(
          "bridged",
          [](Pacer& self, LineId line, int32_t agent, absl::Time now) {
            Check(self.Bridged(line, agent, now));
          },
          py::arg("line"), py::arg("agent"), py::arg("now"),
          "A person who waits is connected with a ready agent.")
      .def(
          "take_records",
          [](Pacer& self) {
            std::vector<LineRecord> records;
            self.TakeRecords(&records);
            return records;
          },
          "The records of lines that ended, in the order of their ends; each "
          "once. Lines are not started while records_max are kept or due.");
  return pacer;
}

void AddAgents(PacerClass* pacer) {
  pacer
      ->def(
          "set_agent",
          [](Pacer& self, int32_t agent, DialAgent state, absl::Time now) {
            Check(self.SetAgent(agent, state, now));
          },
          py::arg("agent"), py::arg("state"), py::arg("now"),
          "What an agent (0 to agents_max - 1) does from now on.")
      .def(
          "set_finishing",
          [](Pacer& self, int32_t agent, absl::Duration within,
             absl::Time now) { Check(self.SetFinishing(agent, within, now)); },
          py::arg("agent"), py::arg("within"), py::arg("now"),
          "A busy agent's call will be over within 1 to 60 seconds.")
      .def(
          "begin_preview",
          [](Pacer& self, int32_t campaign, int32_t agent, absl::Time now) {
            Check(self.BeginPreview(campaign, agent, now));
          },
          py::arg("campaign"), py::arg("agent"), py::arg("now"),
          "A ready agent looks at a lead of a campaign in TIMED_PREVIEW; "
          "advance gives the order to dial after its preview_time.")
      .def(
          "expect_inbound",
          [](Pacer& self, double per_hour, int32_t waiting, absl::Time now) {
            Check(self.ExpectInbound(per_hour, waiting, now));
          },
          py::arg("per_hour"), py::arg("waiting"), py::arg("now"),
          "Calls that come in and go first: expected an hour, waiting now.");
}

void AddSettings(PacerClass* pacer) {
  pacer
      ->def(
          "set_running",
          [](Pacer& self, int32_t campaign, bool running, absl::Time now) {
            Check(self.SetRunning(campaign, running, now));
          },
          py::arg("campaign"), py::arg("running"), py::arg("now"),
          "Campaigns run from the start. One without leads should not.")
      .def("set_plan_end", &Pacer::SetPlanEnd, py::arg("end"), py::arg("now"),
           "Until when people will dial today.")
      .def(
          "sampled",
          [](Pacer& self, int32_t campaign, int32_t persons, int32_t samples,
             absl::Time now) {
            Check(self.Sampled(campaign, persons, samples, now));
          },
          py::arg("campaign"), py::arg("persons"), py::arg("samples"),
          py::arg("now"),
          "Of so many calls judged a machine, so many were a person.")
      .def("set_wall_clock", &Pacer::SetWallClock, py::arg("offset"),
           py::arg("now"), "Civil time is `now` + `offset` seconds.")
      .def("rebase_clock", &Pacer::RebaseClock, py::arg("delta"),
           py::arg("now"), "Host time has jumped: nothing ages by it.")
      .def(
          "plan",
          [](Pacer& self, absl::Time now) {
            std::vector<PacingOrder> orders;
            self.Plan(now, &orders);
            return orders;
          },
          py::arg("now"), "One order for each campaign: lines to start now.");
}

}  // namespace

void AddPacer(py::module_& module) {
  PacerClass pacer = MakePacer(module);
  AddAgents(&pacer);
  AddSettings(&pacer);
  pacer
      .def_property_readonly("next_deadline", &Pacer::next_deadline,
                             "When to plan next if nothing happens before.")
      .def(
          "advance",
          [](Pacer& self, absl::Time now) {
            std::vector<LineOrder> orders;
            self.Advance(now, &orders);
            return orders;
          },
          py::arg("now"),
          "Ages what is known; what is due for single lines, each once.")
      .def(
          "carrier_room",
          [](const Pacer& self, int32_t carrier) {
            return Unwrap(self.CarrierRoom(carrier));
          },
          py::arg("carrier"), "Lines that may start now on a carrier.")
      .def(
          "best_ring_timeout",
          [](const Pacer& self, int32_t campaign, absl::Duration floor,
             absl::Duration overhead) {
            return Unwrap(self.BestRingTimeout(campaign, floor, overhead));
          },
          py::arg("campaign"), py::arg("floor"), py::arg("overhead"),
          "Seconds to ring that make the most answers of the lines' time.")
      .def(
          "stats",
          [](const Pacer& self, int32_t campaign) {
            return Unwrap(self.Stats(campaign));
          },
          py::arg("campaign"), "What was counted and learned.")
      .def(
          "windows",
          [](const Pacer& self, int32_t campaign) {
            return Unwrap(self.Windows(campaign));
          },
          py::arg("campaign"),
          "Answers and drops of each window; campaign -1: all together.")
      .def_property_readonly("ready", &Pacer::ready, "Agents who are ready.")
      .def_property_readonly("lines", &Pacer::lines,
                             "Lines in flight, also people who wait or hear "
                             "the message; no conversations.")
      .def(
          "save", [](const Pacer& self) { return Bytes(self.Save()); },
          "Everything.")
      .def_static(
          "load",
          [](const py::bytes& saved) {
            return Unwrap(Pacer::Load(View(saved)));
          },
          py::arg("saved"), "One that goes on exactly where save was called.");
}

}  // namespace callrouter::python
