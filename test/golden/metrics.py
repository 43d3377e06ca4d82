"""Makes metrics.json: what scikit-learn says of labelled predictions that metrics.test.ts counts in bins.

Run in an environment with numpy and scikit-learn: python test/golden/metrics.py
The seed and the versions stand in the file; the same versions give the same file.
"""

import json
import pathlib
import sys

import numpy as np
import sklearn
from sklearn import calibration, metrics

SEED = 20260719
rng = np.random.default_rng(SEED)


def rounded(values, digits=6):
    return [round(float(value), digits) for value in values]


def calibration_error(hits, scores, bins=16):
    """Naeini's error from scikit-learn's curve: its bins are those of numpy.digitize on 16 equal widths."""
    true, predicted = calibration.calibration_curve(hits, scores, n_bins=bins, strategy="uniform")
    counts = np.bincount(np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], scores), minlength=bins)
    return float(np.sum(counts[counts > 0] / len(scores) * np.abs(true - predicted)))


def binary(name, rows, sharpness, bias):
    scores = np.array(rounded(1 / (1 + np.exp(-(rng.normal(size=rows) * sharpness + bias)))))
    chance = np.clip(scores**1.2, 0, 1)
    labels = (rng.uniform(size=rows) < chance).astype(int)
    predictions = (scores >= 0.5).astype(int)
    return {
        "name": name,
        "scores": scores.tolist(),
        "labels": labels.tolist(),
        "expected": {
            "auc": metrics.roc_auc_score(labels, scores),
            "accuracy": metrics.accuracy_score(labels, predictions),
            "precision": metrics.precision_score(labels, predictions),
            "recall": metrics.recall_score(labels, predictions),
            "f1": metrics.f1_score(labels, predictions),
            "log-loss": metrics.log_loss(labels, scores),
            "brier": metrics.brier_score_loss(labels, scores),
            "calibration-error": calibration_error(labels, scores),
        },
    }


def multiclass(name, rows, classes):
    names = [chr(ord("a") + at) for at in range(classes)]
    logits = rng.normal(size=(rows, classes)) * 1.5 + np.linspace(1, 0, classes)
    scores = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    # Sums of exactly 1 in the six digits that are written, so that both sides read the same numbers.
    scores = np.round(scores, 6)
    scores[:, 0] = np.round(1 - scores[:, 1:].sum(axis=1), 6)
    cumulative = scores.cumsum(axis=1)
    labels = (rng.uniform(size=(rows, 1)) < cumulative).argmax(axis=1)
    predictions = scores.argmax(axis=1)
    one_hot = np.eye(classes)[labels]
    macro = {"average": "macro", "zero_division": 0}
    return {
        "name": name,
        "classes": names,
        "scores": [rounded(row) for row in scores],
        "labels": [names[at] for at in labels],
        "predictions": [names[at] for at in predictions],
        "expected": {
            "auc": metrics.roc_auc_score(labels, scores, multi_class="ovr", average="macro"),
            "accuracy": metrics.accuracy_score(labels, predictions),
            "precision": metrics.precision_score(labels, predictions, **macro),
            "recall": metrics.recall_score(labels, predictions, **macro),
            "f1": metrics.f1_score(labels, predictions, **macro),
            "log-loss": metrics.log_loss(labels, scores),
            "brier": float(np.mean(np.sum((scores - one_hot) ** 2, axis=1))),
            "calibration-error": float(
                np.mean([calibration_error(one_hot[:, at], scores[:, at]) for at in range(classes)])
            ),
        },
    }


def regression(name, rows, centre, spread, noise):
    labels = np.array(rounded(centre + spread * rng.normal(size=rows)))
    predictions = np.array(rounded(labels + noise * (rng.standard_t(5, size=rows) + 0.3)))
    errors = predictions - labels
    return {
        "name": name,
        "labels": labels.tolist(),
        "predictions": predictions.tolist(),
        "expected": {
            "mae": metrics.mean_absolute_error(labels, predictions),
            "rmse": metrics.root_mean_squared_error(labels, predictions),
            "r2": metrics.r2_score(labels, predictions),
            "bias": float(errors.mean()),
            "median-absolute-error": metrics.median_absolute_error(labels, predictions),
            "p90-absolute-error": float(np.quantile(np.abs(errors), 0.9, method="inverted_cdf")),
        },
    }


cases = {
    "binary": [
        binary("balanced", 1500, 1.5, 0.0),
        binary("rare positives", 1500, 1.0, -3.0),
        binary("sure of itself", 1000, 5.0, 0.0),
    ],
    "multiclass": [multiclass("three classes", 800, 3), multiclass("six classes", 500, 6)],
    "regression": [
        regression("around zero", 1000, 0.0, 10.0, 2.0),
        regression("far from zero", 1000, 1e6, 5.0, 1.0),
        regression("worse than the mean", 1000, 50.0, 1.0, 3.0),
    ],
}
made_by = {
    "script": "test/golden/metrics.py",
    "seed": SEED,
    "python": sys.version.split()[0],
    "numpy": np.__version__,
    "scikit-learn": sklearn.__version__,
}

lines = [f'"madeBy": {json.dumps(made_by)}']
for task, rows in cases.items():
    lines.append(f'"{task}": [\n' + ",\n".join(json.dumps(row) for row in rows) + "\n]")
path = pathlib.Path(__file__).with_name("metrics.json")
path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
