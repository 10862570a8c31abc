# Everything from outside. tools/setup installs it: Debian packages, and in build/_deps the pinned
# Arrow wheel and the nanoarrow sources.
set(LEVEE_DEPS "${CMAKE_SOURCE_DIR}/build/_deps" CACHE PATH "where tools/setup put the pinned dependencies")

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
if(LEVEE_TESTS)
  find_package(GTest REQUIRED)
endif()

# A static library where Debian has one: each shared one costs start-up time.
function(_levee_library target name)
  find_library(LEVEE_${name}_LIBRARY NAMES lib${name}.a ${name} REQUIRED)
  add_library(${target} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES IMPORTED_LOCATION "${LEVEE_${name}_LIBRARY}")
  target_link_libraries(${target} INTERFACE ${ARGN})
endfunction()
_levee_library(levee::sqlite3 sqlite3 Threads::Threads ${CMAKE_DL_LIBS} m)
_levee_library(levee::zstd zstd)
_levee_library(levee::lz4 lz4)
_levee_library(levee::xxhash xxhash)

# simdjson (Apache-2.0), out of the sources that the Python binding ships: Debian's is a shared library,
# which costs each process its start.
set(LEVEE_SIMDJSON "${LEVEE_DEPS}/pysimdjson/simdjson" CACHE PATH "folder of simdjson.h and simdjson.cpp")
if(NOT EXISTS "${LEVEE_SIMDJSON}/simdjson.cpp")
  message(FATAL_ERROR "no ${LEVEE_SIMDJSON}/simdjson.cpp: run tools/setup first")
endif()
add_library(levee_simdjson STATIC "${LEVEE_SIMDJSON}/simdjson.cpp")
target_include_directories(levee_simdjson SYSTEM PUBLIC "${LEVEE_SIMDJSON}")
target_compile_options(levee_simdjson PRIVATE -w)
if(LEVEE_EMBEDDED)
  # Of its kernels for x86 the one of every processor since 2013, and the one for all others.
  target_compile_definitions(levee_simdjson PUBLIC SIMDJSON_IMPLEMENTATION_ICELAKE=0 SIMDJSON_IMPLEMENTATION_WESTMERE=0)
endif()
add_library(levee::simdjson ALIAS levee_simdjson)

# nanoarrow (Apache-2.0), core and IPC writer, built from its sources.
set(LEVEE_NANOARROW "${LEVEE_DEPS}/nanoarrow" CACHE PATH "unpacked nanoarrow 0.9.0 source distribution")
include(Nanoarrow)

if(LEVEE_EMBEDDED)
  return()
endif()

# Snowball's stemmers (BSD-3-Clause), for full text; yaml-cpp (MIT), for items as Markdown.
_levee_library(levee::stemmer stemmer)
_levee_library(levee::yaml_cpp yaml-cpp)

# Arrow C++ out of the pyarrow wheel: no CMake config, versioned shared libraries.
set(ARROW_PYTHON "${LEVEE_DEPS}/venv/bin/python" CACHE FILEPATH "a python with the pinned pyarrow")
if(EXISTS "${ARROW_PYTHON}")
  execute_process(
    COMMAND "${ARROW_PYTHON}" -c "import importlib.util as u, os; print(os.path.dirname(u.find_spec('pyarrow').origin))"
    OUTPUT_VARIABLE LEVEE_PYARROW OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
else()
  message(FATAL_ERROR "no ${ARROW_PYTHON}: run tools/setup first")
endif()
# Relative to the module with $ORIGIN. Unset: levee/pyarrow beside the module, where a PyArrow for Levee alone is put, and in
# what stays on this machine - not in packages for others - the PyArrow it was built against.
set(LEVEE_ARROW_FOLDER "" CACHE STRING "where an installed levee_arrow.so looks for libarrow and libparquet")
if(LEVEE_ARROW_FOLDER AND NOT LEVEE_ARROW_FOLDER STREQUAL LEVEE_PYARROW)
  set(LEVEE_PACKAGE_RUN_PATH "$ORIGIN;${LEVEE_ARROW_FOLDER}")
  set(LEVEE_INSTALL_RUN_PATH "${LEVEE_PACKAGE_RUN_PATH}")
else()
  set(LEVEE_PACKAGE_RUN_PATH "$ORIGIN;$ORIGIN/levee/pyarrow")
  set(LEVEE_INSTALL_RUN_PATH "${LEVEE_PACKAGE_RUN_PATH};${LEVEE_PYARROW}")
endif()
function(_levee_wheel_library target name)
  file(GLOB library "${LEVEE_PYARROW}/lib${name}.so.*")
  list(GET library 0 library)
  add_library(${target} SHARED IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES
    IMPORTED_LOCATION "${library}" INTERFACE_INCLUDE_DIRECTORIES "${LEVEE_PYARROW}/include")
  target_link_libraries(${target} INTERFACE ${ARGN})
endfunction()
_levee_wheel_library(levee::arrow arrow)
_levee_wheel_library(levee::parquet parquet levee::arrow)
