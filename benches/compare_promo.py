#!/usr/bin/env python3
"""Compares the evidence half of endcap-promo with Python peers on the same data, in turns.

    cargo bench --bench promo --no-run     # prints the path of the program
    pip install numpy pandas statsmodels cvxopt bsts-causalimpact
    python3 benches/compare_promo.py PATH-OF-THE-PROGRAM

Every task runs a few times in each, alternating; the figures are medians of one run inside the process. The results
must agree: to 1e-8 where both compute the same figure, and within a quarter of the interval where a posterior meets a
maximum-likelihood forecast. The last line times a portfolio of 10,000 events in the program alone.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
import warnings

import causal_impact
import cvxopt
import numpy as np
import pandas as pd
import statsmodels.api as sm

warnings.filterwarnings("ignore")
cvxopt.solvers.options["show_progress"] = False


class Stream:
    """The program's generator."""

    def __init__(self, state):
        self.state = state

    def next(self, below):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return ((self.state >> 33) % below) / 1000.0


stream = Stream(42)
level = 100.0
Y = []
for _ in range(91):
    level += stream.next(401) - 0.2
    Y.append(level + stream.next(8001) - 4.0)
Y = np.array(Y)
GEO = []
for day in range(92):
    for geo in range(100):
        sales = 50.0 + geo + stream.next(20001)
        GEO.append((day, geo % 2, sales * 1.2 if geo % 2 == 1 and 42 <= day < 70 else sales))
GEO = pd.DataFrame(GEO, columns=["day", "group", "sales"])
ACCOUNTS = []
for _ in range(88):
    rows = []
    for _ in range(61):
        price = 2.0 + stream.next(1501)
        display = stream.next(801)
        rows.append((1000.0 / (price * price) * (1.0 + display) * (0.8 + stream.next(401)), price, display))
    ACCOUNTS.append(np.array(rows))
common = [stream.next(20001) for _ in range(90)]
columns = []
for _ in range(38):
    base, load = stream.next(50001), stream.next(2001)
    columns.append([base + load * c + stream.next(6001) for c in common])
A = np.array(columns).T
B = np.array([25.0 + c + stream.next(6001) for c in common])


def local_level():
    fit = sm.tsa.UnobservedComponents(Y[:71], "local level").fit(disp=0)
    return float(np.mean(Y[71:] - fit.get_forecast(20).predicted_mean)), None


def sampled():
    """The same model by Gibbs draws: a sampler in Rust behind a Python interface, at its defaults."""
    found = causal_impact.CausalImpact(pd.DataFrame({"y": Y}), [0, 70], [71, 90])
    return found.summary_stats["point_effect_mean"], None


def geo_roi():
    days = GEO.groupby(["group", "day"])["sales"].sum().unstack(0)
    x, y = days[0].to_numpy(), days[1].to_numpy()
    fit = sm.OLS(y[:42], sm.add_constant(x[:42])).fit()
    design = sm.add_constant(x[42:70])
    effect = float(np.sum(y[42:70] - fit.predict(design)))
    total = design.sum(axis=0)
    se = float(np.sqrt(total @ fit.cov_params() @ total + 28 * fit.scale))
    from scipy.stats import t

    return effect / 50000.0, (effect - t.ppf(0.9, fit.df_resid) * se) / 50000.0


def accounts():
    effects = errors = 0.0
    for rows in ACCOUNTS:
        design = sm.add_constant(np.column_stack([rows[:, 2], np.log(rows[:, 1])]))
        fit = sm.OLS(np.log(rows[:, 0]), design).fit(cov_type="HAC", cov_kwds={"maxlags": 4})
        effects += fit.params[2]
        errors += fit.bse[2]
    return effects, errors


def synthetic_control():
    n = A.shape[1]
    p, q = cvxopt.matrix(2 * A.T @ A), cvxopt.matrix(-2 * A.T @ B)
    solution = cvxopt.solvers.qp(
        p, q, cvxopt.matrix(-np.eye(n)), cvxopt.matrix(np.zeros(n)), cvxopt.matrix(np.ones((1, n))), cvxopt.matrix(1.0)
    )
    w = np.array(solution["x"]).ravel()
    return float(np.sum((A @ w - B) ** 2)), float(w.max())


def own(program, task, runs):
    output = subprocess.run([program, "--compare", task, str(runs)], check=True, capture_output=True, text=True).stdout
    return json.loads(output)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    for name, against, peer, bar, runs in [
        ("local_level", "statsmodels", local_level, 20, 50),
        ("local_level", "bsts-causalimpact, Gibbs draws in Rust", sampled, 5, 50),
        ("geo_roi", "pandas and statsmodels", geo_roi, 100, 50),
        ("accounts", "statsmodels, HAC", accounts, 20, 20),
        ("synthetic_control", "cvxopt", synthetic_control, 5, 50),
    ]:
        peer()
        ours, theirs = [], []
        for _ in range(options.rounds):
            found = own(options.program, name, runs)
            ours.append(found["seconds"])
            started = time.perf_counter()
            result = peer()
            theirs.append(time.perf_counter() - started)
        mine = found["result"]
        if name == "local_level":
            agree = abs(mine[0] - result[0]) <= 0.25 * mine[1]
        elif name == "synthetic_control":
            agree = mine[0] <= result[0] * (1 + 1e-9) and abs(mine[0] - result[0]) <= 1e-4 * result[0]
        else:
            agree = all(abs(a - b) <= 1e-8 * abs(b) for a, b in zip(mine, result))
        if not agree:
            sys.exit(f"{name} ({against}): {mine} against {result}")
        ratio = statistics.median(theirs) / statistics.median(ours)
        print(
            f"{name} ({against}): {1e3 * statistics.median(ours):.3f} ms against {1e3 * statistics.median(theirs):.2f} ms, "
            f"{ratio:.0f} times (bar {bar}); results agree"
        )
    portfolio = own(options.program, "portfolio", 1)
    print(f"portfolio of 10,000 events: {portfolio['seconds']:.1f} s, {portfolio['result'][0]:.0f} work")


if __name__ == "__main__":
    main()
