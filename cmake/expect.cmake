# Runs COMMAND (words joined by "|") and checks how it ends: EXIT is zero or
# nonzero, OUTPUT a regular expression for what it printed.
string(REPLACE "|" ";" COMMAND "${COMMAND}")
execute_process(COMMAND ${COMMAND} RESULT_VARIABLE result
                OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(result EQUAL 0)
  set(ended zero)
else()
  set(ended nonzero)
endif()
if(NOT ended STREQUAL EXIT)
  message(FATAL_ERROR "${output}\nended with ${result}, expected ${EXIT}")
endif()
if(OUTPUT AND NOT output MATCHES "${OUTPUT}")
  message(FATAL_ERROR "${output}\nexpected output like: ${OUTPUT}")
endif()
