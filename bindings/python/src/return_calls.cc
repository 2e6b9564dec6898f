// ReturnCalls.

#include "callrouter/return_calls.h"

#include "module.h"

namespace callrouter::python {
namespace {

using Calls = py::class_<ReturnCalls, std::unique_ptr<ReturnCalls>>;

Calls MakeReturnCalls(py::module_& module) {
  Calls calls(
      module, "ReturnCalls",
      "Somebody rings back a number that was shown to them: whom did we want, "
      "and who should answer? See callrouter/return_calls.h.\n\nAll raise, "
      "with the state unchanged: InvalidArgument, NotFound, "
      "FailedPrecondition, ResourceExhausted. One thread at a time.");
  calls
      .def(py::init([](absl::Time now, const ReturnCallsOptions& options) {
             return Unwrap(ReturnCalls::Create(options, now));
           }),
           py::arg("now") = 0.0,
           py::arg_v("options", ReturnCallsOptions(), "..."),
           "Raises InvalidArgument with every fault.")
      .def(
          "apply",
          [](ReturnCalls& self, const ReturnNumbersPatch& patch,
             absl::Time now) { Check(self.Apply(patch, now)); },
          py::arg("patch"), py::arg("now"),
          "Adds, changes and removes numbers: all of it or nothing.")
      .def(
          "set_owner_queue",
          [](ReturnCalls& self, uint32_t owner, uint64_t queue,
             absl::Time now) { Check(self.SetOwnerQueue(owner, queue, now)); },
          py::arg("owner"), py::arg("queue"), py::arg("now"),
          "The queue for numbers of `owner` without their own; 0: none.")
      .def(
          "add_alias",
          [](ReturnCalls& self, PhoneNumber caller, PhoneNumber callee,
             absl::Time now) { Check(self.AddAlias(caller, callee, now)); },
          py::arg("caller"), py::arg("callee"), py::arg("now"),
          "Calls from `caller` may be meant for what `callee` was shown.")
      .def(
          "remove_alias",
          [](ReturnCalls& self, PhoneNumber caller, PhoneNumber callee,
             absl::Time now) { Check(self.RemoveAlias(caller, callee, now)); },
          py::arg("caller"), py::arg("callee"), py::arg("now"),
          "Undoes add_alias.");
  return calls;
}

void AddPeople(Calls* calls) {
  calls
      ->def(
          "shown",
          [](ReturnCalls& self, const ShownCall& call, absl::Time now) {
            Check(self.Shown(call, now));
          },
          py::arg("call"), py::arg("now"), "`call.number` was shown.")
      .def(
          "outcome",
          [](ReturnCalls& self, const ShownCall& call, uint8_t outcome,
             absl::Time now) { Check(self.Outcome(call, outcome, now)); },
          py::arg("call"), py::arg("outcome"), py::arg("now"),
          "What became of it: the host's own code.")
      .def(
          "resolve",
          [](ReturnCalls& self, PhoneNumber number, PhoneNumber caller,
             absl::Time now) {
            ReturnAnswer answer;
            Check(self.Resolve(number, caller, now, &answer));
            return answer;
          },
          py::arg("number"), py::arg("caller"), py::arg("now"),
          "Who is calling back `number`; caller \"\": withheld.")
      .def(
          "opt_out",
          [](ReturnCalls& self, PhoneNumber contact, uint32_t owner,
             absl::Time now) { Check(self.OptOut(contact, owner, now)); },
          py::arg("contact"), py::arg("owner"), py::arg("now"),
          "`contact` wants no more calls from `owner`.")
      .def(
          "withdraw_opt_out",
          [](ReturnCalls& self, PhoneNumber contact, uint32_t owner,
             absl::Time now) {
            Check(self.WithdrawOptOut(contact, owner, now));
          },
          py::arg("contact"), py::arg("owner"), py::arg("now"),
          "Undoes opt_out.")
      .def("opted_out", &ReturnCalls::OptedOut, py::arg("contact"),
           py::arg("owner"), "Whether opt_out was said.")
      .def(
          "forget",
          [](ReturnCalls& self, PhoneNumber subject, absl::Time now) {
            Check(self.Forget(subject, now));
          },
          py::arg("subject"), py::arg("now"),
          "Forgets everything shown to a person; opt-outs stay.");
}

}  // namespace

void AddReturnCalls(py::module_& module) {
  Calls calls = MakeReturnCalls(module);
  AddPeople(&calls);
  calls
      .def("advance", &ReturnCalls::Advance, py::arg("now"),
           "Forgets what is due. Early or twice is harmless.")
      .def_property_readonly("next_deadline", &ReturnCalls::next_deadline,
                             "When the next entry is due; inf: never.")
      .def("rebase_clock", &ReturnCalls::RebaseClock, py::arg("delta"),
           py::arg("now"), "Host time has jumped: nothing ages by it.")
      .def(
          "releasable_at",
          [](const ReturnCalls& self, PhoneNumber number) {
            return Unwrap(self.ReleasableAt(number));
          },
          py::arg("number"),
          "When nobody may ring `number` back any more; -inf: nobody now.")
      .def("stats", &ReturnCalls::stats, "What was counted, and memory held.")
      .def(
          "save",
          [](const ReturnCalls& self) {
            std::string bytes;
            self.Save(&bytes);
            return Bytes(bytes);
          },
          "The whole state, without the options. It may hold people.")
      .def_static(
          "load",
          [](const py::bytes& saved, const ReturnCallsOptions& options) {
            return Unwrap(ReturnCalls::Load(options, View(saved)));
          },
          py::arg("saved"), py::arg_v("options", ReturnCallsOptions(), "..."),
          "One that goes on exactly where save was called.")
      .def(
          "check_invariants",
          [](const ReturnCalls& self) { Check(self.CheckInvariants()); },
          "Raises Internal if something does not fit together. For tests.");
}

}  // namespace callrouter::python
