// Files and imports: text in, values out. The texts of further files come from
// a function of their name, so that nothing is opened here.

#include <algorithm>
#include <cctype>

#include "callrouter/asterisk_import.h"
#include "callrouter/config_file.h"
#include "callrouter/dial_file.h"
#include "callrouter/lead_file.h"
#include "callrouter/pool_file.h"
#include "callrouter/requirement.h"
#include "callrouter/simulator.h"
#include "module.h"

namespace callrouter::python {
namespace {

template <class T>
T Parsed(absl::StatusOr<T> value, const std::vector<FileFault>& faults,
         Interrupt* interrupt) {
  interrupt->Rethrow();
  if (!value.ok()) Raise(value.status(), faults);
  return *std::move(value);
}

// Parses without the interpreter's lock.
template <class Parse>
auto Unlocked(Parse parse, const py::object& read) {
  std::vector<FileFault> faults;
  Interrupt interrupt{py::none()};
  const FileReader reader = ReaderOf(read, &interrupt);
  auto value = [&] {
    const py::gil_scoped_release release;
    return parse(reader, &faults);
  }();
  return Parsed(std::move(value), faults, &interrupt);
}

void AddParsers(py::module_& module) {
  module.def(
      "parse_config",
      [](std::string_view text, std::string_view file_name) {
        return Unlocked(
            [&](const FileReader&, std::vector<FileFault>* faults) {
              return ParseConfig(text, file_name, faults);
            },
            py::none());
      },
      py::arg("text"), py::arg("file_name") = "",
      "A configuration (callrouter.v1.Config) from protobuf text or JSON. "
      "Raises InvalidArgument, whose `faults` have line and column.");
  module.def(
      "config_to_text",
      [](const Configuration& configuration) {
        return ConfigToText(ToProto(configuration));
      },
      py::arg("configuration"), "Text that parse_config reads.");
  module.def(
      "parse_pool",
      [](std::string_view text, std::string_view file_name,
         const py::object& read) {
        return Unlocked(
            [&](const FileReader& reader, std::vector<FileFault>* faults) {
              return ParsePool(text, file_name, reader, faults);
            },
            read);
      },
      py::arg("text"), py::arg("file_name") = "", py::arg("read") = py::none(),
      "Numbers to show and their rules (callrouter.v1.Pool). `read` gives the "
      "text of a table by its name.");
  module.def(
      "parse_dial",
      [](std::string_view text, std::string_view file_name,
         const py::object& read) {
        return Unlocked(
            [&](const FileReader& reader, std::vector<FileFault>* faults) {
              return ParseDial(text, file_name, reader, faults);
            },
            read);
      },
      py::arg("text"), py::arg("file_name") = "", py::arg("read") = py::none(),
      "Rules of dialing (callrouter.v1.Dial). `read` gives the text of an "
      "included file by its name.");
}

void AddMoreParsers(py::module_& module) {
  module.def(
      "parse_scenario",
      [](std::string_view text, std::string_view file_name,
         const py::object& read) {
        return Unlocked(
            [&](const FileReader& reader, std::vector<FileFault>* faults) {
              return ParseScenario(text, file_name, reader, faults);
            },
            read);
      },
      py::arg("text"), py::arg("file_name") = "", py::arg("read") = py::none(),
      "A simulated day (callrouter.v1.Scenario). `read` gives the text of "
      "`config_file`.");
  module.def(
      "parse_leads",
      [](std::string_view text, std::string_view file_name,
         const LeadFileOptions& options) {
        const py::gil_scoped_release release;
        auto leads = ParseLeads(text, file_name, options);
        const py::gil_scoped_acquire lock;
        return Unwrap(std::move(leads));
      },
      py::arg("text"), py::arg("file_name"), py::arg("options"),
      "Leads from a table as people have them; what was odd or rejected is "
      "in `quirks` and `rejects`.");
  module.def(
      "fault_text", [](const FileFault& fault) { return fault.ToString(); },
      py::arg("fault"), "\"file:line:column: field: found X, expected Y\".");
  module.def(
      "requirement",
      [](std::string_view text) {
        return Unwrap(Requirement::Parse(text)).canonical();
      },
      py::arg("text"),
      "The one spelling of a requirement. Raises InvalidArgument with the "
      "column.");
}

// --- Asterisk ---

struct ImportObject {
  AsteriskImport import;
  Configuration Make() const {
    std::vector<FileFault> faults;
    auto configuration = FromProto(import.config, &faults);
    if (!configuration.ok()) Raise(configuration.status(), faults);
    return *std::move(configuration);
  }
};

AsteriskIncludeResolver ResolverOf(const py::object& resolve,
                                   Interrupt* interrupt) {
  if (resolve.is_none()) return nullptr;
  return [resolve, interrupt](const std::string& argument,
                              const std::string& including) {
    std::vector<AsteriskFile> files;
    interrupt->Do([&] {
      for (const py::handle file : resolve(argument, including)) {
        const auto pair = file.cast<py::sequence>();
        files.push_back(
            {pair[0].cast<std::string>(), pair[1].cast<std::string>()});
      }
    });
    return files;
  };
}

void AddAsterisk(py::module_& module) {
  py::class_<ImportObject>(module, "AsteriskImport",
                           "What came of an import, line by line.")
      .def_property_readonly(
          "configuration", &ImportObject::Make,
          "Raises InvalidArgument if it is not complete as one.")
      .def_property_readonly(
          "config_text",
          [](const ImportObject& self) {
            return ConfigToText(self.import.config);
          },
          "The same as text that parse_config reads.")
      .def_property_readonly(
          "report",
          [](const ImportObject& self) -> const ImportReport& {
            return self.import.report;
          },
          py::return_value_policy::reference_internal,
          "Every line of every file, with its status.")
      .def_property_readonly(
          "counts",
          [](const ImportObject& self) { return self.import.report.counts(); },
          "lines = mapped + ignored + errors.")
      .def_property_readonly(
          "has_errors",
          [](const ImportObject& self) {
            return self.import.report.has_errors();
          },
          "A line is wrong or a file was refused.")
      .def(
          "to_text",
          [](const ImportObject& self, bool every_line) {
            return self.import.report.ToText(every_line);
          },
          py::arg("every_line") = false, "The report for people.")
      .def(
          "to_json",
          [](const ImportObject& self) { return self.import.report.ToJson(); },
          "The report for programs.");
  module.def(
      "import_asterisk",
      [](std::string queues, const std::optional<std::string>& rules,
         const py::object& resolve, std::string path, std::string rules_path,
         const AsteriskImportOptions& options) {
        Interrupt interrupt{py::none()};
        const AsteriskFile queues_file{std::move(path), std::move(queues)};
        const AsteriskFile rules_file{std::move(rules_path),
                                      rules.value_or("")};
        const AsteriskIncludeResolver resolver =
            ResolverOf(resolve, &interrupt);
        ImportObject done;
        {
          const py::gil_scoped_release release;
          done.import = ImportAsteriskQueues(
              queues_file, rules ? &rules_file : nullptr, resolver, options);
        }
        interrupt.Rethrow();
        return done;
      },
      py::arg("queues"), py::arg("rules") = py::none(),
      py::arg("resolve") = py::none(), py::arg("path") = "queues.conf",
      py::arg("rules_path") = "queuerules.conf",
      py::arg_v("options", AsteriskImportOptions(), "..."),
      "A configuration from the texts of an Asterisk queues.conf and, if "
      "given, queuerules.conf. `resolve(argument, including_path)` gives the "
      "(path, text) of each file that an include names. Never fails: "
      "everything wrong is in the report.");
}

// --- Faults of everything that has them ---

std::vector<Fault> AsFaults(std::vector<Fault> faults) { return faults; }
std::vector<Fault> AsFaults(const std::vector<std::string>& texts) {
  std::vector<Fault> faults;
  for (const std::string& text : texts) {
    const std::size_t found = text.find(": found ");
    const std::size_t expected = text.find(", expected ");
    if (found == std::string::npos || expected == std::string::npos) {
      faults.push_back({"", text, ""});
    } else {
      faults.push_back({text.substr(0, found),
                        text.substr(found + 8, expected - found - 8),
                        text.substr(expected + 11)});
    }
  }
  return faults;
}

template <class T>
bool Find(const py::object& value, std::vector<Fault>* faults) {
  if (Py_TYPE(value.ptr()) != ValueInfoOf<T>().type) return false;
  T made{};
  Convert<T>::From(value.ptr(), &made);
  *faults = AsFaults(FindFaults(made));
  return true;
}

template <class... T>
std::vector<Fault> FindAny(const py::object& value) {
  std::vector<Fault> faults;
  if (!(Find<T>(value, &faults) || ...)) {
    ThrowBad(value.ptr(), "options, rules, a world or a scenario");
  }
  return faults;
}

template <class T>
bool Bound(const py::object& options, std::size_t* bytes) {
  if (Py_TYPE(options.ptr()) != ValueInfoOf<T>().type) return false;
  T made{};
  Convert<T>::From(options.ptr(), &made);
  *bytes = MemoryBound(made);
  return true;
}

template <class... T>
std::size_t BoundOfAny(const py::object& options) {
  std::size_t bytes = 0;
  if (!(Bound<T>(options, &bytes) || ...)) {
    ThrowBad(options.ptr(), "EngineOptions, LeadListOptions or PacerOptions");
  }
  return bytes;
}

}  // namespace

void AddFiles(py::module_& module) {
  AddParsers(module);
  AddMoreParsers(module);
  AddAsterisk(module);
  module.def(
      "find_faults",
      &FindAny<EngineOptions, Configuration, NumberPoolOptions, NumberRules,
               NumberHealthRules, MaskingPoolOptions, VisitorPoolOptions,
               ReturnCallsOptions, DialRules, LeadListOptions, PacerOptions,
               DialWorld, PoolWorld, CampaignWorld, Scenario>,
      py::arg("value"),
      "Everything wrong with options, rules, a world, a configuration or a "
      "scenario; () when it can be used.");
  module.def("memory_bound",
             &BoundOfAny<EngineOptions, LeadListOptions, PacerOptions>,
             py::arg("options"),
             "The most bytes an engine, a LeadList or a Pacer with these "
             "options can come to use.");
}

}  // namespace callrouter::python
