// hexagon_nn's concatenation finds the range of its result itself, as the union of its
// operands' codes: calibration saw 0.5 here. Its clamps keep the range.
// RUN: hwq-opt %s '--quant-hw-set-backend=backend=snpe overrides={hexagon=true}' --quant-hw-annotate | python3 %S/Inputs/print_quantizers.py | FileCheck %s --match-full-lines
// CHECK: Q a = input : u8:f32, 0.0078431372549019607:128
// CHECK-NEXT: #1 = clamp(Q a)
// CHECK-NEXT: Q low = #1 : u8:f32, 0.0078431372549019607:128
// CHECK-NEXT: #2 = concat(Q a, Q low)
// CHECK-NEXT: Q cat = #2 : u8:f32, 0.0078431372549019607:128
// CHECK-NEXT: return Q cat

// Nothing makes codes larger.
// RUN: echo '{"cat": {"range": [0, 0.25]}}' > %t.json
// RUN: not hwq-opt %s '--pass-pipeline=builtin.module(quant-hw-set-backend{backend=snpe overrides={hexagon=true}},quant-hw-annotate{override-file=%t.json},quant-hw-integerize,quant-hw-fold-zero-points,quant-hw-factor-scales,quant-hw-quantize-bias,quant-hw-select-kernels)' 2>&1 | FileCheck %s --check-prefix=GAIN
// GAIN: error: result of 'quant_hw.requantize' is moved to a grid with a smaller scale, by 8.000000e+00; expected at most 1, hexagon's largest gain
module attributes {quant_hw.form = "calibrated"} {
  func.func @main(%arg: tensor<?x2x2x1xf32> {quant_hw.name = "a"}) -> tensor<?x2x2x2xf32> {
    %a = quant_hw.observe "a" %arg range [-1.0, 1.0] : tensor<?x2x2x1xf32>
    %l = tosa.clamp %a {quant_hw.name = "low", min_val = 0.0 : f32, max_val = 0.25 : f32} : (tensor<?x2x2x1xf32>) -> tensor<?x2x2x1xf32>
    %lo = quant_hw.observe "low" %l range [0.0, 0.25] : tensor<?x2x2x1xf32>
    %c = tosa.concat %a, %lo {axis = 3 : i32, quant_hw.name = "cat"} : (tensor<?x2x2x1xf32>, tensor<?x2x2x1xf32>) -> tensor<?x2x2x2xf32>
    %co = quant_hw.observe "cat" %c range [-0.5, 0.5] : tensor<?x2x2x2xf32>
    return %co : tensor<?x2x2x2xf32>
  }
}
