# What runs data through programs, and so needs the evaluator.
hwq_add_library(HWQPipelinesData
  Calibrate.cpp
  CalibrateCollect.cpp
  CalibrateHash.cpp
  CalibratePass.cpp
  CalibrateRun.cpp
  Communicator.cpp
  ImportCalibrationPass.cpp
  ProgramData.cpp
  Verify.cpp
  VerifyBounds.cpp
  VerifyStore.cpp
  DEPENDS HWQDataPassIncGen HWQQuantHWPassIncGen HWQEvaluatableOpInterfaceIncGen
  LINK HWQRuntime HWQInterchange HWQCalibration HWQQuantHWTransforms HWQQuantHW HWQNumerics)
