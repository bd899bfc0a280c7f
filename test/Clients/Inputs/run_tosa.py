"""run_tosa.py MODEL.tosa.mlirbc SAMPLES.npz DUMP.npz [--engine=reference|upstream]
               [--count=N] [--flip]

Runs the program on the TOSA reference model, or as upstream MLIR lowers it, and
compares its outputs and every named tensor of i8 that the dump (hwq eval
--dump-tensors) has, integer by integer; floats bit for bit. Exit code 1 unless all
are equal. --flip makes one multiplier another one, to see that it is noticed."""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

import numpy as np

parser = argparse.ArgumentParser()
parser.add_argument("model")
parser.add_argument("samples")
parser.add_argument("dump")
parser.add_argument("--engine", choices=["reference", "upstream"], default="reference")
parser.add_argument("--count", type=int, help="samples to run, all without it")
parser.add_argument("--flip", action="store_true")
args = parser.parse_args()

TYPES = {"f32": np.float32, "i8": np.int8, "i32": np.int32}


def run(command, **options):
    done = subprocess.run(command, capture_output=True, **options)
    if done.returncode:
        error = done.stderr if isinstance(done.stderr, str) else done.stderr.decode(errors="replace")
        sys.exit(f"{os.path.basename(command[0])}: {error.strip().splitlines()[0]}")
    return done.stdout


def tool(name):
    return shutil.which(name) or shutil.which(name + "-22") or sys.exit(f"no {name}")


def tensor_type(text):
    *shape, element = re.fullmatch(r"tensor<(.*)>", text).group(1).split("x")
    return [int(size) for size in shape], TYPES[element]


class Program:
    """The text of a program of one function, with more results than it had."""

    def __init__(self, path):
        self.text = run([tool("mlir-opt"), path], text=True)
        head = re.search(r"func\.func @main\((.*)\) -> (.*) \{$", self.text, re.M)
        argument = r"(%\w+): (tensor<[^>]*>)(?: \{[^}]*quant_hw\.name = \"([^\"]*)\"[^}]*\})?"
        self.inputs = [(name, tensor_type(kind)) for _, kind, name in re.findall(argument, head.group(1))]
        result = r"(tensor<[^>]*>)(?: \{[^}]*quant_hw\.name = \"([^\"]*)\"[^}]*\})?"
        self.outputs = [(name, tensor_type(kind)) for kind, name in re.findall(result, head.group(2))]
        last = re.search(r"^    return (.*) : (.*)$", self.text, re.M)
        values, kinds = last.group(1).split(", "), last.group(2).split(", ")
        # The results themselves may be dequantized tensors of the same name.
        self.names = [(name, True) for name, _ in self.outputs]
        inner = r"^    (%\w+) = .*quant_hw\.name = \"([^\"]*)\".* -> (tensor<[^>]*xi8>)$"
        for value, name, kind in re.findall(inner, self.text, re.M):
            if value in values:
                continue
            values.append(value)
            kinds.append(kind)
            self.names.append((name, False))
            self.outputs.append((name, tensor_type(kind)))
        arguments = re.findall(argument, head.group(1))
        signature = ", ".join(f"{value}: {kind}" for value, kind, _ in arguments)
        self.text = self.text.replace(head.group(0), f"func.func @main({signature}) -> ({', '.join(kinds)}) {{")
        self.text = self.text.replace(last.group(0), f"    return {', '.join(values)} : {', '.join(kinds)}")
        self.text = re.sub(r"quant_hw\.\w+ = (\"[^\"]*\"|[^,}]*)(, )?", "", self.text)
        self.text = self.text.replace(" {}", "").replace(", }", "}").replace("module attributes", "module")

    @property
    def batch(self):
        return self.inputs[0][1][0][0]


class Reference:
    def __init__(self, program):
        import tosa_reference_model

        self.model = tosa_reference_model
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "model.tosa")
            opt = os.path.join(os.path.dirname(sys.executable), "tosa-opt")
            run([opt, "-", "--tosa-serialize", f"--tosa-flatbuffer-filename={path}", "-o", os.devnull],
                input=program.text.encode())
            self.bytes = open(path, "rb").read()

    def __call__(self, inputs):
        outputs, status = self.model.run(self.bytes, inputs)
        if status != self.model.GraphStatus.TOSA_VALID:
            sys.exit(f"the reference model says {status}")
        return outputs


LOWERING = """builtin.module(
  func.func(tosa-infer-shapes,tosa-make-broadcastable,tosa-to-linalg-named{prefer-conv2d-kernel-layout-hwcf=true},
    canonicalize,tosa-layerwise-constant-fold,tosa-to-linalg,tosa-to-tensor,
    tosa-to-arith{include-apply-rescale=true},canonicalize,cse,convert-elementwise-to-linalg),
  linalg-fuse-elementwise-ops,
  one-shot-bufferize{bufferize-function-boundaries=1 function-boundary-type-conversion=identity-layout-map},
  buffer-deallocation-pipeline,convert-bufferization-to-memref,
  func.func(convert-linalg-to-loops),canonicalize,cse,
  expand-strided-metadata,lower-affine,func.func(arith-expand,convert-math-to-llvm),
  convert-scf-to-cf,convert-to-llvm,reconcile-unrealized-casts)"""


class Upstream:
    """TOSA to linalg to loops to LLVM, run by MLIR's own runner. Values go in and out
    as integers: those of f32 are its bits."""

    def __init__(self, program):
        self.program = program

    def __call__(self, inputs):
        shape = lambda sizes, element: "tensor<" + "x".join(map(str, [*sizes, element])) + ">"
        element = {np.dtype(np.float32): "f32", np.dtype(np.int8): "i8"}
        lines, names = [], []
        for i, x in enumerate(inputs):
            bits = x.view(np.int32) if x.dtype == np.float32 else x
            kind = shape(x.shape, element[bits.dtype] if bits.dtype == np.int8 else "i32")
            lines.append(f'    %c{i} = arith.constant dense<"0x{bits.tobytes().hex()}"> : {kind}')
            if x.dtype == np.float32:
                lines.append(f"    %x{i} = arith.bitcast %c{i} : {kind} to {shape(x.shape, 'f32')}")
            names.append(f"%x{i}" if x.dtype == np.float32 else f"%c{i}")
        kinds = [shape(sizes, element[np.dtype(kind)]) for _, (sizes, kind) in self.program.outputs]
        operands = ", ".join(shape(x.shape, element[x.dtype]) for x in inputs)
        lines.append(f"    %r:{len(kinds)} = call @net({', '.join(names)}) : ({operands}) -> ({', '.join(kinds)})")
        for i, (kind, (_, (sizes, dtype))) in enumerate(zip(kinds, self.program.outputs)):
            wide = shape(sizes, "i32")
            op = "bitcast" if dtype == np.float32 else "extsi"
            lines.append(f"    %w{i} = arith.{op} %r#{i} : {kind} to {wide}")
            lines.append(f"    %u{i} = tensor.cast %w{i} : {wide} to tensor<*xi32>")
            lines.append(f"    call @printMemrefI32(%u{i}) : (tensor<*xi32>) -> ()")
        text = self.program.text.replace("@main(", "@net(").replace("func.func @net", "func.func private @net")
        main = "  func.func private @printMemrefI32(tensor<*xi32>)\n  func.func @main() {\n" + "\n".join(lines)
        text = re.sub(r"^module \{$", lambda m: m.group(0) + "\n" + main + "\n    return\n  }", text, flags=re.M)
        lowered = run([tool("mlir-opt"), "-", f"--pass-pipeline={LOWERING}"], input=text, text=True)
        libraries = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(tool("mlir-runner")))), "lib")
        shared = ",".join(os.path.join(libraries, f"libmlir_{n}.so") for n in ("runner_utils", "c_runner_utils"))
        printed = run([tool("mlir-runner"), "-O1", "-e", "main", "-entry-point-result=void", f"-shared-libs={shared}"],
                      input=lowered, text=True)
        results = []
        for data, (_, (sizes, dtype)) in zip(printed.split("Unranked Memref")[1:], self.program.outputs):
            numbers = re.findall(r"-?\d+", data[data.index("data =") :])
            bits = np.array(numbers, np.int64).astype(np.int32).reshape(sizes)
            results.append(bits.view(np.float32) if dtype == np.float32 else bits.astype(np.int8))
        return results


program = Program(args.model)
if args.flip:
    changed = re.sub(r"(dense<\[?)(1\d{9})", lambda m: m.group(1) + str(int(m.group(2)) + 200000000), program.text, 1)
    if changed == program.text:
        sys.exit("the program has no multiplier in its text")
    program.text = changed
engine = {"reference": Reference, "upstream": Upstream}[args.engine](program)
samples, dump = np.load(args.samples), np.load(args.dump)
count = args.count or len(samples[program.inputs[0][0]])
batch = program.batch
if count % batch:
    sys.exit(f"{count} samples are no whole number of batches of {batch}")


def expected(name, is_output, dtype):
    """Where codes and values have one name, the dump calls the latter NAME.output."""
    for key in ([name + ".output", name] if is_output else [name]):
        if key in dump.files and dump[key].dtype == dtype:
            return dump[key]
    return None


different, compared, values = {}, set(), 0
start = time.time()
for first in range(0, count, batch):
    inputs = [np.ascontiguousarray(samples[name][first : first + batch]).astype(kind) for name, (_, kind) in program.inputs]
    for got, (name, is_output) in zip(engine(inputs), program.names):
        wanted = expected(name, is_output, got.dtype)
        if wanted is None:
            if is_output:
                sys.exit(f"the dump has no output '{name}' of {got.dtype}")
            continue
        wanted = wanted[first : first + batch].reshape(got.shape)
        compared.add((name, is_output))
        values += got.size
        bits = [v.view(np.int32) if v.dtype == np.float32 else v for v in (got, wanted)]
        wrong = int(np.count_nonzero(bits[0] != bits[1]))
        if wrong:
            total, worst = different.get(name, (0, 0))
            different[name] = (total + wrong, max(worst, np.abs(got.astype(np.float64) - wanted).max()))
for name, (total, worst) in different.items():
    print(f"{name}: {total} values differ, by {worst:g} at most")
print(
    f"{args.engine}: {len(compared)} tensors, {count} samples, {values} values, "
    f"{len(different)} tensors differ"
)
print(f"{(time.time() - start) / count:.3f} s per sample", file=sys.stderr)
sys.exit(1 if different else 0)
