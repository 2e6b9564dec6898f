# The software bill of materials: what a binary of callrouter contains, as SPDX
# JSON, with the versions that were found. docs/third_party.md is its prose.
# SOURCE_DATE_EPOCH, if set, is its time, so that builds can be repeated.

find_package(absl REQUIRED)
find_package(Protobuf REQUIRED)
find_package(CLI11 QUIET)
set(CALLROUTER_SBOM_CLI11 NOASSERTION)
if(CLI11_FOUND)
  set(CALLROUTER_SBOM_CLI11 ${CLI11_VERSION})
endif()
# Its own package would go and look for a Python.
set(CALLROUTER_SBOM_PYBIND11 NOASSERTION)
find_file(CALLROUTER_PYBIND11 pybind11/detail/common.h)
mark_as_advanced(CALLROUTER_PYBIND11)
if(CALLROUTER_PYBIND11)
  file(STRINGS ${CALLROUTER_PYBIND11} _lines
       REGEX "#define PYBIND11_VERSION_(MAJOR|MINOR|PATCH) ")
  list(TRANSFORM _lines REPLACE ".* " "")
  list(JOIN _lines "." CALLROUTER_SBOM_PYBIND11)
endif()
string(TIMESTAMP CALLROUTER_SBOM_TIME "%Y-%m-%dT%H:%M:%SZ" UTC)
configure_file(${PROJECT_SOURCE_DIR}/cmake/sbom.spdx.json.in
               ${PROJECT_BINARY_DIR}/sbom.spdx.json @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/sbom.spdx.json
              ${PROJECT_SOURCE_DIR}/docs/third_party.md
              ${PROJECT_SOURCE_DIR}/LICENSE
  DESTINATION ${CMAKE_INSTALL_DOCDIR})
