// TensorFlow's kernels for uint8 multiply the two scales in f32 and divide by the output's in f64:
// f64(f32(0.0121568628 * 0.0043307086)) / 0.0121568628 = 0.55432... * 2^-7.
// RUN: hwq-opt %s '--quantize-for=tflite-u8{target_dialect=quant_hw}' | FileCheck %s
// RUN: hwq-opt %s '--quantize-for=tflite-u8{target_dialect=quant_hw scale_product=f64}' | FileCheck %s --check-prefix=F64

// CHECK: quant_hw.fully_connected {{.*}}requant = #quant_hw.requant<kernel = r1, scales = [0.0043307087943139731], multipliers = [1190416169], shifts = [38],
// F64: quant_hw.fully_connected {{.*}}requant = #quant_hw.requant<kernel = r1, scales = [0.0043307086452841759], multipliers = [1190416128], shifts = [38],
module attributes {quant_hw.form = "calibrated"} {
  func.func @main(%arg: tensor<?x2xf32> {quant_hw.name = "x"}) -> tensor<?x1xf32> {
    %x = quant_hw.observe "x" %arg range [-1.0, 2.1] : tensor<?x2xf32>
    %w = "tosa.const"() {values = dense<[[0.7, -0.4]]> : tensor<1x2xf32>} : () -> tensor<1x2xf32>
    %f = quant_hw.fully_connected %x, %w {quant_hw.name = "fc"} : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
    %y = quant_hw.observe "fc" %f range [-1.2, 1.9] : tensor<?x1xf32>
    return %y : tensor<?x1xf32>
  }
}
