//===- QuantHWToTarget.cpp - Step 4 to the target dialects -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rules of a conversion are the table of its dialect.
//
//===----------------------------------------------------------------------===//

#include "hwq/Conversion/Passes.h"
#include "hwq/Dialect/ACL/IR/ACL.h"
#include "hwq/Dialect/DPU/IR/DPU.h"
#include "hwq/Dialect/FBGEMM/IR/FBGEMM.h"
#include "hwq/Dialect/NNPI/IR/NNPI.h"
#include "hwq/Dialect/OpenVINO/IR/OpenVINO.h"
#include "hwq/Dialect/QNN/IR/QNN.h"
#include "hwq/Dialect/SNPE/IR/SNPE.h"
#include "hwq/Dialect/Sophgo/IR/Sophgo.h"
#include "hwq/Dialect/TFLite/IR/TFLite.h"
#include "hwq/Dialect/TVM/IR/TVM.h"
#include "hwq/Dialect/Target/IR/Target.h"
#include "hwq/Dialect/TensorRT/IR/TensorRT.h"

namespace hwq {
#define GEN_PASS_DEF_CONVERTQUANTHWTOACLPASS
#define GEN_PASS_DEF_CONVERTQUANTHWTODPUPASS
#define GEN_PASS_DEF_CONVERTQUANTHWTOFBGEMMPASS
#define GEN_PASS_DEF_CONVERTQUANTHWTONNPIPASS
#define GEN_PASS_DEF_CONVERTQUANTHWTOOPENVINOPASS
#define GEN_PASS_DEF_CONVERTQUANTHWTOQNNPASS
#define GEN_PASS_DEF_CONVERTQUANTHWTOSNPEPASS
#define GEN_PASS_DEF_CONVERTQUANTHWTOSOPHGOPASS
#define GEN_PASS_DEF_CONVERTQUANTHWTOTENSORRTPASS
#define GEN_PASS_DEF_CONVERTQUANTHWTOTFLITEPASS
#define GEN_PASS_DEF_CONVERTQUANTHWTOTVMPASS
#include "hwq/Conversion/Passes.h.inc"
} // namespace hwq

using namespace mlir;
using namespace hwq;

namespace {

/// `Base` is the generated base of the pass, `Target` the dialect.
template <typename Base, typename Target> struct ConvertToTarget : Base {
  void runOnOperation() override {
    if (failed(convertToTarget(this->getOperation(),
                               Target::getDialectNamespace(),
                               this->getArgument())))
      this->signalPassFailure();
  }
};

#define HWQ_CONVERSION(Name, Dialect)                                          \
  struct Convert##Name                                                         \
      : ConvertToTarget<                                                       \
            hwq::impl::ConvertQuantHWTo##Name##PassBase<Convert##Name>,        \
            Dialect> {};
HWQ_CONVERSION(ACL, acl::ACLDialect)
HWQ_CONVERSION(DPU, dpu::DPUDialect)
HWQ_CONVERSION(FBGEMM, fbgemm::FBGEMMDialect)
HWQ_CONVERSION(NNPI, nnpi::NNPIDialect)
HWQ_CONVERSION(OpenVINO, openvino::OpenVINODialect)
HWQ_CONVERSION(QNN, qnn::QNNDialect)
HWQ_CONVERSION(SNPE, snpe::SNPEDialect)
HWQ_CONVERSION(Sophgo, sophgo::SophgoDialect)
HWQ_CONVERSION(TensorRT, trt::TensorRTDialect)
HWQ_CONVERSION(TFLite, tflite::TFLiteDialect)
HWQ_CONVERSION(TVM, tvm_qnn::TVMDialect)
#undef HWQ_CONVERSION

} // namespace

void hwq::registerTargetDialects(DialectRegistry &registry) {
  registry
      .insert<acl::ACLDialect, dpu::DPUDialect, fbgemm::FBGEMMDialect,
              nnpi::NNPIDialect, openvino::OpenVINODialect, qnn::QNNDialect,
              snpe::SNPEDialect, sophgo::SophgoDialect, trt::TensorRTDialect,
              tflite::TFLiteDialect, tvm_qnn::TVMDialect>();
}
