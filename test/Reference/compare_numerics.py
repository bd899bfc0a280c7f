#!/usr/bin/env python3
"""Compares `hwq calc` with the definitions in hwqref/numerics.py, on random values and on ties.

    compare_numerics.py --hwq=HWQ --folder=DIR [--seed=N] [--rounds=N] [--only=PART,...]

Prints a line for each thing compared: how many values differ, and the first of them. The exit code is 1 if any does.
"""
import argparse
import functools
import json
import math
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from hwqref import numerics as ref
from hwqref.numerics import Params, f32

GRIDS = {"i8": (-128, 127), "u8": (0, 255), "i16": (-32768, 32767), "i32": (-(2**31), 2**31 - 1)}
DTYPES = {"i8": np.int8, "u8": np.uint8, "i16": np.int16, "i32": np.int32}


class Session:
    def __init__(self, hwq, folder, seed, rounds):
        self.hwq, self.folder, self.rounds = hwq, folder, rounds
        self.random = np.random.default_rng(seed)
        self.counts, self.first, self.refused = {}, {}, {}
        self.jobs = []
        self.files = 0

    def file(self):
        self.files += 1
        return os.path.join(self.folder, f"{self.files}.npy")

    def calc(self, name, arguments, inputs, expected):
        """A call of a calculator with arrays, to be compared with expected()."""
        paths = []
        for array in inputs:
            paths.append(self.file())
            np.save(paths[-1], array)
        self.jobs.append((name, arguments, paths, self.file(), inputs, expected))

    def run(self):
        def call(job):
            _, arguments, paths, output, _, _ = job
            command = [self.hwq, "calc", *arguments, "--input=" + ",".join(paths), "--output=" + output]
            return subprocess.run(command, capture_output=True, text=True)

        with ThreadPoolExecutor(2) as pool:
            for job, result in zip(self.jobs, pool.map(call, self.jobs)):
                name, arguments, _, output, inputs, expected = job
                self.counts.setdefault(name, [0, 0])
                if result.returncode:
                    self.refused.setdefault(name, []).append((arguments, result.stderr.strip()))
                    continue
                self.compare(name, arguments, inputs, np.load(output), expected())
        self.jobs = []

    def compare(self, name, arguments, inputs, actual, expected):
        count = self.counts.setdefault(name, [0, 0])
        expected = np.broadcast_to(expected, actual.shape)
        wrong = actual.astype(np.float64) != expected.astype(np.float64)
        count[0] += actual.size
        count[1] += int(wrong.sum())
        if wrong.any() and name not in self.first:
            at = np.unravel_index(np.argmax(wrong), wrong.shape)
            row = at[: inputs[0].ndim]
            self.first[name] = (arguments, [a[row].tolist() for a in inputs], actual[at].item(), expected[at].item())

    def report(self):
        bad = 0
        for name, (values, wrong) in sorted(self.counts.items()):
            print(f"{name}: {values} values, {wrong} differ")
            bad += wrong
            if name in self.first:
                arguments, inputs, actual, expected = self.first[name]
                print(f"  {' '.join(arguments)}\n  of {inputs}: got {actual}, expected {expected}")
            for arguments, message in self.refused.get(name, [])[:1]:
                print(f"  refused {len(self.refused[name])}: {' '.join(arguments)}\n  {message}")
                bad += 1
        print(f"{sum(v for v, _ in self.counts.values())} values, {bad} differ")
        return bad

    # Random values

    def scale(self, least=2.0**-14, most=4.0):
        """An f32 scale: any, a power of two, next to one, or a short fraction, where ties are."""
        kind = self.random.integers(4)
        power = 2.0 ** self.random.integers(math.ceil(math.log2(least)), math.floor(math.log2(most)) + 1)
        if kind == 0:
            return float(power)
        if kind == 1:
            return float(np.nextafter(f32(power), f32(self.random.choice([0, 2 * most]))))
        if kind == 2:
            return float(f32(self.random.choice([0.1, 0.3, 1 / 3, 0.75, 0.375, 0.625, 1 / 255, 6 / 255, 1 / 127])) * f32(1))
        return float(f32(math.exp(self.random.uniform(math.log(least), math.log(most)))))

    def power(self, low, high):
        return 2.0 ** int(self.random.integers(low, high + 1))

    def code(self, kind):
        lo, hi = GRIDS[kind]
        return int(self.random.integers(lo, hi + 1))

    def codes(self, kind, shape):
        lo, hi = GRIDS[kind]
        return self.random.integers(lo, hi + 1, shape).astype(DTYPES[kind])

    def accumulators(self, step, bound=2**31 - 1, count=400):
        """Random ones of every size, and neighbours of the ties k + 1/2 of x * step."""
        r = self.random
        ties = np.rint((r.integers(-300, 301, count) + 0.5) / step) + r.integers(-1, 2, count)
        sizes = 2.0 ** r.uniform(0, 31, count) * r.choice([-1, 1], count)
        ends = [0, 1, -1, 2, -2, 2**24 + 1, -(2**24) - 1, 2**25 + 3, bound, -bound]
        x = np.concatenate([np.rint(sizes), ties, ends])
        return np.clip(x, -bound, bound).astype(np.int32)


def arg(value):
    return ",".join(repr(float(v)) if isinstance(v, float) else str(v) for v in np.atleast_1d(value).tolist())


# ---------------------------------------------------------------------------------------------------------------------
# Kernels
# ---------------------------------------------------------------------------------------------------------------------


def kernels(s):
    integer = {"r1": ref.r1, "r2": ref.r2, "r5": ref.r5, "r11": ref.r11}
    for _ in range(2 * s.rounds):
        scale, kind = s.scale(2.0**-20, 0.99), s.random.choice(["i8", "u8", "i16", "i32"])
        z, (lo, hi) = s.code("i8" if kind == "i32" else kind), GRIDS[kind]
        x = s.accumulators(scale)
        common = [f"--scale={arg(scale)}", f"--zero-point={z}", f"--type={kind}"]

        def add(name, arguments, expected):
            s.calc(name, ["requantize", f"--kernel={name.split()[0]}", *common, *arguments], [x],
                   lambda lo=lo, hi=hi: ref.clamp(expected(), lo, hi))

        m = ref.multiplier_bits31(scale)
        for kernel, function in integer.items():
            add(kernel, [], lambda f=function, x=x, m=m, z=z: f(x, m) + z)
        add("r4", [], lambda x=x, c=scale, z=z: ref.r4(x, c, z))
        add("r8", [], lambda x=x, c=scale, z=z: ref.r8(x, c, z))
        add("r8 after", ["--zero-point-after"], lambda x=x, c=scale, z=z: ref.r8(x, c, z, True))
        add("r12", [], lambda x=x, c=scale, z=z: ref.r12(x, c) + z)
        add("r13", [], lambda x=x, c=scale, z=z: ref.r13(x, c, z))
        # R9: fp16 has integers up to 65504 and scales of 2^-14 and more at full precision.
        out = s.scale(0.01, 4)
        for precision in ("requant", "f32", "f16", "f16_sqrt", "f19"):
            deq = s.scale(2.0**-13, 0.5)
            x9 = s.accumulators(deq / out, 60000 if precision.startswith("f16") else 2**23)
            s.calc("r9 " + precision,
                   ["requantize", "--kernel=r9", f"--precision={precision}", f"--scale={arg(deq)}",
                    f"--output-scale={arg(out)}", f"--zero-point={z}", f"--type={kind}"], [x9],
                   lambda x=x9, d=deq, o=out, p=precision, z=z, lo=lo, hi=hi: ref.clamp(ref.r9(x, d, o, z, p), lo, hi))
        # R14: no clamp, a ReLU6, a residual. Beyond 2^31 output steps conversions differ.
        deq = s.scale(2.0**-13, 0.5)
        x14 = s.accumulators(deq / out, min(2**31 - 1, int(2**30 * out / deq)))
        r14 = ["requantize", "--kernel=r14", f"--scale={arg(deq)}", f"--output-scale={arg(out)}",
               f"--zero-point={z}", f"--type={kind}"]
        s.calc("r14", r14, [x14],
               lambda x=x14, d=deq, o=out, z=z, lo=lo, hi=hi: ref.clamp(ref.r14(x, d, o) + z, lo, hi))
        s.calc("r14 relu6", [*r14, "--act-min=0", "--act-max=6"], [x14],
               lambda x=x14, d=deq, o=out, z=z, lo=lo, hi=hi: ref.clamp(
                   ref.r14(x, d, o, act=lambda v: np.clip(v, f32(0), f32(6))) + z, lo, hi))
        sr, residual = s.scale(0.01, 1), s.codes("i8", x14.shape)
        s.calc("r14 residual", [*r14, f"--residual-scale={arg(sr)}"], [x14, residual.astype(np.int32)],
               lambda x=x14, r=residual, d=deq, o=out, sr=sr, z=z, lo=lo, hi=hi: ref.clamp(
                   ref.r14(x, d, o, residual=r, residual_scale=sr) + z, lo, hi))
        # Given multipliers and shifts.
        n = int(s.random.integers(-4, 30))
        s.calc("r6", ["requantize", "--kernel=r6", f"--shift={n}", f"--zero-point={z}", f"--type={kind}"],
               [x], lambda x=x, n=n, z=z, lo=lo, hi=hi: ref.clamp(ref.r6(x, n) + z, lo, hi))
        bits = int(s.random.choice([7, 8, 15, 31]))
        m7 = ref.Multiplier(int(s.random.integers(1, 2**bits)), int(s.random.integers(-2, 50)), int(s.random.choice([0, 0, 3, 7])))
        s.calc("r7", ["requantize", "--kernel=r7", f"--multiplier={m7.multiplier}", f"--shift={m7.shift}",
                      f"--pre-shift={m7.preshift}", f"--zero-point={z}", f"--type={kind}"],
               [x], lambda x=x, m=m7, z=z, lo=lo, hi=hi: ref.clamp(ref.r7(x, m) + z, lo, hi))
        recip, b = int(s.random.integers(1, 2**31)), int(s.random.integers(-(2**29), 2**29))
        x10 = s.accumulators(recip / 2**31, 2**30)
        s.calc("r10", ["requantize", "--kernel=r10", f"--multiplier={recip}", "--shift=31", f"--input-zero-point={-b}"],
               [x10], lambda x=x10, b=b, r=recip: ref.r10(x, b, r))


def int16_multipliers(s):
    """R2 with LiteRT's 15-bit multipliers: half up, whatever the shift."""
    for _ in range(s.rounds):
        scale = s.scale(2.0**-12, 0.99)
        x, m = s.accumulators(scale), ref.multiplier_litert_int16(scale)
        s.calc("r7 litert_int16", ["requantize", "--kernel=r7", "--multiplier-rule=litert_int16", f"--scale={arg(scale)}", "--type=i16"],
               [x], lambda x=x, m=m: ref.clamp(ref.requantize_int16(x, m), *GRIDS["i16"]))


MULTIPLIERS = {
    "bits31": ("r2", ref.multiplier_bits31, 2.0**-31, 2.0**30),
    "bits24": ("r5", ref.multiplier_bits24, 2.0**-32, 255),
    "bits16": ("r7", functools.partial(ref.multiplier_short, bits=16), 2.0**-40, 2.0**14),
    "bits8": ("r7", functools.partial(ref.multiplier_short, bits=8), 2.0**-40, 127),
    "litert_int16": ("r7", ref.multiplier_litert_int16, 2.0**-30, 2.0**14),
    "fixed_8_8": ("r7", ref.multiplier_fixed_8_8, 2.0**-8, 127),
    "fbgemm": ("r2", ref.multiplier_fbgemm, 2.0**-31, 2.0**30),
    "power_of_two": ("r6", ref.multiplier_power_of_two, 2.0**-50, 2.0**30),
    "glow": ("r7", ref.multiplier_glow, 2.0**-30, 2.0**20),
    "tpu32": ("r7", ref.multiplier_tpu, 2.0**-30, 2.0**30),
    "tpu8": ("r7", functools.partial(ref.multiplier_tpu, bits=8), 2.0**-30, 2.0**30),
    "cv18xx": ("r1", ref.multiplier_cv18xx, 2.0**-31, 0.999),
    "cv18xx8": ("r7", ref.multiplier_cv18xx8, 2.0**-24, 127),
    "hexagon": ("r10", ref.multiplier_hexagon, 2.0**-22, 0.99),
}


def multipliers(s):
    """Many scales in one call: one per channel."""
    for rule, (kernel, choose, least, most) in MULTIPLIERS.items():
        scales = sorted({s.scale(least, most) for _ in range(60 * s.rounds)})
        if rule == "power_of_two":
            scales = [v for v in scales if ref.is_power_of_two(v)]
        scales = [v for v in scales if least <= v <= most]
        result = subprocess.run(
            [s.hwq, "calc", "requantize", f"--kernel={kernel}", f"--multiplier-rule={rule}", "--json",
             "--scale=" + ",".join(map(repr, scales)), "--", *["1"] * len(scales)], capture_output=True, text=True)
        name = "multiplier " + rule
        if result.returncode:
            s.counts.setdefault(name, [0, 0])
            s.refused.setdefault(name, []).append((["..."], result.stderr.strip()))
            continue
        answer = json.loads(result.stdout)
        pre = answer.get("pre_shift", [0] * len(scales))
        actual = np.array([answer["multiplier"], answer["shift"], pre]).T
        expected = np.array([choose(v) for v in scales])
        if rule == "glow":  # 1 shifted left by k is 2^k.
            left = (expected[:, 1] < 0)
            expected[left] = np.array([[m << -n, 0, p] for m, n, p in expected[left]]).reshape(-1, 3)
        s.compare(name, [f"--multiplier-rule={rule}"], [np.array(scales)], actual, expected)


def engine(s):
    """Scales of input, weights and output combined, with a bias."""
    for _ in range(s.rounds):
        channels = 8
        sx = s.scale(0.01, 1)
        sw = [s.scale(0.001, 0.05) for _ in range(channels)]
        sy = s.scale(0.02, 4)
        kind = s.random.choice(["i8", "u8"])
        z, (lo, hi) = s.code(kind), GRIDS[kind]
        x = np.stack([s.accumulators(float(ref.f64_multiplier(sx, w, sy)), 2**28, 60) for w in sw], -1)
        bias = [float(f32(s.random.normal() * 2)) for _ in range(channels)]
        common = ["requantize", f"--input-scale={arg(sx)}", f"--weight-scale={arg(sw)}", f"--output-scale={arg(sy)}",
                  f"--zero-point={z}", f"--type={kind}"]
        biased = [*common, f"--bias={arg(bias)}"]

        def add(name, arguments, expected):
            s.calc("engine " + name, arguments, [x], lambda lo=lo, hi=hi: ref.clamp(expected(), lo, hi))

        m32, m64 = ref.f32_multiplier(sx, sw, sy), ref.f64_multiplier(sx, sw, sy)
        array = lambda choose, scales: ref.Multiplier(*np.array([choose(float(v)) for v in scales]).T)
        m31 = array(ref.multiplier_bits31, m64)
        for kernel in ("r1", "r2", "r5", "r11"):
            add(kernel, [*common, f"--kernel={kernel}"], lambda f=getattr(ref, kernel), x=x, m=m31, z=z: f(x, m) + z)
        legacy = array(ref.multiplier_bits31, ref.u8_multiplier(sx, sw, sy))
        add("r1 legacy", [*common, "--kernel=r1", "--scale-product=f32"], lambda x=x, m=legacy, z=z: ref.r1(x, m) + z)
        add("r4", [*common, "--kernel=r4"], lambda x=x, m=m32, z=z: ref.r4(x, m, z))
        add("r8", [*common, "--kernel=r8"], lambda x=x, m=m32, z=z: ref.r8(x, m, z))
        add("r12", [*common, "--kernel=r12"], lambda x=x, m=m64, z=z: ref.r12(x, m) + z)
        add("r13", [*common, "--kernel=r13"], lambda x=x, m=m32, z=z: ref.r13(x, m, z))
        # TPU-MLIR: the ratio in f64, rounded to f32.
        mt = array(ref.multiplier_tpu, [float(f32(np.float64(w) * sx / sy)) for w in sw])
        add("r7", [*common, "--kernel=r7"], lambda x=x, m=mt, z=z: ref.r7(x, m) + z)
        deq = f32(sx) * np.array(sw, f32)
        add("r14 bias", [*biased, "--kernel=r14", "--bias-form=f32"],
            lambda x=x, d=deq, sy=sy, b=bias, z=z: ref.r14(x, d, sy, b) + z)
        for rounding in ("rha", "rne"):
            b = ref.bias_i32(bias, sx, sw, getattr(ref, rounding))
            add("bias i32 " + rounding, [*biased, "--kernel=r1", f"--bias-rounding={rounding}"],
                lambda x=x, b=b, m=m31, z=z: ref.r1(x + b, m) + z)
            s.calc("bias calculator " + rounding, ["bias", "--form=i32", f"--rounding={rounding}", f"--input-scale={arg(sx)}",
                   f"--weight-scale={arg(sw)}"], [np.array(bias, f32)], lambda b=b: b)
        add("fbgemm per channel", [*biased, "--kernel=r4", "--bias-form=f32"],
            lambda x=x, b=bias, sx=sx, sw=sw, sy=sy, z=z: ref.fbgemm_requantize(x, sx, sw, sy, z, b))
        one = [*common[:2], f"--weight-scale={arg(sw[0])}", *common[3:], f"--bias={arg(bias[0])}"]
        add("fbgemm per tensor", [*one, "--kernel=r4", "--bias-form=f32-fma"],
            lambda x=x, b=bias[0], sx=sx, w=sw[0], sy=sy, z=z: ref.fbgemm_requantize(x, sx, w, sy, z, b, False))
        coded = ref.bias_i8_asymmetric(bias)
        add("bias i8_asymmetric", [*biased, "--kernel=r2", "--bias-form=i8_asymmetric"],
            lambda x=x, b=ref.bias_i32(coded, sx, sw), m=m31, z=z: ref.r2(x + b, m) + z)
        values = np.array(bias, f32)
        codes, fp = ref.bias_i8_pot_shifted(values)
        s.calc("bias i8_pot_shifted", ["bias", "--form=i8-pot-shifted"], [values], lambda c=codes: c)
        s.calc("bias i8_pot_shifted aligned", ["bias", "--form=i8-pot-shifted", f"--accumulator-fraction-bits={fp + 5}"],
               [values], lambda c=codes, f=fp: ref.align_pot_bias(c, f, f + 5))
        fp = int(s.random.integers(2, 9))
        ties = (s.random.integers(-300, 300, 64) / 2.0 ** (fp + 1)).astype(f32)
        s.calc("bias i8_pot", ["bias", "--form=i8-pot", f"--fraction-bits={fp}"], [ties], lambda b=ties, f=fp: ref.bias_i8_pot(b, f))
        for shift in (-3, 4):
            s.calc("bias i8_pot aligned", ["bias", "--form=i8-pot", f"--fraction-bits={fp}",
                   f"--accumulator-fraction-bits={fp + shift}"], [ties],
                   lambda b=ties, f=fp, n=shift: ref.align_pot_bias(ref.bias_i8_pot(b, f), f, f + n))


# ---------------------------------------------------------------------------------------------------------------------
# Forms
# ---------------------------------------------------------------------------------------------------------------------


def forms(s):
    for _ in range(s.rounds):
        for form in ("q1", "q2", "q3", "q3_f64", "q4", "q5", "q6", "q6p", "q7"):
            kind = s.random.choice(["i8", "u8", "i16"])
            lo, hi = GRIDS[kind]
            power = form in ("q6", "q6p")
            z = 0 if form in ("q6", "q6p", "q7") else s.code(kind)
            p = Params(s.power(-8, 2) if power else s.scale(2.0**-8, 4), z)
            ties = ((s.random.integers(-600, 600, 600) + 0.5) * p.scale).astype(f32)
            x = np.concatenate([ties, np.nextafter(ties, f32(0)), np.nextafter(ties, ties * 2),
                                (s.random.normal(size=600) * 100 * p.scale).astype(f32),
                                np.array([0, -0.0, 1e30, -1e30, 3e38, -3e38, 1e-45], f32)])
            s.calc(form, ["quantize", f"--form={form}", f"--scale={arg(p.scale)}", f"--zero-point={z}", f"--type={kind}"],
                   [x], lambda f=form, x=x, p=p, lo=lo, hi=hi: ref.quantize(f, x, p, lo, hi))
            if form == "q1":
                q = s.codes(kind, 300)
                s.calc("dequantize", ["dequantize", f"--scale={arg(p.scale)}", f"--zero-point={z}", f"--type={kind}"],
                       [q], lambda q=q, p=p: ref.dequantize(q, p))
        p = Params(s.scale(2.0**-8, 4), 0)
        x = ((s.random.integers(-300, 300, 600)) * 0.25 * p.scale).astype(f32)
        for mode in ("rne", "rha", "rhu", "rhz", "rtz", "floor", "ceil"):
            s.calc("rounding " + mode, ["quantize", f"--rounding={mode}", f"--scale={arg(p.scale)}"], [x],
                   lambda x=x, p=p, m=mode: ref.clamp(getattr(ref, m)(x / f32(p.scale)), -128, 127))
        amax = float(f32(np.exp(s.random.uniform(-3, 5))))
        z = ref.nnie_zero_point(amax)
        x = np.concatenate([s.random.normal(size=400) * amax, [0.0, amax, -amax]]).astype(f32)
        # Half a code from a boundary of codes the logarithm's last bit would decide.
        log = 16 * np.log2(np.abs(x.astype(np.float64)) + 1e-300)
        x = x[np.abs(log - np.floor(log) - 0.5) > 1e-6]
        s.calc("q8", ["quantize", "--form=q8", f"--zero-point={z}"], [x], lambda x=x, z=z: ref.nnie_encode(x, z))


# ---------------------------------------------------------------------------------------------------------------------
# Rules
# ---------------------------------------------------------------------------------------------------------------------


def rules(s):
    """(rule, options, grid, definition). A range per call: fewer of them."""
    i8, u8 = GRIDS["i8"], GRIDS["u8"]
    as_i8 = lambda t: (t[0], t[1] - 128)
    moved = lambda t, lo: (t[0], t[1] - t[2] + lo)  # to the storage's grid
    table = [
        ("p_tfl", ["--type=i8"], lambda a, b: ref.p_tfl(a, b, *i8)),
        ("p_tfl", ["--type=u8"], lambda a, b: ref.p_tfl(a, b, *u8)),
        ("p_fb", ["--type=u8"], lambda a, b: ref.p_fb(a, b, *u8)),
        ("p_fb", ["--type=i8", "--preserve-sparsity"], lambda a, b: ref.p_fb(a, b, *i8, preserve_sparsity=True)),
        ("p_fb", ["--type=u8", "--power-of-two"], lambda a, b: ref.p_fb(a, b, *u8, power_of_two=True)),
        ("p_torch", ["--type=u8"], lambda a, b: ref.p_torch(a, b, *u8)),
        ("p_torch", ["--type=i8", "--symmetric"], lambda a, b: ref.p_torch(a, b, *i8, symmetric=True)),
        ("p_torch", ["--type=i8", "--symmetric", "--narrow"], lambda a, b: ref.p_torch(a, b, -127, 127, symmetric=True)),
        ("p_torch", ["--type=u8", "--symmetric"], lambda a, b: ref.p_torch(a, b, *u8, symmetric=True)),
        ("p_torch", ["--type=u8", "--unsigned-symmetric"],
         lambda a, b: ref.p_torch(a, b, *u8, symmetric=True, unsigned=a >= 0)),
        ("p_pot_r", ["--type=i8", "--symmetric"], lambda a, b: ref.p_pot_r(a, b, *i8, symmetric=True)),
        ("p_pot_r", ["--type=u8"], lambda a, b: ref.p_pot_r(a, b, *u8)),
        ("p_aimet", ["--type=u8"], lambda a, b: ref.p_aimet(a, b)[:2]),
        ("p_aimet", ["--type=i8"], lambda a, b: as_i8(ref.p_aimet(a, b))),
        ("p_aimet", ["--type=u8", "--narrow"], lambda a, b: (lambda t: (t[0], t[1] + 1))(ref.p_aimet(a, b, strict=True))),
        ("p_aimet", ["--type=i8", "--symmetric"], lambda a, b: as_i8(ref.p_aimet(a, b, symmetric=True)) if a < 0 else None),
        ("p_aimet", ["--type=u8", "--unsigned-symmetric"], lambda a, b: ref.p_aimet(a, b, symmetric=True)[:2]),
        ("p_nnlib", ["--type=u8"], lambda a, b: ref.p_nnlib(a, b)[:2]),
        ("p_amct", ["--type=i8"], lambda a, b: ref.p_amct(a, b)),
        ("p_amct", ["--type=i8", "--symmetric"], lambda a, b: ref.p_amct(a, b, symmetric=True)),
        ("p_glow", ["--type=i8"], lambda a, b: ref.p_glow(a, b)),
        ("p_glow", ["--type=i8", "--symmetric"], lambda a, b: ref.p_glow(a, b, schema="symmetric")),
        ("p_glow", ["--type=i8", "--unsigned-symmetric"], lambda a, b: ref.p_glow(a, b, schema="symmetric_with_unsigned")),
        ("p_glow", ["--type=i8", "--symmetric", "--power-of-two"], lambda a, b: ref.p_glow(a, b, schema="power_of_two")),
        ("p_ngraph", ["--type=i8", "--symmetric"], lambda a, b: ref.p_ngraph(a, b)),
        ("p_ngraph", ["--type=u8", "--symmetric"], lambda a, b: ref.p_ngraph(a, b, unsigned=True)),
        ("p_ngraph", ["--type=i8", "--symmetric", "--bump-by-eps"], lambda a, b: ref.p_ngraph(a, b, bump_by_eps=True)),
        ("p_tpu", ["--type=i8", "--symmetric"], lambda a, b: (max(abs(a), abs(b)) / 127, 0)),
        ("p_tpu", ["--type=u8", "--unsigned-symmetric"], lambda a, b: ref.p_tpu(a, b)[:2] if a >= 0 else None),
        ("p_tpu", ["--type=i8"], lambda a, b: moved(ref.p_tpu(a, b, symmetric=False), -128)),
        ("p_tpu", ["--type=u8"], lambda a, b: moved(ref.p_tpu(a, b, symmetric=False), 0)),
        ("p_tvm", ["--type=i8", "--symmetric", "--weights"],
         lambda a, b: (ref.p_tvm_weights(max(abs(f32(a)), abs(f32(b)))), 0)),
        ("p_tvm", ["--type=i8", "--symmetric"], lambda a, b: (ref.p_tvm_activations(), 0)),
        ("p_trt", ["--type=i8", "--symmetric"], lambda a, b: ref.p_trt(a, b)),
        ("p_tengine", ["--type=u8"], lambda a, b: ref.p_tengine(a, b)),
        ("p_note256", ["--type=u8"], lambda a, b: (lambda t: (t[0], min(t[1], 255)))(ref.p_note256(min(a, 0.0), max(b, 0.0)))),
    ]
    golden = [(-1.0, 1.0), (-0.5, 1.5), (0.0, 6.0), (-10.0, 0.0), (-1.8, 0.5), (-3.2, 4.7)]
    ranges = [golden[i] for i in s.random.permutation(len(golden))[: 1 + s.rounds]]
    for _ in range(s.rounds):
        a, b = sorted(10 ** s.random.uniform(-4, 3, 2) * s.random.choice([-1, 1], 2))
        ranges.append((float(f32(a)), float(f32(b))))
    jobs = [(rule, options, definition, r) for rule, options, definition in table if definition for r in ranges
            if definition(*r) is not None]

    def call(job):
        rule, options, _, (a, b) = job
        return subprocess.run([s.hwq, "calc", "scale", f"--rule={rule}", *options, f"--range={a!r},{b!r}"],
                              capture_output=True, text=True)

    with ThreadPoolExecutor(2) as pool:
        for (rule, options, definition, r), result in zip(jobs, pool.map(call, jobs)):
            name = " ".join([rule, *options])
            arguments = [name, f"--range={r}"]
            if result.returncode:
                s.counts.setdefault(name, [0, 0])
                s.refused.setdefault(name, []).append((arguments, result.stderr.strip()))
                continue
            answer = json.loads(result.stdout)
            s.compare(name, arguments, [np.array([r])], np.array([[answer["scale"], answer["zero_point"]]]),
                      np.array([definition(*r)], np.float64))


def dpu_rule(s):
    for _ in range(s.rounds):
        for weights in (False, True):
            x = (s.random.standard_t(4, 500) * 10 ** s.random.uniform(-3, 2)).astype(f32)
            path = s.file()
            np.save(path, x)
            for candidates in (5, 1):
                arguments = ["scale", "--rule=p_dpu", "--type=i8", "--symmetric", f"--candidates={candidates}",
                             *(["--weights"] if weights else []), "--input=" + path]
                result = subprocess.run([s.hwq, "calc", *arguments], capture_output=True, text=True)
                fp = ref.dpu_fraction_bits(x, candidates=candidates, form="q6p" if weights else "q6")
                s.compare("p_dpu", arguments, [np.array([0])], np.array([json.loads(result.stdout)["scale"]]), np.array([2.0**-fp]))


# ---------------------------------------------------------------------------------------------------------------------
# Operators
# ---------------------------------------------------------------------------------------------------------------------

POWERS_OF_TWO = ("dpu",)
ZERO_POINTS_0 = ("dpu", "tvm", "sophgo_cv18xx")


def parameters(s, variant, kind, near=None):
    """Scale and zero point; with `near` a scale within a factor of 8 of it."""
    z = 0 if variant in ZERO_POINTS_0 else s.code(kind)
    if variant in POWERS_OF_TWO:
        return Params(s.power(-6, -2), z)
    if near is None:
        return Params(s.scale(0.01, 0.5), z)
    return Params(float(f32(near * s.random.choice([0.5, 1, 1.5, 2, 0.77, 3.1]))), z)


def binary(s, name, table, subtract_too):
    lattice = {kind: np.array(np.meshgrid(np.arange(lo, hi + 1), np.arange(lo, hi + 1))).reshape(2, -1).astype(DTYPES[kind])
               for kind, (lo, hi) in GRIDS.items() if kind in ("i8", "u8")}
    for variant, function in table.items():
        for _ in range(s.rounds):
            kind = "u8" if variant == "hexagon" else s.random.choice(["i8", "u8"]) if variant not in ZERO_POINTS_0 else "i8"
            pa = parameters(s, variant, kind)
            pb = parameters(s, variant, kind, pa.scale)
            py = parameters(s, variant, kind, pa.scale if name == "add" else pa.scale * pb.scale * 64)
            a, b = lattice[kind]
            lo, hi = GRIDS[kind]
            arguments = [f"--variant={variant}", f"--scales={arg([pa.scale, pb.scale, py.scale])}",
                         f"--zero-points={pa.zero_point},{pb.zero_point},{py.zero_point}", f"--type={kind}"]
            if s.random.integers(2):
                hi = min(hi, py.zero_point + 60)
                arguments.append(f"--max={hi}")
            s.calc(f"{name} {variant}", [name, *arguments], [a, b],
                   lambda f=function, a=a, b=b, pa=pa, pb=pb, py=py, lo=lo, hi=hi: f(a, b, pa, pb, py, lo, hi))
            if subtract_too and variant not in ("onnxruntime", "hexagon"):
                s.calc(f"sub {variant}", ["sub", *arguments], [a, b],
                       lambda f=function, a=a, b=b, pa=pa, pb=pb, py=py, lo=lo, hi=hi:
                       f(a, b, pa, pb, py, lo, hi, subtract=True))


def operators(s):
    binary(s, "add", ref.ADD, True)
    binary(s, "mul", ref.MUL, False)
    same = ("tflite", "round_half_away", "fbgemm", "fbgemm_nchw", "fbgemm_adaptive", "tvm", "hexagon")
    for variant, function in ref.AVG_POOL.items():
        for _ in range(s.rounds):
            kind = "u8" if variant == "hexagon" else "i8" if variant in ZERO_POINTS_0 else s.random.choice(["i8", "u8"])
            px = parameters(s, variant, kind)
            py = px if variant in same else parameters(s, variant, kind, px.scale)
            if variant == "sophgo_bm1684x":
                px, py = Params(px.scale), Params(py.scale)
            window = [(2, 2), (3, 3), (1, 7), (4, 4), (7, 7), (3, 5), (8, 8), (5, 5), (6, 3)][s.random.integers(9)]
            q = s.codes(kind, (2000, window[0] * window[1]))
            q[:300] = q[:300] // 32 + px.zero_point
            q[:300] = np.clip(q[:300], *GRIDS[kind])
            s.calc(f"avg_pool {variant}",
                   ["avg_pool", f"--variant={variant}", f"--scales={arg([px.scale, py.scale])}",
                    f"--zero-points={px.zero_point},{py.zero_point}", f"--type={kind}", f"--window={window[0]}x{window[1]}"],
                   [q], lambda f=function, q=q, px=px, py=py, k=kind, w=window: f(q, px, py, *GRIDS[k], window=w))
    for variant, function in ref.CONCAT.items():
        for _ in range(2 * s.rounds):
            kind = "u8" if variant == "hexagon" else "i8" if variant in ZERO_POINTS_0 else s.random.choice(["i8", "u8"])
            px = parameters(s, variant, kind)
            py = parameters(s, variant, kind, px.scale)
            q = np.arange(GRIDS[kind][0], GRIDS[kind][1] + 1).astype(DTYPES[kind])
            s.calc(f"concat {variant}",
                   ["concat", f"--variant={variant}", f"--scales={arg([px.scale, py.scale])}",
                    f"--zero-points={px.zero_point},{py.zero_point}", f"--type={kind}"],
                   [q], lambda f=function, q=q, px=px, py=py, k=kind: f(q, px, py, *GRIDS[k]))
    for variant, function in ref.MEAN.items():
        for _ in range(s.rounds):
            kind = s.random.choice(["i8", "u8"])
            px = parameters(s, variant, kind)
            py = parameters(s, variant, kind, px.scale)
            q = s.codes(kind, (500, int(s.random.choice([1, 2, 3, 9, 49, 64, 100, 1000]))))
            s.calc(f"mean {variant}",
                   ["mean", f"--variant={variant}", f"--scales={arg([px.scale, py.scale])}",
                    f"--zero-points={px.zero_point},{py.zero_point}", f"--type={kind}"],
                   [q], lambda f=function, q=q, px=px, py=py, k=kind: f(q, px, py, *GRIDS[k]))


PARTS = {f.__name__: f for f in (kernels, int16_multipliers, multipliers, engine, forms, rules, dpu_rule, operators)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--hwq", default="hwq")
    parser.add_argument("--folder", required=True)
    exhaustive = os.environ.get("HWQ_EXHAUSTIVE") == "1"
    seed = os.environ.get("HWQ_TEST_SEED") or (int.from_bytes(os.urandom(4), "little") if exhaustive else 1)
    parser.add_argument("--seed", type=int, default=int(seed))
    parser.add_argument("--rounds", type=int, default=40 if exhaustive else 1)
    parser.add_argument("--only", default=",".join(PARTS))
    options = parser.parse_args()
    print(f"seed {options.seed}, rounds {options.rounds}")
    session = Session(options.hwq, options.folder, options.seed, options.rounds)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for part in options.only.split(","):
            PARTS[part](session)
            session.run()
    return 1 if session.report() else 0


if __name__ == "__main__":
    sys.exit(main())
