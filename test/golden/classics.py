"""Alarms of River's drift detectors on streams that test/support/golden-classics.ts draws again.

    python3.11 -m venv /tmp/river && /tmp/river/bin/pip install river==0.26.1 scipy==1.17.1
    /tmp/river/bin/python test/golden/classics.py > test/golden/classics.json

Values come from a linear congruential generator of 32 bits, with the same operations in the same order in
both languages, so that no stream needs to be stored. KSWIN draws its choices from such a generator, too,
in the way of src/detectors/classics/kswin.ts, and goes on with it where River would seed its own anew.
The examples of River's documentation are stored value by value.
"""

import json
import math
import random
import types
from importlib.metadata import version

import river.drift.kswin as kswin_module
from river import drift

MODULUS = 2**32


class Congruential:
    """Numerical Recipes' constants; `random()` is the state over 2^32."""

    def __init__(self, seed):
        self.state = seed

    def random(self):
        self.state = (1664525 * self.state + 1013904223) % MODULUS
        return self.state / MODULUS

    def sample(self, population, count):
        numbers = list(population)
        for place in range(count):
            other = place + math.floor(self.random() * (len(numbers) - place))
            numbers[place], numbers[other] = numbers[other], numbers[place]
        return numbers[:count]


def draw(generator, part):
    if part["draw"] == "bernoulli":
        return 1 if generator.random() < part["rate"] else 0
    total = 0.0
    for _ in range(12):
        total += generator.random()
    return part["mean"] + part["sd"] * (total - 6)


def values_of(stream):
    generator = Congruential(stream["seed"])
    return [draw(generator, part) for part in stream["parts"] for _ in range(part["count"])]


def bernoulli(rate, count):
    return {"draw": "bernoulli", "rate": rate, "count": count}


def normal(mean, sd, count):
    return {"draw": "normal", "mean": mean, "sd": sd, "count": count}


STREAMS = {
    "rate .1 to .2": {"seed": 1, "parts": [bernoulli(0.1, 4000), bernoulli(0.2, 4000)]},
    "rate .3 to .4 to .2": {"seed": 2, "parts": [bernoulli(0.3, 3000), bernoulli(0.4, 3000), bernoulli(0.2, 3000)]},
    "rate .05 to .5": {"seed": 3, "parts": [bernoulli(0.05, 2500), bernoulli(0.5, 1500)]},
    "rate .2, long": {"seed": 4, "parts": [bernoulli(0.2, 60000)]},
    "rate 0, then 1": {"seed": 5, "parts": [bernoulli(0, 500), bernoulli(1.1, 300)]},
    "normal, mean up": {"seed": 6, "parts": [normal(0, 1, 3000), normal(1, 1, 2000)]},
    "normal, mean down a little": {"seed": 7, "parts": [normal(0, 1, 5000), normal(-0.25, 1, 8000)]},
    "normal, spread": {"seed": 8, "parts": [normal(0, 1, 3000), normal(0, 2, 3000)]},
    "normal, far from zero": {"seed": 9, "parts": [normal(1e6, 1, 3000), normal(1e6 + 2, 1, 3000)]},
    "normal, long": {"seed": 10, "parts": [normal(0, 1, 60000)]},
    "normal, many": {"seed": 11, "parts": [normal(mean, 1, 700) for mean in (0, 2, 1, 3, 0, 0.5, -2)]},
}

ANY = ["adwin", "page-hinkley"]
OUTCOMES = ["ddm", "eddm", "hddm-a", "hddm-w"]

DETECTORS = {
    "adwin": (drift.ADWIN, {"delta": "delta", "clock": "clock", "maxBuckets": "max_buckets", "minWindowLength": "min_window_length", "gracePeriod": "grace_period"}),
    "page-hinkley": (drift.PageHinkley, {"minInstances": "min_instances", "delta": "delta", "threshold": "threshold", "alpha": "alpha", "mode": "mode"}),
    "ddm": (drift.binary.DDM, {"warmStart": "warm_start", "warningThreshold": "warning_threshold", "driftThreshold": "drift_threshold"}),
    "eddm": (drift.binary.EDDM, {"warmStart": "warm_start", "alpha": "alpha", "beta": "beta"}),
    "hddm-a": (drift.binary.HDDMA, {"driftConfidence": "drift_confidence", "warningConfidence": "warning_confidence", "twoSided": "two_sided_test"}),
    "hddm-w": (drift.binary.HDDMW, {"driftConfidence": "drift_confidence", "warningConfidence": "warning_confidence", "lambda": "lambda_val", "twoSided": "two_sided_test"}),
    "kswin": (drift.KSWIN, {"alpha": "alpha", "windowSize": "window_size", "statSize": "stat_size"}),
}

OTHER_OPTIONS = {
    "adwin": [{"delta": 0.05, "clock": 1, "maxBuckets": 3, "minWindowLength": 10, "gracePeriod": 40}, {"delta": 0.3}],
    "page-hinkley": [{"threshold": 12, "mode": "up", "minInstances": 100}, {"threshold": 15, "mode": "down", "delta": 0.02, "alpha": 0.999}],
    "ddm": [{"warningThreshold": 1.5, "driftThreshold": 2.5, "warmStart": 100}],
    "eddm": [{"alpha": 0.98, "beta": 0.96, "warmStart": 50}],
    "hddm-a": [{"driftConfidence": 0.05, "warningConfidence": 0.2, "twoSided": True}],
    "hddm-w": [{"driftConfidence": 0.05, "warningConfidence": 0.2, "twoSided": True, "lambda": 0.1}],
    "kswin": [{"alpha": 0.0001}, {"alpha": 0.01, "windowSize": 60, "statSize": 25}],
}

KSWIN_SEED = 77


def create(name, options):
    kind, names = DETECTORS[name]
    if name == "kswin":
        generator = Congruential(KSWIN_SEED)
        kswin_module.random = types.SimpleNamespace(Random=lambda seed: generator)
    return kind(**{names[key]: value for key, value in options.items()})


def alarms(name, options, values):
    detector = create(name, options)
    drifts, warnings = [], []
    for index, value in enumerate(values):
        detector.update(value)
        if detector.drift_detected:
            drifts.append(index)
        if getattr(detector, "warning_detected", False):
            warnings.append(index)
    # Warnings come in long runs: where they begin says as much.
    held = set(warnings)
    starts = [index for index in warnings if index - 1 not in held]
    return {"drifts": drifts, "warnings": starts}


def rows():
    for name in DETECTORS:
        for title, stream in STREAMS.items():
            is_outcomes = stream["parts"][0]["draw"] == "bernoulli"
            if name in OUTCOMES and not is_outcomes:
                continue
            if name == "kswin" and "long" in title:
                continue
            for options in [{}, *OTHER_OPTIONS[name]]:
                yield {"detector": name, "stream": title, "options": options, **alarms(name, options, values_of(stream))}


def documented():
    """The examples in the docstrings of River 0.26.1, with what they print."""
    generator = random.Random(12345)
    jump = generator.choices([0, 1], k=1000) + generator.choices(range(4, 8), k=1000)
    generator = random.Random(42)
    rates = generator.choices([0, 1], k=1000) + generator.choices([0, 1], k=1000, weights=[0.3, 0.7])
    examples = [
        ("adwin", {}, jump),
        ("page-hinkley", {}, jump),
        ("ddm", {}, rates),
        ("eddm", {"alpha": 0.8, "beta": 0.75}, rates),
        ("hddm-a", {}, rates),
        ("hddm-w", {}, rates),
    ]
    for name, options, values in examples:
        yield {"detector": name, "options": options, "values": "".join(map(str, values)), **alarms(name, options, values)}


if __name__ == "__main__":
    golden = {
        "made": f"test/golden/classics.py with river {version('river')}, scipy {version('scipy')}",
        "kswinSeed": KSWIN_SEED,
        "streams": STREAMS,
        "rows": list(rows()),
        "documented": list(documented()),
    }
    print(json.dumps(golden, separators=(",", ":")))
