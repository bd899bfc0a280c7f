#!/usr/bin/env python3
"""Measures hwq calibrate beside ONNX Runtime: float inference of the same samples, and its own calibration.

usage: calibration_speed.py HWQ SHARED [--threads=2] [--repeat=3] [--peers]

Prints a Markdown table. SHARED is the folder with models/ and data/. Every figure is the best of the repetitions,
which take turns, so that all meet the same load. hwq's time is that of its pass: evaluator built, samples read and
prepared, inferred and counted; its CPU time that of the whole process, import included. ONNX Runtime's is that of
inference alone, of samples prepared before, 16 at a time. With --peers also onnxruntime.quantization's
calibrators, one sample at a time as their examples do. CPU time says more on a machine with other work.
"""
import argparse, pathlib, re, resource, subprocess, tempfile, time

import numpy as np
import onnxruntime as ort
from PIL import Image

CASES = {
    "ResNet-20, 500 CIFAR images": dict(
        model="resnet20_cifar.onnx", input="x", data="cifar10_calib.npz", mean=[123.675, 116.28, 103.53],
        std=[58.395, 57.12, 57.375], options=[]),
    "SqueezeNet, 200 photos": dict(
        model="squeezenet_dc.onnx", input="data", data="imagenet_dev", mean=[104, 117, 123], std=[1],
        options=["--resize=227x227", "--color=bgr"]),
}


def samples_of(case, shared):
    path = shared / "data" / case["data"]
    if path.is_dir():
        images = [np.asarray(Image.open(p).convert("RGB").resize((227, 227), Image.BILINEAR))[..., ::-1]
                  for p in sorted(path.iterdir())]
        pixels = np.stack(images)
    else:
        pixels = np.load(path)["x"]
    values = (pixels.astype(np.float32) - np.float32(case["mean"])) / np.float32(case["std"])
    return np.ascontiguousarray(values.transpose(0, 3, 1, 2))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("hwq")
    parser.add_argument("shared", type=pathlib.Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--peers", action="store_true")
    args = parser.parse_args()
    print("| | time | CPU | time, of float inference | CPU, of float inference |\n|---|---|---|---|---|")
    for name, case in CASES.items():
        model = str(args.shared / "models" / case["model"])
        samples = samples_of(case, args.shared)
        options = ort.SessionOptions()
        options.intra_op_num_threads = args.threads
        session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])

        def infer():
            start, cpu = time.perf_counter(), time.process_time()
            for i in range(0, len(samples), 16):
                session.run(None, {case["input"]: samples[i:i + 16]})
            return time.perf_counter() - start, time.process_time() - cpu

        def hwq(*more):
            command = [args.hwq, "calibrate", model, f"--data={args.shared / 'data' / case['data']}",
                       "--mean=" + ",".join(map(str, case["mean"])), "--std=" + ",".join(map(str, case["std"])),
                       f"--threads={args.threads}", *case["options"], *more]
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            run = subprocess.run(command, capture_output=True, text=True, check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            # The rate has more digits than the time.
            count, rate = re.search(r"(\d+) samples in .* s, ([0-9.]+) images/s", run.stderr).groups()
            return int(count) / float(rate), cpu

        def peer(method):
            from onnxruntime.quantization import calibrate, CalibrationDataReader

            class Reader(CalibrationDataReader):
                def __init__(self):
                    self.rest = iter(samples)

                def get_next(self):
                    sample = next(self.rest, None)
                    return None if sample is None else {case["input"]: sample[None]}

            with tempfile.TemporaryDirectory() as folder:
                start, cpu = time.perf_counter(), time.process_time()
                calibrator = calibrate.create_calibrator(
                    model, calibrate_method=method, augmented_model_path=folder + "/augmented.onnx")
                calibrator.collect_data(Reader())
                calibrator.compute_data()
                return time.perf_counter() - start, time.process_time() - cpu

        runs = {"ONNX Runtime, float inference": infer, "hwq, min-max": hwq,
                "hwq, all statistics": lambda: hwq("--method=percentile")}
        if args.peers:
            from onnxruntime.quantization import CalibrationMethod
            runs["onnxruntime.quantization, min-max"] = lambda: peer(CalibrationMethod.MinMax)
            runs["onnxruntime.quantization, percentile"] = lambda: peer(CalibrationMethod.Percentile)
            runs["onnxruntime.quantization, entropy"] = lambda: peer(CalibrationMethod.Entropy)
        best = {what: (float("inf"), float("inf")) for what in runs}
        for _ in range(args.repeat):
            for what, run in runs.items():
                best[what] = tuple(map(min, best[what], run()))
        base = best["ONNX Runtime, float inference"]
        for what, (seconds, cpu) in best.items():
            print(f"| {name}: {what} | {seconds:.2f} s | {cpu:.2f} s | {seconds / base[0]:.2f} | {cpu / base[1]:.2f} |",
                  flush=True)


if __name__ == "__main__":
    main()
