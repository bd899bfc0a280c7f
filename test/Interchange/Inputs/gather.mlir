// Rows of a table by codes as indices: the batch is a part of the second dimension there.
module attributes {quant_hw.form = "step4"} {
  func.func @main(%x: tensor<?x6x6x4xf32> {quant_hw.name = "x"}) -> (tensor<?x144x3xf32> {quant_hw.name = "rows"}) {
    %q = quant_hw.quantize %x form <q2> {quant_hw.name = "codes"}
        : tensor<?x6x6x4xf32> -> tensor<?x6x6x4x!quant.uniform<i8:f32, 0.03125:3>>
    %d = quant_hw.dequantize %q : tensor<?x6x6x4x!quant.uniform<i8:f32, 0.03125:3>> -> tensor<?x6x6x4xf32>
    %list = tosa.const_shape {values = dense<[1, -1]> : tensor<2xindex>} : () -> !tosa.shape<2>
    %ceil = tosa.ceil %d {quant_hw.name = "ceil"} : (tensor<?x6x6x4xf32>) -> tensor<?x6x6x4xf32>
    %half = "tosa.const"() <{values = dense<0.5> : tensor<1x1x1x1xf32>}> : () -> tensor<1x1x1x1xf32>
    %ties = tosa.add %ceil, %half {quant_hw.name = "ties"} : (tensor<?x6x6x4xf32>, tensor<1x1x1x1xf32>) -> tensor<?x6x6x4xf32>
    %clipped = tosa.clamp %ties {min_val = 0.0 : f32, max_val = 4.0 : f32, quant_hw.name = "clipped"} : (tensor<?x6x6x4xf32>) -> tensor<?x6x6x4xf32>
    %integers = tosa.cast %clipped : (tensor<?x6x6x4xf32>) -> tensor<?x6x6x4xi32>
    %indices = tosa.reshape %integers, %list : (tensor<?x6x6x4xi32>, !tosa.shape<2>) -> tensor<1x?xi32>
    %rows = "tosa.const"() <{values = dense<[[[0.5, 1.0, 1.5], [2.0, 2.5, 3.0], [-0.5, -1.0, -1.5], [0.125, 0.25, 0.375], [7.0, 8.0, 9.0]]]> : tensor<1x5x3xf32>}> : () -> tensor<1x5x3xf32>
    %gathered = tosa.gather %rows, %indices : (tensor<1x5x3xf32>, tensor<1x?xi32>) -> tensor<1x?x3xf32>
    %per_sample = tosa.const_shape {values = dense<[-1, 144, 3]> : tensor<3xindex>} : () -> !tosa.shape<3>
    %embedded = tosa.reshape %gathered, %per_sample : (tensor<1x?x3xf32>, !tosa.shape<3>) -> tensor<?x144x3xf32>
    return %embedded : tensor<?x144x3xf32>
  }
}
