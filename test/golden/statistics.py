"""Makes statistics.json: what scipy and numpy say of the functions in src/statistics.

Run in an environment with numpy and scipy: python test/golden/statistics.py
The seed and the versions stand in the file; the same versions give the same file.
"""

import json
import pathlib
import sys

import numpy as np
import scipy
from scipy import optimize, special, stats
from scipy.spatial import distance as distances

SEED = 20260719
rng = np.random.default_rng(SEED)
cases = {}


def plain(value):
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    return value


def record(name, rows):
    cases[name] = [{key: plain(value) for key, value in row.items()} for row in rows]


def gamma_rows():
    shapes = np.concatenate([[0.5, 1, 2.5, 9.5, 50], 10 ** rng.uniform(-1, 5, 25)])
    for shape in shapes:
        for x in (shape * rng.uniform(0.1, 0.9), shape * (1 + 4 * rng.normal() / np.sqrt(shape)), shape * rng.uniform(1.1, 3)):
            x = abs(x)
            yield {"shape": shape, "x": x, "upper": special.gammaincc(shape, x), "lower": special.gammainc(shape, x)}


def chi_square_rows():
    for degrees in (1, 2, 4, 9, 19, 99, 511, 20_000):
        for probability in (0.9, 0.5, 0.05, 1e-3, 1e-6, 1e-30):
            x = stats.chi2.isf(probability, degrees)
            yield {"x": x, "degreesOfFreedom": degrees, "survival": stats.chi2.sf(x, degrees)}


def normal_rows():
    for z in (-8, -2.5, -1, -0.1, 0, 0.1, 1, 1.959963984540054, 3, 5, 8, 12, 20, 30, 37):
        yield {"z": z, "survival": stats.norm.sf(z)}


def quantile_rows():
    for p in (1e-300, 1e-100, 1e-30, 1e-12, 1e-6, 0.001, 0.01, 0.025, 0.1, 0.3, 0.5, 0.7, 0.975, 0.99, 0.999):
        yield {"p": p, "z": stats.norm.ppf(p)}


def noncentral_rows():
    for degrees in (1, 4, 19, 300):
        for noncentrality in (0.1, 3, 50, 900, 9_000, 11_000, 1e5, 1e7):
            for z in (-3, -1, 0, 2.3, 4):
                x = degrees + noncentrality + z * np.sqrt(2 * (degrees + 2 * noncentrality))
                if x > 0:
                    yield {
                        "x": x,
                        "degreesOfFreedom": degrees,
                        "noncentrality": noncentrality,
                        "cdf": stats.ncx2.cdf(x, degrees, noncentrality),
                    }


def noncentrality_rows():
    for degrees in (1, 9, 19):
        for statistic in (1, 20, 45, 200, 3_000, 2e5):
            for probability in (0.99, 0.5, 0.01):
                if stats.chi2.cdf(statistic, degrees) <= probability:
                    root = 0.0
                else:
                    root = optimize.brentq(
                        lambda nc: stats.ncx2.cdf(statistic, degrees, nc) - probability, 1e-12, 4 * statistic + 100, rtol=1e-12
                    )
                yield {"statistic": statistic, "degreesOfFreedom": degrees, "probability": probability, "noncentrality": root}


def kolmogorov_rows():
    for x in (0.1, 0.3, 0.5, 0.8, 1.0, 1.17, 1.18, 1.19, 1.5, 2, 3, 5):
        yield {"lambda": x, "survival": special.kolmogorov(x)}


def two_samples():
    """Pairs of count arrays: equal, shifted, sparse, with cells empty in one or both."""
    even = np.ones(20) / 20
    steep = 1 / np.arange(1, 31)
    steep /= steep.sum()
    tilted = even * np.linspace(0.5, 1.5, 20)
    for p, q, n, m in (
        (even, even, 500, 10_000),
        (tilted / tilted.sum(), even, 500, 10_000),
        (tilted / tilted.sum(), even, 200_000, 150_000),
        (steep[::-1], steep, 300, 4_000),
        (steep, steep, 200, 100_000),
        (np.array([0.3, 0, 0.5, 0.2, 0]), np.array([0.5, 0.5, 0, 0, 0]), 800, 90_000),
    ):
        yield rng.multinomial(n, p), rng.multinomial(m, q)


def psi_rows():
    for window, reference in two_samples():
        live = (window + reference) > 0
        cells, n, m = live.sum(), window.sum(), reference.sum()
        p = (window[live] + 0.5) / (n + 0.5 * cells)
        q = (reference[live] + 0.5) / (m + 0.5 * cells)
        psi = np.sum((p - q) * np.log(p / q))
        scale = 1 / n + 1 / m

        # The delta method by central differences of the index itself.
        def index(a, b):
            return np.sum((a - b) * np.log(a / b))

        def slopes(at_window):
            out = []
            for cell in range(cells):
                step = np.zeros(cells)
                step[cell] = 1e-5 * (p if at_window else q)[cell]
                high = index(p + step, q) if at_window else index(p, q + step)
                low = index(p - step, q) if at_window else index(p, q - step)
                out.append((high - low) / (2 * step[cell]))
            return np.array(out)

        a, b = slopes(True), slopes(False)
        variance = (np.sum(p * a * a) - np.sum(p * a) ** 2) / n + (np.sum(q * b * b) - np.sum(q * b) ** 2) / m
        yield {
            "window": window,
            "reference": reference,
            "psi": psi,
            "corrected": max(0.0, psi - (cells - 1) * scale),
            "standardError": np.sqrt(variance),
        }


def pooled_test(window, reference, **options):
    n, m = window.sum(), reference.sum()
    expected = (window + reference) * min(n, m) / (n + m)
    kept = [[int(w), int(r)] for w, r, e in zip(window, reference, expected) if e >= 5]
    rest = [int(window[expected < 5].sum()), int(reference[expected < 5].sum())]
    if sum(rest) * min(n, m) / (n + m) >= 5:
        kept.append(rest)
    elif sum(rest) > 0:
        thinnest = min(range(len(kept)), key=lambda i: sum(kept[i]))
        kept[thinnest] = [kept[thinnest][0] + rest[0], kept[thinnest][1] + rest[1]]
    return stats.chi2_contingency(np.array(kept).T, correction=False, **options)


def pearson_rows():
    for window, reference in two_samples():
        result = pooled_test(window, reference)
        yield {
            "window": window,
            "reference": reference,
            "chiSquare": result.statistic,
            "degreesOfFreedom": result.dof,
            "pValue": result.pvalue,
        }


def ks_rows():
    for window, reference in two_samples():
        bins = np.arange(len(window))
        result = stats.ks_2samp(np.repeat(bins, window), np.repeat(bins, reference), method="asymp")
        yield {"window": window, "reference": reference, "distance": result.statistic}


def rate_rows():
    for hits, n, reference_hits, m in (
        (0, 200, 0, 470_000),
        (1, 200, 0, 470_000),
        (12, 912, 0, 470_000),
        (283, 912, 0, 471_203),
        (40, 1_000, 390, 10_000),
        (5, 1_000, 390, 10_000),
        (1_000, 1_000, 9_990, 10_000),
        (51_000, 100_000, 500_000, 1_000_000),
        (0, 300, 300, 300),
        (7, 7, 0, 9),
    ):
        total, marked = n + m, hits + reference_hits
        at_least = stats.hypergeom.sf(hits - 1, total, marked, n)
        at_most = stats.hypergeom.cdf(hits, total, marked, n)
        # Each bound at 99 %: score intervals at 98 % two-sided.
        own = stats.binomtest(hits, n).proportion_ci(0.98, "wilson")
        other = stats.binomtest(reference_hits, m).proportion_ci(0.98, "wilson")
        rate, reference_rate = hits / n, reference_hits / m
        yield {
            "hits": hits,
            "n": n,
            "referenceHits": reference_hits,
            "m": m,
            "pValue": min(1.0, 2 * min(at_least, at_most)),
            "midPValue": min(
                1.0,
                at_least + stats.hypergeom.sf(hits, total, marked, n),
                at_most + stats.hypergeom.cdf(hits - 1, total, marked, n),
            ),
            "lower": rate - reference_rate - np.hypot(rate - own.low, other.high - reference_rate),
            "upper": rate - reference_rate + np.hypot(own.high - rate, reference_rate - other.low),
        }


def auc_rows():
    for positives, negatives, distance, bins in ((60, 200, 1.0, 16), (500, 300, 0.3, 32), (40, 40, 3.0, 8), (900, 100, -0.5, 32)):
        positive = np.clip((rng.normal(distance, 1, positives) + 4) / 8, 0, 0.999999)
        negative = np.clip((rng.normal(0, 1, negatives) + 4) / 8, 0, 0.999999)
        x, y = (positive * bins).astype(int), (negative * bins).astype(int)
        wins = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
        variance = wins.mean(axis=1).var(ddof=1) / positives + wins.mean(axis=0).var(ddof=1) / negatives
        joint = np.zeros(2 * bins, dtype=int)
        np.add.at(joint, 2 * y, 1)
        np.add.at(joint, 2 * x + 1, 1)
        u = stats.mannwhitneyu(x, y).statistic / (positives * negatives)
        yield {"joint": joint, "auc": u, "standardError": np.sqrt(variance)}


def mean_rows():
    for n in (2, 30, 5_000):
        values = rng.gamma(2, 0.3, n)
        yield {
            "n": n,
            "sum": values.sum(),
            "squareSum": (values**2).sum(),
            "mean": values.mean(),
            "standardError": stats.sem(values),
        }


def factorial_rows():
    for k in (0, 1, 5, 170, 2047, 2048, 10_000, 1_234_567, 2**40):
        yield {"k": k, "logFactorial": special.gammaln(k + 1.0)}


def hypergeometric_rows():
    for hits, marked, n, m in (
        (0, 5, 10, 90),
        (5, 5, 10, 90),
        (12, 32, 200, 10_000),
        (40, 60, 200, 10_000),
        (3, 4_003, 1_000, 10_000),
        (430, 4_430, 1_000, 10_000),
        (900, 1_020, 1_000, 100_000),
        (5_200, 55_200, 10_000, 100_000),
    ):
        law = stats.hypergeom(n + m, marked, n)
        yield {"hits": hits, "marked": marked, "n": n, "m": m, "upper": law.logsf(hits - 1), "lower": law.logcdf(hits)}


def neyman_rows():
    """Components by QR of the Vandermonde matrix on mid-distribution values, weighted by the masses."""
    for window, reference in two_samples():
        m, n = reference.sum(), window.sum()
        mass = reference / m
        place = (2 * np.cumsum(reference) - reference) / m - 1
        live = mass > 0
        order = min(4, live.sum() - 1)
        root = np.sqrt(mass[live])[:, None]
        q, r = np.linalg.qr(root * np.vander(place[live], order + 1, increasing=True))
        values = np.vander(place, order + 1, increasing=True) @ np.linalg.inv(r)
        values *= np.sign(np.diag(r))
        z = np.sqrt(n * m / (n + m)) * (window @ values)[1:] / n
        yield {"window": window, "reference": reference, "components": z}


def anderson_darling_rows():
    """Values on 400 even cells; ties within a cell are broken in the raw samples scipy sees."""
    for shift, scale in ((0, 1), (0.06, 1), (0.1, 1), (-0.1, 1), (0, 1.15), (0, 0.85), (0.12, 1)):
        reference = rng.normal(0, 1, 8_000)
        window = rng.normal(shift, scale, 800)
        edges = np.quantile(reference, np.arange(1, 400) / 400)
        result = stats.anderson_ksamp([window, reference], variant="right")
        yield {
            "window": np.bincount(np.searchsorted(edges, window, side="right"), minlength=400),
            "reference": np.bincount(np.searchsorted(edges, reference, side="right"), minlength=400),
            "statistic": result.statistic,
            "pValue": result.pvalue,
        }


def beta_rows():
    for a, b in ((0.5, 0.5), (2, 30), (30, 2), (28, 2), (98, 2), (0.5, 30), (1e4, 3), (50, 5_000)):
        for x in (1e-12, 1e-3, 0.2, 0.5, 0.9, 0.999):
            yield {"a": a, "b": b, "x": x, "value": special.betainc(a, b, x)}


def f_rows():
    for numerator, denominator in ((1, 3), (4, 26), (4, 56), (4, 196), (3, 5), (1, 250)):
        for x in (0.2, 1, 4, 20, 100, 1e4):
            yield {
                "x": x,
                "numerator": numerator,
                "denominator": denominator,
                "survival": stats.f.sf(x, numerator, denominator),
            }


def hotelling_rows():
    for panes, order, windows in ((30, 4, 1), (60, 4, 16), (12, 2, 3), (40, 1, 1)):
        mixing = np.tril(rng.normal(0, 1, (order, order))) + np.eye(order)
        means = rng.normal(0, 0.1, (panes, order)) @ mixing.T
        window = rng.normal(0.08, 0.05, order)
        distance = window - means.mean(axis=0)
        covariance = np.atleast_2d(np.cov(means.T))
        t_squared = distance @ np.linalg.solve(covariance, distance) / (1 / windows + 1 / panes)
        yield {
            "means": means,
            "windowMean": window,
            "windowPanes": windows,
            "tSquared": t_squared,
            "pValue": stats.f.sf(t_squared * (panes - order) / (order * (panes - 1)), order, panes - order),
        }


def false_discovery_rows():
    p = np.array([0.01, 0.04, 0.03, 0.005, 0.9, 0.2, 0.01])
    yield {"pValues": p, "adjusted": stats.false_discovery_control(p)}


def distance_rows():
    for window, reference in two_samples():
        places = np.cumsum(rng.uniform(0.1, 2, len(window)))
        g = pooled_test(window, reference, lambda_="log-likelihood")
        p, q = window / window.sum(), reference / reference.sum()
        distance = stats.wasserstein_distance(places, places, window, reference)
        centre = np.sum(q * places)
        yield {
            "window": window,
            "reference": reference,
            "places": places,
            "jensenShannon": distances.jensenshannon(p, q) ** 2,
            "hellinger": distances.euclidean(np.sqrt(p), np.sqrt(q)) / np.sqrt(2),
            "wasserstein": distance,
            "inReferenceDeviations": distance / np.sqrt(np.sum(q * (places - centre) ** 2)),
            "g": g.statistic,
            "gPValue": g.pvalue,
        }


record("incompleteGamma", gamma_rows())
record("chiSquare", chi_square_rows())
record("normal", normal_rows())
record("normalQuantile", quantile_rows())
record("noncentralChiSquare", noncentral_rows())
record("noncentrality", noncentrality_rows())
record("kolmogorov", kolmogorov_rows())
record("psi", psi_rows())
record("pearson", pearson_rows())
record("ks", ks_rows())
record("rates", rate_rows())
record("auc", auc_rows())
record("mean", mean_rows())
record("logFactorial", factorial_rows())
record("hypergeometric", hypergeometric_rows())
record("neyman", neyman_rows())
record("andersonDarling", anderson_darling_rows())
record("incompleteBeta", beta_rows())
record("fDistribution", f_rows())
record("hotelling", hotelling_rows())
record("falseDiscovery", false_discovery_rows())
record("distances", distance_rows())

target = pathlib.Path(__file__).with_suffix(".json")
with target.open("w") as file:
    made_by = {
        "script": "test/golden/statistics.py",
        "seed": SEED,
        "python": sys.version.split()[0],
        "numpy": np.__version__,
        "scipy": scipy.__version__,
    }
    lines = [f'"madeBy": {json.dumps(made_by)}']
    for name, rows in cases.items():
        body = ",\n".join(json.dumps(row) for row in rows)
        lines.append(f'"{name}": [\n{body}\n]')
    file.write("{\n" + ",\n".join(lines) + "\n}\n")
