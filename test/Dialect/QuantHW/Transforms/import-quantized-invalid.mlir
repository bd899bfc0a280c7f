// RUN: hwq-opt %s --quant-hw-import-quantized --split-input-file --verify-diagnostics

// expected-error @+1 {{'quant-hw-import-quantized' found no quantized type}}
module {
  func.func @none(%x: tensor<4xf32>) -> tensor<4xf32> {
    return %x : tensor<4xf32>
  }
}

// -----

// expected-error @+1 {{'quant-hw-import-quantized' expects a program of form 'float', got 'calibrated'}}
module attributes {quant_hw.form = "calibrated"} {
}

// -----

// expected-error @+1 {{'func.func' has an activation of the type '!quant.uniform<i8:f32:0, {5.000000e-01,2.500000e-01}>', expected one scale and zero point}}
func.func @channels(%x: tensor<2x!quant.uniform<i8:f32:0, {0.5, 0.25}>>) -> tensor<2x!quant.uniform<i8:f32:0, {0.5, 0.25}>> {
  return %x : tensor<2x!quant.uniform<i8:f32:0, {0.5, 0.25}>>
}

// -----

// expected-error @+1 {{'func.func' has the zero point 200, expected one in [-128, 127]}}
func.func @zero_point(%x: tensor<2x!quant.uniform<i8:f32, 0.5:200>>) -> tensor<2x!quant.uniform<i8:f32, 0.5:200>> {
  return %x : tensor<2x!quant.uniform<i8:f32, 0.5:200>>
}

// -----

func.func @expressed(%x: tensor<2xi8>) -> tensor<2xi8> {
  // expected-error @+1 {{'quant.scast' has the type '!quant.uniform<i8:f16, 5.000000e-01>', expected one that expresses f32}}
  %q = quant.scast %x : tensor<2xi8> to tensor<2x!quant.uniform<i8:f16, 0.5>>
  return %x : tensor<2xi8>
}

// -----

func.func @meaning(%x: tensor<2x!quant.uniform<i8:f32, 0.5>>) -> tensor<2x!quant.uniform<i8:f32, 0.25>> {
  %i = quant.scast %x : tensor<2x!quant.uniform<i8:f32, 0.5>> to tensor<2xi8>
  // expected-error @+1 {{'quant.scast' says that the codes are of '!quant.uniform<i8:f32, 2.500000e-01>', they are of '!quant.uniform<i8:f32, 5.000000e-01>'}}
  %q = quant.scast %i : tensor<2xi8> to tensor<2x!quant.uniform<i8:f32, 0.25>>
  return %q : tensor<2x!quant.uniform<i8:f32, 0.25>>
}

// -----

func.func @no_scale(%x: tensor<2x!quant.uniform<i8:f32, 0.5>>, %y: tensor<2xi8>) -> (tensor<2x!quant.uniform<i8:f32, 0.5>>, tensor<2xi8>) {
  // expected-error @+1 {{result 1 has the type 'tensor<2xi8>', expected f32 or codes with a scale}}
  return %x, %y : tensor<2x!quant.uniform<i8:f32, 0.5>>, tensor<2xi8>
}

// -----

// expected-error @+1 {{argument 1 has the type 'tensor<2xi32>', expected a ranked tensor of f32 or of codes}}
func.func @argument(%x: tensor<2x!quant.uniform<i8:f32, 0.5>>, %y: tensor<2xi32>) -> tensor<2x!quant.uniform<i8:f32, 0.5>> {
  return %x : tensor<2x!quant.uniform<i8:f32, 0.5>>
}

// -----

!q = !quant.uniform<i8:f32, 0.5:3>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>
func.func @input_zero_point(%x: tensor<1x1x1x1x!q>) -> tensor<1x1x1x1xi32> {
  %w = "tosa.const"() <{values = dense<1> : tensor<1x1x1x1xi8>}> : () -> tensor<1x1x1x1x!w>
  %b = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
  %z = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  // expected-error @+1 {{'tosa.conv2d' has the zero point of the input 0, its type has 3}}
  %c = tosa.conv2d %x, %w, %b, %z, %z {acc_type = i32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x1x1x1x!q>, tensor<1x1x1x1x!w>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x1x1x1xi32>
  return %c : tensor<1x1x1x1xi32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>
func.func @accumulator(%x: tensor<1x1x1x1x!q>) -> tensor<1x1x1x1xi32> {
  %w = "tosa.const"() <{values = dense<1> : tensor<1x1x1x1xi8>}> : () -> tensor<1x1x1x1x!w>
  %b = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
  %z = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %c = tosa.conv2d %x, %w, %b, %z, %z {acc_type = i32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x1x1x1x!q>, tensor<1x1x1x1x!w>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x1x1x1xi32>
  // expected-error @+1 {{result 0 has the type 'tensor<1x1x1x1xi32>', expected f32 or codes with a scale}}
  return %c : tensor<1x1x1x1xi32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>
func.func @weight_code(%x: tensor<1x1x1x1x!q>) -> tensor<1x1x1x1xi32> {
  %w = "tosa.const"() <{values = dense<-128> : tensor<1x1x1x1xi8>}> : () -> tensor<1x1x1x1x!w>
  %b = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
  %z = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  // expected-error @+1 {{with the code -128 at element 0, expected codes in [-127, 127]}}
  %c = tosa.conv2d %x, %w, %b, %z, %z {acc_type = i32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x1x1x1x!q>, tensor<1x1x1x1x!w>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x1x1x1xi32>
  return %c : tensor<1x1x1x1xi32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8<-127:127>:f32:3, {0.25, 0.5}>
func.func @weight_axis(%x: tensor<1x1x1x2x!q>) -> tensor<1x1x1x1xi32> {
  %w = "tosa.const"() <{values = dense<1> : tensor<1x1x1x2xi8>}> : () -> tensor<1x1x1x2x!w>
  %b = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
  %z = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  // expected-error @+1 {{'tosa.conv2d' has weights with scales along axis 3, expected one for each output channel}}
  %c = tosa.conv2d %x, %w, %b, %z, %z {acc_type = i32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x1x1x2x!q>, tensor<1x1x1x2x!w>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x1x1x1xi32>
  return %c : tensor<1x1x1x1xi32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>
!b = !quant.uniform<i32:f32, 0.25>
func.func @bias(%x: tensor<1x1x1x1x!q>) -> tensor<1x1x1x1xi32> {
  %w = "tosa.const"() <{values = dense<1> : tensor<1x1x1x1xi8>}> : () -> tensor<1x1x1x1x!w>
  %b = "tosa.const"() <{values = dense<1> : tensor<1xi32>}> : () -> tensor<1x!b>
  %z = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  // expected-error @+1 {{has a bias of '!quant.uniform<i32:f32, 2.500000e-01>', expected the zero point 0 and the product of the scales of input and weights}}
  %c = tosa.conv2d %x, %w, %b, %z, %z {acc_type = i32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x1x1x1x!q>, tensor<1x1x1x1x!w>, tensor<1x!b>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x1x1x1xi32>
  return %c : tensor<1x1x1x1xi32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
func.func @float_weights(%x: tensor<1x1x1x1x!q>) -> tensor<1x1x1x1xi32> {
  %w = "tosa.const"() <{values = dense<1> : tensor<1x1x1x1xi8>}> : () -> tensor<1x1x1x1xi8>
  %b = "tosa.const"() <{values = dense<1> : tensor<1xi32>}> : () -> tensor<1xi32>
  %z = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  // expected-error @+1 {{'tosa.conv2d' reads a constant of 'tensor<1x1x1x1xi8>', expected f32 or a scale and zero point, or one of each along one axis}}
  %c = tosa.conv2d %x, %w, %b, %z, %z {acc_type = i32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x1x1x1x!q>, tensor<1x1x1x1xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x1x1x1xi32>
  return %c : tensor<1x1x1x1xi32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>
func.func @rescale(%x: tensor<1x1x1x1x!q>) -> tensor<1x1x1x1x!q> {
  %w = "tosa.const"() <{values = dense<1> : tensor<1x1x1x1xi8>}> : () -> tensor<1x1x1x1x!w>
  %b = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
  %z = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %c = tosa.conv2d %x, %w, %b, %z, %z {acc_type = i32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x1x1x1x!q>, tensor<1x1x1x1x!w>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x1x1x1xi32>
  %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
  %s = "tosa.const"() <{values = dense<31> : tensor<1xi8>}> : () -> tensor<1xi8>
  %z32 = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
  // expected-error @+1 {{'tosa.rescale' multiplies by 5.000000e-01, the scales of its types give 2.500000e-01: expected nothing but a requantization}}
  %y = tosa.rescale %c, %m, %s, %z32, %z {input_unsigned = false, output_unsigned = false, per_channel = false, rounding_mode = SINGLE_ROUND, scale32 = true} : (tensor<1x1x1x1xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x1x1x1x!q>
  return %y : tensor<1x1x1x1x!q>
}

// -----

!q = !quant.uniform<i8:f32, 0.5:1>
!r = !quant.uniform<i8:f32, 1.0>
func.func @rescale_zero_point(%x: tensor<2x!q>) -> tensor<2x!r> {
  %z = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
  %s = "tosa.const"() <{values = dense<31> : tensor<1xi8>}> : () -> tensor<1xi8>
  // expected-error @+1 {{'tosa.rescale' gives the zero point 5.000000e-01, its type has 0.000000e+00}}
  %y = tosa.rescale %x, %m, %s, %z, %z {input_unsigned = false, output_unsigned = false, per_channel = false, rounding_mode = SINGLE_ROUND, scale32 = true} : (tensor<2x!q>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<2x!r>
  return %y : tensor<2x!r>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
func.func @unsigned(%x: tensor<2x!q>) -> tensor<2x!q> {
  %z = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
  %s = "tosa.const"() <{values = dense<30> : tensor<1xi8>}> : () -> tensor<1xi8>
  // expected-error @+1 {{'tosa.rescale' gives unsigned codes, its type is '!quant.uniform<i8:f32, 5.000000e-01>'}}
  %y = tosa.rescale %x, %m, %s, %z, %z {input_unsigned = false, output_unsigned = true, per_channel = false, rounding_mode = SINGLE_ROUND, scale32 = true} : (tensor<2x!q>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<2x!q>
  return %y : tensor<2x!q>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
func.func @leaves_32_bits(%x: tensor<2x!q>) -> tensor<2x!q> {
  %z = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %z32 = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
  %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
  %s = "tosa.const"() <{values = dense<30> : tensor<1xi8>}> : () -> tensor<1xi8>
  %c = "tosa.const"() <{values = dense<100000000> : tensor<1xi32>}> : () -> tensor<1xi32>
  %i = tosa.rescale %x, %m, %s, %z, %z32 {input_unsigned = false, output_unsigned = false, per_channel = false, rounding_mode = SINGLE_ROUND, scale32 = true} : (tensor<2x!q>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<2xi32>
  %p = tosa.mul %i, %c, %z : (tensor<2xi32>, tensor<1xi32>, tensor<1xi8>) -> tensor<2xi32>
  // expected-error @+1 {{'tosa.rescale' and the ops in front of it leave 32 bits for the code -128}}
  %y = tosa.rescale %p, %m, %s, %z32, %z {input_unsigned = false, output_unsigned = false, per_channel = false, rounding_mode = SINGLE_ROUND, scale32 = true} : (tensor<2xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<2x!q>
  return %y : tensor<2x!q>
}

// -----

!q = !quant.uniform<i8:f32, 0.5:3>
func.func @cast(%x: tensor<2xf32>) -> tensor<2x!q> {
  %m = "tosa.const"() <{values = dense<4.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %n = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %z = "tosa.const"() <{values = dense<3> : tensor<1xi32>}> : () -> tensor<1xi32>
  %p = tosa.mul %x, %m, %n : (tensor<2xf32>, tensor<1xf32>, tensor<1xi8>) -> tensor<2xf32>
  %i = tosa.cast %p : (tensor<2xf32>) -> tensor<2xi32>
  %a = tosa.add %i, %z : (tensor<2xi32>, tensor<1xi32>) -> tensor<2xi32>
  // expected-error @+1 {{'tosa.cast' makes codes of '!quant.uniform<i8:f32, 5.000000e-01:3>' from numbers of the scale 2.500000e-01 and the zero point 3.000000e+00}}
  %y = tosa.cast %a : (tensor<2xi32>) -> tensor<2x!q>
  return %y : tensor<2x!q>
}

// -----

!q = !quant.uniform<i8:f32, 0.5:3>
func.func @numbers(%x: tensor<2x!q>) -> tensor<2xf32> {
  %c = "tosa.const"() <{values = dense<[1.0, 2.0]> : tensor<2xf32>}> : () -> tensor<2xf32>
  %f = tosa.cast %x : (tensor<2x!q>) -> tensor<2xf32>
  // expected-error @+1 {{'tosa.sub' between a cast and codes, expected the sum or product with one constant}}
  %y = tosa.sub %f, %c : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
!r = !quant.uniform<i8:f32, 0.25>
func.func @sum(%x: tensor<2x!q>, %y: tensor<2x!r>) -> tensor<2xi32> {
  %z = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %z32 = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
  %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
  %s = "tosa.const"() <{values = dense<30> : tensor<1xi8>}> : () -> tensor<1xi8>
  %a = tosa.rescale %x, %m, %s, %z, %z32 {input_unsigned = false, output_unsigned = false, per_channel = false, rounding_mode = SINGLE_ROUND, scale32 = true} : (tensor<2x!q>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<2xi32>
  %b = tosa.rescale %y, %m, %s, %z, %z32 {input_unsigned = false, output_unsigned = false, per_channel = false, rounding_mode = SINGLE_ROUND, scale32 = true} : (tensor<2x!r>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<2xi32>
  // expected-error @+1 {{'tosa.add' has operands of the scales 5.000000e-01 and 2.500000e-01, expected one}}
  %c = tosa.add %a, %b : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
  return %c : tensor<2xi32>
}

// -----

!q = !quant.uniform<i16:f32, 0.5>
func.func @table(%x: tensor<2x!q>) -> tensor<2xi32> {
  %t = "tosa.const"() <{values = dense<0> : tensor<513xi16>}> : () -> tensor<513xi16>
  %i = quant.scast %x : tensor<2x!q> to tensor<2xi16>
  // expected-error @+1 {{'tosa.table' of 'tensor<2xi16>' to 'tensor<2xi32>', expected codes of i8 with a scale and a constant of 256 codes}}
  %y = tosa.table %i, %t : (tensor<2xi16>, tensor<513xi16>) -> tensor<2xi32>
  return %y : tensor<2xi32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
func.func @concat(%x: tensor<2x!q>, %y: tensor<2xf32>) -> tensor<4x!q> {
  %i = quant.qcast %y : tensor<2xf32> to tensor<2x!quant.uniform<i8:f32, 0.25>>
  %s = quant.scast %i : tensor<2x!quant.uniform<i8:f32, 0.25>> to tensor<2xi8>
  %t = quant.scast %x : tensor<2x!q> to tensor<2xi8>
  // expected-error @+1 {{'tosa.concat' has operands of different scales or zero points}}
  %c = tosa.concat %t, %s {axis = 0 : i32} : (tensor<2xi8>, tensor<2xi8>) -> tensor<4xi8>
  %r = quant.scast %c : tensor<4xi8> to tensor<4x!q>
  return %r : tensor<4x!q>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
func.func @mixed(%x: tensor<2x!q>) -> tensor<2x!q> {
  // expected-error @+1 {{'tosa.exp' of quantized tensors is not supported}}
  %y = tosa.exp %x : (tensor<2x!q>) -> tensor<2x!q>
  return %y : tensor<2x!q>
}
