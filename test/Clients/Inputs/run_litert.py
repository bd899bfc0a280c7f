"""run_litert.py MODEL.tflite SAMPLES.npz DUMP.npz [--engine=reference|xnnpack]
              [--floats=DIFFERENCE]

Runs the model in LiteRT on every sample and compares each tensor that the
program's dump (hwq eval --dump-tensors) has, integer by integer. Exit code 1
unless all are equal, or floats differ by no more than --floats times their
tensor's largest one."""

import argparse
import sys

import flatbuffers
import numpy as np
from ai_edge_litert import interpreter as litert
from ai_edge_litert import schema_py_generated as schema
from dumps import find

parser = argparse.ArgumentParser()
parser.add_argument("model")
parser.add_argument("samples")
parser.add_argument("dump")
parser.add_argument("--engine", choices=["reference", "xnnpack"], default="reference")
parser.add_argument("--floats", type=float, default=0)
args = parser.parse_args()


def with_all_outputs(path):
    """The model with every result of an op as an output: a delegate keeps its
    inner tensors to itself otherwise."""
    model = schema.ModelT.InitFromPackedBuf(open(path, "rb").read(), 0)
    graph = model.subgraphs[0]
    outputs = [int(i) for i in graph.outputs]
    for op in graph.operators:
        outputs += [int(i) for i in op.outputs if int(i) not in outputs]
    graph.outputs = outputs
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


resolver = litert.OpResolverType
engine = litert.Interpreter(
    model_content=with_all_outputs(args.model),
    experimental_op_resolver_type=resolver.BUILTIN_REF if args.engine == "reference" else resolver.AUTO,
)
engine.allocate_tensors()
samples, dump = np.load(args.samples), np.load(args.dump)
inputs, outputs = engine.get_input_details(), engine.get_output_details()

tensors = {}
for detail in outputs:
    expected = find(dump, detail["name"], detail["dtype"])
    # The results of a program that reads and gives codes are f32 in the dump.
    if expected is None and detail["index"] == outputs[0]["index"]:
        expected = find(dump, detail["name"], np.float32)
    if expected is not None:
        tensors[detail["index"]] = (detail["name"], expected)
if outputs[0]["index"] not in tensors:
    sys.exit(f"the dump has no '{outputs[0]['name']}'")

different, bad = {}, 0
images = {detail["name"]: samples[detail["name"]] for detail in inputs}
details = {detail["index"]: detail for detail in outputs}
count = len(images[inputs[0]["name"]])
values = 0
for i in range(count):
    for detail in inputs:
        engine.set_tensor(detail["index"], images[detail["name"]][i : i + 1])
    engine.invoke()
    for index, (name, expected) in tensors.items():
        got = engine.get_tensor(index)
        if expected.dtype == np.float32 and got.dtype != np.float32:
            scale, zero = details[index]["quantization"]
            got = np.float32(scale) * (got.astype(np.int32) - zero).astype(np.float32)
        # The batch is the first dimension, or has moved.
        if got.shape != expected[i].shape:
            got = got[0]
        # A fully connected layer may be a convolution, 1x1.
        if got.size == expected[i].size and got.squeeze().shape == expected[i].squeeze().shape:
            got = got.reshape(expected[i].shape)
        if got.shape != expected[i].shape:
            sys.exit(f"{name}: shape {got.shape}, expected {expected[i].shape}")
        error = np.abs(got.astype(np.float64) - expected[i])
        values += got.size
        if error.any():
            total, worst = different.get(name, (0, 0))
            different[name] = (total + int(np.count_nonzero(error)), max(worst, error.max()))
            allowed = args.floats * np.abs(expected).max() if got.dtype == np.float32 else 0
            bad += int(error.max() > allowed)

for name, (total, worst) in different.items():
    print(f"{name}: {total} values differ, by {worst:g} at most")
print(
    f"{args.engine}: {len(tensors)} tensors, {count} samples, {values} values, "
    f"{len(different)} tensors differ"
)
sys.exit(1 if bad else 0)
