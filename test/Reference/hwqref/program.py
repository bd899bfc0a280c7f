"""A reader of programs in MLIR's generic text form, as far as hwq writes them: one function, ops with one result.

Also reads descriptors as `hwq-opt --print-backend` prints them: both have the same attribute syntax.
"""
import re
from typing import NamedTuple

import numpy as np

OPEN, CLOSE = "([{<", ")]}>"
DTYPES = {"f32": np.float32, "f64": np.float64, "index": np.int64}
for _bits in (8, 16, 32, 64):
    DTYPES[f"i{_bits}"] = np.dtype(f"int{_bits}").type
    DTYPES[f"ui{_bits}"] = np.dtype(f"uint{_bits}").type


class Quantized(NamedTuple):
    """`!quant.uniform`: one scale and zero point, or one per channel: axis 0 of weights, the last of activations."""

    lo: int
    hi: int
    scales: tuple
    zero_points: tuple
    per_channel: bool


class TensorType(NamedTuple):
    shape: tuple  # -1: dynamic
    element: object  # the name of a type, or Quantized


class Op(NamedTuple):
    name: str
    result: str
    operands: list
    attrs: dict
    operand_types: list
    result_types: list


class Program(NamedTuple):
    arguments: list  # (value, name)
    result_names: list
    ops: list


def _skip_string(text, i):
    i += 1
    while text[i] != '"':
        i += 2 if text[i] == "\\" else 1
    return i + 1


def _matching(text, i):
    """The position after the bracket that closes the one at i."""
    depth = 0
    while True:
        c = text[i]
        if c == '"':
            i = _skip_string(text, i)
            continue
        if c in OPEN:
            depth += 1
        elif c in CLOSE and not (c == ">" and text[i - 1] == "-"):
            depth -= 1
            if depth == 0:
                return i + 1
        i += 1


def split(text, separator=","):
    """At the separators outside of brackets and strings."""
    parts, start, i = [], 0, 0
    while i < len(text):
        c = text[i]
        if c == '"':
            i = _skip_string(text, i)
        elif c in OPEN:
            i = _matching(text, i)
        else:
            if c == separator:
                parts.append(text[start:i].strip())
                start = i + 1
            i += 1
    last = text[start:].strip()
    return parts + [last] if last or parts else []


def parse_type(text):
    text = text.strip()
    if not text.startswith("tensor<"):
        return text
    body = text[len("tensor<") : -1]
    dims = re.match(r"((?:\?|\d+)x)*", body).group(0)
    shape = tuple(-1 if d == "?" else int(d) for d in dims.split("x")[:-1])
    element = body[len(dims) :]
    return TensorType(shape, _parse_quantized(element) if element.startswith("!quant") else element)


def _parse_quantized(text):
    body = text[len("!quant.uniform<") : -1]
    storage, rest = re.match(r"([iu]\d+(?:<-?\d+:-?\d+>)?):f32(.*)$", body, re.S).groups()
    bits = int(re.match(r"[iu](\d+)", storage).group(1))
    if "<" in storage:
        lo, hi = map(int, re.search(r"<(-?\d+):(-?\d+)>", storage).groups())
    else:
        lo, hi = (0, 2**bits - 1) if storage[0] == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    axis, values = re.match(r"(:\d+)?\s*,\s*(.*)$", rest, re.S).groups()
    pairs = [p.strip().split(":") for p in values.strip("{}").split(",")]
    return Quantized(
        lo,
        hi,
        tuple(_real(p[0]) for p in pairs),
        tuple(int(p[1]) if len(p) > 1 else 0 for p in pairs),
        axis is not None,
    )


def _real(word):
    """An f64; the bits where six digits and an exponent are not enough for it."""
    if word.startswith("0x"):
        return float(np.array(int(word, 16), np.uint64).view(np.float64))
    return float(word)


def parse_attrs(text, resources=None):
    """`key = value, unit, ...`"""
    attrs = {}
    for item in split(text):
        key, equals, value = item.partition("=")
        attrs[key.strip().strip('"')] = parse_value(value.strip(), resources) if equals else True
    return attrs


def parse_value(text, resources=None):
    if text.startswith('"'):
        return text[1 : _skip_string(text, 0) - 1]
    if text.startswith("array<"):
        element, _, values = text[6:-1].partition(":")
        return [_real(v) if element == "f64" else int(v) for v in split(values)]
    if text.startswith("["):
        return [parse_value(v, resources) for v in split(text[1:-1])]
    if text.startswith("{"):
        return parse_attrs(text[1:-1], resources)
    if text.startswith("dense"):
        return _parse_dense(text, resources)
    if text.startswith("#"):
        match = re.match(r"#[\w.]+<(.*)>$", text, re.S)
        return match.group(1) if match else text
    if text in ("true", "false"):
        return text == "true"
    number = text.split(":")[0].strip()
    if re.match(r"-?\d+$", number):
        return int(number)
    if re.match(r"0x[0-9A-Fa-f]{8}$", number):
        return float(np.array(int(number, 16), np.uint32).view(np.float32))
    if re.match(r"-?[\d.]+(e[+-]?\d+)?$", number, re.I):
        return float(number)
    return text


def _parse_dense(text, resources):
    """`dense<...> : tensor<...>` or `dense_resource<name> : tensor<...>`, f32 in decimal with nine digits or in hex."""
    end = _matching(text, text.index("<"))
    inner = text[text.index("<") + 1 : end - 1]
    type_ = parse_type(text[end:].strip().lstrip(":").strip())
    element = type_.element
    if isinstance(element, Quantized):
        raise ValueError("constants have storage types")
    dtype = DTYPES[element]
    if text.startswith("dense_resource"):
        return np.frombuffer(resources[inner.strip('"')], dtype).reshape(type_.shape)
    if inner.startswith('"0x'):
        data = np.frombuffer(bytes.fromhex(inner[3:-1]), dtype)
    else:
        words = re.findall(r"0x[0-9A-Fa-f]+|-?[\d.]+(?:[eE][+-]?\d+)?|true|false", inner)
        data = np.array([_number(w, dtype) for w in words], dtype)
    if data.size == 1:
        return np.full(type_.shape, data[0], dtype)
    return data.reshape(type_.shape)


def _number(word, dtype):
    if word.startswith("0x"):
        return np.array(int(word, 16), np.uint32).view(np.float32)
    return dtype(float(word)) if np.issubdtype(dtype, np.floating) else int(word)


def _parse_op(line, resources):
    match = re.match(r'\s*(?:(%[\w#]+) = )?"([\w.]+)"\(([^)]*)\)\s*', line)
    if not match:
        return None
    result, name, operands = match.groups()
    attrs, rest = {}, line[match.end() :]
    while rest[0] in "<{":
        end = _matching(rest, 0)
        body = rest[1 : end - 1]
        attrs.update(parse_attrs(body[1:-1] if rest[0] == "<" else body, resources))
        rest = rest[end:].lstrip()
    if not rest.startswith(":"):
        return None  # an op with regions
    types = rest[1:].strip()
    end = _matching(types, 0)
    results = types[end:].strip()[2:].strip()
    if results.startswith("("):
        results = results[1:-1]
    return Op(
        name,
        result,
        [o.strip() for o in operands.split(",") if o.strip()],
        attrs,
        [parse_type(t) for t in split(types[1 : end - 1])],
        [parse_type(t) for t in split(results)],
    )


def parse_program(text):
    """The module of one dump in generic form."""
    resources = {
        quoted or name: bytes.fromhex(data)[4:]  # an alignment, then the data
        for quoted, name, data in re.findall(r'^\s*(?:"([^"]+)"|([\w.$-]+)): "0x([0-9A-Fa-f]+)"', text, re.M)
    }
    arguments, result_names, ops = [], [], []
    for line in text.splitlines():
        stripped = line.strip()
        if stripped.startswith('"func.func"'):
            start = line.index("<{")
            attrs = parse_attrs(line[start + 2 : _matching(line, start) - 2])
            names = [a.get("quant_hw.name") for a in attrs.get("arg_attrs", [])]
            result_names = [a.get("quant_hw.name") for a in attrs.get("res_attrs", [])]
        elif stripped.startswith("^bb0("):
            values = [a.split(":")[0].strip() for a in split(stripped[5 : stripped.rindex(")")])]
            arguments = list(zip(values, names + [None] * len(values)))
        elif stripped.startswith(("%", '"')) and (op := _parse_op(line, resources)):
            ops.append(op)
    if not ops:
        raise ValueError("expected a program, got " + text[:200])
    return Program(arguments, result_names, ops)


def parse_backend(text):
    """The fields of a descriptor."""
    text = re.sub(r"^\s*//.*$", "", text, flags=re.M)
    start = text.index("{", text.index("#quant_hw.backend<"))
    return parse_attrs(text[start + 1 : _matching(text, start) - 1])
