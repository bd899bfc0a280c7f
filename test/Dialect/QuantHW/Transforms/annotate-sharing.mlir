// Which tensors have equal parameters, and from whose range.
// RUN: hwq-opt %s --split-input-file --quant-hw-annotate | python3 %S/Inputs/print_quantizers.py | FileCheck %s --match-full-lines
// RUN: hwq-opt %s --split-input-file --quant-hw-annotate --remarks-filter='hwq.*' 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// The network's own order: a concatenation of a max pool's result and of the network's
// input, which a max pool reads too. TPU-MLIR's alignment makes one group of all, with
// the range of the last pool's result.
// REMARK: 'a' has the parameters of 'pool': max_pool2d gives its operands the parameters of its result
// REMARK: 'a' has the parameters of 'cat': concat gives its operands the parameters of its result
// REMARK: 'pool' has the parameters of 'cat': concat gives its operands the parameters of its result
// REMARK: 'cat' has the parameters of 'last': max_pool2d gives its operands the parameters of its result
// CHECK: Q a = input : u8:f32, 0.0039215686274509803
// CHECK-NEXT: #1 = max_pool2d(Q a)
// CHECK-NEXT: Q pool = #1 : u8:f32, 0.0039215686274509803
// CHECK-NEXT: #2 = concat(Q a, Q pool)
// CHECK-NEXT: Q cat = #2 : u8:f32, 0.0039215686274509803
// CHECK-NEXT: #3 = max_pool2d(Q cat)
// CHECK-NEXT: Q last = #3 : u8:f32, 0.0039215686274509803
// CHECK-NEXT: #4 = add(Q last, Q last)
// CHECK-NEXT: Q y = #4 : u8:f32, 0.0078431372549019607
// CHECK-NEXT: return Q y
#sophgo = #quant_hw.backend<"sophgo", {vendor = "v", hardware = "h",
  activations = {storage = "i8", symmetry = "unsigned_symmetric", unsigned_storage = "u8"}, weights = {storage = "i8", symmetry = "symmetric"},
  activation_rule = "p_tpu", weight_rule = "p_tpu", quantize_form = "q7", requantize_kernel = "r7",
  graph_policy = "sophgo", align_operands = ["concat", "max_pool2d"],
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #sophgo, quant_hw.form = "calibrated"} {
  func.func @main(%arg: tensor<?x2x2x1xf32> {quant_hw.name = "a"}) -> tensor<?x2x2x2xf32> {
    %a = quant_hw.observe "a" %arg range [0.0, 4.0] : tensor<?x2x2x1xf32>
    %p = tosa.max_pool2d %a {quant_hw.name = "pool", kernel = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x2x2x1xf32>) -> tensor<?x2x2x1xf32>
    %po = quant_hw.observe "pool" %p range [0.0, 3.0] : tensor<?x2x2x1xf32>
    %c = tosa.concat %a, %po {axis = 3 : i32, quant_hw.name = "cat"} : (tensor<?x2x2x1xf32>, tensor<?x2x2x1xf32>) -> tensor<?x2x2x2xf32>
    %co = quant_hw.observe "cat" %c range [0.0, 2.0] : tensor<?x2x2x2xf32>
    %l = tosa.max_pool2d %co {quant_hw.name = "last", kernel = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x2x2x2xf32>) -> tensor<?x2x2x2xf32>
    %lo = quant_hw.observe "last" %l range [0.0, 1.0] : tensor<?x2x2x2xf32>
    %y = tosa.add %lo, %lo {quant_hw.name = "y"} : (tensor<?x2x2x2xf32>, tensor<?x2x2x2xf32>) -> tensor<?x2x2x2xf32>
    %yo = quant_hw.observe "y" %y range [0.0, 2.0] : tensor<?x2x2x2xf32>
    return %yo : tensor<?x2x2x2xf32>
  }
}

// -----

// The same in TPU-MLIR's order: operands of the concatenation take its row, then pools
// give theirs away, so that the concatenation's operands differ from it.
// REMARK: 'a' takes the range of 'cat': concat gives its operands the parameters of its result
// CHECK-NEXT: Q a = input : u8:f32, 0.0078431372549019607
// CHECK-NEXT: #5 = max_pool2d(Q a)
// CHECK-NEXT: Q pool = #5 : u8:f32, 0.0078431372549019607
// CHECK-NEXT: #6 = concat(Q a, Q pool)
// CHECK-NEXT: Q cat = #6 : u8:f32, 0.0039215686274509803
// CHECK-NEXT: #7 = max_pool2d(Q cat)
// CHECK-NEXT: Q last = #7 : u8:f32, 0.0039215686274509803
// CHECK-NEXT: #8 = add(Q last, Q last)
// CHECK-NEXT: Q y = #8 : u8:f32, 0.0078431372549019607
// CHECK-NEXT: return Q y
#compat = #quant_hw.backend<"compat", {vendor = "v", hardware = "h",
  activations = {storage = "i8", symmetry = "unsigned_symmetric", unsigned_storage = "u8"}, weights = {storage = "i8", symmetry = "symmetric"},
  activation_rule = "p_tpu", weight_rule = "p_tpu", quantize_form = "q7", requantize_kernel = "r7",
  graph_policy = "sophgo_compat", align_operands = ["concat", "max_pool2d"],
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #compat, quant_hw.form = "calibrated"} {
  func.func @main(%arg: tensor<?x2x2x1xf32> {quant_hw.name = "a"}) -> tensor<?x2x2x2xf32> {
    %a = quant_hw.observe "a" %arg range [0.0, 4.0] : tensor<?x2x2x1xf32>
    %p = tosa.max_pool2d %a {quant_hw.name = "pool", kernel = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x2x2x1xf32>) -> tensor<?x2x2x1xf32>
    %po = quant_hw.observe "pool" %p range [0.0, 3.0] : tensor<?x2x2x1xf32>
    %c = tosa.concat %a, %po {axis = 3 : i32, quant_hw.name = "cat"} : (tensor<?x2x2x1xf32>, tensor<?x2x2x1xf32>) -> tensor<?x2x2x2xf32>
    %co = quant_hw.observe "cat" %c range [0.0, 2.0] : tensor<?x2x2x2xf32>
    %l = tosa.max_pool2d %co {quant_hw.name = "last", kernel = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x2x2x2xf32>) -> tensor<?x2x2x2xf32>
    %lo = quant_hw.observe "last" %l range [0.0, 1.0] : tensor<?x2x2x2xf32>
    %y = tosa.add %lo, %lo {quant_hw.name = "y"} : (tensor<?x2x2x2xf32>, tensor<?x2x2x2xf32>) -> tensor<?x2x2x2xf32>
    %yo = quant_hw.observe "y" %y range [0.0, 2.0] : tensor<?x2x2x2xf32>
    return %yo : tensor<?x2x2x2xf32>
  }
}

// -----

// Fixed outputs: a sigmoid's grid does not follow from its range, what is moved keeps
// it, and a concatenation that copies codes gets it requantized to the parameters of
// all the rest, [-3, 2] on 255 steps. tanh has its middle.
// CHECK-NEXT: Q x = input : i8:f32, 0.019607843137254902:25
// CHECK-NEXT: #9 = sigmoid(Q x)
// CHECK-NEXT: Q s = #9 : i8:f32, 3.906250e-03:-128
// CHECK-NEXT: #10 = reshape(Q s)
// CHECK-NEXT: Q r = #10 : i8:f32, 3.906250e-03:-128
// CHECK-NEXT: #11 = tanh(Q x)
// CHECK-NEXT: Q t = #11 : i8:f32, 7.812500e-03
// CHECK-NEXT: #12 = add(Q s, Q t)
// CHECK-NEXT: Q sum = #12 : i8:f32, 0.0078431372549019607:-1
// CHECK-NEXT: Q r_quantized = Q r : i8:f32, 0.019607843137254902:25
// CHECK-NEXT: #13 = concat(Q r_quantized, Q x)
// CHECK-NEXT: Q cat = #13 : i8:f32, 0.019607843137254902:25
// CHECK-NEXT: return Q sum, Q cat
// REMARK: 'r' has the parameters of 's': movement keeps the parameters of its operand
// REMARK: 'x' has the parameters of 'cat': concat copies codes
#fixed = #quant_hw.backend<"fixed", {vendor = "v", hardware = "h",
  activations = {storage = "i8", symmetry = "asymmetric"}, weights = {storage = "i8", symmetry = "symmetric"},
  activation_rule = "p_tfl", weight_rule = "p_tfl", quantize_form = "q3", requantize_kernel = "r1",
  graph_policy = "tfl", keep_parameters = ["movement"], concat = "copy", fixed_outputs = "per_256",
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #fixed, quant_hw.form = "calibrated"} {
  func.func @main(%arg: tensor<2x1xf32> {quant_hw.name = "x"}) -> (tensor<2x1xf32>, tensor<2x2xf32>) {
    %x = quant_hw.observe "x" %arg range [-3.0, 2.0] : tensor<2x1xf32>
    %s = tosa.sigmoid %x {quant_hw.name = "s"} : (tensor<2x1xf32>) -> tensor<2x1xf32>
    %so = quant_hw.observe "s" %s range [0.1, 0.8] : tensor<2x1xf32>
    %shape = tosa.const_shape {values = dense<[2, 1]> : tensor<2xindex>} : () -> !tosa.shape<2>
    %r = tosa.reshape %so, %shape {quant_hw.name = "r"} : (tensor<2x1xf32>, !tosa.shape<2>) -> tensor<2x1xf32>
    %t = tosa.tanh %x {quant_hw.name = "t"} : (tensor<2x1xf32>) -> tensor<2x1xf32>
    %to = quant_hw.observe "t" %t range [-0.9, 0.9] : tensor<2x1xf32>
    %a = tosa.add %so, %to {quant_hw.name = "sum"} : (tensor<2x1xf32>, tensor<2x1xf32>) -> tensor<2x1xf32>
    %ao = quant_hw.observe "sum" %a range [-1.0, 1.0] : tensor<2x1xf32>
    %c = tosa.concat %r, %x {axis = 1 : i32, quant_hw.name = "cat"} : (tensor<2x1xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
    %co = quant_hw.observe "cat" %c range [-3.0, 1.5] : tensor<2x2xf32>
    return %ao, %co : tensor<2x1xf32>, tensor<2x2xf32>
  }
}

// -----

// The paper's G2: where one operand of an addition is a convolution with batch norm or
// relu (a bias is left of the former), the quantizer of operand 0 goes, and with it that
// of the pool behind it, even if operand 1 is the convolution. A convolution without
// both does not count.
// CHECK-NEXT: Q x = input : i8:f32, 0.0078740157186985015
// CHECK-NEXT: a = conv2d(Q x, W i8:f32, 0.0039370078593492508)
// CHECK-NEXT: #14 = conv2d(a, W i8:f32, 0.0039370078593492508)
// CHECK-NEXT: Q b = #14 : i8:f32, 0.0078740157186985015
// CHECK-NEXT: p = max_pool2d(a)
// CHECK-NEXT: #15 = add(a, Q b)
// CHECK-NEXT: Q s = #15 : i8:f32, 0.015748031437397003
// CHECK-NEXT: t = add(p, Q s)
// CHECK-NEXT: return t
// CHECK-NOT: {{.}}
#paper = #quant_hw.backend<"paper", {vendor = "v", hardware = "h",
  activations = {storage = "i8", symmetry = "symmetric"}, weights = {storage = "i8", symmetry = "symmetric"},
  activation_rule = "p_trt", weight_rule = "p_trt", quantize_form = "q2", requantize_kernel = "r14", bias = "f32",
  graph_policy = "g2_paper", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #paper, quant_hw.form = "calibrated"} {
  func.func @main(%arg: tensor<?x2x2x1xf32> {quant_hw.name = "x"}) -> tensor<?x2x2x1xf32> {
    %w = "tosa.const"() {values = dense<0.5> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
    %k = "tosa.const"() {values = dense<0.5> : tensor<1xf32>} : () -> tensor<1xf32>
    %x = quant_hw.observe "x" %arg range [-1.0, 1.0] : tensor<?x2x2x1xf32>
    %a = quant_hw.conv2d %x, %w {quant_hw.name = "a", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x2x2x1xf32>, tensor<1x1x1x1xf32>) -> tensor<?x2x2x1xf32>
    %ao = quant_hw.observe "a" %a range [-1.0, 1.0] : tensor<?x2x2x1xf32>
    %b = quant_hw.conv2d %ao, %w bias %k {quant_hw.name = "b", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x2x2x1xf32>, tensor<1x1x1x1xf32>, tensor<1xf32>) -> tensor<?x2x2x1xf32>
    %bo = quant_hw.observe "b" %b range [-1.0, 1.0] : tensor<?x2x2x1xf32>
    %p = tosa.max_pool2d %ao {quant_hw.name = "p", kernel = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x2x2x1xf32>) -> tensor<?x2x2x1xf32>
    %po = quant_hw.observe "p" %p range [-1.0, 1.0] : tensor<?x2x2x1xf32>
    %s = tosa.add %ao, %bo {quant_hw.name = "s"} : (tensor<?x2x2x1xf32>, tensor<?x2x2x1xf32>) -> tensor<?x2x2x1xf32>
    %so = quant_hw.observe "s" %s range [-2.0, 2.0] : tensor<?x2x2x1xf32>
    %t = tosa.add %po, %so {quant_hw.name = "t"} : (tensor<?x2x2x1xf32>, tensor<?x2x2x1xf32>) -> tensor<?x2x2x1xf32>
    %to = quant_hw.observe "t" %t range [-2.0, 2.0] : tensor<?x2x2x1xf32>
    return %to : tensor<?x2x2x1xf32>
  }
}
