// The simulators. They run without the interpreter's lock, and stop within
// a few hundredths of a second when a signal comes.

#include "callrouter/campaign_simulator.h"
#include "callrouter/dial_bound.h"
#include "callrouter/dial_simulator.h"
#include "callrouter/pool_simulator.h"
#include "callrouter/simulator.h"
#include "callrouter/v1/report.pb.h"
#include "module.h"

namespace callrouter::python {

// What a Python policy sees of a call that comes.
struct Arrival {
  double now = 0;
  int32_t kind = 0;
  std::string_view queue;
  int32_t priority = 0;
  std::string_view requirement;
  absl::Duration age;
};
template <>
struct Described<Arrival> : ValueTag {
  static constexpr auto kName = py::detail::const_name("Arrival");
};

namespace {

const Field kArrival[] = {
    CALLROUTER_FIELD(Arrival, now, "now", "Seconds since the start."),
    CALLROUTER_FIELD(Arrival, kind, "kind", "Index into Scenario.arrivals."),
    CALLROUTER_FIELD(Arrival, queue, "queue", "Its name."),
    CALLROUTER_FIELD(Arrival, priority, "priority", "As the scenario says."),
    CALLROUTER_FIELD(Arrival, requirement, "requirement", "Of its own."),
    CALLROUTER_FIELD(Arrival, age, "age", "Seconds it brings along."),
};

// One number of each call, as an array that is not copied.
template <class T>
struct Column {
  std::vector<T> values;
};

template <class T>
void AddColumn(py::module_& module, const char* name) {
  py::class_<Column<T>>(module, name, py::buffer_protocol(),
                        "Numbers as a buffer: numpy.asarray(it) copies "
                        "nothing.")
      .def("__len__", [](const Column<T>& self) { return self.values.size(); })
      .def_buffer([](Column<T>& self) {
        return py::buffer_info(self.values.data(),
                               static_cast<py::ssize_t>(self.values.size()),
                               true);
      });
}

struct Simulation {
  v1::Report report;
  Column<uint8_t> outcome;
  Column<int32_t> kind;
  Column<double> arrived, wait;
  Column<uint64_t> agent, queue;

  void Add(const SimulatedCall& call) {
    outcome.values.push_back(static_cast<uint8_t>(call.outcome));
    kind.values.push_back(call.kind);
    arrived.values.push_back(static_cast<double>(call.arrived_us) / 1e6);
    wait.values.push_back(static_cast<double>(call.wait_us) / 1e6);
    agent.values.push_back(call.agent.value());
    queue.values.push_back(call.queue.value());
  }
};

bool Free(const AgentView& agent) {
  return agent.logged_in && !agent.paused && !agent.wrap_up &&
         !agent.cool_off && !agent.busy_outside && agent.ringing == 0 &&
         agent.handling == 0;
}

// A policy written in Python: priority(call), score(call, agent), or both.
class PythonPolicy {
 public:
  PythonPolicy(const Scenario& scenario, py::object priority, py::object score,
               Interrupt* interrupt)
      : scenario_(scenario),
        priority_(std::move(priority)),
        score_(std::move(score)),
        interrupt_(*interrupt) {}

  bool operator()(const ArrivingCall& call, Event* event) const {
    return interrupt_.Do([&] { Change(call, event); });
  }

 private:
  void Change(const ArrivingCall& call, Event* event) const {
    const Arrivals& kind =
        scenario_.arrivals[static_cast<std::size_t>(call.kind)];
    Arrival arrival;
    arrival.now = absl::ToDoubleSeconds(call.now);
    arrival.kind = call.kind;
    arrival.queue = kind.queue;
    arrival.priority = event->priority;
    arrival.requirement = kind.requirement;
    arrival.age = event->duration;
    const auto seen = py::reinterpret_steal<py::object>(ToPython(arrival));
    if (!priority_.is_none()) {
      Convert<int32_t>::From(priority_(seen).ptr(), &event->priority);
    }
    if (!score_.is_none()) event->agent = Best(call, seen);
  }

  // The free agent with the highest score; of equal ones the first.
  AgentId Best(const ArrivingCall& call, const py::object& seen) const {
    AgentId best;
    double most = 0;
    for (const AgentId id : *call.serving) {
      const AgentView agent = call.engine->View(id);
      if (!Free(agent)) continue;
      const py::object given =
          score_(seen, py::reinterpret_steal<py::object>(ToPython(agent)));
      if (given.is_none()) continue;
      double score = 0;
      Convert<double>::From(given.ptr(), &score);
      if (!best.none() && !(score > most)) continue;
      best = id;
      most = score;
    }
    return best;
  }

  const Scenario& scenario_;
  py::object priority_, score_;
  Interrupt& interrupt_;
};

// Runs without the lock; raises what a callback raised, or the status.
template <class Run>
void Play(Interrupt* interrupt, Run run) {
  absl::Status status;
  {
    const py::gil_scoped_release release;
    status = run(interrupt->progress());
  }
  interrupt->Rethrow();
  Check(status);
}

std::unique_ptr<Simulation> SimulateScenario(const Scenario& scenario,
                                             const EngineOptions& engine,
                                             const py::object& priority,
                                             const py::object& score,
                                             const py::object& on_decision,
                                             const py::object& progress) {
  auto done = std::make_unique<Simulation>();
  Interrupt interrupt(progress);
  SimulateOptions options;
  options.engine = engine;
  options.observer = [&done](const SimulatedCall& call) { done->Add(call); };
  if (!priority.is_none() || !score.is_none()) {
    options.on_arrival = PythonPolicy(scenario, priority, score, &interrupt);
  }
  if (!on_decision.is_none()) {
    options.on_decision = [&](absl::Duration now, const Decision& decision) {
      interrupt.Do([&] { on_decision(now, decision); });
    };
  }
  Play(&interrupt, [&](const Progress& look) {
    options.progress = look;
    return Simulate(scenario, options, &done->report);
  });
  return done;
}

void AddCentre(py::module_& module) {
  AddValue<Arrival>(module, "Arrival",
                    "A call that comes, as a policy sees it.", kArrival);
  AddColumn<uint8_t>(module, "ColumnU8");
  AddColumn<int32_t>(module, "ColumnI32");
  AddColumn<double>(module, "ColumnF64");
  AddColumn<uint64_t>(module, "ColumnU64");
  py::class_<Simulation>(module, "_Simulation")
      .def("report", [](const Simulation& self) { return ToDict(self.report); })
      .def("table",
           [](const Simulation& self, bool intervals) {
             return ReportTable(self.report, intervals);
           })
      .def("json",
           [](const Simulation& self) { return ReportJson(self.report); })
      .def_readonly("outcome", &Simulation::outcome)
      .def_readonly("kind", &Simulation::kind)
      .def_readonly("arrived", &Simulation::arrived)
      .def_readonly("wait", &Simulation::wait)
      .def_readonly("agent", &Simulation::agent)
      .def_readonly("queue", &Simulation::queue);
  module.def("_simulate", &SimulateScenario, py::arg("scenario"),
             py::arg("engine"), py::arg("priority"), py::arg("score"),
             py::arg("on_decision"), py::arg("progress"));
}

void AddPool(py::module_& module) {
  module.def(
      "simulate_pool",
      [](const PoolFile& file, const PoolWorld& world, PoolPolicy policy,
         const py::object& progress) {
        PoolReport report;
        Interrupt interrupt(progress);
        Play(&interrupt, [&](const Progress& look) {
          return SimulatePool(file, world, policy, &report, nullptr, look);
        });
        return report;
      },
      py::arg("file"), py::arg_v("world", PoolWorld(), "..."),
      py::arg_v("policy", PoolPolicy::kAsConfigured, "..."),
      py::arg("progress") = py::none(),
      "What would become of a number pool in a year. `progress(share done)` "
      "may return False to stop it (Cancelled).");
  module.def("pool_table", &PoolTable, py::arg("reports"),
             "Policies side by side, as text.");
  module.def("pool_chart", &PoolChart, py::arg("reports"),
             "Shares by week and uses of numbers, as text.");
}

DialReport SimulateDial(const DialWorld& world, const py::object& pacer,
                        const py::object& progress) {
  DialReport report;
  Interrupt interrupt(progress);
  if (PyCallable_Check(pacer.ptr()) == 0) {
    DialPacer one;
    Convert<DialPacer>::From(pacer.ptr(), &one);
    Play(&interrupt, [&](const Progress& look) {
      return SimulateDialing(world, one, &report, look);
    });
    return report;
  }
  const DialRule rule = [&](const DialMoment& moment) {
    int32_t lines = -1;
    interrupt.Do([&] {
      Convert<int32_t>::From(pacer(moment).ptr(), &lines);
      if (lines < 0) ThrowBad(py::int_(lines).ptr(), "0 or more lines");
    });
    return interrupt.raised() ? -1 : lines;
  };
  Play(&interrupt, [&](const Progress& look) {
    return SimulateDialing(world, rule, &report, look);
  });
  return report;
}

void AddDial(py::module_& module) {
  module.def(
      "simulate_dialing", &SimulateDial, py::arg_v("world", DialWorld(), "..."),
      py::arg("pacer") = "predictive", py::arg("progress") = py::none(),
      "A dialler's shifts, paced by a DialPacer or by a rule of your own: a "
      "function of a DialMoment that gives the lines to start now.");
  module.def("dial_table", &DialTable, py::arg("reports"),
             "Pacers side by side, as text.");
  module.def(
      "simulate_campaign",
      [](const DialRules& rules, const LeadFile& leads,
         const CampaignWorld& world, DialPacer pacer, std::string campaign,
         const PoolFile* numbers, std::string number_campaign,
         const py::object& progress) {
        CampaignPlan plan;
        plan.rules = &rules;
        plan.leads = &leads.leads;
        plan.campaign = std::move(campaign);
        plan.numbers = numbers;
        plan.number_campaign = std::move(number_campaign);
        CampaignReport report;
        Interrupt interrupt(progress);
        Play(&interrupt, [&](const Progress& look) {
          return SimulateCampaign(plan, world, pacer, &report, look);
        });
        return report;
      },
      py::arg("rules"), py::arg("leads"),
      py::arg_v("world", CampaignWorld(), "..."),
      py::arg_v("pacer", DialPacer::kPredictive, "..."),
      py::arg("campaign") = "", py::arg("numbers") = py::none(),
      py::arg("number_campaign") = "", py::arg("progress") = py::none(),
      "A campaign's days: leads, numbers to show (None: no matter), agents "
      "and a pacer.");
  module.def("campaign_table", &CampaignTable, py::arg("reports"),
             "Pacers side by side, as text.");
  module.def("campaign_chart", &CampaignChart, py::arg("reports"),
             "Through the day, as text.");
}

void AddBound(py::module_& module) {
  module.def(
      "dial_bound",
      [](const DialBoundModel& model, double drop_share,
         const py::object& progress) {
        absl::StatusOr<std::vector<double>> bounds = std::vector<double>();
        Interrupt interrupt(progress);
        Play(&interrupt, [&](const Progress& look) {
          bounds = DialBounds(model, {drop_share}, look);
          return bounds.status();
        });
        return bounds->front();
      },
      py::arg("model"), py::arg("drop_share"), py::arg("progress") = py::none(),
      "How busy agents can be at best: the share of their time in "
      "conversations.");
  module.def(
      "dial_bounds",
      [](const DialBoundModel& model, const std::vector<double>& shares,
         const py::object& progress) {
        absl::StatusOr<std::vector<double>> bounds = std::vector<double>();
        Interrupt interrupt(progress);
        Play(&interrupt, [&](const Progress& look) {
          bounds = DialBounds(model, shares, look);
          return bounds.status();
        });
        return *bounds;
      },
      py::arg("model"), py::arg("drop_shares"),
      py::arg("progress") = py::none(),
      "The same for several shares, cheaper than one by one.");
  module.def("progressive_share", &ProgressiveShare, py::arg("model"),
             "What one line for each free agent makes of it.");
}

}  // namespace

void AddSimulators(py::module_& module) {
  AddCentre(module);
  AddPool(module);
  AddDial(module);
  AddBound(module);
}

}  // namespace callrouter::python
