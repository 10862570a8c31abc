// levee::Cancellation for Python.
#pragma once

#include <nanobind/nanobind.h>

namespace levee::python {

// The class Cancellation: `run(work)` calls `work` in this thread, `cancel()` from any other ends what Levee does for it.
void DefineCancellation(nanobind::module_& module);

}  // namespace levee::python
