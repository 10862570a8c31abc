# levee::nanoarrow: nanoarrow's core and its IPC extension but the reader (Apache-2.0), with the
# flatcc runtime that it needs (Apache-2.0), built from the unpacked source distribution in
# LEVEE_NANOARROW. Static, without compression codecs.
include_guard(GLOBAL)

set(_nanoarrow "${LEVEE_NANOARROW}/subprojects/arrow-nanoarrow")
file(GLOB _flatcc "${LEVEE_NANOARROW}/subprojects/flatcc-*")
if(NOT EXISTS "${_nanoarrow}/src/nanoarrow/nanoarrow.h" OR NOT _flatcc)
  message(FATAL_ERROR "no nanoarrow in ${LEVEE_NANOARROW}: run tools/setup first")
endif()

set(NANOARROW_VERSION_MAJOR 0)
set(NANOARROW_VERSION_MINOR 9)
set(NANOARROW_VERSION_PATCH 0)
set(NANOARROW_VERSION "0.9.0")
# Symbols of our own: a program may load another copy of nanoarrow beside this one.
set(NANOARROW_NAMESPACE_DEFINE "#define NANOARROW_NAMESPACE Levee")
configure_file("${_nanoarrow}/src/nanoarrow/nanoarrow_config.h.in"
               "${CMAKE_BINARY_DIR}/nanoarrow/nanoarrow/nanoarrow_config.h" @ONLY)

add_library(levee_nanoarrow STATIC
  "${_nanoarrow}/src/nanoarrow/common/array.c"
  "${_nanoarrow}/src/nanoarrow/common/array_stream.c"
  "${_nanoarrow}/src/nanoarrow/common/schema.c"
  "${_nanoarrow}/src/nanoarrow/common/utils.c"
  "${_nanoarrow}/src/nanoarrow/ipc/codecs.c"
  "${_nanoarrow}/src/nanoarrow/ipc/decoder.c"
  "${_nanoarrow}/src/nanoarrow/ipc/encoder.c"
  "${_nanoarrow}/src/nanoarrow/ipc/writer.c"
  "${_flatcc}/src/runtime/builder.c"
  "${_flatcc}/src/runtime/emitter.c"
  "${_flatcc}/src/runtime/refmap.c"
  "${_flatcc}/src/runtime/verifier.c")
set_target_properties(levee_nanoarrow PROPERTIES C_STANDARD 11)
target_include_directories(levee_nanoarrow SYSTEM
  PUBLIC "${_nanoarrow}/src" "${CMAKE_BINARY_DIR}/nanoarrow"
  PRIVATE "${_flatcc}/include")
target_compile_options(levee_nanoarrow PRIVATE -w)
add_library(levee::nanoarrow ALIAS levee_nanoarrow)
