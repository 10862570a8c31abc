#include "notes.h"

namespace levee::python {

namespace nb = nanobind;

std::function<void(const std::string& note)> NoteTeller(nb::object on_note) {
  PyObject* const tell = on_note.release().ptr();
  return [tell](const std::string& note) {
    if (Py_IsInitialized() == 0) return;
    const nb::gil_scoped_acquire locked;
    try {
      nb::borrow(tell)(note);
    } catch (nb::python_error& error) {
      error.discard_as_unraisable("levee: a note");
    }
  };
}

}  // namespace levee::python
