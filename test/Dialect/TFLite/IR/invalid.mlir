// One case for each constraint.
// RUN: hwq-opt %s --split-input-file --verify-diagnostics

func.func @add_c1(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects one shape everywhere, got 'tensor<?x4x!quant.uniform<i8:f32, 5.000000e-01:3>>', 'tensor<?x4x!quant.uniform<i8:f32, 2.500000e-01>>' and 'tensor<?x7x!quant.uniform<i8:f32, 5.000000e-01:-1>>'}}
  %y = tflite.add %a, %b {rounding = "double", left_shift = 20 : i32,
      input1_multiplier = 1073741824 : i32, input1_shift = 0 : i32,
      input2_multiplier = 1073741824 : i32, input2_shift = -1 : i32,
      output_multiplier = 1073741824 : i32, output_shift = -18 : i32,
      fused_activation_function = "NONE"}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x7x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @add_c2(%a: tensor<?x4x!quant.uniform<i16:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01:3>>'}}
  %y = tflite.add %a, %b {rounding = "double", left_shift = 20 : i32,
      input1_multiplier = 1073741824 : i32, input1_shift = 0 : i32,
      input2_multiplier = 1073741824 : i32, input2_shift = -1 : i32,
      output_multiplier = 1073741824 : i32, output_shift = -18 : i32,
      fused_activation_function = "NONE"}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5:3>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @add_c3(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'rounding' to be 'double', 'single', 'upward', 'fixed', got "float"}}
  %y = tflite.add %a, %b {rounding = "float", left_shift = 20 : i32,
      input1_multiplier = 1073741824 : i32, input1_shift = 0 : i32,
      input2_multiplier = 1073741824 : i32, input2_shift = -1 : i32,
      output_multiplier = 1073741824 : i32, output_shift = -18 : i32,
      fused_activation_function = "NONE"}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @add_c4(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'fused_activation_function' to be "NONE", got "RELU6"}}
  %y = tflite.add %a, %b {rounding = "double", left_shift = 20 : i32,
      input1_multiplier = 1073741824 : i32, input1_shift = 0 : i32,
      input2_multiplier = 1073741824 : i32, input2_shift = -1 : i32,
      output_multiplier = 1073741824 : i32, output_shift = -18 : i32,
      fused_activation_function = "RELU6"}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @average_pool_2d_c1(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5:3>>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 3, got 'tensor<?x2x2x6x!quant.uniform<i8:f32, 5.000000e-01:3>>'}}
  %y = tflite.average_pool_2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -128, 127>}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<?x2x2x6x!quant.uniform<i8:f32, 0.5:3>>
  return
}

// -----

func.func @average_pool_2d_c2(%x: tensor<?x4x4x3x!quant.uniform<i16:f32, 0.5:3>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x4x3x!quant.uniform<i16:f32, 5.000000e-01:3>>'}}
  %y = tflite.average_pool_2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -128, 127>}
      : (tensor<?x4x4x3x!quant.uniform<i16:f32, 0.5:3>>) -> tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5:3>>
  return
}

// -----

func.func @batch_matmul_c1(%a: tensor<?x2x4x!quant.uniform<i8:f32, 0.5:3>>, %b: tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects dimension 2 of the result to be 3, got 'tensor<?x2x6x!quant.uniform<i8:f32, 5.000000e-01:-1>>'}}
  %y = tflite.batch_matmul %a, %b {rounding = "float64", effective_scale = array<f64: 0.25>,
      fused_activation_function = "NONE"}
      : (tensor<?x2x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x2x6x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @batch_matmul_c2(%a: tensor<?x2x4x!quant.uniform<i16:f32, 0.5:3>>, %b: tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x4x!quant.uniform<i16:f32, 5.000000e-01:3>>'}}
  %y = tflite.batch_matmul %a, %b {rounding = "float64", effective_scale = array<f64: 0.25>,
      fused_activation_function = "NONE"}
      : (tensor<?x2x4x!quant.uniform<i16:f32, 0.5:3>>, tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x2x3x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @batch_matmul_c3(%a: tensor<?x2x4x!quant.uniform<i8:f32, 0.5:3>>, %b: tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects an integer kernel, one scale and the input zero point 0 in 'requant'}}
  %y = tflite.batch_matmul %a, %b {rounding = "float64", effective_scale = array<f64: 0.25, 0.25>,
      fused_activation_function = "NONE"}
      : (tensor<?x2x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x2x3x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @batch_matmul_c4(%a: tensor<?x2x4x!quant.uniform<i8:f32, 0.5:3>>, %b: tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'fused_activation_function' to be "NONE", got "RELU6"}}
  %y = tflite.batch_matmul %a, %b {rounding = "float64", effective_scale = array<f64: 0.25>,
      fused_activation_function = "RELU6"}
      : (tensor<?x2x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x2x3x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @conv_2d_c1(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5:3>>, %w: tensor<2x3x3x3x!quant.uniform<i8<-127:127>:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 2, got 'tensor<?x4x4x5x!quant.uniform<i8:f32, 5.000000e-01:-1>>'}}
  %y = tflite.conv_2d %x, %w, %b {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 3 : i32, rounding = "double",
      output_multiplier = array<i32: 1073741824>, output_shift = array<i32: -1>,
      quantized_activation_min = -1 : i32, fused_activation_function = "RELU"}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5:3>>, tensor<2x3x3x3x!quant.uniform<i8<-127:127>:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x4x4x5x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @conv_2d_c2(%x: tensor<?x4x4x3x!quant.uniform<i16:f32, 0.5:3>>, %w: tensor<2x3x3x3x!quant.uniform<i8<-127:127>:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x4x3x!quant.uniform<i16:f32, 5.000000e-01:3>>'}}
  %y = tflite.conv_2d %x, %w, %b {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 3 : i32, rounding = "double",
      output_multiplier = array<i32: 1073741824>, output_shift = array<i32: -1>,
      quantized_activation_min = -1 : i32, fused_activation_function = "RELU"}
      : (tensor<?x4x4x3x!quant.uniform<i16:f32, 0.5:3>>, tensor<2x3x3x3x!quant.uniform<i8<-127:127>:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x4x4x2x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @conv_2d_c3(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5:3>>, %w: tensor<2x3x3x3x!quant.uniform<i8<-127:127>:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'rounding' to be 'double', 'single', 'upward', 'fixed', 'float', 'float64', got "up"}}
  %y = tflite.conv_2d %x, %w, %b {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 3 : i32, rounding = "up",
      output_multiplier = array<i32: 1073741824>, output_shift = array<i32: -1>,
      quantized_activation_min = -1 : i32, fused_activation_function = "RELU"}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5:3>>, tensor<2x3x3x3x!quant.uniform<i8<-127:127>:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x4x4x2x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @conv_2d_c4(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5:3>>, %w: tensor<2x3x3x3x!quant.uniform<i8<-127:127>:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'fused_activation_function' to be "RELU", got "RELU6"}}
  %y = tflite.conv_2d %x, %w, %b {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 3 : i32, rounding = "double",
      output_multiplier = array<i32: 1073741824>, output_shift = array<i32: -1>,
      quantized_activation_min = -1 : i32, fused_activation_function = "RELU6"}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5:3>>, tensor<2x3x3x3x!quant.uniform<i8<-127:127>:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x4x4x2x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @depthwise_conv_2d_c1(%x: tensor<?x4x4x2x!quant.uniform<i8:f32, 0.5:3>>, %w: tensor<2x3x3x1x!quant.uniform<i8<-127:127>:f32:0, {0.25, 0.5}>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 2, got 'tensor<?x2x2x5x!quant.uniform<i8:f32, 5.000000e-01:-1>>'}}
  %y = tflite.depthwise_conv_2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 2 : i64, pad_value = 3 : i32, rounding = "float",
      scale = array<f32: 0.25, 0.5>, fused_activation_function = "NONE"}
      : (tensor<?x4x4x2x!quant.uniform<i8:f32, 0.5:3>>,
         tensor<2x3x3x1x!quant.uniform<i8<-127:127>:f32:0, {0.25, 0.5}>>,
         tensor<2xi32>) -> tensor<?x2x2x5x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @depthwise_conv_2d_c2(%x: tensor<?x4x4x2x!quant.uniform<i16:f32, 0.5:3>>, %w: tensor<2x3x3x1x!quant.uniform<i8<-127:127>:f32:0, {0.25, 0.5}>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x4x2x!quant.uniform<i16:f32, 5.000000e-01:3>>'}}
  %y = tflite.depthwise_conv_2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 2 : i64, pad_value = 3 : i32, rounding = "float",
      scale = array<f32: 0.25, 0.5>, fused_activation_function = "NONE"}
      : (tensor<?x4x4x2x!quant.uniform<i16:f32, 0.5:3>>,
         tensor<2x3x3x1x!quant.uniform<i8<-127:127>:f32:0, {0.25, 0.5}>>,
         tensor<2xi32>) -> tensor<?x2x2x2x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @depthwise_conv_2d_c3(%x: tensor<?x4x4x2x!quant.uniform<i8:f32, 0.5:3>>, %w: tensor<2x3x3x1x!quant.uniform<i8<-127:127>:f32:0, {0.25, 0.5}>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'scale'}}
  %y = tflite.depthwise_conv_2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 2 : i64, pad_value = 3 : i32, rounding = "float",
      fused_activation_function = "NONE"}
      : (tensor<?x4x4x2x!quant.uniform<i8:f32, 0.5:3>>,
         tensor<2x3x3x1x!quant.uniform<i8<-127:127>:f32:0, {0.25, 0.5}>>,
         tensor<2xi32>) -> tensor<?x2x2x2x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @depthwise_conv_2d_c4(%x: tensor<?x4x4x2x!quant.uniform<i8:f32, 0.5:3>>, %w: tensor<2x3x3x1x!quant.uniform<i8<-127:127>:f32:0, {0.25, 0.5}>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'fused_activation_function' to be "NONE", got "RELU6"}}
  %y = tflite.depthwise_conv_2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 2 : i64, pad_value = 3 : i32, rounding = "float",
      scale = array<f32: 0.25, 0.5>, fused_activation_function = "RELU6"}
      : (tensor<?x4x4x2x!quant.uniform<i8:f32, 0.5:3>>,
         tensor<2x3x3x1x!quant.uniform<i8<-127:127>:f32:0, {0.25, 0.5}>>,
         tensor<2xi32>) -> tensor<?x2x2x2x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @dequantize_c1(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>) {
  // expected-error@+1 {{requires the same shape for all operands and results}}
  %y = tflite.dequantize %x : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<?x7xf32>
  return
}

// -----

func.func @dequantize_c2(%x: tensor<?x4x!quant.uniform<i16:f32, 0.5:3>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01:3>>'}}
  %y = tflite.dequantize %x : (tensor<?x4x!quant.uniform<i16:f32, 0.5:3>>) -> tensor<?x4xf32>
  return
}

// -----

func.func @fully_connected_c1(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, %w: tensor<2x4x!quant.uniform<i8<-127:127>:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 1 of the result to be 2, got 'tensor<?x5x!quant.uniform<i8:f32, 5.000000e-01:-1>>'}}
  %y = tflite.fully_connected %x, %w, %b {rounding = "float64", effective_scale = array<f64: 0.25>,
      fused_activation_function = "NONE"}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<2x4x!quant.uniform<i8<-127:127>:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x5x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @fully_connected_c2(%x: tensor<?x4x!quant.uniform<i16:f32, 0.5:3>>, %w: tensor<2x4x!quant.uniform<i8<-127:127>:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01:3>>'}}
  %y = tflite.fully_connected %x, %w, %b {rounding = "float64", effective_scale = array<f64: 0.25>,
      fused_activation_function = "NONE"}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5:3>>, tensor<2x4x!quant.uniform<i8<-127:127>:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x2x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @fully_connected_c3(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, %w: tensor<2x4x!quant.uniform<i8<-127:127>:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'effective_scale'}}
  %y = tflite.fully_connected %x, %w, %b {rounding = "float64", 
      fused_activation_function = "NONE"}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<2x4x!quant.uniform<i8<-127:127>:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x2x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @fully_connected_c4(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, %w: tensor<2x4x!quant.uniform<i8<-127:127>:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'fused_activation_function' to be "NONE", got "RELU6"}}
  %y = tflite.fully_connected %x, %w, %b {rounding = "float64", effective_scale = array<f64: 0.25>,
      fused_activation_function = "RELU6"}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<2x4x!quant.uniform<i8<-127:127>:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x2x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @lookup_c1(%x: tensor<?x4x!quant.uniform<i8<-2:1>:f32, 0.5>>) {
  // expected-error@+1 {{requires the same shape for all operands and results}}
  %y = tflite.lookup %x {table = array<i32: 0, 1, 1, 3>}
      : (tensor<?x4x!quant.uniform<i8<-2:1>:f32, 0.5>>) -> tensor<?x7x!quant.uniform<i8:f32, 0.25:-1>>
  return
}

// -----

func.func @lookup_c2(%x: tensor<?x4x!quant.uniform<i16:f32, 0.5>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = tflite.lookup %x {table = array<i32: 0, 1, 1, 3>}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5>>) -> tensor<?x4x!quant.uniform<i8:f32, 0.25:-1>>
  return
}

// -----

func.func @mean_c1(%x: tensor<?x8x4x!quant.uniform<i8:f32, 0.5:3>>) {
  // expected-error@+1 {{expects a result of the operand's shape with 1 along the axes [1], got 'tensor<?x1x7x!quant.uniform<i8:f32, 5.000000e-01:-1>>' for 'tensor<?x8x4x!quant.uniform<i8:f32, 5.000000e-01:3>>'}}
  %y = tflite.mean %x {axes = array<i64: 1>, rounding = "double", output_multiplier = 1073741824 : i32,
      output_shift = -2 : i32, fused_activation_function = "NONE"}
      : (tensor<?x8x4x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<?x1x7x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @mean_c2(%x: tensor<?x8x4x!quant.uniform<i16:f32, 0.5:3>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x8x4x!quant.uniform<i16:f32, 5.000000e-01:3>>'}}
  %y = tflite.mean %x {axes = array<i64: 1>, rounding = "double", output_multiplier = 1073741824 : i32,
      output_shift = -2 : i32, fused_activation_function = "NONE"}
      : (tensor<?x8x4x!quant.uniform<i16:f32, 0.5:3>>) -> tensor<?x1x4x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @mean_c3(%x: tensor<?x8x4x!quant.uniform<i8:f32, 0.5:3>>) {
  // expected-error@+1 {{expects 'rounding' to be 'double', 'single', 'float_offset', got "up"}}
  %y = tflite.mean %x {axes = array<i64: 1>, rounding = "up", output_multiplier = 1073741824 : i32,
      output_shift = -2 : i32, fused_activation_function = "NONE"}
      : (tensor<?x8x4x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<?x1x4x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @mean_c4(%x: tensor<?x8x4x!quant.uniform<i8:f32, 0.5:3>>) {
  // expected-error@+1 {{expects 'fused_activation_function' to be "NONE", got "RELU6"}}
  %y = tflite.mean %x {axes = array<i64: 1>, rounding = "double", output_multiplier = 1073741824 : i32,
      output_shift = -2 : i32, fused_activation_function = "RELU6"}
      : (tensor<?x8x4x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<?x1x4x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @mul_c1(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects operands whose dimensions are the result's or 1, got 'tensor<?x4x!quant.uniform<i8:f32, 5.000000e-01:3>>' for 'tensor<?x7x!quant.uniform<i8:f32, 5.000000e-01:-1>>'}}
  %y = tflite.mul %a, %b {rounding = "double", output_multiplier = 1073741824 : i32,
      output_shift = -1 : i32, fused_activation_function = "NONE"}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x7x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @mul_c2(%a: tensor<?x4x!quant.uniform<i16:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01:3>>'}}
  %y = tflite.mul %a, %b {rounding = "double", output_multiplier = 1073741824 : i32,
      output_shift = -1 : i32, fused_activation_function = "NONE"}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5:3>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @mul_c3(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'rounding' to be 'double', 'single', 'float', got "fixed"}}
  %y = tflite.mul %a, %b {rounding = "fixed", output_multiplier = 1073741824 : i32,
      output_shift = -1 : i32, fused_activation_function = "NONE"}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @mul_c4(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'fused_activation_function' to be "NONE", got "RELU6"}}
  %y = tflite.mul %a, %b {rounding = "double", output_multiplier = 1073741824 : i32,
      output_shift = -1 : i32, fused_activation_function = "RELU6"}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @prelu_c1(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, %slope: tensor<4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects operand and result of one shape, got 'tensor<?x4x!quant.uniform<i8:f32, 5.000000e-01:3>>' and 'tensor<?x7x!quant.uniform<i8:f32, 5.000000e-01:-1>>'}}
  %y = tflite.prelu %x, %slope {rounding = "double", output_multiplier_1 = 1073741824 : i32,
      output_shift_1 = 1 : i32, output_multiplier_2 = 1073741824 : i32, output_shift_2 = -1 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x7x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @prelu_c2(%x: tensor<?x4x!quant.uniform<i16:f32, 0.5:3>>, %slope: tensor<4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01:3>>'}}
  %y = tflite.prelu %x, %slope {rounding = "double", output_multiplier_1 = 1073741824 : i32,
      output_shift_1 = 1 : i32, output_multiplier_2 = 1073741824 : i32, output_shift_2 = -1 : i32}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5:3>>, tensor<4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @prelu_c3(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, %slope: tensor<4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'output_shift_1' in [-31, 31], got 32}}
  %y = tflite.prelu %x, %slope {rounding = "double", output_multiplier_1 = 1073741824 : i32,
      output_shift_1 = 32 : i32, output_multiplier_2 = 1073741824 : i32, output_shift_2 = -1 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @quantize_c1(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{requires the same shape for all operands and results}}
  %y = tflite.quantize %x {rounding = "half_away"}
      : (tensor<?x4xf32>) -> tensor<?x7x!quant.uniform<i8:f32, 0.5:3>>
  return
}

// -----

func.func @quantize_c2(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01:3>>'}}
  %y = tflite.quantize %x {rounding = "half_away"}
      : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<i16:f32, 0.5:3>>
  return
}

// -----

func.func @quantize_c3(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{expects 'rounding' to be 'half_away', 'half_even', 'half_even_reciprocal', got "half_up"}}
  %y = tflite.quantize %x {rounding = "half_up"}
      : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>
  return
}

// -----

func.func @requantize_c1(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>) {
  // expected-error@+1 {{expects input and result of one shape, got 'tensor<?x4x!quant.uniform<i8:f32, 5.000000e-01:3>>' and 'tensor<?x7x!quant.uniform<i8:f32, 2.500000e-01:-1>>'}}
  %y = tflite.requantize %x {rounding = "double", output_multiplier = 1073741824 : i32,
      output_shift = 2 : i32, fused_activation_function = "NONE"}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<?x7x!quant.uniform<i8:f32, 0.25:-1>>
  return
}

// -----

func.func @requantize_c2(%x: tensor<?x4x!quant.uniform<i16:f32, 0.5:3>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01:3>>'}}
  %y = tflite.requantize %x {rounding = "double", output_multiplier = 1073741824 : i32,
      output_shift = 2 : i32, fused_activation_function = "NONE"}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5:3>>) -> tensor<?x4x!quant.uniform<i8:f32, 0.25:-1>>
  return
}

// -----

func.func @requantize_c3(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>) {
  // expected-error@+1 {{expects 'rounding' to be 'double', 'single', 'upward', 'fixed', got "float"}}
  %y = tflite.requantize %x {rounding = "float", output_multiplier = 1073741824 : i32,
      output_shift = 2 : i32, fused_activation_function = "NONE"}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<?x4x!quant.uniform<i8:f32, 0.25:-1>>
  return
}

// -----

func.func @requantize_c4(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>) {
  // expected-error@+1 {{expects 'fused_activation_function' to be "NONE", got "RELU6"}}
  %y = tflite.requantize %x {rounding = "double", output_multiplier = 1073741824 : i32,
      output_shift = 2 : i32, fused_activation_function = "RELU6"}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<?x4x!quant.uniform<i8:f32, 0.25:-1>>
  return
}

// -----

func.func @resize_bilinear_c1(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5:3>>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 3, got 'tensor<?x8x8x6x!quant.uniform<i8:f32, 5.000000e-01:3>>'}}
  %y = tflite.resize_bilinear %x {scale = array<i64: 4, 2, 4, 2>, offset = array<i64: -1, -1>,
      border = array<i64: 1, 1>, engine = "reference"}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<?x8x8x6x!quant.uniform<i8:f32, 0.5:3>>
  return
}

// -----

func.func @resize_bilinear_c2(%x: tensor<?x4x4x3x!quant.uniform<i16:f32, 0.5:3>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x4x3x!quant.uniform<i16:f32, 5.000000e-01:3>>'}}
  %y = tflite.resize_bilinear %x {scale = array<i64: 4, 2, 4, 2>, offset = array<i64: -1, -1>,
      border = array<i64: 1, 1>, engine = "reference"}
      : (tensor<?x4x4x3x!quant.uniform<i16:f32, 0.5:3>>) -> tensor<?x8x8x3x!quant.uniform<i8:f32, 0.5:3>>
  return
}

// -----

func.func @resize_bilinear_c3(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5:3>>) {
  // expected-error@+1 {{expects 'engine' to be 'reference', 'xnnpack', got "ruy"}}
  %y = tflite.resize_bilinear %x {scale = array<i64: 4, 2, 4, 2>, offset = array<i64: -1, -1>,
      border = array<i64: 1, 1>, engine = "ruy"}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<?x8x8x3x!quant.uniform<i8:f32, 0.5:3>>
  return
}

// -----

func.func @softmax_c1(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>) {
  // expected-error@+1 {{requires the same shape for all operands and results}}
  %y = tflite.softmax %x {axis = 1 : i64}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>)
      -> tensor<?x7x!quant.uniform<i8:f32, 0.00390625:-128>>
  return
}

// -----

func.func @softmax_c2(%x: tensor<?x4x!quant.uniform<i16:f32, 0.5:3>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01:3>>'}}
  %y = tflite.softmax %x {axis = 1 : i64}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5:3>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.00390625:-128>>
  return
}

// -----

func.func @sub_c1(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects one shape everywhere, got 'tensor<?x4x!quant.uniform<i8:f32, 5.000000e-01:3>>', 'tensor<?x4x!quant.uniform<i8:f32, 2.500000e-01>>' and 'tensor<?x7x!quant.uniform<i8:f32, 5.000000e-01:-1>>'}}
  %y = tflite.sub %a, %b {rounding = "single", left_shift = 20 : i32,
      input1_multiplier = 1073741824 : i32, input1_shift = 0 : i32,
      input2_multiplier = 1073741824 : i32, input2_shift = -1 : i32,
      output_multiplier = 1073741824 : i32, output_shift = -18 : i32,
      fused_activation_function = "NONE"}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x7x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @sub_c2(%a: tensor<?x4x!quant.uniform<i16:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01:3>>'}}
  %y = tflite.sub %a, %b {rounding = "single", left_shift = 20 : i32,
      input1_multiplier = 1073741824 : i32, input1_shift = 0 : i32,
      input2_multiplier = 1073741824 : i32, input2_shift = -1 : i32,
      output_multiplier = 1073741824 : i32, output_shift = -18 : i32,
      fused_activation_function = "NONE"}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5:3>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @sub_c3(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'output_shift' in [-31, 31], got -32}}
  %y = tflite.sub %a, %b {rounding = "single", left_shift = 20 : i32,
      input1_multiplier = 1073741824 : i32, input1_shift = 0 : i32,
      input2_multiplier = 1073741824 : i32, input2_shift = -1 : i32,
      output_multiplier = 1073741824 : i32, output_shift = -32 : i32,
      fused_activation_function = "NONE"}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @sub_c4(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'fused_activation_function' to be "NONE", got "RELU6"}}
  %y = tflite.sub %a, %b {rounding = "single", left_shift = 20 : i32,
      input1_multiplier = 1073741824 : i32, input1_shift = 0 : i32,
      input2_multiplier = 1073741824 : i32, input2_shift = -1 : i32,
      output_multiplier = 1073741824 : i32, output_shift = -18 : i32,
      fused_activation_function = "RELU6"}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @transpose_conv_c1(%x: tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5:3>>, %w: tensor<2x2x2x3x!quant.uniform<i8<-127:127>:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 2, got 'tensor<?x4x4x5x!quant.uniform<i8:f32, 5.000000e-01:-1>>'}}
  %y = tflite.transpose_conv %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
      output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
      groups = 1 : i64, pad_value = 3 : i32, rounding = "double",
      output_multiplier = array<i32: 1073741824>, output_shift = array<i32: -1>,
      fused_activation_function = "NONE"}
      : (tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5:3>>,
         tensor<2x2x2x3x!quant.uniform<i8<-127:127>:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x4x4x5x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @transpose_conv_c2(%x: tensor<?x2x2x3x!quant.uniform<i16:f32, 0.5:3>>, %w: tensor<2x2x2x3x!quant.uniform<i8<-127:127>:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x2x3x!quant.uniform<i16:f32, 5.000000e-01:3>>'}}
  %y = tflite.transpose_conv %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
      output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
      groups = 1 : i64, pad_value = 3 : i32, rounding = "double",
      output_multiplier = array<i32: 1073741824>, output_shift = array<i32: -1>,
      fused_activation_function = "NONE"}
      : (tensor<?x2x2x3x!quant.uniform<i16:f32, 0.5:3>>,
         tensor<2x2x2x3x!quant.uniform<i8<-127:127>:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x4x4x2x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @transpose_conv_c3(%x: tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5:3>>, %w: tensor<2x2x2x3x!quant.uniform<i8<-127:127>:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'output_shift' in [-31, 31], got -32 for channel 0}}
  %y = tflite.transpose_conv %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
      output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
      groups = 1 : i64, pad_value = 3 : i32, rounding = "double",
      output_multiplier = array<i32: 1073741824>, output_shift = array<i32: -32>,
      fused_activation_function = "NONE"}
      : (tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5:3>>,
         tensor<2x2x2x3x!quant.uniform<i8<-127:127>:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x4x4x2x!quant.uniform<i8:f32, 0.5:-1>>
  return
}

// -----

func.func @transpose_conv_c4(%x: tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5:3>>, %w: tensor<2x2x2x3x!quant.uniform<i8<-127:127>:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'fused_activation_function' to be "NONE", got "RELU6"}}
  %y = tflite.transpose_conv %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
      output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
      groups = 1 : i64, pad_value = 3 : i32, rounding = "double",
      output_multiplier = array<i32: 1073741824>, output_shift = array<i32: -1>,
      fused_activation_function = "RELU6"}
      : (tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5:3>>,
         tensor<2x2x2x3x!quant.uniform<i8<-127:127>:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x4x4x2x!quant.uniform<i8:f32, 0.5:-1>>
  return
}
