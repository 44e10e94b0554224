# build::warnings   what the compiler must not see in our own code; every warning is an error
# build::hardening  cheap checks that stay in the shipped programs
#
# Both are INTERFACE targets, linked PRIVATE by the functions of Rooms.cmake: generated and
# foreign code never sees them.

add_library(build_warnings INTERFACE)
add_library(build::warnings ALIAS build_warnings)
target_compile_options(build_warnings INTERFACE
  -Wall                    # the compiler's own list of likely mistakes
  -Wextra                  # and its second one: unused parameters, missing initialisers
  -Wpedantic               # ISO C++ only, so that clang (lint, fuzz) reads the same language
  -Wshadow                 # a name that hides another one is read wrongly
  -Wconversion             # sizes, offsets and timeouts are lost in silent narrowing
  -Wsign-conversion        # C++ leaves it out of -Wconversion; ssize_t and size_t meet at each read()
  -Wnon-virtual-dtor       # a port deleted through its base must be destroyed whole
  -Woverloaded-virtual     # a fake that overloads instead of overriding tests nothing
  -Wold-style-cast         # C casts hide const_cast and reinterpret_cast
  -Wcast-align             # bytes from the wire and from fixed-size buffers
  -Wformat=2               # formats that are not literals
  -Wimplicit-fallthrough   # a phase that falls into the next one must say so
  -Wunused                 # what is not used is not maintained
  -Wundef                  # a misspelt macro in #if is silently 0
  -Werror)                 # a warning that may stay is a warning nobody reads

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(build_warnings INTERFACE
    -Wduplicated-cond      # the second of two equal conditions is dead
    -Wlogical-op           # && where & was meant
    # g++ 12 takes the unset half of std::variant and std::optional for a use: GCC bug 107138.
    -Wno-maybe-uninitialized)
endif()

add_library(build_hardening INTERFACE)
add_library(build::hardening ALIAS build_hardening)
target_compile_options(build_hardening INTERFACE
  -fstack-protector-strong   # a smashed stack ends the process before the return
  -fno-plt)                  # no lazily written jump table: goes with -z now
target_compile_definitions(build_hardening INTERFACE
  # An index past the end ends the process instead of reading on; off the hot paths it costs nothing.
  _GLIBCXX_ASSERTIONS
  # Checked copies in libc; needs optimisation, and the sanitizers bring their own interceptors.
  $<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)
target_link_options(build_hardening INTERFACE
  -pie
  LINKER:-z,relro,-z,now     # the table of addresses is read-only from the first instruction on
  LINKER:--gc-sections)      # most of the static gRPC archives is never called
