#include "base/cancellation.h"

#include "base/clock.h"
#include "cancellation.h"

namespace levee::python {
namespace {

namespace nb = nanobind;

// The scope covers what this thread does: calls of the module inside of `work`, which give up the lock themselves.
nb::object Run(const Cancellation& cancellation, const nb::callable& work) {
  const CancellationScope scope{cancellation};
  return work();
}

}  // namespace

void DefineCancellation(nb::module_& module) {
  nb::class_<Cancellation>(module, "Cancellation")
      .def("__init__", [](Cancellation* self) { new (self) Cancellation(SystemClock()); })
      .def("cancel", &Cancellation::Cancel)
      .def("run", Run, nb::arg("work"));
}

}  // namespace levee::python
