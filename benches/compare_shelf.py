#!/usr/bin/env python3
"""Times proven facings against HiGHS on the same instances and prints ratios.

    python3 -m venv venv
    venv/bin/pip install highspy
    venv/bin/python benches/compare_shelf.py [--large]

`cargo bench --bench shelf_ratios -- --write DIRECTORY` writes the instances and its own medians; HiGHS then solves each as
a mixed-integer program on one thread with a gap of 0. Both must find the same optimum, or the script stops. `--large` adds
5,000 x 10, on which HiGHS takes minutes.
"""

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import highspy
import numpy as np


def read(path):
    lines = path.read_text().splitlines()
    capacity = int(lines[0].split()[1])
    classes = [[tuple(map(int, item.split(":"))) for item in line.split()] for line in lines[1:]]
    return classes, capacity


def model(classes, capacity):
    items = [(k, w, p) for k, items in enumerate(classes) for w, p in items]
    n = len(items)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = n, len(classes) + 1
    lp.col_cost_ = np.array([p for _, _, p in items], dtype=float)
    lp.col_lower_, lp.col_upper_ = np.zeros(n), np.ones(n)
    lp.row_lower_ = np.array([1.0] * len(classes) + [0.0])
    lp.row_upper_ = np.array([1.0] * len(classes) + [float(capacity)])
    lp.integrality_ = [highspy.HighsVarType.kInteger] * n
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    start, index, value = [0], [], []
    for k, w, _ in items:
        index += [k, len(classes)]
        value += [1.0, float(w)]
        start.append(len(index))
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = np.array(start), np.array(index), np.array(value)
    return lp


def highs(lp):
    solver = highspy.Highs()
    for option, value in [("output_flag", False), ("threads", 1), ("mip_rel_gap", 0.0), ("mip_abs_gap", 0.0)]:
        solver.setOptionValue(option, value)
    solver.passModel(lp)
    start = time.perf_counter()
    solver.run()
    seconds = time.perf_counter() - start
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal, solver.getModelStatus()
    return seconds, round(solver.getInfo().objective_function_value)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--large", action="store_true", help="solve 5,000 x 10 as well")
    options.add_argument("--rounds", type=int, default=5, help="rounds of the small instance")
    given = options.parse_args()
    root = Path(__file__).resolve().parent.parent
    with tempfile.TemporaryDirectory() as directory:
        command = ["cargo", "bench", "--quiet", "--bench", "shelf_ratios", "--", "--write", directory]
        ours, theirs = {}, {}
        rounds = [("facings_500x10", 500)] * given.rounds + ([("facings_5000x10", 10_000)] if given.large else [])
        for name, bar in rounds:
            output = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
            found = {row["name"]: row for row in map(json.loads, filter(lambda l: l.startswith("{"), output.splitlines()))}
            classes, capacity = read(Path(directory) / f"{name}.txt")
            seconds, optimum = highs(model(classes, capacity))
            assert optimum == found[name]["lower"] == found[name]["upper"], (name, optimum, found[name])
            ours.setdefault((name, bar), []).append(found[name]["ns"] / 1e9)
            theirs.setdefault((name, bar), []).append(seconds)
    for key, mine in ours.items():
        ratio = statistics.median(theirs[key]) / statistics.median(mine)
        print(f"{key[0]}: HiGHS {statistics.median(theirs[key]):.3f} s, endcap {statistics.median(mine) * 1e3:.3f} ms, "
              f"ratio {ratio:,.0f} (bar {key[1]:,}), same proven optimum")


if __name__ == "__main__":
    main()
