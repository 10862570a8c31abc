#include "stream.h"

#include <memory>

#include "errors.h"
#include "rows.h"

namespace levee::python {
namespace {

namespace nb = nanobind;

Error ReadAlready() {
  return {ErrorCode::kInvalidArgument, "stream", "it has been read already", "ask again, or keep what it gave"};
}

void ReleaseCapsule(PyObject* capsule) {
  auto* const stream = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule, "arrow_array_stream"));
  if (stream == nullptr) return PyErr_Clear();
  if (stream->release != nullptr) stream->release(stream);
  delete stream;
}

// The Arrow PyCapsule interface: the consumer takes the stream over, and may do so once.
nb::object ToCapsule(ArrowStream& owner, const nb::object& /*requested_schema*/) {
  if (owner.get()->release == nullptr) {
    Raise(ReadAlready());
  }
  auto stream = std::make_unique<ArrowArrayStream>(owner.Take());
  PyObject* const capsule = PyCapsule_New(stream.get(), "arrow_array_stream", ReleaseCapsule);
  if (capsule == nullptr) throw nb::python_error();
  stream.release();
  return nb::steal(capsule);
}

nb::list Rows(ArrowStream& owner) {
  if (owner.get()->release == nullptr) Raise(ReadAlready());
  return ReadRows(std::move(owner));
}

}  // namespace

void DefineStream(nb::module_& module) {
  nb::class_<ArrowStream>(module, "ArrowStream")
      .def("__arrow_c_stream__", ToCapsule, nb::arg("requested_schema") = nb::none())
      .def("rows", Rows);
}

}  // namespace levee::python
