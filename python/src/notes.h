// What Levee has to tell, told to Python.
#pragma once

#include <nanobind/nanobind.h>

#include <functional>
#include <string>

namespace levee::python {

// Calls `on_note(text)` from any thread. What it is bound to may outlive the frame: the function is kept for good.
std::function<void(const std::string& note)> NoteTeller(nanobind::object on_note);

}  // namespace levee::python
