// The module `_levee`: include/levee for Python, as it is; what is pleasant stands in python/levee.
#include <nanobind/nanobind.h>

#include "cancellation.h"
#include "memory.h"
#include "stream.h"
#include "table.h"

NB_MODULE(_levee, module) {
  nanobind::set_leak_warnings(false);  // streams may live until the interpreter ends
  levee::python::DefineCancellation(module);
  levee::python::DefineStream(module);
  levee::python::DefineTable(module);
  levee::python::DefineStore(module);
  levee::python::DefineMemoryStructures(module);
  levee::python::DefineMemoryReports(module);
  levee::python::DefineMemory(module);
  module.attr("__version__") = LEVEE_VERSION;
}
