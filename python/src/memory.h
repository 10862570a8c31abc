// Memory banks for Python: include/levee/memory.h as it is.
#pragma once

#include <nanobind/nanobind.h>

namespace levee::python {

// The plain structures: items, writes, queries, what is found.
void DefineMemoryStructures(nanobind::module_& module);
// What banks tell of themselves.
void DefineMemoryReports(nanobind::module_& module);
// MemoryBank and open_memory.
void DefineMemory(nanobind::module_& module);

}  // namespace levee::python
