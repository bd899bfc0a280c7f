#!/usr/bin/env python3
"""usage: malformed_overrides.py FOLDER PROGRAM"""
import pathlib, sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
import malformed

folder, program = sys.argv[1:]
rng = malformed.seeded()
good = b'{"x": {"bits": 4, "symmetry": "symmetric", "range": [-1, 1]}}'
value = lambda text: b'{"x": ' + text.encode() + b"}"
cases = malformed.cuts(rng, good, 12) + [
    ("blank", b" \n"), ("zeros", bytes(100)), ("array", b"[]"), ("number", b"1"), ("null", b"null"), ("text", b'"x"'),
    ("two", good * 2), ("utf-8", b'{"\xff": {"bits": 4}}'), ("comma", good[:-1] + b",}"),
    ("deep", b"[" * 1000000), ("deep-object", b'{"x":' * 200000), ("deep-value", value("[" * 65 + "]" * 65)),
    ("entry-array", value("[]")), ("entry-null", value("null")), ("key", value('{"width": 4}')),
    ("long-key", value('{"' + "k" * 100000 + '": 4}'))]
cases += [(f"bits-{i}", value('{"bits": %s}' % text)) for i, text in enumerate(
    ["0", "1", "9", "-4", "4.5", "1e300", "18446744073709551620", "true", '"4"', "[4]", "null"])]
cases += [(f"symmetry-{i}", value('{"symmetry": %s}' % text)) for i, text in enumerate(["1", '""', '"round"', "null"])]
cases += [(f"range-{i}", value('{"range": %s}' % text)) for i, text in enumerate(
    ["[]", "[1]", "[1, 2, 3]", "[2, 1]", '["a", 1]', "[-1e999, 1]", "[0, NaN]", "1", "{}"])]
cases += [(f"scale-{i}", value('{"scale": %s}' % text)) for i, text in enumerate(
    ["0", "-1", "1e999", "NaN", '"1"', "[1]", "null", '1, "range": [0, 1]', '1, "scale": 2'])]
cases += [(f"zero-{i}", value('{"scale": 1, "zero_point": %s}' % text)) for i, text in enumerate(
    ["256", "-1", "0.5", "1e300", "18446744073709551620", '"3"', "null"])]
cases += [("zero-alone", value('{"zero_point": 3}')), ("twice", b'{"x": {"bits": 4}, "x": {"bits": 5}}')]
cases += [(f"float-{i}", value('{"float": %s}' % text)) for i, text in enumerate(["1", '"yes"', 'true, "bits": 4'])]
malformed.check(folder, ".json", good, cases,
                lambda path, out: ["hwq-opt", program, "--quant-hw-set-backend=backend=snpe",
                                   f"--quant-hw-annotate=override-file={path}", "-o", out])
