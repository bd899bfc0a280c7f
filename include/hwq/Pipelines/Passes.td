//===- Passes.td - Passes that need data or files ----------*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_PIPELINES_PASSES_TD
#define HWQ_PIPELINES_PASSES_TD

include "mlir/Pass/PassBase.td"

def CalibratePass : Pass<"quant-hw-calibrate", "::mlir::ModuleOp"> {
  let summary = "find the range of every observed tensor by running samples";
  let description = [{
    Observed (or calibrated) form to calibrated form. The options are those of `hwq
    calibrate`; without `samples` at most 500, at a fixed stride. NaN or infinity in an
    activation is an error that names tensor and sample.

    ```
    --quant-hw-calibrate='data=calib.npz mean=4 std=8 method=percentile percentile=99.9'
    ```
  }];
  let options = [
    Option<"data", "data", "std::string", "",
           "Samples: .npz, .npy or a folder of images">,
    Option<"method", "method", "std::string", "\"min-max\"",
           "How ranges are chosen: min-max, percentile{percentile=99.9}, mse, ...">,
    Option<"percentile", "percentile", "std::string", "",
           "For method=percentile (default 99.99)">,
    Option<"threads", "threads", "unsigned", "0",
           "Worker threads; 0 is one per core">,
    Option<"inputArray", "input-array", "std::string", "",
           "Array of the samples in an .npz (default x)">,
    Option<"samples", "samples", "std::string", "", "The first so many samples">,
    Option<"resize", "resize", "std::string", "",
           "Pixel data: shorter side, or HxW">,
    Option<"crop", "crop", "std::string", "", "Pixel data: centre crop, HxW">,
    Option<"color", "color", "std::string", "",
           "Order of the model's channels: rgb (default) or bgr">,
    Option<"mean", "mean", "std::string", "",
           "Subtracted from pixels, in 0..255 units">,
    Option<"std", "std", "std::string", "",
           "Pixels are divided by it, in 0..255 units">,
    Option<"raw", "raw", "bool", "false", "Feed pixels 0..255 as they are">,
  ];
  let dependentDialects = ["::hwq::QuantHWDialect"];
}

def ImportCalibrationPass : Pass<"quant-hw-import-calibration", "::mlir::ModuleOp"> {
  let summary = "take the ranges of observed tensors from another tool's table";
  let description = [{
    Observed (or calibrated) form to calibrated form. Tensors that the table has not keep
    the range they have; tensors that the program has not are a warning. Where the table
    has scales and zero points, they become the `quant_hw.parameters` of the observer.

    ```
    --quant-hw-import-calibration='table=resnet.cali format=tpumlir symmetric=true'
    ```
  }];
  let options = [
    Option<"table", "table", "std::string", "", "The file">,
    Option<"format", "format", "std::string", "\"tpumlir\"", "Its format (docs/tables.md)">,
    Option<"symmetric", "symmetric", "bool", "true",
           "Where the table has thresholds, take them instead of minimum and maximum">,
  ];
  let dependentDialects = ["::hwq::QuantHWDialect"];
}

#endif // HWQ_PIPELINES_PASSES_TD
