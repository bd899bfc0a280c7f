#!/usr/bin/env python3
"""Measures --quantize-for of every backend: CPU time and peak memory of hwq-opt.

usage: compile_speed.py BIN SHARED [--backends=A,B] [--repeat=3]

BIN is the folder of hwq and hwq-opt, SHARED the one with models/ and data/. ResNet-20 is SHARED's; the larger nets have
the layers and sizes of MobileNetV2 and ResNet-50 and random weights. Prints a Markdown table: the CPU time of the whole
process, reading and writing bytecode included, the best of the repetitions, the largest resident set, and what that has
more than for an empty module, in multiples of the size of the ONNX file, which is that of the f32 weights.
"""
import argparse, multiprocessing, os, pathlib, subprocess, sys, tempfile

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Reference"))
from hwqref import onnxfile


class Builder:
    """Convolutions with ReLU, additions, a pool and a classifier; input N,3,224,224."""

    def __init__(self):
        self.random = np.random.default_rng(1)
        self.nodes, self.initializers = [], []

    def constant(self, values):
        name = f"c{len(self.initializers)}"
        self.initializers.append(onnxfile.tensor(name, values))
        return name

    def node(self, kind, inputs, **attributes):
        name = f"t{len(self.nodes)}"
        self.nodes.append(onnxfile.node(kind, inputs, name, **attributes))
        return name

    def conv(self, x, channels, out, kernel, stride=1, groups=1, relu=True):
        taps = channels // groups * kernel * kernel
        w = self.random.standard_normal((out, channels // groups, kernel, kernel), np.float32) * (2 / taps) ** 0.5
        b = self.random.standard_normal(out, np.float32) * np.float32(0.1)
        y = self.node("Conv", [x, self.constant(w), self.constant(b)], kernel_shape=[kernel] * 2, strides=[stride] * 2,
                      pads=[kernel // 2] * 4, group=groups)
        return self.node("Relu", [y]) if relu else y

    def add(self, a, b, relu):
        y = self.node("Add", [a, b])
        return self.node("Relu", [y]) if relu else y

    def finish(self, x, channels):
        x = self.node("Flatten", [self.node("GlobalAveragePool", [x])])
        w = self.random.standard_normal((1000, channels), np.float32) * (1 / channels) ** 0.5
        x = self.node("Gemm", [x, self.constant(w), self.constant(np.zeros(1000, np.float32))], transB=1)
        return onnxfile.model(self.nodes, self.initializers, [onnxfile.value_info("x", [3, 224, 224])],
                              [onnxfile.value_info(x, [1000])])


def resnet50():
    net = Builder()
    x, channels = net.conv("x", 3, 64, 7, 2), 64
    x = net.node("MaxPool", [x], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    for stage, (width, blocks) in enumerate([(64, 3), (128, 4), (256, 6), (512, 3)]):
        for block in range(blocks):
            stride = 2 if stage and not block else 1
            y = net.conv(x, channels, width, 1)
            y = net.conv(net.conv(y, width, width, 3, stride), width, width * 4, 1, relu=False)
            if not block:
                x = net.conv(x, channels, width * 4, 1, stride, relu=False)
            x, channels = net.add(x, y, True), width * 4
    return net.finish(x, channels)


def mobilenetv2():
    net = Builder()
    x, channels = net.conv("x", 3, 32, 3, 2), 32
    for expand, out, repeat, stride in [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1),
                                        (6, 160, 3, 2), (6, 320, 1, 1)]:
        for i in range(repeat):
            hidden, step = channels * expand, stride if i == 0 else 1
            y = net.conv(x, channels, hidden, 1) if expand > 1 else x
            y = net.conv(net.conv(y, hidden, hidden, 3, step, hidden), hidden, out, 1, relu=False)
            x = net.add(x, y, False) if step == 1 and channels == out else y
            channels = out
    return net.finish(net.conv(x, channels, 1280, 1), 1280)


def prepare(path, make, shape, data, hwq, calibrated):
    """Writes a net and some samples, and calibrates it."""
    if make:
        path.write_bytes(make())
    np.savez(data, x=np.random.default_rng(2).standard_normal((2, *shape), np.float32))
    run([hwq, "calibrate", str(path), f"--data={data}", "--quiet", "-o", str(calibrated)])


def run(command):
    """CPU seconds and MiB of a process; exits where it fails."""
    pid = os.posix_spawn(command[0], command, os.environ,
                         file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
    _, status, usage = os.wait4(pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("bin", type=pathlib.Path)
    parser.add_argument("shared", type=pathlib.Path)
    parser.add_argument("--backends")
    parser.add_argument("--repeat", type=int, default=3)
    args = parser.parse_args()
    hwq, opt = (str((args.bin / tool).resolve()) for tool in ("hwq", "hwq-opt"))
    listed = subprocess.run([opt, "--list-backends"], check=True, capture_output=True, text=True).stdout.splitlines()
    backends = args.backends.split(",") if args.backends else [line.split()[0] for line in listed[1:]]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        nets = {"ResNet-20": (args.shared / "models/resnet20_cifar.onnx", None, (3, 32, 32))}
        for name, make in (("MobileNetV2", mobilenetv2), ("ResNet-50", resnet50)):
            nets[name] = folder / f"{name}.onnx", make, (3, 224, 224)
        for name, (path, make, shape) in nets.items():
            # A process of its own: the largest resident set of a child begins with that of its parent.
            child = multiprocessing.Process(
                target=prepare, args=(path, make, shape, folder / "x.npz", hwq, folder / f"{name}.mlirbc"))
            child.start()
            child.join()
            if child.exitcode:
                sys.exit(child.exitcode)
        print("| backend |" + "".join(f" {name} | MiB | of the weights |" for name in nets) + "\n|---|" +
              "---|" * 3 * len(nets))
        (folder / "empty.mlir").write_text("module {}")
        _, empty = min(run([opt, str(folder / "empty.mlir")]) for _ in range(args.repeat))
        for backend in backends:
            row = f"| {backend} |"
            for name, (path, _, _) in nets.items():
                command = [opt, str(folder / f"{name}.mlirbc"), f"--quantize-for={backend}", "--emit-bytecode", "-o",
                           str(folder / "out.mlirbc")]
                runs = [run(command) for _ in range(args.repeat)]
                mib = min(m for _, m in runs)
                row += f" {min(s for s, _ in runs):.2f} s | {mib:.0f} | {(mib - empty) * 2**20 / path.stat().st_size:.1f} |"
            print(row, flush=True)
        print(f"\nAn empty module: {empty:.0f} MiB.")


if __name__ == "__main__":
    main()
