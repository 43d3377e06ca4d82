"""Makes onnx-models/*.onnx and onnx-models.json: models of scikit-learn, and what onnxruntime in Python says with them.

Run in an environment with numpy, scikit-learn, skl2onnx and onnxruntime:
PYTHONHASHSEED=0 python test/golden/onnx-models.py
The seed and the versions stand in onnx-models.json; the same versions give the same files, where sets are in
the same order.
"""

import json
import pathlib
import sys

import numpy as np
import onnxruntime
import sklearn
import skl2onnx
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import (
    DoubleTensorType,
    FloatTensorType,
    Int64TensorType,
    StringTensorType,
)
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

SEED = 20260720
ROWS = 40
rng = np.random.default_rng(SEED)

here = pathlib.Path(__file__).parent
(here / "onnx-models").mkdir(exist_ok=True)

x = rng.normal(size=400).round(4)
y = rng.normal(size=400).round(4)
hour = rng.integers(0, 24, 400)
color = np.array(["red", "green", "blue"])[rng.integers(0, 3, 400)]
matrix = np.column_stack([x, y])
noisy = x - y + rng.normal(size=400)
positive = (noisy > 0).astype(int)
names = np.array(["no", "yes"])[positive]
kinds = 10 * (1 + np.digitize(noisy, [-1, 1]))

MISSING = {3: "x", 7: "y", 11: "color"}


def rows_of(columns):
    """Rows as a predictor gets them; some values are missing, one in a way of its own."""
    rows = []
    for at in range(ROWS):
        features = {name: values[at].item() for name, values in columns.items()}
        lost = MISSING.get(at)
        if lost in features:
            features[lost] = None
        rows.append({"id": f"r{at}", "at": 0, "features": features})
    return rows


def column(rows, name, dtype):
    fill = "" if dtype is str else np.nan
    values = [row["features"][name] for row in rows]
    return np.array([fill if value is None else value for value in values], dtype=object).astype(dtype)


def plain(value):
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not np.isfinite(value) else value


def answers(model, feeds, positive_column, batch):
    """Label and probability of the positive class, row by row, as onnxruntime gives them."""
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    said = []
    for start in range(0, ROWS, batch):
        part = {name: values[start : start + batch] for name, values in feeds.items()}
        outputs = session.run(None, part)
        label = np.ravel(outputs[0])
        scores = outputs[1:]
        for at in range(len(label)):
            each = {"prediction": plain(label[at])}
            if positive_column is not None:
                if isinstance(scores[0], list):
                    score = list(scores[0][at].values())[positive_column]
                elif len(scores) > 1:
                    score = np.ravel(scores[positive_column])[at]
                else:
                    score = scores[0][at][positive_column]
                each["score"] = plain(np.float64(score))
            said.append(each)
    return said


cases = []


def case(name, task, estimator, types, rows, feeds, options=None, positive_label="1", positive_column=None, batch=ROWS):
    graph = convert_sklearn(estimator, name, types, options=options and {id(estimator): options}, target_opset=17)
    model = graph.SerializeToString()
    (here / "onnx-models" / f"{name}.onnx").write_bytes(model)
    predictions = answers(model, feeds, positive_column, batch)
    for row, prediction in zip(rows, predictions):
        prediction["id"] = row["id"]
    cases.append(
        {"name": name, "task": task, "positiveLabel": positive_label, "rows": rows, "predictions": predictions}
    )


two = rows_of({"x": x, "y": y})
floats = np.column_stack([column(two, "x", np.float32), column(two, "y", np.float32)])
as_matrix = [("features", FloatTensorType([None, 2]))]

logistic = LogisticRegression().fit(matrix, positive)
common = dict(rows=two, feeds={"features": floats}, positive_column=1)
case("matrix", "binary", logistic, as_matrix, options={"zipmap": False}, **common)
case("zipmap", "binary", logistic, as_matrix, **common)
case("per-class", "binary", logistic, as_matrix, options={"zipmap": "columns"}, **common)
case("batch-of-8", "binary", logistic, [("features", FloatTensorType([8, 2]))], options={"zipmap": False}, batch=8, **common)

imputed = make_pipeline(SimpleImputer(), LogisticRegression()).fit(matrix, names)
case("imputed", "binary", imputed, as_matrix, positive_label="yes", **common)

mixed = make_pipeline(
    ColumnTransformer(
        [("number", SimpleImputer(), [0]), ("text", OneHotEncoder(handle_unknown="ignore"), [1])]
    ),
    LogisticRegression(),
)
mixed.fit(np.column_stack([x.astype(object), color.astype(object)]), names)
two_kinds = rows_of({"x": x, "color": color})
case(
    "by-name",
    "binary",
    mixed,
    [("x", FloatTensorType([None, 1])), ("color", StringTensorType([None, 1]))],
    two_kinds,
    {
        "x": column(two_kinds, "x", np.float32).reshape(-1, 1),
        "color": column(two_kinds, "color", str).astype(object).reshape(-1, 1),
    },
    positive_label="yes",
    positive_column=1,
)

whole = rows_of({"hour": hour})
forest = RandomForestClassifier(3, max_depth=3, random_state=SEED).fit(hour.reshape(-1, 1), kinds)
case(
    "forest",
    "multiclass",
    forest,
    [("hour", Int64TensorType([None, 1]))],
    whole,
    {"hour": column(whole, "hour", np.int64).reshape(-1, 1)},
)

doubles = np.column_stack([column(two, "x", np.float64), column(two, "y", np.float64)])
line = LinearRegression().fit(matrix, noisy)
case("regression", "regression", line, [("features", DoubleTensorType([None, 2]))], two, {"features": doubles})

# What the small world of the tests is like after its turn: see test/support/small-world.ts.
turned = LogisticRegression().fit([[-1.0], [1.0]], [1, 0])
turned.coef_ = np.array([[-3.0]])
turned.intercept_ = np.array([0.0])
one = rows_of({"x": x})
case(
    "small-world",
    "binary",
    turned,
    [("x", FloatTensorType([None, 1]))],
    one,
    {"x": column(one, "x", np.float32).reshape(-1, 1)},
    positive_column=1,
)

made_by = {
    "script": "test/golden/onnx-models.py",
    "seed": SEED,
    "python": sys.version.split()[0],
    "numpy": np.__version__,
    "scikit-learn": sklearn.__version__,
    "skl2onnx": skl2onnx.__version__,
    "onnxruntime": onnxruntime.__version__,
}
lines = ",\n".join(json.dumps(each) for each in cases)
(here / "onnx-models.json").write_text(f'{{\n"madeBy": {json.dumps(made_by)},\n"cases": [\n{lines}\n]\n}}\n')
