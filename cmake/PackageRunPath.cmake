# Run by CPack before it packs: what is for other machines names no folder of this one.
file(GLOB_RECURSE modules "${CPACK_TEMPORARY_DIRECTORY}/*/levee_arrow.so" "${CPACK_TEMPORARY_DIRECTORY}/levee_arrow.so")
string(REPLACE ";" ":" run_path "${CPACK_LEVEE_RUN_PATH}")
foreach(module IN LISTS modules)
  file(RPATH_SET FILE "${module}" NEW_RPATH "${run_path}")
endforeach()
