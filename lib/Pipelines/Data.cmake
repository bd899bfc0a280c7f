# What runs data through programs, and so needs the evaluator.
hwq_add_library(HWQPipelinesData
  Calibrate.cpp
  Verify.cpp
  VerifyBounds.cpp
  VerifyStore.cpp
  DEPENDS HWQQuantHWPassIncGen HWQEvaluatableOpInterfaceIncGen
  LINK HWQRuntime HWQCalibration HWQQuantHWTransforms HWQQuantHW HWQNumerics)
