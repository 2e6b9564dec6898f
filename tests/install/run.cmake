# Installs BUILD to a folder, moves that away, and builds and runs consumers
# that know nothing but find_package. The move shows that no path of the build
# is baked in.
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

file(GLOB_RECURSE installed ${WORK}/moved/*.cmake)
foreach(file IN LISTS installed)
  file(READ ${file} text)
  foreach(path IN ITEMS ${BUILD} ${WORK}/first)
    string(FIND "${text}" "${path}" at)
    if(NOT at EQUAL -1)
      message(FATAL_ERROR "${file} names ${path}: not relocatable")
    endif()
  endforeach()
endforeach()

foreach(consumer IN ITEMS core edges)
  run(${CMAKE_COMMAND} -G Ninja -S ${SOURCE}/${consumer}
      -B ${WORK}/build-${consumer} -DCMAKE_PREFIX_PATH=${WORK}/moved
      -DCMAKE_CXX_COMPILER=${CXX} "-DCMAKE_CXX_FLAGS=${FLAGS}")
  run(${CMAKE_COMMAND} --build ${WORK}/build-${consumer})
  run(${WORK}/build-${consumer}/consumer)
  message(STATUS "${consumer}: ${output}")
endforeach()
