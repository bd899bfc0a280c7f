// Ops beside convolutions: transposed convolution, functions, nearest
// neighbours, a product of two activations, softmax.
func.func @main(%x: tensor<?x4x4x4xf32> {quant_hw.name = "x"}) -> (tensor<?x16x16x6xf32> {quant_hw.name = "image"}, tensor<?x8x8xf32> {quant_hw.name = "scores"}) {
  %w = "tosa.const"() {values = dense<"0xBA3A58BE0F8BA2BE554CAABDC8528DBE308EB1BEB83BA1BDC331AB3E6D21763EA138593EE3CB63BED862F03C0BF136BE9D1386BEAD4EA1BE92F669BE1218AF3EC4B9863EA9357B3E7B20763E36237BBE5BC51BBE6D09D03DD8F73D3E9343913E36AB9B3EBB47A9BE7F6DAD3D68A80C3E1D139C3B26FA83BE2C18ADBC2C34A8BEE501B23ECBB3953E611A1C3D81A323BE2879A73EAC216D3DDE989C3E118F8E3E0F7ADB3BA5FD8CBDE60EA23D4FF561BD1CB98ABE0FA71FBEAE09803EEB16BBBE96D3B9BE5803CF3D7EDE33BEBCE5E23C217BBCBC28BE00BE78AFCB3EDE6279BE92E08EBD7E9273BEBA5BD93D474037BEF734ECBDA24B4A3E75E812BEACC93F3D839BA53E5770A3BE7F90B3BE331C5EBE8D38593EB91FBD3D9C1B57BED2630ABE6A1484BE904906BDB943BBBE1B9F213E092CA23EB142BA3E7A69403E9D5CBC3EB359C5BEA6DA2CBE5AE0BE3EE579613E5BC192BD4094B53EC171C53D2539823E033D29BEECCA7CBEE30837BD47EA94BE08EEC1BDAB28BD3E70310ABE82F3C8BE7973BABE685887BEC871683E9EE9E0BD19C22BBEE506A5BE0253C53E403179BD47466FBE9A7EB4BE4129B6BE71B687BE"> : tensor<6x3x3x2xf32>} : () -> tensor<6x3x3x2xf32>
  %b = "tosa.const"() {values = dense<[0.1, -0.2, 0.3, 0.0, 0.5, -0.4]> : tensor<6xf32>} : () -> tensor<6xf32>
  %deconv = quant_hw.transpose_conv2d %x, %w bias %b {quant_hw.name = "deconv", pad = array<i64: 1, 1, 1, 1>, output_pad = array<i64: 1, 1>,
      stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 2 : i64}
    : (tensor<?x4x4x4xf32>, tensor<6x3x3x2xf32>, tensor<6xf32>) -> tensor<?x8x8x6xf32>
  %swish = quant_hw.unary hard_swish %deconv {quant_hw.name = "swish"} : tensor<?x8x8x6xf32>
  %scale = tosa.const_shape {values = dense<[4, 2, 4, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %offset = tosa.const_shape {values = dense<0> : tensor<2xindex>} : () -> !tosa.shape<2>
  %border = tosa.const_shape {values = dense<2> : tensor<2xindex>} : () -> !tosa.shape<2>
  %image = tosa.resize %swish, %scale, %offset, %border {quant_hw.name = "image", mode = NEAREST_NEIGHBOR}
    : (tensor<?x8x8x6xf32>, !tosa.shape<4>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<?x16x16x6xf32>
  %rows = tosa.const_shape {values = dense<[-1, 8, 48]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %columns = tosa.const_shape {values = dense<[-1, 48, 8]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %sigmoid = tosa.sigmoid %swish {quant_hw.name = "sigmoid"} : (tensor<?x8x8x6xf32>) -> tensor<?x8x8x6xf32>
  %lhs = tosa.reshape %swish, %rows {quant_hw.name = "lhs"} : (tensor<?x8x8x6xf32>, !tosa.shape<3>) -> tensor<?x8x48xf32>
  %rhs = tosa.reshape %sigmoid, %columns {quant_hw.name = "rhs"} : (tensor<?x8x8x6xf32>, !tosa.shape<3>) -> tensor<?x48x8xf32>
  %product = quant_hw.matmul %lhs, %rhs {quant_hw.name = "product"} : (tensor<?x8x48xf32>, tensor<?x48x8xf32>) -> tensor<?x8x8xf32>
  %scores = quant_hw.softmax %product axis 2 {quant_hw.name = "scores"} : tensor<?x8x8xf32>
  return %image, %scores : tensor<?x16x16x6xf32>, tensor<?x8x8xf32>
}
