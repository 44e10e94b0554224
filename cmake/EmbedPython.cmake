# embed_python(target symbol file...)
#
# Compiles Python source, the files one after the other as one program, into `target` as a bundle
# that a process starts from: Python's code for it, and the source for another Python than the one
# that compiled it here. For a symbol kWorkerBundle in daemon/script it generates
# "worker_bundle.h", which declares
#
#   namespace migrationd::script { extern const std::string_view kWorkerBundle; }
#
# The namespace follows the folder, as everywhere in the tree. The header is visible to `target` and
# to those who link it. What is in a bundle stands in embed_python.py.

# The one that the daemon starts unless it is told otherwise.
find_program(BUNDLING_PYTHON python3 HINTS /usr/bin REQUIRED)

function(embed_python target symbol)
  string(REGEX REPLACE "^k|Bundle$" "" stem "${symbol}")
  string(TOLOWER "${stem}" stem)
  cmake_path(GET CMAKE_CURRENT_SOURCE_DIR FILENAME room)
  list(TRANSFORM ARGN PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/" OUTPUT_VARIABLE sources)
  set(directory "${CMAKE_CURRENT_BINARY_DIR}/embedded")
  set(output "${directory}/${stem}_bundle")
  set(generator "${CMAKE_SOURCE_DIR}/cmake/embed_python.py")

  add_custom_command(
    OUTPUT "${output}.h" "${output}.cc"
    COMMAND "${BUNDLING_PYTHON}" -B "${generator}" "${output}" "migrationd::${room}" "${symbol}"
      ${sources}
    DEPENDS ${sources} "${generator}"
    COMMENT "Compiling and embedding ${ARGN}"
    VERBATIM)
  target_sources(${target} PRIVATE "${output}.cc" "${output}.h")
  target_include_directories(${target} PUBLIC "${directory}")
endfunction()
