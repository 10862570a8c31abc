// levee::Table and levee::Store for Python.
#pragma once

#include <nanobind/nanobind.h>

namespace levee::python {

// The classes Table, Store, and what they return.
void DefineTable(nanobind::module_& module);
void DefineStore(nanobind::module_& module);

}  // namespace levee::python
