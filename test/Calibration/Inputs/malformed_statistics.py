#!/usr/bin/env python3
"""Files whose checksum is wrong, or that are none; StatisticsFileTest has those with a right one.

usage: malformed_statistics.py FOLDER GOOD.hwqstats
"""
import pathlib, sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
import malformed

folder, good = sys.argv[1:]
rng = malformed.seeded()
good = pathlib.Path(good).read_bytes()
flip = lambda place: malformed.put(good, place, bytes([good[place] ^ 1 << rng.randrange(8)]))
cases = malformed.cuts(rng, good, 10) + [(f"flip-{place}", flip(place)) for place in rng.sample(range(len(good)), 10)]
cases += [(f"magic-{place}", flip(place)) for place in range(0, 8, 3)]
cases += [(f"version-{n}", malformed.put(good, 8, n.to_bytes(4, "little"))) for n in (0, 2, 0xFFFFFFFF)]
cases += [("appended", good + b"\0"), ("twice", good * 2), ("zeros", bytes(1000)), ("text", b"no statistics\n"),
          ("checksum", malformed.put(good, len(good) - 8, bytes(8))), ("only-magic", good[:12]), ("huge-count", good[:20] + b"\xff" * 9 + b"\1" + bytes(40))]
malformed.check(folder, ".hwqstats", good, cases, lambda path, out: ["hwq", "merge-stats", path, "-o", out])
