# build::sanitizers            compile and link flags of the chosen sanitizers; nothing without a choice
# build::sanitizer_defaults    the options of a sanitized program, compiled in, so that a program
#                              started by hand behaves as it does under ctest
#
# MIGRATIOND_SANITIZE: "" | "address,undefined" | "thread"

set(MIGRATIOND_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize=")
option(MIGRATIOND_FUZZ "Instrument for libFuzzer and build the fuzz targets (clang only)" OFF)

add_library(build_sanitizers INTERFACE)
add_library(build::sanitizers ALIAS build_sanitizers)
add_library(build_sanitizer_defaults INTERFACE)
add_library(build::sanitizer_defaults ALIAS build_sanitizer_defaults)

if(MIGRATIOND_SANITIZE)
  set(flags
    -fsanitize=${MIGRATIOND_SANITIZE}
    -fno-sanitize-recover=all     # a report that lets the test go on is a test that passes
    -fno-omit-frame-pointer)      # whole stacks in reports
  if(MIGRATIOND_FUZZ)
    list(APPEND flags -fsanitize=fuzzer-no-link)
  endif()
  target_compile_options(build_sanitizers INTERFACE
    ${flags}
    -O1)                          # at -O0 the instrumented end-to-end tests take minutes
  target_link_options(build_sanitizers INTERFACE ${flags})

  add_library(sanitizer_defaults OBJECT "${CMAKE_SOURCE_DIR}/cmake/sanitizer_defaults.cc")
  target_link_libraries(build_sanitizer_defaults INTERFACE
    sanitizer_defaults $<TARGET_OBJECTS:sanitizer_defaults>)

  if(MIGRATIOND_SANITIZE MATCHES "thread")
    target_sources(sanitizer_defaults PRIVATE "${CMAKE_SOURCE_DIR}/cmake/tsan_absl_mutex.cc")
    # The libraries find the definitions of the program only if it exports them.
    target_link_options(build_sanitizer_defaults INTERFACE
      "LINKER:--export-dynamic-symbol=_ZN4absl*")
    target_link_libraries(build_sanitizer_defaults INTERFACE deps::grpc)
  endif()
endif()
