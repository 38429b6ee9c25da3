#!/usr/bin/env python3
"""Compares `endcap-account` with pandas, Polars and lifetimes in one run, in turn, by medians.

    pip install pandas polars lifetimes
    python3 benches/compare_account.py

- ABC classes of ten million members (limits 80 % and 95 %): classes must be identical.
- The BG/NBD fit of the CDNOW customers: the log-likelihood must be at least as good.
- Expected transactions of a million customers: the figures must agree to 6 digits.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
from lifetimes import BetaGeoFitter
from lifetimes.datasets import load_cdnow_summary

ROOT = Path(__file__).resolve().parent.parent


def by_pandas(values):
    frame = pd.DataFrame({"value": values})
    ordered = frame.sort_values("value", ascending=False, kind="stable")
    prior = ordered["value"].cumsum() - ordered["value"]
    total = int(frame["value"].sum())
    share = prior * 100
    classes = (share >= total * 80).astype("uint8") + (share >= total * 95).astype("uint8")
    return classes.sort_index().to_numpy()


def by_polars(frame):
    total = pl.col("value").sum()
    prior = (pl.col("value").cum_sum() - pl.col("value")) * 100
    return (
        frame.lazy()
        .with_row_index()
        .sort("value", descending=True, maintain_order=True)
        .with_columns(
            code=(prior >= total * 80).cast(pl.UInt8) + (prior >= total * 95).cast(pl.UInt8)
        )
        .sort("index")
        .select("code")
        .collect()["code"]
        .to_numpy()
    )


def by_polars_sql(frame):
    return pl.SQLContext(frame=frame.with_row_index(), eager=True).execute(
        """
        select cast(prior * 100 >= total * 80 as tinyint unsigned) + cast(prior * 100 >= total * 95 as tinyint unsigned) as code
        from (
            select index, sum(value) over (order by value desc, index) - value as prior, sum(value) over () as total
            from frame
        ) ranked
        order by index
        """
    )["code"].to_numpy()


def timed(run):
    started = time.perf_counter()
    result = run()
    return time.perf_counter() - started, result


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--only", choices=["abc", "fit", "expect"], help="one comparison instead of all")
    options.add_argument("--program", type=Path, help="a built account_ratios; without it, cargo builds one")
    options = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        customers = load_cdnow_summary()[["frequency", "recency", "T"]].astype({"frequency": int})
        customers.to_csv(folder / "customers.csv", index=False)
        command = [options.program] if options.program else [
            "cargo", "bench", "-q", "-p", "endcap-benches", "--bench", "account_ratios", "--",
        ]
        worker = subprocess.Popen(
            [*command, "--serve", folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        ready = worker.stdout.readline().split()
        if not ready or ready[0] != "ready":
            sys.exit("account_ratios did not start")
        log_likelihood = float(ready[1])

        def mine(what):
            worker.stdin.write(what + "\n")
            worker.stdin.flush()
            return float(worker.stdout.readline())

        values = np.fromfile(folder / "values.i64", dtype="<i8")
        codes = np.fromfile(folder / "codes.u8", dtype="u1")
        repeats, recency, age, means = (
            np.fromfile(folder / f"{name}.f64", dtype="<f8") for name in ["repeats", "recency", "age", "means"]
        )
        frame = pl.DataFrame({"value": values})
        fitter = BetaGeoFitter(penalizer_coef=0.0)

        def fit():
            return fitter.fit(customers["frequency"], customers["recency"], customers["T"])

        def expect():
            return np.asarray(fitter.conditional_expected_number_of_purchases_up_to_time(39.0, repeats, recency, age))

        rivals = [
            ("abc", "pandas", lambda: by_pandas(values), 4),
            ("abc", "Polars", lambda: by_polars(frame), 4),
            ("fit", "lifetimes", fit, 10),
            ("expect", "lifetimes", expect, 10),
            ("abc", "Polars SQL", lambda: by_polars_sql(frame), 4),
        ]
        failed = False
        if options.only == "expect":
            fit()
        for what, name, run, goal in rivals:
            if options.only not in (None, what):
                continue
            ours, theirs = [], []
            for number in range(options.rounds + 1):
                took = mine(what)
                other, result = timed(run)
                if number > 0:
                    ours.append(took)
                    theirs.append(other)
            if what == "abc":
                assert np.array_equal(np.asarray(result, dtype="u1"), codes), f"{name}: classes differ"
                note = "classes identical"
            elif what == "fit":
                scaled = fitter._negative_log_likelihood(
                    np.log(np.asarray(fitter.params_[["r", "alpha", "a", "b"]], dtype=float)),
                    customers["frequency"].to_numpy(), customers["recency"].to_numpy(), customers["T"].to_numpy(),
                    np.ones(len(customers)), 0.0,
                )
                found = -scaled * len(customers)
                assert log_likelihood >= found - 1e-6, f"log-likelihood {log_likelihood} is below {found}"
                note = f"log-likelihood {log_likelihood:.6f} against {found:.6f}"
            else:
                worst = float(np.max(np.abs(result - means) / means))
                assert worst < 1e-3, f"means differ by {worst}"
                note = f"largest relative difference {worst:.1e} (the parameters differ in their own last digits)"
            ratio = statistics.median(theirs) / statistics.median(ours)
            mark = "" if ratio >= goal else "  BELOW"
            failed |= ratio < goal
            print(f"{what:<7} {name:<11} {ratio:7.1f} times (at least {goal}){mark}   {note}", flush=True)
        worker.stdin.close()
        worker.wait()
        sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
