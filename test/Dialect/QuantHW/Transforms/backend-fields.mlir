// What the passes do with the fields of a descriptor, and the one error with which
// they refuse a value that they do not implement.

// Widths: 4 bits have 15 steps. [0, 255/256] has the scale 17/256 and the weights
// [0, 255/128] have 17/128.
// RUN: hwq-opt %s '--quant-hw-set-backend=backend=snpe overrides={activations.bits=4 weights.bits=4}' --quant-hw-annotate | FileCheck %s --check-prefix=BITS
// BITS: quant_hw.quantize %{{.*}} {quant_hw.name = "x"} : {{.*}}!quant.uniform<u8<0:15>:f32, 0.06640625>>
// BITS: quant_hw.quantize %{{.*}} : tensor<2x2xf32> -> tensor<2x2x!quant.uniform<u8<0:15>:f32, 0.1328125>>

// The weights' own form, and another granularity for fully connected layers.
// RUN: hwq-opt %s '--quant-hw-set-backend=backend=snpe overrides={weight_quantize_form=q1 fully_connected_granularity=per_channel}' --quant-hw-annotate | FileCheck %s --check-prefix=WEIGHTS
// WEIGHTS: quant_hw.quantize %{{.*}} form <q5> {quant_hw.name = "x"}
// WEIGHTS: quant_hw.quantize %{{.*}} form <q1> : tensor<2x2xf32> -> tensor<2x2x!quant.uniform<u8:f32:0, {7.812500e-03,0.001953125}>>

// Rules that treat weights apart: activations have 8/128 whatever their range,
// weights 2/128, the power of two at or above 255/128.
// RUN: hwq-opt %s '--quant-hw-set-backend=backend=tvm overrides={graph_policy=total}' --quant-hw-annotate | FileCheck %s --check-prefix=POT
// POT: quant_hw.quantize %{{.*}} {quant_hw.name = "x"} : {{.*}}!quant.uniform<i8<-127:127>:f32, 6.250000e-02>>
// POT: quant_hw.quantize %{{.*}} : tensor<2x2xf32> -> tensor<2x2x!quant.uniform<i8<-127:127>:f32, 1.562500e-02>>

// A kernel for fully connected layers, and the rounding of the bias: 2^-16 is half of
// an accumulator unit.
// RUN: hwq-opt %s '--quantize-for=snpe{fully_connected_kernel=r1 target_dialect=quant_hw}' | FileCheck %s --check-prefix=KERNEL
// KERNEL: dense<[1, 0]> : tensor<2xi32>
// KERNEL: quant_hw.fully_connected {{.*}}kernel = r1,
// KERNEL: quant_hw.add {{.*}}kernel = r2,
// RUN: hwq-opt %s '--quantize-for=snpe{bias_rounding=rne target_dialect=quant_hw}' | FileCheck %s --check-prefix=ROUNDING
// ROUNDING: dense<0> : tensor<2xi32>
// ROUNDING: quant_hw.fully_connected {{.*}}kernel = r2,

// A backend whose program is done at step 0.
// RUN: hwq-opt %s '--quantize-for=snpe{final_form=step0 target_dialect=quant_hw}' | FileCheck %s --check-prefix=STEP0
// STEP0: quant_hw.form = "step0"
// STEP0: quant_hw.dequantize

// Kernels that multiply by a float; a real bias stays with them.
// RUN: hwq-opt %s '--quantize-for=snpe{requantize_kernel=r4 bias=f32 add=float target_dialect=quant_hw}' | FileCheck %s --check-prefix=R4
// R4: quant_hw.fully_connected {{.*}}kernel = r4, scales = [{{.*}}], factors = [{{.*}}], bias = [
// R4: quant_hw.add {{.*}}kernel = r4, {{.*}}variant = #quant_hw.add_variant<float>
// RUN: hwq-opt %s '--quantize-for=snpe{fully_connected_kernel=r12 target_dialect=quant_hw}' | FileCheck %s --check-prefix=R12
// R12: quant_hw.fully_connected {{.*}}kernel = r12, scales = [{{.*}}], factors = [
// RUN: hwq-opt %s '--quantize-for=snpe{multiplier_rule=bits24 target_dialect=quant_hw}' | FileCheck %s --check-prefix=MULTIPLIER
// MULTIPLIER: quant_hw.fully_connected {{.*}}kernel = r2, {{.*}}multipliers = [
// RUN: hwq-opt %s '--quantize-for=snpe{avg_pool=nnpi concat=hexagon target_dialect=quant_hw}' | FileCheck %s --check-prefix=POOL
// POOL: quant_hw.avg_pool2d {{.*}}variant = #quant_hw.avg_pool_variant<nnpi>

// Refused by the pass that would act.
// RUN: not hwq-opt %s '--quantize-for=snpe{add=dpu target_dialect=quant_hw}' 2>&1 | FileCheck %s --check-prefix=ADD --implicit-check-not=error:
// ADD: error: the addition {{.*}}: add: expected
module attributes {quant_hw.form = "calibrated"} {
  func.func @main(%arg: tensor<?x1x1x2xf32> {quant_hw.name = "x"}) -> tensor<?x1x1x4xf32> {
    %x = quant_hw.observe "x" %arg range [0.0, 0.99609375] method "min-max" : tensor<?x1x1x2xf32>
    %w = "tosa.const"() {values = dense<[[1.9921875, 0.0], [0.498046875, 0.0]]> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
    %b = "tosa.const"() {values = dense<[1.52587890625e-05, 0.0]> : tensor<2xf32>} : () -> tensor<2xf32>
    %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
    %s2 = tosa.const_shape {values = dense<[-1, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
    %s4 = tosa.const_shape {values = dense<[-1, 1, 1, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
    %p = tosa.avg_pool2d %x, %z, %z {quant_hw.name = "pool", acc_type = f32, kernel = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x1x1x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x1x1x2xf32>
    %po = quant_hw.observe "pool" %p range [0.0, 0.99609375] method "min-max" : tensor<?x1x1x2xf32>
    %r = tosa.reshape %po, %s2 : (tensor<?x1x1x2xf32>, !tosa.shape<2>) -> tensor<?x2xf32>
    %f = quant_hw.fully_connected %r, %w bias %b {quant_hw.name = "fc"} : (tensor<?x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
    %fo = quant_hw.observe "fc" %f range [0.0, 2.0] method "min-max" : tensor<?x2xf32>
    %v = tosa.reshape %fo, %s4 : (tensor<?x2xf32>, !tosa.shape<4>) -> tensor<?x1x1x2xf32>
    %a = tosa.add %v, %po {quant_hw.name = "sum"} : (tensor<?x1x1x2xf32>, tensor<?x1x1x2xf32>) -> tensor<?x1x1x2xf32>
    %ao = quant_hw.observe "sum" %a range [0.0, 3.0] method "min-max" : tensor<?x1x1x2xf32>
    %c = tosa.concat %ao, %v {axis = 3 : i32, quant_hw.name = "y"} : (tensor<?x1x1x2xf32>, tensor<?x1x1x2xf32>) -> tensor<?x1x1x4xf32>
    %y = quant_hw.observe "y" %c range [0.0, 4.0] method "min-max" : tensor<?x1x1x4xf32>
    return %y : tensor<?x1x1x4xf32>
  }
}
