// MaskingPool and VisitorPool.

#include "callrouter/masking_pool.h"
#include "callrouter/visitor_pool.h"
#include "module.h"

namespace callrouter::python {
namespace {

using Visitors = py::class_<VisitorPool, std::unique_ptr<VisitorPool>>;
using Masking = py::class_<MaskingPool, std::unique_ptr<MaskingPool>>;

Visitors MakeVisitorPool(py::module_& module) {
  Visitors pool(
      module, "VisitorPool",
      "Which visit of a web page does a call come from? Each visit is shown a "
      "number of its own for a while. See callrouter/visitor_pool.h.\n\n"
      "All raise, with the state unchanged: InvalidArgument, NotFound, "
      "FailedPrecondition, ResourceExhausted. One thread at a time.");
  pool.def(py::init([](absl::Time now, const VisitorPoolOptions& options) {
             return Unwrap(VisitorPool::Create(options, now));
           }),
           py::arg("now") = 0.0,
           py::arg_v("options", VisitorPoolOptions(), "..."),
           "Raises InvalidArgument with every fault.")
      .def(
          "apply",
          [](VisitorPool& self, const VisitorPatch& patch, absl::Time now) {
            Check(self.Apply(patch, now));
          },
          py::arg("patch"), py::arg("now"),
          "Adds and removes numbers: all of it or nothing.")
      .def(
          "show",
          [](VisitorPool& self, uint64_t visit, absl::Time now) {
            VisitAnswer answer;
            Check(self.Show(visit, now, &answer));
            return answer;
          },
          py::arg("visit"), py::arg("now"),
          "The page of `visit` (not 0) shows a number now.")
      .def(
          "resolve",
          [](VisitorPool& self, PhoneNumber number, absl::Time now) {
            VisitCall call;
            Check(self.Resolve(number, now, &call));
            return call;
          },
          py::arg("number"), py::arg("now"),
          "Somebody calls `number`: of the visits, the first `count` are.")
      .def(
          "forget",
          [](VisitorPool& self, uint64_t visit, absl::Time now) {
            Check(self.Forget(visit, now));
          },
          py::arg("visit"), py::arg("now"), "Forgets a visit.");
  return pool;
}

void AddVisitorPool(py::module_& module) {
  Visitors pool = MakeVisitorPool(module);
  pool.def("advance", &VisitorPool::Advance, py::arg("now"),
           "Frees what is due. Early or twice is harmless.")
      .def_property_readonly("next_deadline", &VisitorPool::next_deadline,
                             "When the next number becomes free; inf: never.")
      .def("rebase_clock", &VisitorPool::RebaseClock, py::arg("delta"),
           py::arg("now"), "Host time has jumped: nothing ages by it.")
      .def("misattribution_risk", &VisitorPool::MisattributionRisk,
           py::arg("delays"),
           "The share of callers, with delays as in this Histogram (whole "
           "microseconds), who ring after their number was passed on.")
      .def("stats", &VisitorPool::stats, "What was counted.")
      .def(
          "save",
          [](const VisitorPool& self) {
            std::string bytes;
            self.Save(&bytes);
            return Bytes(bytes);
          },
          "The whole state, without the options.")
      .def_static(
          "load",
          [](const py::bytes& saved, const VisitorPoolOptions& options) {
            return Unwrap(VisitorPool::Load(options, View(saved)));
          },
          py::arg("saved"), py::arg_v("options", VisitorPoolOptions(), "..."),
          "One that goes on exactly where save was called.")
      .def(
          "check_invariants",
          [](const VisitorPool& self) { Check(self.CheckInvariants()); },
          "Raises Internal if something does not fit together. For tests.");
}

Masking MakeMaskingPool(py::module_& module) {
  Masking pool(
      module, "MaskingPool",
      "Two people call each other without seeing each other's number. See "
      "callrouter/masking_pool.h.\n\nAll raise, with the state unchanged: "
      "InvalidArgument, NotFound, AlreadyExists, FailedPrecondition, "
      "ResourceExhausted. One thread at a time.");
  pool.def(py::init([](absl::Time now, const MaskingPoolOptions& options) {
             return Unwrap(MaskingPool::Create(options, now));
           }),
           py::arg("now") = 0.0,
           py::arg_v("options", MaskingPoolOptions(), "..."),
           "Raises InvalidArgument with every fault.")
      .def(
          "apply",
          [](MaskingPool& self, const MaskingPatch& patch, absl::Time now) {
            Check(self.Apply(patch, now));
          },
          py::arg("patch"), py::arg("now"),
          "Adds and removes numbers: all of it or nothing.")
      .def(
          "open",
          [](MaskingPool& self, const MaskingRequest& request, absl::Time now) {
            MaskingAnswer answer;
            Check(self.Open(request, now, &answer));
            return answer;
          },
          py::arg("request"), py::arg("now"),
          "A number for two people, with or without one.")
      .def(
          "touch",
          [](MaskingPool& self, uint64_t session, absl::Time now) {
            Check(self.Touch(session, now));
          },
          py::arg("session"), py::arg("now"),
          "The session is in use: its time to live starts anew.")
      .def(
          "close",
          [](MaskingPool& self, uint64_t session, absl::Time now) {
            Check(self.Close(session, now));
          },
          py::arg("session"), py::arg("now"), "It is over; quarantine starts.")
      .def(
          "resolve",
          [](MaskingPool& self, PhoneNumber number, PhoneNumber caller,
             absl::Time now) {
            MaskedCall call;
            Check(self.Resolve(number, caller, now, &call));
            return call;
          },
          py::arg("number"), py::arg("caller"), py::arg("now"),
          "Who is meant by `caller` (\"\": withheld) dialling `number`.")
      .def(
          "forget",
          [](MaskingPool& self, PhoneNumber subject, absl::Time now) {
            Check(self.Forget(subject, now));
          },
          py::arg("subject"), py::arg("now"),
          "Forgets a person, who must not be in an open session.");
  return pool;
}

}  // namespace

void AddMasking(py::module_& module) {
  AddVisitorPool(module);
  Masking pool = MakeMaskingPool(module);
  pool.def("advance", &MaskingPool::Advance, py::arg("now"),
           "Does what is due. Early or twice is harmless.")
      .def_property_readonly("next_deadline", &MaskingPool::next_deadline,
                             "When advance is next needed; inf: never.")
      .def("rebase_clock", &MaskingPool::RebaseClock, py::arg("delta"),
           py::arg("now"), "Host time has jumped: nothing ages by it.")
      .def("report", &MaskingPool::Report, "How full it is. Cost: linear.")
      .def("stats", &MaskingPool::stats, "What was counted.")
      .def(
          "save",
          [](const MaskingPool& self) {
            std::string bytes;
            self.Save(&bytes);
            return Bytes(bytes);
          },
          "The whole state, without the options. It holds people.")
      .def_static(
          "load",
          [](const py::bytes& saved, const MaskingPoolOptions& options) {
            return Unwrap(MaskingPool::Load(options, View(saved)));
          },
          py::arg("saved"), py::arg_v("options", MaskingPoolOptions(), "..."),
          "One that goes on exactly where save was called.")
      .def(
          "check_invariants",
          [](const MaskingPool& self) { Check(self.CheckInvariants()); },
          "Raises Internal if something does not fit together. For tests.");
}

}  // namespace callrouter::python
