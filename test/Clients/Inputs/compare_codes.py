"""compare_codes.py MODEL.onnx SAMPLES.npz DUMP.npz [--optimizations=none|all]
                    [--tensors=REGEX]

Runs a quantized model in ONNX Runtime and compares the codes of every quantizer
(without optimizations), and the outputs, with those of the program that hwq made of
it (hwq eval --dump-tensors=.*): scales equal in all their bits, codes in every
integer. A program may hold codes of the other sign, 128 apart. --tensors compares
those only whose whole name matches."""

import argparse
import re
import sys

import numpy as np
import onnx
import onnxruntime as ort
from onnx import numpy_helper

parser = argparse.ArgumentParser()
parser.add_argument("model")
parser.add_argument("samples")
parser.add_argument("dump")
parser.add_argument("--optimizations", choices=["none", "all"], default="none")
parser.add_argument("--tensors", default=".*")
args = parser.parse_args()

samples, dump = np.load(args.samples), np.load(args.dump)
model = onnx.load(args.model)
inputs = [i.name for i in model.graph.input]
outputs = [o.name for o in model.graph.output]
constants = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}

# Codes in the file -> name in the program, scale, zero point.
codes = {}
for node in model.graph.node:
    kind, ins, out = node.op_type, list(node.input), node.output[0]
    if kind == "QuantizeLinear" and ins[0] not in constants:
        name, at = ins[0], 1
    elif kind == "QLinearConcat":
        name, at = out, 0
    elif kind in ("QLinearConv", "QLinearMatMul", "QLinearAdd", "QLinearMul"):
        name, at = out, 6
    elif kind == "QGemm" and len(ins) > 7 and ins[7]:
        name, at = out, 7
    elif kind.startswith("QLinear"):
        name, at = out, 3
    else:
        continue
    codes[out] = (name, float(constants[ins[at]].reshape(())), int(constants[ins[at + 1]].reshape(())))

if args.optimizations == "none":
    for name in codes:
        if name not in outputs:
            model.graph.output.append(onnx.ValueInfoProto(name=name))
options = ort.SessionOptions()
options.log_severity_level = 3
options.intra_op_num_threads = 1
options.graph_optimization_level = (
    ort.GraphOptimizationLevel.ORT_ENABLE_ALL
    if args.optimizations == "all"
    else ort.GraphOptimizationLevel.ORT_DISABLE_ALL
)
session = ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
wanted = list(outputs) + ([c for c in codes if c not in outputs] if args.optimizations == "none" else [])

count = len(samples[inputs[0]])
compared, values, wrong, worst, missing, first = set(), 0, 0, 0, set(), None
for i in range(count):
    results = session.run(wanted, {n: samples[n][i : i + 1] for n in inputs})
    for name, got in zip(wanted, results):
        own = codes[name][0] if name in codes else name
        if not re.fullmatch(args.tensors, own):
            continue
        if name in codes:
            _, scale, zero_point = codes[name]
            if own + ".scale" not in dump.files:
                missing.add(own)
                continue
            if float(dump[own + ".scale"].reshape(())) != scale:
                sys.exit(f"{own}: scale {dump[own + '.scale']}, the model has {scale}")
            shift = int(dump[own + ".zero_point"].reshape(())) - zero_point
            expected = dump[own][i : i + 1].astype(np.int64) - shift
            if shift not in (0, 128, -128):
                sys.exit(f"{own}: zero point {dump[own + '.zero_point']}, the model has {zero_point}")
        else:
            key = name + ".output" if name + ".output" in dump.files else name
            if key not in dump.files:
                missing.add(name)
                continue
            expected = dump[key][i : i + 1]
        if got.ndim == 4 and got.shape != expected.shape:
            got = got.transpose(0, 2, 3, 1)
        if got.shape != expected.shape:
            sys.exit(f"{own}: shape {got.shape}, expected {expected.shape}")
        compared.add(own)
        values += got.size
        error = np.abs(got.astype(np.float64) - expected)
        if error.any():
            wrong += int(np.count_nonzero(error))
            worst = max(worst, error.max())
            first = first or own
if first:
    print(f"first difference in {first}")
if missing:
    print("not quantized in the program: " + ", ".join(sorted(missing)))
print(
    f"optimizations {args.optimizations}: {len(compared)} tensors, {count} samples, {values} values, "
    f"{wrong} differ, by {worst:g} at most"
)
sys.exit(0 if compared and not wrong else 1)
