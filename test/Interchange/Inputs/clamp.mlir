// The bounds of no activation function of TFLite.
module attributes {quant_hw.form = "step4"} {
  func.func @main(%x: tensor<?x2x2x1x!quant.uniform<i8:f32, 0.5>> {quant_hw.name = "x"}) -> (tensor<?x1x1x1x!quant.uniform<i8:f32, 0.5>> {quant_hw.name = "y"}) {
    %0 = quant_hw.avg_pool2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>,
        quantize_form = #quant_hw.quantize_form<q3>, variant = #quant_hw.avg_pool_variant<tflite>,
        clamp = array<i64: -3, 100>, quant_hw.name = "y"}
        : tensor<?x2x2x1x!quant.uniform<i8:f32, 0.5>> -> tensor<?x1x1x1x!quant.uniform<i8:f32, 0.5>>
    return %0 : tensor<?x1x1x1x!quant.uniform<i8:f32, 0.5>>
  }
}
