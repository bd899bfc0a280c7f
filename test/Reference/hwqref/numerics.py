"""Independent definitions of the backends' integer arithmetic, in NumPy.

Written from the formulas of the numerics specification (`reference/backends.md`; the sections are named below) and
from nothing else: no line comes from hwq's C++ code, so that a difference between the two is an error in one of them.
Clarity before speed, but everything works on whole arrays.

Conventions: codes and accumulators are int64 arrays (or Python integers), real = scale * (code - zero_point). Scales
are Python floats or arrays over the last axis; a scale that a model file stores as f32 is passed as that f32's value.
`lo`, `hi` are the smallest and largest result. Only the domains of the specification are covered: what a machine does
where an accumulator or a left shift wraps is not defined here.
"""
import math
from fractions import Fraction
from typing import NamedTuple

import numpy as np

f32 = np.float32
f64 = np.float64
INT32_MIN, INT32_MAX = -(2**31), 2**31 - 1


class Params(NamedTuple):
    """Scale and zero point of a tensor."""

    scale: float
    zero_point: int = 0


# ---------------------------------------------------------------------------------------------------------------------
# 0. Rounding
# ---------------------------------------------------------------------------------------------------------------------


def _integers(values):
    """Floats that are integers as int64, the huge ones saturated far outside of every grid."""
    return np.clip(np.asarray(values, f64), -(2.0**62), 2.0**62).astype(np.int64)


def rne(x):
    """To nearest, ties to even."""
    return _integers(np.rint(x))


def rha(x):
    """To nearest, ties away from zero; x - trunc(x) is exact, x + 0.5 would not be."""
    whole = np.trunc(x)
    return _integers(whole) + np.where(np.abs(x - whole) >= 0.5, np.sign(x), 0).astype(np.int64)


def rhu(x):
    """To nearest, ties up."""
    low = np.floor(x)
    return _integers(low) + (x - low >= 0.5)


def rhz(x):
    """To nearest, ties toward zero."""
    whole = np.trunc(x)
    return _integers(whole) + np.where(np.abs(x - whole) > 0.5, np.sign(x), 0).astype(np.int64)


def rtz(x):
    return _integers(np.trunc(x))


def floor(x):
    return _integers(np.floor(x))


def ceil(x):
    return _integers(np.ceil(x))


def shift_rhu(x, n):
    """rhu(x, n) = (x + 2^(n-1)) >> n without overflow; a left shift for n <= 0. |x| < 2^62."""
    x, n = np.broadcast_arrays(np.asarray(x, np.int64), np.asarray(n, np.int64))
    right = np.clip(n, 1, 63)
    rounded = (x >> right) + ((x >> (right - 1)) & 1)
    return np.where(n > 0, rounded, x << np.clip(-n, 0, 63))


def shift_rha(x, n):
    """rha(x, n): right shift, ties away from zero; n >= 0."""
    return np.sign(x) * shift_rhu(np.abs(x), n)


def wrap32(x):
    return (np.asarray(x, np.int64) + 2**31) % 2**32 - 2**31


def clamp(x, lo, hi):
    return np.clip(x, lo, hi)


def fma32(a, b, c):
    """f32(a * b + c) with one rounding: the sum in f64 is rounded to odd, which a second rounding cannot spoil."""
    product = np.asarray(a, f64) * np.asarray(b, f64)
    c = np.asarray(c, f64)
    product, c = np.broadcast_arrays(product, c)
    total = np.ascontiguousarray(product + c)
    part = total - product
    error = (product - (total - part)) + (c - part)
    bits = total.view(np.int64)
    odd = np.where((error > 0) == (total > 0), bits + 1, bits - 1)
    return np.where((error != 0) & (bits & 1 == 0), odd, bits).view(f64).astype(f32)


def _exponent_of(x):
    """x = fraction * 2^exponent with 0.5 <= fraction < 1."""
    return math.frexp(float(x))[1]


def is_power_of_two(x):
    return math.frexp(float(x))[0] == 0.5


# ---------------------------------------------------------------------------------------------------------------------
# 1.1 Quantize forms
# ---------------------------------------------------------------------------------------------------------------------


def quantize(form, x, p, lo, hi):
    """Real values to codes. x is taken as f32; q5 and q3_f64 compute in f64. q6: activations, q6p: parameters."""
    x = np.asarray(x, f32)
    s, z = np.asarray(p.scale), p.zero_point
    s32 = s.astype(f32)
    if form == "q1":
        q = rne(x * (f32(1) / s32)) + z
    elif form == "q2":
        q = rne(x / s32) + z
    elif form == "q3":
        q = rha(x / s32) + z
    elif form == "q3_f64":
        q = rha(x.astype(f64) / s) + z
    elif form == "q4":
        q = rne(x / s32 + f32(z))
    elif form == "q5":
        # The grid 0..2^b-1 of the rule begins at lo here: off = lo - z. x is clamped to the range that the codes span.
        least, most = s * (lo - z), s * (hi - z)
        q = rha(np.clip(x.astype(f64), least, most) / s - (lo - z)) + lo
    elif form == "q6":
        q = rhu(x.astype(f64) / s) + z
    elif form == "q6p":
        q = rha(x.astype(f64) / s) + z
    elif form == "q7":
        q = rha(x * (f32(1) / s32)) + z
    else:
        raise ValueError(form)
    return clamp(q, lo, hi)


def dequantize(q, p):
    """f32((q - z) * s)."""
    return (np.asarray(q, np.int64) - p.zero_point).astype(f32) * np.asarray(p.scale).astype(f32)


def nnie_zero_point(amax):
    """4.12: z = RNE(16 log2 amax) - 127."""
    return int(rne(16 * np.log2(f64(amax)))) - 127


def nnie_encode(x, z):
    """4.12: sign-magnitude logarithmic codes as u8; 0x80 is zero."""
    x = np.asarray(x, f64)
    with np.errstate(divide="ignore"):
        code = np.rint(16 * np.log2(np.abs(x))) - z
    magnitude = np.clip(code, np.where(x < 0, 1, 0), 127)
    small = np.abs(x) < 2.0 ** ((z - 16) / 16)
    signed = np.where(x < 0, 128 + magnitude, magnitude)
    return np.where(small, 128, signed).astype(np.int64)


# ---------------------------------------------------------------------------------------------------------------------
# 1.2 Scale and zero point from an observed range. Each returns (scale, zero_point), some a range as well.
# ---------------------------------------------------------------------------------------------------------------------


def _zero_from_better_end(a, b, s, lo, hi, rounding):
    from_min, from_max = lo - a / s, hi - b / s
    error_min, error_max = abs(lo) + abs(a / s), abs(hi) + abs(b / s)
    return int(clamp(rounding(f64(from_min if error_min < error_max else from_max)), lo, hi))


def p_tfl(a, b, lo, hi):
    a, b = min(a, 0.0), max(b, 0.0)
    if a == b:
        return 0.0, 0
    s = (b - a) / (hi - lo)
    return s, _zero_from_better_end(a, b, s, lo, hi, rha)


def _power_of_two_up(s):
    fraction, exponent = math.frexp(s)
    return math.ldexp(1.0, exponent - 1 if fraction == 0.5 else exponent)


def p_fb(a, b, lo, hi, preserve_sparsity=False, power_of_two=False):
    """FBGEMM. The floor comes after the power-of-two rounding (4.6d)."""
    a, b = min(float(f32(a)), 0.0), max(float(f32(b)), 0.0)
    symmetric = preserve_sparsity and a < 0 < b
    if symmetric:
        negative = (hi - lo) // 2 + 1
        widest = float(max(abs(f32(a) / f32(negative)), f32(b) / f32(negative - 1)))
        a, b = float(f32(-negative * widest)), float(f32((negative - 1) * widest))
    with np.errstate(over="ignore", divide="ignore"):
        s = f32((b - a) / (hi - lo))
        if s == 0 or np.isinf(f32(1) / s):
            s = f32(0.1)
    if power_of_two:
        s = f32(_power_of_two_up(float(s)))
    least = f32(6.1e-5)
    if s < least:
        grown, s = f32(least / s), least
        if a == 0:
            b = float(s * f32(hi - lo))
        elif b == 0:
            a = float(-s * f32(hi - lo))
        else:
            a, b = float(f32(a) * grown), float(f32(b) * grown)
    z = _zero_from_better_end(a, b, float(s), lo, hi, rne)
    return float(s), int(rne(f64(lo + hi) / 2)) if symmetric else z


def p_torch(a, b, lo, hi, symmetric=False, unsigned=False):
    """PyTorch observers. unsigned: the adaptive signness of MQBench. A symmetric u8 grid has z = 128 (4.6d)."""
    a, b = min(f32(a), f32(0)), max(f32(b), f32(0))
    eps = f32(2.0**-23)
    if unsigned:
        return float(max(b / f32(hi - lo), eps)), lo
    if symmetric:
        s = max(max(-a, b) / (f32(hi - lo) / f32(2)), eps)
        return float(s), 0 if lo < 0 else (lo + hi + 1) // 2
    s = max((b - a) / f32(hi - lo), eps)
    return float(s), int(clamp(lo - rne(a / s), lo, hi))


def p_pot_r(a, b, lo, hi, **options):
    """MQBench: p_torch, then its scale to the nearest power of two; the zero point stays."""
    s, z = p_torch(a, b, lo, hi, **options)
    return 2.0 ** int(rne(np.log2(f32(s)))), z


def p_aimet(a, b, bits=8, strict=False, symmetric=False, minimum_width=0.01):
    """Returns (scale, zero point on the unsigned grid, min, max)."""
    steps = 2**bits - 1 - strict
    if symmetric:
        if a >= 0:
            b = max(b, minimum_width)
            return b / steps, 0, 0.0, b
        half = 2 ** (bits - 1) - 1
        s = max(abs(a), abs(b)) / half
        z = half if strict else half + 1
        return s, z, -s * z, s * half
    a, b = min(0.0, a), max(0.0, b, min(0.0, a) + minimum_width)
    s = (b - a) / steps
    if a < 0 < b:
        z = int(clamp(rha(f64(-a / s)), 0, steps))
        return s, z, -s * z, b - a - s * z
    return s, -int(rha(f64(a / s))), a, b


def p_nnlib(a, b):
    """hexagon_nn: (scale, zero point on 0..255, min, max); an end moves out until zero is a code."""
    a, b = min(f32(a), f32(0)), max(f32(b), f32(0))
    z = -a * f32(255) / (b - a)
    below = np.floor(z)
    fraction = z - below
    if 2.0**-14 <= fraction <= 1 - 2.0**-14:
        longer = Fraction(float(a)) - 255 * Fraction(float(a)) / int(below) if below > 0 else None
        lower = Fraction(float(b)) * (int(below) + 1) / (int(below) - 254) if below < 254 else None
        if lower is None or (longer is not None and longer - Fraction(float(b)) <= Fraction(float(a)) - lower):
            b = a - f32(255) * a / below
        else:
            a = b * (below + f32(1)) / (below - f32(254))
    s = (b - a) / f32(255)
    return float(s), int(clamp(rha(-a * f32(255) / (b - a)), 0, 255)), float(a), float(b)


def p_amct(a, b, symmetric=False):
    """AMCT on [-128, 127]."""
    a, b = f32(a), f32(b)
    eps = f32(2.0**-23)
    if symmetric:
        s = max(abs(a), abs(b)) / f32(128 if abs(a) > abs(b) else 127)
        return float(s) if s >= eps else 1.0, 0
    a, b = min(a, f32(0)), max(b, f32(0))
    s = (b - a) / f32(255)
    if s < eps:
        return 1.0, -128
    return float(s), int(clamp(rne(f32(-128) - a / s), -128, 127))


def p_glow(a, b, lo=-128, hi=127, schema="asymmetric"):
    """Glow on int8: asymmetric, symmetric, symmetric_with_unsigned, power_of_two. f64 between an f32 range and an f32
    scale (the golden table's digits)."""
    a, b = min(float(f32(a)), 0.0), max(float(f32(b)), 0.0)
    unsigned = schema == "symmetric_with_unsigned" and a >= 0
    if schema != "asymmetric" and not unsigned:
        widest = max(a / lo, b / hi)
        a, b = lo * widest, hi * widest
    s = (b - a) / (hi - lo)
    if s == 0:
        s = 0.1
    if schema == "power_of_two":
        s = _power_of_two_up(s)
    if unsigned or schema != "asymmetric":
        return float(f32(s)), lo if unsigned else 0
    z = _zero_from_better_end(a, b, s, lo, hi, rha)
    return float(f32(s)), 0 if abs(a + b) <= 1.2e-7 else z


def p_ngraph(a, b, unsigned=False, bump_by_eps=False):
    """nGraph's builders: zero point 0; in the type of its tensors, f32."""
    a, b = f32(a), f32(b)
    if bump_by_eps:
        widest = max(abs(a), abs(b))
        a = min(f32(0), a)
        b = max(b, a + max(f32(1), widest) / f32(100))
    return float(max(abs(a), abs(b)) / f32(255 if unsigned else 127)), 0


def p_tpu(a, b, symmetric=True, bits=8):
    """TPU-MLIR. Symmetric: the threshold max(|a|, |b|), unsigned where a >= 0. Returns (scale, zero point, lo, hi)."""
    if symmetric:
        top = 2**bits - 1 if a >= 0 else 2 ** (bits - 1) - 1
        return max(abs(a), abs(b)) / top, 0, -top - 1 if a < 0 else 0, top
    lo, hi = (-128, 127) if a < 0 else (0, 255)
    s = (b - a) / 255
    exact = lo - a / s
    if exact < lo:  # before the rounding, as TPU-MLIR asks
        return b / 255, lo, lo, hi
    if exact > hi:
        return a / -255, hi, lo, hi
    return s, int(rha(f64(exact))), lo, hi


def p_tvm_weights(w_max):
    """2^ceil(log2 max|w|) / 128."""
    return _power_of_two_up(w_max) / 128


def p_tvm_activations(threshold=8.0, bits=8):
    return threshold / 2 ** (bits - 1)


def dpu_fraction_bits(values, bits=8, candidates=5, form="q6"):
    """P-DPU: the fraction bits of a tensor, by the least squared error, the first minimum."""
    x = np.asarray(values, f64)
    half = 2 ** (bits - 1)
    step = max(x.min() / (-half - 0.5), x.max() / (half - 0.5))
    if step <= float(np.finfo(f32).tiny):
        first = 18
    else:
        first = math.floor(math.log2(1 / step))
    best, best_error = None, None
    for fp in range(first, first + candidates):
        p = Params(2.0**-fp)
        error = np.sum((x - quantize(form, values, p, -half, half - 1) * p.scale) ** 2)
        if best is None or error < best_error:
            best, best_error = fp, error
    return min(best, 12 if bits <= 8 else 15)


def p_trt(a, b):
    """amax / 127, rounded to f32 once (5.1: 4.7/127 is 3d179592)."""
    amax = max(abs(a), abs(b))
    return float(f32(amax / 127)) if amax else 1.0, 0


def p_tengine(a, b):
    """Zero point truncated; on 0..255. f32."""
    a, b = f32(a), max(f32(b), f32(0))
    if a >= 0:
        return float(b / f32(255)), 0
    s = (b - a) / f32(255)
    return float(s), int(clamp(rtz(-a / s), 0, 255))


def p_note256(a, b, bits=8):
    """Document 002 as written: one step too wide, Z = 2^b a / (a - b)."""
    return (b - a) / 2**bits, int(rha(f64(2**bits * a / (a - b))))


# ---------------------------------------------------------------------------------------------------------------------
# 1.3 Multipliers
# ---------------------------------------------------------------------------------------------------------------------


class Multiplier(NamedTuple):
    """scale ~ multiplier * 2^-shift; preshift: a right shift before the product."""

    multiplier: int
    shift: int
    preshift: int = 0


def _fraction_of_bits(scale, bits, rounding=rha):
    fraction, exponent = math.frexp(scale)
    m = int(rounding(f64(fraction * 2.0**bits)))
    if m == 2**bits:
        m, exponent = m // 2, exponent + 1
    return m, exponent


def quantize_multiplier(scale):
    """QuantizeMultiplier: (M, e) with scale ~ M * 2^(e - 31)."""
    if scale == 0:
        return 0, 0
    m, e = _fraction_of_bits(scale, 31)
    return (0, 0) if e < -31 else (m, e)


def multiplier_bits31(scale):
    m, e = quantize_multiplier(scale)
    return Multiplier(m, 31 - e)


def multiplier_bits24(scale):
    """The significand of the f32 scale."""
    fraction, exponent = math.frexp(float(f32(scale)))
    return Multiplier(int(fraction * 2**24), 24 - exponent)


def multiplier_short(scale, bits):
    """A signed multiplier of 8 or 16 bits: a fraction of bits - 1, half away."""
    m, e = _fraction_of_bits(scale, bits - 1)
    return Multiplier(m, bits - 1 - e)


def multiplier_power_of_two(scale):
    return Multiplier(1, 1 - _exponent_of(scale))


def multiplier_litert_int16(scale):
    """4.7c: 31 bits to 15, (M + 2^15) >> 16, at most 0x7fff; the product is shifted by 15 - e."""
    m, e = quantize_multiplier(scale)
    return Multiplier(min((m + 2**15) >> 16, 0x7FFF), 15 - e)


def multiplier_fixed_8_8(scale):
    """4.7b': XNNPACK's requantize, RNE(256 * s)."""
    return Multiplier(int(rne(f32(256) * f32(scale))), 8)


def multiplier_fbgemm(scale):
    """ChooseRequantizationMultiplier: 31 bits of the f32 scale."""
    m, e = _fraction_of_bits(float(f32(scale)), 31, rne)
    return Multiplier(m, 31 - e)


def multiplier_glow(scale):
    """4.8c: quantizeScaleOffset32To8."""
    scale = float(f32(scale))
    if is_power_of_two(scale):
        return Multiplier(1, 1 - _exponent_of(scale), 0)
    m, pre, post = scale, 0, 0
    while m < 0.5 or (m < 256 and post < 15):
        m, post = m * 2, post + 1
    while m < 255 and pre < post // 2:
        m, pre = m * 2, pre + 1
    return Multiplier(int(rha(f64(m))), post, pre)


def multiplier_tpu(scale, bits=32):
    """4.10b: get_scale_and_shift; of all shifts -32..30 the most exact, the first one."""
    limit = 2**31 - 1 if bits == 32 else 127
    best, best_error = None, None
    for n in range(-32, 31):
        m = int(rha(f64(math.ldexp(scale, n))))
        if abs(m) >= limit:
            continue
        error = abs(math.ldexp(float(m), -n) - scale)
        if best is None or error < best_error:
            best, best_error = Multiplier(m, n), error
    return best


def multiplier_cv18xx(scale):
    """4.10e: qs >= 1 becomes 0.999999; more than 31 shifts: (0, 0). In f32."""
    qs = float(f32(0.999999) if f32(scale) >= 1 else f32(scale))
    m, e = _fraction_of_bits(qs, 31)
    return Multiplier(m, 31 - e) if e >= -31 else Multiplier(0, 0)


def multiplier_cv18xx8(scale):
    """4.10e: the first r with q * 2^(r+1) >= 127, the product truncated."""
    q = float(f32(scale))
    r = 0
    while math.ldexp(q, r + 1) < 127:
        r += 1
    return Multiplier(int(math.ldexp(q, r)), r)


def multiplier_hexagon(scale):
    """4.5c with the quotient of product and output step as scale: 255 / scale accumulator steps are the output's range."""
    return Multiplier((0x00FF0000 << 15) // int(255 / scale + 0.5), 31)


def hexagon_reciprocal(output_min, output_max, product_step):
    """4.5c: (integer range of the output in accumulator units, its Q31 reciprocal)."""
    steps = int(f32(f32(output_max) - f32(output_min)) / f32(product_step) + f32(0.5))
    return steps, (0x00FF0000 << 15) // steps


# ---------------------------------------------------------------------------------------------------------------------
# 1.3 Requantize kernels. `x`: int32 accumulators. Without `z`: the caller adds the zero point, then clamps.
# ---------------------------------------------------------------------------------------------------------------------


def srdhm(a, b):
    """floor((ab + 2^30) / 2^31); the product of two INT32_MIN saturates."""
    a, b = np.broadcast_arrays(np.asarray(a, np.int64), np.asarray(b, np.int64))
    return np.where((a == INT32_MIN) & (b == INT32_MIN), INT32_MAX, (a * b + 2**30) >> 31)


def _exponent(m):
    return 31 - np.asarray(m.shift, np.int64)


def r1(x, m):
    e = _exponent(m)
    return shift_rha(srdhm(wrap32(np.asarray(x, np.int64) << np.maximum(e, 0)), m.multiplier), np.maximum(-e, 0))


def r2(x, m):
    return shift_rhu(np.asarray(x, np.int64) * m.multiplier, m.shift)


def r4(x, m, z=0):
    """m: the f32 product of the scales."""
    return rne(np.asarray(x).astype(f32) * np.asarray(m).astype(f32)) + z


def r5(x, m):
    product = np.asarray(x, np.int64) * m.multiplier
    return np.sign(product) * shift_rhu(np.abs(product), m.shift)


def r6(x, n):
    return shift_rhu(x, n)


def r7(x, m):
    return shift_rhu((np.asarray(x, np.int64) >> m.preshift) * m.multiplier, m.shift)


def r8(x, m, z, zero_point_after=False):
    product = np.asarray(x).astype(f32) * np.asarray(m).astype(f32)
    return rha(product) + z if zero_point_after else rha(product + f32(z))


def cut_to_19_bits(scale):
    """4.3c: FORCE_FP16_QUANT."""
    return (np.asarray(scale).astype(f32).view(np.uint32) & np.uint32(0xFFFFE000)).view(f32)


def r9_dequantize(x, deq_scale, precision="f32"):
    """4.3c: int32 to real. deq_scale = f32(s_d * s_w)."""
    x, deq = np.asarray(x), np.asarray(deq_scale).astype(f32)
    with np.errstate(over="ignore"):
        if precision == "f16":
            return x.astype(np.float16) * deq.astype(np.float16)
        if precision == "f16_sqrt":
            root = np.sqrt(deq).astype(np.float16)
            return x.astype(np.float16) * root * root
    return x.astype(f32) * (cut_to_19_bits(deq) if precision == "f19" else deq)


def r9(x, deq_scale, next_scale, z, precision="f32"):
    """Dequantized, then quantized by Q1; "requant": AscendRequant, one f32 factor."""
    if precision == "requant":
        return r4(x, np.asarray(deq_scale).astype(f32) / f32(next_scale), z)
    real = r9_dequantize(x, deq_scale, precision).astype(f32)
    with np.errstate(invalid="ignore"):
        return rne(real * (f32(1) / f32(next_scale))) + z


def r10(x, b, reciprocal):
    """b: bias and -omin / product step, in accumulator units. The result is on 0..255."""
    return clamp(((np.asarray(x, np.int64) + b) * reciprocal + 2**30) >> 31, 0, 255)


def r11(x, m):
    e = _exponent(m)
    return shift_rhu(srdhm(wrap32(np.asarray(x, np.int64) << np.maximum(e, 0)), m.multiplier), np.maximum(-e, 0))


def r12(x, m):
    """m: the f64 quotient of the scales."""
    return rha(np.asarray(x).astype(f64) * m)


def r13(x, m, z):
    return rne(np.asarray(x).astype(f32) * np.asarray(m).astype(f32) + f32(z))


def r14(x, a_c, output_scale, bias=0.0, residual=None, residual_scale=None, act=lambda v: v):
    """Real bias, residual and activation before the division by the output's scale; a_c = f32(s_x * s_w[c])."""
    real = np.asarray(x).astype(f32) * np.asarray(a_c).astype(f32) + np.asarray(bias).astype(f32)
    if residual is not None:
        real = real + f32(residual_scale) * np.asarray(residual).astype(f32)
    return rne(act(real) / f32(output_scale))


def f32_multiplier(sx, sw, sy):
    """R4's m = f32(f32(s_x * s_w) / s_y)."""
    return (f32(sx) * np.asarray(sw).astype(f32)) / f32(sy)


def f64_multiplier(sx, sw, sy):
    """4.7c: f64(s_x) * f64(s_w) / f64(s_y)."""
    return f64(sx) * np.asarray(sw, f64) / f64(sy)


def u8_multiplier(sx, sw, sy):
    """4.7c, legacy u8: the product in f32, divided in f64."""
    return (f32(sx) * np.asarray(sw).astype(f32)).astype(f64) / f64(f32(sy))


def fbgemm_requantize(raw, sx, sw, sy, z, bias=None, per_channel=True):
    """4.6c: float bias, added in accumulator units; one rounding where the weights have one scale."""
    a = f32(sx) * np.asarray(sw).astype(f32)
    v = np.asarray(raw).astype(f32)
    if bias is not None:
        b = np.asarray(bias).astype(f32)
        v = v + b / a if per_channel else fma32(b, f32(1) / a, v)
    return rne(v * (a / f32(sy))) + z


def requantize_int16(x, m):
    """4.7c: 64-bit accumulators times a 15-bit multiplier, half up."""
    return shift_rhu(np.asarray(x, np.int64) * m.multiplier, m.shift)


# ---------------------------------------------------------------------------------------------------------------------
# 1.5, 4 Addition (and subtraction): codes a, b of parameters pa, pb to codes of py
# ---------------------------------------------------------------------------------------------------------------------


def _centered(q, p):
    return np.asarray(q, np.int64) - p.zero_point


def _add_shifted(a, b, pa, pb, py, lo, hi, subtract, operand, result, bits=20):
    """4.7d with a kernel for the operands and one for the sum."""
    twice = 2 * max(pa.scale, pb.scale)
    ka = operand(_centered(a, pa) << bits, multiplier_bits31(pa.scale / twice))
    kb = operand(_centered(b, pb) << bits, multiplier_bits31(pb.scale / twice))
    total = ka - kb if subtract else ka + kb
    return clamp(result(total, multiplier_bits31(twice / (2**bits * py.scale))) + py.zero_point, lo, hi)


def add_tflite(a, b, pa, pb, py, lo, hi, subtract=False):
    return _add_shifted(a, b, pa, pb, py, lo, hi, subtract, r1, r1)


def add_snpe(a, b, pa, pb, py, lo, hi, subtract=False):
    return _add_shifted(a, b, pa, pb, py, lo, hi, subtract, r2, r2)


def add_tflite_ruy(a, b, pa, pb, py, lo, hi, subtract=False):
    """LiteRT's optimized addition rounds the operands once; its subtraction is the reference's."""
    return _add_shifted(a, b, pa, pb, py, lo, hi, subtract, r1 if subtract else r2, r1)


def add_tflite_xnnpack(a, b, pa, pb, py, lo, hi, subtract=False):
    """4.7b'. Ratios below 2^-10 are left to LiteRT's own kernel [run, LiteRT 2.3]; from 256 on nothing is defined."""
    ra, rb = f32(pa.scale) / f32(py.scale), f32(pb.scale) / f32(py.scale)
    if min(ra, rb) < 2.0**-10:
        return add_tflite_ruy(a, b, pa, pb, py, lo, hi, subtract)
    n = 20 - math.floor(math.log2(max(ra, rb)))
    ma, mb = int(rne(np.ldexp(f64(ra), n))), int(rne(np.ldexp(f64(rb), n)))
    total = _centered(a, pa) * ma + _centered(b, pb) * (-mb if subtract else mb)
    return clamp(shift_rhu(total, n) + py.zero_point, lo, hi)


def add_onnxruntime(a, b, pa, pb, py, lo, hi):
    """4.11: RNE(fma(A, r1, fma(B, r2, c))) on raw codes."""
    ra, rb = f32(pa.scale) / f32(py.scale), f32(pb.scale) / f32(py.scale)
    c = f32(py.zero_point) - fma32(ra, f32(pa.zero_point), rb * f32(pb.zero_point))
    inner = fma32(np.asarray(b).astype(f32), rb, c)
    return clamp(rne(fma32(np.asarray(a).astype(f32), ra, inner)), lo, hi)


def _dequantize_fma(q, p):
    """4.6d: fma(s, q, f32(-f32(s z)))."""
    s = f32(p.scale)
    return fma32(s, np.asarray(q).astype(f32), -(s * f32(p.zero_point)))


def _add_real(x, y, py, lo, hi, subtract):
    return quantize("q1", x - y if subtract else x + y, py, lo, hi)


def add_fbgemm(a, b, pa, pb, py, lo, hi, subtract=False):
    return _add_real(_dequantize_fma(a, pa), _dequantize_fma(b, pb), py, lo, hi, subtract)


def add_fbgemm_tail(a, b, pa, pb, py, lo, hi, subtract=False):
    return _add_real(dequantize(a, pa), dequantize(b, pb), py, lo, hi, subtract)


def add_tvm(a, b, pa, pb, py, lo, hi, subtract=False):
    """4.4d: both to the smaller scale, added, then to the output; zero points 0."""
    least = min(pa.scale, pb.scale)
    x, y = tvm_rescale(a, pa.scale / least), tvm_rescale(b, pb.scale / least)
    return clamp(tvm_rescale(x - y if subtract else x + y, least / py.scale), lo, hi)


def tvm_rescale(x, ratio):
    """4.4c: a power of two is a shift, half up; any other ratio is R2."""
    if is_power_of_two(ratio):
        return shift_rhu(x, 1 - _exponent_of(ratio))
    return r2(x, multiplier_bits31(ratio))


def fraction_bits(p):
    """The fp of a power-of-two scale 2^-fp."""
    assert is_power_of_two(p.scale)
    return 1 - _exponent_of(p.scale)


def add_dpu(a, b, pa, pb, py, lo, hi, subtract=False):
    """4.9d."""
    fa, fb, fy = fraction_bits(pa), fraction_bits(pb), fraction_bits(py)
    f = max(fa, fb)
    x, y = np.asarray(a, np.int64) << (f - fa), np.asarray(b, np.int64) << (f - fb)
    return clamp(shift_rhu(x - y if subtract else x + y, f - fy), lo, hi)


def add_nnpi(a, b, pa, pb, py, lo, hi, subtract=False):
    """4.8d, f32."""
    x, y = (rha(_centered(q, p).astype(f32) * f32(p.scale) * f32(2**15)) for q, p in ((a, pa), (b, pb)))
    total = (x - y if subtract else x + y).astype(f32)
    return clamp(r8(total, f32(2.0**-15) / f32(py.scale), py.zero_point), lo, hi)


def add_sophgo_bm1684x(a, b, pa, pb, py, lo, hi, subtract=False):
    """4.10d: an 8-bit multiplier and a shift per input."""
    x, y = (r7(_centered(q, p), multiplier_tpu(p.scale / py.scale, 8)) for q, p in ((a, pa), (b, pb)))
    return clamp((x - y if subtract else x + y) + py.zero_point, lo, hi)


def add_sophgo_cv18xx(a, b, pa, pb, py, lo, hi, subtract=False):
    """4.10e: the shift of the larger ratio, truncated multipliers, one half up over the sum."""
    ratios = [float(f32(p.scale / py.scale)) for p in (pa, pb)]
    r = multiplier_cv18xx8(max(ratios)).shift
    ma, mb = (int(math.ldexp(q, r)) for q in ratios)
    x, y = np.asarray(a, np.int64) * ma, np.asarray(b, np.int64) * mb
    return clamp(shift_rhu(x - y if subtract else x + y, r), lo, hi)


def add_hexagon(a, b, pa, pb, py, lo, hi):
    """4.5d, u8 codes; the output's range is (omin, omax) = s_y * (0 - z_y, 255 - z_y), so 255/(omax-omin) = 1/s_y."""
    da, db = f32(pa.scale), f32(pb.scale)
    out_scl = f32(1) / f32(py.scale)
    scexp = _exponent_of((da + db) * out_scl * f32(16384.0 / 16380.0))
    rsh = min(6 - scexp, 7)
    ma, mb = (int(rha(d * out_scl * f32(2.0 ** (rsh + 8)))) for d in (da, db))
    za, zb, zo = pa.zero_point, pb.zero_point, py.zero_point
    sat16 = lambda v: np.clip(v, -32768, 32767)
    offset = sat16(int(rha(f32(zo) * f32(2.0**rsh))) - ((za * ma + zb * mb) >> 8))
    t = (256 * np.asarray(a, np.int64) * ma + 256 * np.asarray(b, np.int64) * mb) >> 16
    return clamp(shift_rhu(sat16(t + offset), rsh), lo, hi)


def add_float(a, b, pa, pb, py, lo, hi, subtract=False):
    """4.2d: in f32 on dequantized codes, quantized by Q2."""
    x, y = dequantize(a, pa), dequantize(b, pb)
    return quantize("q2", x - y if subtract else x + y, py, lo, hi)


ADD = {
    "tflite": add_tflite,
    "tflite_ruy": add_tflite_ruy,
    "tflite_xnnpack": add_tflite_xnnpack,
    "snpe": add_snpe,
    "onnxruntime": add_onnxruntime,
    "fbgemm": add_fbgemm,
    "fbgemm_tail": add_fbgemm_tail,
    "tvm": add_tvm,
    "dpu": add_dpu,
    "nnpi": add_nnpi,
    "sophgo_bm1684x": add_sophgo_bm1684x,
    "sophgo_cv18xx": add_sophgo_cv18xx,
    "hexagon": add_hexagon,
    "float": add_float,
}

# ---------------------------------------------------------------------------------------------------------------------
# 4 Multiplication
# ---------------------------------------------------------------------------------------------------------------------


def _product(a, b, pa, pb):
    return _centered(a, pa) * _centered(b, pb)


def _f32_product_scale(pa, pb, py):
    """f32(f32(s1 s2) / s_o)."""
    return f32(pa.scale) * f32(pb.scale) / f32(py.scale)


def mul_tflite(a, b, pa, pb, py, lo, hi):
    """4.7d; LiteRT computes the ratio in f32."""
    m = multiplier_bits31(float(_f32_product_scale(pa, pb, py)))
    return clamp(r1(_product(a, b, pa, pb), m) + py.zero_point, lo, hi)


def mul_snpe(a, b, pa, pb, py, lo, hi):
    m = multiplier_bits31(pa.scale * pb.scale / py.scale)
    return clamp(r2(_product(a, b, pa, pb), m) + py.zero_point, lo, hi)


def mul_tflite_xnnpack(a, b, pa, pb, py, lo, hi):
    """A ratio below 2^-16 is left to LiteRT's own kernel [run]."""
    if _f32_product_scale(pa, pb, py) < 2.0**-16:
        return mul_tflite(a, b, pa, pb, py, lo, hi)
    return clamp(r4(_product(a, b, pa, pb), _f32_product_scale(pa, pb, py), py.zero_point), lo, hi)


def mul_onnxruntime(a, b, pa, pb, py, lo, hi):
    return clamp(r13(_product(a, b, pa, pb), _f32_product_scale(pa, pb, py), py.zero_point), lo, hi)


def mul_fbgemm(a, b, pa, pb, py, lo, hi):
    """4.6d: with the reciprocal of the output's scale."""
    m = f32(pa.scale) * f32(pb.scale) * (f32(1) / f32(py.scale))
    return clamp(r4(_product(a, b, pa, pb), m, py.zero_point), lo, hi)


def mul_tvm(a, b, pa, pb, py, lo, hi):
    """4.4d: the product has the product of the scales; then a shift."""
    return clamp(tvm_rescale(_product(a, b, pa, pb), pa.scale * pb.scale / py.scale), lo, hi)


def mul_dpu(a, b, pa, pb, py, lo, hi):
    n = fraction_bits(pa) + fraction_bits(pb) - fraction_bits(py)
    return clamp(shift_rhu(_product(a, b, pa, pb), n), lo, hi)


def mul_nnpi(a, b, pa, pb, py, lo, hi):
    """4.8d: RHA(prod * (s_l s_r / s_y)) + z_y, f32."""
    return clamp(r8(_product(a, b, pa, pb), _f32_product_scale(pa, pb, py), py.zero_point, True), lo, hi)


def mul_float(a, b, pa, pb, py, lo, hi):
    return quantize("q2", dequantize(a, pa) * dequantize(b, pb), py, lo, hi)


MUL = {
    "tflite": mul_tflite,
    "snpe": mul_snpe,
    "tflite_xnnpack": mul_tflite_xnnpack,
    "onnxruntime": mul_onnxruntime,
    "fbgemm": mul_fbgemm,
    "tvm": mul_tvm,
    "dpu": mul_dpu,
    "nnpi": mul_nnpi,
    "float": mul_float,
}

# ---------------------------------------------------------------------------------------------------------------------
# 1.5 Average pools: q[..., n] the codes of the valid taps, k = kh * kw
# ---------------------------------------------------------------------------------------------------------------------


def _sum(q):
    return np.asarray(q, np.int64).sum(axis=-1)


def _sum_centered(q, p):
    return _centered(q, p).sum(axis=-1)


def divide_rha(s, n):
    """RHA(s / n) of integers: (s + n/2) / n, (s - n/2) / n below zero, with truncating divisions."""
    return np.sign(s) * ((np.abs(s) + n // 2) // n)


def divide_rtz(s, n):
    return np.sign(s) * (np.abs(s) // n)


def avg_pool_tflite(q, px, py, lo, hi, window=None):
    return clamp(divide_rha(_sum(q), np.shape(q)[-1]), lo, hi)


def avg_pool_tosa(q, px, py, lo, hi, window=None):
    """Zero point subtracted first, on valid taps (also the portable snpe)."""
    return clamp(divide_rha(_sum_centered(q, px), np.shape(q)[-1]) + py.zero_point, lo, hi)


def avg_pool_fbgemm(q, px, py, lo, hi, window=None):
    """Channels-last: the output has the input's parameters."""
    scaled = _sum_centered(q, px).astype(f32) * (f32(1) / f32(np.shape(q)[-1]))
    return clamp(rne(scaled) + px.zero_point, lo, hi)


def avg_pool_fbgemm_nchw(q, px, py, lo, hi, window=None):
    scaled = _sum_centered(q, px).astype(f32) * (f32(1) / f32(np.shape(q)[-1]))
    return clamp(rne(scaled + f32(px.zero_point)), lo, hi)


def avg_pool_fbgemm_adaptive(q, px, py, lo, hi, window=None):
    return clamp(rne(_sum(q).astype(f32) * (f32(1) / f32(np.shape(q)[-1]))), lo, hi)


def avg_pool_onnxruntime(q, px, py, lo, hi, window=None, whole_input=False):
    """4.11: dequantized one by one, summed in order. A window of the input's size without padding is a global pool."""
    if whole_input:
        return avg_pool_onnxruntime_global(q, px, py, lo, hi)
    real = dequantize(q, px)
    total = np.zeros(real.shape[:-1], f32)
    for tap in range(real.shape[-1]):
        total = total + real[..., tap]
    return clamp(rne(total / f32(real.shape[-1]) / f32(py.scale) + f32(py.zero_point)), lo, hi)


def avg_pool_onnxruntime_global(q, px, py, lo, hi, window=None):
    m = f32(px.scale) / (f32(py.scale) * f32(np.shape(q)[-1]))
    return clamp(r4(_sum_centered(q, px), m, py.zero_point), lo, hi)


def _taps(q, window):
    return np.shape(q)[-1] if window is None else window[0] * window[1]


def avg_pool_nnpi(q, px, py, lo, hi, window=None):
    """Glow: the divisor counts padding; f32."""
    m = f32(px.scale) / f32(py.scale) / f32(_taps(q, window))
    return clamp(r8(_sum_centered(q, px), m, py.zero_point), lo, hi)


def avg_pool_tvm(q, px, py, lo, hi, window=None):
    return clamp(divide_rtz(_sum(q), np.shape(q)[-1]), lo, hi)


def avg_pool_hexagon(q, px, py, lo, hi, window=None):
    c = min(32767, 32768 // np.shape(q)[-1])
    return clamp((_sum(q) * c + 2**14) >> 15, lo, hi)


_DPU_POOLS = {(3, 3): (7, 6), (5, 5): (10, 8), (6, 6): (7, 8), (3, 6): (7, 8), (6, 3): (7, 8), (7, 7): (21, 10), (14, 14): (21, 12)}


def dpu_pool_factor(window):
    """4.9d: (N, M), 1/k ~ N * 2^-M."""
    if tuple(window) in _DPU_POOLS:
        return _DPU_POOLS[tuple(window)]
    k = window[0] * window[1]
    best, best_error = None, None
    for m in range(math.ceil(math.log2(128 * k))):
        n = round(Fraction(2**m, k))
        error = abs(Fraction(n, 2**m) - Fraction(1, k))
        if best is None or error < best_error:
            best, best_error = (n, m), error
    return best


def avg_pool_dpu(q, px, py, lo, hi, window=None):
    n, m = dpu_pool_factor(window or (1, np.shape(q)[-1]))
    return clamp(shift_rhu(_sum(q) * n, m + fraction_bits(px) - fraction_bits(py)), lo, hi)


def avg_pool_sophgo_bm1684x(q, px, py, lo, hi, window=None):
    m = multiplier_tpu(px.scale / (py.scale * _taps(q, window)), 8)
    return clamp(r7(_sum(q), m), lo, hi)


def avg_pool_sophgo_bm1684x_asymmetric(q, px, py, lo, hi, window=None):
    """1.5: RHA(f32 sum * scale + offset), the offset z_y - z_x s_x / s_y; padding is filled with z_x (4.10c)."""
    ratio = px.scale / py.scale
    scale, offset = f32(ratio / _taps(q, window)), f32(py.zero_point - px.zero_point * ratio)
    total = _sum(q) + px.zero_point * (_taps(q, window) - q.shape[-1])
    return clamp(rha(total.astype(f32) * scale + offset), lo, hi)


def avg_pool_sophgo_cv18xx(q, px, py, lo, hi, window=None):
    m = multiplier_cv18xx8(px.scale / (py.scale * _taps(q, window)))
    return clamp(r7(_sum(q), m), lo, hi)


def _average_real(q, px):
    real = dequantize(q, px)
    total = np.zeros(real.shape[:-1], f32)
    for tap in range(real.shape[-1]):
        total = total + real[..., tap]
    return total / f32(real.shape[-1])


def avg_pool_tengine(q, px, py, lo, hi, window=None):
    return quantize("q3", _average_real(q, px), py, lo, hi)


def avg_pool_float(q, px, py, lo, hi, window=None):
    return quantize("q2", _average_real(q, px), py, lo, hi)


AVG_POOL = {
    "tflite": avg_pool_tflite,
    "round_half_away": avg_pool_tosa,
    "fbgemm": avg_pool_fbgemm,
    "fbgemm_nchw": avg_pool_fbgemm_nchw,
    "fbgemm_adaptive": avg_pool_fbgemm_adaptive,
    "onnxruntime": avg_pool_onnxruntime,
    "onnxruntime_global": avg_pool_onnxruntime_global,
    "nnpi": avg_pool_nnpi,
    "tvm": avg_pool_tvm,
    "hexagon": avg_pool_hexagon,
    "dpu": avg_pool_dpu,
    "sophgo_bm1684x": avg_pool_sophgo_bm1684x,
    "sophgo_bm1684x_asymmetric": avg_pool_sophgo_bm1684x_asymmetric,
    "sophgo_cv18xx": avg_pool_sophgo_cv18xx,
    "tengine": avg_pool_tengine,
    "float": avg_pool_float,
}

# ---------------------------------------------------------------------------------------------------------------------
# 1.5 Concat (one operand to the output's parameters)
# ---------------------------------------------------------------------------------------------------------------------


def concat_tflite(q, px, py, lo, hi):
    """4.7b', requantize i8 -> i8: R1."""
    return clamp(r1(_centered(q, px), multiplier_bits31(px.scale / py.scale)) + py.zero_point, lo, hi)


def concat_tflite_ruy(q, px, py, lo, hi):
    """R11 [run]."""
    return clamp(r11(_centered(q, px), multiplier_bits31(px.scale / py.scale)) + py.zero_point, lo, hi)


def concat_tflite_xnnpack(q, px, py, lo, hi):
    """4.7b': an 8.8 multiplier; ratios outside [2^-8, 128] are left to LiteRT's own kernel [run]."""
    ratio = f32(px.scale) / f32(py.scale)
    if not 2.0**-8 <= ratio <= 128:
        return concat_tflite_ruy(q, px, py, lo, hi)
    m = multiplier_fixed_8_8(ratio)
    return clamp(r7(_centered(q, px), m) + py.zero_point, lo, hi)


def concat_snpe(q, px, py, lo, hi):
    return clamp(r2(_centered(q, px), multiplier_bits31(px.scale / py.scale)) + py.zero_point, lo, hi)


def concat_onnxruntime(q, px, py, lo, hi):
    return quantize("q2", dequantize(q, px), py, lo, hi)


def concat_fbgemm(q, px, py, lo, hi):
    if px == py:
        return clamp(np.asarray(q, np.int64), lo, hi)
    return quantize("q1", _dequantize_fma(q, px), py, lo, hi)


def concat_fbgemm_nchw(q, px, py, lo, hi):
    if px == py:
        return clamp(np.asarray(q, np.int64), lo, hi)
    return quantize("q1", dequantize(q, px), py, lo, hi)


def concat_tvm(q, px, py, lo, hi):
    return clamp(tvm_rescale(q, px.scale / py.scale), lo, hi)


def concat_hexagon(q, px, py, lo, hi):
    """4.5d, u8: a Q15 gain; imin = -s z of either grid."""
    di, do = f32(px.scale), f32(py.scale)
    gain = min(32767, int(rha(f32(2**15) * di / do)))
    imin, omin = -di * f32(px.zero_point), -do * f32(py.zero_point)
    offset = max(0, int(rha((imin - omin) / di)))
    return clamp(((np.asarray(q, np.int64) + offset) * gain + 2**14) >> 15, lo, hi)


def concat_dpu(q, px, py, lo, hi):
    return clamp(shift_rhu(q, fraction_bits(px) - fraction_bits(py)), lo, hi)


def concat_nnpi(q, px, py, lo, hi):
    return quantize("q4", dequantize(q, px), py, lo, hi)


def concat_sophgo_bm1684x(q, px, py, lo, hi):
    return clamp(r7(_centered(q, px), multiplier_tpu(px.scale / py.scale, 8)) + py.zero_point, lo, hi)


def concat_sophgo_cv18xx(q, px, py, lo, hi):
    """4.10e: (1, 0) where the thresholds are within 1e-5."""
    if abs(px.scale - py.scale) * 127 <= 1e-5:
        return clamp(np.asarray(q, np.int64), lo, hi)
    return clamp(r7(q, multiplier_cv18xx8(px.scale / py.scale)), lo, hi)


def concat_tengine(q, px, py, lo, hi):
    return clamp(r8(_centered(q, px), f32(px.scale) / f32(py.scale), py.zero_point), lo, hi)


CONCAT = {
    "tflite": concat_tflite,
    "tflite_ruy": concat_tflite_ruy,
    "tflite_xnnpack": concat_tflite_xnnpack,
    "snpe": concat_snpe,
    "onnxruntime": concat_onnxruntime,
    "fbgemm": concat_fbgemm,
    "fbgemm_nchw": concat_fbgemm_nchw,
    "tvm": concat_tvm,
    "hexagon": concat_hexagon,
    "dpu": concat_dpu,
    "nnpi": concat_nnpi,
    "sophgo_bm1684x": concat_sophgo_bm1684x,
    "sophgo_cv18xx": concat_sophgo_cv18xx,
    "tengine": concat_tengine,
    "float": concat_onnxruntime,
}

# ---------------------------------------------------------------------------------------------------------------------
# 1.5 Functions of one code
# ---------------------------------------------------------------------------------------------------------------------


def lookup_f64(form, function, q, px, py, lo, hi):
    """Vendors with closed kernels: f64, then the backend's form."""
    return quantize(form, function(_centered(q, px) * f64(px.scale)), py, lo, hi)


def lookup_f32(form, function, q, px, py, lo, hi):
    """Glow: f in f32."""
    return quantize(form, function(dequantize(q, px).astype(f64)), py, lo, hi)


def lookup_tflite(form, function, q, px, py, lo, hi):
    """RHA(f32(f * (1/s_y))) + z_y."""
    y = function(dequantize(q, px).astype(f64)).astype(f32)
    return clamp(rha(y * (f32(1) / f32(py.scale))) + py.zero_point, lo, hi)


LOOKUP = {"f64": lookup_f64, "f32": lookup_f32, "tflite": lookup_tflite, "tflite_xnnpack": lookup_tflite}


def leaky_relu_tflite(kernel, q, px, py, lo, hi, alpha, xnnpack=False):
    """LiteRT's kernel: a multiplier for each side; XNNPACK's: 8 fraction bits, half up, where it takes the factors."""
    a = _centered(q, px).astype(np.int64)
    sx, sy = f32(px.scale), f32(py.scale)
    if xnnpack:
        positive, negative = sx / sy, sx / sy * f32(alpha)
        if 2.0**-8 <= positive <= 2.0**7 and 2.0**-8 <= abs(negative) < 2.0**7:
            m = np.where(a >= 0, int(rne(f64(256) * positive)), int(rne(f64(256) * negative)))
            return clamp(((a * m + 128) >> 8) + py.zero_point, lo, hi)
    return _prelu(kernel, a, a, sx / sy, sx * f32(alpha) / sy, py, lo, hi)


def prelu_tflite(kernel, q, slopes, px, py, lo, hi):
    """A slope per channel, symmetric in 8 bits: below zero the product of codes, the slopes' scale in the multiplier."""
    a = _centered(q, px).astype(np.int64)
    sx, sy = f32(px.scale), f32(py.scale)
    most = f32(np.abs(slopes).max())
    scale = most / f32(127) if most > 0 else f32(1)
    codes = quantize("q3", np.asarray(slopes, f32), Params(scale), -127, 127).astype(np.int64)
    return _prelu(kernel, a, a * codes, sx / sy, sx * scale / sy, py, lo, hi)


def _prelu(kernel, positive, negative, scale, scale_below, py, lo, hi):
    make = {"r1": r1, "r2": r2, "r11": r11}[kernel]
    above, below = (make(a, multiplier_bits31(float(s))) for a, s in ((positive, scale), (negative, scale_below)))
    return clamp(np.where(positive >= 0, above, below) + py.zero_point, lo, hi)


# ---------------------------------------------------------------------------------------------------------------------
# 4.7b'' Bilinear resize of codes q[n, h, w, c]
# ---------------------------------------------------------------------------------------------------------------------


def resize_alignment(size, out, n, d, offset):
    """The names under which engines know positions (o * d + offset) / n."""
    names = set()
    if d * out == n * size and 2 * offset * out == n * (size - out):
        names.add("half_pixel")
    if out > 1 and offset == 0 and d * (out - 1) == n * (size - 1):
        names.add("align_corners")
    if offset == 0 and (out == 1 or d * out == n * size):
        names.update({"plain"} | ({"align_corners"} if out == 1 else set()))
    return names


def _litert_weights(size, out, alignment):
    """10 bits: lower and upper pixel, weight of the upper one."""
    corners = alignment == "align_corners" and out > 1
    a, b = (size - 1, out - 1) if corners else (size, out)
    step = (1024 * a + b // 2) // b
    at = np.arange(out, dtype=np.int64) * step
    if alignment == "half_pixel":
        at = at + step // 2 - 512
    lower = np.clip(np.trunc(at / 1024).astype(np.int64), 0, size - 1)
    upper = np.clip(np.trunc((at + 1023) / 1024).astype(np.int64), 0, size - 1)
    return lower, upper, at - 1024 * lower, 1024


def _xnnpack_weights(size, out, alignment):
    """11 bits of an f32 position."""
    corners = alignment == "align_corners" and out > 1
    step = (f32(size - 1) / f32(out - 1)) if corners else f32(size) / f32(out)
    i = np.arange(out).astype(f32)
    at = (i + f32(0.5)) * step - f32(0.5) if alignment == "half_pixel" else i * step
    at = np.clip(at, f32(0), f32(size - 1)).astype(f32)
    lower = at.astype(np.int64)
    upper = np.minimum(lower + 1, size - 1)
    return lower, upper, rne((at - lower.astype(f32)).astype(f64) * 2048).astype(np.int64), 2048


def _exact_weights(size, out, n, d, offset):
    at = np.arange(out, dtype=np.int64) * d + offset
    index = at // n
    return np.clip(index, 0, size - 1), np.clip(index + 1, 0, size - 1), at % n, n


def _resize_axes(size, out, scale, offset):
    return [(size[i], out[i], scale[2 * i], scale[2 * i + 1], offset[i]) for i in (0, 1)]


def _resize_names(axes):
    return resize_alignment(*axes[0]) & resize_alignment(*axes[1])


def has_resize(variant, size, out, scale, offset):
    """LiteRT has names for some positions only."""
    return variant in ("tosa", "tosa_double") or bool(_resize_names(_resize_axes(size, out, scale, offset)))


def resize_bilinear(variant, q, out, scale, offset):
    axes = _resize_axes(q.shape[1:3], out, scale, offset)
    if variant in ("tosa", "tosa_double"):
        weights = [_exact_weights(*a) for a in axes]
    else:
        names = _resize_names(axes)
        alignment = next(a for a in ("half_pixel", "align_corners", "plain") if a in names)
        make = _litert_weights if variant == "tflite" else _xnnpack_weights
        weights = [make(a[0], a[1], alignment) for a in axes]
    total = np.asarray(q, np.int64)
    for axis, (lower, upper, weight, unit) in ((1, weights[0]), (2, weights[1])):
        shape = [-1 if i == axis else 1 for i in range(total.ndim)]
        weight = weight.reshape(shape)
        total = np.take(total, lower, axis) * (unit - weight) + np.take(total, upper, axis) * weight
    if variant == "tflite":
        return clamp(shift_rha(total, 20), -128, 127)
    if variant == "tflite_xnnpack":
        return clamp(shift_rhu(total, 22), -128, 127)
    m = multiplier_bits31(1.0 / (weights[0][3] * weights[1][3]))
    return clamp((r2 if variant == "tosa" else r1)(total, m), -128, 127)


def hard_swish(x):
    return x * np.clip(x + 3, 0, 6) / 6


def hard_swish_tflite(q, px, py, lo, hi):
    """4.7b' int16 fixed point: reluish in 1/32768 by saturating products of 16 bits, the last product toward zero."""
    def short(x):
        return np.clip(x, -(2**15), 2**15 - 1)

    def product(x, m):
        return short((x * m + 2**14) >> 15)

    def multiplier(ratio):
        m, e = quantize_multiplier(float(ratio))
        return min((m + 2**15) >> 16, 2**15 - 1), e

    step = f32(px.scale) * f32(1 / 128)
    (m_relu, e_relu), (m_out, e_out) = multiplier(step / f32(3 / 32768)), multiplier(step / f32(py.scale))
    x = short(_centered(q, px).astype(np.int64) * 128)
    relu = x
    if e_relu > 0:
        relu = short(product(short(relu << (e_relu - 1)), m_relu) << 1)
    else:
        relu = shift_rha(product(relu, m_relu), -e_relu)
    numerator = ((relu + 2**15) >> 1) * product(x, m_out)
    y = np.sign(numerator) * (np.abs(numerator) >> 15)
    return clamp(shift_rha(y, -e_out) + py.zero_point, lo, hi)


# ---------------------------------------------------------------------------------------------------------------------
# 4.7b' Mean over q[..., n]
# ---------------------------------------------------------------------------------------------------------------------


def _mean_multiplier(px, py, n):
    """M' = floor((M << k) / n), e' = e - k; k = floor(log2 n), at most 32 and 31 + e."""
    m, e = quantize_multiplier(px.scale / py.scale)
    k = max(0, min(n.bit_length() - 1, 32, 31 + e))
    return Multiplier((m << k) // n, 31 - (e - k))


def mean_tflite(q, px, py, lo, hi):
    m = _mean_multiplier(px, py, np.shape(q)[-1])
    return clamp(r1(_sum_centered(q, px), m) + py.zero_point, lo, hi)


def mean_snpe(q, px, py, lo, hi):
    m = _mean_multiplier(px, py, np.shape(q)[-1])
    return clamp(r2(_sum_centered(q, px), m) + py.zero_point, lo, hi)


def mean_tflite_xnnpack(q, px, py, lo, hi):
    """RNE(f32(acc * m / N + z)), z inside."""
    m = f32(px.scale) / f32(py.scale) / f32(np.shape(q)[-1])
    return clamp(r13(_sum_centered(q, px), m, py.zero_point), lo, hi)


MEAN = {"tflite": mean_tflite, "snpe": mean_snpe, "tflite_xnnpack": mean_tflite_xnnpack}

# ---------------------------------------------------------------------------------------------------------------------
# Bias
# ---------------------------------------------------------------------------------------------------------------------


def bias_i32(b, sx, sw, rounding=rha):
    """An integer of scale s_x * s_w[c], zero point 0."""
    return rounding(np.asarray(b, f64) / (f64(sx) * np.asarray(sw, f64)))


def bias_i8_asymmetric(b):
    """4.5a: the bias on an 8-bit asymmetric AIMET encoding of its own; the real values it then has."""
    b = np.asarray(b, f32)
    s, z, _, _ = p_aimet(float(b.min()), float(b.max()))
    return (quantize("q5", b, Params(s, z), 0, 255) - z) * s


def bias_i8_pot_shifted(b):
    """4.4b: TVM, s = 2^ceil(log2 max|b|) / 128, Q7, +-127. Returns (codes, fraction bits)."""
    b = np.asarray(b, f32)
    s = p_tvm_weights(float(np.abs(b).max()))
    return quantize("q7", b, Params(s), -127, 127), 1 - _exponent_of(s)


def bias_i8_pot(b, fp):
    """4.9a: the DPU's int8 bias with fraction bits of its own."""
    return quantize("q6p", b, Params(2.0**-fp), -128, 127)


def align_pot_bias(codes, fp, accumulator_fp):
    """4.9c: b << shift_bias, an arithmetic right shift where that is negative."""
    n = accumulator_fp - fp
    codes = np.asarray(codes, np.int64)
    return codes << n if n >= 0 else codes >> -n


# ---------------------------------------------------------------------------------------------------------------------
# Dot products
# ---------------------------------------------------------------------------------------------------------------------


def accumulate(x, w, zx, zw=0):
    """sum over the first axis of w[k, c] * x[..., k], zero points subtracted; padding is x = zx."""
    return (np.asarray(x, np.int64) - zx) @ (np.asarray(w, np.int64) - zw)
