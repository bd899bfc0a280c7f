# What runs data through programs, and so needs the evaluator.
hwq_add_library(HWQPipelinesData
  Calibrate.cpp
  CalibrateCollect.cpp
  CalibrateHash.cpp
  CalibratePass.cpp
  CalibrateRun.cpp
  CalibrateTrial.cpp
  Communicator.cpp
  CompareParameters.cpp
  ImportCalibrationPass.cpp
  ProgramData.cpp
  Verify.cpp
  VerifyBounds.cpp
  VerifyStore.cpp
  DEPENDS HWQDataPassIncGen HWQQuantHWPassIncGen HWQEvaluatableOpInterfaceIncGen
  LINK HWQRuntime HWQInterchange HWQCalibration HWQQuantHWTransforms HWQQuantHW HWQNumerics)

# Processes that calibrate together: optional.
find_package(MPI QUIET COMPONENTS C)
if(MPI_C_FOUND)
  target_link_libraries(HWQPipelinesData PRIVATE MPI::MPI_C)
  set_property(GLOBAL PROPERTY HWQ_MPI TRUE)
  set_source_files_properties(Communicator.cpp PROPERTIES
    COMPILE_DEFINITIONS HWQ_HAVE_MPI SKIP_PRECOMPILE_HEADERS ON)
endif()
