#!/usr/bin/env python3
"""Every fold against the program before it, on every accumulator or every pair of codes: equal, or within the bound that
the remark states and on exactly as many operands.

usage: fold_property.py FOLDER [--all]: each backend and kind with one of the ranges, or with all

The layer of a net multiplies two codes by 127 and 1, so that its 65536 inputs reach every accumulator in its range,
the thresholds of all requantizations behind it among them.
"""
import pathlib, re, subprocess, sys
import numpy as np

folder = pathlib.Path(sys.argv[1])

LAYER = """    %w = "tosa.const"() {values = dense<[[1.0, 0.007874015748031496]]> : tensor<1x2xf32>} : () -> tensor<1x2xf32>
    %f = quant_hw.fully_connected %x, %w {quant_hw.name = "f"} : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
    %a = quant_hw.observe "f" %f range [RANGE] : tensor<?x1xf32>
    %s1 = tosa.const_shape {values = dense<[-1, 1, 1, 1]> : tensor<4xindex>} : () -> !tosa.shape<4>
"""
TWO = """    %s1 = tosa.const_shape {values = dense<[-1, 1, 1, 1]> : tensor<4xindex>} : () -> !tosa.shape<4>
    %s2 = tosa.const_shape {values = dense<[1, 0]> : tensor<2xindex>} : () -> !tosa.shape<2>
    %z1 = tosa.const_shape {values = dense<[-1, 1]> : tensor<2xindex>} : () -> !tosa.shape<2>
    %b0 = tosa.const_shape {values = dense<[0, 0]> : tensor<2xindex>} : () -> !tosa.shape<2>
    %b1 = tosa.const_shape {values = dense<[0, 1]> : tensor<2xindex>} : () -> !tosa.shape<2>
    %c0 = tosa.slice %x, %b0, %z1 {quant_hw.name = "p"} : (tensor<?x2xf32>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<?x1xf32>
    %c1 = tosa.slice %x, %b1, %z1 {quant_hw.name = "q"} : (tensor<?x2xf32>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<?x1xf32>
"""
# Moved to a tensor with an encoding of its own, and further.
MOVED = """    %y0 = tosa.reshape %a, %s1 {quant_hw.name = "y"} : (tensor<?x1xf32>, !tosa.shape<4>) -> tensor<?x1x1x1xf32>
    %y = quant_hw.observe "y" %y0 range [OWN] : tensor<?x1x1x1xf32>
"""
CLAMPED = """    %t0 = tosa.clamp %a {quant_hw.name = "t", min_val = -0.4 : f32, max_val = 0.6 : f32} : (tensor<?x1xf32>) -> tensor<?x1xf32>
    %t = quant_hw.observe "t" %t0 range [-0.4, 0.6] : tensor<?x1xf32>
    %y0 = tosa.reshape %t, %s1 {quant_hw.name = "y"} : (tensor<?x1xf32>, !tosa.shape<4>) -> tensor<?x1x1x1xf32>
    %y = quant_hw.observe "y" %y0 range [OWN] : tensor<?x1x1x1xf32>
"""
POOLED = """    %t0 = tosa.reshape %a, %s1 {quant_hw.name = "t"} : (tensor<?x1xf32>, !tosa.shape<4>) -> tensor<?x1x1x1xf32>
    %t = quant_hw.observe "t" %t0 range [RANGE] : tensor<?x1x1x1xf32>
    %y0 = tosa.max_pool2d %t {quant_hw.name = "y", kernel = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x1x1x1xf32>) -> tensor<?x1x1x1xf32>
    %y = quant_hw.observe "y" %y0 range [OWN] : tensor<?x1x1x1xf32>
"""
SUM = """    %p1 = tosa.reshape %c0, %s1 {quant_hw.name = "p1"} : (tensor<?x1xf32>, !tosa.shape<4>) -> tensor<?x1x1x1xf32>
    %p2 = quant_hw.observe "p1" %p1 range [OWN] : tensor<?x1x1x1xf32>
    %q1 = tosa.reshape %c1, %s1 {quant_hw.name = "q1"} : (tensor<?x1xf32>, !tosa.shape<4>) -> tensor<?x1x1x1xf32>
    %q2 = quant_hw.observe "q1" %q1 range [-1.0, 1.0] : tensor<?x1x1x1xf32>
    %u0 = tosa.add %p2, %q2 {quant_hw.name = "u"} : (tensor<?x1x1x1xf32>, tensor<?x1x1x1xf32>) -> tensor<?x1x1x1xf32>
    %u = quant_hw.observe "u" %u0 range [-2.0, 2.0] : tensor<?x1x1x1xf32>
    %y0 = tosa.max_pool2d %u {quant_hw.name = "y", kernel = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x1x1x1xf32>) -> tensor<?x1x1x1xf32>
    %y = quant_hw.observe "y" %y0 range [RANGE] : tensor<?x1x1x1xf32>
"""
TABLE = """    %g0 = tosa.sigmoid %a {quant_hw.name = "g"} : (tensor<?x1xf32>) -> tensor<?x1xf32>
    %g = quant_hw.observe "g" %g0 range [0.0, 1.0] : tensor<?x1xf32>
    %h0 = tosa.mul %a, %g, %zero {quant_hw.name = "h"} : (tensor<?x1xf32>, tensor<?x1xf32>, tensor<1xi8>) -> tensor<?x1xf32>
    %h = quant_hw.observe "h" %h0 range [-0.3, 0.8] : tensor<?x1xf32>
    %y0 = tosa.reshape %h, %s1 {quant_hw.name = "y"} : (tensor<?x1xf32>, !tosa.shape<4>) -> tensor<?x1x1x1xf32>
    %y = quant_hw.observe "y" %y0 range [-0.3, 0.8] : tensor<?x1x1x1xf32>
"""
NETS = {"moved": LAYER + MOVED, "clamped": LAYER + CLAMPED, "pooled": LAYER + POOLED, "sum": TWO + SUM, "table": LAYER + TABLE}
# (of the layer, of what is behind it): equal, close, a power of two apart, and far from it.
RANGES = [("-1.0, 1.0", "-1.0, 1.0"), ("-1.0, 1.0", "-0.97, 0.93"), ("-1.0, 1.0", "-2.0, 2.0"), ("-0.9, 1.1", "-0.31, 0.45")]
BACKENDS = ["tflite", "tflite{single-rounding=true}", "tflite{engine=ruy}", "snpe", "sophgo-bm1684x{symmetric=false}",
            "onnxruntime", "nnpi-gemmlowp{engine=integer}"]


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    return done


def descriptor(backend, index):
    """The backend with encodings of their own for all tensors, at step 4."""
    text = run("hwq-opt", f"--print-backend={backend}").stdout
    for key, value in (("keep_parameters", "[]"), ("align_operands", "[]"), ("fixed_outputs", '"none"'),
                       ("target_dialect", '"quant_hw"')):
        text = re.sub(rf"(\n  {key} = ).*?(,?)\n", lambda m: f"{m[1]}{value}{m[2]}\n", text)
    name = backend.partition("{")[0]
    path = folder / f"{name}{index}.mlir"
    path.write_text(text)
    return name, path


def evaluate(program, out):
    run("hwq", "eval", program, f"--data={folder}/x.npy", f"--dump={out}", "--dump-tensors=^y$", "--quiet")
    with np.load(out) as arrays:
        return arrays["y"].astype(np.int64).ravel()


codes = np.arange(-128, 128, dtype=np.float64)
grid = np.stack(np.meshgrid(codes, codes, indexing="ij"), -1).reshape(-1, 2)
np.save(folder / "x.npy", (grid / 127).astype(np.float32))
STEPS = ["quant-hw-fold-batch-norm", "quant-hw-annotate", "quant-hw-integerize", "quant-hw-fold-zero-points",
         "quant-hw-factor-scales", "quant-hw-quantize-bias", "quant-hw-select-kernels"]
folds, problems, programs = {}, 0, 0
for index, backend in enumerate(BACKENDS):
    name, path = descriptor(backend, index)
    for position, (kind, body) in enumerate(NETS.items()):
        for layer, own in RANGES if "--all" in sys.argv else [RANGES[(index + position) % len(RANGES)]]:
            text = folder / "net.mlir"
            text.write_text(f"""module attributes {{quant_hw.form = "calibrated"}} {{
  func.func @main(%arg: tensor<?x2xf32> {{quant_hw.name = "x"}}) -> tensor<?x1x1x1xf32> {{
    %x = quant_hw.observe "x" %arg range [-1.0078740157480315, 1.0] : tensor<?x2xf32>
    %zero = "tosa.const"() {{values = dense<0> : tensor<1xi8>}} : () -> tensor<1xi8>
{body.replace("RANGE", layer).replace("OWN", own)}    return %y : tensor<?x1x1x1xf32>
  }}
}}
""")
            run("hwq-opt", str(text), f"--backend-file={path}",
                f"--pass-pipeline=builtin.module(quant-hw-set-backend{{backend={name}}},{','.join(STEPS)})",
                "-o", str(folder / "before.mlir"))
            before = evaluate(folder / "before.mlir", folder / "before.npz")
            for most in (0, 1) if "--all" in sys.argv else [(index + position // 2) % 2]:
                done = run("hwq-opt", str(folder / "before.mlir"), f"--quant-hw-fold-requantize=max-error={most}",
                           "--remarks-filter=hwq.*", "-o", str(folder / "after.mlir"))
                after = evaluate(folder / "after.mlir", folder / "after.npz")
                programs += 1
                off = np.abs(after - before)
                stated = 0
                for remark in re.findall(r"\[Passed\].*", done.stderr):
                    fold = re.search(r"Fold=(\w+)", remark)[1]
                    folds[fold] = folds.get(fold, 0) + 1
                    stated += int(re.search(r"MaxLSB=(\d+)", remark)[1])
                if off.max() > stated or (most == 0 and stated):
                    problems += 1
                    print(f"{backend}, {kind}, ranges {layer} and {own}, max-error {most}: off by {off.max()} on "
                          f"{int((off > 0).sum())} of {off.size}, stated {stated}")
print(f"{programs} programs, folds: {', '.join(f'{k} {v}' for k, v in sorted(folds.items()))}; {problems} problems")
sys.exit(problems != 0)
