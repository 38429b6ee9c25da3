#!/usr/bin/env python3
"""Compares the example `classify` with DuckDB on one plain CSV file of sales lines.

    cargo build --release --example classify
    pip install duckdb
    python3 benches/compare_duckdb.py sales.csv --key store --amount sale_dollars

Both read the file, sum the amounts by key and order the sums; `classify` also cuts classes and measures
concentration. They run in turn, after one run each to warm the file cache. Wall seconds and peak memory are those of
whole processes; DuckDB's query is also timed inside its process, without Python's start and the import. The sums must
agree to the cent. DuckDB reads once with the types given (DECIMAL) and once with the types it detects (DOUBLE); the
ratio uses the faster of the two.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="plain CSV file")
    parser.add_argument("--key", default="store")
    parser.add_argument("--amount", default="sale_dollars")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--program", type=Path, default=ROOT / "target" / "release" / "examples" / "classify")
    parser.add_argument("--query", choices=["typed", "detected"], help=argparse.SUPPRESS)
    return parser.parse_args()


def query(options):
    """One DuckDB run: the seconds of the query on the first line, then total and top ten."""
    import duckdb

    connection = duckdb.connect(config={"threads": options.threads})
    header = options.data.open(encoding="utf-8-sig").readline().strip().split(",")
    source = "read_csv(?)"
    if options.query == "typed":
        types = ", ".join(f"'{name}': '{'DECIMAL(18,2)' if name == options.amount else 'VARCHAR'}'" for name in header)
        source = f"read_csv(?, header = true, delim = ',', columns = {{{types}}})"
    started = time.perf_counter()
    rows = connection.execute(
        f'select "{options.key}" as key, sum("{options.amount}") as value from {source} group by 1 '
        "order by value desc, key",
        [str(options.data)],
    ).fetchall()
    seconds = time.perf_counter() - started
    top = [[str(key), f"{value:.2f}"] for key, value in rows[:10]]
    total = f"{sum(value for _, value in rows):.2f}"
    print(json.dumps({"seconds": seconds, "members": len(rows), "total": total, "top": top}))


def run(command):
    """Wall seconds, peak MiB and output of one process."""
    started = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command[0]} ended with {process.returncode}")
    return seconds, usage.ru_maxrss / 1024, json.loads(output)


def line(name, values, unit):
    ordered = sorted(values)
    print(f"{name:42} min {ordered[0]:8.3f}  median {statistics.median(ordered):8.3f}  max {ordered[-1]:8.3f} {unit}")


def main():
    options = arguments()
    if not options.data.is_file():
        sys.exit(f"{options.data} is absent: give the path of a plain CSV file (unpack a .zst or .gz first)")
    if options.query:
        return query(options)
    try:
        import duckdb
    except ImportError:
        sys.exit("DuckDB is absent: pip install duckdb")
    if not options.program.is_file():
        sys.exit(f"{options.program} is absent: cargo build --release --example classify")
    ours = [options.program, options.data, "--key", options.key, "--amount", options.amount, "--format", "json"]
    ours += ["--threads", options.threads]
    theirs = [sys.executable, __file__, options.data, "--key", options.key, "--amount", options.amount]
    theirs += ["--threads", options.threads, "--query"]
    commands = {"classify": ours, "typed": [*theirs, "typed"], "detected": [*theirs, "detected"]}
    wall, peak, inside = ({name: [] for name in commands} for _ in range(3))
    for turn in range(options.runs + 1):
        answers = {}
        for name, command in commands.items():
            seconds, mebibytes, answers[name] = run(command)
            if turn > 0:
                wall[name].append(seconds)
                peak[name].append(mebibytes)
                inside[name].append(answers[name].get("seconds", seconds))
        found = [[top["key"], top["value"]] for top in answers["classify"]["top"]]
        exact = answers["typed"]
        if (found, answers["classify"]["total"]) != (exact["top"], exact["total"]):
            sys.exit("the results differ: not a comparison")
    size = options.data.stat().st_size / 1e6
    rows = answers["classify"]["rows"]
    print(f"{options.data.name}: {rows} rows, {size:.0f} MB; DuckDB {duckdb.__version__}, {options.threads} threads")
    for name, values in wall.items():
        line(f"{name}: whole process, wall", values, "s")
        line(f"{name}: peak memory", peak[name], "MiB")
        if name != "classify":
            line(f"{name}: query alone, wall", inside[name], "s")
    for title, table in [("whole process", wall), ("query alone, against our whole process", inside)]:
        best = min(("typed", "detected"), key=lambda name: statistics.median(table[name]))
        pairs = [a / b for a, b in zip(wall["classify"], table[best])]
        line(f"ratio classify / DuckDB {best}, {title}", pairs, "(lower is faster)")


if __name__ == "__main__":
    main()
