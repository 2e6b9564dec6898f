# Functions every folder uses, so that flags and layers are said once.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release, ..." FORCE)
endif()
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
find_program(CALLROUTER_CCACHE ccache)
mark_as_advanced(CALLROUTER_CCACHE)
if(CALLROUTER_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CALLROUTER_CCACHE})
endif()
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
if(NOT TARGET absl::base)
  find_package(absl REQUIRED)
endif()

option(CALLROUTER_WERROR "Warnings in our own code are errors" OFF)
set(CALLROUTER_SANITIZE "" CACHE STRING
    "Sanitizers for everything in this build folder, e.g. address;undefined")

# Warnings for our own code; never part of what a user of the library gets.
add_library(callrouter_flags INTERFACE)
target_compile_options(callrouter_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  # GCC 12 warns of impossible overlaps in std::string's operator+ (its bug
  # 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  # libstdc++ 12's own stable_sort uses what libstdc++ 12 calls deprecated.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>
  $<$<BOOL:${CALLROUTER_WERROR}>:-Werror>)

# Same decisions on every machine: no fused multiply-add. Not an option.
add_compile_options(-ffp-contract=off)
# Position independent code would otherwise call every function of its own as
# if another library might replace it: nothing could be inlined.
add_compile_options($<$<CXX_COMPILER_ID:GNU>:-fno-semantic-interposition>)
if(CALLROUTER_SANITIZE)
  list(JOIN CALLROUTER_SANITIZE "," _sanitize)
  add_compile_options(-fsanitize=${_sanitize} -fno-omit-frame-pointer -g1)
  if("undefined" IN_LIST CALLROUTER_SANITIZE)
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
  add_link_options(-fsanitize=${_sanitize})
endif()

# Layers a host can link without protobuf.
set(CALLROUTER_CORE_LAYERS kit numbers dialing queueing engine)

# callrouter_library(<layer> SOURCES ... LINK ... [PRIVATE_LINK ...])
#
# One static library per layer: target callrouter_<layer>, alias callrouter::<layer>,
# installed and exported in the set of the core or of the edges.
function(callrouter_library layer)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  set(target callrouter_${layer})
  add_library(${target} STATIC ${ARG_SOURCES})
  target_link_libraries(${target}
    PUBLIC ${ARG_LINK}
    PRIVATE ${ARG_PRIVATE_LINK} $<BUILD_INTERFACE:callrouter_flags>)
  callrouter_layer(${layer})
endfunction()

# callrouter_layer(<layer>): what every layer's target has in common. For a
# target made without callrouter_library, e.g. of generated code.
function(callrouter_layer layer)
  set(target callrouter_${layer})
  add_library(callrouter::${layer} ALIAS ${target})
  target_compile_features(${target} PUBLIC cxx_std_17)
  target_include_directories(${target}
    PUBLIC
      $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
      $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${PROJECT_SOURCE_DIR}/src)
  # Generated code is not ours to warn about.
  target_include_directories(${target} SYSTEM
    PUBLIC $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/generated>)
  set_target_properties(${target} PROPERTIES
    EXPORT_NAME ${layer} POSITION_INDEPENDENT_CODE ON)
  if(layer IN_LIST CALLROUTER_CORE_LAYERS)
    set(export callrouter-core)
  else()
    set(export callrouter-edges)
  endif()
  install(TARGETS ${target} EXPORT ${export} COMPONENT dev
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
endfunction()
