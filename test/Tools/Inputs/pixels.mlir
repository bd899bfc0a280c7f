// A program for images of 8 x 8 pixels.
module attributes {quant_hw.form = "observed"} {
  func.func @main(%arg0: tensor<?x8x8x3xf32> {quant_hw.name = "x"}) -> tensor<?x8x8x3xf32> {
    %0 = quant_hw.observe "x" %arg0 : tensor<?x8x8x3xf32>
    %1 = tosa.clamp %0 {max_val = 0.5 : f32, min_val = 0.0 : f32, quant_hw.name = "y"} : (tensor<?x8x8x3xf32>) -> tensor<?x8x8x3xf32>
    %2 = quant_hw.observe "y" %1 : tensor<?x8x8x3xf32>
    return %2 : tensor<?x8x8x3xf32>
  }
}
