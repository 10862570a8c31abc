# A folder of src/ is a layer is a target.
#
#   levee_layer(NAME INCLUDES layer... [LINKS library...])
#
# Builds `levee_NAME` from every .cc of the calling folder but *_test.cc, which make `NAME_test`.
# INCLUDES names the layers that this one may include (what those may include, it may too);
# tools/tidy holds the code to it. SOURCE_FOLDER: a subfolder; FOLDER_ONLY: without subfolders.
function(levee_layer name)
  cmake_parse_arguments(arg "FOLDER_ONLY" "SOURCE_FOLDER" "INCLUDES;LINKS;TEST_INCLUDES" ${ARGN})
  if(arg_FOLDER_ONLY)
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  else()
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${arg_SOURCE_FOLDER}/*.cc)
  endif()
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")

  if(sources)
    add_library(levee_${name} STATIC ${sources})
    set(scope PUBLIC)
  else()
    add_library(levee_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(levee_${name} ${scope} ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/src)
  foreach(layer IN LISTS arg_INCLUDES)
    target_link_libraries(levee_${name} ${scope} levee_${layer})
  endforeach()
  target_link_libraries(levee_${name} ${scope} ${arg_LINKS})

  if(LEVEE_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE levee_${name} GTest::gmock GTest::gtest GTest::gtest_main)
    foreach(layer IN LISTS arg_TEST_INCLUDES)
      target_link_libraries(${name}_test PRIVATE levee_${layer})
    endforeach()
    add_test(NAME ${name} COMMAND ${name}_test)
  endif()
endfunction()
