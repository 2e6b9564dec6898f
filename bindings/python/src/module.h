// What the sources of the Python module share: its parts, and how a status
// becomes an exception.

#ifndef CALLROUTER_PYTHON_MODULE_H_
#define CALLROUTER_PYTHON_MODULE_H_

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "callrouter/config_file.h"
#include "callrouter/progress.h"
#include "values.h"

namespace callrouter::python {

void AddEngine(py::module_& module);
void AddRecords(py::module_& module);
void AddNumbers(py::module_& module);
void AddMasking(py::module_& module);
void AddReturnCalls(py::module_& module);
void AddDialing(py::module_& module);
void AddPacer(py::module_& module);
void AddFiles(py::module_& module);
void AddSimulators(py::module_& module);

// Raises the exception of callrouter._errors for a status.
[[noreturn]] void Raise(const absl::Status& status,
                        const std::vector<FileFault>& faults = {});
inline void Check(const absl::Status& status) {
  if (!status.ok()) Raise(status);
}
// Sets the exception for a wrong value.
void RestoreBad(const BadValue& bad);
template <class T>
T Unwrap(absl::StatusOr<T> value) {
  if (!value.ok()) Raise(value.status());
  return *std::move(value);
}

// Saved states: bytes, as they are.
inline py::bytes Bytes(const std::string& bytes) { return py::bytes(bytes); }
inline std::string_view View(const py::bytes& bytes) {
  return std::string_view(
      PyBytes_AS_STRING(bytes.ptr()),
      static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.ptr())));
}

// A message of protobuf as plain dicts and lists.
py::dict ToDict(const google::protobuf::Message& message);

// A Python callable within C++ code that runs without the interpreter's lock.
// What it raises ends the run; Rethrow() then raises it again.
class Interrupt {
 public:
  // `progress`: called with the share done, about ten times a second; None.
  explicit Interrupt(py::object progress) : progress_(std::move(progress)) {}

  // For the simulators. Looks for signals every 20 ms.
  Progress progress();
  // Runs `body` with the lock. False once something was raised.
  bool Do(const std::function<void()>& body);
  bool raised() const { return raised_; }
  void Rethrow() {
    if (raised_) std::rethrow_exception(error_);
  }

 private:
  bool Look(double done);

  py::object progress_;
  std::exception_ptr error_;
  bool raised_ = false;
  int64_t looked_ns_ = 0;
  int64_t told_ns_ = 0;
};

// Texts of files, from a Python function of a name; None: there are none.
FileReader ReaderOf(const py::object& read, Interrupt* interrupt);

}  // namespace callrouter::python

#endif  // CALLROUTER_PYTHON_MODULE_H_
