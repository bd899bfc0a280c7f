"""Runs the compiler on nets and compares every named tensor with the independent evaluator.

    python3 -m hwqref.run [--nets N] [--seed S] [--per-net K] [--backends 'A,B{option=value}'] [--verify]
    python3 -m hwqref.run --model=M.onnx --data=D.npz [--samples N]
    python3 -m hwqref.run --architectures=small|full|NAME,...
"""
import argparse
import concurrent.futures
import os
import subprocess
import sys
import tempfile

import numpy as np

from . import architectures
from .evaluate import DOTS, Evaluator
from .generate import generate
from .program import parse_backend, parse_program

PER_CHANNEL = "nnpi-gemmlowp{per-channel-activations=true}"
BACKENDS = [
    "academic",
    "academic{bits=4}",
    "acl",
    "acl{symmetric=true}",
    "acl{per-channel-weights=false}",
    "acl{soc=requant}",
    "acl{soc=310p}",
    "dpu",
    "dpu{align=all}",
    "dpu{align=none}",
    "dpu{profile=mqbench}",
    "fbgemm",
    "fbgemm{affine-weights=true}",
    "fbgemm{per-channel-weights=false}",
    "fbgemm{bits=7}",
    "nnpi-gemmlowp",
    "nnpi-gemmlowp{per-channel-weights=true}",
    "nnpi-gemmlowp{engine=integer}",
    PER_CHANNEL,
    "nnpi-gemmlowp{per-channel-activations=true per-channel-weights=true engine=integer}",
    "nnpi-symlowp",
    "nnpi-symlowp{engine=integer}",
    "nnpi-symlowp{symmetric=true}",
    "nnpi-symlowp{per-channel-activations=true per-channel-weights=true}",
    "onnxruntime",
    "onnxruntime{per-channel-weights=false}",
    "openvino",
    "openvino{bits=7}",
    "qnn",
    "qnn{per-channel-weights=false}",
    "snpe",
    "snpe{bias-bits=8}",
    "snpe{hexagon=true}",
    "snpe{per-channel-weights=true}",
    "snpe{policy=g3}",
    "snpe{profile=mqbench}",
    "sophgo-bm1684x",
    "sophgo-bm1684x{symmetric=false}",
    "sophgo-bm1684x{tpu-compat=true}",
    "sophgo-cv18xx",
    "sophgo-cv18xx{tpu-compat=true}",
    "tensorrt",
    "tensorrt{policy=g2_paper}",
    "tensorrt{scale-divisor=127.5}",
    "tensorrt{narrow-activations=true}",
    "tflite",
    "tflite{single-rounding=true}",
    "tflite{engine=ruy}",
    "tflite{per-channel-weights=false}",
    "tflite-u8",
    "tflite-u8{single-rounding=true}",
    "tflite-xnnpack",
    "tflite-xnnpack{per-channel-weights=true}",
    "tosa",
    "tosa{single-rounding=false}",
    "tvm",
    "tvm{pot-rounding=nearest}",
    "tvm{profile=mqbench}",
]


# Up to step 4, whatever the backend's own dialect.
TO_STEP0 = ["quant-hw-fold-batch-norm", "quant-hw-annotate"]
TO_STEP4 = [
    "quant-hw-integerize",
    "quant-hw-fold-zero-points",
    "quant-hw-factor-scales",
    "quant-hw-quantize-bias",
    "quant-hw-select-kernels",
    "quant-hw-fold-requantize",
]


# What the compiler rightly says: of scales for which the backend's arithmetic has no numbers.
REFUSALS = [
    "for multiplier rule 'cv18xx8'",
    "expected an output range of at least 256 accumulator steps",
    "expected a ratio of scales that keeps the codes in 32 bits",
    "expected ratios of scales below 256",
    "the terms of the addition",
    "the terms of the subtraction",
    "expected operand scales whose ratio keeps the terms in 32 bits",
    "expected an output scale for which the sum fits 32 bits",
    "expected a shift in 0..62",
    "expected one in [0, 16]; its scale is that of its input",
    "the kernel r10 has its zero points in a bias, which the product of activations",
]


class Failure(Exception):
    pass


def pipeline(backend, passes):
    name, _, overrides = backend.partition("{")
    overrides = f" overrides={{{overrides}" if overrides else ""
    return "builtin.module(" + ",".join([f"quant-hw-set-backend{{backend={name}{overrides}}}"] + passes) + ")"


def run_tool(*command):
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        lines = [l for l in result.stderr.splitlines() if "error" in l] or result.stderr.splitlines()[-1:]
        raise Failure(f"{os.path.basename(command[0])}: {' '.join(lines)[:400]}")
    return result


def descriptor(backend, cache={}):
    if backend not in cache:
        name, _, overrides = backend.partition("{")
        fields = parse_backend(run_tool("hwq-opt", f"--print-backend={name}").stdout)
        for override in overrides.rstrip("}").split():
            option, _, value = override.partition("=")
            for key, new in fields["options"][option][value].items():
                fields[key] = {**fields[key], **new} if isinstance(new, dict) else new
        cache[backend] = fields
    return cache[backend]


def float_weights(folded, step0):
    """{result of a dot product at step 0: its float weights}, of the same program before the weights were quantized."""
    def dots(program):
        return [op for op in program.ops if op.name in DOTS]

    constants = {op.result: op.attrs["values"] for op in folded.ops if op.name == "tosa.const"}
    return {
        after.result: constants[before.operands[1]]
        for before, after in zip(dots(folded), dots(step0), strict=True)
        if before.operands[1] in constants
    }


class Comparison:
    """Compares as the evaluator goes along; the first difference of each tensor stays."""

    def __init__(self, dump):
        # given: tensors that go on with the compiler's value, which is not compared to the last digit.
        self.dump, self.differences, self.tensors, self.integers, self.given = dump, [], 0, 0, 0
        self.seen = set()

    def __call__(self, name, tensor):
        theirs = self.dump.get(name)
        if theirs is None:
            return None
        quantized = f"{name}.scale" in self.dump
        if quantized != (tensor.type is not None):
            return None
        if quantized:
            scale, zero_point = self.dump[f"{name}.scale"], self.dump[f"{name}.zero_point"]
            if not (np.array_equal(scale, tensor.params.scale) and np.array_equal(zero_point, tensor.params.zero_point)):
                return None
            theirs = theirs.astype(np.int64)
        if theirs.shape != tensor.data.shape:
            self.differences.append(f"tensor '{name}': shape {theirs.shape}, expected {tensor.data.shape}")
            return None
        self.tensors += 1
        self.seen.add(name)
        if tensor.exact is None:
            self.given += 1
            return theirs
        if tensor.exact:
            self.integers += tensor.data.size
            different = theirs != tensor.data
        else:
            self.given += 1
            slack = 1 if quantized else 1e-4 * max(np.abs(tensor.data).max(initial=0), 1e-3)
            different = np.abs(theirs - tensor.data) > slack
        if different.any():
            where = tuple(int(i) for i in np.argwhere(different)[0])
            self.differences.append(
                f"tensor '{name}': {int(different.sum())} of {different.size} differ, the first one at {where}: "
                f"got {theirs[where]}, expected {tensor.data[where]}"
            )
            return theirs  # what comes after is judged on its own
        return theirs


    def finish(self):
        """Integers that the compiler has and the evaluator doesn't are a difference too."""
        for name in self.dump:
            if f"{name}.scale" in self.dump and name not in self.seen:
                self.differences.append(f"tensor '{name}': step 0 has no integers of that name and these parameters")


def check(calibrated, data, x, backend, directory):
    """Compiles, runs and compares one program of one input for one backend; x: the values in the file `data`."""
    out, dump = os.path.join(directory, "out.mlirbc"), os.path.join(directory, "dump.npz")
    fields = descriptor(backend)
    passes = TO_STEP0 + (TO_STEP4 if fields["final_form"] != "step0" else [])
    compiled = run_tool(
        "hwq-opt", calibrated, f"--pass-pipeline={pipeline(backend, passes)}", "--emit-bytecode", "-o", out, "--mlir-print-op-generic",
        "--mlir-print-ir-after=quant-hw-annotate", "--mlir-print-ir-after=quant-hw-fold-batch-norm",
    )
    parts = compiled.stderr.split("// -----// IR Dump After ")
    dumps = {part.split(" ")[0]: part for part in parts[1:]}
    step0 = parse_program(dumps["AnnotatePass"])
    command = ["hwq", "eval", out, f"--data={data}", f"--dump={dump}", "--dump-tensors=.*", "--quiet", "--threads=1"]
    run_tool(*command)
    weights = {}
    if fields["scale_form"] == "coupled" or fields["activations"].get("granularity") == "per_channel":
        weights = float_weights(parse_program(dumps["FoldBatchNormPass"]), step0)
    with np.load(dump) as arrays:
        comparison = Comparison({name: arrays[name] for name in arrays.files})
    with np.errstate(all="raise", over="ignore", under="ignore"):
        inputs = {name: x for _, name in step0.arguments}
        results = Evaluator(step0, fields, comparison, weights).run(inputs)
    for name, tensor in results.items():
        if name not in comparison.seen:
            comparison(name, tensor)
    comparison.finish()
    return comparison


def verify(calibrated, data, backend):
    """hwq verify: every form of the program against the one before it."""
    run_tool("hwq", "verify", calibrated, f"--for={backend}", f"--data={data}", "--quiet", "--threads=1")


def check_net(seed, backends, directory, only_verify=False):
    """[(backend, comparison or failure)] of one generated net; no comparison of what hwq verify alone has run."""
    model, calibration, data = generate(seed)
    paths = {name: os.path.join(directory, name) for name in ("net.onnx", "calibration.npz", "data.npz", "net.mlirbc")}
    with open(paths["net.onnx"], "wb") as file:
        file.write(model)
    np.savez(paths["calibration.npz"], x=calibration)
    np.savez(paths["data.npz"], x=data)
    # With the ranges of channels, which the others leave alone.
    run_tool("hwq", "calibrate", paths["net.onnx"], f"--for={PER_CHANNEL}", f"--data={paths['calibration.npz']}", "-o", paths["net.mlirbc"], "--quiet")
    for backend in backends:
        try:
            if only_verify:
                yield backend, verify(paths["net.mlirbc"], paths["data.npz"], backend)
                continue
            yield backend, check(paths["net.mlirbc"], paths["data.npz"], data, backend, directory)
        except Failure as failure:
            yield backend, failure


def _net_report(task):
    """(lines of differences, programs, refusals, integers, tensors taken over)"""
    seed, backends, only_verify = task
    lines, checks, refused, integers, given = [], 0, 0, 0, 0
    with tempfile.TemporaryDirectory() as directory:
        try:
            for backend, result in check_net(seed, backends, directory, only_verify):
                checks += 1
                if isinstance(result, Failure):
                    if any(reason in str(result) for reason in REFUSALS):
                        refused += 1
                    else:
                        lines.append(f"net {seed}, {backend}: {result}")
                    continue
                if only_verify:
                    continue
                integers += result.integers
                given += result.given
                lines += [f"net {seed}, {backend}: {d}" for d in result.differences]
        except Exception as error:  # the seed must not be lost
            lines.append(f"net {seed}: {type(error).__name__}: {error}")
    return lines, checks, refused, integers, given


def check_nets(seed, nets, per_net, backends, only_verify=False):
    """`per_net` backends for each net, all of them in turn."""
    tasks = [
        (seed + i, [backends[(i * per_net + k) % len(backends)] for k in range(min(per_net, len(backends)))], only_verify)
        for i in range(nets)
    ]
    failed, totals = 0, [0, 0, 0, 0]
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
        for lines, *counts in pool.map(_net_report, tasks, chunksize=1):
            failed += len(lines)
            totals = [a + b for a, b in zip(totals, counts)]
            for line in lines:
                print(line, flush=True)
    checks, refused, integers, given = totals
    if refused * 20 > max(checks, 100):
        failed += 1
        print(f"net of any seed: expected at most 5 % refusals, or 5 of a few, got {refused} of {checks}")
    print(f"{nets} nets from seed {seed}, {checks} programs, {refused} refused: {integers} integers, {failed} differences; "
          f"{given} tensors taken over")
    return failed


def check_model(path, data, samples, backends):
    """One network for every backend, on the first samples of an .npz with the array x."""
    with np.load(data) as arrays:
        x = arrays["x"][:samples]
    failed = 0
    with tempfile.TemporaryDirectory() as directory:
        calibrated, few = os.path.join(directory, "net.mlirbc"), os.path.join(directory, "few.npz")
        np.savez(few, x=x)
        if path.endswith(".onnx"):
            run_tool("hwq", "calibrate", path, f"--for={PER_CHANNEL}", f"--data={data}", "--samples=64", "-o", calibrated, "--quiet")
        else:
            calibrated = path
        for backend in backends:
            try:
                result = check(calibrated, few, x, backend, directory)
                differences = result.differences
                print(f"{backend}: {result.tensors} tensors, {result.integers} integers, {len(differences)} differences")
            except Failure as failure:
                differences = [str(failure)]
            failed += len(differences)
            for difference in differences:
                print(f"{backend}: {difference}", flush=True)
    return failed


def prepare_architecture(task):
    """Builds and calibrates one net; what is wrong with its float program, or None."""
    name, seed, directory = task
    model, images, expected = architectures.build(name, seed)
    base = os.path.join(directory, name)
    with open(base + ".onnx", "wb") as file:
        file.write(model)
    np.savez(base + ".npz", x=images)
    try:
        run_tool("hwq", "calibrate", base + ".onnx", f"--data={base}.npz", "-o", base + ".mlirbc", "--quiet", "--threads=1")
        run_tool("hwq", "eval", base + ".mlirbc", f"--data={base}.npz", f"--dump={base}.out.npz", "--quiet", "--threads=1")
    except Failure as failure:
        return f"{name}: {failure}"
    with np.load(base + ".out.npz") as got:
        for output, values in expected.items():
            values = values.transpose(0, 3, 1, 2) if values.ndim == 4 else values
            # The convolutions' sums in f32 against f64.
            if got[output].shape != values.shape or np.abs(got[output] - values).max() > 2e-3 * max(np.abs(values).max(), 1):
                return f"{name}: output '{output}' of the float program differs"
    return None


def check_architecture(task):
    """(what was done, line of a difference or None, integers): one net for one backend, by the evaluator and by hwq verify."""
    name, backend, kind, base = task
    label = f"{name}, {backend}, {kind}"
    try:
        if kind == "verify":
            verify(base + ".mlirbc", base + ".npz", backend)
            return label, None, 0
        with np.load(base + ".npz") as arrays, tempfile.TemporaryDirectory() as directory:
            result = check(base + ".mlirbc", base + ".npz", arrays["x"], backend, directory)
        return label, "; ".join(result.differences[:3]) or None, result.integers
    except Failure as failure:
        refused = any(reason in str(failure) for reason in REFUSALS)
        return label + (" refused" if refused else ""), None if refused else str(failure), 0
    except Exception as error:  # the net and backend must not be lost
        return label, f"{type(error).__name__}: {error}", 0


def check_architectures(names, seed, backends, whole):
    """`whole`: every net for every backend, else each backend for one of the nets."""
    bare = [b for b in backends if "{" not in b]
    checks, failed, refused, integers = 0, 0, 0, 0
    with tempfile.TemporaryDirectory() as directory, concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
        for problem in pool.map(prepare_architecture, [(n, seed, directory) for n in names]):
            if problem:
                print(problem, flush=True)
                failed += 1
        tasks = [
            (name, backend, kind, os.path.join(directory, name))
            for kind, chosen in (("evaluator", backends), ("verify", bare))
            for i, backend in enumerate(chosen)
            for k, name in enumerate(names)
            if whole or i % len(names) == k
        ]
        for label, problem, count in pool.map(check_architecture, tasks, chunksize=1):
            checks, integers = checks + 1, integers + count
            refused += label.endswith("refused")
            if problem:
                print(f"{label}: {problem}"[:600], flush=True)
                failed += 1
    print(f"{len(names)} architectures from seed {seed}, {checks} checks, {refused} refused: {integers} integers, {failed} differences")
    return failed


def main():
    exhaustive = os.environ.get("HWQ_EXHAUSTIVE") == "1"
    seed = os.environ.get("HWQ_TEST_SEED") or (int.from_bytes(os.urandom(3), "little") if exhaustive else 1)
    parser = argparse.ArgumentParser()
    parser.add_argument("--nets", type=int, default=2000 if exhaustive else 100)
    parser.add_argument("--seed", type=int, default=int(seed), help="of the first net; the others count on")
    parser.add_argument("--per-net", type=int, default=4 if exhaustive else 2, help="backends for each net")
    parser.add_argument("--backends", help="separated by commas")
    parser.add_argument("--verify", action="store_true", help="with hwq verify in place of the evaluator")
    parser.add_argument("--model", help="instead of generated nets: .onnx, or a calibrated program")
    parser.add_argument("--data", help="of the model, .npz")
    parser.add_argument("--samples", type=int, default=2)
    parser.add_argument("--architectures", help="instead of generated nets: small, full or names separated by commas")
    options = parser.parse_args()
    backends = options.backends.split(",") if options.backends else BACKENDS
    if options.architectures:
        sets = {"small": [*architectures.SMALL], "full": [*architectures.FULL]}
        names = sets.get(options.architectures) or options.architectures.split(",")
        failed = check_architectures(names, options.seed, backends, exhaustive or options.backends is not None)
    elif options.model:
        failed = check_model(options.model, options.data, options.samples, backends)
    else:
        failed = check_nets(options.seed, options.nets, options.per_net, backends, options.verify)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
