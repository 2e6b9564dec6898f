// LeadList.

#include "callrouter/lead_file.h"
#include "callrouter/lead_list.h"
#include "module.h"

namespace callrouter::python {
namespace {

using List = py::class_<LeadList, std::unique_ptr<LeadList>>;

void AddLeads(List* list) {
  list->def(
          "put",
          [](LeadList& self, const LeadConfig& lead, absl::Time now) {
            Check(self.Put(lead, now));
          },
          py::arg("lead"), py::arg("now"),
          "A new lead, or another content for one that is there.")
      .def(
          "put_file",
          [](LeadList& self, const LeadFile& file, absl::Time now) {
            for (const LeadConfig& lead : file.leads) {
              Check(self.Put(lead, now));
            }
            return file.leads.size();
          },
          py::arg("file"), py::arg("now"),
          "All leads of a file, which are not copied to Python; how many. "
          "Stops at the first that is refused.")
      .def(
          "remove",
          [](LeadList& self, uint64_t lead, absl::Time now) {
            Check(self.Remove(lead, now));
          },
          py::arg("lead"), py::arg("now"),
          "Forgets it, but not what caps count.")
      .def(
          "pause",
          [](LeadList& self, uint64_t lead, bool paused, absl::Time now) {
            Check(self.Pause(lead, paused, now));
          },
          py::arg("lead"), py::arg("paused"), py::arg("now"),
          "Not to be called, or again.")
      .def(
          "pause_list",
          [](LeadList& self, std::string_view name, bool paused,
             absl::Time now) { Check(self.PauseList(name, paused, now)); },
          py::arg("list"), py::arg("paused"), py::arg("now"),
          "The same for a list.")
      .def(
          "pause_campaign",
          [](LeadList& self, std::string_view name, bool paused,
             absl::Time now) { Check(self.PauseCampaign(name, paused, now)); },
          py::arg("campaign"), py::arg("paused"), py::arg("now"),
          "The same for a campaign.");
}

void AddStanding(List* list) {
  list->def(
          "reset",
          [](LeadList& self, uint64_t lead, absl::Time now) {
            Check(self.Reset(lead, now));
          },
          py::arg("lead"), py::arg("now"), "As if newly loaded.")
      .def(
          "recycle",
          [](LeadList& self, std::string_view name, LeadState state,
             std::string_view disposition, absl::Time now) {
            int32_t count = 0;
            Check(self.Recycle(name, state, disposition, now, &count));
            return count;
          },
          py::arg("list"), py::arg("state"), py::arg("disposition"),
          py::arg("now"),
          "Resets the leads of a list in that state that ended so (\"\": "
          "any); how many.")
      .def(
          "do_not_call",
          [](LeadList& self, PhoneNumber number, absl::Time now) {
            Check(self.DoNotCall(number, now));
          },
          py::arg("number"), py::arg("now"), "Never to be dialled.")
      .def(
          "do_not_call_prefix",
          [](LeadList& self, std::string_view prefix, absl::Time now) {
            Check(self.DoNotCallPrefix(prefix, now));
          },
          py::arg("prefix"), py::arg("now"),
          "The same for all numbers with these first digits.")
      .def(
          "allow_call",
          [](LeadList& self, PhoneNumber number, absl::Time now) {
            Check(self.AllowCall(number, now));
          },
          py::arg("number"), py::arg("now"), "Undoes do_not_call.")
      .def(
          "allow_call_prefix",
          [](LeadList& self, std::string_view prefix, absl::Time now) {
            Check(self.AllowCallPrefix(prefix, now));
          },
          py::arg("prefix"), py::arg("now"), "Undoes do_not_call_prefix.")
      .def(
          "forget",
          [](LeadList& self, const LeadSubject& subject, absl::Time now) {
            Check(self.Forget(subject, now));
          },
          py::arg("subject"), py::arg("now"),
          "A person's right: removes all leads of a number, lead or person and "
          "what was counted for them. The do-not-call list stays.")
      .def(
          "checked",
          [](LeadList& self, PhoneNumber number, NumberCheck check,
             absl::Time now) { Check(self.Checked(number, check, now)); },
          py::arg("number"), py::arg("check"), py::arg("now"),
          "What a registry of reassigned numbers said.");
}

void AddCalls(List* list) {
  list->def(
          "next",
          [](LeadList& self, const LeadRequest& request, absl::Time now) {
            LeadChoice choice;
            Check(self.Next(request, now, &choice));
            return choice;
          },
          py::arg("request"), py::arg("now"),
          "Reserves the next lead; `lead` 0: none may be called now, see "
          "`retry_at`.")
      .def(
          "dialled",
          [](LeadList& self, uint64_t attempt, absl::Time now) {
            Check(self.Dialled(attempt, now));
          },
          py::arg("attempt"), py::arg("now"), "The call was begun.")
      .def(
          "cancel",
          [](LeadList& self, uint64_t attempt, absl::Time now) {
            Check(self.Cancel(attempt, now));
          },
          py::arg("attempt"), py::arg("now"),
          "It was not dialled. Only before dialled.")
      .def(
          "report",
          [](LeadList& self, uint64_t attempt, std::string_view disposition,
             absl::Time now, const std::optional<LeadCallback>& callback) {
            Check(self.Report(attempt, disposition, now,
                              callback ? &*callback : nullptr));
          },
          py::arg("attempt"), py::arg("disposition"), py::arg("now"),
          py::arg("callback") = py::none(), "The attempt is over and ended so.")
      .def(
          "callback",
          [](LeadList& self, uint64_t lead, const LeadCallback& callback,
             absl::Time now) { Check(self.Callback(lead, callback, now)); },
          py::arg("lead"), py::arg("callback"), py::arg("now"),
          "A callback agreed upon elsewhere.")
      .def(
          "view",
          [](const LeadList& self, uint64_t lead) {
            return Unwrap(self.View(lead));
          },
          py::arg("lead"), "What is so of a lead.")
      .def(
          "why_not",
          [](LeadList& self, uint64_t lead, const LeadRequest& request,
             absl::Time now) {
            std::vector<LeadReason> reasons;
            Check(self.WhyNot(lead, request, now, &reasons));
            return reasons;
          },
          py::arg("lead"), py::arg("request"), py::arg("now"),
          "Every reason why it is not handed out; () if it is next.");
}

}  // namespace

void AddDialing(py::module_& module) {
  List list(module, "LeadList",
            "Whom to dial next, on which of their numbers, and when again. "
            "See callrouter/lead_list.h.\n\nAll raise, with the state "
            "unchanged: InvalidArgument, NotFound, AlreadyExists, "
            "FailedPrecondition, ResourceExhausted. One thread at a time.");
  list.def(py::init([](const DialRules& rules, absl::Time now,
                       const LeadListOptions& options) {
             return Unwrap(LeadList::Create(options, rules, now));
           }),
           py::arg("rules"), py::arg("now") = 0.0,
           py::arg_v("options", LeadListOptions(), "..."),
           "Raises InvalidArgument with every fault.")
      .def_static(
          "load",
          [](const py::bytes& saved, const LeadListOptions& options) {
            return Unwrap(LeadList::Load(options, View(saved)));
          },
          py::arg("saved"), py::arg_v("options", LeadListOptions(), "..."),
          "One that goes on exactly where save was called.")
      .def(
          "save",
          [](const LeadList& self) {
            std::string bytes;
            self.Save(&bytes);
            return Bytes(bytes);
          },
          "The whole state, rules included. It holds people.")
      .def(
          "set_rules",
          [](LeadList& self, const DialRules& rules, absl::Time now) {
            Check(self.SetRules(rules, now));
          },
          py::arg("rules"), py::arg("now"), "New rules for the same leads.")
      .def("advance", &LeadList::Advance, py::arg("now"),
           "Does what is due. Early or twice is harmless.")
      .def_property_readonly(
          "next_deadline", &LeadList::next_deadline,
          "When advance is next needed, or a lead may become free.")
      .def("rebase_clock", &LeadList::RebaseClock, py::arg("delta"),
           py::arg("now"), "Host time has jumped: nothing ages by it.")
      .def("set_wall_clock", &LeadList::SetWallClock, py::arg("offset"),
           py::arg("now"), "Civil time is `now` + `offset` seconds.")
      .def("stats", &LeadList::stats, "What was counted, and memory held.")
      .def(
          "check_invariants",
          [](const LeadList& self) { Check(self.CheckInvariants()); },
          "Raises Internal if something does not fit together. For tests.");
  AddLeads(&list);
  AddStanding(&list);
  AddCalls(&list);
}

}  // namespace callrouter::python
