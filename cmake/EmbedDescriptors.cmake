# cmake -DOUTPUT=F -DDESCRIPTORS="A.mlir|B.mlir" -P EmbedDescriptors.cmake
# Writes an initializer list of {name, text} pairs, one per descriptor file.
string(REPLACE "|" ";" files "${DESCRIPTORS}")
set(text "")
foreach(file IN LISTS files)
  get_filename_component(name "${file}" NAME_WE)
  file(READ "${file}" content)
  string(APPEND text "{\"${name}\", R\"descriptor(${content})descriptor\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "${text}")
