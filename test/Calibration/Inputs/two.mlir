// `x` is observed and not a result, `y` is one.
module attributes {quant_hw.form = "observed"} {
  func.func @main(%arg0: tensor<?x4000xf32> {quant_hw.name = "x"}) -> tensor<?x4000xf32> {
    %0 = quant_hw.observe "x" %arg0 : tensor<?x4000xf32>
    %1 = tosa.clamp %0 {max_val = 3.40282347E+38 : f32, min_val = -3.40282347E+38 : f32, quant_hw.name = "y"} : (tensor<?x4000xf32>) -> tensor<?x4000xf32>
    %2 = quant_hw.observe "y" %1 : tensor<?x4000xf32>
    return %2 : tensor<?x4000xf32>
  }
}
