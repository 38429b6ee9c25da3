#!/usr/bin/env python3
"""Compares the batch kernel of turnover deduction with DuckDB and Polars on columns in memory.

    pip install duckdb polars numpy
    cargo bench --bench settlement_ratios --no-run
    python3 benches/compare_settlement.py

All hold the same ten million till lines (group = account-month, amount in minor units, 2 % nulls) in memory, with the
same number of threads. One run sums the amounts by group, charges commission by marginal tiers and a guarantee top-up,
and gives one row a group. Peers compute in integers, rounded half away from zero, for SQL decimals and floats are a
cent off in some account-months. Every row must agree to the minor unit. The three run by turns; the ratio is that of
each turn, peer / kernel: how many times the rows a second of the peer the kernel reaches.
"""

import argparse
import glob
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Thresholds in minor units and rates in hundredths of a percent; guarantee in minor units and its rate.
TIERS = [(0, 2200), (20_000_000, 2000), (50_000_000, 1850), (100_000_000, 1625), (500_000_000, 1500)]
GUARANTEE = (110_000_000, 1800)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--groups", type=int, nargs="+", default=[2_400, 48_000])
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--program", type=Path, help="the bench program; the newest built one without it")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def newest():
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    built = [path for path in glob.glob(str(target / "release/deps/settlement_ratios-*")) if not path.endswith(".d")]
    if not built:
        sys.exit("the bench program is absent: cargo bench --bench settlement_ratios --no-run")
    return Path(max(built, key=os.path.getmtime))


def columns(rows, groups):
    """The columns of the program: SplitMix64 of three numbers a row."""
    import numpy as np

    def mixed(column, below):
        z = (np.arange(rows, dtype=np.uint64) * np.uint64(3) + np.uint64(column + 1)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return (z ^ (z >> np.uint64(31))) % np.uint64(below)

    group = mixed(0, groups).astype(np.int32)
    amount = mixed(1, 60_000).astype(np.int64) - 2_000
    return group, amount, mixed(2, 50) != 0


def duckdb_run(frame, threads):
    import duckdb

    connection = duckdb.connect(config={"threads": threads})
    connection.register("frame", frame)
    connection.execute("create table lines as select g::integer as g, amount::bigint as amount from frame")
    connection.unregister("frame")
    uppers = [lower for lower, _ in TIERS[1:]] + [None]
    bands = []
    for (lower, rate), upper in zip(TIERS, uppers):
        inside = "s" if upper is None else f"least(s, {upper})"
        bands.append(f"greatest({inside} - {lower}, 0) * {rate}")
    amount, rate = GUARANTEE
    query = (
        "with sums as (select g, coalesce(sum(amount), 0)::bigint as s from lines group by g) "
        f"select g, s, (2 * ({' + '.join(bands)}) + 10000) // 20000 as commission, "
        f"(2 * greatest({amount} - s, 0) * {rate} + 10000) // 20000 as top_up from sums"
    )

    def run():
        return connection.execute(query).fetchnumpy()

    def rows(result):
        return list(zip(*(result[name].tolist() for name in ["g", "s", "commission", "top_up"])))

    return run, rows


def polars_run(frame, threads):
    import polars as pl

    if pl.thread_pool_size() != threads:
        sys.exit(f"Polars runs on {pl.thread_pool_size()} threads")
    lazy = frame.lazy()
    s = pl.col("s")
    commission = pl.lit(0, dtype=pl.Int64)
    uppers = [lower for lower, _ in TIERS[1:]] + [None]
    for (lower, rate), upper in zip(TIERS, uppers):
        inside = s if upper is None else s.clip(upper_bound=upper)
        commission = commission + (inside - lower).clip(lower_bound=0) * rate
    amount, rate = GUARANTEE
    top_up = (amount - s).clip(lower_bound=0) * rate
    query = (
        lazy.group_by("g")
        .agg(pl.col("amount").sum().alias("s"))
        .with_columns(
            ((2 * commission + 10000) // 20000).alias("commission"), ((2 * top_up + 10000) // 20000).alias("top_up")
        )
    )
    return query.collect, lambda result: result.rows()


def one(options):
    """One number of groups and threads: the three by turns."""
    rows, groups, threads = options.rows, options.groups[0], options.threads[0]
    command = [options.program, "--serve-batch", str(rows), str(groups), str(threads)]
    kernel = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    expected = sorted((group, *map(int, kernel.stdout.readline().split())) for group in range(groups))
    import duckdb
    import polars as pl

    group, amount, valid = columns(rows, groups)
    frame = pl.DataFrame({"g": group, "amount": amount}).with_columns(
        amount=pl.when(pl.Series(valid)).then(pl.col("amount"))
    )
    frame = frame.rechunk()
    peers = {
        f"DuckDB {duckdb.__version__}": duckdb_run(frame.to_arrow(), threads),
        f"Polars {pl.__version__}": polars_run(frame, threads),
    }
    seconds = {name: [] for name in ["kernel", *peers]}
    for turn in range(options.runs + 1):
        kernel.stdin.write("\n")
        taken = float(kernel.stdout.readline())
        if turn > 0:
            seconds["kernel"].append(taken)
        for name, (run, result_rows) in peers.items():
            started = time.perf_counter()
            result = run()
            taken = time.perf_counter() - started
            if turn > 0:
                seconds[name].append(taken)
            elif sorted(result_rows(result)) != expected:
                sys.exit(f"{name} differs: not a comparison")
    kernel.stdin.close()
    kernel.wait()
    print(f"{rows} lines, {groups} account-months, {threads} thread(s): all rows equal")
    for name in peers:
        ratios = sorted(peer / ours for peer, ours in zip(seconds[name], seconds["kernel"]))
        median = statistics.median(ratios)
        verdict = "holds" if median >= 2 else "MISSED"
        print(f"  {name:16} {median:6.2f} x the time of the kernel (bar 2, {verdict}), {ratios[0]:.2f}..{ratios[-1]:.2f}")


def main():
    options = arguments()
    options.program = options.program or newest()
    if options.one:
        return one(options)
    for groups in options.groups:
        for threads in options.threads:
            # Polars takes its number of threads once, from the environment.
            command = [sys.executable, __file__, "--one", "--rows", options.rows, "--groups", groups]
            command += ["--threads", threads, "--runs", options.runs, "--program", options.program]
            environment = {**os.environ, "POLARS_MAX_THREADS": str(threads)}
            subprocess.run([str(part) for part in command], env=environment, check=True)


if __name__ == "__main__":
    main()
