# How tests, fuzzers and benchmarks are declared. Labels:
#   quick  seconds; also run under the sanitizers
#   slow   up to minutes; run by scripts/test
#   long   full counts; run by scripts/test --long only

find_package(GTest REQUIRED)

# callrouter_test(<name> LINK <layer>... [SOURCES <file>...]
#                 [LABELS quick|slow] [TIMEOUT seconds] [LONG seconds])
#
# tests/<name>_test.cc (and SOURCES) as one program and one ctest test <name>.
# With LONG there is a second test <name>.long with that time limit, in whose
# environment CALLROUTER_LONG=1 asks the program for full counts.
function(callrouter_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT;LONG" "SOURCES;LINK;LABELS" ${ARGN})
  if(NOT ARG_LABELS)
    set(ARG_LABELS quick)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  add_executable(${name}_test ${name}_test.cc ${ARG_SOURCES})
  target_compile_features(${name}_test PRIVATE cxx_std_20)
  target_include_directories(${name}_test PRIVATE
    ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
  list(TRANSFORM ARG_LINK PREPEND callrouter::)
  target_link_libraries(${name}_test PRIVATE
    ${ARG_LINK} GTest::gmock GTest::gtest GTest::gtest_main callrouter_flags)
  add_test(NAME ${name} COMMAND ${name}_test
           WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES
    LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT})
  if(ARG_LONG)
    add_test(NAME ${name}.long COMMAND ${name}_test
             WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set_tests_properties(${name}.long PROPERTIES
      LABELS long TIMEOUT ${ARG_LONG} ENVIRONMENT CALLROUTER_LONG=1)
  endif()
endfunction()

# callrouter_fuzzer(<name> LINK <layer>...)
#
# tests/fuzz/<name>_fuzz.cc. With CALLROUTER_BUILD_FUZZERS it is a libFuzzer
# program; otherwise it is linked with standalone_main.cc, which runs the
# corpus and seeded mutations of it. Either way the test fuzz.<name> takes
# seconds. The corpus is tests/fuzz/corpus/<name>.
add_custom_target(fuzzers)
function(callrouter_fuzzer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  set(target ${name}_fuzz)
  add_executable(${target} ${target}.cc ${ARG_SOURCES})
  target_compile_features(${target} PRIVATE cxx_std_20)
  target_include_directories(${target} PRIVATE
    ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
  list(TRANSFORM ARG_LINK PREPEND callrouter::)
  target_link_libraries(${target} PRIVATE ${ARG_LINK} callrouter_flags)
  if(CALLROUTER_BUILD_FUZZERS)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(${target} PRIVATE
      ${PROJECT_SOURCE_DIR}/tests/fuzz/standalone_main.cc)
  endif()
  add_dependencies(fuzzers ${target})
endfunction()

# The command that smokes fuzzer <name>: into <variable>.
function(callrouter_fuzz_command name variable)
  set(corpus ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name})
  if(CALLROUTER_BUILD_FUZZERS)
    # libFuzzer writes what it finds to the first folder.
    set(found ${CMAKE_CURRENT_BINARY_DIR}/found/${name})
    file(MAKE_DIRECTORY ${found}/new)
    set(${variable} $<TARGET_FILE:${name}_fuzz> -max_total_time=5 -timeout=10
        -rss_limit_mb=2048 -seed=1 -artifact_prefix=${found}/
        ${found}/new ${corpus} PARENT_SCOPE)
  else()
    set(${variable} $<TARGET_FILE:${name}_fuzz> --seconds=3 --runs=200000
        --seed=1 ${corpus} PARENT_SCOPE)
  endif()
endfunction()

# callrouter_benchmark(<name> LINK <layer>... SMOKE <filter>)
#
# benchmarks/<name>_benchmark.cc; the test benchmark.<name> runs the cases that
# match <filter> for a moment, so that a broken benchmark is noticed.
function(callrouter_benchmark name)
  cmake_parse_arguments(ARG "" "SMOKE" "SOURCES;LINK" ${ARGN})
  set(target ${name}_benchmark)
  add_executable(${target} ${target}.cc ${ARG_SOURCES})
  target_compile_features(${target} PRIVATE cxx_std_20)
  target_include_directories(${target} PRIVATE
    ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
  list(TRANSFORM ARG_LINK PREPEND callrouter::)
  target_link_libraries(${target} PRIVATE
    ${ARG_LINK} benchmark::benchmark callrouter_flags)
  add_test(NAME benchmark.${name} COMMAND ${target}
    --benchmark_filter=${ARG_SMOKE} --benchmark_min_time=0.01)
  set_tests_properties(benchmark.${name} PROPERTIES
    LABELS quick TIMEOUT 120
    FAIL_REGULAR_EXPRESSION "ERROR OCCURRED;Failed to match any")
endfunction()

# callrouter_expect(<test name> COMMAND <command>... [EXIT zero|nonzero]
#                   [OUTPUT <regex>])
#
# A test that a command ends well, or fails for the stated reason. Unlike
# WILL_FAIL it also accepts an end by signal, and never a wrong reason.
function(callrouter_expect name)
  cmake_parse_arguments(ARG "" "EXIT;OUTPUT" "COMMAND;LABELS" ${ARGN})
  list(JOIN ARG_COMMAND "|" command)
  add_test(NAME ${name} COMMAND ${CMAKE_COMMAND}
    "-DCOMMAND=${command}" -DEXIT=${ARG_EXIT} "-DOUTPUT=${ARG_OUTPUT}"
    -P ${PROJECT_SOURCE_DIR}/cmake/expect.cmake)
  set_tests_properties(${name} PROPERTIES LABELS quick TIMEOUT 120)
endfunction()
