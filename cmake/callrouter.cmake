# Functions every folder uses, so that flags and layers are said once.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
if(NOT TARGET absl::base)
  find_package(absl REQUIRED)
endif()

set(CALLROUTER_SANITIZE "" CACHE STRING
    "Sanitizers for everything in this build folder, e.g. address;undefined")
add_library(callrouter_flags INTERFACE)
target_compile_options(callrouter_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -ffp-contract=off)
if(CALLROUTER_SANITIZE)
  list(JOIN CALLROUTER_SANITIZE "," _sanitize)
  add_compile_options(-fsanitize=${_sanitize} -fno-omit-frame-pointer -g)
  if("undefined" IN_LIST CALLROUTER_SANITIZE)
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
  add_link_options(-fsanitize=${_sanitize})
endif()

# callrouter_library(<layer> SOURCES ... LINK ... [PRIVATE_LINK ...])
# One library per layer: target callrouter_<layer>, alias callrouter::<layer>.
function(callrouter_library layer)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  add_library(callrouter_${layer} ${ARG_SOURCES})
  add_library(callrouter::${layer} ALIAS callrouter_${layer})
  target_compile_features(callrouter_${layer} PUBLIC cxx_std_17)
  target_include_directories(callrouter_${layer} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_include_directories(callrouter_${layer} PRIVATE
    ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(callrouter_${layer}
    PUBLIC ${ARG_LINK}
    PRIVATE ${ARG_PRIVATE_LINK} $<BUILD_INTERFACE:callrouter_flags>)
  set_target_properties(callrouter_${layer} PROPERTIES
    EXPORT_NAME ${layer} POSITION_INDEPENDENT_CODE ON)
endfunction()
