// Chains of requantizations from codes to codes: what is left multiplies as the backend moves codes, in 8 bits on Sophgo's
// chips, whatever its accumulators are multiplied by.
// RUN: hwq-opt %s '--quantize-for=sophgo-bm1684x{target_dialect=quant_hw}' | FileCheck %s --check-prefixes=CHECK,BM
// RUN: hwq-opt %s '--quantize-for=sophgo-cv18xx{target_dialect=quant_hw}' | FileCheck %s --check-prefixes=CHECK,CV
// RUN: hwq-opt %s --quantize-for=sophgo-bm1684x | FileCheck %s --check-prefix=TARGET
// RUN: hwq-opt %s --quantize-for=sophgo-cv18xx | FileCheck %s --check-prefix=TARGET
// RUN: hwq-opt %s --quant-hw-set-backend=backend=sophgo-cv18xx --quant-hw-annotate --quant-hw-integerize | FileCheck %s --check-prefix=STEP1
module attributes {quant_hw.form = "calibrated"} {
  // One constant comes out, so that the chain is equal to any multiplier.
  // CHECK-LABEL: func.func @constant(
  // CHECK-NEXT: quant_hw.quantize
  // CHECK-NEXT: quant_hw.requantize {{.*}}quant_hw.name = "c", {{.*}}kernel = r7, scales = [0.012598425196850395], multipliers = [103], shifts = [13], lo = 0, hi = 0>
  // TARGET-LABEL: func.func @constant(
  // TARGET: sophgo.requant_int {{.*}}multiplier = 103
  func.func @constant(%arg: tensor<?x2xf32> {quant_hw.name = "x"}) -> tensor<?x2xf32> {
    %x = quant_hw.observe "x" %arg range [-1.6, 1.6] method "min-max" : tensor<?x2xf32>
    %b0 = tosa.clamp %x {min_val = -1.0 : f32, max_val = 1.0 : f32, quant_hw.name = "b"} : (tensor<?x2xf32>) -> tensor<?x2xf32>
    %b = quant_hw.observe "b" %b0 range [-1.0, 1.0] method "min-max" : tensor<?x2xf32>
    %c0 = tosa.clamp %b {min_val = 0.0 : f32, max_val = 0.0 : f32, quant_hw.name = "c"} : (tensor<?x2xf32>) -> tensor<?x2xf32>
    %c = quant_hw.observe "c" %c0 range [0.0, 0.0] method "min-max" : tensor<?x2xf32>
    return %c : tensor<?x2xf32>
  }

  // Behind an accumulator the multiplier has all its bits.
  // CHECK-LABEL: func.func @layer(
  // CHECK: quant_hw.fully_connected {{.*}}quant_hw.name = "c"
  // BM-SAME: kernel = r5, scales = [9.9200198030847267E-5], multipliers = [106515], shifts = [30], lo = 0, hi = 0>
  // CV-SAME: kernel = r1, scales = [9.9200195109006017E-5], multipliers = [1745148288], shifts = [44], lo = 0, hi = 0>
  func.func @layer(%arg: tensor<?x2xf32> {quant_hw.name = "x"}) -> tensor<?x2xf32> {
    %x = quant_hw.observe "x" %arg range [-1.6, 1.6] method "min-max" : tensor<?x2xf32>
    %w = "tosa.const"() {values = dense<[[1.0, 0.6], [0.3, -0.7]]> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
    %a = quant_hw.fully_connected %x, %w {quant_hw.name = "a"} : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
    %b0 = tosa.clamp %a {min_val = -1.0 : f32, max_val = 1.0 : f32, quant_hw.name = "b"} : (tensor<?x2xf32>) -> tensor<?x2xf32>
    %b = quant_hw.observe "b" %b0 range [-1.0, 1.0] method "min-max" : tensor<?x2xf32>
    %c0 = tosa.clamp %b {min_val = 0.0 : f32, max_val = 0.0 : f32, quant_hw.name = "c"} : (tensor<?x2xf32>) -> tensor<?x2xf32>
    %c = quant_hw.observe "c" %c0 range [0.0, 0.0] method "min-max" : tensor<?x2xf32>
    return %c : tensor<?x2xf32>
  }

  // Both clamps cut, whichever is the narrower.
  // STEP1-LABEL: func.func @two_clamps(
  // STEP1: quant_hw.requantize {{.*}}quant_hw.name = "b", {{.*}}lo = -127, hi = 127>
  // STEP1: quant_hw.requantize {{.*}}quant_hw.name = "c", {{.*}}lo = -127, hi = 76>
  func.func @two_clamps(%arg: tensor<?x2xf32> {quant_hw.name = "x"}) -> tensor<?x2xf32> {
    %x = quant_hw.observe "x" %arg range [-1.6, 1.6] method "min-max" : tensor<?x2xf32>
    %b0 = tosa.clamp %x {min_val = -1.0 : f32, max_val = 1.0 : f32, quant_hw.name = "b"} : (tensor<?x2xf32>) -> tensor<?x2xf32>
    %b = quant_hw.observe "b" %b0 range [-1.0, 1.0] method "min-max" : tensor<?x2xf32>
    %c0 = tosa.clamp %b {min_val = -0.5 : f32, max_val = 0.3 : f32, quant_hw.name = "c"} : (tensor<?x2xf32>) -> tensor<?x2xf32>
    %c = quant_hw.observe "c" %c0 range [-0.5, 0.3] method "min-max" : tensor<?x2xf32>
    return %c : tensor<?x2xf32>
  }
}
