// Arrow streams as lists of tuples, for those who want no other library.
#pragma once

#include <nanobind/nanobind.h>

#include "levee/arrow_stream.h"

namespace levee::python {

// A tuple a row: utf8 as str, binary as bytes, integers as int, floating-point numbers as float, booleans as bool, a map of
// texts as dict; null is None. Reads the stream to its end. Other types are refused by name.
nanobind::list ReadRows(ArrowStream stream);

}  // namespace levee::python
