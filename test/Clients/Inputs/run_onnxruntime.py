"""run_onnxruntime.py MODEL.onnx SAMPLES.npz DUMP.npz [--optimizations=none|all]
                      [--allow=LSB]

Runs the model in ONNX Runtime on every sample and compares each tensor that the
program's dump (hwq eval --dump-tensors) has: all named ones without
optimizations, the outputs with them. Exit code 1 unless all are equal, or differ
by no more than --allow."""

import argparse
import sys

import numpy as np
import onnx
import onnxruntime as ort
from dumps import find

parser = argparse.ArgumentParser()
parser.add_argument("model")
parser.add_argument("samples")
parser.add_argument("dump")
parser.add_argument("--optimizations", choices=["none", "all"], default="none")
parser.add_argument("--allow", type=float, default=0, help="largest difference, in steps of the output's scale")
args = parser.parse_args()

samples, dump = np.load(args.samples), np.load(args.dump)
model = onnx.load(args.model)
onnx.checker.check_model(model)
outputs = [o.name for o in model.graph.output]
inputs = [i.name for i in model.graph.input]
names = list(outputs)
if args.optimizations == "none":
    # Inner tensors, codes as they are; images are N,C,H,W in the model.
    for node in model.graph.node:
        name = node.output[0]
        inner = name.removesuffix("_quantized") in dump.files
        if inner and name not in names:
            model.graph.output.append(onnx.ValueInfoProto(name=name))
            names.append(name)

options = ort.SessionOptions()
options.log_severity_level = 3
options.intra_op_num_threads = 1
options.graph_optimization_level = (
    ort.GraphOptimizationLevel.ORT_ENABLE_ALL
    if args.optimizations == "all"
    else ort.GraphOptimizationLevel.ORT_DISABLE_ALL
)
session = ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
different = {}
compared, values = set(), 0
images = {n: samples[n] for n in inputs}
tensors = {}
count = len(images[inputs[0]])
for i in range(count):
    results = session.run(names, {n: images[n][i : i + 1] for n in inputs})
    for name, got in zip(names, results):
        if name not in tensors:
            tensors[name] = find(dump, name, got.dtype)
        if tensors[name] is None:
            continue
        # The batch is the first dimension, or has moved. Images are N,C,H,W in the
        # model, unless its own transposes make the tensor.
        expected = tensors[name][i]
        layouts = [got] + ([got[0]] if got.ndim else [])
        layouts += [values.transpose(1, 2, 0) for values in layouts if values.ndim == 3]
        layouts = [values for values in layouts if values.shape == expected.shape]
        if not layouts:
            sys.exit(f"{name}: shape {got.shape}, expected {expected.shape}")
        got = min(layouts, key=lambda values: np.count_nonzero(values != expected))
        compared.add(name)
        values += got.size
        error = np.abs(got.astype(np.float64) - expected)
        wrong = int(np.count_nonzero(error))
        if wrong:
            total, worst = different.get(name, (0, 0))
            different[name] = (total + wrong, max(worst, error.max()))

if not any(o in compared for o in outputs):
    sys.exit("no output of the model is in the dump")
for name, (total, worst) in different.items():
    print(f"{name}: {total} values differ, by {worst:g} at most")
print(
    f"optimizations {args.optimizations}: {len(compared)} tensors, {count} samples, {values} values, "
    f"{len(different)} tensors differ"
)
sys.exit(1 if any(worst > args.allow for _, worst in different.values()) else 0)
