#include "errors.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

namespace levee::python {

namespace nb = nanobind;

void Raise(const Error& error) {
  const nb::object make = nb::module_::import_("levee.exceptions").attr("error_of");
  const nb::object exception = make(ErrorCodeName(error.code), error.what, error.why, error.hint, error.detail);
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.ptr())), exception.ptr());
  throw nb::python_error();
}

}  // namespace levee::python
