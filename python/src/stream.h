// Arrow streams as PyCapsules.
#pragma once

#include <nanobind/nanobind.h>

#include "levee/arrow_stream.h"

namespace levee::python {

// The class ArrowStream: `__arrow_c_stream__`, once.
void DefineStream(nanobind::module_& module);

}  // namespace levee::python
