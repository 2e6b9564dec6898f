# Installs BUILD to a folder, moves that away, and builds and runs consumers
# that know nothing but find_package or pkg-config. The move shows that no path
# of the build is baked in.
function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE result
                  OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${ARGV}\n${output}\nended with ${result}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/first)
file(RENAME ${WORK}/first ${WORK}/moved)
set(moved ${WORK}/moved)

file(GLOB_RECURSE installed ${moved}/*.cmake ${moved}/*.pc ${moved}/*.h)
foreach(file IN LISTS installed)
  file(READ ${file} text)
  foreach(path IN ITEMS ${BUILD} ${WORK}/first)
    string(FIND "${text}" "${path}" at)
    if(NOT at EQUAL -1)
      message(FATAL_ERROR "${file} names ${path}: not relocatable")
    endif()
  endforeach()
endforeach()
# What the package promises to hold, besides what consumers use.
foreach(file IN ITEMS bin/callrouter share/man/man1/callrouter.1
        share/bash-completion/completions/callrouter
        include/callrouter/v1/config.proto ${LIBDIR}/libcallrouter_c.so.0
        ${LIBDIR}/libcallrouter.so.${VERSION} ${LIBDIR}/libcallrouter_kit.a)
  if(NOT EXISTS ${moved}/${file})
    message(FATAL_ERROR "not installed: ${file}")
  endif()
endforeach()
run(${moved}/bin/callrouter --version)

set(ENV{LD_LIBRARY_PATH} ${moved}/${LIBDIR})

# consume(<folder> <name> <cmake argument>...)
function(consume folder name)
  run(${CMAKE_COMMAND} -G Ninja -S ${SOURCE}/${folder} -B ${WORK}/${name}
      -DCMAKE_PREFIX_PATH=${moved} ${ARGN})
  run(${CMAKE_COMMAND} --build ${WORK}/${name} --target consumer)
  run(${WORK}/${name}/consumer)
  string(REGEX MATCH "[^\n]*" line "${output}")
  message(STATUS "${name}: ${line}")
endfunction()

set(cxx -DCMAKE_CXX_COMPILER=${CXX} "-DCMAKE_CXX_FLAGS=${FLAGS}")
consume(core core_17 ${cxx} -DCMAKE_CXX_STANDARD=17)
consume(core core_20 ${cxx} -DCMAKE_CXX_STANDARD=20)
consume(edges edges ${cxx})
consume(shared shared ${cxx})
# Hosts without exceptions and type information, which Abseil permits.
consume(numbers numbers_plain -DCMAKE_CXX_COMPILER=${CXX}
        "-DCMAKE_CXX_FLAGS=${FLAGS} -fno-exceptions -fno-rtti")
consume(c c -DCMAKE_C_COMPILER=${CC} -DEMBED=${ROOT}/examples/embed.c)
consume(subdirectory subdirectory ${cxx} -DCALLROUTER=${ROOT}
        -DCMAKE_BUILD_TYPE=Release)
if(CLANG)
  consume(core core_clang -DCMAKE_CXX_COMPILER=${CLANG}
          -DCMAKE_CXX_STANDARD=17)
  consume(shared shared_clang -DCMAKE_CXX_COMPILER=${CLANG}
          -DCMAKE_CXX_STANDARD=20)
endif()

# The same by pkg-config.
find_program(pkg_config pkg-config REQUIRED)
set(ENV{PKG_CONFIG_PATH} ${moved}/${LIBDIR}/pkgconfig)
function(consume_pc package compiler source)
  run(${pkg_config} --cflags --libs ${package})
  separate_arguments(flags UNIX_COMMAND "${output}")
  run(${compiler} ${source} -o ${WORK}/${package} ${ARGN} ${flags})
  run(${WORK}/${package})
  message(STATUS "pkg-config ${package}: runs")
endfunction()
consume_pc(callrouter_c ${CC} ${ROOT}/examples/embed.c -std=c99)
consume_pc(callrouter ${CXX} ${SOURCE}/core/main.cc -std=c++17)
consume_pc(callrouter-numbers ${CXX} ${SOURCE}/numbers/main.cc -std=c++17)
