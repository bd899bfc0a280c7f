// What the proofs of quantize-bias and select-kernels say for programs on the way from
// calibrated to target. The error of an accumulator is in quantize-bias.mlir: here weights are
// raised before it can come.

// 24 bits: 1100 codes of 64, which give 1.0 exactly, would reach 1100 * 64 * 128 = 9011200; half
// of them fit.
// RUN: hwq-opt %s '--quantize-for=dpu{target_dialect=quant_hw}' --remarks-filter='hwq.*' 2>&1 | FileCheck %s --check-prefix=DPU --enable-var-scope
// DPU: 'y': 1 of 1 weight scales raised, so that bias, accumulator and multiplier fit; channel 0 from 1.562E-02 to 3.125E-02
// DPU: tensor<1x1100x!quant.uniform<i8:f32, 3.125000e-02>>

// The same sum in 32 bits needs nothing.
// RUN: hwq-opt %s '--quantize-for=dpu{accumulator_bits=32 target_dialect=quant_hw}' --remarks-filter='hwq.*' 2>&1 | FileCheck %s --check-prefix=WIDE
// WIDE-NOT: raised
// WIDE: tensor<1x1100x!quant.uniform<i8:f32, 1.562500e-02>>

// An accumulator that saturates must hold every partial sum: the bias 100 of 6400 units is added
// to what the products leave.
// RUN: hwq-opt %s '--quantize-for=tflite{accumulator_bits=24 accumulator_overflow=saturates target_dialect=quant_hw}' --remarks-filter='hwq.*' 2>&1 | FileCheck %s --check-prefix=TFLITE
// TFLITE: 'y': 1 of 1 weight scales raised, so that bias, accumulator and multiplier fit; channel 0 from 7.874E-03 to {{[1-9]}}
// TFLITE: quant_hw.form = "step4"

// 1100 codes of 1 reach 140800: 16 bits hold no weights but zeros.
// RUN: not hwq-opt %s '--quantize-for=dpu{accumulator_bits=16 target_dialect=quant_hw}' 2>&1 | FileCheck %s --check-prefix=NARROW
// NARROW: error: the products of 'y', channel 0: expected weights with a scale that keeps their sum in 16 bits, got 9011200

// The sums of products of narrow machines, as warnings.
// RUN: hwq-opt %s '--quantize-for=fbgemm{target_dialect=quant_hw}' -o /dev/null 2>&1 | FileCheck %s --check-prefix=PAIRS
// PAIRS: warning: backend 'fbgemm': on machines that add pairs of products in 16 bits 1 of 1 ops can saturate (up to 64770 in 'y', limit 32767); the integers here are those of machines that do not
// RUN: hwq-opt %s '--quantize-for=fbgemm{acc=acc16 bits=7 target_dialect=quant_hw}' -o /dev/null --remark-policy=all --remarks-filter-analyse=hwq 2>&1 | FileCheck %s --check-prefix=ACC16
// ACC16-DAG: 'y': products can add up to 17741900, 16 bits hold 32767
// ACC16-DAG: warning: backend 'fbgemm': with the accumulator_mode acc16 1 of 1 ops can saturate (up to 17741900 in 'y', limit 32767); the integers here are those of an exact accumulator
// RUN: hwq-opt %s '--quantize-for=fbgemm{acc=avx2-sat bits=7 target_dialect=quant_hw}' -o /dev/null 2>&1 | FileCheck %s --check-prefix=NONE --allow-empty
// RUN: hwq-opt %s '--quantize-for=fbgemm{acc=depthwise-sat target_dialect=quant_hw}' -o /dev/null 2>&1 | FileCheck %s --check-prefix=NONE --allow-empty
// NONE-NOT: warning:
module attributes {quant_hw.form = "calibrated"} {
  func.func @main(%arg: tensor<?x1100xf32> {quant_hw.name = "x"}) -> tensor<?x1xf32> {
    %x = quant_hw.observe "x" %arg range [-2.0, 1.984375] method "min-max" : tensor<?x1100xf32>
    %w = "tosa.const"() {values = dense<1.0> : tensor<1x1100xf32>} : () -> tensor<1x1100xf32>
    %b = "tosa.const"() {values = dense<100.0> : tensor<1xf32>} : () -> tensor<1xf32>
    %y0 = quant_hw.fully_connected %x, %w bias %b {quant_hw.name = "y"} : (tensor<?x1100xf32>, tensor<1x1100xf32>, tensor<1xf32>) -> tensor<?x1xf32>
    %y = quant_hw.observe "y" %y0 range [-2000.0, 2000.0] method "min-max" : tensor<?x1xf32>
    return %y : tensor<?x1xf32>
  }
}
