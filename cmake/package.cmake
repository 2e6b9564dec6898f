# `cpack -G DEB` in the build folder: one Debian package for each component.

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME callrouter)
set(CPACK_PACKAGE_VENDOR "callrouter")
set(CPACK_PACKAGE_CONTACT "the authors of callrouter")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY ${PROJECT_DESCRIPTION})
set(CPACK_STRIP_FILES ON)

# `python` is there when something was installed for it.
get_cmake_property(CPACK_COMPONENTS_ALL COMPONENTS)
list(REMOVE_ITEM CPACK_COMPONENTS_ALL Unspecified)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS
    ${PROJECT_BINARY_DIR}/bindings/c ${PROJECT_BINARY_DIR}/src)

set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libcallrouter-c${PROJECT_VERSION_MAJOR})
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION
    "Decides who answers which call: shared libraries for C and C++")
set(CPACK_DEBIAN_DEV_PACKAGE_NAME libcallrouter-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_COMPONENT_DEV_DESCRIPTION
    "Decides who answers which call: headers and static libraries")
string(CONCAT CPACK_DEBIAN_DEV_PACKAGE_DEPENDS
  "${CPACK_DEBIAN_LIBRARY_PACKAGE_NAME} (= ${PROJECT_VERSION}), "
  "libabsl-dev, libprotobuf-dev")
set(CPACK_DEBIAN_CLI_PACKAGE_NAME callrouter)
set(CPACK_DEBIAN_CLI_PACKAGE_SECTION comm)
set(CPACK_COMPONENT_CLI_DESCRIPTION
    "Decides who answers which call: the program callrouter")
set(CPACK_DEBIAN_PYTHON_PACKAGE_NAME python3-callrouter)
set(CPACK_DEBIAN_PYTHON_PACKAGE_SECTION python)
set(CPACK_COMPONENT_PYTHON_DESCRIPTION
    "Decides who answers which call: the Python package")
include(CPack)
