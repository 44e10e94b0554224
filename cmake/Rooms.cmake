# One library per folder. The names say what a room may see: PUBLIC is what its headers include,
# PRIVATE is what only its sources do.

add_library(build_common INTERFACE)
target_include_directories(build_common INTERFACE "${CMAKE_SOURCE_DIR}")
target_link_libraries(build_common INTERFACE build::hardening build::sanitizers)

# add_rooms(folder...): the folders of this one that are there.
function(add_rooms)
  foreach(folder IN LISTS ARGN)
    if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${folder}/CMakeLists.txt")
      add_subdirectory(${folder})
    endif()
  endforeach()
endfunction()

# migrationd_library(name SOURCES file... [PUBLIC library...] [PRIVATE library...])
#
# A static library of our own code.
function(migrationd_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;PUBLIC;PRIVATE")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES)
    message(FATAL_ERROR "migrationd_library(${name}): SOURCES missing or unknown: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  add_library(${name} STATIC ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(${name} PUBLIC build_common ${arg_PUBLIC} PRIVATE build::warnings ${arg_PRIVATE})
endfunction()

# migrationd_program(name SOURCES file... LINKS library... [STATIC_RUNTIME]): an installed program,
# build/bin/<name>. STATIC_RUNTIME links the C++ runtime in, for a program that starts often and loads no
# shared C++ library: binding gRPC's thousands of symbols to libstdc++.so is half of its start.
function(migrationd_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "STATIC_RUNTIME" "" "SOURCES;LINKS")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE
    build_common build::warnings build::sanitizer_defaults ${arg_LINKS})
  if(arg_STATIC_RUNTIME AND NOT MIGRATIOND_SANITIZE)
    target_link_options(${name} PRIVATE -static-libstdc++ -static-libgcc)
  endif()
  install(TARGETS ${name} RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endfunction()

# migrationd_test(name SOURCES file... [LINKS library...] [PROGRAMS target...] [TIMEOUT seconds] [SERIAL])
#
# A GoogleTest program, each TEST a test of ctest's. PROGRAMS are built with it, for tests that start
# them. Sees the macros MIGRATIOND_BIN_DIR (where the programs are) and MIGRATIOND_SOURCE_DIR. The
# time-out (default 300 s) is a net under a hanging test, not a measurement. SERIAL: never beside others.
function(migrationd_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SERIAL" "TIMEOUT" "SOURCES;LINKS;PROGRAMS")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES)
    message(FATAL_ERROR "migrationd_test(${name}): SOURCES missing or unknown: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE
    build_common build::warnings build::sanitizer_defaults ${arg_LINKS} GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE
    MIGRATIOND_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}"
    MIGRATIOND_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  if(arg_PROGRAMS)
    add_dependencies(${name} ${arg_PROGRAMS})
  endif()
  cmake_path(GET CMAKE_CURRENT_SOURCE_DIR FILENAME room)
  gtest_discover_tests(${name}
    DISCOVERY_MODE PRE_TEST
    DISCOVERY_TIMEOUT 60
    PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS ${room} RUN_SERIAL ${arg_SERIAL})
endfunction()

# migrationd_fuzzer(name SOURCES file... [LINKS library...]): a libFuzzer program; nothing in other builds.
function(migrationd_fuzzer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
  if(NOT MIGRATIOND_FUZZ)
    return()
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE
    build_common build::warnings build::sanitizer_defaults ${arg_LINKS})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
endfunction()

if(MIGRATIOND_TESTS)
  include(GoogleTest)
endif()
