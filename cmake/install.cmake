# What `cmake --install` puts where, and what find_package(callrouter) reads.

include(CMakePackageConfigHelpers)
list(JOIN CALLROUTER_CORE_LAYERS "|" _callrouter_core_pattern)
set(_package ${CMAKE_INSTALL_LIBDIR}/cmake/callrouter)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/callrouter
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.h" PATTERN "*.proto")
install(DIRECTORY ${PROJECT_BINARY_DIR}/generated/callrouter
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.h")
if(CALLROUTER_BUILD_CLI)
  install(TARGETS callrouter RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

foreach(_export IN ITEMS callrouter-core callrouter-edges)
  install(EXPORT ${_export} NAMESPACE callrouter::
    FILE ${_export}.cmake DESTINATION ${_package})
endforeach()
configure_package_config_file(
  ${PROJECT_SOURCE_DIR}/cmake/callrouter-config.cmake.in
  ${PROJECT_BINARY_DIR}/callrouter-config.cmake
  INSTALL_DESTINATION ${_package})
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/callrouter-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/callrouter-config.cmake
  ${PROJECT_BINARY_DIR}/callrouter-config-version.cmake
  DESTINATION ${_package})
