# Makes the Debian packages of BUILD, unpacks them all into one folder, installs
# and removes them in a root of their own, and runs what was in them.
function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE result
                  OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${ARGV}\n${output}\nended with ${result}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK}/scratch/var/lib/dpkg/updates
     ${WORK}/scratch/var/lib/dpkg/info)
file(WRITE ${WORK}/scratch/var/lib/dpkg/status "")
run(${CPACK} -G DEB --config ${BUILD}/CPackConfig.cmake -B ${WORK}/made)
file(GLOB packages ${WORK}/made/*.deb)
foreach(name IN ITEMS libcallrouter-c libcallrouter-dev callrouter_)
  if(NOT packages MATCHES "/${name}")
    message(FATAL_ERROR "no package ${name} among ${packages}")
  endif()
endforeach()
foreach(package IN LISTS packages)
  run(dpkg-deb -f ${package} Package Depends)
  message(STATUS "${output}")
  run(dpkg-deb -x ${package} ${WORK}/unpacked)
endforeach()
# Nothing of the library but what Debian has: found by dpkg-shlibdeps.
run(dpkg-deb -f ${WORK}/made/libcallrouter-c0_${VERSION}_${ARCH}.deb Depends)
if(NOT output MATCHES "libprotobuf" OR NOT output MATCHES "libabsl")
  message(FATAL_ERROR "dependencies of the library: ${output}")
endif()
set(ENV{LD_LIBRARY_PATH} ${WORK}/unpacked/usr/${LIBDIR})
run(${WORK}/unpacked/usr/bin/callrouter --version)

# Dependencies are the machine's, not the scratch root's. Only root, or who
# pretends to be, may own files as packages want.
find_program(fakeroot fakeroot)
execute_process(COMMAND id -u OUTPUT_VARIABLE user
                OUTPUT_STRIP_TRAILING_WHITESPACE)
if(user EQUAL 0)
  set(as_root "")
elseif(fakeroot)
  set(as_root ${fakeroot})
else()
  message(STATUS "neither root nor fakeroot: not installed")
  return()
endif()
set(dpkg ${as_root} dpkg --root=${WORK}/scratch --force-depends
    --force-script-chrootless --no-triggers)
run(${dpkg} --install ${packages})
if(NOT EXISTS ${WORK}/scratch/usr/bin/callrouter)
  message(FATAL_ERROR "installed, but there is no program: ${output}")
endif()
run(${dpkg} --remove callrouter libcallrouter-dev libcallrouter-c0)
file(GLOB_RECURSE left ${WORK}/scratch/usr/*)
if(left)
  message(FATAL_ERROR "left behind: ${left}")
endif()
