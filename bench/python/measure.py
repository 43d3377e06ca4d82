"""Measures one Python package on a file of JSON lines: python measure.py <peer> <file>.

Every peer gets the lines as bytes, decodes them, and counts or watches all numeric features. Prints one line
of JSON: microseconds an event, the least of three repeats. Edges are cut outside the clock.
"""

import gc
import io
import json
import sys
import time

BATCH = 10_000
BINS = 512
REPEATS = 3


def read_lines(path, events_max):
    with open(path, "rb") as file:
        return file.read().splitlines()[:events_max]


def batches(lines):
    return (lines[start : start + BATCH] for start in range(0, len(lines), BATCH))


def equal_mass_edges(columns):
    """The inner edges of 512 bins of equal mass for each feature, from the first batch."""
    import numpy

    quantiles = numpy.arange(1, BINS) / BINS
    return {name: numpy.quantile(column, quantiles) for name, column in columns.items()}


def orjson_numpy(lines):
    import numpy
    import orjson

    names = list(orjson.loads(lines[0])["features"])

    def columns_of(batch):
        rows = [list(orjson.loads(line)["features"].values()) for line in batch]
        return numpy.array(rows, dtype=numpy.float64).T

    edges = equal_mass_edges(dict(zip(names, columns_of(lines[:BATCH]))))

    def run():
        counts = {name: numpy.zeros(BINS, dtype=numpy.int64) for name in names}
        for batch in batches(lines):
            for name, column in zip(names, columns_of(batch)):
                bins = numpy.searchsorted(edges[name], column, side="right")
                counts[name] += numpy.bincount(bins, minlength=BINS)
        return sum(int(bins.sum()) for bins in counts.values())

    return run


def polars_bins(lines):
    import polars

    def features_of(batch):
        return polars.read_ndjson(io.BytesIO(b"\n".join(batch))).unnest("features")

    names = list(json.loads(lines[0])["features"])
    first = features_of(lines[:BATCH])
    edges = {
        name: polars.Series(values)
        for name, values in equal_mass_edges({name: first[name].to_numpy() for name in names}).items()
    }

    def run():
        total = 0
        for batch in batches(lines):
            frame = features_of(batch)
            for name in names:
                bins = edges[name].search_sorted(frame[name], side="right")
                total += int(bins.value_counts()["count"].sum())
        return total

    return run


def whylogs_track(lines):
    import orjson
    from whylogs.core import DatasetProfile

    def run():
        profile = DatasetProfile()
        for line in lines:
            profile.track(row=orjson.loads(line)["features"])
        columns = profile.view().get_columns().values()
        return sum(int(column.get_metric("counts").n.value) for column in columns)

    return run


def river_adwin(lines):
    import orjson
    from river.drift import ADWIN

    names = list(orjson.loads(lines[0])["features"])

    def run():
        detectors = {name: ADWIN() for name in names}
        total = 0
        for line in lines:
            for name, value in orjson.loads(line)["features"].items():
                detectors[name].update(value)
                total += 1
        return total

    return run


# The peers, and of how many events they are given: some cost a hundred times what others do.
PEERS = {
    "orjson-numpy": (orjson_numpy, 50_000),
    "polars": (polars_bins, 50_000),
    "whylogs": (whylogs_track, 2_000),
    "river-adwin": (river_adwin, 20_000),
}


def main(peer, path):
    create, events_max = PEERS[peer]
    lines = read_lines(path, events_max)
    expected = len(lines) * len(json.loads(lines[0])["features"])
    run = create(lines)
    least = float("inf")
    for _ in range(REPEATS):
        gc.collect()
        started = time.perf_counter_ns()
        counted = run()
        least = min(least, time.perf_counter_ns() - started)
        if counted != expected:
            raise ValueError(f"expected {expected} values counted, got {counted}")
    print(json.dumps({"microseconds": least / 1_000 / len(lines)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
