# Everything foreign, under one name each: deps::<library>. The packages stand in packages.txt.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(spdlog REQUIRED)
find_package(Protobuf REQUIRED)          # protoc and the headers; the archive is linked below
pkg_check_modules(LIBSYSTEMD REQUIRED IMPORTED_TARGET libsystemd)

find_program(GRPC_CPP_PLUGIN grpc_cpp_plugin REQUIRED)
find_path(GRPC_PROTO_DIR grpc/health/v1/health.proto PATHS /usr/share/grpc-proto REQUIRED)

# Asio without Boost: headers only. ThreadSanitizer knows no bare fences; Asio's mutexes order the same things.
set(asio_under_tsan "")
if(MIGRATIOND_SANITIZE MATCHES "thread")
  set(asio_under_tsan ASIO_DISABLE_FENCED_BLOCK)
endif()
find_path(ASIO_INCLUDE_DIR asio.hpp REQUIRED)
add_library(deps_asio INTERFACE)
add_library(deps::asio ALIAS deps_asio)
target_include_directories(deps_asio SYSTEM INTERFACE "${ASIO_INCLUDE_DIR}")
target_compile_definitions(deps_asio INTERFACE
  ASIO_STANDALONE ASIO_NO_DEPRECATED
  # Asio finds this out itself only where a standard header was included before it: without it two
  # files of one program take and give back memory in two ways.
  ASIO_HAS_STD_ALIGNED_ALLOC
  ${asio_under_tsan})
target_link_libraries(deps_asio INTERFACE Threads::Threads)

# The compiled spdlog: its header-only form costs three times as much per file.
add_library(deps::spdlog ALIAS spdlog::spdlog)
add_library(deps::json ALIAS nlohmann_json::nlohmann_json)
add_library(deps::cli11 ALIAS CLI11::CLI11)
add_library(deps::toml ALIAS tomlplusplus::tomlplusplus)
add_library(deps::systemd ALIAS PkgConfig::LIBSYSTEMD)

# gRPC and Protobuf are linked from Debian's archives: with the shared libraries each start of the
# client loads 57 of them and takes 10 ms, with the archives 1.4 ms. The archives refer to each
# other in circles, hence the group.
#
# The flavour without TLS: whoever talks to the daemon is known by the kernel's word on the socket. It
# is half as large, and a start of the client does a fifth of the relocations.
#
# ThreadSanitizer is the exception: it can leave out what code without instrumentation does, but only
# by shared library, and the shared reflection brings the flavour with TLS.
if(MIGRATIOND_SANITIZE MATCHES "thread")
  set(library_suffix ".so")
  set(grpc_flavour "")
else()
  set(library_suffix ".a")
  set(grpc_flavour "_unsecure")
endif()

function(find_archive result name)
  find_library(ARCHIVE_${name} "lib${name}${library_suffix}" REQUIRED)
  set(${result} "${ARCHIVE_${name}}" PARENT_SCOPE)
endfunction()

# add_archive(target name dependency...): an archive of Debian's as a target of its own.
function(add_archive target name)
  find_archive(archive ${name})
  add_library(${target} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES
    IMPORTED_LOCATION "${archive}"
    INTERFACE_LINK_LIBRARIES "${ARGN}")
endfunction()

add_archive(deps_crypto crypto ${CMAKE_DL_LIBS} Threads::Threads)
add_library(deps::crypto ALIAS deps_crypto)
# The same archive that gRPC brings: one program must not hold two copies of a library's state.
add_archive(deps_zlib z)
add_library(deps::zlib ALIAS deps_zlib)

set(grpc_archives "")
if(library_suffix STREQUAL ".a")
  # In front of abseil's: see there.
  add_library(cycle_clock STATIC "${CMAKE_SOURCE_DIR}/cmake/cycle_clock.cc")
  list(APPEND grpc_archives cycle_clock)
endif()
foreach(name IN ITEMS
    grpc++${grpc_flavour} grpc${grpc_flavour} gpr upb address_sorting re2 cares protobuf z)
  find_archive(archive ${name})
  list(APPEND grpc_archives "${archive}")
endforeach()
# All of abseil's small archives: which of them gRPC needs changes with each release.
cmake_path(GET archive PARENT_PATH archive_dir)
file(GLOB absl_archives "${archive_dir}/libabsl_*${library_suffix}")

add_library(deps_grpc INTERFACE)
add_library(deps::grpc ALIAS deps_grpc)
list(JOIN grpc_archives "," grpc_group)
list(JOIN absl_archives "," absl_group)
target_link_options(deps_grpc INTERFACE LINKER:--as-needed)
target_link_libraries(deps_grpc INTERFACE
  "$<LINK_GROUP:RESCAN,${grpc_group},${absl_group}>"
  Threads::Threads ${CMAKE_DL_LIBS} rt m)

add_archive(deps_grpc_reflection grpc++_reflection deps_grpc)
add_library(deps::grpc_reflection ALIAS deps_grpc_reflection)

if(MIGRATIOND_TESTS)
  find_package(GTest REQUIRED)
endif()
if(MIGRATIOND_BENCH)
  find_package(benchmark REQUIRED)
endif()
