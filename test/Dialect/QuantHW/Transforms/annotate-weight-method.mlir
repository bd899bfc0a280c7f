// weight_method: the range of a channel's weights. Four bits, the rule's scale is 2/15 of the
// largest magnitude; 0.4667 lies half way between two codes then.
// RUN: hwq-opt %s '--quantize-for=academic{bits=4 first_last_bits=0}' | FileCheck %s --check-prefix=ALL
// RUN: hwq-opt %s '--quantize-for=academic{bits=4 first_last_bits=0 weight_method=min-max}' | FileCheck %s --check-prefix=ALL
// ALL: tensor<1x9x!quant.uniform<i8<-8:7>:f32, 0.133333{{[0-9]*}}>>
// Of 1, 0.99, ... 0.2 the part of least squared error.
// RUN: hwq-opt %s '--quantize-for=academic{bits=4 first_last_bits=0 weight_method=mse}' | FileCheck %s --check-prefix=MSE
// MSE: tensor<1x9x!quant.uniform<i8<-8:7>:f32, 0.1239999{{[0-9]*}}>>
// Ascend's rule: the largest weight is the largest code.
// RUN: hwq-opt %s '--quantize-for=academic{bits=4 first_last_bits=0 weight_method=arq}' | FileCheck %s --check-prefix=ARQ
// ARQ: tensor<1x9x!quant.uniform<i8<-8:7>:f32, 0.142857{{[0-9]*}}>>

// Every backend takes it whose weights have a range.
// RUN: hwq-opt %s '--quantize-for=tflite{weight_method=mse}' | FileCheck %s --check-prefix=TFLITE
// TFLITE: tensor<1x9x!quant.uniform<i8<-127:127>:f32, {{.*}}>>
// RUN: not hwq-opt %s '--quantize-for=dpu{weight_method=mse}' 2>&1 | FileCheck %s --check-prefix=DPU
// DPU: backend 'dpu': expected the weight_method min-max, since weight_rule p_dpu has a search of its own
// RUN: not hwq-opt %s '--quantize-for=sophgo-cv18xx{weight_method=arq}' 2>&1 | FileCheck %s --check-prefix=COUPLED
// COUPLED: backend 'sophgo-cv18xx': expected the weight_method min-max, since scale_form coupled makes weights fit a multiplier
module attributes {quant_hw.form = "calibrated"} {
  func.func @main(%arg: tensor<?x9xf32>) -> tensor<?x1xf32> {
    %w = "tosa.const"() {values = dense<[[1.0, 0.4667, 0.4667, 0.4667, 0.4667, 0.4667, 0.4667, 0.4667, 0.4667]]> : tensor<1x9xf32>} : () -> tensor<1x9xf32>
    %b = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
    %x = quant_hw.observe "x" %arg range [-1.0, 1.0] : tensor<?x9xf32>
    %y = quant_hw.fully_connected %x, %w bias %b {quant_hw.name = "y"} : (tensor<?x9xf32>, tensor<1x9xf32>, tensor<1xf32>) -> tensor<?x1xf32>
    %o = quant_hw.observe "y" %y range [-4.0, 4.0] : tensor<?x1xf32>
    return %o : tensor<?x1xf32>
  }
}
