// A program for images of 8 x 8 pixels that is no classifier: two coordinates and a mask.
module attributes {quant_hw.form = "observed"} {
  func.func @main(%arg0: tensor<?x8x8x3xf32> {quant_hw.name = "x"}) -> (tensor<?x2xf32> {quant_hw.name = "point"}, tensor<?x8x8x3xf32> {quant_hw.name = "mask"}) {
    %0 = quant_hw.observe "x" %arg0 : tensor<?x8x8x3xf32>
    %1 = tosa.clamp %0 {max_val = 0.5 : f32, min_val = 0.0 : f32, quant_hw.name = "mask"} : (tensor<?x8x8x3xf32>) -> tensor<?x8x8x3xf32>
    %2 = quant_hw.observe "mask" %1 : tensor<?x8x8x3xf32>
    %s = tosa.const_shape {values = dense<[-1, 192]> : tensor<2xindex>} : () -> !tosa.shape<2>
    %3 = tosa.reshape %2, %s {quant_hw.name = "flat"} : (tensor<?x8x8x3xf32>, !tosa.shape<2>) -> tensor<?x192xf32>
    %w = "tosa.const"() {values = dense<0.01> : tensor<2x192xf32>} : () -> tensor<2x192xf32>
    %4 = quant_hw.fully_connected %3, %w {quant_hw.name = "point"} : (tensor<?x192xf32>, tensor<2x192xf32>) -> tensor<?x2xf32>
    %5 = quant_hw.observe "point" %4 : tensor<?x2xf32>
    return %5, %2 : tensor<?x2xf32>, tensor<?x8x8x3xf32>
  }
}
