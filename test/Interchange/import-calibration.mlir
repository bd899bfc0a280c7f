// The pass that reads a table. Names may have the kind of their ONNX op behind them.
// RUN: hwq-opt %s --quant-hw-import-calibration=table=%S/Inputs/small.cali 2>%t.err | FileCheck %s
// RUN: FileCheck %s --check-prefix=WARNING < %t.err
// RUN: hwq-opt %s '--quant-hw-import-calibration=table=%S/Inputs/small.cali format=tpumlir symmetric=false' 2>/dev/null | FileCheck %s --check-prefix=ASYM
// WARNING: warning: {{.*}}small.cali: the program has no tensor unknown
// CHECK: quant_hw.form = "calibrated"
// CHECK: quant_hw.observe "x" {{.*}} range [-1.500000e+00, 1.500000e+00] method "tpumlir"
// CHECK: quant_hw.observe "y" {{.*}} range [0.000000e+00, 6.500000e+04] method "tpumlir"
// CHECK: quant_hw.observe "z" %{{.*}} : tensor<?x2xf32>
// ASYM: quant_hw.observe "x" {{.*}} range [-1.000000e+00, 1.250000e+00] method "tpumlir"
// ASYM: quant_hw.observe "y" {{.*}} range [0.000000e+00, 2.000000e+00] method "tpumlir"

// RUN: not hwq-opt %s --quant-hw-import-calibration 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: error: 'quant-hw-import-calibration': expected a file in the option 'table'
// RUN: not hwq-opt %s --quant-hw-import-calibration=table=%t.nowhere 2>&1 | FileCheck %s --check-prefix=NOWHERE
// NOWHERE: error: 'quant-hw-import-calibration': cannot read '{{.*}}.nowhere': {{[Nn]}}o such file or directory
// RUN: not hwq-opt %s '--quant-hw-import-calibration=table=%S/Inputs/small.cali format=csv' 2>&1 | FileCheck %s --check-prefix=FORMAT
// FORMAT: error: 'quant-hw-import-calibration': unknown table format 'csv', expected one of: tensorrt, 
// RUN: printf 'x 1 -1\n' > %t.words && not hwq-opt %s --quant-hw-import-calibration=table=%t.words 2>&1 | FileCheck %s --check-prefix=WORDS
// WORDS: line 1: expected a tensor's name, threshold, minimum and maximum, got 'x 1 -1'
// RUN: printf '\nx 1 -one 1\n' > %t.number && not hwq-opt %s --quant-hw-import-calibration=table=%t.number 2>&1 | FileCheck %s --check-prefix=NUMBER
// NUMBER: line 2: tensor 'x': expected a number, got '-one'
// RUN: printf 'x 1 2 1\n' > %t.order && not hwq-opt %s --quant-hw-import-calibration=table=%t.order 2>&1 | FileCheck %s --check-prefix=ORDER
// ORDER: line 1: tensor 'x': expected a minimum not above the maximum, got 2 and 1
// RUN: printf 'x -1 -1 1\n' > %t.negative && not hwq-opt %s --quant-hw-import-calibration=table=%t.negative 2>&1 | FileCheck %s --check-prefix=NEGATIVE
// NEGATIVE: line 1: tensor 'x': expected a finite threshold that is not negative, got -1
// RUN: printf 'x 1 -1 1\nx 1 -1 1\n' > %t.twice && not hwq-opt %s --quant-hw-import-calibration=table=%t.twice 2>&1 | FileCheck %s --check-prefix=TWICE
// TWICE: line 2: tensor 'x': it is there twice
// RUN: printf '# nothing\n' > %t.empty && not hwq-opt %s --quant-hw-import-calibration=table=%t.empty 2>&1 | FileCheck %s --check-prefix=EMPTY
// EMPTY: expected rows for tensors, got none
// RUN: printf 'other 1 -1 1\n' > %t.other && not hwq-opt %s --quant-hw-import-calibration=table=%t.other 2>&1 | FileCheck %s --check-prefix=OTHER
// OTHER: the table and the program have no tensor in common; the table's first is 'other'
module attributes {quant_hw.form = "observed"} {
  func.func @main(%arg: tensor<?x2xf32> {quant_hw.name = "x"}) -> tensor<?x2xf32> {
    %x = quant_hw.observe "x" %arg : tensor<?x2xf32>
    %a = tosa.exp %x {quant_hw.name = "y"} : (tensor<?x2xf32>) -> tensor<?x2xf32>
    %y = quant_hw.observe "y" %a : tensor<?x2xf32>
    %b = tosa.exp %y {quant_hw.name = "z"} : (tensor<?x2xf32>) -> tensor<?x2xf32>
    %z = quant_hw.observe "z" %b : tensor<?x2xf32>
    return %z : tensor<?x2xf32>
  }
}
