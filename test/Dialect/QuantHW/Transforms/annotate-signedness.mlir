// Signedness of unsigned symmetric activations: from the range, from the op that makes
// them, or always; on storage of their own.
// RUN: hwq-opt %s '--quant-hw-set-backend=backend=academic' --quant-hw-annotate | python3 %S/Inputs/print_quantizers.py | FileCheck %s --check-prefix=RANGE --match-full-lines
// Signed data have their zero in the middle of u8 and half the steps. -0.0 is not
// negative; that -0.001 is makes the same data signed.
// RANGE: Q zero = input : u8:f32, 0.0039215688593685627
// RANGE: Q negative = input : u8:f32, 0.0078431377187371254:128

// The input has no negative values but comes from no relu; relu does, through the pool
// and the concatenation with itself; what the tanh gives does not, and a concatenation
// with that is signed.
// RUN: hwq-opt %s '--quant-hw-set-backend=backend=academic overrides={graph_policy=total activations.storage=i8 activations.unsigned_storage=u8 signedness=producer keep_parameters=[max_pool2d,movement] fuse_clamp=true}' --quant-hw-annotate | python3 %S/Inputs/print_quantizers.py | grep ^Q | FileCheck %s --check-prefix=PRODUCER --match-full-lines
// PRODUCER: Q negative = input : i8:f32, 0.0078431377187371254
// PRODUCER-NEXT: Q zero = input : i8:f32, 0.0078431377187371254
// PRODUCER-NEXT: Q relu = {{.*}} : u8:f32, 0.0039215688593685627
// PRODUCER-NEXT: Q pool = {{.*}} : u8:f32, 0.0039215688593685627
// PRODUCER-NEXT: Q pools = {{.*}} : u8:f32, 0.0039215688593685627
// PRODUCER-NEXT: Q signed = {{.*}} : i8:f32, 0.0078431377187371254
// PRODUCER-NEXT: Q both = {{.*}} : i8:f32, 0.0078431377187371254
// PRODUCER-NEXT: Q clamp = {{.*}} : i8:f32, 0.0078431377187371254
// PRODUCER-NEXT: Q y = {{.*}} : i8:f32, 0.0078431377187371254

// RUN: hwq-opt %s '--quant-hw-set-backend=backend=academic overrides={graph_policy=total signedness=always fuse_clamp=true}' --quant-hw-annotate | python3 %S/Inputs/print_quantizers.py | grep ^Q | FileCheck %s --check-prefix=ALWAYS --match-full-lines
// ALWAYS: Q negative = input : u8:f32, 0.0039215688593685627
// ALWAYS-NEXT: Q zero = input : u8:f32, 0.0039215688593685627
module attributes {quant_hw.form = "calibrated"} {
  func.func @main(%a: tensor<?x1x1x1xf32> {quant_hw.name = "zero"}, %b: tensor<?x1x1x1xf32> {quant_hw.name = "negative"}) -> (tensor<?x1x1x2xf32>, tensor<?x1x1x2xf32>, tensor<?x1x1x1xf32>) {
    %w = "tosa.const"() {values = dense<0.5> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
    %ao = quant_hw.observe "zero" %a range [-0.0, 1.0] : tensor<?x1x1x1xf32>
    %bo = quant_hw.observe "negative" %b range [-0.001, 1.0] : tensor<?x1x1x1xf32>
    %c = quant_hw.conv2d %ao, %w {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<?x1x1x1xf32>
    %r = tosa.clamp %c {quant_hw.name = "relu", min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<?x1x1x1xf32>) -> tensor<?x1x1x1xf32>
    %ro = quant_hw.observe "relu" %r range [0.0, 1.0] : tensor<?x1x1x1xf32>
    %p = tosa.max_pool2d %ro {quant_hw.name = "pool", kernel = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x1x1x1xf32>) -> tensor<?x1x1x1xf32>
    %po = quant_hw.observe "pool" %p range [0.0, 1.0] : tensor<?x1x1x1xf32>
    %q = tosa.concat %ro, %po {axis = 3 : i32, quant_hw.name = "pools"} : (tensor<?x1x1x1xf32>, tensor<?x1x1x1xf32>) -> tensor<?x1x1x2xf32>
    %qo = quant_hw.observe "pools" %q range [0.0, 1.0] : tensor<?x1x1x2xf32>
    %d = quant_hw.conv2d %bo, %w {quant_hw.name = "signed", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<?x1x1x1xf32>
    %do = quant_hw.observe "signed" %d range [0.0, 1.0] : tensor<?x1x1x1xf32>
    %s = tosa.concat %ro, %do {axis = 3 : i32, quant_hw.name = "both"} : (tensor<?x1x1x1xf32>, tensor<?x1x1x1xf32>) -> tensor<?x1x1x2xf32>
    %so = quant_hw.observe "both" %s range [0.0, 1.0] : tensor<?x1x1x2xf32>
    %e = quant_hw.conv2d %ro, %w {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<?x1x1x1xf32>
    %f = tosa.clamp %e {quant_hw.name = "clamp", min_val = -1.0 : f32, max_val = 1.0 : f32} : (tensor<?x1x1x1xf32>) -> tensor<?x1x1x1xf32>
    %fo = quant_hw.observe "clamp" %f range [0.0, 1.0] : tensor<?x1x1x1xf32>
    %y = tosa.add %fo, %do {quant_hw.name = "y"} : (tensor<?x1x1x1xf32>, tensor<?x1x1x1xf32>) -> tensor<?x1x1x1xf32>
    %yo = quant_hw.observe "y" %y range [0.0, 1.0] : tensor<?x1x1x1xf32>
    return %qo, %so, %yo : tensor<?x1x1x2xf32>, tensor<?x1x1x2xf32>, tensor<?x1x1x1xf32>
  }
}
