"""What River's stream generators draw, as means and standard deviations.

    python3.11 -m venv /tmp/river && /tmp/river/bin/pip install river==0.26.1
    /tmp/river/bin/python test/golden/streams.py > test/golden/streams.json

Their random bits are Python's; what is compared is what they have in common with bench/accuracy/streams:
the mean of each feature and of each feature within class 1, standard deviations, and the share of class 1.
Seed 7, 100,000 rows each. A hyperplane's and an RBF's world is drawn by chance, so those two are averages
over 400 worlds of 250 rows, and of their labels only the share is compared.
"""

import itertools
import json
import math
from importlib.metadata import version

from river.datasets import synth

ROWS = 100_000
WORLDS = 400


def moments(values):
    mean = sum(values) / len(values)
    return {"mean": mean, "sd": math.sqrt(sum((x - mean) ** 2 for x in values) / len(values))}


def summary(rows):
    features = [list(column) for column in zip(*(list(x.values()) for x, _ in rows))]
    positive = [list(x.values()) for x, y in rows if int(y) == 1]
    within = [list(column) for column in zip(*positive)]
    return {
        "rows": len(rows),
        "positive": len(positive) / len(rows),
        "features": [moments([float(v) for v in column]) for column in features],
        "featuresOfClassOne": [moments([float(v) for v in column]) for column in within],
    }


def take(stream, count):
    return list(itertools.islice(iter(stream), count))


def worlds(create):
    return [row for seed in range(WORLDS) for row in take(create(seed), ROWS // WORLDS)]


STREAMS = {
    **{f"sea {v}": synth.SEA(variant=v, seed=7) for v in range(4)},
    **{f"stagger {r}": synth.STAGGER(classification_function=r, seed=7) for r in range(3)},
    **{f"sine {r}": synth.Sine(classification_function=r, seed=7) for r in range(4)},
    **{f"agrawal {r}": synth.Agrawal(classification_function=r, seed=7) for r in range(10) if r != 4},
    "led": synth.LED(seed=7, noise_percentage=0.1, irrelevant_features=True),
}

if __name__ == "__main__":
    golden = {name: summary(take(stream, ROWS)) for name, stream in STREAMS.items()}
    golden["hyperplane"] = summary(worlds(lambda seed: synth.Hyperplane(seed=seed, mag_change=0.01)))
    golden["rbf"] = summary(worlds(lambda seed: synth.RandomRBF(seed_model=seed, seed_sample=seed + 1)))
    print(json.dumps({"made": f"test/golden/streams.py with river {version('river')}", "streams": golden}))
