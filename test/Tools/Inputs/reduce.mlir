module attributes {quant_hw.form = "float"} {
  func.func @other(%x: tensor<4xf32>) -> tensor<4xf32> {
    return %x : tensor<4xf32>
  }
  func.func @main(%x: tensor<1x2x2x2xf32>, %w: tensor<2x1x1x2xf32>, %b: tensor<2xf32>) -> tensor<1x2x2x2xf32> {
    %0 = tosa.sigmoid %x : (tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
    %1 = quant_hw.conv2d %0, %w bias %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64}
      : (tensor<1x2x2x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
    %2 = tosa.tanh %1 : (tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
    %3 = tosa.add %2, %0 : (tensor<1x2x2x2xf32>, tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
    return %3 : tensor<1x2x2x2xf32>
  }
}
