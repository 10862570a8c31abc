# What `cmake --install` puts where; everything relative to the prefix, which may be moved afterwards. For programs of
# others: find_package(levee) and pkg-config levee.
# `lib` also below /usr: the program looks for levee_arrow.so in ../lib.
set(CMAKE_INSTALL_LIBDIR lib CACHE STRING "libraries, below the prefix")
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

if(NOT LEVEE_EMBEDDED)
  install(TARGETS levee RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  install(TARGETS levee_arrow LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
endif()
install(TARGETS levee_library EXPORT levee LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/levee DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")

set(_package ${CMAKE_INSTALL_LIBDIR}/cmake/levee)
install(EXPORT levee FILE leveeTargets.cmake NAMESPACE levee:: DESTINATION ${_package})
configure_package_config_file(cmake/leveeConfig.cmake.in ${CMAKE_BINARY_DIR}/leveeConfig.cmake
  INSTALL_DESTINATION ${_package})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/leveeConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/leveeConfig.cmake ${CMAKE_BINARY_DIR}/leveeConfigVersion.cmake
  DESTINATION ${_package})

configure_file(cmake/levee.pc.in ${CMAKE_BINARY_DIR}/levee.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/levee.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES LICENSE NOTICE THIRD_PARTY.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

if(LEVEE_EMBEDDED)
  return()
endif()
install(FILES ${CMAKE_BINARY_DIR}/share/levee.bash RENAME levee
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${CMAKE_BINARY_DIR}/share/_levee DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${CMAKE_BINARY_DIR}/share/levee.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)

# One Debian package of it all: `make deb`. libarrow is no Debian package: docs/embedding.md says where the module looks for it.
set(CPACK_GENERATOR DEB)
set(CPACK_LEVEE_RUN_PATH "${LEVEE_PACKAGE_RUN_PATH}")
set(CPACK_PRE_BUILD_SCRIPTS "${CMAKE_CURRENT_SOURCE_DIR}/cmake/PackageRunPath.cmake")
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_CONTACT "Levee maintainers <maintainers@levee.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "which files of a Delta table a query must read, from a SQL store")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
# What the Debian that it is built on has; dpkg-shlibdeps would ask which package libarrow is from.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libc6 (>= 2.36), libstdc++6 (>= 12), libgcc-s1")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libcurl4, ca-certificates")  # tables in clouds
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "bash-completion, man-db, python3-venv")
include(CPack)
