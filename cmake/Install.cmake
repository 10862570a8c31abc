# What `cmake --install` puts where; everything relative to the prefix, which may be moved afterwards. For programs of
# others: find_package(levee) and pkg-config levee.
# `lib` also below /usr: the program looks for levee_arrow.so in ../lib.
set(CMAKE_INSTALL_LIBDIR lib CACHE STRING "libraries, below the prefix")
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS levee RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS levee_arrow LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
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

install(FILES ${CMAKE_BINARY_DIR}/share/levee.bash RENAME levee
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${CMAKE_BINARY_DIR}/share/_levee DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
