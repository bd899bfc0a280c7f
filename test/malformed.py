"""What every malformed file must give: exit code 1 or 2 and one error that names the file; never a crash, a hang, a
huge allocation or a file in place of the output.
"""
import concurrent.futures, os, pathlib, random, re, resource, subprocess, sys

MEMORY = 4 << 30  # of addresses, libraries and stacks included
SECONDS = 60  # on a busy machine; a tenth of one is usual


def seeded():
    seed = int(os.environ.get("HWQ_TEST_SEED") or random.randrange(1 << 32))
    print(f"HWQ_TEST_SEED={seed}")
    return random.Random(seed)


def cuts(rng, data, count, end=None):
    """Truncations: empty, all but the last byte, and at random places before `end`."""
    places = [0, len(data) - 1] + rng.sample(range(1, end or len(data) - 1), count - 2)
    return [(f"cut-{n}", data[:n]) for n in places]


def put(data, place, replacement):
    return data[:place] + replacement + data[place + len(replacement):]


def check(folder, suffix, good, cases, command, out_suffix=".out"):
    """`good` is a file that must be taken, `cases` are pairs of a name and the bytes of a malformed one; `command` makes
    the words of a command from the paths of input and output.
    """
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    assert len(cases) >= 30 and len({name for name, _ in cases}) == len(cases), [name for name, _ in cases]

    def run(case):
        name, data = case
        path, out = folder / (name + suffix), folder / (name + out_suffix)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        words = [str(word) for word in command(path, out)]
        try:
            got = subprocess.run(words, capture_output=True, timeout=SECONDS,
                                 preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)))
        except subprocess.TimeoutExpired:
            return name, "hangs"
        text = got.stderr.decode(errors="replace")
        if name == "good":
            return name, text if got.returncode or not out.exists() else None
        if got.returncode not in (1, 2):
            return name, f"exit code {got.returncode}: {text[:1000]}"
        if len(re.findall(r"(?:^|: )error: ", text, re.MULTILINE)) != 1 or path.name not in text:
            return name, f"expected one error that names the file, got {text[:1000]}"
        if out.exists():
            return name, "there is an output"
        return name, None

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        problems = [f"{name}: {problem}" for name, problem in pool.map(run, [("good", good)] + cases) if problem]
    print("\n".join(problems + [f"{len(cases)} files, {len(problems)} problems"]))
    sys.exit(bool(problems))
