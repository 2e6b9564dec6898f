// NumberPool, and how many numbers are needed.

#include "callrouter/number_explanation.h"
#include "callrouter/number_pool.h"
#include "callrouter/number_sizing.h"
#include "module.h"

namespace callrouter::python {
namespace {

using Pool = std::unique_ptr<NumberPool>;

// pybind11 holds a unique_ptr; all is done through it.
py::class_<NumberPool, Pool> MakePool(py::module_& module) {
  py::class_<NumberPool, Pool> pool(
      module, "NumberPool",
      "Chooses the number an outbound call shows. See "
      "callrouter/number_pool.h.\n\nAll raise the first that applies, with "
      "the state unchanged: InvalidArgument, NotFound, AlreadyExists, "
      "FailedPrecondition, ResourceExhausted. One thread at a time.");
  pool.def(py::init([](const NumberRules& rules, absl::Time now,
                       const NumberPoolOptions& options) {
             return Unwrap(NumberPool::Create(options, rules, now));
           }),
           py::arg("rules"), py::arg("now") = 0.0,
           py::arg_v("options", NumberPoolOptions(), "..."),
           "Raises InvalidArgument with every fault.")
      .def_static(
          "from_file",
          [](const PoolFile& file, absl::Time now) {
            Pool made =
                Unwrap(NumberPool::Create(file.options, file.rules, now));
            Check(made->Apply(file.numbers, now));
            return made;
          },
          py::arg("file"), py::arg("now") = 0.0,
          "With the numbers of a file; they are not copied to Python.")
      .def_static(
          "load",
          [](const py::bytes& saved, const NumberPoolOptions& options) {
            return Unwrap(NumberPool::Load(options, View(saved)));
          },
          py::arg("saved"), py::arg_v("options", NumberPoolOptions(), "..."),
          "One that goes on exactly where save was called.")
      .def(
          "save",
          [](const NumberPool& self) {
            std::string bytes;
            self.Save(&bytes);
            return Bytes(bytes);
          },
          "The whole state. Equal pools give equal bytes.");
  return pool;
}

void AddCalls(py::class_<NumberPool, Pool>* pool) {
  pool->def(
          "reserve",
          [](NumberPool& self, const NumberRequest& request, absl::Time now) {
            NumberChoice choice;
            Check(self.Reserve(request, now, &choice));
            return choice;
          },
          py::arg("request"), py::arg("now"),
          "A number for a request, with or without one: see NumberChoice. It "
          "counts as used until commit, cancel or `lapses_at`.")
      .def(
          "pick",
          [](NumberPool& self, uint64_t attempt, CampaignId campaign,
             TrunkId trunk, PhoneNumber callee, absl::Time now) {
            NumberRequest request;
            request.attempt = attempt;
            request.campaign = campaign;
            request.trunk = trunk;
            request.callee = callee;
            NumberChoice choice;
            Check(self.Reserve(request, now, &choice));
            return choice;
          },
          py::arg("attempt"), py::arg("campaign"), py::arg("trunk"),
          py::arg("callee"), py::arg("now"),
          "reserve() of a plain request, without one in between.")
      .def(
          "commit",
          [](NumberPool& self, uint64_t attempt, absl::Time now) {
            Check(self.Commit(attempt, now));
          },
          py::arg("attempt"), py::arg("now"), "The number was shown.")
      .def(
          "cancel",
          [](NumberPool& self, uint64_t attempt, absl::Time now) {
            Check(self.Cancel(attempt, now));
          },
          py::arg("attempt"), py::arg("now"),
          "It was not shown. Only before commit.")
      .def(
          "report",
          [](NumberPool& self, uint64_t attempt, CallOutcome outcome,
             absl::Time now) { Check(self.Report({attempt, outcome}, now)); },
          py::arg("attempt"), py::arg("outcome"), py::arg("now"),
          "What became of the call.")
      .def(
          "end",
          [](NumberPool& self, uint64_t attempt, absl::Time now) {
            Check(self.End(attempt, now));
          },
          py::arg("attempt"), py::arg("now"), "The call is over.")
      .def(
          "verdict",
          [](NumberPool& self, NumberId number, CarrierId carrier,
             NumberVerdict verdict, absl::Time now) {
            Check(self.Verdict(number, carrier, verdict, now));
          },
          py::arg("number"), py::arg("carrier"), py::arg("verdict"),
          py::arg("now"),
          "What somebody outside says of a number, at a carrier or (0) "
          "everywhere.");
}

void AddViews(py::class_<NumberPool, Pool>* pool) {
  pool->def(
          "find_campaign",
          [](const NumberPool& self, std::string_view name) {
            return self.FindCampaign(name);
          },
          py::arg("name"), "The handle of a campaign; 0 if there is none.")
      .def(
          "find_trunk",
          [](const NumberPool& self, std::string_view name) {
            return self.FindTrunk(name);
          },
          py::arg("name"), "The handle of a trunk; 0 if there is none.")
      .def(
          "find_carrier",
          [](const NumberPool& self, std::string_view name) {
            return self.FindCarrier(name);
          },
          py::arg("name"), "The handle of a carrier; 0 if there is none.")
      .def(
          "find_number",
          [](const NumberPool& self, PhoneNumber number) {
            return self.FindNumber(number);
          },
          py::arg("number"), "The handle of a number; 0 if there is none.")
      .def(
          "view",
          [](const NumberPool& self, NumberId number) {
            return Unwrap(self.View(number));
          },
          py::arg("number"), "What a supervisor sees of a number.")
      .def(
          "health",
          [](const NumberPool& self, NumberId number, CarrierId carrier) {
            return Unwrap(self.Health(number, carrier));
          },
          py::arg("number"), py::arg("carrier") = 0,
          "What is known of a number at a carrier; 0: calls without one.")
      .def(
          "region_name",
          [](const NumberPool& self, uint32_t region) {
            return self.RegionName(region);
          },
          py::arg("region"), "The name of NumberChoice.region.")
      .def(
          "explain",
          [](NumberPool& self, const NumberRequest& request, absl::Time now) {
            NumberExplanation why;
            Check(self.Explain(request, now, &why));
            return why;
          },
          py::arg("request"), py::arg("now"),
          "Why reserve would answer as it would. Cost: O(numbers).")
      .def("stats", &NumberPool::stats, "What was counted, and memory held.")
      .def(
          "check_invariants",
          [](const NumberPool& self) { Check(self.CheckInvariants()); },
          "Raises Internal if something does not fit together. For tests.");
}

void AddRest(py::class_<NumberPool, Pool>* pool) {
  pool->def(
          "apply",
          [](NumberPool& self, const NumberPatch& patch, absl::Time now) {
            Check(self.Apply(patch, now));
          },
          py::arg("patch"), py::arg("now"),
          "Adds, changes and removes numbers: all of it, or nothing and "
          "InvalidArgument. Cost: about a second a million numbers.")
      .def(
          "set_rules",
          [](NumberPool& self, const NumberRules& rules, absl::Time now) {
            Check(self.SetRules(rules, now));
          },
          py::arg("rules"), py::arg("now"), "New rules for the same numbers.")
      .def(
          "set_state",
          [](NumberPool& self, NumberId number, NumberState state,
             absl::Time now) { Check(self.SetState(number, state, now)); },
          py::arg("number"), py::arg("state"), py::arg("now"),
          "Sets a number's state, and forgets what speaks against it.")
      .def(
          "verified",
          [](NumberPool& self, NumberId number, absl::Time now) {
            Check(self.Verified(number, now));
          },
          py::arg("number"), py::arg("now"),
          "The number was found to be answered.")
      .def(
          "take_changes",
          [](NumberPool& self) {
            std::vector<NumberStateChange> changes;
            self.TakeChanges(&changes);
            return changes;
          },
          "Changes of numbers' states since the last time, oldest first.")
      .def("advance", &NumberPool::Advance, py::arg("now"),
           "Does what is due. Early or twice is harmless.")
      .def_property_readonly("next_deadline", &NumberPool::next_deadline,
                             "When advance is next needed; inf: never.")
      .def("rebase_clock", &NumberPool::RebaseClock, py::arg("delta"),
           py::arg("now"), "Host time has jumped: nothing ages by it.")
      .def("set_wall_clock", &NumberPool::SetWallClock, py::arg("offset"),
           py::arg("now"), "Civil time is `now` + `offset` seconds.");
}

void AddSizing(py::module_& module) {
  module.def(
      "offered_load",
      [](double visits_per_hour, absl::Duration hold) {
        return Unwrap(OfferedLoad(visits_per_hour, hold));
      },
      py::arg("visits_per_hour"), py::arg("hold"),
      "Erlangs: visits of so many seconds each, quarantine included.");
  module.def(
      "visitor_blocking",
      [](double load, int32_t numbers) {
        return Unwrap(VisitorBlocking(load, numbers));
      },
      py::arg("load"), py::arg("numbers"),
      "The share of visits that find no number free at `load` Erlangs "
      "(Erlang B).");
  module.def(
      "visitor_numbers_for",
      [](double load, double blocking) {
        return Unwrap(VisitorNumbersFor(load, blocking));
      },
      py::arg("load"), py::arg("blocking"),
      "The fewest numbers with which at most this share find none.");
  module.def(
      "masking_numbers_for",
      [](int32_t largest_degree, int32_t headroom_permille) {
        return Unwrap(MaskingNumbersFor(largest_degree, headroom_permille));
      },
      py::arg("largest_degree"), py::arg("headroom_permille") = 100,
      "Numbers for parties with at most so many sessions each.");
  module.def(
      "masking_degree_for",
      [](int32_t numbers, int32_t headroom_permille) {
        return Unwrap(MaskingDegreeFor(numbers, headroom_permille));
      },
      py::arg("numbers"), py::arg("headroom_permille") = 100,
      "The most sessions anybody may have with so many numbers.");
}

}  // namespace

void AddNumbers(py::module_& module) {
  auto pool = MakePool(module);
  AddCalls(&pool);
  AddViews(&pool);
  AddRest(&pool);
  AddSizing(module);
}

}  // namespace callrouter::python
