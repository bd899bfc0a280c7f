# Helpers of the hwq build: one function per kind of target.

# The header set of every translation unit that uses MLIR, compiled once.
function(hwq_create_mlir_pch)
  if(NOT EXISTS ${PROJECT_BINARY_DIR}/pch.cpp) # a new time stamp rebuilds all
    file(WRITE ${PROJECT_BINARY_DIR}/pch.cpp "")
  endif()
  add_library(HWQMLIRPCH OBJECT ${PROJECT_BINARY_DIR}/pch.cpp)
  target_precompile_headers(HWQMLIRPCH PRIVATE
    <mlir/Dialect/Func/IR/FuncOps.h>
    <mlir/Dialect/Quant/IR/Quant.h>
    <mlir/Dialect/Quant/IR/QuantTypes.h>
    <mlir/Dialect/Tosa/IR/TosaOps.h>
    <mlir/IR/Builders.h>
    <mlir/IR/BuiltinOps.h>
    <mlir/IR/PatternMatch.h>
    <mlir/Pass/Pass.h>
    <mlir/Transforms/DialectConversion.h>)
  # ccache needs a PCH without a time stamp.
  target_compile_options(HWQMLIRPCH PRIVATE
    "SHELL:-Xclang -fno-pch-timestamp" -fpch-instantiate-templates)
endfunction()

# What another project gets by find_package(HWQ).
function(hwq_install_library name)
  target_include_directories(${name} PUBLIC $<INSTALL_INTERFACE:include>)
  install(TARGETS ${name} EXPORT HWQTargets ARCHIVE DESTINATION lib)
endfunction()

# hwq_add_library(Name sources... [DEPENDS tablegen targets...] [LINK libs...])
# A library that uses MLIR: links the MLIR and LLVM shared objects, never the
# archives (two copies of MLIR in a process clash), and reuses the PCH.
function(hwq_add_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PUBLIC ${ARG_LINK} MLIR LLVM)
  target_precompile_headers(${name} REUSE_FROM HWQMLIRPCH)
  target_compile_options(${name} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
  hwq_install_library(${name})
endfunction()

# hwq_add_plain_library(Name sources... [LINK libs...]): no MLIR.
function(hwq_add_plain_library name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PUBLIC ${ARG_LINK})
  hwq_install_library(${name})
endfunction()

# hwq_add_tool(name sources... [LINK libs...]): a program that uses MLIR.
function(hwq_add_tool name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} MLIR LLVM)
  # The PCH is made with -fPIC; the property would add -fPIE, which it refuses.
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_precompile_headers(${name} REUSE_FROM HWQMLIRPCH)
  target_compile_options(${name} PRIVATE -fPIC "SHELL:-Xclang -fno-pch-timestamp")
  set_property(GLOBAL APPEND PROPERTY HWQ_TOOLS ${name})
  install(TARGETS ${name} RUNTIME DESTINATION bin)
endfunction()

# hwq_add_unittest(Name sources... [LINK libs...]): a GoogleTest program
# build/…/test/bin/Name, found by test/run.sh.
function(hwq_add_unittest name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} GTest::gtest GTest::gtest_main)
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/test/bin)
  target_compile_definitions(${name} PRIVATE
    HWQ_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  set_property(GLOBAL APPEND PROPERTY HWQ_UNITTESTS ${name})
endfunction()
