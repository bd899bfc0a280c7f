#!/usr/bin/env python3
"""Every value of every option of every backend with a target dialect: step 4 and the target
form of small nets compute the same integers; the target form survives text and bytecode and
has the constants of its types.

One option at a time; all pairs of options with --pairs."""
import argparse, concurrent.futures, itertools, pathlib, re, subprocess, sys

RESULT = re.compile(r"(\d+) integers compared, 0 differing, .*; (\d+) values of the results, 0 "
                    r"differing")


# Pairs that are refused at an op: hexagon_nn adds codes of u8, the profile's are i8.
REFUSED = {"snpe{hexagon=true profile=mqbench}": "expected the grid [0, 255]"}


class Failure(Exception):
    pass


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Failure(f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout


def backends():
    """(name, {option: values}) of those that end in a dialect of their own."""
    for line in run("hwq-opt", "--list-backends").splitlines()[1:]:
        name = line.split()[0]
        text = run("hwq-opt", f"--print-backend={name}")
        if 'final_form = "target"' not in text or 'target_dialect = "tosa"' in text:
            continue
        options, values = {}, None
        for option, value in re.findall(r'^ {4}"([^"]+)" = \{$|^ {6}"([^"]+)" = ',
                                        text[text.index("\n  options = "):], re.M):
            if option:
                values = options.setdefault(option, [])
            else:
                values.append(value)
        yield name, options


def overrides(options, pairs):
    yield ""
    for option, values in options.items():
        for value in values:
            yield f"{option}={value}"
    if pairs:
        for (a, xs), (b, ys) in itertools.combinations(options.items(), 2):
            for x, y in itertools.product(xs, ys):
                yield f"{a}={x} {b}={y}"


def check(backend, override, net, data, folder):
    """Number of integers compared; -1 where the overrides contradict each other."""
    stem = folder / re.sub(r"\W+", "_", f"{net.stem} {backend} {override}")
    target, step4 = f"{stem}.target.mlirbc", f"{stem}.step4.mlirbc"
    for path, more in (target, ""), (step4, " target_dialect=quant_hw"):
        try:
            run("hwq-opt", str(net), f"--quantize-for={backend}{{{override}{more}}}"
                if override + more else f"--quantize-for={backend}", "--emit-bytecode", "-o", path)
        except Failure as failure:
            # Two options may set one field, or fields that contradict each other.
            refusal = REFUSED.get(f"{backend}{{{override}}}", "error: quantize-for: ")
            if " " in override and refusal in str(failure):
                return -1
            raise
    text = run("hwq-opt", "--verify-roundtrip", target)
    left = set(re.findall(r"quant_hw\.(?:conv2d|transpose_conv2d|fully_connected|matmul|add|sub|mul|"
                          r"avg_pool2d|requantize)\b(?=.*-> .*!quant)", text))
    if left:
        raise Failure(f"{backend}{{{override}}} leaves {', '.join(sorted(left))} in {net.name}")
    if "quant_hw.scales" in text:
        raise Failure(f"{backend}{{{override}}}: constants of other scales in {net.name}")
    result = run("hwq", "verify", step4, target, f"--data={data}", "--quiet")
    match = RESULT.search(result)
    if not match or not int(match[1]) or not int(match[2]):
        raise Failure(f"{backend}{{{override}}} on {net.name}:\n{result}")
    return int(match[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--net", action="append", required=True, help="FILE.mlir=DATA.npz")
    parser.add_argument("--folder", required=True, help="where programs are written")
    parser.add_argument("--pairs", action="store_true", help="all pairs of options, too")
    args = parser.parse_args()
    jobs, programs, integers, failures = [], 0, 0, 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name, options in backends():
            for override in overrides(options, args.pairs):
                for net in args.net:
                    path, _, data = net.partition("=")
                    jobs.append(pool.submit(check, name, override, pathlib.Path(path), data,
                                            pathlib.Path(args.folder)))
        for job in jobs:
            try:
                compared = job.result()
                programs += compared > 0
                integers += max(compared, 0)
            except Failure as failure:
                failures += 1
                print(failure)
    print(f"{programs} programs, {integers} integers, {failures} failures")
    return 1 if failures or not programs else 0


if __name__ == "__main__":
    sys.exit(main())
