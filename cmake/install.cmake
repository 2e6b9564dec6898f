# What `cmake --install` puts where, and what find_package(callrouter) reads.
# Components, which are also Debian's packages: library, dev, cli, python.

include(CMakePackageConfigHelpers)
list(JOIN CALLROUTER_CORE_LAYERS "|" _callrouter_core_pattern)
set(_package ${CMAKE_INSTALL_LIBDIR}/cmake/callrouter)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/callrouter
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT dev
  FILES_MATCHING PATTERN "*.h" PATTERN "*.proto")
install(DIRECTORY ${PROJECT_BINARY_DIR}/generated/callrouter
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT dev
  FILES_MATCHING PATTERN "*.h")

if(CALLROUTER_BUILD_CLI)
  install(TARGETS callrouter COMPONENT cli
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  if(NOT CMAKE_CROSSCOMPILING)
    # Written by the program itself, so that they say what it does.
    find_program(CALLROUTER_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH)
    mark_as_advanced(CALLROUTER_PYTHON)
    set(_pages ${PROJECT_BINARY_DIR}/pages)
    add_custom_command(
      OUTPUT ${_pages}/callrouter.1 ${_pages}/callrouter.bash
      COMMAND ${CMAKE_COMMAND} -E make_directory ${_pages}
      COMMAND ${CALLROUTER_PYTHON} ${PROJECT_SOURCE_DIR}/scripts/cli_pages.py
              $<TARGET_FILE:callrouter> ${PROJECT_VERSION} ${_pages}
      DEPENDS callrouter ${PROJECT_SOURCE_DIR}/scripts/cli_pages.py
      VERBATIM)
    add_custom_target(callrouter_pages ALL DEPENDS ${_pages}/callrouter.1)
    install(FILES ${_pages}/callrouter.1 COMPONENT cli
      DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
    install(FILES ${_pages}/callrouter.bash RENAME callrouter COMPONENT cli
      DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  endif()
endif()

if(TARGET callrouter_c)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/bindings/c/include/
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT dev
    FILES_MATCHING PATTERN "*.h")
  install(FILES ${PROJECT_BINARY_DIR}/generated_c/callrouter_c_version.h
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT dev)
  install(TARGETS callrouter_c EXPORT callrouter-c
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    COMPONENT library NAMELINK_COMPONENT dev)
  install(EXPORT callrouter-c NAMESPACE callrouter:: COMPONENT dev
    FILE callrouter-c.cmake DESTINATION ${_package})
endif()

foreach(_export IN ITEMS callrouter-core callrouter-edges)
  install(EXPORT ${_export} NAMESPACE callrouter:: COMPONENT dev
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
  DESTINATION ${_package} COMPONENT dev)

# pkg-config, which finds its prefix from where the file lies.
set(_pc_folder ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH _pc_prefix /prefix/${_pc_folder} /prefix)
function(callrouter_pkg_config name description libs requires)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/${name}.pc @ONLY CONTENT
"prefix=\${pcfiledir}/@_pc_prefix@
includedir=\${prefix}/@CMAKE_INSTALL_INCLUDEDIR@
libdir=\${prefix}/@CMAKE_INSTALL_LIBDIR@

Name: @name@
Description: @description@
Version: @PROJECT_VERSION@
Requires: @requires@
Cflags: -I\${includedir}
Libs: -L\${libdir} @libs@
")
  install(FILES ${PROJECT_BINARY_DIR}/${name}.pc
    DESTINATION ${_pc_folder} COMPONENT dev)
endfunction()
set(_pc_absl "absl_status absl_statusor absl_time absl_span absl_strings")
string(APPEND _pc_absl " absl_flat_hash_map")
if(TARGET callrouter_shared)
  callrouter_pkg_config(callrouter "Decides who answers which call (C++)"
    "-lcallrouter" "${_pc_absl} protobuf")
endif()
callrouter_pkg_config(callrouter-numbers
  "Which number an outbound call shows (C++, static)"
  "-lcallrouter_numbers -lcallrouter_kit" "${_pc_absl}")
if(TARGET callrouter_c)
  callrouter_pkg_config(callrouter_c "Decides who answers which call (C)"
    "-lcallrouter_c" "")
endif()
