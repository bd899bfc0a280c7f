#!/usr/bin/env python3
"""Compares the ranges of hwq calibrate with the definitions of the methods.

usage: check_methods.py MODEL FOLDER

The definitions are written for arrays of values, not for histograms. hwq sees a value in
the middle of its bin of 19 leading bits, so ends agree to 2^-10; methods that minimize an
error must reach the least error over all candidates to one part in a thousand.
"""
import json, pathlib, subprocess, sys

import numpy as np

GRID = 2.0**-10
SAMPLES, SIZE = 24, 4000


def tensors(seed):
    random = np.random.default_rng(seed)
    shape = (SAMPLES, SIZE)
    scale = random.uniform(0.5, 2, (SAMPLES, 1))
    normal = random.normal(0.3, 1.0, shape) * scale
    laplace = random.laplace(-0.2, 1.0, shape) * scale
    relu = np.maximum(laplace, 0)
    outliers = normal.copy()
    outliers.reshape(-1)[random.choice(normal.size, 20, replace=False)] = random.uniform(20, 60, 20)
    uniform = random.uniform(-1, 1, shape)
    high = random.uniform(3, 7, shape)
    tiny = laplace * 1e-6
    return {name: values.astype(np.float32) for name, values in
            dict(normal=normal, laplace=laplace, relu=relu, outliers=outliers, uniform=uniform, high=high,
                 tiny=tiny).items()}


# The schemes: parameters of a range, as (scale, zero point, least code, largest code).


def asymmetric(low, high):
    low, high = min(low, 0.0), max(high, 0.0)
    scale = (high - low) / 255
    return scale, int(np.clip(round(-128 - low / scale), -128, 127)), -128, 127


def symmetric(low, high):
    return max(abs(low), abs(high)) / 127, 0, -128, 127


def squared_error(x, parameters, clipping_weight=1.0):
    scale, zero, least, most = parameters
    code = np.rint(x / scale) + zero
    clipped = (code < least) | (code > most)
    error = ((np.clip(code, least, most) - zero) * scale - x) ** 2
    return float(np.sum(np.where(clipped, clipping_weight * error, error)))


# The methods.


def min_max(x, **_):
    return x.min(), x.max()


def ema(x, momentum=0.9, **_):
    low, high = x[0].min(), x[0].max()
    for sample in x[1:]:
        low = momentum * low + (1 - momentum) * sample.min()
        high = momentum * high + (1 - momentum) * sample.max()
    return low, high


def percentile(x, percentile=99.99, **_):
    values = np.sort(x.reshape(-1))
    rank = int(np.ceil(round(len(values) * percentile / 100, 6)))
    return values[len(values) - rank], values[rank - 1]


def clamp(low, high, x):
    return np.clip(low, x.min(), x.max()), np.clip(high, x.min(), x.max())


def avg_std(x, n=3, of="samples", **_):
    if of == "values":
        return clamp(x.mean() - n * x.std(ddof=1), x.mean() + n * x.std(ddof=1), x)
    low, high = x.min(axis=1), x.max(axis=1)
    return clamp(low.mean() - n * low.std(ddof=1), high.mean() + n * high.std(ddof=1), x)


def aciq(x, prior="laplace", **_):
    bits = 8 + int(x.min() >= 0)
    if prior == "laplace":
        # a = 3 4^bits exp(-a)
        a = 10.0
        for _ in range(200):
            a = a - (a - 3 * 4**bits * np.exp(-a)) / (1 + 3 * 4**bits * np.exp(-a))
        limit = a * np.abs(x - x.mean()).mean()
    else:
        from math import erfc, exp, pi, sqrt
        slope = lambda a: 2 * a * erfc(a / sqrt(2)) - 2 * sqrt(2 / pi) * exp(-a * a / 2) + 2 * a / (3 * 4**bits)
        low, high = 0.5, 20.0
        for _ in range(200):
            a = (low + high) / 2
            low, high = (a, high) if slope(a) < 0 else (low, a)
        limit = low * x.std(ddof=1)
    low, high = clamp(x.mean() - limit, x.mean() + limit, x)
    return (x.min() if x.min() >= 0 else low), high


def octav(x, **_):
    magnitude = np.abs(x.reshape(-1))
    rounding = 4.0**-8 * (1 / 12 if x.min() >= 0 else 1 / 3)
    limit = magnitude.sum() / (magnitude > 0).sum()
    for _ in range(100):
        beyond = magnitude > limit
        limit = magnitude[beyond].sum() / (rounding * ((magnitude > 0) & ~beyond).sum() + beyond.sum())
    return np.clip(x.min(), -limit, limit), np.clip(x.max(), -limit, limit)


def ifmr(x, scheme=asymmetric, **_):
    values = np.sort(x.reshape(-1))
    rank = len(values) - int(np.floor(0.999999 * len(values)))
    high, low = max(0.0, values[-rank]), min(0.0, values[rank - 1])
    best = None
    for i in range(61):
        ratio = 0.7 + 0.01 * i
        if scheme is symmetric:
            largest = ratio * max(high, -low)
            scale = largest / (128 if -low > high else 127)
            clipped = np.clip(values, -largest, largest)
            result = (-largest, min(high, largest)) if -low > high else (max(low, -largest), largest)
        else:
            scale = (ratio * high - low) / 255
            clipped = np.clip(values, low, ratio * high)
            result = low, ratio * high
        error = np.sum((np.rint(clipped / scale) * scale - values) ** 2)
        if best is None or error < best[0]:
            best = error, result
    return best[1]


def pot(x, **_):
    votes = {}
    for sample in x:
        step = max(sample.min() / -128.5, sample.max() / 127.5)
        start = int(np.floor(np.log2(1 / np.float32(step))))
        # `x` is an input of the program, for which the vendor does not search.
        votes[min(start, 12)] = votes.get(min(start, 12), 0) + 1
    point = max(votes, key=lambda p: (votes[p], -p))
    return -128 * 2.0**-point, 127 * 2.0**-point


def fixed(x, threshold=8, **_):
    return -threshold, threshold


def kl_tensorrt(x, **_):
    """pytorch-quantization's rule, bin by bin."""
    bins = np.histogram(np.abs(x.astype(np.float64)), 2048, (0, float(np.abs(x).max())))[0].astype(np.float64)
    bins[0] = bins[1]
    divergences = []
    for i in range(128, 2049):
        group = np.digitize(np.arange(i), np.linspace(0, i, 129)) - 1
        hit = bins[:i] > 0
        mass = np.bincount(group[hit], bins[:i][hit], 128)
        number = np.bincount(group[hit], minlength=128)
        q = np.where(hit, (mass / np.maximum(number, 1))[group], 0)
        p = bins[:i].copy()
        p[-1] += bins[i:].sum()
        if q.sum() == 0 or np.any((p > 0) & (q == 0)):
            divergences.append(np.inf)
            continue
        p, q = p / p.sum(), q / q.sum()
        both = p > 0
        divergences.append(float(np.sum(p[both] * np.log(p[both] / q[both]))))
    divergences = np.array(divergences)
    best = len(divergences) - 1 - int(np.argmin(divergences[::-1]))
    threshold = (best + 128) * float(np.abs(x).max()) / 2048
    return np.clip(x.min(), -threshold, threshold), np.clip(x.max(), -threshold, threshold)


def kl_tpu(x, **_):
    magnitude = np.abs(x.astype(np.float64)).reshape(-1)
    width = magnitude.max() / 2047
    magnitude = magnitude[magnitude != 0]
    bins = np.bincount(np.floor(magnitude / width + 0.5).astype(int), minlength=2048).astype(np.float64)
    divergences = []
    for i in range(128, 2049, 128):
        p = bins[:i].copy()
        p[-1] += bins[i:].sum()
        p /= bins.sum()
        parts = bins[:i].reshape(128, -1)
        mean = parts.sum(axis=1) / np.maximum((parts > 0).sum(axis=1), 1) / max(bins[:i].sum(), 1)
        q = np.where(parts > 0, mean[:, None], 0).reshape(-1)
        divergences.append(np.sum(p * (np.log10(p + 1e-30) - np.log10(q + 1e-30))))
    threshold = width * 128 * (int(np.argmin(divergences)) + 1)
    return np.clip(x.min(), -threshold, threshold), np.clip(x.max(), -threshold, threshold)


def linear_bins(x):
    return np.histogram(x.astype(np.float64), 4096, (float(x.min()), float(x.max())))[0]


def hfmg(x, **_):
    """Greedy: one step from the end where more bins go, least loss of all ranges on the way."""
    counts = linear_bins(x).astype(np.float64)
    width = (float(x.max()) - float(x.min())) / 4096
    step = int(np.ceil(counts.sum() / 100000))
    left, right, best = 0, 4095, None
    begin = np.arange(4096) * width
    integral = lambda a, b: (b**3 - a**3) / 3
    while right - left > 1024:
        l, r, a, b = left, right, 0, 0
        while l < r and a < step:
            a += counts[l]
            l += 1
        while l < r and b < step:
            b += counts[r]
            r -= 1
        left, right = (left, r) if right - r >= l - left else (l, right)
        part = width * (right - left + 1) / 256
        s = begin - left * width
        e = s + width
        f, g = np.clip(np.floor(s / part), 0, 255), np.clip(np.floor(e / part), 0, 255)
        middle = lambda level: (level + 0.5) * part
        loss = np.where(f == g, integral(s - middle(f), e - middle(f)),
                        integral(s - middle(f), part / 2) + (g - f - 1) * integral(-part / 2, part / 2) +
                        integral(-part / 2, e - middle(g)))
        loss = float(np.sum(loss * counts / width))
        if best is None or loss < best[0]:
            best = loss, left, right
    low, high = float(x.min()) + best[1] * width, float(x.min()) + (best[2] + 1) * width
    return min(low, 0.0), max(high, 0.0)


def least_error(x, scheme, clipping_weight):
    """Least squared error over all ends of a grid that is finer than hwq's search."""
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    flat = x.reshape(-1).astype(np.float64)
    # A sixth of the values is enough for the candidates that are far from the best.
    part = flat[::6]
    parts = np.arange(1, 129) / 128
    if scheme is symmetric:
        pairs = [(max(low, -t), min(high, t)) for t in parts * max(high, -low)]
    else:
        lows = parts[3::4] * low if low < 0 else [0.0]
        highs = parts[3::4] * high if high > 0 else [0.0]
        pairs = [(a, b) for a in lows for b in highs]
    roughly = sorted(pairs, key=lambda pair: squared_error(part, scheme(*pair), clipping_weight))[:12]
    return min(squared_error(flat, scheme(*pair), clipping_weight) for pair in roughly)


SCHEMES = {"tflite": asymmetric, "tensorrt": symmetric}

# Text of --method, definition, arguments; how near the ends must be, in parts of the width.
METHODS = [
    ("min-max", min_max, {}, 1e-7), ("ema", ema, {}, 1e-6), ("ema{momentum=0.5}", ema, dict(momentum=0.5), 1e-6),
    ("percentile", percentile, {}, GRID), ("percentile{percentile=99.9}", percentile, dict(percentile=99.9), GRID),
    ("percentile{percentile=60}", percentile, dict(percentile=60), GRID),
    ("avg-std", avg_std, {}, 1e-6), ("avg-std{n=1}", avg_std, dict(n=1), 1e-6),
    ("avg-std{n=2.5 of=values}", avg_std, dict(n=2.5, of="values"), 1e-6),
    ("aciq", aciq, {}, GRID), ("aciq{prior=gauss}", aciq, dict(prior="gauss"), 1e-6),
    ("octav", octav, {}, GRID), ("fixed", fixed, {}, 0), ("fixed{threshold=3}", fixed, dict(threshold=3), 0),
    ("pot", pot, {}, 0),
]


def main():
    model, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    compared = differ = 0

    def calibrate(data, method, backend=None, *more):
        command = ["hwq", "calibrate", model, f"--data={data}", f"--method={method}", "--quiet", "--json", *more]
        if backend:
            command.append(f"--for={backend}")
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode:
            sys.exit(f"{command}: {run.stderr}")
        x, y = json.loads(run.stdout)["tensors"]
        # The result is never clipped.
        if (y["range_min"], y["range_max"]) != (y["min"], y["max"]):
            sys.exit(f"{command}: the result is clipped: {y}")
        return x["range_min"], x["range_max"]

    def check(what, got, expected, near):
        nonlocal compared, differ
        compared += 1
        width = max(abs(expected[0]), abs(expected[1]))
        if max(abs(got[0] - expected[0]), abs(got[1] - expected[1])) > near * width:
            differ += 1
            print(f"{what}: expected {tuple(map(float, expected))}, got {got}")

    def check_error(what, x, got, scheme, weight):
        nonlocal compared, differ
        compared += 1
        mine = squared_error(x.reshape(-1).astype(np.float64), scheme(*got), weight)
        least = least_error(x, scheme, weight)
        if not mine <= least * 1.001:
            differ += 1
            print(f"{what}: expected an error of {least}, got {mine} with {got}")

    for name, x in tensors(seed=20240229).items():
        data = folder / f"{name}.npy"
        np.save(data, x)
        x64 = x.astype(np.float64)
        for method, definition, arguments, near in METHODS:
            check(f"{method} of {name}", calibrate(data, method), definition(x64, **arguments), near)
        for backend, scheme in SCHEMES.items():
            check_error(f"mse of {name} for {backend}", x, calibrate(data, "mse", backend), scheme, 1)
            check_error(f"sqnr of {name} for {backend}", x, calibrate(data, "sqnr", backend), scheme, 3)
            check(f"ifmr of {name} for {backend}", calibrate(data, "ifmr", backend), ifmr(x64, scheme),
                  0.0105)  # two candidates can be as good
        check(f"hfmg of {name}", calibrate(data, "hfmg"), hfmg(x), 0.002)
        # The second pass has the very bins.
        check(f"kl of {name}", calibrate(data, "kl"), kl_tensorrt(x), 1e-6)
        check(f"kl of {name}, two threads", calibrate(data, "kl", None, "--threads=2"), kl_tensorrt(x), 1e-6)
        check(f"kl, tpu-mlir, of {name}", calibrate(data, "kl{variant=tpu-mlir}"), kl_tpu(x), 1e-6)
    print(f"{compared} ranges compared, {differ} differ")
    return differ != 0


if __name__ == "__main__":
    sys.exit(main())
