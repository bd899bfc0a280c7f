#!/usr/bin/env python3
"""Tries to break hwq-opt: an error or a result, never a crash or a module that does not verify.

usage: break_opt.py FOLDER PROGRAM... [--cases=N] [--seed=S]

PROGRAM: calibrated programs. Cases, in equal parts:
  fields   a descriptor with one field, of any kind and nesting, at one of its extreme values
  passes   passes in any order and number, on the programs and on odd modules (none, several and empty functions,
           unranked and dynamic tensors, blocks, nested modules, other dialects)
"""
import argparse, concurrent.futures, os, pathlib, random, re, subprocess, sys

INTEGERS = ["-9223372036854775808", "-1", "0", "1", "2", "3", "7", "8", "9", "15", "16", "24", "31", "32", "33", "62",
            "63", "64", "65", "1024", "2147483647", "9223372036854775807"]
RANGES = ["[0, 0]", "[31, 31]", "[-62, 62]", "[62, -62]", "[1, 1]", "[-1, -1]", "[63, 64]", "[]", "[0]", "[0, 1, 2]",
          "[-9223372036854775808, 9223372036854775807]"]
ODD = {
    "none": "module {}",
    "declaration": "module { func.func private @f(tensor<?x4xf32>) -> tensor<?x4xf32> }",
    "empty": "module { func.func @f() { return } }",
    "identity": "module { func.func @f(%a: tensor<?x4xf32>) -> tensor<?x4xf32> { return %a : tensor<?x4xf32> } }",
    "scalar": "module { func.func @f(%a: f32) -> f32 { return %a : f32 } }",
    "unranked": """module { func.func @f(%a: tensor<*xf32>) -> tensor<*xf32> {
  %b = tosa.sigmoid %a {quant_hw.name = "s"} : (tensor<*xf32>) -> tensor<*xf32>
  return %b : tensor<*xf32> } }""",
    "dynamic": """module { func.func @f(%a: tensor<?x?x?x?xf32> {quant_hw.name = "a"}) -> tensor<?x?x?x?xf32> {
  %b = tosa.sigmoid %a {quant_hw.name = "s"} : (tensor<?x?x?x?xf32>) -> tensor<?x?x?x?xf32>
  %c = tosa.add %b, %a {quant_hw.name = "sum"} : (tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32>) -> tensor<?x?x?x?xf32>
  %d = tosa.concat %b, %c {axis = 3 : i32, quant_hw.name = "cat"} : (tensor<?x?x?x?xf32>, tensor<?x?x?x?xf32>) -> tensor<?x?x?x?xf32>
  return %d : tensor<?x?x?x?xf32> } }""",
    "rank0": """module { func.func @f(%a: tensor<f32> {quant_hw.name = "a"}) -> tensor<f32> {
  %b = tosa.tanh %a {quant_hw.name = "t"} : (tensor<f32>) -> tensor<f32>
  return %b : tensor<f32> } }""",
    "zero": """module { func.func @f(%a: tensor<0x4xf32> {quant_hw.name = "a"}) -> tensor<0x4xf32> {
  %b = tosa.sigmoid %a {quant_hw.name = "s"} : (tensor<0x4xf32>) -> tensor<0x4xf32>
  return %b : tensor<0x4xf32> } }""",
    "blocks": """module { func.func @f(%a: tensor<?x4xf32>) -> tensor<?x4xf32> {
  cf.br ^b(%a : tensor<?x4xf32>)
^b(%x: tensor<?x4xf32>):
  %y = tosa.sigmoid %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %y : tensor<?x4xf32> } }""",
    "nested": """module { module @inner { func.func @f(%a: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %y = tosa.sigmoid %a : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %y : tensor<?x4xf32> } } }""",
    "integers": """module { func.func @f(%a: tensor<?x4xi32>) -> tensor<?x4xi32> {
  %y = tosa.abs %a : (tensor<?x4xi32>) -> tensor<?x4xi32>
  return %y : tensor<?x4xi32> } }""",
    "call": """module { func.func private @g(%a: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %y = tosa.sigmoid %a : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %y : tensor<?x4xf32> }
  func.func @f(%a: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %y = func.call @g(%a) : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %y : tensor<?x4xf32> } }""",
    "double": """module { func.func @f(%a: tensor<?x4xf32> {quant_hw.name = "a"}) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %x = quant_hw.observe "a" %a range [-1.0, 1.0] : tensor<?x4xf32>
  %y = tosa.sigmoid %x {quant_hw.name = "a"} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %z = quant_hw.observe "a" %y range [0.0, 1.0] : tensor<?x4xf32>
  return %z, %z : tensor<?x4xf32>, tensor<?x4xf32> } }""",
    "degenerate": """module { func.func @f(%a: tensor<?x4xf32> {quant_hw.name = "a"}) -> tensor<?x4xf32> {
  %x = quant_hw.observe "a" %a range [0.0, 0.0] : tensor<?x4xf32>
  %y = tosa.sigmoid %x {quant_hw.name = "y"} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %z = quant_hw.observe "y" %y range [3.0e38, 3.0e38] : tensor<?x4xf32>
  %w = tosa.add %z, %z {quant_hw.name = "w"} : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %v = quant_hw.observe "w" %w range [-3.4e38, 3.4e38] : tensor<?x4xf32>
  return %v : tensor<?x4xf32> } }""",
}


def run(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=120)
    except subprocess.TimeoutExpired:
        return None


def judge(name, command, out, folder):
    """(what is wrong with a run or None, whether there is a result)"""
    done = run(*command, "-o", str(out))
    if done is None:
        return f"{name}: does not end: {' '.join(command)}", False
    errors = [l for l in done.stderr.splitlines() if "error:" in l]
    verdict = None
    if done.returncode not in (0, 1):
        verdict = f"exit code {done.returncode}: {(done.stderr.splitlines() or [''])[0][:200]}"
    elif done.returncode == 1 and not errors:
        verdict = f"fails without an error: {done.stderr[:200]!r}"
    elif done.returncode == 1 and out.exists():
        verdict = "leaves a file behind an error"
    elif any("does not verify" in e or "failed to verify" in e for e in errors):
        verdict = errors[0][:300]
    elif done.returncode == 0:
        again = run("hwq-opt", str(out), "-o", os.devnull)
        if again is None or again.returncode:
            verdict = f"its result is not read back: {again.stderr[:300] if again else 'no end'}"
    if out.exists():
        out.unlink()
    return verdict and f"{name}: {verdict}\n  {' '.join(command)}", done.returncode == 0


def field_lines(text):
    """(line number, indent, key, old value, [extreme values]) of every field that a descriptor prints, but options."""
    lines = text[: text.index("  options = ")].splitlines()
    for i, line in enumerate(lines):
        match = re.match(r"( +)(\w+) = (.*?),?$", line)
        if not match or match[3] == "{" or not lines[i - 1].strip().startswith("//"):
            continue
        comment, old = lines[i - 1], match[3]
        if old in ("true", "false"):
            values = ["true", "false"]
        elif re.fullmatch(r"-?\d+", old):
            values = INTEGERS
        elif re.fullmatch(r"\[-?\d+, -?\d+\]", old):
            values = RANGES
        elif old.startswith("["):
            values = [f'["{w}"]' for w in re.findall(r"\w+", comment.rsplit(":", 1)[-1])] + ["[]"]
        elif ": " in comment:
            values = [f'"{w}"' for w in re.findall(r"[\w]+", comment.rsplit(": ", 1)[-1])]
        else:
            continue
        yield i, match[1], match[2], old, values


def field_cases(rng, folder, programs, count):
    names = [l.split()[0] for l in run("hwq-opt", "--list-backends").stdout.splitlines()[1:]]
    choices = []
    for name in names:
        text = run("hwq-opt", f"--print-backend={name}").stdout
        for i, indent, key, old, values in field_lines(text):
            choices += [(name, text, i, indent, key, old, v) for v in values if v != old]
    rng.shuffle(choices)
    for n, (name, text, i, indent, key, old, value) in enumerate(choices[:count]):
        lines = text.splitlines()
        lines[i] = lines[i].replace(f"{key} = {old}", f"{key} = {value}")
        path = folder / f"field{n}.mlir"
        path.write_text("\n".join(lines) + "\n")
        program = rng.choice(programs)
        yield (f"{name}: {indent.strip()}{key} = {value}",
               ["hwq-opt", program, f"--backend-file={path}", f"--quantize-for={name}"])
    print(f"{len(choices)} values of fields, {min(count, len(choices))} tried")


def pass_cases(rng, folder, programs, count):
    listed = run("hwq-opt", "--help").stdout
    passes = re.findall(r"^ +--((?:quant-hw|convert-quant-hw)[\w-]+) ", listed, re.M)
    passes = [p for p in passes if p not in ("quant-hw-calibrate", "quant-hw-import-calibration", "quant-hw-set-backend")]
    backends = [l.split()[0] for l in run("hwq-opt", "--list-backends").stdout.splitlines()[1:]]
    order = ["quant-hw-recognize", "quant-hw-insert-observers", "quant-hw-fold-batch-norm", "quant-hw-annotate",
             "quant-hw-integerize", "quant-hw-fold-zero-points", "quant-hw-factor-scales", "quant-hw-quantize-bias",
             "quant-hw-select-kernels", "quant-hw-fold-requantize"]
    files = list(programs)
    for name, text in ODD.items():
        for form in ("", "calibrated", "step0", "step3", "step4"):
            path = folder / f"odd-{name}-{form}.mlir"
            path.write_text(text.replace("module {", f'module attributes {{quant_hw.form = "{form}"}} {{', 1) if form else text)
            files.append(str(path))
    for n in range(count):
        program = rng.choice(files if rng.random() < 0.7 else programs)
        backend = rng.choice(backends)
        if rng.random() < 0.5:  # the right order, with one pass missing, twice or exchanged
            chosen = list(order) + [rng.choice(passes)]
            k = rng.randrange(len(chosen))
            kind = rng.randrange(3)
            if kind == 0:
                del chosen[k]
            elif kind == 1:
                chosen.insert(k, chosen[k])
            else:
                chosen[k] = rng.choice(passes)
        else:
            chosen = [rng.choice(passes) for _ in range(rng.randrange(1, 8))]
        if rng.random() < 0.9:
            chosen.insert(0, f"quant-hw-set-backend{{backend={backend}}}")
        if program in programs:
            chosen = [p for p in chosen if p not in ("quant-hw-recognize", "quant-hw-insert-observers")]
        yield (f"passes on {os.path.basename(program)}",
               ["hwq-opt", program, f"--pass-pipeline=builtin.module({','.join(chosen)})"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("programs", nargs="+")
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(options.seed)
    cases = list(field_cases(rng, options.folder, options.programs, options.cases // 2))
    cases += pass_cases(rng, options.folder, options.programs, options.cases - len(cases))
    found = results = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        tasks = [pool.submit(judge, name, command, options.folder / f"out{i}.mlirbc", options.folder)
                 for i, (name, command) in enumerate(cases)]
        for task in tasks:
            problem, has_result = task.result()
            results += has_result
            if problem:
                found += 1
                print(problem, flush=True)
    print(f"{len(cases)} cases from seed {options.seed}, {results} with a result: {found} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
