#!/usr/bin/env python3
"""Kills hwq calibrate --stats at several moments and goes on with --resume.

usage: killed_run.py FOLDER MODEL (of pixels, [N,8,8,1])
"""
import os, pathlib, random, signal, struct, subprocess, sys, time

SAMPLES = 6000
RUNS = 4


def write_npy(path, samples):
    header = "{'descr': '|u1', 'fortran_order': False, 'shape': (%d, 8, 8, 1), }" % samples
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    pixels = random.Random(1).choices(range(17), k=samples * 64)
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + bytes(pixels))


def main():
    folder, model = pathlib.Path(sys.argv[1]), sys.argv[2]
    data = folder / "data.npy"
    write_npy(data, SAMPLES)

    def command(stats):
        return ["hwq", "calibrate", model, f"--data={data}", f"--samples={SAMPLES}", "--mean=4", "--std=8", "--quiet",
                f"--stats={stats}", "--save-every=0", "--threads=2"]

    whole = folder / "whole.hwqstats"
    subprocess.run(command(whole), check=True, stdout=subprocess.DEVNULL)
    halfway = 0
    for run in range(RUNS):
        stats = folder / f"killed{run}.hwqstats"
        process = subprocess.Popen(command(stats), stdout=subprocess.DEVNULL)
        while not stats.exists() and process.poll() is None:
            time.sleep(0.002)
        time.sleep(0.02 * run)
        process.kill()
        process.wait()
        # Valid, whenever it happened.
        summary = subprocess.run(["hwq", "inspect", stats], check=True, capture_output=True, text=True).stdout
        done = int(summary.split(" samples")[0].split(", ")[-1].split(" of ")[0])
        halfway += 0 < done < SAMPLES
        subprocess.run(command(stats) + ["--resume"], check=True, stdout=subprocess.DEVNULL)
        if stats.read_bytes() != whole.read_bytes():
            sys.exit(f"run {run}, killed after {done} samples: the bytes differ")
    print(f"{halfway} of {RUNS} runs killed halfway")
    print("the same bytes")


if __name__ == "__main__":
    main()
