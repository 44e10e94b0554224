# embed_text(target file symbol)
#
# Compiles a text file into `target` as a constant. For a file daemon/script/worker.py and the symbol
# kWorkerSource it generates "worker_source.h", which declares
#
#   namespace migrationd::script { extern const std::string_view kWorkerSource; }
#
# The namespace follows the folder, as everywhere in the tree. The header is visible to `target` and
# to those who link it. The file is limited to 64 kB by what compilers accept as one literal.
function(embed_text target file symbol)
  cmake_path(GET file STEM stem)
  cmake_path(GET CMAKE_CURRENT_SOURCE_DIR FILENAME room)
  set(source "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
  set(directory "${CMAKE_CURRENT_BINARY_DIR}/embedded")
  set(output "${directory}/${stem}_source")
  set(generator "${CMAKE_SOURCE_DIR}/cmake/generate_embedded.cmake")

  add_custom_command(
    OUTPUT "${output}.h" "${output}.cc"
    COMMAND "${CMAKE_COMMAND}"
      "-DINPUT=${source}" "-DOUTPUT=${output}" "-DSYMBOL=${symbol}"
      "-DNAMESPACE=migrationd::${room}" -P "${generator}"
    DEPENDS "${source}" "${generator}"
    COMMENT "Embedding ${file}"
    VERBATIM)
  target_sources(${target} PRIVATE "${output}.cc" "${output}.h")
  target_include_directories(${target} PUBLIC "${directory}")
endfunction()
