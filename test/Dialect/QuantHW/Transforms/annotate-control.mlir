// What a user wants for single tensors.
// RUN: rm -rf %t && split-file %s %t

// conv1 computes in float; its result is quantized for the convolution that reads it.
// RUN: hwq-opt %t/net.mlir '--quant-hw-annotate=skip=^relu1$' | python3 %S/Inputs/print_quantizers.py | FileCheck %s --check-prefix=SKIP --match-full-lines
// SKIP: #1 = conv2d(input)
// SKIP-NEXT: #2 = clamp(#1)
// SKIP-NEXT: Q relu1 = #2 : u8:f32, 0.0078431372549019607
// SKIP-NEXT: #3 = conv2d(Q relu1, W u8:f32, 0.0058823529411764705:85)
// SKIP-NEXT: Q conv2 = #3 : u8:f32, 0.019607843137254902:153
// SKIP-NEXT: #4 = reshape(Q conv2)
// SKIP-NEXT: Q y = #4 : u8:f32, 0.019607843137254902:153
// SKIP-NEXT: return Q y

// RUN: hwq-opt %t/net.mlir '--quant-hw-annotate=skip=^relu1$' --remarks-filter='hwq.*' -o /dev/null 2>&1 | FileCheck %s --check-prefix=WHY
// WHY: remark: [Missed] Annotate | Category:hwq:annotate | Reason="'relu1' stays float: it is to be skipped"

// An input that stays float: so does what reads it.
// RUN: hwq-opt %t/net.mlir '--quant-hw-annotate=skip=x|conv2' 2>&1 | FileCheck %s --check-prefix=NOTHING
// NOTHING: warning: the backend 'chip' computes no op in integers: 'relu1' stays float: its operand 'x' is to stay float
// NOTHING-NOT: quant_hw.quantize

// relu1 is never quantized: conv2 computes in float too; conv1 computes in integers and
// its result is float.
// RUN: hwq-opt %t/net.mlir --quant-hw-annotate=override-file=%t/good.json | python3 %S/Inputs/print_quantizers.py | FileCheck %s --check-prefix=FLOAT --match-full-lines
// FLOAT: Q x = input : u8:f32, 0.0078431372549019607:128
// FLOAT-NEXT: #1 = conv2d(Q x, W u8:f32, 0.0058823529411764705:85)
// FLOAT-NEXT: relu1 = clamp(#1)
// FLOAT-NEXT: conv2 = conv2d(relu1)
// FLOAT-NEXT: y = reshape(conv2)
// FLOAT-NEXT: return y
// RUN: hwq-opt %t/net.mlir --quant-hw-annotate=override-file=%t/good.json --remarks-filter='hwq.*' -o /dev/null 2>&1 | FileCheck %s --check-prefix=KEPT
// KEPT: Reason="'conv2' stays float: its operand 'relu1' is to stay float"

// Where the scale of weights follows from the multiplier there must be one.
// RUN: hwq-opt %t/net.mlir --quant-hw-set-backend=backend=sophgo-cv18xx --quant-hw-annotate=override-file=%t/good.json --remarks-filter='hwq.*' -o /dev/null 2>&1 | FileCheck %s --check-prefix=COUPLED
// COUPLED: Reason="'relu1' stays float: the scale of its weights follows from those of input and result, and one of them is float"

// conv2 and y share 4 bits and a range, P-AIMET on 15 steps; x is symmetric, 1/127.
// RUN: hwq-opt %t/net.mlir --quant-hw-annotate=override-file=%t/bits.json | python3 %S/Inputs/print_quantizers.py | FileCheck %s --check-prefix=BITS --match-full-lines
// BITS: Q x = input : u8:f32, 0.0078740157480314959:128
// BITS: Q conv2 = {{.*}} : u8<0:15>:f32, 2.000000e-01:10
// BITS: Q y = {{.*}} : u8<0:15>:f32, 2.000000e-01:10

// The parameters themselves; without a zero point 0, or that of a symmetric grid.
// RUN: hwq-opt %t/net.mlir --quant-hw-annotate=override-file=%t/scale.json | python3 %S/Inputs/print_quantizers.py | FileCheck %s --check-prefix=SCALE --match-full-lines
// SCALE: Q x = input : u8:f32, 1.250000e-02:128
// SCALE: Q relu1 = {{.*}} : u8:f32, 2.500000e-01
// SCALE: Q conv2 = {{.*}} : u8<0:15>:f32, 5.000000e-01:9
// RUN: not hwq-opt %t/net.mlir --quant-hw-annotate=override-file=%t/zero.json 2>&1 | FileCheck %s --check-prefix=ZERO
// ZERO: net.mlir:{{[0-9]+}}:{{[0-9]+}}: error: override-file '{{.*}}zero.json': line 1: tensor 'relu1': expected a zero point in [0, 255], got 256
// RUN: not hwq-opt %t/net.mlir --quant-hw-annotate=override-file=%t/middle.json 2>&1 | FileCheck %s --check-prefix=MIDDLE
// MIDDLE: error: override-file '{{.*}}middle.json': line 1: tensor 'x': expected the zero point 128 of a symmetric grid, got 3
// RUN: not hwq-opt %t/net.mlir --quant-hw-set-backend=backend=dpu --quant-hw-annotate=override-file=%t/scale.json 2>&1 | FileCheck %s --check-prefix=POWER
// POWER: error: override-file '{{.*}}scale.json': line 1: tensor 'x': expected a power of two as scale, got 1.250000e-02
// RUN: not hwq-opt %t/net.mlir --quant-hw-annotate=override-file=%t/tiny.json 2>&1 | FileCheck %s --check-prefix=TINY
// TINY: error: {{.*}}: line 1: tensor 'x': expected 'scale' to be a finite number above 0, got 0
// RUN: not hwq-opt %t/net.mlir --quant-hw-annotate=override-file=%t/two.json 2>&1 | FileCheck %s --check-prefix=TWO
// TWO: error: {{.*}}: line 1: tensor 'x': expected 'scale' or 'range', got both
// RUN: not hwq-opt %t/net.mlir --quant-hw-annotate=override-file=%t/alone.json 2>&1 | FileCheck %s --check-prefix=ALONE
// ALONE: error: {{.*}}: line 1: tensor 'x': expected 'scale' beside 'zero_point'

// RUN: not hwq-opt %t/net.mlir '--quant-hw-annotate=skip=nowhere' 2>&1 | FileCheck %s --check-prefix=MATCH
// MATCH: error: 'quant-hw-annotate': 'nowhere' matches no tensor
// RUN: not hwq-opt %t/net.mlir '--quant-hw-annotate=skip=(' 2>&1 | FileCheck %s --check-prefix=REGEX
// REGEX: error: 'quant-hw-annotate': expected a regular expression, got '(': parentheses not balanced
// RUN: not hwq-opt %t/net.mlir --quant-hw-annotate=override-file=%t/none.json 2>&1 | FileCheck %s --check-prefix=FILE
// FILE: error: 'quant-hw-annotate': cannot read '{{.*}}none.json': No such file or directory
// RUN: not hwq-opt %t/net.mlir --quant-hw-annotate=override-file=%t/unknown.json 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: error: 'quant-hw-annotate': override-file '{{.*}}unknown.json': line 3: unknown tensor 'conv3'
// RUN: not hwq-opt %t/net.mlir --quant-hw-annotate=override-file=%t/twice.json 2>&1 | FileCheck %s --check-prefix=TWICE
// TWICE: error: 'quant-hw-annotate': override-file '{{.*}}twice.json': line 2: tensor 'x': it is there twice
// RUN: not hwq-opt %t/net.mlir --quant-hw-annotate=override-file=%t/key-twice.json 2>&1 | FileCheck %s --check-prefix=KEYTWICE
// KEYTWICE: error: {{.*}}key-twice.json': line 2: tensor 'bits': it is there twice
// RUN: not hwq-opt %t/net.mlir --quant-hw-annotate=override-file=%t/key.json 2>&1 | FileCheck %s --check-prefix=KEY
// KEY: error: 'quant-hw-annotate': override-file '{{.*}}key.json': line 1: tensor 'x': unknown key 'width', expected one of: bits, symmetry, range, scale, zero_point, float
// RUN: not hwq-opt %t/net.mlir --quant-hw-annotate=override-file=%t/width.json 2>&1 | FileCheck %s --check-prefix=WIDTH
// WIDTH: error: {{.*}}: tensor 'x': expected 'bits' to be a whole number in [2, 8], got 9
// RUN: not hwq-opt %t/net.mlir --quant-hw-annotate=override-file=%t/symmetry.json 2>&1 | FileCheck %s --check-prefix=SYMMETRY
// SYMMETRY: error: {{.*}}: tensor 'x': expected 'symmetry' to be asymmetric, symmetric or unsigned_symmetric, got "even"
// RUN: not hwq-opt %t/net.mlir --quant-hw-annotate=override-file=%t/range.json 2>&1 | FileCheck %s --check-prefix=RANGE
// RANGE: error: {{.*}}: tensor 'x': expected 'range' to be two finite numbers, the first not above the second, got [1,-1]
// RUN: not hwq-opt %t/net.mlir --quant-hw-annotate=override-file=%t/flag.json 2>&1 | FileCheck %s --check-prefix=FLAG
// FLAG: error: {{.*}}: tensor 'x': expected 'float' to be true or false, got 1
// RUN: not hwq-opt %t/net.mlir --quant-hw-annotate=override-file=%t/both.json 2>&1 | FileCheck %s --check-prefix=BOTH
// BOTH: error: {{.*}}: tensor 'x': expected nothing beside 'float', got parameters for a tensor that stays float
// RUN: not hwq-opt %t/net.mlir --quant-hw-annotate=override-file=%t/tensor.json 2>&1 | FileCheck %s --check-prefix=TENSOR
// TENSOR: error: {{.*}}: tensor 'x': expected an object, got 8
// RUN: not hwq-opt %t/net.mlir --quant-hw-annotate=override-file=%t/list.json 2>&1 | FileCheck %s --check-prefix=LIST
// LIST: error: {{.*}}: expected an object {"tensor": {...}}, got [1]
// RUN: not hwq-opt %t/net.mlir --quant-hw-annotate=override-file=%t/empty.json 2>&1 | FileCheck %s --check-prefix=EMPTY
// EMPTY: error: 'quant-hw-annotate': override-file '{{.*}}empty.json': line 1: no JSON: {{.*}}Unexpected EOF
// RUN: not hwq-opt %t/net.mlir --quant-hw-annotate=override-file=%t/conflict.json 2>&1 | FileCheck %s --check-prefix=CONFLICT
// CONFLICT: net.mlir:{{[0-9]+}}:{{[0-9]+}}: error: tensor 'y' shares its parameters with 'conv2', expected the same override for both

//--- good.json
{"relu1": {"float": true}}
//--- bits.json
{"conv2": {"bits": 4, "range": [-2, 1]}, "x": {"symmetry": "symmetric"}}
//--- unknown.json
{"x": {"bits": 4},

 "conv3": {"bits": 4}}
//--- twice.json
{"x": {"bits": 4},
 "x": {"bits": 5}}
//--- key-twice.json
{"x": {"bits": 4,
       "bits": 5}}
//--- scale.json
{"x": {"scale": 0.0125, "symmetry": "symmetric"}, "relu1": {"scale": 0.25}, "conv2": {"bits": 4, "scale": 0.5, "zero_point": 9}}
//--- zero.json
{"relu1": {"scale": 0.25, "zero_point": 256}}
//--- middle.json
{"x": {"scale": 0.25, "zero_point": 3, "symmetry": "symmetric"}}
//--- tiny.json
{"x": {"scale": 0}}
//--- two.json
{"x": {"scale": 1, "range": [0, 1]}}
//--- alone.json
{"x": {"zero_point": 1}}
//--- key.json
{"x": {"width": 4}}
//--- width.json
{"x": {"bits": 9}}
//--- symmetry.json
{"x": {"symmetry": "even"}}
//--- range.json
{"x": {"range": [1, -1]}}
//--- flag.json
{"x": {"float": 1}}
//--- both.json
{"x": {"float": true, "bits": 4}}
//--- tensor.json
{"x": 8}
//--- list.json
[1]
//--- empty.json
//--- conflict.json
{"conv2": {"bits": 4}, "y": {"bits": 5}}
//--- net.mlir
#chip = #quant_hw.backend<"chip", {vendor = "v", hardware = "h",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total", keep_parameters = ["movement"],
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #chip, quant_hw.form = "calibrated"} {
  func.func @main(%arg: tensor<?x1x1x2xf32> {quant_hw.name = "x"}) -> tensor<?x2xf32> {
    %w = "tosa.const"() {values = dense<[[[[1.0, -0.5]]], [[[0.25, 0.75]]]]> : tensor<2x1x1x2xf32>} : () -> tensor<2x1x1x2xf32>
    %s = tosa.const_shape {values = dense<[-1, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
    %x = quant_hw.observe "x" %arg range [-1.0, 1.0] : tensor<?x1x1x2xf32>
    %c1 = quant_hw.conv2d %x, %w {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x1x1x2xf32>, tensor<2x1x1x2xf32>) -> tensor<?x1x1x2xf32>
    %r1 = tosa.clamp %c1 {quant_hw.name = "relu1", min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<?x1x1x2xf32>) -> tensor<?x1x1x2xf32>
    %r1o = quant_hw.observe "relu1" %r1 range [0.0, 2.0] : tensor<?x1x1x2xf32>
    %c2 = quant_hw.conv2d %r1o, %w {quant_hw.name = "conv2", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x1x1x2xf32>, tensor<2x1x1x2xf32>) -> tensor<?x1x1x2xf32>
    %c2o = quant_hw.observe "conv2" %c2 range [-3.0, 2.0] : tensor<?x1x1x2xf32>
    %y = tosa.reshape %c2o, %s {quant_hw.name = "y"} : (tensor<?x1x1x2xf32>, !tosa.shape<2>) -> tensor<?x2xf32>
    return %y : tensor<?x2xf32>
  }
}
